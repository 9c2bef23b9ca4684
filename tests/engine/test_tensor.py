"""Tensor as an object: how it is made, what it tells, what it refuses."""

import copy
import math
import pickle
import re

import numpy as np
import pytest
from numpy.testing import assert_array_equal

import autograd as ag
from autograd.errors import DetachError, DtypeError, NoGraphError, ShapeError

# Construction.


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (2.5, np.array(2.5)),
        (np.float64(2.5), np.array(2.5)),
        (np.float32(2.5), np.array(2.5, np.float32)),
        ([1.0, 2.0], np.array([1.0, 2.0])),
        (((1.0, 2), (3, 4)), np.array([[1.0, 2.0], [3.0, 4.0]])),
        (np.ones((2, 0), np.float16), np.ones((2, 0), np.float16)),
        (np.array(3.0, np.longdouble), np.array(3.0, np.longdouble)),
        (1 + 2j, np.array(1 + 2j)),
        (np.array([1j], np.complex64), np.array([1j], np.complex64)),
    ],
    ids=repr,
)
def test_a_tensor_holds_what_numpy_makes_of_its_data(data, expected):
    t = ag.Tensor(data)
    assert type(t.data) is np.ndarray
    assert_array_equal(t.data, expected, strict=True)
    assert (t.shape, t.dtype, t.ndim, t.size) == (
        expected.shape,
        expected.dtype,
        expected.ndim,
        expected.size,
    )
    assert (t.nbytes, t.itemsize) == (expected.nbytes, expected.itemsize)
    assert t.requires_grad
    assert t.grad is None
    assert t.name is None


def test_memory_is_shared_not_copied():
    array = np.ones(3)
    t = ag.Tensor(array)
    assert t.data is array
    assert t.numpy() is array
    assert t.detach().data is array


@pytest.mark.parametrize(
    ("data", "dtype"),
    [
        (3, "int64"),
        ([1, 2], "int64"),
        (True, "bool"),
        (np.array([True]), "bool"),
        (np.uint8(3), "uint8"),
        ("a", "<U1"),
        (None, "object"),
        ([ag.Tensor(1.0), 2.0], "object"),
        (np.array("2020-01-01", "datetime64[D]"), r"datetime64\[D\]"),
    ],
    ids=repr,
)
def test_only_real_and_complex_numbers_vary(data, dtype):
    with pytest.raises(DtypeError, match=f"real or complex numbers, got {dtype}.*dtype=float"):
        ag.Tensor(data)


def test_a_dtype_makes_numbers_of_integers():
    assert_array_equal(ag.Tensor([1, 2], dtype=float).data, [1.0, 2.0], strict=True)
    single = np.array([1.0, 2.0], np.float32)
    assert_array_equal(ag.Tensor([1, 2], dtype=np.float32).data, single, strict=True)
    assert ag.Tensor(2.0, dtype="float32").dtype == np.float32
    with pytest.raises(DtypeError, match="got int64"):
        ag.Tensor(2.0, dtype=int)


def test_a_tensor_of_a_tensor_is_refused():
    with pytest.raises(DetachError, match=r"a Tensor of a Tensor.*t\.detach\(\)"):
        ag.Tensor(ag.Tensor(1.0))


def test_a_constant_tensor_is_not_differentiated():
    c = ag.Tensor([1.0, 2.0], requires_grad=False, name="c")
    assert (c.requires_grad, c.op, c.parents, c.vjps, c.grad) == (False, None, (), (), None)
    assert c.name == "c"
    assert not (c * c).requires_grad
    c.zero_grad()
    c.grad = None
    with pytest.raises(NoGraphError, match="a constant Tensor has no gradient"):
        c.grad = np.ones(2)


