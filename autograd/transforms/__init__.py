"""From functions to their derivatives."""

from autograd.transforms.blackbox import numeric
from autograd.transforms.checkpointing import checkpoint
from autograd.transforms.custom import custom_jvp, custom_vjp
from autograd.transforms.gradient import grad, gradients, value_and_grad
from autograd.transforms.implicit import fixed_point, implicit_root
from autograd.transforms.jacobians import hessian, jacobian
from autograd.transforms.products import hvp, jvp, linearize, vjp
from autograd.transforms.stopping import detach, stop_gradient
from autograd.transforms.vectorized import vmap

__all__ = [
    "checkpoint",
    "custom_jvp",
    "custom_vjp",
    "detach",
    "fixed_point",
    "grad",
    "gradients",
    "hessian",
    "hvp",
    "implicit_root",
    "jacobian",
    "jvp",
    "linearize",
    "numeric",
    "stop_gradient",
    "value_and_grad",
    "vjp",
    "vmap",
]
