"""The same function in several libraries."""

import importlib.util
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograd.errors import NotScalarError
from autograd.transforms import value_and_grad


@dataclass(frozen=True)
class Result:
    """What one library makes of a function.

    Attributes
    ----------
    engine : str
    value : float or None
        None where the library is not installed.
    gradients : list of ndarray
        One for each argument.
    difference : float
        The largest difference of a gradient from this package's, relative to its largest element.
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
    args : sequence of array_like
        Real numbers, taken in float64.
    engines : sequence of {"jax", "torch"}
        With which to compare, where they are installed.

    Returns
    -------
    list of Result
        The first is this package's own. Whether a difference is a mistake, and whose, is for the
        reader to say, or for `check_grads`.

    Examples
    --------
    >>> print(*compare(lambda xp, x: xp.sum(xp.sin(x)), [[0.0, 1.0]], engines=[]))
    autograd: value 0.8414709848, gradients differ by 0.0e+00
    """
    arrays = [np.array(a, np.float64) for a in args]
    value, own = value_and_grad(lambda *a: function(np, *a), tuple(range(len(arrays))))(*arrays)
    results = [Result("autograd", float(value), list(own), 0.0)]
    for engine in engines:
        if engine not in ENGINES:
            raise ValueError(f"engines are {', '.join(map(repr, ENGINES))}, got {engine!r}")
        if importlib.util.find_spec(engine) is None:
            results.append(Result(engine, None, [], float("nan")))
            continue
        value, theirs = ENGINES[engine](function, arrays)
        results.append(Result(engine, value, theirs, _difference(own, theirs)))
    return results


def _difference(own: Sequence[Any], theirs: Sequence[Any]) -> float:
    """Return the largest difference of gradients, relative to their largest elements."""
    sizes = [max(float(np.max(np.abs(g), initial=0.0)), 1e-300) for g in own]
    return max(
        float(np.max(np.abs(t - g), initial=0.0)) / size
        for g, t, size in zip(own, theirs, sizes, strict=True)
    )


def _jax(function: Callable[..., Any], arrays: list[Any]) -> tuple[float, list[Any]]:
    import jax  # pyright: ignore[reportMissingImports]

    with jax.enable_x64(True):
        run = jax.value_and_grad(
            lambda *a: function(jax.numpy, *a), argnums=tuple(range(len(arrays)))
        )
        value, gradients = run(*map(jax.numpy.asarray, arrays))
        return float(value), [np.asarray(g) for g in gradients]


def _torch(function: Callable[..., Any], arrays: list[Any]) -> tuple[float, list[Any]]:
    import torch  # pyright: ignore[reportMissingImports]

    leaves = [torch.tensor(a, requires_grad=True) for a in arrays]
    value = function(torch, *leaves)
    if value.numel() != 1:
        raise NotScalarError(f"compare needs one real number, got shape {tuple(value.shape)}")
    value.backward()
    zeros = [np.zeros(a.shape) for a in arrays]
    gradients = [
        z if leaf.grad is None else leaf.grad.numpy() for z, leaf in zip(zeros, leaves, strict=True)
    ]
    return value.item(), gradients


ENGINES = {"jax": _jax, "torch": _torch}
