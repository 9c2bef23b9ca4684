"""A cotangent of zero contributes zero, whatever the derivative is there."""

import warnings

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

import autograd as ag

# Guards: what is not chosen has no part in the gradient, whatever its derivative (strong zero).

GUARDS = {
    "sqrt": (lambda x: np.where(x > 0, np.sqrt(x), 0.0), 1 / (2 * 2.0)),
    "power": (lambda x: np.where(x > 0, x**0.5, 0.0), 1 / (2 * 2.0)),
    "log": (lambda x: np.where(x > 0, np.log(x), 0.0), 1 / 4.0),
    "inverse": (lambda x: np.where(x > 0, 1 / x, 0.0), -1 / 16.0),
    "reciprocal": (lambda x: np.where(x > 0, np.reciprocal(x), 0.0), -1 / 16.0),
    "cbrt": (lambda x: np.where(x > 0, np.cbrt(x), 0.0), 1 / (3 * 4.0 ** (2 / 3))),
    "sinc": (lambda x: np.where(x != 0, np.sin(x) / x, 1.0), (4 * np.cos(4) - np.sin(4)) / 16),
    "x log x": (lambda x: np.where(x > 0, x * np.log(x), 0.0), np.log(4.0) + 1),
    "zero times sqrt": (lambda x: (x > 0) * np.sqrt(x), 1 / (2 * 2.0)),
    "index": (lambda x: np.sqrt(x)[1:], 1 / (2 * 2.0)),
    "maximum": (lambda x: np.maximum(np.sqrt(x), 1.0), 1 / (2 * 2.0)),
}


@pytest.mark.parametrize("name", GUARDS)
def test_a_guarded_branch_has_no_part_in_the_gradient(name):
    function, at_four = GUARDS[name]
    x = ag.Tensor([0.0, 4.0])
    with np.errstate(divide="ignore", invalid="ignore"):
        y = np.sum(function(x))  # NumPy's own warnings about the values
    y.backward()  # without any
    assert_allclose(x.grad, [0.0, at_four], rtol=1e-14)


@pytest.mark.parametrize("name", GUARDS)
def test_nor_in_second_derivatives_and_forward_mode(name):
    function, at_four = GUARDS[name]
    x = np.array([0.0, 4.0])
    h = 1e-4
    with np.errstate(divide="ignore", invalid="ignore"):
        hessian = ag.hessian(lambda x: np.sum(function(x)))(x)
        slopes = [ag.grad(lambda x: np.sum(function(x)))(np.array([0.0, 4.0 + s])) for s in (h, -h)]
        if name != "zero times sqrt":  # whose tangent, 0 · inf, is not one of a choice
            tangent = ag.jvp(lambda x: np.sum(function(x)), (x,), (np.array([0.0, 1.0]),))[1]
            assert_allclose(tangent, at_four, rtol=1e-14)
    assert_allclose(hessian[1, 1], (slopes[0][1] - slopes[1][1]) / (2 * h), rtol=1e-6)
    assert_array_equal(hessian[[0, 0, 1], [0, 1, 0]], 0.0)


X = np.array([-1.0, 0.0, 4.0, np.nan, np.inf])


@pytest.mark.parametrize(
    ("function", "expected"),
    [
        (lambda x: np.where(x >= 1, np.sqrt(x), 0), [0, 0, 0.25, 0, 0]),
        (lambda x: np.where(np.isnan(x), 0, x * x), [-2, 0, 8, 0, np.inf]),
        (lambda x: np.where(np.isfinite(x), x * np.arctan(x), 0), None),
        (lambda x: np.log(x)[(x > 0) & (x < 10)], [0, 0, 0.25, 0, 0]),
        (lambda x: np.sqrt(x.reshape(5, 1)).sum(axis=1)[2:3], [0, 0, 0.25, 0, 0]),
        (
            lambda x: np.where((x > 0) & (x < 10), (np.sqrt(x) + 1).reshape(5), 0),
            [0, 0, 0.25, 0, 0],
        ),
    ],
)
def test_nan_and_infinity_that_are_not_chosen_stay_where_they_are(function, expected):
    with np.errstate(all="ignore"):
        gradient = ag.grad(lambda x: np.sum(function(x)))(X)
    if expected is None:
        expected = [np.arctan(x) + x / (1 + x * x) if np.isfinite(x) else 0 for x in X]
    assert_allclose(gradient, expected, rtol=1e-14)


@pytest.mark.parametrize("x", [-1000.0, 1000.0, np.array([-1000.0, 1000.0])])
def test_the_logistic_function_is_flat_far_out(x):
    with np.errstate(over="ignore"):
        gradient = ag.grad(lambda x: np.sum(1 / (1 + np.exp(-x))))(x)
    assert_array_equal(gradient, np.zeros_like(x))


def test_rows_of_a_jacobian_do_not_mix():
    with np.errstate(divide="ignore"):
        found = ag.jacobian(np.sqrt)(np.array([0.0, 4.0]))
    assert_array_equal(found, [[np.inf, 0.0], [0.0, 0.25]])


def test_a_choice_within_a_hook_counts_as_well():
    x = ag.Tensor([0.0, 4.0])
    y = np.sqrt(x)
    y.register_hook(lambda g: g * np.array([0.0, 1.0]))
    np.sum(y).backward()
    assert_array_equal(x.grad, [0.0, 0.25])


def test_a_true_singularity_warns_as_numpy_does():
    x = ag.Tensor([0.0, 4.0])
    with pytest.warns(RuntimeWarning, match="divide by zero"):
        np.sum(np.sqrt(x)).backward()
    assert_array_equal(x.grad, [np.inf, 0.25])
    with np.errstate(divide="raise"), pytest.raises(FloatingPointError, match="divide by zero"):
        ag.grad(np.sqrt)(0.0)
    with np.errstate(divide="ignore"), warnings.catch_warnings():
        warnings.simplefilter("error")
        assert ag.grad(np.sqrt)(0.0) == np.inf
