"""Functions that join arrays, cut them, repeat or pad them.

`np.pad` reads most of its modes through an array of indices that NumPy pads; of equal elements that
fill a border, each has its share as in `np.max`.
"""

import math
from typing import Any

import numpy as np

from autograd.dispatch import TABLE
from autograd.errors import DtypeError, KeywordError, ShapeError
from autograd.operands import as_operand, value_of
from autograd.ops.conversion import holds_tensor
from autograd.ops.indexing import frozen, scatter
from autograd.ops.selection import at, front, in_dtype, only
from autograd.ops.shape import array
from autograd.primitive import Primitive, composite, general, linear
from autograd.tensor import Tensor

# Joining.


def stacking(at_least, axis_of):
    """Return the function that joins arrays which have some axes at least."""

    def stacked(tup, *, dtype=None, casting: Any = "same_kind"):
        arrays = [TABLE[at_least](array) for array in tup]
        return np.concatenate(arrays, axis_of(arrays), dtype=dtype, casting=casting)

    return stacked


def column_stack(tup):
    """Join columns; an array of one axis is one."""
    arrays = [as_operand(array) for array in tup]
    columns = [a if np.ndim(a) > 1 else np.reshape(a, (-1, 1)) for a in arrays]
    return np.concatenate(columns, 1)


def nesting(arrays):
    """Return how deep lists are nested, and the most axes that an array in them has."""
    if isinstance(arrays, tuple):
        raise TypeError("np.block takes nested lists of arrays, got a tuple; make it a list")
    if not isinstance(arrays, list):
        return 0, np.ndim(arrays)
    inside = [nesting(part) for part in arrays]
    depths = {depth for depth, _ in inside}
    if len(depths) != 1:
        raise ShapeError(
            f"np.block needs lists that are nested equally deep and not empty, got depths "
            f"{sorted(depths)} side by side"
        )
    return 1 + depths.pop(), max(ndim for _, ndim in inside)


def block(arrays):
    """Join nested lists, the innermost along the last axis."""
    depth, most = nesting(arrays)
    ndim = max(depth, most)

    def joined(part, axis):
        if axis == 0:
            return np.reshape(part, (1,) * (ndim - np.ndim(part)) + np.shape(part))
        return np.concatenate([joined(p, axis + 1) for p in part], axis)

    return joined(arrays, -depth) if depth else np.copy(arrays)


composite(np.vstack, stacking(np.atleast_2d, lambda _: 0))
composite(np.hstack, stacking(np.atleast_1d, lambda arrays: int(np.ndim(arrays[0]) > 1)))
composite(np.dstack, stacking(np.atleast_3d, lambda _: 2))
composite(np.column_stack, column_stack)
composite(np.block, block)

# Cutting.


def cutting(function):
    """Return the function that cuts an array where `function` cuts its indices."""

    def cut(ary, indices_or_sections, axis=0):
        ary, axis = front(as_operand(ary), axis)
        places = np.arange(np.shape(ary)[axis])
        pieces = function(places, value_of(indices_or_sections))
        return [ary[at(axis, slice(p[0], p[-1] + 1) if p.size else slice(0, 0))] for p in pieces]

    return cut


def cutting_across(function, axis_of):
    """Return the function that cuts the axis that NumPy's `function` cuts."""

    def cut(ary, indices_or_sections):
        function(value_of(ary), value_of(indices_or_sections))  # raises NumPy's errors
        return cut_evenly(ary, indices_or_sections, axis_of(ary))

    return cut


cut_evenly = cutting(np.split)
composite(np.split, cut_evenly)
composite(np.array_split, cutting(np.array_split))
composite(np.hsplit, cutting_across(np.hsplit, lambda ary: int(np.ndim(ary) > 1)))
composite(np.vsplit, cutting_across(np.vsplit, lambda _: 0))
composite(np.dsplit, cutting_across(np.dsplit, lambda _: 2))
if hasattr(np, "unstack"):  # since NumPy 2.1
    composite(np.unstack, lambda x, *, axis=0: tuple(np.moveaxis(x, axis, 0)))


def resize(a, new_shape):
    """Return as many elements as fit into a shape, from the start again at the end."""
    flat = np.ravel(as_operand(a))
    if not flat.size:
        return np.copy(np.broadcast_to(np.sum(flat), new_shape))
    return flat[np.resize(np.arange(flat.size), value_of(new_shape))]


