"""Polynomials by their coefficients, that of the highest power first.

Conventions:

- Coefficients that are zero in front, which `polymul` and `roots` leave out, have their derivative.
- Roots that are equal have no derivative: what comes out is infinite or NaN.
- `poly` of a matrix has the derivative of its determinant, which needs no distinct eigenvalues.
- `polyfit` is differentiated in points, values and weights.
- `np.poly1d` holds plain numbers: with Tensors it is refused, except where it is evaluated.
"""

import warnings
from typing import Any

import numpy as np

from autograd.broadcasting import unbroadcast
from autograd.errors import NotDifferentiableError
from autograd.operands import as_operand
from autograd.ops.shape import astype
from autograd.primitive import composite, general, linear, on_values
from autograd.tensor import Tensor, constant


def operand(x: Any) -> Any:
    """Return what may be a number, a list or a Tensor, as an array or a Tensor."""
    if isinstance(x, np.poly1d):
        raise NotDifferentiableError(
            "np.poly1d holds plain numbers, and the result would be one: no gradient could pass; "
            "give the coefficients instead (p.coeffs)"
        )
    x = as_operand(x)
    return x if isinstance(x, Tensor) else np.asarray(x)


def coefficients(p: Any) -> Any:
    """Return what may be a number or a list as a vector of coefficients."""
    p = operand(p)
    return p if p.ndim else np.reshape(p, (1,))


# Values.


def powers(x, count):
    """Return the powers of x below `count`, the highest first, each the last one times x."""
    found = [np.ones_like(x)][:count]
    while len(found) < count:
        found.append(found[-1] * x)
    return found[::-1]


def derivative(p):
    """Return the coefficients of the derivative; p may have more axes, after the first."""
    exponents = np.arange(p.shape[0] - 1, 0, -1).astype(p.dtype)
    return p[:-1] * np.reshape(exponents, (-1,) + (1,) * (p.ndim - 1))


def value_of_polynomial(p, x):
    """Return the value at x."""
    return np.polyval(p, x)


def polyval_vjp_p(g, p_shape, x):
    """Return g summed with each power of x."""
    count, *rest = p_shape
    if not count:
        return np.zeros(p_shape)
    return np.stack([unbroadcast(g * power, tuple(rest)) for power in powers(x, count)])


def polyval_jvp_p(g, x):
    """Return the value of the polynomial whose coefficients are g."""
    return evaluated(g, x)


def polyval_slope(g, p, x):
    """Return g times the derivative at x."""
    return g * evaluated(derivative(p), x)


evaluated = general(
    value_of_polynomial,
    polyval_vjp_p,
    polyval_slope,
    jvps=[polyval_jvp_p, polyval_slope],
    name="polyval",
    broadcasts=True,
)


def polyval(p, x):
    """Return the value at x."""
    return evaluated(coefficients(getattr(p, "coeffs", p)), operand(x))


composite(np.polyval, polyval)

# Sums and products.


def padded(p, size):
    """Return coefficients with zeros in front."""
    missing = size - p.shape[0]
    return np.concatenate([np.zeros(missing, p.dtype), p]) if missing > 0 else p


def polyadd(a1, a2):
    """Return the coefficients of a sum."""
    a1, a2 = coefficients(a1), coefficients(a2)
    return padded(a1, a2.shape[0]) + padded(a2, a1.shape[0])


def polysub(a1, a2):
    """Return the coefficients of a difference."""
    a1, a2 = coefficients(a1), coefficients(a2)
    return padded(a1, a2.shape[0]) - padded(a2, a1.shape[0])


def product_of(a, b):
    """Return the coefficients of a product, zeros in front too."""
    return np.convolve(a, b)


def product_vjp(g, shape, other):
    """Return the cotangent of one factor: g times the other one turned round, cut out."""
    start = np.shape(other)[0] - 1
    return product(g, other[::-1])[start : start + shape[0]]


product = linear(
    product_of,
    lambda g, a_shape, b: product_vjp(g, a_shape, b),
    lambda g, a, b_shape: product_vjp(g, b_shape, a),
    name="polymul",
    views=False,
)


def zeros_in_front(p):
    """Return how many coefficients `np.poly1d` would leave out."""
    places = np.flatnonzero(p)
    return places[0] if places.size else p.shape[0] - 1


def polymul(a1, a2):
    """Return the coefficients of a product, none of them zero in front."""
    factors = [coefficients(a) for a in (a1, a2)]
    factors = [a if a.size else np.zeros(1, a.dtype) for a in factors]
    return product(*factors)[sum(map(zeros_in_front, factors)) :]


def polydiv(u, v):
    """Return the coefficients of quotient and remainder, by long division."""
    u, v = coefficients(u) + 0.0, coefficients(v) + 0.0
    if u.ndim != 1 or v.ndim != 1 or not u.shape[0] or not v.shape[0]:
        raise ValueError(
            f"np.polydiv takes one coefficient at least, in one dimension, got shapes {u.shape} "
            f"and {v.shape}"
        )
    dtype, size = np.result_type(u.dtype, v.dtype), v.shape[0]
    scale, quotient, rest = 1.0 / v[0], [], astype(u, dtype)
    for k in range(u.shape[0] - size + 1):
        digit = scale * rest[k]
        taken = rest[k : k + size] - digit * v
        quotient.append(digit)
        rest = np.concatenate([rest[:k], taken, rest[k + size :]])
    while rest.shape[0] > 1 and np.allclose(rest[0], 0, rtol=1e-14):
        rest = rest[1:]
    return np.stack(quotient) if quotient else constant(np.zeros(1, dtype)), rest


