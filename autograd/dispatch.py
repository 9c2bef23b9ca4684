"""Which primitive stands for which NumPy function."""

import importlib
import sys
from collections.abc import Callable
from typing import Any

import numpy as np

from autograd.errors import KeywordError, NotDifferentiableError

TABLE: dict[Callable[..., Any], Callable[..., Any]] = {}
"""From a NumPy function to what is called instead of it when an argument is a Tensor."""

LATER: list[str] = []
"""Modules with more statements, imported when a function is looked for that is not in the table."""

LATER_WITH = {"scipy.special": "autograd.scipy.special"}
"""The same for another library's module, once the program has imported that."""

KINDS: dict[Callable[..., Any], str] = {}
"""From a function to the statement that entered it: elementwise, linear, general and so on."""

METHODS: dict[str, Callable[..., Any]] = {}
"""From `reduce`, `accumulate` and so on to what is called with the ufunc and its arguments."""

REFUSED: dict[str, str] = {}
"""From the names of functions without a derivative to the reason why they have none."""

OUT = (
    "{} cannot write into an array (out=, or a[i] += t) when a Tensor is involved: the gradient "
    "would be lost; assign the result, or make the array a Tensor first: a = ag.Tensor(a)"
)


def numpy_name(function: Callable[..., Any]) -> str:
    """Return the name under which users know `function`.

    Examples
    --------
    >>> numpy_name(np.linalg.norm), numpy_name(len)
    ('np.linalg.norm', 'len')
    """
    name = getattr(function, "__name__", repr(function))
    module = getattr(function, "__module__", None) or (
        "numpy" if getattr(np, name, None) is function else ""  # other libraries have ufuncs, too
    )
    return f"np{module[5:]}.{name}" if module.split(".")[0] == "numpy" else name


def call_function(
    function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
) -> Any:
    """Call what stands for `function`; an error that names it if nothing does."""
    if kwargs.get("out") is not None:
        raise KeywordError(OUT.format(numpy_name(function)))
    return stand_in_for(function)(*args, **kwargs)


def stand_in_for(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return what stands for `function`; an error that names it if nothing does."""
    if function not in TABLE:
        state_all()
    stand_in = TABLE.get(function)
    if stand_in is None:
        name = numpy_name(function)
        why = f": {REFUSED[name]}" if name in REFUSED else ""
        raise NotDifferentiableError(
            f"{name} of a Tensor has no derivative here{why}; pass arrays (t.data) where none is "
            f"needed, or state one with autograd.extend"
        )
    return stand_in


def state_all() -> None:
    """Import the modules whose statements have waited, so that the table is complete."""
    for module in tuple(LATER):
        importlib.import_module(module)  # which waits where another thread is at it
    LATER.clear()
    for library, module in LATER_WITH.items():
        if library in sys.modules:
            importlib.import_module(module)


def call_ufunc(
    ufunc: np.ufunc, method: str, inputs: tuple[Any, ...], kwargs: dict[str, Any]
) -> Any:
    """Call what stands for ``ufunc.method``; an error that names both if nothing does."""
    if method == "__call__":
        if kwargs and kwargs.get("out") is None and KINDS.get(ufunc, "constant") != "constant":
            raise KeywordError(
                f"{numpy_name(ufunc)} of a Tensor does not take {', '.join(kwargs)}=; use np.where "
                f"for where=, t.astype for dtype="
            )
        return call_function(ufunc, inputs, kwargs)
    if method not in METHODS:
        state_all()
    if any(output is not None for output in kwargs.pop("out", ())):
        raise KeywordError(OUT.format(f"{numpy_name(ufunc)}.{method}"))
    return METHODS[method](ufunc, *inputs, **kwargs)
