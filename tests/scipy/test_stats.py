"""Distributions of one variable: values against SciPy, derivatives, edges, how they are called."""

import copy
import importlib
import math
import pickle

import numpy as np
import pytest
import scipy.stats
from numpy.testing import assert_allclose, assert_array_equal

import autograd as ag
from autograd.scipy import stats
from autograd.scipy.stats.distribution import Distribution
from autograd.scipy.stats.univariate import Continuous, Discrete
from autograd.testing import check_grads

# Shape parameters where 0.5 to 3.5 are not in the domain, or where others are of interest.
SHAPES = {
    "bernoulli": [(0.3,), (0.0,), (1.0,)],
    "betabinom": [(7, 1.5, 2.0)],
    "binom": [(10, 0.3), (5, 0.0), (5, 1.0)],
    "erlang": [(2,)],
    "foldnorm": [(1.5,), (0.0,)],
    "genextreme": [(0.3,), (-0.3,), (0.0,), (1e-9,)],
    "gengamma": [(1.7, 2.3), (1.7, -0.8)],
    "genpareto": [(0.3,), (-0.3,), (0.0,), (1.5,)],
    "geom": [(0.3,), (1.0,)],
    "johnsonsb": [(-1.0, 2.0)],
    "johnsonsu": [(-1.0, 2.0)],
    "loguniform": [(0.5, 3.0)],
    "logser": [(0.4,)],
    "nbinom": [(3.5, 0.4)],
    "norminvgauss": [(2.3, 1.7), (2.3, -1.0)],
    "poisson": [(2.5,), (30.0,), (0.0,)],
    "powerlaw": [(2.5,), (1.0,)],
    "reciprocal": [(0.5, 3.0)],
    "rice": [(1.5,), (0.0,)],
    "skewcauchy": [(0.3,), (-0.6,)],
    "skewnorm": [(-2.0,), (0.0,), (3.0,)],
    "t": [(3.5,), (1.0,), (1e6,)],
    "triang": [(0.3,), (0.0,), (1.0,)],
    "truncnorm": [(-1.0, 2.0), (1.0, 3.0), (-3.0, math.inf)],
    "truncpareto": [(1.7, 2.3), (-0.5, 2.3)],
    "vonmises": [(2.0,), (0.0,), (50.0,)],
    "wrapcauchy": [(0.3,)],
}
OURS = {name: thing for name, thing in vars(stats).items() if type(thing) in (Continuous, Discrete)}
WHOLE = ("mean", "var", "entropy")
Q = np.array([1e-4, 0.1, 0.3, 0.5, 0.7, 0.99])


def shapes_of(name):
    """Return tuples of shape parameters; a generic one comes first."""
    count = len(OURS[name].shape_names)
    return SHAPES.get(name) or [(1.7, 2.3, 0.8)[:count], (1.0,) * count][: 1 + bool(count)]


def parameters(name, shapes):
    """Return parameters with and without a location and scale."""
    if type(OURS[name]) is Discrete:
        return [(*shapes, 0), (*shapes, 2)]
    return [(*shapes, 0.0, 1.0), (*shapes, 0.5, 2.0)]


def tensors(parameters, discrete):
    """Return Tensors of the parameters; a discrete location is a whole number."""
    floats = [ag.Tensor(float(p)) for p in parameters]
    return [*floats[:-1], parameters[-1]] if discrete else floats


CASES = [(name, shapes) for name in sorted(OURS) for shapes in shapes_of(name)]
GENERIC = [(name, shapes_of(name)[0]) for name in sorted(OURS)]


def points_of(name, values):
    """Return quantiles, ends of the support, points outside, and what is not a number."""
    model = getattr(scipy.stats, name)
    a, b = model.support(*values)
    x = model.ppf(Q, *values)
    between = x[3] + (1 if name == "yulesimon" else 0.5)  # SciPy's `sf` of it goes on between
    return np.array([*x, a, b, a - 1, b + 1, between, math.nan, math.inf, -math.inf]), (a, b)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")  # SciPy's own, at the ends
