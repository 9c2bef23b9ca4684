"""Integrals and initial value problems: values, derivatives in all that may vary, errors."""

import numpy as np
import pytest
import scipy.integrate
import scipy.special as sc
from numpy.testing import assert_allclose, assert_array_equal

import autograd as ag
from autograd.errors import DtypeError, KeywordError, NotDifferentiableError
from autograd.scipy import integrate
from autograd.scipy.integrate import odes
from autograd.testing import check_grads

# Initial value problems. Of y' = -k y all is known: y = y₀ exp(-k (t - t₀)).

T = np.array([0.5, 1.0, 1.0, 2.0])


def decay(y, t, rate):
    return -rate * y


def lotka(t, y, a, b):
    return [a * y[0] - y[0] * y[1], y[0] * y[1] - b * y[1]]


def odeint_of_all(y0, t, rate):
    return integrate.odeint(decay, y0, t, (rate,))


def ivp_of_all(y0, t, rate, **options):
    span, options = (t[0], t[-1]), {"rtol": 1e-9, "atol": 1e-11, **options}
    result = integrate.solve_ivp(lambda t, y, rate: decay(y, t, rate), span, y0, t_eval=t,
                                 args=(rate,), **options)  # fmt: skip
    return result.y.T


def known(y0, t, rate):
    return y0 * np.exp(-rate * (t - t[:1]))[:, None]


METHODS = ["RK23", "RK45", "DOP853", "Radau", "BDF", "LSODA"]
SOLVERS = {"odeint": odeint_of_all, "solve_ivp": ivp_of_all} | {
    method: lambda *args, method=method: ivp_of_all(*args, method=method) for method in METHODS
}


@pytest.fixture(params=["at once", "one by one"])
def way(request, monkeypatch):
    """Sensitivities of small problems, and the adjoint and tangent equations of large ones."""
    if request.param == "one by one":
        monkeypatch.setattr(odes, "SMALL", 0)
    return request.param


@pytest.mark.parametrize("solver", SOLVERS)
def test_derivatives_in_start_times_and_parameters(solver, way):
    t = T if solver == "odeint" else np.array([0.5, 1.0, 1.1, 2.0])  # which may not repeat
    args = np.array([2.0, -1.0]), t, 0.7
    weights = np.array([[1.0, 2.0], [-1.0, 0.5], [0.3, 0.2], [2.0, -1.0]])
    weigh = lambda f: lambda *args: np.sum(weights * f(*args))
    found = ag.grad(weigh(SOLVERS[solver]), (0, 1, 2))(*args)
    expected = ag.grad(weigh(known), (0, 1, 2))(*args)
    for f, e in zip(found, expected, strict=True):
        assert_allclose(f, e, rtol=2e-6, atol=1e-7)
    tangents = np.array([0.3, 0.1]), np.array([0.1, -0.2, 0.4, 0.3]), 1.5
    found, expected = (ag.jvp(f, args, tangents)[1] for f in (SOLVERS[solver], known))
    assert_allclose(found, expected, rtol=2e-6, atol=1e-7)


@pytest.mark.parametrize("solver", ["odeint", "DOP853"])
def test_second_derivatives(solver, way):
    args = np.array([2.0]), T[[0, 1, 3]], 0.7
    square = lambda f: lambda *args: np.sum(f(*args) ** 2)
    gradient = lambda f: ag.grad(square(f), (0, 1, 2))
    tangents = np.array([0.3]), np.array([0.1, -0.2, 0.4]), 1.5
    found, expected = (ag.jvp(gradient(f), args, tangents)[1] for f in (SOLVERS[solver], known))
    for f, e in zip(found, expected, strict=True):
        assert_allclose(f, e, rtol=1e-5, atol=1e-6)
    backward = lambda f: ag.grad(
        lambda rate: ag.grad(lambda r: square(f)(args[0], args[1], r))(rate)
    )
    assert_allclose(backward(SOLVERS[solver])(0.7), backward(known)(0.7), rtol=1e-6)


def test_what_the_function_closes_over_is_differentiated(way):
    def end(rate):
        shifted = 2 * rate
        return integrate.odeint(lambda y, t: -(shifted - rate) * y, [2.0], T)[-1, 0]

    def end_ivp(rate):
        found = integrate.solve_ivp(lambda t, y: [-rate * y[0]], (0.5, 2.0), [2.0], rtol=1e-9)
        return found.y[0, -1]

    for function in (end, end_ivp):
        first = -1.5 * 2 * np.exp(-1.5 * 0.7)
        assert_allclose(ag.grad(function)(0.7), first, rtol=1e-6)
        assert_allclose(ag.jvp(function, (0.7,), (2.0,))[1], 2 * first, rtol=1e-6)
        assert_allclose(ag.grad(ag.grad(function))(0.7), -1.5 * first, rtol=1e-5)
        assert_allclose(ag.hvp(function, 0.7, 1.0), -1.5 * first, rtol=1e-5)


