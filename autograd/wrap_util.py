"""HIPS autograd's decorator that makes an operator on functions of one argument one of any."""

from collections.abc import Callable
from typing import Any

from autograd.transforms.running import name_of, named_after, place_of

__all__ = ["get_doc", "get_name", "unary_to_nary"]

Function = Callable[..., Any]


def unary_to_nary(unary_operator: Function) -> Function:
    """Return the operator for functions of several arguments, ``op(fun, argnum=0, *opts)``.

    Parameters
    ----------
    unary_operator : callable
        ``op(fun, x, *opts)`` is about a function of one argument at `x`.

    Examples
    --------
    >>> @unary_to_nary
    ... def difference(fun, x, step):
    ...     return fun(x + step) - fun(x)
    >>> difference(lambda x, y: x * y, 1, 0.5)(3.0, 2.0)
    1.5
    """

    def nary_operator(
        fun: Function, argnum: Any = 0, *operator_args: Any, **operator_kwargs: Any
    ) -> Function:
        @named_after(fun, name_of(unary_operator), argnum)
        def nary_f(*args: Any, **kwargs: Any) -> Any:
            several = type(argnum) in (tuple, list)
            places = [place_of(fun, one, args, kwargs) for one in (argnum if several else [argnum])]
            values = [kwargs[p] if isinstance(p, str) else args[p] for p in places]

            def unary_f(x: Any) -> Any:
                given, named = list(args), dict(kwargs)
                for place, value in zip(places, x if several else [x], strict=True):
                    if isinstance(place, str):
                        named[place] = value
                    else:
                        given[place] = value
                return fun(*given, **named)

            unary_f.__name__ = name_of(fun)
            x = tuple(values) if several else values[0]
            return unary_operator(unary_f, x, *operator_args, **operator_kwargs)

        return nary_f

    nary_operator.__name__ = nary_operator.__qualname__ = name_of(unary_operator)
    nary_operator.__doc__ = unary_operator.__doc__
    return nary_operator


get_name = name_of


def get_doc(f: Any) -> str:
    """Return the docstring of a function, or nothing."""
    return getattr(f, "__doc__", None) or ""
