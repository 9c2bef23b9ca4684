"""Transformations: what happens to gradients before they change parameters, as pure functions.

A transformation is a pair of functions, of containers (list, tuple, dict) of arrays:
``init(params) -> state`` and ``update(gradients, state, params) -> (updates, state)``. Nothing is
written to; what `update` returns is added to the parameters by `apply_updates`. `chain` makes one
of several, each given what the one before returned. A gradient of None leaves its parameter, and
what is remembered of it, alone.

Most are a formula for each leaf, and are made from it by `leafwise`.
"""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nn.optim.containers import leaves, mapped, rebuilt

Array = NDArray[Any]
Schedule = Callable[[int], float]
Rate = float | Schedule
Mask = Any  # a container of bools, or a function from the parameters to one
Rule = Callable[[Array, Sequence[Array], Array, Any], Array]


@dataclass(frozen=True)
class Transformation:
    """A pair of pure functions, `init` and `update`.

    Parameters
    ----------
    init : callable
        From the parameters, a container of arrays, to the first state: any container of arrays and
        numbers, or None.
    update : callable
        From gradients, state and parameters to updates and the next state.

    Examples
    --------
    One of your own, a step whose size does not depend on the gradient's:

    >>> def sign_descent(lr):
    ...     def update(gradients, state, params):
    ...         return mapped(lambda g: -lr * np.sign(g), gradients), state
    ...
    ...     return Transformation(lambda params: None, update)
    >>> descent, params = sign_descent(0.1), [np.array([1.0, 2.0])]
    >>> updates, state = descent.update([np.array([5.0, -3.0])], descent.init(params), params)
    >>> apply_updates(params, updates)
    [array([0.9, 2.1])]
    """

    init: Callable[[Any], Any]
    update: Callable[[Any, Any, Any], tuple[Any, Any]]
    formula: "Formula | None" = field(default=None, repr=False)  # if it has one for each leaf
    parts: "tuple[Transformation, ...] | None" = field(default=None, repr=False)  # of a chain


@dataclass(frozen=True)
class Formula:
    """What a transformation does with each leaf: see `leafwise`."""

    rule: Rule
    slots: Mapping[str, Callable[[Array], Array]]
    at: Callable[[int], Any] | None
    elementwise: bool
    mask: Mask

    @cached_property
    def remembers(self) -> bool:
        """Whether there is a state."""
        return bool(self.slots) or self.at is not None

    def start(self, value: Array) -> list[Any]:
        """Return the first state of a leaf: a count of its updates, and the slots."""
        return [0, *(make(value) for make in self.slots.values())] if self.remembers else []

    def covers(self, params: Any) -> list[bool]:
        """Return for each leaf whether the mask has it."""
        chosen = self.mask(params) if callable(self.mask) else self.mask
        found = leaves(chosen)
        if len(found) != len(leaves(params)):
            raise ValueError(
                f"a mask has a bool for each parameter: got {len(found)} for {len(leaves(params))}"
            )
        return [bool(choice) for choice in found]

    def advance(self, gradient: Array, state: list[Any], value: Array) -> Array:
        """Return the update of one leaf; its state is changed in place."""
        if not self.remembers:
            return self.rule(gradient, (), value, None)
        state[0] += 1
        at = None if self.at is None else self.at(state[0])
        return self.rule(gradient, state[1:], value, at)

    def init(self, params: Any) -> list[list[Any]]:
        """Return the first state: one for each leaf."""
        return [self.start(value) for value in leaves(params)]

    def update(self, gradients: Any, state: Any, params: Any) -> tuple[Any, Any]:
        """Return updates and the next state."""
        values, updates, states = leaves(params), leaves(gradients), list(state)
        covered = self.covers(params) if self.mask is not None else [True] * len(values)
        for place, value in enumerate(values):
            if updates[place] is not None and covered[place]:
                states[place] = [copy(part) for part in states[place]]
                updates[place] = self.advance(updates[place], states[place], value)
        return rebuilt(gradients, updates), states


