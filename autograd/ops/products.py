"""Matrix products."""

import math

import numpy as np

from autograd.primitive import linear


def matmul_vjp_x(g, x_shape, y):
    """Return g yᵀ; a vector takes part as a row on the left, as a column on the right."""
    if y.ndim == 1:
        return g[..., None] * y if g.ndim else g * y
    if len(x_shape) == 1:
        return np.matmul(y, g[..., None])[..., 0]
    return g @ y.mT


def matmul_vjp_y(g, x, y_shape):
    """Return xᵀ g."""
    if x.ndim == 1:
        return g * x if len(y_shape) == 1 else x[:, None] * g[..., None, :]
    if len(y_shape) == 1:
        return np.matmul(g[..., None, :], x)[..., 0, :]
    return x.mT @ g


linear(np.matmul, matmul_vjp_x, matmul_vjp_y, operator="matmul", broadcasts=True)


def columns(b):
    """Return `b` as a matrix whose first axis is the one that `dot` sums over."""
    front = b if b.ndim < 2 else np.moveaxis(b, -2, 0)
    return np.reshape(front, (front.shape[0], math.prod(front.shape[1:])))


def dot_vjp_a(g, a_shape, b):
    """Return g bᵀ, over all the axes that `b` brought."""
    if a_shape == ():
        return np.sum(g * b)
    if b.ndim == 0:
        return g * b
    matrix = columns(b)
    return np.reshape(g, (*a_shape[:-1], matrix.shape[1])) @ matrix.mT


def dot_vjp_b(g, a, b_shape):
    """Return aᵀ g, over all the axes that `a` brought."""
    if b_shape == ():
        return np.sum(g * a)
    if a.ndim == 0:
        return g * a
    rest = (*b_shape[:-2], *b_shape[-1:]) if len(b_shape) > 1 else ()
    rows = (math.prod(a.shape[:-1]), a.shape[-1])
    matrix = np.reshape(a, rows).mT @ np.reshape(g, (rows[0], math.prod(rest)))
    summed = np.reshape(matrix, (rows[1], *rest))
    return summed if len(b_shape) < 2 else np.moveaxis(summed, 0, -2)


linear(np.dot, dot_vjp_a, dot_vjp_b, parameters=("a", "b", "out"))
