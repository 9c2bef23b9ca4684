"""Normalization: values less their mean, over their spread."""

import math
from typing import Any

import numpy as np

from autograd.errors import ShapeError
from autograd.extend import general

Axes = tuple[int, ...]


def _mean_product(x: Any, y: Any, axes: Axes) -> Any:
    """Return the mean of x times y over `axes`, which stay, without an array of the products."""
    every = list(range(x.ndim))
    kept = [axis for axis in every if axis not in axes]
    total = np.einsum(x, every, y, every, kept)
    sizes = [1 if axis in axes else size for axis, size in enumerate(x.shape)]
    return total.reshape(sizes) / math.prod(x.shape[axis] for axis in axes)


def _standard(x: Any, axes: Axes, eps: float, centered: bool) -> Any:
    """Return x less its mean over the square root of its variance + eps, the mean, the variance."""
    mean = np.mean(x, axes, keepdims=True)
    if not centered:
        mean = np.zeros_like(mean)
    y = x - mean
    var = _mean_product(y, y, axes)
    y *= 1 / np.sqrt(var + eps)
    return y, mean, var


def _pulled_values(  # noqa: PLR0917 - as in the calls
    gy: Any, y: Any, var: Any, axes: Axes, eps: float, centered: bool
) -> Any:
    """Return the cotangent of x from that of what was standardized, y."""
    pulled = y * -_mean_product(gy, y, axes)
    pulled += gy
    if centered:
        pulled -= np.mean(gy, axes, keepdims=True)
    pulled *= 1 / np.sqrt(var + eps)
    return pulled


def _along(g: Any, gy: Any, y: Any, axes: Axes) -> Any:
    """Return g times the mean of gy times y."""
    return g * np.mean(gy * y, axes, keepdims=True)


# It is symmetric in gy; one pass after the other in the same memory, where a rule would take new.
_pulled: Any = general(
    _pulled_values,
    lambda g, y, var, axes, eps, centered: _pulled(g, y, var, axes, eps, centered),  # noqa: PLW0108 - its names are read
    lambda g, gy, y, var, axes, eps: (
        -(_along(g, gy, y, axes) + _along(gy, g, y, axes)) / np.sqrt(var + eps)
    ),
    lambda g, ans, var, axes, eps: np.sum(g * ans, axes, keepdims=True) * (-0.5 / (var + eps)),
    jvps=[
        lambda g, y, var, axes, eps, centered: _pulled(g, y, var, axes, eps, centered),  # noqa: PLW0108 - see above
        lambda g, gy, y, var, axes, eps: (
            -(_along(g, gy, y, axes) + _along(y, gy, g, axes)) / np.sqrt(var + eps)
        ),
        lambda g, ans, var, eps: g * ans * (-0.5 / (var + eps)),
    ],
    name="standardize_back",
)


def _standard_vjp(g: Any, ans: Any, axes: Axes, eps: float, centered: bool) -> Any:
    """Return the cotangent of x from those of what was standardized, the mean, the variance."""
    (gy, g_mean, g_var), (y, _, var) = g, ans
    count = math.prod(y.shape[axis] for axis in axes)
    pulled: Any = 0
    if gy is not None:
        pulled = _pulled(gy, y, var, axes, eps, centered)
    if g_mean is not None and centered:
        pulled = pulled + g_mean / count
    if g_var is not None:
        pulled = pulled + y * (g_var * np.sqrt(var + eps) * (2 / count))
    return pulled if np.shape(pulled) == y.shape else np.broadcast_to(pulled, y.shape)


def _standard_jvp(g: Any, ans: Any, axes: Axes, eps: float, centered: bool) -> Any:
    """Return the tangents of the same three from that of x."""
    y, _, var = ans
    mean = np.mean(g, axes, keepdims=True)
    if not centered:
        mean = np.zeros_like(mean)
    along, root = np.mean(g * y, axes, keepdims=True), np.sqrt(var + eps)
    return (g - mean - y * along) / root, mean, 2 * along * root


_standardized = general(_standard, _standard_vjp, jvps=[_standard_jvp], name="standardize")


def standardize(x: Any, axes: Axes, eps: float, centered: bool = True) -> tuple[Any, Any, Any]:
    """Return `x` standardized over `axes`, its mean and its variance, which keep these axes.

    Parameters
    ----------
    x : ndarray or Tensor
    axes : tuple of int
    eps : float
        Added to the variance, which may be zero.
    centered : bool
        Without, the mean is taken for zero.

    Returns
    -------
    y, mean, variance : ndarray or Tensor
    """
    y, mean, var = _standardized(x, axes, eps, centered)
    return y, mean, var


def _affine(y: Any, weight: Any, bias: Any, after: int = 0) -> Any:
    """Return y times weight plus bias, whose axes come before the last `after` ones."""
    key = (..., *(None,) * after)
    if weight is not None:
        y = y * weight[key]
    return y if bias is None else y + bias[key]


def _last_axes(x: Any, normalized_shape: Any) -> Axes:
    """Return the axes to normalize over, the last ones of `x`."""
    sizes = (normalized_shape,) if np.ndim(normalized_shape) == 0 else tuple(normalized_shape)
    if not sizes or x.shape[-len(sizes) :] != sizes:
        raise ShapeError(f"expected (..., {', '.join(map(str, sizes))}), got {x.shape}")
    return tuple(range(x.ndim - len(sizes), x.ndim))


