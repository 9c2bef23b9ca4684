"""What the rows of polynomials do not say: equal roots, zeros in front, `poly1d`, errors."""

import numpy as np
import pytest

import autograd as ag
from autograd.errors import KeywordError, NotDifferentiableError

RNG = np.random.default_rng(0)


def test_the_value_and_its_derivatives():
    p, x = np.array([2.0, -3.0, 1.0]), np.array([0.0, 1.0, -2.0])
    np.testing.assert_array_equal(ag.jacobian(np.polyval)(p, x), np.vander(x, 3))
    slope = ag.grad(lambda x: np.sum(np.polyval(p, x)))
    np.testing.assert_array_equal(slope(x), 4 * x - 3)
    np.testing.assert_array_equal(ag.grad(lambda x: np.sum(slope(x)))(x), [4, 4, 4])
    assert ag.grad(lambda x: np.polyval([2, -3, 1], x))(0.0) == -3
    np.testing.assert_array_equal(ag.grad(lambda p: np.polyval(p, 3))(p), [9, 3, 1])
    np.testing.assert_array_equal(ag.grad(lambda t: np.polyval([t, t * t], 3.0))(2.0), 7)


def test_a_poly1d_is_evaluated():
    p = np.poly1d([1.0, 2.0, 3.0])
    assert ag.grad(p)(2.0) == 6.0
    assert ag.grad(lambda x: np.polyval(p, x))(2.0) == 6.0


@pytest.mark.parametrize("function", [np.polyadd, np.polysub, np.polymul, np.polydiv])
def test_a_poly1d_is_refused_where_it_would_be_the_result(function):
    x, p = ag.Tensor([1.0, 2.0]), np.poly1d([1.0, 2.0])
    for args in ((x, p), (p, x)):
        with pytest.raises(NotDifferentiableError, match=r"np\.poly1d holds plain numbers.*coeffs"):
            function(*args)
    with pytest.raises(NotDifferentiableError, match=r"np\.poly1d holds plain numbers"):
        np.polyval(x, p)


def test_zeros_in_front_are_left_out_and_have_their_derivative():
    a, b = np.array([0.0, 1.0, 2.0]), np.array([3.0, 4.0])
    (found,) = (np.polymul(ag.Tensor(a), b),)
    np.testing.assert_array_equal(found.data, np.polymul(a, b))
    expected = np.array([[4.0, 3, 0], [0, 4, 3], [0, 0, 4]])
    np.testing.assert_array_equal(ag.jacobian(lambda a: np.polymul(a, b))(a), expected)
    for zero in (np.zeros(2), np.zeros(0)):
        np.testing.assert_array_equal(np.polymul(ag.Tensor(zero), b).data, np.polymul(zero, b))
        np.testing.assert_array_equal(np.polymul(ag.Tensor(b), zero).data, np.polymul(b, zero))


def test_numbers_are_constant_polynomials():
    x = ag.Tensor([1.0, 2.0])
    np.testing.assert_array_equal(np.polyadd(x, 3).data, [1, 5])
    np.testing.assert_array_equal(np.polysub(3, x).data, [-1, 1])
    np.testing.assert_array_equal(np.polymul(x, 3).data, [3, 6])
    np.testing.assert_array_equal(np.polydiv(x, 2)[0].data, [0.5, 1])


def test_dividing_undoes_multiplying():
    u, v = RNG.standard_normal(4), np.array([2.0, 1.0, 3.0])
    q, r = (lambda u, i=i: np.polydiv(np.polymul(u, v), v)[i] for i in (0, 1))
    np.testing.assert_allclose(ag.jacobian(q)(u), np.eye(4), atol=1e-14)
    np.testing.assert_allclose(ag.jacobian(r)(u), np.zeros((1, 4)), atol=1e-14)


@pytest.mark.parametrize("dtypes", [(float, float), (float, complex)])
def test_a_divisor_that_is_too_long_leaves_all(dtypes):
    u, v = np.array([1.0, 2.0], dtypes[0]), np.array([1.0, 2.0, 3.0], dtypes[1])
    for found, expected in zip(np.polydiv(ag.Tensor(u), v), np.polydiv(u, v), strict=True):
        np.testing.assert_array_equal(found.data, expected, strict=True)
    gradient = ag.grad(lambda u: np.real(np.sum(np.polydiv(u, v)[1])))(u)
    np.testing.assert_array_equal(gradient, [1, 1])


