"""From what a program has, a Tensor, a tape, or a function, to its picture."""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Literal

import numpy as np

from autograd import graph as walks
from autograd.tape import Tape
from autograd.tensor import Tensor
from autograd.tree import flatten
from autograd.viz.collapse import Limits, fitted
from autograd.viz.dot import Look
from autograd.viz.highlight import between, formula
from autograd.viz.palette import DARK, LIGHT
from autograd.viz.picture import Picture
from autograd.viz.reading import structure_and_numbers
from autograd.viz.scales import COLOR_BY, ColorBy
from autograd.viz.structure import Structure

Directions = Literal["right", "down"]
Styles = Literal["boxes", "teaching"]


def graph(
    y: Tensor | Tape | Callable[..., Any],
    *args: Any,
    style: Styles = "boxes",
    highlight: Tensor | str | None = None,
    color_by: ColorBy | None = None,
    names: Mapping[str, Any] | None = None,
    max_nodes: int = 400,
    depth: int | None = None,
    roll: bool | None = None,
    focus: Tensor | str | None = None,
    radius: int | None = None,
    direction: Directions = "right",
    dark: bool | None = None,
) -> Picture:
    """Return a picture of a computation, before or after `backward`.

    Each box is a value: its name and operation, its shape (of a few numbers that are still held,
    these), its gradient (of an array, the norm). What is shown is copied at once. Of a computation
    inside ``ag.record()``, every value and gradient is known, and the line of the program, which a
    box tells when it is pointed at.

    Parameters
    ----------
    y : Tensor, Tape or callable
        What was computed; or all that ``ag.record()`` has noted; or a function, which is recorded
        while it runs on `args`, then differentiated.
    *args
        Arguments of the function; those of real or complex numbers are its variables.
    style : {"boxes", "teaching"}
        For teaching, values are boxes and operations circles; blue arrows lead forward, red ones
        backward, with the local derivative and what it adds to the gradient.
    highlight : Tensor or str, optional
        An input, or its name: every way from it to the output is emphasised, the rest is dimmed,
        and the chain rule is written above.
    color_by : {"gradient", "time", "bytes", "nan"}, optional
        Fill boxes by the norm of the gradient, the time, the bytes kept for the way back, or by
        what is not finite. Time and bytes need a recording.
    names : dict from str to Tensor or array, optional
        Names of values that have none; ``locals()`` will do. Without it, results have the names
        that the lines of a recording assign, where there is no doubt.
    max_nodes : int
        A graph with more is made smaller, in this order, until it has no more: scopes (of
        ``ag.scope`` and of modules) are closed, the deepest first; of repeated blocks one is drawn;
        chains of elementwise operations become one box; what is farthest from the focus is hidden.
        The caption says what was done.
    depth : int, optional
        Scopes deeper than this are closed in any case; 0 closes all.
    roll : bool, optional
        Draw one of repeated blocks: always, never, or, by default, where it is needed.
    focus : Tensor or str, optional
        What stays if something must be hidden; by default the output.
    radius : int, optional
        Hide what is farther from the focus than so many arrows.
    direction : {"right", "down"}
        Where the arrows forward lead.
    dark : bool, optional
        Dark colours or light ones; by default an SVG follows its reader's choice.

    Raises
    ------
    TypeError
        If `y` is none of these, or the function returns no Tensor.
    ValueError
        If an option is none of those named, or a name is not in the graph.

    Examples
    --------
    >>> import autograd as ag
    >>> from autograd import viz
    >>> a, b = ag.Tensor(2.0, name="a"), ag.Tensor(3.0, name="b")
    >>> viz.graph(a * b)
    <Picture of a graph: 3 nodes, float64>
    >>> viz.graph(lambda x, y: x * y + x, 2.0, 3.0, style="teaching")
    <Picture of a graph: 4 nodes, float64>
    """
    _check(y, args, max_nodes)
    _check_option("style", style, ("boxes", "teaching"))
    _check_option("color_by", color_by, (None, *COLOR_BY))
    _check_option("direction", direction, ("right", "down"))
    tape = None
    if not isinstance(y, Tensor | Tape):
        names = {**_closure(y), **(names or {})}
        y, tape = _differentiated(y, args)
    whole, numbers = structure_and_numbers(
        y, tape=tape, names=names, derivatives=style == "teaching"
    )
    marked = _number(highlight, whole, numbers)
    centre = _number(focus, whole, numbers)
    limits = Limits(
        max_nodes,
        depth,
        roll,
        () if centre is None else (centre,),
        radius,
        frozenset(n for n in (marked, centre) if n is not None),
    )
    structure = fitted(whole, limits)
    path = frozenset[int]() if marked is None else between(structure, {marked})
    told = "" if marked is None or marked not in path else formula(structure, path, marked)
    if marked is not None and not told:
        note = "what is highlighted is inside a box, or the output does not depend on it"
        structure = replace(structure, notes=(*structure.notes, note))
    look = Look(DARK if dark else LIGHT, color_by, path, told, direction)
    return Picture(structure, look, style=style, follows=dark is None)


