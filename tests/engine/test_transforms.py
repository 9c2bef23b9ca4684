"""The transforms against derivatives by hand: values, forms, shapes, containers, messages."""

from collections import OrderedDict, defaultdict
from dataclasses import dataclass, field
from functools import partial
from typing import NamedTuple

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

import autograd as ag
from autograd.errors import DtypeError, NoGraphError, NotScalarError, ShapeError
from autograd.extend import general

X = np.array([1.0, 2.0, 3.0])


class Pair(NamedTuple):
    a: object
    b: object


# grad and value_and_grad.


def test_value_and_grad_return_plain_numpy():
    value, slope = ag.value_and_grad(lambda x: np.sum(x**3))(X)
    assert type(value) is np.float64
    assert type(slope) is np.ndarray
    assert value == 36.0
    assert_array_equal(slope, 3 * X**2)
    value, slope = ag.value_and_grad(lambda x: x**3)(2.0)
    assert (type(value), type(slope)) == (np.float64, np.float64)
    assert (value, slope) == (8.0, 12.0)


@pytest.mark.parametrize(
    ("x", "expected"),
    [
        (3.0, 6.0),
        (np.float32(3), np.float32(6)),
        (np.array(3.0), np.array(6.0)),
        (np.array([[3.0]]), np.array([[6.0]])),
        ([3.0, 1.0], [6.0, 2.0]),
        ((3.0, np.array([1.0])), (6.0, np.array([2.0]))),
    ],
    ids=repr,
)
def test_a_gradient_has_the_form_of_its_argument(x, expected):
    square = lambda x: sum(np.sum(item * item) for item in (x if type(x) in (list, tuple) else [x]))
    found = ag.grad(square)(x)
    assert type(found) is (np.float64 if type(x) is float else type(x))
    items = zip(found, expected, strict=True) if type(x) in (list, tuple) else [(found, expected)]
    for item, wanted in items:
        assert_array_equal(item, wanted, strict=True)


def test_the_form_does_not_depend_on_who_looked_at_the_value():
    def look(x):
        assert x.data > 0
        assert x.shape == ()
        return x * x

    assert type(ag.grad(look)(2.0)) is np.float64


def test_argnum_chooses_the_arguments():
    f = lambda x, y, z=1.0: np.sum(x * x * y * z)
    assert_array_equal(ag.grad(f)(X, 5.0), 10 * X)
    assert ag.grad(f, 1)(X, 5.0) == 14.0
    assert ag.grad(f, -1)(X, 5.0) == 14.0
    assert_array_equal(ag.grad(f)(X, 5.0, z=2.0), 20 * X)
    in_y, in_x = ag.grad(f, (1, 0))(X, 5.0)
    assert in_y == 14.0
    assert_array_equal(in_x, 10 * X)
    only = ag.grad(f, [1])(X, 5.0)
    assert type(only) is tuple
    assert only == (14.0,)
    with pytest.raises(IndexError):
        ag.grad(f, 2)(X, 5.0)


def test_the_same_array_may_be_two_arguments():
    in_x, in_y = ag.grad(lambda x, y: np.sum(x * y * y), (0, 1))(X, X)
    assert_array_equal(in_x, X**2)
    assert_array_equal(in_y, 2 * X**2)
    assert not np.shares_memory(in_x, in_y)


def test_the_argument_is_not_changed():
    x = X.copy()
    slope = ag.grad(lambda x: np.sum(x) + np.sum(x * 0.0))(x)
    slope += 7.0
    assert_array_equal(x, X)
    assert_array_equal(ag.grad(np.sum)(x), np.ones(3))


def test_arguments_that_are_not_differentiated_come_as_they_are():
    seen = []

    def f(x, n, options):
        seen.extend([n, options])
        return np.sum(x) * n

    options = {"deep": True}
    ag.grad(f)(X, 3, options)
    assert seen[0] == 3
    assert seen[1] is options


@pytest.mark.parametrize("shape", [(1,), (1, 1), (1, 1, 1)])
def test_a_value_of_one_element_is_a_scalar(shape):
    assert_array_equal(ag.grad(lambda x: np.reshape(np.sum(x * x), shape))(X), 2 * X)


def test_gradient_functions_are_named_after_their_function():
    def loss(x):
        """Return the loss."""
        return x

    derivative = ag.grad(loss)
    assert derivative.__name__ == "grad_of_loss_wrt_argnum_0"
    assert "Return the loss." in derivative.__doc__
    assert ag.jacobian(partial(loss))(1.0) == 1.0


