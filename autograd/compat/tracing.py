"""HIPS autograd's names for traced values, on Tensors.

There a value that is being differentiated is in a box; here it is a Tensor, and containers hold
Tensors. A trace is here the set of variables that it began with; what depends on one of them is of
that trace.
"""

import contextlib
import importlib
import warnings
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from autograd import graph
from autograd.compat.plans import RULE_SINCE
from autograd.operands import value_of
from autograd.primitive import elementwise, same
from autograd.tape import Tape
from autograd.tensor import Tensor
from autograd.transforms.running import (
    INDEPENDENT,
    VARIABLE_OF,
    new_variable,
    node_of,
    variable_again,
)
from autograd.tree import flatten, map_leaves


class Trace:
    """The variables that a trace began with."""

    def __init__(self) -> None:
        self.roots: list[graph.Node] = []

    def holds(self, value: Any) -> bool:
        """Whether a Tensor, or one in a container, depends on a variable of this trace."""
        tensors = (leaf for leaf in flatten(value)[0] if isinstance(leaf, Tensor))
        nodes = [tensor._node for tensor in tensors if tensor._node is not None]
        return not set(graph.ancestry(nodes)[0]).isdisjoint(self.roots)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, TraceOf):
            return self.holds(other.tensor)
        return self is other

    __hash__ = object.__hash__


class TraceOf:
    """The traces of a Tensor: equal to each that it depends on."""

    def __init__(self, tensor: Tensor) -> None:
        self.tensor = tensor

    def __eq__(self, other: object) -> bool:
        if isinstance(other, TraceOf):
            return self.tensor is other.tensor
        return isinstance(other, Trace) and other.holds(self.tensor)

    __hash__ = object.__hash__


inner_value = elementwise(same, same, name="value")
"""The value of a Tensor of a derivative inside another one, as the outer one has it."""


def _value(tensor: Tensor) -> Any:
    """Return the value of a Tensor; in a derivative inside another one, a Tensor of the outer one.

    Programs that take what they return to their caller out of its box once, as in HIPS autograd,
    so keep the outer derivative.
    """
    depth: dict[graph.Node, int] = {}
    order = graph.ancestry((tensor._node,))[0] if tensor._node is not None else []
    for node in reversed(order):
        around = max((depth[parent] for parent in node.parents), default=0)
        primitive: Any = getattr(node.plan, "primitive", None)
        step = (primitive is variable_again) - (primitive is inner_value)
        depth[node] = max(around + step, 0)
    return inner_value(tensor) if order and depth[order[0]] else tensor._data


# Tensor itself knows nothing of traces: only programs that look into HIPS's boxes ask for them.
setattr(Tensor, "_trace", property(TraceOf))  # noqa: B010
setattr(Tensor, "_value", property(_value))  # noqa: B010


def _array_namespace(tensor: Tensor, *, api_version: str | None = None) -> Any:  # noqa: ARG001
    """Return the module of the functions of such arrays, as the array API standard has it."""
    return importlib.import_module("autograd.numpy")


setattr(Tensor, "__array_namespace__", _array_namespace)  # noqa: B010 - that module knows Tensors


class TraceStack:
    """Where traces begin; there is nothing to restore after an error."""

    @contextlib.contextmanager
    def new_trace(self) -> Iterator[Trace]:
        """Return a context that yields a new trace."""
        yield Trace()


trace_stack = TraceStack()


class _BoxType(type):
    """The type of `Box` and `ArrayBox`, of which every Tensor is an instance."""

    def __instancecheck__(cls, value: Any) -> bool:
        if not isinstance(value, Tensor):
            return False
        since = RULE_SINCE.get()  # see `recorded_rule`
        return since is None or value._node is None or value._node.birth < since

    def __subclasscheck__(cls, kind: type) -> bool:
        return kind in (Tensor, Box, ArrayBox)

    def __call__(cls, value: Any, trace: Any = None, node: Any = None) -> Tensor:  # noqa: ARG002
        """Return a new variable; the arguments are those of HIPS's box."""
        return _variable(value, trace)


def _variable(value: Any, trace: Any) -> Tensor:
    """Return a new variable of a trace, of an array of any class."""
    tensor = new_variable(np.asarray(value) if isinstance(value, np.ndarray) else value)
    if isinstance(trace, Trace):
        trace.roots.append(node_of(tensor))
    return tensor


class Mappings(dict[type, Any]):
    """What makes a variable of a value of a class: ``mappings[cls] = f(value, trace, node)``."""

    def __setitem__(self, kind: type, make: Any) -> None:
        super().__setitem__(kind, make)
        VARIABLE_OF[kind] = make
        own: Any = getattr(kind, "__array_ufunc__", None)
        if issubclass(kind, np.ndarray) and own is not np.ndarray.__array_ufunc__:
            _defer_to_tensors(kind, own)


def _defer_to_tensors(kind: Any, own: Callable[..., Any]) -> None:
    """Let Tensors answer for an operation of an array of class `kind` and a Tensor.

    NumPy asks the left operand first, and such a class need not know that there are Tensors.
    """

    def __array_ufunc__(  # noqa: N807 - NumPy's name
        self: Any, ufunc: np.ufunc, method: str, *inputs: Any, **kwargs: Any
    ) -> Any:
        for value in inputs:
            if isinstance(value, Tensor):
                return value.__array_ufunc__(ufunc, method, *inputs, **kwargs)
        return own(self, ufunc, method, *inputs, **kwargs)

    kind.__array_ufunc__ = __array_ufunc__


