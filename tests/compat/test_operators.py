"""The operators of HIPS autograd: what each returns, in numbers from mathematics; nesting."""

import warnings

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

import autograd as ag
from autograd import core
from autograd.differential_operators import make_jvp_reversemode
from autograd.tracer import isbox

X = np.array([1.0, 2.0, 3.0])
A = np.array([[1.0, 2.0, 0.0], [0.0, 3.0, 4.0]])


def cubes(x):
    return np.sum(x**3)


def test_grad_and_aux_returns_what_else_there_is_as_plain_values():
    gradient, aux = ag.grad_and_aux(lambda x: (cubes(x), {"square": x**2, "n": 3}))(X)
    assert_array_equal(gradient, 3 * X**2)
    assert_array_equal(aux["square"], X**2)
    assert type(aux["square"]) is np.ndarray
    assert aux["n"] == 3


def test_grad_and_aux_keeps_outer_derivatives_of_what_else_there_is():
    def outer(y):
        gradient, aux = ag.grad_and_aux(lambda x: (x**2 * y, x * y))(3.0)
        return gradient + 10 * aux

    assert ag.grad(outer)(2.0) == 6.0 + 30.0


@pytest.mark.parametrize("result", [3.0, (1.0, 2.0, 3.0), None])
def test_grad_and_aux_needs_a_pair(result):
    with pytest.raises(ValueError, match=r"a function returns a pair \(value, aux\)"):
        ag.grad_and_aux(lambda x: result)(1.0)


def test_elementwise_grad_is_the_vjp_of_ones():
    assert_array_equal(ag.elementwise_grad(np.square)(X), 2 * X)
    assert_array_equal(ag.elementwise_grad(lambda x: A @ x)(X), A.sum(0))
    assert_allclose(ag.elementwise_grad(ag.elementwise_grad(np.tanh))(0.5), -0.7269, atol=1e-4)


def test_deriv_is_the_jvp_of_ones():
    assert ag.deriv(np.square)(3.0) == 6.0
    assert_array_equal(ag.deriv(lambda x: A @ x)(X), A.sum(1))
    assert_array_equal(ag.deriv(lambda t: t**3 * X)(2.0), 12 * X)
    assert ag.deriv(ag.deriv(lambda t: t**3))(2.0) == 12.0


def test_the_derivative_in_a_complex_number_is_that_of_the_holomorphic_function():
    assert ag.deriv(lambda z: z**2)(1 + 2j) == 2 + 4j


def test_make_vjp_returns_the_pullback_and_the_value():
    pull, value = ag.make_vjp(lambda x, y: x * y, (0, 1))(X, 2.0)
    assert_array_equal(value, 2 * X)
    for g in (X, np.ones(3)):  # as often as one likes
        dx, dy = pull(g)
        assert_array_equal(dx, 2 * g)
        assert dy == g @ X
    assert not isbox(value)


def test_a_pullback_is_differentiable_in_its_cotangent_and_in_what_it_closes_over():
    pull, _ = ag.make_vjp(lambda x: np.sin(A @ x))(X)
    assert_allclose(ag.jacobian(pull)(np.ones(2)), (np.cos(A @ X)[:, None] * A).T)

    def through(x):
        pull, value = ag.make_vjp(np.square)(x)
        return np.sum(pull(np.ones(3)) * value)  # 2 x³

    assert_array_equal(ag.grad(through)(X), 6 * X**2)


def test_make_jvp_returns_the_value_and_the_tangent():
    push = ag.make_jvp(lambda x, y: A @ x * y, 0)(X, 2.0)
    for v in (X, np.ones(3)):
        value, tangent = push(v)
        assert_array_equal(value, 2 * A @ X)
        assert_array_equal(tangent, 2 * A @ v)


