"""What there is to show: a program that was recorded, one that is run here, or a Tensor alone."""

import ast
import functools
import gc
import inspect
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np

from autograd.errors import ShapeError
from autograd.graph import Node, ancestry, pullback
from autograd.tape import Operation, Tape
from autograd.tensor import Tensor


class Program:
    """The nodes of a graph in the order of computation, with what is known of each.

    Parameters
    ----------
    operations : list of Operation
        What a tape has noted.
    roots : list of Node
        Nodes to show besides.
    variables : mapping from str to object
        What the program calls its Tensors.

    Attributes
    ----------
    nodes : list of Node
    operations : dict from Node to Operation
    known : dict from Node to array
        Values of what no tape has noted.
    names : dict from Node to str
    gradients : dict from Node to array
        Of leaves, where they were differentiated here.
    constant : array or None
        All that there is of a Tensor that is not differentiated.
    """

    constant: Any = None

    def __init__(
        self, operations: list[Operation], roots: list[Node], variables: Mapping[str, Any]
    ) -> None:
        self.operations = {operation.node: operation for operation in operations}
        self.nodes = ancestry(dict.fromkeys((*self.operations, *roots)))[0][::-1]
        self.known: dict[Node, Any] = {}
        self.gradients: dict[Node, Any] = {}
        self.names = self._named(operations, variables)
        wanted = {node for node in self.nodes if node not in self.operations}
        # A node does not know its Tensor; which Tensors there are, the garbage collector knows.
        for thing in gc.get_objects() if wanted else ():
            if issubclass(type(thing), Tensor):
                node = getattr(thing, "_node", None)
                if node in wanted:
                    self.known[node] = np.array(thing.data)

    def _named(self, operations: list[Operation], variables: Mapping[str, Any]) -> dict[Node, str]:
        """Return names: given ones, the variable of a leaf, the left side of the line of others."""
        names: dict[Node, str] = {}
        for before, operation in zip((None, *operations), operations, strict=False):
            name = _assigned(operation.line.source)
            if name:
                names[operation.node] = name
                if before is not None and before.line == operation.line:
                    names.pop(before.node, None)  # only the last of a line is what it assigns
        for name, thing in variables.items():
            node = thing._node if isinstance(thing, Tensor) else None  # noqa: SLF001
            if node is not None and node not in self.operations:
                names.setdefault(node, name)
        return names | {node: node.name for node in self.nodes if node.name}


def recorded(tape: Tape, variables: Mapping[str, Any], roots: Iterable[Node] = ()) -> Program:
    """Return what a tape has noted."""
    return Program(tape.operations, list(roots), variables)


def alone(y: Tensor, variables: Mapping[str, Any]) -> Program:
    """Return what is known of a Tensor without a tape."""
    node = y._first_node()  # noqa: SLF001
    program = Program([], [] if node is None else [node], variables)
    if node is None:
        program.constant = np.array(y.data)
    return program


def run(function: Callable[..., Any], args: tuple[Any, ...], cotangent: Any) -> Program:
    """Run a function with a tape, differentiate what it returns, and return both.

    Raises
    ------
    TypeError
        If it does not return a Tensor.
    ShapeError
        If `cotangent` has another shape than what it returns.
    """
    variables = dict(zip(_parameters(function, len(args)), map(_variable, args), strict=True))
    with Tape() as tape:
        y = function(*variables.values())
        node = y._node if isinstance(y, Tensor) else None  # noqa: SLF001
        if node is None:
            what = "a constant" if isinstance(y, Tensor) else type(y).__name__
            raise TypeError(
                f"explore shows a function that returns one Tensor, computed from its arguments; "
                f"{getattr(function, '__name__', 'this one')} returned {what}"
            )
        seed = np.ones(y.shape, y.dtype) if cotangent is None else np.asarray(cotangent, y.dtype)
        if seed.shape != y.shape:
            raise ShapeError(
                f"the cotangent has shape {seed.shape}, and what the function returned {y.shape}; "
                "they must be the same"
            )
        with np.errstate(all="ignore"):
            order, _ = ancestry((node,))
            seeds = {node: seed if y.shape else seed[()]}
            found = pullback(seeds, order, record=False, retain=True)
    program = recorded(tape, variables, [node])
    program.gradients = found
    return program


def _variable(argument: Any) -> Any:
    """Return a Tensor for an array of floating-point numbers; anything else as it is."""
    if isinstance(argument, Tensor):
        return argument
    array = np.asarray(argument) if isinstance(argument, float | complex | np.ndarray) else None
    return argument if array is None or array.dtype.kind not in "fc" else Tensor(argument)


def _parameters(function: Callable[..., Any], count: int) -> list[str]:
    """Return names for so many positional arguments: the function's own, where they can be read."""
    try:
        parameters = list(inspect.signature(function).parameters.values())
    except (TypeError, ValueError):
        parameters = []
    positional = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    names = [parameter.name for parameter in parameters if parameter.kind in positional]
    return names[:count] + [f"argument {i + 1}" for i in range(len(names), count)]


@functools.lru_cache(maxsize=4096)
def _assigned(source: str) -> str:
    """Return the name that a line assigns to; empty if there is none, or several."""
    if "=" not in source:
        return ""
    try:
        (statement,) = ast.parse(source).body
    except (SyntaxError, ValueError):
        return ""
    match statement:
        case (
            ast.Assign(targets=[ast.Name(id=name)])
            | ast.AugAssign(target=ast.Name(id=name))
            | ast.AnnAssign(target=ast.Name(id=name))
        ):
            return str(name)
    return ""
