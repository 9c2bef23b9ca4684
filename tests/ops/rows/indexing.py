"""Rows of reading and adding elements."""

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes

from autograd.ops import indexing
from tests.ops.case import SEEDS, Case, axis, one, real


@st.composite
def indexed(draw):
    """Return an array and a key of any kind that NumPy knows."""
    shape = draw(array_shapes(min_dims=1, max_dims=3, min_side=1, max_side=4))
    (array,), _ = draw(one(real, st.just(shape)))
    rng = np.random.default_rng(draw(SEEDS))
    first = [
        draw(axis(shape[:1]).map(lambda k: k % shape[0])),
        slice(None),
        slice(None, None, -1),
        slice(1, None, 2),
        slice(0, 0),
        None,
        Ellipsis,
        rng.integers(-shape[0], shape[0], 5),
        list(rng.integers(0, shape[0], 2)),
        rng.integers(0, shape[0], (2, 2)),
        rng.random(shape[0]) < 0.5,
        rng.random(shape) < 0.5,
    ]
    more = [
        (first[7], slice(None, None, 2)),
        (Ellipsis, -1),
        (first[7], first[7] % shape[-1]),
        (None, first[7], None),
    ]
    key = draw(st.sampled_from(first + (more if len(shape) == 2 else [()])))
    return [array, key], {}


@st.composite
def scattered(draw):
    """Return what is added, a key, and the shape that it is added into."""
    (array, key), _ = draw(indexed())
    values = np.asarray(array[key])
    return [np.random.default_rng(draw(SEEDS)).uniform(-3, 3, values.shape), key, array.shape], {}


ROWS = [
    Case(indexing.getitem_function, indexed()),
    Case(indexing.scatter_array, scattered()),
]


@st.composite
def overwritten(draw):
    """Return an array, what is written into it, and a key; sometimes through a view."""
    (array, key), _ = draw(indexed())
    path = ()
    if array.ndim > 1 and draw(st.booleans()):
        path = ((indexing.getitem, ((Ellipsis, slice(None, None, -1)),), {}),)
    rng = np.random.default_rng(draw(SEEDS))
    part = np.asarray(array[key])
    masked = isinstance(key, np.ndarray) and key.dtype == bool and key.ndim > 1
    shape = part.shape if masked else draw(broadcastable_to(part.shape))
    return [array, np.asarray(rng.uniform(-3, 3, shape)), key], {"path": path}


def broadcastable_to(shape):
    """Return a strategy of shapes that NumPy lets one write into a place of `shape`."""
    more = {(1, *shape)} if len(shape) > 1 else set()
    return st.sampled_from(sorted({shape, shape[1:], (), (1, 1)[: len(shape)]} | more))


ROWS.append(Case(indexing.written_array, overwritten()))


@st.composite
def windows(draw):
    """Return an array, a window that fits into it, and the axes that it goes along."""
    shape = draw(array_shapes(min_dims=1, max_dims=2, min_side=1, max_side=4))
    (array,), _ = draw(one(real, st.just(shape)))
    along = draw(st.sampled_from([None, 0, -1, (0,), (0, 0)]))
    sizes = shape if along is None else (shape[0] if along != -1 else shape[-1],)
    if along == (0, 0):
        window = (1, draw(st.integers(1, sizes[0])))
    else:
        window = tuple(draw(st.integers(1, size)) for size in sizes)
    return [array, window], {"axis": along}


ROWS.append(Case(np.lib.stride_tricks.sliding_window_view, windows()))
