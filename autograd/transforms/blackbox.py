"""Functions that cannot be recorded: derivatives from differences of their values."""

import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.batching import levels_of
from autograd.errors import DtypeError, NotDifferentiableError
from autograd.numerical import best_differences
from autograd.operands import value_of
from autograd.primitive import is_recording
from autograd.transforms.operation import (
    Leaves,
    Rules,
    Saved,
    call_each,
    full,
    is_variable,
    operation,
    to_array,
)
from autograd.transforms.raveling import join, split
from autograd.transforms.running import name_of
from autograd.tree import flatten

if TYPE_CHECKING:
    from numpy.typing import NDArray

STEPS = (2.0**-6, 2.0**-9, 2.0**-14)  # relative to the argument; the best for each output is taken


def numeric(
    function: Callable[..., Any] | None = None, *, limit: int = 1_000, tolerance: float = 1e-4
) -> Any:
    """Differentiate a black box by differences: compiled code, a table, a simulation.

    Each derivative comes from central differences with up to three steps, extrapolated to step
    zero (7 to 19 calls in each direction), with an estimate of its error. Forward mode takes one
    direction; reverse mode takes as many as there are inputs. Derivatives of second order are
    differences of differences, some six digits less accurate.

    Parameters
    ----------
    function : callable
        From real arrays, numbers, or containers of them to the same. It sees plain arrays.
    limit : int
        How many inputs it may have in reverse mode.
    tolerance : float
        The largest error of a derivative, by its estimate, relative to the largest derivative.

    Returns
    -------
    callable
        With the same arguments and results. Its operations are named ``numeric ...``.

    Raises
    ------
    NotDifferentiableError
        In a walk, if there are more inputs than `limit`, or if the differences do not settle, as
        those of a function with jumps or noise.

    Examples
    --------
    >>> import math
    >>> from autograd import grad
    >>> grad(numeric(math.gamma))(1.0)
    np.float64(-0.577216)
    """
    if function is None:
        return functools.partial(numeric, limit=limit, tolerance=tolerance)
    box = _Box(function, limit, tolerance)

    @functools.wraps(function)
    def differentiable(*args: Any, **kwargs: Any) -> Any:
        leaves, rebuild = flatten((args, kwargs))
        places = [place for place, leaf in enumerate(leaves) if is_variable(leaf)]
        inputs = [leaves[place] for place in places]
        rest = [None if is_variable(leaf) else value_of(leaf) for leaf in leaves]

        def on(values: Leaves, rest: Leaves) -> Any:
            given = list(rest)
            for place, value in zip(places, values, strict=True):
                given[place] = value
            args, kwargs = rebuild(given)
            return function(*args, **kwargs)

        return box.call(on, inputs, rest)

    return differentiable


