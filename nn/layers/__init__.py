"""Layers, and networks made of layers."""

from nn.layers.activations import PReLU
from nn.layers.containers import MLP, Sequential
from nn.layers.linear import Linear

__all__ = [
    "MLP",
    "Linear",
    "PReLU",
    "Sequential",
]
