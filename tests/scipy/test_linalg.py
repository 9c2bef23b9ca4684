"""`autograd.scipy.linalg` where rows cannot look: what is made of others, parts that are read."""

import numpy as np
import pytest
import scipy.linalg as sl
from numpy.testing import assert_allclose, assert_array_equal

import autograd as ag
from autograd.errors import NotDifferentiableError
from autograd.scipy import linalg
from autograd.testing import check_grads

rng = np.random.default_rng(0)


def normal(*shape):
    return rng.standard_normal(shape)


A, B = normal(3, 3) / 2 + 3 * np.eye(3), normal(3, 2)
Z = A + 0.3j * normal(3, 3)
POSITIVE = A @ A.T
D, E_ = np.array([1.0, 2.5, 4.0]), np.array([0.3, -0.5])
BANDS = np.array([[0.0, 0.3, -0.4], [2.0, 3.0, 4.0]])
C, R = np.array([4.0, 1.0, -0.5]), np.array([4.0, 0.3, 0.7, 0.2])
LU, PIV = sl.lu_factor(A)
TALL, OTHER = normal(4, 2), normal(4, 2)

# Name, function of `linalg` or of SciPy alike, arguments.
COMPOSITES = [
    ("inv diagonal", lambda m, x: np.diag(m.inv(x, assume_a="diagonal")), A),
    ("inv upper", lambda m, x: np.triu(m.inv(x, assume_a="upper triangular")), A),
    ("cho_solve", lambda m, x: m.cho_solve((x, True), B), A),
    ("cho_solve_banded", lambda m, x, b: m.cho_solve_banded((x, False), b), BANDS, B),
    ("cho_solve_banded lower", lambda m, x: m.cho_solve_banded((x[::-1], True), D), BANDS),
    ("cholesky_banded", lambda m, x: m.cholesky_banded(x), BANDS),
    ("cholesky_banded lower", lambda m, x: m.cholesky_banded(x, lower=True), BANDS[::-1]),
    ("lu_solve", lambda m, x, b: m.lu_solve((x, PIV), b), LU, B),
    ("lu_solve transposed", lambda m, x, b: m.lu_solve((x, PIV), b, 1), LU, B),
    ("lu permuted", lambda m, x: m.lu(x, permute_l=True)[0], A),
    ("lu", lambda m, x: m.lu(x)[1], A),
    ("solve_toeplitz", lambda m, c, b: m.solve_toeplitz(c, b), C, B),
    ("matmul_toeplitz", lambda m, c, r, x: m.matmul_toeplitz((c, r), x), C, R, normal(4, 2)),
    ("solve_circulant", lambda m, c, b: m.solve_circulant(c, b), C, D),
    ("qr pivoting", lambda m, x: m.qr(x, pivoting=True, mode="economic")[1], TALL),
    ("qr r", lambda m, x: m.qr(x, mode="r")[0], TALL),
    ("rq r", lambda m, x: m.rq(x, mode="r"), TALL.T),
    ("svd values", lambda m, x: m.svd(x, compute_uv=False), TALL),
    ("polar left", lambda m, x: m.polar(x, "left")[1], TALL),
    ("polar wide", lambda m, x: m.polar(x)[1], TALL[:2]),
    ("procrustes", lambda m, a, b: m.orthogonal_procrustes(a, b)[0], TALL, OTHER),
    ("procrustes scale", lambda m, a, b: m.orthogonal_procrustes(a, b)[1], TALL, OTHER),
    ("pinv cut", lambda m, x: m.pinv(x, rtol=0.6), np.diag([2.0, 1.0, 1.7]) + 0.1 * A),
    ("pinvh", lambda m, x: m.pinvh(x, lower=False), POSITIVE),
    ("lstsq", lambda m, a, b: m.lstsq(a, b)[0], TALL, D[[0, 1, 2, 0]]),
    ("lstsq residues", lambda m, a, b: m.lstsq(a, b)[1], TALL, OTHER),
    ("lstsq values", lambda m, a: m.lstsq(a, OTHER)[3], TALL),
    ("norm", lambda m, x: m.norm(x, 1), A),
    ("angles", lambda m, a, b: m.subspace_angles(a, b), TALL, OTHER),
    ("eigh subset", lambda m, x: m.eigh(x, subset_by_index=[0, 1])[1], A),
    ("eigh values", lambda m, x: m.eigvalsh(x, lower=False, subset_by_value=(0, 4)), A),
    ("eigh type 2", lambda m, a, b: m.eigh(a, b, type=2)[1], A, POSITIVE),
    ("eigh type 3", lambda m, a, b: m.eigh(a, b, type=3)[1], A, POSITIVE),
    ("eig_banded", lambda m, x: m.eig_banded(x)[1], BANDS),
    ("eigvals_banded", lambda m, x: m.eigvals_banded(x, select="i", select_range=(1, 2)), BANDS),
    ("eigh_tridiagonal", lambda m, d, e: m.eigh_tridiagonal(d, e)[1], D, E_),
    ("eigvalsh_tridiagonal", lambda m, d, e: m.eigvalsh_tridiagonal(d, e), D, E_),
    ("eig left", lambda m, x: np.real(m.eig(x, left=True)[1]), np.diag(D) + 0.1 * A),
    ("eig of two", lambda m, a, b: np.real(m.eig(a, b)[1]), np.diag(D) + 0.1 * A, POSITIVE),
    ("eigvals of two", lambda m, a, b: np.real(m.eigvals(a, b)), np.diag(D), POSITIVE),
    ("expm_frechet", lambda m, a, e: m.expm_frechet(a, e)[1], A / 3, B @ B.T),
    ("block_diag", lambda m, a, b: m.block_diag(a, b), A, D),
    ("toeplitz", lambda m, c, r: m.toeplitz(c, r), C, R),
    ("hankel", lambda m, c, r: m.hankel(c, r), C, R),
    ("circulant", lambda m, c: m.circulant(c), C),
    ("companion", lambda m, a: m.companion(a), C),
    ("leslie", lambda m, f, s: m.leslie(f, s), C, E_),
    ("fiedler", lambda m, a: m.fiedler(a), C),
    ("fiedler_companion", lambda m, a: m.fiedler_companion(a), np.arange(1.0, 8.0)),
    ("convolution_matrix full", lambda m, a: m.convolution_matrix(a, 4), C),
    ("convolution_matrix same", lambda m, a: m.convolution_matrix(a, 4, "same"), C),
    ("convolution_matrix valid", lambda m, a: m.convolution_matrix(a, 2, "valid"), C),
    ("khatri_rao", lambda m, a, b: m.khatri_rao(a, b), TALL, B),
    ("diagsvd", lambda m, s: m.diagsvd(s, 3, 4), C),
]
of_composites = pytest.mark.parametrize(
    ("function", "arguments"), [(row[1], row[2:]) for row in COMPOSITES],
    ids=[row[0] for row in COMPOSITES],
)  # fmt: skip


