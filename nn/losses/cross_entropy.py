"""Cross-entropy: how far predicted probabilities are from the right classes."""

import math
from typing import Any, overload

import numpy as np
from numpy.typing import ArrayLike, NDArray

from autograd import Tensor
from autograd.errors import ShapeError
from autograd.extend import general
from nn.functional.activations import log_softmax, softmax, softmax_vjp
from nn.losses.parts import (
    Operand,
    Reduction,
    check_reduction,
    checked_numbers,
    class_numbers,
    class_weights,
    known,
    scores,
)


class _Residual:
    """The probabilities less the labels: the gradient but for a factor.

    The forward pass has them at hand, so the exponentials are taken once for both.
    """

    __slots__ = ("labels", "logits", "values")

    def __init__(self) -> None:
        self.labels: Any = None
        self.logits: Any = None
        self.values: Any = None

    @property
    def nbytes(self) -> int:
        """How much is kept for the way back: what a recording tells."""
        return int(self.values.nbytes)

    def of(self, logits: Any) -> Any:
        """Return those of `logits`, anew if the last forward pass was of others, as in a batch."""
        if logits is not self.logits:
            _row_values(logits, self.labels, self)
        return self.values


def _row_values(logits: Any, labels: Any, residual: _Residual) -> Any:
    """Return the cross-entropy of each row, in one axis, and leave what the way back needs."""
    values = np.subtract(logits, np.maximum.reduce(logits, -1, keepdims=True), order="C")
    flat = values.reshape(-1)
    chosen = None
    if labels.ndim < values.ndim:
        chosen = labels.reshape(-1) + np.arange(0, flat.size, values.shape[-1])
        right = flat[chosen]
    else:  # what has probability zero adds nothing, even if its score is -inf
        right = np.add.reduce(labels * np.where(labels == 0, 0, values), -1).reshape(-1)
    np.exp(values, out=values)
    sums = np.add.reduce(values, -1, keepdims=True)
    np.divide(values, sums, out=values)
    if chosen is None:
        np.subtract(values, labels, out=values)
    else:
        flat[chosen] -= 1
    residual.logits, residual.labels, residual.values = logits, labels, values
    losses: Any = np.log(sums).reshape(-1) - right
    return losses


def _cross_entropy_values(logits: Any, labels: Any, residual: _Residual) -> Any:
    """Return the mean cross-entropy."""
    losses = _row_values(logits, labels, residual)
    return np.add.reduce(losses) / losses.size


# The residual is known, and yet a function of the logits: its own derivative is softmax's.
_known_residual = general(
    lambda logits, residual: residual.of(logits),
    lambda g, logits: softmax_vjp(g, softmax(logits)),
    jvps=[lambda g, logits: softmax_vjp(g, softmax(logits))],
    harmless=("residual",),
    name="softmax_residual",
)


def cross_entropy_vjp(g: Any, logits: Any, residual: _Residual) -> Any:
    """Return g times the gradient of the mean over the rows."""
    return _known_residual(logits, residual) * (g / math.prod(logits.shape[:-1]))


_cross_entropy = general(
    _cross_entropy_values,
    cross_entropy_vjp,
    jvps=[lambda g, logits, residual: np.sum(cross_entropy_vjp(g, logits, residual))],
    harmless=("labels",),
    name="softmax_cross_entropy",
)

_cross_entropy_of_rows = general(
    lambda logits, labels, residual: _row_values(logits, labels, residual).reshape(
        logits.shape[:-1]
    ),
    lambda g, logits, residual: _known_residual(logits, residual) * g[..., np.newaxis],
    jvps=[lambda g, logits, residual: np.sum(_known_residual(logits, residual) * g, -1)],
    harmless=("labels",),
    name="softmax_cross_entropy_of_rows",
)


