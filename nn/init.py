"""First values of weights, each drawn from a Generator that the caller gives.

A weight of shape (..., in, out) has ``fan_in = in * size`` and ``fan_out = out * size``, where
`size` is the product of the leading axes (of a convolution's window; 1 for a linear layer).

Each is what the argument `init` of a layer takes. Of those with further arguments,
``functools.partial(orthogonal, gain=2.0)`` is one.
"""

import math
from collections.abc import Callable
from typing import Any

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


def lecun_uniform(
    shape: Shape, rng: np.random.Generator, dtype: DTypeLike = np.float64
) -> NDArray[np.floating]:
    """Return uniform values of variance 1/fan_in, which keeps the scale through a linear layer.

    LeCun, Bottou, Orr and Müller, "Efficient backprop", in Neural Networks: Tricks of the Trade,
    1998, section 4.6. It is what `nn.selu` needs.

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
    >>> f"{lecun_uniform((100, 100), np.random.default_rng(0)).std():.2f}"
    '0.10'
    """
    return _uniform(shape, rng, dtype, math.sqrt(3 / fans(shape)[0]))


def lecun_normal(
    shape: Shape, rng: np.random.Generator, dtype: DTypeLike = np.float64
) -> NDArray[np.floating]:
    """Return normal values of variance 1/fan_in; see `lecun_uniform`.

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
    >>> f"{lecun_normal((100, 100), np.random.default_rng(0)).std():.2f}"
    '0.10'
    """
    return _normal(shape, rng, dtype, math.sqrt(1 / fans(shape)[0]))


def orthogonal(
    shape: Shape, rng: np.random.Generator, dtype: DTypeLike = np.float64, *, gain: float = 1.0
) -> NDArray[np.floating]:
    """Return a random matrix whose rows or columns, the fewer, are orthogonal and of length `gain`.

    All such matrices are equally likely. Saxe, McClelland and Ganguli, "Exact solutions to the
    nonlinear dynamics of learning in deep linear neural networks", ICLR 2014; the signs are those
    of Mezzadri, "How to generate random matrices from the classical compact groups", Notices of the
    AMS 54, 2007.

    Parameters
    ----------
    shape : tuple of int
        (..., in, out): the matrix has a column for each output, and all else in its rows.
    rng : Generator
    dtype : dtype
    gain : float

    Returns
    -------
    ndarray of `shape`

    Raises
    ------
    ValueError
        If `shape` has fewer than two axes.

    Examples
    --------
    >>> weight = orthogonal((3, 2), np.random.default_rng(0))
    >>> np.round(weight.T @ weight, 12) + 0.0
    array([[1., 0.],
           [0., 1.]])
    """
    fan_in, _ = fans(shape)
    rows, columns = max(fan_in, shape[-1]), min(fan_in, shape[-1])
    q, r = np.linalg.qr(rng.normal(size=(rows, columns)))
    q = gain * q * np.copysign(1, np.diagonal(r))
    q = q if fan_in >= shape[-1] else q.T
    return np.ascontiguousarray(q.reshape(shape), dtype=dtype)


