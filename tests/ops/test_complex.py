"""Complex numbers at special points: the gradient of f = u + iv is du/dx - i du/dy."""

import math

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

import autograd as ag

pytestmark = pytest.mark.filterwarnings("ignore:Output seems independent")


def gradient(function, z):
    """Return the gradient of the real part."""
    return ag.grad(lambda z: np.real(function(z)))(z)


def second(function, z):
    """Return the gradient of the real part of the gradient."""
    return gradient(lambda z: gradient(function, z), z)


# Functions that are not holomorphic, against real numbers: z is put together from its parts.

NOT_HOLOMORPHIC = [
    np.abs,
    np.absolute,
    np.angle,
    lambda z: np.angle(z, deg=True),
    np.sign,
    np.real,
    np.imag,
    np.conj,
    np.conjugate,
    lambda z: z * np.conj(z),
    lambda z: np.abs(z) ** 3 * np.sign(z),
    lambda z: np.real(z) * np.imag(z),
    lambda z: np.exp(-(np.abs(z) ** 2)),
    lambda z: np.where(np.real(z) > 0, z * z, np.conj(z)),
    lambda z: np.imag(z) ** np.real(z + 3),
]


@pytest.mark.parametrize("part", [np.real, np.imag])
@pytest.mark.parametrize("function", NOT_HOLOMORPHIC)
@pytest.mark.parametrize("z", [0.6 + 0.8j, -1.5 + 0.5j, 3j, 2 + 0.1j])
def test_a_complex_number_is_a_pair_of_real_ones(function, part, z):
    """To second order, as the parts' own gradients and Hessians say."""
    of_parts = lambda p: part(function(p[0] + 1j * p[1]))
    of_number = lambda z: part(function(z))
    parts = np.array([z.real, z.imag])
    u_x, u_y = ag.grad(of_parts)(parts)
    assert_allclose(ag.grad(of_number)(z), u_x - 1j * u_y, rtol=1e-13, atol=1e-13)
    (u_xx, u_xy), (u_yx, u_yy) = ag.hessian(of_parts)(parts)
    assert_allclose(second(of_number, z), u_xx - 1j * u_xy, rtol=1e-12, atol=1e-13)
    found = ag.grad(lambda z: np.imag(ag.grad(of_number)(z)))(z)
    assert_allclose(found, -u_yx + 1j * u_yy, rtol=1e-12, atol=1e-13)


@pytest.mark.parametrize("z", [3 + 4j, -2 + 1j, 1e200 + 1e200j])
def test_absolute_value_sign_and_angle(z):
    size = abs(z)
    assert_allclose(gradient(np.abs, z), z.conjugate() / size, rtol=1e-15)
    assert_allclose(gradient(np.angle, z), -1j / z, rtol=1e-15)
    rotated = z / size  # along which the sign does not change
    along = np.real(gradient(np.sign, z) * rotated)
    assert abs(along) <= 1e-15 / size


@pytest.mark.parametrize("function", [np.abs, np.sign, np.angle])
def test_zero_has_no_direction(function):
    assert gradient(function, 0j) == 0
    assert second(function, 0j) == 0


@pytest.mark.parametrize(
    ("n", "expected"), [(0, (0, 0)), (1, (1, 0)), (2, (0, 2)), (3, (0, 0)), (2 + 0j, (0, 2))]
)
def test_whole_powers_at_zero(n, expected):
    assert (gradient(lambda z: z**n, 0j), second(lambda z: z**n, 0j)) == expected


SERIES = {  # the first and second derivative at zero
    np.sin: (1, 0), np.cos: (0, -1), np.tan: (1, 0), np.sinh: (1, 0), np.cosh: (0, 1),
    np.tanh: (1, 0), np.arcsin: (1, 0), np.arctan: (1, 0), np.arcsinh: (1, 0), np.arctanh: (1, 0),
    np.exp: (1, 1), np.expm1: (1, 1), np.log1p: (1, -1), np.square: (0, 2),
    np.sinc: (0, -(math.pi**2) / 3), np.exp2: (math.log(2), math.log(2) ** 2),
}  # fmt: skip


@pytest.mark.parametrize("function", SERIES, ids=lambda f: f.__name__)
def test_the_first_terms_of_series(function):
    found = gradient(function, 0j), second(function, 0j)
    assert_allclose(found, SERIES[function], rtol=1e-14)


@pytest.mark.parametrize("z", [1e200 + 0j, 1e200j, -1e200 + 1e200j])
def test_inverse_functions_of_huge_numbers(z):
    """Those of sine and its like are i log(2z) or log(2z) there, to a sign."""
    for function in (np.arcsin, np.arccos, np.arcsinh, np.arccosh):
        assert_allclose(abs(gradient(function, z)), 1 / abs(z), rtol=1e-15)
    assert gradient(np.arctan, z) == 0
    assert_allclose(gradient(np.log10, z), 1 / z / math.log(10), rtol=1e-15)


