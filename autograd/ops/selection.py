"""Functions that read elements, choose among arrays, or write into them.

What chooses is constant: indices, conditions and masks. The writing functions (`np.put`,
`np.copyto` and so on) are assignments to a Tensor, ``a[key] = values``, in other words.
"""

import functools
import math
from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from autograd.batching import Batched, states
from autograd.dispatch import TABLE, numpy_name
from autograd.errors import DetachError, KeywordError, ShapeError
from autograd.operands import as_operand, value_of
from autograd.plan import signature
from autograd.primitive import composite, constant, linear
from autograd.tensor import Tensor

# Along one axis.


def front(array, axis):
    """Return `array` with one axis, and that axis counted from the front; flat for None."""
    if axis is None:
        return np.ravel(array), 0
    return array, normalize_axis_index(axis, np.ndim(array))


def at(axis, index):
    """Return the key of `index` in one axis."""
    return (*(slice(None),) * axis, index)


def only(array, kept, axis):
    """Return the elements at different places `kept` of one axis, in order.

    A mask says that the places are different, and so their cotangents need not be added up.
    """
    mask = np.zeros(np.shape(array)[axis], bool)
    mask[kept] = True
    return array[at(axis, mask)]


def take(a, indices, axis=None, *, mode: Any = "raise"):
    """Read what `indices` name; other modes than "raise" are indices inside."""
    a, axis = front(as_operand(a), axis)
    indices = value_of(indices)
    if mode == "raise":
        index = np.asarray(indices).astype(np.intp, casting="same_kind", copy=False)
    else:
        index = np.take(np.arange(a.shape[axis]), indices, mode=mode)
    return a[at(axis, index)]


def along(shape, indices, axis):
    """Return the key of `indices`, each of which is one in an axis of its own line."""
    if indices.ndim != len(shape) or indices.dtype.kind not in "iu":
        np.take_along_axis(np.broadcast_to(0, shape), indices, axis)  # raises NumPy's error
    lines = np.ogrid[tuple(map(slice, shape))]
    return tuple(indices if k == axis else line for k, line in enumerate(lines))


def take_along_axis(arr, indices, axis=-1):
    """Read one index in each line."""
    arr, axis = front(as_operand(arr), axis)
    return arr[along(arr.shape, np.asarray(value_of(indices)), axis)]


def compress(condition, a, axis=None):
    """Read what a condition on one axis is true for."""
    a, axis = front(as_operand(a), axis)
    kept = np.compress(value_of(condition), np.arange(a.shape[axis]))
    return only(a, kept, axis)


def extract(condition, arr):
    """Read what a condition is true for."""
    return compress(np.ravel(value_of(condition)), arr)


composite(np.take, take)
composite(np.take_along_axis, take_along_axis)
composite(np.compress, compress)
composite(np.extract, extract)

# Among several arrays.


def pick(index, arrays, dtype=None):
    """Return the element of the array that `index` names, in each place."""
    operands = [as_operand(array) for array in arrays]
    shape = np.broadcast_shapes(index.shape, *map(np.shape, operands))
    picked = np.broadcast_to(in_dtype(operands[0], dtype), shape)
    for number, operand in enumerate(operands[1:], start=1):
        picked = np.where(index == number, in_dtype(operand, dtype), picked)
    return picked if len(operands) > 1 else np.copy(picked)


def in_dtype(operand, dtype) -> Any:
    """Return an array, or a Tensor, in `dtype`."""
    if isinstance(operand, Tensor):
        return operand if operand.dtype == dtype else operand.astype(dtype)
    return np.asarray(operand, dtype)


def choose(a, choices, *, mode: Any = "raise"):
    """Return the choices that `a` names."""
    operands = [as_operand(choice) for choice in choices]
    index = np.choose(value_of(a), list(range(len(operands))), mode=mode)
    return pick(np.asarray(index), operands, np.result_type(*map(value_of, operands)))


def select(condlist, choicelist, default=0):
    """Return the choice of the first condition that is true, `default` where none is."""
    conditions = value_of(condlist)
    if len(condlist) != len(choicelist):
        np.select(conditions, value_of(choicelist))  # raises NumPy's error
    index = np.select(conditions, list(range(1, len(conditions) + 1)), 0)
    operands = [as_operand(choice) for choice in (default, *choicelist)]
    return pick(index, operands, np.result_type(*map(value_of, operands)))


def piecewise(x, condlist, funclist, *args, **kw):
    """Write what each function gives for its part; a later function writes over an earlier one."""
    parts: dict[int, Any] = {}

    def note(number):
        return lambda places: parts.setdefault(number, places)

    flat = np.ravel(as_operand(x))
    numbered = np.arange(flat.size).reshape(np.shape(x))
    np.piecewise(numbered, value_of(condlist), [note(k) for k in range(len(funclist))])
    y: Any = Tensor(np.zeros(flat.shape, flat.dtype), requires_grad=False)
    for number, places in parts.items():
        value = funclist[number]
        if callable(value):
            value = value(only(flat, places, 0), *args, **kw)
        mask = np.zeros(flat.shape, bool)
        mask[places] = True
        y[mask] = value
    return np.reshape(y, np.shape(x))


composite(np.choose, choose)
composite(np.select, select)
composite(np.piecewise, piecewise)
TABLE[np.piecewise] = piecewise  # whose keywords are for the functions

# Diagonals and triangles.


