"""The beta distribution, what is made of it, and others on an interval."""

import math
from typing import Any

import numpy as np
import scipy.special as sc
from scipy import stats

from autograd.scipy.stats.univariate import INF, Continuous, log1mexp

beta = Continuous(
    stats.beta,
    support=(0, 1),
    logpdf=lambda z, a, b: sc.xlogy(a - 1, z) + sc.xlog1py(b - 1, -z) - sc.betaln(a, b),
    cdf=lambda z, a, b: sc.betainc(a, b, z),
    sf=lambda z, a, b: sc.betaincc(a, b, z),
    ppf=lambda q, a, b: sc.betaincinv(a, b, q),
    isf=lambda q, a, b: sc.betainccinv(a, b, q),
    mean=lambda a, b: a / (a + b),
    var=lambda a, b: a * b / np.square(a + b) / (a + b + 1),
    entropy=lambda a, b: (
        sc.betaln(a, b) - (a - 1) * sc.psi(a) - (b - 1) * sc.psi(b) + (a + b - 2) * sc.psi(a + b)
    ),
)


def odds(p, rest):
    """Return p / (1 - p), from the smaller of `p` and what is left."""
    return np.where(p < 0.5, p / (1 - p), (1 - rest) / rest)


betaprime = Continuous(
    stats.betaprime,
    support=(0, INF),
    closed=False,
    logpdf=lambda z, a, b: sc.xlogy(a - 1, z) - (a + b) * np.log1p(z) - sc.betaln(a, b),
    cdf=lambda z, a, b: sc.betainc(a, b, z / (1 + z)),
    sf=lambda z, a, b: sc.betainc(b, a, 1 / (1 + z)),
    ppf=lambda q, a, b: odds(sc.betaincinv(a, b, q), sc.betainccinv(b, a, q)),
    isf=lambda q, a, b: odds(sc.betainccinv(a, b, q), sc.betaincinv(b, a, q)),
    mean=lambda a, b: np.where(b > 1, a / (b - 1), INF),
    var=lambda a, b: np.where(b > 2, a * (a + b - 1) / (b - 2) / np.square(b - 1), INF),
)


def f_logpdf(z, n, m):
    return (
        sc.xlogy(n / 2, n / m)
        + sc.xlogy(n / 2 - 1, z)
        - (n + m) / 2 * np.log1p(n * z / m)
        - sc.betaln(n / 2, m / 2)
    )


f = Continuous(
    stats.f,
    support=(0, INF),
    logpdf=f_logpdf,
    cdf=lambda z, n, m: sc.betainc(n / 2, m / 2, n * z / (m + n * z)),
    sf=lambda z, n, m: sc.betainc(m / 2, n / 2, m / (m + n * z)),
    ppf=lambda q, n, m: m / n * betaprime.formulas["ppf"](q, n / 2, m / 2),
    isf=lambda q, n, m: m / n * betaprime.formulas["isf"](q, n / 2, m / 2),
    mean=lambda n, m: np.where(m > 2, m / (m - 2), INF),
    var=lambda n, m: np.where(
        m > 4, 2 * m * m * (n + m - 2) / (n * np.square(m - 2) * (m - 4)), INF
    ),
)


# Student's t, whose square has an F distribution. Of infinitely many degrees of freedom it is the
# normal distribution, as of 1e20, where the difference is below rounding.


def t_logpdf(z, df):
    df = np.minimum(df, 1e20)
    return -np.log(df) / 2 - sc.betaln(df / 2, 0.5) - (df + 1) / 2 * np.log1p(z * z / df)


t = Continuous(
    stats.t,
    symmetric=True,
    logpdf=t_logpdf,
    cdf=lambda z, df: sc.stdtr(df, z),
    ppf=lambda q, df: sc.stdtrit(df, q),
    mean=lambda df: np.where(df > 1, 0, INF),
    var=lambda df: np.where(df > 2, df / (df - 2), np.where(df > 1, INF, math.nan)),
    entropy=lambda df: (
        (df + 1) / 2 * (sc.psi((df + 1) / 2) - sc.psi(df / 2))
        + np.log(df) / 2
        + sc.betaln(df / 2, 0.5)
    ),
)

# On an interval, in elementary functions.

