"""Averages, medians and quantiles, covariances, and the versions that leave out NaN.

Of equal elements, `median` and `quantile` take the ones that a stable sort finds; `nanstd` of equal
numbers has derivative zero, like `std`.
"""

from typing import Any

import numpy as np

from autograd.broadcasting import reduced_shape
from autograd.ops.cumulative import as_operand
from autograd.ops.indexing import scatter
from autograd.primitive import composite, general, linear

# Quantiles: each is a point on the line between two elements next to each other in order. How far
# along, the same quantile of the numbers 0, 1, 2 ... tells, whatever the method.


def rows(a, axis):
    """Return `a` with the axes that are reduced in one, as its last axis."""
    if axis is None:
        return np.reshape(a, -1)
    axes = axis if isinstance(axis, tuple) else (axis,)
    front = np.moveaxis(a, axes, tuple(range(-len(axes), 0)))
    return np.reshape(front, (*front.shape[: a.ndim - len(axes)], -1))


def unrows(x, shape, axis):
    """Undo `rows`, to an array of `shape`."""
    if axis is None:
        return np.reshape(x, shape)
    axes = axis if isinstance(axis, tuple) else (axis,)
    last = tuple(range(-len(axes), 0))
    return np.moveaxis(np.reshape(x, np.moveaxis(np.empty(shape), axes, last).shape), last, axes)


def around(a, ranks, axis):
    """Return the places in `rows` of the elements below and above, and how far between them."""
    order: Any = np.argsort(rows(a, axis), axis=-1, kind="stable")
    below = np.floor(ranks).astype(int).ravel()
    above = np.minimum(below + 1, order.shape[-1] - 1)
    grid = tuple(index[..., None] for index in np.indices(order.shape[:-1]))
    return (*grid, order[..., below]), (*grid, order[..., above]), (ranks.ravel() - below)


def quantile_rules(ranks_of):
    """Return both rules; ``ranks_of(n, q, method)`` are the quantiles of 0, 1 ... n - 1."""

    def vjp(g, a, q=None, axis=None, method="linear"):
        flat = rows(a, axis)
        ranks = np.asarray(ranks_of(flat.shape[-1], q, method))
        below, above, part = around(a, ranks, axis)
        g = np.moveaxis(np.reshape(g, (ranks.size, *flat.shape[:-1])), 0, -1)
        part = part.astype(g.dtype)
        found = scatter(g * (1 - part), below, flat.shape) + scatter(g * part, above, flat.shape)
        return unrows(found, np.shape(a), axis)

    def jvp(g, a, q=None, axis=None, method="linear", keepdims=False):
        flat = rows(g, axis)
        ranks = np.asarray(ranks_of(flat.shape[-1], q, method))
        below, above, part = around(a, ranks, axis)
        found = flat[below] * (1 - part) + flat[above] * part
        rest = reduced_shape(np.shape(a), axis) if keepdims else flat.shape[:-1]
        return np.reshape(np.moveaxis(found, -1, 0), (*ranks.shape, *rest))

    return vjp, jvp


def state_quantiles(function, ranks_of):
    """State a function whose result lies between two elements next to each other in order."""
    vjp, jvp = quantile_rules(ranks_of)
    general(function, vjp, jvps=[jvp], harmless=("overwrite_input",), chooses=True)


state_quantiles(np.median, lambda n, q, method: np.median(np.arange(n)))
state_quantiles(np.quantile, lambda n, q, method: np.quantile(np.arange(n), q, method=method))
state_quantiles(np.percentile, lambda n, q, method: np.percentile(np.arange(n), q, method=method))

# Without NaN: sums, extremes, means.


def nansum(a, axis=None, dtype=None, *, keepdims=False, initial=0, where=True):
    """Return the sum with zeros for NaN."""
    a = np.where(np.isnan(a), 0, a)
    return np.sum(a, axis, dtype, keepdims=keepdims, initial=initial, where=where)


def nanprod(a, axis=None, dtype=None, *, keepdims=False, initial=1, where=True):
    """Return the product with ones for NaN."""
    a = np.where(np.isnan(a), 1, a)
    return np.prod(a, axis, dtype, keepdims=keepdims, initial=initial, where=where)


