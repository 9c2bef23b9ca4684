"""`backward` and `gradients`: what they leave behind, whose it is, and what a second walk does."""

import gc

import numpy as np
import pytest
from numpy.testing import assert_array_equal

import autograd as ag
from autograd.errors import GraphFreedError, NotDifferentiableError, ShapeError
from autograd.extend import elementwise, general

X = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])


# Freed graphs.


def test_a_second_walk_says_that_the_graph_is_freed():
    x = ag.Tensor([1.0, 2.0])
    y = np.sum(np.sin(x))
    y.backward()
    with pytest.raises(GraphFreedError, match=r"sum\(\(2,\)\) -> \(\).*retain_graph=True"):
        y.backward()
    assert_array_equal(x.grad, np.cos([1.0, 2.0]))


def test_a_walk_that_meets_a_freed_part_says_so():
    x = ag.Tensor(3.0)
    shared = x * x
    (shared * 2.0).backward()
    with pytest.raises(GraphFreedError, match=r"multiply\(\(\), \(\)\) -> \(\)"):
        (shared * 5.0).backward()
    assert x.grad == 12.0


@pytest.mark.parametrize("function", [np.add, np.sin, np.exp, np.negative])
def test_every_operation_is_freed_whether_it_kept_something_or_not(function):
    x = ag.Tensor(0.5)
    y = function(*[x] * function.nin)
    y.backward()
    with pytest.raises(GraphFreedError):
        y.backward()


def test_retain_graph_allows_another_walk():
    x = ag.Tensor(3.0)
    y = x * x
    y.backward(retain_graph=True)
    y.backward(retain_graph=True)
    y.backward()
    assert x.grad == 18.0
    with pytest.raises(GraphFreedError):
        y.backward()


def test_create_graph_retains():
    x = ag.Tensor(3.0)
    y = x * x
    assert ag.gradients(y, x, create_graph=True).item() == 6.0
    assert ag.gradients(y, x, retain_graph=True) == 6.0
    y.backward(create_graph=True)
    x.zero_grad()
    y.backward()
    assert x.grad == 6.0


def test_forward_mode_over_a_freed_graph_says_so_too():
    x = ag.Tensor(3.0)
    y = x * x
    y.backward()
    with pytest.raises(GraphFreedError, match="multiply"):
        y.vjps[0](1.0)


def test_gradients_frees_the_ways_it_took_only():
    x, w = ag.Tensor(3.0), ag.Tensor(5.0)
    left, right = x * x, w * w
    apart = np.sin(w)
    assert ag.gradients([left + right, apart], x) == 6.0
    (right + apart).backward()
    assert w.grad == 10.0 + np.cos(5.0)
    with pytest.raises(GraphFreedError):
        left.backward()


def test_structure_stays_after_backward():
    x, w = ag.Tensor(X, name="x"), ag.Tensor(np.ones((3, 2)), name="w")
    y = np.sum(np.tanh(x @ w))
    y.backward()
    tanh = y.parents[0]
    matmul = tanh.parents[0]
    assert [node.op for node in (y, tanh, matmul)] == ["sum", "tanh", "matmul"]
    assert [node.shape for node in (y, tanh, matmul)] == [(), (2, 2), (2, 2)]
    assert [node.name for node in matmul.parents] == ["x", "w"]
    assert [(node.op, node.shape, node.dtype) for node in matmul.parents] == [
        (None, (2, 3), np.float64),
        (None, (3, 2), np.float64),
    ]
    assert (x.op, x.parents, x.vjps) == (None, (), ())


# Ownership: each leaf's gradient is an array of its own, whatever the rules did.

TWO_LEAVES = {
    "add": lambda a, b: a + b,
    "subtract": lambda a, b: b - a,
    "where": lambda a, b: np.where(X > 2, a, b),
    "concatenate": lambda a, b: np.concatenate([a, b])[1:3],
    "stack": lambda a, b: np.stack([a, b]),
    "reshape": lambda a, b: np.reshape(a, (3, 2)) + np.reshape(b, (3, 2)),
    "transpose": lambda a, b: a.T + b.T,
    "reversed": lambda a, b: a[::-1] + b[..., ::-1],
    "broadcast": lambda a, b: np.broadcast_to(a, (2, 2, 3)) + b,
    "sum": lambda a, b: np.sum(a, axis=0) + np.sum(b),
    "mean": lambda a, b: np.mean(a) + np.mean(b),
    "positive": lambda a, b: +a + np.astype(b, np.float64),
    "squeeze": lambda a, b: np.squeeze(a[None]) + np.expand_dims(b, 0),
    "same": lambda a, b: (a + b) + (a + b),
}


