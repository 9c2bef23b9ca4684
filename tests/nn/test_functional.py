"""Activations: their values against the mathematics, their derivatives against differences."""

import math

import numpy as np
import pytest

import autograd as ag
import nn
from autograd.errors import ShapeError
from autograd.testing import check_grads


def logistic(x):
    return 1 / (1 + math.exp(-x)) if x > -700 else 0.0


def normal_cdf(x):
    return 0.5 * math.erfc(-x / math.sqrt(2))


def gelu_of_the_paper(x):
    return 0.5 * x * (1 + math.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)))


def softplus(x):
    return max(x, 0) + math.log1p(math.exp(-abs(x)))


def between(x, low, high):
    return min(max(x, low), high)


SCALE, ALPHA = 1.0507009873554805, 1.6732632423543772  # of selu: Klambauer et al., page 4


# Function, the mathematics for one number, and the derivative far on the left and on the right.
CASES = {
    "sigmoid": (nn.sigmoid, logistic, 0, 0),
    "tanh": (nn.tanh, math.tanh, 0, 0),
    "relu": (nn.relu, lambda x: max(x, 0.0), 0, 1),
    "leaky_relu": (nn.leaky_relu, lambda x: x if x > 0 else 0.01 * x, 0.01, 1),
    "leaky_relu(0.3)": (lambda x: nn.leaky_relu(x, 0.3), lambda x: x if x > 0 else 0.3 * x, 0.3, 1),
    "elu": (nn.elu, lambda x: x if x > 0 else math.expm1(x), 0, 1),
    "elu(2)": (lambda x: nn.elu(x, 2.0), lambda x: x if x > 0 else 2 * math.expm1(x), 0, 1),
    "gelu": (nn.gelu, lambda x: x * normal_cdf(x), 0, 1),
    "gelu(tanh)": (lambda x: nn.gelu(x, "tanh"), gelu_of_the_paper, 0, 1),
    "softplus": (nn.softplus, lambda x: max(x, 0) + math.log1p(math.exp(-abs(x))), 0, 1),
    "softplus(3)": (
        lambda x: nn.softplus(x, 3.0),
        lambda x: max(x, 0) + math.log1p(math.exp(-3 * abs(x))) / 3,
        0,
        1,
    ),
    "prelu": (lambda x: nn.prelu(x, 0.3), lambda x: x if x > 0 else 0.3 * x, 0.3, 1),
    "selu": (nn.selu, lambda x: SCALE * (x if x > 0 else ALPHA * math.expm1(x)), 0, SCALE),
    "celu": (nn.celu, lambda x: x if x > 0 else math.expm1(x), 0, 1),
    "celu(2)": (lambda x: nn.celu(x, 2.0), lambda x: x if x > 0 else 2 * math.expm1(x / 2), 0, 1),
    "silu": (nn.silu, lambda x: x * logistic(x), 0, 1),
    "mish": (nn.mish, lambda x: x * math.tanh(softplus(x)), 0, 1),
    "softsign": (nn.softsign, lambda x: x / (1 + abs(x)), 1 / 1001**2, 1 / 1001**2),
    "hardtanh": (nn.hardtanh, lambda x: between(x, -1, 1), 0, 0),
    "hardtanh(-0.5, 2)": (
        lambda x: nn.hardtanh(x, -0.5, 2.0),
        lambda x: between(x, -0.5, 2),
        0,
        0,
    ),
    "relu6": (nn.relu6, lambda x: between(x, 0, 6), 0, 0),
    "hardsigmoid": (nn.hardsigmoid, lambda x: between(x / 6 + 0.5, 0, 1), 0, 0),
    "hardswish": (nn.hardswish, lambda x: x * between(x / 6 + 0.5, 0, 1), 0, 1),
    "logsigmoid": (nn.logsigmoid, lambda x: -softplus(-x), 1, 0),
}
NAMES = pytest.mark.parametrize("name", CASES)
POINTS = np.array([-7.3, -2.1, -0.8, -0.1, 0.2, 0.9, 1.7, 6.4])


