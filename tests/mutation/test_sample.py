import random

import pytest

from tests.mutation.equivalent import EQUIVALENT
from tests.mutation.mutants import applied, mutants
from tests.mutation.trial import MEMORY, apart, first_failure

COUNT = 10


def test_a_sample_of_mutants_is_killed(monkeypatch):
    """By the rows alone; ``python -m tests.mutation`` tries them all, and the unit tests too."""
    ours = [m for m in mutants() if not m.module.startswith("scipy")]
    found = [m for m in ours if m.key not in EQUIVALENT]
    monkeypatch.setattr("tests.mutation.trial.DRAWN", 40)  # points of a row
    for mutant in random.Random(3).sample(found, COUNT):
        assert first_failure(mutant), mutant.key


def test_what_is_taken_for_equivalent_is_a_mutant():
    """The source of a rule that has changed may make its mutants tell again."""
    assert EQUIVALENT.keys() <= {mutant.key for mutant in mutants()}
    assert all(EQUIVALENT.values())


def test_after_a_mutant_everything_is_as_before():
    for mutant in random.Random(1).sample(mutants(), 100):
        places = [(thing, name) for thing, new in mutant.changes() for name in new]
        before = [getattr(*place) for place in places]
        with applied(mutant):
            assert [getattr(*place) for place in places] != before
        assert [getattr(*place) for place in places] == before


@pytest.mark.parametrize(
    ("trial", "found"),
    [
        (lambda mutant: bytearray(2 * MEMORY), ["the process", "memory"]),
        (lambda mutant: sum(iter(int, 1)), ("the process", "loop")),
        (lambda mutant: None, None),
    ],
)
def test_what_eats_memory_or_does_not_end_is_found(trial, found, monkeypatch):
    monkeypatch.setattr("tests.mutation.trial.verdict", trial)
    monkeypatch.setattr("tests.mutation.trial.PATIENCE", 1)
    assert apart(mutants()[0]) == found


def test_a_flaw_of_the_trial_is_no_verdict(monkeypatch):
    monkeypatch.setattr("tests.mutation.trial.verdict", lambda mutant: 1 / 0)
    with pytest.raises(RuntimeError, match="ZeroDivisionError"):
        apart(mutants()[0])
