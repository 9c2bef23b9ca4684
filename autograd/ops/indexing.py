"""Reading and writing elements: `x[key]` and `x[key] = value` for every key that NumPy knows.

A write makes a new node, `x with other elements at key`, and the Tensor moves on to it; so what was
read before keeps its derivative, and writes can be differentiated like anything else.
"""

import operator as python

import numpy as np

from autograd.batching import Batched, expanded, full, levels_of, states
from autograd.broadcasting import unbroadcast
from autograd.errors import DtypeError, KeywordError, ShapeError
from autograd.operands import as_operand
from autograd.primitive import (
    Primitive,
    composite,
    general,
    is_recording,
    linear,
    record,
    set_operator,
)
from autograd.tensor import Tensor
from autograd.views import (
    follow,
    holds_alone,
    is_read_by_name,
    is_view,
    move,
    owner_of,
    path_to,
    views_of,
)

ONCE = (int, np.integer, slice, type(None), type(Ellipsis))  # True and False are ints


def repeats(key):
    """Whether `key` may name an element twice, as any array or sequence of integers can."""
    return not all(
        isinstance(k, ONCE) or (isinstance(k, np.ndarray | np.bool_) and k.dtype == bool)
        for k in (key if isinstance(key, tuple) else (key,))
    )


def frozen(key):
    """Return `key` with copies of its arrays and lists, which the program may change later."""
    if isinstance(key, ONCE):
        return key
    if isinstance(key, tuple):
        return tuple(map(frozen, key))
    return key.copy() if isinstance(key, list | np.ndarray) else key


# Reading.


def add_at(into, g, key):
    """Add `g` to the elements of `into` that `key` names, as often as it names them."""
    if isinstance(key, ONCE) or not repeats(key):
        into[key] += g
    else:
        np.add.at(into, key, g)


def scatter_array(g, key, shape):
    """Return zeros of `shape` with `g` added where `key` points."""
    into = np.zeros(shape, g.dtype)
    add_at(into, g, key)
    return into


@states(scatter_array)
def scatter_in_batch(g, key, shape):
    """Do so for each example."""
    there = behind(key, len(g.levels))
    if there is None:
        return NotImplemented
    into = np.zeros((*g.array.shape[: len(g.levels)], *shape), g.dtype)
    add_at(into, g.array, there)
    return Batched(into, g.levels)


def behind(key, count):
    """Return `key` behind the axes of `count` levels, or None: see `batching.indexing`."""
    from autograd.batching import indexing  # which is loaded with the first batch

    return indexing.behind(key, count)


def getitem_function(a, key):
    """Return ``a[key]``."""
    return a[key]


scatter = linear(
    scatter_array, lambda g, key, shape: g[key], name="scatter", harmless=("key", "shape")
)
getitem = general(
    getitem_function,
    lambda g, a_shape, key: scatter(g, key, a_shape),
    jvps=[lambda g, key: g[key]],
    name="getitem",
    add_into=add_at,
    views=True,
    chooses=True,
)


def read(a, key):
    """Return ``a[key]``; of one number without a detour, because loops do so a thousand times."""
    value, node = a._data, a._node
    ans = value[key]
    if type(ans) is not np.float64 or node is None or is_recording() is not True:
        return getitem(a, frozen(key))
    key = key if type(key) is int else frozen(key)
    return record(ans, READ, (node,), (value.shape, key))


READ = getitem.whole  # which keeps shape and key, in this order
set_operator("getitem", read)


def sliding_window_view(x, window_shape, axis=None, *, subok=False, writeable=False):
    """Return windows onto `x`, which are copies here."""
    if subok or writeable:
        raise KeywordError(
            "sliding_window_view of a Tensor does not take subok= or writeable=; leave them out"
        )
    places = np.arange(x.size).reshape(x.shape)
    windows = np.lib.stride_tricks.sliding_window_view(places, window_shape, axis)
    return np.reshape(x, -1)[windows]


composite(np.lib.stride_tricks.sliding_window_view, sliding_window_view)

# Writing.


def written_array(a, value, key, path=()):
    """Return a copy of `a` with `value` at `key` of what `path` reads from it."""
    into = np.array(a, order="K")
    write_into(into, value, key, path)
    return into[()]


@states(written_array)
def written_in_batch(a, value, key, path=()):
    """Do so for each example."""
    levels = levels_of((a, value, key))
    there = behind(key, len(levels))
    if there is None:
        return NotImplemented
    into = np.array(full(a, levels))
    place = follow(Batched(into, levels), path).array
    ndim = place[there].ndim - len(levels)
    extra = max(np.ndim(value) - ndim, 0)  # NumPy lets a value have more axes of size one
    value = expanded(np.reshape(value, np.shape(value)[extra:]), levels, ndim)
    if not np.shares_memory(place, into):
        return NotImplemented  # which raises
    place[there] = value
    return Batched(into, levels)


