"""What this project and HIPS autograd spell alike: the same file, the same names."""

import programs
from scipy.optimize import minimize

import autograd.numpy as np
from autograd import hessian, hessian_vector_product, jacobian, value_and_grad


def gradients(program):
    """Return the workload of value and gradient of a program."""

    def workload(*inputs):
        variables, *constants = inputs
        f = value_and_grad(lambda x: program(np, x, *constants))

        def run():
            value, found = f(variables)
            return value, found if isinstance(found, list | tuple) else [found]

        return run

    return workload


mixture, language, oscillator = map(
    gradients, (programs.mixture, programs.language, programs.oscillator)
)


def bundle(unknowns, features):
    """A Jacobian of (2, 15) for each observation."""
    f = jacobian(lambda x, feature: programs.reprojection(np, x, feature))
    return lambda: (0.0, [f(x, feature) for x, feature in zip(unknowns, features, strict=True)])


def newton(w, x, signs):
    """SciPy's Newton-CG, with products of the Hessian."""
    loss = lambda w: programs.logistic(np, w, x, signs)
    f, product = value_and_grad(loss), hessian_vector_product(loss)

    def run():
        found = minimize(f, w, jac=True, hessp=product, method="Newton-CG")
        return found.fun, [found.x]

    return run


def square_jacobian(x, first, second):
    """A whole Jacobian."""
    f = jacobian(lambda x: programs.two_layers(np, x, first, second))
    return lambda: (0.0, [f(x)])


def rosenbrock_hessian(x):
    """A whole Hessian."""
    f = hessian(lambda x: programs.rosenbrock(np, x))
    return lambda: (0.0, [f(x)])
