"""Rows of new arrays from others, in nested lists too."""

import numpy as np
from hypothesis import strategies as st

from autograd.ops.conversion import numbers
from tests.ops.case import SEEDS, Case, one, real


@st.composite
def listed(draw, **keywords):
    """Return a list of arrays of one shape, and keywords."""
    (array,), _ = draw(one(real))
    rng = np.random.default_rng(draw(SEEDS))
    arrays = [np.asarray(real(rng, array.shape)) for _ in range(draw(st.integers(1, 3)))]
    return [arrays], {name: draw(strategy) for name, strategy in keywords.items()}


@st.composite
def counts(draw):
    """Return where to start, an integer between two steps at which to stop, and the step."""
    stop, step = draw(st.integers(-3, 3)), draw(st.sampled_from([0.5, 1.25, -0.75]))
    start = stop - step * (draw(st.integers(0, 4)) + 0.5)
    return [np.asarray(start), np.asarray(stop), np.asarray(step)], {}


def orders(_):
    return st.sampled_from("KACF")


def dimensions(_):
    return st.integers(0, 4)


ROWS = [
    Case(np.array, one(real, order=orders, ndmin=dimensions)),
    Case(np.array, listed(ndmin=st.integers(0, 5)), label="list"),
    Case(np.asarray, one(real, order=orders)),
    Case(np.asarray, listed(), label="list"),
    Case(np.asanyarray, listed()),
    Case(np.ascontiguousarray, one(real)),
    Case(np.ascontiguousarray, listed(), label="list"),
    Case(np.asfortranarray, one(real)),
    Case(np.asfortranarray, listed(), label="list"),
    Case(np.require, one(real, requirements=lambda _: st.sampled_from(["C", "F", "WO", None]))),
    Case(np.arange, counts()),
    Case(numbers, counts()),
]
