"""The calling form of all operators: which argument is meant, names, containers, messages."""

import functools
from collections import OrderedDict
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pytest
from numpy.testing import assert_array_equal

import autograd as ag
from autograd.errors import (
    ArgumentError,
    ArgumentIndexError,
    DtypeError,
    NotNumericError,
    NotScalarError,
)

X = np.array([1.0, 2.0, 3.0])


def product(x, y, scale=1.0):
    """Return a product."""
    return scale * x * y


# Which argument.


@pytest.mark.parametrize(
    ("argnum", "expected"),
    [
        (0, 3.0),
        (1, 2.0),
        (-1, 2.0),
        (-2, 3.0),
        ((0, 1), (3.0, 2.0)),
        ([1, 0], (2.0, 3.0)),
        ((1,), (2.0,)),
        ("x", 3.0),
        ("y", 2.0),
        (("y", 0), (2.0, 3.0)),
    ],
)
def test_an_argument_is_chosen_by_position_or_name(argnum, expected):
    found = ag.grad(product, argnum)(2.0, 3.0)
    assert found == expected
    assert type(found) is (tuple if isinstance(expected, tuple) else np.float64)


@pytest.mark.parametrize(
    "call",
    [
        lambda f: f(2.0, 3.0),
        lambda f: f(2.0, y=3.0),
        lambda f: f(x=2.0, y=3.0),
        lambda f: f(y=3.0, x=2.0),
    ],
)
def test_a_name_is_found_whether_given_by_position_or_keyword(call):
    assert call(ag.grad(product, "x")) == 3.0
    assert call(ag.grad(product, "y")) == 2.0
    assert call(ag.grad(product, ("y", "x"))) == (2.0, 3.0)
    value, gradient = call(ag.value_and_grad(product, "y"))
    assert (value, gradient) == (6.0, 2.0)


def test_a_default_is_differentiated_by_its_name():
    assert ag.grad(product, "scale")(2.0, 3.0) == 6.0
    assert ag.grad(product, "scale")(2.0, 3.0, 5.0) == 6.0
    assert ag.grad(product, "scale")(2.0, 3.0, scale=5.0) == 6.0


def test_keywords_of_any_name_are_found():
    f = lambda **named: named["a"] * named["b"]
    assert ag.grad(f, "b")(a=2.0, b=3.0) == 2.0
    g = lambda *rest, k: rest[0] * k
    assert ag.grad(g, "k")(5.0, k=2.0) == 5.0


def test_names_reach_through_derivatives():
    f = lambda x, y: x**3 * y**2
    assert ag.grad(ag.grad(f, "x"), "y")(2.0, 3.0) == 12 * 2 * 3
    assert ag.grad(ag.grad(f, "y"), "y")(2.0, y=3.0) == 2 * 8


def test_keywords_are_passed_through_and_not_differentiated():
    assert ag.grad(product)(2.0, 3.0, scale=10.0) == 30.0
    assert ag.grad(product)(2.0, y=3.0) == 3.0


@pytest.mark.parametrize("argnum", [2, -3, 7])
def test_a_position_out_of_range_is_an_index_error(argnum):
    with pytest.raises(ArgumentIndexError, match=rf"argument {argnum} of .*2 positional") as caught:
        ag.grad(lambda x, y: x * y, argnum)(1.0, 2.0)
    assert isinstance(caught.value, IndexError)


@pytest.mark.parametrize("argnum", [np.int64(0), 1.0, None, {0}, True, (0, np.int64(1))], ids=repr)
@pytest.mark.parametrize("error", [TypeError, AssertionError])
def test_other_kinds_of_argnum_are_refused(argnum, error):
    with pytest.raises(error, match="argnum is an int, a str, or a tuple or list of them, got"):
        ag.grad(lambda x, y: x * y, argnum)(1.0, 2.0)


def test_a_name_that_is_no_parameter_is_refused():
    with pytest.raises(ArgumentError, match=r"without an argument named 'z'.*x, y, scale"):
        ag.grad(product, "z")(1.0, 2.0)
    with pytest.raises(ArgumentError, match="product was called without an argument named 'y'"):
        ag.grad(product, "y")(1.0)


def test_whole_jacobians_and_hessians_take_names_too():
    f = lambda x, y: x**2 * y
    assert_array_equal(ag.jacobian(f, "y")(X, y=2.0), X**2)
    assert_array_equal(ag.jacobian(f, "x")(X, 2.0), np.diag(4 * X))
    loss = lambda x, y: np.sum(f(x, y))
    assert_array_equal(ag.hessian(loss, "x")(X, y=2.0), np.diag([4.0] * 3))
    assert ag.jacobian(f, 1).__name__ == "jacobian_of_<lambda>_wrt_argnum_1"
    assert ag.hessian(f, "x").__name__ == "hessian_of_<lambda>_wrt_argnum_x"


