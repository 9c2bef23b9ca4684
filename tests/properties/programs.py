"""Random straight-line programs: a handful of operations on inputs and on what was computed before.

Every value has a shape that broadcasts with (2, 3), so any two may meet. All operations are
analytic, so that a program takes complex numbers too; and they hold values in bounds, so that
rounding errors stay relative to 1.
"""

from dataclasses import dataclass

import numpy as np
from hypothesis import strategies as st

SHAPES = [(), (1,), (3,), (2, 1), (1, 3), (2, 3)]
MASK = np.array([[True, False, True], [False, False, True]])
MATRIX = np.array([[0.5, -0.3, 0.2], [0.1, 0.4, -0.6], [0.3, 0.2, 0.1]])

BINARY = {
    "add": lambda x, y: 0.5 * (x + y),
    "subtract": lambda x, y: x - 0.5 * y,
    "multiply": lambda x, y: x * np.cos(y),
    "divide": lambda x, y: x / (3.0 + np.sin(y)),
    "power": lambda x, y: (2.0 + np.sin(x)) ** np.tanh(y),
    "where": lambda x, y: np.where(MASK, x, y),
    "logaddexp": lambda x, y: np.log(np.exp(np.sin(x)) + np.exp(np.sin(y))),
    "stack": lambda x, y: (
        np.mean(np.stack([x + 0.0 * y, y + 0.0 * x], axis=-1) ** 2, axis=-1) / 4.0
    ),
    "matmul": lambda x, y: np.tanh(rows(x) @ (MATRIX * rows(y)[-1])),
}
UNARY = {
    "sin": np.sin,
    "tanh": np.tanh,
    "exp": lambda x: np.exp(-0.1 * x * x),
    "sqrt": lambda x: np.sqrt(2.0 + np.sin(x)),
    "square": lambda x: np.tanh(x) ** 2,
    "negative": lambda x: -x,
    "read": lambda x: x[..., -1:] if np.ndim(x) else x[None],
    "reverse": lambda x: x[..., ::-1] if np.ndim(x) else x[()],
    "read twice": lambda x: (
        rows(x)[[0, 0]] if np.shape(x)[:-1] == (2,) else rows(x)[..., [0, 2, 0]]
    ),
    "sum": lambda x: np.sum(x) / 6.0,
    "sum of rows": lambda x: np.sum(rows(x), axis=-1, keepdims=True) / 3.0,
    "sum of columns": lambda x: np.sum(rows(x), axis=0) / 2.0,
    "centre": lambda x: (rows(x) - np.mean(rows(x), axis=-1, keepdims=True)) / 2.0,
    "product": lambda x: np.prod(np.cos(rows(x)), axis=-2),
    "reshape": lambda x: np.reshape(np.reshape(x, -1), np.shape(x)),
    "transpose": lambda x: np.swapaxes(np.exp(1e-2 * rows(x).T), 0, 1),
    "concatenate": lambda x: np.concatenate([rows(x)[..., 1:], rows(x)[..., :1]], axis=-1),
    "broadcast": lambda x: np.broadcast_to(x, (2, 3)),
    "gram": lambda x: np.mean(np.tanh(rows(x).T @ rows(x)), axis=0),
}


def rows(x):
    """Return x with two axes, the last of size three."""
    return x + np.zeros((1, 3))


@dataclass(frozen=True)
class Program:
    """Names of operations, each with the positions of its operands among all values so far."""

    shapes: tuple[tuple[int, ...], ...]
    instructions: tuple[tuple[str, tuple[int, ...]], ...]
    seed: int

    def __call__(self, *inputs):
        """Return the last value and, weakly, every other, so that each counts."""
        return sum((0.1 * np.sum(v) for v in self.values(inputs)[:-1]), self.values(inputs)[-1])

    def values(self, inputs):
        """Return the inputs and all that is computed from them."""
        return self.rest(list(inputs), 0)

    def rest(self, values, start, stop=None):
        """Return all values after some of the instructions, from those that were there before."""
        values = list(values)
        for name, operands in self.instructions[start:stop]:
            function = UNARY.get(name) or BINARY[name]
            values.append(function(*(values[position] for position in operands)))
        return values

    def loss(self, *inputs):
        """Return one number that depends on all of the output."""
        return np.sum(self(*inputs) * self.weights)

    @property
    def weights(self):
        """Return fixed numbers of the largest shape."""
        return np.random.default_rng(self.seed + 1).normal(size=(2, 3))

    def random(self, *streams):
        """Return lists of arrays like the inputs; the same for the same number."""
        rngs = [np.random.default_rng([self.seed, stream]) for stream in streams]
        return [
            [np.asarray(rng.uniform(-2.0, 2.0, shape)) for shape in self.shapes] for rng in rngs
        ]


@st.composite
def programs(draw, most=12):
    """Return a program of one to three inputs and some instructions."""
    shapes = tuple(draw(st.lists(st.sampled_from(SHAPES), min_size=1, max_size=3)))
    instructions = []
    for count in range(draw(st.integers(1, most))):
        positions = st.integers(0, len(shapes) + count - 1)
        name = draw(st.sampled_from([*UNARY, *BINARY]))
        operands = tuple(draw(positions) for _ in range(1 if name in UNARY else 2))
        instructions.append((name, operands))
    return Program(shapes, tuple(instructions), draw(st.integers(0, 2**31)))
