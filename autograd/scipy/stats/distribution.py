"""What distributions of autograd are: SciPy's, with formulas for Tensors beside them."""

import functools
import importlib
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from autograd.errors import DtypeError, NotDifferentiableError
from autograd.ops.conversion import holds_tensor, joined
from autograd.tensor import Tensor
from autograd.zeros import plain

Formula = Callable[..., Any]


class Distribution:
    """A distribution of SciPy, with formulas for Tensors; what has none refuses them by name.

    Of arrays every method is SciPy's own.

    Parameters
    ----------
    model : object
        The distribution in `scipy.stats`.
    **formulas : callable
        By the names of its methods.
    """

    def __init__(self, model: Any, **formulas: Formula) -> None:
        self.model, self.formulas = model, formulas
        self.__doc__ = model.__doc__
        self.title = type(model).__name__.removesuffix("_gen")

    # Functions of SciPy ask whether what they are given is a distribution, and which one.
    __class__ = property(lambda self: type(self.model))  # pyright: ignore[reportIncompatibleMethodOverride]

    def __eq__(self, other: object) -> bool:
        return other is self or other is self.model

    def __hash__(self) -> int:
        return hash(self.model)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") or name == "model":
            raise AttributeError(name)
        thing = getattr(self.model, name)
        return functools.partial(self.call, name) if callable(thing) else thing

    def __dir__(self) -> list[str]:
        return dir(self.model)

    def __repr__(self) -> str:
        return f"<autograd.scipy.stats.{self.title}>"

    def __reduce__(self) -> Any:
        return by_name, (self.title,)

    def __call__(self, *args: Any, **kwds: Any) -> "Frozen":
        """Return the distribution with its parameters fixed, which may be Tensors."""
        return Frozen(self, args, kwds)

    def freeze(self, *args: Any, **kwds: Any) -> "Frozen":
        """Return the distribution with its parameters fixed, which may be Tensors."""
        return Frozen(self, args, kwds)

    def parameters(self, args: Any, kwds: Mapping[str, Any]) -> Any:
        """Raise where the parameters of a call cannot be these, with a Tensor among them."""
        if not self.formulas:
            self.formula("freeze")

    def call(self, name: str, *args: Any, **kwds: Any) -> Any:
        """Return what a method says: SciPy's on arrays, by formula on Tensors."""
        if any_tensor(args, kwds):
            return self.formula(name)(*args, **kwds)
        return getattr(self.model, name)(*args, **kwds)

    def formula(self, name: str) -> Formula:
        """Return the formula of a method; raise if there is none."""
        if name not in self.formulas:
            known = ", ".join(sorted(self.formulas))
            raise NotDifferentiableError(
                f"scipy.stats.{self.title}.{name} of a Tensor has no derivative here"
                f"{known and f' ({known} have)'}; pass arrays (t.data) where none is needed, or "
                f"state one with autograd.extend"
            )
        return self.formulas[name]


def by_name(name: str) -> Any:
    """Return a distribution of this module, for `pickle` and `copy`."""
    return getattr(importlib.import_module("autograd.scipy.stats"), name)


def any_tensor(args: Any, kwds: Mapping[str, Any]) -> bool:
    """Whether an argument of a call is a Tensor, or a list with one in it."""
    return holds_tensor(args) or (bool(kwds) and holds_tensor(tuple(kwds.values())))


def every(condition: Any) -> bool:
    """Whether a condition holds for all elements; inside `vmap`, of all examples."""
    return bool(np.all(plain(condition)))


def some(condition: Any) -> bool:
    """Whether a condition holds for an element; inside `vmap`, of any example."""
    return bool(np.any(plain(condition)))


def operand(value: Any) -> Any:
    """Return a Tensor or an array of float64, or of a dtype that holds more."""
    x = joined(value)
    x = x if isinstance(x, Tensor) else np.asarray(x)
    if x.dtype.kind == "c":
        raise DtypeError(f"distributions are of real numbers, got {x.dtype}; pass np.real(x)")
    wide = np.promote_types(x.dtype, np.float64)
    x = x if x.dtype == wide else x.astype(wide)
    return x if isinstance(x, Tensor) or x.ndim else x[()]


class Frozen:
    """A distribution with its parameters fixed, which may be Tensors.

    Examples
    --------
    >>> import autograd as ag
    >>> from autograd.scipy.stats import norm
    >>> ag.grad(lambda loc: norm(loc, 2.0).logpdf(1.0))(0.0)
    np.float64(0.25)
    """

    def __init__(self, dist: Distribution, args: tuple[Any, ...], kwds: Mapping[str, Any]) -> None:
        self.dist, self.args, self.kwds = dist, args, kwds
        self.model = None  # SciPy's, where there is no Tensor
        if any_tensor(args, kwds):
            dist.parameters(args, kwds)
        else:
            self.model = dist.model(*args, **kwds)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") or name in {"dist", "model"}:
            raise AttributeError(name)
        thing = getattr(self.model or self.dist, name)
        return functools.partial(self.call, name) if callable(thing) else thing

    def call(self, name: str, *args: Any, **kwds: Any) -> Any:
        """Return what a method says."""
        if self.model and not any_tensor(args, kwds):
            return getattr(self.model, name)(*args, **kwds)
        first = [kwds.pop(point) for point in ("x", "k", "q", "X") if point in kwds]
        args = (*first, *args)
        return getattr(self.dist, name)(*args, *self.args, **self.kwds, **kwds)
