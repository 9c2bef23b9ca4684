"""Attention: sums of values, weighted by how well their keys fit a query."""

import math
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from autograd import Tensor
from autograd.errors import ShapeError
from autograd.extend import general
from nn.init import Seed

# Primitives.


def _weights_values(scores: Any, mask: Any, scale: float) -> Any:
    """Return the softmax of scores times `scale`, plus `mask`; one array is made, for the result.

    A row in which all is masked has weights of zero.
    """
    weights = np.multiply(scores, scale)
    if mask is not None:
        weights += mask
    top = np.maximum.reduce(weights, -1, keepdims=True)
    if mask is not None:
        top = np.where(top == -np.inf, 0, top)
    weights -= top
    np.exp(weights, out=weights)
    total = np.add.reduce(weights, -1, keepdims=True)
    if mask is not None:
        total = np.where(total == 0, 1, total)
    weights /= total
    return weights


def _scores_vjp_values(g: Any, weights: Any, scale: float) -> Any:
    """Return the Jacobian of softmax, which is symmetric, times g and `scale`."""
    out = np.multiply(g, weights)
    inner = np.add.reduce(out, -1, keepdims=True)
    np.subtract(g, inner, out=out)
    out *= weights
    out *= scale
    return out


def _slope_in_weights(t: Any, g: Any, weights: Any, scale: float) -> Any:
    """Return the derivative of `_scores_vjp` in its weights, times t."""
    return scale * (t * (g - _inner(g, weights)) - weights * _inner(g, t))


def _inner(x: Any, y: Any) -> Any:
    return np.sum(x * y, -1, keepdims=True)


# A primitive itself, so that it may write into what it makes and still have derivatives.
_scores_vjp: Any = general(
    _scores_vjp_values,
    lambda c, weights, scale: _scores_vjp(c, weights, scale),  # noqa: PLW0108 - names are kept
    lambda c, g, weights, scale: scale * (c * (g - _inner(g, weights)) - g * _inner(c, weights)),
    jvps=[
        lambda t, weights, scale: _scores_vjp(t, weights, scale),  # noqa: PLW0108 - names are kept
        _slope_in_weights,
    ],
    parameters=("g", "weights", "scale"),
    name="attention_vjp",
)
_weights: Any = general(
    _weights_values,
    lambda g, ans, scale: _scores_vjp(g, ans, scale),  # noqa: PLW0108 - see above
    lambda g, ans: _scores_vjp(g, ans, 1.0),
    jvps=[
        lambda g, ans, scale: _scores_vjp(g, ans, scale),  # noqa: PLW0108 - see above
        lambda g, ans: _scores_vjp(g + np.zeros_like(ans), ans, 1.0),
    ],
    broadcasts=True,
    parameters=("scores", "mask", "scale"),
    name="attention_weights",
)


def attention_weights(query: Any, key: Any, mask: Any = None, scale: float | None = None) -> Any:
    """Return which share of the values each query gets: softmax(scale Q Kᵀ + mask).

    `mask` is added, and None or of real numbers.
    """
    scale = 1 / math.sqrt(query.shape[-1]) if scale is None else scale
    return _weights(query @ np.swapaxes(key, -1, -2), mask, scale)


def added(mask: Any, dtype: DTypeLike) -> Any:
    """Return a mask to add, for one that is True where nothing shall be seen; None for None."""
    if mask is None or isinstance(mask, Tensor):
        return mask
    mask = np.asarray(mask)
    if mask.dtype != bool:
        return mask.astype(dtype, copy=False)
    return np.where(mask, np.array(-np.inf, dtype), np.array(0, dtype))


def causal(queries: int, keys: int) -> NDArray[np.bool_]:
    """Return a mask that is True where a key comes after the query."""
    return np.tri(queries, keys, dtype=bool).__invert__()


def dropped(x: Any, p: float, rng: np.random.Generator) -> Any:
    """Return `x` with a share `p` of it zero, the others divided by 1 - p."""
    if p == 0:
        return x
    kept = rng.random(x.shape, np.float32) >= p
    return x * (kept * x.dtype.type(1 / (1 - p)))


