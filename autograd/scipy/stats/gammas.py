"""The gamma distribution and what is made of it: chi, Maxwell, Nakagami and others."""

import math

import numpy as np
import scipy.special as sc
from scipy import stats

from autograd.operands import value_of
from autograd.scipy.special.gammas import polygamma
from autograd.scipy.stats.normals import EULER, LOG2, LOG_ROOT_2PI
from autograd.scipy.stats.univariate import INF, Continuous


def of_gamma(model, gamma, inverse, rising=True, **options):
    """Return the distribution of a variable of which a function has a gamma distribution.

    Parameters
    ----------
    model : scipy.stats.rv_continuous
    gamma : callable
        From the variable and the shapes to the gamma variable and its shape.
    inverse : callable
        From the gamma variable and the shapes to the variable.
    rising : bool
        Whether the one grows with the other.
    **options
        Further formulas. The density is one of them.
    """
    lower, upper = (sc.gammainc, sc.gammaincc)[:: 1 if rising else -1]
    lower_inverse, upper_inverse = (sc.gammaincinv, sc.gammainccinv)[:: 1 if rising else -1]

    def applied(function):
        def applied(z, *shapes):
            y, a = gamma(z, *shapes)
            return function(a, y)

        return applied

    def inverted(function):
        return lambda q, *shapes: inverse(function(gamma(1.0, *shapes)[1], q), *shapes)

    return Continuous(
        model,
        cdf=applied(lower),
        sf=applied(upper),
        ppf=inverted(lower_inverse),
        isf=inverted(upper_inverse),
        **options,
    )


GAMMA = {
    "gamma": lambda z, a: (z, a),
    "inverse": lambda y, a: y,
    "support": (0, INF),
    "logpdf": lambda z, a: sc.xlogy(a - 1, z) - z - sc.gammaln(a),
    "mean": lambda a: a,
    "var": lambda a: a,
    "entropy": lambda a: a + sc.gammaln(a) + (1 - a) * sc.psi(a),
}
gamma = of_gamma(stats.gamma, **GAMMA)
erlang = of_gamma(stats.erlang, **GAMMA)
chi2 = of_gamma(
    stats.chi2,
    lambda z, df: (z / 2, df / 2),
    lambda y, df: 2 * y,
    support=(0, INF),
    logpdf=lambda z, df: sc.xlogy(df / 2 - 1, z) - z / 2 - sc.gammaln(df / 2) - (LOG2 / 2) * df,
    mean=lambda df: df,
    var=lambda df: 2 * df,
    entropy=lambda df: df / 2 + LOG2 + sc.gammaln(df / 2) + (1 - df / 2) * sc.psi(df / 2),
)
invgamma = of_gamma(
    stats.invgamma,
    lambda z, a: (1 / z, a),
    lambda y, a: 1 / y,
    rising=False,
    support=(0, INF),
    logpdf=lambda z, a: -(a + 1) * np.log(z) - 1 / z - sc.gammaln(a),
    mean=lambda a: np.where(a > 1, 1 / (a - 1), INF),
    var=lambda a: np.where(a > 2, 1 / np.square(a - 1) / (a - 2), INF),
    entropy=lambda a: a + sc.gammaln(a) - (1 + a) * sc.psi(a),
)
loggamma = of_gamma(
    stats.loggamma,
    lambda z, c: (np.exp(np.minimum(z, 700)), c),  # from there on the probability is 1
    lambda y, c: np.log(y),
    logpdf=lambda z, c: c * z - np.exp(z) - sc.gammaln(c),
    mean=sc.psi,
    var=lambda c: polygamma(1, c),
    entropy=lambda c: sc.gammaln(c) + c - c * sc.psi(c),
)
halfgennorm = of_gamma(
    stats.halfgennorm,
    lambda z, beta: (z**beta, 1 / beta),
    lambda y, beta: y ** (1 / beta),
    support=(0, INF),
    logpdf=lambda z, beta: np.log(beta) - sc.gammaln(1 / beta) - z**beta,
    entropy=lambda beta: 1 / beta - np.log(beta) + sc.gammaln(1 / beta),
)


# A power of a gamma variable, of either sign.


def rising_if(c, rising, falling):
    return np.where(value_of(c) > 0, rising, falling)


