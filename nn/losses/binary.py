"""Losses for two classes, or for many yes-or-no questions at once."""

from typing import Any

import numpy as np

from autograd import Tensor
from autograd.errors import ShapeError
from autograd.extend import elementwise
from nn.functional.activations import gated, logsigmoid, sigmoid, softplus
from nn.losses.parts import Operand, Reduction, alike, checked_shares, known, reduce, scores


def _from_logits_values(z: Any, positive: Any, negative: Any) -> Any:
    """Return positive softplus(-z) + negative softplus(z); a share of 0 counts 0 at ±∞ too."""
    rest = np.log1p(np.exp(-np.abs(z)))
    wrong = np.where(z < 0, positive, negative)
    return (positive + negative) * rest + wrong * np.where(wrong == 0, 0, np.abs(z))


_from_logits = elementwise(
    _from_logits_values,
    lambda g, z, positive, negative: g * (negative * sigmoid(z) - positive * sigmoid(-z)),
    name="binary_cross_entropy_with_logits",
)

_LOG_FLOOR, _TINY = -100.0, 1e-12


def _from_probabilities_values(p: Any, y: Any) -> Any:
    """Return the cross-entropy with logarithms that end at the floor."""
    with np.errstate(divide="ignore"):
        yes, no = np.log(p), np.log1p(-p)
    return -y * np.maximum(yes, _LOG_FLOOR) - (1 - y) * np.maximum(no, _LOG_FLOOR)


_from_probabilities = elementwise(
    _from_probabilities_values,
    lambda g, p, y: g * ((1 - y) / np.maximum(1 - p, _TINY) - y / np.maximum(p, _TINY)),
    name="binary_cross_entropy",
)


def binary_cross_entropy_with_logits(
    logits: Operand,
    labels: Operand,
    *,
    weight: Operand | None = None,
    pos_weight: Operand | None = None,
    reduction: Reduction = "mean",
) -> Any:
    """Return the mean cross-entropy between `labels` and the sigmoid of `logits`.

    For a score z and a label y that is ``-y log(sigmoid(z)) - (1 - y) log(sigmoid(-z))``, computed
    without overflow, and without underflow where a probability is tiny.

    Parameters
    ----------
    logits : Tensor or array_like
        Scores, of any shape.
    labels : array_like, of the same shape
        0 or 1, or probabilities. They are constants.
    weight : array_like, optional
        Of each loss; of a shape that broadcasts to that of `logits`.
    pos_weight : array_like, optional
        How many times a positive example counts; broadcasts in the same way.
    reduction : {"mean", "sum", "none"}
        The mean divides by the number of losses, not by the sum of weights.

    Returns
    -------
    Tensor or floating, shape (); with ``"none"`` of the logits' shape
        Of the dtype of `logits`.

    Raises
    ------
    ShapeError
        If shapes do not fit, or there is nothing to average.
    TypeError
        If labels or weights are variables, or logits are complex.
    ValueError
        If a label is not between 0 and 1, or there is no such reduction.

    Examples
    --------
    >>> logits = Tensor([0.0, -1000.0, 1000.0])
    >>> loss = binary_cross_entropy_with_logits(logits, [1, 1, 1], reduction="sum")
    >>> loss
    Tensor(1000.69314718)
    >>> loss.backward()
    >>> logits.grad
    array([-0.5, -1. ,  0. ])
    """
    name = "binary_cross_entropy_with_logits"
    z = scores(name, logits)
    positive = y = _checked_labels(name, z, labels)
    if pos_weight is not None:
        positive = y * _factor("pos_weight", pos_weight, z)
    return reduce(name, _weighted(_from_logits(z, positive, 1 - y), weight), reduction)


