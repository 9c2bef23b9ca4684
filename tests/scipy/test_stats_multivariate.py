"""Distributions of several variables: values against SciPy, derivatives, refusals."""

import importlib

import numpy as np
import pytest
import scipy.stats
from numpy.testing import assert_allclose, assert_array_equal

import autograd as ag
from autograd.scipy import stats
from autograd.testing import check_grads

RNG = np.random.default_rng(0)
ROOT = RNG.normal(size=(3, 3))
MATRIX = ROOT @ ROOT.T + np.eye(3)
SMALL = np.array([[2.0, 0.5], [0.5, 1.0]])
MEAN = RNG.normal(size=3)
SIMPLEX = RNG.dirichlet(np.ones(3))
ALPHA = np.array([0.5, 1.0, 2.5])
X = RNG.normal(size=(2, 4, 3))
PAIR = np.stack([MATRIX, MATRIX + 1], axis=-1)


def definite(root):
    """Return a positive definite matrix: a function that differences can be taken of."""
    return root @ root.T + np.eye(len(root))


def softmax(x):
    return np.exp(x) / np.sum(np.exp(x))


def as_tensors(args):
    """Return Tensors for all floats, so that every argument is one that may be."""
    return [
        ag.Tensor(np.asarray(arg, float)) if np.asarray(arg).dtype.kind == "f" else arg
        for arg in args
    ]


VALUES = [
    *(
        (name, "logpdf", (x, MEAN, matrix, *more))
        for name, more in (("multivariate_normal", ()), ("multivariate_t", (3.5,)))
        for x in (X, X[0], X[0, 0], X[:1, 0])
        for matrix in (MATRIX, 2.0, ALPHA)
    ),
    ("multivariate_normal", "pdf", (X, MEAN, MATRIX)),
    ("multivariate_normal", "logpdf", (X, None, MATRIX)),
    ("multivariate_normal", "logpdf", (0.3,)),
    ("multivariate_normal", "logpdf", (np.array([0.3, 0.5]), 1.0, 2.0)),
    ("multivariate_normal", "logpdf", (np.array([[0.3], [0.5]]), np.array([1.0]), 2.0)),
    ("multivariate_normal", "entropy", (MEAN, MATRIX)),
    ("multivariate_normal", "entropy", (None, MATRIX)),
    ("multivariate_t", "pdf", (X, MEAN, MATRIX, 3.5)),
    ("multivariate_t", "logpdf", (X, MEAN, MATRIX, np.inf)),
    ("multivariate_t", "entropy", (MEAN, MATRIX, 2.5)),
    ("multivariate_t", "entropy", (MEAN, MATRIX, np.inf)),
    ("dirichlet", "logpdf", (SIMPLEX, ALPHA)),
    ("dirichlet", "pdf", (SIMPLEX[:-1], ALPHA)),
    ("dirichlet", "logpdf", (RNG.dirichlet(np.ones(3), 4).T, ALPHA)),
    ("dirichlet", "entropy", (ALPHA,)),
    ("dirichlet", "mean", (ALPHA,)),
    ("dirichlet", "var", (ALPHA,)),
    ("multinomial", "logpmf", ([1, 2, 3], 6, SIMPLEX)),
    ("multinomial", "pmf", ([[1, 2, 3], [1, 1, 1]], 6, SIMPLEX)),
    ("dirichlet_multinomial", "logpmf", ([1, 2, 3], ALPHA, 6)),
    ("dirichlet_multinomial", "pmf", ([1, 2, 3], ALPHA, 6)),
    ("matrix_normal", "logpdf", (X[0, :3, :2], X[1, :3, :2], MATRIX, SMALL)),
    ("matrix_normal", "logpdf", (X[:, :3, :2], X[1, :3, :2], MATRIX, 2.0)),
    ("matrix_normal", "pdf", (X[0, :3, :2], None, MATRIX, SMALL)),
    *(
        (name, method, args)
        for name in ("wishart", "invwishart")
        for method in ("logpdf", "pdf")
        for args in (
            (MATRIX, 4.5, MATRIX + 1),
            (MATRIX, 4.5, 2.0 * np.ones(3)),
            (PAIR, 4.5, MATRIX),
            (np.array([2.0, 3.0]), 4.5, 1.5),
            (2.0, 4.5, 1.5),
        )
    ),
]


