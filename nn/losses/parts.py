"""What losses have in common: checks of what they are given, and the reduction to one number."""

import math
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from autograd import Tensor
from autograd.errors import ShapeError

Reduction = Literal["mean", "sum", "none"]
Operand = ArrayLike | Tensor


def check_reduction(reduction: str) -> None:
    """Refuse what is no reduction."""
    if reduction not in {"mean", "sum", "none"}:
        raise ValueError(f"reduction must be 'mean', 'sum' or 'none', got {reduction!r}")


def reduce(loss: str, values: Any, reduction: Reduction) -> Any:
    """Return the mean or the sum of all losses, or each of them."""
    check_reduction(reduction)
    if reduction == "none":
        return values
    if reduction == "sum":
        return np.sum(values)
    if values.size == 0:
        raise ShapeError(
            f"{loss} has nothing to average in shape {values.shape}; "
            f"leave empty batches out, or take reduction='sum'"
        )
    return np.mean(values)


def alike(loss: str, **operands: Any) -> list[Any]:
    """Return the operands as Tensors or arrays if they have the same shape."""
    values = [a if isinstance(a, Tensor) else np.asarray(a) for a in operands.values()]
    if len({value.shape for value in values}) > 1:
        (first, *_), shapes = operands, [value.shape for value in values]
        *most, last = (f"{name} {shape}" for name, shape in zip(operands, shapes, strict=True))
        message = f"{loss} needs equal shapes, got {', '.join(most)} and {last}"
        if len(shapes) == 2 and math.prod(shapes[0]) == math.prod(shapes[1]):
            message = f"{message}; write {list(operands)[1]}.reshape({first}.shape)"
        raise ShapeError(message)
    return values


def scores(loss: str, values: Any, what: str = "logits") -> Any:
    """Return real scores as a Tensor or an array of floats."""
    if not isinstance(values, Tensor):
        values = np.asarray(values)
        values = values if values.dtype.kind in "fc" else values.astype(np.float64)
    if values.dtype.kind != "f":
        raise TypeError(f"{loss} needs real {what}, got {values.dtype}")
    return values


def known(name: str, value: Any) -> NDArray[Any]:
    """Return an array of what is constant in a loss; a variable would get no gradient."""
    if isinstance(value, Tensor):
        if value.requires_grad:
            what = "are constants" if name.endswith("s") else "is a constant"
            raise TypeError(f"{name} {what} here, got a variable; pass {name}.detach()")
        value = value.data
    return np.asarray(value)


def class_weights(weight: Any, classes: int, dtype: np.dtype[Any]) -> Any:
    """Return a weight for each class, of `dtype`."""
    weight = known("weight", weight)
    if weight.shape != (classes,):
        raise ShapeError(
            f"weight needs a number for each of {classes} classes, shape ({classes},), "
            f"got {weight.shape}"
        )
    return weight.astype(dtype, copy=False)


def checked_numbers(
    labels: NDArray[Any], shape: tuple[int, ...], hint: str = ""
) -> NDArray[np.intp]:
    """Return class numbers as they are if all are in range for scores of `shape`."""
    if labels.dtype.kind not in "iu":
        raise TypeError(
            f"labels of shape {labels.shape} are class numbers and must be integers, got "
            f"{labels.dtype}; write labels.astype(int){hint}"
        )
    numbers = labels.astype(np.intp, copy=False)
    # As unsigned numbers the negative ones are the largest: one pass finds both faults.
    if np.maximum.reduce(numbers.view(np.uintp), None) >= shape[-1]:
        place = tuple(int(i) for i in np.argwhere((labels < 0) | (labels >= shape[-1]))[0])
        raise ValueError(
            f"label {labels[place]} in row {', '.join(map(str, place))} is out of range for "
            f"{shape[-1]} classes; labels go from 0 to {shape[-1] - 1}"
        )
    return numbers


def class_numbers(loss: str, labels: Any, shape: tuple[int, ...]) -> NDArray[np.intp]:
    """Return class numbers, one for each row of scores of `shape`."""
    labels = known("labels", labels)
    if 0 in shape or not shape:
        raise ShapeError(f"{loss} needs at least one row and one class, got shape {shape}")
    if labels.shape != shape[:-1]:
        raise ShapeError(
            f"{loss} needs a label for each row of scores {shape}, shape {shape[:-1]}, "
            f"got {labels.shape}"
        )
    return checked_numbers(labels, shape)


def checked_signs(labels: Any, dtype: np.dtype[Any]) -> Any:
    """Return labels that are 1 or -1, of `dtype`."""
    labels = known("labels", labels)
    wrong = labels[np.abs(labels) != 1]
    if wrong.size:
        raise ValueError(f"labels must be 1 or -1, got {wrong[0]}; for 0 and 1: 2 * labels - 1")
    return labels.astype(dtype, copy=False)


def checked_shares(name: str, values: NDArray[Any]) -> None:
    """Refuse numbers that are not between 0 and 1."""
    wrong = values[~((values >= 0) & (values <= 1))]
    if wrong.size:
        raise ValueError(f"{name} must be between 0 and 1, got {wrong[0]}")
