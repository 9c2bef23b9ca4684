"""Rules of one's own, in JAX's form and as formulas: both modes, every order, containers."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

import autograd as ag
from autograd.errors import NotDifferentiableError, ShapeError
from autograd.testing import check_grads

X, Y = np.array([0.3, -0.2, 0.7]), np.array([1.5, 0.4, -0.8])


def product(x, y):
    """Return sin(x) y."""
    return np.sin(x) * y


def by_vjp():
    f = ag.custom_vjp(product)
    f.defvjp(
        lambda x, y: (product(x, y), (x, y)),
        lambda kept, g: (g * np.cos(kept[0]) * kept[1], g * np.sin(kept[0])),
    )
    return f


def by_vjps():
    f = ag.custom_vjp(product)
    f.defvjps(lambda g, ans, x, y: g * np.cos(x) * y, lambda g, ans, x, y: g * np.sin(x))
    return f


def by_jvp():
    f = ag.custom_jvp(product)

    @f.defjvp
    def rule(primals, tangents):
        (x, y), (dx, dy) = primals, tangents
        return f(x, y), dx * np.cos(x) * y + dy * np.sin(x)

    return f


def by_jvps():
    f = ag.custom_jvp(product)
    f.defjvps(lambda t, ans, x, y: t * np.cos(x) * y, lambda t, ans, x, y: t * np.sin(x))
    return f


FORMS = [by_vjp, by_vjps, by_jvp, by_jvps]
every_form = pytest.mark.parametrize("form", FORMS, ids=lambda form: form.__name__)


@every_form
def test_both_modes_and_both_orders_agree_with_differences(form):
    assert check_grads(form(), X, Y).derivatives > 200


@every_form
def test_third_order(form):
    """d³/dx³ of y sin x is -y cos x."""
    f = form()
    third = ag.grad(ag.grad(ag.grad(lambda x: f(x, 2.0))))
    assert_allclose(third(0.4), -2 * np.cos(0.4), rtol=1e-14)


@every_form
def test_one_argument_may_be_constant(form):
    f = form()
    assert_allclose(ag.grad(lambda y: np.sum(f(X, y)))(Y), np.sin(X))
    assert_allclose(ag.jvp(lambda x: f(x, Y), (X,), (X,))[1], X * np.cos(X) * Y)


@every_form
def test_without_variables_it_is_the_function(form):
    f = form()
    assert_array_equal(f(X, Y), product(X, Y))
    with ag.no_grad():
        assert not f(ag.Tensor(X), Y).requires_grad
    assert f.__name__ == "product"
    assert f.__doc__ == "Return sin(x) y."


@every_form
def test_arguments_by_name(form):
    f = form()
    assert_allclose(ag.grad(lambda y: np.sum(f(y=y, x=X)))(Y), np.sin(X))


def test_the_rule_counts_not_the_function():
    """The rules below are wrong on purpose: each factor tells that it was used."""
    f = ag.custom_vjp(lambda x: x * x)
    f.defvjp(lambda x: (x * x, x), lambda x, g: (3 * g * x,))
    assert ag.grad(f)(2.0) == 6.0
    assert ag.grad(ag.grad(f))(2.0) == 3.0
    assert ag.jvp(f, (2.0,), (1.0,)) == (4.0, 6.0)
    h = ag.custom_jvp(lambda x: x * x)
    h.defjvp(lambda p, t: (p[0] * p[0], 5 * t[0] * p[0]))
    assert ag.grad(h)(2.0) == 10.0
    assert ag.grad(ag.grad(h))(2.0) == 5.0
    assert ag.jvp(h, (2.0,), (1.0,)) == (4.0, 10.0)


def test_a_black_box_with_formulas_has_every_order():
    """The function could not be run on Tensors; the formula of exp is made of its output."""
    import math

    f = ag.custom_vjp(lambda x: np.float64(math.exp(x)))
    f.defvjps(lambda g, ans, x: g * ans)
    h = ag.custom_jvp(lambda x: np.float64(math.exp(x)))
    h.defjvps(lambda t, ans, x: t * ans)
    for function in (f, h):
        assert_allclose(ag.grad(ag.grad(ag.grad(function)))(1.0), math.e, rtol=1e-15)
        assert_allclose(ag.hvp(function, 1.0, 2.0), 2 * math.e, rtol=1e-15)


def test_residuals_are_taken_from_the_forward_function_once():
    runs = []
    f = ag.custom_vjp(lambda x: x**3)

    def fwd(x):
        runs.append(type(x))
        return x**3, x

    f.defvjp(fwd, lambda x, g: (3 * g * x**2,))
    assert ag.grad(f)(2.0) == 12.0
    assert runs == [np.float64]


def test_containers():
    def f(p, factors):
        return {"a": p["u"] * factors[0], "b": (np.sum(p["v"]) * factors[1], 3)}

    by_rule = ag.custom_vjp(f)
    by_rule.defvjp(
        lambda p, k: (f(p, k), (p, k)),
        lambda kept, g: (
            {"u": g["a"] * kept[1][0], "v": np.ones(3) * g["b"][0] * kept[1][1]},
            [np.sum(g["a"] * kept[0]["u"]), g["b"][0] * np.sum(kept[0]["v"])],
        ),
    )
    tangent = ag.custom_jvp(f)
    tangent.defjvp(
        lambda p, t: (
            f(*p),
            {
                "a": t[0]["u"] * p[1][0] + p[0]["u"] * t[1][0],
                "b": (np.sum(t[0]["v"]) * p[1][1] + np.sum(p[0]["v"]) * t[1][1], 0),
            },
        )
    )
    loss = lambda f: lambda p, k: np.sum(f(p, k)["a"] ** 2) * f(p, k)["b"][0]
    p, k = {"u": X, "v": Y}, [2.0, 3.0]
    expected = ag.grad(loss(f), (0, 1))(p, k)
    curved = ag.hvp(lambda p: loss(f)(p, k), p, p)
    for custom in (by_rule, tangent):
        in_p, in_k = ag.grad(loss(custom), (0, 1))(p, k)
        assert_allclose(in_p["u"], expected[0]["u"])
        assert_allclose(in_p["v"], expected[0]["v"])
        assert_allclose(in_k, expected[1])
        again = ag.hvp(lambda p, f=custom: loss(f)(p, k), p, p)
        assert_allclose(again["u"], curved["u"])
        assert_allclose(again["v"], curved["v"])


def test_arguments_that_are_not_differentiated():
    @ag.custom_vjp(nondiff_argnums=(0, 2))
    def apply(f, x, n):
        return f(x) ** n

    apply.defvjp(
        lambda f, x, n: (f(x) ** n, x), lambda f, n, x, g: (g * n * f(x) ** (n - 1) * np.cos(x),)
    )
    assert_allclose(ag.grad(lambda x: apply(np.sin, x, 3))(0.5), 3 * np.sin(0.5) ** 2 * np.cos(0.5))

    @ag.custom_jvp(nondiff_argnums=0)
    def call(f, x):
        return f(x)

    call.defjvp(lambda f, p, t: (f(p[0]), 7.0 * t[0]))
    assert ag.grad(lambda x: call(np.sin, x))(0.5) == 7.0
    with pytest.raises(NotDifferentiableError, match="in nondiff_argnums is to be differentiated"):
        ag.grad(lambda n: apply(np.sin, 1.0, n))(2.0)


def test_none_is_a_zero_cotangent():
    f = ag.custom_vjp(lambda x, y: x * y)
    f.defvjp(lambda x, y: (x * y, y), lambda y, g: (g * y, None))
    assert ag.grad(f, (0, 1))(2.0, 3.0) == (3.0, 0.0)
    assert ag.jvp(f, (2.0, 3.0), (1.0, 1.0)) == (6.0, 3.0)
    f.defvjps(lambda g, ans, x, y: g * y, None)
    assert ag.grad(f, (0, 1))(2.0, 3.0) == (3.0, 0.0)
    h = ag.custom_jvp(lambda x, y: x * y)
    h.defjvps(None, lambda t, ans, x, y: t * x)
    assert ag.grad(h, (0, 1))(2.0, 3.0) == (0.0, 2.0)


def test_defaults_count_as_arguments():
    @ag.custom_vjp
    def f(x, power=2.0):
        return x**power

    f.defvjp(lambda x, p: (x**p, (x, p)), lambda kept, g: (g * kept[1] * kept[0], None))
    assert ag.grad(f)(3.0) == 6.0


def test_methods_of_an_object():
    class Scale:
        def __init__(self, k):
            self.k = k

        @ag.custom_vjp(nondiff_argnums=(0,))
        def times(self, x):
            return self.k * x

        times.defvjp(lambda self, x: (self.k * x, None), lambda self, _, g: (10 * self.k * g,))

    assert ag.grad(Scale(3.0).times)(1.0) == 30.0


def test_gradient_clipping_reaches_the_second_order():
    """Where the cotangent is clipped the second derivative is zero, elsewhere that of the rest."""
    f = ag.custom_vjp(lambda x: x * 1.0)
    f.defvjp(lambda x: (x * 1.0, None), lambda _, g: (np.clip(g, -1.0, 1.0),))
    loss = lambda x: f(x) ** 2 / 4
    assert (ag.grad(loss)(0.5), ag.grad(loss)(3.0)) == (0.25, 1.0)
    assert (ag.grad(ag.grad(loss))(0.5), ag.grad(ag.grad(loss))(3.0)) == (0.5, 0.0)


def test_complex_numbers():
    """The rule of exp, which is holomorphic: both modes are those of the plain function."""
    f = ag.custom_vjp(lambda z: np.exp(z))
    f.defvjps(lambda g, ans, z: g * ans)
    h = ag.custom_jvp(lambda z: np.exp(z))
    h.defjvps(lambda t, ans, z: t * ans)
    z, v = np.array([0.3 + 0.7j, -1j]), np.array([1.0 - 2j, 0.5 + 0j])
    for custom in (f, h):
        assert_allclose(ag.jvp(custom, (z,), (v,))[1], ag.jvp(np.exp, (z,), (v,))[1])
        assert_allclose(ag.vjp(custom, z)[1](v)[0], ag.vjp(np.exp, z)[1](v)[0])


# Errors.


@every_form
def test_a_tensor_that_is_closed_over_is_refused(form):
    w = ag.Tensor(2.0)
    kind = ag.custom_vjp if "vjp" in form.__name__ else ag.custom_jvp
    f = kind(lambda x: w * x)
    if kind is ag.custom_vjp:
        f.defvjp(lambda x: (w * x, None), lambda _, g: (g,))
    else:
        f.defjvps(lambda t, ans, x: t)
    with pytest.raises(NotDifferentiableError, match="uses a Tensor that it is not given"):
        ag.grad(f)(1.0)


@pytest.mark.parametrize("kind", [ag.custom_vjp, ag.custom_jvp])
def test_a_rule_is_needed(kind):
    with pytest.raises(NotDifferentiableError, match=r"call product.def(vjp|jvp)\(.*\) first"):
        ag.grad(kind(product))(1.0, 2.0)


def test_a_wrong_number_of_cotangents():
    f = ag.custom_vjp(product)
    f.defvjp(lambda x, y: (product(x, y), None), lambda _, g: (g,))
    with pytest.raises(ShapeError, match="a cotangent for each of 2 arguments, got one of 1"):
        ag.grad(f)(1.0, 2.0)
    f.defvjp(lambda x, y: (product(x, y), None), lambda _, g: g)
    with pytest.raises(ShapeError, match="a cotangent for each of 2 arguments, got float64"):
        ag.grad(f)(1.0, 2.0)


def test_a_wrong_shape_of_a_cotangent():
    f = ag.custom_vjp(lambda x: x * 1.0)
    f.defvjp(lambda x: (x * 1.0, None), lambda _, g: (np.ones(2),))
    with pytest.raises(ShapeError, match=r"returned shape \(2,\) for an argument of shape \(3,\)"):
        ag.grad(lambda x: np.sum(f(x)))(X)


def test_a_tangent_without_a_value():
    f = ag.custom_jvp(lambda x: x * 1.0)
    f.defjvp(lambda p, t: t[0])
    with pytest.raises(ShapeError, match="its value and the tangent of that, got"):
        ag.jvp(f, (X,), (X,))


def test_arguments_by_name_only_are_refused():
    f = ag.custom_vjp(lambda x, *, k=1: x)
    with pytest.raises(TypeError, match="it cannot have k by name only"):
        f(1.0)
