"""Linear algebra: inverses, solutions, determinants, norms.

Conventions:

- A norm has the derivative zero where it is zero, as `abs` has; so have the elements that are zero
  in norms of order p < 2, and singular values that are zero in `nuc`, 2 and -2. Ties in norms that
  are a maximum or minimum share the gradient equally. The norm of order 0 counts: it is constant.
- `pinv` and `lstsq` are differentiated at constant rank: beside it they jump.
- `det` has its first and second derivative at singular matrices too; the third one there only if
  the singular values are distinct.

A cotangent g of z means the change Re(sum(g dz)); so formulas of the literature, which pair
conj(g) with dz, are conjugated here.
"""

import math
import operator
from functools import cache

import numpy as np
from numpy.lib.array_utils import normalize_axis_tuple

from autograd.broadcasting import expand, reduced_shape
from autograd.operands import value_of
from autograd.ops.decompositions import adjoint, diagonal, from_triangle, identity, onto_triangle
from autograd.ops.reductions import product_weights
from autograd.primitive import composite, constant, general, on_values

constant(np.linalg.matrix_rank)
UNSET = object()

# Equations and inverses.


def as_columns(x, vector):
    """Return vectors as matrices of one column; matrices as they are."""
    return x[..., None] if vector else x


def solve_vjp_a(g, ans, a, b_shape):
    """Return -a⁻ᵀ g ansᵀ."""
    vector = len(b_shape) == 1
    return -np.linalg.solve(a.mT, as_columns(g, vector)) @ as_columns(ans, vector).mT


def solve_vjp_b(g, a, b_shape):
    """Return a⁻ᵀ g."""
    if len(b_shape) == 1:
        return np.linalg.solve(a.mT, g[..., None])[..., 0]
    return np.linalg.solve(a.mT, g)


def solve_jvp_a(g, ans, a, b_shape):
    """Return -a⁻¹ g ans."""
    if len(b_shape) == 1:
        return -np.linalg.solve(a, g @ ans[..., None])[..., 0]
    return -np.linalg.solve(a, g @ ans)


general(
    np.linalg.solve,
    solve_vjp_a,
    solve_vjp_b,
    jvps=[solve_jvp_a, lambda g, a: np.linalg.solve(a, g)],
    broadcasts=True,
)
general(
    np.linalg.inv,
    lambda g, ans: -ans.mT @ g @ ans.mT,
    jvps=[lambda g, ans: -ans @ g @ ans],
)


def tensorinv(a, ind=2):
    """Return the inverse of a matrix whose rows and columns have several axes."""
    if ind <= 0:
        raise ValueError("Invalid ind argument.")
    shape = a.shape[ind:] + a.shape[:ind]
    return np.reshape(np.linalg.inv(np.reshape(a, (math.prod(a.shape[ind:]), -1))), shape)


def tensorsolve(a, b, axes=None):
    """Return the solution of equations whose unknowns have several axes."""
    last = [axis % np.ndim(a) for axis in axes or ()]
    a = np.transpose(a, [i for i in range(np.ndim(a)) if i not in last] + last)
    shape = a.shape[-(np.ndim(a) - np.ndim(b)) :]
    size = math.prod(shape)
    if math.prod(a.shape) != size**2:
        raise np.linalg.LinAlgError(
            f"np.linalg.tensorsolve needs as many equations as unknowns, got a of shape {a.shape} "
            f"for unknowns of shape {shape}"
        )
    return np.reshape(np.linalg.solve(np.reshape(a, (size, size)), np.ravel(b)), shape)


def matrix_power(a, n):
    """Return a product of `n` equal matrices, by squaring; the identity for 0."""
    if a.ndim < 2 or a.shape[-1] != a.shape[-2]:
        raise np.linalg.LinAlgError(
            f"np.linalg.matrix_power takes square matrices, got shape {a.shape}"
        )
    n = operator.index(n)
    if n < 0:
        a, n = np.linalg.inv(a), -n
    if n == 0:
        return np.broadcast_to(np.eye(a.shape[-1], dtype=a.dtype), a.shape).copy()
    if n == 3:
        return (a @ a) @ a
    power, result = a, None
    while n:
        if n % 2:
            result = power if result is None else result @ power
        n //= 2
        power = power @ power if n else power
    return result


