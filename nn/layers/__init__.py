"""Layers, and networks made of layers."""

from nn.layers.activations import PReLU
from nn.layers.attention import MultiheadAttention, TransformerBlock
from nn.layers.containers import MLP, Residual, Sequential
from nn.layers.convolution import Conv1d, Conv2d, ConvTranspose1d, ConvTranspose2d
from nn.layers.dropout import Dropout, Dropout1d, Dropout2d
from nn.layers.embedding import Bilinear, Embedding
from nn.layers.linear import Linear
from nn.layers.normalization import BatchNorm1d, BatchNorm2d, GroupNorm, LayerNorm, RMSNorm
from nn.layers.pooling import (
    AdaptiveAvgPool1d,
    AdaptiveAvgPool2d,
    AdaptiveMaxPool1d,
    AdaptiveMaxPool2d,
    AvgPool1d,
    AvgPool2d,
    Flatten,
    MaxPool1d,
    MaxPool2d,
)
from nn.layers.recurrent import GRU, LSTM, RNN, GRUCell, LSTMCell, RNNCell

__all__ = [
    "AdaptiveAvgPool1d",
    "AdaptiveAvgPool2d",
    "AdaptiveMaxPool1d",
    "AdaptiveMaxPool2d",
    "AvgPool1d",
    "AvgPool2d",
    "BatchNorm1d",
    "BatchNorm2d",
    "Bilinear",
    "Conv1d",
    "Conv2d",
    "ConvTranspose1d",
    "ConvTranspose2d",
    "Dropout",
    "Dropout1d",
    "Dropout2d",
    "Embedding",
    "Flatten",
    "GRU",
    "GRUCell",
    "GroupNorm",
    "LSTM",
    "LSTMCell",
    "LayerNorm",
    "Linear",
    "MLP",
    "MaxPool1d",
    "MaxPool2d",
    "MultiheadAttention",
    "PReLU",
    "RMSNorm",
    "RNN",
    "RNNCell",
    "Residual",
    "Sequential",
    "TransformerBlock",
]
