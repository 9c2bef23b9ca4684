"""How the nodes of a primitive are kept and differentiated, compiled from its rules."""

import functools
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from autograd.errors import NotDifferentiableError
from autograd.graph import Node, Several
from autograd.tensor import Tensor

if TYPE_CHECKING:
    from autograd.primitive import Primitive

Rule = Callable[..., Any] | None


def same(g: Any) -> Any:
    """Return `g`: the rule of what passes its cotangent on; calls of it are compiled away."""
    return g


class Call(NamedTuple):
    """A call of a primitive, as a tape keeps it."""

    primitive: "Primitive"
    bound: Mapping[str, Any]  # the values of the arguments
    positional: int  # how many of them
    arguments: tuple[str, ...]  # the names of those that vary


class Plan:
    """How a node of one primitive is kept and differentiated, for one choice of variables.

    `keep` picks from a call what the rules name (`keep_values`, for ufuncs, from the values alone);
    `pull` hands it to the rules. They are compiled from the rules' parameter names, because they
    run for every operation.
    """

    # Slots for what each operation reads; a cached property would be looked up the slow way.
    __slots__ = (
        "__dict__", "keep_of_one", "keep_values", "names", "pair", "primitive", "pull", "special",
    )  # fmt: skip

    def __init__(self, primitive: "Primitive", arguments: tuple[str, ...]) -> None:
        self.pull: Callable[..., Any] = self._first_pull
        self.primitive, self.arguments = primitive, arguments
        self.joint, self.chooses = primitive.sequence, primitive.chooses
        self.passes = all(primitive.rules[argument] is same for argument in arguments)
        tangent = [primitive.tangent_rules.get(argument) for argument in arguments]
        self.defaults = _named_by([*(primitive.rules[a] for a in arguments), *tangent])
        if primitive.linear:
            several = len(primitive.differentiable) > 1
            others = [a for a in primitive.differentiable if several and arguments != (a,)]
            self.defaults |= dict.fromkeys((*others, "call"))
        if self.joint:
            self.defaults["positions"] = None
        self.names = tuple(sorted(self.defaults))
        self.pair = self.names == ("x", "y")
        self.keep = self._compiled_keep("bound", "bound[{!r}]")
        self.keep_of_one: Callable[..., Any] = self._first_keep_of_one
        if isinstance(primitive.function, np.ufunc):
            self.keep_values = self._compiled_keep(", ".join(primitive.parameters), "{}")
        self.add_into = self._compiled_call(primitive.add_into, "into, g")
        passes_on = primitive.parameters[0] in arguments
        self.zero_at = self._compiled_call(primitive.zero_at if passes_on else None, "g")
        self.in_place = self.add_into is not None or self.zero_at is not None
        self.special = self.in_place or self.chooses

    def _compiled_call(self, function: Rule, first: str) -> Any:
        """Return `function` of what comes first and of what is kept; None for None."""
        if function is None:
            return None
        call = self._call(function, "function", first)
        return _compiled(f"lambda {first}, kept: {call}", {"function": function})

    def _first_pull(self, g: Any, kept: tuple[Any, ...]) -> Any:
        """Compile `pull`, from a cotangent and what is kept to a contribution for each parent."""
        rules = [self.primitive.rules[argument] for argument in self.arguments]
        calls = [self._call(rule, f"rule{i}") for i, rule in enumerate(rules)]
        source = f"({', '.join(calls)},)"
        if self.joint:
            source = f"select({calls[0]}, kept[{self.names.index('positions')}])"
        scope = {f"rule{i}": rule for i, rule in enumerate(rules)}
        self.pull = _compiled(f"lambda g, kept: {source}", scope)
        return self.pull(g, kept)

    def _first_keep_of_one(self, ans: Any, value: Any) -> tuple[Any, ...]:
        """Compile `keep_of_one`, which keeps what a call without options leaves."""
        name = self.primitive.parameters[0]
        bound = {"call": (1, {name: None})}
        self.keep_of_one = self._compiled_keep(name, "{}", bound)
        kept: tuple[Any, ...] = self.keep_of_one(ans, value)
        return kept

    @functools.cached_property
    def rules(self) -> list[Callable[..., Any]]:
        """For each variable: from the output's cotangent and what is kept to its own."""
        return self._one_by_one(self.primitive.rules)

    @functools.cached_property
    def tangent_rules(self) -> list[Callable[..., Any]]:
        """For each variable: from its tangent and what is kept to the tangent of the output."""
        return self._one_by_one(self.primitive.tangent_rules)

    def _one_by_one(self, rules: Mapping[str, Rule]) -> list[Callable[..., Any]]:
        """Return the rules of the variables as functions of `g` and what is kept."""
        found = [rules[argument] for argument in self.arguments if rules.get(argument)]
        return [self._compiled_call(rule, "g") for rule in found]

    def _call(self, rule: Any, name: str, first: str = "g") -> str:
        """Return the source of the call of a rule with what it names."""
        if rule is same:
            return "g"
        named = list(signature(rule))[len(first.split(",")) :]
        return f"{name}({', '.join([first, *(f'kept[{self.names.index(n)}]' for n in named)])})"

    def _compiled_keep(
        self, arguments: str, argument: str, bound: Mapping[str, Any] | None = None
    ) -> Callable[..., Any]:
        """Return what picks what is kept; `argument` is how one is found in `arguments`."""
        parameters = self.primitive.parameters

        def source(name: str) -> str:
            shaped = name.removesuffix("_shape")
            if name == "ans":
                return name
            if shaped != name and shaped in parameters:
                return f"shape({argument.format(shaped)})"
            if name in self.primitive.rules:
                return argument.format(name)
            return f"bound.get({name!r}, defaults[{name!r}])"

        picked = "".join(f"{source(name)}, " for name in self.names)
        return _compiled(
            f"lambda ans, {arguments}: ({picked})",
            {"defaults": self.defaults, "bound": bound or {}},
        )

    def reconnect(self, node: Node, kept: tuple[Any, ...]) -> tuple[Any, ...]:
        """Return what `node` keeps, its arrays as Tensors, so that the rules are recorded."""
        attach = self.primitive.attach
        own = {"ans": node} | (
            {} if self.joint else dict(zip(self.arguments, node.parents, strict=True))
        )
        return tuple(
            attach(value, own[name]) if name in own and value is not None else value
            for name, value in zip(self.names, kept, strict=True)
        )

    def push(self, tangents: list[Any], kept: tuple[Any, ...], mended: Any = None) -> Any:
        """Return the tangent of the output from those of the variables; None stands for zero.

        `mended`, of a term, its tangent and whether the Jacobian is diagonal, makes zeros strong.
        """
        if self.primitive.linear:
            return self._push_linear(tangents, kept)
        if len(self.tangent_rules) < len(self.arguments):
            raise NotDifferentiableError(
                f"{self.primitive.name} has no rule for forward mode; state one with jvps="
            )
        pairs = zip(self.tangent_rules, tangents, strict=True)
        found = [(rule(t, kept), t) for rule, t in pairs if t is not None]
        diagonal = self.primitive.diagonal
        terms = [mended(term, t, diagonal) if mended else term for term, t in found]
        return _sum(Several(term) if type(term) is tuple else term for term in terms)

    def _push_linear(self, tangents: list[Any], kept: tuple[Any, ...]) -> Any:
        """Send tangents through the function itself, one argument at a time."""
        known = dict(zip(self.names, kept, strict=True))
        parameters = self.primitive.parameters
        recorded = any(isinstance(t, Tensor) for t in tangents)
        apply = functools.partial(self.primitive.apply, recorded=recorded)
        count, bound = known["call"] or (len(parameters), dict.fromkeys(parameters))
        bound = {name: value for name, value in bound.items() if name != "positions"}
        if self.joint:
            shapes = known[f"{parameters[0]}_shape"]
            pairs = zip(known["positions"], tangents, strict=True)
            given = {position: t for position, t in pairs if t is not None}
            zero = np.zeros((), next(iter(given.values())).dtype)
            items = [given.get(i, np.broadcast_to(zero, s)) for i, s in enumerate(shapes)]
            return apply(bound | {parameters[0]: items}, count)
        bound |= {name: known[name] for name in self.primitive.differentiable if name in known}
        pairs = zip(self.arguments, tangents, strict=True)
        return _sum(apply(bound | {a: t}, count) for a, t in pairs if t is not None)


