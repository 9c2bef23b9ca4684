"""What holds for every program: the modes agree with each other and with mathematics."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

import autograd as ag
from tests.properties.programs import BINARY, UNARY, Program, programs

# Many a program is linear: its second derivative is zero, and that is said, too.
pytestmark = pytest.mark.filterwarnings("ignore:Output seems independent of input:UserWarning")

many = settings(max_examples=3 * settings().max_examples)  # programs are quick, and varied

TOLERANCE = 1e-11  # values are of order 1, some hundred roundings are behind each


def inner(xs, ys):
    """Return the inner product of two lists of arrays."""
    return sum(np.sum(x * y) for x, y in zip(xs, ys, strict=True))


def size(xs, ys):
    """Return what rounding errors of `inner` are relative to."""
    return 1.0 + sum(np.sum(np.abs(x * y)) for x, y in zip(xs, ys, strict=True))


def close(x, y, scale=1.0):
    assert abs(x - y) <= TOLERANCE * scale


def gradient(function, inputs):
    """Return the gradients of a function of several arrays."""
    return ag.grad(function, tuple(range(len(inputs))))(*inputs)


def hessian_product(program, inputs, vectors):
    """Return the Hessian of the program's loss times vectors, forward over reverse."""
    gradients = lambda *xs: gradient(program.loss, xs)
    return ag.jvp(gradients, inputs, vectors)[1]


@pytest.mark.parametrize("name", [*UNARY, *BINARY])
def test_every_operation_takes_every_shape_and_complex_numbers(name):
    """Programs are what they are meant to be: closed under all operations, and analytic."""
    operands = (0,) if name in UNARY else (0, 1)
    for shape in [(), (1,), (3,), (2, 1), (1, 3), (2, 3)]:
        for other in [(), (3,), (2, 1), (2, 3)]:
            program = Program((shape, other), ((name, operands),), 3)
            x, y = program.random(0)[0]
            result = program.values([x, y])[-1]
            assert np.broadcast_shapes(np.shape(result), (2, 3)) == (2, 3)
            assert np.iscomplexobj(program.values([x + 0j, y + 0j])[-1])
            assert_allclose(program.values([x + 0j, y + 0j])[-1], result, rtol=1e-13, atol=1e-15)


@many
@given(programs())
def test_values_are_numpys(program):
    (inputs,) = program.random(0)
    recorded = program.values([ag.Tensor(x) for x in inputs])
    for tensor, value in zip(recorded, program.values(inputs), strict=True):
        assert_array_equal(tensor.data, value)
        assert (tensor.shape, tensor.dtype) == (np.shape(value), value.dtype)


@many
@given(programs())
def test_reverse_is_the_transpose_of_forward(program):
    inputs, vectors = program.random(0, 1)
    value, tangent = ag.jvp(program, inputs, vectors)
    w = np.resize(program.weights, value.shape)
    cotangents = ag.vjp(program, *inputs)[1](w)
    for x, c in zip(inputs, cotangents, strict=True):
        assert (np.shape(c), c.dtype) == (x.shape, x.dtype)
    close(inner([w], [tangent]), inner(cotangents, vectors), size(cotangents, vectors))


@many
@given(programs())
def test_forward_is_the_complex_step(program):
    """For an analytic f, Im f(x + ihv) / h is the derivative along v without cancellation."""
    inputs, vectors = program.random(0, 1)
    tangent = ag.jvp(program, inputs, vectors)[1]
    step = 1e-30
    moved = program(*(x + 1j * step * v for x, v in zip(inputs, vectors, strict=True)))
    assert_allclose(tangent, np.imag(moved) / step, rtol=TOLERANCE, atol=TOLERANCE)