@of_composites
def test_composites_have_the_values_of_scipy(function, arguments):
    found = function(linalg, *map(ag.Tensor, arguments))
    expected = function(sl, *arguments)
    assert_allclose(found.data, expected, rtol=1e-10, atol=1e-12)
    assert found.dtype == np.asarray(expected).dtype


@of_composites
def test_composites_have_the_derivatives_of_scipy(function, arguments):
    def of_ours(*args):
        return function(linalg, *args)

    check_grads(of_ours, *arguments, order=1, layouts=False, undecided="allow", evaluations=12)


# What the row of a primitive cannot vary.


@pytest.mark.parametrize("lower", [False, True])
def test_cholesky_has_a_hermitian_gradient(lower):
    found = ag.grad(lambda a: np.real(np.sum(np.log(np.diag(linalg.cholesky(a, lower))))))(POSITIVE)
    assert_allclose(found, np.linalg.inv(POSITIVE) / 2, rtol=1e-10)
    factor = lambda a: np.sum(np.log(np.diag(linalg.cho_factor(a, lower)[0])))
    assert_allclose(ag.grad(factor)(POSITIVE), np.linalg.inv(POSITIVE) / 2, rtol=1e-10)
    square = lambda x: linalg.cholesky(x @ x.T, lower)
    check_grads(square, A, layouts=False, undecided="allow", evaluations=12)


def test_solve_of_a_positive_matrix_reads_one_triangle():
    for lower, half in ((False, np.triu), (True, np.tril)):
        solve = lambda a, lo=lower: np.sum(linalg.solve(a, B, assume_a="pos", lower=lo))
        found = ag.grad(solve)(half(POSITIVE))
        assert_array_equal(found, half(found))
        whole = ag.grad(lambda a: np.sum(np.linalg.solve(a, B)))(POSITIVE)
        assert_allclose(found, half(whole + whole.T - np.diag(np.diag(whole))), rtol=1e-9)


def test_triangular_gradient_is_in_the_triangle():
    for unit in (False, True):
        found = ag.grad(
            lambda a, unit=unit: np.sum(
                linalg.solve_triangular(a, B, lower=True, unit_diagonal=unit)
            )
        )(A)
        assert_array_equal(found, np.tril(found, -1 if unit else 0))
        assert np.all(found[np.tril_indices(3, -1)])


