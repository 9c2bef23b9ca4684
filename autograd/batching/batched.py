"""Batched: an array for each of many examples, which looks like that of one."""

import functools
import importlib
import itertools
import operator
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np

from autograd.errors import BatchError

RULES: dict[Callable[..., Any], Callable[..., Any]] = {}
"""From a function of arrays to what is called instead when one of them is batched."""

next_number = itertools.count().__next__


class Level:
    """One batch: how many examples there are, and whether what runs on them still does.

    While it runs, a cotangent of what all examples share is kept for each example; afterwards it
    is summed.
    """

    __slots__ = ("active", "number", "size")

    def __init__(self, size: int) -> None:
        self.size, self.active, self.number = size, True, next_number()
        importlib.import_module("autograd.batching.rules")


Levels = tuple[Level, ...]


class Shape(tuple[int, ...]):  # noqa: SLOT001 - a tuple with an attribute
    """The shape of one example, which knows the levels of the batch."""

    levels: Levels


class Batched:
    """An array for each example of one or more levels.

    Attributes
    ----------
    array : ndarray
        One axis for each level, then those of the examples.
    levels : tuple of Level
        In the order of their numbers.
    """

    __slots__ = ("array", "levels")
    __array_priority__ = 50.0  # below that of Tensors, whose values they can be
    __hash__ = None  # type: ignore[assignment]
    array: Any
    levels: Levels

    def __init__(self, array: Any, levels: Levels) -> None:
        self.array, self.levels = array, levels

    @property
    def shape(self) -> Shape:
        """Shape of one example."""
        shape = Shape(self.array.shape[len(self.levels) :])
        shape.levels = self.levels
        return shape

    @property
    def ndim(self) -> int:
        """Axes of one example."""
        return int(self.array.ndim) - len(self.levels)

    dtype = property(operator.attrgetter("array.dtype"), doc="NumPy dtype.")
    itemsize = property(operator.attrgetter("array.itemsize"), doc="Bytes of one element.")
    nbytes = property(operator.attrgetter("array.nbytes"), doc="Bytes of all examples.")
    base = None  # which views are told by
    size = property(lambda self: int(np.prod(self.shape)), doc="Elements of one example.")
    T = property(np.transpose, doc="The axes of each example reversed.")
    mT = property(lambda self: np.swapaxes(self, -1, -2), doc="The last two axes swapped.")
    real = property(np.real, doc="Real parts.")
    imag = property(np.imag, doc="Imaginary parts.")

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **kwargs: Any) -> Any:
        if any(map(_is_foreign, inputs)) or any(map(_is_foreign, kwargs.values())):
            return NotImplemented
        if method == "at" or kwargs.get("out") is not None:
            raise BatchError(f"{ufunc.__name__} cannot write into an array inside vmap")
        if method != "__call__":
            rule = RULES.get(getattr(np.ufunc, method))
            rule = rule and functools.partial(rule, ufunc)
            return called(getattr(ufunc, method), inputs, kwargs, rule)
        if kwargs or ufunc.signature is not None:
            return called(ufunc, inputs, kwargs, RULES.get(ufunc))
        return broadcast(ufunc, inputs)

    def __array_function__(self, function: Any, types: Any, args: Any, kwargs: Any) -> Any:
        if not all(issubclass(kind, KNOWN) for kind in types):
            return NotImplemented
        return called(function, args, kwargs, RULES.get(function))

    def __array__(self, *_: Any, **__: Any) -> Any:
        raise BatchError(
            f"this is one array of shape {self.shape} for each of "
            f"{' by '.join(str(level.size) for level in self.levels)} examples, inside vmap; "
            f"use NumPy's functions on it, not what needs one array"
        )

    def __bool__(self) -> bool:
        raise BatchError(
            "the truth of a value that differs between examples, inside vmap: there is one for "
            "each; write np.where(condition, a, b) for if, and a loop for while"
        )

    def _number(self) -> Any:
        raise BatchError(
            "one number of a value that differs between examples, inside vmap: there is one for "
            "each; return it from the function that vmap runs"
        )

    __float__ = __int__ = __index__ = __complex__ = _number

    def item(self, *_: Any) -> Any:
        """Raise: there is one number for each example."""
        return self._number()

    def __len__(self) -> int:
        if not self.ndim:
            raise TypeError("len() of unsized object")
        return int(self.shape[0])

    def __iter__(self) -> "Iterator[Any]":
        return (self[index] for index in range(len(self)))

    def __repr__(self) -> str:
        sizes = " by ".join(str(level.size) for level in self.levels)
        return f"Batched({sizes} examples of shape {tuple(self.shape)}, {self.dtype})"

    def __getitem__(self, key: Any) -> Any:
        return called(operator.getitem, (self, key), {}, RULES[operator.getitem])

    def astype(self, dtype: Any, *_: Any, **options: Any) -> "Batched":
        """Return the same in another dtype."""
        return Batched(self.array.astype(dtype, **options), self.levels)

    def copy(self, order: Any = "C") -> "Batched":
        """Return a copy."""
        del order  # of one example there is none
        return Batched(self.array.copy(), self.levels)

    def reshape(self, *shape: Any, order: Any = "C") -> Any:
        """Return each example in another shape."""
        return np.reshape(self, shape[0] if len(shape) == 1 else shape, order=order)

    def transpose(self, *axes: Any) -> Any:
        """Return the axes of each example in another order."""
        return np.transpose(self, (axes[0] if len(axes) == 1 else axes) or None)


