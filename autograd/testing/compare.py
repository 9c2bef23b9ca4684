"""The same function in several libraries."""

import importlib.util
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograd.errors import DtypeError, NotScalarError
from autograd.tensor import Tensor
from autograd.transforms import gradients
from autograd.tree import flatten, parts


@dataclass(frozen=True)
class Result:
    """What one library makes of a function.

    Attributes
    ----------
    engine : str
    value : float or None
        None where the library is not installed.
    gradients : list
        One for each argument: an array, or a container of arrays; None for constants.
    difference : float
        The largest difference of a gradient from this package's, relative to its largest element.
        What is infinite, or NaN, in both is no difference.
    """

    engine: str
    value: float | None
    gradients: list[Any]
    difference: float

    def __str__(self) -> str:
        if self.value is None:
            return f"{self.engine}: not installed"
        return f"{self.engine}: value {self.value:.10g}, gradients differ by {self.difference:.1e}"


def compare(
    function: Callable[..., Any], args: Sequence[Any], engines: Sequence[str] = ("jax", "torch")
) -> list[Result]:
    """Compute value and gradients of one function with this package and with others.

    Parameters
    ----------
    function : callable
        Called as ``function(xp, *args)``, where `xp` is NumPy or what another library has for it:
        ``jax.numpy``, ``torch``. To one real number.
    args : sequence
        Real or complex numbers, arrays of them in single or double precision, lists of numbers (as
        arrays), and containers of all these. Arrays of integers and booleans are constants.
    engines : sequence of {"jax", "torch"}
        With which to compare, where they are installed.

    Returns
    -------
    list of Result
        The first is this package's own; gradients of complex arguments are in its convention.
        Whether a difference is a mistake, and whose, is for the reader to say, or `check_grads`.

    Raises
    ------
    DtypeError
        If no argument can be differentiated.
    NotScalarError
        If the value is not one real number.

    Examples
    --------
    >>> print(*compare(lambda xp, x: xp.sum(xp.sin(x)), [[0.0, 1.0]], engines=[]))
    autograd: value 0.8414709848, gradients differ by 0.0e+00
    """
    for engine in engines:
        if engine not in ENGINES:
            raise ValueError(f"engines are {', '.join(map(repr, ENGINES))}, got {engine!r}")
    leaves, rebuild = flatten([_as_arrays(arg) for arg in args])
    varying = [i for i, leaf in enumerate(leaves) if leaf.dtype.kind in "fc"]
    if not varying:
        raise DtypeError(f"compare has nothing to differentiate: got {args!r}; write 2.0 for 2")
    variables = [leaves[i] for i in varying]

    def call(xp: Any, constant: Callable[[Any], Any], given: Sequence[Any]) -> Any:
        rest = iter(given)
        filled = [next(rest) if i in varying else constant(x) for i, x in enumerate(leaves)]
        return function(xp, *rebuild(filled))

    def spread(gradients: Sequence[Any]) -> Any:
        rest = iter(gradients)
        return rebuild([next(rest) if i in varying else None for i in range(len(leaves))])

    value, own = _autograd(call, variables)
    results = [Result("autograd", value, spread(own), 0.0)]
    for engine in engines:
        if importlib.util.find_spec(engine) is None:
            results.append(Result(engine, None, [], float("nan")))
            continue
        value, theirs = ENGINES[engine](call, variables)
        results.append(Result(engine, value, spread(theirs), _difference(own, theirs)))
    return results


def _as_arrays(tree: Any) -> Any:
    """Return an argument with arrays for its numbers and its lists of numbers."""
    held = None if _is_numbers(tree) else parts(tree)
    if held is None:
        return np.array(tree, np.float64 if _is_numbers(tree, int) else None)
    children, make = held
    return make([_as_arrays(child) for child in children])


def _is_numbers(tree: Any, kinds: Any = (int, float, complex)) -> bool:
    """Whether something is a number of some kinds, or a list of such, nested or not."""
    if isinstance(tree, list):
        return all(_is_numbers(item, kinds) for item in tree)
    return isinstance(tree, kinds) and not isinstance(tree, bool)


def _difference(own: Sequence[Any], theirs: Sequence[Any]) -> float:
    """Return the largest difference of gradients, relative to their largest finite elements."""
    found = [0.0]
    for g, t in zip(own, theirs, strict=True):
        size = np.max(np.abs(g), initial=1e-300, where=np.isfinite(g))
        same = (t == g) | (np.isnan(t) & np.isnan(g))
        error = np.abs(np.subtract(t, g, where=~same, out=np.zeros_like(g)))
        found.append(np.max(error, initial=0.0) / size)
    return float(np.max(found))


def _only_number(value: Any) -> float:
    """Return the one real number that a function must return."""
    array = np.asarray(value)
    if array.size != 1 or array.dtype.kind == "c":
        raise NotScalarError(
            f"compare needs one real number, got shape {array.shape} of {array.dtype}"
        )
    return float(array.reshape(()))


def _autograd(call: Callable[..., Any], variables: list[Any]) -> tuple[float, list[Any]]:
    tensors = [Tensor(x) for x in variables]
    value = call(np, lambda x: x, tensors)
    number = _only_number(getattr(value, "data", value))
    if not getattr(value, "requires_grad", False):
        return number, [np.zeros_like(x) for x in variables]
    return number, list(gradients([value], tensors, [np.ones_like(value.data)]))


def _jax(call: Callable[..., Any], variables: list[Any]) -> tuple[float, list[Any]]:
    import jax  # pyright: ignore[reportMissingImports]

    with jax.enable_x64(True):
        value, pull = jax.vjp(
            lambda *given: jax.numpy.asarray(call(jax.numpy, jax.numpy.asarray, given)),
            *map(jax.numpy.asarray, variables),
        )
        return _only_number(value), [np.asarray(g) for g in pull(jax.numpy.ones_like(value))]


def _torch(call: Callable[..., Any], variables: list[Any]) -> tuple[float, list[Any]]:
    import torch  # pyright: ignore[reportMissingImports]

    leaves = [torch.tensor(x, requires_grad=True) for x in variables]
    value = torch.as_tensor(call(torch, torch.as_tensor, leaves))
    number = _only_number(value.detach().numpy())
    if value.requires_grad:
        value.sum().backward()
    # PyTorch's gradient of a complex variable is the conjugate of this package's.
    grads = [None if leaf.grad is None else leaf.grad.numpy().conj() for leaf in leaves]
    return number, [
        np.zeros_like(x) if g is None else g for x, g in zip(variables, grads, strict=True)
    ]


ENGINES = {"jax": _jax, "torch": _torch}
