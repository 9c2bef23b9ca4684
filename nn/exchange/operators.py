"""Feed-forward networks as ONNX, the format that other runtimes read.

A network is walked layer by layer, on an example, whose shapes are known: each layer and function
has an entry in a table that says which operators of ONNX it is. https://onnx.ai/onnx/operators
"""

import functools
import importlib
import math
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from autograd import Tensor, no_grad
from nn import functional
from nn.exchange.kinds import kind_of
from nn.exchange.pytorch import torch_layout
from nn.functional.windows import each, windows_of
from nn.module import Module, evaluating
from nn.serialization.atomic import replacing
from nn.values import plain

OPSET, IR_VERSION = 17, 8
"""What runtimes since 2022 know."""

Array = NDArray[Any]


class Graph:
    """The operators so far.

    Attributes
    ----------
    dtype : dtype
        Of the numbers.
    paths : dict from int to str
        Of the Modules, by their identity.
    nodes : list
    initializers : dict from str to ndarray
    """

    def __init__(self, model: Module, dtype: np.dtype[Any], onnx: Any) -> None:
        self.dtype, self._onnx = dtype, onnx
        self.paths = {id(module): path for path, module in model.named_modules()}
        self.nodes: list[Any] = []
        self.initializers: dict[str, Array] = {}

    def op(self, kind: str, *inputs: str, **attributes: Any) -> str:
        """Add an operator and return the name of its output."""
        name = f"{kind.lower()}_{len(self.nodes) + 1}"
        self.nodes.append(self._onnx.helper.make_node(kind, inputs, [name], name, **attributes))
        return name

    def constant(self, value: ArrayLike, dtype: DTypeLike | None = None) -> str:
        """Add numbers and return their name."""
        name = f"constant_{len(self.initializers) + 1}"
        self.initializers[name] = np.asarray(value, dtype or self.dtype)
        return name

    def parameter(self, layer: Module, attribute: str) -> str:
        """Add a parameter or buffer of a layer, as PyTorch has it, and return its path."""
        path, value = self.paths[id(layer)], getattr(layer, attribute)
        name = f"{path}.{attribute}" if path else attribute
        self.initializers[name] = torch_layout(layer, attribute, plain(value)).astype(self.dtype)
        return name


# Functions: from graph, input and the function's own keywords to the output.


def _scaled(graph: Graph, kind: str, x: str, number: float) -> str:
    return graph.op(kind, x, graph.constant(number))


def _gelu(graph: Graph, x: str, approximate: str = "none") -> str:
    if approximate == "none":
        inner = graph.op("Erf", _scaled(graph, "Mul", x, math.sqrt(0.5)))
    else:
        cube = graph.op("Mul", graph.op("Mul", x, x), x)
        sum_ = graph.op("Add", x, _scaled(graph, "Mul", cube, 0.044715))
        inner = graph.op("Tanh", _scaled(graph, "Mul", sum_, math.sqrt(2 / math.pi)))
    return graph.op("Mul", _scaled(graph, "Mul", x, 0.5), _scaled(graph, "Add", inner, 1.0))


def _softplus(graph: Graph, x: str, beta: float = 1.0) -> str:
    if beta == 1:
        return graph.op("Softplus", x)
    return _scaled(graph, "Div", graph.op("Softplus", _scaled(graph, "Mul", x, beta)), beta)


def _clip(graph: Graph, x: str, min_val: float = -1.0, max_val: float = 1.0) -> str:
    return graph.op("Clip", x, graph.constant(min_val), graph.constant(max_val))


def _celu(graph: Graph, x: str, alpha: float = 1.0) -> str:
    inner = graph.op("Elu", _scaled(graph, "Div", x, alpha))
    negative = _scaled(graph, "Mul", graph.op("Min", inner, graph.constant(0.0)), alpha)
    return graph.op("Add", graph.op("Relu", x), negative)


def _along(kind: str) -> Callable[..., str]:
    def export(graph: Graph, x: str, axis: Any = -1) -> str:
        if not isinstance(axis, int):
            raise TypeError(f"{kind} in ONNX has one axis, got {axis}")
        return graph.op(kind, x, axis=axis)

    return export


