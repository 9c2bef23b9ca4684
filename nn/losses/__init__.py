"""Losses: how far predictions are from what they should be, as one number."""

from nn.losses.binary import (
    binary_cross_entropy,
    binary_cross_entropy_with_logits,
    focal,
)
from nn.losses.cross_entropy import (
    nll,
    softmax_cross_entropy,
)
from nn.losses.divergence import (
    kl_div,
)
from nn.losses.margin import (
    cosine_embedding,
    hinge,
    multi_margin,
    triplet_margin,
)
from nn.losses.regression import (
    huber,
    l1,
    mse,
    smooth_l1,
)

__all__ = [
    "binary_cross_entropy",
    "binary_cross_entropy_with_logits",
    "cosine_embedding",
    "focal",
    "hinge",
    "huber",
    "kl_div",
    "l1",
    "mse",
    "multi_margin",
    "nll",
    "smooth_l1",
    "softmax_cross_entropy",
    "triplet_margin",
]
