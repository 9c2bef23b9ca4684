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
    Run,
    leaves_like,
    node_of,
    pull_run,
    run_function,
    without_tensors,
)
from autograd.tree import flatten


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
    run = run_function(function, tuple(range(len(primals))), primals, {})

    def pull(cotangent: Any) -> Any:
        return pull_run(run, cotangent, retain=True)[0]

    return without_tensors(run, run.value), pull


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
    run = run_function(function, tuple(range(len(primals))), primals, {})
    flat = leaves_like(tuple(tangents), tuple(primals))
    outputs, remake = flatten(run.value)
    found = tangents_of(run, dict(zip(run.variables, flat, strict=True)), outputs)
    return without_tensors(run, run.value), remake(found)


def tangents_of(run: Run, tangents: Mapping[Tensor, Any], outputs: Sequence[Any]) -> list[Any]:
    """Return the tangents of the outputs of a run from those of some of its variables."""
    incoming = dict(_tangent(*pair) for pair in tangents.items())
    nodes = {y._node for y in outputs if isinstance(y, Tensor) and y._node is not None}
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

    return [tangent_of(output) for output in outputs]


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
