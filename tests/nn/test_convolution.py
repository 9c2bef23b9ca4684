"""Convolutions: against sums written out, against SciPy, and what they refuse."""

import itertools

import numpy as np
import pytest
import scipy.signal

import autograd as ag
import nn
from autograd.errors import ShapeError
from autograd.testing import check_grads

RNG = np.random.default_rng(0)


def pairs(value, count):
    return (value,) * count if isinstance(value, int) else tuple(value)


def written_out(x, weight, stride=1, padding=0, dilation=1, groups=1):  # noqa: PLR0917
    """The convolution as loops over rows, outputs, positions, elements of the window."""
    count = x.ndim - 2
    stride, dilation = pairs(stride, count), pairs(dilation, count)
    ends = [(one, one) for one in pairs(padding, count)]
    x = np.pad(x, [(0, 0), (0, 0), *ends])
    *kernel, inputs, outputs = weight.shape
    size = [
        (length - gap * (width - 1) - 1) // step + 1
        for length, width, step, gap in zip(x.shape[2:], kernel, stride, dilation, strict=True)
    ]
    y = np.zeros((len(x), outputs, *size))
    places = [np.ndindex(*y.shape), np.ndindex(*kernel), range(inputs)]
    for (row, out, *at), inner, channel in itertools.product(*map(list, places)):
        group = out // (outputs // groups)
        where = [a * s + k * d for a, s, k, d in zip(at, stride, inner, dilation, strict=True)]
        factor = weight[(*inner, channel, out)]
        y[(row, out, *at)] += x[(row, group * inputs + channel, *where)] * factor
    return y


def scattered(x, weight, stride=1, padding=0, output_padding=0, groups=1, dilation=1):  # noqa: PLR0917
    """The transposed convolution as loops: each input adds its window to the output."""
    count = x.ndim - 2
    stride, dilation = pairs(stride, count), pairs(dilation, count)
    ends, more = pairs(padding, count), pairs(output_padding, count)
    *kernel, inputs, each = weight.shape
    full = [
        (length - 1) * step + gap * (width - 1) + 1 + extra
        for length, width, step, gap, extra in zip(
            x.shape[2:], kernel, stride, dilation, more, strict=True
        )
    ]
    y = np.zeros((len(x), each * groups, *full))
    places = [np.ndindex(*x.shape), np.ndindex(*kernel), range(each)]
    for (row, channel, *at), inner, out in itertools.product(*map(list, places)):
        group = channel // (inputs // groups)
        where = [a * s + k * d for a, s, k, d in zip(at, stride, inner, dilation, strict=True)]
        factor = weight[(*inner, channel, out)]
        y[(row, group * each + out, *where)] += x[(row, channel, *at)] * factor
    inside = [slice(end, length - end) for end, length in zip(ends, full, strict=True)]
    return y[(..., *inside)]


FORWARD = [
    {},
    {"stride": 2},
    {"padding": 1},
    {"dilation": 2},
    {"groups": 2},
    {"stride": (2, 1), "padding": (0, 2), "dilation": (1, 2), "groups": 2},
    {"stride": 3, "padding": 2, "dilation": 2, "groups": 4},
]


