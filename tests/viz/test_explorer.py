"""The explorer's data and file: complete, escaped, without a network, the same each time, fast."""

import base64
import json
import re
import time
import zlib
from html.parser import HTMLParser

import numpy as np
import pytest

import autograd as ag
import nn
from autograd import viz
from autograd.errors import ShapeError


def data_of(page):
    """The data inside a page."""
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)
    text = found[1]
    return json.loads(text if text[0] == "{" else zlib.decompress(base64.b64decode(text)))


def explored(*args, **options):
    return data_of(viz.explore(*args, path=None, **options).html)


def named(data, name):
    (node,) = (node for node in data["nodes"] if node["name"] == name)
    return node


def scalar(x, y):
    p = x * y
    return np.sin(p) + x


def test_the_page_holds_formulas_values_gradients_and_lines():
    data = explored(scalar, 2.0, 3.0)
    x, p = named(data, "x"), named(data, "p")
    assert (x["kind"], x["value"], x["shape"]) == ("leaf", {"number": 2.0}, [])
    assert p["formula"] == ["x · y", "2 · 3", "6"]
    assert x["gradient"]["number"] == 3.0 * np.cos(6.0) + 1.0
    assert p["gradient"]["number"] == np.cos(6.0)
    file, number = p["line"]
    assert data["files"][file]["name"] == "test_explorer.py"
    assert [number, "    p = x * y"] in data["files"][file]["lines"]


def test_nodes_edges_groups_and_steps_fit_together():
    model = nn.MLP([3, 4, 2], rng=np.random.default_rng(0))
    labels = np.array([0, 1, 0, 1, 0])
    data = explored(lambda x: nn.softmax_cross_entropy(model(x), labels), np.ones((5, 3)))
    count = len(data["nodes"])
    assert all(edge["from"] < edge["to"] < count for edge in data["edges"])
    assert all(-1 <= group[1] < len(data["groups"]) for group in data["groups"])
    assert [group[0] for group in data["groups"]] == ["MLP", "layers.0", "layers.2"]
    operations = [i for i, node in enumerate(data["nodes"]) if node["kind"] == "operation"]
    assert data["forward"] == operations
    assert [step[0] for step in data["backward"]["steps"]] == operations[::-1]
    weight = data["nodes"][0]
    assert weight["name"] == "weight"
    assert data["groups"][weight["group"]][0] == "layers.0"


def test_a_plus_a_has_two_edges_and_two_arrivals():
    data = explored(lambda a: a + a, 3.0)
    assert [(edge["from"], edge["to"]) for edge in data["edges"]] == [(0, 1), (0, 1)]
    ((_, arrivals),) = data["backward"]["steps"]
    assert [one["sum"] for one in arrivals] == [["", "1", "1"], ["1", "1", "2"]]


def test_the_demonstration_goes_wrong_in_the_naive_order():
    data = explored()
    assert named(data, "a")["gradient"] == {"number": 4.0}
    naive = data["naive"]
    assert naive["total"] == "6"
    assert naive["wrong"] == 1
    assert [one["sum"][2] for one in naive["steps"]] == ["1", "1", "2", "2", "4", "6"]
    assert [one["pending"] for one in naive["steps"]] == [0, 1, 1, 0, 0, 0]


def test_the_naive_order_is_right_where_each_value_is_used_once():
    naive = explored(lambda x: np.exp(np.sin(x)), 1.0)["naive"]
    assert naive["wrong"] == -1
    assert all(one["right"] for one in naive["steps"])


def test_contributions_add_up_to_the_gradient_that_backward_finds():
    rng = np.random.default_rng(3)
    w, x = ag.Tensor(rng.normal(size=(3, 3)), name="w"), rng.normal(size=3)
    with ag.record() as tape:
        h = np.tanh(w @ np.tanh(w @ x))
        np.sum(h * h).backward()
    gradient = named(explored(tape), "w")["gradient"]
    np.testing.assert_allclose(gradient["numbers"], w.grad.ravel(), rtol=1e-5)


