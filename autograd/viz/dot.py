"""A structure in Graphviz's language; the same structure gives the same text."""

from collections import defaultdict
from dataclasses import dataclass, field
from html import escape

from autograd.viz.palette import LIGHT, Palette
from autograd.viz.scales import scale
from autograd.viz.structure import Edge, Structure, Vertex

_OUTLINE = {
    "leaf": 'style="rounded,filled"',
    "constant": 'style="dashed,filled"',
    "operation": 'style="filled"',
    "output": 'style="filled", peripheries=2',
    "group": 'style="filled", shape=box3d, margin="0.18,0.12"',
}
# The same for the tables of the legend.
_SWATCH = {
    "leaf": 'style="rounded" cellborder="0"',
    "constant": 'style="dashed" cellborder="0"',
    "operation": 'cellborder="0"',
    "output": 'cellborder="1" cellspacing="2"',
    "group": 'cellborder="0"',
}
FONT = 'fontname="Helvetica,Arial,sans-serif"'  # of one width wherever drawn and shown
_STRAIGHT = 4  # weight of the edges between operations: a chain of them reads as one line
_WIDEST = 80  # characters of the caption in one line


@dataclass(frozen=True)
class Look:
    """How a structure is drawn.

    Attributes
    ----------
    palette : Palette
    color_by : str or None
    path : frozenset of int
        Numbers of the vertices that are highlighted; the others are dimmed.
    formula : str
        What the highlighted way computes.
    direction : {"right", "down"}
        Where arrows forward lead.
    dpi : int or None
        Resolution of a bitmap.
    times : bool
        Whether times are told, which differ from run to run.
    """

    palette: Palette = LIGHT
    color_by: str | None = None
    path: frozenset[int] = field(default_factory=frozenset)
    formula: str = ""
    direction: str = "right"
    dpi: int | None = None
    times: bool = False

    def dims(self, vertex: Vertex) -> bool:
        """Whether `vertex` is not on the way that is highlighted."""
        return bool(self.path) and vertex.number not in self.path

    def follows(self, edge: Edge) -> bool:
        """Whether `edge` is on the way that is highlighted."""
        return edge.source in self.path and edge.target in self.path


def source(structure: Structure, look: Look | None = None) -> str:
    """Return `structure` as Graphviz source."""
    look = look or Look()
    operations = {vertex.number for vertex in structure.vertices if vertex.op}
    fills, _ = scale(structure, look.color_by, look.palette)
    lines = [
        *head(structure, look),
        *framed(
            structure,
            {v.number: [_node(v, structure, look, fills)] for v in structure.vertices},
            look,
        ),
        *(stub(vertex) for vertex in structure.vertices if vertex.hidden),
        *(_edge(edge, look, straight=edge.source in operations) for edge in structure.edges),
        "}",
    ]
    return "\n".join(lines) + "\n"


def head(structure: Structure, look: Look, legend: str = "") -> list[str]:
    """Return the first lines of a picture, with its legend."""
    palette = look.palette
    ink = "" if palette.text == "black" else f', fontcolor="{palette.text}"'
    rank = "TB" if look.direction == "down" else "LR"
    space = f'bgcolor="{palette.background}", pad=0.2, nodesep=0.2, ranksep=0.35'
    return [
        'digraph "computation graph" {',
        f"  graph [rankdir={rank}, ordering=in, {space}];",
        f"  graph [{FONT}, fontsize=10, label=<{legend or _legend(structure, look)}>{ink}];",
        f'  node [{FONT}, fontsize=12, shape=box, margin="0.12,0.06", width=0, height=0{ink}];',
        f'  edge [{FONT}, fontsize=9, color="{palette.edge}", arrowsize=0.6{ink}];',
        *([] if look.dpi is None else [f"  graph [dpi={look.dpi}];"]),
    ]


