"""Filters of images: sums over windows with weights, and elements of windows in order.

An image goes on beyond its edges as `mode` says; the continued image is convolved where all is
known, so there are derivatives in image and weights.
"""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import scipy.ndimage

from autograd.errors import KeywordError, ShapeError
from autograd.operands import value_of
from autograd.ops.conversion import array, holds_tensor
from autograd.scipy.ndimage.windows import shifted, summed

MODES = {
    "reflect": "symmetric", "grid-mirror": "symmetric", "mirror": "reflect", "nearest": "edge",
    "wrap": "wrap", "grid-wrap": "wrap", "constant": "constant", "grid-constant": "constant",
}  # fmt: skip
"""From the names of `ndimage` to those of `np.pad`."""


def as_array(value: Any) -> Any:
    """Return an array, or a Tensor of what holds Tensors."""
    return array(value) if holds_tensor(value) else np.asarray(value)


def plain_or(stand_in: Callable[..., Any]) -> Callable[..., Any]:
    """Return SciPy's function of arrays, `stand_in` where something is a Tensor."""
    name = stand_in.__name__.rstrip("_")
    original = getattr(scipy.ndimage, name)

    def function(*args: Any, **keywords: Any) -> Any:
        if holds_tensor((*args, *keywords.values())):
            return stand_in(*args, **keywords)
        return original(*args, **keywords)

    function.__name__ = function.__qualname__ = name
    function.__doc__, function.__module__ = stand_in.__doc__, stand_in.__module__
    return function


def image(input: Any) -> Any:
    """Return an image of real or complex numbers."""
    x = as_array(input)
    return x if x.dtype.kind in "fc" else x.astype(np.float64)


def delivered(found: Any, x: Any, output: Any) -> Any:
    """Return a result in the dtype of the image, or in that which `output` says."""
    if output is None:
        kind = found.dtype if found.dtype.kind == "c" and x.dtype.kind != "c" else x.dtype
        return found if found.dtype == kind else found.astype(kind)
    if isinstance(output, np.ndarray):
        raise KeywordError("output= of an image that is a Tensor may be a dtype, not an array")
    return found.astype(output)


def of_axes(value: Any, axes: list[int]) -> list[Any]:
    """Return a value for each axis."""
    if isinstance(value, str) or np.ndim(value_of(value)) == 0:
        return [value] * len(axes)
    if len(value) != len(axes):
        raise ShapeError(f"expected one value, or one for each of {len(axes)} axes, got {value!r}")
    return list(value)


def chosen(axes: Any, ndim: int) -> list[int]:
    """Return axes as numbers that are not negative."""
    if axes is None:
        return list(range(ndim))
    return [axis % ndim for axis in ([axes] if np.ndim(axes) == 0 else axes)]


def of_window(axes: Any, ndim: int) -> list[int]:
    """Return the axes of a window; if they are all, their order does not count, as in SciPy."""
    found = chosen(axes, ndim)
    return sorted(found) if len(found) == ndim else found


def continued(x: Any, widths: Any, modes: Any, cval: Any) -> Any:
    """Return an image continued beyond its edges, on each axis by two widths."""
    for axis, (width, mode) in enumerate(zip(widths, modes, strict=True)):
        if mode not in MODES:
            raise RuntimeError(f"boundary mode not supported: {mode!r}")
        if width == (0, 0):
            continue
        x = continued_on(x, axis, width, MODES[mode], cval)
    return x


def continued_on(x: Any, axis: int, width: tuple[int, int], kind: Any, cval: Any) -> Any:
    """Return an image continued on one axis; by parts of it where they are large enough."""
    size, (before, after) = x.shape[axis], width
    part = lambda *ends: x[(slice(None),) * axis + (slice(*ends),)]
    if kind == "constant" or max(width) >= size:
        around = [width if i == axis else (0, 0) for i in range(x.ndim)]
        more: Any = {"constant_values": cval} if kind == "constant" else {}
        return np.pad(x, around, kind, **more)
    if kind == "edge":
        first, last = [part(0, 1)] * before, [part(size - 1, size)] * after
        return np.concatenate([*first, x, *last], axis=axis)
    if kind == "wrap":
        return np.concatenate([part(size - before, size), x, part(0, after)], axis=axis)
    skip = int(kind == "reflect")  # the last element is not repeated
    first, last = part(skip, before + skip), part(size - after - skip, size - skip)
    return np.concatenate([np.flip(first, axis), x, np.flip(last, axis)], axis=axis)


