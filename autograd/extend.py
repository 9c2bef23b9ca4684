"""Your own primitives: a function and its derivative in one statement."""

from autograd.primitive import Primitive, composite, constant, elementwise, general, linear

__all__ = ["Primitive", "composite", "constant", "elementwise", "general", "linear"]
