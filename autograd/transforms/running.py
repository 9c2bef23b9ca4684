"""A run of a function on new variables, and the walk back from what it returned.

Each transform puts new variables for the arguments, runs the function, and walks its graph. A walk
stops at what is older than its variables; it is recorded just when something older is involved, so
transforms nest and never mix up their variables.
"""

import contextlib
import warnings
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, cast

import numpy as np

from autograd import graph
from autograd.batching import Batched
from autograd.errors import (
    ArgumentError,
    ArgumentIndexError,
    DtypeError,
    NotNumericError,
    NotScalarError,
    ShapeError,
)
from autograd.operands import value_of
from autograd.ops.conversion import joined
from autograd.primitive import elementwise, same
from autograd.tensor import Tensor, attached, constant
from autograd.tree import flatten, map_leaves, parts

NUMBERS = Tensor | np.ndarray | np.generic | float | int | complex

variable_again = elementwise(same, same, name="variable")
"""A new variable that stands for an older one inside a transform."""


NOTHING_TO_DO = contextlib.nullcontext()
INDEPENDENT = "Output seems independent of input."
Derivative = Callable[..., Any]
Argnum = int | str | Sequence[int | str]
"""Which arguments to differentiate: a position, a name, or several of them."""


class Run(NamedTuple):
    """A run of a function on new variables."""

    value: Any  # as returned, with Tensors
    leaves: list[Any]  # what varies in the differentiated arguments
    variables: list[Tensor]  # one for each of them
    rebuild: Callable[[list[Any]], Any]  # from their gradients to the form of the arguments
    pick: Callable[[Any], list[Any]]  # from tangents in that form to those of the variables
    since: int  # the birth of the oldest variable


VARIABLE_OF: dict[type, Callable[..., Tensor]] = {}
"""What makes a variable of an array of another library's class; a subclass of `numpy.ndarray`."""


def new_variable(leaf: Any) -> Tensor:
    """Return a new variable for one array, or for a Tensor of an outer derivative."""
    if isinstance(leaf, Tensor):
        return variable_again(leaf) if leaf.requires_grad else Tensor(leaf.data)
    if type(leaf) in VARIABLE_OF:
        return VARIABLE_OF[type(leaf)](leaf, None, None)
    if isinstance(leaf, np.ndarray) and leaf.dtype.kind in "iub":
        leaf = leaf.astype(np.float64)
    try:
        return Tensor(leaf)
    except DtypeError as error:
        raise DtypeError(
            f"cannot differentiate with respect to {leaf!r}: only real and complex numbers vary; "
            f"write 2.0 for 2"
        ) from error


def varies(leaf: Any) -> bool:
    """Whether a leaf of a container is differentiated: real and complex numbers are."""
    if isinstance(leaf, np.ndarray | np.generic):
        return leaf.dtype.kind in "fc"
    return isinstance(leaf, Tensor | float | complex)


class Opened(NamedTuple):
    """An argument with new variables in it."""

    inside: Any  # the argument, with variables for what varies
    leaves: list[Any]  # what they stand for
    variables: list[Tensor]
    rebuild: Callable[[list[Any]], Any]  # from their gradients to that of the argument
    pick: Callable[[Any], list[Any]]  # from a tangent of the argument to theirs


def opened(argument: Any) -> Opened:
    """Return an argument with new variables in it.

    In a container, what does not vary (whole numbers, strings, None ...) stays as it is; in its
    place the gradient has None.
    """
    if parts(argument) is None:
        variable = new_variable(argument)
        return Opened(variable, [argument], [variable], _first, _alone)
    every, rebuild = flatten(argument)
    held = [varies(leaf) for leaf in every]
    leaves = [leaf for leaf in every if varies(leaf)]
    variables = [new_variable(leaf) for leaf in leaves]

    def filled(found: list[Any], others: list[Any]) -> Any:
        rest = iter(found)
        return rebuild(
            [next(rest) if one else other for one, other in zip(held, others, strict=True)]
        )

    def pick(tangent: Any) -> list[Any]:
        given = leaves_like(tangent, argument)
        return [one for one, leaf in zip(given, every, strict=True) if varies(leaf)]

    nothing = [None] * len(every)
    inside = filled(variables, every)
    return Opened(inside, leaves, variables, lambda found: filled(found, nothing), pick)


def _first(found: list[Any]) -> Any:
    return found[0]


def _alone(tangent: Any) -> list[Any]:
    return [tangent]


