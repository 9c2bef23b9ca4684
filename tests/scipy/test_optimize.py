"""`autograd.scipy.optimize` against SciPy with derivatives by hand, and against closed forms."""

import inspect
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pytest
import scipy.optimize
from numpy.testing import assert_allclose, assert_array_equal
from scipy.optimize import rosen_der, rosen_hess, rosen_hess_prod

import autograd as ag
import autograd.scipy
import autograd.scipy.optimize as ours
from autograd.errors import (
    ConvergenceError,
    DetachError,
    DtypeError,
    NonFiniteError,
    NotDifferentiableError,
    NotScalarError,
    ShapeError,
)

START = np.array([1.3, 0.7, 0.8, 1.9, 1.2])


def rosen(x):
    return np.sum(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)


class Counted:
    """A function that counts its calls and keeps what it was given."""

    def __init__(self, function):
        self.function, self.calls, self.seen = function, 0, []

    def __call__(self, *args):
        self.calls += 1
        self.seen.append(args[0])
        return self.function(*args)


@dataclass
class Model:
    w: object
    b: object


class Pair(NamedTuple):
    first: object
    second: object


def test_the_namespace_is_scipys():
    assert set(vars(scipy.optimize)) - set(vars(ours)) <= {"__path__", "__file__"} | {
        name
        for name, value in vars(scipy.optimize).items()
        if name[0] == "_" or inspect.ismodule(value)
    }
    assert autograd.scipy.minimize is ours.minimize
    assert ours.linprog.__wrapped__ is scipy.optimize.linprog
    with pytest.raises(NotDifferentiableError, match=r"linprog of a Tensor has no derivative"):
        ours.linprog(ag.Tensor([1.0]))


@pytest.mark.parametrize("name", ["minimize", "root", "newton", "bisect", "brentq", "toms748"])
def test_signatures_are_scipys(name):
    found = inspect.signature(getattr(ours, name)).parameters
    assert list(found) == list(inspect.signature(getattr(scipy.optimize, name)).parameters)


# minimize: the methods.

METHODS = {
    None: {"jac": rosen_der},
    "Nelder-Mead": {},
    "Powell": {},
    "CG": {"jac": rosen_der},
    "BFGS": {"jac": rosen_der},
    "Newton-CG": {"jac": rosen_der, "hessp": rosen_hess_prod},
    "L-BFGS-B": {"jac": rosen_der},
    "TNC": {"jac": rosen_der},
    "COBYQA": {},
    "SLSQP": {"jac": rosen_der},
    "trust-constr": {"jac": rosen_der, "hessp": rosen_hess_prod},
    "dogleg": {"jac": rosen_der, "hess": rosen_hess},
    "trust-ncg": {"jac": rosen_der, "hessp": rosen_hess_prod},
    "trust-krylov": {"jac": rosen_der, "hessp": rosen_hess_prod},
    "trust-exact": {"jac": rosen_der, "hess": rosen_hess},
}


@pytest.mark.parametrize("method", METHODS)
def test_a_method_does_what_it_does_with_derivatives_by_hand(method):
    x0 = 1 + 0.01 * START if method == "dogleg" else START
    loss = Counted(rosen)
    found = ours.minimize(loss, x0, method=method)
    expected = scipy.optimize.minimize(rosen, x0, method=method, **METHODS[method])
    assert found.success
    assert type(found.x) is np.ndarray
    assert_allclose(found.x, expected.x, rtol=1e-5, atol=1e-6)
    assert found.nfev == expected.nfev
    assert found.nit == expected.nit
    assert found.get("nhev") == expected.get("nhev")
    if not {"hessp", "hess"} & METHODS[method].keys():
        assert loss.calls == found.nfev  # value and gradient come from one call


def test_products_at_one_point_need_one_run():
    """Newton-CG asks for many products of one Hessian with vectors."""
    loss = Counted(rosen)
    found = ours.minimize(loss, START, method="Newton-CG")
    assert found.nhev > 2 * found.nit
    assert loss.calls <= found.nfev + found.nit + 1


def test_methods_without_gradient_see_plain_arrays():
    loss = Counted(rosen)
    ours.minimize(loss, START, method="Nelder-Mead", options={"maxiter": 3})
    assert {type(x) for x in loss.seen} == {np.ndarray}


def test_a_method_of_ones_own():
    def method(fun, x0, args, jac, **options):
        assert_allclose(jac(x0), rosen_der(x0))
        return scipy.optimize.OptimizeResult(x=x0, fun=fun(x0), success=True)

    found = ours.minimize(rosen, START, method=method)
    assert found.fun == rosen(START)


@pytest.mark.parametrize("x0", [[2.0, 0.5], (2.0, 0.5), [2, 1], np.array([2, 1]), 2.0, 2])
def test_numbers_and_lists_of_them_are_arrays_as_in_scipy(x0):
    seen = Counted(lambda x: np.sum((x - 1.0) ** 2))
    found = ours.minimize(seen, x0)
    assert found.x.shape == np.shape(np.atleast_1d(x0))
    assert_allclose(found.x, np.ones_like(found.x), atol=1e-7)
    assert found.nfev == scipy.optimize.minimize(seen.function, x0, jac=lambda x: 2 * (x - 1)).nfev
    assert {np.shape(x) for x in seen.seen} == {found.x.shape}