def margins(size: int, origin: int) -> tuple[int, int]:
    """Return how far a window reaches before and after the element that it belongs to."""
    before = size // 2 + origin
    if not 0 <= before < size:
        raise ValueError("invalid origin")
    return before, size - 1 - before


# Sums with weights.


def whole(weights: Any, axes: list[int], ndim: int) -> Any:
    """Return weights with axes of size one for those that are not filtered."""
    if weights.ndim != len(axes):
        raise RuntimeError(
            f"filter weights array has incorrect shape: {weights.shape} for {len(axes)} axes"
        )
    sizes = [1] * ndim
    for size, axis in zip(weights.shape, sorted(axes), strict=True):  # in their order, as in SciPy
        sizes[axis] = size
    return np.reshape(weights, sizes)


def correlated(x: Any, weights: Any, mode: Any, cval: Any, origins: Any, axes: list[int]) -> Any:
    """Return sums over windows."""
    full = whole(weights, axes, x.ndim)
    widths, modes = [(0, 0)] * x.ndim, ["constant"] * x.ndim
    for place, axis in enumerate(axes):
        widths[axis] = margins(full.shape[axis], of_axes(origins, axes)[place])
        modes[axis] = of_axes(mode, axes)[place]
    around = continued(x, widths, modes, cval)
    if any(n < k for n, k in zip(around.shape, full.shape, strict=True)):
        return np.zeros(x.shape, x.dtype)  # of an image without elements
    return summed(around, full)


@plain_or
def correlate(input, weights, output=None, mode="reflect", cval=0.0, origin=0, *, axes=None):
    """Return the correlation of an image with weights.

    Examples
    --------
    >>> import autograd as ag
    >>> ag.grad(lambda x: correlate(x, [1.0, 2.0, 3.0])[0])(np.zeros(3))
    array([3., 3., 0.])
    """
    x, weights = image(input), image(weights)
    axes = of_window(axes, x.ndim)
    return delivered(correlated(x, np.conj(weights), mode, cval, origin, axes), x, output)


@plain_or
def convolve(input, weights, output=None, mode="reflect", cval=0.0, origin=0, *, axes=None):
    """Return the convolution of an image with weights.

    Examples
    --------
    >>> import autograd as ag
    >>> ag.grad(lambda x: convolve(x, [1.0, 2.0, 3.0])[0])(np.zeros(3))
    array([5., 1., 0.])
    """
    x, weights = image(input), image(weights)
    axes = of_window(axes, x.ndim)
    sizes = [whole(weights, axes, x.ndim).shape[axis] for axis in axes]
    origins = mirrored(of_axes(origin, axes), sizes)
    return delivered(correlated(x, np.flip(weights), mode, cval, origins, axes), x, output)


def mirrored(origins: Any, sizes: Any) -> list[int]:
    """Return the origins of windows backward."""
    return [-o - (size % 2 == 0) for o, size in zip(origins, sizes, strict=True)]


def along(x: Any, weights: Any, axis: int, mode: Any, cval: Any, origin: int = 0) -> Any:
    """Return sums over windows on one axis."""
    return correlated(x, as_array(weights), mode, cval, origin, chosen(axis, x.ndim))


@plain_or
def correlate1d(input, weights, axis=-1, output=None, mode="reflect", cval=0.0, origin=0):
    """Return the correlation with weights along one axis.

    Examples
    --------
    >>> import autograd as ag
    >>> ag.grad(lambda x: correlate1d(x, [1.0, 2.0, 3.0])[0])(np.zeros(3))
    array([3., 3., 0.])
    """
    x = image(input)
    return delivered(along(x, np.conj(image(weights)), axis, mode, cval, origin), x, output)


@plain_or
def convolve1d(input, weights, axis=-1, output=None, mode="reflect", cval=0.0, origin=0):
    """Return the convolution with weights along one axis.

    Examples
    --------
    >>> import autograd as ag
    >>> ag.grad(lambda x: convolve1d(x, [1.0, 2.0, 3.0])[0])(np.zeros(3))
    array([5., 1., 0.])
    """
    x, weights = image(input), image(weights)
    (origin,) = mirrored([origin], weights.shape)
    return delivered(along(x, np.flip(weights), axis, mode, cval, origin), x, output)


