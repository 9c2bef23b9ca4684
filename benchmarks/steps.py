"""What `training.py` measures: steps of training, their inputs and goals.

The goals are the largest ratios to PyTorch, of time and of memory.
"""

from collections.abc import Mapping
from itertools import pairwise
from math import prod
from typing import Any

import numpy as np
from workloads import Workload

MEMORY_GOAL = 1.2


def state(shapes: Mapping[str, tuple[int, ...]]) -> dict[str, Any]:
    """Return float32 parameters by name, uniform in ±1/√(number of inputs)."""
    rng = np.random.default_rng(0)
    drawn = {}
    for name, shape in shapes.items():
        bound = prod(shape[:-1] or shape) ** -0.5
        drawn[name] = rng.uniform(-bound, bound, shape).astype(np.float32)
    return drawn


def numbers(*shape: int) -> np.ndarray:
    """Return normal numbers in float32."""
    return np.random.default_rng(1).normal(size=shape).astype(np.float32)


def classes(*shape: int, count: int) -> np.ndarray:
    """Return numbers of classes."""
    return np.random.default_rng(2).integers(count, size=shape)


def mlp() -> tuple[Any, ...]:
    """Return inputs, labels and parameters."""
    sizes = (784, 512, 512, 10)
    shapes: dict[str, tuple[int, ...]] = {}
    for place, (inputs, outputs) in enumerate(pairwise(sizes)):
        shapes |= {f"{2 * place}.weight": (inputs, outputs), f"{2 * place}.bias": (outputs,)}
    return numbers(128, 784), classes(128, count=10), state(shapes)


def transformer() -> tuple[Any, ...]:
    """Return inputs, targets and parameters."""
    d, hidden = 128, 512
    shapes: dict[str, tuple[int, ...]] = {
        "self_attn.in_proj_weight": (d, 3 * d),
        "self_attn.in_proj_bias": (3 * d,),
        "self_attn.out_proj.weight": (d, d),
        "self_attn.out_proj.bias": (d,),
        "linear1.weight": (d, hidden),
        "linear1.bias": (hidden,),
        "linear2.weight": (hidden, d),
        "linear2.bias": (d,),
    }
    norms = {f"norm{i}.{kind}": (d,) for i in (1, 2) for kind in ("weight", "bias")}
    x = numbers(16, 64, d)
    return x, x[::-1].copy(), state(shapes | norms)


def lstm() -> tuple[Any, ...]:
    """Return inputs, targets and parameters."""
    weights = {f"weight_{kind}_l0": (128, 512) for kind in ("ih", "hh")}
    biases = {f"bias_{kind}_l0": (512,) for kind in ("ih", "hh")}
    x = numbers(32, 50, 128)
    return x, x[::-1].copy(), state({**weights, **biases})


def convolutions() -> tuple[Any, ...]:
    """Return inputs, labels and parameters."""
    shapes = {
        "0.weight": (3, 3, 1, 16),
        "0.bias": (16,),
        "3.weight": (3, 3, 16, 32),
        "3.bias": (32,),
        "7.weight": (800, 10),
        "7.bias": (10,),
    }
    return numbers(64, 1, 28, 28), classes(64, count=10), state(shapes)


def words() -> tuple[Any, ...]:
    """Return words, labels and parameters."""
    shapes = {"embedding.weight": (10_000, 64), "head.weight": (64, 10), "head.bias": (10,)}
    return classes(64, 100, count=10_000), classes(64, count=10), state(shapes)


def adam() -> tuple[Any, ...]:
    """Return parameters and their gradients."""
    values = numbers(10, 1000, 1000)
    return values, values / 10


def step(title: str, function: str, inputs: Any, goal: float) -> Workload:
    """Return a workload with a goal against PyTorch; float32 sums differ in their last digits."""
    return Workload(title, function, inputs, {"pytorch": goal}, tolerance=1e-4)


WORKLOADS = {
    "mlp": step("MLP 784-512-512-10, batch 128", "mlp", mlp, 1.0),
    "transformer": step(
        "transformer block, d = 128, 4 heads, T = 64, batch 16", "transformer", transformer, 1.3
    ),
    "lstm": step("LSTM, 128 to 128, T = 50, batch 32", "lstm", lstm, 1.0),
    "convolutions": step(
        "two convolutions 3 × 3, 28 × 28 pixels, batch 64", "convolutions", convolutions, 2.0
    ),
    "words": step("embedding 10,000 × 64, 100 words, batch 64", "words", words, 1.0),
    "adam": step("Adam alone, 10 million parameters", "adam", adam, 1.0),
}
