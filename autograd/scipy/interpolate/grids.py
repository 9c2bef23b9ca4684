"""Interpolation between samples on a line or a grid, scattered ones, and by radial functions.

Which samples a point lies between is constant; their weights are products of distances.
"""

import itertools
from collections.abc import Callable
from typing import Any

import numpy as np
import scipy.interpolate
import scipy.spatial

from autograd.errors import KeywordError, NotDifferentiableError, ShapeError
from autograd.operands import value_of
from autograd.ops.conversion import holds_tensor
from autograd.scipy.interpolate.piecewise import PiecewisePolynomial, as_array, speaking
from autograd.scipy.interpolate.splines import make_interp_spline

# On a line.

DEGREES = {"slinear": 1, "quadratic": 2, "cubic": 3}
STEPS = ("nearest", "nearest-up", "previous", "next", "zero")


class Line:
    """`scipy.interpolate.interp1d` of Tensors."""

    def __init__(
        self,
        x: Any,
        y: Any,
        kind: Any = "linear",
        axis: int = -1,
        copy: bool = True,
        bounds_error: Any = None,
        fill_value: Any = np.nan,
        assume_sorted: bool = False,
    ) -> None:
        x, y = as_array(x), as_array(y)
        self.axis = axis % y.ndim
        y = np.moveaxis(y, self.axis, 0)
        if x.ndim != 1 or x.shape[0] != y.shape[0]:
            raise ValueError(
                f"x and y arrays must be equal in length along interpolation axis, got shapes "
                f"{x.shape} and {y.shape}"
            )
        if not assume_sorted:
            order = np.argsort(value_of(x), kind="mergesort")
            x, y = x[order], y[order]
        self.x, self.y, self.kind = x, y, kind
        self.extrapolates = isinstance(fill_value, str) and fill_value == "extrapolate"
        self.bounds_error = bounds_error
        if bounds_error is None:
            unset = isinstance(fill_value, float) and np.isnan(fill_value)
            self.bounds_error = unset and not self.extrapolates
        if self.extrapolates and self.bounds_error:
            raise ValueError("Cannot extrapolate and raise at the same time.")
        if self.extrapolates and kind in ("previous", "next"):  # there is none before, or after
            fill_value = (np.nan, y[-1]) if kind == "previous" else (y[0], np.nan)
            self.extrapolates = False
        self.fill_value: Any = fill_value
        self._inner = self._interpolator()

    def _interpolator(self) -> Callable[..., Any]:
        """Return what interpolates between the samples, and beyond."""
        x, y, kind = self.x, self.y, self.kind
        if kind == "linear":
            width = np.reshape(np.diff(x), (-1, *(1,) * (y.ndim - 1)))
            return PiecewisePolynomial(np.stack([np.diff(y, axis=0) / width, y[:-1]]), x)
        if kind in STEPS:
            return self._step
        degree = DEGREES.get(kind, kind)
        if not isinstance(degree, int):
            raise NotImplementedError(
                f"{kind} is unsupported: Use fitpack routines for other types."
            )
        spline: Callable[..., Any] = make_interp_spline(x, y, degree)
        return spline

    def _step(self, q: Any) -> Any:
        """Return the sample that is next to each point, or before or after it."""
        x, q, last = value_of(self.x), value_of(q), len(value_of(self.x)) - 1
        if self.kind.startswith("nearest"):
            middles = x[:-1] + np.diff(x) / 2.0
            side: Any = "left" if self.kind == "nearest" else "right"
            return self.y[np.searchsorted(middles, q, side=side)]
        if self.kind == "next":
            return self.y[np.clip(np.searchsorted(x, q), 0, last)]
        return self.y[np.clip(np.searchsorted(x, q, side="right") - 1, 0, last)]

    def __call__(self, x: Any) -> Any:
        """Return the values at points `x`."""
        x = as_array(x)
        x = x if x.dtype.kind in "fc" else x.astype(np.float64)
        points, ends = value_of(x), value_of(self.x)
        below, above = points < ends[0], points > ends[-1]
        for outside, what, end in ((below, "below", ends[0]), (above, "above", ends[-1])):
            if self.bounds_error and np.any(outside):
                raise ValueError(
                    f"A value ({points[outside].flat[0]}) in x_new is {what} the interpolation "
                    f"range's {'minimum' if what == 'below' else 'maximum'} value ({end})."
                )
        found = self._inner(x)
        if not self.extrapolates:
            found = self._filled(found, below, above)
        order = [*range(x.ndim, x.ndim + self.axis), *range(x.ndim)]
        return np.transpose(found, order + [i for i in range(found.ndim) if i not in order])

    def _filled(self, found: Any, below: Any, above: Any) -> Any:
        """Return values with those that were given for points outside."""
        pair = isinstance(self.fill_value, tuple) and len(self.fill_value) == 2
        for outside, fill in zip(
            (below, above), self.fill_value if pair else (self.fill_value,) * 2, strict=True
        ):
            if np.any(outside):
                trailing = (1,) * (found.ndim - outside.ndim)
                found = np.where(np.reshape(outside, (*outside.shape, *trailing)), fill, found)
        return found


