"""Tensors among arrays, numbers, lists and other classes; NumPy's functions, dtypes, keywords."""

import operator

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

import autograd as ag
from autograd.errors import DtypeError, KeywordError, NotDifferentiableError

X = np.array([1.5, 2.5, 3.25])
Y = np.array([2.0, 0.5, 4.0])

# Operators: each with its derivatives in both operands.

OPERATORS = {
    "add": (operator.add, lambda x, y: 1 + 0 * x, lambda x, y: 1 + 0 * x),
    "sub": (operator.sub, lambda x, y: 1 + 0 * x, lambda x, y: -1 + 0 * x),
    "mul": (operator.mul, lambda x, y: y, lambda x, y: x),
    "truediv": (operator.truediv, lambda x, y: 1 / y, lambda x, y: -x / y**2),
    "pow": (operator.pow, lambda x, y: y * x ** (y - 1), lambda x, y: x**y * np.log(x)),
    "mod": (operator.mod, lambda x, y: 1 + 0 * x, lambda x, y: -np.floor(x / y)),
    "matmul": (operator.matmul, lambda x, y: y, lambda x, y: x),
}
OTHERS = {
    "Tensor": ag.Tensor,
    "constant Tensor": lambda y: ag.Tensor(y, requires_grad=False),
    "array": np.array,
    "list": list,
    "tuple": tuple,
    "read-only": lambda y: np.broadcast_to(y, y.shape),
    "list of Tensors": lambda y: [ag.Tensor(value) for value in y],
    "list with a Tensor": lambda y: [ag.Tensor(y[0]), *y[1:].tolist()],
    "object array with a Tensor": lambda y: np.array([ag.Tensor(y[0]), *y[1:]], dtype=object),
}
NUMBERS = {
    "float": float,
    "int": int,
    "np.float64": np.float64,
    "np.float32": np.float32,
    "np.int8": np.int8,
    "0-d array": np.array,
    "0-d Tensor": ag.Tensor,
    "bool": bool,
}


def grads(function, *args):
    """Return value and gradients of the sum of a function of Tensors."""
    y = function(*args)
    assert isinstance(y, ag.Tensor)
    return y.data, ag.gradients([y], list(args), [np.ones(y.shape)])


@pytest.mark.parametrize("other", OTHERS)
@pytest.mark.parametrize("name", OPERATORS)
def test_operators_take_arrays_in_either_order(name, other):
    function, in_x, in_y = OPERATORS[name]
    y = OTHERS[other](Y)
    value, (g,) = grads(lambda x: function(x, y), ag.Tensor(X))
    assert_allclose(value, function(X, Y), rtol=1e-15, strict=True)
    assert_allclose(g, in_x(X, Y), rtol=1e-14, strict=True)
    value, (g,) = grads(lambda x: function(y, x), ag.Tensor(X))
    assert_allclose(value, function(Y, X), rtol=1e-15, strict=True)
    assert_allclose(g, in_y(Y, X), rtol=1e-14, strict=True)


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize("name", sorted(OPERATORS.keys() - {"matmul"}))
def test_operators_take_numbers_in_either_order(name, number):
    function, in_x, in_y = OPERATORS[name]
    y = NUMBERS[number](3.0)
    plain = float(y.item() if isinstance(y, ag.Tensor) else y)
    for call, slope, args in [
        (lambda x: function(x, y), in_x, (X, plain)),
        (lambda x: function(y, x), in_y, (plain, X)),
    ]:
        value, (g,) = grads(call, ag.Tensor(X))
        assert_allclose(value, function(*args), rtol=1e-15, strict=True)
        assert_allclose(g, np.broadcast_to(slope(*args), (3,)), rtol=1e-14, strict=True)


def test_both_operands_get_their_gradient_through_lists():
    x, u = ag.Tensor([1.0, 2.0]), ag.Tensor(3.0)
    np.sum(x * [u, 1.0] + [u * u, u] * x).backward()
    assert_array_equal(x.grad, [3.0 + 9.0, 1.0 + 3.0])
    assert u.grad == 1.0 + 2 * 3.0 * 1.0 + 2.0


