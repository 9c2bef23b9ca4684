"""Where a derivative has to be chosen, or the obvious formula divides by zero or overflows."""

import math

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

import autograd as ag

INF = math.inf


def slope(function, *args):
    """Return the gradient of the sum of a function in its first argument."""
    return ag.grad(lambda x: np.sum(function(x, *args[1:])))(np.asarray(args[0]))


# Ties.


@pytest.mark.parametrize("function", [np.max, np.min])
@pytest.mark.parametrize(
    ("x", "share"),
    [
        ([1.0, 1.0], [1 / 2, 1 / 2]),
        ([0.0, 0.0, 0.0, 0.0], [1 / 4] * 4),
        ([[2.0, 2.0], [2.0, 2.0]], [[1 / 4, 1 / 4], [1 / 4, 1 / 4]]),
        (5.0, 1.0),
        ([0.0, -0.0], [1 / 2, 1 / 2]),
        ([INF, INF], [1 / 2, 1 / 2]),
    ],
    ids=repr,
)
def test_ties_of_extremes_share_equally(function, x, share):
    assert_array_equal(slope(function, x), share)


def test_ties_along_an_axis_share_among_themselves():
    x = np.array([[1.0, 3.0, 3.0], [2.0, 2.0, 2.0]])
    expected = [[0, 1 / 2, 1 / 2], [1 / 3, 1 / 3, 1 / 3]]
    assert_array_equal(slope(lambda x: np.max(x, axis=1), x), expected)
    assert_array_equal(slope(lambda x: np.max(x, axis=-1, keepdims=True), x), expected)
    assert_array_equal(slope(lambda x: np.min(x, axis=0), x), [[1, 0, 0], [0, 1, 1]])
    assert_array_equal(slope(lambda x: np.max(x, axis=(0, 1)), x), [[0, 1 / 2, 1 / 2], [0, 0, 0]])
    _, tangent = ag.jvp(lambda x: np.max(x, axis=1), (x,), (np.array([[9.0, 1, 3], [1, 2, 3]]),))
    assert_array_equal(tangent, [2.0, 2.0])


@pytest.mark.parametrize("function", [np.maximum, np.minimum, np.fmax, np.fmin])
def test_ties_of_two_are_halved(function):
    x = np.array([1.0, 2.0, 3.0])
    y = np.array([1.0, 3.0, 2.0])
    in_x, in_y = ag.grad(lambda x, y: np.sum(function(x, y)), (0, 1))(x, y)
    larger = np.array([1 / 2, 0.0, 1.0])
    expected = larger if function in (np.maximum, np.fmax) else 1 - larger
    assert_array_equal(in_x, [1 / 2, *expected[1:]])
    assert_array_equal(in_y, [1 / 2, *(1 - expected[1:])])


def test_relu_through_maximum_has_half_at_zero():
    assert_array_equal(slope(lambda x: np.maximum(x, 0.0), [-1.0, 0.0, 1.0]), [0.0, 0.5, 1.0])


@pytest.mark.parametrize("function", [np.fmax, np.fmin])
def test_fmax_and_fmin_pass_over_nan(function):
    in_x, in_y = ag.grad(lambda x, y: function(x, y), (0, 1))(2.0, math.nan)
    assert (in_x, in_y) == (1.0, 0.0)


def test_the_second_derivative_at_a_tie_is_that_of_what_follows():
    """(max x)² at a tie of two: half the gradient each, 2·½·½ in each corner of the Hessian."""
    hessian = ag.hessian(lambda x: np.max(x) ** 2)(np.array([3.0, 3.0, 1.0]))
    assert_array_equal(hessian, [[0.5, 0.5, 0], [0.5, 0.5, 0], [0, 0, 0]])


# Kinks and bounds.


@pytest.mark.parametrize("function", [np.abs, np.fabs])
def test_abs_at_zero(function):
    assert_array_equal(slope(function, [-2.0, -0.0, 0.0, 2.0]), [-1.0, 0.0, 0.0, 1.0])
    assert ag.grad(ag.grad(lambda x: function(x) ** 3))(0.0) == 0.0


def test_clip_gives_to_the_bound_what_the_value_does_not_get():
    x = np.array([-1.0, 0.0, 0.5, 1.0, 2.0])
    in_x, in_low, in_high = ag.grad(lambda x, low, high: np.sum(np.clip(x, low, high)), (0, 1, 2))(
        x, 0.0, 1.0
    )
    assert_array_equal(in_x, [0, 0, 1, 0, 0])
    assert (in_low, in_high) == (2.0, 2.0)


