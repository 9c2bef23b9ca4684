"""What the rows of reductions cannot say: ties, zeros, masks that leave nothing, conventions."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

import autograd as ag
from autograd.errors import NotDifferentiableError


@pytest.mark.parametrize("function", [np.max, np.min, np.amax, np.amin])
def test_ties_share_equally(function):
    gradient = ag.grad(lambda x: function(x, axis=1).sum())(np.array([[2.0, 2.0], [1.0, 1.0]]))
    assert_array_equal(gradient, 0.5)


@pytest.mark.parametrize(
    ("initial", "expected"),
    [(-1.0, [0.0, 0.5, 0.5]), (9.0, [0.0, 0.0, 0.0]), (3.0, [0.0, 1 / 3, 1 / 3])],
)
def test_initial_of_max_is_one_more_element(initial, expected):
    x = np.array([1.0, 3.0, 3.0])
    assert_allclose(ag.grad(lambda x: np.max(x, initial=initial))(x), expected)
    assert_allclose(
        ag.grad(lambda x: np.min(-x[None], axis=1, initial=-initial)[0])(x), -np.array(expected)
    )


def test_where_of_max_leaves_elements_out():
    x, where = np.array([[1.0, 3.0], [5.0, 4.0]]), np.array([True, False])
    gradient = ag.grad(lambda x: np.sum(np.max(x, axis=0, where=where, initial=-9)))(x)
    assert_array_equal(gradient, [[0.0, 0.0], [1.0, 0.0]])


@pytest.mark.parametrize(
    ("x", "first", "second"),
    [
        ([0.0, 2.0, 3.0], [6.0, 0.0, 0.0], [[0, 3, 2], [3, 0, 0], [2, 0, 0]]),
        ([0.0, 0.0, 3.0], [0.0, 0.0, 0.0], [[0, 3, 0], [3, 0, 0], [0, 0, 0]]),
        ([0.0, 0.0, 0.0], [0.0, 0.0, 0.0], np.zeros((3, 3))),
    ],
)
def test_products_through_zeros_are_exact_at_both_orders(x, first, second):
    x = np.array(x)
    assert_array_equal(ag.grad(np.prod)(x), first)
    assert_array_equal(ag.hessian(np.prod)(x), second)


@pytest.mark.parametrize("function", [np.std, np.var])
def test_spread_of_equal_numbers_has_derivative_zero(function):
    x = np.full((2, 3), 1.5)
    assert_array_equal(ag.grad(lambda x: np.sum(function(x, axis=1)))(x), 0.0)


def test_the_second_derivative_of_the_variance_of_equal_numbers():
    assert_allclose(ag.hessian(np.var)(np.ones(2)), [[0.5, -0.5], [-0.5, 0.5]])


def test_nothing_left_gives_nothing_back():
    x = np.array([1.0, 2.0])
    nobody = np.array([False, False])
    assert_array_equal(ag.grad(lambda x: np.sum(x, where=nobody))(x), 0.0)
    assert_array_equal(ag.grad(lambda x: np.prod(x, where=nobody))(x), 0.0)
    assert_array_equal(ag.grad(lambda x: np.max(x, where=nobody, initial=5.0))(x), 0.0)


@pytest.mark.parametrize("function", [np.sum, np.mean, np.max, np.prod, np.var])
def test_no_axis_at_all_reduces_nothing(function):
    x = np.array([[1.0, 2.0], [3.0, 4.0]])
    expected = 0.0 if function is np.var else 1.0
    assert_array_equal(ag.grad(lambda x: np.sum(function(x, axis=())))(x), expected)


def test_an_infinite_summand_that_is_masked_has_no_part():
    x = np.array([0.0, 4.0])
    with np.errstate(divide="ignore"):
        gradient = ag.grad(lambda x: np.sum(np.log(x), where=[False, True]))(x)
    assert_array_equal(gradient, [0.0, 0.25])


def test_dtype_is_that_of_the_result_and_the_gradient_that_of_the_argument():
    x = ag.Tensor(np.ones(3, np.float32))
    y = np.sum(x * x, dtype=np.float64)
    assert y.dtype == np.float64
    y.backward()
    assert x.grad.dtype == np.float32


def test_a_variable_where_to_start_is_refused():
    t = ag.Tensor([1.0, 2.0])
    with pytest.raises(NotDifferentiableError, match=r"np\.sum has no derivative in initial"):
        np.sum(t, initial=t[0])


def test_what_where_leaves_out_has_no_part_in_a_tie():
    x, where = np.array([3.0, 3.0, 1.0]), np.array([False, True, True])
    for function in (
        lambda x: np.max(x, where=where, initial=-9.0),
        lambda x: -np.min(-x, where=where, initial=9.0),
    ):
        assert_array_equal(ag.grad(function)(x), [0.0, 1.0, 0.0])


def test_a_spread_without_degrees_of_freedom_has_no_gradient():
    ours = np.errstate(divide="ignore", invalid="ignore")
    with ours, pytest.warns(RuntimeWarning, match="Degrees of freedom"):
        _, pull = ag.vjp(lambda x: np.var(x, ddof=2), np.array([1.0, 2.0]))
    assert_array_equal(pull(1.0)[0], np.nan)
