"""Piecewise polynomials, and the interpolators that are some: cubic splines, Akima, PCHIP, Hermite.

Which piece a point lies in is constant; there, the polynomial in the distance from its left end is
made of sums and products. So values have derivatives in the point, the data and the knots.
"""

from typing import Any

import numpy as np
import scipy.interpolate

from autograd.errors import KeywordError, NotDifferentiableError, ShapeError
from autograd.operands import value_of
from autograd.ops.conversion import array, holds_tensor


def as_array(value: Any) -> Any:
    """Return an array, or a Tensor of what holds Tensors."""
    return array(value) if holds_tensor(value) else np.asarray(value)


def speaking(scipys: Any, build: Any, own: Any) -> type:
    """Return a class of SciPy's that takes Tensors.

    Parameters
    ----------
    scipys : type
        It is what objects made of arrays are.
    build : callable
        What stands for the constructor where there is a Tensor among its arguments.
    own : callable
        From an object made of arrays to what evaluates it at Tensors.
    """

    def new(cls: Any, *args: Any, **keywords: Any) -> Any:
        if holds_tensor((*args, *keywords.values())):
            return build(*args, **keywords)
        return scipys.__new__(cls)

    def call(self: Any, *args: Any, **keywords: Any) -> Any:
        if holds_tensor((*args, *keywords.values())):
            return own(self)(*args, **keywords)
        return scipys.__call__(self, *args, **keywords)

    members = {"__new__": new, "__call__": call, "__doc__": f"SciPy's `{scipys.__name__}`."}
    return type(scipys.__name__, (scipys,), members | {"__module__": "autograd.scipy.interpolate"})


def refusing(scipys: Any) -> type:
    """Return a class of SciPy's that refuses Tensors."""

    def refuse(*_: Any, **__: Any) -> Any:
        raise NotDifferentiableError(
            f"scipy.interpolate.{scipys.__name__} of a Tensor has no derivative here; pass arrays "
            f"(t.data) where none is needed, or use CubicSpline, make_interp_spline, interp1d, "
            f"RegularGridInterpolator or RBFInterpolator"
        )

    return speaking(scipys, refuse, lambda _: refuse)


def without_derivative(name: str) -> Any:
    """Return a method that raises."""

    def method(self: Any, *_: Any, **__: Any) -> Any:
        raise NotDifferentiableError(
            f"{name} of an interpolator that was made of Tensors has no derivative here; make one "
            f"of arrays (t.data)"
        )

    return method


def placed(found: Any, points: int, axis: int) -> Any:
    """Return values with the axes of the points, which come first, where `axis` says."""
    if not axis:
        return found
    order = list(range(found.ndim))
    moved = order[points : points + axis] + order[:points] + order[points + axis :]
    return np.transpose(found, moved)


def inside(x: Any, low: Any, high: Any, extrapolate: Any) -> tuple[Any, Any]:
    """Return points, and None or where they are out of range; `extrapolate` is as in SciPy."""
    if extrapolate == "periodic":
        return low + np.mod(x - low, high - low), None
    if extrapolate:
        return x, None
    values = value_of(x)
    return x, (values < value_of(low)) | (values > value_of(high))


def with_nan(found: Any, outside: Any) -> Any:
    """Return values with NaN for the points outside."""
    if outside is None or not np.any(outside):
        return found
    return np.where(np.reshape(outside, (*outside.shape, *(1,) * (found.ndim - outside.ndim))),
                    np.nan, found)  # fmt: skip


