"""Layers: the formula, the first values, and what they refuse."""

import numpy as np
import pytest

import autograd as ag
import nn
from autograd.errors import ShapeError


def test_linear_is_the_formula():
    layer = nn.Linear(3, 2, rng=0)
    layer.weight.data, layer.bias.data = np.arange(6.0).reshape(3, 2), np.array([10.0, 20.0])
    x = np.array([[1.0, 2.0, 3.0], [0.0, -1.0, 1.0]])
    # O = XW + b, multiplied out by hand
    np.testing.assert_array_equal(layer(x).data, [[0 + 4 + 12 + 10, 1 + 6 + 15 + 20], [12, 22]])


def test_linear_gradients():
    layer = nn.Linear(3, 2, rng=0)
    x = ag.Tensor(np.arange(12.0).reshape(4, 3))
    cotangent = np.arange(8.0).reshape(4, 2)
    layer(x).backward(cotangent)
    np.testing.assert_allclose(layer.weight.grad, x.data.T @ cotangent)
    np.testing.assert_allclose(layer.bias.grad, cotangent.sum(axis=0))
    np.testing.assert_allclose(x.grad, cotangent @ layer.weight.data.T)


def test_linear_takes_any_leading_axes():
    layer = nn.Linear(3, 2, rng=0)
    x = np.arange(24.0).reshape(2, 4, 3)
    np.testing.assert_allclose(layer(x).data[1, 2], layer(x[1, 2]).data)
    assert layer(np.empty((0, 3))).shape == (0, 2)


def test_linear_without_bias():
    layer = nn.Linear(3, 2, bias=False, rng=0)
    assert layer.bias is None
    assert [name for name, _ in layer.named_parameters()] == ["weight"]
    np.testing.assert_array_equal(layer(np.zeros((1, 3))).data, [[0, 0]])


def test_linear_in_float32():
    layer = nn.Linear(3, 2, dtype=np.float32, rng=0)
    assert repr(layer) == "Linear(3, 2, dtype=float32)"
    out = layer(np.ones((4, 3), np.float32))
    np.sum(out).backward()
    assert {out.dtype, layer.weight.grad.dtype, layer.bias.grad.dtype} == {np.dtype(np.float32)}


def test_the_same_seed_gives_the_same_values():
    first, second, other = nn.Linear(5, 4, rng=7), nn.Linear(5, 4, rng=7), nn.Linear(5, 4, rng=8)
    np.testing.assert_array_equal(first.weight.data, second.weight.data)
    np.testing.assert_array_equal(first.bias.data, second.bias.data)
    assert np.any(first.weight.data != other.weight.data)
    assert np.any(nn.Linear(5, 4).weight.data != nn.Linear(5, 4).weight.data)


def test_one_generator_serves_all_layers():
    model = nn.MLP([4, 4, 4], rng=np.random.default_rng(0))
    assert np.any(model[0].weight.data != model[2].weight.data)


def test_first_values_are_within_the_bound_of_pytorch():
    layer = nn.Linear(25, 400, rng=0)
    for values in (layer.weight.data, layer.bias.data):
        assert 0.19 < abs(values).max() <= 0.2  # 1/sqrt(25)


def test_another_initialiser():
    layer = nn.Linear(50, 200, init=nn.init.he_normal, rng=0)
    assert layer.weight.data.std() == pytest.approx(0.2, rel=0.03)  # sqrt(2/50)


def test_sequential_is_a_sequence():
    first, second = nn.Linear(3, 4, rng=0), nn.Linear(4, 2, rng=1)
    model = nn.Sequential(first, nn.relu, second)
    assert (len(model), list(model), model[-1]) == (3, [first, nn.relu, second], second)
    x = np.ones((2, 3))
    np.testing.assert_array_equal(model(x).data, second(nn.relu(first(x))).data)


def test_mlp_has_no_activation_after_the_last_layer():
    model = nn.MLP([3, 5, 4, 2], nn.tanh, rng=0)
    assert [getattr(layer, "__name__", "Linear") for layer in model] == [
        *("Linear", "tanh", "Linear", "tanh", "Linear")
    ]
    assert model(np.ones((7, 3))).shape == (7, 2)


