"""Exponential, trigonometric and Fresnel integrals, Lambert's and zeta functions, and the like."""

import functools
import math

import numpy as np
import scipy.special as sc

from autograd.errors import KeywordError
from autograd.ops.conversion import holds_tensor, joined
from autograd.primitive import Primitive, composite, elementwise
from autograd.scipy.special.common import in_double, no_derivative
from autograd.scipy.special.elementary import exprel_derivative
from autograd.scipy.special.error import ROOT_PI, erfcx_ratio

# Exponential integrals. Below order 0 (DLMF 8.19.12), where SciPy's end, derivatives go on.


def expint(n, x):
    """Return `expn` of whole orders, of negative ones too."""
    least = int(np.min(n, initial=0))
    if least >= 0:
        return sc.expn(n, x)
    found = sc.expn(np.maximum(n, 0), x)
    with np.errstate(all="ignore"):
        power, value = np.exp(-x), sc.expn(0, x)
        for order in range(-1, least - 1, -1):
            value = (power - order * value) / x
            found = np.where(n == order, value, found)
    return found.astype(np.result_type(x, np.float32))[()]


exponential: Primitive = elementwise(
    expint,
    no_derivative("expn", "n"),
    lambda g, n, x: -g * exponential(n - 1, x),
    name="expn",
)
elementwise(
    sc.expn,
    no_derivative("expn", "n"),
    lambda g, n, x: -g * exponential(n - 1, x),
    parameters=("n", "x"),
)
elementwise(sc.exp1, lambda g, x: -g * np.exp(-x) / x)
elementwise(sc.expi, lambda g, x: g * np.exp(x) / x)


def several(function, *slopes):
    """State a function of one number with several outputs, given the slope of each."""

    def part(x, k):
        return function(x)[k]

    part.__name__ = f"part_of_{function.__name__}"
    output = elementwise(part, lambda g, ans, x, k: g * slopes[k](ans, x), name=function.__name__)
    composite(function, lambda x: tuple(output(x, k) for k in range(len(slopes))))
    return part


def sinhc(x):
    """Return sinh(x) / x, with all derivatives at 0 where x is real."""
    if np.iscomplexobj(x):
        return np.sinc(x * (1j / math.pi))
    return (exprel_derivative(x, 0) + exprel_derivative(-x, 0)) / 2


sici_part = several(sc.sici, lambda ans, x: np.sinc(x / math.pi), lambda ans, x: np.cos(x) / x)
shichi_part = several(sc.shichi, lambda ans, x: sinhc(x), lambda ans, x: np.cosh(x) / x)
fresnel_part = several(
    sc.fresnel,
    lambda ans, x: np.sin(math.pi / 2 * x * x),
    lambda ans, x: np.cos(math.pi / 2 * x * x),
)


# The modified ones are erfc, and erfcx, on the diagonals: DLMF 7.7.10, turned.

DIAGONAL = (1 + 1j) / math.sqrt(2)
modfresnelp_part = several(
    sc.modfresnelp,
    lambda ans, x: -np.exp(1j * x * x),
    lambda ans, x: DIAGONAL.conjugate() * ans * erfcx_ratio(DIAGONAL.conjugate() * x, 0),
)
modfresnelm_part = several(
    sc.modfresnelm,
    lambda ans, x: -np.exp(-1j * x * x),
    lambda ans, x: DIAGONAL * ans * erfcx_ratio(DIAGONAL * x, 0),
)

# Spence's function: the derivative log z / (1 - z) and its derivatives, at z = 1 too, by the series
# of log(1 + w) / w near it, and by n-fold differentiation of w times it elsewhere.

NEAR = 0.4


@in_double
def derivative_of_log_quotient(w, n):
    """Return the n-th derivative of log(1 + w) / w."""
    near = np.abs(w) < NEAR
    small, large = np.where(near, w, 0), np.where(near, 1, w)
    series = 0 * small
    for k in range(n + 60, n - 1, -1):
        series = series * small + (-1) ** k * math.perm(k, n) / (k + 1)
    found = np.log1p(large) / large
    for k in range(1, n + 1):
        change = (-1) ** (k - 1) * math.factorial(k - 1) / (1 + large) ** k
        found = (change - k * found) / large
    return np.where(near, series, found)


log_quotient: Primitive = elementwise(
    derivative_of_log_quotient,
    lambda g, w, n: g * log_quotient(w, n + 1),
    name="derivative of log(1 + w) / w",
)
elementwise(sc.spence, lambda g, x: -g * log_quotient(x - 1, 0))

# Lambert's function, and Wright's, DLMF 4.13.4.


def lambert(z, k):
    """Return ``scipy.special.lambertw`` to full precision."""
    return sc.lambertw(z, k)


lambert_w = elementwise(
    lambert, lambda g, ans: g * (np.exp(-ans) / (1 + ans)), name="lambertw", harmless=("k",)
)


def lambertw(z, k=0, tol=1e-8):
    """Return `scipy.special.lambertw`, of Tensors too, with all digits."""
    if holds_tensor(k):
        return no_derivative("lambertw", "k")(k)
    return lambert_w(joined(z), k) if holds_tensor(z) else sc.lambertw(z, k, tol)


elementwise(sc.wrightomega, lambda g, ans: g * (ans / (1 + ans)))

