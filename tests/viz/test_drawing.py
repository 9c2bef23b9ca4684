"""What is drawn: Tensors, tapes, functions; names, gradients, local derivatives; options."""

import re
import shutil
import xml.etree.ElementTree as ET

import numpy as np
import pytest

import autograd as ag
from autograd import viz
from autograd.viz.reading import structure_of
from tests.viz.programs import perceptron, scalar

needs_dot = pytest.mark.skipif(
    shutil.which("dot") is None, reason="draws with Graphviz: apt install graphviz"
)


def by_name(structure):
    return {vertex.name: vertex for vertex in structure.vertices if vertex.name}


def boxes(picture):
    """The texts of the boxes, by number."""
    found = re.findall(r"^  +n(\d+) \[label=<(.*?)>, style", picture.dot(), re.MULTILINE)
    return {int(n): re.sub(r"(<[^<>]*>)+", "|", text).strip("|") for n, text in found}


def test_a_tape_knows_every_value_gradient_line_and_scope():
    a, b = ag.Tensor(2.0, name="a"), ag.Tensor(3.0, name="b")
    with ag.record() as tape, ag.scope("inner"):
        c = a * b
        d = c + a
    d.backward()
    found = by_name(structure_of(tape))
    # dd/dc = 1; dd/da = b + 1 = 4; dd/db = a = 2
    assert {name: (v.value, v.gradient) for name, v in found.items()} == {
        "a": ("2", "4"),
        "b": ("3", "2"),
        "c": ("6", "1"),
        "d": ("8", "1"),
    }
    assert found["c"].scope == "inner"
    assert found["c"].code == "c = a * b"
    assert re.fullmatch(r"test_drawing\.py:\d+", found["c"].line)
    assert found["c"].seconds > 0
    assert found["d"].kind == "output"


def test_a_tensor_of_a_tape_is_drawn_with_what_the_tape_knows_inside_and_after():
    x = ag.Tensor([1.0, 2.0], name="x")
    with ag.record() as tape:
        y = np.sum(np.exp(x) * x)
        inside = structure_of(y)
    assert inside == structure_of(y)
    assert [v.line != "" for v in inside.vertices] == [False, True, True, True]
    assert len(tape.operations) == 3


def test_what_was_computed_before_the_recording_is_drawn_as_well():
    x = ag.Tensor(2.0, name="x")
    before = x * x
    with ag.record() as tape:
        y = np.sin(before)
    assert [v.op for v in structure_of(tape).vertices] == [None, "multiply", "sin"]
    assert y.op == "sin"


def test_outputs_of_several_are_uses_of_one_operation():
    a = ag.Tensor(np.diag([1.0, 2.0]))
    with ag.record() as tape:
        w, v = np.linalg.eigh(a)
        y = np.sum(w) + np.sum(v * v)
    y.backward()
    found = structure_of(tape)
    assert [v.op for v in found.vertices] == [None, "eigh", "sum", "multiply", "sum", "add"]
    assert [(e.source, e.target) for e in found.edges] == [
        (1, 2), (2, 3), (2, 4), (2, 4), (4, 5), (3, 6), (5, 6),
    ]  # fmt: skip


def test_batches_checkpoints_and_complex_numbers_are_drawn():
    w = ag.Tensor([1.0, 2.0], name="w")
    z = ag.Tensor([1.0 + 2.0j, 3.0j], name="z")
    with ag.record() as tape:
        a = np.sum(ag.vmap(lambda row: np.sum(np.tanh(row * w)))(np.ones((3, 2))))
        b = ag.checkpoint(lambda x: np.sin(np.exp(x)))(w)
        (a + np.sum(b) + np.sum(np.abs(z))).backward()
    for style in ("boxes", "teaching"):
        text = viz.graph(tape, style=style, color_by="nan").dot()
        assert "checkpoint" in text
        assert "z" in text


def test_a_tape_without_operations_says_so():
    with ag.record() as tape:
        pass
    with pytest.raises(ValueError, match=r"this tape has no operation; compute something"):
        viz.graph(tape)


def test_a_function_is_run_differentiated_and_leaves_no_gradients():
    outer = ag.Tensor(2.0, name="outer")
    picture = viz.graph(lambda x: x * x * outer, 3.0)
    # d(2 x^2)/dx = 4 x = 12; with respect to outer, x^2 = 9
    texts = list(boxes(picture).values())
    assert [t for t in texts if t.startswith("x|")] == ["x|3|grad 12"]
    assert [t for t in texts if t.startswith("outer|")] == ["outer|2|grad 9"]
    assert outer.grad is None


