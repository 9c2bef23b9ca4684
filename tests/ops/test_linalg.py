"""Linear algebra where rows cannot look: singular matrices, zeros, ties, cutoffs, errors."""

import math
from itertools import pairwise

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

import autograd as ag
from tests.ops import test_rules

rng = np.random.default_rng(0)
INF = math.inf


def slope(function, x, direction):
    """Return the derivative along a direction by extrapolated differences."""
    return test_rules.slope(lambda t: function(x + t * direction), analytic=False)[0]


# Determinants.


@pytest.mark.parametrize(
    ("a", "cofactors"),
    [
        ([[1.0, 2.0], [2.0, 4.0]], [[4, -2], [-2, 1]]),
        ([[0.0]], [[1]]),
        (np.zeros((2, 2)), np.zeros((2, 2))),
        (np.diag([2.0, 0.0, 3.0]), np.diag([0, 6, 0])),
        (np.outer([1.0, 2, 3], [1, 1, 1]), np.zeros((3, 3))),
        ([[1.0, 2, 3], [4, 5, 6], [7, 8, 9]], [[-3, 6, -3], [6, -12, 6], [-3, 6, -3]]),
        (
            [[[1.0, 2.0], [2.0, 4.0]], [[1.0, 2.0], [3.0, 4.0]]],
            [[[4, -2], [-2, 1]], [[4, -3], [-2, 1]]],
        ),
        (np.zeros((0, 0)), np.zeros((0, 0))),
    ],
    ids=str,
)
def test_det_has_its_derivative_at_singular_matrices(a, cofactors):
    for dtype, accuracy in ((float, 1e-13), (np.float32, 1e-4), (complex, 1e-13)):
        a = np.asarray(a, dtype)
        found = ag.grad(lambda a: np.sum(np.real(np.linalg.det(a))))(a)
        assert_allclose(found, cofactors, rtol=accuracy, atol=accuracy)
        assert found.dtype == dtype


@pytest.mark.parametrize(
    "a", [np.diag([1.0, 0, 0]), np.zeros((3, 3)), np.diag([2.0, 1, 0])], ids=str
)
def test_det_has_its_second_derivative_at_singular_matrices(a):
    """In three dimensions the determinant is cubic: differences are exact."""
    e, f = rng.standard_normal((2, 3, 3))
    det = np.linalg.det
    mixed = sum(s * t * det(a + s * e + t * f) for s in (-1, 1) for t in (-1, 1)) / 4
    assert_allclose(np.sum(ag.hvp(det, a, e) * f), mixed, atol=1e-13)


def test_det_near_singular_matrices_keeps_its_digits():
    a = np.array([[1.0, 2.0], [2.0, 4.0 + 1e-13]])
    assert_allclose(ag.grad(np.linalg.det)(a), [[4 + 1e-13, -2], [-2, 1]], rtol=1e-14)


def test_the_sign_of_a_real_determinant_is_constant():
    a = rng.standard_normal((2, 3, 3))
    assert_array_equal(ag.grad(lambda a: np.sum(np.linalg.slogdet(a).sign))(a), np.zeros_like(a))
    both = lambda a: np.sum(np.linalg.slogdet(a).sign * np.exp(np.linalg.slogdet(a).logabsdet))
    assert_allclose(
        ag.grad(both)(a), np.linalg.det(a)[:, None, None] * np.linalg.inv(a).mT, rtol=1e-12
    )
    assert type(np.linalg.slogdet(ag.Tensor(a))) is type(np.linalg.slogdet(a))


# Norms at zero, at zeros, at ties.

ORDERS = (None, 1, 2, 3, 1.5, 0.5, -1, -2, INF, -INF)


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("dtype", [float, complex])
@pytest.mark.filterwarnings("ignore:divide by zero")  # NumPy's own, of negative orders
def test_norms_of_zero_vectors_have_derivative_zero(order, dtype):
    for norm in (
        lambda x: np.linalg.norm(x, order),
        lambda x: np.linalg.norm(x, order, axis=0),
        lambda x: np.linalg.norm(x, order, keepdims=True)[0],
        lambda x: np.linalg.vector_norm(x, ord=2 if order is None else order),
    ):
        zero = np.zeros(3, dtype)
        assert_array_equal(ag.grad(norm)(zero), zero)
        assert_array_equal(ag.hvp(norm, zero, np.ones(3, dtype)), zero)


