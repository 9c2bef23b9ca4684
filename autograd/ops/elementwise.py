"""Functions with a diagonal Jacobian: NumPy's ufuncs, and `where` and `clip`.

One rule for each argument serves both modes: `g` is the cotangent of the output or the tangent of
the argument. At ties of `maximum` and the like each argument gets half; at a bound of `clip` all
goes to the bound; `abs` at zero has derivative zero.
"""

import math

import numpy as np

from autograd.errors import KeywordError
from autograd.primitive import composite, elementwise, same, set_operator

# Arithmetic.

elementwise(np.add, same, same, operator="add")
elementwise(np.subtract, same, lambda g: -g, operator="sub")
elementwise(np.multiply, lambda g, y: g * y, lambda g, x: g * x, operator="mul")
elementwise(np.divide, lambda g, y: g / y, lambda g, ans, y: -g * ans / y, operator="truediv")
elementwise(np.negative, lambda g: -g, operator="neg")
elementwise(np.positive, same, operator="pos")
elementwise(np.reciprocal, lambda g, ans: -g * ans * ans)
elementwise(np.square, lambda g, x: g * (2 * x))


def power_vjp_x(g, x, y):
    """Return g y x^(y-1); where y is 0 it is g y x^y / x, which is 0 even at 0."""
    slope, is_zero = y * x ** (1 * y - (y != 0)), y == 0  # 1 *, for booleans have no difference
    if is_zero is False or not np.any(is_zero):  # False where y is a number of Python's
        return g * slope
    return g * (slope / np.where(is_zero, x + (x == 0), 1))


def power_vjp_y(g, ans, x, y):
    """Return g x^y log |x|, the real part of the complex derivative where x is negative.

    It is 0 where x^y is 0, its limit, and at 0^0. A complex power has the complex logarithm.
    """
    base = np.ones_like(ans) * x  # a constant of a small dtype has a coarse logarithm
    base = base if ans.dtype.kind == "c" else np.abs(base)
    return g * (ans * np.log(np.where((ans == 0) | ((x == 0) & (y == 0)), 1, base)))


elementwise(np.power, power_vjp_x, power_vjp_y, operator="pow")
elementwise(np.float_power, power_vjp_x, power_vjp_y)
elementwise(np.remainder, same, lambda g, x, y: -g * np.floor_divide(x, y), operator="mod")
elementwise(np.fmod, same, lambda g, ans, x, y: -g * np.rint((x - ans) / y))


def divmod_(x, y):
    """Return quotient and remainder."""
    return np.floor_divide(x, y), np.remainder(x, y)


composite(np.divmod, divmod_)
set_operator("divmod", divmod_)

# Roots, exponentials, logarithms.

elementwise(np.sqrt, lambda g, ans: g / (2 * ans))
elementwise(np.cbrt, lambda g, ans: g / (3 * ans * ans))
elementwise(np.exp, lambda g, ans: g * ans)
elementwise(np.exp2, lambda g, ans: g * (ans * math.log(2)))
elementwise(np.expm1, lambda g, x: g * np.exp(x))
elementwise(np.log, lambda g, x: g / x)
elementwise(np.log2, lambda g, x: g / math.log(2) / x)
elementwise(np.log10, lambda g, x: g / math.log(10) / x)
elementwise(np.log1p, lambda g, x: g / (1 + x))


def excess(x, y):
    """Return y - x, and 0 where both are the same infinity."""
    tied = np.isinf(x) & (x == y)
    return np.where(tied, 0, y) - np.where(tied, 0, x)


def part(x, y):
    """Return e^x / (e^x + e^y)."""
    return np.exp(-np.logaddexp(0, excess(x, y)))


def part2(x, y):
    """Return 2^x / (2^x + 2^y)."""
    return np.exp2(-np.logaddexp2(0, excess(x, y)))


elementwise(np.logaddexp, lambda g, x, y: g * part(x, y), lambda g, x, y: g * part(y, x))
elementwise(np.logaddexp2, lambda g, x, y: g * part2(x, y), lambda g, x, y: g * part2(y, x))

# Trigonometric and hyperbolic functions. Factored differences keep their digits near 1.

elementwise(np.sin, lambda g, x: g * np.cos(x))
elementwise(np.cos, lambda g, x: -g * np.sin(x))
elementwise(np.tan, lambda g, ans: g * (1 + ans * ans))
elementwise(np.arcsin, lambda g, x: g / (np.sqrt(1 - x) * np.sqrt(1 + x)))
elementwise(np.arccos, lambda g, x: -g / (np.sqrt(1 - x) * np.sqrt(1 + x)))
elementwise(np.sinh, lambda g, x: g * np.cosh(x))
elementwise(np.cosh, lambda g, x: g * np.sinh(x))
elementwise(np.tanh, lambda g, ans: g * (1 - ans * ans))


def scale(x):
    """Return a plain number of the size of x, for formulas that hold for any scale."""
    size = np.where(np.isfinite(x), 1 + np.floor(np.abs(x)), 1)
    return size.astype(np.abs(x).dtype)


