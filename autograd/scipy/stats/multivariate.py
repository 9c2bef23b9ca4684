"""Distributions of several variables: formulas with SciPy's signatures.

Source: Johnson, Kotz and Balakrishnan, "Continuous Multivariate Distributions" (2nd edition, Wiley
2000); for matrices: Gupta and Nagar, "Matrix Variate Distributions" (CRC 2000).
"""

import math
from typing import Any

import numpy as np
import scipy.special as sc
from scipy import stats

from autograd.batching import is_batched
from autograd.errors import NotDifferentiableError, ShapeError
from autograd.operands import value_of
from autograd.scipy.special.gammas import multigammaln
from autograd.scipy.stats.distribution import Distribution, operand
from autograd.scipy.stats.normals import LOG2
from autograd.tensor import Tensor
from autograd.zeros import plain

LOG_2PI = math.log(2 * math.pi)
LOG_PI = math.log(math.pi)


def with_density(model, **formulas):
    """Return a distribution whose `pdf` or `pmf` is the exponential of what is given."""
    name = "logpdf" if "logpdf" in formulas else "logpmf"
    formulas[name[3:]] = lambda *args, **kwds: np.exp(formulas[name](*args, **kwds))
    return Distribution(model, **formulas)


# Matrices.


def located(mean, matrix):
    """Return a location and a matrix, which may be None, a number, or a diagonal, as such."""
    matrix = operand(getattr(matrix, "covariance", 1 if matrix is None else matrix))
    if mean is None:
        mean = np.zeros(1 if matrix.ndim < 2 else matrix.shape[0])
    mean = operand(mean)
    mean = np.reshape(mean, (1,)) if mean.ndim == 0 else mean
    matrix = square(matrix, mean.shape[0])
    if mean.ndim > 1 or matrix.shape != 2 * mean.shape:
        raise ShapeError(
            f"the location has shape {mean.shape}, the matrix {matrix.shape}; for a location of "
            f"shape (n,) it has (n, n)"
        )
    return mean, matrix


def square(matrix, size):
    """Return a number, a diagonal or a matrix as a matrix."""
    matrix = operand(matrix)
    if matrix.ndim == 0 or (matrix.ndim == 1 and size == 1):
        return matrix * np.eye(size)
    return np.diag(matrix) if matrix.ndim == 1 else matrix


def points(x, size):
    """Return `x` as an array of vectors, along its last axis."""
    x = operand(x)
    if x.ndim == 0:
        return np.reshape(x, (1, 1))
    if x.ndim == 1:
        return x[:, None] if size == 1 else x[None, :]
    return x


def cholesky(matrix: Any) -> Any:
    return np.linalg.cholesky(matrix)


class Spread:
    """A symmetric positive (semi)definite matrix: its rank, log-determinant, inverse square root.

    Which eigenvalues are zero is decided as in SciPy.
    """

    def __init__(self, matrix, singular=False):
        differentiated = isinstance(matrix, Tensor)
        at = value_of(matrix)
        vectors: Any = None
        if differentiated:
            values = plain(np.linalg.eigvalsh(at))
        else:
            values, vectors = np.linalg.eigh(at)
        least = 1e6 * np.finfo(float).eps * np.max(np.abs(values), axis=-1, keepdims=True)
        positive = values > least
        self.rank, self.size = int(np.min(np.sum(positive, axis=-1))), values.shape[-1]
        if np.any(values < -least) or (self.rank < self.size and not singular):
            raise np.linalg.LinAlgError(
                f"the matrix is not {'' if singular else 'symmetric '}positive "
                f"{'semi' if singular else ''}definite: its eigenvalues are {values}"
            )
        if differentiated and self.rank < self.size:
            raise NotDifferentiableError(
                f"the density has no derivative in a matrix of rank {self.rank} of {self.size}; "
                f"pass an array there (t.data)"
            )
        if differentiated:
            root = cholesky(matrix)
            self.log_det, self.inverse = (
                2 * np.sum(np.log(np.diagonal(root))),
                np.linalg.inv(root).T,
            )
        else:
            self.log_det = np.sum(np.log(values[positive]))
            self.inverse = vectors[:, positive] / np.sqrt(values[positive])
            self.zero, self.near = vectors[:, ~positive], 1e3 * least

    def whitened(self, vectors):
        """Return vectors along the last axis, multiplied by an inverse square root."""
        return vectors @ self.inverse

    def holds(self, vectors):
        """Return where vectors are in the span of the matrix."""
        return np.linalg.norm(value_of(vectors) @ self.zero, axis=-1) < self.near