@pytest.mark.parametrize("order", [None, "fro", "nuc", 1, -1, 2, -2, INF, -INF])
def test_norms_of_zero_matrices_have_derivative_zero(order):
    zero = np.zeros((2, 3))
    for norm in (
        lambda x: np.linalg.norm(x, order),
        lambda x: np.linalg.matrix_norm(x, ord=order or "fro"),
    ):
        assert_array_equal(ag.grad(norm)(zero), zero)
        assert_array_equal(ag.hvp(norm, zero, np.ones((2, 3))), zero)


@pytest.mark.parametrize(
    ("order", "gradient", "curvature"),
    [
        (None, [0.6, 0, 0.8], [0.128, 0.2, -0.096]),
        (2.0, [0.6, 0, 0.8], [0.128, 0.2, -0.096]),
        (1, [1, 0, 1], [0, 0, 0]),
        (INF, [0, 0, 1], [0, 0, 0]),
        (-INF, [0, 0, 0], [0, 0, 0]),
    ],
)
def test_norms_of_vectors_with_zeros(order, gradient, curvature):
    norm = lambda x: np.linalg.norm(x, order)
    x = np.array([3.0, 0.0, 4.0])
    assert_allclose(ag.grad(norm)(x), gradient, rtol=1e-14)
    assert_allclose(ag.hvp(norm, x, np.array([1.0, 1.0, 0.0])), curvature, rtol=1e-13)


def test_orders_that_are_not_whole_at_zeros():
    x, e = np.array([1.0, 0.0]), np.array([0.0, 1.0])
    for order in (3, 4, 2.5, 1.5, 0.5):
        norm = lambda x, p=order: np.linalg.norm(x, p)
        assert_array_equal(ag.grad(norm)(x), [1, 0])
        assert_array_equal(ag.hvp(norm, x, e), [0, 0])


def test_ties_of_norms_share_equally():
    x = np.array([[1.0, -1.0], [-1.0, 1.0]])
    signs = np.sign(x)
    assert_array_equal(ag.grad(lambda x: np.linalg.norm(x, INF))(x[0]), signs[0] / 2)
    assert_array_equal(ag.grad(lambda x: np.linalg.norm(x, -INF))(x[0]), signs[0] / 2)
    for order in (1, -1, INF, -INF):
        assert_array_equal(ag.grad(lambda x, p=order: np.linalg.norm(x, p))(x), signs / 2)
    for order in (2, -2):
        found = ag.grad(lambda x, p=order: np.linalg.norm(x, p))(np.eye(3))
        assert_allclose(found, np.eye(3) / 3, rtol=1e-15)


def test_long_vectors_do_not_overflow_in_rules():
    x = np.array([1e200, 1e200])
    assert_allclose(ag.grad(lambda x: np.linalg.norm(x / 1e200, 3) * 1e200)(x), [2 ** (-2 / 3)] * 2)
    assert_allclose(ag.grad(lambda x: np.linalg.norm(x, 40))(np.array([1e6, 1e-6])), [1, 0])


def test_the_norm_of_order_zero_and_the_rank_are_constant():
    t = ag.Tensor([[0.0, 1.0], [2.0, 3.0]])
    assert_array_equal(np.linalg.norm(t, 0, axis=0), [1.0, 2.0], strict=True)
    assert np.linalg.vector_norm(t, ord=0) == 3.0
    assert np.linalg.matrix_rank(t) == 2
    assert type(np.linalg.matrix_rank(t)) is type(np.linalg.matrix_rank(t.data))


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda t: np.linalg.norm(t[0], "fro"), ValueError, "Invalid norm order 'fro' for vectors"),
        (lambda t: np.linalg.norm(t, 3), ValueError, "Invalid norm order for matrices"),
        (lambda t: np.linalg.norm(t[None], 2), ValueError, "Improper number of dimensions"),
        (lambda t: np.linalg.norm(t, 2, axis=(0, -2)), ValueError, "Duplicate axes given"),
        (lambda t: np.linalg.outer(t, t), ValueError, r"takes vectors, got shapes \(2, 2\)"),
        (lambda t: np.linalg.cross(t, t), ValueError, "takes vectors of 3 elements along axis -1"),
        (lambda t: np.linalg.tensorinv(t, 0), ValueError, "Invalid ind"),
        (lambda t: np.linalg.multi_dot([t]), ValueError, "at least two arrays"),
        (lambda t: np.linalg.pinv(t, 0.1, rtol=0.1), ValueError, "can't be both set"),
        (
            lambda t: np.linalg.tensorsolve(t[:, [0, 0, 0]], np.ones(2)),
            np.linalg.LinAlgError,
            r"as many equations as unknowns, got a of shape \(2, 3\)",
        ),
        (lambda t: np.linalg.cond(t[:0, :0]), np.linalg.LinAlgError, "not defined on empty arrays"),
        (lambda t: np.linalg.inv(t * 0), np.linalg.LinAlgError, "Singular matrix"),
    ],
)
def test_errors(call, error, message):
    with pytest.raises(error, match=message):
        call(ag.Tensor(np.ones((2, 2))))


