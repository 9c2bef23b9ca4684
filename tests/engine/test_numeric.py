"""Derivatives of black boxes against what mathematics says, and the refusals."""

import math

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

import autograd as ag
from autograd.errors import DtypeError, NotDifferentiableError
from autograd.viz import graph

X = np.array([0.3, -0.2, 0.7])
W = np.array([[0.5, -1.0, 0.25], [0.1, 0.7, -0.3]])


def box(p, x):
    """Return what has no rule: everything goes through lists of floats."""
    rows = [math.sin(sum(w * v for w, v in zip(row, x.tolist(), strict=True))) for row in p["w"]]
    return {"y": np.array(rows), "sum": float(np.sum(x)) ** 2, "label": "black"}


def white(p, x):
    return {"y": np.sin(p["w"] @ x), "sum": np.sum(x) ** 2}


def loss(f):
    return lambda p, x: np.sum(f(p, x)["y"] ** 2) * f(p, x)["sum"]


def test_first_derivatives_in_both_modes():
    p = {"w": W}
    found = ag.grad(loss(ag.numeric(box)), (0, 1))(p, X)
    expected = ag.grad(loss(white), (0, 1))(p, X)
    assert_allclose(found[0]["w"], expected[0]["w"], rtol=1e-9)
    assert_allclose(found[1], expected[1], rtol=1e-9)
    along = ag.jvp(lambda x: loss(ag.numeric(box))(p, x), (X,), (X,))[1]
    assert_allclose(along, expected[1] @ X, rtol=1e-9)


def test_second_and_third_derivatives():
    """Of the gamma function at 1: γ² + π²/6, and -(γ³ + γπ²/2 + 2ζ(3))."""
    gamma = ag.numeric(math.gamma)
    euler, zeta3 = np.euler_gamma, 1.2020569031595942
    assert_allclose(ag.grad(gamma)(1.0), -euler, rtol=1e-11)
    assert_allclose(ag.grad(ag.grad(gamma))(1.0), euler**2 + np.pi**2 / 6, rtol=1e-8)
    third = -(euler**3 + euler * np.pi**2 / 2 + 2 * zeta3)
    assert_allclose(ag.grad(ag.grad(ag.grad(gamma)))(1.0), third, rtol=1e-5)
    assert_allclose(ag.hvp(gamma, 1.0, 2.0), 2 * (euler**2 + np.pi**2 / 6), rtol=1e-8)


def test_it_sees_plain_arrays_and_its_value_is_untouched():
    seen = []

    def f(x, n, flag=True):
        seen.append((type(x), n, flag))
        return x * 2.0

    y = ag.numeric(f)(ag.Tensor(X), 3, flag=False)
    assert_array_equal(y.data, 2 * X)
    assert seen == [(np.ndarray, 3, False)]
    assert ag.numeric(f)(2.0, 1) == 4.0


def test_pictures_and_names_tell_that_it_is_numeric():
    y = ag.numeric(np.cos)(ag.Tensor(X))
    assert y.op == "numeric cos"
    assert "numeric cos" in graph(y).dot()


def test_forward_mode_takes_one_direction():
    calls = []

    def f(x):
        calls.append(1)
        return np.sum(np.sin(x))

    x = np.linspace(0.0, 1.0, 5_000)
    slope = ag.jvp(ag.numeric(f), (x,), (x,))[1]
    assert_allclose(slope, np.sum(np.cos(x) * x), rtol=1e-9)
    assert len(calls) < 30


def test_single_precision():
    x = X.astype(np.float32)
    slope = ag.grad(lambda x: np.sum(ag.numeric(np.sin)(x)))(x)
    assert slope.dtype == np.float32
    assert_allclose(slope, np.cos(x), rtol=1e-3)


@pytest.mark.parametrize(
    ("f", "x", "expected"),
    [
        (lambda x: 5.0, 1.0, 0.0),
        (lambda x: 1e-9 * x, 3.0, 1e-9),
        (lambda x: 1e9 * x, 1e-9, 1e9),
        (lambda x: x**3, 1e6, 3e12),
        (lambda x: x, 0.0, 1.0),
    ],
)
def test_scales(f, x, expected):
    assert_allclose(ag.grad(ag.numeric(f))(x), expected, rtol=1e-9)


def test_no_inputs_and_no_outputs():
    assert ag.grad(ag.numeric(np.sum))(np.zeros(0)).shape == (0,)
    assert ag.numeric(lambda x: int(x > 0))(ag.Tensor(1.0)) == 1


def test_too_many_inputs_are_refused():
    with pytest.raises(NotDifferentiableError, match=r"each of its 2,000 inputs .* limit is 1,000"):
        ag.grad(ag.numeric(np.sum))(np.zeros(2_000))
    slope = ag.grad(ag.numeric(np.sum, limit=2_000))(np.zeros(2_000))
    assert_allclose(slope, np.ones(2_000), rtol=1e-9)


def test_a_jump_is_refused():
    with pytest.raises(NotDifferentiableError, match=r"near \[0\.\] do not settle"):
        ag.grad(ag.numeric(lambda x: float(x > 0)))(0.0)


def test_noise_is_refused_unless_it_is_accepted():
    rng = np.random.default_rng(0)
    noisy = lambda x: 2.0 * x + 1e-4 * rng.normal()
    with pytest.raises(NotDifferentiableError, match="do not settle"):
        ag.grad(ag.numeric(noisy))(1.0)
    assert_allclose(ag.grad(ag.numeric(noisy, tolerance=1.0))(1.0), 2.0, atol=0.2)


def test_a_pole_is_refused():
    with pytest.raises(NotDifferentiableError, match=r"are not finite near \[0\.\]"):
        ag.grad(ag.numeric(lambda x: np.inf if x <= 0 else 1.0))(0.0)


def test_complex_inputs_are_refused():
    with pytest.raises(
        DtypeError, match="differentiates in real numbers; sin was given complex128"
    ):
        ag.grad(lambda z: np.real(ag.numeric(np.sin)(z)))(1j)


def test_a_tensor_that_it_closes_over_is_refused():
    w = ag.Tensor(2.0)
    with pytest.raises(NotDifferentiableError, match="uses a Tensor that it is not given"):
        ag.grad(ag.numeric(lambda x: w * x))(1.0)
