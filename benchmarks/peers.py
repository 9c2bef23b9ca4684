"""Time value and gradient against other engines, each in its own environment and process.

python benchmarks/peers.py --setup     make the environments, once
python benchmarks/peers.py             measure, print the tables
python benchmarks/peers.py --write     and put them into README.md and results.json
"""

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import venv
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from time import sleep
from typing import Any

import numpy as np
from workloads import PROGRAMS, PROGRAMS_GOAL, WORKLOADS, Workload

HERE = Path(__file__).parent
OURS, BY_HAND = "graphgrad", "by_hand"
PEERS = ("micrograd", "mygrad", "pytorch", "hips")
TITLES = {
    "graphgrad": "GraphGrad",
    "by_hand": "NumPy by hand",
    "micrograd": "micrograd",
    "mygrad": "MyGrad",
    "pytorch": "PyTorch",
    "hips": "HIPS autograd",
}
BEGIN, END = "<!-- begin: peers.py --write -->", "<!-- end: peers.py -->"

SETTLE = 0.2
"""Seconds before a turn: OpenBLAS' idle threads busy-wait for 0.1 s after their last work."""

Times = dict[str, dict[str, list[float]]]  # workload, engine, one time a round in seconds


def interpreter(environments: Path, engine: str) -> str:
    """Return the Python of a peer's environment, or this one for us and for plain NumPy."""
    if engine not in PEERS:
        return sys.executable
    python = environments / engine / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if not python.exists():
        sys.exit(f"{engine} has no environment in {environments}: use --setup, or choose --peers")
    return str(python)


def set_up(environments: Path, peers: Sequence[str]) -> None:
    """Make one virtual environment a peer, all with the NumPy of this one."""
    environments.mkdir(parents=True, exist_ok=True)
    (environments / ".gitignore").write_text("*\n")
    for peer in peers:
        venv.create(environments / peer, with_pip=True)
        pip = [interpreter(environments, peer), "-m", "pip", "install", "--quiet"]
        requirements = str(HERE / "requirements" / f"{peer}.txt")
        subprocess.run([*pip, f"numpy=={np.__version__}", "-r", requirements], check=True)


class Worker:
    """A process that runs one engine; `about` is how it introduced itself."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        """Wait for the engine to be loaded."""
        self.process = process
        self.about = self.answer()

    def answer(self) -> Any:
        """Read one line of the worker's."""
        line = self.process.stdout.readline() if self.process.stdout else ""
        if not line:
            sys.exit(f"{self.process.args} ended with {self.process.wait()}")
        return json.loads(line)

    def ask(self, *words: object) -> Any:
        """Send one line, wait for the answer."""
        print(*words, file=self.process.stdin, flush=True)
        return self.answer()


@contextmanager
def working(
    engine: str, environments: Path, threads: int, table: str = "workloads"
) -> Iterator[Worker]:
    """Start a worker with so many threads, OpenBLAS left alone, this project only if ours.

    `table` is the module that has the workloads.
    """
    unset = ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE", "PYTHONPATH")
    environment = {name: value for name, value in os.environ.items() if name not in unset}
    limits = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
    environment |= dict.fromkeys(limits, str(threads))
    if engine == OURS:
        environment["PYTHONPATH"] = str(HERE.parent)
    command = [interpreter(environments, engine), str(HERE / "worker.py"), engine, table]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, env=environment, stdin=pipe, stdout=pipe, text=True) as process:
        yield Worker(process)


def check(workers: Mapping[str, Worker], workloads: Mapping[str, Workload] = WORKLOADS) -> None:
    """Stop unless all engines agree, with NumPy by hand if it has it, on values and gradients."""
    with tempfile.TemporaryDirectory() as folder:
        for name, workload in workloads.items():
            results = {}
            for engine, worker in able(workers, name).items():
                path = Path(folder) / f"{engine}.npz"
                worker.ask("check", name, path)
                with np.load(path) as arrays:
                    results[engine] = list(arrays.values())
            truth = results.get(BY_HAND, results[OURS])
            for engine, arrays in results.items():
                for got, expected in zip(arrays, truth, strict=True):
                    slack = workload.tolerance * np.abs(expected).max()
                    where = f"{engine}, {name}"
                    np.testing.assert_allclose(got, expected, rtol=0, atol=slack, err_msg=where)


def able(workers: Mapping[str, Worker], workload: str) -> dict[str, Worker]:
    """Return the workers whose engine has the workload."""
    return {e: worker for e, worker in workers.items() if workload in worker.about["workloads"]}


def measure(
    workers: Mapping[str, Worker],
    rounds: int,
    seconds: float,
    threads: int,
    workloads: Mapping[str, Workload] = WORKLOADS,
) -> Times:
    """Time each engine once a round, in turns, so that a slow moment meets all alike."""
    times: Times = {}
    for name in workloads:
        turns = list(able(workers, name).items())
        times[name] = {engine: [] for engine, _ in turns}
        for turn in range(rounds):
            for engine, worker in turns if turn % 2 else reversed(turns):
                sleep(SETTLE if threads > 1 else 0)
                times[name][engine].append(worker.ask("time", name, seconds))
    return times


