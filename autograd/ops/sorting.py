"""Sorting, what follows from an order, and sets.

`np.sort` takes equal elements in the order in which they stand, so that the gradient of each place
goes to one element. Sets share a value equally among the elements that are equal to it, as `np.max`
does. `np.partition` of a Tensor is that of `np.argpartition`: what is smaller than the kth may
stand in another order than in that of an array.
"""

from typing import Any

import numpy as np

from autograd.operands import as_operand, value_of
from autograd.ops.indexing import scatter
from autograd.ops.selection import front
from autograd.primitive import composite, constant, general, linear

# Orders.


def in_order(a, order, axis):
    """Return `a` with each line in its own order."""
    return np.take_along_axis(a, order, axis)


def inverse(order, axis):
    """Return the order that undoes an order of each line."""
    numbers = np.arange(order.shape[axis])
    places = np.empty_like(order)
    lines = np.expand_dims(numbers, tuple(range(1, order.ndim - axis % order.ndim)))
    np.put_along_axis(places, order, lines, axis)
    return places


in_order = linear(
    in_order,
    lambda g, order, axis: in_order(g, inverse(order, axis), axis),
    name="in_order",
)


def sort(a, axis=-1, kind=None, *, stable=None):
    """Sort; of equal elements, the first comes first."""
    a, axis = front(a, axis)
    np.sort(np.zeros(1), kind=kind, stable=stable)  # raises NumPy's error
    return in_order(a, np.argsort(a.data, axis, kind="stable"), axis)


def partition(a, kth, axis=-1, kind: Any = "introselect"):
    """Put the elements at `kth` where sorting would put them."""
    a, axis = front(a, axis)
    return in_order(a, np.argpartition(a.data, value_of(kth), axis, kind), axis)


def sort_complex(a):
    """Sort complex numbers: by their real parts first."""
    ordered = sort(a)
    return ordered.astype(np.sort_complex(np.zeros(1, a.dtype)).dtype)


composite(np.sort, sort)
composite(np.partition, partition)
composite(np.sort_complex, sort_complex)
constant(np.lexsort, np.isin)

# Sets.


def chosen(a, first, inverse, counts):
    """Return the elements of `a` at `first`, one of each kind."""
    return a[first]


def shared(g, inverse, counts):
    """Return an equal share of `g` for each element."""
    sizes = np.reshape(counts, (-1,) + (1,) * (g.ndim - 1))
    return (g / sizes.astype(g.dtype))[inverse]


def averaged(g, inverse, counts):
    """Return the mean of the tangents of equal elements."""
    sizes = np.reshape(counts, (-1,) + (1,) * (g.ndim - 1))
    return scatter(g, inverse, (len(counts), *np.shape(g)[1:])) / sizes.astype(g.dtype)


one_of_each = general(
    chosen, shared, jvps=[averaged], name="unique", harmless=("first", "inverse", "counts")
)


def unique(
    ar, return_index=False, return_inverse=False, return_counts=False, axis=None, *, equal_nan=True
):
    """Return one of each kind, in order; what describes them is constant."""
    ar = as_operand(ar)
    found = np.unique(ar.data, True, True, True, axis, equal_nan=equal_nan)
    _, first, inverse, counts = found
    lines = np.ravel(ar) if axis is None else np.moveaxis(ar, axis, 0)
    values = one_of_each(lines, first, inverse.ravel(), counts)
    values = values if axis is None else np.moveaxis(values, 0, axis)
    asked = zip((return_index, return_inverse, return_counts), found[1:], strict=True)
    more = [item for flag, item in asked if flag]
    return (values, *more) if more else values


def unique_with(function):
    """Return what stands for one of NumPy's functions that return values with names."""

    def found(x):
        return function(x.data)._replace(values=unique(x, equal_nan=False))

    return found


composite(np.unique, unique)
composite(np.unique_values, lambda x: unique(x, equal_nan=False))
for function in (np.unique_all, np.unique_counts, np.unique_inverse):
    composite(function, unique_with(function))


def union(ar1, ar2) -> Any:
    """Return one of each kind in two arrays, and whether each is in them."""
    arrays = [np.ravel(as_operand(a)) for a in (ar1, ar2)]
    both = unique(np.concatenate(arrays))
    return both, *(np.isin(both, value_of(a)) for a in arrays)


def intersect1d(ar1, ar2, assume_unique=False, return_indices=False):
    """Return what is in both arrays, shared among both."""
    both, in_first, in_second = union(ar1, ar2)
    common = both[in_first & in_second]
    if not return_indices:
        return common
    values = value_of(as_operand(ar1)), value_of(as_operand(ar2))
    return common, *np.intersect1d(*values, assume_unique, True)[1:]


def setxor1d(ar1, ar2, assume_unique=False):
    """Return what is in one array only."""
    both, in_first, in_second = union(ar1, ar2)
    return both[in_first ^ in_second]


def setdiff1d(ar1, ar2, assume_unique=False):
    """Return what is in the first array only; every one of it where they are assumed unique."""
    kept: Any = np.ravel(as_operand(ar1))
    if not assume_unique:
        kept = np.unique(kept)
    return kept[~np.isin(kept, value_of(as_operand(ar2)))]


composite(np.union1d, lambda ar1, ar2: union(ar1, ar2)[0])
composite(np.intersect1d, intersect1d)
composite(np.setxor1d, setxor1d)
composite(np.setdiff1d, setdiff1d)
