"""The functions of NumPy that its protocols do not reach, for Tensors.

Without a Tensor among the arguments, or in a list there, each one is NumPy's.
"""

import functools
import itertools
from collections.abc import Callable
from typing import Any

import numpy as np

from autograd.dispatch import stand_in_for
from autograd.ops.conversion import holds_tensor, joined
from autograd.tensor import Tensor

JOIN = ("column_stack", "concat", "concatenate", "dstack", "hstack", "row_stack", "stack", "vstack")


def reached(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return `function`, which asks for Tensors in lists and in every argument."""

    @functools.wraps(function)
    def reached(*args: Any, **kwargs: Any) -> Any:
        if holds_tensor((*args, *kwargs.values())):
            kwargs.pop("like", None)
            return stand_in_for(function)(*args, **kwargs)
        return function(*args, **kwargs)

    return reached


def of_lists(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return `function` of a sequence of arrays, which may be lists with Tensors in them."""

    @functools.wraps(function)
    def of_lists(arrays: Any, *args: Any, **kwargs: Any) -> Any:
        if isinstance(arrays, list | tuple):
            arrays = type(arrays)(map(joined, arrays))
        return function(arrays, *args, **kwargs)

    return of_lists


def where(condition: Any, *choices: Any, **named: Any) -> Any:
    """Return ``np.where`` of choices that may be lists with Tensors in them."""
    named = {name: joined(choice) for name, choice in named.items()}
    return np.where(condition, *map(joined, choices), **named)


def fromiter(iter: Any, dtype: Any, count: int = -1, **like: Any) -> Any:
    """Return ``np.fromiter`` of an iterator that may give Tensors."""
    items = list(itertools.islice(iter, None if count < 0 else count))
    return array(items, dtype) if holds_tensor(items) else np.fromiter(items, dtype, count, **like)


def asarray_chkfinite(a: Any, dtype: Any = None, order: Any = None) -> Any:
    """Return ``np.asarray`` of finite numbers."""
    x = joined(a)
    checked = np.asarray_chkfinite(x.data if isinstance(x, Tensor) else a, dtype, order)
    return asarray(x, dtype, order) if isinstance(x, Tensor) else checked


def isscalar(element: Any) -> bool:
    """Whether `element` is a number, or a Tensor of one without axes."""
    return element.ndim == 0 if isinstance(element, Tensor) else np.isscalar(element)


class vectorize(np.vectorize):  # noqa: N801 - NumPy's name  # pyright: ignore[reportIncompatibleVariableOverride]
    """`numpy.vectorize`, whose function may return Tensors."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call the function for each element."""
        results = super().__call__(*args, **kwargs)
        return tuple(map(joined, results)) if isinstance(results, tuple) else joined(results)


class Joiner:
    """`numpy.r_` or `numpy.c_`, which keeps the gradients of Tensors.

    Where each element of the result came from is found by joining the numbers of the elements.
    """

    def __init__(self, joiner: Any) -> None:
        self.joiner = joiner

    def __getitem__(self, key: Any) -> Any:
        items = [joined(item) for item in (key if isinstance(key, tuple) else (key,))]
        tensors = [item for item in items if isinstance(item, Tensor)]
        if not tensors:
            return self.joiner[key]
        if isinstance(items[0], str) and items[0] in "rc":
            raise TypeError("r_ of a Tensor is not a matrix; leave 'r' and 'c' out, and reshape")
        count = 0
        numbers: list[Any] = []
        values: list[Any] = []
        for item in items:
            if isinstance(item, Tensor):
                numbers.append(np.arange(count, count + item.size).reshape(item.shape)[()])
                count += item.size
                values.append(item.data[()])
            else:
                values.append(item)
                numbers.append(item if isinstance(item, str) else self.nowhere(item))
        plain, source = self.joiner[tuple(values)], self.joiner[tuple(numbers)]
        flat = np.concatenate([tensor.ravel() for tensor in tensors])
        return np.where(source >= 0, flat[source], plain)

    def nowhere(self, item: Any) -> Any:
        """Return an array like that of `item`, of -1: not from a Tensor."""
        array = self.joiner[item] if isinstance(item, slice) else np.asarray(item)
        return np.full(array.shape, -1)[()]

    def __len__(self) -> int:
        return 0


array = reached(np.array)
asarray = reached(np.asarray)
asanyarray = reached(np.asanyarray)
ascontiguousarray = reached(np.ascontiguousarray)
asfortranarray = reached(np.asfortranarray)
require = reached(np.require)
arange = reached(np.arange)
full = reached(np.full)
full_like = reached(np.full_like)
r_ = Joiner(np.r_)
c_ = Joiner(np.c_)
REPLACED = {name: value for name, value in globals().items() if name in np.__all__}
REPLACED |= {name: of_lists(getattr(np, name)) for name in JOIN if hasattr(np, name)}
