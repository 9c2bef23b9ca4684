"""Programs whose pictures are kept in `golden`."""

import numpy as np

import autograd as ag
import nn


def scalar(a, b):
    c = a * b
    d = c + a
    y = np.tanh(d)
    return y  # noqa: RET504 - the picture has that name


def perceptron():
    """The tape of a small network, its loss, and the walk back."""
    model = nn.MLP([2, 3, 2], rng=0)
    inputs = np.array([[1.0, 2.0], [3.0, -1.0]])
    with ag.record() as tape:
        loss = nn.softmax_cross_entropy(model(inputs), np.array([0, 1]))
        loss.backward()
    return tape


def recurrent(steps, *, scoped=True):
    """The tape of a recurrent network; five operations a step, then two."""
    rng = np.random.default_rng(0)
    U, W = (ag.Tensor(0.3 * rng.normal(size=(3, 3)), name=name) for name in "UW")
    b = ag.Tensor(np.zeros(3), name="b")
    with ag.record() as tape:
        h = np.zeros((2, 3))
        for step in range(steps):
            x = rng.normal(size=(2, 3))
            with ag.scope(f"step{step}" if scoped else "all"):
                h = np.tanh(x @ U + h @ W + b)
        loss = np.sum(h**2)
        loss.backward()
    return tape
