"""From the live graph, with what a tape knows of it, to the plain data of a picture."""

import gc
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from operator import attrgetter
from typing import Any

import numpy as np

from autograd.graph import RECORDING, Node, fit
from autograd.tape import Operation, Tape, operands_of
from autograd.tensor import Tensor
from autograd.viz.naming import names_in_code
from autograd.viz.structure import Edge, Kind, Shape, Structure, Vertex
from autograd.viz.text import broken, few, norm, number, plain, printable, summary

_LONGEST_LINE = 100
_LARGEST = 1_000_000  # numbers of an array that is compared to find its name


class _Constant:
    """An operand that is not differentiated; without a tape, what its operation has saved of it."""

    __slots__ = ("shape", "value")

    def __init__(self, value: Any, shape: Shape | None = None) -> None:
        self.value, self.shape = value, np.shape(value) if value is not None else shape


_Operand = Node | _Constant


def structure_of(
    y: Tensor | Tape, *, names: Mapping[str, Any] | None = None, derivatives: bool = False
) -> Structure:
    """Return the graph of `y`, or of all that a tape has recorded; see `structure_and_numbers`."""
    return structure_and_numbers(y, names=names, derivatives=derivatives)[0]


def structure_and_numbers(
    y: Tensor | Tape,
    *,
    tape: Tape | None = None,
    names: Mapping[str, Any] | None = None,
    derivatives: bool = False,
) -> tuple[Structure, Mapping[Any, int]]:
    """Return the graph of `y`, or of all that a tape has recorded, and the number of each node.

    `tape` is the one that recorded `y`, searched for if it is not given; `names` gives names to
    Tensors that have none; `derivatives` computes those of each edge.
    """
    if isinstance(y, Tensor) and y._node is None:  # noqa: SLF001
        return Structure((_alone(y),), (), 1), {}
    tape = y if isinstance(y, Tape) else tape or tape_of(y._node)  # noqa: SLF001
    roots: list[Any] = _ends(y) if isinstance(y, Tape) else [y._node]  # noqa: SLF001
    return _Reader(tape, names or {}).read(roots, derivatives)


def tape_of(node: Any) -> Tape | None:
    """Return the tape that has recorded `node`: the open one, or one that is still held.

    A node does not know its tape, so that to record costs little; the garbage collector knows those
    that are alive.
    """
    opened = RECORDING.get()
    found = [opened] if isinstance(opened, Tape) else []
    found += [thing for thing in gc.get_objects() if issubclass(type(thing), Tape)]
    for tape in found:
        if any(operation.node is node for operation in tape.operations):
            return tape
    return None


def _ends(tape: Tape) -> list[Node]:
    """Return the results that no other operation of the tape has used."""
    used = {parent for operation in tape.operations for parent in operation.node.parents}
    ends = [operation.node for operation in tape.operations if operation.node not in used]
    if not ends:
        raise ValueError(
            "this tape has no operation; compute something from Tensors inside `with ag.record()`"
        )
    return ends


def _alone(y: Tensor) -> Vertex:
    """Return what a picture says of a Tensor that is not differentiated."""
    value = None if y.shape else number(y.item())
    return Vertex(1, "constant", None, printable(y.name), y.shape, str(y.dtype), value)


