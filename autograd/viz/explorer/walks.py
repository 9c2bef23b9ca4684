"""The walk back, step by step: as it was, and in the order that is wrong.

Both are computed here with the rules themselves, on the recorded numbers; the page only shows them.
"""

from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from autograd.graph import Node, Several, fit
from autograd.zeros import is_finite, mended

MOST = 300
"""So many arrivals of the naive order are replayed; there may be exponentially many."""


class Arrival(NamedTuple):
    """One contribution that has come to a parent: the sum there before and after."""

    parent: Node
    position: int
    contribution: Any
    before: Any
    after: Any
    raw: tuple[int, ...] | None  # the shape before a broadcast was undone, where one was


class Step(NamedTuple):
    """A node has handed its cotangent on."""

    node: Node
    arrivals: list[Arrival]


@dataclass
class Walk:
    """What a walk back did.

    Attributes
    ----------
    seeds : dict from Node to array
        Where it began.
    steps : list of Step
    cotangents : dict from Node to array
        The complete ones.
    """

    seeds: dict[Node, Any] = field(default_factory=dict)
    steps: list[Step] = field(default_factory=list)
    cotangents: dict[Node, Any] = field(default_factory=dict)


def contributions(node: Node, g: Any, kept: Any) -> list[Any]:
    """Return what a node adds to the cotangent of each parent, and as the walk itself adds it.

    Returns
    -------
    list of (array, shape) or None
        The shape is that before a broadcast was undone.
    """
    found: list[Any] = []
    for parent, c in zip(node.parents, node.plan.pull(g, kept), strict=True):
        if c is None or isinstance(c, Several):
            found.append(None if c is None else (c, None))
            continue
        if not isinstance(g, Several) and not is_finite(c):
            c = mended(c, g, node.plan.primitive.diagonal)  # noqa: PLW2901
        fitted = fit(c, parent, node.plan)
        found.append((fitted, np.shape(c) if np.shape(c) != np.shape(fitted) else None))
    return found


def replayed(known: dict[Node, Any], kept: dict[Node, Any]) -> Walk:
    """Return the steps of a walk whose cotangents are known.

    Parameters
    ----------
    known : dict from Node to array
        The cotangents that the walk came to operations with.
    kept : dict from Node to tuple
        What the rules need, of these.
    """
    walk = Walk(cotangents=dict(known))
    sums: dict[Node, Any] = {}
    waiting = sorted(known, key=_birth)  # of whom the youngest is next
    reached = set(waiting)
    while waiting:
        node = waiting.pop()
        g = known.get(node, sums.get(node))
        if g is None or node.plan is None:
            continue
        if node not in sums:
            walk.seeds[node] = g
        walk.cotangents[node] = g
        needed = kept.get(node, node.kept)
        if needed is None:
            continue
        step = Step(node, [])
        for position, found in enumerate(contributions(node, g, needed)):
            if found is None:
                continue
            (c, raw), parent = found, node.parents[position]
            before = sums.get(parent)
            sums[parent] = after = c if before is None else before + c
            step.arrivals.append(Arrival(parent, position, c, before, after, raw))
            if parent not in reached:
                reached.add(parent)
                if parent.plan is None:
                    continue
                _insert(waiting, parent)
        walk.steps.append(step)
    for node, total in sums.items():
        walk.cotangents.setdefault(node, total)
    return walk


def _insert(waiting: list[Node], node: Node) -> None:
    """Put a node where its birth belongs; near the end, as a rule."""
    place = len(waiting)
    while place and waiting[place - 1].birth > node.birth:
        place -= 1
    waiting.insert(place, node)


def _birth(node: Node) -> int:
    return node.birth


class NaiveArrival(NamedTuple):
    """One contribution in the naive order.

    Attributes
    ----------
    pending : int
        How many contributions `node` still lacked when it handed its cotangent on.
    right : bool
        Whether the sum is one that the right order has, too.
    """

    node: Node
    arrival: Arrival
    pending: int
    right: bool


@dataclass
class Naive:
    """The walk in which each node hands on what it has, whenever something arrives.

    Attributes
    ----------
    arrivals : list of NaiveArrival
        The first ones.
    total : int
        How many there would be.
    wrong : int
        The place of the first wrong sum among them; -1 if there is none.
    """

    arrivals: list[NaiveArrival]
    total: int
    wrong: int


def naive(walk: Walk, kept: dict[Node, Any]) -> Naive:
    """Return what happens depth-first, on the same numbers, if no node waits.

    As with ``def push(node)``, which for each parent adds to its gradient and calls itself there.
    """
    expected: dict[Node, int] = {}
    right: dict[tuple[Node, int], Any] = {}
    for step in walk.steps:
        for arrival in step.arrivals:
            expected[arrival.parent] = expected.get(arrival.parent, 0) + 1
            right[step.node, arrival.position] = arrival.contribution
    fires = {step.node for step in walk.steps}
    sums: dict[Node, Any] = dict(walk.seeds)
    seen: dict[Node, int] = {}
    used: set[tuple[Node, int]] = set()
    found = Naive([], _total(walk), -1)
    stack: list[tuple[Node, int, list[Any], int]] = [
        (node, 0, contributions(node, g, kept.get(node, node.kept)), 0)
        for node, g in reversed(walk.seeds.items())
        if node in fires
    ]
    while stack and len(found.arrivals) < MOST:
        node, position, pulled, lacking = stack.pop()
        if position + 1 < len(pulled):
            stack.append((node, position + 1, pulled, lacking))
        if pulled[position] is None:
            continue
        (c, raw), parent = pulled[position], node.parents[position]
        before = sums.get(parent)
        sums[parent] = after = c if before is None else before + c
        key = (node, position)
        good = key not in used and key in right and _same(c, right[key])
        used.add(key)
        seen[parent] = seen.get(parent, 0) + 1
        if not good and found.wrong < 0:
            found.wrong = len(found.arrivals)
        arrival = Arrival(parent, position, c, before, after, raw)
        found.arrivals.append(NaiveArrival(node, arrival, lacking, good))
        if parent in fires:
            lacking = max(0, expected.get(parent, 0) - seen[parent])
            onward = contributions(parent, after, kept.get(parent, parent.kept))
            stack.append((parent, 0, onward, lacking))
    return found


def _total(walk: Walk) -> int:
    """Return how many arrivals the naive order has: one for each way from the output."""
    times: dict[Node, int] = dict.fromkeys(walk.seeds, 1)
    total = 0
    for step in walk.steps:
        here = times.get(step.node, 0)
        total += here * len(step.arrivals)
        if total.bit_length() > 4000:  # more than anyone waits for; and numbers stay short
            break
        for arrival in step.arrivals:
            times[arrival.parent] = times.get(arrival.parent, 0) + here
    return total


def _same(a: Any, b: Any) -> bool:
    """Whether two contributions are equal but for rounding."""
    if isinstance(a, Several) or isinstance(b, Several):
        return all(_same(x, y) for x, y in zip(a, b, strict=True) if x is not None or y is not None)
    return a is not None and b is not None and np.allclose(a, b, rtol=1e-6, atol=0, equal_nan=True)