def test_nested_lists_of_tensors_have_their_shape():
    u = ag.Tensor(3.0)
    value, (g,) = grads(lambda u: np.ones((2, 2)) * [[u, 1.0], [u * u, 2.0]] + u * 0.0, u)
    assert_array_equal(value, [[3.0, 1.0], [9.0, 2.0]])
    assert g == 1.0 + 6.0


def test_in_place_operators_change_the_tensor_under_all_its_names():
    x = ag.Tensor([1.0, 2.0])
    y = z = x * 1.0
    y *= 3.0
    y += 1.0
    y -= x
    y /= 2.0
    np.sum(z).backward()
    assert z is y
    assert_array_equal(z.data, [1.5, 2.5])
    assert_array_equal(x.data, [1.0, 2.0])
    assert_array_equal(x.grad, [1.0, 1.0])


def test_an_array_does_not_take_a_tensor_in_place():
    array = np.ones(2)
    with pytest.raises(KeywordError, match=r"np\.add cannot write into an array \(out="):
        array += ag.Tensor([1.0, 2.0])
    assert_array_equal(array, np.ones(2))


def test_unary_operators():
    value, (g,) = grads(lambda x: -x + 3 * +x + 10 * abs(x), ag.Tensor(X))
    assert_allclose(value, 2 * X + 10 * np.abs(X))
    assert_allclose(g, 2 + 10 * np.sign(X))


def test_text_is_no_operand():
    for function in (operator.add, operator.mul, operator.sub):
        with pytest.raises(TypeError):
            function(ag.Tensor(X), "a")
        with pytest.raises(TypeError):
            function("a", ag.Tensor(X))


# Comparisons and the like are constants.


@pytest.mark.parametrize("name", ["lt", "le", "gt", "ge", "eq", "ne", "floordiv"])
@pytest.mark.parametrize("y", [Y, 1.5, [1.5, 0.5, 4.0], ag.Tensor(Y), [ag.Tensor(1.5), 0.5, 4.0]])
def test_comparisons_give_what_numpy_gives(name, y):
    function = getattr(operator, name)
    number = lambda v: v.data if isinstance(v, ag.Tensor) else v
    plain = list(map(number, y)) if isinstance(y, list) else number(y)
    for result, expected in [
        (function(ag.Tensor(X), y), function(X, plain)),
        (function(y, ag.Tensor(X)), function(plain, X)),
    ]:
        assert not isinstance(result, ag.Tensor)
        assert_array_equal(result, expected, strict=True)


def test_a_comparison_with_none_is_false_everywhere():
    assert_array_equal(ag.Tensor(X) == None, [False] * 3)  # noqa: E711 - what is tested
    assert (ag.Tensor(1.0) == None) == False  # noqa: E711, E712
    assert ag.Tensor(1.0) != "a"


# Other classes get their turn.


class Money:
    """A class that knows what to do with anything, and nothing of arrays."""

    __array_ufunc__ = None

    def answer(self, other):
        return "money", other

    __radd__ = __rsub__ = __rmul__ = __rtruediv__ = __rpow__ = __rmod__ = __rmatmul__ = answer


class Coin:
    """The same, without a word for NumPy."""

    def __radd__(self, other):
        return "coin", other

    __rsub__ = __rmul__ = __rtruediv__ = __rpow__ = __rmod__ = __rmatmul__ = __radd__


ARITHMETIC = ["add", "sub", "mul", "truediv", "pow", "mod", "matmul"]


@pytest.mark.parametrize("other", [Money, Coin])
@pytest.mark.parametrize("name", ARITHMETIC)
def test_an_unknown_operand_gets_its_turn(name, other):
    t = ag.Tensor(X)
    word, given = getattr(operator, name)(t, other())
    assert word == other.__name__.lower()
    assert given is t