def binary_cross_entropy(
    probabilities: Operand,
    labels: Operand,
    *,
    weight: Operand | None = None,
    reduction: Reduction = "mean",
) -> Any:
    """Return the mean cross-entropy between `labels` and `probabilities`.

    Where there are scores, `binary_cross_entropy_with_logits` is more accurate. As in PyTorch a
    logarithm counts as -100 at least, and a slope as 1e12 at most, so that a probability of exactly
    0 or 1 that is wrong costs 100.

    Parameters
    ----------
    probabilities : Tensor or array_like
        Of any shape.
    labels : array_like, of the same shape
        0 or 1, or probabilities. They are constants.
    weight : array_like, optional
        Of each loss; of a shape that broadcasts to that of `probabilities`.
    reduction : {"mean", "sum", "none"}

    Returns
    -------
    Tensor or floating, shape (); with ``"none"`` of the probabilities' shape

    Raises
    ------
    ShapeError
        If shapes do not fit, or there is nothing to average.
    TypeError
        If labels or weights are variables, or probabilities are complex.
    ValueError
        If a probability or a label is not between 0 and 1, or there is no such reduction.

    Examples
    --------
    >>> binary_cross_entropy(np.array([0.5, 1.0, 0.0]), [1, 1, 1], reduction="none")
    array([  0.69314718,   0.        , 100.        ])
    """
    name = "binary_cross_entropy"
    p = scores(name, probabilities, "probabilities")
    checked_shares("probabilities", p.data if isinstance(p, Tensor) else p)
    y = _checked_labels(name, p, labels)
    return reduce(name, _weighted(_from_probabilities(p, y), weight), reduction)


def focal(
    logits: Operand,
    labels: Operand,
    *,
    gamma: float = 2.0,
    alpha: float | None = 0.25,
    reduction: Reduction = "mean",
) -> Any:
    """Return the mean of a binary cross-entropy in which examples that are easy count little.

    With p the probability of the label that is right, the loss is ``-a (1 - p)**gamma log(p)``,
    where a is `alpha` for label 1, ``1 - alpha`` for label 0. Lin, Goyal, Girshick, He and Dollár,
    "Focal loss for dense object detection", ICCV 2017, equation 5.

    Parameters
    ----------
    logits : Tensor or array_like
        Scores, of any shape.
    labels : array_like, of the same shape
        0 or 1. They are constants.
    gamma : float
        Not negative; with 0 it is the weighted cross-entropy.
    alpha : float, optional
        Between 0 and 1; None leaves the factor out.
    reduction : {"mean", "sum", "none"}

    Returns
    -------
    Tensor or floating, shape (); with ``"none"`` of the logits' shape

    Raises
    ------
    ShapeError
        If the shapes differ, or there is nothing to average.
    TypeError
        If labels are variables, or logits are complex.
    ValueError
        If a label is not 0 or 1, or `gamma` or `alpha` is out of range.

    Examples
    --------
    >>> focal(np.array([0.0, 3.0, -1000.0]), [1, 1, 1], reduction="none")
    array([4.33216988e-02, 2.73208311e-05, 2.50000000e+02])
    """
    if not gamma >= 0:
        raise ValueError(f"gamma must not be negative, got {gamma}")
    if alpha is not None and not 0 <= alpha <= 1:
        raise ValueError(f"alpha must be between 0 and 1, got {alpha}")
    z = scores("focal", logits)
    y = _checked_labels("focal", z, labels)
    if wrong := y[(y != 0) & (y != 1)].tolist():
        raise ValueError(f"focal needs labels 0 or 1, got {wrong[0]}")
    against = z * (1 - 2 * y)  # the score of the label that is wrong
    losses = softplus(against)
    if gamma:
        losses = gated(losses, np.exp(gamma * logsigmoid(against)))
    if alpha is not None:
        losses = losses * np.where(y == 1, alpha, 1 - alpha).astype(z.dtype)
    return reduce("focal", losses, reduction)


def _checked_labels(loss: str, values: Any, labels: Any) -> Any:
    """Return labels between 0 and 1, of the shape and dtype of `values`."""
    labels = known("labels", labels)
    alike(loss, predictions=values, labels=labels)
    checked_shares("labels", labels)
    return labels.astype(values.dtype, copy=False)


def _factor(name: str, factor: Any, values: Any) -> Any:
    """Return constant factors that broadcast to `values`, of its dtype."""
    factor = known(name, factor)
    try:
        np.broadcast_to(factor, values.shape)
    except ValueError as error:
        raise ShapeError(
            f"{name} of shape {factor.shape} does not broadcast to losses of shape {values.shape}"
        ) from error
    return factor.astype(values.dtype, copy=False)


def _weighted(losses: Any, weight: Any) -> Any:
    """Return the losses, each times its weight."""
    return losses if weight is None else losses * _factor("weight", weight, losses)
