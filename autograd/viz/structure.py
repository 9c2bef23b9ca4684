"""What a picture shows, copied out of the live graph, so that later changes do not touch it."""

import gc
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, Literal

import numpy as np

from autograd.graph import Node
from autograd.tensor import Tensor

Kind = Literal["leaf", "constant", "operation", "output"]
Shape = tuple[int, ...]

_LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class Vertex:
    """One value of the graph: an input, or the result of an operation.

    Attributes
    ----------
    number : int
        Its place in the order of computation, from 1.
    kind : {"leaf", "constant", "operation", "output"}
    op, name : str or None
    shape : tuple of int or None
    dtype : str or None
    value : str or None
        Of a scalar that is still held.
    gradient : str or None
        The number, or the norm of an array.
    hidden : int
        How many of its operands the picture leaves out.
    """

    number: int
    kind: Kind
    op: str | None = None
    name: str | None = None
    shape: Shape | None = None
    dtype: str | None = None
    value: str | None = None
    gradient: str | None = None
    hidden: int = 0


@dataclass(frozen=True, slots=True)
class Edge:
    """One use of a value by an operation; with both shapes where it was broadcast for that."""

    source: int
    target: int
    broadcast: tuple[Shape, Shape] | None = None


@dataclass(frozen=True, slots=True)
class Structure:
    """Vertices in the order of computation, edges, and how many vertices the whole graph has."""

    vertices: tuple[Vertex, ...]
    edges: tuple[Edge, ...]
    total: int

    @property
    def dtype(self) -> str | None:
        """The dtype of the output, which vertices of the same dtype need not repeat."""
        return self.vertices[-1].dtype

    @property
    def caption(self) -> str:
        """How much of the graph there is, and how much of it is not shown."""
        shown = len(self.vertices)
        unless = " unless stated" if any(self.differs(vertex) for vertex in self.vertices) else ""
        if shown == self.total:
            return f"{shown:,} node{'s' if shown > 1 else ''}, {self.dtype}{unless}"
        return (
            f"{shown:,} of {self.total:,} nodes, {self.dtype}{unless}; "
            f"{self.total - shown:,} farther from the output are hidden (max_nodes={shown})"
        )

    def differs(self, vertex: Vertex) -> bool:
        """Whether `vertex` has another dtype than the output."""
        return vertex.dtype not in {None, self.dtype}


class _Constant:
    """An operand that is not differentiated; the graph knows of it what its operation has saved."""

    __slots__ = ("shape", "value")

    def __init__(self, value: Any, shape: Shape | None) -> None:
        self.value, self.shape = value, np.shape(value) if value is not None else shape


_Operand = Node | _Constant


def structure_of(y: Tensor, max_nodes: int) -> Structure:
    """Return the graph of `y`: at most `max_nodes` nodes, those nearest to `y`."""
    root = y._node  # noqa: SLF001
    if root is None:
        return Structure((_alone(y),), (), 1)
    operands, nearest = _walk(root)
    shown = set(nearest[:max_nodes])
    number = {item: count for count, item in enumerate(_in_order(operands), 1)}
    values = _held_scalars(node for node in shown if isinstance(node, Node))
    vertices, edges = [], []
    for item in sorted(shown, key=number.__getitem__):
        target = number[item]
        if isinstance(item, _Constant):
            vertices.append(_constant(target, item))
            continue
        drawn = [operand for operand in operands[item] if operand in shown]
        hidden = len(operands[item]) - len(drawn)
        kind: Kind = "leaf" if item.plan is None else "output" if item is root else "operation"
        vertices.append(_vertex(target, kind, item, values.get(item), hidden))
        edges += [Edge(number[operand], target, _broadcast(operand, item)) for operand in drawn]
    return Structure(tuple(vertices), tuple(edges), len(number))


def _alone(y: Tensor) -> Vertex:
    """Return what a picture says of a Tensor that is not differentiated."""
    value = None if y.shape else _number(y.item())
    return Vertex(1, "constant", None, _printable(y.name), y.shape, str(y.dtype), value)


