"""B-splines: sums of basis functions, which de Boor's recursion makes of the knots around a point.

de Boor, "A Practical Guide to Splines", chapters IX and X.
"""

from typing import Any

import numpy as np
import scipy.interpolate

from autograd.errors import KeywordError, NotDifferentiableError, ShapeError
from autograd.operands import value_of
from autograd.ops.conversion import holds_tensor
from autograd.scipy.interpolate.piecewise import (
    as_array,
    inside,
    placed,
    speaking,
    with_nan,
    without_derivative,
)


class Spline:
    """A spline of Tensors, as `scipy.interpolate.BSpline` is one of arrays.

    Parameters
    ----------
    t : array or Tensor, shape (n + k + 1,)
        Knots, in order.
    c : array or Tensor, shape (n, ...)
        Coefficients, along `axis`.
    k : int
        Degree.
    extrapolate : bool or "periodic"
    axis : int
    """

    def __init__(self, t: Any, c: Any, k: int, extrapolate: Any = True, axis: int = 0) -> None:
        self.t, c, self.k = as_array(t), as_array(c), int(k)
        self.extrapolate = extrapolate
        self.axis = axis % c.ndim
        self.c = np.moveaxis(c, self.axis, 0)
        n = self.t.shape[0] - self.k - 1
        if self.t.ndim != 1 or self.c.shape[0] < n or n < self.k + 1:
            raise ShapeError(
                f"a spline of degree {k} needs at least {2 * self.k + 2} knots and as many "
                f"coefficients less {self.k + 1}, got shapes {self.t.shape} and {c.shape}"
            )

    def __call__(self, x: Any, nu: int = 0, extrapolate: Any = None) -> Any:
        """Return the values at points `x`, or the derivatives of order `nu` there."""
        t, c, k = self.t, self.c, self.k
        n = t.shape[0] - k - 1
        extrapolate = self.extrapolate if extrapolate is None else extrapolate
        x = as_array(x)
        x = x if x.dtype.kind in "fc" else x.astype(np.float64)
        x, outside = inside(x, t[k], t[n], extrapolate)
        knots, points = value_of(t), value_of(x)
        piece = np.clip(np.searchsorted(knots, points, side="right") - 1, k, n - 1)
        for _ in range(nu):
            t, c, k, piece = *_derived(t, c, k), max(k - 1, 0), piece - (k > 0)
        found = _de_boor(x, t, c, k, piece)
        return placed(with_nan(found, outside), x.ndim, self.axis)

    def derivative(self, nu: int = 1) -> "Spline":
        """Return the derivative of order `nu`."""
        t, c, k = self.t, self.c[: self.t.shape[0] - self.k - 1], self.k
        for _ in range(nu):
            t, c, k = *_derived(t, c, k), max(k - 1, 0)
        return _of_parts(t, c, k, self.extrapolate, self.axis)

    def antiderivative(self, nu: int = 1) -> "Spline":
        """Return the antiderivative of order `nu`, zero at the first knot."""
        t, c, k = self.t, self.c[: self.t.shape[0] - self.k - 1], self.k
        for _ in range(nu):
            n = t.shape[0] - k - 1
            width = np.reshape(t[k + 1 :] - t[:n], (-1, *(1,) * (c.ndim - 1))) / (k + 1)
            grown = np.cumsum(c * width, axis=0)
            c = np.concatenate([np.zeros((1, *c.shape[1:])), grown])
            t, k = np.concatenate([t[:1], t, t[-1:]]), k + 1
        extrapolate = False if self.extrapolate == "periodic" else self.extrapolate
        return _of_parts(t, c, k, extrapolate, self.axis)

    def integrate(self, a: Any, b: Any, extrapolate: Any = None) -> Any:
        """Return the integral from `a` to `b`; beyond the knots it adds nothing, unless told."""
        extrapolate = self.extrapolate if extrapolate is None else extrapolate
        if extrapolate == "periodic":
            raise KeywordError("integrate of a periodic spline of Tensors: pass False or True")
        if not extrapolate:
            low, high = self.t[self.k], self.t[self.t.shape[0] - self.k - 1]
            a, b = (np.minimum(np.maximum(end, low), high) for end in (a, b))
        whole = self.antiderivative()
        return whole(b, 0, True) - whole(a, 0, True)

    insert_knot = without_derivative("insert_knot")


