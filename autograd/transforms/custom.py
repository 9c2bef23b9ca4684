"""Derivatives of your own for functions of any arguments, in one mode; the other one follows.

A rule is linear in its cotangent, or tangent. So forward mode of `custom_vjp` is the transpose of
its rule, reverse mode of `custom_jvp` that of the other, and the walk back computes transposes.
"""

import functools
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.batching import levels_of
from autograd.errors import NotDifferentiableError, ShapeError
from autograd.operands import value_of
from autograd.primitive import is_recording
from autograd.tensor import Tensor
from autograd.transforms.operation import (
    Leaves,
    Rules,
    Saved,
    as_array,
    call_all,
    full,
    is_variable,
    operation,
    transposed,
)
from autograd.transforms.running import leaves_like, name_of
from autograd.tree import flatten

if TYPE_CHECKING:
    from inspect import Signature


def custom_vjp(
    function: Callable[..., Any] | None = None, *, nondiff_argnums: int | Sequence[int] = ()
) -> Any:
    """Give a function a reverse-mode rule of your own: a decorator, as in JAX.

    Parameters
    ----------
    function : callable
        From arrays, or containers of them, to arrays, or containers of them.
    nondiff_argnums : int or sequence of int
        Which arguments are no arrays, or are not differentiated.

    Returns
    -------
    callable
        The function, with two methods, of which one is called.

        ``defvjp(fwd, bwd)``: `fwd` takes what the function takes and returns its value and anything
        that `bwd` needs. `bwd` takes the arguments `nondiff_argnums`, what `fwd` has left for it,
        and the cotangent of the value. It returns a tuple with a cotangent for each of the other
        arguments, None for zero. Higher derivatives are those of `fwd` and `bwd`.

        ``defvjps(*rules)``, simpler: for each argument a function of the cotangent, the value and
        the arguments that returns the cotangent of the argument; None for zero. The function itself
        need not be differentiable for any order.

    Raises
    ------
    NotDifferentiableError
        When called, if the function uses a Tensor that it is not given.

    Examples
    --------
    >>> import numpy as np
    >>> import autograd as ag
    >>> @custom_vjp
    ... def clipped(x):  # whose cotangent is clipped
    ...     return x * 1.0
    >>> clipped.defvjp(lambda x: (x * 1.0, None), lambda _, g: (np.clip(g, -1.0, 1.0),))
    >>> ag.grad(lambda x: 5.0 * clipped(x))(3.0)
    np.float64(1.0)
    """
    return _decorated(_CustomVJP, function, nondiff_argnums)


def custom_jvp(
    function: Callable[..., Any] | None = None, *, nondiff_argnums: int | Sequence[int] = ()
) -> Any:
    """Give a function a forward-mode rule of your own, that serves reverse mode too, as in JAX.

    Parameters
    ----------
    function : callable
        From arrays, or containers of them, to arrays, or containers of them.
    nondiff_argnums : int or sequence of int
        Which arguments are no arrays, or are not differentiated.

    Returns
    -------
    callable
        The function, with two methods, of which one is called.

        ``defjvp(jvp)``: `jvp` takes the arguments `nondiff_argnums`, a tuple of the others, and a
        tuple of their tangents. It returns the value and its tangent, in which it is linear. Higher
        derivatives are those of `jvp`.

        ``defjvps(*rules)``, simpler: for each argument a function of its tangent, the value and the
        arguments that returns what it adds to the tangent of the value; None for zero.

    Examples
    --------
    >>> import numpy as np
    >>> import autograd as ag
    >>> @custom_jvp
    ... def log1pexp(x):
    ...     return np.log1p(np.exp(x))
    >>> log1pexp.defjvps(lambda t, ans, x: t / (1.0 + np.exp(-x)))
    >>> ag.grad(log1pexp)(0.0), ag.grad(ag.grad(log1pexp))(0.0)
    (np.float64(0.5), np.float64(0.25))
    """
    return _decorated(_CustomJVP, function, nondiff_argnums)


