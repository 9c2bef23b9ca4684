"""Long chains, diamonds, values used twice: no recursion, and each node is visited once."""

import gc
import sys

import numpy as np
import pytest
from numpy.testing import assert_array_equal

import autograd as ag
from autograd.extend import linear

LONG = 200_000  # far past any recursion limit; benchmarks/depth.py takes 1,000,000


def power(x, exponent):
    """Return x to a positive whole power as a chain of multiplications by x."""
    y = x
    for _ in range(exponent - 1):
        y = y * x
    return y


def doubled(x, times):
    """Return x 2^times, each sum a diamond: 2^times paths lead from the end to x."""
    for _ in range(times):
        x = x + x
    return x


# Chains.


def test_a_long_chain_differentiates_and_is_freed_without_recursion():
    gc.collect()
    gc.disable()
    try:
        before = sys.getallocatedblocks()
        x = ag.Tensor(1.0)
        y = power(x, LONG)
        assert sys.getallocatedblocks() - before > 2 * LONG
        y.backward()
        assert x.grad == LONG
        del x, y
        assert sys.getallocatedblocks() - before < LONG / 20
    finally:
        gc.enable()


def test_a_long_chain_that_nobody_differentiates_is_freed_too():
    y = power(ag.Tensor(1.0), LONG)
    before = sys.getallocatedblocks()
    del y
    assert before - sys.getallocatedblocks() > 2 * LONG


def test_a_long_chain_goes_forward():
    value, tangent = ag.jvp(lambda x: power(x, LONG), (1.0,), (3.0,))
    assert (value, tangent) == (1.0, 3.0 * LONG)


def test_a_long_chain_differentiates_twice():
    n = LONG // 10
    x = ag.Tensor(1.0)
    (slope,) = ag.gradients(power(x, n), [x], create_graph=True)
    assert slope.item() == n
    (curvature,) = ag.gradients(slope, [x])
    assert curvature == n * (n - 1)


def test_a_long_chain_of_arrays_has_a_hessian_vector_product():
    n = LONG // 20
    product = ag.hvp(lambda x: np.sum(power(x, n)), np.ones(2), np.array([1.0, -2.0]))
    assert_array_equal(product, n * (n - 1) * np.array([1.0, -2.0]))


def test_a_long_chain_can_be_read_and_walked_again():
    x = ag.Tensor(1.0)
    y = power(x, LONG // 10)
    y.backward(retain_graph=True)
    y.backward()
    assert x.grad == 2 * (LONG // 10)


def test_many_leaves_in_one_operation():
    leaves = [ag.Tensor(float(i)) for i in range(5_000)]
    y = np.sum(np.stack(leaves) ** 2)
    y.backward()
    assert [leaf.grad.item() for leaf in leaves] == [2.0 * i for i in range(5_000)]


# Diamonds.


def test_forty_doublings_take_forty_steps():
    calls = []

    def twice(x):
        return x + x

    def twice_vjp(g):
        calls.append(g)
        return 2 * g

    twice = linear(twice, twice_vjp)
    x = ag.Tensor(1.0)
    y = x
    for _ in range(40):
        y = twice(y) + 0.0 * y
    y.backward()
    assert x.grad == 2.0**40
    assert len(calls) == 40


def test_forty_diamonds_in_every_mode():
    assert ag.grad(lambda x: doubled(x, 40))(1.0) == 2.0**40
    assert ag.jvp(lambda x: doubled(x, 40), (1.0,), (1.0,)) == (2.0**40, 2.0**40)
    assert ag.hvp(lambda x: doubled(x * x, 40), 1.0, 1.0) == 2.0**41


def test_diamonds_of_products_to_third_order():
    def thirty_second_power(x):
        for _ in range(5):
            x = x * x
        return x

    derivative = thirty_second_power
    expected = 1.0
    for order in range(3):
        derivative = ag.grad(derivative)
        expected *= 32 - order
        assert derivative(1.0) == expected


def test_a_diamond_waits_for_both_branches():
    """The node in the middle waits for all of its cotangent, whichever branch is longer."""
    for lengths in [(0, 5), (5, 0), (3, 3)]:
        x = ag.Tensor(2.0)
        middle = x * x
        seen = []
        middle.register_hook(seen.append)
        left, right = (doubled(middle, n) for n in lengths)
        (left + right).backward()
        total = 2.0 ** lengths[0] + 2.0 ** lengths[1]
        assert seen == [total]
        assert x.grad == 4.0 * total


# One value, several times an argument of one operation.

A = np.array([[2.0, -1.0], [0.5, 3.0]])
ONES = np.ones((2, 2))

REUSED = {
    "a + a": (lambda a: np.sum(a + a), 2 * ONES),
    "a - a": (lambda a: np.sum(a - a), 0 * ONES),
    "a * a": (lambda a: np.sum(a * a), 2 * A),
    "a / a": (lambda a: np.sum(a / a), 0 * ONES),
    "a @ a": (lambda a: np.sum(a @ a), ONES @ A.T + A.T @ ONES),
    "stack": (lambda a: np.sum(np.stack([a, a, a])), 3 * ONES),
    "concatenate": (lambda a: np.sum(np.concatenate([a, a], axis=1) ** 2), 4 * A),
    "where": (lambda a: np.sum(np.where(A > 0, a, a)), ONES),
    "a and its row": (lambda a: np.sum(a * a[0]), A[0] + [[2.5, 2.0], [0.0, 0.0]]),
}


@pytest.mark.parametrize("name", REUSED)
def test_an_argument_may_stand_twice(name):
    function, expected = REUSED[name]
    np.testing.assert_allclose(ag.grad(function)(A), expected, rtol=1e-15, atol=1e-15)
    a = ag.Tensor(A)
    function(a).backward()
    np.testing.assert_allclose(a.grad, expected, rtol=1e-15, atol=1e-15)
    direction = np.array([[1.0, 2.0], [3.0, 4.0]])
    tangent = ag.jvp(function, (A,), (direction,))[1]
    np.testing.assert_allclose(tangent, np.sum(expected * direction), rtol=1e-14, atol=1e-14)


def test_an_argument_that_stands_twice_is_two_parents():
    a = ag.Tensor(3.0)
    y = a * a
    assert len(y.parents) == 2
    assert y.parents[0] is y.parents[1]
    assert [vjp(np.float64(1.0)) for vjp in y.vjps] == [3.0, 3.0]