# The zeta functions of Riemann and Hurwitz, in both arguments, by Euler's and Maclaurin's formula
# (DLMF 25.11.5): the derivatives in s have powers of -log under the sum.

STEPS, CORRECTIONS = 20, 14
BERNOULLI = sc.bernoulli(2 * CORRECTIONS)[2::2]


@in_double
def derivative_of_zeta(s, q, n):
    """Return the n-th derivative in s of the sum of (k + q)^-s over k >= 0, continued in s."""
    log = lambda t: -np.log(t)
    total = sum(log(q + k) ** n * (q + k) ** -s for k in range(STEPS))
    t = q + STEPS
    level, power = log(t), t**-s
    area = t * power / (s - 1)
    for k in range(1, n + 1):
        area = (level**k * t * power - k * area) / (s - 1)
    total = total + area + level**n * power / 2
    polynomial = [0 * s * q] * n + [1 + 0 * s * q]  # in the level, times t^-(s + order)
    for order in range(2 * CORRECTIONS - 1):
        slope = [*(k * c for k, c in enumerate(polynomial) if k), 0]
        polynomial = [-(s + order) * c - d for c, d in zip(polynomial, slope, strict=True)]
        if order % 2 == 0:
            j = order // 2 + 1
            value = functools.reduce(lambda a, c: a * level + c, reversed(polynomial))
            size = BERNOULLI[j - 1] / math.factorial(2 * j)
            total = total - size * value * power / t ** (order + 1)
    return total


zeta_derivative: Primitive = elementwise(
    derivative_of_zeta,
    lambda g, s, q, n: g * zeta_derivative(s, q, n + 1),
    lambda g, s, q, n: (
        -g * (s * zeta_derivative(s + 1, q, n) + (n * zeta_derivative(s + 1, q, n - 1) if n else 0))
    ),
    name="derivative of zeta",
)


def riemann(x):
    """Return ``scipy.special.zeta`` of one argument."""
    return sc.zeta(x)


def hurwitz(x, q):
    """Return ``scipy.special.zeta`` of two."""
    return sc.zeta(x, q)


def slope_of_zeta(s):
    """Return the derivative of Riemann's function; on the left by reflection, DLMF 25.4.1."""
    left = np.real(s) < -1
    r, x = 1 - np.where(left, s, -2), np.where(left, 2, s)
    sine, cosine = np.sin(np.pi / 2 * (1 - r)), np.cos(np.pi / 2 * (1 - r))
    value = riemann_zeta(r)
    change = value * (math.log(2 * math.pi) - sc.psi(r)) - zeta_derivative(r, 1.0, 1)
    reflected = 2 * (2 * np.pi) ** -r * sc.gamma(r) * (sine * change + np.pi / 2 * cosine * value)
    return np.where(left, reflected, zeta_derivative(x, 1.0, 1))


riemann_zeta: Primitive = elementwise(riemann, lambda g, x: g * slope_of_zeta(x), name="zeta")
hurwitz_zeta: Primitive = elementwise(
    hurwitz,
    lambda g, x, q: g * zeta_derivative(x, q, 1),
    lambda g, x, q: -g * x * hurwitz_zeta(x + 1, q),
    name="zeta",
)
elementwise(sc.zetac, lambda g, x: g * slope_of_zeta(x))


def zeta(x, q=None, out=None):
    """Return `scipy.special.zeta`, of Tensors too."""
    if not holds_tensor((x, q)):
        return sc.zeta(x, q, out)
    if out is not None:
        raise KeywordError(
            "scipy.special.zeta of a Tensor cannot write into out=; assign the result instead"
        )
    return riemann_zeta(joined(x)) if q is None else hurwitz_zeta(joined(x), joined(q))


# Owen's T function: its two slopes are elementary, DLMF has none; differentiate the integral.


def owens_vjp_h(g, x, y):
    density = np.exp(-x * x / 2) / math.sqrt(2 * math.pi)
    return -g / 2 * density * sc.erf(x * y / math.sqrt(2))


elementwise(
    sc.owens_t,
    owens_vjp_h,
    lambda g, x, y: g * np.exp(-x * x * (1 + y * y) / 2) / (2 * math.pi * (1 + y * y)),
)

# Voigt's profile: the real part of w(z), scaled, at z = (x + iγ) / (σ √2). It solves the heat
# equation in σ²/2, so the slope in σ is σ times the second one in x. The derivatives of w are w
# times ratios, which lose no digits far away.


def voigt_slope(x, sigma, gamma, order):
    """Return w^(order) at z, times the powers of dz/dx, over σ √(2π)."""
    scale = 1 / (sigma * math.sqrt(2))
    z = (x + 1j * gamma) * scale
    y = -1j * z
    found = sc.wofz(z) * (-1j * erfcx_ratio(y, 0))
    for k in range(1, order):
        found = found * (-1j * erfcx_ratio(y, k))
    return found * (scale ** (order + 1) / ROOT_PI)


elementwise(
    sc.voigt_profile,
    lambda g, x, sigma, gamma: g * np.real(voigt_slope(x, sigma, gamma, 1)),
    lambda g, x, sigma, gamma: g * sigma * np.real(voigt_slope(x, sigma, gamma, 2)),
    lambda g, x, sigma, gamma: -g * np.imag(voigt_slope(x, sigma, gamma, 1)),
    parameters=("x", "sigma", "gamma"),
)