class PiecewisePolynomial:
    """A piecewise polynomial of Tensors, as `scipy.interpolate.PPoly` is one of arrays.

    Parameters
    ----------
    c : array or Tensor, shape (k + 1, m, ...)
        Coefficients of the powers k, k - 1 ... 0 of the distance from the left end of each piece.
    x : array or Tensor, shape (m + 1,)
        The ends of the pieces, in order.
    extrapolate : bool or "periodic"
    axis : int
        Where the axes of the points are put in the result.
    """

    def __init__(self, c: Any, x: Any, extrapolate: Any = None, axis: int = 0) -> None:
        self.c, self.x, self.axis = as_array(c), as_array(x), axis
        self.extrapolate = True if extrapolate is None else extrapolate
        if self.c.ndim < 2 or self.x.ndim != 1 or self.c.shape[1] != self.x.shape[0] - 1:
            raise ShapeError(
                f"x must have one element more than c has pieces, got shapes {self.x.shape} and "
                f"{self.c.shape}"
            )
        self._rising = bool(value_of(self.x)[-1] >= value_of(self.x)[0])

    def __call__(self, x: Any, nu: int = 0, extrapolate: Any = None) -> Any:
        """Return the values at points `x`, or the derivatives of order `nu` there."""
        x = as_array(x)
        x = x if x.dtype.kind in "fc" else x.astype(np.float64)
        extrapolate = self.extrapolate if extrapolate is None else extrapolate
        x, outside = inside(x, self.x[0], self.x[-1], extrapolate)
        knots, points = value_of(self.x), value_of(x)
        signed = (knots, points) if self._rising else (-knots, -points)
        piece = np.clip(np.searchsorted(*signed, side="right") - 1, 0, len(knots) - 2)
        c = _derived(self.c, nu)
        distance = np.reshape(x - self.x[piece], (*x.shape, *(1,) * (c.ndim - 2)))
        found = c[0][piece] + 0 * distance  # which may be of another dtype, or not a number
        for k in range(1, c.shape[0]):
            found = found * distance + c[k][piece]
        return placed(with_nan(found, outside), x.ndim, self.axis)

    def derivative(self, nu: int = 1) -> "PiecewisePolynomial":
        """Return the derivative of order `nu`."""
        if nu < 0:
            return self.antiderivative(-nu)
        return PiecewisePolynomial(_derived(self.c, nu), self.x, self.extrapolate, self.axis)

    def antiderivative(self, nu: int = 1) -> "PiecewisePolynomial":
        """Return the antiderivative of order `nu`, zero at the first knot."""
        if nu <= 0:
            return self.derivative(-nu)
        c, (_, *trailing) = self.c, self.c.shape[1:]
        for _ in range(nu):
            powers = np.reshape(np.arange(c.shape[0], 0.0, -1), (-1, *(1,) * (c.ndim - 1)))
            c = np.concatenate([c / powers, np.zeros((1, *c.shape[1:]))])
            width = np.reshape(np.diff(self.x), (-1, *(1,) * len(trailing)))
            grown = c[0]
            for k in range(1, c.shape[0]):
                grown = grown * width + c[k]
            before = np.concatenate([np.zeros((1, *trailing)), np.cumsum(grown[:-1], axis=0)])
            c = np.concatenate([c[:-1], before[None]])
        extrapolate = self.extrapolate if self.extrapolate != "periodic" else False
        return PiecewisePolynomial(c, self.x, extrapolate, self.axis)

    def integrate(self, a: Any, b: Any, extrapolate: Any = None) -> Any:
        """Return the integral from `a` to `b`."""
        extrapolate = self.extrapolate if extrapolate is None else extrapolate
        if extrapolate == "periodic":
            raise KeywordError(
                "integrate of a periodic interpolator of Tensors: pass False or True"
            )
        whole = self.antiderivative()
        return whole(b, 0, extrapolate) - whole(a, 0, extrapolate)

    roots = without_derivative("roots")
    solve = without_derivative("solve")
    extend = without_derivative("extend")


def _derived(c: Any, nu: int) -> Any:
    """Return the coefficients of a derivative."""
    for _ in range(nu):
        if c.shape[0] == 1:
            return np.zeros_like(value_of(c))
        powers = np.arange(c.shape[0] - 1.0, 0, -1)
        c = c[:-1] * np.reshape(powers, (-1, *(1,) * (c.ndim - 1)))
    return c


def of_arrays(interpolator: Any) -> PiecewisePolynomial:
    """Return SciPy's piecewise polynomial as one that takes Tensors."""
    return PiecewisePolynomial(
        interpolator.c, interpolator.x, interpolator.extrapolate, interpolator.axis
    )


# From data and slopes at the knots to coefficients.


def prepared(x: Any, y: Any, axis: int) -> tuple[Any, Any, Any, int]:
    """Return knots, data with their axis first, distances of knots (fitting), and the axis."""
    x, y = as_array(x), as_array(y)
    axis = axis % y.ndim
    y = np.moveaxis(y, axis, 0)
    if x.ndim != 1 or x.shape[0] != y.shape[0] or x.shape[0] < 2:
        raise ShapeError(
            f"x must be as many numbers as y has along its axis {axis}, 2 at least, got shapes "
            f"{x.shape} and {y.shape}"
        )
    if np.any(np.diff(value_of(x)) <= 0):
        raise ValueError("`x` must be strictly increasing sequence.")
    x, y = (a if a.dtype.kind in "fc" else a.astype(np.float64) for a in (x, y))
    return x, y, fitting(np.diff(x), y), axis


def fitting(a: Any, y: Any) -> Any:
    """Return numbers for each knot in a shape that broadcasts against the data."""
    return np.reshape(a, (-1, *(1,) * (y.ndim - 1)))


def hermite(x: Any, y: Any, slopes: Any, extrapolate: Any, axis: int) -> PiecewisePolynomial:
    """Return the piecewise cubic with these values and slopes at the knots."""
    width = fitting(np.diff(x), y)
    slope = np.diff(y, axis=0) / width
    t = (slopes[:-1] + slopes[1:] - 2 * slope) / width
    c = np.stack([t / width, (slope - slopes[:-1]) / width - t, slopes[:-1], y[:-1]])
    return PiecewisePolynomial(c, x, extrapolate, axis)