class _Box:
    """A black box, and how its derivatives are computed."""

    def __init__(self, function: Callable[..., Any], limit: int, tolerance: float) -> None:
        self.name, self.limit, self.tolerance = name_of(function), limit, tolerance

    def call(self, on: Callable[[Leaves, Leaves], Any], inputs: Leaves, rest: Leaves) -> Any:
        """Return the value of `on`, recorded where it is due."""
        value = _each(on, [tensor._data for tensor in inputs], rest)
        if not inputs or not is_recording():
            return value
        for tensor in inputs:
            if tensor.dtype.kind == "c":
                raise DtypeError(
                    f"numeric differentiates in real numbers; {self.name} was given {tensor.dtype}"
                    f": give it the real and the imaginary part"
                )
        found, rebuild = flatten(value)
        if any(is_variable(leaf) for leaf in found):
            raise NotDifferentiableError(
                f"{self.name} uses a Tensor that it is not given, and differences say nothing of "
                f"the derivative in that; pass it as an argument"
            )
        leaves: Leaves = [to_array(leaf) for leaf in found]
        places = [place for place, leaf in enumerate(leaves) if leaf.dtype.kind == "f"]
        outputs = [leaves[place] for place in places]
        if not outputs:
            return value

        def of(inputs: Leaves, rest: Leaves) -> Leaves:
            leaves, _ = flatten(on(inputs, rest))
            return [to_array(leaves[place]) for place in places]

        rules = self._rules(of, outputs, rest)
        tensors = operation(f"numeric {self.name}", inputs, outputs, rules)
        for place, tensor in zip(places, tensors, strict=True):
            leaves[place] = tensor
        return rebuild(leaves)

    def _rules(
        self, of: Callable[[Leaves, Leaves], Leaves], outputs: Leaves, rest: Leaves
    ) -> Rules:
        """Return the rules: products with the matrix of all derivatives, or one direction."""
        like = [np.broadcast_to(np.zeros((), y.dtype), y.shape) for y in outputs]

        def all_slopes(inputs: Leaves, rest: Leaves) -> Any:
            return self._matrix(lambda inputs: of(inputs, rest), inputs)

        def matrix(saved: Saved) -> Any:
            if not saved.recorded:
                return _each(all_slopes, saved.inputs, rest)
            return self.call(all_slopes, saved.inputs, rest)

        def pull(cotangents: Leaves, saved: Saved) -> Leaves:
            return split(join(full(cotangents, like)) @ matrix(saved), saved.inputs)

        def push(tangents: Leaves, saved: Saved) -> Leaves:
            v = join(full(tangents, saved.inputs))
            if saved.recorded or not isinstance(v, np.ndarray) or levels_of([saved.inputs, rest]):
                return split(matrix(saved) @ v, like)
            reach = _typical(join(saved.inputs)) / (_typical(v, 0.0) or 1.0)
            slope = self._slope(lambda inputs: of(inputs, rest), saved.inputs, v * reach)
            return split(slope / reach, like)

        def again(inputs: Leaves) -> Any:
            leaves, _ = flatten(self.call(of, inputs, rest))
            return [leaf for leaf in leaves if is_variable(leaf)]

        return Rules(pull, push, again)

    def _matrix(self, of: Callable[[Leaves], Leaves], inputs: Leaves) -> "NDArray[Any]":
        """Return the derivative of each output in each input."""
        x = join(inputs)
        if x.size > self.limit:
            raise NotDifferentiableError(
                f"numeric would call {self.name} for each of its {x.size:,} inputs several times; "
                f"the limit is {self.limit:,}: raise it with numeric({self.name}, limit={x.size}), "
                f"or state a derivative with custom_vjp"
            )
        typical = _typical(x)
        sizes = np.where(np.abs(x) > 1e-3 * typical, np.abs(x), typical)
        slopes = [
            self._slope(of, inputs, s * e) / s for s, e in zip(sizes, np.eye(x.size), strict=True)
        ]
        return np.stack(slopes, 1) if slopes else np.zeros((join(of(inputs)).size, 0))

    def _slope(self, of: Callable[[Leaves], Leaves], inputs: Leaves, v: Any) -> "NDArray[Any]":
        """Return the derivative in a direction that is as large as the inputs."""
        x = join(inputs).astype(np.float64)
        scale = 0.0

        def along(t: float) -> "NDArray[Any]":
            nonlocal scale
            moved = split(x + t * v, inputs)
            moved = [np.asarray(m, i.dtype)[()] for m, i in zip(moved, inputs, strict=True)]
            with np.errstate(all="ignore"):
                y = join(of(moved))
            if not np.all(np.isfinite(y)):
                raise FloatingPointError
            scale = max(scale, float(np.max(np.abs(y), initial=0.0)))
            return np.asarray(y, np.float32 if single else np.float64)

        kinds = np.result_type(np.float16, *inputs), np.result_type(np.float16, *of(inputs))
        single = any(kind.itemsize < 8 for kind in kinds)
        try:
            slope = best_differences(along, list(STEPS[:1] if single else STEPS))
        except FloatingPointError as error:
            raise NotDifferentiableError(
                f"{self.name} has values that are not finite near {_some(x)}, so numeric cannot "
                f"tell its derivative there"
            ) from error
        size = float(np.max(np.abs(slope.value), initial=0.0)) + 1e-3 * scale
        worst = float(np.max(slope.error, initial=0.0))
        if worst > max(self.tolerance, 1e-2 if single else 0.0) * size:
            raise NotDifferentiableError(
                f"the differences of {self.name} near {_some(x)} do not settle: the derivative is "
                f"known to {worst / size:.0e} only, with {self.tolerance:.0e} asked for. It may "
                f"have a jump, a kink, or noise; numeric({self.name}, tolerance=...) accepts more"
            )
        return slope.value


def _each(on: Callable[[Leaves, Leaves], Any], inputs: Leaves, rest: Leaves) -> Any:
    """Return the value of `on`, of a batch for each example."""
    count = len(inputs)
    return call_each(lambda leaves: on(leaves[:count], leaves[count:]), [*inputs, *rest])


def _typical(x: "NDArray[Any]", least: float = 1.0) -> float:
    """Return the largest of some numbers, or `least` if all are zero."""
    return float(np.max(np.abs(x), initial=0.0)) or least


def _some(x: "NDArray[Any]") -> str:
    """Return the first few numbers of a vector."""
    return np.array2string(x[:4], precision=4) + (" ..." if x.size > 4 else "")