def test_arguments():
    f = lambda x, a, b: np.sum((x - a) ** 2) + b
    assert_allclose(ours.minimize(f, [0.0], (3.0, 1.0)).x, [3.0])
    assert_allclose(ours.minimize(lambda x, a: np.sum((x - a) ** 2), [0.0], 3.0).x, [3.0])


# minimize: parameters in containers.


def distance(p):
    return (p["a"] - 1) ** 2 + np.sum((p["b"] - p["a"]) ** 2) + np.sum((p["W"] - 2.0) ** 2)


def parameters():
    return {"a": 0.0, "b": np.zeros(2), "W": np.ones((2, 3))}


@pytest.mark.parametrize(
    "method", [None, "Nelder-Mead", "Newton-CG", "trust-exact", "trust-constr"]
)
def test_a_dict_comes_back_as_one(method):
    options = {"maxiter": 10_000, "maxfev": 10_000, "xatol": 1e-9, "fatol": 1e-12}
    found = ours.minimize(
        distance,
        parameters(),
        method=method,
        options=options if method == "Nelder-Mead" else None,
    )
    assert found.success
    assert list(found.x) == ["a", "b", "W"]
    assert np.ndim(found.x["a"]) == 0
    assert_allclose(found.x["a"], 1.0, atol=1e-5)
    assert_allclose(found.x["b"], [1.0, 1.0], atol=1e-5)
    assert_allclose(found.x["W"], np.full((2, 3), 2.0), atol=1e-5)
    if method in {None, "trust-exact"}:
        assert found.jac["W"].shape == (2, 3)


@pytest.mark.parametrize(
    ("x0", "loss"),
    [
        ([np.zeros(2), np.zeros((1, 2))], lambda p: np.sum((p[0] - 1) ** 2 + (p[1] - 2) ** 2)),
        (Pair(np.zeros(2), 0.0), lambda p: np.sum((p.first - 1) ** 2) + (p.second - 2) ** 2),
        (Model(np.zeros((2, 2)), 0.0), lambda p: np.sum((p.w - 1) ** 2) + (p.b - 2) ** 2),
        (
            {"x": (0.0, [np.zeros(1)])},
            lambda p: (p["x"][0] - 1) ** 2 + np.sum(p["x"][1][0] - 2) ** 2,
        ),
        (np.zeros((2, 3)), lambda p: np.sum((p - 1.0) ** 2)),
    ],
    ids=["list", "named tuple", "dataclass", "nested", "matrix"],
)
def test_other_containers(x0, loss):
    found = ours.minimize(loss, x0)
    assert type(found.x) is type(x0)
    assert found.fun < 1e-9
    assert type(found.jac) is type(x0)


def test_single_precision_is_optimised_in_double_and_comes_back_as_it_was():
    seen = Counted(lambda p: np.sum((p["x"] - 1 / 3) ** 2))
    found = ours.minimize(seen, {"x": np.zeros(3, np.float32)})
    assert found.x["x"].dtype == np.float32
    assert_array_equal(found.x["x"], np.full(3, np.float32(1 / 3)))
    assert {p["x"].dtype for p in seen.seen} == {np.dtype(np.float64)}


def test_the_start_is_not_written_to():
    x0 = {"a": np.zeros(2)}
    ours.minimize(lambda p: np.sum((p["a"] - 1) ** 2), x0)
    assert_array_equal(x0["a"], np.zeros(2))


def test_callbacks_see_the_container():
    seen = []
    ours.minimize(distance, parameters(), callback=lambda x: seen.append(x))
    assert seen[-1]["W"].shape == (2, 3)
    results = []

    def callback(intermediate_result):
        results.append(intermediate_result)
        if len(results) == 2:
            raise StopIteration

    found = ours.minimize(distance, parameters(), callback=callback)
    assert results[-1].x["W"].shape == (2, 3)
    assert results[-1].fun < distance(parameters())
    assert found.status == 99
    states = []
    ours.minimize(
        distance, parameters(), method="trust-constr", callback=lambda x, state: states.append(x)
    )
    assert states[-1]["b"].shape == (2,)


# minimize: bounds and constraints.


def test_bounds_in_the_form_of_the_parameters():
    bounds = {"a": (None, 0.5), "b": None, "W": (np.array([2.5, 0.0, 0.0]), None)}
    found = ours.minimize(distance, parameters(), bounds=bounds)
    assert_allclose(found.x["a"], 0.5)
    assert_allclose(found.x["b"], [0.5, 0.5], atol=1e-6)
    assert_allclose(found.x["W"], np.tile([2.5, 2.0, 2.0], (2, 1)), atol=1e-6)
    again = ours.minimize(distance, parameters(), bounds={"a": (None, 0.5)})
    assert_allclose(again.x["W"], np.full((2, 3), 2.0), atol=1e-6)


@pytest.mark.parametrize(
    "bounds",
    [
        [(None, 0.5), (0.0, 0.25)],
        scipy.optimize.Bounds([-np.inf, 0.0], [0.5, 0.25]),
    ],
)
def test_bounds_as_scipy_has_them(bounds):
    loss = lambda x: np.sum((x - 1.0) ** 2)
    assert_allclose(ours.minimize(loss, np.zeros(2), bounds=bounds).x, [0.5, 0.25])
    of_list = ours.minimize(
        lambda p: (p[0] - 1.0) ** 2 + (p[1][0] - 1.0) ** 2, [0.0, [0.0]], bounds=bounds
    )
    assert_allclose(of_list.x[0], 0.5)
    assert_allclose(of_list.x[1][0], 0.25)