gengamma = Continuous(
    stats.gengamma,
    support=(0, INF),
    valid=lambda a, c: (a > 0) & (c != 0),
    logpdf=lambda z, a, c: np.log(np.abs(c)) + sc.xlogy(c * a - 1, z) - z**c - sc.gammaln(a),
    cdf=lambda z, a, c: rising_if(c, sc.gammainc(a, z**c), sc.gammaincc(a, z**c)),
    sf=lambda z, a, c: rising_if(c, sc.gammaincc(a, z**c), sc.gammainc(a, z**c)),
    ppf=lambda q, a, c: rising_if(c, sc.gammaincinv(a, q), sc.gammainccinv(a, q)) ** (1 / c),
    isf=lambda q, a, c: rising_if(c, sc.gammainccinv(a, q), sc.gammaincinv(a, q)) ** (1 / c),
    entropy=lambda a, c: a + sc.gammaln(a) - np.log(np.abs(c)) + (1 / c - a) * sc.psi(a),
)


# Roots of gamma variables.


def root_mean(a):
    """Return the mean of the root of a gamma variable."""
    return np.exp(sc.gammaln(a + 0.5) - sc.gammaln(a))


chi = of_gamma(
    stats.chi,
    lambda z, df: (np.square(z) / 2, df / 2),
    lambda y, df: np.sqrt(2 * y),
    support=(0, INF),
    logpdf=lambda z, df: (
        sc.xlogy(df - 1, z) - np.square(z) / 2 + LOG2 - (LOG2 / 2) * df - sc.gammaln(df / 2)
    ),
    mean=lambda df: math.sqrt(2) * root_mean(df / 2),
    var=lambda df: df - 2 * root_mean(df / 2) ** 2,
    entropy=lambda df: sc.gammaln(df / 2) + (df - LOG2 - (df - 1) * sc.psi(df / 2)) / 2,
)
maxwell = of_gamma(
    stats.maxwell,
    lambda z: (np.square(z) / 2, 1.5),
    lambda y: np.sqrt(2 * y),
    support=(0, INF),
    logpdf=lambda z: 2 * np.log(z) - np.square(z) / 2 - LOG_ROOT_2PI + LOG2,
    mean=lambda: 2 * math.sqrt(2 / math.pi),
    var=lambda: 3 - 8 / math.pi,
    entropy=lambda: EULER + LOG_ROOT_2PI - 0.5,
)
nakagami = of_gamma(
    stats.nakagami,
    lambda z, nu: (nu * np.square(z), nu),
    lambda y, nu: np.sqrt(y / nu),
    support=(0, INF),
    logpdf=lambda z, nu: (
        LOG2 + nu * np.log(nu) - sc.gammaln(nu) + sc.xlogy(2 * nu - 1, z) - nu * np.square(z)
    ),
    mean=lambda nu: root_mean(nu) / np.sqrt(nu),
    var=lambda nu: 1 - root_mean(nu) ** 2 / nu,
)
rayleigh = Continuous(
    stats.rayleigh,
    support=(0, INF),
    logpdf=lambda z: np.log(z) - np.square(z) / 2,
    logsf=lambda z: np.square(z) / -2,
    ppf=lambda q: np.sqrt(-2 * np.log1p(-q)),
    isf=lambda q: np.sqrt(-2 * np.log(q)),
    mean=lambda: math.sqrt(math.pi / 2),
    var=lambda: 2 - math.pi / 2,
    entropy=lambda: 1 + EULER / 2 - LOG2 / 2,
)
rice = Continuous(
    stats.rice,
    support=(0, INF),
    valid=lambda b: b >= 0,
    logpdf=lambda z, b: np.log(z) - np.square(z - b) / 2 + np.log(sc.i0e(z * b)),
    cdf=lambda z, b: sc.chndtr(z * z, 2, b * b),
    ppf=lambda q, b: np.sqrt(sc.chndtrix(q, 2, b * b)),
)


# The generalized normal distribution.


def gennorm_logpdf(z, beta):
    return np.log(beta / 2) - sc.gammaln(1 / beta) - np.abs(z) ** beta


def gennorm_cdf(z, beta):
    """Return half of the gamma probability on either side; at 0 the line that touches it."""
    centre, left = z == 0, z < 0
    tail = sc.gammaincc(1 / beta, np.abs(np.where(centre, 1, z)) ** beta) / 2
    line = 0.5 + z * np.exp(gennorm_logpdf(0.0, beta))
    return np.where(centre, line, np.where(left, tail, 1 - tail))


gennorm = Continuous(
    stats.gennorm,
    symmetric=True,
    logpdf=gennorm_logpdf,
    cdf=gennorm_cdf,
    mean=lambda beta: 0 * beta,
    var=lambda beta: np.exp(sc.gammaln(3 / beta) - sc.gammaln(1 / beta)),
    entropy=lambda beta: 1 / beta - np.log(beta / 2) + sc.gammaln(1 / beta),
)
