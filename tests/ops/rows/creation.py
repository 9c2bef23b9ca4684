"""Rows of `autograd.ops.creation`."""

from tests.ops.case import Case

ROWS: list[Case] = []
