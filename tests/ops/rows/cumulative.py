"""Rows of `autograd.ops.cumulative`."""

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes

from tests.ops.case import SEEDS, SHAPES, Case, axis, complex_, one, real

LINES = array_shapes(min_dims=1, max_dims=2, min_side=0, max_side=5)
FULL = array_shapes(min_dims=1, max_dims=2, min_side=3, max_side=5)


def an_axis(shape):
    """Return a strategy of None, or an axis there is."""
    return st.one_of(st.none(), axis(shape)) if shape else st.none()


@st.composite
def with_zeros(draw, domain=real):
    """Return an array, often with zeros in it, and an axis."""
    args, keywords = draw(one(domain, SHAPES, axis=an_axis))
    rng = np.random.default_rng(draw(SEEDS))
    args[0][rng.random(args[0].shape) < draw(st.sampled_from([0.0, 0.3]))] = 0.0
    return args, keywords


@st.composite
def with_nan(draw):
    """Return an array with NaN in it, and an axis."""
    args, keywords = draw(with_zeros())
    rng = np.random.default_rng(draw(SEEDS))
    args[0][rng.random(args[0].shape) < 0.3] = np.nan
    return args, keywords


@st.composite
def from_start(draw):
    """Return an array of one axis at least, and keywords of `cumulative_sum`."""
    (array,), keywords = draw(one(real, LINES, axis=axis))
    return [array], keywords | {"include_initial": draw(st.booleans())}


@st.composite
def differences(draw):
    """Return an array, and keywords of `diff`."""
    (array,), keywords = draw(one(real, LINES, axis=axis))
    keywords["n"] = draw(st.integers(0, 3))
    for name in ("prepend", "append"):
        if draw(st.booleans()):
            keywords[name] = draw(
                st.sampled_from([np.asarray(0.5), np.take(array, [], keywords["axis"])])
            )
    return [array], keywords


@st.composite
def in_order(draw):
    """Return an array, and what goes before and after its differences."""
    (array,), _ = draw(one(real, SHAPES))
    ends = st.sampled_from([None, 0.5, [1.0, 2.0]])
    return [array], {"to_begin": draw(ends), "to_end": draw(ends)}


@st.composite
def sloping(draw):
    """Return an array and a spacing: a number, or coordinates, for one axis."""
    (array,), keywords = draw(one(real, FULL, axis=axis))
    keywords["edge_order"] = draw(st.integers(1, 2))
    points = array.shape[keywords["axis"]]
    rng = np.random.default_rng(draw(SEEDS))
    uneven = np.arange(points) + rng.uniform(-0.3, 0.3, points)
    spacing = draw(st.sampled_from([[], [0.5], [np.asarray(0.7)], [uneven], [uneven[::-1].copy()]]))
    return [array, *spacing], keywords


@st.composite
def areas(draw):
    """Return heights, and sometimes where they are."""
    (array,), keywords = draw(
        one(real, array_shapes(min_dims=1, max_dims=2, min_side=1, max_side=4))
    )
    keywords["axis"] = draw(axis(array.shape))
    rng = np.random.default_rng(draw(SEEDS))
    where = draw(st.sampled_from(["dx", "line", "each"]))
    if where == "dx":
        return [array], keywords | {"dx": 0.5}
    shape = array.shape[keywords["axis"]] if where == "line" else array.shape
    return [array, rng.uniform(-3, 3, shape)], keywords


ROWS = [
    Case(np.cumsum, with_zeros(), analytic=True),
    Case(np.cumsum, with_zeros(complex_), label="complex"),
    Case(np.cumprod, with_zeros(), analytic=True),
    Case(np.cumprod, with_zeros(complex_), label="complex"),
    Case(np.nancumsum, with_nan()),
    Case(np.nancumprod, with_nan()),
    Case(np.diff, differences()),
    Case(np.ediff1d, in_order()),
    Case(np.gradient, sloping()),
    Case(np.trapezoid, areas()),
]
if hasattr(np, "cumulative_sum"):
    ROWS += [Case(np.cumulative_sum, from_start()), Case(np.cumulative_prod, from_start())]
if hasattr(np, "trapz"):
    ROWS.append(Case(np.trapz, areas()))  # noqa: NPY201 - for those who still have it
