"""Bessel functions: derivatives in the argument by recurrences, of every order.

Derivatives in the order v of `jv`, `yv`, `iv`, `ive`, `kv` and `kve` are in `bessel_order`.
"""

import math

import numpy as np
import scipy.special as sc

from autograd.ops.conversion import holds_tensor, joined
from autograd.primitive import Primitive, composite, elementwise
from autograd.scipy.special.bessel_order import (
    iv_order,
    ive_order,
    jv_order,
    kv_order,
    yv_order,
)
from autograd.scipy.special.common import no_derivative

# DLMF 10.6.1, 10.29.1: half the difference, or the sum, of the neighbours. For order 0, 10.6.2 and
# 10.29.3.

elementwise(sc.j0, lambda g, x: -g * sc.j1(x))
elementwise(sc.j1, lambda g, x: g * ((sc.j0(x) - sc.jv(2, x)) / 2))
elementwise(sc.y0, lambda g, x: -g * sc.y1(x))
elementwise(sc.y1, lambda g, x: g * ((sc.y0(x) - sc.yv(2, x)) / 2))
elementwise(sc.i0, lambda g, x: g * sc.i1(x))
elementwise(sc.i1, lambda g, x: g * ((sc.i0(x) + sc.iv(2, x)) / 2))
elementwise(sc.k0, lambda g, x: -g * sc.k1(x))
elementwise(sc.k1, lambda g, x: -g * ((sc.k0(x) + sc.kv(2, x)) / 2))
elementwise(
    sc.jv,
    lambda g, x, y: g * jv_order(x, y, 1),
    lambda g, x, y: g * ((sc.jv(x - 1, y) - sc.jv(x + 1, y)) / 2),
)
elementwise(
    sc.yv,
    lambda g, x, y: g * yv_order(x, y, 1),
    lambda g, x, y: g * ((sc.yv(x - 1, y) - sc.yv(x + 1, y)) / 2),
)
elementwise(
    sc.iv,
    lambda g, x, y: g * iv_order(x, y, 1),
    lambda g, x, y: g * ((sc.iv(x - 1, y) + sc.iv(x + 1, y)) / 2),
)
elementwise(
    sc.kv,
    lambda g, x, y: g * kv_order(x, y, 1, False),
    lambda g, x, y: -g * ((sc.kv(x - 1, y) + sc.kv(x + 1, y)) / 2),
)
WHOLE = "n, a whole number"
elementwise(
    sc.yn,
    no_derivative("yn", WHOLE),
    lambda g, n, x: g * ((sc.yv(n - 1, x) - sc.yv(n + 1, x)) / 2),
    parameters=("n", "x"),
)
elementwise(
    sc.kn,
    no_derivative("kn", WHOLE),
    lambda g, n, x: -g * ((sc.kv(n - 1, x) + sc.kv(n + 1, x)) / 2),
    parameters=("n", "x"),
)


def hankel(function, turn=0j):
    """State a Hankel function; the scaled ones have a factor exp(turn z)."""
    elementwise(
        function,
        no_derivative(function.__name__, "v"),
        lambda g, ans, v, z: (
            g * ((function(v - 1, z) - function(v + 1, z)) / 2 + (turn * ans if turn else 0))
        ),
        parameters=("v", "z"),
    )


hankel(sc.hankel1)
hankel(sc.hankel2)
hankel(sc.hankel1e, -1j)
hankel(sc.hankel2e, 1j)

# Scaled. Those of complex numbers whose factor is no holomorphic function are products.

elementwise(sc.i0e, lambda g, ans, x: g * (sc.i1e(x) - np.sign(x) * ans))
elementwise(sc.i1e, lambda g, ans, x: g * ((sc.i0e(x) + sc.ive(2, x)) / 2 - np.sign(x) * ans))
elementwise(sc.k0e, lambda g, ans, x: g * (ans - sc.k1e(x)))
elementwise(sc.k1e, lambda g, ans, x: g * (ans - (sc.k0e(x) + sc.kve(2, x)) / 2))
elementwise(
    sc.kve,
    lambda g, x, y: g * kv_order(x, y, 1, True),
    lambda g, ans, x, y: g * (ans - (sc.kve(x - 1, y) + sc.kve(x + 1, y)) / 2),
)


def ive_of_real(v, z):
    """Return ``scipy.special.ive``."""
    return sc.ive(v, z)


