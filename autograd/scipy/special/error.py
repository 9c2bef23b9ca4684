"""The error function, the normal distribution, and Dawson's integral."""

import math

import numpy as np
import scipy.special as sc

from autograd.primitive import Primitive, elementwise
from autograd.scipy.special.common import in_double

ROOT_PI, ROOT_2PI, ROOT_2 = math.sqrt(math.pi), math.sqrt(2 * math.pi), math.sqrt(2)
FAR, TERMS = 2.0, 70

elementwise(sc.erf, lambda g, x: g * (2 / ROOT_PI) * np.exp(-x * x))
elementwise(sc.erfc, lambda g, x: g * (-2 / ROOT_PI) * np.exp(-x * x))
elementwise(sc.erfi, lambda g, x: g * (2 / ROOT_PI) * np.exp(x * x))
elementwise(sc.erfinv, lambda g, ans: g * (ROOT_PI / 2) * np.exp(ans * ans))
elementwise(sc.erfcinv, lambda g, ans: g * (-ROOT_PI / 2) * np.exp(ans * ans))


@in_double
def ratio_of_derivatives(x, n):
    """Return the ratio of the derivatives of `erfcx` of order n + 1 and n.

    They are the least solution of E(n+1) = 2 x E(n) + 2 n E(n-1), DLMF 7.18.7, so far on the right
    their ratio is a continued fraction; elsewhere the recurrence runs forward. No digits are lost.
    """
    right = (np.real(x) >= FAR) | ((np.abs(x) > 12) & (np.real(x) >= 0))
    y = np.where(right, x, FAR)
    fraction = 0 * y
    for k in range(n + TERMS, n, -1):
        fraction = -2 * k / (2 * y - fraction)
    y = np.where(right, 0, x)
    forward = 2 * y - 2 / ROOT_PI / sc.erfcx(y)
    for k in range(1, n + 1):
        forward = 2 * y + 2 * k / forward
    return np.where(right, fraction, forward)


erfcx_ratio: Primitive = elementwise(
    ratio_of_derivatives,
    lambda g, ans, x, n: g * ans * (erfcx_ratio(x, n + 1) - ans),
    name="ratio of derivatives of erfcx",
)
elementwise(sc.erfcx, lambda g, ans, x: g * ans * erfcx_ratio(x, 0))
elementwise(sc.wofz, lambda g, ans, x: g * ans * (-1j * erfcx_ratio(-1j * x, 0)))


@in_double
def hazard_of_normal(x):
    """Return the derivative of `log_ndtr`: density over distribution function."""
    return math.sqrt(2 / math.pi) / sc.erfcx(-x / ROOT_2)


hazard: Primitive = elementwise(
    hazard_of_normal,
    lambda g, ans, x: g * ans * (erfcx_ratio(-x / ROOT_2, 0) / ROOT_2),
    name="derivative of log_ndtr",
)
elementwise(sc.ndtr, lambda g, x: g * np.exp(-x * x / 2) / ROOT_2PI)
elementwise(sc.ndtri, lambda g, ans: g * ROOT_2PI * np.exp(ans * ans / 2))
elementwise(sc.log_ndtr, lambda g, x: g * hazard(x))
elementwise(sc.ndtri_exp, lambda g, ans: g / hazard(ans))

# Dawson's integral: near zero by the recurrence that follows from F' = 1 - 2 x F, far from it,
# where that would cancel, by the asymptotic series, DLMF 7.12.1 turned by i.

FAR_OF_DAWSON = 7.0


@in_double
def derivative_of_dawson(x, n):
    """Return the n-th derivative of `dawsn`."""
    far = np.abs(x) >= FAR_OF_DAWSON if x.dtype.kind != "c" else np.zeros(x.shape, bool)
    y = np.where(far, 0, x)
    before, now = 0 * y, sc.dawsn(y)
    for k in range(n):
        before, now = now, (1 if k == 0 else 0) - 2 * y * now - 2 * k * before
    y = np.where(far, x, 1e3)
    term, series = (-1) ** n * math.factorial(n) / 2 / y ** (n + 1), 0 * y
    for k in range(40):
        series = series + term
        term = term * ((k + 0.5) * (2 * k + n + 1) * (2 * k + n + 2))
        term = term / ((2 * k + 1) * (2 * k + 2) * (y * y))
    return np.where(far, series, now)


dawson: Primitive = elementwise(
    derivative_of_dawson, lambda g, x, n: g * dawson(x, n + 1), name="derivative of dawsn"
)
elementwise(sc.dawsn, lambda g, x: g * dawson(x, 1))
