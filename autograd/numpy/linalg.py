"""`numpy.linalg`, whose functions know Tensors through NumPy's protocols."""

from typing import Any

import numpy as np
from numpy.linalg import *  # noqa: F403 - all of it
from numpy.linalg import __all__  # noqa: F401 - again


def T(x: Any) -> Any:  # noqa: N802 - HIPS autograd's name
    """Return `x` with its last two axes swapped."""
    return np.swapaxes(x, -1, -2)


_dot = np.matmul
"""The product of matrices in a batch, under HIPS autograd's name."""
