"""One row for each primitive: where its arguments are sampled, what its keywords may be.

A row's `sample` is a hypothesis strategy of `(args, kwargs)`. The arguments that are differentiated
are the arrays of float64 among `args`, alone or in a list. `analytic` says that the function takes
complex numbers and is holomorphic there, so that the complex step is exact.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, broadcastable_shapes, mutually_broadcastable_shapes

from autograd.ops import elementwise as elementwise_rules
from autograd.ops import indexing

SHAPES = array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4)
FILLED = array_shapes(min_dims=0, max_dims=3, min_side=1, max_side=4)
SEEDS = st.integers(0, 2**32 - 1)


@dataclass(frozen=True)
class Case:
    """A function, how to sample its arguments, and what is known about it."""

    function: Callable[..., Any]
    sample: st.SearchStrategy[Any]
    analytic: bool = False
    output: int | None = None  # which of several outputs is differentiated

    @property
    def name(self):
        """Return what the row is called in reports."""
        return getattr(self.function, "__name__", str(self.function))


# Domains: from a generator and a shape to an array.


def real(rng, shape):
    return rng.uniform(-3.0, 3.0, shape)


def positive(rng, shape):
    return rng.uniform(0.2, 3.0, shape)


def above_one(rng, shape):
    return 1.0 + rng.integers(0, 3, shape) + 0.05


def inside_unit(rng, shape):
    return rng.uniform(-0.9, 0.9, shape)


def away_from_zero(rng, shape):
    return rng.choice([-1.0, 1.0], shape) * positive(rng, shape)


def away_from_integers(rng, shape):
    return rng.integers(-3, 3, shape) + rng.uniform(0.1, 0.9, shape)


def distinct(rng, shape):
    """Return an array without ties: its elements are a tenth apart at least."""
    size = int(np.prod(shape))
    return (rng.permutation(size) - size // 2 + rng.uniform(0.1, 0.9)).reshape(shape) / 4.0


def integer(rng, shape):
    """Return integers, which are not differentiated."""
    return rng.integers(-3, 4, shape)


def between_powers_of_two(rng, shape):
    return (
        rng.choice([-1.0, 1.0], shape)
        * rng.uniform(0.6, 0.9, shape)
        * 2.0 ** rng.integers(-1, 3, shape)
    )


def at_most_one(rng, shape):
    """Return whole numbers as floats."""
    return rng.integers(-3, 2, shape).astype(float)


def truth(rng, shape):
    """Return booleans, which are not differentiated."""
    return rng.random(shape) < 0.5


# Samples.


@st.composite
def broadcast(draw, *domains):
    """Return an array for each domain, of shapes that broadcast together; 0-d and empty too."""
    shapes = draw(
        mutually_broadcastable_shapes(num_shapes=len(domains), min_side=0, max_dims=3, max_side=3)
    )
    rng = np.random.default_rng(draw(SEEDS))
    return [np.asarray(d(rng, s)) for d, s in zip(domains, shapes.input_shapes, strict=True)], {}


@st.composite
def pairs_apart(draw):
    """Return two arrays that broadcast together and nowhere tie."""
    (x, y), _ = draw(broadcast(away_from_integers, integer))
    return [x, y.astype(float)], {}


@st.composite
def divisions(draw):
    """Return x and y of all signs for which x / y is no integer, nor near one."""
    (quotient, y), _ = draw(broadcast(away_from_integers, away_from_zero))
    quotient, y = np.broadcast_arrays(quotient, y)
    return [np.asarray(quotient * y), y.copy()], {}


@st.composite
def one(draw, domain, shapes=SHAPES, **keywords):
    """Return one array, and keywords drawn for its shape."""
    shape = draw(shapes)
    array = np.asarray(domain(np.random.default_rng(draw(SEEDS)), shape))
    return [array], {name: draw(strategy(shape)) for name, strategy in keywords.items()}


def axes(shape):
    """Return a strategy of `axis` of a reduction: None, one, negative, several."""
    ndim = len(shape)
    if not ndim:
        return st.none()
    single = st.integers(-ndim, ndim - 1)
    several = st.lists(st.integers(0, ndim - 1), unique=True, min_size=1).flatmap(
        lambda found: st.sampled_from([tuple(found), tuple(axis - ndim for axis in found)])
    )
    return st.one_of(st.none(), single, several)


def axis(shape, extra=0):
    """Return a strategy of one axis."""
    return st.integers(-len(shape) - extra, len(shape) - 1 + extra)


def flags(_):
    return st.booleans()


def masks(shape):
    """Return a strategy of `where`: all, or an array that takes the first of each axis at least."""

    def mask(seed):
        chosen = np.random.default_rng(seed).random(shape) < 0.7
        return chosen | np.all(np.indices(shape) == 0, axis=0) if shape else np.True_

    return SEEDS.map(mask)


@st.composite
def summands(draw, domain=real):
    """Return an array and keywords of `sum`."""
    args, keywords = draw(one(domain, axis=axes, keepdims=flags))
    if draw(st.booleans()):
        keywords["where"] = np.random.default_rng(draw(SEEDS)).random(args[0].shape) < 0.6
    return args, keywords


@st.composite
def averaged(draw):
    """Return an array and keywords of `mean`, each result of one element at least."""
    args, keywords = draw(one(real, FILLED, axis=axes, keepdims=flags))
    if draw(st.booleans()) and args[0].ndim:
        where = np.random.default_rng(draw(SEEDS)).random(args[0].shape) < 0.6
        where[np.sum(where, keywords["axis"], keepdims=True) * np.ones_like(where) == 0] = True
        keywords["where"] = where
    return args, keywords


@st.composite
def spread(draw):
    """Return an array and keywords of `var` and `std`, with enough elements in each result."""
    shape = draw(array_shapes(min_dims=1, max_dims=3, min_side=2, max_side=4))
    array = distinct(np.random.default_rng(draw(SEEDS)), shape)
    return [array], {
        "axis": draw(axes(shape)),
        "ddof": draw(st.integers(0, 1)),
        "keepdims": draw(st.booleans()),
    }


@st.composite
def products(draw):
    """Return an array and keywords of `prod`; often with zeros in it."""
    args, keywords = draw(one(real, axis=axes, keepdims=flags))
    rng = np.random.default_rng(draw(SEEDS))
    args[0][rng.random(args[0].shape) < draw(st.sampled_from([0.0, 0.2, 0.6]))] = 0.0
    return args, keywords


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


@st.composite
def multiplied(draw, batched=True):
    """Return two arrays for a matrix product: vectors, matrices, batches that broadcast."""
    rng = np.random.default_rng(draw(SEEDS))
    n, k, m = (draw(st.integers(0, 3)) for _ in range(3))
    left, right = draw(
        st.sampled_from(
            [(1, 1), (1, 2), (2, 1), (2, 2), (3, 2), (2, 3), (3, 3), (1, 3), (3, 1), (4, 3)]
        )
    )
    before = [draw(st.sampled_from([1, 2])) if batched else 2 for _ in range(4)]
    x = {1: (k,), 2: (n, k), 3: (before[0], n, k), 4: (before[2], before[0], n, k)}[left]
    y = {1: (k,), 2: (k, m), 3: (before[1], k, m)}[right]
    return [rng.uniform(-3, 3, x), rng.uniform(-3, 3, y)], {}


@st.composite
def dotted(draw):
    """Return two arrays for `dot`, a number among them too."""
    if draw(st.booleans()):
        return draw(
            broadcast(real, real).filter(lambda sample: 0 in (sample[0][0].ndim, sample[0][1].ndim))
        )
    return draw(multiplied(batched=False))


def clip_bounds(_):
    return st.sampled_from([None, -1.0, -2])


CASES = [
    Case(np.add, broadcast(real, real), analytic=True),
    Case(np.subtract, broadcast(real, real), analytic=True),
    Case(np.multiply, broadcast(real, real), analytic=True),
    Case(np.divide, broadcast(real, away_from_zero), analytic=True),
    Case(np.negative, broadcast(real), analytic=True),
    Case(np.positive, broadcast(real), analytic=True),
    Case(np.reciprocal, broadcast(away_from_zero), analytic=True),
    Case(np.square, broadcast(real), analytic=True),
    Case(np.power, broadcast(positive, real), analytic=True),
    Case(np.float_power, broadcast(positive, real), analytic=True),
    Case(np.remainder, divisions()),
    Case(np.fmod, divisions()),
    Case(np.divmod, divisions(), output=1),
    Case(np.sqrt, broadcast(positive), analytic=True),
    Case(np.cbrt, broadcast(away_from_zero)),
    Case(np.exp, broadcast(real), analytic=True),
    Case(np.exp2, broadcast(real), analytic=True),
    Case(np.expm1, broadcast(real), analytic=True),
    Case(np.log, broadcast(positive), analytic=True),
    Case(np.log2, broadcast(positive), analytic=True),
    Case(np.log10, broadcast(positive), analytic=True),
    Case(np.log1p, broadcast(inside_unit), analytic=True),
    Case(np.logaddexp, broadcast(real, real)),
    Case(np.logaddexp2, broadcast(real, real)),
    Case(np.sin, broadcast(real), analytic=True),
    Case(np.cos, broadcast(real), analytic=True),
    Case(np.tan, broadcast(inside_unit), analytic=True),
    Case(np.arcsin, broadcast(inside_unit), analytic=True),
    Case(np.arccos, broadcast(inside_unit), analytic=True),
    Case(np.arctan, broadcast(real), analytic=True),
    Case(np.sinh, broadcast(real), analytic=True),
    Case(np.cosh, broadcast(real), analytic=True),
    Case(np.tanh, broadcast(real), analytic=True),
    Case(np.arcsinh, broadcast(real), analytic=True),
    Case(np.arccosh, broadcast(above_one), analytic=True),
    Case(np.arctanh, broadcast(inside_unit), analytic=True),
    Case(np.degrees, broadcast(real)),
    Case(np.rad2deg, broadcast(real)),
    Case(np.radians, broadcast(real)),
    Case(np.deg2rad, broadcast(real)),
    Case(np.hypot, broadcast(away_from_zero, away_from_zero)),
    Case(np.arctan2, broadcast(away_from_zero, away_from_zero)),
    Case(np.maximum, pairs_apart()),
    Case(np.minimum, pairs_apart()),
    Case(np.fmax, pairs_apart()),
    Case(np.fmin, pairs_apart()),
    Case(np.absolute, broadcast(away_from_zero)),
    Case(np.fabs, broadcast(away_from_zero)),
    Case(np.copysign, broadcast(away_from_zero, away_from_zero)),
    Case(np.heaviside, broadcast(integer, real)),
    Case(np.nextafter, broadcast(away_from_zero, real)),
    Case(np.ldexp, broadcast(real, integer)),
    Case(np.modf, broadcast(away_from_integers), output=0),
    Case(elementwise_rules.fraction, broadcast(away_from_integers)),
    Case(np.frexp, broadcast(between_powers_of_two), output=0),
    Case(np.where, broadcast(truth, real, real)),
    Case(
        np.clip,
        one(away_from_integers, a_min=clip_bounds, a_max=lambda _: st.sampled_from([None, 2.0])),
    ),
    Case(elementwise_rules.bounded, broadcast(away_from_integers, at_most_one, above_one)),
    Case(np.conjugate, broadcast(real)),
    Case(np.real, broadcast(real)),
    Case(np.sum, summands()),
    Case(np.mean, averaged()),
    Case(np.max, one(distinct, FILLED, axis=axes, keepdims=flags)),
    Case(np.min, one(distinct, FILLED, axis=axes, keepdims=flags)),
    Case(np.prod, products(), analytic=True),
    Case(np.var, spread()),
    Case(np.std, spread()),
    Case(np.reshape, reshaped()),
    Case(np.ravel, one(real, order=lambda _: st.sampled_from("CFAK"))),
    Case(np.transpose, permuted()),
    Case(np.swapaxes, two_axes()),
    Case(np.moveaxis, moved()),
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
    Case(indexing.getitem_function, indexed()),
    Case(indexing.scatter_array, scattered()),
    Case(np.matmul, multiplied(), analytic=True),
    Case(np.dot, dotted(), analytic=True),
]
