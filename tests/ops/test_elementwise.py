"""Elementwise functions at special points: expected values are from mathematics."""

import inspect
import itertools
import math

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

import autograd as ag

# A slope that is constant has a second derivative of zero, which is meant here.
pytestmark = pytest.mark.filterwarnings("ignore:Output seems independent")

INF, NAN = math.inf, math.nan
POWERS = [lambda x, y: x**y, np.power, np.float_power]


def slopes(function, x, orders=2):
    """Return the derivatives of a function of one number, from the first on."""
    found = []
    for _ in range(orders):
        function = ag.grad(function)
        found.append(float(function(x)))
    return found


def in_both(function, x, y):
    """Return the derivatives in both arguments."""
    return tuple(map(float, ag.grad(lambda x, y: function(x, y), (0, 1))(x, y)))


def second_order(function, x, y):
    """Return the Hessian in both arguments."""
    return ag.hessian(lambda p: function(p[0], p[1]))(np.array([x, y]))


# Powers.


@pytest.mark.parametrize("power", POWERS)
@pytest.mark.parametrize(
    ("x", "y", "expected"),
    [
        (2.0, 0.0, [[0.0, 0.5], [0.5, math.log(2) ** 2]]),
        (-2.0, 0.0, [[0.0, -0.5], [-0.5, math.log(2) ** 2]]),
        (1.0, 0.0, [[0.0, 1.0], [1.0, 0.0]]),
        (0.0, 2.0, [[2.0, 0.0], [0.0, 0.0]]),
        (0.0, 3.0, [[0.0, 0.0], [0.0, 0.0]]),
        (2.0, 1.0, [[0.0, 1 + math.log(2)], [1 + math.log(2), 2 * math.log(2) ** 2]]),
    ],
)
def test_second_derivatives_of_powers_in_base_and_exponent(power, x, y, expected):
    """The derivative of y x^(y-1) in y is x^(y-1) (1 + y log x), where y is 0, too."""
    assert_allclose(second_order(power, x, y), expected, rtol=1e-15, atol=1e-15)


@pytest.mark.parametrize("dtype", [np.uint8, np.int8, np.int64, np.float32, np.float64])
def test_exponents_of_any_dtype_may_be_zero(dtype):
    y = np.array([0, 1, 2, 3], dtype)
    for x, first, second in [
        (0.0, [0, 1, 0, 0], [0, 0, 2, 0]),
        (2.0, [0, 1, 4, 12], [0, 0, 2, 12]),
    ]:
        slope = ag.grad(lambda x, y=y: np.sum(x**y))
        assert_array_equal(slope(np.full(4, x)), first)
        assert_array_equal(ag.grad(lambda x, s=slope: np.sum(s(x)))(np.full(4, x)), second)


@pytest.mark.parametrize("power", POWERS)
@pytest.mark.parametrize(
    ("x", "y", "expected"),
    [
        (0.0, 2.0, 0.0),
        (0.0, 0.0, 0.0),  # a convention: 0^y is 1 at 0 and 0 behind it
        (-2.0, 3.0, -8 * math.log(2)),  # the real part of the complex derivative
        (-2.0, -1.0, -0.5 * math.log(2)),
        (INF, -1.0, 0.0),
        (INF, 2.0, INF),
        (-2.0, 0.5, NAN),  # as the value
    ],
)
def test_the_derivative_in_the_exponent_is_nan_only_where_the_value_is(power, x, y, expected):
    with np.errstate(invalid="ignore"):
        assert_allclose(ag.grad(lambda y: power(x, y))(y), expected, rtol=1e-15)


@pytest.mark.parametrize("power", POWERS)
def test_zero_to_a_negative_power_falls_without_end(power):
    with np.errstate(divide="ignore"):
        assert ag.grad(lambda y: power(0.0, y))(-1.0) == -INF


@pytest.mark.parametrize("power", POWERS)
def test_powers_that_are_not_whole_at_zero(power):
    assert slopes(lambda x: power(x, 2.5), 0.0) == [0.0, 0.0]
    with np.errstate(divide="ignore"):
        assert slopes(lambda x: power(x, 1.5), 0.0) == [0.0, INF]
        assert slopes(lambda x: power(x, 0.5), 0.0, 1) == [INF]


def test_exponents_may_be_booleans():
    y = np.array([False, True])
    assert_array_equal(ag.grad(lambda x: np.sum(x**y))(np.zeros(2)), [0, 1])
    assert_array_equal(ag.grad(lambda x: np.sum(x**y))(np.full(2, 3.0)), [0, 1])