# Names.


OPERATORS = [
    "grad",
    "value_and_grad",
    "grad_and_aux",
    "elementwise_grad",
    "deriv",
    "make_vjp",
    "make_jvp",
    "make_hvp",
    "hessian_vector_product",
    "vector_jacobian_product",
    "holomorphic_grad",
]


@pytest.mark.parametrize("name", OPERATORS)
@pytest.mark.parametrize("argnum", [0, 1, (0, 1), [0], "x"], ids=repr)
def test_a_derivative_is_named_after_operator_function_and_argument(name, argnum):
    derivative = getattr(ag, name)(product, argnum)
    assert derivative.__name__ == f"{name}_of_product_wrt_argnum_{argnum}"
    head = f"    {name} of function product with respect to argument number {argnum}"
    assert derivative.__doc__.startswith(head)
    assert "Return a product." in derivative.__doc__


def test_a_callable_without_a_name_is_fine():
    derivative = ag.grad(functools.partial(product, y=3.0))
    assert derivative(2.0) == 3.0
    assert "[unknown name]" in derivative.__name__


def test_operators_keep_their_own_names():
    assert ag.grad.__name__ == "grad"
    assert ag.grad.__doc__.startswith(("\n    Returns a function which", "\nReturns a function"))


# Values.


class Pair(NamedTuple):
    a: float
    b: float


@dataclass
class Point:
    x: float
    label: str
    w: np.ndarray


@pytest.mark.parametrize(
    ("value", "function", "expected"),
    [
        ({"a": 2.0, "b": 3.0}, lambda v: v["a"] * v["b"], {"a": 3.0, "b": 2.0}),
        ([2.0, 3.0], lambda v: v[0] * v[1], [3.0, 2.0]),
        ((2.0, (3.0, 5.0)), lambda v: v[0] * v[1][1], (5.0, (0.0, 2.0))),
        (Pair(2.0, 3.0), lambda v: v.a * v.b, Pair(3.0, 2.0)),
        (
            OrderedDict([("z", 2.0), ("a", 3.0)]),
            lambda v: v["z"] * v["a"],
            OrderedDict([("z", 3.0), ("a", 2.0)]),
        ),
        ({"n": 3, "a": 2.0}, lambda v: v["a"] ** v["n"], {"n": None, "a": 12.0}),
        ([2.0, None, "name", True, 3], lambda v: v[0] * v[4], [3.0, None, None, None, None]),
        ((2.0, np.int64(3)), lambda v: v[0] * v[1], (3.0, None)),
        ([], lambda v: 1.0, []),
        ({"a": (), "b": 2.0}, lambda v: 3 * v["b"], {"a": (), "b": 3.0}),
    ],
    ids=lambda value: None if callable(value) else repr(value),
)
@pytest.mark.filterwarnings("ignore:Output seems independent")
def test_a_gradient_has_the_form_of_its_argument(value, function, expected):
    found = ag.grad(function)(value)
    assert found == expected
    assert type(found) is type(expected)
    assert ag.grad(lambda k, v: k * function(v), 1)(1.0, value) == expected
    pull, _ = ag.make_vjp(function)(value)
    assert pull(1.0) == expected


def test_a_dataclass_keeps_what_is_constant_in_it_and_has_none_for_it_in_its_gradient():
    seen = []

    def f(p):
        seen.append(p.label)
        return p.x * np.sum(p.w**2)

    found = ag.grad(f)(Point(2.0, "here", X))
    assert seen == ["here"]
    assert found.x == 14.0
    assert found.label is None
    assert_array_equal(found.w, 4 * X)


def test_whole_numbers_in_a_container_can_be_sizes_and_indices():
    idx = np.array([2, 0])

    def f(p):
        return np.sum(p["w"][p["idx"]] ** 2) + np.sum(p["w"][: p["n"]])

    found = ag.grad(f)({"w": X, "idx": idx, "n": 2})
    assert_array_equal(found["w"], [3.0, 1.0, 6.0])
    assert found["idx"] is None
    assert found["n"] is None
    value, tangent = ag.jvp(f, ({"w": X, "idx": idx, "n": 2},), ({"w": X, "idx": None, "n": None},))
    assert (value, tangent) == (13.0, 3.0 + 2.0 + 18.0)


