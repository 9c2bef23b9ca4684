"""Containers of numbers as vectors, and back."""

import functools
import math
from collections.abc import Callable
from typing import Any

import numpy as np

from autograd.errors import DtypeError, ShapeError
from autograd.operands import value_of
from autograd.tensor import Tensor
from autograd.tree import parts

__all__ = ["flatten", "flatten_func"]

Rebuild = Callable[[Any], Any]


def flatten(value: Any) -> tuple[Any, Rebuild]:
    """Return all numbers of a value as a vector, and the function from vectors to such values.

    Parameters
    ----------
    value : array_like, or container of them
        Lists, tuples, dictionaries, whose keys are sorted, and so on, nested. It may hold Tensors:
        both ways are differentiable.

    Returns
    -------
    vector : ndarray, or Tensor
    unflatten : callable
        From a vector of that length.

    Raises
    ------
    DtypeError
        If there is anything else in it than numbers and arrays of numbers.

    Examples
    --------
    >>> vector, unflatten = flatten({"w": np.array([[1.0, 2.0]]), "b": 3.0})
    >>> vector
    array([3., 1., 2.])
    >>> unflatten(2 * vector)
    {'w': array([[2., 4.]]), 'b': np.float64(6.0)}
    """
    leaves, rebuild = _flat(value)
    for leaf in leaves:
        _check(leaf)
    shapes = [np.shape(leaf) for leaf in leaves]
    kinds = [np.asarray(value_of(leaf)).dtype for leaf in leaves]
    size = sum(map(math.prod, shapes))

    def unflatten(vector: Any) -> Any:
        if np.shape(vector) != (size,):
            raise ShapeError(f"unflatten needs a vector of shape ({size},), got {np.shape(vector)}")
        pieces, start = [], 0
        for shape, kind in zip(shapes, kinds, strict=True):
            stop = start + math.prod(shape)
            piece = np.reshape(vector[start:stop], shape) if shape else vector[start]
            real = kind.kind == "f" and np.result_type(vector).kind == "c"
            pieces.append(np.real(piece) if real else piece)
            start = stop
        return rebuild(pieces)

    if not leaves:
        return np.zeros(0), unflatten
    return np.concatenate([np.ravel(leaf) for leaf in leaves]), unflatten


def _check(leaf: Any) -> None:
    """Raise if a leaf is neither a number nor an array of numbers."""
    known = isinstance(leaf, Tensor | np.ndarray | np.inexact | float | complex)
    if not known or np.asarray(value_of(leaf)).dtype.kind not in "fciub":
        raise DtypeError(
            f"cannot flatten {leaf!r} of type {type(leaf).__name__}: a vector is of real or "
            f"complex numbers; write 2.0 for 2, and keep what does not vary elsewhere"
        )


def _flat(value: Any) -> tuple[list[Any], Callable[[list[Any]], Any]]:
    """Return the leaves of a value, those of dictionaries in the order of their keys."""
    held = parts(value)
    if held is None:
        return [value], lambda leaves: leaves[0]
    children, make = held
    order = list(range(len(children)))
    if isinstance(value, dict):
        keys = list(value)
        order.sort(key=lambda index: _rank(keys[index]))
    flat = [_flat(children[index]) for index in order]

    def rebuild(leaves: list[Any]) -> Any:
        rest = iter(leaves)
        again: list[Any] = [None] * len(order)
        for index, (known, build) in zip(order, flat, strict=True):
            again[index] = build([next(rest) for _ in known])
        return make(again)

    return [leaf for leaves, _ in flat for leaf in leaves], rebuild


@functools.total_ordering
class _rank:  # noqa: N801 - it is used as a function
    """A key of a dictionary, ordered as such; keys that Python cannot compare by their text."""

    def __init__(self, key: Any) -> None:
        self.key = key

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _rank) and bool(self.key == other.key)

    def __lt__(self, other: "_rank") -> bool:
        try:
            return bool(self.key < other.key)
        except TypeError:
            return repr(self.key) < repr(other.key)

    __hash__ = None  # type: ignore[assignment]


def flatten_func(func: Callable[..., Any], example: Any) -> tuple[Callable[..., Any], Rebuild, Any]:
    """Return a function of a container as one of vectors, `unflatten`, and the example's vector.

    What it returns is a vector, too.

    Examples
    --------
    >>> flat, unflatten, start = flatten_func(lambda p: {"w": 2 * p["w"]}, {"w": np.ones((2, 1))})
    >>> flat(start)
    array([2., 2.])
    """
    start, unflatten = flatten(example)

    def flat(vector: Any, *args: Any, **kwargs: Any) -> Any:
        return flatten(func(unflatten(vector), *args, **kwargs))[0]

    return flat, unflatten, start
