"""Normalization: the formulas, what is remembered, and what is refused."""

import numpy as np
import pytest

import autograd as ag
import nn
from autograd.errors import ShapeError
from autograd.testing import check_grads
from nn.functional.normalization import standardize

RNG = np.random.default_rng(0)
X = RNG.normal(2, 3, size=(3, 4, 5))
W, B = RNG.normal(size=4), RNG.normal(size=4)


def formula(x, axes, eps):
    mean = x.mean(axes, keepdims=True)
    return (x - mean) / np.sqrt(((x - mean) ** 2).mean(axes, keepdims=True) + eps)


def test_layer_norm_is_the_formula():
    weight, bias = RNG.normal(size=(4, 5)), RNG.normal(size=(4, 5))
    expected = formula(X, (1, 2), 0.1) * weight + bias
    np.testing.assert_allclose(nn.layer_norm(X, (4, 5), weight, bias, 0.1), expected)
    np.testing.assert_allclose(nn.layer_norm(X, 5), formula(X, 2, 1e-5))


def test_rms_norm_is_the_formula():
    weight = RNG.normal(size=5)
    expected = X / np.sqrt(np.mean(X**2, -1, keepdims=True) + 0.1) * weight
    np.testing.assert_allclose(nn.rms_norm(X, 5, weight, 0.1), expected)
    np.testing.assert_array_equal(nn.rms_norm(np.zeros((2, 3)), 3), np.zeros((2, 3)))


def test_group_norm_is_the_formula():
    apart = formula(X.reshape(3, 2, 10), 2, 0.1).reshape(X.shape)
    expected = apart * W[:, None] + B[:, None]
    np.testing.assert_allclose(nn.group_norm(X, 2, W, B, 0.1), expected)


def test_batch_norm_is_the_formula():
    expected = formula(X, (0, 2), 0.1) * W[:, None] + B[:, None]
    np.testing.assert_allclose(nn.batch_norm(X, None, None, W, B, 0.1), expected)
    mean, var = RNG.normal(size=4), RNG.uniform(1, 2, size=4)
    expected = (X - mean[:, None]) / np.sqrt(var[:, None] + 0.1)
    np.testing.assert_allclose(nn.batch_norm(X, mean, var, eps=0.1), expected)
    expected = expected * W[:, None] + B[:, None]
    np.testing.assert_allclose(nn.batch_norm(X, mean, var, W, B, 0.1), expected)


@pytest.mark.parametrize(
    "norm",
    [
        lambda x, w, b: nn.batch_norm(x, None, None, w, b),
        lambda x, w, b: nn.batch_norm(x, b, w**2, w, b),
        lambda x, w, b: nn.group_norm(x, 2, w, b),
        lambda x, w, b: nn.layer_norm(x.mT, 4, w, b),
        lambda x, w, b: nn.rms_norm(x.mT, 4, w) + b,
        lambda x, w, b: nn.layer_norm(x, (4, 5)) * w[:, None] + b[:, None],
    ],
    ids=["batch", "remembered", "group", "layer", "rms", "axes"],
)
def test_gradients(norm):
    check_grads(norm, X, W, B, order=2)


@pytest.mark.parametrize("centered", [True, False])
@pytest.mark.parametrize("output", [0, 1, 2])
def test_each_output_of_standardize_has_its_derivatives(output, centered):
    check_grads(lambda x: standardize(x, (0, 2), 0.1, centered)[output], X, order=2)


def test_rows_far_from_zero_keep_their_digits():
    x = 1e6 + np.array([[0.0, 1.0, 2.0, 3.0]])
    np.testing.assert_allclose(nn.layer_norm(x, 4), formula(x - 1e6, 1, 1e-5), rtol=1e-9)


def test_equal_values_have_a_finite_gradient():
    gradient = ag.grad(lambda x: np.sum(nn.layer_norm(x, 3) ** 2))(np.ones((2, 3)))
    np.testing.assert_array_equal(gradient, np.zeros((2, 3)))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_dtypes_stay(dtype):
    x = ag.Tensor(X.astype(dtype))
    layers = [
        nn.LayerNorm(5, dtype=dtype),
        nn.RMSNorm(5, dtype=dtype),
        nn.GroupNorm(2, 4, dtype=dtype),
        nn.BatchNorm1d(4, dtype=dtype),
        nn.BatchNorm1d(4, dtype=dtype).eval(),
    ]
    for layer in layers:
        x.zero_grad()
        y = layer(x)
        np.sum(y * y).backward()
        found = {y.dtype, x.grad.dtype, *(p.grad.dtype for p in layer.parameters())}
        assert found == {np.dtype(dtype)}
    assert {b.dtype for b in layers[3].buffers()} == {np.dtype(dtype), np.dtype(int)}


# What BatchNorm remembers.


def test_batch_norm_remembers_and_uses_it():
    layer = nn.BatchNorm1d(4, momentum=0.1)
    layer(X)
    mean, var = X.mean((0, 2)), X.var((0, 2), ddof=1)
    np.testing.assert_allclose(layer.running_mean, 0.1 * mean)
    np.testing.assert_allclose(layer.running_var, 0.9 + 0.1 * var)
    assert layer.num_batches_tracked == 1
    before = layer.state_dict()
    y = layer.eval()(X[:1])  # one row, which does not depend on others
    expected = (X[:1] - 0.1 * mean[:, None]) / np.sqrt(0.9 + 0.1 * var[:, None] + 1e-5)
    np.testing.assert_allclose(y.data, expected)
    for path, value in layer.state_dict().items():
        np.testing.assert_array_equal(value, before[path])


