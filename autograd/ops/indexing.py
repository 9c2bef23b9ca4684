"""Reading elements: `x[key]` for every key that NumPy knows."""

import numpy as np

from autograd.primitive import linear, set_operator


def repeats(key):
    """Whether `key` may name an element twice: arrays of integers can, slices, numbers and masks cannot."""
    keys = key if isinstance(key, tuple) else (key,)
    return any(isinstance(k, list | np.ndarray) and np.asarray(k).dtype != bool for k in keys)


def add_at(into, g, key):
    """Add `g` to the elements of `into` that `key` names, as often as it names them."""
    if repeats(key):
        np.add.at(into, key, g)
    else:
        into[key] += g


def scatter_array(g, key, shape):
    """Return zeros of `shape` with `g` added where `key` points."""
    into = np.zeros(shape, g.dtype)
    add_at(into, g, key)
    return into


def getitem_function(a, key):
    """Return ``a[key]``."""
    return a[key]


scatter = linear(
    scatter_array, lambda g, key, shape: g[key], name="scatter", harmless=("key", "shape")
)
getitem = linear(
    getitem_function,
    lambda g, a_shape, key: scatter(g, key, a_shape),
    name="getitem",
    add_into=add_at,
)
set_operator("getitem", lambda a, key: getitem(a, key))
