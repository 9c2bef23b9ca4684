"""Gradients of one real number."""

from collections.abc import Callable, Sequence
from typing import Any

from autograd import graph
from autograd.errors import NoGraphError
from autograd.operands import value_of
from autograd.tensor import Tensor, constant
from autograd.transforms.running import (
    check_scalar,
    gradient_of,
    named_after,
    node_of,
    oldest_birth,
    pull_run,
    run_function,
    seeds_of,
    without_tensors,
)
from autograd.tree import flatten, map_leaves


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
    >>> import numpy as np
    >>> value_and_grad(lambda x: np.sum(x**2))(np.array([1.0, 2.0]))
    (np.float64(5.0), array([2., 4.]))
    """

    @named_after(function, "value_and_grad")
    def value_and_gradient(*args: Any, **kwargs: Any) -> tuple[Any, Any]:
        run = run_function(function, argnum, args, kwargs)
        check_scalar("value_and_grad", function, run.value)
        gradient, older = pull_run(run)
        return without_tensors(run, run.value) if older else value_of(run.value), gradient

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
    >>> import numpy as np
    >>> grad(np.tanh)(0.0)
    np.float64(1.0)
    >>> grad(grad(np.sin))(np.pi / 2)
    np.float64(-1.0)
    """

    @named_after(function, "grad")
    def gradient(*args: Any, **kwargs: Any) -> Any:
        run = run_function(function, argnum, args, kwargs)
        check_scalar("grad", function, run.value)
        return pull_run(run)[0]

    return gradient


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
    >>> import numpy as np
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
    since = oldest_birth(variables)
    seeds = seeds_of(outputs, grad_outputs, since)
    order, _ = graph.ancestry(seeds, since)
    targets = {node_of(variable) for variable in variables}
    retain = retain_graph or create_graph
    found = graph.pullback(seeds, order, targets, record=create_graph, retain=retain)
    distinct = {node_of(variable): variable for variable in variables}
    once = {node: gradient_of(found, variable, variable) for node, variable in distinct.items()}
    if create_graph:
        once = {node: c if isinstance(c, Tensor) else constant(c) for node, c in once.items()}
        return rebuild([once[node_of(variable)] for variable in variables])
    given: set[graph.Node] = set()
    results = []
    for variable in variables:  # one that is asked for twice gets two arrays
        node = node_of(variable)
        results.append(once[node].copy() if node in given else once[node])
        given.add(node)
    return rebuild(results)
