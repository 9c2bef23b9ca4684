"""The statements of HIPS autograd's form: `primitive`, `defvjp`, `defjvp` and their like."""

import functools
import itertools
from collections.abc import Callable, Sequence
from typing import Any

from autograd.compat.primitives import Maker, UserPrimitive, total_of
from autograd.dispatch import TABLE
from autograd.errors import RuleError


def primitive(function: Callable[..., Any]) -> UserPrimitive:
    """Return `function` as a primitive, whose derivatives are stated with `defvjp` and `defjvp`.

    Inside, the arguments are plain values; in containers too. Rules are about positional arguments.

    Examples
    --------
    >>> import autograd as ag
    >>> from autograd.extend import defvjp, primitive
    >>> @primitive
    ... def cube(x):
    ...     return x**3
    >>> defvjp(cube, lambda ans, x: lambda g: g * 3 * x**2)
    >>> ag.grad(cube)(2.0)
    np.float64(12.0)
    """
    return function if isinstance(function, UserPrimitive) else UserPrimitive(function)


def stated_for(function: Callable[..., Any]) -> UserPrimitive:
    """Return the primitive that rules are stated for.

    For a function of NumPy that is not one, a primitive is made that stands for it on Tensors.
    """
    if isinstance(function, UserPrimitive):
        return function
    known = TABLE.get(function)
    if isinstance(known, UserPrimitive):
        return known
    TABLE[function] = made = UserPrimitive(function)
    return made


def _rules(kind: str, function: UserPrimitive, makers: Sequence[Any], argnums: Any) -> Any:
    """Return rules by the position of their argument, checked."""
    for maker in makers:
        if maker is not None and maker != "same" and not callable(maker):
            raise RuleError(
                f"Bad {kind} {maker!r} for {function.name}: a rule is a function, or None for the "
                f"derivative zero"
            )
    places = itertools.count() if argnums is None else argnums
    return dict(zip(places, makers, strict=False))


def defvjp(fun: Any, *vjpmakers: Maker | None, argnums: Any = None) -> None:
    """State the pullback of a primitive, one maker for each argument.

    Parameters
    ----------
    fun : callable
        From `primitive`, or a function of NumPy.
    *vjpmakers : callable or None
        ``maker(ans, *args, **kwargs)`` returns the function from the cotangent of the output to
        that of the argument; None stands for the derivative zero.
    argnums : iterable of int, optional
        The positions of their arguments; 0, 1, 2 ...

    Examples
    --------
    >>> import autograd as ag
    >>> @primitive
    ... def product(x, y):
    ...     return x * y
    >>> defvjp(product, lambda ans, x, y: lambda g: g * y, lambda ans, x, y: lambda g: g * x)
    >>> ag.grad(product, (0, 1))(2.0, 3.0)
    (np.float64(3.0), np.float64(2.0))
    """
    known = stated_for(fun)
    known.vjps, known.vjp_of_all = _rules("VJP", known, vjpmakers, argnums), None


def defvjp_argnum(fun: Any, vjpmaker: Maker) -> None:
    """State the pullback of any argument: ``maker(argnum, ans, args, kwargs)``."""

    def maker_of_all(argnums: Any, *rest: Any) -> Callable[[Any], Any]:
        closures = [vjpmaker(argnum, *rest) for argnum in argnums]
        return lambda g: [closure(g) for closure in closures]

    defvjp_argnums(fun, maker_of_all)


def defvjp_argnums(fun: Any, vjpmaker: Maker) -> None:
    """State the pullback of all arguments at once.

    ``maker(argnums, ans, args, kwargs)`` returns the function from the cotangent of the output to a
    sequence of those of the arguments at `argnums`.
    """
    known = stated_for(fun)
    _rules("VJP", known, [vjpmaker], None)
    known.vjps, known.vjp_of_all = {}, vjpmaker


def defjvp(fun: Any, *jvpfuns: Maker | str | None, argnums: Any = None) -> None:
    """State the pushforward of a primitive, one function for each argument.

    Without it, forward mode transposes the pullback.

    Parameters
    ----------
    fun : callable
        From `primitive`, or a function of NumPy.
    *jvpfuns : callable, "same" or None
        ``jvp(g, ans, *args, **kwargs)`` returns the tangent of the output from that of the
        argument; "same" is the function itself with `g` in the argument's place, for what is linear
        in it; None stands for zero.
    argnums : iterable of int, optional
        The positions of their arguments; 0, 1, 2 ...

    Examples
    --------
    >>> import autograd as ag
    >>> @primitive
    ... def double(x):
    ...     return 2 * x
    >>> defjvp(double, "same")
    >>> ag.jvp(double, (3.0,), (1.0,))
    (np.float64(6.0), np.float64(2.0))
    """
    known = stated_for(fun)
    rules = _rules("JVP", known, jvpfuns, argnums)
    known.jvps = {i: _same(fun, i) if rule == "same" else rule for i, rule in rules.items()}
    known.jvp_of_all = None


def _same(function: Any, argnum: int) -> Maker:
    """Return the function itself as a rule: it is linear in an argument."""

    def jvp(g: Any, _ans: Any, *args: Any, **kwargs: Any) -> Any:
        return function(*args[:argnum], g, *args[argnum + 1 :], **kwargs)

    return jvp


def defjvp_argnum(fun: Any, jvpmaker: Maker) -> None:
    """State the pushforward of any argument: ``jvp(argnum, g, ans, args, kwargs)``."""

    def jvp_of_all(argnums: Any, gs: Any, *rest: Any) -> Any:
        terms = [jvpmaker(argnum, g, *rest) for argnum, g in zip(argnums, gs, strict=True)]
        return functools.reduce(total_of, terms)

    defjvp_argnums(fun, jvp_of_all)


def defjvp_argnums(fun: Any, jvpmaker: Maker) -> None:
    """State the pushforward of all arguments at once: ``jvp(argnums, gs, ans, args, kwargs)``."""
    known = stated_for(fun)
    _rules("JVP", known, [jvpmaker], None)
    known.jvps, known.jvp_of_all = {}, jvpmaker


def def_linear(fun: Any) -> None:
    """State that a primitive is linear in each argument: its pushforward is itself."""

    def jvp(argnum: int, g: Any, ans: Any, args: Any, kwargs: Any) -> Any:
        return _same(fun, argnum)(g, ans, *args, **kwargs)

    defjvp_argnum(fun, jvp)


def notrace_primitive(function: Callable[..., Any]) -> UserPrimitive:
    """Return `function` as a primitive whose results are constants.

    Examples
    --------
    >>> import autograd as ag
    >>> @notrace_primitive
    ... def digits(x):
    ...     return len(str(x))
    >>> digits(ag.Tensor(12.5))
    4
    """
    made = UserPrimitive(function)
    made.zero = True
    return made


def register_notrace(trace_type: Any, primitive_fun: Any) -> None:  # noqa: ARG001 - HIPS's
    """State that the results of a primitive are constants, in both modes."""
    stated_for(primitive_fun).zero = True
