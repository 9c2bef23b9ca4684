"""What the rows of cumulative functions cannot say: zeros, variable spacings, errors."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

import autograd as ag

X = np.array([1.0, 4.0, 9.0, 16.0])


def test_running_products_through_zeros_are_exact_at_both_orders():
    x = np.array([2.0, 0.0, 3.0])
    assert_array_equal(ag.jacobian(np.cumprod)(x), [[1, 0, 0], [0, 2, 0], [0, 6, 0]])
    last = ag.hessian(lambda x: np.cumprod(x)[-1])(x)
    assert_array_equal(last, [[0, 3, 0], [3, 0, 2], [0, 2, 0]])


def test_diff_is_differentiated_in_what_is_put_before_and_after():
    ends = lambda first, last: np.sum(np.diff(X, prepend=first, append=last) * np.arange(1.0, 6.0))
    assert ag.grad(ends, (0, 1))(0.0, 25.0) == (-1.0, 5.0)


def test_areas_are_differentiated_in_the_places_of_the_points():
    x = np.array([0.0, 1.0, 3.0, 6.0])
    in_y, in_x = ag.grad(np.trapezoid, (0, 1))(X, x)
    assert_allclose(in_y, [0.5, 1.5, 2.5, 1.5])
    assert_allclose(in_x, [-2.5, 2.5 - 6.5, 6.5 - 12.5, 12.5])


def test_slopes_are_differentiated_in_the_spacing():
    """The slope of f over h is a(f) / h, so its derivative is -a(f) / h²."""
    found = ag.grad(lambda h: np.sum(np.gradient(X, h)))(0.5)
    assert_allclose(found, -np.sum(np.gradient(X, 1.0)) / 0.25)


def test_slopes_along_several_axes_come_in_a_tuple():
    table = ag.Tensor(np.outer(X, X))
    found = np.gradient(table)
    assert isinstance(found, tuple)
    for ours, numpys in zip(found, np.gradient(table.data), strict=True):
        assert_array_equal(ours.data, numpys)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda t: np.diff(t, n=-1), ValueError, "non-negative"),
        (lambda t: np.diff(t[0]), ValueError, "at least one dim"),
        (lambda t: np.gradient(t[:1]), ValueError, "needs 2 points at least"),
        (lambda t: np.gradient(t, edge_order=3), ValueError, "edge_order"),
        (
            lambda t: np.gradient(t, [1.0, 2.0]),
            ValueError,
            "coordinates for axis 0 must have shape",
        ),
        (lambda t: np.gradient(t, 1.0, 2.0), TypeError, "one for each of 1 axes, got 2"),
    ],
)
def test_what_numpy_refuses_is_refused(call, error, message):
    with pytest.raises(error, match=message):
        call(ag.Tensor(X))
    with pytest.raises(error):
        call(X)


@pytest.mark.parametrize("axis", [None, 0, 1])
def test_tangents_of_no_products_have_their_shape(axis):
    x = np.zeros((0, 2))
    value, tangent = ag.jvp(lambda x: np.cumprod(x, axis), [x], [x])
    assert tangent.shape == value.shape