def delete(arr, obj, axis=None):
    """Return what is left without some places of an axis."""
    arr, axis = front(as_operand(arr), axis)
    return only(arr, np.delete(np.arange(arr.shape[axis]), value_of(obj)), axis)


def append(arr, values, axis=None):
    """Join two arrays; flat ones for None."""
    arrays = [as_operand(arr), as_operand(values)]
    if axis is None:
        return np.concatenate([np.ravel(a) for a in arrays])
    return np.concatenate(arrays, axis)


def insert(arr, obj, values, axis=None):
    """Return elements of both arrays, in the order in which NumPy inserts their numbers."""
    arr, values = (array(as_operand(a)) for a in (arr, values))
    old, new = np.ravel(arr), np.ravel(values)
    if isinstance(values, Tensor) and not np.can_cast(values.dtype, arr.dtype, "same_kind"):
        raise DtypeError(
            f"np.insert of {values.dtype} into an array of {arr.dtype} would lose a gradient; "
            f"convert the array with astype({values.dtype}), or the values"
        )
    first = np.arange(arr.size).reshape(arr.shape)
    second = np.arange(values.size).reshape(values.shape) + arr.size
    order = np.insert(first, value_of(obj), second, axis)
    return np.concatenate([old, new.astype(arr.dtype)])[order]


composite(np.resize, resize)
composite(np.delete, delete)
composite(np.append, append)
composite(np.insert, insert)


def trim_zeros(filt, trim: Any = "fb", axis=None):
    """Return what is left without the zeros at the borders."""
    numbers = np.arange(1, filt.size + 1).reshape(filt.shape)
    keywords = {} if axis is None else {"axis": axis}  # since NumPy 2.2
    left = np.trim_zeros(np.where(filt.data != 0, numbers, 0), trim, **keywords)
    places = np.argwhere(left)
    start = [0] * left.ndim
    if len(places):
        start = np.argwhere(numbers == left[tuple(places[0])])[0] - places[0]
    return filt[tuple(slice(i, i + n) for i, n in zip(start, left.shape, strict=True))]


composite(np.trim_zeros, trim_zeros)

# Repeating.


def tile_vjp(g, A_shape, reps):
    """Return the sum of the tiles."""
    ndim = g.ndim
    counts = (1,) * (ndim - len(reps)) + reps
    sizes = (1,) * (ndim - len(A_shape)) + A_shape
    tiles = np.reshape(g, [n for pair in zip(counts, sizes, strict=True) for n in pair])
    return np.reshape(np.sum(tiles, tuple(range(0, 2 * ndim, 2))), A_shape)


def repeat_vjp(g, a_shape, repeats, axis=None):
    """Return the sum of the copies of each element."""
    shape = (math.prod(a_shape),) if axis is None else a_shape
    axis = 0 if axis is None else axis % len(shape)
    if np.size(repeats) == 1:
        copies = (*shape[: axis + 1], int(np.sum(repeats)), *shape[axis + 1 :])
        return np.reshape(np.sum(np.reshape(g, copies), axis + 1), a_shape)
    origins = np.repeat(np.arange(shape[axis]), repeats)
    return np.reshape(scatter(g, at(axis, origins), shape), a_shape)


tiled = linear(np.tile, tile_vjp)
repeated = linear(np.repeat, repeat_vjp)


def tile(A, reps):
    """Tile; the numbers of tiles as a tuple."""
    reps = value_of(reps)
    return tiled(as_operand(A), tuple(reps) if np.ndim(reps) else (reps,))


def repeat(a, repeats, axis=None):
    """Repeat; the numbers of copies as an array that the program does not change."""
    return repeated(as_operand(a), frozen(value_of(repeats)), axis)


composite(np.tile, tile)
composite(np.repeat, repeat)

# Padding.


def widths_of(pad_width, ndim):
    """Return how many elements come before and after, for each axis."""
    if isinstance(pad_width, dict):  # since NumPy 2.2
        sequence = [(0, 0)] * ndim
        for axis, width in pad_width.items():
            sequence[axis] = width if isinstance(width, tuple) else (width, width)
        pad_width = sequence
    return np.broadcast_to(pad_width, (ndim, 2)).tolist()


def pad_with_constants(array, pad_width, constant_values=0):
    """Return ``np.pad`` with constants."""
    return np.pad(array, pad_width, constant_values=constant_values)


def inside(g, array_shape, pad_width):
    """Return what lies within the borders."""
    pairs = zip(widths_of(pad_width, len(array_shape)), array_shape, strict=True)
    return g[tuple(slice(before, before + size) for (before, _), size in pairs)]


