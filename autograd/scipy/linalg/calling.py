"""How SciPy's functions are called where an argument is a Tensor."""

import functools
import inspect
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from autograd.operands import value_of
from autograd.ops.conversion import holds_tensor, joined
from autograd.primitive import Primitive

PAIRS = frozenset({"c_or_cr", "c_and_lower", "cb_and_lower", "lu_and_piv", "arrs"})
"""Arguments that are several arrays, not one array in a list."""

UNHEEDED = ("overwrite_", "lwork", "workers")
"""How the names of arguments begin that may not, or need not, be heeded: the graph keeps values."""


def stands_for(function: Callable[..., Any], stand_in: Callable[..., Any]) -> Callable[..., Any]:
    """Return SciPy's `function`, for Tensors `stand_in`, which is called with the same arguments.

    Arguments are matched with SciPy's signature, lists that hold Tensors are joined, and what is to
    be finite is looked at as SciPy does.
    """
    signature = inspect.signature(function)
    checks = "check_finite" in signature.parameters and not isinstance(stand_in, Primitive)

    @functools.wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:
        if not holds_tensor((*args, *kwargs.values())):
            return function(*args, **kwargs)
        bound = signature.bind(*args, **kwargs)
        given = bound.arguments
        for name in [name for name in given if name.startswith(UNHEEDED)]:
            del given[name]
        for name in given.keys() - PAIRS:
            given[name] = joined(given[name])
        if checks and given.get("check_finite", signature.parameters["check_finite"].default):
            for array in arrays(given.values()):
                np.asarray_chkfinite(array)
        return stand_in(*bound.args, **bound.kwargs)

    return call


def arrays(items: Any) -> Iterator[Any]:
    """Yield the values of arrays and Tensors, those in tuples too."""
    for item in items:
        if isinstance(item, tuple):
            yield from arrays(item)
        elif isinstance(value := value_of(item), np.ndarray):
            yield value


def native(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return SciPy's `function`, for arrays of any layout: it takes not all of them."""

    @functools.wraps(inspect.unwrap(function))  # whose parameters Python can tell
    def of_native(*args: Any, **kwargs: Any) -> Any:
        return function(*map(plain, args), **kwargs)

    of_native.__name__ = f"scipy_{function.__name__}"  # NumPy has some of the same name
    return of_native


def plain(x: Any) -> Any:
    """Return an array as SciPy takes it: aligned, bytes in the order of the machine, no longdouble.

    Of longdouble, which LAPACK does not know, SciPy's `logm` has a few digits right.
    """
    if not isinstance(x, np.ndarray) or (
        x.dtype.isnative and x.flags.aligned and x.dtype.char not in "gG"
    ):
        return x
    return x.astype({"g": "d", "G": "D"}.get(x.dtype.char, x.dtype.newbyteorder("=")))
