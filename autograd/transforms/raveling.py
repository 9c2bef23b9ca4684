"""Containers of arrays as one vector, and back."""

from collections.abc import Callable
from typing import Any

import numpy as np

from autograd.tree import flatten

Unravel = Callable[[Any], Any]


def ravel(tree: Any) -> tuple[Any, Unravel]:
    """Return the numbers in `tree` as one vector, and the function back; both of Tensors, too.

    Examples
    --------
    >>> vector, unravel = ravel({"w": np.ones((1, 2)), "b": 3.0})
    >>> vector
    array([1., 1., 3.])
    >>> unravel(10 * vector)
    {'w': array([[10., 10.]]), 'b': np.float64(30.0)}
    """
    leaves, rebuild = flatten(tree)
    return join(leaves), lambda vector: rebuild(split(vector, leaves))


def join(leaves: list[Any]) -> Any:
    """Return the numbers in arrays, one after the other."""
    if not leaves:
        return np.zeros(0)
    return np.concatenate([np.reshape(leaf, -1) for leaf in leaves])


def split(vector: Any, like: list[Any]) -> list[Any]:
    """Return arrays of the shapes of those in `like`, from the numbers in `vector`."""
    found, start = [], 0
    for leaf in like:
        shape = np.shape(leaf)
        stop = start + int(np.prod(shape))
        part = vector[start:stop]
        found.append(np.reshape(part, shape) if shape else part[0])
        start = stop
    return found
