"""Dtypes and memory layouts: the result has NumPy's dtype, a gradient that of its variable.

Every elementwise function of the table is tried, and those made of them.
"""

import itertools

import numpy as np
import pytest
from numpy.testing import assert_allclose

import autograd as ag
from autograd.dispatch import KINDS, state_all
from autograd.testing.layouts import LAYOUTS

pytestmark = pytest.mark.filterwarnings("ignore:Output seems independent")
state_all()
UFUNCS = sorted(
    (
        f
        for f, kind in KINDS.items()
        if isinstance(f, np.ufunc)
        and kind in ("elementwise", "composite")
        and getattr(np, f.__name__, None) is f
    ),
    key=lambda f: f.__name__,
)


def first_of(function):
    return lambda *args: function(*args)[0]


def last_of(function):
    return lambda *args: function(*args)[1]


UNARY = {f.__name__: f for f in UFUNCS if (f.nin, f.nout) == (1, 1)} | {
    "arccosh": lambda x: np.arccosh(1 + x),
    "angle": np.angle,
    "clip": lambda x: np.clip(x, 0.3, 0.6),
    "frexp": first_of(np.frexp),
    "i0": np.i0,
    "imag": np.imag,
    "ldexp": lambda x: np.ldexp(x, 2),
    "modf": first_of(np.modf),
    "nan_to_num": np.nan_to_num,
    "real": np.real,
    "sinc": np.sinc,
    "where": lambda x: np.where([True, False, True], x, 0),
}
BINARY = {f.__name__: f for f in UFUNCS if f.nin == 2 and f not in (np.divmod, np.ldexp)} | {
    "clip": lambda x, y: np.clip(x, y, 0.6),
    "divmod": last_of(np.divmod),
    "where": lambda x, y: np.where([True, False, True], x, y),
}
WITH_A_NUMBER = {
    f"{name}-{place}": call
    for name, f in BINARY.items()
    for place, call in {
        "second": lambda x, f=f: f(x, 0.4),
        "first": lambda x, f=f: f(0.4, x),
        "integer": lambda x, f=f: f(x, 1),
    }.items()
}
REAL = [np.float16, np.float32, np.float64, np.longdouble]
COMPLEX = [np.complex64, np.complex128, np.clongdouble]
X = np.array([0.25, 0.5, 0.75])
Y = np.array([0.3, 0.6, 0.2])
ROUGH = {np.dtype(np.float16): 2e-2, np.dtype(np.float32): 2e-5, np.dtype(np.complex64): 2e-5}
every_unary = pytest.mark.parametrize("function", UNARY.values(), ids=UNARY)
every_binary = pytest.mark.parametrize("function", BINARY.values(), ids=BINARY)


def gradient(function, *arrays, cotangent=1):
    """Return the result on Tensors and the gradients of its weighted sum's real part."""
    tensors = [ag.Tensor(array) for array in arrays]
    result = function(*tensors)
    if isinstance(result, ag.Tensor) and result.requires_grad:  # the sign is a plain array
        np.sum(np.real(result * cotangent)).backward()
    return result, [np.zeros_like(t.data) if t.grad is None else t.grad for t in tensors]


def of_dtypes(functions, *dtypes):
    """Return a mark for the functions with each choice of dtypes for which NumPy has them."""
    return pytest.mark.parametrize(
        ("function", "dtypes"),
        [
            pytest.param(function, chosen, id="-".join((name, *(d.__name__ for d in chosen))))
            for name, function in functions.items()
            for chosen in itertools.product(*dtypes)
            if exists(function, *(v.astype(d) for v, d in zip((X, Y), chosen, strict=False)))
        ],
    )


def exists(function, *arrays):
    """Return whether NumPy has a function for the dtypes of arrays."""
    try:
        function(*arrays)
    except TypeError as error:
        assert "not supported" in str(error)  # noqa: PT017 - it is NumPy's error
        return False
    return True


@of_dtypes(UNARY, [*REAL, *COMPLEX])
def test_functions_of_one_array_keep_dtypes(function, dtypes):
    (dtype,) = dtypes
    wide = np.complex128 if dtype in COMPLEX else np.float64
    x = X.astype(dtype)
    expected = function(x)
    result, (g,) = gradient(function, x)
    assert (result.dtype, result.shape) == (expected.dtype, x.shape)
    assert (g.dtype, g.shape) == (x.dtype, x.shape)
    _, (exact,) = gradient(function, X.astype(wide))
    rough = ROUGH.get(np.dtype(dtype), 1e-12)
    assert_allclose(g.astype(wide), exact, rtol=rough, atol=rough)
    value, tangent = ag.jvp(function, (x,), (x,))
    assert np.asarray(value).dtype == tangent.dtype == expected.dtype


