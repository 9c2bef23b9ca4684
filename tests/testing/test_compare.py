"""`compare`: the same function in this package, JAX and PyTorch."""

import numpy as np
import pytest

from autograd.errors import DtypeError, NotScalarError
from autograd.testing import compare

rng = np.random.default_rng(8)
X, W, B = rng.normal(size=(4, 3)), rng.normal(size=(3, 2)), rng.normal(size=2)
Z = X + 1j * rng.normal(size=(4, 3))
FUNCTIONS = {
    "broadcasting": (lambda xp, x, w, b: xp.sum(xp.tanh(x @ w + b) ** 2), [X, W, B]),
    "single precision": (lambda xp, x: xp.sum(xp.exp(x)), [X.astype(np.float32)]),
    "complex": (lambda xp, z: xp.sum(xp.real(xp.exp(z) * z)), [Z]),
    "complex to real": (lambda xp, z: xp.sum(xp.abs(z) ** 2 * xp.imag(z)), [Z]),
    "containers": (
        lambda xp, p, s: xp.sum(p["w"] * s[0]) + p["b"][0] ** 2,
        [{"w": X, "b": (3.0,)}, [X[0]]],
    ),
    "constants": (lambda xp, x, i: xp.sum(x[i] ** 2), [X, np.array([0, 0, 2])]),
    "unused": (lambda xp, x, y: xp.sum(x * x), [X, W]),
    "of nothing": (lambda xp, x: 3.0, [X]),
    "a list": (lambda xp, x: xp.sum(x**3), [[1, 2.0, 3]]),
    "infinite": (lambda xp, x: xp.sum(xp.sqrt(x)), [[0.0, 1.0]]),
    "empty": (lambda xp, x: xp.sum(x * x), [np.zeros((0, 3))]),
    "of one element": (lambda xp, x: x * x, [np.ones((1, 1))]),
}


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("engine", ["jax", "torch"])
@pytest.mark.parametrize("kind", FUNCTIONS)
def test_other_libraries_agree(engine, kind):
    pytest.importorskip(engine, reason=f"{engine} is an optional peer")
    function, args = FUNCTIONS[kind]
    own, other = compare(function, args, engines=[engine])
    precision = 1e-6 if kind == "single precision" else 1e-12
    assert other.difference < precision
    assert abs(own.value - other.value) <= precision * abs(own.value)


@pytest.mark.parametrize("kind", FUNCTIONS)
def test_a_gradient_has_the_form_of_its_argument(kind):
    function, args = FUNCTIONS[kind]
    with np.errstate(all="ignore"):
        (own,) = compare(function, args, engines=[])
    assert len(own.gradients) == len(args)
    if kind == "containers":
        weights, (s,) = own.gradients
        np.testing.assert_allclose(weights["w"], np.broadcast_to(X[0], X.shape))
        np.testing.assert_allclose(weights["b"], (6.0,))
        np.testing.assert_allclose(s, X.sum(0))
    if kind == "constants":
        np.testing.assert_allclose(own.gradients[0], X * [[4], [0], [2], [0]])
        assert own.gradients[1] is None
    if kind == "single precision":
        assert own.gradients[0].dtype == np.float32
    if kind == "complex to real":  # the derivative by x, minus i times that by y
        expected = 2 * Z.real * Z.imag - 1j * (np.abs(Z) ** 2 + 2 * Z.imag**2)
        np.testing.assert_allclose(own.gradients[0], expected)


def test_a_difference_is_told():
    pytest.importorskip("jax", reason="jax is an optional peer")
    other = lambda xp, x: xp.sum(x * x) if xp is np else xp.sum(x * x) * 1.25
    _, found = compare(other, [X], engines=["jax"])
    assert found.difference == pytest.approx(0.25)
    assert str(found).endswith("gradients differ by 2.5e-01")
    _, found = compare(lambda xp, x: xp.sum(x / (1 if xp is np else 0)), [X], engines=["jax"])
    assert not found.difference < 1.0


@pytest.mark.parametrize(
    ("function", "args", "error", "text"),
    [
        (lambda xp, x: x * x, [X], NotScalarError, r"one real number, got shape \(4, 3\) of float"),
        (lambda xp, z: xp.sum(z), [Z], NotScalarError, r"got shape \(\) of complex128"),
        (lambda xp, i: xp.sum(i), [np.arange(3)], DtypeError, "nothing to differentiate"),
        (lambda xp: 1.0, [], DtypeError, r"nothing to differentiate: got \[\]"),
    ],
)
def test_bad_input_is_named(function, args, error, text):
    with pytest.raises(error, match=text):
        compare(function, args, engines=[])


def test_a_library_that_is_not_installed_is_named(monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    own, other = compare(lambda xp, x: xp.sum(x**2), [X], engines=["torch"])
    np.testing.assert_allclose(own.gradients[0], 2 * X)
    assert str(other) == "torch: not installed"
    with pytest.raises(ValueError, match="engines are 'jax', 'torch', got 'tf'"):
        compare(lambda xp, x: xp.sum(x**2), [X], engines=["tf"])
