"""Weights to and from PyTorch, whose layers have the same names and other layouts.

PyTorch itself is not needed: a state dict is a mapping from names to what NumPy takes for arrays.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nn.exchange.kinds import is_ours, kind_of
from nn.module import Module
from nn.states import Mismatch, differences

Array = NDArray[Any]
Axes = tuple[int, ...]


def _turned(ndim: int) -> Axes:
    """(in, out) to (out, in)."""
    return tuple(reversed(range(ndim)))


def _kernel_last(ndim: int) -> Axes:
    """(*kernel, in, out) to (out, in, *kernel)."""
    return (ndim - 1, ndim - 2, *range(ndim - 2))


def _kernel_last_in_order(ndim: int) -> Axes:
    """(*kernel, in, out) to (in, out, *kernel)."""
    return (ndim - 2, ndim - 1, *range(ndim - 2))


def _outputs_first(ndim: int) -> Axes:
    """(in, in, out) to (out, in, in)."""
    return (ndim - 1, *range(ndim - 1))


_RECURRENT: dict[str, Callable[[int], Axes]] = {"weight_ih": _turned, "weight_hh": _turned}

LAYOUTS: dict[str, dict[str, Callable[[int], Axes]]] = {
    "Linear": {"weight": _turned},
    "Bilinear": {"weight": _outputs_first},
    "Embedding": {},
    "PReLU": {},
    "Conv1d": {"weight": _kernel_last},
    "Conv2d": {"weight": _kernel_last},
    "ConvTranspose1d": {"weight": _kernel_last_in_order},
    "ConvTranspose2d": {"weight": _kernel_last_in_order},
    "BatchNorm1d": {},
    "BatchNorm2d": {},
    "LayerNorm": {},
    "GroupNorm": {},
    "RMSNorm": {},
    "RNN": _RECURRENT,
    "LSTM": _RECURRENT,
    "GRU": _RECURRENT,
    "RNNCell": _RECURRENT,
    "LSTMCell": _RECURRENT,
    "GRUCell": _RECURRENT,
    "MultiheadAttention": dict.fromkeys(
        ("in_proj_weight", "q_proj_weight", "k_proj_weight", "v_proj_weight"), _turned
    ),
}
"""For each layer of this package: which axes PyTorch has at which place, by the beginning of the
attribute's name. What is not mentioned is the same in both."""


def to_torch(model: Module) -> dict[str, Array]:
    """Return the state of a model as PyTorch's `load_state_dict` takes it.

    Layers need the same names: those of `Sequential` have their places as names in both, and a
    function such as ``nn.relu`` takes a place as ``torch.nn.ReLU()`` does. What a Module of your
    own has as Tensors and arrays is left as it is.

    Parameters
    ----------
    model : Module

    Returns
    -------
    dict from str to ndarray
        Copies. Make Tensors of them with ``{k: torch.from_numpy(v) for k, v in state.items()}``,
        or save them with `safetensors.numpy.save_file`.

    Raises
    ------
    TypeError
        If there is a layer whose layout in PyTorch is not known.

    Examples
    --------
    >>> import nn
    >>> {name: array.shape for name, array in to_torch(nn.Linear(3, 2)).items()}
    {'weight': (2, 3), 'bias': (2,)}
    """
    return {
        path: np.array(array.transpose(axes), order="C") for path, array, axes in _with_axes(model)
    }


def from_torch(model: Module, state: Mapping[str, Any], strict: bool = True) -> Mismatch:
    """Set parameters and buffers to the values in a state of PyTorch's, converted to their dtypes.

    Parameters
    ----------
    model : Module
        With layers of the same names; see `to_torch`.
    state : mapping from str to Tensor of PyTorch's or array_like
        As PyTorch's `state_dict()` returns it, or a file `.safetensors` of it holds.
    strict : bool
        Whether names that are missing, or that `model` does not have, are an error; else they are
        left out.

    Returns
    -------
    Mismatch
        With the lists `missing` and `unexpected` of names, both empty if `strict`.

    Raises
    ------
    ValueError
        If names or shapes differ, or numbers cannot be converted; all differences are in the
        message, with PyTorch's shapes, and nothing has changed.
    TypeError
        If there is a layer whose layout in PyTorch is not known.

    Examples
    --------
    >>> import nn
    >>> model = nn.Linear(3, 2)
    >>> state = {"weight": np.arange(6.0).reshape(2, 3), "bias": np.zeros(2)}
    >>> from_torch(model, state)
    Mismatch(missing=[], unexpected=[])
    >>> model.weight
    Tensor([[0., 3.],
            [1., 4.],
            [2., 5.]])
    """
    given = {name: _array(name, value) for name, value in state.items()}
    own = {path: (array, axes) for path, array, axes in _with_axes(model)}

    def fault(path: str) -> str | None:
        array, _ = own[path]
        if np.can_cast(given[path].dtype, array.dtype, "same_kind"):
            return None
        return f"is of {given[path].dtype}, expected {array.dtype}"

    shapes = {
        path: tuple(array.shape[axis] for axis in axes) for path, (array, axes) in own.items()
    }
    if found := list(differences(shapes, given, fault, strict=strict)):
        raise ValueError(
            f"this state of PyTorch's does not fit {type(model).__name__}, which is left as it "
            "was:\n  " + "\n  ".join(found)
        )
    converted = {
        path: given[path].transpose(np.argsort(axes)).astype(array.dtype, order="C")
        for path, (array, axes) in own.items()
        if path in given
    }
    model.load_state_dict(converted, strict=False)
    return Mismatch.between(own, given)


def torch_layout(layer: Module, name: str, array: Array) -> Array:
    """Return an attribute of a layer as PyTorch has it, a copy."""
    return np.array(array.transpose(_axes(layer, name, array.ndim)), order="C")


def _with_axes(model: Module) -> Iterator[tuple[str, Array, Axes]]:
    """Yield path, value and the axes in PyTorch's order of each parameter and buffer."""
    modules = dict(model.named_modules())
    for path, array in model.state_dict().items():
        outer, name = path, ""
        while outer not in modules:  # arrays in containers have longer paths
            outer, _, last = outer.rpartition(".")
            name = f"{last}.{name}" if name else last
        yield path, array, _axes(modules[outer], name, array.ndim)


def _axes(layer: Module, name: str, ndim: int) -> Axes:
    """Return the axes in PyTorch's order of an attribute of `layer`."""
    kind = kind_of(layer, LAYOUTS)
    if kind is None and is_ours(type(layer)):
        raise TypeError(f"it is not known how PyTorch lays out {name} of {type(layer).__name__}")
    layouts = {} if kind is None else LAYOUTS[kind.__name__]
    axes = [layout(ndim) for start, layout in layouts.items() if name.startswith(start)]
    return axes[0] if axes else tuple(range(ndim))


def _array(name: str, value: Any) -> Array:
    """Return a value of a state as an array, wherever PyTorch has it."""
    if hasattr(value, "detach") and hasattr(value, "cpu"):
        value = value.detach().cpu()
    try:
        return np.asarray(value)
    except (TypeError, ValueError, RuntimeError) as error:
        raise ValueError(
            f'"{name}" is no array for NumPy: {error}; convert it first, such as with .float()'
        ) from error