def test_batch_norm_remembers_the_mean_over_all_batches():
    layer = nn.BatchNorm1d(4, momentum=None)
    for scale in (1, 2, 3):
        layer(scale * X)
    np.testing.assert_allclose(layer.running_mean, 2 * X.mean((0, 2)))


def test_what_is_remembered_is_state():
    first, second = nn.BatchNorm2d(4), nn.BatchNorm2d(4)
    assert list(first.state_dict()) == [
        *("weight", "bias", "running_mean", "running_var", "num_batches_tracked")
    ]
    assert [path for path, _ in first.named_parameters()] == ["weight", "bias"]
    first(X[..., None])
    second.load_state_dict(first.state_dict())
    np.testing.assert_array_equal(second.eval()(X[..., None]).data, first.eval()(X[..., None]).data)


def test_without_memory_evaluation_is_as_training():
    layer = nn.BatchNorm1d(4, affine=False, track_running_stats=False)
    assert layer.state_dict() == {}
    np.testing.assert_array_equal(layer.eval()(X), layer.train()(X))


def test_memory_can_change_between_a_run_and_its_way_back():
    layer = nn.BatchNorm1d(4).eval()
    x = ag.Tensor(X)
    loss = np.sum(layer(x) ** 2)
    expected = ag.grad(lambda x: np.sum(layer(x) ** 2))(X).data
    layer.train()(X)
    loss.backward()
    np.testing.assert_allclose(x.grad, expected)


def test_momentum_reprs_and_affine():
    assert repr(nn.BatchNorm2d(4)) == "BatchNorm2d(4)"
    assert repr(nn.LayerNorm((4, 5))) == "LayerNorm(4, 5)"
    assert repr(nn.GroupNorm(2, 4)) == "GroupNorm(2, 4)"
    assert repr(nn.RMSNorm(4)) == "RMSNorm(4)"
    assert list(nn.LayerNorm(3, bias=False).state_dict()) == ["weight"]
    assert not list(nn.LayerNorm(3, elementwise_affine=False).state_dict())
    assert list(nn.RMSNorm(3).state_dict()) == ["weight"]


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (
            lambda: nn.LayerNorm((4, 5))(np.ones((3, 5))),
            ShapeError,
            r"LayerNorm\(4, 5\): expected \(..., 4, 5\), got \(3, 5\)",
        ),
        (
            lambda: nn.RMSNorm(4)(np.ones((3, 5))),
            ShapeError,
            r"RMSNorm\(4\): expected \(..., 4\), got \(3, 5\)",
        ),
        (
            lambda: nn.GroupNorm(2, 4)(np.ones((3, 5))),
            ShapeError,
            r"GroupNorm\(2, 4\): expected \(N, 4, ...\), got \(3, 5\)",
        ),
        (
            lambda: nn.group_norm(np.ones((3, 5)), 2),
            ShapeError,
            r"2 groups do not divide the channels of \(3, 5\)",
        ),
        (lambda: nn.GroupNorm(2, 5), ValueError, "2 groups do not divide 5 channels evenly"),
        (
            lambda: nn.BatchNorm2d(4)(np.ones((3, 4))),
            ShapeError,
            r"BatchNorm2d\(4\): expected \(N, 4, H, W\), got \(3, 4\)",
        ),
        (
            lambda: nn.BatchNorm1d(4)(np.ones((3, 5))),
            ShapeError,
            r"BatchNorm1d\(4\): expected \(N, 4\) or \(N, 4, L\), got \(3, 5\)",
        ),
        (
            lambda: nn.BatchNorm1d(4)(np.ones((1, 4))),
            ShapeError,
            r"BatchNorm1d\(4\): expected more than one value for each channel, got \(1, 4\)",
        ),
        (lambda: nn.BatchNorm1d(0), ValueError, "BatchNorm1d: num_features must be a whole"),
        (lambda: nn.LayerNorm(0), ValueError, "LayerNorm: normalized_shape must be a whole"),
    ],
)
def test_errors(call, error, message):
    with pytest.raises(error, match=message):
        call()


def test_layers_are_pytorchs():
    torch = pytest.importorskip("torch", reason="compares with PyTorch where it is installed")
    double = torch.float64
    pairs = [
        (nn.LayerNorm((4, 5)), torch.nn.LayerNorm((4, 5), dtype=double)),
        (nn.RMSNorm(5), torch.nn.RMSNorm(5, dtype=double)),
        (nn.GroupNorm(2, 4), torch.nn.GroupNorm(2, 4, dtype=double)),
        (nn.BatchNorm1d(4), torch.nn.BatchNorm1d(4, dtype=double)),
    ]
    for ours, theirs in pairs:
        for name, value in ours.named_parameters():
            value.data = RNG.normal(size=value.shape)
            with torch.no_grad():
                getattr(theirs, name).copy_(torch.from_numpy(value.data))
        own, other = ag.Tensor(X), torch.from_numpy(X).requires_grad_()
        y, z = ours(own), theirs(other)
        np.sum(y**3).backward()
        (z**3).sum().backward()
        np.testing.assert_allclose(y.data, z.detach().numpy(), atol=1e-12)
        np.testing.assert_allclose(own.grad, other.grad.numpy(), atol=1e-9)
        for name, value in ours.named_parameters():
            np.testing.assert_allclose(value.grad, getattr(theirs, name).grad.numpy(), atol=1e-9)
        for name, value in ours.named_buffers():
            np.testing.assert_allclose(value, getattr(theirs, name).numpy())
        np.testing.assert_allclose(ours.eval()(X).data, theirs.eval()(other).detach().numpy())
