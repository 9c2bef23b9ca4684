"""Pooling: against windows written out, ties, NaN, and what is refused."""

import numpy as np
import pytest

import autograd as ag
import nn
from autograd.errors import ShapeError
from autograd.testing import check_grads

RNG = np.random.default_rng(0)


def windows(x, kernel, stride, padding=(0, 0), dilation=(1, 1), *, filling=np.nan):
    """Yield the place of each window in the output, and the window."""
    ends = [(one, one) for one in padding]
    x = np.pad(x, [(0, 0), (0, 0), *ends], constant_values=filling)
    size = [
        (length - gap * (width - 1) - 1) // step + 1
        for length, width, step, gap in zip(x.shape[2:], kernel, stride, dilation, strict=True)
    ]
    for at in np.ndindex(*size):
        each = zip(at, kernel, stride, dilation, strict=True)
        yield at, x[(..., *(slice(a * s, a * s + k * d, d) for a, k, s, d in each))]


CASES = [
    ((2, 2), (2, 2), (0, 0), (1, 1)),
    ((3, 2), (1, 2), (1, 1), (1, 1)),
    ((2, 3), (3, 1), (0, 1), (2, 1)),
    ((2, 2), (3, 3), (1, 0), (1, 1)),
]


@pytest.mark.parametrize(("kernel", "stride", "padding", "dilation"), CASES)
def test_max_pool2d_is_the_largest_of_each_window(kernel, stride, padding, dilation):
    x = RNG.normal(size=(2, 3, 7, 6))
    y = nn.max_pool2d(x, kernel, stride, padding, dilation)
    for (i, j), window in windows(x, kernel, stride, padding, dilation):
        np.testing.assert_array_equal(y[:, :, i, j], np.nanmax(window, (2, 3)))
    check_grads(lambda x: nn.max_pool2d(x, kernel, stride, padding, dilation), x[0, :1], order=2)


@pytest.mark.parametrize("with_zeros", [True, False])
@pytest.mark.parametrize(("kernel", "stride", "padding", "dilation"), CASES)
def test_avg_pool2d_is_the_mean_of_each_window(kernel, stride, padding, dilation, with_zeros):
    del dilation
    x = RNG.normal(size=(2, 3, 7, 6))
    y = nn.avg_pool2d(x, kernel, stride, padding, with_zeros)
    filling = 0 if with_zeros else np.nan
    for (i, j), window in windows(x, kernel, stride, padding, filling=filling):
        np.testing.assert_allclose(y[:, :, i, j], np.nanmean(window, (2, 3)))
    check_grads(lambda x: nn.avg_pool2d(x, kernel, stride, padding, with_zeros), x[0, :1], order=2)


def test_pools_of_one_axis():
    x = RNG.normal(size=(2, 3, 8))
    np.testing.assert_array_equal(nn.max_pool1d(x, 2), x.reshape(2, 3, 4, 2).max(-1))
    np.testing.assert_allclose(nn.avg_pool1d(x, 4), x.reshape(2, 3, 2, 4).mean(-1))
    check_grads(lambda x: nn.max_pool1d(x, 3, 1, 1) * nn.avg_pool1d(x, 3, 1, 1), x[0], order=2)


@pytest.mark.parametrize("size", [1, 2, (3, 4), (7, 6), (9, 2)])
def test_adaptive_pools_cover_the_parts(size):
    x = RNG.normal(size=(2, 3, 7, 6))
    mean, largest = nn.adaptive_avg_pool2d(x, size), nn.adaptive_max_pool2d(x, size)
    rows, columns = (size, size) if isinstance(size, int) else size
    assert mean.shape == largest.shape == (2, 3, rows, columns)
    for i, j in np.ndindex(rows, columns):
        top, bottom = int(np.floor(i * 7 / rows)), int(np.ceil((i + 1) * 7 / rows))
        left, right = int(np.floor(j * 6 / columns)), int(np.ceil((j + 1) * 6 / columns))
        part = x[:, :, top:bottom, left:right]
        np.testing.assert_allclose(mean[:, :, i, j], part.mean((2, 3)))
        np.testing.assert_array_equal(largest[:, :, i, j], part.max((2, 3)))


def test_adaptive_pools_have_gradients():
    x = RNG.normal(size=(1, 5, 4))
    check_grads(lambda x: nn.adaptive_avg_pool2d(x, 3) * nn.adaptive_max_pool2d(x, 3), x, order=2)
    np.testing.assert_allclose(nn.adaptive_avg_pool1d(x, 2)[0, 0], x[0, 0].reshape(2, 2).mean(1))
    np.testing.assert_allclose(nn.adaptive_max_pool1d(x, 2)[0, 0], x[0, 0].reshape(2, 2).max(1))


def test_among_equals_the_first_has_the_derivative():
    x = np.ones((1, 2, 4))
    gradient = ag.grad(lambda x: np.sum(nn.max_pool2d(x, 2)))(x)
    np.testing.assert_array_equal(gradient, [[[1, 0, 1, 0], [0, 0, 0, 0]]])


@pytest.mark.parametrize("place", [0, 1, 2])
def test_nan_is_the_largest_and_has_the_derivative(place):
    x = np.array([[1.0, 2.0, 3.0]])
    x[0, place] = np.nan
    value, gradient = ag.value_and_grad(lambda x: np.sum(nn.max_pool1d(x, 3)))(x)
    assert np.isnan(value)
    np.testing.assert_array_equal(gradient[0], np.arange(3) == place)


def test_an_infinite_cotangent_goes_to_the_largest_only():
    x = ag.Tensor(np.array([[1.0, 2.0, 4.0, 3.0]]))
    nn.max_pool1d(x, 2).backward(np.array([[np.inf, 1.0]]))
    np.testing.assert_array_equal(x.grad, [[0, np.inf, 1, 0]])