def derivative(function, x):
    """Return function'(x) by the five-point formula; its error is of order h⁴."""
    h = 1e-3
    return (
        8 * (function(x + h) - function(x - h)) - (function(x + 2 * h) - function(x - 2 * h))
    ) / (12 * h)


def gradient(function, x):
    """Return the gradient of the sum of function(x), an array function itself."""
    t = ag.Tensor(x)
    np.sum(function(t)).backward()
    return t.grad


@NAMES
def test_value_is_the_mathematics(name):
    function, reference, _, _ = CASES[name]
    x = np.concatenate([POINTS, [-1000.0, -30.0, 0.0, 30.0, 1000.0]])
    expected = [reference(float(value)) for value in x]
    np.testing.assert_allclose(function(x), expected, rtol=1e-12, atol=1e-15)
    np.testing.assert_array_equal(function(ag.Tensor(x)).data, function(x))


@NAMES
def test_derivative_is_that_of_differences(name):
    function, _, _, _ = CASES[name]
    np.testing.assert_allclose(gradient(function, POINTS), derivative(function, POINTS), atol=1e-9)


@NAMES
def test_second_derivative_is_that_of_differences(name):
    function, _, _, _ = CASES[name]

    def product(x):  # relu alone has no second derivative to speak of
        return function(x) * x

    x = ag.Tensor(POINTS)
    (slope,) = ag.gradients(np.sum(product(x)), [x], create_graph=True)
    (curvature,) = ag.gradients(np.sum(slope), [x])
    expected = derivative(lambda x: gradient(product, x), POINTS)
    np.testing.assert_allclose(curvature, expected, atol=1e-8)


@NAMES
def test_far_out_the_derivative_is_its_limit(name):
    function, _, left, right = CASES[name]
    np.testing.assert_allclose(gradient(function, np.array([-1000.0, 1000.0])), [left, right])


@NAMES
def test_float32_stays_float32(name):
    function, _, _, _ = CASES[name]
    x = ag.Tensor(POINTS.astype(np.float32))
    y = function(x)
    np.sum(y).backward()
    assert (y.dtype, x.grad.dtype) == (np.float32, np.float32)
    np.testing.assert_allclose(y.data, function(POINTS), rtol=1e-5, atol=1e-6)


@NAMES
def test_shapes_of_any_kind(name):
    function, _, _, _ = CASES[name]
    grid = np.arange(6.0).reshape(2, 3)
    for x in (np.float64(0.5), np.empty((0, 3)), grid.T, grid[:, ::2]):
        assert np.shape(function(x)) == np.shape(x)
        assert function(ag.Tensor(x)).shape == np.shape(x)


def test_derivatives_at_zero_are_those_of_the_left():
    zero = np.zeros(1)
    assert gradient(nn.relu, zero) == 0
    assert gradient(nn.leaky_relu, zero) == 0.01
    assert gradient(lambda x: nn.elu(x, 2.0), zero) == 2


# What PyTorch 2.13 gives: y.sum().backward() of y = torch.nn.functional.<name>(x), x.grad.
@pytest.mark.parametrize(
    ("function", "at", "slopes"),
    [
        (lambda x: nn.prelu(x, 0.3), [0], [0.3]),
        (nn.selu, [0], [1.7580993408473768]),
        (nn.celu, [0], [1]),
        (lambda x: nn.celu(x, 2.0), [0], [1]),
        (nn.softsign, [0], [1]),
        (nn.hardtanh, [-1, 1], [0, 0]),
        (nn.relu6, [0, 6], [0, 0]),
        (nn.hardsigmoid, [-3, 3], [0, 0]),
        (nn.hardswish, [-3, 3], [0, 1]),
    ],
)
def test_derivatives_at_kinks_are_those_of_pytorch(function, at, slopes):
    np.testing.assert_allclose(gradient(function, np.array(at, float)), slopes, rtol=1e-15)


