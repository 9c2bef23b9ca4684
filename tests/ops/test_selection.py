"""Reading, choosing and writing: what the rows of `rows/selection.py` cannot say."""

import numpy as np
import pytest

import autograd as ag
from autograd.errors import DetachError, DtypeError, KeywordError, ShapeError


def gradient(function, *arrays):
    """Return the gradients of the sum of what a function of arrays returns, times 1, 2, 3, ..."""
    tensors = [ag.Tensor(array) for array in arrays]
    result = function(*tensors)
    np.sum(result * np.arange(1.0, result.size + 1).reshape(result.shape)).backward()
    return [tensor.grad for tensor in tensors]


# Reading.


def test_an_index_that_is_taken_twice_adds_up():
    (found,) = gradient(lambda x: np.take(x, [2, 0, 2]), [5.0, 6.0, 7.0])
    np.testing.assert_array_equal(found, [2.0, 0.0, 4.0])


def test_indices_may_change_after_the_call():
    x, indices = ag.Tensor([1.0, 2.0]), np.array([0, 1])
    y = np.take(x, indices)
    indices[:] = 0
    np.sum(y).backward()
    np.testing.assert_array_equal(x.grad, [1.0, 1.0])


def test_take_reads_truth_values_as_numbers():
    """As NumPy does, unlike ``x[[True, False]]``."""
    result = np.take(ag.Tensor([1.0, 2.0]), [True, False, True])
    np.testing.assert_array_equal(result.data, [2.0, 1.0, 2.0])


def test_reading_raises_numpys_errors():
    x = ag.Tensor(np.ones((2, 3)))
    with pytest.raises(IndexError, match="out of bounds"):
        np.take(x, 3, axis=1)
    with pytest.raises(IndexError, match="out of bounds"):
        np.take(x, 7)
    with pytest.raises(TypeError, match="Cannot cast array"):
        np.take(x, [0.5])
    with pytest.raises(np.exceptions.AxisError, match="axis 2"):
        np.take(x, 0, axis=2)
    with pytest.raises(ValueError, match="same number of dimensions"):
        np.take_along_axis(x, np.zeros(3, int), axis=0)
    with pytest.raises(IndexError, match="integer"):
        np.take_along_axis(x, np.zeros((2, 3)), axis=0)
    with pytest.raises(IndexError, match="out of bounds"):
        np.compress([False, False, True], x, axis=0)
    with pytest.raises(ValueError, match="1-d"):
        np.compress([[True]], x)
    with pytest.raises(TypeError, match="positional arguments"):
        np.take(x, [0], None, np.zeros(1))  # out= is no argument here


def test_a_condition_may_be_a_tensor():
    """Its numbers are true or false; only what is read is differentiated."""
    (found, none) = gradient(lambda x, c: np.extract(c, x), [1.0, 2.0, 3.0], [0.0, 1.0, 2.0])
    np.testing.assert_array_equal(found, [0.0, 1.0, 2.0])
    assert none is None
    assert type(np.compress(ag.Tensor([1.0, 0.0]), np.arange(2.0))) is np.ndarray


# Choosing.


def test_what_is_not_chosen_may_have_an_infinite_derivative():
    x = np.array([0.0, 4.0])
    (found,) = gradient(lambda x: np.select([x > 0], [np.sqrt(x)], 7.0), x)
    np.testing.assert_array_equal(found, [0.0, 0.5])
    (found,) = gradient(lambda x: np.choose([0, 1], [np.zeros(2), np.sqrt(x)]), x)
    np.testing.assert_array_equal(found, [0.0, 0.5])


def test_the_first_condition_that_is_true_counts():
    def function(x):
        return np.select([[True, False, False], [True, True, False]], [2 * x, 3 * x], 5 * x)

    (found,) = gradient(function, [1.0, 1.0, 1.0])
    np.testing.assert_array_equal(found, [2.0, 6.0, 15.0])


def test_choices_have_a_common_dtype():
    t = ag.Tensor(np.ones(2, np.float32))
    for choices in ([t, 1.0], [t, np.ones(2)], [t, t], [t]):
        arrays = [getattr(choice, "data", choice) for choice in choices]
        found = np.choose([0, 0], choices)
        assert found.dtype == np.choose([0, 0], arrays).dtype
    assert np.select([[True, False]], [t], 2.0).dtype == np.float32
    assert np.select([[True, False]], [t], np.float64(2.0)).dtype == np.float64


def test_choosing_raises_numpys_errors():
    t = ag.Tensor(np.ones(2))
    with pytest.raises(ValueError, match="invalid entry"):
        np.choose([0, 2], [t, t])
    with pytest.raises(ValueError, match="same length"):
        np.select([[True, False]], [t, t])
    with pytest.raises(TypeError, match="boolean"):
        np.select([np.array([0, 1])], [t])
    with pytest.raises(ValueError, match="function"):
        np.piecewise(t, [[True, False]], [1.0, 2.0, 3.0])


def test_pieces_see_their_part_only():
    seen = []

    def function(x):
        seen.append(x.data.tolist())
        return np.log(x)

    x = np.array([-1.0, 0.0, 2.0, 4.0])
    (found,) = gradient(lambda x: np.piecewise(x, [x > 0, x > 3], [function, 0.0]), x)
    assert seen == [[2.0, 4.0]]
    np.testing.assert_array_equal(found, [0.0, 0.0, 1.5, 0.0])  # the later condition counts


def test_pieces_get_arguments_and_keywords():
    def scaled(x, factor, shift=0.0):
        return factor * x + shift

    t = ag.Tensor([-1.0, 1.0])
    result = np.piecewise(t, [t > 0], [scaled, 9.0], 3.0, shift=0.5)
    np.testing.assert_array_equal(result.data, [9.0, 3.5])
    np.sum(result).backward()
    np.testing.assert_array_equal(t.grad, [0.0, 3.0])


