"""Primitives in HIPS autograd's form: `primitive`, `defvjp`, `defjvp` and their like."""

import copy
import pickle

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

import autograd as ag
from autograd import Tensor, tracer
from autograd.errors import NotDifferentiableError, RuleError
from autograd.extend import (
    JVPNode,
    SparseObject,
    VJPNode,
    def_linear,
    defjvp,
    defjvp_argnum,
    defjvp_argnums,
    defvjp,
    defvjp_argnum,
    defvjp_argnums,
    notrace_primitive,
    primitive,
    register_notrace,
    vspace,
)
from autograd.numpy.numpy_boxes import ArrayBox
from autograd.numpy.numpy_vjps import unbroadcast_f
from autograd.testing import GradientMismatch, check_grads
from autograd.tracer import isbox

X = np.array([1.0, 2.0, 3.0])


@primitive
def cube(x):
    """Return the third power."""
    assert not isinstance(x, Tensor)
    return x**3


defvjp(cube, lambda ans, x: lambda g: g * 3 * x**2)


def made(function, *makers, **options):
    """Return a primitive with a pullback."""
    made = primitive(function)
    defvjp(made, *makers, **options)
    return made


def test_a_primitive_looks_like_its_function():
    assert cube.__name__ == "cube"
    assert cube.__doc__ == "Return the third power."
    assert cube.fun(2.0) == 8.0
    assert pickle.loads(pickle.dumps(cube)) is cube
    assert copy.deepcopy(cube) is cube
    assert primitive(cube) is cube


@pytest.mark.parametrize("x", [2.0, X, X.reshape(3, 1), np.zeros((2, 0)), np.float32(2.0)])
def test_on_plain_values_it_is_the_function(x):
    assert_array_equal(cube(x), x**3)
    assert not isinstance(cube(x), Tensor)


def test_every_order_and_both_modes_follow_from_the_pullback():
    f = cube
    for expected in (12.0, 12.0, 6.0):
        f = ag.grad(f)
        assert f(2.0) == expected
    f = cube
    for expected in (12.0, 12.0, 6.0):
        f = ag.deriv(f)
        assert f(2.0) == expected
    check_grads(cube, X, order=3)
    check_grads(lambda x: cube(np.sin(cube(x))), X)
    assert_array_equal(ag.hessian(lambda x: np.sum(cube(x)))(X), np.diag(6 * X))
    assert_array_equal(ag.jacobian(cube)(X), np.diag(3 * X**2))


def test_it_works_on_tensors_with_backward():
    x = Tensor(X)
    y = cube(x)
    y.backward(np.ones(3))
    assert_array_equal(x.grad, 3 * X**2)
    assert y.op == "cube"
    constant = cube(Tensor(X, requires_grad=False))
    assert isinstance(constant, Tensor)
    assert not constant.requires_grad
    with ag.no_grad():
        assert not cube(x).requires_grad


def test_rules_of_several_arguments_are_told_by_position():
    f = made(
        lambda x, y, k: x * y**k,
        lambda ans, x, y, k: lambda g: g * y**k,
        lambda ans, x, y, k: lambda g: g * x * k * y ** (k - 1),
        None,
    )
    check_grads(lambda x, y: f(x, y, 3), 2.0, 1.5)
    check_grads(lambda x, y: f(x, y, 2), X, X)
    assert ag.grad(f, 2)(2.0, 3.0, 2.0) == 0.0  # None: the derivative is zero
    other = made(lambda x, y: x * y, lambda ans, x, y: lambda g: g * x, argnums=(1,))
    assert ag.grad(other, 1)(2.0, 3.0) == 2.0


def test_keywords_reach_function_and_maker():
    f = made(
        lambda x, power=2: x**power, lambda ans, x, power=2: lambda g: g * power * x ** (power - 1)
    )
    assert ag.grad(lambda x: f(x, power=3))(2.0) == 12.0
    assert ag.grad(f)(2.0) == 4.0


