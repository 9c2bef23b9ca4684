"""How the modules of `autograd.scipy` are filled."""

import functools
from collections.abc import Callable, Mapping
from types import FunctionType, ModuleType
from typing import Any

import numpy as np

from autograd.errors import NotDifferentiableError
from autograd.ops.conversion import holds_tensor


def namespace(
    module: ModuleType, own: Mapping[str, Any], reasons: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """Return the public names of a module of SciPy, with `own` ones in the place of some.

    Functions in Python that have no derivative here refuse Tensors. Universal functions do so by
    themselves, through NumPy's protocol.

    Parameters
    ----------
    module : module
        Of SciPy.
    own : mapping from str to object
        What has a derivative, and what SciPy does not have.
    reasons : mapping from str to str, optional
        Why a function has no derivative, for its error.
    """
    reasons = reasons or {}
    public = {name: getattr(module, name) for name in dir(module) if not name.startswith("_")}
    kept = {
        name: _refusing(thing, f"{module.__name__}.{name}", reasons.get(name))
        if name not in own
        and not isinstance(thing, np.ufunc)
        and (isinstance(thing, FunctionType) or name in reasons)
        else thing
        for name, thing in public.items()
        if not isinstance(thing, ModuleType)
    }
    return kept | dict(own)


def _refusing(function: Callable[..., Any], name: str, reason: str | None) -> Callable[..., Any]:
    """Return a function that raises where an argument is a Tensor, or a list with one in it."""
    why = f": {reason}" if reason else ""

    @functools.wraps(function)
    def refusing(*args: Any, **kwargs: Any) -> Any:
        if holds_tensor((*args, *kwargs.values())):
            raise NotDifferentiableError(
                f"{name} of a Tensor has no derivative here{why}; pass arrays (t.data) where none "
                f"is needed, or state one with autograd.extend"
            )
        return function(*args, **kwargs)

    return refusing
