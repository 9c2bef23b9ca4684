"""Images at points between their elements, by splines: shifted, turned, at any coordinates.

The coefficients of a spline are linear in the image; a value is a sum of coefficients near the
point, with weights that are polynomials in its coordinates. So there are derivatives in both, from
order 1 on in the coordinates. Unser, "Splines: a perfect fit for signal and image processing"
(1999).
"""

import functools
import itertools
from typing import Any

import numpy as np
import scipy.ndimage
import scipy.sparse

from autograd.errors import KeywordError, NotDifferentiableError
from autograd.operands import value_of
from autograd.ops.conversion import holds_tensor
from autograd.scipy.ndimage.filters import (
    MODES,
    as_array,
    chosen,
    delivered,
    image,
    of_axes,
    plain_or,
)
from autograd.scipy.ndimage.windows import sparse

PADDING = 12  # of modes whose splines have no filter of their own, as SciPy has it
MIRRORED = ("constant", "wrap", "nearest")  # outside, their coefficients go on as in a mirror


@plain_or
def spline_filter1d(input, order=3, axis=-1, output=np.float64, mode="mirror"):
    """Return the coefficients of the spline through the elements along one axis.

    Examples
    --------
    >>> import autograd as ag
    >>> ag.grad(lambda x: spline_filter1d(x)[0])(np.zeros(3))
    array([ 1.75, -1.  ,  0.25])
    """
    x = image(input)
    return delivered(coefficients(x, order, axis, mode), x, np.result_type(x.dtype, output))


def coefficients(x: Any, order: int, axis: int, mode: str) -> Any:
    """Return the coefficients along one axis: a matrix times the image."""
    if order < 0 or order > 5:
        raise RuntimeError("spline order not supported")
    if order < 2:
        return x
    size = x.shape[axis]
    matrix = scipy.ndimage.spline_filter1d(np.eye(size), order, axis=0, mode=mode)
    return np.moveaxis(np.tensordot(np.moveaxis(x, axis, -1), matrix.T, 1), -1, axis)


@plain_or
def spline_filter(input, order=3, output=np.float64, mode="mirror"):
    """Return the coefficients of the spline through the elements.

    Examples
    --------
    >>> import autograd as ag
    >>> ag.grad(lambda x: spline_filter(x)[0])(np.zeros(3))
    array([ 1.75, -1.  ,  0.25])
    """
    found = x = image(input)
    if order < 2 or order > 5:
        raise RuntimeError("spline order not supported")
    for axis in range(x.ndim):
        found = coefficients(found, order, axis, mode)
    return delivered(found, x, np.result_type(x.dtype, output))


def into_range(x: Any, size: int, mode: str) -> Any:
    """Return coordinates along an axis where `mode` finds the same in the image."""
    values, end = value_of(x), size - 1
    if mode in ("constant", "grid-constant"):
        return x
    if mode == "nearest":
        return np.where(values < 0, 0.0, np.where(values > end, float(end), x))
    if mode == "grid-wrap":
        return x - size * np.floor(values / size)
    if size == 1:
        return x - values
    if mode == "wrap":
        turns = np.floor(values / end)
        return x - end * np.where((values < 0) | (values > end), turns, 0)
    shift, period = (0.0, 2.0 * end) if mode == "mirror" else (0.5, 2.0 * size)
    rest = values + shift - period * np.floor((values + shift) / period)
    back = rest > period / 2
    offset = np.where(back, period - rest, rest) - shift - np.where(back, -1, 1) * values
    return np.where(back, -1, 1) * x + offset


def weights(part: Any, order: int) -> list[Any]:
    """Return the weights of the coefficients around points; `part` is the way to the next one.

    They are the values of the B-spline at `part`, `part` + 1 ..., by the recursion of its degree.
    """
    found: list[Any] = [np.ones(np.shape(part))]
    for p in range(1, order + 1):
        padded = [*found, 0.0]
        before = [0.0, *found]
        found = [
            ((part + m) * padded[m] + (p + 1 - part - m) * before[m]) / p for m in range(p + 1)
        ]
    return found[::-1]


def around(x: Any, size: int, order: int, mode: str) -> tuple[Any, Any, list[Any]]:
    """Return for points on an axis the coefficients they need, if there are such, and weights."""
    x = into_range(x, size, mode)
    values = value_of(x)
    half = 0.0 if order % 2 else 0.5
    floor = np.floor(values + half)
    first = floor.astype(int) - order // 2
    index = first + np.reshape(np.arange(order + 1), (-1, *(1,) * values.ndim))
    valid = (index >= 0) & (index < size)
    inner = "mirror" if mode in MIRRORED else mode
    if mode != "grid-constant":
        index = np.rint(into_range(index.astype(float), size, inner)).astype(int)
    index = np.clip(index, 0, size - 1)
    return index, valid, weights(x + half - floor, order)


