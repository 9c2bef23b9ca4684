"""Metrics: how good predictions are, in numbers, of plain arrays.

Each takes (prediction, target), as losses do. Where `target` is an integer and `prediction` has one
axis more, the prediction is scores of classes, and the class with the largest is meant.
"""

from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from autograd.errors import ShapeError

Average = Literal["macro", "micro", "weighted"]


def accuracy(prediction: ArrayLike, target: ArrayLike) -> float:
    """Return the share of predictions that are right.

    Parameters
    ----------
    prediction : array_like
        Scores of shape (..., C), or classes of shape (...).
    target : array_like of int, shape (...)

    Returns
    -------
    float

    Examples
    --------
    >>> accuracy([[0.1, 0.9], [0.8, 0.2], [0.4, 0.6]], [1, 0, 0])
    0.67
    """
    predicted, target = _classes(prediction, target)
    return float(np.mean(predicted == target))


def top_k_accuracy(prediction: ArrayLike, target: ArrayLike, k: int = 5) -> float:
    """Return the share of rows whose class is among the `k` with the largest scores.

    Of equal scores, those of smaller classes count as larger.

    Parameters
    ----------
    prediction : array_like, shape (..., C)
    target : array_like of int, shape (...)
    k : int

    Returns
    -------
    float

    Raises
    ------
    ShapeError
        If these are no scores of more than `k` classes or so many.

    Examples
    --------
    >>> top_k_accuracy([[0.5, 0.3, 0.2], [0.5, 0.3, 0.2]], [1, 2], k=2)
    0.5
    """
    scores, target = np.asarray(prediction), np.asarray(target)
    if scores.shape[:-1] != target.shape or not 1 <= k <= scores.shape[-1:][0]:
        raise ShapeError(
            f"top_k_accuracy with k={k} needs scores of shape (..., C) with C of at least k and "
            f"classes of shape (...), got {scores.shape} and {target.shape}"
        )
    best = np.argsort(-scores, axis=-1, kind="stable")[..., :k]
    return float(np.mean(np.any(best == target[..., np.newaxis], axis=-1)))


def confusion_matrix(
    prediction: ArrayLike, target: ArrayLike, num_classes: int | None = None
) -> NDArray[np.intp]:
    """Return how many rows of each class (row) were taken for each (column).

    Parameters
    ----------
    prediction : array_like
        Scores of shape (..., C), or classes of shape (...).
    target : array_like of int, shape (...)
    num_classes : int, optional
        C; that of the scores, or the largest class plus one, if not given.

    Returns
    -------
    ndarray of int, shape (C, C)

    Examples
    --------
    >>> confusion_matrix([0, 1, 1, 1], [0, 0, 1, 1])
    array([[1, 1],
           [0, 2]])
    """
    predicted, true = _classes(prediction, target)
    if num_classes is None:
        scores = np.asarray(prediction)
        largest = int(max(predicted.max(initial=-1), true.max(initial=-1))) + 1
        num_classes = max(largest, scores.shape[-1] if scores.ndim > true.ndim else 0)
    for classes in (predicted, true):
        if classes.size and not 0 <= classes.min() <= classes.max() < num_classes:
            wrong = classes.max() if classes.min() >= 0 else classes.min()
            raise ValueError(f"class {wrong} is out of range for {num_classes} classes")
    counts = np.zeros((num_classes, num_classes), np.intp)
    np.add.at(counts, (true.ravel(), predicted.ravel()), 1)
    return counts


def precision(prediction: ArrayLike, target: ArrayLike, average: Average = "macro") -> float:
    """Return the share of what was taken for a class that is of it; see `f1` for `average`.

    Examples
    --------
    >>> precision([0, 1, 1, 1], [0, 0, 1, 1])
    0.83
    """
    hits, said, there = _counts(prediction, target)
    return _averaged(hits, said, there, average)


def recall(prediction: ArrayLike, target: ArrayLike, average: Average = "macro") -> float:
    """Return the share of a class that was found; see `f1` for `average`.

    Examples
    --------
    >>> recall([0, 1, 1, 1], [0, 0, 1, 1])
    0.75
    """
    hits, _, there = _counts(prediction, target)
    return _averaged(hits, there, there, average)


