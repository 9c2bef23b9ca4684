"""Where the first NaN or infinity comes from."""

from typing import Any

import numpy as np

from autograd.errors import NonFiniteError
from autograd.graph import Node
from autograd.plan import Call
from autograd.tape import Operation, Tape, brief
from autograd.zeros import is_finite

SHOWN = 3  # of the places where it is


class NonFiniteWatch(Tape):
    """A tape that stops at the first operation which makes something not finite."""

    def note(self, call: Call, value: Any, node: Node) -> None:
        """Keep an operation, and raise if its result is not finite though its arguments are."""
        super().note(call, value, node)
        outputs = value if isinstance(value, tuple) else (value,)
        bad = [output for output in outputs if output.dtype.kind in "fc" and not is_finite(output)]
        if bad and all(map(is_finite, _arrays(call))):
            operation = self.operations[-1]
            raise _error(
                operation,
                f"{_called(operation)} gave {_places(bad[0])}",
                [f"its arguments are finite: {_arguments(call, bad[0])}"],
            )

    def arrive(self, operation: Operation, g: Any) -> None:
        """Keep a cotangent, and raise if it is not finite though those that it is made of are."""
        super().arrive(operation, g)
        if not isinstance(g, tuple) and not is_finite(g):
            self._blame(operation.node, g)

    def reach(self, leaf: Node, g: Any) -> None:
        """Do so for a leaf."""
        super().reach(leaf, g)
        if not is_finite(g):
            self._blame(leaf, g)

    def _blame(self, node: Node, g: Any) -> None:
        """Raise an error about the operation whose rule made the cotangent `g` of `node`."""
        for operation in reversed(self.operations):
            made = zip(operation.node.parents, operation.contributions, strict=False)
            if any(p is node and c is not None and not is_finite(c) for p, c in made):
                raise _error(
                    operation,
                    f"the gradient of {_called(operation)} gave {_places(g)} for its argument "
                    f"{node.name or node.op or node.shape}",
                    [
                        f"at the point {_arguments(operation.call, g)}",
                        f"its cotangent is {brief(operation.cotangent)}",
                        f"the way to the loss: {self._way(operation)}",
                    ],
                )

    def _way(self, operation: Operation) -> str:
        """Return the operations from one to the last that the walk came from."""
        steps = [operation]
        for later in self.operations[operation.number :]:
            if later.cotangent is not None and steps[-1].node in later.node.parents:
                steps.append(later)
        return " -> ".join(f"{step.op} ({step.line})" for step in steps)


def detect_nan() -> NonFiniteWatch:
    """Return a context that raises where the first NaN or infinity is made, forward or backward.

    It looks for an operation whose result, or whose contribution to a gradient, is not finite
    though all that it is made of is. Each operation costs some microseconds more.

    Raises
    ------
    NonFiniteError
        Inside the block: with the operation, the line that called it, where the numbers are not
        finite, and the arguments there; of a gradient, the way to the loss, too.

    Examples
    --------
    >>> import numpy as np
    >>> import autograd as ag
    >>> x = ag.Tensor([1.0, -1.0])
    >>> with np.errstate(invalid="ignore"), ag.detect_nan():
    ...     y = np.sum(np.log(x))  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ...
    autograd.errors.NonFiniteError: log((2,)) -> (2,) at ...
      gave nan at (1,)
    its arguments are finite: x = -1 there
    """
    return NonFiniteWatch()


def _arrays(call: Call) -> list[Any]:
    """Return the arguments that are arrays or numbers, those in lists too."""
    items = [
        item
        for value in call.bound.values()
        for item in (value if isinstance(value, list | tuple) else [value])
    ]
    arrays = [np.asarray(i) for i in items if isinstance(i, np.ndarray | np.inexact | float)]
    return [array for array in arrays if array.dtype.kind in "fc"]


def _called(operation: Operation) -> str:
    """Return an operation with its shapes and its line."""
    shapes = ", ".join(str(array.shape) for array in _arrays(operation.call))
    value = operation.value
    shape = "several" if isinstance(value, tuple) else value.shape
    return f"{operation.op}({shapes}) -> {shape} at {operation.line}: {operation.line.source}\n "


def _places(array: Any) -> str:
    """Return where an array is not finite."""
    array = np.asarray(getattr(array, "_data", array))
    places = np.argwhere(~np.isfinite(array))
    first = [tuple(map(int, place)) for place in places[:SHOWN]]
    where = f" at {', '.join(map(str, first))}" if array.ndim else ""
    more = f" and {len(places) - SHOWN} more places" if len(places) > SHOWN else ""
    return f"{array[tuple(places[0])]}{where}{more}"


def _arguments(call: Call, bad: Any) -> str:
    """Return what the arguments are where `bad` is not finite, or what they are like."""
    bad = np.asarray(getattr(bad, "_data", bad))
    place = tuple(np.argwhere(~np.isfinite(bad))[0])
    told = []
    for name, value in call.bound.items():
        if isinstance(value, np.ndarray | np.inexact | float | int) and name != "call":
            array = np.asarray(value)
            fits = array.shape == bad.shape and bool(array.ndim)
            told.append(
                f"{name} = {array[place]:.4g} there" if fits else f"{name} = {brief(array)}"
            )
    return ", ".join(told)


def _error(operation: Operation, what: str, details: list[str]) -> NonFiniteError:
    """Return the error about an operation."""
    error = NonFiniteError("\n".join([what, *details]))
    error.operation, error.line = operation.op, str(operation.line)
    return error
