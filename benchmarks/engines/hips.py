"""HIPS autograd: `value_and_grad` of a function of arrays."""

from workloads import rotate, squares, wave

import autograd.numpy as np
from autograd import value_and_grad
from engines.shared import (
    bundle,
    language,
    mixture,
    newton,
    oscillator,
    rosenbrock_hessian,
    square_jacobian,
)

__all__ = [
    "bundle",
    "language",
    "mixture",
    "mlp",
    "newton",
    "oscillator",
    "reads",
    "rosenbrock_hessian",
    "scalars",
    "square_jacobian",
    "vector",
]

DISTRIBUTION = "autograd"


def scalars(a, b):
    """A function of two floats."""
    f = value_and_grad(rotate, argnum=(0, 1))
    return lambda: f(a, b)


def vector(x):
    """Functions of `autograd.numpy`."""
    f = value_and_grad(lambda x: wave(np, x))

    def run():
        value, gradient = f(x)
        return value, (gradient,)

    return run


def reads(x):
    """Plain Python; it cannot write into arrays."""
    f = value_and_grad(squares)

    def run():
        value, gradient = f(x)
        return value, (gradient,)

    return run


def mlp(x, labels, parameters, activation):
    """Cross-entropy spelled out: quicker here than the `logsumexp` of its examples."""
    rows = np.arange(len(labels))
    act = {"tanh": np.tanh, "relu": lambda h: np.maximum(h, 0)}[activation]

    def loss(parameters):
        *hidden, weight, bias = parameters
        h = x
        for w, b in zip(hidden[::2], hidden[1::2], strict=True):
            h = act(np.dot(h, w) + b)
        z = np.dot(h, weight) + bias
        z = z - np.max(z, axis=1, keepdims=True)
        return np.mean(np.log(np.sum(np.exp(z), axis=1)) - z[rows, labels])

    f = value_and_grad(loss)
    return lambda: f(parameters)