def write_into(into, value, key, path):
    """Write `value` at `key` of what `path` reads from `into`."""
    place = follow(into, path)
    if not is_view(place, into):
        steps = " of ".join(function.name for function, _, _ in reversed(path))
        raise ShapeError(
            f"cannot write through {steps}: it is a copy of an array of shape {into.shape}; write "
            f"to that array itself"
        )
    place[key] = value


def written_vjp_value(g, key, path, value_shape, a_shape):
    """Return what each element of the value gets: that of the places where it was the last."""
    part = follow(g, path)[key]
    if repeats(key):
        part = np.where(lasting(key, np.shape(follow(np.broadcast_to(0, a_shape), path))), part, 0)
    if part.shape == value_shape:
        return part
    extra = max(len(value_shape) - part.ndim, 0)  # NumPy lets a value have more axes of size one
    return np.reshape(unbroadcast(part, value_shape[extra:]), value_shape)


def lasting(key, shape):
    """Return where ``x[key] = value`` leaves its mark: of places named twice, the last one."""
    number = np.zeros(shape, int)
    each = np.arange(1, number[key].size + 1).reshape(number[key].shape)
    number[key] = each
    return number[key] == each


def zero_at(g, key, path):
    """Set the elements of `g` that were overwritten to zero."""
    write_into(g, 0, key, path)


written: Primitive = general(
    written_array,
    lambda g, key, path: written(g, 0, key, path),
    written_vjp_value,
    jvps=[
        lambda g, key, path: written(g, 0, key, path),
        lambda g, key, path, a_shape: written(np.zeros(a_shape, g.dtype), g, key, path),
    ],
    name="setitem",
    zero_at=zero_at,
    chooses=True,
)


def setitem(tensor, key, value):
    """Write into `tensor`, and so into the memory that it shares with other Tensors."""
    if is_read_by_name(value, tensor, getitem, key):
        return  # the second half of ``x[key] += v``, where x[key] is a view: it is done
    operand = as_operand(value)
    if operand is NotImplemented:
        raise DtypeError(f"cannot write {type(value).__name__} into a Tensor; pass an array")
    write(tensor, frozen(key), operand)


def write(tensor, key, operand):
    """Write a Tensor or an array at `key`; whatever is wrong is raised before anything changes."""
    owner, path = owner_of(tensor)
    views = views_of(owner)
    value = operand._data if isinstance(operand, Tensor) else operand
    dtype = np.result_type(value)
    if dtype.kind == "c" != owner.dtype.kind:
        raise DtypeError(
            f"cannot write {dtype} into a Tensor of {owner.dtype}: the imaginary part would be "
            f"lost; write np.real(value)"
        )
    bound = {"a": owner._data, "value": value, "key": key, "path": path}
    ans = bound["a"]
    if isinstance(is_recording(), bool) and holds_alone(owner, views, 2):  # not for a tape
        alone = not levels_of((value, key))
    else:
        alone = False
    if alone:
        write_into(ans, value, key, path)
    else:
        ans = written.apply(bound, 4)
    nodes = {"a": owner._node, "value": getattr(operand, "_node", None)}
    result = written.record(ans, bound, nodes)
    move(owner, ans, result._node or owner._node)
    for view in views:
        again = follow(owner, path_to(view))
        move(view, again._data, again._node)


set_operator("setitem", setitem)


# Arithmetic in place.


def in_place(function):
    """Return the operator that puts the result of `function` where its first operand was."""

    def operator(x, y):
        if not x.shape:
            return NotImplemented  # a number: Python binds the name to a new one, as with NumPy's
        new = function(x, y)
        if new is NotImplemented:
            return new
        if new.shape != x.shape:
            raise ShapeError(
                f"the result of shape {new.shape} does not fit in place into a Tensor of shape "
                f"{x.shape}; write x = x {function.__name__} y"
            )
        if not np.can_cast(new.dtype, x.dtype, "same_kind"):
            raise DtypeError(
                f"the result of {new.dtype} does not fit in place into a Tensor of {x.dtype}; "
                f"write x = x {function.__name__} y"
            )
        write(x, ..., new)
        return x

    return operator


for name in ("add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "matmul"):
    set_operator(f"i{name}", in_place(getattr(python, name)))