with_constants: Primitive = general(
    pad_with_constants,
    inside,
    jvps=[lambda g, pad_width: with_constants(g, pad_width)],
    name="pad",
    harmless=("constant_values",),
)


def pairs_of(option, ndim):
    """Return two values for each axis, as `np.pad` reads them from one, two, or all."""
    return np.broadcast_to(TABLE[np.array](option), (ndim, 2))


def spread(value, array, axis, width):
    """Return `value` in an array like `array`, of some width in one axis."""
    shape = (*array.shape[:axis], width, *array.shape[axis + 1 :])
    return np.broadcast_to(in_dtype(value, array.dtype), shape)


def constant_border(array, axis, width, value, side):
    """Return a border of one value."""
    return spread(value, array, axis, width)


def ramp_border(array, axis, width, value, side):
    """Return a border that goes straight from a value, outside, to the edge."""
    edge = array[at(axis, -side)]
    ramp = np.linspace(value, edge, width, False, dtype=array.dtype, axis=axis)
    return ramp if side == 0 else np.flip(ramp, axis)


def statistic_border(statistic):
    """Return the function that makes a border of a statistic of what is next to it."""

    def border(array, axis, width, length, side):
        part = slice(length) if side == 0 else slice(-length, None)
        return spread(statistic(array[at(axis, part)], axis, keepdims=True), array, axis, width)

    return border


BORDERS = {
    "constant": constant_border,
    "linear_ramp": ramp_border,
    "maximum": statistic_border(np.max),
    "mean": statistic_border(np.mean),
    "median": statistic_border(np.median),
    "minimum": statistic_border(np.min),
}


def bordered(array, widths, mode, option):
    """Return `array` with borders, made for one axis after the other."""
    border = BORDERS[mode]
    options = None if option is None else pairs_of(option, array.ndim)
    for axis, pair in enumerate(widths):
        size = array.shape[axis]
        if any(pair):
            ends = (size, size) if options is None else options[axis]
            if border not in (constant_border, ramp_border):
                ends = np.minimum(ends, size).tolist()
            first, last = (
                border(array, axis, width, ends[side], side) for side, width in enumerate(pair)
            )
            array = np.concatenate([first, array, last], axis)
    return array


def continued(array, axis, before, after, outside):
    """Return `array` continued through its edges, point by point, as often as it takes.

    `outside` says that the mirror is on the edge, which is not repeated then.
    """
    size = array.shape[axis]
    if size == 1:
        return np.repeat(array, before + 1 + after, axis)
    while before or after:
        length = array.shape[axis]
        chunk = (length - outside) // (size - outside) * (size - outside)
        left, right, end = min(chunk, before), min(chunk, after), length - outside
        first = np.flip(array[at(axis, slice(outside, outside + left))], axis)
        last = np.flip(array[at(axis, slice(end - right, end))], axis)
        low, high = array[at(axis, slice(0, 1))], array[at(axis, slice(length - 1, None))]
        array = np.concatenate([2 * low - first, array, 2 * high - last], axis)
        before, after = before - left, after - right
    return array


def pad(
    array,
    pad_width,
    mode: Any = "constant",
    *,
    constant_values=None,
    end_values=None,
    stat_length=None,
    reflect_type=None,
):
    """Pad with constants by slices, with what is in the array by indices, else axis by axis."""
    names = ("constant_values", "end_values", "stat_length", "reflect_type")
    options = (constant_values, end_values, stat_length, reflect_type)
    given = {name: o for name, o in zip(names, options, strict=True) if o is not None}
    if callable(mode) or mode == "empty":
        raise KeywordError(
            f"np.pad of a Tensor does not take mode={mode!r}, whose values have no derivative; "
            f"join arrays with np.concatenate instead"
        )
    if mode == "constant" and given.keys() <= {names[0]} and not holds_tensor(constant_values):
        return with_constants(array, frozen(pad_width), **given)
    np.pad(array.data, pad_width, mode, **{name: value_of(o) for name, o in given.items()})
    widths = widths_of(pad_width, array.ndim)
    if mode in BORDERS:
        option = next(iter(given.values()), 0 if mode == "linear_ramp" else None)
        return bordered(array, widths, mode, option)
    if reflect_type == "odd":
        for axis, (before, after) in enumerate(widths):
            array = continued(array, axis, before, after, mode == "reflect")
        return array
    index = np.pad(np.arange(array.size).reshape(array.shape), pad_width, mode)
    return np.ravel(array)[index]


composite(np.pad, pad)
