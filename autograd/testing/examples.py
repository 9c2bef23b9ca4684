"""The smallest failing example, as code to paste."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.testing.subject import Subject

if TYPE_CHECKING:
    from numpy.typing import NDArray

TRIALS = 150
SIMPLE = (0, 1, 2)  # digits after the point to which numbers are rounded


def smallest(subject: Subject, fails: Callable[[list[Any]], bool]) -> list[Any]:
    """Return the leaves of the arguments made smaller and rounder while the check still fails."""
    leaves = [
        np.array(leaf) if i in subject.places else leaf for i, leaf in enumerate(subject.leaves)
    ]
    trials = 0
    again = True
    while again and trials < TRIALS:
        again = False
        for candidate in _simpler(leaves, subject.places):
            trials += 1
            if trials >= TRIALS:
                break
            if fails(candidate):
                leaves, again = candidate, True
                break
    return leaves


def _simpler(leaves: list[Any], places: list[int]) -> Iterator[list[Any]]:
    """Yield variants: all axes of one length cut together, then smaller and rounder arrays."""
    sides = sorted({side for leaf in leaves if isinstance(leaf, np.ndarray) for side in leaf.shape})
    for side in reversed(sides):
        for shorter in sorted({1, 2, side // 2, side - 1}):
            if 0 < shorter < side:
                yield [_cut(leaf, side, shorter) for leaf in leaves]
    for place in places:
        for array in _simpler_arrays(np.asarray(leaves[place])):
            yield [array if i == place else leaf for i, leaf in enumerate(leaves)]


def _simpler_arrays(array: "NDArray[Any]") -> Iterator["NDArray[Any]"]:
    """Yield an array cut along one axis, with rounder elements, and with one simple element."""
    for axis, side in enumerate(array.shape):
        if side > 1:
            yield array[(slice(None),) * axis + (slice(0, 1),)]
    rounder = (np.asarray(np.round(array, digits)) for digits in SIMPLE)
    yield from (r for r in rounder if not np.array_equal(r, array))
    for index in np.ndindex(array.shape):
        for simple in (0, 1, np.round(array[index]), np.round(array[index], 1)):
            if _weight(simple) < _weight(array[index]):
                changed = array.copy()
                changed[index] = simple
                yield changed


def _weight(value: Any) -> tuple[int, float]:
    """Return how complicated a number is."""
    return len(repr(complex(value))), abs(value)


def _cut(leaf: Any, side: int, shorter: int) -> Any:
    """Return an array with all axes of one length made shorter."""
    if not isinstance(leaf, np.ndarray):
        return leaf
    return leaf[tuple(slice(shorter if s == side else s) for s in leaf.shape)]


def as_code(subject: Subject, leaves: list[Any], options: str) -> str:
    """Return the statements that make the arguments and check them."""
    names = subject.argument_names()
    given = subject.rebuilt(leaves)
    lines = [f"{name} = {_literal(arg)}" for name, arg in zip(names, given, strict=True)]
    call = f"check_grads({', '.join([subject.name, *names])}{options})"
    return "\n".join([*lines, call])


def _literal(value: Any) -> str:
    """Return a value as an expression."""
    if isinstance(value, np.ndarray):
        items = np.array2string(value, separator=", ", threshold=10**6, floatmode="unique")
        plain = value.dtype in (np.float64, np.complex128, np.int64)
        kind = "" if plain and value.size else f", dtype=np.{value.dtype.name}"
        shape = f".reshape({value.shape})" if not value.size and value.ndim > 1 else ""
        return f"np.array({' '.join(items.split())}{kind}){shape}"
    if isinstance(value, np.generic):
        return repr(value.item())
    if isinstance(value, dict):
        return "{" + ", ".join(f"{k!r}: {_literal(v)}" for k, v in value.items()) + "}"
    if type(value) in (list, tuple):
        items = ", ".join(map(_literal, value)) + (
            "," if type(value) is tuple and len(value) == 1 else ""
        )
        return f"[{items}]" if type(value) is list else f"({items})"
    return repr(value)