uniform = Continuous(
    stats.uniform,
    support=(0, 1),
    logpdf=lambda z: 0 * z,
    cdf=lambda z: 1 * z,
    sf=lambda z: 1 - z,
    logsf=lambda z: np.log1p(-z),
    ppf=lambda q: 1 * q,
    mean=lambda: 0.5,
    var=lambda: 1 / 12,
    entropy=lambda: 0.0,
)
arcsine = Continuous(
    stats.arcsine,
    support=(0, 1),
    logpdf=lambda z: -math.log(math.pi) - np.log(z) / 2 - np.log1p(-z) / 2,
    cdf=lambda z: 2 / math.pi * np.arcsin(np.sqrt(z)),
    sf=lambda z: 2 / math.pi * np.arccos(np.sqrt(z)),
    ppf=lambda q: np.square(np.sin(math.pi / 2 * q)),
    isf=lambda q: np.square(np.cos(math.pi / 2 * q)),
    mean=lambda: 0.5,
    var=lambda: 1 / 8,
    entropy=lambda: math.log(math.pi / 4),
)
powerlaw = Continuous(
    stats.powerlaw,
    support=(0, 1),
    logpdf=lambda z, a: np.log(a) + sc.xlogy(a - 1, z),
    logcdf=lambda z, a: a * np.log(z),
    ppf=lambda q, a: q ** (1 / a),
    isf=lambda q, a: np.exp(np.log1p(-q) / a),
    mean=lambda a: a / (a + 1),
    var=lambda a: a / (a + 2) / np.square(a + 1),
    entropy=lambda a: 1 - 1 / a - np.log(a),
)


# The triangle that rises to `c` and falls from there.


def rises(z, c):
    return (z < c) | (c == 1)


def log_side(z, c):
    """Return log 2z/c on the left of the top, log 2(1-z)/(1-c) on the right."""
    left = rises(z, c)
    top = np.where(left, c, 0.5), np.where(left, 0.5, c)
    rising = np.log(np.where(left, z, 0.5)) - np.log(top[0])
    return math.log(2) + np.where(
        left, rising, np.log1p(-np.where(left, 0.5, z)) - np.log1p(-top[1])
    )


def triangle(z, c, upper):
    """Return the probability below or above: a square on the near side, the rest on the other."""
    left = rises(z, c)
    below = z * z / np.where(left, c, 1)
    above = np.square(1 - z) / np.where(left, 1, 1 - c)
    return np.where(left, 1 - below, above) if upper else np.where(left, below, 1 - above)


def triangle_quantile(q, c):
    left = q < c
    rising = np.sqrt(c * np.where(left, q, 1))
    return np.where(left, rising, 1 - np.sqrt((1 - c) * (1 - np.where(left, 0, q))))


