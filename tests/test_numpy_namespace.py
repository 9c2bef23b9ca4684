"""`import numpy as np` and `import autograd.numpy as np`: the same names, the same gradients."""

import subprocess
import sys

import numpy as np
import pytest

import autograd as ag
import autograd.numpy as anp
from autograd.errors import DetachError
from autograd.numpy import fft, linalg, random
from autograd.numpy.linalg import inv

REPLACED = {
    *("arange", "array", "asanyarray", "asarray", "asarray_chkfinite", "ascontiguousarray"),
    *("asfortranarray", "c_", "column_stack", "concat", "concatenate", "dstack", "fromiter"),
    *("full", "full_like", "hstack", "isscalar", "r_", "require", "row_stack", "stack"),
    *("vectorize", "vstack", "where"),
    *("average", "corrcoef", "cov", "gradient", "mean", "median", "nanmean", "nanmedian", "nanstd"),
    *("nanvar", "percentile", "quantile", "nanpercentile", "nanquantile", "std", "var"),
    *(
        "byte",
        "int16",
        "int32",
        "int64",
        "int8",
        "int_",
        "intc",
        "intp",
        "long",
        "longlong",
        "short",
    ),
}
SUBMODULES = {"fft": fft, "linalg": linalg, "random": random}


def differences(function, x, h=1e-5):
    """Return the gradient of a function of one array by central differences."""
    gradient = np.empty_like(x)
    for index in np.ndindex(x.shape):
        step = np.zeros_like(x)
        step[index] = h
        gradient[index] = (function(x + step) - function(x - step)) / (2 * h)
    return gradient


def check(function, *args):
    """Compare the gradients of a function of arrays with differences."""
    found = ag.grad(function, argnum=tuple(range(len(args))))(*args)
    for number, (x, gradient) in enumerate(zip(args, found, strict=True)):
        alone = lambda x, number=number: function(*args[:number], x, *args[number + 1 :])
        np.testing.assert_allclose(gradient, differences(alone, x), rtol=1e-6, atol=1e-8)


# The names.


def test_every_name_is_numpys_but_those_that_its_protocols_do_not_reach():
    public = [name for name in np.__all__ if name in vars(np)]
    other = {name for name in public if getattr(anp, name) is not getattr(np, name)}
    same = {"longlong"} if np.longlong is not np.int64 else set()  # a class of its own on Linux
    assert other == ({name for name in REPLACED if hasattr(np, name)} | SUBMODULES.keys()) - same


def test_numpys_integers_take_tensors_and_are_numpys_dtypes():
    assert anp.int64(ag.Tensor(2.7)) == 2
    assert type(anp.int32(ag.Tensor(2.7))) is np.int32
    assert np.zeros(2, anp.int16).dtype == np.int16 == anp.int16
    assert isinstance(np.int8(3), anp.int8)
    assert not isinstance(np.int16(3), anp.int8)
    assert np.issubdtype(np.int64, anp.int64)
    assert np.issubdtype(anp.int64, np.integer)


@pytest.mark.parametrize("name", SUBMODULES)
def test_submodules_have_numpys_functions(name):
    ours, theirs = SUBMODULES[name], getattr(np, name)
    assert getattr(anp, name) is ours is sys.modules[f"autograd.numpy.{name}"]
    assert ours.__all__ == theirs.__all__
    assert all(getattr(ours, public) is getattr(theirs, public) for public in theirs.__all__)


def test_names_can_be_imported_listed_and_completed():
    assert inv is np.linalg.inv
    assert anp.float64 is np.float64
    assert anp.ndarray is np.ndarray
    assert anp.pi == np.pi
    assert anp.__version__ == np.__version__
    assert set(np.__all__) <= set(dir(anp))
    scope = {}
    exec("from autograd.numpy import *", scope)
    assert scope["sin"] is np.sin
    assert scope["array"] is anp.array


def test_what_numpy_loads_late_is_there():
    assert anp.polynomial is np.polynomial
    assert anp.testing is np.testing
    with pytest.raises(AttributeError, match="nothing_of_this_name"):
        anp.nothing_of_this_name  # noqa: B018


def test_import_autograd_does_not_import_the_namespace():
    code = "import sys, autograd; sys.exit('autograd.numpy' in sys.modules)"
    assert not subprocess.run([sys.executable, "-c", code], check=False).returncode


# What the protocols do not reach.