# Condition numbers.


@pytest.mark.parametrize("p", [None, 2, 1, -1, INF, -INF, "fro"])
def test_infinite_condition_numbers_are_constant(p):
    a = np.stack([np.zeros((2, 2)), np.diag([1.0, 2.0]), np.diag([1.0, 0.0])])
    assert_array_equal(np.linalg.cond(ag.Tensor(a), p).data, np.linalg.cond(a, p))
    found = ag.grad(lambda a: np.linalg.cond(a, p)[1])(a)
    assert_array_equal(found[[0, 2]], np.zeros((2, 2, 2)))
    found = ag.grad(lambda a: np.sum(np.linalg.cond(a, p)))(a)
    assert_array_equal(found[[0, 2]], np.zeros((2, 2, 2)))
    assert_allclose(found[1], ag.grad(lambda a: np.linalg.cond(a, p))(a[1]), rtol=1e-14)


# Pseudo-inverses where the rank is less than full, and stays so.


@pytest.mark.parametrize("dtype", [float, complex])
def test_pinv_at_constant_rank(dtype):
    def low_rank(x):
        return x[:, :2] @ x[:, 2:].mT

    x, e = rng.standard_normal((2, 4, 4)).astype(dtype)
    x[:, 1] *= 1 + (0.5j if dtype is complex else 0)
    w = rng.standard_normal((4, 4))
    for function in (
        lambda x: np.sum(w * np.real(np.linalg.pinv(low_rank(x), rtol=1e-10))),
        lambda x: np.sum(w * np.real(np.linalg.lstsq(low_rank(x), np.eye(4), rcond=1e-10)[0])),
    ):
        along = lambda x, f=function: np.sum(np.real(ag.grad(f)(x) * e))
        assert_allclose(along(x), slope(function, x, e), rtol=1e-8)
        second = np.sum(np.real(ag.hvp(function, x, e) * e))
        assert_allclose(second, slope(along, x, e), rtol=1e-7)


@pytest.mark.parametrize("shape", [(3, 3), (4, 3), (2, 3, 4)])
def test_a_large_cutoff_of_pinv_counts(shape):
    """What is cut off turns what is kept, when they change."""
    u, s, vh = np.linalg.svd(rng.standard_normal(shape), full_matrices=False)
    s[...] = [3.0, 2.0, 0.5]
    s.reshape(-1)[-1] = 0.8  # in a stack: another one
    a = (u * s[..., None, :]) @ vh
    assert_allclose(np.linalg.norm(np.linalg.pinv(a, 0.3), 2, (-2, -1)), 1 / 2)
    e, w = rng.standard_normal(shape), rng.standard_normal((*shape[:-2], shape[-1], shape[-2]))
    for function in (
        lambda a: np.sum(w * np.linalg.pinv(a, 0.3)),
        lambda a: np.sum(w * np.linalg.pinv(a, rtol=0.3)),
        lambda a: np.sum(w * np.linalg.pinv(a, rcond=np.full(shape[:-2], 0.3))),
    ):
        along = lambda a, f=function: np.sum(ag.grad(f)(a) * e)
        assert_allclose(along(a), slope(function, a, e), rtol=1e-8)
        assert_allclose(np.sum(ag.hvp(function, a, e) * e), slope(along, a, e), rtol=1e-7)


def test_a_large_cutoff_of_lstsq_counts():
    u, _, vh = np.linalg.svd(rng.standard_normal((4, 3)), full_matrices=False)
    a, e = (u * [3.0, 2.0, 0.5]) @ vh, rng.standard_normal((4, 3))
    b, w = rng.standard_normal((4, 2)), rng.standard_normal((3, 2))

    def function(a):
        x, residuals, rank, s = np.linalg.lstsq(a, b, rcond=0.3)
        assert rank == 2
        assert residuals.shape == (0,)
        return np.sum(w * x) + np.sum(s**3)

    along = lambda a: np.sum(ag.grad(function)(a) * e)
    assert_allclose(along(a), slope(function, a, e), rtol=1e-8)
    assert_allclose(np.sum(ag.hvp(function, a, e) * e), slope(along, a, e), rtol=1e-7)