def gaussian(sigma: Any, order: int, radius: int) -> Any:
    """Return the weights of a Gaussian, or of its derivative: that of a polynomial times it."""
    if order < 0:
        raise ValueError("order must be non-negative")
    points = np.arange(-radius, radius + 1)
    variance = sigma * sigma
    bell = np.exp(-0.5 / variance * points**2)
    bell = bell / np.sum(bell)
    factors: list[Any] = [1.0]  # of 1, x, x² ...
    for _ in range(order):
        slopes = [*(k * f for k, f in enumerate(factors) if k), 0.0, 0.0]
        falls = [0.0, *(f / variance for f in factors)]
        factors = [slope - fall for slope, fall in zip(slopes, falls, strict=True)]
    polynomial: Any = sum(f * points**k for k, f in enumerate(factors))
    return (polynomial * bell)[::-1]


def blurred(
    x: Any, sigma: Any, axis: int, order: int, mode: Any, cval: Any, truncate: float, radius: Any
) -> Any:
    """Return an image blurred along one axis."""
    reach = int(truncate * float(value_of(sigma)) + 0.5) if radius is None else radius
    if reach < 0 or int(reach) != reach:
        raise ValueError("Radius must be a nonnegative integer.")
    return along(x, gaussian(sigma, order, int(reach)), axis, mode, cval)


@plain_or
def gaussian_filter1d(
    input,
    sigma,
    axis=-1,
    order=0,
    output=None,
    mode="reflect",
    cval=0.0,
    truncate=4.0,
    *,
    radius=None,
):
    """Return an image blurred along one axis; it has a derivative in `sigma`, too.

    Examples
    --------
    >>> import autograd as ag
    >>> ag.grad(lambda x: gaussian_filter1d(x, 0.5, radius=1)[1])(np.zeros(3))
    array([0.1065, 0.787, 0.1065])
    """
    x = image(input)
    return delivered(blurred(x, sigma, axis, order, mode, cval, truncate, radius), x, output)


def gaussian_in_all(x, sigma, order, mode, cval, truncate=4.0, radius=None, axes=None):
    axes = chosen(axes, x.ndim)
    options = (of_axes(value, axes) for value in (sigma, order, mode, radius))
    for axis, width, degree, edge, reach in zip(axes, *options, strict=True):
        if value_of(width) > 1e-15:
            x = blurred(x, width, axis, degree, edge, cval, truncate, reach)
    return x


@plain_or
def gaussian_filter(
    input,
    sigma,
    order=0,
    output=None,
    mode="reflect",
    cval=0.0,
    truncate=4.0,
    *,
    radius=None,
    axes=None,
):
    """Return a blurred image; it has a derivative in `sigma`, too.

    Examples
    --------
    >>> import autograd as ag
    >>> ag.grad(lambda x: gaussian_filter(x, 0.5, radius=1)[1, 1])(np.zeros((3, 3)))[1]
    array([0.0838, 0.6193, 0.0838])
    """
    x = image(input)
    found = gaussian_in_all(x, sigma, order, mode, cval, truncate, radius, axes)
    return delivered(found, x, output)


@plain_or
def uniform_filter1d(input, size, axis=-1, output=None, mode="reflect", cval=0.0, origin=0):
    """Return means over windows along one axis.

    Examples
    --------
    >>> import autograd as ag
    >>> ag.grad(lambda x: uniform_filter1d(x, 2)[1])(np.zeros(3))
    array([0.5, 0.5, 0. ])
    """
    x = image(input)
    return delivered(along(x, np.full(size, 1 / size), axis, mode, cval, origin), x, output)


@plain_or
def uniform_filter(input, size=3, output=None, mode="reflect", cval=0.0, origin=0, *, axes=None):
    """Return means over windows.

    Examples
    --------
    >>> import autograd as ag
    >>> ag.grad(lambda x: uniform_filter(x, 2)[1, 1])(np.zeros((2, 2)))
    array([[0.25, 0.25],
           [0.25, 0.25]])
    """
    found = x = image(input)
    axes = chosen(axes, x.ndim)
    options = (of_axes(value, axes) for value in (size, mode, origin))
    for axis, width, edge, start in zip(axes, *options, strict=True):
        if width > 1:
            found = along(found, np.full(width, 1 / width), axis, edge, cval, start)
    return delivered(found, x, output)


@plain_or
def laplace(input, output=None, mode="reflect", cval=0.0, *, axes=None):
    """Return the sum of second differences along all axes.

    Examples
    --------
    >>> import autograd as ag
    >>> ag.grad(lambda x: laplace(x)[1])(np.zeros(3))
    array([ 1., -2.,  1.])
    """
    x = image(input)
    axes = chosen(axes, x.ndim)
    pairs = zip(axes, of_axes(mode, axes), strict=True)
    return delivered(sum(along(x, [1.0, -2.0, 1.0], a, m, cval) for a, m in pairs), x, output)


