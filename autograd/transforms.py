"""From functions to their derivatives.

Each transform puts new variables for the arguments, runs the function, and walks its graph. A walk
stops at what is older than its variables; it is recorded just when something older is involved, so
transforms nest and never mix up their variables.
"""

import warnings
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, cast

import numpy as np

from autograd import graph
from autograd.errors import DtypeError, NoGraphError, NotScalarError, ShapeError
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


def _variable(leaf: Any) -> Tensor:
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


def _run(
    function: Callable[..., Any], argnum: int | Sequence[int], args: Sequence[Any], kwargs: Any
) -> Run:
    """Run `function` with new variables for the arguments `argnum`."""
    chosen = argnum if isinstance(argnum, list | tuple) else (cast("int", argnum),)
    several = chosen is argnum
    leaves, rebuild = flatten(tuple(args[i] for i in chosen) if several else args[chosen[0]])
    with graph.recording(True):
        variables = [_variable(leaf) for leaf in leaves]
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
    return Run(value, leaves, variables, rebuild, _oldest(variables))


def _node(variable: Tensor) -> graph.Node:
    """Return the node of a Tensor that has one."""
    return cast("graph.Node", variable._first_node())


def _oldest(variables: list[Tensor]) -> int:
    """Return the birth of the oldest variable."""
    return min((_node(variable).birth for variable in variables), default=0)


def _seeds(outputs: Any, cotangents: Any, since: int) -> graph.Walk:
    """Return where a walk starts: the outputs' nodes that are not older than `since`."""
    leaves = flatten(outputs)[0]
    given = [None] * len(leaves) if cotangents is None else _leaves_like(cotangents, outputs)
    seeds: graph.Walk = {}
    for output, cotangent in zip(leaves, given, strict=True):
        if isinstance(output, Tensor) and output._node is not None and output._node.birth >= since:
            node, seed = output._start(cotangent)
            seeds[node] = seeds[node] + seed if node in seeds else seed
    return seeds


def _pull(run: Run, cotangents: Any = None, *, retain: bool = False) -> tuple[Any, bool]:
    """Return the variables' cotangents, and whether the outputs depend on anything older."""
    seeds = _seeds(run.value, cotangents, run.since)
    order, older = graph.ancestry(seeds, run.since)
    targets = {_node(variable) for variable in run.variables}
    if targets.isdisjoint(order):
        warnings.warn("Output seems independent of input.", UserWarning, stacklevel=3)
    # A cotangent that is a Tensor records what is done with it, without more being asked.
    found = graph.pullback(
        seeds, order, targets if older else None, record=older, retain=retain or older
    )
    pairs = zip(run.variables, run.leaves, strict=True)
    return run.rebuild([_gradient(found, variable, leaf) for variable, leaf in pairs]), older


def _gradient(found: graph.Walk, variable: Tensor, leaf: Any) -> Any:
    """Return what a walk found for `variable`: a Tensor, or an array or number no one else holds.

    It is an array where the argument `leaf` is one, a number where that is a number.
    """
    c = found.pop(_node(variable), None)
    if c is None:
        c = np.zeros_like(variable._value)
    if isinstance(c, Tensor):
        return c
    c = graph.own(c)
    return c if c.shape else np.asarray(c) if isinstance(leaf, np.ndarray | Tensor) else c[()]


def _plain(run: Run, value: Any) -> Any:
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


def _check_scalar(name: str, function: Callable[..., Any], value: Any) -> None:
    """Raise if `value` is not one real number."""
    what = f"{name} only applies to real scalar-output functions: {_name(function)} returned"
    if not isinstance(value, Tensor | np.ndarray | np.generic | float | int | complex):
        raise NotScalarError(f"{what} {value!r}; return one number")
    plain = np.asarray(value_of(value))
    is_complex = plain.dtype.kind == "c"
    if plain.size != 1 or is_complex:
        hint = "; take its real part" if is_complex else "; sum it, or use jacobian"
        raise NotScalarError(f"{what} shape {plain.shape} of {plain.dtype}{hint}")


def _name(function: Callable[..., Any]) -> str:
    """Return the name of a function, which a partial one has not."""
    return getattr(function, "__name__", "[unknown name]")


def _named_after(
    function: Callable[..., Any], transform: str
) -> Callable[[Derivative], Derivative]:
    """Return the decorator that gives a derivative the documentation of its function."""

    def decorate(derivative: Derivative) -> Derivative:
        name = _name(function)
        derivative.__name__ = derivative.__qualname__ = f"{transform}_of_{name}"
        derivative.__doc__ = f"Return the {transform} of {name}.\n\n{function.__doc__ or ''}"
        return derivative

    return decorate