@pytest.mark.parametrize("name", ARITHMETIC)
@pytest.mark.parametrize("other", [None, object(), {}], ids=["None", "object", "dict"])
def test_an_operand_that_nobody_knows_is_refused(name, other):
    function = getattr(operator, name)
    unknown = type(other).__name__
    with pytest.raises(TypeError, match=f"'Tensor' and '{unknown}'"):
        function(ag.Tensor(X), other)
    with pytest.raises(TypeError, match=f"'{unknown}' and 'Tensor'"):
        function(other, ag.Tensor(X))


class Units:
    """A container that speaks NumPy's protocol, as xarray's and astropy's do."""

    def __init__(self, value):
        self.value = value

    def __array_ufunc__(self, ufunc, method, *inputs, **kwargs):
        inner = [i.value if isinstance(i, Units) else i for i in inputs]
        return Units(getattr(ufunc, method)(*inner, **kwargs))


def test_containers_that_speak_the_protocol_are_given_the_call():
    t = ag.Tensor(X)
    for wrapped in (np.multiply(t, Units(Y)), np.multiply(Units(Y), t)):
        assert isinstance(wrapped, Units)
        assert_array_equal(ag.gradients(np.sum(wrapped.value), t), Y)
    assert_array_equal(ag.gradients(np.sum(np.sin(Units(t)).value), t), np.cos(X))


# NumPy's functions.


def test_sums_of_lists_of_tensors_keep_their_gradients():
    t, u = ag.Tensor(2.0), ag.Tensor(5.0)
    (np.sum([t, u * u]) * np.sum((t, 1.0))).backward()  # (t + u²)(t + 1)
    assert t.grad == (2.0 + 1.0) + (2.0 + 25.0)
    assert u.grad == 2 * 5.0 * 3.0


def test_sums_of_lists_of_vectors_keep_their_gradients():
    t, u = ag.Tensor([1.0, 2.0]), ag.Tensor([3.0, 4.0])
    np.sum([t, u * u]).backward()
    assert_array_equal(t.grad, [1.0, 1.0])
    assert_array_equal(u.grad, [6.0, 8.0])


def test_python_sum_and_max_work():
    ts = [ag.Tensor(float(k)) for k in range(4)]
    (sum(t * t for t in ts) + 10 * max(ts)).backward()
    assert [t.grad.item() for t in ts] == [0.0, 2.0, 4.0, 16.0]


@pytest.mark.parametrize(
    "join",
    [
        lambda t, u: np.stack([t, u, np.ones(2)]),
        lambda t, u: np.stack((t, u, [1.0, 1.0])),
        lambda t, u: np.stack([np.array([t[0], t[1]]), u, [1.0, 1]]),
        lambda t, u: np.concatenate([t[None], [u], np.ones((1, 2))]),
        lambda t, u: [t, u, [1.0, 1.0]] * ag.Tensor(np.ones((3, 2))),
    ],
)
def test_lists_of_tensors_and_arrays_join(join):
    t, u = ag.Tensor([1.0, 2.0]), ag.Tensor([3.0, 4.0])
    weights = np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
    joined = join(t, u)
    assert_array_equal(joined.data, [[1.0, 2.0], [3.0, 4.0], [1.0, 1.0]])
    np.sum(joined * weights).backward()
    assert_array_equal(t.grad, weights[0])
    assert_array_equal(u.grad, weights[1])


def test_a_function_of_arrays_takes_a_list_with_a_tensor():
    t = ag.Tensor(2.0)
    y = np.dot([t, 1.0], ag.Tensor([3.0, 4.0]))
    assert y.item() == 10.0
    assert ag.gradients(y, t) == 3.0


@pytest.mark.parametrize("function", [np.exp, np.sqrt, np.sin])
def test_a_function_that_cannot_look_into_a_list_raises(function):
    with pytest.raises(TypeError, match="Tensor which has no callable"):
        function([ag.Tensor(1.0), ag.Tensor(2.0)])


