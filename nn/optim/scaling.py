"""What each algorithm does with a gradient, element by element, before the learning rate.

The notation is that of `algorithms`; v stands for a running mean of g², m for one of g.
"""

import math
from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nn.optim.transformations import (
    Rate,
    Transformation,
    fraction,
    leafwise,
    mix,
    mix_square,
    not_negative,
)

Array = NDArray[Any]
Slots = Sequence[Array]
zeros = np.zeros_like
# ruff: noqa: ARG001 - what one rule does not need is there for those that do


def trace(momentum: float, dampening: float = 0.0, nesterov: bool = False) -> Transformation:
    """Momentum: v ← μv + (1 - dampening) g, the first time v ← g; g + μv with `nesterov`."""
    momentum, kept = not_negative("momentum", momentum), 1 - float(dampening)

    def rule(g: Array, slots: Slots, value: Array, at: int) -> Array:
        (velocity,) = slots
        if at == 1:
            velocity[...] = g
        else:
            velocity *= momentum
            velocity += g if kept == 1 else g * kept
        return velocity * momentum + g if nesterov else velocity

    return leafwise(rule, {"velocity": zeros}, lambda count: count)


def scale_by_rms(alpha: float = 0.99, eps: float = 1e-8, centered: bool = False) -> Transformation:
    """RMSprop: v ← αv + (1-α)g²; g / (√v + ε), or with `centered` g / (√(v - m²) + ε)."""
    alpha, eps = not_negative("alpha", alpha), not_negative("eps", eps)

    def rule(g: Array, slots: Slots, value: Array, at: None) -> Array:
        square = mix_square(slots[0], g, alpha)
        if centered:
            mean = mix(slots[1], g, alpha)
            square = np.maximum(square - mean * mean, 0)  # it may be -0.0…01, by rounding
        root = np.sqrt(square)
        root += eps
        return g / root

    return leafwise(rule, {"square": zeros} | ({"mean": zeros} if centered else {}))


def scale_by_adagrad(
    lr_decay: float = 0.0, initial_accumulator_value: float = 0.0, eps: float = 1e-10
) -> Transformation:
    """Adagrad: s ← s + g²; g / (√s + ε) / (1 + (t-1) lr_decay)."""
    lr_decay, eps = not_negative("lr_decay", lr_decay), not_negative("eps", eps)
    first = not_negative("initial_accumulator_value", initial_accumulator_value)

    def rule(g: Array, slots: Slots, value: Array, at: float) -> Array:
        total = slots[0]
        total += g * g
        step = np.sqrt(total)
        step += eps
        step *= at
        return g / step

    return leafwise(
        rule,
        {"sum": lambda value: np.full_like(value, first)},
        lambda count: 1 + (count - 1) * lr_decay,
    )


def scale_by_adadelta(rho: float = 0.9, eps: float = 1e-6) -> Transformation:
    """Adadelta: v ← ρv + (1-ρ)g²; u = √(w + ε) / √(v + ε) g; w ← ρw + (1-ρ)u²."""
    rho, eps = fraction("rho", rho), not_negative("eps", eps)

    def rule(g: Array, slots: Slots, value: Array, at: None) -> Array:
        square = mix_square(slots[0], g, rho)
        step = np.sqrt(slots[1] + eps)
        step /= np.sqrt(square + eps)
        step *= g
        mix_square(slots[1], step, rho)
        return step

    return leafwise(rule, {"square": zeros, "step_square": zeros})


def scale_by_adam(
    betas: tuple[float, float] = (0.9, 0.999), eps: float = 1e-8, amsgrad: bool = False
) -> Transformation:
    """Adam: m ← β₁m + (1-β₁)g; v ← β₂v + (1-β₂)g²; m/(1-β₁ᵗ) / (√v/√(1-β₂ᵗ) + ε).

    With `amsgrad`, the largest v so far stands for v in the last.
    """
    (beta1, beta2), eps = _pair(betas), not_negative("eps", eps)

    def at(count: int) -> tuple[float, float]:
        bias = 1 - beta1**count  # of m; here in the denominator, with what scales that anyway
        return bias / math.sqrt(1 - beta2**count), bias * eps

    def rule(g: Array, slots: Slots, value: Array, at: Any) -> Array:
        mean, square = mix(slots[0], g, beta1), mix_square(slots[1], g, beta2)
        step = np.sqrt(np.maximum(slots[2], square, out=slots[2]) if amsgrad else square)
        step *= at[0]
        step += at[1]
        return mean / step

    slots = {"mean": zeros, "square": zeros} | ({"largest": zeros} if amsgrad else {})
    return leafwise(rule, slots, at)


