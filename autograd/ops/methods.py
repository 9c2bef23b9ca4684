"""Methods of ufuncs: `reduce`, `accumulate`, `outer`, `at`, `reduceat`.

What has a name of its own (`np.add.reduce` is `np.sum`) is that function. The others are computed
as NumPy defines them, from one element to the next, with the ufunc's own derivative, where the
ufunc is associative; others are refused. Of elements that tie, `np.maximum.accumulate` takes the
first.
"""

import functools
import itertools
import math
from typing import Any

import numpy as np

from autograd.broadcasting import expand
from autograd.dispatch import KINDS, METHODS, TABLE, numpy_name, stand_in_for
from autograd.errors import DetachError, KeywordError, NotDifferentiableError
from autograd.ops.conversion import joined
from autograd.ops.indexing import scatter
from autograd.primitive import general, on_values, same
from autograd.tensor import Tensor


def method(function):
    """Enter what stands for a method of all ufuncs."""
    name = function.__name__

    def called(ufunc, *operands, **kwargs):
        inputs = [joined(value) for value in operands]
        if ufunc.signature or ufunc.nout > 1 or (ufunc.nin != 2 and name != "at"):
            on_values(getattr(ufunc, name))(*inputs, **kwargs)  # NumPy says that there is none
        if name != "at" and KINDS.get(ufunc) == "constant":
            return on_values(getattr(ufunc, name))(*inputs, **kwargs)
        if ufunc not in TABLE or ufunc.nout > 1:
            raise NotDifferentiableError(
                f"{numpy_name(ufunc)}.{name} of a Tensor has no derivative here; pass arrays "
                f"(t.data) where none is needed"
            )
        if kwargs.get("dtype", ...) is None:
            del kwargs["dtype"]
        return function(ufunc, *inputs, **kwargs)

    METHODS[name] = called
    return function


def refuse(ufunc, name, keywords, instead):
    """Raise an error if there are keywords, and where the order of the elements matters.

    There a reduction depends on how NumPy groups the elements (`np.power.reduce` of one axis gives
    what a loop gives, of another it does not).
    """
    if ufunc not in ASSOCIATIVE:
        raise NotDifferentiableError(
            f"{numpy_name(ufunc)}.{name} of a Tensor has no derivative here, for it is not "
            f"associative; write it as a loop, or pass arrays (t.data) where none is needed"
        )
    if keywords:
        raise KeywordError(
            f"{numpy_name(ufunc)}.{name} of a Tensor does not take {', '.join(keywords)}=; "
            f"{instead}"
        )


ASSOCIATIVE: set[np.ufunc] = {np.add, np.multiply, np.maximum, np.minimum, np.fmax, np.fmin}
ASSOCIATIVE |= {np.hypot, np.logaddexp, np.logaddexp2}

# Reductions.


def sum_of_exponentials(ufunc, exponential):
    """State ``ufunc.reduce`` of `logaddexp` or `logaddexp2`."""

    def reduced(array, axis=0, keepdims=False):
        return ufunc.reduce(array, axis, keepdims=keepdims)

    def shares(ans, array, axis):
        """Return the share of each element in the sum; of infinite ones, equal shares."""
        ans = expand(ans, np.shape(array), axis)
        infinite = np.isinf(ans)
        tied = infinite & (array == ans)
        number = np.maximum(np.sum(tied, axis, dtype=ans.dtype, keepdims=True), 1)
        below = np.where(infinite, 0, array) - np.where(infinite, 0, ans)
        return np.where(infinite, tied / number, exponential(below))

    def vjp(g, ans, array, axis=0):
        return expand(g, np.shape(array), axis) * shares(ans, array, axis)

    def jvp(g, ans, array, axis=0, keepdims=False):
        return np.sum(g * shares(ans, array, axis), axis, keepdims=keepdims)

    return general(
        reduced, vjp, jvps=[jvp], name=f"{ufunc.__name__}.reduce", harmless=("keepdims",)
    )


def fold(ufunc, array, axis=0, *, keepdims=False):
    """Return ``ufunc.reduce``, element by element."""
    expected = ufunc.reduce(array.data, axis, keepdims=keepdims)
    axes = range(array.ndim) if axis is None else np.atleast_1d(axis).tolist()
    front = np.moveaxis(array, axes, range(len(axes)))
    count = math.prod(front.shape[: len(axes)])
    if not count:
        return expected  # what NumPy knows of nothing: a constant
    rows = np.reshape(front, (count, *front.shape[len(axes) :]))
    return np.reshape(functools.reduce(ufunc, rows), np.shape(expected))


REDUCTIONS: dict[np.ufunc, Any] = {
    np.add: np.sum,
    np.multiply: np.prod,
    np.maximum: np.max,
    np.minimum: np.min,
    np.fmax: np.nanmax,
    np.fmin: np.nanmin,
}
SUMS = {
    np.logaddexp: sum_of_exponentials(np.logaddexp, np.exp),
    np.logaddexp2: sum_of_exponentials(np.logaddexp2, np.exp2),
}


