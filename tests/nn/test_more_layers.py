"""Embedding, Bilinear, Dropout, Residual, slices of Sequential, summary."""

import copy

import numpy as np
import pytest

import autograd as ag
import nn
from autograd.errors import ShapeError
from autograd.testing import check_grads

RNG = np.random.default_rng(0)


# Embedding.


@pytest.mark.parametrize("count", [3, 200])  # few and many times the same number
def test_embedding_adds_up_what_is_named_often(count):
    numbers = RNG.integers(0, 4, (2, count))
    weight = RNG.normal(size=(5, 3))
    np.testing.assert_array_equal(nn.embedding(numbers, weight), weight[numbers])
    cotangent = RNG.normal(size=(2, count, 3))
    expected = np.zeros((5, 3))
    for row, number in zip(cotangent.reshape(-1, 3), numbers.reshape(-1), strict=True):
        expected[number] += row
    table = ag.Tensor(weight)
    nn.embedding(numbers, table).backward(cotangent)
    np.testing.assert_allclose(table.grad, expected)


def test_embedding_gradients():
    numbers = np.array([[0, 1, 1], [3, 0, 1]])
    check_grads(lambda w: nn.embedding(numbers, w) ** 2, RNG.normal(size=(4, 2)), order=2)
    rows = ag.jacobian(lambda w: nn.embedding([2], w))(RNG.normal(size=(4, 2)))
    np.testing.assert_array_equal(rows.sum((0, 1, 3)), [0, 0, 2, 0])


def test_the_padding_row_is_constant():
    layer = nn.Embedding(4, 2, padding_idx=-1, rng=0)
    assert repr(layer) == "Embedding(4, 2, padding_idx=3)"
    np.testing.assert_array_equal(layer.weight.data[3], [0, 0])
    layer.weight.data[3] = 7
    y = layer([3, 1, 3])
    np.testing.assert_array_equal(y.data[0], [7, 7])
    np.sum(y).backward()
    np.testing.assert_array_equal(layer.weight.grad, [[0, 0], [1, 1], [0, 0], [0, 0]])


def test_embedding_of_nothing_and_of_one_number():
    layer = nn.Embedding(4, 2, dtype=np.float32, rng=0)
    assert layer(np.empty((0, 5), int)).shape == (0, 5, 2)
    assert layer(2).shape == (2,)
    y = layer(np.empty(0, int))
    np.sum(y).backward()
    assert layer.weight.grad.dtype == np.float32
    np.testing.assert_array_equal(layer.weight.grad, np.zeros((4, 2)))


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: nn.Embedding(4, 2)([1, 4]), ValueError, r"Embedding\(4, 2\): index 4 is out of"),
        (lambda: nn.Embedding(4, 2)([-1]), ValueError, r"index -1 is out of range for 4 rows"),
        (lambda: nn.Embedding(4, 2)([1.0]), TypeError, r"must be integers, got float64"),
        (lambda: nn.embedding(ag.Tensor([1.0]), np.ones((2, 2))), TypeError, "got a Tensor"),
        (lambda: nn.embedding([1], np.ones(2)), ShapeError, r"of shape \(V, D\), got \(2,\)"),
        (lambda: nn.Embedding(4, 2, padding_idx=4), ValueError, "padding_idx 4 is none of 4"),
        (lambda: nn.Embedding(0, 2), ValueError, "Embedding: numbers of rows and columns must"),
        (
            lambda: nn.Bilinear(2, 3, 4)(np.ones((5, 2)), np.ones((5, 2))),
            ShapeError,
            r"Bilinear\(2, 3, 4\): expected \(..., 2\) and \(..., 3\), got \(5, 2\) and \(5, 2\)",
        ),
        (lambda: nn.Dropout(1.5), ValueError, "Dropout: p must be from 0 to 1, got 1.5"),
        (
            lambda: nn.Dropout2d(0.5)(np.ones((3, 3))),
            ShapeError,
            r"Dropout2d\(0.5\): expected \(N, C, ...\), got \(3, 3\)",
        ),
        (
            lambda: nn.Residual(nn.Linear(3, 2))(np.ones((5, 3))),
            ShapeError,
            r"cannot add \(5, 3\) to \(5, 2\); give a shortcut",
        ),
        (lambda: nn.Residual(3), TypeError, "Residual takes a Module or a function, got int"),
        (lambda: nn.summary(np.sum, 1), TypeError, "summary takes a Module, got"),
    ],
)
def test_errors(call, error, message):
    with pytest.raises(error, match=message):
        call()


# Bilinear.


def test_bilinear_is_the_formula():
    layer = nn.Bilinear(3, 4, 2, rng=0)
    x, z = RNG.normal(size=(2, 5, 3)), RNG.normal(size=(2, 5, 4))
    expected = np.einsum("abi,ijo,abj->abo", x, layer.weight.data, z) + layer.bias.data
    np.testing.assert_allclose(layer(x, z).data, expected)
    check_grads(layer.freeze(), x[0], z[0], order=2)
    assert repr(nn.Bilinear(3, 4, 2, bias=False)) == "Bilinear(3, 4, 2, bias=False)"