composite(np.linalg.tensorinv, tensorinv)
composite(np.linalg.tensorsolve, tensorsolve)
composite(np.linalg.matrix_power, matrix_power)

# Pseudo-inverses. Golub and Pereyra, "The differentiation of pseudo-inverses" (1973).


def left_over(a, p):
    """Return the projectors to what a matrix with pseudo-inverse `p` does not reach, nor see."""
    return identity(a.shape[-2]) - a @ p, identity(a.shape[-1]) - p @ a


def pinv_vjp(g, ans, a, hermitian=False):
    """Return the cotangent of a matrix from that of its pseudo-inverse."""
    a = from_triangle(a, "L") if hermitian else a
    unreached, unseen = left_over(a, ans)
    pulled = -ans.mT @ g @ ans.mT
    pulled = pulled + unreached.mT @ adjoint(g) @ np.conj(ans) @ ans.mT
    pulled = pulled + ans.mT @ np.conj(ans) @ adjoint(g) @ unseen.mT
    return onto_triangle(pulled, "L") if hermitian else pulled


def pinv_jvp(g, ans, a, hermitian=False):
    """Return the tangent of the pseudo-inverse."""
    a, g = (from_triangle(a, "L"), from_triangle(g, "L")) if hermitian else (a, g)
    unreached, unseen = left_over(a, ans)
    h, p = adjoint(g), adjoint(ans)
    return -ans @ g @ ans + ans @ p @ h @ unreached + unseen @ h @ p @ ans


def pseudo_inverse(a, rcond=None, hermitian=False):
    """Return the inverse of what `a` is without singular values below `rcond` times the largest."""
    return np.linalg.pinv(a, rcond, hermitian)


pseudo_inverted = general(
    pseudo_inverse, pinv_vjp, jvps=[pinv_jvp], name="pinv", harmless=("rcond",)
)


def without_small(a, rcond):
    """Return `a` without singular values below `rcond` times the largest.

    As it is where there are none but rounding errors.
    """
    if 0 in a.shape:
        return a
    s = singular_values_of(a)
    top = np.max(s, axis=-1, keepdims=True)
    small = s <= np.asarray(rcond)[..., None] * top
    if not np.any(small & (s > max(a.shape[-2:]) * np.finfo(s.dtype).eps * top)):
        return a
    vh = np.linalg.svd(a, full_matrices=False)[2]
    return a @ adjoint(vh) @ (np.where(small, 0, 1)[..., :, None] * vh)


singular_values_of = on_values(np.linalg.svdvals)


def pinv(a, rcond=None, hermitian=False, *, rtol=UNSET):
    """Return the pseudo-inverse; the cutoff has two spellings and two defaults."""
    if rcond is not None and rtol is not UNSET:
        raise ValueError("`rtol` and `rcond` can't be both set.")
    if rtol is None:
        rcond = max(a.shape[-2:]) * np.finfo(a.dtype).eps
    elif rtol is not UNSET:
        rcond = rtol
    if rcond is not None:
        a = without_small(from_triangle(a, "L") if hermitian else a, rcond)
    return pseudo_inverted(a, 1e-15 if rcond is None else rcond, hermitian)


composite(np.linalg.pinv, pinv)


# Least squares: x is the pseudo-inverse times b; the residuals are those of the columns of b.


def cutoff(a_shape, rcond):
    """Return `rcond` of `lstsq` as that of `pinv`: LAPACK works in double precision."""
    eps = np.finfo(np.float64).eps
    if rcond is None:
        return max(a_shape) * eps
    return rcond if 0 < rcond < 1 else eps  # as LAPACK has it


