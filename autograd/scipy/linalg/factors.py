"""Factors of matrices: Cholesky, LU, QR and RQ, singular values, polar.

Where `autograd.ops.decompositions` differentiates NumPy's function of the name, the rules here are
those, with their conventions; `cholesky` and `cho_factor` too take their argument for Hermitian.
"""

from typing import Any

import numpy as np
import scipy.linalg as sl

from autograd.errors import NotDifferentiableError
from autograd.operands import value_of
from autograd.ops.decompositions import (
    adjoint,
    cholesky_jvp,
    cholesky_vjp,
    grown,
    qr_jvp,
    qr_vjp,
    svd_jvp,
    svd_vjp,
    thin,
    values_jvp,
    values_vjp,
)
from autograd.primitive import general
from autograd.scipy.linalg.calling import native
from autograd.scipy.linalg.equations import row_order, taken
from autograd.scipy.linalg.matrix_equations import solve_sylvester
from autograd.scipy.linalg.parts import dense, part, triangle

CHECKED = ("overwrite_a", "check_finite")

# Cholesky: a = l lᴴ = uᴴ u.

cholesky = general(
    sl.cholesky,
    lambda g, ans, lower=False: cholesky_vjp(g, ans, not lower),
    jvps=[lambda g, ans, lower=False: cholesky_jvp(g, ans, not lower)],
    harmless=CHECKED,
)


def factor_with_rest(a, lower=False, check_finite=True):
    """Return the Cholesky factor, and what SciPy leaves in the other triangle."""
    return sl.cho_factor(a, lower, check_finite=check_finite)[0]


def factor_alone(x, lower):
    """Return the triangle with the factor."""
    return part(x, triangle(x.shape[-1], lower=lower))


factored = general(
    factor_with_rest,
    lambda g, ans, lower=False: cholesky_vjp(
        factor_alone(g, lower), factor_alone(ans, lower), not lower
    ),
    jvps=[lambda g, ans, lower=False: cholesky_jvp(g, factor_alone(ans, lower), not lower)],
    name="cho_factor",
    harmless=("check_finite",),
)


def cho_factor(a, lower=False, overwrite_a=False, check_finite=True):
    """Return the factor, and whether it is the lower one; the other triangle is constant."""
    return factored(a, lower, check_finite), lower


def cholesky_banded(ab, overwrite_ab=False, lower=False, check_finite=True):
    """Return the bands of the factor, which is found as a whole; what is not read stays."""
    count, n = ab.shape[-2] - 1, ab.shape[-1]
    factor = np.linalg.cholesky(dense(ab, lower), upper=not lower)
    offset = np.arange(count + 1)[:, None] - (0 if lower else count)
    rows = np.arange(n) + offset
    within = (rows >= 0) & (rows < n)
    return np.where(within, factor[..., np.clip(rows, 0, max(n - 1, 0)), np.arange(n)], ab)


# LU: a = p l u. With f = l⁻¹ pᵀ da u⁻¹, the lower triangle of f is l⁻¹ dl, the upper one du u⁻¹.
# A factor that is not square is completed by the identity.


def completed(x):
    """Return factors that are not square with columns or rows of the identity added."""
    m, n = x.shape[-2:]
    if m == n:
        return x
    rest = np.broadcast_to(np.eye(max(m, n), dtype=x.dtype), (*x.shape[:-2], max(m, n), max(m, n)))
    if m > n:
        return np.concatenate([x, rest[..., n:]], axis=-1)
    return np.concatenate([x, rest[..., m:, :]], axis=-2)


def lu_jvp(change, low, up):
    """Return the tangents of l and u from that of the matrix with its rows exchanged."""
    whole, upper, k = completed(low), completed(up), low.shape[-1]
    inside = np.linalg.solve(upper.mT, np.linalg.solve(whole, change).mT).mT
    below = triangle(*change.shape[-2:], lower=True, strict=True)
    du = (part(inside, ~below) @ upper)[..., :k, :]
    return (whole @ part(inside, below))[..., :k], du


def lu_vjp(gl, gu, low, up):
    """Return the cotangent of the matrix with its rows exchanged; 0 stands for unused outputs."""
    m, n = low.shape[-2], up.shape[-1]
    whole, upper = completed(low), completed(up)
    below = triangle(m, n, lower=True, strict=True)
    inside: Any = 0
    if gl is not None:
        inside = part(grown((whole.mT @ gl)[..., :n], m, n), below)
    if gu is not None:
        inside = inside + part(grown(gu @ upper.mT, m, n), ~below)
    return np.linalg.solve(whole.mT, np.linalg.solve(upper, inside.mT).mT)


def both_factors(a, check_finite=True):
    """Return the factors, and which row of `a` stands in each row of them."""
    found: Any = native(sl.lu)(a, p_indices=True, check_finite=check_finite)
    return *found[1:], np.argsort(found[0], axis=-1)


