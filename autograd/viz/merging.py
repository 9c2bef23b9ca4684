"""Several vertices as one, with what they have cost together."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from autograd.viz.structure import Vertex
from autograd.viz.text import number


def merged_vertex(shown: Vertex, members: list[Vertex]) -> Vertex:
    """Return the vertex that stands for several, with what they have cost together."""
    if len(members) == 1:
        return shown
    norms = [member.norm for member in members if member.norm is not None]
    bad = [member for member in members if member.bad]
    ends = [number(norm) for norm in norms[:: max(1, len(norms) - 1)]]
    return replace(
        shown,
        value=shown.value if len({member.value for member in members}) == 1 else None,
        gradient=f"norm {' … '.join(dict.fromkeys(ends))}" if norms else None,
        norm=max(norms, default=None),
        seconds=_total(member.seconds for member in members),
        saved=_total(member.saved for member in members),
        bad=next((m.bad for m in bad if m.first), bad[0].bad if bad else None),
        first=any(member.first for member in bad),
        members=sum(member.members for member in members),
    )


def _total(values: Iterable[Any]) -> Any:
    """Return the sum of what is known."""
    known = [value for value in values if value is not None]
    return sum(known) if known else None
