"""Arguments and results that are containers: dicts, lists and tuples, nested, named tuples too."""

from collections.abc import Callable
from typing import Any


def flatten(tree: Any) -> tuple[list[Any], Callable[[list[Any]], Any]]:
    """Return the leaves of `tree` from left to right, and the function that puts others in their places.

    Examples
    --------
    >>> leaves, rebuild = flatten({"w": [1.0, 2.0], "b": 3.0})
    >>> leaves
    [1.0, 2.0, 3.0]
    >>> rebuild([10.0, 20.0, 30.0])
    {'w': [10.0, 20.0], 'b': 30.0}
    """
    if isinstance(tree, dict):
        children, make = (
            list(tree.values()),
            lambda items: type(tree)(zip(tree, items, strict=True)),
        )
    elif isinstance(tree, list | tuple):
        named = hasattr(tree, "_fields")
        children, make = (
            list(tree),
            lambda items: type(tree)(*items) if named else type(tree)(items),
        )
    else:
        return [tree], lambda leaves: leaves[0]
    flat = [flatten(child) for child in children]
    sizes = [len(leaves) for leaves, _ in flat]

    def rebuild(leaves: list[Any]) -> Any:
        rest = iter(leaves)
        return make(
            [
                again([next(rest) for _ in range(size)])
                for (_, again), size in zip(flat, sizes, strict=True)
            ]
        )

    return [leaf for leaves, _ in flat for leaf in leaves], rebuild


def map_leaves(function: Callable[[Any], Any], tree: Any) -> Any:
    """Return `tree` with `function` applied to each leaf.

    Examples
    --------
    >>> map_leaves(lambda leaf: 2 * leaf, {"w": (1, 2)})
    {'w': (2, 4)}
    """
    leaves, rebuild = flatten(tree)
    return rebuild([function(leaf) for leaf in leaves])
