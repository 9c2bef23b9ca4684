"""HIPS autograd's checks of derivatives, by one difference along one random direction.

`autograd.testing.check_grads` is stricter, and says which operation is wrong; these are for test
suites that were written with HIPS's names.
"""

import itertools
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograd.errors import GradientMismatch, ShapeError
from autograd.operands import value_of
from autograd.transforms import make_jvp, make_vjp
from autograd.transforms.running import NUMBERS, leaves_like, name_of
from autograd.tree import flatten, map_leaves
from autograd.wrap_util import unary_to_nary

__all__ = [
    "EPS",
    "RTOL",
    "TOL",
    "check_equivalent",
    "check_grads",
    "check_jvp",
    "check_vjp",
    "combo_check",
    "scalar_close",
]

TOL = RTOL = EPS = 1e-6

Function = Callable[..., Any]


def scalar_close(a: Any, b: Any) -> bool:
    """Whether two numbers differ by less than 1e-6, absolutely or relatively."""
    return bool(abs(a - b) < TOL or abs(a - b) / abs(a + b) < RTOL)


def _is_number(leaf: Any) -> bool:
    return isinstance(leaf, NUMBERS) and np.asarray(value_of(leaf)).dtype.kind in "fc"


def _random_like(value: Any) -> Any:
    """Return normally distributed numbers in the form of `value`; None for what is no number."""

    def normal(leaf: Any) -> Any:
        if not _is_number(leaf):
            return None
        array = np.asarray(value_of(leaf))
        drawn = np.random.randn(*array.shape)  # noqa: NPY002 - so that the program's seed holds
        if array.dtype.kind == "c":
            drawn = drawn + 1j * np.random.randn(*array.shape)  # noqa: NPY002
        return np.asarray(drawn).astype(array.dtype)[()]

    return map_leaves(normal, value)


def _together(function: Function, a: Any, b: Any) -> Any:
    """Return `function` of the leaves of two values of one form, where they are numbers."""
    leaves, rebuild = flatten(a)
    pairs = zip(leaves, leaves_like(b, a), strict=True)
    return rebuild([x if not _is_number(x) or y is None else function(x, y) for x, y in pairs])


def _inner(a: Any, b: Any) -> float:
    """Return the real inner product of two values of one form."""
    pairs = zip(flatten(a)[0], leaves_like(b, a), strict=True)
    return float(sum(np.sum(np.real(np.conj(x) * y)) for x, y in pairs if _is_number(x)))


def _numerical_jvp(f: Function, x: Any, v: Any) -> Any:
    ends = [f(_together(lambda a, b, s=s: a + s * EPS / 2 * b, x, v)) for s in (1, -1)]
    return _together(lambda a, b: (a - b) / EPS, *ends)


def _compare(kind: str, f: Function, x: Any, analytic: float, numeric: float) -> None:
    if not scalar_close(analytic, numeric):
        raise GradientMismatch(
            f"Derivative ({kind}) check of {name_of(f)} failed with arg {x!r}: "
            f"analytic {analytic}, numeric {numeric}; autograd.testing.check_grads tells which "
            f"operation is wrong"
        )


def _check_form(kind: str, f: Function, found: Any, like: Any) -> None:
    """Raise if a derivative has not the form and shapes of what it belongs to."""
    what = f"Derivative ({kind}) check of {name_of(f)} failed: it"
    try:
        leaves = leaves_like(found, like)
    except ShapeError as error:
        raise GradientMismatch(f"{what} has another form than its value: {error}") from error
    for leaf, model in zip(leaves, flatten(like)[0], strict=True):
        if not _is_number(model):
            continue
        shapes = np.shape(leaf), np.shape(model)
        kinds = [np.asarray(value_of(item)).dtype.kind for item in (leaf, model)]
        if shapes[0] != shapes[1] or kinds[0] != kinds[1]:
            raise GradientMismatch(
                f"{what} has shape {shapes[0]} and kind {kinds[0]!r} for a value of shape "
                f"{shapes[1]} and kind {kinds[1]!r}"
            )


def check_vjp(f: Function, x: Any) -> None:
    """Compare the pullback of a function of one argument with a difference."""
    pull, y = make_vjp(f)(x)
    v, w = _random_like(x), _random_like(y)
    found = map_leaves(_conjugate, pull(map_leaves(_conjugate, w)))
    _check_form("VJP", f, found, x)
    _compare("VJP", f, x, _inner(v, found), _inner(w, _numerical_jvp(f, x, v)))


def check_jvp(f: Function, x: Any) -> None:
    """Compare the pushforward of a function of one argument with a difference."""
    v = _random_like(x)
    y, found = make_jvp(f)(x)(v)
    _check_form("JVP", f, found, y)
    check_equivalent(found, _numerical_jvp(f, x, v), f"Derivative (JVP) check of {name_of(f)}")


def _conjugate(leaf: Any) -> Any:
    return None if leaf is None else np.conj(leaf)


def check_equivalent(x: Any, y: Any, what: str = "Values") -> None:
    """Raise if two values differ in form or shapes, or in numbers along a random direction."""
    try:
        pairs = list(zip(flatten(x)[0], leaves_like(y, x), strict=True))
    except ShapeError as error:
        raise GradientMismatch(f"{what} failed: values of different form: {error}") from error
    for a, b in pairs:
        if _is_number(a) != _is_number(b) or np.shape(a) != np.shape(b):
            raise GradientMismatch(f"{what} failed: {a!r} and {b!r} are of different spaces")
    v = _random_like(x)
    one, two = _inner(v, x), _inner(v, y)
    if not scalar_close(one, two):
        raise GradientMismatch(
            f"{what} failed: {x!r} and {y!r} differ, {one} and {two} in a direction"
        )


@unary_to_nary
def check_grads(f: Function, x: Any, modes: Sequence[str] = ("fwd", "rev"), order: int = 2) -> None:
    """Check derivatives of a function in both modes, and theirs: ``check_grads(f, argnum)(*args)``.

    Raises
    ------
    GradientMismatch
        If a derivative is not what a difference says, along a random direction.

    Examples
    --------
    >>> check_grads(lambda x, y: np.sin(x) * y, argnum=(0, 1))(1.0, 2.0)
    """
    for mode in modes:
        if mode not in ("fwd", "rev"):
            raise ValueError(f"modes are 'fwd' and 'rev', got {mode!r}")
    if "fwd" in modes:
        check_jvp(f, x)
        if order > 1:

            def pushed(x: Any, v: Any) -> Any:
                return make_jvp(f)(x)(v)[1]

            pushed.__name__ = f"jvp_{name_of(f)}"
            check_grads(pushed, (0, 1), modes, order=order - 1)(x, _random_like(x))
    if "rev" in modes:
        check_vjp(f, x)
        if order > 1:

            def pulled(x: Any, v: Any) -> Any:
                return make_vjp(f)(x)[0](v)

            pulled.__name__ = f"vjp_{name_of(f)}"
            check_grads(pulled, (0, 1), modes, order=order - 1)(x, _random_like(f(x)))


def combo_check(fun: Function, *args: Any, **kwargs: Any) -> Function:
    """Return `check_grads` of `fun` for all combinations: ``combo_check(f, argnum)(*lists)``.

    Examples
    --------
    >>> combo_check(np.add, (0, 1))([1.0, 2.0], [3.0, np.ones(2)])
    """

    def check(*lists: Any, **named: Any) -> None:
        for given in itertools.product(*lists):
            for chosen in itertools.product(*named.values()):
                options = dict(zip(named, chosen, strict=True))
                check_grads(fun, *args, **kwargs)(*given, **options)

    return check
