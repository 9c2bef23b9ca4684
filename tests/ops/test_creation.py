"""Ranges, grids, fillings, functions of slices: what `rows/creation.py` cannot say."""

import numpy as np
import pytest

import autograd as ag
import autograd.numpy as anp
from autograd.errors import DetachError, KeywordError, ShapeError


def gradient(function, *arrays):
    """Return the gradients of the sum of what a function of arrays returns, times 1, 2, 3, ..."""
    tensors = [ag.Tensor(array) for array in arrays]
    result = function(*tensors)
    np.sum(result * np.arange(1.0, result.size + 1).reshape(result.shape)).backward()
    return [tensor.grad for tensor in tensors]


# Ranges.


def test_ends_of_a_range_get_their_weights():
    start, stop = gradient(lambda a, b: np.linspace(a, b, 3), 2.0, 5.0)
    assert (start, stop) == (1 * 1.0 + 2 * 0.5, 2 * 0.5 + 3 * 1.0)
    start, stop = gradient(lambda a, b: np.linspace(a, b, 2, endpoint=False), 2.0, 5.0)
    assert (start, stop) == (1 + 2 * 0.5, 2 * 0.5)


def test_ranges_of_one_point_and_of_none():
    for function in (np.linspace, np.geomspace):
        start, stop = gradient(lambda a, b, f=function: f(a, b, 1), 2.0, 5.0)
        assert (start, stop) == (1.0, 0.0)
        start, stop = gradient(lambda a, b, f=function: f(a, b, 0), 2.0, 5.0)
        assert (start, stop) == (0.0, 0.0)


def test_one_end_is_enough():
    (stop,) = gradient(lambda b: np.linspace(1.0, b, 3), 5.0)
    assert stop == 4.0
    (start,) = gradient(lambda a: np.geomspace(a, 8.0, 2), 2.0)
    assert start == 1.0
    (base,) = gradient(lambda b: np.logspace(1.0, 2.0, 2, base=b), 3.0)
    assert base == 1.0 + 2 * 2 * 3.0


def test_the_step_is_a_number_of_its_own():
    a, b = ag.Tensor(1.0), ag.Tensor([4.0, 7.0])
    samples, step = np.linspace(a, b, 4, retstep=True)
    expected, expected_step = np.linspace(1.0, [4.0, 7.0], 4, retstep=True)
    np.testing.assert_array_equal(samples.data, expected)
    np.testing.assert_array_equal(step.data, expected_step)
    np.sum(step).backward()
    np.testing.assert_allclose(b.grad, [1 / 3, 1 / 3])
    np.testing.assert_allclose(a.grad, -2 / 3)
    assert np.isnan(np.linspace(a, b, 1, retstep=True)[1])


def test_ranges_in_another_dtype():
    t = ag.Tensor(1.0)
    for function in (np.linspace, np.logspace, np.geomspace):
        result = function(t, 4.0, 3, dtype=np.float32)
        np.testing.assert_array_equal(
            result.data, function(1.0, 4.0, 3, dtype=np.float32), strict=True
        )
    whole = np.linspace(t, 4.0, 3, dtype=int)
    np.testing.assert_array_equal(whole, np.linspace(1.0, 4.0, 3, dtype=int), strict=True)


def test_bases_of_a_logarithmic_range():
    start, base = np.array([0.0, 1.0]), np.array([[2.0], [3.0]])
    for axis in (0, -1, 1):
        tensors = ag.Tensor(start), ag.Tensor(base)
        result = np.logspace(tensors[0], 2.0, 3, base=tensors[1], axis=axis)
        expected = np.logspace(start, 2.0, 3, base=base, axis=axis)
        np.testing.assert_array_equal(result.data, expected, strict=True)
        np.sum(result).backward()
        exponents = np.linspace(np.broadcast_to(start, (2, 2)), 2.0, 3)
        slopes = exponents * base ** (exponents - 1)
        np.testing.assert_allclose(tensors[1].grad, np.sum(slopes, (0, 2))[:, None])