def line_of_arrays(line: Any) -> Line:
    """Return SciPy's interpolator as one that takes Tensors."""
    fill = "extrapolate" if getattr(line, "_extrapolate", False) else line.fill_value
    kind = getattr(line, "_kind", None)
    spline = getattr(line, "_spline", None)
    if kind == "spline" and spline is not None:
        kind = spline.k
    if kind == "nearest" and getattr(line, "_side", "") == "right":
        kind = "nearest-up"
    return Line(line.x, line.y, kind, line.axis, bounds_error=line.bounds_error, fill_value=fill)


interp1d: Any = speaking(scipy.interpolate.interp1d, Line, line_of_arrays)

# On a grid.


def joined(xi: Any, ndim: int) -> Any:
    """Return points, given as an array or a tuple of coordinates, with these in the last axis."""
    if isinstance(xi, tuple):
        xi = np.stack(np.broadcast_arrays(*map(as_array, xi)), axis=-1)
    else:
        xi = as_array(xi)
        xi = np.reshape(xi, (-1, ndim if xi.size % ndim == 0 else 1)) if xi.ndim < 2 else xi
    if xi.shape[-1] != ndim:
        raise ValueError(
            f"The requested sample points xi have dimension {xi.shape[-1]}, but this "
            f"RegularGridInterpolator has dimension {ndim}"
        )
    return xi