FUNCTIONS: dict[str, Callable[..., str]] = {
    "relu": lambda graph, x: graph.op("Relu", x),
    "sigmoid": lambda graph, x: graph.op("Sigmoid", x),
    "tanh": lambda graph, x: graph.op("Tanh", x),
    "softsign": lambda graph, x: graph.op("Softsign", x),
    "leaky_relu": lambda graph, x, negative_slope=0.01: graph.op(
        "LeakyRelu", x, alpha=float(negative_slope)
    ),
    "elu": lambda graph, x, alpha=1.0: graph.op("Elu", x, alpha=float(alpha)),
    "celu": _celu,
    "selu": lambda graph, x: graph.op("Selu", x),
    "gelu": _gelu,
    "silu": lambda graph, x: graph.op("Mul", x, graph.op("Sigmoid", x)),
    "mish": lambda graph, x: graph.op("Mul", x, graph.op("Tanh", graph.op("Softplus", x))),
    "softplus": _softplus,
    "logsigmoid": lambda graph, x: graph.op("Neg", graph.op("Softplus", graph.op("Neg", x))),
    "hardtanh": _clip,
    "relu6": lambda graph, x: _clip(graph, x, 0.0, 6.0),
    "hardsigmoid": lambda graph, x: graph.op("HardSigmoid", x, alpha=1 / 6, beta=0.5),
    "hardswish": lambda graph, x: graph.op(
        "Mul", x, graph.op("HardSigmoid", x, alpha=1 / 6, beta=0.5)
    ),
    "softmax": _along("Softmax"),
    "log_softmax": _along("LogSoftmax"),
}

# Layers: from graph, layer, input, and its value in the example, to the output.


def _scale_and_shift(graph: Graph, layer: Any, x: str, tail: int) -> str:
    """Return `x` times weight plus bias, where there are any, for channels before `tail` axes."""
    for kind, name in (("Mul", "weight"), ("Add", "bias")):
        if getattr(layer, name, None) is not None:
            factor = graph.parameter(layer, name)
            array = graph.initializers[factor]
            graph.initializers[factor] = array.reshape(array.shape + (1,) * tail)
            x = graph.op(kind, x, factor)
    return x


def _linear(graph: Graph, layer: Any, x: str, _: Array) -> str:
    weight = graph.parameter(layer, "weight")
    graph.initializers[weight] = layer.weight.data.astype(graph.dtype)  # as it is: (in, out)
    x = graph.op("MatMul", x, weight)
    return x if layer.bias is None else graph.op("Add", x, graph.parameter(layer, "bias"))


def _embedding(graph: Graph, layer: Any, x: str, _: Array) -> str:
    return graph.op("Gather", graph.parameter(layer, "weight"), x)


def _prelu(graph: Graph, layer: Any, x: str, value: Array) -> str:
    weight = graph.parameter(layer, "weight")
    after = value.ndim - 1 - layer.axis % value.ndim if layer.num_parameters > 1 else 0
    slopes = graph.initializers[weight]
    graph.initializers[weight] = slopes.reshape(slopes.shape + (1,) * after)
    return graph.op("PRelu", x, weight)


def _pads(padding: Any) -> list[int]:
    """Return what is put before each axis, then what is put after each."""
    return [ends[side] for side in (0, 1) for ends in padding]


def _convolution(kind: str) -> Callable[..., str]:
    def export(graph: Graph, layer: Any, x: str, value: Array) -> str:
        count = len(layer.kernel_size)
        _check_batch(layer, value, count + 2)
        settings = layer.stride, layer.padding, layer.dilation, layer.groups
        how = windows_of(layer.kernel_size, *settings)
        attributes: dict[str, Any] = {}
        if kind == "ConvTranspose":
            attributes["output_padding"] = each(layer.output_padding, count, "output_padding", 0)
        names = ["weight"] if layer.bias is None else ["weight", "bias"]
        return graph.op(
            kind, x, *(graph.parameter(layer, name) for name in names),
            kernel_shape=layer.kernel_size, strides=how.stride, dilations=how.dilation,
            pads=_pads(how.padding), group=how.groups, **attributes,
        )  # fmt: skip

    return export


def _pool(kind: str) -> Callable[..., str]:
    def export(graph: Graph, layer: Any, x: str, value: Array) -> str:
        count = int(type(layer).__name__[-2])
        _check_batch(layer, value, count + 2)
        given = dict(layer.given)
        kernel = each(given["kernel_size"], count, "kernel_size")
        stride = given["stride"]
        padding = each(given["padding"], count, "padding", 0)
        attributes: dict[str, Any] = {
            "kernel_shape": kernel,
            "strides": kernel if stride is None else each(stride, count, "stride"),
            "pads": padding * 2,
        }
        if kind == "AveragePool":
            attributes["count_include_pad"] = int(given["count_include_pad"])
        else:
            attributes["dilations"] = each(given["dilation"], count, "dilation")
        return graph.op(kind, x, **attributes)

    return export