def assert_owned(grads, others):
    """Check that arrays can be written, and share memory with nothing else."""
    for index, g in enumerate(grads):
        assert type(g) is np.ndarray
        assert g.flags.writeable
        for other in (*grads[:index], *others):
            assert not np.shares_memory(g, other)


@pytest.mark.parametrize("name", TWO_LEAVES)
def test_gradients_belong_to_their_leaves(name):
    a, b = ag.Tensor(X.copy()), ag.Tensor(X + 10.0)
    y = TWO_LEAVES[name](a, b)
    seed = np.ones(y.shape)
    y.backward(seed, retain_graph=True)
    first = a.grad.copy()
    assert_owned([a.grad, b.grad], [a.data, b.data, y.data, seed])
    b.grad[...] = -7.0
    seed[...] = -7.0
    assert_array_equal(a.grad, first)

    found = ag.gradients(y, [a, b], np.ones(y.shape), retain_graph=True)
    assert_owned(found, [a.data, b.data, y.data, a.grad, b.grad])
    _, pull = ag.vjp(TWO_LEAVES[name], X, X + 10.0)
    seed = np.ones(y.shape)
    assert_owned([*pull(seed), *pull(seed)], [X, seed])


def test_gradients_of_a_tensor_and_of_what_it_came_from_are_apart():
    x = ag.Tensor([1.0, 2.0])
    h = x + 0.0
    y = h + 0.0
    seed = np.ones(2)
    found = ag.gradients(y, [x, h, y], seed)
    assert_owned(found, [seed, x.data, h.data, y.data])
    for g in found:
        assert_array_equal(g, [1.0, 1.0])


def test_the_cotangent_of_a_leaf_is_copied():
    x = ag.Tensor([1.0, 2.0])
    seed = np.array([3.0, 4.0])
    x.backward(seed)
    seed[...] = 0.0
    assert_array_equal(x.grad, [3.0, 4.0])


def test_a_cotangent_that_was_given_is_not_changed():
    x = ag.Tensor(np.arange(4.0))
    seed = np.ones(4)
    y = x * 1.0
    (y[:2] + y[2:] + np.sum(y)).backward(seed[:2])
    y = x[[0, 0, 1, 1]] + x
    y.backward(seed)
    assert_array_equal(seed, np.ones(4))


def test_a_rule_may_return_what_the_node_keeps():
    def half_square(x):
        return x * x / 2

    half_square = general(half_square, lambda g, x: x)  # right for g = 1 only
    x = ag.Tensor([1.0, 2.0])
    half_square(x).backward(np.ones(2))
    x.grad[...] = 0.0
    assert_array_equal(x.data, [1.0, 2.0])


def test_a_read_only_cotangent_will_do():
    x = ag.Tensor(X)
    (x * 2.0).backward(np.broadcast_to(1.0, (2, 3)))
    assert x.grad.flags.writeable
    assert_array_equal(x.grad, np.full((2, 3), 2.0))


# Accumulation.


def test_backward_adds_to_what_is_there():
    x = ag.Tensor(X)
    np.sum(x * x).backward()
    np.sum(3.0 * x).backward()
    assert_array_equal(x.grad, 2 * X + 3.0)
    x.zero_grad()
    assert x.grad is None
    np.sum(x).backward()
    assert_array_equal(x.grad, np.ones((2, 3)))


def test_zero_grad_before_any_gradient_does_nothing():
    x = ag.Tensor(1.0)
    x.zero_grad()
    assert x.grad is None


def test_a_gradient_may_be_set():
    x = ag.Tensor([1.0, 2.0])
    x.grad = np.array([10.0, 20.0])
    np.sum(x).backward()
    assert_array_equal(x.grad, [11.0, 21.0])
    x.grad = None
    assert x.grad is None


