"""Distributions whose probabilities are elementary: exponential, logistic, extreme values, Pareto.

For most of them the logarithm of one probability is all that is needed.
"""

import math
from typing import Any

import numpy as np
import scipy.special as sc
from scipy import stats

from autograd.scipy.special.gammas import polygamma
from autograd.scipy.stats.normals import EULER, LOG2
from autograd.scipy.stats.univariate import INF, Continuous, log1mexp

LOG_PI = math.log(math.pi)
expon = Continuous(
    stats.expon,
    support=(0, INF),
    logpdf=lambda z: -z,
    logsf=lambda z: -z,
    ppf=lambda q: -np.log1p(-q),
    isf=lambda q: -np.log(q),
    mean=lambda: 1.0,
    var=lambda: 1.0,
    entropy=lambda: 1.0,
)


# Laplace. Either side is given a number of its own where it is not chosen.


def sides(z):
    """Return where `z` is negative, its negative part, and the other one."""
    left = z < 0
    return left, np.where(left, z, 0), np.where(left, 0, z)


def laplace_logcdf(z):
    left, below, above = sides(z)
    return np.where(left, below - LOG2, np.log1p(-np.exp(-above) / 2))


def laplace_cdf(z):
    left, below, above = sides(z)
    return np.where(left, np.exp(below) / 2, 1 - np.exp(-above) / 2)


def laplace_ppf(q):
    left = q < 0.5
    low, high = np.where(left, q, 0.5), np.where(left, 0.5, q)
    return np.where(left, np.log(2 * low), -np.log(2 * (1 - high)))


laplace = Continuous(
    stats.laplace,
    symmetric=True,
    logpdf=lambda z: -np.abs(z) - LOG2,
    cdf=laplace_cdf,
    logcdf=laplace_logcdf,
    ppf=laplace_ppf,
    mean=lambda: 0.0,
    var=lambda: 2.0,
    entropy=lambda: 1 + LOG2,
)


def slope(z, kappa):
    """Return the rate of the exponential on the side of `z`."""
    return np.where(z < 0, -1 / kappa, kappa)


def asymmetric_logcdf(z, kappa):
    left, below, above = sides(z)
    share = np.square(kappa) / (1 + np.square(kappa))
    return np.where(
        left, np.log(share) + below / kappa, np.log1p(-(1 - share) * np.exp(-kappa * above))
    )


laplace_asymmetric = Continuous(
    stats.laplace_asymmetric,
    logpdf=lambda z, kappa: -z * slope(z, kappa) - np.log(kappa + 1 / kappa),
    logcdf=asymmetric_logcdf,
    logsf=lambda z, kappa: asymmetric_logcdf(-z, 1 / kappa),
    mean=lambda kappa: 1 / kappa - kappa,
    var=lambda kappa: 1 / np.square(kappa) + np.square(kappa),
)
loglaplace = Continuous(
    stats.loglaplace,
    support=(0, INF),
    logpdf=lambda z, c: np.log(c / 2) + sc.xlogy(np.where(z < 1, c - 1, -c - 1), z),
    logcdf=lambda z, c: laplace_logcdf(c * np.log(z)),
    logsf=lambda z, c: laplace_logcdf(-c * np.log(z)),
    ppf=lambda q, c: np.exp(laplace_ppf(q) / c),
    isf=lambda q, c: np.exp(-laplace_ppf(q) / c),
)

# Logistic.

logistic = Continuous(
    stats.logistic,
    symmetric=True,
    logpdf=lambda z: sc.log_expit(z) + sc.log_expit(-z),
    cdf=sc.expit,
    logcdf=sc.log_expit,
    ppf=sc.logit,
    mean=lambda: 0.0,
    var=lambda: math.pi**2 / 3,
    entropy=lambda: 2.0,
)
halflogistic = Continuous(
    stats.halflogistic,
    support=(0, INF),
    logpdf=lambda z: LOG2 + sc.log_expit(z) + sc.log_expit(-z),
    cdf=lambda z: np.tanh(z / 2),
    logsf=lambda z: LOG2 + sc.log_expit(-z),
    ppf=lambda q: 2 * np.arctanh(q),
    isf=lambda q: -sc.logit(q / 2),
    mean=lambda: math.log(4),
    var=lambda: math.pi**2 / 3 - math.log(4) ** 2,
    entropy=lambda: 2 - LOG2,
)
genlogistic = Continuous(
    stats.genlogistic,
    logpdf=lambda z, c: np.log(c) - z + (c + 1) * sc.log_expit(z),
    logcdf=lambda z, c: c * sc.log_expit(z),
    ppf=lambda q, c: -np.log(np.expm1(-np.log(q) / c)),
    isf=lambda q, c: -np.log(np.expm1(-np.log1p(-q) / c)),
    mean=lambda c: sc.psi(c) + EULER,
    var=lambda c: math.pi**2 / 6 + polygamma(1, c),
)
hypsecant = Continuous(
    stats.hypsecant,
    symmetric=True,
    logpdf=lambda z: LOG2 - LOG_PI - np.logaddexp(z, -z),
    cdf=lambda z: 2 / math.pi * np.arctan(np.exp(z)),
    ppf=lambda q: np.log(np.tan(math.pi / 2 * q)),
    mean=lambda: 0.0,
    var=lambda: math.pi**2 / 4,
    entropy=lambda: math.log(2 * math.pi),
)

