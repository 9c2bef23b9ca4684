"""Convolutions, as matrix products over windows.

Three functions are each linear in two arrays, and each other's transposes: of input and weight to
output, of output and weight back to the input, of input and output to the weight. So each is the
derivative of the others, of any order. The windows of a few rows are copied into columns at a time,
which is one matrix product for each row; nothing of that is kept.

Shapes: inputs (N, C, *size), as PyTorch has them; weights (*kernel, C, O), inputs before outputs as
everywhere in `nn`, where PyTorch has (O, C, *kernel).
"""

import math
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from autograd.errors import ShapeError
from autograd.extend import general, linear
from nn.functional.windows import (
    Padding,
    Sizes,
    Windows,
    check_input,
    each,
    full_size,
    inside,
    padded,
    places_of,
    positions,
    windows_of,
)

COLUMNS = 2**17
"""How many numbers the columns of one pass have at most, unless one row has more."""


def _windows(x: Any, kernel: Sizes, how: Windows) -> Any:
    """Return a view of the windows, of shape (N, C, *kernel, *positions)."""
    axes = tuple(range(2, x.ndim))
    reach = tuple((size - 1) * gap + 1 for size, gap in zip(kernel, how.dilation, strict=True))
    windows: Any = sliding_window_view(padded(x, how), reach, axes)
    steps = (slice(None, None, step) for step in (*how.stride, *how.dilation))
    within = range(x.ndim, x.ndim + len(axes))
    view: Any = windows[(..., *steps)].transpose(0, 1, *within, *axes)
    return view


