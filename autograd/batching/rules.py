"""The rules of NumPy's functions for batched arrays, loaded with the first batch."""

from autograd.batching import axes, elementwise, indexing, products, shapes

__all__ = ["axes", "elementwise", "indexing", "products", "shapes"]
