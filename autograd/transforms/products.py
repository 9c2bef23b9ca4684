"""Products of Jacobians and Hessians with vectors."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from autograd import graph
from autograd.batching import Batched
from autograd.errors import ShapeError
from autograd.operands import value_of
from autograd.tensor import Tensor
from autograd.transforms.gradient import grad
from autograd.transforms.running import (
    NUMBERS,
    Run,
    node_of,
    pull_run,
    run_function,
    without_aux,
    without_tensors,
)
from autograd.tree import flatten


def vjp(function: Callable[..., Any], *primals: Any, has_aux: bool = False) -> Any:
    """Return ``function(*primals)`` and the function from its cotangent to those of the primals.

    Parameters
    ----------
    function : callable
    *primals : array_like, or container of them
    has_aux : bool
        Whether `function` returns a pair: what is differentiated, and anything else.

    Returns
    -------
    value
    pull : callable
        From a cotangent of the form and shapes of the value to a tuple of cotangents.
    aux
        With `has_aux`.

    Examples
    --------
    >>> value, pull = vjp(lambda x, y: x * y, np.array([1.0, 2.0]), np.array([3.0, 4.0]))
    >>> pull(np.array([1.0, 10.0]))
    (array([ 3., 40.]), array([ 1., 20.]))
    """
    run = run_function(function, tuple(range(len(primals))), primals, {})
    run, aux = without_aux(run, has_aux)
    value = without_tensors(run, run.value)
    return (value, puller(run), aux) if has_aux else (value, puller(run))


def puller(run: Run) -> Callable[[Any], Any]:
    """Return the function from cotangents of what a run returned to those of its arguments."""

    def pull(cotangent: Any) -> Any:
        return pull_run(run, cotangent, retain=True)[0]

    return pull


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
    value, push = linearize(function, *primals)
    return value, push(*tangents)


def linearize(function: Callable[..., Any], *primals: Any) -> tuple[Any, Callable[..., Any]]:
    """Return ``function(*primals)`` and its derivative there, a linear function of tangents.

    The function is run once, for any number of tangents; `jvp` runs it for each.

    Parameters
    ----------
    function : callable
    *primals : array_like, or container of them

    Returns
    -------
    value
        ``function(*primals)``
    push : callable
        From tangents, of the form and shapes of the primals, to the tangent of the value.

    Examples
    --------
    >>> value, push = linearize(lambda x: x**2 * x[0], np.array([1.0, 2.0]))
    >>> push(np.array([1.0, 0.0])), push(np.array([0.0, 1.0]))
    (array([3., 4.]), array([0., 4.]))
    """
    run = run_function(function, tuple(range(len(primals))), primals, {})
    push = pusher(run)
    return without_tensors(run, run.value), lambda *tangents: push(tangents)


def pusher(run: Run) -> Callable[[Any], Any]:
    """Return the function from tangents of the arguments of a run to those of what it returned.

    The tangent of what is no number, such as a string, is None.
    """
    outputs, remake = flatten(run.value)
    push = linear_push(run, outputs)

    def push_all(tangents: Any) -> Any:
        return remake(push(dict(zip(run.variables, run.pick(tangents), strict=True))))

    return push_all


def tangents_of(run: Run, tangents: Mapping[Tensor, Any], outputs: Sequence[Any]) -> list[Any]:
    """Return the tangents of the outputs of a run from those of some of its variables."""
    return linear_push(run, outputs)(tangents)


def linear_push(run: Run, outputs: Sequence[Any]) -> Callable[[Mapping[Tensor, Any]], list[Any]]:
    """Return the function from tangents of some variables of a run to those of its outputs."""
    nodes = {y._node for y in outputs if isinstance(y, Tensor) and y._node is not None}
    involved = {node: graph.ancestry((node,), run.since)[1] for node in nodes}
    walks = []
    for older in set(involved.values()):  # what involves an outer derivative is recorded
        targets = {node for node in nodes if involved[node] is older}
        walks.append((graph.ancestry(targets, run.since)[0], targets, older))

    def push(tangents: Mapping[Tensor, Any]) -> list[Any]:
        incoming = dict(_tangent(*pair) for pair in tangents.items())
        found: graph.Walk = {}
        for order, targets, older in walks:
            found |= graph.pushforward(dict(incoming), order, targets, record=older)

        def tangent_of(output: Any) -> Any:
            if isinstance(output, Tensor) and output._node in found:
                return found[output._node]
            return np.zeros_like(value_of(output)) if isinstance(output, NUMBERS) else None

        return [tangent_of(output) for output in outputs]

    return push


def _tangent(variable: Tensor, tangent: Any) -> tuple[graph.Node, Any]:
    """Return a variable's node and its tangent, checked."""
    if np.shape(tangent) != variable.shape:
        raise ShapeError(
            f"a tangent has the shape of its primal, {variable.shape}, got {np.shape(tangent)}"
        )
    if isinstance(tangent, Tensor) and not tangent.requires_grad:
        tangent = value_of(tangent)
    knows = isinstance(tangent, Tensor | Batched)
    return node_of(variable), tangent if knows else np.asarray(tangent, variable.dtype)[()]


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
