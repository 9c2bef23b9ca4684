"""Operations in their scopes, as a tree; each visit of a scope is a part of its own."""

import re
from collections import defaultdict
from dataclasses import dataclass, field

from autograd.viz.structure import Structure


@dataclass
class Part:
    """One visit of a scope: the operations from `start` to `end`, and what it is in.

    Attributes
    ----------
    parent : int
        The number of another part; that of the whole, which is 0, is 0.
    title : str
    depth : int
    start, end : int
        Places among the operations.
    units : list of (int, int, int)
        What it consists of: the number of a part, or 0 for an operation; its start and end.
    repeats : int
        How often it stands for others that are the same.
    """

    parent: int
    title: str
    depth: int
    start: int
    end: int = 0
    units: list[tuple[int, int, int]] = field(default_factory=list)
    repeats: int = 1


class Scopes:
    """The scopes of a structure.

    Visits are taken by what comes one after the other. So no box that stands for one has arrows
    that lead out of it and back.

    Attributes
    ----------
    structure : Structure
    operations : list of int
        Indices of the vertices that are operations.
    place : dict from int to int
        Of the index of a vertex, its place among them.
    operands : list of list of int
        For each vertex, by index, the indices of its operands.
    consumers : dict from int to list of (int, int)
        For each vertex, the indices of those that use it, and as which operand.
    parts : list of Part
    home : dict from int to int
        The part that an operation, or an input of operations of one part alone, stands in.
    """

    def __init__(self, structure: Structure) -> None:
        self.structure = structure
        vertices = structure.vertices
        index = {vertex.number: i for i, vertex in enumerate(vertices)}
        self.operations = [i for i, vertex in enumerate(vertices) if vertex.op]
        self.place = {i: place for place, i in enumerate(self.operations)}
        self.operands: list[list[int]] = [[] for _ in vertices]
        self.consumers: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for edge in structure.edges:
            source, target = index[edge.source], index[edge.target]
            self.consumers[source].append((target, len(self.operands[target])))
            self.operands[target].append(source)
        self.parts = [Part(0, "", 0, 0, len(self.operations))]
        self.home: dict[int, int] = {}
        self._visit()
        for i in range(len(vertices)):
            if i not in self.place:
                self.home[i] = self._common([self.home[j] for j, _ in self.consumers[i]])

    @property
    def depth(self) -> int:
        """Of the scopes that are farthest inside."""
        return max(part.depth for part in self.parts)

    def _visit(self) -> None:
        """Make the parts."""
        open_parts = [0]
        for place, i in enumerate(self.operations):
            names = levels(self.structure.vertices[i].scope)
            same = 0
            while same < min(len(names), len(open_parts) - 1) and (
                self.parts[open_parts[same + 1]].title == names[same]
            ):
                same += 1
            self._close(open_parts, same + 1, place)
            for name in names[same:]:
                parent = open_parts[-1]
                self.parts.append(Part(parent, name, len(open_parts), place))
                open_parts.append(len(self.parts) - 1)
            self.home[i] = open_parts[-1]
            self.parts[open_parts[-1]].units.append((0, place, place + 1))
        self._close(open_parts, 1, len(self.operations))

    def _close(self, open_parts: list[int], keep: int, place: int) -> None:
        """End the visits of all parts but the first `keep`."""
        while len(open_parts) > keep:
            number = open_parts.pop()
            part = self.parts[number]
            part.end = place
            self.parts[part.parent].units.append((number, part.start, place))

    def _common(self, homes: list[int]) -> int:
        """Return the innermost part that all of some are in."""
        common = homes[0] if homes else 0
        for other in dict.fromkeys(homes):
            b = other
            while common != b:
                if self.parts[common].depth >= self.parts[b].depth:
                    common = self.parts[common].parent
                else:
                    b = self.parts[b].parent
        return common


def levels(scope: str) -> list[str]:
    """Return the names of nested scopes; the place in a list belongs to the list's name.

    Examples
    --------
    >>> levels("MLP.layers.0.attention")
    ['MLP', 'layers.0', 'attention']
    """
    names: list[str] = []
    for name in scope.split(".") if scope else []:
        if name.isdigit() and names:
            names[-1] += f".{name}"
        else:
            names.append(name)
    return names


def alike(title: str) -> str:
    """Return what the titles of repeated scopes have in common."""
    return re.sub(r"\d+", "#", title)
