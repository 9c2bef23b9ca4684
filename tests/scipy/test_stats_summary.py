"""Functions of samples: values against SciPy, derivatives, refusals."""

import numpy as np
import pytest
import scipy.stats
from numpy.testing import assert_allclose, assert_array_equal

import autograd as ag
from autograd.scipy import stats
from autograd.testing import check_grads

RNG = np.random.default_rng(0)
A, B = RNG.uniform(0.5, 3.0, (2, 4, 3))
U, V = RNG.uniform(0.5, 3.0, 7), RNG.uniform(0.5, 3.0, 5)

OF_ONE = [
    ("gmean", {}),
    ("gmean", {"weights": B}),
    ("gstd", {}),
    ("gstd", {"ddof": 0}),
    ("hmean", {}),
    ("hmean", {"weights": B}),
    ("kurtosis", {}),
    ("kurtosis", {"fisher": False, "bias": False}),
    ("moment", {}),
    ("moment", {"order": 0}),
    ("moment", {"order": 3}),
    ("moment", {"order": [1, 2, 4]}),
    ("moment", {"order": 3, "center": 1.5}),
    ("moment", {"order": 1, "center": 1.5}),
    ("pmean", {"p": 2.5}),
    ("pmean", {"p": 0}),
    ("pmean", {"p": -1, "weights": B}),
    ("sem", {}),
    ("sem", {"ddof": 0}),
    ("skew", {}),
    ("skew", {"bias": False}),
    ("variation", {}),
    ("variation", {"ddof": 1}),
    ("entropy", {}),
    ("entropy", {"qk": B}),
    ("entropy", {"qk": B, "base": 2}),
]
SCORES = [("zscore", {}), ("zscore", {"ddof": 1}), ("gzscore", {}), ("zmap", {"compare": B})]
OTHERS = [
    ("boxcox", (U, 0.7)),
    ("boxcox", (U, 0.0)),
    ("boxcox_llf", (0.7, U)),
    ("yeojohnson", (U - 1.5, 0.7)),
    ("yeojohnson", (U - 1.5, 2.0)),
    ("yeojohnson", (U - 1.5, 0.0)),
    ("yeojohnson_llf", (0.7, U - 1.5)),
    ("wasserstein_distance", (U, V)),
    ("wasserstein_distance", (U, V, U[::-1] + 1, V[::-1] + 1)),
    ("energy_distance", (U, V)),
    ("energy_distance", (U, V, U[::-1] + 1, V[::-1] + 1)),
]


def compared(name, args, keywords):
    """Compare with SciPy, of arrays and of Tensors."""
    expected = getattr(scipy.stats, name)(*args, **keywords)
    ours = getattr(stats, name)
    assert_array_equal(ours(*args, **keywords), expected)
    tensors = [ag.Tensor(arg) if isinstance(arg, np.ndarray) else arg for arg in args]
    named = {
        key: ag.Tensor(value) if isinstance(value, np.ndarray) else value
        for key, value in keywords.items()
    }
    found = ours(*tensors, **named)
    assert found.dtype == np.asarray(expected).dtype
    assert found.shape == np.shape(expected)
    assert_allclose(found.data, expected, 1e-5 if found.dtype == np.float32 else 1e-11, 1e-14)


@pytest.mark.parametrize("keepdims", [False, True])
@pytest.mark.parametrize("axis", [0, 1, -1, None])
@pytest.mark.parametrize(("name", "keywords"), OF_ONE)
def test_values_are_scipys(name, keywords, axis, keepdims):
    if name == "entropy" and axis is None:
        axis = 0  # there None is no axis
    compared(name, [A], {**keywords, "axis": axis, "keepdims": keepdims})


@pytest.mark.parametrize("axis", [0, 1, -1, None])
@pytest.mark.parametrize(("name", "keywords"), SCORES)
def test_scores_are_scipys(name, keywords, axis):
    compared(name, [A], {**keywords, "axis": axis})


@pytest.mark.parametrize(("name", "args"), OTHERS)
def test_other_values_are_scipys(name, args):
    compared(name, args, {})


@pytest.mark.parametrize("name", ["boxcox_llf", "yeojohnson_llf"])
@pytest.mark.parametrize("keywords", [{"axis": 1}, {"axis": 0, "keepdims": True}])
def test_likelihoods_along_an_axis(name, keywords):
    compared(name, [0.7, A], keywords)


def test_float32_stays_float32():
    for name, keywords in [*OF_ONE, *SCORES]:
        if not keywords:
            compared(name, [A.astype(np.float32)], {})


