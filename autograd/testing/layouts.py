"""Layouts in memory: the same elements, elsewhere."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Layout = Callable[[NDArray[Any]], NDArray[Any]]


def _reversed(a: NDArray[Any]) -> NDArray[Any]:
    return np.flip(np.flip(a).copy())


def _strided(a: NDArray[Any]) -> NDArray[Any]:
    return np.repeat(a, 2, axis=-1)[..., ::2] if a.ndim else a.copy()


def _offset(a: NDArray[Any]) -> NDArray[Any]:
    buffer = np.zeros(a.nbytes + 1, np.uint8)
    moved = buffer[1:].view(a.dtype).reshape(a.shape)
    moved[...] = a
    return moved


def _stride_0(a: NDArray[Any]) -> NDArray[Any]:
    return np.broadcast_to(a[:1], a.shape) if a.ndim else np.broadcast_to(a, a.shape)


def _read_only(a: NDArray[Any]) -> NDArray[Any]:
    copy = np.array(a)
    copy.flags.writeable = False
    return copy


LAYOUTS: dict[str, Layout] = {
    "Fortran-ordered": lambda a: np.array(a, order="F"),
    "reversed": _reversed,
    "strided": _strided,
    "unaligned": _offset,
    "stride-0": _stride_0,
    "read-only": _read_only,
    "byte-swapped": lambda a: a.astype(a.dtype.newbyteorder()),
}
"""Functions that return an array with the elements of another, laid out in some way.

``stride-0`` repeats the first row instead, which it must.

>>> LAYOUTS["reversed"](np.array([1.0, 2.0])).strides
(-8,)
"""
