"""Moving elements: what the rows of `rows/shape.py` cannot say."""

import numpy as np
import pytest

import autograd as ag


def test_new_names_are_the_old_functions():
    """NumPy 2 has more names; a gradient goes through each of them."""
    x = np.arange(6.0).reshape(2, 3)
    weights = np.arange(6.0).reshape(3, 2)
    for turn in (np.permute_dims, np.matrix_transpose, np.transpose):
        gradient = ag.grad(lambda x, turn=turn: np.sum(turn(x) * weights))(x)
        np.testing.assert_array_equal(gradient, weights.T)


def test_at_least_takes_several_arrays_and_numbers():
    """One array comes back alone, several as a tuple; what is no Tensor stays an array."""
    t = ag.Tensor([1.0, 2.0])
    assert np.atleast_1d(t) is t
    tensor, number, pair = np.atleast_2d(t, 3.0, [t[0], t[1]])
    np.testing.assert_array_equal(tensor.data, [[1.0, 2.0]], strict=True)
    np.testing.assert_array_equal(number, [[3.0]], strict=True)
    np.testing.assert_array_equal(pair.data, [[1.0, 2.0]], strict=True)
    np.sum(pair * [[3.0, 5.0]]).backward()
    np.testing.assert_array_equal(t.grad, [3.0, 5.0])


def test_broadcast_arrays_leaves_arrays_as_they_are():
    """Only what depends on a variable is a Tensor."""
    t = ag.Tensor([[1.0], [2.0]])
    wide, plain = np.broadcast_arrays(t, np.arange(3))
    assert wide.shape == plain.shape == (2, 3)
    assert type(plain) is np.ndarray
    np.sum(wide * plain).backward()
    np.testing.assert_array_equal(t.grad, [[3.0], [3.0]])


def test_a_copy_is_written_alone():
    """A write into a copy does not reach what it was copied from."""
    t = ag.Tensor([1.0, 2.0])
    copy = np.copy(t)
    copy[0] = 5.0
    np.testing.assert_array_equal(t.data, [1.0, 2.0])
    np.sum(copy * copy).backward()
    np.testing.assert_array_equal(t.grad, [0.0, 4.0])


@pytest.mark.parametrize("function", [np.flip, np.flipud, np.rot90, np.atleast_3d])
def test_a_view_is_written_through(function):
    """A write into what NumPy gives as a view is seen in the array."""
    t = ag.Tensor([[1.0, 2.0], [3.0, 4.0]])
    expected = t.data.copy()
    function(expected)[0, 0] = 9.0
    view = function(t)
    view[0, 0] = 9.0
    np.testing.assert_array_equal(t.data, expected)


def test_errors_are_numpys():
    """Axes that are not there, shapes that do not fit."""
    t = ag.Tensor(np.ones((2, 3)))
    with pytest.raises(np.exceptions.AxisError, match="out of bounds"):
        np.rollaxis(t, 2)
    with pytest.raises(ValueError, match="broadcast"):
        np.broadcast_arrays(t, np.ones(2))
    with pytest.raises(ValueError, match=">= 2-d"):
        np.fliplr(t[0])


def test_a_turn_is_by_a_quarter_in_the_first_plane():
    x, w = np.arange(6.0).reshape(2, 3), np.arange(6.0).reshape(3, 2)
    gradient = ag.grad(lambda x: np.sum(w * np.rot90(x)))(x)
    np.testing.assert_array_equal(gradient, [[4.0, 2.0, 0.0], [5.0, 3.0, 1.0]])


def test_numbers_are_joined_flat():
    x = np.array([1.0, 2.0])
    gradients = ag.grad(lambda a, x: np.concatenate([a, x], axis=None) @ [1.0, 2.0, 3.0], (0, 1))
    found = gradients(np.array(5.0), x)
    assert found[0] == 1.0
    np.testing.assert_array_equal(found[1], [2.0, 3.0])


def test_rot90_without_a_number_turns_once():
    weights = np.arange(6.0).reshape(3, 2)
    found = ag.grad(lambda x: np.sum(weights * np.rot90(x)))(np.ones((2, 3)))
    np.testing.assert_array_equal(found, [[4.0, 2.0, 0.0], [5.0, 3.0, 1.0]])
