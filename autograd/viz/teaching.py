"""The picture for teaching: values as boxes, operations as circles, arrows both ways."""

from collections import defaultdict

from autograd.viz.dot import (
    Look,
    escaped,
    framed,
    head,
    legend_of,
    outlined,
    quantity,
    size,
    stub,
    swatches,
)
from autograd.viz.highlight import called
from autograd.viz.scales import scale
from autograd.viz.structure import Edge, Structure, Vertex

_SYMBOLS = {
    "add": "+", "subtract": "−", "multiply": "×", "divide": "÷", "true_divide": "÷",
    "matmul": "@", "power": "^", "negative": "−", "sum": "Σ", "square": "²", "sqrt": "√",
    "absolute": "|·|",
}  # fmt: skip

# What an operation does to a gradient g on its way to each operand, by the names of the operands,
# a and b, and of the result, y. Of an elementwise one: its local derivative, by which g is
# multiplied.
_RULES: dict[str, tuple[str, ...]] = {
    "add": ("1", "1"),
    "subtract": ("1", "−1"),
    "multiply": ("{b}", "{a}"),
    "divide": ("1/{b}", "−{a}/{b}²"),
    "true_divide": ("1/{b}", "−{a}/{b}²"),
    "negative": ("−1",),
    "square": ("2 {a}",),
    "sqrt": ("1/(2 {y})",),
    "exp": ("{y}",),
    "log": ("1/{a}",),
    "sin": ("cos {a}",),
    "cos": ("−sin {a}",),
    "tanh": ("1 − {y}²",),
    "sigmoid": ("{y} (1 − {y})",),
    "relu": ("1 where {a} > 0",),
    "power": ("{b} {a}^({b} − 1)", "{y} log {a}"),
    "matmul": ("g @ {b}ᵀ", "{a}ᵀ @ g"),
    "sum": ("1 everywhere",),
    "mean": ("1/n everywhere",),
    "softmax_cross_entropy": ("(softmax({a}) − labels)/n",),
}


def source(structure: Structure, look: Look | None = None) -> str:
    """Return `structure` as Graphviz source, in the style for teaching."""
    look = look or Look()
    fills, _ = scale(structure, look.color_by, look.palette)
    statements = {
        v.number: [_value(v, structure, look, fills), *_circle(v, look)] for v in structure.vertices
    }
    lines = [
        *head(structure, look, _legend(structure, look)),
        '  graph [nodesep=0.3, ranksep=0.45, ordering=""];',
        *framed(structure, statements, look),
        *(stub(vertex) for vertex in structure.vertices if vertex.hidden),
        *_all_uses(structure, look),
        "}",
    ]
    return "\n".join(lines) + "\n"


def _all_uses(structure: Structure, look: Look) -> list[str]:
    """Return the statements of all arrows to operations."""
    vertices = {vertex.number: vertex for vertex in structure.vertices}
    operands: dict[int, list[Edge]] = defaultdict(list)
    for edge in structure.edges:
        operands[edge.target].append(edge)
    return [
        line
        for target, edges in operands.items()
        for line in _uses(vertices[target], edges, vertices, look)
    ]


def _value(vertex: Vertex, structure: Structure, look: Look, fills: dict[int, str]) -> str:
    """Return the statement of the box of a value."""
    content = size(vertex) if vertex.value is None or vertex.kind == "group" else vertex.value
    if structure.differs(vertex):
        content += f" {vertex.dtype}"
    name = called(vertex)
    title = vertex.value if vertex.kind == "constant" and vertex.value else name
    if vertex.kind == "constant" and not vertex.value:
        title = vertex.name or "constant"
    if vertex.repeats > 1:
        title = f"{title} · ×{vertex.repeats:,}"
    told = [content if title != content else "", *quantity(vertex, look)]
    small = "".join(f'<br/><font point-size="10">{escaped(line)}</font>' for line in told if line)
    if vertex.gradient:
        red = look.palette.faint if look.dims(vertex) else look.palette.backward
        gradient = escaped(f"grad {vertex.gradient}")
        small += f'<br/><font point-size="10" color="{red}">{gradient}</font>'
    label = f"<b>{escaped(title or '')}</b>{small}"
    fills = {vertex.number: look.palette.plain, **fills} if vertex.kind == "operation" else fills
    return f"  n{vertex.number} [label=<{label}>, {outlined(vertex, look, fills)}];"


