"""Elementwise functions: an element's derivative is its own affair, whatever was broadcast."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import autograd as ag
from autograd.dispatch import KINDS
from tests.all_rows import CASES
from tests.ops.case import SEEDS
from tests.ops.test_rules import Point, arrays

FEW = max(settings.default.max_examples // 2, 4)
ELEMENTWISE = [case for case in CASES if KINDS.get(case.function) == "elementwise"]
SPECIAL = (np.nan, np.inf, -np.inf, 0.0, -0.0, 1.0, -1.0, 1e300)
# Where SciPy's own function has no answer.
UNANSWERED = {
    "hyp0f1": (1e300,),  # prints an error of its own
    "hyp1f1": (np.inf, 1e300),  # does not return
}
every_elementwise_row = pytest.mark.parametrize("case", ELEMENTWISE, ids=lambda case: case.name)


class Spread(Point):
    """The same point with all arrays of one shape, so that nothing is broadcast."""

    def __init__(self, point):
        self.case, self.kwargs, self.rng = point.case, point.kwargs, point.rng
        self.shape = np.shape(point.value)
        self.args = [self.spread(arg) for arg in point.args]
        self.primals = [self.spread(p) for p in point.primals]

    def spread(self, arg):
        return np.broadcast_to(arg, self.shape).copy() if isinstance(arg, np.ndarray) else arg


@every_elementwise_row
@settings(max_examples=FEW)
@given(data=st.data())
def test_broadcasting_is_copying_and_summing(case, data):
    """A gradient is the sum of those of the copies that broadcasting makes."""
    point = Point(case, data)
    spread = Spread(point)
    (w,) = point.random(point.value)
    found = arrays(point.pull(point.primals, w))
    copies = arrays(spread.pull(spread.primals, w))
    for g, c, p in zip(found, copies, point.primals, strict=True):
        new = c.ndim - p.ndim
        copied = tuple(i for i in range(c.ndim) if i < new or p.shape[i - new] == 1)
        expected = np.sum(c, copied).reshape(p.shape)
        size = np.sum(np.abs(c), copied).reshape(p.shape)
        assert g.shape == p.shape
        assert np.all(np.abs(g - expected) <= 1e-13 * size)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@every_elementwise_row
@settings(max_examples=FEW)
@given(data=st.data(), value=st.sampled_from(SPECIAL), seed=SEEDS)
def test_no_element_spoils_another(case, data, value, seed):
    """An element that is NaN, infinite or at an edge changes no derivative but its own.

    Where its result is not chosen it contributes zero, though its slope be infinite.
    """
    assume(value not in UNANSWERED.get(case.name, ()))
    point = Spread(Point(case, data))
    if not np.prod(point.shape):
        return
    rng = np.random.default_rng(seed)
    place = np.unravel_index(rng.integers(np.prod(point.shape)), point.shape)
    special = [p.copy() for p in point.primals]
    special[rng.integers(len(special))][place] = value
    others = np.ones(point.shape, bool)
    others[place] = False
    w, *tangents = point.random(point(*point.primals), *special)
    before = arrays(point.pull(point.primals, w))
    after = arrays(point.pull(special, w))
    chosen = ag.vjp(lambda *xs: np.where(others, point(*xs), 0), *special)[1](w)
    for b, a, c in zip(before, after, chosen, strict=True):
        np.testing.assert_array_equal(a[others], b[others])
        np.testing.assert_array_equal(c[others], b[others])
        np.testing.assert_array_equal(c[place], 0)
    expected, found = (ag.jvp(point, primals, tangents)[1] for primals in (point.primals, special))
    np.testing.assert_array_equal(found[others], expected[others])
