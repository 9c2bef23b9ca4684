"""Conventions: the derivatives where mathematics leaves a choice, or where formulas divide by zero.

Each row of the table is an expression in ``x`` with the point and the derivative there, so that a
test can try it: `tests/test_conventions.py` tries them all.
"""

import math
from typing import Any, NamedTuple

import numpy as np

Point = float | complex | list[float]


class Convention(NamedTuple):
    """One choice: of what, where, which derivative, and why.

    Attributes
    ----------
    expression : str
        In ``x`` and ``np``; the sum of its elements is differentiated.
    at : float, complex or list of float
        The point.
    derivative : float, complex or list of float
        There, by every spelling of the function.
    reason : str
    """

    expression: str
    at: Point
    derivative: Point
    reason: str

    @property
    def test(self) -> str:
        """The test that shows it."""
        return f"tests/test_conventions.py::test_the_table_is_right[{self.expression} at {self.at}]"


class Conventions(tuple[Convention, ...]):
    """The table; printed, it is one."""

    __slots__ = ()

    def __repr__(self) -> str:
        cells = [("function", "at", "derivative", "why")]
        cells += [(c.expression, str(c.at), str(c.derivative), c.reason) for c in self]
        widths = [max(len(row[k]) for row in cells) for k in range(3)]
        lines = [
            "  ".join(
                [*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[3]]
            )
            for row in cells
        ]
        return "\n".join([lines[0], "-" * len(lines[0]), *lines[1:]])


SHARED = "equal elements share equally"
FLAT = "the middle of the slopes on both sides"
ZERO = "the least of the subgradients"
EDGE = "the limit from where it is defined"
STRONG = "what is not chosen has no part"
PARTS = "that of u + iv is du/dx - i du/dy"

TABLE = Conventions(
    Convention(*row)
    for row in (
        ("np.abs(x)", 0.0, 0.0, FLAT),
        ("np.fabs(x)", 0.0, 0.0, FLAT),
        ("np.abs(1j * x)", 0.0, 0.0, ZERO),
        ("np.sign(x)", 0.0, 0.0, "constant on both sides"),
        ("np.copysign(x, -1.0)", 0.0, 0.0, FLAT),
        ("np.heaviside(x, 0.5)", 0.0, 0.0, "constant on both sides"),
        ("np.rint(x)", 0.5, 0.0, "constant on both sides"),
        ("np.floor(x)", 1.0, 0.0, "constant on both sides"),
        ("np.maximum(x, 1.0)", 1.0, 0.5, SHARED),
        ("np.minimum(x, 1.0)", 1.0, 0.5, SHARED),
        ("np.fmax(x, 1.0)", 1.0, 0.5, SHARED),
        ("np.maximum(x, x)", 1.0, 1.0, SHARED),
        ("np.maximum(x, np.nan)", 1.0, 0.0, "where one is NaN nothing is chosen"),
        ("np.fmax(x, np.nan)", 1.0, 1.0, "the other is chosen"),
        ("np.max(x)", [3.0, 3.0, 1.0], [0.5, 0.5, 0.0], SHARED),
        ("np.min(x)", [3.0, 1.0, 1.0], [0.0, 0.5, 0.5], SHARED),
        ("np.ptp(x)", [2.0, 2.0], [0.0, 0.0], SHARED),
        ("np.linalg.norm(x, np.inf)", [2.0, -2.0], [0.5, -0.5], SHARED),
        ("np.sort(x)[-1]", [3.0, 3.0, 1.0], [0.0, 1.0, 0.0], "a stable sort decides"),
        ("np.median(x)", [2.0, 2.0, 2.0], [0.0, 1.0, 0.0], "a stable sort decides"),
        ("np.unique(x)[0]", [2.0, 2.0, 3.0], [0.5, 0.5, 0.0], SHARED),
        ("np.clip(x, 0.0, 1.0)", [0.0, 0.5, 1.0], [0.0, 1.0, 0.0], "a bound is as outside"),
        ("np.interp(x, [0.0, 1.0, 2.0], [0.0, 2.0, 3.0])", 1.0, 1.0, "the piece to the right"),
        ("np.remainder(x, 2.0)", 4.0, 1.0, "the slope on both sides of the jump"),
        ("np.remainder(4.0, x)", 2.0, -2.0, "the quotient is constant"),
        ("np.fmod(x, 2.0)", 4.0, 1.0, "the slope on both sides of the jump"),
        ("np.sqrt(x)", 0.0, np.inf, EDGE),
        ("np.cbrt(x)", 0.0, np.inf, EDGE),
        ("np.hypot(x[0], x[1])", [0.0, 0.0], [0.0, 0.0], ZERO),
        ("np.arctan2(x[0], x[1])", [0.0, 0.0], [0.0, 0.0], "no direction"),
        ("np.linalg.norm(x)", [0.0, 0.0], [0.0, 0.0], ZERO),
        ("np.linalg.norm(x, 1)", [0.0, -2.0], [0.0, -1.0], "as np.abs"),
        ("np.sqrt(np.sum(x**2))", [0.0, 0.0], [np.nan, np.nan], "infinity by zero; write the norm"),
        ("np.std(x)", [1.0, 1.0], [0.0, 0.0], ZERO),
        ("np.var(x)", [1.0, 1.0], [0.0, 0.0], "the derivative"),
        ("np.prod(x)", [0.0, 2.0, 3.0], [6.0, 0.0, 0.0], "the derivative"),
        ("np.cumprod(x)[-1]", [0.0, 2.0, 3.0], [6.0, 0.0, 0.0], "the derivative"),
        ("x**2", 0.0, 0.0, "the derivative"),
        ("x**1", 0.0, 1.0, "the derivative"),
        ("x**0", 0.0, 0.0, "constant, 0**0 is 1"),
        ("x**1.5", 0.0, 0.0, "the derivative"),
        ("0.0**x", 2.0, 0.0, "the derivative"),
        ("0.0**x", 0.0, 0.0, "as behind zero"),
        ("(-2.0) ** x", 2.0, 4 * math.log(2), "the real part of the complex derivative"),
        ("np.sinc(x)", 0.0, 0.0, "the derivative"),
        ("np.nan_to_num(x)", np.nan, 0.0, "what replaces it is constant"),
        ("np.logaddexp(x, 0.0)", -np.inf, 0.0, EDGE),
        ("np.logaddexp(x, x)", 1.0, 1.0, "the derivative"),
        ("np.where(x > 0, np.sqrt(x), 0.0)", 0.0, 0.0, STRONG),
        ("np.sqrt(x)[1:]", [0.0, 4.0], [0.0, 0.25], STRONG),
        ("1 / (1 + np.exp(-x))", -1000.0, 0.0, STRONG),
        ("np.real(x)", 1j, 1.0, PARTS),
        ("np.imag(x)", 1j, complex(0, -1), PARTS),
        ("np.abs(x)", 3 + 4j, 0.6 - 0.8j, PARTS),
        ("np.real(np.sign(x))", 0j, 0j, "no direction"),
        ("np.angle(x)", 0j, 0j, "no direction"),
    )
)


def conventions() -> Any:
    """Return the table of conventions: derivatives at kinks, ties and zeros.

    Returns
    -------
    tuple of Convention
        Printed, a table.

    Examples
    --------
    >>> first = conventions()[0]
    >>> first.expression, first.at, first.derivative
    ('np.abs(x)', 0.0, 0.0)
    """
    return TABLE
