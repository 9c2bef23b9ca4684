"""HIPS autograd's tools on traces."""

from collections.abc import Callable
from typing import Any, NamedTuple

from autograd.compat.plans import UserPlan
from autograd.compat.tracing import Node, trace
from autograd.plan import Call
from autograd.tape import Tape
from autograd.tensor import Tensor
from autograd.transforms.running import node_of, run_function, without_tensors
from autograd.tree import flatten, map_leaves, parts

__all__ = ["FullGraphNode", "const_graph", "full_graph"]

Function = Callable[..., Any]


class Step(NamedTuple):
    """An operation to be done again, with other values for some of its arguments."""

    call: Call
    node: Any
    places: list[Any]  # where they go: a name, or a name and the number of a leaf in it
    parents: list[Any]  # the nodes whose values they are


class const_graph:  # noqa: N801 - it is used as a function
    """A function that is run once; later calls do the same operations again, with other numbers.

    That saves Python's time between the operations. What `fun` decides by the values of its
    arguments stays as it was decided in the first call.

    Parameters
    ----------
    fun : callable
    *args, **kwargs
        The first arguments, and keywords, which are constants.

    Examples
    --------
    >>> import numpy as np
    >>> f = const_graph(lambda scale, x: scale * np.sin(x), 3.0)
    >>> f(0.0), f(np.pi / 2)
    (np.float64(0.0), np.float64(3.0))
    """

    def __init__(self, fun: Function, *args: Any, **kwargs: Any) -> None:
        self.fun, self.args, self.kwargs = fun, args, kwargs
        self.steps: list[Step] | None = None
        self.__name__ = getattr(fun, "__name__", "[unknown name]")

    def __call__(self, *inputs: Any) -> Any:
        """Run the function, or its operations again."""
        return self._first(inputs) if self.steps is None else self._again(inputs)

    def _first(self, inputs: tuple[Any, ...]) -> Any:
        with Tape() as tape:
            run = run_function(
                lambda *inputs: self.fun(*self.args, *inputs, **self.kwargs),
                tuple(range(len(inputs))),
                inputs,
                {},
            )
        self.roots = [node_of(variable) for variable in run.variables]
        self.value = map_leaves(lambda y: y._node if isinstance(y, Tensor) else y, run.value)
        self.is_node = map_leaves(lambda y: isinstance(y, Tensor) and bool(y._node), run.value)
        self.pick, known = run.pick, set(self.roots)
        self.steps = []
        for operation in tape.operations:
            parents = [_source(parent) for parent in operation.node.parents]
            if not known.isdisjoint(node for node, _ in parents):
                known.add(operation.node)
                places = _places(operation.call, operation.node.plan)
                self.steps.append(Step(operation.call, operation.node, places, parents))
        return without_tensors(run, run.value)

    def _again(self, inputs: tuple[Any, ...]) -> Any:
        values: dict[Any, Any] = dict(zip(self.roots, self.pick(inputs), strict=True))
        for step in self.steps or ():
            bound = dict(step.call.bound)
            bound.pop("positions", None)
            for place, (node, output) in zip(step.places, step.parents, strict=True):
                if node in values:
                    value = values[node] if output is None else values[node][output]
                    _put(bound, place, value)
            traced = any(isinstance(leaf, Tensor) for leaf in flatten(list(bound.values()))[0])
            found = step.call.primitive.apply(bound, step.call.positional, recorded=traced)
            values[step.node] = found if parts(found) is None else flatten(found)[0]

        def value_at(node: Any, is_node: bool) -> Any:
            if not is_node:
                return node
            source, output = _source(node)
            return values[source] if output is None else values[source][output]

        nodes, rebuild = flatten(self.value)
        pairs = zip(nodes, flatten(self.is_node)[0], strict=True)
        return rebuild([value_at(*pair) for pair in pairs])


def _source(node: Any) -> tuple[Any, int | None]:
    """Return the node of an operation, and which of its outputs a node is, if it is one of them."""
    if node.op == "output" and node.kept is not None:
        names = node.plan.names
        return node.parents[0], node.kept[names.index("index")]
    return node, None


def _places(call: Call, plan: Any) -> list[Any]:
    """Return where the parents of a node stand in the arguments of its call."""
    if isinstance(plan, UserPlan):
        word = plan.primitive.word
        return [word(arg) if leaf is None else (word(arg), leaf) for arg, leaf in plan.places]
    if call.primitive.sequence:
        return [(call.arguments[0], position) for position in call.bound["positions"]]
    return list(call.arguments)


def _put(bound: dict[str, Any], place: Any, value: Any) -> None:
    """Put a value into the arguments of a call."""
    if isinstance(place, str):
        bound[place] = value
    else:
        name, position = place
        leaves, rebuild = flatten(bound[name])
        leaves[position] = value
        bound[name] = rebuild(leaves)


class FullGraphNode(Node):
    """A node with the value, and with the operation that made it: ``(fun, args, kwargs, places)``.

    `parents` are the nodes of the arguments at those places.
    """


def full_graph(fun: Function, *args: Any, **kwargs: Any) -> Any:
    """Return the node of what `fun` returns, which leads to all operations before it.

    Examples
    --------
    >>> import autograd.numpy as np
    >>> node = full_graph(lambda x: np.sin(x) * 2, 0.0)
    >>> [node.recipe[0].name, node.parents[0].recipe[0].name]
    ['multiply', 'sin']
    """
    root = FullGraphNode.new_root()
    root.recipe = None
    return trace(root, lambda values: fun(*values, **kwargs), list(args))[1]