def test_a_leaf_can_be_frozen_and_made_a_variable_again():
    t = ag.Tensor([1.0, 2.0], name="weight")
    np.sum(t * t).backward()
    t.requires_grad = False
    assert (t.requires_grad, t.grad, t.name, t.is_leaf) == (False, None, "weight", True)
    assert not (t * t).requires_grad
    again = pickle.loads(pickle.dumps(t))
    assert (again.requires_grad, again.is_leaf) == (False, True)
    t.requires_grad = True
    assert (t.requires_grad, t.grad, t.name, t.is_leaf) == (True, None, "weight", True)
    np.sum(t * t).backward()
    assert_array_equal(t.grad, [2.0, 4.0])
    t.requires_grad = True  # it is one: nothing is forgotten
    assert_array_equal(t.grad, [2.0, 4.0])


def test_what_was_computed_is_no_leaf_and_cannot_be_frozen():
    t = ag.Tensor([1.0, 2.0])
    y = t * t
    with pytest.raises(DetachError, match=r"the result of multiply depends on variables.*detach"):
        y.requires_grad = False
    assert y.requires_grad
    with ag.no_grad():
        z = t * t
    for computed in (y, z, t.detach(), np.sum(ag.Tensor([1.0], requires_grad=False))):
        assert not computed.is_leaf
    c = ag.Tensor([1.0], requires_grad=False)
    c[0] = t[0]
    assert not c.is_leaf


def test_tensor_is_its_own_alias():
    assert ag.tensor is ag.Tensor


# Names.


def test_names_are_kept():
    t = ag.Tensor(1.0, name="weight")
    assert t.name == "weight"
    t.name = None
    assert t.name is None
    y = t * 2.0
    y.name = "y"
    assert ((y + 0.0).parents[0].name, y.op) == ("y", "multiply")


# data and grad.


def test_data_can_be_set_where_it_was_not_computed():
    t = ag.Tensor([1.0, 2.0])
    t.data = np.array([3.0, 4.0])
    np.sum(t * t).backward()
    assert_array_equal(t.grad, [6.0, 8.0])
    c = ag.Tensor(1.0, requires_grad=False)
    c.data = 5.0
    assert c.item() == 5.0


def test_setting_data_does_not_change_what_was_recorded():
    t = ag.Tensor([1.0, 2.0])
    y = np.sum(t * t)
    t.data = np.array([100.0, 100.0])
    y.backward()
    assert_array_equal(t.grad, [2.0, 4.0])


def test_data_changes_in_place():
    t = ag.Tensor([1.0, 2.0])
    t.data -= 1.0
    t.data[1] = 7.0
    assert_array_equal(t.data, [0.0, 7.0])


@pytest.mark.parametrize(
    ("data", "got"),
    [
        ([1.0], r"got \(1,\) and float64"),
        (1.0, r"got \(\) and float64"),
        ([1, 2], r"got \(2,\) and int64"),
        (np.ones(2, np.float32), r"got \(2,\) and float32"),
    ],
)
def test_data_keeps_shape_and_dtype(data, got):
    t = ag.Tensor([1.0, 2.0])
    with pytest.raises(ShapeError, match=r"data must stay of shape \(2,\) and float64, " + got):
        t.data = data
    assert_array_equal(t.data, [1.0, 2.0])


def test_data_of_a_result_cannot_be_set():
    y = ag.Tensor(1.0) * 2.0
    with pytest.raises(
        DetachError, match=r"data of the result of multiply cannot be set.*t\.detach"
    ):
        y.data = np.array(3.0)


def test_grad_keeps_the_shape():
    t = ag.Tensor([1.0, 2.0])
    with pytest.raises(ShapeError, match=r"shape of its Tensor, \(2,\), got \(3,\)"):
        t.grad = np.ones(3)


def test_detach_is_a_constant():
    t = ag.Tensor([1.0, 2.0])
    d = (t * 2.0).detach()
    assert not d.requires_grad
    assert_array_equal(d.data, [2.0, 4.0])
    np.sum(t * d).backward()
    assert_array_equal(t.grad, [2.0, 4.0])


# Python's protocols.


