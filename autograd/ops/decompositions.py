"""Factors of matrices: Cholesky, QR, eigenvalues and eigenvectors, singular values and vectors.

Conventions:

- `cholesky` takes its argument for symmetric: its gradient is symmetric. `eigh` and `eigvalsh` read
  one triangle, as NumPy says: their gradient is in that triangle.
- Vectors that are determined up to a factor of modulus one only (of `eig`, `eigh`, `svd` of complex
  matrices), or up to a rotation (the complement in ``full_matrices=True`` and ``mode="complete"``)
  are taken to turn as little as possible: functions that do not depend on it have their gradient.
- Values that are equal to rounding are a tie. Its vectors have no derivative one by one: they are
  taken not to turn into one another. Right at ties are the first derivatives of smooth functions of
  the values, and of the space that the vectors of a tie span; also those of the unitary factor
  ``u @ vh``, and so both of the nuclear norm. Not so ``v * f(w) @ v.T`` and second derivatives of
  functions of the values: what they have between two vectors of a tie, f' and f'', no rule of
  values and vectors is told. It is left out, so they are finite, and right in the diagonal only.
- A singular value of zero has the derivative zero where only values are asked for, as `abs` has.

A cotangent g of z means the change Re(sum(g dz)); so formulas of the literature, which pair
conj(g) with dz, are conjugated here.
"""

from typing import Literal

import numpy as np

from autograd.errors import NotDifferentiableError
from autograd.primitive import composite, general, on_values

SVDResult = type(np.linalg.svd(np.zeros((1, 1))))

# What the rules share.


def adjoint(x):
    """Return the conjugate transpose of matrices."""
    return np.conj(x.mT)


def diagonal(x):
    """Return the diagonals of square matrices."""
    return np.sum(x * identity(x.shape[-1]), -1)


def identity(*shape):
    """Return where the diagonal is."""
    return np.eye(*shape, dtype=bool)


def below(n, k=-1):
    """Return where the triangle below the diagonal is."""
    return np.tri(n, k=k, dtype=bool)


def half_lower(x):
    """Return the lower triangles of square matrices, and of their diagonals one half."""
    n = x.shape[-1]
    return x * below(n) + x * identity(n) / 2


def grown(x, rows, columns):
    """Return matrices with zeros added to that size."""
    for axis, size in ((-2, rows), (-1, columns)):
        if x.shape[axis] != size:
            shape = list(x.shape)
            shape[axis] = size - x.shape[axis]
            x = np.concatenate([x, np.zeros(shape, x.dtype)], axis=axis)
    return x


def inverse(x):
    """Return 1 / x, and 0 where x is 0."""
    zero = x == 0
    return np.where(zero, 0, 1 / (x + zero))


def inverse_gaps(values):
    """Return 1 / (values[j] - values[i]) at i, j, and 0 where both are equal to rounding."""
    n = values.shape[-1]
    gaps = values[..., None, :] - values[..., :, None]
    if not n:
        return gaps
    top = np.max(np.abs(values), axis=-1)[..., None, None]
    tied = np.abs(gaps) <= n * np.finfo(values.dtype).eps * top
    return np.where(tied, 0, 1 / (gaps + tied))


# Cholesky factors: a = l lᴴ. Murray, "Differentiation of the Cholesky decomposition" (2016).


def cholesky_vjp(g, ans, upper=False):
    """Return the cotangent of a, which is taken for Hermitian."""
    factor, g = (adjoint(ans), adjoint(g)) if upper else (ans, g)
    inner = np.linalg.solve(factor.mT, half_lower(factor.mT @ g))
    found = np.linalg.solve(adjoint(factor), inner.mT).mT
    return (found + adjoint(found)) / 2


def cholesky_jvp(g, ans, upper=False):
    """Return the tangent of the factor."""
    factor = adjoint(ans) if upper else ans
    inner = np.linalg.solve(factor, (g + adjoint(g)) / 2)
    tangent = factor @ half_lower(adjoint(np.linalg.solve(factor, adjoint(inner))))
    return adjoint(tangent) if upper else tangent


