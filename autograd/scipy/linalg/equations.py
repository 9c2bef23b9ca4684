"""Linear equations: inverses, determinants, solutions, with matrices of several structures.

A matrix of which SciPy reads a part has its gradient there: `solve` and `inv` with `assume_a`,
`solve_triangular`, `cho_solve`. In cotangents, formulas of the literature are conjugated, since a
cotangent g of z means the change Re(sum(g dz)).
"""

from typing import Any

import numpy as np
import scipy.linalg as sl

from autograd.ops.conversion import joined
from autograd.ops.decompositions import adjoint
from autograd.ops.linalg import cofactor
from autograd.primitive import Primitive, general
from autograd.scipy.linalg.calling import native
from autograd.scipy.linalg.parts import (
    all_bands,
    all_bands_vjp,
    as_columns,
    as_read,
    as_read_vjp,
    bands_of_outer,
    bands_times,
    diagonal_sums,
    of_columns,
    outer,
    part,
    transposed_bands,
    triangle,
)

CHECKED = ("overwrite_a", "overwrite_b", "check_finite")

SPARSE = ("diagonal", "upper triangular", "lower triangular")

# Inverses and determinants.

inverses = general(
    native(sl.inv),
    lambda g, ans, assume_a=None, lower=False: as_read_vjp(-ans.mT @ g @ ans.mT, assume_a, lower),
    jvps=[lambda g, ans, assume_a=None, lower=False: -ans @ as_read(g, assume_a, lower) @ ans],
    name="inv",
    harmless=CHECKED,
)


def inv(a, overwrite_a=False, check_finite=True, *, assume_a=None, lower=False):
    """Return the inverse; what is not read of diagonals and triangles would be left in it."""
    if assume_a in SPARSE:
        a = as_read(a, assume_a, lower)
    options = {} if assume_a is None else {"assume_a": assume_a, "lower": lower}
    return inverses(a, check_finite=check_finite, **options)


det = general(
    native(sl.det),
    lambda g, ans, a: g[..., None, None] * cofactor(ans, a),
    jvps=[lambda g, ans, a: np.sum(g * cofactor(ans, a), axis=(-2, -1))],
    name="det",
    harmless=CHECKED,
)

# Matrices that are dense, or of which a part is read.


def solve_vjp_b(g, a, b_shape, assume_a=None, lower=False, transposed=False):
    """Return a⁻ᵀ g."""
    matrix = as_read(a, assume_a, lower)
    matrix = matrix if transposed else matrix.mT
    return of_columns(lambda g: np.linalg.solve(matrix, g), g, len(b_shape) == 1)


def solve_vjp_a(g, ans, a, b_shape, assume_a=None, lower=False, transposed=False):
    """Return -a⁻ᵀ g ansᵀ where a is read."""
    pulled = solve_vjp_b(g, a, b_shape, assume_a, lower, transposed)
    found = -outer(pulled, ans, len(b_shape) == 1)
    return as_read_vjp(found.mT if transposed else found, assume_a, lower)


def solve_jvp_b(g, a, b_shape, assume_a=None, lower=False, transposed=False):
    """Return a⁻¹ g."""
    return solve_vjp_b(g, a, b_shape, assume_a, lower, not transposed)


def solve_jvp_a(g, ans, a, b_shape, assume_a=None, lower=False, transposed=False):
    """Return -a⁻¹ g ans."""
    vector, change = len(b_shape) == 1, as_read(g, assume_a, lower)
    change = change.mT if transposed else change
    moved = change @ as_columns(ans, vector)
    return -solve_jvp_b(moved[..., 0] if vector else moved, a, b_shape, assume_a, lower, transposed)


solutions = general(
    native(sl.solve),
    solve_vjp_a,
    solve_vjp_b,
    jvps=[solve_jvp_a, solve_jvp_b],
    broadcasts=True,
    name="solve",
    harmless=CHECKED,
)