def test_clip_with_one_bound_or_crossed_bounds():
    x = np.array([-1.0, 0.5, 2.0])
    assert_array_equal(slope(lambda x: np.clip(x, None, 1.0), x), [1, 1, 0])
    assert_array_equal(slope(lambda x: np.clip(x, 0.0, None), x), [0, 1, 1])
    assert_array_equal(slope(lambda x: x.clip(min=0.0), x), [0, 1, 1])
    in_x, in_low, in_high = ag.grad(lambda x, low, high: np.sum(np.clip(x, low, high)), (0, 1, 2))(
        x, 1.0, 0.0
    )  # NumPy gives the upper bound everywhere
    assert_array_equal(in_x, [0, 0, 0])
    assert (in_low, in_high) == (0.0, 3.0)


def test_steps_are_flat():
    x = np.array([-1.5, 0.0, 2.5])
    for step in (np.floor, np.ceil, np.sign, np.round, np.trunc):
        assert_array_equal(slope(lambda x, step=step: x * step(x), x), step(x))


def test_remainder_and_its_kin():
    for function, quotient in [(np.remainder, np.floor), (np.fmod, np.trunc)]:
        in_x, in_y = ag.grad(lambda x, y, f=function: f(x, y), (0, 1))(-7.5, 2.0)
        assert (in_x, in_y) == (1.0, -quotient(-7.5 / 2.0))


# Powers at zero.


@pytest.mark.parametrize("n", [0, 1, 2, 3, 4, 0.0, 1.0, 2.0, 3.0, np.int64(2)])
def test_whole_powers_at_zero_to_third_order(n):
    """The k-th derivative of xⁿ at 0 is n! where k = n, else 0."""
    derivative = lambda x: x**n
    for order in range(1, 4):
        derivative = ag.grad(derivative)
        assert derivative(0.0) == (math.factorial(int(n)) if order == n else 0.0)


def test_powers_of_an_array_of_exponents_at_zero():
    found = slope(lambda x: x ** np.array([0, 1, 2, 3]), np.zeros(4))
    assert_array_equal(found, [0.0, 1.0, 0.0, 0.0])


def test_zero_to_a_positive_power_does_not_depend_on_the_power():
    exponents = np.array([0.5, 1.0, 2.0, 7.5])
    assert_array_equal(slope(lambda y: 0.0**y, exponents), np.zeros(4))
    in_x, in_y = ag.grad(lambda x, y: x**y, (0, 1))(0.0, 2.0)
    assert (in_x, in_y) == (0.0, 0.0)
    assert_array_equal(ag.hessian(lambda z: z[0] ** z[1])(np.array([0.0, 2.0])), [[2, 0], [0, 0]])


def test_a_negative_base_with_a_whole_power():
    x = np.array([-2.0, -0.5])
    assert_array_equal(slope(lambda x: x**3, x), 3 * x**2)
    assert_array_equal(slope(lambda x: x**-1, x), -1 / x**2)
    assert_array_equal(ag.hessian(lambda x: np.sum(x**3))(x), np.diag(6 * x))


@pytest.mark.parametrize("dtype", [np.int8, np.uint8, np.float16, np.float32])
@pytest.mark.parametrize("power", [np.power, np.float_power])
def test_a_base_of_low_precision_does_not_spoil_the_derivative(power, dtype):
    """d/dy 3^y = 3^y log 3 in the precision of y."""
    assert_allclose(ag.grad(lambda y: power(dtype(3), y))(2.0), 9 * math.log(3), rtol=1e-15)
    base = np.array([3], dtype)
    assert_allclose(slope(lambda y: power(base, y), [2.0]), [9 * math.log(3)], rtol=1e-15)


# Products and spreads.

PRODUCTS = [
    [2.0, 3.0, 5.0],
    [2.0, 0.0, 5.0],
    [0.0, 0.0, 5.0],
    [0.0, 0.0, 0.0],
    [7.0],
    [0.0],
]


def others(x, *left_out):
    """Return the product of x without some elements."""
    return math.prod(value for index, value in enumerate(x) if index not in left_out)


@pytest.mark.parametrize("x", PRODUCTS, ids=repr)
def test_products_with_zeros_to_second_order(x):
    """∂/∂xᵢ is the product of the others; ∂²/∂xᵢ∂xⱼ that of all but two."""
    n = range(len(x))
    assert_array_equal(slope(np.prod, x), [others(x, i) for i in n])
    expected = [[0.0 if i == j else others(x, i, j) for j in n] for i in n]
    assert_array_equal(ag.hessian(np.prod)(np.array(x)), expected)
    assert_array_equal(ag.hvp(np.prod, np.array(x), np.ones(len(x))), np.sum(expected, axis=1))


