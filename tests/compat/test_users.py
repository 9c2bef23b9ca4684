"""What packages written for HIPS autograd do, in few lines; `tools/try-users` runs their tests."""

import sys

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

import autograd as ag
import autograd.numpy as anp
from autograd import core, extend, misc
from autograd.builtins import isinstance as isinstance_of
from autograd.numpy.numpy_boxes import ArrayBox
from autograd.numpy.numpy_vspaces import ArrayVSpace
from autograd.scipy.stats import norm
from autograd.tracer import Box, isbox, new_box, trace_stack

X = np.array([0.5, 1.0, 2.0])

# lifelines: parameters in a dictionary, flattened; penalties of their values.


@pytest.mark.parametrize("join", ["stack", "vstack", "hstack", "concatenate", "column_stack"])
def test_values_of_a_dictionary_are_joined(join):
    def penalty(params):
        return getattr(anp, join)(params.values()).var()

    params = {"beta": X, "rho": X**2}
    found = ag.grad(penalty)(params)
    expected = ag.grad(lambda params: getattr(np, join)(list(params.values())).var())(params)
    assert_allclose(found["beta"], expected["beta"], rtol=1e-14)
    assert_allclose(found["rho"], expected["rho"], rtol=1e-14)
    joined = getattr(anp, join)(params.values())
    assert type(joined) is np.ndarray
    assert_array_equal(joined, getattr(np, join)(list(params.values())))


def test_a_censored_likelihood_and_its_hessian():
    durations, observed = np.array([1.0, 2.0, 3.0, 4.0]), np.array([True, False, True, True])
    flat, unflatten = misc.flatten({"mu": np.array([0.3]), "log_sigma": np.array([-0.2])})

    def negative_log_likelihood(flat, durations, observed):
        params = unflatten(flat)
        z = (anp.log(durations) - params["mu"]) / anp.exp(params["log_sigma"])
        density = norm.logpdf(z) - params["log_sigma"] - anp.log(durations)
        return -anp.mean(anp.where(observed, density, norm.logsf(z)))

    value, gradient = ag.value_and_grad(negative_log_likelihood)(flat, durations, observed)
    hessian = ag.hessian(negative_log_likelihood)(flat, durations, observed)
    step = 1e-6
    for i, unit in enumerate(np.eye(2)):
        ends = [
            ag.value_and_grad(negative_log_likelihood)(flat + s * step * unit, durations, observed)
            for s in (1, -1)
        ]
        assert_allclose(gradient[i], (ends[0][0] - ends[1][0]) / (2 * step), rtol=1e-8)
        assert_allclose(hessian[i], (ends[0][1] - ends[1][1]) / (2 * step), rtol=1e-7)
    assert type(value) is np.float64


# PennyLane: an array class of its own, circuits as primitives, traces looked at.


class Marked(np.ndarray):
    """An array that says whether it is trainable, and answers ufuncs itself."""

    def __array_ufunc__(self, ufunc, method, *inputs, **kwargs):
        plain = [i.view(np.ndarray) if isinstance(i, Marked) else i for i in inputs]
        found = super().__array_ufunc__(ufunc, method, *plain, **kwargs)
        return np.asarray(found).view(Marked)

    def __getitem__(self, key):
        return np.asarray(super().__getitem__(key)).view(Marked)


@pytest.fixture
def marked():
    Box.type_mappings[Marked] = ArrayBox
    core.VSpace.mappings[Marked] = ArrayVSpace
    return X.view(Marked)


@pytest.mark.parametrize(
    ("function", "derivative"),
    [
        (lambda x, c: x * c, lambda x, c: c),
        (lambda x, c: c * x, lambda x, c: c),
        (lambda x, c: c - x, lambda x, c: -1.0),
        (lambda x, c: c / x, lambda x, c: -c / x**2),
        (lambda x, c: x**c, lambda x, c: c * x ** (c - 1)),
    ],
)
def test_operators_with_an_array_class_of_the_program(marked, function, derivative):
    for constant in (marked, marked[1]):  # the second has no axes, and is no number
        assert isinstance(constant, Marked)
        found = ag.grad(lambda x, c=constant: np.sum(function(x, c)))(marked)
        assert_allclose(found, derivative(X, np.asarray(constant)), rtol=1e-14)