def leafwise(
    rule: Rule,
    slots: Mapping[str, Callable[[Array], Array]] | None = None,
    at: Callable[[int], Any] | None = None,
    *,
    elementwise: bool = True,
    mask: Mask = None,
) -> Transformation:
    """Return the transformation with a formula for each leaf.

    Parameters
    ----------
    rule : callable
        ``rule(gradient, slots, value, at) -> update``, of the dtype of `value`. What is to be
        remembered it writes into the arrays `slots`, and into nothing else that it is given. Of a
        parameter without axes, `gradient` may be a NumPy scalar, and `update` as well.
    slots : mapping from str to callable, optional
        What is remembered of each leaf: for each array its name, and its first value as a function
        of the parameter's, such as ``numpy.zeros_like``.
    at : callable, optional
        What the rule is given as `at`, as a function of how often this leaf has been updated, this
        time included: numbers such as a bias correction, that are computed once for the leaf.
    elementwise : bool
        Whether each element of the results depends on the same elements of the arguments only.
        Then optimizers go through large parameters block by block.
    mask : container of bools, or callable, optional
        To which parameters it applies; callable: a function of the parameters. The gradients of
        the others are passed on.

    Examples
    --------
    >>> sign = leafwise(lambda gradient, slots, value, at: np.sign(gradient))
    >>> sign.update([np.array([5.0, -3.0])], sign.init([np.ones(2)]), [np.ones(2)])[0]
    [array([ 1., -1.])]
    """
    formula = Formula(rule, slots or {}, at, elementwise, mask)
    return Transformation(formula.init, formula.update, formula)


def chain(*transformations: Transformation) -> Transformation:
    """Return the transformation that applies several, one after the other.

    Examples
    --------
    >>> descent = chain(clip_by_norm(1.0), scale_by_rate(0.1))
    >>> params = [np.zeros(2)]
    >>> descent.update([np.array([3.0, 4.0])], descent.init(params), params)[0]
    [array([-0.06, -0.08])]
    """
    parts = tuple(part for each in transformations for part in stages(each))
    return Transformation(partial(_chain_init, parts), partial(_chain_update, parts), None, parts)


def stages(transformation: Transformation) -> tuple[Transformation, ...]:
    """Return the transformations that a chain is made of; of another, itself."""
    return (transformation,) if transformation.parts is None else transformation.parts


def _chain_init(parts: tuple[Transformation, ...], params: Any) -> list[Any]:
    return [part.init(params) for part in parts]


def _chain_update(
    parts: tuple[Transformation, ...], gradients: Any, state: Any, params: Any
) -> tuple[Any, Any]:
    states = []
    for part, before in zip(parts, state, strict=True):
        gradients, after = part.update(gradients, before, params)
        states.append(after)
    return gradients, states


def apply_updates(params: Any, updates: Any) -> Any:
    """Return the sums of parameters and updates; where an update is None, the parameter.

    Examples
    --------
    >>> apply_updates({"w": np.array([1.0])}, {"w": np.array([0.5])})
    {'w': array([1.5])}
    """
    return mapped(lambda x, update: x if update is None else x + update, params, updates)


# Before the algorithm.


def norm(gradients: Iterable[Any]) -> float:
    """Return the Euclidean norm of all gradients together; None is one that is not."""
    sizes = (np.linalg.norm(np.ravel(gradient)) for gradient in gradients if gradient is not None)
    return math.hypot(*map(float, sizes))


def clip_by_norm(max_norm: float) -> Transformation:
    """Scale all gradients so that their norm, as one vector, is at most `max_norm`.

    As PyTorch's ``clip_grad_norm_``: by max_norm/(norm + 10⁻⁶) if that is less than one. Gradients
    whose norm is not finite become NaN or zero, as there.

    Examples
    --------
    >>> clip = clip_by_norm(1.0)
    >>> gradients = [np.array([3.0]), np.array([4.0])]
    >>> clip.update(gradients, clip.init(gradients), gradients)[0]
    [array([0.6]), array([0.8])]
    """
    max_norm = not_negative("max_norm", max_norm)

    def update(gradients: Any, state: Any, params: Any) -> tuple[Any, Any]:  # noqa: ARG001 - the interface
        scale = max_norm / (norm(leaves(gradients)) + 1e-6)
        return gradients if scale >= 1 else mapped(lambda g: g * scale, gradients), state

    return Transformation(lambda params: None, update)  # noqa: ARG005 - the interface


def clip_by_value(limit: float) -> Transformation:
    """Bring each element of the gradients into ±`limit`."""
    limit = not_negative("limit", limit)
    return leafwise(lambda g, slots, value, at: np.clip(g, -limit, limit))  # noqa: ARG005


def negate() -> Transformation:
    """Change the sign: to maximise."""
    return leafwise(lambda g, slots, value, at: -g)  # noqa: ARG005 - the interface


