"""`reduce`, `accumulate`, `outer`, `at` and `reduceat` of ufuncs on Tensors."""

import numpy as np
import pytest

import autograd as ag
from autograd import dispatch
from autograd.errors import DetachError, KeywordError, NotDifferentiableError

X = np.array([[1.0, 3.0, 2.0], [4.0, 0.5, 6.0]])
ASSOCIATIVE = ("add", "multiply", "maximum", "minimum", "fmax", "fmin", "hypot")
ASSOCIATIVE += ("logaddexp", "logaddexp2")
CALLS = [
    ("reduce", (), {}),
    ("reduce", (), {"axis": None}),
    ("reduce", (1,), {}),
    ("reduce", (), {"axis": -1, "keepdims": True}),
    ("reduce", (), {"axis": (0, 1)}),
    ("accumulate", (), {}),
    ("accumulate", (-1,), {}),
    ("reduceat", ([0, 1, 0],), {}),
    ("reduceat", ([0, 2, 1],), {"axis": 1}),
]


def differences(function, x, h=1e-6):
    """Return the gradient of a function of one array by central differences."""
    gradient = np.empty_like(x)
    for index in np.ndindex(x.shape):
        step = np.zeros_like(x)
        step[index] = h
        gradient[index] = (function(x + step) - function(x - step)) / (2 * h)
    return gradient


def check(function, x):
    """Compare value and gradient of a function of one array with NumPy's and differences."""
    value = function(x)
    result = function(ag.Tensor(x))
    np.testing.assert_array_equal(result.data, value, strict=True)
    weights = np.random.default_rng(0).standard_normal(np.shape(value))
    loss = lambda x: np.sum(weights * function(x) ** 2)
    np.testing.assert_allclose(ag.grad(loss)(x), differences(loss, x), rtol=1e-6, atol=1e-7)


@pytest.mark.parametrize(("method", "args", "keywords"), CALLS)
@pytest.mark.parametrize("name", ASSOCIATIVE)
def test_reductions_are_numpys(name, method, args, keywords):
    check(lambda x: getattr(getattr(np, name), method)(x, *args, **keywords), X)


BINARY = sorted(
    (
        ufunc
        for ufunc, kind in dispatch.KINDS.items()
        if isinstance(ufunc, np.ufunc)
        and (ufunc.nin, ufunc.nout, ufunc.signature) == (2, 1, None)
        and kind == "elementwise"
        and ufunc is not np.ldexp
        and getattr(np, ufunc.__name__, None) is ufunc  # not of SciPy
    ),
    key=lambda ufunc: ufunc.__name__,
)


@pytest.mark.parametrize("ufunc", BINARY, ids=lambda ufunc: ufunc.__name__)
def test_outer_of_every_binary_function(ufunc):
    y = np.array([[0.7, 2.3]])
    if ufunc in (np.nextafter, np.heaviside):  # whose steps differences do not see
        np.testing.assert_array_equal(ufunc.outer(ag.Tensor(X), y).data, ufunc.outer(X, y))
        return
    check(lambda x: ufunc.outer(x, y), X)
    if ufunc is not np.copysign:
        check(lambda x: ufunc.outer(y, x), X)


def test_outer_takes_lists_of_tensors():
    x = ag.Tensor([2.0, 3.0])
    np.testing.assert_array_equal(np.multiply.outer([x[0], 1.0], x).data, [[4.0, 6.0], [2.0, 3.0]])


def test_methods_of_constants_are_constants():
    x = ag.Tensor([1.0, 0.0])
    assert np.logical_and.reduce(x) == np.False_
    np.testing.assert_array_equal(np.logical_or.accumulate(x), [True, True])
    np.testing.assert_array_equal(np.less.outer(x, np.array([0.5])), [[False], [True]], strict=True)


@pytest.mark.parametrize("ufunc", [np.logaddexp, np.logaddexp2], ids=lambda ufunc: ufunc.__name__)
def test_sums_of_exponentials_at_infinity(ufunc):
    share = ag.grad(ufunc.reduce)
    np.testing.assert_array_equal(share(np.array([-1e3, 1e3])), [0.0, 1.0])
    np.testing.assert_array_equal(share(np.array([np.inf, 0.0])), [1.0, 0.0])
    np.testing.assert_array_equal(share(np.array([np.inf, 0.0, np.inf])), [0.5, 0.0, 0.5])
    np.testing.assert_array_equal(share(np.array([-np.inf, -np.inf])), [0.5, 0.5])
    np.testing.assert_array_equal(share(np.array([-np.inf, 3.0])), [0.0, 1.0])