def lu_factors_vjp(g, ans):
    """Return the cotangent of a."""
    (gl, gu, _), (low, up, order) = g, ans
    return taken(lu_vjp(gl, gu, low, up), np.argsort(order, axis=-1)[..., None])


def lu_factors_jvp(g, ans):
    """Return the tangents of the factors."""
    low, up, order = ans
    return *lu_jvp(taken(g, order[..., None]), low, up), order


lu_factors = general(
    both_factors,
    lu_factors_vjp,
    jvps=[lu_factors_jvp],
    name="lu",
    harmless=("check_finite",),
)


def lu(a, permute_l=False, overwrite_a=False, check_finite=True, p_indices=False):
    """Return p, l and u, or p l and u; SciPy's permutation is the inverse of `order`."""
    low, up, order = lu_factors(a, check_finite)
    back = np.argsort(order, axis=-1)
    if permute_l:
        return taken(low, back[..., None]), up
    if p_indices:
        return back.astype(np.int32), low, up
    real = np.empty(0, low.dtype).real.dtype
    return (back[..., :, None] == np.arange(back.shape[-1])).astype(real), low, up


def in_one(a, check_finite=True):
    """Return both factors in one matrix, and the exchanges of rows."""
    return tuple(sl.lu_factor(a, check_finite=check_finite))


def apart(x):
    """Return the lower factor, with its diagonal of ones, and the upper factor."""
    m, n = x.shape[-2:]
    k, below = min(m, n), triangle(m, n, lower=True, strict=True)
    return part(x, below)[..., :k] + np.eye(m, k, dtype=x.dtype), part(x, ~below)[..., :k, :]


def joint_vjp(g, ans):
    """Return the cotangent of a."""
    (both, _), (x, piv) = g, ans
    m, n = x.shape[-2:]
    below = triangle(m, n, lower=True, strict=True)
    k = min(m, n)
    gl, gu = part(both, below)[..., :k], part(both, ~below)[..., :k, :]
    order = rows_of(piv, m)
    return taken(lu_vjp(gl, gu, *apart(x)), np.argsort(order, axis=-1)[..., None])


def joint_jvp(g, ans):
    """Return the tangent of both factors in one."""
    x, piv = ans
    dl, du = lu_jvp(taken(g, rows_of(piv, x.shape[-2])[..., None]), *apart(x))
    return grown(dl, *x.shape[-2:]) + grown(du, *x.shape[-2:]), piv


def rows_of(piv, m):
    """Return the order of `m` rows; those without an exchange stay."""
    piv = np.asarray(value_of(piv))
    rest = np.broadcast_to(np.arange(piv.shape[-1], m), (*piv.shape[:-1], m - piv.shape[-1]))
    return row_order(np.concatenate([piv, rest], axis=-1))


lu_factored = general(
    in_one, joint_vjp, jvps=[joint_jvp], name="lu_factor", harmless=("check_finite",)
)


def lu_factor(a, overwrite_a=False, check_finite=True):
    """Return both factors in one matrix, and the exchanges of rows."""
    return lu_factored(a, check_finite)


# QR and RQ.


def q_and_r(a, mode="full", check_finite=True):
    """Return q and r."""
    return tuple(sl.qr(a, mode=mode, check_finite=check_finite))


qr_factors = general(q_and_r, qr_vjp, jvps=[qr_jvp], name="qr", harmless=("mode", "check_finite"))


def qr(a, overwrite_a=False, lwork=None, mode="full", pivoting=False, check_finite=True):
    """Return q and r, or r alone, and the order of the columns if they are exchanged."""
    if mode not in ("full", "r", "economic"):
        raise NotDifferentiableError(
            f"scipy.linalg.qr of a Tensor with mode={mode!r} has no derivative here; use 'full', "
            f"'economic' or 'r'"
        )
    order: tuple[Any, ...] = ()
    if pivoting:
        order = (sl.qr(value_of(a), mode="r", pivoting=True)[-1],)
        a = np.take_along_axis(a, np.broadcast_to(order[0][..., None, :], a.shape), -1)
    if mode == "r":  # which has all its rows; q would have as many columns
        r = qr_factors(a, "economic", check_finite)[1]
        r = grown(r, *a.shape[-2:])
        return (r, *order) if order or a.ndim == 2 else r
    return *qr_factors(a, mode, check_finite), *order


def flipped(x):
    """Return matrices with their rows and columns in the other order."""
    return np.flip(x, (-2, -1))


def r_and_q(a, mode="full", check_finite=True):
    """Return r and q."""
    return tuple(sl.rq(a, mode=mode, check_finite=check_finite))


def as_qr(r, q):
    """Return the factors of (j a)ᴴ, where j is the order of rows turned round: a = r q."""
    rest = q.shape[-2] - r.shape[-1]
    return adjoint(np.flip(q, -2)), adjoint(flipped(r)) if not rest else None


