"""Layers for numbers of classes, and for pairs of inputs."""

from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from autograd import Tensor
from autograd.errors import ShapeError
from nn import functional
from nn.functional.windows import each
from nn.init import Initializer, Seed
from nn.module import Module


class Embedding(Module):
    """A row of D numbers for each of V words, or whatever has a number from 0 to V - 1.

    Parameters
    ----------
    num_embeddings : int
        Number of rows V.
    embedding_dim : int
        Length of a row D.
    padding_idx : int, optional
        A row that is zero at first, and constant.
    dtype : dtype
        Of the rows.
    rng : Generator or int, optional
        Where the first values come from; an int is a seed, None gives other values each time.
    init : callable, optional
        Of the rows; see `Linear`. Standard normal numbers if None, as in PyTorch.

    Attributes
    ----------
    weight : Tensor, shape (V, D)

    Raises
    ------
    ValueError
        If a number is less than one, or `padding_idx` is no row.

    Examples
    --------
    >>> layer = Embedding(1000, 8, rng=0)
    >>> layer
    Embedding(1000, 8)
    >>> layer(np.array([[1, 5, 5], [999, 0, 0]])).shape
    (2, 3, 8)
    """

    def __init__(
        self,
        num_embeddings: int,
        embedding_dim: int,
        padding_idx: int | None = None,
        *,
        dtype: DTypeLike = np.float64,
        rng: Seed = None,
        init: Initializer | None = None,
    ) -> None:
        shape = each((num_embeddings, embedding_dim), 2, "Embedding: numbers of rows and columns")
        rng = np.random.default_rng(rng)
        first = rng.normal(size=shape).astype(dtype) if init is None else init(shape, rng, dtype)
        if padding_idx is not None:
            if not -num_embeddings <= padding_idx < num_embeddings:
                raise ValueError(f"padding_idx {padding_idx} is none of {num_embeddings} rows")
            padding_idx %= num_embeddings
            first[padding_idx] = 0
        self.num_embeddings, self.embedding_dim = shape
        self.padding_idx = padding_idx
        self.weight = Tensor(first, name="weight")

    def forward(self, indices: Any) -> Tensor:
        """Return the rows, of shape (..., D) for `indices` of shape (...).

        Raises
        ------
        TypeError
            If they are not integers.
        ValueError
            If one is out of range.
        """
        try:
            rows: Tensor = functional.embedding(indices, self.weight, self.padding_idx)
        except (TypeError, ValueError) as error:
            raise type(error)(f"{self._label()}: {error}") from None
        return rows

    def extra_repr(self) -> str:
        """Return the arguments it was made with."""
        padding = "" if self.padding_idx is None else f", padding_idx={self.padding_idx}"
        return f"{self.num_embeddings}, {self.embedding_dim}{padding}"


class Bilinear(Module):
    """Sums of products of two inputs: O = x W z + b, with a matrix W for each output.

    Parameters
    ----------
    in1_features, in2_features : int
        Numbers of inputs d and e.
    out_features : int
        Number of outputs p.
    bias : bool
        Whether there is a b.
    dtype : dtype
        Of the parameters.
    rng : Generator or int, optional
        Where the first values come from, uniform in ±1/√d; an int is a seed.

    Attributes
    ----------
    weight : Tensor, shape (d, e, p)
        PyTorch's, of shape (p, d, e), is ``weight.transpose(2, 0, 1)``.
    bias : Tensor, shape (p,), or None

    Raises
    ------
    ValueError
        If a number of features is less than one.

    Examples
    --------
    >>> layer = Bilinear(3, 4, 2, rng=0)
    >>> layer(np.ones((5, 3)), np.ones((5, 4))).shape
    (5, 2)
    """

    def __init__(
        self,
        in1_features: int,
        in2_features: int,
        out_features: int,
        bias: bool = True,
        *,
        dtype: DTypeLike = np.float64,
        rng: Seed = None,
    ) -> None:
        sizes = each((in1_features, in2_features, out_features), 3, "Bilinear: numbers of features")
        self.in1_features, self.in2_features, self.out_features = sizes
        rng = np.random.default_rng(rng)
        bound = in1_features**-0.5
        self.weight = Tensor(rng.uniform(-bound, bound, sizes).astype(dtype), name="weight")
        first = rng.uniform(-bound, bound, out_features).astype(dtype)
        self.bias = Tensor(first, name="bias") if bias else None

    def forward(self, x: Any, z: Any) -> Tensor:
        """Return O of shape (..., p) for `x` of shape (..., d) and `z` of shape (..., e).

        Raises
        ------
        ShapeError
            If the last axes are others.
        """
        sizes = (self.in1_features, self.in2_features)
        if (*x.shape[-1:], *z.shape[-1:]) != sizes:
            raise ShapeError(
                f"{self._label()}: expected (..., {sizes[0]}) and (..., {sizes[1]}), got "
                f"{x.shape} and {z.shape}"
            )
        left = x @ self.weight.reshape(sizes[0], sizes[1] * self.out_features)
        left = left.reshape(*x.shape[:-1], sizes[1], self.out_features)
        product: Tensor = (z[..., None, :] @ left)[..., 0, :]
        return product if self.bias is None else product + self.bias

    def extra_repr(self) -> str:
        """Return the arguments it was made with."""
        bias = "" if self.bias is not None else ", bias=False"
        return f"{self.in1_features}, {self.in2_features}, {self.out_features}{bias}"
