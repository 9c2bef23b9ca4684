"""Rows of sums, extremes, products, spreads."""

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes

from tests.ops.case import FILLED, SEEDS, Case, axes, distinct, flags, one, real


@st.composite
def summands(draw, domain=real):
    """Return an array and keywords of `sum`."""
    args, keywords = draw(one(domain, axis=axes, keepdims=flags))
    if draw(st.booleans()):
        keywords["where"] = np.random.default_rng(draw(SEEDS)).random(args[0].shape) < 0.6
    return args, keywords


@st.composite
def averaged(draw):
    """Return an array and keywords of `mean`, each result of one element at least."""
    args, keywords = draw(one(real, FILLED, axis=axes, keepdims=flags))
    if draw(st.booleans()) and args[0].ndim:
        where = np.random.default_rng(draw(SEEDS)).random(args[0].shape) < 0.6
        where[np.sum(where, keywords["axis"], keepdims=True) * np.ones_like(where) == 0] = True
        keywords["where"] = where
    return args, keywords


@st.composite
def spread(draw):
    """Return an array and keywords of `var` and `std`, with enough elements in each result."""
    shape = draw(array_shapes(min_dims=1, max_dims=3, min_side=2, max_side=4))
    array = distinct(np.random.default_rng(draw(SEEDS)), shape)
    return [array], {
        "axis": draw(axes(shape)),
        "ddof": draw(st.integers(0, 1)),
        "keepdims": draw(st.booleans()),
    }


@st.composite
def products(draw):
    """Return an array and keywords of `prod`; often with zeros in it."""
    args, keywords = draw(one(real, axis=axes, keepdims=flags))
    rng = np.random.default_rng(draw(SEEDS))
    args[0][rng.random(args[0].shape) < draw(st.sampled_from([0.0, 0.2, 0.6]))] = 0.0
    return args, keywords


ROWS = [
    Case(np.sum, summands()),
    Case(np.mean, averaged()),
    Case(np.max, one(distinct, FILLED, axis=axes, keepdims=flags)),
    Case(np.min, one(distinct, FILLED, axis=axes, keepdims=flags)),
    Case(np.prod, products(), analytic=True),
    Case(np.var, spread()),
    Case(np.std, spread()),
]
