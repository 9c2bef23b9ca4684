"""What is copied out of a graph: kinds, order, operands, values, gradients, what is left out."""

import time

import numpy as np
import pytest

import autograd as ag
from autograd.viz.collapse import Limits, nearest
from autograd.viz.reading import structure_of
from autograd.viz.structure import Edge


def structure(y, max_nodes=400):
    return nearest(structure_of(y), Limits(max_nodes))


def column(found, attribute):
    return [getattr(vertex, attribute) for vertex in found.vertices]


def pairs(found):
    return [(edge.source, edge.target) for edge in found.edges]


def test_everything_is_numbered_after_what_it_needs():
    a, b = ag.Tensor(2.0, name="a"), ag.Tensor(3.0, name="b")
    found = structure(a * b + np.sin(a))
    assert column(found, "number") == [1, 2, 3, 4, 5]
    assert column(found, "kind") == ["leaf", "leaf", "operation", "operation", "output"]
    assert column(found, "name") == ["a", "b", None, None, None]
    assert column(found, "op") == [None, None, "multiply", "sin", "add"]
    assert pairs(found) == [(1, 3), (2, 3), (1, 4), (3, 5), (4, 5)]


def test_the_order_is_that_of_computation_whatever_the_operands_order():
    x = ag.Tensor(2.0)
    first = np.sin(x)
    second = np.cos(x)
    assert column(structure(second - first), "op") == [None, "sin", "cos", "subtract"]
    assert pairs(structure(second - first)) == [(1, 2), (1, 3), (3, 4), (2, 4)]


def test_the_same_graph_gives_the_same_structure_wherever_births_stand():
    def computed():
        x = ag.Tensor([1.0, 2.0], name="x")
        return np.sum(np.exp(x) * x)

    assert structure(computed()) == structure(computed())


def test_both_uses_of_one_operand_are_edges():
    a = ag.Tensor([1.0, 2.0])
    assert structure(a + a).edges == (Edge(1, 2), Edge(1, 2))


def test_constants_of_operations_are_operands():
    x = ag.Tensor([1.0, 2.0])
    X = np.ones((3, 2))
    found = structure(X @ x * 2.0)
    assert column(found, "kind") == ["leaf", "constant", "operation", "constant", "output"]
    assert column(found, "shape") == [(2,), (3, 2), (3,), (), (3,)]
    assert column(found, "value") == [None, None, None, "2", None]
    assert pairs(found) == [(2, 3), (1, 3), (3, 5), (4, 5)]


def test_a_constant_that_no_rule_needs_is_drawn_without_what_is_not_known():
    found = structure(ag.Tensor([1.0, 2.0]) + 5.0)
    assert (found.vertices[1].kind, found.vertices[1].shape) == ("constant", None)


def test_options_of_a_function_are_not_operands():
    assert column(structure(np.sum(ag.Tensor([[1.0]]), axis=0)), "kind") == ["leaf", "output"]


def test_scalars_that_are_held_have_values_and_others_have_none():
    a, b = ag.Tensor(2.0), ag.Tensor(12345.678)
    held = a * b
    y = held + np.sin(a)
    assert column(structure(y), "value") == ["2", "1.235e+04", "2.469e+04", None, "2.469e+04"]
    del held
    assert column(structure(y), "value")[2] is None


def test_gradients_of_leaves_are_there_after_backward():
    w, v = ag.Tensor([3.0, 4.0], name="w"), ag.Tensor(2.0)
    y = v * np.sum(w * w)
    before = structure(y)
    y.backward()
    after = structure(y)
    # dy/dw = 2 v w = (12, 16), of norm 20; dy/dv = 25
    assert column(before, "gradient") == [None] * 5
    assert column(after, "gradient") == ["norm 20", "25", None, None, None]
    assert [column(after, what) for what in ("number", "kind", "op", "shape")] == [
        column(before, what) for what in ("number", "kind", "op", "shape")
    ]
    assert after.edges == before.edges


def test_gradients_that_are_tensors_are_summarised_too():
    w = ag.Tensor([3.0, 4.0])
    y = np.sum(w * w)
    y.backward(create_graph=True)
    assert column(structure(y), "gradient")[0] == "norm 10"


