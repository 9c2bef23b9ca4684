"""Make the pictures of README and docs again: `python docs/draw.py`; it needs Graphviz."""

import contextlib
import linecache
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import graphviz
import numpy as np

import autograd as ag
from autograd import viz

IMAGES = Path(__file__).parent / "images"

# The colours of autograd.viz.
BOX = {
    "leaf": 'style="rounded,filled", color="#0072B2", fillcolor="#DCECF7"',
    "operation": 'style="filled", color="#B87F00", fillcolor="#FFF4DC"',
    "output": 'style="filled", color="#009E73", fillcolor="#DDF3EC", peripheries=2',
    "array": 'style="filled", color="#6E6E6E", fillcolor="#F3F3F3"',
    "gone": 'style="dashed", color="#6E6E6E", fontcolor="#6E6E6E"',
}
BACKWARD = "#A84A00"
HEAD = """digraph {
  graph [rankdir=LR, bgcolor=white, pad=0.2, nodesep=0.3, ranksep=0.7];
  graph [fontname="Helvetica,Arial,sans-serif", fontsize=11];
  node [shape=box, margin="0.12,0.06", width=0, height=0];
  node [fontname="Helvetica,Arial,sans-serif", fontsize=12];
  edge [fontname="Helvetica,Arial,sans-serif", fontsize=11, color="#444444", arrowsize=0.6];
"""


def draw(name, lines, engine="dot"):
    """Write `name`.svg from Graphviz statements."""
    source = graphviz.Source(HEAD + "\n".join(lines) + "\n}", engine=engine)
    svg = source.pipe(format="svg").decode()
    IMAGES.joinpath(name).with_suffix(".svg").write_text(svg[svg.index("<svg") :], encoding="utf-8")


def box(key, kind, title, *details):
    """Return the statement of a box with a bold title and small lines below."""
    small = "".join(f'<br/><font point-size="10">{line}</font>' for line in details)
    return f"{key} [label=<<b>{title}</b>{small}>, {BOX[kind]}];"


def network():
    """Draw what the README says it draws: its second block of code, run."""
    readme = IMAGES.parents[1].joinpath("README.md").read_text(encoding="utf-8")
    code = next(part for part in readme.split("```python\n") if part.startswith("import nn\n"))
    with contextlib.chdir(IMAGES):
        exec(code.partition("```")[0], {"np": np})  # noqa: S102 - our own page


def gallery():
    """Draw what the gallery says it draws; say how long each of its blocks takes."""
    text = IMAGES.parent.joinpath("gallery.md").read_text(encoding="utf-8")
    scope = {}
    for number, part in enumerate(text.split("```python\n")[1:]):
        code = part.partition("```")[0]
        name = f"<gallery {number}>"
        lines = code.splitlines(keepends=True)
        linecache.cache[name] = (len(code), None, lines, name)  # results are named by their lines
        start = time.perf_counter()
        with contextlib.chdir(IMAGES):
            exec(compile(code, name, "exec"), scope)  # noqa: S102 - our own page
        print(f"block {number}: {time.perf_counter() - start:.2f} s")  # noqa: T201 - for the table of the page


def expression():
    """The graph of a small expression, then the same with what the walk back carries."""
    x, y = ag.Tensor(2.0, name="x"), ag.Tensor(3.0, name="y")
    xy, sine = x * y, np.sin(x)
    z = xy + sine
    z.name = "z"
    z.backward(retain_graph=True)
    viz.graph(z).save(IMAGES / "expression.svg")

    # Leaves are parents, so nodes; that of a Tensor that is no leaf is known by its name.
    xy.name, sine.name = "xy", "sine"
    tensors = {tensor.name: tensor for tensor in (x, y, xy, sine, z)}
    cotangent = dict.fromkeys(tensors, 0.0) | {"z": 1.0}
    edges = []
    for name in ("z", "sine", "xy"):
        tensor = tensors[name]
        for parent, vjp in zip(tensor.parents, tensor.vjps, strict=True):
            contribution = float(vjp(np.float64(cotangent[name])))
            cotangent[parent.name] += contribution
            edges.append(
                f'{parent.name} -> {name} [dir=back, color="{BACKWARD}", fontcolor="{BACKWARD}", '
                f'label="{contribution:.3g}"];'
            )
    turns = {"z": 1, "sine": 2, "xy": 3}
    lines = []
    for name, tensor in tensors.items():
        kind = "output" if name == "z" else "operation" if tensor.op else "leaf"
        value = f"value {tensor.item():.4g}"
        title = f"z = {tensor.op}" if name == "z" else tensor.op or name
        turn = [f"visited {['first', 'second', 'third'][turns[name] - 1]}"] if tensor.op else []
        total = f'<font color="{BACKWARD}">cotangent {cotangent[name]:.4g}</font>'
        lines.append(box(name, kind, title, value, total, *turn))
    draw("walk", [*lines, "{rank=same; x; y}", "{rank=same; xy; sine}", *edges])


