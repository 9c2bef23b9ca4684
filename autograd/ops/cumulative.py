"""Sums and products of what comes before; differences of neighbours, and what is made of them.

`cumprod` is exact where factors are zero, at every order.
"""

from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_index, normalize_axis_tuple

from autograd.ops.reductions import running_product
from autograd.primitive import composite, general, linear
from autograd.tensor import Tensor

# Sums.


def cumsum_vjp(g, a_shape, axis=None):
    """Return the sums of what comes after."""
    if axis is None:
        return np.reshape(np.cumsum(g[::-1])[::-1], a_shape)
    return np.flip(np.cumsum(np.flip(g, axis), axis), axis)


linear(np.cumsum, cumsum_vjp, harmless=("dtype",))


def nancumsum(a, axis=None, dtype=None):
    """Return ``np.cumsum`` with zeros for NaN."""
    return np.cumsum(np.where(np.isnan(a), 0, a), axis, dtype)


composite(np.nancumsum, nancumsum)

# Products.


def recurrence(g, factors):
    """Return s with s[i] = g[i] + factors[i] s[i + 1], on the last axis; by doubling."""
    step = 1
    while step < g.shape[-1]:
        reached = g[..., :-step] + factors[..., :-step] * g[..., step:]
        g = np.concatenate([reached, g[..., -step:]], axis=-1)
        factors = np.concatenate(
            [factors[..., :-step] * factors[..., step:], factors[..., -step:]], axis=-1
        )
        step *= 2
    return g


def last(x, axis):
    """Return `x` with `axis`, or all in one, as its last axis."""
    return np.reshape(x, -1) if axis is None else np.moveaxis(x, axis, -1)


def back(x, shape, axis):
    """Undo `last`."""
    return np.reshape(x, shape) if axis is None else np.moveaxis(x, -1, axis)


def cumprod_vjp(g, a, axis=None):
    """Return the product of what comes before times the sum of what depends on an element."""
    a, g, shape = last(a, axis), last(g, axis), np.shape(a)
    following = np.concatenate([a[..., 1:], a[..., :1]], axis=-1)
    return back(running_product(a) * recurrence(g, following), shape, axis)


def cumprod_jvp(g, a, axis=None):
    """Return the tangent of ``cumprod``, as a recurrence from the front."""
    flat, given = last(a, axis), last(g, axis)
    own = (running_product(flat) * given)[..., ::-1]
    found = recurrence(own, flat[..., ::-1])[..., ::-1]
    return found if axis is None else np.moveaxis(found, -1, axis)


general(np.cumprod, cumprod_vjp, jvps=[cumprod_jvp], harmless=("dtype",))


def nancumprod(a, axis=None, dtype=None):
    """Return ``np.cumprod`` with ones for NaN."""
    return np.cumprod(np.where(np.isnan(a), 1, a), axis, dtype)


composite(np.nancumprod, nancumprod)


def cumulative(function, first):
    """Return the stand-in of `np.cumulative_sum` or `np.cumulative_prod`."""

    def stand_in(x, /, *, axis=None, dtype=None, include_initial=False):
        if axis is None:
            if x.ndim != 1:
                raise ValueError(f"axis is needed for an array of {x.ndim} dimensions")
            axis = 0
        found = function(x, axis, dtype)
        if not include_initial:
            return found
        shape = (*x.shape[: axis % x.ndim], 1, *x.shape[axis % x.ndim + 1 :])
        return np.concatenate([np.full(shape, first, found.dtype), found], axis=axis)

    return stand_in


if hasattr(np, "cumulative_sum"):  # since NumPy 2.1
    composite(np.cumulative_sum, cumulative(np.cumsum, 0))
    composite(np.cumulative_prod, cumulative(np.cumprod, 1))

# Differences.


NOTHING = np._NoValue  # noqa: SLF001 - NumPy's own default


def cut(axis, *limits):
    """Return a key that slices one axis, counted from the front."""
    return (*(slice(None),) * axis, slice(*limits))


def neighbours(a, axis):
    """Return the elements without the first, and without the last, on one axis."""
    axis %= a.ndim
    return a[cut(axis, 1, None)], a[cut(axis, None, -1)]


def as_operand(x) -> Any:
    """Return a Tensor, or a number, which has no dtype of its own, as it is; else an array."""
    return x if isinstance(x, Tensor | float | int) else np.asarray(x)


def edge(x, shape, axis):
    """Return what is put before or after; a number for each row."""
    x = as_operand(x) if isinstance(x, Tensor) else np.asarray(x)
    return x if x.ndim else np.broadcast_to(x, (*shape[:axis], 1, *shape[axis + 1 :]))


def diff(a, n=1, axis=-1, prepend=NOTHING, append=NOTHING):
    """Return the differences of neighbours, n times."""
    a = as_operand(a)
    if n < 0:
        raise ValueError(f"order must be non-negative but got {n}")
    if a.ndim == 0:
        raise ValueError("diff requires input that is at least one dimensional")
    axis = normalize_axis_index(axis, a.ndim)
    before = [] if prepend is NOTHING else [edge(prepend, a.shape, axis)]
    after = [] if append is NOTHING else [edge(append, a.shape, axis)]
    if n and (before or after):
        a = np.concatenate([*before, a, *after], axis=axis)
    for _ in range(n):
        later, earlier = neighbours(a, axis)
        a = later - earlier
    return a