def spline_of(x: Any, order: int, mode: str, cval: Any, prefilter: bool) -> tuple[Any, int]:
    """Return the coefficients of an image, and how many were put before it on each axis."""
    if mode not in MODES:
        raise RuntimeError(f"boundary mode not supported: {mode!r}")
    if order < 0 or order > 5:
        raise RuntimeError("spline order not supported")
    if not prefilter or order < 2:
        return x, 0
    padding = PADDING if mode in ("nearest", "grid-constant") else 0
    if padding:
        more: Any = {"constant_values": cval} if mode == "grid-constant" else {}
        kind: Any = MODES[mode]
        x = np.pad(x, padding, kind, **more)
    for axis in range(x.ndim):
        x = coefficients(x, order, axis, mode)
    return x, padding


def sampled(x: Any, coordinates: Any, order: int, mode: str, cval: Any, prefilter: bool) -> Any:
    """Return an image at points; their coordinates along each axis are the items of a list."""
    mode = {"grid-mirror": "reflect"}.get(mode, mode)
    spline, padding = spline_of(x, order, mode, cval, prefilter)
    coordinates = [c + float(padding) for c in coordinates]
    outside: Any = False
    if mode == "constant":
        for c, size in zip(map(value_of, coordinates), spline.shape, strict=True):
            outside = outside | (c < 0) | (c > size - 1) | np.isnan(c)
        coordinates = [np.where(outside, 0.0, c) for c in coordinates]
    sizes = zip(coordinates, spline.shape, strict=True)
    axes = [around(c, size, order, mode) for c, size in sizes]
    neighbours = list(itertools.product(range(order + 1), repeat=x.ndim))
    places = lambda n: [place[n[axis]] for axis, (place, _, _) in enumerate(axes)]
    index = np.stack([np.ravel_multi_index(places(n), spline.shape) for n in neighbours])
    shares = np.stack(
        [
            functools.reduce(np.multiply, [w[n[axis]] for axis, (_, _, w) in enumerate(axes)])
            for n in neighbours
        ]
    )
    if not holds_tensor(shares) and mode != "grid-constant":
        found = from_matrix(spline, index, shares)
        return np.where(outside, cval, found) if np.any(outside) else found
    near = np.reshape(spline, -1)[index]
    if mode == "grid-constant":
        valid = np.stack(
            [
                np.logical_and.reduce([v[n[axis]] for axis, (_, v, _) in enumerate(axes)])
                for n in neighbours
            ]
        )
        near = np.where(valid, near, cval)
    found = np.sum(near * shares, axis=0)
    return np.where(outside, cval, found) if np.any(outside) else found


def from_matrix(spline: Any, index: Any, shares: Any) -> Any:
    """Return the sums of coefficients, whose weights are constant, by one product."""
    shape, size = index.shape[1:], int(np.prod(index.shape[1:]))
    ends = np.arange(size + 1) * len(index)
    flat = [np.reshape(a, (len(index), size)).T.ravel() for a in (shares, index)]
    matrix = scipy.sparse.csr_array((*flat, ends), shape=(size, spline.size))
    return np.reshape(sparse(np.reshape(spline, -1), matrix), shape)


def finished(x, coordinates, output, order, mode, cval, prefilter):
    """Return an image at points, in the dtype that is asked for."""
    if value_of(cval) is not cval:
        raise NotDifferentiableError("there is no derivative in cval; pass a number (t.item())")
    return delivered(sampled(x, coordinates, order, mode, cval, prefilter), x, output)


@plain_or
def map_coordinates(
    input, coordinates, output=None, order=3, mode="constant", cval=0.0, prefilter=True
):
    """Return an image at points, whose coordinates are in the first axis of `coordinates`.

    Examples
    --------
    >>> import autograd as ag
    >>> x = np.array([0.0, 1.0, 4.0, 9.0])
    >>> ag.grad(lambda at: map_coordinates(x, [[at]], order=1)[0])(1.5)
    np.float64(3.0)
    """
    x, coordinates = image(input), image(coordinates)
    if coordinates.shape[0] != x.ndim:
        raise RuntimeError("invalid shape for coordinate array")
    return finished(x, list(coordinates), output, order, mode, cval, prefilter)


def grid(shape: Any) -> Any:
    """Return the places of the elements of an image, along each axis."""
    return np.indices(shape).astype(np.float64)


@plain_or
def shift(input, shift, output=None, order=3, mode="constant", cval=0.0, prefilter=True):
    """Return an image that is moved along each axis; it has a derivative in `shift`.

    Examples
    --------
    >>> import autograd as ag
    >>> x = np.array([0.0, 1.0, 4.0, 9.0])
    >>> ag.grad(lambda by: shift(x, by, order=1)[2])(0.5)
    np.float64(-3.0)
    """
    x = image(input)
    steps = of_axes(as_array(shift), list(range(x.ndim)))
    places = [place - step for place, step in zip(grid(x.shape), steps, strict=True)]
    return finished(x, places, output, order, mode, cval, prefilter)


