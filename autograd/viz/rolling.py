"""Repeated blocks, of which one is drawn for all."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograd.viz.scopes import Part, Scopes, alike

_LONGEST = 64  # units of a block
_FEWEST = 3  # blocks
_SMALLEST = 8  # operations in all blocks together
_MOST = 50  # rolls in one part
SHOWN = 1  # the block that is drawn: not the first, whose operands may be others than the rest's


@dataclass(frozen=True)
class Roll:
    """Repeated blocks: operations from `start` on, `stride` in each of `copies` blocks."""

    start: int
    stride: int
    copies: int

    @property
    def end(self) -> int:
        """The place after the last."""
        return self.start + self.stride * self.copies

    @property
    def shown(self) -> tuple[int, int]:
        """Start and end of the block that is drawn."""
        return self.start + SHOWN * self.stride, self.start + (SHOWN + 1) * self.stride


class Level:
    """Rolls of one depth: for each operation its roll, its block, and what it is drawn as."""

    def __init__(self, count: int) -> None:
        self.rolls: list[Roll] = []
        self.roll = np.full(count, -1)
        self.copy = np.zeros(count, int)
        self.drawn = np.arange(count)

    def add(self, roll: Roll) -> None:
        """Take a roll, which has no operation in common with those that were taken."""
        inside = np.arange(roll.end - roll.start)
        self.roll[roll.start : roll.end] = len(self.rolls)
        self.copy[roll.start : roll.end] = inside // roll.stride
        self.drawn[roll.start : roll.end] = roll.shown[0] + inside % roll.stride
        self.rolls.append(roll)


def rolled(scopes: Scopes) -> list[Level]:
    """Return the repeated blocks, the outermost first; parts that are frames for them are added."""
    signs = _signs(scopes)
    levels: list[Level] = []
    todo = [(0, 0)]
    for number, depth in todo:  # which grows meanwhile
        units = scopes.parts[number].units
        hidden: set[int] = set()
        for first, period, copies in _repeats(_tokens(scopes, units, signs)):
            roll = _checked(units, first, period, copies, signs)
            if roll is None:
                continue
            while len(levels) <= depth:
                levels.append(Level(len(signs)))
            levels[depth].add(roll)
            _frame(scopes, number, units, roll)
            hidden |= _left_out(units, roll)
        for part, start, _ in units:
            if part and part not in hidden:
                inside = depth < len(levels) and levels[depth].roll[start] >= 0
                todo.append((part, depth + 1 if inside else depth))
    return levels


def _left_out(units: list[tuple[int, int, int]], roll: Roll) -> set[int]:
    """Return the parts in blocks that are not drawn."""
    low, high = roll.shown
    return {
        part
        for part, start, _ in units
        if roll.start <= start < roll.end and not low <= start < high
    }


def _signs(scopes: Scopes) -> list[tuple[Any, ...]]:
    """Return for each operation what it is, and how far back its operands are."""
    vertices = scopes.structure.vertices
    signs = []
    for place, i in enumerate(scopes.operations):
        back = tuple(place - scopes.place.get(j, place) for j in scopes.operands[i])
        signs.append(((vertices[i].op, vertices[i].shape), back))
    return signs


def _sign_of_block(signs: list[tuple[Any, ...]], start: int, end: int) -> tuple[Any, ...]:
    """Return what blocks have in common that are the same inside."""
    return tuple(
        (what, tuple(d if d <= place else 0 for d in back))
        for place, (what, back) in enumerate(signs[start:end])
    )


def _tokens(
    scopes: Scopes, units: list[tuple[int, int, int]], signs: list[tuple[Any, ...]]
) -> NDArray[Any]:
    """Return a number for each unit, the same for those that are the same inside."""
    known: dict[Any, int] = {}
    tokens = []
    for part, start, end in units:
        title = alike(scopes.parts[part].title) if part else None
        sign = (title, _sign_of_block(signs, start, end)) if part else signs[start][0]
        tokens.append(known.setdefault(sign, len(known)))
    return np.array(tokens, int)


def _repeats(tokens: NDArray[Any]) -> list[tuple[int, int, int]]:
    """Return first unit, period and number of the blocks that repeat, the longest runs first."""
    found: list[tuple[int, int, int]] = []
    todo = [(0, len(tokens))]
    while todo and len(found) < _MOST:
        low, high = todo.pop()
        best = (0, 0, 0, 0)
        for period in range(1, min(_LONGEST, (high - low) // _FEWEST) + 1):
            first, length = _longest(tokens[low + period : high] == tokens[low : high - period])
            copies = length // period + 1
            if copies >= _FEWEST and length + period > best[0]:
                best = (length + period, low + first, period, copies)
        extent, first, period, copies = best
        if extent:
            found.append((first, period, copies))
            todo += [(low, first), (first + period * copies, high)]
    return found


def _longest(same: NDArray[Any]) -> tuple[int, int]:
    """Return start and length of the longest run of True."""
    edges = np.concatenate([[-1], np.flatnonzero(~same), [len(same)]])
    gaps = np.diff(edges) - 1
    best = int(np.argmax(gaps))
    return int(edges[best]) + 1, int(gaps[best])


def _checked(
    units: list[tuple[int, int, int]],
    first: int,
    period: int,
    copies: int,
    signs: list[tuple[Any, ...]],
) -> Roll | None:
    """Return the longest run of blocks whose operations are connected in the same way inside."""
    starts = [units[first + copy * period][1] for copy in range(copies)]
    stride = units[first + period - 1][2] - starts[0]
    blocks = [hash(_sign_of_block(signs, start, start + stride)) for start in starts]
    same = np.array([a == b for a, b in pairwise(blocks)], bool)
    at, length = _longest(same)
    if length + 1 < _FEWEST or (length + 1) * stride < _SMALLEST:
        return None
    return Roll(starts[at], stride, length + 1)


def _frame(scopes: Scopes, number: int, units: list[tuple[int, int, int]], roll: Roll) -> None:
    """Put a frame around the block that is drawn, unless it is a scope, which is one already."""
    low, high = roll.shown
    inside = [(part, start) for part, start, _ in units if low <= start < high]
    if len(inside) == 1:
        part = inside[0][0]
        if part:
            first = next(part for part, start, _ in units if start == roll.start)
            last = next(part for part, _, end in units if end == roll.end)
            scopes.parts[part].repeats = roll.copies
            scopes.parts[part].title = f"{scopes.parts[first].title} … {scopes.parts[last].title}"
        return
    depth = scopes.parts[number].depth
    scopes.parts.append(Part(number, "repeated", depth, low, high, repeats=roll.copies))
    for part, start in inside:
        if part:
            scopes.parts[part].parent = len(scopes.parts) - 1
        else:
            scopes.home[scopes.operations[start]] = len(scopes.parts) - 1
    _take_inputs(scopes, number, roll)


def _take_inputs(scopes: Scopes, number: int, roll: Roll) -> None:
    """Put the inputs that only the block uses into its frame, the part that was made last."""
    low, high = roll.shown
    for i, consumers in scopes.consumers.items():
        if scopes.home[i] == number and i not in scopes.place:
            places = [scopes.place[j] for j, _ in consumers]
            if all(low <= place < high for place in places):
                scopes.home[i] = len(scopes.parts) - 1
