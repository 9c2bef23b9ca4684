"""What is mutated: the rules of all primitives, and the functions of `autograd.ops` they call."""

import ast
import dis
import gc
import importlib
import inspect
from collections import defaultdict
from functools import cached_property
from types import CodeType, FunctionType

from autograd.dispatch import state_all
from autograd.primitive import Primitive
from tests.mutation.mutators import results
from tests.ops.rows import CASES
from tests.ops.test_rules import belongs

OPS = "autograd.ops."
FUNCTIONS = ast.FunctionDef | ast.Lambda


class Target:
    """A function of `autograd.ops`: its place in the source, and the primitives that it is for."""

    def __init__(self, functions, primitives):
        self.functions, self.primitives = functions, primitives
        self.module = functions[0].__module__.removeprefix(OPS)
        self.tree, self.statement, self.node, self.name = place(functions[0])
        self.is_rule = any(f in functions for p in primitives for f in rules_of(p))
        self.diagonal = self.is_rule and any(p.diagonal for p in primitives)
        self.arrays = [name for p in primitives for name in p.parameters if name in p.rules]

    @cached_property
    def results(self):
        """The expressions that it returns."""
        return results(self.node)

    @property
    def rows(self):
        """The rows that exercise it."""
        return [case for case in CASES if any(case.function is p.function for p in self.primitives)]


def rules_of(primitive):
    """Return all functions that a statement names for derivatives."""
    named = (*primitive.rules.values(), *primitive.tangent_rules.values())
    return [f for f in (*named, primitive.add_into, primitive.zero_at) if f]


def reached(rule):
    """Yield the functions of `autograd.ops` that a rule calls, itself among them."""
    todo, seen = [rule], set()
    while todo:
        function = inspect.unwrap(todo.pop()) if callable(todo[-1]) else todo.pop()
        if not isinstance(function, FunctionType) or function in seen:
            continue
        seen.add(function)
        todo += [cell.cell_contents for cell in function.__closure__ or ()]
        if function.__module__.startswith(OPS):
            yield function
            todo += [function.__globals__.get(name) for name in names_in(function.__code__)]


def names_in(code):
    """Yield the global names that code reads, nested code too."""
    yield from (x.argval for x in dis.get_instructions(code) if x.opname == "LOAD_GLOBAL")
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            yield from names_in(inner)


def place(function):
    """Return the module's tree, the statement, the node and a name of a function's source."""
    tree = tree_of(function.__module__)
    spots = [(line, column) for line, _, column, end in function.__code__.co_positions() if end]
    around = [
        node for node in ast.walk(tree) if isinstance(node, FUNCTIONS) and covers(node, spots[-1])
    ]
    names = [node.name for node in around if isinstance(node, ast.FunctionDef)]
    statements = [node for node in ast.walk(tree) if isinstance(node, ast.stmt)]
    inside = [node for node in statements if covers(node, spots[-1])]
    return tree, inside[0], around[-1], ".".join(names) or subject(inside[-1])


TREES = {}


def tree_of(module):
    """Return the syntax tree of a module, always the same one."""
    if module not in TREES:
        TREES[module] = ast.parse(inspect.getsource(importlib.import_module(module)))
    return TREES[module]


def covers(node, spot):
    """Whether a node holds a line and a column."""
    return (node.lineno, node.col_offset) <= spot < (node.end_lineno, node.end_col_offset)


def subject(statement):
    """Return what a statement is about: its first argument."""
    return ast.unparse(statement.value.args[0])


def targets():
    """Return all targets, in the order of the source."""
    state_all()
    primitives = defaultdict(list)
    functions = defaultdict(list)
    for primitive in registry():
        for rule in rules_of(primitive):
            for function in reached(rule):
                code = id(function.__code__)
                if primitive not in primitives[code]:
                    primitives[code].append(primitive)
                if function not in functions[code]:
                    functions[code].append(function)
    found = [Target(functions[code], primitives[code]) for code in functions]
    return sorted(found, key=lambda t: (t.module, t.node.lineno, t.node.col_offset))


def registry():
    """Return all primitives that the library states, in the order of their names."""
    state_all()
    found = [p for p in gc.get_objects() if isinstance(p, Primitive) and belongs(p.function)]
    return sorted(found, key=lambda p: (p.name, str(p.function), p.parameters))
