"""Exchange with other programs: weights to and from PyTorch, networks to ONNX."""

from nn.exchange.operators import export_onnx
from nn.exchange.pytorch import from_torch, to_torch

__all__ = ["export_onnx", "from_torch", "to_torch"]
