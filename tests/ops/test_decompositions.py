"""Factors of matrices where rows cannot look: symmetry, triangles, ties, zeros, unused outputs."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

import autograd as ag
from autograd.dispatch import TABLE
from autograd.errors import NotDifferentiableError
from autograd.ops import decompositions
from tests.ops import test_rules
from tests.ops.case import Case
from tests.ops.rows.decompositions import matrices, tall_or_wide, unitary

rng = np.random.default_rng(0)
A = np.array([[2.0, 0.3, 0.1], [0.3, 1.0, -0.4], [0.1, -0.4, 3.0]])
W = rng.standard_normal((3, 3))
E = rng.standard_normal((3, 3))
PROPERTIES = (
    test_rules.test_forward_and_reverse_are_adjoint,
    test_rules.test_derivative_is_the_limit_of_differences,
    test_rules.test_second_derivative_is_the_limit_of_differences,
    test_rules.test_float32_stays_float32,
)


# Cholesky: Hermitian matrices, and their Hermitian changes.


def factor_of_square(x):
    """Return the Cholesky factor of a positive matrix made from any matrix."""
    return np.linalg.cholesky(x @ np.conj(x.mT) + np.eye(x.shape[-2], dtype=np.float32))


def upper_factor_of_square(x):
    """Return the upper one."""
    square = x @ np.conj(x.mT) + np.eye(x.shape[-2], dtype=np.float32)
    return np.linalg.cholesky(square, upper=True)


@pytest.mark.parametrize("complex_", [False, True])
@pytest.mark.parametrize("function", [factor_of_square, upper_factor_of_square])
@pytest.mark.parametrize("prove", PROPERTIES, ids=lambda prove: prove.__name__)
def test_cholesky_of_hermitian_matrices(monkeypatch, prove, function, complex_):
    monkeypatch.setitem(TABLE, function, function)
    prove(case=Case(function, matrices(tall_or_wide, complex_=complex_)))


def test_cholesky_has_a_symmetric_gradient():
    found = ag.grad(lambda a: np.sum(W * np.linalg.cholesky(a)))(A)
    assert_allclose(found, found.T, rtol=1e-12)
    assert ag.grad(lambda a: np.linalg.cholesky(a)[0, 0])(np.array([[4.0]])) == 1 / 4
    assert_allclose(  # a = l lᴴ: the determinant is the square of the product of the diagonal
        ag.grad(lambda a: 2 * np.sum(np.log(np.linalg.cholesky(a)[range(3), range(3)])))(A),
        np.linalg.inv(A),
        rtol=1e-12,
    )


# What a decomposition is put together to has the gradient of what was taken apart.


@pytest.mark.parametrize("shape", [(3, 3), (2, 3), (3, 2), (2, 3, 2), (0, 2, 3), (2, 0), (1, 1)])
def test_products_of_factors_are_the_matrix(shape):
    x, w = rng.standard_normal((2, *shape))

    def put_together(a):
        u, s, vh = np.linalg.svd(a, full_matrices=False)
        return (u * s[..., None, :]) @ vh

    for function in (put_together, lambda a: np.matmul(*np.linalg.qr(a))):
        found = ag.grad(lambda a, function=function: np.sum(w * function(a)))(x)
        assert_allclose(found, w, rtol=1e-10, atol=1e-10)


# Triangles.


@pytest.mark.parametrize("function", [np.linalg.eigvalsh, lambda a, u: np.linalg.eigh(a, u)[0]])
@pytest.mark.parametrize(("uplo", "mask"), [("L", np.tril), ("U", np.triu), ("l", np.tril)])
def test_eigh_reads_one_triangle(function, uplo, mask):
    found = ag.grad(lambda a: function(a, uplo)[0])(A + W - mask(W))
    v = np.linalg.eigh(A)[1][:, 0]
    whole = np.outer(v, v)
    assert_allclose(found, mask(whole + whole.T - np.diag(np.diag(whole))), rtol=1e-10)


# Ties. Equal eigenvalues that are computed differ by rounding.


@pytest.mark.parametrize("a", [np.eye(3), np.zeros((3, 3)), np.diag([2.0, 1.0, 2.0])], ids=str)
def test_smooth_functions_of_repeated_eigenvalues(a):
    lower = lambda x: np.tril(x + x.T) - np.diag(np.diag(x))
    for eigenvalues in (np.linalg.eigvalsh, lambda a: np.linalg.eigh(a).eigenvalues):
        trace = lambda a, f=eigenvalues: np.sum(f(a))
        squares = lambda a, f=eigenvalues: np.sum(f(a) ** 2)
        assert_allclose(ag.grad(trace)(a), np.eye(3), atol=1e-14)
        assert_allclose(ag.hvp(trace, a, W), np.zeros((3, 3)), atol=1e-13)
        assert_allclose(ag.grad(squares)(a), lower(2 * a), atol=1e-14)


def test_the_space_of_a_tie_has_a_derivative():
    q = unitary(rng, (), 4)
    a = (q * [1.0, 1.0, 1.0, 3.0]) @ q.T
    assert np.ptp(np.linalg.eigvalsh(a)[:3]) > 0
    w, e = rng.standard_normal((2, 4, 4))

    def function(a):
        v = np.linalg.eigh(a)[1][:, :3]
        return np.sum(w * (v @ v.T))

    e += e.T
    for start in (a, np.diag([1.0, 1.0, 1.0, 3.0])):
        expected, error = test_rules.slope(lambda t, a=start: function(a + t * e), analytic=False)
        assert abs(np.sum(ag.grad(function)(start) * e) - expected) <= 3 * error + 1e-9


def test_vectors_of_a_tie_do_not_turn_into_one_another():
    for function in (
        lambda a: np.sum(W * np.linalg.eigh(a)[1]),
        lambda a: np.sum(W * np.real(np.linalg.eig(a)[1])),
        lambda a: np.sum(W * np.linalg.svd(a)[0]) + np.sum(E * np.linalg.svd(a)[2]),
    ):
        assert np.all(np.isfinite(ag.grad(function)(np.eye(3))))
        assert np.all(np.isfinite(ag.hvp(function, np.eye(3), W)))
    assert_array_equal(ag.grad(lambda a: np.sum(W * np.linalg.eigh(a)[1]))(np.eye(3)), 0 * W)


def test_what_is_between_two_vectors_of_a_tie_is_left_out():
    """The convention that the module states: there is no way to know it."""

    def matrix_function(a):
        w, v = np.linalg.eigh(a)
        return np.sum(W * ((v * w**2) @ v.T))

    diagonal = np.diag(np.diag(W))
    assert_allclose(ag.grad(matrix_function)(np.eye(3)), 2 * diagonal, atol=1e-14)
    squares = lambda a: np.sum(np.linalg.eigvalsh(a) ** 2)
    assert_allclose(ag.hvp(squares, np.eye(3), W), 2 * diagonal, atol=1e-14)


def test_polar_factors_have_a_derivative_at_ties():
    """The unitary factor u vᴴ at the identity changes by the antisymmetric part."""

    def factor(a):
        u, _, vh = np.linalg.svd(a)
        return u @ vh

    for start in (np.eye(3), unitary(rng, (), 3)):
        turned = start.T @ E
        tangent = start @ (turned - turned.T) / 2
        assert_allclose(ag.jvp(factor, (start,), (E,))[1], tangent, atol=1e-13)
        nuclear = lambda a: np.linalg.norm(a, "nuc")
        assert_allclose(ag.grad(nuclear)(start), start, atol=1e-13)
        assert_allclose(ag.hvp(nuclear, start, E), tangent, atol=1e-13)
        values = lambda a: np.sum(np.linalg.svd(a)[1])
        assert_allclose(ag.hvp(values, start, E), tangent, atol=1e-13)


def test_repeated_eigenvalues_of_any_matrix():
    a = np.diag([2.0, 2.0, 1.0])
    assert_allclose(ag.grad(lambda a: np.sum(np.linalg.eigvals(a)))(a), np.eye(3), atol=1e-14)
    assert_allclose(
        ag.grad(lambda a: np.sum(np.linalg.eig(a).eigenvalues ** 2))(a), 2 * a.T, atol=1e-14
    )


# Matrices without full rank.


def test_the_largest_singular_value_of_a_matrix_of_rank_one():
    """σ₁ of x yᵀ is smooth: at (3, 0), (0, 0) it is 3 + e₁₁ + (e₁₂² + e₂₁²) / 6 + ..."""
    a = np.array([[3.0, 0.0], [0.0, 0.0]])
    for function in (
        lambda a: np.linalg.norm(a, 2),
        lambda a: np.linalg.svd(a, full_matrices=False)[1][0],
        lambda a: np.linalg.svdvals(a)[0],
    ):
        assert_allclose(ag.grad(function)(a), [[1, 0], [0, 0]], atol=1e-15)
        e = np.array([[0.5, 2.0], [-1.0, 0.25]])
        expected = [[0, 2 / 3], [-1 / 3, 0]]
        assert_allclose(ag.hvp(function, a, e), expected, atol=1e-15)


@pytest.mark.parametrize("shape", [(2, 2), (3, 2), (2, 3)])
def test_singular_values_of_zero(shape):
    for function in (
        lambda a: np.linalg.norm(a, "nuc"),
        lambda a: np.linalg.svdvals(a)[0],
        lambda a: np.sum(np.linalg.svd(a)[1]),
        lambda a: np.sum(np.linalg.svd(a, full_matrices=False)[1]),
    ):
        assert_array_equal(ag.grad(function)(np.zeros(shape)), np.zeros(shape))
        assert_array_equal(ag.hvp(function, np.zeros(shape), np.ones(shape)), np.zeros(shape))


# Outputs that are not used.


def test_outputs_that_are_not_used_do_no_harm():
    tall = np.vstack([np.eye(2), np.zeros((2, 2))])  # ties, and a complement of two vectors
    expected = tall / np.sqrt(2)  # of the length of the singular values: the matrix's own length
    for keywords in ({}, {"full_matrices": False}, {"compute_uv": False}):
        length = lambda a, k=keywords: np.sqrt(np.sum(values_of(np.linalg.svd(a, **k)) ** 2))
        assert_allclose(ag.grad(length)(tall), expected, atol=1e-15)
        _, tangent = ag.jvp(length, (tall,), (np.ones((4, 2)),))
        assert_allclose(tangent, np.sqrt(2), rtol=1e-14)
    for mode in ("reduced", "complete"):
        length = lambda a, m=mode: np.sqrt(np.sum(np.linalg.qr(a, m).R ** 2))
        assert_allclose(ag.grad(length)(tall), expected, atol=1e-15)


def values_of(out):
    return out if isinstance(out, ag.Tensor | np.ndarray) else out.S


def test_outputs_have_numpys_names():
    t = ag.Tensor(A)
    for function in (np.linalg.qr, np.linalg.eigh, np.linalg.eig, np.linalg.svd):
        assert type(function(t)) is type(function(A))
    assert type(np.linalg.svd(t, hermitian=True)) is type(np.linalg.svd(A))


# Eigenvalues without eigenvectors.


def test_eigenvalues_keep_their_order():
    """LAPACK orders the eigenvalues of large matrices otherwise if vectors are not asked for."""
    a = rng.standard_normal((2, 5, 5))
    w, v = np.linalg.eig(a)
    order = rng.permuted(np.tile(np.arange(5), (2, 1)), axis=-1)
    shuffled = np.take_along_axis(w, order, -1)
    found, vectors = decompositions.eigenpairs(a, shuffled * (1 + 1e-12))
    assert_array_equal(found, shuffled)
    assert_array_equal(vectors, np.take_along_axis(v, order[:, None], -1))


# What is refused.


def test_reflections_are_refused():
    with pytest.raises(NotDifferentiableError, match=r"mode='raw'.*use mode='reduced'"):
        np.linalg.qr(ag.Tensor(A), mode="raw")
    with pytest.raises(ValueError, match="Unrecognized mode 'nonsense'"):
        np.linalg.qr(ag.Tensor(A), mode="nonsense")
    with pytest.raises(np.linalg.LinAlgError, match="not positive definite"):
        np.linalg.cholesky(ag.Tensor(-A))


def test_ties_are_told_apart_at_any_scale():
    x = np.array([[2.0, 1.0], [1.0, 5.0]])
    turn = ag.grad(lambda x: np.linalg.eigh(x)[1][0, 0] ** 2)
    assert_allclose(turn(1e-30 * x) * 1e-30, turn(x), rtol=1e-12)


def test_singular_values_of_zero_have_tangents_of_zero():
    x = np.diag([3.0, 0.0])
    _, tangent = ag.jvp(np.linalg.svdvals, [x], [np.ones((2, 2))])
    assert_allclose(tangent, [1.0, 0.0], atol=1e-15)


def test_vectors_of_singular_values_of_zero_do_not_turn_into_one_another():
    x, turn = np.diag([3.0, 0.0, 0.0]), np.zeros((3, 3))
    turn[1, 2], turn[2, 1] = 1.0, -1.0
    _, tangent = ag.jvp(lambda x: np.linalg.svd(x)[0], [x], [turn])
    assert_array_equal(tangent, 0.0)