def lstsq_vjp_b(g, ans, a, b, rcond):
    """Return the cotangent of b; None where only singular values are used."""
    (gx, gr, *_), (x, *_) = g, ans
    vector, pulled = b.ndim == 1, None
    if gx is not None:
        pulled = pseudo_inverted(a, cutoff(a.shape, rcond)).mT @ gx
    if gr is not None and gr.shape[0]:
        from_rest = 2 * np.conj(b - a @ x) * (gr[0] if vector else gr)
        pulled = from_rest if pulled is None else pulled + from_rest
    return pulled


def lstsq_vjp_a(g, ans, a, b, rcond):
    """Return the cotangent of a."""
    (gx, _, _, gs), (x, *_) = g, ans
    vector, h, pulled = b.ndim == 1, lstsq_vjp_b(g, ans, a, b, rcond), 0
    x, b = as_columns(x, vector), as_columns(b, vector)
    if h is not None:
        pulled = -as_columns(h, vector) @ x.mT
    if gx is not None:
        gx, p = as_columns(gx, vector), pseudo_inverted(a, cutoff(a.shape, rcond))
        _, unseen = left_over(a, p)
        pulled = pulled + np.conj(b - a @ x) @ adjoint(gx) @ np.conj(p) @ p.mT
        pulled = pulled + p.mT @ np.conj(x) @ adjoint(gx) @ unseen.mT
    if gs is not None:
        u, _, vh = np.linalg.svd(a, full_matrices=False)
        pulled = pulled + (np.conj(u) * gs) @ np.conj(vh)
    return pulled


def lstsq_jvp_b(g, ans, a, b, rcond):
    """Return what a tangent of b makes of solution, residuals, rank and singular values."""
    x, residuals, rank, s = ans
    rest = as_columns(np.conj(b - a @ x) * g, b.ndim == 1)
    dx = pseudo_inverted(a, cutoff(a.shape, rcond)) @ g
    return dx, 2 * np.real(np.sum(rest, 0))[: residuals.shape[0]], rank, np.zeros_like(s)


def lstsq_jvp_a(g, ans, a, b, rcond):
    """Return the same for a tangent of a."""
    x = ans[0]
    dx, dr, rank, _ = lstsq_jvp_b(-g @ x, ans, a, b, rcond)
    p = pseudo_inverted(a, cutoff(a.shape, rcond))
    _, unseen = left_over(a, p)
    h, ph = adjoint(g), adjoint(p)
    dx = dx + p @ (ph @ (h @ (b - a @ x))) + unseen @ (h @ (ph @ x))
    u, _, vh = np.linalg.svd(a, full_matrices=False)
    return dx, dr, rank, np.real(diagonal(adjoint(u) @ g @ adjoint(vh)))


def least_squares(a, b, rcond=None):
    """Return solution, residuals, rank and singular values."""
    return np.linalg.lstsq(a, b, rcond)


least_squares_of = general(
    least_squares,
    lstsq_vjp_a,
    lstsq_vjp_b,
    jvps=[lstsq_jvp_a, lstsq_jvp_b],
    name="lstsq",
)


def lstsq(a, b, rcond=None):
    """Return solution, residuals, rank and singular values; small ones do not take part."""
    kept = a if rcond is None else without_small(a, cutoff(a.shape, rcond))
    x, residuals, rank, s = least_squares_of(kept, b, rcond)
    return x, residuals, rank, s if kept is a else np.linalg.svdvals(a)


composite(np.linalg.lstsq, lstsq)

# Determinants.


def cofactor(ans, a):
    """Return the derivative of the determinant: it is finite where there is no inverse.

    Near singular matrices, where ``det(a) inv(a)`` has lost its digits, from singular values.
    """
    try:
        inverse = np.linalg.inv(a)
    except np.linalg.LinAlgError:
        return singular_cofactor(a)
    if a.shape[-1] < 2 or worst_condition(a, inverse) > np.finfo(a.dtype).eps ** -0.25:
        return singular_cofactor(a)
    return ans[..., None, None] * inverse.mT