def layer_norm(
    x: Any, normalized_shape: Any, weight: Any = None, bias: Any = None, eps: float = 1e-5
) -> Any:
    """Return ``(x - mean) / sqrt(var + eps) * weight + bias``, over the last axes.

    Ba, Kiros and Hinton, "Layer normalization", 2016.

    Parameters
    ----------
    x : ndarray or Tensor, shape (..., *normalized_shape)
    normalized_shape : int or tuple of int
        The last sizes of `x`.
    weight, bias : ndarray or Tensor, shape normalized_shape, optional
    eps : float

    Returns
    -------
    ndarray or Tensor, of the shape of `x`

    Raises
    ------
    ShapeError
        If `x` ends in other sizes.

    Examples
    --------
    >>> layer_norm(np.array([[1.0, 3.0], [0.0, 10.0]]), 2, eps=0.0)
    array([[-1.,  1.],
           [-1.,  1.]])
    """
    return _affine(standardize(x, _last_axes(x, normalized_shape), eps)[0], weight, bias)


def rms_norm(x: Any, normalized_shape: Any, weight: Any = None, eps: float | None = None) -> Any:
    """Return ``x / sqrt(mean(x**2) + eps) * weight``, over the last axes.

    Zhang and Sennrich, "Root mean square layer normalization", NeurIPS 2019.

    Parameters
    ----------
    x : ndarray or Tensor, shape (..., *normalized_shape)
    normalized_shape : int or tuple of int
        The last sizes of `x`.
    weight : ndarray or Tensor, shape normalized_shape, optional
    eps : float, optional
        If None, the distance from 1 to the next number of the dtype.

    Returns
    -------
    ndarray or Tensor, of the shape of `x`

    Raises
    ------
    ShapeError
        If `x` ends in other sizes.

    Examples
    --------
    >>> rms_norm(np.array([3.0, 4.0]), 2) * np.sqrt(12.5)
    array([3., 4.])
    """
    eps = float(np.finfo(x.dtype).eps) if eps is None else eps
    axes = _last_axes(x, normalized_shape)
    return _affine(standardize(x, axes, eps, centered=False)[0], weight, None)


def group_norm(
    x: Any, num_groups: int, weight: Any = None, bias: Any = None, eps: float = 1e-5
) -> Any:
    """Return each group of channels of each row less its mean, over its spread.

    Wu and He, "Group normalization", ECCV 2018.

    Parameters
    ----------
    x : ndarray or Tensor, shape (N, C, *size)
    num_groups : int
        Into how many groups of equal size the channels fall.
    weight, bias : ndarray or Tensor, shape (C,), optional
    eps : float

    Returns
    -------
    ndarray or Tensor, of the shape of `x`

    Raises
    ------
    ShapeError
        If the channels do not fall into such groups.

    Examples
    --------
    >>> group_norm(np.array([[1.0, 3.0, 0.0, 10.0]]), 2, eps=0.0)
    array([[-1.,  1., -1.,  1.]])
    """
    if x.ndim < 2 or x.shape[1] % num_groups:
        raise ShapeError(f"{num_groups} groups do not divide the channels of {x.shape} evenly")
    apart = x.reshape(x.shape[0], num_groups, x.shape[1] // num_groups, *x.shape[2:])
    y = standardize(apart, tuple(range(2, apart.ndim)), eps)[0]
    return _affine(y.reshape(x.shape), weight, bias, x.ndim - 2)


def batch_norm(  # noqa: PLR0917 - PyTorch's order
    x: Any,
    mean: Any = None,
    var: Any = None,
    weight: Any = None,
    bias: Any = None,
    eps: float = 1e-5,
) -> Any:
    """Return ``(x - mean) / sqrt(var + eps) * weight + bias``, for each channel.

    Ioffe and Szegedy, "Batch normalization", ICML 2015.

    Parameters
    ----------
    x : ndarray or Tensor, shape (N, C, *size)
    mean, var : ndarray or Tensor, shape (C,), optional
        Those of `x` itself, over all axes but that of the channels, if None.
    weight, bias : ndarray or Tensor, shape (C,), optional
    eps : float

    Returns
    -------
    ndarray or Tensor, of the shape of `x`

    Raises
    ------
    ShapeError
        If `x` has fewer than two axes, or one value for each channel, which has no spread.

    Examples
    --------
    >>> batch_norm(np.array([[1.0, 0.0], [3.0, 10.0]]), eps=0.0)
    array([[-1., -1.],
           [ 1.,  1.]])
    """
    if mean is None or var is None:
        return by_batch(x, weight, bias, eps)[0]
    scale = 1 / np.sqrt(var + eps)
    scale = scale if weight is None else scale * weight
    shift = -mean * scale if bias is None else bias - mean * scale
    return _affine(x, scale, shift, x.ndim - 2)


def by_batch(x: Any, weight: Any, bias: Any, eps: float) -> tuple[Any, Any, Any]:
    """Return what `batch_norm` returns, and the mean and the variance of each channel."""
    if x.ndim < 2 or x.size <= x.shape[1]:
        raise ShapeError(f"expected more than one value for each channel, got {x.shape}")
    y, mean, var = standardize(x, (0, *range(2, x.ndim)), eps)
    return _affine(y, weight, bias, x.ndim - 2), mean.reshape(-1), var.reshape(-1)
