"""Optimizers: they change parameters, in place, by their gradients."""

from nn.optim.optimizers import SGD, Adam, AdamW, Optimizer

__all__ = ["SGD", "Adam", "AdamW", "Optimizer"]
