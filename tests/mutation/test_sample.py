import random

from tests.mutation.equivalent import EQUIVALENT
from tests.mutation.mutants import mutants
from tests.mutation.trial import first_failure

COUNT = 40


def test_a_sample_of_mutants_is_killed():
    """By the rows alone; ``python -m tests.mutation`` tries them all, and the unit tests too."""
    found = [m for m in mutants() if m.key not in EQUIVALENT]
    for mutant in random.Random(0).sample(found, COUNT):
        assert first_failure(mutant), mutant.key


def test_what_is_taken_for_equivalent_is_a_mutant():
    """The source of a rule that has changed may make its mutants tell again."""
    assert EQUIVALENT.keys() <= {mutant.key for mutant in mutants()}