def test_products_with_zeros_to_third_order():
    third = ag.jacobian(ag.hessian(np.prod))(np.zeros(3))
    expected = np.zeros((3, 3, 3))
    for i, j, k in [(0, 1, 2), (0, 2, 1), (1, 0, 2), (1, 2, 0), (2, 0, 1), (2, 1, 0)]:
        expected[i, j, k] = 1.0
    assert_array_equal(third, expected)


def test_products_along_axes_with_zeros():
    x = np.array([[0.0, 2.0], [3.0, 0.0]])
    assert_array_equal(slope(lambda x: np.prod(x, axis=0), x), [[3, 0], [0, 2]])
    assert_array_equal(slope(lambda x: np.prod(x, axis=1), x), [[2, 0], [0, 3]])
    assert_array_equal(slope(lambda x: np.prod(x, axis=(0, 1)), x), np.zeros((2, 2)))


def test_the_spread_of_equal_values():
    x = np.full(4, 3.0)
    assert_array_equal(slope(np.std, x), np.zeros(4))
    assert_array_equal(slope(np.var, x), np.zeros(4))
    assert_array_equal(slope(lambda x: np.std(x, axis=1), np.ones((2, 3))), np.zeros((2, 3)))
    assert ag.jvp(np.std, (x,), (np.arange(4.0),)) == (0.0, 0.0)
    expected = (np.eye(4) - 1 / 4) * 2 / 4  # of the variance, which has no kink
    assert_allclose(ag.hessian(np.var)(x), expected, atol=1e-16)


def test_the_spread_of_one_value():
    assert_array_equal(slope(np.std, [3.0]), [0.0])
    assert_array_equal(slope(np.var, 3.0), 0.0)


# The origin of the plane.


def test_hypot_and_arctan2_at_the_origin():
    for function in (np.hypot, np.arctan2):
        assert ag.grad(lambda x, y, f=function: f(x, y), (0, 1))(0.0, 0.0) == (0.0, 0.0)
        assert ag.jvp(function, (0.0, 0.0), (1.0, 1.0)) == (0.0, 0.0)


def test_hypot_and_arctan2_on_the_axes():
    assert ag.grad(lambda x, y: np.hypot(x, y), (0, 1))(0.0, -2.0) == (0.0, -1.0)
    assert ag.grad(lambda x, y: np.arctan2(x, y), (0, 1))(0.0, -2.0) == (-0.5, 0.0)
    assert ag.grad(lambda x, y: np.arctan2(x, y), (0, 1))(2.0, 0.0) == (0.0, -0.5)


@pytest.mark.parametrize("scale", [1e-200, 1e200])
def test_hypot_and_arctan2_where_squares_overflow(scale):
    x, y = 3.0 * scale, 4.0 * scale
    assert_allclose(ag.grad(lambda x, y: np.hypot(x, y), (0, 1))(x, y), (0.6, 0.8), rtol=1e-15)
    found = ag.grad(lambda x, y: np.arctan2(x, y), (0, 1))(x, y)
    assert_allclose(np.array(found) * scale, (4 / 25, -3 / 25), rtol=1e-14)


# Large arguments.


@pytest.mark.parametrize("function", [np.logaddexp, np.logaddexp2])
@pytest.mark.parametrize(
    ("x", "y", "in_x"),
    [
        (1000.0, -1000.0, 1.0),
        (-1000.0, 1000.0, 0.0),
        (1000.0, 1000.0, 0.5),
        (-1000.0, -1000.0, 0.5),
        (1e308, 1e308, 0.5),
        (-INF, 0.0, 0.0),
        (0.0, -INF, 1.0),
    ],
)
def test_logaddexp_far_out(function, x, y, in_x):
    found = ag.grad(lambda x, y: function(x, y), (0, 1))(x, y)
    assert_allclose(found, (in_x, 1 - in_x), rtol=1e-15)


@pytest.mark.parametrize("function", [np.logaddexp, np.logaddexp2])
def test_logaddexp_of_nothing_but_minus_infinity_is_finite(function):
    assert np.all(np.isfinite(ag.grad(lambda x, y: function(x, y), (0, 1))(-INF, -INF)))
    assert np.isfinite(ag.jvp(function, (-INF, -INF), (1.0, 1.0))[1])


@pytest.mark.parametrize("function", [np.logaddexp, np.logaddexp2])
def test_logaddexp_of_infinity(function):
    assert ag.grad(lambda x, y: function(x, y), (0, 1))(INF, 0.0) == (1.0, 0.0)
    assert ag.grad(lambda x, y: function(x, y), (0, 1))(0.0, INF) == (0.0, 1.0)


