"""What a program writes into arrays that the graph has saved never makes a wrong derivative."""

import numpy as np
import pytest
from numpy.testing import assert_array_equal

import autograd as ag
from autograd.errors import ForeignWriteError
from autograd.foreign import HANDED_OUT, SMALL

LARGE = SMALL + 1


def square_sum(x):
    return np.sum(x * x)


@pytest.mark.parametrize("size", [3, LARGE])
@pytest.mark.parametrize(
    "operation", [lambda x: x * x, np.sin, lambda x: x[::-1] ** 2, lambda x: x.reshape(1, -1) @ x]
)
def test_a_write_into_the_data_of_a_leaf_is_noticed(operation, size):
    x = ag.Tensor(np.ones(size))
    y = np.sum(operation(x))
    x.data[size // 2] = 5.0
    with pytest.raises(ForeignWriteError, match=r"saved an array that was written to.*t\[\.\.\.\]"):
        y.backward()
    with pytest.raises(ForeignWriteError):
        ag.gradients(y, x)


def test_a_write_into_the_data_of_an_intermediate_is_noticed():
    x = ag.Tensor([1.0, 2.0])
    y = np.exp(x)
    z = np.sum(y * y)
    y.data[0] = 0.0
    with pytest.raises(ForeignWriteError, match=r"multiply\(\(2,\), \(2,\)\) -> \(2,\)"):
        z.backward()


def test_a_write_into_a_view_of_the_data_is_noticed():
    x = ag.Tensor([1.0, 2.0, 3.0])
    y = square_sum(x)
    x[1:].data[0] = 7.0
    with pytest.raises(ForeignWriteError):
        y.backward()


def test_forward_mode_notices_as_well():
    kept = {}

    def f(x):
        y = square_sum(x)
        kept["data"] = x.data
        x.data[0] = 9.0
        return y

    with pytest.raises(ForeignWriteError):
        ag.jvp(f, (np.array([1.0, 2.0]),), (np.ones(2),))


def test_looking_at_the_data_is_no_write():
    x = ag.Tensor([1.0, 2.0])
    y = square_sum(x)
    for _ in range(3):
        assert x.data.sum() == 3.0
    y.backward()
    assert_array_equal(x.grad, [2.0, 4.0])


def test_a_leaf_may_be_written_to_between_steps():
    x = ag.Tensor([1.0, 2.0])
    for _ in range(3):
        y = square_sum(x)
        assert x.data[0] > 0
        y.backward()
        x.data[...] -= 0.1 * x.grad
        x.zero_grad()
    np.testing.assert_allclose(x.data, np.array([1.0, 2.0]) * 0.8**3)


def test_what_is_recorded_after_the_write_is_right():
    x = ag.Tensor([1.0, 2.0])
    before = square_sum(x)
    x.data[0] = 3.0
    after = square_sum(x)
    after.backward()
    assert_array_equal(x.grad, [6.0, 4.0])
    with pytest.raises(ForeignWriteError):
        before.backward()


def test_a_step_while_another_loss_is_alive_is_noticed():
    x = ag.Tensor([1.0, 2.0])
    first, second = square_sum(x), square_sum(x)
    first.backward()
    x.data[...] -= 0.1 * x.grad
    with pytest.raises(ForeignWriteError):
        second.backward()


def test_training_leaves_nothing_behind():
    x = ag.Tensor(np.ones(3))
    held = x.data  # the program, too, may hold the array all the time
    before = len(HANDED_OUT)
    for _ in range(5):
        y = square_sum(x)
        y.backward()
        x.data[...] -= 0.1 * x.grad
        x.zero_grad()
    assert held is x.data
    assert len(HANDED_OUT) <= before + 1


def test_what_was_handed_out_is_forgotten_with_the_array():
    before = len(HANDED_OUT)
    x = ag.Tensor([1.0, 2.0])
    y = square_sum(x)
    x.data.sum()
    assert len(HANDED_OUT) == before + 1
    del x, y
    assert len(HANDED_OUT) == before


@pytest.mark.parametrize(
    ("operation", "expected"),
    [
        (lambda x, c: x * c, 2.0),
        (lambda x, c: c * x, 2.0),
        (lambda x, c: x / c, 0.5),
        (lambda x, c: np.where(c > 1, x * 3, x), 3.0),
        (lambda x, c: x @ np.diag(c), 2.0),
        (lambda x, c: np.dot(c * 1, x) * np.ones(3), 6.0),
    ],
)
def test_a_buffer_may_be_filled_again_after_its_use(operation, expected):
    x, buffer = ag.Tensor(np.ones(3)), np.full(3, 2.0)
    y = np.sum(operation(x, buffer))
    buffer[:] = -100.0
    y.backward()
    assert_array_equal(x.grad, expected)


@pytest.mark.parametrize(
    "operation", [lambda x, c: x * c, lambda x, c: c / x * c, lambda x, c: c.reshape(1, -1) @ x]
)
def test_a_large_buffer_that_was_filled_again_is_noticed(operation):
    x, buffer = ag.Tensor(np.ones(LARGE)), np.full(LARGE, 2.0)
    y = np.sum(operation(x, buffer))
    buffer[:] = -100.0
    with pytest.raises(ForeignWriteError, match="saved an array that was written to"):
        y.backward()


def test_a_large_constant_costs_no_copy():
    x, constant = ag.Tensor(np.ones(LARGE)), np.full(LARGE, 2.0)
    y = x * constant
    assert any(kept is constant for kept in y._node.kept)
    np.sum(y).backward()
    assert_array_equal(x.grad, constant)
