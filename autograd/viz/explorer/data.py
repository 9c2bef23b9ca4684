"""The data of a page: plain lists and dicts, copied from the graph, in the order of computation."""

import linecache
from typing import Any

import numpy as np

from autograd.graph import Node
from autograd.tape import Line, Operation, operands_of
from autograd.viz.explorer.formulas import formula
from autograd.viz.explorer.groups import Group, grouped
from autograd.viz.explorer.program import Program
from autograd.viz.explorer.values import Json, Values, as_array, short
from autograd.viz.explorer.walks import Arrival, Naive, naive, replayed

SPAN = 400
"""From the first to the last line that is used in a file, at most; else only those used."""
_PLAIN = (bool, int, float, str, tuple, slice, np.dtype, type(...))
LONG = 60
"""Options that take more characters are left out."""
AROUND = 2
"""Lines shown before the first and after the last."""


def page_data(program: Program, *, code: bool, times: bool) -> dict[str, Json]:
    """Return all that a page shows of a program.

    Parameters
    ----------
    program : Program
    code : bool
        Whether it holds the lines of the program.
    times : bool
        Whether it holds how long operations took, which differs from run to run.
    """
    with np.errstate(all="ignore"):
        return _Builder(program).data(code=code, times=times)


class _Builder:
    """The nodes and edges of a page, and their numbers, while it is made."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.values = Values(len(program.operations))
        self.nodes: list[dict[str, Json]] = []
        self.edges: list[dict[str, Json]] = []
        self.number: dict[Node, int] = {}
        self.place = 0
        self.edge: dict[tuple[Node, int], int] = {}
        self.kept = {
            node: operation.kept
            for node, operation in program.operations.items()
            if operation.cotangent is not None and operation.kept is not None
        }
        known = {n: op.cotangent for n, op in program.operations.items() if n in self.kept}
        self.walk = replayed(known, self.kept)

    def data(self, *, code: bool, times: bool) -> dict[str, Json]:
        """Return everything."""
        groups, of = self._groups()
        lines = _Lines()
        for node in self.program.nodes:
            self._add(node, of, lines)
        if self.program.constant is not None:
            self._source(self.program.constant, -1)
        _place_leaves(self.nodes, self.edges, groups)
        operations = self.program.operations
        timed = [
            [self.number[node], round(op.seconds * 1e6, 1), round(op.back_seconds * 1e6, 1)]
            for node, op in operations.items()
        ]
        return {
            "nodes": self.nodes,
            "edges": self.edges,
            "groups": [[group.name, group.parent, group.count, group.chunk] for group in groups],
            "forward": [self.number[n] for n in self.program.nodes if n.plan is not None],
            "backward": self._backward(),
            "naive": self._naive(),
            "files": lines.files(code=code),
            "times": timed if times else [],
            "recorded": bool(operations),
        }

    def _groups(self) -> tuple[list[Group], dict[Node, int]]:
        """Return the groups, and the group of each node that is an operation."""
        program = self.program
        nodes = [node for node in program.nodes if node.plan is not None]
        scopes, names, scope = [], [], ""
        for i, node in enumerate(nodes, 1):
            noted = program.operations.get(node)
            scope = scope if noted is None and program.operations else noted.scope if noted else ""
            scopes.append(scope)
            names.append(f"{node.op} {i}")
        groups, of = grouped(scopes, names)
        return groups, dict(zip(nodes, of, strict=True))

    # Nodes.

    def _add(self, node: Node, of: dict[Node, int], lines: "_Lines") -> None:
        """Add a node, the constants it reads before it, and the arrows that come to it."""
        noted = self.program.operations.get(node)
        group = of.get(node, -1)
        operands = _operands(node, noted)
        sources = [self._source(operand, group) for operand in operands]
        number = self.number[node] = len(self.nodes)
        value = noted.value if noted is not None else self.program.known.get(node)
        entry: dict[str, Json] = {
            "kind": "operation" if node.plan is not None else "leaf",
            "op": node.op or "",
            "name": self.program.names.get(node, ""),
            "shape": _shape(node),
            "dtype": str(node.dtype),
            "group": group,
            "value": self.values.of(value),
            "short": short(value) if value is not None else "",
        }
        cotangent = self.walk.cotangents.get(node, self.program.gradients.get(node, node.grad))
        if cotangent is not None:
            cotangent = getattr(cotangent, "_value", cotangent)
            entry["gradient"], entry["shortGradient"] = self.values.of(cotangent), short(cotangent)
        if noted is not None:
            entry["line"] = lines.place(noted.line)
            entry["saved"] = noted.saved
            entry["options"] = _options(noted)
        self.nodes.append(entry)
        if node.plan is not None:
            self.place += 1
            entry["place"] = self.place
            shown = [self.nodes[i] for i in sources]
            written = [_written(one) for one in shown]
            entry["formula"] = formula(
                entry["op"], list(map(_label, shown)), written, _written(entry)
            )
        self._arrows(node, operands, sources, number)

    def _source(self, operand: Any, group: int) -> int:
        """Return the number of what an operation reads; a constant is added for each use."""
        if isinstance(operand, Node):
            return self.number[operand]
        array = as_array(operand)
        self.nodes.append(
            {
                "kind": "constant",
                "op": "",
                "name": "",
                "shape": list(np.shape(array)) if array is not None else [],
                "dtype": str(array.dtype) if array is not None else "",
                "group": group,
                "value": self.values.of(operand) if operand is not None else None,
                "short": short(operand) if operand is not None else "",
            }
        )
        return len(self.nodes) - 1

    def _arrows(self, node: Node, operands: list[Any], sources: list[int], number: int) -> None:
        """Add the arrows to an operation: one for each use, so two for ``a + a``."""
        position = 0
        local = self._local(node)
        for operand, source in zip(operands, sources, strict=True):
            arrow: dict[str, Json] = {"from": source, "to": number}
            if isinstance(operand, Node):
                self.edge[node, position] = len(self.edges)
                if local and local[position] is not None:
                    arrow["local"] = local[position]
                position += 1
            self.edges.append(arrow)

    def _local(self, node: Node) -> list[str | None]:
        """Return the local derivatives of a scalar operation on scalars."""
        kept = self.kept.get(node)
        if kept is None or node.shape or self.values.large:
            return []
        if any(parent.shape for parent in node.parents):
            return []
        try:
            found = node.plan.pull(node.dtype.type(1), kept)
        except Exception:  # noqa: BLE001 - a rule that wants more than a number
            return []
        return [None if c is None else short(c) for c in found]

    # Walks.

    def _backward(self) -> dict[str, Json]:
        """Return where the walk began, and its steps."""
        uses: dict[Node, int] = {}
        for step in self.walk.steps:
            for arrival in step.arrivals:
                uses[arrival.parent] = uses.get(arrival.parent, 0) + 1
        steps = []
        for step in self.walk.steps:
            arrived = [
                self._arrival(step.node, arrival, whole=uses[arrival.parent] > 1)
                for arrival in step.arrivals
            ]
            steps.append([self.number[step.node], arrived])
        seeds = [[self.number[node], short(seed)] for node, seed in self.walk.seeds.items()]
        return {"seeds": seeds, "steps": steps}

    def _arrival(self, node: Node, arrival: Arrival, *, whole: bool) -> dict[str, Json]:
        """Return a contribution; whole where it is not the parent's gradient itself."""
        found: dict[str, Json] = {
            "edge": self.edge[node, arrival.position],
            "sum": [
                "" if arrival.before is None else short(arrival.before),
                short(arrival.contribution),
                short(arrival.after),
            ],
        }
        if whole and not self.values.large:
            found["value"] = self.values.of(arrival.contribution)
        if arrival.raw is not None:
            found["raw"] = list(arrival.raw)
        return found

    def _naive(self) -> dict[str, Json] | None:
        """Return the replay of the wrong order."""
        if not self.walk.steps:
            return None
        try:
            replay: Naive = naive(self.walk, self.kept)
        except Exception as error:  # noqa: BLE001 - wrong numbers may be outside a rule's domain
            return {"failed": f"{type(error).__name__}: {error}"}
        steps = []
        for one in replay.arrivals:
            step = self._arrival(one.node, one.arrival, whole=False)
            steps.append(step | {"pending": one.pending, "right": one.right})
        return {"steps": steps, "total": _count(replay.total), "wrong": replay.wrong}


