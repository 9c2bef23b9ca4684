"""Sums of all inputs, with a bias, as one operation."""

from typing import Any

import numpy as np

from autograd.extend import general


def _rows(x: Any) -> Any:
    """Return `x` as a matrix, its last axis as the columns."""
    return np.reshape(x, (-1, x.shape[-1]))


def _product(x: Any, weight: Any) -> Any:
    """Return XW by one product of matrices, whatever the leading axes of X."""
    if len(x.shape) == 2:
        return x @ weight
    return np.reshape(_rows(x) @ weight, (*x.shape[:-1], weight.shape[-1]))


def _affine_values(x: Any, weight: Any, bias: Any) -> Any:
    """Return XW + b, the sum in the memory of the product where that has its dtype."""
    out = _product(x, weight)
    if out.dtype != np.result_type(out, bias):
        return out + bias
    out += bias
    return out


affine = general(
    _affine_values,
    lambda g, weight: _product(g, weight.T),
    lambda g, x: _rows(x).T @ _rows(g),
    lambda g: np.sum(_rows(g), 0),
    jvps=[
        lambda g, weight: _product(g, weight),  # noqa: PLW0108 - the names say what is kept
        lambda g, x: _product(x, g),
        lambda g: g,
    ],
    parameters=("x", "weight", "bias"),
    name="affine",
)
"""XW + b for X of shape (..., d), W of (d, p), b of (p,)."""
