"""Activation functions: on arrays they are plain NumPy, on Tensors they are recorded.

All keep the dtype, can be differentiated to any order, are finite with finite derivatives at
±1000, and have their limits at ±∞. Where composed functions would overflow, or be slow, there is a
primitive of our own. Derivatives at kinks are PyTorch's.
"""

import math
from typing import Any, Literal, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from autograd import Tensor
from autograd.errors import ShapeError
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
    z = np.minimum(np.abs(x) * math.sqrt(0.5), 40)  # beyond, the tail is zero and z² may overflow
    t = 2 / (2 + z)
    tail = t / 2 * np.exp(np.polynomial.chebyshev.chebval(2 * t - 1, _ERFC) - z * z)
    return np.where(x > 0, 1 - tail, tail).astype(t.dtype)


def _celu_values(x: Any, alpha: float) -> Any:
    """Return x where it is positive, alpha (exp(x/alpha) - 1) elsewhere."""
    return np.where(x > 0, x, alpha * np.expm1(np.minimum(x, 0) / alpha))


def _softsign_values(x: Any) -> Any:
    """Return x/(1 + |x|), and ±1 at ±∞."""
    near = np.clip(x, -1, 1)
    far = np.sign(x) / (1 + 1 / np.maximum(np.abs(x), 1))
    return np.where(np.abs(x) <= 1, near / (1 + np.abs(near)), far)


def _hardswish_values(x: Any) -> Any:
    """Return x times a share that rises from 0 at -3 to 1 at 3."""
    return np.maximum(x, -3) * (np.clip(x + 3, 0, 6) / 6)


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
    lambda g, x: g * (np.exp(-0.5 * np.clip(x, -40, 40) ** 2) / math.sqrt(2 * math.pi)),
    name="normal_cdf",
)
_logsigmoid: Activation = elementwise(
    lambda x: np.minimum(x, 0) - np.log1p(np.exp(-np.abs(x))),
    lambda g, x: g * _sigmoid(-x),
    name="logsigmoid",
)
_celu: Activation = elementwise(
    _celu_values,
    lambda g, ans, x, alpha: np.where(x > 0, g, g * (ans / alpha + 1)),
    name="celu",
)
_softsign: Activation = elementwise(
    _softsign_values,
    lambda g, x: g / (1 + np.abs(x)) / (1 + np.abs(x)),  # the square would overflow
    name="softsign",
)
_hardtanh: Activation = elementwise(
    lambda x, low, high: np.clip(x, low, high),  # noqa: PLW0108 - the rule names its parameters
    lambda g, ans, low, high: g * ((ans > low) & (ans < high)),
    name="hardtanh",
)
_hardsigmoid: Activation = elementwise(
    lambda x: np.clip(x + 3, 0, 6) / 6,
    lambda g, ans: g * ((ans > 0) & (ans < 1)) / 6,
    name="hardsigmoid",
)
_hardswish: Activation = elementwise(
    _hardswish_values,
    lambda g, x: np.where(x <= -3, 0 * g, np.where(x < 3, g * (np.clip(x, -3, 3) / 3 + 0.5), g)),
    name="hardswish",
)
_prelu = elementwise(
    lambda x, weight: np.where(x > 0, x, weight * x),
    lambda g, x, weight: np.where(x > 0, g, g * weight),
    lambda g, x: np.where(x > 0, 0 * g, g * np.minimum(x, 0)),
    name="prelu",
)

_FAR = 800.0
"""Where exp(-x) is zero in double precision."""
# A product of x and a share of it that goes to 0 on the left, and to a limit on the right, so fast
# that beyond _FAR rounding leaves nothing of the rest: there x stands still, lest 0 meets ∞.
gated = elementwise(
    lambda x, share: np.maximum(x, -_FAR) * share,
    lambda g, share: g * share,
    lambda g, x: g * np.clip(x, -_FAR, _FAR),
    name="gated",
)
_softmax: Activation = general(_softmax_values, softmax_vjp, jvps=[softmax_vjp], name="softmax")
_log_softmax: Activation = general(
    _log_softmax_values,
    lambda g, ans, axis: g - np.exp(ans) * np.sum(g, axis, keepdims=True),
    jvps=[lambda g, ans, axis: g - np.sum(np.exp(ans) * g, axis, keepdims=True)],
    name="log_softmax",
)


_SELU_SCALE, _SELU_ALPHA = 1.0507009873554804934193349852946, 1.6732632423543772848170429916717

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