def solve(a, b, *args, **kwargs):
    """Return the solution; a single number divides any number of them."""
    b = np.atleast_1d(b)
    if np.size(a) == 1 and b.shape[-min(b.ndim, 2)] != 1:
        return b / np.reshape(a, ())
    return solutions(np.atleast_2d(a), b, *args, **kwargs)


TRANSPOSITIONS = {0: 0, 1: 1, 2: 2, "N": 0, "T": 1, "C": 2}


def through(solver, g, trans):
    """Return what `solver`, called with a `trans`, makes of g for the transpose of its matrix."""
    if TRANSPOSITIONS[trans] == 2:
        return np.conj(solver(np.conj(g), 0))
    return solver(g, 1 - TRANSPOSITIONS[trans])


def turned(x, trans):
    """Return matrices, transposed or adjoint as `trans` says."""
    return (x, x.mT, adjoint(x))[TRANSPOSITIONS[trans]] if TRANSPOSITIONS[trans] else x


def triangular_vjp_b(g, a, b_shape, trans=0, lower=False, unit_diagonal=False):
    """Return a⁻ᵀ g."""
    solver = lambda g, trans: solve_triangular(a, g, trans, lower, unit_diagonal)
    return of_columns(lambda g: through(solver, g, trans), g, len(b_shape) == 1)


def triangular_vjp_a(g, ans, a, b_shape, trans=0, lower=False, unit_diagonal=False):
    """Return -a⁻ᵀ g ansᵀ in the triangle that is read."""
    pulled = triangular_vjp_b(g, a, b_shape, trans, lower, unit_diagonal)
    found = turned(-outer(pulled, ans, len(b_shape) == 1), trans)
    return part(found, triangle(a.shape[-1], lower=lower, strict=unit_diagonal))


def triangular_jvp_a(g, ans, a, b_shape, trans=0, lower=False, unit_diagonal=False):
    """Return -a⁻¹ g ans."""
    change = turned(part(g, triangle(a.shape[-1], lower=lower, strict=unit_diagonal)), trans)
    return -of_columns(
        lambda x: solve_triangular(a, change @ x, trans, lower, unit_diagonal),
        ans,
        len(b_shape) == 1,
    )


def triangular_jvp_b(g, a, trans=0, lower=False, unit_diagonal=False):
    """Return a⁻¹ g."""
    return solve_triangular(a, g, trans, lower, unit_diagonal)


solve_triangular: Primitive = general(
    sl.solve_triangular,
    triangular_vjp_a,
    triangular_vjp_b,
    jvps=[triangular_jvp_a, triangular_jvp_b],
    broadcasts=True,
    harmless=CHECKED,
)

# Bands.


def banded_vjp_b(g, l_and_u, ab, b_shape):
    """Return a⁻ᵀ g."""
    below, above = l_and_u
    solver = lambda g: solve_banded((above, below), transposed_bands(ab, below, above), g)
    return of_columns(solver, g, len(b_shape) == 1)


def banded_vjp_ab(g, ans, l_and_u, ab, b_shape):
    """Return the bands of -a⁻ᵀ g ansᵀ."""
    vector = len(b_shape) == 1
    pulled = as_columns(banded_vjp_b(g, l_and_u, ab, b_shape), vector)
    return -bands_of_outer(pulled, as_columns(ans, vector), *l_and_u)


def banded_jvp_ab(g, ans, l_and_u, ab, b_shape):
    """Return -a⁻¹ g ans."""
    solver = lambda x: -solve_banded(l_and_u, ab, bands_times(g, x, *l_and_u))
    return of_columns(solver, ans, len(b_shape) == 1)


solve_banded: Primitive = general(
    sl.solve_banded,
    None,
    banded_vjp_ab,
    banded_vjp_b,
    jvps=[None, banded_jvp_ab, lambda g, l_and_u, ab: solve_banded(l_and_u, ab, g)],
    broadcasts=True,
    harmless=("overwrite_ab", "overwrite_b", "check_finite"),
)


