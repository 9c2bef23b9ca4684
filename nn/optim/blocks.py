"""Large parameters are changed block by block, so that what a formula needs stays in the cache.

The blocks are shared out among threads: NumPy lets others run while it computes.
"""

import os
from collections.abc import Iterable, Sequence
from contextvars import copy_context
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from nn.optim.transformations import Formula, Rule

Array = NDArray[Any]

BLOCK_BYTES = 500_000
"""Smaller blocks, and threads wait for the interpreter; larger, and they wait for memory."""
BLOCKS_A_THREAD = 4
"""How many make a thread worth its start: that takes 0.1 ms, a block of Adam's as long."""
MOST_THREADS = 8
"""More would wait for memory."""


class Change(NamedTuple):
    """What a run of elementwise formulas does to one parameter, all arrays as vectors."""

    value: Array
    gradient: Array
    run: list[tuple[Rule, list[Array], Any]]  # rule, slots, at

    def apply(self, part: slice) -> None:
        """Change one block."""
        value, update = self.value[part], self.gradient[part]
        for rule, slots, at in self.run:
            update = rule(update, [slot[part] for slot in slots], value, at)
        value += update

    def blocks(self) -> list[slice]:
        """Return where each block is."""
        size = max(1, BLOCK_BYTES // self.value.itemsize)
        return [slice(start, start + size) for start in range(0, self.value.size, size)]


def change(value: Array, gradient: Array, run: Sequence[tuple[Formula, list[Any]]]) -> Change:
    """Return what formulas with their states will do to `value`; their counts are one higher."""
    rules = []
    for formula, state in run:
        if formula.remembers:
            state[0] += 1
            state[1:] = map(np.ascontiguousarray, state[1:])  # so that reshape gives views
        at = None if formula.at is None else formula.at(state[0])
        rules.append((formula.rule, [slot.reshape(-1) for slot in state[1:]], at))
    return Change(value.reshape(-1), gradient.reshape(-1), rules)


def apply(changes: Iterable[Change]) -> None:
    """Change parameters in place: those of `changes`, whose arrays nobody else may use now."""
    work = [(each, part) for each in changes for part in each.blocks()]
    count = min(_threads(), MOST_THREADS, len(work) // BLOCKS_A_THREAD)

    def some(place: int) -> None:
        for each, part in work[place :: max(1, count)]:
            each.apply(part)

    if count <= 1:
        some(0)
        return
    from concurrent.futures import ThreadPoolExecutor  # 3 ms of `import nn`, that few need

    contexts = [copy_context() for _ in range(count)]  # NumPy's errstate, as it is here
    with ThreadPoolExecutor(count) as pool:
        for _ in pool.map(lambda place: contexts[place].run(some, place), range(count)):
            pass  # what one of them raised is raised here


def _threads() -> int:
    """Return how many threads there may be: OMP_NUM_THREADS as for BLAS, or one a processor."""
    asked = os.environ.get("OMP_NUM_THREADS", "")
    if asked.isdecimal() and int(asked):
        return int(asked)
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
