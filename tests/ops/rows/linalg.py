"""Rows of `autograd.ops.linalg`."""

from tests.ops.case import Case

ROWS: list[Case] = []
