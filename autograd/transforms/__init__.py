"""From functions to their derivatives."""

from autograd.transforms.blackbox import numeric
from autograd.transforms.checkpointing import checkpoint
from autograd.transforms.custom import custom_jvp, custom_vjp
from autograd.transforms.gradient import grad, gradients, value_and_grad
from autograd.transforms.implicit import fixed_point, implicit_root
from autograd.transforms.jacobians import hessian, jacobian
from autograd.transforms.operators import (
    deriv,
    egrad,
    elementwise_grad,
    grad_and_aux,
    grad_named,
    hessian_tensor_product,
    hessian_vector_product,
    holomorphic_grad,
    make_ggnvp,
    make_hvp,
    make_jvp,
    make_jvp_reversemode,
    make_vjp,
    multigrad_dict,
    tensor_jacobian_product,
    vector_jacobian_product,
)
from autograd.transforms.products import hvp, jvp, linearize, vjp
from autograd.transforms.stopping import detach, stop_gradient
from autograd.transforms.vectorized import vmap

__all__ = [
    "checkpoint",
    "custom_jvp",
    "custom_vjp",
    "deriv",
    "detach",
    "egrad",
    "elementwise_grad",
    "fixed_point",
    "grad",
    "grad_and_aux",
    "grad_named",
    "gradients",
    "hessian",
    "hessian_tensor_product",
    "hessian_vector_product",
    "holomorphic_grad",
    "hvp",
    "implicit_root",
    "jacobian",
    "jvp",
    "linearize",
    "make_ggnvp",
    "make_hvp",
    "make_jvp",
    "make_jvp_reversemode",
    "make_vjp",
    "multigrad_dict",
    "numeric",
    "stop_gradient",
    "tensor_jacobian_product",
    "value_and_grad",
    "vector_jacobian_product",
    "vjp",
    "vmap",
]
