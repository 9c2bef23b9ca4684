"""The rows of NumPy's functions, of all families."""

from autograd import dispatch
from tests.ops.rows import (
    complex_parts,
    conversion,
    creation,
    cumulative,
    decompositions,
    einsum,
    elementwise,
    fft,
    indexing,
    joining,
    linalg,
    methods,
    polynomials,
    products,
    reductions,
    selection,
    shape,
    signals,
    sorting,
    special,
    statistics,
)

dispatch.state_all()  # with what is stated when it is called only
FAMILIES = (
    complex_parts,
    conversion,
    creation,
    cumulative,
    decompositions,
    einsum,
    elementwise,
    fft,
    indexing,
    joining,
    linalg,
    methods,
    polynomials,
    products,
    reductions,
    selection,
    shape,
    signals,
    sorting,
    special,
    statistics,
)
NUMPY = [row for family in FAMILIES for row in family.ROWS]