def test_asarray_of_a_tensor_keeps_its_history():
    """There is no silent way to an array of numbers: what NumPy makes is an array of Tensors."""
    t = ag.Tensor([2.0, 3.0])
    objects = np.asarray(t)
    assert objects.dtype == object
    assert ag.gradients(np.sum(objects * objects), t).tolist() == [4.0, 6.0]


def test_an_object_array_without_tensors_is_no_number():
    with pytest.raises(DtypeError, match="object"):
        ag.Tensor([1.0, 2.0]) * np.array([1, 2], dtype=object)


@pytest.mark.parametrize(
    ("call", "value"),
    [
        (lambda t: np.add.reduce(t), [4.0, 6.0]),
        (lambda t: np.add.reduce(t, 1), [3.0, 7.0]),
        (lambda t: np.add.reduce(t, axis=None, keepdims=True), [[10.0]]),
        (lambda t: np.multiply.reduce(t), [3.0, 8.0]),
        (lambda t: np.maximum.reduce(t, axis=1), [2.0, 4.0]),
        (lambda t: np.minimum.reduce(t, axis=(0, 1)), 1.0),
    ],
)
def test_reductions_of_ufuncs(call, value):
    array = np.array([[1.0, 2.0], [3.0, 4.0]])
    result = call(ag.Tensor(array))
    assert result.requires_grad
    assert_array_equal(result.data, value)
    assert_array_equal(call(array), value)


def test_where_with_one_argument_is_nonzero():
    t = ag.Tensor([0.0, 2.0, 0.0, 3.0])
    found = np.where(t)
    assert type(found) is tuple
    assert_array_equal(found, [[1, 3]])
    assert t[found].shape == (2,)


def test_divmod_in_either_order():
    t = ag.Tensor([5.0, -7.0])
    quotient, rest = divmod(t, 3.0)
    assert not isinstance(quotient, ag.Tensor)
    assert_array_equal(quotient, [1.0, -3.0])
    assert_array_equal(rest.data, [2.0, 2.0])
    np.sum(rest).backward()
    assert_array_equal(t.grad, [1.0, 1.0])
    quotient, rest = divmod(23.0, t)
    assert_array_equal(quotient, [4.0, -4.0])
    assert_array_equal(ag.gradients(np.sum(rest), t), [-4.0, 4.0])


# Dtypes: NumPy's promotion (NEP 50), and gradients of the leaf's own.

OPERANDS = {
    "float": 2.0,
    "int": 2,
    "bool": True,
    "float32": np.float32(2),
    "float64": np.float64(2),
    "int8": np.int8(2),
    "int64": np.int64(2),
    "float32 array": np.full(2, 2, np.float32),
    "float64 array": np.full(2, 2.0),
    "int64 array": np.full(2, 2),
    "0-d float64 array": np.array(2.0),
    "list": [2.0, 2.0],
}


@pytest.mark.parametrize("operand", OPERANDS)
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64, np.longdouble])
@pytest.mark.parametrize("shape", [(), (2,)], ids=["0-d", "1-d"])
def test_dtypes_are_numpys_and_gradients_have_that_of_their_leaf(shape, dtype, operand):
    array, other = np.full(shape, 3, dtype), OPERANDS[operand]
    t = ag.Tensor(array)
    for function in (operator.mul, operator.add, operator.truediv, operator.pow):
        if function is operator.pow and isinstance(other, list):
            continue
        for result, plain in [
            (
                function(t, other),
                function(array, np.asarray(other) if operand == "list" else other),
            ),
            (
                function(other, t),
                function(np.asarray(other) if operand == "list" else other, array),
            ),
        ]:
            assert result.dtype == plain.dtype
            np.sum(result).backward()
            assert t.grad.dtype == dtype
            assert t.grad.shape == shape


def test_float32_stays_float32_through_python_numbers():
    x = ag.Tensor(np.ones(3, np.float32))
    y = np.mean(np.tanh(2.0 * x + 1) ** 2 / 3.0) - 0.5
    assert y.dtype == np.float32
    y.backward()
    assert x.grad.dtype == np.float32