def test_bounds_of_a_matrix():
    loss = lambda x: np.sum((x - 1.0) ** 2)
    found = ours.minimize(loss, np.zeros((2, 3)), bounds=(0.0, [0.5, 2.0, 0.25]))
    assert_allclose(found.x, np.tile([0.5, 1.0, 0.25], (2, 1)), atol=1e-7)


DISC = {"a": 0.0, "b": np.array([0.1, 0.2])}
FAR = lambda p: (p["a"] - 3.0) ** 2 + np.sum((p["b"] - 4.0) ** 2)
RADIUS = lambda p: p["a"] ** 2 + np.sum(p["b"] ** 2)
NEAREST = np.array([3.0, 4.0, 4.0]) / np.sqrt(41.0)  # on the unit sphere


@pytest.mark.parametrize("method", [None, "trust-constr", "COBYLA", "COBYQA"])
@pytest.mark.parametrize("kind", ["dict", "object"])
def test_constraints_on_the_container(method, kind):
    constraint = (
        {"type": "ineq", "fun": lambda p, r: r - RADIUS(p), "args": (1.0,)}
        if kind == "dict"
        else scipy.optimize.NonlinearConstraint(RADIUS, -np.inf, 1.0)
    )
    tol = 1e-6 if str(method).startswith("COB") else None
    found = ours.minimize(FAR, DISC, method=method, constraints=[constraint], tol=tol)
    assert_allclose([found.x["a"], *found.x["b"]], NEAREST, rtol=2e-4)


def test_constraints_have_exact_jacobians(monkeypatch):
    """SLSQP is given a function for the Jacobian, and the constraint is run once at each point."""
    given = {}
    solve = scipy.optimize.minimize

    def spy(*args, constraints, **options):
        given["constraints"] = constraints
        return solve(*args, constraints=constraints, **options)

    monkeypatch.setattr(scipy.optimize, "minimize", spy)
    fun = Counted(lambda p: [1.0 - RADIUS(p), p["b"] * p["a"]])
    found = ours.minimize(FAR, DISC, constraints={"type": "ineq", "fun": fun})
    jacobian = given["constraints"]["jac"](np.array([1.0, 2.0, 3.0]))
    assert_array_equal(jacobian, [[-2.0, -4.0, -6.0], [2.0, 1.0, 0.0], [3.0, 0.0, 1.0]])
    assert found.success
    assert fun.calls <= found.nfev + 2


def test_constraints_have_exact_hessians_for_trust_constr(monkeypatch):
    given = {}
    solve = scipy.optimize.minimize

    def spy(*args, constraints, **options):
        given["constraints"] = constraints
        return solve(*args, constraints=constraints, **options)

    monkeypatch.setattr(scipy.optimize, "minimize", spy)
    constraint = scipy.optimize.NonlinearConstraint(lambda x: [x[0] ** 2, x[0] * x[1]], 0, 1)
    ours.minimize(rosen, [0.5, 0.5], method="trust-constr", constraints=constraint)
    hess = given["constraints"].hess(np.array([0.3, 0.4]), np.array([10.0, 1.0]))
    assert_allclose(hess @ np.eye(2), [[20.0, 1.0], [1.0, 0.0]])


def test_the_gradient_of_trust_constr_comes_back_in_the_container():
    """Its `jac` are the Jacobians of the constraints: lists of matrices."""
    for count in (1, 2, 3):
        many = [scipy.optimize.NonlinearConstraint(RADIUS, -np.inf, 1.0) for _ in range(count)]
        found = ours.minimize(FAR, DISC, method="trust-constr", constraints=many)
        assert found.grad["b"].shape == (2,)
        assert len(found.jac) == count
        assert found.jac[0].shape == (1, 3)


def test_linear_constraints_are_on_the_numbers_in_order():
    constraint = scipy.optimize.LinearConstraint([[1.0, 1.0, 1.0]], 1.0, 1.0)
    found = ours.minimize(FAR, DISC, constraints=constraint)
    assert_allclose(found.x["a"] + np.sum(found.x["b"]), 1.0)
    # the projection of (3, 4, 4) on the plane of sum 1 takes 10/3 from each
    assert_allclose([found.x["a"], *found.x["b"]], [-1 / 3, 2 / 3, 2 / 3], atol=1e-6)


def test_derivatives_of_constraints_that_are_given_are_used():
    calls = []

    def jac(p):
        calls.append(sorted(p))
        return -2 * np.concatenate([[p["a"]], p["b"]])

    constraint = {"type": "ineq", "fun": lambda p: 1.0 - RADIUS(p), "jac": jac}
    found = ours.minimize(FAR, DISC, constraints=constraint)
    assert_allclose([found.x["a"], *found.x["b"]], NEAREST, rtol=1e-5)
    assert calls[0] == ["a", "b"]
    hessians = []

    def hess(x, v):
        hessians.append(1)
        return v[0] * 2 * np.eye(2)

    given = scipy.optimize.NonlinearConstraint(
        lambda x: np.sum(x * x), 0, 1, jac=lambda x: 2 * x, hess=hess
    )
    ours.minimize(rosen, [0.5, 0.5], method="trust-constr", constraints=given)
    assert hessians


# minimize: derivatives that are given.


