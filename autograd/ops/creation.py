"""Functions that make arrays of numbers: ranges, grids, fillings; and functions of slices.

The points of a range are its ends, mixed: ``(1 - w) * start + w * stop``, with the weights `w` from
0 to 1; those of a geometric range have these weights as powers.
"""

import math
from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_index, normalize_axis_tuple

from autograd.dispatch import TABLE
from autograd.errors import ShapeError
from autograd.operands import as_operand, value_of
from autograd.ops.selection import in_dtype
from autograd.primitive import composite, general
from autograd.tensor import Tensor

# Ranges.


def weights(num, endpoint):
    """Return the weights of the stop in the points of a range; those of the start as well."""
    w = np.arange(num) / max(num - 1 if endpoint else num, 1)
    return w, 1 - w


def gathered(g, w, axis):
    """Return the sum of the points' cotangents, weighted."""
    return np.moveaxis(g, axis, -1) @ w.astype(g.dtype)


def scattered(g, other_shape, w, axis):
    """Return the tangents of the points from that of one end, weighted."""
    g = np.broadcast_to(g, np.broadcast_shapes(np.shape(g), other_shape))
    return np.moveaxis(g[..., None] * w, -1, axis)


def points(start, stop, num=50, endpoint=True, *, dtype=None, axis=0):
    """Return ``np.linspace``, the points only."""
    return np.linspace(start, stop, num, endpoint, dtype=dtype, axis=axis)


def start_vjp(g, num=50, endpoint=True, axis=0):
    """Return what the start of a range gets."""
    return gathered(g, weights(num, endpoint)[1], axis)


def stop_vjp(g, num=50, endpoint=True, axis=0):
    """Return what the stop of a range gets."""
    return gathered(g, weights(num, endpoint)[0], axis)


def start_jvp(g, stop_shape, num=50, endpoint=True, axis=0):
    """Return the points' tangents from that of the start."""
    return scattered(g, stop_shape, weights(num, endpoint)[1], axis)


def stop_jvp(g, start_shape, num=50, endpoint=True, axis=0):
    """Return the points' tangents from that of the stop."""
    return scattered(g, start_shape, weights(num, endpoint)[0], axis)


points = general(
    points,
    start_vjp,
    stop_vjp,
    jvps=[start_jvp, stop_jvp],
    name="linspace",
    broadcasts=True,
    harmless=("dtype",),
)
general(
    np.geomspace,
    lambda g, ans, start, num=50, endpoint=True, axis=0: (
        start_vjp(g * ans, num, endpoint, axis) / start
    ),
    lambda g, ans, stop, num=50, endpoint=True, axis=0: (
        stop_vjp(g * ans, num, endpoint, axis) / stop
    ),
    jvps=[
        lambda g, ans, start, stop_shape, num=50, endpoint=True, axis=0: (
            ans * start_jvp(g / start, stop_shape, num, endpoint, axis)
        ),
        lambda g, ans, stop, start_shape, num=50, endpoint=True, axis=0: (
            ans * stop_jvp(g / stop, start_shape, num, endpoint, axis)
        ),
    ],
    broadcasts=True,
    harmless=("dtype",),
)


def linspace(start, stop, num=50, endpoint=True, retstep=False, dtype=None, axis=0):
    """Return the points, and the step between them where it is asked for."""
    samples = points(start, stop, num, endpoint, dtype=dtype, axis=axis)
    if not retstep:
        return samples
    count = num - 1 if endpoint else num
    step = (as_operand(stop) - as_operand(start)) / count if count > 0 else math.nan
    return samples, step


def logspace(start, stop, num=50, endpoint=True, base=10.0, dtype=None, axis=0):
    """Return powers of the base, or of an array of bases."""
    start, stop, base = map(as_operand, (start, stop, base))
    if np.ndim(base):
        ndim = max(map(np.ndim, (start, stop, base)))
        start, stop, base = (
            np.reshape(a, (1,) * (ndim - np.ndim(a)) + np.shape(a)) for a in (start, stop, base)
        )
        base = np.expand_dims(base, axis)
    powers = np.power(base, linspace(start, stop, num, endpoint, axis=axis))
    return powers if dtype is None else powers.astype(dtype)


