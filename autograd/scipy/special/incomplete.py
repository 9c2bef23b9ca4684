"""Incomplete gamma and beta functions, and their inverses: in the parameters, too.

The integrals of the density times powers of log t - psi(a) are a family: differentiated in a or x
they give each other, so all orders follow. The first of them is the derivative of `gammainc` in a.
An integral is taken on the side of x where its weight has one sign; so no digits cancel.

Measured against 60 digits, the relative error of the first derivatives in the parameters is below
4e-13 for `gammainc` with a from 0.001 to 100,000, and below 1e-10 (1e-14 as a rule) for `betainc`
with a and b from 0.01 to 3,000 and x from 1e-12 to 1 - 1e-12, far into the tails.
"""

import functools
import math

import numpy as np
import scipy.special as sc

from autograd.primitive import Primitive, elementwise
from autograd.scipy.special.common import in_blocks
from autograd.scipy.special.densities import (
    beta_density,
    gamma_density,
    log_beta_density,
    log_gamma_density,
)
from autograd.scipy.special.gammas import psi_derivative


@functools.lru_cache(maxsize=1)
def half_line():
    """Return nodes and weights for integrals over s > 0 of what falls as e^-s.

    With s = exp(y - e^-y) equal steps of y are exact to rounding (Takahasi and Mori, 1974).
    """
    y = np.linspace(-4.5, 4.5, 321)
    s = np.exp(y - np.exp(-y))
    return s, s * (1 + np.exp(-y)) * (y[1] - y[0])


def falling(exponent, weight, slope, curvature):
    """Return the integral of weight(u) exp(-exponent(u)) over u > 0.

    `slope` and `curvature` are of the exponent at 0; its size there tells how far the nodes go.
    """
    nodes, weights = half_line()
    slope, curvature = np.maximum(slope, 0), np.maximum(curvature, 1e-300)
    width = 2 / (slope + np.sqrt(slope * slope + 2 * curvature))
    u = width[..., None] * nodes
    terms = weight(u) * np.exp(-exponent(u))
    return width * np.sum(weights * np.where(np.isnan(terms), 0, terms), axis=-1)


# Gamma.


@in_blocks
def gamma_moment(a, x, n):
    """Return the integral from 0 to x of (log t - psi(a))^n t^(a-1) e^-t / gamma(a)."""
    if n == 0:
        return sc.gammainc(a, x)
    a, x = np.broadcast_arrays(a, x)
    inside = (a > 0) & (x > 0) & (x < np.inf) & np.isfinite(a)
    p, t = np.where(inside, a, 1.0), np.where(inside, x, 1.0)
    middle = np.exp(sc.psi(p))
    sides = (t <= 1, (t > 1) & (t < middle), (t > 1) & (t >= middle))
    found = np.zeros(p.shape)
    for side, integral in zip(sides, (gamma_series, gamma_lower, gamma_upper), strict=True):
        if np.any(side):
            found[side] = integral(p[side], t[side], n)
    ends = np.where((a > 0) & (x == 0), 0, np.where(x == np.inf, whole_gamma(p, n), np.nan))
    return np.where(inside, found, ends)


def gamma_series(a, x, n):
    """Return it for x of at most 1: each power of the series of e^-t is integrated by parts.

    With t = x e^(-u / a), the first term has central moments of the exponential distribution, which
    are numbers of derangements.
    """
    level, derangements = np.log(x) - sc.psi(a + 1), [1, 0]
    for k in range(2, n + 1):
        derangements.append((k - 1) * (derangements[-1] + derangements[-2]))
    total = sum(
        math.comb(n, k) * level ** (n - k) * (-1 / a) ** k * derangements[k] for k in range(n + 1)
    )
    level, factor = level + 1 / a, 1 + 0 * a
    for k in range(1, 24):
        factor = -factor * x / k
        part = 1 / (a + k)
        for j in range(1, n + 1):
            part = (level**j - j * part) / (a + k)
        total = total + factor * a * part
    return total * np.exp(a * np.log(x) - sc.gammaln(a + 1))


def gamma_lower(a, x, n):
    """Return it from the left of x, where t = x e^-u."""
    level = (np.log(x) - sc.psi(a))[..., None]
    b, y = a[..., None], x[..., None]
    found = falling(lambda u: b * u + y * np.expm1(-u), lambda u: (level - u) ** n, a - x, x)
    return found * np.exp(log_gamma_density(a, x) + np.log(x))


