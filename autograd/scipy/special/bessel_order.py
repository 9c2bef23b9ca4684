"""Derivatives of Bessel functions in their order, by quadrature of integrals along contours.

A solution of order v is an integral of exp(z sinh w - v w) or exp(z cosh w - v w) over a contour
(DLMF 10.9.17, 10.32.13), so n derivatives in v put (-w)^n under the integral. The contours go
through saddles where there is one: no digits cancel where the function itself is tiny or huge. The
argument is real and positive.

Measured against 40 digits, for orders from -5 to 100 and arguments from 0.001 to 200, the relative
error of the first two derivatives is below 1e-13 for `iv` and `kv`; for `jv` and `yv` it is below
1e-12 away from the zeros of the derivative, which are as exact as the size of the function allows.
"""

import functools
import math
from typing import Any

import numpy as np
import scipy.special as sc

from autograd.errors import NotDifferentiableError
from autograd.primitive import Primitive, elementwise
from autograd.scipy.special.common import in_blocks

FAR = 1000.0  # beyond it too many nodes are needed, and the derivative is NaN
DEEP = 48.0  # what is e^-48 below the largest is left out


@functools.lru_cache(maxsize=32)
def gauss(count):
    """Return nodes and weights of Gauss and Legendre's rule on (0, 1)."""
    nodes, weights = np.polynomial.legendre.leggauss(count)
    return (nodes + 1) / 2, weights / 2


def integral(function, start, length, count):
    """Return the integral of a function over an interval for each element."""
    nodes, weights = gauss(count)
    start, length = np.asarray(start)[..., None], np.asarray(length)[..., None]
    return length[..., 0] * np.sum(weights * function(start + length * nodes), axis=-1)


def upright(v, z, n, saddle, wave, count, curvature):
    """Return the part of the contour from a saddle on the real axis up to height π.

    `curvature` is of the exponent there.
    """
    height = np.where(2 * curvature > DEEP, np.arccos(1 - DEEP / np.maximum(curvature, 1)), np.pi)
    v, z, saddle = v[..., None], z[..., None], saddle[..., None]

    def along(y):
        w = saddle + 1j * y
        return (-w) ** n * np.exp(wave(z, w) - v * w)

    return integral(along, 0 * height, height, count) / np.pi


def level(v, z, n, saddle, wave, count=120):
    """Return the part from there to the right, at height π, where the exponential falls."""
    reach = np.arcsinh(DEEP / (z * np.cosh(saddle)))
    reach = np.minimum(reach, DEEP / np.maximum(v, 1e-300))
    v, z = v[..., None], z[..., None]

    def along(x):
        w = x + 1j * np.pi
        return (-w) ** n * np.exp(wave(z, w) - v * w)

    return integral(along, saddle, reach, count) / np.pi


def hill(v, z, n, wave, slope, count=160):
    """Return the integral of t^n exp(v t - wave(z, t)) over t > 0, which has a peak or falls."""
    peak = np.maximum(slope(v / z), 0)
    steep = z * np.cosh(peak)
    share = DEEP / np.maximum(steep, 1e-300)
    start = np.maximum(peak - np.sqrt(2 * share) - share, 0)
    reach = peak + np.arccosh(1 + share) + np.where(peak > 0, 0, np.arcsinh(share)) - start
    v, z = v[..., None], z[..., None]
    return integral(lambda t: t**n * np.exp(v * t - wave(z, t)), start, reach, count)


def sinh_wave(z, w):
    return z * np.sinh(w)


def cosh_wave(z, w):
    return z * np.cosh(w)


def scaled_cosh_wave(z, w):
    return 2 * z * np.sinh(w / 2) ** 2  # less z, and no digits lost


def oscillations(z):
    """Return how many nodes an integral needs in which e^(i z sin θ) oscillates."""
    largest = np.max(z, initial=0, where=z <= FAR)
    return 60 + 40 * math.ceil(largest / 50)


def of_j(v, z, n):
    """Return the n-th derivative of `jv` in its order, v >= 0 (DLMF 10.9.17 through the saddle)."""
    saddle = np.arccosh(np.maximum(v / z, 1))
    steepness = z * np.sinh(saddle)
    rising = upright(v, z, n, saddle, sinh_wave, oscillations(z), steepness)
    return np.where(z > FAR, np.nan, np.real(rising) + np.imag(level(v, z, n, saddle, sinh_wave)))


def of_y(v, z, n):
    """Return that of `yv` (10.9.7)."""
    origin = 0 * v * z
    rising = upright(v, z, n, origin, sinh_wave, oscillations(z), origin)
    falling = level(v, z, n, origin, sinh_wave)
    growing = hill(v, z, n, sinh_wave, lambda ratio: np.arccosh(np.maximum(ratio, 1)))
    return np.where(z > FAR, np.nan, np.imag(rising) - np.real(falling) - growing / np.pi)


def of_i(v, z, n, *, scaled=False):
    """Return that of `iv` (10.32.4, through the saddle); of `ive` if scaled."""
    saddle, wave = np.arcsinh(v / z), scaled_cosh_wave if scaled else cosh_wave
    rising = upright(v, z, n, saddle, wave, 80, np.hypot(v, z))
    return np.real(rising) + np.imag(level(v, z, n, saddle, wave))