def opened_together(arguments: list[Any]) -> Opened:
    """Return several arguments with new variables in them, as a list."""
    each = [opened(argument) for argument in arguments]

    def rebuild(found: list[Any]) -> tuple[Any, ...]:
        rest = iter(found)
        return tuple(one.rebuild([next(rest) for _ in one.leaves]) for one in each)

    def pick(tangents: Any) -> list[Any]:
        pairs = zip(each, children_like(tangents, tuple(arguments)), strict=True)
        return [leaf for one, tangent in pairs for leaf in one.pick(tangent)]

    return Opened(
        [one.inside for one in each],
        [leaf for one in each for leaf in one.leaves],
        [variable for one in each for variable in one.variables],
        rebuild,
        pick,
    )


def place_of(
    function: Callable[..., Any], argnum: Any, args: Sequence[Any], kwargs: dict[str, Any]
) -> int | str:
    """Return where an argument stands: its position, or its name if it is in `kwargs`.

    A default that is to be differentiated is put there.
    """
    if type(argnum) is int:
        if -len(args) <= argnum < len(args):
            return argnum
        raise ArgumentIndexError(
            f"cannot differentiate argument {argnum} of {name_of(function)}: it was called with "
            f"{len(args)} positional arguments; name those that are given by keyword, "
            f"as in grad(f, 'x')"
        )
    if not isinstance(argnum, str):
        raise ArgumentError(
            f"argnum is an int, a str, or a tuple or list of them, got {argnum!r} of type "
            f"{type(argnum).__name__}"
        )
    if argnum in kwargs:
        return argnum
    import inspect  # which costs as much as a third of this package

    parameters = inspect.signature(function).parameters
    position = list(parameters).index(argnum) if argnum in parameters else len(parameters)
    known = parameters.get(argnum)
    by_position = known is not None and known.kind in (
        known.POSITIONAL_ONLY,
        known.POSITIONAL_OR_KEYWORD,
    )
    if by_position and position < len(args):
        return position
    if known is None or known.default is known.empty:
        raise ArgumentError(
            f"{name_of(function)} was called without an argument named {argnum!r}; its parameters "
            f"are {', '.join(parameters)}"
        )
    kwargs[argnum] = known.default
    return argnum


def run_function(
    function: Callable[..., Any], argnum: Argnum, args: Sequence[Any], kwargs: dict[str, Any]
) -> Run:
    """Run `function` with new variables for the arguments `argnum`."""
    several = type(argnum) is tuple or type(argnum) is list
    chosen: Any = argnum if several else (argnum,)
    places = [place_of(function, one, args, kwargs) for one in chosen]
    given: list[Any] = list(args)
    values = [kwargs[p] if isinstance(p, str) else given[p] for p in places]
    with NOTHING_TO_DO if graph.is_recording() else graph.recording(True):
        new = opened_together(values) if several else opened(values[0])
        for place, value in zip(places, new.inside if several else [new.inside], strict=True):
            if isinstance(place, str):
                kwargs[place] = value
            else:
                given[place] = value
        result = without_objects(function(*given, **kwargs))
    variables = [
        attached(variable._data, cast("graph.Node", variable._origin))
        if hasattr(variable, "_origin")
        else variable
        for variable in new.variables  # as they were before the function wrote into them
    ]
    return Run(result, new.leaves, variables, new.rebuild, new.pick, oldest_birth(variables))


def without_objects(result: Any) -> Any:
    """Return what a function returned, with Tensors for arrays of objects that hold Tensors.

    NumPy makes these of lists of Tensors.
    """
    if type(result) is np.ndarray:
        return joined(result) if result.dtype.kind == "O" else result
    if type(result) is Tensor or parts(result) is None:
        return result
    return map_leaves(without_objects, result)


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
        warnings.warn(INDEPENDENT, UserWarning, stacklevel=3)
    # A cotangent that is a Tensor records what is done with it, without more being asked.
    found = graph.pullback(
        seeds, order, targets if older else None, record=older, retain=retain or older
    )
    pairs = zip(run.variables, run.leaves, strict=True)
    gradients = [gradient_of(found, variable, leaf) for variable, leaf in pairs]
    if not older:  # but rules may know of what is older
        gradients = [_own(c, targets, run) if type(c) is Tensor else c for c in gradients]
    return run.rebuild(gradients), older


def _own(c: Tensor, variables: set[graph.Node], run: Run) -> Any:
    """Return a gradient that rules made a Tensor; its value, if only of the run's own variables."""
    if c._node is None:
        return c._data
    order, older = graph.ancestry((c._node,), run.since)
    others = older or any(node.plan is None and node not in variables for node in order)
    return c if others else c._data