class Grid:
    """`scipy.interpolate.RegularGridInterpolator` of Tensors."""

    def __init__(
        self,
        points: Any,
        values: Any,
        method: str = "linear",
        bounds_error: bool = True,
        fill_value: Any = np.nan,
        *,
        solver: Any = None,
        solver_args: Any = None,
    ) -> None:
        self.grid, self.values = [as_array(p) for p in points], as_array(values)
        shape = tuple(len(p) for p in self.grid)
        if shape != self.values.shape[: len(shape)]:
            raise ValueError(f"There are {shape} points and values of shape {self.values.shape}")
        for axis, p in enumerate(self.grid):
            steps = np.diff(value_of(p))
            if np.all(steps < 0):
                self.grid[axis], self.values = p[::-1], np.flip(self.values, axis)
            elif np.any(steps <= 0):
                raise ValueError(
                    f"The points in dimension {axis} must be strictly ascending or descending"
                )
        self.method, self.bounds_error, self.fill_value = method, bounds_error, fill_value

    def __call__(self, xi: Any, method: Any = None, *, nu: Any = None) -> Any:
        """Return the values at points `xi`, shape (..., number of axes)."""
        method = self.method if method is None else method
        if method not in ("linear", "nearest") or nu is not None:
            raise KeywordError(
                f"an interpolator on a grid that is given Tensors takes method='linear' or "
                f"'nearest' and no nu=, got {method!r}; on a rectangle there is RectBivariateSpline"
            )
        xi = joined(xi, len(self.grid))
        flat = np.reshape(xi, (-1, len(self.grid)))
        points = value_of(flat)
        ends = np.array([[value_of(p)[0], value_of(p)[-1]] for p in self.grid])
        outside = np.any((points < ends[:, 0]) | (points > ends[:, 1]), axis=1)
        if self.bounds_error and np.any(outside):
            axis = int(np.argmax(np.any((points < ends[:, 0]) | (points > ends[:, 1]), axis=0)))
            raise ValueError(f"One of the requested xi is out of bounds in dimension {axis}")
        lost = np.any(np.isnan(points), axis=1)
        found = (self._linear if method == "linear" else self._nearest)(flat)
        fit = lambda mask: np.reshape(mask, (-1, *(1,) * (found.ndim - 1)))
        if not self.bounds_error and self.fill_value is not None and np.any(outside):
            found = np.where(fit(outside), self.fill_value, found)
        found = np.where(fit(lost), np.nan, found) if np.any(lost) else found
        return np.reshape(found, (*xi.shape[:-1], *self.values.shape[len(self.grid) :]))

    def _places(self, flat: Any) -> Any:
        """Return for each axis the cell of each point, and how far along it is."""
        for p, x in zip(self.grid, flat.T, strict=True):
            size = len(p)
            cell = np.clip(np.searchsorted(value_of(p), value_of(x)) - 1, 0, max(size - 2, 0))
            after = np.minimum(cell + 1, size - 1)
            width = p[after] - p[cell]
            yield cell, after, (x - p[cell]) / (width if size > 1 else 1.0)

    def _linear(self, flat: Any) -> Any:
        """Return sums over the corners of the cells."""
        places = list(self._places(flat))
        trailing = (1,) * (self.values.ndim - len(self.grid))
        total: Any = 0.0
        for corner in itertools.product((0, 1), repeat=len(places)):
            weight: Any = 1.0
            for side, (_, _, part) in zip(corner, places, strict=True):
                weight = weight * (part if side else 1 - part)
            index = tuple(place[side] for side, place in zip(corner, places, strict=True))
            total = total + np.reshape(weight, (-1, *trailing)) * self.values[index]
        return total

    def _nearest(self, flat: Any) -> Any:
        """Return the values of the nearest points."""
        index = tuple(
            np.where(value_of(part) <= 0.5, cell, after) for cell, after, part in self._places(flat)
        )
        return self.values[index]


def grid_of_arrays(grid: Any) -> Grid:
    """Return SciPy's interpolator as one that takes Tensors."""
    return Grid(grid.grid, grid.values, grid.method, grid.bounds_error, grid.fill_value)


RegularGridInterpolator: Any = speaking(
    scipy.interpolate.RegularGridInterpolator, Grid, grid_of_arrays
)


def interpn(
    points: Any,
    values: Any,
    xi: Any,
    method: str = "linear",
    bounds_error: bool = True,
    fill_value: Any = np.nan,
) -> Any:
    """Return values on a grid, interpolated at points.

    Examples
    --------
    >>> import autograd as ag
    >>> at = lambda v: interpn(([0.0, 1.0],), v, np.array([[0.25]]))[0]
    >>> ag.grad(at)(np.array([2.0, 4.0]))
    array([0.75, 0.25])
    """
    if not holds_tensor((points, values, xi)):
        return scipy.interpolate.interpn(points, values, xi, method, bounds_error, fill_value)
    return Grid(points, values, method, bounds_error, fill_value)(xi)


# Between scattered points.


