"""`check_grads`: what it accepts, what it reports, and its errors."""

from typing import NamedTuple

import numpy as np
import pytest

import autograd as ag
import nn
from autograd.errors import DtypeError, GradError, GradientMismatch, UndecidedError
from autograd.extend import elementwise, general
from autograd.testing import check_grads, numerical_jacobian
from autograd.testing.subject import Subject
from autograd.tree import flatten

rng = np.random.default_rng(3)
X, W = rng.normal(size=(3, 2)), rng.normal(size=(2, 4))


class Layer(NamedTuple):
    weight: object
    bias: object


RIGHT = {
    "matrices": (lambda x, w: np.tanh(x @ w), X, W),
    "a number": (lambda x: x**3, 0.7),
    "containers": (lambda p, s: {"y": p["w"] * s[0], "z": [p["b"]]}, {"w": X, "b": 2.0}, [1.5]),
    "a named tuple": (lambda p, x: np.maximum(x @ p.weight + p.bias, 0), Layer(W, np.ones(4)), X),
    "complex numbers": (lambda z: z * np.conj(z) * np.exp(z), X + 1j * X[::-1]),
    "complex to real": (lambda z: np.abs(z), X + 1j),
    "real to complex": (np.fft.rfft, X),
    "constants beside": (lambda x, i, axis: np.sum(x[i], axis), X, np.array([0, 0, 2]), 0),
    "single precision": (lambda x: np.sum(np.sin(x) ** 2), X.astype(np.float32)),
    "nothing in it": (lambda x: np.sum(x, axis=0), np.zeros((0, 3))),
    "several outputs": (np.linalg.eigh, X.T @ X),
    "integers beside": (lambda x: (np.sort(x), np.argsort(x)), X),
    "assignment": (lambda x: _cumulated(x), X),
    "small numbers": (lambda x: np.log(x) * 1e-12, np.array([1e-10, 3e-8])),
    "large numbers": (lambda x: np.sqrt(x) + 1e30 * x, np.array([1e20, 3e18])),
    "a loss": (lambda x: nn.softmax_cross_entropy(x, np.array([0, 1, 1])), X),
    "many elements": (lambda x: np.cumsum(np.sin(x)) * x[0], rng.normal(size=3000)),
    "a gradient": (ag.grad(lambda x: np.sum(x**4)), X),
    "eigenvalues": (np.linalg.eigvalsh, X.T @ X + np.eye(2)),
}


def _cumulated(x):
    y = x * 1.0
    y[1:] += y[:-1] ** 2
    y[0] *= y[1]
    return y


@pytest.mark.parametrize("kind", [k for k in RIGHT if k != "several outputs"])
def test_right_derivatives_pass(kind):
    function, *args = RIGHT[kind]
    report = check_grads(function, *args)
    assert report.undecided == []
    variables = sum(np.size(a) for a in flatten(args)[0] if np.asarray(a).dtype.kind in "fc")
    assert report.derivatives >= min(variables, 10)


def test_kinks_are_reported_and_bound_the_derivative():
    report = check_grads(np.abs, np.array([-1.0, 0.0]))
    assert report.kinks == ["d absolute[1] / d x[1]: between -1 and 1"]
    assert "kink: d absolute[1]" in str(report)


@pytest.mark.parametrize(
    ("function", "x"),
    [
        (np.floor, 2.0),
        (lambda x: np.where(x > 1, x + 1, x), 1.0),
        (np.sqrt, 0.0),
        (lambda x: 1 / x, 0.0),
    ],
)
def test_what_cannot_be_told_is_not_passed(function, x):
    with pytest.raises(UndecidedError):
        check_grads(lambda x: function(x) + 0 * x, np.array([x]))


def test_undecided_points_may_be_allowed():
    step = lambda x: np.where(x > 1, x + 1, x)
    assert check_grads(step, np.array([1.0, 3.0]), undecided="allow").undecided


def noise(x, state=np.random.default_rng(0)):  # noqa: B008 - it is the state that is wanted
    return x * state.normal()


def writes(x):
    y = np.exp(x)
    x[0] = 1.0
    return y


def edge(x):
    if np.any(np.real(x) > 1):
        raise ValueError("beyond 1")
    return x * 2


@pytest.mark.parametrize(
    ("function", "args", "error", "text"),
    [
        (np.sin, (3,), DtypeError, r"sin has nothing to differentiate: got 3; .* write 2\.0 for 2"),
        (np.sin, (np.arange(3),), DtypeError, "got an array of int64"),
        (lambda x: None, (X,), GradError, r"<lambda> returned None: nothing that has a derivative"),
        (lambda x: x > 0, (X,), GradError, "returned an array of bool"),
        (noise, (X,), GradientMismatch, "noise is not deterministic: two calls .* fixed seed"),
        (writes, (X,), GradientMismatch, "writes writes into its argument x"),
        (edge, (np.array([1.0]),), UndecidedError, r"edge .* raised ValueError: beyond 1"),
        (np.log, (np.array([-1.0]),), UndecidedError, r"its value is \[nan\]"),
    ],
)
def test_bad_input_is_named(function, args, error, text):
    with pytest.raises(error, match=text):
        check_grads(function, *args)


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"order": 0}, "order is 1 or more, got 0"),
        ({"modes": ("both",)}, "modes are 'rev' and 'fwd', got 'both'"),
        ({"undecided": "pass"}, "undecided is 'raise' or 'allow', got 'pass'"),
    ],
)
def test_bad_options_are_named(options, text):
    with pytest.raises(ValueError, match=text):
        check_grads(np.sin, 1.0, **options)


