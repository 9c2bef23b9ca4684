"""Gradients of one real number."""

from collections.abc import Callable
from typing import Any

from autograd import graph
from autograd.errors import NoGraphError
from autograd.operands import value_of
from autograd.tensor import Tensor, constant
from autograd.transforms.running import (
    Argnum,
    gradient_of,
    named_after,
    node_of,
    oldest_birth,
    one_number,
    pull_run,
    run_function,
    seeds_of,
    without_aux,
    without_tensors,
)
from autograd.tree import flatten, map_leaves


def value_and_grad(
    function: Callable[..., Any], argnum: Argnum = 0, *, has_aux: bool = False
) -> Callable[..., Any]:
    """Return the function that computes `function` and its gradient in one go.

    Parameters
    ----------
    function : callable
        To one real number.
    argnum : int, str, or tuple or list of them
        Which arguments to differentiate, by position or by name: arrays, floats, or containers of
        them.
    has_aux : bool
        Whether `function` returns a pair: the number, and anything else, which is passed on.

    Returns
    -------
    callable
        From the same arguments to ``(value, gradient)``, the gradient of the form, shapes and
        dtypes of the argument; a tuple of gradients for a sequence `argnum`. With `has_aux`, to
        ``((value, aux), gradient)``.

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

    @named_after(function, "value_and_grad", argnum)
    def value_and_gradient(*args: Any, **kwargs: Any) -> tuple[Any, Any]:
        run = run_function(function, argnum, args, kwargs)
        run, aux = without_aux(run, has_aux)
        gradient, older = pull_run(one_number("value_and_grad", function, run))
        value = without_tensors(run, run.value) if older else _plain(run.value)
        return ((value, aux) if has_aux else value), gradient

    return value_and_gradient


def _plain(value: Any) -> Any:
    """Return a value of which nothing depends on older variables."""
    return value._data if isinstance(value, Tensor) else map_leaves(value_of, value)


def grad(
    function: Callable[..., Any], argnum: Argnum = 0, *, has_aux: bool = False
) -> Callable[..., Any]:
    """
    Returns a function which computes the gradient of `function`.

    Parameters
    ----------
    function : callable
        To one real number.
    argnum : int, str, or tuple or list of them
        Which arguments to differentiate, by position or by name: arrays, floats, or containers of
        them. What is no real or complex number in a container is a constant; the gradient has None
        there.
    has_aux : bool
        Whether `function` returns a pair: the number, and anything else, which is passed on.

    Returns
    -------
    callable
        From the same arguments to the gradient; see `value_and_grad`. With `has_aux`, to
        ``(gradient, aux)``.

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
    >>> grad(lambda x, y: x * y, argnum="y")(2.0, y=3.0)
    np.float64(2.0)
    """  # noqa: D401 - HIPS autograd's programs read this line

    @named_after(function, "grad", argnum)
    def gradient(*args: Any, **kwargs: Any) -> Any:
        run = run_function(function, argnum, args, kwargs)
        run, aux = without_aux(run, has_aux)
        found = pull_run(one_number("Grad", function, run))[0]
        return (found, aux) if has_aux else found

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