general(np.linalg.cholesky, cholesky_vjp, jvps=[cholesky_jvp])


# QR: a = q r. With c = qᴴ da r⁻¹ the columns of q turn by qᴴ dq, which is antihermitian, equals c
# below the diagonal, and on it leaves that of r real.


def first_columns(x, r):
    """Return the columns of x that have an inverse in r, times that inverse."""
    k = min(r.shape[-2:])
    return np.linalg.solve(r[..., :k, :k].mT, x[..., :k].mT).mT


def qr_vjp(g, ans):
    """Return the cotangent of a."""
    (gq, gr), (q, r) = g, ans
    m, n, k = q.shape[-2], r.shape[-1], min(r.shape[-2:])
    turn = pulled = 0
    if gq is not None:
        turn = q.mT @ gq
    if gr is not None:
        turn, pulled = turn - gr @ r.mT, np.conj(q) @ gr
    first = half_lower(turn - adjoint(turn))
    if gq is not None and q.shape[-1] < m:  # what leaves the space of the columns
        first = first - q.mT @ gq
        moved = gq + np.conj(q) @ first
    else:
        moved = np.conj(q) @ first
    back = np.linalg.solve(r[..., :k, :k], moved[..., :k].mT).mT
    return pulled + grown(back, m, n)


def qr_jvp(g, ans):
    """Return the tangents of q and r."""
    q, r = ans
    m, size = q.shape[-2:]
    moved = first_columns(g, r)
    inside = adjoint(q) @ moved
    lower = half_lower(grown(inside, size, size))
    turn = lower - adjoint(lower)
    dq = q @ turn
    if size < m:
        dq = dq + moved - q @ inside
    return dq, adjoint(q) @ g - turn @ r


def triangular_factor(a):
    """Return r alone."""
    return np.linalg.qr(a, mode="r")


def both_factors(a, mode: Literal["reduced", "complete"] = "reduced"):
    """Return q and r."""
    return np.linalg.qr(a, mode=mode)


factored = general(both_factors, qr_vjp, jvps=[qr_jvp], name="qr", harmless=("mode",))
triangular = general(
    triangular_factor,
    lambda g, a: qr_vjp((None, g), np.linalg.qr(a)),
    jvps=[lambda g, a: qr_jvp(g, np.linalg.qr(a))[1]],
    name="qr",
)


def qr(a, mode="reduced"):
    """Return q and r, or r alone."""
    if mode == "raw":
        raise NotDifferentiableError(
            "np.linalg.qr with mode='raw' returns reflections, which have no derivative here; use "
            "mode='reduced' or 'complete'"
        )
    return triangular(a) if mode == "r" else factored(a, mode)


composite(np.linalg.qr, qr)


# Hermitian matrices: a v = v w.


def from_triangle(x, uplo):
    """Return the Hermitian matrices of which one triangle of x is given."""
    n = x.shape[-1]
    strict = x * (below(n) if uplo.upper() == "L" else below(n).T)
    return strict + adjoint(strict) + np.real(x) * identity(n)


def onto_triangle(g, uplo):
    """Return the transpose of `from_triangle`."""
    n = g.shape[-1]
    strict = below(n) if uplo.upper() == "L" else below(n).T
    return (g + adjoint(g)) * strict + np.real(g) * identity(n)


def eigh_vjp(g, ans, UPLO="L"):
    """Return the cotangent of the triangle that is read."""
    (gw, gv), (w, v) = g, ans
    pulled = 0
    if gw is not None:
        pulled = (np.conj(v) * gw[..., None, :]) @ v.mT
    if gv is not None:
        pulled = pulled + np.conj(v) @ (inverse_gaps(w) * (v.mT @ gv)) @ v.mT
    return onto_triangle(pulled, UPLO)


def eigh_jvp(g, ans, UPLO="L"):
    """Return the tangents of eigenvalues and eigenvectors."""
    w, v = ans
    inside = adjoint(v) @ from_triangle(g, UPLO) @ v
    return np.real(diagonal(inside)), v @ (inverse_gaps(w) * inside)


