"""Terms to add to a loss that keep parameters small: of Tensors, to be differentiated with it."""

import functools
import operator
from collections.abc import Iterable
from typing import Any

import numpy as np

from autograd import Tensor


def l1(params: Iterable[Tensor], strength: float) -> Tensor:
    """Return `strength` times the sum of absolute values, which draws many of them to zero.

    Tibshirani, "Regression shrinkage and selection via the lasso", Journal of the Royal Statistical
    Society B 58, 1996.

    Parameters
    ----------
    params : iterable of Tensor
        Such as ``model.parameters()``, or the weights alone: ``[layer.weight]``.
    strength : float
        Not negative.

    Returns
    -------
    Tensor, shape ()

    Raises
    ------
    TypeError
        If `params` is one Tensor.
    ValueError
        If there are none, or `strength` is negative.

    Examples
    --------
    >>> weight = Tensor([1.0, -2.0])
    >>> l1([weight], 0.1).backward()
    >>> weight.grad
    array([ 0.1, -0.1])
    """
    return _total(params, np.abs, strength)


def l2(params: Iterable[Tensor], strength: float) -> Tensor:
    """Return `strength` times the sum of squares.

    With `SGD` it does what a `weight_decay` of twice the strength does.

    Parameters
    ----------
    params : iterable of Tensor
        Such as ``model.parameters()``, or the weights alone: ``[layer.weight]``.
    strength : float
        Not negative.

    Returns
    -------
    Tensor, shape ()

    Raises
    ------
    TypeError
        If `params` is one Tensor.
    ValueError
        If there are none, or `strength` is negative.

    Examples
    --------
    >>> weight = Tensor([1.0, -2.0])
    >>> l2([weight], 0.1).backward()
    >>> weight.grad
    array([ 0.2, -0.4])
    """
    return _total(params, np.square, strength)


def elastic(params: Iterable[Tensor], l1_strength: float, l2_strength: float) -> Tensor:
    """Return the sum of `l1` and `l2`: the elastic net.

    Zou and Hastie, "Regularization and variable selection via the elastic net", Journal of the
    Royal Statistical Society B 67, 2005.

    Parameters
    ----------
    params : iterable of Tensor
        Such as ``model.parameters()``, or the weights alone: ``[layer.weight]``.
    l1_strength, l2_strength : float
        Not negative.

    Returns
    -------
    Tensor, shape ()

    Raises
    ------
    TypeError
        If `params` is one Tensor.
    ValueError
        If there are none, or a strength is negative.

    Examples
    --------
    >>> elastic([Tensor([1.0, -2.0])], 0.5, 0.25)
    Tensor(2.75)
    """
    tensors = _listed(params)
    return l1(tensors, l1_strength) + l2(tensors, l2_strength)


def _total(params: Iterable[Tensor], function: Any, strength: float) -> Tensor:
    """Return `strength` times the sum of `function` of all elements."""
    if not strength >= 0:
        raise ValueError(f"the strength must not be negative, got {strength}")
    penalties = [np.sum(function(tensor)) for tensor in _listed(params)]
    total: Tensor = functools.reduce(operator.add, penalties) * strength
    return total


def _listed(params: Iterable[Tensor]) -> list[Tensor]:
    """Return parameters as a list, if that is what they are."""
    if isinstance(params, Tensor):
        raise TypeError("a regularizer takes a list of Tensors, got one Tensor; write [parameter]")
    tensors = list(params)
    if not tensors:
        raise ValueError("a regularizer needs parameters, got none; pass model.parameters()")
    return tensors