def _of_parts(t: Any, c: Any, k: int, extrapolate: Any, axis: int) -> Spline:
    """Return a spline whose coefficients have their axis first."""
    found = Spline(t, c, k, extrapolate)
    found.axis = axis
    return found


def ratio(a: Any, b: Any) -> Any:
    """Return a / b, and zero where b is, as between knots that are the same."""
    zero = value_of(b) == 0
    return np.where(zero, 0.0, a / np.where(zero, 1.0, b))


def _derived(t: Any, c: Any, k: int) -> tuple[Any, Any]:
    """Return knots and coefficients of the derivative."""
    n = t.shape[0] - k - 1
    if k == 0:
        return t, np.zeros_like(value_of(c))
    width = np.reshape(t[k + 1 : k + n] - t[1:n], (-1, *(1,) * (c.ndim - 1)))
    return t[1:-1], k * ratio(c[1:n] - c[: n - 1], width)


def _de_boor(x: Any, t: Any, c: Any, k: int, piece: Any) -> Any:
    """Return the values of a spline at points that lie in (or near) the pieces numbered `piece`."""
    trailing = (1,) * (c.ndim - 1)
    fit = lambda a: np.reshape(a, (*x.shape, *trailing))
    d = [c[piece - k + j] for j in range(k + 1)]
    if not k:
        return d[0] + 0 * fit(x)
    for r in range(1, k + 1):
        for j in range(k, r - 1, -1):
            low, high = t[piece - k + j], t[piece + 1 + j - r]
            part = fit(ratio(x - low, high - low))
            d[j] = (1 - part) * d[j - 1] + part * d[j]
    return d[k]


def of_arrays(spline: Any) -> Spline:
    """Return SciPy's spline as one that takes Tensors."""
    return _of_parts(spline.t, spline.c, spline.k, spline.extrapolate, spline.axis)


BSpline: Any = speaking(scipy.interpolate.BSpline, Spline, of_arrays)


def _without_values(condition: Any, trailing: tuple[int, ...]) -> Any:
    """Return conditions at an end with zeros for the values."""
    if condition is None or isinstance(condition, str):
        return condition
    return [(order, np.zeros(trailing)) for order, _ in condition]


def make_interp_spline(
    x: Any,
    y: Any,
    k: int = 3,
    t: Any = None,
    bc_type: Any = None,
    axis: int = 0,
    check_finite: bool = True,
) -> Any:
    """Return the spline of degree `k` through the points; it has derivatives in `y`.

    Examples
    --------
    >>> import autograd as ag
    >>> middle = lambda y: make_interp_spline([0.0, 1.0, 2.0], y, k=2)(1.5)
    >>> ag.grad(middle)(np.array([0.0, 1.0, 0.0]))
    array([-0.125,  0.75 ,  0.375])
    """
    if holds_tensor((x, t, bc_type)):
        raise NotDifferentiableError(
            "make_interp_spline has a derivative in y only; pass arrays (t.data) for x, t and "
            "bc_type, or use CubicSpline, which has derivatives in x"
        )
    if not holds_tensor((y,)):
        found = scipy.interpolate.make_interp_spline(x, y, k, t, bc_type, axis, check_finite)
        return BSpline.construct_fast(found.t, found.c, found.k, found.extrapolate, found.axis)
    y = as_array(y)
    axis = axis % y.ndim
    y = np.moveaxis(y, axis, 0)
    x = np.asarray(x)
    make = lambda y, ends: scipy.interpolate.make_interp_spline(x, y, k, t, ends, 0, check_finite)
    zeros = make(np.zeros_like(value_of(y)), bc_type)
    pair = bc_type if isinstance(bc_type, tuple) else None
    ends = bc_type if pair is None else tuple(_without_values(end, (len(x),)) for end in pair)
    matrix = np.eye(len(x))
    if bc_type == "periodic":  # whose first and last row must be equal
        matrix = np.concatenate([matrix[:-1], matrix[:1]])
    weights = make(matrix, ends).c
    c = np.tensordot(weights, y, 1) + zeros.c
    return _of_parts(zeros.t, c, zeros.k, zeros.extrapolate, axis)


