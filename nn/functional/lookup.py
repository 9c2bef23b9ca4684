"""Rows of a table, by their numbers."""

from typing import Any

import numpy as np

import autograd as ag
from autograd import Tensor
from autograd.errors import ShapeError
from autograd.extend import linear

ROUNDS = 32
"""How often a number may occur for its rows to be added one after another."""


def _added_rows(rows: Any, numbers: Any, count: int) -> Any:
    """Return a table of `count` rows, each the sum of those of its number.

    ``np.add.at`` does the same in six times the time.
    """
    width = rows.shape[numbers.ndim :]
    table = np.zeros((count, *width), rows.dtype)
    if not numbers.size:
        return table
    flat = numbers.reshape(-1)
    rows = rows.reshape(flat.size, *width)
    if count <= 2**16:
        flat = flat.astype(np.uint16)  # which NumPy sorts by counting, in a tenth of the time
    order = np.argsort(flat, kind="stable")
    ordered = flat[order]
    starts = np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]]))
    repeats = np.diff(starts, append=flat.size)
    most = int(repeats.max())
    if most > ROUNDS:
        table[ordered[starts]] = np.add.reduceat(rows.take(order, 0), starts, 0)
        return table
    table[ordered[starts]] = rows.take(order[starts], 0)
    for turn in range(1, most):  # in each, a number occurs once
        these = starts[repeats > turn] + turn
        table[ordered[these]] += rows.take(order[these], 0)
    return table


_rows: Any = linear(
    lambda table, numbers: np.take(table, numbers, 0),
    lambda g, numbers, table_shape: _sum_of_rows(g, numbers, table_shape[0]),
    name="embedding",
)
_sum_of_rows: Any = linear(
    _added_rows,
    lambda g, numbers: _rows(g, numbers),  # noqa: PLW0108 - its names are read
    name="sum_of_rows",
    harmless=("count",),
)


def embedding(indices: Any, weight: Any, padding_idx: int | None = None) -> Any:
    """Return the rows of `weight` that `indices` name.

    Parameters
    ----------
    indices : array_like of int, any shape
        From 0 to V - 1.
    weight : ndarray or Tensor, shape (V, D)
    padding_idx : int, optional
        A row that is constant: it gets no gradient.

    Returns
    -------
    ndarray or Tensor, shape (*indices.shape, D)

    Raises
    ------
    TypeError
        If `indices` are not integers.
    ShapeError
        If `weight` has not two axes.
    ValueError
        If a number is out of range.

    Examples
    --------
    >>> weight = Tensor([[0.0, 1.0], [2.0, 3.0], [4.0, 5.0]])
    >>> np.sum(embedding([1, 1, 2], weight)).backward()
    >>> weight.grad
    array([[0., 0.],
           [2., 2.],
           [1., 1.]])
    """
    if isinstance(indices, Tensor):
        raise TypeError(f"indices must be integers, got a Tensor of {indices.dtype}")
    indices = np.asarray(indices)
    if indices.dtype.kind not in "iu":
        raise TypeError(f"indices must be integers, got {indices.dtype}; write indices.astype(int)")
    if weight.ndim != 2:
        raise ShapeError(f"expected a weight of shape (V, D), got {weight.shape}")
    count = weight.shape[0]
    if indices.size and not (indices.min() >= 0 and indices.max() < count):
        wrong = indices[(indices < 0) | (indices >= count)].flat[0]
        raise ValueError(f"index {wrong} is out of range for {count} rows; they start at 0")
    found = _rows(weight, indices)
    if padding_idx is None:
        return found
    fixed = np.take(ag.stop_gradient(weight), padding_idx, 0)
    return np.where((indices == padding_idx)[..., None], fixed, found)