def test_gradients_that_are_given_are_used():
    jac = Counted(lambda p: {"a": 2 * (p["a"] - 1), "b": 2 * (p["b"] - 2)})
    loss = Counted(lambda p: (p["a"] - 1) ** 2 + np.sum((p["b"] - 2) ** 2))
    x0 = {"a": 0.0, "b": np.zeros(2)}
    found = ours.minimize(loss, x0, jac=jac)
    assert_allclose(found.x["b"], [2.0, 2.0])
    assert jac.calls == found.njev
    assert {type(p["b"]) for p in loss.seen} == {np.ndarray}  # nothing is recorded
    both = Counted(lambda p: (loss.function(p), jac.function(p)))
    found = ours.minimize(both, x0, jac=True)
    assert_allclose(found.x["b"], [2.0, 2.0])
    assert both.calls == found.nfev


def test_differences_where_they_are_asked_for():
    import math

    loss = lambda x: math.cosh(float(x[0]) - 1.0)
    for jac in ("2-point", "3-point", False):
        assert_allclose(ours.minimize(loss, [0.0], jac=jac).x, [1.0], atol=1e-5)


def test_hessians_that_are_given_are_used():
    hess, hessp = Counted(rosen_hess), Counted(rosen_hess_prod)
    assert ours.minimize(rosen, START, method="trust-exact", hess=hess).success
    assert ours.minimize(rosen, START, method="trust-ncg", hessp=hessp).success
    assert hess.calls
    assert hessp.calls
    product = lambda p, v: {"a": 2.0 * v["a"], "b": 2.0 * v["b"]}
    loss = lambda p: (p["a"] - 1) ** 2 + np.sum((p["b"] - 2) ** 2)
    found = ours.minimize(loss, {"a": 0.0, "b": np.zeros(2)}, method="trust-ncg", hessp=product)
    assert_allclose(found.x["b"], [2.0, 2.0])
    strategy = scipy.optimize.BFGS()
    assert ours.minimize(rosen, START, method="trust-constr", hess=strategy).success


def test_a_gradient_by_hand_needs_no_loss_that_can_be_recorded():
    loss = lambda x: float(np.sum((np.asarray(x) - 1.0) ** 2))
    found = ours.minimize(loss, [0.0, 3.0], method="Newton-CG", jac=lambda x: 2 * (x - 1))
    assert_allclose(found.x, [1.0, 1.0], atol=1e-6)


# minimize: the minimum as a function.


def minimum(t):
    """Return argmin Σ (x - t)² + x⁴: where 2(x - t) + 4x³ = 0, so dx/dt = 1/(1 + 6x²)."""
    loss = lambda p, t: np.sum((p["x"] - t) ** 2) + np.sum(p["x"] ** 4)
    options = {"gtol": 1e-10}
    return ours.minimize(loss, {"x": np.zeros(2)}, args=(t,), options=options).x["x"]


T = np.array([1.0, 2.0])


def test_the_minimum_is_differentiable_in_args():
    x = minimum(T)
    assert type(x) is np.ndarray
    assert_allclose(ag.jacobian(minimum)(T), np.diag(1 / (1 + 6 * x**2)), atol=1e-8)
    assert_allclose(ag.jvp(minimum, (T,), (T,))[1], T / (1 + 6 * x**2), rtol=1e-8)
    # d²x/dt² = -12 x x'² / (1 + 6x²) = -12 x x'³
    second = ag.jacobian(ag.grad(lambda t: np.sum(minimum(t))))(T)
    assert_allclose(second, np.diag(-12 * x / (1 + 6 * x**2) ** 3), atol=1e-7)


@pytest.mark.parametrize("method", ["BFGS", "Newton-CG", "Nelder-Mead", "trust-exact"])
def test_the_minimum_is_differentiable_in_what_the_loss_closes_over(method):
    tight = {"Nelder-Mead": {"xatol": 1e-10, "fatol": 1e-14}, "Newton-CG": {"xtol": 1e-10}}

    def f(t):
        loss = lambda x: np.sum((x - t) ** 2) + np.sum(x**4)
        options = tight.get(method, {"gtol": 1e-9})
        return ours.minimize(loss, np.zeros(2), method=method, options=options)

    x = f(T).x
    assert_allclose(ag.jacobian(lambda t: f(t).x)(T), np.diag(1 / (1 + 6 * x**2)), atol=1e-7)
    # By the envelope theorem, the gradient of the minimum itself is -2(x - t).
    assert_allclose(ag.grad(lambda t: f(t).fun)(T), -2 * (x - T), rtol=1e-6)


def test_hyperparameters_by_gradients():
    """Ridge regression: the fitted weights, as a function of the penalty, have a closed form."""
    rng = np.random.default_rng(0)
    a, b = rng.normal(size=(20, 3)), rng.normal(size=20)

    def fitted(penalty):
        loss = lambda w: np.sum((a @ w - b) ** 2) + penalty * np.sum(w**2)
        return ours.minimize(loss, np.zeros(3), method="trust-exact", options={"gtol": 1e-10}).x

    closed = lambda penalty: np.linalg.solve(a.T @ a + penalty * np.eye(3), a.T @ b)
    assert_allclose(ag.jacobian(fitted)(0.7), ag.jacobian(closed)(0.7), rtol=1e-8)


def test_a_start_that_is_a_tensor_has_no_influence():
    f = lambda x0: np.sum(ours.minimize(lambda x: np.sum((x - 1.0) ** 2), x0).x) + 0.0 * np.sum(x0)
    assert_array_equal(ag.grad(f)(np.zeros(2)), np.zeros(2))