def cubic_hermite_spline(
    x: Any, y: Any, dydx: Any, axis: int = 0, extrapolate: Any = None
) -> PiecewisePolynomial:
    x, y, _, axis = prepared(x, y, axis)
    return hermite(x, y, np.moveaxis(as_array(dydx), axis, 0), extrapolate, axis)


# The slopes of a cubic spline make its second derivative continuous: an equation for each inner
# knot, and one for each end (de Boor, "A Practical Guide to Splines", chapter IV).

ENDS = {"clamped": (1, 0.0), "natural": (2, 0.0)}


def cubic_spline(
    x: Any, y: Any, axis: int = 0, bc_type: Any = "not-a-knot", extrapolate: Any = None
) -> PiecewisePolynomial:
    x, y, width, axis = prepared(x, y, axis)
    n = x.shape[0]
    ends = (bc_type, bc_type) if isinstance(bc_type, str) else tuple(bc_type)
    first, last = (ENDS.get(end, end) if isinstance(end, str) else end for end in ends)
    periodic = first == "periodic" or last == "periodic"
    if extrapolate is None:
        extrapolate = "periodic" if periodic else True
    slope = np.diff(y, axis=0) / width
    if periodic:
        if not np.allclose(value_of(y)[0], value_of(y)[-1], rtol=1e-15, atol=1e-15):
            raise ValueError("The first and last `y` point must be identical for periodic.")
        return hermite(x, y, periodic_slopes(np.diff(x), slope), extrapolate, axis)
    if n == 2:  # where not-a-knot asks for nothing
        first = (1, slope[0]) if first == "not-a-knot" else first
        last = (1, slope[0]) if last == "not-a-knot" else last
    if n == 3 and first == last == "not-a-knot":  # a parabola
        curve = (slope[1] - slope[0]) / (width[0] + width[1])
        start = slope[0] - curve * width[0]
        slopes = start + 2 * curve * fitting(x - x[0], y)
        return hermite(x, y, slopes, extrapolate, axis)
    return hermite(x, y, spline_slopes(np.diff(x), slope, first, last), extrapolate, axis)


def spline_slopes(h: Any, slope: Any, first: Any, last: Any) -> Any:
    """Return the slopes of a spline from distances, slopes between knots, and ends."""
    n = h.shape[0] + 1
    inner = np.arange(1, n - 1)
    wide = fitting(h, slope)
    rows = [end_row(first, h, slope)]
    right = 3 * (wide[1:] * slope[:-1] + wide[:-1] * slope[1:])
    mirrored = (end if end == "not-a-knot" or end[0] == 1 else (end[0], -end[1]) for end in [last])
    rows.append(end_row(next(mirrored), h[::-1], slope[::-1]))
    (main, beside, value), (main_n, beside_n, value_n) = rows
    diagonal = np.concatenate([np.reshape(main, 1), 2 * (h[1:] + h[:-1]), np.reshape(main_n, 1)])
    above = np.concatenate([np.reshape(beside, 1), h[:-1]])
    below = np.concatenate([h[1:], np.reshape(beside_n, 1)])
    matrix = np.diag(diagonal) + np.diag(above, 1) + np.diag(below, -1)
    shape = slope.shape[1:]
    parts = [np.broadcast_to(as_array(value), shape)[None], *([right] if len(inner) else [])]
    whole = np.concatenate([*parts, np.broadcast_to(as_array(value_n), shape)[None]])
    return np.reshape(np.linalg.solve(matrix, np.reshape(whole, (n, -1))), (n, *shape))


def end_row(end: Any, h: Any, slope: Any) -> tuple[Any, Any, Any]:
    """Return the equation of the first knot: factors of its slope and the next one, and a value.

    For the last knot, everything is mirrored, second derivatives with another sign.
    """
    if end == "not-a-knot":
        d = h[0] + h[1]
        value = ((h[0] + 2 * d) * h[1] * slope[0] + h[0] ** 2 * slope[1]) / d
        return h[1], d, value
    if isinstance(end, str) or len(end) != 2 or end[0] not in (1, 2):
        raise ValueError(
            f"bc_type must be 'not-a-knot', 'clamped', 'natural', 'periodic', or pairs of order "
            f"1 or 2 and value, got {end!r}"
        )
    order, value = end
    if order == 1:
        return np.ones(()), np.zeros(()), as_array(value)
    return 2 * h[0], h[0], -0.5 * as_array(value) * h[0] ** 2 + 3 * slope[0] * h[0]