@pytest.mark.parametrize("how", FORWARD, ids=str)
def test_conv2d_is_the_sum_written_out(how):
    x = RNG.normal(size=(2, 4, 6, 7))
    weight = RNG.normal(size=(3, 2, 4 // how.get("groups", 1), 4))
    np.testing.assert_allclose(nn.conv2d(x, weight, **how), written_out(x, weight, **how))


@pytest.mark.parametrize("how", FORWARD, ids=str)
def test_conv2d_gradients(how):
    x = RNG.normal(size=(2, 4, 5, 6))
    weight = RNG.normal(size=(3, 2, 4 // how.get("groups", 1), 4))
    bias = RNG.normal(size=4)
    check_grads(lambda x, w, b: nn.conv2d(x, w, b, **how), x, weight, bias, order=2)


@pytest.mark.parametrize("how", [{}, {"stride": 2, "padding": 1, "dilation": 2, "groups": 2}])
def test_conv1d_is_the_sum_written_out_with_gradients(how):
    x = RNG.normal(size=(2, 4, 9))
    weight = RNG.normal(size=(3, 4 // how.get("groups", 1), 2))
    np.testing.assert_allclose(nn.conv1d(x, weight, **how), written_out(x, weight, **how))
    check_grads(lambda x, w: nn.conv1d(x, w, **how), x, weight, order=2)


BACK = [
    {},
    {"stride": 2, "output_padding": 1},
    {"stride": (1, 3), "output_padding": (0, 2), "padding": 1},
    {"dilation": 2, "groups": 2},
    {"stride": 2, "padding": (0, 1), "dilation": (2, 1), "groups": 2},
]


@pytest.mark.parametrize("how", BACK, ids=str)
def test_conv_transpose2d_is_the_sum_written_out_with_gradients(how):
    x = RNG.normal(size=(2, 4, 3, 4))
    weight = RNG.normal(size=(3, 2, 4, 3))
    np.testing.assert_allclose(
        nn.conv_transpose2d(x, weight, **how), scattered(x, weight, **how), atol=1e-12
    )
    bias = RNG.normal(size=3 * how.get("groups", 1))
    check_grads(lambda x, w, b: nn.conv_transpose2d(x, w, b, **how), x, weight, bias, order=2)


def test_conv_transpose1d_is_the_sum_written_out():
    x, weight = RNG.normal(size=(2, 4, 5)), RNG.normal(size=(3, 4, 2))
    how = {"stride": 2, "padding": 1, "output_padding": 1, "groups": 2}
    np.testing.assert_allclose(
        nn.conv_transpose1d(x, weight, **how), scattered(x, weight, **how), atol=1e-12
    )


def test_one_transposes_the_other():
    x, y = RNG.normal(size=(2, 3, 7, 8)), RNG.normal(size=(2, 4, 3, 3))
    weight = RNG.normal(size=(3, 4, 3, 4))
    forward = nn.conv2d(x, weight, stride=2)
    back = nn.conv_transpose2d(y, weight.swapaxes(-1, -2), stride=2, output_padding=(0, 0))
    np.testing.assert_allclose(np.sum(forward * y), np.sum(x[..., :7, :8] * back))


@pytest.mark.parametrize("shape", [(3, 3), (2, 4), (4, 1)])
def test_same_padding_is_scipys(shape):
    x, weight = RNG.normal(size=(6, 7)), RNG.normal(size=shape)
    expected = scipy.signal.correlate(np.pad(x, [(s - 1, s - 1) for s in shape]), weight, "valid")
    starts = [(s - 1) - (s - 1) // 2 for s in shape]  # one more zero at the end, if uneven
    inside = tuple(slice(a, a + n) for a, n in zip(starts, x.shape, strict=True))
    found = nn.conv2d(x[None], weight[..., None, None], padding="same")[0]
    np.testing.assert_allclose(found, expected[inside])
    valid = nn.conv2d(x[None], weight[..., None, None], padding="valid")[0]
    np.testing.assert_allclose(valid, scipy.signal.correlate(x, weight, "valid"))


def test_many_rows_are_done_in_passes(monkeypatch):
    x, weight = RNG.normal(size=(7, 2, 5, 5)), RNG.normal(size=(3, 3, 2, 3))
    whole = nn.conv2d(x, weight), *ag.grad(both, (0, 1))(x, weight)
    monkeypatch.setattr("nn.functional.convolution.COLUMNS", 2 * 18 * 9)
    passes = nn.conv2d(x, weight), *ag.grad(both, (0, 1))(x, weight)
    for one, other in zip(whole, passes, strict=True):
        np.testing.assert_allclose(one, other, atol=1e-12)


def both(x, weight):
    return np.sum(nn.conv2d(x, weight) ** 2)


def test_jacobian_and_vmap():
    x, weight = RNG.normal(size=(2, 4, 4)), RNG.normal(size=(2, 2, 2, 3))
    jacobian = ag.jacobian(nn.conv2d)(x, weight)
    np.testing.assert_allclose(
        np.tensordot(jacobian, x, 3), nn.conv2d(x, weight)
    )  # what is linear is its derivative times x
    many = RNG.normal(size=(5, 2, 4, 4))
    mapped = ag.vmap(lambda x: nn.conv2d(x, weight))(many)
    np.testing.assert_allclose(mapped, nn.conv2d(many, weight))


def test_an_empty_batch():
    x, layer = ag.Tensor(np.empty((0, 2, 5, 5))), nn.Conv2d(2, 3, 3, rng=0)
    y = layer(x)
    assert y.shape == (0, 3, 3, 3)
    np.sum(y).backward()
    np.testing.assert_array_equal(layer.weight.grad, np.zeros((3, 3, 2, 3)))
    assert x.grad.shape == x.shape
    assert nn.ConvTranspose2d(2, 3, 3, rng=0)(x).shape == (0, 3, 7, 7)


def test_float32_stays():
    layer = nn.Conv2d(2, 3, 3, dtype=np.float32, rng=0)
    x = ag.Tensor(np.ones((1, 2, 5, 5), np.float32))
    y = layer(x)
    np.sum(y).backward()
    found = {y.dtype, x.grad.dtype, layer.weight.grad.dtype, layer.bias.grad.dtype}
    assert found == {np.dtype(np.float32)}
    assert repr(layer) == "Conv2d(2, 3, kernel_size=(3, 3), dtype=float32)"


@pytest.mark.parametrize(
    ("layer", "fan"),
    [
        (nn.Conv2d(4, 6, 3, groups=2, rng=0), 2 * 9),
        (nn.ConvTranspose2d(4, 6, 3, groups=2, rng=0), 3 * 9),  # PyTorch counts the outputs
    ],
)
def test_first_values_are_pytorchs(layer, fan):
    assert np.max(abs(layer.weight.data)) <= fan**-0.5
    assert np.max(abs(layer.weight.data)) > 0.9 * fan**-0.5
    assert np.max(abs(layer.bias.data)) <= fan**-0.5


def test_shapes_of_weights():
    assert nn.Conv1d(4, 6, 3, groups=2).weight.shape == (3, 2, 6)
    assert nn.Conv2d(4, 6, (3, 5), groups=2).weight.shape == (3, 5, 2, 6)
    assert nn.ConvTranspose1d(4, 6, 3, groups=2).weight.shape == (3, 4, 3)
    assert nn.ConvTranspose2d(4, 6, (3, 5), groups=2).weight.shape == (3, 5, 4, 3)
    assert nn.ConvTranspose2d(4, 6, 3, bias=False).bias is None


def test_errors_name_the_layer():
    whole = nn.Module()
    whole.body = nn.Sequential(nn.Conv2d(3, 8, 5, rng=0), nn.ConvTranspose1d(3, 8, 5, rng=0))
    model = whole.body
    with pytest.raises(
        ShapeError,
        match=r'Conv2d "body.0": expected \(N, 3, H, W\) or \(3, H, W\), got \(2, 4, 9, 9\)',
    ):
        model(np.ones((2, 4, 9, 9)))
    with pytest.raises(ShapeError, match=r'Conv2d "body.0": no window of \(5, 5\).*\(2, 3, 4, 9\)'):
        model(np.ones((2, 3, 4, 9)))
    with pytest.raises(ShapeError, match=r'ConvTranspose1d "body.1": expected \(N, 3, L\)'):
        model[1](np.ones(3))


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: nn.Conv2d(3, 4, 3, groups=2), r"Conv2d: 2 groups must divide 3 and 4 channels"),
        (lambda: nn.Conv2d(0, 4, 3), r"Conv2d: numbers of channels must be .* at least 1"),
        (lambda: nn.Conv2d(1, 4, (3, 3, 3)), r"Conv2d: kernel_size .* got \(3, 3, 3\)"),
        (lambda: nn.Conv2d(1, 4, 3, stride=0), r"stride must be a whole number of at least 1"),
        (lambda: nn.Conv2d(1, 4, 3, padding=-1), r"padding must be a whole number of at least 0"),
        (lambda: nn.Conv2d(1, 4, 3, padding="full"), r'numbers, "same" or "valid", got \'full\''),
        (lambda: nn.Conv2d(1, 4, 3, 2, "same"), r'"same" has no meaning with stride \(2, 2\)'),
        (
            lambda: nn.conv_transpose1d(np.ones((1, 3)), np.ones((2, 1, 1)), None, 2, 0, 2),
            r"output_padding \(2,\) must be smaller than the stride \(2,\)",
        ),
    ],
)
def test_what_makes_no_sense_is_refused(make, message):
    with pytest.raises(ValueError, match=message):
        make()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: nn.conv2d(np.ones((1, 5, 5)), np.ones((3, 1, 1))), "2 sizes of the kernel"),
        (
            lambda: nn.conv2d(np.ones((2, 5, 5)), np.ones((3, 3, 1, 3)), groups=2),
            r"2 groups do not divide the weight \(3, 3, 1, 3\)",
        ),
        (
            lambda: nn.conv1d(np.ones((2, 5)), np.ones((3, 2, 3)), np.ones(2)),
            r"expected a bias of shape \(3,\), got \(2,\)",
        ),
        (
            lambda: nn.conv_transpose1d(np.ones((1, 2)), np.ones((1, 1, 1)), padding=2),
            r"the output would have size \(-2,\)",
        ),
    ],
)
def test_shapes_that_do_not_fit_are_refused(call, message):
    with pytest.raises(ShapeError, match=message):
        call()


@pytest.mark.parametrize("how", [*FORWARD, {"padding": "same", "dilation": 2}], ids=str)
def test_conv2d_is_pytorchs(how):
    torch = pytest.importorskip("torch", reason="compares with PyTorch where it is installed")
    ours = nn.Conv2d(4, 8, (3, 2), rng=0, **how)
    x = RNG.normal(size=(3, 4, 8, 9))
    theirs = torch.nn.Conv2d(4, 8, (3, 2), dtype=torch.float64, **how)
    weight = ours.weight.data.transpose(3, 2, 0, 1).copy()
    compare(torch, ours, theirs, weight, x)
    np.testing.assert_allclose(
        ours.weight.grad.transpose(3, 2, 0, 1), theirs.weight.grad.numpy(), atol=1e-12
    )


@pytest.mark.parametrize("how", BACK, ids=str)
def test_conv_transpose2d_is_pytorchs(how):
    torch = pytest.importorskip("torch", reason="compares with PyTorch where it is installed")
    ours = nn.ConvTranspose2d(4, 6, (3, 2), rng=0, **how)
    x = RNG.normal(size=(3, 4, 5, 6))
    theirs = torch.nn.ConvTranspose2d(4, 6, (3, 2), dtype=torch.float64, **how)
    weight = ours.weight.data.transpose(2, 3, 0, 1).copy()
    compare(torch, ours, theirs, weight, x)
    np.testing.assert_allclose(
        ours.weight.grad.transpose(2, 3, 0, 1), theirs.weight.grad.numpy(), atol=1e-12
    )


def compare(torch, ours, theirs, weight, x):
    """Give both layers the same values and one step back, and compare all but the weights."""
    with torch.no_grad():
        theirs.weight.copy_(torch.from_numpy(weight))
        theirs.bias.copy_(torch.from_numpy(ours.bias.data))
    own, other = ag.Tensor(x), torch.from_numpy(x).requires_grad_()
    np.sum(ours(own) ** 2).backward()
    (theirs(other) ** 2).sum().backward()
    np.testing.assert_allclose(ours(x).data, theirs(other).detach().numpy(), atol=1e-12)
    np.testing.assert_allclose(own.grad, other.grad.numpy(), atol=1e-12)
    np.testing.assert_allclose(ours.bias.grad, theirs.bias.grad.numpy())