def _operands(node: Node, noted: Operation | None) -> list[Any]:
    """Return what a node reads: nodes, and the values of constants where a tape has noted them."""
    if noted is None:
        return list(node.parents)
    try:
        operands = operands_of(noted)
    except (KeyError, StopIteration, TypeError):
        return list(node.parents)
    found = [operand for operand in operands if isinstance(operand, Node)]
    if found != list(node.parents):
        return list(node.parents)
    return [operand for operand in operands if isinstance(operand, Node) or operand is not None]


def _options(noted: Operation) -> str:
    """Return the arguments of an operation that are no operands, such as an axis."""
    given = {
        name: value
        for name, value in noted.call.bound.items()
        if name not in noted.call.primitive.rules and isinstance(value, _PLAIN)
    }
    found = [f"{name}={value!r}" for name, value in given.items() if value is not False]
    return ", ".join(text for text in found if len(text) <= LONG)


def _place_leaves(
    nodes: list[dict[str, Json]], edges: list[dict[str, Json]], groups: list[Group]
) -> None:
    """Put each leaf into the innermost group that holds all that read it."""
    around: dict[int, int] = {}
    for edge in edges:
        leaf, group = edge["from"], nodes[edge["to"]]["group"]
        if nodes[leaf]["kind"] != "leaf":
            continue
        around[leaf] = group if leaf not in around else _common(around[leaf], group, groups)
    for leaf, group in around.items():
        nodes[leaf]["group"] = group