@method
def reduce(ufunc, array, axis=0, **keywords):
    """Return the reduction over an axis, 0 where none is given."""
    if ufunc in REDUCTIONS:
        return stand_in_for(REDUCTIONS[ufunc])(array, axis=axis, **keywords)
    keepdims = keywords.pop("keepdims", False)
    refuse(ufunc, "reduce", keywords, "use np.where for where=, t.astype for dtype=")
    if ufunc in SUMS:
        return SUMS[ufunc](array, axis, keepdims=keepdims)
    return fold(ufunc, array, axis, keepdims=keepdims)


@method
def reduceat(ufunc, array, indices, axis=0, **keywords):
    """Return the reductions of slices, from one index to the next, or single elements."""
    refuse(ufunc, "reduceat", keywords, "use t.astype for dtype=")
    on_values(ufunc.reduceat)(array, indices, axis)  # raises what is wrong
    front = np.moveaxis(array, axis, 0)
    ends = [*np.asarray(indices)[1:], len(front)]
    pieces = [
        reduce(ufunc, front[i:j]) if i < j else front[i] for i, j in zip(indices, ends, strict=True)
    ]
    return np.moveaxis(np.stack(pieces), 0, axis)


# Running reductions.

RUNNING: dict[np.ufunc, Any] = {np.add: np.cumsum, np.multiply: np.cumprod}


def first_of_run(ufunc, values):
    """Return, for each element on the first axis, where the running extreme was first reached."""
    running = ufunc.accumulate(values)
    new = (running[1:] != running[:-1]) & (running[:-1] == running[:-1])  # after a NaN, no more
    new = np.concatenate([np.ones_like(new, shape=(1, *new.shape[1:])), new])
    number = np.arange(len(values)).reshape(-1, *(1,) * (values.ndim - 1))
    return np.maximum.accumulate(np.where(new, number, 0))


@method
def accumulate(ufunc, array, axis=0, **keywords):
    """Return all the results on the way of a reduction."""
    if ufunc in RUNNING:
        return stand_in_for(RUNNING[ufunc])(array, axis=axis, **keywords)
    refuse(ufunc, "accumulate", keywords, "use t.astype for dtype=")
    on_values(ufunc.accumulate)(array, axis)  # raises what is wrong
    front = np.moveaxis(array, axis, 0)
    if not front.size:
        return array
    if ufunc in (np.maximum, np.minimum):
        rows = first_of_run(ufunc, front.data)
        others = np.indices(front.shape[1:], sparse=True)
        result = front[(rows, *others)]
    else:
        result = np.stack(list(itertools.accumulate(front, ufunc)))
    return np.moveaxis(result, 0, axis)


# Pairs, and places.


@method
def outer(ufunc, x, y, **keywords):
    """Return the ufunc of each element of `x` with each one of `y`."""
    left: Any = x if isinstance(x, Tensor) else np.asarray(x)
    return ufunc(np.reshape(left, left.shape + (1,) * np.ndim(y)), y, **keywords)


def added_array(array, values, places):
    """Return a copy of `array` with `values` added at places of its elements in a row."""
    result = np.array(array, order="C")
    np.add.at(result.reshape(-1), places, values)
    return result


added = general(
    added_array,
    same,
    lambda g, places: np.ravel(g)[places],
    jvps=[
        same,
        lambda g, array_shape, places: np.reshape(
            scatter(g, places, (math.prod(array_shape),)), array_shape
        ),
    ],
    name="add.at",
)


@method
def at(ufunc, array, indices, *operands):
    """Apply the ufunc in place, as often as an element is named."""
    if not isinstance(array, Tensor):
        raise DetachError(
            f"{numpy_name(ufunc)}.at of an array cannot take a Tensor: the gradient would be lost; "
            f"make the array a Tensor, too"
        )
    places = np.arange(array.size).reshape(array.shape)[indices]
    values = [np.ravel(np.broadcast_to(value, places.shape)) for value in operands]
    if ufunc in (np.add, np.subtract):  # which may name an element very often
        array[...] = added(array, values[0] if ufunc is np.add else -values[0], places.ravel())
        return
    for once in rounds(places.ravel()):
        key = np.unravel_index(places.ravel()[once], array.shape)
        array[key] = ufunc(array[key], *(value[once] for value in values))


def rounds(places):
    """Yield the positions of what is named for the first time, for the second time, and so on."""
    order = np.argsort(places, kind="stable")
    ranked = places[order]
    starts = np.searchsorted(ranked, ranked)
    turn = np.empty_like(order)
    turn[order] = np.arange(len(order)) - starts
    for number in range(turn.max(initial=-1) + 1):
        yield np.flatnonzero(turn == number)