def test_each_result_of_lstsq_alone():
    a, b = rng.standard_normal((4, 2)), rng.standard_normal(4)
    rest = b - a @ np.linalg.lstsq(a, b)[0]
    x = np.linalg.lstsq(a, b)[0]
    by_a, by_b = ag.grad(lambda a, b: np.linalg.lstsq(a, b)[1][0], (0, 1))(a, b)
    assert_allclose(by_b, 2 * rest, rtol=1e-12)
    assert_allclose(by_a, -2 * np.outer(rest, x), rtol=1e-11, atol=1e-14)
    by_a, by_b = ag.grad(lambda a, b: np.sum(np.linalg.lstsq(a, b)[3] ** 2), (0, 1))(a, b)
    assert_allclose(by_a, 2 * a, rtol=1e-12)
    assert_array_equal(by_b, np.zeros(4))


# Equations and powers.


def test_right_sides_are_vectors_if_they_have_one_axis():
    """NumPy 2's rule: two axes are a matrix, whatever a stack of matrices they would fit."""
    a, b = np.eye(3) + np.zeros((3, 1, 1)), rng.standard_normal((3, 3))
    w = rng.standard_normal((3, 3, 3))
    found = ag.grad(lambda b: np.sum(w * np.linalg.solve(a, b)))(b)
    assert_allclose(found, np.sum(w, axis=0), rtol=1e-13)
    found = ag.grad(lambda b: np.sum(w[0] * np.linalg.solve(a, b)))(b[0])
    assert_allclose(found, np.sum(w[0], axis=0), rtol=1e-13)


def test_the_power_of_zero_is_constant():
    a = rng.standard_normal((2, 3, 3))
    assert_array_equal(np.linalg.matrix_power(ag.Tensor(a), 0), np.linalg.matrix_power(a, 0))
    first = lambda a: np.sum(np.linalg.matrix_power(a, 0) + np.linalg.matrix_power(a, 1))
    assert_array_equal(ag.grad(first)(a), np.ones_like(a))


def test_products_of_many_matrices_take_the_cheapest_order():
    sizes = [10, 100, 5, 50, 2]
    arrays = [rng.standard_normal(shape) for shape in pairwise(sizes)]
    assert_array_equal(
        np.linalg.multi_dot(list(map(ag.Tensor, arrays))).data, np.linalg.multi_dot(arrays)
    )


def test_determinants_of_no_matrices():
    x = np.zeros((0, 2, 2))
    assert ag.grad(lambda x: np.sum(np.linalg.det(x)))(x).shape == x.shape


def test_a_norm_of_negative_order_that_is_zero_has_derivative_zero():
    x = np.array([0.0, 2.0])
    with np.errstate(divide="ignore"):
        assert_array_equal(ag.grad(lambda x: np.linalg.norm(x, -1))(x), 0.0)


def test_second_derivatives_of_a_stack_of_singular_matrices():
    """Each matrix of a stack by itself: of rank 2, and of rank 1."""
    rng = np.random.default_rng(6)
    low, lower = (rng.normal(size=(3, k)) @ rng.normal(size=(k, 3)) for k in (2, 1))
    direction = rng.normal(size=(2, 3, 3))
    expected = [ag.hvp(np.linalg.det, a, v) for a, v in zip((low, lower), direction, strict=True)]
    # A determinant of three columns is linear in each: differences of the cofactors are exact.
    cofactors = lambda a: np.array(
        [np.cross(a[1], a[2]), np.cross(a[2], a[0]), np.cross(a[0], a[1])]
    )
    for a, v, found in zip((low, lower), direction, expected, strict=True):
        by_differences = (cofactors(a + v) - cofactors(a - v)) / 2
        np.testing.assert_allclose(found, by_differences, atol=1e-12)
    found = ag.hvp(lambda x: np.sum(np.linalg.det(x)), np.stack([low, lower]), direction)
    np.testing.assert_allclose(found, expected, atol=1e-12)


def test_determinants_of_a_square_of_matrices():
    """A stack of two dimensions, whose determinants are a matrix themselves."""
    x = np.random.default_rng(7).normal(size=(2, 2, 3, 3)) + 2 * np.eye(3)
    found = ag.grad(lambda x: np.sum(np.linalg.det(x)))(x)
    expected = np.linalg.det(x)[..., None, None] * np.linalg.inv(x).mT
    np.testing.assert_allclose(found, expected, rtol=1e-10)
