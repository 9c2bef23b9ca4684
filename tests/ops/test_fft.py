"""What the rows of Fourier transforms do not say: matrices, errors, what is loaded when."""

import subprocess
import sys

import numpy as np
import pytest

import autograd as ag
from autograd.errors import KeywordError

ONE = [np.fft.fft, np.fft.ifft, np.fft.rfft, np.fft.irfft, np.fft.hfft, np.fft.ihfft]
SEVERAL = [np.fft.fft2, np.fft.ifft2, np.fft.rfft2, np.fft.irfft2]
SEVERAL += [np.fft.fftn, np.fft.ifftn, np.fft.rfftn, np.fft.irfftn]


def name(function):
    return function.__name__


@pytest.mark.parametrize("norm", [None, "ortho", "forward"])
@pytest.mark.parametrize("function", ONE, ids=name)
@pytest.mark.parametrize("n", [None, 3, 4, 5, 8])
def test_the_gradient_is_the_matrix_transposed(function, n, norm):
    """Row by row: the change of each output, made from the columns of the matrix."""
    size = 5
    is_real = function in (np.fft.rfft, np.fft.ihfft)
    units = np.eye(size) if is_real else np.concatenate([np.eye(size), 1j * np.eye(size)])
    columns = np.array([function(unit, n, norm=norm) for unit in units])
    rng = np.random.default_rng(0)
    w = rng.standard_normal(columns.shape[1])
    if np.iscomplexobj(columns):
        w = w + 1j * rng.standard_normal(w.shape)
    x = rng.standard_normal(size) if is_real else rng.standard_normal(size) + 0.5j
    found = ag.grad(lambda x: np.real(np.sum(w * function(x, n, norm=norm))))(x)
    slopes = np.real(columns @ w)  # along 1, and along i: minus the imaginary part of the gradient
    expected = slopes if is_real else slopes[:size] - 1j * slopes[size:]
    np.testing.assert_allclose(found, expected, atol=1e-13)


def test_energy_is_kept():
    """By Parseval's theorem its gradient is that of the sum of squares, times n."""
    x = np.random.default_rng(0).standard_normal(7)
    energy = lambda x: np.sum(np.abs(np.fft.fft(x)) ** 2)
    np.testing.assert_allclose(ag.grad(energy)(x), 2 * 7 * x)
    there_and_back = lambda x: np.sum(np.fft.irfft(np.fft.rfft(x), 7) ** 2)
    np.testing.assert_allclose(ag.grad(there_and_back)(x), 2 * x)
    np.testing.assert_allclose(ag.hessian(there_and_back)(x), 2 * np.eye(7), atol=1e-14)


def test_imaginary_parts_that_are_not_read_get_no_gradient():
    z = np.array([1 + 1j, 2 + 2j, 3 + 3j])
    for n in (4, 5):
        found = ag.grad(lambda z, n=n: np.sum(np.arange(n) * np.fft.irfft(z, n)))(z)
        assert found[0].imag == 0
        assert (found[2].imag == 0) == (n == 4)


@pytest.mark.parametrize("function", SEVERAL, ids=name)
def test_lengths_without_axes_warn_as_numpy_does(function):
    if name(function).endswith("2"):
        call = lambda x: function(x, (3, 2), None)
    else:
        call = lambda x: function(x, (3, 2))
    x = np.random.default_rng(0).standard_normal((2, 4, 4))
    with pytest.warns(DeprecationWarning, match="`axes` should not be `None`"):
        expected = call(x)
    with pytest.warns(DeprecationWarning, match="`axes` should not be `None`"):
        found = call(ag.Tensor(x))
    np.testing.assert_array_equal(found.data, expected)


@pytest.mark.parametrize("function", ONE, ids=name)
def test_errors_are_numpys(function):
    x = ag.Tensor([1.0, 2.0, 3.0])
    with pytest.raises(ValueError, match="Invalid number of FFT data points"):
        function(x, 0)
    with pytest.raises(ValueError, match="norm"):
        function(x, norm="wrong")
    with pytest.raises(IndexError):
        function(x, axis=3)


@pytest.mark.parametrize("function", SEVERAL, ids=name)
def test_each_axis_needs_a_length(function):
    with pytest.raises(ValueError, match="Shape and axes have different lengths"):
        function(ag.Tensor(np.ones((3, 3))), (2,), (0, 1))


def test_complex_numbers_have_no_real_transform():
    with pytest.raises(TypeError):
        np.fft.rfft(ag.Tensor([1j, 2.0]))


@pytest.mark.parametrize("function", ONE + SEVERAL, ids=name)
def test_nothing_is_written_into(function):
    x = np.ones((4, 4))
    with pytest.raises(KeywordError, match=rf"np.fft.{name(function)} .*out="):
        function(ag.Tensor(x), out=function(x))


def test_frequencies_are_made_of_a_tensor_too():
    """NumPy does not ask the Tensor, but divides by it."""
    for function in (np.fft.fftfreq, np.fft.rfftfreq):
        gradient = ag.grad(lambda d, f=function: np.sum(f(5, d) ** 2))(0.5)
        np.testing.assert_allclose(gradient, -2 * np.sum(function(5, 0.5) ** 2) / 0.5)


def test_no_axes_and_no_transform():
    x = ag.Tensor(np.ones((2, 2)))
    np.testing.assert_array_equal(np.fft.fftn(x, axes=()).data, np.fft.fftn(x.data, axes=()))


def test_transforms_are_loaded_when_they_are_called():
    code = "import sys, numpy as np; before = {*sys.modules}; import autograd; \
print(*({*sys.modules} - before))"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    loaded = done.stdout.split()
    assert "autograd.ops.products" in loaded
    assert not {"autograd.ops.fft", "numpy.fft"} & {*loaded}