# Cauchy. The angle seen from above, which keeps its digits in the tails.

cauchy = Continuous(
    stats.cauchy,
    symmetric=True,
    logpdf=lambda z: -LOG_PI - np.log1p(z * z),
    cdf=lambda z: np.arctan2(1, -z) / math.pi,
    ppf=lambda q: -1 / np.tan(math.pi * q),
    mean=lambda: math.nan,
    var=lambda: math.nan,
    entropy=lambda: math.log(4 * math.pi),
)
halfcauchy = Continuous(
    stats.halfcauchy,
    support=(0, INF),
    logpdf=lambda z: LOG2 - LOG_PI - np.log1p(z * z),
    cdf=lambda z: 2 / math.pi * np.arctan(z),
    sf=lambda z: 2 / math.pi * np.arctan2(1, z),
    ppf=lambda q: np.tan(math.pi / 2 * q),
    isf=lambda q: 1 / np.tan(math.pi / 2 * q),
    mean=lambda: INF,
    var=lambda: INF,
    entropy=lambda: math.log(2 * math.pi),
)


def skewed(z, a):
    """Return the width of the side of `z`."""
    return np.where(z < 0, 1 - a, 1 + a)


skewcauchy = Continuous(
    stats.skewcauchy,
    valid=lambda a: np.abs(a) < 1,
    logpdf=lambda z, a: -LOG_PI - np.log1p(np.square(z / skewed(z, a))),
    cdf=lambda z, a: (1 - a) / 2 + skewed(z, a) / math.pi * np.arctan(z / skewed(z, a)),
)

# Extreme values. Γ(1 + n/c) is the n-th moment of Weibull's.


def gamma_of(n, c):
    """Return Γ(1 + n/c)."""
    return np.exp(sc.gammaln(1 + n / c))


