"""A structure in Graphviz's language; the same structure gives the same text."""

from html import escape

from autograd.viz.structure import Edge, Structure, Vertex

# Okabe and Ito's colours, which colour-blind readers tell apart; the outlines differ as well.
_STYLE = {
    "leaf": 'style="rounded,filled", color="#0072B2", fillcolor="#DCECF7"',
    "constant": 'style="dashed,filled", color="#6E6E6E", fillcolor="#F3F3F3"',
    "operation": 'style="filled", color="#B87F00", fillcolor="#FFF4DC"',
    "output": 'style="filled", peripheries=2, color="#009E73", fillcolor="#DDF3EC"',
}
# The same for the tables of the legend.
_SWATCH = {
    "leaf": 'style="rounded" cellborder="0" color="#0072B2" bgcolor="#DCECF7"',
    "constant": 'style="dashed" cellborder="0" color="#6E6E6E" bgcolor="#F3F3F3"',
    "operation": 'cellborder="0" color="#B87F00" bgcolor="#FFF4DC"',
    "output": 'cellborder="1" cellspacing="2" color="#009E73" bgcolor="#DDF3EC"',
}
_BROADCAST = "#A84A00"  # darker than theirs, to be read as text
_FONT = 'fontname="Helvetica,Arial,sans-serif"'  # of one width wherever drawn and shown
_STRAIGHT = 4  # weight of the edges between operations: a chain of them reads as one line


def source(structure: Structure, *, dpi: int | None = None) -> str:
    """Return `structure` as Graphviz source; `dpi` is the resolution of a bitmap."""
    operations = {vertex.number for vertex in structure.vertices if vertex.op}
    lines = [
        'digraph "computation graph" {',
        '  graph [rankdir=LR, ordering=in, bgcolor="white", pad=0.2, nodesep=0.2, ranksep=0.35];',
        f"  graph [{_FONT}, fontsize=10, label=<{_legend(structure)}>];",
        f'  node [{_FONT}, fontsize=12, shape=box, margin="0.12,0.06", width=0, height=0];',
        f'  edge [{_FONT}, fontsize=9, color="#444444", arrowsize=0.6];',
        *([] if dpi is None else [f"  graph [dpi={dpi}];"]),
        *(_node(vertex, structure) for vertex in structure.vertices),
        *(_stub(vertex) for vertex in structure.vertices if vertex.hidden),
        *(_edge(edge, straight=edge.source in operations) for edge in structure.edges),
        "}",
    ]
    return "\n".join(lines) + "\n"


def _node(vertex: Vertex, structure: Structure) -> str:
    """Return the statement of a vertex."""
    size = "" if vertex.shape is None else str(vertex.shape or "scalar")
    content = vertex.value or size
    if structure.differs(vertex):
        content += f" {vertex.dtype}"
    title = " = ".join(text for text in (vertex.name, vertex.op) if text)
    if not title and vertex.kind == "constant" and vertex.value:
        title, content = content, ""
    gradient = f"grad {vertex.gradient}" if vertex.gradient else ""
    details = "".join(
        f'<br/><font point-size="9">{line}</font>' for line in (content, gradient) if line
    )
    label = f"<b>{_escaped(title or vertex.kind)}</b>{details}"
    return f"  n{vertex.number} [label=<{label}>, {_STYLE[vertex.kind]}];"


def _escaped(text: str) -> str:
    """Return text for a label, where a lone backslash and an N would be the node's own name."""
    return escape(text).replace("\\", r"\\")


def _stub(vertex: Vertex) -> str:
    """Return the statements that say how many operands of a vertex are left out."""
    return (
        f'  h{vertex.number} [label="{vertex.hidden} hidden", shape=plaintext, fontsize=9];\n'
        f"  h{vertex.number} -> n{vertex.number} [style=dashed];"
    )


def _edge(edge: Edge, *, straight: bool) -> str:
    """Return the statement of an edge."""
    attributes = [f"weight={_STRAIGHT}"] if straight else []
    if edge.broadcast:
        before, after = edge.broadcast
        attributes += [
            f'label="{before} -> {after}", color="{_BROADCAST}", fontcolor="{_BROADCAST}"'
        ]
    end = f" [{', '.join(attributes)}]" if attributes else ""
    return f"  n{edge.source} -> n{edge.target}{end};"


def _legend(structure: Structure) -> str:
    """Return the caption: the kinds that occur, what shapes on an edge mean, what is shown."""
    kinds = {vertex.kind for vertex in structure.vertices}
    cells = [
        f'<table border="1" cellpadding="3" {style}><tr><td>{kind}</td></tr></table>'
        for kind, style in _SWATCH.items()
        if kind in kinds
    ]
    if any(edge.broadcast for edge in structure.edges):
        sample = "(3,) -&gt; (4, 3) broadcast; backward sums"
        cells.append(f'<font color="{_BROADCAST}">{sample}</font>')
    cells.append(_escaped(structure.caption))
    row = "".join(f"<td>{cell}</td>" for cell in cells)
    return f'<table border="0" cellspacing="0" cellpadding="3"><tr>{row}</tr></table>'