@pytest.mark.parametrize(
    ("gradient", "summary"),
    [
        (np.array([1.0, np.nan]), "norm nan"),
        (np.array([1.0, -np.inf]), "norm inf"),
        (np.array([1e200, 1e200]), "norm inf"),
    ],
)
def test_gradients_that_are_not_finite_are_said_without_a_warning(gradient, summary):
    x = ag.Tensor([1.0, 2.0])
    x.grad = gradient
    assert structure(x).vertices[0].gradient == summary


def test_later_changes_do_not_touch_what_was_copied():
    x = ag.Tensor(3.0, name="x")
    y = x * x
    found = structure(y)
    x.name, x.data = "z", 4.0
    y.backward()
    assert (found.vertices[0].name, found.vertices[0].value) == ("x", "3")
    assert found.vertices[0].gradient is None


def test_broadcasts_are_marked_where_backward_sums():
    x, b, s = ag.Tensor(np.ones((4, 3))), ag.Tensor(np.ones(3)), ag.Tensor(2.0)
    found = structure((x + b) * s)
    assert [edge.broadcast for edge in found.edges] == [
        None,
        ((3,), (4, 3)),
        None,
        ((), (4, 3)),
    ]


def test_a_matrix_product_and_a_sum_change_shapes_without_a_broadcast():
    x, w = ag.Tensor(np.ones((4, 1))), ag.Tensor(np.ones((1, 5)))
    assert [edge.broadcast for edge in structure(np.sum(x @ w)).edges] == [None, None, None]


def test_a_leaf_and_a_constant_are_graphs_of_one():
    leaf, constant = structure(ag.Tensor([1.0])), structure(ag.Tensor(1.5, requires_grad=False))
    assert (column(leaf, "kind"), leaf.caption) == (["leaf"], "1 node, float64")
    assert (column(constant, "kind"), column(constant, "value")) == (["constant"], ["1.5"])
    assert constant.caption == "1 node, float64"


def test_the_caption_says_where_the_dtypes_differ():
    x = ag.Tensor(np.ones(2, np.float32))
    assert structure(x * x).caption == "2 nodes, float32"
    mixed = structure(x * ag.Tensor(np.ones(2)))
    assert mixed.caption == "3 nodes, float64 unless stated"
    assert [mixed.differs(vertex) for vertex in mixed.vertices] == [True, False, False]


def test_names_are_printable_and_not_too_long():
    names = ["a\nb", "\x00\x1b[31m", "\ud800", "\u202ecba", "ü→名", "x" * 61, ""]
    shown = [structure(ag.Tensor(1.0, name=name)).vertices[0].name for name in names]
    assert shown == [
        r"a\nb",
        r"\x00\x1b[31m",
        r"\ud800",
        r"\u202ecba",
        "ü→名",
        "x" * 59 + "…",
        None,
    ]


def test_a_chain_of_50_000_operations_keeps_its_end():
    y = ag.Tensor(1.0, name="x")
    for _ in range(50_000):
        y = np.sin(y)
    start = time.perf_counter()
    found = structure(y)
    assert time.perf_counter() - start < 5
    assert column(found, "number") == list(range(49_602, 50_002))
    assert [vertex.number for vertex in found.vertices if vertex.hidden] == [49_602]
    assert found.caption == (
        "400 of 50,001 nodes, float64; 49,601 farther from the output are hidden (max_nodes=400)"
    )


def test_forty_doublings_are_forty_nodes():
    a = ag.Tensor(1.0)
    for _ in range(40):
        a = a + a
    found = structure(a)
    assert (len(found.vertices), len(found.edges)) == (41, 80)


def test_what_is_kept_is_nearest_to_the_output_on_every_path():
    x = ag.Tensor(1.0)
    long = x
    for _ in range(10):
        long = np.sin(long)
    found = structure(long + np.cos(x), max_nodes=5)
    # x 1, ten sines 2 to 11, the cosine 12, the sum 13; two steps away are x (by the cosine) and 10
    assert column(found, "number") == [1, 10, 11, 12, 13]
    assert {vertex.number: vertex.hidden for vertex in found.vertices if vertex.hidden} == {10: 1}
    assert found.total == 13
