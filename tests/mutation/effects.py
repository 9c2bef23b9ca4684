"""What a mutated rule does wrong while it runs; rules see this module as `mutation`."""

import numpy as np

BUFFERS = {}


def single(result):
    """Return a result rounded to single precision, in its own dtype."""
    return result.astype("F" if result.dtype.kind == "c" else "f").astype(result.dtype)


def wrong_axis(axis):
    """Return the axis before the one that was meant; several, or all, as they are."""
    return axis - 1 if isinstance(axis, int) else axis


def written(result, g):
    """Return a result as it is, and write into the cotangent."""
    for array in g if isinstance(g, tuple) else (g,):
        if isinstance(array, np.ndarray) and array.flags.writeable:
            np.multiply(array, 2, out=array)
    return result


def kept(result):
    """Return a result in the memory of the last one of its kind."""
    if not isinstance(result, np.ndarray):
        return result
    buffer = BUFFERS.setdefault((result.shape, result.dtype), result)
    if buffer is not result:
        if not buffer.flags.writeable:
            return result
        buffer[...] = result
    return buffer


def negated(result):
    """Return minus a result."""
    return -result
