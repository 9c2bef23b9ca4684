"""Least squares: pseudo-inverses, solutions, norms, angles between spaces.

`pinv`, `pinvh` and `lstsq` are differentiated at constant rank: beside it they jump.
"""

from typing import Any

import numpy as np
import scipy.linalg as sl

from autograd.errors import NotDifferentiableError
from autograd.operands import value_of
from autograd.ops.decompositions import adjoint, from_triangle
from autograd.ops.linalg import left_over, pinv_jvp, pinv_vjp
from autograd.primitive import general, on_values
from autograd.scipy.linalg.parts import as_columns

# Pseudo-inverses, and the least squares that they find.


def inverted(a, atol=None, rtol=None, check_finite=True):
    """Return the pseudo-inverse."""
    return sl.pinv(a, atol=atol, rtol=rtol, check_finite=check_finite)


def inverted_hermitian(a, atol=None, rtol=None, check_finite=True):
    """Return the pseudo-inverse of Hermitian matrices, of which the lower triangle is read."""
    return sl.pinvh(a, atol, rtol, check_finite=check_finite)


pseudo_inverse = general(
    inverted,
    lambda g, ans, a: pinv_vjp(g, ans, a),
    jvps=[lambda g, ans, a: pinv_jvp(g, ans, a)],
    name="pinv",
    harmless=("atol", "rtol", "check_finite"),
)
hermitian_pseudo_inverse = general(
    inverted_hermitian,
    lambda g, ans, a: pinv_vjp(g, ans, a, hermitian=True),
    jvps=[lambda g, ans, a: pinv_jvp(g, ans, a, hermitian=True)],
    name="pinvh",
    harmless=("atol", "rtol", "check_finite"),
)


def kept_part(a, atol, rtol):
    """Return `a` without singular values up to the cutoff; as it is where they are rounding."""
    s = on_values(np.linalg.svdvals)(a)
    noise = max(a.shape[-2:]) * np.finfo(s.dtype).eps * np.max(s, axis=-1, keepdims=True, initial=0)
    relative = noise if rtol is None else rtol * np.max(s, axis=-1, keepdims=True, initial=0)
    small = s <= (0 if atol is None else atol) + relative
    if not np.any(small & (s > noise)):
        return a, np.sum(~small, axis=-1)
    vh = np.linalg.svd(a, full_matrices=False)[2]
    rest = a @ adjoint(vh) @ (np.where(small, 0, 1)[..., :, None] * vh)
    return rest, np.sum(~small, axis=-1)


def pinv(a, *, atol=None, rtol=None, return_rank=False, check_finite=True):
    """Return the pseudo-inverse, and the rank if it is asked for."""
    kept, rank = kept_part(a, atol, rtol)
    found = pseudo_inverse(kept, atol, rtol, check_finite)
    return (found, rank) if return_rank else found


def pinvh(a, atol=None, rtol=None, lower=True, return_rank=False, check_finite=True):
    """Return the pseudo-inverse of Hermitian matrices of which one triangle is read."""
    kept, rank = kept_part(from_triangle(a, "L" if lower else "U"), atol, rtol)
    found = hermitian_pseudo_inverse(kept, atol, rtol, check_finite)
    return (found, rank) if return_rank else found


def fitted(a, b, cond=None, check_finite=True, lapack_driver=None):
    """Return the solution of least squares."""
    found: Any = sl.lstsq(a, b, cond, False, False, check_finite, lapack_driver)
    return found[0]


def cutoff(a, cond):
    """Return the size, relative to the largest, of singular values that are taken for zero."""
    return np.finfo(a.dtype).eps if cond is None else cond


def fitted_vjp_b(g, a, cond=None):
    """Return the cotangent of b."""
    return inverse_of(a, cond).mT @ g


def inverse_of(a, cond):
    """Return the pseudo-inverse with the cutoff of least squares."""
    return pseudo_inverse(a, None, max(cutoff(a, cond), 4 * np.finfo(a.dtype).eps))


def fitted_vjp_a(g, ans, a, b, cond=None):
    """Return the cotangent of a: Golub and Pereyra (1973)."""
    p, rest = inverse_of(a, cond), b - a @ ans
    _, unseen = left_over(a, p)
    pulled = -(p.mT @ g) @ ans.mT + np.conj(rest) @ adjoint(g) @ np.conj(p) @ p.mT
    return pulled + p.mT @ np.conj(ans) @ adjoint(g) @ unseen.mT


def fitted_jvp_a(g, ans, a, b, cond=None):
    """Return the tangent of the solution."""
    p, h = inverse_of(a, cond), adjoint(g)
    _, unseen = left_over(a, p)
    back = adjoint(p)
    return -p @ (g @ ans) + p @ (back @ (h @ (b - a @ ans))) + unseen @ (h @ (back @ ans))


fitting = general(
    fitted,
    fitted_vjp_a,
    fitted_vjp_b,
    jvps=[fitted_jvp_a, lambda g, a, cond=None: inverse_of(a, cond) @ g],
    broadcasts=True,
    name="lstsq",
    harmless=("check_finite", "lapack_driver"),
)


def lstsq(
    a,
    b,
    cond=None,
    overwrite_a=False,
    overwrite_b=False,
    check_finite=True,
    lapack_driver=None,
):
    """Return solution, residues, rank and singular values; small ones do not take part."""
    given = value_of(a), value_of(b)
    found: Any = sl.lstsq(*given, cond, False, False, check_finite, lapack_driver)
    _, residues, rank, s = found
    vector = b.ndim == 1
    b = as_columns(b, vector)
    kept, _ = kept_part(a, None, cutoff(a, cond))
    x = fitting(kept, b, cond, check_finite, lapack_driver)
    if residues.size:
        sums = np.sum(np.square(np.abs(b - a @ x)), axis=-2)
        residues = np.reshape(sums, residues.shape)
    if s is not None and s.dtype != object:  # which holds None for each of several matrices
        s = np.linalg.svdvals(a)
    return x[..., 0] if vector else x, residues, rank, s


# Norms, and angles between spaces.


def norm(a, ord=None, axis=None, keepdims=False, check_finite=True):
    """Return a norm of vectors or matrices."""
    return np.linalg.norm(a, ord, axis, keepdims)


def basis(a, name):
    """Return an orthonormal basis of the columns, which must not depend on one another."""
    if not np.all(on_values(np.linalg.matrix_rank)(a) == a.shape[-1]):
        raise NotDifferentiableError(
            f"scipy.linalg.subspace_angles of a Tensor needs columns of {name} that are linearly "
            f"independent, got rank {on_values(np.linalg.matrix_rank)(a)} in shape {a.shape}"
        )
    return np.linalg.qr(a)[0]


def subspace_angles(A, B):
    """Return the angles, from the largest on: Knyazev and Argentati (2002), algorithm 3.1."""
    if np.shape(A)[-2] != np.shape(B)[-2]:
        raise ValueError(
            f"A and B must have the same number of rows, got {np.shape(A)[-2]} and "
            f"{np.shape(B)[-2]}"
        )
    first, second = basis(A, "A"), basis(B, "B")
    if first.shape[-1] < second.shape[-1]:
        first, second = second, first
    inside = adjoint(first) @ second
    cosines = np.flip(np.linalg.svdvals(inside), -1)
    sines = np.linalg.svdvals(second - first @ inside)
    near = value_of(cosines) ** 2 >= 0.5
    near_angles = np.arcsin(np.where(near, sines, 0))
    return np.where(near, near_angles, np.arccos(np.where(near, 0, cosines)))
