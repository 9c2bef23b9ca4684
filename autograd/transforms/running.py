"""A run of a function on new variables, and the walk back from what it returned.

Each transform puts new variables for the arguments, runs the function, and walks its graph. A walk
stops at what is older than its variables; it is recorded just when something older is involved, so
transforms nest and never mix up their variables.
"""

import warnings
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, cast

import numpy as np

from autograd import graph
from autograd.batching import Batched
from autograd.errors import DtypeError, NotScalarError, ShapeError
from autograd.operands import value_of
from autograd.primitive import elementwise, same
from autograd.tensor import Tensor, attached, constant
from autograd.tree import flatten, map_leaves, parts

variable_again = elementwise(same, same, name="variable")
"""A new variable that stands for an older one inside a transform."""


Derivative = Callable[..., Any]


class Run(NamedTuple):
    """A run of a function on new variables."""

    value: Any  # as returned, with Tensors
    leaves: list[Any]  # of the differentiated arguments
    variables: list[Tensor]  # one for each of them
    rebuild: Callable[[list[Any]], Any]  # from their gradients to the form of the arguments
    since: int  # the birth of the oldest variable


def new_variable(leaf: Any) -> Tensor:
    """Return a new variable for one array, or for a Tensor of an outer derivative."""
    if isinstance(leaf, Tensor):
        return variable_again(leaf) if leaf.requires_grad else Tensor(leaf.data)
    try:
        return Tensor(leaf)
    except DtypeError as error:
        raise DtypeError(
            f"cannot differentiate with respect to {leaf!r}: only real and complex numbers vary; "
            f"write 2.0 for 2"
        ) from error


def run_function(
    function: Callable[..., Any], argnum: int | Sequence[int], args: Sequence[Any], kwargs: Any
) -> Run:
    """Run `function` with new variables for the arguments `argnum`."""
    chosen = argnum if isinstance(argnum, list | tuple) else (cast("int", argnum),)
    several = chosen is argnum
    leaves, rebuild = flatten(tuple(args[i] for i in chosen) if several else args[chosen[0]])
    with graph.recording(True):
        variables = [new_variable(leaf) for leaf in leaves]
        inside = rebuild(variables)
        given = list(args)
        for position, value in zip(chosen, inside if several else [inside], strict=True):
            given[position] = value
        value = function(*given, **kwargs)
    variables = [
        attached(variable._value, cast("graph.Node", variable._origin))
        if hasattr(variable, "_origin")
        else variable
        for variable in variables  # as they were before the function wrote into them
    ]
    return Run(value, leaves, variables, rebuild, oldest_birth(variables))


def node_of(variable: Tensor) -> graph.Node:
    """Return the node of a Tensor that has one."""
    return cast("graph.Node", variable._first_node())


def oldest_birth(variables: list[Tensor]) -> int:
    """Return the birth of the oldest variable."""
    return min((node_of(variable).birth for variable in variables), default=0)


def seeds_of(outputs: Any, cotangents: Any, since: int) -> graph.Walk:
    """Return where a walk starts: the outputs' nodes that are not older than `since`."""
    leaves = flatten(outputs)[0]
    given = [None] * len(leaves) if cotangents is None else leaves_like(cotangents, outputs)
    seeds: graph.Walk = {}
    for output, cotangent in zip(leaves, given, strict=True):
        if isinstance(output, Tensor) and output._node is not None and output._node.birth >= since:
            node, seed = output._start(cotangent)
            seeds[node] = seeds[node] + seed if node in seeds else seed
    return seeds


