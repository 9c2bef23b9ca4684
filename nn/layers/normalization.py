"""Layers that bring values to a common scale."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from autograd import Tensor
from autograd.errors import ShapeError
from nn import functional
from nn.functional.normalization import by_batch
from nn.functional.windows import each
from nn.module import Module
from nn.values import plain


class _Normalization(Module):
    """What normalizing layers have in common: a weight of ones, a bias of zeros."""

    weight: Tensor | None
    bias: Tensor | None

    def _scale(self, shape: Any, weight: bool, bias: bool, dtype: DTypeLike) -> None:
        """Make weight and bias, where they are asked for."""
        self.weight = Tensor(np.ones(shape, dtype), name="weight") if weight else None
        self.bias = Tensor(np.zeros(shape, dtype), name="bias") if bias else None

    def forward(self, x: Any) -> Any:
        """Return `x` normalized.

        Raises
        ------
        ShapeError
            If the shape of `x` does not fit.
        """
        try:
            return self._normalized(x)
        except ShapeError as error:
            raise ShapeError(f"{self._label()}: {error}") from None

    def _normalized(self, x: Any) -> Any:
        """Return `x` normalized, or raise an error that does not name the layer."""
        raise NotImplementedError


class LayerNorm(_Normalization):
    """Normalization of each row by itself, over the last axes: see `layer_norm`.

    Parameters
    ----------
    normalized_shape : int or tuple of int
        The last sizes of the input.
    eps : float
        Added to the variance.
    elementwise_affine : bool
        Whether there are a weight and a bias.
    bias : bool
        Whether there is a bias.
    dtype : dtype
        Of the parameters.

    Attributes
    ----------
    weight : Tensor, shape normalized_shape, or None
    bias : Tensor, shape normalized_shape, or None

    Examples
    --------
    >>> LayerNorm(2, eps=0.0)(np.array([[1.0, 3.0], [0.0, 10.0]]))
    Tensor([[-1.,  1.],
            [-1.,  1.]])
    """

    def __init__(
        self,
        normalized_shape: int | Sequence[int],
        eps: float = 1e-5,
        elementwise_affine: bool = True,
        bias: bool = True,
        *,
        dtype: DTypeLike = np.float64,
    ) -> None:
        count = 1 if isinstance(normalized_shape, int) else len(normalized_shape)
        self.normalized_shape = each(normalized_shape, count, "LayerNorm: normalized_shape")
        self.eps = eps
        both = elementwise_affine and bias
        self._scale(self.normalized_shape, elementwise_affine, both, dtype)

    def _normalized(self, x: Any) -> Any:
        return functional.layer_norm(x, self.normalized_shape, self.weight, self.bias, self.eps)

    def extra_repr(self) -> str:
        """Return the sizes it was made with."""
        return ", ".join(map(str, self.normalized_shape))


class RMSNorm(_Normalization):
    """Division of each row by its root mean square, over the last axes: see `rms_norm`.

    Parameters
    ----------
    normalized_shape : int or tuple of int
        The last sizes of the input.
    eps : float, optional
        Added to the mean square; if None, the distance from 1 to the next number of the dtype.
    elementwise_affine : bool
        Whether there is a weight.
    dtype : dtype
        Of the weight.

    Attributes
    ----------
    weight : Tensor, shape normalized_shape, or None

    Examples
    --------
    >>> RMSNorm(2)(np.array([3.0, 4.0])) * np.sqrt(12.5)
    Tensor([3., 4.])
    """

    def __init__(
        self,
        normalized_shape: int | Sequence[int],
        eps: float | None = None,
        elementwise_affine: bool = True,
        *,
        dtype: DTypeLike = np.float64,
    ) -> None:
        count = 1 if isinstance(normalized_shape, int) else len(normalized_shape)
        self.normalized_shape = each(normalized_shape, count, "RMSNorm: normalized_shape")
        self.eps = eps
        self._scale(self.normalized_shape, elementwise_affine, False, dtype)

    def _normalized(self, x: Any) -> Any:
        return functional.rms_norm(x, self.normalized_shape, self.weight, self.eps)

    def extra_repr(self) -> str:
        """Return the sizes it was made with."""
        return ", ".join(map(str, self.normalized_shape))


class GroupNorm(_Normalization):
    """Normalization of groups of channels of each row: see `group_norm`.

    Parameters
    ----------
    num_groups : int
        Into how many groups the channels fall.
    num_channels : int
        Number of channels C.
    eps : float
        Added to the variance.
    affine : bool
        Whether there are a weight and a bias.
    dtype : dtype
        Of the parameters.

    Attributes
    ----------
    weight, bias : Tensor, shape (C,), or None

    Raises
    ------
    ValueError
        If the channels do not fall into such groups.

    Examples
    --------
    >>> GroupNorm(2, 4, eps=0.0)(np.array([[1.0, 3.0, 0.0, 10.0]]))
    Tensor([[-1.,  1., -1.,  1.]])
    """

    def __init__(
        self,
        num_groups: int,
        num_channels: int,
        eps: float = 1e-5,
        affine: bool = True,
        *,
        dtype: DTypeLike = np.float64,
    ) -> None:
        each((num_groups, num_channels), 2, "GroupNorm: groups and channels")
        if num_channels % num_groups:
            raise ValueError(f"{num_groups} groups do not divide {num_channels} channels evenly")
        self.num_groups, self.num_channels, self.eps = num_groups, num_channels, eps
        self._scale(num_channels, affine, affine, dtype)

    def _normalized(self, x: Any) -> Any:
        if x.ndim < 2 or x.shape[1] != self.num_channels:
            raise ShapeError(f"expected (N, {self.num_channels}, ...), got {x.shape}")
        return functional.group_norm(x, self.num_groups, self.weight, self.bias, self.eps)

    def extra_repr(self) -> str:
        """Return the arguments it was made with."""
        return f"{self.num_groups}, {self.num_channels}"


class _BatchNorm(_Normalization):
    """What the layers that normalize over a batch have in common."""

    axes: tuple[int, ...] = ()
    shapes = ""
    running_mean: Any
    running_var: Any
    num_batches_tracked: Any

    def __init__(
        self,
        num_features: int,
        eps: float = 1e-5,
        momentum: float | None = 0.1,
        affine: bool = True,
        track_running_stats: bool = True,
        *,
        dtype: DTypeLike = np.float64,
    ) -> None:
        each(num_features, 1, f"{type(self).__name__}: num_features")
        self.num_features, self.eps, self.momentum = num_features, eps, momentum
        self._scale(num_features, affine, affine, dtype)
        self.running_mean = np.zeros(num_features, dtype) if track_running_stats else None
        self.running_var = np.ones(num_features, dtype) if track_running_stats else None
        self.num_batches_tracked = np.array(0) if track_running_stats else None

    def _normalized(self, x: Any) -> Any:
        if x.ndim not in self.axes or x.shape[1] != self.num_features:
            raise ShapeError(f"expected {self.shapes.format(self.num_features)}, got {x.shape}")
        if not self.training and self.running_mean is not None:
            statistics = (self.running_mean, self.running_var)
            return functional.batch_norm(x, *statistics, self.weight, self.bias, self.eps)
        y, mean, var = by_batch(x, self.weight, self.bias, self.eps)
        if self.training and self.running_mean is not None:
            self._track(plain(mean), plain(var), x.size // x.shape[1])
        return y

    def _track(self, mean: Any, var: Any, count: int) -> None:
        """Move what is remembered towards the mean and the variance of a batch.

        The arrays are new ones: the graph of a run in evaluation mode may hold those before.
        """
        tracked = self.num_batches_tracked + 1
        self.num_batches_tracked = np.asarray(tracked)
        part = self.momentum if self.momentum is not None else 1 / int(tracked)
        dtype = self.running_mean.dtype
        spread = var * (count / (count - 1))  # of a sample, as PyTorch remembers it
        self.running_mean = ((1 - part) * self.running_mean + part * mean).astype(dtype)
        self.running_var = ((1 - part) * self.running_var + part * spread).astype(dtype)

    def extra_repr(self) -> str:
        """Return the number of features."""
        return str(self.num_features)


class BatchNorm1d(_BatchNorm):
    """Normalization of each feature over a batch: `BatchNorm2d` for (N, C) or (N, C, L).

    Parameters
    ----------
    num_features, eps, momentum, affine, track_running_stats, dtype
        As for `BatchNorm2d`.

    Attributes
    ----------
    weight, bias : Tensor, shape (C,), or None
    running_mean, running_var : ndarray, shape (C,), or None

    Examples
    --------
    >>> layer = BatchNorm1d(2, eps=0.0)
    >>> layer(np.array([[1.0, 0.0], [3.0, 10.0]]))
    Tensor([[-1., -1.],
            [ 1.,  1.]])
    >>> layer.running_mean
    array([0.2, 0.5])
    """

    axes, shapes = (2, 3), "(N, {0}) or (N, {0}, L)"


class BatchNorm2d(_BatchNorm):
    """Normalization of each channel over a batch of images: see `batch_norm`.

    In training with the mean and variance of the batch, which are remembered; in evaluation with
    those that are remembered, so that a row does not depend on the others.

    Parameters
    ----------
    num_features : int
        Number of channels C.
    eps : float
        Added to the variance.
    momentum : float, optional
        How far what is remembered moves to each batch; if None, it is the mean over all batches.
    affine : bool
        Whether there are a weight and a bias.
    track_running_stats : bool
        Whether to remember; if not, evaluation is as training.
    dtype : dtype
        Of the parameters, and of what is remembered.

    Attributes
    ----------
    weight, bias : Tensor, shape (C,), or None
    running_mean, running_var : ndarray, shape (C,), or None
        What is remembered; the variance is that of a sample (over n - 1).
    num_batches_tracked : ndarray of int, shape (), or None

    Examples
    --------
    >>> layer = BatchNorm2d(3)
    >>> y = layer(np.random.default_rng(0).normal(5, 2, (8, 3, 4, 4)))
    >>> f"{np.mean(y):.3f} {np.std(y):.3f}"
    '0.000 1.000'
    >>> [path for path, _ in layer.named_buffers()]
    ['running_mean', 'running_var', 'num_batches_tracked']
    """

    axes, shapes = (4,), "(N, {}, H, W)"