@NAMES
def test_derivatives_of_two_orders_in_both_modes(name):
    check_grads(CASES[name][0], POINTS[1:-1])  # farther out the tanh of a gelu is flat to rounding


LIMITS = {
    "sigmoid": (0, 1),
    "tanh": (-1, 1),
    "relu": (0, np.inf),
    "leaky_relu": (-np.inf, np.inf),
    "leaky_relu(0.3)": (-np.inf, np.inf),
    "elu": (-1, np.inf),
    "elu(2)": (-2, np.inf),
    "gelu": (0, np.inf),
    "gelu(tanh)": (0, np.inf),
    "softplus": (0, np.inf),
    "softplus(3)": (0, np.inf),
    "prelu": (-np.inf, np.inf),
    "selu": (-SCALE * ALPHA, np.inf),
    "celu": (-1, np.inf),
    "celu(2)": (-2, np.inf),
    "silu": (0, np.inf),
    "mish": (0, np.inf),
    "softsign": (-1, 1),
    "hardtanh": (-1, 1),
    "hardtanh(-0.5, 2)": (-0.5, 2),
    "relu6": (0, 6),
    "hardsigmoid": (0, 1),
    "hardswish": (0, np.inf),
    "logsigmoid": (-np.inf, 0),
}


@NAMES
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_at_infinity_there_are_the_limits(name, dtype):
    function, _, left, right = CASES[name]
    x = ag.Tensor(np.array([-np.inf, np.inf], dtype))
    y = function(x)
    np.testing.assert_allclose(y.data, LIMITS[name], rtol=1e-6)
    slope = ag.gradients([y], [x], [np.ones(2, dtype)])[0]
    limits = (0, 0) if name == "softsign" else (left, right)
    np.testing.assert_allclose(slope, limits, rtol=1e-6)


@NAMES
def test_nan_stays_nan(name):
    assert np.isnan(CASES[name][0](np.array([np.nan]))).all()


def test_third_derivatives_far_out_are_zero():
    for function in (nn.gelu, nn.silu, nn.mish, nn.softplus, nn.logsigmoid, nn.elu, nn.sigmoid):
        for x in (-1000.0, 1000.0):
            assert ag.grad(ag.grad(ag.grad(function)))(x) == 0


def test_large_numbers_do_not_overflow():
    x = np.array([-1e200, 1e200])
    for function in (nn.gelu, nn.silu, nn.mish, nn.hardswish):
        np.testing.assert_array_equal(function(x), [0, 1e200])
        np.testing.assert_array_equal(gradient(function, x), [0, 1])
    np.testing.assert_array_equal(nn.softsign(x), [-1, 1])


def test_hardtanh_and_celu_refuse_what_means_nothing():
    with pytest.raises(ValueError, match="min_val must be less than max_val, got 1 and -1"):
        nn.hardtanh(np.ones(2), 1, -1)
    with pytest.raises(ValueError, match="alpha must be positive, got 0"):
        nn.celu(np.ones(2), 0)


# Slopes that are learned.

CHANNELS = np.array([[[-1.0, 2.0], [-3.0, -4.0], [5.0, -6.0]]])


def test_prelu_has_a_slope_for_each_channel():
    weight = ag.Tensor([0.1, 0.2, 0.3])
    y = nn.prelu(CHANNELS, weight)
    np.testing.assert_allclose(y.data, [[[-0.1, 2], [-0.6, -0.8], [5, -1.8]]])
    np.sum(y).backward()
    np.testing.assert_array_equal(weight.grad, [-1, -7, -6])
    np.testing.assert_array_equal(nn.prelu(CHANNELS, weight, -2).data, y.data)
    last = nn.prelu(CHANNELS, np.array([0.5, 0.1]), 2)
    np.testing.assert_allclose(last, [[[-0.5, 2], [-1.5, -0.4], [5, -0.6]]])


@pytest.mark.parametrize("weight", [0.25, [0.25], [0.1, 0.2, 0.3]])
def test_prelu_differentiates_in_both(weight):
    check_grads(nn.prelu, CHANNELS, np.array(weight))


