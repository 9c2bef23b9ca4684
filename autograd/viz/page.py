"""A structure as HTML without script or network: a table, in the order of computation."""

from html import escape

from autograd.viz.structure import Structure, Vertex

_COLUMNS = ("#", "kind", "name", "operation", "shape", "dtype", "operands", "value", "gradient")
_RECORDED = ("scope", "line", "ms", "bytes kept")
_STYLE = """\
.computation-graph { font: 14px/1.4 system-ui, sans-serif; color-scheme: light dark; }
.computation-graph { background: Canvas; color: CanvasText; overflow-x: auto; padding: 1em; }
.computation-graph table { border-collapse: collapse; }
.computation-graph caption { text-align: left; padding-bottom: 0.6em; }
.computation-graph :is(th, td) { text-align: left; padding: 0.2em 0.8em; }
.computation-graph :is(th, td) { border-bottom: 1px solid #8886; }
.computation-graph tr > :first-child { border-left: 6px solid transparent; }
.computation-graph .leaf > :first-child { border-left: 6px solid #0072b2; }
.computation-graph .constant > :first-child { border-left: 6px dotted #8a8a8a; }
.computation-graph .operation > :first-child { border-left: 6px solid #e69f00; }
.computation-graph .group > :first-child { border-left: 6px double #7a4a8c; }
.computation-graph .output > :first-child { border-left: 6px double #009e73; }
"""


def page(structure: Structure) -> str:
    """Return one HTML document that is complete in itself."""
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width">\n'
        '<meta name="color-scheme" content="light dark">\n'
        "<title>Computation graph</title>\n</head>\n<body>\n"
        f"{fragment(structure)}</body>\n</html>\n"
    )


def fragment(structure: Structure) -> str:
    """Return the table alone, for a notebook."""
    operands: dict[int, list[str]] = {vertex.number: [] for vertex in structure.vertices}
    for edge in structure.edges:
        stretched = f" as {edge.broadcast[1]}" if edge.broadcast else ""
        operands[edge.target].append(f"{edge.source}{stretched}")
    columns = _COLUMNS + (_RECORDED if structure.recorded else ())
    header = "".join(f'<th scope="col">{column}</th>' for column in columns)
    rows = "".join(
        _row(vertex, operands[vertex.number], recorded=structure.recorded)
        for vertex in structure.vertices
    )
    return (
        f'<div class="computation-graph">\n<style>\n{_STYLE}</style>\n<table>\n'
        f"<caption>Computation graph: {escape(structure.caption)}</caption>\n"
        f"<thead><tr>{header}</tr></thead>\n<tbody>\n{rows}</tbody>\n</table>\n</div>\n"
    )


def _row(vertex: Vertex, operands: list[str], *, recorded: bool) -> str:
    """Return the row of a vertex."""
    if vertex.hidden:
        operands = [*operands, f"{vertex.hidden} hidden"]
    cells: tuple[object, ...] = (
        vertex.number,
        vertex.kind,
        vertex.name,
        vertex.op,
        vertex.shape,
        vertex.dtype,
        ", ".join(operands),
        vertex.value,
        vertex.gradient,
    )
    if recorded:
        ms = None if vertex.seconds is None else f"{vertex.seconds * 1e3:.3f}"
        cells += (vertex.scope, vertex.line, ms, vertex.saved)
    columns = "".join(f"<td>{'' if cell is None else escape(str(cell))}</td>" for cell in cells)
    return f'<tr class="{vertex.kind}">{columns}</tr>\n'