def test_an_error_inside_the_function_comes_through():
    with pytest.raises(ZeroDivisionError):
        ag.grad(lambda x: 1 / 0)(1.0)


# Containers.


@pytest.mark.parametrize(
    ("tree", "expected"),
    [
        ({"a": 2.0, "b": 3.0}, {"a": 3.0, "b": 2.0}),
        (OrderedDict(b=3.0, a=2.0), OrderedDict(b=2.0, a=3.0)),
        (Pair(2.0, 3.0), Pair(3.0, 2.0)),
        ({"b": 3.0, "a": 2.0, "rest": ({}, [], ())}, {"b": 2.0, "a": 3.0, "rest": ({}, [], ())}),
    ],
    ids=repr,
)
def test_containers_come_back_as_they_are(tree, expected):
    def product(tree):
        return tree.a * tree.b if isinstance(tree, Pair) else tree["a"] * tree["b"]

    found = ag.grad(product)(tree)
    assert type(found) is type(tree)
    assert found == expected
    assert list(found) == list(expected)


def test_containers_nest():
    tree = {"layers": [Pair(X, 2.0), Pair(10 * X, (3.0,))], "scale": 5.0}

    def f(tree):
        first, second = tree["layers"]
        return tree["scale"] * np.sum(first.a * first.b + second.a * second.b[0])

    found = ag.grad(f)(tree)
    assert_array_equal(found["layers"][0].a, [10.0] * 3)
    assert found["layers"][0].b == 5.0 * 6
    assert_array_equal(found["layers"][1].a, [15.0] * 3)
    assert found["layers"][1].b == (5.0 * 60,)
    assert found["scale"] == 2 * 6.0 + 3 * 60.0


def test_what_a_container_does_not_use_has_gradient_zero():
    found = ag.grad(lambda p: np.sum(p["used"] ** 2))({"used": X, "unused": np.ones((2, 2))})
    assert_array_equal(found["used"], 2 * X)
    assert_array_equal(found["unused"], np.zeros((2, 2)), strict=True)


def test_containers_go_through_jvp_and_vjp():
    f = lambda p: {"sum": p.a + p.b, "rest": [p.a * p.b]}
    value, tangent = ag.jvp(f, (Pair(2.0, 3.0),), (Pair(1.0, 10.0),))
    assert value == {"sum": 5.0, "rest": [6.0]}
    assert tangent == {"sum": 11.0, "rest": [23.0]}
    value, pull = ag.vjp(f, Pair(2.0, 3.0))
    assert value == {"sum": 5.0, "rest": [6.0]}
    assert pull({"sum": 1.0, "rest": [100.0]}) == (Pair(301.0, 201.0),)


def test_directions_are_matched_by_key():
    """The order in which a dict was filled says nothing."""
    f = lambda p: p["a"] ** 2 * p["b"]
    p, v = {"a": 2.0, "b": 3.0}, {"b": 10.0, "a": 1.0}
    assert ag.jvp(f, (p,), (v,))[1] == 12.0 * 1.0 + 4.0 * 10.0
    assert ag.hvp(f, p, v) == {"a": 6.0 + 40.0, "b": 4.0}
    _, pull = ag.vjp(lambda x: {"once": x, "thrice": 3 * x}, 1.0)
    assert pull({"thrice": 10.0, "once": 1.0}) == (31.0,)
    x = ag.Tensor(1.0)
    assert ag.gradients({"once": x, "thrice": 3 * x}, x, {"thrice": 10.0, "once": 1.0}) == 31.0


def test_a_list_is_the_cotangent_of_an_array():
    assert_array_equal(ag.vjp(lambda x: x * x, X)[1]([1, 0, 2])[0], 2 * X * [1, 0, 2], strict=True)


@dataclass
class Weights:
    """A container that users write."""

    w: object
    b: object = 1.0
    kind: str = field(default="linear", init=False)


def test_dataclasses_are_containers():
    f = lambda p: p.w * p.w * p.b
    assert ag.grad(f)(Weights(3.0, 2.0)) == Weights(12.0, 9.0)
    value, slopes = ag.value_and_grad(lambda ps: f(ps[0]) + ps[1].b)([Weights(3.0), Weights(1.0)])
    assert value == 10.0
    assert slopes == [Weights(6.0, 9.0), Weights(0.0, 1.0)]
    assert ag.jvp(f, (Weights(3.0, 2.0),), (Weights(1.0, 1.0),)) == (18.0, 21.0)


