"""Rows of `autograd.ops.fft`."""

from tests.ops.case import Case

ROWS: list[Case] = []
