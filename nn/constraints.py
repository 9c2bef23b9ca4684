"""What parameters shall keep to, called after an optimizer's step.

Each sets parameters to the nearest values that do. Nothing is recorded.
"""

from collections.abc import Iterable
from typing import Any

import numpy as np

from autograd import Tensor


def max_norm(params: Iterable[Tensor], limit: float, axis: int | tuple[int, ...] = 0) -> None:
    """Shorten vectors that are longer than `limit`, in place.

    Srivastava et al., "Dropout: a simple way to prevent neural networks from overfitting", Journal
    of Machine Learning Research 15, 2014, section 5.1.

    Parameters
    ----------
    params : iterable of Tensor
        Such as ``[layer.weight]``.
    limit : float
        Positive.
    axis : int or tuple of int
        Along which the vectors lie: 0 for all weights into an output of a linear layer.

    Raises
    ------
    TypeError
        If `params` is one Tensor.
    ValueError
        If `limit` is not positive.

    Examples
    --------
    >>> weight = Tensor([[3.0, 0.3], [4.0, 0.4]])
    >>> max_norm([weight], 1.0)
    >>> weight
    Tensor([[0.6, 0.3],
            [0.8, 0.4]])
    """
    if not limit > 0:
        raise ValueError(f"limit must be positive, got {limit}")
    for tensor in _listed(params):
        norms = _norms(tensor.data, axis)
        tensor.data = tensor.data * (limit / np.maximum(norms, limit))


def unit_norm(params: Iterable[Tensor], axis: int | tuple[int, ...] = 0) -> None:
    """Give vectors the length 1, in place; vectors of zeros stay as they are.

    Parameters
    ----------
    params : iterable of Tensor
        Such as ``[layer.weight]``.
    axis : int or tuple of int
        Along which the vectors lie: 0 for all weights into an output of a linear layer.

    Raises
    ------
    TypeError
        If `params` is one Tensor.

    Examples
    --------
    >>> weight = Tensor([[3.0, 0.0], [4.0, 0.0]])
    >>> unit_norm([weight])
    >>> weight
    Tensor([[0.6, 0. ],
            [0.8, 0. ]])
    """
    for tensor in _listed(params):
        norms = _norms(tensor.data, axis)
        tensor.data = tensor.data / np.where(norms == 0, 1, norms)


def non_negative(params: Iterable[Tensor]) -> None:
    """Set negative numbers to zero, in place.

    Parameters
    ----------
    params : iterable of Tensor
        Such as ``[layer.weight]``.

    Raises
    ------
    TypeError
        If `params` is one Tensor.

    Examples
    --------
    >>> weight = Tensor([1.0, -2.0])
    >>> non_negative([weight])
    >>> weight
    Tensor([1., 0.])
    """
    for tensor in _listed(params):
        tensor.data = np.maximum(tensor.data, 0)


def _norms(values: Any, axis: int | tuple[int, ...]) -> Any:
    """Return the lengths of vectors, without overflow or underflow on the way."""
    largest = np.max(np.abs(values), axis, keepdims=True, initial=0)
    scale = np.where(largest == 0, 1, largest)
    return scale * np.sqrt(np.sum(np.square(values / scale), axis, keepdims=True))


def _listed(params: Iterable[Tensor]) -> list[Tensor]:
    """Return parameters as a list, if that is what they are."""
    if isinstance(params, Tensor):
        raise TypeError("a constraint takes a list of Tensors, got one Tensor; write [parameter]")
    return list(params)
