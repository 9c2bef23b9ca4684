"""Activations: their values against the mathematics, their derivatives against differences."""

import math

import numpy as np
import pytest

import autograd as ag
import nn


def logistic(x):
    return 1 / (1 + math.exp(-x)) if x > -700 else 0.0


def normal_cdf(x):
    return 0.5 * math.erfc(-x / math.sqrt(2))


def gelu_of_the_paper(x):
    return 0.5 * x * (1 + math.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)))


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
