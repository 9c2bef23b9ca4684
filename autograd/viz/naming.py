"""The names that the program's own lines give to results: `h` of ``h = np.tanh(x @ W)``."""

import ast
from collections import defaultdict

from autograd.graph import Node
from autograd.tape import Operation

# Operations that a program writes as operators.
_OPERATORS = {
    ast.Add: "add", ast.Sub: "subtract", ast.Mult: "multiply", ast.Div: "divide",
    ast.MatMult: "matmul", ast.Pow: "power", ast.USub: "negative",
}  # fmt: skip
# Where the operations of a line are not known to run once each, in the order of the text.
_UNSURE = (
    ast.IfExp, ast.BoolOp, ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp,
    ast.GeneratorExp, ast.NamedExpr,
)  # fmt: skip


def names_in_code(operations: list[Operation]) -> dict[Node, str]:
    """Return the names of the results that lines of the program assign, where they are certain.

    A line that assigns a name to an expression with as many operations of the outermost kind as the
    line has recorded, each time it ran: the last of them is the named one.
    """
    by_line = defaultdict(list)
    for operation in operations:
        by_line[operation.line].append(operation)
    names = {}
    for line, of_line in by_line.items():
        name, op, times = _assigned(line.source)
        same = [operation for operation in of_line if operation.op == op]
        if not name or len(same) % times:
            continue
        for operation in same[times - 1 :: times]:
            names[operation.node] = name
    return names


def _assigned(code: str) -> tuple[str, str, int]:
    """Return the name that a line assigns, the operation it is of, how many of these it has."""
    try:
        (statement,) = ast.parse(code).body
    except (SyntaxError, ValueError):
        return "", "", 1
    targets = statement.targets if isinstance(statement, ast.Assign) else []
    if len(targets) != 1 or not isinstance(targets[0], ast.Name):
        return "", "", 1
    nodes = list(ast.walk(statement.value))  # type: ignore[attr-defined]
    op = _operation(nodes[0])
    if op is None or any(isinstance(node, _UNSURE) for node in nodes):
        return "", "", 1
    return targets[0].id, op, sum(_operation(node) == op for node in nodes)


def _operation(node: ast.AST) -> str | None:
    """Return the name of the operation that a part of an expression calls."""
    if isinstance(node, ast.BinOp | ast.UnaryOp):
        return _OPERATORS.get(type(node.op))
    if isinstance(node, ast.Call):
        function = node.func
        return getattr(function, "attr", getattr(function, "id", None))
    return None