def test_a_value_that_tensors_change_is_found():
    def tells_them_apart(x):
        return x * 2 if isinstance(x, ag.Tensor) else x

    with pytest.raises(GradientMismatch, match=r"of Tensors is .*, of arrays"):
        check_grads(tells_them_apart, X)


def test_a_graph_that_is_left_is_found():
    def leaves(x):
        return x * getattr(x, "data", x)

    with pytest.raises(GradientMismatch, match="no operation by itself") as caught:
        check_grads(leaves, X)
    assert caught.value.operation is None


def double(x):
    return x * 2.0


def test_the_example_is_small_and_runs():
    def shifted(x, w):
        return np.sum(wrong(x) * w)

    wrong = elementwise(double, lambda g: 2 * g + 0.5 * g * (g == g))
    with pytest.raises(GradientMismatch) as caught:
        check_grads(shifted, X, rng.normal(size=(3, 1)))
    assert caught.value.example == (
        "x = np.array([[0.]])\nw = np.array([[1.]])\ncheck_grads(shifted, x, w)"
    )
    with pytest.raises(GradientMismatch):
        exec(caught.value.example, {"np": np, "check_grads": check_grads, "shifted": shifted})


def test_the_example_has_simple_numbers_too():
    def scaled(x, mass):
        return np.sum(wrong(x)) / mass

    wrong = elementwise(double, lambda g: 2.5 * g)
    with pytest.raises(GradientMismatch) as caught:
        check_grads(scaled, X, 3.25)
    assert caught.value.example == "x = np.array([[0.]])\nmass = 1.0\ncheck_grads(scaled, x, mass)"


@pytest.mark.parametrize(
    ("rule", "looks"),
    [
        (lambda g, x: g * np.cos(x) * 0.75, "a constant factor of 0.75 is wrong"),
        (lambda g, x: g * np.cos(x) ** 2, None),
        (lambda g, x: -g * np.cos(x), "the sign is wrong"),
    ],
)
def test_one_number_is_not_taken_for_a_constant_factor(rule, looks):
    wrong = elementwise(lambda x: np.sin(x), rule, name="sine")
    with pytest.raises(GradientMismatch) as caught:
        check_grads(lambda x: wrong(x), 0.5)
    assert caught.value.diagnosis == looks


def test_without_explanation_nothing_is_searched():
    calls = []

    def counted(x):
        calls.append(1)
        return wrong(x)

    wrong = elementwise(double, lambda g: g)
    counts = []
    for explain in (True, False):
        calls.clear()
        with pytest.raises(GradientMismatch):
            check_grads(counted, X, explain=explain)
        counts.append(len(calls))
    assert counts[0] > 3 * counts[1]


def test_the_first_guilty_operation_is_named_of_two():
    first = general(lambda x: np.sin(x), lambda g, x: g, name="first")
    second = general(lambda x: np.exp(x), lambda g, x: g, name="second")

    def both(x):
        y = first(x)
        return second(y)

    with pytest.raises(GradientMismatch, match=r"y = first\(x\)") as caught:
        check_grads(both, X, modes=["rev"])
    assert caught.value.operation == "first"


def test_numerical_jacobians_have_errors():
    jacobian, errors = numerical_jacobian(lambda x, w: x @ w, X, W, argnum=1, errors=True)
    assert jacobian.shape == errors.shape == (3, 4, 2, 4)
    exact = np.einsum("ik,jl->ijkl", X, np.eye(4))
    assert np.all(np.abs(jacobian - exact) <= 1e-12 + 3 * errors)
    assert np.max(errors) < 1e-9
    with pytest.raises(DtypeError, match="needs a real array for argument 0, got ndarray"):
        numerical_jacobian(np.abs, X + 1j)
    with pytest.raises(GradError, match="needs one output, got 2"):
        numerical_jacobian(np.linalg.eigh, X.T @ X)


@pytest.mark.parametrize(("x", "double"), [(0.3, np.float64), (0.3 + 1j, np.complex128)])
def test_functions_that_compute_longdouble_in_double_are_compared_in_double(x, double):
    """SciPy's do so without a word: the differences' steps are for the digits that there are."""
    apart = []

    def sine(z):
        if isinstance(z, ag.Tensor):
            return np.sin(z)
        if z.dtype == double and z[0] != x:
            apart.append(z[0] - x)
        return np.sin(z.astype(np.result_type(double, np.complex64 if z.dtype.kind == "c" else 0)))

    check_grads(sine, np.array([x]), layouts=False, order=1)
    assert apart


def test_one_part_of_a_complex_number_is_as_uncertain_as_the_other():
    """Rounding in one part is relative to the modulus: differences of it are no derivative."""

    def noisy(x):
        """Return x, with an imaginary part of rounding errors that doubles with the step."""
        return (17.0 * x + 2e-16j * np.round((x - 1.0) * 2.0**20)).astype(np.complex128)

    subject = Subject(noisy, (np.array(1.0),))
    slope = subject.slope(np.array([1.0]), (2.0**-9,))
    assert abs(slope.value[1]) > 1e-10
    assert slope.error[1] > abs(slope.value[1]) / 3
