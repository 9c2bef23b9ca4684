"""Functions of one array that need more than a line: `sinc`, `i0`, directions of complex numbers.

`sinc` and `i0` have derivatives of every order, exact at zero too: each is the next of a family.
"""

import math
from typing import Any

import numpy as np

from autograd.errors import KeywordError
from autograd.primitive import Primitive, composite, elementwise
from autograd.tensor import Tensor

# The derivatives of sin(πx) / (πx): near zero by the Taylor series, elsewhere by the recurrence
# that n-fold differentiation of x sinc(x) = sin(πx) / π gives.

NEAR, TERMS = 0.7, 24


def derivative_of_sinc(x, n):
    """Return the n-th derivative of ``np.sinc``."""
    near = np.abs(x) < NEAR
    small, large = np.where(near, x, 0), np.where(near, 1, x)
    series = 0 * small
    for k in range(TERMS, (n + 1) // 2 - 1, -1):
        size = math.pi ** (2 * k) / math.factorial(2 * k + 1) * math.perm(2 * k, n)
        series = series + (-1) ** k * size * small ** (2 * k - n)
    waves = np.sin(np.pi * large), np.cos(np.pi * large)
    found = waves[0] / (np.pi * large)
    for order in range(1, n + 1):
        wave = waves[order % 2] * (1, 1, -1, -1)[order % 4]
        found = (math.pi ** (order - 1) * wave - order * found) / large
    return np.where(near, series, found)[()]


sinc_derivative: Primitive = elementwise(
    derivative_of_sinc, lambda g, x, n: g * sinc_derivative(x, n + 1), name="derivative of sinc"
)
elementwise(np.sinc, lambda g, x: g * sinc_derivative(x, 1))

# The modified Bessel functions of integer order: DLMF 10.25.2 (series) and 10.40.1 (for large x).

FAR = 30.0


def bessel(x, n):
    """Return the modified Bessel function of the first kind of integer order."""
    modulus = np.abs(x).astype(np.promote_types(x.dtype, np.float64))  # for e**30
    near = modulus < FAR
    small, large = np.where(near, modulus, 0), np.where(near, FAR, modulus)
    series = term = (small / 2) ** n / math.factorial(n)
    for k in range(1, 80):
        term = term * (small * small / (4 * k * (k + n)))
        series = series + term
    far = part = 1 + 0 * large
    for k in range(1, 30):
        part = part * (((2 * k - 1) ** 2 - 4 * n * n) / (8 * k * large))
        far = far + part
    found = np.where(near, series, far * (np.exp(large) / np.sqrt(2 * np.pi * large)))
    return (found * np.sign(x) ** n).astype(x.dtype)[()]


bessel_function: Primitive = elementwise(
    bessel,
    lambda g, x, n: g * ((bessel_function(x, abs(n - 1)) + bessel_function(x, n + 1)) / 2),
    name="modified Bessel function",
)
elementwise(np.i0, lambda g, x: g * bessel_function(x, 1))

# What is not finite, replaced.


def finite_numbers(x, nan=0.0, posinf=None, neginf=None):
    """Return ``np.nan_to_num``, a copy."""
    return np.nan_to_num(x, nan=nan, posinf=posinf, neginf=neginf)


replaced = elementwise(
    finite_numbers,
    lambda g, x: np.where(np.isfinite(x), g, 0),
    name="nan_to_num",
    harmless=("nan", "posinf", "neginf"),
    chooses=True,
)


def nan_to_num(x, copy=True, nan=0.0, posinf=None, neginf=None):
    """Replace what is not finite; never in place."""
    if not copy:
        raise KeywordError(
            "np.nan_to_num of a Tensor does not take copy=False; write t[...] = np.nan_to_num(t)"
        )
    by = {"nan": nan, "posinf": posinf, "neginf": neginf}
    if x.dtype.kind == "c":  # each part by itself
        return replaced(np.real(x), **by) + 1j * replaced(np.imag(x), **by)
    return replaced(x, **by)


composite(np.nan_to_num, nan_to_num)

# Complex numbers: direction and angle.


def angle(z, deg=False):
    """Return the angle to the positive real axis."""
    part: Any = z if isinstance(z, Tensor) else np.asarray(z)
    found = np.arctan2(np.imag(part), np.real(part))
    return found * (180 / math.pi) if deg else found


def real_if_close(a, tol=100):
    """Return the real part where the imaginary one is no more than rounding."""
    return a if np.iscomplexobj(np.real_if_close(a.data, tol)) else np.real(a)


composite(np.angle, angle)
composite(np.real_if_close, real_if_close)
