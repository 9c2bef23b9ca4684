"""Rows of `autograd.scipy.stats`, whose distributions and functions are composed but for these."""

from autograd.scipy.stats.normals import skewnorm_cdf
from autograd.scipy.stats.univariate import log_of_rest
from tests.ops.case import Case, broadcast, positive, real

ROWS = [
    Case(log_of_rest, broadcast(lambda rng, shape: -positive(rng, shape))),
    Case(skewnorm_cdf, broadcast(real, real)),
]