def _decorated(kind: Any, function: Any, nondiff_argnums: int | Sequence[int]) -> Any:
    if function is None:
        return functools.partial(kind, nondiff_argnums=nondiff_argnums)
    return kind(function, nondiff_argnums)


def is_inexact(leaf: Any) -> bool:
    """Whether `leaf` is an array of real or complex numbers."""
    return hasattr(leaf, "dtype") and leaf.dtype.kind in "fc"


def _enters(leaf: Any) -> bool:
    """Whether `leaf` is an input: a variable, or a batch, which may be taken apart."""
    return is_variable(leaf) or (bool(levels_of([leaf])) and is_inexact(leaf))


class _Form:
    """Arguments, or results: the form of a container, and which of its leaves vary."""

    def __init__(self, tree: Any, varies: Callable[[Any], bool]) -> None:
        leaves, self.rebuild = flatten(tree)
        self.places = [place for place, leaf in enumerate(leaves) if varies(leaf)]
        self.values = [leaves[place] for place in self.places]  # taken by whoever records them
        self.zeros = [np.broadcast_to(np.zeros((), v.dtype), v.shape) for v in self.values]
        self.rest = [None if varies(leaf) else leaf for leaf in leaves]

    def taken(self) -> Leaves:
        """Return the leaves that vary, once, so that only the graph holds them."""
        values, self.values = self.values, []
        return values

    def filled(self, values: Leaves) -> Any:
        """Return the container with `values` for the leaves that vary."""
        return self._built(values, self.rest)

    def vector(self, values: Leaves) -> Any:
        """Return a tangent or cotangent of the whole, from those of the leaves that vary."""
        pairs = zip(values, self.zeros, strict=True)
        found = [zero if value is None else value for value, zero in pairs]
        return self._built(found, [_zero_of_constant(leaf) for leaf in self.rest])

    def of(self, vector: Any) -> Leaves:
        """Return what in `vector` belongs to the leaves that vary."""
        if vector is None:
            return list(self.zeros)
        leaves = leaves_like(vector, self.filled(self.zeros))
        pairs = [(leaves[place], zero) for place, zero in zip(self.places, self.zeros, strict=True)]
        return [zero if c is None else as_array(c) for c, zero in pairs]

    def _built(self, values: Leaves, rest: Leaves) -> Any:
        leaves = list(rest)
        for place, value in zip(self.places, values, strict=True):
            leaves[place] = value
        return self.rebuild(leaves)


def _zero_of_constant(leaf: Any) -> Any:
    """Return the tangent of what does not vary."""
    return np.zeros(np.shape(leaf), getattr(leaf, "dtype", None) if is_inexact(leaf) else float)


class _Call:
    """A call of a function with rules of its own."""

    def __init__(self, custom: "_Custom", args: tuple[Any, ...]) -> None:
        self.hidden = {argnum % len(args) for argnum in custom.argnums}
        self.nondiff = tuple(arg for i, arg in enumerate(args) if i in self.hidden)
        self.count, self.name = len(args), custom.name
        if any(is_variable(leaf) for leaf in flatten(self.nondiff)[0]):
            raise NotDifferentiableError(
                f"an argument of {self.name} that is in nondiff_argnums is to be differentiated; "
                f"take it out of nondiff_argnums, or pass its value (t.data)"
            )
        shown = [arg for i, arg in enumerate(args) if i not in self.hidden]
        self.forms = [_Form(arg, _enters) for arg in shown]

    def primals(self, inputs: Leaves) -> tuple[Any, ...]:
        """Return the arguments that may vary, with `inputs` for what does."""
        return tuple(form.filled(values) for form, values in self._shares(inputs))

    def args(self, inputs: Leaves) -> tuple[Any, ...]:
        """Return all arguments."""
        shown, nondiff = iter(self.primals(inputs)), iter(self.nondiff)
        return tuple(next(nondiff if i in self.hidden else shown) for i in range(self.count))

    def tangents(self, tangents: Leaves) -> tuple[Any, ...]:
        """Return a tangent for each of the arguments that may vary."""
        return tuple(form.vector(values) for form, values in self._shares(tangents))

    def cotangents(self, found: Any) -> Leaves:
        """Return the cotangents of what varies, from those of all arguments."""
        several = isinstance(found, tuple | list)
        if not several or len(found) != len(self.forms):
            raise ShapeError(
                f"the rule of {self.name} must return a tuple with a cotangent for each of "
                f"{len(self.forms)} arguments, got "
                f"{f'one of {len(found)}' if several else type(found).__name__}"
            )
        return [c for form, part in zip(self.forms, found, strict=True) for c in form.of(part)]

    def _shares(self, leaves: Leaves) -> list[tuple[_Form, Leaves]]:
        """Return each argument with its share of `leaves`."""
        rest = iter(leaves)
        return [(form, [next(rest) for _ in form.places]) for form in self.forms]