def test_a_broadcast_says_from_which_shape_it_is_summed():
    data = explored(lambda b: np.sum(np.ones((4, 3)) * b), np.ones(3))
    (arrival,) = (one for _, many in data["backward"]["steps"] for one in many if "raw" in one)
    assert arrival["raw"] == [4, 3]


def test_options_are_shown():
    data = explored(lambda x: np.sum(np.sum(x, axis=0, keepdims=True)[0, 1:]), np.ones((2, 3)))
    options = [node["options"] for node in data["nodes"] if node["kind"] == "operation"]
    assert options == ["axis=0, keepdims=True", "key=(0, slice(1, None, None))", ""]


def test_a_cotangent_may_be_given_and_must_fit():
    data = explored(lambda x: x * 2.0, np.ones(2), cotangent=[3.0, 5.0])
    assert named(data, "x")["gradient"]["numbers"] == [6.0, 10.0]
    with pytest.raises(ShapeError, match=r"the cotangent has shape \(3,\), and what .* \(2,\)"):
        viz.explore(lambda x: x * 2.0, np.ones(2), cotangent=np.ones(3), path=None)


def test_a_function_leaves_no_gradient_in_tensors_that_it_reads():
    w = ag.Tensor(2.0, name="w")
    data = explored(lambda x: x * w, 3.0)
    assert named(data, "w")["gradient"] == {"number": 3.0}
    assert w.grad is None


def test_a_tensor_alone_shows_structure_and_what_is_held():
    x = ag.Tensor([1.0, 2.0])
    y = np.sum(x * x)
    y.backward()
    data = explored(y)
    assert [node["op"] for node in data["nodes"]] == ["", "multiply", "sum"]
    assert data["nodes"][0]["gradient"]["numbers"] == [2.0, 4.0]
    assert data["nodes"][1]["value"] is None
    assert data["nodes"][2]["value"] == {"number": 5.0}
    assert data["backward"]["steps"] == []
    assert data["naive"] is None


def test_one_value_without_operations_is_one_node():
    (leaf,) = explored(lambda x: x, 2.0)["nodes"]
    assert (leaf["kind"], leaf["gradient"]) == ("leaf", {"number": 1.0})
    (constant,) = explored(ag.Tensor(2.0, requires_grad=False))["nodes"]
    assert (constant["kind"], constant["value"]) == ("constant", {"number": 2.0})
    with ag.record() as tape:
        pass
    assert explored(tape)["nodes"] == []


def test_what_is_no_tensor_is_refused():
    with pytest.raises(TypeError, match="a function, a Tape or a Tensor, got ndarray"):
        viz.explore(np.ones(2), path=None)
    with pytest.raises(TypeError, match=r"returns one Tensor, .*; <lambda> returned float"):
        viz.explore(lambda _: 1.0, 2.0, path=None)


def test_several_outputs_are_one_operation_and_its_parts():
    data = explored(lambda a: np.sum(np.linalg.svd(a)[1]), np.diag([3.0, 2.0]))
    svd = next(node for node in data["nodes"] if node["op"] == "svd")
    assert svd["shape"] is None
    assert len(svd["value"]["several"]) == 3


def test_not_finite_and_complex_numbers_are_text():
    with np.errstate(all="ignore"):
        data = explored(lambda x: np.log(x), np.array([0.0, -1.0, 1.0]))
    assert data["nodes"][1]["value"]["numbers"] == ["\N{MINUS SIGN}inf", "nan", 0.0]
    data = explored(lambda z: np.real(z * z), 1.0 + 2.0j)
    assert named(data, "z")["value"] == {"number": "1+2j"}


def test_large_arrays_are_statistics_a_histogram_and_a_map():
    x = np.linspace(-1.0, 2.0, 40 * 50).reshape(40, 50)
    value = named(explored(lambda x: np.sum(x), x), "x")["value"]
    assert "numbers" not in value
    assert (value["low"], value["high"], sum(value["bars"])) == (-1.0, 2.0, 2000)
    assert len(base64.b64decode(value["map"])) == 2000
    assert "map" not in named(explored(lambda x: np.sum(x), np.ones((70, 70))), "x")["value"]


