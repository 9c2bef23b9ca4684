"""Spherical harmonics and spheroidal wave functions, in their angles and arguments."""

import numpy as np
import scipy.special as sc

from autograd.errors import KeywordError
from autograd.ops.conversion import holds_tensor, joined
from autograd.primitive import composite, elementwise
from autograd.scipy.special.common import no_derivative
from autograd.tensor import Tensor

HAS_HARMONICS = hasattr(sc, "sph_harm_y")  # since SciPy 1.15


def ladder(n, m, step):
    """Return the factor of the step from order m to the next, or to the one before."""
    return np.sqrt(np.maximum((n - step * m) * (n + step * m + 1.0), 0))


def harmonic(n, m, theta, phi):
    """Return ``scipy.special.sph_harm_y``, and 0 of orders that are too high."""
    inside = np.abs(m) <= n
    return np.where(inside, sc.sph_harm_y(n, np.where(inside, m, 0), theta, phi), 0)[()]


def side(theta):
    """Return the sign of sin θ: SciPy takes its absolute value in the functions."""
    return np.where(np.sin(theta) < 0, -1, 1)


def harmonic_vjp_theta(g, n, m, theta, phi):
    """Return the cotangent of the polar angle: half the difference of the steps up and down."""
    turn = np.exp(1j * phi)
    up = ladder(n, m, 1) * spherical(n, m + 1, theta, phi) / turn
    down = ladder(n, m, -1) * spherical(n, m - 1, theta, phi) * turn
    return g * ((up - down) * (side(theta) / 2))


spherical = elementwise(
    harmonic,
    no_derivative("sph_harm_y", "n"),
    no_derivative("sph_harm_y", "m"),
    harmonic_vjp_theta,
    lambda g, ans, m: g * (1j * m * ans),
    name="sph_harm_y",
)


def polar(n, m, theta):
    """Return ``scipy.special.sph_legendre_p``, and 0 of orders that are too high."""
    inside = np.abs(m) <= n
    found = sc.sph_legendre_p(n, np.where(inside, m, 0), theta)
    found = np.reshape(found, np.broadcast_shapes(np.shape(n), np.shape(m), np.shape(theta)))
    return np.where(inside, found, 0)[()]


def polar_vjp(g, n, m, theta):
    up = ladder(n, m, 1) * polar_part(n, m + 1, theta)
    down = ladder(n, m, -1) * polar_part(n, m - 1, theta)
    return g * ((up - down) * (side(theta) / 2))


polar_part = elementwise(
    polar,
    no_derivative("sph_legendre_p", "n"),
    no_derivative("sph_legendre_p", "m"),
    polar_vjp,
    name="sph_legendre_p",
)


def without_derivatives(name, diff_n):
    """Raise where derivatives are asked for by SciPy's own keyword."""
    if diff_n:
        raise KeywordError(
            f"scipy.special.{name} of a Tensor does not take diff_n={diff_n!r}; differentiate it "
            f"with autograd, or pass arrays (t.data)"
        )


def sph_harm_y(n, m, theta, phi, *, diff_n=0):
    """Return `scipy.special.sph_harm_y`, of Tensors too."""
    if not holds_tensor((n, m, theta, phi)):
        return sc.sph_harm_y(n, m, theta, phi, diff_n=diff_n)
    without_derivatives("sph_harm_y", diff_n)
    return spherical(n, m, joined(theta), joined(phi))


def sph_legendre_p(n, m, theta, *, diff_n=0):
    """Return `scipy.special.sph_legendre_p`, of Tensors too."""
    if not holds_tensor((n, m, theta)):
        return sc.sph_legendre_p(n, m, theta, diff_n=diff_n)
    without_derivatives("sph_legendre_p", diff_n)
    found = polar_part(n, m, joined(theta))
    values = [item.data if isinstance(item, Tensor) else item for item in (n, m, joined(theta))]
    return np.reshape(found, np.shape(sc.sph_legendre_p(*values)))  # SciPy adds an axis


# Spheroidal wave functions and their slopes, DLMF 30.2.1; the oblate radial ones are of i x.


def prolate(m, c, x, level, value, slope):
    """Return the second derivative."""
    rest = 1 - x * x
    return (2 * x * slope - (level - c * c * x * x - m * m / rest) * value) / rest


def oblate(m, c, x, level, value, slope):
    rest = 1 - x * x
    return (2 * x * slope - (level + c * c * x * x - m * m / rest) * value) / rest


def oblate_radial(m, c, x, level, value, slope):
    rest = 1 + x * x
    return ((level - c * c * x * x - m * m / rest) * value - 2 * x * slope) / rest


def spheroidal(function, characteristic, equation):
    """State a function of m, n, c, x with its slope, given the characteristic value."""
    name = function.__name__
    refused = [no_derivative(name, argument) for argument in ("m", "n", "c")]

    def part(m, n, c, x, k):
        return function(m, n, c, x)[k]

    def rule(g, m, n, c, x, k):
        if not k:
            return g * output(m, n, c, x, 1)
        level = characteristic(m, n, c)
        return g * equation(m, c, x, level, output(m, n, c, x, 0), output(m, n, c, x, 1))

    part.__name__ = f"part_of_{name}"
    output = elementwise(part, *refused, rule, name=name)
    composite(function, lambda m, n, c, x: (output(m, n, c, x, 0), output(m, n, c, x, 1)))
    return part


SPHEROIDAL = [
    spheroidal(sc.pro_ang1, sc.pro_cv, prolate),
    spheroidal(sc.pro_rad1, sc.pro_cv, prolate),
    spheroidal(sc.obl_ang1, sc.obl_cv, oblate),
    spheroidal(sc.obl_rad1, sc.obl_cv, oblate_radial),
]