def warn_if_independent(run: Run) -> None:
    """Warn if nothing that a run returned depends on its variables, for forward mode."""
    outputs = [y for y in flatten(run.value)[0] if isinstance(y, Tensor) and y._node is not None]
    order, _ = graph.ancestry([node_of(y) for y in outputs], run.since)
    if {node_of(variable) for variable in run.variables}.isdisjoint(order):
        warnings.warn(INDEPENDENT, UserWarning, stacklevel=3)


def gradient_of(found: graph.Walk, variable: Tensor, leaf: Any) -> Any:
    """Return what a walk found for `variable`: a Tensor, or an array or number no one else holds.

    It is an array where the argument `leaf` is one, a number where that is a number.
    """
    c = found.pop(node_of(variable), None)
    if c is None:
        c = np.zeros_like(variable._data)
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
        return leaf if older else leaf._data

    return map_leaves(plain, value)


def without_aux(run: Run, has_aux: bool) -> tuple[Run, Any]:
    """Return a run with the first of the two things that were returned, and the second."""
    if not has_aux:
        return run, None
    if not isinstance(run.value, tuple | list) or len(run.value) != 2:
        raise ShapeError(
            f"with has_aux=True a function returns a pair (value, aux), got "
            f"{type(run.value).__name__}"
        )
    value, aux = run.value
    return run._replace(value=value), without_tensors(run, aux)


def leaves_like(tree: Any, like: Any) -> list[Any]:
    """Return the leaves of `tree` in the order of those of `like`, whose form it must have."""
    held = parts(like)
    if held is None:
        return [tree]
    pairs = zip(children_like(tree, like), held[0], strict=True)
    return [leaf for child, model in pairs for leaf in leaves_like(child, model)]


def children_like(tree: Any, like: Any) -> list[Any]:
    """Return what `tree` holds in the order of `like`, a container whose form it must have."""
    held, given = cast("Any", parts(like)), parts(tree)
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
    return [tree[key] for key in like] if isinstance(like, dict) else given[0]


def one_number(name: str, function: Callable[..., Any], run: Run) -> Run:
    """Return a run whose value is one real number, if it is; a list of one is one, too."""
    value = run.value
    if type(value) is Tensor and not value.shape and value.dtype.kind == "f":
        return run
    value = joined(value)
    what = f"{name} only applies to real scalar-output functions: {name_of(function)} returned"
    if isinstance(value, list | tuple) and len(value) == 1:
        value = value[0]
    if not isinstance(value, NUMBERS):
        raise NotScalarError(f"{what} {value!r}; return one real number")
    plain = _plain(value)
    if plain.size != 1 or plain.dtype.kind != "f":
        hint = (
            "; take its real part, or try holomorphic_grad"
            if plain.dtype.kind == "c"
            else "; sum it, or try jacobian or elementwise_grad"
            if plain.size != 1
            else "; whole numbers and booleans have no derivative"
        )
        raise NotScalarError(f"{what} shape {plain.shape} of {plain.dtype}{hint}")
    return run if value is run.value else run._replace(value=value)


def _plain(value: Any) -> Any:
    """Return the array of a number or Tensor, which may be one for each example of a batch."""
    found = value_of(value)
    return found if type(found) is Batched else np.asarray(found)


def check_numbers(name: str, function: Callable[..., Any], value: Any) -> None:
    """Raise if `value` is not made of real and complex numbers."""
    for leaf in flatten(value)[0]:
        if not isinstance(leaf, NUMBERS) or _plain(leaf).dtype.kind not in "fc":
            raise NotNumericError(
                f"{name} needs numbers, arrays, or containers of them: {name_of(function)} "
                f"returned {value!r}"
            )


def name_of(function: Callable[..., Any]) -> str:
    """Return the name of a function, which a partial one has not."""
    return getattr(function, "__name__", "[unknown name]")


def named_after(
    function: Callable[..., Any], transform: str, argnum: Any = 0, *, same_arguments: bool = True
) -> Callable[[Derivative], Derivative]:
    """Return the decorator that gives a derivative a name, and the documentation of its function.

    With `same_arguments` it has the signature of its function, so that it can be asked for an
    argument by name.
    """

    def decorate(derivative: Derivative) -> Derivative:
        name = name_of(function)
        derivative.__name__ = f"{transform}_of_{name}_wrt_argnum_{argnum}"
        derivative.__qualname__ = derivative.__name__
        derivative.__doc__ = (
            f"    {transform} of function {name} with respect to argument number {argnum}.\n\n"
            f"{function.__doc__ or ''}"
        )
        if same_arguments:
            derivative.__wrapped__ = function  # type: ignore[attr-defined]
        return derivative

    return decorate
