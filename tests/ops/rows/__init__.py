"""The rows of all families."""

from tests.ops.rows import complex_parts, elementwise, indexing, products, reductions, shape

CASES = [
    row
    for family in (elementwise, complex_parts, reductions, shape, indexing, products)
    for row in family.ROWS
]