def test_roots_at_zero_are_steep():
    with np.errstate(divide="ignore"):
        assert slopes(np.sqrt, 0.0, 1) == [INF]
        assert slopes(np.cbrt, 0.0, 1) == [INF]
    assert_allclose(slopes(np.cbrt, -8.0), [1 / 12, 1 / 144], rtol=1e-15)


# Division with a remainder.

SIGNS = list(itertools.product((7.3, -7.3, 6.0, -6.0, 0.0, 0.5, -0.5), (2.0, -2.0)))


@pytest.mark.parametrize(("x", "y"), SIGNS)
@pytest.mark.parametrize(
    "function",
    [
        np.remainder,
        lambda x, y: x % y,
        lambda x, y: np.divmod(x, y)[1],
        lambda x, y: divmod(x, y)[1],
    ],
)
def test_remainders_of_every_sign(function, x, y):
    """x mod y is x - floor(x / y) y."""
    assert in_both(function, x, y) == (1.0, -math.floor(x / y))
    assert not second_order(function, x, y).any()


@pytest.mark.parametrize(("x", "y"), SIGNS)
def test_fmod_of_every_sign(x, y):
    assert in_both(np.fmod, x, y) == (1.0, -math.trunc(x / y))
    assert not second_order(np.fmod, x, y).any()


@pytest.mark.parametrize(("x", "y", "times"), [(2.0, 0.1, 19), (31.5, 2.1, 14), (23.4, 1.3, 17)])
def test_quotients_that_are_rounded_up_to_a_whole_number(x, y, times):
    """The floating-point number 0.1 is more than a tenth: 2 holds it 19 times."""
    assert x / y == times + 1
    assert in_both(np.fmod, x, y) == in_both(np.remainder, x, y) == (1.0, -times)


