"""Graphs that are too large for a picture: what is drawn as one, and what is left out.

In this order, until the picture has no more than `max_nodes` boxes: scopes are closed, the deepest
first; of repeated blocks one is drawn; chains of elementwise operations become one box; what is far
from the focus is hidden.
"""

from collections import defaultdict
from dataclasses import dataclass, field, replace

from autograd.viz.merging import merged_vertex
from autograd.viz.rolling import rolled
from autograd.viz.scopes import Scopes
from autograd.viz.structure import Cluster, Edge, Structure, Vertex
from autograd.viz.text import counted
from autograd.viz.views import View

_FEW_VERTICES = 100
_USES = 10


@dataclass(frozen=True)
class Limits:
    """What a picture may show; the parameters of `graph` of the same names."""

    max_nodes: int = 400
    depth: int | None = None
    roll: bool | None = None
    focus: tuple[int, ...] = ()
    radius: int | None = None
    named: frozenset[int] = field(default_factory=frozenset)  # numbers that stay boxes of their own


def fitted(structure: Structure, limits: Limits) -> Structure:
    """Return a structure that is small enough to be drawn, with notes of what is hidden."""
    view = _open_view(structure, limits)
    found = view.structure() if view is not None else structure
    if len(found.vertices) > limits.max_nodes:
        found = chained(found, limits)
    if len(found.vertices) > limits.max_nodes or limits.radius is not None:
        found = nearest(found, limits)
    return _without_hubs(found)


def _open_view(structure: Structure, limits: Limits) -> View | None:
    """Return the first view that is small enough, or else the smallest."""
    if len(structure.vertices) <= limits.max_nodes and limits.depth is None and not limits.roll:
        scoped = any(vertex.scope for vertex in structure.vertices)
        return View(Scopes(structure), [], None) if scoped else None
    scopes = Scopes(structure)
    deepest = scopes.depth
    if limits.depth is not None:
        depths = [min(limits.depth, deepest)]
    else:
        depths = list(range(deepest, 0, -1)) or [0]
    view = None
    for depth in [] if limits.roll else depths:
        view = View(scopes, [], depth)
        if view.count <= limits.max_nodes:
            return view
    last = [] if limits.depth is not None else [0]
    levels = [] if limits.roll is False else rolled(scopes)
    for depth in dict.fromkeys([*depths, *last]):
        view = View(scopes, levels, depth)
        if view.count <= limits.max_nodes:
            return view
    return view


# Chains of elementwise operations.


def chained(structure: Structure, limits: Limits) -> Structure:
    """Return a structure in which chains of elementwise operations are one box each."""
    uses: dict[int, list[Edge]] = defaultdict(list)
    for edge in structure.edges:
        uses[edge.source].append(edge)
    chains = _chains(structure, limits.named, uses)
    if not chains:
        return structure
    into = {member: chain[-1] for chain in chains for member in chain}
    for vertex in structure.vertices:  # constants that only one chain uses
        targets = {into.get(edge.target) for edge in uses[vertex.number]}
        if vertex.kind == "constant" and len(targets) == 1 and None not in targets:
            into[vertex.number] = targets.pop() or 0
    count = counted(len(chains), "chain")
    note = f"{count} of elementwise operations drawn as one box each (max_nodes)"
    return replace(
        structure,
        vertices=_with_chains(structure.vertices, chains, into),
        edges=_led_into(structure.edges, into),
        notes=(*structure.notes, note),
    )


def _chains(
    structure: Structure, named: frozenset[int], uses: dict[int, list[Edge]]
) -> list[list[int]]:
    """Return the chains: operations whose result only the next one uses."""
    clusters = {vertex.number: vertex.cluster for vertex in structure.vertices}
    alone = {end for e in structure.edges if e.turns for end in (e.source, e.target)} | named
    fit = {
        v.number
        for v in structure.vertices
        if v.kind == "operation" and v.elementwise and v.number not in alone
    }
    open_chains: dict[int, list[int]] = {}  # by what comes next
    chains: list[list[int]] = []
    for number in (v.number for v in structure.vertices if v.number in fit):
        chain = open_chains.pop(number, [])
        chain.append(number)
        if len(chain) == 2:
            chains.append(chain)
        target = uses[number][0].target if len(uses[number]) == 1 else 0
        if target in fit and clusters[target] == clusters[number]:
            open_chains[target] = chain  # of several, the youngest
    return chains