def arctan_rule(g, x):
    """Return g / (x x + 1), where x x may be too large for a float."""
    s = scale(x)
    return g / s / (x * (x / s) + 1 / s)


def arcsinh_rule(g, x):
    """Return g / sqrt(x x + 1), where x x may be too large for a float."""
    s = scale(x)
    return g / s / np.sqrt((x / s) * (x / s) + 1 / s / s)


elementwise(np.arctan, arctan_rule)
elementwise(np.arcsinh, arcsinh_rule)
elementwise(np.arccosh, lambda g, x: g / (np.sqrt(x - 1) * np.sqrt(x + 1)))
elementwise(np.arctanh, lambda g, x: g / ((1 - x) * (1 + x)))
elementwise(np.degrees, lambda g: g * (180 / math.pi))
elementwise(np.rad2deg, lambda g: g * (180 / math.pi))
elementwise(np.radians, lambda g: g * (math.pi / 180))
elementwise(np.deg2rad, lambda g: g * (math.pi / 180))

# Plane geometry. At the origin the derivatives of both are taken as zero, of any order.


def ratio(x, y):
    """Return x / y, and 0 where y is 0, with all derivatives."""
    return (y != 0) * x / (y + (y == 0))


elementwise(np.hypot, lambda g, ans, x: g * ratio(x, ans), lambda g, ans, y: g * ratio(y, ans))
elementwise(
    np.arctan2,
    lambda g, x, y: g * ratio(ratio(y, np.hypot(x, y)), np.hypot(x, y)),
    lambda g, x, y: -g * ratio(ratio(x, np.hypot(x, y)), np.hypot(x, y)),
)

# Kinks and jumps.


def tied(g, ans, x, y):
    """Return what `x` gets of the larger or smaller of two: all, half at a tie, or nothing."""
    return np.where(x == y, g / 2, np.where(ans == x, g, 0))


def tied_y(g, ans, x, y):
    """Return what `y` gets."""
    return tied(g, ans, y, x)


elementwise(np.maximum, tied, tied_y, chooses=True)
elementwise(np.minimum, tied, tied_y, chooses=True)
elementwise(np.fmax, tied, tied_y, chooses=True)
elementwise(np.fmin, tied, tied_y, chooses=True)


def direction(x):
    """Return x / |x|, and 0 where x is 0; of real numbers it is constant, of complex ones not."""
    if x.dtype.kind != "c":
        return np.sign(x)
    zero = x == 0
    return np.where(zero, 0, x / (np.abs(x) + zero))


elementwise(np.absolute, lambda g, x: g * np.conj(direction(x)), operator="abs")
elementwise(np.fabs, lambda g, x: g * np.sign(x))
elementwise(np.copysign, lambda g, x, y: g * (np.sign(x) * np.copysign(1, y)), None)
elementwise(np.heaviside, None, lambda g, x: g * (x == 0))
elementwise(np.nextafter, same, None)
elementwise(np.ldexp, lambda g, y: np.ldexp(g, y), None)


def fraction(x):
    """Return the part of `x` after the point, with its sign."""
    return np.modf(x)[0]


fractional = elementwise(fraction, same)
composite(np.modf, lambda x: (fractional(x), np.trunc(x)))


def frexp(x):
    """Return mantissa and exponent of `x`; the mantissa is ``x / 2**exponent``."""
    _, exponent = np.frexp(x.data)
    return np.ldexp(x, -exponent), exponent


composite(np.frexp, frexp)

# Choices.

elementwise(
    np.where,
    None,
    lambda g, condition: np.where(condition, g, 0),
    lambda g, condition: np.where(condition, 0, g),
    parameters=("condition", "x", "y"),
    chooses=True,
)


def bounded(x, lower, upper):
    """Return `x` brought between bounds."""
    return np.minimum(np.maximum(x, lower), upper)


clipped = elementwise(
    bounded,
    lambda g, x, lower, upper: np.where((x > lower) & (x < upper), g, 0),
    lambda g, x, lower, upper: np.where((x <= lower) & (lower < upper), g, 0),
    lambda g, x, lower, upper: np.where(np.maximum(x, lower) >= upper, g, 0),
    name="clip",
    chooses=True,
)


def clip(a, a_min=None, a_max=None, out=None, *, min=None, max=None):
    """Clip as `numpy.clip` does, whose bounds have two spellings and may be None."""
    if out is not None:
        raise KeywordError("np.clip of a Tensor cannot write into out=; assign the result instead")
    if (a_min is not None or a_max is not None) and (min is not None or max is not None):
        raise ValueError("np.clip takes a_min and a_max, or min= and max=, not some of each")
    lower, upper = (a_min if min is None else min), (a_max if max is None else max)
    a = a if hasattr(a, "dtype") else np.asarray(a)  # then a number is not Python's for NumPy
    below, above = (-math.inf if lower is None else lower), (math.inf if upper is None else upper)
    return clipped(a, below, above)


composite(np.clip, clip)
