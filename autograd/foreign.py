"""Foreign writes: what a program writes past the graph into arrays that the graph has saved.

`t.data` and the arrays that operations are given belong to the program. A derivative computed from
what is in them later would be wrong without a word. So small constants are copied when a rule keeps
them; of large ones a sample is compared when the rule is used; and of an array that `t.data` hands
out while the graph holds it, the whole.
"""

import sys
import weakref
from types import SimpleNamespace
from typing import Any

import numpy as np

from autograd.errors import ForeignWriteError

SMALL = 4096  # elements, which take less time to copy than the operation that keeps them

HANDED_OUT: "dict[int, HandedOut]" = {}
"""The arrays that the program holds as well as the graph, by `id`."""


class HandedOut:
    """An array, weakly; what was in it when it was last handed out; until when that had changed.

    Times are birth numbers. What was saved of the array before `changed` is not what is in it.
    """

    __slots__ = ("birth", "changed", "content", "reference")

    def __init__(self, array: Any, forget: Any) -> None:
        self.reference = weakref.ref(array, forget)
        self.content: Any = None
        self.birth = self.changed = 0

    def compare(self, array: Any) -> None:
        """Look if anything was written since the last look."""
        if self.changed < self.birth and not np.array_equal(array, self.content, equal_nan=True):
            self.changed, self.content = self.birth, None


def references(tensor: Any) -> int:
    """Return how many references there are to the array of `tensor`."""
    return sys.getrefcount(tensor._data)


ALONE = references(SimpleNamespace(_data=np.zeros(1)))
"""What `references` counts where the Tensor alone holds its array."""


def own_copy(array: Any) -> Any:
    """Return a copy of a small array that the program can write to; others as they are."""
    if type(array) is np.ndarray and array.size <= SMALL and array.flags.writeable:
        return array.copy(order="K")
    return array


def is_large(value: Any) -> bool:
    """Whether `value` is an array that is not copied."""
    return type(value) is np.ndarray and value.size > SMALL


def comparison(array: Any, what: str) -> Any:
    """Return a hook that raises if a sample of `array` is not what it is now."""
    step = max(1, array.size // 64)
    sample = array.flat[::step].tobytes()

    def compare(_g: Any) -> None:
        if array.flat[::step].tobytes() != sample:
            raise_foreign(what)

    return compare


def raise_foreign(what: str) -> None:
    """Raise the error of a foreign write."""
    raise ForeignWriteError(
        f"{what} has saved an array that was written to since, so its derivative would be wrong; "
        f"write to a copy, or with t[...] = value, which the graph sees"
    )


def may_be_saved(tensor: Any) -> bool:
    """Whether a node may have saved the array of `tensor`, as far as counting references tells."""
    leaf = tensor._node is not None and tensor._node.plan is None
    if leaf and sys.getrefcount(tensor._node) == ALONE:
        return False  # nothing was computed from it
    value = tensor._data
    if value.base is None:
        del value
        return references(tensor) > ALONE
    return sys.getrefcount(value.base) > ALONE or sys.getrefcount(value) > ALONE + 1


def hand_out(tensor: Any, birth: int) -> None:
    """Note what is in the array of `tensor`, which the program can write to from now on."""
    value = tensor._data
    array = value if value.base is None else value.base
    if not isinstance(array, np.ndarray):
        return
    key = id(array)
    known = HANDED_OUT.get(key)
    if known is None:
        known = HANDED_OUT[key] = HandedOut(array, lambda _: HANDED_OUT.pop(key, None))
    else:
        known.compare(array)
    known.content, known.birth = array.copy(), birth


def written_since() -> list[tuple[Any, int]]:
    """Return the arrays that were written to, and until when what was saved of them is stale."""
    found = []
    for known in list(HANDED_OUT.values()):
        array = known.reference()
        if array is not None:
            known.compare(array)
            if known.changed:
                found.append((array, known.changed))
    return found