def test_kinds_of_dicts_are_kept():
    given = defaultdict(float, {"a": 3.0})
    found = ag.grad(lambda p: p["a"] * p["a"])(given)
    assert type(found) is defaultdict
    assert found["a"] == 6.0
    assert found["new"] == 0.0
    assert given == {"a": 3.0}


def test_hvp_of_containers():
    """F = a² b has the Hessian [[2b, 2a], [2a, 0]]."""
    found = ag.hvp(lambda p: p["a"] ** 2 * p["b"], {"a": 2.0, "b": 3.0}, {"a": 1.0, "b": 10.0})
    assert found == {"a": 6.0 + 40.0, "b": 4.0}


# vjp, jvp.


def test_vjp_is_the_transposed_jacobian():
    matrix = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    value, pull = ag.vjp(lambda x: matrix @ x, X)
    assert type(value) is np.ndarray
    assert_array_equal(value, matrix @ X)
    assert_array_equal(pull(np.array([1.0, 0.0]))[0], matrix[0])
    assert_array_equal(pull(np.array([0.0, 1.0]))[0], matrix[1])  # as often as one likes


def test_vjp_of_several_arguments_gives_one_each():
    _, pull = ag.vjp(lambda x, y: x * y, X, 2.0)
    in_x, in_y = pull(np.array([1.0, 10.0, 100.0]))
    assert_array_equal(in_x, [2.0, 20.0, 200.0])
    assert in_y == 321.0


def test_vjp_of_an_output_that_is_an_input():
    value, pull = ag.vjp(lambda x: (x, x, 2.0), X)
    assert_array_equal(value[1], X)
    assert_array_equal(pull((X, 10 * X, 5.0))[0], 11 * X)


def test_vjp_without_a_cotangent_is_of_a_scalar():
    _, pull = ag.vjp(np.sin, 0.0)
    assert pull(None) == (1.0,)


def test_jvp_is_the_directional_derivative():
    value, tangent = ag.jvp(lambda x, y: np.sum(x * x) * y, (X, 2.0), (np.ones(3), 5.0))
    assert (value, tangent) == (28.0, 2.0 * 12.0 + 5.0 * 14.0)


def test_jvp_of_what_does_not_depend_is_zero():
    value, tangent = ag.jvp(lambda x: (5.0, X, np.floor(x), x), (X,), (np.ones(3),))
    assert value[0] == 5.0
    assert tangent[0] == 0.0
    assert_array_equal(tangent[1], np.zeros(3))
    assert_array_equal(tangent[2], np.zeros(3))
    assert_array_equal(tangent[3], np.ones(3))


def test_jvp_takes_whole_numbers_as_tangents():
    assert ag.jvp(lambda x: x * x, (3.0,), (2,)) == (9.0, 12.0)
    for direction in (np.array([1, 0, 2]), [1, 0, 2]):
        _, tangent = ag.jvp(lambda x: x * x, (X,), (direction,))
        assert_array_equal(tangent, 2 * X * [1, 0, 2], strict=True)


def small_network(p, x):
    """Return the cross-entropy of a network made of nearly every kind of operation."""
    hidden = np.tanh(x @ p["W"] + p["b"])
    hidden = (hidden - np.mean(hidden, axis=0)) / (np.std(hidden, axis=0) + 1.0)
    both = np.concatenate([hidden, np.maximum(hidden, 0.1)], axis=1)
    logits = np.dot(both, p["V"]) * np.exp(-p["scale"]) + np.stack([p["b"][:2], p["b"][1:3]])[0]
    shifted = logits - np.max(logits, axis=1, keepdims=True)
    entropy = np.log(np.sum(np.exp(shifted), axis=-1)) - shifted[np.arange(len(x)), [0, 1, 1, 0, 1]]
    decay = np.sum(np.where(p["W"] > 0, p["W"], 2 * p["W"]) ** 2) + np.prod(p["V"][:, 0] + 2.0)
    return np.mean(entropy) + 0.01 * decay + np.var(np.reshape(p["W"].T, -1))


def network_point():
    rng = np.random.default_rng(5)
    shapes = {"W": (3, 4), "b": (4,), "V": (8, 2), "scale": ()}
    draw = lambda: {name: np.asarray(rng.normal(size=shape)) for name, shape in shapes.items()}
    return draw(), draw(), draw(), rng.normal(size=(5, 3))