@plain_or
def zoom(
    input, zoom, output=None, order=3, mode="constant", cval=0.0, prefilter=True, *, grid_mode=False
):
    """Return an image with `zoom` times as many elements along each axis.

    Examples
    --------
    >>> import autograd as ag
    >>> ag.jacobian(lambda x: zoom(x, 1.5, order=1))(np.array([1.0, 4.0]))
    array([[1. , 0. ],
           [0.5, 0.5],
           [0. , 1. ]])
    """
    if holds_tensor(zoom):
        raise NotDifferentiableError(
            "zoom of an image has no derivative in the factor, which decides on a size"
        )
    x = image(input)
    factors = of_axes(zoom, list(range(x.ndim)))
    shape = tuple(round(n * factor) for n, factor in zip(x.shape, factors, strict=True))
    places = []
    for place, n, m in zip(grid(shape), x.shape, shape, strict=True):
        if grid_mode:
            places.append((place + 0.5) * (n / m) - 0.5)
        else:
            places.append(place * ((n - 1) / (m - 1) if m > 1 else 1.0))
    if grid_mode:
        mode = {"constant": "grid-constant", "wrap": "grid-wrap"}.get(mode, mode)
    return finished(x, places, output, order, mode, cval, prefilter)


@plain_or
def affine_transform(
    input,
    matrix,
    offset=0.0,
    output_shape=None,
    output=None,
    order=3,
    mode="constant",
    cval=0.0,
    prefilter=True,
):
    """Return at each place o the image at ``matrix @ o + offset``; in both, too.

    Examples
    --------
    >>> import autograd as ag
    >>> x = np.array([0.0, 1.0, 4.0, 9.0])
    >>> ag.grad(lambda m: affine_transform(x, [m], order=1)[3])(0.5)
    np.float64(9.0)
    """
    x, matrix, offset = image(input), image(matrix), image(offset)
    n = x.ndim
    shape = x.shape if output_shape is None else tuple(output_shape)
    if matrix.ndim == 2 and matrix.shape in ((n, n + 1), (n + 1, n + 1)):
        matrix, offset = matrix[:n, :n], matrix[:n, n]
    if matrix.ndim not in (1, 2) or matrix.shape[0] != n or matrix.shape[-1] != n:
        raise RuntimeError("improper affine transform matrix")
    offsets = of_axes(offset, list(range(n)))
    o = grid(shape)
    if matrix.ndim == 1:
        moved = [factor * place for factor, place in zip(matrix, o, strict=True)]
    else:
        moved = list(np.tensordot(matrix, o, 1))
    places = [place + by for place, by in zip(moved, offsets, strict=True)]
    return finished(x, places, output, order, mode, cval, prefilter)


@plain_or
def rotate(
    input,
    angle,
    axes=(1, 0),
    reshape=True,
    output=None,
    order=3,
    mode="constant",
    cval=0.0,
    prefilter=True,
):
    """Return an image turned by an angle in degrees; it has a derivative in `angle`.

    Examples
    --------
    >>> import autograd as ag
    >>> x = np.arange(9.0).reshape(3, 3)
    >>> turned = lambda angle: rotate(x, angle, reshape=False, order=1)[1, 2]
    >>> ag.grad(turned)(-5.0)  # 3 π / 180 cos 5°, and less for the shorter way
    np.float64(0.0537)
    """
    x = image(input)
    if x.ndim < 2:
        raise ValueError("input array should be at least 2D")
    plane = sorted(chosen(axes, x.ndim))
    if len(plane) != 2:
        raise ValueError("axes should contain exactly two values")
    angle = as_array(angle) * (np.pi / 180)
    c, s = np.cos(angle), np.sin(angle)
    sizes = np.array([x.shape[axis] for axis in plane])
    turned = sizes
    if reshape:
        c0, s0 = exact(value_of(c)), exact(value_of(s))
        corners = np.array([[0, 0, sizes[0], sizes[0]], [0, sizes[1], 0, sizes[1]]])
        turned = (np.ptp(np.array([[c0, s0], [-s0, c0]]) @ corners, axis=1) + 0.5).astype(int)
    middle, middle_in = (turned - 1) / 2, (sizes - 1) / 2
    shape = list(x.shape)
    shape[plane[0]], shape[plane[1]] = turned
    places: list[Any] = list(grid(shape))
    u, v = places[plane[0]] - middle[0], places[plane[1]] - middle[1]
    places[plane[0]] = c * u + s * v + middle_in[0]
    places[plane[1]] = -s * u + c * v + middle_in[1]
    return finished(x, places, output, order, mode, cval, prefilter)


def exact(x: Any) -> Any:
    """Return sines without the rounding errors of zero and one, as those of degrees have none."""
    return np.where(np.abs(x) < 1e-15, 0.0, x)


@plain_or
def geometric_transform(input, mapping, *args, **keywords):
    """Refuse Tensors: the mapping is called for each element, with numbers."""
    raise KeywordError(
        "geometric_transform of a Tensor: compute the coordinates and use map_coordinates"
    )
