"""Derivatives inside differentiated functions: variables are never mixed up, orders add up."""

import math

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

import autograd as ag

X = np.array([1.0, 2.0, 3.0])


def directional(function):
    """Return the derivative of a function of one number, by forward mode."""
    return lambda x: ag.jvp(function, (x,), (1.0,))[1]


def by_vjp(function):
    """Return the derivative of a function of one number, through `vjp`."""
    return lambda x: ag.vjp(function, x)[1](1.0)[0]


def by_gradients(function):
    """Return the derivative of a function of one number, on the graph of the Tensors themselves."""

    def derivative(x):
        x = x if isinstance(x, ag.Tensor) else ag.Tensor(x)
        value = function(x)
        depends = isinstance(value, ag.Tensor) and value.requires_grad
        return ag.gradients(value, x, create_graph=True) if depends else 0.0

    return derivative


def by_value_and_grad(function):
    return lambda x: ag.value_and_grad(function)(x)[1]


MODES = [ag.grad, directional, by_vjp, by_value_and_grad, ag.jacobian]
every_mode = pytest.mark.parametrize("inner", MODES, ids=lambda mode: mode.__name__)
every_pair = pytest.mark.parametrize("outer", MODES, ids=lambda mode: mode.__name__)


# Perturbation confusion: the derivative in y must not see that of x.


@every_pair
@every_mode
def test_a_constant_of_the_inner_derivative(outer, inner):
    """d/dx [x d/dy (x + y)] = d/dx [x · 1] = 1; a confusion gives 2."""
    assert outer(lambda x: x * inner(lambda y: x + y)(1.0))(1.0) == 1.0


@every_pair
@every_mode
def test_a_factor_of_the_inner_derivative(outer, inner):
    """d/dx [x d/dy (x y)] = d/dx x² = 2x."""
    assert outer(lambda x: x * inner(lambda y: x * y)(2.0))(3.0) == 6.0


@every_pair
@every_mode
def test_closed_over_and_argument_at_once(outer, inner):
    """d/dy (x y²) at y = x is 2x², whose derivative is 4x."""
    assert outer(lambda x: inner(lambda y: x * y * y)(x))(3.0) == 12.0


@every_pair
@every_mode
def test_the_inner_point_depends_on_the_outer_variable(outer, inner):
    """d/dy y³ at y = x² is 3x⁴, whose derivative is 12x³."""
    assert outer(lambda x: inner(lambda y: y**3)(x * x))(2.0) == 96.0


@every_pair
@every_mode
def test_an_inner_derivative_that_ignores_the_outer_variable(outer, inner):
    """d/dx [x · d/dy y² at 5] = 10."""
    assert outer(lambda x: x * inner(lambda y: y * y)(5.0))(3.0) == 10.0


@every_mode
def test_three_levels(inner):
    """With f = x y² z³: ∂z at 1 is 3 x y², its ∂y at 2 is 12 x; x times that gives 24 x."""
    in_z = lambda x, y: inner(lambda z: x * y**2 * z**3)(1.0)
    in_y = lambda x: inner(lambda y: in_z(x, y))(2.0)
    assert inner(lambda x: x * in_y(x))(5.0) == 120.0


def test_three_levels_on_one_point():
    """d/dz (x y z) at z = y is x y; d/dy (y x y) at y = x is 2x²; d/dx is 4x."""
    in_z = lambda x, y: ag.grad(lambda z: x * y * z)(y)
    in_y = lambda x: ag.grad(lambda y: y * in_z(x, y))(x)
    assert ag.grad(in_y)(3.0) == 12.0


def test_an_inner_function_that_returns_the_outer_variable():
    with pytest.warns(UserWarning, match="Output seems independent of input"):
        slope = ag.grad(lambda x: x * x + ag.grad(lambda y: x)(1.0))(3.0)
    assert slope == 6.0


def test_an_inner_function_that_returns_something_older_leaves_its_graph_alone():
    x = ag.Tensor(3.0)
    h = x * x
    with pytest.warns(UserWarning, match="Output seems independent of input"):
        assert ag.grad(lambda y: h)(1.0) == 0.0
    h.backward()
    assert x.grad == 6.0


def test_the_inner_variable_does_not_escape_into_the_outer_gradient():
    """What the inner function computed and left outside is x y with y = 2: its derivative is 2."""
    kept = []

    def f(x):
        ag.grad(lambda y: kept.append(y * x) or y * x)(2.0)
        return kept[-1] * 1.0

    assert ag.grad(f)(3.0) == 2.0


def test_the_same_function_object_at_two_levels():
    square = lambda x: x * x
    assert (
        ag.grad(lambda x: ag.grad(square)(x) * square(x))(3.0) == 2 * 3 * 3.0**2
    )  # (2x·x²)' = 6x²


