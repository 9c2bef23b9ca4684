"""The checks of HIPS autograd's `test_util`."""

import numpy as np
import pytest

from autograd.extend import defjvp, defvjp, primitive
from autograd.test_util import (
    check_equivalent,
    check_grads,
    check_jvp,
    check_vjp,
    combo_check,
    scalar_close,
)
from autograd.tracer import getval

X = np.array([1.0, 2.0, 3.0])


def made(name, function, pull, push=None):
    f = primitive(function)
    f.__name__ = name
    defvjp(f, pull)
    if push:
        defjvp(f, push)
    return f


@pytest.mark.parametrize("order", [1, 2, 3])
@pytest.mark.parametrize("modes", [["fwd"], ["rev"], ["fwd", "rev"]])
def test_right_derivatives_pass(order, modes):
    check_grads(np.sin, modes=modes, order=order)(X)
    check_grads(lambda x, y: np.tanh(x @ y), (0, 1), modes=modes, order=order)(X, X)
    check_grads(lambda k, x: x**k, 1, modes=modes, order=order)(3, X)
    check_grads(lambda z: np.conj(z) * z**2, modes=modes, order=order)(X + 1j)


def test_containers_and_constants_in_them_pass():
    check_grads(lambda p: [p["a"] * p["n"], {"s": np.sum(p["b"])}])({"a": 2.0, "n": 3, "b": [X, X]})
    check_grads(lambda x, k: x**k)(X, k=2)


def test_a_wrong_pullback_is_found_with_its_name():
    wrong = made("wrong", np.square, lambda ans, x: lambda g: g * x)
    with pytest.raises(AssertionError, match=r"\(VJP\) check of wrong failed"):
        check_grads(wrong, modes=["rev"])(2.0)
    with pytest.raises(AssertionError, match=r"\(VJP\) check of wrong failed"):
        check_vjp(wrong, 2.0)


def test_a_wrong_second_derivative_is_found_with_its_name():
    slope = made("slope", lambda x: 2 * x, lambda ans, x: lambda g: g)
    square = made("square", np.square, lambda ans, x: lambda g: g * slope(x))
    check_grads(square, modes=["rev"], order=1)(2.0)
    with pytest.raises(AssertionError, match=r"\(VJP\) check of vjp_square failed"):
        check_grads(square, modes=["rev"], order=2)(2.0)


def test_a_wrong_pushforward_is_found_with_its_name():
    wrong = made("wrong", np.square, lambda ans, x: lambda g: 2 * g * x, lambda g, ans, x: g * x)
    check_grads(wrong, modes=["rev"])(2.0)
    with pytest.raises(AssertionError, match=r"\(JVP\) check of wrong failed"):
        check_jvp(wrong, 2.0)


def test_a_missing_rule_and_an_unknown_mode_are_errors():
    with pytest.raises(NotImplementedError):
        check_grads(primitive(lambda x: x))(2.0)
    with pytest.raises(ValueError, match="modes are 'fwd' and 'rev'"):
        check_grads(np.sin, modes=["reverse"])(2.0)


def test_combo_check_goes_through_all_combinations():
    seen = []

    def f(x, y, k=1.0):
        seen.append((getval(x), getval(y), k))
        return k * x * y

    combo_check(f, (0, 1), order=1)([1.0, 2.0], [3.0], k=[1.0, 10.0])
    rounded = {tuple(np.round(call).astype(int)) for call in seen}
    assert rounded == {(1, 3, 1), (2, 3, 1), (1, 3, 10), (2, 3, 10)}
    wrong = made("wrong", np.square, lambda ans, x: lambda g: g * (2 * x if x < 5 else x))
    combo_check(wrong, modes=["rev"])([1.0, 2.0])
    with pytest.raises(AssertionError, match="check of wrong failed"):
        combo_check(wrong, modes=["rev"])([1.0, 7.0])


def test_equivalent_values_have_form_shape_and_numbers():
    check_equivalent([1.0, X], [1.0, X + 1e-12])
    for other in ([1.0, X + 1], (1.0,), [1.0, X[:2]], [1.0, None], 3.0):
        with pytest.raises(AssertionError):
            check_equivalent([1.0, X], other)


def test_numbers_are_close_absolutely_or_relatively():
    assert scalar_close(1.0, 1.0 + 1e-7)
    assert scalar_close(1e9, 1e9 + 1)
    assert not scalar_close(1.0, 1.001)
    assert not scalar_close(1.0, np.nan)
