"""Primitives in HIPS autograd's form: rules are stated after the function, as makers of closures.

::

    @primitive
    def cube(x):
        return x**3

    defvjp(cube, lambda ans, x: lambda g: g * 3 * x**2)

A primitive is given plain values, in containers too, and returns them; a maker is called right
after it with the same values, and what it returns later, with the cotangent. Where a walk is
recorded, makers are called again with Tensors; so makers that are made of differentiable functions
have derivatives of every order.
"""

import functools
import types
import warnings
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from autograd import broadcasting
from autograd.batching import Batched, each_again, levels_of
from autograd.compat.plans import (
    BATCH,
    Form,
    Place,
    UserPlan,
    as_array,
    dense,
    form_of,
    leaves_of,
)
from autograd.compat.vspaces import vspace, zeros_like
from autograd.errors import NotDifferentiableError
from autograd.graph import Node, ancestry, is_recording, next_birth
from autograd.operands import PLAIN, value_of
from autograd.plan import Call
from autograd.primitive import Primitive, elementwise, record, same
from autograd.tensor import Tensor, constant
from autograd.transforms import vjp
from autograd.transforms.running import leaves_like
from autograd.tree import flatten, map_leaves, parts

Maker = Callable[..., Any]

both = elementwise(lambda x, y: x, same, same, name="both")  # noqa: ARG005 - see below
"""The value of `x`, with the derivatives of both: they are two ways to the same value."""


def _zero(_g: Any) -> None:
    """Return nothing: the rule of what has the derivative zero."""


def _later(maker: Maker, *args: Any, **kwargs: Any) -> Callable[[Any], Any]:
    """Return the closure of a maker, which is asked again where it is due, if it fails now."""
    try:
        closure: Callable[[Any], Any] = maker(*args, **kwargs)
    except Exception:  # noqa: BLE001 - forward mode does not need it; it fails again if called
        return lambda g: maker(*args, **kwargs)(g)  # noqa: PLW0108 - not before it is called
    return closure