@overload
def softmax_cross_entropy(
    logits: Tensor,
    labels: Operand,
    *,
    weight: Operand | None = None,
    ignore_index: int | None = None,
    label_smoothing: float = 0.0,
    reduction: Reduction = "mean",
) -> Tensor: ...
@overload
def softmax_cross_entropy(
    logits: ArrayLike,
    labels: Operand,
    *,
    weight: Operand | None = None,
    ignore_index: int | None = None,
    label_smoothing: float = 0.0,
    reduction: Reduction = "mean",
) -> Any: ...
def softmax_cross_entropy(
    logits: Any,
    labels: Any,
    *,
    weight: Any = None,
    ignore_index: int | None = None,
    label_smoothing: float = 0.0,
    reduction: Reduction = "mean",
) -> Any:
    """Return the mean cross-entropy between `labels` and the softmax of `logits`.

    For a label k that is ``log(sum(exp(z))) - z[k]``, computed without overflow, and without
    underflow where the probability of k is tiny.

    Parameters
    ----------
    logits : Tensor or array_like, shape (N, C)
        Scores; leading axes other than N are rows too.
    labels : array_like, shape (N,) of int, or (N, C)
        The right class of each row, from 0 to C - 1, or its probabilities (one-hot or soft). They
        are constants.
    weight : array_like, shape (C,), optional
        How much each class counts. With class numbers, the mean is the weighted one: it divides by
        the sum of the rows' weights. With probabilities it divides by N.
    ignore_index : int, optional
        A class number, usually negative, that marks rows to leave out: their loss is 0, and the
        mean does not count them. By default no row is left out, so that a label of -100 is refused.
    label_smoothing : float
        The share of each row's probability, from 0 to 1, that is spread over all classes. Szegedy
        et al., "Rethinking the Inception architecture", CVPR 2016, section 7.
    reduction : {"mean", "sum", "none"}
        What becomes of the rows' losses.

    Returns
    -------
    Tensor or floating, shape (); with ``"none"`` shape (N,)
        Of the dtype of `logits`.

    Raises
    ------
    ShapeError
        If the shapes do not fit, or there are no rows.
    TypeError
        If labels of shape (N,) are not integers, labels are variables, or logits are complex.
    ValueError
        If a label is out of range, probabilities do not sum to 1, all rows are left out of a mean,
        or an option is out of range.

    Examples
    --------
    >>> logits = Tensor([[0.0, 0.0], [1000.0, 0.0]])
    >>> loss = softmax_cross_entropy(logits, [0, 1])
    >>> loss
    Tensor(500.34657359)
    >>> loss.backward()
    >>> logits.grad
    array([[-0.25,  0.25],
           [ 0.5 , -0.5 ]])
    >>> softmax_cross_entropy(logits, [0, 1], label_smoothing=0.1, reduction="none")
    Tensor([6.93147181e-01, 9.50000000e+02])
    """
    logits = scores("softmax_cross_entropy", logits)
    if weight is None and ignore_index is None and not label_smoothing and reduction == "mean":
        labels = _checked_labels(labels, logits.shape, logits.dtype)
        return _cross_entropy(logits, labels, _Residual())
    check_reduction(reduction)
    if not 0 <= label_smoothing <= 1:
        raise ValueError(f"label_smoothing must be between 0 and 1, got {label_smoothing}")
    kept = None
    if ignore_index is not None:
        labels, kept = _without_ignored(labels, ignore_index, logits.shape)
    labels = _checked_labels(labels, logits.shape, logits.dtype)
    if weight is not None:
        weight = class_weights(weight, logits.shape[-1], logits.dtype)
    losses, row_weights = _weighted_rows(logits, labels, weight, label_smoothing)
    return _reduced_rows(*_kept_rows(losses, row_weights, kept), reduction)


def nll(
    log_probabilities: Operand,
    labels: Operand,
    *,
    weight: Operand | None = None,
    ignore_index: int | None = None,
    reduction: Reduction = "mean",
) -> Any:
    """Return the mean negative logarithm of the probability of the right class.

    With `log_softmax` before it, it is `softmax_cross_entropy`.

    Parameters
    ----------
    log_probabilities : Tensor or array_like, shape (N, C)
        Leading axes other than N are rows too.
    labels : array_like of int, shape (N,)
        The right class of each row, from 0 to C - 1.
    weight : array_like, shape (C,), optional
        How much each class counts; the mean divides by the sum of the rows' weights.
    ignore_index : int, optional
        A class number that marks rows to leave out.
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
        If a label is out of range, all rows are left out of a mean, or there is no such reduction.

    Examples
    --------
    >>> nll(np.log([[0.5, 0.5], [0.2, 0.8]]), [0, 1], reduction="none")
    array([0.69314718, 0.22314355])
    """
    check_reduction(reduction)
    logs = scores("nll", log_probabilities, "logarithms of probabilities")
    kept = None
    if ignore_index is not None:
        labels, kept = _without_ignored(labels, ignore_index, logs.shape)
    numbers = class_numbers("nll", labels, logs.shape)
    of_class = None if weight is None else class_weights(weight, logs.shape[-1], logs.dtype)
    picked = logs[(*np.indices(numbers.shape, sparse=True), numbers)]
    row_weights = None if of_class is None else of_class[numbers]
    return _reduced_rows(*_kept_rows(_weighted(-picked, row_weights), row_weights, kept), reduction)


