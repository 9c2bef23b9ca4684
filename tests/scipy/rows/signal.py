"""Rows of `autograd.scipy.signal`."""

import numpy as np
from hypothesis import strategies as st

from autograd.scipy.signal import convolution, filters
from tests.ops.case import SEEDS, Case, complex_, real

MODES = st.sampled_from(["full", "same", "valid"])


@st.composite
def pairs(draw, domain=real, method=("direct", "fft")):
    """Return two arrays of as many axes, one at least as large as the other in all of them."""
    rng = np.random.default_rng(draw(SEEDS))
    ndim = draw(st.integers(1, 2))
    small = [draw(st.integers(1, 3)) for _ in range(ndim)]
    large = [n + draw(st.integers(0, 2)) for n in small]
    shapes = draw(st.permutations([small, large]))
    keywords = {"mode": draw(MODES), "method": draw(st.sampled_from(method))}
    if keywords["method"] in ("axes", "oa"):
        keywords["axes"] = [ndim - 1]
        shapes = [[draw(st.sampled_from([1, 2])) for _ in range(ndim - 1)] + s[-1:] for s in shapes]
        if ndim == 2 and 1 not in (shapes[0][0], shapes[1][0]):
            shapes[1][0] = shapes[0][0]
    return [domain(rng, shape) for shape in shapes], keywords


@st.composite
def windowed_pairs(draw, domain=real):
    rng = np.random.default_rng(draw(SEEDS))
    p, d, q = (draw(st.integers(1, 2)) for _ in range(3))
    small = [draw(st.integers(1, 2)) for _ in range(draw(st.integers(1, 2)))]
    large = [n + draw(st.integers(0, 2)) for n in small]
    return [domain(rng, (p, d, *large)), domain(rng, (d, q, *small))], {}


@st.composite
def filtered_signals(draw):
    """Return the coefficients of a stable filter, and signals."""
    rng = np.random.default_rng(draw(SEEDS))
    b = real(rng, draw(st.integers(1, 3)))
    a = np.concatenate([rng.uniform(1, 2, 1), rng.uniform(-0.3, 0.3, draw(st.integers(0, 2)))])
    shape = draw(st.sampled_from([(4,), (2, 3), (1,), (2, 1, 5)]))
    return [b, a, real(rng, shape)], {}


ROWS = [
    Case(convolution.convolution, pairs()),
    Case(convolution.convolution, pairs(complex_), label="complex"),
    Case(convolution.convolution, pairs(method=("axes", "oa")), label="axes"),
    Case(convolution.windowed, windowed_pairs(), analytic=True),
    Case(convolution.windowed, windowed_pairs(complex_), label="complex"),
    Case(filters.recursive, filtered_signals()),
]
