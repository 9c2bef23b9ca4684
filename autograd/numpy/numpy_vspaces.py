"""The spaces of arrays, under HIPS autograd's names."""

from autograd.compat.vspaces import (
    ArrayVSpace,
    ComplexArrayVSpace,
    NamedTupleVSpace,
    VSpace,
    vspace,
)

__all__ = ["ArrayVSpace", "ComplexArrayVSpace", "NamedTupleVSpace", "VSpace", "vspace"]