def prelu(x: Any, weight: Any, axis: int = 1) -> Any:
    """Return x where it is positive, `weight` times x elsewhere.

    The derivative at 0 is `weight`. `PReLU` is the layer that learns it. He, Zhang, Ren and Sun,
    "Delving deep into rectifiers", ICCV 2015.

    Parameters
    ----------
    x : ndarray or Tensor
    weight : array_like or Tensor, shape (), (1,) or (C,)
        One slope for all, or one for each channel.
    axis : int
        Where x has its C channels.

    Returns
    -------
    ndarray or Tensor, of the same shape and dtype

    Raises
    ------
    ShapeError
        If there are several weights, but not one for each channel.

    Examples
    --------
    >>> weight = Tensor(0.25)
    >>> prelu(np.array([-2.0, 0.0, 3.0]), weight)
    Tensor([-0.5,  0. ,  3. ])
    >>> np.sum(prelu(np.array([-2.0, 0.0, 3.0]), weight)).backward()
    >>> weight.grad
    array(-2.)
    """
    if np.size(weight) == 1:
        return _prelu(x, np.reshape(weight, ()) if np.ndim(weight) else weight)
    shape = [1] * np.ndim(x)
    if not -len(shape) <= axis < len(shape) or np.shape(weight) != (np.shape(x)[axis],):
        raise ShapeError(
            f"prelu needs one weight, or one for each channel, got weight {np.shape(weight)} "
            f"for x {np.shape(x)} with its channels on axis {axis}"
        )
    shape[axis] = -1
    return _prelu(x, np.reshape(weight, shape))


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


def selu(x: ArrayT) -> ArrayT:
    """Return λx where x is positive, λα (exp(x) - 1) elsewhere, with λ = 1.0507 and α = 1.6733.

    With these numbers, and weights of variance 1/fan_in (``nn.init.lecun_normal``), layers keep the
    mean 0 and the variance 1. The derivative at 0 is λα. Klambauer, Unterthiner, Mayr and
    Hochreiter, "Self-normalizing neural networks", NeurIPS 2017.

    Parameters
    ----------
    x : ndarray or Tensor

    Returns
    -------
    ndarray or Tensor, of the same shape and dtype

    Examples
    --------
    >>> selu(np.array([-1000.0, -1.0, 1.0]))
    array([-1.75809934, -1.11133074,  1.05070099])
    """
    out: ArrayT = _SELU_SCALE * _elu(x, _SELU_ALPHA)
    return out


def celu(x: ArrayT, alpha: float = 1.0) -> ArrayT:
    """Return x where it is positive, `alpha` (exp(x/alpha) - 1) elsewhere.

    The derivative is continuous, 1 at 0. Barron, "Continuously differentiable exponential linear
    units", 2017.

    Parameters
    ----------
    x : ndarray or Tensor
    alpha : float
        Positive; far on the left the value is ``-alpha``.

    Returns
    -------
    ndarray or Tensor, of the same shape and dtype

    Raises
    ------
    ValueError
        If `alpha` is not positive.

    Examples
    --------
    >>> celu(np.array([-1000.0, -1.0, 3.0]), 2.0)
    array([-2.        , -0.78693868,  3.        ])
    """
    if not alpha > 0:
        raise ValueError(f"alpha must be positive, got {alpha}")
    return _celu(x, alpha)


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
    out: ArrayT = gated(x, share)
    return out


def silu(x: ArrayT) -> ArrayT:
    """Return x times `sigmoid` of x; also called swish.

    Elfwing, Uchibe and Doya, "Sigmoid-weighted linear units", Neural Networks 107, 2018.

    Parameters
    ----------
    x : ndarray or Tensor

    Returns
    -------
    ndarray or Tensor, of the same shape and dtype

    Examples
    --------
    >>> silu(np.array([-1000.0, -1.0, 1.0]))
    array([-0.        , -0.26894142,  0.73105858])
    """
    out: ArrayT = gated(x, _sigmoid(x))
    return out


def mish(x: ArrayT) -> ArrayT:
    """Return x times the hyperbolic tangent of `softplus` of x.

    Misra, "Mish: a self regularized non-monotonic activation function", BMVC 2020.

    Parameters
    ----------
    x : ndarray or Tensor

    Returns
    -------
    ndarray or Tensor, of the same shape and dtype

    Examples
    --------
    >>> mish(np.array([-1000.0, -1.0, 1.0]))
    array([-0.        , -0.30340146,  0.86509839])
    """
    out: ArrayT = gated(x, np.tanh(_softplus(x)))
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