def test_a_gradient_step_is_differentiable():
    """A step on (w - a)² leads to w1 = w0 - 2 r (w0 - a); d(w1²)/dr = 2 w1 · (-2)(w0 - a)."""
    w0, a = 5.0, 2.0

    def after_one_step(rate):
        w1 = w0 - rate * ag.grad(lambda w: (w - a) ** 2)(w0)
        return w1**2

    w1 = w0 - 0.1 * 2 * (w0 - a)
    assert_allclose(ag.grad(after_one_step)(0.1), 2 * w1 * -2 * (w0 - a), rtol=1e-14)


def test_many_gradient_steps_are_differentiable():
    """w ← (1 - 2·rate) w is w0 (1 - 2 rate)ⁿ; its derivative in rate is -2 n w0 (1 - 2 rate)ⁿ⁻¹."""

    def last(rate):
        w = 3.0
        for _ in range(20):
            w = w - rate * ag.grad(lambda w: w * w)(w)
        return w

    assert_allclose(ag.grad(last)(0.05), -2 * 20 * 3.0 * 0.9**19, rtol=1e-13)


# Orders.


@pytest.mark.parametrize("order", range(1, 6))
def test_derivatives_of_sin_of_every_order(order):
    derivative = np.sin
    for _ in range(order):
        derivative = ag.grad(derivative)
    assert_allclose(derivative(0.7), math.sin(0.7 + order * math.pi / 2), rtol=1e-14)


@pytest.mark.parametrize(
    "modes",
    [
        [ag.grad, directional, by_gradients],
        [directional, by_gradients, ag.grad],
        [by_gradients, ag.grad, directional],
        [by_gradients] * 3,
        [directional] * 3,
        [by_vjp, directional, by_vjp],
        [ag.jacobian, ag.hessian],
    ],
    ids=lambda modes: "-".join(mode.__name__ for mode in modes),
)
def test_third_order_in_mixed_modes(modes):
    """(x⁴)''' = 24 x, whatever mode each derivative is taken in."""
    derivative = lambda x: x**4
    for mode in modes:
        derivative = mode(derivative)
    result = derivative(2.0)
    assert np.shape(result) == ()
    assert (result.item() if isinstance(result, ag.Tensor) else float(result)) == 48.0


def test_mixed_partial_derivatives_commute():
    f = lambda x, y: np.sin(x * y) * np.exp(x)
    in_x, in_y = ag.grad(f, 0), ag.grad(f, 1)
    x, y = 0.4, -1.3
    xy, yx = ag.grad(in_x, 1)(x, y), ag.grad(in_y, 0)(x, y)
    by_hand = math.exp(x) * ((1 + x) * math.cos(x * y) - x * y * math.sin(x * y))
    assert_allclose([xy, yx], [by_hand, by_hand], rtol=1e-14)


def test_third_order_with_create_graph():
    x = ag.Tensor([1.0, 2.0])
    first = ag.gradients(np.sum(x**4), x, create_graph=True)
    second = ag.gradients(np.sum(first), x, create_graph=True)
    third = ag.gradients(np.sum(second), x, create_graph=True)
    assert_array_equal(first.data, 4 * x.data**3)
    assert_array_equal(second.data, 12 * x.data**2)
    assert_array_equal(third.data, 24 * x.data)
    np.sum(third).backward()
    assert_array_equal(x.grad, [24.0, 24.0])


def test_gradient_penalty():
    """The gradient of |∇f|² is 2 H ∇f; with f = x² y the Hessian is [[2y, 2x], [2x, 0]]."""
    x, y = ag.Tensor(3.0), ag.Tensor(5.0)
    gx, gy = ag.gradients(x * x * y, [x, y], create_graph=True)
    (gx * gx + gy * gy).backward()
    hessian = np.array([[10.0, 6.0], [6.0, 0.0]])
    assert_array_equal([x.grad, y.grad], 2 * hessian @ [30.0, 9.0])


def test_create_graph_through_backward():
    x = ag.Tensor(2.0)
    (x**3).backward(create_graph=True)
    slope = x.grad
    assert isinstance(slope, ag.Tensor)
    x.zero_grad()
    slope.backward()
    assert (slope.item(), x.grad.item()) == (12.0, 12.0)
    x.zero_grad()  # the gradient hangs on its own leaf


def test_without_create_graph_gradients_are_plain():
    x = ag.Tensor([1.0, 2.0])
    y = np.sum(x**3)
    assert type(ag.gradients(y, x, retain_graph=True)) is np.ndarray
    y.backward()
    assert type(x.grad) is np.ndarray


