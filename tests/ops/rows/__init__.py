"""The rows of all families."""

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
from tests.scipy import rows as scipy_rows

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
SCIPY = scipy_rows.ROWS
CASES = NUMPY + SCIPY
