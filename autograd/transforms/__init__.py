"""From functions to their derivatives."""

from autograd.transforms.gradient import grad, gradients, value_and_grad
from autograd.transforms.jacobian import hessian, jacobian
from autograd.transforms.products import hvp, jvp, vjp

__all__ = ["grad", "gradients", "hessian", "hvp", "jacobian", "jvp", "value_and_grad", "vjp"]