@pytest.mark.parametrize("a", [np.eye(3), 2 * np.eye(3) + np.eye(3, k=1)], ids=["tie", "block"])
@pytest.mark.parametrize("name", ["expm", "logm", "sqrtm", "sinm", "coshm", "tanm"])
def test_functions_of_matrices_need_no_eigenvectors(name, a):
    """At repeated eigenvalues, even without a basis of eigenvectors: the trace has f' there."""
    function = getattr(linalg, name)
    check_grads(function, a, order=1, layouts=False, undecided="allow", evaluations=12)


def test_exponential_at_the_identity():
    e = normal(3, 3)
    assert_allclose(ag.jvp(linalg.expm, (np.eye(3),), (e,))[1], np.e * e, rtol=1e-13)
    hessian = ag.hvp(lambda a: np.trace(linalg.expm(a)), np.zeros((3, 3)), e)
    assert_allclose(hessian, e.T, rtol=1e-13)  # tr exp(a) = n + tr a + tr a² / 2 ...


def test_power_has_a_derivative_in_the_exponent():
    m = np.diag([1.0, 2.0]) + 0.1
    found = ag.grad(lambda t: np.sum(linalg.fractional_matrix_power(m, t)))(0.3)
    exact = np.sum(sl.logm(m) @ sl.fractional_matrix_power(m, 0.3))
    assert_allclose(found, exact, rtol=1e-12)


def test_polar_factors_have_second_derivatives_at_ties():
    check_grads(lambda a: linalg.polar(a)[0], np.eye(2), undecided="allow", layouts=False)
    check_grads(lambda a: linalg.polar(a)[1], np.eye(2), undecided="allow", layouts=False)


@pytest.mark.parametrize("name", ["solve_continuous_are", "solve_discrete_are"])
def test_riccati_solutions_in_all_arguments(name):
    def solution(*arguments):
        a, b, q, r, e, s = arguments
        weights = q @ q.T + np.eye(2), r * r + 1
        return getattr(linalg, name)(a, b, *weights, e, 0.1 * s, balanced=False)

    a, q, e = [[0.3, 1.0], [-0.5, 0.2]], [[1.0, 0.2], [0.1, 1.5]], [[1.0, 0.1], [0.0, 1.2]]
    matrices = a, [[1.0], [0.5]], q, [[0.5]], e, [[1.0], [2.0]]
    arguments = map(np.array, matrices)
    check_grads(solution, *arguments, order=1, layouts=False, undecided="allow", evaluations=12)


def test_generalized_eigenvalues():
    pair = lambda a, b: linalg.eigh(a, b)[0]
    check_grads(pair, A, POSITIVE, layouts=False, undecided="allow", evaluations=12)
    found = ag.grad(lambda b: linalg.eigvalsh(np.eye(2), b)[0])(np.diag([2.0, 1.0]))
    assert_allclose(found, np.diag([-0.25, 0.0]), atol=1e-15)  # of 1 / b


# Calls.


def test_calls_of_hips_autograd():
    ab = np.array([[0.0, 1.0, 1.0], [4.0, 4.0, 4.0], [1.0, 1.0, 0.0]])
    assert_allclose(
        ag.grad(lambda ab, b: np.sum(linalg.solve_banded((1, 1), ab, b)), 1)(ab, D),
        np.linalg.solve(np.eye(3) * 4 + np.eye(3, k=1) + np.eye(3, k=-1), np.ones(3)),
    )
    for argument in range(3):
        found = ag.grad(lambda *x: np.sum(linalg.solve_sylvester(*x)), argument)(A, A, A)
        assert found.shape == (3, 3)
    assert_allclose(ag.grad(lambda x: np.trace(linalg.sqrtm(x)))(4 * np.eye(2)), np.eye(2) / 4)


def test_of_plain_arrays_functions_are_those_of_scipy():
    assert_array_equal(linalg.solve(A, B), sl.solve(A, B))
    assert type(linalg.expm(A)) is np.ndarray
    assert linalg.LinAlgError is sl.LinAlgError
    assert linalg.bandwidth(ag.Tensor(np.triu(A))) == (0, 2)
    assert linalg.issymmetric(ag.Tensor(POSITIVE)) is sl.issymmetric(POSITIVE)
    assert linalg.solve.__doc__ == sl.solve.__doc__


