"""`autograd.scipy.special`: its names, its edges, errors, and the functions made of others."""

import inspect
from types import ModuleType

import numpy as np
import pytest
import scipy.special as sc

import autograd as ag
from autograd import dispatch
from autograd.errors import KeywordError, NotDifferentiableError
from autograd.scipy import special
from autograd.scipy.special import refused
from autograd.testing import check_grads

dispatch.state_all()  # with NumPy's sinc, which is scipy.special's, too
NAMES = sorted(
    name
    for name in dir(sc)
    if not name.startswith("_")
    and callable(getattr(sc, name))
    and not inspect.isclass(getattr(sc, name))
    and name not in {"geterr", "seterr", "test"}  # how SciPy reports errors; its own tests
)
REPLACED = {name for names in special.OWN.values() for name in names.split() if hasattr(sc, name)}


# The names.


def test_every_function_is_stated_replaced_or_refused():
    for name in NAMES:
        stated = getattr(sc, name) in dispatch.KINDS or name in REPLACED
        assert stated != (name in refused.BY_NAME), name


def test_the_namespace_is_scipys_but_for_functions_of_python():
    for name in dir(sc):
        theirs = getattr(sc, name)
        if name.startswith("_") or isinstance(theirs, ModuleType):
            continue
        ours = getattr(special, name)
        if name in REPLACED or name in refused.BY_NAME:
            assert ours is not theirs or isinstance(theirs, np.ufunc), name
        else:
            assert ours is theirs, name


@pytest.mark.parametrize("name", sorted(refused.BY_NAME))
def test_refusals_tell_why(name):
    with pytest.raises(NotDifferentiableError) as caught:
        getattr(special, name)(*(ag.Tensor(1.0),) * getattr(getattr(sc, name), "nin", 1))
    assert f"of a Tensor has no derivative here: {refused.BY_NAME[name]}" in str(caught.value)


def test_no_reason_is_given_twice():
    names = [name for names in refused.REASONS.values() for name in names.split()]
    assert len(names) == len(set(names))


ON_ARRAYS = {
    "comb": (5, 2), "diric": (0.3, 4), "factorial": (4,), "h1vp": (1, 2.0), "h2vp": (1, 2.0),
    "ivp": (1, 2.0, 2), "jvp": (1, 2.0, 2), "kvp": (1, 2.0, 3), "lambertw": (0.5,),
    "legendre_p": (2, 0.3), "log_softmax": ([1.0, 2.0],), "logsumexp": ([1.0, 2.0],),
    "multigammaln": (3.0, 2), "perm": (5, 2), "polygamma": (1, 2.0), "softmax": ([1.0, 2.0],),
    "softplus": (1.0,), "sph_harm_y": (2, 1, 0.3, 0.4), "sph_legendre_p": (2, 1, 0.3),
    "spherical_in": (1, 2.0), "spherical_jn": (1, 2.0), "spherical_kn": (1, 2.0),
    "spherical_yn": (1, 2.0), "yvp": (1, 2.0), "zeta": (2.0,),
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(REPLACED))
def test_replaced_functions_give_arrays_scipys_values(name):
    result = getattr(special, name)(*ON_ARRAYS[name])
    assert not isinstance(result, ag.Tensor)
    np.testing.assert_array_equal(result, getattr(sc, name)(*ON_ARRAYS[name]))


def test_scipys_own_names_take_tensors_of_three_arguments_and_give_several_outputs():
    found = ag.grad(sc.betainc, argnum=(0, 1, 2))(2.0, 3.0, 0.4)
    assert len(found) == 3
    x = ag.Tensor(1.0)
    s, c = sc.fresnel(x)
    np.testing.assert_allclose(ag.gradients([s], [x])[0], 1.0, rtol=1e-15)  # sin(π/2)
    np.testing.assert_allclose(ag.gradients([c], [x])[0], 0.0, atol=1e-15)


# Functions made of others.