@pytest.mark.parametrize(("name", "shapes"), CASES)
def test_values_are_scipys(name, shapes):
    """With the dtype and the shape; NaN that SciPy makes at an end, not outside, is excepted."""
    ours, model = OURS[name], getattr(scipy.stats, name)
    for values in parameters(name, shapes):
        x, ends = points_of(name, values)
        given = tensors(values, type(ours) is Discrete)
        for method in ours.formulas:
            at = [] if method in WHOLE else [np.array([*Q, 0, 1, -1, 2])]
            at = at if method in {*WHOLE, "ppf", "isf"} else [x]
            if not given[: len(given) - (type(ours) is Discrete)]:
                continue
            expected = np.asarray(getattr(model, method)(*at, *values))
            found = np.asarray(getattr(ours, method)(*at, *given).data)
            assert found.dtype == expected.dtype
            assert found.shape == expected.shape
            if method not in WHOLE:
                accident = np.isnan(expected) & (np.isinf(at[0]) | np.isin(at[0], ends))
                found = np.where(accident, expected, found)
            assert_allclose(found, expected, 1e-9, 1e-13, err_msg=f"{method} of {values}")


@pytest.mark.filterwarnings("ignore:The shape parameter of the erlang")
@pytest.mark.parametrize(("name", "shapes"), GENERIC)
def test_derivatives_agree_with_differences(name, shapes):
    """Of both modes, in all arguments; the density's derivatives, too, as one that has all."""
    ours, model = OURS[name], getattr(scipy.stats, name)
    values = [float(value) for value in parameters(name, shapes)[1]]
    x = model.ppf([0.2, 0.6], *values)
    counts = [values.pop(0)] if name in {"binom", "betabinom"} else []  # are whole
    density, *methods = [method for method in ours.formulas if method not in WHOLE]

    if type(ours) is Discrete:
        location = values.pop()

        def of(methods, *values):
            return np.stack([getattr(ours, m)(x, *counts, *values, location) for m in methods])

        arguments = values
    else:

        def of(methods, x, *values):
            q = np.array([0.2, 0.6]) + 0.01 * x
            points = {"ppf": q, "isf": q}
            return np.stack([getattr(ours, m)(points.get(m, x), *values) for m in methods])

        arguments = [x, *values]
    check_grads(lambda *values: of([density], *values), *arguments, explain=False)
    check_grads(lambda *values: of(methods, *values), *arguments, order=1, explain=False)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")  # some derivatives are infinite at an end
@pytest.mark.parametrize(("name", "shapes"), CASES)
def test_derivatives_at_edges_are_numbers_and_zero_outside(name, shapes):
    """Also where a parameter is invalid, an argument no number, or a probability underflows."""
    ours, values = OURS[name], parameters(name, shapes)[1]
    discrete = type(ours) is Discrete
    x, (a, b) = points_of(name, values)
    x = np.array([*x, x[3] + 1e6, x[3] - 1e6, x[3]])
    given = [np.full(len(x), float(value)) for value in values]
    if not discrete:
        given[-1][-1] = -1.0
    count = len(shapes)
    for method in set(ours.formulas) - {*WHOLE}:
        quantile = method in {"ppf", "isf"}
        at = np.resize([0.4, 0, 1, -1, 2, math.nan, 1e-30, 1 - 1e-16], len(x)) if quantile else x

        def total(*arguments, method=method, at=at):
            if discrete:
                return np.sum(getattr(ours, method)(at, *arguments, 2))
            return np.sum(getattr(ours, method)(*arguments))

        arguments = given[:-1] if discrete else [at, *given]
        if not arguments:
            continue
        found = ag.grad(total, tuple(range(len(arguments))))(*arguments)
        for gradient in found:
            assert not np.any(np.isnan(gradient)), (method, count)
            if not quantile:
                assert_array_equal(np.asarray(gradient)[(at < a) | (at > b)], 0)


# Far from the centre. Expected values: asymptotic series, DLMF 7.12.1, and elementary functions.


def log_normal_tail(x):
    """Return the logarithm of the normal probability beyond a large `x`."""
    u = 1 / x**2
    series = 1 - u + 3 * u**2 - 15 * u**3 + 105 * u**4
    return -x * x / 2 - math.log(x * math.sqrt(2 * math.pi)) + math.log(series)


