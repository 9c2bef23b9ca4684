"""Rows of `autograd.ops.signals`."""

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes

from autograd.ops import signals
from tests.ops.case import SEEDS, Case, axis, complex_, one, real


@st.composite
def samples(draw, ends=True, period=False):
    """Return points, knots in order and values at them; no point is near a knot."""
    rng = np.random.default_rng(draw(SEEDS))
    knots = draw(st.integers(1, 5))
    xp = np.arange(knots) + rng.uniform(-0.2, 0.2, knots)
    shape = draw(array_shapes(min_dims=0, max_dims=2, min_side=0, max_side=4))
    x = rng.integers(-2, knots + 1, shape) + 0.5 + rng.uniform(-0.2, 0.2, shape)
    keywords = {}
    if ends:
        keywords = {end: draw(st.sampled_from([None, 0.7])) for end in ("left", "right")}
    if period:
        keywords["period"] = float(knots) + 1.5
        xp = rng.permutation(xp)
    return [np.asarray(x), xp, rng.uniform(-3, 3, knots)], keywords


@st.composite
def pairs(draw, domain=real):
    """Return two sequences and a mode."""
    rng = np.random.default_rng(draw(SEEDS))
    a, v = (domain(rng, (draw(st.integers(1, 5)),)) for _ in range(2))
    return [a, v], {"mode": draw(st.sampled_from(["full", "same", "valid"]))}


@st.composite
def phases(draw):
    """Return phases that are not near a jump, and keywords."""
    shape = draw(array_shapes(min_dims=1, max_dims=2, min_side=0, max_side=4))
    args, _ = draw(
        one(lambda rng, s: 5 * rng.integers(-2, 3, s) + rng.uniform(-0.3, 0.3, s), st.just(shape))
    )
    keywords = {"axis": draw(axis(shape)), "period": draw(st.sampled_from([2 * np.pi, 7.7]))}
    return args, keywords


ROWS = [
    Case(np.interp, samples()),
    Case(np.interp, samples(ends=False, period=True), label="period"),
    Case(signals.interp_on_a_line, samples()),
    Case(np.convolve, pairs(), analytic=True),
    Case(np.convolve, pairs(complex_), label="complex"),
    Case(np.correlate, pairs()),
    Case(np.correlate, pairs(complex_), label="complex"),
    Case(np.unwrap, phases()),
]