@pytest.mark.parametrize(
    ("x", "weight", "axis", "message"),
    [
        (
            CHANNELS,
            np.ones(2),
            1,
            r"got weight \(2,\) for x \(1, 3, 2\) with its channels on axis 1",
        ),
        (np.ones(3), np.ones(3), 1, r"got weight \(3,\) for x \(3,\)"),
        (CHANNELS, np.ones((3, 1)), 1, r"got weight \(3, 1\) for x"),
    ],
)
def test_prelu_refuses_weights_that_do_not_fit(x, weight, axis, message):
    with pytest.raises(ShapeError, match=message):
        nn.prelu(x, weight, axis)


# Halves.


@pytest.mark.parametrize("axis", [0, -1, 2])
def test_glu_is_one_half_times_the_sigmoid_of_the_other(axis):
    x = np.random.default_rng(0).normal(size=(2, 3, 4))
    a, b = np.split(x, 2, axis)
    np.testing.assert_allclose(nn.glu(x, axis), a / (1 + np.exp(-b)), rtol=1e-14)
    check_grads(lambda x: nn.glu(x, axis), x)


def test_glu_far_out_and_in_float32():
    x = ag.Tensor(np.array([1000.0, -1000.0, 1000.0, -1000.0], np.float32))
    y = nn.glu(x)
    np.testing.assert_array_equal(y.data, [1000, 0])
    np.sum(y).backward()
    np.testing.assert_array_equal(x.grad, [1, 0, 0, 0])
    assert (y.dtype, x.grad.dtype) == (np.float32, np.float32)


@pytest.mark.parametrize(("shape", "axis"), [((2, 3), -1), ((2,), 1), ((), 0)])
def test_glu_refuses_what_has_no_halves(shape, axis):
    with pytest.raises(ShapeError, match=f"glu halves axis {axis}, which x of shape"):
        nn.glu(np.zeros(shape), axis)


# Cosines.

A, B = np.array([[3.0, 4.0, 0.0], [1.0, -2.0, 2.0]]), np.array([[4.0, 3.0, 0.0], [-1.0, 2.0, -2.0]])


def test_cosine_similarity_is_the_cosine():
    np.testing.assert_allclose(nn.cosine_similarity(A, B), [24 / 25, -1], rtol=1e-15)
    np.testing.assert_allclose(nn.cosine_similarity(A.T, B.T, 0), [24 / 25, -1], rtol=1e-15)
    np.testing.assert_allclose(nn.cosine_similarity(1e-3 * A, 1e3 * B[0]), [24 / 25, -2 / 15])
    check_grads(nn.cosine_similarity, A, B + 0.3)


def test_cosine_of_nothing_is_zero_and_so_is_the_slope():
    zeros = ag.Tensor(np.zeros(3))
    y = nn.cosine_similarity(zeros, np.zeros(3))
    assert y.item() == 0
    y.backward()
    np.testing.assert_array_equal(zeros.grad, 0)


def test_cosine_similarity_keeps_float32():
    a = ag.Tensor(A.astype(np.float32))
    y = nn.cosine_similarity(a, B.astype(np.float32))
    np.sum(y).backward()
    assert (y.dtype, a.grad.dtype) == (np.float32, np.float32)


@pytest.mark.parametrize(("shape", "axis"), [((2,), -1), ((2, 3), 2)])
def test_cosine_similarity_refuses_what_does_not_fit(shape, axis):
    with pytest.raises(ShapeError, match=rf"axis {axis} in them, got \({shape[0]},"):
        nn.cosine_similarity(np.ones(shape), A, axis)


def test_gelu_is_exact_in_the_tail():
    x = -8.0
    np.testing.assert_allclose(nn.gelu(np.array([x])), [x * normal_cdf(x)], rtol=1e-12)


def test_gelu_refuses_an_unknown_form():
    with pytest.raises(ValueError, match="approximate must be 'none' or 'tanh', got 'erf'"):
        nn.gelu(np.ones(2), "erf")