# Real and complex numbers together.


@pytest.mark.parametrize("x", [1.5, -0.5])
def test_the_gradient_of_a_real_number_is_real(x):
    z = 0.3 - 0.7j
    expected = {
        lambda x: x * z: z,
        lambda x: z - x: -1,
        lambda x: z / x: -z / x**2,
        lambda x: x / z: 1 / z,
        lambda x: z**x: z**x * np.log(z),
        lambda x: x**z: z * (x + 0j) ** (z - 1),
        lambda x: np.where(True, x, z): 1,
        lambda x: np.exp(1j * x): 1j * np.exp(1j * x),
        lambda x: np.stack([x, z])[0]: 1,
    }
    for function, derivative in expected.items():
        found = gradient(function, x)
        assert np.asarray(found).dtype == np.float64
        assert_allclose(found, np.real(derivative), rtol=1e-14)
        value, tangent = ag.jvp(function, (x,), (1.0,))
        assert value.dtype == tangent.dtype == np.complex128
        assert_allclose(tangent, derivative, rtol=1e-14)


@pytest.mark.parametrize("x", [2.0, -2.0])
def test_a_complex_power_of_a_real_number(x):
    y = 0.3 - 0.7j
    found = gradient(lambda y: x**y, y)
    assert_allclose(found, (x + 0j) ** y * np.log(x + 0j), rtol=1e-14)


def test_second_derivatives_through_complex_numbers():
    assert_allclose(ag.hessian(lambda x: np.real(np.exp(1j * x)))(0.3), -math.cos(0.3), rtol=1e-15)
    x = np.array([1.0, 2.0])
    power = ag.hessian(lambda x: np.abs(np.sum(x * np.array([1, 1j]))) ** 2)(x)
    assert_allclose(power, 2 * np.eye(2), atol=1e-15)


@pytest.mark.parametrize(
    ("function", "expected"),
    [(np.maximum, (0, 1)), (np.minimum, (1, 0)), (np.fmax, (0, 1)), (np.fmin, (1, 0))],
)
def test_the_larger_of_complex_numbers_is_numpys(function, expected):
    """It compares the real parts, and the imaginary ones where they are equal."""
    larger = lambda x, y: np.real(function(x, y))
    assert ag.grad(larger, (0, 1))(1 + 2j, 1 + 3j) == expected
    assert ag.grad(larger, (0, 1))(1 + 2j, 1 + 2j) == (0.5, 0.5)


def test_parts_that_are_not_finite_are_replaced_each_by_itself():
    z = np.array([complex(np.nan, 2), complex(3, np.inf), 1 + 2j])
    assert_array_equal(np.nan_to_num(ag.Tensor(z)).data, np.nan_to_num(z))
    total = lambda part: ag.grad(lambda z: part(np.sum(np.nan_to_num(z))))(z)
    assert_array_equal(total(np.real), [0, 1, 1])
    assert_array_equal(total(np.imag), [-1j, 0, -1j])


def test_real_if_close_keeps_what_is_not():
    assert np.real_if_close(ag.Tensor([2 + 1e-17j])).dtype == np.float64
    assert np.real_if_close(ag.Tensor([2 + 1j])).dtype == np.complex128
    assert gradient(np.real_if_close, 2 + 1e-17j) == 1


REAL_ONLY = [
    np.cbrt, np.fabs, np.floor, np.ceil, np.trunc, np.degrees, np.radians, np.modf, np.frexp,
    np.signbit, np.spacing, np.i0, np.fix, np.isposinf,
]  # fmt: skip
REAL_PAIRS = [
    np.hypot, np.arctan2, np.logaddexp, np.logaddexp2, np.fmod, np.remainder, np.divmod,
    np.copysign, np.nextafter, np.heaviside, np.floor_divide,
]  # fmt: skip


@pytest.mark.parametrize("function", [*REAL_ONLY, *REAL_PAIRS], ids=lambda f: f.__name__)
def test_what_numpy_has_for_real_numbers_only(function):
    arguments = (1 + 1j,) * (2 if function in REAL_PAIRS else 1)
    for on in (complex, ag.Tensor):
        with pytest.raises(TypeError, match="not supported"):
            function(*map(on, arguments))


def test_the_imaginary_part_of_a_number_has_a_tangent():
    assert ag.jvp(np.imag, (2.0,), (1.0,)) == (0.0, 0.0)
