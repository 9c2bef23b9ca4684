"""PyTorch: parameters made once, `backward`, gradients dropped before the next call."""

import numpy as np
import torch
from torch.nn import functional
from workloads import recurrence, rotate, squares, wave

DISTRIBUTION = "torch"


def value_and_gradients(function, leaves):
    """Return what is timed: `function` of `leaves` and its gradients."""

    def run():
        for leaf in leaves:
            leaf.grad = None
        out = function()
        out.backward()
        return out.item(), [leaf.grad for leaf in leaves]

    return run


def scalars(a, b):
    """Two 0-d tensors of float64."""
    x = torch.tensor(a, dtype=torch.float64, requires_grad=True)
    y = torch.tensor(b, dtype=torch.float64, requires_grad=True)
    return value_and_gradients(lambda: rotate(x, y), [x, y])


def vector(values):
    """Torch's functions of the same names."""
    x = torch.tensor(values, requires_grad=True)
    return value_and_gradients(lambda: wave(torch, x), [x])


def reads(values):
    """Plain Python."""
    x = torch.tensor(values, requires_grad=True)
    return value_and_gradients(lambda: squares(x), [x])


def writes(values):
    """A tensor that is filled in place."""
    x = torch.tensor(values, requires_grad=True)
    return value_and_gradients(lambda: recurrence(torch.zeros_like(x), x).sum(), [x])


def mlp(x, labels, parameters, activation):
    """`functional.linear`, with its weights of shape (out, in), and `cross_entropy`."""
    leaves = [torch.tensor(np.ascontiguousarray(p.T), requires_grad=True) for p in parameters]
    inputs, targets = torch.tensor(x), torch.tensor(labels)
    act = {"tanh": torch.tanh, "relu": torch.relu}[activation]
    *hidden, weight, bias = leaves

    def loss():
        h = inputs
        for w, b in zip(hidden[::2], hidden[1::2], strict=True):
            h = act(functional.linear(h, w, b))
        return functional.cross_entropy(functional.linear(h, weight, bias), targets)

    return value_and_gradients(loss, leaves)


def to_numpy(gradient):
    """Return a gradient in everyone's layout, (in, out)."""
    return gradient.numpy().T
