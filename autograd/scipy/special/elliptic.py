"""Elliptic integrals, Legendre's and Carlson's, Jacobi's functions, and the mean of Gauss.

All derivatives are symmetric integrals (DLMF 19.16): integrals of a power of t times powers of
t + x, t + y and so on. Those are a family that is closed under differentiation.
"""

import math

import numpy as np
import scipy.special as sc

from autograd.primitive import Primitive, composite, elementwise
from autograd.scipy.special.common import in_blocks

NODES = 512  # for the logarithm of t; enough for arguments that are 1e40 apart


@in_blocks
def symmetric_integral(x, y, z, p, powers):
    """Return the integral over t > 0 of t^m (t + x)^-a (t + y)^-b (t + z)^-c (t + p)^-d.

    `powers` are ``(m, a, b, c, d)``. By equal steps of log t, which is exact to rounding, since the
    integrand falls exponentially on both sides.
    """
    m, *exponents = powers
    places = np.broadcast_arrays(x, y, z, p)
    used = [(place, e) for place, e in zip(places, exponents, strict=True) if e]
    values = np.stack([place for place, _ in used])
    positive = np.where(values > 0, values, np.nan)
    valid = np.all(values >= 0, axis=0) & np.all(np.isfinite(values), axis=0)
    least = np.where(valid, np.fmin.reduce(positive, axis=0), 1)
    most = np.where(valid, np.fmax.reduce(positive, axis=0), 1)
    left = m + 1 - sum(np.where(place == 0, e, 0) for place, e in used)
    right = sum(e for _, e in used) - m - 1
    start = np.log(least) - 42 / np.where(left > 0, left, 1)
    step = (np.log(most) + 42 / right - start) / NODES
    t = np.exp(start[..., None] + step[..., None] * np.arange(NODES + 1))
    logs = sum(e * np.log(t + place[..., None]) for place, e in used)
    found = step * np.sum(np.exp((m + 1) * np.log(t) - logs), axis=-1)
    return np.where(valid & np.isfinite(least), np.where(left > 0, found, np.inf), np.nan)


def slope(place):
    """Return the rule for the argument of that number: one power more, and its factor."""

    def rule(g, x, y, z, p, powers):
        power = powers[place + 1]
        more = tuple(e + (k == place + 1) for k, e in enumerate(powers))
        return g * (-power * symmetric(x, y, z, p, more)) if power else g * 0

    return rule


symmetric: Primitive = elementwise(
    symmetric_integral, *map(slope, range(4)), name="symmetric elliptic integral"
)


def carlson(function, count, factor, powers, parameters):
    """State a symmetric integral of `count` arguments, `factor` times that of `powers`."""

    def rule(place):
        more = tuple(e + (k == place + 1) for k, e in enumerate(powers))

        def of_two(g, x, y):
            return g * (-factor * powers[place + 1]) * symmetric(x, y, 1, 1, more)

        def of_three(g, x, y, z):
            return g * (-factor * powers[place + 1]) * symmetric(x, y, z, 1, more)

        def of_four(g, x, y, z, p):
            return g * (-factor * powers[place + 1]) * symmetric(x, y, z, p, more)

        return (of_two, of_three, of_four)[count - 2]

    elementwise(function, *map(rule, range(count)), parameters=parameters)


HALF = 0.5
carlson(sc.elliprc, 2, HALF, (0, HALF, 1, 0, 0), ("x", "y"))
carlson(sc.elliprd, 3, 1.5, (0, HALF, HALF, 1.5, 0), ("x", "y", "z"))
carlson(sc.elliprj, 4, 1.5, (0, HALF, HALF, HALF, 1), ("x", "y", "z", "p"))

# DLMF 19.18.1 for R_F, whose derivatives SciPy has; for R_G, an integral with t in front (19.23.9).