def hermitian_banded_vjp_b(g, ab, b_shape, lower=False):
    """Return a⁻ᵀ g, the conjugate of a⁻¹ conj(g)."""
    solver = lambda g: np.conj(solveh_banded(ab, np.conj(g), lower=lower))
    return of_columns(solver, g, len(b_shape) == 1)


def hermitian_banded_vjp_ab(g, ans, ab, b_shape, lower=False):
    """Return the bands of -a⁻ᵀ g ansᵀ, brought to the side that is read."""
    vector, count = len(b_shape) == 1, ab.shape[-2] - 1
    pulled = as_columns(hermitian_banded_vjp_b(g, ab, b_shape, lower), vector)
    return -all_bands_vjp(bands_of_outer(pulled, as_columns(ans, vector), count, count), lower)


def hermitian_banded_jvp_ab(g, ans, ab, b_shape, lower=False):
    """Return -a⁻¹ g ans."""
    bands, count = all_bands(g, lower), ab.shape[-2] - 1
    solver = lambda x: -solveh_banded(ab, bands_times(bands, x, count, count), lower=lower)
    return of_columns(solver, ans, len(b_shape) == 1)


solveh_banded: Primitive = general(
    sl.solveh_banded,
    hermitian_banded_vjp_ab,
    hermitian_banded_vjp_b,
    jvps=[
        hermitian_banded_jvp_ab,
        lambda g, ab, lower=False: solveh_banded(ab, g, lower=lower),
    ],
    broadcasts=True,
    harmless=("overwrite_ab", "overwrite_b", "check_finite"),
)

# Toeplitz matrices and circulants.


def toeplitz_solution(c, r, b, check_finite=True):
    """Return the solution for a Toeplitz matrix with first column `c` and first row `r`."""
    return sl.solve_toeplitz((c, r), b, check_finite)


def toeplitz_vjp_b(g, c, r, b_shape):
    """Return t⁻ᵀ g: the transpose has the row for its column; the element of both is c[0]."""
    row = np.where(np.arange(c.shape[-1]) == 0, c, r)
    return of_columns(lambda g: toeplitz_solved(row, c, g), g, len(b_shape) == 1)


def toeplitz_sums(g, ans, c, r, b_shape):
    """Return the sums of the diagonals of -t⁻ᵀ g ansᵀ."""
    pulled = toeplitz_vjp_b(g, c, r, b_shape)
    return -diagonal_sums(outer(pulled, ans, len(b_shape) == 1))


def toeplitz_vjp_c(g, ans, c, r, b_shape):
    """Return the sums of the diagonals below."""
    return np.flip(toeplitz_sums(g, ans, c, r, b_shape)[..., : c.shape[-1]], -1)


def toeplitz_vjp_r(g, ans, c, r, b_shape):
    """Return the sums of the diagonals above; the first element is not read."""
    sums = toeplitz_sums(g, ans, c, r, b_shape)[..., max(c.shape[-1] - 1, 0) :]
    return part(sums, np.arange(sums.shape[-1]) > 0)


def toeplitz_jvp(g_c, g_r, ans, c, r, b_shape):
    """Return -t⁻¹ g ans."""
    solver = lambda x: -toeplitz_solved(c, r, toeplitz_matrix(g_c, g_r) @ x)
    return of_columns(solver, ans, len(b_shape) == 1)


def toeplitz_matrix(c, r):
    """Return matrices with first column `c` and first row `r`."""
    m, n = c.shape[-1], r.shape[-1]
    batch = np.broadcast_shapes(c.shape[:-1], r.shape[:-1])
    rest = np.broadcast_to(r[..., 1:], (*batch, max(n - 1, 0)))
    values = np.concatenate([np.broadcast_to(np.flip(c, -1), (*batch, m)), rest], axis=-1)
    return values[..., m - 1 - np.arange(m)[:, None] + np.arange(n)]