def splev(x: Any, tck: Any, der: int = 0, ext: int = 0) -> Any:
    """Return the values of a spline ``(t, c, k)``, or its derivatives.

    Examples
    --------
    >>> import autograd as ag
    >>> tck = scipy.interpolate.splrep([0.0, 1.0, 2.0, 3.0], [0.0, 1.0, 4.0, 9.0])
    >>> ag.grad(lambda x: splev(x, tck))(1.5)
    np.float64(3.0)
    """
    parts = (tck.t, tck.c, tck.k) if hasattr(tck, "t") else tck
    if not holds_tensor((x, *parts)):
        return scipy.interpolate.splev(x, tck, der, ext)
    t, c, k = parts
    if isinstance(c, list) or np.ndim(value_of(as_array(c))) > 1:
        raise NotDifferentiableError("splev of a curve in several dimensions: call it for each")
    if ext not in (0, 1, 2, 3):
        raise ValueError(f"ext = {ext} not in (0, 1, 2, 3) ")
    x, t = as_array(x), as_array(t)
    points, ends = value_of(x), (value_of(t)[k], value_of(t)[-k - 1])
    outside = (points < ends[0]) | (points > ends[1])
    if ext == 2 and np.any(outside):
        raise ValueError("Error code returned by spalde: a point is outside of the knots")
    x = np.clip(x, *ends) if ext == 3 and not der else x  # FITPACK extrapolates derivatives
    found = Spline(t, c, k)(x, der)
    return np.where(outside, 0.0, found) if ext == 1 else found


def splrep(
    x: Any,
    y: Any,
    w: Any = None,
    xb: Any = None,
    xe: Any = None,
    k: int = 3,
    task: int = 0,
    s: Any = None,
    t: Any = None,
    full_output: int = 0,
    per: int = 0,
    quiet: int = 1,
) -> Any:
    """Return the spline through the points as ``(t, c, k)``; it has derivatives in `y`.

    Examples
    --------
    >>> import autograd as ag
    >>> x = np.array([0.0, 1.0, 2.0, 3.0])
    >>> ag.grad(lambda y: splev(1.0, splrep(x, y)))(x).round(12) + 0.0
    array([0., 1., 0., 0.])
    """
    options = {"w": w, "xb": xb, "xe": xe, "k": k, "task": task, "s": s, "t": t, "per": per}
    if not holds_tensor((x, y, w)):
        more = {"full_output": full_output, "quiet": quiet}
        return scipy.interpolate.splrep(x, y, **options, **more)
    if holds_tensor((x, w)):
        raise NotDifferentiableError("splrep has a derivative in y only; pass arrays for x and w")
    plain = {"w": None, "task": 0, "t": None, "per": 0, "xb": None, "xe": None}
    if s or full_output or any(options[name] != value for name, value in plain.items()):
        raise KeywordError("splrep of a Tensor interpolates: it takes k= and s=0 only")
    y = as_array(y)
    made: Any = scipy.interpolate.splrep(x, value_of(y), k=k, s=0)
    c = np.linalg.solve(design(np.asarray(x), made[0], k), y)
    return made[0], np.concatenate([c, np.zeros(len(made[1]) - len(x))]), k