def _matrices(w: Any, groups: int) -> Any:
    """Return the weight of each group as a matrix, of shape (groups, O/groups, C * kernel)."""
    *kernel, inputs, outputs = w.shape
    count = len(kernel)
    apart = w.reshape(*kernel, inputs, groups, outputs // groups)
    order = (count + 1, count + 2, count, *range(count))
    return apart.transpose(order).reshape(groups, outputs // groups, -1)


def _passes(rows: int, each: int) -> Iterator[slice]:
    """Yield slices of rows whose columns are not many numbers together."""
    step = max(1, COLUMNS // max(each, 1))
    return (slice(start, start + step) for start in range(0, rows, step))


def _output(x: Any, w: Any, how: Windows, bias: Any = None) -> Any:
    """Return the output for an input and a weight, with a number added for each channel."""
    kernel = w.shape[:-2]
    counts = positions(x.shape[2:], kernel, how)
    matrices = _matrices(w, how.groups)
    across = math.prod(counts)
    y = np.empty((len(x), how.groups, matrices.shape[1], across), np.result_type(x.dtype, w.dtype))
    windows = _windows(x, kernel, how)
    for rows in _passes(len(x), matrices.shape[2] * how.groups * across):
        some = windows[rows]
        columns = some.reshape(len(some), how.groups, -1, across)
        np.matmul(matrices, columns, out=y[rows])
        if bias is not None:  # as long as they are in the cache
            y[rows] += bias.reshape(how.groups, -1, 1)
    return y.reshape(len(x), w.shape[-1], *counts)


def _input(y: Any, w: Any, size: Sizes, how: Windows) -> Any:
    """Return what output and weight give back to each place of an input of `size`."""
    kernel, counts = w.shape[:-2], y.shape[2:]
    matrices = np.swapaxes(_matrices(w, how.groups), 1, 2)
    across, channels = math.prod(counts), w.shape[-2] * how.groups
    apart = y.reshape(len(y), how.groups, w.shape[-1] // how.groups, across)
    x = np.empty((len(y), channels, *size), np.result_type(y.dtype, w.dtype))
    full = full_size(size, how)
    for rows in _passes(len(y), matrices.shape[1] * how.groups * across):
        columns = np.matmul(matrices, apart[rows])
        parts = columns.reshape(len(columns), channels, math.prod(kernel), *counts)
        into = np.zeros((len(columns), channels, *full), x.dtype)
        for number, place in enumerate(places_of(size, kernel, how)):
            into[place] += parts[:, :, number]
        x[rows] = into[inside(size, how)]
    return x


def _weight(x: Any, y: Any, kernel: Sizes, how: Windows) -> Any:
    """Return the sum over all windows of input times output, as a weight."""
    inputs, outputs = x.shape[1] // how.groups, y.shape[1] // how.groups
    count, across, width = len(kernel), math.prod(y.shape[2:]), inputs * math.prod(kernel)
    apart = y.reshape(len(y), how.groups, outputs, across)
    total = np.zeros((how.groups, width, outputs), np.result_type(x.dtype, y.dtype))
    windows = _windows(x, kernel, how)
    for rows in _passes(len(x), width * how.groups * across):
        # One product for all rows of a pass: what is summed over stands on one axis.
        columns = np.moveaxis(windows[rows], 0, count + 1).reshape(how.groups, width, -1)
        total += columns @ apart[rows].transpose(1, 0, 3, 2).reshape(how.groups, -1, outputs)
    w = total.reshape(how.groups, inputs, *kernel, outputs)
    return w.transpose(*range(2, 2 + count), 1, 0, 2 + count).reshape(*kernel, inputs, -1)


output: Any = linear(
    lambda x, w, how: _output(x, w, how),  # noqa: PLW0108 - its names are read
    lambda g, w, x_shape, how=None: input_of(g, w, x_shape[2:], how),
    lambda g, x, w_shape, how=None: weight_of(x, g, w_shape[:-2], how),
    name="convolve",
)
input_of: Any = linear(
    _input,
    lambda g, w, how=None: output(g, w, how),
    lambda g, y, w_shape, how=None: weight_of(g, y, w_shape[:-2], how),
    name="convolve_transposed",
    harmless=("size",),
)
weight_of: Any = linear(
    _weight,
    lambda g, y, x_shape, how=None: input_of(y, g, x_shape[2:], how),
    lambda g, x, how=None: output(x, g, how),
    name="convolve_weight",
    harmless=("kernel",),
)
biased: Any = general(
    lambda x, w, bias, how: _output(x, w, how, bias),
    lambda g, w, x_shape, how: input_of(g, w, x_shape[2:], how),
    lambda g, x, w_shape, how: weight_of(x, g, w_shape[:-2], how),
    lambda g: np.sum(g, (0, *range(2, g.ndim))),
    jvps=[
        lambda g, w, how: output(g, w, how),  # noqa: PLW0108 - its names are read
        lambda g, x, how: output(x, g, how),
        lambda g, x_shape, w_shape, how: np.broadcast_to(
            g[(..., *(None,) * (len(x_shape) - 2))],
            (x_shape[0], w_shape[-1], *positions(x_shape[2:], w_shape[:-2], how)),
        ),
    ],
    name="convolve",
)


# What users call.


def check_weight(weight: Any, count: int, groups: int, outputs: int) -> None:
    """Refuse a weight of another shape than a convolution over `count` axes has.

    Raises
    ------
    ShapeError
        If the number of axes is wrong, or groups do not divide what is at axis `outputs`.
    """
    if weight.ndim != count + 2:
        raise ShapeError(
            f"expected a weight of {count} sizes of the kernel, inputs and outputs, got "
            f"{weight.shape}"
        )
    if weight.shape[outputs] % groups:
        raise ShapeError(f"{groups} groups do not divide the weight {weight.shape} evenly")


def _batch_of(x: Any, count: int) -> tuple[Any, bool]:
    """Return `x` with an axis for rows, and whether it had none."""
    return (x[None], True) if x.ndim == count + 1 else (x, False)


def _check_bias(bias: Any, outputs: int) -> None:
    """Refuse a bias that has not a number for each output channel."""
    if bias is not None and bias.shape != (outputs,):
        raise ShapeError(f"expected a bias of shape {(outputs,)}, got {bias.shape}")


def convolved(count: int, x: Any, weight: Any, bias: Any, *how: Any) -> Any:
    """Return the convolution over `count` axes."""
    kernel = weight.shape[:-2]
    check_weight(weight, count, how[-1], -1)
    windows = windows_of(kernel, *how)
    check_input(x, weight.shape[-2] * windows.groups, kernel, windows)
    _check_bias(bias, weight.shape[-1])
    x, single = _batch_of(x, count)
    y = output(x, weight, windows) if bias is None else biased(x, weight, bias, windows)
    return y[0] if single else y


def transposed(count: int, x: Any, weight: Any, bias: Any, output_padding: Any, *how: Any) -> Any:
    """Return the transposed convolution over `count` axes."""
    *kernel, inputs, outputs = weight.shape
    check_weight(weight, count, how[-1], -2)
    windows = windows_of(tuple(kernel), *how)
    check_input(x, inputs, (1,) * count, Windows((1,) * count, ((0, 0),) * count, (1,) * count, 1))
    more = each(output_padding, count, "output_padding", 0)
    if any(extra >= step for extra, step in zip(more, windows.stride, strict=True)):
        raise ValueError(f"output_padding {more} must be smaller than the stride {windows.stride}")
    x, single = _batch_of(x, count)
    size = tuple(
        (length - 1) * step - sum(ends) + gap * (width - 1) + 1 + extra
        for length, width, step, ends, gap, extra in zip(
            x.shape[2:], kernel, *windows[:3], more, strict=True
        )
    )
    if min(size) < 1:
        raise ShapeError(f"the output would have size {size}; padding takes more than there is")
    groups = windows.groups  # the weight of the convolution that this is the transpose of:
    apart = weight.reshape(*kernel, groups, inputs // groups, outputs)
    back = np.moveaxis(apart, -1, count).reshape(*kernel, outputs, inputs)
    _check_bias(bias, outputs * groups)
    y = input_of(x, back, size, windows)
    y = y if bias is None else y + bias[(..., *(None,) * count)]
    return y[0] if single else y


def conv1d(  # noqa: PLR0917 - PyTorch's order
    x: Any,
    weight: Any,
    bias: Any = None,
    stride: int | Sequence[int] = 1,
    padding: Padding = 0,
    dilation: int | Sequence[int] = 1,
    groups: int = 1,
) -> Any:
    """Return the sums over windows of `x` times `weight`, for each output: see `conv2d`.

    Parameters
    ----------
    x : ndarray or Tensor, shape (N, C, L) or (C, L)
    weight : ndarray or Tensor, shape (K, C / groups, O)
    bias : ndarray or Tensor, shape (O,), optional
    stride, padding, dilation, groups
        As for `conv2d`.

    Returns
    -------
    ndarray or Tensor, shape (N, O, L') or (O, L')

    Examples
    --------
    >>> differences = np.array([-1.0, 1.0]).reshape(2, 1, 1)
    >>> conv1d(np.array([[1.0, 4.0, 9.0, 16.0]]), differences)
    array([[3., 5., 7.]])
    """
    return convolved(1, x, weight, bias, stride, padding, dilation, groups)


def conv2d(  # noqa: PLR0917 - PyTorch's order
    x: Any,
    weight: Any,
    bias: Any = None,
    stride: int | Sequence[int] = 1,
    padding: Padding = 0,
    dilation: int | Sequence[int] = 1,
    groups: int = 1,
) -> Any:
    """Return the sums over windows of `x` times `weight`, for each output.

    The weight is not turned around: it is what signal processing calls a correlation.

    Parameters
    ----------
    x : ndarray or Tensor, shape (N, C, H, W) or (C, H, W)
    weight : ndarray or Tensor, shape (KH, KW, C / groups, O)
    bias : ndarray or Tensor, shape (O,), optional
    stride : int or (int, int)
        From one window to the next.
    padding : int, (int, int), "same" or "valid"
        How many zeros are put around each axis; "same" keeps its size, "valid" puts none.
    dilation : int or (int, int)
        From one element of a window to the next.
    groups : int
        Parts of the channels, each with outputs of its own.

    Returns
    -------
    ndarray or Tensor, shape (N, O, H', W') or (O, H', W')
        H' is ``(H + 2 padding - dilation (KH - 1) - 1) // stride + 1``.

    Raises
    ------
    ShapeError
        If the shapes do not fit.
    ValueError
        If a number is too small, or "same" is asked with a stride.

    Examples
    --------
    >>> x, weight = np.arange(9.0).reshape(1, 3, 3), np.ones((2, 2, 1, 1))
    >>> conv2d(x, weight)
    array([[[ 8., 12.],
            [20., 24.]]])
    """
    return convolved(2, x, weight, bias, stride, padding, dilation, groups)


def conv_transpose1d(  # noqa: PLR0917 - PyTorch's order
    x: Any,
    weight: Any,
    bias: Any = None,
    stride: int | Sequence[int] = 1,
    padding: int | Sequence[int] = 0,
    output_padding: int | Sequence[int] = 0,
    groups: int = 1,
    dilation: int | Sequence[int] = 1,
) -> Any:
    """Return the transposed convolution over one axis: see `conv_transpose2d`.

    Parameters
    ----------
    x : ndarray or Tensor, shape (N, C, L) or (C, L)
    weight : ndarray or Tensor, shape (K, C, O / groups)
    bias : ndarray or Tensor, shape (O,), optional
    stride, padding, output_padding, groups, dilation
        As for `conv_transpose2d`.

    Returns
    -------
    ndarray or Tensor, shape (N, O, L') or (O, L')

    Examples
    --------
    >>> triangle = np.array([1.0, 2.0, 1.0]).reshape(3, 1, 1)
    >>> conv_transpose1d(np.array([[1.0, 10.0]]), triangle, stride=2)
    array([[ 1.,  2., 11., 20., 10.]])
    """
    return transposed(1, x, weight, bias, output_padding, stride, padding, dilation, groups)


def conv_transpose2d(  # noqa: PLR0917 - PyTorch's order
    x: Any,
    weight: Any,
    bias: Any = None,
    stride: int | Sequence[int] = 1,
    padding: int | Sequence[int] = 0,
    output_padding: int | Sequence[int] = 0,
    groups: int = 1,
    dilation: int | Sequence[int] = 1,
) -> Any:
    """Return the transposed convolution: each input puts the weight, times itself, on a window.

    Parameters
    ----------
    x : ndarray or Tensor, shape (N, C, H, W) or (C, H, W)
    weight : ndarray or Tensor, shape (KH, KW, C, O / groups)
    bias : ndarray or Tensor, shape (O,), optional
    stride : int or (int, int)
        From one window to the next.
    padding : int or (int, int)
        How much is taken away from both ends of the output.
    output_padding : int or (int, int)
        How much longer the output is at the end; smaller than the stride.
    groups : int
        Parts of the channels, each with outputs of its own.
    dilation : int or (int, int)
        From one element of a window to the next.

    Returns
    -------
    ndarray or Tensor, shape (N, O, H', W') or (O, H', W')
        H' is ``(H - 1) stride - 2 padding + dilation (KH - 1) + output_padding + 1``.

    Raises
    ------
    ShapeError
        If the shapes do not fit.
    ValueError
        If a number is too small, or `output_padding` too large.

    Examples
    --------
    >>> conv_transpose2d(np.ones((1, 2, 2)), np.ones((2, 2, 1, 1)))
    array([[[1., 2., 1.],
            [2., 4., 2.],
            [1., 2., 1.]]])
    """
    return transposed(2, x, weight, bias, output_padding, stride, padding, dilation, groups)
