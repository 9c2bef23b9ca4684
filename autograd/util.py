"""HIPS autograd's helpers."""

from collections.abc import Callable, Iterable, Iterator
from operator import attrgetter
from typing import Any

import numpy as np

from autograd.compat.vspaces import vspace
from autograd.errors import GradientMismatch
from autograd.transforms import make_vjp

__all__ = ["func", "quick_grad_check", "subval", "subvals", "toposort"]


def subvals(x: Any, ivs: Iterable[tuple[int, Any]]) -> tuple[Any, ...]:
    """Return a tuple with other items at some places."""
    items = list(x)
    for position, value in ivs:
        items[position] = value
    return tuple(items)


def subval(x: Any, i: int, v: Any) -> tuple[Any, ...]:
    """Return a tuple with another item at one place."""
    return subvals(x, [(i, v)])


def func(f: Any) -> Any:
    """Return the function of a method of a class, which Python 3 has already."""
    return f


def toposort(end_node: Any, parents: Callable[[Any], Any] = attrgetter("parents")) -> Iterator[Any]:
    """Yield the nodes that a node depends on, each before its parents."""
    waiting: dict[Any, int] = {}
    todo = [end_node]
    while todo:
        node = todo.pop()
        if node in waiting:
            waiting[node] += 1
        else:
            waiting[node] = 1
            todo.extend(parents(node))
    ready = [end_node]
    while ready:
        node = ready.pop()
        yield node
        for parent in parents(node):
            waiting[parent] -= 1
            if not waiting[parent]:
                ready.append(parent)


def quick_grad_check(
    fun: Callable[..., Any],
    arg0: Any,
    extra_args: Any = (),
    kwargs: Any = None,
    verbose: bool = True,
    eps: float = 1e-4,
    rtol: float = 1e-4,
    atol: float = 1e-6,
    rs: Any = None,
) -> None:
    """Compare the gradient in the first argument with a difference, along one random direction.

    `autograd.testing.check_grads` does more, and says what is wrong.

    Raises
    ------
    GradientMismatch
        If they differ.
    """
    rs = rs or np.random.RandomState()
    given = {} if kwargs is None else kwargs
    pull, value = make_vjp(fun)(arg0, *extra_args, **given)
    space = vspace(arg0)
    direction = np.asarray(rs.randn(*np.shape(arg0)))
    direction = direction / np.sqrt(np.sum(direction**2))
    ends = [fun(arg0 + s * eps / 2 * direction, *extra_args, **given) for s in (1, -1)]
    numeric = float((ends[0] - ends[1]) / eps)
    analytic = float(space.inner_prod(np.conj(pull(np.ones_like(value))), direction))
    if not np.isclose(analytic, numeric, rtol=rtol, atol=atol):
        raise GradientMismatch(
            f"the gradient along a random direction is {analytic:.8g}, a difference {numeric:.8g}; "
            f"autograd.testing.check_grads tells which operation is wrong"
        )
    if verbose:
        print(f"gradient {analytic:.8g}, difference {numeric:.8g}")  # noqa: T201 - it was asked to
