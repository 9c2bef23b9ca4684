"""Functions along axes: reductions, sums up to a place, sorting, Fourier transforms, matrices."""

import inspect
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.fft
import numpy.linalg

from autograd.batching.batched import Batched, expanded, full, levels_of, states, wrapped

each: Any


def bound_of(function: Callable[..., Any]) -> Callable[..., dict[str, Any]]:
    """Return what puts the arguments of a call under their names."""
    signature = inspect.signature(function)

    def bound(*args: Any, **kwargs: Any) -> dict[str, Any]:
        return dict(signature.bind(*args, **kwargs).arguments)

    return bound


def moved(axis: Any, count: int, ndim: int) -> Any:
    """Return where axes of one example of `ndim` axes are behind `count` of levels."""
    if isinstance(axis, tuple | list | range):
        return tuple(moved(one, count, ndim) for one in axis)
    axis = axis.__index__()
    if not -ndim <= axis < ndim:
        raise np.exceptions.AxisError(axis, ndim)
    return axis + count if axis >= 0 else axis


def along(
    function: Callable[..., Any], default: Any, whole: str, names: tuple[str, ...] = ("axis",)
) -> None:
    """State a function of one array along axes.

    Parameters
    ----------
    function : callable
    default : int or None
        The axis where none is given.
    whole : str
        What None means: "axes", all of them; "flat", the elements in a row.
    names : tuple of str
        Of the arguments that are axes.
    """
    bind = bound_of(function)

    @states(function)
    def rule(*args: Any, **kwargs: Any) -> Any:
        bound = bind(*args, **kwargs)
        if "kwargs" in bound:
            bound |= bound.pop("kwargs")
        first = next(iter(bound))
        a = bound.pop(first)
        if type(a) is not Batched or levels_of(tuple(bound.values())) or bound.get("out"):
            return NotImplemented
        array, count = a.array, len(a.levels)
        for name in names:
            axis = bound.get(name, default)
            if axis is None and whole == "flat":
                if bound.get("keepdims") not in {None, False}:
                    return NotImplemented
                array, axis = array.reshape((*array.shape[:count], a.size)), -1
            elif axis is None:
                axis = tuple(range(count, array.ndim))
            else:
                axis = moved(axis, count, a.ndim)
            bound[name] = axis
        return wrapped(function(array, **bound), a.levels)


for each in (
    np.sum, np.prod, np.max, np.min, np.mean, np.std, np.var, np.any, np.all, np.nansum, np.nanprod,
    np.nanmax, np.nanmin, np.nanmean, np.nanstd, np.nanvar, np.median, np.nanmedian, np.flip,
    np.count_nonzero, np.ptp,
):  # fmt: skip
    along(each, None, "axes")
for each in (np.cumsum, np.cumprod, np.nancumsum, np.nancumprod, np.argmax, np.argmin):
    along(each, None, "flat")
for each in (np.sort, np.argsort, np.partition, np.argpartition, np.diff):
    along(each, -1, "flat")
for each in (np.fft.fft, np.fft.ifft, np.fft.rfft, np.fft.irfft, np.fft.hfft, np.fft.ihfft):
    along(each, -1, "flat")
for each in (np.fft.fftshift, np.fft.ifftshift):
    along(each, None, "axes", ("axes",))


def _diagonals(function: Callable[..., Any]) -> Any:
    def rule(a: Any, offset: int = 0, axis1: int = 0, axis2: int = 1, *rest: Any) -> Any:
        if any(item is not None for item in rest) or a.ndim < 2:
            return NotImplemented
        count = len(a.levels)
        axes = moved((axis1, axis2), count, a.ndim)
        return Batched(function(a.array, offset, *axes), a.levels)

    return rule


states(np.diagonal)(_diagonals(np.diagonal))
states(np.trace)(_diagonals(np.trace))


@states(np.ufunc.reduce)
def reduced(
    ufunc: Any, array: Any, axis: Any = 0, dtype: Any = None, out: Any = None, **kw: Any
) -> Any:
    """Reduce each example."""
    del out
    if type(array) is not Batched or levels_of(tuple(kw.values())):
        return NotImplemented
    count = len(array.levels)
    if not array.ndim and axis == 0:
        axis = None
    axis = tuple(range(count, array.array.ndim)) if axis is None else moved(axis, count, array.ndim)
    return Batched(ufunc.reduce(array.array, axis, dtype, **kw), array.levels)


@states(np.ufunc.accumulate)
def accumulated(ufunc: Any, array: Any, axis: int = 0, dtype: Any = None, out: Any = None) -> Any:
    """Accumulate each example."""
    del out
    if not array.ndim:
        return NotImplemented
    axis = moved(axis, len(array.levels), array.ndim)
    return Batched(ufunc.accumulate(array.array, axis, dtype), array.levels)


