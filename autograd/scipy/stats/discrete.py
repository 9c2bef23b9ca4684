"""Discrete distributions, in their parameters.

Source: Johnson, Kemp and Kotz, "Univariate Discrete Distributions" (3rd edition, Wiley 2005).
"""

import numpy as np
import scipy.special as sc
from scipy import stats

from autograd.scipy.stats.univariate import INF, Discrete


def is_probability(p):
    return (p >= 0) & (p <= 1)


def is_count(n):
    return (n >= 0) & (n == np.floor(n))


def log_binomial(n, k):
    """Return the logarithm of a binomial coefficient."""
    return -np.log1p(n) - sc.betaln(n - k + 1, k + 1)


poisson = Discrete(
    stats.poisson,
    support=(0, INF),
    valid=lambda mu: mu >= 0,
    logpmf=lambda k, mu: sc.xlogy(k, mu) - mu - sc.gammaln(k + 1),
    cdf=lambda k, mu: sc.gammaincc(k + 1, mu),
    sf=lambda k, mu: sc.gammainc(k + 1, mu),
    mean=lambda mu: mu,
    var=lambda mu: mu,
)
binom = Discrete(
    stats.binom,
    support=lambda n, p: (0, n),
    valid=lambda n, p: is_count(n) & is_probability(p),
    logpmf=lambda k, n, p: log_binomial(n, k) + sc.xlogy(k, p) + sc.xlog1py(n - k, -p),
    cdf=lambda k, n, p: sc.betaincc(k + 1, n - k, p),
    sf=lambda k, n, p: sc.betainc(k + 1, n - k, p),
    mean=lambda n, p: n * p,
    var=lambda n, p: n * p * (1 - p),
)
bernoulli = Discrete(
    stats.bernoulli,
    support=(0, 1),
    valid=is_probability,
    logpmf=lambda k, p: sc.xlogy(k, p) + sc.xlog1py(1 - k, -p),
    cdf=lambda k, p: 1 - p + 0 * k,
    sf=lambda k, p: p + 0 * k,
    mean=lambda p: p,
    var=lambda p: p * (1 - p),
    entropy=lambda p: sc.entr(p) + sc.entr(1 - p),
)
nbinom = Discrete(
    stats.nbinom,
    support=(0, INF),
    valid=lambda n, p: (n > 0) & (p > 0) & (p <= 1),
    logpmf=lambda k, n, p: (
        sc.gammaln(n + k) - sc.gammaln(k + 1) - sc.gammaln(n) + n * np.log(p) + sc.xlog1py(k, -p)
    ),
    cdf=lambda k, n, p: sc.betainc(n, k + 1, p),
    sf=lambda k, n, p: sc.betaincc(n, k + 1, p),
    mean=lambda n, p: n * (1 - p) / p,
    var=lambda n, p: n * (1 - p) / np.square(p),
)
geom = Discrete(
    stats.geom,
    support=(1, INF),
    valid=lambda p: (p > 0) & (p <= 1),
    logpmf=lambda k, p: sc.xlog1py(k - 1, -p) + np.log(p),
    logsf=lambda k, p: sc.xlog1py(k, -p),
    mean=lambda p: 1 / p,
    var=lambda p: (1 - p) / np.square(p),
)
betabinom = Discrete(
    stats.betabinom,
    support=lambda n, a, b: (0, n),
    valid=lambda n, a, b: is_count(n) & (a > 0) & (b > 0),
    logpmf=lambda k, n, a, b: log_binomial(n, k) + sc.betaln(k + a, n - k + b) - sc.betaln(a, b),
    mean=lambda n, a, b: n * a / (a + b),
    var=lambda n, a, b: n * a * b * (a + b + n) / (np.square(a + b) * (a + b + 1)),
)
logser = Discrete(
    stats.logser,
    support=(1, INF),
    valid=lambda p: (p > 0) & (p < 1),
    logpmf=lambda k, p: sc.xlogy(k, p) - np.log(k) - np.log(-np.log1p(-p)),
    mean=lambda p: p / (p - 1) / np.log1p(-p),
)
planck = Discrete(
    stats.planck,
    support=(0, INF),
    logpmf=lambda k, lambda_: np.log(-np.expm1(-lambda_)) - lambda_ * k,
    logsf=lambda k, lambda_: -lambda_ * (k + 1),
    mean=lambda lambda_: 1 / np.expm1(lambda_),
    var=lambda lambda_: np.exp(-lambda_) / np.square(np.expm1(-lambda_)),
)


def dlaplace_below(k, a):
    """Return the probability of at most `k`."""
    tail = np.exp(-a * np.where(k < 0, -k - 1, k)) / (1 + np.exp(a))
    return np.where(k < 0, tail, 1 - tail)


dlaplace = Discrete(
    stats.dlaplace,
    support=(-INF, INF),
    logpmf=lambda k, a: np.log(np.tanh(a / 2)) - a * np.abs(k),
    cdf=dlaplace_below,
    sf=lambda k, a: dlaplace_below(-k - 1, a),
    mean=lambda a: 0 * a,
    var=lambda a: 1 / (2 * np.square(np.sinh(a / 2))),
)
yulesimon = Discrete(
    stats.yulesimon,
    support=(1, INF),
    logpmf=lambda k, alpha: np.log(alpha) + sc.betaln(k, alpha + 1),
    sf=lambda k, alpha: k * sc.beta(k, alpha + 1),
    mean=lambda alpha: np.where(alpha > 1, alpha / (alpha - 1), INF),
)
