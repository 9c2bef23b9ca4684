"""Losses between numbers: how far predictions are from targets."""

from typing import Any, overload

import numpy as np
from numpy.typing import ArrayLike

from autograd import Tensor
from autograd.extend import elementwise
from nn.losses.parts import Operand, Reduction, alike, reduce

# Quadratic as far as delta, then linear: with d clipped, c, both are c (d - c/2).
_huber = elementwise(
    lambda d, delta: np.clip(d, -delta, delta) * (d - np.clip(d, -delta, delta) / 2),
    lambda g, d, delta: g * np.clip(d, -delta, delta),
    name="huber",
)


@overload
def mse(prediction: Tensor, target: Operand, *, reduction: Reduction = "mean") -> Tensor: ...
@overload
def mse(prediction: Operand, target: Tensor, *, reduction: Reduction = "mean") -> Tensor: ...
@overload
def mse(prediction: ArrayLike, target: ArrayLike, *, reduction: Reduction = "mean") -> Any: ...
def mse(prediction: Any, target: Any, *, reduction: Reduction = "mean") -> Any:
    """Return the mean squared error.

    Parameters
    ----------
    prediction, target : array_like or Tensor, of the same shape
    reduction : {"mean", "sum", "none"}
        What becomes of the squares.

    Returns
    -------
    Tensor or floating, shape (); with ``"none"`` of the operands' shape

    Raises
    ------
    ShapeError
        If the shapes differ, even if they would broadcast: (N,) and (N, 1) would be compared each
        with each. If there is nothing to average.
    ValueError
        If there is no such reduction.

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
    values, targets = alike("mse", prediction=prediction, target=target)
    difference = values - targets
    return reduce("mse", difference * difference, reduction)


def l1(prediction: Operand, target: Operand, *, reduction: Reduction = "mean") -> Any:
    """Return the mean absolute error; its derivative is 0 where there is no error.

    Parameters
    ----------
    prediction, target : array_like or Tensor, of the same shape
    reduction : {"mean", "sum", "none"}

    Returns
    -------
    Tensor or floating, shape (); with ``"none"`` of the operands' shape

    Raises
    ------
    ShapeError
        If the shapes differ, or there is nothing to average.
    ValueError
        If there is no such reduction.

    Examples
    --------
    >>> l1(np.array([1.0, 2.0]), [1.0, 4.0])
    np.float64(1.0)
    """
    values, targets = alike("l1", prediction=prediction, target=target)
    return reduce("l1", np.abs(values - targets), reduction)


def huber(
    prediction: Operand, target: Operand, *, delta: float = 1.0, reduction: Reduction = "mean"
) -> Any:
    """Return the mean of d²/2 for errors d up to `delta`, of delta (abs(d) - delta/2) beyond.

    Large errors pull no harder than `delta`. Huber, "Robust estimation of a location parameter",
    Annals of Mathematical Statistics 35, 1964.

    Parameters
    ----------
    prediction, target : array_like or Tensor, of the same shape
    delta : float
        Positive.
    reduction : {"mean", "sum", "none"}

    Returns
    -------
    Tensor or floating, shape (); with ``"none"`` of the operands' shape

    Raises
    ------
    ShapeError
        If the shapes differ, or there is nothing to average.
    ValueError
        If `delta` is not positive, or there is no such reduction.

    Examples
    --------
    >>> huber(np.array([1.0, 2.0, 1.0]), [0.5, 2.0, 5.0], reduction="none")
    array([0.125, 0.   , 3.5  ])
    """
    if not delta > 0:
        raise ValueError(f"delta must be positive, got {delta}")
    values, targets = alike("huber", prediction=prediction, target=target)
    return reduce("huber", _huber(values - targets, delta), reduction)


def smooth_l1(
    prediction: Operand, target: Operand, *, beta: float = 1.0, reduction: Reduction = "mean"
) -> Any:
    """Return the mean of d²/(2 beta) for errors d up to `beta`, of abs(d) - beta/2 beyond.

    That is `huber` divided by `beta`; it goes to `l1` as `beta` goes to 0.

    Parameters
    ----------
    prediction, target : array_like or Tensor, of the same shape
    beta : float
        Not negative; 0 is `l1`.
    reduction : {"mean", "sum", "none"}

    Returns
    -------
    Tensor or floating, shape (); with ``"none"`` of the operands' shape

    Raises
    ------
    ShapeError
        If the shapes differ, or there is nothing to average.
    ValueError
        If `beta` is negative, or there is no such reduction.

    Examples
    --------
    >>> smooth_l1(np.array([1.0, 2.0, 1.0]), [0.5, 2.0, 5.0], beta=2.0, reduction="none")
    array([0.0625, 0.    , 3.    ])
    """
    if not beta >= 0:
        raise ValueError(f"beta must not be negative, got {beta}")
    values, targets = alike("smooth_l1", prediction=prediction, target=target)
    difference = values - targets
    return reduce(
        "smooth_l1", _huber(difference, beta) / beta if beta else np.abs(difference), reduction
    )