def test_a_restricted_minimum_is_not_differentiated():
    f = lambda t: ours.minimize(lambda x: np.sum((x - t) ** 2), np.ones(2), bounds=[(0, 1)] * 2).fun
    with pytest.raises(NotDifferentiableError, match="under bounds or constraints is not"):
        ag.grad(f)(2.0)
    constraint = {"type": "ineq", "fun": lambda x, t: x - t, "args": (ag.Tensor(2.0),)}
    with pytest.raises(NotDifferentiableError, match="in the args of a constraint"):
        ours.minimize(lambda x: np.sum(x**2), np.ones(2), constraints=constraint)


def test_what_is_no_minimum_is_not_differentiated():
    f = lambda t: ours.minimize(lambda x: np.sum((x - t) ** 4), [9.0], options={"maxiter": 1}).fun
    with pytest.raises(ConvergenceError, match="has not found a minimum to differentiate: Maximum"):
        ag.grad(f)(2.0)


# minimize: errors.


def test_the_loss_must_be_one_number():
    def residuals(x):
        return x

    with pytest.raises(NotScalarError, match=r"residuals returned shape \(3,\) of float64"):
        ours.minimize(residuals, np.zeros(3))


def test_nan_at_the_start_is_told_with_its_line():
    def loss(p):
        root = np.sqrt(p["a"] - 1.0)  # here
        return root + np.sum(p["b"])

    with np.errstate(invalid="ignore"), pytest.raises(NonFiniteError) as caught:
        ours.minimize(loss, {"a": 0.0, "b": np.zeros(2)})
    assert "the loss is nan at the start: sqrt made the first one, at test_optimize" in str(
        caught.value
    )
    assert "# here" in str(caught.value)


def test_nan_without_a_gradient_of_ours_is_scipys_affair():
    found = ours.minimize(lambda x: np.nan, [0.0], method="Nelder-Mead")
    expected = scipy.optimize.minimize(lambda x: np.nan, [0.0], method="Nelder-Mead")
    assert found.success == expected.success


def test_nan_in_the_start_or_in_a_constant():
    with pytest.raises(NonFiniteError, match="since there is one in x0"):
        ours.minimize(lambda x: np.sum(x), [np.nan])
    bad = np.array([np.nan, 1.0])
    with pytest.raises(NonFiniteError, match="multiply made the first one"):
        ours.minimize(lambda x: np.sum(x * bad), [1.0, 2.0])


def test_a_gradient_that_is_not_finite_at_the_start():
    loss = lambda p: np.sum(np.sqrt(p["a"])) + p["b"] ** 2
    with (
        np.errstate(divide="ignore"),
        pytest.raises(NonFiniteError, match=r"gradient .* at the start, in x0\['a'\], where"),
    ):
        ours.minimize(loss, {"a": np.zeros(2), "b": 1.0})


@pytest.mark.parametrize(
    ("x0", "message"),
    [
        ({"n": 1}, r"x0\['n'\] is of int64"),
        ({"n": np.array([True])}, r"x0\['n'\] is of bool"),
        ([np.zeros(2), (0.0, 1j)], r"x0\[1\]\[1\] is complex"),
        (Model(1j, 0.0), r"x0\.w is complex"),
        (np.zeros(2) + 1j, "x0 is complex"),
        ("abc", "x0 is of <U3"),
    ],
)
def test_parameters_must_be_real_numbers(x0, message):
    with pytest.raises(DtypeError, match=message):
        ours.minimize(lambda p: 0.0, x0)


@pytest.mark.parametrize(
    ("bounds", "message"),
    [
        ({"c": (0, 1)}, r"bounds must be a dict with keys of \['a', 'b'\]"),
        ([(0, 1)], r"bounds must be a dict with keys of"),
        ({"a": (0, 1, 2)}, r"bounds\['a'\] must be a pair \(low, high\) or None"),
        (
            {"b": (np.zeros(3), 1)},
            r"of shape \(3,\) does not broadcast to a parameter of shape \(2,",
        ),
    ],
)
def test_bounds_that_do_not_fit(bounds, message):
    with pytest.raises(ShapeError, match=message):
        ours.minimize(lambda p: p["a"] ** 2, {"a": 0.0, "b": np.zeros(2)}, bounds=bounds)


def test_a_loss_that_cannot_be_recorded_says_what_to_do():
    with pytest.raises(DetachError) as caught:
        ours.minimize(lambda x: float(x[0]) ** 2, [1.0])
    assert "can be optimised with jac='2-point'" in caught.value.__notes__[0]


def test_a_gradient_of_the_wrong_size():
    with pytest.raises(ShapeError, match="expected 3 numbers, one for each parameter"):
        ours.minimize(FAR, DISC, jac=lambda p: {"a": 1.0})


# root and fsolve.

SYSTEM = lambda x, a: [x[0] ** 2 + a * x[1] - 3.0, x[0] * x[1] - 1.0]


def system_slope(x, a):
    """Return dx/da of the root: J dx = -(x₁, 0)."""
    return np.linalg.solve([[2 * x[0], a], [x[1], x[0]]], [-x[1], 0.0])


@pytest.mark.parametrize("method", ["hybr", "lm", "krylov", "df-sane", "broyden1"])
def test_roots_are_scipys(method):
    x0 = np.array([1.4, 0.7])
    found = ours.root(SYSTEM, x0, args=(1.5,), method=method)
    expected = scipy.optimize.root(SYSTEM, x0, args=(1.5,), method=method)
    assert found.success
    assert_allclose(found.x, expected.x, rtol=1e-5)
    assert type(found.x) is np.ndarray


