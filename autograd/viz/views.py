"""A graph with some scopes closed, and of repeated blocks one: which vertex is drawn as which."""

from collections import defaultdict
from dataclasses import replace
from functools import cached_property
from itertools import count
from typing import NamedTuple

from autograd.viz.merging import merged_vertex
from autograd.viz.rolling import SHOWN, Level
from autograd.viz.scopes import Scopes
from autograd.viz.structure import Cluster, Edge, Structure, Vertex
from autograd.viz.text import counted


class _Use(NamedTuple):
    """An edge between what is drawn: boxes, whether into the next block, as which operand."""

    source: int
    target: int
    turns: bool
    position: int


class View:
    """What is drawn of a structure.

    A box is the index of a vertex, or the number of a part with a minus, where that is closed.

    Attributes
    ----------
    boxes : dict from int to list of int
        Each box with the vertices that it stands for.
    """

    def __init__(self, scopes: Scopes, levels: list[Level], depth: int | None) -> None:
        self.scopes, self.levels = scopes, levels
        self.depth = scopes.depth if depth is None else depth
        self.vertices = scopes.structure.vertices
        self._closed: dict[int, int] = {}
        drawn = [self._drawn(i) for i in range(len(self.vertices))]
        self._box = [None if i is None else self._box_of(i) for i in drawn]
        self.boxes: dict[int, list[int]] = defaultdict(list)
        for i, box in enumerate(self._box):
            if box is not None:
                self.boxes[box].append(i)
        self._times: dict[int | None, int] = defaultdict(int)  # how often what is drawn occurs
        for i in scopes.operations:
            self._times[self._last_of(i)] += 1

    @property
    def count(self) -> int:
        """How many boxes are drawn."""
        return len(self.boxes)

    def _last_of(self, i: int) -> int | None:
        """Return the box of an operation, if it is the last that the box shows; else None."""
        box = self._box[i]
        if box is None or box >= 0:
            return box
        last = self.scopes.operations[self.scopes.parts[-box].end - 1]
        return box if self._operation(i) == last else None

    # Which vertex is drawn as which.

    def _operation(self, i: int) -> int:
        """Return the operation that is drawn for one."""
        place = self.scopes.place[i]
        for level in self.levels:
            place = int(level.drawn[place])
        return self.scopes.operations[place]

    def _drawn(self, i: int) -> int | None:
        """Return the vertex that is drawn for one; None for inputs of blocks that are not drawn."""
        if i in self.scopes.place:
            return self._operation(i)
        for level in self.levels:
            copy = self._block(i, level)
            if copy is None or copy == SHOWN:
                continue
            consumer, position = self.scopes.consumers[i][0]
            place = int(level.drawn[self.scopes.place[consumer]])
            operands = self.scopes.operands[self.scopes.operations[place]]
            other = operands[position] if position < len(operands) else i
            if other in self.scopes.place or self._block(other, level) != SHOWN:
                return i if copy == 0 else None
            i = other
        return i

    def _block(self, i: int, level: Level) -> int | None:
        """Return the block that alone uses an input; None if none does, or several."""
        found: tuple[int, int] | None = None
        for consumer, _ in self.scopes.consumers[i]:
            place = self.scopes.place[consumer]
            block = int(level.roll[place]), int(level.copy[place])
            if block[0] < 0 or found not in {None, block}:
                return None
            found = block
        return None if found is None else found[1]

    def _home(self, i: int) -> int:
        """Return the innermost part that a vertex stands in and that is drawn."""
        home = part = self.scopes.home[i]
        while part:
            inside = self.scopes.parts[part]
            part = inside.parent
            if any(_is_left_out(inside.start, inside.end, level) for level in self.levels):
                home = part
        return home

    def _box_of(self, i: int) -> int:
        """Return the box of a vertex that is drawn if all is open."""
        home = self._home(i)
        if home not in self._closed:
            parts, part, closed = self.scopes.parts, home, 0
            while part:
                if parts[part].depth > self.depth and parts[part].title != "repeated":
                    closed = part
                part = parts[part].parent
            self._closed[home] = closed
        return -self._closed[home] or i

    # The structure.

    def structure(self) -> Structure:
        """Return what is drawn, with notes of what is not."""
        vertices = sorted((self._vertex(box) for box in self.boxes), key=lambda v: v.number)
        clusters = self._clusters({vertex.cluster for vertex in vertices})
        notes = []
        if closed := sum(box < 0 for box in self.boxes):
            deepest = self.scopes.depth
            notes.append(
                f"{counted(closed, 'box')[:-1] + 'es' if closed > 1 else '1 box'} of closed scopes "
                f"(depth={self.depth + 1}{f' to {deepest}' if deepest > self.depth + 1 else ''}, "
                "or max_nodes, opens more)"
            )
        if self.levels:
            notes.append("of repeated blocks the second is drawn (roll=False draws all)")
        found = self.scopes.structure
        return replace(
            found,
            vertices=tuple(vertices),
            edges=tuple(self._edges()),
            clusters=clusters,
            notes=(*found.notes, *notes),
        )

    @cached_property
    def _number(self) -> dict[int, int]:
        """The number of each box: that of what it shows, or shows last."""
        shown = {
            box: box if box >= 0 else self.scopes.operations[self.scopes.parts[-box].end - 1]
            for box in self.boxes
        }
        return {box: self.vertices[i].number for box, i in shown.items()}

    def _vertex(self, box: int) -> Vertex:
        """Return the vertex of a box."""
        members = [self.vertices[i] for i in self.boxes[box]]
        output = any(member.kind == "output" for member in members)
        if box < 0:
            return self._group(-box, members, output=output)
        shown = merged_vertex(self.vertices[box], members)
        cluster = self._home(box)
        framed = any(self.scopes.parts[part].repeats > 1 for part in self._within(cluster))
        return replace(
            shown,
            kind="output" if output else shown.kind,
            cluster=cluster,
            repeats=1 if framed else len(members),
        )

    def _group(self, number: int, members: list[Vertex], *, output: bool) -> Vertex:
        """Return the vertex of a closed part."""
        part = self.scopes.parts[number]
        last = self.vertices[self.scopes.operations[part.end - 1]]
        weights = sum(_size(m) for m in members if m.kind == "leaf") // part.repeats
        content = counted(part.end - part.start, "operation")
        return replace(
            merged_vertex(last, members),
            kind="output" if output else "group",
            op=None,
            name=part.title,
            value=f"{content}, {counted(weights, 'parameter')}" if weights else content,
            gradient=last.gradient if part.repeats == 1 else None,
            elementwise=False,
            cluster=part.parent,
            members=len(members),
            repeats=part.repeats,
        )

    def _within(self, part: int) -> list[int]:
        """Return a part and those that it is in, but for the whole."""
        found = []
        while part:
            found.append(part)
            part = self.scopes.parts[part].parent
        return found

    def _clusters(self, used: set[int]) -> tuple[Cluster, ...]:
        """Return the clusters of the parts that are open."""
        needed = sorted({part for cluster in used for part in self._within(cluster)})
        return tuple(
            Cluster(
                number,
                self.scopes.parts[number].parent,
                _title(self.scopes.parts[number].title, self.scopes.parts[number].repeats),
                repeats=self.scopes.parts[number].repeats > 1,
            )
            for number in needed
        )

    # Its edges.

    def _edges(self) -> list[Edge]:
        """Return the edges between boxes; those between the same two are one, if one is closed."""
        uses: dict[_Use, list[tuple[int, int, Edge]]] = defaultdict(list)
        index = {vertex.number: i for i, vertex in enumerate(self.vertices)}
        positions: dict[int, count[int]] = defaultdict(count)
        for edge in self.scopes.structure.edges:
            source, target = index[edge.source], index[edge.target]
            position = next(positions[target])
            start, end = self._box[source], self._box[target]
            turns = self._turns(source, target)
            if start is None or end is None or (start == end and not turns):
                continue
            whole = start < 0 or end < 0
            use = _Use(start, end, turns, -1 if whole else position)
            uses[use].append((source, target, edge))
        return [self._edge(use, edges) for use, edges in uses.items()]

    def _turns(self, source: int, target: int) -> bool:
        """Whether an operand comes from another of repeated blocks than the one that uses it."""
        if not self.levels or source not in self.scopes.place:
            return False
        a, b = self.scopes.place[source], self.scopes.place[target]
        for level in self.levels:
            if level.roll[a] == level.roll[b] >= 0 and level.copy[a] != level.copy[b]:
                return True
            a, b = int(level.drawn[a]), int(level.drawn[b])
        return False

    def _edge(self, use: _Use, edges: list[tuple[int, int, Edge]]) -> Edge:
        """Return the edge that stands for some."""
        source, target, edge = edges[0]
        one = len(edges) == 1
        return Edge(
            self._number[use.source],
            self._number[use.target],
            edge.broadcast if use.position >= 0 else None,
            edge.local if one else None,
            edge.contribution if one else None,
            self._note(use, source, target, len(edges)),
            use.turns,
        )

    def _note(self, use: _Use, source: int, target: int, uses: int) -> str:
        """Return how many uses an edge stands for, if that is not seen."""
        before, after = self._times[use.source], self._times[use.target]
        if use.turns:
            return "next"
        if uses == max(before, after, 1):
            return ""
        if uses == 1:
            return "first" if after > 1 and self._is_in_first(target) else self._which(source)
        each, rest = divmod(uses, max(before, after, 1))
        return f"×{uses:,}" if rest or not each else f"×{each:,}"

    def _is_in_first(self, i: int) -> bool:
        """Whether an operation is in the first of repeated blocks."""
        place = self.scopes.place[i]
        return any(level.roll[place] >= 0 and level.copy[place] == 0 for level in self.levels)

    def _which(self, i: int) -> str:
        """Return which of repeated blocks an operation is in."""
        place = self.scopes.place.get(i)
        for level in self.levels if place is not None else ():
            if level.roll[place] >= 0:
                last = level.rolls[level.roll[place]].copies - 1
                return "last" if level.copy[place] == last else "once"
        return ""


def _is_left_out(start: int, end: int, level: Level) -> bool:
    """Whether operations are in one of repeated blocks that is not drawn."""
    roll = level.roll[start]
    same = roll >= 0 and roll == level.roll[end - 1]
    copy = level.copy[start]
    return bool(same and copy == level.copy[end - 1] != SHOWN)


def _size(vertex: Vertex) -> int:
    """Return how many numbers a value has."""
    size = 1
    for side in vertex.shape or ():
        size *= side
    return size


def _title(title: str, repeats: int) -> str:
    """Return what is written above a cluster."""
    return f"{title} · ×{repeats:,}" if repeats > 1 else title