def test_integrals_in_their_constants():
    """NumPy looks for Tensors in p only: there must be one."""
    p = ag.Tensor([6.0, 2.0], requires_grad=False)
    found = ag.jacobian(lambda k: np.polyint(p, 2, k))(np.array([1.0, 2.0]))
    np.testing.assert_array_equal(found, [[0, 0], [0, 0], [1, 0], [0, 1]])
    assert ag.grad(lambda k: np.sum(np.polyint(p, 2, k)))(1.0) == 2
    assert ag.grad(lambda k: np.sum(np.polyint(p, 1, [k])))(1.0) == 1


@pytest.mark.parametrize("function", [np.polyder, np.polyint])
def test_whole_exponents_make_double_precision_as_numpys_do(function):
    p = np.array([6.0, 2.0], np.float32)
    assert function(ag.Tensor(p)).dtype == function(p).dtype == np.float64
    gradient = ag.grad(lambda p: np.sum(function(p)))(p)
    assert gradient.dtype == np.float32
    np.testing.assert_array_equal(gradient, [1, 0] if function is np.polyder else [0.5, 1])


@pytest.mark.parametrize(
    ("function", "args", "message"),
    [
        (np.polyint, (-1,), "Order of integral must be positive"),
        (np.polyder, (-1,), "Order of derivative must be positive"),
        (np.polyint, (3, [1.0, 2.0]), "k must be a scalar or a rank-1 array"),
    ],
)
def test_errors_of_orders_are_numpys(function, args, message):
    for x in (np.ones(3), ag.Tensor(np.ones(3))):
        with pytest.raises(ValueError, match=message):
            function(x, *args)


def test_roots_move_as_the_formula_says():
    """The roots of x² + p x + q."""
    p, q = -5.0, 6.0
    root = np.sqrt(p * p / 4 - q)
    found = ag.jacobian(lambda c: np.roots(c))(np.array([1.0, p, q]))
    np.testing.assert_allclose(found[:, 1], [-0.5 + p / (4 * root), -0.5 - p / (4 * root)])
    np.testing.assert_allclose(found[:, 2], [-1 / (2 * root), 1 / (2 * root)])


def test_complex_roots_of_real_coefficients():
    loss = lambda c: np.sum(np.abs(np.roots(c)) ** 2)
    c = np.array([2.0, 1.0, 3.0])  # of two conjugate roots the square of the modulus is c[2] / c[0]
    np.testing.assert_allclose(ag.grad(loss)(c), [-1.5, 0, 1], atol=1e-14)


def test_zeros_around_the_coefficients_of_roots():
    """One more in front adds a root at infinity, which is left out; one behind, a root at zero."""
    c = np.array([0.0, 1.0, -5.0, 6.0, 0.0])
    np.testing.assert_allclose(np.roots(ag.Tensor(c)).data, [3, 2, 0])
    found = ag.jacobian(np.roots)(c)
    np.testing.assert_allclose(found[0], -(3.0 ** np.arange(4, -1, -1)) / 3)
    np.testing.assert_allclose(found[2], [0, 0, 0, 0, -1 / 6])


def test_what_has_no_roots():
    for c in (np.ones(1), np.zeros(2), np.zeros(0)):
        assert np.shape(np.roots(ag.Tensor(c))) == (0,)
    np.testing.assert_array_equal(ag.grad(lambda c: np.sum(np.roots(c)) + c[0])(np.ones(1)), [1.0])
    with pytest.raises(ValueError, match="rank-1"):
        np.roots(ag.Tensor(np.ones((2, 2))))


def test_equal_roots_have_no_derivative():
    with pytest.warns(RuntimeWarning, match=r"divide|invalid"):
        found = ag.grad(lambda c: np.sum(np.roots(c)))(np.array([1.0, 0.0, 0.0]))
    assert not np.any(np.isfinite(found))


