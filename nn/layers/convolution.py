"""Layers of sums over windows."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from autograd import Tensor
from autograd.errors import ShapeError
from nn import init as initializers
from nn.functional import convolution
from nn.functional.windows import Padding, Sizes, each, windows_of
from nn.init import Seed
from nn.module import Module

Numbers = int | Sequence[int]


class _Convolution(Module):
    """What convolutions have in common; `axes` is how many axes their windows have."""

    axes = 2
    turned = False  # whether it is the transpose of a convolution
    weight: Tensor
    bias: Tensor | None

    def _prepare(
        self, channels: Sequence[int], kernel_size: Numbers, groups: int, how: tuple[Any, Any, Any]
    ) -> Sizes:
        """Check what a convolution is made with, keep it, and return the shape of its weight."""
        kind = type(self).__name__
        self.in_channels, self.out_channels = each(channels, 2, f"{kind}: numbers of channels")
        self.kernel_size = each(kernel_size, self.axes, f"{kind}: kernel_size")
        self.stride, self.padding, self.dilation = how
        self.groups = groups
        windows_of(self.kernel_size, *how, groups)
        if self.in_channels % groups or self.out_channels % groups:
            raise ValueError(
                f"{kind}: {groups} groups must divide {self.in_channels} and "
                f"{self.out_channels} channels evenly"
            )
        if self.turned:
            return (*self.kernel_size, self.out_channels // groups, self.in_channels)
        return (*self.kernel_size, self.in_channels // groups, self.out_channels)

    def _draw(
        self, shape: Sizes, bias: bool, dtype: DTypeLike, rng: Seed, init: initializers.Initializer
    ) -> None:
        """Draw the first values as PyTorch does."""
        rng = np.random.default_rng(rng)
        first = init(shape, rng, dtype)
        self.weight = Tensor(first.swapaxes(-1, -2).copy() if self.turned else first, name="weight")
        bound = math.prod(shape[:-1]) ** -0.5
        values = rng.uniform(-bound, bound, self.out_channels).astype(dtype)
        self.bias = Tensor(values, name="bias") if bias else None

    def extra_repr(self) -> str:
        """Return the arguments it was made with."""
        defaults = {"stride": 1, "padding": 0, "output_padding": 0, "dilation": 1, "groups": 1}
        given = {name: value for name, value in vars(self).items() if name in defaults}
        shown = [f"{self.in_channels}, {self.out_channels}, kernel_size={self.kernel_size}"]
        shown += [f"{k}={v!r}" for k, v in given.items() if v != defaults[k]]
        shown += ["bias=False"] if self.bias is None else []
        shown += [] if self.weight.dtype == np.float64 else [f"dtype={self.weight.dtype}"]
        return ", ".join(shown)


class _Forward(_Convolution):
    """A convolution that is not transposed."""

    def __init__(  # noqa: PLR0917 - PyTorch's order
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: Numbers,
        stride: Numbers = 1,
        padding: Padding = 0,
        dilation: Numbers = 1,
        groups: int = 1,
        bias: bool = True,
        *,
        dtype: DTypeLike = np.float64,
        rng: Seed = None,
        init: initializers.Initializer = initializers.fan_in_uniform,
    ) -> None:
        channels = (in_channels, out_channels)
        shape = self._prepare(channels, kernel_size, groups, (stride, padding, dilation))
        self._draw(shape, bias, dtype, rng, init)

    def forward(self, x: Any) -> Tensor:
        """Return the sums over windows, of shape (N, O, ...) for `x` of shape (N, C, ...).

        Raises
        ------
        ShapeError
            If `x` has other axes or channels, or no window fits.
        """
        how = (self.stride, self.padding, self.dilation, self.groups)
        try:
            y: Tensor = convolution.convolved(self.axes, x, self.weight, self.bias, *how)
        except ShapeError as error:
            raise ShapeError(f"{self._label()}: {error}") from None
        return y


class _Transposed(_Convolution):
    """A transposed convolution."""

    turned = True

    def __init__(  # noqa: PLR0917 - PyTorch's order
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: Numbers,
        stride: Numbers = 1,
        padding: Numbers = 0,
        output_padding: Numbers = 0,
        groups: int = 1,
        bias: bool = True,
        dilation: Numbers = 1,
        *,
        dtype: DTypeLike = np.float64,
        rng: Seed = None,
        init: initializers.Initializer = initializers.fan_in_uniform,
    ) -> None:
        channels = (in_channels, out_channels)
        shape = self._prepare(channels, kernel_size, groups, (stride, padding, dilation))
        self.output_padding = output_padding
        self._draw(shape, bias, dtype, rng, init)

    def forward(self, x: Any) -> Tensor:
        """Return the windows summed up, of shape (N, O, ...) for `x` of shape (N, C, ...).

        Raises
        ------
        ShapeError
            If `x` has other axes or channels.
        """
        how = (self.output_padding, self.stride, self.padding, self.dilation, self.groups)
        try:
            y: Tensor = convolution.transposed(self.axes, x, self.weight, self.bias, *how)
        except ShapeError as error:
            raise ShapeError(f"{self._label()}: {error}") from None
        return y


class Conv1d(_Forward):
    """A convolution over one axis: `Conv2d` for inputs of shape (N, C, L) or (C, L).

    Parameters
    ----------
    in_channels, out_channels, kernel_size, stride, padding, dilation, groups, bias
        As for `Conv2d`, with one number for each length.
    dtype, rng, init
        As for `Conv2d`.

    Attributes
    ----------
    weight : Tensor, shape (K, C / groups, O)
    bias : Tensor, shape (O,), or None

    Examples
    --------
    >>> layer = Conv1d(2, 4, 3, padding="same", rng=0)
    >>> layer
    Conv1d(2, 4, kernel_size=(3,), padding='same')
    >>> layer(np.ones((8, 2, 10))).shape
    (8, 4, 10)
    """

    axes = 1


class Conv2d(_Forward):
    """A convolution of images: each output is a sum over a window of all channels, and a number.

    PyTorch's weight, of shape (O, C / groups, KH, KW), is ``weight.transpose(3, 2, 0, 1)``.

    Parameters
    ----------
    in_channels : int
        Number of channels C of the input.
    out_channels : int
        Number of channels O of the output.
    kernel_size : int or (int, int)
        Height and width of a window.
    stride : int or (int, int)
        From one window to the next.
    padding : int, (int, int), "same" or "valid"
        How many zeros are put around each axis; "same" keeps its size, "valid" puts none.
    dilation : int or (int, int)
        From one element of a window to the next.
    groups : int
        Parts of the channels, each with outputs of its own.
    bias : bool
        Whether a number is added to each output channel.
    dtype : dtype
        Of the parameters.
    rng : Generator or int, optional
        Where the first values come from; an int is a seed, None gives other values each time.
    init : callable
        Of the weight; see `Linear`. The defaults are PyTorch's.

    Attributes
    ----------
    weight : Tensor, shape (KH, KW, C / groups, O)
    bias : Tensor, shape (O,), or None

    Raises
    ------
    ValueError
        If a number is too small, or groups do not divide the channels.

    Examples
    --------
    >>> layer = Conv2d(1, 16, 3, rng=0)
    >>> layer
    Conv2d(1, 16, kernel_size=(3, 3))
    >>> layer(np.ones((8, 1, 28, 28))).shape
    (8, 16, 26, 26)
    """


class ConvTranspose1d(_Transposed):
    """A transposed convolution over one axis: see `ConvTranspose2d`.

    Parameters
    ----------
    in_channels, out_channels, kernel_size, stride, padding, output_padding, groups, bias, dilation
        As for `ConvTranspose2d`, with one number for each length.
    dtype, rng, init
        As for `Conv2d`.

    Attributes
    ----------
    weight : Tensor, shape (K, C, O / groups)
    bias : Tensor, shape (O,), or None

    Examples
    --------
    >>> layer = ConvTranspose1d(4, 2, 3, stride=2, rng=0)
    >>> layer(np.ones((8, 4, 5))).shape
    (8, 2, 11)
    """

    axes = 1


class ConvTranspose2d(_Transposed):
    """The transpose of a convolution: each input puts a window of numbers, times itself.

    PyTorch's weight, of shape (C, O / groups, KH, KW), is ``weight.transpose(2, 3, 0, 1)``.

    Parameters
    ----------
    in_channels : int
        Number of channels C of the input.
    out_channels : int
        Number of channels O of the output.
    kernel_size : int or (int, int)
        Height and width of a window.
    stride : int or (int, int)
        From one window to the next.
    padding : int or (int, int)
        How much is taken away from both ends of the output.
    output_padding : int or (int, int)
        How much longer the output is at the end; smaller than the stride.
    groups : int
        Parts of the channels, each with outputs of its own.
    bias : bool
        Whether a number is added to each output channel.
    dilation : int or (int, int)
        From one element of a window to the next.
    dtype, rng, init
        As for `Conv2d`.

    Attributes
    ----------
    weight : Tensor, shape (KH, KW, C, O / groups)
    bias : Tensor, shape (O,), or None

    Examples
    --------
    >>> layer = ConvTranspose2d(16, 1, 2, stride=2, rng=0)
    >>> layer
    ConvTranspose2d(16, 1, kernel_size=(2, 2), stride=2)
    >>> layer(np.ones((8, 16, 7, 7))).shape
    (8, 1, 14, 14)
    """
