"""What programs import from HIPS autograd's core: products at a point, rules, vector spaces."""

from collections.abc import Callable, Iterator, MutableMapping
from typing import Any

from autograd import transforms
from autograd.compat.primitives import UserPrimitive
from autograd.compat.statements import (
    def_linear,
    defjvp,
    defjvp_argnum,
    defjvp_argnums,
    defvjp,
    defvjp_argnum,
    defvjp_argnums,
    primitive,
)
from autograd.compat.tracing import Box, JVPNode, Node, VJPNode, getval, isbox, trace
from autograd.compat.vspaces import SparseObject, VSpace, vspace
from autograd.dispatch import KINDS, TABLE, state_all

__all__ = [
    "Box",
    "JVPNode",
    "Node",
    "SparseObject",
    "VJPNode",
    "VSpace",
    "def_linear",
    "defjvp",
    "defjvp_argnum",
    "defjvp_argnums",
    "defvjp",
    "defvjp_argnum",
    "defvjp_argnums",
    "getval",
    "isbox",
    "make_jvp",
    "make_vjp",
    "primitive",
    "primitive_jvps",
    "primitive_vjps",
    "trace",
    "vspace",
]

Function = Callable[..., Any]


def make_vjp(fun: Function, x: Any) -> tuple[Function, Any]:
    """Return the pullback of a function of one argument at `x`, and the value.

    Examples
    --------
    >>> pull, value = make_vjp(lambda x: x**2, 3.0)
    >>> value, pull(1.0)
    (np.float64(9.0), np.float64(6.0))
    """
    found: tuple[Function, Any] = transforms.make_vjp(fun)(x)
    return found


def make_jvp(fun: Function, x: Any) -> Function:
    """Return the pushforward of a function of one argument at `x`.

    Examples
    --------
    >>> make_jvp(lambda x: x**2, 3.0)(1.0)
    (np.float64(9.0), np.float64(6.0))
    """
    push: Function = transforms.make_jvp(fun)(x)
    return push


class _Rules(MutableMapping[Function, Function]):
    """The rules of all functions that have one, in HIPS's form; more can be stated."""

    def __init__(self, rule: Callable[[Function], Function], state: Callable[..., None]) -> None:
        self.rule, self.state = rule, state

    def __setitem__(self, fun: Function, rule: Function) -> None:
        self.state(fun, rule)

    def __delitem__(self, fun: Function) -> None:
        raise TypeError(f"the rule of {fun.__name__} cannot be taken away; state another one")

    def __getitem__(self, fun: Function) -> Function:
        state_all()
        if not isinstance(fun, UserPrimitive) and KINDS.get(fun, "constant") == "constant":
            raise KeyError(fun)
        return self.rule(fun)

    def __iter__(self) -> Iterator[Function]:
        state_all()
        return (fun for fun in TABLE if KINDS.get(fun, "constant") != "constant")

    def __len__(self) -> int:
        return sum(1 for _ in self)


def _vjp_of_all(fun: Function) -> Function:
    def maker(argnums: Any, ans: Any, args: Any, kwargs: Any) -> Function:  # noqa: ARG001 - HIPS's
        pull: Function = transforms.make_vjp(fun, tuple(argnums))(*args, **kwargs)[0]
        return pull

    return maker


def _jvp_of_all(fun: Function) -> Function:
    def jvp(argnums: Any, gs: Any, ans: Any, args: Any, kwargs: Any) -> Any:  # noqa: ARG001 - HIPS's
        return transforms.make_jvp(fun, tuple(argnums))(*args, **kwargs)(tuple(gs))[1]

    return jvp


primitive_vjps = _Rules(_vjp_of_all, defvjp_argnums)
primitive_jvps = _Rules(_jvp_of_all, defjvp_argnums)
