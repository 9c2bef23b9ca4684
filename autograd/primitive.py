"""Primitives: the statements that make them, and the recording of what they compute.

A statement names a NumPy function and its derivative together::

    elementwise(np.log, lambda g, x: g / x)

The parameter names of a rule say what a node keeps. The first is the cotangent (or tangent); `ans`
is the output; an argument's name is that argument; with `_shape` after it, only its shape; the rest
are the function's keywords, with the rule's own defaults. They are read once, when the statement
runs.
"""

import operator as python
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy import float64

from autograd.batching import Batched, each_again
from autograd.dispatch import KINDS, TABLE, numpy_name
from autograd.errors import DetachError, KeywordError, NotDifferentiableError
from autograd.foreign import comparison, is_large, own_copy
from autograd.graph import SCALAR, Node, Several, is_recording, next_birth, tape
from autograd.operands import CONTAINERS, PLAIN, as_operand, value_of
from autograd.plan import Call, Plan, Rule, same, signature
from autograd.tensor import Tensor, attached
from autograd.tensor import constant as constant_tensor
from autograd.views import is_view, register

__all__ = [
    "Primitive",
    "composite",
    "constant",
    "elementwise",
    "general",
    "is_recording",
    "linear",
    "on_values",
    "record",
    "same",
    "set_operator",
]

Unwrapped = tuple[bool, tuple[str, ...], tuple[Node, ...], tuple[int, ...]]


