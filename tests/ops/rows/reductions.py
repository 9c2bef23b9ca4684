"""Rows of sums, extremes, products, spreads."""

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes

from tests.ops.case import FILLED, SEEDS, Case, axes, complex_, distinct, flags, one, real


def masked(rng, array, axis):
    """Return a mask that leaves two elements, where there are two, in each result."""
    where = np.asarray(rng.random(array.shape) < 0.6)
    few = np.sum(where, axis, keepdims=True) < 2
    where[few * np.ones_like(where)] = True
    return where


@st.composite
def reduced(draw, domain, shapes=FILLED):
    """Return an array and keywords of a reduction: axis, keepdims, sometimes where."""
    args, kwargs = draw(one(domain, shapes, axis=axes, keepdims=flags))
    rng = np.random.default_rng(draw(SEEDS))
    if draw(st.booleans()):
        kwargs["where"] = masked(rng, args[0], kwargs["axis"])
    if args[0].ndim and draw(st.integers(0, 9)) == 0:
        kwargs["axis"] = ()
        kwargs.pop("where", None)
    return args, kwargs


@st.composite
def extremes(draw):
    """Return an array and keywords of `max` and `min`; NumPy asks for initial beside where."""
    args, kwargs = draw(reduced(distinct))
    if "where" in kwargs or draw(st.booleans()):
        kwargs["initial"] = draw(st.sampled_from([-90.0, 0.01, 90.0]))
    return args, kwargs


@st.composite
def with_nothing(draw, domain=real):
    """Return an array that may be empty, and keywords of `sum`."""
    args, kwargs = draw(one(domain, axis=axes, keepdims=flags))
    if draw(st.booleans()):
        kwargs["where"] = np.random.default_rng(draw(SEEDS)).random(args[0].shape) < 0.6
    if draw(st.booleans()):
        kwargs["initial"] = 2.5
    return args, kwargs


@st.composite
def products(draw, domain=real):
    """Return an array and keywords of `prod`; often with zeros in it."""
    args, keywords = draw(with_nothing(domain))
    rng = np.random.default_rng(draw(SEEDS))
    args[0][rng.random(args[0].shape) < draw(st.sampled_from([0.0, 0.2, 0.6]))] = 0.0
    return args, keywords


@st.composite
def spread(draw, domain=distinct):
    """Return an array and keywords of `var` and `std`, with enough elements in each result."""
    shapes = array_shapes(min_dims=1, max_dims=3, min_side=2, max_side=4)
    args, keywords = draw(reduced(domain, shapes))
    if keywords["axis"] == ():
        keywords["axis"] = None
    keywords[draw(st.sampled_from(["ddof", "correction"]))] = draw(st.sampled_from([0, 1, 0.5]))
    if draw(st.booleans()):
        keywords["mean"] = np.mean(
            args[0], keywords["axis"], keepdims=True, where=keywords.get("where", True)
        )
    return args, keywords


ROWS = [
    Case(np.sum, with_nothing()),
    Case(np.sum, with_nothing(complex_), label="complex"),
    Case(np.mean, reduced(real)),
    Case(np.mean, reduced(complex_), label="complex"),
    Case(np.max, extremes()),
    Case(np.min, extremes()),
    Case(np.amax, extremes()),
    Case(np.amin, extremes()),
    Case(np.prod, products(), analytic=True),
    Case(np.prod, products(complex_), label="complex"),
    Case(np.var, spread()),
    Case(np.var, spread(complex_), label="complex"),
    Case(np.std, spread()),
    Case(np.std, spread(complex_), label="complex"),
]
