"""First values: their distributions and structure. Variances by fans are in test_layers."""

import functools
import math

import numpy as np
import pytest
from scipy import stats

import nn


def rng():
    return np.random.default_rng(0)


@pytest.mark.parametrize("shape", [(5, 3), (3, 5), (4, 4), (2, 3, 4), (3, 3, 2, 30), (0, 3)])
def test_orthogonal_is_orthogonal_on_the_shorter_side(shape):
    weight = nn.init.orthogonal(shape, rng(), gain=2.0)
    assert weight.shape == shape
    matrix = weight.reshape(math.prod(shape[:-1]), shape[-1])
    small = matrix.T @ matrix if len(matrix) > shape[-1] else matrix @ matrix.T
    np.testing.assert_allclose(small, 4 * np.eye(len(small)), atol=1e-12)


def test_orthogonal_is_uniform_over_rotations_and_reflections():
    # Of a 2 x 2 matrix from Haar's measure, an element is a cosine of a uniform angle.
    first = [nn.init.orthogonal((2, 2), generator)[0, 0] for generator in [rng()] * 2000]
    assert stats.kstest(first, stats.arcsine(-1, 2).cdf).pvalue > 1e-3
    signs = [np.linalg.det(nn.init.orthogonal((2, 2), g)) for g in [rng()] * 400]
    assert abs(np.mean(np.sign(signs))) < 0.2


def test_orthogonal_needs_a_matrix():
    with pytest.raises(ValueError, match=r"need a shape \(..., in, out\), got \(3,\)"):
        nn.init.orthogonal((3,), rng())


@pytest.mark.parametrize(("mean", "std", "low", "high"), [(0, 1, -2, 2), (1, 0.5, 0.8, 3)])
def test_truncated_normal_is_scipys(mean, std, low, high):
    values = nn.init.truncated_normal((100, 200), rng(), mean=mean, std=std, low=low, high=high)
    known = stats.truncnorm((low - mean) / std, (high - mean) / std, mean, std)
    assert stats.kstest(values.ravel(), known.cdf).pvalue > 1e-3
    assert values.min() >= low
    assert values.max() <= high


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"std": 0.01, "low": 1.0}, "nearly nothing is between 1.0 and 2.0; the bounds are values"),
        ({"low": 2.0, "high": 1.0}, "nearly nothing is between 2.0 and 1.0"),
        ({"std": 0.0}, "std must be positive, got 0.0"),
    ],
)
def test_truncated_normal_refuses_to_draw_for_ever(settings, message):
    with pytest.raises(ValueError, match=message):
        nn.init.truncated_normal((3,), rng(), **settings)


def test_constants():
    np.testing.assert_array_equal(nn.init.zeros((2, 3), rng()), np.zeros((2, 3)))
    np.testing.assert_array_equal(nn.init.ones((2,), rng()), [1, 1])
    np.testing.assert_array_equal(nn.init.constant((2,), rng(), value=0.1), [0.1, 0.1])


@pytest.mark.parametrize("window", [(3,), (3, 5), (1, 1), (3, 3, 3)])
@pytest.mark.parametrize(("inputs", "outputs"), [(2, 2), (2, 3), (3, 2)])
def test_dirac_gives_the_channels_back(window, inputs, outputs):
    kernel = nn.init.dirac((*window, inputs, outputs))
    x = np.random.default_rng(1).normal(size=(*[9] * len(window), inputs))
    patches = np.lib.stride_tricks.sliding_window_view(x, window, range(len(window)))
    # patches: place..., in, window...
    axes = range(-len(window), 0)
    y = np.tensordot(patches, kernel, ([-len(window) - 1, *axes], [-2, *range(len(window))]))
    inner = tuple(slice(size // 2, 9 - size // 2) for size in window)
    common = min(inputs, outputs)
    np.testing.assert_array_equal(y[..., :common], x[inner][..., :common])
    np.testing.assert_array_equal(y[..., common:], 0)


def test_dirac_in_groups():
    kernel = nn.init.dirac((3, 1, 4), groups=2)
    np.testing.assert_array_equal(kernel[1], [[1, 0, 1, 0]])
    assert kernel.sum() == 2


@pytest.mark.parametrize(
    ("shape", "groups", "message"),
    [
        ((3, 3), 1, r"needs a shape \(\*window, in, out\) of a convolution, got \(3, 3\)"),
        ((3, 1, 4), 3, "4 outputs cannot be split into 3 groups"),
        ((3, 1, 4), 0, "4 outputs cannot be split into 0 groups"),
    ],
)
def test_dirac_refuses_what_is_no_kernel(shape, groups, message):
    with pytest.raises(ValueError, match=message):
        nn.init.dirac(shape, groups=groups)


@pytest.mark.parametrize(
    "init",
    [
        *(nn.init.orthogonal, nn.init.truncated_normal, nn.init.zeros, nn.init.ones),
        functools.partial(nn.init.constant, value=0.5),
        functools.partial(nn.init.orthogonal, gain=0.5),
    ],
)
def test_layers_take_them_and_they_keep_the_dtype(init):
    weight = nn.Linear(4, 3, init=init, dtype=np.float32, rng=0).weight
    assert weight.dtype == np.float32
    again = nn.Linear(4, 3, init=init, dtype=np.float32, rng=0).weight
    np.testing.assert_array_equal(weight.data, again.data)
    assert nn.init.dirac((3, 2, 2), dtype=np.float32).dtype == np.float32
