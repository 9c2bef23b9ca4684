"""Entropies, transforms, losses, and elementary functions that SciPy has beside NumPy's."""

import math

import numpy as np
import scipy.special as sc

from autograd.ops.conversion import holds_tensor, joined
from autograd.ops.elementwise import power_vjp_x, power_vjp_y
from autograd.primitive import Primitive, constant, elementwise
from autograd.scipy.special.common import in_double, quotient

# Products with logarithms, entropies. Where x is 0 they are 0 for any y, so the slope in y is 0.

elementwise(sc.xlogy, lambda g, y: g * np.log(y), lambda g, x, y: g * quotient(x, y))
elementwise(sc.xlog1py, lambda g, y: g * np.log1p(y), lambda g, x, y: g * quotient(x, 1 + y))
elementwise(sc.entr, lambda g, x: g * (-np.log(x) - 1))
elementwise(
    sc.rel_entr,
    lambda g, x, y: g * (np.log(quotient(x, y)) + 1),
    lambda g, x, y: -g * quotient(x, y),
)
elementwise(
    sc.kl_div,
    lambda g, x, y: g * np.log(quotient(x, y)),
    lambda g, x, y: g * quotient(y - x, y),
)

# (e^x - 1) / x is the integral of e^(x s) over s from 0 to 1; derivatives have powers of s in it.


@in_double
def derivative_of_exprel(x, n):
    """Return the n-th derivative of `exprel`: by series of positive terms, or integrating by parts.

    On the left the series is Kummer's, DLMF 13.2.39.
    """
    near = np.abs(x) <= n + 2
    y, size = np.where(near, x, 0), np.where(near, np.abs(x), 0)
    right, left = 1 / (n + 1 + 0 * y), 1 / (n + 1 + 0 * y)
    power, kummer = 1 + 0 * y, left
    for k in range(1, 3 * n + 40):
        power = power * size / k
        right = right + power / (k + n + 1)
        kummer = kummer * size / (n + 1 + k)
        left = left + kummer
    y = np.where(near, n + 2, x)
    found = sc.exprel(y)
    for k in range(1, n + 1):
        found = (np.exp(y) - k * found) / y
    found = np.where(np.isinf(y), np.where(y > 0, np.inf, 0), found)
    return np.where(near, np.where(x >= 0, right, np.exp(x) * left), found)


exprel_derivative: Primitive = elementwise(
    derivative_of_exprel,
    lambda g, x, n: g * exprel_derivative(x, n + 1),
    name="derivative of exprel",
)
elementwise(sc.exprel, lambda g, x: g * exprel_derivative(x, 1))

# Box and Cox's transforms: log x times exprel(λ log x), and their inverses.


def slope_in_power(log, power):
    """Return the derivative of log · exprel(power · log) in the power; finite where log is -inf."""
    least = log == -math.inf
    finite = np.where(least, 0, log)
    slope = finite * finite * exprel_derivative(power * finite, 1)
    return np.where(least, 1 / np.where(least, power * power, 1), slope)


elementwise(
    sc.boxcox,
    lambda g, x, y: g * np.power(x, y - 1),
    lambda g, x, y: g * slope_in_power(np.log(x), y),
)
elementwise(
    sc.boxcox1p,
    lambda g, x, y: g * np.exp((y - 1) * np.log1p(x)),
    lambda g, x, y: g * slope_in_power(np.log1p(x), y),
)
elementwise(
    sc.inv_boxcox,
    lambda g, ans, y: g * np.power(ans, 1 - y),
    lambda g, ans, y: -g * slope_in_power(np.log(ans), y) * np.power(ans, 1 - y),
)
elementwise(
    sc.inv_boxcox1p,
    lambda g, ans, y: g * np.power(1 + ans, 1 - y),
    lambda g, ans, y: -g * slope_in_power(np.log1p(ans), y) * np.power(1 + ans, 1 - y),
)

# Losses. `huber(delta, r)` at its kinks of second order is as inside.


def huber_vjp_delta(g, x, y):
    return g * np.where(np.abs(y) <= x, 0, np.abs(y) - x)


def huber_vjp_r(g, x, y):
    return g * np.where(np.abs(y) <= x, y, x * np.sign(y))


def pseudo_huber_vjp_delta(g, x, y):
    """Return g r⁴ / (h (h + δ)²) with h² = δ² + r², which no large or small number upsets."""
    size = np.hypot(x, y)
    part = quotient(y, size + x)
    return g * y * quotient(y, size) * part * part


elementwise(sc.huber, huber_vjp_delta, huber_vjp_r)
elementwise(
    sc.pseudo_huber, pseudo_huber_vjp_delta, lambda g, x, y: g * y * quotient(x, np.hypot(x, y))
)

# What NumPy has as well, or nearly.

DEGREE = math.pi / 180
elementwise(sc.cbrt, lambda g, ans: g / (3 * ans * ans))
elementwise(sc.exp2, lambda g, ans: g * (ans * math.log(2)))
elementwise(sc.exp10, lambda g, ans: g * (ans * math.log(10)))
elementwise(sc.expm1, lambda g, x: g * np.exp(x))
elementwise(sc.log1p, lambda g, x: g / (1 + x))
elementwise(sc.cosm1, lambda g, x: -g * np.sin(x))
elementwise(sc.powm1, power_vjp_x, lambda g, ans, x, y: power_vjp_y(g, ans + 1, x, y))
elementwise(sc.sindg, lambda g, x: g * DEGREE * sc.cosdg(x))
elementwise(sc.cosdg, lambda g, x: -g * DEGREE * sc.sindg(x))
elementwise(sc.tandg, lambda g, ans: g * DEGREE * (1 + ans * ans))
elementwise(sc.cotdg, lambda g, ans: -g * DEGREE * (1 + ans * ans))
elementwise(
    sc.radian,
    lambda g: g * DEGREE,
    lambda g: g * (DEGREE / 60),
    lambda g: g * (DEGREE / 3600),
)
constant(sc.round)


@in_double
def derivative_of_dirichlet(x, n, order):
    """Return a derivative of Dirichlet's kernel, (1/n) Σ cos(m x) over n frequencies m about 0.

    `n` may be an array; what is not a whole number above 0 gives NaN, as in SciPy.
    """
    count = np.asarray(n, float)
    found = np.zeros(np.broadcast_shapes(x.shape, count.shape))
    for k in range(int(np.max(count, initial=0))):
        m = np.where(k < count, k - (count - 1) / 2, 0)
        weight = np.where(k < count, m**order, 0)
        found = found + weight * np.cos(m * x + order * (math.pi / 2))
    return np.where((count > 0) & (count == np.floor(count)), found / count, math.nan)


def dirichlet(x, n, order):
    """Return a derivative of `diric`, or itself."""
    return derivative_of_dirichlet(x, n, order) if order else sc.diric(x, n)


dirichlet_kernel: Primitive = elementwise(
    dirichlet, lambda g, x, n, order: g * dirichlet_kernel(x, n, order + 1), name="diric"
)


def diric(x, n):
    """Return `scipy.special.diric`, in x of Tensors too."""
    return dirichlet_kernel(joined(x), n, 0) if holds_tensor(x) else sc.diric(x, n)
