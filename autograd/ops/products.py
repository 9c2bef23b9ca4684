"""Matrix products."""

import numpy as np

from autograd.primitive import composite, linear


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


def dot(a, b):
    """Return the product by NumPy's rules for `dot`, made of others."""
    dims = np.ndim(a), np.ndim(b)
    if 0 in dims:
        return np.multiply(a, b)
    if dims[1] <= 2:
        return np.matmul(a, b)
    columns = np.moveaxis(b, -2, 0)
    flat = np.matmul(a, np.reshape(columns, (columns.shape[0], -1)))
    return np.reshape(flat, (*a.shape[:-1], *columns.shape[1:]))


composite(np.dot, dot)
