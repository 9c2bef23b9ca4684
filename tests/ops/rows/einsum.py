"""Rows of `autograd.ops.einsum`."""

from tests.ops.case import Case

ROWS: list[Case] = []