@pytest.mark.parametrize(
    ("tensor", "text"),
    [
        (ag.Tensor(2.5), "Tensor(2.5)"),
        (ag.Tensor([1.0, 2.5]), "Tensor([1. , 2.5])"),
        (ag.Tensor(np.float32(2.5)), "Tensor(2.5, dtype=float32)"),
        (ag.Tensor([[1.0], [2.0]]), "Tensor([[1.],\n        [2.]])"),
        (ag.Tensor(1.0) * 3.0, "Tensor(3.)"),
    ],
    ids=repr,
)
def test_repr_shows_the_value(tensor, text):
    assert repr(tensor) == str(tensor) == f"{tensor}" == text


def test_a_large_tensor_is_abridged():
    assert len(repr(ag.Tensor(np.zeros(100_000)))) < 100


def test_format_of_one_element():
    assert f"{ag.Tensor(1.23456):.2f}" == "1.23"
    assert f"{ag.Tensor([[1.23456]]):8.3f}" == "   1.235"
    assert f"{ag.Tensor(np.float32(0.5)):.1%}" == "50.0%"
    with pytest.raises(TypeError, match="format"):
        f"{ag.Tensor([1.0, 2.0]):.2f}"


def test_item_and_tolist():
    assert type(ag.Tensor([2.5]).item()) is float
    assert ag.Tensor([[2.5]]).item() == 2.5
    assert (ag.Tensor(2.0) * 2.0).item() == 4.0
    assert ag.Tensor([[1.0, 2.0]]).tolist() == [[1.0, 2.0]]
    with pytest.raises(ValueError, match="size 1"):
        ag.Tensor([1.0, 2.0]).item()


def test_len_is_that_of_the_first_axis():
    assert len(ag.Tensor(np.zeros((3, 2)))) == 3
    for scalar in (ag.Tensor(1.0), ag.Tensor(1.0) * 2.0):
        with pytest.raises(TypeError, match="unsized"):
            len(scalar)


def test_iteration_goes_over_the_first_axis_and_is_recorded():
    x = ag.Tensor([[1.0, 2.0], [3.0, 4.0]])
    first, second = x
    assert (first.op, first.shape) == ("getitem", (2,))
    (np.sum(first) + 10 * np.sum(second * second)).backward()
    assert_array_equal(x.grad, [[1.0, 1.0], [60.0, 80.0]])
    assert [row.item() for row in reversed(ag.Tensor([1.0, 2.0]))] == [2.0, 1.0]
    assert list(ag.Tensor(np.zeros((0, 3)))) == []
    with pytest.raises(TypeError, match="iteration over a 0-d Tensor"):
        iter(ag.Tensor(1.0))


def test_bool_is_that_of_the_one_element():
    assert ag.Tensor([2.0])
    assert not ag.Tensor(0.0)
    assert ag.Tensor(1.0) > 0.5
    with pytest.raises(ValueError, match="ambiguous"):
        bool(ag.Tensor([1.0, 2.0]))


def test_hash_is_by_identity_and_comparison_by_value():
    a, b = ag.Tensor([1.0, 2.0]), ag.Tensor([1.0, 2.0])
    assert len({a, b, a}) == 2
    assert {a: "a"}[a] == "a"
    equal = a == b
    assert type(equal) is np.ndarray
    assert equal.all()
    assert (a != b).tolist() == [False, False]


def test_membership_is_numpys():
    assert 2.0 in ag.Tensor([1.0, 2.0])
    assert 5.0 not in ag.Tensor([1.0, 2.0])


@pytest.mark.parametrize("protocol", range(2, pickle.HIGHEST_PROTOCOL + 1))
def test_a_leaf_is_pickled_with_value_name_and_kind(protocol):
    for t in (
        ag.Tensor(np.ones((2, 3), np.float32), name="w"),
        ag.Tensor(2.0),
        ag.Tensor([1.0], requires_grad=False, name="c"),
    ):
        again = pickle.loads(pickle.dumps(t, protocol))
        assert_array_equal(again.data, t.data, strict=True)
        assert (again.name, again.requires_grad) == (t.name, t.requires_grad)
        assert (again.op, again.parents) == (None, ())