@pytest.mark.parametrize("x", [40.0, 200.0, 1e3, 1e6])
def test_normal_tails_are_exact(x):
    for name, sign in (("logcdf", -1), ("logsf", 1)):
        method = getattr(stats.norm, name)
        value = method(ag.Tensor(sign * 2 * x + 3), 3.0, 2.0)
        assert_allclose(value.data, log_normal_tail(x), 1e-12)
        hazard = -x - 1 / x + 2 / x**3 - 10 / x**5  # of the logarithm above
        assert_allclose(ag.grad(method)(sign * 2 * x + 3, 3.0, 2.0), sign * hazard / 2, 1e-8)
    assert_allclose(ag.grad(ag.grad(stats.norm.logcdf))(-x), -1 + 1 / x**2, 1e-5)
    lognorm = stats.lognorm.logsf(ag.Tensor(math.exp(min(x, 700.0) / 4)), 0.25)
    assert_allclose(lognorm.data, log_normal_tail(min(x, 700.0)), 1e-12)


@pytest.mark.parametrize(
    ("method", "x", "value", "slope"),
    [
        (stats.logistic.logcdf, -800.0, -800.0, 1.0),
        (stats.logistic.logsf, -800.0, 0.0, 0.0),
        (stats.expon.logsf, 1e5, -1e5, -1.0),
        (stats.expon.logcdf, 1e-300, -300 * math.log(10), 1e300),
        (stats.laplace.logcdf, -1e4, -1e4 - math.log(2), 1.0),
        (stats.gumbel_r.logcdf, 50.0, -math.exp(-50.0), math.exp(-50.0)),
        (stats.gumbel_r.logsf, 900.0, -math.inf, 0.0),  # e^-900 is no float
        (stats.gumbel_r.sf, 50.0, math.exp(-50.0), -math.exp(-50.0)),
        (stats.cauchy.sf, 1e30, 1e-30 / math.pi, -1e-60 / math.pi),
        (stats.cauchy.logcdf, -1e30, math.log(1e-30 / math.pi), 1e-30),
        (stats.halfnorm.logsf, 40.0, log_normal_tail(40.0) + math.log(2), -40.02496886),
    ],
)
def test_tails_keep_their_digits(method, x, value, slope):
    assert_allclose(method(ag.Tensor(x)).data, value, 1e-13)
    assert_allclose(ag.grad(method)(x), slope, 1e-9)


def test_truncated_far_out_is_like_an_exponential():
    """Normal beyond 100: to leading order exponential with rate 100 + 1/100."""
    x = np.array([100.001, 100.01])
    found = ag.grad(lambda x: np.sum(stats.truncnorm.logsf(x, 100.0, math.inf)))(x)
    assert_allclose(found, -(x + 1 / x - 2 / x**3), 1e-6)
    value = stats.truncnorm.logsf(ag.Tensor(x), 100.0, math.inf).data
    assert_allclose(value, [log_normal_tail(y) - log_normal_tail(100.0) for y in x], 1e-9)


@pytest.mark.parametrize("name", ["genextreme", "genpareto"])
def test_shape_zero_is_a_smooth_point(name):
    """Values next to 0 lie on a line; the derivative is its slope."""
    method, x = getattr(scipy.stats, name).logpdf, np.array([0.3, 0.9])
    step = 1e-3
    left, right = method(x, -step), method(x, step)
    at = ag.jacobian(lambda c: getattr(stats, name).logpdf(x, c))(0.0)
    assert_allclose(at, (right - left) / (2 * step), 1e-5)
    assert_allclose(getattr(stats, name).logpdf(ag.Tensor(x), 0.0).data, method(x, 0.0), 1e-14)


# Dtypes, shapes, and how they are called.


def test_all_is_computed_in_float64_as_in_scipy():
    x = np.array([0.5, 1.5], np.float32)
    value = stats.norm.logpdf(ag.Tensor(x))
    assert value.dtype == scipy.stats.norm.logpdf(x).dtype == np.float64
    gradient = ag.grad(lambda x: np.sum(stats.norm.logpdf(x)))(x)
    assert gradient.dtype == np.float32
    assert_array_equal(gradient, -x)


def test_arguments_broadcast():
    rng = np.random.default_rng(0)
    x, a = rng.uniform(0.5, 2.0, (3, 1)), rng.uniform(0.5, 2.0, 2)
    loc, scale = rng.uniform(-1.0, 0.0, (4, 1, 1)), np.array(1.5)
    expected = scipy.stats.gamma.logpdf(x, a, loc, scale)
    found = stats.gamma.logpdf(*map(ag.Tensor, (x, a, loc, scale)))
    assert found.shape == (4, 3, 2)
    assert_allclose(found.data, expected, 1e-12)
    check_grads(stats.gamma.logpdf, x, a, loc, scale)


