"""Memory for time: functions that are run again on the way back."""

import copy
import functools
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograd.errors import RerunError
from autograd.graph import Node
from autograd.primitive import is_recording
from autograd.transforms.operation import (
    Inner,
    Leaves,
    Rules,
    Saved,
    full,
    is_variable,
    operation,
    pull_inside,
    push_inside,
    run_inside,
)
from autograd.transforms.running import name_of
from autograd.tree import flatten
from autograd.zeros import plain

REPEATS = 1e-6  # how well the sums of two runs agree, relatively: libraries may round differently


def checkpoint(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return `function` as one operation that keeps only its inputs, and is run again when needed.

    In a long program of such functions, no more is kept than what goes into each, and, during the
    walk back, what one of them saves. The price is a second run of each.

    Parameters
    ----------
    function : callable
        From any arguments, containers and keywords too, to any result. Tensors that it uses
        without being given them get their derivatives as well. It must do the same in each run:
        the second would give the derivative of something else. Random numbers it may take from a
        `numpy.random.Generator` that is an argument, whose state is kept; not from one that it
        finds elsewhere.

    Returns
    -------
    callable
        With the same arguments and results. What `function` does apart from its results, such as
        writing into an argument, is not seen outside.

    Raises
    ------
    RerunError
        In the walk back, if the second run gives something else than the first.

    Examples
    --------
    >>> import numpy as np
    >>> from autograd import grad
    >>> layer = checkpoint(lambda x: np.tanh(np.sin(x) ** 2))
    >>> grad(lambda x: layer(layer(x)))(1.0)
    np.float64(0.4828)
    """

    @functools.wraps(function)
    def checkpointed(*args: Any, **kwargs: Any) -> Any:
        if not is_recording():
            return function(*args, **kwargs)
        leaves, rebuild = flatten((args, kwargs))
        inputs = [leaf for leaf in leaves if is_variable(leaf)]
        places = [place for place, leaf in enumerate(leaves) if is_variable(leaf)]
        constants = [None if is_variable(leaf) else leaf for leaf in leaves]

        def on(constants: Leaves, variables: Leaves) -> Any:
            given = list(constants)
            for place, variable in zip(places, variables, strict=True):
                given[place] = variable
            args, kwargs = rebuild(given)
            return function(*args, **kwargs)

        kept = [_before_use(leaf) for leaf in constants]
        run = run_inside(functools.partial(on, constants), [tensor._data for tensor in inputs])
        if not run.outputs:
            return run.rebuild(run.leaves)
        values = [output._data for output in run.outputs]
        rules = _rules(function, lambda variables: on(list(map(_before_use, kept)), variables), run)
        tensors = iter(operation("checkpoint", inputs, values, rules, others=run.others))
        return run.rebuild([next(tensors) if is_variable(leaf) else leaf for leaf in run.leaves])

    return checkpointed


def _before_use(leaf: Any) -> Any:
    """Return `leaf`; a generator of random numbers as it is now."""
    random = isinstance(leaf, np.random.Generator | np.random.RandomState)
    return copy.deepcopy(leaf) if random else leaf


def _rules(function: Callable[..., Any], inside: Callable[[Leaves], Any], first: Inner) -> Rules:
    """Return the rules: they run the function again, and walk what it has recorded."""
    others, sums = first.others, [_sums(output._data) for output in first.outputs]

    def again(inputs: Leaves) -> Inner:
        run = run_inside(inside, inputs)
        _check(name_of(function), run, others, sums)
        return run

    def pull(cotangents: Leaves, saved: Saved) -> Leaves:
        run = again(saved.inputs)
        targets = [*run.variables, *others]
        return pull_inside(run, cotangents, targets, record=saved.recorded)

    def push(tangents: Leaves, saved: Saved) -> Leaves:
        run = again(saved.inputs)
        sources = [*run.variables, *others]
        found = push_inside(run, tangents, sources, record=saved.recorded)
        return full(found, run.outputs)

    def repeat(inputs: Leaves) -> Any:
        leaves, _ = flatten(checkpoint(inside)(inputs))
        return [leaf for leaf in leaves if is_variable(leaf)]

    return Rules(pull, push, repeat)


def _sums(value: Any) -> tuple[Any, float]:
    """Return a sum by which values are told from others, and its scale."""
    value = plain(value)
    with np.errstate(all="ignore"):
        total = np.sum(value, dtype=np.result_type(value, np.float64))
        return total, float(np.sum(np.abs(value), dtype=np.float64))


def _check(
    name: str, run: Inner, others: Sequence[Node], sums: Sequence[tuple[Any, float]]
) -> None:
    """Raise if a function has not done what it had done before."""
    found = [_sums(output._data) for output in run.outputs]
    same = len(found) == len(sums)
    for (total, scale), (before, _) in zip(found, sums, strict=False):
        near = np.isfinite(total) and abs(total - before) <= REPEATS * scale
        same = same and bool(near or not (np.isfinite(total) or np.isfinite(before)))
    if not same:
        raise RerunError(
            f"checkpoint ran {name} again and got other values than the first time, so its "
            f"derivative would be wrong: it must not depend on what changes between runs; pass "
            f"random generators as arguments, and copies of arrays that are written to"
        )
    if not set(others).issuperset(run.others):
        raise RerunError(
            f"checkpoint ran {name} again and it used other Tensors than the first time: one that "
            f"it uses without being given it was written to; pass it as an argument"
        )