def test_a_keyword_that_varies_is_refused_where_it_would_be_lost():
    f = made(lambda x, y=1.0: x * y, lambda ans, x, y=1.0: lambda g: g * y)
    with pytest.raises(
        NotDifferentiableError, match=r"no derivative in the keyword y=.*by position"
    ):
        ag.grad(lambda t: f(t, y=t))(2.0)
    assert ag.grad(lambda t: f(3.0, y=t))(2.0) == 3.0  # then it is no primitive's affair


def test_the_undoing_of_broadcasts_may_be_left_to_the_walk_or_not():
    f = made(
        lambda x, y: x * y, lambda ans, x, y: lambda g: g * y, lambda ans, x, y: lambda g: g * x
    )
    check_grads(f, X.reshape(3, 1), X)
    check_grads(f, 2.0, X)
    by_hand = made(
        lambda x, y: x * y,
        lambda ans, x, y: unbroadcast_f(x, lambda g: g * y),
        lambda ans, x, y: unbroadcast_f(y, lambda g: g * x),
    )
    check_grads(by_hand, X.reshape(3, 1), X)
    check_grads(by_hand, 2.0, X)


def test_defvjp_argnum_and_argnums():
    f = primitive(lambda *xs: sum(i * x**2 for i, x in enumerate(xs)))
    defvjp_argnum(f, lambda argnum, ans, args, kwargs: lambda g: g * 2 * argnum * args[argnum])
    assert ag.grad(f, (0, 2))(1.0, 2.0, 3.0) == (0.0, 12.0)
    check_grads(f, 1.0, 2.0, 3.0)
    seen = []

    def maker(argnums, ans, args, kwargs):
        seen.append(argnums)
        return lambda g: [g * 2 * i * args[i] for i in argnums]

    defvjp_argnums(f, maker)
    assert ag.grad(f, (1, 2))(1.0, 2.0, 3.0) == (4.0, 12.0)
    assert seen[0] == (1, 2)
    check_grads(f, 1.0, 2.0, 3.0)


def test_forward_rules_take_precedence():
    f = primitive(lambda x, y: np.sin(x) * y)
    defjvp(f, lambda g, ans, x, y: g * np.cos(x) * y, lambda g, ans, x, y: g * np.sin(x))
    assert_allclose(ag.make_jvp(f)(0.5, 2.0)(1.0)[1], 2 * np.cos(0.5))
    check_grads(f, 0.5, 2.0, modes=["fwd"])
    with pytest.raises(
        NotImplementedError, match=r"VJP of <lambda> wrt argnums \(0,\) not defined"
    ):
        ag.grad(f)(0.5, 2.0)
    defvjp(
        f, lambda ans, x, y: lambda g: g * np.cos(x) * y, lambda ans, x, y: lambda g: g * np.sin(x)
    )
    check_grads(f, 0.5, 2.0)


def test_same_and_linear_are_the_function_itself():
    f = primitive(lambda x, k: k * x)
    defjvp(f, "same", None)
    defvjp(f, lambda ans, x, k: lambda g: f(g, k))
    check_grads(lambda x: f(x, 3.0), X)
    assert ag.jvp(lambda k: f(X, k) * k, (2.0,), (1.0,))[1].shape == (3,)
    g = primitive(lambda x, y: x * y)
    def_linear(g)
    assert ag.make_jvp(g, (0, 1))(2.0, 3.0)((1.0, 1.0)) == (6.0, 5.0)
    assert ag.deriv(ag.deriv(lambda x: g(x, x)))(5.0) == 2.0


def test_defjvp_argnum_and_argnums():
    f = primitive(lambda *xs: sum(x**2 for x in xs))
    defjvp_argnum(f, lambda argnum, g, ans, args, kwargs: 2 * args[argnum] * g)
    assert ag.make_jvp(f, (0, 2))(1.0, 2.0, 3.0)((1.0, 1.0)) == (14.0, 8.0)
    defjvp_argnums(
        f,
        lambda argnums, gs, ans, args, kwargs: sum(
            2 * args[i] * g for i, g in zip(argnums, gs, strict=True)
        ),
    )
    assert ag.make_jvp(f, (0, 2))(1.0, 2.0, 3.0)((1.0, 1.0)) == (14.0, 8.0)
    assert ag.deriv(ag.deriv(lambda x: f(x, x)))(3.0) == 4.0