def f1(prediction: ArrayLike, target: ArrayLike, average: Average = "macro") -> float:
    """Return the harmonic mean of precision and recall of each class, averaged.

    Classes that occur neither in `prediction` nor in `target` are left out; where nothing is to be
    divided the share is zero, as in scikit-learn.

    Parameters
    ----------
    prediction : array_like
        Scores of shape (..., C), or classes of shape (...).
    target : array_like of int, shape (...)
    average : {"macro", "micro", "weighted"}
        Each class alike; all rows alike; classes by their number of rows.

    Returns
    -------
    float

    Examples
    --------
    >>> f1([0, 1, 1, 1], [0, 0, 1, 1])
    0.73
    """
    hits, said, there = _counts(prediction, target)
    return _averaged(2 * hits, said + there, there, average)


def r2(prediction: ArrayLike, target: ArrayLike) -> float:
    """Return the coefficient of determination: 1 - Σ(t - p)² / Σ(t - t̄)².

    Of several outputs, shape (N, outputs), it is the mean of theirs. Where all targets are equal it
    is 1 if the predictions are right, else 0.

    Examples
    --------
    >>> r2([1.0, 2.0, 2.0], [1.0, 2.0, 3.0])
    0.5
    """
    prediction, target = _alike("r2", prediction, target)
    left = np.sum((target - prediction) ** 2, axis=0)
    whole = np.sum((target - np.mean(target, axis=0)) ** 2, axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        shares = np.where(whole > 0, 1 - left / whole, np.where(left > 0, 0.0, 1.0))
    return float(np.mean(shares))


def mean_absolute_error(prediction: ArrayLike, target: ArrayLike) -> float:
    """Return the mean distance.

    Examples
    --------
    >>> mean_absolute_error([1.0, 2.0], [1.0, 5.0])
    1.5
    """
    prediction, target = _alike("mean_absolute_error", prediction, target)
    return float(np.mean(abs(prediction - target)))


def mean_squared_error(prediction: ArrayLike, target: ArrayLike) -> float:
    """Return the mean squared distance.

    Examples
    --------
    >>> mean_squared_error([1.0, 2.0], [1.0, 5.0])
    4.5
    """
    prediction, target = _alike("mean_squared_error", prediction, target)
    return float(np.mean((prediction - target) ** 2))


def root_mean_squared_error(prediction: ArrayLike, target: ArrayLike) -> float:
    """Return the root of the mean squared distance.

    Examples
    --------
    >>> root_mean_squared_error([1.0, 3.0], [1.0, 1.0])
    1.41
    """
    return float(np.sqrt(mean_squared_error(prediction, target)))


def _classes(prediction: Any, target: Any) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return predicted and true classes, of the same shape."""
    prediction, target = np.asarray(prediction), np.asarray(target)
    predicted = prediction
    if prediction.ndim == target.ndim + 1 and prediction.shape[-1]:
        predicted = np.argmax(prediction, axis=-1)
    if predicted.shape != target.shape:
        raise ShapeError(
            f"expected scores of shape (..., C) or classes of shape (...) for classes of shape "
            f"(...), got {prediction.shape} and {target.shape}"
        )
    return predicted, target


def _alike(name: str, prediction: Any, target: Any) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return both as arrays, if they are of the same shape."""
    prediction, target = np.asarray(prediction), np.asarray(target)
    if prediction.shape != target.shape:
        raise ShapeError(f"{name} needs equal shapes, got {prediction.shape} and {target.shape}")
    return prediction, target


def _counts(prediction: Any, target: Any) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
    """Return of each class that occurs how often it was found, was said, and is there."""
    predicted, target = _classes(prediction, target)
    classes = np.unique([*predicted.ravel(), *target.ravel()])
    hits = np.array([np.sum((predicted == c) & (target == c)) for c in classes])
    said = np.array([np.sum(predicted == c) for c in classes])
    there = np.array([np.sum(target == c) for c in classes])
    return hits, said, there


def _averaged(
    parts: NDArray[Any], wholes: NDArray[Any], weights: NDArray[Any], average: Average
) -> float:
    """Return the average of the shares ``parts / wholes``."""
    if average == "micro":
        return float(parts.sum() / max(wholes.sum(), 1))
    if average not in {"macro", "weighted"}:
        raise ValueError(f"average must be macro, micro or weighted, got {average!r}")
    shares = parts / np.maximum(wholes, 1)
    return float(np.average(shares, weights=weights if average == "weighted" else None))