def test_roots_use_exact_jacobians():
    found = ours.root(SYSTEM, [1.4, 0.7], args=(1.5,))
    jac = lambda x, a: np.array([[2 * x[0], a], [x[1], x[0]]])
    expected = scipy.optimize.root(SYSTEM, [1.4, 0.7], args=(1.5,), jac=jac)
    assert (found.nfev, found.njev) == (expected.nfev, expected.njev)
    assert_allclose(found.x, expected.x, rtol=1e-12)
    for given in (jac, False):
        assert_allclose(ours.root(SYSTEM, [1.4, 0.7], (1.5,), jac=given).x, found.x, rtol=1e-8)
    both = lambda x, a: (np.array(SYSTEM(x, a)), jac(x, a))
    assert_allclose(ours.root(both, [1.4, 0.7], (1.5,), jac=True).x, found.x, rtol=1e-8)
    with pytest.warns(RuntimeWarning, match="krylov does not use the jacobian"):
        again = ours.root(both, [1.4, 0.7], (1.5,), jac=True, method="krylov")
    assert_allclose(again.x, found.x, rtol=1e-5)


@pytest.mark.parametrize("method", ["hybr", "lm"])
def test_roots_are_differentiable(method):
    f = lambda a: ours.root(SYSTEM, [1.4, 0.7], args=(a,), method=method, tol=1e-13).x
    assert_allclose(ag.jacobian(f)(1.5), system_slope(f(1.5), 1.5), rtol=1e-10)
    assert_allclose(ag.jvp(f, (1.5,), (2.0,))[1], 2 * system_slope(f(1.5), 1.5), rtol=1e-10)
    h = 1e-5
    second = (ag.jacobian(f)(1.5 + h) - ag.jacobian(f)(1.5 - h)) / (2 * h)
    assert_allclose(ag.jacobian(ag.jacobian(f))(1.5), second, rtol=1e-6)


def test_roots_in_containers_and_closures():
    def f(a):
        equations = lambda p: {"one": p["u"] ** 2 + a * p["v"] - 3.0, "two": p["u"] * p["v"] - 1.0}
        return ours.root(equations, {"u": 1.4, "v": 0.7}, tol=1e-13).x

    assert_allclose(f(1.5)["u"] * f(1.5)["v"], 1.0)
    x = np.array([f(1.5)["u"], f(1.5)["v"]])
    assert_allclose(ag.grad(lambda a: f(a)["v"])(1.5), system_slope(x, 1.5)[1], rtol=1e-10)


def test_what_is_no_root_is_not_differentiated():
    f = lambda a: np.sum(ours.root(lambda x, a: x**2 + a, [1.0], args=(a,)).x)
    assert np.isfinite(f(1.0))
    with pytest.raises(ConvergenceError, match="root has not found one to differentiate"):
        ag.grad(f)(1.0)


def test_fsolve():
    f = lambda a: ours.fsolve(SYSTEM, [1.4, 0.7], args=(a,), xtol=1e-12)
    assert_allclose(f(1.5), scipy.optimize.fsolve(SYSTEM, [1.4, 0.7], args=(1.5,)), rtol=1e-7)
    assert_allclose(ag.jacobian(f)(1.5), system_slope(f(1.5), 1.5), rtol=1e-10)
    x, info, flag, _ = ours.fsolve(SYSTEM, [1.4, 0.7], (1.5,), full_output=True)
    assert flag == 1
    assert info["njev"] == 1
    jac = lambda x, a: np.array([[2 * x[0], a], [x[1], x[0]]])
    assert_allclose(ours.fsolve(SYSTEM, [1.4, 0.7], (1.5,), jac), x, rtol=1e-7)


# One unknown.

CUBE = lambda x, a: x**3 - a


@pytest.mark.parametrize("name", ["bisect", "brenth", "brentq", "ridder", "toms748"])
def test_brackets(name):
    solve = getattr(ours, name)
    f = lambda a: solve(CUBE, 0.0, 5.0, args=(a,))
    assert f(8.0) == getattr(scipy.optimize, name)(CUBE, 0.0, 5.0, args=(8.0,))
    assert_allclose(ag.grad(f)(8.0), 1 / 12, rtol=1e-11)
    assert_allclose(ag.grad(ag.grad(f))(8.0), -2 / 9 * 8.0 ** (-5 / 3), rtol=1e-10)
    g = lambda a: solve(CUBE, 0.0, 5.0, args=a, full_output=True)
    assert_allclose(ag.grad(lambda a: g(a)[0])(8.0), 1 / 12, rtol=1e-11)
    assert_allclose(ag.grad(lambda a: g(a)[1].root)(8.0), 1 / 12, rtol=1e-11)
    closure = lambda a: solve(lambda x: x**3 - ag.stop_gradient(a).item(), 0.0, 5.0) + 0.0 * a
    assert ag.grad(closure)(ag.Tensor(8.0).data[()]) == 0.0