def add_weight_decay(weight_decay: float, mask: Mask = None) -> Transformation:
    """Add `weight_decay` times the parameter.

    Before an algorithm this is the gradient of a penalty, weight_decay/2 times the sum of squares;
    between an algorithm and its rate it is decoupled, as in AdamW.

    Parameters
    ----------
    weight_decay : float
    mask : container of bools, or callable, optional
        To which parameters it applies, such as
        ``lambda params: [value.ndim > 1 for value in params]``: to matrices, not to biases.
    """
    weight_decay = not_negative("weight_decay", weight_decay)

    def rule(g: Array, slots: Any, value: Array, at: Any) -> Any:  # noqa: ARG001 - the interface
        decayed = value * weight_decay
        decayed += g
        return decayed

    return leafwise(rule, mask=mask)


# After it.


def scale_by_rate(lr: Rate) -> Transformation:
    """Multiply by minus the learning rate: a float, or a schedule of the step, from 0."""
    if callable(lr):
        return scale_by_schedule(lambda step: -not_negative(f"lr({step})", lr(step)))
    factor = -not_negative("lr", lr)
    return leafwise(lambda g, slots, value, at: g * factor)  # noqa: ARG005 - the interface


def scale_by_schedule(schedule: Schedule) -> Transformation:
    """Multiply by a number that depends on the step, from 0."""
    return leafwise(
        lambda g, slots, value, at: g * at,  # noqa: ARG005 - the interface
        at=lambda count: float(schedule(count - 1)),
    )


def ema(decay: float = 0.999) -> Transformation:
    """Keep, last in a chain, an exponential moving average of the parameters in the state.

    With a the average: a ← decay a + (1 - decay)(θ + update). Updates pass unchanged. The state is
    a list of [count of updates, average], one for each parameter.
    """
    decay = fraction("decay", decay)

    def rule(update: Array, slots: Sequence[Array], value: Array, at: Any) -> Any:  # noqa: ARG001
        mix(slots[0], value + update, decay)
        return update

    return leafwise(rule, {"average": np.copy})


# Around it.


def accumulate(n: int, transformation: Transformation) -> Transformation:
    """Return what gives the mean of `n` gradients to `transformation`, at every n-th update.

    The updates between are None. The gradients of n small batches of the same size then make the
    step of one large batch.

    Examples
    --------
    >>> descent, x = accumulate(2, scale_by_rate(1.0)), [np.zeros(1)]
    >>> state = descent.init(x)
    >>> for gradient in (1.0, 3.0):
    ...     updates, state = descent.update([np.array([gradient])], state, x)
    ...     print(updates)
    [None]
    [array([-2.])]
    """
    if n < 1:
        raise ValueError(f"accumulate takes the mean of at least 1 gradient, got n={n}")

    def init(params: Any) -> Any:
        sums = mapped(np.zeros_like, params)
        return {
            "count": 0, "had": [0] * len(leaves(params)), "sum": sums,
            "inner": transformation.init(params),
        }  # fmt: skip

    def update(gradients: Any, state: Any, params: Any) -> tuple[Any, Any]:
        new = leaves(gradients)
        sums = [s if g is None else s + g for s, g in zip(leaves(state["sum"]), new, strict=True)]
        had = [h + (g is not None) for h, g in zip(state["had"], new, strict=True)]
        count, inner = state["count"] + 1, state["inner"]
        updates = rebuilt(gradients, [None] * len(sums))
        if count == n:
            means = [s * (1 / n) if h else None for s, h in zip(sums, had, strict=True)]
            updates, inner = transformation.update(rebuilt(gradients, means), inner, params)
            count, had, sums = 0, [0] * len(sums), [np.zeros_like(s) for s in sums]
        sums = rebuilt(state["sum"], sums)
        return updates, {"count": count, "had": had, "sum": sums, "inner": inner}

    return Transformation(init, update)


# What the formulas share.


def mix(mean: Array, new: Array, beta: float) -> Array:
    """Make a running mean β mean + (1 - β) new, in place, and return it."""
    mean *= beta
    mean += new * (1 - beta)
    return mean


def mix_square(mean: Array, new: Array, beta: float) -> Array:
    """Make a running mean β mean + (1 - β) new², in place, and return it."""
    square = new * (1 - beta)
    square *= new
    mean *= beta
    mean += square
    return mean


def not_negative(name: str, number: float) -> float:
    """Return a number as a float; refuse negative ones, and NaN."""
    if not number >= 0:
        raise ValueError(f"{name} must not be negative, got {number}")
    return float(number)


def fraction(name: str, number: float) -> float:
    """Return a number as a float if it is in [0, 1)."""
    if not 0 <= number < 1:
        raise ValueError(f"{name} must be at least 0 and less than 1, got {number}")
    return float(number)
