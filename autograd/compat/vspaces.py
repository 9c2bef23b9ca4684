"""Vector spaces, as HIPS autograd has them: zeros, ones and sums of a value that varies.

`vspace` of a value is the space in which its tangents and cotangents are.
"""

from collections.abc import Callable, Iterator
from typing import Any, ClassVar

import numpy as np

from autograd.batching import Batched
from autograd.errors import DtypeError
from autograd.operands import value_of
from autograd.tensor import Tensor
from autograd.transforms.running import leaves_like
from autograd.tree import flatten, map_leaves, parts


class VSpace:
    """The space of an array, a number or a container of them, at a value.

    Attributes
    ----------
    mappings : dict from type to callable
        What makes the space of values of a class; others are added with `register`.
    shape, size, iscomplex
        Of the array; of a container, `size` is the sum, and `shape` has its form.
    """

    mappings: ClassVar[dict[type, Callable[[Any], "VSpace"]]] = {}

    def __init__(self, value: Any) -> None:
        plain = map_leaves(value_of, value)
        self.example = map_leaves(lambda leaf: np.zeros_like(np.asarray(leaf)), plain)
        leaves = flatten(self.example)[0]
        self.iscomplex = any(leaf.dtype.kind == "c" for leaf in leaves)
        self.size = sum(leaf.size * (2 if leaf.dtype.kind == "c" else 1) for leaf in leaves)
        self.shape = map_leaves(np.shape, self.example)
        if parts(self.example) is None:
            self.dtype, self.ndim = self.example.dtype, self.example.ndim

    @classmethod
    def register(cls, value_type: type, vspace_maker: Any = None) -> None:
        """State what makes the space of values of a class; a subclass itself where it is called."""
        VSpace.mappings[value_type] = vspace_maker or cls

    def __eq__(self, other: object) -> bool:
        return isinstance(other, VSpace) and self._form() == other._form()

    def __hash__(self) -> int:
        return hash(self.size)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.shape})"

    def _form(self) -> Any:
        leaves, _ = flatten(self.example)
        kinds = map_leaves(lambda leaf: leaf.dtype.kind == "c", self.example)
        return type(self.example), [leaf.shape for leaf in leaves], kinds

    def zeros(self) -> Any:
        """Return zero."""
        return map_leaves(np.zeros_like, self.example)

    def ones(self) -> Any:
        """Return ones; in complex arrays, 1 + 1j."""
        return map_leaves(lambda e: np.full_like(e, 1 + 1j if _is_complex(e) else 1), self.example)

    def randn(self) -> Any:
        """Return normally distributed numbers, from NumPy's global generator."""

        def normal(e: Any) -> Any:
            real = np.random.randn(*e.shape)  # noqa: NPY002 - so that seeds hold, as in HIPS's
            drawn = real + 1j * np.random.randn(*e.shape) if _is_complex(e) else real  # noqa: NPY002
            return np.asarray(drawn).astype(e.dtype)

        return map_leaves(normal, self.example)

    def standard_basis(self) -> Iterator[Any]:
        """Yield the unit vectors; of complex numbers, the imaginary ones after the real ones."""
        leaves, rebuild = flatten(self.example)
        for position, leaf in enumerate(leaves):
            for index in np.ndindex(leaf.shape):
                for unit in (1, 1j) if _is_complex(leaf) else (1,):
                    fresh = [np.zeros_like(e) for e in leaves]
                    fresh[position][index] = unit
                    yield rebuild(fresh)

    def add(self, x: Any, y: Any) -> Any:
        """Return the sum of two vectors."""
        return self._together(lambda a, b: a + b, x, y)

    def mut_add(self, x: Any, y: Any) -> Any:
        """Return the sum; unlike HIPS's, it never writes into `x`."""
        return self.add(self.zeros() if x is None else x, y)

    def scalar_mul(self, x: Any, a: Any) -> Any:
        """Return a vector times a number."""
        return map_leaves(lambda leaf: leaf * a, x)

    def inner_prod(self, x: Any, y: Any) -> Any:
        """Return the real inner product of two vectors."""
        terms = self._together(lambda a, b: np.real(np.sum(np.conj(a) * b)), x, y)
        return sum(flatten(terms)[0])

    def covector(self, x: Any) -> Any:
        """Return the vector as a cotangent: its conjugate."""
        return map_leaves(np.conj, x)

    def _together(self, function: Callable[[Any, Any], Any], x: Any, y: Any) -> Any:
        _, rebuild = flatten(self.example)
        pairs = zip(leaves_like(x, self.example), leaves_like(y, self.example), strict=True)
        return rebuild([function(a, b) for a, b in pairs])


class ArrayVSpace(VSpace):
    """The space of a real array."""


class ComplexArrayVSpace(ArrayVSpace):
    """The space of a complex array, as a real space."""


class ContainerVSpace(VSpace):
    """The space of a container."""


class SequenceVSpace(ContainerVSpace):
    """The space of a sequence."""


class ListVSpace(SequenceVSpace):
    """The space of a list."""


class TupleVSpace(SequenceVSpace):
    """The space of a tuple."""


class NamedTupleVSpace(SequenceVSpace):
    """The space of a tuple with names."""


class DictVSpace(ContainerVSpace):
    """The space of a dictionary."""


class SparseObject:
    """A cotangent that is zero but for what `mut_add` adds to an array."""

    __slots__ = ("mut_add", "vs")

    def __init__(self, vs: VSpace, mut_add: Callable[[Any], Any]) -> None:
        self.vs, self.mut_add = vs, mut_add


def vspace(value: Any) -> VSpace:
    """Return the space of the tangents of `value`.

    Raises
    ------
    DtypeError
        If there are none: of whole numbers (but arrays of them), strings and so on.

    Examples
    --------
    >>> vspace({"w": np.ones((2, 3)), "b": 1.0}).size
    7
    """
    if isinstance(value, Tensor):
        value = value_of(value)
    if isinstance(value, SparseObject):
        return value.vs
    maker = VSpace.mappings.get(type(value))
    if maker is not None:
        return maker(value)
    each: Any = value  # which type checkers cannot follow
    for kind, space in CONTAINERS.items():
        if isinstance(value, kind):
            children = each.values() if kind is dict else each
            for child in children:
                vspace(child)  # which raises where there is none
            return space(value)
    if isinstance(value, np.ndarray) and value.dtype.kind in "fciub":
        return ComplexArrayVSpace(value) if _is_complex(value) else ArrayVSpace(value)
    if isinstance(value, float | np.floating):
        return ArrayVSpace(value)
    if isinstance(value, complex | np.complexfloating):
        return ComplexArrayVSpace(value)
    raise DtypeError(
        f"Can't find vector space for value {value!r} of type {type(value).__name__}: real and "
        f"complex numbers vary, and containers of them; write 2.0 for 2"
    )


CONTAINERS: dict[type, type[VSpace]] = {dict: DictVSpace, list: ListVSpace, tuple: TupleVSpace}


def zeros_like(leaf: Any) -> Any:
    """Return zeros for a number or an array, or None for what is neither."""
    value = value_of(leaf)
    if type(value) is Batched:
        return np.zeros_like(value)
    value = np.asarray(value)
    if value.dtype.kind in "fc":
        return np.zeros_like(value)[()] if not value.shape else np.zeros_like(value)
    return np.zeros(value.shape) if value.dtype.kind in "iub" else None


def _is_complex(value: Any) -> bool:
    return np.asarray(value).dtype.kind == "c"
