"""Try every mutant: ``python -m tests.mutation``."""

import argparse
import multiprocessing
import random
import sys
import time
from collections import Counter

from tests.mutation.equivalent import EQUIVALENT
from tests.mutation.mutants import mutants
from tests.mutation.trial import apart, prepare

GOAL = 0.99


def tried(index):
    """Return the index of a mutant, what kills it, and after how many seconds."""
    start = time.perf_counter()
    how = apart(mutants()[index])
    return index, how, time.perf_counter() - start


def main():
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__)
    parser.add_argument("--sample", type=int, help="how many mutants; all by default")
    parser.add_argument("--seed", type=int, default=0, help="of the sample")
    parser.add_argument(
        "--module",
        nargs="+",
        help="such as elementwise, or scipy.special, which is not tried unless asked for",
    )
    parser.add_argument("--verbose", action="store_true", help="say of each how it ends")
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    start = time.perf_counter()
    chosen = [
        i
        for i, m in enumerate(mutants())
        if (m.module in options.module if options.module else not m.module.startswith("scipy"))
    ]
    if options.sample:
        chosen = random.Random(options.seed).sample(chosen, min(options.sample, len(chosen)))
    equivalent = {i for i in chosen if mutants()[i].key in EQUIVALENT}
    found = {}
    prepare([mutants()[i] for i in chosen])
    with multiprocessing.Pool(options.workers) as pool:
        left = [i for i in chosen if i not in equivalent]
        for index, how, seconds in pool.imap_unordered(tried, left, 8):
            found[index] = how
            if options.verbose or not how:
                mutant = mutants()[index]
                what = " ".join(how) if how else "SURVIVED"
                sys.stderr.write(f"{seconds:6.2f} {what}: {mutant.mutator}: {mutant.key}\n")
    survivors = sorted((mutants()[i] for i, how in found.items() if not how), key=lambda m: m.key)
    score = 1 - len(survivors) / max(len(found), 1)
    minutes = (time.perf_counter() - start) / 60
    errors = Counter(how[1] for how in found.values() if how).most_common()
    lines = [
        *table(chosen, equivalent, found),
        "by: " + ", ".join(f"{count} {error}" for error, count in errors),
        *(f"survived: {mutant.mutator}: {mutant.key}" for mutant in survivors),
        f"{score:.2%} of {len(found)} mutants killed, goal {GOAL:.0%}, {minutes:.1f} minutes",
    ]
    sys.stdout.write("\n".join(lines) + "\n")
    return score < GOAL


def table(chosen, equivalent, found):
    """Return how many mutants there are, by mutator and by module, and what became of them."""
    rows = ["                 mutants  equivalent  killed  survived"]
    for kind in ("mutator", "module"):
        groups = sorted({getattr(mutants()[i], kind) for i in chosen})
        for group in groups:
            of = [i for i in chosen if getattr(mutants()[i], kind) == group]
            same = len(equivalent & {*of})
            alive = sum(found.get(i, True) is None for i in of)
            rows.append(f"{group:15}{len(of):9}{same:12}{len(of) - same - alive:8}{alive:10}")
        rows.append("")
    return rows


if __name__ == "__main__":
    sys.exit(main())
