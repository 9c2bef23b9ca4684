"""Traced arrays in code written for HIPS autograd: NumPy's functions, methods, dtypes."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

import autograd as ag
import autograd.numpy as anp
from autograd import Tensor
from autograd.errors import DetachError

X = np.array([1.0, 2.0, 3.0])
S = 2.0


# Plain NumPy on lists and object arrays of traced values, which it takes for objects.


@pytest.mark.parametrize(
    ("function", "expected"),
    [
        (lambda x: np.sum([x, x * x]), 5.0),
        (lambda x: np.sum((x, 2 * x, 3.0)), 3.0),
        (lambda x: np.sum(np.array([x, x * x])), 5.0),
        (lambda x: np.sum(np.r_[x, 1.0, x * x]), 5.0),
        (lambda x: np.sum(np.c_[x, x * x]), 5.0),
        (lambda x: np.sum(np.select([True, False], [x * x, x])), 4.0),
        (lambda x: np.dot([x, 1.0], [3.0, x]), 4.0),
        (lambda x: np.sum(np.array([[x, 1.0], [2.0, x]]) @ np.ones(2)), 2.0),
        (lambda x: np.prod([x, x, 3.0]), 12.0),
        (lambda x: np.max([x, 3 * x]), 3.0),
        (lambda x: np.sum(np.concatenate([[x], [1.0], [x * x]])), 5.0),
        (lambda x: np.sum(np.stack([x, x * x])), 5.0),
        (lambda x: np.sum(np.vstack([x, x * x])), 5.0),
        (lambda x: sum([x, x * x]), 5.0),
        (lambda x: np.dot(x, 3.0), 3.0),
        (lambda x: anp.sum(anp.array([x, x * x])), 5.0),
        (lambda x: anp.array([x, 1.0], dtype=float) @ [1.0, 2.0], 1.0),
        (lambda x: anp.sum(anp.r_[x, 1.0, x * x]), 5.0),
        (lambda x: anp.sum(anp.append(anp.array([x]), [x * x, 1.0])), 5.0),
        (lambda x: anp.sum(anp.hstack([x, [x * x]])), 5.0),
    ],
)
def test_a_number_keeps_its_gradient_in_lists_and_arrays_of_objects(function, expected):
    assert ag.grad(function)(S) == expected


@pytest.mark.parametrize(
    ("function", "expected"),
    [
        (lambda x: np.sum(np.r_[x, 1.0]), [1.0, 1.0, 1.0]),
        (lambda x: np.sum(np.select([X > 1.5], [x * x], x)), [1.0, 4.0, 6.0]),
        (lambda x: np.dot(x, X), X),
        (lambda x: np.sum(np.array([x[0], x[2]]) * 2), [2.0, 0.0, 2.0]),
        (lambda x: np.sum(np.array(list(x)) ** 2), 2 * X),
        (lambda x: np.sum(np.sin(np.multiply(X, x))), X * np.cos(X * X)),
    ],
)
def test_an_array_keeps_its_gradient_in_numpys_own_functions(function, expected):
    assert_allclose(ag.grad(function)(X), expected)


# What a traced array is.


@pytest.mark.parametrize(
    "name", ["dims", "coords", "attrs", "chunks", "variable", "keys", "values", "__array__"]
)
def test_other_libraries_find_no_attributes_of_their_own(name):
    with pytest.raises(AttributeError):
        getattr(Tensor(X), name)


@pytest.mark.parametrize("name", ["__array_interface__", "__array_struct__"])
def test_numpy_finds_no_memory_to_read_past_the_graph(name):
    assert not hasattr(Tensor(X), name)


def test_conversions_that_would_lose_the_gradient_raise():
    for convert in (float, int, complex):
        with pytest.raises(DetachError, match="would lose its gradient"):
            ag.grad(lambda x, convert=convert: convert(x))(2.0)
    array = np.zeros(2)

    def assign(x):
        array[0] = x
        return x

    with pytest.raises(ValueError, match="setting an array element with a sequence") as caught:
        ag.grad(assign)(2.0)
    assert "make that a Tensor first" in str(caught.value.__cause__)


def test_a_number_has_no_length_and_cannot_be_iterated():
    with pytest.raises(TypeError, match=r"len\(\) of unsized object"):
        len(Tensor(2.0))
    with pytest.raises(TypeError, match="iteration over a 0-d"):
        list(Tensor(2.0))


def test_an_array_is_unpacked_iterated_hashed_and_printed():
    def f(x):
        a, b, c = x
        return a * b + sum(y**2 for y in x) + c * len(x)

    assert_array_equal(ag.grad(f)(X), [2 + 2, 1 + 4, 6 + 3])
    t = Tensor(X)
    assert hash(t) == hash(t) != hash(Tensor(X))
    assert {t: 1}[t] == 1
    assert "1., 2., 3." in str(t)


def test_the_array_api_namespace_is_autograd_numpy():
    assert Tensor(X).__array_namespace__() is anp


METHODS = {
    "sum": lambda x: x.sum(axis=None, dtype=None, out=None),
    "mean": lambda x: x.mean(axis=0),
    "std": lambda x: x.std(),
    "var": lambda x: x.var(axis=0, ddof=1),
    "prod": lambda x: x.prod(),
    "max": lambda x: x.max(),
    "min": lambda x: x.min(axis=0),
    "cumsum": lambda x: x.cumsum(),
    "cumprod": lambda x: x.cumprod(),
    "reshape": lambda x: x.reshape(3, 1),
    "reshape tuple": lambda x: x.reshape((1, 3)),
    "ravel": lambda x: x.ravel(),
    "flatten": lambda x: x.flatten(),
    "squeeze": lambda x: x.squeeze(),
    "repeat": lambda x: x.repeat(2),
    "take": lambda x: x.take([0, 2]),
    "clip": lambda x: x.clip(1.5, 2.5),
    "compress": lambda x: x.compress([True, False, True]),
    "transpose": lambda x: x.transpose(),
    "swapaxes": lambda x: x.reshape(3, 1).swapaxes(0, 1),
    "diagonal": lambda x: (x[:, None] * x).diagonal(),
    "trace": lambda x: (x[:, None] * x).trace(),
    "T": lambda x: (x[:, None] * X).T,
    "astype": lambda x: x.astype(np.float64),
    "dot": lambda x: x.dot(x),
    "copy": lambda x: x.copy(),
    "conj": lambda x: x.conj(),
    "real": lambda x: x.real,
    "mT": lambda x: (x[:, None] * X).mT,
    "floor division": lambda x: x // 0.7 + x,
}


@pytest.mark.parametrize("function", METHODS.values(), ids=METHODS)
def test_methods_have_numpys_values_and_derivatives(function):
    assert_array_equal(function(Tensor(X)).data, function(X))
    weights = np.cos(np.arange(np.size(function(X)))).reshape(np.shape(function(X)))
    found = ag.grad(lambda x: np.sum(weights * function(x)))(X)
    for i, e in enumerate(np.eye(3)):
        ends = [np.sum(weights * function(X + s * 1e-6 * e)) for s in (1, -1)]
        assert_allclose(found[i], (ends[0] - ends[1]) / 2e-6, rtol=1e-6, atol=1e-8)


CONSTANTS = [
    "all",
    "any",
    "argmax",
    "argmin",
    "argpartition",
    "argsort",
    "nonzero",
    "searchsorted",
    "round",
]


@pytest.mark.parametrize("name", CONSTANTS)
def test_methods_without_a_derivative_return_plain_values(name):
    args = {"argpartition": (1,), "searchsorted": ([1.5],)}.get(name, ())
    found = getattr(Tensor(X), name)(*args)
    assert_array_equal(found, getattr(X, name)(*args))
    assert not isinstance(found, Tensor)


KEYS = [
    *(1, -1, slice(1, None), slice(None, None, -1), ..., None, [0, 0, 2], np.array([2, 2])),
    *(
        np.array([True, False, True]),
        (None, slice(0, 2)),
        (..., 1),
        np.int64(2),
        (np.array([0, 2]),),
    ),
]


@pytest.mark.parametrize("key", KEYS, ids=repr)
def test_every_key_of_numpy_reads_a_traced_array(key):
    weights = np.cos(np.arange(np.size(X[key]))).reshape(np.shape(X[key]))
    expected = np.zeros(3)
    np.add.at(expected, key, weights)
    assert_array_equal(ag.grad(lambda x: np.sum(weights * x[key]))(X), expected)


def test_comparisons_and_truth_are_plain():
    t = Tensor(X)
    assert type(t > 1.5) is np.ndarray
    assert ag.grad(lambda x: x**2 if x > 1 else x)(2.0) == 4.0
    assert_array_equal(ag.grad(lambda x: np.sum(x[x > 1.5] ** 2))(X), [0.0, 4.0, 6.0])


def test_assignment_in_place_falls_back_or_works():
    def f(x):
        y = x * 1.0
        y += x**2
        y[0] = 5.0 * y[1]
        return np.sum(y)

    # y = (5 (x1 + x1²), x1 + x1², x2 + x2²)
    assert_array_equal(ag.grad(f)(X), [0.0, 6 * (1 + 4.0), 7.0])


# Dtypes.


DTYPES = [np.float16, np.float32, np.float64, np.longdouble]
COMPLEX = [np.complex64, np.complex128, np.clongdouble]


@pytest.mark.parametrize("dtype", DTYPES)
def test_a_gradient_has_the_dtype_and_shape_of_its_argument(dtype):
    x = X.astype(dtype).reshape(3, 1)
    found = ag.grad(lambda x: np.sum(np.tanh(x) * X))(x)
    assert found.dtype == dtype
    assert found.shape == (3, 1)
    assert ag.grad(lambda x: np.sum(x * 2))(dtype(2.0)).dtype == dtype


@pytest.mark.parametrize("dtype", COMPLEX)
def test_complex_arguments_have_complex_gradients_and_real_ones_real_gradients(dtype):
    z = X.astype(dtype)
    assert ag.grad(lambda z: np.sum(np.abs(z) ** 2))(z).dtype == dtype
    found = ag.grad(lambda x: np.sum(np.abs(x * z) ** 2))(X)
    assert found.dtype == np.float64
    assert_allclose(found, 2 * X**3)


@pytest.mark.parametrize(
    ("function", "z", "expected"),
    [
        (lambda z: np.real(z**2), 1 + 2j, 2 + 4j),
        (lambda z: np.imag(z**2), 1 + 2j, 4 - 2j),
        (np.abs, 3 + 4j, 0.6 - 0.8j),
        (lambda z: np.abs(z) ** 2, 3 + 4j, 6 - 8j),
    ],
)
def test_the_convention_for_complex_numbers(function, z, expected):
    assert_allclose(ag.grad(function)(z), expected)


def test_complex_cotangents_and_tangents():
    assert ag.make_vjp(lambda z: z**2)(1 + 2j)[0](1 + 1j) == -2 + 6j
    assert ag.make_vjp(np.conj)(1 + 2j)[0](1 + 1j) == 1 - 1j
    assert ag.make_jvp(np.conj)(1 + 2j)(1 + 1j)[1] == 1 - 1j


# autograd.numpy


def test_where_of_pythons_numbers_and_lists_alone_is_pythons():
    for condition, x, y, expected in [
        (True, 1, 2, 1),
        (False, 1.0, 2.0, 2.0),
        ([True, False], [1, 2], [3, 4], [1, 4]),
    ]:
        found = anp.where(condition, x, y)
        assert found == expected
        assert type(found) is type(expected)
    assert type(anp.where(np.True_, 1, 2)) is np.ndarray
    assert_array_equal(anp.where(np.array([1, 0, 2]))[0], [0, 2])


def test_where_takes_its_arguments_by_name():
    found = ag.grad(lambda x: anp.sum(anp.where(condition=X > 1.5, x=x**2, y=x)))(X)
    assert_array_equal(found, [1.0, 4.0, 6.0])
    assert anp.where(True, x=3, y=4) == 3


def test_make_diagonal_makes_a_batch_of_matrices():
    D = np.arange(6.0).reshape(2, 3)
    assert_array_equal(anp.make_diagonal(D)[1], np.diag(D[1]))
    assert_array_equal(anp.make_diagonal(D, offset=0, axis1=-1, axis2=-2)[0], np.diag(D[0]))
    G = np.arange(18.0).reshape(2, 3, 3)
    found = ag.grad(lambda D: np.sum(G * anp.make_diagonal(D)))(D)
    assert_array_equal(found, np.diagonal(G, axis1=-1, axis2=-2))
    for options in ({"offset": 1}, {"axis1": 0}):
        with pytest.raises(NotImplementedError, match="make_diagonal"):
            anp.make_diagonal(D, **options)


def test_helpers_of_linalg():
    A = np.arange(12.0).reshape(3, 2, 2)
    assert_array_equal(anp.linalg.T(A), np.swapaxes(A, -1, -2))
    assert_array_equal(anp.linalg._dot(A, A), A @ A)


def test_results_of_decompositions_are_numpys_named_tuples():
    A = np.array([[2.0, 1.0], [1.0, 3.0]])

    def f(A):
        result = anp.linalg.eigh(A)
        assert type(result).__name__ == "EighResult"
        return np.sum(result.eigenvalues**2)

    assert_allclose(ag.grad(f)(A), [[4.0, 0.0], [4.0, 6.0]])  # it reads the lower triangle
    assert ag.grad(lambda A: anp.linalg.slogdet(A).logabsdet)(A).shape == (2, 2)


def test_xarray_like_containers_compute_with_traced_values():
    class Container:
        """What holds an array, and computes with it by NumPy's protocol."""

        __array_priority__ = 50

        def __init__(self, data):
            self.data = data

        def __array_ufunc__(self, ufunc, method, *inputs, **kwargs):
            plain = [x.data if isinstance(x, Container) else x for x in inputs]
            return Container(getattr(ufunc, method)(*plain, **kwargs))

        def __add__(self, other):
            return np.add(self, other)

    c = Container(X)
    assert_array_equal(ag.grad(lambda x: np.sum((c + x).data ** 2))(X), 4 * X)
    assert_array_equal(ag.grad(lambda x: np.sum(np.multiply(Container(x), c).data))(X), X)
