"""Rules behind several calls: cotangents are left alone, no result lives in another's memory."""

import numpy as np
import pytest

import autograd as ag
import autograd.numpy as agnp

rng = np.random.default_rng(4)
SQUARE, VECTOR = rng.normal(size=(3, 3)), rng.normal(size=3)


def assigned(x, v):
    y = x * 1.0 if isinstance(x, ag.Tensor) else ag.Tensor(x, requires_grad=False)
    y[1:] = v
    return y


FUNCTIONS = {
    "qr": (lambda a: np.linalg.qr(a, mode="r"), [SQUARE]),
    "eigvals": (np.linalg.eigvals, [SQUARE + 3 * np.diag([1.0, 2.0, 4.0])]),
    "complex eigvals": (np.linalg.eigvals, [SQUARE + 1j * SQUARE.T]),
    "eig": (lambda a: np.linalg.eig(a)[1], [SQUARE + 3 * np.diag([1.0, 2.0, 4.0])]),
    "svd": (lambda a: np.linalg.svd(a)[1], [SQUARE]),
    "roots": (np.roots, [np.array([1.0, -6.0, 11.0, -6.0])]),
    "complex roots": (np.roots, [np.array([1.0, -6.0, 11.0, -6.0 + 1j])]),
    "matrix by vector": (np.matmul, [SQUARE, VECTOR]),
    "vector by matrix": (np.matmul, [VECTOR, SQUARE]),
    "polyval of nothing": (np.polyval, [VECTOR, np.zeros(0)]),
    "assignment": (assigned, [SQUARE, SQUARE[1:]]),
    "broadcast assignment": (assigned, [SQUARE, VECTOR]),
    "sum over no axis": (lambda a: np.sum(a, axis=()), [SQUARE]),
    "product from one": (lambda a: np.prod(a, axis=0), [SQUARE]),
    "indexing": (lambda a: a[1:], [SQUARE]),
    "arange": (lambda a, s: agnp.arange(a, 3.0, s), [0.25, 0.5]),
}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_cotangents_and_results_are_left_alone(name):
    function, args = FUNCTIONS[name]
    value, pull = ag.vjp(function, *args)
    ws = [rng.normal(size=np.shape(value)) + 0 * value for _ in range(2)]
    kept = [w.copy() for w in ws]
    first = pull(ws[0])
    before = [np.array(g) for g in first]
    others = pull(ws[1])
    for w, k in zip(ws, kept, strict=True):
        np.testing.assert_array_equal(w, k)
    for g, b, other in zip(first, before, others, strict=True):
        np.testing.assert_array_equal(g, b)
        assert not np.shares_memory(g, other)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_tangents_are_of_the_value_and_stay(name):
    function, args = FUNCTIONS[name]
    for index, arg in enumerate(args):
        one = lambda x, i=index: function(*args[:i], x, *args[i + 1 :])
        vs = [rng.normal(size=np.shape(arg)) + 0 * arg for _ in range(2)]
        kept = [np.array(v) for v in vs]
        value, tangent = ag.jvp(one, [arg], [vs[0]])
        before = np.array(tangent)
        ag.jvp(one, [arg], [vs[1]])
        assert np.shape(tangent) == np.shape(value)
        np.testing.assert_array_equal(tangent, before)
        np.testing.assert_array_equal(vs, kept)