@pytest.mark.parametrize("function", [np.logaddexp, np.logaddexp2])
@pytest.mark.parametrize("x", [1e8, 1e16, -1e16])
def test_logaddexp_of_large_equal_numbers_halves_exactly(function, x):
    """The output has lost the log 2 that the inputs differ by from it."""
    assert ag.grad(lambda x, y: function(x, y), (0, 1))(x, x) == (0.5, 0.5)


@pytest.mark.parametrize("x", [-1000.0, -30.0, 0.0, 30.0, 100.0, 1000.0])
def test_softplus_to_second_order(x):
    """log(1 + eˣ) has the derivatives 1/(1 + e⁻ˣ) and e⁻ˣ/(1 + e⁻ˣ)², which is even."""
    softplus = lambda x: np.logaddexp(x, 0.0)
    small = math.exp(-abs(x))
    expected = (1.0 if x > 0 else small) / (1 + small)
    assert_allclose(ag.grad(softplus)(x), expected, rtol=1e-14)
    assert_allclose(ag.grad(ag.grad(softplus))(x), small / (1 + small) ** 2, rtol=1e-13)


@pytest.mark.parametrize("x", [-1000.0, 1000.0, -INF, INF])
def test_tanh_and_arctan_are_flat_far_out(x):
    assert ag.grad(np.tanh)(x) == 0.0
    assert ag.grad(ag.grad(np.tanh))(x) == 0.0
    assert abs(ag.grad(np.arctan)(x)) <= 1e-6


def test_a_stable_softmax_far_out():
    def softmax(x):
        e = np.exp(x - np.max(x))
        return e / np.sum(e)

    x = np.array([1000.0, -1000.0, 0.0])
    assert_array_equal(ag.jacobian(softmax)(x), np.zeros((3, 3)))
    assert_array_equal(ag.jacobian(softmax)(np.full(2, 1e3)), [[0.25, -0.25], [-0.25, 0.25]])


@pytest.mark.parametrize("x", [1 - 1e-12, -1 + 1e-12])
def test_inverse_functions_keep_their_digits_near_their_ends(x):
    """√(1 - x²) = √((1 - x)(1 + x)); in exact steps of floats, 1 - x has no rounding."""
    root = math.sqrt((1 - abs(x)) * (1 + abs(x)))
    assert_allclose(ag.grad(np.arcsin)(x), 1 / root, rtol=1e-15)
    assert_allclose(ag.grad(np.arccos)(x), -1 / root, rtol=1e-15)
    assert_allclose(ag.grad(np.arctanh)(x), 1 / root**2, rtol=1e-15)


def test_small_arguments_keep_their_digits():
    x = 1e-20
    assert ag.grad(np.expm1)(x) == 1.0
    assert ag.grad(np.log1p)(x) == 1.0
    assert ag.grad(ag.grad(np.log1p))(x) == -1.0


# Guards and choices.


def test_a_guard_that_hides_nothing_bad_is_exact():
    x = np.array([-1.0, 0.0, 2.0])
    found = slope(lambda x: np.where(x > 0, x**2, 3 * x), x)
    assert_array_equal(found, [3.0, 3.0, 4.0])
    safe = lambda x: np.where(x > 0, np.sqrt(np.where(x > 0, x, 1.0)), 0.0)
    assert_array_equal(slope(safe, [0.0, 4.0]), [0.0, 0.25])


def test_where_gives_each_branch_its_part_through_broadcasting():
    chosen = np.array([[True, False, True], [True, True, False]])
    in_x, in_y = ag.grad(lambda x, y: np.sum(np.where(chosen, x, y)), (0, 1))(np.ones(3), 2.0)
    assert_array_equal(in_x, [2.0, 1.0, 1.0])
    assert in_y == 2.0


# Reading elements.

