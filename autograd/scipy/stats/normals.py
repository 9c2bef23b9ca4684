"""The normal distribution and what is made of it.

Sources of the formulas here and in the modules beside it: Johnson, Kotz and Balakrishnan,
"Continuous Univariate Distributions" (2nd edition, Wiley 1994), in SciPy's parameters.
"""

import math
from typing import Any

import numpy as np
import scipy.special as sc
from scipy import stats

from autograd.operands import value_of
from autograd.primitive import Primitive, elementwise
from autograd.scipy.special.common import in_double
from autograd.scipy.stats.univariate import INF, Continuous, log1mexp

ROOT2 = math.sqrt(2)
LOG2 = math.log(2)
LOG_ROOT_2PI = math.log(2 * math.pi) / 2
EULER = np.euler_gamma


def log_normal(z):
    """Return the logarithm of the standard normal density."""
    return -0.5 * np.square(z) - LOG_ROOT_2PI


norm = Continuous(
    stats.norm,
    symmetric=True,
    logpdf=log_normal,
    cdf=sc.ndtr,
    logcdf=sc.log_ndtr,
    ppf=sc.ndtri,
    mean=lambda: 0.0,
    var=lambda: 1.0,
    entropy=lambda: 0.5 + LOG_ROOT_2PI,
)
halfnorm = Continuous(
    stats.halfnorm,
    support=(0, INF),
    logpdf=lambda z: log_normal(z) + LOG2,
    cdf=lambda z: sc.erf(z / ROOT2),
    logsf=lambda z: LOG2 + sc.log_ndtr(-z),
    ppf=lambda q: ROOT2 * sc.erfinv(q),
    isf=lambda q: -sc.ndtri(q / 2),
    mean=lambda: math.sqrt(2 / math.pi),
    var=lambda: 1 - 2 / math.pi,
    entropy=lambda: 0.5 + math.log(math.pi / 2) / 2,
)
foldnorm = Continuous(
    stats.foldnorm,
    support=(0, INF),
    valid=lambda c: c >= 0,
    logpdf=lambda z, c: np.logaddexp(log_normal(z - c), log_normal(z + c)),
    cdf=lambda z, c: sc.ndtr(z - c) - sc.ndtr(-z - c),
    logsf=lambda z, c: np.logaddexp(sc.log_ndtr(c - z), sc.log_ndtr(-z - c)),
    mean=lambda c: folded_mean(c),
    var=lambda c: 1 + c * c - folded_mean(c) ** 2,
)


def folded_mean(c):
    return 2 * np.exp(log_normal(c)) + c * sc.erf(c / ROOT2)


# Of logarithms, powers and other functions of a normal variable.


def of_log(ufunc, sign):
    """Return a function of the normal distribution of log z / s."""
    return lambda z, s=1.0: ufunc(sign * np.log(z) / s)


LOGNORMAL: dict[str, Any] = {
    "support": (0, INF),
    "logpdf": lambda z, s=1.0: log_normal(np.log(z) / s) - np.log(s) - np.log(z),
    "cdf": of_log(sc.ndtr, 1),
    "sf": of_log(sc.ndtr, -1),
    "logcdf": of_log(sc.log_ndtr, 1),
    "logsf": of_log(sc.log_ndtr, -1),
    "ppf": lambda q, s=1.0: np.exp(s * sc.ndtri(q)),
    "isf": lambda q, s=1.0: np.exp(-s * sc.ndtri(q)),
    "mean": lambda s=1.0: np.exp(s * s / 2),
    "var": lambda s=1.0: np.expm1(s * s) * np.exp(s * s),
    "entropy": lambda s=1.0: 0.5 + LOG_ROOT_2PI + np.log(s),
}
lognorm = Continuous(stats.lognorm, **LOGNORMAL)
gibrat = Continuous(stats.gibrat, **LOGNORMAL)


def transformed(model, normal, log_slope, inverse, **options):
    """Return the distribution of a variable of which ``normal(z, *shapes)`` is standard normal.

    `log_slope` is the logarithm of the derivative of `normal` in z, `inverse` its inverse.
    """
    return Continuous(
        model,
        logpdf=lambda z, *shapes: log_normal(normal(z, *shapes)) + log_slope(z, *shapes),
        cdf=lambda z, *shapes: sc.ndtr(normal(z, *shapes)),
        sf=lambda z, *shapes: sc.ndtr(-normal(z, *shapes)),
        logcdf=lambda z, *shapes: sc.log_ndtr(normal(z, *shapes)),
        logsf=lambda z, *shapes: sc.log_ndtr(-normal(z, *shapes)),
        ppf=lambda q, *shapes: inverse(sc.ndtri(q), *shapes),
        isf=lambda q, *shapes: inverse(-sc.ndtri(q), *shapes),
        **options,
    )


