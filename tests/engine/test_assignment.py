"""Writing into Tensors: NumPy's meaning, exact derivatives, and nothing else touched."""

import operator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd as ag
from autograd.errors import DtypeError, ShapeError

N = 4


def gradient_by_complex_step(f, x):
    """Return the gradient of a program of analytic steps, run by NumPy alone."""
    return np.array([np.imag(f(x + 1e-30j * e)) / 1e-30 for e in np.eye(x.size)])


def agree(f, x):
    """Check value, gradient and Hessian of `f` against runs by NumPy alone."""
    x = np.asarray(x, float)
    before = x.copy()
    value, gradient = ag.value_and_grad(f)(x)
    np.testing.assert_allclose(value, f(x.copy()), rtol=1e-13)
    np.testing.assert_allclose(gradient, gradient_by_complex_step(f, x), rtol=1e-12, atol=1e-13)
    hessian = ag.hessian(f)(x)
    rows = [gradient_of_gradient(f, x, k) for k in range(x.size)]
    np.testing.assert_allclose(hessian, rows, rtol=1e-5, atol=1e-5 * (1 + np.max(np.abs(hessian))))
    np.testing.assert_array_equal(x, before)
    tangent = ag.jvp(f, (x,), (np.ones(x.size),))[1]
    np.testing.assert_allclose(tangent, np.sum(gradient), rtol=1e-12, atol=1e-12)


def gradient_of_gradient(f, x, k):
    """Return a row of the Hessian by differences of complex steps."""
    step = 1e-5 * np.eye(x.size)[k]
    high, low = (gradient_by_complex_step(f, x + s) for s in (step, -step))
    return (high - low) / 2e-5


X = np.array([0.7, -1.3, 2.1, 0.4])


# Programs as people write them. Each runs on arrays and on Tensors.


def element(x):
    y = x * 2
    y[0] = y[1] * y[2]
    return np.sum(y**3)


def negative_and_slice(x):
    y = x**2
    y[-1] = x[0]
    y[1:3] = x[2:] * x[1]
    return np.sum(y * y)


def mask_in_place(x):
    y = x * 1
    y[np.array([True, False, True, False])] += x[1] ** 2
    y[np.array([False, True, False, True])] *= x[:2]
    return np.sum(y**2)


def everything(x):
    y = x * x
    y[...] = 0
    y += x**3
    return np.sum(y * x)


def all_operators(x):
    y = x + 1
    y += x
    y -= x[::-1] ** 2
    y *= x
    y /= 2 + x**2
    y **= 2
    return np.sum(y)


def repeated_index_last_wins(x):
    y = x * 1
    y[[0, 0, 2]] = np.sin(x[1:])
    return np.sum(y**2)


def repeated_index_in_place(x):
    y = x * 1
    y[[1, 1, 3]] += x[:3] ** 2  # NumPy adds once where an index repeats: the last one
    return np.sum(y**2)


def view_writes_through(x):
    y = x * x
    z = y[1:]
    z[0] = x[3] ** 3
    z[1:] *= 2
    return np.sum(y * y) + np.sum(z)


def view_sees_write(x):
    y = x * x
    z = y[1:]
    w = y[::-1]
    y[2] = x[0] * x[1]
    return np.sum(z**2) + np.sum(w * x)


def view_of_view(x):
    y = (x * x).reshape(2, 2)
    z = y.T[1]
    z[0] = x[2] ** 2
    z += x[:2]
    return np.sum(y * np.array([[1.0, 2.0], [3.0, 4.0]]))


def saved_before_write(x):
    y = np.sin(x)
    z = y * y  # keeps y
    y[0] = 5.0
    return np.sum(z * x) + np.sum(y * y)


def rows_in_a_loop(x):
    table = np.multiply.outer(np.ones(3), 1.0)[:, None] * x
    for row in table:
        row[1:] += row[:-1] ** 2
    return np.sum(table**2)


def recurrence(x):
    y = x * 1
    for i in range(1, N):
        y[i] = y[i - 1] * y[i] + x[0]
    return np.sum(y)


def overlapping(x):
    y = x * x
    y[1:] = y[:-1]
    return np.sum(y * x)


def same_object(x):
    y = x * 1
    z = y
    z += x**2
    return np.sum(y * y)


def scalars_are_rebound(x):
    first = x[0]
    total = first
    total += x[1]
    return total * first


def extra_axis_of_value(x):
    y = x * 1
    y[1:3] = (x[2:] ** 2)[None]
    return np.sum(y**2)


def broadcast_value(x):
    y = x.reshape(2, 2) * 1
    y[:, 1] = x[0]
    y[1] = x[3] * x[2]
    return np.sum(y**2)


