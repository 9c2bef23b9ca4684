"""Rows of `autograd.ops.statistics`."""

from tests.ops.case import Case

ROWS: list[Case] = []