def truncated_normal(
    shape: Shape,
    rng: np.random.Generator,
    dtype: DTypeLike = np.float64,
    *,
    mean: float = 0.0,
    std: float = 1.0,
    low: float = -2.0,
    high: float = 2.0,
) -> NDArray[np.floating]:
    """Return normal values, of which those not between `low` and `high` are drawn again.

    Parameters
    ----------
    shape : tuple of int
    rng : Generator
    dtype : dtype
    mean, std : float
        Of the normal distribution, before it is truncated.
    low, high : float
        Values, not numbers of standard deviations.

    Returns
    -------
    ndarray of `shape`

    Raises
    ------
    ValueError
        If fewer than one of 1000 normal values would be between the bounds.

    Examples
    --------
    >>> values = truncated_normal((9999,), np.random.default_rng(0), std=0.02, low=-0.04, high=0.04)
    >>> bool(np.all(abs(values) <= 0.04)), f"{values.std():.4f}"
    (True, '0.0176')
    """
    if std <= 0:
        raise ValueError(f"std must be positive, got {std}")
    below, above = (math.erf((bound - mean) / std / math.sqrt(2)) for bound in (low, high))
    if not above - below > 2e-3:
        raise ValueError(
            f"of a normal distribution with mean {mean} and std {std} nearly nothing is between "
            f"{low} and {high}; the bounds are values, not numbers of standard deviations"
        )
    values = rng.normal(mean, std, math.prod(shape))
    while len(outside := np.flatnonzero((values < low) | (values > high))):
        values[outside] = rng.normal(mean, std, len(outside))
    values = values.reshape(shape).astype(dtype)
    return np.clip(values, low, high, out=values)  # rounding may go beyond


def zeros(
    shape: Shape,
    rng: np.random.Generator | None = None,
    dtype: DTypeLike = np.float64,
) -> NDArray[np.floating]:
    """Return zeros.

    Parameters
    ----------
    shape : tuple of int
    rng : Generator, optional
        Not used.
    dtype : dtype

    Returns
    -------
    ndarray of `shape`

    Examples
    --------
    >>> zeros((2,))
    array([0., 0.])
    """
    return constant(shape, rng, dtype, value=0)


def ones(
    shape: Shape,
    rng: np.random.Generator | None = None,
    dtype: DTypeLike = np.float64,
) -> NDArray[np.floating]:
    """Return ones.

    Parameters
    ----------
    shape : tuple of int
    rng : Generator, optional
        Not used.
    dtype : dtype

    Returns
    -------
    ndarray of `shape`

    Examples
    --------
    >>> ones((2,))
    array([1., 1.])
    """
    return constant(shape, rng, dtype, value=1)


def constant(
    shape: Shape,
    rng: np.random.Generator | None = None,  # noqa: ARG001 - initializers are called with one
    dtype: DTypeLike = np.float64,
    *,
    value: float,
) -> NDArray[np.floating]:
    """Return the same value everywhere.

    Parameters
    ----------
    shape : tuple of int
    rng : Generator, optional
        Not used.
    dtype : dtype
    value : float

    Returns
    -------
    ndarray of `shape`

    Examples
    --------
    >>> constant((2,), value=0.5)
    array([0.5, 0.5])
    """
    return np.full(shape, value, dtype)


def dirac(
    shape: Shape,
    rng: np.random.Generator | None = None,  # noqa: ARG001 - initializers are called with one
    dtype: DTypeLike = np.float64,
    *,
    groups: int = 1,
) -> NDArray[np.floating]:
    """Return a kernel with which a convolution gives its input back, as far as it has the channels.

    Parameters
    ----------
    shape : tuple of int
        (..., in, out), with the window's axes before; `in` is the number of each group.
    rng : Generator, optional
        Not used.
    dtype : dtype
    groups : int
        In how many groups the convolution splits its channels; each gets its input back.

    Returns
    -------
    ndarray of `shape`

    Raises
    ------
    ValueError
        If `shape` has no window, or its outputs cannot be split into groups.

    Examples
    --------
    >>> dirac((3, 1, 2))[:, 0, 0]
    array([0., 1., 0.])
    """
    if len(shape) < 3:
        raise ValueError(f"dirac needs a shape (*window, in, out) of a convolution, got {shape}")
    if groups < 1 or shape[-1] % groups:
        raise ValueError(f"{shape[-1]} outputs cannot be split into {groups} groups")
    kernel: NDArray[Any] = np.zeros(shape, dtype)
    centre: tuple[Any, ...] = tuple(size // 2 for size in shape[:-2])
    outputs = shape[-1] // groups
    channels = np.arange(min(shape[-2], outputs))
    for group in range(groups):
        kernel[(*centre, channels, group * outputs + channels)] = 1
    return kernel


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