class Primitive:
    """A function, its derivative rules, and what is known about them.

    Attributes
    ----------
    function : callable
        On arrays.
    name : str
        For messages and drawings.
    parameters : tuple of str
        The names of its arguments: NumPy's own, or `x`, `y`, `z` for a ufunc.
    rules, tangent_rules : dict from str to callable
        For each differentiable argument: cotangent to cotangent, tangent to tangent.
    linear : bool
        Whether the tangents go through the function itself.
    broadcasts : bool
        Whether a contribution is summed down to its argument's shape.
    sequence : bool
        Whether the first argument is a sequence of arrays, whose rule returns one cotangent for
        each.
    single : bool
        Whether the first argument is the only one that may be a Tensor, and is one array.
    leading : int
        How many arguments come before the first that the rules do not know.
    compute : callable
        What is called on arrays: the function, or a faster one that does the same.
    views : bool
        Whether the result may show the memory of the first argument.
    diagonal : bool
        Whether the Jacobian is diagonal.
    chooses : bool
        Whether the rules make exact zeros of what was not chosen.
    add_into : callable or None
        ``add_into(buffer, g, ...)`` adds a contribution that touches a few elements only; it names
        what the rule names.
    zero_at : callable or None
        ``zero_at(g, ...)`` turns a cotangent, in place, into that of the first argument.
    """

    def __init__(
        self,
        function: Callable[..., Any],
        rules: Sequence[Rule],
        tangent_rules: Sequence[Rule] = (),
        *,
        linear: bool = False,
        broadcasts: bool = False,
        **options: Any,
    ) -> None:
        self.function, self.linear, self.broadcasts = function, linear, broadcasts
        self.name = options.get("name") or function.__name__
        self.sequence, self.add_into = options.get("sequence", False), options.get("add_into")
        self.parameters = options.get("parameters") or _parameters(function)
        self.rules = dict(zip(self.parameters, rules, strict=False))
        self.differentiable = tuple(name for name, rule in self.rules.items() if rule is not None)
        self.tangent_rules = dict(zip(self.parameters, tangent_rules, strict=False))
        self.single = len(self.rules) == 1 and not self.sequence
        self.compute = options.get("compute", function)
        self.diagonal, self.chooses = options.get("diagonal", False), options.get("chooses", False)
        self.zero_at, self.views = options.get("zero_at"), options.get("views", linear)
        self.plans: dict[tuple[str, ...], Plan] = {}
        self.whole = self.plan(self.differentiable)
        self.no_arrays = dict.fromkeys(self.differentiable)
        harmless, named = options.get("harmless", ()), self.whole.defaults
        self.known = {*self.rules, *harmless, *named}
        unknown = [index for index, name in enumerate(self.parameters) if name not in self.known]
        self.leading = unknown[0] if unknown else len(self.parameters)

    def plan(self, arguments: tuple[str, ...]) -> "Plan":
        """Return how a node is kept and differentiated in `arguments`."""
        if arguments not in self.plans:
            self.plans[arguments] = Plan(self, arguments)
        return self.plans[arguments]

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Compute on the values, and record where an argument is a variable."""
        if self.single and args and not kwargs:
            if _plain(args[0]):
                return self.compute(*args)
            if len(args) == 1 and type(args[0]) is Tensor:
                return self._of_one(args[0])
        return self._of_many(args, kwargs)

    def _of_many(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Do so for a call with several arguments."""
        kwargs = {name: value for name, value in kwargs.items() if value is not np._NoValue}
        bound = dict(zip(self.parameters, args), **kwargs)  # noqa: B905 - what is left has defaults
        of = None  # the Tensor whose memory the result shows
        if (kwargs or len(args) > self.leading) and not bound.keys() <= self.known:
            self._refuse_unknown(bound)
        tensor_keyword = kwargs and any(isinstance(value, Tensor) for value in kwargs.values())
        if self.single and args and type(args[0]) is Tensor and not tensor_keyword:
            value = bound[self.parameters[0]] = args[0]._data
            try:
                ans = self.compute(value, *args[1:], **kwargs)
            except Exception as error:  # noqa: BLE001 - raised, or it was one of a batch
                ans = each_again(error, self.function, (value, *args[1:]), kwargs)
            of = args[0] if self.views and is_view(ans, value) else None
            parent = args[0]._node
            parents: tuple[Node, ...] = () if parent is None else (parent,)
            plan = self.whole
        else:
            unwrap = self._unwrap_sequence if self.sequence else self._unwrap
            tensors, arguments, parents, positions = unwrap(bound)
            ans = self.apply(bound, len(args))
            if not tensors:
                return ans
            plan = self.plan(arguments)
            if self.sequence:
                bound["positions"] = positions
        if isinstance(ans, tuple):
            return self._record_several(ans, plan, parents, bound, len(args))
        ans = ans if hasattr(ans, "dtype") else np.asarray(ans)
        if ans.dtype.kind not in "fc":
            return self._without_derivative(ans)
        if not parents or not is_recording():
            tensor = constant_tensor(ans)
        else:
            tensor = self._recorded(ans, plan, parents, bound, len(args))
        if of is not None:
            register(tensor, of, (self, args[1:], kwargs))
        return tensor

    def _without_derivative(self, ans: Any) -> Any:
        """Return a result of whole numbers or the like as it is; raise for one of objects."""
        if ans.dtype.kind == "O":
            raise DetachError(
                f"{numpy_name(self.function)} of a Tensor would lose its gradient in an array of "
                f"objects; t.data.astype(object) has the numbers"
            )
        return ans

    def _of_one(self, x: Tensor) -> Any:
        """Do so for a call without options, as most are."""
        value, node = x._data, x._node
        try:
            ans = self.compute(value)
        except Exception as error:  # noqa: BLE001 - raised, or it was one of a batch
            ans = each_again(error, self.function, (value,), {})
        if isinstance(ans, tuple):
            bound = {self.parameters[0]: value}
            return self._record_several(ans, self.whole, (node,) if node else (), bound, 1)
        if not isinstance(ans, np.ndarray | np.inexact | Batched) or ans.dtype.kind not in "fc":
            return ans
        recording = is_recording()
        if node is None or not recording:
            tensor = constant_tensor(ans)
        elif recording is True:
            tensor = record(ans, self.whole, (node,), self.whole.keep_of_one(ans, value))
        else:
            tensor = self._recorded(ans, self.whole, (node,), {self.parameters[0]: value}, 1)
        if self.views and type(ans) is np.ndarray and is_view(ans, value):
            register(tensor, x, (self, (), {}))
        return tensor

    def _recorded(
        self, ans: Any, plan: Plan, parents: tuple[Node, ...], bound: dict[str, Any], count: int
    ) -> Tensor:
        """Return the Tensor of a result, recorded; a tape that runs is told of the call."""
        call = None if is_recording() is True else Call(self, dict(bound), count, plan.arguments)
        tensor = record(ans, plan, parents, self._keep(plan, ans, bound, count))
        if call:
            is_recording().note(call, ans, tensor._node)
        if not self.single:
            guard(tensor, plan, bound)
        return tensor

    def _keep(self, plan: Plan, ans: Any, bound: dict[str, Any], count: int) -> tuple[Any, ...]:
        """Return what a node keeps of a call."""
        if not self.linear:
            kept: tuple[Any, ...] = plan.keep(ans, bound)
            return kept
        bound["call"] = count, bound
        kept = plan.keep(ans, bound)
        del bound["call"]
        bound.update(self.no_arrays)  # what forward mode needs is the call without its arrays
        return kept

    def record(self, ans: Any, bound: dict[str, Any], nodes: Mapping[str, Node | None]) -> Tensor:
        """Return the Tensor of a result that was computed elsewhere, recorded if it is due.

        All of `bound` are positional arguments.
        """
        varying = {name: node for name, node in nodes.items() if node is not None}
        recording = is_recording()
        if not varying or not recording:
            return constant_tensor(ans)
        plan = self.plan(tuple(varying))
        tensor = record(ans, plan, tuple(varying.values()), plan.keep(ans, bound))
        return tensor if recording is True else self.noted(tensor, plan, bound)

    def noted(self, tensor: Tensor, plan: Plan, bound: Mapping[str, Any]) -> Tensor:
        """Return a recorded result, with large constants guarded, and a tape that runs told."""
        guard(tensor, plan, bound)
        if (noting := tape()) is not None:
            call = Call(self, bound, len(bound), plan.arguments)
            noting.note(call, tensor._data, tensor._node)
        return tensor

    def _record_several(
        self,
        ans: tuple[Any, ...],
        plan: Plan,
        parents: tuple[Node, ...],
        bound: Mapping[str, Any],
        count: int,
    ) -> tuple[Any, ...]:
        """Return the outputs of an operation that has several, each recorded."""
        recording = is_recording()
        if not parents or not recording:
            varying = (constant_tensor(y) if y.dtype.kind in "fc" else y for y in ans)
            return _like(ans, varying)
        values = tuple(ans)
        node = _node(values, plan, parents, plan.keep(values, bound))
        if recording is not True:
            recording.note(Call(self, dict(bound), count, plan.arguments), values, node)
        return _like(ans, self.attach(values, node))

    @staticmethod
    def attach(value: Any, node: Node) -> Any:
        """Return a Tensor of `value` at `node`; of a tuple, one for each output of the node."""
        if type(value) is not tuple:
            return attached(value, node)
        return tuple(
            record(output, ONE_OF.whole, (node,), (len(value), index))
            if output.dtype.kind in "fc"
            else output
            for index, output in enumerate(value)
        )

    def apply(self, bound: Mapping[str, Any], count: int, *, recorded: bool = False) -> Any:
        """Call the function, or the primitive; the first `count` of the arguments by position."""
        function = self if recorded else self.compute
        values = tuple(bound.values())
        keywords = dict(list(bound.items())[count:]) if count < len(values) else {}
        try:
            return function(*values[:count], **keywords)
        except Exception as error:
            if recorded:
                raise
            return each_again(error, self.function, values[:count], keywords)

    def _unwrap(self, bound: dict[str, Any]) -> Unwrapped:
        """Put values for Tensors; return if there were any, which arguments vary, their nodes."""
        tensors = False
        varying: dict[str, Node] = {}
        for name, value in bound.items():
            item = as_operand(value) if type(value) in CONTAINERS and name in self.rules else value
            if isinstance(item, Tensor):
                if name not in self.rules:
                    raise NotDifferentiableError(
                        f"{numpy_name(self.function)} has no derivative in {name}; "
                        f"pass an array there (t.data)"
                    )
                tensors, bound[name] = True, item._data
                if item._node is not None and self.rules[name] is not None:
                    varying[name] = item._node
            elif type(item) is np.ndarray and name in self.whole.defaults:
                bound[name] = own_copy(item)
        return tensors, tuple(varying), tuple(varying.values()), ()

    def _unwrap_sequence(self, bound: dict[str, Any]) -> Unwrapped:
        """Do the same for a sequence of arrays; return the places of those that vary, too."""
        name = self.parameters[0]
        items = [as_operand(item) for item in bound[name]]
        bound[name] = [item._data if isinstance(item, Tensor) else item for item in items]
        tensors = [(i, item._node) for i, item in enumerate(items) if isinstance(item, Tensor)]
        varying = {position: node for position, node in tensors if node is not None}
        return bool(tensors), (name,), tuple(varying.values()), tuple(varying)

    def _refuse_unknown(self, bound: dict[str, Any]) -> None:
        """Drop keywords that say nothing; raise for those that the rules do not know."""
        for name in bound.keys() - self.known:
            if name not in self.parameters:
                raise TypeError(f"{numpy_name(self.function)}() has no argument {name!r}")
            if bound[name] is not np._NoValue and bound[name] is not None:
                raise KeywordError(
                    f"{numpy_name(self.function)} of a Tensor does not take "
                    f"{name}={bound[name]!r}: its rule does not know it; leave it out, or pass an "
                    f"array (t.data)"
                )