X = np.array([0.3, 1.2, 2.5])
COMPOSITES = {
    "comb": lambda x: special.comb(x + 3, 2.4),
    "comb in k": lambda k: special.comb(5.0, k),
    "comb, repeated": lambda x: special.comb(x + 1, 2.0, repetition=True),
    "comb of a list": lambda x: special.comb([x[0] + 3, x[1] + 4], 2),
    "perm": lambda x: special.perm(x + 3, 2),
    "factorial": special.factorial,
    "multigammaln": lambda x: special.multigammaln(x + 2, 4),
    "diric": lambda x: special.diric(x, 5),
    "softplus": lambda x: special.softplus(x) if hasattr(sc, "softplus") else x,
    "logsumexp of a list": lambda x: special.logsumexp([x[0], x[1] * x[2]]),
    "logsumexp, sign": lambda x: special.logsumexp(x, b=[1.0, -2.0, 0.5], return_sign=True)[0],
    "logsumexp, sign, no b": lambda x: special.logsumexp(x, return_sign=True)[0],
    "logsumexp in b": lambda b: special.logsumexp(X, b=b),
    "softmax of a list": lambda x: special.softmax([x[0], x[1]]),
    "log_softmax": lambda x: special.log_softmax(x, axis=0),
    "lambertw": lambda x: np.real(special.lambertw(x, tol=1e-3)),
    "zeta": lambda x: special.zeta(x + 1.5),
    "zeta of two": lambda x: special.zeta(x + 1.5, x),
    "spherical_jn": lambda x: special.spherical_jn(2, x),
    "spherical_jn, derivative": lambda x: special.spherical_jn(2, x, derivative=True),
    "spherical_yn, derivative": lambda x: special.spherical_yn(1, x, derivative=True),
    "spherical_in, derivative": lambda x: special.spherical_in(0, x, derivative=True),
    "spherical_kn, derivative": lambda x: special.spherical_kn(3, x, derivative=True),
    "jvp": lambda x: special.jvp(1.5, x, 2),
    "yvp": lambda x: special.yvp(0, x),
    "ivp": lambda x: special.ivp(2, x, 3),
    "kvp": lambda x: special.kvp(0.5, x, 1),
    "h1vp": lambda x: np.abs(special.h1vp(1, x, 1)) ** 2,
    "h2vp": lambda x: np.real(special.h2vp(1, x, 0)),
    "legendre_p": lambda x: special.legendre_p(3, x / 3) if hasattr(sc, "legendre_p") else x,
    "legendre_p, derivatives": lambda x: (
        special.legendre_p(3, x / 3, diff_n=2) if hasattr(sc, "legendre_p") else x
    ),
    "sph_harm_y": lambda x: (
        np.real(special.sph_harm_y(3, 2, x, 2 * x)) if hasattr(sc, "sph_harm_y") else x
    ),
    "sph_legendre_p": lambda x: (
        special.sph_legendre_p(3, -1, x) if hasattr(sc, "sph_legendre_p") else x
    ),
    "ive of complex": lambda x: np.real(sc.ive(1.5, x + 0.5j)),
    "jve of complex": lambda x: np.imag(sc.jve(1.5, x + 0.5j * x)),
    "yve of complex": lambda x: np.real(sc.yve(1.5, x - 0.5j)),
}  # fmt: skip


@pytest.mark.parametrize("name", COMPOSITES)
def test_composites(name):
    function = COMPOSITES[name]
    value = function(ag.Tensor(X))
    np.testing.assert_allclose(value.data, function(X), rtol=1e-13)
    check_grads(function, X)


# Errors.


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda t: special.comb(t, 2, exact=True), KeywordError, r"comb .* exact=True"),
        (lambda t: special.perm(t, 2, exact=True), KeywordError, r"perm .* exact=True"),
        (lambda t: special.factorial(t, exact=True), KeywordError, r"factorial .* exact=True"),
        (lambda t: special.factorial(t, extend="complex"), KeywordError, "extend='complex'"),
        (lambda t: special.multigammaln(t, 9), ValueError, "not met"),
        (lambda t: special.zeta(t, out=np.zeros(())), KeywordError, "cannot write into out="),
        (lambda t: sc.gammaln(t, where=True), KeywordError, "does not take where="),
        (lambda t: special.jvp(1, t, -1), ValueError, "n"),
        (lambda t: ag.grad(lambda n: special.polygamma(n, 2.0))(1.0), NotDifferentiableError,
         "polygamma has no derivative here in its argument n"),
        (lambda t: ag.grad(lambda n: sc.struve(n, 2.0))(1.0), NotDifferentiableError,
         "struve has no derivative here in its argument v"),
        (lambda t: ag.jvp(lambda a: sc.hyp1f1(a, 1.0, 2.0), (1.0,), (1.0,)),
         NotDifferentiableError, "hyp1f1 has no derivative here in its argument a"),
        (lambda t: special.lambertw(0.5, t), NotDifferentiableError, "lambertw .* argument k"),
        (lambda t: ag.grad(lambda v: np.real(sc.jv(v, 1 + 1j)))(0.5), NotDifferentiableError,
         "jv has no derivative here in its order v where z is complex"),
        (lambda t: ag.grad(lambda v: np.real(sc.kv(v, 1 + 1j)))(0.5), NotDifferentiableError,
         "kv has no derivative here in its order v where z is complex"),
        (lambda t: ag.grad(lambda z: np.real(sc.airye(z)[0]))(1 + 1j), NotDifferentiableError,
         "airye has no derivative here of complex numbers"),
    ],
)  # fmt: skip
def test_errors(call, error, message):
    with pytest.raises(error, match=message):
        call(ag.Tensor(1.5))


