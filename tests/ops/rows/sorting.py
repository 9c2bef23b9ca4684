"""Rows of sorting, of what follows from an order, and of sets."""

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes

from autograd.ops import sorting
from tests.ops.case import SEEDS, Case, axis, distinct, flags, one

SOME = array_shapes(min_dims=1, max_dims=3, min_side=0, max_side=4)
FILLED = array_shapes(min_dims=1, max_dims=3, min_side=1, max_side=4)
ORDER = {
    "axis": lambda shape: st.one_of(st.none(), axis(shape)),
    "kind": lambda _: st.sampled_from([None, "quicksort", "stable"]),
}


def turned(rng, shape):
    """Return complex numbers whose real parts are far from each other."""
    return distinct(rng, shape) * (1.0 + 0.5j)


@st.composite
def parted(draw):
    """Return an array, and one or several places."""
    (array,), keywords = draw(one(distinct, FILLED, axis=ORDER["axis"]))
    size = array.size if keywords["axis"] is None else array.shape[keywords["axis"]]
    place = st.integers(-size, size - 1)
    return [array, draw(st.one_of(place, st.lists(place, min_size=1, max_size=3)))], keywords


@st.composite
def ordered(draw):
    """Return an array, an order of each line, and their axis."""
    (array,), keywords = draw(one(distinct, SOME, axis=axis))
    order = np.random.default_rng(draw(SEEDS)).random(array.shape).argsort(keywords["axis"])
    return [array, order, keywords["axis"]], {}


@st.composite
def kinds(draw):
    """Return an array, one element of each kind, the kind of each, how many there are: one."""
    (array,), _ = draw(one(distinct, SOME))
    kind = np.random.default_rng(draw(SEEDS)).permutation(len(array))
    return [array, np.argsort(kind), kind, np.ones(len(array), int)], {}


@st.composite
def sets(draw):
    """Return two arrays without an element in common."""
    sizes = draw(st.tuples(st.integers(1, 4), st.integers(1, 4)))
    array = distinct(np.random.default_rng(draw(SEEDS)), sum(sizes))
    return [array[: sizes[0]], array[sizes[0] :]], {}


AXIS = {"axis": lambda shape: st.one_of(st.none(), axis(shape))}
ROWS = [
    Case(np.sort, one(distinct, SOME, **ORDER)),
    Case(np.sort, one(turned, SOME, **ORDER), label="complex"),
    Case(np.sort_complex, one(distinct, SOME)),
    Case(np.sort_complex, one(turned, SOME), label="complex"),
    Case(np.partition, parted(), output=lambda y: np.sort(y, axis=None)),
    Case(sorting.in_order.function, ordered()),
    Case(np.unique, one(distinct, FILLED, **AXIS)),
    Case(
        np.unique,
        one(turned, FILLED, **AXIS, return_inverse=lambda _: st.just(True), return_counts=flags),
        output=0,
        label="counted",
    ),
    Case(np.unique_values, one(distinct, FILLED), output=lambda y: np.sort(y)),
    Case(np.unique_all, one(distinct, FILLED), output=0),
    Case(np.unique_counts, one(distinct, FILLED), output=0),
    Case(np.unique_inverse, one(distinct, FILLED), output=0),
    Case(sorting.chosen, kinds()),
    Case(np.union1d, sets()),
    Case(np.intersect1d, sets()),
    Case(np.setxor1d, sets()),
    Case(np.setdiff1d, sets()),
]