# Recording.


def _node(
    outputs: tuple[Any, ...], plan: Plan, parents: tuple[Node, ...], kept: tuple[Any, ...]
) -> Node:
    """Return the node of an operation with several outputs; each has a node of its own after it."""
    node = Node()
    node.plan, node.parents, node.kept = plan, parents, kept
    node.space = tuple(output.shape for output in outputs), outputs[0].dtype
    node.birth, node.extra = next_birth(), None
    return node


def _like(outputs: tuple[Any, ...], items: Iterable[Any]) -> tuple[Any, ...]:
    """Return `items` as a tuple of the kind of `outputs`; `np.linalg` has named ones."""
    make = getattr(outputs, "_make", tuple)
    return make(items)


def record(ans: Any, plan: Plan, parents: tuple[Node, ...], kept: tuple[Any, ...]) -> Tensor:
    """Return the Tensor of an operation that took place."""
    node = Node()
    node.plan = plan
    node.parents = parents
    node.kept = kept
    node.space = SCALAR if type(ans) is float64 else (ans.shape, ans.dtype)
    node.birth = next_birth()
    node.extra = None
    tensor = Tensor.__new__(Tensor)
    tensor._data = ans
    tensor._node = node
    return tensor


def guard(tensor: Tensor, plan: Plan, operands: Mapping[str, Any]) -> None:
    """See to it that a walk notices when large constants that a node keeps were written to."""
    for name, value in operands.items():
        if is_large(value) and name in plan.names and name not in plan.arguments:
            tensor.register_hook(comparison(value, f"{plan.primitive.name} -> {tensor.shape}"))


