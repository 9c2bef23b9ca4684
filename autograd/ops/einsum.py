"""Products of arrays by named or numbered axes.

A call is spelled out first: a letter for each axis of each operand and of the result. Then operands
are taken in pairs, of which each is one operation. A pair whose sum is a product of matrices is
computed as one, because `numpy.einsum` itself, unless told to optimize, calls no BLAS.

The transpose of an einsum is one too: of the cotangent and the other operand. Its result is
repeated along the axes that had been summed alone, and put on the diagonal where a letter had been
repeated. Nothing is conjugated.
"""

import math
import string
import sys
from functools import lru_cache
from typing import Any

import numpy as np

from autograd.operands import as_operand
from autograd.ops.shape import astype
from autograd.primitive import composite, constant, linear
from autograd.tensor import Tensor

constant(np.einsum_path)

LETTERS = string.ascii_uppercase + string.ascii_lowercase  # what 0, 1, 2 ... are, as NumPy has it
remembered = lru_cache(maxsize=1024)

# What a call says.


def taken_apart(operands):
    """Return the subscripts as a string, and the arrays, of either form of the call."""
    if isinstance(operands[0], bytes):
        return operands[0].decode(), operands[1:]
    if isinstance(operands[0], str):
        return operands[0], operands[1:]
    count = len(operands) // 2
    terms = ",".join(map(as_letters, operands[1 : 2 * count : 2]))
    if len(operands) % 2:
        terms = f"{terms}->{as_letters(operands[-1])}"
    return terms, operands[: 2 * count : 2]


def as_letters(numbers):
    """Return a list of numbers of axes as subscripts."""
    if not all(n is Ellipsis or 0 <= n < len(LETTERS) for n in numbers):
        raise ValueError(f"subscripts of np.einsum are 0 to 51 and Ellipsis, got {list(numbers)}")
    return "".join("..." if n is Ellipsis else LETTERS[n] for n in numbers)


@remembered
def spelled_out(subscripts, ndims):
    """Return the letters of each operand, and of the result, without ellipses."""
    np.einsum(subscripts, *(np.ones((1,) * ndim) for ndim in ndims))  # raises what is wrong
    inputs, arrow, output = "".join(subscripts.split()).partition("->")
    terms, unused = inputs.split(","), [x for x in reversed(LETTERS) if x not in subscripts]
    sizes = [
        ndim - len(term) + 3 if "..." in term else 0
        for term, ndim in zip(terms, ndims, strict=True)
    ]
    dots = "".join(unused[: max(sizes)])
    if not arrow:
        named = inputs.replace("...", "").replace(",", "")
        output = "..." + "".join(sorted(x for x in set(named) if named.count(x) == 1))
    pairs = zip(terms, sizes, strict=True)
    terms = [term.replace("...", dots[len(dots) - size :]) for term, size in pairs]
    return tuple(terms), output.replace("...", dots)


# One operand.


def spread(g, given, term, shape):
    """Return g, with axes `given`, as an array of `shape` with axes `term`.

    It is repeated along axes that are not given, and stands on the diagonal of repeated ones.
    """
    g = np.transpose(g, [given.index(letter) for letter in dict.fromkeys(term) if letter in given])
    sizes, inner, mask = iter(g.shape), [], True
    for place, letter in enumerate(term):
        first = term.index(letter)
        inner.append(next(sizes) if first == place and letter in given else 1)
        if first != place:
            mask = mask & on_diagonal(shape, first, place)
    g = np.reshape(g, inner)
    g = np.broadcast_to(g, np.broadcast_shapes(g.shape, shape))
    return g if mask is True else np.where(mask, g, 0)


def on_diagonal(shape, first, second):
    """Return where the indices on two axes of `shape` are equal."""
    sides = [
        np.reshape(np.arange(shape[axis]), [-1 if i == axis else 1 for i in range(len(shape))])
        for axis in (first, second)
    ]
    return sides[0] == sides[1]


def alone_vjp(g, a_shape, subscripts):
    """Return g where it came from."""
    term, output = subscripts.split("->")
    return spread(g, output, term, a_shape)


def of_one(a, subscripts):
    """Return the einsum of one operand."""
    return np.einsum(subscripts, a)


alone = linear(of_one, alone_vjp, name="einsum")

# Two operands.


LEAST = 512  # multiplications: with fewer, `numpy.einsum` takes no longer than the way to BLAS


