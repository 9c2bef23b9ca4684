"""PyTorch: parameters made once, `backward`, gradients dropped before the next call."""

import numpy as np
import programs
import torch
from scipy.optimize import minimize
from torch.nn import functional
from workloads import recurrence, rotate, squares, wave

DISTRIBUTION = "torch"


def value_and_gradients(function, leaves):
    """Return what is timed: `function` of `leaves` and its gradients."""

    def run():
        for leaf in leaves:
            leaf.grad = None
        out = function()
        out.backward()
        return out.item(), [leaf.grad for leaf in leaves]

    return run


def scalars(a, b):
    """Two 0-d tensors of float64."""
    x = torch.tensor(a, dtype=torch.float64, requires_grad=True)
    y = torch.tensor(b, dtype=torch.float64, requires_grad=True)
    return value_and_gradients(lambda: rotate(x, y), [x, y])


def vector(values):
    """Torch's functions of the same names."""
    x = torch.tensor(values, requires_grad=True)
    return value_and_gradients(lambda: wave(torch, x), [x])


def reads(values):
    """Plain Python."""
    x = torch.tensor(values, requires_grad=True)
    return value_and_gradients(lambda: squares(x), [x])


def writes(values):
    """A tensor that is filled in place."""
    x = torch.tensor(values, requires_grad=True)
    return value_and_gradients(lambda: recurrence(torch.zeros_like(x), x).sum(), [x])


def mlp(x, labels, parameters, activation):
    """`functional.linear`, with its weights of shape (out, in), and `cross_entropy`."""
    leaves = [torch.tensor(np.ascontiguousarray(p.T), requires_grad=True) for p in parameters]
    inputs, targets = torch.tensor(x), torch.tensor(labels)
    act = {"tanh": torch.tanh, "relu": torch.relu}[activation]
    *hidden, weight, bias = leaves

    def loss():
        h = inputs
        for w, b in zip(hidden[::2], hidden[1::2], strict=True):
            h = act(functional.linear(h, w, b))
        return functional.cross_entropy(functional.linear(h, weight, bias), targets)

    return value_and_gradients(loss, leaves)


def of_program(program):
    """Return the workload of value and gradient of a program."""

    def workload(variables, *constants):
        several = isinstance(variables, list)
        leaves = [
            torch.tensor(x, requires_grad=True) for x in (variables if several else [variables])
        ]
        given = [torch.tensor(c) for c in constants]
        run = value_and_gradients(
            lambda: program(torch, leaves if several else leaves[0], *given), leaves
        )

        def as_they_are():
            value, found = run()
            return value, [gradient.numpy() for gradient in found]

        return as_they_are

    return workload


mixture, language, oscillator = map(
    of_program, (programs.mixture, programs.language, programs.oscillator)
)


def bundle(unknowns, features):
    """`torch.func.jacrev`, one observation after the other as the others do."""
    f = torch.func.jacrev(lambda x, feature: programs.reprojection(torch, x, feature))
    pairs = list(zip(torch.tensor(unknowns), torch.tensor(features), strict=True))
    return lambda: (0.0, [f(*pair).numpy() for pair in pairs])


def newton(w, x, signs):
    """SciPy's Newton-CG; products of the Hessian by walking back twice."""
    x, signs = torch.tensor(x), torch.tensor(signs)

    def gradient(w, *, create_graph=False):
        w = torch.tensor(w, requires_grad=True)
        value = programs.logistic(torch, w, x, signs)
        return w, value, *torch.autograd.grad(value, w, create_graph=create_graph)

    def f(w):
        _, value, g = gradient(w)
        return value.item(), g.numpy()

    def product(w, v):
        w, _, g = gradient(w, create_graph=True)
        return torch.autograd.grad(g @ torch.tensor(v), w)[0].numpy()

    def run():
        found = minimize(f, w, jac=True, hessp=product, method="Newton-CG")
        return found.fun, [found.x]

    return run


def square_jacobian(x, first, second):
    """`torch.func.jacrev`."""
    x, first, second = map(torch.tensor, (x, first, second))
    f = torch.func.jacrev(lambda x: programs.two_layers(torch, x, first, second))
    return lambda: (0.0, [f(x).numpy()])


def rosenbrock_hessian(x):
    """`torch.func.hessian`."""
    f, x = torch.func.hessian(lambda x: programs.rosenbrock(torch, x)), torch.tensor(x)
    return lambda: (0.0, [f(x).numpy()])


def to_numpy(gradient):
    """Return a gradient in everyone's layout; a Tensor is one of `mlp`, (out, in)."""
    return gradient if isinstance(gradient, np.ndarray) else gradient.numpy().T