def _unary(primitive: Primitive, compute: Callable[..., Any]) -> Callable[..., Any]:
    """Return `compute` of one Tensor, recorded."""
    plan = primitive.plan(primitive.differentiable)
    keep = plan.keep_values

    def unary(x: Any) -> Any:
        value = x._data
        ans = compute(value)
        parent = x._node
        recording = is_recording()
        if parent is None or not recording:
            return constant_tensor(ans)
        tensor = record(ans, plan, (parent,), keep(ans, value))
        return tensor if recording is True else primitive.noted(tensor, plan, {"x": value})

    return unary


def _binary(  # noqa: C901 - see below
    primitive: Primitive, compute: Callable[..., Any]
) -> Callable[..., Any]:
    """Return `compute` of two operands, recorded; one of them is a Tensor at least.

    This is the hottest path of all: it takes values and nodes apart and makes the new node without
    a further call.
    """
    both, first, second = (primitive.plan(arguments) for arguments in (("x", "y"), ("x",), ("y",)))
    new_node, new_tensor = Node, object.__new__

    def binary(x: Any, y: Any) -> Any:  # noqa: C901 - no call more than needed
        x_node = y_node = large = None
        if type(x) is Tensor:
            x_node = x._node
            x = x._data
        elif type(x) not in PLAIN:
            x, x_node, large = _taken_apart(x)
            if x is NotImplemented:
                return NotImplemented
        if type(y) is Tensor:
            y_node = y._node
            y = y._data
        elif type(y) not in PLAIN:
            y, y_node, large = _taken_apart(y)
            if y is NotImplemented:
                return NotImplemented
        ans = compute(x, y)
        recording = is_recording()
        if (x_node is None and y_node is None) or not recording:
            return constant_tensor(ans)
        plan = both
        parents: Any = (x_node, y_node)
        if x_node is None:
            plan, parents = second, (y_node,)
        elif y_node is None:
            plan, parents = first, (x_node,)
        node = new_node()
        node.plan = plan
        node.parents = parents
        node.kept = (x, y) if plan.pair else plan.keep_values(ans, x, y) if plan.names else ()
        node.space = SCALAR if type(ans) is float64 else (ans.shape, ans.dtype)
        node.birth = next_birth()
        node.extra = None
        tensor = new_tensor(Tensor)
        tensor._data = ans
        tensor._node = node
        if large or recording is not True:
            primitive.noted(tensor, plan, {"x": x, "y": y})
        return tensor

    return binary