def _weighted_rows(
    logits: Any, labels: NDArray[Any], weight: NDArray[Any] | None, smoothing: float
) -> tuple[Any, NDArray[Any] | None]:
    """Return for each row the loss, and the weight of its class if it has a class."""
    row_weights = None
    if weight is not None and labels.ndim < logits.ndim:
        row_weights = weight[labels]
    if smoothing:
        labels = _smoothed(labels, logits.shape, logits.dtype, smoothing)
    if weight is not None and labels.ndim == logits.ndim:  # rows that do not sum to one
        shares = labels * weight
        return -np.sum(shares * np.where(shares == 0, 0, log_softmax(logits)), -1), row_weights
    losses = _cross_entropy_of_rows(logits, labels, _Residual())
    return _weighted(losses, row_weights), row_weights


def _smoothed(
    labels: NDArray[Any], shape: tuple[int, ...], dtype: np.dtype[Any], smoothing: float
) -> NDArray[Any]:
    """Return probabilities of which the share `smoothing` is spread over all classes."""
    if labels.ndim == len(shape):
        return (1 - smoothing) * labels + smoothing / shape[-1]
    rows = np.full(shape, smoothing / shape[-1], dtype)
    rows[(*np.indices(labels.shape, sparse=True), labels)] += 1 - smoothing
    return rows


def _weighted(losses: Any, row_weights: NDArray[Any] | None) -> Any:
    """Return the rows' losses times their weights; a weight of 0 counts 0 even if the loss is ∞."""
    if row_weights is None:
        return losses
    return row_weights * np.where(row_weights == 0, 0, losses)


def _without_ignored(
    labels: Any, ignore_index: int, shape: tuple[int, ...]
) -> tuple[NDArray[Any], NDArray[np.bool_]]:
    """Return class numbers with 0 in place of those to ignore, and which rows to keep."""
    labels = known("labels", labels)
    if labels.shape == shape and len(shape) > 0:
        raise ValueError("ignore_index is a class number, and labels are probabilities here")
    kept = np.asarray(labels != ignore_index)
    return np.where(kept, labels, labels.dtype.type(0)), kept


def _kept_rows(
    losses: Any, row_weights: NDArray[Any] | None, kept: NDArray[np.bool_] | None
) -> tuple[Any, NDArray[Any] | None]:
    """Return losses and weights with 0 in rows to leave out."""
    if kept is None:
        return losses, row_weights
    ones = kept.astype(losses.dtype)
    return np.where(kept, losses, 0), ones if row_weights is None else ones * row_weights


def _reduced_rows(losses: Any, row_weights: NDArray[Any] | None, reduction: Reduction) -> Any:
    """Return the weighted mean or the sum of the rows' losses, which have their weights in them."""
    if reduction == "none":
        return losses
    if reduction == "sum":
        return np.sum(losses)
    if row_weights is None:
        return np.mean(losses)
    total = np.sum(row_weights)
    if total == 0:
        raise ValueError(
            "there is nothing to average: all rows are ignored or have weight 0; "
            "leave the batch out, or take reduction='sum'"
        )
    return np.sum(losses) / total


def _checked_labels(
    labels: Any, shape: tuple[int, ...], dtype: np.dtype[Any]
) -> NDArray[np.integer | np.floating]:
    """Return class numbers, or probabilities of `dtype`, that fit logits of `shape`."""
    labels = known("labels", labels)
    if 0 in shape or not shape:
        raise ShapeError(f"logits need at least one row and one class, got shape {shape}")
    if labels.shape == shape[:-1]:
        return checked_numbers(labels, shape, f", or give probabilities of shape {shape}")
    if labels.shape == shape:
        return _checked_probabilities(labels).astype(dtype, copy=False)
    one_each = math.prod(labels.shape) == math.prod(shape[:-1])
    raise ShapeError(
        f"labels of shape {labels.shape} do not fit logits of shape {shape}: expected "
        f"{shape[:-1]} class numbers or {shape} probabilities"
        + (f"; write labels.reshape({shape[:-1]})" if one_each else "")
    )


def _checked_probabilities(labels: NDArray[Any]) -> NDArray[Any]:
    """Return probabilities as they are if each row of them sums to one."""
    sums = np.sum(labels, -1)
    wrong = np.argwhere(~(abs(sums - 1) < 1e-3))
    if len(wrong):
        place = tuple(int(i) for i in wrong[0])
        raise ValueError(
            f"labels of shape {labels.shape} are probabilities, but row "
            f"{', '.join(map(str, place))} sums to {sums[place]:.6g}, not 1; "
            f"for class numbers give shape {labels.shape[:-1]}"
        )
    return labels
