"""Parameters in any container, as the vector of float64 that SciPy's solvers work on."""

import inspect
from collections.abc import Callable
from typing import Any

import numpy as np
import scipy.optimize

from autograd.errors import DtypeError, ShapeError
from autograd.operands import PLAIN, value_of
from autograd.tensor import Tensor
from autograd.transforms.raveling import join, ravel, split
from autograd.tree import flatten, map_leaves, parts


class Parameters:
    """The form of what is optimised.

    Numbers, lists of numbers and arrays are what they are for SciPy: an array of one axis, at
    least; one of more axes keeps them. Other containers come back as they are.
    """

    def __init__(self, x0: Any) -> None:
        if isinstance(x0, list | tuple) and not hasattr(x0, "_fields"):
            x0 = np.array(x0) if x0 and PLAIN.issuperset(map(type, x0)) else x0
        self.is_array = parts(x0) is None
        if self.is_array:
            x0 = np.atleast_1d(np.asarray(value_of(x0)))
            x0 = x0.astype(float) if x0.dtype.kind in "iub" else x0
        leaves, self.rebuild = flatten(x0)
        self.leaves = [np.asarray(value_of(leaf)) for leaf in leaves]
        self.paths = paths(x0)
        for path, leaf in zip(self.paths, self.leaves, strict=True):
            if leaf.dtype.kind != "f":
                raise DtypeError(_not_real(path, leaf))
        self.vector = np.asarray(join(self.leaves), np.float64)
        self.size = self.vector.size
        self.is_vector = self.is_array and self.leaves[0].ndim == 1

    def unravel(self, vector: Any) -> Any:
        """Return the container with the numbers, or Tensors, of a vector."""
        return vector if self.is_vector else self.rebuild(split(vector, self.leaves))

    def split(self, vector: Any) -> list[Any]:
        """Return the share of each parameter in a vector."""
        return split(vector, self.leaves)

    def result(self, vector: Any) -> Any:
        """Return it in the dtypes of the first parameters."""
        pairs = zip(split(vector, self.leaves), self.leaves, strict=True)
        return self.rebuild([_cast(part, leaf.dtype) for part, leaf in pairs])

    def ravel(self, tree: Any) -> Any:
        """Return what has the form of the parameters as a vector."""
        if self.is_vector:
            return tree
        vector, _ = ravel(map_leaves(value_of, tree))
        if vector.size != self.size:
            raise ShapeError(f"expected {self.size} numbers, one for each parameter, got {tree!r}")
        return vector

    def function(self, function: Callable[..., Any], args: tuple[Any, ...]) -> Callable[..., Any]:
        """Return a function of the parameters as one of the vector, on plain values."""
        return lambda x, *rest: map_leaves(value_of, function(self.unravel(x), *rest, *args))

    def bounds(self, bounds: Any) -> Any:
        """Return bounds as SciPy takes them.

        For parameters in a container, they may have its form, with a pair (low, high), or None, for
        each array; either may be None or an array that broadcasts.
        """
        if bounds is None or self.is_vector or isinstance(bounds, scipy.optimize.Bounds):
            return bounds
        if parts(self.rebuild(self.leaves)) is not None and not isinstance(bounds, dict):
            flat = list(bounds)
            scalars = all(_is_pair_of_numbers(pair) for pair in flat)
            if scalars and len(flat) == self.size:
                return bounds
        pairs = _pairs(bounds, self.rebuild(self.leaves), "bounds")
        low, high = zip(*map(_both, pairs, self.leaves), strict=True) if pairs else ((), ())
        return scipy.optimize.Bounds(join(list(low)), join(list(high)))

    def callback(self, callback: Any) -> Any:
        """Return a callback that sees the parameters in their container."""
        if callback is None or self.is_vector:
            return callback
        names = set(inspect.signature(callback).parameters)
        if names == {"intermediate_result"}:

            def on_result(intermediate_result: Any) -> Any:
                again = scipy.optimize.OptimizeResult(intermediate_result)
                again.x = self.result(again.x)
                return callback(intermediate_result=again)

            return on_result
        return lambda x, *rest: callback(self.result(x), *rest)