class _Reader:
    """What is known beside the graph itself: the operations of a tape, names, held values."""

    def __init__(self, tape: Tape | None, names: Mapping[str, Any]) -> None:
        recorded = [] if tape is None else tape.operations
        self.tape = tape
        self.operations: dict[Node, Operation] = {op.node: op for op in recorded}
        self.gradients = {} if tape is None else tape.leaves
        self.names = names_in_code(recorded)
        self.names |= {
            tensor._node: name  # noqa: SLF001
            for name, tensor in names.items()
            if isinstance(tensor, Tensor) and tensor._node is not None  # noqa: SLF001
        }
        self.labels = _labels(names)
        self.arrays: dict[int, _Constant] = {}  # those that a tape holds, by identity
        self.values: dict[Node, Any] = {}
        self.lines = {line: line.source for line in {operation.line for operation in recorded}}

    def read(self, roots: list[Node], derivatives: bool) -> tuple[Structure, Mapping[Any, int]]:
        """Return what `roots` were computed from."""
        operands = self._walk(roots)
        numbers = {item: count for count, item in enumerate(_in_order(operands), 1)}
        self._hold(operands)
        vertices, edges = [], []
        for item, place in numbers.items():
            if isinstance(item, _Constant):
                name = self.labels.get(_content(item.value)) if self.labels else None
                vertex = _constant(place, item)
                vertices.append(replace(vertex, name=printable(name)) if name else vertex)
                continue
            kind: Kind = "output" if item in roots else "operation"
            vertices.append(self._vertex(place, kind if item.plan else "leaf", item))
            edges += [
                Edge(numbers[operand], place, _broadcast(operand, item), told[0], told[1])
                for operand, told in self._with_derivatives(item, operands[item], derivatives)
            ]
        found = Structure(tuple(vertices), tuple(edges), len(numbers), recorded=bool(self.tape))
        return _with_firsts(found), numbers

    def _walk(self, roots: list[Node]) -> dict[Node, list[_Operand]]:
        """Return each node that `roots` depend on with its operands."""
        operands: dict[Node, list[_Operand]] = {}
        todo = list(dict.fromkeys(roots))
        seen = set(todo)
        for node in todo:  # which grows meanwhile
            operands[node] = self._operands(node)
            for operand in operands[node]:
                if isinstance(operand, Node) and operand not in seen:
                    seen.add(operand)
                    todo.append(operand)
        return operands

    def _operands(self, node: Node) -> list[_Operand]:
        """Return the operands of `node` in order."""
        operation = self.operations.get(node)
        if operation is None:
            return _unrecorded_operands(node)
        found: list[_Operand] = []
        for operand in operands_of(operation):
            if isinstance(operand, Node):
                found.append(self._whole(operand))
            elif operand is not None:
                found.append(self._array(operand))
        return found

    def _whole(self, node: Node) -> Node:
        """Return the operation of which `node` is one output of several."""
        while node not in self.operations and node.plan is not None and len(node.parents) == 1:
            (node,) = node.parents
        return node

    def _array(self, value: Any) -> _Constant:
        """Return the constant of a value; the same array is the same constant."""
        if not isinstance(value, np.ndarray) or value.size == 1:
            return _Constant(value)
        return self.arrays.setdefault(id(value), _Constant(value))

    def _hold(self, operands: dict[Node, list[_Operand]]) -> None:
        """Collect the values of nodes: those of the tape, and those that the program holds."""
        self.values.update(_held_scalars(node for node in operands if node not in self.operations))
        for node, operation in self.operations.items():
            self.values[node] = operation.value
            for parent, value in zip(node.parents, _given(operation), strict=False):
                if parent.plan is None:
                    self.values[parent] = value

    def _vertex(self, place: int, kind: Kind, node: Node) -> Vertex:
        """Return what a picture says of `node`."""
        value, gradient = self.values.get(node), self._gradient(node)
        several = isinstance(value, tuple)
        bad = None if value is None or several else _bad(value, gradient)
        length = None if gradient is None else norm(gradient)
        vertex = Vertex(
            place,
            kind,
            printable(node.op),
            printable(node.name or self.names.get(node)),
            None if several else node.shape,
            None if several else str(node.dtype),
            None if value is None or several else few(value),
            None if gradient is None else summary(gradient, length),
            elementwise=_is_elementwise(node),
            norm=length,
            bad=bad,
        )
        operation = self.operations.get(node)
        return vertex if operation is None else self._placed(vertex, operation)

    def _gradient(self, node: Node) -> Any:
        """Return the gradient of `node`, where there is one."""
        operation = self.operations.get(node)
        if operation is not None and isinstance(operation.value, tuple):
            return None
        if operation is not None and operation.cotangent is not None:
            return operation.cotangent
        return node.grad if node.grad is not None else self.gradients.get(node)

    def _placed(self, vertex: Vertex, operation: Operation) -> Vertex:
        """Return a vertex with what its recording tells."""
        return replace(
            vertex,
            scope=operation.scope,
            line=str(operation.line),
            code=printable(self.lines[operation.line], _LONGEST_LINE) or "",
            seconds=operation.seconds + operation.back_seconds,
            saved=operation.saved,
        )

    def _with_derivatives(
        self, node: Node, operands: list[_Operand], wanted: bool
    ) -> Iterator[tuple[_Operand, tuple[str | None, str | None]]]:
        """Yield operands with the local derivative and the contribution to each, where known."""
        kept = node.kept
        operation = self.operations.get(node)
        if operation is not None and operation.kept is not None:
            kept = operation.kept
        if not wanted or kept is None or node.plan is None:
            yield from ((operand, (None, None)) for operand in operands)
            return
        cotangent = None if operation is None else operation.cotangent
        slopes, contributions = (iter(_pulled(node, kept, g)) for g in (_one(node), cotangent))
        for operand in operands:
            if isinstance(operand, _Constant):
                yield operand, (None, None)
            else:
                yield operand, _told(next(slopes, None), next(contributions, None))


