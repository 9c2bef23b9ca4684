"""Checkpoints: the derivatives of the function itself, for less memory and a second run."""

import tracemalloc
from dataclasses import dataclass

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

import autograd as ag
from autograd.errors import RerunError
from autograd.testing import check_grads
from autograd.viz import graph

X = np.array([0.3, -0.2, 0.7])
W = np.array([[0.5, -1.0, 0.25], [0.1, 0.7, -0.3], [-0.6, 0.2, 0.9]])


@dataclass
class Layer:
    w: object
    b: object


def layer(x):
    return np.tanh(W @ np.sin(x)) * x


def test_both_modes_and_both_orders_agree_with_differences():
    report = check_grads(ag.checkpoint(layer), X)
    assert report.derivatives > 80


@pytest.mark.parametrize(
    "derivative", [ag.grad, ag.hessian, lambda f: lambda x: ag.hvp(f, x, np.ones(3))]
)
def test_derivatives_are_those_of_the_function(derivative):
    plain = lambda x: np.sum(layer(layer(x)))
    kept = ag.checkpoint(layer)
    found = derivative(lambda x: np.sum(kept(kept(x))))(X)
    assert_allclose(found, derivative(plain)(X), rtol=1e-13, atol=1e-15)


def test_third_order():
    """The third derivative of sin² is -4 sin 2x."""
    f = ag.checkpoint(lambda x: np.sin(x) ** 2)
    assert_allclose(ag.grad(ag.grad(ag.grad(f)))(0.4), -4 * np.sin(0.8), rtol=1e-13)


def test_tensors_that_it_closes_over_get_their_gradients():
    """d(w² x)/dw = 2wx, though w is no argument."""
    w, x = ag.Tensor(3.0), ag.Tensor(5.0)
    y = ag.checkpoint(lambda x: w * w * x)(x)
    y.backward()
    assert (w.grad, x.grad) == (30.0, 9.0)


def test_a_tensor_that_is_argument_and_closed_over_counts_twice():
    """w·w as (argument)·(closed over): 2w by reverse mode, 2 by the second derivative."""
    f = lambda w: ag.checkpoint(lambda x: x * w)(w)
    assert ag.grad(f)(3.0) == 6.0
    assert ag.grad(ag.grad(f))(3.0) == 2.0
    assert ag.jvp(f, (3.0,), (1.0,)) == (9.0, 6.0)
    assert ag.hvp(f, 3.0, 1.0) == 2.0


def test_only_what_it_closes_over_varies():
    f = lambda w: ag.checkpoint(lambda x: np.sum(np.sin(w) * x * w))(X)
    expected = np.cos(X) * X * X + np.sin(X) * X
    assert_allclose(ag.grad(f)(X), expected, rtol=1e-14)
    assert_allclose(ag.grad(lambda w: np.sum(ag.grad(f)(w)))(X), ag.hvp(f, X, np.ones(3)))


def test_a_closed_over_tensor_may_come_out_as_it_is():
    f = lambda w: sum(ag.checkpoint(lambda x: (w, x * w, x))(2.0 * w))
    assert ag.grad(f)(3.0) == 1 + 4 * 3.0 + 2
    assert ag.jvp(f, (3.0,), (1.0,))[1] == 1 + 4 * 3.0 + 2


def test_containers_keywords_and_several_results():
    def network(layer, x, *, scale):
        y = scale * (layer["first"].w @ x + layer["first"].b)
        return {"y": y, "norm": (np.sum(y * y), 7), "name": "hidden"}

    def loss(network):
        def f(p, x):
            found = network(p, x, scale=2.0)
            assert found["norm"][1] == 7
            assert found["name"] == "hidden"
            return np.sum(np.sin(found["y"])) * found["norm"][0]

        return f

    p = {"first": Layer(W, X)}
    found = ag.grad(loss(ag.checkpoint(network)), (0, 1))(p, X)
    expected = ag.grad(loss(network), (0, 1))(p, X)
    assert_allclose(found[0]["first"].w, expected[0]["first"].w, rtol=1e-14)
    assert_allclose(found[0]["first"].b, expected[0]["first"].b, rtol=1e-14)
    assert_allclose(found[1], expected[1], rtol=1e-14)


