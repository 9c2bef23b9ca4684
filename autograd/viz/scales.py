"""What the colours of boxes say: the kind, or how large a quantity is, or what is not finite."""

import math
from bisect import bisect_right
from collections.abc import Callable
from typing import Literal

from autograd.viz.palette import Palette
from autograd.viz.structure import Structure, Vertex
from autograd.viz.text import number

ColorBy = Literal["gradient", "time", "bytes", "nan"]
Scale = tuple[dict[int, str], list[tuple[str, str]]]
"""The fill of each vertex by its number, and the legend: a fill and what it means."""

_QUANTITIES: dict[str, tuple[str, Callable[[Vertex], float | None], Callable[[float], str]]] = {
    "gradient": ("norm of the gradient", lambda v: v.norm, number),
    "time": ("ms, both ways", lambda v: v.seconds, lambda s: number(s * 1e3)),
    "bytes": ("kB kept for the way back", lambda v: v.saved, lambda b: number(b / 1e3)),
}
COLOR_BY = (*_QUANTITIES, "nan")


def scale(structure: Structure, color_by: str | None, palette: Palette) -> Scale:
    """Return how boxes are filled that are not filled by their kind."""
    if color_by is None:
        return {}, []
    if color_by == "nan":
        return _finiteness(structure, palette)
    title, quantity, text = _QUANTITIES[color_by]
    known = {v.number: q for v in structure.vertices if (q := quantity(v)) is not None}
    bounds = _bounds([q for q in known.values() if 0 < q < math.inf], len(palette.ramp))
    fills = {v.number: palette.plain for v in structure.vertices}
    for place, q in known.items():
        if 0 < q < math.inf:
            fills[place] = palette.ramp[max(0, bisect_right(bounds[:-1], q) - 1)]
        elif q:
            fills[place] = palette.bad[0][1]
    steps = zip(palette.ramp, bounds, bounds[1:], strict=False)
    return fills, [
        (palette.plain, f"{title}: none"),
        *((fill, f"{text(low)} to {text(high)}") for fill, low, high in steps),
    ]


def _bounds(quantities: list[float], steps: int) -> list[float]:
    """Return where one colour ends and the next begins, from the least to the largest."""
    if not quantities:
        return []
    low, high = min(quantities), max(quantities)
    if low == high:
        return [low, high]
    return [low, *(low * (high / low) ** (step / steps) for step in range(1, steps)), high]


def _finiteness(structure: Structure, palette: Palette) -> Scale:
    """Return fills that say what is not finite."""
    of_value, of_gradient = (fill for _, fill in palette.bad)
    fills = {
        v.number: palette.plain
        if not v.bad
        else of_value
        if v.bad.startswith("value")
        else of_gradient
        for v in structure.vertices
    }
    return fills, [
        (palette.plain, "finite"),
        (of_value, "value not finite"),
        (of_gradient, "only its gradient not finite"),
    ]