def _told(slope: Any, contribution: Any) -> tuple[str | None, str | None]:
    """Return a local derivative, if it is a number, and a contribution, as they are written."""
    scalar = slope is not None and np.ndim(slope) == 0
    return (
        number(plain(slope).item()) if scalar else None,
        None if contribution is None else summary(contribution),
    )


def _labels(names: Mapping[str, Any]) -> dict[Any, str]:
    """Return names of arrays by what is in them: an operation may keep a copy."""
    found: dict[Any, str] = {}
    for name, value in names.items():
        content = _content(value)
        if content is not None:
            found[content] = "" if content in found else name  # two are alike: neither is named
    return found


def _content(value: Any) -> tuple[Any, ...] | None:
    """Return what tells an array from others; None for what is no array, or a very large one."""
    if (
        not isinstance(value, np.ndarray)
        or value.size > _LARGEST
        or value.dtype.kind not in "fciub"
    ):
        return None
    return value.shape, value.dtype.str, hash(value.tobytes())


def _one(node: Node) -> Any:
    """Return the cotangent that gives the local derivatives of a scalar; None for an array."""
    return np.ones((), node.dtype)[()] if node.shape == () else None


def _pulled(node: Node, kept: Any, g: Any) -> tuple[Any, ...]:
    """Return what a node makes of a cotangent for each parent, in its shape."""
    if g is None or isinstance(g, tuple):
        return ()
    with np.errstate(all="ignore"):
        pulled = node.plan.pull(g, kept)
    return tuple(
        None if c is None else fit(c, parent, node.plan)
        for c, parent in zip(pulled, node.parents, strict=True)
    )


def _given(operation: Operation) -> list[Any]:
    """Return the values of the differentiated arguments of an operation, in order."""
    call = operation.call
    values = [call.bound[name] for name in call.arguments]
    if call.primitive.sequence:
        return [values[0][place] for place in call.bound.get("positions", range(len(values[0])))]
    return values


def _unrecorded_operands(node: Node) -> list[_Operand]:
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


def _held_scalars(nodes: Iterable[Node]) -> dict[Node, Any]:
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
                held[node] = thing.item()
    return held


def _constant(place: int, constant: _Constant) -> Vertex:
    """Return what a picture says of an operand that is not differentiated."""
    value, array = constant.value, plain(constant.value)
    if value is None or array.dtype.kind not in "fcbiu":
        return Vertex(place, "constant", shape=constant.shape)
    text = None if constant.shape else number(array.item())
    return Vertex(
        place, "constant", shape=constant.shape, value=text, bad=_bad(value, None) if text else None
    )


def _is_elementwise(node: Node) -> bool:
    """Whether an element of the result of `node` depends on those at its place only."""
    if node.plan is None:
        return False
    primitive = node.plan.primitive
    return bool(primitive.broadcasts and getattr(primitive.function, "signature", None) is None)


def _broadcast(operand: _Operand, node: Node) -> tuple[Shape, Shape] | None:
    """Return both shapes where `node` is elementwise and `operand` was broadcast for it."""
    if isinstance(operand, _Constant) or operand.shape == node.shape or not _is_elementwise(node):
        return None
    return (operand.shape, node.shape)


def _bad(value: Any, gradient: Any) -> str | None:
    """Return what is not finite of a value, or else of its gradient."""
    if count := broken(value):
        return f"value {count}"
    count = None if gradient is None or isinstance(gradient, tuple) else broken(gradient)
    return f"gradient {count}" if count else None


def _with_firsts(found: Structure) -> Structure:
    """Return a structure with the first vertices marked that are not finite.

    Of values those whose operands are finite, of gradients those whose consumers have finite ones.
    """
    bad = {v.number: v.bad.partition(" ")[0] for v in found.vertices if v.bad}
    if not bad:
        return found
    if "value" in bad.values():  # then gradients are bad for that reason
        bad = {place: what for place, what in bad.items() if what == "value"}
    caused = {e.target for e in found.edges if bad.get(e.source) == "value"}
    caused |= {
        e.source
        for e in found.edges
        if bad.get(e.source) == "gradient" and bad.get(e.target) == "gradient"
    }
    marked = (replace(v, first=v.number in bad and v.number not in caused) for v in found.vertices)
    return replace(found, vertices=tuple(marked))
