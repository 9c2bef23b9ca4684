"""Module: what has parameters and computes something from them."""

import contextlib
from collections.abc import Iterable, Iterator, Mapping
from contextvars import ContextVar
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from autograd import Tensor, is_taped, scope
from nn.states import Mismatch, differences

_ENCLOSING: ContextVar[str | None] = ContextVar("enclosing", default=None)
"""The path of the Module whose `forward` runs, for the scopes of a record."""


class Module:
    """Base of layers and networks: assign Tensors and Modules as attributes, define `forward`.

    Nothing is registered. A Module looks at its attributes, and into lists, tuples and dicts among
    them, in the order in which they were assigned. A Tensor that was not computed from others is a
    parameter, a frozen one if it requires no gradient; an array is a buffer, state that is not
    trained, unless its name begins with an underscore; a Module is a part, searched in the same
    way.

    Attributes
    ----------
    training : bool
        Set by `train` and `eval`, for layers that behave differently in training.

    Examples
    --------
    >>> class Line(Module):
    ...     def __init__(self, slope):
    ...         self.slope = Tensor(slope)
    ...
    ...     def forward(self, x):
    ...         return self.slope * x
    >>> line = Line([2.0])
    >>> line(np.array([1.0, 3.0]))
    Tensor([2., 6.])
    >>> dict(line.named_parameters())
    {'slope': Tensor([2.])}
    """

    training: bool = True
    _path: str = ""  # from the outermost Module to this one, for messages

    def __setattr__(self, name: str, value: Any) -> None:
        super().__setattr__(name, value)
        for path, part in _walk(value, name, set()):
            if isinstance(part, Module):
                object.__setattr__(part, "_path", path)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Return what `forward` returns."""
        if not is_taped():
            return self.forward(*args, **kwargs)
        outer = _ENCLOSING.get()
        inside = outer is not None and self._path.startswith(f"{outer}." if outer else "")
        name = self._path.removeprefix(f"{outer}.") if inside else self._path
        token = _ENCLOSING.set(self._path)
        try:
            with scope(name or type(self).__name__):
                return self.forward(*args, **kwargs)
        finally:
            _ENCLOSING.reset(token)

    def forward(self, *args: Any, **kwargs: Any) -> Any:
        """Compute the output; each Module defines its own.

        Raises
        ------
        NotImplementedError
            If it does not.
        """
        raise NotImplementedError(
            f"{type(self).__name__} computes nothing yet: define its method forward(self, x)"
        )

    # Its parts.

    def named_modules(self) -> Iterator[tuple[str, "Module"]]:
        """Yield this Module and all its parts, each once, with the path to it.

        Examples
        --------
        >>> outer, outer_part = Module(), Module()
        >>> outer.heads = [outer_part, Module()]
        >>> [path for path, _ in outer.named_modules()]
        ['', 'heads.0', 'heads.1']
        """
        return ((path, part) for path, part in _walk(self) if isinstance(part, Module))

    def modules(self) -> Iterator["Module"]:
        """Yield this Module and all its parts, each once."""
        return (module for _, module in self.named_modules())

    def named_parameters(self) -> Iterator[tuple[str, Tensor]]:
        """Yield the parameters, each once, with the path to it, such as ``"head.weight"``."""
        return ((path, part) for path, part in _walk(self) if isinstance(part, Tensor))

    def named_buffers(self) -> Iterator[tuple[str, NDArray[Any]]]:
        """Yield the buffers, each once, with the path to it: arrays, which are not trained.

        Examples
        --------
        >>> meter = Module()
        >>> meter.mean, meter._note = np.zeros(2), np.ones(3)
        >>> dict(meter.named_buffers())
        {'mean': array([0., 0.])}
        """
        return ((path, part) for path, part in _walk(self) if isinstance(part, np.ndarray))

    def buffers(self) -> Iterator[NDArray[Any]]:
        """Yield the buffers, each once."""
        return (buffer for _, buffer in self.named_buffers())

    def parameters(self) -> Iterator[Tensor]:
        """Yield the parameters, each once: what an optimizer is given."""
        return (parameter for _, parameter in self.named_parameters())

    # Its state.

    def train(self, mode: bool = True) -> Self:
        """Set `training` of this Module and its parts, and return it."""
        for module in self.modules():
            module.training = mode
        return self

    def eval(self) -> Self:
        """Set `training` of this Module and its parts to False, and return it."""
        return self.train(False)

    def freeze(self) -> Self:
        """Make constants of all parameters, which keep their places, and return this Module.

        They stay in `parameters` and `state_dict`, get no gradient, and optimizers leave them
        alone. ``parameter.requires_grad = False`` does it for one.

        Examples
        --------
        >>> from nn import Linear, Sequential
        >>> model = Sequential(Linear(3, 4).freeze(), Linear(4, 2))
        >>> [path for path, part in model.named_parameters() if part.requires_grad]
        ['1.weight', '1.bias']
        """
        return self._require(False)

    def unfreeze(self) -> Self:
        """Make variables of all parameters again, and return this Module."""
        return self._require(True)

    def _require(self, grad: bool) -> Self:
        """Set whether the parameters are differentiated."""
        for parameter in self.parameters():
            parameter.requires_grad = grad
        return self

    def zero_grad(self) -> None:
        """Forget the gradients of the parameters."""
        for parameter in self.parameters():
            parameter.zero_grad()

    def state_dict(self) -> dict[str, NDArray[Any]]:
        """Return a copy of the value of each parameter and each buffer, by its path.

        Later training does not change it.
        """
        return {path: array.copy() for path, array in self._arrays().items()}

    def _arrays(self) -> dict[str, NDArray[Any]]:
        """Return what the state is made of."""
        parts = ((path, part) for path, part in _walk(self) if not isinstance(part, Module))
        return {path: _array(part) for path, part in parts}

    def load_state_dict(self, state: Mapping[str, ArrayLike], strict: bool = True) -> Mismatch:
        """Set parameters and buffers to the values in `state`, which are copied.

        Parameters
        ----------
        state : mapping from str to array_like
            As `state_dict` returns it.
        strict : bool
            Whether names that are missing, or that this Module does not have, are an error; else
            they are left out.

        Returns
        -------
        Mismatch
            With the lists `missing` and `unexpected` of names, both empty if `strict`.

        Raises
        ------
        ValueError
            If names, shapes or dtypes differ; all differences are in the message, and nothing has
            changed.

        Examples
        --------
        >>> from nn import Linear
        >>> first, second = Linear(3, 2), Linear(3, 2, bias=False)
        >>> second.load_state_dict(first.state_dict(), strict=False)
        Mismatch(missing=[], unexpected=['bias'])
        >>> bool(np.all(first.weight.data == second.weight.data))
        True
        """
        own = self._arrays()
        arrays = {path: _array(value) for path, value in state.items()}

        def fault(path: str) -> str | None:
            if arrays[path].dtype != own[path].dtype:
                return f"is of {arrays[path].dtype}, expected {own[path].dtype}; write astype"
            if not own[path].flags.writeable:
                return "is an array that cannot be written to; make it with copy()"
            return None

        shapes = {path: array.shape for path, array in own.items()}
        if found := list(differences(shapes, arrays, fault, strict=strict)):
            raise ValueError(
                f"this state does not fit {type(self).__name__}, which is left as it was:\n  "
                + "\n  ".join(found)
            )
        copies = {path: arrays[path].copy() for path in own if path in arrays}  # may lack memory
        for path, part in _walk(self):
            if path in copies and isinstance(part, Tensor):
                part.data = copies[path]
            elif path in copies and isinstance(part, np.ndarray):
                part[...] = copies[path]
        return Mismatch.between(own, arrays)

    # How it looks.

    def extra_repr(self) -> str:
        """Return what `repr` shows in the parentheses of a Module without parts."""
        return ", ".join(
            f"{name}: {value.shape}" for name, value in vars(self).items() if _is_parameter(value)
        )

    def __repr__(self) -> str:
        lines = [f"({path}): {_described(part)}" for path, part in _shown(self.parts())]
        if not lines:
            return f"{type(self).__name__}({self.extra_repr()})"
        inner = "\n".join(lines).replace("\n", "\n  ")
        return f"{type(self).__name__}(\n  {inner}\n)"

    def parts(self) -> Iterable[tuple[str, Any]]:
        """Return what may hold parameters, each with its part of the path."""
        return vars(self).items()

    def _label(self) -> str:
        """Return what a message calls this Module."""
        return f'{type(self).__name__} "{self._path}"' if self._path else repr(self)


@contextlib.contextmanager
def modes_kept(model: Any) -> Iterator[None]:
    """Have the modes of `model` and its parts, if it is a Module, after the block as before."""
    modules = list(model.modules()) if isinstance(model, Module) else []
    modes = [module.training for module in modules]
    try:
        yield
    finally:
        for module, mode in zip(modules, modes, strict=True):
            module.training = mode


@contextlib.contextmanager
def evaluating(model: Any) -> Iterator[None]:
    """Have `model`, if it is a Module, in evaluation mode inside the block, then as it was."""
    with modes_kept(model):
        for module in model.modules() if isinstance(model, Module) else ():
            module.training = False
        yield


def _is_parameter(value: Any) -> bool:
    """Return whether `value` is a Tensor that was not computed from others."""
    return isinstance(value, Tensor) and value.is_leaf


def _items(value: Any) -> Iterable[tuple[Any, Any]]:
    """Return what `value` holds, with keys, if it is a Module or a container."""
    if isinstance(value, Module):
        return value.parts()
    if isinstance(value, Mapping):
        return value.items()
    return enumerate(value) if isinstance(value, (list, tuple)) else ()


def _walk(value: Any, path: str = "", seen: set[int] | None = None) -> Iterator[tuple[str, Any]]:
    """Yield Modules, parameters, buffers in `value`, itself included, each once, with its path."""
    seen = set() if seen is None else seen
    if id(value) in seen:
        return
    if isinstance(value, (Module, np.ndarray)) or _is_parameter(value):
        yield path, value
    seen.add(id(value))
    for key, part in _items(value):
        if not (isinstance(part, np.ndarray) and str(key).startswith("_")):
            yield from _walk(part, f"{path}.{key}" if path else str(key), seen)


def _shown(parts: Iterable[tuple[str, Any]]) -> Iterator[tuple[str, Any]]:
    """Yield the Modules and functions among `parts`, those in containers too."""
    for path, part in parts:
        if isinstance(part, Module) or callable(part):
            yield path, part
        else:
            yield from _shown((f"{path}.{key}", inner) for key, inner in _items(part))


def _described(part: Any) -> str:
    """Return a Module's `repr`, or a function's name."""
    return repr(part) if isinstance(part, Module) else getattr(part, "__name__", repr(part))


def _array(value: Any) -> NDArray[Any]:
    """Return the array of a Tensor or of what NumPy takes for one."""
    return value.data if isinstance(value, Tensor) else np.asarray(value)
