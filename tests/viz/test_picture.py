"""Drawing with Graphviz, saving, notebooks, and what happens without the program."""

import shutil
import xml.etree.ElementTree as ET

import numpy as np
import pytest

import autograd as ag
from autograd import viz
from autograd.errors import GraphvizMissingError

SVG = "{http://www.w3.org/2000/svg}"
needs_dot = pytest.mark.skipif(
    shutil.which("dot") is None, reason="draws with Graphviz: apt install graphviz"
)


@pytest.fixture
def picture():
    x = ag.Tensor([1.0, 2.0], name="x")
    return viz.graph(np.sum(np.exp(x) * x))


@pytest.fixture
def no_dot(monkeypatch):
    monkeypatch.setenv("PATH", "")


def drawn_texts(picture):
    """The texts of the boxes of a drawing."""
    root = ET.fromstring(picture.svg())
    assert root.tag == f"{SVG}svg"
    boxes = root.iterfind(f".//{SVG}g[@class='node']")
    return ["|".join(text.text for text in box.iterfind(f".//{SVG}text")) for box in boxes]


@needs_dot
def test_the_svg_is_xml_with_a_box_for_each_vertex(picture):
    assert drawn_texts(picture) == ["x|(2,)", "exp|(2,)", "multiply|(2,)", "sum|17.5"]


@needs_dot
@pytest.mark.parametrize(
    "name",
    [
        '</script><b>"x',
        "a\\N\\l",
        "&amp;",
        "<&>'",
        "-->",
        "]]>",
        "ü→名",
        "{a|b}",
        "n1 -> n2; }",
        " ",
    ],
)
def test_names_come_out_of_the_drawing_as_they_went_in(name):
    (text,) = drawn_texts(viz.graph(ag.Tensor([1.0], name=name)))
    assert text.replace("\xa0", " ") == f"{name}|(1,)"


@needs_dot
def test_names_that_xml_forbids_are_drawn_escaped():
    name = "\x00\ud800\n\x1b"
    assert drawn_texts(viz.graph(ag.Tensor([1.0], name=name))) == [r"\x00\ud800\n\x1b|(1,)"]


@needs_dot
def test_two_uses_are_two_arrows():
    a = ag.Tensor(1.0)
    root = ET.fromstring(viz.graph(a + a).svg())
    assert len(root.findall(f".//{SVG}g[@class='edge']")) == 2


@needs_dot
def test_the_drawing_has_a_background_of_its_own():
    root = ET.fromstring(viz.graph(ag.Tensor(1.0)).svg())
    assert root.find(f"{SVG}g/{SVG}polygon").get("fill") == "white"


@needs_dot
def test_a_large_graph_can_be_drawn():
    y = ag.Tensor(1.0)
    for _ in range(2_000):
        y = np.sin(y) * 1.01
    assert len(drawn_texts(viz.graph(y, roll=False, max_nodes=400))) <= 401
    assert viz.graph(y, roll=True).dot().count(" [label=<<b>") == 4


@needs_dot
@pytest.mark.parametrize(
    ("name", "start"),
    [
        ("g.dot", b'digraph "computation graph" {\n'),
        ("g.gv", b'digraph "computation graph" {\n'),
        ("g.svg", b"<svg "),
        ("g.PNG", b"\x89PNG\r\n\x1a\n"),
        ("g.pdf", b"%PDF-"),
        ("g.html", b"<!DOCTYPE html>\n"),
    ],
)
def test_the_suffix_says_the_format(picture, tmp_path, name, start):
    assert picture.save(tmp_path / name) == tmp_path / name
    assert (tmp_path / name).read_bytes().startswith(start)
    assert [path.name for path in tmp_path.iterdir()] == [name]


@needs_dot
def test_what_is_saved_is_what_is_returned(picture, tmp_path):
    assert picture.save(str(tmp_path / "g.svg")).read_text(encoding="utf-8") == picture.svg()
    assert picture.save(tmp_path / "g.dot").read_text(encoding="utf-8") == picture.dot()


@pytest.mark.parametrize("name", ["graph.bmp", "graph", ".svg", "graph.svg.txt"])
def test_another_suffix_is_refused(picture, tmp_path, name):
    message = rf"no picture can be saved as '{name}'.* \.dot \.gv \.svg \.png \.pdf \.html$"
    with pytest.raises(ValueError, match=message):
        picture.save(tmp_path / name)


def test_without_dot_a_drawing_says_what_to_install(picture, tmp_path, no_dot):
    for draw in (picture.svg, lambda: picture.save(tmp_path / "g.png")):
        with pytest.raises(GraphvizMissingError, match=r"apt install graphviz.*\.html") as caught:
            draw()
        assert "\n" not in str(caught.value)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["g.html", "g.dot", "g.gv"])
def test_without_dot_the_formats_that_need_none_are_written(picture, tmp_path, no_dot, name):
    assert picture.save(tmp_path / name).stat().st_size > 0


def test_a_failed_save_leaves_the_old_file(picture, tmp_path, no_dot):
    (tmp_path / "g.svg").write_text("old")
    with pytest.raises(GraphvizMissingError):
        picture.save(tmp_path / "g.svg")
    assert (tmp_path / "g.svg").read_text() == "old"


def test_a_failed_write_leaves_no_draft(picture, tmp_path):
    (tmp_path / "g.dot").mkdir()  # which no file can replace
    with pytest.raises(OSError, match=r"g\.dot"):
        picture.save(tmp_path / "g.dot")
    assert [path.name for path in tmp_path.iterdir()] == ["g.dot"]


@needs_dot
def test_a_notebook_shows_the_drawing(picture):
    bundle = picture._repr_mimebundle_(include=None, exclude=None)
    assert bundle == {"text/plain": repr(picture), "image/svg+xml": picture.svg()}


def test_a_notebook_without_dot_shows_the_table_and_what_to_install(picture, no_dot):
    bundle = picture._repr_mimebundle_()
    assert bundle.keys() == {"text/plain", "text/html"}
    assert "<p>drawing needs Graphviz&#x27;s program dot" in bundle["text/html"]
    assert "<td>multiply</td>" in bundle["text/html"]


@needs_dot
def test_a_notebook_shows_the_table_when_dot_fails(picture, monkeypatch, tmp_path):
    (tmp_path / "dot").write_text("#!/bin/sh\necho no <fonts> >&2\nexit 1\n")
    (tmp_path / "dot").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin")
    assert "<td>multiply</td>" in picture._repr_mimebundle_()["text/html"]


def test_the_repr_says_how_much_there_is(picture):
    assert repr(picture) == "<Picture of a graph: 4 nodes, float64>"


@pytest.mark.parametrize("y", [np.ones(3), 1.0, [ag.Tensor(1.0)], None])
def test_only_tensors_have_graphs(y):
    with pytest.raises(TypeError, match=f"graph draws a Tensor, got {type(y).__name__}; pass"):
        viz.graph(y)


def test_a_picture_of_nothing_is_refused():
    with pytest.raises(ValueError, match="max_nodes must be at least 1, got 0"):
        viz.graph(ag.Tensor(1.0), max_nodes=0)
