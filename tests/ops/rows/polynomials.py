"""Rows of `autograd.ops.polynomials`."""

from tests.ops.case import Case

ROWS: list[Case] = []
