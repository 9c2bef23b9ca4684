"""Functions near Bessel's: Airy's, Kelvin's, Struve's, parabolic cylinders, Wright's, integrals.

Those with several outputs are taken apart: each output is a function of its own.
"""

import math

import numpy as np
import scipy.special as sc

from autograd.errors import NotDifferentiableError
from autograd.primitive import Primitive, composite, elementwise
from autograd.scipy.special.common import no_derivative, quotient

# Airy's, by his equation w'' = z w.


def airy_part(z, k):
    """Return an output of ``scipy.special.airy``: Ai, Ai', Bi or Bi'."""
    return sc.airy(z)[k]


def airy_rule(g, z, k):
    return g * (airy_output(z, k + 1) if k % 2 == 0 else z * airy_output(z, k - 1))


airy_output: Primitive = elementwise(airy_part, airy_rule, name="airy")
composite(sc.airy, lambda z: tuple(airy_output(z, k) for k in range(4)))


def scaled_airy_part(z, k):
    """Return an output of ``scipy.special.airye``: with factors exp(±2/3 z^(3/2))."""
    return sc.airye(z)[k]


def scaled_airy_rule(g, ans, z, k):
    """Return the rule of the unscaled function, and the slope of the factor, 1 left of 0."""
    if np.iscomplexobj(z):
        raise NotDifferentiableError(
            "airye has no derivative here of complex numbers; use airy, or pass an array (t.data)"
        )
    root = np.sqrt(np.maximum(z, 0)) * (1 if k < 2 else -1)
    other = scaled_airy_output(z, k + 1) if k % 2 == 0 else z * scaled_airy_output(z, k - 1)
    return g * (other + root * ans)


scaled_airy_output: Primitive = elementwise(scaled_airy_part, scaled_airy_rule, name="airye")
composite(sc.airye, lambda z: tuple(scaled_airy_output(z, k) for k in range(4)))

# Kelvin's: f'' = i f - f'/x with f = ber + i bei, or ker + i kei (DLMF 10.61.3).


def kelvin_pair(real, real_slope, imaginary, imaginary_slope, limit):
    """State the parts of a solution and their slopes; `limit` is that of f'/x at 0, for i."""
    elementwise(real, lambda g, x: g * real_slope(x))
    elementwise(imaginary, lambda g, x: g * imaginary_slope(x))
    elementwise(real_slope, lambda g, ans, x: -g * (quotient(ans, x) + imaginary(x)))
    elementwise(
        imaginary_slope,
        lambda g, ans, x: g * (real(x) - np.where(x == 0, limit, ans / np.where(x == 0, 1, x))),
    )


kelvin_pair(sc.ber, sc.berp, sc.bei, sc.beip, 0.5)
kelvin_pair(sc.ker, sc.kerp, sc.kei, sc.keip, math.inf)


def kelvin_part(x, k):
    """Return an output of ``scipy.special.kelvin``: Be, Ke, Be' or Ke'."""
    return sc.kelvin(x)[k]


def kelvin_rule(g, ans, x, k):
    if k < 2:
        return g * kelvin_output(x, k + 2)
    return g * (1j * kelvin_output(x, k - 2) - ans / x)


kelvin_output: Primitive = elementwise(kelvin_part, kelvin_rule, name="kelvin")
composite(sc.kelvin, lambda x: tuple(kelvin_output(x, k) for k in range(4)))

# Struve's, DLMF 11.4.27 and 11.4.30.


def struve_rest(v, x):
    """Return (x/2)^v / (√π gamma(v + 3/2))."""
    return (x / 2) ** v * sc.rgamma(v + 1.5) / math.sqrt(math.pi)


elementwise(
    sc.struve,
    no_derivative("struve", "v"),
    lambda g, v, x: g * ((sc.struve(v - 1, x) - sc.struve(v + 1, x) + struve_rest(v, x)) / 2),
    parameters=("v", "x"),
)
elementwise(
    sc.modstruve,
    no_derivative("modstruve", "v"),
    lambda g, v, x: g * ((sc.modstruve(v - 1, x) + sc.modstruve(v + 1, x) + struve_rest(v, x)) / 2),
    parameters=("v", "x"),
)

# Integrals from 0 to x, or from x to infinity, have their integrands for slopes.


def several(function, *slopes):
    """State a function of one number with several outputs, given the slope of each."""

    def part(x, k):
        return function(x)[k]

    part.__name__ = f"part_of_{function.__name__}"
    output = elementwise(part, lambda g, x, k: g * slopes[k](x), name=function.__name__)
    composite(function, lambda x: tuple(output(x, k) for k in range(len(slopes))))
    return part