def eigvalsh_vjp(g, a, UPLO: Literal["L", "U"] = "L"):
    """Return the cotangent from that of the eigenvalues alone."""
    return eigh_vjp((g, None), np.linalg.eigh(a, UPLO), UPLO)


def eigvalsh_jvp(g, a, UPLO: Literal["L", "U"] = "L"):
    """Return the tangent of the eigenvalues alone."""
    return eigh_jvp(g, np.linalg.eigh(a, UPLO), UPLO)[0]


general(np.linalg.eigh, eigh_vjp, jvps=[eigh_jvp])
general(np.linalg.eigvalsh, eigvalsh_vjp, jvps=[eigvalsh_jvp])


# Any square matrices: a v = v w, the columns of v of length one.


def eig_vjp(g, ans):
    """Return the cotangent of a; the engine takes its real part where a is real."""
    (gw, gv), (w, v) = g, ans
    inner = 0
    if gw is not None:
        inner = gw[..., None, :] * identity(w.shape[-1])
    if gv is not None:
        along = v.mT @ gv
        longer = np.conj(adjoint(v) @ v) * np.real(diagonal(along))[..., None, :]
        inner = inner + inverse_gaps(w) * (along - longer)
    return np.linalg.solve(v.mT, inner @ v.mT)


def eig_jvp(g, ans):
    """Return the tangents of eigenvalues and eigenvectors."""
    w, v = ans
    inside = np.linalg.solve(v, g @ v)
    turned = v @ (inverse_gaps(w) * inside)
    longer = np.real(np.sum(np.conj(v) * turned, axis=-2))
    return diagonal(inside), turned - v * longer[..., None, :]


def places(found, wanted):
    """Return the permutation matrices that bring numbers into the order of others nearest to them.

    LAPACK finds eigenvalues in another order when it finds no eigenvectors, in large matrices.
    """
    distances = np.abs(found[..., :, None] - wanted[..., None, :])
    permutation = np.zeros(distances.shape, bool)
    for column in range(distances.shape[-1]):
        row = np.argmin(distances[..., column], axis=-1)[..., None]
        np.put_along_axis(permutation[..., column], row, True, axis=-1)
        np.put_along_axis(distances, row[..., None], np.inf, axis=-2)
    return permutation


places_of = on_values(places)


def eigenpairs(a, values):
    """Return eigenvalues in the order of `values`, and their eigenvectors."""
    w, v = np.linalg.eig(a)
    order = places_of(w, values)
    return (w[..., None, :] @ order)[..., 0, :], v @ order


general(np.linalg.eig, eig_vjp, jvps=[eig_jvp])
general(
    np.linalg.eigvals,
    lambda g, ans, a: eig_vjp((g, None), eigenpairs(a, ans)),
    jvps=[lambda g, ans, a: eig_jvp(g, eigenpairs(a, ans))[0]],
)


# Singular values: a = u s vᴴ. With e = uᴴ da v, the turns p = uᴴ du and q = vᴴ dv are
# p - q = (e - eᴴ) / (s_i + s_j), which ties do not disturb, and p + q = (e + eᴴ) / (s_j - s_i).


def inverse_sums(s):
    """Return 1 / (s[i] + s[j]) at i, j, and 0 where both are 0."""
    return inverse(s[..., None, :] + s[..., :, None])


