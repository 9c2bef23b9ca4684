"""Tensors that share memory, as NumPy's views do, and what a write to one does to the others.

A Tensor that NumPy computed as a view knows the Tensor that owns the memory, and how it was read
from it; the owner knows its views, weakly. After a write each view is read again, so that all show
what NumPy's would. Nothing else sees a write: an array that someone else holds, be it a node of the
graph or the user, is copied first.
"""

import sys
import weakref
from typing import Any

import numpy as np

from autograd.foreign import ALONE, references
from autograd.graph import Node
from autograd.tensor import Tensor, constant

Read = tuple[Any, tuple[Any, ...], dict[str, Any]]
"""How one array was read from another: a primitive, its other arguments, its keywords."""


def register(view: Tensor, of: Tensor, read: Read) -> None:
    """Note that `view` is a view of the memory of `of`."""
    owner, path = getattr(of, "_view", None) or (of, None)
    view._view = owner, (path, read)  # a linked list: a view of a view of ... costs no more
    views = getattr(owner, "_views", None)
    if views is None:
        views = owner._views = []
    elif len(views) & (len(views) - 1) == 0:  # at 1, 2, 4, 8 ..., so that the dead do not pile up
        views[:] = [reference for reference in views if reference() is not None]
    views.append(weakref.ref(view))


def is_view(array: Any, of: Any) -> bool:
    """Whether `array`, computed from `of`, is that array or shows its memory."""
    if type(array) is not np.ndarray:
        return False
    base = array.base
    return array is of or (base is not None and (base is of or base is of.base))


def owner_of(tensor: Tensor) -> tuple[Tensor, tuple[Read, ...]]:
    """Return the Tensor whose memory `tensor` shows, and how it is read, step by step.

    A view that alone has outlived its owner shows memory of its own.
    """
    link = getattr(tensor, "_view", None)
    if link is None:
        return tensor, ()
    owner, _ = link
    if sys.getrefcount(owner) == ALONE_AS_OWNER:
        tensor._view = None
        return tensor, ()
    return owner, path_to(tensor)


def path_to(view: Tensor) -> tuple[Read, ...]:
    """Return how `view` is read from its owner, step by step."""
    steps = []
    path = view._view[1]
    while path is not None:
        path, read = path
        steps.append(read)
    return tuple(reversed(steps))


def views_of(owner: Tensor) -> list[Tensor]:
    """Return the views of `owner` that are still in use."""
    references = getattr(owner, "_views", None) or ()
    return [view for reference in references if (view := reference()) is not None]


def is_read_by_name(value: Any, tensor: Tensor, read: Any, key: Any) -> bool:
    """Whether `value` is ``tensor[key]`` as Python makes it for ``tensor[key] += ...``."""
    link = getattr(value, "_view", None)
    if link is None:
        return False
    owner, (before, (function, arguments, _)) = link
    there, path = getattr(tensor, "_view", None) or (tensor, None)
    return owner is there and before is path and function is read and arguments[0] is key


def holds_alone(owner: Tensor, views: list[Tensor], known: int = 0) -> bool:
    """Whether nothing but `owner` and its `views` holds its array, so that it can be changed.

    The caller has as many references to it as are `known`.
    """
    value = owner._data
    if type(value) is not np.ndarray or value.base is not None or not value.flags.writeable:
        return False
    if any(view._data.base is not value or references(view) > ALONE for view in views):
        return False
    del value
    return references(owner) == ALONE + len(views) + known


def follow(array: Any, path: tuple[Read, ...]) -> Any:
    """Return what is read from `array`, an array or a Tensor, step by step."""
    for function, arguments, keywords in path:
        array = function(array, *arguments, **keywords)
    return array


def move(tensor: Tensor, value: Any, node: Node | None) -> None:
    """Make `tensor` show another value at another node."""
    if not hasattr(tensor, "_origin"):
        tensor._origin = tensor._node
    tensor._data, tensor._node = value, node


def _count_alone() -> int:
    """Return the references that Python counts where one view holds its owner."""
    view = constant(np.zeros(1))
    view._view = constant(np.zeros(1)), None
    owner, _ = view._view
    return sys.getrefcount(owner)


ALONE_AS_OWNER = _count_alone()
