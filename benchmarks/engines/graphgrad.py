"""This project: plain NumPy on Tensors, then `backward`."""

import numpy as np
from workloads import recurrence, rotate, squares, wave

import autograd as ag
import nn
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
    "writes",
]


def scalars(a, b):
    """Two leaves and one walk."""

    def run():
        x, y = ag.Tensor(a), ag.Tensor(b)
        out = rotate(x, y)
        out.backward()
        return out.item(), (x.grad, y.grad)

    return run


def vector(values):
    """NumPy's own functions, through its protocols."""

    def run():
        x = ag.Tensor(values)
        out = wave(np, x)
        out.backward()
        return out.item(), (x.grad,)

    return run


def reads(values):
    """Plain Python."""

    def run():
        x = ag.Tensor(values)
        out = squares(x)
        out.backward()
        return out.item(), (x.grad,)

    return run


def writes(values):
    """A constant Tensor that is filled."""

    def run():
        x, y = ag.Tensor(values), ag.Tensor(np.zeros(len(values)), requires_grad=False)
        out = np.sum(recurrence(y, x))
        out.backward()
        return out.item(), (x.grad,)

    return run


def mlp(x, labels, parameters, activation):
    """Layers by hand and the fused loss of `nn`."""
    act = {"tanh": np.tanh, "relu": nn.relu}[activation]

    def run():
        leaves = [ag.Tensor(parameter) for parameter in parameters]
        *hidden, weight, bias = leaves
        h = x
        for w, b in zip(hidden[::2], hidden[1::2], strict=True):
            h = act(h @ w + b)
        loss = nn.softmax_cross_entropy(h @ weight + bias, labels)
        loss.backward()
        return loss.item(), [leaf.grad for leaf in leaves]

    return run