def ratios(times: Mapping[str, list[float]], engine: str) -> list[float]:
    """Return the quartiles over rounds of our time by the engine's."""
    pairs = zip(times[OURS], times[engine], strict=True)
    return statistics.quantiles([ours / other for ours, other in pairs], n=4)


def microseconds(times: Sequence[float] | None) -> str:
    """Return a cell: the median of times in seconds; empty if there are none."""
    return f"{statistics.median(times) * 1e6:,.0f}" if times else ""


def against(times: Mapping[str, list[float]], engine: str, goal: float | None) -> str:
    """Return a cell: the ratio, its goal if there is one, and how they compare.

    A machine that is busy with something else can make a ratio look better than it is: where the
    goal lies between the quartiles of the rounds, nothing is decided.
    """
    if engine not in times:
        return ""
    low, middle, high = ratios(times, engine)
    if goal is None:
        return f"{middle:.2f}"
    if low <= goal < high:
        return f"{middle:.2f} ({low:.2f} to {high:.2f}) ? {goal:.2f}"
    return f"{middle:.2f} ≤ {goal:.2f}" if high <= goal else f"**{middle:.2f} > {goal:.2f}**"


def table(rows: Sequence[Sequence[str]]) -> str:
    """Return Markdown, the first row as its head."""
    head, *body = rows
    rule = ["---", *["--:"] * (len(head) - 1)]
    return "\n".join("| " + " | ".join(row) + " |" for row in [head, rule, *body])


def report(times: Times, workers: Mapping[str, Worker], threads: int, rounds: int) -> str:
    """Return both tables and what they were measured with."""
    ours, *others = workers
    clock = [["µs a call", *(TITLES[engine] for engine in workers)]]
    quotients = [[f"{TITLES[ours]} ÷", *(TITLES[engine] for engine in others)]]
    for name, workload in WORKLOADS.items():
        row, goals = times[name], workload.goals
        clock.append([workload.title, *(microseconds(row.get(e)) for e in workers)])
        quotients.append([workload.title, *(against(row, e, goals.get(e)) for e in others)])
    mean = ""
    if "hips" in workers:
        medians = [ratios(times[name], "hips")[1] for name in PROGRAMS]
        mean = (
            f"Geometric mean of the ratios to HIPS autograd over the {len(PROGRAMS)} programs: "
            f"{statistics.geometric_mean(medians):.2f}, goal {PROGRAMS_GOAL}."
        )
    versions = [f"Python {platform.python_version()}", f"NumPy {np.__version__}"]
    versions += [f"{TITLES[e]} {workers[e].about['version']}" for e in others if e in PEERS]
    setting = f"{', '.join(versions)}. Threads: {threads}. Rounds: {rounds}."
    legend = "Each ratio with its goal: met (≤), missed (bold), or not decided (?, with quartiles)."
    parts = [table(clock), legend, table(quotients), mean, setting]
    return "\n\n".join(filter(None, parts))


def put(text: str, begin: str, end: str) -> None:
    """Put `text` between two markers of README.md."""
    page = HERE / "README.md"
    before, _, rest = page.read_text(encoding="utf-8").partition(begin)
    after = rest.partition(end)[2]
    page.write_text(f"{before}{begin}\n\n{text}\n\n{end}{after}", encoding="utf-8")


def write(text: str, results: Mapping[str, Any]) -> None:
    """Put the tables into README.md and the times into results.json."""
    put(text, BEGIN, END)
    (HERE / "results.json").write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")


def arguments() -> argparse.Namespace:
    """Return what the command line asks for."""
    raw = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=raw)
    add = parser.add_argument
    add("--setup", action="store_true", help="make the peers' environments and stop")
    add("--write", action="store_true", help="write README.md and results.json")
    add("--environments", type=Path, default=HERE.parent / ".bench", help="default: .bench")
    add("--peers", nargs="*", choices=PEERS, default=PEERS, help="default: all")
    add("--threads", type=int, default=1, help="for every engine (default: 1)")
    add("--rounds", type=int, default=50, help="2 at least (default: 50)")
    add("--seconds", type=float, default=0.02, help="per engine, workload and round")
    return parser.parse_args()


def main() -> None:
    """Set up, or check, measure and report."""
    options = arguments()
    if options.setup:
        set_up(options.environments, options.peers)
        return
    with ExitStack() as stack:
        workers = {
            engine: stack.enter_context(working(engine, options.environments, options.threads))
            for engine in (OURS, BY_HAND, *options.peers)
        }
        check(workers)
        times = measure(workers, options.rounds, options.seconds, options.threads)
    text = report(times, workers, options.threads, options.rounds)
    print(text)
    if options.write:
        about = {engine: worker.about for engine, worker in workers.items()}
        write(text, {"threads": options.threads, "engines": about, "seconds": times})


if __name__ == "__main__":
    main()