itj0y0_part = several(sc.itj0y0, sc.j0, sc.y0)
iti0k0_part = several(sc.iti0k0, sc.i0, sc.k0)
it2j0y0_part = several(sc.it2j0y0, lambda x: quotient(1 - sc.j0(x), x), lambda x: -sc.y0(x) / x)
it2i0k0_part = several(sc.it2i0k0, lambda x: quotient(sc.i0(x) - 1, x), lambda x: -sc.k0(x) / x)
itairy_part = several(
    sc.itairy,
    lambda x: airy_output(x, 0),
    lambda x: airy_output(x, 2),
    lambda x: airy_output(-x, 0),
    lambda x: airy_output(-x, 2),
)
elementwise(sc.itstruve0, lambda g, x: g * sc.struve(0, x))
elementwise(sc.it2struve0, lambda g, x: -g * sc.struve(0, x) / x)
elementwise(sc.itmodstruve0, lambda g, x: g * sc.modstruve(0, x))
elementwise(
    sc.besselpoly,
    lambda g, a, lmb, nu: (
        g * (sc.besselpoly(a, lmb + 1, nu - 1) - sc.besselpoly(a, lmb + 1, nu + 1))
    ),
    no_derivative("besselpoly", "lmb"),
    no_derivative("besselpoly", "nu"),
    parameters=("a", "lmb", "nu"),
)

# Parabolic cylinder functions: w'' = (x²/4 - v - 1/2) w, and (v - x²/4) w (DLMF 12.2.2, 12.2.3).


def cylinder(function, potential):
    """State a function and its slope, given w'' / w."""

    def part(v, x, k):
        return function(v, x)[k]

    def rule(g, v, x, k):
        return g * (output(v, x, 0) * potential(v, x) if k else output(v, x, 1))

    part.__name__ = f"part_of_{function.__name__}"
    order = no_derivative(function.__name__, "v")
    output = elementwise(part, order, rule, name=function.__name__)
    composite(function, lambda v, x: (output(v, x, 0), output(v, x, 1)))
    return part


pbdv_part = cylinder(sc.pbdv, lambda v, x: x * x / 4 - v - 0.5)
pbvv_part = cylinder(sc.pbvv, lambda v, x: x * x / 4 - v - 0.5)
pbwa_part = cylinder(sc.pbwa, lambda v, x: v - x * x / 4)

# Mathieu's, DLMF 28.2.1 and 28.20.1, in degrees and in plain numbers.


def mathieu(function, characteristic, unit, wave, sign):
    """State a function and its slope; `characteristic` is the value a, of m and q."""

    def part(m, q, x, k):
        return function(m, q, x)[k]

    def rule(g, m, q, x, k):
        if not k:
            return g * (unit * output(m, q, x, 1))
        level = characteristic(m, q) - 2 * q * wave(2 * unit * x)
        return g * (-sign * unit * level * output(m, q, x, 0))

    part.__name__ = f"part_of_{function.__name__}"
    refused = [no_derivative(function.__name__, name) for name in "mq"]
    output = elementwise(part, *refused, rule, name=function.__name__)
    composite(function, lambda m, q, x: (output(m, q, x, 0), output(m, q, x, 1)))
    return part


DEGREE = math.pi / 180
MATHIEU = [
    mathieu(sc.mathieu_cem, sc.mathieu_a, DEGREE, np.cos, 1),
    mathieu(sc.mathieu_sem, sc.mathieu_b, DEGREE, np.cos, 1),
    mathieu(sc.mathieu_modcem1, sc.mathieu_a, 1, np.cosh, -1),
    mathieu(sc.mathieu_modcem2, sc.mathieu_a, 1, np.cosh, -1),
    mathieu(sc.mathieu_modsem1, sc.mathieu_b, 1, np.cosh, -1),
    mathieu(sc.mathieu_modsem2, sc.mathieu_b, 1, np.cosh, -1),
]

# Wright's generalised Bessel function: a series in x^k / (k! gamma(a k + b)).

elementwise(
    sc.wright_bessel,
    no_derivative("wright_bessel", "a"),
    no_derivative("wright_bessel", "b"),
    lambda g, a, b, x: g * sc.wright_bessel(a, a + b, x),
    parameters=("a", "b", "x"),
)
if hasattr(sc, "log_wright_bessel"):  # since SciPy 1.14
    elementwise(
        sc.log_wright_bessel,
        no_derivative("log_wright_bessel", "a"),
        no_derivative("log_wright_bessel", "b"),
        lambda g, ans, a, b, x: g * np.exp(sc.log_wright_bessel(a, a + b, x) - ans),
        parameters=("a", "b", "x"),
    )