def pull_run(run: Run, cotangents: Any = None, *, retain: bool = False) -> tuple[Any, bool]:
    """Return the variables' cotangents, and whether the outputs depend on anything older."""
    seeds = seeds_of(run.value, cotangents, run.since)
    order, older = graph.ancestry(seeds, run.since)
    targets = {node_of(variable) for variable in run.variables}
    if targets.isdisjoint(order):
        warnings.warn("Output seems independent of input.", UserWarning, stacklevel=3)
    # A cotangent that is a Tensor records what is done with it, without more being asked.
    found = graph.pullback(
        seeds, order, targets if older else None, record=older, retain=retain or older
    )
    pairs = zip(run.variables, run.leaves, strict=True)
    return run.rebuild([gradient_of(found, variable, leaf) for variable, leaf in pairs]), older


def gradient_of(found: graph.Walk, variable: Tensor, leaf: Any) -> Any:
    """Return what a walk found for `variable`: a Tensor, or an array or number no one else holds.

    It is an array where the argument `leaf` is one, a number where that is a number.
    """
    c = found.pop(node_of(variable), None)
    if c is None:
        c = np.zeros_like(variable._value)
    if isinstance(c, Tensor):
        return c
    if type(c) is Batched:
        return constant(c)
    c = graph.own(c)
    return c if c.shape else np.asarray(c) if isinstance(leaf, np.ndarray | Tensor) else c[()]


def without_tensors(run: Run, value: Any) -> Any:
    """Return the value of a run without the Tensors that only this run needed."""

    def plain(leaf: Any) -> Any:
        if not isinstance(leaf, Tensor):
            return leaf
        node = leaf._node
        older = node is not None and (
            node.birth < run.since or graph.ancestry((node,), run.since)[1]
        )
        return leaf if older else leaf._value

    return map_leaves(plain, value)


def leaves_like(tree: Any, like: Any) -> list[Any]:
    """Return the leaves of `tree` in the order of those of `like`, whose form it must have."""
    held = parts(like)
    if held is None:
        return [tree]
    given = parts(tree)
    fits = given is not None and len(given[0]) == len(held[0])
    if isinstance(like, dict) and fits:
        fits = isinstance(tree, dict) and tree.keys() == like.keys()
    if given is None or not fits:
        keys = (f" with keys {list(t)}" if isinstance(t, dict) else "" for t in (like, tree))
        raise ShapeError(
            f"tangents and cotangents have the form of what they belong to: expected a "
            f"{type(like).__name__} of {len(held[0])}{next(keys)}, got a {type(tree).__name__}"
            f"{'' if given is None else f' of {len(given[0])}'}{next(keys)}"
        )
    children = [tree[key] for key in like] if isinstance(like, dict) else given[0]
    pairs = zip(children, held[0], strict=True)
    return [leaf for child, model in pairs for leaf in leaves_like(child, model)]


def check_scalar(name: str, function: Callable[..., Any], value: Any) -> None:
    """Raise if `value` is not one real number."""
    what = f"{name} only applies to real scalar-output functions: {name_of(function)} returned"
    if not isinstance(value, Tensor | np.ndarray | np.generic | float | int | complex):
        raise NotScalarError(f"{what} {value!r}; return one number")
    plain = value_of(value)
    plain = plain if type(plain) is Batched else np.asarray(plain)
    is_complex = plain.dtype.kind == "c"
    if plain.size != 1 or is_complex:
        hint = "; take its real part" if is_complex else "; sum it, or use jacobian"
        raise NotScalarError(f"{what} shape {plain.shape} of {plain.dtype}{hint}")


def name_of(function: Callable[..., Any]) -> str:
    """Return the name of a function, which a partial one has not."""
    return getattr(function, "__name__", "[unknown name]")


def named_after(function: Callable[..., Any], transform: str) -> Callable[[Derivative], Derivative]:
    """Return the decorator that gives a derivative the documentation of its function."""

    def decorate(derivative: Derivative) -> Derivative:
        name = name_of(function)
        derivative.__name__ = derivative.__qualname__ = f"{transform}_of_{name}"
        derivative.__doc__ = f"Return the {transform} of {name}.\n\n{function.__doc__ or ''}"
        return derivative

    return decorate