composite(np.diff, diff)


def ediff1d(ary, to_end=None, to_begin=None):
    """Return the differences of all elements in order, with something before and after."""
    found = diff(np.ravel(as_operand(ary)))
    ends = [
        None if x is None else np.ravel(as_operand(x)).astype(found.dtype)
        for x in (to_begin, to_end)
    ]
    return np.concatenate([x for x in (ends[0], found, ends[1]) if x is not None])


composite(np.ediff1d, ediff1d)

# Slopes and areas.


def spacings(f, given, axes):
    """Return for each axis a number, or the distances of its points."""
    if len(given) not in {0, 1, len(axes)} or (len(given) == 1 < len(axes) and np.ndim(given[0])):
        raise TypeError(
            f"gradient takes one spacing, or one for each of {len(axes)} axes, got {len(given)}"
        )
    given = list(given) * len(axes) if len(given) == 1 else list(given) or [1.0] * len(axes)
    found = []
    for spacing, axis in zip(map(as_operand, given), axes, strict=True):
        if not np.ndim(spacing):
            found.append(spacing)
            continue
        if spacing.shape != f.shape[axis : axis + 1]:
            raise ValueError(
                f"coordinates for axis {axis} must have shape {f.shape[axis : axis + 1]}, got "
                f"{spacing.shape}"
            )
        steps = diff(spacing)
        found.append(steps[0] if np.all(steps == steps[0]) else steps)
    return found


def ends_of_slope(f, steps, order):
    """Return the slopes at the first and at the last point, of a first axis."""
    if order == 1:
        first, final = (steps[0], steps[-1]) if np.ndim(steps) else (steps, steps)
        return (f[1] - f[0]) / first, (f[-1] - f[-2]) / final
    if not np.ndim(steps):
        weights = (
            [-1.5 / steps, 2.0 / steps, -0.5 / steps],
            [0.5 / steps, -2.0 / steps, 1.5 / steps],
        )
    else:
        h, k, p, q = steps[0], steps[1], steps[-2], steps[-1]
        weights = (
            [-(2.0 * h + k) / (h * (h + k)), (h + k) / (h * k), -h / (k * (h + k))],
            [q / (p * (p + q)), -(q + p) / (p * q), (2.0 * q + p) / (q * (p + q))],
        )
    (a, b, c), (d, e, s) = weights
    return a * f[0] + b * f[1] + c * f[2], d * f[-3] + e * f[-2] + s * f[-1]


def slopes(f, steps, order):
    """Return the slopes along the first axis, by central differences."""
    if f.shape[0] < order + 1:
        raise ValueError(
            f"gradient needs {order + 1} points at least with edge_order={order}, got {f.shape[0]}"
        )
    if not np.ndim(steps):
        inner = (f[2:] - f[:-2]) / (2.0 * steps)
    else:
        h, k = (np.reshape(s, (-1,) + (1,) * (f.ndim - 1)) for s in (steps[:-1], steps[1:]))
        inner = (
            -k / (h * (h + k)) * f[:-2] + (k - h) / (h * k) * f[1:-1] + h / (k * (h + k)) * f[2:]
        )
    first, final = ends_of_slope(f, steps, order)
    found = np.concatenate([first[None], inner, final[None]])
    return found.astype(f.dtype) if f.dtype.kind in "fc" else found


def gradient(f, *varargs, axis=None, edge_order=1):
    """Return slopes along one axis, or a tuple of those along several."""
    f = as_operand(f)
    axes = tuple(range(f.ndim)) if axis is None else normalize_axis_tuple(axis, f.ndim)
    if edge_order not in {1, 2}:
        raise ValueError("'edge_order' greater than 2 not supported")
    found = tuple(
        np.moveaxis(slopes(np.moveaxis(f, k, 0), steps, edge_order), 0, k)
        for k, steps in zip(axes, spacings(f, varargs, axes), strict=True)
    )
    return found[0] if len(found) == 1 else found


composite(np.gradient, gradient)


def trapezoid(y, x=None, dx=1.0, axis=-1):
    """Return the area under straight lines between points."""
    y = as_operand(y)
    width = as_operand(dx)
    if x is not None:
        x = as_operand(x)
        width = diff(x, axis=axis if x.ndim > 1 else -1)
        if x.ndim == 1:
            shape = [1] * y.ndim
            shape[axis] = width.shape[0]
            width = np.reshape(width, shape)
    later, earlier = neighbours(y, axis)
    return np.sum(width * (later + earlier) / 2.0, axis)


composite(np.trapezoid, trapezoid)
if hasattr(np, "trapz"):  # before NumPy 2.4
    composite(getattr(np, "trapz"), trapezoid)  # noqa: B009 - type checkers know it no more
