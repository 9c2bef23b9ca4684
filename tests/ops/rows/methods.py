"""Rows of the methods of ufuncs that have rules of their own."""

import numpy as np
from hypothesis import strategies as st

from autograd.ops.methods import SUMS, added_array
from tests.ops.case import FILLED, SEEDS, Case, axes, flags, one, real


@st.composite
def additions(draw):
    """Return an array, values to add to some of its elements, and their places in a row."""
    (array,), _ = draw(one(real, FILLED))
    rng = np.random.default_rng(draw(SEEDS))
    count = draw(st.integers(0, 6))
    return [array, real(rng, (count,))], {"places": rng.integers(0, array.size, count)}


ROWS = [
    Case(SUMS[ufunc].function, one(real, FILLED, axis=axes, keepdims=flags), label=ufunc.__name__)
    for ufunc in (np.logaddexp, np.logaddexp2)
]
ROWS += [Case(added_array, additions())]