def gamma_upper(a, x, n):
    """Return the whole less what is on the right of x, where t = x e^u."""
    level = (np.log(x) - sc.psi(a))[..., None]
    b, y = a[..., None], x[..., None]
    found = falling(lambda u: y * np.expm1(u) - b * u, lambda u: (level + u) ** n, x - a, x)
    return whole_gamma(a, n) - found * np.exp(log_gamma_density(a, x) + np.log(x))


def whole_gamma(a, n):
    """Return the integral over all t: a moment of what has polygamma functions for cumulants."""
    return moments(lambda k: sc.polygamma(k - 1, a), n)


def moments(cumulant, n):
    """Return the n-th central moment, given cumulants from the second on."""
    found = [1.0, 0.0]
    for k in range(2, n + 1):
        terms = (math.comb(k - 1, j - 1) * cumulant(j) * found[k - j] for j in range(2, k + 1))
        found.append(sum(terms, 0.0))
    return found[n]


def gamma_moment_vjp_a(g, a, x, n):
    slope = moment_of_gamma(a, x, n + 1)
    return g * (slope - n * psi_derivative(a, 1) * moment_of_gamma(a, x, n - 1) if n else slope)


moment_of_gamma: Primitive = elementwise(
    gamma_moment,
    gamma_moment_vjp_a,
    lambda g, a, x, n: g * gamma_density(a, x) * (np.log(x) - sc.psi(a)) ** n,
    name="moment of gamma",
)
elementwise(
    sc.gammainc,
    lambda g, x, y: g * moment_of_gamma(x, y, 1),
    lambda g, x, y: g * gamma_density(x, y),
)
elementwise(
    sc.gammaincc,
    lambda g, x, y: -g * moment_of_gamma(x, y, 1),
    lambda g, x, y: -g * gamma_density(x, y),
)
for inverse, sign in ((sc.gammaincinv, 1), (sc.gammainccinv, -1)):
    elementwise(
        inverse,
        lambda g, ans, x: -g * (moment_of_gamma(x, ans, 1) / gamma_density(x, ans)),
        (lambda g, ans, x: g / gamma_density(x, ans))
        if sign == 1
        else (lambda g, ans, x: -g / gamma_density(x, ans)),
    )

# Beta. On the right of x it is the same with a and b, and x and 1 - x, exchanged.


@in_blocks
def beta_moment(a, b, x, m, n):
    """Return the integral from 0 to x of u^m v^n over the density of beta(a, b).

    u and v are log t and log(1 - t), less their means.
    """
    if m == n == 0:
        return sc.betainc(a, b, x)
    a, b, x = np.broadcast_arrays(a, b, x)
    inside = (a > 0) & (b > 0) & (x > 0) & (x < 1) & np.isfinite(a) & np.isfinite(b)
    p, q, t = (np.where(inside, item, 0.5) for item in (a, b, x))
    left = np.log(t) < sc.psi(p) - sc.psi(p + q)
    if m < n:
        left = np.log1p(-t) > sc.psi(q) - sc.psi(p + q)
    found = np.zeros(p.shape)
    if np.any(left):
        found[left] = beta_tail(p[left], q[left], t[left], 1 - t[left], m, n)
    right = ~left
    if np.any(right):
        tail = beta_tail(q[right], p[right], 1 - t[right], t[right], n, m)
        found[right] = whole_beta(p[right], q[right], m, n) - tail
    valid = (a > 0) & (b > 0)
    ends = np.where(x == 0, 0, np.where(x == 1, whole_beta(p, q, m, n), np.nan))
    return np.where(inside, found, np.where(valid, ends, np.nan))