def dot(p, q):
    return sum(np.sum(p[name] * q[name]) for name in p)


def shifted(p, step, direction):
    return {name: value + step * direction[name] for name, value in p.items()}


def test_forward_and_reverse_agree_on_a_network_and_with_differences():
    p, u, _, x = network_point()
    loss = lambda p: small_network(p, x)
    value, slope = ag.value_and_grad(loss)(p)
    again, tangent = ag.jvp(loss, (p,), (u,))
    assert value == again == loss(p)
    assert_allclose(tangent, dot(slope, u), rtol=1e-13)
    h = 1e-3
    d1, d2 = (
        (loss(shifted(p, step, u)) - loss(shifted(p, -step, u))) / (2 * step) for step in (h, h / 2)
    )
    assert_allclose(tangent, (4 * d2 - d1) / 3, rtol=1e-9)


def test_second_order_of_a_network_is_symmetric_in_every_mode():
    p, u, v, x = network_point()
    loss = lambda p: small_network(p, x)
    product = ag.hvp(loss, p, v)
    assert_allclose(dot(u, product), dot(v, ag.hvp(loss, p, u)), rtol=1e-12)
    reverse = ag.grad(lambda p: dot(ag.grad(loss)(p), v))(p)
    forward = lambda p: ag.jvp(loss, (p,), (v,))[1]
    forward_forward = ag.jvp(forward, (p,), (u,))[1]
    reverse_forward = ag.grad(forward)(p)
    for name in p:
        assert_allclose(reverse[name], product[name], rtol=1e-11, atol=1e-13)
        assert_allclose(reverse_forward[name], product[name], rtol=1e-11, atol=1e-13)
    assert_allclose(forward_forward, dot(u, product), rtol=1e-11)
    h = 1e-3
    d1, d2 = (
        (dot(ag.grad(loss)(shifted(p, s, v)), u) - dot(ag.grad(loss)(shifted(p, -s, v)), u))
        / (2 * s)
        for s in (h, h / 2)
    )
    assert_allclose(dot(u, product), (4 * d2 - d1) / 3, rtol=1e-7)


# Jacobians and Hessians.


@pytest.mark.parametrize("shape", [(), (3,), (2, 3), (1, 0)])
@pytest.mark.parametrize("output", [(), (2,), (2, 2), (0,), (0, 2)])
def test_a_jacobian_has_the_output_shape_and_then_the_input_shape(shape, output):
    x = np.arange(1.0, np.prod(shape) + 1).reshape(shape)
    weights = np.arange(np.prod(output)).reshape(output)
    found = ag.jacobian(lambda x: np.sum(x * x) * weights)(x)
    assert found.shape == output + shape
    assert_array_equal(found, np.multiply.outer(weights, 2 * x))


def test_jacobians_by_hand():
    f = lambda x: np.stack([x[0] * x[1], np.sin(x[2]), x[0] ** 2])
    expected = np.array([[2.0, 1.0, 0.0], [0.0, 0.0, np.cos(3.0)], [2.0, 0.0, 0.0]])
    assert_allclose(ag.jacobian(f)(X), expected, rtol=1e-15)
    in_y = ag.jacobian(lambda x, y: x * y, 1)(X, 2.0)
    assert_array_equal(in_y, X)
    assert_array_equal(ag.jacobian(lambda x: x)(X), np.eye(3))


def test_hessian_by_hand():
    """F = x² y + sin(z) has the Hessian [[2y, 2x, 0], [2x, 0, 0], [0, 0, -sin z]]."""
    found = ag.hessian(lambda x: x[0] ** 2 * x[1] + np.sin(x[2]))(X)
    expected = np.array([[4.0, 2.0, 0.0], [2.0, 0.0, 0.0], [0.0, 0.0, -np.sin(3.0)]])
    assert_allclose(found, expected, rtol=1e-15)
    assert ag.hessian(lambda x: np.sum(x**3))(np.ones((2, 3))).shape == (2, 3, 2, 3)
    assert ag.hessian(lambda x: x**3)(2.0) == 12.0


def test_hessian_of_a_vector_function():
    found = ag.hessian(lambda x: x[:2] ** 3)(X)
    expected = np.zeros((2, 3, 3))
    expected[0, 0, 0], expected[1, 1, 1] = 6.0, 12.0
    assert_array_equal(found, expected)


