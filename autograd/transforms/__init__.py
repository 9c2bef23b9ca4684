"""From functions to their derivatives."""

from autograd.transforms.gradient import grad, gradients, value_and_grad
from autograd.transforms.jacobians import hessian, jacobian
from autograd.transforms.products import hvp, jvp, vjp
from autograd.transforms.vectorized import vmap

__all__ = [
    "grad",
    "gradients",
    "hessian",
    "hvp",
    "jacobian",
    "jvp",
    "value_and_grad",
    "vjp",
    "vmap",
]
