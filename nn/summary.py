"""A table of a model: layers, shapes, parameters, memory, time."""

import contextlib
import copy
import html
from collections.abc import Callable, Iterator
from time import perf_counter
from typing import Any, NamedTuple

import autograd as ag
from nn.module import Module


class Row(NamedTuple):
    """What `summary` tells of one Module; a Module's figures include those of its parts.

    A Module that was called several times has the shape of the last call, and the sums of memory
    and time; one that was not called has None, 0 and 0.
    """

    path: str
    type: str
    shape: Any  # of the output, or of each of several
    trainable: int  # parameters that require a gradient
    frozen: int
    saved: int  # bytes
    seconds: float


class Summary:
    """What `summary` returns: `print` shows it as a table, a notebook as one too.

    Attributes
    ----------
    rows : list of Row
        First the model, then its parts in the order of their paths.
    buffers : int
        Numbers in the arrays that belong to the state but are not trained.
    """

    header = ("layer", "type", "output", "trainable", "frozen", "kept for backward", "time")

    def __init__(self, rows: list[Row], buffers: int) -> None:
        self.rows, self.buffers = rows, buffers

    def _cells(self) -> list[tuple[str, ...]]:
        """Return the texts of the table."""
        return [
            (
                row.path or "(model)",
                row.type,
                "" if row.shape is None else str(row.shape),
                f"{row.trainable:,}",
                f"{row.frozen:,}",
                _bytes(row.saved),
                f"{row.seconds * 1e3:.2f} ms",
            )
            for row in self.rows
        ]

    def __str__(self) -> str:
        lines = [self.header, *self._cells()]
        widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
        table = [
            "  ".join(
                text.ljust(width) if place < 3 else text.rjust(width)
                for place, (text, width) in enumerate(zip(line, widths, strict=True))
            ).rstrip()
            for line in lines
        ]
        table.insert(1, "-" * max(map(len, table)))
        return "\n".join(table)

    __repr__ = __str__

    def _repr_html_(self) -> str:
        """Return the table for a notebook."""
        head = "".join(f"<th>{text}</th>" for text in self.header)
        body = "".join(
            "<tr>" + "".join(f"<td>{html.escape(text)}</td>" for text in line) + "</tr>"
            for line in self._cells()
        )
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


class _Measured:
    """What was seen of one Module: the shape of its output, bytes, seconds."""

    def __init__(self) -> None:
        self.shape: Any = None
        self.saved, self.seconds = 0, 0.0


def summary(model: Module, *args: Any, **kwargs: Any) -> Summary:
    """Return a table of the parts of `model`: what they make of an input, and what they cost.

    A copy of the model is run, in the mode that the model is in, so that nothing about it changes:
    once to see shapes and what is kept for a backward pass, once more for the time.

    Parameters
    ----------
    model : Module
    *args, **kwargs
        What it is called with, such as a batch.

    Returns
    -------
    Summary

    Raises
    ------
    TypeError
        If `model` is no Module.

    Examples
    --------
    >>> import numpy as np
    >>> from nn import MLP
    >>> table = summary(MLP([64, 32, 10]).train(), np.ones((8, 64)))
    >>> [(row.path, row.type, row.shape, row.trainable) for row in table.rows]
    [('', 'MLP', (8, 10), 2410), ('0', 'Linear', (8, 32), 2080), ('2', 'Linear', (8, 10), 330)]
    >>> table.rows[0].saved  # the input, its relu, and the second weight
    8704
    """
    if not isinstance(model, Module):
        raise TypeError(f"summary takes a Module, got {type(model).__name__}")
    twin = copy.deepcopy(model)
    parts = list(twin.named_modules())
    seen = {id(part): _Measured() for _, part in parts}
    with ag.record() as tape, _watched(twin, seen, tape):
        twin(*args, **kwargs)
    with _watched(twin, seen, None):
        twin(*args, **kwargs)
    rows = []
    for path, part in parts:
        counts = {True: 0, False: 0}
        for parameter in part.parameters():
            counts[parameter.requires_grad] += parameter.size
        of = seen[id(part)]
        shown = (path, type(part).__name__, of.shape, counts[True], counts[False])
        rows.append(Row(*shown, of.saved, of.seconds))
    return Summary(rows, sum(buffer.size for buffer in model.buffers()))


@contextlib.contextmanager
def _watched(model: Module, seen: dict[int, _Measured], tape: Any) -> Iterator[None]:
    """Have all parts of `model` watched as they run: memory with a tape, else time."""

    def watch(run: Callable[..., Any], of: _Measured) -> Callable[..., Any]:
        def forward(*args: Any, **kwargs: Any) -> Any:
            since = len(tape.operations) if tape else perf_counter()
            out = run(*args, **kwargs)
            if tape:
                of.saved += sum(operation.saved for operation in tape.operations[since:])
                of.shape = _shape(out)
            else:
                of.seconds += perf_counter() - since
            return out

        return forward

    modules = list(model.modules())
    for module in modules:
        vars(module)["forward"] = watch(module.forward, seen[id(module)])
    try:
        yield
    finally:
        for module in modules:
            del vars(module)["forward"]


def _shape(out: Any) -> Any:
    """Return the shape of an array, or of each of several."""
    if isinstance(out, (tuple, list)):
        return tuple(_shape(one) for one in out)
    return getattr(out, "shape", None)


def _bytes(count: int) -> str:
    """Return a number of bytes in a unit that is easy to read."""
    if count < 1000:
        return f"{count} B"
    return f"{count / 1e3:.1f} kB" if count < 1e6 else f"{count / 1e6:.1f} MB"
