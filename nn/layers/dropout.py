"""Layers that leave out values at random, in training."""

from typing import Any

import numpy as np

from autograd.errors import ShapeError
from nn.init import Seed
from nn.module import Module


class Dropout(Module):
    """Zeros for values chosen at random, in training; the others grow, so that the mean stays.

    Srivastava et al., "Dropout: a simple way to prevent neural networks from overfitting", JMLR
    2014.

    Parameters
    ----------
    p : float
        Probability of zero, from 0 to 1.
    rng : Generator or int, optional
        Where chance comes from; an int is a seed.

    Raises
    ------
    ValueError
        If `p` is no probability.

    Examples
    --------
    >>> layer = Dropout(0.5, rng=0)
    >>> layer(np.ones(6))
    array([2., 0., 0., 0., 2., 2.])
    >>> layer.eval()(np.ones(6))
    array([1., 1., 1., 1., 1., 1.])
    """

    kept = 0  # how many axes have chances of their own; 0 for all

    def __init__(self, p: float = 0.5, *, rng: Seed = None) -> None:
        if not 0 <= p <= 1:
            raise ValueError(f"{type(self).__name__}: p must be from 0 to 1, got {p}")
        self.p, self.rng = p, np.random.default_rng(rng)

    def forward(self, x: Any) -> Any:
        """Return `x` with zeros in training, else as it is.

        Raises
        ------
        ShapeError
            If there are no channels that could be left out.
        """
        if not self.training or self.p == 0:
            return x
        if x.ndim <= self.kept:
            raise ShapeError(f"{self._label()}: expected (N, C, ...), got {x.shape}")
        shape = x.shape
        if self.kept:
            shape = (*shape[: self.kept], *(1,) * (x.ndim - self.kept))
        dtype = x.dtype if x.dtype in {np.dtype(np.float32), np.dtype(np.float64)} else np.float64
        stays = self.rng.random(shape, dtype) >= self.p
        scale = x.dtype.type(1 / (1 - self.p)) if self.p < 1 else x.dtype.type(0)
        return x * (stays * scale)

    def extra_repr(self) -> str:
        """Return the probability."""
        return str(self.p)


class Dropout1d(Dropout):
    """Zeros for whole channels of shape (N, C, L), in training: see `Dropout`.

    Parameters
    ----------
    p : float
        Probability of zero, from 0 to 1.
    rng : Generator or int, optional
        Where chance comes from; an int is a seed.

    Examples
    --------
    >>> Dropout1d(0.5, rng=0)(np.ones((1, 3, 2)))
    array([[[2., 2.],
            [0., 0.],
            [0., 0.]]])
    """

    kept = 2


class Dropout2d(Dropout1d):
    """Zeros for whole channels of shape (N, C, H, W), in training: see `Dropout`.

    Parameters
    ----------
    p : float
        Probability of zero, from 0 to 1.
    rng : Generator or int, optional
        Where chance comes from; an int is a seed.

    Examples
    --------
    >>> Dropout2d(0.5, rng=0)(np.ones((1, 3, 1, 2)))
    array([[[[2., 2.]],
    <BLANKLINE>
            [[0., 0.]],
    <BLANKLINE>
            [[0., 0.]]]])
    """