def test_create_graph_of_a_linear_function_is_a_constant():
    x = ag.Tensor(2.0)
    slope = ag.gradients(3.0 * x, x, create_graph=True)
    assert slope.item() == 3.0
    assert not slope.requires_grad


# Outer Tensors: what a function closes over stays connected to the result.


def test_a_gradient_depends_on_the_tensors_that_the_function_closes_over():
    """∂/∂x w x² = 2 w x, whose derivative in w is 2x."""
    w = ag.Tensor(2.0)
    slope = ag.grad(lambda x: w * x * x)(3.0)
    assert slope.item() == 12.0
    assert w.grad is None
    slope.backward()
    assert w.grad == 6.0


def test_a_tensor_argument_gives_a_connected_gradient():
    x = ag.Tensor([1.0, 2.0])
    slope = ag.grad(lambda z: np.sum(z**3))(x)
    np.sum(slope).backward()
    assert_array_equal(slope.data, 3 * x.data**2)
    assert_array_equal(x.grad, 6 * x.data)


def test_a_constant_tensor_argument_gives_plain_numbers():
    x = ag.Tensor([1.0, 2.0], requires_grad=False)
    slope = ag.grad(lambda z: np.sum(z**3))(x)
    assert type(slope) is np.ndarray
    assert_array_equal(slope, [3.0, 12.0])


def test_the_derivatives_of_a_transform_do_not_touch_grad():
    w = ag.Tensor(2.0)
    ag.grad(lambda x: w * x)(3.0)
    ag.jvp(lambda x: w * x, (3.0,), (1.0,))
    ag.hessian(lambda x: w * x[0] * x[0])(np.array([3.0]))
    assert w.grad is None


def test_forward_mode_is_connected_to_outer_tensors():
    """The tangent of w x² along 1 is 2 w x; with the direction itself a variable, it is 2 w x v."""
    w, v = ag.Tensor(2.0), ag.Tensor(7.0)
    value, tangent = ag.jvp(lambda x: w * x * x, (3.0,), (v,))
    assert (value.item(), tangent.item()) == (18.0, 84.0)
    assert ag.gradients(tangent, [w, v]) == [42.0, 12.0]


def test_a_pulled_back_cotangent_is_connected_to_the_cotangent():
    """⟨w, J v⟩ through reverse mode twice: the pullback is linear in its cotangent."""
    x = np.array([0.3, 0.8])
    _, pull = ag.vjp(np.sin, x)
    forward = ag.vjp(lambda w: pull(w)[0], np.zeros(2))[1]
    assert_allclose(forward(np.array([1.0, 10.0]))[0], np.cos(x) * [1.0, 10.0], rtol=1e-15)


def test_a_cotangent_may_depend_on_the_outer_variable():
    """The pullback of y³ at 2 is 12 g; with g = x², its derivative in x is 24 x."""
    assert ag.grad(lambda x: ag.vjp(lambda y: y**3, 2.0)[1](x * x)[0])(5.0) == 120.0


def test_nesting_through_containers():
    def f(p):
        inner = ag.grad(lambda q: q["a"] ** 2 * p["b"])({"a": p["a"]})
        return inner["a"] * p["b"]  # 2 a b²

    assert ag.grad(f)({"a": 3.0, "b": 5.0}) == {"a": 50.0, "b": 60.0}


def test_value_and_grad_inside_a_derivative_stays_connected():
    def f(x):
        value, slope = ag.value_and_grad(lambda y: x * y**3)(x)
        return value + slope  # x⁴ + 3x³

    assert ag.grad(f)(2.0) == 4 * 8.0 + 9 * 4.0


def test_implicit_layers_solve_inside_a_derivative():
    """Newton's method on y² = x inside f gives √x, whose derivative is 1/(2√x)."""

    def root(x):
        y = 1.0
        for _ in range(30):
            residual = lambda y: y * y - x
            y = y - residual(y) / ag.grad(residual)(y)
        return y

    assert_allclose(ag.grad(root)(2.0), 0.5 / math.sqrt(2.0), rtol=1e-12)


@pytest.mark.parametrize(
    ("function", "expected"),
    [
        (lambda x: (x * 5.0, x * 2.0, x * 3.0), [5.0, 5.0, 5.0]),
        (lambda x: (x * 5.0, x[0] * np.ones(3), x[1:2]), [5.0, 5.0, 5.0]),
        (lambda x: (x[0] * X, x, x[[0, 0, 1]]), X),
    ],
)
def test_some_cotangents_may_depend_on_the_outer_variable_and_some_not(function, expected):
    def f(w):
        ones = [np.ones(np.shape(value)) for value in function(X)[1:]]
        return np.sum(ag.vjp(function, X)[1]((w, *ones))[0])

    assert_array_equal(ag.grad(f)(np.ones(3)), expected)