def scale_by_nadam(
    betas: tuple[float, float] = (0.9, 0.999), eps: float = 1e-8, momentum_decay: float = 4e-3
) -> Transformation:
    """NAdam: Adam's m and v; with μₜ = β₁(1 - 0.96^(tψ)/2), ψ `momentum_decay`, Πₜ = μ₁…μₜ.

    ((1-μₜ)/(1-Πₜ) g + μₜ₊₁/(1-Πₜ₊₁) m) / (√(v/(1-β₂ᵗ)) + ε).
    """
    (beta1, beta2), eps = _pair(betas), not_negative("eps", eps)
    decay = not_negative("momentum_decay", momentum_decay)

    def at(count: int) -> tuple[float, float, float]:
        now, after = _nadam_momentum(beta1, decay, count), _nadam_momentum(beta1, decay, count + 1)
        products = _nadam_products(beta1, decay)
        product = _extended(products, beta1, decay, count)
        return (
            (1 - now) / (1 - product), after / (1 - product * after),
            1 / math.sqrt(1 - beta2**count),
        )  # fmt: skip

    def rule(g: Array, slots: Slots, value: Array, at: Any) -> Array:
        mean, square = mix(slots[0], g, beta1), mix_square(slots[1], g, beta2)
        of_gradient, of_mean, scale = at
        step: Array = g * of_gradient
        step += mean * of_mean
        root = np.sqrt(square)
        root *= scale
        root += eps
        return step / root

    return leafwise(rule, {"mean": zeros, "square": zeros}, at)


def _nadam_momentum(beta1: float, decay: float, count: int) -> float:
    """Return NAdam's μₜ."""
    return beta1 * (1 - 0.5 * float(0.96 ** (count * decay)))


@cache
def _nadam_products(beta1: float, decay: float) -> list[float]:
    """Return a list that `_extended` fills with the products of μ₁ … μₜ."""
    return [1.0]


def _extended(products: list[float], beta1: float, decay: float, count: int) -> float:
    """Return Πₜ, from a list that is made as long as it needs to be."""
    while len(products) <= count:
        if products[-1] < 1e-30:  # nothing beside one, and ever smaller
            return 0.0
        products.append(products[-1] * _nadam_momentum(beta1, decay, len(products)))
    return products[count]


def scale_by_radam(betas: tuple[float, float] = (0.9, 0.999), eps: float = 1e-8) -> Transformation:
    """RAdam: m/(1-β₁ᵗ), and where ρ > 5, times r √(1-β₂ᵗ) / (√v + ε).

    With ρ∞ = 2/(1-β₂) - 1, ρ = ρ∞ - 2tβ₂ᵗ/(1-β₂ᵗ) and
    r² = (ρ-4)(ρ-2)ρ∞ / ((ρ∞-4)(ρ∞-2)ρ).
    """
    (beta1, beta2), eps = _pair(betas), not_negative("eps", eps)
    limit = 2 / (1 - beta2) - 1

    def at(count: int) -> tuple[float, bool]:
        bias1, bias2 = 1 - beta1**count, 1 - beta2**count
        rho = limit - 2 * count * beta2**count / bias2
        if rho <= 5:
            return 1 / bias1, False
        rectified = (rho - 4) * (rho - 2) * limit / ((limit - 4) * (limit - 2) * rho)
        return math.sqrt(rectified * bias2) / bias1, True

    def rule(g: Array, slots: Slots, value: Array, at: Any) -> Array:
        mean, square = mix(slots[0], g, beta1), mix_square(slots[1], g, beta2)
        step: Array = mean * at[0]
        if at[1]:
            root = np.sqrt(square)
            root += eps
            step /= root
        return step

    return leafwise(rule, {"mean": zeros, "square": zeros}, at)


