"""No engine: the derivative by hand, in NumPy (in Python floats for the scalars)."""

import numpy as np
from workloads import ROTATIONS


def scalars(a, b):
    """Keep the path forwards, turn back along it."""

    def run():
        x, y, path = a, b, []
        for _ in range(ROTATIONS):
            path.append((x, y))
            x, y = a * x - b * y, a * y + b * x
        value = x + y
        ga = gb = 0.0
        gx = gy = 1.0
        for x, y in reversed(path):
            ga += gx * x + gy * y
            gb += gy * x - gx * y
            gx, gy = a * gx + b * gy, a * gy - b * gx
        return value, (ga + gx, gb + gy)

    return run


def vector(x):
    """Share sin, cos, exp and tanh between value and gradient."""

    def run():
        sin, cos, tanh, square = np.sin(x), np.cos(x), np.tanh(x), x * x
        exp = np.exp(sin * cos)
        y = exp + square * x - tanh
        value = y @ y + 2 * y.sum() - y.size
        slope = exp * (cos * cos - sin * sin) + 3 * square - 1 + tanh * tanh
        return float(value), ((2 * y + 2) * slope,)

    return run


def reads(x):
    """No loop is needed."""
    return lambda: (float(x @ x), (2 * x,))


def writes(x):
    """The recurrence and its transpose, in Python floats."""

    def run():
        values = x.tolist()
        y = total = values[0]
        for value in values[1:]:
            y = 0.5 * y + value * value
            total += y
        g, back = 0.0, []
        for value in reversed(values):
            g = 0.5 * g + 1.0
            back.append(2 * value * g)
        back[-1] = g
        return total, (np.array(back[::-1]),)

    return run


def mlp(x, labels, parameters, activation):
    """Write into the arrays already made wherever they are no longer needed."""
    weights, biases = parameters[::2], parameters[1::2]
    rows = np.arange(len(labels))
    tanh = activation == "tanh"

    def forward():
        layers = [x]
        for weight, bias in zip(weights, biases, strict=True):
            if len(layers) > 1:
                h = layers[-1]
                np.tanh(h, out=h) if tanh else np.maximum(h, 0, out=h)
            h = layers[-1] @ weight
            h += bias
            layers.append(h)
        return layers

    def run():
        *layers, z = forward()
        z -= z.max(axis=1, keepdims=True)
        picked = z[rows, labels].sum()
        np.exp(z, out=z)
        total = z.sum(axis=1, keepdims=True)
        value = (np.log(total).sum() - picked) / len(labels)
        g = np.divide(z, total, out=z)
        g[rows, labels] -= 1
        g /= len(labels)
        gradients = []
        for weight, h in zip(reversed(weights), reversed(layers), strict=True):
            gradients += [g.sum(axis=0), h.T @ g]
            if h is not x:
                g = g @ weight.T
                g *= 1 - h * h if tanh else h > 0
        return float(value), gradients[::-1]

    return run
