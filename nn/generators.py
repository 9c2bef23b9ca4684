"""The state of random Generators as arrays, so that it can be saved beside weights."""

import json
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray


def generator_state(rng: np.random.Generator) -> NDArray[np.uint8]:
    """Return where a Generator is, as the bytes of a text in JSON.

    Examples
    --------
    >>> rng, other = np.random.default_rng(0), np.random.default_rng(1)
    >>> set_generator_state(other, generator_state(rng))
    >>> bool(rng.random() == other.random())
    True
    """
    text = json.dumps(rng.bit_generator.state, default=lambda array: array.tolist())
    return np.frombuffer(text.encode(), np.uint8).copy()


def set_generator_state(rng: np.random.Generator, state: ArrayLike) -> None:
    """Have a Generator go on where another was; see `generator_state`.

    Raises
    ------
    ValueError
        If the state is none, or of another kind of Generator.
    """
    if fault := generator_fault(rng, state):
        raise ValueError(fault)
    rng.bit_generator.state = _decoded(state)


def generator_fault(rng: np.random.Generator, state: ArrayLike) -> str | None:
    """Return why `rng` cannot be set to `state`, or None if it can."""
    own = type(rng.bit_generator)
    try:
        found = _decoded(state)
        own(0).state = found
    except (AttributeError, KeyError, TypeError, OverflowError, ValueError):
        kind = found.get("bit_generator") if isinstance(found := _maybe(state), dict) else None
        return f"this is no state of a {own.__name__}" + (f", but of a {kind}" if kind else "")
    return None


def _maybe(state: ArrayLike) -> Any:
    """Return what a state says, None if nothing."""
    try:
        return _decoded(state)
    except (TypeError, ValueError):
        return None


def _decoded(state: ArrayLike) -> Any:
    """Return what the bytes say."""
    return json.loads(np.asarray(state).astype(np.uint8, casting="safe").tobytes())