def without_nan(function, worst):
    """Return the largest, or smallest, of what is not NaN; NaN where there is nothing else."""

    def extreme(a, axis=None, *, keepdims=False, initial=None, where=True):
        a = as_operand(a)
        start = {} if initial is None else {"initial": initial, "where": where}
        if initial is None and where is not True:
            raise ValueError("where needs initial: there may be nothing to choose from")
        found = function(np.where(np.isnan(a), worst, a), axis, keepdims=keepdims, **start)
        if initial is not None:
            return found
        nothing = np.all(np.isnan(a), axis, keepdims=keepdims)
        return np.where(nothing, np.nan, found)[()] if np.any(nothing) else found

    return extreme


def counted(a, axis, keepdims, where):
    """Return where elements count, and how many of them there are in each result."""
    counts = ~np.isnan(a) & where
    return counts, np.sum(counts, axis, keepdims=keepdims)


def shared(total, number):
    """Return a total over a number, in the dtype of the total."""
    return (total / number).astype(total.dtype)


def nanmean(a, axis=None, dtype=None, *, keepdims=False, where=True):
    """Return the mean of what is not NaN."""
    counts, number = counted(a, axis, keepdims, where)
    return shared(np.sum(np.where(counts, a, 0), axis, dtype, keepdims=keepdims), number)


def nanvar(a, axis=None, *, ddof=0, keepdims=False, where=True, correction=None):
    """Return the variance of what is not NaN; NaN where there are no degrees of freedom."""
    ddof = ddof if correction is None else correction
    counts, number = counted(a, axis, True, where)
    mean = shared(np.sum(np.where(counts, a, 0), axis, keepdims=True), number)
    distance = np.where(counts, a - mean, 0)
    square = np.real(distance * np.conj(distance)) if a.dtype.kind == "c" else distance * distance
    free = np.sum(counts, axis, keepdims=keepdims) - ddof
    found = shared(np.sum(square, axis, keepdims=keepdims), np.where(free > 0, free, 1))
    return np.where(free > 0, found, np.nan)[()] if np.any(free <= 0) else found


def nanstd(a, axis=None, *, ddof=0, keepdims=False, where=True, correction=None):
    """Return the standard deviation of what is not NaN."""
    found = nanvar(a, axis, ddof=ddof, keepdims=keepdims, where=where, correction=correction)
    return np.where(found == 0, 0, np.sqrt(found + (found == 0)))[()]


composite(np.nansum, nansum)
composite(np.nanprod, nanprod)
composite(np.nanmax, without_nan(np.max, -np.inf))
composite(np.nanmin, without_nan(np.min, np.inf))
composite(np.nanmean, nanmean)
composite(np.nanvar, nanvar)
composite(np.nanstd, nanstd)


def row_by_row(function, a, q, axis, keepdims, **keywords):
    """Return a quantile of what is not NaN in each row."""
    flat = rows(a, axis)
    quantile = () if q is None else (q,)
    nothing = np.full(np.shape(q) if q is not None else (), np.nan, flat.dtype)
    found = []
    for index in np.ndindex(flat.shape[:-1]):
        row = flat[index]
        row = row[~np.isnan(row)]
        found.append(function(row, *quantile, **keywords) if row.size else nothing)
    rest = reduced_shape(np.shape(a), axis) if keepdims else flat.shape[:-1]
    return np.reshape(np.stack(found, axis=-1), (*nothing.shape, *rest))


def nanmedian(a, axis=None, overwrite_input=False, keepdims=False):
    """Return the median of what is not NaN."""
    return row_by_row(np.median, a, None, axis, keepdims)


def nanquantile(a, q, axis=None, overwrite_input=False, method="linear", keepdims=False):
    """Return a quantile of what is not NaN."""
    return row_by_row(np.quantile, a, q, axis, keepdims, method=method)


def nanpercentile(a, q, axis=None, overwrite_input=False, method="linear", keepdims=False):
    """Return a percentile of what is not NaN."""
    return row_by_row(np.percentile, a, q, axis, keepdims, method=method)


