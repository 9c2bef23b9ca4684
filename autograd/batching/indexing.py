"""Reading elements of each example."""

import operator
from typing import Any

import numpy as np

from autograd.batching.batched import Batched, full, levels_of, states

SIMPLE = (int, np.integer, slice, type(None), type(Ellipsis))


def behind(key: Any, count: int) -> Any:
    """Return the key that reads in all examples what `key` reads in one; None if there is none.

    There is none where NumPy puts the axes of index arrays first, because they are apart.
    """
    keys = key if isinstance(key, tuple) else (key,)
    if levels_of(keys):
        return None
    plain = all(isinstance(k, SIMPLE) and type(k) is not bool for k in keys)
    if not plain and len(keys) > 1:
        rest = (slice, type(None), type(Ellipsis))
        arrays = [i for i, k in enumerate(keys) if not isinstance(k, rest)]
        if arrays[-1] - arrays[0] + 1 != len(arrays):
            return None
    return (slice(None),) * count + keys


@states(operator.getitem)
def getitem(a: Any, key: Any) -> Any:
    """Read the same elements of each example, or the one that each names."""
    keys = key if isinstance(key, tuple) else (key,)
    if levels_of(keys):
        return _named(a, keys)
    there = behind(key, len(a.levels))
    return NotImplemented if there is None else Batched(a.array[there], a.levels)


def _named(a: Any, keys: tuple[Any, ...]) -> Any:
    """Read what numbers that differ between examples name, on the first axis."""
    (index, *rest) = keys
    plain = type(index) is Batched and index.dtype.kind in "iu"
    if not plain or any(not isinstance(k, slice) or k != slice(None) for k in rest):
        return NotImplemented
    levels = levels_of((a, index))
    count, extra = len(levels), index.ndim
    front = tuple(
        np.arange(level.size).reshape((-1,) + (1,) * (count - i - 1 + extra))
        for i, level in enumerate(levels)
    )
    return Batched(full(a, levels)[(*front, full(index, levels))], levels)