# The normal distribution and Student's.


def normal_logpdf(x, mean=None, cov=1, allow_singular=False):
    mean, cov = located(mean, cov)
    spread, deviation = Spread(cov, allow_singular), points(x, len(mean)) - mean
    squares = np.sum(np.square(spread.whitened(deviation)), axis=-1)
    found = -0.5 * (squares + (spread.rank * LOG_2PI + spread.log_det))
    if spread.rank < spread.size:
        found = np.where(spread.holds(deviation), found, -math.inf)
    return np.squeeze(found)


def normal_entropy(mean=None, cov=1, allow_singular=True):
    spread = Spread(located(mean, cov)[1], allow_singular)
    return 0.5 * (spread.rank * (LOG_2PI + 1) + spread.log_det)


multivariate_normal = with_density(
    stats.multivariate_normal, logpdf=normal_logpdf, entropy=normal_entropy
)


def t_logpdf(x, loc=None, shape=1, df=1, allow_singular=False):
    if np.all(np.isinf(value_of(df))):
        return normal_logpdf(x, loc, shape, allow_singular)
    loc, shape = located(loc, shape)
    spread, deviation = Spread(shape, allow_singular), points(x, len(loc)) - loc
    squares = np.sum(np.square(spread.whitened(deviation)), axis=-1)
    df, size = operand(df), spread.size
    constant = sc.gammaln((df + size) / 2) - sc.gammaln(df / 2) - size / 2 * (np.log(df) + LOG_PI)
    found = constant - spread.log_det / 2 - (df + size) / 2 * np.log1p(squares / df)
    if spread.rank < spread.size:
        found = np.where(spread.holds(deviation), found, -math.inf)
    return np.squeeze(found)


def t_entropy(loc=None, shape=1, df=1, allow_singular=False):
    if np.all(np.isinf(value_of(df))):
        return normal_entropy(loc, shape)
    spread, df = Spread(located(loc, shape)[1], allow_singular), operand(df)
    half, rest = (df + spread.size) / 2, df / 2
    return (
        sc.gammaln(rest)
        - sc.gammaln(half)
        + spread.size / 2 * (np.log(df) + LOG_PI)
        + half * (sc.psi(half) - sc.psi(rest))
        + spread.log_det / 2
    )


multivariate_t = with_density(stats.multivariate_t, logpdf=t_logpdf, entropy=t_entropy)


def by_scipy(method, *args):
    """Return a method's values, 0 inside `vmap`; it raises where arguments do not fit."""
    values = [value_of(arg) for arg in args]
    if any(map(is_batched, values)):
        return 0.0
    return method(*(np.asarray(value)[()] for value in values))


# On the simplex.


def log_beta(alpha):
    """Return the logarithm of the multivariate beta function."""
    return np.sum(sc.gammaln(alpha)) - sc.gammaln(np.sum(alpha))


def dirichlet_logpdf(x, alpha):
    x, alpha = operand(x), operand(alpha)
    by_scipy(stats.dirichlet.logpdf, x, alpha)
    if len(x) + 1 == len(alpha):
        x = np.concatenate([x, 1 - np.sum(x, axis=0, keepdims=True)])
    return np.sum(sc.xlogy(alpha - 1, x.T), axis=-1) - log_beta(alpha)


def dirichlet_entropy(alpha):
    alpha = operand(alpha)
    total = np.sum(alpha)
    return (
        log_beta(alpha) + (total - len(alpha)) * sc.psi(total) - np.sum((alpha - 1) * sc.psi(alpha))
    )


def dirichlet_mean(alpha):
    alpha = operand(alpha)
    return alpha / np.sum(alpha)


def dirichlet_var(alpha):
    alpha = operand(alpha)
    total = np.sum(alpha)
    return alpha * (total - alpha) / (total * total * (total + 1))