T = np.array([1.5, -0.5, 2.0])
MAKERS = {
    "array": lambda t: anp.array([[t[0], 1.0, t[1]], [2, t[2], t[0] * t[1]]]),
    "array of arrays": lambda t: anp.array([t, 2 * t, np.ones(3)]),
    "array of tuples": lambda t: anp.array(((t[0], t[1]), (t[2], 1))),
    "array, ndmin": lambda t: anp.array(t, ndmin=3),
    "array of a Tensor": lambda t: anp.array(t, copy=None),
    "asarray": lambda t: anp.asarray([t[2], t[0]]),
    "asanyarray": lambda t: anp.asanyarray(t),
    "asarray_chkfinite": lambda t: anp.asarray_chkfinite([t[2], t[0]]),
    "ascontiguousarray": lambda t: anp.ascontiguousarray(t[::2]),
    "asfortranarray": lambda t: anp.asfortranarray([t, t * t]),
    "require": lambda t: anp.require([t, t * t], requirements="F"),
    "arange": lambda t: anp.arange(t[0], 9.2, t[2]),
    "fromiter": lambda t: anp.fromiter((x * x for x in t), float, count=2),
    "full": lambda t: anp.full((2, 3), t),
    "full of a number": lambda t: anp.full(4, t[1], dtype=np.float64),
    "full_like": lambda t: anp.full_like(np.zeros((2, 3)), t),
    "r_": lambda t: anp.r_[t, 1.0, t[0], 0:2, np.ones(2)],
    "r_ of one": lambda t: anp.r_[t],
    "r_ along the second axis": lambda t: anp.r_["1,2,0", t, t * t],
    "c_": lambda t: anp.c_[t, t * t, np.ones(3)],
    "stack": lambda t: anp.stack([[t[0], t[1]], [1.0, t[2]]]),
    "concatenate": lambda t: anp.concatenate([[t[0], 1.0], t]),
    "vectorize": lambda t: anp.vectorize(lambda x, y: x * y if y > 0 else x)(t, T),
    "vectorize, two outputs": lambda t: anp.vectorize(lambda x: (x, x * x))(t)[1],
    "where": lambda t: anp.where([True, False, True], [t[0], t[1], 1.0], t * t),
    "vstack": lambda t: anp.vstack([[t[0], 1.0], [t[1], t[2]]]),
    "hstack": lambda t: anp.hstack([[t[0], 1.0], t]),
}


@pytest.mark.parametrize("name", MAKERS)
def test_new_arrays_keep_gradients(name):
    make = MAKERS[name]
    result, value = make(ag.Tensor(T)), make(T)
    assert isinstance(result, ag.Tensor)
    np.testing.assert_array_equal(result.data, value, strict=True)
    weights = np.random.default_rng(0).standard_normal(np.shape(value))
    check(lambda t: np.sum(weights * make(t) ** 2), T)


def test_plain_arguments_give_what_numpy_gives():
    assert type(anp.array([1, 2])) is np.ndarray
    assert anp.array([1, 2]).dtype == np.array([1, 2]).dtype
    assert anp.array("text").dtype == np.array("text").dtype
    assert type(anp.r_[1:3, 5]) is np.ndarray
    assert anp.isscalar(3.0)
    assert not anp.isscalar(np.zeros(2))
    assert anp.full(2, 1).dtype == int
    np.testing.assert_array_equal(anp.arange(3), [0, 1, 2])
    np.testing.assert_array_equal(anp.fromiter(range(3), int), [0, 1, 2])
    np.testing.assert_array_equal(anp.vectorize(abs)([-1, 2]), [1, 2])
    np.testing.assert_array_equal(anp.asarray_chkfinite([1.0]), [1.0])


def test_arrays_of_a_large_tensor_are_few_operations():
    rows = [ag.Tensor(np.ones(500)) for _ in range(3)]
    assert anp.array(rows).op == "stack"


def test_a_list_of_large_tensors_as_an_operand_is_one_operation():
    rows = [ag.Tensor(np.ones(500)) for _ in range(3)]
    product = ag.Tensor(np.ones((3, 500))) * rows
    assert [node.op for node in product.parents] == [None, "stack"]
    np.testing.assert_array_equal(ag.gradients([np.sum(product)], rows[:1])[0], np.ones(500))


def test_a_tensor_stays_what_it_is():
    t = ag.Tensor(T)
    assert anp.asarray(t) is t
    assert anp.asanyarray(t, dtype=np.float64) is t
    assert anp.array(t) is not t
    assert anp.isscalar(t[0])
    assert not anp.isscalar(t)


def test_arrays_of_objects_become_tensors():
    t = ag.Tensor(T)
    objects = np.array([t[0], 1.0], dtype=object)
    np.testing.assert_array_equal(anp.array(objects).data, [1.5, 1.0], strict=True)