def test_hvp_is_the_hessian_times_the_vector():
    rng = np.random.default_rng(1)
    x, v = rng.normal(size=(2, 5))
    rosenbrock = lambda x: np.sum(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)
    product = ag.hvp(rosenbrock, x, v)
    assert_allclose(product, ag.hessian(rosenbrock)(x) @ v, rtol=1e-12)
    inner = x[:-1]
    by_hand = np.diag(np.r_[1200 * inner**2 - 400 * x[1:] + 2, 0.0] + np.r_[0.0, [200.0] * 4])
    by_hand -= np.diag(400 * inner, 1) + np.diag(400 * inner, -1)
    assert_allclose(ag.hessian(rosenbrock)(x), by_hand, rtol=1e-12, atol=1e-12)


def test_the_hessian_of_a_quadratic_form_is_exact():
    matrix = np.array([[2.0, 1.0], [5.0, -3.0]])
    f = lambda x: x @ matrix @ x
    assert_array_equal(ag.hessian(f)(np.array([0.5, 4.0])), matrix + matrix.T)
    assert_array_equal(ag.hvp(f, np.array([0.5, 4.0]), np.array([1.0, 0.0])), [4.0, 6.0])


def test_the_hvp_of_a_linear_function_is_zero():
    assert_array_equal(ag.hvp(lambda x: np.sum(x) * 2.0, X, X), np.zeros(3))


# Messages.


@pytest.mark.parametrize("transform", [ag.grad, ag.value_and_grad])
@pytest.mark.parametrize(
    ("function", "words"),
    [
        (lambda x: x, r"returned shape \(3,\) of float64; sum it, or try jacobian"),
        (lambda x: x[:0], r"returned shape \(0,\)"),
        (lambda x: np.sum(x) * 1j, r"returned shape \(\) of complex128; take its real part"),
        (lambda x: (np.sum(x), np.sum(x)), "real scalar"),
        (lambda x: {"loss": np.sum(x)}, "real scalar"),
        (lambda x: None, "real scalar"),
    ],
)
def test_a_gradient_needs_one_real_number(transform, function, words):
    name = "Grad" if transform is ag.grad else transform.__name__
    with pytest.raises(NotScalarError, match=f"^{name} only applies to .*{words}"):
        transform(function)(X)


@pytest.mark.parametrize("x", [3, np.int64(3), True, "a", None], ids=repr)
@pytest.mark.parametrize(
    "transform",
    [
        ag.grad,
        ag.value_and_grad,
        lambda f: lambda x: ag.vjp(f, x),
        lambda f: lambda x: ag.hvp(f, x, x),
    ],
)
def test_what_does_not_vary_is_refused(transform, x):
    with pytest.raises(
        DtypeError, match=r"cannot differentiate with respect to .*write 2\.0 for 2"
    ):
        transform(lambda x: x)(x)


def test_a_function_of_nothing_warns_and_gives_zeros():
    with pytest.warns(UserWarning, match="Output seems independent of input") as caught:
        slope = ag.grad(lambda x: 3.0)(X)
    assert_array_equal(slope, np.zeros(3), strict=True)
    assert caught[0].filename == __file__


def test_tangents_have_the_shape_of_their_primals():
    with pytest.raises(
        ShapeError, match=r"a tangent has the shape of its primal, \(3,\), got \(2,\)"
    ):
        ag.jvp(np.sin, (X,), (np.ones(2),))
    with pytest.raises(ShapeError, match=r"\(\), got \(3,\)"):
        ag.hvp(np.sin, 1.0, X)
    with pytest.raises(ShapeError, match="expected a tuple of 1, got a tuple of 2"):
        ag.jvp(np.sin, (X,), (X, X))


def test_cotangents_have_the_shape_of_their_output():
    with pytest.raises(ShapeError, match=r"the cotangent must have shape \(3,\), got \(2,\)"):
        ag.vjp(np.sin, X)[1](np.ones(2))
    x = ag.Tensor(X)
    with pytest.raises(ShapeError, match=r"must have shape \(3,\), got \(1,\)"):
        (x * 2.0).backward(np.ones(1))
    with pytest.raises(ShapeError, match=r"must have shape \(3,\), got \(\)"):
        ag.gradients(x * 2.0, x, 1.0)


def test_backward_needs_one_real_number():
    x = ag.Tensor(X)
    with pytest.raises(
        NotScalarError, match=r"one real number, got shape \(3,\) of float64; sum it"
    ):
        (x * 2.0).backward()
    with pytest.raises(NotScalarError, match=r"got shape \(\) of complex128"):
        np.sum(x * 1j).backward()
    with pytest.raises(NotScalarError, match=r"got shape \(3,\)"):
        ag.gradients(x * 2.0, x)