def test_a_missing_rule_is_named():
    f = made(lambda x, y: x * y, lambda ans, x, y: lambda g: g * y)
    f.name = "half"
    with pytest.raises(NotImplementedError, match=r"VJP of half wrt argnums \(1,\) not defined"):
        ag.grad(f, 1)(1.0, 2.0)
    with pytest.raises(NotImplementedError, match=r"JVP of half wrt argnums \(1,\) not defined"):
        ag.deriv(f, 1)(1.0, 2.0)
    assert ag.grad(f)(1.0, 2.0) == 2.0
    nothing = primitive(lambda x: x)
    with pytest.raises(
        NotImplementedError, match=r"VJP of <lambda> wrt argnums \(0,\) not defined"
    ):
        ag.grad(nothing)(1.0)


@pytest.mark.parametrize("rule", [3, "differently", [None]], ids=repr)
def test_what_cannot_be_called_is_no_rule(rule):
    f = primitive(lambda x: x)
    with pytest.raises(RuleError, match=r"Bad VJP .* for <lambda>"):
        defvjp(f, rule)
    with pytest.raises(TypeError, match="Bad JVP"):
        defjvp(f, rule)


def test_makers_are_called_right_after_the_function():
    log = []

    def function(x):
        log.append("function")
        return x * 2

    def maker(ans, x):
        log.append("maker")
        slope = 2.0 if len(log) < 3 else np.nan  # what the program knew then
        return lambda g: log.append("pull") or g * slope

    f = made(function, maker)
    assert ag.grad(lambda x: f(x))(1.0) == 2.0
    assert log == ["function", "maker", "pull"]


def test_a_maker_that_fails_fails_in_reverse_mode_only():
    def maker(ans, x):
        raise ZeroDivisionError("no pullback")

    f = made(lambda x: 2 * x, maker)
    defjvp(f, "same")
    assert ag.deriv(f)(1.0) == 2.0
    with pytest.raises(ZeroDivisionError, match="no pullback"):
        ag.grad(f)(1.0)


def test_rules_may_use_functions_that_know_no_tensors_at_first_order():
    lib = made(lambda x: float(x) ** 2, lambda ans, x: lambda g: g * 2 * float(x))
    assert ag.grad(lib)(3.0) == 6.0
    assert ag.deriv(lib)(3.0) == 6.0


def test_rules_by_differences_of_the_function_itself():
    """As autograd-gamma has them."""
    f = primitive(lambda a, x: a**2 * x)
    defvjp(
        f,
        lambda ans, a, x: unbroadcast_f(a, lambda g: g * (f(a + 1e-4, x) - f(a - 1e-4, x)) / 2e-4),
        lambda ans, a, x: unbroadcast_f(x, lambda g: g * a**2),
    )
    found = ag.grad(lambda a: np.sum(f(a, X)))(2.0)
    assert_allclose(found, 4 * X.sum(), rtol=1e-7)
    assert_allclose(ag.grad(ag.grad(lambda a: np.sum(f(a, X))))(2.0), 2 * X.sum(), rtol=1e-5)


def test_gradients_of_what_a_rule_closes_over():
    def outer(y):
        scaled = made(lambda x: x * y._value, lambda ans, x: lambda g: g * y)
        return ag.grad(lambda x: scaled(x) * x)(3.0)  # 2 x y, but the value knows no y

    assert ag.grad(outer)(2.0) == 3.0
    assert not isinstance(
        ag.grad(lambda y: made(lambda x: x * 2.0, lambda ans, x: lambda g: y * g)(y))(2.0), Tensor
    )