composite(np.nanmedian, nanmedian)
composite(np.nanquantile, nanquantile)
composite(np.nanpercentile, nanpercentile)

# Averages, spreads and correlations.


def ptp(a, axis=None, *, keepdims=False):
    """Return the distance from the smallest to the largest."""
    return np.max(a, axis, keepdims=keepdims) - np.min(a, axis, keepdims=keepdims)


composite(np.ptp, ptp)


def fitting(weights, shape, axis):
    """Return weights of some axes in a shape that broadcasts against the array."""
    if weights.shape == shape:
        return weights
    if axis is None:
        raise TypeError("Axis must be specified when shapes of a and weights differ.")
    axes = [k % len(shape) for k in (axis if isinstance(axis, tuple) else (axis,))]
    if weights.shape != tuple(shape[k] for k in axes):
        raise ValueError("the weights of some axes must have the shape of these axes")
    ordered = np.transpose(weights, np.argsort(axes))
    return np.reshape(ordered, [shape[k] if k in axes else 1 for k in range(len(shape))])


def average(a, axis=None, weights=None, returned=False, *, keepdims=False):
    """Return the mean, weighted, and if asked for the sum of the weights."""
    a = as_operand(a)
    if weights is None:
        found = np.mean(a, axis, keepdims=keepdims)
        total = np.full(found.shape, a.size / found.size, found.dtype)
    else:
        weights = np.broadcast_to(fitting(as_operand(weights), a.shape, axis), a.shape)
        total = np.sum(weights, axis, keepdims=keepdims)
        if np.any(total == 0):
            raise ZeroDivisionError("Weights sum to zero, can't be normalized")
        found = np.sum(a * weights, axis, keepdims=keepdims) / total
    return (found, total[()] if weights is None else total) if returned else found


composite(np.average, average)


def divisor(columns, ddof, weights, aweights):
    """Return what the products of distances are divided by."""
    if weights is None:
        return columns - ddof
    total = np.sum(weights)
    if ddof == 0:
        return total
    return total - ddof if aweights is None else total - ddof * np.sum(weights * aweights) / total


def variables_in_rows(m, y, rowvar):
    """Return the variables as rows of one matrix."""
    parts = [as_operand(part) for part in (m, y) if part is not None]
    matrices = [np.atleast_2d(part) for part in parts]
    turned = [part.T if not rowvar and part.shape[0] != 1 else part for part in matrices]
    return turned[0] if len(turned) == 1 else np.concatenate(turned)


def cov(m, y=None, rowvar=True, bias=False, ddof=None, fweights=None, aweights=None):
    """Return the covariances of the variables."""
    x = variables_in_rows(m, y, rowvar)
    x = x.astype(np.result_type(x.dtype, np.float64))
    ddof = (0 if bias else 1) if ddof is None else ddof
    given = [np.asarray(w, float) for w in (fweights, aweights) if w is not None]
    weights = None if not given else given[0] if len(given) == 1 else given[0] * given[1]
    x = x - np.average(x, axis=1, weights=weights)[:, None]
    weighted = x.T if weights is None else (x * weights).T
    found = np.dot(x, np.conj(weighted) if x.dtype.kind == "c" else weighted)
    found = found * np.true_divide(1, divisor(x.shape[1], ddof, weights, aweights))
    return np.squeeze(found)


def corrcoef(x, y=None, rowvar=True):
    """Return the correlations of the variables."""
    found = cov(x, y, rowvar)
    if not found.ndim:
        return found / found
    spread = np.sqrt(np.real(np.diagonal(found)))
    found = found / spread[:, None] / spread[None, :]
    if found.dtype.kind == "c":
        return np.clip(np.real(found), -1, 1) + 1j * np.clip(np.imag(found), -1, 1)
    return np.clip(found, -1, 1)


composite(np.cov, cov)
composite(np.corrcoef, corrcoef)
linear(
    np.bincount,
    None,
    lambda g, x: g[x],
    parameters=("x", "weights", "minlength"),
    harmless=("minlength",),
)
