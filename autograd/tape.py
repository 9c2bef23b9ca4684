"""The tape: every operation of a block of code, with its arguments, its line, and its gradient."""

import contextlib
import functools
import linecache
import sys
import weakref
from contextvars import ContextVar
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any, NamedTuple, Self

import numpy as np

from autograd.batching import is_batched
from autograd.graph import RECORDING, Node
from autograd.plan import Call
from autograd.tensor import Tensor

if TYPE_CHECKING:
    from types import FrameType

PACKAGES = tuple(f"{Path(__file__).parents[1] / name}/" for name in ("autograd", "nn"))
"""Where lines are this project's, not the program's."""
PASSED_OVER = (*PACKAGES, contextlib.__file__)

FEW = 4
"""So many numbers of an array a table has room for."""
SCOPE: ContextVar[str] = ContextVar("scope", default="")


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


class Operation:
    """One operation: what was called, with what, from where, and what came out.

    Attributes
    ----------
    number : int
        Its place in the tape, from 1.
    call : Call
        The primitive and its arguments.
    value : array or tuple of arrays
    node : Node
    line : Line
        Of the program, which called into this package or into `nn`.
    scope : str
        Names of the `nn.Module` and of each `scope` it was in, with dots between.
    seconds : float
        From the operation before, or the beginning, until it was done.
    saved : int
        Bytes of the arrays that it keeps for the way back, and no operation before it does.
    cotangent : array or None
        The gradient of the last walk in its value, once there was one.
    back_seconds : float
        Its part of that walk.
    """

    __slots__ = (
        "__weakref__", "back_seconds", "call", "cotangent", "kept", "line", "node", "number",
        "saved", "scope", "seconds", "value",
    )  # fmt: skip

    def __init__(self, number: int, call: Call, value: Any, node: Node, line: Line) -> None:
        self.number, self.call, self.value, self.node, self.line = number, call, value, node, line
        self.scope = SCOPE.get()
        self.seconds = self.back_seconds = 0.0
        self.saved = 0
        self.cotangent: Any = None
        self.kept: Any = None

    @property
    def op(self) -> str:
        """Name of the operation."""
        return self.call.primitive.name

    @property
    def contributions(self) -> tuple[Any, ...]:
        """What the last walk added to the cotangent of each parent."""
        if self.cotangent is None:
            return ()
        with np.errstate(all="ignore"):
            found: tuple[Any, ...] = self.node.plan.pull(self.cotangent, self.kept)
        return tuple(found)


