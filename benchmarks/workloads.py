"""What is measured: the inputs, the shared expressions, and the goals."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import programs

ROTATIONS = 16  # six operations each, and one to end with: 97


@dataclass(frozen=True)
class Workload:
    """A function of plain inputs, how exactly engines must agree on it, and how fast we want to be.

    `goals` maps an engine to the largest ratio of our time to its time.
    """

    title: str
    function: str
    inputs: Callable[[], tuple[Any, ...]]
    goals: Mapping[str, float]
    tolerance: float = 1e-10


def rotate(a: Any, b: Any) -> Any:
    """Return Re z + Im z for z = (a + ib)**17, by additions, subtractions and multiplications."""
    x, y = a, b
    for _ in range(ROTATIONS):
        x, y = a * x - b * y, a * y + b * x
    return x + y


def wave(xp: Any, x: Any) -> Any:
    """Return sum(y*y + 2y - 1), y = exp(sin(x)cos(x)) + x*x*x - tanh(x), with `xp`'s functions."""
    y = xp.exp(xp.sin(x) * xp.cos(x)) + x * x * x - xp.tanh(x)
    return xp.sum(y * y + 2 * y - 1)


def squares(x: Any) -> Any:
    """Return the sum of x[i] * x[i], element by element."""
    total = 0.0
    for i in range(len(x)):
        total = total + x[i] * x[i]
    return total


def recurrence(y: Any, x: Any) -> Any:
    """Fill y with y[i] = y[i - 1] / 2 + x[i] * x[i], element by element, and return it."""
    y[0] = x[0]
    for i in range(1, len(x)):
        y[i] = 0.5 * y[i - 1] + x[i] * x[i]
    return y


def network(sizes: tuple[int, ...], batch: int, activation: str, dtype: type) -> tuple[Any, ...]:
    """Return inputs, labels, the list weight, bias, weight, bias ..., and the activation's name."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=(batch, sizes[0])).astype(dtype)
    labels = rng.integers(sizes[-1], size=batch)
    parameters = []
    for rows, columns in pairwise(sizes):
        parameters.append((rng.normal(size=(rows, columns)) / np.sqrt(rows)).astype(dtype))
        parameters.append((rng.normal(size=columns) / 10).astype(dtype))
    return x, labels, parameters, activation


WORKLOADS = {
    "scalars": Workload(
        "97 operations on two scalars",
        "scalars",
        lambda: (0.6, 0.8),
        {"micrograd": 0.75, "pytorch": 0.20, "hips": 0.10},
    ),
    "vector": Workload(
        "vector of 500",
        "vector",
        lambda: (np.random.default_rng(0).normal(size=500),),
        {"pytorch": 0.55, "hips": 0.35},
    ),
    "reads": Workload(
        "1,000 elements read one by one",
        "reads",
        lambda: (np.random.default_rng(0).normal(size=1000),),
        {"pytorch": 0.5},
    ),
    "writes": Workload(
        "1,000 elements written one by one",
        "writes",
        lambda: (np.random.default_rng(0).normal(size=1000),),
        {},
    ),
    "small_mlp": Workload(
        "MLP 64-64-64-10, batch 32, tanh, float64",
        "mlp",
        lambda: network((64, 64, 64, 10), 32, "tanh", np.float64),
        {"pytorch": 0.55, "by_hand": 1.5},
    ),
    "large_mlp": Workload(
        "MLP 784-512-512-10, batch 128, relu, float32",
        "mlp",
        lambda: network((784, 512, 512, 10), 128, "relu", np.float32),
        {"pytorch": 1.0, "by_hand": 1.15},
        tolerance=1e-4,
    ),
    "mixture": Workload(
        "mixture of 25 Gaussians, 1,000 points in 10 dimensions",
        "mixture",
        programs.mixture_inputs,
        {},
    ),
    "language": Workload(
        "LSTM language model, 64 units, 25 steps, batch 16",
        "language",
        programs.language_inputs,
        {},
    ),
    "bundle": Workload(
        "bundle adjustment, 20 Jacobians of (2, 15)",
        "bundle",
        programs.bundle_inputs,
        {},
    ),
    "newton": Workload(
        "logistic regression by Newton-CG, 500 points in 30 dimensions",
        "newton",
        programs.logistic_inputs,
        {},
        tolerance=1e-6,
    ),
    "oscillator": Workload(
        "ODE by RK4 in 1,000 steps", "oscillator", programs.oscillator_inputs, {}
    ),
    "jacobian": Workload(
        "Jacobian of a 200 to 200 network",
        "square_jacobian",
        programs.layers_inputs,
        {"hips": 0.1},
    ),
    "hessian": Workload(
        "Hessian of Rosenbrock in 100 variables",
        "rosenbrock_hessian",
        programs.rosenbrock_inputs,
        {"hips": 0.1},
    ),
}

PROGRAMS = ("mixture", "language", "bundle", "newton", "oscillator", "jacobian", "hessian")
"""The programs of scientists, which are the same file for this project and for HIPS autograd."""
PROGRAMS_GOAL = 0.35
"""The largest geometric mean of the ratios of our time to HIPS autograd's over them."""