# Softmax.

SCORES = np.array([[0.3, -1.2, 2.0], [0.0, 0.5, 0.5]])
FAR = np.array([[1000.0, 0.0, -1000.0], [-1000.0, -1000.0, -999.0]])


@pytest.mark.parametrize("axis", [-1, 0, 1, None, (0, 1)])
def test_softmax_is_the_mathematics(axis):
    powers = np.exp(SCORES)
    expected = powers / powers.sum(axis=axis, keepdims=True)
    np.testing.assert_allclose(nn.softmax(SCORES, axis), expected, rtol=1e-14)
    np.testing.assert_allclose(nn.log_softmax(SCORES, axis), np.log(expected), rtol=1e-13)


@pytest.mark.parametrize("function", [nn.softmax, nn.log_softmax])
@pytest.mark.parametrize("axis", [-1, 0, None])
def test_softmax_gradient_is_that_of_differences(function, axis):
    weights = np.array([[1.0, -2.0, 0.5], [3.0, 0.2, -1.0]])

    def loss(x):
        return np.sum(function(x, axis) * weights)

    x = ag.Tensor(SCORES)
    (slope,) = ag.gradients(loss(x), [x], create_graph=True)
    h = 1e-5
    for place in np.ndindex(SCORES.shape):
        step = np.zeros_like(SCORES)
        step[place] = h
        np.testing.assert_allclose(
            slope.data[place], (loss(SCORES + step) - loss(SCORES - step)) / (2 * h), atol=1e-9
        )
    (curvature,) = ag.gradients(np.sum(slope * slope), [x])

    def squared(values):
        t = ag.Tensor(values)
        loss(t).backward()
        return np.sum(t.grad**2)

    step = np.zeros_like(SCORES)
    step[0, 1] = h
    np.testing.assert_allclose(
        curvature[0, 1], (squared(SCORES + step) - squared(SCORES - step)) / (2 * h), atol=1e-8
    )


def test_softmax_far_out():
    np.testing.assert_allclose(nn.softmax(FAR)[0], [1, 0, 0])
    share = 1 / (2 + math.e)
    np.testing.assert_allclose(nn.softmax(FAR)[1], [share, share, math.e * share], rtol=1e-13)
    np.testing.assert_allclose(nn.log_softmax(FAR)[0], [0, -1000, -2000])


@pytest.mark.parametrize("function", [nn.softmax, nn.log_softmax])
def test_softmax_gradient_far_out_is_finite(function):
    assert np.all(np.isfinite(gradient(lambda x: function(x) ** 2, FAR)))


def test_log_softmax_gradient_far_out():
    x = ag.Tensor(FAR)
    nn.log_softmax(x)[0, 1].backward()
    np.testing.assert_allclose(x.grad, [[-1, 1, 0], [0, 0, 0]])


@pytest.mark.parametrize("function", [nn.softmax, nn.log_softmax])
def test_softmax_keeps_float32(function):
    x = ag.Tensor(SCORES.astype(np.float32))
    y = function(x)
    np.sum(y * y).backward()
    assert (y.dtype, x.grad.dtype) == (np.float32, np.float32)


def test_softmax_of_minus_infinity_is_zero():
    np.testing.assert_array_equal(nn.softmax(np.array([-np.inf, 0.0])), [0, 1])


@pytest.mark.parametrize("function", [nn.softmax, nn.log_softmax, nn.relu, nn.gelu])
def test_forward_mode_agrees_with_reverse(function):
    tangent = np.array([[1.0, 2.0, -1.0], [0.5, 0.0, 3.0]])
    cotangent = np.array([[0.3, -2.0, 1.0], [1.5, 1.0, -3.0]])
    _, pushed = ag.jvp(function, (SCORES,), (tangent,))
    pulled = gradient(lambda x: function(x) * cotangent, SCORES)
    np.testing.assert_allclose(np.sum(pushed * cotangent), np.sum(tangent * pulled), rtol=1e-12)
