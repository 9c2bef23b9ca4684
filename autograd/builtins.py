"""Python's types and tests of them, for values that are being differentiated; HIPS's names.

`isinstance` and `type` see the value in a Tensor. Containers hold Tensors, so `list`, `tuple` and
`dict` are Python's own.

>>> import autograd as ag
>>> import numpy as np
>>> from autograd.builtins import isinstance, type
>>> isinstance(ag.Tensor([1.0]), np.ndarray), type(ag.Tensor([1.0]))
(True, <class 'numpy.ndarray'>)
"""

import builtins
from builtins import dict, list, tuple  # noqa: A004, UP029 - they are the same
from typing import Any

from autograd.compat.tracing import DictBox, SequenceBox, getval
from autograd.tensor import Tensor

__all__ = ["DictBox", "SequenceBox", "dict", "isinstance", "list", "tuple", "type"]


def isinstance(value: Any, kind: Any) -> bool:  # noqa: A001 - that is what it replaces
    """Whether `value`, or the array that it holds, is an instance of `kind`."""
    return builtins.isinstance(value, kind) or builtins.isinstance(getval(value), kind)


class _Type(builtins.type):
    def __instancecheck__(cls, value: Any) -> bool:
        return builtins.isinstance(value, builtins.type)

    def __subclasscheck__(cls, kind: Any) -> bool:
        return issubclass(kind, builtins.type)

    def __call__(cls, value: Any, *rest: Any, **keywords: Any) -> Any:
        """Return the type of `value`, or of the array that it holds; or make a class."""
        if rest:
            return builtins.type(value, *rest, **keywords)
        return builtins.type(value._data if builtins.isinstance(value, Tensor) else value)


class type(metaclass=_Type):  # noqa: A001, N801 - that is what it replaces
    """Python's `type`, which sees the array in a Tensor."""
