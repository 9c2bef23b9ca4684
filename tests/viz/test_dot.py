"""The Graphviz source, written here by hand from what the graph is."""

import re

import numpy as np

import autograd as ag
from autograd import viz

SQUARE = """\
digraph "computation graph" {
  graph [rankdir=LR, ordering=in, bgcolor="white", pad=0.2, nodesep=0.2, ranksep=0.35];
  graph [fontname="Helvetica,Arial,sans-serif", fontsize=10, label=<LEGEND>];
  node [fontname="Helvetica,Arial,sans-serif", fontsize=12, \
shape=box, margin="0.12,0.06", width=0, height=0];
  edge [fontname="Helvetica,Arial,sans-serif", fontsize=9, color="#444444", arrowsize=0.6];
  n1 [label=<<b>x</b><br/>\
<font point-size="9">3</font><br/><font point-size="9">grad 6</font>>, \
style="rounded,filled", color="#0072B2", fillcolor="#DCECF7"];
  n2 [label=<<b>y = multiply</b><br/><font point-size="9">9</font>>, \
style="filled", peripheries=2, color="#009E73", fillcolor="#DDF3EC"];
  n1 -> n2;
  n1 -> n2;
}
"""
SQUARE_LEGEND = (
    '<table border="0" cellspacing="0" cellpadding="3"><tr>'
    '<td><table border="1" cellpadding="3" style="rounded" cellborder="0" '
    'color="#0072B2" bgcolor="#DCECF7"><tr><td>leaf</td></tr></table></td>'
    '<td><table border="1" cellpadding="3" cellborder="1" cellspacing="2" '
    'color="#009E73" bgcolor="#DDF3EC"><tr><td>output</td></tr></table></td>'
    "<td>2 nodes, float64</td></tr></table>"
)


def statements(y, **options):
    """The source without the legend, line by line."""
    return viz.graph(y, **options).dot().splitlines()


def test_the_square_of_three_is_drawn_so():
    x = ag.Tensor(3.0, name="x")
    y = x * x
    y.name = "y"
    y.backward()
    assert viz.graph(y).dot() == SQUARE.replace("LEGEND", SQUARE_LEGEND)


def test_a_broadcast_is_an_edge_with_both_shapes_and_a_line_of_the_legend():
    x, b = ag.Tensor(np.ones((4, 3))), ag.Tensor(np.ones(3))
    lines = statements(np.tanh(x) + b)
    assert '  n2 -> n4 [label="(3,) -> (4, 3)", color="#A84A00", fontcolor="#A84A00"];' in lines
    assert "  n3 -> n4 [weight=4];" in lines
    assert "broadcast; backward sums" in lines[2]
    assert "broadcast" not in statements(np.tanh(x))[2]


def test_the_kinds_differ_in_outline_and_in_colour():
    x = ag.Tensor([1.0, 2.0])
    lines = statements(np.tanh(x * 2.0))
    attributes = [re.search(r"(style=.*)\];$", line)[1] for line in lines if "fillcolor" in line]
    outlines = [re.sub(r', (fill)?color="[^"]*"', "", text) for text in attributes]
    assert outlines == [
        'style="rounded,filled"',
        'style="dashed,filled"',
        'style="filled"',
        'style="filled", peripheries=2',
    ]
    assert len({re.search(r", color=(\S+)", text)[1] for text in attributes}) == 4


def test_boxes_say_what_there_is_to_say():
    x = ag.Tensor(np.ones((2, 3), np.float32))
    h = np.tanh(x * 2.0)
    h.name = "h"
    text = re.sub(r"<br/>|<[^<>]*>", "|", viz.graph(h * np.float64(1.0) + np.ones(3)).dot())
    text = re.sub(r"\|+", "|", text)
    for label in ("|leaf|(2, 3) float32|", "|2|", "|h = tanh|(2, 3) float32|", "|add|(2, 3)|"):
        assert label in text, label


def test_what_is_left_out_is_said_where_it_is_missing():
    x = ag.Tensor(1.0)
    y = np.sin(np.sum(np.cos(x)) * np.sum(np.exp(x)))
    lines = statements(y, max_nodes=2)
    assert '  h6 [label="2 hidden", shape=plaintext, fontsize=9];' in lines
    assert "  h6 -> n6 [style=dashed];" in lines
    assert "2 of 7 nodes, float64; 5 farther from the output are hidden (max_nodes=2)" in lines[2]


def test_names_cannot_leave_their_box():
    x = ag.Tensor(1.0, name='</script><b>"x\n\\N')
    (line,) = (line for line in statements(np.sin(x)) if line.startswith("  n1 ["))
    assert r"<b>&lt;/script&gt;&lt;b&gt;&quot;x\\n\\N</b>" in line
