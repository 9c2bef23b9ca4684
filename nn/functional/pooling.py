"""Pooling: one number for each window, the largest or the mean."""

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograd.errors import ShapeError
from autograd.extend import general, linear
from nn.functional.windows import (
    Sizes,
    Windows,
    check_input,
    each,
    full_size,
    inside,
    padded,
    places_of,
    windows_of,
)


def _largest(x: Any, kernel: Sizes, how: Windows) -> Any:
    """Return the largest of each window, and which element that was: the first of equal ones.

    NaN is larger than all numbers.
    """
    places = places_of(x.shape[-len(kernel) :], kernel, how)
    x = padded(x, how, -np.inf)
    found = x[places[0]].copy()
    winners = np.zeros(found.shape, np.min_scalar_type(len(places) - 1))
    for number, place in enumerate(places[1:], 1):
        other = x[place].copy()
        better = other > found
        better |= other != other  # noqa: PLR0124 - NaN
        np.maximum(found, other, out=found)
        np.maximum(winners, better * winners.dtype.type(number), out=winners)
    return found, winners


def _only(x: Any, mask: Any, out: Any = None) -> Any:
    """Return `x` where `mask` is true, elsewhere zero, also of infinity.

    The bits are multiplied, which takes a fifth of the time of ``np.where``.
    """
    if x.dtype.itemsize > 8:
        return np.multiply(np.where(mask, x, 0), 1, out=out)
    bits = f"u{x.dtype.itemsize}"
    return np.multiply(x.view(bits), mask, out=None if out is None else out.view(bits)).view(
        x.dtype
    )


def _chosen(x: Any, winners: Any, kernel: Sizes, how: Windows) -> Any:
    """Return the element of each window that `winners` says."""
    places = places_of(x.shape[-len(kernel) :], kernel, how)
    x = padded(x, how)
    found = np.zeros(winners.shape, x.dtype)
    for number, place in enumerate(places):
        found += _only(x[place], winners == number)
    return found


def _put_back(y: Any, winners: Any, kernel: Sizes, how: Windows, size: Sizes) -> Any:
    """Return zeros with each element of `y` added where it was chosen."""
    into = np.zeros((*y.shape[: -len(kernel)], *full_size(size, how)), y.dtype)
    apart = all(step >= width for step, width in zip(how.stride, kernel, strict=True))
    apart = apart and set(how.dilation) == {1}  # windows that share nothing
    for number, place in enumerate(places_of(size, kernel, how)):
        if apart:
            _only(y, winners == number, out=into[place])
        else:
            into[place] += _only(y, winners == number)
    return into[inside(size, how)]


def _sums(x: Any, kernel: Sizes, how: Windows) -> Any:
    """Return the sum of each window."""
    first, *rest = places_of(x.shape[-len(kernel) :], kernel, how)
    x = padded(x, how)
    total = x[first].copy()
    for place in rest:
        total += x[place]
    return total


def _spread(y: Any, kernel: Sizes, how: Windows, size: Sizes) -> Any:
    """Return zeros with each element of `y` added to all of its window."""
    into = np.zeros((*y.shape[: -len(kernel)], *full_size(size, how)), y.dtype)
    for place in places_of(size, kernel, how):
        into[place] += y
    return into[inside(size, how)]


chosen: Any = linear(
    _chosen,
    lambda g, x_shape, winners, kernel, how: put_back(
        g, winners, kernel, how, x_shape[-len(kernel) :]
    ),
    name="choose_in_windows",
)
put_back: Any = linear(
    _put_back,
    lambda g, winners, kernel, how: chosen(g, winners, kernel, how),  # noqa: PLW0108 - its names are read
    name="put_back",
    harmless=("size",),
)
largest: Any = general(
    _largest,
    lambda g, ans, x_shape, kernel, how: put_back(
        g[0], ans[1], kernel, how, x_shape[-len(kernel) :]
    ),
    jvps=[lambda g, ans, kernel, how: (chosen(g, ans[1], kernel, how), None)],
    name="max_pool",
)
sums: Any = linear(
    _sums,
    lambda g, x_shape, kernel, how: spread(g, kernel, how, x_shape[-len(kernel) :]),
    name="sums_of_windows",
)
spread: Any = linear(
    _spread,
    lambda g, kernel, how: sums(g, kernel, how),  # noqa: PLW0108 - its names are read
    name="spread_over_windows",
    harmless=("size",),
)


# What users call.