def test_derivatives_of_single_precision_are_single():
    x = np.array([1.0, 2.0], np.float32)
    f = lambda x: np.sum(np.sin(x) * x**2 / 2.0)
    value, slope = ag.value_and_grad(f)(x)
    tangent = ag.jvp(f, (x,), (x,))[1]
    found = [value, slope, tangent, ag.hessian(f)(x), ag.hvp(f, x, x), ag.jacobian(np.exp)(x)]
    assert [item.dtype for item in found] == [np.float32] * 6


# Keywords and functions without a rule.

MASK = np.array([True, False, True])


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda t: np.exp(t, out=np.zeros(3)), r"np\.exp.*out="),
        (lambda t: np.exp(X, out=t), r"np\.exp.*out="),
        (lambda t: np.exp(t, where=MASK), r"np\.exp.*where="),
        (lambda t: np.exp(t, dtype=np.float32), r"np\.exp.*dtype="),
        (lambda t: np.add(t, 1.0, where=MASK), r"np\.add.*where="),
        (lambda t: np.add(1.0, t, casting="unsafe"), r"np\.add.*casting="),
        (lambda t: np.matmul(t, t, axes=[0, 0, ()]), r"np\.matmul.*axes="),
        (lambda t: np.sum(t, out=np.zeros(())), r"np\.sum.*out="),
        (lambda t: np.mean(t, out=np.zeros(())), r"np\.mean.*out="),
        (lambda t: np.stack([t, t], out=np.zeros((2, 3))), r"np\.stack.*out="),
        (lambda t: np.concatenate([t, t], out=np.zeros(6)), r"np\.concatenate.*out="),
        (lambda t: np.clip(t, 0.0, 1.0, out=np.zeros(3)), r"np\.clip.*out="),
        (lambda t: np.clip(t, 0.0, 1.0, where=MASK), r"np\.clip.*where="),
        (lambda t: np.dot(t, t, out=np.zeros(())), r"np\.dot.*out="),
    ],
)
def test_a_keyword_without_a_derivative_is_refused(call, words):
    with pytest.raises(KeywordError, match=words):
        call(ag.Tensor(X))


@pytest.mark.parametrize(
    "call",
    [
        lambda t: np.sum(t, None, None, None),
        lambda t: np.sum(t, out=None, initial=np._NoValue),
        lambda t: np.sum(np.prod(t, initial=np._NoValue) ** 2 + np.var(t, mean=np._NoValue)),
        lambda t: np.max(t, out=None),
        lambda t: np.mean(t, dtype=None),
        lambda t: np.add(t, t, out=None),
    ],
)
def test_a_keyword_that_says_nothing_is_fine(call):
    assert call(ag.Tensor(X)).requires_grad


def test_a_keyword_that_numpy_does_not_know_is_a_type_error():
    with pytest.raises(TypeError, match=r"np\.sum\(\) has no argument 'bogus'"):
        ag.Tensor(X).sum(bogus=1)


FOREIGN = np.frompyfunc(lambda x: x, 1, 1)  # a ufunc that is not NumPy's


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda t: FOREIGN(t), r"^<lambda>.* of a Tensor.*t\.data.*autograd\.extend"),
        (lambda t: np.gcd(t, 3), r"np\.gcd of a Tensor"),
        (lambda t: np.divide.reduce(t), r"np\.divide\.reduce of a Tensor"),
        (lambda t: np.mean(t, where=ag.Tensor(X)), r"np\.mean has no derivative in where.*t\.data"),
        (lambda t: np.sum(X, where=t), r"np\.sum has no derivative in where"),
        (lambda t: np.add.reduce(X, where=t), r"np\.sum has no derivative in where"),
    ],
)
def test_a_function_without_a_rule_says_its_name_and_the_way_out(call, words):
    with pytest.raises(NotDifferentiableError, match=words):
        call(ag.Tensor(X))
