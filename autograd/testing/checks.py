"""What a derivative must be: each property a check that yields findings."""

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.errors import UndecidedError
from autograd.testing.comparison import PER_DIRECTION, of_numbers
from autograd.testing.finding import Finding, Log, Options, number, random, random_like
from autograd.testing.layouts import LAYOUTS
from autograd.testing.subject import packed

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from autograd.testing.subject import Subject


def first_finding(subject: "Subject", order: int, options: Options, log: Log) -> Finding | None:
    """Return the first thing that is wrong with the derivatives of a subject, if any is."""
    with np.errstate(all="ignore"):
        return next(findings(subject, order, options, log), None)


def findings(subject: "Subject", order: int, options: Options, log: Log) -> Iterator[Finding]:
    """Yield what is wrong with the derivatives of a subject, up to an order."""
    yield from of_calls(subject)
    if "rev" in options.modes:
        yield from of_gradients(subject, options)
        if options.layouts:
            yield from of_layouts(subject, options)
    yield from of_order(subject, order, options, log)


def of_order(subject: "Subject", order: int, options: Options, log: Log) -> Iterator[Finding]:
    """Yield what is wrong in numbers: the first order, then that of the derivatives themselves."""
    if not subject.size:
        return
    if "rev" in options.modes:
        yield from of_cotangents(subject, options)
    yield from of_numbers(subject, options, log)
    if order < 2:
        return
    deeper = replace(options, evaluations=min(options.evaluations, 12 * PER_DIRECTION))
    there = Log()
    if "rev" in options.modes:
        derived = subject.pulled()
        yield from of_symmetry(subject, derived, options)
        yield from of_order(derived, order - 1, deeper, there)
    if "fwd" in options.modes:
        yield from of_order(subject.pushed(), order - 1, deeper, there)
    log.derivatives += there.derivatives
    if not log.kinks:  # where a slope jumps there is no second derivative to find
        log.undecided += there.undecided
    log.kinks |= there.kinks


def of_calls(subject: "Subject") -> Iterator[Finding]:
    """Yield where calls differ: of the same arguments, of Tensors, or after a call."""
    name = subject.name
    first, second = subject.outputs, subject.value(subject.primals)
    if not all(map(identical, first, second)):
        text = (
            f"{name} is not deterministic: two calls with the same arguments gave {shown(first)} "
            f"and {shown(second)}; make its random numbers from a fixed seed"
        )
        yield Finding("deterministic", text, subject=subject)
        return
    inputs = [np.array(p) for p in subject.primals]
    subject(*inputs)
    for given, after, argument in zip(subject.primals, inputs, subject.names, strict=True):
        if not identical(given, after):
            yield Finding("purity", f"{name} writes into its argument {argument}", subject=subject)
    if not all(np.all(np.isfinite(y)) for y in first):
        raise UndecidedError(f"{name} cannot be checked here: its value is {shown(first)}")
    for y, t in zip(first, subject.value_on_tensors(), strict=True):
        if not close(t, y, 1e-10, 1e-10):
            text = f"{name} of Tensors is {shown([t])}, of arrays {shown([y])}"
            yield Finding("value", text, subject=subject)


def of_gradients(subject: "Subject", options: Options) -> Iterator[Finding]:
    """Yield gradients that have not the form or dtype of their variables, or not their own memory.

    They are taken in the precision in which the arguments were given.
    """
    w = [random_like(options.rng, y) for y in subject.value(subject.given)]
    primals, before = [p.copy() for p in subject.given], [a.copy() for a in w]
    pull = subject.pull_at(primals)
    found, again = (list(map(np.asarray, pull(w))) for _ in range(2))
    for i, (g, given, name) in enumerate(zip(found, subject.given, subject.names, strict=True)):
        what = f"the gradient of {subject.name} in {name}"
        others = [*found[:i], *found[i + 1 :], *again, *primals, *w]
        if g.shape != given.shape:
            text = f"{what} has shape {g.shape}, {name} has {given.shape}"
            yield Finding("shape", text, subject=subject)
        if g.dtype != given.dtype:
            text = f"{what} is {g.dtype}, {name} is {given.dtype}"
            yield Finding("dtype", text, subject=subject)
        if not identical(g, again[i]):
            text = f"{what} differs from one walk to the next, of the same graph and cotangent"
            yield Finding("deterministic", text, subject=subject)
        if any(np.shares_memory(g, other) for other in others):
            text = f"{what} shares memory with an argument, the cotangent or another gradient"
            yield Finding("ownership", text, subject=subject)
    if not all(map(identical, w, before)):
        text = f"the pullback of {subject.name} writes into the cotangent that it is given"
        yield Finding("purity", text, subject=subject)
    if not all(map(identical, primals, subject.given)):
        text = f"the pullback of {subject.name} writes into the arguments"
        yield Finding("purity", text, subject=subject)
    yield from of_precision(subject, w, found)