@pytest.mark.parametrize(("name", "method", "args"), VALUES)
def test_values_are_scipys(name, method, args):
    expected = getattr(getattr(scipy.stats, name), method)(*args)
    ours = getattr(getattr(stats, name), method)
    assert_array_equal(ours(*args), expected)
    found = ours(*as_tensors(args))
    assert found.dtype == np.asarray(expected).dtype
    assert found.shape == np.shape(expected)
    assert_allclose(found.data, expected, 1e-11)


@pytest.mark.parametrize(
    ("function", "args"),
    [
        (lambda x, m, r: stats.multivariate_normal.logpdf(x, m, definite(r)), (X[0], MEAN, ROOT)),
        (lambda x, m, r: stats.multivariate_normal.pdf(x, m, definite(r)), (X[0, 0], MEAN, ROOT)),
        (lambda x, m, r: stats.multivariate_normal.logpdf(x, m, np.exp(r)), (X[0], MEAN, 0.3)),
        (lambda x, d: stats.multivariate_normal.logpdf(x, MEAN, np.exp(d)), (X[0], MEAN)),
        (lambda r: stats.multivariate_normal.entropy(None, definite(r)), (ROOT,)),
        (lambda x, m: stats.multivariate_normal(m, MATRIX).logpdf(x), (X[0], MEAN)),
        (
            lambda x, m, r, df: stats.multivariate_t.logpdf(x, m, definite(r), df),
            (X[0], MEAN, ROOT, 3.5),
        ),
        (lambda r, df: stats.multivariate_t.entropy(MEAN, definite(r), df), (ROOT, 3.0)),
        (lambda x, a: stats.dirichlet.logpdf(softmax(x), a), (MEAN, ALPHA)),
        (lambda x, a: stats.dirichlet.pdf(softmax(x)[:-1], a), (MEAN, ALPHA)),
        (stats.dirichlet.entropy, (ALPHA,)),
        (stats.dirichlet.mean, (ALPHA,)),
        (stats.dirichlet.var, (ALPHA,)),
        (lambda x: stats.multinomial.logpmf([1, 2, 3], 6, softmax(x)), (MEAN,)),
        (lambda a: stats.dirichlet_multinomial.logpmf([1, 2, 3], a, 6), (ALPHA,)),
        (
            lambda x, m, r, c: stats.matrix_normal.logpdf(x, m, definite(r), definite(c)),
            (X[0, :3, :2], X[1, :3, :2], ROOT, SMALL),
        ),
        *(
            (lambda x, df, s, d=d: d.logpdf(definite(x), df, definite(s)), (ROOT, 4.5, ROOT + 1))
            for d in (stats.wishart, stats.invwishart)
        ),
    ],
)
def test_derivatives_agree_with_differences(function, args):
    check_grads(function, *args, explain=False)


def test_the_gradient_in_a_covariance_is_symmetric():
    """(C⁻¹ d dᵀ C⁻¹ - C⁻¹) / 2: every entry is a variable, as in HIPS autograd."""
    found = ag.grad(lambda c: stats.multivariate_normal.logpdf(MEAN, np.zeros(3), c))(MATRIX)
    inverse = np.linalg.inv(MATRIX)
    solved = inverse @ MEAN
    assert_allclose(found, (np.outer(solved, solved) - inverse) / 2, 1e-10)


def test_singular_covariances_have_derivatives_in_points_only():
    cov = np.diag([1.0, 2.0, 0.0])
    x = np.array([[1.0, 2.0, 0.0], [1.0, 1.0, 1.0]])  # in the plane, and not

    def logpdf(x, cov=cov):
        return stats.multivariate_normal.logpdf(x, np.zeros(3), cov, allow_singular=True)

    assert_allclose(logpdf(ag.Tensor(x)).data, logpdf(x), 1e-13)
    inside = ag.grad(lambda x: np.sum(logpdf(x)))(x)
    assert_allclose(inside, [[-1.0, -1.0, 0.0], [0.0, 0.0, 0.0]], 1e-13)
    with pytest.raises(ag.errors.NotDifferentiableError, match="in a matrix of rank 2 of 3"):
        logpdf(x, ag.Tensor(cov))
    with pytest.raises(np.linalg.LinAlgError, match="symmetric positive definite: its eigenval"):
        stats.multivariate_normal.logpdf(ag.Tensor(x), np.zeros(3), cov)
    with pytest.raises(np.linalg.LinAlgError, match="not positive semidefinite"):
        logpdf(ag.Tensor(x), -np.eye(3))


