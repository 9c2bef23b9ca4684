"""Functions of arrays and Tensors that layers are made of, without parameters of their own."""

from nn.functional.activations import (
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
from nn.functional.attention import scaled_dot_product_attention, sinusoidal_encoding

__all__ = [
    "elu",
    "gelu",
    "leaky_relu",
    "log_softmax",
    "relu",
    "scaled_dot_product_attention",
    "sigmoid",
    "sinusoidal_encoding",
    "softmax",
    "softplus",
    "tanh",
]
