"""Eigenvalues and eigenvectors, of one matrix and of two, of bands too.

The conventions are those of `autograd.ops.decompositions`: one triangle of Hermitian matrices is
read, vectors turn as little as possible, equal values are a tie. Where SciPy finds a part of the
values, or a problem is solved by way of another one, all are found here, and those are taken that
SciPy returns, with its signs.
"""

from typing import Any

import numpy as np
import scipy.linalg as sl

from autograd.errors import NotDifferentiableError
from autograd.operands import value_of
from autograd.ops.decompositions import (
    adjoint,
    diagonal,
    eig_jvp,
    eig_vjp,
    eigenpairs,
    eigh_jvp,
    eigh_vjp,
    from_triangle,
    identity,
    inverse_gaps,
    onto_triangle,
    places_of,
)
from autograd.primitive import general, on_values
from autograd.scipy.linalg.parts import dense

# Hermitian matrices.


def pairs(a, lower=True, check_finite=True, driver=None):
    """Return all eigenvalues and eigenvectors."""
    found = sl.eigh(a, lower=lower, check_finite=check_finite, driver=driver)
    return tuple(found)  # SciPy makes lists of what it finds of several matrices


def uplo(lower):
    """Return NumPy's name of a triangle."""
    return "L" if lower else "U"


eigh_pairs = general(
    pairs,
    lambda g, ans, lower=True: eigh_vjp(g, ans, uplo(lower)),
    jvps=[lambda g, ans, lower=True: eigh_jvp(g, ans, uplo(lower))],
    name="eigh",
    harmless=("check_finite", "driver"),
)

# Two Hermitian matrices, a v = b v w, and vᴴ b v = 1. With the columns of v for a basis, dv is
# (da - db w_j) / (w_j - w_i) at i, j; on the diagonal, and at ties, -db / 2.


def generalized_pairs(a, b, lower=True, check_finite=True, driver=None):
    """Return all eigenvalues and eigenvectors of two matrices."""
    return tuple(sl.eigh(a, b, lower=lower, check_finite=check_finite, driver=driver))


def weights_of_b(w):
    """Return the factors of db in the turns of the vectors."""
    gaps = inverse_gaps(w)
    return np.where(gaps == 0, -0.5, -gaps * w[..., None, :])


def pull_back(v, inner, lower):
    """Return the cotangent of a matrix from that of what it is in the basis of the vectors."""
    return onto_triangle(np.conj(v) @ inner @ v.mT, uplo(lower))


def generalized_vjp(g, ans, of_turns, sign, lower):
    """Return the cotangent of one of both, from the factors of turns and of the values."""
    (gw, gv), (w, v) = g, ans
    inner = 0
    if gv is not None:
        inner = of_turns(w) * (v.mT @ gv)
    if gw is not None:
        inner = inner + (gw * sign(w))[..., None, :] * identity(w.shape[-1])
    return pull_back(v, inner, lower)


def generalized_jvp(g, ans, of_turns, sign, lower):
    """Return the tangents of values and vectors."""
    w, v = ans
    inside = adjoint(v) @ from_triangle(g, uplo(lower)) @ v
    return np.real(diagonal(inside)) * sign(w), v @ (of_turns(w) * inside)


generalized = general(
    generalized_pairs,
    lambda g, ans, lower=True: generalized_vjp(g, ans, inverse_gaps, np.ones_like, lower),
    lambda g, ans, lower=True: generalized_vjp(g, ans, weights_of_b, np.negative, lower),
    jvps=[
        lambda g, ans, lower=True: generalized_jvp(g, ans, inverse_gaps, np.ones_like, lower),
        lambda g, ans, lower=True: generalized_jvp(g, ans, weights_of_b, np.negative, lower),
    ],
    broadcasts=True,
    name="eigh",
    harmless=("check_finite", "driver"),
)


def phases(found, wanted):
    """Return the factors of modulus one that bring vectors to those wanted."""
    along = np.sum(np.conj(found) * wanted, axis=-2, keepdims=True)
    size = np.abs(along)
    return np.where(size == 0, 1, along / np.where(size == 0, 1, size))


phases_of = on_values(phases)


