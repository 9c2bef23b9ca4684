"""Activation functions: on arrays they are plain NumPy, on Tensors they are recorded.

All keep the dtype, can be differentiated to any order, and are finite with finite derivatives at
±1000. Where composed functions would overflow, or be slow, there is a primitive of our own.
"""

import math
from typing import Any, Literal, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from autograd import Tensor
from autograd.extend import elementwise, general

ArrayT = TypeVar("ArrayT", NDArray[Any], Tensor)


class Activation(Protocol):
    """From array to array, and from Tensor to Tensor."""

    def __call__(self, x: ArrayT, /, *args: Any) -> ArrayT:
        """Compute, and record if `x` is a Tensor."""
        ...


# Primitives.


def _sigmoid_values(x: Any) -> Any:
    """Return 1/(1 + exp(-x)) without overflow, and with its digits where it is tiny."""
    tail = np.exp(-np.abs(x))
    return np.where(x < 0, tail, np.ones_like(tail)) / (1 + tail)


def _elu_values(x: Any, alpha: float) -> Any:
    """Return x where it is positive, alpha (exp(x) - 1) elsewhere."""
    return np.where(x > 0, x, alpha * np.expm1(np.minimum(x, 0)))


# log(erfc(z) exp(z²) / t), t = 2/(2 + z), as a Chebyshev series in 2t - 1, to 1e-15 for all z >= 0.
# The form is that of Press et al., "Numerical Recipes", third edition, section 6.2.2.
_ERFC = (
    *(-6.513268598908547e-01, 6.419697923564904e-01, 1.9476473204185708e-02),
    *(-9.56151478680863e-03, -9.465953444820732e-04, 3.6683949785280785e-04),
    *(4.2523324806755235e-05, -2.0278578112490945e-05, -1.6242900046945478e-06),
    *(1.303655835720129e-06, 1.562644157273678e-08, -8.523809568933831e-08),
    *(6.529054286476926e-09, 5.059343647496768e-09, -9.913644559187097e-10),
    *(-2.2736487943461407e-10, 9.646743957736206e-11, 2.394465990071051e-12),
    *(-6.886391464639792e-12, 8.948019378875956e-13, 3.1324154734868355e-13),
    *(-1.1333527023161162e-13, 1.1412486553779912e-15, 6.081349041036923e-15),
    -6.549459098258569e-16,
)


def _normal_cdf_values(x: Any) -> Any:
    """Return the probability that a standard normal number is below x; NumPy has no erf."""
    z = np.abs(x) * math.sqrt(0.5)
    t = 2 / (2 + z)
    tail = t / 2 * np.exp(np.polynomial.chebyshev.chebval(2 * t - 1, _ERFC) - z * z)
    return np.where(x > 0, 1 - tail, tail).astype(t.dtype)


def _softmax_values(x: Any, axis: Any) -> Any:
    """Return exp(x)/sum(exp(x)), of x less its maximum, which changes nothing but the overflow."""
    powers = np.exp(x - np.max(x, axis, keepdims=True))
    return powers / np.sum(powers, axis, keepdims=True)


def _log_softmax_values(x: Any, axis: Any) -> Any:
    """Return the logarithm of softmax, with its digits where softmax is tiny."""
    shifted = x - np.max(x, axis, keepdims=True)
    return shifted - np.log(np.sum(np.exp(shifted), axis, keepdims=True))


def softmax_vjp(g: Any, ans: Any, axis: Any = -1) -> Any:
    """Return the Jacobian of softmax, which is symmetric, times g."""
    return ans * (g - np.sum(g * ans, axis, keepdims=True))


_sigmoid: Activation = elementwise(
    _sigmoid_values, lambda g, ans: g * (ans * (1 - ans)), name="sigmoid"
)
_relu: Activation = elementwise(
    lambda x: np.maximum(x, 0), lambda g, ans: g * (ans > 0), name="relu"
)
_leaky_relu: Activation = elementwise(
    lambda x, negative_slope: np.where(x > 0, x, negative_slope * x),
    lambda g, x, negative_slope: np.where(x > 0, g, negative_slope * g),
    name="leaky_relu",
)
_elu: Activation = elementwise(
    _elu_values,
    lambda g, ans, x, alpha: np.where(x > 0, g, g * (ans + alpha)),
    name="elu",
)
_softplus: Activation = elementwise(
    lambda x: np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x))),
    lambda g, x: g * _sigmoid(x),
    name="softplus",
)
_normal_cdf: Activation = elementwise(
    _normal_cdf_values,
    lambda g, x: g * (np.exp(-0.5 * x * x) / math.sqrt(2 * math.pi)),
    name="normal_cdf",
)
_softmax: Activation = general(_softmax_values, softmax_vjp, jvps=[softmax_vjp], name="softmax")
_log_softmax: Activation = general(
    _log_softmax_values,
    lambda g, ans, axis: g - np.exp(ans) * np.sum(g, axis, keepdims=True),
    jvps=[lambda g, ans, axis: g - np.sum(np.exp(ans) * g, axis, keepdims=True)],
    name="log_softmax",
)


# Activations.


def sigmoid(x: ArrayT) -> ArrayT:
    """Return 1/(1 + exp(-x)).

    Parameters
    ----------
    x : ndarray or Tensor

    Returns
    -------
    ndarray or Tensor, of the same shape and dtype

    Examples
    --------
    >>> sigmoid(np.array([-1000.0, 0.0, 1.0]))
    array([0.        , 0.5       , 0.73105858])
    """
    return _sigmoid(x)


