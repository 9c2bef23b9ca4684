"""Regularizers and constraints: values, slopes, steps with an optimizer, and what they refuse."""

import numpy as np
import pytest

import autograd as ag
import nn
from autograd.testing import check_grads

FIRST, SECOND = np.array([[1.0, -2.0], [0.5, 3.0]]), np.array([-0.5, 4.0])


def test_penalties_are_their_definitions():
    params = [ag.Tensor(FIRST), ag.Tensor(SECOND)]
    every = np.concatenate([FIRST.ravel(), SECOND])
    l1, l2 = np.sum(abs(every)), every @ every
    assert nn.regularizers.l1(params, 0.5).item() == 0.5 * l1
    assert nn.regularizers.l2(params, 0.5).item() == 0.5 * l2
    assert nn.regularizers.elastic(params, 0.5, 0.25).item() == 0.5 * l1 + 0.25 * l2


def test_penalties_differentiate():
    def penalty(x, y):
        return nn.regularizers.elastic(iter([x, y]), 0.3, 0.2)

    check_grads(penalty, FIRST, SECOND)
    assert ag.grad(lambda x: nn.regularizers.l1([x], 1.0))(0.0) == 0


def test_penalties_keep_float32():
    x = ag.Tensor(FIRST.astype(np.float32))
    penalty = nn.regularizers.elastic([x], 0.1, 0.1)
    penalty.backward()
    assert (penalty.dtype, x.grad.dtype) == (np.float32, np.float32)


def test_l2_is_weight_decay_of_twice_the_strength():
    results = []
    for decay, strength in ((0.0, 0.1), (0.2, 0.0)):
        x = ag.Tensor(SECOND)
        optimizer = nn.SGD([x], lr=0.5, weight_decay=decay)
        (np.sum(x**3) + nn.regularizers.l2([x], strength)).backward()
        optimizer.step()
        results.append(x.data)
    np.testing.assert_allclose(*results, rtol=1e-14)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: nn.regularizers.l1(ag.Tensor(1.0), 1), TypeError, r"one Tensor; write \[param"),
        (lambda: nn.regularizers.l2([], 1), ValueError, r"got none; pass model.parameters\(\)"),
        (lambda: nn.regularizers.l2([ag.Tensor(1.0)], -1), ValueError, "not be negative, got -1"),
        (lambda: nn.constraints.non_negative(ag.Tensor(1.0)), TypeError, r"write \[parameter\]"),
        (lambda: nn.constraints.max_norm([ag.Tensor([1.0])], 0), ValueError, "positive, got 0"),
    ],
)
def test_what_is_refused(call, error, message):
    with pytest.raises(error, match=message):
        call()


# Constraints.


def columns(weight, axis=0):
    return np.sqrt(np.sum(weight.data**2, axis))


def test_max_norm_shortens_what_is_too_long():
    weight = ag.Tensor(FIRST)
    nn.constraints.max_norm([weight], 2.0)
    np.testing.assert_allclose(columns(weight), [np.sqrt(1.25), 2])
    np.testing.assert_array_equal(weight.data[:, 0], FIRST[:, 0])
    np.testing.assert_allclose(weight.data[:, 1], FIRST[:, 1] * 2 / np.sqrt(13))
    kernel = ag.Tensor(np.ones((3, 3, 2, 4)))
    nn.constraints.max_norm([kernel], 1.0, (0, 1, 2))
    np.testing.assert_allclose(columns(kernel, (0, 1, 2)), np.ones(4))


def test_unit_norm_and_zeros():
    weight = ag.Tensor(np.array([[3.0, 0.0, 1e-200, 1e200], [4.0, 0.0, 0.0, 1e200]]))
    nn.constraints.unit_norm([weight])
    np.testing.assert_allclose(weight.data.T, [[0.6, 0.8], [0, 0], [1, 0], [0.5**0.5] * 2])


def test_non_negative():
    weight = ag.Tensor(FIRST)
    nn.constraints.non_negative([weight])
    np.testing.assert_array_equal(weight.data, [[1, 0], [0.5, 3]])


@pytest.mark.parametrize(
    "constrain",
    [
        lambda params: nn.constraints.max_norm(params, 0.5),
        nn.constraints.unit_norm,
        nn.constraints.non_negative,
    ],
)
def test_constraints_leave_parameters_parameters(constrain):
    array = FIRST.astype(np.float32)
    before = array.copy()
    weight = ag.Tensor(array)
    optimizer = nn.Adam([weight], lr=0.1)
    for _ in range(3):
        optimizer.zero_grad()
        np.sum(weight * weight).backward()
        optimizer.step()
        constrain([weight])
    assert weight.requires_grad
    assert weight.op is None
    assert weight.dtype == np.float32
    np.testing.assert_array_equal(array, before)  # the caller's array is the caller's
    held = weight.data.copy()
    constrain([weight])
    np.testing.assert_allclose(weight.data, held, rtol=1e-6)  # a projection


def test_constrained_descent_finds_the_constrained_minimum():
    x = ag.Tensor(np.array([0.5, 0.5]))
    optimizer = nn.SGD([x], lr=0.1)
    for _ in range(200):
        optimizer.zero_grad()
        nn.mse(x, np.array([3.0, -4.0]), reduction="sum").backward()
        optimizer.step()
        nn.constraints.max_norm([x], 1.0)
    np.testing.assert_allclose(x.data, [0.6, -0.8], atol=1e-8)