def test_a_pushforward_is_differentiable_in_its_tangent_and_in_what_it_closes_over():
    push = ag.make_jvp(lambda x: np.sin(A @ x))(X)
    assert_allclose(ag.jacobian(lambda v: push(v)[1])(X), np.cos(A @ X)[:, None] * A)
    through = lambda x: np.sum(ag.make_jvp(lambda x: x**3)(x)(np.ones(3))[1])  # 3 x²
    assert_array_equal(ag.grad(through)(X), 6 * X)


def test_make_jvp_reversemode_returns_the_tangent_alone():
    f = lambda p, s: s * np.sin(p["a"]) * p["b"]
    push = make_jvp_reversemode(f)({"a": X, "b": 2.0}, 3.0)
    found = push({"a": np.ones(3), "b": 1.0})
    assert_allclose(found, 3 * (2 * np.cos(X) + np.sin(X)))


def test_make_hvp_returns_products_and_the_gradient():
    product, gradient = ag.make_hvp(cubes)(X)
    assert_array_equal(gradient, 3 * X**2)
    assert_array_equal(product(np.ones(3)), 6 * X)
    assert_array_equal(product(X), 6 * X * X)


def test_hessian_vector_products_take_the_vector_last():
    f = lambda a, x: a * np.sum(x**3)
    assert_array_equal(ag.hessian_vector_product(f, 1)(2.0, X, np.ones(3)), 12 * X)
    W = np.arange(6.0).reshape(2, 3)
    found = ag.hessian_tensor_product(lambda W: np.sum(W**3))(W, np.ones((2, 3)))
    assert_array_equal(found, 6 * W)
    by_name = ag.hessian_vector_product(f, "x")(2.0, X, np.ones(3))
    assert_array_equal(by_name, 12 * X)


def test_a_hessian_vector_product_has_the_form_of_a_container():
    f = lambda p: p["a"] ** 2 * np.sum(p["b"])
    found = ag.hessian_vector_product(f)({"a": 2.0, "b": X}, {"a": 1.0, "b": np.zeros(3)})
    assert found["a"] == 2 * X.sum()
    assert_array_equal(found["b"], np.full(3, 4.0))


@pytest.mark.parametrize("shape", [(2, 4), (2,)])
def test_tensor_jacobian_products_sum_over_the_first_axes_of_the_output(shape):
    B = np.arange(24.0).reshape(2, 4, 3)
    T = np.arange(1.0, 1 + np.prod(shape)).reshape(shape)
    found = ag.tensor_jacobian_product(lambda s, x: s * B @ x, 1)(2.0, X, T)
    assert_allclose(found, 2 * np.tensordot(T, B, len(shape)))


def test_make_ggnvp_is_the_gauss_newton_matrix():
    f = lambda x: np.sin(A @ x)
    J = np.cos(A @ X)[:, None] * A
    assert_allclose(ag.make_ggnvp(f)(X)(np.ones(3)), J.T @ J @ np.ones(3))
    g = lambda y: np.sum(y**4)
    H = np.diag(12 * np.sin(A @ X) ** 2)
    assert_allclose(ag.make_ggnvp(f, g)(X)(np.ones(3)), J.T @ H @ J @ np.ones(3))
    other = ag.make_ggnvp(lambda s, x: s * f(x), f_argnum=1)(2.0, X)(np.ones(3))
    assert_allclose(other, 4 * J.T @ J @ np.ones(3))


def test_holomorphic_grad_is_the_complex_derivative():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert ag.holomorphic_grad(lambda z: z**3)(1 + 2j) == 3 * (1 + 2j) ** 2
        found = ag.holomorphic_grad(lambda z: np.sum(np.exp(z)))(np.array([1j, 2.0]))
    assert_allclose(found, np.exp([1j, 2.0]))


def test_holomorphic_grad_of_a_real_number_warns():
    with pytest.warns(UserWarning, match="Input to holomorphic_grad is not complex"):
        assert ag.holomorphic_grad(lambda z: z**3)(2.0) == 12.0