def _is_foreign(operand: Any) -> bool:
    """Whether an operand is of another kind that knows NumPy's protocols, and should handle it."""
    kind = type(operand)
    if kind in SCALARS or kind is Batched:
        return False
    return hasattr(kind, "__array_ufunc__") and not issubclass(kind, KNOWN)


KNOWN = (Batched, np.ndarray, np.generic)
SCALARS = frozenset({float, int, bool, complex, np.float64, np.float32})


def is_batched(x: Any) -> bool:
    """Whether `x` is a batched array itself, not a Tensor of one."""
    return type(x) is Batched


def _operator(name: str) -> None:
    """Give `Batched` the operator of a ufunc, and the reflected one."""
    ufunc: Any = BINARY[name]

    def forward(x: Any, y: Any) -> Any:
        return NotImplemented if _is_foreign(y) else ufunc(x, y)

    def reflected(y: Any, x: Any) -> Any:
        return NotImplemented if _is_foreign(x) else ufunc(x, y)

    setattr(Batched, f"__{name}__", forward)
    if name not in COMPARISONS:
        setattr(Batched, f"__r{name}__", reflected)


COMPARISONS = {"lt": np.less, "le": np.less_equal, "eq": np.equal, "ne": np.not_equal}
COMPARISONS |= {"gt": np.greater, "ge": np.greater_equal}
BINARY = {
    "add": np.add, "sub": np.subtract, "mul": np.multiply, "truediv": np.true_divide,
    "floordiv": np.floor_divide, "mod": np.remainder, "divmod": np.divmod, "pow": np.power,
    "matmul": np.matmul, "and": np.bitwise_and, "or": np.bitwise_or, "xor": np.bitwise_xor,
    **COMPARISONS,
}  # fmt: skip
for each_name in BINARY:
    _operator(each_name)
for each_name, each in (
    ("neg", np.negative), ("pos", np.positive), ("abs", np.absolute), ("invert", np.invert),
):  # fmt: skip
    setattr(Batched, f"__{each_name}__", lambda self, ufunc=each: ufunc(self))
for each_name in (
    "all", "any", "argmax", "argmin", "argsort", "clip", "conj", "conjugate", "cumprod", "cumsum",
    "diagonal", "dot", "max", "mean", "min", "prod", "ravel", "repeat", "round", "squeeze", "std",
    "sum", "swapaxes", "take", "trace", "var",
):  # fmt: skip
    setattr(Batched, each_name, getattr(np, each_name))


# What functions are called with.


def states(*functions: Any) -> Callable[[Any], Any]:
    """Return the decorator that states a rule for functions; it gets what they are called with."""

    def decorate(rule: Any) -> Any:
        for function in functions:
            RULES[function] = rule
        return rule

    return decorate


def called(function: Callable[..., Any], args: Any, kwargs: Any, rule: Any = None) -> Any:
    """Return what `rule` makes of a call; where there is none, or it does not know, loop."""
    if rule is not None:
        found = rule(*args, **kwargs)
        if found is not NotImplemented:
            return found
    return loop(function, args, kwargs)


