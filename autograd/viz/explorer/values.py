"""Values as the page has them: numbers, short arrays, statistics of long ones; copies, all."""

import base64
import math
from typing import Any

import numpy as np

from autograd.graph import Several
from autograd.viz.explorer.formulas import MINUS

Json = Any

LARGE = 5000
FEW = 3
"""So many numbers of an array a line of text has room for."""
BINS = 16
SIDE = 64
"""Of a heat map, at most."""
SAMPLE = 100_000
"""Elements from which the histogram of a larger array is made."""


class Values:
    """How much of each array a page of so many operations has room for.

    Attributes
    ----------
    numbers : int
        Arrays of at most so many are shown whole.
    maps : int
        Cells of heat maps that may still be spent.
    large : bool
        Whether there are so many operations that of longer arrays only norm and range are shown.
    """

    def __init__(self, operations: int) -> None:
        self.numbers = min(256, max(FEW, 60_000 // (3 * max(1, operations))))
        self.maps = 400_000
        self.large = operations > LARGE

    def of(self, value: Any) -> Json:
        """Return a value for JSON; None for None."""
        if value is None:
            return None
        if isinstance(value, Several | tuple | list):
            return {"several": [self.of(item) for item in value]}
        array = as_array(value)
        if array is None:
            return {"other": type(value).__name__}
        if not array.ndim:
            return {"number": number(array.item())}
        if array.size <= self.numbers:
            return {"shape": array.shape, "numbers": [number(x, 6) for x in array.ravel().tolist()]}
        size = np.abs(array) if array.dtype.kind == "c" else array
        return {"shape": array.shape, **self._statistics(size)}

    def _statistics(self, array: Any) -> dict[str, Json]:
        """Return what an array is like: range and moments, histogram, heat map of a matrix."""
        x = array.astype(np.float64)
        found: dict[str, Json] = {"norm": number(norm(x.ravel()), 6)}
        if not x.size:
            return found
        low, high = float(x.min()), float(x.max())
        finite = x.ravel()
        if not math.isfinite(low) or not math.isfinite(high):
            found["nan"], found["inf"] = int(np.isnan(x).sum()), int(np.isinf(x).sum())
            finite = x[np.isfinite(x)]
            if not finite.size:
                return found
            low, high = float(finite.min()), float(finite.max())
        found |= {"low": number(low, 6), "high": number(high, 6)}
        if self.large:
            return found
        found |= {"mean": number(finite.mean(), 6), "deviation": number(finite.std(), 6)}
        found["zeros"] = int(x.size - np.count_nonzero(x))
        found["bars"] = _histogram(finite, low, high)
        if x.ndim == 2 and max(x.shape) <= SIDE and x.size <= self.maps:
            self.maps -= x.size
            found["map"] = _heat(x, low, high)
        return found


def as_array(value: Any) -> Any:
    """Return an array of numbers; None for what is none."""
    try:
        array = np.asarray(getattr(value, "_value", value))
    except Exception:  # noqa: BLE001 - another library's array, which only has to be shown
        return None
    return array if array.dtype.kind in "fcbiu" else None


def short(value: Any) -> str:
    """Return a value in a few characters: a number, a few numbers, or the norm of an array."""
    if value is None:
        return "nothing"
    if isinstance(value, Several | tuple | list):
        return "several"
    array = as_array(value)
    if array is None:
        return type(value).__name__
    if not array.ndim:
        return text(array.item())
    if array.ndim == 1 and array.size <= FEW:
        return f"[{', '.join(text(x, 3) for x in array.tolist())}]"
    flat = array.ravel()
    if array.dtype.kind == "c":
        flat = np.abs(flat)
    return f"norm {text(norm(flat.astype(np.float64)))}"


def norm(flat: Any) -> float:
    """Return the length of a vector, whether or not squares of its elements are numbers."""
    square = float(flat.dot(flat))
    if 0.0 < square < math.inf or not flat.size:
        return math.sqrt(square)
    largest = float(np.abs(flat).max())
    if largest == 0.0 or not math.isfinite(largest):
        return largest
    scaled = flat / largest
    return largest * math.sqrt(scaled.dot(scaled))


def text(x: Any, digits: int = 4) -> str:
    """Return a number with so many digits that count, at most, and a real minus sign."""
    if isinstance(x, bool | int):
        return str(x).replace("-", MINUS)
    return f"{x:.{digits}g}".replace("-", MINUS)


def number(x: Any, digits: int = 17) -> Json:
    """Return a number for JSON; infinity, NaN and complex numbers, which it has not, as text."""
    if isinstance(x, complex):
        return text(x)
    if isinstance(x, bool | int):
        return int(x) if abs(x) < 2**53 else text(float(x))
    x = float(x)
    if not math.isfinite(x):
        return str(x).replace("-", MINUS)
    return x if digits >= 17 else float(f"{x:.{digits}g}")


def _histogram(finite: Any, low: float, high: float) -> list[int]:
    """Return how many elements each of `BINS` bins of equal width has."""
    flat = finite[:: max(1, finite.size // SAMPLE)]
    scale = BINS / (high - low) if high > low else 0.0
    if not math.isfinite(scale):
        scale = 0.0
    bins = np.minimum(((flat - low) * scale).astype(np.int64), BINS - 1)
    counts: list[int] = np.bincount(np.maximum(bins, 0), minlength=BINS).tolist()
    return counts


def _heat(x: Any, low: float, high: float) -> str:
    """Return a byte for each cell: 1 to 255 from the lowest to the highest, 0 for not finite."""
    size = max(abs(low), abs(high)) or 1.0
    level = np.where(np.isfinite(x), 128 + np.round(127 * (np.nan_to_num(x) / size)), 0)
    return base64.b64encode(level.astype(np.uint8).tobytes()).decode()