def argument_itself(x):
    x[0] = x[1] * x[2]
    x[1:] *= 2
    return np.sum(x**2)


def constant_becomes_variable(x):
    y = np.zeros_like(x) + 0 * x
    y[2] = x[0] ** 2
    y[0] = y[2] * x[1]
    return np.sum(y)


PROGRAMS = [
    element, negative_and_slice, mask_in_place, everything, all_operators,
    repeated_index_last_wins, repeated_index_in_place, view_writes_through, view_sees_write,
    view_of_view, saved_before_write, rows_in_a_loop, recurrence, overlapping, same_object,
    scalars_are_rebound, extra_axis_of_value, broadcast_value, constant_becomes_variable,
]  # fmt: skip


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.__name__)
def test_programs_agree_with_numpy(program):
    agree(program, X)


def test_the_argument_of_a_transform_is_written_to_without_touching_the_callers_array():
    agree(lambda x: argument_itself(x * 1), X)
    np.testing.assert_array_equal(
        ag.grad(argument_itself)(X), ag.grad(lambda x: argument_itself(x * 1))(X)
    )
    np.testing.assert_array_equal(X, [0.7, -1.3, 2.1, 0.4])


# Random programs: reads, views, writes of all kinds.

KEYS = [0, -1, slice(None), slice(1, None), slice(None, None, -1), slice(None, 2), Ellipsis]
FANCY = [[0, 1], [1, 1, 0], np.array([True, False])]
steps = st.tuples(
    st.sampled_from(["view", "write", "in place", "fresh", "fancy"]),
    st.integers(0, 7),
    st.integers(0, 7),
    st.integers(0, 6),
)


def run(program, x):
    """Run a random program on an array or a Tensor."""
    pool = [x * 1.0, x * x]
    for kind, i, j, k in program:
        a, b = pool[i % len(pool)], pool[j % len(pool)]
        if kind == "view" and a.ndim:
            pool.append(a[KEYS[k]] if k > 1 else a.T)
        elif kind == "write" and a.ndim and a[KEYS[k]].size:
            a[KEYS[k]] = (b * 0.5).sum() if k % 2 else b.sum() * np.ones(a[KEYS[k]].shape)
        elif kind == "in place" and a.ndim:
            a *= 0.5 + 0.1 * b.sum()
        elif kind == "fresh":
            pool.append(a * b.sum() * 0.1)
        elif kind == "fancy" and a.ndim and a.shape[0] >= 2:
            key = FANCY[k % 3]
            if isinstance(key, np.ndarray):
                key = np.resize(key, a.shape[0])
            a[key] += b.sum() * 0.1
    return sum(np.sum(a * a) * (n + 1) for n, a in enumerate(pool)) * 0.01


@given(program=st.lists(steps, max_size=8))
def test_random_programs_agree_with_numpy(program):
    f = lambda x: run(program, x)
    np.testing.assert_allclose(
        ag.value_and_grad(f)(X)[1], gradient_by_complex_step(f, X), rtol=1e-9, atol=1e-9
    )
    tensor = ag.Tensor(X)
    np.testing.assert_allclose(f(tensor).data, f(X.copy()), rtol=1e-12)
    hvp = ag.hvp(f, X, np.ones(N))
    high, low = (gradient_by_complex_step(f, X + s) for s in (1e-5, -1e-5))
    expected = (high - low) / 2e-5
    np.testing.assert_allclose(hvp, expected, rtol=1e-5, atol=1e-5 * (1 + np.max(np.abs(expected))))


# What a program does not show.


def test_a_leaf_keeps_the_gradient_of_what_it_was_made_with():
    x = ag.Tensor([1.0, 2.0, 3.0])
    x[0] = x[1] * 10
    np.sum(x * x).backward()
    np.testing.assert_array_equal(x.grad, [0.0, 2 * 2 + 2 * 20 * 10, 6.0])
    x.zero_grad()
    assert x.grad is None


def test_without_recording_a_leaf_stays_a_leaf():
    w = ag.Tensor([1.0, 2.0], name="w")
    for _ in range(3):
        np.sum(w * w).backward()
        with ag.no_grad():
            w -= 0.1 * w.grad
        w.zero_grad()
    assert w.op is None
    np.testing.assert_allclose(w.data, np.array([1.0, 2.0]) * 0.8**3)


def test_the_array_that_a_tensor_was_made_of_is_not_written_to():
    a = np.zeros(3)
    x = ag.Tensor(a)
    x[0] = 1.0
    x += 1.0
    np.testing.assert_array_equal(a, 0.0)


