"""Every transform in every other: the same numbers as without, and no variable mixed up."""

import math

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

import autograd as ag

X = np.array([0.4, 0.9])


def cubic(x):
    """Return Σ x³ + x₀²x₁, the function that all forms below compute."""
    return np.sum(x**3) + x[0] ** 2 * x[1]


def slope(x):
    return 3 * x**2 + np.stack([2 * x[0] * x[1], x[0] ** 2])


def by_custom_vjp(f):
    g = ag.custom_vjp(f)
    g.defvjp(lambda x: (f(x), x), lambda x, g: (g * slope(x),))
    return g


def by_custom_vjps(f):
    g = ag.custom_vjp(f)
    g.defvjps(lambda g, ans, x: g * slope(x))
    return g


def by_custom_jvp(f):
    g = ag.custom_jvp(f)
    g.defjvp(lambda p, t: (f(*p), np.sum(slope(*p) * t[0])))
    return g


def by_implicit_root(f):
    """Return f as the solution y of y + y³ = f + f³."""
    return lambda x: ag.implicit_root(lambda y, x: y + y**3 - f(x) - f(x) ** 3, f)(x)


def by_closure(f):
    """Return f of what a checkpoint closes over."""
    return lambda x: ag.checkpoint(lambda: f(x))()


def by_linearize(f):
    """Return f by the value of its linearisation."""
    return lambda x: ag.linearize(f, x)[0]


WRAPPERS = {
    "checkpoint": ag.checkpoint,
    "checkpoint twice": lambda f: ag.checkpoint(ag.checkpoint(f)),
    "closure": by_closure,
    "custom_vjp": by_custom_vjp,
    "custom_vjp by formula": by_custom_vjps,
    "custom_jvp": by_custom_jvp,
    "implicit_root": by_implicit_root,
    "linearize": by_linearize,
    "value_and_grad": lambda f: lambda x: ag.value_and_grad(f)(x)[0],
    "vjp": lambda f: lambda x: ag.vjp(f, x)[0],
    "jvp": lambda f: lambda x: ag.jvp(f, (x,), (x,))[0],
    "checkpoint of custom_vjp": lambda f: ag.checkpoint(by_custom_vjp(f)),
    "custom_jvp of checkpoint": lambda f: by_custom_jvp(ag.checkpoint(f)),
    "implicit_root of checkpoint": lambda f: by_implicit_root(ag.checkpoint(f)),
    "checkpoint of implicit_root": lambda f: ag.checkpoint(by_implicit_root(f)),
}


def columns(f):
    """Return the Hessian by one linearisation of the gradient."""
    return lambda x: np.stack([ag.linearize(ag.grad(f), x)[1](e) for e in np.eye(2)])


def by_vjp(f):
    return lambda x: ag.vjp(f, x)[1](1.0)[0]


def by_forward(f):
    return lambda x: np.stack([ag.jvp(f, (x,), (e,))[1] for e in np.eye(2)])


FIRST = {
    "grad": ag.grad,
    "vjp": by_vjp,
    "forward": by_forward,
    "jacobian": ag.jacobian,
    "checkpoint of grad": lambda f: ag.checkpoint(ag.grad(f)),
    "grad of checkpoint": lambda f: ag.grad(ag.checkpoint(f)),
    "value_and_grad": lambda f: lambda x: ag.value_and_grad(f)(x)[1],
}
SECOND = {
    "hessian": ag.hessian,
    "columns": columns,
    "forward over forward": lambda f: by_forward(by_forward(f)),
    "reverse over forward": lambda f: ag.jacobian(by_forward(f)),
    "forward over reverse": lambda f: by_forward(ag.grad(f)),
    "jacobian of checkpoint of grad": lambda f: ag.jacobian(ag.checkpoint(ag.grad(f))),
    "hvp": lambda f: lambda x: np.stack([ag.hvp(f, x, e) for e in np.eye(2)]),
}
FIRST_AT_X = slope(X)
SECOND_AT_X = np.array([[6 * X[0] + 2 * X[1], 2 * X[0]], [2 * X[0], 6 * X[1]]])


@pytest.mark.parametrize("derivative", FIRST)
@pytest.mark.parametrize("wrapper", WRAPPERS)
def test_first_derivatives(wrapper, derivative):
    found = FIRST[derivative](WRAPPERS[wrapper](cubic))(X)
    assert_allclose(found, FIRST_AT_X, rtol=1e-12)


@pytest.mark.parametrize("derivative", SECOND)
@pytest.mark.parametrize("wrapper", WRAPPERS)
def test_second_derivatives(wrapper, derivative):
    found = SECOND[derivative](WRAPPERS[wrapper](cubic))(X)
    assert_allclose(found, SECOND_AT_X, rtol=1e-11)


@pytest.mark.parametrize("wrapper", WRAPPERS)
def test_third_derivatives(wrapper):
    """∂³/∂x₀³ is 6, ∂³/∂x₀²∂x₁ is 2."""
    f = WRAPPERS[wrapper](cubic)
    third = ag.jacobian(ag.hessian(f))(X)
    assert_allclose(third, [[[6, 2], [2, 0]], [[2, 0], [0, 6]]], rtol=1e-10, atol=1e-10)