gumbel_r = Continuous(
    stats.gumbel_r,
    logpdf=lambda z: -z - np.exp(-z),
    logcdf=lambda z: -np.exp(-z),
    ppf=lambda q: -np.log(-np.log(q)),
    isf=lambda q: -np.log(-np.log1p(-q)),
    mean=lambda: EULER,
    var=lambda: math.pi**2 / 6,
    entropy=lambda: EULER + 1,
)
gumbel_l = Continuous(
    stats.gumbel_l,
    logpdf=lambda z: z - np.exp(z),
    logsf=lambda z: -np.exp(z),
    ppf=lambda q: np.log(-np.log1p(-q)),
    isf=lambda q: np.log(-np.log(q)),
    mean=lambda: -EULER,
    var=lambda: math.pi**2 / 6,
    entropy=lambda: EULER + 1,
)
weibull_min = Continuous(
    stats.weibull_min,
    support=(0, INF),
    logpdf=lambda z, c: np.log(c) + sc.xlogy(c - 1, z) - z**c,
    logsf=lambda z, c: -(z**c),
    ppf=lambda q, c: (-np.log1p(-q)) ** (1 / c),
    isf=lambda q, c: (-np.log(q)) ** (1 / c),
    mean=lambda c: gamma_of(1, c),
    var=lambda c: gamma_of(2, c) - gamma_of(1, c) ** 2,
    entropy=lambda c: EULER + 1 - EULER / c - np.log(c),
)
weibull_max = Continuous(
    stats.weibull_max,
    support=(-INF, 0),
    logpdf=lambda z, c: np.log(c) + sc.xlogy(c - 1, -z) - (-z) ** c,
    logcdf=lambda z, c: -((-z) ** c),
    ppf=lambda q, c: -((-np.log(q)) ** (1 / c)),
    isf=lambda q, c: -((-np.log1p(-q)) ** (1 / c)),
    mean=lambda c: -gamma_of(1, c),
    var=lambda c: gamma_of(2, c) - gamma_of(1, c) ** 2,
    entropy=lambda c: EULER + 1 - EULER / c - np.log(c),
)
invweibull = Continuous(
    stats.invweibull,
    support=(0, INF),
    logpdf=lambda z, c: np.log(c) - (c + 1) * np.log(z) - z**-c,
    logcdf=lambda z, c: -(z**-c),
    ppf=lambda q, c: (-np.log(q)) ** (-1 / c),
    isf=lambda q, c: (-np.log1p(-q)) ** (-1 / c),
)
exponweib = Continuous(
    stats.exponweib,
    support=(0, INF),
    logpdf=lambda z, a, c: (
        np.log(a) + np.log(c) + sc.xlogy(a - 1, -np.expm1(-(z**c))) - z**c + sc.xlogy(c - 1, z)
    ),
    logcdf=lambda z, a, c: a * log1mexp(-(z**c)),
    ppf=lambda q, a, c: (-log1mexp(np.log(q) / a)) ** (1 / c),
    isf=lambda q, a, c: (-log1mexp(np.log1p(-q) / a)) ** (1 / c),
)
exponpow = Continuous(
    stats.exponpow,
    support=(0, INF),
    logpdf=lambda z, b: 1 + np.log(b) + sc.xlogy(b - 1, z) + z**b - np.exp(z**b),
    logsf=lambda z, b: -np.expm1(z**b),
    ppf=lambda q, b: np.log1p(-np.log1p(-q)) ** (1 / b),
    isf=lambda q, b: np.log1p(-np.log(q)) ** (1 / b),
)
gompertz = Continuous(
    stats.gompertz,
    support=(0, INF),
    logpdf=lambda z, c: np.log(c) + z - c * np.expm1(z),
    logsf=lambda z, c: -c * np.expm1(z),
    ppf=lambda q, c: np.log1p(-np.log1p(-q) / c),
    isf=lambda q, c: np.log1p(-np.log(q) / c),
)


# The generalized ones, in which log(1 + c z) / c is z where c is 0.


def log1p_ratio(z, c):
    """Return log(1 + c z) / c, by its series where c z is small."""
    x = c * z
    small = np.abs(x) < 0.04
    y = np.where(small, x, 0)
    series: Any = 0.0
    for k in range(13, 0, -1):
        series = 1 / k - y * series
    x, c = np.where(small, 1, x), np.where(small, 1, c)
    return np.where(small, z * series, np.log1p(x) / c)


def gev_logpdf(z, c):
    y = log1p_ratio(-z, c)
    return -np.exp(y) + (1 - c) * y


def expm1_ratio(y, c):
    """Return (e^(c y) - 1) / c."""
    return y * sc.exprel(c * y)


genextreme = Continuous(
    stats.genextreme,
    support=lambda c: (np.where(c < 0, 1 / c, -INF), np.where(c > 0, 1 / c, INF)),
    valid=np.isfinite,
    logpdf=gev_logpdf,
    logcdf=lambda z, c: -np.exp(log1p_ratio(-z, c)),
    ppf=lambda q, c: -expm1_ratio(np.log(-np.log(q)), c),
    isf=lambda q, c: -expm1_ratio(np.log(-np.log1p(-q)), c),
    entropy=lambda c: EULER * (1 - c) + 1,
)
genpareto = Continuous(
    stats.genpareto,
    support=lambda c: (0, np.where(c < 0, -1 / c, INF)),
    valid=np.isfinite,
    logpdf=lambda z, c: -(1 + c) * log1p_ratio(z, c),
    logsf=lambda z, c: -log1p_ratio(z, c),
    ppf=lambda q, c: expm1_ratio(-np.log1p(-q), c),
    isf=lambda q, c: expm1_ratio(-np.log(q), c),
    mean=lambda c: np.where(c < 1, 1 / (1 - c), INF),
    var=lambda c: np.where(
        c < 0.5, 1 / np.square(1 - c) / (1 - 2 * c), np.where(c < 1, INF, math.nan)
    ),
    entropy=lambda c: 1 + c,
)


# Pareto and his kin: powers of 1 + z^c.


def log1p_power(z, c):
    """Return log(1 + z^c) for large powers, too."""
    large = z > 1
    low, high = np.where(large, 1, z), np.where(large, z, 1)
    return np.where(large, c * np.log(high) + np.log1p(high**-c), np.log1p(low**c))