@many
@given(programs(), programs())
def test_the_gradient_of_a_sum_is_the_sum_of_the_gradients(first, second):
    second = Program(first.shapes, tuple(within(second, len(first.shapes))), second.seed)
    (inputs,) = first.random(0)
    total = gradient(lambda *xs: 3.0 * first.loss(*xs) - second.loss(*xs), inputs)
    parts = [gradient(program.loss, inputs) for program in (first, second)]
    for whole, a, b in zip(total, *parts, strict=True):
        scale = 1.0 + np.max(np.abs(a)) + np.max(np.abs(b))
        assert_allclose(whole, 3.0 * a - b, rtol=0, atol=TOLERANCE * scale)


def within(program, count):
    """Return the instructions of a program for another number of inputs."""
    for index, (name, operands) in enumerate(program.instructions):
        yield name, tuple(position % (count + index) for position in operands)


@many
@given(programs(), st.floats(-3, 3), st.floats(-3, 3))
def test_the_pullback_is_linear_in_the_cotangent(program, a, b):
    (inputs,) = program.random(0)
    value, pull = ag.vjp(program, *inputs)
    w1, w2 = np.random.default_rng(program.seed).normal(size=(2, *np.shape(value)))
    for mixed, c1, c2 in zip(pull(a * w1 + b * w2), pull(w1), pull(w2), strict=True):
        scale = 1.0 + np.max(np.abs(c1)) + np.max(np.abs(c2))
        assert_allclose(mixed, a * c1 + b * c2, rtol=0, atol=10 * TOLERANCE * scale)
    for nothing in pull(np.zeros(np.shape(value))):
        assert_array_equal(nothing, np.zeros(np.shape(nothing)))


@many
@given(programs())
def test_the_same_again_gives_identical_numbers(program):
    """By every way that leads to the same walk, and with what was given unchanged."""
    (inputs,) = program.random(0)
    copies = [x.copy() for x in inputs]
    once = gradient(program.loss, inputs)
    tensors = [ag.Tensor(x) for x in inputs]
    y = program.loss(*tensors)
    y.backward(retain_graph=True)
    first = [np.array(t.grad) for t in tensors]
    by_gradients = ag.gradients(y, tensors, retain_graph=True)
    recorded = ag.gradients(y, tensors, create_graph=True)
    y.backward()
    again = gradient(program.loss, inputs)
    for index, expected in enumerate(once):
        for found in (first, by_gradients, [r.data for r in recorded], again):
            assert_array_equal(found[index], expected)
        assert_array_equal(tensors[index].grad, expected + expected)
        assert_array_equal(inputs[index], copies[index])


@many
@given(programs(), st.data())
def test_a_program_cut_in_two_has_the_same_derivatives(program, data):
    """J = J₂ J₁: the state at the cut is all values so far."""
    cut = data.draw(st.integers(0, len(program.instructions)))
    inputs, vectors = program.random(0, 1)
    start = lambda *xs: program.rest(xs, 0, cut)
    finish = lambda *state: program.rest(state, cut)
    state, tangents = ag.jvp(start, inputs, vectors)
    values, tangents = ag.jvp(finish, state, tangents)
    whole, expected = ag.jvp(lambda *xs: program.values(xs), inputs, vectors)
    w = [np.resize(program.weights, np.shape(v)) for v in whole]
    for found, wanted in zip([*values, *tangents], [*whole, *expected], strict=True):
        assert_allclose(found, wanted, rtol=TOLERANCE, atol=TOLERANCE)
    pulled = ag.vjp(start, *inputs)[1](list(ag.vjp(finish, *state)[1](w)))
    direct = ag.vjp(lambda *xs: program.values(xs), *inputs)[1](w)
    for found, wanted in zip(pulled, direct, strict=True):
        scale = 1.0 + np.max(np.abs(wanted))
        assert_allclose(found, wanted, rtol=0, atol=TOLERANCE * scale)