composite(np.polyadd, polyadd)
composite(np.polysub, polysub)
composite(np.polymul, polymul)
composite(np.polydiv, polydiv)

# Derivatives and integrals.


def polyder(p, m=1):
    """Return the coefficients of a derivative."""
    p, m = operand(p), int(m)
    if m < 0:
        raise ValueError("Order of derivative must be positive (see polyint)")
    for _ in range(m):
        p = p[:-1] * np.arange(p.shape[0] - 1, 0, -1)
    return p


def polyint(p, m=1, k=None):
    """Return the coefficients of an integral, of which k are the last."""
    p, m = operand(p), int(m)
    if m < 0:
        raise ValueError("Order of integral must be positive (see polyder)")
    k = coefficients(np.zeros(m) if k is None else k)
    k = k[0] * np.ones(m) if k.shape[0] == 1 and m > 1 else k
    if k.shape[0] < m:
        raise ValueError("k must be a scalar or a rank-1 array of length 1 or >m.")
    for i in range(m):
        p = np.concatenate([p / np.arange(p.shape[0], 0, -1), k[i : i + 1]])
    return p


composite(np.polyder, polyder)
composite(np.polyint, polyint)

# Roots, and back.


def roots_of(p):
    """Return the roots."""
    return np.roots(p)


found_roots = general(
    roots_of,
    lambda g, ans, p: (-g / evaluated(derivative(p), ans)) @ np.stack(powers(ans, p.shape[0]), -1),
    jvps=[lambda g, ans, p: -evaluated(g, ans) / evaluated(derivative(p), ans)],
    name="roots",
)


def characteristic(a):
    """Return the coefficients of the characteristic polynomial of a matrix."""
    return np.poly(a)


def adjugates(ans, a):
    """Return the matrices of which the adjugate of (z - a) is made, for each power of z.

    By the method of Faddeev and Le Verrier; their traces with a change of `a` are the changes of
    the coefficients, but for the sign.
    """
    identity = np.eye(a.shape[0], dtype=a.dtype)
    found = [identity + 0 * a]
    for i in range(1, a.shape[0]):
        found.append(a @ found[-1] + ans[i] * identity)
    return np.stack(found)


def characteristic_vjp(g, ans, a):
    """Return the cotangent of a matrix."""
    return -np.tensordot(g[1:], adjugates(ans, a), 1).mT


def characteristic_jvp(g, ans, a):
    """Return the tangent of the coefficients, of which the first stays one."""
    changes = -np.tensordot(adjugates(ans, a).mT, g, 2)
    return np.concatenate([np.zeros(1, changes.dtype), changes])


characteristic_of = general(
    characteristic, characteristic_vjp, jvps=[characteristic_jvp], name="poly"
)


def roots(p):
    """Return the roots."""
    return found_roots(coefficients(p))


def poly(seq_of_zeros):
    """Return the coefficients of the polynomial with given roots, or that of a matrix."""
    zeros = coefficients(seq_of_zeros)
    if zeros.ndim == 2 and zeros.shape[0] == zeros.shape[1] != 0:
        return characteristic_of(zeros)
    if zeros.ndim != 1:
        raise ValueError("input must be 1d or non-empty square 2d array.")
    if not zeros.shape[0]:
        return 1.0
    zeros = astype(zeros, np.mintypecode(zeros.dtype.char))
    one = found = np.ones(1, zeros.dtype)
    for i in range(zeros.shape[0]):
        found = product(found, np.concatenate([one, -zeros[i : i + 1]]))
    in_pairs = on_values(lambda z: np.all(np.sort(z) == np.sort(np.conj(z))))
    return np.real(found) if zeros.dtype.kind == "c" and in_pairs(zeros) else found


composite(np.roots, roots)
composite(np.poly, poly)

# Fits.


def polyfit(x, y, deg, rcond=None, full=False, w=None, cov=False):
    """Return the coefficients of the polynomial nearest to points, as NumPy computes them."""
    x, y, w = operand(x), operand(y), None if w is None else operand(w)
    order, size = int(deg) + 1, x.size
    fits = x.ndim == 1 and y.ndim in {1, 2} and x.shape == y.shape[:1]
    if order < 1 or not size or not fits or (w is not None and w.shape != x.shape):
        return on_values(np.polyfit)(x, y, deg, rcond, full, w, cov)  # which raises what is wrong
    left, right = np.stack(powers(x + 0.0, order), axis=-1), y + 0.0
    if w is not None:
        left, right = left * w[:, None], right * (w if y.ndim == 1 else w[:, None])
    scale = np.sqrt(np.sum(left * left, axis=0))
    left = left / scale
    rcond = size * np.finfo((x + 0.0).dtype).eps if rcond is None else rcond
    found, residuals, rank, s = np.linalg.lstsq(left, right, rcond)
    found = (found.T / scale).T
    if full:
        return found, residuals, rank, s, rcond
    if rank != order:
        message = "Polyfit may be poorly conditioned"
        warnings.warn(message, np.exceptions.RankWarning, stacklevel=4)
    if not cov:
        return found
    factor = 1 if cov == "unscaled" else per_freedom(residuals, size - order)
    spread = np.linalg.inv(left.T @ left) / np.outer(scale, scale)
    return found, (spread if y.ndim == 1 else spread[:, :, None]) * factor


def per_freedom(residuals, freedom):
    """Return residuals over the number of points that are not needed for the fit."""
    if freedom <= 0:
        raise ValueError(
            f"np.polyfit with cov=True: the number of data points must exceed order to scale the "
            f"covariance matrix, and there are {freedom} more of them; give cov='unscaled'"
        )
    return residuals / freedom


composite(np.polyfit, polyfit)