def _windows_for(  # noqa: PLR0917 - those of the two that call it
    count: int, x: Any, kernel_size: Any, stride: Any, padding: Any, dilation: Any = 1
) -> tuple[Sizes, Windows]:
    """Return size of the windows and how they lie, checked."""
    kernel = each(kernel_size, count, "kernel_size")
    how = windows_of(kernel, kernel if stride is None else stride, padding, dilation, 1)
    if any(2 * lo > size for size, (lo, _) in zip(kernel, how.padding, strict=True)):
        raise ValueError(f"padding {padding} is more than half of the window {kernel}")
    channels = x.shape[-1 - count] if x.ndim > count else 1
    check_input(x, channels, kernel, how)
    return kernel, how


def _max_pool(count: int, x: Any, *how: Any) -> Any:
    """Return the largest element of each window over the last `count` axes."""
    kernel, windows = _windows_for(count, x, *how)
    return largest(x, kernel, windows)[0]


def _avg_pool(count: int, x: Any, kernel: Any, stride: Any, padding: Any, with_zeros: bool) -> Any:  # noqa: PLR0917 - those of the two that call it
    """Return the mean of each window over the last `count` axes."""
    kernel, windows = _windows_for(count, x, kernel, stride, padding)
    number: Any = math.prod(kernel)
    if not with_zeros and any(map(any, windows.padding)):
        number = sums(np.ones(x.shape[-count:], x.dtype), kernel, windows)
    return sums(x, kernel, windows) / number


def max_pool1d(
    x: Any,
    kernel_size: int,
    stride: int | None = None,
    padding: int = 0,
    dilation: int = 1,
) -> Any:
    """Return the largest element of each window: see `max_pool2d`.

    Parameters
    ----------
    x : ndarray or Tensor, shape (N, C, L) or (C, L)
    kernel_size, stride, padding, dilation : int
        As for `max_pool2d`.

    Returns
    -------
    ndarray or Tensor, shape (N, C, L') or (C, L')

    Examples
    --------
    >>> max_pool1d(np.array([[1.0, 3.0, 2.0, 0.0]]), 2)
    array([[3., 2.]])
    """
    return _max_pool(1, x, kernel_size, stride, padding, dilation)


def max_pool2d(
    x: Any,
    kernel_size: int | Sequence[int],
    stride: int | Sequence[int] | None = None,
    padding: int | Sequence[int] = 0,
    dilation: int | Sequence[int] = 1,
) -> Any:
    """Return the largest element of each window; among equals its derivative is the first's.

    Parameters
    ----------
    x : ndarray or Tensor, shape (N, C, H, W) or (C, H, W)
    kernel_size : int or (int, int)
        Height and width of a window.
    stride : int or (int, int), optional
        From one window to the next; if None, the size of a window.
    padding : int or (int, int)
        How far windows reach over each end, where nothing is; at most half a window.
    dilation : int or (int, int)
        From one element of a window to the next.

    Returns
    -------
    ndarray or Tensor, shape (N, C, H', W') or (C, H', W')

    Raises
    ------
    ShapeError
        If `x` has other axes, or no window fits.
    ValueError
        If a number is too small, or padding too large.

    Examples
    --------
    >>> max_pool2d(np.arange(16.0).reshape(1, 4, 4), 2)
    array([[[ 5.,  7.],
            [13., 15.]]])
    """
    return _max_pool(2, x, kernel_size, stride, padding, dilation)


def avg_pool1d(
    x: Any,
    kernel_size: int,
    stride: int | None = None,
    padding: int = 0,
    count_include_pad: bool = True,
) -> Any:
    """Return the mean of each window: see `avg_pool2d`.

    Parameters
    ----------
    x : ndarray or Tensor, shape (N, C, L) or (C, L)
    kernel_size, stride, padding, count_include_pad
        As for `avg_pool2d`.

    Returns
    -------
    ndarray or Tensor, shape (N, C, L') or (C, L')

    Examples
    --------
    >>> avg_pool1d(np.array([[1.0, 3.0, 2.0, 0.0]]), 2)
    array([[2., 1.]])
    """
    return _avg_pool(1, x, kernel_size, stride, padding, count_include_pad)


def avg_pool2d(
    x: Any,
    kernel_size: int | Sequence[int],
    stride: int | Sequence[int] | None = None,
    padding: int | Sequence[int] = 0,
    count_include_pad: bool = True,
) -> Any:
    """Return the mean of each window.

    Parameters
    ----------
    x : ndarray or Tensor, shape (N, C, H, W) or (C, H, W)
    kernel_size : int or (int, int)
        Height and width of a window.
    stride : int or (int, int), optional
        From one window to the next; if None, the size of a window.
    padding : int or (int, int)
        How many zeros are put around each axis; at most half a window.
    count_include_pad : bool
        Whether these zeros count.

    Returns
    -------
    ndarray or Tensor, shape (N, C, H', W') or (C, H', W')

    Raises
    ------
    ShapeError
        If `x` has other axes, or no window fits.
    ValueError
        If a number is too small, or padding too large.

    Examples
    --------
    >>> avg_pool2d(np.arange(16.0).reshape(1, 4, 4), 2)
    array([[[ 2.5,  4.5],
            [10.5, 12.5]]])
    """
    return _avg_pool(2, x, kernel_size, stride, padding, count_include_pad)


