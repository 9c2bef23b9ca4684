"""Your own primitives: a function and its derivative in one statement.

In the form of HIPS autograd, the derivative is stated after the function, with `primitive`,
`defvjp`, `defjvp` and their like.
"""

from autograd.compat.statements import (
    def_linear,
    defjvp,
    defjvp_argnum,
    defjvp_argnums,
    defvjp,
    defvjp_argnum,
    defvjp_argnums,
    notrace_primitive,
    primitive,
    register_notrace,
)
from autograd.compat.tracing import Box, JVPNode, VJPNode
from autograd.compat.vspaces import SparseObject, VSpace, vspace
from autograd.primitive import Primitive, composite, constant, elementwise, general, linear

__all__ = [
    "Box",
    "JVPNode",
    "Primitive",
    "SparseObject",
    "VJPNode",
    "VSpace",
    "composite",
    "constant",
    "def_linear",
    "defjvp",
    "defjvp_argnum",
    "defjvp_argnums",
    "defvjp",
    "defvjp_argnum",
    "defvjp_argnums",
    "elementwise",
    "general",
    "linear",
    "notrace_primitive",
    "primitive",
    "register_notrace",
    "vspace",
]
