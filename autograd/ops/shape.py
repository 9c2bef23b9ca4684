"""Functions that move elements, repeat them or join arrays; all linear."""

from typing import Any, Literal

import numpy as np

from autograd.broadcasting import unbroadcast
from autograd.operands import as_operand
from autograd.primitive import composite, linear, same


def transpose_vjp(g, axes=None):
    """Undo a permutation of axes."""
    if axes is None or isinstance(axes, int):
        return np.transpose(g)
    return np.transpose(g, np.argsort([axis % len(axes) for axis in axes]))


def concatenate_vjp(g, arrays_shape, axis=0):
    """Return the pieces that were joined."""
    if axis is None:
        ends = np.cumsum([np.prod(shape, dtype=int) for shape in arrays_shape])
        starts = [0, *ends[:-1]]
        return [np.reshape(g[i:j], s) for i, j, s in zip(starts, ends, arrays_shape, strict=True)]
    ends = np.cumsum([shape[axis] for shape in arrays_shape])
    before = (slice(None),) * (axis % g.ndim)
    return [g[(*before, slice(i, j))] for i, j in zip([0, *ends[:-1]], ends, strict=True)]


def stack_vjp(g, arrays_shape, axis=0):
    """Return the layers that were stacked."""
    before = (slice(None),) * (axis % g.ndim)
    return [g[(*before, i)] for i in range(len(arrays_shape))]


def reshape_vjp(g, a_shape, order: Literal["C", "F"] = "C"):
    """Undo a change of shape."""
    return np.reshape(g, a_shape, order=order)


reshaped = linear(
    np.reshape,
    reshape_vjp,
    parameters=("a", "shape", "order", "copy"),
    harmless=("shape", "copy"),
)


def reshape(a, /, shape, order="C", copy=None):
    """Reshape; order A is C or F, by how `a` lies in memory."""
    if order == "A":
        order = "F" if a.data.flags.fnc else "C"
    return reshaped(a, shape, order, **({} if copy is None else {"copy": copy}))


def ravel(a, order="C"):
    """Reshape to one axis; order K is that of the memory."""
    if order == "K":
        strides = np.abs(a.data.strides)
        a, order = np.transpose(a, np.argsort(-strides, kind="stable")), "C"
    return reshape(a, (a.size,), order=order)


def rollaxis_vjp(g, axis, start=0):
    """Put a rolled axis back."""
    axis, start = axis % g.ndim, start + (g.ndim if start < 0 else 0)
    return np.moveaxis(g, start - (axis < start), axis)


def broadcast_arrays(*args):
    """Return the arrays, broadcast together."""
    shape = np.broadcast_shapes(*map(np.shape, args))
    return tuple(np.broadcast_to(a, shape) for a in args)


def at_least(*keys):
    """Return the function that gives arrays with n axes, for each n, the new axes of `keys[n]`."""

    def function(*arrays):
        given = [array(as_operand(a)) for a in arrays]
        given = [a[keys[a.ndim]] if a.ndim < len(keys) else a for a in given]
        return given[0] if len(given) == 1 else tuple(given)

    return function


def array(operand) -> Any:
    """Return Python's numbers as arrays, anything else as it is."""
    return operand if hasattr(operand, "shape") else np.asarray(operand)


composite(np.reshape, reshape)
composite(np.ravel, ravel)
linear(np.transpose, transpose_vjp)
linear(np.swapaxes, lambda g, axis1, axis2: np.swapaxes(g, axis1, axis2))
linear(np.moveaxis, lambda g, source, destination: np.moveaxis(g, destination, source))
linear(np.rollaxis, rollaxis_vjp)
linear(np.matrix_transpose, np.matrix_transpose)  # its own transpose, as flips are
linear(np.flip, np.flip)
linear(np.fliplr, np.fliplr)
linear(np.flipud, np.flipud)
linear(np.rot90, lambda g, k=1, axes=(0, 1): np.rot90(g, -k, axes))
linear(np.roll, lambda g, shift, axis=None: np.roll(g, np.negative(shift), axis))
linear(np.copy, same, harmless=("order", "subok"))
linear(np.expand_dims, lambda g, a_shape: np.reshape(g, a_shape), harmless=("axis",))
linear(np.squeeze, lambda g, a_shape: np.reshape(g, a_shape), harmless=("axis",))
linear(np.broadcast_to, lambda g, array_shape: unbroadcast(g, array_shape), harmless=("shape",))
composite(np.broadcast_arrays, broadcast_arrays)
composite(np.atleast_1d, at_least((None,)))
composite(np.atleast_2d, at_least((None, None), (None, slice(None))))
composite(
    np.atleast_3d,
    at_least((None,) * 3, (None, slice(None), None), (slice(None), slice(None), None)),
)
linear(
    np.concatenate,
    concatenate_vjp,
    sequence=True,
    parameters=("arrays", "axis", "out", "dtype", "casting"),
    harmless=("dtype", "casting"),
)
linear(np.stack, stack_vjp, sequence=True, harmless=("dtype", "casting"))
astype = linear(
    np.ndarray.astype,
    same,
    compute=lambda a, dtype, **keywords: a.astype(dtype, **keywords),  # NumPy's scalars too
    parameters=("a", "dtype", "order", "casting", "subok", "copy"),
    harmless=("dtype", "order", "casting", "copy"),
)
if hasattr(np, "astype"):  # since NumPy 2.1
    composite(np.astype, astype)