def _for_each(function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """Call a function of the program for each example of a batch."""
    forms = []

    def flat(*args: Any, **kwargs: Any) -> tuple[Any, ...]:
        leaves, rebuild = flatten(function(*args, **kwargs))
        forms.append(rebuild)
        return tuple(leaves)

    found = each_again(BATCH, flat, args, kwargs)
    return forms[0](list(found))


def _constant(leaf: Any) -> Any:
    """Return a result as a Tensor that is not differentiated, if it is real or complex."""
    known = isinstance(leaf, np.ndarray | np.generic | float | complex | Batched)
    array = as_array(leaf) if known else None
    return constant(array) if array is not None and array.dtype.kind in "fc" else leaf


def _new_node(form: Form, plan: Any, nodes: Any, kept: tuple[Any, ...]) -> Node:
    """Return the node of a call."""
    node = Node()
    node.plan, node.parents, node.kept, node.extra = plan, nodes, kept, None
    floats = [array.dtype for array in form.arrays if array.dtype.kind in "fc"]
    shapes = tuple(array.shape for array in form.arrays)
    node.space = (shapes[0] if form.single else shapes), floats[0]
    node.birth = next_birth()
    return node


def _joined_ways(output: Any, returned: Any, parents: tuple[Node, ...]) -> Any:
    """Return an output of a call, of which the function may have returned a Tensor.

    It has then computed with Tensors that it knew otherwise. What came of a variable of an outer
    derivative is added; of the call's own arguments, the rules tell everything.
    """
    if not type(output) is type(returned) is Tensor or returned._node is None:
        return output
    since = min(node.birth for node in parents)
    again = not set(parents).isdisjoint(ancestry((returned._node,), since)[0])
    return output if again else both(output, returned)


class UserPrimitive(Primitive):
    """A function whose derivatives are stated after it; what `primitive` makes.

    Attributes
    ----------
    fun : callable
        The function itself.
    vjps, jvps : dict from int to callable or None
        By position of the argument; None stands for the derivative zero.
    vjp_of_all, jvp_of_all : callable or None
        The rule of all arguments together, in place of them.
    """

    def __init__(self, function: Callable[..., Any]) -> None:
        name = getattr(function, "__name__", type(function).__name__)
        self.words = _words(function)
        self.vjps: Mapping[int, Maker | None] = {}
        self.jvps: Mapping[int, Maker | None] = {}
        self.vjp_of_all: Maker | None = None
        self.jvp_of_all: Maker | None = None
        self.zero = False  # whether its results are constants
        super().__init__(function, (), parameters=self.words or ("x",), name=name, broadcasts=True)
        self.fun = self.__wrapped__ = function
        self.__name__ = name
        self.__qualname__ = getattr(function, "__qualname__", name)
        self.__module__ = getattr(function, "__module__", None) or __name__
        self.__doc__ = function.__doc__

    def __get__(self, instance: Any, owner: type | None = None) -> Any:
        return self if instance is None else types.MethodType(self, instance)

    def __reduce__(self) -> Any:
        return self.__qualname__

    def __repr__(self) -> str:
        return f"<primitive {self.__qualname__}>"

    def word(self, argnum: int) -> str:
        """Return the name of an argument."""
        return self.words[argnum] if argnum < len(self.words) else f"argument {argnum}"

    def plan(self, arguments: Any) -> Any:
        """Return how a node is differentiated whose parents are in these places."""
        found = self.plans.get(arguments)
        if found is None:
            found = self.plans[arguments] = UserPlan(self, arguments)  # type: ignore[assignment]
        return found

    # Calls.

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Compute on the values, and record where an argument is a variable."""
        values = list(args)
        places: list[Place] = []
        nodes: list[Node] = []
        constants = batched = False
        for argnum, value in enumerate(args):
            kind = type(value)
            if kind is Tensor:
                values[argnum] = value._data
                batched = batched or type(value._data) is Batched
                if value._node is None:
                    constants = True
                else:
                    places.append((argnum, None))
                    nodes.append(value._node)
            elif kind is not np.ndarray and kind not in PLAIN:
                values[argnum] = self._taken_apart(argnum, value, places, nodes)
                constants = constants or values[argnum] is not value
                batched = batched or bool(levels_of(values[argnum]))
        function = functools.partial(_for_each, self.function) if batched else self.function
        if self.zero or not (places or constants):
            return function(*values, **kwargs)
        if not places or not is_recording():
            return map_leaves(_constant, function(*values, **kwargs))
        if kwargs:
            self._refuse_keywords(kwargs)
        given = tuple(values)
        ans = function(*given, **kwargs)
        return self._recorded_call(ans, tuple(places), tuple(nodes), given, kwargs)

    @staticmethod
    def _taken_apart(argnum: int, value: Any, places: list[Place], nodes: list[Node]) -> Any:
        """Return the values in a container; note where there are variables."""
        held = parts(value)
        if held is None or PLAIN.issuperset(map(type, held[0])):
            return value
        leaves, rebuild = flatten(value)
        if not any(isinstance(leaf, Tensor) for leaf in leaves):
            return value
        for position, leaf in enumerate(leaves):
            if isinstance(leaf, Tensor) and leaf._node is not None:
                places.append((argnum, position))
                nodes.append(leaf._node)
        return rebuild([value_of(leaf) for leaf in leaves])

    def _refuse_keywords(self, kwargs: dict[str, Any]) -> None:
        """Raise if a keyword has a derivative, of which no rule tells."""
        for name, value in kwargs.items():
            if any(isinstance(leaf, Tensor) for leaf in flatten(value)[0]):
                raise NotDifferentiableError(
                    f"{self.name} has no derivative in the keyword {name}=: rules are about "
                    f"positional arguments; pass it by position, or an array (t.data)"
                )

    def _recorded_call(
        self, ans: Any, places: Any, nodes: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Any:
        """Return what a call returned, recorded."""
        plan: Any = self.plans.get(places) or self.plan(places)
        recording = is_recording()
        if type(ans) is np.float64 or (type(ans) is np.ndarray and ans.dtype.kind in "fc"):
            kept = (self.closures(plan.argnums, ans, args, kwargs), ans, kwargs, *args)
            tensor = record(ans, plan, nodes, kept)
            if recording is not True:
                recording.note(self._call(plan, args, kwargs), ans, tensor._node)
            return tensor
        leaves = flatten(ans)[0]
        ans = map_leaves(value_of, ans)
        form = form_of(ans)
        if not any(array.dtype.kind in "fc" for array in form.arrays):
            return ans
        kept = (self.closures(plan.argnums, ans, args, kwargs), ans, kwargs, *args)
        node = _new_node(form, plan, nodes, kept)
        outputs = form.arrays[0] if form.single else form.arrays
        if recording is not True:
            recording.note(self._call(plan, args, kwargs), outputs, node)
        tensors = self.attach(outputs, node)
        pairs = zip((tensors,) if form.single else tensors, leaves, strict=True)
        return form.rebuild([_joined_ways(t, i, nodes) for t, i in pairs])

    def _call(self, plan: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Call:
        """Return a call, as a tape keeps it."""
        bound = {self.word(i): value for i, value in enumerate(args)} | kwargs
        return Call(self, bound, len(args), plan.arguments)

    # Rules.

    def defvjp(self, vjp: Maker, argnum: int = 0) -> None:
        """State a pullback that is not staged: ``vjp(g, ans, vs, gvs, *args, **kwargs)``."""
        _deprecated("defvjp")

        def maker(ans: Any, *args: Any, **kwargs: Any) -> Callable[[Any], Any]:
            spaces = vspace(args[argnum]), vspace(ans)
            return lambda g: vjp(g, ans, *spaces, *args, **kwargs)

        self.vjps = {**self.vjps, argnum: maker}

    def defgrad(self, gradmaker: Maker, argnum: int = 0) -> None:
        """State the maker of a pullback."""
        _deprecated("defgrad")
        self.vjps = {**self.vjps, argnum: gradmaker}

    def defvjp_is_zero(self, argnums: Sequence[int] = (0,)) -> None:
        """State that the derivative in some arguments is zero."""
        _deprecated("defvjp_is_zero")
        self.vjps = {**self.vjps, **dict.fromkeys(argnums)}

    def closures(
        self, argnums: tuple[int, ...], ans: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Any:
        """Return the makers' closures: one for each argument, or one for all of them."""
        if type(ans) is Batched or (type(ans) is not np.ndarray and levels_of(ans)):
            return None  # the makers are asked for each example
        if self.vjp_of_all is not None:
            return _later(self.vjp_of_all, argnums, ans, args, kwargs)
        if len(argnums) == 1:
            return [self.closure(argnums[0], ans, args, kwargs)]
        return [self.closure(argnum, ans, args, kwargs) for argnum in argnums]

    def closure(self, argnum: int, ans: Any, args: Any, kwargs: Any) -> Callable[[Any], Any]:
        """Return the closure of one argument's maker."""
        maker = self.vjps.get(argnum)
        if maker is None:
            return _zero if argnum in self.vjps else self._undefined_vjp((argnum,))
        return _later(maker, ans, *args, **kwargs)

    def _undefined_vjp(self, argnums: tuple[int, ...]) -> Callable[[Any], Any]:
        def undefined(_g: Any) -> Any:
            raise NotDifferentiableError(
                f"VJP of {self.name} wrt argnums {argnums} not defined; state it with "
                f"autograd.extend.defvjp"
            )

        return undefined

    def tangent(
        self, given: dict[int, Any], call: tuple[Any, ...], closures: Any, argnums: tuple[int, ...]
    ) -> Any:
        """Return the tangent of the output from those that are `given`; None for zero.

        Where no rule for forward mode was stated, it is the transpose of the transpose.
        """
        ans, args, kwargs = call
        if self.jvp_of_all is not None:
            return self.jvp_of_all(tuple(given), list(given.values()), ans, args, kwargs)
        total = None
        for argnum, t in given.items():
            if argnum in self.jvps:
                rule = self.jvps[argnum]
                term = None if rule is None else rule(t, ans, *args, **kwargs)
            elif self.vjp_of_all is not None or argnum in self.vjps:
                closures = closures or self.closures(argnums, ans, args, kwargs)
                term = _transposed(closures, argnums.index(argnum), t, ans, args[argnum])
            else:
                raise NotDifferentiableError(
                    f"JVP of {self.name} wrt argnums ({argnum},) not defined; state it with "
                    f"autograd.extend.defjvp"
                )
            total = term if total is None else total if term is None else total_of(total, term)
        return total

    @property
    def reverse_only(self) -> bool:
        """Whether forward mode has to transpose the pullback, which takes a walk each time."""
        return self.jvp_of_all is None and not self.jvps


def _transposed(closures: Any, position: int, tangent: Any, ans: Any, argument: Any) -> Any:
    """Return the tangent by transposing the pullback, which is linear in the cotangent."""
    of_all = None if type(closures) is list else closures

    def pull(g: Any) -> Any:
        c = of_all(g)[position] if of_all else closures[position](g)
        return map_leaves(zeros_like, argument) if c is None else _fitted(dense(c), argument)

    try:
        _, push = vjp(pull, map_leaves(zeros_like, ans))
        (found,) = push(tangent)
    except Exception:
        traced = any(isinstance(leaf, Tensor) for leaf in flatten((tangent, ans, argument))[0])
        if traced or vspace(map_leaves(zeros_like, ans)).iscomplex:
            raise
        return _by_units(pull, tangent, ans)
    return found


def _by_units(pull: Callable[[Any], Any], tangent: Any, ans: Any) -> Any:
    """Return the same where the pullback takes plain cotangents only: from one for each element."""
    leaves, rebuild = flatten(map_leaves(zeros_like, ans))
    found: list[Any] = [None if leaf is None else np.array(leaf) for leaf in leaves]
    for position, leaf in enumerate(leaves):
        for index in np.ndindex(np.shape(leaf)) if leaf is not None else ():
            unit: list[Any] = [np.array(each) if each is not None else None for each in leaves]
            unit[position][index] = 1
            row = pull(rebuild([each[()] if each is not None else None for each in unit]))
            pairs = zip(flatten(row)[0], leaves_like(tangent, row), strict=True)
            found[position][index] = sum(np.sum(np.real(c * t)) for c, t in pairs if c is not None)
    return rebuild([each if each is None else each[()] for each in found])


def _deprecated(name: str) -> None:
    warnings.warn(
        f"the method {name} of primitives is deprecated; use autograd.extend.defvjp",
        DeprecationWarning,
        stacklevel=3,
    )


def total_of(total: Any, term: Any) -> Any:
    """Return the sum of two tangents, which may be containers."""
    leaves, rebuild = flatten(total)
    pairs = zip(leaves, leaves_like(term, total), strict=True)
    return rebuild([b if a is None else a if b is None else a + b for a, b in pairs])


def _fitted(c: Any, like: Any) -> Any:
    """Return a cotangent in the shapes of its argument, and real where that is."""
    leaves, rebuild = flatten(like)
    pairs = zip(leaves_of(c, like), leaves, strict=True)
    return rebuild(
        [unbroadcast_f(leaf, same)(one) if one is not None else None for one, leaf in pairs]
    )


def unbroadcast_f(target: Any, f: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Return `f` with its results summed down to the shape of `target`, real where that is real.

    Examples
    --------
    >>> unbroadcast_f(np.ones(3), lambda g: 2 * g)(np.ones((2, 3)))
    array([4., 4., 4.])
    """
    shape, is_real = np.shape(target), not np.iscomplexobj(value_of(target))

    def summed(g: Any) -> Any:
        x = f(g)
        x = x if hasattr(x, "shape") else np.asarray(x)
        if x.shape != shape:
            fits = x.ndim >= len(shape)
            x = broadcasting.unbroadcast(x, shape) if fits else np.broadcast_to(x, shape)
        return np.real(x) if is_real and np.iscomplexobj(value_of(x)) else x

    return summed


def _words(function: Callable[..., Any]) -> tuple[str, ...]:
    """Return the names of the positional arguments, as far as Python knows them."""
    code = getattr(function, "__code__", None)
    if code is not None:
        names: tuple[str, ...] = code.co_varnames[: code.co_argcount]
        return names
    return tuple("xyz"[: function.nin]) if isinstance(function, np.ufunc) else ()
