"""XW + b as one operation."""

import numpy as np
import pytest

import autograd as ag
from autograd.testing import check_grads
from nn.functional.affine import affine


@pytest.mark.parametrize("shape", [(3,), (4, 3), (2, 4, 3), (0, 3), (2, 0, 3)])
def test_values_and_derivatives(shape):
    rng = np.random.default_rng(0)
    x, weight, bias = rng.normal(size=shape), rng.normal(size=(3, 2)), rng.normal(size=2)
    np.testing.assert_allclose(
        affine(x, weight, bias), np.einsum("...d,dp->...p", x, weight) + bias
    )
    check_grads(affine, x, weight, bias)


def test_dtypes_are_numpys():
    x, weight = np.ones((2, 3), np.float32), np.ones((3, 2), np.float32)
    assert affine(x, weight, np.ones(2, np.float32)).dtype == np.float32
    assert affine(x, weight, np.ones(2)).dtype == np.float64
    assert affine(np.ones((2, 3), int), weight, np.ones(2, np.float32)).dtype == np.float64
    complex_bias = affine(x, weight, np.array([1j, 2.0]))
    np.testing.assert_array_equal(complex_bias, [[3 + 1j, 5], [3 + 1j, 5]])


def test_examples_each_with_weights_of_its_own():
    rng = np.random.default_rng(0)
    x, weights, biases = (rng.normal(size=s) for s in ((4, 2, 3), (4, 3, 2), (4, 2)))
    found = ag.vmap(affine)(x, weights, biases)
    np.testing.assert_allclose(found, x @ weights + biases[:, None])


def test_gradients_of_each_example():
    rng = np.random.default_rng(0)
    x, weight, bias = (rng.normal(size=s) for s in ((4, 3), (3, 2), (2,)))
    loss = lambda weight, x: np.sum(affine(x, weight, bias) ** 2)
    found = ag.vmap(ag.grad(loss), (None, 0))(weight, x)
    expected = 2 * x[:, :, None] * (x @ weight + bias)[:, None]
    np.testing.assert_allclose(found, expected)