def test_mlp_passes_its_arguments_on():
    model = nn.MLP([100, 300, 2], dtype=np.float32, init=nn.init.he_uniform, rng=0)
    assert {parameter.dtype for parameter in model.parameters()} == {np.dtype(np.float32)}
    assert model[0].weight.data.std() == pytest.approx(np.sqrt(2 / 100), rel=0.03)


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: nn.Linear(0, 2), ValueError, r"at least one input and one output.*Linear\(0, 2\)"),
        (lambda: nn.MLP([64]), ValueError, r"inputs and of outputs at least, got \[64\]"),
        (lambda: nn.MLP([2, 2], "relu"), TypeError, "a function such as nn.relu, got 'relu'"),
        (lambda: nn.Sequential(nn.relu, 3), TypeError, "got int at place 1"),
        (lambda: nn.Sequential([nn.relu]), TypeError, r"got list.*write Sequential\(\*layers\)"),
    ],
)
def test_what_cannot_be_built(make, error, message):
    with pytest.raises(error, match=message):
        make()


# Slopes that are learned.


def test_prelu_learns_its_slopes():
    layer = nn.PReLU(3, 0.5, dtype=np.float32)
    x = np.array([[-2.0, 1.0, -4.0]], np.float32)
    y = layer(x)
    np.testing.assert_array_equal(y.data, [[-1, 1, -2]])
    np.sum(y).backward()
    np.testing.assert_array_equal(layer.weight.grad, [-2, 0, -4])
    assert (y.dtype, layer.weight.grad.dtype) == (np.float32, np.float32)
    assert [name for name, _ in layer.named_parameters()] == ["weight"]


def test_prelu_with_its_channels_last():
    layer = nn.PReLU(2, axis=-1)
    layer.weight.data = np.array([0.5, 2.0])
    np.testing.assert_array_equal(layer(-np.ones((3, 4, 2)))[0, 0].data, [-0.5, -2])
    assert repr(layer) == "PReLU(2, axis=-1)"
    assert nn.PReLU()(np.float64(-2.0)).item() == -0.5
    assert repr(nn.PReLU(dtype=np.float32)) == "PReLU(1, dtype=float32)"


def test_prelu_says_what_does_not_fit():
    model = nn.Sequential(nn.PReLU(3))
    with pytest.raises(ShapeError, match=r'^PReLU ".*0": expected 3 channels.* \(5, 4\)$'):
        model(np.ones((5, 4)))
    with pytest.raises(ShapeError, match=r"expected 3 channels on axis 1, got \(3,\)"):
        model(np.ones(3))
    with pytest.raises(ValueError, match="PReLU needs at least one parameter, got 0"):
        nn.PReLU(0)


# Initialisers.


@pytest.mark.parametrize(
    ("initializer", "variance"),
    [
        (nn.init.he_uniform, 2 / 120),
        (nn.init.he_normal, 2 / 120),
        (nn.init.glorot_uniform, 2 / (120 + 480)),
        (nn.init.glorot_normal, 2 / (120 + 480)),
        (nn.init.fan_in_uniform, 1 / (3 * 120)),
        (nn.init.lecun_uniform, 1 / 120),
        (nn.init.lecun_normal, 1 / 120),
    ],
)
@pytest.mark.parametrize("shape", [(120, 480), (2, 60, 240)])
def test_initialisers_have_the_variance_of_their_paper(initializer, variance, shape):
    values = initializer(shape, np.random.default_rng(0))
    assert values.shape == shape
    assert values.mean() == pytest.approx(0, abs=4 * np.sqrt(variance / values.size))
    assert values.var() == pytest.approx(variance, rel=0.03)
    if "uniform" in initializer.__name__:
        assert abs(values).max() <= np.sqrt(3 * variance)
    again = initializer(shape, np.random.default_rng(0), np.float32)
    assert again.dtype == np.float32
    np.testing.assert_array_equal(again, values.astype(np.float32))


def test_a_bias_has_no_fans():
    with pytest.raises(ValueError, match=r"need a shape \(..., in, out\), got \(3,\)"):
        nn.init.he_normal((3,), np.random.default_rng(0))
