"""Rows of parts of complex numbers."""

import numpy as np

from autograd.ops import complex_parts
from tests.ops.case import Case, away_from_zero, broadcast, complex_, real
from tests.ops.rows.elementwise import truth


def turned(rng, shape):
    """Return complex numbers away from zero and from the negative axis."""
    return rng.uniform(0.5, 3.0, shape) * np.exp(1j * rng.uniform(-2.5, 2.5, shape))


def small(rng, shape):
    """Return complex numbers inside the unit circle, away from the real axis and zero."""
    return 0.3 * turned(rng, shape) + 0.05j


def away(rng, shape):
    """Return complex numbers away from zero, one and the cuts of the inverse functions."""
    return rng.uniform(0.5, 2.0, shape) + 1j * rng.choice([-1, 1], shape) * rng.uniform(
        0.5, 2, shape
    )


HOLOMORPHIC = {
    away: [
        np.square, np.reciprocal, np.sqrt, np.exp, np.exp2, np.expm1, np.log, np.log2, np.log10,
        np.log1p, np.sin, np.cos, np.tan, np.arcsin, np.arccos, np.arctan, np.sinh, np.cosh,
        np.tanh, np.arcsinh, np.arccosh, np.arctanh, np.negative, np.positive, np.sinc,
    ],
    small: [np.sin, np.tan, np.arcsin, np.arctanh, np.log1p, np.expm1],
}  # fmt: skip

ROWS = [
    Case(np.conjugate, broadcast(real)),
    Case(np.real, broadcast(real)),
]
ROWS += [
    Case(function, broadcast(complex_), label="complex")
    for function in (np.conjugate, np.real, np.imag)
]
ROWS += [
    Case(function, broadcast(domain), label=f"complex {domain.__name__}")
    for domain, functions in HOLOMORPHIC.items()
    for function in functions
]
ROWS += [
    Case(function, broadcast(*domains), label=" ".join(("complex", *(d.__name__ for d in domains))))
    for function in (np.add, np.subtract, np.multiply, np.divide, np.power, np.float_power)
    for domains in ((away, away), (away, away_from_zero), (turned, away))
]
ROWS += [
    Case(np.multiply, broadcast(real, away), label="real by complex"),
    Case(
        np.power,
        broadcast(lambda rng, shape: rng.uniform(0.5, 2, shape), away),
        label="real to complex",
    ),
    Case(np.where, broadcast(truth, complex_, real), label="complex"),
    Case(np.sign, broadcast(turned), label="complex"),
    Case(complex_parts.complex_sign, broadcast(turned)),
]
