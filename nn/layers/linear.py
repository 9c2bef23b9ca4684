"""Layers of sums of all inputs."""

from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from autograd import Tensor
from autograd.errors import ShapeError
from nn import init as initializers
from nn.functional.affine import affine
from nn.init import Seed
from nn.module import Module


class Linear(Module):
    """A layer of all sums: O = XW + b, for X of shape (..., d), W (d, p), b (p,), O (..., p).

    W has a row for each input and a column for each output, so that the formula is the code;
    PyTorch keeps its transpose.

    Parameters
    ----------
    in_features : int
        Number of inputs d.
    out_features : int
        Number of outputs p.
    bias : bool
        Whether there is a b.
    dtype : dtype
        Of the parameters.
    rng : Generator or int, optional
        Where the first values come from; an int is a seed, None gives other values each time.
    init : callable
        From shape, Generator and dtype to the first W, such as ``nn.init.he_normal``. The first b
        is uniform in ±1/√d. The defaults are PyTorch's.

    Attributes
    ----------
    weight : Tensor, shape (d, p)
    bias : Tensor, shape (p,), or None

    Raises
    ------
    ValueError
        If a number of features is less than one.

    Examples
    --------
    >>> layer = Linear(3, 2, rng=0)
    >>> layer
    Linear(3, 2)
    >>> layer(np.ones((5, 3))).shape
    (5, 2)
    """

    def __init__(
        self,
        in_features: int,
        out_features: int,
        bias: bool = True,
        *,
        dtype: DTypeLike = np.float64,
        rng: Seed = None,
        init: initializers.Initializer = initializers.fan_in_uniform,
    ) -> None:
        if min(in_features, out_features) < 1:
            raise ValueError(
                f"Linear needs at least one input and one output, "
                f"got Linear({in_features}, {out_features})"
            )
        rng = np.random.default_rng(rng)
        self.in_features, self.out_features = in_features, out_features
        self.weight = Tensor(init((in_features, out_features), rng, dtype), name="weight")
        bound = in_features**-0.5
        first = rng.uniform(-bound, bound, out_features).astype(dtype)
        self.bias = Tensor(first, name="bias") if bias else None

    def forward(self, x: Any) -> Tensor:
        """Return O of shape (..., p) for `x` of shape (..., d).

        Raises
        ------
        ShapeError
            If the last axis of `x` is not d.
        """
        if x.shape[-1:] != (self.in_features,):
            raise ShapeError(f"{self._label()}: expected (..., {self.in_features}), got {x.shape}")
        out: Tensor = x @ self.weight if self.bias is None else affine(x, self.weight, self.bias)
        return out

    def extra_repr(self) -> str:
        """Return the arguments it was made with."""
        bias = "" if self.bias is not None else ", bias=False"
        dtype = "" if self.weight.dtype == np.float64 else f", dtype={self.weight.dtype}"
        return f"{self.in_features}, {self.out_features}{bias}{dtype}"
