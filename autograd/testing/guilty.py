"""Which operation is to blame for a wrong derivative, and what its mistake looks like."""

import functools
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.errors import GradError
from autograd.tape import Operation, Tape
from autograd.tensor import Tensor
from autograd.testing.checks import first_finding
from autograd.testing.finding import Finding, Log, Options
from autograd.testing.subject import Subject, real_size

if TYPE_CHECKING:
    from numpy.typing import NDArray


def guilty_operation(
    subject: Subject, order: int, options: Options
) -> tuple[Operation, Finding] | tuple[None, None]:
    """Return the first recorded operation whose own derivative is wrong, and what is."""
    with np.errstate(all="ignore"), Tape() as tape:
        subject(*(Tensor(p.copy()) for p in subject.primals))
    for operation in tape.operations:
        finding = quick_finding(functools.partial(alone, operation), order, options)
        if finding is not None:
            return operation, finding
    return None, None


def quick_finding(make: Callable[[], Subject], order: int, options: Options) -> Finding | None:
    """Return the first finding about a subject; None also where it cannot be checked."""
    try:
        fresh = replace(options, rng=np.random.default_rng(1))
        return first_finding(make(), order, fresh, Log())
    except (GradError, FloatingPointError):
        return None


def alone(operation: Operation) -> Subject:
    """Return an operation as a function of its differentiated arguments only."""
    call = operation.call
    primitive = call.primitive
    bound = {name: value for name, value in call.bound.items() if name != "positions"}
    again = functools.partial(primitive.apply, recorded=True)
    if primitive.sequence:
        name = primitive.parameters[0]
        items = list(bound[name])
        of_items = lambda items: again(bound | {name: items}, call.positional)
        return Subject(of_items, (items,), primitive.name)
    names = call.arguments
    function = lambda *values: again(bound | dict(zip(names, values, strict=True)), call.positional)
    subject = Subject(function, [bound[name] for name in names], primitive.name)
    subject.names = list(names)
    return subject


# What a mistake looks like.


def diagnosis(finding: Finding) -> str | None:
    """Return in words what the wrong numbers look like, or None."""
    subject: Subject = finding.subject
    if finding.kind == "linear":
        return _about_cotangents(subject)
    if finding.kind == "layout":
        return "right for contiguous arrays: the rule reads memory where it should read elements"
    if finding.kind == "kink":
        return "wrong only at a kink or a tie: no convention gives what is outside both slopes"
    if finding.kind not in ("rev", "fwd") or subject.inputs > 300 or subject.size > 300:
        return None
    try:
        found, right = _matrices(subject, finding.kind)
        if right.size == 1:  # of which anything is a multiple
            more = _matrices(_nearby(subject), finding.kind)
            found, right = np.vstack([found, more[0]]), np.vstack([right, more[1]])
    except (GradError, FloatingPointError):
        return None
    return _pattern(found, right, subject) or _partial(found, right, subject)


def _about_cotangents(subject: Subject) -> str | None:
    w = np.linspace(0.5, 1.5, subject.size)
    one, double = subject.pull(w), subject.pull(2 * w)
    if np.allclose(one, double, rtol=1e-9):
        return "it ignores the cotangent"
    if np.allclose(4 * one, double, rtol=1e-9):
        return "it squares the cotangent"
    return "the cotangent must enter as a factor, once"


def _nearby(subject: Subject) -> Subject:
    """Return the same function at another point."""
    moved = [np.where(p == 0, 0.125, 0.875 * p) for p in subject.primals]
    other = Subject(subject.function, subject.arguments(moved), subject.name)
    other.names = subject.names
    return other


def _matrices(subject: Subject, mode: str) -> tuple[Any, Any]:
    """Return the Jacobian by a mode, and by differences."""
    n, m = subject.inputs, subject.size
    right, _ = subject.jacobian()
    if mode == "rev":
        found = np.stack([subject.pull(3.0 * e) / 3.0 for e in np.eye(m)])
    else:
        found = np.stack([subject.push(3.0 * e) / 3.0 for e in np.eye(n)], 1)
    return found, right


