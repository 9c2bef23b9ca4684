"""Activations with parameters."""

from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from autograd import Tensor
from autograd.errors import ShapeError
from nn.functional.activations import prelu
from nn.module import Module


class PReLU(Module):
    """A relu that learns its slope on the left: x where it is positive, elsewhere weight times x.

    He, Zhang, Ren and Sun, "Delving deep into rectifiers", ICCV 2015.

    Parameters
    ----------
    num_parameters : int
        1 for one slope, or the number of channels C for one of each.
    init : float
        The first slope.
    axis : int
        Where the input has its channels.
    dtype : dtype
        Of the slopes.

    Attributes
    ----------
    weight : Tensor, shape (num_parameters,)

    Raises
    ------
    ValueError
        If `num_parameters` is less than one.

    Examples
    --------
    >>> layer = PReLU()
    >>> layer
    PReLU(1)
    >>> layer(np.array([-2.0, 3.0]))
    Tensor([-0.5,  3. ])
    """

    def __init__(
        self,
        num_parameters: int = 1,
        init: float = 0.25,
        *,
        axis: int = 1,
        dtype: DTypeLike = np.float64,
    ) -> None:
        if num_parameters < 1:
            raise ValueError(f"PReLU needs at least one parameter, got {num_parameters}")
        self.num_parameters, self.axis = num_parameters, axis
        self.weight = Tensor(np.full(num_parameters, init, dtype), name="weight")

    def forward(self, x: Any) -> Tensor:
        """Return an output of the shape of `x`.

        Raises
        ------
        ShapeError
            If there are several slopes, and `x` has another number of channels.
        """
        channels = x.shape[self.axis] if -x.ndim <= self.axis < x.ndim else None
        if self.num_parameters not in {1, channels}:
            raise ShapeError(
                f"{self._label()}: expected {self.num_parameters} channels on axis {self.axis}, "
                f"got {x.shape}"
            )
        out: Tensor = prelu(x, self.weight, self.axis)
        return out

    def extra_repr(self) -> str:
        """Return the arguments it was made with."""
        axis = "" if self.axis == 1 else f", axis={self.axis}"
        dtype = "" if self.weight.dtype == np.float64 else f", dtype={self.weight.dtype}"
        return f"{self.num_parameters}{axis}{dtype}"