@states(np.take_along_axis)
def take_along_axis(arr: Any, indices: Any, axis: Any = -1) -> Any:
    """Take elements of each example."""
    if axis is None:
        arr, axis = np.ravel(arr), -1
    levels = levels_of((arr, indices))
    ndim = np.ndim(arr)
    if np.ndim(indices) != ndim:
        return NotImplemented
    axis = moved(axis, len(levels), ndim)
    return Batched(np.take_along_axis(full(arr, levels), full(indices, levels), axis), levels)


@states(np.roll)
def roll(a: Any, shift: Any, axis: Any = None) -> Any:
    """Roll each example."""
    if axis is None or levels_of((shift,)):
        return NotImplemented
    return Batched(np.roll(a.array, shift, moved(axis, len(a.levels), a.ndim)), a.levels)


@states(np.repeat)
def repeat(a: Any, repeats: Any, axis: Any = None) -> Any:
    """Repeat the elements of each example."""
    if type(a) is not Batched or levels_of((repeats,)):
        return NotImplemented
    if axis is None:
        a, axis = np.ravel(a), -1
    return Batched(np.repeat(a.array, repeats, moved(axis, len(a.levels), a.ndim)), a.levels)


@states(np.take)
def take(a: Any, indices: Any, axis: Any = None, out: Any = None, mode: Any = "raise") -> Any:
    """Take the same elements of each example."""
    if type(a) is not Batched or levels_of((indices,)) or out is not None:
        return NotImplemented
    if axis is None:
        a, axis = np.ravel(a), -1
    axis = moved(axis, len(a.levels), a.ndim)
    return Batched(np.take(a.array, indices, axis, mode=mode), a.levels)


# Transforms of several axes.


def _of_axes(function: Callable[..., Any], default: Any) -> Callable[..., Any]:
    def rule(a: Any, s: Any = None, axes: Any = default, norm: Any = None, out: Any = None) -> Any:
        if out is not None:
            return NotImplemented
        if axes is None:
            axes = tuple(range(-(a.ndim if s is None else len(s)), 0))
        axes = moved(tuple(axes), len(a.levels), a.ndim)
        return Batched(function(a.array, s, axes, norm), a.levels)

    return rule


for each in (np.fft.fftn, np.fft.ifftn, np.fft.rfftn, np.fft.irfftn):
    states(each)(_of_axes(each, None))
for each in (np.fft.fft2, np.fft.ifft2, np.fft.rfft2, np.fft.irfft2):
    states(each)(_of_axes(each, (-2, -1)))


# Functions of matrices, which NumPy takes in stacks.


def _stacks(function: Callable[..., Any]) -> Callable[..., Any]:
    def rule(a: Any, *args: Any, **kwargs: Any) -> Any:
        if type(a) is not Batched or a.ndim < 2 or levels_of((args, tuple(kwargs.values()))):
            return NotImplemented
        return wrapped(function(a.array, *args, **kwargs), a.levels)

    return rule


for each in (
    np.linalg.inv, np.linalg.det, np.linalg.slogdet, np.linalg.eigh, np.linalg.eigvalsh,
    np.linalg.eig, np.linalg.eigvals, np.linalg.svd, np.linalg.svdvals, np.linalg.cholesky,
    np.linalg.qr, np.linalg.pinv, np.linalg.matrix_power, np.linalg.matrix_norm, np.linalg.cond,
    np.linalg.matrix_rank, np.linalg.matrix_transpose, np.matrix_transpose, np.tril, np.triu,
):  # fmt: skip
    states(each)(_stacks(each))


@states(np.linalg.solve)
def solve(a: Any, b: Any) -> Any:
    """Solve a system for each example."""
    levels = levels_of((a, b))
    vector = np.ndim(b) == 1
    b = b[:, None] if vector else b
    ndim = max(np.ndim(a), np.ndim(b))
    found = Batched(np.linalg.solve(expanded(a, levels, ndim), expanded(b, levels, ndim)), levels)
    return found[..., 0] if vector else found


def _norm(x: Any, ord: Any = None, axis: Any = None, keepdims: bool = False) -> Any:
    if axis is None and ord is None:
        axis = tuple(range(-x.ndim, 0))
        return np.sqrt(np.sum(np.real(x * np.conj(x)), axis=axis, keepdims=keepdims))
    if axis is None:
        axis = -1 if x.ndim == 1 else (-2, -1) if x.ndim == 2 else None
    if axis is None:
        return NotImplemented
    axis = moved(axis, len(x.levels), x.ndim)
    return Batched(np.linalg.norm(x.array, ord, axis, keepdims), x.levels)


states(np.linalg.norm)(_norm)
states(np.linalg.diagonal)(lambda x, offset=0: np.diagonal(x, offset, -2, -1))
states(np.linalg.trace)(lambda x, offset=0: np.trace(x, offset, -2, -1))
