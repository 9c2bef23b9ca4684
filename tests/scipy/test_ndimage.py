"""Images: values against SciPy, derivatives, and what is refused."""

import numpy as np
import pytest
import scipy.ndimage as sp
from numpy.testing import assert_allclose, assert_array_equal

import autograd as ag
from autograd.errors import KeywordError, NotDifferentiableError, ShapeError
from autograd.scipy import ndimage
from autograd.testing import check_grads

RNG = np.random.default_rng(0)
MODES = ["reflect", "constant", "nearest", "mirror", "wrap"]
GRID_MODES = ["grid-mirror", "grid-constant", "grid-wrap"]
X = RNG.normal(size=(5, 6))
LINE = RNG.normal(size=7)
SHAPE = np.array([[0, 1, 0], [1, 1, 1], [0, 1, 1]])
LABELS = np.array([[1, 1, 0, 2, 2, 2]] * 2 + [[0, 0, 3, 3, 2, 1]] * 3)
POINTS = RNG.uniform(-9, 13, (2, 9))

# Name, arguments of which those that are arrays of floats become Tensors, keywords.
CALLS = [
    *((name, [LINE, RNG.normal(size=n)], {"origin": o, "mode": m, "cval": 0.7})
      for name in ("correlate1d", "convolve1d")
      for n, o, m in ((3, 0, "reflect"), (4, 1, "mirror"), (2, 0, "wrap"), (3, -1, "nearest"),
                      (5, 2, "constant"), (4, -2, "grid-wrap"))),
    *((name, [X, RNG.normal(size=(3, 2))], {"mode": m, "cval": 0.7, "origin": o})
      for name in ("correlate", "convolve")
      for m, o in (("constant", 0), ("mirror", (1, -1)), ("wrap", 0))),
    ("correlate", [X, np.array([1.0, 2.0, 3.0])], {"axes": [1]}),
    ("convolve", [X, RNG.normal(size=(2, 3))], {"axes": (1, 0)}),
    ("correlate", [X + 1j * X[::-1], RNG.normal(size=(3, 2)) * 1j], {"mode": "wrap"}),
    ("convolve", [X, RNG.normal(size=(3, 2)) * 1j], {}),
    *(("gaussian_filter1d", [LINE, np.array(1.3)], {"order": k, "mode": m})
      for k, m in ((0, "reflect"), (1, "wrap"), (2, "mirror"), (3, "nearest"), (4, "constant"))),
    ("gaussian_filter1d", [X, 0.7], {"axis": 0, "radius": 2}),
    ("gaussian_filter", [X, np.array([0.7, 1.1])], {"order": (0, 1), "mode": ["wrap", "reflect"]}),
    ("gaussian_filter", [X, 1.0], {"axes": 1, "truncate": 2.0}),
    ("gaussian_filter", [X, (0.0, 1.0)], {}),
    ("uniform_filter1d", [X, 4], {"axis": 0, "origin": 1}),
    ("uniform_filter", [X], {}),
    ("uniform_filter", [X, (2, 1)], {"mode": "constant", "cval": 1.0}),
    ("laplace", [X], {}),
    ("laplace", [X], {"axes": [0], "mode": "wrap"}),
    ("sobel", [X], {"mode": "mirror"}),
    ("sobel", [RNG.normal(size=(3, 4, 3))], {"axis": 0}),
    ("prewitt", [X], {"axis": 0}),
    ("gaussian_laplace", [X, 1.0], {"mode": "nearest"}),
    ("gaussian_laplace", [X, 1.0], {"truncate": 2.0, "axes": [1]}),
    ("gaussian_gradient_magnitude", [X, (1.0, 0.8)], {}),
    *((name, [X], {"size": s, "mode": m, "origin": o, "cval": 0.2})
      for name in ("maximum_filter", "minimum_filter", "median_filter")
      for s, m, o in ((3, "reflect", 0), ((2, 3), "constant", 0), (4, "wrap", (1, -2)))),
    ("median_filter", [X], {"footprint": SHAPE}),
    ("maximum_filter", [X], {"size": 3, "axes": [1]}),
    ("maximum_filter", [X], {"size": (3, 2), "axes": (1, 0), "origin": (1, 0)}),
    ("minimum_filter", [RNG.normal(size=(3, 4, 3))], {"size": (3, 2), "axes": (-1, 0),
                                                         "origin": (1, 0)}),
    ("convolve", [RNG.normal(size=(3, 4, 3)), RNG.normal(size=(2, 3))], {"axes": (2, 0)}),
    ("median_filter", [X], {"size": (3, 2), "axes": (1, 0)}),
    ("maximum_filter1d", [X, 3], {"axis": 0, "mode": "mirror"}),
    ("minimum_filter1d", [X, 4], {"origin": 1}),
    ("rank_filter", [X, 2], {"footprint": SHAPE}),
    ("rank_filter", [X, -2, 3], {"mode": "nearest"}),
    *(("percentile_filter", [X, p], {"size": (3, 2)}) for p in (0, 20, 50, 100, -20)),
    *((name, [x], {"order": k}) for name, x in (("spline_filter1d", LINE), ("spline_filter", X))
      for k in (2, 3, 5)),
    ("spline_filter1d", [X, 3], {"axis": 0, "mode": "grid-wrap"}),
    ("spline_filter1d", [LINE, 1], {}),
    *(("map_coordinates", [X, POINTS], {"order": k, "mode": m, "cval": 0.3})
      for k in range(6) for m in MODES + GRID_MODES),
    ("map_coordinates", [X, POINTS[:, :, None]], {"prefilter": False, "mode": "mirror"}),
    ("map_coordinates", [X[:1], RNG.uniform(-1, 4, (2, 5))], {"mode": "mirror", "order": 1}),
    *(("shift", [X, np.array([0.7, -1.4])], {"order": k, "mode": m})
      for k, m in ((1, "constant"), (3, "nearest"), (3, "wrap"), (2, "mirror"))),
    ("shift", [LINE, 2.3], {"mode": "grid-wrap"}),
    *(("zoom", [X, z], {"order": k, "mode": m, "grid_mode": g})
      for z, k, m, g in ((1.7, 1, "constant", False), ((0.5, 2), 3, "nearest", False),
                         (2, 3, "mirror", False), (2, 3, "grid-wrap", True),
                         (1.5, 1, "reflect", True), (2, 1, "grid-constant", True))),
    ("zoom", [LINE, 0.2], {}),
    *(("rotate", [X, np.array(a)], {"reshape": r, "order": k})
      for a, r, k in ((30.0, True, 1), (-20.0, False, 3))),
    ("rotate", [X, 90.0], {}),
    ("rotate", [RNG.normal(size=(3, 4, 2)), np.array(25.0)], {"axes": (0, 2), "mode": "nearest",
                                                                "order": 1}),
    ("affine_transform", [X, np.array([[0.9, 0.2], [-0.1, 1.1]]), np.array([0.31, -0.23])], {}),
    ("affine_transform", [X, np.array([0.53, 0.83])], {"output_shape": (3, 8), "order": 2}),
    ("affine_transform", [X, np.array([[0.9, 0.2, 0.3], [-0.1, 1.1, 0.1]])], {"mode": "mirror"}),
    ("affine_transform", [X, np.array([[0.9, 0.2, 0.3], [-0.1, 1.1, 0.1], [0, 0, 1.0]])], {}),
    *((name, [X, *rest], {}) for name in ("sum", "sum_labels", "mean", "variance",
                                          "standard_deviation")
      for rest in ((), (LABELS,), (LABELS, 2), (LABELS, [3, 1, 2]), (LABELS, np.array([[0, 2]])))),
    ("sum", [X, LABELS, [1, 7]], {}),
    *(("center_of_mass", [X**2, *rest], {}) for rest in ((), (LABELS,), (LABELS, [1, 3]))),
]  # fmt: skip