dirichlet = with_density(
    stats.dirichlet,
    logpdf=dirichlet_logpdf,
    entropy=dirichlet_entropy,
    mean=dirichlet_mean,
    var=dirichlet_var,
)


# Counts of several kinds, which have no derivative themselves.


def counts(name, **given):
    """Raise where what is to be whole numbers is a Tensor; return arrays."""
    for what, value in given.items():
        if isinstance(operand(value), Tensor):
            raise NotDifferentiableError(
                f"scipy.stats.{name} has no derivative in {what}, whole numbers; pass an array "
                f"there (t.data)"
            )
    return [np.asarray(value) for value in given.values()]


def multinomial_logpmf(x, n, p):
    x, n = counts("multinomial.logpmf", x=x, n=n)
    p = operand(p)
    found = by_scipy(stats.multinomial.logpmf, x, n, p)
    terms = sc.gammaln(n + 1) + np.sum(sc.xlogy(x, p) - sc.gammaln(x + 1), axis=-1)
    return np.where(np.isfinite(found), terms, found)


def dirichlet_multinomial_logpmf(x, alpha, n):
    x, n = counts("dirichlet_multinomial.logpmf", x=x, n=n)
    alpha = operand(alpha)
    found = by_scipy(stats.dirichlet_multinomial.logpmf, x, alpha, n)
    total = np.sum(alpha, axis=-1)
    terms = sc.gammaln(total) + sc.gammaln(n + 1) - sc.gammaln(n + total)
    each = sc.gammaln(x + alpha) - sc.gammaln(alpha) - sc.gammaln(x + 1)
    return np.where(np.isfinite(found), terms + np.sum(each, axis=-1), found)


multinomial = with_density(stats.multinomial, logpmf=multinomial_logpmf)
dirichlet_multinomial = with_density(
    stats.dirichlet_multinomial, logpmf=dirichlet_multinomial_logpmf
)


# Matrices.


def matrix_normal_logpdf(X, mean=None, rowcov=1, colcov=1):
    X = operand(X)
    rows, columns = X.shape[-2:]
    mean = 0.0 if mean is None else operand(mean)
    row, column = Spread(square(rowcov, rows)), Spread(square(colcov, columns))
    white = column.whitened(X - mean)
    white = row.whitened(np.swapaxes(white, -1, -2))
    constant = rows * columns * LOG_2PI + columns * row.log_det + rows * column.log_det
    return np.squeeze(-0.5 * (np.sum(np.square(white), axis=(-2, -1)) + constant))


matrix_normal = with_density(stats.matrix_normal, logpdf=matrix_normal_logpdf)


def matrices(x, size):
    """Return matrices, which SciPy has along the first two axes, along the last two."""
    if x.ndim == 1 and size == 1:
        return x[:, None, None]
    return np.moveaxis(x, -1, 0) if x.ndim == 3 else square(x, size)


def log_det(x):
    return np.linalg.slogdet(x)[1]


def traces(x, y):
    """Return the trace of ``solve(x, y)``."""
    return np.trace(np.linalg.solve(x, y), axis1=-2, axis2=-1)


def wishart_logpdf(x, df, scale):
    x, df, scale = operand(x), operand(df), operand(scale)
    by_scipy(stats.wishart.logpdf, x, df, scale)
    size = 1 if scale.ndim == 0 else len(scale)
    x, scale = matrices(x, size), square(scale, size)
    constant = df / 2 * (size * LOG2 + log_det(scale)) + multigammaln(df / 2, size)
    return (df - size - 1) / 2 * log_det(x) - traces(scale, x) / 2 - constant


def invwishart_logpdf(x, df, scale):
    x, df, scale = operand(x), operand(df), operand(scale)
    by_scipy(stats.invwishart.logpdf, x, df, scale)
    size = 1 if scale.ndim == 0 else len(scale)
    x, scale = matrices(x, size), square(scale, size)
    constant = df / 2 * (size * LOG2 - log_det(scale)) + multigammaln(df / 2, size)
    return -(df + size + 1) / 2 * log_det(x) - traces(x, scale) / 2 - constant


wishart = with_density(stats.wishart, logpdf=wishart_logpdf)
invwishart = with_density(stats.invwishart, logpdf=invwishart_logpdf)
