"""GraphGrad: reverse-mode automatic differentiation for NumPy.

>>> import numpy as np
>>> import autograd as ag
>>> x = ag.Tensor([1.0, 2.0, 3.0])
>>> np.sum(np.exp(x)).backward()
>>> ag.grad(lambda x: x**2)(3.0)
np.float64(6.0)
"""

from autograd import errors, extend, ops
from autograd.graph import no_grad
from autograd.kinks import conventions
from autograd.tensor import Tensor
from autograd.transforms import (
    grad,
    gradients,
    hessian,
    hvp,
    jacobian,
    jvp,
    value_and_grad,
    vjp,
    vmap,
)

__version__ = "0.1.0"
tensor = Tensor

__all__ = [
    "Tensor",
    "conventions",
    "errors",
    "extend",
    "grad",
    "gradients",
    "hessian",
    "hvp",
    "jacobian",
    "jvp",
    "no_grad",
    "tensor",
    "value_and_grad",
    "vjp",
    "vmap",
]

del ops  # it has stated the rules, which is all it is for
