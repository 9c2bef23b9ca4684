"""Sums, means, extremes, products, spreads.

Ties of `max` and `min` share the gradient equally. `std` of equal values has derivative zero.

A reduction that is not linear is stated by its weights: the derivative of the result in each
element. The cotangent of the argument is the weights times that of the result; the tangent of the
result, their sum with that of the argument.
"""

import math

import numpy as np

from autograd.broadcasting import expand, reduced_shape
from autograd.primitive import composite, general, linear


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


general(
    np.sum,
    sum_vjp,
    jvps=[
        lambda g, axis=None, keepdims=False, where=True: np.sum(
            g, axis, keepdims=keepdims, where=where
        )
    ],
    harmless=("dtype", "initial"),
    compute=plain_sum,  # it does not choose: to look behind each sum would cost too much
)
linear(np.mean, mean_vjp, harmless=("dtype", "keepdims"))


def tie_weights(ans, a, axis=None, where=True, initial=None):
    """Return equal shares for the elements that are the largest, or smallest.

    `initial` counts as one more element, to which no one asks the derivative.
    """
    top = expand(ans, np.shape(a), axis)
    tied = (a == top) & where
    number = np.sum(tied, axis, dtype=ans.dtype, keepdims=True)
    if initial is not None:
        number = np.maximum(number + np.reshape(ans == initial, number.shape), 1)
    return tied / number


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


def product_vjp(g, a, axis=None, where=True, initial=1):
    """Return the cotangent of the argument of `prod`."""
    chosen = a if where is True else np.where(where, a, 1)
    weights = product_weights(chosen, axis) * where
    return expand(g * initial, np.shape(a), axis) * weights


def product_jvp(g, a, axis=None, where=True, initial=1, keepdims=False):
    """Return the tangent of `prod`."""
    chosen = a if where is True else np.where(where, a, 1)
    weights = product_weights(chosen, axis) * where
    return np.sum(g * weights, axis, keepdims=keepdims) * initial


def spread_weights(a, axis, ddof, where, mean):
    """Return the derivative of the variance: twice the distance from the mean, over the divisor."""
    number = count(np.shape(a), axis)
    if where is not True:
        number = np.sum(np.broadcast_to(where, np.shape(a)), axis, keepdims=True)
    if mean is None:
        mean = np.mean(a, axis, keepdims=True, where=where)
    divisor = number - ddof
    factor = np.where(divisor > 0, 2 / np.where(divisor > 0, divisor, 1), math.nan)
    return np.conj(a - mean) * factor.astype(a.dtype) * where


def extreme_vjp(g, ans, a, axis=None, where=True, initial=None):
    """Return the cotangent of the argument of `max` or `min`."""
    return expand(g, np.shape(a), axis) * tie_weights(ans, a, axis, where, initial)


def extreme_jvp(g, ans, a, axis=None, where=True, initial=None, keepdims=False):
    """Return the tangent of `max` or `min`."""
    return np.sum(g * tie_weights(ans, a, axis, where, initial), axis, keepdims=keepdims)


general(np.max, extreme_vjp, jvps=[extreme_jvp], chooses=True)
general(np.min, extreme_vjp, jvps=[extreme_jvp], chooses=True)
composite(np.amax, np.max)
composite(np.amin, np.min)
general(np.prod, product_vjp, jvps=[product_jvp], harmless=("dtype",), chooses=True)


def var_vjp(g, a, axis=None, ddof=0, where=True, mean=None, correction=None):
    """Return the cotangent of the argument of `var`."""
    ddof = ddof if correction is None else correction
    return expand(g, np.shape(a), axis) * spread_weights(a, axis, ddof, where, mean)


def var_jvp(g, a, axis=None, ddof=0, where=True, mean=None, correction=None, keepdims=False):
    """Return the tangent of `var`."""
    ddof = ddof if correction is None else correction
    return np.sum(g * spread_weights(a, axis, ddof, where, mean), axis, keepdims=keepdims)


def half_inverse(ans):
    """Return 1 / (2 ans), and 1/2 where ans is 0."""
    return 0.5 / (ans + (ans == 0))


def std_vjp(g, ans, a, axis=None, ddof=0, where=True, mean=None, correction=None):
    """Return the cotangent of the argument of `std`."""
    return var_vjp(g * half_inverse(ans), a, axis, ddof, where, mean, correction)


def std_jvp(g, ans, a, axis=None, ddof=0, where=True, mean=None, correction=None, keepdims=False):
    """Return the tangent of `std`."""
    return half_inverse(ans) * var_jvp(g, a, axis, ddof, where, mean, correction, keepdims)


general(np.var, var_vjp, jvps=[var_jvp], harmless=("dtype",), chooses=True)
general(np.std, std_vjp, jvps=[std_jvp], harmless=("dtype",), chooses=True)