def _common(a: int, b: int, groups: list[Group]) -> int:
    """Return the innermost group around two groups."""
    outer = set()
    while a >= 0:
        outer.add(a)
        a = groups[a].parent
    while b >= 0 and b not in outer:
        b = groups[b].parent
    return b


class _Lines:
    """The lines of the program that operations came from."""

    def __init__(self) -> None:
        self.used: dict[str, set[int]] = {}
        self.order: dict[str, int] = {}

    def place(self, line: Line) -> list[int]:
        """Return the file's number and the line's."""
        file = self.order.setdefault(line.path, len(self.order))
        self.used.setdefault(line.path, set()).add(line.number)
        return [file, line.number]

    def files(self, *, code: bool) -> list[dict[str, Json]]:
        """Return each file's name with the lines to show: number and text."""
        found = []
        for path in self.order:
            used = sorted(self.used[path])
            first, last = used[0], used[-1]
            shown = used
            if last - first < SPAN:
                shown = list(range(max(1, first - AROUND), last + AROUND + 1)) if code else used
            count = len(linecache.getlines(path))
            texts = [
                [number, linecache.getline(path, number).rstrip() if code else ""]
                for number in shown
                if number <= count or number in used
            ]
            name = path.replace("\\", "/").rsplit("/", 1)[-1].strip("<>")
            found.append({"name": name, "lines": texts})
        return found


def _shape(node: Node) -> list[int] | None:
    """Return the shape of a node's value; None where it has several."""
    shape: Any = node.shape
    return list(shape) if isinstance(shape, tuple) and all(type(n) is int for n in shape) else None


def _label(entry: dict[str, Json]) -> str:
    """Return what formulas call a node: its name, ``#3`` for the third operation, a constant."""
    if entry["name"]:
        return str(entry["name"])
    if "place" in entry:
        return f"#{entry['place']}"
    return "x" if entry["kind"] == "leaf" else _written(entry)


def _written(entry: dict[str, Json]) -> str:
    """Return the number that a node has, or its shape."""
    if entry["shape"] is None:
        return "several"
    return str(tuple(entry["shape"])) if entry["shape"] else entry["short"] or "?"


def _count(total: int) -> str:
    """Return a number of arrivals, by its size if it is beyond counting."""
    if total < 10**15:
        return f"{total:,}"
    return f"more than 10^{(total.bit_length() - 1) * 30103 // 100000}"
