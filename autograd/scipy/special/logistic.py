"""The logistic function, and logarithms of sums of exponentials."""

import numpy as np
import scipy.special as sc

from autograd.broadcasting import expand
from autograd.ops.conversion import holds_tensor, joined
from autograd.ops.elementwise import excess
from autograd.primitive import elementwise, general

elementwise(sc.expit, lambda g, x: g * sc.expit(x) * sc.expit(-x))
elementwise(sc.logit, lambda g, x: g / (x * (1 - x)))
elementwise(sc.log_expit, lambda g, x: g * sc.expit(-x))


def softplus(x, **keywords):
    """Return `scipy.special.softplus`, of Tensors too."""
    return sc.softplus(x, **keywords) if not holds_tensor(x) else np.logaddexp(0, joined(x))


# Logarithms of sums. Where all are -inf, or some inf, ties have equal shares, as in logaddexp.


def shares(ans, a, axis):
    """Return the derivative of the logarithm of a sum of exponentials in each exponent."""
    total = expand(ans, np.shape(a), axis)
    tied = np.isinf(a) & (a == total)
    number = np.where(np.any(tied, axis, keepdims=True), np.sum(tied, axis, keepdims=True), 1)
    return np.exp(excess(total, a)) / number.astype(a.dtype)


def log_of_sum(a, axis=None, keepdims=False):
    """Return ``scipy.special.logsumexp(a, axis, keepdims=keepdims)``."""
    return sc.logsumexp(a, axis=axis, keepdims=keepdims)


log_sum = general(
    log_of_sum,
    lambda g, ans, a, axis=None: expand(g, np.shape(a), axis) * shares(ans, a, axis),
    jvps=[
        lambda g, ans, a, axis=None, keepdims=False: np.sum(
            g * shares(ans, a, axis), axis, keepdims=keepdims
        )
    ],
    harmless=("keepdims",),
    name="logsumexp",
)


def parts(ans, a, b, axis, sign):
    """Return e^a over the sum of all b e^a, whose sign is given, for each element."""
    shape = np.broadcast_shapes(np.shape(a), np.shape(b))
    sign = sign if sign is None or np.ndim(sign) == 0 else expand(sign, shape, axis)
    found = np.exp(a - expand(ans, shape, axis))
    return found if sign is None else found * sign


def log_of_weighted_sum(a, b, axis=None, keepdims=False, sign=None):
    """Return the logarithm of the sum of b e^a, or of its absolute value where `sign` is given."""
    found = sc.logsumexp(a, axis=axis, b=b, keepdims=keepdims, return_sign=sign is not None)
    return found if sign is None else found[0]


def weighted_vjp_a(g, ans, a, b, axis=None, sign=None):
    shape = np.broadcast_shapes(np.shape(a), np.shape(b))
    return expand(g, shape, axis) * (b * parts(ans, a, b, axis, sign))


def weighted_vjp_b(g, ans, a, b, axis=None, sign=None):
    shape = np.broadcast_shapes(np.shape(a), np.shape(b))
    return expand(g, shape, axis) * parts(ans, a, b, axis, sign)


def weighted_jvp_a(g, ans, a, b, axis=None, keepdims=False, sign=None):
    return np.sum(g * (b * parts(ans, a, b, axis, sign)), axis, keepdims=keepdims)


def weighted_jvp_b(g, ans, a, b, axis=None, keepdims=False, sign=None):
    return np.sum(g * parts(ans, a, b, axis, sign), axis, keepdims=keepdims)


weighted_log_sum = general(
    log_of_weighted_sum,
    weighted_vjp_a,
    weighted_vjp_b,
    jvps=[weighted_jvp_a, weighted_jvp_b],
    broadcasts=True,
    name="logsumexp",
)


def logsumexp(a, axis=None, b=None, keepdims=False, return_sign=False):
    """Return the logarithm of a sum of exponentials, as `scipy.special.logsumexp` does.

    Parameters
    ----------
    a : array_like
    axis : int or tuple of int, optional
        All, by default.
    b : array_like, optional
        Factors of the exponentials; of any sign, and differentiated as well.
    keepdims : bool
    return_sign : bool
        Return the logarithm of the absolute value, and the sign, which is a constant.

    Examples
    --------
    >>> import autograd as ag
    >>> ag.grad(logsumexp)(np.array([1000.0, 1000.0]))
    array([0.5, 0.5])
    """
    if not holds_tensor((a, b)):
        return sc.logsumexp(a, axis, b, keepdims, return_sign)
    a, b = joined(a), joined(b)
    if not return_sign:
        if b is None:
            return log_sum(a, axis, keepdims)
        return weighted_log_sum(a, b, axis, keepdims)
    values = [getattr(item, "data", item) for item in (a, b)]
    _, sign = sc.logsumexp(values[0], axis, values[1], keepdims, return_sign=True)
    return weighted_log_sum(a, 1 if b is None else b, axis, keepdims, sign), sign


# Probabilities.


def softmax_rule(g, ans, axis=None):
    """Return the product with the Jacobian, which is its own transpose."""
    return ans * (g - np.sum(g * ans, axis, keepdims=True))


soft_max = general(sc.softmax, softmax_rule, jvps=[softmax_rule])
log_soft_max = general(
    sc.log_softmax,
    lambda g, ans, axis=None: g - np.exp(ans) * np.sum(g, axis, keepdims=True),
    jvps=[lambda g, ans, axis=None: g - np.sum(np.exp(ans) * g, axis, keepdims=True)],
)


def softmax(x, axis=None):
    """Return `scipy.special.softmax`, of Tensors too."""
    return soft_max(joined(x), axis)


def log_softmax(x, axis=None):
    """Return `scipy.special.log_softmax`, of Tensors too."""
    return log_soft_max(joined(x), axis)