@pytest.mark.parametrize("wrapper", WRAPPERS)
def test_backward_on_tensors(wrapper):
    x = ag.Tensor(X)
    WRAPPERS[wrapper](cubic)(x).backward()
    assert_allclose(x.grad, FIRST_AT_X, rtol=1e-12)


# Batches.

XS, W = np.array([[0.4, 0.9], [1.2, -0.3], [0.1, 0.2]]), np.array([0.7, -0.4])


def weighted(w, x):
    """Return what depends on two arguments, in NumPy."""
    return np.sum(np.tanh(w * x) * x) + w[0] * x[1] ** 2


def black(w, x):
    """Return the same, of floats only."""
    total = sum(math.tanh(a * b) * b for a, b in zip(w.tolist(), x.tolist(), strict=True))
    return total + w[0] * x[1] ** 2


def with_vjp():
    custom = ag.custom_vjp(lambda w, x: black(w, x))  # called for each example

    def rule(index):
        return lambda g, ans, w, x: g * ag.grad(weighted, index)(w, x)

    custom.defvjps(rule(0), rule(1))
    return custom


def with_jvp():
    custom = ag.custom_jvp(lambda w, x: weighted(w, x))
    custom.defjvp(lambda p, t: ag.jvp(weighted, p, t))
    return custom


BATCHED = {
    "checkpoint": ag.checkpoint(weighted),
    "custom_vjp": with_vjp(),
    "custom_jvp": with_jvp(),
    "numeric": ag.numeric(black),
    "implicit_root": ag.implicit_root(
        lambda y, w, x: y + y**3 - weighted(w, x) - weighted(w, x) ** 3, black
    ),
}


@pytest.mark.parametrize("axes", [(None, 0), (0, None), (0, 0)], ids=str)
@pytest.mark.parametrize("name", BATCHED)
def test_batches(name, axes):
    f = BATCHED[name]
    args = [XS if axis == 0 else W for axis in axes]
    example = lambda i: [a[i] if axis == 0 else a for a, axis in zip(args, axes, strict=True)]
    each = lambda g: np.stack([g(*example(i)) for i in range(3)])
    assert_allclose(ag.vmap(f, axes)(*args), each(weighted), rtol=1e-14)
    for argnum in (0, 1):
        found = ag.vmap(ag.grad(f, argnum), axes)(*args)
        assert_allclose(found, each(ag.grad(weighted, argnum)), rtol=1e-9)
        second = ag.vmap(ag.hessian(f, argnum), axes)(*args)
        assert_allclose(second, each(ag.hessian(weighted, argnum)), rtol=1e-6, atol=1e-7)
    along = ag.vmap(lambda w, x: ag.jvp(lambda w: f(w, x), (w,), (x,))[1], axes)(*args)
    expected = each(lambda w, x: ag.jvp(lambda w: weighted(w, x), (w,), (x,))[1])
    assert_allclose(along, expected, rtol=1e-9)


def test_a_batch_of_random_checkpoints_is_noticed_too():
    rng = np.random.default_rng(0)
    noisy = ag.checkpoint(lambda x: x * rng.normal(size=2))
    with pytest.raises(ag.errors.RerunError, match="other values than the first time"):
        ag.vmap(ag.grad(lambda x: np.sum(noisy(x))))(XS)


# Perturbation confusion (Siskind & Pearlmutter, IFL 2005; Manzyuk et al., JFP 29, 2019).

INNER = {
    "grad": ag.grad,
    "jvp": lambda f: lambda y: ag.jvp(f, (y,), (1.0,))[1],
    "linearize": lambda f: lambda y: ag.linearize(f, y)[1](1.0),
    "vjp": by_vjp,
    "checkpoint": lambda f: ag.grad(ag.checkpoint(f)),
    "jvp of checkpoint": lambda f: lambda y: ag.jvp(ag.checkpoint(f), (y,), (1.0,))[1],
    "checkpoint of grad": lambda f: ag.checkpoint(ag.grad(f)),
}
every_outer = pytest.mark.parametrize("outer", INNER)
every_inner = pytest.mark.parametrize("inner", INNER)


@every_outer
@every_inner
def test_the_inner_derivative_does_not_see_the_outer_variable(outer, inner):
    """D(λx. x·D(λy. x + y)(2))(1) = 1; a confusion gives 2."""
    d, e = INNER[outer], INNER[inner]
    assert d(lambda x: x * e(lambda y: x + y)(2.0))(1.0) == 1.0


@every_outer
@every_inner
def test_products_and_three_variables(outer, inner):
    """D(λx. x·D(λy. x·y)(2))(3) = 6; ∂/∂x ∂/∂y of (x y z)² is 4xyz²."""
    d, e = INNER[outer], INNER[inner]
    assert d(lambda x: x * e(lambda y: x * y)(2.0))(3.0) == 6.0
    mixed = e(lambda z: d(lambda x: e(lambda y: (x * y * z) ** 2)(3.0))(2.0))(5.0)
    assert mixed == 4 * 2 * 3 * 2 * 5  # d/dz of 4xyz²


