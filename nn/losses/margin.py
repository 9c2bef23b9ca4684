"""Losses that ask for a margin between what is right and what is wrong."""

from typing import Any, Literal

import numpy as np

from nn.functional.activations import relu
from nn.functional.similarity import cosine_similarity
from nn.losses.parts import (
    Operand,
    Reduction,
    alike,
    checked_signs,
    class_numbers,
    class_weights,
    reduce,
    scores,
)


def hinge(
    prediction: Operand, labels: Operand, *, margin: float = 1.0, reduction: Reduction = "mean"
) -> Any:
    """Return the mean of ``max(0, margin - labels * prediction)``, the support vector machine's.

    Cortes and Vapnik, "Support-vector networks", Machine Learning 20, 1995. At the kink the
    derivative is 0.

    Parameters
    ----------
    prediction : Tensor or array_like
        Scores, of any shape; their sign is the class.
    labels : array_like, of the same shape
        1 or -1. They are constants.
    margin : float
    reduction : {"mean", "sum", "none"}

    Returns
    -------
    Tensor or floating, shape (); with ``"none"`` of the operands' shape

    Raises
    ------
    ShapeError
        If the shapes differ, or there is nothing to average.
    TypeError
        If labels are variables.
    ValueError
        If a label is not 1 or -1, or there is no such reduction.

    Examples
    --------
    >>> hinge(np.array([2.0, 0.5, 0.5]), [1, 1, -1], reduction="none")
    array([0. , 0.5, 1.5])
    """
    values = scores("hinge", prediction, "scores")
    signs = checked_signs(labels, values.dtype)
    alike("hinge", prediction=values, labels=signs)
    return reduce("hinge", relu(margin - signs * values), reduction)


def multi_margin(
    logits: Operand,
    labels: Operand,
    *,
    p: Literal[1, 2] = 1,
    margin: float = 1.0,
    weight: Operand | None = None,
    reduction: Reduction = "mean",
) -> Any:
    """Return the mean of what other classes' scores exceed the right one's less `margin`.

    For a row z of C scores with label k that is the sum over i other than k of
    ``weight[k] * max(0, margin - z[k] + z[i])**p / C``.

    Parameters
    ----------
    logits : Tensor or array_like, shape (N, C)
        Leading axes other than N are rows too.
    labels : array_like of int, shape (N,)
        The right class of each row, from 0 to C - 1.
    p : {1, 2}
    margin : float
    weight : array_like, shape (C,), optional
        How much each class counts; the mean divides by N all the same.
    reduction : {"mean", "sum", "none"}

    Returns
    -------
    Tensor or floating, shape (); with ``"none"`` shape (N,)

    Raises
    ------
    ShapeError
        If the shapes do not fit, or there are no rows.
    TypeError
        If labels are not integers, or variables.
    ValueError
        If a label is out of range, `p` is not 1 or 2, or there is no such reduction.

    Examples
    --------
    >>> multi_margin(np.array([[0.1, 0.2, 0.4, 0.8]]), [3])
    np.float64(0.325)
    """
    if p not in {1, 2}:
        raise ValueError(f"p must be 1 or 2, got {p}")
    z = scores("multi_margin", logits)
    numbers = class_numbers("multi_margin", labels, z.shape)
    classes = z.shape[-1]
    right = z[(*np.indices(numbers.shape, sparse=True), numbers)]
    excess = relu(margin - right[..., np.newaxis] + z)
    others = numbers[..., np.newaxis] != np.arange(classes)
    losses = np.sum(np.where(others, excess if p == 1 else excess * excess, 0), -1) / classes
    if weight is not None:
        losses = losses * class_weights(weight, classes, z.dtype)[numbers]
    return reduce("multi_margin", losses, reduction)


def cosine_embedding(
    a: Operand,
    b: Operand,
    labels: Operand,
    *,
    margin: float = 0.0,
    reduction: Reduction = "mean",
) -> Any:
    """Return the mean of 1 - cos for like pairs, of max(0, cos - margin) for unlike ones.

    Parameters
    ----------
    a, b : Tensor or array_like, shape (N, D)
        Pairs of vectors; see `cosine_similarity`.
    labels : array_like, shape (N,)
        1 for pairs that belong together, -1 for others. They are constants.
    margin : float
        Pairs that do not belong together may have this cosine; from -1 to 1.
    reduction : {"mean", "sum", "none"}

    Returns
    -------
    Tensor or floating, shape (); with ``"none"`` shape (N,)

    Raises
    ------
    ShapeError
        If the shapes do not fit, or there is nothing to average.
    TypeError
        If labels are variables.
    ValueError
        If a label is not 1 or -1, or there is no such reduction.

    Examples
    --------
    >>> a, b = np.array([[1.0, 0.0], [1.0, 0.0]]), np.array([[1.0, 1.0], [1.0, 1.0]])
    >>> cosine_embedding(a, b, [1, -1], reduction="none")
    array([0.29289322, 0.70710678])
    """
    first, second = alike("cosine_embedding", a=scores("cosine_embedding", a, "vectors"), b=b)
    cosines = cosine_similarity(first, second)
    signs = checked_signs(labels, first.dtype)
    alike("cosine_embedding", cosines=cosines, labels=signs)
    losses = np.where(signs == 1, 1 - cosines, relu(cosines - margin))
    return reduce("cosine_embedding", losses, reduction)


def triplet_margin(
    anchor: Operand,
    positive: Operand,
    negative: Operand,
    *,
    margin: float = 1.0,
    p: float = 2.0,
    eps: float = 1e-6,
    swap: bool = False,
    reduction: Reduction = "mean",
) -> Any:
    """Return the mean of ``max(0, d(anchor, positive) - d(anchor, negative) + margin)``.

    Parameters
    ----------
    anchor, positive, negative : Tensor or array_like, shape (N, D)
        Leading axes other than N are rows too.
    margin : float
        How much farther the negative shall be.
    p : float
        Of the norm: d(a, b) is the p-norm of ``a - b + eps``.
    eps : float
        Keeps the derivative finite where vectors are equal.
    swap : bool
        Take the distance from positive to negative if it is smaller than that from the anchor.
        Balntas, Riba, Ponsa and Mikolajczyk, "Learning local feature descriptors with triplets",
        BMVC 2016.
    reduction : {"mean", "sum", "none"}

    Returns
    -------
    Tensor or floating, shape (); with ``"none"`` shape (N,)

    Raises
    ------
    ShapeError
        If the shapes differ, or there is nothing to average.
    ValueError
        If there is no such reduction.

    Examples
    --------
    >>> triplet_margin(np.zeros((1, 2)), np.array([[3.0, 4.0]]), np.array([[0.0, 5.5]]), eps=0.0)
    np.float64(0.5)
    """
    a, right, wrong = alike("triplet_margin", anchor=anchor, positive=positive, negative=negative)
    near, far = _distance(a, right, p, eps), _distance(a, wrong, p, eps)
    if swap:
        far = np.minimum(far, _distance(right, wrong, p, eps))
    return reduce("triplet_margin", relu(near - far + margin), reduction)


def _distance(a: Any, b: Any, p: float, eps: float) -> Any:
    """Return the p-norm of the difference, which eps keeps from zero."""
    return np.linalg.norm(a - b + eps, ord=p, axis=-1)
