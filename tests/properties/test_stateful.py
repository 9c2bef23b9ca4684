"""Random programs, with values that are used again, views and writes, under `check_grads`.

The machine collects steps; what they compute runs on arrays and on Tensors alike.
"""

import numpy as np
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from autograd.testing import check_grads

SHAPE = (2, 3)
UNARY = [np.sin, np.tanh, np.square, np.negative, lambda a: np.sort(a, axis=1), lambda a: a[::-1]]
BINARY = [np.add, np.multiply, np.subtract, lambda a, b: a @ b.T @ a]
KEYS = [0, (slice(None), 1), (..., slice(None, None, 2)), np.array([1, 1, 0]), (1, 2)]
INDEX = st.integers(0, 10**6)
START = np.array([[0.3, -0.7, 1.1], [0.9, -0.2, 0.5]])


def take(values, number):
    return values[number % len(values)]


class Programs(RuleBasedStateMachine):
    """Each rule adds a step: a function of the list of values, which it may add to."""

    def __init__(self):
        super().__init__()
        self.steps = []

    @rule(function=st.sampled_from(UNARY), a=INDEX)
    def unary(self, function, a):
        self.steps.append(lambda values: values.append(function(take(values, a))))

    @rule(function=st.sampled_from(BINARY), a=INDEX, b=INDEX)
    def binary(self, function, a, b):
        self.steps.append(
            lambda values: values.append(0.3 * function(take(values, a), take(values, b)))
        )

    @rule(key=st.sampled_from(KEYS), a=INDEX, b=INDEX, add=st.booleans())
    def write(self, key, a, b, add):
        def step(values):
            target, value = take(values, a), np.sin(np.sum(take(values, b)))
            if add:
                target[key] += value
            else:
                target[key] = value

        self.steps.append(step)

    @rule(a=INDEX, b=INDEX)
    def write_whole(self, a, b):
        def step(values):
            target = take(values, a)
            target *= np.tanh(take(values, b))

        self.steps.append(step)

    def run(self, x):
        values = [x * 1.0, x + 0.5]
        for step in self.steps:
            step(values)
        return [np.sum(np.sin(value)) for value in values]

    def teardown(self):
        check_grads(self.run, START, evaluations=24, undecided="allow", layouts=False, rtol=1e-7)


TestPrograms = Programs.TestCase
TestPrograms.settings = settings(stateful_step_count=8, max_examples=40, deadline=None)
