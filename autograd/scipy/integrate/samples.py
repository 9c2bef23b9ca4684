"""Integrals of samples: sums with weights, by the rules of trapezoids, Simpson and Romberg."""

from collections.abc import Callable
from typing import Any

import numpy as np
import scipy.integrate

from autograd.operands import value_of
from autograd.ops.conversion import holds_tensor
from autograd.scipy.integrate.fields import as_array


def plain_or(stand_in: Callable[..., Any]) -> Callable[..., Any]:
    """Return SciPy's function of arrays, `stand_in` where something is a Tensor."""
    original = getattr(scipy.integrate, stand_in.__name__)

    def function(y: Any, *args: Any, **kwargs: Any) -> Any:
        if holds_tensor((y, *args, *kwargs.values())):
            return stand_in(as_array(y), *args, **kwargs)
        return original(y, *args, **kwargs)

    function.__name__ = function.__qualname__ = stand_in.__name__
    function.__doc__ = stand_in.__doc__
    return function


def widths(y: Any, x: Any, dx: Any, axis: int) -> tuple[Any, Any]:
    """Return y with the samples in the last axis, and the distances between them."""
    y = np.moveaxis(y, axis, -1)
    if x is None:
        dx = as_array(dx)
        if np.ndim(dx):  # one for each interval, as the cumulative rules take them
            return y, np.moveaxis(dx, axis, -1) if np.ndim(dx) > 1 else dx
        return y, dx * np.ones(y.shape[-1] - 1)
    x = as_array(x)
    x = np.moveaxis(x, axis, -1) if np.ndim(x) > 1 else x
    if np.shape(x)[-1] != y.shape[-1]:
        raise ValueError(
            f"x must have as many points as y has samples, {y.shape[-1]}, got {np.shape(x)[-1]}"
        )
    return y, np.diff(x)


@plain_or
def trapezoid(y: Any, x: Any = None, dx: Any = 1.0, axis: int = -1) -> Any:
    """Return the integral of samples by the rule of trapezoids.

    Examples
    --------
    >>> import autograd as ag
    >>> ag.grad(trapezoid)(np.array([1.0, 2.0, 3.0]))
    array([0.5, 1. , 0.5])
    """
    y, h = widths(y, x, dx, axis)
    return np.sum(h * (y[..., 1:] + y[..., :-1]) / 2, axis=-1)


@plain_or
def cumulative_trapezoid(
    y: Any, x: Any = None, dx: Any = 1.0, axis: int = -1, initial: Any = None
) -> Any:
    """Return the integrals of samples up to each of them, by the rule of trapezoids.

    Examples
    --------
    >>> import autograd as ag
    >>> ag.jacobian(cumulative_trapezoid)(np.array([1.0, 2.0, 3.0]))
    array([[0.5, 0.5, 0. ],
           [0.5, 1. , 0.5]])
    """
    if initial is not None and value_of(initial) != 0:
        raise ValueError("`initial` must be `None` or `0`.")
    y, h = widths(y, x, dx, axis)
    found = np.cumsum(h * (y[..., 1:] + y[..., :-1]) / 2, axis=-1)
    return np.moveaxis(begun(found, initial), -1, axis)


def begun(found: Any, initial: Any) -> Any:
    """Return integrals with what they start from put before them."""
    if initial is None:
        return found
    initial = np.moveaxis(as_array(initial), -1, -1) if np.ndim(initial) else initial
    first = np.broadcast_to(initial, (*found.shape[:-1], 1))
    return np.concatenate([first.astype(found.dtype), found], axis=-1)


def ratio(a: Any, b: Any) -> Any:
    """Return a / b, and zero where b is, as between points that are the same."""
    zero = b == 0
    return np.where(zero, 0.0, a / np.where(zero, 1.0, b))