triang = Continuous(
    stats.triang,
    support=(0, 1),
    valid=lambda c: (c >= 0) & (c <= 1),
    logpdf=log_side,
    cdf=lambda z, c: triangle(z, c, upper=False),
    sf=lambda z, c: triangle(z, c, upper=True),
    ppf=triangle_quantile,
    isf=lambda q, c: 1 - triangle_quantile(q, 1 - c),
    mean=lambda c: (1 + c) / 3,
    var=lambda c: (1 - c + c * c) / 18,
    entropy=lambda c: 0.5 - math.log(2) + 0 * c,
)
LOGUNIFORM: dict[str, Any] = {
    "support": lambda a, b: (a, b),
    "valid": lambda a, b: (a > 0) & (b > a),
    "logpdf": lambda z, a, b: -np.log(z) - np.log(np.log(b) - np.log(a)),
    "cdf": lambda z, a, b: (np.log(z) - np.log(a)) / (np.log(b) - np.log(a)),
    "sf": lambda z, a, b: (np.log(b) - np.log(z)) / (np.log(b) - np.log(a)),
    "ppf": lambda q, a, b: a * np.exp(q * (np.log(b) - np.log(a))),
    "isf": lambda q, a, b: b * np.exp(q * (np.log(a) - np.log(b))),
    "mean": lambda a, b: (b - a) / (np.log(b) - np.log(a)),
    "var": lambda a, b: (
        (b * b - a * a) / (2 * (np.log(b) - np.log(a)))
        - np.square((b - a) / (np.log(b) - np.log(a)))
    ),
    "entropy": lambda a, b: (np.log(a) + np.log(b)) / 2 + np.log(np.log(b) - np.log(a)),
}
loguniform = Continuous(stats.loguniform, **LOGUNIFORM)
reciprocal = Continuous(stats.reciprocal, **LOGUNIFORM)
semicircular = Continuous(
    stats.semicircular,
    support=(-1, 1),
    symmetric=True,
    logpdf=lambda z: math.log(2 / math.pi) + (np.log1p(-z) + np.log1p(z)) / 2,
    cdf=lambda z: 0.5 + (z * np.sqrt(1 - z * z) + np.arcsin(z)) / math.pi,
    mean=lambda: 0.0,
    var=lambda: 0.25,
    entropy=lambda: math.log(math.pi) - 0.5,
)
bradford = Continuous(
    stats.bradford,
    support=(0, 1),
    logpdf=lambda z, c: np.log(c) - np.log1p(c * z) - np.log(np.log1p(c)),
    cdf=lambda z, c: np.log1p(c * z) / np.log1p(c),
    ppf=lambda q, c: np.expm1(q * np.log1p(c)) / c,
)
anglit = Continuous(
    stats.anglit,
    support=(-math.pi / 4, math.pi / 4),
    symmetric=True,
    logpdf=lambda z: np.log(np.cos(2 * z)),
    cdf=lambda z: np.square(np.sin(z + math.pi / 4)),
    ppf=lambda q: np.arcsin(np.sqrt(q)) - math.pi / 4,
    mean=lambda: 0.0,
    var=lambda: math.pi**2 / 16 - 0.5,
    entropy=lambda: 1 - math.log(2),
)
cosine = Continuous(
    stats.cosine,
    support=(-math.pi, math.pi),
    symmetric=True,
    logpdf=lambda z: np.log1p(np.cos(z)) - math.log(2 * math.pi),
    cdf=lambda z: (math.pi + z + np.sin(z)) / (2 * math.pi),
    mean=lambda: 0.0,
    var=lambda: math.pi**2 / 3 - 2,
    entropy=lambda: math.log(4 * math.pi) - 1,
)
rdist = Continuous(
    stats.rdist,
    support=(-1, 1),
    symmetric=True,
    logpdf=lambda z, c: (
        sc.xlog1py(c / 2 - 1, -z * z) - (c - 1) * math.log(2) - sc.betaln(c / 2, c / 2)
    ),
    cdf=lambda z, c: sc.betainc(c / 2, c / 2, (z + 1) / 2),
    ppf=lambda q, c: 2 * sc.betaincinv(c / 2, c / 2, q) - 1,
    mean=lambda c: 0 * c,
    var=lambda c: 1 / (c + 1),
)
truncexpon = Continuous(
    stats.truncexpon,
    support=lambda b: (0, b),
    logpdf=lambda z, b: -z - log1mexp(-b),
    cdf=lambda z, b: np.expm1(-z) / np.expm1(-b),
    ppf=lambda q, b: -np.log1p(q * np.expm1(-b)),
)

# On a circle: of the angle, which may be any number.

VONMISES: dict[str, Any] = {
    "valid": lambda kappa: kappa >= 0,
    "logpdf": lambda z, kappa: (
        kappa * (np.cos(z) - 1) - math.log(2 * math.pi) - np.log(sc.i0e(kappa))
    ),
    "entropy": lambda kappa: (
        kappa - kappa * (sc.i1e(kappa) / sc.i0e(kappa)) + np.log(2 * math.pi * sc.i0e(kappa))
    ),
}
vonmises = Continuous(stats.vonmises, **VONMISES)
vonmises_line = Continuous(stats.vonmises_line, support=(-math.pi, math.pi), **VONMISES)
wrapcauchy = Continuous(
    stats.wrapcauchy,
    support=(0, 2 * math.pi),
    valid=lambda c: (c > 0) & (c < 1),
    logpdf=lambda z, c: (
        np.log1p(-c * c) - math.log(2 * math.pi) - np.log1p(c * c - 2 * c * np.cos(z))
    ),
)
