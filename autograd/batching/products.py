"""Products of vectors, matrices and tensors."""

import math
from typing import Any

import numpy as np

from autograd.batching.batched import Batched, broadcast, expanded, levels_of, states


@states(np.matmul)
def matmul(x: Any, y: Any, **options: Any) -> Any:
    """Multiply matrices and vectors, as few products as will do."""
    if options or not np.ndim(x) or not np.ndim(y):
        return NotImplemented
    x, y = (z if type(z) is Batched else np.asarray(z) for z in (x, y))
    if type(y) is not Batched and y.ndim == 2:  # one product for all examples
        rows = x.array.reshape((math.prod(x.array.shape[:-1]), x.array.shape[-1]))
        return Batched((rows @ y).reshape((*x.array.shape[:-1], y.shape[1])), x.levels)
    if type(x) is not Batched and np.ndim(x) == 2 and y.ndim == 1:
        rows = y.array.reshape((math.prod(y.array.shape[:-1]), y.array.shape[-1]))
        return Batched((rows @ x.T).reshape((*y.array.shape[:-1], x.shape[0])), y.levels)
    levels = levels_of((x, y))
    left, right = np.ndim(x) == 1, np.ndim(y) == 1
    x = x[None, :] if left else x
    y = y[:, None] if right else y
    ndim = max(np.ndim(x), np.ndim(y))
    array = np.matmul(expanded(x, levels, ndim), expanded(y, levels, ndim))
    array = array[..., 0] if right else array
    if left:
        array = array[..., 0] if right else array[..., 0, :]
    return Batched(array, levels)


@states(np.tensordot)
def tensordot(a: Any, b: Any, axes: Any = 2) -> Any:
    """Contract axes, as a product of matrices."""
    a, b = (x if type(x) is Batched else np.asarray(x) for x in (a, b))
    over: Any = [range(a.ndim - axes, a.ndim), range(axes)] if isinstance(axes, int) else axes
    over = [[one] if isinstance(one, int | np.integer) else list(one) for one in over]
    contracted = [[axis % x.ndim for axis in some] for x, some in zip((a, b), over, strict=True)]
    kept = [
        [i for i in range(x.ndim) if i not in c] for x, c in zip((a, b), contracted, strict=True)
    ]
    shape = [x.shape[i] for x, some in zip((a, b), kept, strict=True) for i in some]
    if [a.shape[i] for i in contracted[0]] != [b.shape[i] for i in contracted[1]]:
        raise ValueError(f"shape-mismatch for sum: {tuple(a.shape)} and {tuple(b.shape)}")
    inner = math.prod(a.shape[i] for i in contracted[0])
    rows, columns = (
        math.prod(x.shape[i] for i in some) for x, some in zip((a, b), kept, strict=True)
    )
    left = np.reshape(np.transpose(a, (*kept[0], *contracted[0])), (rows, inner))
    right = np.reshape(np.transpose(b, (*contracted[1], *kept[1])), (inner, columns))
    return np.reshape(np.matmul(left, right), tuple(shape))


@states(np.dot)
def dot(a: Any, b: Any, out: Any = None) -> Any:
    """Multiply as `np.dot` does."""
    if out is not None:
        return NotImplemented
    ndims = np.ndim(a), np.ndim(b)
    if not min(ndims):
        return broadcast(np.multiply, (a, b))
    if max(ndims) <= 2:
        return np.matmul(a, b)
    return np.tensordot(a, b, ((-1,), (-2 if ndims[1] > 1 else -1,)))


@states(np.inner)
def inner(a: Any, b: Any) -> Any:
    """Sum over the last axes."""
    if not np.ndim(a) or not np.ndim(b):
        return broadcast(np.multiply, (a, b))
    return np.tensordot(a, b, ((-1,), (-1,)))


@states(np.vdot)
def vdot(a: Any, b: Any) -> Any:
    """Sum the products of conjugate elements with elements."""
    return np.sum(np.conj(np.ravel(a)) * np.ravel(b))


@states(np.outer)
def outer(a: Any, b: Any, out: Any = None) -> Any:
    """Multiply each element with each."""
    del out
    return np.ravel(a)[:, None] * np.ravel(b)[None, :]


@states(np.vecdot)
def vecdot(x1: Any, x2: Any, **options: Any) -> Any:
    """Sum the products along the last axis."""
    return NotImplemented if options else np.sum(np.conj(x1) * x2, axis=-1)


@states(np.matvec)
def matvec(x1: Any, x2: Any, **options: Any) -> Any:
    """Multiply matrices with vectors."""
    return NotImplemented if options else np.matmul(x1, x2[..., None])[..., 0]


@states(np.vecmat)
def vecmat(x1: Any, x2: Any, **options: Any) -> Any:
    """Multiply vectors with matrices."""
    return NotImplemented if options else np.matmul(np.conj(x1)[..., None, :], x2)[..., 0, :]


@states(np.einsum)
def einsum(subscripts: Any, *operands: Any, out: Any = None, **options: Any) -> Any:
    """Sum products, with a letter more for each level."""
    if out is not None or not isinstance(subscripts, str):
        return NotImplemented
    subscripts = subscripts.replace(" ", "")
    inputs, arrow, output = subscripts.partition("->")
    if not arrow:
        letters = inputs.replace(",", "").replace(".", "")
        output = "..." * ("..." in inputs)
        output += "".join(c for c in sorted({*letters}) if letters.count(c) == 1)
    levels = levels_of(operands)
    unused = (c for c in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz" if c not in inputs)
    names = dict(zip(levels, unused, strict=False))
    if len(names) < len(levels):
        return NotImplemented
    terms = [
        "".join(names[level] for level in getattr(x, "levels", ())) + term
        for x, term in zip(operands, inputs.split(","), strict=True)
    ]
    arrays = [x.array if type(x) is Batched else x for x in operands]
    spelled = f"{','.join(terms)}->{''.join(names.values())}{output}"
    return Batched(np.einsum(spelled, *arrays, **options), levels)


@states(np.kron)
def kron(a: Any, b: Any) -> Any:
    """Multiply each element of one with all of the other."""
    ndim = max(np.ndim(a), np.ndim(b))
    shapes = [(1,) * (ndim - np.ndim(x)) + tuple(np.shape(x)) for x in (a, b)]
    ones = (1,) * ndim
    first = np.reshape(a, [side for pair in zip(shapes[0], ones, strict=True) for side in pair])
    second = np.reshape(b, [side for pair in zip(ones, shapes[1], strict=True) for side in pair])
    sides = tuple(m * n for m, n in zip(*shapes, strict=True))
    return np.reshape(first * second, sides)
