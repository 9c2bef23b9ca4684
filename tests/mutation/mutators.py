"""How rules are made wrong: each mutator yields what may stand for a node of the syntax tree."""

import ast

OPPOSITE = {ast.Add: ast.Sub, ast.Sub: ast.Add}
BOUNDARY = {ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Lt: ast.LtE, ast.LtE: ast.Lt}
PRODUCTS = (ast.Mult, ast.MatMult, ast.BitAnd, ast.BitOr)
ORDERED = (ast.Sub, ast.Div, ast.MatMult, ast.Pow, ast.FloorDiv, ast.Mod)
COMMUTATIVE = {
    "broadcast_shapes", "convolve", "hypot", "logaddexp", "logaddexp2", "max", "maximum", "min",
    "minimum", "phase", "product", "weighted",
}  # fmt: skip


def results(function):
    """Return the expressions that a function returns; those of a tuple or a list one by one."""
    if isinstance(function, ast.Lambda):
        found = [function.body]
    else:
        todo, found = list(function.body), []
        while todo:
            node = todo.pop(0)
            if isinstance(node, ast.Return) and node.value:
                found.append(node.value)
            elif not isinstance(node, ast.FunctionDef | ast.Lambda):
                todo += ast.iter_child_nodes(node)
    for node in list(found):
        if isinstance(node, ast.Tuple):
            found.remove(node)
            found += node.elts
    found = [node.elt if isinstance(node, ast.ListComp) else node for node in found]
    return [node for node in found if not isinstance(node, ast.Constant | ast.Starred)]


def is_question(node):
    """Whether a node asks what a name stands for: for None, or for a type."""
    if isinstance(node, ast.Compare):
        return isinstance(node.ops[0], ast.Is | ast.IsNot)
    return isinstance(node, ast.Call) and ast.unparse(node.func) == "isinstance"


def is_tuple(node):
    return isinstance(node, ast.Tuple)


def is_in(node, target, kind):
    """Whether a node is directly below one of some kind."""
    return any(kind(n) and node in ast.iter_child_nodes(n) for n in ast.walk(target.node))


def sign(node, target):
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        yield node.operand
    elif isinstance(node, ast.BinOp) and type(node.op) in OPPOSITE:
        yield ast.BinOp(node.left, OPPOSITE[type(node.op)](), node.right)
    elif node in target.results:
        yield ast.UnaryOp(ast.USub(), node)


def factor(node, target):
    if isinstance(node, ast.BinOp):
        if isinstance(node.op, (*PRODUCTS, ast.Div, ast.Pow)):
            yield node.left
        if isinstance(node.op, PRODUCTS):
            yield node.right


def swap(node, target):
    if isinstance(node, ast.BinOp) and isinstance(node.op, ORDERED):
        yield ast.BinOp(node.right, node.op, node.left)
    elif isinstance(node, ast.Call) and len(node.args) > 1:
        first, second, *rest = node.args
        ordered = ast.unparse(node.func).split(".")[-1] not in COMMUTATIVE
        if ordered and not isinstance(first, ast.Starred):
            yield ast.Call(node.func, [second, first, *rest], node.keywords)


def unbroadcast(node, target):
    if isinstance(node, ast.Call) and ast.unparse(node.func) == "unbroadcast":
        yield node.args[0]


def keyword(node, target):
    if isinstance(node, ast.Call):
        for dropped in node.keywords:
            if dropped.arg != "strict":  # which checks and changes nothing
                left = [other for other in node.keywords if other is not dropped]
                yield ast.Call(node.func, node.args, left)


def axis(node, target):
    if isinstance(node, ast.Name) and node.id == "axis" and isinstance(node.ctx, ast.Load):
        if not is_in(node, target, is_question):
            yield effect("wrong_axis", node)
    elif isinstance(node, ast.keyword) and node.arg == "axis":
        yield ast.keyword("axis", ast.Constant(0))
        yield ast.keyword("axis", effect("wrong_axis", node.value))


def ans_or_x(node, target):
    names = [argument.arg for argument in target.node.args.args]
    first = next((name for name in names if name in target.arrays), None)
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and "ans" in names and first:
        if node.id in {"ans", first}:
            yield ast.Name(first if node.id == "ans" else "ans", ast.Load())
    elif node is target.node and target.diagonal and {"ans", first} & {*names}:
        old, new = ("ans", target.arrays[0]) if "ans" in names else (first, "ans")
        if new not in names:
            yield renamed(node, old, new)


def comparison(node, target):
    if isinstance(node, ast.Compare) and len(node.ops) == 1 and type(node.ops[0]) in BOUNDARY:
        yield ast.Compare(node.left, [BOUNDARY[type(node.ops[0])]()], node.comparators)


def is_length(node, target):
    """Whether a node is in a shape given to `reshape`, where all negative numbers say the same."""
    calls = [n for n in ast.walk(target.node) if isinstance(n, ast.Call)]
    shapes = [n.args[1] for n in calls if ast.unparse(n.func) == "np.reshape"]
    return any(node in ast.walk(shape) for shape in shapes)


def is_negated(node):
    return isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub)


def constant(node, target):
    is_number = isinstance(node, ast.Constant) and type(node.value) in {int, float}
    if is_in(node, target, is_negated) and is_length(node, target):
        return
    if is_number and node.value in {1, 2}:
        yield ast.Constant(node.value + 1)


def float32(node, target):
    if target.is_rule and node in target.results:
        yield effect("single", node)


def write(node, target):
    if target.is_rule and node in target.results:
        yield effect("written", node, ast.Name("g", ast.Load()))


def alias(node, target):
    if target.is_rule and node in target.results and not is_in(node, target, is_tuple):
        yield effect("kept", node)  # what is in a tuple is used before the next call


MUTATORS = (
    sign, factor, swap, unbroadcast, keyword, axis, ans_or_x, comparison, constant, float32, write,
    alias,
)  # fmt: skip


def effect(name, *arguments):
    """Return the call of a function of `tests.mutation.effects`."""
    return ast.Call(
        ast.Attribute(ast.Name("mutation", ast.Load()), name, ast.Load()), [*arguments], []
    )


def renamed(function, old, new):
    """Return a function with one of its parameters, and all that it is used for, renamed."""
    copy = ast.parse(ast.unparse(function)).body[0]
    copy = copy.value if isinstance(copy, ast.Expr) else copy
    for node in ast.walk(copy):
        for field in {"id", "arg"} & {*node._fields}:
            if getattr(node, field) == old and not isinstance(node, ast.keyword):
                setattr(node, field, new)
    return copy