def test_empty_arguments_give_empty_results():
    x = np.zeros((0, 3))
    assert stats.norm.logpdf(ag.Tensor(x), np.zeros(3)).shape == (0, 3)
    assert ag.grad(lambda x: np.sum(stats.gamma.cdf(x, 2.0)))(x).shape == (0, 3)


@pytest.mark.parametrize(
    "call",
    [
        lambda d, a, s: d.logpdf(1.5, a, 0.5, s),
        lambda d, a, s: d.logpdf(1.5, a, loc=0.5, scale=s),
        lambda d, a, s: d.logpdf(1.5, a=a, loc=0.5, scale=s),
        lambda d, a, s: d.logpdf(x=1.5, scale=s, loc=0.5, a=a),
        lambda d, a, s: d.logpdf([1.5], [a], [0.5], [s])[0],
        lambda d, a, s: d(a, 0.5, s).logpdf(1.5),
        lambda d, a, s: d(a, scale=s, loc=0.5).logpdf(1.5),
        lambda d, a, s: d.freeze(a, scale=s, loc=0.5).logpdf(x=1.5),
    ],
)
def test_parameters_are_given_as_in_scipy(call):
    """By position, by name, in lists, frozen; on arrays, then on Tensors."""
    expected = scipy.stats.gamma.logpdf(1.5, 2.0, 0.5, 3.0)
    assert_array_equal(call(stats.gamma, 2.0, 3.0), expected)
    found = call(stats.gamma, ag.Tensor(2.0), ag.Tensor(3.0))
    assert_allclose(found.data, expected, 1e-14)
    slope = ag.grad(lambda s: call(stats.gamma, 2.0, s))(3.0)
    assert_allclose(slope, (1 / 3.0 - 2.0) / 3.0, 1e-13)  # of a gamma density: (z - a) / scale


@pytest.mark.parametrize(
    ("args", "kwds"),
    [((), {}), ((1.0, 2.0, 3.0, 4.0), {}), ((1.0,), {"a": 2.0}), ((1.0,), {"rate": 2.0})],
)
def test_wrong_parameters_raise(args, kwds):
    with pytest.raises(TypeError):
        scipy.stats.gamma.logpdf(1.0, *args, **kwds)
    message = f"scipy.stats.gamma are a, loc, scale; got {len(args)} by position and"
    with pytest.raises(TypeError, match=message):
        stats.gamma.logpdf(ag.Tensor(1.0), *args, **kwds)


def test_complex_arguments_are_refused():
    with pytest.raises(ag.errors.DtypeError, match="of real numbers, got complex128"):
        stats.norm.logpdf(ag.Tensor(1.0 + 1.0j))


def test_methods_without_a_formula_refuse_tensors_by_name():
    t = ag.Tensor(0.5)
    message = r"scipy.stats.norm.interval of a Tensor has no derivative here \(cdf, entropy.*t.data"
    with pytest.raises(ag.errors.NotDifferentiableError, match=message):
        stats.norm.interval(t)
    with pytest.raises(ag.errors.NotDifferentiableError, match=r"norm\.rvs of a Tensor"):
        stats.norm(t, 1.0).rvs()
    with pytest.raises(ag.errors.NotDifferentiableError, match=r"vonmises\.cdf of a Tensor"):
        stats.vonmises.cdf(t, 1.0)
    with pytest.raises(ag.errors.NotDifferentiableError, match=r"stats\.argus\.pdf of a Tens"):
        stats.argus.pdf(t, 1.0)
    with pytest.raises(ag.errors.NotDifferentiableError, match=r"stats\.argus\.freeze of a T"):
        stats.argus(t)
    with pytest.raises(ag.errors.NotDifferentiableError, match=r"stats\.ttest_ind of a Tens"):
        stats.ttest_ind(t, [1.0, 2.0])