def test_what_only_some_times_use_is_found_too():
    late = lambda rate: integrate.odeint(lambda y, t: -rate * y if t > 1 else 0 * y, [2.0], T)[
        -1, 0
    ]
    assert_allclose(ag.grad(late)(0.7), -2 * np.exp(-0.7), rtol=1e-5)


def test_tensors_without_transforms():
    rate = ag.Tensor(0.7)
    y = integrate.odeint(decay, [2.0], T, (rate,))
    np.sum(y[-1]).backward()
    assert_allclose(rate.grad, -1.5 * 2 * np.exp(-1.5 * 0.7), rtol=1e-6)
    with ag.no_grad():
        assert not integrate.odeint(decay, [2.0], T, (rate,)).requires_grad


def test_containers_in_args_and_lists_of_tensors():
    def slopes(y, t, p, label):
        assert label == "label"
        return [p["k"][0] * y[1], -p["k"][1] * y[0]]

    def end(k, y):
        p = {"k": [k, k * 1.0], "n": 3}
        return integrate.odeint(slopes, [y, 0.0], [0.0, 1.0], args=(p, "label"))[-1, 0]

    assert_allclose(ag.grad(end, (0, 1))(2.0, 3.0), [-3 * np.sin(2.0), np.cos(2.0)], rtol=1e-6)


def test_what_does_not_depend_on_a_variable_has_no_derivative():
    result = integrate.odeint(decay, [2.0], T, (0.7,))
    assert_array_equal(result, scipy.integrate.odeint(decay, [2.0], T, (0.7,)), strict=True)
    y, info = integrate.odeint(
        decay, [2.0], T, (0.7,), full_output=True, Dfun=lambda y, t, r: [[-r]]
    )
    assert_allclose(y, result, rtol=1e-6)
    assert "nfe" in info
    with pytest.warns(UserWarning, match="independent"):
        assert ag.grad(lambda x: np.sum(integrate.odeint(decay, [2.0], T, (0.7,))))(1.0) == 0


def test_a_stiff_problem_whose_adjoint_cannot_be_solved_backward(monkeypatch):
    """y goes to sin t at the rate of 1000, so that solved backward it goes astray."""
    monkeypatch.setattr(odes, "SMALL", 0)

    def end(y0, shift):
        slopes = lambda y, t: -1000.0 * (y - np.sin(t + shift))
        return integrate.odeint(slopes, np.stack([y0]), np.array([0.0, 1.0, 2.0]))[-1, 0]

    found = ag.grad(end, (0, 1))(1.0, 0.0)
    assert_allclose(found, [0.0, np.cos(2.0)], atol=2e-3)


def test_a_large_problem_goes_by_the_adjoint_equation():
    rng = np.random.default_rng(0)
    n = 30
    m = rng.normal(size=(n, n)) / n
    weights = rng.normal(size=n)
    y0 = rng.normal(size=n)
    end = lambda m, y0: weights @ integrate.odeint(lambda y, t: m @ y, y0, [0.0, 1.0])[-1]
    in_m, in_y = ag.grad(end, (0, 1))(m, y0)
    exponential = scipy.linalg.expm(m)
    assert_allclose(in_y, weights @ exponential, rtol=1e-5, atol=1e-7)
    direction = rng.normal(size=(n, n))
    step = lambda h: weights @ scipy.linalg.expm(m + h * direction) @ y0
    assert_allclose(np.sum(in_m * direction), (step(1e-5) - step(-1e-5)) / 2e-5, rtol=1e-5)


