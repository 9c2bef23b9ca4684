"""Functions that put elements elsewhere."""

from typing import Any

import numpy as np

from autograd.batching.axes import moved
from autograd.batching.batched import Batched, expanded, full, levels_of, states


@states(np.reshape)
def reshape(a: Any, shape: Any, order: Any = "C", *, copy: Any = None) -> Any:
    """Reshape each example."""
    if order != "C":
        return NotImplemented
    shape = (shape,) if isinstance(shape, int | np.integer) else tuple(shape)
    if shape.count(-1) == 1:
        known = int(np.prod([side for side in shape if side != -1]))
        missing = a.size // known if known else 0
        shape = tuple(missing if side == -1 else side for side in shape)
    if int(np.prod(shape)) != a.size:
        raise ValueError(f"cannot reshape array of size {a.size} into shape {shape}")
    del copy
    return Batched(a.array.reshape((*a.array.shape[: len(a.levels)], *shape)), a.levels)


@states(np.ravel)
def ravel(a: Any, order: Any = "C") -> Any:
    """Put the elements of each example in a row."""
    return np.reshape(a, (a.size,), order=order)


@states(np.transpose)
def transpose(a: Any, axes: Any = None) -> Any:
    """Transpose each example."""
    count = len(a.levels)
    axes = range(a.ndim)[::-1] if axes is None else axes
    axes = [axis % a.ndim if -a.ndim <= axis < a.ndim else axis for axis in axes]
    return Batched(a.array.transpose((*range(count), *(axis + count for axis in axes))), a.levels)


@states(np.swapaxes)
def swapaxes(a: Any, axis1: int, axis2: int) -> Any:
    """Swap two axes of each example."""
    return Batched(a.array.swapaxes(*moved((axis1, axis2), len(a.levels), a.ndim)), a.levels)


@states(np.moveaxis)
def moveaxis(a: Any, source: Any, destination: Any) -> Any:
    """Move axes of each example."""
    count, ndim = len(a.levels), a.ndim
    return Batched(
        np.moveaxis(a.array, moved(source, count, ndim), moved(destination, count, ndim)), a.levels
    )


@states(np.expand_dims)
def expand_dims(a: Any, axis: Any) -> Any:
    """Give each example more axes."""
    axes = axis if isinstance(axis, tuple | list) else (axis,)
    axes = moved(tuple(axes), len(a.levels), a.ndim + len(axes))
    return Batched(np.expand_dims(a.array, axes), a.levels)


@states(np.squeeze)
def squeeze(a: Any, axis: Any = None) -> Any:
    """Drop axes of size one."""
    count = len(a.levels)
    if axis is None:
        axis = tuple(i + count for i, side in enumerate(a.shape) if side == 1)
    else:
        axis = moved(axis, count, a.ndim)
    return Batched(np.squeeze(a.array, axis), a.levels)


@states(np.concatenate)
def concatenate(arrays: Any, axis: Any = 0, out: Any = None, **options: Any) -> Any:
    """Join arrays, example by example."""
    del out
    if axis is None:
        arrays, axis = [np.ravel(array) for array in arrays], 0
    levels = levels_of(tuple(arrays))
    axis = moved(axis, len(levels), np.ndim(arrays[0]))
    joined = np.concatenate([full(array, levels) for array in arrays], axis, **options)
    return Batched(joined, levels)


@states(np.stack)
def stack(arrays: Any, axis: int = 0, out: Any = None, **options: Any) -> Any:
    """Stack arrays, example by example."""
    del out
    levels = levels_of(tuple(arrays))
    axis = moved(axis, len(levels), np.ndim(arrays[0]) + 1)
    return Batched(np.stack([full(array, levels) for array in arrays], axis, **options), levels)


@states(np.pad)
def pad(array: Any, pad_width: Any, mode: Any = "constant", **options: Any) -> Any:
    """Pad each example."""
    if isinstance(pad_width, dict) or callable(mode) or levels_of(tuple(options.values())):
        return NotImplemented
    if not isinstance(options.get("constant_values", 0), int | float | complex):
        return NotImplemented
    widths = np.broadcast_to(np.asarray(pad_width), (array.ndim, 2)).tolist()
    widths = [[0, 0]] * len(array.levels) + widths
    return Batched(np.pad(array.array, widths, mode, **options), array.levels)


@states(np.atleast_1d)
def atleast_1d(*arrays: Any) -> Any:
    """Give numbers an axis."""
    if len(arrays) != 1:
        return NotImplemented
    return arrays[0] if arrays[0].ndim else np.reshape(arrays[0], (1,))


@states(np.tile)
def tile(A: Any, reps: Any) -> Any:
    """Repeat each example as a whole."""
    reps = (reps,) if isinstance(reps, int) else tuple(reps)
    ndim = max(len(reps), A.ndim)
    count = len(A.levels)
    reps = (1,) * (count + ndim - len(reps)) + reps
    return Batched(np.tile(expanded(A, A.levels, ndim), reps), A.levels)
