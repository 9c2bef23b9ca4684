"""The trial of a mutant: every property of the rows that exercise its rule, until one fails."""

import contextlib
import copy
import functools
import io
import json
import os
import resource
import signal
import traceback
import warnings
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.errors import HypothesisDeprecationWarning, UnsatisfiedAssumption

from autograd.dispatch import numpy_name
from tests.all_rows import CASES
from tests.mutation.mutants import applied, caches
from tests.ops import rows, test_rules
from tests.ops.case import SEEDS
from tests.ops.test_keywords import FUNCTIONS
from tests.ops.test_rules import Point
from tests.scipy import rows as scipy_rows

DRAWN = 160  # points of each row, of which many are alike
POINTS = 60  # that are kept: most of them large, as they tell axes apart
OTHER_POINTS = 15  # of each row of the family that is not about the mutant's own primitives
LIMIT = 10  # seconds of the processor for one point, which takes some thousandths
PATIENCE = 200  # seconds of the processor for one mutant: what needs more is taken for a loop
MEMORY = 4 << 30  # bytes of address space for one mutant
ROOT = Path(__file__).parents[2]
PROPERTIES = [  # those that find most come first
    test_rules.test_derivative_is_the_limit_of_differences,
    test_rules.test_forward_and_reverse_are_adjoint,
    test_rules.test_second_derivative_is_the_limit_of_differences,
    test_rules.test_layout_and_ownership_do_not_matter,
    test_rules.test_float32_stays_float32,
    test_rules.test_two_uses_share_no_memory,
    test_rules.test_value_is_numpys,
]
LAYOUTS = sorted(test_rules.LAYOUTS)
ALWAYS = [
    "tests/test_conventions.py",
    *(f"tests/ops/test_{name}.py" for name in ("complex", "dtypes", "pure")),
]
KEYWORDS = "tests/ops/test_keywords.py::test_keywords_count_or_are_refused"
BROKEN = set()  # what fails without a mutant, too


class OutOfTimeError(Exception):
    """A point took too long."""