def test_constants_in_results_have_no_tangent():
    push = ag.make_jvp(lambda x: {"y": x**2, "n": 3, "name": "a"})(3.0)
    assert push(1.0) == ({"y": 9.0, "n": 3, "name": "a"}, {"y": 6.0, "n": 0, "name": None})


@pytest.mark.parametrize("kind", [int, np.int32, np.uint8, bool])
def test_arrays_of_whole_numbers_are_taken_as_numbers(kind):
    x = np.array([1, 0, 1]).astype(kind)
    found = ag.grad(lambda x: np.sum(x**2))(x)
    assert_array_equal(found, 2.0 * x, strict=True)
    assert ag.grad(lambda x: x * 3)(np.array(2)) == 3.0
    assert_array_equal(ag.make_jvp(np.square)(x)(np.ones(3))[1], 2.0 * x)


@pytest.mark.parametrize("x", [2, True, "a", None, np.int64(2), np.array(["a"])], ids=repr)
def test_what_does_not_vary_is_refused(x):
    with pytest.raises(DtypeError, match=r"cannot differentiate .*write 2\.0 for 2"):
        ag.grad(lambda x: x)(x)


# Results.


def test_a_complex_result_is_no_real_number():
    with pytest.raises(NotScalarError, match=r"^Grad only applies to real scalar-output functions"):
        ag.grad(lambda z: z)(1j)
    with pytest.raises(TypeError, match=r"^value_and_grad only applies to real scalar-output"):
        ag.value_and_grad(lambda z: z)(1j)
    with pytest.raises(TypeError, match=r"^Elementwise_grad only applies to real-output functions"):
        ag.elementwise_grad(lambda z: z)(1j)


@pytest.mark.parametrize("result", [True, 3, np.True_, np.int64(1), None, "a", np.array([1])])
def test_what_is_no_real_number_is_refused(result):
    with pytest.raises(TypeError, match="only applies to real scalar-output"):
        ag.grad(lambda x: result)(1.0)


def test_a_list_of_one_number_is_a_number():
    assert ag.grad(lambda x: [x**2])(3.0) == 6.0
    assert ag.value_and_grad(lambda x: (x**2,))(3.0) == ((9.0,), 6.0)
    with pytest.raises(NotScalarError, match=r"returned shape \(2,\)"):
        ag.grad(lambda x: [x, x])(3.0)


def test_lists_of_results_are_containers():
    pull, value = ag.make_vjp(lambda x: [x**2, {"a": 3 * x}])(2.0)
    assert value == [4.0, {"a": 6.0}]
    assert pull([1.0, {"a": 10.0}]) == 34.0
    assert ag.elementwise_grad(lambda x: [x**2, 3 * x])(2.0) == 7.0
    assert ag.make_jvp(lambda x: [x**2, (3 * x,)])(2.0)(1.0) == ([4.0, (6.0,)], [4.0, (3.0,)])


@pytest.mark.parametrize("operator", [ag.make_vjp, ag.make_jvp, ag.deriv, ag.elementwise_grad])
@pytest.mark.parametrize("result", [None, "a", object(), ["a", None]], ids=type)
def test_results_that_are_no_numbers_are_refused(operator, result):
    f = lambda x: result
    f.__name__ = "f"
    with pytest.raises(NotNumericError, match="containers of them: f returned"):
        operator(f)(1.0)


@pytest.mark.parametrize(
    "derive",
    [
        lambda f: ag.grad(f)(X),
        lambda f: ag.value_and_grad(f)(X)[1],
        lambda f: ag.make_vjp(f)(X)[0](1.0),
        lambda f: ag.elementwise_grad(f)(X),
    ],
)
def test_an_independent_result_warns_and_gives_zeros_of_the_arguments_form(derive):
    with pytest.warns(UserWarning, match="Output seems independent of input."):
        assert_array_equal(derive(lambda x: 3.0), np.zeros(3))


def test_forward_mode_warns_of_an_independent_result_too():
    with pytest.warns(UserWarning, match="Output seems independent of input."):
        assert ag.make_jvp(lambda x: 3.0)(2.0)(1.0) == (3.0, 0.0)
    with pytest.warns(UserWarning, match="Output seems independent of input."):
        assert ag.deriv(lambda x: 3.0)(2.0) == 0.0


def test_an_independent_result_has_zeros_in_the_form_of_a_container():
    with pytest.warns(UserWarning, match="Output seems independent of input."):
        found = ag.grad(lambda p: 3.0)({"a": 1.0, "b": [X]})
    assert found["a"] == 0.0
    assert_array_equal(found["b"][0], np.zeros(3))