def test_a_geometric_range_does_not_pass_zero():
    with pytest.raises(ValueError, match="cannot include zero"):
        np.geomspace(ag.Tensor(0.0), 1.0)
    start, stop = gradient(lambda a, b: np.geomspace(a, b, 3), -1.0, -4.0)
    np.testing.assert_allclose((start, stop), (1 + 2 * 0.5 * 2, 2 * 0.5 / 2 + 3))


# Fillings and grids.


def test_full_like_fills_as_numpy_does():
    t, value = ag.Tensor(np.ones((2, 2), np.float32)), ag.Tensor(3.0)
    result = np.full_like(t, value)
    assert result.dtype == np.float32
    result[0, 0] = 0.0  # it is an array of its own
    np.sum(result).backward()
    assert value.grad == 3.0
    plain = np.full_like(t, 7.0)
    np.testing.assert_array_equal(plain, np.full((2, 2), 7.0, np.float32), strict=True)
    assert type(plain) is np.ndarray


def test_an_array_is_not_filled_with_a_tensor_by_numpy():
    """NumPy does not ask the value what to do; its namespace here does."""
    value = ag.Tensor(3.0)
    with pytest.raises(DetachError, match="full_like does so too: write autograd"):
        np.full_like(np.zeros(2), value)
    np.sum(anp.full_like(np.zeros(2), value)).backward()
    assert value.grad == 2.0


def test_grids_that_are_copies_and_grids_that_are_views():
    t = ag.Tensor([1.0, 2.0])
    copy, _ = np.meshgrid(t, [5.0, 6.0, 7.0])
    copy[0, 0] = 9.0
    np.testing.assert_array_equal(t.data, [1.0, 2.0])
    (view,) = np.meshgrid(t, copy=False, sparse=True)
    view[0] = 9.0
    np.testing.assert_array_equal(t.data, [9.0, 2.0])
    with pytest.raises(ShapeError, match="indexing='xy' or 'ij', got 'yx'"):
        np.meshgrid(t, t, indexing="yx")


def test_powers_of_zero_have_finite_slopes():
    (found,) = gradient(np.vander, [0.0, 0.0, 2.0])
    np.testing.assert_array_equal(found, [2.0, 5.0, 4 * 7.0 + 8.0])
    with pytest.raises(ValueError, match="one-dimensional"):
        np.vander(ag.Tensor(np.ones((2, 2))))


# Functions of slices.


def test_functions_of_lines_get_arguments_and_keywords():
    def scaled(line, factor, power=1):
        return np.sum(factor * line**power)

    (found,) = gradient(
        lambda x: np.apply_along_axis(scaled, 1, x, 3.0, power=2), [[1.0, 2.0], [3.0, 4.0]]
    )
    np.testing.assert_array_equal(found, [[6.0, 12.0], [36.0, 48.0]])


def test_functions_of_lines_may_return_lists_and_constants():
    x = np.array([[1.0, 5.0], [4.0, 2.0]])
    places = np.apply_along_axis(np.argmax, 0, ag.Tensor(x))
    np.testing.assert_array_equal(places, [1, 0])
    assert type(places) is np.ndarray
    (found,) = gradient(lambda x: np.apply_along_axis(lambda line: [line[1], 2.0], 1, x), x)
    np.testing.assert_array_equal(found, [[0.0, 1.0], [0.0, 3.0]])


def test_functions_of_slices_that_cannot_be():
    t = ag.Tensor(np.ones((0, 2)))
    with pytest.raises(ShapeError, match=r"needs a line to apply .* got shape \(0, 2\)"):
        np.apply_along_axis(np.sum, 1, t)
    with pytest.raises(ShapeError, match=r"keeps an axis or drops it, got shape \(\)"):
        np.apply_over_axes(lambda x, _: np.sum(x), ag.Tensor(np.ones((2, 2, 2))), [0])
    with pytest.raises(np.exceptions.AxisError, match="axis 3"):
        np.apply_over_axes(np.sum, t, [3])
    with pytest.raises(KeywordError, match="does not take device="):
        np.linspace(t, 1.0, device="cpu")
