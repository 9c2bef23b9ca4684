"""Arrays of which each stands for many: what `vmap` and whole Jacobians compute with.

A `Batched` array looks like the array of one example, and holds those of all of them. NumPy's
functions reach it through NumPy's protocols; each has a rule (`rules`), or is called for one
example after another (`batched.loop`).
"""

from autograd.batching.batched import (
    Batched,
    Level,
    batch,
    collapse,
    each_again,
    expanded,
    full,
    is_batched,
    levels_of,
    settled,
    spread,
    states,
    unbatch,
)

__all__ = [
    "Batched",
    "Level",
    "batch",
    "collapse",
    "each_again",
    "expanded",
    "full",
    "is_batched",
    "levels_of",
    "settled",
    "spread",
    "states",
    "unbatch",
]
