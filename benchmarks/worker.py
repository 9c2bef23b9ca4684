"""One engine in one process: does and times what it is asked on standard input.

`check WORKLOAD FILE` saves value and gradients as `.npz`; `time WORKLOAD SECONDS` answers the time
of a call, `memory WORKLOAD 0` the bytes that three calls need, for which nothing else may have run.
"""

import functools
import gc
import importlib
import json
import platform
import statistics
import sys
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np

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


def resident(field: str) -> int:
    """Return the bytes this process holds (VmRSS), or the most it has held (VmHWM)."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return 1024 * next(int(line.split()[1]) for line in lines if line.startswith(field))


def peak(engine: Any, workload: Any) -> int:
    """Return the most bytes that making a workload and three calls have held, on Linux."""
    inputs = workload.inputs()
    engine.warm()
    gc.collect()
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # VmHWM starts anew
    before = resident("VmRSS")
    run = getattr(engine, workload.function)(*inputs)
    for _ in range(3):
        run()
    return resident("VmHWM") - before


def save(path: str, run: Callable[[], Any], to_numpy: Callable[[Any], np.ndarray]) -> None:
    """Write what one call returns, value first."""
    value, gradients = run()
    np.savez(path, value, *map(to_numpy, gradients))


def main() -> None:
    """Introduce the engine, then answer each line with a line."""
    name, table = sys.argv[1:]
    engine = importlib.import_module(f"engines.{name}{'' if table == 'workloads' else f'_{table}'}")
    to_numpy = getattr(engine, "to_numpy", np.asarray)
    workloads = {
        name: workload
        for name, workload in importlib.import_module(table).WORKLOADS.items()
        if hasattr(engine, workload.function)
    }

    @functools.cache
    def made(name: str) -> Callable[[], Any]:
        return getattr(engine, workloads[name].function)(*workloads[name].inputs())

    about = {
        "python": platform.python_version(),
        "numpy": np.__version__,
        "version": version(engine.DISTRIBUTION) if hasattr(engine, "DISTRIBUTION") else None,
        "workloads": list(workloads),
    }
    print(json.dumps(about), flush=True)
    for line in sys.stdin:
        order, name, argument = line.split(maxsplit=2)
        answer = None
        if order == "check":
            save(argument.strip(), made(name), to_numpy)
        elif order == "memory":
            answer = peak(engine, workloads[name])
        else:
            answer = seconds_per_call(made(name), float(argument))
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