@on_values
def worst_condition(a, inverse):
    """Return the largest condition number of a stack of matrices."""
    sizes = (np.linalg.norm(x, axis=(-2, -1)) for x in (a, inverse))
    return np.max(math.prod(sizes), initial=0)


def phase(u, vh):
    """Return the determinant of the product of two unitary matrices, as matrices of one number."""
    return (np.linalg.det(u) * np.linalg.det(vh))[..., None, None]


def cofactors(a):
    """Return the cofactors of matrices, singular ones too, from their singular values."""
    u, s, vh = np.linalg.svd(a)
    return phase(u, vh) * (np.conj(u) * product_weights(s, -1)[..., None, :]) @ np.conj(vh)


def cofactors_rule(g, a):
    """Return cotangent or tangent of `cofactors`: the second derivative of the determinant.

    In the basis of the singular vectors a change e moves the cofactor at i, i by the e[j, j], that
    at i, j by -e[j, i], each times the product of the other singular values.
    """
    u, s, vh = np.linalg.svd(a)
    n = s.shape[-1]
    others = np.where(identity(n), 1, s[..., None, :])
    pairs = np.where(identity(n), 0, product_weights(others, -1))
    e = adjoint(u) @ g @ adjoint(vh)
    moved = (pairs @ diagonal(e)[..., None]) * identity(n) - (pairs * e).mT
    return phase(u, vh) * (np.conj(u) @ moved @ np.conj(vh))


singular_cofactor = general(cofactors, cofactors_rule, jvps=[cofactors_rule])
general(
    np.linalg.det,
    lambda g, ans, a: g[..., None, None] * cofactor(ans, a),
    jvps=[lambda g, ans, a: np.sum(g * cofactor(ans, a), axis=(-2, -1))],
)


def slogdet_vjp(g, ans, a):
    """Return the cotangent of a: the sign, of modulus one, turns with the imaginary part."""
    (gs, gl), (sign, _) = g, ans
    total = gl
    if gs is not None and sign.dtype.kind == "c":
        turn = 1j * np.imag(gs * sign)
        total = turn if gl is None else gl + turn
    return None if total is None else total[..., None, None] * np.linalg.inv(a).mT


def slogdet_jvp(g, ans, a):
    """Return the tangents of the sign and of the logarithm."""
    sign, _ = ans
    change = diagonal(np.linalg.solve(a, g)).sum(-1)
    turn = 1j * np.imag(change) if sign.dtype.kind == "c" else 0
    return sign * turn, np.real(change)


general(np.linalg.slogdet, slogdet_vjp, jvps=[slogdet_jvp])

# Norms.


def length(x, axis=None, keepdims=False):
    """Return the root of the sum of squares, over one axis, two or all."""
    return np.linalg.norm(x, None, axis, keepdims)


def power_norm(x, p, axis=None, keepdims=False):
    """Return the norm of order p of vectors."""
    return np.linalg.norm(x, p, axis, keepdims)


def length_weights(ans, x, axis):
    """Return the derivative of the length in each element: zero where all are zero."""
    never_zero = ans + np.where(ans == 0, np.inf, 0).astype(ans.dtype)
    return np.conj(x) / expand(never_zero, x.shape, axis)


def power_weights(ans, x, p, axis):
    """Return the derivative of the norm of order p in each element: zero where it is zero."""
    modulus, size = np.abs(x), expand(ans, x.shape, axis)
    zero = (x == 0) | (size == 0)
    modulus = np.where(zero, 1, modulus)
    direction = np.conj(x) / modulus if x.dtype.kind == "c" else np.sign(x)
    return np.where(zero, 0, direction * (modulus / np.where(zero, 1, size)) ** (p - 1))


def weighted(g, weights, axis, keepdims):
    """Return the tangent of a norm."""
    return np.sum(np.real(g * weights), axis, keepdims=keepdims)


