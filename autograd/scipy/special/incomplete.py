"""Incomplete gamma and beta functions, and their inverses."""

import numpy as np
import scipy.special as sc

from autograd.primitive import elementwise
from autograd.scipy.special.common import no_derivative


def gamma_density(a, x):
    """Return x^(a-1) e^-x / gamma(a)."""
    return np.exp(sc.xlogy(a - 1, x) - x - sc.gammaln(a))


def beta_density(a, b, x):
    """Return x^(a-1) (1-x)^(b-1) / beta(a, b)."""
    return np.exp(sc.xlogy(a - 1, x) + sc.xlog1py(b - 1, -x) - sc.betaln(a, b))


elementwise(sc.gammainc, no_derivative("gammainc", "a"), lambda g, x, y: g * gamma_density(x, y))
elementwise(sc.gammaincc, no_derivative("gammaincc", "a"), lambda g, x, y: -g * gamma_density(x, y))
elementwise(
    sc.gammaincinv, no_derivative("gammaincinv", "a"), lambda g, ans, x: g / gamma_density(x, ans)
)
elementwise(
    sc.gammainccinv,
    no_derivative("gammainccinv", "a"),
    lambda g, ans, x: -g / gamma_density(x, ans),
)
elementwise(
    sc.betainc,
    no_derivative("betainc", "a"),
    no_derivative("betainc", "b"),
    lambda g, x, y, z: g * beta_density(x, y, z),
)
elementwise(
    sc.betaincc,
    no_derivative("betaincc", "a"),
    no_derivative("betaincc", "b"),
    lambda g, x, y, z: -g * beta_density(x, y, z),
)
elementwise(
    sc.betaincinv,
    no_derivative("betaincinv", "a"),
    no_derivative("betaincinv", "b"),
    lambda g, ans, x, y: g / beta_density(x, y, ans),
)
elementwise(
    sc.betainccinv,
    no_derivative("betainccinv", "a"),
    no_derivative("betainccinv", "b"),
    lambda g, ans, x, y: -g / beta_density(x, y, ans),
)
