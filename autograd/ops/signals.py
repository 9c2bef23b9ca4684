"""Interpolation and convolution of samples, and phases without jumps.

At a knot `interp` has the slope of the piece to its right, at the last knot that to its left;
outside it is constant, so its derivative there is zero.
"""

from typing import Any

import numpy as np

from autograd.ops.indexing import scatter
from autograd.primitive import composite, general, linear, same
from autograd.tensor import Tensor

# Interpolation.


def piece(x, xp):
    """Return the numbers of the knots around each x, and how far it is from the first to the next.

    The distance is 0 to the left of all knots and 1 to the right.
    """
    j = np.clip(np.searchsorted(xp, x, side="right") - 1, 0, max(len(xp) - 2, 0))
    k = np.minimum(j + 1, len(xp) - 1)
    width = xp[k] - xp[j]
    part = (x - xp[j]) / (width + (width == 0))
    return j, k, np.where(x < xp[0], 0, np.where(x > xp[-1], 1, part))


def slope(x, xp, fp):
    """Return the slope at each x, zero outside."""
    j, k, _ = piece(x, xp)
    width = xp[k] - xp[j]
    inside = (x >= xp[0]) & (x <= xp[-1])
    return np.where(inside, (fp[k] - fp[j]) / (width + (width == 0)), 0)


def free(g, x, xp, left, right):
    """Return g where the samples, and not the values given for outside, count."""
    g = g if left is None else np.where(x < xp[0], 0, g)
    return g if right is None else np.where(x > xp[-1], 0, g)


def spread(g, x, xp):
    """Return g shared by the knots around each x."""
    j, k, part = piece(x, xp)
    return scatter(g * (1 - part), j, np.shape(xp)) + scatter(g * part, k, np.shape(xp))


def gathered(g, x, xp):
    """Return for each x what the knots around it have, shared in the same way."""
    j, k, part = piece(x, xp)
    return g[j] * (1 - part) + g[k] * part


def interp_on_a_line(x, xp, fp, left=None, right=None):
    """Return ``np.interp`` without a period."""
    return np.interp(x, xp, fp, left, right)


sampled = general(
    interp_on_a_line,
    lambda g, x, xp, fp: g * slope(x, xp, fp),
    lambda g, x, xp, fp: spread(-g * slope(x, xp, fp), x, xp),
    lambda g, x, xp, left=None, right=None: spread(free(g, x, xp, left, right), x, xp),
    jvps=[
        lambda g, x, xp, fp: g * slope(x, xp, fp),
        lambda g, x, xp, fp: -gathered(g, x, xp) * slope(x, xp, fp),
        lambda g, x, xp, left=None, right=None: free(gathered(g, x, xp), x, xp, left, right),
    ],
    name="interp",
    chooses=True,
)


def as_array(a) -> Any:
    """Return a Tensor as it is, anything else as an array."""
    return a if isinstance(a, Tensor) else np.asarray(a)


def interp(x, xp, fp, left=None, right=None, period=None):
    """Interpolate; with a period, as on a circle."""
    x, xp, fp = (as_array(a) for a in (x, xp, fp))
    if period is not None:
        if not period or xp.ndim != 1 or xp.shape != fp.shape:
            raise ValueError(
                f"np.interp takes data points in one dimension and a period that is not 0, got "
                f"shapes {xp.shape} and {fp.shape}, period {period}"
            )
        x, xp = x % abs(period), xp % abs(period)
        order = np.argsort(xp)
        xp, fp = xp[order], fp[order]
        xp = np.concatenate([xp[-1:] - abs(period), xp, xp[:1] + abs(period)])
        fp = np.concatenate([fp[-1:], fp, fp[:1]])
        left = right = None
    return sampled(x, xp, fp, left, right)


composite(np.interp, interp)

# Convolution.


def full(g, a_shape, v_shape, mode):
    """Return g with zeros where the result of `mode` leaves out some of the whole convolution."""
    less, more = sorted([a_shape[0], v_shape[0]])
    before = {"f": 0, "s": (less - 1) // 2, "v": less - 1}[mode[0]]
    after = less + more - 1 - before - g.shape[0]
    return np.concatenate([np.zeros(before, g.dtype), g, np.zeros(after, g.dtype)])


linear(
    np.convolve,
    lambda g, a_shape, v, mode="full": np.convolve(
        full(g, a_shape, np.shape(v), mode), v[::-1], "valid"
    ),
    lambda g, a, v_shape, mode="full": np.convolve(
        full(g, np.shape(a), v_shape, mode), a[::-1], "valid"
    ),
)


def correlate(a, v, mode: Any = "valid"):
    """Correlate; the second argument is conjugated."""
    a, v = as_array(a), as_array(v)
    if len(v) > len(a):
        return np.convolve(a[::-1], np.conj(v), mode)[::-1]
    return np.convolve(a, np.conj(v)[::-1], mode)


composite(np.correlate, correlate)

# Phases: what is added to them is constant between jumps.

general(np.unwrap, same, jvps=[same], harmless=("discont", "axis", "period"))
