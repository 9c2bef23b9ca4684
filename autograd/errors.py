"""The exceptions of autograd.

Each one is also the built-in exception that NumPy, HIPS autograd or PyTorch code would catch::

    GradError
    ├── ArgumentError           TypeError            no argument that can be differentiated is meant
    ├── ArgumentIndexError      IndexError           there is no argument at that position
    ├── BatchError              TypeError            one value was asked of a batch of them
    ├── ConvergenceError        RuntimeError         an iteration has not come to its end
    ├── DetachError             TypeError            a history was about to be lost in silence
    ├── DtypeError              TypeError            a dtype that has no derivative
    ├── ForeignWriteError       RuntimeError         a saved array was written to past the graph
    ├── GradientMismatch        AssertionError       a check found a wrong derivative
    ├── GraphFreedError         RuntimeError         a second walk over a freed graph
    ├── GraphvizMissingError    RuntimeError         no `dot` program to draw with
    ├── KeywordError            TypeError            a NumPy keyword without a derivative
    ├── MatplotlibMissingError  ImportError          no matplotlib to draw a figure with
    ├── NoGraphError            RuntimeError         a constant was asked for a gradient
    ├── NonFiniteError          FloatingPointError   a NaN or an infinity where none can be
    ├── NotDifferentiableError  NotImplementedError  a NumPy function without a rule
    ├── NotNumericError         TypeError            a function returned what is no number
    ├── NotScalarError          TypeError            a gradient of what is not one number
    ├── RerunError              RuntimeError         a function did not repeat what it had done
    ├── RuleError               TypeError            what should be a rule is none
    ├── ShapeError              ValueError           shapes that do not fit
    └── UndecidedError          AssertionError       a check could not tell right from wrong
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any


class GradError(Exception):
    """What every exception of autograd is."""


class ArgumentError(GradError, TypeError, AssertionError):
    """What should say which argument to differentiate says nothing of the kind."""


class ArgumentIndexError(GradError, IndexError):
    """A function was called with fewer arguments than the one to differentiate."""


class BatchError(GradError, TypeError):
    """Inside `vmap`, something was asked that has another answer for each example."""


class ConvergenceError(GradError, RuntimeError):
    """An iteration has not found what it looked for."""


class DetachError(GradError, TypeError):
    """A Tensor was about to lose its history in silence."""


class DtypeError(GradError, TypeError):
    """Integers, booleans and objects have no derivative."""


class ForeignWriteError(GradError, RuntimeError):
    """An array that the graph had saved was written to, so a derivative would be wrong."""


class GradientMismatch(GradError, AssertionError):  # noqa: N818 - it is a finding, not a fault
    """A derivative is not what differences, or the other mode, say.

    Attributes
    ----------
    finding : autograd.testing.Finding
        What is wrong, in numbers.
    operation : str or None
        Name of the first operation whose own derivative is wrong.
    line : str or None
        File and number of the line that called it.
    diagnosis : str or None
        What the numbers look like: counted twice, sign, transposed, and so on.
    example : str
        The smallest failing example, as code.
    """

    finding: "Any" = None
    context: "Any" = None
    operation: str | None = None
    line: str | None = None
    diagnosis: str | None = None
    example: str = ""


class GraphFreedError(GradError, RuntimeError):
    """A walk has already freed what this graph had saved."""


class GraphvizMissingError(GradError, RuntimeError):
    """Graphviz' program `dot` is not on this machine."""


class KeywordError(GradError, TypeError):
    """A keyword of a NumPy function that its rule does not know."""


class MatplotlibMissingError(GradError, ImportError):
    """Matplotlib, which draws figures, is not installed."""


class NoGraphError(GradError, RuntimeError):
    """A constant was asked for a gradient."""


class NonFiniteError(GradError, FloatingPointError):
    """A loss or a gradient is NaN or infinite, or `detect_nan` found where one is made first.

    Attributes
    ----------
    operation : str
        Name of the operation that made it, from `detect_nan`.
    line : str
        File and number of the line that called it.
    """

    operation: str = ""
    line: str = ""


class NotDifferentiableError(GradError, NotImplementedError):
    """A NumPy function that has no rule, or none for that argument."""


class NotNumericError(GradError, TypeError):
    """A function returned what is neither a number, nor an array, nor a container of them."""


class NotScalarError(GradError, TypeError):
    """A gradient was asked of something that is not one real number."""


class RuleError(GradError, TypeError):
    """What was given as the rule of a primitive cannot be called."""


class RerunError(GradError, RuntimeError):
    """A function that was run again did not do what it had done the first time."""


class ShapeError(GradError, ValueError):
    """Two shapes that should be equal, or that should broadcast, do not."""


class UndecidedError(GradError, AssertionError):
    """A derivative could be neither confirmed nor refuted: at a jump, a pole, an edge."""
