"""New arrays from Tensors, in nested lists too: `array` and its kin, `arange`.

NumPy asks Tensors for these functions where ``like=t`` says so; `autograd.numpy` asks them wherever
an argument holds one.
"""

from typing import Any

import numpy as np

from autograd.dispatch import TABLE
from autograd.operands import PLAIN, as_operand
from autograd.primitive import composite, general
from autograd.tensor import Tensor


def holds_tensor(value: Any) -> bool:
    """Whether `value` is a Tensor, or a list or an object array in which there is one."""
    if isinstance(value, list | tuple):
        return not PLAIN.issuperset(map(type, value)) and any(map(holds_tensor, value))
    if isinstance(value, np.ndarray):
        return value.dtype.kind == "O" and any(map(holds_tensor, value.flat))
    return isinstance(value, Tensor)


def joined(value: Any) -> Any:
    """Return a list or object array in which there are Tensors as one; anything else as it is."""
    if isinstance(value, Tensor) or not holds_tensor(value):
        return value
    if isinstance(value, list | tuple):
        layers: Any = [joined(item) for item in value]
        return np.stack(layers)
    return as_operand(value)


def laid_out(x: Any, dtype: Any, copy: bool | None, order: Any) -> Any:
    """Return a Tensor in a dtype and a layout, a new one if need be."""
    value = x.data
    plain = type(value) is np.ndarray  # of a batch there is nothing to lay out
    if copy is not True and plain and np.array(value, dtype, copy=copy, order=order) is value:
        return x
    return TABLE[np.ndarray.astype](x, x.dtype if dtype is None else dtype, order=order)


def array(
    object: Any,
    dtype: Any = None,
    *,
    copy: Any = True,
    order: Any = "K",
    subok: bool = False,
    ndmin: int = 0,
) -> Any:
    """Return a Tensor of all that is in `object`, or what NumPy returns where there is none."""
    in_objects = dtype is not None and np.dtype(dtype).kind == "O"  # which keep their gradients
    x: Any = object if in_objects else joined(object)
    if in_objects or not isinstance(x, Tensor):
        return np.array(x, dtype, copy=copy, order=order, subok=subok, ndmin=ndmin)
    if x is not object:
        if copy is False:
            raise ValueError("a list cannot become an array without a copy; use copy=None")
        copy = None
    x = laid_out(x, dtype, copy, order)
    missing = ndmin - x.ndim
    return np.reshape(x, (1,) * missing + x.shape) if missing > 0 else x


def asarray(a, dtype=None, order=None, *, device=None, copy=None):
    """Return `a` itself where it is such a Tensor already."""
    if device not in (None, "cpu"):
        raise ValueError(f"device must be 'cpu' or None, got {device!r}")
    return array(a, dtype, copy=copy, order=order or "K")


def contiguous(a, dtype, order):
    """Return `a`, with one axis at least, in an order of memory."""
    return array(a, dtype, copy=None, order=order, ndmin=1)


def require(a, dtype=None, requirements=None):
    """Return `a` as a Tensor in memory of the kind that is asked for."""
    x = asarray(a, dtype)
    found = np.require(x.data, None, requirements)
    return x if found is x.data else array(x, order="F" if found.flags.fnc else "C")


composite(np.array, array)
composite(np.asarray, asarray)
composite(np.asanyarray, asarray)
composite(np.ascontiguousarray, lambda a, dtype=None: contiguous(a, dtype, "C"))
composite(np.asfortranarray, lambda a, dtype=None: contiguous(a, dtype, "F"))
composite(np.require, require)


def number_of(g):
    """Return 0, 1, 2 ... for the elements of `g`."""
    return np.arange(g.size, dtype=g.dtype)


def numbers(start, stop, step):
    """Return ``np.arange``, whose own parameters have no names that Python can tell."""
    return np.arange(start, stop, step)


steps = general(
    numbers,
    lambda g: np.sum(g),
    None,
    lambda g: np.sum(g * number_of(g)),
    jvps=[
        lambda g, ans: g * np.ones_like(ans),
        None,
        lambda g, ans: g * number_of(ans),
    ],
    name="arange",
)


def arange(start=None, stop=None, step=1, dtype=None):
    """Count from `start`; the derivative is zero in `stop`, which decides on the size only."""
    if stop is None:
        start, stop = 0, start
    elif start is None:
        start = 0
    numbers = steps(start, stop, step)
    return numbers if dtype is None else numbers.astype(dtype)


composite(np.arange, arange)
