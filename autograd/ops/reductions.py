"""Sums, means, extremes, products, spreads.

Ties of `max` and `min` share the gradient equally. `std` of equal values has derivative zero.

A reduction that is not linear is stated by its weights: the derivative of the result in each
element. The cotangent of the argument is the weights times that of the result; the tangent of the
result, their sum with that of the argument.
"""

import math

import numpy as np

from autograd.broadcasting import expand, reduced_shape
from autograd.primitive import general, linear


def sum_vjp(g, a_shape, axis=None, where=True):
    """Return g for each element that was summed."""
    g = expand(g, a_shape, axis)
    return g if where is True else np.where(where, g, 0)


def mean_vjp(g, a_shape, axis=None, where=True):
    """Return g shared by the elements that were averaged."""
    if where is True:
        return expand(g / count(a_shape, axis), a_shape, axis)
    number = np.sum(np.broadcast_to(where, a_shape), axis, keepdims=True)
    return np.where(where, expand(g, a_shape, axis) / number, 0)


def count(shape, axis):
    """Return how many elements of `shape` go into one result."""
    return math.prod(shape) // max(math.prod(reduced_shape(shape, axis)), 1)


def plain_sum(a, axis=None, *rest, **keywords):
    """Return ``np.sum`` without its Python wrapper, which costs as much as a small sum."""
    return np.add.reduce(a, axis, *rest, **keywords)


linear(np.sum, sum_vjp, harmless=("dtype", "keepdims"), compute=plain_sum)
linear(np.mean, mean_vjp, harmless=("dtype", "keepdims"))


def tie_weights(ans, a, axis):
    """Return equal shares for the elements that are the largest, or smallest."""
    tied = a == expand(ans, np.shape(a), axis)
    return tied / np.sum(tied, axis, dtype=ans.dtype, keepdims=True)


def product_weights(a, axis):
    """Return, for each element, the product of all the others, right where there are zeros too."""
    axes = tuple(range(a.ndim)) if axis is None else axis if isinstance(axis, tuple) else (axis,)
    if not a.size:
        return a
    last = tuple(range(-len(axes), 0))
    front = np.moveaxis(a, axes, last)
    flat = np.reshape(front, (*front.shape[: a.ndim - len(axes)], -1))
    others = running_product(flat) * running_product(flat[..., ::-1])[..., ::-1]
    return np.moveaxis(np.reshape(others, front.shape), last, axes)


def running_product(x):
    """Return the product of what stands before each element, on the last axis; by doubling."""
    size = x.shape[-1]
    product = np.concatenate([np.ones_like(x[..., :1]), x[..., :-1]], axis=-1)
    step = 1
    while step < size:
        product = np.concatenate(
            [product[..., :step], product[..., step:] * product[..., :-step]], axis=-1
        )
        step *= 2
    return product


def spread_weights(a, axis, ddof):
    """Return the derivative of the variance: twice the distance from the mean, over the divisor."""
    divisor = count(np.shape(a), axis) - ddof
    return (a - np.mean(a, axis, keepdims=True)) * (2 / divisor if divisor > 0 else math.nan)


def extreme_vjp(g, ans, a, axis=None):
    """Return the cotangent of the argument of `max` or `min`."""
    return expand(g, np.shape(a), axis) * tie_weights(ans, a, axis)


def extreme_jvp(g, ans, a, axis=None, keepdims=False):
    """Return the tangent of `max` or `min`."""
    return np.sum(g * tie_weights(ans, a, axis), axis, keepdims=keepdims)


general(np.max, extreme_vjp, jvps=[extreme_jvp])
general(np.min, extreme_vjp, jvps=[extreme_jvp])
general(
    np.prod,
    lambda g, a, axis=None: expand(g, np.shape(a), axis) * product_weights(a, axis),
    jvps=[
        lambda g, a, axis=None, keepdims=False: np.sum(
            g * product_weights(a, axis), axis, keepdims=keepdims
        )
    ],
    harmless=("dtype",),
)


def var_vjp(g, a, axis=None, ddof=0):
    """Return the cotangent of the argument of `var`."""
    return expand(g, np.shape(a), axis) * spread_weights(a, axis, ddof)


def var_jvp(g, a, axis=None, ddof=0, keepdims=False):
    """Return the tangent of `var`."""
    return np.sum(g * spread_weights(a, axis, ddof), axis, keepdims=keepdims)


def half_inverse(ans):
    """Return 1 / (2 ans), and 1/2 where ans is 0."""
    return 0.5 / (ans + (ans == 0))


general(np.var, var_vjp, jvps=[var_jvp], harmless=("dtype",))
general(
    np.std,
    lambda g, ans, a, axis=None, ddof=0: var_vjp(g * half_inverse(ans), a, axis, ddof),
    jvps=[
        lambda g, ans, a, axis=None, ddof=0, keepdims=False: (
            half_inverse(ans) * var_jvp(g, a, axis, ddof, keepdims)
        )
    ],
    harmless=("dtype",),
)