def value_and_grad(
    function: Callable[..., Any], argnum: int | Sequence[int] = 0
) -> Callable[..., Any]:
    """Return the function that computes `function` and its gradient in one go.

    Parameters
    ----------
    function : callable
        To one real number.
    argnum : int or sequence of int
        Which arguments to differentiate: arrays, floats, or containers of them.

    Returns
    -------
    callable
        From the same arguments to ``(value, gradient)``, the gradient of the form, shapes and
        dtypes of the argument; a tuple of gradients for a sequence `argnum`.

    Raises
    ------
    NotScalarError
        When called, if the value is not one real number.

    Examples
    --------
    >>> value_and_grad(lambda x: np.sum(x**2))(np.array([1.0, 2.0]))
    (np.float64(5.0), array([2., 4.]))
    """

    @_named_after(function, "value_and_grad")
    def value_and_gradient(*args: Any, **kwargs: Any) -> tuple[Any, Any]:
        run = _run(function, argnum, args, kwargs)
        _check_scalar("value_and_grad", function, run.value)
        gradient, older = _pull(run)
        return _plain(run, run.value) if older else value_of(run.value), gradient

    return value_and_gradient


def grad(function: Callable[..., Any], argnum: int | Sequence[int] = 0) -> Callable[..., Any]:
    """Return the gradient of `function`, a function too.

    Parameters
    ----------
    function : callable
        To one real number.
    argnum : int or sequence of int
        Which arguments to differentiate: arrays, floats, or containers of them.

    Returns
    -------
    callable
        From the same arguments to the gradient; see `value_and_grad`.

    Raises
    ------
    NotScalarError
        When called, if the value is not one real number.

    Examples
    --------
    >>> grad(np.tanh)(0.0)
    np.float64(1.0)
    >>> grad(grad(np.sin))(np.pi / 2)
    np.float64(-1.0)
    """

    @_named_after(function, "grad")
    def gradient(*args: Any, **kwargs: Any) -> Any:
        run = _run(function, argnum, args, kwargs)
        _check_scalar("grad", function, run.value)
        return _pull(run)[0]

    return gradient


def vjp(
    function: Callable[..., Any], *primals: Any
) -> tuple[Any, Callable[[Any], tuple[Any, ...]]]:
    """Return ``function(*primals)`` and the function from its cotangent to those of the primals.

    Examples
    --------
    >>> value, pull = vjp(lambda x, y: x * y, np.array([1.0, 2.0]), np.array([3.0, 4.0]))
    >>> pull(np.array([1.0, 10.0]))
    (array([ 3., 40.]), array([ 1., 20.]))
    """
    run = _run(function, tuple(range(len(primals))), primals, {})

    def pull(cotangent: Any) -> Any:
        return _pull(run, cotangent, retain=True)[0]

    return _plain(run, run.value), pull


def jvp(
    function: Callable[..., Any], primals: Sequence[Any], tangents: Sequence[Any]
) -> tuple[Any, Any]:
    """Return ``function(*primals)`` and its derivative in the direction of `tangents`.

    Parameters
    ----------
    function : callable
    primals, tangents : sequence
        Of the same form and shapes.

    Raises
    ------
    ShapeError
        If a tangent has not the shape of its primal.

    Examples
    --------
    >>> jvp(np.sin, (0.0,), (2.0,))
    (np.float64(0.0), np.float64(2.0))
    """
    run = _run(function, tuple(range(len(primals))), primals, {})
    flat = _leaves_like(tuple(tangents), tuple(primals))
    incoming = dict(_tangent(*pair) for pair in zip(run.variables, flat, strict=True))
    outputs = [y for y in flatten(run.value)[0] if isinstance(y, Tensor) and y._node is not None]
    nodes = {cast("graph.Node", y._node) for y in outputs}
    involved = {node: graph.ancestry((node,), run.since)[1] for node in nodes}
    found: graph.Walk = {}
    for older in set(involved.values()):  # what involves an outer derivative is recorded
        targets = {node for node in nodes if involved[node] is older}
        order, _ = graph.ancestry(targets, run.since)
        found |= graph.pushforward(dict(incoming), order, targets, record=older)

    def tangent_of(output: Any) -> Any:
        if not isinstance(output, Tensor) or output._node not in found:
            return np.zeros_like(value_of(output))
        return found[output._node]

    return _plain(run, run.value), map_leaves(tangent_of, run.value)


def _leaves_like(tree: Any, like: Any) -> list[Any]:
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
    return [leaf for child, model in pairs for leaf in _leaves_like(child, model)]


def _tangent(variable: Tensor, tangent: Any) -> tuple[graph.Node, Any]:
    """Return a variable's node and its tangent, checked."""
    if np.shape(tangent) != variable.shape:
        raise ShapeError(
            f"a tangent has the shape of its primal, {variable.shape}, got {np.shape(tangent)}"
        )
    tensor = isinstance(tangent, Tensor)
    return _node(variable), tangent if tensor else np.asarray(tangent, variable.dtype)[()]