def test_pieces_of_one_number_and_of_none():
    assert ag.grad(lambda x: np.piecewise(x, [x > 0], [lambda x: x * x]))(3.0) == 6.0
    assert np.piecewise(ag.Tensor(np.ones(0)), [np.ones(0, bool)], [lambda x: x]).shape == (0,)


# Diagonals and triangles.


def test_outside_of_the_diagonal_the_derivative_may_be_infinite():
    x = np.array([[4.0, 0.0], [0.0, 1.0]])
    (found,) = gradient(lambda x: np.diagonal(np.sqrt(x)), x)
    np.testing.assert_array_equal(found, [[0.25, 0.0], [0.0, 1.0]])
    for one_sided in (np.tril, np.triu):
        found = ag.grad(lambda x, f=one_sided: np.sum(f(np.sqrt(x), 0)))(
            one_sided(np.full((2, 2), 4.0))
        )
        np.testing.assert_array_equal(found, one_sided(np.full((2, 2), 0.25)))


def test_diagonals_of_what_has_none():
    with pytest.raises(ShapeError, match=r"one or two axes, got shape \(1, 1, 1\)"):
        np.diag(ag.Tensor(np.ones((1, 1, 1))))
    with pytest.raises(ValueError, match="at least two dimensions"):
        np.trace(ag.Tensor(np.ones(2)))


def test_trace_in_another_dtype():
    t = ag.Tensor(np.ones((2, 2), np.float32))
    result = np.trace(t, dtype=np.float64)
    assert result.dtype == np.float64
    result.backward()
    assert t.grad.dtype == np.float32


# Writing.


WRITES = {
    "copyto": lambda a, v: np.copyto(a, v[0]),
    "copyto where": lambda a, v: np.copyto(a, v[:3], where=[True, False, True]),
    "put": lambda a, v: np.put(a, [7, -1, 8, 1], v[:3], mode="wrap"),
    "place": lambda a, v: np.place(a, a > 4, v[:2]),
    "putmask": lambda a, v: np.putmask(a, a > 4, v),
    "fill_diagonal": lambda a, v: np.fill_diagonal(a, v[:2]),
    "put_along_axis": lambda a, v: np.put_along_axis(a, np.array([[2], [0], [2]]), v[0], axis=1),
    "put nothing": lambda a, _: np.put(a, [0], []),
    "place nothing": lambda a, _: np.place(a, a > 100, []),
    "putmask nothing": lambda a, _: np.putmask(a, a > 4, []),
}


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
def test_writes_do_what_they_do_to_arrays(write):
    """The value is NumPy's; each element of the values gets what stands where it went."""
    a, v = np.arange(9.0).reshape(3, 3), np.array([100.0, 200.0, 300.0, 400.0])
    expected = a.copy()
    assert write(expected, v) is None
    start, values = ag.Tensor(a.copy()), ag.Tensor(v)
    tensor = np.copy(start)
    assert write(tensor, values) is None
    np.testing.assert_array_equal(tensor.data, expected, strict=True)
    weights = np.arange(1.0, 10.0).reshape(3, 3)
    np.sum(tensor * weights).backward()
    np.testing.assert_array_equal(start.grad, np.where(expected == a, weights, 0))
    sums = [np.sum(weights[expected == value]) for value in v]
    found = np.zeros(4) if values.grad is None else values.grad
    np.testing.assert_array_equal(found, sums)


SEEN = ["copyto", "copyto where", "put", "place", "putmask", "put_along_axis"]


@pytest.mark.parametrize("write", [WRITES[name] for name in SEEN], ids=SEEN)
def test_writing_a_tensor_into_an_array_raises(write):
    """Where NumPy asks the values: `np.fill_diagonal` does not."""
    with pytest.raises(DetachError, match=r"make the array a Tensor first: ag.Tensor\(array\)"):
        write(np.ones((3, 3)), ag.Tensor(np.ones(4)))


def test_writes_are_seen_in_what_is_viewed():
    t = ag.Tensor(np.zeros((2, 2)))
    np.fill_diagonal(np.fliplr(t), [1.0, 2.0])
    np.testing.assert_array_equal(t.data, [[0.0, 1.0], [2.0, 0.0]])


def test_writes_that_cannot_be():
    t = ag.Tensor(np.zeros((2, 3)))
    with pytest.raises(ShapeError, match=r"np.place needs a mask of the size of shape \(2, 3\)"):
        np.place(t, [True], 1.0)
    with pytest.raises(ShapeError, match=r"np.putmask needs a mask .* got \(1,\)"):
        np.putmask(t, [True], 1.0)
    with pytest.raises(ShapeError, match="has no values to write"):
        np.place(t, np.ones((2, 3), bool), [])
    with pytest.raises(KeywordError, match="axis=None writes into a copy"):
        np.put_along_axis(t, np.array([0]), 1.0, axis=None)
    with pytest.raises(TypeError, match="Cannot cast"):
        np.copyto(t, np.float32(1.0), casting="no")
    with pytest.raises(DtypeError, match="imaginary part"):
        np.copyto(t, 1j, casting="unsafe")
    with pytest.raises(IndexError, match="out of bounds"):
        np.put(t, [6], 1.0)
    with pytest.raises(ValueError, match="broadcast"):
        np.copyto(t, np.ones(2))
    with pytest.raises(ValueError, match="at least 2-d"):
        np.fill_diagonal(t[0], 1.0)
    np.testing.assert_array_equal(t.data, np.zeros((2, 3)))
