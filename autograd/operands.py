"""What operations are called with: Tensors, arrays, numbers, and lists of them."""

from typing import Any

import numpy as np

from autograd.batching import Batched
from autograd.dispatch import TABLE
from autograd.errors import DtypeError
from autograd.tensor import Tensor

PLAIN = frozenset(
    {
        float,
        int,
        bool,
        complex,
        *(t for t in np.sctypeDict.values() if issubclass(t, np.number | np.bool_)),
    }
)
"""Types of operands that are constants and that NumPy takes as they are."""
CONTAINERS = (list, tuple, np.ndarray)  # of operands, in which there may be Tensors


def as_operand(value: Any) -> Any:
    """Return `value` as a Tensor or as what NumPy takes for an array.

    That is NotImplemented where it is neither. Lists and object arrays in which there are Tensors
    become one Tensor.
    """
    if isinstance(value, Tensor | np.generic | Batched) or type(value) in PLAIN:
        return value
    if not isinstance(value, CONTAINERS):
        return NotImplemented
    if not isinstance(value, np.ndarray) and Tensor in map(type, value):  # not taken apart
        return TABLE[np.stack](value)
    array = np.asarray(value)
    if array.dtype.kind != "O":
        return array
    if not any(isinstance(item, Tensor) for item in array.flat):
        raise DtypeError("an operand of dtype object has no derivative; convert it to float first")
    return TABLE[np.reshape](TABLE[np.stack](list(array.flat)), array.shape)


def value_of(argument: Any) -> Any:
    """Return the value of a Tensor, a list of the values of a list; anything else as it is."""
    if isinstance(argument, Tensor):
        return argument._data
    return type(argument)(map(value_of, argument)) if type(argument) in (list, tuple) else argument