def test_only_leaves_get_a_gradient():
    x = ag.Tensor(2.0)
    c = ag.Tensor(5.0, requires_grad=False)
    h = x * c
    (h * h).backward()
    assert x.grad == 2 * 2.0 * 5.0**2
    assert h.grad is None
    assert c.grad is None


def test_gradients_leaves_grad_alone():
    x = ag.Tensor([1.0, 2.0])
    h = x * x
    found = ag.gradients(np.sum(h * h), {"x": x, "deep": [h]})
    assert_array_equal(found["x"], 4 * x.data**3)
    assert_array_equal(found["deep"][0], 2 * x.data**2)
    assert x.grad is None


def test_gradients_of_several_outputs_add_up():
    x = ag.Tensor([1.0, 2.0])
    outputs = {"a": np.sum(x * x), "b": 3.0 * x}
    found = ag.gradients(outputs, x, {"a": 10.0, "b": np.array([1.0, 0.0])})
    assert_array_equal(found, 10.0 * 2 * x.data + [3.0, 0.0])


def test_gradients_of_one_output_given_twice_count_twice():
    x = ag.Tensor(3.0)
    y = x * x
    assert ag.gradients([y, y], x) == 12.0
    y = x * x
    assert ag.gradients([y, y], x, [1.0, 10.0]) == 66.0


def test_gradients_that_do_not_exist_are_zero():
    x, z = ag.Tensor([1.0, 2.0]), ag.Tensor(np.ones((2, 2), np.float32))
    found = ag.gradients(np.sum(x), [x, z])
    assert_array_equal(found[0], [1.0, 1.0])
    assert_array_equal(found[1], np.zeros((2, 2), np.float32), strict=True)


def test_gradients_stops_at_its_inputs_and_at_what_is_older():
    """With respect to h = x², ∂(h x)/∂h is x: the way through x is not taken."""
    x = ag.Tensor(3.0)
    h = x * x
    assert ag.gradients(h * x, h) == 3.0


def test_a_gradient_has_the_dtype_of_its_leaf():
    x, w = ag.Tensor([1.0, 2.0], dtype=np.float32), ag.Tensor([3.0, 4.0])
    np.sum(x * w).backward()
    assert_array_equal(x.grad, np.array([3.0, 4.0], np.float32), strict=True)
    assert_array_equal(w.grad, np.array([1.0, 2.0]), strict=True)
    np.sum(x * w).backward()
    assert_array_equal(x.grad, np.array([6.0, 8.0], np.float32), strict=True)


def test_an_output_of_one_element_needs_no_cotangent():
    x = ag.Tensor([[3.0]])
    (x * x).backward()
    assert_array_equal(x.grad, [[6.0]], strict=True)


def test_a_cotangent_is_an_array_like():
    x = ag.Tensor([1.0, 2.0])
    (x * x).backward([10, 100])
    assert_array_equal(x.grad, [20.0, 400.0], strict=True)


def test_a_tensor_is_a_cotangent_of_which_the_value_counts():
    x, w = ag.Tensor([1.0, 2.0]), ag.Tensor([10.0, 100.0])
    (x * x).backward(w)
    assert_array_equal(x.grad, [20.0, 400.0], strict=True)
    assert_array_equal(ag.gradients(x * x, x, w), [20.0, 400.0], strict=True)
    recorded = ag.gradients(x * x, x, w, create_graph=True)
    assert_array_equal(ag.gradients(np.sum(recorded), w), [2.0, 4.0])


# Hooks.


def test_a_hook_sees_the_whole_cotangent_once():
    x = ag.Tensor([1.0, 2.0])
    h = x * 2.0
    seen = []
    h.register_hook(seen.append)
    np.sum(h * h + h).backward()
    assert len(seen) == 1
    assert_array_equal(seen[0], 2 * 2.0 * x.data + 1)
    assert_array_equal(x.grad, 2 * (4.0 * x.data + 1))


def test_a_hook_replaces_the_cotangent():
    x = ag.Tensor([1.0, 2.0])
    h = x * 2.0
    h.register_hook(lambda c: 10 * c)
    h.register_hook(lambda c: c + 1)  # after the first
    np.sum(h).backward()
    assert_array_equal(x.grad, [22.0, 22.0])