@of_dtypes(BINARY, [*REAL, np.complex64], [*REAL, np.complex64])
def test_functions_of_two_arrays_give_each_its_dtype(function, dtypes):
    x, y = X.astype(dtypes[0]), Y.astype(dtypes[1])
    expected = function(x, y)
    result, found = gradient(function, x, y)
    assert result.dtype == expected.dtype
    assert [g.dtype for g in found] == [x.dtype, y.dtype]
    wide = [np.complex128 if a.dtype.kind == "c" else np.float64 for a in (x, y)]
    _, exact = gradient(function, X.astype(wide[0]), Y.astype(wide[1]))
    for g, e in zip(found, exact, strict=True):
        assert_allclose(g.astype(e.dtype), e, rtol=2e-2, atol=2e-2)


@of_dtypes(WITH_A_NUMBER, [*REAL, *COMPLEX])
def test_pythons_numbers_take_the_dtype_of_the_array(function, dtypes):
    x = X.astype(dtypes[0])
    result, (g,) = gradient(function, x)
    assert (result.dtype, g.dtype) == (function(x).dtype, x.dtype)


@every_binary
def test_numpys_numbers_do_not(function):
    x = X.astype(np.float32)
    call = lambda x: function(x, np.float64(0.4))
    result, (g,) = gradient(call, x)
    assert result.dtype == call(x).dtype == np.float64
    assert g.dtype == np.float32


@pytest.mark.parametrize("dtype", [*REAL, *COMPLEX])
@pytest.mark.parametrize(
    "function",
    [lambda x: 2 * x, lambda x: x**2, lambda x: x / 3.0, lambda x: 1 - x, np.sum, np.mean],
)
def test_operators_and_sums_keep_dtypes(function, dtype):
    x = X.astype(dtype)
    result, (g,) = gradient(function, x)
    assert result.dtype == function(x).dtype == dtype
    assert g.dtype == dtype


@pytest.mark.parametrize("dtype", [np.int8, np.int64, np.uint8, np.bool_])
@pytest.mark.parametrize("name", ["add", "multiply", "power", "divide", "maximum", "where"])
def test_integers_are_constants_of_their_dtype(name, dtype):
    function, y = BINARY[name], np.array([1, 3, 2]).astype(dtype)
    for x in (X, X.astype(np.float32)):
        result, (g,) = gradient(lambda x: function(x, y), x)
        assert result.dtype == function(x, y).dtype
        assert g.dtype == x.dtype


def check_layout(function, layout, *arrays):
    """Compare gradients for arrays and a cotangent in a layout with those for plain ones."""
    laid = [LAYOUTS[layout](array) for array in (*arrays, arrays[-1][::-1])]
    plain = [array.astype(array.dtype.newbyteorder("="), order="C") for array in laid]
    _, found = gradient(function, *laid[:-1], cotangent=laid[-1])
    _, expected = gradient(function, *plain[:-1], cotangent=plain[-1])
    for g, e, x in zip(found, expected, laid, strict=False):
        assert g.dtype == x.dtype
        assert g.flags.writeable
        assert not np.shares_memory(g, x)
        assert_allclose(g, e, rtol=1e-14, atol=1e-300)


@pytest.mark.parametrize("layout", LAYOUTS)
@of_dtypes(UNARY, [np.float64, np.complex128])
def test_layouts_of_one_array_and_its_cotangent_do_not_matter(function, layout, dtypes):
    check_layout(function, layout, X.astype(dtypes[0]))


@pytest.mark.parametrize("layout", LAYOUTS)
@every_binary
def test_layouts_of_two_arrays_and_their_cotangent_do_not_matter(function, layout):
    check_layout(function, layout, X, Y)


@pytest.mark.parametrize("layout", LAYOUTS)
@every_unary
def test_a_cotangent_given_to_backward_may_have_any_layout(function, layout):
    w = LAYOUTS[layout](Y)
    found, expected = ag.Tensor(X), ag.Tensor(X)
    if isinstance(function(found), ag.Tensor):
        function(found).backward(w)
        function(expected).backward(np.array(w, float))
        assert_allclose(found.grad, expected.grad, rtol=1e-14)
        assert found.grad.flags.writeable


@pytest.mark.parametrize("dtype", [">f4", ">f8", ">c16"])
def test_sums_of_contributions_keep_the_byte_order(dtype):
    x = X.astype(dtype)
    tensor = ag.Tensor(x)
    for _ in range(2):  # the second adds to what is there
        np.sum(np.real(tensor * tensor + tensor + np.sin(tensor))).backward()
        assert tensor.grad.dtype == x.dtype
    assert_allclose(tensor.grad, 2 * (2 * X + 1 + np.cos(X)), rtol=1e-6)