def test_an_array_handed_out_is_not_written_to():
    y = ag.Tensor([1.0, 2.0]) * 2
    shown = y.data
    y[0] = 5.0
    np.testing.assert_array_equal(shown, [2.0, 4.0])


def test_a_detached_copy_keeps_its_value():
    y = ag.Tensor([1.0, 2.0]) * 2
    other = y.detach()
    y[0] = 5.0
    np.testing.assert_array_equal(other.data, [2.0, 4.0])


def test_a_key_may_change_after_it_was_used():
    index, mask = np.array([0, 1]), np.array([True, False, False])
    x = ag.Tensor([1.0, 2.0, 3.0])
    y = np.sum(x[index] ** 2) + np.sum(x[mask])
    z = x * 1
    z[index] = 0.0
    index[:], mask[:] = 2, True
    (y + np.sum(z)).backward()
    np.testing.assert_array_equal(x.grad, [3.0, 4.0, 1.0])


@pytest.mark.parametrize(
    ("write", "error", "message"),
    [
        (lambda t: operator.setitem(t, slice(0, 2), np.ones(3)), ValueError, "broadcast"),
        (lambda t: operator.setitem(t, 7, 1.0), IndexError, "out of bounds"),
        (lambda t: operator.setitem(t, [0, 9], 1.0), IndexError, "out of bounds"),
        (lambda t: operator.setitem(t, 0, 1j), DtypeError, "complex128 into a Tensor of float64"),
        (lambda t: operator.setitem(t, 0, "a"), DtypeError, "cannot write str"),
        (lambda t: operator.iadd(t, np.ones((2, 3))), ShapeError, "shape .2, 3. does not fit"),
        (lambda t: operator.imul(t, 1j), DtypeError, "complex128 does not fit in place"),
    ],
)
def test_what_cannot_be_written_changes_nothing(write, error, message):
    x = ag.Tensor([1.0, 2.0, 3.0])
    y = x * 2
    view = y[1:]
    y[0] = 4.0  # so that y alone holds its memory
    node = y.parents
    with pytest.raises(error, match=message):
        write(y)
    np.testing.assert_array_equal(y.data, [4.0, 4.0, 6.0])
    np.testing.assert_array_equal(view.data, [4.0, 6.0])
    assert y.parents is node


def test_a_read_only_view_refuses_as_numpys_does():
    x = ag.Tensor([1.0, 2.0])
    y = np.broadcast_to(x, (2, 2))
    with pytest.raises(ValueError, match="read-only"):
        y[0] = 1.0


def test_cotangents_that_others_hold_are_not_changed():
    """A hook's, and one that was asked for, are not zeroed where the write took place."""
    x = ag.Tensor([1.0, 2.0, 3.0])
    y = x * 2
    y[0] = 0.0
    seen = []
    y.register_hook(seen.append)
    z = y * 1 + y * 1
    (g,) = ag.gradients([np.sum(z)], [y])
    np.testing.assert_array_equal(g, [2.0, 2.0, 2.0])
    z = y * 1 + y * 1
    w = np.sum(z)
    found = ag.gradients([w], [y, x])
    np.testing.assert_array_equal(found[0], [2.0, 2.0, 2.0])
    np.testing.assert_array_equal(found[1], [0.0, 4.0, 4.0])
    for cotangent in seen:
        np.testing.assert_array_equal(cotangent, [2.0, 2.0, 2.0])


def test_float32_stays_float32():
    y = ag.Tensor(np.ones(3, np.float32)) * 1
    y[0] = np.float64(0.1)
    y += np.full(3, 0.1)
    assert y.dtype == np.float32
    (g,) = ag.gradients([np.sum(y)], [y])
    assert g.dtype == np.float32


def test_filling_in_a_loop_copies_once(monkeypatch):
    """A loop over 1,000 elements copies the array as often as one over 10, on the way back too."""
    copies, array = [], np.array
    counting = lambda *args, **keywords: copies.append(args) or array(*args, **keywords)
    counts = []
    for n in (10, 1000):
        x = ag.Tensor(np.full(n, 0.5))
        y = ag.Tensor(np.zeros(n), requires_grad=False)
        with monkeypatch.context() as patch:
            patch.setattr(np, "array", counting)
            y[0] = x[0]
            for i in range(1, n):
                y[i] = y[i - 1] * x[i]
            np.sum(y).backward()
        counts.append(sum(np.size(args[0]) > 1 for args in copies))
        copies.clear()
    assert counts[0] == counts[1] > 0


def test_one_element_can_be_written_into_a_tensor_without_axes():
    x = ag.Tensor(3.0)
    y = x * 2
    y[...] = x * x
    assert y.shape == ()
    y.backward()
    assert float(x.grad) == 6.0