@every_outer
@every_inner
def test_a_higher_order_function(outer, inner):
    """With s(u)(f)(x) = f(x + u) and d = D(s)(0): d(d(exp)) is the second derivative of exp."""
    shift = lambda e: lambda f: lambda x: e(lambda u: f(x + u))(0.0)
    d, e = shift(INNER[outer]), shift(INNER[inner])
    assert_allclose(d(e(np.exp))(1.0), math.e, rtol=1e-15)
    assert_allclose(d(e(lambda x: x**3))(2.0), 12.0, rtol=1e-15)


@every_inner
def test_a_function_made_inside_keeps_its_own_variable(inner):
    """The function that is handed out uses x of the outer derivative: d/dx [x² · x] = 3x²."""
    e = INNER[inner]
    made = lambda x: lambda f: e(lambda y: f(y) * x)(x)
    assert_allclose(ag.grad(lambda x: made(x)(lambda y: y * y / 2 * x))(2.0), 3 * 4.0)


def test_custom_rules_see_the_right_variable():
    f = ag.custom_vjp(lambda y, x: y * x)
    f.defvjp(lambda y, x: (y * x, (y, x)), lambda kept, g: (g * kept[1], g * kept[0]))
    assert ag.grad(lambda x: x * ag.grad(lambda y: f(y, x))(2.0))(3.0) == 6.0
    assert ag.jvp(lambda x: x * ag.jvp(lambda y: f(y, x), (2.0,), (1.0,))[1], (3.0,), (1.0,)) == (
        9.0,
        6.0,
    )


# Constants.


def test_stop_gradient_of_tensors_and_containers():
    assert ag.grad(lambda x: x * ag.stop_gradient(x))(3.0) == 3.0
    assert ag.grad(ag.grad(lambda x: x * x * ag.stop_gradient(x)))(3.0) == 6.0
    assert ag.jvp(lambda x: x * ag.stop_gradient(x), (3.0,), (1.0,)) == (9.0, 3.0)
    x = ag.Tensor([1.0, 2.0])
    tree = ag.stop_gradient({"a": x, "b": (x * 2.0, 3, "c")})
    assert not tree["a"].requires_grad
    assert not tree["b"][0].requires_grad
    assert tree["b"][1:] == (3, "c")
    assert ag.stop_gradient(X) is X
    assert ag.detach is ag.stop_gradient


def test_stop_gradient_stops_every_order():
    f = lambda x: ag.grad(lambda y: y * y * ag.stop_gradient(x))(x)  # 2 y x, of which y counts
    assert ag.grad(f)(3.0) == 6.0


# One run for many tangents.


def test_linearize_runs_the_function_once():
    runs = []

    def f(x):
        runs.append(1)
        return {"y": np.sin(x) * x[0], "n": 3}

    value, push = ag.linearize(f, X)
    expected = ag.jacobian(lambda x: np.sin(x) * x[0])(X)
    runs.clear()
    columns = np.stack([push(e)["y"] for e in np.eye(2)], axis=1)
    assert runs == []
    assert_allclose(columns, expected, rtol=1e-15)
    assert_allclose(value["y"], np.sin(X) * X[0])
    assert type(value["y"]) is np.ndarray
    assert push(X)["n"] == 0


def test_linearize_is_differentiable_in_tangents_and_in_what_is_older():
    f = lambda w: ag.linearize(lambda x: w * x * x, 3.0)[1](w)  # 2 w x w
    assert ag.grad(f)(5.0) == 2 * 3.0 * 2 * 5.0
    assert ag.grad(ag.grad(f))(5.0) == 12.0


def test_linearize_of_several_primals_and_its_errors():
    value, push = ag.linearize(lambda x, p: x * p["k"], 2.0, {"k": 3.0})
    assert (value, push(1.0, {"k": 10.0})) == (6.0, 23.0)
    with pytest.raises(ag.errors.ShapeError, match=r"expected a dict of 1 with keys \['k'\]"):
        push(1.0, {"q": 10.0})
    with pytest.raises(ag.errors.ShapeError, match="expected a tuple of 2"):
        push(1.0)


# Auxiliary results.


def test_has_aux_passes_the_second_result_on():
    f = lambda x: (np.sum(x**2), {"double": 2 * x, "name": "f"})
    found, aux = ag.grad(f, has_aux=True)(X)
    assert_array_equal(found, 2 * X)
    assert type(aux["double"]) is np.ndarray
    (value, aux), found = ag.value_and_grad(f, has_aux=True)(X)
    assert_allclose(value, np.sum(X**2))
    assert_array_equal(aux["double"], 2 * X)
    value, pull, aux = ag.vjp(f, X, has_aux=True)
    assert_array_equal(pull(1.0)[0], 2 * X)
    assert aux["name"] == "f"
    with pytest.raises(ag.errors.ShapeError, match="returns a pair"):
        ag.grad(lambda x: x, has_aux=True)(1.0)


def test_aux_stays_connected_to_an_outer_variable():
    f = lambda w: ag.grad(lambda x: (x * x, w * w), has_aux=True)(w)[1]
    assert ag.grad(f)(3.0) == 6.0
