"""Layers that take one number of each window, and what changes shapes only."""

import math
from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from autograd.errors import ShapeError
from nn.functional import pooling
from nn.functional.windows import each
from nn.module import Module

Numbers = int | Sequence[int]


class _Pool(Module):
    """What pooling layers have in common: a function, and its options as attributes."""

    function: ClassVar[Callable[..., Any]]
    options: ClassVar[dict[str, Any]] = {}

    def _keep(self, **options: Any) -> None:
        """Keep the options that are not the defaults; check the sizes."""
        axes = 1 if type(self).__name__.endswith("1d") else 2
        name, size = next(iter(options.items()))
        each(size, axes, f"{type(self).__name__}: {name}")
        self.given = options

    def forward(self, x: Any) -> Any:
        """Return one number for each window of each channel.

        Raises
        ------
        ShapeError
            If `x` has other axes, or no window fits.
        """
        try:
            return type(self).function(x, **self.given)
        except ShapeError as error:
            raise ShapeError(f"{self._label()}: {error}") from None

    def extra_repr(self) -> str:
        """Return the arguments it was made with."""
        (_, size), *rest = self.given.items()
        defaults = {"stride": None, "padding": 0, "dilation": 1, "count_include_pad": True}
        shown = [f"{k}={v!r}" for k, v in rest if v != defaults[k]]
        return ", ".join([str(size), *shown])


class _MaxPool(_Pool):
    """What layers of the largest of each window have in common."""

    def __init__(
        self,
        kernel_size: Numbers,
        stride: Numbers | None = None,
        padding: Numbers = 0,
        dilation: Numbers = 1,
    ) -> None:
        self._keep(kernel_size=kernel_size, stride=stride, padding=padding, dilation=dilation)


class _AvgPool(_Pool):
    """What layers of the mean of each window have in common."""

    def __init__(
        self,
        kernel_size: Numbers,
        stride: Numbers | None = None,
        padding: Numbers = 0,
        count_include_pad: bool = True,
    ) -> None:
        self._keep(
            kernel_size=kernel_size,
            stride=stride,
            padding=padding,
            count_include_pad=count_include_pad,
        )


class _AdaptivePool(_Pool):
    """What layers whose output has a size of its own have in common."""

    def __init__(self, output_size: Numbers) -> None:
        self._keep(output_size=output_size)


class MaxPool1d(_MaxPool):
    """The largest of each window: see `max_pool1d`.

    Parameters
    ----------
    kernel_size : int
    stride : int, optional
        `kernel_size` if None.
    padding, dilation : int

    Examples
    --------
    >>> import numpy as np
    >>> MaxPool1d(2)(np.array([[1.0, 3.0, 2.0, 0.0]]))
    array([[3., 2.]])
    """

    function = pooling.max_pool1d


class MaxPool2d(_MaxPool):
    """The largest of each window: see `max_pool2d`.

    Parameters
    ----------
    kernel_size : int or (int, int)
    stride : int or (int, int), optional
        `kernel_size` if None.
    padding, dilation : int or (int, int)

    Examples
    --------
    >>> import numpy as np
    >>> MaxPool2d(2)(np.arange(16.0).reshape(1, 4, 4))
    array([[[ 5.,  7.],
            [13., 15.]]])
    """

    function = pooling.max_pool2d


class AvgPool1d(_AvgPool):
    """The mean of each window: see `avg_pool1d`.

    Parameters
    ----------
    kernel_size : int
    stride : int, optional
        `kernel_size` if None.
    padding : int
    count_include_pad : bool
        Whether the zeros of the padding count.

    Examples
    --------
    >>> import numpy as np
    >>> AvgPool1d(2)(np.array([[1.0, 3.0, 2.0, 0.0]]))
    array([[2., 1.]])
    """

    function = pooling.avg_pool1d


class AvgPool2d(_AvgPool):
    """The mean of each window: see `avg_pool2d`.

    Parameters
    ----------
    kernel_size : int or (int, int)
    stride : int or (int, int), optional
        `kernel_size` if None.
    padding : int or (int, int)
    count_include_pad : bool
        Whether the zeros of the padding count.

    Examples
    --------
    >>> import numpy as np
    >>> AvgPool2d(2)(np.arange(16.0).reshape(1, 4, 4))
    array([[[ 2.5,  4.5],
            [10.5, 12.5]]])
    """

    function = pooling.avg_pool2d


class AdaptiveAvgPool1d(_AdaptivePool):
    """The means of as many parts as said: see `adaptive_avg_pool1d`.

    Parameters
    ----------
    output_size : int

    Examples
    --------
    >>> import numpy as np
    >>> AdaptiveAvgPool1d(2)(np.array([[1.0, 3.0, 2.0]]))
    array([[2. , 2.5]])
    """

    function = pooling.adaptive_avg_pool1d


class AdaptiveAvgPool2d(_AdaptivePool):
    """The means of as many parts as said: see `adaptive_avg_pool2d`.

    Parameters
    ----------
    output_size : int or (int, int)

    Examples
    --------
    >>> import numpy as np
    >>> AdaptiveAvgPool2d(1)(np.ones((8, 16, 5, 7))).shape
    (8, 16, 1, 1)
    """

    function = pooling.adaptive_avg_pool2d


class AdaptiveMaxPool1d(_AdaptivePool):
    """The largest of as many parts as said: see `adaptive_max_pool1d`.

    Parameters
    ----------
    output_size : int

    Examples
    --------
    >>> import numpy as np
    >>> AdaptiveMaxPool1d(2)(np.array([[1.0, 3.0, 2.0, 0.0]]))
    array([[3., 2.]])
    """

    function = pooling.adaptive_max_pool1d


class AdaptiveMaxPool2d(_AdaptivePool):
    """The largest of as many parts as said: see `adaptive_max_pool2d`.

    Parameters
    ----------
    output_size : int or (int, int)

    Examples
    --------
    >>> import numpy as np
    >>> AdaptiveMaxPool2d((1, 2))(np.arange(16.0).reshape(1, 4, 4))
    array([[[13., 15.]]])
    """

    function = pooling.adaptive_max_pool2d


class Flatten(Module):
    """Several axes as one, those of each row unless said otherwise.

    Parameters
    ----------
    start_axis, end_axis : int
        The first and the last of these axes.

    Examples
    --------
    >>> import numpy as np
    >>> Flatten()(np.ones((8, 16, 5, 5))).shape
    (8, 400)
    """

    def __init__(self, start_axis: int = 1, end_axis: int = -1) -> None:
        self.start_axis, self.end_axis = start_axis, end_axis

    def forward(self, x: Any) -> Any:
        """Return `x` with these axes as one.

        Raises
        ------
        ShapeError
            If `x` does not have them.
        """
        axes = range(x.ndim)
        start, end = (axis + x.ndim * (axis < 0) for axis in (self.start_axis, self.end_axis))
        if start not in axes or end not in axes or end < start:
            raise ShapeError(
                f"{self._label()}: expected axes {self.start_axis} to {self.end_axis}, "
                f"got {x.shape}"
            )
        size = math.prod(x.shape[start : end + 1])
        return x.reshape((*x.shape[:start], size, *x.shape[end + 1 :]))

    def extra_repr(self) -> str:
        """Return the arguments it was made with, if they are not the defaults."""
        axes = (self.start_axis, self.end_axis)
        return "" if axes == (1, -1) else f"{axes[0]}, {axes[1]}"