def parts():
    """What is held after ``b = np.exp(2 * a)``: Tensors, nodes, arrays."""
    a = ag.Tensor([0.0, 1.0])
    b = np.exp(2 * a)
    (product,) = b.parents
    if (b.op, product.op, product.kept) != ("exp", "multiply", (2,)):
        raise RuntimeError("the picture is of other nodes than these")
    places = {
        "ta": (0, 1.6), "na": (0, 0), "xa": (1.4, 0.8),
        "th": (3, 1.6), "nh": (3, 0), "xh": (4.4, 0.8), "two": (4.4, -0.6),
        "tb": (6, 1.6), "nb": (6, 0), "xb": (7.4, 0.8),
    }  # fmt: skip
    up, down = "labeldistance=5, labelangle=24", "labeldistance=5, labelangle=-24"
    freed = 'style=dashed, color="#999999"'
    draw(
        "parts",
        [
            "edge [fontsize=10];",
            *(f'{key} [pos="{x},{y}!"];' for key, (x, y) in places.items()),
            box("ta", "leaf", "Tensor a"),
            box("na", "leaf", "node", "leaf"),
            box("xa", "array", "[0, 1]"),
            box("th", "gone", "Tensor 2 * a", "no one holds it: freed"),
            box("nh", "operation", "node", "multiply"),
            box("xh", "gone", "[0, 2]", "freed"),
            box("two", "array", "2"),
            box("tb", "output", "Tensor b"),
            box("nb", "operation", "node", "exp"),
            box("xb", "array", "[1, 7.39]"),
            f'ta -> xa [taillabel="value", {up}]; ta -> na;',
            f'tb -> xb [taillabel="value", {up}]; tb -> nb;',
            f"th -> xh [{freed}]; th -> nh [{freed}];",
            'nh -> na [label="parent"]; nb -> nh [label="parent"];',
            f'nh -> two [taillabel="keeps x", {up}];',
            f'nb -> xb [taillabel="keeps ans", {down}];',
        ],
        engine="neato",
    )


def nested():
    """The graph of ``grad(lambda y: x * (y * y))(3.0)`` where x is an outer variable."""
    seen = {}

    def inner(y):
        seen["y"] = y
        seen["value"] = x * (y * y)
        return seen["value"]

    x = ag.Tensor(5.0, name="x")
    slope = ag.grad(inner)(3.0)
    nodes, todo = {}, [slope, seen["value"]]
    for tensor in todo:
        todo += [node for node in tensor.parents if node not in todo]
    births = {}
    for item in todo:
        node = item if hasattr(item, "birth") else item._node  # noqa: SLF001 - to draw what is inside
        nodes[node] = births[node] = node.birth
    order = sorted(nodes, key=births.get)
    number = {node: count for count, node in enumerate(order, 1)}
    since, last = seen["y"]._node.birth, seen["value"]._node.birth  # noqa: SLF001 - the same
    groups = {
        "older than y": [node for node in order if node.birth < since],
        "the function": [node for node in order if since <= node.birth <= last],
        "its derivative, recorded": [node for node in order if node.birth > last],
    }
    lines = []
    for place, (title, members) in enumerate(groups.items()):
        edge = "b" if place == 0 else "t"
        lines.append(f'subgraph cluster{place} {{ label="{title}"; labelloc={edge}; labeljust=r;')
        lines.append('style=dashed; color="#6E6E6E";')
        for node in members:
            kind = "operation" if node.op else "leaf"
            name = node.op or ("x" if node.birth < since else "y")
            lines.append(box(f"n{number[node]}", kind, name, f"birth {number[node]}"))
        lines.append("}")
    for node in order:
        for parent in node.parents:
            cut = parent.birth < since <= node.birth <= last
            style = f'[color="{BACKWARD}", style=dashed]' if cut else ""
            lines.append(f"n{number[parent]} -> n{number[node]} {style};")
    draw("nested", lines)


def demo():
    """The learning curves of `make demo`."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "nn.demo", "--out", "."]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=folder)
        shutil.copy(Path(folder) / "learning_curves.png", IMAGES)


if __name__ == "__main__":
    IMAGES.mkdir(exist_ok=True)
    for picture in (network, gallery, expression, parts, nested, demo):
        picture()
