"""Broadcasting, undone: what NumPy repeats forward is summed backward."""

from typing import Any

import numpy as np

Shape = tuple[int, ...]


def unbroadcast(x: Any, shape: Shape) -> Any:
    """Return `x` summed down to `shape`, from which NumPy broadcast it.

    Parameters
    ----------
    x : ndarray or Tensor
    shape : tuple of int
        A shape that broadcasts to ``x.shape``.

    Examples
    --------
    >>> unbroadcast(np.ones((4, 3)), (3,))
    array([4., 4., 4.])
    >>> unbroadcast(np.ones((4, 3)), (4, 1))
    array([[3.],
           [3.],
           [3.],
           [3.]])
    """
    if x.shape[1:] == shape and type(x) is np.ndarray:  # a bias and its batch
        return np.add.reduce(x, 0)
    added = len(x.shape) - len(shape)
    axes = tuple(range(added)) + tuple(
        axis + added for axis, size in enumerate(shape) if size == 1 != x.shape[axis + added]
    )
    # `np.add.reduce` is `np.sum` without its Python wrapper, which costs as much as a small sum.
    total = np.add.reduce(x, axes) if type(x) is np.ndarray else np.sum(x, axes)
    return total if total.shape == shape else np.reshape(total, shape)


def expand(x: Any, shape: Shape, axis: int | Shape | None = None) -> Any:
    """Return `x`, a reduction of an array of `shape` over `axis`, repeated to that shape.

    The inverse of `unbroadcast`: a read-only view, no memory.

    Parameters
    ----------
    x : ndarray or Tensor
        With or without the reduced axes.
    shape : tuple of int
    axis : None, int or tuple of int

    Examples
    --------
    >>> expand(np.array([1.0, 2.0]), (2, 3), axis=1)
    array([[1., 1., 1.],
           [2., 2., 2.]])
    """
    if axis is None and isinstance(x, np.generic):  # the end of most losses
        return np.ndarray(shape, x.dtype, x, 0, (0,) * len(shape))
    kept = reduced_shape(shape, axis)
    if isinstance(x, np.ndarray | np.generic):
        return repeat(x.reshape(kept), shape)
    return np.broadcast_to(np.reshape(x, kept), shape)


def repeat(x: Any, shape: Shape) -> Any:
    """Return array `x` as a read-only view of `shape`, to which it broadcasts without new axes.

    `numpy.broadcast_to` does the same in more time, which shows in every sum.

    Examples
    --------
    >>> repeat(np.array([[1.0], [2.0]]), (2, 3)).strides
    (8, 0)
    """
    if not x.flags.c_contiguous or not x.size:
        return np.broadcast_to(x, shape)
    strides = tuple(
        0 if old != new else step for old, new, step in zip(x.shape, shape, x.strides, strict=True)
    )
    view = np.ndarray(shape, x.dtype, x, 0, strides)
    view.flags.writeable = False
    return view


def reduced_shape(shape: Shape, axis: int | Shape | None = None) -> Shape:
    """Return `shape` after a reduction over `axis` that keeps its axes with size one.

    Examples
    --------
    >>> reduced_shape((2, 3), axis=-1)
    (2, 1)
    """
    if axis is None:
        return (1,) * len(shape)
    axes = {index % len(shape) for index in (axis if isinstance(axis, tuple) else (axis,))}
    return tuple(1 if index in axes else size for index, size in enumerate(shape))
