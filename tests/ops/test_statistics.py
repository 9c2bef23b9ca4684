"""What the rows of statistics cannot say: NaN alone, ties, weights, refusals."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

import autograd as ag
from autograd.errors import KeywordError

X = np.array([[1.0, np.nan, 3.0], [np.nan, np.nan, np.nan]])


@pytest.mark.parametrize(
    ("function", "expected"),
    [
        (np.nansum, [1.0, 0.0, 1.0]),
        (np.nanmean, [0.5, 0.0, 0.5]),
        (np.nanmax, [0.0, 0.0, 1.0]),
        (np.nanmin, [1.0, 0.0, 0.0]),
        (np.nanprod, [3.0, 0.0, 1.0]),
        (np.nanvar, [-1.0, 0.0, 1.0]),
        (np.nanstd, [-0.5, 0.0, 0.5]),
        (np.nanmedian, [0.5, 0.0, 0.5]),
    ],
)
def test_nan_has_no_part(function, expected):
    assert_allclose(ag.grad(function)(X[0]), expected)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("function", [np.nanmean, np.nanmax, np.nanmin, np.nanvar, np.nanmedian])
def test_a_row_of_nan_alone_gives_nan_and_spoils_no_other(function):
    value = function(ag.Tensor(X), axis=1)
    assert_array_equal(np.isnan(value.data), [False, True])
    gradient = ag.grad(lambda x: function(x, axis=1)[0])(X)
    assert_allclose(gradient[0], ag.grad(function)(X[0]))
    assert_array_equal(gradient[1], 0.0)


def test_the_infinite_derivative_of_what_nansum_leaves_out_has_no_part():
    x = np.array([-1.0, 0.0, 4.0])
    with np.errstate(invalid="ignore", divide="ignore"):
        gradient = ag.grad(lambda x: np.nansum(np.sqrt(np.where(x > 0, x, np.nan))))(x)
    assert_array_equal(gradient, [0.0, 0.0, 0.25])


def test_nanstd_of_equal_numbers_has_derivative_zero():
    assert_array_equal(ag.grad(np.nanstd)(np.array([2.0, np.nan, 2.0])), 0.0)


def test_the_median_takes_the_elements_that_a_stable_sort_finds():
    assert_array_equal(ag.grad(np.median)(np.array([2.0, 2.0, 2.0])), [0.0, 1.0, 0.0])
    assert_array_equal(ag.grad(np.median)(np.array([2.0, 1.0, 2.0, 5.0])), [0.5, 0.0, 0.5, 0.0])


@pytest.mark.parametrize(
    ("method", "expected"),
    [
        ("linear", [0.0, 0.4, 0.6]),
        ("lower", [0, 1, 0]),
        ("higher", [0, 0, 1]),
        ("midpoint", [0, 0.5, 0.5]),
    ],
)
def test_quantiles_lie_between_two_elements(method, expected):
    gradient = ag.grad(lambda x: np.quantile(x, 0.8, method=method))(np.array([1.0, 2.0, 3.0]))
    assert_allclose(gradient, expected)


@pytest.mark.parametrize("function", [np.quantile, np.nanquantile, np.percentile, np.nanpercentile])
def test_weights_of_quantiles_are_refused(function):
    x = ag.Tensor([1.0, 2.0])
    with pytest.raises(KeywordError, match="weights="):
        function(x, 0.5, weights=np.ones(2), method="inverted_cdf")


def test_average_is_differentiated_in_its_weights():
    x, w = np.array([1.0, 2.0, 4.0]), np.array([1.0, 1.0, 2.0])
    in_x, in_w = ag.grad(lambda x, w: np.average(x, weights=w), (0, 1))(x, w)
    assert_allclose(in_x, w / 4)
    assert_allclose(in_w, (x - 11 / 4) / 4)
    found, total = np.average(ag.Tensor(x), weights=w, returned=True)
    assert (found.item(), total) == (11 / 4, 4.0)


@pytest.mark.parametrize(
    ("weights", "axis", "error", "message"),
    [
        ([1.0, -1.0], None, ZeroDivisionError, "sum to zero"),
        ([1.0, 1.0, 1.0], 0, ValueError, "the weights of some axes must have the shape"),
        ([1.0, 1.0, 1.0], None, TypeError, "Axis must be specified"),
    ],
)
def test_average_says_what_is_wrong_with_its_weights(weights, axis, error, message):
    with pytest.raises(error, match=message):
        np.average(ag.Tensor([1.0, 2.0]), axis=axis, weights=weights)


def test_where_of_nanmax_needs_initial():
    with pytest.raises(ValueError, match="where needs initial"):
        np.nanmax(ag.Tensor(X), where=~np.isnan(X))


def test_of_many_equal_elements_the_median_is_the_one_in_the_middle():
    gradient = ag.grad(np.median)(np.zeros(101))
    assert_array_equal(np.flatnonzero(gradient), 50)