def test_holomorphic_grad_needs_a_number():
    with pytest.raises(TypeError, match="return one number"):
        ag.holomorphic_grad(lambda z: None)(1j)


def test_grad_named_and_multigrad_dict():
    f = lambda x, y, *rest, scale=2.0: scale * x * y + sum(rest)
    assert ag.grad_named(f, "y")(3.0, 5.0) == 6.0
    found = ag.multigrad_dict(f)(3.0, 5.0, 7.0)
    assert found == {"x": 10.0, "y": 6.0, "rest": (1.0,), "scale": 15.0}
    found = ag.multigrad_dict(lambda x, n, name="a": x**n)(3.0, n=2)
    assert found == {"x": 6.0, "n": None, "name": None}


def test_unary_products_of_the_core():
    pull, value = core.make_vjp(lambda p: p["a"] * p["b"], {"a": 2.0, "b": 3.0})
    assert value == 6.0
    assert pull(10.0) == {"a": 30.0, "b": 20.0}
    assert core.make_jvp(np.square, 3.0)(1.0) == (9.0, 6.0)


@pytest.mark.parametrize(
    "inner",
    [
        lambda f: ag.grad(f),
        lambda f: lambda x: ag.value_and_grad(f)(x)[1],
        lambda f: ag.elementwise_grad(f),
        lambda f: ag.deriv(f),
        lambda f: lambda x: ag.make_vjp(f)(x)[0](1.0),
        lambda f: lambda x: ag.make_jvp(f)(x)(1.0)[1],
        lambda f: lambda x: ag.make_hvp(f)(x)[1],
        lambda f: lambda x: ag.grad_and_aux(lambda x: (f(x), x))(x)[0],
        lambda f: lambda x: ag.grad_named(f, "x")(x),
        lambda f: lambda x: ag.multigrad_dict(f)(x)["x"],
        lambda f: lambda x: ag.vector_jacobian_product(f)(x, 1.0),
        lambda f: ag.jacobian(f),
        lambda f: lambda x: make_jvp_reversemode(f)(x)(1.0),
        lambda f: ag.grad(ag.checkpoint(f)),
    ],
)
@pytest.mark.parametrize("outer", [ag.grad, ag.deriv, ag.elementwise_grad])
def test_operators_nest_with_the_outer_variable_closed_over_passed_and_both(inner, outer):
    assert outer(lambda y: inner(lambda x: x**2 * y)(3.0))(2.0) == 6.0  # closed over: 6 y
    assert outer(lambda y: inner(lambda x: x**3)(y))(2.0) == 12.0  # passed: 3 y²
    assert outer(lambda y: inner(lambda x: x**2 * y)(y))(2.0) == 8.0  # both: 2 y²
    assert outer(outer(lambda y: inner(lambda x: x**2 * y**2)(y)))(2.0) == 24.0  # 2 y³: 12 y


def test_values_are_plain_at_the_top_and_traced_inside():
    seen = []

    def outer(y):
        value, gradient = ag.value_and_grad(lambda x: x**2 * y)(3.0)
        pull, at = ag.make_vjp(lambda x: x**2)(y)
        constant = ag.value_and_grad(lambda x: x**2)(3.0)[0]
        seen.extend([isbox(value), isbox(gradient), isbox(at), isbox(constant)])
        return value + pull(1.0)

    assert ag.grad(outer)(2.0) == 9.0 + 2.0
    assert seen == [True, True, True, False]
    for found in (ag.value_and_grad(np.square)(2.0), ag.make_jvp(np.square)(2.0)(1.0)):
        assert not any(map(isbox, found))


def test_an_error_in_a_function_leaves_nothing_behind():
    def fails(x):
        raise ZeroDivisionError

    for _ in range(3):
        with pytest.raises(ZeroDivisionError):
            ag.grad(lambda y: ag.grad(fails)(y))(1.0)
    assert ag.grad(lambda y: ag.grad(lambda x: x**2 * y)(3.0))(2.0) == 6.0
