"""Sorting and sets: what the rows of `rows/sorting.py` cannot say."""

import numpy as np
import pytest

import autograd as ag
from autograd.errors import KeywordError

WEIGHTS = np.arange(1.0, 7.0)


def gradient(function, *arrays):
    """Return the gradients of the sum of what a function of arrays returns, times 1, 2, 3, ..."""
    tensors = [ag.Tensor(array) for array in arrays]
    result = function(*tensors)
    np.sum(result * WEIGHTS[: result.size]).backward()
    return [tensor.grad for tensor in tensors]


# Orders.


def test_equal_elements_are_sorted_as_they_stand():
    for kind in (None, "quicksort", "heapsort", "stable"):
        (found,) = gradient(lambda x, k=kind: np.sort(x, kind=k), [2.0, 1.0, 2.0, 1.0])
        np.testing.assert_array_equal(found, [3.0, 1.0, 4.0, 2.0])
    (found,) = gradient(lambda x: np.sort(x, stable=True), [1.0, 1.0])
    np.testing.assert_array_equal(found, [1.0, 2.0])


def test_nan_is_last():
    (found,) = gradient(np.sort, [np.nan, 2.0, 1.0])
    np.testing.assert_array_equal(found, [3.0, 2.0, 1.0])


def test_sorting_through_sort_of_an_index_is_the_same():
    x = np.array([0.5, -1.0, 3.0, 2.0])
    (found,) = gradient(np.sort, x)
    (expected,) = gradient(lambda x: x[np.argsort(x)], x)
    np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize("kth", [2, -1, [0, 3]])
def test_partition_puts_the_kth_where_sorting_puts_it(kth):
    x = np.arange(40.0)[::-1] % 17
    t = ag.Tensor(x)
    result = np.partition(t, kth)
    np.testing.assert_array_equal(result.data[kth], np.sort(x)[kth])
    for k in np.atleast_1d(kth) % x.size:
        assert np.all(result.data[:k] <= result.data[k])
        assert np.all(result.data[k:] >= result.data[k])
    np.sum(result * result).backward()
    np.testing.assert_array_equal(t.grad, 2 * x)


def test_sort_complex_makes_complex_numbers():
    for dtype in (np.float32, np.float64, np.longdouble, np.complex64):
        t = ag.Tensor(np.array([2, 1], dtype))
        result = np.sort_complex(t)
        expected = np.sort_complex(t.data)
        np.testing.assert_array_equal(result.data, expected, strict=True)
        np.sum(np.real(result) * [1.0, 2.0]).backward()
        np.testing.assert_array_equal(t.grad, np.array([2, 1], dtype), strict=True)


def test_keywords_that_are_not_for_tensors():
    t = ag.Tensor(np.ones(3))
    with pytest.raises(KeywordError, match="of a Tensor does not take order="):
        np.sort(t, order="x")
    with pytest.raises(KeywordError, match="of a Tensor does not take order="):
        np.partition(t, 1, order="x")
    with pytest.raises(ValueError, match="sort kind"):
        np.sort(t, kind="nonsense")
    with pytest.raises(ValueError, match="out of bounds"):
        np.partition(t, 5)
    with pytest.raises(np.exceptions.AxisError, match="axis 1"):
        np.sort(t, axis=1)


# Sets.


def test_equal_elements_share_equally_as_in_max():
    x = [2.0, 5.0, 2.0, 5.0, 5.0, 1.0]
    (found,) = gradient(np.unique, x)
    np.testing.assert_allclose(found, [1.0, 1.0, 1.0, 1.0, 1.0, 1.0])
    (largest,) = gradient(np.max, x)
    (last,) = gradient(lambda x: np.unique(x)[-1], x)
    np.testing.assert_allclose(last, largest)


def test_equal_rows_share_equally():
    (found,) = gradient(lambda x: np.unique(x, axis=0)[:, 1], [[3.0, 4.0], [0.0, 9.0], [3.0, 4.0]])
    np.testing.assert_array_equal(found, [[0.0, 1.0], [0.0, 1.0], [0.0, 1.0]])


def test_tangents_of_equal_elements_are_averaged():
    value, tangent = ag.jvp(np.unique, (np.array([2.0, 1.0, 2.0]),), (np.array([1.0, 7.0, 4.0]),))
    np.testing.assert_array_equal(value, [1.0, 2.0])
    np.testing.assert_array_equal(tangent, [7.0, 2.5])


def test_what_describes_unique_values_is_constant():
    x = np.array([[2.0, 1.0], [1.0, 2.0]])
    found, expected = np.unique(ag.Tensor(x), True, True, True), np.unique(x, True, True, True)
    assert isinstance(found[0], ag.Tensor)
    for ours, numpys in zip(found[1:], expected[1:], strict=True):
        np.testing.assert_array_equal(ours, numpys, strict=True)
    found, expected = np.unique_all(ag.Tensor(x)), np.unique_all(x)
    assert found._fields == expected._fields
    np.testing.assert_array_equal(found.values.data, expected.values)
    np.testing.assert_array_equal(found.inverse_indices, expected.inverse_indices, strict=True)


@pytest.mark.parametrize("equal", [True, False])
def test_nans_are_one_or_many(equal):
    x = np.array([np.nan, 1.0, np.nan])
    t = ag.Tensor(x)
    result = np.unique(t, equal_nan=equal)
    np.testing.assert_array_equal(result.data, np.unique(x, equal_nan=equal))
    result[0].backward()
    np.testing.assert_array_equal(t.grad, [0.0, 1.0, 0.0])


@pytest.mark.skipif(np.lib.NumpyVersion(np.__version__) < "2.3.0", reason="sorted= is newer")
def test_unique_is_always_sorted():
    with pytest.raises(KeywordError, match="of a Tensor does not take sorted="):
        np.unique(ag.Tensor([1.0]), sorted=False)


def test_sets_share_what_both_have():
    a, b = [1.0, 2.0, 3.0], [[3.0], [1.0], [3.0]]
    for function, expected in (
        (np.union1d, ([0.5, 2.0, 1.0], [[1.0], [0.5], [1.0]])),
        (np.intersect1d, ([0.5, 0.0, 2 / 3], [[2 / 3], [0.5], [2 / 3]])),
        (np.setxor1d, ([0.0, 1.0, 0.0], [[0.0], [0.0], [0.0]])),
        (np.setdiff1d, ([0.0, 1.0, 0.0], None)),
    ):
        result = function(ag.Tensor(a), ag.Tensor(b))
        np.testing.assert_array_equal(result.data, function(a, b), strict=True)
        for found, e in zip(gradient(function, a, b), expected, strict=True):
            if e is None:
                assert found is None
            else:
                np.testing.assert_allclose(found, e)


def test_sets_of_tensors_and_arrays():
    a, b = np.array([4.0, 1.0, 4.0, 2.0]), ag.Tensor([2.0, 7.0])
    common, first, second = np.intersect1d(a, b, return_indices=True)
    np.testing.assert_array_equal(common.data, [2.0])
    assert (first, second) == (3, 0)
    left = np.setdiff1d(a, b, assume_unique=True)
    np.testing.assert_array_equal(left, [4.0, 1.0, 4.0])
    assert type(left) is np.ndarray
    np.testing.assert_array_equal(np.isin(a, b), [False, False, False, True])
