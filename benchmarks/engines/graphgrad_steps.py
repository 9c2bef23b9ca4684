"""This project's `nn`: a step is zero_grad, forward, backward and SGD."""

import numpy as np

import autograd as ag
import nn

F32 = np.float32


def trained(model, loss, state):
    """Return the step of a model that starts from `state`."""
    model.load_state_dict(state)
    named = sorted(model.named_parameters())
    optimizer = nn.SGD(model.parameters(), lr=0.01)

    def run():
        optimizer.zero_grad()
        out = loss(model)
        out.backward()
        optimizer.step()
        return out.item(), [(name, parameter.grad) for name, parameter in named]

    return run


def mlp(x, labels, state):
    """An `MLP`."""
    model = nn.MLP([784, 512, 512, 10], dtype=F32)
    return trained(model, lambda model: nn.softmax_cross_entropy(model(x), labels), state)


def transformer(x, target, state):
    """A `TransformerBlock`, norms last as is PyTorch's default."""
    model = nn.TransformerBlock(128, 4, 512, dropout=0.0, dtype=F32)
    return trained(model, lambda model: nn.mse(model(x), target), state)


def lstm(x, target, state):
    """An `LSTM`, of which all states count."""
    model = nn.LSTM(128, 128, dtype=F32)
    return trained(model, lambda model: nn.mse(model(x)[0], target), state)


def convolutions(x, labels, state):
    """Two convolutions with pooling, and a linear layer."""
    model = nn.Sequential(
        nn.Conv2d(1, 16, 3, dtype=F32),
        nn.relu,
        nn.MaxPool2d(2),
        nn.Conv2d(16, 32, 3, dtype=F32),
        nn.relu,
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(800, 10, dtype=F32),
    )
    return trained(model, lambda model: nn.softmax_cross_entropy(model(x), labels), state)


class Words(nn.Module):
    """A text as the mean of its words, and a linear layer."""

    def __init__(self):
        self.embedding = nn.Embedding(10_000, 64, dtype=F32)
        self.head = nn.Linear(64, 10, dtype=F32)

    def forward(self, words):
        """Return a score for each class."""
        return self.head(np.mean(self.embedding(words), 1))


def words(x, labels, state):
    """An `Embedding`."""
    return trained(Words(), lambda model: nn.softmax_cross_entropy(model(x), labels), state)


def adam(values, gradients):
    """The step of the optimizer alone."""
    leaves = [ag.Tensor(value) for value in values]
    optimizer = nn.Adam(leaves)

    def run():
        for leaf, gradient in zip(leaves, gradients, strict=True):
            leaf.grad = gradient
        optimizer.step()
        return 0.0, [("", leaf.data) for leaf in leaves]

    return run


def warm():
    """Do a small step, so that code is loaded and libraries have their buffers."""
    model = nn.Linear(512, 512, dtype=F32)
    out = np.sum(model(np.ones((512, 512), F32)))
    out.backward()
    nn.SGD(model.parameters()).step()


def to_numpy(pair):
    """Return a gradient; everyone is to have this layout."""
    return pair[1]