def test_dtypes():
    t = ag.Tensor(T)
    assert anp.array([t, t], dtype=np.float32).dtype == np.float32
    assert anp.array(t.astype(np.float32)).dtype == np.float32
    assert anp.r_[t.astype(np.float32), 1.0].dtype == np.float32
    assert anp.array([t[0], 1j]).dtype == np.complex128
    assert anp.array([t[0], t[1]], dtype=object)[0].requires_grad  # objects keep their gradients


def test_like_gives_numpys_own_functions_the_same():
    t = ag.Tensor(T)
    assert isinstance(np.array([t[0], 1.0], like=t), ag.Tensor)
    assert isinstance(anp.array([1.0], like=t), np.ndarray)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda t: anp.array([t, 1.0]), ValueError, "same shape"),
        (lambda t: anp.array([t, t], copy=False), ValueError, "without a copy"),
        (lambda t: anp.asarray(t, device="gpu"), ValueError, "device must be 'cpu'"),
        (lambda t: anp.r_["r", t], TypeError, "not a matrix"),
        (lambda t: anp.asarray_chkfinite(t / 0), ValueError, "infs or NaNs"),
        (lambda t: anp.mgrid[0 : t[0]], DetachError, "would lose its gradient"),
    ],
)
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_errors(call, error, message):
    with pytest.raises(error, match=message):
        call(ag.Tensor(T))


# Programs.

both = pytest.mark.parametrize("np", [np, anp], ids=["numpy", "autograd.numpy"])
RNG = np.random.default_rng(0)


@both
def test_logistic_regression(np):
    inputs, labels = RNG.standard_normal((20, 3)), RNG.integers(0, 2, 20)

    def loss(weights, bias):
        logits = np.dot(inputs, weights) + bias
        losses = np.logaddexp(0.0, np.where(labels == 1, -logits, logits))
        return np.mean(losses) + 0.1 * np.sum(weights**2)

    check(loss, RNG.standard_normal(3), np.array(0.3))


@both
def test_likelihood_of_a_gaussian_process(np):
    x, y = np.linspace(0.0, 3.0, 6), np.sin(np.linspace(0.0, 3.0, 6))

    def negative_log_likelihood(log_parameters):
        length, signal, noise = np.exp(log_parameters)
        distance = (x[:, None] - x[None, :]) / length
        covariance = signal * np.exp(-0.5 * distance**2) + noise * np.eye(len(x))
        _, log_determinant = np.linalg.slogdet(covariance)
        half = np.linalg.solve(np.linalg.cholesky(covariance), y)
        quadratic = np.dot(y, np.linalg.inv(covariance) @ y) + np.sum(half**2)
        return 0.5 * (log_determinant + quadratic / 2 + len(x) * np.log(2 * np.pi))

    check(negative_log_likelihood, np.array([0.1, -0.2, -1.0]))


@both
def test_recurrent_network(np):
    inputs, targets = RNG.standard_normal((4, 2, 3)), RNG.standard_normal((4, 2, 5))

    def loss(into, recurrent, bias):
        state, states = np.zeros((2, 5)), []
        for step in inputs:
            state = np.tanh(step @ into + state @ recurrent + bias)
            states.append(state)
        errors = np.array(states) - targets
        return np.sum(errors * errors) + np.sum(np.stack(states)[-1])

    check(loss, *(RNG.standard_normal(shape) for shape in [(3, 5), (5, 5), (5,)]))


@both
def test_steps_of_a_differential_equation(np):
    def velocity(state, stiffness, damping):
        position, speed = state
        return np.array([speed, -stiffness * position - damping * speed])

    def energy(parameters, start):
        state, h = start, 0.1
        for _ in range(5):
            first = velocity(state, *parameters)
            second = velocity(state + h / 2 * first, *parameters)
            third = velocity(state + h / 2 * second, *parameters)
            fourth = velocity(state + h * third, *parameters)
            state = state + h / 6 * (first + 2 * second + 2 * third + fourth)
        return np.sum(state * state)

    check(energy, np.array([2.0, 0.3]), np.array([1.0, 0.5]))


@both
def test_robust_regression_with_joined_parameters(np):
    x = np.linspace(-1.0, 1.0, 8)

    def loss(slope, intercept):
        parameters = np.concatenate([np.reshape(slope, -1), np.atleast_1d(intercept)])
        design = np.stack([x, np.ones_like(x)], axis=1)
        residual = np.abs(design @ parameters - x**2)
        return np.sum(np.where(residual < 0.5, residual**2, residual))

    check(loss, np.array([0.7]), np.array(0.1))
