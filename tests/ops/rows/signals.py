"""Rows of `autograd.ops.signals`."""

from tests.ops.case import Case

ROWS: list[Case] = []