def beta_tail(a, b, x, rest, m, n):
    """Return it from the left of x, where t = x e^-u; `rest` is 1 - x."""
    whole = sc.psi(a + b)
    low, high = (np.log(x) - sc.psi(a) + whole)[..., None], (sc.psi(b) - whole)[..., None]
    p, q, y, z = (item[..., None] for item in (a, b, x, rest))
    remainder = lambda u: np.log1p(y * -np.expm1(-u) / z)  # log of (1 - t) / (1 - x)
    found = falling(
        lambda u: p * u - (q - 1) * remainder(u),
        lambda u: (low - u) ** m * (np.log(z) - high + remainder(u)) ** n,
        a - np.maximum(b - 1, 0) * x / rest,  # for b < 1 it falls faster first, then so
        np.maximum(b - 1, 0) * x / rest / rest,
    )
    return found * np.exp(log_of_tail(a, b, x, rest))


def log_of_tail(a, b, x, rest):
    """Return the logarithm of x times the density at x, also where x is the exact one of both."""
    side = x <= 0.5
    near = log_beta_density(a, b, np.where(side, x, 0.5)) + np.log(x)
    far = log_beta_density(b, a, np.where(side, 0.5, rest)) + np.log(x)
    return np.where(side, near, far)


def whole_beta(a, b, m, n):
    """Return the integral over all t: a mixed moment of log t and log(1 - t)."""

    @functools.cache
    def moment(j, k):
        if j + k < 2:
            return float(j + k == 0)
        first, second = (j - 1, k) if j else (0, k - 1)
        return sum(
            (
                math.comb(first, r)
                * math.comb(second, s)
                * cumulant(r + (j > 0), s + (j == 0))
                * moment(first - r, second - s)
                for r in range(first + 1)
                for s in range(second + 1)
                if r + s > 0
            ),
            0.0,
        )

    def cumulant(j, k):
        own = sc.polygamma(j - 1, a) if not k else sc.polygamma(k - 1, b) if not j else 0
        return own - sc.polygamma(j + k - 1, a + b)

    return moment(m, n)


def lowered(a, b, x, m, n):
    """Return what of a derivative in a, or in b, is due to the means: twice psi'(a + b) of it."""
    common = psi_derivative(a + b, 1)
    first = m * moment_of_beta(a, b, x, m - 1, n) if m else 0
    second = n * moment_of_beta(a, b, x, m, n - 1) if n else 0
    return common * (first + second)


def beta_moment_vjp_a(g, a, b, x, m, n):
    slope = moment_of_beta(a, b, x, m + 1, n) + lowered(a, b, x, m, n)
    own = m * psi_derivative(a, 1) * moment_of_beta(a, b, x, m - 1, n) if m else 0
    return g * (slope - own)


def beta_moment_vjp_b(g, a, b, x, m, n):
    slope = moment_of_beta(a, b, x, m, n + 1) + lowered(a, b, x, m, n)
    own = n * psi_derivative(b, 1) * moment_of_beta(a, b, x, m, n - 1) if n else 0
    return g * (slope - own)


def beta_moment_vjp_x(g, a, b, x, m, n):
    whole = sc.psi(a + b)
    u, v = np.log(x) - sc.psi(a) + whole, np.log1p(-x) - sc.psi(b) + whole
    return g * beta_density(a, b, x) * u**m * v**n


moment_of_beta: Primitive = elementwise(
    beta_moment, beta_moment_vjp_a, beta_moment_vjp_b, beta_moment_vjp_x, name="moment of beta"
)
elementwise(
    sc.betainc,
    lambda g, x, y, z: g * moment_of_beta(x, y, z, 1, 0),
    lambda g, x, y, z: g * moment_of_beta(x, y, z, 0, 1),
    lambda g, x, y, z: g * beta_density(x, y, z),
)
elementwise(
    sc.betaincc,
    lambda g, x, y, z: -g * moment_of_beta(x, y, z, 1, 0),
    lambda g, x, y, z: -g * moment_of_beta(x, y, z, 0, 1),
    lambda g, x, y, z: -g * beta_density(x, y, z),
)
for inverse, sign in ((sc.betaincinv, 1), (sc.betainccinv, -1)):
    elementwise(
        inverse,
        lambda g, ans, x, y: -g * (moment_of_beta(x, y, ans, 1, 0) / beta_density(x, y, ans)),
        lambda g, ans, x, y: -g * (moment_of_beta(x, y, ans, 0, 1) / beta_density(x, y, ans)),
        (lambda g, ans, x, y: g / beta_density(x, y, ans))
        if sign == 1
        else (lambda g, ans, x, y: -g / beta_density(x, y, ans)),
    )