def _walk(root: Node) -> tuple[dict[Node, list[_Operand]], list[_Operand]]:
    """Return each node that `root` depends on with its operands; all of both, nearest first."""
    operands: dict[Node, list[_Operand]] = {}
    nearest: list[_Operand] = [root]
    seen: set[_Operand] = {root}
    for item in nearest:  # which grows meanwhile
        if isinstance(item, _Constant):
            continue
        operands[item] = _operands(item)
        for operand in operands[item]:
            if operand not in seen:
                seen.add(operand)
                nearest.append(operand)
    return operands, nearest


def _operands(node: Node) -> list[_Operand]:
    """Return the operands of `node` in order.

    Its constants are among them if it is a ufunc: the arguments of others may be options.
    """
    if node.plan is None or not isinstance(node.plan.primitive.function, np.ufunc):
        return list(node.parents)
    saved = dict(zip(node.plan.names, node.kept or (), strict=False))
    parents = iter(node.parents)
    return [
        next(parents)
        if name in node.plan.arguments
        else _Constant(saved.get(name), saved.get(f"{name}_shape"))
        for name in node.plan.primitive.parameters
    ]


def _in_order(operands: dict[Node, list[_Operand]]) -> Iterator[_Operand]:
    """Yield nodes by birth, each after its constants: everything comes after what it needs."""
    for node in sorted(operands, key=attrgetter("birth")):
        yield from (operand for operand in operands[node] if isinstance(operand, _Constant))
        yield node


def _held_scalars(nodes: Iterable[Node]) -> dict[Node, str]:
    """Return the values of scalars that the program still holds.

    A node does not know its Tensor, so that a value no one needs is freed. Which Tensors are alive
    the garbage collector knows; asking it costs a picture little and a computation nothing.
    """
    wanted = {node for node in nodes if node.shape == ()}
    held = {}
    for thing in gc.get_objects() if wanted else ():
        if issubclass(type(thing), Tensor):
            node = getattr(thing, "_node", None)  # a Tensor may be in the making, in another thread
            if node in wanted:
                held[node] = _number(thing.item())
    return held


def _vertex(number: int, kind: Kind, node: Node, value: str | None, hidden: int) -> Vertex:
    """Return what a picture says of `node`."""
    return Vertex(
        number,
        kind,
        _printable(node.op),
        _printable(node.name),
        node.shape,
        str(node.dtype),
        value,
        None if node.grad is None else _summary(node.grad),
        hidden,
    )


def _constant(number: int, constant: _Constant) -> Vertex:
    """Return what a picture says of an operand that is not differentiated."""
    value = None if constant.value is None or constant.shape else _number(constant.value)
    return Vertex(number, "constant", shape=constant.shape, value=value)


def _broadcast(operand: _Operand, node: Node) -> tuple[Shape, Shape] | None:
    """Return both shapes where `node` is elementwise and `operand` was broadcast for it."""
    if isinstance(operand, _Constant) or operand.shape == node.shape:
        return None
    primitive = node.plan.primitive
    elementwise = primitive.broadcasts and getattr(primitive.function, "signature", None) is None
    return (operand.shape, node.shape) if elementwise else None


def _summary(gradient: Any) -> str:
    """Return a gradient in a few characters: the number, or the norm of an array."""
    array = gradient.data if isinstance(gradient, Tensor) else np.asarray(gradient)
    if array.ndim == 0:
        return _number(array.item())
    with np.errstate(all="ignore"):
        return f"norm {_number(np.linalg.norm(array))}"


def _number(value: Any) -> str:
    """Return a number as it is written in a picture."""
    return f"{value:.4g}"


def _printable(text: str | None) -> str | None:
    """Return `text` without characters that XML forbids or that are not seen, and not too long."""
    if not text:
        return None
    seen = "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)
    return seen if len(seen) <= _LONGEST_NAME else f"{seen[: _LONGEST_NAME - 1]}…"
