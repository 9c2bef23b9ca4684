"""Cross-entropy: how far predicted probabilities are from the right classes."""

import math
from typing import Any, overload

import numpy as np
from numpy.typing import ArrayLike, NDArray

from autograd import Tensor
from autograd.errors import ShapeError
from autograd.extend import general
from nn.functional.activations import softmax, softmax_vjp


def _cross_entropy_values(logits: Any, labels: Any, residual: Any) -> Any:
    """Return the mean cross-entropy; leave in `residual` the probabilities less the labels.

    That is the gradient but for a factor, so the exponentials are taken once for both.
    """
    np.subtract(logits, np.maximum.reduce(logits, -1, keepdims=True), out=residual)
    flat = residual.reshape(-1)
    chosen = None
    if labels.ndim < residual.ndim:
        chosen = labels.reshape(-1) + np.arange(0, flat.size, residual.shape[-1])
        scores = flat[chosen]
    else:  # what has probability zero adds nothing, even if its score is -inf
        scores = np.add.reduce(labels * np.where(labels == 0, 0, residual), -1).reshape(-1)
    np.exp(residual, out=residual)
    sums = np.add.reduce(residual, -1, keepdims=True)
    np.divide(residual, sums, out=residual)
    if chosen is None:
        np.subtract(residual, labels, out=residual)
    else:
        flat[chosen] -= 1
    return np.add.reduce(np.log(sums).reshape(-1) - scores) / sums.size


# The residual is known, and yet a function of the logits: its own derivative is softmax's.
_known_residual = general(
    lambda logits, residual: residual,  # noqa: ARG005 - see above
    lambda g, logits: softmax_vjp(g, softmax(logits)),
    jvps=[lambda g, logits: softmax_vjp(g, softmax(logits))],
    harmless=("residual",),
    name="softmax_residual",
)


def cross_entropy_vjp(g: Any, logits: Any, residual: Any) -> Any:
    """Return g times the gradient of the mean over the rows."""
    return _known_residual(logits, residual) * (g / math.prod(residual.shape[:-1]))


_cross_entropy = general(
    _cross_entropy_values,
    cross_entropy_vjp,
    jvps=[lambda g, logits, residual: np.sum(cross_entropy_vjp(g, logits, residual))],
    harmless=("labels",),
    name="softmax_cross_entropy",
)


@overload
def softmax_cross_entropy(logits: Tensor, labels: ArrayLike | Tensor) -> Tensor: ...
@overload
def softmax_cross_entropy(logits: ArrayLike, labels: ArrayLike | Tensor) -> np.floating: ...
def softmax_cross_entropy(logits: Any, labels: Any) -> Any:
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

    Returns
    -------
    Tensor or floating, shape ()
        Of the dtype of `logits`.

    Raises
    ------
    ShapeError
        If the shapes do not fit, or there are no rows.
    TypeError
        If labels of shape (N,) are not integers, labels are variables, or logits are complex.
    ValueError
        If a label is out of range, or probabilities do not sum to 1.

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
    """
    if not isinstance(logits, Tensor):
        logits = np.asarray(logits)
        logits = logits if logits.dtype.kind in "fc" else logits.astype(np.float64)
    if logits.dtype.kind != "f":
        raise TypeError(f"softmax_cross_entropy needs real logits, got {logits.dtype}")
    labels = _checked_labels(labels, logits.shape, logits.dtype)
    return _cross_entropy(logits, labels, np.empty(logits.shape, logits.dtype))


def _checked_labels(
    labels: Any, shape: tuple[int, ...], dtype: np.dtype[Any]
) -> NDArray[np.integer | np.floating]:
    """Return class numbers, or probabilities of `dtype`, that fit logits of `shape`."""
    if isinstance(labels, Tensor):
        if labels.requires_grad:
            raise TypeError("labels are constants here, got a variable; pass labels.detach()")
        labels = labels.data
    labels = np.asarray(labels)
    if 0 in shape or not shape:
        raise ShapeError(f"logits need at least one row and one class, got shape {shape}")
    if labels.shape == shape[:-1]:
        return _checked_numbers(labels, shape)
    if labels.shape == shape:
        return _checked_probabilities(labels).astype(dtype, copy=False)
    one_each = math.prod(labels.shape) == math.prod(shape[:-1])
    raise ShapeError(
        f"labels of shape {labels.shape} do not fit logits of shape {shape}: expected "
        f"{shape[:-1]} class numbers or {shape} probabilities"
        + (f"; write labels.reshape({shape[:-1]})" if one_each else "")
    )


def _checked_numbers(labels: NDArray[Any], shape: tuple[int, ...]) -> NDArray[np.intp]:
    """Return class numbers as they are if all are in range."""
    if labels.dtype.kind not in "iu":
        raise TypeError(
            f"labels of shape {labels.shape} are class numbers and must be integers, got "
            f"{labels.dtype}; write labels.astype(int), or give probabilities of shape {shape}"
        )
    numbers = labels.astype(np.intp, copy=False)
    # As unsigned numbers the negative ones are the largest: one pass finds both faults.
    if np.maximum.reduce(numbers.view(np.uintp), None) >= shape[-1]:
        place = tuple(int(i) for i in np.argwhere((labels < 0) | (labels >= shape[-1]))[0])
        raise ValueError(
            f"label {labels[place]} in row {', '.join(map(str, place))} is out of range for "
            f"{shape[-1]} classes; labels go from 0 to {shape[-1] - 1}"
        )
    return numbers


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
