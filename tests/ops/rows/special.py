"""Rows of `autograd.ops.special`."""

import numpy as np
from hypothesis import strategies as st

from autograd.ops import special
from tests.ops.case import SHAPES, Case, broadcast, complex_, flags, one, real


def turned(rng, shape):
    """Return complex numbers away from zero and from the negative axis."""
    return rng.uniform(0.5, 3.0, shape) * np.exp(1j * rng.uniform(-2.5, 2.5, shape))


def far(rng, shape):
    """Return numbers on both sides of where the formulas change, and not near there."""
    return rng.choice([-1.0, 1.0], shape) * rng.choice([0.0, 2.0, 20.0, 35.0], shape) + 0.3


def holed(rng, shape):
    """Return numbers and NaN."""
    array = np.asarray(real(rng, shape))
    array[rng.random(shape) < 0.3] = np.nan
    return array


def holed_complex(rng, shape):
    """Return complex numbers whose parts are NaN here and there."""
    array = np.asarray(complex_(rng, shape))
    array.real[rng.random(shape) < 0.3] = np.nan
    array.imag[rng.random(shape) < 0.3] = np.nan
    return array


def infinite(rng, shape):
    """Return numbers and infinities."""
    array = np.asarray(real(rng, shape))
    array[rng.random(shape) < 0.3] = rng.choice([np.inf, -np.inf])
    return array


def ends(_):
    return st.sampled_from([-2.5, 7.0])


def orders(_):
    return st.integers(0, 4)


ROWS = [
    Case(np.sinc, broadcast(real)),
    Case(special.derivative_of_sinc, one(real, SHAPES, n=orders)),
    Case(np.i0, broadcast(real)),
    Case(np.i0, broadcast(far), label="far"),
    Case(special.bessel, one(real, SHAPES, n=orders)),
    Case(np.nan_to_num, one(holed, SHAPES, nan=lambda _: st.sampled_from([0.0, 2.5]))),
    Case(np.nan_to_num, one(infinite, SHAPES, posinf=ends, neginf=ends), label="infinite"),
    Case(np.nan_to_num, one(holed_complex, SHAPES), label="complex"),
    Case(special.finite_numbers, one(holed, SHAPES)),
    Case(np.angle, one(turned, SHAPES, deg=flags)),
    Case(np.real_if_close, broadcast(complex_)),
]
