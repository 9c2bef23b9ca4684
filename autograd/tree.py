"""Containers as arguments and results: dicts, lists, (named) tuples, dataclasses, nested."""

import copy
from collections.abc import Callable
from typing import Any


def flatten(tree: Any) -> tuple[list[Any], Callable[[list[Any]], Any]]:
    """Return the leaves of `tree`, and the function that puts others in their places.

    Examples
    --------
    >>> leaves, rebuild = flatten({"w": [1.0, 2.0], "b": 3.0})
    >>> leaves
    [1.0, 2.0, 3.0]
    >>> rebuild([10.0, 20.0, 30.0])
    {'w': [10.0, 20.0], 'b': 30.0}
    """
    held = parts(tree)
    if held is None:
        return [tree], lambda leaves: leaves[0]
    children, make = held
    flat = [flatten(child) for child in children]

    def rebuild(leaves: list[Any]) -> Any:
        rest = iter(leaves)
        return make([again([next(rest) for _ in known]) for known, again in flat])

    return [leaf for leaves, _ in flat for leaf in leaves], rebuild


def parts(tree: Any) -> tuple[list[Any], Callable[[list[Any]], Any]] | None:
    """Return what a container holds and how to make another; None for what is no container."""
    kind = type(tree)
    if not isinstance(tree, CONTAINERS):
        if isinstance(tree, type) or not hasattr(kind, "__dataclass_fields__"):
            return None
        import dataclasses  # which costs a tenth of the whole import

        names = [field.name for field in dataclasses.fields(tree) if field.init]
        fields = [getattr(tree, name) for name in names]
        return fields, lambda items: dataclasses.replace(
            tree, **dict(zip(names, items, strict=True))
        )
    if isinstance(tree, dict):
        return list(tree.values()), lambda items: _refilled(tree, items)
    if isinstance(tree, tuple) and hasattr(tree, "_fields"):
        return list(tree), lambda items: kind(*items)
    return list(tree), kind


CONTAINERS = (dict, list, tuple)


def _refilled(tree: dict[Any, Any], items: list[Any]) -> dict[Any, Any]:
    """Return a dictionary of the same kind with other values."""
    again = copy.copy(tree)
    again.update(zip(tree, items, strict=True))
    return again


def map_leaves(function: Callable[[Any], Any], tree: Any) -> Any:
    """Return `tree` with `function` applied to each leaf.

    Examples
    --------
    >>> map_leaves(lambda leaf: 2 * leaf, {"w": (1, 2)})
    {'w': (2, 4)}
    """
    leaves, rebuild = flatten(tree)
    return rebuild([function(leaf) for leaf in leaves])
