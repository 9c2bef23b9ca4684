"""What the rows of signals cannot say: knots, ends, one knot, Tensors for the ends."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

import autograd as ag
from autograd.errors import NotDifferentiableError

XP, FP = np.array([0.0, 1.0, 3.0]), np.array([0.0, 2.0, 3.0])


def test_interp_has_the_slope_to_the_right_at_a_knot_and_none_outside():
    x = np.array([-1.0, 0.0, 0.5, 1.0, 2.0, 3.0, 4.0])
    gradient = ag.grad(lambda x: np.sum(np.interp(x, XP, FP)))(x)
    assert_array_equal(gradient, [0.0, 2.0, 2.0, 0.5, 0.5, 0.5, 0.0])


def test_interp_shares_among_the_values_around():
    gradient = ag.grad(lambda fp: np.sum(np.interp([-1.0, 0.25, 2.0, 9.0], XP, fp)))(FP)
    assert_allclose(gradient, [1.75, 0.25 + 0.5, 0.5 + 1.0])


def test_interp_in_the_places_of_the_knots():
    """Between (p, 0) and (q, 2) the value at 0.5 is (1 - 2p) / (q - p)."""
    gradient = ag.grad(lambda xp: np.interp(0.5, xp, FP))(XP)
    assert_allclose(gradient, [-1.0, -1.0, 0.0])


def test_a_variable_for_outside_is_refused():
    with pytest.raises(NotDifferentiableError, match="has no derivative in left"):
        np.interp(ag.Tensor([-1.0]), XP, FP, left=ag.Tensor(7.0))


def test_interp_of_one_knot_is_constant():
    point = np.array([1.0])
    f = lambda x, fp: np.sum(np.interp(x, point, fp))
    in_x, in_fp = ag.grad(f, (0, 1))(np.array([0.0, 1.0, 2.0]), np.array([5.0]))
    assert_array_equal(in_x, 0.0)
    assert_array_equal(in_fp, 3.0)


@pytest.mark.parametrize("mode", ["full", "same", "valid"])
def test_convolution_takes_lists_and_variables_on_either_side(mode):
    x = np.array([1.0, 2.0, 3.0])
    first = ag.grad(lambda x: np.sum(np.convolve(x, [1.0, 0.5], mode) ** 2))(x)
    second = ag.grad(lambda x: np.sum(np.convolve([1.0, 0.5], x, mode) ** 2))(x)
    assert_allclose(first, second)


def test_phases_keep_their_derivative_over_jumps():
    assert_array_equal(
        ag.grad(lambda x: np.sum(np.unwrap(x) * [1, 2, 3]))(np.array([0.0, 6.0, 1.0])), [1, 2, 3]
    )


def test_values_given_for_outside_do_not_count_at_the_ends():
    xp = np.array([0.0, 1.0, 2.0])
    gradient = ag.grad(lambda fp: np.sum(np.interp([0.0, 2.0], xp, fp, left=7.0, right=8.0)))
    assert_array_equal(gradient(xp), [1.0, 0.0, 1.0])
