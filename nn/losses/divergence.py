"""How far one distribution is from another."""

from typing import Any

import numpy as np

from autograd.errors import ShapeError
from nn.losses.parts import Operand, Reduction, alike, reduce, scores


def kl_div(
    log_prediction: Operand,
    target: Operand,
    *,
    log_target: bool = False,
    reduction: Reduction = "mean",
) -> Any:
    """Return the mean Kullback-Leibler divergence of predicted distributions from the target.

    A row's divergence is ``sum(target * (log(target) - log_prediction))``; what has probability 0
    adds nothing. Both may be variables. PyTorch calls this mean ``"batchmean"``; its ``"mean"``
    divides by the number of classes too. Kullback and Leibler, "On information and sufficiency",
    Annals of Mathematical Statistics 22, 1951.

    Parameters
    ----------
    log_prediction : Tensor or array_like, shape (N, C)
        Logarithms of the predicted probabilities, such as `log_softmax` gives; leading axes other
        than N are rows too.
    target : Tensor or array_like, of the same shape
        Probabilities, or their logarithms.
    log_target : bool
        Whether `target` are logarithms.
    reduction : {"mean", "sum", "none"}
        What becomes of the rows' divergences.

    Returns
    -------
    Tensor or floating, shape (); with ``"none"`` shape (N,)

    Raises
    ------
    ShapeError
        If the shapes differ, have no axis, or there is nothing to average.
    ValueError
        If a probability is negative, or there is no such reduction.

    Examples
    --------
    >>> kl_div(np.log([[0.5, 0.5], [0.25, 0.75]]), [[0.5, 0.5], [1.0, 0.0]], reduction="none")
    array([0.        , 1.38629436])
    """
    log_q = scores("kl_div", log_prediction, "logarithms of probabilities")
    p = scores("kl_div", target, "targets")
    alike("kl_div", log_prediction=log_q, target=p)
    if p.ndim == 0:
        raise ShapeError("kl_div needs distributions along an axis, got numbers")
    if not log_target and np.any(p < 0):
        raise ValueError("a target of kl_div is negative; for logarithms, give log_target=True")
    share = np.exp(p) if log_target else p
    impossible = share == 0
    log_p = np.where(impossible, 0, p) if log_target else np.log(p + impossible)
    terms = share * (log_p - np.where(impossible, 0, log_q))
    return reduce("kl_div", np.sum(terms, -1), reduction)