def test_a_circuit_by_shifts_of_its_parameters_twice():
    """The function and its rule know the parameters by another way, and compute with them."""

    def run(tape):
        return np.asarray(np.cos(ag.tracer.getval(tape[0])) * np.cos(ag.tracer.getval(tape[1])))

    def execute(tape, order):
        recorded = extend.primitive(
            lambda parameters: execute(tape, order - 1) if order > 1 else run(tape)
        )

        def maker(ans, parameters):
            def pull(g):
                found = []
                for i in range(2):
                    ends = []
                    for shift in (np.pi / 2, -np.pi / 2):
                        shifted = list(tape)
                        shifted[i] = shifted[i] + shift
                        ends.append(execute(shifted, order - 1) if order > 1 else run(shifted))
                    found.append(g * (ends[0] - ends[1]) / 2)
                return ([c._value if isinstance(c, ArrayBox) else c for c in found],)

            return lambda g: pull(g)[0]

        extend.defvjp(recorded, maker)
        return recorded(list(tape))

    def circuit(x):
        return execute([x[0], x[1]], 2)

    a, b = x = np.array([1.0, 2.0])
    sin, cos = np.sin, np.cos
    assert_allclose(ag.grad(circuit)(x), [-sin(a) * cos(b), -cos(a) * sin(b)], rtol=1e-12)
    expected = [[-cos(a) * cos(b), sin(a) * sin(b)], [sin(a) * sin(b), -cos(a) * cos(b)]]
    assert_allclose(ag.jacobian(ag.grad(circuit))(x), expected, rtol=1e-12)


def test_whether_a_function_depends_on_its_arguments():
    def depends(function, *args):
        with trace_stack.new_trace() as trace:
            start = new_box(args, trace, core.VJPNode.new_root())
            end = function(*start)
        ends = end if isinstance_of(end, (tuple, list)) else [end]
        return any(isbox(one) and one._trace == start._trace for one in ends)

    assert depends(lambda x, y: 2.0 * x, 1.0, X)
    assert depends(lambda x, y: (1.0, y), 1.0, X)
    assert not depends(lambda x, y: np.ones(3), 1.0, X)
    outer = ag.Tensor(1.0)
    assert not depends(lambda x, y: outer * 2.0, 1.0, X)


def test_the_namespace_is_copied_without_what_it_does_not_show():
    """PennyLane wraps what can be called there; a copied `__getattr__` would answer for it."""
    for module in (anp, anp.linalg, anp.fft, anp.random):
        assert "__getattr__" not in vars(module), module
    assert anp.numpy_boxes is sys.modules["autograd.numpy.numpy_boxes"]
    with pytest.raises(AttributeError, match="no_such"):
        _ = anp.no_such


# pymanopt: gradients of several arguments, complex, and products with the Hessian.


def test_hessian_products_of_several_complex_arguments():
    rng = np.random.default_rng(0)
    x, v = rng.normal(size=(2, 3)) + 1j * rng.normal(size=(2, 3))
    y, w = rng.normal(size=(2, 3))

    def cost(x, y):
        return anp.real(anp.sum(anp.conj(x) * x * y)) + anp.sum(y**3)

    def along(*args):
        point, vectors = args[:2], args[2:]
        gradients = map(anp.conj, ag.grad(cost, argnum=[0, 1])(*point))
        products = [
            anp.real(anp.tensordot(anp.conj(g), t, axes=1))
            for g, t in zip(gradients, vectors, strict=True)
        ]
        return np.sum(products)  # a list of traced numbers

    found = [np.conj(c) for c in ag.grad(along, argnum=[0, 1])(x, y, v, w)]
    assert_allclose(found[0], 2 * (v * y + x * w), rtol=1e-13)
    assert_allclose(found[1], 2 * np.real(np.conj(x) * v) + 6 * y * w, rtol=1e-13)


def test_the_distance_of_matrices_where_it_is_zero():
    """An optimum of pymanopt's examples: the derivative of a length there is taken as zero."""
    matrix = np.eye(3)
    assert_array_equal(ag.grad(lambda x: anp.linalg.norm(x - matrix))(matrix), np.zeros((3, 3)))
    squared = ag.grad(lambda x: anp.linalg.norm(x - matrix, "fro") ** 2)
    assert_array_equal(squared(matrix), np.zeros((3, 3)))
    x = matrix + 1.0
    assert_allclose(squared(x), 2 * np.ones((3, 3)), rtol=1e-14)
    assert_allclose(squared(x.astype(np.float32)), 2 * np.ones((3, 3)), rtol=1e-6)
    assert squared(x.astype(np.float32)).dtype == np.float32
