"""What SciPy's module `misc` had, which is gone since SciPy 1.12: `logsumexp`, as in `special`."""

from autograd.scipy.special import logsumexp

__all__ = ["logsumexp"]