def test_a_hook_on_a_leaf_changes_its_gradient():
    x = ag.Tensor([1.0, -2.0])
    x.register_hook(lambda c: np.clip(c, -1.0, 1.0))
    np.sum(x * x).backward()
    assert_array_equal(x.grad, [1.0, -1.0])
    assert_array_equal(ag.gradients(np.sum(x * x), x), [1.0, -1.0])


def test_a_hook_can_be_removed():
    x = ag.Tensor(1.0)
    remove = x.register_hook(lambda c: 10 * c)
    x.register_hook(lambda c: 2 * c)
    remove()
    (x * 1.0).backward()
    assert x.grad == 2.0


def test_a_hook_may_remove_itself():
    x = ag.Tensor(1.0)
    calls = []
    remove = x.register_hook(lambda c: (calls.append(1), remove())[1])
    x.register_hook(lambda c: calls.append(2))
    (x * 1.0).backward()
    (x * 1.0).backward()
    assert calls == [1, 2, 2]


def test_a_hook_is_recorded_with_create_graph():
    x = ag.Tensor(3.0)
    h = x * x
    remove = h.register_hook(lambda c: c * c)  # 2h goes in, 4h² comes out
    slope = ag.gradients(h * h, x, create_graph=True)  # 4 x⁴ · 2x
    assert slope.item() == 8 * 3.0**5
    remove()
    assert ag.gradients(slope, x).item() == 40 * 3.0**4


def test_a_hook_of_another_dtype_is_brought_back():
    x = ag.Tensor([1.0, 2.0], dtype=np.float32)
    x.register_hook(lambda c: np.array([1, 2]))
    np.sum(x).backward()
    assert_array_equal(x.grad, np.array([1.0, 2.0], np.float32), strict=True)


def test_a_read_only_array_from_a_hook_is_copied():
    def frozen(c):
        c = c * 2.0
        c.flags.writeable = False
        return c

    x = ag.Tensor([1.0, 2.0])
    x.register_hook(frozen)
    np.sum(x).backward()
    assert x.grad.flags.writeable
    assert_array_equal(x.grad, [2.0, 2.0])


def test_a_hook_may_return_a_tensor_of_which_the_value_counts():
    x = ag.Tensor([1.0, 2.0])
    x.register_hook(lambda c: ag.Tensor(3.0 * c))
    np.sum(x).backward()
    assert_array_equal(x.grad, [3.0, 3.0], strict=True)


def test_a_hook_may_be_removed_twice():
    x = ag.Tensor(1.0)
    remove = x.register_hook(lambda c: 10 * c)
    remove()
    remove()
    x.backward()
    assert x.grad == 1.0


def test_a_hook_of_another_shape_is_refused():
    x = ag.Tensor([1.0, 2.0])
    x.register_hook(lambda c: np.ones(3))
    with pytest.raises(
        ShapeError, match=r"a hook returned shape \(3,\) for an argument of shape \(2,\)"
    ):
        np.sum(x).backward()


