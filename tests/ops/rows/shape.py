"""Rows of functions that move elements, repeat them or join arrays."""

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, broadcastable_shapes

from tests.ops.case import SEEDS, SHAPES, Case, axes, axis, broadcast, integer, one, real


@st.composite
def reshaped(draw):
    """Return an array, a new shape of the same size, and an order."""
    shape = draw(SHAPES)
    size = int(np.prod(shape))
    new = (
        draw(st.sampled_from([(-1,), size, (1, size), (size, 1), shape[::-1]]))
        if size
        else shape[::-1]
    )
    (array,), _ = draw(one(real, st.just(shape)))
    return [array, new], {"order": draw(st.sampled_from("CFA"))}


@st.composite
def permuted(draw):
    (array,), _ = draw(one(real))
    order = draw(st.permutations(range(array.ndim)))
    signed = [k - array.ndim * draw(st.integers(0, 1)) for k in order]
    return [array], {"axes": draw(st.sampled_from([None, tuple(signed)]))}


@st.composite
def two_axes(draw):
    (array,), _ = draw(one(real, array_shapes(min_dims=1, max_dims=3, min_side=0, max_side=3)))
    return [array, draw(axis(array.shape)), draw(axis(array.shape))], {}


@st.composite
def moved(draw):
    args, _ = draw(two_axes())
    array = args[0]
    if array.ndim == 3 and draw(st.booleans()):
        return [
            array,
            draw(st.sampled_from([(0, 1), (-1, 0)])),
            draw(st.sampled_from([(1, 2), (0, -1)])),
        ], {}
    return args, {}


@st.composite
def widened(draw):
    (array,), _ = draw(one(real, array_shapes(min_dims=0, max_dims=2, min_side=0, max_side=3)))
    return [array, draw(st.one_of(axis((*array.shape, 1)), st.sampled_from([(0, 1), (0, -1)])))], {}


@st.composite
def squeezed(draw):
    shape = draw(st.lists(st.sampled_from([1, 1, 2, 0]), max_size=4))
    single = [k for k, size in enumerate(shape) if size == 1]
    choices = [None, *single, *(k - len(shape) for k in single), tuple(single)]
    (array,), _ = draw(one(real, st.just(tuple(shape))))
    return [array], {"axis": draw(st.sampled_from(choices))}


@st.composite
def repeated(draw):
    (array,), _ = draw(one(real, array_shapes(min_dims=0, max_dims=2, min_side=0, max_side=3)))
    shape = draw(broadcastable_shapes(array.shape, min_side=0, max_dims=3, max_side=3))
    return [array, np.broadcast_shapes(shape, array.shape)], {}


@st.composite
def joined(draw):
    """Return arrays that differ in one axis only; the last of them is a constant."""
    rng = np.random.default_rng(draw(SEEDS))
    shape = draw(array_shapes(min_dims=1, max_dims=3, min_side=0, max_side=3))
    along = draw(st.one_of(st.none(), axis(shape)))
    arrays = []
    for _ in range(draw(st.integers(1, 3))):
        changed = list(shape)
        changed[along or 0] = draw(st.integers(0, 3))
        arrays.append(rng.uniform(-3, 3, changed))
    arrays.append(rng.integers(-3, 3, shape))
    return [arrays], {"axis": along}


@st.composite
def stacked(draw):
    rng = np.random.default_rng(draw(SEEDS))
    shape = draw(array_shapes(min_dims=0, max_dims=2, min_side=0, max_side=3))
    arrays = [rng.uniform(-3, 3, shape) for _ in range(draw(st.integers(1, 3)))]
    return [[*arrays, rng.integers(-3, 3, shape)]], {"axis": draw(axis((*shape, 1)))}


@st.composite
def rolled(draw):
    """Return an array, shifts, and their axes."""
    (array,), _ = draw(one(real))
    shift = st.integers(-5, 5)
    if not array.ndim or draw(st.booleans()):
        return [array, draw(shift)], {}
    along = draw(st.lists(axis(array.shape), min_size=1, max_size=2))
    shifts = [draw(shift) for _ in along]
    if draw(st.booleans()):
        return [array, shifts[0]], {"axis": draw(st.sampled_from([along[0], tuple(along)]))}
    return [array, tuple(shifts)], {"axis": tuple(along)}


@st.composite
def turned(draw):
    """Return an array, quarters of a turn, and the plane of the turn."""
    (array,), _ = draw(one(real, array_shapes(min_dims=2, max_dims=3, min_side=0, max_side=3)))
    first, second = draw(st.permutations(range(array.ndim)))[:2]
    plane = draw(st.sampled_from([(first, second), (first - array.ndim, second)]))
    return [array], {"k": draw(st.integers(-5, 5)), "axes": plane}


@st.composite
def rolled_axis(draw):
    """Return an array, an axis, and before which one it goes."""
    (array, along, _), _ = draw(two_axes())
    return [array, along], {"start": draw(st.integers(-array.ndim, array.ndim))}


MATRICES = array_shapes(min_dims=2, max_dims=3, min_side=0, max_side=3)
LINES = array_shapes(min_dims=1, max_dims=3, min_side=0, max_side=3)


ROWS = [
    Case(np.reshape, reshaped()),
    Case(np.ravel, one(real, order=lambda _: st.sampled_from("CFAK"))),
    Case(np.transpose, permuted()),
    Case(np.swapaxes, two_axes()),
    Case(np.moveaxis, moved()),
    Case(np.rollaxis, rolled_axis()),
    Case(np.matrix_transpose, one(real, MATRICES)),
    Case(np.flip, one(real, axis=axes)),
    Case(np.fliplr, one(real, MATRICES)),
    Case(np.flipud, one(real, LINES)),
    Case(np.rot90, turned()),
    Case(np.roll, rolled()),
    Case(np.copy, one(real, order=lambda _: st.sampled_from("CFAK"))),
    Case(np.broadcast_arrays, broadcast(real, real, integer), output=0),
    Case(np.broadcast_arrays, broadcast(real, real), output=1, label="second"),
    Case(np.atleast_1d, one(real)),
    Case(np.atleast_2d, one(real)),
    Case(np.atleast_2d, broadcast(real, real), output=1, label="second"),
    Case(np.atleast_3d, one(real)),
    Case(np.expand_dims, widened()),
    Case(np.squeeze, squeezed()),
    Case(np.broadcast_to, repeated()),
    Case(np.concatenate, joined()),
    Case(np.stack, stacked()),
    Case(
        np.ndarray.astype,
        st.tuples(one(real), st.sampled_from([np.float64, np.longdouble])).map(
            lambda drawn: ([drawn[0][0][0], drawn[1]], {})
        ),
    ),
]
