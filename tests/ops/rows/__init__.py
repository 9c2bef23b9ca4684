"""The rows of all families."""

from tests.ops.rows import (
    complex_parts,
    creation,
    cumulative,
    decompositions,
    einsum,
    elementwise,
    fft,
    indexing,
    joining,
    linalg,
    polynomials,
    products,
    reductions,
    shape,
    signals,
    sorting,
    statistics,
)

FAMILIES = (
    complex_parts,
    creation,
    cumulative,
    decompositions,
    einsum,
    elementwise,
    fft,
    indexing,
    joining,
    linalg,
    polynomials,
    products,
    reductions,
    shape,
    signals,
    sorting,
    statistics,
)
CASES = [row for family in FAMILIES for row in family.ROWS]
