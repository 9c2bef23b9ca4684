"""Groups that collapse: scopes, and chunks where there are many operations without scopes.

A group is a run of operations that follow each other in the order of computation. So, collapsed,
groups still form a graph without cycles; a Module that is called twice has two of them.
"""

import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass

FEW = 100
"""Without chunks, so many operations."""
MANY = 40
"""What is more in one group is put into smaller ones, of at most `CHUNK`."""
CHUNK = 20


@dataclass
class Group:
    """A run of operations with one name; `parent` is the number of the group around it."""

    name: str
    parent: int
    count: int = 0
    chunk: bool = False


def grouped(scopes: list[str], names: list[str]) -> tuple[list[Group], list[int]]:
    """Return the groups of operations in order, and the group of each; -1 is none.

    Parameters
    ----------
    scopes : list of str
        Of each operation, with dots between names.
    names : list of str
        Of each operation, for what chunks are called.

    Examples
    --------
    >>> groups, of = grouped(["a.b", "a.b", "a", "", "a"], ["+"] * 5)
    >>> [(group.name, group.parent, group.count) for group in groups], of
    ([('a', -1, 3), ('b', 0, 2), ('a (2)', -1, 1)], [1, 1, 0, -1, 2])
    """
    groups, of = _by_scope(scopes)
    groups, of = _joined(groups, of)
    _number_again(groups)
    if len(scopes) > FEW:
        _chunked(groups, of, names)
    for number in of:
        for around in _upwards(groups, number):
            groups[around].count += 1
    return groups, of


def _upwards(groups: list[Group], number: int) -> Iterator[int]:
    """Yield the group with a number, the one around it, and so on."""
    while number >= 0:
        yield number
        number = groups[number].parent


def _by_scope(scopes: list[str]) -> tuple[list[Group], list[int]]:
    """Return a group for each run of a scope."""
    groups: list[Group] = []
    of: list[int] = []
    open_: list[tuple[str, int]] = []
    for scope in scopes:
        path = scope.split(".") if scope else []
        shared = 0
        while shared < min(len(path), len(open_)) and open_[shared][0] == path[shared]:
            shared += 1
        del open_[shared:]
        for name in path[shared:]:
            groups.append(Group(name, open_[-1][1] if open_ else -1))
            open_.append((name, len(groups) - 1))
        of.append(open_[-1][1] if open_ else -1)
    return groups, of


def _joined(groups: list[Group], of: list[int]) -> tuple[list[Group], list[int]]:
    """Return the groups without those that hold nothing but one other, as ``layers`` may."""
    held = [0] * len(groups)  # operations and groups in each
    for number in of:
        if number >= 0:
            held[number] += 1
    own = [count > 0 for count in held]
    for group in groups:
        if group.parent >= 0:
            held[group.parent] += 1
    kept: list[Group] = []
    new: list[int] = []  # the new number of each; of one that goes, the number of what is around it
    prefix: list[str] = []
    for number, group in enumerate(groups):  # each stands after the one around it
        goes = held[number] == 1 and not own[number]
        before = prefix[group.parent] if group.parent >= 0 else ""
        name = f"{before}{group.name}"
        around = new[group.parent] if group.parent >= 0 else -1
        prefix.append(f"{name}." if goes else "")
        new.append(around if goes else len(kept))
        if not goes:
            kept.append(Group(name, around))
    return kept, [new[number] if number >= 0 else -1 for number in of]


def _number_again(groups: list[Group]) -> None:
    """Tell the second and later groups of one name in one place from the first."""
    seen: dict[tuple[int, str], int] = {}
    for group in groups:
        key = (group.parent, group.name)
        seen[key] = seen.get(key, 0) + 1
        if seen[key] > 1:
            group.name = f"{group.name} ({seen[key]})"


def _chunked(groups: list[Group], of: list[int], names: list[str]) -> None:
    """Put what is more than `MANY` in one group into chunks, and these again, until it fits."""
    inside: dict[int, list[tuple[bool, int]]] = {}  # in order: is it a group, and which
    placed: set[int] = set()
    for operation, innermost in enumerate(of):
        chain = list(itertools.takewhile(lambda g: g not in placed, _upwards(groups, innermost)))
        placed.update(chain)
        for group in reversed(chain):
            inside.setdefault(groups[group].parent, []).append((True, group))
        inside.setdefault(innermost, []).append((False, operation))
    for around, members in inside.items():
        while len(members) > MANY:
            size = min(CHUNK, math.isqrt(len(members)) + 1)
            members = [  # noqa: PLW2901 - it shrinks until it fits
                _chunk(groups, of, names, around, members[start : start + size])
                for start in range(0, len(members), size)
            ]


def _chunk(
    groups: list[Group],
    of: list[int],
    names: list[str],
    around: int,
    members: list[tuple[bool, int]],
) -> tuple[bool, int]:
    """Return a new group of some members of the group `around`."""
    if len(members) == 1:
        return members[0]
    number, ends = len(groups), (members[0], members[-1])
    first, last = (groups[i].name if is_group else names[i] for is_group, i in ends)
    name = f"{first.partition(' … ')[0]} … {last.rpartition(' … ')[2]}"
    groups.append(Group(name, around, chunk=True))
    for is_group, i in members:
        if is_group:
            groups[i].parent = number
        else:
            of[i] = number
    return True, number
