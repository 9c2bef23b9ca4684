"""Rows of `autograd.ops.cumulative`."""

from tests.ops.case import Case

ROWS: list[Case] = []