# Dropout.


def test_dropout_keeps_the_mean_and_its_share():
    layer = nn.Dropout(0.25, rng=0)
    y = layer(np.ones(100_000))
    assert set(np.unique(y)) == {0.0, 1 / 0.75}
    # The share of zeros has standard deviation sqrt(0.25 * 0.75 / 1e5) = 0.0014.
    assert abs(np.mean(y == 0) - 0.25) < 0.007


def test_dropout_in_evaluation_and_at_the_ends():
    x = ag.Tensor(np.ones(5, np.float32))
    assert nn.Dropout(0.5).eval()(x) is x
    assert nn.Dropout(0.0)(x) is x
    np.testing.assert_array_equal(nn.Dropout(1.0)(x).data, np.zeros(5))
    y = nn.Dropout(0.5, rng=0)(x)
    np.sum(y).backward()
    assert (y.dtype, x.grad.dtype) == (np.float32, np.float32)
    np.testing.assert_array_equal(x.grad, y.data)


def test_dropout_can_be_repeated():
    x = np.ones(20)
    first, second = nn.Dropout(rng=3), nn.Dropout(rng=3)
    np.testing.assert_array_equal(first(x), second(x))
    assert np.any(first(x) != second(x)[::-1])
    twin = copy.deepcopy(first)
    np.testing.assert_array_equal(first(x), twin(x))


@pytest.mark.parametrize(
    ("layer", "shape"), [(nn.Dropout1d, (40, 5, 3)), (nn.Dropout2d, (40, 5, 2, 3))]
)
def test_dropout_of_channels_leaves_whole_ones(layer, shape):
    y = layer(0.5, rng=0)(np.ones(shape)).reshape(200, -1)
    assert np.all(y == y[:, :1])
    assert {0.0, 2.0} == set(np.unique(y))


# Containers.


def test_residual():
    inner, shortcut = nn.Linear(3, 2, rng=0), nn.Linear(3, 2, rng=1)
    x = RNG.normal(size=(4, 3))
    block = nn.Residual(inner, shortcut)
    np.testing.assert_allclose(block(x).data, (inner(x) + shortcut(x)).data)
    assert [path for path, _ in block.named_parameters()][::2] == [
        "inner.weight",
        "shortcut.weight",
    ]


def test_slices_share_layers_and_keep_their_names():
    model = nn.Module()
    model.body = nn.MLP([4, 3, 2], rng=0)
    part = model.body[1:]
    assert isinstance(part, nn.Sequential)
    assert len(part) == 2
    assert part[1] is model.body[2]
    assert [path for path, _ in part.named_parameters()] == ["1.weight", "1.bias"]
    with pytest.raises(ShapeError, match=r'Linear "body.2": expected \(..., 3\)'):
        part(np.ones((1, 7)))


# Summary.


class Net(nn.Module):
    def __init__(self):
        self.conv = nn.Conv2d(1, 4, 3, dtype=np.float32, rng=0).freeze()
        self.norm = nn.BatchNorm2d(4, dtype=np.float32)
        self.head = nn.Linear(4, 2, dtype=np.float32, rng=0)
        self.unused = nn.Linear(1, 1)

    def forward(self, x):
        x = nn.relu(self.norm(self.conv(x)))
        return self.head(np.mean(x, (2, 3))), x


def test_summary_tells_shapes_parameters_and_bytes():
    model, x = Net(), np.ones((5, 1, 6, 6), np.float32)
    x += RNG.normal(size=x.shape).astype(np.float32)
    before = model.state_dict()
    table = nn.summary(model, x)
    rows = {row.path: row for row in table.rows}
    assert list(rows) == ["", "conv", "norm", "head", "unused"]
    assert rows[""].shape == ((5, 2), (5, 4, 4, 4))
    assert (rows["conv"].trainable, rows["conv"].frozen) == (0, 40)
    assert (rows[""].trainable, rows[""].frozen) == (8 + 10 + 2, 40)
    assert (rows["conv"].type, rows["conv"].saved) == ("Conv2d", 0)
    assert rows["head"].saved == (5 * 4 + 4 * 2) * 4  # its input and its weight
    assert rows["norm"].saved >= 5 * 4 * 4 * 4 * 4  # what is standardized
    assert rows["unused"] == ("unused", "Linear", None, 2, 0, 0, 0.0)
    assert table.buffers == 9
    assert rows[""].seconds >= rows["conv"].seconds > 0
    for path, value in model.state_dict().items():
        np.testing.assert_array_equal(value, before[path])  # BatchNorm has remembered nothing
    assert "forward" not in vars(model)


def test_summary_can_be_read():
    table = nn.summary(Net(), np.ones((5, 1, 6, 6), np.float32))
    lines = str(table).splitlines()
    assert lines[0].split()[:3] == ["layer", "type", "output"]
    assert lines[2].startswith("(model)  Net          ((5, 2), (5, 4, 4, 4))")
    assert repr(table) == str(table)
    assert table._repr_html_().count("<tr>") == 6
    big = nn.summary(nn.Linear(1000, 1000, rng=0), np.ones((2000, 1000)))
    assert "16.0 MB" in str(big)