composite(np.linspace, linspace)
composite(np.logspace, logspace)

# Fillings and grids.


def full_like(
    a, fill_value, dtype: Any = None, order: Any = "K", subok=True, shape=None, *, device=None
):
    """Return a new array of one value, or of values that broadcast to the shape."""
    made = np.empty_like(value_of(a), dtype, order, subok, shape, device=device)
    return full_of(made, fill_value)


def full(shape, fill_value, dtype: Any = None, order: Any = "C", *, device=None):
    """Return the same, of a shape; the dtype is that of the value, if none is given."""
    fill_value = as_operand(fill_value)
    dtype = np.result_type(fill_value) if dtype is None else dtype
    return full_of(np.empty(shape, dtype, order, device=device), fill_value)


def full_of(made, fill_value):
    """Return a value, or values that broadcast, in place of the elements of a new array."""
    fill_value = as_operand(fill_value)
    if not isinstance(fill_value, Tensor):
        made[...] = fill_value
        return made
    filled = np.broadcast_to(in_dtype(fill_value, made.dtype), made.shape)
    return np.copy(filled, order="F" if made.flags.fnc else "C")


def meshgrid(*xi, copy=True, sparse=False, indexing="xy"):
    """Return the coordinates of a grid, one array for each axis."""
    if indexing not in ("xy", "ij"):
        raise ShapeError(f"np.meshgrid takes indexing='xy' or 'ij', got {indexing!r}")
    places = list(range(len(xi)))
    if indexing == "xy":
        places[:2] = places[1::-1]
    grids = [
        np.reshape(as_operand(x), (1,) * place + (-1,) + (1,) * (len(xi) - 1 - place))
        for x, place in zip(xi, places, strict=True)
    ]
    whole = grids if sparse else np.broadcast_arrays(*grids)
    return tuple(np.copy(grid) if copy else grid for grid in whole)


def vander_slopes(x, N=None, increasing=False):
    """Return the derivative of each power in its element."""
    powers = np.arange(len(x) if N is None else N)
    powers = powers if increasing else powers[::-1]
    return powers * np.power(x[:, None], np.maximum(powers - 1, 0))


composite(np.full_like, full_like)
composite(np.full, full)
composite(np.meshgrid, meshgrid)
general(
    np.vander,
    lambda g, x, N=None, increasing=False: np.sum(g * vander_slopes(x, N, increasing), -1),
    jvps=[lambda g, x, N=None, increasing=False: g[:, None] * vander_slopes(x, N, increasing)],
)

# Functions of slices.


def apply_along_axis(func1d, axis, arr, *args, **kwargs):
    """Put together what the function returns for each line."""
    arr = as_operand(arr)
    axis = normalize_axis_index(axis, arr.ndim)
    lines = np.moveaxis(arr, axis, -1)
    if not math.prod(lines.shape[:-1]):
        raise ShapeError(
            f"np.apply_along_axis needs a line to apply the function to, got shape {arr.shape}"
        )
    results = [as_operand(func1d(lines[i], *args, **kwargs)) for i in np.ndindex(lines.shape[:-1])]
    shape = np.shape(results[0])
    whole = np.reshape(np.stack(results), lines.shape[:-1] + shape)
    return np.moveaxis(whole, range(-len(shape), 0), range(axis, axis + len(shape)))


def apply_over_axes(func, a, axes):
    """Apply the function over one axis after the other, each of which is kept."""
    result = a
    for axis in normalize_axis_tuple(axes, np.ndim(a), allow_duplicate=True):
        part = func(result, axis)
        if np.ndim(part) == np.ndim(result):
            result = part
        elif np.ndim(part) == np.ndim(result) - 1:
            result = np.expand_dims(part, axis)
        else:
            raise ShapeError(
                f"np.apply_over_axes needs a function that keeps an axis or drops it, got shape "
                f"{np.shape(part)} from {np.shape(result)}"
            )
    return result


composite(np.apply_along_axis, apply_along_axis)
composite(np.apply_over_axes, apply_over_axes)
TABLE[np.apply_along_axis] = apply_along_axis  # whose keywords are for the function
