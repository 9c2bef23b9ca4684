"""Interpolators: values against SciPy, derivatives in data, points and knots, errors."""

import numpy as np
import pytest
import scipy.interpolate as sp
from numpy.testing import assert_allclose, assert_array_equal

import autograd as ag
from autograd.errors import KeywordError, NotDifferentiableError, ShapeError
from autograd.scipy import interpolate
from autograd.testing import check_grads

RNG = np.random.default_rng(0)
X = np.array([0.0, 0.8, 2.0, 2.7, 4.1, 5.0])
Q = np.array([[0.3, 1.1, 2.5], [3.3, 4.9, 4.2]])
OUT = np.array([-0.7, 0.4, 5.6])
Y, Y3 = RNG.normal(size=6), RNG.normal(size=(2, 6, 3))
CIRCLE = np.concatenate([Y[:-1], Y[:1]])


def constant(x):
    return ag.Tensor(x, requires_grad=False)


# Name, arguments (knots and data), keywords. The result is called with points.
CURVES = [
    ("CubicSpline", (X, Y), {}),
    ("CubicSpline", (X, Y3), {"axis": 1}),
    ("CubicSpline", (X[:2], Y[:2]), {}),
    ("CubicSpline", (X[:3], Y[:3]), {}),
    ("CubicSpline", (X[:3], Y[:3]), {"bc_type": ("not-a-knot", "natural")}),
    ("CubicSpline", (X[:4], Y[:4]), {}),
    *(("CubicSpline", (X, Y), {"bc_type": b}) for b in (
        "natural", "clamped", ("clamped", "not-a-knot"), ("not-a-knot", "natural"),
        ((1, 0.5), (2, -0.3)), ((2, 0.5), (1, -0.3)))),
    ("CubicSpline", (X, CIRCLE), {"bc_type": "periodic"}),
    ("CubicSpline", (X, Y), {"extrapolate": False}),
    ("CubicHermiteSpline", (X, Y, Y[::-1]), {}),
    ("CubicHermiteSpline", (X, Y3, Y3[::-1]), {"axis": 1}),
    ("PchipInterpolator", (X, Y), {}),
    ("PchipInterpolator", (X, np.cumsum(np.abs(Y))), {}),
    ("PchipInterpolator", (X, np.array([0.0, 1.0, 1.0, 9.0, 9.1, 0.0])), {}),
    ("PchipInterpolator", (X, Y3), {"axis": -2, "extrapolate": False}),
    ("PchipInterpolator", (X[:2], Y[:2]), {}),
    ("Akima1DInterpolator", (X, Y), {}),
    ("Akima1DInterpolator", (X, Y3), {"axis": 1, "method": "makima", "extrapolate": True}),
    ("Akima1DInterpolator", (X, np.array([0.0, 1.0, 1.0, 1.0, 1.0, 0.0])), {"method": "makima"}),
    ("Akima1DInterpolator", (X, np.array([0.0, 0.8, 2.0, 2.7, 4.1, 5.0])), {}),
    ("Akima1DInterpolator", (X[:2], Y[:2]), {}),
    ("PPoly", (RNG.normal(size=(3, 5)), X), {}),
    ("PPoly", (RNG.normal(size=(3, 5, 2)), X), {"extrapolate": "periodic"}),
    ("PPoly", (RNG.normal(size=(3, 5)), X[::-1].copy()), {}),
    ("BSpline", (np.array([0, 0, 0, 1, 2.5, 5, 5, 5.0]), Y[:5], 2), {}),
    ("BSpline", (np.array([0, 0, 0, 1, 2.5, 5, 5, 5.0]), Y3[:, :5], 2), {"axis": 1}),
    ("BSpline", (np.arange(-2.0, 7.0), Y[:5], 3), {"extrapolate": False}),
    ("BSpline", (np.arange(-2.0, 7.0), Y[:5], 3), {"extrapolate": "periodic"}),
    ("BSpline", (np.arange(-2.0, 5.0), Y[:6], 0), {}),
    *(("make_interp_spline", (X, Y), {"k": k}) for k in (1, 2, 3, 5)),
    ("make_interp_spline", (X, Y3), {"axis": 1}),
    ("make_interp_spline", (X, CIRCLE), {"bc_type": "periodic"}),
    ("make_interp_spline", (X, Y), {"bc_type": "natural"}),
    ("make_interp_spline", (X, Y), {"bc_type": ([(1, 0.5)], [(2, -0.5)])}),
]  # fmt: skip
KNOTS_TOO = {"CubicSpline", "CubicHermiteSpline", "PchipInterpolator", "Akima1DInterpolator",
             "PPoly", "BSpline"}  # fmt: skip


