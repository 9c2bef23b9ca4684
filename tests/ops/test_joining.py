"""Joining, cutting, repeating and padding: what the rows of `rows/joining.py` cannot say."""

import numpy as np
import pytest

import autograd as ag
from autograd.errors import DtypeError, KeywordError, ShapeError


def weighted(result):
    """Return the sum of a result times 1, 2, 3, ..."""
    return np.sum(result * np.arange(1.0, result.size + 1).reshape(result.shape))


# Joining.


@pytest.mark.parametrize("join", [np.vstack, np.hstack, np.dstack, np.column_stack])
def test_a_tensor_is_a_sequence_of_its_rows(join):
    x = np.arange(6).reshape(2, 3)
    t = ag.Tensor(x, dtype=float)
    result = join(t)
    np.testing.assert_array_equal(result.data, join(x))
    weighted(result).backward()
    np.testing.assert_array_equal(t.grad, 1.0 + np.argsort(join(x), axis=None)[x])


def test_joining_in_another_dtype():
    t = ag.Tensor(np.ones(2))
    for join in (np.vstack, np.hstack):
        assert join([t, t], dtype=np.float32).dtype == np.float32
        with pytest.raises(TypeError, match="Cannot cast"):
            join([t, t], dtype=np.float32, casting="no")


@pytest.mark.parametrize(
    "nest",
    [
        lambda a, b: a,
        lambda a, b: [a, b],
        lambda a, b: [[a, b], [b, a]],
        lambda a, b: [[[a], [b]], [[3.0], [4.0]]],
        lambda a, b: [[a, 5.0], [1.0, b]],
        lambda a, b: [[np.ones((1, 2)), np.zeros((1, 1))], [a, b, 1.0]],
    ],
)
def test_blocks_at_any_depth(nest):
    a, b = ag.Tensor(2.0), ag.Tensor(7.0)
    result = np.block(nest(a, b))
    expected = np.block(nest(2.0, 7.0))
    np.testing.assert_array_equal(result.data, expected, strict=True)
    weighted(result).backward()
    numbers = np.arange(1.0, expected.size + 1).reshape(expected.shape)
    for t in (a, b):
        assert (0.0 if t.grad is None else t.grad) == np.sum(numbers[expected == t.item()])


def test_blocks_that_do_not_fit():
    t = ag.Tensor(1.0)
    with pytest.raises(ShapeError, match=r"nested equally deep and not empty, got depths \[0, 1\]"):
        np.block([t, [t]])
    with pytest.raises(ShapeError, match=r"not empty, got depths \[\]"):
        np.block([[t], []])
    with pytest.raises(TypeError, match="got a tuple; make it a list"):
        np.block([(t, t), t])


# Cutting.


def test_pieces_are_views():
    t = ag.Tensor(np.arange(4.0))
    first, second = np.split(t, 2)
    second[0] = 10.0
    np.testing.assert_array_equal(t.data, [0.0, 1.0, 10.0, 3.0])
    np.testing.assert_array_equal(first.data, [0.0, 1.0])


def test_cutting_raises_numpys_errors():
    t = ag.Tensor(np.ones(5))
    with pytest.raises(ValueError, match="equal division"):
        np.split(t, 2)
    with pytest.raises(ValueError, match="larger than 0"):
        np.array_split(t, 0)
    with pytest.raises(ValueError, match="2 or more dimensions"):
        np.vsplit(t, 1)
    with pytest.raises(np.exceptions.AxisError, match="axis 1"):
        np.split(t, 1, axis=1)


def test_places_of_cuts_may_not_be_tensors():
    with pytest.raises(TypeError, match="slice indices must be integers"):
        np.split(np.ones(5), ag.Tensor([2.0]))


# Taking out, putting in.


def test_insert_takes_the_dtype_of_the_array():
    single = np.ones(2, np.float32)
    t = ag.Tensor(3.0)
    result = np.insert(single, 1, t)
    assert result.dtype == np.float32
    result[1].backward()
    assert t.grad == 1.0
    with pytest.raises(DtypeError, match=r"np.insert of float64 into .* int64 would lose"):
        np.insert(np.ones(2, np.int64), 1, t)
    with pytest.raises(DtypeError, match="would lose a gradient"):
        np.insert(ag.Tensor(1.0) * np.ones(2), 1, ag.Tensor(1j))


