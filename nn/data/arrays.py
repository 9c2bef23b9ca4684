"""Arrays: splitting, one-hot labels, predictions."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

import autograd as ag
from nn.init import Seed
from nn.module import evaluating


def one_hot(
    labels: ArrayLike, num_classes: int | None = None, *, dtype: DTypeLike = np.float64
) -> NDArray[Any]:
    """Return a row for each label, one at the label and zero elsewhere.

    Parameters
    ----------
    labels : array_like of int, shape (...)
    num_classes : int, optional
        Number of columns C; the largest label plus one if not given.
    dtype : dtype
        Of the result.

    Returns
    -------
    ndarray, shape (..., C)

    Raises
    ------
    TypeError
        If the labels are not integers.
    ValueError
        If a label is negative, or not less than `num_classes`.

    Examples
    --------
    >>> one_hot([2, 0], 3)
    array([[0., 0., 1.],
           [1., 0., 0.]])
    """
    labels = np.asarray(labels)
    if labels.dtype.kind not in "iu":
        raise TypeError(
            f"one_hot needs integer labels, got {labels.dtype}; write labels.astype(int)"
        )
    classes = int(labels.max(initial=-1)) + 1 if num_classes is None else num_classes
    if labels.size and not 0 <= labels.min() <= labels.max() < classes:
        wrong = labels.max() if labels.min() >= 0 else labels.min()
        raise ValueError(
            f"label {wrong} is out of range for {classes} classes; "
            f"labels go from 0 to {classes - 1}"
        )
    rows = np.zeros((*labels.shape, classes), dtype)
    np.put_along_axis(rows, labels[..., np.newaxis].astype(np.intp), 1, axis=-1)
    return rows


def train_test_split(
    X: ArrayLike,
    y: ArrayLike,
    test_size: float = 0.25,
    *,
    stratify: bool = True,
    rng: Seed = None,
) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any], NDArray[Any]]:
    """Return `X` and `y` in two parts, one to train on and one held out.

    Parameters
    ----------
    X : array_like, shape (N, ...)
    y : array_like, shape (N,)
    test_size : float
        Fraction of the rows to hold out, between 0 and 1.
    stratify : bool
        Hold out this fraction of each class, to the row, so that both parts have the classes in
        the same proportion. A class always keeps one row to train on.
    rng : Generator or int, optional
        Where the order comes from; an int is a seed.

    Returns
    -------
    X_train, X_test, y_train, y_test : ndarray

    Raises
    ------
    ValueError
        If `X` and `y` differ in their number of rows, or a part would be empty.

    Examples
    --------
    >>> X, y = np.arange(8.0).reshape(8, 1), np.array([0, 0, 0, 0, 0, 0, 1, 1])
    >>> X_train, X_test, y_train, y_test = train_test_split(X, y, 0.5, rng=0)
    >>> np.bincount(y_train), np.bincount(y_test)
    (array([3, 1]), array([3, 1]))
    """
    X, y = np.asarray(X), np.asarray(y)
    _check_rows(X, y)
    held_out = round(len(X) * test_size)
    if not 0 < held_out < len(X):
        raise ValueError(
            f"test_size={test_size} of {len(X)} rows leaves one part empty; "
            f"give a fraction between 0 and 1, and enough rows"
        )
    order = np.random.default_rng(rng).permutation(len(X))
    rank = _turns(y[order]) if stratify else np.arange(len(X))
    test = np.zeros(len(X), bool)
    test[np.argsort(rank, kind="stable")[:held_out]] = True
    return X[order[~test]], X[order[test]], y[order[~test]], y[order[test]]


def predict(
    model: Callable[[NDArray[Any]], Any], X: ArrayLike, *, batch_size: int = 1024
) -> NDArray[np.intp]:
    """Return for each row of `X` the class with the largest score.

    The largest score is the largest probability too, so no softmax is needed. Nothing is recorded;
    a Module is in evaluation mode meanwhile.

    Parameters
    ----------
    model : callable
        From shape (n, ...) to scores of shape (n, C).
    X : array_like, shape (N, ...)
    batch_size : int
        Rows to take at a time.

    Returns
    -------
    ndarray of int, shape (N,)

    Examples
    --------
    >>> predict(lambda X: X @ np.array([[1.0, -1.0]]), np.array([[3.0], [-2.0]]))
    array([0, 1])
    """
    X = np.asarray(X)
    starts = range(0, max(len(X), 1), batch_size)
    with evaluating(model), ag.no_grad():
        return np.concatenate(
            [np.argmax(model(X[start : start + batch_size]), axis=-1) for start in starts]
        )


def _check_rows(X: NDArray[Any], y: NDArray[Any]) -> None:
    """Refuse arrays that do not have a row for a row."""
    if X.ndim == 0 or y.ndim == 0 or len(X) != len(y):
        raise ValueError(
            f"X and y need the same number of rows, got shapes {X.shape} and {y.shape}"
        )


def _turns(y: NDArray[Any]) -> NDArray[Any]:
    """Return when each row's turn is, from 0 to 1, if the rows of every class are spread evenly.

    The last row of a class comes after everything else.
    """
    _, members, counts = np.unique(y, return_inverse=True, return_counts=True)
    place = np.empty(len(y), int)
    first = np.cumsum(counts) - counts
    place[np.argsort(members, kind="stable")] = np.arange(len(y)) - np.repeat(first, counts)
    size = counts[members]
    return np.where(place == size - 1, 2.0, (place + 0.5) / size)