elementwise(
    sc.elliprf,
    lambda g, x, y, z: -g * sc.elliprd(y, z, x) / 6,
    lambda g, x, y, z: -g * sc.elliprd(x, z, y) / 6,
    lambda g, x, y, z: -g * sc.elliprd(x, y, z) / 6,
)
elementwise(
    sc.elliprg,
    lambda g, x, y, z: g / 8 * symmetric(x, y, z, 1, (1, 1.5, HALF, HALF, 0)),
    lambda g, x, y, z: g / 8 * symmetric(x, y, z, 1, (1, HALF, 1.5, HALF, 0)),
    lambda g, x, y, z: g / 8 * symmetric(x, y, z, 1, (1, HALF, HALF, 1.5, 0)),
)

# Legendre's, by 19.25.1: without the quotients by m and 1 - m that cancel at 0.


def complete_slope(m):
    """Return the derivative of `ellipk` in m."""
    return sc.elliprd(0, 1, 1 - m) / 6


def second_slope(m):
    """Return the derivative of `ellipe` in m."""
    return -sc.elliprd(0, 1 - m, 1) / 6


elementwise(sc.ellipk, lambda g, x: g * complete_slope(x))
elementwise(sc.ellipkm1, lambda g, x: -g * sc.elliprd(0, 1, x) / 6)
elementwise(sc.ellipe, lambda g, x: g * second_slope(x))


def turns(phi):
    """Return how many half turns to take from an amplitude to bring it to -π/2 ... π/2."""
    return np.rint(phi / math.pi)


def delta(phi, m):
    """Return 1 - m sin² of an amplitude."""
    return 1 - m * np.sin(phi) ** 2


def first_in_m(phi, m):
    """Return the derivative of `ellipkinc` in m."""
    number, s, c = turns(phi), np.sin(phi), np.cos(phi)
    s = s * np.where(number % 2 == 0, 1, -1)
    part = s**3 / 6 * sc.elliprd(c * c, 1, delta(phi, m))
    inner = number == 0  # where the complete one may be infinite, and has no part
    return part + np.where(inner, 0, 2 * number * complete_slope(np.where(inner, 0, m)))


def second_in_m(phi, m):
    """Return the derivative of `ellipeinc` in m."""
    number, s, c = turns(phi), np.sin(phi), np.cos(phi)
    s = s * np.where(number % 2 == 0, 1, -1)
    part = -(s**3) / 6 * sc.elliprd(c * c, delta(phi, m), 1)
    return part + 2 * number * second_slope(m)


elementwise(
    sc.ellipkinc,
    lambda g, x, y: g / np.sqrt(delta(x, y)),
    lambda g, x, y: g * first_in_m(x, y),
)
elementwise(
    sc.ellipeinc,
    lambda g, x, y: g * np.sqrt(delta(x, y)),
    lambda g, x, y: g * second_in_m(x, y),
)

# Jacobi's functions of u = F(φ, m), DLMF 22.13.1; the outputs are sn, cn, dn and φ.


def jacobi_part(u, m, k):
    """Return an output of ``scipy.special.ellipj``."""
    return sc.ellipj(u, m)[k]


def jacobi_rule_u(g, u, m, k):
    sn, cn, dn = (jacobi(u, m, j) for j in range(3))
    return g * (cn * dn, -sn * dn, -m * sn * cn, dn)[k]


def jacobi_rule_m(g, u, m, k):
    """Return the rule by way of φ, whose derivative in m is that of F, turned over."""
    sn, cn, dn, phi = (jacobi(u, m, j) for j in range(4))
    turn = -dn * first_in_m(phi, m)
    if k == 2:
        return g * (-(sn * sn / 2 + m * sn * cn * turn) / dn)
    return g * (turn * (cn, -sn, 0, 1)[k])


jacobi: Primitive = elementwise(jacobi_part, jacobi_rule_u, jacobi_rule_m, name="ellipj")
composite(sc.ellipj, lambda u, m: tuple(jacobi(u, m, k) for k in range(4)))

# The arithmetic-geometric mean, π / (2 R_F(0, a², b²)), 19.8.5.


def mean_slope(ans, a, b):
    """Return the derivative of `agm` in its argument a."""
    return ans * ans * (2 / (3 * math.pi)) * np.abs(a) * sc.elliprd(0, b * b, a * a)


elementwise(
    sc.agm,
    lambda g, ans, x, y: g * mean_slope(ans, x, y),
    lambda g, ans, x, y: g * mean_slope(ans, y, x),
)
