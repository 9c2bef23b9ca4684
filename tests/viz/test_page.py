"""The HTML page: well-formed, complete in itself, and with everything in it escaped."""

from html.parser import HTMLParser

import numpy as np

import autograd as ag
from autograd import viz

VOID = {"meta"}


class Table(HTMLParser):
    """Reads the rows of a table; fails where tags are not closed in turn."""

    def __init__(self):
        super().__init__()
        self.open, self.rows, self.seen = [], [], set()

    def handle_starttag(self, tag, attrs):
        self.seen.add(tag)
        if tag not in VOID:
            self.open.append(tag)
        if tag == "tr":
            self.rows.append([])
        if tag in {"td", "th"}:
            self.rows[-1].append("")

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open and self.open[-1] in {"td", "th"}:
            self.rows[-1][-1] += data


def saved(y, tmp_path, **options):
    return viz.graph(y, **options).save(tmp_path / "graph.html").read_text(encoding="utf-8")


def read(text):
    table = Table()
    table.feed(text)
    table.close()
    assert table.open == []
    return table


def test_the_page_lists_the_operations_in_order(tmp_path):
    x, b = ag.Tensor(np.ones((2, 3)), name="x"), ag.Tensor(0.5, name="b")
    y = np.sum(x * 2.0 + b)
    y.backward()
    rows = read(saved(y, tmp_path)).rows
    assert rows == [
        ["#", "kind", "name", "operation", "shape", "dtype", "operands", "value", "gradient"],
        # the gradient of x is 2 six times, of norm sqrt(24); that of b is summed over x's shape
        ["1", "leaf", "x", "", "(2, 3)", "float64", "", "", "norm 4.899"],
        ["2", "leaf", "b", "", "()", "float64", "", "0.5", "6"],
        ["3", "constant", "", "", "", "", "", "", ""],
        ["4", "operation", "", "multiply", "(2, 3)", "float64", "1, 3", "", ""],
        ["5", "operation", "", "add", "(2, 3)", "float64", "4, 2 as (2, 3)", "", ""],
        ["6", "output", "", "sum", "()", "float64", "5", "15", ""],
    ]


def test_the_page_needs_nothing_from_elsewhere(tmp_path):
    text = saved(np.sin(ag.Tensor([1.0])), tmp_path)
    for outside in ("http", "src=", "href", "url(", "@import", "<script", "//"):
        assert outside not in text


def test_names_are_text(tmp_path):
    name = "</script><b>\"x&amp;'"
    table = read(saved(np.sin(ag.Tensor(1.0, name=name)), tmp_path))
    assert table.rows[1][2] == name
    assert table.seen.isdisjoint({"script", "b"})


def test_the_page_says_what_is_hidden(tmp_path):
    y = np.sin(np.cos(ag.Tensor(1.0)))
    text = saved(y, tmp_path, max_nodes=1)
    assert "1 of 3 nodes, float64; 2 farther from the output are hidden (max_nodes=1)" in text
    assert read(text).rows[1][6] == "1 hidden"