@plain_or
def simpson(y: Any, x: Any = None, *, dx: Any = 1.0, axis: int = -1) -> Any:
    """Return the integral of samples by Simpson's rule, parabolas through three points each.

    An interval that is left over, of an even number of samples, gets the parabola through the last
    three (Cartwright, "Simpson's rule cumulative integration with MS Excel and irregularly-spaced
    data", 2017).

    Examples
    --------
    >>> import autograd as ag
    >>> ag.grad(simpson)(np.array([1.0, 2.0, 3.0]))
    array([0.3333, 1.3333, 0.3333])
    """
    y, h = widths(y, x, dx, axis)
    n = y.shape[-1]
    if n == 2:
        return np.sum(h * (y[..., 1:] + y[..., :-1]) / 2, axis=-1)
    pairs = (n - 1) // 2 * 2
    h0, h1 = h[..., 0:pairs:2], h[..., 1:pairs:2]
    whole = h0 + h1
    terms = (
        y[..., 0:pairs:2] * (2 - ratio(h1, h0))
        + y[..., 1:pairs:2] * whole * ratio(whole, h0 * h1)
        + y[..., 2 : pairs + 1 : 2] * (2 - ratio(h0, h1))
    )
    total = np.sum(whole / 6 * terms, axis=-1)
    if n % 2 or n < 3:
        return total
    h0, h1 = h[..., -2], h[..., -1]
    last = y[..., -1] * ratio(2 * h1**2 + 3 * h0 * h1, 6 * (h0 + h1))
    last = last + y[..., -2] * ratio(h1**2 + 3 * h0 * h1, 6 * h0)
    return total + last - y[..., -3] * ratio(h1**3, 6 * h0 * (h0 + h1))


def first_of_two(y: Any, h: Any) -> Any:
    """Return the integrals over the first intervals of all pairs that follow one another."""
    h0, h1 = h[..., :-1], h[..., 1:]
    part, whole = ratio(h0, h0 + h1), ratio(h0, h1)
    terms = y[..., :-2] * (3 - part) + y[..., 1:-1] * (3 + whole) - y[..., 2:] * part * whole
    return h0 / 6 * terms


@plain_or
def cumulative_simpson(
    y: Any, *, x: Any = None, dx: Any = 1.0, axis: int = -1, initial: Any = None
) -> Any:
    """Return the integrals of samples up to each of them, by Simpson's rule.

    Examples
    --------
    >>> import autograd as ag
    >>> ag.jacobian(lambda y: cumulative_simpson(y))(np.array([1.0, 2.0, 3.0]))[-1]
    array([0.3333, 1.3333, 0.3333])
    """
    y, h = widths(y, x, dx, axis)
    if y.shape[-1] < 3:
        found = np.cumsum(h * (y[..., 1:] + y[..., :-1]) / 2, axis=-1)
    else:
        if np.any(h <= 0):
            raise ValueError("Input x must be strictly increasing.")
        first = first_of_two(y, h)
        second = first_of_two(y[..., ::-1], h[..., ::-1])[..., ::-1]  # of the same pairs
        even = np.arange(first.shape[-1] + 1) % 2 == 0
        lead = np.concatenate([first, second[..., -1:]], axis=-1)
        rest = np.concatenate([first[..., :1], second], axis=-1)
        is_last = np.arange(even.size) == even.size - 1
        found = np.cumsum(np.where(even & ~is_last, lead, rest), axis=-1)
    if initial is not None:
        initial = np.moveaxis(as_array(initial), axis, -1) if np.ndim(initial) else initial
        found = begun(found + initial, initial)
    return np.moveaxis(found, -1, axis)


@plain_or
def romb(y: Any, dx: Any = 1.0, axis: int = -1, show: bool = False) -> Any:
    """Return the integral of 2ᵏ + 1 samples by Romberg's rule.

    Examples
    --------
    >>> import autograd as ag
    >>> ag.grad(romb)(np.array([1.0, 2.0, 3.0]))
    array([0.3333, 1.3333, 0.3333])
    """
    if show:
        scipy.integrate.romb(value_of(y), value_of(dx), axis, show)
    weights = scipy.integrate.romb(np.eye(y.shape[axis]))  # of equal distances; it is linear in y
    return np.tensordot(np.moveaxis(y, axis, -1), weights, 1) * dx
