"""Rows of matrix products."""

import numpy as np
from hypothesis import strategies as st

from tests.ops.case import SEEDS, Case, broadcast, real


@st.composite
def multiplied(draw, batched=True):
    """Return two arrays for a matrix product: vectors, matrices, batches that broadcast."""
    rng = np.random.default_rng(draw(SEEDS))
    n, k, m = (draw(st.integers(0, 3)) for _ in range(3))
    left, right = draw(
        st.sampled_from(
            [(1, 1), (1, 2), (2, 1), (2, 2), (3, 2), (2, 3), (3, 3), (1, 3), (3, 1), (4, 3)]
        )
    )
    before = [draw(st.sampled_from([1, 2])) if batched else 2 for _ in range(4)]
    x = {1: (k,), 2: (n, k), 3: (before[0], n, k), 4: (before[2], before[0], n, k)}[left]
    y = {1: (k,), 2: (k, m), 3: (before[1], k, m)}[right]
    return [rng.uniform(-3, 3, x), rng.uniform(-3, 3, y)], {}


@st.composite
def dotted(draw):
    """Return two arrays for `dot`, a number among them too."""
    if draw(st.booleans()):
        return draw(
            broadcast(real, real).filter(lambda sample: 0 in (sample[0][0].ndim, sample[0][1].ndim))
        )
    return draw(multiplied(batched=False))


ROWS = [
    Case(np.matmul, multiplied(), analytic=True),
    Case(np.dot, dotted(), analytic=True),
]


def complex_pairs():
    """Return two complex arrays."""
    return multiplied().map(lambda drawn: ([x * (1 - 0.5j) for x in drawn[0]], {}))


ROWS.append(Case(np.matmul, complex_pairs(), label="complex"))