PARETO: dict[str, Any] = {
    "mean": lambda b: np.where(b > 1, b / (b - 1), INF),
    "var": lambda b: np.where(b > 2, b / np.square(b - 1) / (b - 2), INF),
    "entropy": lambda b: 1 + 1 / b - np.log(b),
}
pareto = Continuous(
    stats.pareto,
    support=(1, INF),
    logpdf=lambda z, b: np.log(b) - (b + 1) * np.log(z),
    logsf=lambda z, b: -b * np.log(z),
    ppf=lambda q, b: np.exp(-np.log1p(-q) / b),
    isf=lambda q, b: q ** (-1 / b),
    **PARETO,
)
lomax = Continuous(
    stats.lomax,
    support=(0, INF),
    logpdf=lambda z, c: np.log(c) - (c + 1) * np.log1p(z),
    logsf=lambda z, c: -c * np.log1p(z),
    ppf=lambda q, c: np.expm1(-np.log1p(-q) / c),
    isf=lambda q, c: np.expm1(-np.log(q) / c),
    **{**PARETO, "mean": lambda c: np.where(c > 1, 1 / (c - 1), INF)},
)
fisk = Continuous(
    stats.fisk,
    support=(0, INF),
    logpdf=lambda z, c: np.log(c) + sc.xlogy(c - 1, z) - 2 * log1p_power(z, c),
    logcdf=lambda z, c: sc.log_expit(c * np.log(z)),
    logsf=lambda z, c: sc.log_expit(-c * np.log(z)),
    ppf=lambda q, c: np.exp(sc.logit(q) / c),
    isf=lambda q, c: np.exp(-sc.logit(q) / c),
    entropy=lambda c: 2 - np.log(c),
)
burr12 = Continuous(
    stats.burr12,
    support=(0, INF),
    logpdf=lambda z, c, d: np.log(c) + np.log(d) + sc.xlogy(c - 1, z) - (d + 1) * log1p_power(z, c),
    logsf=lambda z, c, d: -d * log1p_power(z, c),
    ppf=lambda q, c, d: np.expm1(-np.log1p(-q) / d) ** (1 / c),
    isf=lambda q, c, d: np.expm1(-np.log(q) / d) ** (1 / c),
)
burr = Continuous(
    stats.burr,
    support=(0, INF),
    logpdf=lambda z, c, d: (
        np.log(c) + np.log(d) + sc.xlogy(c * d - 1, z) - (d + 1) * log1p_power(z, c)
    ),
    logcdf=lambda z, c, d: d * sc.log_expit(c * np.log(z)),
    ppf=lambda q, c, d: np.expm1(-np.log(q) / d) ** (-1 / c),
    isf=lambda q, c, d: np.expm1(-np.log1p(-q) / d) ** (-1 / c),
)
mielke = Continuous(
    stats.mielke,
    support=(0, INF),
    logpdf=lambda z, k, s: np.log(k) + sc.xlogy(k - 1, z) - (1 + k / s) * log1p_power(z, s),
    logcdf=lambda z, k, s: k / s * sc.log_expit(s * np.log(z)),
    ppf=lambda q, k, s: np.expm1(-s / k * np.log(q)) ** (-1 / s),
    isf=lambda q, k, s: np.expm1(-s / k * np.log1p(-q)) ** (-1 / s),
)
kappa3 = Continuous(
    stats.kappa3,
    support=(0, INF),
    logpdf=lambda z, a: np.log(a) - (1 / a + 1) * np.log(a + z**a),
    logcdf=lambda z, a: -np.log1p(a * z**-a) / a,
    ppf=lambda q, a: (np.expm1(-a * np.log(q)) / a) ** (-1 / a),
    isf=lambda q, a: (np.expm1(-a * np.log1p(-q)) / a) ** (-1 / a),
)
truncpareto = Continuous(
    stats.truncpareto,
    support=lambda b, c: (1, c),
    valid=lambda b, c: (b != 0) & (c > 1),
    logpdf=lambda z, b, c: np.log(-b / np.expm1(-b * np.log(c))) - (b + 1) * np.log(z),
    cdf=lambda z, b, c: np.expm1(-b * np.log(z)) / np.expm1(-b * np.log(c)),
    ppf=lambda q, b, c: np.exp(-np.log1p(q * np.expm1(-b * np.log(c))) / b),
)