@pytest.mark.skipif(not hasattr(sc, "sph_harm_y"), reason="since SciPy 1.15")
def test_scipys_own_derivatives_of_harmonics_are_refused():
    with pytest.raises(KeywordError, match=r"sph_harm_y .* diff_n=1"):
        special.sph_harm_y(2, 1, ag.Tensor(0.3), 0.2, diff_n=1)
    with pytest.raises(KeywordError, match=r"sph_legendre_p .* diff_n=1"):
        special.sph_legendre_p(2, 1, ag.Tensor(0.3), diff_n=1)


def test_a_constant_order_may_be_a_tensor():
    order = ag.Tensor(1.0, requires_grad=False)
    found = ag.grad(lambda x: sc.struve(order, x))(2.0)
    assert found == ag.grad(lambda x: sc.struve(1.0, x))(2.0)


# Edges. Expected values are limits that mathematics has.

INF, NAN = np.inf, np.nan
EDGES = [
    (sc.expit, 1000.0, 0.0), (sc.expit, -1000.0, 0.0), (sc.expit, 40.0, np.exp(-40.0)),
    (sc.log_expit, 1000.0, 0.0), (sc.log_expit, -1000.0, 1.0), (sc.logit, 0.5, 4.0),
    (sc.log_ndtr, -1000.0, 1000.000999998), (sc.log_ndtr, 1000.0, 0.0),
    (sc.log_ndtr, -1e8, 1e8), (sc.ndtr, -40.0, 0.0), (sc.ndtr, INF, 0.0),
    (sc.erf, INF, 0.0), (sc.erfc, 30.0, 0.0), (sc.erfcx, 1e8, -5.6418958354775628e-17),
    (sc.erfcx, -1.0, -11.146339328620072), (sc.dawsn, 1e6, -5.0000000000075e-13),
    (sc.dawsn, 0.0, 1.0),
    (sc.rgamma, 0.0, 1.0), (sc.rgamma, -1.0, -1.0), (sc.rgamma, -2.0, 2.0),
    (sc.rgamma, -3.0, -6.0), (sc.gamma, 1.0, -0.57721566490153287),
    (lambda x: sc.xlogy(0.0, x), 0.0, 0.0), (lambda x: sc.xlogy(2.0, x), 4.0, 0.5),
    (lambda x: sc.xlog1py(0.0, x), -1.0, 0.0), (lambda x: sc.rel_entr(0.0, x), 0.0, 0.0),
    (lambda x: sc.kl_div(0.0, x), 2.0, 1.0),
    (sc.exprel, 0.0, 0.5), (sc.exprel, -1e3, 1e-6), (sc.spence, 1.0, -1.0),
    (lambda x: sc.boxcox(2.0, x), 0.0, np.log(2.0) ** 2 / 2),
    (lambda x: sc.boxcox(0.0, x), 2.0, 0.25),
    (lambda x: sc.inv_boxcox(0.5, x), 0.0, -np.exp(0.5) / 8),
    (lambda x: sc.poch(x, 3), 0.0, 2.0), (lambda x: sc.poch(x, 2), -3.0, -5.0),
    (lambda x: sc.binom(x, 5), 2.0, 1 / 30),  # x (x-1) (x-3) (x-4) / 120 at 2
    (lambda x: sc.binom(5, x), 6.0, -1 / 6),  # 5! sin(πx)/π over a product: slope at 6
    (lambda x: sc.pseudo_huber(x, 3.0), 0.0, 3.0), (lambda x: sc.huber(1.0, x), 5.0, 1.0),
    (lambda x: special.diric(x, 4), 0.0, 0.0), (sc.ellipk, 0.0, np.pi / 8),
    (sc.ellipe, 0.0, -np.pi / 8), (lambda m: sc.ellipkinc(0.0, m), 0.5, 0.0),
    (lambda a: sc.agm(a, 2.0), 2.0, 0.5), (lambda x: sc.elliprf(x, 1.0, 1.0), 1.0, -1 / 6),
    (lambda x: sc.elliprd(x, 1.0, 1.0), 1.0, -3 / 10), (lambda x: sc.elliprc(x, 1.0), 1.0, -1 / 6),
    (lambda x: sc.sici(x)[0], 0.0, 1.0), (lambda x: sc.shichi(x)[0], 0.0, 1.0),
    (lambda x: np.real(special.lambertw(x)), 0.0, 1.0), (sc.wrightomega, -1000.0, 0.0),
    (sc.bei, 0.0, 0.0), (sc.beip, 0.0, 0.5), (sc.j1, 0.0, 0.5), (sc.i1, 0.0, 0.5),
    (lambda x: special.spherical_jn(1, x), 0.0, 1 / 3),
    (lambda x: special.spherical_jn(0, x), 0.0, 0.0),
    (lambda x: sc.betainc(2.0, 2.0, x), 0.0, 0.0), (lambda x: sc.betainc(2.0, 2.0, x), 1.0, 0.0),
    (lambda x: sc.betainc(1.0, 2.0, x), 0.0, 2.0), (lambda a: sc.betainc(a, 2.0, 0.0), 2.0, 0.0),
    (lambda a: sc.betainc(a, 2.0, 1.0), 2.0, 0.0), (lambda a: sc.gammainc(a, 0.0), 2.0, 0.0),
    (lambda a: sc.gammainc(a, INF), 2.0, 0.0), (lambda x: sc.gammainc(1.0, x), 0.0, 1.0),
    (lambda x: sc.gammainc(2.0, x), 0.0, 0.0), (lambda p: sc.bdtr(3, 3, p), 0.4, 0.0),
    (lambda p: sc.bdtr(0, 2, p), 0.4, -1.2), (lambda t: sc.stdtr(3.0, t), 0.0, 0.36755259694786137),
    (lambda v: sc.stdtr(v, 0.0), 3.0, 0.0), (sc.kolmogorov, 0.0, 0.0),
    (lambda x: sc.chndtr(x, 2, 0.0), 1.0, np.exp(-0.5) / 2),
    (lambda x: sc.eval_legendre(0, x), 0.3, 0.0), (lambda x: sc.eval_hermite(0, x), 0.3, 0.0),
    (lambda x: sc.eval_legendre(4, x), 1.0, 10.0), (lambda x: sc.eval_chebyt(5, x), 1.0, 25.0),
    (lambda v: sc.jv(v, 0.0), 2.0, 0.0), (lambda v: sc.kv(v, 1.0), 0.0, 0.0),
]  # fmt: skip


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("number", range(len(EDGES)))
def test_edges(number):
    function, x, expected = EDGES[number]
    np.testing.assert_allclose(ag.grad(function)(x), expected, rtol=2e-13, atol=1e-300)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("function", [lambda x: sc.xlogy(x, 0.0), sc.entr, sc.erfinv, sc.ndtri])
