"""Statements: every NumPy function that can be differentiated, with its derivative, by family."""

from autograd.dispatch import LATER
from autograd.ops import (
    batches,
    complex_parts,
    constant,
    elementwise,
    indexing,
    products,
    reductions,
    shape,
)

__all__ = [
    "batches",
    "complex_parts",
    "constant",
    "elementwise",
    "indexing",
    "products",
    "reductions",
    "shape",
]

# Families that most programs do not use are stated when the first of them is called, because they
# are half of the time that the import takes.
LATER += [
    f"autograd.ops.{family}"
    for family in (
        "conversion",
        "creation",
        "cumulative",
        "decompositions",
        "einsum",
        "fft",
        "joining",
        "linalg",
        "methods",
        "polynomials",
        "refused",
        "selection",
        "signals",
        "sorting",
        "special",
        "statistics",
    )
]