def _check(y: Any, args: tuple[Any, ...], most: int) -> None:
    """Raise if something cannot be drawn."""
    if not (isinstance(y, Tensor | Tape) or callable(y)):
        raise TypeError(
            f"graph draws a Tensor, got {type(y).__name__}; "
            "pass what was computed from Tensors, before .data or .item(), "
            "or the tape of ag.record(), or a function and its arguments"
        )
    if args and isinstance(y, Tensor | Tape):
        raise TypeError(f"arguments are those of a function, and {type(y).__name__} is none")
    if most < 1:
        raise ValueError(f"max_nodes must be at least 1, got {most}")


def _check_option(name: str, given: Any, known: tuple[Any, ...]) -> None:
    """Raise if an option is none of those that there are."""
    if given not in known:
        raise ValueError(f"{name} must be one of {', '.join(map(repr, known))}, got {given!r}")


def _number(
    wanted: Tensor | str | None, whole: Structure, numbers: Mapping[Any, int]
) -> int | None:
    """Return the number of a vertex that the user has named, or given."""
    if wanted is None:
        return None
    if isinstance(wanted, Tensor):
        found = numbers.get(wanted._node)  # noqa: SLF001
        if found is None:
            raise ValueError(f"{wanted.name or 'this Tensor'} is not in the graph that is drawn")
        return found
    for vertex in whole.vertices:
        if vertex.name == wanted:
            return vertex.number
    known = ", ".join(dict.fromkeys(v.name for v in whole.vertices if v.name)) or "none"
    raise ValueError(f"no value of the graph is named {wanted!r}; named are: {known}")


def _differentiated(function: Callable[..., Any], args: tuple[Any, ...]) -> tuple[Tensor, Tape]:
    """Return what a function computes, and its tape; the program's Tensors get no gradient."""
    with Tape() as tape:
        y = function(*_variables(function, args))
        if not isinstance(y, Tensor) or y._node is None:  # noqa: SLF001
            raise TypeError(
                f"the function must return a Tensor to be drawn, it returned {type(y).__name__}; "
                "does it depend on its arguments through NumPy's functions?"
            )
        order, _ = walks.ancestry((y._node,))  # noqa: SLF001
        seed = np.ones(y.shape, y.dtype)[()]
        walks.pullback({y._node: seed}, order, record=False, retain=True)  # noqa: SLF001
    return y, tape


def _closure(function: Callable[..., Any]) -> dict[str, Any]:
    """Return the variables from outside that a function sees, by their names."""
    try:
        seen = inspect.getclosurevars(inspect.unwrap(function))
    except (TypeError, ValueError):
        return {}
    return {**seen.globals, **seen.nonlocals}


def _variables(function: Callable[..., Any], args: tuple[Any, ...]) -> list[Any]:
    """Return arguments with Tensors for their arrays of real or complex numbers, and names."""
    try:
        names = list(inspect.signature(function).parameters)
    except (TypeError, ValueError):
        names = []
    names += [f"argument {place}" for place in range(len(names), len(args))]
    return [_variable(arg, name) for arg, name in zip(args, names, strict=False)]


def _variable(arg: Any, name: str) -> Any:
    """Return an argument, or a container of them, with Tensors for arrays."""
    leaves, rebuild = flatten(arg)
    several = len(leaves) > 1
    return rebuild(
        [
            Tensor(leaf, name=f"{name}[{place}]" if several else name)
            if not isinstance(leaf, Tensor) and _is_differentiable(leaf)
            else leaf
            for place, leaf in enumerate(leaves)
        ]
    )


def _is_differentiable(value: Any) -> bool:
    """Whether a value is an array, or number, that can vary."""
    return isinstance(value, float | complex | np.ndarray | np.generic) and (
        np.asarray(value).dtype.kind in "fc"
    )