def each_again(error: Exception, function: Callable[..., Any], args: Any, kwargs: Any) -> Any:
    """Call a function that failed of batched arrays for each example; else raise its error."""
    if not levels_of((args, tuple(kwargs.values()))):
        raise error
    rule = RULES.get(function)
    return called(function, args, kwargs, rule)


def leaves(value: Any) -> Iterator[Any]:
    """Yield what is in nested tuples, lists and dicts."""
    if isinstance(value, tuple | list):
        for item in value:
            yield from leaves(item)
    elif isinstance(value, dict):
        yield from leaves(tuple(value.values()))
    else:
        yield value


def levels_of(value: Any) -> Levels:
    """Return the levels of all that is batched in `value`, in the order of their numbers."""
    found: set[Level] = set()
    for leaf in leaves(value):
        shape = getattr(leaf, "shape", None)
        if type(shape) is Shape:
            found.update(shape.levels)
    return tuple(sorted(found, key=number_of)) if len(found) > 1 else tuple(found)


number_of = operator.attrgetter("number")


def sizes(levels: Levels) -> tuple[int, ...]:
    """Return the number of examples of each level."""
    return tuple(level.size for level in levels)


def expanded(x: Any, levels: Levels, ndim: int | None = None) -> Any:
    """Return an array with an axis for each level, of size one where all examples share it.

    With `ndim`, the examples have so many axes, the first ones of size one if need be.
    """
    if type(x) is not Batched:
        x = np.asarray(x)
        return x.reshape((1,) * (len(levels) + (ndim or x.ndim) - x.ndim) + x.shape)
    missing = 0 if ndim is None else ndim - x.ndim
    if x.levels == levels and not missing:
        return x.array
    rest = iter(x.array.shape)
    front = tuple(next(rest) if level in x.levels else 1 for level in levels)
    return x.array.reshape((*front, *(1,) * missing, *rest))


def full(x: Any, levels: Levels) -> Any:
    """Return an array with an axis for each level, of its size."""
    array = expanded(x, levels)
    return np.broadcast_to(array, (*sizes(levels), *array.shape[len(levels) :]))


def broadcast(function: Callable[..., Any], operands: Sequence[Any], **kwargs: Any) -> Any:
    """Call a function that broadcasts, once for all examples."""
    first = operands[0]
    if len(operands) == 1:
        return wrapped(function(first.array, **kwargs), first.levels)
    if len(operands) == 2 and _fit(*operands):
        x, y = operands
        levels = x.levels if type(x) is Batched else y.levels
        arrays = (z.array if type(z) is Batched else z for z in operands)
        return wrapped(function(*arrays, **kwargs), levels)
    levels = levels_of(operands)
    ndim = max(np.ndim(x) for x in operands)
    aligned = [expanded(x, levels, ndim) if type(x) is Batched else x for x in operands]
    return wrapped(function(*aligned, **kwargs), levels)


def _fit(x: Any, y: Any) -> bool:
    """Whether two operands broadcast as they are, which most do."""
    if type(x) is not Batched:
        x, y = y, x
    if type(y) is Batched:
        return x.levels == y.levels and bool(x.array.ndim == y.array.ndim)
    return type(y) in SCALARS or np.ndim(y) <= x.ndim


def wrapped(outputs: Any, levels: Levels) -> Any:
    """Return arrays that a function has made for all examples, as batched ones."""
    if isinstance(outputs, tuple):
        items = [Batched(output, levels) for output in outputs]
        return remade(outputs, items)
    return Batched(outputs, levels)


def remade(like: Any, items: list[Any]) -> Any:
    """Return a tuple, named tuple or list of the kind of another."""
    return getattr(type(like), "_make", type(like))(items)


# One example after another.


def loop(function: Callable[..., Any], args: Any, kwargs: Any) -> Any:
    """Call a function for each example, and stack what it returns."""
    levels = levels_of((args, tuple(kwargs.values())))
    opened = map_arrays((args, kwargs), unbatched)
    results = []
    for index in np.ndindex(sizes(levels)):
        place = dict(zip(levels, index, strict=True))

        def one(x: Any, place: Any = place) -> Any:
            return x.array[tuple(place[level] for level in x.levels)]

        given, named = map_arrays(opened, one)
        results.append(function(*given, **named))
    return stacked(results, levels, function)