@remembered
def as_matrices(subscripts, a_shape, b_shape):
    """Return how an einsum of two is a product of matrices; None where it is none, or small.

    That is: the letters to which each operand is brought first, their shapes as (stacks of)
    matrices, then the shape of the result and the order of its axes.
    """
    inputs, output = subscripts.split("->")
    a_term, b_term = inputs.split(",")
    sizes = dict(zip(a_term + b_term, a_shape + b_shape, strict=True))
    if a_shape + b_shape != tuple(sizes[x] for x in a_term + b_term):
        return None  # an axis of size one is repeated, or NumPy will complain
    shared = [x for x in dict.fromkeys(a_term) if x in b_term]
    stack, summed = [x for x in shared if x in output], [x for x in shared if x not in output]
    left = [x for x in output if x not in b_term]
    right = [x for x in output if x not in a_term]
    size = lambda term: math.prod(sizes[x] for x in term)
    n, k, m = size(left), size(summed), size(right)
    work = n * k * m
    if not summed or work * size(stack) < LEAST:
        return None
    if stack and (n == m == 1 or (1 in {n, m} and work < LEAST // 8)):
        return None
    batch = [sizes[x] for x in stack]
    found = [*stack, *left, *right]
    return (
        (f"{a_term}->{''.join([*stack, *left, *summed])}", (*batch, n, k)),
        (f"{b_term}->{''.join([*stack, *summed, *right])}", (*batch, k, m)),
        [sizes[x] for x in found],
        [found.index(x) for x in output],
    )


def of_two(a, b, subscripts):
    """Return the einsum of two operands."""
    plan = as_matrices(subscripts, a.shape, b.shape)
    if plan is None:
        return np.einsum(subscripts, a, b)
    (a_way, a_shape), (b_way, b_shape), shape, order = plan
    a = np.einsum(a_way, a).reshape(a_shape)
    b = np.einsum(b_way, b).reshape(b_shape)
    return (a @ b).reshape(shape).transpose(order)[()]


@remembered
def transposed(subscripts, which):
    """Return the einsum of the cotangent and the other operand, and the letters of its result."""
    inputs, output = subscripts.split("->")
    terms = inputs.split(",")
    mine, other = terms[which], terms[1 - which]
    given = "".join(x for x in dict.fromkeys(mine) if x in output or x in other)
    return f"{output},{other}->{given}", given, mine


def pair_vjp(g, shape, other, subscripts, which):
    """Return the cotangent of one of two operands."""
    way, given, mine = transposed(subscripts, which)
    found = pair(g, other, way)
    return found if found.shape == shape and given == mine else spread(found, given, mine, shape)


pair = linear(
    of_two,
    lambda g, a_shape, b, subscripts: pair_vjp(g, a_shape, b, subscripts, 0),
    lambda g, a, b_shape, subscripts: pair_vjp(g, b_shape, a, subscripts, 1),
    name="einsum",
    broadcasts=True,
    views=False,
)

# Any number of operands.


@remembered
def path_of(terms, output, shapes, optimize: Any) -> Any:
    """Return which operands are multiplied when; NumPy says which order is short."""
    if optimize in {None, False, True, "greedy", "optimal"}:
        optimize = ("optimal" if optimize == "optimal" else "greedy", sys.maxsize)  # of memory
    elif optimize[0] == "einsum_path":
        optimize = list(optimize)
    arrays = [np.broadcast_to(0.0, shape) for shape in shapes]
    return np.einsum_path(f"{','.join(terms)}->{output}", *arrays, optimize=optimize)[0][1:]


def multiplied(chosen, others, output):
    """Return the product of operands that were chosen, with its letters; others come later."""
    term, found = chosen[0]
    for i, (other, array) in enumerate(chosen[1:], 2):
        waiting = [*others, *chosen[i:]]
        needed = "".join([output, *(letters for letters, _ in waiting)])
        both = "".join(x for x in dict.fromkeys(term + other) if x in needed)
        both = both if waiting else output
        term, found = both, pair(found, array, f"{term},{other}->{both}")
    return term, found


def in_order(terms, output, arrays, path):
    """Return the einsum of several operands, two by two."""
    rest = list(zip(terms, arrays, strict=True))
    for places in path:
        chosen = [rest.pop(place) for place in sorted(places, reverse=True)]
        rest.append(multiplied(chosen[::-1], rest, output))
    term, found = multiplied(rest, [], output)
    return found if term == output else alone(found, f"{term}->{output}")


# The function.


def operand(x: Any, dtype: Any, casting: Any) -> Any:
    """Return an operand as a Tensor or an array, of `dtype` if one is given."""
    x = as_operand(x)
    x = x if isinstance(x, Tensor) else np.asarray(x)
    if dtype is None or x.dtype == dtype:
        return x
    if not np.can_cast(x.dtype, dtype, casting):
        raise TypeError(
            f"np.einsum cannot cast an operand from {x.dtype} to {np.dtype(dtype)} according to "
            f"the rule {casting!r}; give casting="
        )
    return astype(x, dtype)


def einsum(*operands, optimize: Any = False, dtype=None, order="K", casting="safe"):
    """Return the sum of products that the subscripts say."""
    subscripts, arrays = taken_apart(operands)
    arrays = [operand(x, dtype, casting) for x in arrays]
    terms, output = spelled_out(subscripts, tuple(x.ndim for x in arrays))
    if len(arrays) == 1:
        found = alone(arrays[0], f"{terms[0]}->{output}")
    elif len(arrays) == 2:
        found = pair(*arrays, f"{terms[0]},{terms[1]}->{output}")
    else:
        if isinstance(optimize, list):
            optimize = tuple(x if isinstance(x, str) else tuple(x) for x in optimize)
        shapes = tuple(x.shape for x in arrays)
        found = in_order(terms, output, arrays, path_of(terms, output, shapes, optimize))
    return found if order == "K" else astype(found, found.dtype, order=order, copy=False)


composite(np.einsum, einsum)
