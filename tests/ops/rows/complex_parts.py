"""Rows of parts of complex numbers."""

import numpy as np

from tests.ops.case import Case, broadcast, complex_, real

ROWS = [
    Case(np.conjugate, broadcast(real)),
    Case(np.real, broadcast(real)),
]
ROWS += [
    Case(function, broadcast(complex_), label="complex")
    for function in (np.conjugate, np.real, np.imag, np.exp, np.sin)
]