lengths = general(
    length,
    lambda g, ans, x, axis=None: expand(g, x.shape, axis) * length_weights(ans, x, axis),
    jvps=[
        lambda g, ans, x, axis=None, keepdims=False: weighted(
            g, length_weights(ans, x, axis), axis, keepdims
        )
    ],
    name="norm",
)
power_norms = general(
    power_norm,
    lambda g, ans, x, p, axis=None: expand(g, x.shape, axis) * power_weights(ans, x, p, axis),
    jvps=[
        lambda g, ans, x, p, axis=None, keepdims=False: weighted(
            g, power_weights(ans, x, p, axis), axis, keepdims
        )
    ],
    name="norm",
)


def largest(x, axis, keepdims=False):
    """Return the largest of numbers that are not negative; 0 of none."""
    return (np.max if x.shape[axis] else np.sum)(x, axis, keepdims=keepdims)


def vector_norms(x, order, axis, keepdims):
    """Return norms of vectors along one axis."""
    if order is None or order == 2:
        return lengths(x, axis, keepdims)
    if order == math.inf:
        return largest(np.abs(x), axis, keepdims)
    if order == -math.inf:
        return np.min(np.abs(x), axis, keepdims=keepdims)
    if order == 0:
        return np.linalg.norm(value_of(x), 0, axis, keepdims)
    if order == 1:
        return np.sum(np.abs(x), axis, keepdims=keepdims)
    if order in ("fro", "f", "nuc"):
        raise ValueError(f"Invalid norm order {order!r} for vectors")
    return power_norms(x, order, axis, keepdims)


def matrix_norms(x, order, axes):
    """Return norms of matrices in the two axes."""
    if order in (None, "fro", "f"):
        return lengths(x, axes)
    x = np.moveaxis(x, axes, (-2, -1))
    if order in (2, -2, "nuc"):
        s = np.linalg.svdvals(x)
        return np.sum(s, -1) if order == "nuc" else largest(s, -1) if order == 2 else np.min(s, -1)
    if order not in (1, -1, math.inf, -math.inf):
        raise ValueError("Invalid norm order for matrices.")
    sums = np.sum(np.abs(x), -2 if abs(order) == 1 else -1)
    return largest(sums, -1) if order > 0 else np.min(sums, -1)


def norm(x, ord=None, axis=None, keepdims=False):
    """Return a norm of vectors if there is one axis, of matrices if there are two."""
    if axis is None and (ord is None or (ord, x.ndim) in {(2, 1), ("fro", 2), ("f", 2)}):
        return lengths(x, None, keepdims)
    axes = tuple(range(x.ndim)) if axis is None else axis if isinstance(axis, tuple) else (axis,)
    if len(axes) == 1:
        return vector_norms(x, ord, axes[0], keepdims)
    if len(axes) != 2:
        raise ValueError("Improper number of dimensions to norm.")
    axes = normalize_axis_tuple(axes, x.ndim, allow_duplicate=True)
    if axes[0] == axes[1]:
        raise ValueError("Duplicate axes given.")
    found = matrix_norms(x, ord, axes)
    return np.reshape(found, reduced_shape(x.shape, axes)) if keepdims else found


def vector_norm(x, /, *, axis=None, keepdims=False, ord=2):
    """Return a norm of vectors that may have several axes."""
    axes = tuple(range(x.ndim)) if axis is None else normalize_axis_tuple(axis, x.ndim)
    rest = tuple(index for index in range(x.ndim) if index not in axes)
    shape = reduced_shape(x.shape, axes)
    columns = np.reshape(
        np.transpose(x, axes + rest),
        (math.prod(x.shape[i] for i in axes), *(x.shape[i] for i in rest)),
    )
    found = vector_norms(columns, ord, 0, keepdims=False)
    return np.reshape(found, shape) if keepdims else found


