"""NumPy's namespace under the name of the module in which HIPS autograd wraps it."""

from collections.abc import MutableMapping
from typing import Any

import autograd.numpy as anp
from autograd.compat.statements import notrace_primitive, primitive

__all__ = ["array_from_args", "notrace_primitive", "primitive", "wrap_namespace"]


def wrap_namespace(old: dict[str, Any], new: MutableMapping[str, Any]) -> None:
    """Copy the public names of a namespace of NumPy, whose functions know Tensors already."""
    new.update((name, value) for name, value in old.items() if not name.startswith("_"))


def array_from_args(array_args: Any, array_kwargs: Any, *args: Any) -> Any:
    """Return an array of numbers and Tensors."""
    return anp.array(list(args), *array_args, **array_kwargs)


def __getattr__(name: str) -> Any:
    return getattr(anp, name)