def tensors(args, wrap):
    return [wrap(x) if isinstance(x, np.ndarray) else x for x in args]


@pytest.mark.parametrize(("name", "args", "keywords"), CURVES)
def test_curves_are_scipys(name, args, keywords):
    expected = getattr(sp, name)(*args, **keywords)
    plain = getattr(interpolate, name)(*args, **keywords)
    assert isinstance(plain, type(expected))
    given = args if name in KNOTS_TOO else (args[0], *tensors(args[1:], np.asarray))
    wrap = [ag.Tensor if name in KNOTS_TOO or i else np.asarray for i in range(len(args))]
    given = [w(x) if isinstance(x, np.ndarray) else x for w, x in zip(wrap, args, strict=True)]
    own = getattr(interpolate, name)(*given, **keywords)
    for q in (Q, 1.3, OUT):
        for nu in range(4):
            e = expected(q, nu)
            assert_array_equal(plain(q, nu), e)
            for found in (own(q, nu), plain(ag.Tensor(q), nu), own(ag.Tensor(q), nu)):
                assert_allclose(found.data, e, rtol=1e-8, atol=1e-10)
    periodic = "periodic" in (keywords.get("extrapolate"), keywords.get("bc_type"))
    if not periodic and not (name == "BSpline" and args[2] == 0):
        assert_allclose(own.derivative()(Q).data, expected.derivative()(Q), rtol=1e-8, atol=1e-10)
        assert_allclose(
            own.antiderivative(2)(Q).data, expected.antiderivative(2)(Q), rtol=1e-8, atol=1e-9
        )
        bounds = (0.5, 4.5) if keywords.get("extrapolate") is False else (0.5, 5.5)
        assert_allclose(own.integrate(*bounds).data, expected.integrate(*bounds), rtol=1e-8)


@pytest.mark.parametrize(("name", "args", "keywords"), CURVES)
def test_curves_have_derivatives(name, args, keywords):
    places = [i for i, x in enumerate(args) if isinstance(x, np.ndarray)]
    places = places if name in KNOTS_TOO else places[1:]
    if args[1].tolist() != Y.tolist() and name in ("PchipInterpolator", "Akima1DInterpolator"):
        return  # ties
    if keywords.get("bc_type") == "periodic" or (name == "PPoly" and args[1][0] > args[1][1]):
        places = []

    def values(q, *arrays):
        given = list(args)
        for i, x in zip(places, arrays, strict=True):
            given[i] = x
        if not places:
            given[1] = given[1] if name == "PPoly" else constant(given[1])
        given = [x if isinstance(x, ag.Tensor) or i not in places else constant(x)
                 for i, x in enumerate(given)]  # fmt: skip
        return getattr(interpolate, name)(*given, **keywords)(q)

    check_grads(values, np.array([1.1, 1.9]), *[args[i] for i in places], evaluations=15,
                undecided="allow", explain=False, order=1)  # fmt: skip
    spline = getattr(interpolate, name)(*args, **keywords)
    assert_allclose(ag.grad(spline)(1.1) if np.ndim(spline(1.1)) == 0 else
                    ag.jacobian(spline)(1.1), spline(1.1, 1), atol=1e-12)  # fmt: skip


def test_data_of_a_cubic_spline_to_the_second_order():
    square = lambda y, q: np.sum(interpolate.CubicSpline(X, y)(q) ** 2)
    check_grads(square, Y, np.array([0.3, 3.3]), evaluations=40)
    ends = lambda v: interpolate.CubicSpline(X, Y, bc_type=((1, v), (2, 0.0)))(1.0)
    check_grads(ends, 0.7)


@pytest.mark.parametrize("kind", ["linear", "nearest", "nearest-up", "previous", "next", "zero",
                                  "slinear", "quadratic", "cubic", 2])  # fmt: skip