toeplitz_solved: Primitive = general(
    toeplitz_solution,
    toeplitz_vjp_c,
    toeplitz_vjp_r,
    toeplitz_vjp_b,
    jvps=[
        lambda g, ans, c, r, b_shape: toeplitz_jvp(g, np.zeros_like(r), ans, c, r, b_shape),
        lambda g, ans, c, r, b_shape: toeplitz_jvp(np.zeros_like(c), g, ans, c, r, b_shape),
        lambda g, c, r: toeplitz_solved(c, r, g),
    ],
    broadcasts=True,
    name="solve_toeplitz",
    harmless=("check_finite",),
)


def column_and_row(c_or_cr):
    """Return the first column and the first row, which is its conjugate unless it is given."""
    if isinstance(c_or_cr, tuple):
        c, r = (np.atleast_1d(joined(item)) for item in c_or_cr)
        return c, r
    c = np.atleast_1d(joined(c_or_cr))
    return c, np.conj(c)


def solve_toeplitz(c_or_cr, b, check_finite=True):
    """Return the solution of equations with a Toeplitz matrix."""
    return toeplitz_solved(*column_and_row(c_or_cr), b, check_finite)


def matmul_toeplitz(c_or_cr, x, check_finite=False, workers=None):
    """Return the product of a Toeplitz matrix, by Fourier transforms of what it is part of."""
    c, r = column_and_row(c_or_cr)
    vector, m, n = x.ndim == 1, c.shape[-1], r.shape[-1]
    x = as_columns(x, vector)
    if x.shape[-2] != n:
        raise ValueError(f"matmul_toeplitz of a matrix with {n} columns got x of shape {x.shape}")
    batch = np.broadcast_shapes(c.shape[:-1], r.shape[:-1])
    ring = np.concatenate(
        [np.broadcast_to(c, (*batch, m)), np.broadcast_to(r[..., :0:-1], (*batch, n - 1))], axis=-1
    )
    forward: Any = np.fft.fft
    back: Any = np.fft.ifft
    if ring.dtype.kind == x.dtype.kind == "f":
        forward, back = np.fft.rfft, np.fft.irfft
    size = m + n - 1
    found = back(forward(ring, axis=-1)[..., None] * forward(x, size, axis=-2), size, axis=-2)
    return found[..., :m, 0] if vector else found[..., :m, :]


def solve_circulant(c, b, singular="raise", tol=None, caxis=-1, baxis=0, outaxis=0):
    """Return the solution of equations with a circulant, which Fourier transforms make diagonal."""
    c, b = np.moveaxis(np.atleast_1d(c), caxis, -1), np.moveaxis(np.atleast_1d(b), baxis, -1)
    n = c.shape[-1]
    if n != b.shape[-1]:
        raise ValueError(f"Shapes of c {c.shape} and b {b.shape} are incompatible")
    if not b.size:
        return b * np.sum(c)
    values = np.fft.fft(c)
    sizes = np.abs(values.data if hasattr(values, "requires_grad") else values)
    if tol is None:
        tol = np.max(sizes, axis=-1, keepdims=True) * n * np.finfo(np.float64).eps
    zero = sizes <= tol
    if np.any(zero) and singular == "raise":
        raise sl.LinAlgError("near singular circulant matrix.")
    found = np.fft.ifft(part(np.fft.fft(b) / np.where(zero, 1, values), ~zero))
    if c.dtype.kind == b.dtype.kind == "f":
        found = np.real(found)
    return np.moveaxis(found, -1, outaxis)


# Equations with factors.


def cho_solution(c, b, lower=False, check_finite=True):
    """Return the solution for a Hermitian matrix with Cholesky factor `c`."""
    return sl.cho_solve((c, lower), b, check_finite=check_finite)


def cho_vjp_b(g, c, b_shape, lower=False):
    """Return a⁻ᵀ g, the conjugate of a⁻¹ conj(g)."""
    solver = lambda g: np.conj(cho_solved(c, np.conj(g), lower))
    return of_columns(solver, g, len(b_shape) == 1)


