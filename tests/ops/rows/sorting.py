"""Rows of `autograd.ops.sorting`."""

from tests.ops.case import Case

ROWS: list[Case] = []