def test_values_and_options_are_scipys():
    span, y0, t = (0.0, 2.0), [1.0, 2.0], np.linspace(0.5, 1.5, 4)
    a = ag.Tensor(1.1)
    for options in ({"method": "RK23"}, {"method": "BDF", "first_step": 0.01, "max_step": 0.3},
                    {"rtol": [1e-6, 1e-8], "atol": [1e-8, 1e-9]}, {"vectorized": False},
                    {"method": "Radau", "jac": lambda t, y, a, b: [[a - y[1], -y[0]],
                                                                   [y[1], y[0] - b]]}):  # fmt: skip
        for t_eval in (None, t):
            call = lambda solve, a: solve(lotka, span, y0, t_eval=t_eval, args=(a, 0.7), **options)  # noqa: B023
            found, expected = call(integrate.solve_ivp, a), call(scipy.integrate.solve_ivp, 1.1)
            assert_array_equal(found.y.data, expected.y)
            assert_array_equal(found.t, expected.t)
            assert found.message == expected.message
            np.sum(found.y).backward()
    slopes = lambda y, t, a, b: lotka(t, y, a, b)
    for options in ({"rtol": 1e-5, "atol": [1e-6, 1e-7]}, {"hmax": 0.1, "mxstep": 1000}):
        found = integrate.odeint(slopes, y0, t, (a, 0.7), **options)
        expected = scipy.integrate.odeint(slopes, y0, t, (1.1, 0.7), **options)
        assert_array_equal(found.data, expected)
        np.sum(found).backward()
    found = integrate.odeint(lotka, y0, t, (a, 0.7), tfirst=True)
    expected = scipy.integrate.odeint(lotka, y0, t, (1.1, 0.7), tfirst=True)
    assert_array_equal(found.data, expected)


def test_ends_of_a_span_without_times():
    def last(start, end):
        found = integrate.solve_ivp(lambda t, y: -y, (start, end), [2.0], rtol=1e-9)
        assert isinstance(found.t, ag.Tensor)
        return found.y[0, -1] + 0 * found.t[-1]

    expected = 2 * np.exp(-1.5)
    assert_allclose(ag.grad(last, (0, 1))(0.5, 2.0), [expected, -expected], rtol=1e-6)


def test_events_without_variables():
    fall = lambda t, y, g: y[0]
    fall.terminal = True
    call = lambda module: module.solve_ivp(
        lambda t, y, g: [y[1], -g], (0, 10), [1.0, 0.0], events=fall, args=(9.8,)
    )
    found, expected = call(integrate), call(scipy.integrate)
    assert_array_equal(found.t_events[0], expected.t_events[0])


def test_refusals_of_initial_value_problems():
    rate = ag.Tensor(0.7)
    with pytest.raises(KeywordError, match="odeint of a Tensor does not take full_output="):
        integrate.odeint(decay, [2.0], T, (rate,), full_output=True)
    slopes = lambda t, y: -rate * y
    with pytest.raises(KeywordError, match="does not take dense_output=; pass t_eval= instead"):
        integrate.solve_ivp(slopes, (0, 1), [1.0], dense_output=True)
    with pytest.raises(KeywordError, match="does not take events="):
        integrate.solve_ivp(slopes, (0, 1), [1.0], events=lambda t, y: y[0])
    with pytest.raises(DtypeError, match="write the equations of real and imaginary parts"):
        integrate.solve_ivp(slopes, (0, 1), ag.Tensor([1.0 + 2.0j]))
    with pytest.raises(NotDifferentiableError, match=r"scipy.integrate.solve_bvp of a Tensor"):
        integrate.solve_bvp(slopes, slopes, T, rate)


def test_a_tensor_that_turns_up_late_is_an_error(monkeypatch):
    """The function uses another Tensor when it is differentiated than when it was solved."""
    rate, other = ag.Tensor(0.7), ag.Tensor(0.7)
    used = [rate]
    y = integrate.odeint(lambda y, t: -used[0] * y, [2.0], T)
    used[0] = other
    with pytest.raises(NotDifferentiableError, match=r"depends on a Tensor of shape \(\) here"):
        np.sum(y).backward()


def test_gradients_inside_the_function():
    """Hamilton's equations of a spring, whose energy is differentiated at each step."""
    turn = np.array([[0.0, 1.0], [-1.0, 0.0]])

    def end(k, state):
        energy = lambda z: 0.5 * z[1] ** 2 + 0.5 * k * z[0] ** 2
        return integrate.odeint(lambda z, t: turn @ ag.grad(energy)(z), state, [0.0, 1.0])[-1, 0]

    def known(k, state):
        w = np.sqrt(k)
        return state[0] * np.cos(w) + state[1] / w * np.sin(w)

    args = 2.0, np.array([1.0, 0.5])
    for found, expected in zip(*(ag.grad(f, (0, 1))(*args) for f in (end, known)), strict=True):
        assert_allclose(found, expected, rtol=1e-6)
    assert_allclose(ag.grad(ag.grad(end))(*args), ag.grad(ag.grad(known))(*args), rtol=1e-5)


