"""`check_grads`, which tells whether derivatives are right, and what is wrong if they are not."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.errors import DtypeError, GradError, GradientMismatch, UndecidedError
from autograd.testing.checks import first_finding
from autograd.testing.examples import as_code, smallest
from autograd.testing.finding import EVALUATIONS, Finding, Log, Options
from autograd.testing.guilty import diagnosis, guilty_operation, quick_finding
from autograd.testing.subject import Subject, unpacked

if TYPE_CHECKING:
    from numpy.typing import NDArray

MODES = ("rev", "fwd")


@dataclass(frozen=True)
class Report:
    """What a check that found nothing wrong has looked at.

    Attributes
    ----------
    derivatives : int
        How many numbers were compared.
    kinks : list of str
        Where the slopes on both sides differ; the derivative lies between them.
    undecided : list of str
        Where differences could not tell; empty unless `check_grads` was told to allow that.
    """

    name: str
    order: int
    derivatives: int
    kinks: list[str]
    undecided: list[str]

    def __str__(self) -> str:
        lines = [f"{self.name}: {self.derivatives} derivatives agree, up to order {self.order}"]
        lines += [f"  kink: {kink}" for kink in self.kinks]
        lines += [f"  undecided: {where}" for where in self.undecided]
        return "\n".join(lines)


def check_grads(
    function: Callable[..., Any],
    *args: Any,
    order: int = 2,
    modes: Sequence[str] = MODES,
    rtol: float = 1e-8,
    layouts: bool = True,
    undecided: str = "raise",
    evaluations: int = EVALUATIONS,
    explain: bool = True,
) -> Report:
    """Check the derivatives of a function at a point.

    The function is called with plain arrays, near the point, for the derivatives as they should
    be, and with Tensors for those that the rules give. Checked are: both modes against
    differences and against each other; that the pullback is linear in the cotangent; shapes,
    dtypes and memory of gradients; that nothing is written to, and that all is the same the second
    time; other layouts in memory; the derivatives of these derivatives, and their symmetry.

    Parameters
    ----------
    function : callable
        Of arrays, numbers, and containers of them, to the same. It may be a primitive.
    *args
        The point. Real and complex numbers are differentiated, others are constants.
    order : int
        Up to which derivative.
    modes : sequence of {"rev", "fwd"}
        Reverse mode, forward mode.
    rtol : float
        Relative tolerance, to which three times the estimated error of the differences is added;
        there is no absolute one.
    layouts : bool
        Whether to try other layouts in memory.
    undecided : {"raise", "allow"}
        What to do where differences cannot tell.
    evaluations : int
        How often to call the function, about. If the arguments have more elements than that allows
        to try one by one, some are, and random directions.
    explain : bool
        Whether the error looks for the guilty operation and for a smaller example, which takes many
        more calls of the function.

    Returns
    -------
    Report

    Raises
    ------
    GradientMismatch
        If something is wrong; it names the operation, its line, and the smallest example.
    UndecidedError
        If nothing is wrong, but not everything could be checked: at a jump or a pole, or where the
        function is too noisy.
    DtypeError
        If no argument is a real or complex number.
    GradError
        If the function returns nothing that has a derivative.

    Examples
    --------
    >>> import numpy as np
    >>> x = np.array([1.0, -2.0])
    >>> print(check_grads(lambda x: np.sum(x * np.abs(x)), x))
    <lambda>: 24 derivatives agree, up to order 2
    """
    __tracebackhide__ = True  # in pytest's reports the failure stands at the call
    for mode in modes:
        if mode not in MODES:
            raise ValueError(f"modes are 'rev' and 'fwd', got {mode!r}")
    if order < 1:
        raise ValueError(f"order is 1 or more, got {order}")
    if undecided not in ("raise", "allow"):
        raise ValueError(f"undecided is 'raise' or 'allow', got {undecided!r}")
    options, log = Options(tuple(modes), rtol, layouts, evaluations), Log()
    subject = Subject(function, args)
    finding = first_finding(subject, order, options, log)
    if finding is not None:
        error = GradientMismatch(finding.text)
        error.finding, error.context = finding, (subject, order, options)
        raise explained(error) if explain else error
    if log.undecided and undecided == "raise":
        shown = "\n  ".join(log.undecided[:5])
        raise UndecidedError(
            f"nothing wrong was found in {subject.name}, but differences could not tell "
            f"{len(log.undecided)} of its derivatives:\n  {shown}\nmove the point away from jumps, "
            f"kinks and poles, or pass undecided='allow'"
        )
    kinks = [f"{where}: {slopes}" for where, slopes in log.kinks.items()]
    return Report(subject.name, order, log.derivatives, kinks, log.undecided)


def explained(error: GradientMismatch) -> GradientMismatch:
    """Return an error with whom to blame and with an example."""
    finding, (subject, order, options) = error.finding, error.context
    lines = [finding.text]
    operation, local = guilty_operation(subject, order, options)
    if operation is not None and local is not None:
        lines.append(f"  guilty: {operation.call.primitive.name} at {operation.line}")
        if operation.line.source:
            lines.append(f"    {operation.line.source}")
        if local.text != finding.text:
            lines += [f"    {line}" for line in local.text.splitlines()]
    elif finding.kind in ("rev", "fwd", "linear", "symmetric"):
        lines.append("  guilty: no operation by itself; what is not recorded has no derivative")
    guess = diagnosis(local or finding)
    if guess:
        lines.append(f"  diagnosis: {guess}")
    example = _example(subject, finding, order, options)
    lines += ["  smallest example:", *(f"    {line}" for line in example.splitlines())]
    full = GradientMismatch("\n".join(lines))
    full.finding, full.context = finding, error.context
    full.diagnosis, full.example = guess, example
    if operation is not None:
        full.operation, full.line = operation.call.primitive.name, str(operation.line)
    for note in getattr(error, "__notes__", ()):
        full.add_note(note)
    return full


def _example(subject: Subject, finding: Finding, order: int, options: Options) -> str:
    """Return the smallest example with a finding of the same kind, as code."""
    first = 1 if finding.subject is subject else order
    quick = replace(options, evaluations=200, layouts=options.layouts and finding.kind == "layout")

    def fails(leaves: list[Any]) -> bool:
        try:
            found = quick_finding(
                lambda: Subject(subject.function, subject.rebuilt(leaves), subject.name),
                first,
                quick,
            )
        except Exception:  # noqa: BLE001 - whatever a function says of arguments it was not made for
            return False
        return found is not None and found.kind == finding.kind

    given = list(subject.leaves)
    for place, array in zip(subject.places, subject.given, strict=True):
        given[place] = array
    small = smallest(subject, fails) if fails(given) else given
    keywords = "" if order == 2 else f", order={order}"
    keywords += "" if options.modes == MODES else f", modes={options.modes!r}"
    return as_code(subject, small, keywords)


def numerical_jacobian(
    function: Callable[..., Any], *args: Any, argnum: int = 0, errors: bool = False
) -> Any:
    """Return the Jacobian of a function from its values alone, without any rule.

    Parameters
    ----------
    function : callable
        From arrays to one array.
    *args
        The point.
    argnum : int
        Which argument to differentiate: a real array or number.
    errors : bool
        Return an estimate of the error of each element, too.

    Returns
    -------
    ndarray
        Of the output's shape followed by the argument's; with `errors`, two of them.

    Examples
    --------
    >>> import numpy as np
    >>> numerical_jacobian(lambda x: x**2, np.array([1.0, 3.0]))
    array([[2., 0.],
           [0., 6.]])
    """
    given = list(args)

    def of_one(x: Any) -> Any:
        given[argnum] = x
        return function(*given)

    subject = Subject(of_one, (args[argnum],), getattr(function, "__name__", ""))
    if len(subject.primals) != 1 or subject.primals[0].dtype.kind != "f":
        raise DtypeError(
            f"numerical_jacobian needs a real array for argument {argnum}, got "
            f"{type(args[argnum]).__name__}; differentiate real and imaginary parts, or the leaves "
            f"of a container, one by one"
        )
    if len(subject.outputs) != 1:
        raise GradError(f"numerical_jacobian needs one output, got {len(subject.outputs)}")
    (x,), (y,) = subject.primals, subject.outputs

    def shaped(matrix: "NDArray[Any]") -> "NDArray[Any]":
        columns = [unpacked(column, [y])[0] for column in matrix.T]
        full = np.stack(columns, -1) if columns else np.zeros((*y.shape, 0))
        return full.reshape(*y.shape, *x.shape)

    jacobian, off = map(shaped, subject.jacobian())
    return (jacobian, np.abs(off)) if errors else jacobian