def test_quotients_are_constant():
    assert ag.grad(lambda x: divmod(x, 2.0)[0] * x)(7.3) == 3.0
    assert ag.grad(lambda x: x // 2.0 * x)(7.3) == 3.0
    assert type(divmod(ag.Tensor(7.3), 2.0)[0]) is np.float64


# Sizes that formulas must survive. Warnings are errors here.


@pytest.mark.parametrize("x", [1e155, -1e155, 1e200, -1e200, 1.7e308])
def test_inverse_functions_of_huge_numbers(x):
    assert_allclose(slopes(np.arctan, x), [1 / x / x, 0.0], rtol=1e-4)  # subnormal
    assert_allclose(slopes(np.arcsinh, x)[0], 1 / abs(x), rtol=1e-15)
    assert_allclose(slopes(np.arccosh, abs(x))[0], 1 / abs(x), rtol=1e-15)


@pytest.mark.parametrize("function", [np.arctan, np.arcsinh])
def test_inverse_functions_of_infinity_are_flat(function):
    with np.errstate(invalid="ignore"):
        assert slopes(function, INF) == slopes(function, -INF) == [0.0, 0.0]


@pytest.mark.parametrize(
    ("function", "x", "expected"),
    [
        (np.arctan, 300.0, 1 / (1 + 300.0**2)),
        (np.log10, 30000.0, 1 / (30000 * math.log(10))),
        (np.arcsinh, 60000.0, 1 / 60000),
    ],
)
def test_half_precision_does_not_overflow_on_the_way(function, x, expected):
    found = ag.grad(function)(np.float16(x))
    assert found.dtype == np.float16
    assert_allclose(float(found), expected, rtol=5e-3)


@pytest.mark.parametrize("x", [-1000.0, -50.0, -1e-20, 0.0, 1e-20, 3.0])
def test_expm1_keeps_its_digits(x):
    assert_allclose(slopes(np.expm1, x), [math.exp(x)] * 2, rtol=1e-15)


@pytest.mark.parametrize(("x", "expected"), [(0.0, (1.0, -1.0)), (1e300, (1e-300, 0.0))])
def test_log1p(x, expected):
    assert_allclose(slopes(np.log1p, x), expected, rtol=1e-15)


@pytest.mark.filterwarnings("ignore:overflow")
@pytest.mark.parametrize(
    ("x", "expected"), [(-1000.0, [0.0, 0.0]), (0.0, [0.25, 0.0]), (1000.0, [0.0, 0.0])]
)
def test_the_logistic_function_far_out(x, expected):
    assert slopes(lambda x: 1 / (1 + np.exp(-x)), x) == expected


@pytest.mark.parametrize("x", [-1000.0, 0.0, 1000.0])
def test_tanh_and_exp_far_out(x):
    assert slopes(np.tanh, x, 3) == ([1.0, 0.0, -2.0] if x == 0 else [0.0] * 3)
    with np.errstate(over="ignore"):
        assert_allclose(slopes(np.exp, x), [np.exp(x)] * 2)


@pytest.mark.parametrize(("function", "base"), [(np.logaddexp, math.e), (np.logaddexp2, 2.0)])
@pytest.mark.parametrize(
    ("x", "distance"), [(0.0, 0.0), (1e16, 2.0), (-1e16, -2.0), (3.0, 40.0), (-1000.0, 0.0)]
)
def test_logaddexp_by_distance(function, base, x, distance):
    """The derivatives depend on y - x only, and are exact for large numbers."""
    part = 1 / (1 + base**distance)
    assert_allclose(in_both(function, x, x + distance), (part, part * base**distance), rtol=1e-14)
    curvature = part * part * base**distance * math.log(base)
    expected = curvature * np.array([[1, -1], [-1, 1]])
    assert_allclose(second_order(function, x, x + distance), expected, rtol=1e-13)


@pytest.mark.parametrize("scale", [1e-100, 1.0, 1e100])
def test_hypot_and_arctan2_to_second_order_at_any_scale(scale):
    """With x = 3, y = 4: r = 5, Hessian [[y², -xy], [-xy, x²]] / r³ of r."""
    found = second_order(np.hypot, 3 * scale, 4 * scale)
    assert_allclose(found * scale, np.array([[16, -12], [-12, 9]]) / 125, rtol=1e-13)
    found = second_order(np.arctan2, 3 * scale, 4 * scale)
    expected = np.array([[-24, -7], [-7, 24]]) / 625
    assert_allclose(found * scale * scale, expected, rtol=1e-13)


@pytest.mark.parametrize("function", [np.hypot, np.arctan2])
def test_the_origin_of_the_plane_is_flat_to_second_order(function):
    assert in_both(function, 0.0, 0.0) == (0.0, 0.0)
    assert not second_order(function, 0.0, 0.0).any()


# Removable singularities, series.


def test_sinc_at_zero_to_fourth_order():
    """Sinc is the sum of (-1)^k (πx)^2k / (2k+1)!."""
    expected = [0.0, -(math.pi**2) / 3, 0.0, math.pi**4 / 5]
    assert_allclose(slopes(np.sinc, 0.0, 4), expected, rtol=1e-14)
    assert_allclose(slopes(np.sinc, 1e-9, 2), [-(math.pi**2) / 3 * 1e-9, expected[1]], rtol=1e-14)


def test_i0_at_zero_to_fourth_order():
    """I₀ is the sum of (x/2)^2k / k!²."""
    assert_allclose(slopes(np.i0, 0.0, 4), [0.0, 0.5, 0.0, 3 / 8], rtol=1e-15)


@pytest.mark.parametrize("x", [1e-3, 2.0, 29.0, 31.0, 500.0])
def test_i0_obeys_its_differential_equation(x):
    """x² y'' + x y' = x² y."""
    first, second = slopes(np.i0, x)
    assert_allclose(second + first / x, np.i0(x), rtol=1e-12)
    assert slopes(np.i0, -x) == [-first, second]


# Choices.


@pytest.mark.parametrize("function", [np.maximum, np.minimum])
def test_where_one_is_nan_nothing_is_chosen(function):
    for x, y in ((NAN, 1.0), (1.0, NAN), (NAN, NAN)):
        assert in_both(function, x, y) == (0.0, 0.0)


@pytest.mark.parametrize("function", [np.fmax, np.fmin])
def test_where_one_is_nan_the_other_is_chosen(function):
    assert in_both(function, NAN, 1.0) == (0.0, 1.0)
    assert in_both(function, 1.0, NAN) == (1.0, 0.0)


@pytest.mark.parametrize("function", [np.maximum, np.minimum, np.fmax, np.fmin])
@pytest.mark.parametrize(("x", "y"), [(1.0, 1.0), (0.0, -0.0), (INF, INF), (-INF, -INF)])
def test_equal_numbers_share(function, x, y):
    assert in_both(function, x, y) == (0.5, 0.5)
    assert not second_order(function, x, y).any()


SPELLINGS = [
    lambda x, low, high: np.clip(x, low, high),
    lambda x, low, high: np.clip(x, a_min=low, a_max=high),
    lambda x, low, high: np.clip(a_max=high, a_min=low, a=x),
    lambda x, low, high: np.clip(np.clip(x, low, None), None, high),
    lambda x, low, high: x.clip(low, high),
]
if "min" in inspect.signature(np.clip).parameters:  # from NumPy 2.1 on
    SPELLINGS += [
        lambda x, low, high: np.clip(x, min=low, max=high),
        lambda x, low, high: np.clip(np.clip(x, min=low), max=high),
        lambda x, low, high: x.clip(min=low, max=high),
    ]


@pytest.mark.parametrize("clip", SPELLINGS)
@pytest.mark.parametrize(
    ("x", "expected"),
    [
        (-1.0, (0, 1, 0)),
        (0.0, (0, 1, 0)),
        (0.5, (1, 0, 0)),
        (1.0, (0, 0, 1)),
        (2.0, (0, 0, 1)),
        (NAN, (0, 0, 0)),
    ],
)
def test_every_spelling_of_clip(clip, x, expected):
    assert ag.grad(lambda *a: clip(*a), (0, 1, 2))(x, 0.0, 1.0) == expected


def test_clip_takes_one_spelling_of_its_bounds():
    with pytest.raises(ValueError, match="a_min and a_max, or min= and max="):
        np.clip(ag.Tensor(1.0), 0.0, 1.0, max=2.0)


def test_where_keeps_what_is_not_chosen_out():
    x = np.array([-1.0, 0.0, 4.0])
    root = lambda x: np.sum(np.where(x > 0, np.sqrt(np.where(x < 0, 1, x)), 0))
    assert_array_equal(ag.grad(root)(x), [0, 0, 0.25])


# Signs, steps, and parts of a number.


@pytest.mark.parametrize(
    ("x", "y", "expected"),
    [(3.0, -0.0, -1.0), (-3.0, 0.0, -1.0), (-3.0, -1.0, 1.0), (0.0, -1.0, 0.0), (INF, -1.0, -1.0)],
)
def test_copysign(x, y, expected):
    assert in_both(np.copysign, x, y) == (expected, 0.0)


@pytest.mark.parametrize(("x", "expected"), [(-1.0, 0.0), (0.0, 1.0), (-0.0, 1.0), (1.0, 0.0)])
def test_heaviside_is_its_second_argument_at_zero(x, expected):
    assert in_both(np.heaviside, x, 0.5) == (0.0, expected)


@pytest.mark.parametrize("x", [0.0, -2.0, 1e300, 5e-324])
def test_the_next_number_moves_along(x):
    assert in_both(np.nextafter, x, 1.0) == (1.0, 0.0)


@pytest.mark.parametrize("x", [0.0, 1.5, -3.0])
def test_ldexp_is_linear(x):
    assert slopes(lambda x: np.ldexp(x, 3), x) == [8.0, 0.0]


@pytest.mark.parametrize("x", [0.0, -0.0, 1.5, -1.5, 3.0])
def test_the_fraction_moves_with_the_number(x):
    assert slopes(lambda x: np.modf(x)[0], x) == [1.0, 0.0]
    assert type(np.modf(ag.Tensor(x))[1]) is np.float64


@pytest.mark.parametrize(("x", "expected"), [(0.0, 1.0), (1.5, 0.5), (-3.0, 0.25), (0.1, 8.0)])
def test_the_mantissa_is_scaled(x, expected):
    assert slopes(lambda x: np.frexp(x)[0], x) == [expected, 0.0]


def test_what_replaces_nan_and_infinity_is_constant():
    x = np.array([NAN, INF, -INF, 0.0, 2.0])
    for kwargs in ({}, {"nan": 1.0}, {"posinf": 3.0, "neginf": -3.0}):
        replaced = lambda x, kw=kwargs: np.nan_to_num(x, **kw)
        assert_array_equal(replaced(ag.Tensor(x)).data, replaced(x))
        assert_array_equal(ag.grad(lambda x, f=replaced: np.sum(f(x)))(x), [0, 0, 0, 1, 1])


def test_nan_to_num_does_not_write_into_a_tensor():
    with pytest.raises(TypeError, match="copy=False"):
        np.nan_to_num(ag.Tensor([1.0]), copy=False)


@pytest.mark.parametrize(
    "function",
    [np.round, np.around, np.rint, np.fix, np.trunc, np.floor, np.ceil, lambda x: np.round(x, 1)],
)
def test_rounded_numbers_are_plain(function):
    x = np.array([-1.26, 0.5, 2.34])
    found = function(ag.Tensor(x))
    assert type(found) is np.ndarray
    assert_array_equal(found, function(x))


@pytest.mark.parametrize("function", [np.logaddexp, np.logaddexp2])
@pytest.mark.parametrize("infinity", [np.inf, -np.inf])
def test_equal_infinities_share(function, infinity):
    for argnum in (0, 1):
        assert ag.grad(function, argnum)(infinity, infinity) == 0.5


@pytest.mark.parametrize("lower", [2.0, 3.0])
def test_of_bounds_that_leave_nothing_between_the_upper_counts(lower):
    gradients = ag.grad(np.clip, (0, 1, 2))(1.0, lower, 2.0)
    assert gradients == (0.0, 0.0, 1.0)