class Opened(NamedTuple):
    """What is batched, an array or a Tensor of one, with its levels as axes."""

    array: Any
    levels: Levels


def map_arrays(value: Any, change: Callable[[Any], Any]) -> Any:
    """Return nested tuples, lists and dicts with all that is batched, or `Opened`, changed."""
    if type(value) is Opened or type(getattr(value, "shape", None)) is Shape:
        return change(value)
    if isinstance(value, dict):
        return {key: map_arrays(item, change) for key, item in value.items()}
    if isinstance(value, tuple | list):
        items = [map_arrays(item, change) for item in value]
        return remade(value, items)
    return value


def unbatched(x: Any) -> Opened:
    """Return an array, or a Tensor, with the levels of a batched one as its first axes."""
    levels = x.shape.levels
    if type(x) is Batched:
        return Opened(x.array, levels)
    for level in reversed(levels):
        x = through(unbatch, x, level, 0)
    return Opened(x, levels)


def through(function: Callable[..., Any], x: Any, *arguments: Any) -> Any:
    """Call a function of this module; of a Tensor, the way NumPy calls its own."""
    if type(x) is Batched or isinstance(x, np.ndarray | np.generic):
        return function(x, *arguments)
    return x.__array_function__(function, (type(x),), (x, *arguments), {})


def stacked(results: list[Any], levels: Levels, function: Callable[..., Any]) -> Any:
    """Return results of all examples as batched arrays, in the containers that they are in."""
    first = results[0]
    if isinstance(first, tuple | list):
        items = [stacked(list(some), levels, function) for some in zip(*results, strict=True)]
        return remade(first, items)
    if first is None or isinstance(first, str):
        return first
    shapes = {tuple(np.shape(result)) for result in results}
    if len(shapes) > 1:
        raise BatchError(
            f"{getattr(function, '__name__', function)} gives arrays of different shapes for the "
            f"examples of a batch, such as {shapes.pop()} and {shapes.pop()}; use np.where instead "
            f"of a mask as an index"
        )
    whole = np.reshape(np.stack(results), (*sizes(levels), *shapes.pop()))
    for level in levels:
        whole = through(batch, whole, level, 0)
    return whole


# From arrays to batches and back: four functions, each the transpose of another.


def batch(x: Any, level: Level, axis: int) -> Batched:
    """Return an array of which an axis holds the examples of a level."""
    outer = levels_of((x,))
    array = expanded(x, outer)
    levels = tuple(sorted((*outer, level), key=number_of))
    axis = axis + len(outer) if axis >= 0 else axis
    return Batched(np.moveaxis(array, axis, levels.index(level)), levels)


def unbatch(x: Any, level: Level, axis: int) -> Any:
    """Return an array with the examples of a level along an axis."""
    array = x.array if type(x) is Batched else np.asarray(x)
    levels = x.levels if type(x) is Batched else ()
    if level not in levels:
        place = len(levels)
        shape = array.shape
        array = np.broadcast_to(
            np.expand_dims(array, place), (*shape[:place], level.size, *shape[place:])
        )
    else:
        place = levels.index(level)
        levels = levels[:place] + levels[place + 1 :]
    array = np.moveaxis(array, place, axis + len(levels) if axis >= 0 else axis)
    return Batched(array, levels) if levels else array


def spread(x: Any, levels: Iterable[Level]) -> Batched:
    """Return `x` with more levels, the same for all their examples."""
    every = sorted({*levels, *levels_of((x,))}, key=number_of)
    return Batched(full(x, tuple(every)), tuple(every))


def collapse(x: Any, levels: Levels) -> Any:
    """Return the sum over all examples of some levels."""
    x = spread(x, levels)
    axes = tuple(i for i, level in enumerate(x.levels) if level in levels)
    rest = tuple(level for level in x.levels if level not in levels)
    total = np.add.reduce(x.array, axes)
    return Batched(total, rest) if rest else total


def settled(c: Any, shape: tuple[int, ...]) -> Any:
    """Return a contribution to a cotangent of `shape`, summed over levels that this does not have.

    A level that has not ended stays: the cotangent is one for each example then.
    """
    levels = getattr(shape, "levels", ())
    over = tuple(level for level in c.shape.levels if level not in levels and not level.active)
    if not over:
        return c
    return through(collapse, c, over)
