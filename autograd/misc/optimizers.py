"""Gradient descent on anything that can be flattened, with HIPS autograd's names and defaults.

``optimizer(grad, x0, callback=None, num_iters=..., ...)``: `grad` is called with `x` and the number
of the iteration, `callback` with `x`, that number and the gradient; `x` has the form of `x0`.
"""

import functools
from collections.abc import Callable
from typing import Any

import numpy as np

from autograd.misc.flatten import flatten

__all__ = ["adam", "rmsprop", "sgd", "unflatten_optimizer"]

Function = Callable[..., Any]


def unflatten_optimizer(optimize: Function) -> Function:
    """Return an optimizer of vectors as one of anything that can be flattened."""

    @functools.wraps(optimize)
    def optimizer(
        grad: Function, x0: Any, callback: Function | None = None, *args: Any, **kwargs: Any
    ) -> Any:
        start, unflatten = flatten(x0)

        def flat_grad(x: Any, i: int) -> Any:
            return flatten(grad(unflatten(x), i))[0]

        def flat_callback(x: Any, i: int, g: Any) -> None:
            if callback is not None:
                callback(unflatten(x), i, unflatten(g))

        return unflatten(optimize(flat_grad, start, flat_callback, *args, **kwargs))

    return optimizer


@unflatten_optimizer
def sgd(
    grad: Function,
    x: Any,
    callback: Function | None = None,
    num_iters: int = 200,
    step_size: float = 0.1,
    mass: float = 0.9,
) -> Any:
    """Return `x` after steps of gradient descent with momentum, an average of gradients.

    Examples
    --------
    >>> sgd(lambda x, i: 2 * x, np.array([1.0]), num_iters=500)
    array([0.])
    """
    velocity = np.zeros(len(x))
    for i in range(num_iters):
        g = grad(x, i)
        if callback:
            callback(x, i, g)
        velocity = mass * velocity - (1 - mass) * g
        x = x + step_size * velocity
    return x


@unflatten_optimizer
def rmsprop(
    grad: Function,
    x: Any,
    callback: Function | None = None,
    num_iters: int = 100,
    step_size: float = 0.1,
    gamma: float = 0.9,
    eps: float = 1e-8,
) -> Any:
    """Return `x` after steps that are divided by the root of a running mean of squared gradients.

    The mean starts at one. T. Tieleman and G. Hinton, "Lecture 6.5 - RMSProp", COURSERA (2012).

    Examples
    --------
    >>> abs(rmsprop(lambda x, i: 2 * x, np.array([1.0]), num_iters=200, step_size=0.01))[0] < 0.02
    np.True_
    """
    average = np.ones(len(x))
    for i in range(num_iters):
        g = grad(x, i)
        if callback:
            callback(x, i, g)
        average = gamma * average + (1 - gamma) * g**2
        x = x - step_size * g / (np.sqrt(average) + eps)
    return x


@unflatten_optimizer
def adam(
    grad: Function,
    x: Any,
    callback: Function | None = None,
    num_iters: int = 100,
    step_size: float = 0.001,
    b1: float = 0.9,
    b2: float = 0.999,
    eps: float = 1e-8,
) -> Any:
    """Return `x` after steps of Adam. D. Kingma and J. Ba, arXiv:1412.6980, algorithm 1.

    Examples
    --------
    >>> adam(lambda x, i: 2 * x, np.array([1.0]), num_iters=1)
    array([0.999])
    """
    first, second = np.zeros(len(x)), np.zeros(len(x))
    for i in range(num_iters):
        g = grad(x, i)
        if callback:
            callback(x, i, g)
        first = (1 - b1) * g + b1 * first
        second = (1 - b2) * g**2 + b2 * second
        mean, variance = first / (1 - b1 ** (i + 1)), second / (1 - b2 ** (i + 1))
        x = x - step_size * mean / (np.sqrt(variance) + eps)
    return x
