"""Jacobians and Hessians, whole: one walk carries all their rows, or all their columns.

The walk is that of one row or column, with a batch of all of them as its cotangent or tangent.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from autograd import graph
from autograd.batching import Batched, Level
from autograd.errors import NotDifferentiableError
from autograd.operands import value_of
from autograd.ops.batches import unbatch
from autograd.tensor import Tensor, constant
from autograd.transforms.products import tangents_of
from autograd.transforms.running import (
    Argnum,
    Run,
    named_after,
    pull_run,
    run_function,
)
from autograd.tree import flatten

CHUNK = 2**23
"""Elements of the largest intermediate value, for all rows that one walk carries."""
FEW = 4
"""So many rows take no longer one by one: a batch costs about four times as much an operation."""


def jacobian(
    function: Callable[..., Any], argnum: Argnum = 0, *, mode: str = "auto"
) -> Callable[..., Any]:
    """Return the Jacobian of `function`, a function from its arguments to an array.

    Parameters
    ----------
    function : callable
        From arrays, or containers of them, to an array or a container of arrays.
    argnum : int, str, or tuple or list of them
        Which arguments to differentiate.
    mode : {"auto", "rev", "fwd"}
        Whether rows are found by walking back or columns by walking forward; "auto" does what needs
        fewer of them.

    Returns
    -------
    callable
        To an array of the output's shape followed by the argument's. Of containers, one for each
        pair: in the form of the output, and in its place each in the form of the argument.

    Examples
    --------
    >>> import numpy as np
    >>> jacobian(lambda x: x[:2] * x[2])(np.array([1.0, 2.0, 3.0]))
    array([[3., 0., 1.],
           [0., 3., 2.]])
    """
    _check(mode)

    @named_after(function, "jacobian", argnum)
    def jacobian_function(*args: Any, **kwargs: Any) -> Any:
        run = run_function(function, argnum, args, kwargs)
        outputs, remake = flatten(run.value)
        outputs = [y if isinstance(y, Tensor) else constant(np.asarray(y)) for y in outputs]
        if _forward_is_cheaper(run, outputs) if mode == "auto" else mode == "fwd":
            try:
                return remake(_by_columns(run, outputs))
            except NotDifferentiableError:
                if mode == "fwd":
                    raise
        return remake([_by_rows(run, y) for y in outputs])

    return jacobian_function


def _forward_is_cheaper(run: Run, outputs: list[Tensor]) -> bool:
    """Whether there are fewer columns than rows.

    Complex numbers go by rows, and so do operations that were stated with a pullback only.
    """
    if any(x.dtype.kind == "c" for x in (*run.variables, *outputs)):
        return False
    columns, rows = (sum(int(t.size) for t in some) for some in (run.variables, outputs))
    if columns >= rows:
        return False
    order, _ = graph.ancestry([y._node for y in outputs if y._node is not None], run.since)
    plans = (node.plan for node in order if node.plan is not None)
    return not any(getattr(plan.primitive, "reverse_only", False) for plan in plans)


def _by_rows(run: Run, output: Tensor) -> Any:
    """Return the derivatives of one output, in the form of the arguments, by walking back."""
    only = run._replace(value=output, rebuild=list)
    if not output.shape:
        return run.rebuild(pull_run(only, np.ones((), output.dtype)[()], retain=True)[0])
    blocks = []
    if 0 < output.size <= FEW:
        for seed in np.eye(output.size, dtype=output.dtype):
            found = pull_run(only, seed.reshape(output.shape), retain=True)[0]
            blocks.append([np.expand_dims(c, 0) for c in found])
        return _of_rows(run, blocks, output.shape)
    for level, seed in _units(output, _at_once(output._node, run.since)):
        try:
            blocks.append(pull_run(only, seed, retain=True)[0])
        finally:
            level.active = False
        blocks[-1] = [unbatch(c, level, 0) for c in blocks[-1]]
    return _of_rows(run, blocks, output.shape)


def _of_rows(run: Run, blocks: list[Any], shape: tuple[int, ...]) -> Any:
    """Return blocks of rows, for each variable, in the form of the arguments."""
    rows = [_joined(some, 0) for some in zip(*blocks, strict=True)]
    pairs = zip(rows, run.variables, strict=True)
    return run.rebuild([_shaped(c, (*shape, *x.shape)) for c, x in pairs])


def _by_columns(run: Run, outputs: list[Tensor]) -> list[Any]:
    """Return the derivatives of all outputs, each in the form of the arguments, forward."""
    columns: list[list[Any]] = [[] for _ in outputs]
    most = min((_at_once(y._node, run.since) for y in outputs), default=1)
    for variable in run.variables:
        blocks: list[list[Any]] = [[] for _ in outputs]
        for level, seed in _units(variable, most):
            try:
                found = tangents_of(run, {variable: seed}, outputs)
            finally:
                level.active = False
            for block, tangent in zip(blocks, found, strict=True):
                block.append(unbatch(tangent, level, -1))
        for all_of_it, block, y in zip(columns, blocks, outputs, strict=True):
            all_of_it.append(_shaped(_joined(block, -1), (*y.shape, *variable.shape)))
    return [run.rebuild(found) for found in columns]


def _units(tensor: Tensor, most: int) -> Iterator[tuple[Level, Batched]]:
    """Yield batches of unit vectors in the space of `tensor`, as many as there are in all."""
    size = tensor.size
    for start in range(0, max(size, 1), most):
        count = min(most, size - start)
        level = Level(count)
        units = np.eye(count, size, start, dtype=tensor.dtype)
        yield level, Batched(units.reshape((count, *tensor.shape)), (level,))


def _at_once(node: graph.Node | None, since: int) -> int:
    """Return how many rows to carry in one walk, so that memory stays bounded."""
    order = graph.ancestry((node,), since)[0] if node is not None else []
    shapes: list[Any] = [each.shape for each in order]  # of several outputs, several shapes
    largest = max((math.prod(s) for s in shapes if not s or isinstance(s[0], int)), default=1)
    return max(CHUNK // max(largest, 1), 16)


def _joined(blocks: Sequence[Any], axis: int) -> Any:
    """Return blocks of rows, or of columns, as one array."""
    return blocks[0] if len(blocks) == 1 else np.concatenate(blocks, axis)


def _shaped(block: Any, shape: tuple[int, ...]) -> Any:
    """Return a block in its shape, an array unless something older is involved."""
    found: Any = np.reshape(block, shape)
    is_plain = isinstance(found, Tensor) and not found.requires_grad
    return value_of(found) if is_plain and type(found._data) is not Batched else found


def hessian(
    function: Callable[..., Any], argnum: Argnum = 0, *, mode: str = "auto"
) -> Callable[..., Any]:
    """Return the Hessian of `function`, a function to arrays of the argument's shape twice.

    Parameters
    ----------
    function : callable
        To one real number; of an array, the Hessian of each element.
    argnum : int, str, or tuple or list of them
        Which arguments to differentiate.
    mode : {"auto", "rev", "fwd"}
        How the gradient is differentiated, as for `jacobian`; "auto" is forward.

    Examples
    --------
    >>> import numpy as np
    >>> hessian(lambda x: x[0] ** 2 * x[1])(np.array([1.0, 3.0]))
    array([[6., 2.],
           [2., 0.]])
    """
    _check(mode)
    gradient = jacobian(function, argnum, mode="rev")
    by_columns = jacobian(gradient, argnum, mode="fwd")
    by_rows = jacobian(gradient, argnum, mode="rev")

    @named_after(function, "hessian", argnum)
    def hessian_function(*args: Any, **kwargs: Any) -> Any:
        if mode != "rev":
            try:
                return by_columns(*args, **kwargs)
            except NotDifferentiableError:
                if mode == "fwd":
                    raise
        return by_rows(*args, **kwargs)

    return hessian_function


def _check(mode: str) -> None:
    """Raise unless there is such a mode."""
    if mode not in {"auto", "rev", "fwd"}:
        raise ValueError(f"mode is 'auto', 'rev' or 'fwd', got {mode!r}")
