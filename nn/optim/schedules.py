"""Schedules: learning rates as functions of the step, from 0; `ReduceOnPlateau` looks at a metric.

Each function here takes a learning rate and returns a function from the step to a number, which an
optimizer takes as its `lr`. Steps are those of the optimizer, not epochs. The values are those of
PyTorch's schedulers that are stepped as often.
"""

import math
from collections.abc import Callable, Mapping
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nn.optim.containers import filled, flat, misfits
from nn.optim.optimizer import Optimizer
from nn.optim.transformations import fraction, not_negative

Schedule = Callable[[int], float]


def constant(lr: float) -> Schedule:
    """Return the schedule that is always `lr`."""
    lr = not_negative("lr", lr)
    return lambda step: lr  # noqa: ARG005 - the interface


def step(lr: float, step_size: int, gamma: float = 0.1) -> Schedule:
    """Return the schedule that is multiplied by `gamma` after every `step_size` steps.

    Examples
    --------
    >>> [step(1.0, step_size=2)(t) for t in range(5)]
    [1.0, 1.0, 0.1, 0.1, 0.01]
    """
    lr, gamma = not_negative("lr", lr), not_negative("gamma", gamma)
    _positive("step_size", step_size)
    return lambda step: lr * gamma ** (step // step_size)


def exponential(lr: float, gamma: float) -> Schedule:
    """Return the schedule that is multiplied by `gamma` after every step.

    Examples
    --------
    >>> [exponential(1.0, gamma=0.5)(t) for t in range(3)]
    [1.0, 0.5, 0.25]
    """
    lr, gamma = not_negative("lr", lr), not_negative("gamma", gamma)
    return lambda step: lr * gamma**step


def linear(
    lr: float, total_steps: int, start_factor: float = 1 / 3, end_factor: float = 1.0
) -> Schedule:
    """Return the schedule that goes from lr·start_factor to lr·end_factor on a line, then stays.

    Examples
    --------
    >>> [linear(1.0, 4, start_factor=0.0)(t) for t in range(6)]
    [0.0, 0.25, 0.5, 0.75, 1.0, 1.0]
    """
    lr = not_negative("lr", lr)
    start, end = not_negative("start_factor", start_factor), not_negative("end_factor", end_factor)
    _positive("total_steps", total_steps)
    return lambda step: lr * (start + (end - start) * min(step, total_steps) / total_steps)


def polynomial(lr: float, total_steps: int, power: float = 1.0) -> Schedule:
    """Return the schedule lr·(1 - step/total_steps)^power, which then stays zero.

    Examples
    --------
    >>> [polynomial(1.0, 4, power=2.0)(t) for t in range(6)]
    [1.0, 0.5625, 0.25, 0.0625, 0.0, 0.0]
    """
    lr, power = not_negative("lr", lr), not_negative("power", power)
    _positive("total_steps", total_steps)
    return lambda step: lr * (1 - min(step, total_steps) / total_steps) ** power


def cosine(
    lr: float, total_steps: int, end: float = 0.0, *, warmup: int = 0, start: float = 0.0
) -> Schedule:
    """Return the schedule that falls to `end` as half a cosine, after a warm-up.

    Parameters
    ----------
    lr : float
        The largest rate.
    total_steps : int
        After how many steps, the warm-up included, it is `end`, which it stays.
    end : float
    warmup : int
        How many steps it rises on a line, from `start` to `lr`.
    start : float

    Raises
    ------
    ValueError
        If a rate is negative, or the warm-up is not shorter than the whole.

    Examples
    --------
    >>> [round(cosine(1.0, 6, warmup=2)(t), 3) for t in range(8)]
    [0.0, 0.5, 1.0, 0.854, 0.5, 0.146, 0.0, 0.0]
    """
    lr, end, start = not_negative("lr", lr), not_negative("end", end), not_negative("start", start)
    if not 0 <= warmup < total_steps:
        raise ValueError(
            f"a warm-up is shorter than the whole: got warmup={warmup}, total_steps={total_steps}"
        )

    def rate(step: int) -> float:
        if step < warmup:
            return start + (lr - start) * step / warmup
        return _between(lr, end, min((step - warmup) / (total_steps - warmup), 1.0))

    return rate


def one_cycle(
    max_lr: float,
    total_steps: int,
    pct_start: float = 0.3,
    anneal_strategy: Literal["cos", "linear"] = "cos",
    div_factor: float = 25.0,
    final_div_factor: float = 1e4,
) -> Schedule:
    """Return the schedule that rises to `max_lr` and falls to almost nothing, once.

    Smith and Topin, "Super-convergence", arXiv:1708.07120.

    Parameters
    ----------
    max_lr : float
    total_steps : int
        The last step is total_steps - 1; then the rate stays.
    pct_start : float
        Part of the steps in which it rises.
    anneal_strategy : {"cos", "linear"}
    div_factor : float
        It begins with max_lr/div_factor,
    final_div_factor : float
        and ends with max_lr/div_factor/final_div_factor.

    Examples
    --------
    >>> rate = one_cycle(1.0, total_steps=10, anneal_strategy="linear")
    >>> [round(rate(t), 3) for t in (0, 1, 2, 9)]
    [0.04, 0.52, 1.0, 0.0]
    """
    max_lr = not_negative("max_lr", max_lr)
    _positive("total_steps", total_steps)
    _positive("div_factor", div_factor)
    _positive("final_div_factor", final_div_factor)
    if not 0 <= pct_start <= 1:
        raise ValueError(f"pct_start must be between 0 and 1, got {pct_start}")
    _one_of(("cos", "linear"), anneal_strategy=anneal_strategy)
    first = max_lr / div_factor
    last, top, final = first / final_div_factor, pct_start * total_steps - 1, total_steps - 1

    between = _between if anneal_strategy == "cos" else _on_a_line

    def rate(step: int) -> float:
        step = min(step, final)
        if step <= top:
            return between(first, max_lr, step / top if top else 1.0)
        return between(max_lr, last, (step - top) / (final - top))

    return rate


def _between(start: float, end: float, part: float) -> float:
    """Return what a half cosine from `start` to `end` is after a part of the way."""
    return end + (start - end) * (1 + math.cos(math.pi * part)) / 2


def _on_a_line(start: float, end: float, part: float) -> float:
    """Return what a line from `start` to `end` is after a part of the way."""
    return start + (end - start) * part


def _one_of(choices: tuple[str, str], **given: str) -> None:
    """Refuse words that are not one of two."""
    for name, word in given.items():
        if word not in choices:
            raise ValueError(f"{name} must be {choices[0]!r} or {choices[1]!r}, got {word!r}")


def _positive(name: str, number: float) -> None:
    """Refuse numbers that are not positive."""
    if not number > 0:
        raise ValueError(f"{name} must be positive, got {number}")


class ReduceOnPlateau:
    """Reduces an optimizer's learning rate when a metric has stopped improving.

    Parameters
    ----------
    optimizer : Optimizer
        With a float as learning rate.
    mode : {"min", "max"}
        Which way the metric improves.
    factor : float
        By what the rate is multiplied.
    patience : int
        After how many steps without improvement it is kept once more.
    threshold : float
        By how much the metric has to be better than the best so far: a part of it if
        `threshold_mode` is "rel", else an amount.
    threshold_mode : {"rel", "abs"}
    cooldown : int
        For how many steps after a reduction none are counted.
    min_lr : float
    eps : float
        A change smaller than this is not made.

    Attributes
    ----------
    best : float
        The best metric so far.

    Raises
    ------
    ValueError
        If `factor` is not in [0, 1), a mode is unknown, or the rate is a schedule.

    Examples
    --------
    >>> from autograd import Tensor
    >>> from nn import SGD
    >>> optimizer = SGD([Tensor([1.0])], lr=1.0)
    >>> plateau = ReduceOnPlateau(optimizer, patience=1)
    >>> for loss in (3.0, 2.0, 2.0, 2.0):
    ...     plateau.step(loss)
    >>> optimizer.lr
    0.1
    """

    def __init__(
        self,
        optimizer: Optimizer,
        mode: Literal["min", "max"] = "min",
        factor: float = 0.1,
        patience: int = 10,
        threshold: float = 1e-4,
        threshold_mode: Literal["rel", "abs"] = "rel",
        cooldown: int = 0,
        min_lr: float = 0.0,
        eps: float = 1e-8,
    ) -> None:
        fraction("factor", factor)
        _one_of(("min", "max"), mode=mode)
        _one_of(("rel", "abs"), threshold_mode=threshold_mode)
        if any(callable(group.get("lr")) for group in optimizer.param_groups):
            raise ValueError("the learning rate is a schedule; ReduceOnPlateau changes a float")
        self.optimizer = optimizer
        self.mode, self.threshold_mode = mode, threshold_mode
        self.factor, self.patience, self.threshold = factor, patience, threshold
        self.cooldown, self.min_lr, self.eps = cooldown, min_lr, eps
        self.best = math.inf if mode == "min" else -math.inf
        self._bad, self._cooling = 0, 0

    def step(self, metric: Any) -> None:
        """Look at the metric, such as the loss of validation, once an epoch."""
        metric = float(np.asarray(getattr(metric, "data", metric)))
        if self._is_better(metric):
            self.best, self._bad = metric, 0
        else:
            self._bad += 1
        if self._cooling > 0:
            self._cooling -= 1
            self._bad = 0
        if self._bad > self.patience:
            for group in self.optimizer.param_groups:
                rate = max(group["lr"] * self.factor, self.min_lr)
                if group["lr"] - rate > self.eps:
                    group["lr"] = rate
            self._bad, self._cooling = 0, self.cooldown

    def _is_better(self, metric: float) -> bool:
        """Return whether a metric is better than the best by the threshold."""
        sign = 1 if self.mode == "max" else -1
        if math.isinf(self.best):
            return sign * metric > sign * self.best
        least = abs(self.best) * self.threshold if self.threshold_mode == "rel" else self.threshold
        return sign * (metric - self.best) > least

    def state_dict(self) -> dict[str, NDArray[Any]]:
        """Return what is needed to go on exactly here, flat; the rate is in the optimizer's."""
        return flat(self._state())

    def load_state_dict(self, state: Mapping[str, ArrayLike]) -> None:
        """Go on where another was whose state this is.

        Raises
        ------
        ValueError
            If names or shapes differ; then nothing has changed.
        """
        arrays = {name: np.asarray(value) for name, value in state.items()}
        if found := misfits(self.state_dict(), arrays):
            raise ValueError(
                "this state does not fit ReduceOnPlateau, which is left as it was:\n  "
                + "\n  ".join(found)
            )
        loaded = filled(self._state(), arrays)
        self.best, self._bad, self._cooling = loaded["best"], loaded["bad"], loaded["cooling"]

    def _state(self) -> dict[str, float]:
        return {"best": self.best, "bad": self._bad, "cooling": self._cooling}
