"""Rows of `autograd.scipy.ndimage`."""

import numpy as np
import scipy.sparse
from hypothesis import strategies as st

from autograd.scipy.ndimage import windows
from tests.ops.case import SEEDS, Case, complex_, real


@st.composite
def images(draw, domain=real):
    """Return an image and weights that are not larger."""
    rng = np.random.default_rng(draw(SEEDS))
    ndim = draw(st.integers(1, 3))
    sizes = [draw(st.integers(1, 3)) for _ in range(ndim)]
    shape = [size + draw(st.integers(0, 2)) for size in sizes]
    return [domain(rng, shape), domain(rng, sizes)], {}


@st.composite
def products(draw):
    """Return a vector and a sparse matrix."""
    rng = np.random.default_rng(draw(SEEDS))
    rows, columns = draw(st.integers(1, 4)), draw(st.integers(1, 4))
    dense = real(rng, (rows, columns)) * rng.integers(0, 2, (rows, columns))
    return [real(rng, columns), scipy.sparse.csr_array(dense)], {}


ROWS = [
    Case(windows.window_sums, images()),
    Case(windows.window_sums, images(complex_), label="complex"),
    Case(windows.sparse_product, products()),
]