def framed(structure: Structure, statements: dict[int, list[str]], look: Look) -> list[str]:
    """Return the statements of vertices, those of a cluster inside it."""
    within: dict[int, list[int]] = defaultdict(list)
    for vertex in structure.vertices:
        within[vertex.cluster].append(vertex.number)
    inner: dict[int, list[int]] = defaultdict(list)
    titles = {cluster.number: cluster for cluster in structure.clusters}
    for cluster in structure.clusters:
        inner[cluster.parent].append(cluster.number)
    lines: list[str] = []
    todo: list[int | None] = [0]  # None ends a cluster
    while todo:
        number = todo.pop()
        if number is None:
            lines.append("  }")
            continue
        if number:
            lines.append(
                _frame(titles[number].number, titles[number].title, look, titles[number].repeats)
            )
            todo.append(None)
        lines += [line for vertex in within[number] for line in statements[vertex]]
        todo += inner[number][::-1]
    return lines


def _frame(number: int, title: str, look: Look, repeats: bool) -> str:
    """Return the line that opens a cluster."""
    colour = look.palette.kinds["group" if repeats else "constant"][0]
    # The title of repeated blocks stands where no arrow of an input leads over it.
    where = "labelloc=b, labeljust=r" if repeats else "labelloc=t, labeljust=l"
    line = "rounded,bold" if repeats else "rounded"
    return (
        f"  subgraph cluster{number} {{ label=<<b>{escaped(title)}</b>>; "
        f'graph [color="{colour}", fontcolor="{colour}", {where}, fontsize=10, style="{line}"];'
    )


def _node(vertex: Vertex, structure: Structure, look: Look, fills: dict[int, str]) -> str:
    """Return the statement of a vertex."""
    content = size(vertex) if vertex.value is None or vertex.kind == "group" else vertex.value
    if structure.differs(vertex):
        content += f" {vertex.dtype}"
    title = " = ".join(text for text in (vertex.name, vertex.op) if text)
    if not title and vertex.kind == "constant" and vertex.value:
        title, content = content, ""
    if vertex.repeats > 1:
        title += f" · ×{vertex.repeats:,}"
    inside = vertex.value if vertex.kind == "group" else ""
    gradient = f"grad {vertex.gradient}" if vertex.gradient else ""
    told = [inside, content, gradient, *quantity(vertex, look)]
    details = "".join(f'<br/><font point-size="9">{escaped(line)}</font>' for line in told if line)
    label = f"<b>{escaped(title or vertex.kind)}</b>{details}"
    return f"  n{vertex.number} [label=<{label}>, {outlined(vertex, look, fills)}];"


def size(vertex: Vertex) -> str:
    """Return the shape of a value as it is written."""
    return "" if vertex.shape is None else str(vertex.shape or "scalar")


def quantity(vertex: Vertex, look: Look) -> list[str]:
    """Return what a box says of the quantity that it is coloured by."""
    if look.color_by == "time" and vertex.seconds is not None:
        return [f"{vertex.seconds * 1e3:.3g} ms"]
    if look.color_by == "bytes" and vertex.saved is not None:
        return [f"{vertex.saved:,} bytes kept"]
    if look.color_by == "nan" and vertex.bad:
        return [f"first: {vertex.bad}" if vertex.first else vertex.bad]
    return []


def outlined(vertex: Vertex, look: Look, fills: dict[int, str]) -> str:
    """Return the attributes of a box that say its kind, and what is told when it is pointed at."""
    palette = look.palette
    line, fill = palette.kinds[vertex.kind]
    fill = fills.get(vertex.number, fill)
    wide = ""
    if look.dims(vertex):
        line, fill, wide = palette.faint, palette.background, f', fontcolor="{palette.faint}"'
    elif look.color_by == "nan" and vertex.bad:
        line = palette.bad[not vertex.bad.startswith("value")][0]
        wide = ", penwidth=3" if vertex.first else ", penwidth=1.5"
    return (
        f'{_OUTLINE[vertex.kind]}, color="{line}", fillcolor="{fill}"{wide}{_tooltip(vertex, look)}'
    )


def _tooltip(vertex: Vertex, look: Look) -> str:
    """Return the attribute with all that is known from a recording."""
    if not vertex.line:
        return ""
    told = [f"{vertex.line}  {vertex.code}", vertex.scope and f"scope {vertex.scope}"]
    told += [] if vertex.saved is None else [f"{vertex.saved:,} bytes kept"]
    told += [f"{vertex.seconds * 1e3:.3g} ms"] if look.times and vertex.seconds is not None else []
    # Versions of Graphviz differ in how often they read a backslash here: its likeness is safe.
    text = "&#10;".join(escape(line).replace("\\", "∖") for line in told if line)
    return f', tooltip="{text}"'


