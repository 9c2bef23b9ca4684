"""Numbers and names as pictures write them."""

from typing import Any

import numpy as np

from autograd.batching.batched import Batched
from autograd.tensor import Tensor

_LONGEST_NAME = 60
_FEW = 4  # so many numbers of an array a box has room for


def number(value: Any) -> str:
    """Return a number as it is written in a picture."""
    return f"{value:.4g}"


def plain(value: Any) -> Any:
    """Return the array of a value, of a Tensor, of a batch: then that of all examples."""
    if isinstance(value, Tensor):
        value = value.data
    while isinstance(value, Batched):
        value = value.array
    return np.asarray(value)


def summary(gradient: Any, size: float | None = None) -> str:
    """Return a gradient in a few characters: the number, or the norm of an array, if not given."""
    array = plain(gradient)
    if array.ndim == 0:
        return number(array.item())
    return f"norm {number(norm(array) if size is None else size)}"


def norm(gradient: Any) -> float:
    """Return the Euclidean norm of an array."""
    with np.errstate(all="ignore"):
        return float(np.linalg.norm(plain(gradient).ravel()))


def few(value: Any) -> str | None:
    """Return the numbers of a value that has few of them."""
    array = plain(value)
    if array.dtype.kind not in "fcbiu" or array.size > _FEW or array.ndim > 1:
        return None
    if array.ndim == 0:
        return number(array.item())
    return f"[{', '.join(number(item) for item in array.tolist())}]"


def broken(value: Any) -> str | None:
    """Return how much of a value is not finite; None if all of it is."""
    array = plain(value)
    if array.dtype.kind not in "fc":
        return None
    count = array.size - int(np.count_nonzero(np.isfinite(array)))
    if not count:
        return None
    what = "NaN" if np.isnan(array).any() else "inf"
    return what if array.ndim == 0 else f"{what}: {count:,} of {array.size:,}"


def printable(text: str | None, longest: int = _LONGEST_NAME) -> str | None:
    """Return `text` without characters that XML forbids or that are not seen, and not too long."""
    if not text:
        return None
    seen = "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)
    return seen if len(seen) <= longest else f"{seen[: longest - 1]}…"


def counted(count: int, noun: str) -> str:
    """Return a count with its noun."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
