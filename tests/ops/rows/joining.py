"""Rows of functions that join arrays, cut them, repeat or pad them."""

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes

from autograd.ops import joining
from tests.ops.case import SEEDS, Case, away_from_zero, axis, distinct, one, real

SOME = array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=3)
LINE = array_shapes(min_dims=1, max_dims=1, min_side=1, max_side=4)
LINES = array_shapes(min_dims=1, max_dims=3, min_side=0, max_side=3)
FILLED = array_shapes(min_dims=1, max_dims=3, min_side=1, max_side=3)


@st.composite
def joined(draw, axis_of, least):
    """Return arrays that differ in the size of the axis that they are joined along."""
    rng = np.random.default_rng(draw(SEEDS))
    shape = list(draw(array_shapes(min_dims=least, max_dims=3, min_side=0, max_side=3)))
    arrays = []
    for kind in (real, real, lambda rng, shape: rng.integers(-3, 3, shape)):
        if len(shape) > axis_of(shape):
            shape[axis_of(shape)] = draw(st.integers(0, 3))
        arrays.append(np.asarray(kind(rng, shape)))
    return [arrays], {}


@st.composite
def columns(draw):
    """Return lines and matrices of one height."""
    rng = np.random.default_rng(draw(SEEDS))
    height = draw(st.integers(0, 3))
    shapes = st.sampled_from([(height,), (height, 2), (height, 0)])
    return [[real(rng, draw(shapes)) for _ in range(3)]], {}


@st.composite
def places(draw, size, even):
    """Return into how many parts an axis is cut, or where."""
    parts = [k for k in range(1, 6) if not even or size % k == 0]
    return draw(st.one_of(st.sampled_from(parts), st.lists(st.integers(-5, 5), max_size=3)))


@st.composite
def cut(draw, dimensions, axis_of):
    """Return an array and where the axis is cut that the function has chosen."""
    shapes = array_shapes(min_dims=dimensions, max_dims=3, min_side=0, max_side=4)
    (array,), _ = draw(one(real, shapes))
    return [array, draw(places(array.shape[axis_of(array.ndim)], True))], {}


@st.composite
def cut_anywhere(draw, even):
    (array,), _ = draw(one(real, LINES))
    k = draw(axis(array.shape))
    return [array, draw(places(array.shape[k], even))], {"axis": k}


def pieces(outputs):
    """Return all pieces as one array, each with its number as a factor."""
    return np.concatenate([np.ravel(piece) * (k + 1.0) for k, piece in enumerate(outputs)])


@st.composite
def resized(draw):
    (array,), _ = draw(one(real, SOME))
    return [array, draw(st.sampled_from([5, (2, 3), (0,), (3, 0), ()]))], {}


@st.composite
def along(draw, shapes=LINES, domain=real):
    """Return an array, an axis of it or None, and how long that is."""
    (array,), _ = draw(one(domain, shapes))
    k = draw(st.one_of(st.none(), axis(array.shape)))
    return array, k, array.size if k is None else array.shape[k]


@st.composite
def deleted(draw):
    """Return an array and an index, a slice, indices or a mask."""
    array, k, size = draw(along(FILLED))
    rng = np.random.default_rng(draw(SEEDS))
    keys = [
        int(rng.integers(-size, size)),
        slice(None, None, -2),
        slice(1, 3),
        rng.integers(-size, size, 2),
        rng.random(size) < 0.5,
        [],
    ]
    return [array, draw(st.sampled_from(keys))], {"axis": k}


@st.composite
def appended(draw):
    array, k, _ = draw(along())
    shape = list(array.shape)
    if k is not None:
        shape[k] = 2
    return [array, real(np.random.default_rng(draw(SEEDS)), shape)], {"axis": k}


@st.composite
def inserted(draw):
    """Return an array, where something is inserted, and what: for one index its axis is first."""
    array, k, size = draw(along())
    rng = np.random.default_rng(draw(SEEDS))
    shape = [array.size] if k is None else list(array.shape)
    rest = shape[: k or 0] + shape[k or 0 :][1:]
    kind = draw(st.sampled_from(["one", "several", "slice", "number"]))
    if kind == "number" or size == 0:
        return [array, 0, np.asarray(real(rng, ()))], {"axis": k}
    if kind == "one":
        return [array, int(rng.integers(-size, size + 1)), real(rng, (2, *rest))], {"axis": k}
    places = slice(0, 2) if kind == "slice" else rng.integers(-size, size, 2)
    shape[k or 0] = min(size, 2) if kind == "slice" else 2
    return [array, places, real(rng, shape)], {"axis": k}


