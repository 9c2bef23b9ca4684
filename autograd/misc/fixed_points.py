"""Fixed points, with HIPS autograd's signature."""

from collections.abc import Callable
from typing import Any

from autograd.operands import value_of
from autograd.transforms.implicit import implicit_root
from autograd.tree import flatten, map_leaves

__all__ = ["fixed_point"]


def fixed_point(
    f: Callable[[Any], Callable[[Any], Any]],
    a: Any,
    x0: Any,
    distance: Callable[[Any, Any], Any],
    tol: float,
) -> Any:
    """Return where the map ``f(a)`` stays, found by iteration; differentiable in `a`.

    Parameters
    ----------
    f : callable
        From `a` to a map, which must be a contraction.
    a : array_like, or container of them
    x0 : array_like, or container of them
        Where the iteration starts.
    distance : callable
        Of two points, to a number.
    tol : float
        The distance of one point to the next at which the iteration ends.

    Examples
    --------
    >>> from autograd import grad
    >>> heron = lambda a: lambda x: (x + a / x) / 2
    >>> root = lambda a: fixed_point(heron, a, 1.0, lambda x, y: abs(x - y), 1e-12)
    >>> root(9.0), grad(root)(9.0)
    (np.float64(3.0), np.float64(0.166667))
    """

    def solve(a: Any) -> Any:
        step, x = f(a), map_leaves(value_of, x0)
        before, x = x, map_leaves(value_of, step(x))
        while distance(before, x) > tol:
            before, x = x, map_leaves(value_of, step(x))
        return x

    def residual(x: Any, a: Any) -> Any:
        pairs = zip(flatten(x)[0], flatten(f(a)(x))[0], strict=True)
        return [at - then for at, then in pairs]

    return implicit_root(residual, solve)(a)
