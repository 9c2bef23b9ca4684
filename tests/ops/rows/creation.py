"""Rows of functions that make arrays of numbers, and of those that apply functions to slices."""

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes

from autograd.ops import creation
from tests.ops.case import (
    SEEDS,
    Case,
    above_one,
    axis,
    broadcast,
    complex_,
    one,
    positive,
    real,
)


@st.composite
def ends(draw, *domains):
    """Return start and stop of ranges, and how many points they have, along a new axis."""
    arrays, _ = draw(broadcast(*domains))
    ndim = max(array.ndim for array in arrays)
    return arrays, {
        "num": draw(st.integers(0, 5)),
        "endpoint": draw(st.booleans()),
        "axis": draw(st.integers(-ndim - 1, ndim)),
    }


@st.composite
def filled(draw):
    """Return an array, what another of its shape is filled with, and its shape if it is another."""
    like, fill = draw(broadcast(real, real))[0]
    like = np.broadcast_to(like, np.broadcast_shapes(like.shape, fill.shape)).copy()
    other = draw(st.sampled_from([None, (2, *like.shape)]))
    return [like, fill], {"shape": other, "order": draw(st.sampled_from("CF"))}


@st.composite
def full(draw):
    """Return a shape, and what an array of it is filled with."""
    (like, fill), keywords = draw(filled())
    return [keywords["shape"] or like.shape, fill], {"order": keywords["order"]}


@st.composite
def coordinates(draw):
    rng = np.random.default_rng(draw(SEEDS))
    shapes = st.sampled_from([(), (1,), (3,), (4,)])
    arrays = [np.asarray(real(rng, draw(shapes))) for _ in range(draw(st.integers(2, 3)))]
    return arrays, {
        "indexing": draw(st.sampled_from(["xy", "ij"])),
        "sparse": draw(st.booleans()),
        "copy": draw(st.booleans()),
    }


def ramp(grids):
    """Return grids as one array, each with its number as a factor."""
    return np.concatenate([np.ravel(grid) * (k + 1.0) for k, grid in enumerate(grids)])


LINE = array_shapes(min_dims=1, max_dims=1, min_side=0, max_side=4)
FILLED = array_shapes(min_dims=1, max_dims=3, min_side=1, max_side=3)


@st.composite
def along(draw):
    """Return a function of lines, an axis, and an array."""
    (array,), _ = draw(one(real, FILLED))
    functions = [
        lambda x: np.sum(x * x),
        lambda x: 2.0 * x,
        lambda x: np.reshape(x[0] * x[-1], (1, 1)),
        lambda x: x[:, None] * x,
    ]
    return [draw(st.sampled_from(functions)), draw(axis(array.shape)), array], {}


@st.composite
def over(draw):
    """Return a reduction, an array, and axes."""
    (array,), _ = draw(one(real, FILLED))
    functions = [np.sum, lambda x, axis: np.mean(x * x, axis, keepdims=True)]
    several = st.lists(axis(array.shape), min_size=1, max_size=2)
    return [
        draw(st.sampled_from(functions)),
        array,
        draw(st.one_of(axis(array.shape), several)),
    ], {}


POWERS = {
    "N": lambda _: st.sampled_from([None, 0, 1, 2, 5]),
    "increasing": lambda _: st.booleans(),
}

ROWS = [
    Case(np.linspace, ends(real, real)),
    Case(np.linspace, ends(real, complex_), label="complex"),
    Case(
        np.linspace,
        ends(real, real).map(lambda drawn: (drawn[0], drawn[1] | {"num": 5, "retstep": True})),
        output=1,
        label="step",
    ),
    Case(creation.points.function, ends(real, real)),
    Case(np.logspace, ends(real, real)),
    Case(
        np.logspace,
        broadcast(real, real, above_one).map(
            lambda drawn: ([*drawn[0][:2], 3, True, drawn[0][2]], {})
        ),
        label="base",
    ),
    Case(np.geomspace, ends(positive, above_one)),
    Case(np.geomspace, ends(complex_, positive), label="complex"),
    Case(np.full_like, filled()),
    Case(np.full, full()),
    Case(np.meshgrid, coordinates(), output=ramp),
    Case(np.vander, one(real, LINE, **POWERS)),
    Case(np.apply_along_axis, along()),
    Case(np.apply_over_axes, over()),
]