@functools.cache
def points(row):
    """Return points of a row, always the same ones: its sample and a seed; large ones first."""
    found = {}

    @settings(
        max_examples=DRAWN,
        database=None,
        deadline=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(st.tuples(CASES[row].sample, SEEDS))
    def draw(point):
        args, kwargs = point[0]
        found.setdefault(repr((list(map(looks, Point.leaves(args))), kwargs)), point)

    draw()
    leaves = lambda point: filter(Point.varies, Point.leaves(point[0][0]))
    by_size = sorted(found.values(), key=lambda point: -sum(leaf.size for leaf in leaves(point)))
    few = POINTS // 4
    return by_size if len(by_size) <= POINTS else by_size[: POINTS - few] + by_size[-few:]


def looks(leaf):
    """Return what tells points apart: of floating-point arrays the shape only."""
    return np.shape(leaf) if Point.varies(leaf) else leaf


def rows_of(mutant):
    """Return the rows of the primitives that a mutant is about, then the others of the family."""
    functions = [primitive.function for primitive in mutant.primitives]
    words = mutant.module.split(".")
    families = [getattr(rows, mutant.module, None)]
    families += [family for family in scipy_rows.MODULES if family.__name__.split(".")[-1] in words]
    own = [i for i, case in enumerate(CASES) if any(case.function is f for f in functions)]
    others = [i for i, case in enumerate(CASES) if any(f and case in f.ROWS for f in families)]
    return own, [i for i in others if i not in own]


def prepare(chosen):
    """Draw all points that some mutants need, once for all processes to come."""
    caches()
    for row in sorted({row for mutant in chosen for some in rows_of(mutant) for row in some}):
        points(row)


def failure(place):
    """Return what is raised by a property at one point of a row; None where all is well."""
    prop, row, number = place
    test = PROPERTIES[prop].hypothesis.inner_test
    laid = "layout" in PROPERTIES[prop].__name__
    arguments = {"layout": LAYOUTS[number % len(LAYOUTS)]} if laid else {}
    values = iter(points(row)[number])
    data = SimpleNamespace(draw=lambda _: copy.deepcopy(next(values)))
    signal.setitimer(signal.ITIMER_PROF, LIMIT)
    try:
        test(case=CASES[row], data=data, **arguments)
    except UnsatisfiedAssumption:
        return None
    except Exception as error:  # noqa: BLE001 - whatever it is, the mutant is found
        return error
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
    return None


def first_failure(mutant):
    """Return the first place where a property fails, and with what error; None if there is none."""
    places = (
        (prop, row, number)
        for some, count in zip(rows_of(mutant), (POINTS, OTHER_POINTS), strict=True)
        for prop in range(len(PROPERTIES))
        for row in some
        for number in range(min(len(points(row)), count))
    )
    with applied(mutant), strict_warnings():
        for place in places:
            if place not in BROKEN and (error := failure(place)):
                return place, error
    return None


@contextlib.contextmanager
def strict_warnings():
    """Take warnings for errors, as in all tests; end what takes too long."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warnings.simplefilter("ignore", HypothesisDeprecationWarning)  # of `assume`
        before = signal.signal(signal.SIGPROF, out_of_time)
        try:
            yield
        finally:
            signal.signal(signal.SIGPROF, before)


def out_of_time(number, frame):
    raise OutOfTimeError


def apart(mutant):
    """Return the verdict on a mutant, tried in a process of its own: nothing of it can stay."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (PATIENCE, PATIENCE))
        with contextlib.suppress(MemoryError):
            os.write(writing, json.dumps(said(mutant)).encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        found = pipe.read()
    _, status = os.waitpid(child, 0)
    if not found:
        killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) in {signal.SIGKILL, signal.SIGXCPU}
        return "the process", "loop" if killed else "end"
    how, flaw = json.loads(found)
    if flaw:
        raise RuntimeError(f"{mutant.key}: {flaw}")
    return how


def said(mutant):
    """Return the verdict on a mutant, and what went wrong in the trial itself."""
    try:
        return verdict(mutant), None
    except MemoryError:
        return ("the process", "memory"), None
    except Exception:  # noqa: BLE001 - the parent raises it again
        return None, traceback.format_exc()


def verdict(mutant):
    """Return by what a mutant is killed, and with what error; None where it survives."""
    found = first_failure(mutant)
    if found is None:
        return unit_tests(mutant)
    place, error = found
    with strict_warnings():
        if failure(place):
            BROKEN.add(place)
            return verdict(mutant)
    prop, row, _ = place
    return f"{PROPERTIES[prop].__name__}[{CASES[row].name}]", type(error).__name__


def unit_tests(mutant):
    """Return the same of the tests that are about a family of functions, for what is left."""
    family = [f"tests/ops/test_{prefix}{mutant.module}.py" for prefix in ("", "ufunc_")]
    family += [f"tests/scipy/test_{word}.py" for word in mutant.module.split(".")]
    family = [name for name in (*family, *ALWAYS) if (ROOT / name).exists()]
    functions = {CASES[row].function for some in rows_of(mutant) for row in some}
    keywords = [f"{KEYWORDS}[{numpy_name(f)}]" for f in FUNCTIONS if f in functions]
    options = ["-qx", "-p", "no:cacheprovider", "-p", "no:hypothesispytest", "--assert=plain"]
    output = io.StringIO()
    os.environ["CI"] = "1"  # the same examples each time, and none kept
    with applied(mutant), contextlib.redirect_stdout(output):
        code = pytest.main([*options, *family, *keywords])
    failed = [line for line in output.getvalue().splitlines() if line.startswith("FAILED")]
    if code == 0:
        return None
    if not failed:
        raise RuntimeError(output.getvalue())
    test = failed[0].removeprefix("FAILED ").split(" - ")[0]
    with contextlib.redirect_stdout(output):
        if pytest.main([*options, test.split("[")[0]]):  # a parameter's name may hold anything
            raise RuntimeError(f"{test} fails without the mutant, too")
    return test, "unit"