@pytest.mark.parametrize("ufunc", [np.maximum, np.minimum], ids=lambda ufunc: ufunc.__name__)
def test_a_running_extreme_goes_to_the_first_of_a_tie(ufunc):
    x = np.array([2.0, 2.0, 2.0])
    np.testing.assert_array_equal(
        ag.grad(lambda x: np.sum(ufunc.accumulate(x) * np.array([1.0, 10.0, 100.0])))(x),
        [111.0, 0.0, 0.0],
    )


def test_a_running_extreme_stays_at_the_first_nan():
    x = np.array([1.0, np.nan, 5.0])
    result = np.maximum.accumulate(ag.Tensor(x))
    np.testing.assert_array_equal(result.data, [1.0, np.nan, np.nan])


def test_reduction_of_nothing():
    nothing = ag.Tensor(np.zeros((0, 2)))
    np.testing.assert_array_equal(np.hypot.reduce(nothing), [0.0, 0.0])
    assert np.maximum.accumulate(nothing).shape == (0, 2)
    with pytest.raises(ValueError, match="no identity"):
        np.maximum.reduce(nothing)


# In place.


@pytest.mark.parametrize("index", [[0, 2], [1, 1, 1, 0], slice(None), ([0, 1], [1, 1]), -1])
@pytest.mark.parametrize("name", ["add", "subtract", "multiply", "maximum", "hypot", "power"])
def test_at_applies_as_often_as_an_element_is_named(name, index):
    ufunc = getattr(np, name)
    x = np.array([[1.2, 2.5], [3.1, 1.4], [2.2, 0.8]])
    v = np.random.default_rng(1).uniform(0.5, 1.5, x[index].shape)

    def written(x, v):
        y = x * 1.0
        ufunc.at(y, index, v)
        return y

    check(lambda x: written(x, v), x)
    check(lambda v: written(x * ag.Tensor(1.0) if isinstance(v, ag.Tensor) else x, v), v)


def test_at_of_one_argument():
    def written(x):
        y = x * 1.0
        np.square.at(y, [0, 0, 1])
        return y

    check(written, np.array([1.1, 0.7, 2.0]))


def test_at_broadcasts_its_operand():
    x = ag.Tensor(np.zeros((2, 3)))
    y = x * 1.0
    np.add.at(y, [0, 0, 1], ag.Tensor(1.5))
    np.testing.assert_array_equal(y.data, [[3.0] * 3, [1.5] * 3])


# What is refused.


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda t: np.power.reduce(t), NotDifferentiableError, r"np\.power\.reduce .*associative"),
        (lambda t: np.subtract.accumulate(t), NotDifferentiableError, r"np\.subtract\.accumulate"),
        (lambda t: np.divide.reduceat(t, [0]), NotDifferentiableError, r"np\.divide\.reduceat"),
        (lambda t: np.gcd.reduce(t), NotDifferentiableError, r"np\.gcd\.reduce of a Tensor"),
        (lambda t: np.hypot.reduce(t, where=[True, False]), KeywordError, "does not take where="),
        (lambda t: np.maximum.accumulate(t, dtype=int), KeywordError, "does not take dtype="),
        (lambda t: np.add.reduceat(t, [0], dtype=int), KeywordError, "does not take dtype="),
        (
            lambda t: np.add.reduce(t, out=np.zeros(())),
            KeywordError,
            r"np\.add\.reduce cannot write into an array \(out=",
        ),
        (lambda t: np.add.at(np.zeros(2), [0], t[0]), DetachError, r"np\.add\.at of an array"),
        (lambda t: np.sin.reduce(t), ValueError, "only supported for binary"),
        (lambda t: np.matmul.outer(t, t), TypeError, "non-trivial signature"),
        (lambda t: np.add.reduce(t, axis=3), np.exceptions.AxisError, "out of bounds"),
        (lambda t: np.hypot.reduce(t, axis=3), np.exceptions.AxisError, "out of bounds"),
        (lambda t: np.add.reduceat(t, [7]), IndexError, "out-of-bounds"),
        (lambda t: np.add.at(t, [7], 1.0), IndexError, "out of bounds"),
    ],
)
def test_refusals_name_function_method_and_keyword(call, error, message):
    with pytest.raises(error, match=message):
        call(ag.Tensor([1.0, 2.0]))
