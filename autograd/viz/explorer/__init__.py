"""A page in which a computation is looked at and stepped through, forward and back."""

import os
import secrets
import sys
from collections.abc import Callable
from html import escape
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from autograd.tape import Tape
from autograd.tensor import Tensor
from autograd.viz.explorer.data import page_data
from autograd.viz.explorer.demo import demonstration
from autograd.viz.explorer.file import html
from autograd.viz.explorer.program import Program, alone, recorded, run


class Exploration:
    """A page that shows a computation. In a notebook it shows itself; `explore` makes one.

    Attributes
    ----------
    path : Path or None
        The file that was written.
    html : str
        The whole page, which needs no other file and no network.
    """

    def __init__(self, page: str, path: Path | None, summary: str) -> None:
        self.html, self.path, self._summary = page, path, summary

    def __repr__(self) -> str:
        where = "" if self.path is None else f" in {self.path.name}"
        return f"<Exploration{where}: {self._summary}>"

    def _repr_html_(self) -> str:
        """Return the page in a frame of its own, for a notebook."""
        return (
            f'<iframe srcdoc="{escape(self.html)}" title="{escape(self._summary)}" '
            'style="width: 100%; height: 640px; border: 1px solid #d4d8de"></iframe>'
        )


def explore(
    y_or_f: Tensor | Tape | Callable[..., Any] | None = None,
    *args: Any,
    path: str | os.PathLike[str] | None = "explorer.html",
    code: bool = True,
    cotangent: Any = None,
    times: bool = True,
    title: str | None = None,
) -> Exploration:
    """Write a page in which a computation is looked at and stepped through, forward and back.

    The page is one file that needs no network: the graph, the lines of the program, what each
    operation computed and what it handed back; a slider goes through the steps. Without arguments
    it is the demonstration ``b = a + a; c = b + b``, on which an order that does not wait is wrong.

    Parameters
    ----------
    y_or_f : callable, Tape or Tensor
        A function is run on `args` and differentiated. A `Tape`, from `autograd.record`, is shown
        as it is. Of a Tensor alone there is the structure, and what is still held.
    *args : array_like or Tensor
        Numbers with a fraction and arrays of such are variables; anything else is handed on.
    path : path-like or None
        The file; None writes none.
    code : bool
        Whether the page holds lines of the program.
    cotangent : array_like, optional
        Where the walk back of a function begins, in the shape of what it returns: ones by default,
        so the gradient of the sum.
    times : bool
        Whether the page says how long operations took, which differs from run to run; without them
        the same program gives the same file.
    title : str, optional

    Returns
    -------
    Exploration

    Raises
    ------
    TypeError
        If `y_or_f` is none of these, or a function returns no Tensor.

    Examples
    --------
    >>> import numpy as np
    >>> from autograd import viz
    >>> viz.explore(lambda x, y: np.sin(x * y), 2.0, 3.0, path=None)
    <Exploration: 2 operations, 2 variables>
    """
    frame = sys._getframe(1)  # noqa: SLF001 - to call variables what the program calls them
    variables = {**frame.f_globals, **frame.f_locals}
    first = False
    if y_or_f is None:
        program, first = demonstration(), True
        title = title or "Why a node waits: b = a + a, c = b + b"
    elif isinstance(y_or_f, Tape):
        program = recorded(y_or_f, variables)
    elif isinstance(y_or_f, Tensor):
        program = alone(y_or_f, variables)
    elif callable(y_or_f):
        program = run(y_or_f, args, cotangent)
        title = title or getattr(y_or_f, "__name__", None)
    else:
        raise TypeError(
            f"explore shows a function, a Tape or a Tensor, got {type(y_or_f).__name__}; "
            "pass what was computed from Tensors, before .data or .item()"
        )
    data = page_data(program, code=code, times=times)
    data["start"] = "first" if first else "last"
    page = html(data, title if title and title != "<lambda>" else "Computation graph", _version())
    where = None if path is None else Path(path)
    if where is not None:
        _write(where, page)
    return Exploration(page, where, _summary(program))


def demo(path: str | os.PathLike[str] | None = "explorer.html") -> Exploration:
    """Write the demonstration: ``b = a + a; c = b + b``, in the right order and in a wrong one."""
    return explore(path=path)


explore.demo = demo  # type: ignore[attr-defined]


def _summary(program: Program) -> str:
    operations = sum(node.plan is not None for node in program.nodes)
    variables = len(program.nodes) - operations
    return (
        f"{operations:,} operation{'' if operations == 1 else 's'}, "
        f"{variables:,} variable{'' if variables == 1 else 's'}"
    )


def _version() -> str:
    try:
        return version("graphgrad")
    except PackageNotFoundError:  # from a checkout that is not installed
        return ""


def _write(path: Path, text: str) -> None:
    """Write a file whole or not at all: beside its place first, then into it."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        draft.write_text(text, encoding="utf-8", newline="")
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
