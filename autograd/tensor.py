"""Tensor: a value, its gradient, its node.

A Tensor speaks NumPy's protocols, so NumPy's functions and operators work on it and record what
they do. Its operators are set where the function they stand for gets its rule (`autograd/ops`).
"""

import math
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd import dispatch, foreign, graph
from autograd.batching import Batched, is_batched
from autograd.errors import DetachError, DtypeError, NoGraphError, NotScalarError, ShapeError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, DTypeLike, NDArray


def _method(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return the method that calls a NumPy function."""

    def method(self: Any, *args: Any, **kwargs: Any) -> Any:
        stand_in = dispatch.TABLE.get(function) or dispatch.stand_in_for(function)
        return stand_in(self, *args, **kwargs)

    method.__name__ = method.__qualname__ = function.__name__
    method.__doc__ = f"Return ``{dispatch.numpy_name(function)}`` of this Tensor."
    return method


def _refused(conversion: str) -> Callable[..., Any]:
    """Return the method that refuses a conversion in which the gradient would be lost."""

    def method(self: Any) -> Any:
        raise DetachError(
            f"{conversion} of a Tensor of shape {self.shape} would lose its gradient in silence; "
            f"write np's function for math's, t.item() for the number, t.data for the array; to "
            f"write it into an array, make that a Tensor first: ag.Tensor(array)[i] = t"
        )

    return method


def _checked(data: Any, dtype: Any) -> "NDArray[Any]":
    """Return `data` as an array of real or complex numbers."""
    if isinstance(data, Tensor):
        raise DetachError(
            "a Tensor of a Tensor would lose its gradient; use it as it is, or t.detach()"
        )
    value = data if is_batched(data) else np.asarray(data, dtype)
    if value.dtype.kind not in "fc":
        raise DtypeError(
            f"a Tensor holds real or complex numbers, got {value.dtype}; pass arrays of "
            f"{value.dtype} to functions as they are, or give dtype=float"
        )
    return value


class Tensor:
    """An array that remembers how it was computed.

    Parameters
    ----------
    data : array_like of float or complex
        Its memory is shared, not copied, where it is an array already.
    requires_grad : bool
        Whether it is a variable; otherwise a constant.
    name : str, optional
        For drawings and messages.
    dtype : dtype, optional
        As in `numpy.asarray`.

    Raises
    ------
    DtypeError
        If `data` are integers, booleans or objects.

    Examples
    --------
    >>> x = Tensor([1.0, 2.0, 3.0])
    >>> y = np.sum(x**2)
    >>> y.backward()
    >>> x.grad
    array([2., 4., 6.])
    """

    __slots__ = (
        "__weakref__", "_data", "_is_constant", "_name", "_node", "_origin", "_view", "_views",
    )  # fmt: skip
    __array_priority__ = 100.0
    _data: Any
    _is_constant: bool  # whether it was made one, or frozen; not there if it was computed
    _node: graph.Node | None
    _origin: graph.Node | None  # the node before the first write
    _view: Any  # whose memory it shows, and how: see `views`
    _views: list[Any]  # references to those that show its memory

    def __init__(
        self,
        data: "ArrayLike",
        requires_grad: bool = True,
        name: str | None = None,
        dtype: "DTypeLike | None" = None,
    ) -> None:
        if type(data) is float and dtype is None:
            value: Any = np.float64(data)
        else:
            value = _checked(data, dtype)
        self._data = value
        self._node = graph.leaf(value) if requires_grad else None
        if not requires_grad:
            self._is_constant = True
        if name is not None:
            self.name = name

    # What it holds.

    @property
    def data(self) -> "NDArray[Any]":
        """The value, an array; of a leaf it can be set, in the same shape and dtype.

        Writing into it is for leaves, between a walk and the next operation. An array that the
        graph has saved must not change: the walk would raise ForeignWriteError.
        """
        if (tape := graph.tape()) is not None:
            tape.event(".data", self)
        if is_batched(self._data):
            batched: NDArray[Any] = self._data
            return batched
        if type(self._data) is not np.ndarray:  # NumPy's functions return scalars, not 0-d arrays
            self._data = np.asarray(self._data)
        elif foreign.may_be_saved(self):
            foreign.hand_out(self, graph.next_birth())
        return self._data

    @data.setter
    def data(self, data: "ArrayLike") -> None:
        value = np.asarray(data)
        if self._node is not None and self._node.plan is not None:
            raise DetachError(
                f"data of the result of {self._node.op} cannot be set; t.detach() is a new Tensor"
            )
        if (value.shape, value.dtype) != (self.shape, self.dtype):
            raise ShapeError(
                f"data must stay of shape {self.shape} and {self.dtype}, got {value.shape} and "
                f"{value.dtype}; make a new Tensor instead"
            )
        self._data = value

    def _first_node(self) -> graph.Node | None:
        """Return the leaf that this Tensor was before anything was written into it, or its node."""
        origin = getattr(self, "_origin", None)
        return self._node if origin is None or origin.plan is not None else origin

    @property
    def grad(self) -> Any:
        """Gradient that `backward` has left here, an array that only this Tensor holds, or None.

        Of a Tensor that was written to, it is that of the values which it was made with.
        """
        node = self._first_node()
        return None if node is None else node.grad

    @grad.setter
    def grad(self, grad: Any) -> None:
        if grad is not None and np.shape(grad) != self.shape:
            raise ShapeError(
                f"grad must have the shape of its Tensor, {self.shape}, got {np.shape(grad)}"
            )
        node = self._first_node()
        if node is not None:
            node.more().grad = grad
        elif grad is not None:
            raise NoGraphError("a constant Tensor has no gradient; make it with requires_grad=True")

    @property
    def name(self) -> str | None:
        """Name for drawings and messages."""
        node = self._first_node()
        return getattr(self, "_name", None) if node is None else node.name

    @name.setter
    def name(self, name: str | None) -> None:
        node = self._first_node()
        if node is None:
            self._name = name
        else:
            node.more().name = name

    @property
    def requires_grad(self) -> bool:
        """Whether it is differentiated; of a leaf it can be set, which forgets the gradient.

        Examples
        --------
        >>> weight = Tensor([2.0])
        >>> weight.requires_grad = False
        >>> (weight * 3.0).requires_grad, weight.is_leaf
        (False, True)
        """
        return self._node is not None

    @requires_grad.setter
    def requires_grad(self, requires_grad: bool) -> None:
        if requires_grad == (self._node is not None):
            return
        if self._node is not None and self._node.plan is not None:
            raise DetachError(
                f"the result of {self._node.op} depends on variables as long as they are; freeze "
                f"those, or take t.detach(), a new Tensor"
            )
        name = self.name
        self._node = graph.leaf(self._data) if requires_grad else None
        self._is_constant = True
        if name is not None:
            self.name = name

    @property
    def is_leaf(self) -> bool:
        """Whether it was made as a Tensor, a variable or a constant one; else it was computed."""
        return hasattr(self, "_is_constant") if self._node is None else self._node.plan is None

    shape = property(lambda self: self._data.shape, doc="Tuple of its sizes.")
    dtype = property(lambda self: self._data.dtype, doc="NumPy dtype.")
    ndim = property(lambda self: self._data.ndim, doc="Number of axes.")
    size = property(lambda self: self._data.size, doc="Number of elements.")
    nbytes = property(lambda self: self._data.nbytes, doc="Bytes of the value.")
    itemsize = property(lambda self: self._data.itemsize, doc="Bytes of one element.")

    def numpy(self) -> "NDArray[Any]":
        """Return the value, an array."""
        return self.data

    def item(self, *index: Any) -> Any:
        """Return the only element, or the one at `index`, as a Python number.

        Examples
        --------
        >>> Tensor([2.5]).item()
        2.5
        """
        return self._data.item(*index)

    def tolist(self) -> Any:
        """Return the value as nested lists of Python numbers."""
        return self._data.tolist()

    def tobytes(self, order: Any = "C") -> bytes:
        """Return the memory of the value."""
        data: bytes = self._data.tobytes(order)
        return data

    def detach(self) -> "Tensor":
        """Return a constant Tensor that shares this one's memory."""
        if (tape := graph.tape()) is not None:
            tape.event("detach()", self)
        return constant(self._data)

    # Its place in the graph.

    @property
    def op(self) -> str | None:
        """Name of the operation that made it; None for a leaf."""
        return None if self._node is None else self._node.op

    @property
    def parents(self) -> tuple[graph.Node, ...]:
        """The nodes of the arguments it was computed from, one for each occurrence."""
        return () if self._node is None else self._node.parents

    @property
    def vjps(self) -> tuple[Callable[[Any], Any], ...]:
        """For each parent, the function from this Tensor's cotangent to what it adds to its own.

        Examples
        --------
        >>> x, y = Tensor(3.0), Tensor(5.0)
        >>> [float(vjp(np.float64(1.0))) for vjp in (x * y).vjps]
        [5.0, 3.0]
        """
        return () if self._node is None else self._node.vjps

    def backward(
        self, gradient: Any = None, *, create_graph: bool = False, retain_graph: bool = False
    ) -> None:
        """Add the gradient of this Tensor to `grad` of each leaf that it depends on.

        What the graph had saved is freed on the way; its structure stays.

        Parameters
        ----------
        gradient : array_like, optional
            Cotangent, of this Tensor's shape; one if this Tensor is a real scalar.
        create_graph : bool
            Record the walk, so that the gradients (Tensors then) can be differentiated.
        retain_graph : bool
            Keep what the graph has saved, for another walk.

        Raises
        ------
        NotScalarError
            Without `gradient`, if this Tensor is not one real number.
        GraphFreedError
            If the graph was walked before without `retain_graph`.
        """
        node, seed = self._start(gradient if create_graph else getattr(gradient, "_data", gradient))
        order, _ = graph.ancestry((node,))
        retain = retain_graph or create_graph
        found = graph.pullback({node: seed}, order, record=create_graph, retain=retain)
        while found:
            leaf, c = found.popitem()
            if create_graph:
                c = c if isinstance(c, Tensor) else constant(c)
            else:
                c = np.asarray(graph.own(c))
            extra = leaf.more()
            if extra.grad is not None:
                c = extra.grad + c
                c = c if isinstance(c, Tensor) else np.asarray(c, leaf.space[1])
            extra.grad = c

    def _start(self, gradient: Any = None) -> tuple[graph.Node, Any]:
        """Return this Tensor's node and the cotangent to start from, checked."""
        if self._node is None:
            raise NoGraphError(
                "this Tensor depends on no variable: it is a constant, was computed from constants "
                "only, or under no_grad"
            )
        if gradient is None:
            if self.size != 1 or self.dtype.kind == "c":
                raise NotScalarError(
                    f"a gradient needs one real number, got shape {self.shape} of {self.dtype}; "
                    f"sum it, or give backward() the cotangent"
                )
            one = self.dtype.type(1)
            return self._node, np.full(self.shape, one) if self.shape else one
        if np.shape(gradient) != self.shape:
            raise ShapeError(
                f"the cotangent must have shape {self.shape}, got {np.shape(gradient)}"
            )
        if isinstance(gradient, Tensor) and gradient._node is None:
            gradient = gradient._data
        if not isinstance(gradient, Tensor | Batched):
            gradient = np.asarray(gradient)
        return self._node, gradient if gradient.dtype == self.dtype else gradient.astype(self.dtype)

    def zero_grad(self) -> None:
        """Forget the gradient."""
        node = self._first_node()
        if node is not None and node.extra is not None:
            node.extra.grad = None

    def register_hook(self, hook: Callable[[Any], Any]) -> Callable[[], None]:
        """Call `hook` with this Tensor's cotangent in each walk.

        What it returns, if not None, replaces the cotangent.

        Returns
        -------
        callable
            Without arguments; it removes the hook.
        """
        if self._node is None:
            raise NoGraphError("a constant Tensor has no cotangent to hook on")
        extra = self._node.more()
        hooks = extra.hooks = extra.hooks or []
        hooks.append(hook)
        return lambda: hooks.remove(hook) if hook in hooks else None

    # NumPy's protocols.

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **kwargs: Any) -> Any:
        stand_in = dispatch.TABLE.get(ufunc)
        if stand_in is None or kwargs or method != "__call__":
            return dispatch.call_ufunc(ufunc, method, inputs, kwargs)
        return stand_in(*inputs)

    def __array_function__(self, function: Any, _types: Any, args: Any, kwargs: Any) -> Any:
        stand_in = dispatch.TABLE.get(function)
        if stand_in is None or kwargs:
            return dispatch.call_function(function, args, kwargs)
        return stand_in(*args)

    __float__ = _refused("float()")
    __int__ = _refused("int()")
    __complex__ = _refused("complex()")
    __index__ = _refused("the use as an index or a size")

    # Constants, like np.floor of a Tensor.

    def __round__(self, digits: int | None = None) -> Any:
        return round(self.item(), digits)

    def __floor__(self) -> int:
        return math.floor(float(self.item()))

    def __ceil__(self) -> int:
        return math.ceil(float(self.item()))

    def __trunc__(self) -> int:
        return math.trunc(float(self.item()))

    # Python's protocols.

    __hash__ = object.__hash__  # by identity, though == compares values

    def __repr__(self) -> str:
        if is_batched(self._data):
            return f"Tensor({self._data!r})"
        inner = np.array2string(np.asarray(self._data), separator=", ", prefix="Tensor(")
        return f"Tensor({inner}{'' if self.dtype == np.float64 else f', dtype={self.dtype}'})"

    def __format__(self, spec: str) -> str:
        return (
            format(self._data.item() if self.size == 1 else self._data, spec)
            if spec
            else repr(self)
        )

    def __len__(self) -> int:
        if not self.shape:
            raise TypeError("len() of unsized object: a Tensor of shape ()")
        return int(self.shape[0])

    def __contains__(self, value: Any) -> bool:
        return bool(np.any(self._data == value))

    def __bool__(self) -> bool:
        return bool(self._data)

    def __iter__(self) -> "Iterator[Tensor]":
        if not self.shape:
            raise TypeError("iteration over a 0-d Tensor")
        return (self[index] for index in range(self.shape[0]))

    def __reduce__(self) -> Any:
        return Tensor, (self._data, self.requires_grad, self.name)

    # NumPy's methods and attributes.

    T = property(_method(np.transpose), doc="The axes reversed.")
    mT = property(
        lambda self: dispatch.TABLE[np.swapaxes](self, -1, -2), doc="The last two axes swapped."
    )
    real = property(_method(np.real), doc="Real part.")
    imag = property(_method(np.imag), doc="Imaginary part.")
    flat = property(_method(np.ravel), doc="The elements in order, on one axis.")
    all = _method(np.all)
    any = _method(np.any)
    argmax = _method(np.argmax)
    argmin = _method(np.argmin)
    argpartition = _method(np.argpartition)
    argsort = _method(np.argsort)
    astype = _method(np.ndarray.astype)
    clip = _method(np.clip)
    conj = conjugate = _method(np.conjugate)
    copy = _method(np.copy)
    cumprod = _method(np.cumprod)
    cumsum = _method(np.cumsum)
    diagonal = _method(np.diagonal)
    dot = _method(np.dot)
    max = _method(np.max)
    mean = _method(np.mean)
    min = _method(np.min)
    nonzero = _method(np.nonzero)
    prod = _method(np.prod)
    put = _method(np.put)
    ravel = _method(np.ravel)
    repeat = _method(np.repeat)
    round = _method(np.round)
    searchsorted = _method(np.searchsorted)
    squeeze = _method(np.squeeze)
    std = _method(np.std)
    sum = _method(np.sum)
    swapaxes = _method(np.swapaxes)
    take = _method(np.take)
    trace = _method(np.trace)
    var = _method(np.var)

    def compress(self, condition: Any, axis: int | None = None) -> "Tensor":
        """Return ``np.compress`` of this Tensor."""
        tensor: Tensor = dispatch.stand_in_for(np.compress)(condition, self, axis)
        return tensor

    def fill(self, value: Any) -> None:
        """Write `value` everywhere."""
        self[...] = value

    def flatten(self, order: Any = "C") -> "Tensor":
        """Return a copy with one axis."""
        tensor: Tensor = self.ravel(order).copy()
        return tensor

    def partition(self, kth: Any, axis: int = -1, kind: Any = "introselect") -> None:
        """Put the elements where ``np.partition`` has them."""
        self[...] = dispatch.stand_in_for(np.partition)(self, kth, axis, kind)

    def sort(self, axis: int = -1, **keywords: Any) -> None:
        """Put the elements in order, as ``np.sort`` does."""
        self[...] = dispatch.stand_in_for(np.sort)(self, axis, **keywords)

    def reshape(self, *shape: Any, order: Any = "C") -> "Tensor":
        """Return ``np.reshape`` of this Tensor; the shape as a tuple or as arguments."""
        new = shape[0] if len(shape) == 1 else shape
        tensor: Tensor = dispatch.TABLE[np.reshape](self, new, order=order)
        return tensor

    def transpose(self, *axes: Any) -> "Tensor":
        """Return ``np.transpose`` of this Tensor; the axes as a tuple, as arguments, or none."""
        order = (axes[0] if len(axes) == 1 else axes) or None
        tensor: Tensor = dispatch.TABLE[np.transpose](self, order)
        return tensor

    if TYPE_CHECKING:

        def __add__(self, other: Any) -> "Tensor": ...
        def __sub__(self, other: Any) -> "Tensor": ...
        def __mul__(self, other: Any) -> "Tensor": ...
        def __truediv__(self, other: Any) -> "Tensor": ...
        def __floordiv__(self, other: Any) -> Any: ...
        def __mod__(self, other: Any) -> "Tensor": ...
        def __divmod__(self, other: Any) -> tuple[Any, "Tensor"]: ...
        def __pow__(self, other: Any) -> "Tensor": ...
        def __matmul__(self, other: Any) -> "Tensor": ...
        def __radd__(self, other: Any) -> "Tensor": ...
        def __rsub__(self, other: Any) -> "Tensor": ...
        def __rmul__(self, other: Any) -> "Tensor": ...
        def __rtruediv__(self, other: Any) -> "Tensor": ...
        def __rfloordiv__(self, other: Any) -> Any: ...
        def __rmod__(self, other: Any) -> "Tensor": ...
        def __rdivmod__(self, other: Any) -> tuple[Any, "Tensor"]: ...
        def __rpow__(self, other: Any) -> "Tensor": ...
        def __rmatmul__(self, other: Any) -> "Tensor": ...
        def __neg__(self) -> "Tensor": ...
        def __pos__(self) -> "Tensor": ...
        def __abs__(self) -> "Tensor": ...
        def __lt__(self, other: Any) -> Any: ...
        def __le__(self, other: Any) -> Any: ...
        def __gt__(self, other: Any) -> Any: ...
        def __ge__(self, other: Any) -> Any: ...
        def __eq__(self, other: object) -> Any: ...
        def __ne__(self, other: object) -> Any: ...
        def __getitem__(self, key: Any) -> "Tensor": ...
        def __setitem__(self, key: Any, value: Any) -> None: ...


def constant(value: Any) -> Tensor:
    """Return a Tensor that is not differentiated, of an array or NumPy scalar."""
    tensor = Tensor.__new__(Tensor)
    tensor._data, tensor._node = value, None
    return tensor


def attached(value: Any, node: graph.Node) -> Tensor:
    """Return a Tensor of `value` at a node that exists."""
    tensor = Tensor.__new__(Tensor)
    tensor._data, tensor._node = value, node
    return tensor
