"""What the families share: rules that refuse, and functions computed in double precision."""

import functools
from collections.abc import Callable
from typing import Any

import numpy as np

from autograd.errors import NotDifferentiableError

STATIC = (int, bool, tuple)
BLOCK = 1024


def no_derivative(function: str, argument: str) -> Callable[..., Any]:
    """Return a rule for an argument in which a derivative exists, but is not known here.

    It raises when that derivative is asked for; a zero would be wrong in silence.
    """

    def refusing(g):
        raise NotDifferentiableError(
            f"{function} has no derivative here in its argument {argument}; pass a number or an "
            f"array there (t.data), or state one with autograd.extend"
        )

    return refusing


def in_double(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return `function` computed in double precision, without warnings, in the arguments' dtype.

    Python's whole numbers among the arguments are orders, and stay what they are; so do tuples.
    """

    @functools.wraps(function)
    def computed(*args):
        dtype = np.result_type(*(a for a in args if type(a) not in STATIC))
        dtype = dtype if dtype.kind in "fc" else np.dtype(np.float64)
        wide = np.promote_types(dtype, np.float64)
        with np.errstate(all="ignore"):
            found = function(*(a if type(a) in STATIC else np.asarray(a, wide) for a in args))
        return np.asarray(found).astype(dtype)[()]

    return computed


def in_blocks(function: Callable[..., Any]) -> Callable[..., Any]:
    """Do the same for what makes hundreds of numbers for each of its own: `BLOCK` at a time."""

    def computed(*args):
        arrays = np.broadcast_arrays(*(a for a in args if type(a) not in STATIC))
        if arrays[0].size <= BLOCK:
            return function(*args)
        flat, blocks = [a.ravel() for a in arrays], []
        for start in range(0, arrays[0].size, BLOCK):
            rest = iter([a[start : start + BLOCK] for a in flat])
            blocks.append(function(*(a if type(a) in STATIC else next(rest) for a in args)))
        return np.concatenate(blocks).reshape(arrays[0].shape)

    return functools.wraps(function)(in_double(computed))


def quotient(x, y):
    """Return x / y, and 0 where both are 0, with the derivatives of x / y elsewhere."""
    return x / np.where((x == 0) & (y == 0), 1, y)
