"""Losses between numbers: how far predictions are from targets."""

import math
from typing import Any, overload

import numpy as np
from numpy.typing import ArrayLike

from autograd import Tensor
from autograd.errors import ShapeError


@overload
def mse(prediction: Tensor, target: ArrayLike | Tensor) -> Tensor: ...
@overload
def mse(prediction: ArrayLike | Tensor, target: Tensor) -> Tensor: ...
@overload
def mse(prediction: ArrayLike, target: ArrayLike) -> np.floating: ...
def mse(prediction: Any, target: Any) -> Any:
    """Return the mean squared error.

    Parameters
    ----------
    prediction, target : Tensor or array_like, of the same shape

    Returns
    -------
    Tensor or floating, shape ()

    Raises
    ------
    ShapeError
        If the shapes differ, even if they would broadcast: (N,) and (N, 1) would be compared each
        with each.

    Examples
    --------
    >>> prediction = Tensor([1.0, 2.0])
    >>> loss = mse(prediction, [1.0, 4.0])
    >>> loss
    Tensor(2.)
    >>> loss.backward()
    >>> prediction.grad
    array([ 0., -2.])
    """
    prediction, target = (
        a if isinstance(a, Tensor) else np.asarray(a) for a in (prediction, target)
    )
    if prediction.shape != target.shape:
        raise ShapeError(_unlike(prediction.shape, target.shape))
    if prediction.size == 0:
        raise ShapeError(f"mse has nothing to average in shape {prediction.shape}")
    difference = prediction - target
    return np.mean(difference * difference)


def _unlike(prediction: tuple[int, ...], target: tuple[int, ...]) -> str:
    """Return what to say of two shapes that should be the same."""
    message = f"mse needs equal shapes, got prediction {prediction} and target {target}"
    if math.prod(prediction) == math.prod(target):
        return f"{message}; write target.reshape(prediction.shape)"
    return message