def number(p):
    """Return a plain number of Python where SciPy wants one."""
    return p if isinstance(p, ag.Tensor) else float(p)


DIFFERENTIABLE = [
    *((name, (A,), keywords) for name, keywords in OF_ONE if not {"weights", "qk"} & {*keywords}),
    *((name, (A,), keywords) for name, keywords in SCORES if "compare" not in keywords),
    *((name, args, {}) for name, args in OTHERS),
    ("zmap", (A, B), {}),
    ("entropy", (A, B), {}),
    ("moment", (A,), {"order": 2, "axis": None}),
]


@pytest.mark.parametrize(("name", "args", "keywords"), DIFFERENTIABLE)
def test_derivatives_agree_with_differences(name, args, keywords):
    function = getattr(stats, name)
    if name in {"boxcox", "yeojohnson"}:
        check_grads(lambda x, p: function(x, number(p)), *args, explain=False)
    else:
        check_grads(lambda *args: function(*args, **keywords), *args, explain=False)


def test_derivatives_in_weights_and_exponents():
    check_grads(lambda a, w: stats.gmean(a, weights=w), A, B, explain=False)
    check_grads(lambda a, w: stats.pmean(a, 2.5, weights=w), A, B, explain=False)
    check_grads(lambda a, p: stats.pmean(a, number(p)), A, 2.5, explain=False)
    check_grads(lambda c: stats.moment(A, 3, center=c), 1.5, explain=False)


def test_edges_of_means():
    """A negative number has no harmonic mean; with a zero it is zero, the slope one in front."""
    assert np.all(np.isnan(stats.hmean(ag.Tensor([1.0, -1.0])).data))
    assert_array_equal(stats.gmean(ag.Tensor([0.0, 2.0])).data, 0.0)
    assert_array_equal(ag.grad(stats.entropy)(np.array([1.0, 1.0])), [0.0, 0.0])


def test_keywords_without_a_derivative_are_refused():
    t = ag.Tensor(U)
    with pytest.raises(ag.errors.KeywordError, match="gmean of a Tensor does not take nan_policy="):
        stats.gmean(t, nan_policy="omit")
    assert_array_equal(stats.gmean(t, nan_policy="propagate").data, stats.gmean(t).data)
    with pytest.raises(ag.errors.KeywordError, match="boxcox of a Tensor needs lmbda="):
        stats.boxcox(t)
    with pytest.raises(ag.errors.KeywordError, match="boxcox of a Tensor does not take alpha="):
        stats.boxcox(t, 0.5, alpha=0.1)
    with pytest.raises(ag.errors.KeywordError, match="yeojohnson of a Tensor needs lmbda="):
        stats.yeojohnson(t)
    with pytest.raises(ag.errors.NotDifferentiableError, match=r"scipy\.stats\.spearmanr of a Ten"):
        stats.spearmanr(t, U)


@pytest.mark.parametrize("name", ["gmean", "hmean", "kurtosis", "zscore"])
def test_many_samples_at_once(name):
    function = getattr(stats, name)
    assert_allclose(ag.vmap(function)(A), [function(row) for row in A], 1e-12)


def test_many_distances_at_once():
    def distance(row):
        return stats.wasserstein_distance(row, V)

    assert_allclose(ag.vmap(distance)(A), [distance(row) for row in A], 1e-12)


@pytest.mark.parametrize("name", ["pearsonr", "linregress"])
def test_pairs_of_samples(name):
    """Statistic and p-value, and all numbers of the line."""
    x, y = U, U[::-1] * U + 0.3 * U
    ours, expected = getattr(stats, name), getattr(scipy.stats, name)(x, y)
    assert type(ours(x, y)) is type(expected)
    found = ours(ag.Tensor(x), ag.Tensor(y))
    assert len(found) == len(expected)
    fields = [*found._fields, *(["intercept_stderr"] if name == "linregress" else [])]
    for field in fields:
        assert_allclose(getattr(found, field).data, getattr(expected, field), 1e-10)

    def all_of_them(x, y):
        return np.stack([getattr(ours(x, y), field) for field in fields])

    check_grads(all_of_them, x, y, explain=False)
    with pytest.raises(ag.errors.KeywordError, match="does not take alternative='less'"):
        ours(ag.Tensor(x), y, alternative="less")


def test_correlations_along_an_axis():
    found = stats.pearsonr(ag.Tensor(A), B, axis=1)
    expected = scipy.stats.pearsonr(A, B, axis=1)
    assert_allclose(found.statistic.data, expected.statistic, 1e-12)
    assert_allclose(found.pvalue.data, expected.pvalue, 1e-10)