def _pattern(found: "NDArray[Any]", right: "NDArray[Any]", subject: Subject) -> str | None:
    """Return what relates two whole Jacobians, or the parts of one argument."""
    for part, name in _parts(subject):
        a, b = found[:, part], right[:, part]
        if _near(a, b):
            continue
        about = f" in {name}" if len(subject.primals) > 1 else ""
        if not np.any(a):
            return f"there is no gradient{about}: did a value leave the graph?"
        ratio = _common_ratio(a, b)
        if ratio is not None:
            return f"{_named_ratio(ratio, subject)}{about}"
        shape = next(
            p.shape for p, n in zip(subject.primals, subject.names, strict=True) if n == name
        )
        for word, moved in _moved(b, shape):
            if _near(a, moved):
                return f"{word}{about}"
        others = [right[:, other] for other, n in _parts(subject) if n != name]
        if any(o.shape == a.shape and _near(a, o) for o in others):
            return f"the arguments are swapped: the derivative{about} is that in another"
        size = np.max(np.abs(b))
        if np.max(np.abs(a - b)) < 1e-5 * size:
            return (
                f"right to {np.max(np.abs(a - b)) / size:.0e} only{about}: single precision inside?"
            )
    return None


def _parts(subject: Subject) -> list[tuple[slice, str]]:
    """Return which columns of a Jacobian belong to which argument."""
    parts, start = [], 0
    for primal, name in zip(subject.primals, subject.names, strict=True):
        stop = start + real_size(primal)
        parts.append((slice(start, stop), name))
        start = stop
    return parts


def _near(a: "NDArray[Any]", b: "NDArray[Any]") -> bool:
    size = max(float(np.max(np.abs(b), initial=0.0)), 1e-300)
    return bool(np.all(np.abs(a - b) <= 3e-9 * size))


def _common_ratio(a: "NDArray[Any]", b: "NDArray[Any]") -> float | None:
    """Return by what all of `a` is `b` multiplied, if it is."""
    where = np.unravel_index(np.argmax(np.abs(b)), b.shape)
    if not b[where]:
        return None
    ratio = float(a[where] / b[where])
    return ratio if _near(a, ratio * b) else None


def _named_ratio(ratio: float, subject: Subject) -> str:
    """Return what a constant wrong factor means."""
    counts = {p.size: "elements" for p in subject.primals if p.size > 1}
    counts |= {side: "rows or columns" for p in subject.primals for side in p.shape if side > 1}
    if abs(ratio + 1) < 1e-7:
        return "the sign is wrong"
    if abs(ratio - 2) < 1e-7:
        return "it is counted twice, or a factor of 2 is too many"
    for count, what in counts.items() if subject.size < subject.inputs else ():
        if abs(ratio * count - 1) < 1e-7:
            return f"a mean where a sum is due: the ratio is 1/{count}, of {count} {what}"
        if abs(ratio - count) < 1e-7:
            return f"a sum where a mean is due: the ratio is {count}, of {count} {what}"
    return f"a constant factor of {ratio:.8g} is wrong"


def _moved(b: "NDArray[Any]", shape: Sequence[int]) -> list[tuple[str, "NDArray[Any]"]]:
    """Return Jacobians with the elements of the argument in other places, and what that is."""
    if b.shape[1] != int(np.prod(shape)):
        return []  # complex
    cube = b.reshape(len(b), *shape)
    moved = [
        (f"its elements are reversed along axis {axis}", np.flip(cube, axis + 1))
        for axis in range(len(shape))
    ]
    moved += [
        (f"its elements are shifted by {step} along axis {axis}", np.roll(cube, step, axis + 1))
        for axis in range(len(shape))
        for step in (1, -1)
    ]
    if len(shape) >= 2 and shape[-1] == shape[-2]:
        moved.insert(0, ("its elements are transposed", np.swapaxes(cube, -1, -2)))
    return [(word, array.reshape(b.shape)) for word, array in moved]


def _partial(found: "NDArray[Any]", right: "NDArray[Any]", subject: Subject) -> str | None:
    """Return which elements are wrong, if most are not."""
    size = np.max(np.abs(right), initial=0.0)
    wrong = np.any(np.abs(found - right) > 1e-7 * max(size, 1e-300), axis=0)
    count = int(np.count_nonzero(wrong))
    if 0 < count <= max(1, wrong.size // 3) and wrong.size > 1:
        names = ", ".join(subject.input_name(int(i)) for i in np.flatnonzero(wrong)[:3])
        more = ", …" if count > 3 else ""
        return f"{count} of {wrong.size} elements are wrong ({names}{more}), the others right"
    return None
