"""Rows of functions with a diagonal Jacobian."""

import numpy as np
from hypothesis import strategies as st

from autograd.ops import elementwise as elementwise_rules
from tests.ops.case import (
    Case,
    above_one,
    away_from_integers,
    away_from_zero,
    broadcast,
    inside_unit,
    integer,
    one,
    positive,
    real,
)


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


def whole(rng, shape):
    return rng.integers(-2, 3, shape).astype(float)


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


def clip_bounds(_):
    return st.sampled_from([None, -1.0, -2])


ROWS = [
    Case(np.add, broadcast(real, real), analytic=True),
    Case(np.subtract, broadcast(real, real), analytic=True),
    Case(np.multiply, broadcast(real, real), analytic=True),
    Case(np.divide, broadcast(real, away_from_zero), analytic=True),
    Case(np.negative, broadcast(real), analytic=True),
    Case(np.positive, broadcast(real), analytic=True),
    Case(np.reciprocal, broadcast(away_from_zero), analytic=True),
    Case(np.square, broadcast(real), analytic=True),
    Case(np.power, broadcast(positive, real), analytic=True),
    Case(np.power, broadcast(positive, whole), label="whole"),
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
    Case(
        np.absolute,
        broadcast(lambda rng, shape: away_from_zero(rng, shape) * (1 - 0.5j)),
        label="complex",
    ),
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
]
