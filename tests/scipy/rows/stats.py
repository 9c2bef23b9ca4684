"""Rows of `autograd.scipy.stats`, whose distributions and functions are composed but for this."""

from autograd.scipy.stats.univariate import log_of_rest
from tests.ops.case import Case, broadcast, positive

ROWS = [Case(log_of_rest, broadcast(lambda rng, shape: -positive(rng, shape)))]