def test_interp1d(kind):
    order = np.array([2, 0, 1, 5, 4, 3])
    x, y = X[order], Y3[:, order]
    for fill in ("extrapolate", 7.0, (1.0, 2.0), np.nan):
        bounds = None if fill == "extrapolate" else False
        keywords = {"kind": kind, "axis": 1, "fill_value": fill, "bounds_error": bounds}
        expected = sp.interp1d(x, y, **keywords)
        own = interpolate.interp1d(x, ag.Tensor(y), **keywords)
        plain = interpolate.interp1d(x, y, **keywords)
        for q in (Q, OUT, 1.3):
            assert_array_equal(plain(q), expected(q))
            assert_allclose(own(q).data, expected(q), rtol=1e-10, atol=1e-12)
            assert_allclose(np.asarray(getattr(plain(ag.Tensor(q)), "data", None)), expected(q),
                            rtol=1e-10, atol=1e-12)  # fmt: skip
    both = lambda y, q: interpolate.interp1d(X, y, kind)(q)
    check_grads(both, Y, np.array([0.3, 1.1]), evaluations=25, order=1)
    for own in (interpolate.interp1d(X, ag.Tensor(Y), kind), interpolate.interp1d(X, Y, kind)):
        with pytest.raises(ValueError, match="is below the interpolation range"):
            own(ag.Tensor(OUT))


def test_interp1d_has_derivatives_in_the_knots_if_linear():
    check_grads(lambda x: interpolate.interp1d(x, Y)(1.1), X, order=1)
    with pytest.raises(NotDifferentiableError, match="has a derivative in y only"):
        interpolate.interp1d(ag.Tensor(X), Y, "cubic")


POINTS = X, np.array([3.0, 2.0, 0.5]), np.array([0.0, 1.0])
VALUES = RNG.normal(size=(6, 3, 2, 2))
XI = np.stack(
    [RNG.uniform(0, 5, (2, 4)), RNG.uniform(0.5, 3, (2, 4)), RNG.uniform(0, 1, (2, 4))], -1
)


@pytest.mark.parametrize("method", ["linear", "nearest"])
def test_grids(method):
    expected = sp.RegularGridInterpolator(POINTS, VALUES, method)(XI)
    own = interpolate.RegularGridInterpolator(POINTS, ag.Tensor(VALUES), method)
    plain = interpolate.RegularGridInterpolator(POINTS, VALUES, method)
    assert_allclose(own(XI).data, expected, rtol=1e-12)
    assert_array_equal(plain(XI), expected)
    assert_allclose(value(plain(ag.Tensor(XI))), expected, rtol=1e-12)
    assert_allclose(own((2.0, 1.0, 0.5)).data, plain((2.0, 1.0, 0.5)), rtol=1e-12)
    assert_allclose(own((X, 1.0, 0.5)).data, plain((X, 1.0, 0.5)), rtol=1e-12)
    of_all = lambda v, xi: interpolate.interpn(POINTS, v, xi, method)
    check_grads(of_all, VALUES, XI[0, :2], evaluations=30, order=1)
    outside = np.array([[9.0, 1.0, 0.5], [1.0, np.nan, 0.5], [1.0, 1.0, 0.5]])
    for fill in (np.nan, 3.0, None):
        e = sp.interpn(POINTS, VALUES, outside, method, bounds_error=False, fill_value=fill)
        f = interpolate.interpn(POINTS, ag.Tensor(VALUES), outside, method, False, fill)
        assert_allclose(f.data, e, rtol=1e-12)


def value(x):
    return x.data if isinstance(x, ag.Tensor) else x


def test_a_grid_of_one_axis():
    own = interpolate.RegularGridInterpolator((X,), ag.Tensor(Y))
    assert_allclose(own(Q[0]).data, np.interp(Q[0], X, Y))
    knots = lambda x: interpolate.RegularGridInterpolator((x,), Y)(Q[0])
    check_grads(knots, X, order=1)


@pytest.mark.parametrize(("kx", "ky"), [(3, 3), (1, 2), (2, 4)])
def test_rectangles(kx, ky):
    y, z = np.array([0.0, 1.0, 1.5, 3.0, 4.0]), RNG.normal(size=(6, 5))
    expected = sp.RectBivariateSpline(X, y, z, kx=kx, ky=ky)
    own = interpolate.RectBivariateSpline(X, y, ag.Tensor(z), kx=kx, ky=ky)
    plain = interpolate.RectBivariateSpline(X, y, z, kx=kx, ky=ky)
    qx, qy = np.array([-1.0, 0.3, 1.1, 5.0]), np.array([0.2, 2.2, 9.0])
    for dx, dy in ((0, 0), (kx > 1, 0), (0, 1)):
        e = expected(qx, qy, dx, dy)
        assert_array_equal(plain(qx, qy, dx, dy), e)
        assert_allclose(own(qx, qy, dx, dy).data, e, rtol=1e-9, atol=1e-11)
        assert_allclose(plain(ag.Tensor(qx), qy, dx, dy).data, e, rtol=1e-9, atol=1e-11)
    pairs = qx[1:3], np.array([0.2, 2.2])
    assert_allclose(own.ev(*pairs).data, expected.ev(*pairs), rtol=1e-9)
    assert_allclose(plain.ev(*pairs), expected.ev(*pairs))
    assert_allclose(own.get_coeffs().data, expected.get_coeffs(), rtol=1e-8, atol=1e-10)
    assert_array_equal(own.get_knots()[0], expected.get_knots()[0])
    of_all = lambda z, qx, qy: interpolate.RectBivariateSpline(X, y, z, kx=kx, ky=ky).ev(qx, qy)
    check_grads(of_all, z, *pairs, evaluations=30, order=1)
    assert_allclose(ag.jacobian(lambda q: plain.ev(0.3, q))(0.2), plain.ev(0.3, 0.2, dy=1))