@many
@given(programs(most=8))
def test_second_derivatives_are_symmetric_and_the_same_in_every_mode(program):
    """uᵀ(H v) = vᵀ(H u); H v is the same by forward and reverse mode over either."""
    inputs, u, v = program.random(0, 1, 2)
    hu, hv = hessian_product(program, inputs, u), hessian_product(program, inputs, v)
    close(inner(u, hv), inner(v, hu), 10 * (size(u, hv) + size(v, hu)))
    along = lambda *xs: inner(gradient(program.loss, xs), v)
    slope = lambda *xs: ag.jvp(program.loss, xs, v)[1]
    for function in (along, slope):
        for found, expected in zip(gradient(function, inputs), hv, strict=True):
            scale = 1.0 + np.max(np.abs(expected))
            assert_allclose(found, expected, rtol=0, atol=10 * TOLERANCE * scale)
    close(ag.jvp(slope, inputs, u)[1], inner(u, hv), 10 * size(u, hv))


@many
@given(programs(most=8))
def test_second_derivatives_are_the_limit_of_differences(program):
    """H v against central differences of the gradient, extrapolated."""
    inputs, v = program.random(0, 1)
    slope = lambda t: gradient(program.loss, [x + t * d for x, d in zip(inputs, v, strict=True)])
    estimates = [
        [(a - b) / (2 * h) for a, b in zip(slope(h), slope(-h), strict=True)] for h in (2e-3, 1e-3)
    ]
    for found, coarse, fine in zip(hessian_product(program, inputs, v), *estimates, strict=True):
        expected = (4 * fine - coarse) / 3
        error = np.max(np.abs(fine - coarse)) + 1e-9 * (1.0 + np.max(np.abs(expected)))
        assert_allclose(found, expected, rtol=0, atol=error)


@given(programs(most=5))
def test_hessians_and_jacobians_hold_the_products(program):
    inputs, vectors = program.random(0, 1)
    flat = np.concatenate([np.ravel(x) for x in inputs])
    direction = np.concatenate([np.ravel(v) for v in vectors])

    def loss(flat):
        ends = np.cumsum([x.size for x in inputs])
        pieces = [flat[end - x.size : end] for x, end in zip(inputs, ends, strict=True)]
        return program.loss(*(np.reshape(p, x.shape) for p, x in zip(pieces, inputs, strict=True)))

    hessian = ag.hessian(loss)(flat)
    scale = 1.0 + np.max(np.abs(hessian))
    assert_allclose(hessian, hessian.T, rtol=0, atol=TOLERANCE * scale)
    product = ag.hvp(loss, flat, direction)
    assert_allclose(product, hessian @ direction, rtol=0, atol=100 * TOLERANCE * scale)
    assert_allclose(ag.jacobian(loss)(flat), ag.grad(loss)(flat), rtol=0, atol=0)


@many
@given(programs())
def test_single_precision_is_near_double(program):
    (inputs,) = program.random(0)
    singles = [x.astype(np.float32) for x in inputs]
    expected = gradient(program.loss, [x.astype(np.float64) for x in singles])
    for found, wanted, x in zip(gradient(program.loss, singles), expected, inputs, strict=True):
        assert (np.shape(found), found.dtype) == (x.shape, np.float32)
        assert_allclose(found, wanted, rtol=0, atol=1e-4 * (1.0 + np.max(np.abs(wanted))))


@many
@given(programs())
def test_what_does_not_vary_costs_and_changes_nothing(program):
    """The gradient in one input is the same whether the others are variables or constants."""
    (inputs,) = program.random(0)
    expected = gradient(program.loss, inputs)
    for index, wanted in enumerate(expected):
        for wrap in (lambda x: x, lambda x: ag.Tensor(x, requires_grad=False)):
            args = [x if k == index else wrap(x) for k, x in enumerate(inputs)]
            assert_allclose(
                ag.grad(program.loss, index)(*args),
                wanted,
                rtol=0,
                atol=TOLERANCE * (1.0 + np.max(np.abs(wanted))),
            )