def periodic_slopes(h: Any, slope: Any) -> Any:
    """Return the slopes of a periodic spline; the last is the first."""
    n = h.shape[0]
    before, wide = np.roll(h, 1), fitting(h, slope)
    shift = np.roll(np.eye(n), 1, axis=1)
    matrix = np.diag(2 * (before + h)) + before[:, None] * shift + h[:, None] * shift.T
    right = 3 * (wide * np.roll(slope, 1, 0) + np.roll(wide, 1, 0) * slope)
    found = np.reshape(np.linalg.solve(matrix, np.reshape(right, (n, -1))), slope.shape)
    return np.concatenate([found, found[:1]])


# Slopes that look at a few neighbours only.


def pchip(x: Any, y: Any, axis: int = 0, extrapolate: Any = None) -> PiecewisePolynomial:
    """Return the interpolator that is monotone where the data are.

    Fritsch and Butland, "A method for constructing local monotone piecewise cubic interpolants"
    (1984); the ends as in Moler, "Numerical Computing with Matlab", section 3.4.
    """
    x, y, h, axis = prepared(x, y, axis)
    slope = np.diff(y, axis=0) / h
    if x.shape[0] == 2:
        return hermite(x, y, np.concatenate([slope, slope]), extrapolate, axis)
    left, right = slope[:-1], slope[1:]
    flat = np.sign(value_of(left)) * np.sign(value_of(right)) <= 0
    w1, w2 = 2 * h[1:] + h[:-1], h[1:] + 2 * h[:-1]
    mean = (w1 / np.where(flat, 1.0, left) + w2 / np.where(flat, 1.0, right)) / (w1 + w2)
    inner = np.where(flat, 0.0, 1.0 / np.where(flat, 1.0, mean))
    first = pchip_end(h[0], h[1], slope[0], slope[1])
    last = pchip_end(h[-1], h[-2], slope[-1], slope[-2])
    slopes = np.concatenate([first[None], inner, last[None]])
    return hermite(x, y, slopes, extrapolate, axis)


def pchip_end(h0: Any, h1: Any, m0: Any, m1: Any) -> Any:
    """Return the slope at an end, limited so that the shape is kept."""
    found = ((2 * h0 + h1) * m0 - h0 * m1) / (h0 + h1)
    sign, sign0, sign1 = (np.sign(value_of(m)) for m in (found, m0, m1))
    steep = (sign0 != sign1) & (np.abs(value_of(found)) > 3 * np.abs(value_of(m0)))
    return np.where(sign != sign0, 0.0, np.where(steep, 3 * m0, found))


def akima(
    x: Any, y: Any, axis: int = 0, *, method: str = "akima", extrapolate: Any = None
) -> PiecewisePolynomial:
    """Return Akima's interpolator, "A new method of interpolation" (1970), or its modification."""
    x, y, h, axis = prepared(x, y, axis)
    if method not in ("akima", "makima"):
        raise NotImplementedError(f"`method`={method} is unsupported.")
    slope = np.diff(y, axis=0) / h
    if x.shape[0] == 2:
        return hermite(x, y, np.concatenate([slope, slope]), extrapolate or False, axis)
    before, after = 2 * slope[:1] - slope[1:2], 2 * slope[-1:] - slope[-2:-1]
    ends = [2 * before - slope[:1], before, slope, after, 2 * after - slope[-1:]]
    m = np.concatenate(ends)
    change = np.abs(np.diff(m, axis=0))
    if method == "makima":
        change = change + 0.5 * np.abs(m[1:] + m[:-1])
    w1, w2 = change[2:], change[:-2]
    total = value_of(w1) + value_of(w2)
    even = total <= 1e-9 * np.max(total, initial=-np.inf)
    weighted = (w1 * m[1:-2] + w2 * m[2:-1]) / np.where(even, 1.0, w1 + w2)
    middle = 0.5 * (m[3:] + m[:-3]) if method == "akima" else np.zeros_like(value_of(weighted))
    slopes = np.where(even, middle, weighted)
    return hermite(x, y, slopes, False if extrapolate is None else extrapolate, axis)


def ppoly(c: Any, x: Any, extrapolate: Any = None, axis: int = 0) -> PiecewisePolynomial:
    if axis:
        raise KeywordError(f"PPoly of Tensors does not take axis={axis}; move the axes of c")
    return PiecewisePolynomial(c, x, extrapolate)


PPoly, CubicSpline, CubicHermiteSpline, PchipInterpolator, Akima1DInterpolator = (
    speaking(getattr(scipy.interpolate, name), build, of_arrays)
    for name, build in (
        ("PPoly", ppoly),
        ("CubicSpline", cubic_spline),
        ("CubicHermiteSpline", cubic_hermite_spline),
        ("PchipInterpolator", pchip),
        ("Akima1DInterpolator", akima),
    )
)