@st.composite
def tiled(draw):
    (array,), _ = draw(one(real, SOME))
    several = st.lists(st.integers(0, 3), max_size=4)
    return [array, draw(st.one_of(st.integers(0, 3), several, several.map(tuple)))], {}


@st.composite
def repeated(draw):
    """Return an array and one number of copies, or one for each element."""
    (array,), _ = draw(one(real, SOME))
    k = draw(st.one_of(st.none(), axis(array.shape))) if array.ndim else None
    size = array.size if k is None else array.shape[k]
    counts = st.lists(st.integers(0, 3), min_size=size, max_size=size).map(np.array)
    copies = st.one_of(st.integers(0, 3), st.sampled_from([[2]]), *([counts] if size else []))
    return [array, draw(copies)], {"axis": k}


@st.composite
def width(draw, ndim):
    """Return widths in one of the ways that NumPy reads them."""
    one_ = st.integers(0, 4)
    pair = st.tuples(one_, one_)
    forms = [one_, pair, pair.map(lambda p: (p,)), st.tuples(*[pair] * ndim)]
    return draw(st.one_of(*forms)) if ndim else draw(one_)


@st.composite
def padded(draw, modes, domain=real, shapes=FILLED, **options):
    """Return an array, widths, a mode, and options of it."""
    (array,), _ = draw(one(domain, shapes))
    keywords = {name: draw(option(array.ndim)) for name, option in options.items()}
    given = {name: option for name, option in keywords.items() if option is not None}
    mode = {"mode": draw(st.sampled_from(modes))} if modes else {}
    return [array, draw(width(array.ndim))], mode | given


def values(ndim):
    return st.sampled_from([None, 2.5, (1.0, -2.0), ((1.5, 2.5),) * max(ndim, 1)])


def lengths(ndim):
    return st.sampled_from([None, 1, 2, 5, (1, 2), ((2, 1),) * ndim])


ANY = array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=3)
STATISTICS = ("mean", "maximum", "minimum")
FLAT = array_shapes(min_dims=1, max_dims=2, min_side=1, max_side=3)


def doubling(rng, shape):
    """Return an array of which no two means of elements tie, nor medians of them."""
    size = int(np.prod(shape))
    return rng.permutation(2.0 ** np.arange(size)).reshape(shape) / 4.0


ROWS = [
    Case(np.vstack, joined(lambda _: 0, 2)),
    Case(np.hstack, joined(lambda shape: int(len(shape) > 1), 1)),
    Case(np.dstack, joined(lambda _: 2, 0)),
    Case(np.column_stack, columns()),
    Case(np.split, cut_anywhere(True), output=pieces),
    Case(np.array_split, cut_anywhere(False), output=pieces),
    Case(np.hsplit, cut(1, lambda ndim: int(ndim > 1)), output=pieces),
    Case(np.vsplit, cut(2, lambda _: 0), output=pieces),
    Case(np.dsplit, cut(3, lambda _: 2), output=pieces),
    Case(np.block, joined(lambda shape: len(shape) - 1, 1)),
    Case(np.resize, resized()),
    Case(np.trim_zeros, one(away_from_zero, LINE, trim=lambda _: st.sampled_from(["fb", "B"]))),
    Case(np.delete, deleted()),
    Case(np.append, appended()),
    Case(np.insert, inserted()),
    Case(np.tile, tiled()),
    Case(np.repeat, repeated()),
    Case(np.pad, padded(["constant"], shapes=ANY, constant_values=values)),
    Case(np.pad, padded(["edge", "reflect", "symmetric", "wrap"]), label="indices"),
    Case(
        np.pad,
        padded(["reflect", "symmetric"], reflect_type=lambda _: st.sampled_from(["even", "odd"])),
        label="reflected",
    ),
    Case(np.pad, padded(["linear_ramp"], end_values=values), label="ramp"),
    Case(np.pad, padded(STATISTICS, distinct, stat_length=lengths), label="statistics"),
    Case(np.pad, padded(["median"], doubling, FLAT, stat_length=lengths), label="medians"),
    Case(joining.pad_with_constants, padded([], shapes=ANY, constant_values=values)),
]
if hasattr(np, "unstack"):
    unstacked = one(real, array_shapes(min_dims=1, max_dims=3, min_side=1, max_side=3), axis=axis)
    ROWS.append(Case(np.unstack, unstacked, output=pieces))
