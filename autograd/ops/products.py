"""Products of arrays that sum over some of their axes, and those that sum over none.

`vdot`, `vecdot` and `vecmat` conjugate their first argument, as NumPy does; the others conjugate
none.
"""

import math

import numpy as np

from autograd.broadcasting import unbroadcast
from autograd.primitive import linear

# Matrices.


def rows(x):
    """Return a stack of matrices as one, with all their rows."""
    return np.reshape(x, (math.prod(x.shape[:-1]), x.shape[-1]))


def matmul_vjp_x(g, x_shape, y):
    """Return g yᵀ; a vector takes part as a row on the left, as a column on the right."""
    if y.ndim == 1:
        return g[..., None] * y if g.ndim else g * y
    if len(x_shape) == 1:
        return np.matmul(y, g[..., None])[..., 0]
    if len(x_shape) > 2 == y.ndim:  # one product of matrices, where a stack would be a loop
        return np.reshape(rows(g) @ y.T, x_shape)
    return g @ y.mT


def matmul_vjp_y(g, x, y_shape):
    """Return xᵀ g."""
    if x.ndim == 1:
        return g * x if len(y_shape) == 1 else x[:, None] * g[..., None, :]
    if len(y_shape) == 1:
        return np.matmul(g[..., None, :], x)[..., 0, :]
    if x.ndim > 2 == len(y_shape):  # the products of a stack would have to be summed
        return rows(x).T @ rows(g)
    return x.mT @ g


linear(np.matmul, matmul_vjp_x, matmul_vjp_y, operator="matmul", broadcasts=True)


def columns(b):
    """Return `b` as a matrix whose first axis is the one that `dot` sums over."""
    front = b if b.ndim < 2 else np.moveaxis(b, -2, 0)
    return np.reshape(front, (front.shape[0], math.prod(front.shape[1:])))


def dot_vjp_a(g, a_shape, b, b_shape):
    """Return g bᵀ, over all the axes that `b` brought."""
    if a_shape == ():
        return np.sum(g * b)
    if b_shape == ():
        return g * b
    matrix = columns(b)
    return np.reshape(g, (*a_shape[:-1], matrix.shape[1])) @ matrix.mT


def dot_vjp_b(g, a, b_shape, a_shape):
    """Return aᵀ g, over all the axes that `a` brought."""
    if b_shape == ():
        return np.sum(g * a)
    if a_shape == ():
        return g * a
    rest = (*b_shape[:-2], *b_shape[-1:]) if len(b_shape) > 1 else ()
    rows = (math.prod(a.shape[:-1]), a.shape[-1])
    matrix = np.reshape(a, rows).mT @ np.reshape(g, (rows[0], math.prod(rest)))
    summed = np.reshape(matrix, (rows[1], *rest))
    return summed if len(b_shape) < 2 else np.moveaxis(summed, 0, -2)


linear(np.dot, dot_vjp_a, dot_vjp_b, parameters=("a", "b", "out"))

# Vectors, and stacks of them.


def conjugate(x):
    """Return the conjugate; real numbers as they are."""
    return np.conj(x) if np.iscomplexobj(x) else x


def vdot_vjp_a(g, a_shape, b):
    """Return conj(g b): a is conjugated."""
    return np.reshape(conjugate(g * b), a_shape)


def vdot_vjp_b(g, a, b_shape):
    """Return g conj(a)."""
    return np.reshape(g * conjugate(a), b_shape)


linear(np.vdot, vdot_vjp_a, vdot_vjp_b, parameters=("a", "b"))
linear(
    np.outer,
    lambda g, a_shape, b: np.reshape(g @ np.ravel(b), a_shape),
    lambda g, a, b_shape: np.reshape(np.ravel(a) @ g, b_shape),
)
linear(
    np.vecdot,
    lambda g, y: conjugate(g[..., None] * y),
    lambda g, x: g[..., None] * conjugate(x),
    broadcasts=True,
)
if hasattr(np, "matvec"):  # since NumPy 2.2
    linear(
        np.matvec,
        lambda g, y: g[..., :, None] * y[..., None, :],
        lambda g, x: np.matvec(x.mT, g),
        broadcasts=True,
    )
    linear(
        np.vecmat,
        lambda g, y: conjugate(np.matvec(y, g)),
        lambda g, x: conjugate(x)[..., :, None] * g[..., None, :],
        broadcasts=True,
    )

# Any axes.


