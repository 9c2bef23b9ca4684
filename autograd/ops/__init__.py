"""Statements: every NumPy function that can be differentiated, with its derivative, by family."""

from autograd.ops import complex_parts, constant, elementwise, indexing, products, reductions, shape

__all__ = [
    "complex_parts",
    "constant",
    "elementwise",
    "indexing",
    "products",
    "reductions",
    "shape",
]
