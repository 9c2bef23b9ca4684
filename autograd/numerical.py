"""Derivatives from values of a function alone: differences, extrapolated, with their error.

Central differences at three steps are extrapolated to step zero (Richardson; Press et al.,
Numerical Recipes, 3rd ed., section 5.7), and the last two extrapolations tell the error. From the
same values come the slopes on both sides, which differ at a kink. Where a function can be
continued to complex arguments, the complex step (Squire & Trapp, SIAM Review 40, 1998) is exact to
rounding; it is taken if it agrees with the differences, since it is wrong of a function that takes
absolute values, and nobody can see that from outside.
"""

import warnings
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

TINY = 1e-30  # a complex step: its square vanishes beside any number
NUDGE = 2e-15  # of the argument
NEAR = 1e-6  # how well the complex step must agree with the differences, relatively


class Slope(NamedTuple):
    """Derivatives of several outputs in one direction, and their estimated errors."""

    value: "NDArray[Any]"
    error: "NDArray[Any]"
    left: "NDArray[Any]"
    right: "NDArray[Any]"
    side_error: "NDArray[Any]"

    def is_kink(self) -> "NDArray[Any]":
        """Return where the slopes on the two sides differ."""
        size = np.abs(self.left) + np.abs(self.right)
        with np.errstate(invalid="ignore"):
            kinks: NDArray[Any] = (
                np.abs(self.right - self.left) > 1e-4 * size + 10 * self.side_error
            )
        return kinks


Function = Callable[[float], "NDArray[Any]"]
Size = Callable[["NDArray[Any]"], "NDArray[Any]"]


def differences(
    along: Function, step: float, at_zero: "NDArray[Any]", size: Size = np.abs
) -> Slope:
    """Return the slope at zero of a function of one number, from its values up to `step`.

    `size` tells of values what their rounding errors are relative to.
    """
    eps = np.finfo(at_zero.dtype).eps
    steps = [at_zero.dtype.type(step) / 2**i for i in range(3)]
    ahead, behind = [along(h) for h in steps], [along(-h) for h in steps]
    with np.errstate(all="ignore"):
        central = [(a - b) / (2 * h) for a, b, h in zip(ahead, behind, steps, strict=True)]
        first = [(4 * central[i + 1] - central[i]) / 3 for i in range(2)]
        value = (16 * first[1] - first[0]) / 15
        largest = np.max([size(value) for value in (at_zero, *ahead, *behind)], axis=0)
        rounding = 4 * eps * largest / steps[-1]
        error = np.abs(value - first[1]) + np.abs(first[1] - first[0]) / 16 + rounding
        right, right_error = _one_side(
            [(a - at_zero) / h for a, h in zip(ahead, steps, strict=True)]
        )
        left, left_error = _one_side(
            [(at_zero - b) / h for b, h in zip(behind, steps, strict=True)]
        )
    return Slope(value, error, left, right, left_error + right_error + rounding)


def _one_side(slopes: list["NDArray[Any]"]) -> tuple["NDArray[Any]", "NDArray[Any]"]:
    """Return one-sided differences extrapolated to step zero, and the error of that."""
    first = [2 * slopes[i + 1] - slopes[i] for i in range(2)]
    value = (4 * first[1] - first[0]) / 3
    return value, np.abs(value - first[1])


def best_differences(along: Function, scales: list[float], size: Size = np.abs) -> Slope:
    """Return the slope with the smallest error, each output from the best of several steps."""
    best = None
    at_zero = along(0.0)
    for scale in scales:
        try:
            found = differences(along, scale, at_zero, size)
        except FloatingPointError:  # a value that is not finite
            continue
        best = found if best is None else _better(best, found)
        if np.all(best.error <= 1e-9 * np.maximum(np.abs(best.value), 0.01 * np.abs(at_zero))):
            break
    if best is None:
        raise FloatingPointError
    return best


def _better(one: Slope, other: Slope) -> Slope:
    """Return for each output the slope with the smaller error."""
    first = one.error <= other.error
    return Slope(*(np.where(first, a, b) for a, b in zip(one, other, strict=True)))


def complex_step(
    along: Callable[[complex], "NDArray[Any]"],
) -> "tuple[NDArray[Any], NDArray[Any]] | None":
    """Return the slope by the complex step, and its error; None if there is none.

    There is none of a function that takes no complex numbers, or drops imaginary parts. The error
    is told by how much the slope changes with the last digits of the argument.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # an imaginary part that is dropped
            here, beside = (along(shift + TINY * 1j) for shift in (0.0, NUDGE))
    except Exception:  # noqa: BLE001 - whatever a function says of complex numbers
        return None
    if here.dtype.kind != "c" or here.shape != beside.shape:
        return None
    slope, other = np.imag(here) / TINY, np.imag(beside) / TINY
    return slope, 2 * np.abs(slope - other) + 1e-14 * np.abs(slope)


def confirmed(slope: Slope, exact: "NDArray[Any]", exact_error: "NDArray[Any]") -> Slope:
    """Return `slope` with the complex step for its value where both agree."""
    if exact.shape != slope.value.shape:
        return slope
    size = np.maximum(np.abs(exact), np.abs(slope.value))
    with np.errstate(invalid="ignore"):
        agree = np.abs(exact - slope.value) <= 3 * slope.error + 1e-14 * size
        agree &= (slope.error <= NEAR * size) & (exact_error <= slope.error)
    value = np.where(agree, exact, slope.value)
    error = np.where(agree, exact_error, slope.error)
    return slope._replace(value=value, error=error)