def of_k(v, z, n, *, scaled):
    """Return that of `kv`, of an even integrand on the whole line (10.32.9); of `kve` if scaled.

    The rule of equal steps is exact to rounding there.
    """
    sign, v = np.where(v < 0, (-1) ** n, 1), np.abs(v)
    peak = np.arcsinh(v / z)
    share = DEEP / np.hypot(v, z)
    start = np.maximum(peak - np.sqrt(2 * share) - share, 0)
    reach = peak + np.arccosh(1 + share) - start
    steps, count = np.arange(241), 240
    t = start[..., None] + reach[..., None] * (steps / count)
    weight = np.where((steps == 0) | (steps == count), 0.5, 1)
    v, z = v[..., None], z[..., None]
    both = 1 + np.exp(-2 * v * t) if n % 2 == 0 else -np.expm1(-2 * v * t)
    level = 2 * z * np.sinh(t / 2) ** 2 + (0 if scaled else z)
    return sign * reach / count * np.sum(weight * t**n * np.exp(v * t - level) * both, -1) / 2


def product_rule(n, *factors):
    """Return the n-th derivative of a sum of products, given functions of the order."""
    return sum(
        math.comb(n, k) * first(k) * second(n - k)
        for first, second in factors
        for k in range(n + 1)
    )


def turns(v):
    """Return the derivatives of cos(π v) and sin(π v), as functions of their order."""
    return tuple(
        lambda k, shift=shift: np.pi**k * np.cos(np.pi * (v + (k - shift) / 2)) for shift in (0, 1)
    )


def of_order(name, n):
    """Return a function of v >= 0 and z: the n-th derivative in v, the value itself for 0."""
    own: Any = {
        "jv": of_j,
        "yv": of_y,
        "iv": of_i,
        "ive": functools.partial(of_i, scaled=True),
        "kv": functools.partial(of_k, scaled=False),
        "kve": functools.partial(of_k, scaled=True),
    }[name]
    return lambda v, z: own(v, z, n) if n else getattr(sc, name)(v, z)


def reflected(name, v, z, n):
    """Return the n-th derivative at the order -v, by 10.4.6, 10.4.7, 10.27.2."""
    cos, sin = turns(v)
    j, y, i, k, scaled_i, scaled_k = (
        lambda m, f=f: of_order(f, m)(v, z) for f in ("jv", "yv", "iv", "kv", "ive", "kve")
    )
    unit, turn = lambda m: float(m == 0), lambda m: 2 / np.pi * sin(m)
    factors = {
        "jv": ((cos, j), (lambda m: -sin(m), y)),
        "yv": ((sin, j), (cos, y)),
        "iv": ((unit, i), (turn, k)),
        "ive": ((unit, scaled_i), (turn, lambda m: np.exp(-2 * z) * scaled_k(m))),
    }[name]
    return (-1) ** n * product_rule(n, *factors)


def derivative_in_order(name):
    """Return the function (v, z, n) that is the n-th derivative of `name` in its order v."""

    @in_blocks
    def found(v, z, n):
        if z.dtype.kind == "c":
            raise NotDifferentiableError(
                f"{name} has no derivative here in its order v where z is complex; pass a number "
                f"or an array for v (t.data)"
            )
        v, z = np.broadcast_arrays(v, z)
        usable = (z > 0) & np.isfinite(z) & np.isfinite(v)
        v, x = np.where(usable, v, 1.0), np.where(usable, z, 1.0)
        value = of_order(name, n)(np.abs(v), x)
        if np.any(v < 0):
            value = np.where(v < 0, reflected(name, np.abs(v), x, n), value)
        return np.where(
            usable, value, np.where((z == 0) & (v > 0) & (name in {"jv", "iv", "ive"}), 0, np.nan)
        )

    found.__name__ = f"derivative_of_{name}_in_its_order"
    return found


def stated(name, sign, own=0):
    """Return the primitive of the derivatives of a function in its order.

    `sign` and `own` are of the recurrence for the derivative in z.
    """

    def rule(g, ans, v, z, n):
        slope = (primitive(v - 1, z, n) + sign * primitive(v + 1, z, n)) / 2
        return g * (slope + own * ans if own else slope)

    primitive: Primitive = elementwise(
        derivative_in_order(name),
        lambda g, v, z, n: g * primitive(v, z, n + 1),
        rule,
        name=f"derivative of {name} in its order",
    )
    return primitive


jv_order, yv_order = stated("jv", -1), stated("yv", -1)
iv_order, ive_order = stated("iv", 1), stated("ive", 1, -1)


@in_blocks
def derivative_of_kv_in_its_order(v, z, n, scaled):
    """Return the n-th derivative of `kv` in its order v, or of `kve`."""
    if z.dtype.kind == "c":
        raise NotDifferentiableError(
            "kv has no derivative here in its order v where z is complex; pass a number or an "
            "array for v (t.data)"
        )
    v, z = np.broadcast_arrays(v, z)
    usable = (z > 0) & np.isfinite(z) & np.isfinite(v)
    value = of_k(np.where(usable, v, 1.0), np.where(usable, z, 1.0), n, scaled=scaled)
    return np.where(usable, value, np.where((z == np.inf) & np.isfinite(v), 0, np.nan))


def kv_order_vjp_z(g, ans, v, z, n, scaled):
    slope = (kv_order(v - 1, z, n, scaled) + kv_order(v + 1, z, n, scaled)) / -2
    return g * (slope + ans if scaled else slope)


kv_order: Primitive = elementwise(
    derivative_of_kv_in_its_order,
    lambda g, v, z, n, scaled: g * kv_order(v, z, n + 1, scaled),
    kv_order_vjp_z,
    name="derivative of kv in its order",
)
