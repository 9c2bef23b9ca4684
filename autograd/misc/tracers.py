"""HIPS autograd's tools on traces."""

import functools
from collections.abc import Callable
from typing import Any

from autograd.compat.tracing import Node, trace

__all__ = ["FullGraphNode", "const_graph", "full_graph"]

Function = Callable[..., Any]


def const_graph(fun: Function, *args: Any, **kwargs: Any) -> Function:
    """Return `fun` with its last arguments filled in.

    HIPS autograd replays the operations of the first call, whatever Python would do in another;
    here the function is called each time, which gives the same wherever that is right.

    Examples
    --------
    >>> const_graph(lambda x, scale: x * scale, 3.0)(2.0)
    6.0
    """

    @functools.wraps(fun)
    def again(*first: Any) -> Any:
        return fun(*first, *args, **kwargs)

    return again


class FullGraphNode(Node):
    """A node with the value, and with the operation that made it: ``(fun, args, kwargs, places)``.

    `parents` are the nodes of the arguments at those places.
    """


def full_graph(fun: Function, *args: Any, **kwargs: Any) -> Any:
    """Return the node of what `fun` returns, which leads to all operations before it.

    Examples
    --------
    >>> import autograd.numpy as np
    >>> node = full_graph(lambda x: np.sin(x) * 2, 0.0)
    >>> [node.recipe[0].name, node.parents[0].recipe[0].name]
    ['multiply', 'sin']
    """
    root = FullGraphNode.new_root()
    root.recipe = None
    return trace(root, lambda values: fun(*values, **kwargs), list(args))[1]
