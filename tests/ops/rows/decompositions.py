"""Rows of `autograd.ops.decompositions`."""

from tests.ops.case import Case

ROWS: list[Case] = []