def test_an_array_is_differentiated_as_its_sum_and_integers_are_constants():
    picture = viz.graph(lambda x, n: x**n, np.array([1.0, 2.0]), 3)
    # d sum x^3 = 3 x^2 = (3, 12), of norm sqrt(153) = 12.37
    assert "x|[1, 2]|grad norm 12.37" in boxes(picture).values()
    assert "3" in boxes(picture).values()


def test_containers_of_arguments_have_names_with_places():
    picture = viz.graph(lambda p: p["w"] * p["b"], {"w": 2.0, "b": 3.0})
    assert list(boxes(picture).values())[:2] == ["p[0]|2|grad 3", "p[1]|3|grad 2"]


def test_arrays_from_outside_have_the_names_that_the_function_calls_them():
    X = np.arange(6.0).reshape(3, 2)
    assert "X|(3, 2)" in boxes(viz.graph(lambda w: X @ w, np.ones(2))).values()


def test_given_names_are_those_of_tensors_without_one():
    x = ag.Tensor(2.0, name="x")
    hidden = x * 3.0
    y = np.sin(hidden)
    assert "hidden = multiply|6" in boxes(viz.graph(y, names=locals())).values()


def test_lines_that_could_name_two_results_name_none():
    def inner(x):
        return np.sin(x) * 2.0

    x = ag.Tensor(1.0, name="x")
    with ag.record() as tape:
        y = inner(x * 3.0) * 2.0 if x.item() else x
        z = x * 2.0 + y * 3.0
    found = by_name(structure_of(tape))
    assert set(found) == {"x", "z"}
    assert found["z"].op == "add"
    assert z.op == "add"


def test_the_local_derivatives_and_contributions_of_scalars_are_numbers():
    a, b = ag.Tensor(2.0, name="a"), ag.Tensor(3.0, name="b")
    with ag.record() as tape:
        c = a * b
        y = c * c
    y.backward()
    found = structure_of(tape, derivatives=True)
    # dc/da = 3, dc/db = 2, dy/dc = 6 twice: c gets 12, a gets 36, b gets 24
    assert [(e.local, e.contribution) for e in found.edges] == [
        ("3", "36"),
        ("2", "24"),
        ("6", "6"),
        ("6", "6"),
    ]


def test_a_broadcast_contribution_has_the_shape_of_the_operand():
    x, s = ag.Tensor(np.ones(4), name="x"), ag.Tensor(2.0, name="s")
    with ag.record() as tape:
        y = np.sum(x * s)
    y.backward()
    assert [e.contribution for e in structure_of(tape, derivatives=True).edges] == [
        "norm 4",  # 2 for each of four
        "4",  # the sum of four ones
        "norm 2",
    ]


def test_teaching_without_a_walk_still_has_local_derivatives():
    x = ag.Tensor(3.0, name="x")
    assert "∂v2/∂x = 3" in viz.graph(x * x, style="teaching").dot()


def test_teaching_draws_two_arrows_each_way_for_two_uses():
    lines = viz.graph(lambda a: a + a, 1.0, style="teaching").dot().splitlines()
    uses = [line for line in lines if line.startswith("  n1 -> o2 ")]
    assert ["dir=back" in line for line in uses] == [False, True, False, True]
    assert sum("∂v2/∂a = 1</b><br/>+= 1" in line for line in uses) == 2
    assert {re.search(r'color="(#\w+)"', line)[1] for line in uses} == {"#1668B8", "#C62128"}


def test_highlighting_writes_the_chain_rule_and_dims_what_is_not_on_the_way():
    text = viz.graph(scalar, 0.5, -3.0, style="teaching", highlight="b").dot()
    assert "∂y/∂b = ∂y/∂d · ∂d/∂c · ∂c/∂b" in text
    (a,) = (line for line in text.splitlines() if line.startswith("  n1 ["))
    assert "#A3A3A3" in a
    both = viz.graph(scalar, 0.5, -3.0, highlight="a").dot()
    assert "∂y/∂a = ∂y/∂d · ∂d/∂c · ∂c/∂a + ∂y/∂d · ∂d/∂a" in both


