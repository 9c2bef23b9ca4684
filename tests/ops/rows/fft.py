"""Rows of `autograd.ops.fft`: odd and even lengths, cut off and filled up."""

import numpy as np
from hypothesis import strategies as st

from tests.ops.case import SEEDS, Case, complex_, real

NORMS = st.sampled_from([None, "backward", "ortho", "forward"])
LENGTHS = st.integers(1, 7)
HALVES = [np.fft.hfft, np.fft.irfft]  # which are given half of a spectrum


@st.composite
def line(draw, domain, smallest=1):
    """Return an array to transform along one axis, of `smallest` elements at least; no other."""
    rest = draw(st.lists(st.sampled_from([0, 1, 2, 3]), max_size=2))
    ndim = len(rest) + 1
    axis = draw(st.integers(-ndim, ndim - 1))
    n = draw(st.none() | LENGTHS)
    rest.insert(axis % ndim, draw(st.integers(smallest if n is None else 1, 6)))
    array = domain(np.random.default_rng(draw(SEEDS)), rest)
    return [array], {"n": n, "axis": axis, "norm": draw(NORMS)}


@st.composite
def space(draw, domain, two=False):
    """Return an array to transform along several axes, some of them twice."""
    ndim = draw(st.integers(2 if two else 1, 3))
    shape = draw(st.lists(st.integers(2, 4), min_size=ndim, max_size=ndim))
    keywords = {"norm": draw(NORMS)}
    count = None
    if draw(st.booleans()):
        count = 2 if two else draw(st.integers(1, 3))
        axes = st.integers(-ndim, ndim - 1)
        keywords["axes"] = tuple(draw(st.lists(axes, min_size=count, max_size=count)))
    elif two:
        count = 2
    if count and draw(st.booleans()):
        sizes = st.sampled_from([-1, 1, 2, 3, 4, 5])
        keywords["s"] = draw(st.lists(sizes, min_size=count, max_size=count).map(tuple))
    return [domain(np.random.default_rng(draw(SEEDS)), shape)], keywords


@st.composite
def shifted(draw, domain):
    """Return an array and axes of `fftshift`."""
    shape = draw(st.lists(st.integers(0, 4), min_size=1, max_size=3))
    ndim = len(shape)
    single = st.integers(-ndim, ndim - 1)
    axes = draw(st.none() | single | st.lists(single, unique=True).map(tuple))
    return [domain(np.random.default_rng(draw(SEEDS)), shape)], {"axes": axes}


ROWS = [
    Case(np.fft.rfft, line(real), analytic=False),
    Case(np.fft.ihfft, line(real)),
    Case(np.fft.rfftn, space(real)),
    Case(np.fft.rfft2, space(real, two=True)),
]
for label, domain in {"": real, "complex": complex_}.items():
    ROWS += [Case(f, line(domain, smallest=2), label=label) for f in HALVES]
    ROWS += [Case(f, line(domain), label=label) for f in (np.fft.fft, np.fft.ifft)]
    ROWS += [
        Case(f, space(domain), label=label) for f in (np.fft.fftn, np.fft.ifftn, np.fft.irfftn)
    ]
    ROWS += [
        Case(f, space(domain, two=True), label=label)
        for f in (np.fft.fft2, np.fft.ifft2, np.fft.irfft2)
    ]
    ROWS += [Case(f, shifted(domain), label=label) for f in (np.fft.fftshift, np.fft.ifftshift)]