def _taken_apart(operand: Any) -> tuple[Any, Node | None, bool]:
    """Return value and node of an operand of any kind, and if it is a large constant."""
    operand = as_operand(operand)
    if isinstance(operand, Tensor):
        return operand._data, operand._node, False
    return own_copy(operand), None, is_large(operand)


def _plain(value: Any) -> bool:
    """Whether `value` is an array of numbers."""
    return type(value) is np.ndarray and value.dtype.kind != "O"


# Statements.


def elementwise(
    function: Callable[..., Any], *rules: Rule, operator: str | None = None, **options: Any
) -> Primitive:
    """State a function with a diagonal Jacobian; one rule for each argument, for both modes.

    Parameters
    ----------
    function : callable
        A ufunc, or a function of arrays that broadcasts like one.
    *rules : callable or None
        From the cotangent of the output, or the tangent of the argument, to the other; None where
        the derivative is zero.
    operator : str, optional
        Name in the module `operator` of the Python operator that does the same.
    **options
        `name`: for messages and drawings; `parameters`: the arguments' names, where Python cannot
        tell them.

    Examples
    --------
    >>> import autograd as ag
    >>> from autograd.extend import elementwise
    >>> def cube(x):
    ...     return x**3
    >>> cubed = elementwise(cube, lambda g, x: g * 3 * x**2)
    >>> ag.grad(cubed)(2.0)
    np.float64(12.0)
    """
    primitive = Primitive(function, rules, rules, broadcasts=True, diagonal=True, **options)
    return _stated("elementwise", primitive, operator)


def linear(
    function: Callable[..., Any], *rules: Rule, operator: str | None = None, **options: Any
) -> Primitive:
    """State a function that is linear in each array argument; a rule is the transpose in one.

    Parameters
    ----------
    function : callable
    *rules : callable or None
        From the cotangent of the output to that of the argument. Forward mode is the function
        itself.
    operator : str, optional
        As for `elementwise`.
    **options
        `name`; `parameters`: the names of the arguments, where Python cannot tell; `compute`: a
        faster callable that does the same on arrays; `broadcasts`: contributions are summed down to
        the argument's shape; `sequence`: the first argument is a sequence of arrays, its rule
        returns one cotangent for each; `harmless`: keywords that change no derivative; `add_into`:
        see `Primitive`.

    Examples
    --------
    >>> import autograd as ag
    >>> from autograd.extend import linear
    >>> def double(x):
    ...     return 2 * x
    >>> ag.grad(linear(double, lambda g: 2 * g))(5.0)
    np.float64(2.0)
    """
    return _stated("linear", Primitive(function, rules, linear=True, **options), operator)