johnsonsu = transformed(
    stats.johnsonsu,
    lambda z, a, b: a + b * np.arcsinh(z),
    lambda z, a, b: np.log(b) - np.log1p(np.square(z)) / 2,
    lambda y, a, b: np.sinh((y - a) / b),
    valid=lambda a, b: (b > 0) & (a == a),  # noqa: PLR0124 - not NaN
)
johnsonsb = transformed(
    stats.johnsonsb,
    lambda z, a, b: a + b * sc.logit(z),
    lambda z, a, b: np.log(b) - np.log(z) - np.log1p(-z),
    lambda y, a, b: sc.expit((y - a) / b),
    support=(0, 1),
    valid=lambda a, b: (b > 0) & (a == a),  # noqa: PLR0124 - not NaN
)
fatiguelife = transformed(
    stats.fatiguelife,
    lambda z, c: (np.sqrt(z) - 1 / np.sqrt(z)) / c,
    lambda z, c: np.log1p(z) - LOG2 - np.log(c) - 1.5 * np.log(z),
    lambda y, c: np.square((c * y + np.sqrt(np.square(c * y) + 4)) / 2),
    support=(0, INF),
    mean=lambda c: 1 + c * c / 2,
    var=lambda c: c * c * (1 + 1.25 * c * c),
)
levy = Continuous(
    stats.levy,
    support=(0, INF),
    logpdf=lambda z: -0.5 / z - 1.5 * np.log(z) - LOG_ROOT_2PI,
    cdf=lambda z: sc.erfc(np.sqrt(0.5 / z)),
    sf=lambda z: sc.erf(np.sqrt(0.5 / z)),
    ppf=lambda q: 1 / np.square(sc.ndtri(q / 2)),
    isf=lambda q: 0.5 / np.square(sc.erfinv(q)),
    mean=lambda: INF,
    var=lambda: INF,
)
moyal = Continuous(
    stats.moyal,
    logpdf=lambda z: -0.5 * (z + np.exp(-z)) - LOG_ROOT_2PI,
    cdf=lambda z: sc.erfc(np.exp(-z / 2) / ROOT2),
    sf=lambda z: sc.erf(np.exp(-z / 2) / ROOT2),
    ppf=lambda q: -2 * np.log(-sc.ndtri(q / 2)),
    isf=lambda q: -LOG2 - 2 * np.log(sc.erfinv(q)),
    mean=lambda: EULER + LOG2,
    var=lambda: math.pi**2 / 2,
)


# The inverse Gaussian distribution: in terms of two normal variables.


def wald_parts(z, mu):
    """Return the arguments of the two normal probabilities that its own is made of."""
    return (z / mu - 1) / np.sqrt(z), -(z / mu + 1) / np.sqrt(z)


def wald_logcdf(z, mu=1.0):
    first, second = wald_parts(z, mu)
    return np.logaddexp(sc.log_ndtr(first), 2 / mu + sc.log_ndtr(second))


def wald_logsf(z, mu=1.0):
    first, second = wald_parts(z, mu)
    log_first = sc.log_ndtr(-first)
    return log_first + log1mexp(2 / mu + sc.log_ndtr(second) - log_first)


WALD: dict[str, Any] = {
    "support": (0, INF),
    "logpdf": lambda z, mu=1.0: -1.5 * np.log(z) - 0.5 * np.square(z / mu - 1) / z - LOG_ROOT_2PI,
    "logcdf": wald_logcdf,
    "logsf": wald_logsf,
    "mean": lambda mu=1.0: mu,
    "var": lambda mu=1.0: mu * mu * mu,
}
invgauss = Continuous(stats.invgauss, **WALD)
wald = Continuous(stats.wald, **WALD)


# Truncated, skewed, convolved.


def log_mass(a, b):
    """Return the log-probability that a standard normal variable is between `a` and `b`.

    On the right of 0 it is that of the mirrored interval, which loses no digits.
    """
    right = a > 0
    lower, upper = np.where(right, -b, a), np.where(right, -a, b)
    log_upper = sc.log_ndtr(upper)
    return log_upper + log1mexp(sc.log_ndtr(lower) - log_upper)


def truncated_quantile(log_below, log_above, a, b):
    """Return where the logarithms of the probabilities are those below and above.

    On the right of 0 it is that of the mirrored interval.
    """
    right = value_of(a) > 0
    least, log_share = np.where(right, -b, a), np.where(right, log_above, log_below)
    found = sc.ndtri_exp(np.logaddexp(sc.log_ndtr(least), log_share + log_mass(a, b)))
    return np.where(right, -found, found)