def test_places_that_are_not_there():
    t = ag.Tensor(np.ones(3))
    with pytest.raises(IndexError, match="out of bounds"):
        np.insert(t, 5, 1.0)
    with pytest.raises(IndexError, match="out of bounds"):
        np.delete(t, 3)


def test_append_to_a_list_of_tensors():
    a, b = ag.Tensor(1.0), ag.Tensor([2.0, 3.0])
    result = np.append([a, 5.0 * a], b)
    np.testing.assert_array_equal(result.data, [1.0, 5.0, 2.0, 3.0])
    weighted(result).backward()
    assert a.grad == 11.0
    np.testing.assert_array_equal(b.grad, [3.0, 4.0])


@pytest.mark.parametrize("trim", ["fb", "f", "b", "BF"])
def test_zeros_are_trimmed_at_the_borders_only(trim):
    x = np.array([0.0, 0.0, 3.0, 0.0, np.nan, 0.0])
    t = ag.Tensor(x)
    result = np.trim_zeros(t, trim)
    np.testing.assert_array_equal(result.data, np.trim_zeros(x, trim))
    np.sum(result).backward()
    kept = np.trim_zeros(np.where(x == 0, 0.0, np.arange(1.0, 7.0)), trim)
    start = 0 if "f" not in trim.lower() else 2
    np.testing.assert_array_equal(np.flatnonzero(t.grad), np.arange(start, start + len(kept)))


def test_only_zeros_are_trimmed_to_nothing():
    assert np.trim_zeros(ag.Tensor(np.zeros(3))).shape == (0,)
    assert np.trim_zeros(ag.Tensor(np.zeros(0))).shape == (0,)


@pytest.mark.skipif(np.lib.NumpyVersion(np.__version__) < "2.2.0", reason="one axis before")
def test_zeros_are_trimmed_in_each_axis():
    x = np.zeros((4, 5))
    x[1, 2], x[2, 1] = 3.0, 4.0
    for axis in (None, 0, -1, (0, 1)):
        t = ag.Tensor(x)
        result = np.trim_zeros(t, axis=axis)
        np.testing.assert_array_equal(result.data, np.trim_zeros(x, axis=axis), strict=True)
        np.sum(result * result).backward()
        np.testing.assert_array_equal(t.grad, 2 * x)
    with pytest.raises(ValueError, match="trim"):
        np.trim_zeros(ag.Tensor(x), "x")


# Repeating.


def test_counts_may_change_after_the_call():
    t, counts = ag.Tensor([1.0, 2.0]), np.array([3, 1])
    result = np.repeat(t, counts)
    counts[:] = 2
    np.sum(result).backward()
    np.testing.assert_array_equal(t.grad, [3.0, 1.0])


def test_repeating_raises_numpys_errors():
    t = ag.Tensor(np.ones(2))
    with pytest.raises(ValueError, match="negative"):
        np.repeat(t, -1)
    with pytest.raises(ValueError, match="broadcast"):
        np.repeat(t, [1, 2, 3])
    with pytest.raises(ValueError, match="negative"):
        np.resize(t, (-1,))
    with pytest.raises(TypeError, match=r"int\(\) of a Tensor"):
        np.repeat(np.ones(2), ag.Tensor(2.0))


# Padding.


def test_constants_may_be_tensors():
    """A corner belongs to the last axis, as NumPy fills it."""
    t, c, d = ag.Tensor(np.ones((1, 1))), ag.Tensor(2.0), ag.Tensor(3.0)
    result = np.pad(t, 1, constant_values=((c, c), (d, 4.0)))
    expected = [[3.0, 2.0, 4.0], [3.0, 1.0, 4.0], [3.0, 2.0, 4.0]]
    np.testing.assert_array_equal(result.data, expected)
    weighted(result).backward()
    assert (t.grad, c.grad, d.grad) == ([[5.0]], 10.0, 12.0)


