"""Rows of `autograd.scipy.stats`, whose distributions and functions are composed but for this."""

from autograd.scipy.stats.univariate import log1mexp
from tests.ops.case import Case, broadcast, positive

ROWS = [Case(log1mexp, broadcast(lambda rng, shape: -positive(rng, shape)))]