def design(x: Any, t: Any, k: int) -> Any:
    """Return the values of all basis functions at some points, shape (points, functions)."""
    return scipy.interpolate.BSpline.design_matrix(x, t, k).toarray()


def basis(x: Any, t: Any, k: int, nu: int) -> Any:
    """Return the same with derivatives in the points."""
    return Spline(t, np.eye(len(t) - k - 1), k)(x, nu)


class BivariateSpline:
    """A spline of Tensors in two variables, as `scipy.interpolate.RectBivariateSpline` of arrays.

    Parameters
    ----------
    knots : pair of arrays
    c : array or Tensor, shape (m, n)
    degrees : pair of int
    """

    def __init__(self, knots: Any, c: Any, degrees: tuple[int, int]) -> None:
        self.knots, self.c, self.degrees = knots, c, degrees

    def __call__(self, x: Any, y: Any, dx: int = 0, dy: int = 0, grid: bool = True) -> Any:
        """Return the values at all pairs of points, or with ``grid=False`` at pairs one by one."""
        x, y = as_array(x), as_array(y)
        if not grid:
            x, y = np.broadcast_arrays(x, y)
        elif x.ndim > 1 or y.ndim > 1:
            raise ShapeError(f"grid=True needs vectors of points, got {x.shape} and {y.shape}")
        (tx, ty), (kx, ky) = self.knots, self.degrees
        x, y = (np.clip(a, t[0], t[-1]) for a, t in ((x, tx), (y, ty)))
        in_x, in_y = basis(x, tx, kx, dx), basis(y, ty, ky, dy)
        if not grid:
            return np.sum(np.matmul(in_x, self.c) * in_y, axis=-1)
        return np.atleast_2d(in_x) @ self.c @ np.atleast_2d(in_y).T

    def ev(self, xi: Any, yi: Any, dx: int = 0, dy: int = 0) -> Any:
        """Return the values at pairs of points."""
        return self(xi, yi, dx, dy, grid=False)

    def get_coeffs(self) -> Any:
        """Return the coefficients, in one vector."""
        return np.ravel(self.c)

    def get_knots(self) -> Any:
        """Return the knots in both variables."""
        return self.knots

    integral = without_derivative("integral")
    partial_derivative = without_derivative("partial_derivative")


def rect_bivariate_spline(
    x: Any, y: Any, z: Any, bbox: Any = None, kx: int = 3, ky: int = 3, s: Any = 0, **more: Any
) -> BivariateSpline:
    if holds_tensor((x, y, bbox)):
        raise NotDifferentiableError(
            "RectBivariateSpline has derivatives in z and in the points; pass arrays for x and y"
        )
    if s:
        raise KeywordError("RectBivariateSpline of Tensors interpolates: it takes s=0 only")
    z = as_array(z)
    made = scipy.interpolate.RectBivariateSpline(
        x, y, value_of(z), [None] * 4 if bbox is None else bbox, kx, ky, s, **more
    )
    tx, ty = made.get_knots()
    in_x, in_y = design(np.asarray(x), tx, kx), design(np.asarray(y), ty, ky)
    c = np.linalg.solve(in_y, np.linalg.solve(in_x, z).T).T
    return BivariateSpline((tx, ty), c, (kx, ky))


def bivariate_of_arrays(spline: Any) -> BivariateSpline:
    """Return SciPy's spline in two variables as one that takes Tensors."""
    tx, ty, c = spline.tck
    kx, ky = spline.degrees
    c = np.reshape(c, (len(tx) - kx - 1, len(ty) - ky - 1))
    return BivariateSpline((tx, ty), c, (kx, ky))


RectBivariateSpline: Any = speaking(
    scipy.interpolate.RectBivariateSpline, rect_bivariate_spline, bivariate_of_arrays
)
RectBivariateSpline.ev = lambda self, xi, yi, dx=0, dy=0: self(xi, yi, dx, dy, grid=False)