def with_phases(found, wanted):
    """Return vectors with the signs that SciPy gives them."""
    return found * phases_of(found, wanted)


def chosen(w, subset_by_index, subset_by_value):
    """Return which of the values, in ascending order, are asked for."""
    n = w.shape[-1]
    if subset_by_index is not None:
        first, last = subset_by_index
        return np.arange(n)[first : last + 1]
    low, high = subset_by_value
    return np.flatnonzero((w > low) & (w <= high))


def all_pairs(a, b, type, lower, check_finite, driver):
    """Return all eigenvalues and eigenvectors of one of the three problems, or of one matrix."""
    if b is None:
        return eigh_pairs(a, lower, check_finite, driver)
    if type == 1:
        return generalized(a, b, lower, check_finite, driver)
    inverse = np.linalg.inv(from_triangle(b, uplo(lower)))
    w, v = generalized(from_triangle(a, uplo(lower)), inverse, True, check_finite)
    return w, inverse @ v if type == 2 else v


def eigh(
    a,
    b=None,
    *,
    lower=True,
    eigvals_only=False,
    type=1,
    check_finite=True,
    subset_by_index=None,
    subset_by_value=None,
    driver=None,
):
    """Return eigenvalues and eigenvectors of a Hermitian matrix, or of two; all or a subset."""
    limits = subset_by_index, subset_by_value
    some = limits != (None, None)
    driver = None if some else driver  # which the subset needs, and the whole may not have
    w, v = all_pairs(a, b, type, lower, check_finite, driver)
    if some:
        w, v = taken_of(w, v, *limits)
    if eigvals_only:
        return w
    if some or type != 1:
        subset: Any = dict(zip(("subset_by_index", "subset_by_value"), limits, strict=True))
        _, wanted = sl.eigh(value_of(a), value_of(b), lower=lower, type=type, **subset)
        v = with_phases(v, wanted)
    return w, v


def taken_of(w, v, subset_by_index, subset_by_value):
    """Return the eigenvalues that are asked for, and their vectors."""
    if w.ndim > 1 and subset_by_value is not None:
        raise NotDifferentiableError(
            "scipy.linalg.eigh of Tensors with subset_by_value takes one matrix, not a batch, "
            "whose values may be of different number; use subset_by_index"
        )
    index = chosen(value_of(w), subset_by_index, subset_by_value)
    return w[..., index], v[..., index]


def eigvalsh(a, b=None, *, lower=True, **options):
    """Return eigenvalues of Hermitian matrices."""
    return eigh(a, b, lower=lower, eigvals_only=True, **options)


# Bands.


def limited(a, select, select_range, wanted, eigvals_only):
    """Return those of the eigenvalues and vectors that a function of bands returns."""
    w, v = eigh_pairs(a)
    subset = {
        "i": (select_range, None),
        "v": (None, select_range),
    }.get({0: "a", 1: "v", 2: "i"}.get(select, str(select)[:1].lower()))
    if subset:
        index = chosen(value_of(w), *subset)
        w, v = w[..., index], v[..., index]
    return w if eigvals_only else (w, with_phases(v, wanted()[1]))


def eig_banded(
    a_band,
    lower=False,
    eigvals_only=False,
    overwrite_a_band=False,
    select="a",
    select_range=None,
    max_ev=0,
    check_finite=True,
):
    """Return eigenvalues and eigenvectors of a Hermitian matrix that is stored as bands."""
    wanted = lambda: sl.eig_banded(
        value_of(a_band), lower, select=select, select_range=select_range, max_ev=max_ev
    )
    return limited(dense(a_band, lower), select, select_range, wanted, eigvals_only)


def eigvals_banded(
    a_band,
    lower=False,
    overwrite_a_band=False,
    select="a",
    select_range=None,
    check_finite=True,
):
    """Return eigenvalues of a Hermitian matrix that is stored as bands."""
    return eig_banded(a_band, lower, eigvals_only=True, select=select, select_range=select_range)