def svd_vjp(g, ans):
    """Return the cotangent of a."""
    (gu, gs, gvh), (u, s, vh) = g, ans
    if gu is None and gvh is None:
        return values_vjp(gs, ans)
    m, n = u.shape[-1], vh.shape[-2]
    size = max(m, n)
    left = 0 if gu is None else grown(u.mT @ gu, size, size)
    right = 0 if gvh is None else grown(np.conj(vh) @ adjoint(gvh), size, size)
    longer = grown(s[..., None, :], 1, size)[..., 0, :]
    apart, along = (left - right) * inverse_sums(longer), (left + right) * inverse_gaps(longer)
    inner = ((apart - adjoint(apart) + along + adjoint(along)) / 2)[..., :m, :n]
    if gs is not None:
        inner = inner + grown(gs[..., None, :] * identity(s.shape[-1]), m, n)
    pulled = np.conj(u) @ inner @ np.conj(vh)
    if gu is not None and m < u.shape[-2]:  # what leaves the space of the vectors
        out = gu * inverse(s)[..., None, :]
        pulled = pulled + (out - np.conj(u) @ (u.mT @ out)) @ np.conj(vh)
    if gvh is not None and n < vh.shape[-1]:
        out = gvh * inverse(s)[..., :, None]
        pulled = pulled + np.conj(u) @ (out - out @ vh.mT @ np.conj(vh))
    return pulled


def svd_jvp(g, ans):
    """Return the tangents of u, s and vᴴ."""
    u, s, vh = ans
    m, n, k = u.shape[-1], vh.shape[-2], s.shape[-1]
    size = max(m, n)
    inside = adjoint(u) @ g @ adjoint(vh)
    square = grown(inside, size, size)
    longer = grown(s[..., None, :], 1, size)[..., 0, :]
    apart = (square - adjoint(square)) * inverse_sums(longer) / 2
    along = (square + adjoint(square)) * inverse_gaps(longer) / 2
    du = u @ (along + apart)[..., :m, :m]
    dvh = adjoint((along - apart)[..., :n, :n]) @ vh
    if m < u.shape[-2]:
        out = g @ adjoint(vh) * inverse(s)[..., None, :]
        du = du + out - u @ (adjoint(u) @ out)
    if n < vh.shape[-1]:
        out = inverse(s)[..., :, None] * (adjoint(u) @ g)
        dvh = dvh + out - out @ adjoint(vh) @ vh
    return du, np.real(diagonal(inside[..., :k, :k])), dvh


def values_vjp(g, ans):
    """Return the cotangent of a where only singular values are used."""
    u, s, vh = ans
    k = s.shape[-1]
    return (np.conj(u[..., :k]) * (g * np.sign(s))[..., None, :]) @ np.conj(vh[..., :k, :])


def values_jvp(g, ans):
    """Return the tangent of the singular values alone."""
    u, s, vh = ans
    return np.real(diagonal(adjoint(u) @ g @ adjoint(vh))) * np.sign(s)


def factors(a, full_matrices=True):
    """Return singular values and vectors."""
    return np.linalg.svd(a, full_matrices)


def values(a):
    """Return singular values alone."""
    return np.linalg.svd(a, compute_uv=False)


def thin(a):
    """Return singular values and as many singular vectors."""
    return np.linalg.svd(a, full_matrices=False)


decomposed = general(factors, svd_vjp, jvps=[svd_jvp], name="svd", harmless=("full_matrices",))
singular_values = general(
    values,
    lambda g, a: values_vjp(g, thin(a)),
    jvps=[lambda g, a: values_jvp(g, thin(a))],
    name="svdvals",
)


def hermitian_svd(a, compute_uv):
    """Return the decomposition from that of `eigh`, as NumPy does; u and v differ in signs."""
    w, v = np.linalg.eigh(a) if compute_uv else (np.linalg.eigvalsh(a), None)
    order = np.argsort(np.abs(w))[..., None, ::-1] == np.arange(w.shape[-1])[:, None]
    w = (w[..., None, :] @ order)[..., 0, :]
    if not compute_uv:
        return np.abs(w)
    sign, u = np.copysign(1, w), v @ order
    return SVDResult(u, w * sign, adjoint(u * sign[..., None, :]))


def svd(a, full_matrices=True, compute_uv=True, hermitian=False):
    """Return u, s and vᴴ, or s alone."""
    if hermitian:
        return hermitian_svd(a, compute_uv)
    return decomposed(a, full_matrices) if compute_uv else singular_values(a)


composite(np.linalg.svd, svd)
composite(np.linalg.svdvals, singular_values)