def jve_of_real(v, z):
    """Return ``scipy.special.jve``."""
    return sc.jve(v, z)


def yve_of_real(v, z):
    """Return ``scipy.special.yve``."""
    return sc.yve(v, z)


ive_real: Primitive = elementwise(
    ive_of_real,
    lambda g, v, z: g * ive_order(v, z, 1),
    lambda g, ans, v, z: g * ((ive_real(v - 1, z) + ive_real(v + 1, z)) / 2 - np.sign(z) * ans),
    name="ive",
)
jve_real: Primitive = elementwise(
    jve_of_real,
    lambda g, v, z: g * jv_order(v, z, 1),
    lambda g, v, z: g * ((jve_real(v - 1, z) - jve_real(v + 1, z)) / 2),
    name="jve",
)
yve_real: Primitive = elementwise(
    yve_of_real,
    lambda g, v, z: g * yv_order(v, z, 1),
    lambda g, v, z: g * ((yve_real(v - 1, z) - yve_real(v + 1, z)) / 2),
    name="yve",
)


def ive(v, z):
    """Return `scipy.special.ive`: of complex z, iv times exp(-|Re z|)."""
    return sc.iv(v, z) * np.exp(-np.abs(np.real(z))) if np.iscomplexobj(z) else ive_real(v, z)


def jve(v, z):
    """Return `scipy.special.jve`: of complex z, jv times exp(-|Im z|)."""
    return sc.jv(v, z) * np.exp(-np.abs(np.imag(z))) if np.iscomplexobj(z) else jve_real(v, z)


def yve(v, z):
    """Return `scipy.special.yve`: of complex z, yv times exp(-|Im z|)."""
    return sc.yv(v, z) * np.exp(-np.abs(np.imag(z))) if np.iscomplexobj(z) else yve_real(v, z)


composite(sc.ive, ive)
composite(sc.jve, jve)
composite(sc.yve, yve)

# Spherical ones of whole orders, DLMF 10.51.2 and 10.51.5, which have no pole at 0.


def spherical(function, below, above):
    """State a spherical Bessel function, of order n and argument z."""

    def slope(g, n, z):
        lower, upper = primitive(np.maximum(n - 1, 0), z), primitive(n + 1, z)
        return g * ((below * n * lower + above * (n + 1) * upper) / (2 * n + 1))

    def value(n, z):
        return function(n, z)

    value.__name__ = f"{function.__name__}_of_order"
    primitive = elementwise(
        value, no_derivative(function.__name__, "n"), slope, name=function.__name__
    )

    def replacement(n, z, derivative=False):
        if not holds_tensor((n, z)):
            return function(n, z, derivative)
        n, z = joined(n), joined(z)
        return slope(1, n, z) if derivative else primitive(n, z)

    replacement.__name__ = function.__name__
    replacement.__doc__ = f"Return `scipy.special.{function.__name__}`, of Tensors too."
    return value, replacement


j_of_order, spherical_jn = spherical(sc.spherical_jn, 1, -1)
y_of_order, spherical_yn = spherical(sc.spherical_yn, 1, -1)
i_of_order, spherical_in = spherical(sc.spherical_in, 1, 1)
k_of_order, spherical_kn = spherical(sc.spherical_kn, -1, -1)

# Derivatives of a whole order n, as functions: DLMF 10.6.7, 10.29.5.


def derivative(function, name, step, overall=1):
    """Return a function (v, z, n) that is the n-th derivative of a Bessel function in z."""

    def found(v, z, n=1):
        if not holds_tensor((v, z)):
            return getattr(sc, name)(v, z, n)
        v, z = joined(v), joined(z)
        getattr(sc, name)(0, 1.0, n)  # which raises where n is no order
        terms = (step**k * math.comb(n, k) * function(v - n + 2 * k, z) for k in range(n + 1))
        return overall**n * sum(terms, 0.0) / 2**n

    found.__name__, found.__doc__ = name, f"Return `scipy.special.{name}`, of Tensors too."
    return found


jvp = derivative(sc.jv, "jvp", -1)
yvp = derivative(sc.yv, "yvp", -1)
ivp = derivative(sc.iv, "ivp", 1)
kvp = derivative(sc.kv, "kvp", 1, -1)
h1vp = derivative(sc.hankel1, "h1vp", -1)
h2vp = derivative(sc.hankel2, "h2vp", -1)