def griddata(
    points: Any,
    values: Any,
    xi: Any,
    method: str = "linear",
    fill_value: float = np.nan,
    rescale: bool = False,
) -> Any:
    """Return values at scattered points, interpolated at others: in values and these others.

    Examples
    --------
    >>> import autograd as ag
    >>> corners = np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]])
    >>> ag.grad(lambda v: griddata(corners, v, (0.25, 0.25))[()])(np.ones(3))
    array([0.5 , 0.25, 0.25])
    """
    if not holds_tensor((points, values, xi)):
        return scipy.interpolate.griddata(points, values, xi, method, fill_value, rescale)
    if holds_tensor(points):
        raise NotDifferentiableError(
            "griddata has derivatives in values and xi; pass arrays (t.data) for points"
        )
    if method not in ("linear", "nearest") or rescale:
        raise KeywordError("griddata of Tensors takes method='linear' or 'nearest', no rescale=")
    if isinstance(points, tuple):
        points = np.stack(np.broadcast_arrays(*points), -1)
    points = np.asarray(points)
    points, values = np.reshape(points, (len(points), -1)), as_array(values)
    if points.shape[1] == 1:
        order = np.argsort(points[:, 0])
        xi = xi[0] if isinstance(xi, tuple) else xi
        fill: Any = "extrapolate" if method == "nearest" else fill_value
        line = Line(points[order, 0], values[order], method, 0, bounds_error=False, fill_value=fill)
        return line(xi)
    if isinstance(xi, tuple):
        xi = np.stack(np.broadcast_arrays(*map(as_array, xi)), axis=-1)
    return _scattered(points, values, as_array(xi), method, fill_value)


def _scattered(points: Any, values: Any, xi: Any, method: str, fill_value: float) -> Any:
    """Return values of the nearest points, or of the planes over triangles (simplices)."""
    at = value_of(xi)
    if method == "nearest":
        return values[scipy.spatial.KDTree(points).query(at)[1]]
    mesh = scipy.spatial.Delaunay(points)
    simplex = mesh.find_simplex(at)
    transform, ndim = mesh.transform[simplex], points.shape[1]
    shares = np.matmul(transform[..., :ndim, :], (xi - transform[..., ndim, :])[..., None])[..., 0]
    shares = np.concatenate([shares, 1 - np.sum(shares, -1, keepdims=True)], axis=-1)
    corners = values[mesh.simplices[simplex]]
    trailing = (1,) * (values.ndim - 1)
    found = np.sum(np.reshape(shares, (*shares.shape, *trailing)) * corners, axis=at.ndim - 1)
    outside = np.reshape(simplex < 0, (*simplex.shape, *trailing))
    return np.where(outside, fill_value, found)


# By radial functions.


def _length(s: Any) -> Any:
    """Return the root of squared distances; zero has the derivative zero."""
    zero = value_of(s) == 0
    return np.where(zero, 0.0, np.sqrt(np.where(zero, 1.0, s)))


def _logarithmic(s: Any) -> Any:
    """Return r² log r of r²."""
    zero = value_of(s) == 0
    return np.where(zero, 0.0, 0.5 * s * np.log(np.where(zero, 1.0, s)))


KERNELS: dict[str, tuple[Callable[[Any], Any], int]] = {
    "linear": (lambda s: -_length(s), 0),
    "thin_plate_spline": (_logarithmic, 1),
    "cubic": (lambda s: s * _length(s), 1),
    "quintic": (lambda s: -(s**2) * _length(s), 2),
    "multiquadric": (lambda s: -np.sqrt(s + 1), 0),
    "inverse_multiquadric": (lambda s: 1 / np.sqrt(s + 1), -1),
    "inverse_quadratic": (lambda s: 1 / (s + 1), -1),
    "gaussian": (lambda s: np.exp(-s), -1),
}
"""Of squared distances; and the least degree of the polynomial that makes the problem solvable."""
SCALE_FREE = ("linear", "thin_plate_spline", "cubic", "quintic")