truncnorm = Continuous(
    stats.truncnorm,
    support=lambda a, b: (a, b),
    valid=lambda a, b: a < b,
    logpdf=lambda z, a, b: log_normal(z) - log_mass(a, b),
    ppf=lambda q, a, b: truncated_quantile(np.log(q), np.log1p(-q), a, b),
    isf=lambda q, a, b: truncated_quantile(np.log1p(-q), np.log(q), a, b),
    logcdf=lambda z, a, b: log_mass(a, z) - log_mass(a, b),
    logsf=lambda z, a, b: log_mass(z, b) - log_mass(a, b),
)


def skewness(a):
    return a / np.sqrt(1 + a * a)


def skewnorm_logpdf(z, a):
    return LOG2 + log_normal(z) + sc.log_ndtr(a * z)


@in_double
def skewnorm_cdf(z, a):
    """Return SciPy's, which does not cancel in the tails."""
    return stats.skewnorm.cdf(z, a)


def skewnorm_slope(z, a):
    """Return the slope of the probability below in `a`: twice that of Owen's T, negative."""
    square = 1 + a * a
    return np.exp(-z * z * square / 2) / (-math.pi * square)


skewed: Primitive = elementwise(
    skewnorm_cdf,
    lambda g, z, a: g * np.exp(skewnorm_logpdf(z, a)),
    lambda g, z, a: g * skewnorm_slope(z, a),
)
skewnorm = Continuous(
    stats.skewnorm,
    valid=np.isfinite,
    logpdf=skewnorm_logpdf,
    cdf=skewed,
    sf=lambda z, a: skewed(-z, -a),
    mean=lambda a: math.sqrt(2 / math.pi) * skewness(a),
    var=lambda a: 1 - 2 / math.pi * skewness(a) ** 2,
)


def log_exponential_part(z, K):
    """Return the log-probability that the normal part is above, the sum not."""
    return 0.5 / np.square(K) - z / K + sc.log_ndtr(z - 1 / K)


exponnorm = Continuous(
    stats.exponnorm,
    logpdf=lambda z, K: log_exponential_part(z, K) - np.log(K),
    cdf=lambda z, K: sc.ndtr(z) - np.exp(log_exponential_part(z, K)),
    logsf=lambda z, K: np.logaddexp(sc.log_ndtr(-z), log_exponential_part(z, K)),
    mean=lambda K: K,
    var=lambda K: 1 + K * K,
)


def powernorm_logpdf(z, c):
    return np.log(c) + log_normal(z) + (c - 1) * sc.log_ndtr(-z)


powernorm = Continuous(
    stats.powernorm,
    logpdf=powernorm_logpdf,
    logsf=lambda z, c: c * sc.log_ndtr(-z),
    ppf=lambda q, c: -sc.ndtri(np.exp(np.log1p(-q) / c)),
    isf=lambda q, c: -sc.ndtri(q ** (1 / c)),
)
powerlognorm = Continuous(
    stats.powerlognorm,
    support=(0, INF),
    logpdf=lambda z, c, s: powernorm_logpdf(np.log(z) / s, c) - np.log(s) - np.log(z),
    logsf=lambda z, c, s: c * sc.log_ndtr(-np.log(z) / s),
    ppf=lambda q, c, s: np.exp(-s * sc.ndtri(np.exp(np.log1p(-q) / c))),
    isf=lambda q, c, s: np.exp(-s * sc.ndtri(q ** (1 / c))),
)
norminvgauss = Continuous(
    stats.norminvgauss,
    valid=lambda a, b: (a > 0) & (np.abs(b) < a),
    logpdf=lambda z, a, b: (
        np.log(a / math.pi)
        + b * z
        + np.sqrt((a - b) * (a + b))
        - a * np.hypot(1, z)
        - np.log(np.hypot(1, z))
        + np.log(sc.k1e(a * np.hypot(1, z)))
    ),
    mean=lambda a, b: b / np.sqrt((a - b) * (a + b)),
    var=lambda a, b: a * a / ((a - b) * (a + b)) ** 1.5,
)
alpha = Continuous(
    stats.alpha,
    support=(0, INF),
    logpdf=lambda z, a: log_normal(a - 1 / z) - 2 * np.log(z) - sc.log_ndtr(a),
    logcdf=lambda z, a: sc.log_ndtr(a - 1 / z) - sc.log_ndtr(a),
    ppf=lambda q, a: 1 / (a - sc.ndtri(q * sc.ndtr(a))),
)