def _circle(vertex: Vertex, look: Look) -> list[str]:
    """Return the statements of the circle of an operation, and of the arrows to its result."""
    if not vertex.op:
        return []
    palette, n = look.palette, vertex.number
    dims = look.dims(vertex)
    line, fill = palette.kinds["operation"]
    line, fill = (palette.faint, palette.background) if dims else (line, fill)
    symbol = _SYMBOLS.get(vertex.op, vertex.op)
    points = 16 if symbol != vertex.op else 11
    ink = f', fontcolor="{line}"' if dims else ""
    circle = (
        f'  o{n} [label="{escaped(symbol)}", shape=circle, style="filled", margin=0.02, '
        f'fontsize={points}, color="{line}", fillcolor="{fill}"{ink}];'
    )
    arrows = [f"  o{n} -> n{n} [{_blue(look, dims=dims)}, weight=4];"]
    if vertex.gradient and not dims:
        width = ", penwidth=3" if look.path else ""
        arrows.append(f'  o{n} -> n{n} [dir=back, color="{palette.backward}", weight=4{width}];')
    return [circle, *arrows]


def _blue(look: Look, *, dims: bool) -> str:
    """Return the attributes of an arrow forward."""
    palette = look.palette
    return f'color="{palette.faint if dims else palette.forward}"'


def _uses(vertex: Vertex, edges: list[Edge], vertices: dict[int, Vertex], look: Look) -> list[str]:
    """Return the statements of the arrows between a value and its operands."""
    end = f"o{vertex.number}" if vertex.op else f"n{vertex.number}"
    names = [called(vertices[edge.source]) for edge in edges]
    lines = []
    for position, edge in enumerate(edges):
        operand = vertices[edge.source]
        dims = bool(look.path) and not look.follows(edge)
        blue = [_blue(look, dims=dims)]
        blue += [f'label="{edge.note}"'] if edge.note else []
        blue += ["style=dashed", "constraint=false"] if edge.turns else []
        lines.append(f"  n{edge.source} -> {end} [{', '.join(blue)}];")
        known = edge.local or edge.contribution or (vertex.gradient and vertex.op)
        if operand.kind == "constant" or not known or dims or edge.turns:
            continue
        red = look.palette.backward
        label = _factor(vertex, edge, position, names, operand, down=look.direction == "down")
        width = ", penwidth=3" if look.path else ""
        lines.append(
            f'  n{edge.source} -> {end} [dir=back, color="{red}", fontcolor="{red}", '
            f"label=<{label}>{width}];"
        )
    return lines


def _factor(
    vertex: Vertex, edge: Edge, position: int, names: list[str], operand: Vertex, *, down: bool
) -> str:
    """Return the label of an arrow backward: the local derivative, and what is added."""
    derivative = f"∂{called(vertex)}/∂{called(operand)}"
    if edge.local is not None:
        derivative += f" = {edge.local}"
    else:
        rules = _RULES.get(vertex.op or "", ())
        if position < len(rules) and len(names) == len(rules):
            rule = rules[position].format(a=names[0], b=names[-1], y=called(vertex))
            derivative += f": {rule}" if "@ g" in rule or "g @" in rule else f" = {rule}"
    lines = [f"<b>{escaped(derivative)}</b>"]
    if edge.contribution is not None:
        shape = f"{operand.shape}, " if operand.shape else ""
        lines.append(escaped(f"+= {shape}{edge.contribution}"))
    elif operand.shape:
        lines.append(escaped(str(operand.shape)))
    if edge.broadcast:
        lines.append(f"summed {edge.broadcast[1]} → {edge.broadcast[0]}".replace(">", "&gt;"))
    return "<br/>".join([f"&#160;&#160;{x}" for x in lines] if down else lines)


def _legend(structure: Structure, look: Look) -> str:
    """Return the legend: kinds, what the arrows mean, what is shown."""
    palette = look.palette
    cells = [
        *swatches(structure, look, plain="value"),
        f'<font color="{palette.kinds["operation"][0]}">○ operation</font>',
        f'<font color="{palette.forward}">→ forward: values</font>',
        f'<font color="{palette.backward}">← backward: ∂out/∂in, += to the gradient</font>',
    ]
    return legend_of(cells, structure, look)
