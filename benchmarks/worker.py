"""One engine in one process: does and times what it is asked on standard input.

`check WORKLOAD FILE` saves value and gradients as `.npz`; `time WORKLOAD SECONDS` answers the time
of a call.
"""

import importlib
import json
import platform
import statistics
import sys
from collections.abc import Callable
from importlib.metadata import version
from time import perf_counter
from typing import Any

import numpy as np
from workloads import WORKLOADS

BATCH_SECONDS = 0.005  # long enough that the collector's work is shared out among the calls


def seconds_per_call(run: Callable[[], Any], seconds: float) -> float:
    """Return the median over batches of calls that fill `seconds` of the mean time in a batch."""
    start = perf_counter()
    run()
    calls = max(1, round(BATCH_SECONDS / (perf_counter() - start)))
    means = []
    while perf_counter() - start < seconds or not means:
        before = perf_counter()
        for _ in range(calls):
            run()
        means.append((perf_counter() - before) / calls)
    return statistics.median(means)


def save(path: str, run: Callable[[], Any], to_numpy: Callable[[Any], np.ndarray]) -> None:
    """Write what one call returns, value first."""
    value, gradients = run()
    np.savez(path, value, *map(to_numpy, gradients))


def main() -> None:
    """Introduce the engine, then answer each line with a line."""
    engine = importlib.import_module(f"engines.{sys.argv[1]}")
    to_numpy = getattr(engine, "to_numpy", np.asarray)
    runs = {
        name: getattr(engine, workload.function)(*workload.inputs())
        for name, workload in WORKLOADS.items()
        if hasattr(engine, workload.function)
    }
    about = {
        "python": platform.python_version(),
        "numpy": np.__version__,
        "version": version(engine.DISTRIBUTION) if hasattr(engine, "DISTRIBUTION") else None,
        "workloads": list(runs),
    }
    print(json.dumps(about), flush=True)
    for line in sys.stdin:
        order, name, argument = line.split(maxsplit=2)
        answer = None
        if order == "check":
            save(argument.strip(), runs[name], to_numpy)
        else:
            answer = seconds_per_call(runs[name], float(argument))
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