def test_a_large_window():
    x = RNG.normal(size=(1, 20, 30))
    gradient = ag.grad(lambda x: np.sum(nn.max_pool2d(x, (20, 30))))(x)
    np.testing.assert_array_equal(gradient, x == x.max())


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64, np.longdouble])
def test_dtypes_stay(dtype):
    x = ag.Tensor(np.arange(32, dtype=dtype).reshape(1, 2, 4, 4))
    for layer in (nn.MaxPool2d(2), nn.MaxPool2d(2, 1), nn.AvgPool2d(2), nn.AdaptiveAvgPool2d(3)):
        y = layer(x)
        x.zero_grad()
        np.sum(y).backward()
        assert (y.dtype, x.grad.dtype) == (dtype, dtype)


def test_empty_batches():
    x = np.empty((0, 2, 4, 4))
    for layer in (nn.MaxPool2d(2), nn.AvgPool2d(2), nn.AdaptiveMaxPool2d(2), nn.Flatten(2)):
        assert layer(x).shape[:2] == (0, 2)
        assert ag.grad(lambda x, layer=layer: np.sum(layer(x)))(x).shape == x.shape


def test_flatten():
    x = np.ones((2, 3, 4, 5))
    assert nn.Flatten()(x).shape == (2, 60)
    assert nn.Flatten(0, 1)(x).shape == (6, 4, 5)
    assert nn.Flatten(-2)(x).shape == (2, 3, 20)
    assert nn.Flatten()(np.ones((0, 3, 4))).shape == (0, 12)
    assert (repr(nn.Flatten()), repr(nn.Flatten(2))) == ("Flatten()", "Flatten(2, -1)")
    with pytest.raises(ShapeError, match=r"Flatten\(2, -1\): expected axes 2 to -1, got \(3, 4\)"):
        nn.Flatten(2)(np.ones((3, 4)))


def test_reprs_show_what_was_given():
    assert repr(nn.MaxPool2d(2)) == "MaxPool2d(2)"
    assert repr(nn.MaxPool1d(3, 1, padding=1)) == "MaxPool1d(3, stride=1, padding=1)"
    assert repr(nn.AvgPool2d((2, 3), count_include_pad=False)) == (
        "AvgPool2d((2, 3), count_include_pad=False)"
    )
    assert repr(nn.AdaptiveAvgPool1d(5)) == "AdaptiveAvgPool1d(5)"


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: nn.MaxPool2d(0), ValueError, "MaxPool2d: kernel_size must be a whole number"),
        (lambda: nn.AvgPool1d((2, 2)), ValueError, r"AvgPool1d: kernel_size .* got \(2, 2\)"),
        (
            lambda: nn.max_pool1d(np.ones((1, 4)), 2, padding=2),
            ValueError,
            r"padding 2 is more than half of the window \(2,\)",
        ),
        (
            lambda: nn.MaxPool2d(5)(np.ones((1, 3, 4))),
            ShapeError,
            r"MaxPool2d\(5\): no window of \(5, 5\) .* fits into \(1, 3, 4\)",
        ),
        (lambda: nn.MaxPool1d(2)(np.ones(4)), ShapeError, r"MaxPool1d\(2\): expected .* \(4,\)"),
        (
            lambda: nn.AdaptiveAvgPool2d(1)(np.ones((4, 4))),
            ShapeError,
            r"AdaptiveAvgPool2d\(1\): expected 3 or 4 axes of some length, got \(4, 4\)",
        ),
    ],
)
def test_errors(call, error, message):
    with pytest.raises(error, match=message):
        call()


@pytest.mark.parametrize(("kernel", "stride", "padding", "dilation"), CASES)
def test_pools_are_pytorchs(kernel, stride, padding, dilation):
    torch = pytest.importorskip("torch", reason="compares with PyTorch where it is installed")
    x = np.round(RNG.normal(size=(2, 3, 7, 6)), 1)  # with ties
    functions = torch.nn.functional
    pairs = [
        (
            lambda x: nn.max_pool2d(x, kernel, stride, padding, dilation),
            lambda x: functions.max_pool2d(x, kernel, stride, padding, dilation),
        ),
        (
            lambda x: nn.avg_pool2d(x, kernel, stride, padding),
            lambda x: functions.avg_pool2d(x, kernel, stride, padding),
        ),
        (
            lambda x: nn.adaptive_avg_pool2d(x, kernel),
            lambda x: functions.adaptive_avg_pool2d(x, kernel),
        ),
    ]
    for ours, theirs in pairs:
        own, other = ag.Tensor(x), torch.from_numpy(x).requires_grad_()
        np.sum(ours(own) ** 2).backward()
        (theirs(other) ** 2).sum().backward()
        np.testing.assert_allclose(ours(x), theirs(other).detach().numpy(), atol=1e-12)
        np.testing.assert_allclose(own.grad, other.grad.numpy(), atol=1e-12)


def test_pools_in_vmap_have_gradients():
    x = RNG.normal(size=(5, 2, 4, 4))

    def loss(x):
        return np.sum(nn.max_pool2d(x, 2) ** 3 + nn.avg_pool2d(x, 2))

    mapped = ag.grad(lambda x: np.sum(ag.vmap(loss)(x)))(x)
    np.testing.assert_allclose(mapped, [ag.grad(loss)(one) for one in x])
    direction = RNG.normal(size=(2, 4, 4))
    expected = np.tensordot(ag.hessian(loss)(x[0]), direction, 3)
    np.testing.assert_allclose(ag.hvp(loss, x[0], direction), expected)