def test_a_constant_has_no_gradient():
    c = ag.Tensor(X, requires_grad=False)
    for call in (
        lambda: np.sum(c).backward(),
        lambda: c.backward(X),
        lambda: ag.gradients(np.sum(c), ag.Tensor(1.0)),
    ):
        with pytest.raises(NoGraphError, match=r"depends on no variable.*no_grad"):
            call()
    with pytest.raises(NoGraphError, match="no cotangent to hook on"):
        c.register_hook(print)


@pytest.mark.parametrize("given", [X, 2.0, ag.Tensor(1.0, requires_grad=False)])
def test_gradients_are_with_respect_to_variables(given):
    x = ag.Tensor(1.0)
    with pytest.raises(NoGraphError, match="gradients need Tensors with requires_grad as inputs"):
        ag.gradients(x * 2.0, [x, given])


def test_gradients_are_of_tensors():
    with pytest.raises(NoGraphError, match=r"3\.0"):
        ag.gradients(3.0, ag.Tensor(1.0))


# Whole Jacobians: rows or columns in one walk.


@pytest.mark.parametrize("mode", ["rev", "fwd", "auto"])
def test_both_modes_give_the_same_jacobian(mode):
    A = np.random.default_rng(0).normal(size=(4, 3))
    f = lambda x: np.tanh(A @ x) * x[0]
    x = np.array([0.3, -0.2, 0.7])
    rows = [ag.grad(lambda x, i=i: f(x)[i])(x) for i in range(4)]
    np.testing.assert_allclose(ag.jacobian(f, mode=mode)(x), rows, rtol=1e-13)
    total = lambda x: np.sum(f(x) ** 3)
    columns = [ag.hvp(total, x, e) for e in np.eye(3)]
    np.testing.assert_allclose(ag.hessian(total, mode=mode)(x), columns, rtol=1e-12)


@pytest.mark.parametrize("mode", ["rev", "fwd"])
def test_jacobians_of_containers(mode):
    f = lambda p: {"sum": p["a"] * p["b"], "b": (p["b"] ** 2,)}
    found = ag.jacobian(f, mode=mode)({"a": np.array([1.0, 2.0]), "b": 3.0})
    np.testing.assert_array_equal(found["sum"]["a"], [[3.0, 0.0], [0.0, 3.0]])
    np.testing.assert_array_equal(found["sum"]["b"], [1.0, 2.0])
    np.testing.assert_array_equal(found["b"][0]["a"], [0.0, 0.0])
    assert found["b"][0]["b"] == 6.0


def test_jacobians_in_several_arguments():
    f = lambda x, y: x * y
    in_x, in_y = ag.jacobian(f, (0, 1))(np.array([1.0, 2.0]), np.array([3.0, 4.0]))
    np.testing.assert_array_equal(in_x, np.diag([3.0, 4.0]))
    np.testing.assert_array_equal(in_y, np.diag([1.0, 2.0]))


def test_a_jacobian_in_blocks_of_rows_is_the_same(monkeypatch):
    x = np.linspace(0.0, 1.0, 40)
    f = lambda x: np.cumsum(np.sin(x))
    whole = ag.jacobian(f)(x), ag.jacobian(f, mode="fwd")(x)
    monkeypatch.setattr("autograd.transforms.jacobians.CHUNK", 1)
    np.testing.assert_array_equal((ag.jacobian(f)(x), ag.jacobian(f, mode="fwd")(x)), whole)


def test_auto_falls_back_on_rows_without_a_forward_rule():
    cubed = general(lambda x: x**3, lambda g, x: g * 3 * x**2)
    f = lambda x: cubed(x) * np.ones((2, 1))
    np.testing.assert_array_equal(ag.jacobian(f)(np.array([2.0]))[:, 0, 0], [12.0, 12.0])
    np.testing.assert_array_equal(ag.hessian(lambda x: np.sum(cubed(x)))(np.ones(1)), [[6.0]])
    with pytest.raises(NotImplementedError, match="no rule for forward mode"):
        ag.jacobian(f, mode="fwd")(np.array([2.0]))


def test_a_mode_that_there_is_not():
    with pytest.raises(ValueError, match="mode is 'auto', 'rev' or 'fwd', got 'forward'"):
        ag.jacobian(np.sin, mode="forward")
