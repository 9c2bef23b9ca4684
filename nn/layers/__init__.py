"""Layers, and networks made of layers."""

from nn.layers.attention import MultiheadAttention, TransformerBlock
from nn.layers.containers import MLP, Sequential
from nn.layers.linear import Linear
from nn.layers.recurrent import GRU, LSTM, RNN, GRUCell, LSTMCell, RNNCell

__all__ = [
    "GRU",
    "GRUCell",
    "LSTM",
    "LSTMCell",
    "MLP",
    "Linear",
    "MultiheadAttention",
    "RNN",
    "RNNCell",
    "Sequential",
    "TransformerBlock",
]
