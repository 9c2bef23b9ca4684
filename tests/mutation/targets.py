"""What is mutated: the rules of all primitives, and the library's functions that they call."""

import ast
import dis
import gc
import importlib
import inspect
from collections import defaultdict
from functools import cache
from types import CodeType, FunctionType

from autograd.dispatch import state_all
from autograd.primitive import Primitive
from tests.mutation.mutators import results
from tests.ops.test_rules import belongs

OPS = ("autograd.ops.", "autograd.scipy.")


class Target:
    """A function of the library: its place in the source, and the primitives that it is for."""

    def __init__(self, functions, primitives):
        self.functions, self.primitives = functions, primitives
        module = functions[0].__module__
        self.module = module.removeprefix("autograd.").removeprefix("ops.")
        self.statement, self.node, self.name = place(functions[0])
        self.results = results(self.node)
        self.is_rule = any(f in functions for p in primitives for f in rules_of(p))
        self.diagonal = self.is_rule and any(p.diagonal for p in primitives)
        self.arrays = [name for p in primitives for name in p.parameters if name in p.rules]


def targets():
    """Return all targets, in the order of the source."""
    primitives, functions = defaultdict(list), defaultdict(dict)
    for primitive in registry():
        seen = set()
        for function in [f for rule in rules_of(primitive) for f in of_family(rule, seen)]:
            code = id(function.__code__)
            functions[code][function] = None
            if primitive not in primitives[code]:
                primitives[code].append(primitive)
    found = [Target([*functions[code]], primitives[code]) for code in functions]
    return sorted(found, key=lambda t: (t.module, t.node.lineno, t.node.col_offset))


def registry():
    """Return all primitives that the library states, in the order of their names."""
    state_all()
    found = [p for p in gc.get_objects() if isinstance(p, Primitive) and belongs(p.function)]
    return sorted(found, key=lambda p: (p.name, str(p.function.__name__), p.parameters))


def rules_of(primitive):
    """Return all functions that a statement names for derivatives."""
    named = (*primitive.rules.values(), *primitive.tangent_rules.values())
    return [f for f in (*named, primitive.add_into, primitive.zero_at) if f]


def of_family(rule, seen):
    """Return the functions that a rule calls; of `autograd.ops`, if the rule is there itself."""
    found = reached(rule, seen)
    own = getattr(rule, "__module__", "").startswith(OPS[0])
    return [f for f in found if own or not f.__module__.startswith(OPS[0])]


def reached(rule, seen):
    """Return the functions of the library that a rule calls, itself among them."""
    function = inspect.unwrap(rule) if callable(rule) else None
    if not isinstance(function, FunctionType) or function in seen:
        return []
    seen.add(function)
    own = function.__module__.startswith(OPS)
    called = [function.__globals__.get(name) for name in names_in(function.__code__) if own]
    held = [cell.cell_contents for cell in function.__closure__ or ()]
    return [function] * own + [found for f in (*held, *called) for found in reached(f, seen)]


def names_in(code):
    """Yield the global names that code reads, nested code too."""
    yield from (x.argval for x in dis.get_instructions(code) if x.opname == "LOAD_GLOBAL")
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            yield from names_in(inner)


@cache
def tree_of(module):
    """Return the syntax tree of a module, always the same one."""
    return ast.parse(inspect.getsource(importlib.import_module(module)))


def place(function):
    """Return the statement, the node and a name of a function's source."""
    spot = [(line, column) for line, _, column, end in function.__code__.co_positions() if end][-1]
    around = [
        node
        for node in ast.walk(tree_of(function.__module__))
        if hasattr(node, "lineno")
        and (node.lineno, node.col_offset) <= spot < (node.end_lineno, node.end_col_offset)
    ]
    functions = [node for node in around if isinstance(node, ast.FunctionDef | ast.Lambda)]
    names = [node.name for node in functions if isinstance(node, ast.FunctionDef)]
    inner = [node for node in around if isinstance(node, ast.stmt)][-1]
    call = getattr(inner, "value", None)
    stated = call.args[0] if isinstance(call, ast.Call) and call.args else inner  # or a table
    return around[0], functions[-1], ".".join(names) or ast.unparse(stated).splitlines()[0]