def logsigmoid(x: ArrayT) -> ArrayT:
    """Return the logarithm of `sigmoid`, which stays finite where sigmoid is zero.

    Parameters
    ----------
    x : ndarray or Tensor

    Returns
    -------
    ndarray or Tensor, of the same shape and dtype

    Examples
    --------
    >>> logsigmoid(np.array([-1000.0, 0.0, 1.0]))
    array([-1.00000000e+03, -6.93147181e-01, -3.13261688e-01])
    """
    return _logsigmoid(x)


def softsign(x: ArrayT) -> ArrayT:
    """Return x/(1 + abs(x)): like tanh, but with tails that end slowly.

    Parameters
    ----------
    x : ndarray or Tensor

    Returns
    -------
    ndarray or Tensor, of the same shape and dtype

    Examples
    --------
    >>> softsign(np.array([-3.0, 0.0, 1.0]))
    array([-0.75,  0.  ,  0.5 ])
    """
    return _softsign(x)


def hardtanh(x: ArrayT, min_val: float = -1.0, max_val: float = 1.0) -> ArrayT:
    """Return x between `min_val` and `max_val`, the nearer of them elsewhere.

    The derivative at both bounds is 0.

    Parameters
    ----------
    x : ndarray or Tensor
    min_val, max_val : float

    Returns
    -------
    ndarray or Tensor, of the same shape and dtype

    Raises
    ------
    ValueError
        If `min_val` is not less than `max_val`.

    Examples
    --------
    >>> hardtanh(np.array([-2.0, 0.5, 3.0]))
    array([-1. ,  0.5,  1. ])
    """
    if not min_val < max_val:
        raise ValueError(f"min_val must be less than max_val, got {min_val} and {max_val}")
    return _hardtanh(x, min_val, max_val)


def relu6(x: ArrayT) -> ArrayT:
    """Return x between 0 and 6, the nearer of them elsewhere; the derivative at both is 0.

    Parameters
    ----------
    x : ndarray or Tensor

    Returns
    -------
    ndarray or Tensor, of the same shape and dtype

    Examples
    --------
    >>> relu6(np.array([-2.0, 0.5, 7.0]))
    array([0. , 0.5, 6. ])
    """
    return _hardtanh(x, 0, 6)


def hardsigmoid(x: ArrayT) -> ArrayT:
    """Return x/6 + 1/2 between -3 and 3, 0 or 1 beyond; the derivative at ±3 is 0.

    Parameters
    ----------
    x : ndarray or Tensor

    Returns
    -------
    ndarray or Tensor, of the same shape and dtype

    Examples
    --------
    >>> hardsigmoid(np.array([-4.0, 0.0, 1.5]))
    array([0.  , 0.5 , 0.75])
    """
    return _hardsigmoid(x)


def hardswish(x: ArrayT) -> ArrayT:
    """Return x times `hardsigmoid` of x; the derivative at -3 is 0, at 3 it is 1.

    Howard et al., "Searching for MobileNetV3", ICCV 2019.

    Parameters
    ----------
    x : ndarray or Tensor

    Returns
    -------
    ndarray or Tensor, of the same shape and dtype

    Examples
    --------
    >>> hardswish(np.array([-4.0, -1.5, 1.5, 4.0]))
    array([-0.   , -0.375,  1.125,  4.   ])
    """
    return _hardswish(x)


def glu(x: ArrayT, axis: int = -1) -> ArrayT:
    """Return the first half of x times `sigmoid` of the second half: a gated linear unit.

    Dauphin, Fan, Auli and Grangier, "Language modeling with gated convolutional networks",
    ICML 2017.

    Parameters
    ----------
    x : ndarray or Tensor
    axis : int
        The axis of 2n elements that is halved.

    Returns
    -------
    ndarray or Tensor, n elements on `axis`

    Raises
    ------
    ShapeError
        If there is no such axis, or it has an odd number of elements.

    Examples
    --------
    >>> glu(np.array([4.0, 6.0, 0.0, 1000.0]))
    array([2., 6.])
    """
    values: Any = x
    size = np.shape(values)[axis] if -np.ndim(values) <= axis < np.ndim(values) else 1
    if size % 2:
        raise ShapeError(
            f"glu halves axis {axis}, which x of shape {np.shape(values)} does not allow"
        )
    halves: list[Any] = np.split(values, 2, axis)
    out: ArrayT = halves[0] * _sigmoid(halves[1])
    return out


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
