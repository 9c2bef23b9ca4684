"""PyTorch's `nn`: a step is zero_grad, forward, backward and SGD."""

import numpy as np
import torch
from torch import nn
from torch.nn import functional

DISTRIBUTION = "torch"


def as_theirs(name, array):
    """Return parameters of our layout, inputs before outputs, in PyTorch's."""
    if array.ndim == 4:
        return array.transpose(3, 2, 0, 1)
    return array if "embedding" in name else array.T


def trained(model, loss, state):
    """Return the step of a model that starts from `state`."""
    theirs = {name: torch.tensor(as_theirs(name, a).copy()) for name, a in state.items()}
    model.load_state_dict(theirs)
    del theirs
    named = sorted(model.named_parameters())
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01)

    def run():
        optimizer.zero_grad()
        out = loss(model)
        out.backward()
        optimizer.step()
        return out.item(), [(name, parameter.grad) for name, parameter in named]

    return run


def mlp(x, labels, state):
    """Linear layers and ReLU."""
    layers = [nn.Linear(784, 512), nn.ReLU(), nn.Linear(512, 512), nn.ReLU(), nn.Linear(512, 10)]
    x, labels = torch.from_numpy(x), torch.from_numpy(labels)
    model = nn.Sequential(*layers)
    return trained(model, lambda model: functional.cross_entropy(model(x), labels), state)


def transformer(x, target, state):
    """A `TransformerEncoderLayer`."""
    model = nn.TransformerEncoderLayer(128, 4, 512, dropout=0.0, batch_first=True)
    x, target = torch.from_numpy(x), torch.from_numpy(target)
    return trained(model, lambda model: functional.mse_loss(model(x), target), state)


def lstm(x, target, state):
    """An `LSTM`, of which all states count."""
    model = nn.LSTM(128, 128, batch_first=True)
    x, target = torch.from_numpy(x), torch.from_numpy(target)
    return trained(model, lambda model: functional.mse_loss(model(x)[0], target), state)


def convolutions(x, labels, state):
    """Two convolutions with pooling, and a linear layer."""
    model = nn.Sequential(
        nn.Conv2d(1, 16, 3),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(16, 32, 3),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(800, 10),
    )
    x, labels = torch.from_numpy(x), torch.from_numpy(labels)
    return trained(model, lambda model: functional.cross_entropy(model(x), labels), state)


class Words(nn.Module):
    """A text as the mean of its words, and a linear layer."""

    def __init__(self):
        super().__init__()
        self.embedding, self.head = nn.Embedding(10_000, 64), nn.Linear(64, 10)

    def forward(self, words):
        """Return a score for each class."""
        return self.head(self.embedding(words).mean(1))


def words(x, labels, state):
    """An `Embedding`."""
    x, labels = torch.from_numpy(x), torch.from_numpy(labels)
    return trained(Words(), lambda model: functional.cross_entropy(model(x), labels), state)


def adam(values, gradients):
    """The step of the optimizer alone."""
    leaves = [torch.tensor(value, requires_grad=True) for value in values]
    optimizer = torch.optim.Adam(leaves)
    gradients = [torch.from_numpy(gradient) for gradient in gradients]

    def run():
        for leaf, gradient in zip(leaves, gradients, strict=True):
            leaf.grad = gradient
        optimizer.step()
        return 0.0, [("adam", leaf.detach()) for leaf in leaves]

    return run


def warm():
    """Do a small step, so that code is loaded and libraries have their buffers."""
    model = nn.Linear(512, 512)
    model(torch.ones(512, 512)).sum().backward()
    torch.optim.SGD(model.parameters(), lr=0.1).step()


def to_numpy(pair):
    """Return a gradient in our layout."""
    name, gradient = pair
    array = gradient.numpy()
    if array.ndim == 4:
        return array.transpose(2, 3, 1, 0)
    return array if "embedding" in name or name == "adam" else np.ascontiguousarray(array.T)