def test_a_function_that_knows_an_outer_variable():
    def outer(y):
        scaled = made(lambda x: x * y, lambda ans, x: lambda g: g * y)
        return scaled(2.0 * y)  # 2 y², from its argument and from what it closes over

    assert ag.grad(outer)(3.0) == 12.0


def test_of_its_arguments_the_rules_tell_everything():
    """PennyLane's circuits know the parameters that they are called with, and compute with them."""

    def outer(y):
        known = made(lambda x: y * 1.0, lambda ans, x: lambda g: g)
        return known(y)

    assert ag.grad(outer)(3.0) == 1.0


def test_a_rule_takes_its_result_out_of_the_box_once():
    """As PennyLane's do: what is in the box of an inner derivative is one of the outer."""

    def square(x):
        def pull(g):
            c = 2.0 * x * g  # of what it closes over, not of what it was called with
            return c._value if isbox(c) else c

        return made(lambda _: x**2, lambda ans, _: pull)(x)

    assert ag.grad(square)(3.0) == 6.0
    assert ag.grad(ag.grad(square))(3.0) == 2.0
    assert ag.grad(lambda x: ag.grad(square)(x) * x)(3.0) == 12.0


def test_the_value_in_a_box_is_one_level_less():
    seen = []

    def inner(y):
        seen.append(y._value)
        return y**2

    ag.grad(lambda x: ag.grad(inner)(x) * x)(3.0)
    assert isbox(seen[0])
    assert not isbox(seen[0]._value)
    assert seen[0]._value == 3.0
    ag.grad(inner)(3.0)
    assert not isbox(seen[1])


# Containers.


@primitive
def split(params, scale):
    return [params["a"] * scale, {"sum": np.sum(params["b"][0]) + scale}, "constant", 3]


defvjp(
    split,
    lambda ans, params, scale: (
        lambda g: {
            "a": g[0] * scale,
            "b": (g[1]["sum"] * np.ones_like(params["b"][0]),),
            "n": None,
        }
    ),
    lambda ans, params, scale: lambda g: np.sum(g[0] * params["a"]) + g[1]["sum"],
)


def run_split(a, b, scale):
    first, second, word, number = split({"a": a, "b": (b,), "n": 5}, scale)
    assert (word, number) == ("constant", 3)
    return np.sum(first**2) * second["sum"]


def test_containers_go_in_and_out():
    check_grads(run_split, X, X[:2], 2.0)
    check_grads(lambda a, s: split({"a": a, "b": (1.0,), "n": 5}, s)[0], X, 2.0)
    check_grads(lambda b: split({"a": 1.0, "b": (b,), "n": 5}, 2.0)[1]["sum"], X)
    assert split({"a": 1.0, "b": (2.0,), "n": 5}, 3.0) == [3.0, {"sum": 5.0}, "constant", 3]


def test_an_array_stands_for_the_cotangents_of_a_list():
    f = made(lambda xs: np.array(xs) ** 2, lambda ans, xs: lambda g: 2 * g * np.array(xs))
    assert ag.grad(lambda a, b: np.sum(f([a, b])), (0, 1))(2.0, 3.0) == (4.0, 6.0)


def test_lists_in_tuples_with_a_pullback_that_returns_tuples():
    """As PennyLane has them."""
    f = made(
        lambda tapes, options: tuple(np.array([p[0] * p[1], p[1]]) for p in tapes),
        lambda ans, tapes, options: (
            lambda g: tuple(
                (dy[0] * p[1], dy[0] * p[0] + dy[1]) for dy, p in zip(g, tapes, strict=True)
            )
        ),
    )

    def loss(x, y):
        one, two = f(([x, y], [y, x]), {"shots": 3})
        return np.sum(one) + 10 * np.sum(two)

    assert ag.grad(loss, (0, 1))(2.0, 3.0) == (3 + 30 + 10, 2 + 20 + 1)
    assert_array_equal(ag.jacobian(lambda x: f(([x, 3.0],), None)[0])(2.0), [3.0, 0.0])


