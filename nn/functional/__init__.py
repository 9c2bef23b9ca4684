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
from nn.functional.convolution import (
    conv1d,
    conv2d,
    conv_transpose1d,
    conv_transpose2d,
)
from nn.functional.lookup import (
    embedding,
)
from nn.functional.normalization import (
    batch_norm,
    group_norm,
    layer_norm,
    rms_norm,
)
from nn.functional.pooling import (
    adaptive_avg_pool1d,
    adaptive_avg_pool2d,
    adaptive_max_pool1d,
    adaptive_max_pool2d,
    avg_pool1d,
    avg_pool2d,
    max_pool1d,
    max_pool2d,
)

__all__ = [
    "adaptive_avg_pool1d",
    "adaptive_avg_pool2d",
    "adaptive_max_pool1d",
    "adaptive_max_pool2d",
    "avg_pool1d",
    "avg_pool2d",
    "max_pool1d",
    "max_pool2d",
    "conv1d",
    "conv2d",
    "conv_transpose1d",
    "conv_transpose2d",
    "batch_norm",
    "group_norm",
    "layer_norm",
    "rms_norm",
    "embedding",
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
