"""What a mutated rule does wrong while it runs; rules see this module as `mutation`."""

import builtins
import sys

import numpy as np

builtins.mutation = sys.modules[__name__]
BUFFERS = {}


def single(result):
    """Return a result rounded to single precision, in its own dtype."""
    return result.astype("F" if result.dtype.kind == "c" else "f").astype(result.dtype)


def wrong_axis(axis):
    """Return the axis before the one that was meant, of several before the first one."""
    if isinstance(axis, tuple) and axis:
        return (axis[0] - 1, *axis[1:])
    return axis - 1 if isinstance(axis, int) else axis


def written(result, g):
    """Return a result as it is, and write into the cotangent."""
    for array in g if isinstance(g, tuple) else (g,):
        if isinstance(array, np.ndarray) and array.flags.writeable:
            np.multiply(array, 2, out=array)
    return result


def kept(result):
    """Return a result in the memory of the last one of its kind."""
    if not isinstance(result, np.ndarray | np.generic):  # a Tensor, for the second order
        return result
    buffer = BUFFERS.setdefault((result.shape, result.dtype), np.array(result))
    buffer[...] = result
    return buffer


def negated(result):
    """Return minus a result."""
    return -result
