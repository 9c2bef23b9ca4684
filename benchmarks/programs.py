"""Programs of scientists, each written once for every engine whose namespace follows NumPy's.

`xp` is that namespace: `autograd.numpy` of this project or of HIPS autograd, or `torch`. What is
differentiated comes first.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np

STEPS = 1000


def logsumexp(xp: Any, x: Any) -> Any:
    """Return the logarithm of the sum of exponentials along the last axis."""
    top = xp.amax(x, -1)
    return top + xp.log(xp.sum(xp.exp(x - top[:, None]), -1))


def mixture(xp: Any, parameters: Sequence[Any], x: Any, lower: Any, eye: Any) -> Any:
    """Return minus the log-likelihood of a mixture of Gaussians.

    Parameters
    ----------
    parameters : weights (k,), means (k, d), log-diagonals (k, d) and lower triangles
        (k, d(d-1)/2) of the Cholesky factors of the precisions
    x : points, shape (n, d)
    lower : shape (d(d-1)/2, d*d), which puts elements into a triangle
    eye : shape (d, d)
    """
    weights, means, diagonals, triangles = parameters
    k, d = means.shape
    factors = xp.reshape(triangles @ lower, (k, d, d)) + xp.exp(diagonals)[:, :, None] * eye
    centred = x[None, :, :] - means[:, None, :]
    z = xp.matmul(centred, xp.swapaxes(factors, 1, 2))
    terms = weights + xp.sum(diagonals, 1) - 0.5 * xp.sum(z * z, -1).T
    total = logsumexp(xp, weights[None, :])
    return len(x) * total[0] - xp.sum(logsumexp(xp, terms))


def mixture_inputs(n: int = 1000, k: int = 25, d: int = 10) -> tuple[Any, ...]:
    """Return parameters and constants of `mixture`."""
    rng = np.random.default_rng(0)
    rows, columns = np.tril_indices(d, -1)
    lower = np.zeros((len(rows), d * d))
    lower[np.arange(len(rows)), rows * d + columns] = 1
    shapes = ((k,), (k, d), (k, d), (k, len(rows)))
    parameters = [0.3 * rng.normal(size=shape) for shape in shapes]
    return parameters, rng.normal(size=(n, d)), lower, np.eye(d)


def language(xp: Any, parameters: Sequence[Any], text: Any) -> Any:
    """Return the mean cross-entropy of a long short-term memory that reads one-hot letters.

    Parameters
    ----------
    parameters : weights of inputs (v, 4h), of states (h, 4h), biases (4h,); output (h, v), (v,)
    text : one-hot, shape (steps, batch, v)
    """
    inner, recurrent, bias, outer, outer_bias = parameters
    h = recurrent.shape[0]
    state = cell = xp.zeros_like(text[0] @ inner[:, :h])
    loss = 0.0
    for now, after in pairwise(text):
        gates = now @ inner + state @ recurrent + bias
        keep, write, show = (1 / (1 + xp.exp(-gates[:, i * h : (i + 1) * h])) for i in range(3))
        cell = keep * cell + write * xp.tanh(gates[:, 3 * h :])
        state = show * xp.tanh(cell)
        scores = state @ outer + outer_bias
        loss = loss + xp.mean(logsumexp(xp, scores) - xp.sum(scores * after, -1))
    return loss / (len(text) - 1)


def language_inputs(v: int = 50, h: int = 64, batch: int = 16, steps: int = 25) -> tuple[Any, ...]:
    """Return parameters and a text for `language`."""
    rng = np.random.default_rng(0)
    shapes = ((v, 4 * h), (h, 4 * h), (4 * h,), (h, v), (v,))
    parameters = [0.1 * rng.normal(size=shape) for shape in shapes]
    return parameters, np.eye(v)[rng.integers(v, size=(steps, batch))]


def reprojection(xp: Any, unknowns: Any, feature: Any) -> Any:
    """Return how far from `feature` (2,) a camera sees a point, times a weight.

    The unknowns (15,) are the camera's rotation (a vector along the axis, as long as the angle),
    centre, focal length, principal point and two radial distortions, the point, and the weight.
    """
    rotation, centre, focal = unknowns[:3], unknowns[3:6], unknowns[6]
    principal, radial, point, weight = unknowns[7:9], unknowns[9:11], unknowns[11:14], unknowns[14]
    x = point - centre
    angle = xp.sqrt(xp.sum(rotation * rotation))
    axis = rotation / angle
    cross = xp.stack(
        [
            axis[1] * x[2] - axis[2] * x[1],
            axis[2] * x[0] - axis[0] * x[2],
            axis[0] * x[1] - axis[1] * x[0],
        ]
    )
    along = xp.sum(axis * x)
    turned = x * xp.cos(angle) + cross * xp.sin(angle) + axis * along * (1 - xp.cos(angle))
    flat = turned[:2] / turned[2]
    square = xp.sum(flat * flat)
    bent = flat * (1 + radial[0] * square + radial[1] * square * square)
    return weight * (bent * focal + principal - feature)


def bundle_inputs(observations: int = 20) -> tuple[Any, ...]:
    """Return unknowns and features, one row for each observation."""
    rng = np.random.default_rng(0)
    return rng.uniform(0.2, 1.0, (observations, 15)), rng.normal(size=(observations, 2))


def logistic(xp: Any, w: Any, x: Any, signs: Any) -> Any:
    """Return the regularised loss of a logistic regression with labels of ±1."""
    margins = signs * (x @ w)
    return xp.sum(xp.log(1 + xp.exp(-margins))) + 0.5 * xp.sum(w * w)


def logistic_inputs(n: int = 500, d: int = 30) -> tuple[Any, ...]:
    """Return where to start, points and labels."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=(n, d))
    return np.zeros(d), x, np.where(x @ rng.normal(size=d) + rng.normal(size=n) > 0, 1.0, -1.0)


def oscillator(xp: Any, unknowns: Any) -> Any:
    """Return the squared length of a damped, driven pendulum's state after `STEPS` of RK4.

    The unknowns are angle, velocity, damping and drive.
    """
    y, damping, drive = unknowns[:2], unknowns[2], unknowns[3]
    step = 0.01

    def slope(y: Any) -> Any:
        return xp.stack([y[1], drive - damping * y[1] - xp.sin(y[0])])

    for _ in range(STEPS):
        k1 = slope(y)
        k2 = slope(y + step / 2 * k1)
        k3 = slope(y + step / 2 * k2)
        k4 = slope(y + step * k3)
        y = y + step / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
    return xp.sum(y * y)


def oscillator_inputs() -> tuple[Any, ...]:
    """Return the unknowns."""
    return (np.array([1.0, 0.0, 0.1, 0.5]),)


def two_layers(xp: Any, x: Any, first: Any, second: Any) -> Any:
    """Return a network's output, a vector as long as its input."""
    return xp.tanh(second @ xp.tanh(first @ x))


def layers_inputs(n: int = 200) -> tuple[Any, ...]:
    """Return input and weights."""
    rng = np.random.default_rng(0)
    first, second = (rng.normal(size=(n, n)) / np.sqrt(n) for _ in range(2))
    return rng.normal(size=n), first, second


def rosenbrock(xp: Any, x: Any) -> Any:
    """Return Rosenbrock's function of any number of variables."""
    return xp.sum(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)


def rosenbrock_inputs(n: int = 100) -> tuple[Any, ...]:
    """Return a point."""
    return (np.random.default_rng(0).normal(size=n),)
