"""Losses: how far predictions are from what they should be, as one number."""

from nn.losses.cross_entropy import softmax_cross_entropy
from nn.losses.regression import mse

__all__ = ["mse", "softmax_cross_entropy"]
