"""Two checks of the graph's size in time: a deep chain, and memory over many training steps.

    python benchmarks/depth.py [--operations 1000000] [--steps 1000]

Prints time and memory; ends with an error if a derivative is wrong or memory grows.
"""

import argparse
import gc
import math
import sys
import tracemalloc
from pathlib import Path
from time import perf_counter

import numpy as np

sys.path.insert(0, str(Path(__file__).parent.parent))
import autograd as ag
import nn

MEGABYTE = 1e6


def chain(operations: int) -> str:
    """Differentiate that many multiplications in a row, free them, and return the times."""
    factor = 1 - 1 / operations
    start = perf_counter()
    x = ag.Tensor(1.0)
    y = x
    for _ in range(operations):
        y = y * factor
    recorded = perf_counter()
    y.backward()
    walked = perf_counter()
    del y
    freed = perf_counter()
    slope = factor**operations
    if not math.isclose(x.grad.item(), slope, rel_tol=1e-9):
        sys.exit(f"the chain's derivative is {x.grad.item()}, expected {slope}")
    times = recorded - start, walked - recorded, freed - walked
    return "recorded in {:.2f} s, walked in {:.2f} s, freed in {:.2f} s".format(*times)


def steps(count: int) -> tuple[int, int]:
    """Train; return the bytes in use after a tenth of the steps and at the end."""
    rng = np.random.default_rng(0)
    x, labels = rng.normal(size=(32, 64)), rng.integers(10, size=32)
    model = nn.MLP([64, 64, 10])
    optimizer = nn.SGD(model.parameters(), lr=0.01)
    used = []
    for step in range(count):
        if step == count // 10:
            used.append(tracemalloc.get_traced_memory()[0])
        optimizer.zero_grad()
        nn.softmax_cross_entropy(model(x), labels).backward()
        optimizer.step()
    return used[0], tracemalloc.get_traced_memory()[0]


def main() -> None:
    """Run both; the chain a second time for its memory, which is slow to trace."""
    raw = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=raw)
    parser.add_argument("--operations", type=int, default=1_000_000)
    parser.add_argument("--steps", type=int, default=1_000)
    options = parser.parse_args()
    print(f"chain of {options.operations:,}: {chain(options.operations)}")
    tracemalloc.start()
    chain(options.operations)
    left, peak = tracemalloc.get_traced_memory()
    print(f"its memory: {peak / MEGABYTE:.0f} MB at the peak, {left / MEGABYTE:.1f} MB after")
    gc.disable()
    early, late = steps(options.steps)
    used = f"{early / MEGABYTE:.3f} MB after a tenth, {late / MEGABYTE:.3f} MB at the end"
    print(f"{options.steps:,} training steps without the collector: {used}")
    if late > 1.01 * early:
        sys.exit("memory grows")


if __name__ == "__main__":
    main()
