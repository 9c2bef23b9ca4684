"""Rows of functions that read elements, choose among arrays, or write into them."""

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes

from autograd.ops import selection
from tests.ops.case import SEEDS, Case, axis, broadcast, complex_, integer, one, real

FILLED = array_shapes(min_dims=1, max_dims=3, min_side=1, max_side=4)
SOME = array_shapes(min_dims=0, max_dims=3, min_side=1, max_side=3)
MATRICES = array_shapes(min_dims=2, max_dims=3, min_side=0, max_side=4)


@st.composite
def start(draw, shapes=FILLED, domain=real):
    """Return an array, an axis of it or None, the size of that axis, and a generator."""
    (array,), _ = draw(one(domain, shapes))
    along = draw(st.one_of(st.none(), axis(array.shape)))
    size = array.size if along is None else array.shape[along]
    return array, along, size, np.random.default_rng(draw(SEEDS))


@st.composite
def taken(draw, domain=real):
    """Return an array and indices of any shape; outside of it, where the mode allows that."""
    array, along, size, rng = draw(start(domain=domain))
    mode = draw(st.sampled_from(["raise", "wrap", "clip"]))
    reach = size if mode == "raise" else 3 * size
    shape = draw(st.sampled_from([(), (0,), (5,), (2, 2)]))
    return [array, np.asarray(rng.integers(-reach, reach, shape))], {"axis": along, "mode": mode}


@st.composite
def taken_along(draw):
    """Return an array and one index for each line, for lines of one element too."""
    array, along, size, rng = draw(start())
    if along is None:
        return [array, rng.integers(-size, size, 5)], {"axis": None}
    shape = list(array.shape)
    shape[along] = draw(st.integers(0, 5))
    if len(shape) > 1 and draw(st.booleans()):
        shape[(along - 1) % len(shape)] = 1
    return [array, rng.integers(-size, size, shape)], {"axis": along}


@st.composite
def compressed(draw):
    """Return a condition, not longer than the axis, and an array."""
    array, along, size, rng = draw(start())
    condition = rng.random(draw(st.integers(0, size))) < 0.5
    return [draw(st.sampled_from([condition, condition.tolist()])), array], {"axis": along}


@st.composite
def extracted(draw):
    (array,), _ = draw(one(real))
    return [np.random.default_rng(draw(SEEDS)).random(array.shape) < 0.5, array], {}


@st.composite
def chosen(draw):
    """Return indices, and choices that broadcast with them; one of these is constant."""
    arrays, _ = draw(broadcast(integer, real, real, integer))
    mode = draw(st.sampled_from(["wrap", "clip"]))
    count = draw(st.integers(1, 3))
    return [arrays[0], arrays[1 : count + 1]], {"mode": mode}


@st.composite
def selected(draw):
    """Return conditions, choices, and a default."""
    arrays, _ = draw(broadcast(integer, integer, real, real, real))
    default = draw(st.sampled_from([0, 1.5, arrays[4]]))
    return [[array > 0 for array in arrays[:2]], arrays[2:4], default], {}


@st.composite
def pieced(draw):
    """Return an array, conditions that overlap, and functions and numbers; a default or none."""
    (array,), _ = draw(one(real, SOME))
    rng = np.random.default_rng(draw(SEEDS))
    conditions = [np.asarray(rng.random(array.shape) < 0.5) for _ in range(2)]
    conditions[0][(0,) * array.ndim], conditions[1][(0,) * array.ndim] = True, False
    pieces = [lambda x: x * x, draw(st.sampled_from([2.5, lambda x: -x]))]
    return [array, conditions, pieces + draw(st.sampled_from([[], [lambda x: 3 * x], [1]]))], {}


@st.composite
def on_a_diagonal(draw):
    """Return an array and what names a diagonal of it."""
    (array,), _ = draw(one(draw(st.sampled_from([real, complex_])), MATRICES))
    first, second = draw(st.permutations(range(array.ndim)))[:2]
    return [array], {
        "offset": draw(st.integers(-5, 5)),
        "axis1": first - draw(st.sampled_from([0, array.ndim])),
        "axis2": second,
    }


