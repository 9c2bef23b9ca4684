"""The traced array, under HIPS autograd's name: every `Tensor` is an instance of it."""

from autograd.compat.tracing import ArrayBox, Box, SequenceBox

__all__ = ["ArrayBox", "Box", "SequenceBox"]