def test_newton():
    f = lambda a: ours.newton(CUBE, 1.0, args=(a,))
    by_hand = lambda x, a: 3 * x * x
    assert f(8.0) == scipy.optimize.newton(CUBE, 1.0, by_hand, args=(8.0,))
    assert_allclose(ag.grad(f)(8.0), 1 / 12, rtol=1e-12)
    a = np.array([8.0, 27.0])
    arrays = lambda a: ours.newton(CUBE, np.ones(2), args=(a,))
    assert_allclose(arrays(a), [2.0, 3.0])
    assert_allclose(ag.jacobian(arrays)(a), np.diag([1 / 12, 1 / 27]), rtol=1e-10)
    assert_allclose(ours.newton(CUBE, 1, args=(8.0,)), 2.0)
    x, info = ours.newton(CUBE, 1.0, args=(8.0,), full_output=True)
    assert info.method == "newton"
    assert_allclose(ours.newton(CUBE, 1.0, x1=1.5, args=(8.0,), full_output=True)[0], x)
    root, converged, _ = ours.newton(CUBE, np.ones(2), args=(a,), full_output=True)
    assert_allclose(root, [2.0, 3.0])
    assert np.all(converged)
    complex_root = ours.newton(lambda z: z**2 + 1.0, 0.5 + 0.8j)
    assert_allclose(complex_root, 1j)


@pytest.mark.parametrize(
    "options",
    [
        {"x0": 1.0},
        {"x0": 1.0, "method": "newton"},
        {"x0": 1.0, "method": "halley"},
        {"x0": 1.0, "x1": 2.0, "method": "secant"},
        {"bracket": [0.0, 5.0]},
        {"bracket": [0.0, 5.0], "method": "bisect"},
        {"x0": 1.0, "fprime": lambda x, a: 3 * x * x},
    ],
    ids=lambda options: "-".join(map(str, [*options, options.get("method", "")])),
)
def test_root_scalar(options):
    f = lambda a: ours.root_scalar(CUBE, (a,), **options)
    by_hand = dict(options)
    if "x0" in options and "x1" not in options:
        by_hand["fprime"] = lambda x, a: 3 * x * x
    if options.get("method") == "halley":
        by_hand["fprime2"] = lambda x, a: 6 * x
    expected = scipy.optimize.root_scalar(CUBE, (8.0,), **by_hand)
    assert f(8.0).iterations == expected.iterations
    assert_allclose(f(8.0).root, expected.root, rtol=1e-15)
    assert_allclose(ag.grad(lambda a: f(a).root)(8.0), 1 / 12, rtol=1e-10)


def test_nothing_is_evaluated_that_scipy_does_not():
    for name in ("brentq", "bisect"):
        f = Counted(lambda x: x**3 - 8.0)
        _, info = getattr(ours, name)(f, 0.0, 5.0, full_output=True)
        assert f.calls == info.function_calls
    f = Counted(lambda x: x**3 - 8.0)
    assert ours.root_scalar(f, bracket=[0, 5]).function_calls == f.calls


def test_root_scalar_of_function_and_derivative_in_one():
    both = lambda x, a: (x**3 - a, 3 * x * x)
    f = lambda a: ours.root_scalar(both, (a,), x0=1.0, fprime=True).root
    assert_allclose(f(8.0), 2.0)
    assert_allclose(ag.grad(f)(8.0), 1 / 12, rtol=1e-10)


@pytest.mark.parametrize("method", ["del2", "iteration"])
def test_fixed_points(method):
    """x = cos(a x): dx/da = -x sin / (1 + a sin)."""
    f = lambda a: ours.fixed_point(lambda x, a: np.cos(a * x), 0.5, (a,), 1e-12, method=method)
    x = f(1.0)
    assert_allclose(x, 0.7390851332151607, rtol=1e-11)
    assert_allclose(ag.grad(f)(1.0), -x * np.sin(x) / (1 + np.sin(x)), rtol=1e-10)
    arrays = lambda a: ours.fixed_point(lambda x, a: np.cos(a * x), np.full(2, 0.5), (a,), 1e-12)
    a = np.array([1.0, 0.5])
    y = arrays(a)
    expected = -y * np.sin(a * y) / (1 + a * np.sin(a * y))
    assert_allclose(ag.jacobian(arrays)(a), np.diag(expected), rtol=1e-10, atol=1e-15)


# Least squares.

TIMES = np.linspace(0.0, 3.0, 50)
NOISY = 3 * np.exp(-0.5 * TIMES) + 0.1 * np.sin(20 * TIMES)
DECAY = lambda t, a, b: a * np.exp(-b * t)


def residuals(p, y):
    return DECAY(TIMES, p["scale"], p["rate"]) - y


def by_hand(p):
    return np.stack([np.exp(-p[1] * TIMES), -p[0] * TIMES * np.exp(-p[1] * TIMES)], 1)


@pytest.mark.parametrize("method", ["trf", "dogbox", "lm"])
def test_least_squares_does_what_it_does_with_the_jacobian_by_hand(method):
    f = Counted(residuals)
    found = ours.least_squares(f, {"scale": 1.0, "rate": 1.0}, args=(NOISY,), method=method)
    plain = lambda p: DECAY(TIMES, *p) - NOISY
    expected = scipy.optimize.least_squares(plain, [1.0, 1.0], by_hand, method=method)
    assert_allclose([found.x["scale"], found.x["rate"]], expected.x, rtol=1e-8)
    assert_allclose(found.jac, expected.jac, rtol=1e-8)
    assert found.nfev == expected.nfev
    assert set(found.grad) == {"scale", "rate"}
    if method != "lm":  # whose run at the start SciPy does not count
        assert f.calls == found.nfev


