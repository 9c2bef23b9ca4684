"""Matrices of a given structure, made of vectors or other matrices."""

import numpy as np

from autograd.ops.conversion import joined
from autograd.scipy.linalg.equations import column_and_row, toeplitz_matrix
from autograd.scipy.linalg.parts import part


def block_diag(*arrs):
    """Return a matrix with the arguments on its diagonal."""
    blocks = [np.atleast_2d(joined(block)) for block in arrs]
    batch = np.broadcast_shapes(*(block.shape[:-2] for block in blocks))
    width, before, rows = sum(block.shape[-1] for block in blocks), 0, []
    for block in blocks:
        after = width - before - block.shape[-1]
        zeros = [np.zeros((*batch, block.shape[-2], k), block.dtype) for k in (before, after)]
        middle = np.broadcast_to(block, batch + block.shape[-2:])
        rows.append(np.concatenate([zeros[0], middle, zeros[1]], axis=-1))
        before += block.shape[-1]
    return np.concatenate(rows, axis=-2)


def toeplitz(c, r=None):
    """Return a matrix that is constant along its diagonals."""
    return toeplitz_matrix(*column_and_row(c if r is None else (c, r)))


def hankel(c, r=None):
    """Return a matrix that is constant along its antidiagonals."""
    c = np.ravel(c)
    r = np.zeros_like(c) if r is None else np.ravel(r)
    values = np.concatenate([c, r[1:]])
    return values[np.arange(c.size)[:, None] + np.arange(r.size)]


def circulant(c):
    """Return a matrix whose columns are the first one, turned round."""
    c = np.atleast_1d(c)
    n = c.shape[-1]
    return c[..., (np.arange(n)[:, None] - np.arange(n)) % max(n, 1)]


def with_row(row, below, n):
    """Return square matrices with that first row, and below the diagonal what is given."""
    rest = (*row.shape[:-1], n - 1, n)
    diagonal = np.eye(n - 1, n, dtype=row.dtype) * below
    return np.concatenate([row[..., None, :], np.broadcast_to(diagonal, rest)], axis=-2)


def companion(a):
    """Return the matrix whose eigenvalues are the roots of a polynomial."""
    a = np.atleast_1d(a)
    if a.shape[-1] < 2:
        raise ValueError("The length of `a` along the last axis must be at least 2.")
    if np.any(a[..., 0] == 0):
        raise ValueError("The first coefficient(s) of `a` must not be zero.")
    return with_row(-a[..., 1:] / a[..., :1], 1, a.shape[-1] - 1)


def leslie(f, s):
    """Return the matrix of a population: births in the first row, survival below the diagonal."""
    f, s = np.atleast_1d(f), np.atleast_1d(s)
    n = f.shape[-1]
    if n != s.shape[-1] + 1 or n < 2:
        raise ValueError(
            f"Incorrect lengths for f and s: s needs one element or more, f one more than s; got "
            f"{n} and {s.shape[-1]}"
        )
    batch = np.broadcast_shapes(f.shape[:-1], s.shape[:-1])
    return with_row(np.broadcast_to(f, (*batch, n)), s[..., :, None], n)


def fiedler(a):
    """Return the distances of all pairs of elements."""
    a = np.atleast_1d(a)
    return np.abs(a[..., :, None] - a[..., None, :])


def fiedler_companion(a):
    """Return a matrix of five diagonals whose eigenvalues are the roots of a polynomial."""
    a = np.atleast_1d(a)
    n = a.shape[-1] - 1
    if n < 1:
        return a[..., :0]
    if np.any(a[..., 0] == 0):
        raise ValueError("Leading coefficient is zero.")
    monic = a / a[..., :1]
    source = np.full((n, n), -1)  # which coefficient stands where, -1 for none
    source[range(2, n, 2), range(1, n - 1, 2)] = range(3, n + 1, 2)
    source[range(0, n - 1, 2), range(1, n, 2)] = range(2, n + 1, 2)
    source[0, 0] = 1
    ones = np.zeros((n, n), a.dtype)
    ones[range(3, n, 2), range(1, n - 2, 2)] = 1
    ones[range(0, n - 2, 2), range(2, n, 2)] = 1
    ones[1:2, 0] = 1
    return ones - part(monic[..., np.maximum(source, 0)], source >= 0)


def convolution_matrix(a, n, mode="full"):
    """Return the matrix that convolves with `a` vectors of `n` elements."""
    if n <= 0:
        raise ValueError("n must be a positive integer.")
    if mode not in ("full", "valid", "same"):
        raise ValueError("'mode' argument must be one of ('full', 'valid', 'same')")
    m = a.shape[-1]
    place = np.arange(m + n - 1)[:, None] - np.arange(n)
    whole = part(a[..., np.clip(place, 0, m - 1)], (place >= 0) & (place < m))
    cut = 0 if mode == "full" else min(n, m) - 1
    start = cut // 2 if mode == "same" else cut
    end = cut - start if mode == "same" else cut
    return whole[..., start : m + n - 1 - end, :]


def khatri_rao(a, b):
    """Return the products of all pairs of elements in each pair of columns."""
    if np.shape(a)[-1] != np.shape(b)[-1]:
        raise ValueError(
            f"The number of columns for both arrays should be equal, got shapes {np.shape(a)} and "
            f"{np.shape(b)}"
        )
    found = a[..., :, None, :] * b[..., None, :, :]
    *batch, m, n, columns = found.shape
    return np.reshape(found, (*batch, m * n, columns))


def diagsvd(s, M, N):
    """Return a matrix of that shape with singular values on its diagonal."""
    if s.shape[-1] not in (M, N):
        raise ValueError("Length of s must be M or N.")
    k = s.shape[-1]
    square = s[..., :, None] * np.eye(k, dtype=s.dtype)
    rest = (*s.shape[:-1], M - k, N) if k == N else (*s.shape[:-1], M, N - k)
    return np.concatenate([square, np.zeros(rest, s.dtype)], axis=-2 if k == N else -1)