def test_many_examples():
    rates = np.arange(1.0, 4.0)
    end = lambda rate: integrate.odeint(decay, [1.0], [0.0, 1.0], (rate,))[-1, 0]
    assert_allclose(ag.vmap(end)(rates), np.exp(-rates), rtol=1e-6)
    assert_allclose(ag.vmap(ag.grad(end))(rates), -np.exp(-rates), rtol=1e-6)
    area = lambda a: integrate.quad(lambda x, a: a * x, 0, a, (a,))[0]
    assert_allclose(ag.vmap(ag.grad(area))(rates), 1.5 * rates**2)
    both = lambda a: integrate.quad_vec(lambda x: x * np.ones(2), 0, a)[0]
    assert_allclose(ag.vmap(both)(rates), np.stack([rates**2 / 2] * 2, 1))
    whole = ag.jacobian(lambda y: integrate.odeint(decay, y, [0.0, 1.0], (0.7,))[-1])
    assert_allclose(whole(np.ones(6)), np.exp(-0.7) * np.eye(6), rtol=1e-6, atol=1e-9)


# Integrals of functions.


def test_the_gamma_function_is_an_integral():
    gamma = lambda a: integrate.quad(lambda x: x ** (a - 1) * np.exp(-x), 0, np.inf)[0]
    assert_allclose(ag.grad(gamma)(2.5), sc.gamma(2.5) * sc.psi(2.5), rtol=1e-7)
    second = sc.gamma(2.5) * (sc.psi(2.5) ** 2 + sc.polygamma(1, 2.5))
    assert_allclose(ag.grad(ag.grad(gamma))(2.5), second, rtol=1e-7)
    assert_allclose(ag.hvp(gamma, 2.5, 1.0), second, rtol=1e-7)


def test_quad_in_limits_arguments_and_closures():
    def of_arguments(a, b, p):
        return integrate.quad(lambda x, p, _: np.exp(-p[0] * x) * np.sin(p[1] * x), a, b, (p, "s"))[
            0
        ]

    def of_closures(a, b, p):
        return integrate.quad(lambda x: np.exp(-p[0] * x) * np.sin(p[1] * x) * a, a, 2 * b)[0]

    for function in (of_arguments, of_closures):
        check_grads(function, 0.1, 0.9, np.array([1.0, 2.0]), evaluations=20)


def test_infinite_limits_have_no_derivative_and_do_no_harm():
    end = lambda b: integrate.quad(lambda x: np.exp(-x), 0.0, b)[0]
    assert ag.grad(end)(np.inf) == 0
    both = lambda p: integrate.quad(lambda x: np.exp(-p * x * x), -np.inf, np.inf)[0]
    assert_allclose(ag.grad(both)(1.0), -np.sqrt(np.pi) / 2, rtol=1e-7)
    below = lambda p: integrate.quad(lambda x: np.exp(p * x), -np.inf, 0)[0]
    assert_allclose(ag.grad(below)(2.0), -1 / 4, rtol=1e-7)


def test_quad_with_weights_points_and_further_output():
    p = ag.Tensor(2.0)
    cosine = integrate.quad(lambda x, p: np.exp(-p * x), 0, np.inf, (p,), weight="cos", wvar=3.0)[0]
    cosine.backward()  # p / (p² + 9)
    assert_allclose(p.grad, (9 - 4) / 13**2, rtol=1e-6)
    kink = lambda p: integrate.quad(lambda x: np.abs(x - 0.3) * p, 0, 1, points=[0.3])[0]
    assert_allclose(ag.grad(kink)(1.0), 0.3**2 / 2 + 0.7**2 / 2, rtol=1e-10)
    found = integrate.quad(lambda x, p: p * x, 0, 1, (p,), full_output=1)
    expected = scipy.integrate.quad(lambda x, p: p * x, 0, 1, (2.0,), full_output=1)
    assert found[0].item() == expected[0]
    assert found[2]["neval"] == expected[2]["neval"]
    assert integrate.quad(np.cos, 0, 1) == scipy.integrate.quad(np.cos, 0, 1)
    with pytest.raises(KeywordError, match="quad with weight= has no derivative in a and b"):
        integrate.quad(np.cos, p, 3.0, weight="cos", wvar=3.0)


def test_quad_vec():
    def moments(a, p):
        return integrate.quad_vec(lambda x, q: np.stack([x, x * x]) * np.exp(-p * x * q), a, 1.0,
                                  args=(2 * p,))[0]  # fmt: skip

    check_grads(moments, 0.1, 0.8, evaluations=20)
    value, _, info = integrate.quad_vec(lambda x: np.array([x, 2.0]), 0, 1, full_output=True)
    assert_allclose(value, [0.5, 2.0])
    assert info.success
    found = integrate.quad_vec(np.cos, 0.0, 1.0)
    assert found == scipy.integrate.quad_vec(np.cos, 0.0, 1.0)