def varies(x):
    return isinstance(x, np.ndarray) and x.dtype.kind in "fc"


@pytest.mark.parametrize(("name", "args", "keywords"), CALLS)
def test_values_are_scipys_and_derivatives_right(name, args, keywords):
    own, original = getattr(ndimage, name), getattr(sp, name)
    expected = original(*args, **keywords)
    assert_array_equal(own(*args, **keywords), expected, strict=isinstance(expected, np.ndarray))
    tensors = [ag.Tensor(x) if varies(x) else x for x in args]
    found = as_values(own(*tensors, **keywords))
    assert_allclose(found, expected, rtol=1e-8, atol=1e-11)
    assert found.shape == np.shape(expected)
    places = [i for i, x in enumerate(args) if varies(x)]
    if name == "map_coordinates" and keywords.get("order") == 0:
        places = [0]  # the coordinates only choose

    def of_arrays(*arrays):
        given = list(args)
        for i, x in zip(places, arrays, strict=True):
            given[i] = x if isinstance(x, ag.Tensor) else ag.Tensor(x, requires_grad=False)
        found = own(*given, **keywords)
        found = np.stack(found) if isinstance(found, tuple) else found
        return np.real(found) + np.imag(found) if found.dtype.kind == "c" else found

    if not isinstance(expected, list):
        check_grads(of_arrays, *[args[i] for i in places], order=1, evaluations=20, explain=False,
                    undecided="allow", rtol=1e-6)  # fmt: skip


def as_values(found):
    if isinstance(found, list | tuple):
        return np.array([as_values(x) for x in found])
    return np.asarray(found.data)


def test_second_order_in_coordinates():
    own = lambda x: x if isinstance(x, ag.Tensor) else ag.Tensor(x, requires_grad=False)
    place = lambda x, at: ndimage.map_coordinates(own(x), at, order=3, mode="mirror")
    check_grads(place, X, np.array([[1.3, 2.2], [0.4, 3.7]]), evaluations=40)