def test_a_way_that_doubles_forty_times_is_not_written_out():
    a = y = ag.Tensor(1.0, name="a")
    for _ in range(40):
        y = y + y
    text = viz.graph(y, style="teaching", highlight=a).dot()
    assert "the sum over all red ways" in text
    assert text.count("dir=back") >= 80


@pytest.mark.parametrize(
    ("color_by", "words"),
    [
        ("gradient", "norm of the gradient: none"),
        ("time", "ms, both ways: none"),
        ("bytes", "kB kept for the way back: none"),
        ("nan", "only its gradient not finite"),
    ],
)
def test_a_scale_has_a_legend(color_by, words):
    assert words in viz.graph(perceptron(), color_by=color_by).dot()


def test_the_first_that_is_not_finite_has_a_thick_line():
    with ag.record() as tape, np.errstate(all="ignore"):
        x = ag.Tensor([1.0, 0.0], name="x")
        logs = np.log(x)
        np.sum(logs * x).backward()
    lines = viz.graph(tape, color_by="nan").dot().splitlines()
    thick = [line for line in lines if "penwidth=3" in line]
    assert len(thick) == 1
    assert "logs = log" in thick[0]
    assert "first: value inf: 1 of 2" in thick[0]
    assert sum("penwidth=1.5" in line for line in lines) == 3  # the product, the sum, x's gradient


def test_times_are_in_the_drawing_only_where_they_are_asked_for():
    assert " ms" not in viz.graph(perceptron()).dot()
    assert " ms<" in viz.graph(perceptron(), color_by="time").dot()


@needs_dot
@pytest.mark.parametrize("style", ["boxes", "teaching"])
@pytest.mark.parametrize("color_by", [None, "gradient", "nan", "time"])
def test_every_drawing_is_xml_and_follows_its_reader(style, color_by):
    text = viz.graph(perceptron(), style=style, color_by=color_by).svg()
    assert ET.fromstring(text).tag == "{http://www.w3.org/2000/svg}svg"
    assert "@media (prefers-color-scheme: dark)" in text


@needs_dot
def test_dark_and_light_are_fixed_where_they_are_asked_for():
    dark, light = (viz.graph(ag.Tensor(1.0), dark=dark).svg() for dark in (True, False))
    assert 'fill="#15181c"' in dark
    assert 'fill="white"' in light
    assert "prefers-color-scheme" not in dark + light


@needs_dot
def test_code_of_the_program_is_escaped_where_it_is_told():
    with ag.record() as tape:
        y = ag.Tensor(1.0, name="</script>") * float("1" if "<b>&\"'\\N" else "2")
    root = ET.fromstring(viz.graph(tape).svg())
    told = [
        a.get("{http://www.w3.org/1999/xlink}title") for a in root.iter() if a.tag.endswith("}a")
    ]
    assert any("<b>&∖\"'∖∖N" in text for text in told), told
    assert y.op == "multiply"


def test_the_table_of_a_recording_has_its_lines_and_times(tmp_path):
    path = viz.graph(perceptron()).save(tmp_path / "g.html")
    text = path.read_text(encoding="utf-8")
    assert '<th scope="col">bytes kept</th>' in text
    assert len(re.findall(r"<td>programs\.py:\d+</td><td>\d+\.\d{3}</td><td>\d+</td>", text)) == 6


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"style": "pretty"}, "style must be one of 'boxes', 'teaching', got 'pretty'"),
        ({"color_by": "kind"}, "color_by must be one of None, 'gradient', .*got 'kind'"),
        ({"direction": "up"}, "direction must be one of 'right', 'down', got 'up'"),
        ({"highlight": "w"}, "no value of the graph is named 'w'; named are: x$"),
        ({"focus": ag.Tensor(1.0)}, "this Tensor is not in the graph that is drawn"),
    ],
)
def test_options_that_there_are_not_are_refused(options, message):
    with pytest.raises(ValueError, match=message):
        viz.graph(np.sin(ag.Tensor(1.0, name="x")), **options)


def test_what_cannot_be_drawn_is_refused():
    with pytest.raises(TypeError, match=r"the function must return a Tensor .* returned float"):
        viz.graph(lambda x: 1.0, 2.0)
    with pytest.raises(TypeError, match="arguments are those of a function, and Tensor is none"):
        viz.graph(ag.Tensor(1.0), 2.0)