class Radial:
    """`scipy.interpolate.RBFInterpolator` of Tensors: in points, data, smoothing and epsilon."""

    def __init__(
        self,
        y: Any,
        d: Any,
        neighbors: Any = None,
        smoothing: Any = 0.0,
        kernel: str = "thin_plate_spline",
        epsilon: Any = None,
        degree: Any = None,
    ) -> None:
        if neighbors is not None:
            raise KeywordError("RBFInterpolator of Tensors does not take neighbors=; leave it out")
        if kernel not in KERNELS:
            raise ValueError(f"`kernel` must be one of {set(KERNELS)}.")
        self.y, d = as_array(y), as_array(d)
        if self.y.ndim != 2 or d.shape[0] != self.y.shape[0]:
            raise ShapeError(
                f"y must be of shape (points, axes), d of as many points, got {self.y.shape} and "
                f"{d.shape}"
            )
        if epsilon is None and kernel not in SCALE_FREE:
            raise ValueError(f"`epsilon` must be specified if `kernel` is not one of {SCALE_FREE}.")
        self.kernel, least = KERNELS[kernel]
        self.epsilon = 1.0 if epsilon is None else epsilon
        degree = max(least, 0) if degree is None else int(degree)
        self.powers = [
            power
            for total in range(degree + 1)
            for power in itertools.product(range(total + 1), repeat=self.y.shape[1])
            if sum(power) == total
        ]
        self.trailing = d.shape[1:]
        low, high = (f(value_of(self.y), axis=0) for f in (np.min, np.max))
        self.shift, scale = (high + low) / 2, (high - low) / 2
        self.scale = np.where(scale == 0, 1.0, scale)
        self.coefficients = self._solved(np.reshape(d, (d.shape[0], -1)), smoothing)

    def _solved(self, d: Any, smoothing: Any) -> Any:
        """Return the coefficients of the radial functions and of the polynomial."""
        n, m = self.y.shape[0], len(self.powers)
        smoothing = as_array(smoothing)
        matrix = self._radial(self.y) + np.diag(smoothing * np.ones(n))
        if not m:
            return np.linalg.solve(matrix, d)
        p = self._polynomial(self.y)
        upper = np.concatenate([matrix, p], axis=1)
        lower = np.concatenate([p.T, np.zeros((m, m))], axis=1)
        right = np.concatenate([d, np.zeros((m, d.shape[1]))])
        return np.linalg.solve(np.concatenate([upper, lower]), right)

    def _radial(self, x: Any) -> Any:
        """Return the radial functions of all points at `x`."""
        difference = (x[:, None, :] - self.y[None, :, :]) * self.epsilon
        return self.kernel(np.sum(difference * difference, axis=-1))

    def _polynomial(self, x: Any) -> Any:
        """Return all powers at `x`, of coordinates between -1 and 1."""
        x = (x - self.shift) / self.scale
        columns = []
        for power in self.powers:
            column: Any = np.ones(x.shape[0])
            for axis, exponent in enumerate(power):
                column = column * x[:, axis] ** exponent if exponent else column
            columns.append(column)
        return np.stack(columns, axis=1)

    def __call__(self, x: Any) -> Any:
        """Return the values at points `x`, shape (points, axes)."""
        x = as_array(x)
        if x.ndim != 2 or x.shape[1] != self.y.shape[1]:
            raise ShapeError(
                f"Expected the second axis of `x` to have length {self.y.shape[1]}, got {x.shape}"
            )
        parts = [self._radial(x)] + ([self._polynomial(x)] if self.powers else [])
        found = np.concatenate(parts, axis=1) @ self.coefficients
        return np.reshape(found, (x.shape[0], *self.trailing))


def radial_of_arrays(radial: Any) -> Radial:
    """Return SciPy's interpolator as one that takes Tensors."""
    degree = max(int(np.max(np.sum(radial.powers, axis=1), initial=-1)), -1)
    d = np.reshape(radial.d, (len(radial.y), *radial.d_shape)).view(radial.d_dtype)
    return Radial(
        radial.y, d, radial.neighbors, radial.smoothing, radial.kernel, radial.epsilon, degree
    )


RBFInterpolator: Any = speaking(scipy.interpolate.RBFInterpolator, Radial, radial_of_arrays)
