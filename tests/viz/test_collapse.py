"""Large graphs: what is drawn as one, what is hidden, and that the caption says so."""

import time

import numpy as np
import pytest

import autograd as ag
from autograd import viz
from autograd.viz.collapse import Limits, chained, fitted
from autograd.viz.reading import structure_of
from autograd.viz.rolling import rolled
from autograd.viz.scopes import Scopes, levels
from tests.viz.programs import perceptron, recurrent


def titles(found):
    return [vertex.name or vertex.op for vertex in found.vertices]


def drawn(y, **limits):
    return fitted(structure_of(y), Limits(**limits))


def test_scopes_are_frames_with_the_parameters_of_one_inside():
    found = drawn(perceptron())
    assert [cluster.title for cluster in found.clusters] == ["MLP", "layers.0", "layers.2"]
    assert [cluster.parent for cluster in found.clusters] == [
        0, found.clusters[0].number, found.clusters[0].number,
    ]  # fmt: skip
    inside = [v.name or v.op for v in found.vertices if v.cluster == found.clusters[1].number]
    assert sorted(map(str, inside)) == ["None", "add", "bias", "matmul", "weight"]


def test_depth_closes_scopes_and_the_caption_says_how_to_open_them():
    found = drawn(perceptron(), depth=1)
    assert titles(found) == ["layers.0", "relu", "layers.2", "loss"]
    assert found.vertices[0].value == "2 operations, 9 parameters"  # 2 x 3 + 3
    assert "2 boxes of closed scopes (depth=2, or max_nodes, opens more)" in found.caption
    assert titles(drawn(perceptron(), depth=0))[0] == "MLP"


def test_a_scope_entered_again_is_a_box_of_its_own_so_that_no_arrow_leads_back():
    x = ag.Tensor(1.0)
    with ag.record() as tape:
        with ag.scope("a"):
            y = np.sin(x)
        with ag.scope("b"):
            y = np.cos(y)
        with ag.scope("a"):
            y = np.exp(y)
    found = drawn(tape, depth=0)
    assert titles(found) == ["a", "b", "a"]
    assert all(edge.source < edge.target for edge in found.edges)


def test_closing_comes_before_rolling_and_stops_as_soon_as_it_fits():
    x = ag.Tensor(1.0)
    with ag.record() as tape:
        y = x
        for block in range(6):
            with ag.scope(f"block{block}"), ag.scope("inner"):
                y = np.sin(np.exp(np.sin(np.cos(y))))
    assert len(drawn(tape, max_nodes=25).vertices) == 25
    closed = drawn(tape, max_nodes=24)
    assert titles(closed) == ["inner"] * 6
    assert [c.title for c in closed.clusters] == [f"block{block}" for block in range(6)]
    one = drawn(tape, max_nodes=5)
    assert titles(one)[1:] == ["cos", "sin", "exp", "y"]
    assert one.clusters[0].title == "block0 … block5 · ×6"


@pytest.mark.parametrize("scoped", [True, False])
def test_of_repeated_steps_one_is_drawn(scoped):
    tape = recurrent(200, scoped=scoped)
    found = drawn(tape, max_nodes=100)
    assert len(found.vertices) <= 14
    assert sum(cluster.repeats for cluster in found.clusters) == 1
    assert "of repeated blocks the second is drawn (roll=False draws all)" in found.caption
    (title,) = (cluster.title for cluster in found.clusters if cluster.repeats)
    assert title == ("step0 … step199 · ×200" if scoped else "repeated · ×200")
    notes = sorted(edge.note for edge in found.edges if edge.note)
    assert notes.count("next") == 1
    assert notes.count("last") == 1
    assert [edge.turns for edge in found.edges].count(True) == 1


def test_what_repeated_steps_cost_is_the_sum_of_all():
    tape = recurrent(200)
    found = drawn(tape, max_nodes=100)
    (h,) = (vertex for vertex in found.vertices if vertex.name == "h")
    mine = [operation for operation in tape.operations if operation.op == "tanh"]
    assert h.members == 200
    assert h.saved == sum(operation.saved for operation in mine)
    first, last = (np.linalg.norm(mine[place].cotangent) for place in (0, -1))
    assert h.gradient == f"norm {first:.4g} … {last:.4g}"


def test_blocks_that_differ_inside_are_not_rolled():
    x = ag.Tensor(1.0)
    with ag.record() as tape:
        y = x
        for block in range(12):
            with ag.scope(f"block{block}"):
                a = np.sin(y)
                b = np.cos(a)
                y = a * b if block % 2 else b * b
    scopes = Scopes(structure_of(tape))
    rolls = [roll for level in rolled(scopes) for roll in level.rolls]
    assert [(roll.stride, roll.copies) for roll in rolls] == [(6, 6)]  # two blocks, six times