def edges(x: Any, axis: int, across: Any, mode: Any, cval: Any) -> Any:
    """Return differences along one axis, smoothed along the others."""
    modes = of_axes(mode, list(range(x.ndim)))
    axis = axis % x.ndim
    found = along(x, [-1.0, 0.0, 1.0], axis, modes[axis], cval)
    for other in (i for i in range(x.ndim) if i != axis):
        found = along(found, across, other, modes[other], cval)
    return found


@plain_or
def sobel(input, axis=-1, output=None, mode="reflect", cval=0.0):
    """Return Sobel's estimate of the slope.

    Examples
    --------
    >>> import autograd as ag
    >>> ag.grad(lambda x: sobel(x)[1, 1])(np.zeros((3, 3)))[1] + 0.0
    array([-2.,  0.,  2.])
    """
    x = image(input)
    return delivered(edges(x, axis, [1.0, 2.0, 1.0], mode, cval), x, output)


@plain_or
def prewitt(input, axis=-1, output=None, mode="reflect", cval=0.0):
    """Return Prewitt's estimate of the slope.

    Examples
    --------
    >>> import autograd as ag
    >>> ag.grad(lambda x: prewitt(x)[1, 1])(np.zeros((3, 3)))[1] + 0.0
    array([-1.,  0.,  1.])
    """
    x = image(input)
    return delivered(edges(x, axis, [1.0, 1.0, 1.0], mode, cval), x, output)


def of_orders(x, sigma, degree, mode, cval, axes, options):
    """Return derivatives of order `degree` along each axis of the blurred image."""
    axes = chosen(axes, x.ndim)
    return [
        gaussian_in_all(
            x, sigma, [degree * (i == axis) for i in axes], mode, cval, axes=axes, **options
        )
        for axis in axes
    ]


@plain_or
def gaussian_laplace(input, sigma, output=None, mode="reflect", cval=0.0, *, axes=None, **kwargs):
    """Return the sum of second derivatives of the blurred image.

    Examples
    --------
    >>> import autograd as ag
    >>> ag.grad(lambda x: gaussian_laplace(x, 1.0, radius=1)[1])(np.zeros(3))
    array([ 0.    , -0.4519,  0.    ])
    """
    x = image(input)
    return delivered(sum(of_orders(x, sigma, 2, mode, cval, axes, kwargs)), x, output)


@plain_or
def gaussian_gradient_magnitude(
    input, sigma, output=None, mode="reflect", cval=0.0, *, axes=None, **kwargs
):
    """Return the length of the gradient of the blurred image; its derivative at zero is zero.

    Examples
    --------
    >>> import autograd as ag
    >>> ag.grad(lambda x: gaussian_gradient_magnitude(x, 1.0)[0, 0])(np.zeros((2, 2)))
    array([[0., 0.],
           [0., 0.]])
    """
    x = image(input)
    slopes = of_orders(x, sigma, 1, mode, cval, axes, kwargs)
    return delivered(np.linalg.norm(np.stack(slopes), axis=0), x, output)


# Elements of windows in order.


def window_elements(
    x: Any, size: Any, footprint: Any, mode: Any, cval: Any, origin: Any, axes: Any
) -> Any:
    """Return for each element those of its window, in the last axis."""
    axes = of_window(axes, x.ndim)
    if footprint is None:
        if size is None:
            raise RuntimeError("no footprint or filter size provided")
        footprint = np.ones(of_axes(size, axes), bool)
    footprint = whole(np.asarray(footprint, bool), axes, x.ndim)
    if not footprint.any():
        raise ValueError("All-zero footprint is not supported.")
    widths, modes = [(0, 0)] * x.ndim, ["constant"] * x.ndim
    for place, axis in enumerate(axes):
        widths[axis] = margins(footprint.shape[axis], of_axes(origin, axes)[place])
        modes[axis] = of_axes(mode, axes)[place]
    around = continued(x, widths, modes, cval)
    places = np.argwhere(footprint).tolist()
    return np.stack([shifted(around, place, x.shape) for place in places], axis=-1)


def extreme(rank_of, input, size, footprint, output, mode, cval, origin, axes) -> Any:
    """Return the largest or smallest elements; of these windows every value belongs to its axis."""
    x = image(input)
    places = chosen(axes, x.ndim)
    by_axis = lambda values: [of_axes(values, places)[i] for i in np.argsort(places)]
    size = size if size is None or footprint is not None else by_axis(size)
    mode, origin = by_axis(mode), by_axis(origin)
    return ordered(rank_of, x, size, footprint, output, mode, cval, origin, sorted(places))


