"""How windows lie on an input: what convolutions and pooling have in common."""

import itertools
from collections.abc import Sequence
from typing import Any, Literal, NamedTuple

import numpy as np

from autograd.errors import ShapeError

Sizes = tuple[int, ...]
Padding = int | Sequence[int] | Literal["same", "valid"]


class Windows(NamedTuple):
    """How windows lie on an input: all but their size."""

    stride: Sizes
    padding: tuple[tuple[int, int], ...]  # zeros before and after, for each axis
    dilation: Sizes
    groups: int


def full_size(size: Sizes, how: Windows) -> Sizes:
    """Return the size of an input with its padding."""
    return tuple(length + sum(ends) for length, ends in zip(size, how.padding, strict=True))


def inside(size: Sizes, how: Windows) -> tuple[Any, ...]:
    """Return the index of what is inside of the padding."""
    pairs = zip(size, how.padding, strict=True)
    return (..., *(slice(lo, lo + length) for length, (lo, _) in pairs))


def padded(x: Any, how: Windows, filling: float = 0) -> Any:
    """Return `x` with its padding filled."""
    if not any(map(any, how.padding)):
        return x
    axes = len(how.padding)
    size = x.shape[-axes:]
    found = np.full((*x.shape[:-axes], *full_size(size, how)), filling, x.dtype)
    found[inside(size, how)] = x
    return found


def positions(size: Sizes, kernel: Sizes, how: Windows) -> Sizes:
    """Return how many windows an input of `size` has along each axis."""
    return tuple(
        (length + sum(ends) - gap * (width - 1) - 1) // step + 1
        for length, width, step, ends, gap in zip(size, kernel, *how[:3], strict=True)
    )


def places_of(size: Sizes, kernel: Sizes, how: Windows) -> list[tuple[Any, ...]]:
    """Return the places, in an input with its padding, of each element of all windows."""
    along = zip(kernel, how.stride, how.dilation, positions(size, kernel, how), strict=True)
    axes = [
        [slice(i * gap, i * gap + step * (count - 1) + 1, step) for i in range(width)]
        for width, step, gap, count in along
    ]
    return [(..., *place) for place in itertools.product(*axes)]


def each(value: int | Sequence[int], count: int, name: str, least: int = 1) -> Sizes:
    """Return a whole number for each of `count` axes.

    Raises
    ------
    ValueError
        If there is another number of them, or one is too small or not whole.
    """
    values: Sequence[Any] = (
        (value,) * count if isinstance(value, int | np.integer) else tuple(value)
    )
    whole = all(isinstance(one, int | np.integer) and one >= least for one in values)
    if len(values) != count or not whole:
        raise ValueError(
            f"{name} must be a whole number of at least {least}, or {count} of them, got {value!r}"
        )
    return tuple(int(one) for one in values)


def ends_of(padding: Padding, kernel: Sizes, windows: Windows) -> tuple[tuple[int, int], ...]:
    """Return how many zeros are put before and after, on each axis.

    Raises
    ------
    ValueError
        If `padding` is not such a number, or "same" together with a stride.
    """
    if not isinstance(padding, str):
        return tuple((one, one) for one in each(padding, len(kernel), "padding", 0))
    if padding == "valid":
        return ((0, 0),) * len(kernel)
    if padding != "same":
        raise ValueError(f'padding must be numbers, "same" or "valid", got {padding!r}')
    if max(windows.stride) > 1:
        raise ValueError(
            f'padding="same" has no meaning with stride {windows.stride}; give numbers'
        )
    wider = (gap * (size - 1) for size, gap in zip(kernel, windows.dilation, strict=True))
    return tuple((more // 2, more - more // 2) for more in wider)


def windows_of(kernel: Sizes, stride: Any, padding: Any, dilation: Any, groups: Any) -> Windows:
    """Return how windows lie, checked."""
    count = len(kernel)
    (groups,) = each(groups, 1, "groups")
    how = Windows(each(stride, count, "stride"), (), each(dilation, count, "dilation"), groups)
    return how._replace(padding=ends_of(padding, kernel, how))


def _text(sizes: Sequence[Any]) -> str:
    """Return how a message shows a shape, names of sizes without quotes."""
    return f"({', '.join(map(str, sizes))})"


def check_input(x: Any, channels: int, kernel: Sizes, how: Windows) -> None:
    """Refuse an input that a convolution cannot take.

    Raises
    ------
    ShapeError
        If axes or channels are wrong, or no window fits.
    """
    names = ("L",) if len(kernel) == 1 else ("D", "H", "W")[-len(kernel) :]
    if x.ndim - len(kernel) not in {1, 2} or x.shape[-1 - len(kernel)] != channels:
        expected = _text(("N", channels, *names))
        raise ShapeError(f"expected {expected} or {_text((channels, *names))}, got {x.shape}")
    if min(positions(x.shape[-len(kernel) :], kernel, how)) < 1:
        raise ShapeError(
            f"no window of {kernel} with dilation {how.dilation} fits into {x.shape} "
            f"with padding {how.padding}"
        )