def test_blocks_in_blocks_are_rolled_once_each():
    x = ag.Tensor(1.0)
    with ag.record() as tape:
        y = x
        for outer in range(20):
            with ag.scope(f"outer{outer}"):
                for inner in range(10):
                    with ag.scope(f"inner{inner}"):
                        y = np.sin(np.exp(y))
                y = np.cos(y)
    found = drawn(tape, max_nodes=10)
    assert [c.title for c in found.clusters] == [
        "outer0 … outer19 · ×20", "inner0 … inner9 · ×10",
    ]  # fmt: skip
    assert [v.op for v in found.vertices] == [None, "exp", "sin", "cos"]
    assert [v.members for v in found.vertices] == [1, 200, 200, 20]


def test_chains_of_elementwise_operations_become_one_box_without_a_circle():
    x, w = ag.Tensor(np.ones(3), name="x"), ag.Tensor(np.ones(3), name="w")
    y = np.sum(np.tanh(np.exp(x * 2.0) + w) * w)
    found = chained(structure_of(y), Limits())
    assert titles(found) == ["x", "w", "multiply→exp→…→multiply · 5 ops", "sum"]
    arrows = [(edge.source, edge.target) for edge in found.edges]
    assert arrows.count((found.vertices[1].number, found.vertices[2].number)) == 2  # w
    assert "1 chain of elementwise operations drawn as one box each" in found.caption


def test_a_value_that_is_used_twice_ends_a_chain():
    x = ag.Tensor(1.0)
    a = np.sin(np.cos(x))
    y = np.exp(np.exp(a)) * np.tanh(np.tanh(a)) - 1.0
    found = chained(structure_of(y), Limits())
    assert "cos→sin · 2 ops" in titles(found)
    assert all(edge.source < edge.target for edge in found.edges)


def test_a_focus_keeps_what_is_around_it_in_both_directions():
    y = ag.Tensor(1.0)
    middle = None
    for place in range(30):
        y = np.sin(y) if place % 2 else np.cos(y)
        middle = y if place == 15 else middle
    picture = viz.graph(y, focus=middle, radius=2, roll=False)
    assert "5 of 31 nodes" in repr(picture)
    assert "26 farther from the focus are hidden (radius=2)" in repr(picture)


def test_a_focus_or_highlight_inside_a_closed_box_is_no_error():
    x = ag.Tensor(1.0, name="x")
    with ag.record() as tape, ag.scope("inner"):
        middle = np.exp(x)
        np.cos(np.sin(middle))
    picture = viz.graph(tape, depth=0, focus=middle, highlight=middle, radius=1)
    assert "what is highlighted is inside a box" in repr(picture)


def test_parameters_that_all_steps_use_do_not_hide_the_rest():
    picture = viz.graph(recurrent(300), roll=False, max_nodes=300)
    assert picture.dot().count(" -> ") < 5 * 300
    assert "arrows from inputs that are used more than 10 times not drawn" in repr(picture)


def test_forty_doublings_are_drawn_in_no_time():
    start = time.perf_counter()
    a = ag.Tensor(1.0, name="a")
    for _ in range(40):
        a = a + a
    for style, arrows in (("boxes", 80), ("teaching", 80 + 40 + 80)):  # and to results, and back
        lines = viz.graph(a, style=style).dot().splitlines()
        assert sum(line.startswith("  n") and "[label=<<b>" in line for line in lines) == 41
        assert sum(" -> " in line and "label=<<table" not in line for line in lines) == arrows
    assert time.perf_counter() - start < 10


@pytest.mark.parametrize("recorded", [True, False])
def test_fifty_thousand_operations_are_a_small_picture(recorded):
    y = ag.Tensor(1.0, name="x")
    start = time.perf_counter()
    if recorded:
        with ag.record() as tape:
            for _ in range(25_000):
                y = np.sin(y) * 1.01
        picture = viz.graph(tape)
    else:
        for _ in range(25_000):
            y = np.sin(y) * 1.01
        picture = viz.graph(y)
    assert time.perf_counter() - start < 60
    assert repr(picture).startswith("<Picture of a graph: 4 of 75,001 nodes")


def test_nothing_repeats_and_it_is_still_small():
    rng = np.random.default_rng(0)
    functions = [np.sin, np.cos, np.tanh, np.exp, np.arctan]
    y, others = ag.Tensor(1.0), [ag.Tensor(1.0)]
    for _ in range(3_000):
        y = functions[rng.integers(5)](y) * others[rng.integers(len(others))]
        others.append(y)
    found = drawn(y)
    assert len(found.vertices) <= 400
    assert "farther from the output are hidden (max_nodes=400)" in found.caption


def test_a_long_chain_is_not_copied_for_each_of_its_operations():
    y = ag.Tensor(1.0)
    for _ in range(30_000):
        y = np.sin(y)
    start = time.perf_counter()
    found = drawn(y, roll=False, max_nodes=3)
    assert time.perf_counter() - start < 20
    assert titles(found)[1:] == ["sin→sin→…→sin · 29,999 ops", "sin"]


def test_the_place_in_a_list_belongs_to_the_name_of_the_list():
    assert levels("") == []
    assert levels("MLP.layers.0") == ["MLP", "layers.0"]
    assert levels("0.weight") == ["0", "weight"]
