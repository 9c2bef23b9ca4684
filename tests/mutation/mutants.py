"""Mutants: one change of one rule each, applied to the live functions and taken back."""

import ast
import contextlib
import copy
import difflib
import functools
import gc
from dataclasses import dataclass
from types import CodeType

import numpy as np

from autograd import primitive as engine
from autograd.dispatch import KINDS
from autograd.primitive import Primitive
from tests.mutation import effects
from tests.mutation.mutators import MUTATORS
from tests.mutation.targets import OPS, Target, registry, targets


@dataclass(frozen=True)
class Mutant:
    """One change of one function, of whose source `node` becomes `replacement`."""

    target: Target
    mutator: str
    node: ast.AST
    replacement: ast.AST

    @property
    def module(self):
        return self.target.module

    @property
    def primitives(self):
        return self.target.primitives

    @functools.cached_property
    def key(self):
        """What it is, wherever in the file it is: a name, and the lines before and after."""
        function = self.target.node
        lines = [lines_of(node) for node in (function, self.mutated(function))]
        changed = [line for line in difflib.ndiff(*lines) if line[0] in "+-"]
        old, new = (" ".join(x[1:].strip() for x in changed if x[0] == s) for s in "-+")
        return f"{self.module}.{self.target.name}: {old} => {new}"

    def mutated(self, tree):
        """Return a copy of a tree with the replacement in its place."""
        copied = copy.deepcopy(tree, {id(self.node): self.replacement})
        return ast.fix_missing_locations(copied)

    @functools.cached_property
    def code(self):
        """The mutated code."""
        statement, own = self.target.statement, spots(self.target.functions[0].__code__)
        place = [spots(code) for code in compiled(statement)].index(own)
        return compiled(self.mutated(statement))[place]

    @property
    def possible(self):
        """Whether a function can have the mutated code: it needs as many cells as before."""
        function = self.target.functions[0]
        return not function.__closure__ or self.code.co_freevars == function.__code__.co_freevars

    @contextlib.contextmanager
    def applied(self):
        """Put mutated code into the live functions, so that all that calls them meets it."""
        functions = self.target.functions
        before = [(f, f.__code__, f.__defaults__) for f in functions]
        effects.BUFFERS.clear()
        functions[0].__globals__["mutation"] = effects
        try:
            for function in functions:
                function.__code__ = self.code
                with contextlib.suppress(ValueError):  # a default is no literal, nor mutated
                    found = self.mutated(self.target.node).args.defaults
                    function.__defaults__ = tuple(map(ast.literal_eval, found)) or None
            renew(self.primitives)
            yield
        finally:
            for function, code, defaults in before:
                function.__code__, function.__defaults__ = code, defaults
            del functions[0].__globals__["mutation"]
            renew(self.primitives)


@dataclass(frozen=True)
class Change:
    """One change of what a statement says beside its own functions."""

    primitive: Primitive
    mutator: str
    key: str
    attributes: dict
    module = "statements"

    @property
    def primitives(self):
        return [self.primitive]

    @contextlib.contextmanager
    def applied(self):
        """Set attributes of the primitive."""
        before = dict(vars(self.primitive))
        try:
            vars(self.primitive).update(self.attributes)
            renew(self.primitives)
            yield
        finally:
            vars(self.primitive).update(before)
            renew(self.primitives)


def mutants():
    """Return all mutants, always in the same order."""
    found = [
        Mutant(target, mutator.__name__, node, replacement)
        for target in targets()
        for node in ast.walk(target.node)
        for mutator in MUTATORS
        for replacement in mutator(node, target)
    ]
    return [*(mutant for mutant in found if mutant.possible), *changes()]


def changes():
    """Yield the changes of statements: the unbroadcast forgotten, rules that are named wrapped."""
    for primitive in registry():
        name = f"statements.{primitive.name}({', '.join(primitive.parameters)})"
        if primitive.broadcasts and len(primitive.rules) > 1:
            yield Change(primitive, "unbroadcast", f"{name}: broadcasts", {"broadcasts": False})
        for argument, rule in primitive.rules.items():
            if rule is None or rule.__module__.startswith(OPS):
                continue
            for mutator, effect in (("sign", effects.negated), ("float32", effects.single)):
                rules = {**primitive.rules, argument: wrapped(rule, effect)}
                attributes = {"rules": rules} | (
                    {"tangent_rules": rules} if primitive.diagonal else {}
                )
                key = f"{name}: {effect.__name__} in {argument}"
                yield Change(primitive, mutator, key, attributes)


def wrapped(rule, effect):
    """Return a rule with an effect on its result; it names what the rule names."""

    @functools.wraps(rule)
    def mutated(*args):
        return effect(rule(*args))

    return mutated


def renew(primitives):
    """Let primitives read the parameters of their rules again; forget what was remembered."""
    for primitive in primitives:
        primitive.plans.clear()
        primitive.whole = primitive.plan(primitive.differentiable)
        if isinstance(primitive.function, np.ufunc):  # then a quicker function is in the table
            engine._stated(KINDS[primitive.function], primitive)
    for cache in caches():
        cache.cache_clear()


@functools.cache
def caches():
    """Return the caches of functions in the library."""
    found = [x for x in gc.get_objects() if isinstance(x, functools._lru_cache_wrapper)]
    return [cache for cache in found if cache.__module__.startswith("autograd")]


def lines_of(node):
    return ast.unparse(node).splitlines()


def compiled(statement):
    """Return the code of all functions in a statement, outer ones first."""
    return inner_codes(compile(ast.Module([statement], []), "", "exec"))


def spots(code):
    """Return where in the source code is; the code itself changes as it runs."""
    return code.co_name, {*code.co_positions()}


def inner_codes(code):
    """Return the code of all functions in a piece of code."""
    inner = [const for const in code.co_consts if isinstance(const, CodeType)]
    return [found for const in inner for found in (const, *inner_codes(const))]
