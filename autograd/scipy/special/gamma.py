"""The gamma function and its kin."""

import scipy.special as sc

from autograd.primitive import Primitive, elementwise

# DLMF 5.15.1: the derivatives of log gamma.
polygamma: Primitive = elementwise(
    sc.polygamma,
    None,
    lambda g, n, x: g * polygamma(n + 1, x),
)
elementwise(sc.psi, lambda g, x: g * polygamma(1, x))
elementwise(sc.gammaln, lambda g, x: g * sc.psi(x))
