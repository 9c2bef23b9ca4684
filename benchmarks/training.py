"""Time steps of training, and measure their memory, against PyTorch.

python benchmarks/peers.py --setup --peers pytorch    make its environment, once
python benchmarks/training.py                         measure, print the table
python benchmarks/training.py --write                 and put it into README.md
"""

import argparse
import platform
import statistics
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path

import numpy as np
from peers import HERE, OURS, Times, against, check, measure, put, table, working
from steps import MEMORY_GOAL, WORKLOADS

PEER = "pytorch"
BEGIN, END = "<!-- begin: training.py --write -->", "<!-- end: training.py -->"

Bytes = dict[str, dict[str, int]]  # workload, engine, more than before the first step


def memory(names: list[str], environments: Path, threads: int) -> Bytes:
    """Measure each workload with each engine in a process that has done nothing else."""
    peaks: Bytes = {}
    for name in names:
        peaks[name] = {}
        for engine in (OURS, PEER):
            with working(engine, environments, threads, "steps") as worker:
                peaks[name][engine] = worker.ask("memory", name, 0)
    return peaks


def memory_cell(peaks: Mapping[str, int]) -> str:
    """Return the ratio of memory with its goal."""
    ratio = peaks[OURS] / peaks[PEER]
    if ratio <= MEMORY_GOAL:
        return f"{ratio:.2f} ≤ {MEMORY_GOAL:.2f}"
    return f"**{ratio:.2f} > {MEMORY_GOAL:.2f}**"


def report(times: Times, peaks: Bytes, version: str, threads: int, rounds: int) -> str:
    """Return the table and what it was measured with."""
    rows = [["a step", "ours, ms", "PyTorch, ms", "time ÷", "ours, MB", "PyTorch, MB", "memory ÷"]]
    for name, row in times.items():
        workload, peak = WORKLOADS[name], peaks[name]
        clocks = (f"{statistics.median(row[engine]) * 1e3:.2f}" for engine in (OURS, PEER))
        sizes = (f"{peak[engine] / 1e6:.1f}" for engine in (OURS, PEER))
        ratio = against(row, PEER, workload.goals[PEER])
        rows.append([workload.title, *clocks, ratio, *sizes, memory_cell(peak)])
    versions = f"Python {platform.python_version()}, NumPy {np.__version__}, PyTorch {version}"
    return f"{table(rows)}\n\n{versions}. Threads: {threads}. Rounds: {rounds}."


def arguments() -> argparse.Namespace:
    """Return what the command line asks for."""
    raw = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=raw)
    add = parser.add_argument
    add("--write", action="store_true", help="write README.md")
    add("--environments", type=Path, default=HERE.parent / ".bench", help="default: .bench")
    add("--threads", type=int, default=2, help="for both engines (default: 2)")
    add("--rounds", type=int, default=20, help="2 at least (default: 20)")
    add("--seconds", type=float, default=0.1, help="per engine, workload and round")
    add("--only", nargs="*", choices=WORKLOADS, default=list(WORKLOADS), help="default: all")
    return parser.parse_args()


def main() -> None:
    """Check, measure and report."""
    options = arguments()
    chosen = {name: WORKLOADS[name] for name in options.only}
    with ExitStack() as stack:
        workers = {
            engine: stack.enter_context(
                working(engine, options.environments, options.threads, "steps")
            )
            for engine in (OURS, PEER)
        }
        check(workers, chosen)
        times = measure(workers, options.rounds, options.seconds, options.threads, chosen)
        version = workers[PEER].about["version"]
    peaks = memory(options.only, options.environments, options.threads)
    text = report(times, peaks, version, options.threads, options.rounds)
    print(text)
    if options.write:
        put(text, BEGIN, END)


if __name__ == "__main__":
    main()