@pytest.mark.parametrize("method", ["pmf", "logpmf", "cdf", "sf", "logcdf", "logsf"])
def test_whole_numbers_have_no_derivative(method):
    function = getattr(stats.poisson, method)
    with pytest.raises(ag.errors.NotDifferentiableError, match=f"poisson.{method} has no .* in k"):
        function(ag.Tensor(3.0), 2.0)
    with pytest.raises(ag.errors.NotDifferentiableError, match="no derivative in loc, a whole"):
        function(3, 2.0, ag.Tensor(1.0))
    named = function(k=3, mu=ag.Tensor(2.0))
    assert_allclose(named.data, getattr(scipy.stats.poisson, method)(3, 2.0), 1e-13)


def test_frozen_distributions_are_scipys_on_arrays():
    frozen = stats.norm(1.0, scale=2.0)
    assert frozen.rvs(random_state=1) == scipy.stats.norm(1.0, 2.0).rvs(random_state=1)
    assert frozen.kwds == {"scale": 2.0}
    assert frozen.interval(0.5) == scipy.stats.norm(1.0, 2.0).interval(0.5)
    assert ag.grad(frozen.logpdf)(3.0) == -0.5
    assert ag.grad(lambda s: stats.norm(1.0, s).std())(2.0) == 1.0
    assert ag.grad(lambda m: stats.norm(m, 2.0).median())(1.0) == 1.0
    with pytest.raises(TypeError, match=r"stats\.norm are loc, scale; got 3 by position"):
        stats.norm(1.0, 2.0, ag.Tensor(3.0))
    with pytest.raises(AttributeError, match="nothing"):
        stats.norm(ag.Tensor(1.0)).nothing  # noqa: B018


# The namespace.


@pytest.mark.parametrize("name", ["norm", "t", "beta", "gamma", "chi2", "poisson"])
def test_distributions_are_imported_as_modules_too(name):
    """HIPS autograd has a module for each."""
    module = importlib.import_module(f"autograd.scipy.stats.{name}")
    assert module is getattr(stats, name)
    scope = {}
    exec(
        f"import autograd.scipy.stats.{name} as d; from autograd.scipy.stats.{name} import cdf",
        scope,
    )
    assert scope["d"] is module
    assert scope["cdf"] == module.cdf


def test_every_distribution_of_scipy_is_there():
    every = {name: thing for name, thing in vars(scipy.stats).items() if hasattr(thing, "rvs")}
    assert len(every) > 140
    for name, thing in every.items():
        if not isinstance(thing, type):
            ours = getattr(stats, name)
            assert issubclass(type(ours), Distribution)
            assert isinstance(ours, type(thing))  # for functions of SciPy that ask
            assert {*dir(thing)} == {*dir(ours)}


def test_distributions_are_copied_and_pickled_by_name():
    for name in ("norm", "argus", "dirichlet"):
        thing = getattr(stats, name)
        assert pickle.loads(pickle.dumps(thing)) is thing
        assert copy.deepcopy(thing) is thing
        assert repr(thing) == f"<autograd.scipy.stats.{name}>"


def test_scipys_functions_take_our_distributions():
    x = np.linspace(-1.0, 2.0, 20)
    found = stats.goodness_of_fit(stats.norm, x, n_mc_samples=20, rng=1)
    expected = scipy.stats.goodness_of_fit(scipy.stats.norm, x, n_mc_samples=20, rng=1)
    assert found.statistic == expected.statistic
    assert stats.probplot(x, dist=stats.norm, fit=False)[0].shape == (20,)


@pytest.mark.parametrize("method", [m for m in stats.gamma.formulas if m not in WHOLE])
def test_methods_run_on_many_examples_at_once(method):
    """Inside `vmap`, where no decision can be made for one example; in and out of support."""
    function, x = getattr(stats.gamma, method), np.array([-0.5, 0.0, 0.5, 0.9, 2.5, math.nan])
    scale = np.array([1.0, 2.0, 0.5, -1.0, 1.5, 1.0])

    def scaled(x, scale):
        return function(x, 2.0, 0.0, scale)

    assert_allclose(ag.vmap(scaled)(x, scale), scaled(x, scale), 1e-12)
    found = ag.vmap(ag.grad(scaled, (0, 1)))(x, scale)
    expected = ag.grad(lambda x, scale: np.sum(scaled(x, scale)), (0, 1))(x, scale)
    assert_allclose(found[0], expected[0], 1e-12)
    assert_allclose(found[1], expected[1], 1e-12)