def test_options_that_change_no_derivative():
    a, b = ag.Tensor(A), ag.Tensor(B)
    x = linalg.solve(a, b, overwrite_a=True, overwrite_b=True, check_finite=False)
    np.sum(x).backward()
    assert_array_equal(a.data, A)
    assert_allclose(b.grad, np.linalg.solve(A.T, np.ones((3, 2))), rtol=1e-12)


def test_lists_of_tensors():
    a = ag.Tensor(2.0)
    linalg.det([[a, 1.0], [1.0, a]]).backward()
    assert_allclose(a.grad, 4.0)


@pytest.mark.parametrize("dtype", [np.float32, np.complex64])
def test_single_precision_stays(dtype):
    for function in (linalg.eigvalsh, linalg.pinv, linalg.circulant, lambda x: linalg.lu(x)[2]):
        x = ag.Tensor(POSITIVE.astype(dtype))
        y = np.sum(np.abs(function(x)))
        y.backward()
        assert y.dtype == np.float32
        assert x.grad.dtype == dtype


def test_empty_matrices():
    x = ag.Tensor(np.zeros((0, 0)))
    for function in (linalg.inv, linalg.expm, linalg.cholesky, lambda x: linalg.solve(x, x)):
        y = function(x)
        assert ag.gradients([np.sum(y)], [x])[0].shape == (0, 0)


# Errors.


@pytest.mark.parametrize(
    "name", ["schur", "hessenberg", "null_space", "orth", "ldl", "matrix_balance", "cossin"]
)
def test_what_has_no_derivative_is_refused_by_name(name):
    with pytest.raises(NotDifferentiableError, match=f"scipy.linalg.{name} of a Tensor has no"):
        getattr(linalg, name)(ag.Tensor(A))


@pytest.mark.parametrize(
    ("function", "message"),
    [
        (lambda x: linalg.qr(x, mode="raw"), "mode='raw' has no derivative"),
        (lambda x: linalg.eig(x, homogeneous_eigvals=True), "only the ratio is determined"),
        (lambda x: linalg.solve_discrete_are(x, B, A, A, e=A), "pass balanced=False"),
        (lambda x: linalg.subspace_angles(np.ones((3, 3)), x), "columns of A that are linearly"),
        (
            lambda x: linalg.eigh(np.stack([x, x]), subset_by_value=(0, 1)),
            "takes one matrix, not a batch",
        ),
    ],
)
def test_what_is_refused_says_why(function, message):
    with pytest.raises(NotDifferentiableError, match=message):
        function(ag.Tensor(A))


@pytest.mark.parametrize(
    ("function", "message"),
    [
        (lambda x: linalg.polar(x, "up"), "`side` must be"),
        (lambda x: linalg.matmul_toeplitz(C, x[:2]), "3 columns got x of shape"),
        (lambda x: linalg.solve_circulant(C, x[0, :2]), "are incompatible"),
        (lambda x: linalg.orthogonal_procrustes(x, B), "shapes of A and B differ"),
        (lambda x: linalg.subspace_angles(x, TALL), "same number of rows"),
        (lambda x: linalg.eigh_tridiagonal(x[0], x[1]), "one more element than e"),
        (lambda x: linalg.expm_frechet(x, B), "same shape"),
        (lambda x: linalg.companion(x[0, :1]), "at least 2"),
        (lambda x: linalg.companion(0 * x[0]), "must not be zero"),
        (lambda x: linalg.fiedler_companion(0 * x[0]), "Leading coefficient is zero"),
        (lambda x: linalg.leslie(x[0], x[1]), "Incorrect lengths"),
        (lambda x: linalg.convolution_matrix(x[0], 0), "must be a positive integer"),
        (lambda x: linalg.convolution_matrix(x[0], 2, "other"), "'mode' argument must be"),
        (lambda x: linalg.khatri_rao(x, B), "number of columns"),
        (lambda x: linalg.diagsvd(x[0], 2, 2), "must be M or N"),
        (lambda x: linalg.lu_solve((x * np.nan, PIV), B), "infs or NaNs"),
    ],
)
def test_wrong_values_raise_as_in_scipy(function, message):
    with pytest.raises(ValueError, match=message):
        function(ag.Tensor(A))


def test_singular_circulants_and_complex_tridiagonals():
    with pytest.raises(sl.LinAlgError, match="near singular circulant"):
        linalg.solve_circulant(ag.Tensor(np.ones(3)), D)
    found = linalg.solve_circulant(ag.Tensor(np.ones(3)), D, singular="lstsq")
    assert_allclose(found.data, sl.solve_circulant(np.ones(3), D, singular="lstsq"))
    with pytest.raises(TypeError, match="Only real arrays"):
        linalg.eigh_tridiagonal(ag.Tensor(Z[0]), E_)