def test_unused_outputs_and_dtypes():
    f = ag.checkpoint(lambda x: (x * x, np.exp(x)))
    x = np.float32([1.0, 2.0])
    slope = ag.grad(lambda x: np.sum(f(x)[0]))(x)
    assert_array_equal(slope, np.float32([2.0, 4.0]), strict=True)


def test_plain_arguments_and_no_grad_run_the_function():
    calls = []

    def f(x):
        calls.append(type(x))
        return x * 2.0

    kept = ag.checkpoint(f)
    assert kept(3.0) == 6.0
    with ag.no_grad():
        y = kept(ag.Tensor(3.0))
    assert not y.requires_grad
    assert calls == [float, ag.Tensor]
    assert kept.__name__ == "f"


def test_it_runs_twice_and_is_one_operation():
    runs = []

    @ag.checkpoint
    def f(x):
        runs.append(1)
        return np.sin(np.cos(x)) + 1.0

    y = f(ag.Tensor(X))
    assert y.op == "checkpoint"
    assert [parent.op for parent in y.parents] == [None]
    assert len(runs) == 1
    np.sum(y).backward()
    assert len(runs) == 2
    assert "checkpoint" in graph(y).dot()


def test_a_constant_result_stays_one():
    assert ag.checkpoint(lambda x: 5.0)(ag.Tensor(1.0)) == 5.0
    assert not ag.checkpoint(lambda x: ag.stop_gradient(x))(ag.Tensor(1.0)).requires_grad


def test_the_peak_is_lower():
    """Of a chain of n layers, each of ten arrays, n arrays are kept, not 10 n."""
    size, n = 100_000, 20
    x0 = np.linspace(0.0, 1.0, size)

    def layer(x):
        for _ in range(10):
            x = np.sin(x)
        return x

    def peak(layer):
        def loss(x):
            for _ in range(n):
                x = layer(x)
            return np.sum(x)

        tracemalloc.start()
        try:
            slope = ag.grad(loss)(x0)
            return tracemalloc.get_traced_memory()[1], slope
        finally:
            tracemalloc.stop()

    much, expected = peak(layer)
    little, slope = peak(ag.checkpoint(layer))
    assert_array_equal(slope, expected)
    assert much > 10 * n * x0.nbytes
    assert little < (n + 10 + 8) * x0.nbytes


def test_random_numbers_from_an_argument_are_the_same_in_each_run():
    def noisy(x, rng):
        return x * rng.normal(size=3)

    rng = np.random.default_rng(5)
    expected = np.random.default_rng(5).normal(size=6)
    slope = ag.grad(lambda x: np.sum(ag.checkpoint(noisy)(x, rng)))(X)
    assert_array_equal(slope, expected[:3])
    assert_array_equal(rng.normal(size=3), expected[3:])  # it went on by one run, not two


def test_random_numbers_from_elsewhere_are_noticed():
    rng = np.random.default_rng(0)
    noisy = ag.checkpoint(lambda x: x * rng.normal(size=3))
    with pytest.raises(RerunError, match=r"ran <lambda> again and got other values"):
        ag.grad(lambda x: np.sum(noisy(x)))(X)


def test_a_closed_over_tensor_that_was_written_to_is_noticed():
    w = ag.Tensor([1.0, 2.0, 3.0])
    y = np.sum(ag.checkpoint(lambda x: x * w)(ag.Tensor(X)))
    w[0] = 1.0 * ag.Tensor(1.0)  # the same value, another history
    with pytest.raises(RerunError, match="used other Tensors than the first time"):
        y.backward()


def test_it_decorates_methods():
    class Net:
        def __init__(self):
            self.w = ag.Tensor(2.0)

        @ag.checkpoint
        def __call__(self, x):
            return np.sin(self.w * x)

    net = Net()
    net(ag.Tensor(0.5)).backward()
    assert_allclose(net.w.grad, 0.5 * np.cos(1.0))


def test_not_a_number_is_the_same_as_itself():
    f = ag.checkpoint(lambda x: np.where(x > 0, x, np.nan))
    with np.errstate(invalid="ignore"):
        assert_array_equal(ag.grad(lambda x: np.nansum(f(x)))(X), [1.0, 0.0, 1.0])