def test_an_error_in_a_hook_comes_through():
    x = ag.Tensor(2.0)
    h = x * x
    h.register_hook(lambda c: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        h.backward()
    assert x.grad is None


# Errors inside rules.


def failing(x):
    """Return x; its derivative fails."""
    return x * 1.0


failing = elementwise(failing, lambda g: {}["nothing"])


def test_an_error_in_a_rule_names_the_operation_and_its_shapes():
    x = ag.Tensor(X)
    with pytest.raises(KeyError, match="nothing") as caught:
        np.sum(failing(x) * x).backward()
    assert caught.value.__notes__ == [
        "while the gradient of failing((2, 3)) -> (2, 3) was computed"
    ]


def test_after_an_error_in_a_rule_everything_is_as_before():
    x, w = ag.Tensor([1.0, 2.0]), ag.Tensor([3.0, 4.0])
    np.sum(x * w).backward()
    with pytest.raises(KeyError):
        np.sum(failing(x) * w + x * w).backward()  # w's part is done before x's fails
    assert_array_equal(x.grad, w.data)
    assert_array_equal(w.grad, x.data)
    with pytest.raises(KeyError):
        ag.grad(lambda z: np.sum(failing(z)))(X)
    np.sum(x * w).backward()
    assert_array_equal(x.grad, 2 * w.data)
    assert_array_equal(ag.grad(np.sum)(X), np.ones((2, 3)))


def test_an_error_in_a_function_leaves_the_outer_derivative_sound():
    def f(x):
        try:
            ag.grad(lambda y: failing(y * x))(1.0)
        except KeyError:
            return x * x
        raise AssertionError

    assert ag.grad(f)(3.0) == 6.0


def test_a_rule_of_the_wrong_shape_is_named():
    def third(x):
        return x / 3

    third = general(third, lambda g: np.ones(7))
    with pytest.raises(
        ShapeError,
        match=r"the rule of third returned shape \(7,\) for an argument of shape \(2, 3\)",
    ):
        np.sum(third(ag.Tensor(X))).backward()


def test_a_primitive_without_a_forward_rule_says_so():
    def quarter(x):
        return x / 4

    quarter = general(quarter, lambda g: g / 4)
    assert ag.grad(quarter)(1.0) == 0.25
    with pytest.raises(NotDifferentiableError, match=r"quarter has no rule.*jvps="):
        ag.jvp(quarter, (1.0,), (1.0,))


def test_a_rule_that_returns_none_stands_for_zero():
    def first(x, y):
        return x + 0 * y

    first = elementwise(first, lambda g: g, lambda g: None)
    x, y = ag.Tensor(2.0), ag.Tensor(3.0)
    assert ag.gradients(first(x, y) * y, [x, y]) == [3.0, 2.0]


def test_a_rule_may_return_a_plain_number():
    def five_times(x):
        return 5 * x

    five_times = elementwise(five_times, lambda g: 5.0)
    assert_array_equal(ag.grad(lambda x: np.sum(five_times(x)))(X), np.full((2, 3), 5.0))


def test_a_rule_may_itself_differentiate():
    """The walk is re-entrant: it keeps its state in locals."""

    def cubed(x):
        return x**3

    inner_slope = ag.grad(lambda x: np.sum(x**3))
    cubed = elementwise(cubed, lambda g, x: g * inner_slope(x))
    x = np.array([1.0, 2.0])
    assert_array_equal(ag.grad(lambda x: np.sum(cubed(x)))(x), 3 * x**2)
    assert_array_equal(
        ag.hvp(lambda x: np.sum(cubed(x)), x, np.array([1.0, 10.0])), 6 * x * [1.0, 10.0]
    )


# What vjps are for: reading and drawing.


def test_vjps_are_one_function_per_parent():
    x, w = ag.Tensor(X), ag.Tensor([1.0, 2.0, 3.0])
    y = x * w
    g = np.ones((2, 3))
    to_x, to_w = y.vjps
    assert_array_equal(to_x(g), np.broadcast_to(w.data, (2, 3)))
    assert_array_equal(to_w(g), X.sum(axis=0))  # with the broadcast undone
    assert [parent.shape for parent in y.parents] == [(2, 3), (3,)]
    y.backward(g)
    with pytest.raises(GraphFreedError):
        to_x(g)


def test_vjps_of_a_joint_rule():
    x, c, w = ag.Tensor([1.0, 2.0]), np.zeros(1), ag.Tensor([3.0])
    y = np.concatenate([x, c, w])
    g = np.array([10.0, 20.0, 30.0, 40.0])
    assert [vjp(g).tolist() for vjp in y.vjps] == [[10.0, 20.0], [40.0]]


def test_gradients_are_found_without_garbage():
    x = ag.Tensor(X)
    gc.collect()
    np.sum(np.tanh(x) @ np.ones(3)).backward()
    assert gc.collect() == 0


@pytest.mark.parametrize("recorded", [(True, False), (False, True), (True, True)])
def test_recorded_and_plain_gradients_add_up(recorded):
    x = ag.Tensor([2.0, 1.0])
    for create_graph in recorded:
        np.sum(x**3).backward(create_graph=create_graph)
    found = x.grad.data if isinstance(x.grad, ag.Tensor) else x.grad
    assert_array_equal(found, 2 * 3 * np.array([4.0, 1.0]), strict=True)
    x.zero_grad()


def test_an_input_given_twice_has_two_gradients():
    x = ag.Tensor([1.0, 3.0])
    found = ag.gradients(np.sum(x * x), [x, {"again": x}])
    assert_array_equal(found[0], [2.0, 6.0])
    assert_array_equal(found[1]["again"], [2.0, 6.0])
    assert_owned([found[0], found[1]["again"]], [x.data])