def general(
    function: Callable[..., Any],
    *rules: Rule,
    jvps: Sequence[Rule] = (),
    **options: Any,
) -> Primitive:
    """State a function that is neither elementwise nor linear.

    Parameters
    ----------
    function : callable
        What it returns is an array, or a tuple of arrays.
    *rules : callable or None
        For each argument, from the cotangent of the output to that of the argument. Of several
        outputs, `g` is a tuple; None in it stands for an output that nothing depends on. `ans` is
        the tuple of the outputs then, and a rule in `jvps` returns one.
    jvps : sequence of callable or None
        For each argument, from its tangent to that of the output.
    **options
        As for `linear`.

    Examples
    --------
    >>> import autograd as ag
    >>> from autograd.extend import general
    >>> def norm(x):
    ...     return np.sqrt(np.sum(x * x))
    >>> pull = lambda g, ans, x: g * x / ans
    >>> push = lambda g, ans, x: np.sum(g * x) / ans
    >>> ag.grad(general(norm, pull, jvps=[push]))(np.array([3.0, 4.0]))
    array([0.6, 0.8])
    """
    return _stated("general", Primitive(function, rules, jvps, **options))


def constant(*functions: Callable[..., Any]) -> None:
    """State functions whose derivative is zero wherever they have one.

    On Tensors they return what NumPy returns.

    Examples
    --------
    >>> import autograd as ag
    >>> np.floor(ag.Tensor([1.5, -1.5]))
    array([ 1., -2.])
    """
    for function in functions:
        TABLE[function], KINDS[function] = on_values(function), "constant"


def composite(function: Callable[..., Any], stand_in: Callable[..., Any]) -> None:
    """State that `stand_in`, made of other primitives, is what `function` is on Tensors."""
    known = signature(stand_in).keys()

    def checked(*args: Any, **kwargs: Any) -> Any:
        given = {name: value for name, value in kwargs.items() if name in known}
        for name in kwargs.keys() - known:
            if kwargs[name] is not None:
                raise KeywordError(f"{numpy_name(function)} of a Tensor does not take {name}=")
        try:
            return stand_in(*args, **given)
        except Exception as error:  # noqa: BLE001 - raised, or it was one of a batch
            return each_again(error, stand_in, args, given)

    TABLE[function], KINDS[function] = checked, "composite"


def _stated(kind: str, primitive: Primitive, operator: str | None = None) -> Primitive:
    """Enter a primitive into the table, and its operator into Tensor."""
    function = primitive.function
    KINDS[function] = kind
    fast = None
    if isinstance(function, np.ufunc) and len(primitive.differentiable) == function.nin:
        fast = {("x",): _unary, ("x", "y"): _binary}.get(primitive.parameters)
    TABLE[function] = fast(primitive, function) if fast else primitive
    if operator is not None:
        set_operator(operator, fast(primitive, getattr(python, operator)) if fast else primitive)
    return primitive


def set_operator(name: str, function: Callable[..., Any]) -> None:
    """Make `function` the operator `name` of Tensor, and the reflected one where Python has it."""
    setattr(Tensor, f"__{name}__", function)
    if hasattr(int, f"__r{name}__") or name == "matmul":
        setattr(Tensor, f"__r{name}__", lambda y, x: function(_left(x, y), y))


def _left(x: Any, y: Tensor) -> Any:
    """Return the left operand; 1j with a float64 scalar on its right would be Python's affair."""
    return np.complex128(x) if type(x) is complex and type(y._data) is float64 else x


def on_values(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return `function` with the values of Tensors put for them, in sequences too."""

    def on_values(*args: Any, **kwargs: Any) -> Any:
        if (noting := tape()) is not None:
            noting.event(numpy_name(function), *args)
        return function(
            *map(value_of, args), **{name: value_of(value) for name, value in kwargs.items()}
        )

    return on_values


def _parameters(function: Callable[..., Any]) -> tuple[str, ...]:
    """Return the names of a function's arguments."""
    return (
        tuple("xyz"[: function.nin])
        if isinstance(function, np.ufunc)
        else tuple(signature(function))
    )


ONE_OF = Primitive(
    lambda outputs, index, count: outputs[index],  # noqa: ARG005 - the rule names it
    [lambda g, count, index: Several(g if i == index else None for i in range(count))],
    [lambda g, index: g[index]],
    parameters=("outputs", "index", "count"),
    name="output",
)
"""One of the outputs of an operation that has several."""