def test_a_covariance_object_is_a_matrix():
    cov = scipy.stats.Covariance.from_cholesky(np.linalg.cholesky(MATRIX))
    found = stats.multivariate_normal.logpdf(ag.Tensor(X), MEAN, cov)
    assert_allclose(found.data, scipy.stats.multivariate_normal.logpdf(X, MEAN, cov), 1e-12)


def test_shapes_that_do_not_fit_raise():
    with pytest.raises(ag.errors.ShapeError, match=r"location has shape \(2,\), the matrix \(3, 3"):
        stats.multivariate_normal.logpdf(ag.Tensor(X), np.zeros(2), MATRIX)
    with pytest.raises(ValueError, match="simplex"):  # SciPy's
        stats.dirichlet.logpdf(ag.Tensor([0.5, 0.6, 0.7]), ALPHA)
    with pytest.raises(ValueError, match="Degrees of freedom"):  # SciPy's
        stats.wishart.logpdf(ag.Tensor(MATRIX), 1.0, MATRIX)


def test_what_has_no_derivative_refuses_tensors_by_name():
    message = r"multivariate_normal\.cdf of a Tensor has no derivative here \(entropy, logpdf, pdf"
    with pytest.raises(ag.errors.NotDifferentiableError, match=message):
        stats.multivariate_normal.cdf(ag.Tensor(MEAN), MEAN, MATRIX)
    with pytest.raises(ag.errors.NotDifferentiableError, match=r"normal\.rvs of a Tensor"):
        stats.multivariate_normal(ag.Tensor(MEAN), MATRIX).rvs()
    with pytest.raises(ag.errors.NotDifferentiableError, match="no derivative in x, whole numbers"):
        stats.multinomial.logpmf(ag.Tensor([1.0, 2.0]), 3, [0.5, 0.5])
    with pytest.raises(ag.errors.NotDifferentiableError, match="no derivative in n, whole numbers"):
        stats.dirichlet_multinomial.logpmf([1, 2], [0.5, 0.5], ag.Tensor(3.0))


def test_frozen_distributions_have_what_scipys_have():
    frozen = stats.multivariate_normal(MEAN, MATRIX)
    expected = scipy.stats.multivariate_normal(MEAN, MATRIX)
    assert_array_equal(frozen.mean, MEAN)
    assert_array_equal(frozen.logpdf(X), expected.logpdf(X))
    assert_allclose(frozen.logpdf(x=ag.Tensor(X)).data, expected.logpdf(X), 1e-12)
    assert_allclose(ag.grad(lambda a: stats.dirichlet(a).entropy())(np.ones(2)), [0, 0], atol=1e-12)
    assert stats.dirichlet.rvs(ALPHA, random_state=0).shape == (1, 3)


@pytest.mark.parametrize("name", ["multivariate_normal", "dirichlet"])
def test_distributions_are_imported_as_modules_too(name):
    assert importlib.import_module(f"autograd.scipy.stats.{name}") is getattr(stats, name)


@pytest.mark.parametrize(
    ("function", "examples"),
    [
        (lambda x: stats.multivariate_normal.logpdf(x, MEAN, MATRIX), X[0]),
        (lambda c: stats.multivariate_normal.logpdf(X[0], MEAN, c), np.moveaxis(PAIR, -1, 0)),
        (lambda c: stats.wishart.logpdf(c, 4.5, MATRIX), np.moveaxis(PAIR, -1, 0)),
        (lambda a: stats.dirichlet.logpdf(SIMPLEX, a), np.stack([ALPHA, ALPHA + 1])),
        (lambda x: stats.multinomial.logpmf([1, 2, 3], 6, softmax(x)), X[0]),
    ],
)
def test_many_examples_at_once(function, examples):
    assert_allclose(ag.vmap(function)(examples), [function(x) for x in examples], 1e-12)