def rq_vjp(g, ans):
    """Return the cotangent of a from that of its adjoint with columns turned round."""
    (gr, gq) = g
    turned_g = (
        None if gq is None else adjoint(np.flip(gq, -2)),
        None if gr is None else adjoint(flipped(gr)),
    )
    return np.flip(adjoint(qr_vjp(turned_g, as_qr(*ans))), -2)


def rq_jvp(g, ans):
    """Return the tangents of r and q."""
    dq, dr = qr_jvp(adjoint(np.flip(g, -2)), as_qr(*ans))
    return flipped(adjoint(dr)), np.flip(adjoint(dq), -2)


rq_factors = general(r_and_q, rq_vjp, jvps=[rq_jvp], name="rq", harmless=("mode", "check_finite"))


def rq(a, overwrite_a=False, lwork=None, mode="full", check_finite=True):
    """Return r and q, or r alone."""
    r, q = rq_factors(a, "full" if mode == "r" else mode, check_finite)
    return r if mode == "r" else (r, q)


# Singular values.


def all_factors(a, full_matrices=True, check_finite=True, lapack_driver="gesdd"):
    """Return singular values and vectors."""
    found = sl.svd(a, full_matrices, check_finite=check_finite, lapack_driver=lapack_driver)
    return tuple(found)  # SciPy makes lists of what it finds of several matrices


def values(a, check_finite=True, lapack_driver="gesdd"):
    """Return singular values alone."""
    return sl.svd(a, compute_uv=False, check_finite=check_finite, lapack_driver=lapack_driver)


SETTINGS = ("full_matrices", "check_finite", "lapack_driver")
svd_factors = general(all_factors, svd_vjp, jvps=[svd_jvp], name="svd", harmless=SETTINGS)
singular_values = general(
    values,
    lambda g, a: values_vjp(g, thin(a)),
    jvps=[lambda g, a: values_jvp(g, thin(a))],
    name="svdvals",
    harmless=SETTINGS,
)


def svd(
    a,
    full_matrices=True,
    compute_uv=True,
    overwrite_a=False,
    check_finite=True,
    lapack_driver="gesdd",
):
    """Return u, s and vᴴ, or s alone."""
    if not compute_uv:
        return singular_values(a, check_finite, lapack_driver)
    return svd_factors(a, full_matrices, check_finite, lapack_driver)


def svdvals(a, overwrite_a=False, check_finite=True):
    """Return singular values alone."""
    return singular_values(a, check_finite)


# Polar factors, a = u p, of matrices that have at least as many rows as columns. The turn uᴴ du is
# antihermitian, and solves (uᴴ du) p + p (uᴴ du) = uᴴ da - daᴴ u: Higham, "Functions of Matrices"
# (2008), section 8.


def right_polar(a):
    """Return the unitary factor and the Hermitian one, on its right."""
    return tuple(sl.polar(a))


def polar_jvp(g, ans):
    """Return the tangents of both."""
    u, p = ans
    inside = adjoint(u) @ g
    turn = solve_sylvester(p, p, inside - adjoint(inside))
    du = u @ turn
    if u.shape[-2] > u.shape[-1]:
        du = du + np.linalg.solve(p.mT, (g - u @ inside).mT).mT
    return du, inside - turn @ p


def polar_vjp(g, ans):
    """Return the cotangent of a."""
    (gu, gp), (u, p) = g, ans
    turn = pulled = 0
    if gp is not None:
        turn, pulled = -gp @ p.mT, np.conj(u) @ gp
    if gu is not None:
        turn = turn + u.mT @ gu
    inner = solve_sylvester(p.mT, p.mT, turn)
    pulled = pulled + np.conj(u) @ (inner - adjoint(inner))
    if gu is not None and u.shape[-2] > u.shape[-1]:
        out = np.linalg.solve(p, gu.mT).mT
        pulled = pulled + out - np.conj(u) @ (u.mT @ out)
    return pulled


polar_factors = general(right_polar, polar_vjp, jvps=[polar_jvp], name="polar")


def polar(a, side="right"):
    """Return the unitary and the Hermitian factor, which stands on either side."""
    if side not in ("right", "left"):
        raise ValueError("`side` must be either 'right' or 'left'")
    m, n = a.shape[-2:]
    if m >= n:
        u, p = polar_factors(a)
        return (u, p) if side == "right" else (u, u @ p @ adjoint(u))
    u, p = polar_factors(adjoint(a))
    u = adjoint(u)
    return (u, p) if side == "left" else (u, adjoint(u) @ p @ u)


def orthogonal_procrustes(A, B, check_finite=True):
    """Return the unitary factor of Aᴴ B, and the sum of the singular values."""
    if np.shape(A)[-2:] != np.shape(B)[-2:]:
        raise ValueError(f"the shapes of A and B differ ({np.shape(A)} vs {np.shape(B)})")
    u, p = polar_factors(adjoint(A) @ B)
    return u, np.real(np.trace(p, axis1=-2, axis2=-1))
