"""Sums over windows, and matrices of few elements: what filters and samples of images are made of.

The transpose of a sum over windows is one of the cotangent, continued with zeros, with the weights
backward; so there are derivatives of every order.
"""

from itertools import product
from typing import Any

import numpy as np
import scipy.ndimage

from autograd.primitive import Primitive, linear


def window_sums(x, weights):
    """Return the sums over all windows that lie within `x`: ``sum(x[i + j] * weights[j])``."""
    sizes = weights.shape
    inner = tuple(slice(k // 2, n - (k - 1 - k // 2)) for n, k in zip(x.shape, sizes, strict=True))
    if np.result_type(x, weights).itemsize > 8 * (1 + (np.result_type(x, weights).kind == "c")):
        views = np.lib.stride_tricks.sliding_window_view(x, sizes)  # which SciPy does not take
        return np.tensordot(views, weights, x.ndim)
    filtered = [axis for axis, k in enumerate(sizes) if k > 1]
    conjugate = np.conj(weights)  # of which SciPy takes the conjugate
    if len(filtered) == 1:
        line = conjugate.ravel()
        found = scipy.ndimage.correlate1d(x, line, filtered[0], mode="constant")
    else:
        found = scipy.ndimage.correlate(x, conjugate, mode="constant")
    return found[inner]


def window_sums_vjp_x(g, weights):
    """Return the same of g with zeros around it."""
    around = [(k - 1, k - 1) for k in np.shape(weights)]
    return summed(np.pad(g, around), np.flip(weights))


def window_sums_vjp_weights(g, x, weights_shape):
    """Return the sum of g times what each weight was multiplied by."""
    found = [
        np.sum(g * shifted(x, place, g.shape)) for place in product(*map(range, weights_shape))
    ]
    return np.reshape(np.stack(found), weights_shape)


def shifted(x: Any, place: Any, shape: Any) -> Any:
    """Return the part of `x` of some shape that begins at `place`."""
    return x[tuple(slice(i, i + n) for i, n in zip(place, shape, strict=True))]


summed: Primitive = linear(
    window_sums, window_sums_vjp_x, window_sums_vjp_weights, name="correlate"
)


def sparse_product(x, matrix):
    """Return a matrix of few elements times a vector."""
    return (matrix @ x).astype(x.dtype)


sparse: Primitive = linear(
    sparse_product, lambda g, matrix: sparse(g, matrix.T), name="sparse", harmless=("matrix",)
)