class Box(metaclass=_BoxType):
    """What every Tensor is an instance of."""

    type_mappings = Mappings()
    types: set[type] = {Tensor}  # noqa: RUF012 - HIPS's

    @classmethod
    def register(cls, value_type: type) -> None:
        """State that values of a class are traced by this one."""
        Box.type_mappings[value_type] = cls


class ArrayBox(Box):
    """A traced array: what every Tensor is an instance of."""


class _ContainerBoxType(type):
    kinds: tuple[type, ...] = ()

    def __instancecheck__(cls, value: Any) -> bool:
        return isinstance(value, cls.kinds) and isbox(value)

    def __call__(cls, value: Any, trace: Any = None, node: Any = None) -> Any:
        """Return a container of new variables; without a trace, the container itself."""
        return value if trace is None else new_box(value, trace, node)


class SequenceBox(metaclass=_ContainerBoxType):
    """A traced sequence: here a list or tuple that holds a Tensor."""

    kinds = (list, tuple)


class DictBox(metaclass=_ContainerBoxType):
    """A traced dictionary: here a dictionary that holds a Tensor."""

    kinds = (dict,)


class TracedTuple(tuple[Any, ...]):  # noqa: SLOT001 - it has attributes of its own
    """A tuple of variables that knows its trace."""

    _trace: Any
    _node: Any


class TracedList(list[Any]):
    """A list of variables that knows its trace."""

    _trace: Any
    _node: Any


def new_box(value: Any, trace: Any, node: Any) -> Any:
    """Return a value as new variables of a trace; in a container, each of its leaves."""
    if isinstance(value, list | tuple):
        kind = TracedList if isinstance(value, list) else TracedTuple
        boxes: Any = kind(new_box(item, trace, node) for item in value)
        boxes._trace, boxes._node = trace, node
        return boxes
    if isinstance(value, dict):
        return {key: new_box(item, trace, node) for key, item in value.items()}
    make = VARIABLE_OF.get(type(value))
    tensor: Any = make(value, trace, node) if make else _variable(value, trace)
    if isinstance(trace, Trace) and node_of(tensor) not in trace.roots:
        trace.roots.append(node_of(tensor))
    return tensor


def isbox(value: Any) -> bool:
    """Whether `value` is a Tensor, or a container with one in it.

    Examples
    --------
    >>> isbox(Tensor(1.0)), isbox([1.0, Tensor(1.0)]), isbox(1.0)
    (True, True, False)
    """
    if isinstance(value, list | tuple | dict):
        return any(isinstance(leaf, Tensor) for leaf in flatten(value)[0])
    return isinstance(value, Tensor)


def getval(value: Any) -> Any:
    """Return a value without Tensors, in containers too.

    Examples
    --------
    >>> getval([Tensor(2.0), 1])
    [np.float64(2.0), 1]
    """
    return map_leaves(value_of, value)


# Nodes of the program's own.


class Node:
    """What a trace calls for each operation: a class of the program's own.

    A subclass has ``__init__(self, value, fun, args, kwargs, parent_argnums, parents)``, and
    ``initialize_root`` for the variable that the trace begins with.
    """

    def __init__(  # noqa: PLR0917 - HIPS's signature
        self,
        value: Any,
        fun: Callable[..., Any],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        parent_argnums: tuple[int, ...],
        parents: Sequence["Node"],
    ) -> None:
        self.value, self.recipe = value, (fun, args, kwargs, parent_argnums)
        self.parents = list(parents)

    def initialize_root(self, *_args: Any, **_kwargs: Any) -> None:
        """Begin a trace."""
        self.parents = []

    @classmethod
    def new_root(cls, *args: Any, **kwargs: Any) -> Any:
        """Return the node of the variable that a trace begins with."""
        root = cls.__new__(cls)
        root.initialize_root(*args, **kwargs)
        return root


class VJPNode(Node):
    """A node of reverse mode; the engine's own nodes do the work."""


class JVPNode(Node):
    """A node of forward mode; the engine walks its own."""

    def initialize_root(self, *args: Any, **_kwargs: Any) -> None:
        """Begin a trace with a tangent."""
        self.parents = []
        self.g = args[0] if args else None


def trace(start_node: Any, fun: Callable[[Any], Any], x: Any) -> tuple[Any, Any]:
    """Run a function, and make a node of the class of `start_node` for each operation.

    Returns
    -------
    tuple
        The value, and the node that made it; None, with a warning, if that does not depend on `x`.
    """
    with trace_stack.new_trace() as own, Tape() as tape:
        end = fun(new_box(x, own, start_node))
    nodes: dict[Any, Any] = dict.fromkeys(own.roots, start_node)
    for operation in tape.operations:
        call = operation.call
        names = list(call.bound)
        argnums = [names.index(name) for name in call.arguments if name in names]
        parents = [_behind(parent, nodes) for parent in operation.node.parents]
        argnums = argnums if len(argnums) == len(parents) else argnums * len(parents)
        pairs = [pair for pair in zip(argnums, parents, strict=False) if pair[1] is not None]
        if pairs:
            values = tuple(call.bound.values())
            kwargs = dict(list(call.bound.items())[call.positional :])
            nodes[operation.node] = type(start_node)(
                operation.value,
                call.primitive,
                values[: call.positional],
                kwargs,
                tuple(argnum for argnum, _ in pairs),
                [parent for _, parent in pairs],
            )
    end_node = _behind(end._node, nodes) if isinstance(end, Tensor) and end._node else None
    if end_node is None:
        warnings.warn(INDEPENDENT, UserWarning, stacklevel=2)
    return getval(end), end_node


def _behind(node: graph.Node, nodes: dict[Any, Any]) -> Any:
    """Return the program's node for one of the graph, or for that of which it is an output."""
    if node not in nodes and node.op == "output":
        node = node.parents[0]
    return nodes.get(node)
