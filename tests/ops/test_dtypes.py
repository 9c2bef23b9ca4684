"""Dtypes and memory layouts: the result has NumPy's dtype, a gradient that of its variable."""

import numpy as np
import pytest

import autograd as ag

UNARY = [
    np.sin, np.cos, np.tan, np.arcsin, np.arctan, np.sinh, np.cosh, np.tanh, np.arcsinh,
    np.arctanh, np.exp, np.exp2, np.expm1, np.log, np.log2, np.log10, np.log1p, np.sqrt,
    np.square, np.reciprocal, np.negative, np.abs, np.sinc, np.conj, np.real,
]  # fmt: skip
REAL_UNARY = [np.cbrt, np.fabs, np.degrees, np.radians, np.i0, np.nan_to_num]
BINARY = [
    np.add, np.subtract, np.multiply, np.divide, np.power, np.maximum, np.minimum, np.hypot,
    np.arctan2, np.logaddexp, np.remainder, np.fmod,
]  # fmt: skip
REAL = [np.float16, np.float32, np.float64, np.longdouble]
COMPLEX = [np.complex64, np.complex128, np.clongdouble]
X = np.array([0.25, 0.5, 0.75])
Y = np.array([0.3, 0.6, 0.2])
ROUGH = {np.dtype(np.float16): 2e-2, np.dtype(np.float32): 2e-5, np.dtype(np.complex64): 2e-5}


def gradient(function, *arrays):
    """Return the result on Tensors and the gradients of its sum's real part."""
    tensors = [ag.Tensor(array) for array in arrays]
    result = function(*tensors)
    np.sum(np.real(result)).backward()
    return result, [tensor.grad for tensor in tensors]


@pytest.mark.parametrize("dtype", [*REAL, *COMPLEX])
@pytest.mark.parametrize("function", [*UNARY, *REAL_UNARY], ids=lambda f: f.__name__)
def test_functions_of_one_array_keep_dtypes(function, dtype):
    if dtype in COMPLEX and function in REAL_UNARY:
        return  # NumPy has these for real numbers only, or gives others for complex ones
    x = X.astype(dtype)
    result, (g,) = gradient(function, x)
    assert result.dtype == function(x).dtype
    assert (g.dtype, g.shape) == (x.dtype, x.shape)
    wide = np.complex128 if dtype in COMPLEX else np.float64
    _, (expected,) = gradient(function, X.astype(wide))
    rough = ROUGH.get(np.dtype(dtype), 1e-12)
    np.testing.assert_allclose(g.astype(wide), expected, rtol=rough, atol=rough)


@pytest.mark.parametrize("other", REAL)
@pytest.mark.parametrize("dtype", REAL)
@pytest.mark.parametrize("function", BINARY, ids=lambda f: f.__name__)
def test_functions_of_two_arrays_give_each_its_dtype(function, dtype, other):
    x, y = X.astype(dtype), Y.astype(other)
    result, (in_x, in_y) = gradient(function, x, y)
    assert result.dtype == function(x, y).dtype
    assert (in_x.dtype, in_y.dtype) == (x.dtype, y.dtype)


@pytest.mark.parametrize("dtype", [*REAL, *COMPLEX])
@pytest.mark.parametrize(
    "function",
    [lambda x: 2 * x, lambda x: x**2, lambda x: x / 3.0, lambda x: 1 - x, np.sum, np.mean],
)
def test_pythons_numbers_take_the_dtype_of_the_array(function, dtype):
    x = X.astype(dtype)
    result, (g,) = gradient(function, x)
    assert result.dtype == function(x).dtype == dtype
    assert g.dtype == dtype


LAYOUTS = {
    "big-endian": lambda a: a.astype(">f8"),
    "reversed": lambda a: a[::-1].copy()[::-1],
    "strided": lambda a: np.repeat(a, 2)[::2],
    "stride 0": lambda a: np.broadcast_to(a[:1], a.shape),
    "read-only": lambda a: np.frombuffer(a.tobytes()),
}


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("function", [*UNARY, *REAL_UNARY], ids=lambda f: f.__name__)
def test_memory_layouts_of_arguments_and_cotangents_do_not_matter(function, layout):
    x, w = LAYOUTS[layout](X), LAYOUTS[layout](Y)
    plain = [np.array(array, float) for array in (x, w)]
    tensor = ag.Tensor(x)
    function(tensor).backward(w)
    expected = ag.Tensor(plain[0])
    function(expected).backward(plain[1])
    assert tensor.grad.dtype == x.dtype
    assert tensor.grad.flags.writeable
    np.testing.assert_allclose(tensor.grad, expected.grad, rtol=1e-14)