# Names and signatures.


def signature(function: Callable[..., Any]) -> dict[str, Any]:
    """Return a function's parameters with their defaults, None where there is none.

    Its code object tells that; `inspect`, which knows other callables too, costs a third of the
    time of the whole import.
    """
    function = getattr(function, "__wrapped__", function)  # NumPy's dispatchers
    code = getattr(function, "__code__", None)
    if code is None:
        import inspect

        found = inspect.signature(function).parameters.values()
        return {p.name: None if p.default is p.empty else p.default for p in found}
    positional = code.co_varnames[: code.co_argcount]
    names = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
    defaults = getattr(function, "__defaults__", None) or ()
    known = dict(zip(reversed(positional), reversed(defaults), strict=False))
    known |= getattr(function, "__kwdefaults__", None) or {}
    return {name: known.get(name) for name in names}


def _named_by(rules: Sequence[Any]) -> dict[str, Any]:
    """Return what rules name after the cotangent, each with its default."""
    return {
        name: default
        for rule in rules
        if rule
        for name, default in list(signature(rule).items())[1:]
    }


def _compiled(source: str, scope: dict[str, Any]) -> Callable[..., Any]:
    """Return the function of a lambda expression made of the names of parameters only."""
    known = {"shape": _shape, "select": _select, **scope}
    function: Callable[..., Any] = eval(source, known)  # noqa: S307 - see above
    return function


def _shape(value: Any) -> Any:
    """Return the shape of an array, or those of the arrays in a list."""
    if isinstance(value, list):
        return [np.shape(item) for item in value]
    return value.shape if hasattr(value, "shape") else np.shape(value)


def _select(items: Sequence[Any], positions: tuple[int, ...]) -> list[Any]:
    return [items[position] for position in positions]


def _sum(terms: Any) -> Any:
    total = None
    for term in terms:
        total = term if total is None else total + term
    return total
