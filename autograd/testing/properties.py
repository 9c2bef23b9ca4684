"""Property tests of derivatives, made of a function and of where its arguments may be."""

import functools
import inspect
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import hypothesis

from autograd.errors import GradientMismatch, UndecidedError
from autograd.testing import strategies as domains
from autograd.testing.gradients import MODES, check_grads, explained

DEFAULTS: dict[str, Any] = {"order": 2, "examples": None}
"""What the options of the pytest plugin change."""
QUIET: dict[str, Any] = {
    "deadline": None,
    "report_multiple_bugs": False,  # one failure, which is explained
    # What hypothesis would explain is which lines of this package a failure goes through.
    "phases": [phase for phase in hypothesis.Phase if phase is not hypothesis.Phase.explain],
}


def gradcheck_property(
    strategies: Mapping[str, Any] | None = None,
    *,
    order: int | None = None,
    modes: Sequence[str] = MODES,
    rtol: float = 1e-8,
    examples: int | None = None,
    **by_name: Any,
) -> Callable[[Callable[..., Any]], Callable[[], None]]:
    """Return the decorator that makes a test of a function: its derivatives are right everywhere.

    Parameters
    ----------
    strategies, **by_name : hypothesis strategy
        For each argument what to draw; arrays of real numbers where nothing is said. The mapping is
        for arguments that are called like a parameter of this function.
    order, modes, rtol
        As in `check_grads`; the order is the plugin's ``--gradcheck-order`` where it is not given.
    examples : int, optional
        How many points to try: ``--gradcheck-examples``, or what hypothesis' profile says.

    Returns
    -------
    callable
        A test without arguments. It raises GradientMismatch for the simplest point that hypothesis
        finds. Points where differences cannot tell are drawn anew, and counted as ``undecided`` in
        hypothesis' statistics.

    Examples
    --------
    >>> import numpy as np
    >>> from autograd.testing import gradcheck_property, strategies as st
    >>> @gradcheck_property(x=st.arrays(st.positive()), examples=10)
    ... def test_entropy(x):
    ...     return -np.sum(x * np.log(x))
    >>> test_entropy()
    """

    def decorate(function: Callable[..., Any]) -> Callable[[], None]:
        drawn = dict(strategies or {}) | by_name
        names = list(inspect.signature(function).parameters)
        unknown = drawn.keys() - set(names)
        if unknown:
            raise TypeError(f"{function.__name__} has no argument {', '.join(sorted(unknown))}")
        options: dict[str, Any] = {
            "order": order or DEFAULTS["order"],
            "modes": tuple(modes),
            "rtol": rtol,
        }
        count = examples or DEFAULTS["examples"]
        limits: dict[str, Any] = QUIET | ({"max_examples": count} if count else {})

        found = {name: drawn.get(name, domains.arrays()) for name in names}
        check = functools.partial(check_grads, explain=False, **options)
        search = hypothesis.settings(**limits)(_search(function, found, check))

        @functools.wraps(function)
        def test() -> None:
            __tracebackhide__ = True
            try:
                search()
            except GradientMismatch as error:
                raise explained(error) from None

        test.__signature__ = inspect.Signature()  # type: ignore[attr-defined]
        test.is_gradcheck = True  # type: ignore[attr-defined]
        return test

    return decorate


def _search(function: Callable[..., Any], found: dict[str, Any], check: Any) -> Any:
    """Return the hypothesis test that checks a function at what is drawn."""

    def at(**point: Any) -> None:
        try:
            check(function, *(point[name] for name in found))
        except UndecidedError:
            hypothesis.event("undecided")
            hypothesis.reject()

    at.__name__, at.__qualname__ = function.__name__, function.__qualname__
    at.__module__, at.__doc__ = function.__module__, function.__doc__
    keywords = [inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY) for name in found]
    at.__signature__ = inspect.Signature(keywords)  # type: ignore[attr-defined]
    return hypothesis.given(**found)(at)