@st.composite
def put_on_a_diagonal(draw):
    """Return a diagonal, the shape that it goes into, and where."""
    (array,), keywords = draw(on_a_diagonal())
    return [np.diagonal(array, **keywords).copy(), array.shape], keywords


OFFSET = {"k": lambda _: st.integers(-5, 5)}


# What writes.


@st.composite
def written(draw):
    """Return an array, an array of any shape that broadcasts to it, and a generator."""
    target, values = draw(broadcast(real, real))[0]
    target = np.broadcast_to(target, np.broadcast_shapes(target.shape, values.shape)).copy()
    return target, values, np.random.default_rng(draw(SEEDS))


@st.composite
def copied(draw):
    target, values, rng = draw(written())
    if draw(st.booleans()):
        return [target, values], {}
    return [target, values], {"where": rng.random(target.shape[1:]) < 0.6}


@st.composite
def masked(draw):
    """Return an array, a mask, and some values."""
    (target,), _ = draw(one(real))
    rng = np.random.default_rng(draw(SEEDS))
    values = np.asarray(real(rng, draw(st.sampled_from([(), (1,), (3,), (2, 2)]))))
    return [target, rng.random(target.shape) < 0.5, values], {}


@st.composite
def put(draw):
    (target, _, values), _ = draw(masked())
    target = target.reshape(-1) if target.size else np.ones(2)
    rng = np.random.default_rng(draw(SEEDS))
    mode = draw(st.sampled_from(["raise", "wrap", "clip"]))
    reach = target.size if mode == "raise" else 3 * target.size
    shape = draw(st.sampled_from([(), (4,), (2, 2)]))
    return [target, np.asarray(rng.integers(-reach, reach, shape)), values], {"mode": mode}


@st.composite
def put_along(draw):
    (array, indices), keywords = draw(
        taken_along().filter(lambda drawn: drawn[1]["axis"] is not None)
    )
    shape = draw(st.sampled_from([(), indices.shape]))
    values = np.random.default_rng(draw(SEEDS)).uniform(-3, 3, shape)
    return [array, indices, np.asarray(values), keywords["axis"]], {}


@st.composite
def filled(draw):
    """Return an array, which is cubic where it has more than two axes, and values."""
    shape = draw(st.sampled_from([(3, 3), (2, 4), (5, 2), (2, 2, 2), (1, 1)]))
    rng = np.random.default_rng(draw(SEEDS))
    values = np.asarray(real(rng, draw(st.sampled_from([(), (2,), (7,)]))))
    return [real(rng, shape), values], {"wrap": draw(st.booleans())}


ROWS = [
    Case(np.take, taken()),
    Case(np.take, taken(complex_), label="complex"),
    Case(np.take_along_axis, taken_along()),
    Case(np.compress, compressed()),
    Case(np.extract, extracted()),
    Case(np.choose, chosen()),
    Case(np.select, selected()),
    Case(np.piecewise, pieced()),
    Case(np.diagonal, on_a_diagonal()),
    Case(selection.diagonal_array, put_on_a_diagonal()),
    Case(np.trace, on_a_diagonal()),
    Case(np.diag, one(real, array_shapes(min_dims=1, max_dims=2, min_side=0), **OFFSET)),
    Case(np.diagflat, one(real, **OFFSET)),
    Case(np.tril, one(real, array_shapes(min_dims=1, max_dims=3, min_side=0), **OFFSET)),
    Case(np.triu, one(real, array_shapes(min_dims=1, max_dims=3, min_side=0), **OFFSET)),
    Case(np.copyto, copied(), output="written"),
    Case(np.place, masked(), output="written"),
    Case(np.putmask, masked(), output="written"),
    Case(np.put, put(), output="written"),
    Case(np.put_along_axis, put_along(), output="written"),
    Case(np.fill_diagonal, filled(), output="written"),
]
