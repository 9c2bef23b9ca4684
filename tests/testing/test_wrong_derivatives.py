"""`check_grads` catches wrong derivatives of every kind, and says what they look like."""

import numpy as np
import pytest

from autograd.errors import GradientMismatch
from autograd.extend import elementwise, general
from autograd.testing import check_grads

rng = np.random.default_rng(5)
X, SQUARE, LONG = rng.normal(size=(3, 2)), rng.normal(size=(3, 3)), rng.normal(size=2000)


def sine(x):
    return np.sin(x)


def made(rule, jvp=None):
    """Return the sine with a rule of its own."""
    return elementwise(sine, rule) if jvp is None else general(sine, rule, jvps=[jvp])


def total(x):
    return np.sum(x * x)


def turned(x):
    return x.T * np.arange(1.0, 10).reshape(3, 3)


def scaled(x, w):
    return x * w


def relu(x):
    return np.maximum(x, 0)


def larger(x):
    return np.max(x)


def one_bad(g, x):
    slope = np.cos(x)
    return g * slope * (1 + 0.5 * (np.arange(np.size(x)).reshape(np.shape(x)) == 1234))


def overwrites(g, x):
    out = g * np.cos(x)
    if isinstance(g, np.ndarray):
        g *= 2
    return out


def by_memory(g, x):
    """Return a gradient that is wrong of arrays whose strides are not NumPy's usual ones."""
    plain = isinstance(x, np.ndarray) and x.flags.c_contiguous
    return g * np.cos(x) if plain or not isinstance(x, np.ndarray) else g * np.cos(x[::-1])


WRONG = {
    "squares the cotangent": (made(lambda g, x: g * g * np.cos(x)), X, "squares the cotangent"),
    "ignores the cotangent": (made(lambda g, x: np.cos(x) + 0 * g), X, "ignores the cotangent"),
    "the sign": (made(lambda g, x: -g * np.cos(x)), X, "the sign is wrong"),
    "an error of 5e-4": (made(lambda g, x: g * np.cos(x) * 1.0005), X, "factor of 1.0005"),
    "an error of 1e-6": (made(lambda g, x: g * np.cos(x) * (1 + 1e-6)), X, "factor of 1.000001"),
    "small scale": (
        general(lambda x: 1e-9 * np.sin(x), lambda g, x: g * 2e-9 * np.cos(x), name="tiny"),
        X, "counted twice",
    ),
    "counted twice": (made(lambda g, x: 2 * g * np.cos(x)), X, "counted twice"),
    "a mean for a sum": (
        general(total, lambda g, x: g * 2 * x / x.size, jvps=[lambda g, x: np.sum(g * 2 * x)]),
        X, "a mean where a sum is due: the ratio is 1/6",
    ),
    "transposed": (
        general(turned, lambda g: g * np.arange(1.0, 10).reshape(3, 3)), SQUARE, "transposed",
    ),
    "one of 2,000 elements": (made(one_bad), LONG, None),
    "nothing": (made(lambda g, x: 0 * g), X, "no gradient"),
    "other way round": (
        general(sine, lambda g, x: (g * np.cos(x))[::-1]), X, "reversed along axis 0",
    ),
    "single precision": (
        made(lambda g, x: g * np.cos(x).astype(np.float32)), X, "single precision inside",
    ),
    "writes into the cotangent": (made(overwrites), X, None),
    "for one layout": (made(by_memory), X, "contiguous"),
    "at a kink": (
        elementwise(relu, lambda g, x: g * ((x > 0) + 7.0 * (x == 0))),
        np.array([1.0, 0.0]), "kink",
    ),
    "at ties": (
        general(larger, lambda g, ans, x: g * 2 * (x == ans) / (x == ans).sum() ** 0.5),
        np.array([1.0, 3.0, 3.0]), "kink",
    ),
    "in forward mode only": (
        made(lambda g, x: g * np.cos(x), lambda g, x: 3 * g * np.cos(x)), X, "factor of 3",
    ),
    "the second derivative": (
        made(lambda g, x: g * np.cos(x.data if hasattr(x, "data") else x)), X, None,
    ),
    "swapped arguments": (
        elementwise(scaled, lambda g, x, w: g * x, lambda g, x, w: g * w), SQUARE, "swapped",
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", WRONG)
def test_a_wrong_derivative_is_caught_and_named(kind):
    function, x, looks = WRONG[kind]
    args = (x, x + 1) if function.function is scaled else (x,)
    modes = ("rev", "fwd") if function.tangent_rules or function.linear else ("rev",)

    def loss(x, *w):
        return np.exp(0.1 * function(0.5 * x, *w))

    with pytest.raises(GradientMismatch) as caught:
        check_grads(loss, *args, modes=modes)
    error = caught.value
    assert error.operation == function.name
    assert error.line.startswith("test_wrong_derivatives.py:")
    if looks:
        assert looks in error.diagnosis


def test_the_guilty_operation_is_found_behind_joined_arrays():
    wrong = elementwise(lambda x: x**3, lambda g, x: g * 3.01 * x**2, name="wrong")

    def joined(x):
        return np.sum(np.concatenate([np.stack([x, 2 * x])[0], wrong(x)]))

    with pytest.raises(GradientMismatch, match="guilty: wrong at"):
        check_grads(joined, np.array([1.0, 2.0]))