class _Custom:
    """A function with rules of its own, of which one is given."""

    statements = ""

    def __init__(
        self, function: Callable[..., Any], nondiff_argnums: int | Sequence[int] = ()
    ) -> None:
        functools.update_wrapper(self, function)
        self.function, self.name = function, name_of(function)
        self.argnums = (nondiff_argnums,) if isinstance(nondiff_argnums, int) else nondiff_argnums
        self.simple: tuple[Callable[..., Any] | None, ...] | None = None
        self.stated: Any = None

    @functools.cached_property
    def signature(self) -> "Signature":
        """The signature of the function."""
        import inspect  # which costs a third of the whole import

        return inspect.signature(self.function)

    def __get__(self, instance: Any, _owner: Any = None) -> Any:
        """Return the function as a method of an object, which is its first argument."""
        return self if instance is None else functools.partial(self, instance)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        bound = self.signature.bind(*args, **kwargs)
        bound.apply_defaults()
        if bound.kwargs:
            raise TypeError(
                f"the rules of {self.name} know its arguments by position, so it cannot have "
                f"{', '.join(bound.kwargs)} by name only"
            )
        call = _Call(self, bound.args)
        inputs = [tensor for form in call.forms for tensor in form.taken()]
        if not any(map(is_variable, inputs)) or not is_recording():
            leaves, rebuild = flatten(bound.args)
            leaves = [value_of(y) if levels_of([y]) and not is_variable(y) else y for y in leaves]
            return call_all(lambda leaves: self.function(*rebuild(leaves)), leaves)
        inputs = [tensor if is_variable(tensor) else Tensor(value_of(tensor)) for tensor in inputs]
        if self.simple is None and self.stated is None:
            raise NotDifferentiableError(
                f"{self.name} has no derivative yet: call {self.name}.{self.statements} first"
            )
        value, extra = self.computed(call, [tensor._data for tensor in inputs])
        leaves, rebuild = flatten(value)
        if any(is_variable(leaf) for leaf in leaves):
            raise NotDifferentiableError(
                f"{self.name} uses a Tensor that it is not given, and its rule says nothing of the "
                f"derivative in that; pass it as an argument"
            )
        leaves = [as_array(value_of(leaf)) for leaf in leaves]
        ans = _Form(rebuild(leaves), is_inexact)
        outputs = ans.taken()
        if not outputs:
            return ans.filled([])
        rules = self.rules(call, ans)
        return ans.filled(operation(self.name, inputs, outputs, rules, extra=extra))

    def computed(self, call: _Call, inputs: Leaves) -> tuple[Any, Any]:
        """Return the value, and what the rules need besides."""
        return call_all(lambda inputs: self.function(*call.args(inputs)), inputs), None

    def rules(self, call: _Call, ans: _Form) -> Rules:
        """Return the rules of a call, and what does it again."""
        raise NotImplementedError

    def stated_again(self, call: _Call) -> Callable[[Leaves], Any]:
        """Return the call as a function of its inputs."""

        def again(inputs: Leaves) -> Any:
            leaves, _ = flatten(self(*call.args(inputs)))
            return [leaf for leaf in leaves if is_variable(leaf)]

        return again