composite(np.linalg.norm, norm)
composite(np.linalg.vector_norm, vector_norm)
composite(
    np.linalg.matrix_norm,
    lambda x, /, *, keepdims=False, ord="fro": norm(x, ord, (-2, -1), keepdims),  # noqa: A006
)


def cond(x, p=None):
    """Return the condition number; where it is infinite it is taken for constant."""
    lost = np.isinf(condition_numbers(x, p))
    if p in (None, 2, -2):
        s = np.linalg.svdvals(x)
        first, last = (s[..., -1], s[..., 0]) if p == -2 else (s[..., 0], s[..., -1])
        return np.where(lost, math.inf, first / (last + lost))
    x = np.where(lost[..., None, None], np.eye(x.shape[-1], dtype=x.dtype), x)
    found = norm(x, p, (-2, -1)) * norm(np.linalg.inv(x), p, (-2, -1))
    return np.where(lost, math.inf, found)


condition_numbers = on_values(np.linalg.cond)
composite(np.linalg.cond, cond)

# Products and parts, by NumPy's names in `numpy.linalg`.


def multi_dot(arrays):
    """Return a product of matrices in the order that takes the fewest multiplications."""
    arrays = list(arrays)
    if len(arrays) < 2:
        raise ValueError("Expecting at least two arrays.")
    shapes = [np.shape(array) for array in arrays]
    rows = (1, *shapes[0]) if len(shapes[0]) == 1 else shapes[0]
    sizes = [*rows[:1], *(shape[0] for shape in shapes[1:]), *(shapes[-1][1:] or (1,))]

    @cache
    def cheapest(i, j):
        """Return the cost of the product of arrays i to j, and where it is split."""
        splits = ((cost(i, k, j), k) for k in range(i, j))
        return min(splits, default=(0, i))

    def cost(i, k, j):
        return cheapest(i, k)[0] + cheapest(k + 1, j)[0] + sizes[i] * sizes[k + 1] * sizes[j + 1]

    def product(i, j):
        if i == j:
            return arrays[i]
        split = cheapest(i, j)[1]
        return np.dot(product(i, split), product(split + 1, j))

    return product(0, len(arrays) - 1)


def outer(x1, x2, /):
    """Return the products of all pairs of elements of two vectors."""
    if np.ndim(x1) != 1 or np.ndim(x2) != 1:
        raise ValueError(
            f"np.linalg.outer takes vectors, got shapes {np.shape(x1)} and {np.shape(x2)}; use "
            f"np.multiply.outer or np.outer"
        )
    return x1[:, None] * x2[None, :]


def cross(x1, x2, /, *, axis=-1):
    """Return the vector product in three dimensions."""
    if np.shape(x1)[axis] != 3 or np.shape(x2)[axis] != 3:
        raise ValueError(
            f"np.linalg.cross takes vectors of 3 elements along axis {axis}, got shapes "
            f"{np.shape(x1)} and {np.shape(x2)}"
        )
    return np.cross(x1, x2, axis=axis)


composite(np.linalg.multi_dot, multi_dot)
composite(np.linalg.outer, outer)
composite(np.linalg.cross, cross)
composite(np.linalg.matmul, lambda x1, x2, /: np.matmul(x1, x2))
composite(
    np.linalg.vecdot,
    lambda x1, x2, /, *, axis=-1: np.vecdot(np.moveaxis(x1, axis, -1), np.moveaxis(x2, axis, -1)),
)
composite(np.linalg.tensordot, lambda x1, x2, /, *, axes=2: np.tensordot(x1, x2, axes=axes))
composite(np.linalg.matrix_transpose, lambda x, /: np.swapaxes(x, -1, -2))
composite(
    np.linalg.diagonal,
    lambda x, /, *, offset=0: np.diagonal(x, offset, -2, -1),
)
composite(
    np.linalg.trace,
    lambda x, /, *, offset=0, dtype=None: np.trace(x, offset, -2, -1, dtype=dtype),
)