KEYS = {  # key into an array of (3, 4) and how often it reads each row, or element
    "a list": ([0, 0, 2], [2, 0, 1]),
    "negative": (np.array([0, -3, -1]), [2, 0, 1]),
    "a tuple in a tuple": (((0, 0, 2),), [2, 0, 1]),
    "a range": ((range(2),), [1, 1, 0]),
    "unsigned": (np.array([0, 0, 2], np.uint8), [2, 0, 1]),
    "two axes": (np.array([[0, 0], [0, 2]]), [3, 0, 1]),
    "0-d": (np.array(1), [0, 1, 0]),
    "none": (np.array([], int), [0, 0, 0]),
    "with a slice": (([1, 1], slice(None)), [0, 2, 0]),
    "with a new axis": (([1, 1], None), [0, 2, 0]),
    "mask": (np.array([True, False, True]), [1, 0, 1]),
    "list of truths": ([True, False, True], [1, 0, 1]),
    "True": (True, [1, 1, 1]),
    "False": (False, [0, 0, 0]),
    "ellipsis": (Ellipsis, [1, 1, 1]),
    "backwards": (slice(None, None, -2), [1, 0, 1]),
    "pairs": (
        ([0, 0, 1, 0], (1, 1, 2, 3)),
        [[0, 2, 0, 1], [0, 0, 1, 0], [0, 0, 0, 0]],
    ),
    "pairs in tuples": (((0, 0), (1, 1)), [[0, 2, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0]]),
    "np.ix_": (np.ix_([0, 2, 0], [1, 1]), [[0, 4, 0, 0], [0, 0, 0, 0], [0, 2, 0, 0]]),
}


@pytest.mark.parametrize("name", KEYS)
def test_every_read_of_an_element_counts(name):
    key, counts = KEYS[name]
    counts = np.array(counts, float)
    counts = np.broadcast_to(counts if counts.ndim == 2 else counts[:, None], (3, 4))
    x = np.arange(12.0).reshape(3, 4)
    assert_array_equal(slope(lambda x: x[key], x), counts)
    assert_array_equal(slope(lambda x: x[key] ** 2, x), counts * 2 * x)
    assert_array_equal(ag.hvp(lambda x: np.sum(x[key] ** 3), x, np.ones((3, 4))), counts * 6 * x)
    _, tangent = ag.jvp(lambda x: x[key], (x,), (x + 1,))
    assert_array_equal(tangent, (x + 1)[key])


def test_a_thousand_reads_accumulate_into_one_buffer(monkeypatch):
    n = 1_000
    x = ag.Tensor(np.arange(float(n)))
    total = 0.0
    for index in range(n):
        total = total + x[index] * index
    made = []
    zeros = np.zeros
    monkeypatch.setattr(np, "zeros", lambda *args: made.append(args) or zeros(*args))
    total.backward()
    assert_array_equal(x.grad, np.arange(n))
    assert made == [((n,), np.float64)]


def test_reads_and_other_uses_add_up():
    def f(x):
        return np.sum(x * x) + x[0] * x[1] + np.sum(x[1:]) + np.sum(x[[2, 2]]) + np.max(x)

    x = np.array([1.0, 2.0, 3.0])
    expected = 2 * x + [2.0, 1.0, 0.0] + [0.0, 1.0, 1.0] + [0.0, 0.0, 2.0] + [0.0, 0.0, 1.0]
    assert_array_equal(slope(f, x), expected)
    hessian = ag.hessian(f)(x)
    assert_array_equal(hessian, [[2.0, 1.0, 0.0], [1.0, 2.0, 0.0], [0.0, 0.0, 2.0]])


def test_reads_of_reads():
    x = np.arange(6.0).reshape(2, 3)
    assert_array_equal(slope(lambda x: x[1][[0, 0]][1:], x), [[0, 0, 0], [1, 0, 0]])
    assert_array_equal(slope(lambda x: x.T[1, ::-1][:1], x), [[0, 0, 0], [0, 1, 0]])


# Empty arrays and arrays of one element.


def test_empty_arrays():
    empty = np.zeros((0, 3))
    for function in (
        np.sum,
        np.prod,
        lambda x: np.sum(x, axis=0),
        np.sin,
        lambda x: x @ np.ones(3),
    ):
        assert_array_equal(slope(function, empty), empty, strict=True)
    assert_array_equal(slope(lambda x: np.concatenate([x, np.ones((2, 3))]), empty), empty)
    assert_array_equal(slope(lambda x: x + empty, np.ones(3)), np.zeros(3))


def test_a_scalar_broadcast_over_nothing_has_gradient_zero():
    assert ag.grad(lambda x: np.sum(x * np.zeros((0, 3))))(2.0) == 0.0


def test_python_complex_numbers_on_the_left_of_float64_scalars():
    x = ag.Tensor(np.array([2.0]))[0]
    for y in (1j * x, 1j + x, 1j - x, 1j / x, 1j**x):
        assert type(y.data) is np.ndarray
        assert y.dtype == np.complex128
    assert ag.grad(lambda x: np.imag(1j * (3 * x)))(2.0) == 3.0
    assert (1j * ag.Tensor(np.array([2], np.float32))).dtype == np.complex64
