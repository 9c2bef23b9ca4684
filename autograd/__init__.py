"""GraphGrad: reverse-mode automatic differentiation for NumPy.

>>> import numpy as np
>>> import autograd as ag
>>> x = ag.Tensor([1.0, 2.0, 3.0])
>>> np.sum(np.exp(x)).backward()
>>> ag.grad(lambda x: x**2)(3.0)
np.float64(6.0)
"""

from autograd import allocation, errors, extend, ops
from autograd.explanation import explain
from autograd.extend import primitive
from autograd.graph import no_grad
from autograd.kinks import conventions
from autograd.nonfinite import detect_nan
from autograd.tape import is_taped, record, scope
from autograd.tensor import Tensor
from autograd.transforms import (
    checkpoint,
    custom_jvp,
    custom_vjp,
    deriv,
    detach,
    egrad,
    elementwise_grad,
    fixed_point,
    grad,
    grad_and_aux,
    grad_named,
    gradients,
    hessian,
    hessian_tensor_product,
    hessian_vector_product,
    holomorphic_grad,
    hvp,
    implicit_root,
    jacobian,
    jvp,
    linearize,
    make_ggnvp,
    make_hvp,
    make_jvp,
    make_vjp,
    multigrad_dict,
    numeric,
    stop_gradient,
    tensor_jacobian_product,
    value_and_grad,
    vector_jacobian_product,
    vjp,
    vmap,
)

__version__ = "0.1.0"
tensor = Tensor
allocation.keep_freed_memory()

__all__ = [
    "Tensor",
    "checkpoint",
    "conventions",
    "custom_jvp",
    "custom_vjp",
    "deriv",
    "detach",
    "detect_nan",
    "egrad",
    "elementwise_grad",
    "errors",
    "explain",
    "extend",
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
    "is_taped",
    "jacobian",
    "jvp",
    "linearize",
    "make_ggnvp",
    "make_hvp",
    "make_jvp",
    "make_vjp",
    "multigrad_dict",
    "no_grad",
    "numeric",
    "primitive",
    "record",
    "scope",
    "stop_gradient",
    "tensor",
    "tensor_jacobian_product",
    "value_and_grad",
    "vector_jacobian_product",
    "vjp",
    "vmap",
]

del ops  # it has stated the rules, which is all it is for

_PARTS = frozenset(
    {
        *("builtins", "compat", "core", "differential_operators", "misc", "numpy", "scipy"),
        *("test_util", "testing", "tracer", "util", "viz", "wrap_util"),
    }
)
"""Modules that are imported when they are asked for."""
_TYPES = frozenset({"dict", "isinstance", "list", "tuple", "type"})
"""What HIPS autograd has here, too; not in `__all__`, where they would hide Python's own."""


def __getattr__(name: str) -> object:
    import importlib

    if name in _PARTS:
        return importlib.import_module(f"autograd.{name}")
    if name in _TYPES:
        kind: object = getattr(importlib.import_module("autograd.builtins"), name)
        return kind
    raise AttributeError(f"module 'autograd' has no attribute {name!r}")