def ordered(
    rank_of: Callable[..., Any], x, size, footprint, output, mode, cval, origin, axes
) -> Any:
    """Return the element of each window whose rank ``rank_of(number of elements)`` is."""
    x = image(x)
    found = window_elements(x, size, footprint, mode, cval, origin, axes)
    count = found.shape[-1]
    rank = rank_of(count)
    if not -count <= rank < count:
        raise RuntimeError("rank not within filter footprint size")
    rank %= count
    if rank in (0, count - 1):  # shared by ties
        return delivered((np.max if rank else np.min)(found, axis=-1), x, output)
    return delivered(np.sort(found, axis=-1)[..., rank], x, output)


@plain_or
def maximum_filter(
    input, size=None, footprint=None, output=None, mode="reflect", cval=0.0, origin=0, *, axes=None
):
    """Return the largest element of each window; of equal ones, each has its share.

    Examples
    --------
    >>> import autograd as ag
    >>> ag.grad(lambda x: maximum_filter(x, 3)[0])(np.array([1.0, 5.0, 3.0]))
    array([0., 1., 0.])
    """
    top = lambda count: count - 1
    return extreme(top, input, size, footprint, output, mode, cval, origin, axes)


@plain_or
def minimum_filter(
    input, size=None, footprint=None, output=None, mode="reflect", cval=0.0, origin=0, *, axes=None
):
    """Return the smallest element of each window; of equal ones, each has its share.

    Examples
    --------
    >>> import autograd as ag
    >>> ag.grad(lambda x: minimum_filter(x, 3)[2])(np.array([1.0, 5.0, 3.0]))
    array([0., 0., 1.])
    """
    first = lambda _: 0
    return extreme(first, input, size, footprint, output, mode, cval, origin, axes)


@plain_or
def median_filter(
    input, size=None, footprint=None, output=None, mode="reflect", cval=0.0, origin=0, *, axes=None
):
    """Return the element in the middle of each window.

    Examples
    --------
    >>> import autograd as ag
    >>> ag.grad(lambda x: median_filter(x, 3)[1])(np.array([1.0, 5.0, 3.0]))
    array([0., 0., 1.])
    """
    middle = lambda count: count // 2
    return ordered(middle, input, size, footprint, output, mode, cval, origin, axes)


@plain_or
def rank_filter(
    input, rank, size=None, footprint=None, output=None, mode="reflect", cval=0.0, origin=0, *,
    axes=None,
):  # fmt: skip
    """Return the element of each window that has a rank.

    Examples
    --------
    >>> import autograd as ag
    >>> ag.grad(lambda x: rank_filter(x, 1, 3)[1])(np.array([1.0, 5.0, 3.0]))
    array([0., 0., 1.])
    """
    return ordered(lambda _: rank, input, size, footprint, output, mode, cval, origin, axes)


@plain_or
def percentile_filter(
    input, percentile, size=None, footprint=None, output=None, mode="reflect", cval=0.0, origin=0,
    *, axes=None,
):  # fmt: skip
    """Return the element of each window at a percentile.

    Examples
    --------
    >>> import autograd as ag
    >>> ag.grad(lambda x: percentile_filter(x, 50, 3)[1])(np.array([1.0, 5.0, 3.0]))
    array([0., 0., 1.])
    """
    share = percentile + 100 if percentile < 0 else percentile
    if not 0 <= share <= 100:
        raise RuntimeError("invalid percentile")
    rank_of = lambda count: min(math.floor(count * share / 100), count - 1)
    return ordered(rank_of, input, size, footprint, output, mode, cval, origin, axes)


@plain_or
def maximum_filter1d(input, size, axis=-1, output=None, mode="reflect", cval=0.0, origin=0):
    """Return the largest element of each window along one axis.

    Examples
    --------
    >>> import autograd as ag
    >>> ag.grad(lambda x: maximum_filter1d(x, 3)[0])(np.array([1.0, 5.0, 3.0]))
    array([0., 1., 0.])
    """
    return maximum_filter(input, [size], None, output, mode, cval, origin, axes=[axis])


@plain_or
def minimum_filter1d(input, size, axis=-1, output=None, mode="reflect", cval=0.0, origin=0):
    """Return the smallest element of each window along one axis.

    Examples
    --------
    >>> import autograd as ag
    >>> ag.grad(lambda x: minimum_filter1d(x, 3)[2])(np.array([1.0, 5.0, 3.0]))
    array([0., 0., 1.])
    """
    return minimum_filter(input, [size], None, output, mode, cval, origin, axes=[axis])
