"""Mutants: one change of one rule each, applied to the live functions and taken back."""

import ast
import contextlib
import copy
import difflib
import functools
import gc
from collections.abc import Callable
from types import CodeType
from typing import NamedTuple

import numpy as np

from autograd.dispatch import KINDS
from autograd.primitive import Primitive, _stated
from tests.mutation import effects
from tests.mutation.mutators import MUTATORS
from tests.mutation.targets import OPS, registry, targets


class Mutant(NamedTuple):
    """One mistake: which, of which primitives, and the attributes of live objects that make it."""

    module: str
    mutator: str
    key: str  # a name, and the source before and after, wherever in the file it is
    primitives: list[Primitive]
    changes: Callable[[], list[tuple[object, dict[str, object]]]]


@contextlib.contextmanager
def applied(mutant):
    """Make the mistake for a while."""
    changes = mutant.changes()
    before = [(thing, {name: getattr(thing, name) for name in new}) for thing, new in changes]
    effects.BUFFERS.clear()
    try:
        put(changes, mutant.primitives)
        yield
    finally:
        put(before, mutant.primitives)


def put(changes, primitives):
    """Set attributes; let primitives read their rules again, and forget what was remembered."""
    for thing, attributes in changes:
        for name, value in attributes.items():
            setattr(thing, name, value)
    for primitive in primitives:
        primitive.plans.clear()
        primitive.whole = primitive.plan(primitive.differentiable)
        if isinstance(primitive.function, np.ufunc):  # then a quicker function is in the table
            _stated(KINDS[primitive.function], primitive)
    for cache in caches():
        cache.cache_clear()


@functools.cache
def caches():
    """Return the caches of functions in the library."""
    found = [x for x in gc.get_objects() if isinstance(x, functools._lru_cache_wrapper)]
    return [cache for cache in found if cache.__module__.startswith("autograd")]


@functools.cache
def mutants():
    """Return all mutants, always in the same order."""
    of_rules = [mutant for target in targets() for mutant in mutants_of(target)]
    return [*of_rules, *mutants_of_statements()]


def mutants_of(target):
    """Yield the mutants of a function."""
    function = target.functions[0]
    for node in ast.walk(target.node):
        for mutator in MUTATORS:
            for replacement in mutator(node, target):
                swapped = {id(node): replacement}
                changes = functools.partial(changes_of_code, target, swapped)
                # A function takes only code that refers to as many outer variables as its own.
                if function.__closure__ and len(function.__closure__) != len(
                    changes()[0][1]["__code__"].co_freevars
                ):
                    continue
                key = f"{target.module}.{target.name}: {difference(target.node, swapped)}"
                yield Mutant(target.module, mutator.__name__, key, target.primitives, changes)


def difference(node, swapped):
    """Return the lines that differ, of the source before and after."""
    lines = (ast.unparse(tree).splitlines() for tree in (node, mutated(node, swapped)))
    marked = [line for line in difflib.ndiff(*lines) if line[0] in "+-"]
    return " => ".join(" ".join(x[1:].strip() for x in marked if x[0] == sign) for sign in "-+")


def mutated(tree, swapped):
    """Return a copy of a tree with another node in the place of one."""
    return ast.fix_missing_locations(copy.deepcopy(tree, dict(swapped)))


def changes_of_code(target, swapped):
    """Return the code and the defaults that the live functions get."""
    own = spots(target.functions[0].__code__)
    place = [spots(code) for code in compiled(target.statement)].index(own)
    changes = {"__code__": compiled(mutated(target.statement, swapped))[place]}
    with contextlib.suppress(ValueError):  # a default that is no literal is not mutated
        defaults = mutated(target.node, swapped).args.defaults
        changes["__defaults__"] = tuple(map(ast.literal_eval, defaults)) or None
    return [(function, changes) for function in target.functions]


def spots(code):
    """Return where in the source code is; the code itself changes as it runs."""
    return code.co_name, {*code.co_positions()}


def compiled(statement):
    """Return the code of all functions in a statement, outer ones first."""
    return inner_codes(compile(ast.Module([statement], []), "", "exec"))


def inner_codes(code):
    """Return the code of all functions in a piece of code."""
    inner = [const for const in code.co_consts if isinstance(const, CodeType)]
    return [found for const in inner for found in (const, *inner_codes(const))]


def mutants_of_statements():
    """Yield what is wrong beside own functions: the unbroadcast forgotten, rules like `same`."""
    for primitive in registry():
        found = []
        if primitive.broadcasts and len(primitive.rules) > 1:
            found.append(("unbroadcast", "no unbroadcast", {"broadcasts": False}))
        for name, rule in primitive.rules.items():
            if rule is not None and not rule.__module__.startswith(OPS):
                for mutator, effect in (("sign", effects.negated), ("float32", effects.single)):
                    rules = {**primitive.rules, name: wrapped(rule, effect)}
                    changed = {"rules": rules, "tangent_rules": rules}
                    kept = changed if primitive.diagonal else {"rules": rules}
                    found.append((mutator, f"{effect.__name__} in {name}", kept))
        for mutator, text, changed in found:
            key = f"{primitive.name}({', '.join(primitive.parameters)}): {text}"
            changes = functools.partial(list, [(primitive, changed)])
            yield Mutant("statements", mutator, key, [primitive], changes)


def wrapped(rule, effect):
    """Return a rule with an effect on its result; it names what the rule names."""

    @functools.wraps(rule)
    def mutated(*args):
        return effect(rule(*args))

    return mutated
