"""Containers of arrays: lists, tuples and dicts, inside each other, with arrays as leaves."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nn.states import differences

Array = NDArray[Any]


def leaves(container: Any) -> list[Any]:
    """Return the leaves of a container in their order; None, a gradient that is not, is one.

    Examples
    --------
    >>> leaves({"a": 1.0, "b": [2.0, None]})
    [1.0, 2.0, None]
    """
    if isinstance(container, Mapping):
        container = list(container.values())
    if isinstance(container, (list, tuple)):
        return [leaf for part in container for leaf in leaves(part)]
    return [container]


def rebuilt(container: Any, values: list[Any]) -> Any:
    """Return a container like `container` with other leaves."""
    return _rebuilt(container, iter(values))


def _rebuilt(container: Any, values: Iterator[Any]) -> Any:
    if isinstance(container, (Mapping, list, tuple)):
        parts = container.values() if isinstance(container, Mapping) else container
        return _with_parts(container, [_rebuilt(part, values) for part in parts])
    return next(values)


def _with_parts(container: Any, parts: list[Any]) -> Any:
    """Return a container like `container` with other parts, which may be containers."""
    if isinstance(container, Mapping):
        return dict(zip(container, parts, strict=True))
    if hasattr(container, "_fields"):  # a named tuple
        return type(container)(*parts)
    return parts if isinstance(container, list) else tuple(parts)


def mapped(function: Callable[..., Any], container: Any, *others: Any) -> Any:
    """Return a container of `function` of the leaves; None where the first container has None.

    Parameters
    ----------
    function : callable
    container, *others : list, tuple or dict of arrays
        With the same structure.

    Examples
    --------
    >>> mapped(lambda x, y: x + y, {"a": 1.0, "b": None}, {"a": 2.0, "b": 3.0})
    {'a': 3.0, 'b': None}
    """
    columns = zip(leaves(container), *map(leaves, others), strict=True)
    return rebuilt(container, [None if x is None else function(x, *more) for x, *more in columns])


def flat(state: Any, path: str = "") -> dict[str, Array]:
    """Return copies of the arrays and numbers in `state`, by their paths.

    Examples
    --------
    >>> flat({"mean": [np.zeros(2)], "count": 3})
    {'mean.0': array([0., 0.]), 'count': array(3)}
    """
    if isinstance(state, (Mapping, list, tuple)):
        items = state.items() if isinstance(state, Mapping) else enumerate(state)
        parts = [flat(part, f"{path}.{key}" if path else str(key)) for key, part in items]
        return {name: array for part in parts for name, array in part.items()}
    return {} if state is None else {path: np.array(state)}


def filled(template: Any, arrays: Mapping[str, Array], path: str = "") -> Any:
    """Return a state like `template` with the values that `flat` gave, copied."""
    if isinstance(template, (Mapping, list, tuple)):
        items = template.items() if isinstance(template, Mapping) else enumerate(template)
        found = [filled(part, arrays, f"{path}.{key}" if path else str(key)) for key, part in items]
        return _with_parts(template, found)
    if template is None:
        return None
    value = arrays[path]
    if isinstance(template, np.ndarray):
        return value.copy()
    return value[()] if isinstance(template, np.generic) else value.item()


def misfits(expected: Mapping[str, Array], got: Mapping[str, Array]) -> list[str]:
    """Return a sentence for each way in which `got` is not as `expected`."""

    def fault(name: str) -> str | None:
        if _is_alike(got[name], expected[name]):
            return None
        return f"is of {got[name].dtype}, expected {expected[name].dtype}"

    shapes = {name: array.shape for name, array in expected.items()}
    return list(differences(shapes, got, fault, nowhere="nothing here"))


def _is_alike(got: Array, expected: Array) -> bool:
    """Return whether the dtypes fit; numbers without axes may be integers or floats."""
    if expected.ndim or expected.dtype.kind not in "iuf":
        return got.dtype == expected.dtype
    return got.dtype.kind in "iuf"
