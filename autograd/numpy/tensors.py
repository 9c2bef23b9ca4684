"""The functions of NumPy that its protocols do not reach, for Tensors.

Without a Tensor among the arguments, or in a list there, each one is NumPy's.
"""

import functools
import itertools
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from autograd.dispatch import stand_in_for
from autograd.operands import value_of
from autograd.ops.conversion import holds_tensor, joined
from autograd.tensor import Tensor

JOIN = ("column_stack", "concat", "concatenate", "dstack", "hstack", "row_stack", "stack", "vstack")


LISTED = (
    *("average", "corrcoef", "cov", "gradient", "mean", "median", "nanmean", "nanmedian", "nanstd"),
    *("nanvar", "percentile", "quantile", "nanpercentile", "nanquantile", "std", "var"),
)
"""What NumPy does not compute of a list of Tensors as if they were numbers, as it does `sum`."""


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
    """Return `function` of a sequence of arrays, which may be lists with Tensors in them.

    As in HIPS autograd, what is no sequence is made one: NumPy refuses ``params.values()``.
    """

    @functools.wraps(function)
    def of_lists(arrays: Any, *args: Any, **kwargs: Any) -> Any:
        if isinstance(arrays, Iterable) and not hasattr(arrays, "__getitem__"):
            arrays = list(arrays)
        if isinstance(arrays, list | tuple):
            arrays = type(arrays)(map(joined, arrays))
        return function(arrays, *args, **kwargs)

    return of_lists


def of_one_array(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return `function` of one array, which may be a list with Tensors in it."""

    @functools.wraps(function)
    def of_one_array(a: Any, *args: Any, **kwargs: Any) -> Any:
        return function(joined(a), *args, **kwargs)

    return of_one_array


def where(condition: Any, *choices: Any, **named: Any) -> Any:
    """Return ``np.where`` of choices that may be lists with Tensors in them, and may be named.

    Of Python's numbers and lists alone it is a number or a list of them, as in HIPS autograd.
    """
    choices += tuple(named.pop(name) for name in ("x", "y")[len(choices) :] if name in named)
    plain = bool(choices) and all(map(_is_pythons, (condition, *choices)))
    result = np.where(joined(condition), *map(joined, choices), **named)
    return result.tolist() if plain else result


def _is_pythons(value: Any) -> bool:
    """Whether `value` is one of Python's numbers, or a list of them."""
    if isinstance(value, list | tuple):
        return all(map(_is_pythons, value))
    return type(value) in (bool, int, float, complex)


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


def make_diagonal(D: Any, offset: int = 0, axis1: int = -1, axis2: int = -2) -> Any:
    """Return diagonal matrices of vectors on the last axis; NumPy itself has none for a batch.

    Examples
    --------
    >>> make_diagonal(np.array([[1.0, 2.0]]))
    array([[[1., 0.],
            [0., 2.]]])
    """
    if (offset, {axis1, axis2}) != (0, {-1, -2}):
        raise NotImplementedError(
            f"make_diagonal makes matrices of the last two axes, with offset 0; got offset="
            f"{offset}, axis1={axis1}, axis2={axis2}"
        )
    vectors: Any = D[..., np.newaxis] if isinstance(D, Tensor) else np.asarray(D)[..., np.newaxis]
    return np.where(np.eye(vectors.shape[-2], dtype=bool), vectors, np.zeros((), vectors.dtype))


class IntegerType(type):
    """The type of NumPy's integers, which take Tensors for their values."""

    def __instancecheck__(cls, value: Any) -> bool:
        return isinstance(value, cls.__mro__[1])

    def __subclasscheck__(cls, kind: type) -> bool:
        return kind is cls or issubclass(kind, cls.__mro__[1])

    def __eq__(cls, other: object) -> bool:
        return other is cls or other is cls.__mro__[1]

    def __hash__(cls) -> int:
        return hash(cls.__mro__[1])

    def __call__(cls, value: Any = 0) -> Any:
        """Return a NumPy integer; the derivative is zero."""
        return cls.__mro__[1](value_of(value))


INTEGERS: dict[Any, Any] = {
    kind: IntegerType(kind.__name__, (kind,), {"__doc__": kind.__doc__, "__module__": "numpy"})
    for kind in (np.int8, np.int16, np.int32, np.int64)
}

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


def _of_numpy(name: str) -> Any:
    found = vars(np).get(name)
    return found if isinstance(found, type) else None


REPLACED = {name: value for name, value in globals().items() if name in np.__all__}
REPLACED |= {name: INTEGERS[kind] for name in np.__all__ if (kind := _of_numpy(name)) in INTEGERS}
REPLACED |= {name: of_one_array(getattr(np, name)) for name in LISTED}
REPLACED |= {name: of_lists(getattr(np, name)) for name in JOIN if hasattr(np, name)}
