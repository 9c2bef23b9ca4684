"""Module: what has parameters and computes something from them."""

import contextlib
from collections.abc import Iterable, Iterator, Mapping
from contextvars import ContextVar
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from autograd import Tensor, is_taped, scope

_ENCLOSING: ContextVar[str | None] = ContextVar("enclosing", default=None)
"""The path of the Module whose `forward` runs, for the scopes of a record."""


class Module:
    """Base of layers and networks: assign Tensors and Modules as attributes, define `forward`.

    Nothing is registered. A Module looks at its attributes, and into lists, tuples and dicts among
    them, in the order in which they were assigned. A Tensor that requires a gradient and was not
    computed from others is a parameter; a Module is a part, searched in the same way.

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

    def zero_grad(self) -> None:
        """Forget the gradients of the parameters."""
        for parameter in self.parameters():
            parameter.zero_grad()

    def state_dict(self) -> dict[str, NDArray[Any]]:
        """Return a copy of each parameter's value, by its path.

        Later training does not change it.
        """
        return {path: parameter.data.copy() for path, parameter in self.named_parameters()}

    def load_state_dict(self, state: Mapping[str, ArrayLike]) -> None:
        """Set the parameters to the values in `state`, which are copied.

        Parameters
        ----------
        state : mapping from str to array_like
            As `state_dict` returns it.

        Raises
        ------
        ValueError
            If names, shapes or dtypes differ; all differences are in the message, and nothing has
            changed.

        Examples
        --------
        >>> from nn import Linear
        >>> first, second = Linear(3, 2), Linear(3, 2)
        >>> second.load_state_dict(first.state_dict())
        >>> bool(np.all(first.weight.data == second.weight.data))
        True
        """
        parameters = dict(self.named_parameters())
        arrays = {path: _array(value) for path, value in state.items()}
        if differences := list(_differences(parameters, arrays)):
            raise ValueError(
                f"this state does not fit {type(self).__name__}, which is left as it was:\n  "
                + "\n  ".join(differences)
            )
        for path, parameter in parameters.items():
            parameter.data = arrays[path].copy()

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
def evaluating(model: Any) -> Iterator[None]:
    """Have `model`, if it is a Module, in evaluation mode inside the block, then as it was."""
    modules = list(model.modules()) if isinstance(model, Module) else []
    modes = [module.training for module in modules]
    try:
        for module in modules:
            module.training = False
        yield
    finally:
        for module, mode in zip(modules, modes, strict=True):
            module.training = mode


def _is_parameter(value: Any) -> bool:
    """Return whether `value` is a variable that was not computed from others."""
    return isinstance(value, Tensor) and value.requires_grad and value.op is None


def _items(value: Any) -> Iterable[tuple[Any, Any]]:
    """Return what `value` holds, with keys, if it is a Module or a container."""
    if isinstance(value, Module):
        return value.parts()
    if isinstance(value, Mapping):
        return value.items()
    return enumerate(value) if isinstance(value, (list, tuple)) else ()


def _walk(value: Any, path: str = "", seen: set[int] | None = None) -> Iterator[tuple[str, Any]]:
    """Yield the Modules and parameters in `value`, itself included, each once, with its path."""
    seen = set() if seen is None else seen
    if id(value) in seen:
        return
    if isinstance(value, Module) or _is_parameter(value):
        yield path, value
    seen.add(id(value))
    for key, part in _items(value):
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


def _differences(
    parameters: Mapping[str, Tensor], arrays: Mapping[str, NDArray[Any]]
) -> Iterator[str]:
    """Yield a sentence for each way in which `arrays` do not fit `parameters`."""
    for path, parameter in parameters.items():
        if path not in arrays:
            yield f'"{path}" {parameter.shape} is missing'
        elif arrays[path].shape != parameter.shape:
            yield f'"{path}" has shape {arrays[path].shape}, expected {parameter.shape}'
        elif arrays[path].dtype != parameter.dtype:
            yield (f'"{path}" is of {arrays[path].dtype}, expected {parameter.dtype}; write astype')
    for path in arrays.keys() - parameters.keys():
        yield f'"{path}" {arrays[path].shape} belongs to no parameter'