class Tape:
    """A context in which every recorded operation is noted, in order; `record` opens one.

    Attributes
    ----------
    operations : list of Operation
    leaves : dict from Node to array or None
        The variables that they read, with what a walk inside the block found for each.
    unrecorded : list of (str, Node, Line)
        What read a Tensor without being recorded, such as ``.data`` and ``np.argmax``.

    Examples
    --------
    >>> import numpy as np
    >>> import autograd as ag
    >>> x = ag.Tensor([1.0, 2.0], name="x")
    >>> with Tape() as tape:
    ...     y = np.sum(x * 2)
    >>> y.backward()
    >>> print(tape)
    #  operation  operands  shape  value     gradient
    1  multiply   x, 2      (2,)   [2., 4.]  [1., 1.]
    2  sum        #1        ()     6         1
    """

    def __init__(self) -> None:
        self.operations: list[Operation] = []
        self.leaves: dict[Node, Any] = {}
        self.unrecorded: list[tuple[str, Node | None, Line]] = []
        self._hooks: list[tuple[Node, Any]] = []  # on leaves, which outlive the block
        self._saved: set[int] = set()
        self._reference = weakref.ref(self)
        self._turn: tuple[Operation, float] | None = None

    def __enter__(self) -> Self:
        self._token = RECORDING.set(self)
        self._clock = perf_counter()
        return self

    def __exit__(self, *_: object) -> None:
        RECORDING.reset(self._token)
        for node, hook in self._hooks:
            node.more().hooks = [h for h in node.more().hooks or () if h is not hook] or None
        self._hooks = []

    def note(self, call: Call, value: Any, node: Node) -> None:
        """Keep an operation that has just been recorded."""
        now = perf_counter()
        operation = Operation(len(self.operations) + 1, call, value, node, line_of_the_caller())
        operation.seconds = now - self._clock
        operation.saved = self._newly_saved(node)
        self.operations.append(operation)
        self._listen(operation)
        self._clock = perf_counter()

    @staticmethod
    def line() -> Line:
        """Return the line of the program that called into this project."""
        return line_of_the_caller()

    def event(self, what: str, *tensors: Any) -> None:
        """Keep that something has read Tensors without being recorded."""
        line = line_of_the_caller()
        self.unrecorded += [(what, t._node, line) for t in tensors if isinstance(t, Tensor)]

    def _newly_saved(self, node: Node) -> int:
        """Return the bytes that a node keeps and none before it does."""
        sizes = {id(x): getattr(x, "nbytes", 0) for x in node.kept or () if not np.isscalar(x)}
        new = sizes.keys() - self._saved
        self._saved |= new
        return sum(sizes[key] for key in new)

    def _listen(self, operation: Operation) -> None:
        """Have walks tell the cotangents of an operation, and of the leaves that it reads."""
        node = operation.node
        noted, to = weakref.ref(operation), self._reference  # who hold the node: no cycle

        def arrived(g: Any) -> None:
            found, tape = noted(), to()
            if found is not None and tape is not None:
                tape.arrive(found, g)

        extra = node.more()
        extra.hooks = [*(extra.hooks or ()), arrived]
        for leaf in node.parents:
            if leaf.plan is None and leaf not in self.leaves:
                self.leaves[leaf] = None

                def reached(g: Any, leaf: Node = leaf) -> None:
                    self.reach(leaf, g)

                extra = leaf.more()
                extra.hooks = [*(extra.hooks or ()), reached]
                self._hooks.append((leaf, reached))

    def arrive(self, operation: Operation, g: Any) -> None:
        """Keep the cotangent with which a walk has come to an operation."""
        self.pass_turn(operation)
        operation.cotangent, operation.kept = getattr(g, "_data", g), operation.node.kept

    def reach(self, leaf: Node, g: Any) -> None:
        """Keep the cotangent of a leaf."""
        self.pass_turn(None)
        self.leaves[leaf] = getattr(g, "_data", g)

    def pass_turn(self, operation: Operation | None) -> None:
        """Take the time of the operation that a walk has left."""
        now = perf_counter()
        if self._turn is not None:
            before, since = self._turn
            before.back_seconds += now - since
        self._turn = None if operation is None else (operation, perf_counter())

    # What it tells.

    @property
    def numbers(self) -> dict[Node, int]:
        """The place of each operation, by its node."""
        return {operation.node: operation.number for operation in self.operations}

    def __str__(self) -> str:
        numbers = self.numbers
        rows = [["#", "operation", "operands", "shape", "value", "gradient"]]
        rows += [_row(operation, numbers) for operation in self.operations]
        if any(operation.scope for operation in self.operations):
            scopes = ["scope", *(operation.scope for operation in self.operations)]
            rows = [[*row, scope] for row, scope in zip(rows, scopes, strict=True)]
        return table(rows)

    def profile(self) -> "Profile":
        """Return calls, times and saved bytes of each line of the program."""
        return Profile(self.operations)


def record() -> Tape:
    """Return a context in which every operation is noted: a `Tape`.

    The tape has, for each operation, its value, the line of the program that called it, the
    `scope` and `nn.Module` it was in, its time, the bytes that it saved, and after a walk back its
    gradient. `print` shows it as a table; `autograd.viz` draws it.

    Examples
    --------
    >>> import numpy as np
    >>> import autograd as ag
    >>> x = ag.Tensor([1.0, 2.0], name="x")
    >>> with ag.record() as tape:
    ...     np.sum(x * x).backward()
    >>> [(operation.op, operation.cotangent.tolist()) for operation in tape.operations]
    [('multiply', [1.0, 1.0]), ('sum', 1.0)]
    """
    return Tape()


class scope:  # noqa: N801 - it is called like a function
    """A context whose name the operations inside it have in a `record`.

    Examples
    --------
    >>> import autograd as ag
    >>> with ag.record() as tape, ag.scope("encoder"), ag.scope("first"):
    ...     y = ag.Tensor(2.0) * 3.0
    >>> tape.operations[0].scope
    'encoder.first'
    """

    __slots__ = ("name", "token")

    def __init__(self, name: str) -> None:
        self.name = name

    def __enter__(self) -> None:
        outer = SCOPE.get()
        self.token = SCOPE.set(f"{outer}.{self.name}" if outer else self.name)

    def __exit__(self, *_: object) -> None:
        SCOPE.reset(self.token)