def test_ends_of_ramps_may_be_tensors():
    t, end = ag.Tensor([4.0]), ag.Tensor(0.0)
    result = np.pad(t, (2, 0), "linear_ramp", end_values=end)
    np.testing.assert_array_equal(result.data, [0.0, 2.0, 4.0])
    np.sum(result).backward()
    np.testing.assert_array_equal(t.grad, [1.5])
    assert end.grad == 1.5


def test_equal_elements_share_what_a_border_takes_from_them():
    t = ag.Tensor([2.0, 1.0, 2.0])
    np.sum(np.pad(t, (0, 2), "maximum")).backward()
    np.testing.assert_array_equal(t.grad, [2.0, 1.0, 2.0])


@pytest.mark.parametrize("mode", ["reflect", "symmetric"])
@pytest.mark.parametrize("widths", [(1, 1), (9, 4), (0, 11)])
def test_odd_reflections_that_turn_often(mode, widths):
    """The value is NumPy's; the gradient is the transpose of NumPy's pad, column by column."""
    x = np.array([1.5, -0.25, 4.0])
    t = ag.Tensor(x)
    result = np.pad(t, widths, mode, reflect_type="odd")
    columns = np.array([np.pad(e, widths, mode, reflect_type="odd") for e in np.eye(3)])
    np.testing.assert_allclose(result.data, columns.T @ x, rtol=0, atol=1e-13)
    weights = np.arange(1.0, result.size + 1)
    np.sum(result * weights).backward()
    np.testing.assert_allclose(t.grad, columns @ weights, rtol=1e-13)


def test_infinite_numbers_stay_where_they_are():
    x = np.array([1.0, 2.0, np.inf, 3.0, 4.0])
    result = np.pad(ag.Tensor(x), 1, "reflect", reflect_type="odd")
    np.testing.assert_array_equal(result.data, np.pad(x, 1, "reflect", reflect_type="odd"))


@pytest.mark.skipif(np.lib.NumpyVersion(np.__version__) < "2.2.0", reason="no dictionaries before")
@pytest.mark.parametrize("mode", ["constant", "edge", "mean"])
def test_widths_by_axis(mode):
    x = np.arange(6.0).reshape(2, 3)
    t = ag.Tensor(x)
    result = np.pad(t, {-1: (0, 2), 0: 1}, mode)
    np.testing.assert_array_equal(result.data, np.pad(x, {-1: (0, 2), 0: 1}, mode))
    np.sum(result[1:3, :3]).backward()
    np.testing.assert_array_equal(t.grad, np.ones((2, 3)))


def test_empty_arrays_have_borders_of_constants():
    assert np.pad(ag.Tensor(np.ones((0, 2))), 1).shape == (2, 4)
    assert np.pad(ag.Tensor(np.ones((0, 2))), ((0, 0), (1, 0)), "mean").shape == (0, 3)
    for mode in ("mean", "edge", "linear_ramp"):
        with pytest.raises(ValueError, match="can't extend empty axis 0"):
            np.pad(ag.Tensor(np.ones((0, 2))), 1, mode)


def test_modes_and_options_that_cannot_be():
    t = ag.Tensor(np.ones(3))
    for mode in ("empty", lambda *_: None):
        with pytest.raises(KeywordError, match=r"np.pad of a Tensor does not take mode="):
            np.pad(t, 1, mode)
    with pytest.raises(ValueError, match="not supported"):
        np.pad(t, 1, "nonsense")
    for mode in ("edge", "mean", "constant"):
        with pytest.raises(ValueError, match="unsupported keyword"):
            np.pad(t, 1, mode, end_values=1.0)
    with pytest.raises(ValueError, match="negative"):
        np.pad(t, -1, "mean")
    with pytest.raises(TypeError, match="integral"):
        np.pad(t, 0.5)
    with pytest.raises(KeywordError, match="does not take depth="):
        np.pad(t, 1, depth=2)