def test_least_squares_with_options_by_position_and_name():
    plain = lambda p, k, c=0.0: DECAY(TIMES, p[0], p[1]) * k - NOISY + c
    options = {"args": (1.0,), "kwargs": {"c": 0.1}, "loss": "soft_l1"}
    found = ours.least_squares(plain, [1.0, 1.0], None, ([0, 0], [2, 9]), "dogbox", **options)
    expected = scipy.optimize.least_squares(
        plain, [1.0, 1.0], lambda p, k, c: by_hand(p), ([0, 0], [2, 9]), "dogbox", **options
    )
    assert_allclose(found.x, expected.x, rtol=1e-7)
    bounds = {"rate": (0.6, 1.5)}
    found = ours.least_squares(residuals, {"scale": 1.0, "rate": 1.0}, bounds=bounds, args=(NOISY,))
    assert_allclose(found.x["rate"], 0.6)
    for jac in ("2-point", lambda p, y: by_hand([p["scale"], p["rate"]])):
        again = ours.least_squares(residuals, {"scale": 1.0, "rate": 1.0}, jac, args=(NOISY,))
        assert_allclose(again.x["rate"], 0.5013076, rtol=1e-6)


def test_sparse_differences_where_a_pattern_is_given():
    f = lambda x: np.array([float(x[0]) - 1.0, float(x[1]) ** 2 - 4.0])
    found = ours.least_squares(f, [0.5, 1.0], jac_sparsity=np.eye(2))
    assert_allclose(found.x, [1.0, 2.0], rtol=1e-6)


def test_a_residual_that_cannot_be_recorded_says_what_to_do():
    def f(x):
        out = np.zeros(2)
        out[0] = x[0]
        return out

    with pytest.raises(ValueError, match="setting an array element") as caught:
        ours.least_squares(f, [0.5, 1.0])
    assert "jac='2-point'" in caught.value.__notes__[0]


def test_rosen_of_tensors():
    x = np.array([0.3, 1.2, -0.4])
    assert ours.rosen(x) == scipy.optimize.rosen(x)
    assert_allclose(ag.grad(ours.rosen)(x), rosen_der(x), rtol=1e-14)
    assert_allclose(ag.hessian(ours.rosen)(x), rosen_hess(x), rtol=1e-14)


def test_few_residuals_of_many_parameters():
    """The Jacobian is taken by rows then, and a residual that depends on nothing has a zero row."""
    a = np.random.default_rng(0).normal(size=(3, 10))
    f = lambda x: [a @ x - 1.0, np.zeros(2)]
    found = ours.least_squares(f, np.zeros(10))
    assert_allclose(a @ found.x, np.ones(3), rtol=1e-7)
    assert_allclose(found.jac, np.concatenate([a, np.zeros((2, 10))]), rtol=1e-15)


def test_least_squares_is_differentiable_in_args():
    """By the normal equations, for a model that is linear: x = pinv(A) y."""
    a = np.random.default_rng(0).normal(size=(5, 2))
    linear = lambda y: ours.least_squares(lambda x, y: a @ x - y, np.zeros(2), args=(y,)).x
    assert_allclose(ag.jacobian(linear)(np.ones(5)), np.linalg.pinv(a), rtol=1e-8)

    def rate(y):
        return ours.least_squares(residuals, {"scale": 3.0, "rate": 0.5}, args=(y,)).x["rate"]

    cost = lambda p, y: np.sum((DECAY(TIMES, p[0], p[1]) - y) ** 2) / 2
    best = ours.least_squares(residuals, {"scale": 3.0, "rate": 0.5}, args=(NOISY,)).x
    p = np.array([best["scale"], best["rate"]])
    mixed = ag.jacobian(ag.grad(cost), 1)(p, NOISY)
    expected = -np.linalg.solve(ag.hessian(cost)(p, NOISY), mixed)[1]
    assert_allclose(ag.grad(rate)(NOISY), expected, rtol=1e-9)
    with pytest.raises(NotDifferentiableError, match="without bounds and with the loss 'linear'"):
        ag.grad(lambda y: ours.least_squares(lambda x: x - y, [0.0], bounds=(-1, 1)).x[0])(0.5)


@pytest.mark.parametrize(
    "options", [{}, {"p0": [1.0, 1.0]}, {"sigma": np.linspace(0.1, 1, 50)}, {"bounds": (0, [4, 1])}]
)
def test_curve_fit(options):
    found = ours.curve_fit(DECAY, TIMES, NOISY, **options)
    jac = lambda t, a, b: by_hand([a, b])
    expected = scipy.optimize.curve_fit(DECAY, TIMES, NOISY, jac=jac, **options)
    assert_allclose(found[0], expected[0], rtol=1e-7)
    assert_allclose(found[1], expected[1], rtol=1e-5)
    same = ours.curve_fit(DECAY, TIMES, NOISY, jac="2-point", **options)
    assert_allclose(same[0], expected[0], rtol=1e-5)


def test_curve_fit_by_position_and_with_all_output():
    found = ours.curve_fit(DECAY, TIMES, NOISY, [1, 1], np.full(50, 0.1), True, full_output=True)
    expected = scipy.optimize.curve_fit(DECAY, TIMES, NOISY, [1, 1], np.full(50, 0.1), True)
    assert_allclose(found[1], expected[1], rtol=1e-5)
    assert len(found) == 5
    with pytest.raises(NotDifferentiableError, match="curve_fit is not differentiated in its data"):
        ours.curve_fit(DECAY, TIMES, ag.Tensor(NOISY))
