"""Layers, losses and optimizers on `autograd`: thin, with PyTorch's names where it has them."""

from nn import data, functional, init, layers, losses, metrics, module, optim, training
from nn.data import minibatches, one_hot, predict, train_test_split
from nn.functional import (
    elu,
    gelu,
    leaky_relu,
    log_softmax,
    relu,
    sigmoid,
    softmax,
    softplus,
    tanh,
)
from nn.layers import MLP, Linear, Sequential
from nn.losses import mse, softmax_cross_entropy
from nn.module import Mismatch, Module
from nn.optim import SGD, Adam, AdamW
from nn.training import History, evaluate, fit

__all__ = [
    "Adam",
    "AdamW",
    "History",
    "Linear",
    "MLP",
    "Mismatch",
    "Module",
    "SGD",
    "Sequential",
    "data",
    "elu",
    "evaluate",
    "fit",
    "functional",
    "gelu",
    "init",
    "layers",
    "leaky_relu",
    "log_softmax",
    "losses",
    "metrics",
    "minibatches",
    "module",
    "mse",
    "one_hot",
    "optim",
    "predict",
    "relu",
    "sigmoid",
    "softmax",
    "softmax_cross_entropy",
    "softplus",
    "tanh",
    "train_test_split",
    "training",
]