def test_coefficients_of_conjugate_roots_are_real():
    z = np.array([1 + 2j, 1 - 2j, 3.0])
    assert np.poly(ag.Tensor(z)).dtype == np.float64
    np.testing.assert_array_equal(np.poly(ag.Tensor(z)).data, np.poly(z))
    assert np.poly(ag.Tensor(z + 1j)).dtype == np.complex128
    jacobian = ag.jacobian(np.poly)(np.array([2.0, 3.0]))
    np.testing.assert_array_equal(jacobian, [[0, 0], [-1, -1], [3, 2]])


@pytest.mark.parametrize(
    "a", [np.eye(3), np.zeros((3, 3)), np.diag([1.0, 1.0], 1), np.ones((3, 3)), [[0, 1], [-1, 0]]]
)
def test_characteristic_polynomials_need_no_distinct_eigenvalues(a):
    """Their second coefficient is minus the trace, their last but for the sign the determinant."""
    a = np.array(a, float)
    n = len(a)
    jacobian = ag.jacobian(np.poly)(a)
    np.testing.assert_allclose(jacobian[0], np.zeros((n, n)))
    np.testing.assert_allclose(jacobian[1], -np.eye(n))
    gradient = (-1) ** n * ag.grad(np.linalg.det)(a)
    np.testing.assert_allclose(jacobian[n], gradient, atol=1e-12)


def test_roots_of_no_polynomial():
    assert np.poly(ag.Tensor(np.zeros(0))) == 1.0
    with pytest.raises(ValueError, match="input must be 1d or non-empty square 2d array"):
        np.poly(ag.Tensor(np.ones((2, 3))))


def test_a_line_through_points():
    """Its slope is the covariance over the variance."""
    x, y = RNG.standard_normal(6), RNG.standard_normal(6)

    def slope(x, y):
        x, y = x - np.mean(x), y - np.mean(y)
        return np.sum(x * y) / np.sum(x * x)

    for of in (0, 1):
        found = ag.grad(lambda x, y: np.polyfit(x, y, 1)[0], of)(x, y)
        np.testing.assert_allclose(found, ag.grad(slope, of)(x, y))
    weight = np.array([0.0, 1, 1, 1, 1, 1])
    found = ag.grad(lambda x: np.polyfit(x, y, 1, w=weight)[0])(x)
    np.testing.assert_allclose(found[1:], ag.grad(slope)(x[1:], y[1:]))
    assert found[0] == 0


def test_a_fit_in_all_its_forms():
    x, y, w = np.linspace(0, 1, 6), RNG.standard_normal((6, 2)), RNG.uniform(0.5, 1, 6)
    for options in ({}, {"full": True}, {"cov": True}, {"cov": "unscaled"}, {"rcond": 1e-9}):
        for target in (y, y[:, 0]):
            found = np.polyfit(ag.Tensor(x), target, 2, w=w, **options)
            expected = np.polyfit(x, target, 2, w=w, **options)
            pairs = zip(found, expected, strict=True) if options else [(found, expected)]
            for f, e in pairs:
                np.testing.assert_allclose(getattr(f, "data", f), e, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize(
    ("shapes", "degree", "message"),
    [
        (((3,), (3,)), -1, "expected deg >= 0"),
        (((3, 1), (3,)), 1, "expected 1D vector for x"),
        (((0,), (0,)), 1, "expected non-empty vector for x"),
        (((3,), (3, 1, 1)), 1, "expected 1D or 2D array for y"),
        (((3,), (4,)), 1, "expected x and y to have same length"),
    ],
)
def test_errors_of_fits_are_numpys(shapes, degree, message):
    x, y = (np.ones(shape) for shape in shapes)
    with pytest.raises((ValueError, TypeError), match=message):
        np.polyfit(ag.Tensor(x), y, degree)


def test_errors_of_weights_and_covariances_are_numpys():
    x = ag.Tensor([1.0, 2.0])
    with pytest.raises(TypeError, match="expected w and y to have the same length"):
        np.polyfit(x, x, 1, w=np.ones(3))
    with pytest.raises(ValueError, match="number of data points must exceed order"):
        np.polyfit(x, x, 1, cov=True)
    with pytest.warns(np.exceptions.RankWarning, match="poorly conditioned"):
        np.polyfit(x, x, 3)


def test_keywords_that_are_not_numpys_are_refused():
    with pytest.raises((TypeError, KeywordError), match="whatever"):
        np.polyder(ag.Tensor([1.0, 2.0]), whatever=1)
