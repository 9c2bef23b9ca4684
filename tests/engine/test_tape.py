"""record: what is noted of each operation, on the way forth and back; scopes, tables, profiles."""

import gc
import re
import weakref

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

import autograd as ag
import nn


def test_values_gradients_and_contributions():
    x, y = ag.Tensor([1.0, 2.0], name="x"), ag.Tensor(3.0, name="y")
    with ag.record() as tape:
        z = np.sum(x * y + x)
        z.backward()
    assert [operation.op for operation in tape.operations] == ["multiply", "add", "sum"]
    product, added, total = tape.operations
    assert_array_equal(product.value, [3.0, 6.0])
    assert_array_equal(total.value, 12.0)
    for operation in (product, added):
        assert_array_equal(operation.cotangent, [1.0, 1.0])
    assert_array_equal(product.contributions[0], [3.0, 3.0])
    assert_array_equal(product.contributions[1], [1.0, 2.0])
    found = {node.name: g for node, g in tape.leaves.items()}
    assert_array_equal(found["x"], [4.0, 4.0])
    assert_array_equal(found["y"], 3.0)


def test_lines_are_the_programs_also_where_a_layer_calls():
    model = nn.Linear(2, 1, rng=0)
    with ag.record() as tape:
        model(np.ones((1, 2)))
    assert {operation.line.source for operation in tape.operations} == {"model(np.ones((1, 2)))"}
    assert tape.operations[0].line.path == __file__


def test_a_walk_after_the_block_is_noted_as_well():
    x = ag.Tensor(2.0)
    with ag.record() as tape:
        y = np.exp(x) * 1.0
    y.backward()
    assert tape.operations[0].cotangent == 1.0
    assert tape.leaves[x._node] is None  # what outlives the block is left alone
    assert x._node.extra.hooks is None


def test_saved_bytes_are_counted_once():
    x = ag.Tensor(np.ones(100))
    with ag.record() as tape:
        y = np.exp(x)
        np.sum(y * y)
    exp, product, _ = tape.operations
    assert exp.saved == 800  # its result
    assert product.saved == 0  # which is the same array
    assert tape.profile().saved == 800


def test_times_add_up():
    A = np.random.default_rng(0).normal(size=(300, 300))
    x = ag.Tensor(A)
    with ag.record() as tape:
        y = np.sum(x @ A) + np.sum(x[0, 0])
        y.backward()
    by_op = {operation.op: operation for operation in tape.operations}
    assert by_op["matmul"].seconds > 0
    assert by_op["matmul"].back_seconds > by_op["getitem"].back_seconds >= 0


def test_scopes_are_those_of_modules_and_of_the_program():
    model = nn.MLP([2, 3, 1], nn.tanh, rng=0)
    with ag.record() as tape:
        with ag.scope("loss"):
            np.sum(model(np.ones((1, 2))))
        np.exp(ag.Tensor(1.0))
    scopes = [operation.scope for operation in tape.operations]
    first, last = "loss.MLP.layers.0", "loss.MLP.layers.2"
    assert scopes == [first, first, "loss.MLP", last, last, "loss", ""]


def test_a_layer_by_itself_has_its_own_name():
    with ag.record() as tape:
        nn.Linear(2, 1, rng=0)(np.ones((1, 2)))
    assert {operation.scope for operation in tape.operations} == {"Linear"}


def test_the_table_shows_operands_by_number_name_and_value():
    x = ag.Tensor([1.0, 2.0], name="x")
    with ag.record() as tape:
        y = np.concatenate([x * 2.0, [5.0]])
        np.sum(y).backward()
    assert str(tape).splitlines() == [
        "#  operation    operands  shape  value         gradient",
        "1  multiply     x, 2      (2,)   [2., 4.]      [1., 1.]",
        "2  concatenate  #1, [5.]  (3,)   [2., 4., 5.]  [1., 1., 1.]",
        "3  sum          #2        ()     11            1",
    ]


def test_operations_with_several_outputs():
    with ag.record() as tape:
        w, _ = np.linalg.eigh(ag.Tensor([[2.0, 0.0], [0.0, 1.0]]))
        np.sum(w).backward()
    assert tape.operations[0].op == "eigh"
    assert "several" in str(tape)
    assert "#1" in str(tape).splitlines()[2]


def test_values_of_a_batch_are_shown_as_such():
    with ag.record() as tape:
        np.sum(ag.vmap(np.tanh)(ag.Tensor(np.ones(3)))).backward()
    assert "Batched(3 examples of shape (), float64)" in str(tape)


def test_the_profile_is_by_line():
    x = ag.Tensor(np.ones(10))
    with ag.record() as tape:
        for _ in range(3):
            x = np.sin(x)
    (line,) = tape.profile().lines
    assert line.calls == 3
    assert line.line.source == "x = np.sin(x)"
    assert str(tape.profile()).splitlines()[1].endswith("x = np.sin(x)")


