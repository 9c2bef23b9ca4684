"""One row for each primitive: where its arguments are sampled, what its keywords may be.

A row's `sample` is a hypothesis strategy of `(args, kwargs)`. The arguments that are differentiated
are the arrays of float64 and complex128 among `args`, alone or in a list. `analytic` says that the
function takes complex numbers and is holomorphic there, so that the complex step is exact (for real
arguments only). `output` says what is differentiated where there are several outputs, or where they
are defined up to a sign only: which one, or a function of what is returned; "written" is the first
argument, of functions that return nothing and write into it. A function may have several rows, told
apart by `label`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, mutually_broadcastable_shapes

SHAPES = array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4)
FILLED = array_shapes(min_dims=0, max_dims=3, min_side=1, max_side=4)
SEEDS = st.integers(0, 2**32 - 1)


@dataclass(frozen=True)
class Case:
    """A function, how to sample its arguments, and what is known about it."""

    function: Callable[..., Any]
    sample: st.SearchStrategy[Any]
    analytic: bool = False
    output: int | str | Callable[..., Any] | None = None
    label: str = ""

    @property
    def name(self):
        """Return what the row is called in reports."""
        name = getattr(self.function, "__name__", str(self.function))
        return f"{name}-{self.label}" if self.label else name


# Domains: from a generator and a shape to an array.


def real(rng, shape):
    return rng.uniform(-3.0, 3.0, shape)


def complex_(rng, shape):
    return real(rng, shape) + 1j * real(rng, shape)


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
