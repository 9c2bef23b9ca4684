"""What SciPy's module `misc` had, which is gone since SciPy 1.12: `logsumexp`, as in `special`."""

from typing import Any

from autograd.scipy import special

__all__ = ["logsumexp"]

logsumexp: Any = vars(special)["logsumexp"]
