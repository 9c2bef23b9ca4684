"""How alike vectors are."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from autograd import Tensor
from autograd.errors import ShapeError


def cosine_similarity(
    a: ArrayLike | Tensor, b: ArrayLike | Tensor, axis: int = -1, eps: float = 1e-8
) -> Any:
    """Return the cosine of the angle between vectors: 1 in one direction, -1 in opposite ones.

    Parameters
    ----------
    a, b : array_like or Tensor, of shapes that broadcast
    axis : int
        Along which the vectors lie.
    eps : float
        Norms count at least this much, so that a vector of zeros is like nothing: its cosine is 0.

    Returns
    -------
    ndarray or Tensor
        Of the broadcast shape without `axis`.

    Raises
    ------
    ShapeError
        If the shapes do not broadcast, or have no such axis.

    Examples
    --------
    >>> cosine_similarity(np.array([[1.0, 0.0], [2.0, 2.0]]), np.array([3.0, 3.0]))
    array([0.70710678, 1.        ])
    """
    first: Any
    second: Any
    first, second = (x if isinstance(x, Tensor) else np.asarray(x) for x in (a, b))
    try:
        dot = np.sum(first * second, axis)
    except ValueError as error:
        raise ShapeError(
            f"cosine_similarity needs shapes that broadcast, and axis {axis} in them, "
            f"got {first.shape} and {second.shape}"
        ) from error
    norms = (np.maximum(np.linalg.norm(x, axis=axis), eps) for x in (first, second))
    return dot / next(norms) / next(norms)