def test_infinite_slopes_are_infinite(function):
    at = 1.0 if function is sc.erfinv else 0.0
    assert np.isinf(ag.grad(function)(at))


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_a_zero_cotangent_is_zero_where_a_slope_is_infinite():
    x = np.array([0.0, 2.0])
    found = ag.grad(lambda x: np.sum(np.where(x > 0, sc.entr(x), 0.0)))(x)
    np.testing.assert_allclose(found, [0.0, -np.log(2.0) - 1])


def test_sums_of_exponentials_with_infinities():
    grad = ag.grad(special.logsumexp)
    np.testing.assert_array_equal(grad(np.array([-INF, 1.0])), [0.0, 1.0])
    np.testing.assert_array_equal(grad(np.array([-INF, -INF])), [0.5, 0.5])  # as logaddexp
    np.testing.assert_array_equal(grad(np.array([INF, 1.0])), [1.0, 0.0])
    np.testing.assert_allclose(grad(np.array([1000.0, 1000.0])), [0.5, 0.5], rtol=1e-12)
    first = ag.grad(lambda x: special.softmax(x)[0])
    np.testing.assert_array_equal(first(np.array([1000.0, -1000.0])), [0.0, 0.0])
    last = ag.grad(lambda x: special.log_softmax(x)[1])
    np.testing.assert_array_equal(last(np.array([1000.0, -1000.0])), [-1.0, 1.0])


def test_third_derivatives():
    assert ag.grad(ag.grad(ag.grad(sc.exprel)))(0.0) == pytest.approx(1 / 4, rel=1e-14)
    assert ag.grad(ag.grad(ag.grad(sc.log_expit)))(0.0) == pytest.approx(0.0, abs=1e-16)
    assert ag.grad(ag.grad(ag.grad(sc.rgamma)))(0.0) == pytest.approx(
        -3.9352684291215233,  # 6 c3 of the series DLMF 5.7.1: c3 = (γ² - π²/6) / 2
        rel=1e-12,
    )
    # The hazard of the normal distribution far in its tail: x + 1/x - 2/x^3 + ..., so h'' = 2/x^3
    assert ag.grad(ag.grad(ag.grad(sc.log_ndtr)))(-1e4) == pytest.approx(2e-12, rel=1e-6)


@pytest.mark.parametrize(
    "point", [(0.3, 0.5), (0.7, 1.5), (1.5, 0.7), (2.5, 2.4), (2.5, 2.6), (30.0, 31.0)]
)
def test_incomplete_gamma_is_differentiated_across_its_formulas(point):
    check_grads(sc.gammainc, *map(np.asarray, point))
    check_grads(sc.gammaincc, *map(np.asarray, point))
