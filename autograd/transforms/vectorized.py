"""Many examples in one run: a function of one, on arrays that hold all of them."""

from collections.abc import Callable
from typing import Any

import numpy as np

from autograd.batching import Batched, Level
from autograd.errors import ShapeError
from autograd.ops.batches import batch, unbatch
from autograd.tensor import Tensor, constant
from autograd.transforms.running import name_of
from autograd.tree import flatten, parts


def vmap(function: Callable[..., Any], in_axes: Any = 0, out_axes: Any = 0) -> Callable[..., Any]:
    """Return the function that computes `function` for many examples at once.

    It runs `function` once, on values that look like those of one example. NumPy's functions
    compute for all of them; a function that does not know batches is called for each.

    Parameters
    ----------
    function : callable
        Of one example, to an array or a container of them.
    in_axes : int, None, or tuple of them
        Which axis of each argument holds the examples; None where all share it. For an argument
        that is a container, the same of each part, or a container of that form.
    out_axes : int, or container of them
        Where the examples are in what is returned.

    Returns
    -------
    callable
        Keyword arguments hold the examples on their first axis.

    Raises
    ------
    ShapeError
        When called, if there is no such axis, or arguments differ in the number of examples.
    BatchError
        When called, if Python has to decide by a value, as in ``if x > 0``: write `np.where`.

    Examples
    --------
    The gradient of each of three losses:

    >>> import numpy as np
    >>> from autograd import grad, vmap
    >>> loss = lambda w, x, y: (w @ x - y) ** 2
    >>> X, y = np.eye(3, 2), np.array([1.0, 0.0, 0.0])
    >>> vmap(grad(loss), in_axes=(None, 0, 0))(np.array([1.0, 1.0]), X, y)
    array([[0., 0.],
           [0., 2.],
           [0., 0.]])
    """

    def vmapped(*args: Any, **kwargs: Any) -> Any:
        leaves, rebuild = flatten((args, kwargs))
        axes = [*_axes_of(args, in_axes, function), *[0] * len(flatten(kwargs)[0])]
        level = Level(_number_of_examples(function, leaves, axes))
        try:
            inside = [
                leaf if axis is None else _in_batch(leaf, level, axis)
                for leaf, axis in zip(leaves, axes, strict=True)
            ]
            given, named = rebuild(inside)
            value = function(*given, **named)
        finally:
            level.active = False
        results, remake = flatten(value)
        places = _axes(value, out_axes)
        return remake([_out_of_batch(y, level, a) for y, a in zip(results, places, strict=True)])

    vmapped.__name__ = vmapped.__qualname__ = f"vmap_of_{name_of(function)}"
    vmapped.__doc__ = f"Return {name_of(function)} of many examples.\n\n{function.__doc__ or ''}"
    return vmapped


def _in_batch(leaf: Any, level: Level, axis: int) -> Tensor:
    """Return an argument as a Tensor of one example."""
    found = batch(leaf, level, axis)
    return found if isinstance(found, Tensor) else constant(found)


def _out_of_batch(result: Any, level: Level, axis: int) -> Any:
    """Return a result with the examples along an axis."""
    if not isinstance(result, Tensor | Batched | np.ndarray | np.generic | float | int | complex):
        return result
    found = unbatch(result, level, axis)
    if isinstance(found, Tensor) and found._node is None and type(found._data) is not Batched:
        return found._data
    return found


def _axes(tree: Any, axes: Any) -> list[Any]:
    """Return an axis for each leaf of `tree`."""
    held = parts(tree)
    if held is None:
        return [axes]
    if axes is None or isinstance(axes, int):
        return [axes] * len(flatten(tree)[0])
    if isinstance(tree, dict):
        pairs = [(child, axes[key]) for key, child in tree.items()]
    else:
        given = parts(axes)
        if given is None or len(given[0]) != len(held[0]):
            raise ShapeError(
                f"axes are an int, None, or have the form of what they are for: got {axes!r} for a "
                f"{type(tree).__name__} of {len(held[0])}"
            )
        pairs = list(zip(held[0], given[0], strict=True))
    return [axis for child, its in pairs for axis in _axes(child, its)]


def _axes_of(args: tuple[Any, ...], in_axes: Any, function: Callable[..., Any]) -> list[Any]:
    """Return an axis for each leaf of the arguments."""
    if isinstance(in_axes, list | tuple) and len(in_axes) != len(args):
        raise ShapeError(
            f"vmap of {name_of(function)} has in_axes for {len(in_axes)} arguments, "
            f"{in_axes!r}, and was called with {len(args)}"
        )
    return _axes(args, tuple(in_axes) if isinstance(in_axes, list) else in_axes)


def _number_of_examples(function: Callable[..., Any], leaves: list[Any], axes: list[Any]) -> int:
    """Return how many examples there are; raise where arguments do not agree."""
    counts = {}
    for leaf, axis in zip(leaves, axes, strict=True):
        if axis is not None:
            shape = np.shape(leaf)
            if not -len(shape) <= axis < len(shape):
                raise ShapeError(
                    f"vmap of {name_of(function)} takes examples along axis {axis} of an argument "
                    f"of shape {tuple(shape)}, which has no such axis; give in_axes=None for what "
                    f"all examples share"
                )
            counts[shape[axis]] = tuple(shape), axis
    if len(counts) != 1:
        found = ", ".join(f"{n} along axis {a} of {s}" for n, (s, a) in counts.items())
        raise ShapeError(
            f"vmap of {name_of(function)} needs the same number of examples in each argument, "
            f"got {found or 'none: all in_axes are None'}"
        )
    (count,) = counts
    if not count:
        raise ShapeError(f"vmap of {name_of(function)} got no examples: an axis of size 0")
    return int(count)
