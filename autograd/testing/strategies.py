"""Hypothesis strategies: where the arguments of a function may be.

A domain, such as `positive()`, says how to fill a shape: it is a function from a shape to a
strategy of arrays. `arrays` draws a shape, fills it and lays it out in memory. What is drawn
shrinks towards few axes, short axes and round numbers.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from hypothesis.strategies import SearchStrategy
from numpy.typing import NDArray

from autograd.testing.layouts import LAYOUTS

__all__ = [
    "arrays",
    "away_from_zero",
    "axes",
    "axis",
    "broadcastable",
    "broadcastable_arrays",
    "complex_numbers",
    "containers",
    "distinct",
    "indices",
    "invertible",
    "layouts",
    "positive",
    "real",
    "shapes",
    "spd",
    "unit",
    "with_ties",
]

Shape = tuple[int, ...]
Domain = Callable[[Shape], SearchStrategy[NDArray[Any]]]
STEPS = 64  # numbers between two integers: enough to be generic, and short to print


# Shapes.


def shapes(
    min_dims: int = 0, max_dims: int = 3, min_side: int = 0, max_side: int = 4
) -> SearchStrategy[Shape]:
    """Return a strategy of shapes; 0-d and empty ones are among them.

    Examples
    --------
    >>> from hypothesis import find
    >>> find(shapes(), lambda shape: len(shape) == 0), find(shapes(), lambda shape: 0 in shape)
    ((), (0,))
    """
    filled = hnp.array_shapes(
        min_dims=max(min_dims, 1), max_dims=max_dims, min_side=min_side, max_side=max_side
    )
    return filled if min_dims else st.just(()) | filled


def broadcastable(
    count: int, max_dims: int = 3, min_side: int = 0, max_side: int = 4
) -> SearchStrategy[tuple[Shape, ...]]:
    """Return a strategy of so many shapes that broadcast with each other."""
    found = hnp.mutually_broadcastable_shapes(
        num_shapes=count, max_dims=max_dims, min_side=min_side, max_side=max_side
    )
    return found.map(lambda drawn: drawn.input_shapes)


# Domains.


def real(low: float = -3.0, high: float = 3.0) -> Domain:
    """Return the domain of real numbers between two bounds, in steps of 1/64.

    Examples
    --------
    >>> from hypothesis import find
    >>> find(real()((2,)), lambda x: True)
    array([0., 0.])
    """
    least, most = int(np.ceil(low * STEPS)), int(np.floor(high * STEPS))
    numbers = st.integers(least, most).map(lambda n: n / STEPS)
    return lambda shape: hnp.arrays(np.float64, shape, elements=numbers, fill=st.nothing())


def positive(low: float = 0.25, high: float = 3.0) -> Domain:
    """Return the domain of numbers above zero, and not near it."""
    return real(low, high)


def unit() -> Domain:
    """Return the domain of numbers between 0 and 1, without the two."""
    return real(1 / STEPS, 1 - 1 / STEPS)


def away_from_zero(low: float = 0.25, high: float = 3.0) -> Domain:
    """Return the domain of numbers of both signs that are not near zero."""

    def fill(shape: Shape) -> SearchStrategy[NDArray[Any]]:
        signs = hnp.arrays(np.float64, shape, elements=st.sampled_from([1.0, -1.0]))
        return st.tuples(positive(low, high)(shape), signs).map(lambda pair: pair[0] * pair[1])

    return fill


def complex_numbers(low: float = -3.0, high: float = 3.0) -> Domain:
    """Return the domain of complex numbers with both parts between two bounds."""

    def fill(shape: Shape) -> SearchStrategy[NDArray[Any]]:
        part = real(low, high)(shape)
        return st.tuples(part, part).map(lambda parts: np.asarray(parts[0] + 1j * parts[1]))

    return fill


def distinct() -> Domain:
    """Return the domain of arrays of which no two elements are within 1/4 of each other."""

    def fill(shape: Shape) -> SearchStrategy[NDArray[Any]]:
        size = int(np.prod(shape))
        orders = st.permutations(range(size))
        return orders.map(lambda order: (np.array(order, float) - size // 2).reshape(shape) / 4)

    return fill


def with_ties() -> Domain:
    """Return the domain of arrays of which two elements at least are equal, if there are two."""

    def fill(shape: Shape) -> SearchStrategy[NDArray[Any]]:
        few = hnp.arrays(np.float64, shape, elements=st.sampled_from([0.0, 1.0, -0.5]))
        size = int(np.prod(shape))
        if size < 2:
            return few
        places = st.lists(st.integers(0, size - 1), min_size=2, max_size=2, unique=True)
        return st.tuples(few, places).map(_tied)

    return fill


def _tied(drawn: tuple[NDArray[Any], list[int]]) -> NDArray[Any]:
    array, (one, other) = drawn
    array.flat[one] = array.flat[other]
    return array


def invertible() -> Domain:
    """Return the domain of stacks of square matrices far from singular.

    The last axis is made as long as the one before it; the diagonal dominates.
    """
    return lambda shape: real(-1, 1)(_square(shape)).map(_dominated)


def spd() -> Domain:
    """Return the domain of stacks of symmetric positive definite matrices."""
    matrices = invertible()
    return lambda shape: matrices(shape).map(lambda a: a @ np.swapaxes(a, -1, -2))


def _square(shape: Shape) -> Shape:
    side = shape[-1] if shape else 1
    return (*shape[:-2], side, side)


def _dominated(a: NDArray[Any]) -> NDArray[Any]:
    n = a.shape[-1]
    dominated: NDArray[Any] = a + (n + 0.5 + np.arange(n)) * np.eye(n)  # no two eigenvalues alike
    return dominated


def indices(size: int) -> Domain:
    """Return the domain of indices into an axis of a length; negative and repeated ones too."""
    if size < 1:
        raise ValueError(f"an axis of length {size} has no indices")
    elements = st.integers(-size, size - 1)
    return lambda shape: hnp.arrays(np.int64, shape, elements=elements, fill=st.nothing())


# Arrays.


def layouts() -> SearchStrategy[Callable[[NDArray[Any]], NDArray[Any]]]:
    """Return a strategy of functions that lay an array out in memory in some way."""
    kept = [laid for name, laid in LAYOUTS.items() if name != "stride-0"]
    return st.sampled_from([np.ascontiguousarray, *kept]).map(_keeping_shape)


def _keeping_shape(laid: Any) -> Any:
    return lambda a: laid(a).reshape(a.shape)  # ascontiguousarray makes an axis where there is none


def arrays(
    domain: Domain | None = None,
    shapes: SearchStrategy[Shape] | Shape | None = None,
    dtype: Any = None,
    layouts: SearchStrategy[Any] | None = None,
) -> SearchStrategy[NDArray[Any]]:
    """Return a strategy of arrays.

    Parameters
    ----------
    domain : callable, optional
        One of this module's domains, `real()` if none is given.
    shapes : strategy of tuple of int, or tuple of int, optional
        This module's `shapes()` if none is given.
    dtype : dtype, optional
        Cast to it; float64, complex128 or int64, as the domain has it, if none is given.
    layouts : strategy of callable, optional
        As `layouts()` returns it; plain memory if none is given.

    Examples
    --------
    >>> from hypothesis import find
    >>> find(arrays(positive()), lambda x: x.size > 1 and np.max(x) > 1)
    array([0.25    , 1.015625])
    """
    if isinstance(shapes, tuple):
        shapes = st.just(shapes)
    chosen = ALL_SHAPES if shapes is None else shapes
    drawn = chosen.flatmap(domain or real())
    if dtype is not None:
        drawn = drawn.map(lambda a: a.astype(dtype))
    if layouts is None:
        return drawn.map(np.asarray)
    return st.tuples(drawn, layouts).map(lambda pair: pair[1](pair[0]))


ALL_SHAPES = shapes()


def broadcastable_arrays(*domains: Domain, **limits: int) -> SearchStrategy[Any]:
    """Return a strategy of tuples of arrays, one of each domain, that broadcast with each other.

    The keywords are those of `broadcastable`.
    """
    return broadcastable(len(domains), **limits).flatmap(
        lambda drawn: st.tuples(*(fill(shape) for fill, shape in zip(domains, drawn, strict=True)))
    )


def containers(leaf: SearchStrategy[Any], max_leaves: int = 4) -> SearchStrategy[Any]:
    """Return a strategy of lists, tuples and dicts, nested, with one leaf at least."""

    def deeper(inner: SearchStrategy[Any]) -> SearchStrategy[Any]:
        lists = st.lists(inner, min_size=1, max_size=3)
        names = st.sampled_from(["w", "b", "c"])
        return lists | lists.map(tuple) | st.dictionaries(names, inner, min_size=1, max_size=3)

    return st.recursive(leaf, deeper, max_leaves=max_leaves)


# Keywords.


def axis(shape: Shape) -> SearchStrategy[int]:
    """Return a strategy of the axes of a shape, from the front and from the back."""
    if not shape:
        raise ValueError("a number has no axes")
    return st.integers(-len(shape), len(shape) - 1)


def axes(shape: Shape) -> SearchStrategy[int | Shape | None]:
    """Return a strategy of what reductions take for axis: None, one axis, or several."""
    if not shape:
        return st.sampled_from([None, ()])
    several = st.lists(axis(shape), max_size=len(shape), unique_by=lambda k: k % len(shape)).map(
        tuple
    )
    return st.none() | axis(shape) | several