def is_taped() -> bool:
    """Whether a `record` is open, so that `scope` has a meaning."""
    return isinstance(RECORDING.get(), Tape)


class LineProfile(NamedTuple):
    """What the operations of one line have cost: calls, seconds each way, bytes saved."""

    line: Line
    calls: int
    forward: float
    backward: float
    saved: int


class Profile:
    """What each line of the program has cost, the dearest first; `print` shows it as a table.

    Attributes
    ----------
    lines : list of LineProfile
    saved : int
        Bytes that the graph had saved at most, which is at the end of the forward run.
    """

    def __init__(self, operations: list[Operation]) -> None:
        by_line: dict[Line, list[Operation]] = {}
        for operation in operations:
            by_line.setdefault(operation.line, []).append(operation)
        self.lines = [
            LineProfile(
                line,
                len(of_line),
                sum(operation.seconds for operation in of_line),
                sum(operation.back_seconds for operation in of_line),
                sum(operation.saved for operation in of_line),
            )
            for line, of_line in by_line.items()
        ]
        self.lines.sort(key=lambda one: -(one.forward + one.backward))
        self.saved = sum(one.saved for one in self.lines)

    def __str__(self) -> str:
        rows = [["line", "calls", "forward ms", "backward ms", "saved kB", "code"]]
        rows += [
            [
                str(one.line),
                str(one.calls),
                f"{one.forward * 1e3:.3f}",
                f"{one.backward * 1e3:.3f}",
                f"{one.saved / 1e3:.1f}",
                one.line.source,
            ]
            for one in self.lines
        ]
        return table(rows)


def operands_of(operation: Operation) -> list[Any]:
    """Return the operands of an operation in order: nodes, and the values of constants."""
    call, parents = operation.call, iter(operation.node.parents)
    found: list[Any] = []
    for name, value in call.bound.items():
        if name in call.arguments and call.primitive.sequence:
            places = call.bound.get("positions", range(len(value)))
            found += [next(parents) if i in places else item for i, item in enumerate(value)]
        elif name in call.arguments:
            found.append(next(parents))
        elif name in call.primitive.rules:
            found.append(value)
    return found


def _row(operation: Operation, numbers: dict[Node, int]) -> list[str]:
    """Return the row of an operation in the table of a tape."""
    several = isinstance(operation.value, tuple)
    shape = "several" if several else str(operation.value.shape)
    gradient = "" if operation.cotangent is None or several else brief(operation.cotangent)
    operands = ", ".join(_operand(operand, numbers) for operand in operands_of(operation))
    value = "" if several else brief(operation.value)
    return [str(operation.number), operation.op, operands, shape, value, gradient]


def _operand(operand: Any, numbers: dict[Node, int]) -> str:
    """Return what a table calls an operand: ``#3`` for the third operation, a leaf by its name."""
    if not isinstance(operand, Node):
        return brief(operand)
    while operand not in numbers and operand.plan is not None and len(operand.parents) == 1:
        (operand,) = operand.parents  # one output of several
    if operand in numbers:
        return f"#{numbers[operand]}"
    return operand.name or f"leaf {operand.shape}"


def brief(value: Any) -> str:
    """Return a number, a few numbers, or what an array is like."""
    if is_batched(value):
        return repr(value)
    array = np.asarray(value)
    if array.dtype.kind not in "fcbiu":
        return type(value).__name__
    if not array.ndim:
        return f"{array.item():.4g}"
    if array.size <= FEW:
        return np.array2string(array, precision=4, separator=", ").replace("\n", "")
    with np.errstate(all="ignore"):
        return f"norm {np.linalg.norm(array.ravel()):.4g}"


def table(rows: list[list[str]]) -> str:
    """Return rows of text in columns of one width, without spaces at the ends of lines."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ("  ".join(map(str.ljust, row, widths)).rstrip() for row in rows)
    return "\n".join(lines)


@functools.cache
def _is_passed_over(path: str) -> bool:
    """Whether a file is this project's."""
    return path.startswith(PASSED_OVER)


def line_of_the_caller() -> Line:
    """Return the line of the program that called into this project."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None and _is_passed_over(frame.f_code.co_filename):
        frame = frame.f_back
    if frame is None:
        return Line("?", 0)
    return Line(frame.f_code.co_filename, frame.f_lineno)
