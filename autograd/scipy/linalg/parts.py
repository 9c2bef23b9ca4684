"""The parts of a matrix that are read: triangles, bands, columns."""

import numpy as np

from autograd.ops.decompositions import adjoint, below, from_triangle, identity, onto_triangle

TRIANGLES = {"lower triangular": True, "upper triangular": False}
HERMITIAN = frozenset({"pos", "positive definite", "her", "hermitian"})
SYMMETRIC = frozenset({"sym", "symmetric"})


def part(x, mask):
    """Return `x` where `mask` is set, and 0 elsewhere, whatever stands there."""
    return np.where(mask, x, 0)


def triangle(m, n=None, *, lower, strict=False):
    """Return where a triangle of a matrix of that shape is, with or without the diagonal."""
    mask = np.tri(m, n, k=-1 if strict else 0, dtype=bool)
    return mask if lower else ~np.tri(m, n, k=0 if strict else -1, dtype=bool)


def tridiagonal(n):
    """Return where the diagonal is, and those beside it."""
    return below(n, 1) & below(n, 1).T


def as_read(a, assume_a, lower):
    """Return the matrices for which SciPy takes `a`, of which it reads a part only."""
    n = a.shape[-1]
    if assume_a in HERMITIAN:
        return from_triangle(part(a, triangle(n, lower=lower)), "L" if lower else "U")
    if assume_a in SYMMETRIC:
        strict = part(a, triangle(n, lower=lower, strict=True))
        return part(a, triangle(n, lower=lower)) + strict.mT
    mask = mask_of(assume_a, n)
    return a if mask is None else part(a, mask)


def as_read_vjp(g, assume_a, lower):
    """Return the transpose of `as_read`."""
    n = g.shape[-1]
    if assume_a in HERMITIAN:
        return onto_triangle(g, "L" if lower else "U")
    if assume_a in SYMMETRIC:
        strict = part(g.mT, triangle(n, lower=lower, strict=True))
        return part(g, triangle(n, lower=lower)) + strict
    mask = mask_of(assume_a, n)
    return g if mask is None else part(g, mask)


def mask_of(assume_a, n):
    """Return where matrices of such a structure are read; None for everywhere."""
    if assume_a in TRIANGLES:
        return triangle(n, lower=TRIANGLES[assume_a])
    return {"diagonal": identity, "tridiagonal": tridiagonal}.get(assume_a, lambda n: None)(n)


def as_columns(x, vector):
    """Return vectors as matrices of one column; matrices as they are."""
    return x[..., None] if vector else x


def of_columns(function, x, vector):
    """Return what `function` of matrices makes of `x`, which may be vectors."""
    return function(x[..., None])[..., 0] if vector else function(x)


def outer(g, x, vector):
    """Return g xᵀ, over all right sides: the cotangent of a matrix from those of its products."""
    return as_columns(g, vector) @ as_columns(x, vector).mT


# Bands: the element i, j of a matrix with `above` diagonals above its own stands at
# above + i - j, j.


def places(below_, above, n):
    """Return the rows of the matrix in which what is stored stands, and where it is within it."""
    rows = np.arange(n) + np.arange(below_ + above + 1)[:, None] - above
    return np.clip(rows, 0, max(n - 1, 0)), (rows >= 0) & (rows < n)


def transposed_bands(ab, below_, above):
    """Return the bands of the transpose, which has `above` diagonals below its own."""
    rows, within = places(above, below_, ab.shape[-1])
    stored = np.arange(below_ + above, -1, -1)[:, None]
    return part(ab[..., stored, rows], within)


def bands_times(ab, x, below_, above):
    """Return the product of matrices that are stored as bands, with matrices."""
    columns, within = places(above, below_, ab.shape[-1])  # those of each row, from the right
    stored = np.arange(below_ + above, -1, -1)[:, None]
    found = part(ab[..., stored, columns], within)
    return np.sum(found[..., None] * x[..., columns, :], axis=-3)


def bands_of_outer(g, x, below_, above):
    """Return the bands of g xᵀ."""
    rows, within = places(below_, above, x.shape[-2])
    return part(np.sum(g[..., rows, :] * x[..., None, :, :], axis=-1), within)


def all_bands(ab, lower):
    """Return all bands of Hermitian matrices, of which those on one side are given."""
    count = ab.shape[-2] - 1
    real = np.arange(count + 1)[:, None] == (0 if lower else count)
    ab = np.where(real, np.real(ab), ab)
    if lower:
        return np.concatenate([np.conj(transposed_bands(ab, count, 0))[..., :-1, :], ab], axis=-2)
    return np.concatenate([ab, np.conj(transposed_bands(ab, 0, count))[..., 1:, :]], axis=-2)


def all_bands_vjp(g, lower):
    """Return the transpose of `all_bands`."""
    count = g.shape[-2] // 2
    zero = np.zeros_like(g[..., :1, :])
    if lower:
        side, rest = g[..., count:, :], np.concatenate([g[..., :count, :], zero], axis=-2)
        found = side + np.conj(transposed_bands(rest, 0, count))
    else:
        side, rest = g[..., : count + 1, :], np.concatenate([zero, g[..., count + 1 :, :]], axis=-2)
        found = side + np.conj(transposed_bands(rest, count, 0))
    real = np.arange(count + 1)[:, None] == (0 if lower else count)
    return np.where(real, np.real(found), found)


def dense(ab, lower):
    """Return Hermitian matrices of which the bands on one side are given."""
    count, n = ab.shape[-2] - 1, ab.shape[-1]
    bands = all_bands(ab, lower)
    stored = count + np.arange(n)[:, None] - np.arange(n)
    within = (stored >= 0) & (stored <= 2 * count)
    return part(bands[..., np.clip(stored, 0, 2 * count), np.arange(n)], within)


# Toeplitz matrices.


def diagonal_sums(x):
    """Return the sums of the diagonals of matrices, from the one at the lower left on."""
    *batch, m, n = x.shape
    if not m or not n:
        return np.zeros((*batch, max(m + n - 1, 0)), x.dtype)
    wide = np.concatenate([np.flip(x, -2), np.zeros((*batch, m, m), x.dtype)], axis=-1)
    skewed = np.reshape(wide, (*batch, m * (m + n)))[..., : m * (m + n - 1)]
    return np.sum(np.reshape(skewed, (*batch, m, m + n - 1)), axis=-2)


def hermitian_mean(x):
    """Return the Hermitian part of matrices."""
    return (x + adjoint(x)) / 2