def test_splev_and_splrep():
    tck = sp.splrep(X, Y)
    for der in (0, 1):
        for ext in (0, 1, 3):
            e = sp.splev(OUT, tck, der, ext)
            found = interpolate.splev(ag.Tensor(OUT), tck, der, ext)
            assert_allclose(found.data, e, atol=1e-10, err_msg=f"{der} {ext}")
            assert_array_equal(interpolate.splev(OUT, tck, der, ext), e)
    with pytest.raises(ValueError, match="outside of the knots"):
        interpolate.splev(ag.Tensor(OUT), tck, ext=2)
    with pytest.raises(ValueError, match="not in"):
        interpolate.splev(ag.Tensor(OUT), tck, ext=4)
    t, c, k = interpolate.splrep(X, ag.Tensor(Y), k=2)
    e = sp.splrep(X, Y, k=2)
    assert_array_equal(t, e[0])
    assert_allclose(c.data, e[1], atol=1e-12)
    assert k == 2
    check_grads(lambda y, q: interpolate.splev(q, interpolate.splrep(X, y)), Y, 1.1)
    with pytest.raises(KeywordError, match="takes k= and s=0 only"):
        interpolate.splrep(X, ag.Tensor(Y), s=1.0)
    with pytest.raises(NotDifferentiableError, match="has a derivative in y only"):
        interpolate.splrep(ag.Tensor(X), Y)
    with pytest.raises(NotDifferentiableError, match="several dimensions"):
        interpolate.splev(ag.Tensor(1.0), (t, [Y, Y], 3))


@pytest.mark.parametrize("method", ["linear", "nearest"])
def test_scattered_points(method):
    points, values = RNG.uniform(size=(9, 2)), RNG.normal(size=(9, 2))
    xi = RNG.uniform(-0.2, 1.2, (2, 5, 2))
    e = sp.griddata(points, values, xi, method)
    assert_allclose(interpolate.griddata(points, ag.Tensor(values), xi, method).data, e, rtol=1e-9)
    assert_array_equal(interpolate.griddata(points, values, xi, method), e)
    middle = points.mean(0) + 0.01
    of_all = lambda v, xi: interpolate.griddata(points, v, xi, method)
    check_grads(of_all, values, middle[None], order=1, evaluations=8, layouts=False)
    for x in (np.array([0.1, 0.4]), 0.3):
        line = interpolate.griddata(X, ag.Tensor(Y), x, method)
        assert_allclose(line.data, sp.griddata(X, Y, x, method))
    pair = tuple(points.T)
    found = interpolate.griddata(pair, ag.Tensor(values), (0.5, 0.5), method)
    assert_allclose(found.data, np.ravel(sp.griddata(pair, values, (0.5, 0.5), method)), rtol=1e-9)


KERNELS = ["linear", "thin_plate_spline", "cubic", "quintic", "multiquadric",
           "inverse_multiquadric", "inverse_quadratic", "gaussian"]  # fmt: skip