def cho_vjp_c(g, ans, c, b_shape, lower=False):
    """Return the cotangent of the factor, from that of a = l lᴴ or uᴴ u."""
    pulled = -outer(cho_vjp_b(g, c, b_shape, lower), ans, len(b_shape) == 1)
    mask = triangle(c.shape[-1], lower=lower)
    factor, both = np.conj(part(c, mask)), pulled + adjoint(pulled)
    return part(both @ factor if lower else factor @ both, mask)


def cho_jvp_c(g, ans, c, b_shape, lower=False):
    """Return -a⁻¹ da ans."""
    mask = triangle(c.shape[-1], lower=lower)
    factor, change = part(c, mask), part(g, mask)
    change = change @ adjoint(factor) if lower else adjoint(factor) @ change
    change = change + adjoint(change)
    return -of_columns(lambda x: cho_solved(c, change @ x, lower), ans, len(b_shape) == 1)


cho_solved: Primitive = general(
    cho_solution,
    cho_vjp_c,
    cho_vjp_b,
    jvps=[cho_jvp_c, lambda g, c, lower=False: cho_solved(c, g, lower)],
    broadcasts=True,
    name="cho_solve",
    harmless=("check_finite",),
)


def cho_solve(c_and_lower, b, overwrite_b=False, check_finite=True):
    """Return the solution of equations with a Cholesky factor."""
    c, lower = c_and_lower
    return cho_solved(joined(c), b, lower, check_finite)


def cho_solve_banded(cb_and_lower, b, overwrite_b=False, check_finite=True):
    """Return the solution of equations with a banded Cholesky factor."""
    cb, lower = cb_and_lower
    cb = joined(cb)
    count = cb.shape[-2] - 1
    sides = ((count, 0), (0, count))
    adjoint_bands = np.conj(transposed_bands(cb, *sides[not lower]))
    if lower:
        first, second = (sides[0], cb), (sides[1], adjoint_bands)
    else:
        first, second = (sides[0], adjoint_bands), (sides[1], cb)
    twice = lambda b: solve_banded(*second, solve_banded(*first, b))
    return of_columns(twice, b, b.ndim == 1)


def lu_solve(lu_and_piv, b, trans=0, overwrite_b=False, check_finite=True):
    """Return the solution of equations with factors l u of the matrix with rows exchanged."""
    lu, piv = lu_and_piv
    lu = joined(lu)
    vector = b.ndim == 1
    b = as_columns(b, vector)
    order = row_order(piv)[..., None]
    lower = lambda b: solve_triangular(lu, b, trans, lower=True, unit_diagonal=True)
    upper = lambda b: solve_triangular(lu, b, trans)
    if TRANSPOSITIONS[trans] == 0:
        found = upper(lower(taken(b, order)))
    else:
        found = taken(lower(upper(b)), np.argsort(order, axis=-2))
    return found[..., 0] if vector else found


def taken(x, order):
    """Return the rows of matrices in that order."""
    if order.ndim > 2:
        batch = np.broadcast_shapes(x.shape[:-2], order.shape[:-2])
        x = np.broadcast_to(x, batch + x.shape[-2:])
        order = np.broadcast_to(order, batch + order.shape[-2:])
        return np.take_along_axis(x, np.broadcast_to(order, (*order.shape[:-1], x.shape[-1])), -2)
    return x[..., order[:, 0], :]


def row_order(piv):
    """Return which row of the matrix stands in each row of its factors, from the exchanges."""
    piv = np.asarray(piv)
    order = np.broadcast_to(np.arange(piv.shape[-1]), piv.shape).copy()
    for i in range(piv.shape[-1]):
        other = piv[..., i, None]
        moved = np.take_along_axis(order, other, -1)
        np.put_along_axis(order, other, order[..., i, None], -1)
        order[..., i] = moved[..., 0]
    return order