def _parts(size: int, count: int) -> list[slice]:
    """Return `count` slices of nearly one length that cover `size` elements; they may overlap."""
    return [slice(i * size // count, -(-(i + 1) * size // count)) for i in range(count)]


def _adaptive(
    count: int, x: Any, output_size: Any, along: Callable[[Any, int, list[slice]], Any]
) -> Any:
    """Return `x` with each of the last `count` axes brought to its size by `along`."""
    if x.ndim - count not in {1, 2} or 0 in x.shape[-count:]:
        raise ShapeError(f"expected {count + 1} or {count + 2} axes of some length, got {x.shape}")
    for axis, size in zip(range(-count, 0), each(output_size, count, "output_size"), strict=True):
        x = along(x, axis, _parts(x.shape[axis], size))
    return x


def _means_along(x: Any, axis: int, parts: list[slice]) -> Any:
    """Return the means of parts of one axis."""
    weight = np.zeros((x.shape[axis], len(parts)), x.dtype)
    for column, part in enumerate(parts):
        weight[part, column] = 1 / (part.stop - part.start)
    return x @ weight if axis == -1 else weight.T @ x


def _largest_along(x: Any, axis: int, parts: list[slice]) -> Any:
    """Return the largest elements of parts of one axis."""
    key = (slice(None),) * (-1 - axis)
    return np.stack([np.max(x[(..., part, *key)], axis) for part in parts], axis)


def adaptive_avg_pool1d(x: Any, output_size: int) -> Any:
    """Return the means of `output_size` parts of the last axis: see `adaptive_avg_pool2d`.

    Parameters
    ----------
    x : ndarray or Tensor, shape (N, C, L) or (C, L)
    output_size : int

    Returns
    -------
    ndarray or Tensor, shape (N, C, output_size) or (C, output_size)

    Examples
    --------
    >>> adaptive_avg_pool1d(np.array([[1.0, 3.0, 2.0]]), 2)
    array([[2. , 2.5]])
    """
    return _adaptive(1, x, output_size, _means_along)


def adaptive_avg_pool2d(x: Any, output_size: int | Sequence[int]) -> Any:
    """Return the means of parts of an image, as many as said, whatever its size is.

    Part i of n of an axis of length L is from ``i L // n`` to the next whole number at or above
    ``(i + 1) L / n``, so that neighbours may share an element.

    Parameters
    ----------
    x : ndarray or Tensor, shape (N, C, H, W) or (C, H, W)
    output_size : int or (int, int)

    Returns
    -------
    ndarray or Tensor, shape (N, C, *output_size) or (C, *output_size)

    Raises
    ------
    ShapeError
        If `x` has other axes, or empty ones.

    Examples
    --------
    >>> adaptive_avg_pool2d(np.arange(16.0).reshape(1, 4, 4), 1)
    array([[[7.5]]])
    """
    return _adaptive(2, x, output_size, _means_along)


def adaptive_max_pool1d(x: Any, output_size: int) -> Any:
    """Return the largest elements of `output_size` parts of the last axis.

    Parameters
    ----------
    x : ndarray or Tensor, shape (N, C, L) or (C, L)
    output_size : int

    Returns
    -------
    ndarray or Tensor, shape (N, C, output_size) or (C, output_size)

    Examples
    --------
    >>> adaptive_max_pool1d(np.array([[1.0, 3.0, 2.0, 0.0]]), 2)
    array([[3., 2.]])
    """
    return _adaptive(1, x, output_size, _largest_along)


def adaptive_max_pool2d(x: Any, output_size: int | Sequence[int]) -> Any:
    """Return the largest elements of parts of an image: see `adaptive_avg_pool2d`.

    Parameters
    ----------
    x : ndarray or Tensor, shape (N, C, H, W) or (C, H, W)
    output_size : int or (int, int)

    Returns
    -------
    ndarray or Tensor, shape (N, C, *output_size) or (C, *output_size)

    Examples
    --------
    >>> adaptive_max_pool2d(np.arange(16.0).reshape(1, 4, 4), (1, 2))
    array([[[13., 15.]]])
    """
    return _adaptive(2, x, output_size, _largest_along)