def of_precision(subject: "Subject", w: Any, found: Any) -> Iterator[Finding]:
    """Yield gradients of single precision that are far from those in double precision."""
    eps = max(float(np.finfo(given.dtype).eps) for given in subject.given)
    if eps <= np.finfo(np.float64).eps:
        return
    exact = subject.pull_at(subject.primals)([a.astype(np.result_type(a, np.float64)) for a in w])
    for g, e, name in zip(found, exact, subject.names, strict=True):
        if not close(g, e, 1e3 * eps, 1e3 * eps):
            text = (
                f"the gradient of {subject.name} in {name} is {shown([g])}, in double precision "
                f"{shown([e])}"
            )
            yield Finding("precision", text, subject=subject)


def of_layouts(subject: "Subject", options: Options) -> Iterator[Finding]:
    """Yield gradients that the layout in memory of arguments and cotangents changes."""
    w = [random_like(options.rng, y) for y in subject.outputs]
    pull = subject.pull_at(subject.primals)
    expected = pull(w)
    for layout, laid in LAYOUTS.items():
        moves = layout == "stride-0"  # it makes elements equal, so it is for cotangents
        primals = subject.primals if moves else [laid(p) for p in subject.primals]
        cotangents = [laid(a) for a in w]
        found = subject.pull_at(primals)(cotangents)
        right = pull(list(map(np.array, cotangents))) if moves else expected
        for g, e, name in zip(found, right, subject.names, strict=True):
            if not close(g, e, 1e-9, 1e-12):
                text = (
                    f"the gradient of {subject.name} in {name} is another one for arrays that are "
                    f"{layout}: {shown([g])} in place of {shown([e])}"
                )
                yield Finding("layout", text, subject=subject)


def of_cotangents(subject: "Subject", options: Options) -> Iterator[Finding]:
    """Yield where the pullback is not linear in the cotangent."""
    w1, w2 = (random(options.rng, subject.size) for _ in range(2))
    one, two = subject.pull(w1), subject.pull(w2)
    if not np.all(np.isfinite([one, two])):
        return  # at a pole, which the differences will see
    size = 2.5 * np.abs(one) + 1.5 * np.abs(two)
    for cotangent, expected, what in (
        (2.5 * w1 - 1.5 * w2, 2.5 * one - 1.5 * two, "is not linear in the cotangent"),
        (0 * w1, 0 * one, "makes something of a cotangent of zeros"),
    ):
        found = subject.pull(cotangent)
        off = ~(np.abs(found - expected) <= 1e-7 * size + 1e-11 * np.max(size, initial=0.0))
        for position in map(int, np.flatnonzero(off)[:1]):
            argument = subject.input_name(position)
            values = float(found[position]), float(expected[position])
            text = (
                f"the pullback of {subject.name} {what}: {number(values[0])} in place of "
                f"{number(values[1])} for {argument}"
            )
            yield Finding("linear", text, *values, 0.0, argument, subject)


def of_symmetry(subject: "Subject", derived: "Subject", options: Options) -> Iterator[Finding]:
    """Yield a second derivative of a weighted sum of the outputs that is not symmetric."""
    n = subject.inputs
    u, v = (random(options.rng, n) for _ in range(2))
    signs = subject.signs()  # of complex numbers, a gradient is the conjugate of a direction
    one, two = derived.pull(signs * u)[:n], derived.pull(signs * v)[:n]
    left, right = float(one @ v), float(two @ u)
    size = float(np.abs(one) @ np.abs(v) + np.abs(two) @ np.abs(u))
    # A second derivative that is zero is so to rounding, of what gradient by argument would be.
    gradient = float(np.max(np.abs(packed(derived.outputs)), initial=0.0))
    usual = n * gradient / float(np.min(subject.scales(), initial=1.0))
    if abs(left - right) > 1e-8 * size + 1e-12 * usual:
        text = (
            f"the second derivative of {subject.name} is not symmetric: {number(left)} and "
            f"{number(right)} in two directions and back"
        )
        yield Finding("symmetric", text, left, right, 0.0, None, derived)


def identical(a: "NDArray[Any]", b: "NDArray[Any]") -> bool:
    """Whether two arrays are the same to the bit, NaN included."""
    return a.shape == b.shape and bool(np.array_equal(a, b, equal_nan=True))


def close(a: Any, b: Any, rtol: float, of_largest: float) -> bool:
    """Whether two arrays have one shape and nearly the same elements."""
    size = float(np.max(np.abs(b), initial=0.0))
    atol = of_largest * size if np.isfinite(size) else 0.0
    same = np.shape(a) == np.shape(b)
    return same and bool(np.allclose(a, b, rtol=rtol, atol=atol, equal_nan=True))


def shown(arrays: Any) -> str:
    """Return arrays in one short line."""
    printed = [np.array2string(np.asarray(a), threshold=6, precision=6) for a in arrays]
    texts = [" ".join(text.split()) for text in printed]
    return texts[0] if len(texts) == 1 else f"({', '.join(texts)})"