@pytest.mark.parametrize("kernel", KERNELS)
def test_radial_functions(kernel):
    y, d, x = RNG.uniform(size=(8, 2)), RNG.normal(size=(8, 3)), RNG.uniform(size=(4, 2))
    for options in ({"degree": 2}, {"smoothing": 0.1}, {}):
        given = {"kernel": kernel, "epsilon": 1.3, **options}
        e = sp.RBFInterpolator(y, d, **given)(x)
        plain = interpolate.RBFInterpolator(y, d, **given)
        assert_array_equal(plain(x), e)
        for found in (interpolate.RBFInterpolator(y, ag.Tensor(d), **given)(x),
                      plain(ag.Tensor(x))):  # fmt: skip
            assert_allclose(found.data, e, rtol=1e-6, atol=1e-8)
    of_all = lambda y, d, x, e=1.3: interpolate.RBFInterpolator(y, d, kernel=kernel, epsilon=e)(x)
    scale = [1.3] if KERNELS.index(kernel) > 3 else []  # on which the others do not depend
    check_grads(of_all, y, d[:, :1], x, *scale, evaluations=20, order=1, rtol=1e-6, explain=False)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda t: interpolate.CubicSpline([0.0, 1.0], t), ShapeError, "x must be as many numbers"),
        (lambda t: interpolate.CubicSpline(-t, t), ValueError, "strictly increasing"),
        (lambda t: interpolate.CubicSpline(t, t, bc_type="x"), ValueError, "got 'x'"),
        (lambda t: interpolate.CubicSpline(t, t, bc_type="periodic"), ValueError, "be identical"),
        (
            lambda t: interpolate.Akima1DInterpolator(t, t, method="x"),
            NotImplementedError,
            "method",
        ),
        (lambda t: interpolate.CubicSpline(t, t).roots(), NotDifferentiableError, "roots of an"),
        (lambda t: interpolate.PPoly(t[None], t), ShapeError, "x must have one element more"),
        (lambda t: interpolate.PPoly(t, t, axis=1), KeywordError, "does not take axis=1"),
        (lambda t: interpolate.CubicSpline(t, t).integrate(0, 1, "periodic"), KeywordError, "pass"),
        (lambda t: interpolate.BSpline(t, t, 3), ShapeError, "degree 3 needs at least 8 knots"),
        (lambda t: interpolate.BSpline(t, t, 0).integrate(0, 1, "periodic"), KeywordError, "pass"),
        (lambda t: interpolate.make_interp_spline(t, t), NotDifferentiableError, "use CubicSpline"),
        (lambda t: interpolate.interp1d(t, t[1:]), ValueError, "must be equal in length"),
        (lambda t: interpolate.interp1d(t, t, "x"), NotImplementedError, "x is unsupported"),
        (
            lambda t: interpolate.interp1d(t, t, bounds_error=True, fill_value="extrapolate"),
            ValueError,
            "Cannot extrapolate",
        ),
        (lambda t: interpolate.RegularGridInterpolator((t,), t[1:]), ValueError, "There are"),
        (lambda t: interpolate.interpn((t * 0,), t, [[1.0]]), ValueError, "in dimension 0 must be"),
        (
            lambda t: interpolate.interpn((t,), t, [[9.0]]),
            ValueError,
            "out of bounds in dimension 0",
        ),
        (lambda t: interpolate.interpn((t,), t, [[1.0, 2.0]]), ValueError, "have dimension 2"),
        (lambda t: interpolate.interpn((t,), t, [[1.0]], "cubic"), KeywordError, "got 'cubic'"),
        (lambda t: interpolate.RectBivariateSpline(t, t, t), NotDifferentiableError, "z and in"),
        (lambda t: interpolate.RectBivariateSpline(X, X, t, s=1), KeywordError, "takes s=0"),
        (lambda t: interpolate.griddata(t, t, t), NotDifferentiableError, "in values and xi"),
        (lambda t: interpolate.griddata(X, t, X, "cubic"), KeywordError, "'linear' or 'nearest'"),
        (lambda t: interpolate.RBFInterpolator(t, t), ShapeError, "y must be of shape"),
        (lambda t: interpolate.RBFInterpolator(t, t, 3), KeywordError, "neighbors="),
        (lambda t: interpolate.RBFInterpolator(t, t, kernel="x"), ValueError, "must be one of"),
        (
            lambda t: interpolate.RBFInterpolator(t[:, None], t, kernel="gaussian"),
            ValueError,
            "`epsilon` must",
        ),
        (lambda t: interpolate.lagrange(t, t), NotDifferentiableError, "interpolate.lagrange of a"),
        (lambda t: interpolate.UnivariateSpline(t, t), NotDifferentiableError, "UnivariateSpline"),
        (
            lambda t: interpolate.KroghInterpolator(X, t),
            NotDifferentiableError,
            "KroghInterpolator",
        ),
    ],
)
def test_errors(call, error, message):
    with pytest.raises(error, match=message):
        call(ag.Tensor(np.arange(6.0)))


def test_what_is_made_of_arrays_is_scipys_own_kind():
    spline = interpolate.CubicSpline(X, Y)
    assert isinstance(spline, sp.CubicSpline)
    assert isinstance(spline.derivative(), sp.PPoly)
    assert_allclose(ag.grad(spline.derivative())(1.1), spline(1.1, 2))
