"""Functions that broadcast, beside the universal ones; those that only ask for shape or dtype."""

from collections.abc import Callable
from typing import Any

import numpy as np

from autograd.batching.batched import Batched, broadcast, levels_of, states
from autograd.errors import BatchError


def _broadcasting(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return the rule of a function whose positional arguments broadcast."""

    def rule(*operands: Any, **kwargs: Any) -> Any:
        if levels_of(tuple(kwargs.values())):
            return NotImplemented
        return broadcast(function, operands, **kwargs)

    return rule


each: Any
for each in (
    np.where, np.clip, np.angle, np.nan_to_num, np.sinc, np.i0, np.isclose, np.real, np.imag,
    np.round, np.around, np.fix, np.isposinf, np.isneginf, np.iscomplex, np.isreal,
):  # fmt: skip
    states(each)(_broadcasting(each))


@states(np.where)
def where(condition: Any, *choices: Any) -> Any:
    """Choose, for each example."""
    if not choices:
        raise BatchError(
            "np.where of a condition alone gives places, as many as are true, and that differs "
            "between the examples of a batch; write np.where(condition, a, b)"
        )
    return broadcast(np.where, (condition, *choices))


@states(np.copy)
def copy(a: Any, order: Any = "K", subok: bool = False) -> Any:
    """Copy."""
    del order, subok
    return Batched(a.array.copy(), a.levels)


states(np.ndarray.astype, getattr(np, "astype", np.ndarray.astype))(Batched.astype)
states(np.shape)(lambda a: a.shape)
states(np.ndim)(lambda a: a.ndim)
states(np.iscomplexobj)(lambda x: np.iscomplexobj(x.array))
states(np.isrealobj)(lambda x: np.isrealobj(x.array))


@states(np.size)
def size(a: Any, axis: Any = None) -> Any:
    """Count the elements of one example."""
    return a.size if axis is None else NotImplemented


@states(np.result_type)
def result_type(*operands: Any) -> Any:
    """Return the common dtype."""
    return np.result_type(*(x.dtype if type(x) is Batched else x for x in operands))


@states(np.can_cast)
def can_cast(from_: Any, to: Any, casting: Any = "safe") -> bool:
    """Whether the dtype can be cast."""
    return np.can_cast(getattr(from_, "dtype", from_), to, casting)


def _filled(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return the rule of `zeros_like` and its like, which all examples share."""

    def rule(
        a: Any,
        dtype: Any = None,
        order: Any = "K",
        subok: bool = True,
        shape: Any = None,
        **_: Any,
    ) -> Any:
        del order, subok
        return function(tuple(a.shape) if shape is None else shape, dtype or a.dtype)

    return rule


states(np.zeros_like, np.empty_like)(_filled(np.zeros))
states(np.ones_like)(_filled(np.ones))


@states(np.full_like)
def full_like(a: Any, fill_value: Any, dtype: Any = None, **options: Any) -> Any:
    """Return an array of one number, or one for each example."""
    shape = options.get("shape")
    shape = tuple(np.shape(a)) if shape is None else shape
    dtype = dtype or np.result_type(a)
    if type(fill_value) is Batched:
        return np.broadcast_to(fill_value, shape).astype(dtype)
    return np.full(shape, fill_value, dtype)


def _in_place(name: str) -> Callable[..., Any]:
    def rule(*_: Any, **__: Any) -> Any:
        raise BatchError(f"np.{name} cannot write into an array inside vmap; use np.where")

    return rule


for each in (np.put, np.copyto, np.place, np.putmask, np.fill_diagonal, np.put_along_axis):
    states(each)(_in_place(each.__name__))


@states(np.broadcast_to)
def broadcast_to(array: Any, shape: Any, subok: bool = False) -> Any:
    """Broadcast each example."""
    del subok
    shape = (shape,) if isinstance(shape, int) else tuple(shape)
    levels = array.levels
    missing = len(shape) - array.ndim
    if missing < 0:
        return NotImplemented
    front = array.array.shape[: len(levels)]
    raw = array.array.reshape((*front, *(1,) * missing, *array.array.shape[len(levels) :]))
    return Batched(np.broadcast_to(raw, (*front, *shape)), levels)


@states(np.broadcast_arrays)
def broadcast_arrays(*arrays: Any, subok: bool = False) -> Any:
    """Broadcast arrays against each other."""
    del subok
    shape = np.broadcast_shapes(*map(np.shape, arrays))
    return tuple(np.broadcast_to(array, shape) for array in arrays)