def escaped(text: str) -> str:
    """Return text for a label, where a lone backslash and an N would be the node's own name."""
    return escape(text).replace("\\", r"\\")


def stub(vertex: Vertex) -> str:
    """Return the statements that say how many operands of a vertex are left out."""
    return (
        f'  h{vertex.number} [label="{vertex.hidden} hidden", shape=plaintext, fontsize=9];\n'
        f"  h{vertex.number} -> n{vertex.number} [style=dashed];"
    )


def _edge(edge: Edge, look: Look, *, straight: bool) -> str:
    """Return the statement of an edge."""
    attributes = [f"weight={_STRAIGHT}"] if straight and not edge.turns else []
    labels = [edge.note] if edge.note else []
    colour = ""
    if edge.broadcast:
        before, after = edge.broadcast
        labels = [f"{before} -> {after}", *labels]
        colour = look.palette.broadcast
    if look.path:
        follows = look.follows(edge)
        colour = look.palette.backward if follows else look.palette.faint
        attributes += ["penwidth=2.5"] if follows else []
    if labels:
        attributes.append(f'label="{", ".join(labels)}"')
    text = ""
    if colour:
        text = f'color="{colour}", fontcolor="{colour}"' if labels else f'color="{colour}"'
    if edge.turns:
        attributes += ["style=dashed", "constraint=false"]
    end = ", ".join([*attributes, *([text] if text else [])])
    return f"  n{edge.source} -> n{edge.target}{f' [{end}]' if end else ''};"


def _legend(structure: Structure, look: Look) -> str:
    """Return the caption: the kinds that occur, what shapes on an edge mean, what is shown."""
    cells = swatches(structure, look)
    if any(edge.broadcast for edge in structure.edges):
        sample = "(3,) -&gt; (4, 3) broadcast; backward sums"
        cells.append(f'<font color="{look.palette.broadcast}">{sample}</font>')
    if any(edge.turns for edge in structure.edges):
        cells.append("dashed: into the next of repeated blocks")
    return legend_of(cells, structure, look)


def swatches(structure: Structure, look: Look, plain: str = "") -> list[str]:
    """Return the cells of a legend that explain boxes; what the plain ones are, if some are."""
    kinds = {vertex.kind for vertex in structure.vertices}
    palette = look.palette
    _, steps = scale(structure, look.color_by, palette)
    cells = []
    for kind, outline in _SWATCH.items():
        if kind in kinds:
            line, fill = palette.kinds[kind]
            fill = palette.plain if steps or (plain and kind == "operation") else fill
            meaning = plain if plain and kind == "operation" else kind
            colours = f'color="{line}" bgcolor="{fill}"'
            cells.append(
                f'<table border="1" cellpadding="3" {outline} {colours}>'
                f"<tr><td>{meaning}</td></tr></table>"
            )
    return cells + [
        f'<table border="0" cellborder="0" cellpadding="3" bgcolor="{fill}">'
        f"<tr><td>{meaning}</td></tr></table>"
        for fill, meaning in steps
    ]


def legend_of(cells: list[str], structure: Structure, look: Look) -> str:
    """Return the table of a legend: its cells, and what is shown; a long caption below them."""
    caption = escaped(structure.caption)
    long = len(caption) > _WIDEST or bool(look.color_by) or look.direction == "down"
    row = "".join(f"<td>{cell}</td>" for cell in (cells if long else [*cells, caption]))
    rows = [f"<tr>{row}</tr>"]
    if long:
        lines = caption.replace("; ", ';<br align="left"/>') + '<br align="left"/>'
        rows.append(f'<tr><td colspan="{max(1, len(cells))}" align="left">{lines}</td></tr>')
    if look.formula:
        text = escaped(look.formula).replace("\n", "<br/>")
        text = f'<font color="{look.palette.backward}" point-size="14">{text}</font>'
        rows.insert(0, f'<tr><td colspan="{max(1, len(cells) + (not long))}">{text}</td></tr>')
    return f'<table border="0" cellspacing="0" cellpadding="3">{"".join(rows)}</table>'