def test_outputs_that_nothing_depends_on_have_zeros_as_cotangents():
    seen = []

    def maker(ans, x):
        return lambda g: seen.append(g) or g[0] * 2 + np.sum(g[1])

    f = made(lambda x: (2 * x, x * np.ones(3)), maker)
    assert ag.grad(lambda x: f(x)[0])(1.0) == 2.0
    assert_array_equal(seen[0][1], np.zeros(3))


# Other statements.


def test_notrace_primitives_return_constants():
    @notrace_primitive
    def size(x):
        assert not isinstance(x, Tensor)
        return np.sum(x)

    assert not isinstance(size(Tensor(X)), Tensor)
    assert_array_equal(ag.grad(lambda x: size(x) * np.sum(x))(X), np.full(3, 6.0))
    f = primitive(lambda x: x * 2)
    register_notrace(VJPNode, f)
    register_notrace(JVPNode, f)
    assert ag.grad(lambda x: f(x) * x)(3.0) == 6.0
    assert ag.deriv(lambda x: f(x) * x)(3.0) == 6.0


def test_sparse_cotangents_are_added_into_zeros():
    def maker(ans, x):
        def pull(g):
            def mut_add(into):
                into[1] += g
                return into

            return SparseObject(vspace(x), mut_add)

        return pull

    f = made(lambda x: x[1], maker)
    assert_array_equal(ag.grad(lambda x: f(x) * x[0])(X), [2.0, 1.0, 0.0])


def test_a_primitive_can_be_a_method():
    class Model:
        scale = 3.0

        @primitive
        def scaled(self, x):
            return self.scale * x

    defvjp(Model.scaled, None, lambda ans, self, x: lambda g: self.scale * g)
    assert ag.grad(Model().scaled)(2.0) == 3.0


def test_a_rule_for_a_function_of_numpy_takes_the_place_of_ours():
    from autograd import dispatch

    before = dispatch.TABLE[np.positive]
    try:
        defvjp(np.positive, lambda ans, x: lambda g: 100 * g)
        assert ag.grad(np.positive)(1.0) == 100.0
        defjvp(np.positive, lambda g, ans, x: 10 * g)
        assert ag.deriv(np.positive)(1.0) == 10.0
    finally:
        dispatch.TABLE[np.positive] = before


def test_ufuncs_of_other_libraries_can_be_primitives():
    special = pytest.importorskip("scipy.special")
    f = primitive(special.expit)
    defvjp(f, lambda ans, x: lambda g: g * ans * (1 - ans))
    assert f.__name__ == "expit"
    check_grads(f, X)


def test_a_wrong_rule_is_found_and_named():
    wrong = made(lambda x: x**2, lambda ans, x: lambda g: g * x)
    wrong.name = "wrong"
    with pytest.raises(GradientMismatch, match=r"guilty: wrong at test_primitives\.py") as caught:
        check_grads(lambda x: np.sin(wrong(np.cos(x))), 0.5)
    assert caught.value.operation == "wrong"
    assert "factor of 0.5" in str(caught.value)


def test_complex_numbers():
    f = made(lambda z: z**2, lambda ans, z: lambda g: g * 2 * z)
    assert ag.grad(lambda z: np.real(f(z)))(1 + 2j) == 2 + 4j
    assert ag.deriv(f)(1 + 2j) == 2 + 4j
    real = made(
        lambda x, z: x * z, lambda ans, x, z: lambda g: g * z, lambda ans, x, z: lambda g: g * x
    )
    check_grads(lambda x, z: np.real(real(x, z)), 2.0, 1 + 2j)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64, np.longdouble])
def test_a_gradient_keeps_the_dtype_of_its_argument(dtype):
    x = X.astype(dtype)
    assert ag.grad(lambda x: np.sum(cube(x)))(x).dtype == dtype