def test_single_precision_stays():
    x = ag.Tensor(X, dtype=np.float32)
    for call in (lambda x: ndimage.gaussian_filter(x, 1.0), lambda x: ndimage.median_filter(x, 3),
                 lambda x: ndimage.rotate(x, 10.0), lambda x: ndimage.laplace(x)):  # fmt: skip
        found = call(x)
        assert found.dtype == np.float32
        assert_allclose(found.data, call(x.data), atol=2e-5)
        (g,) = ag.gradients([np.sum(found)], [x])
        assert g.dtype == np.float32
    assert ndimage.laplace(x, output=np.float64).dtype == np.float64


def test_ties_share_and_flat_images_have_no_gradient():
    ones = np.ones((3, 3))
    largest = ag.grad(lambda x: ndimage.maximum_filter(x, 3)[1, 1])(ones)
    assert_allclose(largest, ones / 9)
    flat = ag.grad(lambda x: np.sum(ndimage.gaussian_gradient_magnitude(x, 1.0)))(0 * ones)
    assert_array_equal(flat, 0 * ones)
    assert_array_equal(ag.grad(lambda x: ndimage.standard_deviation(x))(ones), 0 * ones)


def test_the_transpose_of_a_filter_is_exact():
    """⟨w, F x⟩ = ⟨Fᵀ w, x⟩ for all that is linear in the image."""
    linear = [
        lambda x: ndimage.gaussian_filter(x, 1.1, mode="mirror"),
        lambda x: ndimage.sobel(x, mode="wrap"),
        lambda x: ndimage.rotate(x, 20.0),
        lambda x: ndimage.zoom(x, 1.6, mode="nearest"),
        lambda x: ndimage.spline_filter(x),
    ]
    for f in linear:
        value, pull = ag.vjp(f, X)
        w = RNG.normal(size=value.shape)
        assert_allclose(np.sum(w * value), np.sum(pull(w)[0] * X), rtol=1e-11)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda t: ndimage.laplace(t, output=np.zeros(6)), KeywordError, "may be a dtype, not an"),
        (lambda t: ndimage.correlate(t, np.ones((2, 2))), RuntimeError, "incorrect shape"),
        (lambda t: ndimage.correlate1d(t, [1.0, 2.0], mode="x"), RuntimeError, "supported: 'x'"),
        (lambda t: ndimage.correlate1d(t, [1.0, 1.0], origin=3), ValueError, "invalid origin"),
        (lambda t: ndimage.gaussian_filter1d(t, 1.0, order=-1), ValueError, "non-negative"),
        (lambda t: ndimage.gaussian_filter1d(t, 1.0, radius=-1), ValueError, "Radius must be"),
        (lambda t: ndimage.gaussian_filter(t, [1.0, 2.0]), ShapeError, "one for each of 1 axes"),
        (lambda t: ndimage.maximum_filter(t), RuntimeError, "no footprint or filter size"),
        (lambda t: ndimage.maximum_filter(t, footprint=[0, 0]), ValueError, "All-zero footprint"),
        (lambda t: ndimage.rank_filter(t, 5, 3), RuntimeError, "rank not within"),
        (lambda t: ndimage.percentile_filter(t, 120, 3), RuntimeError, "invalid percentile"),
        (lambda t: ndimage.spline_filter(t, 6), RuntimeError, "order not supported"),
        (lambda t: ndimage.spline_filter1d(t, 6), RuntimeError, "order not supported"),
        (lambda t: ndimage.shift(t, 1.0, order=6), RuntimeError, "order not supported"),
        (lambda t: ndimage.shift(t, 1.0, mode="x"), RuntimeError, "mode not supported: 'x'"),
        (lambda t: ndimage.shift(t, 1.0, cval=t[0]), NotDifferentiableError, "derivative in cval"),
        (lambda t: ndimage.map_coordinates(t, np.ones((2, 3))), RuntimeError, "invalid shape"),
        (lambda t: ndimage.zoom(X, t[0]), NotDifferentiableError, "no derivative in the factor"),
        (lambda t: ndimage.rotate(t, 1.0), ValueError, "at least 2D"),
        (lambda t: ndimage.rotate(t[None], 1.0, (0, 1, 1)), ValueError, "exactly two"),
        (lambda t: ndimage.affine_transform(t, np.ones((3, 3))), RuntimeError, "improper affine"),
        (lambda t: ndimage.geometric_transform(t, len), KeywordError, "use map_coordinates"),
        (lambda t: ndimage.label(t), NotDifferentiableError, "scipy.ndimage.label of a Tensor"),
        (lambda t: ndimage.grey_dilation(t, 3), NotDifferentiableError, "grey_dilation of a"),
    ],
)
def test_errors(call, error, message):
    with pytest.raises(error, match=message):
        call(ag.Tensor(np.arange(6.0)))
