"""Checks of derivatives: for your functions, your primitives, and in your tests.

>>> import numpy as np
>>> from autograd.testing import check_grads
>>> report = check_grads(lambda x: np.sum(np.sin(x)), np.array([1.0, 2.0]))
>>> report.undecided
[]
"""

from autograd.errors import GradientMismatch, UndecidedError
from autograd.testing.compare import compare
from autograd.testing.finding import Finding
from autograd.testing.gradients import Report, check_grads, numerical_jacobian

__all__ = [
    "Finding",
    "GradientMismatch",
    "Report",
    "UndecidedError",
    "check_grads",
    "compare",
    "gradcheck_property",
    "numerical_jacobian",
]


def __getattr__(name: str) -> object:
    """Import what needs hypothesis when it is asked for."""
    if name == "gradcheck_property":
        from autograd.testing.properties import gradcheck_property

        return gradcheck_property
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