def paths(tree: Any, name: str = "x0") -> list[str]:
    """Return how each leaf is reached in a program."""
    held = parts(tree)
    if held is None:
        return [name]
    if isinstance(tree, dict):
        steps = [f"[{key!r}]" for key in tree]
    elif hasattr(tree, "_fields") or hasattr(tree, "__dataclass_fields__"):
        known = getattr(tree, "_fields", None) or tree.__dataclass_fields__
        steps = [f".{field}" for field in known]
    else:
        steps = [f"[{index}]" for index in range(len(held[0]))]
    items = zip(steps, held[0], strict=False)
    return [path for step, child in items for path in paths(child, name + step)]


def _not_real(path: str, leaf: Any) -> str:
    if leaf.dtype.kind == "c":
        return (
            f"{path} is complex, and SciPy's solvers know real numbers only; make its real and its "
            f"imaginary part parameters, and add them up in the function"
        )
    return (
        f"{path} is of {leaf.dtype}, and only real numbers can be optimised; write 2.0 for 2, or "
        f"pass it in args"
    )


def _cast(x: Any, dtype: Any) -> Any:
    return x if x.dtype == dtype else x.astype(dtype)


def _is_pair_of_numbers(pair: Any) -> bool:
    return (
        isinstance(pair, list | tuple | np.ndarray)
        and len(pair) == 2
        and all(item is None or np.ndim(item) == 0 for item in pair)
    )


def _pairs(bounds: Any, like: Any, path: str) -> list[Any]:
    """Return a pair for each leaf of `like` from `bounds`, which has its form."""
    held = parts(like)
    if bounds is None:
        return [(None, None)] * len(flatten(like)[0])
    if held is None:
        if not isinstance(bounds, list | tuple | np.ndarray) or len(bounds) != 2:
            raise ShapeError(f"{path} must be a pair (low, high) or None, got {bounds!r}")
        return [bounds]
    if isinstance(like, dict):
        if not isinstance(bounds, dict) or not bounds.keys() <= like.keys():
            raise ShapeError(f"{path} must be a dict with keys of {list(like)}, got {bounds!r}")
        return [
            pair for key in like for pair in _pairs(bounds.get(key), like[key], f"{path}[{key!r}]")
        ]
    given = parts(bounds)
    if given is None or len(given[0]) != len(held[0]):
        raise ShapeError(
            f"{path} must have the form of x0, a {type(like).__name__} of {len(held[0])} items, "
            f"with a pair (low, high) or None for each array, got {bounds!r}"
        )
    items = zip(paths(like, path), given[0], held[0], strict=False)
    return [pair for where, child, model in items for pair in _pairs(child, model, where)]


def _both(pair: Any, leaf: Any) -> tuple[Any, Any]:
    """Return low and high bounds in the shape of a parameter."""
    found = []
    for side, free in zip(pair, (-np.inf, np.inf), strict=True):
        bound = np.asarray(free if side is None else side, np.float64)
        try:
            found.append(np.broadcast_to(bound, leaf.shape))
        except ValueError as error:
            raise ShapeError(
                f"a bound of shape {bound.shape} does not broadcast to a parameter of shape "
                f"{leaf.shape}"
            ) from error
    return found[0], found[1]


def as_tuple(args: Any) -> tuple[Any, ...]:
    """Return `args` as SciPy takes them: one that is no tuple is the only one."""
    return args if isinstance(args, tuple) else (args,)


def varies(tree: Any) -> bool:
    """Whether there is a Tensor in `tree` that is to be differentiated."""
    return any(isinstance(leaf, Tensor) and leaf.requires_grad for leaf in flatten(tree)[0])
