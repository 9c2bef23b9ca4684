"""Whether a state, arrays by their names, fits what it is to be loaded into."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple, Self

from numpy.typing import NDArray

Array = NDArray[Any]


class Mismatch(NamedTuple):
    """What `Module.load_state_dict` did not find, and what it found no place for: paths."""

    missing: list[str]
    unexpected: list[str]

    @classmethod
    def between(cls, own: Mapping[str, Any], given: Mapping[str, Any]) -> Self:
        """Return which names of `own` are not in `given`, and the other way round."""
        return cls([n for n in own if n not in given], [n for n in given if n not in own])


def differences(
    shapes: Mapping[str, tuple[int, ...]],
    given: Mapping[str, Array],
    fault: Callable[[str], str | None],
    *,
    strict: bool = True,
    nowhere: str = "no parameter or buffer",
) -> Iterator[str]:
    """Yield a sentence for each way in which the arrays in `given` do not fit.

    `shapes` are those expected, `fault` says what else is wrong with an array of the right shape,
    `nowhere` what unexpected ones belong to; unless `strict`, names do not matter.
    """
    names = Mismatch.between(shapes, given) if strict else Mismatch([], [])
    for name, shape in shapes.items():
        if name in names.missing:
            yield f'"{name}" {shape} is missing'
        elif name not in given:
            continue
        elif given[name].shape != shape:
            yield f'"{name}" has shape {given[name].shape}, expected {shape}'
        elif what := fault(name):
            yield f'"{name}" {what}'
    for name in names.unexpected:
        yield f'"{name}" {given[name].shape} belongs to {nowhere}'