def _adaptive(kind: str) -> Callable[..., str]:
    def export(graph: Graph, layer: Any, x: str, value: Array) -> str:
        count = int(type(layer).__name__[-2])
        _check_batch(layer, value, count + 2)
        parts, size = each(layer.given["output_size"], count, "output_size"), value.shape[2:]
        if any(length % number for length, number in zip(size, parts, strict=True)):
            raise TypeError(
                f"{layer}: ONNX has no windows of different sizes, and {size} is not divided "
                f"evenly into {parts}"
            )
        kernel = [length // number for length, number in zip(size, parts, strict=True)]
        return graph.op(kind, x, kernel_shape=kernel, strides=kernel)

    return export


def _flatten(graph: Graph, layer: Any, x: str, value: Array) -> str:
    start = layer.start_axis % value.ndim
    end = layer.end_axis % value.ndim
    if start == 0:
        raise TypeError(f"{layer!r} makes the number of rows another, so it cannot be exported")
    shape = [0] * start + [math.prod(value.shape[start : end + 1]), *value.shape[end + 1 :]]
    return graph.op("Reshape", x, graph.constant(shape, np.int64))


def _batch_norm(graph: Graph, layer: Any, x: str, _: Array) -> str:
    if layer.running_mean is None:
        raise TypeError(f"{layer} depends on the batch, since it has no running statistics")
    size = len(layer.running_mean)
    scale = [
        graph.constant(np.full(size, one))
        if getattr(layer, name) is None
        else graph.parameter(layer, name)
        for name, one in (("weight", 1.0), ("bias", 0.0))
    ]
    tracked = [graph.parameter(layer, name) for name in ("running_mean", "running_var")]
    return graph.op("BatchNormalization", x, *scale, *tracked, epsilon=float(layer.eps))


def _over_root(graph: Graph, x: str, square: str, axes: list[int], eps: float) -> str:
    """Return `x` over the root of the mean of `square`."""
    mean = graph.op("ReduceMean", square, axes=axes)
    return graph.op("Div", x, graph.op("Sqrt", _scaled(graph, "Add", mean, eps)))


def _normalized(graph: Graph, x: str, axes: list[int], eps: float) -> str:
    """Return `x` less its mean over its standard deviation."""
    x = graph.op("Sub", x, graph.op("ReduceMean", x, axes=axes))
    return _over_root(graph, x, graph.op("Mul", x, x), axes, eps)


def _layer_norm(graph: Graph, layer: Any, x: str, _: Array) -> str:
    axes = list(range(-len(layer.normalized_shape), 0))
    return _scale_and_shift(graph, layer, _normalized(graph, x, axes, layer.eps), 0)


def _rms_norm(graph: Graph, layer: Any, x: str, _: Array) -> str:
    axes = list(range(-len(layer.normalized_shape), 0))
    eps = np.finfo(graph.dtype).eps if layer.eps is None else layer.eps
    scaled = _over_root(graph, x, graph.op("Mul", x, x), axes, eps)
    return _scale_and_shift(graph, layer, scaled, 0)


def _group_norm(graph: Graph, layer: Any, x: str, value: Array) -> str:
    apart = graph.constant([0, layer.num_groups, -1], np.int64)
    x = _normalized(graph, graph.op("Reshape", x, apart), [-1], layer.eps)
    x = graph.op("Reshape", x, graph.constant([0, *value.shape[1:]], np.int64))
    return _scale_and_shift(graph, layer, x, value.ndim - 2)


LAYERS: dict[str, Callable[..., str]] = {
    "Linear": _linear,
    "Embedding": _embedding,
    "Flatten": _flatten,
    "PReLU": _prelu,
    "LayerNorm": _layer_norm,
    "RMSNorm": _rms_norm,
    "GroupNorm": _group_norm,
    "Dropout": lambda _graph, _layer, x, _value: x,
    **dict.fromkeys(("BatchNorm1d", "BatchNorm2d"), _batch_norm),
    **dict.fromkeys(("Conv1d", "Conv2d"), _convolution("Conv")),
    **dict.fromkeys(("ConvTranspose1d", "ConvTranspose2d"), _convolution("ConvTranspose")),
    **dict.fromkeys(("MaxPool1d", "MaxPool2d"), _pool("MaxPool")),
    **dict.fromkeys(("AvgPool1d", "AvgPool2d"), _pool("AveragePool")),
    **dict.fromkeys(("AdaptiveMaxPool1d", "AdaptiveMaxPool2d"), _adaptive("MaxPool")),
    **dict.fromkeys(("AdaptiveAvgPool1d", "AdaptiveAvgPool2d"), _adaptive("AveragePool")),
}
CONTAINERS = {"Sequential", "Residual"}


def _check_batch(layer: Any, value: Array, ndim: int) -> None:
    """Refuse an input without an axis for rows."""
    if value.ndim != ndim:
        raise ValueError(f"{layer}: the example needs {ndim} axes, rows first, got {value.shape}")


# The walk.


def _kind(part: Any) -> str | None:
    """Return the name of the layer that `part` is, if it computes what that does."""
    kind = kind_of(part, {*LAYERS, *CONTAINERS}) if isinstance(part, Module) else None
    return None if kind is None or kind.forward is not type(part).forward else kind.__name__


def _add(graph: Graph, part: Any, x: str, value: Array) -> tuple[str, Array]:
    """Add a layer or function; return its output, and its value in the example."""
    kind = _kind(part)
    if kind == "Sequential":
        for layer in part.layers:
            x, value = _add(graph, layer, x, value)
        return x, value
    result = part(value)
    output = result.data if isinstance(result, Tensor) else np.asarray(result)
    if kind == "Residual":
        y, _ = _add(graph, part.inner, x, value)
        short = x if part.shortcut is None else _add(graph, part.shortcut, x, value)[0]
        return graph.op("Add", y, short), output
    if kind is not None:
        return LAYERS[kind](graph, part, x, value), output
    return _add_function(graph, part, x), output


def _add_function(graph: Graph, part: Any, x: str) -> str:
    """Add a function of this package, perhaps with keywords given by `functools.partial`."""
    function, keywords = part, {}
    if isinstance(part, functools.partial) and not part.args:
        function, keywords = part.func, part.keywords
    name = "tanh" if function is np.tanh else getattr(function, "__name__", "")
    if name in FUNCTIONS and function in {getattr(functional, name, None), np.tanh}:
        return FUNCTIONS[name](graph, x, **keywords)
    path = graph.paths.get(id(part))
    what = f'{type(part).__name__} "{path}"' if path else repr(part)
    raise TypeError(
        f"{what} cannot be exported; what can are {', '.join(sorted({*LAYERS, *CONTAINERS}))}, "
        f"and the functions {', '.join(sorted(FUNCTIONS))}, with keywords by functools.partial"
    )


def _package() -> Any:
    """Return the package onnx, its parts loaded."""
    try:
        for part in ("checker", "helper", "numpy_helper"):
            importlib.import_module(f"onnx.{part}")
        return importlib.import_module("onnx")
    except ImportError as error:
        raise ImportError("export needs the package onnx: pip install graphgrad[onnx]") from error


def export_onnx(
    model: Module,
    path: str | os.PathLike[str],
    example_input: ArrayLike,
    *,
    dtype: DTypeLike = np.float32,
) -> None:
    """Write a feed-forward network as an ONNX model, in evaluation mode, for any number of rows.

    Parameters
    ----------
    model : Module
        Made of `Sequential`, `Residual`, layers and functions of this package. A Module with a
        `forward` of its own cannot be exported.
    path : str or path
        The file is complete, or it is as it was before.
    example_input : array_like
        A batch, whose shape without the first axis is that of each row.
    dtype : {float32, float64}
        Of parameters, input and output. Runtimes lack some operators for float64.

    Raises
    ------
    TypeError
        If there is a layer or function that ONNX does not have; the message names it.
    ImportError
        If the package onnx is not installed.

    Notes
    -----
    The input is called ``input``, the output ``output``, their first axis ``batch``. The operators
    are those of opset 17.
    """
    onnx = _package()
    if np.dtype(dtype) not in (np.float32, np.float64):
        raise TypeError(f"dtype must be float32 or float64, got {np.dtype(dtype)}")
    graph, value = Graph(model, np.dtype(dtype), onnx), _batch(example_input)
    with no_grad(), evaluating(model):
        last, result = _add(graph, model, "input", value)
    graph.nodes.append(onnx.helper.make_node("Identity", [last], ["output"], "output"))
    built = _built(graph, onnx, value, result)
    onnx.checker.check_model(built, full_check=True)
    with replacing(Path(os.path.realpath(path))) as temporary:
        temporary.write_bytes(built.SerializeToString())


def _batch(example: ArrayLike) -> Array:
    """Return an example as an array of rows, with the integers that ONNX has for indices."""
    value = np.asarray(example)
    if value.ndim < 1:
        raise ValueError("the example must be a batch: its first axis is that of the rows")
    return value.astype(np.int64) if value.dtype.kind in "iu" else value


def _built(graph: Graph, onnx: Any, value: Array, result: Array) -> Any:
    """Return the model of ONNX's."""
    element = onnx.helper.np_dtype_to_tensor_dtype

    def described(name: str, array: Array) -> Any:
        dtype = array.dtype if array.dtype.kind in "iu" else graph.dtype
        shape = ["batch", *array.shape[1:]]
        return onnx.helper.make_tensor_value_info(name, element(np.dtype(dtype)), shape)

    arrays = graph.initializers.items()
    whole = onnx.helper.make_graph(
        graph.nodes,
        "network",
        [described("input", value)],
        [described("output", result)],
        [onnx.numpy_helper.from_array(array, name) for name, array in arrays],
    )
    return onnx.helper.make_model(
        whole,
        producer_name="graphgrad",
        ir_version=IR_VERSION,
        opset_imports=[onnx.helper.make_opsetid("", OPSET)],
    )