def test_what_reads_without_recording_is_noted():
    x = ag.Tensor([1.0, 2.0], name="x")
    with ag.record() as tape:
        np.argmax(x)
        assert x.data is not None
        x.detach()
        with ag.no_grad():
            x * 2
    assert [what for what, _, _ in tape.unrecorded] == [
        "np.argmax",
        ".data",
        "detach()",
        "no_grad",
    ]
    assert tape.unrecorded[3][2].source == "with ag.no_grad():"


def test_a_tape_leaves_no_cycle():
    gc.disable()
    try:
        x = ag.Tensor(np.ones(3))
        with ag.record() as tape:
            y = np.sum(x * 2)
            y.backward()
        node = weakref.ref(tape.operations[0])
        del tape, y
        assert node() is None
    finally:
        gc.enable()


def test_nothing_is_noted_outside_or_under_no_grad():
    x = ag.Tensor(1.0)
    with ag.record() as tape, ag.no_grad():
        x * 2
    x * 2
    assert not tape.operations
    assert not ag.is_taped()


# explain


def explained(make, x):
    with ag.record():
        return ag.explain(make(x), x)


@pytest.mark.parametrize(
    ("make", "verdict", "message"),
    [
        (lambda x: np.sum(x**2), "fine", r"the gradient in x is \[2., 4.\]"),
        (lambda x: ag.Tensor(1.0) * 2, "unused", "does not depend on x.*nothing reads it"),
        (lambda x: ag.Tensor(1.0) * x.data[0], "unused", r"read by \.data at test_tape.py"),
        (lambda x: ag.Tensor(1.0) * np.argmax(x), "unused", "read by np.argmax at"),
        (lambda x: ag.Tensor(1.0) * x.detach()[0], "unused", r"read by detach\(\)"),
        (lambda x: np.sum(x * 0.0), "zero", "multiply at .* multiplied by zero"),
        (lambda x: np.sum(nn.relu(-x)), "zero", "hands on zero: 2 of 2 elements are not chosen"),
        (lambda x: np.sum(np.sqrt(x * 0.0)), "not finite", r"ag.detect_nan\(\) finds where"),
        (lambda x: np.sum(x) - np.sum(x), "zero", "cancel each other"),
        (lambda x: np.sum(1e-30 * x), "tiny", "most is lost at multiply"),
    ],
)
def test_explanations(make, verdict, message):
    found = explained(make, ag.Tensor([1.0, 2.0], name="x"))
    assert found.verdict == verdict
    assert re.search(message, str(found).replace("\n", " ")), str(found)


def test_an_explanation_changes_nothing():
    x = ag.Tensor([1.0, 2.0], name="x")
    y = np.sum(np.exp(x))
    found = ag.explain(y, x)
    assert_allclose(found.gradient, np.exp([1.0, 2.0]))
    assert [step.op for step in found.path] == ["sum", "exp"]
    assert x.grad is None
    y.backward()
    assert_allclose(x.grad, np.exp([1.0, 2.0]))
    assert ag.explain(y, x).verdict == "freed"
    assert ag.explain(y, x.detach()).verdict == "constant"


# detect_nan


def quiet(function):
    with np.errstate(all="ignore"), ag.detect_nan():
        return function()


@pytest.mark.parametrize(
    ("function", "message"),
    [
        (lambda: np.log(ag.Tensor([1.0, -1.0])), r"log\(\(2,\)\).*nan at \(1,\).*x = -1 there"),
        (lambda: 1 / ag.Tensor([2.0, 0.0]), r"inf at \(1,\).*y = 0 there"),
        (
            lambda: np.sqrt(np.sum(ag.Tensor([0.0], name="w") ** 2)).backward(),
            r"gradient of sqrt.*inf for its argument sum.*the way to the loss: sqrt",
        ),
        (
            lambda: np.sum(3 * np.sqrt(ag.Tensor([4.0, 0.0], name="w"))).backward(),
            r"inf at \(1,\) for its argument w.*way to the loss: sqrt .* multiply .* sum",
        ),
    ],
)
def test_the_first_operation_is_named(function, message):
    with pytest.raises(ag.errors.NonFiniteError, match=f"(?s){message}") as caught:
        quiet(function)
    assert caught.value.line.startswith("test_tape.py:")


def test_what_was_not_finite_before_is_not_blamed():
    x = ag.Tensor([np.inf, 1.0])
    assert quiet(lambda: (x * 2).data)[1] == 2.0


def test_a_finite_program_goes_through():
    x = ag.Tensor([1.0, 2.0])
    quiet(lambda: np.sum(np.log(x)).backward())
    assert_array_equal(x.grad, [1.0, 0.5])