class _CustomVJP(_Custom):
    statements = "defvjp(fwd, bwd)"

    def defvjp(self, fwd: Callable[..., Any], bwd: Callable[..., Any]) -> None:
        """State the rule: the function with residuals, and its transpose."""
        self.simple, self.stated = None, (fwd, bwd)

    def defvjps(self, *rules: Callable[..., Any] | None) -> None:
        """State a rule for each argument."""
        self.simple, self.stated = rules, None

    def computed(self, call: _Call, inputs: Leaves) -> tuple[Any, Any]:
        """Return the value, and the residuals."""
        if self.simple is not None:
            return super().computed(call, inputs)
        value, residuals = call_all(lambda inputs: self.stated[0](*call.args(inputs)), inputs)
        return value, residuals

    def rules(self, call: _Call, ans: _Form) -> Rules:
        """Return the given rule, and its transpose."""

        def linear(saved: Saved) -> Callable[[Leaves], Leaves]:
            if self.simple is not None:
                rest = (ans.filled(saved.outputs), *call.args(saved.inputs))
                return functools.partial(_one_by_one, self.simple, rest)
            residuals = self.computed(call, saved.inputs)[1] if saved.recorded else saved.extra
            return functools.partial(self.stated[1], *call.nondiff, residuals)

        def pull(cotangents: Leaves, saved: Saved) -> Leaves:
            return call.cotangents(linear(saved)(ans.vector(cotangents)))

        def push(tangents: Leaves, saved: Saved) -> Leaves:
            rule = linear(saved)
            return transposed(
                lambda cotangents: call.cotangents(rule(ans.vector(cotangents))),
                ans.zeros,
                full(tangents, saved.inputs),
            )

        return Rules(pull, push, self.stated_again(call), keeps_outputs=self.simple is not None)


class _CustomJVP(_Custom):
    statements = "defjvp(jvp)"

    def defjvp(self, jvp: Callable[..., Any]) -> Callable[..., Any]:
        """State the rule; a decorator, too."""
        self.simple, self.stated = None, jvp
        return jvp

    def defjvps(self, *rules: Callable[..., Any] | None) -> None:
        """State a rule for each argument."""
        self.simple, self.stated = rules, None

    def rules(self, call: _Call, ans: _Form) -> Rules:
        """Return the given rule, and its transpose."""

        def linear(tangents: Leaves, saved: Saved) -> Leaves:
            given = call.tangents(tangents)
            if self.simple is not None:
                rest = (ans.filled(saved.outputs), *call.args(saved.inputs))
                pairs = zip(self.simple, given, strict=True)
                terms = [ans.of(rule(t, *rest)) for rule, t in pairs if rule is not None]
                return [sum(parts[1:], parts[0]) for parts in zip(*terms, strict=True)]
            found = self.stated(*call.nondiff, call.primals(saved.inputs), given)
            if not isinstance(found, tuple | list) or len(found) != 2:
                raise ShapeError(
                    f"the rule of {self.name} must return its value and the tangent of that, got "
                    f"{type(found).__name__}"
                )
            return ans.of(found[1])

        def pull(cotangents: Leaves, saved: Saved) -> Leaves:
            given = full(cotangents, ans.zeros)
            return transposed(lambda tangents: linear(tangents, saved), saved.inputs, given)

        keeps = self.simple is not None
        return Rules(pull, linear, self.stated_again(call), keeps_outputs=keeps)


def _one_by_one(rules: Sequence[Any], rest: tuple[Any, ...], g: Any) -> list[Any]:
    """Return what the rule for each argument makes of a cotangent; None for zero."""
    return [None if rule is None else rule(g, *rest) for rule in rules]