def test_complex_integrands_are_refused():
    with pytest.raises(DtypeError, match="integrate real and imaginary part"):
        integrate.quad(lambda x, p: p * 1j * x, 0, 1, (ag.Tensor(1.0),), complex_func=True)


def test_fixed_quad_is_exact_for_polynomials():
    integral = lambda a, b, p: integrate.fixed_quad(lambda x, p: p * x**3, a, b, (p,), n=4)[0]
    check_grads(integral, 0.5, 2.0, 3.0)
    assert_allclose(ag.grad(integral, 2)(0.5, 2.0, 3.0), (2**4 - 0.5**4) / 4)
    found, expected = (m.fixed_quad(np.cos, 0, 1, n=3) for m in (integrate, scipy.integrate))
    assert_allclose(found[0], expected[0], rtol=1e-14)
    with pytest.raises(ValueError, match="only available for finite limits, got 0 and inf"):
        integrate.fixed_quad(np.cos, 0, np.inf)


@pytest.mark.parametrize("name", ["dblquad", "tplquad", "nquad", "newton_cotes", "cubature"])
def test_others_refuse_tensors_by_name(name):
    with pytest.raises(NotDifferentiableError, match=f"scipy.integrate.{name} of a Tensor"):
        getattr(integrate, name)(ag.Tensor(1.0), 0, 1)


# Integrals of samples.

SAMPLES = ["trapezoid", "simpson", "cumulative_trapezoid", "cumulative_simpson"]


@pytest.mark.parametrize("name", SAMPLES)
@pytest.mark.parametrize("n", [2, 3, 4, 7])
def test_rules_for_samples_are_scipys(name, n):
    rng = np.random.default_rng(n)
    y = rng.normal(size=(2, n, 3))
    own, original = getattr(integrate, name), getattr(scipy.integrate, name)
    for x in (None, np.cumsum(rng.uniform(0.5, 1, n)), np.cumsum(rng.uniform(0.5, 1, y.shape), 1)):
        initials = [{}, {"initial": 0}] if name.startswith("cumulative") else [{}]
        for initial in initials:
            keywords = {"x": x, "dx": 0.3, "axis": 1, **initial}
            expected = original(y, **keywords)
            assert_allclose(own(ag.Tensor(y), **keywords).data, expected, rtol=1e-12, atol=1e-13)
            assert_array_equal(own(y, **keywords), expected, strict=True)
    x = np.cumsum(rng.uniform(0.5, 1, n))
    check_grads(lambda y, x: own(y, x=x), y[0, :, 0], x)
    check_grads(lambda y, dx: own(y, dx=dx), y[0, :, 0], 0.7)


def test_points_that_are_the_same_add_nothing():
    x, y = np.array([0.0, 1.0, 1.0, 2.0, 3.0]), np.arange(5.0)
    for name in SAMPLES[:3]:
        found = ag.jacobian(lambda y: getattr(integrate, name)(y, x=x))(y)  # noqa: B023
        original = getattr(scipy.integrate, name)
        assert_allclose(found.T, [original(row, x=x) for row in np.eye(5)], atol=1e-13)


def test_romberg():
    y = np.random.default_rng(0).normal(size=(9, 2))
    found = integrate.romb(ag.Tensor(y), 0.3, axis=0)
    assert_allclose(found.data, scipy.integrate.romb(y, 0.3, axis=0), rtol=1e-12)
    check_grads(lambda y, dx: integrate.romb(y, dx, 0), y, 0.3)


def test_errors_of_samples():
    with pytest.raises(ValueError, match="x must have as many points as y has samples, 3, got 2"):
        integrate.trapezoid(ag.Tensor([1.0, 2.0, 3.0]), [1.0, 2.0])
    with pytest.raises(ValueError, match="x must be strictly increasing"):
        integrate.cumulative_simpson(ag.Tensor([1.0, 2.0, 3.0]), x=[1.0, 1.0, 2.0])
    with pytest.raises(ValueError, match="`initial` must be `None` or `0`"):
        integrate.cumulative_trapezoid(ag.Tensor([1.0, 2.0, 3.0]), initial=1)


def test_many_times_that_vary_need_no_matrix_of_them():
    t = np.linspace(0, 1, 4000)
    found = ag.grad(lambda t: np.sum(integrate.odeint(decay, [2.0], t, (0.7,))[::4]))(t)
    expected = np.where(np.arange(4000) % 4, 0.0, -1.4 * np.exp(-0.7 * t))
    expected[0] = np.sum(1.4 * np.exp(-0.7 * t[::4])) - 1.4
    assert_allclose(found, expected, rtol=1e-6, atol=1e-9)