def test_a_deep_copy_has_memory_of_its_own():
    t = ag.Tensor([1.0, 2.0], name="w")
    twin = copy.deepcopy({"w": t, "again": t})
    assert twin["w"] is twin["again"]
    twin["w"].data[0] = 7.0
    np.sum(twin["w"]).backward()
    assert_array_equal(t.data, [1.0, 2.0])
    assert t.grad is None
    assert twin["w"].name == "w"


# What would lose the gradient in silence is refused.

CONVERSIONS = {
    "float": (float, "float()"),
    "int": (int, "int()"),
    "complex": (complex, "complex()"),
    "index": (lambda t: [1, 2][t], "use as an index or a size"),
    "range": (range, "use as an index or a size"),
    "math.sin": (math.sin, "float()"),
    "math.fsum": (lambda t: math.fsum([t]), "float()"),
}


@pytest.mark.parametrize("name", CONVERSIONS)
@pytest.mark.parametrize("make", [ag.Tensor, lambda value: ag.Tensor(value) * 1.0])
def test_conversions_to_python_numbers_are_refused(name, make):
    conversion, words = CONVERSIONS[name]
    match = re.escape(words) + r" of a Tensor of shape \(\) would lose.*t\.item\(\).*t\.data"
    with pytest.raises(DetachError, match=match):
        conversion(make(1.0))


@pytest.mark.parametrize(
    "conversion",
    [
        lambda t: np.asarray(t, float),
        lambda t: np.array([t, t], float),
        lambda t: np.zeros(2).__setitem__(0, t),
        lambda t: np.zeros(2).__setitem__(slice(None), t),
        lambda t: np.float64(t),
    ],
    ids=["asarray", "array", "one item", "a slice", "float64"],
)
@pytest.mark.parametrize("value", [1.0, [1.0, 2.0]], ids=["0-d", "1-d"])
def test_conversions_to_numpy_numbers_are_refused(conversion, value):
    with pytest.raises((TypeError, ValueError)) as caught:
        conversion(ag.Tensor(value))
    assert isinstance(caught.value.__cause__ or caught.value, DetachError)


@pytest.mark.parametrize("function", [round, math.floor, math.ceil, math.trunc])
def test_rounding_gives_whole_numbers_which_have_no_derivative(function):
    assert function(ag.Tensor(-1.5) * 1.0) == function(-1.5)
    assert isinstance(function(ag.Tensor(-1.5)), int)


def test_objects_would_lose_the_gradient():
    with pytest.raises(DetachError, match=r"array of objects; t\.data\.astype"):
        ag.Tensor([1.0]).astype(object)


def test_no_attribute_makes_it_an_array_in_silence():
    t = ag.Tensor([1.0, 2.0])
    for name in ("__array__", "__array_interface__", "__array_struct__", "__dlpack__"):
        assert not hasattr(t, name)


def test_unknown_attributes_are_errors():
    for name in ("dims", "coords", "keys", "values", "no_such_attribute"):
        assert not hasattr(ag.Tensor(1.0), name)
    with pytest.raises(AttributeError):
        ag.Tensor(1.0).no_such_attribute = 1


# NumPy's methods and attributes.