def diagonal_array(g, shape, offset=0, axis1=0, axis2=1):
    """Return zeros of `shape` with `g` on a diagonal."""
    into = np.zeros(shape, g.dtype)
    diagonal = np.diagonal(into, offset, axis1, axis2)
    diagonal.flags.writeable = True
    diagonal[...] = g
    return into


@states(diagonal_array)
def diagonals_in_batch(g, shape, offset=0, axis1=0, axis2=1):
    """Do so for each example."""
    count = len(g.levels)
    axes = (axis + count if axis >= 0 else axis for axis in (axis1, axis2))
    whole = (*g.array.shape[:count], *shape)
    return Batched(diagonal_array(g.array, whole, offset, *axes), g.levels)


on_diagonal = linear(
    diagonal_array,
    lambda g, offset=0, axis1=0, axis2=1: np.diagonal(g, offset, axis1, axis2),
    name="on_diagonal",
    harmless=("shape",),
)
linear(
    np.diagonal,
    lambda g, a_shape, offset=0, axis1=0, axis2=1: on_diagonal(g, a_shape, offset, axis1, axis2),
    chooses=True,
)


def diag(v, k=0):
    """Return a diagonal of a matrix, or the matrix of a diagonal."""
    if v.ndim == 1:
        size = v.size + abs(k)
        return on_diagonal(v, (size, size), k)
    if v.ndim != 2:
        raise ShapeError(f"np.diag takes an array of one or two axes, got shape {v.shape}")
    return np.diagonal(v, k)


def trace(a, offset=0, axis1=0, axis2=1, dtype=None):
    """Sum a diagonal."""
    return np.sum(np.diagonal(a, offset, axis1, axis2), -1, dtype=dtype)


composite(np.diag, diag)
composite(np.diagflat, lambda v, k=0: diag(np.ravel(as_operand(v)), k))
composite(np.trace, trace)
linear(np.tril, lambda g, k=0: np.tril(g, k), broadcasts=True, chooses=True)  # a line becomes rows
linear(np.triu, lambda g, k=0: np.triu(g, k), broadcasts=True, chooses=True)
constant(np.ix_, np.diag_indices_from, np.tril_indices_from, np.triu_indices_from)

# Writing.


def writes(function, assign, hint=""):
    """State that `function` is `assign` where its first argument is a Tensor; `hint` to errors."""
    first = next(iter(signature(assign)))

    @functools.wraps(assign)
    def assign_to_tensor(*args, **kwargs):
        if not isinstance(args[0] if args else kwargs.get(first), Tensor):
            raise DetachError(
                f"{numpy_name(function)} would lose the gradient of a Tensor that it writes into "
                f"an array; make the array a Tensor first: ag.Tensor(array){hint}"
            )
        assign(*args, **kwargs)

    composite(function, assign_to_tensor)


def repeated(values, count):
    """Return `values` flat, from their start again as often as it takes to be `count`."""
    return np.resize(as_operand(values), (count,))


def whole_mask(name, mask, shape):
    """Return a mask of as many elements as `shape` has, in that shape."""
    mask = np.asarray(mask, bool)
    if mask.size != math.prod(shape):
        raise ShapeError(f"{name} needs a mask of the size of shape {shape}, got {mask.shape}")
    return mask.reshape(shape)


def put(a, ind, v, mode: Any = "raise"):
    """Write at places that are counted through all axes."""
    places = np.take(np.arange(a.size), value_of(ind), mode=mode).ravel()
    if np.size(v):
        a[np.unravel_index(places, a.shape)] = repeated(v, places.size)


def put_along_axis(arr, indices, values, axis):
    """Write at one index in each line."""
    if axis is None:
        raise KeywordError(
            "np.put_along_axis with axis=None writes into a copy, which NumPy then drops; write "
            "np.put(t, indices, values)"
        )
    axis = normalize_axis_index(axis, arr.ndim)
    arr[along(arr.shape, np.asarray(value_of(indices)), axis)] = values


def place(arr, mask, vals):
    """Write where a mask is true, value by value."""
    mask = whole_mask("np.place", value_of(mask), arr.shape)
    count = np.count_nonzero(mask)
    if count and not np.size(vals):
        raise ShapeError("np.place has no values to write where its mask is true, got none")
    if count:
        arr[mask] = repeated(vals, count)


def putmask(a, mask, values):
    """Write where a mask is true, each value at its own place."""
    mask = whole_mask("np.putmask", value_of(mask), a.shape)
    if np.size(values):
        a[mask] = np.reshape(repeated(values, a.size), a.shape)[mask]


def copyto(dst, src, casting: Any = "same_kind", where: Any = True):
    """Write where a condition is true."""
    src = as_operand(src)
    if not np.can_cast(np.result_type(value_of(src)), dst.dtype, casting):
        np.copyto(np.zeros((), dst.dtype), value_of(src), casting)  # raises NumPy's error
    if where is True:
        dst[...] = src
    else:
        where = np.broadcast_to(np.asarray(value_of(where)), dst.shape)
        dst[where] = np.broadcast_to(src, dst.shape)[where]


def fill_diagonal(a, val, wrap=False):
    """Write on the diagonal."""
    mask = np.zeros(a.shape, bool)
    np.fill_diagonal(mask, True, wrap)
    a[mask] = repeated(val, np.count_nonzero(mask))


writes(np.copyto, copyto, " (np.full_like does so too: write autograd.numpy's instead)")
for function, assign in (
    (np.fill_diagonal, fill_diagonal),
    (np.place, place),
    (np.put, put),
    (np.put_along_axis, put_along_axis),
    (np.putmask, putmask),
):
    writes(function, assign)
