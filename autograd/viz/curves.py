"""Functions and their derivatives, side by side."""

import math
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.tensor import Tensor
from autograd.viz.figures import figure, tidy
from autograd.viz.palette import Palette

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_POINTS = 601
_COLUMNS = 4


def _elu(x: Any) -> Any:
    """Return x above zero, and below it what approaches -1."""
    return np.where(x > 0, x, np.expm1(np.minimum(x, 0.0)))


def _gelu(x: Any) -> Any:
    """Return x times the probability of less than x, by the tanh formula (arXiv:1606.08415)."""
    return 0.5 * x * (1.0 + np.tanh(math.sqrt(2.0 / math.pi) * (x + 0.044715 * x**3)))


FUNCTIONS: dict[str, Callable[[Any], Any]] = {
    "relu": lambda x: np.maximum(x, 0.0),
    "leaky_relu": lambda x: np.where(x > 0, x, 0.01 * x),
    "elu": _elu,
    "softplus": lambda x: np.logaddexp(x, 0.0),
    "sigmoid": lambda x: 0.5 * (1.0 + np.tanh(0.5 * x)),
    "tanh": np.tanh,
    "gelu": _gelu,
    "silu": lambda x: x * 0.5 * (1.0 + np.tanh(0.5 * x)),
}


def activations(
    functions: Mapping[str, Callable[[Any], Any]] | None = None,
    *,
    low: float = -4.0,
    high: float = 4.0,
    dark: bool = False,
) -> "Figure":
    """Return a figure of functions and their derivatives, which the engine computes.

    Parameters
    ----------
    functions : dict from str to callable, optional
        Elementwise functions by their names, such as ``{"tanh": np.tanh}``; by default the
        activations of neural networks.
    low, high : float
        Ends of the interval.
    dark : bool
        Dark colours.

    Returns
    -------
    matplotlib.figure.Figure
        It shows itself in a notebook; ``savefig(path)`` writes it.

    Raises
    ------
    MatplotlibMissingError
        If matplotlib is not installed.
    ValueError
        If there is no function, or one is not elementwise.

    Examples
    --------
    >>> import numpy as np
    >>> from autograd import viz
    >>> len(viz.activations({"sin": np.sin, "cos": np.cos}).axes)
    2
    """
    functions = FUNCTIONS if functions is None else functions
    if not functions:
        raise ValueError("there is no function to draw; pass a dict such as {'tanh': np.tanh}")
    columns = min(_COLUMNS, len(functions))
    rows = -(-len(functions) // columns)
    drawn, palette = figure(2.9 * columns, 2.4 * rows + 0.5, dark=dark)
    for place, (name, function) in enumerate(functions.items()):
        axes = drawn.add_subplot(rows, columns, place + 1)
        _curve(axes, name, function, np.linspace(low, high, _POINTS), palette)
    drawn.legend(
        *drawn.axes[0].get_legend_handles_labels(),
        loc="outside upper center",
        ncols=2,
        frameon=False,
        labelcolor=palette.text,
    )
    return drawn


def _curve(axes: Any, name: str, function: Any, x: Any, palette: Palette) -> None:
    """Draw a function and its derivative."""
    y, slope = _values(name, function, x)
    tidy(axes, palette)
    axes.axhline(0, color=palette.faint, linewidth=0.6)
    axes.axvline(0, color=palette.faint, linewidth=0.6)
    axes.plot(x, y, color=palette.forward, linewidth=2, label="f(x)")
    # No line across a jump: where the derivative changes by more than it can in one step.
    jumps = np.abs(np.diff(slope)) > 20 * np.median(np.abs(np.diff(slope))) + 0.2
    broken = np.where(np.append(jumps, False), np.nan, slope)
    axes.plot(x, broken, color=palette.backward, linewidth=1.6, linestyle="--", label="f\u2032(x)")
    axes.set_title(name, color=palette.text, fontsize=11, loc="left")
    seen = np.concatenate([y, slope])
    seen = seen[np.isfinite(seen)]
    axes.set_ylim(max(-2.5, seen.min() - 0.2), min(2.5, seen.max() + 0.2))


def _values(name: str, function: Callable[[Any], Any], x: Any) -> tuple[Any, Any]:
    """Return the values of a function and of its derivative."""
    variable = Tensor(x)
    y = function(variable)
    if np.shape(y) != x.shape:
        raise ValueError(
            f"{name} is not elementwise: from shape {x.shape} to {np.shape(y)}; "
            "a function of one number is drawn"
        )
    if not isinstance(y, Tensor):
        return np.asarray(y), np.zeros_like(x)
    y.backward(np.ones_like(x))
    slope = np.zeros_like(x) if variable.grad is None else variable.grad
    return y.data, slope