def test_deprecated_methods_still_state_rules():
    @ag.primitive
    def square(x):
        return x**2

    with pytest.warns(DeprecationWarning, match="defvjp"):
        square.defvjp(lambda g, ans, vs, gvs, x: 2 * g * x)
    assert ag.grad(square)(3.0) == 6.0
    with pytest.warns(DeprecationWarning, match="defgrad"):
        square.defgrad(lambda ans, x: lambda g: 3 * g)
    assert ag.grad(square)(3.0) == 3.0
    with pytest.warns(DeprecationWarning, match="defvjp_is_zero"):
        square.defvjp_is_zero()
    assert ag.grad(square)(3.0) == 0.0


# Batches.


@primitive
def mixed(x, y):
    """A function that knows arrays only, and returns a dictionary of them."""
    return {"powers": np.asarray(x, float) ** 2 * y, "sum": float(np.sum(x))}


defvjp(
    mixed,
    lambda ans, x, y: lambda g: np.asarray(g["powers"], float) * 2 * x * y + g["sum"],
    lambda ans, x, y: lambda g: np.sum(g["powers"] * x**2),
)


def test_functions_and_rules_of_the_program_see_one_example_of_a_batch():
    B = np.arange(12.0).reshape(4, 3)
    assert_array_equal(ag.vmap(lambda x: mixed(x, 2.0)["powers"])(B), 2 * B**2)
    loss = lambda x: np.sum(mixed(x, 2.0)["powers"]) + 3 * mixed(x, 1.0)["sum"]
    assert_array_equal(ag.vmap(ag.grad(loss))(B), 4 * B + 3)
    assert_array_equal(ag.vmap(ag.deriv(loss))(B), (4 * B + 3).sum(1))


@pytest.mark.parametrize("mode", ["rev", "fwd"])
def test_whole_jacobians_and_hessians_go_through_such_rules(mode):
    x = np.arange(6.0)
    found = ag.jacobian(lambda x: mixed(x, 2.0)["powers"], mode=mode)(x)
    assert_array_equal(found, np.diag(4 * x))
    assert_array_equal(ag.hessian(lambda x: np.sum(cube(x)), mode=mode)(x), np.diag(6 * x))


def test_forward_mode_of_a_pullback_that_knows_arrays_only_takes_one_for_each_output():
    calls = []

    def maker(ans, x):
        def pull(g):
            calls.append(np.asarray(g, float))
            return np.asarray(g, float) @ J

        return pull

    J = np.arange(6.0).reshape(2, 3)
    f = made(lambda x: J @ np.asarray(x, float), maker)
    assert_array_equal(ag.jvp(f, (X,), (np.ones(3),))[1], J.sum(1))
    calls.clear()
    assert_array_equal(ag.jacobian(lambda x: f(x[0] * X))(np.ones(1)), (J @ X)[:, None])
    assert len(calls) == 2  # by rows, though there is one column


def test_a_rule_that_takes_values_out_of_boxes_keeps_outer_derivatives():
    """As PennyLane has it: the function and its rule know the traced values, in an object."""

    @primitive
    def execute(params, circuit):
        return np.cos(tracer.getval(circuit["angle"]))

    def maker(ans, params, circuit):
        def pull(g):
            shifted = [execute_at(circuit["angle"] + s) for s in (np.pi / 2, -np.pi / 2)]
            found = g * (shifted[0] - shifted[1]) / 2
            return (found._value if isinstance(found, ArrayBox) else found,)

        return pull

    def execute_at(angle):
        return execute((angle,), Circuit(angle=angle))

    defvjp(execute, maker, argnums=(0,))
    f = execute_at
    assert_allclose(f(0.3), np.cos(0.3))
    assert_allclose(ag.grad(f)(0.3), -np.sin(0.3))
    assert not isinstance(ag.grad(f)(0.3), Tensor)
    assert_allclose(ag.grad(ag.grad(f))(0.3), -np.cos(0.3))
    assert_allclose(ag.grad(ag.grad(ag.grad(f)))(0.3), np.sin(0.3))


class Circuit:
    """An object that is no container, so no one looks into it."""

    def __init__(self, **items):
        self.items = items

    def __getitem__(self, key):
        return self.items[key]