def jacobian(function: Callable[..., Any], argnum: int = 0) -> Callable[..., Any]:
    """Return the Jacobian of `function`, a function from its arguments to an array.

    Parameters
    ----------
    function : callable
        From an array to an array.
    argnum : int
        Which argument to differentiate.

    Returns
    -------
    callable
        To an array of the output's shape followed by the argument's.

    Examples
    --------
    >>> jacobian(lambda x: x[:2] * x[2])(np.array([1.0, 2.0, 3.0]))
    array([[3., 0., 1.],
           [0., 3., 2.]])
    """

    @_named_after(function, "jacobian")
    def jacobian_function(*args: Any, **kwargs: Any) -> Any:
        run = _run(function, argnum, args, kwargs)
        shape = np.shape(run.value)
        rows = []
        for index in np.ndindex(shape):
            seed = np.zeros(shape, np.result_type(run.value))
            seed[index] = 1
            rows.append(_pull(run, seed, retain=True)[0])
        full = (*shape, *np.shape(args[argnum]))
        return np.reshape(np.stack(rows), full) if rows else np.zeros(full)

    return jacobian_function


def hessian(function: Callable[..., Any], argnum: int = 0) -> Callable[..., Any]:
    """Return the Hessian of `function`, a function to arrays of the argument's shape twice.

    Examples
    --------
    >>> hessian(lambda x: x[0] ** 2 * x[1])(np.array([1.0, 3.0]))
    array([[6., 2.],
           [2., 0.]])
    """
    return jacobian(jacobian(function, argnum), argnum)


def hvp(function: Callable[..., Any], x: Any, v: Any) -> Any:
    """Return the Hessian of `function` at `x` times `v`, without forming the Hessian.

    Parameters
    ----------
    function : callable
        From shape (n,), or a container, to one real number.
    x, v : array_like, shape (n,)

    Returns
    -------
    ndarray, shape (n,)

    Examples
    --------
    >>> hvp(lambda x: np.sum(x**3), np.array([1.0, 2.0]), np.array([1.0, 0.0]))
    array([6., 0.])
    """
    return jvp(grad(function), (x,), (v,))[1]


def gradients(
    outputs: Any,
    inputs: Any,
    grad_outputs: Any = None,
    *,
    create_graph: bool = False,
    retain_graph: bool = False,
) -> Any:
    """Return the gradients of Tensors with respect to others, without touching any `grad`.

    Parameters
    ----------
    outputs : Tensor or container of Tensors
        Their gradients add up.
    inputs : Tensor or container of Tensors
        Leaves or not.
    grad_outputs : array_like or container of them, optional
        Cotangents of the outputs; ones for real scalars.
    create_graph, retain_graph : bool
        As in `Tensor.backward`.

    Returns
    -------
    ndarray, or Tensor with `create_graph`, or container of them
        As `inputs` are; zero where an output does not depend on an input.

    Examples
    --------
    >>> x = Tensor([1.0, 2.0])
    >>> h = x * x
    >>> gradients(np.sum(h * h), {"x": x, "h": h})
    {'x': array([ 4., 32.]), 'h': array([2., 8.])}
    """
    variables, rebuild = flatten(inputs)
    for variable in variables:
        if not isinstance(variable, Tensor) or variable._node is None:
            raise NoGraphError(
                f"gradients need Tensors with requires_grad as inputs, got {variable!r}"
            )
    for output in flatten(outputs)[0]:
        if not isinstance(output, Tensor):
            raise NoGraphError(f"gradients need Tensors as outputs, got {output!r}")
        if output._node is None:
            output._start()  # which says what is wrong
    if not create_graph and grad_outputs is not None:
        grad_outputs = map_leaves(value_of, grad_outputs)
    since = _oldest(variables)
    seeds = _seeds(outputs, grad_outputs, since)
    order, _ = graph.ancestry(seeds, since)
    targets = {_node(variable) for variable in variables}
    retain = retain_graph or create_graph
    found = graph.pullback(seeds, order, targets, record=create_graph, retain=retain)
    distinct = {_node(variable): variable for variable in variables}
    once = {node: _gradient(found, variable, variable) for node, variable in distinct.items()}
    if create_graph:
        once = {node: c if isinstance(c, Tensor) else constant(c) for node, c in once.items()}
        return rebuild([once[_node(variable)] for variable in variables])
    given: set[graph.Node] = set()
    results = []
    for variable in variables:  # one that is asked for twice gets two arrays
        node = _node(variable)
        results.append(once[node].copy() if node in given else once[node])
        given.add(node)
    return rebuild(results)