def eigh_tridiagonal(
    d,
    e,
    eigvals_only=False,
    select="a",
    select_range=None,
    check_finite=True,
    tol=0.0,
    lapack_driver="auto",
):
    """Return eigenvalues and eigenvectors of a real symmetric matrix of three diagonals."""
    n = d.shape[-1]
    if n != e.shape[-1] + 1:
        raise ValueError(f"d ({n}) must have one more element than e ({e.shape[-1]})")
    if "c" in (d.dtype.kind, e.dtype.kind):
        raise TypeError("Only real arrays currently supported")
    below = np.eye(n, k=-1, dtype=bool)[:, : n - 1] * e[..., None, :]
    zero = np.zeros((*below.shape[:-1], 1), below.dtype)
    matrix = identity(n) * d[..., None, :] + np.concatenate([below, zero], axis=-1)
    wanted = lambda: sl.eigh_tridiagonal(
        value_of(d), value_of(e), select=select, select_range=select_range
    )
    return limited(matrix, select, select_range, wanted, eigvals_only)


def eigvalsh_tridiagonal(
    d, e, select="a", select_range=None, check_finite=True, tol=0.0, lapack_driver="auto"
):
    """Return eigenvalues of a real symmetric matrix of three diagonals."""
    return eigh_tridiagonal(d, e, True, select, select_range)


# Any square matrices.


def right_pairs(a, check_finite=True):
    """Return eigenvalues and eigenvectors."""
    return tuple(sl.eig(a, check_finite=check_finite))


def values_alone(a, check_finite=True):
    """Return eigenvalues."""
    return sl.eigvals(a, check_finite=check_finite)


def in_kind(pushed, ans):
    """Return the tangents of values and vectors, of vectors that are real for real values too."""
    dw, dv = pushed
    return dw, dv if ans[1].dtype.kind == "c" else np.real(dv)


eig_pairs = general(
    right_pairs,
    eig_vjp,
    jvps=[lambda g, ans: in_kind(eig_jvp(g, ans), ans)],
    name="eig",
    harmless=("check_finite",),
)
eig_values = general(
    values_alone,
    lambda g, ans, a: eig_vjp((g, None), eigenpairs(a, ans)),
    jvps=[lambda g, ans, a: eig_jvp(g, eigenpairs(a, ans))[0]],
    name="eigvals",
    harmless=("check_finite",),
)


def refuse_homogeneous(name, homogeneous_eigvals):
    """Raise for eigenvalues as pairs of numbers, of which only the ratio is determined."""
    if homogeneous_eigvals:
        raise NotDifferentiableError(
            f"scipy.linalg.{name} of a Tensor has no derivative of homogeneous_eigvals, of which "
            f"only the ratio is determined; leave it out"
        )


def ordered(w, v, wanted):
    """Return values and vectors in the order in which SciPy finds the values."""
    order = places_of(w, wanted)
    return (w[..., None, :] @ order)[..., 0, :], v @ order


def eig(
    a,
    b=None,
    left=False,
    right=True,
    overwrite_a=False,
    overwrite_b=False,
    check_finite=True,
    homogeneous_eigvals=False,
):
    """Return eigenvalues, and eigenvectors on the left or the right or both, of length one."""
    refuse_homogeneous("eig", homogeneous_eigvals)
    w, v = eig_pairs(a if b is None else np.linalg.solve(b, a), check_finite)
    if b is None and not left:
        return (w, v) if right else w
    found = sl.eig(value_of(a), value_of(b), left, right)
    values, *wanted = found if left or right else (found,)
    if b is not None:
        w, v = ordered(w, v, values)
    vectors = []
    if left:
        backward = adjoint(np.linalg.inv(v if b is None else b @ v))
        vectors.append(backward / np.linalg.norm(backward, axis=-2, keepdims=True))
    if right:
        vectors.append(v)
    aligned = [with_phases(x, y) for x, y in zip(vectors, wanted, strict=True)]
    return (w, *aligned) if aligned else w


def eigvals(a, b=None, overwrite_a=False, check_finite=True, homogeneous_eigvals=False):
    """Return eigenvalues."""
    refuse_homogeneous("eigvals", homogeneous_eigvals)
    if b is None:
        return eig_values(a, check_finite)
    return eig(a, b, right=False, check_finite=check_finite)