def scale_by_lion(betas: tuple[float, float] = (0.9, 0.99)) -> Transformation:
    """Lion: the sign of β₁m + (1-β₁)g; then m ← β₂m + (1-β₂)g."""
    beta1, beta2 = _pair(betas)

    def rule(g: Array, slots: Slots, value: Array, at: None) -> Array:
        (mean,) = slots
        step = mean * beta1
        step += g * (1 - beta1)
        mix(mean, g, beta2)
        return np.sign(step)

    return leafwise(rule, {"mean": zeros})


def scale_by_trust_ratio() -> Transformation:
    """LAMB: ‖θ‖/‖g‖ times g, of each parameter; g where one of the norms is zero."""

    def rule(g: Array, slots: Slots, value: Array, at: None) -> Array:
        of_value, of_update = _norm(value), _norm(g)
        ratio = of_value / of_update if of_value > 0 and of_update > 0 else 1.0
        return g * ratio

    return leafwise(rule, elementwise=False)


def adafactor_steps(
    lr: Rate,
    beta2_decay: float = -0.8,
    eps: tuple[float | None, float] = (None, 1e-3),
    d: float = 1.0,
    weight_decay: float = 0.0,
) -> Transformation:
    """Adafactor's whole step: its rate depends on the parameter, see `nn.Adafactor`."""
    eps1 = None if eps[0] is None else not_negative("eps[0]", eps[0])
    eps2, decay = not_negative("eps[1]", eps[1]), not_negative("weight_decay", weight_decay)
    if not callable(lr):
        not_negative("lr", lr)
    if beta2_decay > 0:
        raise ValueError(f"beta2_decay must not be positive, got {beta2_decay}")
    if not d >= 1:
        raise ValueError(f"d must be at least 1, got {d}")

    def at(count: int) -> tuple[float, float, float]:
        rate = not_negative("lr", lr(count - 1) if callable(lr) else lr)
        return rate, min(rate, count**-0.5), 1 - count ** float(beta2_decay)

    def rule(g: Array, slots: Slots, value: Array, at: Any) -> Array:
        if not g.size:  # has no mean
            return g
        rate, relative, beta = at
        least = float(np.finfo(value.dtype).eps) if eps1 is None else eps1
        square = _by_row_and_column(g * g, slots, beta, least)
        update: Array = g / np.sqrt(np.maximum(square, least * least))
        alpha = max(eps2, _norm(value) / math.sqrt(value.size)) * relative
        clipped = max(1.0, _norm(update) / (math.sqrt(value.size) * float(d)))
        update *= -alpha / clipped
        update -= value * (rate * decay)
        return update

    return leafwise(rule, {"rows": _rows, "columns": _columns}, at, elementwise=False)


def _rows(value: Array) -> Array:
    """Return zeros for a mean over each row; of a vector, for each element."""
    return np.zeros_like(value[..., :1] if value.ndim > 1 else value)


def _columns(value: Array) -> Array:
    """Return zeros for a mean over each column; of a vector, nothing."""
    return np.zeros_like(value[..., :1, :]) if value.ndim > 1 else np.zeros(0, value.dtype)


def _by_row_and_column(square: Array, slots: Slots, beta: float, least: float) -> Array:
    """Return Adafactor's running mean of squares."""
    if square.ndim < 2:
        return mix(slots[0], square, beta)
    rows = mix(slots[0], np.mean(square, axis=-1, keepdims=True), beta)
    columns = mix(slots[1], np.mean(square, axis=-2, keepdims=True), beta)
    whole = np.maximum(np.mean(rows, axis=-2, keepdims=True), least)
    found: Array = rows @ columns / whole
    return found


def _norm(x: Array) -> float:
    """Return the Euclidean norm of all elements."""
    return float(np.linalg.norm(np.ravel(x)))


def _pair(betas: tuple[float, float]) -> tuple[float, float]:
    """Return two floats in [0, 1), or refuse them together."""
    if not all(0 <= beta < 1 for beta in betas):
        raise ValueError(f"betas must be at least 0 and less than 1, got {betas}")
    beta1, beta2 = betas
    return float(beta1), float(beta2)
