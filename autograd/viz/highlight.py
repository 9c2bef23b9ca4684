"""The chain rule along the ways from an input to the output."""

from collections import defaultdict
from itertools import pairwise

from autograd.viz.structure import Structure, Vertex

_MOST_WAYS = 3  # that are written out
_MOST_FACTORS = 16
_IN_A_LINE = 5


def between(structure: Structure, targets: set[int]) -> frozenset[int]:
    """Return the numbers of the vertices on the ways from `targets` to the outputs."""
    after, before = _neighbours(structure)
    outputs = {v.number for v in structure.vertices if v.kind == "output"}
    return frozenset(_reached(targets, after) & _reached(outputs, before))


def formula(structure: Structure, path: frozenset[int], target: int) -> str:
    """Return the chain rule from the last output to `target`, a product for each way."""
    names = {v.number: called(v) for v in structure.vertices}
    after, _ = _neighbours(structure)
    end = max(path, default=target)
    ways, done = [[target]], list[list[int]]()
    while ways and len(done) <= _MOST_WAYS and len(ways[-1]) <= _MOST_FACTORS:
        way = ways.pop()
        if way[-1] == end:
            done.append(way)
        ways += [[*way, n] for n in reversed(after[way[-1]]) if n in path]
    whole = f"∂{names[end]}/∂{names[target]}"
    if ways or not 0 < len(done) <= _MOST_WAYS:
        return f"{whole} = the sum over all red ways of the product along each"
    products = []
    for way in done:
        steps = list(pairwise(way))[::-1]
        factors = [f"∂{names[b]}/∂{names[a]}" for a, b in steps]
        lines = [factors[i : i + _IN_A_LINE] for i in range(0, len(factors), _IN_A_LINE)]
        products.append("\n· ".join(" · ".join(line) for line in lines))
    return f"{whole} = {' + '.join(products)}" if products[0] not in {"", whole} else whole


def called(vertex: Vertex) -> str:
    """Return what a formula calls a value."""
    if vertex.kind == "constant":
        return vertex.name or vertex.value or "constant"
    return vertex.name or f"v{vertex.number}"


def _neighbours(structure: Structure) -> tuple[dict[int, list[int]], dict[int, list[int]]]:
    """Return for each vertex those that use it, and those that it uses."""
    after: dict[int, list[int]] = defaultdict(list)
    before: dict[int, list[int]] = defaultdict(list)
    for edge in structure.edges:
        if not edge.turns:
            after[edge.source].append(edge.target)
            before[edge.target].append(edge.source)
    return after, before


def _reached(start: set[int], neighbours: dict[int, list[int]]) -> set[int]:
    """Return what can be reached."""
    seen, todo = set(start), list(start)
    for item in todo:  # which grows meanwhile
        new = set(neighbours[item]) - seen
        seen |= new
        todo += new
    return seen
