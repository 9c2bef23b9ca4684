"""vmap: forms of axes and containers, nesting with every other transform, writes, and messages."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

import autograd as ag
from autograd import errors, grad, hessian, jacobian, jvp, vmap

rng = np.random.default_rng(0)
X, W, t = rng.normal(size=(5, 3)), rng.normal(size=(3, 4)), rng.normal(size=5)


def energy(x):
    return np.sum(np.tanh(x @ W) ** 2)


def loss(w, x, target):
    return (np.sum(np.tanh(x @ w)) - target) ** 2


def test_the_function_runs_once_and_sees_one_example():
    shapes = []

    def noted(x):
        shapes.append((x.shape, x.ndim, x.size, len(x)))
        return x[0] * 2.0

    assert_array_equal(vmap(noted)(X), 2.0 * X[:, 0])
    assert shapes == [((3,), 1, 3, 3)]


@pytest.mark.parametrize("axis", [0, 1, -1, -2])
def test_axes_may_be_anywhere(axis):
    stacked = np.moveaxis(X, 0, axis)
    assert_allclose(vmap(energy, in_axes=axis)(stacked), [energy(x) for x in X])
    found = vmap(lambda x: np.stack([x, 2 * x]), out_axes=axis)(X)
    assert_array_equal(np.moveaxis(found, axis, 0), np.stack([X, 2 * X], 1))


def test_arguments_may_be_shared_or_containers():
    params = {"w": W, "b": rng.normal(size=(5, 4))}
    f = lambda p, x, scale: {"y": np.tanh(x @ p["w"] + p["b"]) * scale, "n": "name"}
    found = vmap(f, in_axes=({"w": None, "b": 0}, 0, None))(params, X, 2.0)
    assert_allclose(found["y"], np.tanh(X @ W + params["b"]) * 2)
    assert found["n"] == "name"
    assert_allclose(vmap(lambda x, *, y: x * y)(X, y=t), X * t[:, None])


def test_what_is_the_same_for_all_is_repeated():
    assert_array_equal(vmap(lambda x: (np.ones(2), 3.0, x.shape[0]))(X)[0], np.ones((5, 2)))
    assert_array_equal(vmap(lambda x: 3.0)(X), np.full(5, 3.0))


def test_gradients_of_examples():
    found = vmap(grad(loss), in_axes=(None, 0, 0))(W, X, t)
    assert_allclose(found, [grad(loss)(W, *pair) for pair in zip(X, t, strict=True)])


def test_what_examples_share_gets_a_gradient_each_inside_and_their_sum_outside():
    assert_allclose(vmap(lambda x: grad(lambda w: np.sum(w * x))(2.0))(X), X.sum(1))
    assert_allclose(grad(lambda w: np.sum(vmap(lambda x: w * x)(X)))(2.0), X.sum())
    # Twice, with one that is shared by the inner and one by the outer examples.
    both = lambda a, b: np.sum(vmap(lambda x: vmap(lambda y: a * b * x * y)(t))(X[:, 0]))
    assert_allclose(grad(both)(2.0, 3.0), 3.0 * X[:, 0].sum() * t.sum())


@pytest.mark.parametrize("transform", [grad, hessian, jacobian, lambda f: jvp_along(f, 1.5)])
def test_the_order_of_transforms_does_not_matter(transform):
    one = transform(energy)
    assert_allclose(vmap(one)(X), [one(x) for x in X])
    whole = lambda x: np.sum(vmap(energy)(x) * t)
    by_hand = lambda x: np.sum(np.sum(np.tanh(x @ W) ** 2, axis=1) * t)
    assert_allclose(transform(whole)(X), transform(by_hand)(X), rtol=1e-10, atol=1e-12)


def jvp_along(f, size):
    return lambda x: jvp(f, (x,), (np.full(x.shape, size),))[1]


def test_a_gradient_of_gradients_of_examples():
    f = lambda w: np.sum(vmap(grad(loss), (None, 0, 0))(w, X, t) ** 2)
    g = lambda w: sum(np.sum(grad(loss)(w, x, y) ** 2) for x, y in zip(X, t, strict=True))
    assert_allclose(grad(f)(W), grad(g)(W), rtol=1e-10)


def test_batches_of_batches():
    assert_array_equal(
        vmap(vmap(lambda x, y: x * y, (0, None)), (None, 0))(X[0], t), np.outer(t, X[0])
    )
    f = vmap(vmap(lambda x, y: np.sum(x @ W) * y, (None, 0)), (0, None))
    assert_allclose(f(X, t), np.outer(np.sum(X @ W, 1), t))


def test_comparisons_choose_for_each_example():
    f = lambda x: np.where(x > 0, np.sqrt(np.abs(x)), 0.0)
    assert_allclose(vmap(f)(t), np.where(t > 0, np.sqrt(np.abs(t)), 0.0))
    assert_allclose(vmap(lambda x: x[np.argmax(x)])(X), X.max(1))
    assert_allclose(vmap(grad(lambda x: x[np.argmax(x)]))(X), np.eye(3)[X.argmax(1)])


def test_writes():
    def smoothed(x):
        y = x * 1.0
        for i in range(1, len(x)):
            y[i] = 0.5 * y[i - 1] + 0.5 * x[i]
        return np.sum(y**2)

    assert_allclose(vmap(smoothed)(X), [smoothed(ag.Tensor(x)).item() for x in X])
    assert_allclose(vmap(grad(smoothed))(X), [grad(smoothed)(x) for x in X])

    def into_shared(x):
        y = ag.Tensor(np.zeros(3))
        y[1] = x[0]
        y[0] += x[1]
        return y

    assert_array_equal(vmap(into_shared)(X)[:, :2], X[:, [1, 0]])


@pytest.mark.parametrize(
    "function",
    [
        lambda x: np.linalg.inv(np.outer(x, x) + np.eye(3)),
        lambda x: np.einsum("i,j,ij->j", x, x, np.outer(x, x)),
        lambda x: np.interp(x, np.arange(3.0), x),
        lambda x: np.fft.rfft(x).real,
        lambda x: np.sort(x)[::-1] * np.cumsum(x),
        lambda x: np.pad(x, 1)[:, None] @ np.concatenate([x, x])[None, :],
        lambda x: np.linalg.norm(x) + np.std(x) + np.median(x) + np.ptp(x),
        lambda x: np.tensordot(np.outer(x, x), W, 1),
        lambda x: np.split(np.tile(x, 2), 2)[1] @ W,
        lambda x: np.kron(x, x),
    ],
    ids=range(10),
)
def test_many_of_numpys_functions(function):
    assert_allclose(vmap(function)(X), [function(x) for x in X], rtol=1e-12)
    found = vmap(jacobian(function))(X)
    assert_allclose(found, [jacobian(function)(x) for x in X], rtol=1e-9, atol=1e-12)


def test_float32_and_complex_stay():
    assert vmap(energy)(X.astype(np.float32)).dtype == np.float64  # W is float64
    assert vmap(lambda x: np.sum(x * 2))(X.astype(np.float32)).dtype == np.float32
    z = X + 1j
    assert_allclose(vmap(grad(lambda z: np.sum(np.abs(z) ** 2)))(z), 2 * np.conj(z))


def test_no_batch_outlives_its_transform():
    x = ag.Tensor(X)
    y = vmap(energy)(x)
    assert isinstance(y, ag.Tensor)
    assert type(y.data) is np.ndarray
    np.sum(y).backward()
    assert_allclose(x.grad, vmap(grad(energy))(X))
    assert type(vmap(energy)(X)) is np.ndarray


def of_truth(x):
    return x if x[0] > 0 else -x


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (
            lambda: vmap(of_truth)(X),
            errors.BatchError,
            r"write np\.where\(condition, a, b\) for if",
        ),
        (
            lambda: vmap(lambda x: x[x > 0])(X),
            errors.BatchError,
            "different shapes for the examples",
        ),
        (lambda: vmap(lambda x: float(x[0]))(X), errors.DetachError, "would lose its gradient"),
        (lambda: vmap(lambda x: x[0].item())(X), errors.BatchError, "one number of a value that"),
        (lambda: vmap(lambda x: np.nonzero(x))(X * [1, 0, 1] * t[:, None]), None, None),
        (lambda: vmap(energy)(1.0), errors.ShapeError, "axis 0 of an argument of shape"),
        (lambda: vmap(energy)(np.zeros((0, 3))), errors.ShapeError, "got no examples"),
        (
            lambda: vmap(loss)(W, X, t),
            errors.ShapeError,
            r"same number .* 3 along axis 0 of \(3, 4\)",
        ),
        (lambda: vmap(loss, in_axes=(0, 0))(W, X, t), errors.ShapeError, "in_axes for 2 arguments"),
        (lambda: vmap(energy, in_axes=None)(X), errors.ShapeError, "all in_axes are None"),
        (
            lambda: vmap(sum, in_axes=([0],))([X, X]),
            errors.ShapeError,
            "have the form of what they",
        ),
        (lambda: vmap(energy_that_fails)(X), ValueError, "my own"),
    ],
)
def test_messages(call, error, message):
    if error is None:
        call()
        return
    with pytest.raises(error, match=message):
        call()


def energy_that_fails(x):
    raise ValueError("my own")


def test_a_failure_ends_the_batch():
    with pytest.raises(ValueError, match="my own"):
        vmap(energy_that_fails)(X)
    assert_allclose(grad(lambda w: np.sum(vmap(lambda x: w * x)(X)))(2.0), X.sum())
