"""Rows of `autograd.scipy.special`."""

import scipy.special as sc
from hypothesis import strategies as st

from autograd.scipy import special  # noqa: F401 - which states the rules
from tests.ops.case import Case, broadcast, positive


@st.composite
def orders(draw):
    """Return whole orders, which are not differentiated, and arguments."""
    (x,), _ = draw(broadcast(positive))
    return [draw(st.integers(0, 3)), x], {}


ROWS = [
    Case(sc.gammaln, broadcast(positive)),
    Case(sc.psi, broadcast(positive)),
    Case(sc.polygamma, orders()),
]
