"""What programs import from HIPS autograd's forward rules of NumPy: the statements."""

from autograd.compat.statements import def_linear, defjvp, defjvp_argnum

__all__ = ["def_linear", "defjvp", "defjvp_argnum"]
