"""Rows of `autograd.ops.joining`."""

from tests.ops.case import Case

ROWS: list[Case] = []
