"""The densities of the gamma and beta distributions, exact to rounding for large parameters."""

import functools
import math

import numpy as np
import scipy.special as sc

from autograd.primitive import Primitive, elementwise
from autograd.scipy.special.common import in_double

LARGE = 10
STIRLING = [1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360, 1 / 156]


def stirling_rest(a):
    """Return log gamma(a) - (a - 1/2) log a + a - log(2π) / 2 for large a, DLMF 5.11.1."""
    inverse = 1 / (a * a)
    return functools.reduce(lambda total, c: total * inverse + c, reversed(STIRLING)) / a


def deviance(x, a):
    """Return x - a - a log(x / a), with all its digits where x is near a.

    log(1 + w) is 2 artanh v with v = w / (2 + w); the first term of its series cancels w.
    """
    ratio = (x - a) / a
    near = np.abs(ratio) < 0.5
    w = np.where(near, ratio, 0.1)
    v = w / (2 + w)
    more = lambda total, k: (total + 1 / (2 * k + 1)) * v * v
    series = functools.reduce(more, range(22, 0, -1), 0)
    far = x - a - a * np.log(np.where(near, 1, x / a))
    return np.where(near, a * (w * v - 2 * v * series), far)


@in_double
def log_gamma_density(a, x):
    """Return the logarithm of x^(a-1) e^-x / gamma(a)."""
    large = a >= LARGE
    b = np.where(large, a, LARGE)
    far = np.log(b / (2 * math.pi)) / 2 - np.log(x) - stirling_rest(b) - deviance(x, b)
    return np.where(large & (x > 0), far, sc.xlogy(a - 1, x) - x - sc.gammaln(a))


gamma_log_density: Primitive = elementwise(
    log_gamma_density,
    lambda g, a, x: g * (np.log(x) - sc.psi(a)),
    lambda g, a, x: g * ((a - 1) / x - 1),
    name="log of the gamma density",
)


@in_double
def log_beta_density(a, b, x):
    """Return the logarithm of x^(a-1) (1-x)^(b-1) / beta(a, b)."""
    large = (a >= LARGE) & (b >= LARGE) & (x > 0) & (x < 1)
    p, q = np.where(large, a, LARGE), np.where(large, b, LARGE)
    n, y = p + q, np.where(large, x, 0.5)
    rests = stirling_rest(n) - stirling_rest(p) - stirling_rest(q)
    far = np.log(p / n * q / (2 * math.pi)) / 2 + rests - np.log(y) - np.log1p(-y)
    far = far - deviance(n * y, p) - deviance(n * (1 - y), q)
    return np.where(large, far, sc.xlogy(a - 1, x) + sc.xlog1py(b - 1, -x) - sc.betaln(a, b))


beta_log_density: Primitive = elementwise(
    log_beta_density,
    lambda g, a, b, x: g * (np.log(x) - sc.psi(a) + sc.psi(a + b)),
    lambda g, a, b, x: g * (np.log1p(-x) - sc.psi(b) + sc.psi(a + b)),
    lambda g, a, b, x: g * ((a - 1) / x - (b - 1) / (1 - x)),
    name="log of the beta density",
)


def gamma_density(a, x):
    """Return the derivative of `gammainc` in x."""
    return np.exp(gamma_log_density(a, x))


def beta_density(a, b, x):
    """Return the derivative of `betainc` in x."""
    return np.exp(beta_log_density(a, b, x))
