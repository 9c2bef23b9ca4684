"""Reading elements: `x[key]` for every key that NumPy knows."""

import numpy as np

from autograd.primitive import linear, set_operator


def repeats(key):
    """Whether `key` may name an element twice, as any array or sequence of integers can."""
    once = (int, np.integer, slice, type(None), type(Ellipsis))  # True and False are ints
    return not all(
        isinstance(k, once) or (isinstance(k, np.ndarray | np.bool_) and k.dtype == bool)
        for k in (key if isinstance(key, tuple) else (key,))
    )


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