EVIL = "</script><b>&\"'\u2028"


class Reader(HTMLParser):
    """Collects the elements and attributes of a page."""

    def __init__(self):
        super().__init__()
        self.elements = []

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))


def test_whatever_a_name_is_it_stays_text():
    x = ag.Tensor(2.0, name=EVIL)
    with ag.record() as tape, ag.scope(EVIL):
        (x * x).backward()
    page = viz.explore(tape, path=None, title=EVIL).html
    assert data_of(page)["nodes"][0]["name"] == EVIL
    assert EVIL not in page
    plain = Reader()
    plain.feed(viz.explore(lambda x: x, ag.Tensor(2.0), path=None).html)
    reader = Reader()
    reader.feed(page)
    assert [tag for tag, _ in reader.elements] == [tag for tag, _ in plain.elements]
    frame = Reader()
    frame.feed(viz.explore(tape, path=None, title=EVIL)._repr_html_())
    assert [tag for tag, _ in frame.elements] == ["iframe"]
    assert frame.elements[0][1]["srcdoc"].startswith("<!DOCTYPE html>")


def test_the_page_asks_nothing_of_a_network():
    page = viz.explore(scalar, 2.0, 3.0, path=None).html
    assert not re.search(r"https?:|//\w+\.|import\(|@import|url\((?!#)|fetch\(|XMLHttp", page)
    reader = Reader()
    reader.feed(page)
    attributes = {name for _, attrs in reader.elements for name in attrs}
    assert not attributes & {"src", "href", "srcset", "action", "data"}
    (policy,) = (a["content"] for _, a in reader.elements if "Policy" in a.get("http-equiv", ""))
    assert policy.startswith("default-src 'none'; ")
    assert "connect-src" not in policy


def test_the_same_program_gives_the_same_file(tmp_path):
    def written(name):
        return viz.explore(scalar, 2.0, 3.0, path=tmp_path / name, times=False).path.read_bytes()

    assert written("one.html") == written("two.html")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["one.html", "two.html"]
    assert explored(scalar, 2.0, 3.0)["times"]


def test_without_code_there_are_numbers_of_lines_only():
    files = explored(scalar, 2.0, 3.0, code=False)["files"]
    assert {text for file in files for _, text in file["lines"]} == {""}


def seconds(function, *args):
    begin = time.perf_counter()
    page = viz.explore(function, *args, path=None).html
    return time.perf_counter() - begin, page


def test_forty_doublings_are_forty_operations():
    def doubled(x):
        for _ in range(40):
            x = x + x
        return x

    took, page = seconds(doubled, 1.0)
    data = data_of(page)
    assert took < 5
    assert len(data["nodes"]) == 41
    assert data["naive"]["total"] == "2,199,023,255,550"  # 2 + 4 + … + 2^40
    assert len(data["naive"]["steps"]) == 300


def test_two_thousand_operations_on_arrays_are_a_small_file():
    def chain(x):
        for _ in range(1000):
            x = np.tanh(x) * 1.01
        return np.sum(x)

    took, page = seconds(chain, np.linspace(-1, 1, 900).reshape(30, 30))
    assert len(data_of(page)["forward"]) == 2001
    assert len(page) < 4_000_000
    assert took < 10  # 0.7 s on a machine that does nothing else


def test_a_chain_of_twenty_thousand_is_in_groups_of_groups():
    def chain(x):
        for _ in range(20_000):
            x = np.sin(x)
        return x

    took, page = seconds(chain, 1.0)
    groups = data_of(page)["groups"]
    assert took < 60
    inside = [sum(group[1] == i for group in groups) for i in range(-1, len(groups))]
    assert max(inside) <= 40
    assert max(group[2] for group in groups) < 20_000


def test_the_file_says_what_it_is():
    shown = viz.explore(scalar, 2.0, 3.0, path=None)
    assert repr(shown) == "<Exploration: 3 operations, 2 variables>"
    assert "<title>scalar</title>" in shown.html
