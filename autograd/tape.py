"""The tape: every operation of a block of code, with its arguments and its line."""

import linecache
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Self

from autograd.graph import RECORDING, Node
from autograd.plan import Call

if TYPE_CHECKING:
    from types import FrameType

HERE = str(Path(__file__).parent)


class Line(NamedTuple):
    """A line of the program."""

    path: str
    number: int

    @property
    def source(self) -> str:
        """The line itself, where it can be read."""
        return linecache.getline(self.path, self.number).strip()

    def __str__(self) -> str:
        return f"{Path(self.path).name}:{self.number}"


class Operation(NamedTuple):
    """One operation: what was called, with what, from where, and what came out."""

    call: Call
    value: Any
    node: Node
    line: Line


class Tape:
    """A context in which every recorded operation is noted, in order.

    Examples
    --------
    >>> import numpy as np
    >>> import autograd as ag
    >>> x = ag.Tensor([1.0, 2.0])
    >>> with Tape() as tape:
    ...     y = np.sum(x * 2)
    >>> [operation.call.primitive.name for operation in tape.operations]
    ['multiply', 'sum']
    """

    def __init__(self) -> None:
        self.operations: list[Operation] = []

    def __enter__(self) -> Self:
        self._token = RECORDING.set(self)
        return self

    def __exit__(self, *_: object) -> None:
        RECORDING.reset(self._token)

    def note(self, call: Call, value: Any, node: Node) -> None:
        """Keep an operation that has just been recorded."""
        self.operations.append(Operation(call, value, node, line_of_the_caller()))


def line_of_the_caller() -> Line:
    """Return the line of the program that called into this package."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None and frame.f_code.co_filename.startswith(HERE):
        frame = frame.f_back
    if frame is None:
        return Line("?", 0)
    return Line(frame.f_code.co_filename, frame.f_lineno)
