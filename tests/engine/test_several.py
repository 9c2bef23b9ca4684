"""Operations with several outputs."""

import numpy as np
import pytest

import autograd as ag
from autograd.extend import general


def sine_and_cosine(x):
    return np.sin(x), np.cos(x)


def sine_and_cosine_vjp(g, ans):
    """Return what both outputs send back; one that is not used sends None."""
    sine, cosine = ans
    terms = [g[0] * cosine if g[0] is not None else 0, -g[1] * sine if g[1] is not None else 0]
    return sum(terms)


both = general(
    sine_and_cosine,
    sine_and_cosine_vjp,
    jvps=[lambda g, ans: (g * ans[1], -g * ans[0])],
    parameters=("x",),
)
X = np.array([0.3, 0.7])


def through(x):
    s, c = both(x)
    return np.sum(s**2 * c)


def direct(x):
    return np.sum(np.sin(x) ** 2 * np.cos(x))


@pytest.mark.parametrize(
    "transform",
    [ag.grad, ag.hessian, lambda f: ag.jacobian(ag.grad(f)), lambda f: lambda x: f(x)],
    ids=["first", "second", "rows", "value"],
)
def test_they_are_differentiated_together(transform):
    np.testing.assert_allclose(transform(through)(X), transform(direct)(X), rtol=1e-13)


def test_forward_mode_takes_them_apart():
    v = np.array([1.0, -2.0])
    np.testing.assert_allclose(ag.jvp(through, (X,), (v,)), ag.jvp(direct, (X,), (v,)), rtol=1e-13)


@pytest.mark.parametrize("index", [0, 1])
def test_one_alone_sends_none_for_the_other(index):
    single = ag.grad(lambda x: np.sum(both(x)[index]))(X)
    np.testing.assert_allclose(single, [np.cos(X), -np.sin(X)][index])


def test_the_same_output_used_twice_counts_twice():
    def squared(x):
        s, _ = both(x)
        return np.sum(s * s)

    found = ag.grad(squared)(X)
    np.testing.assert_allclose(found, 2 * np.sin(X) * np.cos(X))


def test_outputs_of_constants_are_constants():
    s, c = both(ag.Tensor(X, requires_grad=False))
    assert not s.requires_grad
    assert not c.requires_grad


def test_outputs_without_a_derivative_are_plain():
    parts = general(
        lambda x: (np.array(np.floor(x), int), x * 2), lambda g: g[1] * 2, parameters=("x",)
    )
    whole, double = parts(ag.Tensor(X))
    assert type(whole) is np.ndarray
    assert isinstance(double, ag.Tensor)
