"""Rows of `autograd.scipy.integrate`: what its solvers and integrals are of all that varies."""

import numpy as np
from hypothesis import strategies as st

from autograd.scipy.integrate import fields, odes, quadrature
from tests.ops.case import SEEDS, Case


def midpoint(slopes, y, t, end, steps):
    """Solve by the modified midpoint rule."""
    h = (end - t) / steps
    before, now = y, y + h * slopes(t, y)
    for step in range(1, steps):
        before, now = now, before + 2 * h * slopes(t + step * h, now)
    return (before + now + h * slopes(end, now)) / 2


def extrapolated(slopes, y, t, times, _rtol, _atol):
    """Solve by Gragg's extrapolation of order 10, so that y is a smooth function of all."""
    found = []
    for end in times:
        table = []
        for k, steps in enumerate((2, 4, 6, 8, 10)):
            row = [midpoint(slopes, y, t, end, steps)]
            for j in range(k):
                factor = (steps / (2 * (k - j))) ** 2 - 1
                row.append(row[j] + (row[j] - table[-1][j]) / factor)
            table.append(row)
        y, t = table[-1][-1], end
        found.append(y)
    return np.stack(found)


def decay(t, y, rate):
    return -rate * y * np.sin(y + t)


@st.composite
def problems(draw):
    """Return the numbers that vary, and the problem: the start, two times, a parameter."""
    rng = np.random.default_rng(draw(SEEDS))
    times = np.array([0.1, 0.2]) + rng.uniform(0, 0.03, 2)
    y, t, rate = rng.uniform(0.5, 1.5, 1), rng.uniform(0, 0.03), rng.uniform(0.5, 1.5)
    varying = draw(st.booleans()), draw(st.booleans()), (0,)
    solver = odes.Solver(extrapolated, 1e-9, 1e-9)
    function = fields.Function(decay, "decay")
    problem = odes.Problem(function, (y, t), times, [rate], solver, varying)
    return [problem.join(y, [t], times, [rate]), problem], {}


def wave(x, p):
    return np.stack([np.sin(p[0] * x), np.exp(-p[1] * x * x)])


def gauss(function, a, b):
    """Integrate by Gauss' rule, which is a smooth function of all."""
    points, weights = np.polynomial.legendre.leggauss(12)
    found = [w * function((b - a) * (x + 1) / 2 + a) for x, w in zip(points, weights, strict=True)]
    return (b - a) / 2 * sum(found)


@st.composite
def integrals(draw):
    """Return the numbers that vary, and the integral: the limits, two parameters."""
    rng = np.random.default_rng(draw(SEEDS))
    a, b, *p = rng.uniform(0.2, 1.0, 4)
    ends = draw(st.booleans()), draw(st.booleans())
    function = fields.Function(wave, "wave")
    problem = quadrature.Integral(function, (a, b), [np.array(p)], (gauss, gauss), (*ends, (0,)))
    return [np.array([a] * ends[0] + [b] * ends[1] + p), problem], {}


ROWS = [
    Case(odes.trajectory, problems()),
    Case(quadrature.integral, integrals()),
]
