"""Functions that a solver of SciPy calls many times, and their derivatives at one point.

What such a function depends on, besides its arguments, are Tensors that it closes over. They are
found when it is called: its result is a Tensor then, whose graph leads to nodes that are older than
the call.
"""

import contextlib
import functools
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from autograd import graph
from autograd.batching.batched import levels_of, loop
from autograd.errors import NotDifferentiableError
from autograd.operands import value_of
from autograd.ops.conversion import array, holds_tensor
from autograd.tensor import Tensor, attached
from autograd.transforms.running import variable_again


def as_array(value: Any) -> Any:
    """Return what a function has returned, numbers or Tensors in lists too, as one array."""
    if isinstance(value, Tensor):
        return value
    return array(value) if holds_tensor(value) else np.asarray(value)


def frontier(node: graph.Node, since: int) -> set[graph.Node]:
    """Return the nodes older than `since` that `node` is, or depends on without a detour."""
    if node.birth < since:
        return {node}
    order, _ = graph.ancestry((node,), since)
    return {parent for young in order for parent in young.parents if parent.birth < since}


@contextlib.contextmanager
def recorded() -> Iterator[None]:
    """Record what happens inside the block, and tell no tape of it."""
    token = graph.RECORDING.set(True)
    try:
        yield
    finally:
        graph.RECORDING.reset(token)


def each_example(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return the same function, which is called for one example after another inside `vmap`."""

    @functools.wraps(function)
    def called(*args: Any, **keywords: Any) -> Any:
        if levels_of((args, keywords)):
            return loop(function, args, keywords)
        return function(*args, **keywords)

    return called


class Function:
    """A function of some arrays, and of the Tensors that it closes over.

    Parameters
    ----------
    call : callable
        To an array, a Tensor, or a list of them.
    what : str
        For messages.

    Attributes
    ----------
    hidden : list of Node
        What it closes over, as far as it has shown.
    """

    def __init__(self, call: Callable[..., Any], what: str) -> None:
        self.call, self.what = call, what
        self.hidden: list[graph.Node] = []

    def value(self, *args: Any) -> Any:
        """Return the value for arrays, and take note of what else it depends on."""
        since = graph.next_birth()
        value = as_array(self.call(*args))
        if not isinstance(value, Tensor):
            return value
        if value._node is not None:
            found = frontier(value._node, since).difference(self.hidden)
            self.hidden += sorted(found, key=lambda node: node.birth)
        return np.asarray(value_of(value))

    def at(self, args: Sequence[Any], varying: Sequence[int], *, record: bool) -> "Point":
        """Return the function at one point, to be differentiated in the arguments `varying`."""
        return Point(self, args, varying, record=record)


def variable(x: Any) -> Tensor:
    """Return a new variable that stands for `x`."""
    if isinstance(x, Tensor) and x.requires_grad:
        return variable_again(x)  # type: ignore[no-any-return]
    return Tensor(np.array(value_of(x), np.result_type(value_of(x), np.float32)))


class Point:
    """A function at one point: its value there, and its derivatives.

    Attributes
    ----------
    value : array, or Tensor with `record`
    """

    def __init__(
        self, function: Function, args: Sequence[Any], varying: Sequence[int], *, record: bool
    ) -> None:
        self.record = record
        given = list(args)
        with recorded():
            variables = [variable(args[index]) for index in varying]
            nodes = [x._node for x in variables]  # a function may write into its arguments
            since = graph.next_birth()
            for index, x in zip(varying, variables, strict=True):
                given[index] = x
            result = as_array(function.call(*given))
        self.targets: list[Any] = [*nodes, *function.hidden]
        self.shape = np.shape(result)
        self.node = result._node if isinstance(result, Tensor) else None
        self.value = result if record else value_of(result)
        young = () if self.node is None or self.node.birth < since else (self.node,)
        self.order, _ = graph.ancestry(young, since)
        if not record:
            self._check(function, since)

    def _check(self, function: Function, since: int) -> None:
        """Raise if there is a Tensor among what the value depends on that is not known."""
        found = {parent for node in self.order for parent in node.parents if parent.birth < since}
        for node in found.difference(self.targets):
            raise NotDifferentiableError(
                f"{function.what} depends on a Tensor of shape {node.shape} here that it has not "
                f"used before; pass that in args"
            )

    def pull(self, cotangent: Any) -> list[Any]:
        """Return the cotangents of the variables and of what the function closes over.

        None where there is none.
        """
        if self.node is None:
            return [None] * len(self.targets)
        if not self.order:
            return [cotangent if node is self.node else None for node in self.targets]
        tensor = attached(np.empty(self.node.shape, self.node.dtype), self.node)
        _, seed = tensor._start(cotangent)
        found = graph.pullback(
            {self.node: seed}, self.order, set(self.targets), record=self.record, retain=True
        )
        return [found.get(node) for node in self.targets]

    def push(self, tangents: Sequence[Any]) -> Any:
        """Return the tangent of the value from those of the variables and what is closed over."""
        if self.node is None:
            return np.zeros(self.shape)
        incoming = dict(zip(self.targets, tangents, strict=True))
        if not self.order:
            return incoming.get(self.node, np.zeros(self.shape))
        found = graph.pushforward(incoming, self.order, {self.node}, record=self.record)
        return found.get(self.node, np.zeros(self.shape))

    def jacobian(self) -> Any:
        """Return the derivatives of each element of the value in all, as one matrix."""
        sizes = [int(np.prod(node.shape)) for node in self.targets]
        rows = []
        for seed in np.eye(int(np.prod(self.shape))):
            pulled = self.pull(np.reshape(seed, self.shape)[()])
            pairs = zip(pulled, sizes, strict=True)
            rows.append(
                np.concatenate([np.zeros(n) if c is None else np.reshape(c, n) for c, n in pairs])
            )
        return np.stack(rows) if rows else np.zeros((0, sum(sizes)))