# Attention.


def scaled_dot_product_attention(  # noqa: PLR0917 - PyTorch's order
    query: Any,
    key: Any,
    value: Any,
    attn_mask: Any = None,
    dropout_p: float = 0.0,
    is_causal: bool = False,
    scale: float | None = None,
    *,
    rng: Seed = None,
) -> Any:
    """Return softmax(Q Kᵀ/√d) V: for each query a mean of the values, weighted by their keys.

    Vaswani et al., "Attention is all you need", 2017, equation 1.

    Parameters
    ----------
    query : ndarray or Tensor, shape (..., T, d)
    key : ndarray or Tensor, shape (..., S, d)
    value : ndarray or Tensor, shape (..., S, e)
    attn_mask : array_like of bool or float, broadcasts to (..., T, S), optional
        As in PyTorch's function of this name, True where a query *may* see a key. (The masks of
        `MultiheadAttention` say the opposite, as PyTorch's do.) Numbers are added to the scores,
        which a Tensor may be differentiated in.
    dropout_p : float
        Which share of the weights is set to zero; always, so give 0 when not training.
    is_causal : bool
        Whether query number t sees only the first t + 1 keys.
    scale : float, optional
        1/√d if not given.
    rng : Generator or int, optional
        For dropout.

    Returns
    -------
    ndarray or Tensor, shape (..., T, e)
        Zero for a query that may see no key.

    Raises
    ------
    ShapeError
        If the shapes do not fit.
    ValueError
        If there is a mask, and `is_causal` too.

    Examples
    --------
    >>> query, key = np.array([[10.0, 0.0]]), np.array([[10.0, 0.0], [0.0, 10.0]])
    >>> scaled_dot_product_attention(query, key, np.array([[1.0, 2.0], [3.0, 4.0]]))
    array([[1., 2.]])
    """
    _check_shapes(query, key, value)
    if is_causal and attn_mask is not None:
        raise ValueError("is_causal is a mask of its own: give either it or attn_mask")
    mask = causal(query.shape[-2], key.shape[-2]) if is_causal else _hidden(attn_mask)
    weights = attention_weights(query, key, added(mask, query.dtype), scale)
    return dropped(weights, dropout_p, np.random.default_rng(rng)) @ value


def _hidden(seen: Any) -> Any:
    """Return a mask that is True where nothing shall be seen; one of numbers as it is."""
    if seen is None or isinstance(seen, Tensor):
        return seen
    seen = np.asarray(seen)
    return ~seen if seen.dtype == bool else seen


def _check_shapes(query: Any, key: Any, value: Any) -> None:
    """Refuse shapes that do not fit."""
    shapes = q, k, v = query.shape, key.shape, value.shape
    if min(map(len, shapes)) < 2 or q[-1] != k[-1] or k[-2] != v[-2]:
        raise ShapeError(
            f"attention needs a query (..., T, d), a key (..., S, d) and a value (..., S, e), "
            f"got {q}, {k} and {v}"
        )


def sinusoidal_encoding(
    steps: int, features: int, *, dtype: DTypeLike = np.float64
) -> NDArray[np.floating]:
    """Return sines and cosines that tell places in a sequence apart, to add to its elements.

    Place t has sin(t/10000^(2k/d)) in column 2k and the cosine in column 2k + 1. Vaswani et al.,
    "Attention is all you need", 2017, section 3.5.

    Parameters
    ----------
    steps : int
        Number of places T.
    features : int
        Number of columns d.
    dtype : dtype

    Returns
    -------
    ndarray, shape (T, d)

    Examples
    --------
    >>> sinusoidal_encoding(3, 2)
    array([[ 0.        ,  1.        ],
           [ 0.84147098,  0.54030231],
           [ 0.90929743, -0.41614684]])
    """
    columns = np.arange(features)
    angles = np.arange(steps)[:, np.newaxis] / 10000.0 ** (columns // 2 * 2 / max(features, 1))
    return np.where(columns % 2 == 0, np.sin(angles), np.cos(angles)).astype(dtype)