SQUARE = np.array([[4.0, 1.0], [2.0, 3.0]])
METHODS = {
    "sum": lambda t: t.sum(axis=0, keepdims=True),
    "mean": lambda t: t.mean(1),
    "max": lambda t: t.max(axis=-1),
    "min": lambda t: t.min(),
    "prod": lambda t: t.prod(axis=0),
    "std": lambda t: t.std(ddof=1),
    "var": lambda t: t.var(axis=(0, 1)),
    "reshape": lambda t: t.reshape(4, 1),
    "reshape to a tuple": lambda t: t.reshape((1, -1)),
    "reshape in order": lambda t: t.reshape(-1, order="F"),
    "ravel": lambda t: t.ravel(),
    "flatten": lambda t: t.flatten("F"),
    "transpose": lambda t: t.transpose(),
    "transpose by a tuple": lambda t: t.transpose((1, 0)),
    "transpose by axes": lambda t: t.transpose(1, 0),
    "T": lambda t: t.T,
    "mT": lambda t: t.mT,
    "swapaxes": lambda t: t.swapaxes(0, 1),
    "squeeze": lambda t: t.reshape(1, 4).squeeze(0),
    "clip": lambda t: t.clip(1.5, 3.5),
    "dot": lambda t: t.dot(SQUARE),
    "real": lambda t: t.real,
    "conj": lambda t: t.conj(),
    "astype": lambda t: t.astype(np.float32),
    "compress": lambda t: t.compress([True, False], axis=1),
    "copy": lambda t: t.copy(),
    "cumprod": lambda t: t.cumprod(axis=0),
    "cumsum": lambda t: t.cumsum(),
    "diagonal": lambda t: t.diagonal(),
    "repeat": lambda t: t.repeat(2, axis=1),
    "take": lambda t: t.take([0, 3, 3]),
    "trace": lambda t: t.trace(),
}
CONSTANT_METHODS = {
    "argmax": lambda t: t.argmax(axis=0),
    "argmin": lambda t: t.argmin(),
    "argsort": lambda t: t.argsort(axis=1),
    "all": lambda t: t.all(),
    "any": lambda t: t.any(axis=0),
    "nonzero": lambda t: np.array(t.nonzero()),
    "round": lambda t: t.round(0),
    "argpartition": lambda t: t.argpartition(1),
    "searchsorted": lambda t: t.ravel().searchsorted(2.5),
    "item": lambda t: t.item(1, 0),
    "tobytes": lambda t: np.frombuffer(t.tobytes()),
}
WRITING_METHODS = {
    "fill": lambda t: t.fill(7.0),
    "partition": lambda t: t.partition(0, axis=0),
    "put": lambda t: t.put([0, 3], [8.0, 9.0]),
    "sort": lambda t: t.sort(axis=1),
    "sort columns": lambda t: t.sort(0, kind="stable"),
}


@pytest.mark.parametrize("name", METHODS)
def test_methods_are_recorded_with_numpys_values(name):
    result = METHODS[name](ag.Tensor(SQUARE))
    assert result.requires_grad
    assert_array_equal(result.data, np.asarray(METHODS[name](SQUARE)), strict=True)


@pytest.mark.parametrize("name", CONSTANT_METHODS)
def test_methods_without_a_derivative_give_plain_arrays(name):
    result = CONSTANT_METHODS[name](ag.Tensor(SQUARE))
    assert not isinstance(result, ag.Tensor)
    assert_array_equal(result, CONSTANT_METHODS[name](SQUARE), strict=True)


@pytest.mark.parametrize("name", WRITING_METHODS)
def test_methods_that_write_change_the_tensor(name):
    x, array = ag.Tensor(SQUARE), SQUARE.copy()
    t = x * 1.0
    assert WRITING_METHODS[name](t) is None
    WRITING_METHODS[name](array)
    assert_array_equal(t.data, array)
    assert_array_equal(x.data, SQUARE)


def test_flatten_copies_and_ravel_does_not():
    t = ag.Tensor(SQUARE) * 1.0
    t.flatten()[0] = -1.0
    assert_array_equal(t.data, SQUARE)
    t.ravel()[0] = -1.0
    t.flat[1] = -2.0
    assert_array_equal(t.data, [[-1.0, -2.0], [2.0, 3.0]])


def test_a_conversion_to_integers_gives_plain_arrays():
    for result in (ag.Tensor(SQUARE).astype(int), np.astype(ag.Tensor(SQUARE), np.int8)):
        assert type(result) is np.ndarray
        assert_array_equal(result, SQUARE)


def test_methods_say_what_they_are():
    assert ag.Tensor.sum.__name__ == "sum"
    assert ag.Tensor.sum.__doc__ == "Return ``np.sum`` of this Tensor."