def tanh(x: ArrayT) -> ArrayT:
    """Return the hyperbolic tangent; the same as ``np.tanh``.

    Parameters
    ----------
    x : ndarray or Tensor

    Returns
    -------
    ndarray or Tensor, of the same shape and dtype

    Examples
    --------
    >>> tanh(np.array([-1000.0, 0.0, 1.0]))
    array([-1.        ,  0.        ,  0.76159416])
    """
    out: ArrayT = np.tanh(x)
    return out


def relu(x: ArrayT) -> ArrayT:
    """Return x where it is positive, 0 elsewhere; the derivative at 0 is 0.

    Parameters
    ----------
    x : ndarray or Tensor

    Returns
    -------
    ndarray or Tensor, of the same shape and dtype

    Examples
    --------
    >>> x = Tensor([-2.0, 0.0, 3.0])
    >>> relu(x)
    Tensor([0., 0., 3.])
    >>> np.sum(relu(x)).backward()
    >>> x.grad
    array([0., 0., 1.])
    """
    return _relu(x)


def leaky_relu(x: ArrayT, negative_slope: float = 0.01) -> ArrayT:
    """Return x where it is positive, `negative_slope` times x elsewhere.

    The derivative at 0 is `negative_slope`.

    Parameters
    ----------
    x : ndarray or Tensor
    negative_slope : float

    Returns
    -------
    ndarray or Tensor, of the same shape and dtype

    Examples
    --------
    >>> leaky_relu(np.array([-2.0, 0.0, 3.0]))
    array([-0.02,  0.  ,  3.  ])
    """
    return _leaky_relu(x, negative_slope)


def elu(x: ArrayT, alpha: float = 1.0) -> ArrayT:
    """Return x where it is positive, `alpha` (exp(x) - 1) elsewhere.

    The derivative at 0 is `alpha`.

    Parameters
    ----------
    x : ndarray or Tensor
    alpha : float

    Returns
    -------
    ndarray or Tensor, of the same shape and dtype

    Examples
    --------
    >>> elu(np.array([-1000.0, -1.0, 3.0]))
    array([-1.        , -0.63212056,  3.        ])
    """
    return _elu(x, alpha)


def gelu(x: ArrayT, approximate: Literal["none", "tanh"] = "none") -> ArrayT:
    """Return x times the probability that a standard normal number is below x.

    Hendrycks and Gimpel, "Gaussian error linear units", 2016.

    Parameters
    ----------
    x : ndarray or Tensor
    approximate : {"none", "tanh"}
        ``"none"`` is exact to rounding. ``"tanh"`` is the paper's approximation, within 5e-4, and
        takes a fraction of the time.

    Returns
    -------
    ndarray or Tensor, of the same shape and dtype

    Raises
    ------
    ValueError
        If `approximate` is something else.

    Examples
    --------
    >>> gelu(np.array([-1.0, 0.0, 1.0]))
    array([-0.15865525,  0.        ,  0.84134475])
    >>> gelu(np.array([-1.0, 0.0, 1.0]), "tanh")
    array([-0.15880801,  0.        ,  0.84119199])
    """
    if approximate == "none":
        share: Any = _normal_cdf(x)
    elif approximate == "tanh":
        share = 0.5 + 0.5 * tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x * x * x))
    else:
        raise ValueError(f"approximate must be 'none' or 'tanh', got {approximate!r}")
    out: ArrayT = x * share
    return out


def softplus(x: ArrayT, beta: float = 1.0) -> ArrayT:
    """Return log(1 + exp(beta x))/beta, a smooth relu.

    Parameters
    ----------
    x : ndarray or Tensor
    beta : float
        The larger, the closer to relu.

    Returns
    -------
    ndarray or Tensor, of the same shape and dtype

    Examples
    --------
    >>> softplus(np.array([-1000.0, 0.0, 1000.0]))
    array([0.00000000e+00, 6.93147181e-01, 1.00000000e+03])
    """
    return _softplus(x) if beta == 1 else _softplus(x * beta) / beta


def softmax(x: ArrayT, axis: int | tuple[int, ...] | None = -1) -> ArrayT:
    """Return exp(x)/sum(exp(x)): scores read as probabilities, which sum to one over `axis`.

    Parameters
    ----------
    x : ndarray or Tensor
        Scores; -inf is probability zero.
    axis : int or tuple of int, optional
        None is all axes.

    Returns
    -------
    ndarray or Tensor, of the same shape and dtype

    Examples
    --------
    >>> softmax(np.array([[1.0, 2.0, 3.0], [1000.0, 0.0, 1000.0]]))
    array([[0.09003057, 0.24472847, 0.66524096],
           [0.5       , 0.        , 0.5       ]])
    """
    return _softmax(x, axis)


def log_softmax(x: ArrayT, axis: int | tuple[int, ...] | None = -1) -> ArrayT:
    """Return the logarithm of `softmax`, which stays finite where softmax is zero.

    Parameters
    ----------
    x : ndarray or Tensor
        Scores.
    axis : int or tuple of int, optional
        None is all axes.

    Returns
    -------
    ndarray or Tensor, of the same shape and dtype

    Examples
    --------
    >>> log_softmax(np.array([0.0, 1000.0]))
    array([-1000.,     0.])
    """
    return _log_softmax(x, axis)