def _with_chains(
    vertices: tuple[Vertex, ...], chains: list[list[int]], into: dict[int, int]
) -> tuple[Vertex, ...]:
    """Return vertices with one for each chain."""
    known = {vertex.number: vertex for vertex in vertices}
    merged = {chain[-1]: _chain([known[member] for member in chain]) for chain in chains}
    return tuple(
        merged.get(vertex.number, vertex)
        for vertex in vertices
        if into.get(vertex.number, vertex.number) == vertex.number
    )


def _led_into(edges: tuple[Edge, ...], into: dict[int, int]) -> tuple[Edge, ...]:
    """Return edges between boxes, without those inside one."""
    led = (
        replace(edge, source=into.get(edge.source, edge.source),
                target=into.get(edge.target, edge.target))
        for edge in edges
    )  # fmt: skip
    return tuple(edge for edge in led if edge.source != edge.target or edge.turns)


def _chain(members: list[Vertex]) -> Vertex:
    """Return the box of a chain."""
    ops = [member.op or "" for member in members]
    names = ops if len(ops) <= 4 else [*ops[:2], "…", ops[-1]]
    title = f"{'→'.join(names)} · {len(ops):,} ops"
    return replace(merged_vertex(members[-1], members), kind="group", name=title, op=None)


# What is far from the focus.


def nearest(structure: Structure, limits: Limits) -> Structure:
    """Return the vertices nearest to the focus, or to the outputs, and the edges between them."""
    there = {vertex.number for vertex in structure.vertices}
    focus = tuple(number for number in limits.focus if number in there)
    distance = _distances(structure, focus)
    near = [n for n, d in distance.items() if limits.radius is None or d <= limits.radius]
    shown = set(near[: limits.max_nodes])
    if len(shown) == len(there):
        return structure
    where = "the focus" if focus else "the output"
    how = f"max_nodes={limits.max_nodes}" if len(near) > len(shown) else f"radius={limits.radius}"
    note = f"{len(there) - len(shown):,} farther from {where} are hidden ({how})"
    return replace(_only(structure, shown), notes=(*structure.notes, note))


def _only(structure: Structure, shown: set[int]) -> Structure:
    """Return some vertices, which say how many of their operands are left out."""
    hidden: dict[int, int] = defaultdict(int)
    for edge in structure.edges:
        hidden[edge.target] += edge.source not in shown
    vertices = tuple(
        replace(vertex, hidden=vertex.hidden + hidden[vertex.number])
        for vertex in structure.vertices
        if vertex.number in shown
    )
    edges = tuple(e for e in structure.edges if e.source in shown and e.target in shown)
    clusters = _still_used(structure.clusters, vertices)
    return replace(structure, vertices=vertices, edges=edges, clusters=clusters)


def _distances(structure: Structure, focus: tuple[int, ...]) -> dict[int, int]:
    """Return the distance of each vertex, nearest first; from a focus in both directions."""
    next_to: dict[int, list[int]] = defaultdict(list)
    for edge in structure.edges:
        next_to[edge.target].append(edge.source)
    if focus:
        for edge in structure.edges:
            next_to[edge.source].append(edge.target)
    start = focus or [vertex.number for vertex in structure.vertices if vertex.kind == "output"]
    distance = dict.fromkeys(start or [structure.vertices[-1].number], 0)
    todo = list(distance)
    for item in todo:  # which grows meanwhile
        for other in next_to[item]:
            if other not in distance:
                distance[other] = distance[item] + 1
                todo.append(other)
    return distance


def _without_hubs(structure: Structure) -> Structure:
    """Return a structure in which an input of a large graph has no more than `_USES` arrows.

    Of parameters that all steps use, the arrows would hide everything, and take Graphviz minutes.
    """
    if len(structure.vertices) <= _FEW_VERTICES:
        return structure
    kinds = {vertex.number: vertex.kind for vertex in structure.vertices}
    drawn: dict[int, int] = defaultdict(int)
    edges = []
    for edge in reversed(structure.edges):
        drawn[edge.source] += 1
        if kinds[edge.source] not in {"leaf", "constant"} or drawn[edge.source] <= _USES:
            edges.append(edge)
    more = len(structure.edges) - len(edges)
    if not more:
        return structure
    note = f"{more:,} arrows from inputs that are used more than {_USES} times not drawn"
    return replace(structure, edges=tuple(edges[::-1]), notes=(*structure.notes, note))


def _still_used(clusters: tuple[Cluster, ...], vertices: tuple[Vertex, ...]) -> tuple[Cluster, ...]:
    """Return the clusters that have a vertex in them."""
    parents = {cluster.number: cluster.parent for cluster in clusters}
    used: set[int] = set()
    for vertex in vertices:
        at = vertex.cluster
        while at and at not in used:
            used.add(at)
            at = parents[at]
    return tuple(cluster for cluster in clusters if cluster.number in used)
