"""First values of weights, each drawn from a Generator that the caller gives.

A weight of shape (..., in, out) has ``fan_in = in * size`` and ``fan_out = out * size``, where
`size` is the product of the leading axes (of a convolution's window; 1 for a linear layer).
"""

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import DTypeLike, NDArray

Shape = tuple[int, ...]
Seed = np.random.Generator | int | None
"""What ``np.random.default_rng`` takes; None is other numbers each time."""
Initializer = Callable[[Shape, np.random.Generator, DTypeLike], NDArray[np.floating]]
"""From shape, generator and dtype to an array."""


def fans(shape: Shape) -> tuple[int, int]:
    """Return over how many inputs an output sums, and over how many outputs an input is spread.

    Raises
    ------
    ValueError
        If `shape` has fewer than two axes.

    Examples
    --------
    >>> fans((64, 10)), fans((3, 3, 16, 32))
    ((64, 10), (144, 288))
    """
    if len(shape) < 2:
        raise ValueError(
            f"the fans of a weight need a shape (..., in, out), got {shape}; "
            f"draw the values of others directly, as with rng.normal"
        )
    size = math.prod(shape[:-2])
    return shape[-2] * size, shape[-1] * size


def fan_in_uniform(
    shape: Shape, rng: np.random.Generator, dtype: DTypeLike = np.float64
) -> NDArray[np.floating]:
    """Return values uniform in ±1/√fan_in: the default of PyTorch's linear layer.

    Parameters
    ----------
    shape : tuple of int
        (..., in, out).
    rng : Generator
    dtype : dtype

    Returns
    -------
    ndarray of `shape`

    Examples
    --------
    >>> weight = fan_in_uniform((100, 50), np.random.default_rng(0))
    >>> bool(np.all(abs(weight) <= 0.1)), f"{weight.std():.3f}"
    (True, '0.058')
    """
    return _uniform(shape, rng, dtype, 1 / math.sqrt(fans(shape)[0]))


def he_uniform(
    shape: Shape, rng: np.random.Generator, dtype: DTypeLike = np.float64
) -> NDArray[np.floating]:
    """Return uniform values of variance 2/fan_in, which keeps the scale through a relu layer.

    He, Zhang, Ren and Sun, "Delving deep into rectifiers", ICCV 2015, equation 10.

    Parameters
    ----------
    shape : tuple of int
        (..., in, out).
    rng : Generator
    dtype : dtype

    Returns
    -------
    ndarray of `shape`

    Examples
    --------
    >>> f"{he_uniform((200, 100), np.random.default_rng(0)).std():.2f}"
    '0.10'
    """
    return _uniform(shape, rng, dtype, math.sqrt(6 / fans(shape)[0]))


def he_normal(
    shape: Shape, rng: np.random.Generator, dtype: DTypeLike = np.float64
) -> NDArray[np.floating]:
    """Return normal values of variance 2/fan_in; see `he_uniform`.

    Parameters
    ----------
    shape : tuple of int
        (..., in, out).
    rng : Generator
    dtype : dtype

    Returns
    -------
    ndarray of `shape`

    Examples
    --------
    >>> f"{he_normal((200, 100), np.random.default_rng(0)).std():.2f}"
    '0.10'
    """
    return _normal(shape, rng, dtype, math.sqrt(2 / fans(shape)[0]))


def glorot_uniform(
    shape: Shape, rng: np.random.Generator, dtype: DTypeLike = np.float64
) -> NDArray[np.floating]:
    """Return uniform values of variance 2/(fan_in + fan_out), for tanh and sigmoid layers.

    Glorot and Bengio, "Understanding the difficulty of training deep feedforward neural networks",
    AISTATS 2010, equation 16.

    Parameters
    ----------
    shape : tuple of int
        (..., in, out).
    rng : Generator
    dtype : dtype

    Returns
    -------
    ndarray of `shape`

    Examples
    --------
    >>> f"{glorot_uniform((100, 100), np.random.default_rng(0)).std():.2f}"
    '0.10'
    """
    return _uniform(shape, rng, dtype, math.sqrt(6 / sum(fans(shape))))


def glorot_normal(
    shape: Shape, rng: np.random.Generator, dtype: DTypeLike = np.float64
) -> NDArray[np.floating]:
    """Return normal values of variance 2/(fan_in + fan_out); see `glorot_uniform`.

    Parameters
    ----------
    shape : tuple of int
        (..., in, out).
    rng : Generator
    dtype : dtype

    Returns
    -------
    ndarray of `shape`

    Examples
    --------
    >>> f"{glorot_normal((100, 100), np.random.default_rng(0)).std():.2f}"
    '0.10'
    """
    return _normal(shape, rng, dtype, math.sqrt(2 / sum(fans(shape))))


def _uniform(
    shape: Shape, rng: np.random.Generator, dtype: DTypeLike, bound: float
) -> NDArray[np.floating]:
    """Return values uniform in ±`bound`."""
    return rng.uniform(-bound, bound, shape).astype(dtype, copy=False)


def _normal(
    shape: Shape, rng: np.random.Generator, dtype: DTypeLike, std: float
) -> NDArray[np.floating]:
    """Return normal values of standard deviation `std`."""
    return rng.normal(0, std, shape).astype(dtype, copy=False)