def contracted(axes, a_ndim, b_ndim):
    """Return the axes that `tensordot` sums over, none negative, and those that it leaves."""
    if isinstance(axes, int | np.integer):
        axes = range(a_ndim - axes, a_ndim), range(axes)
    sides = []
    for ndim, side in zip((a_ndim, b_ndim), axes, strict=True):
        listed = [side] if isinstance(side, int | np.integer) else side
        summed = [int(axis) % ndim for axis in listed]
        sides.append((summed, [axis for axis in range(ndim) if axis not in summed]))
    return sides


def tensordot_vjp_a(g, a_shape, b, axes=2):
    """Return g summed over the axes that `b` brought with b."""
    (a_summed, a_left), (b_summed, b_left) = contracted(axes, len(a_shape), np.ndim(b))
    found = np.tensordot(g, b, (list(range(len(a_left), g.ndim)), b_left))
    order = [a_summed[b_summed.index(axis)] for axis in sorted(b_summed)]
    return np.transpose(found, np.argsort(a_left + order))


def tensordot_vjp_b(g, a, b_shape, axes=2):
    """Return g summed over the axes that `a` brought with a."""
    (a_summed, a_left), (b_summed, b_left) = contracted(axes, np.ndim(a), len(b_shape))
    found = np.tensordot(a, g, (a_left, list(range(len(a_left)))))
    order = [b_summed[a_summed.index(axis)] for axis in sorted(a_summed)]
    return np.transpose(found, np.argsort(order + b_left))


def inner_vjp_a(g, a_shape, b, b_shape):
    """Return g summed over the axes that `b` brought with b."""
    if a_shape == ():
        return np.sum(g * b)
    return np.tensordot(g, b, len(b_shape) - 1) if b_shape else g * b


def inner_vjp_b(g, a, b_shape, a_shape):
    """Return g summed over the axes that `a` brought with a."""
    if b_shape == ():
        return np.sum(g * a)
    left = list(range(len(a_shape) - 1))
    return np.tensordot(g, a, (left, left)) if a_shape else g * a


linear(np.tensordot, tensordot_vjp_a, tensordot_vjp_b)
linear(np.inner, inner_vjp_a, inner_vjp_b, parameters=("a", "b"))


def with_axes(shape, ndim):
    """Return `shape` with axes of size one before it."""
    return (1,) * (ndim - len(shape)) + tuple(shape)


def kron_vjp(g, shape, other, other_shape, first):
    """Return the blocks of g summed with the other argument; the `first` one has the blocks."""
    ndim = g.ndim
    mine, others = with_axes(shape, ndim), with_axes(other_shape, ndim)
    pairs = zip(mine, others, strict=True) if first else zip(others, mine, strict=True)
    blocks = np.reshape(g, [size for pair in pairs for size in pair])
    axes = list(range(first, 2 * ndim, 2)), list(range(ndim))
    return np.reshape(np.tensordot(blocks, np.reshape(other, others), axes), shape)


linear(
    np.kron,
    lambda g, a_shape, b, b_shape: kron_vjp(g, a_shape, b, b_shape, True),
    lambda g, a, b_shape, a_shape: kron_vjp(g, b_shape, a, a_shape, False),
)

# Cross products: of vectors in the plane, which have no third component, too.


def in_space(x):
    """Return vectors, on the last axis, with a third component."""
    return x if x.shape[-1] == 3 else np.concatenate([x, np.zeros_like(x[..., :1])], axis=-1)


def cross_vjp(g, shape, other, axes, sign):
    """Return the cotangent of an argument of `cross`; `axes` are those of it, the other, g."""
    mine, others, result = axes
    other = np.moveaxis(other, others, -1)
    left = (size for axis, size in enumerate(shape) if axis != mine % len(shape))
    moved = (*left, shape[mine])
    if moved[-1] == other.shape[-1] == 2:
        turned = np.stack([other[..., 1], -other[..., 0]], axis=-1)
        found = g[..., None] * (turned if sign > 0 else -turned)
    else:
        g, other = np.moveaxis(g, result, -1), in_space(other)
        found = (np.cross(other, g) if sign > 0 else np.cross(g, other))[..., : moved[-1]]
    return np.moveaxis(unbroadcast(found, moved), -1, mine)


def cross_vjp_a(g, a_shape, b, axisa=-1, axisb=-1, axisc=-1, axis=None):
    """Return b x g."""
    axes = (axisa, axisb, axisc) if axis is None else (axis,) * 3
    return cross_vjp(g, a_shape, b, axes, 1)


def cross_vjp_b(g, a, b_shape, axisa=-1, axisb=-1, axisc=-1, axis=None):
    """Return g x a."""
    axes = (axisb, axisa, axisc) if axis is None else (axis,) * 3
    return cross_vjp(g, b_shape, a, axes, -1)


linear(np.cross, cross_vjp_a, cross_vjp_b)
