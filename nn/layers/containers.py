"""Networks made of layers."""

import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from autograd.errors import ShapeError
from nn import functional
from nn import init as initializers
from nn.init import Seed
from nn.layers.linear import Linear
from nn.module import Module


class Sequential(Module):
    """Modules and functions, each given the output of the one before.

    Parameters
    ----------
    *layers : callable
        Modules, or plain functions such as ``nn.relu``.

    Raises
    ------
    TypeError
        If one cannot be called.

    Examples
    --------
    >>> from nn import relu
    >>> model = Sequential(Linear(4, 3), relu, Linear(3, 2))
    >>> model
    Sequential(
      (0): Linear(4, 3)
      (1): relu
      (2): Linear(3, 2)
    )
    >>> model(np.ones((5, 4))).shape
    (5, 2)
    >>> [name for name, _ in model.named_parameters()]
    ['0.weight', '0.bias', '2.weight', '2.bias']
    """

    def __init__(self, *layers: Callable[..., Any]) -> None:
        for place, layer in enumerate(layers):
            if not callable(layer):
                raise TypeError(
                    f"Sequential takes Modules and functions, "
                    f"got {type(layer).__name__} at place {place}"
                    + ("; write Sequential(*layers)" if isinstance(layer, Iterable) else "")
                )
        self.layers = layers

    def forward(self, x: Any) -> Any:
        """Return what the last layer returns."""
        for layer in self.layers:
            x = layer(x)
        return x

    def __len__(self) -> int:
        return len(self.layers)

    def __iter__(self) -> Iterator[Callable[..., Any]]:
        return iter(self.layers)

    def __getitem__(self, place: int | slice) -> Any:
        """Return the layer at `place`, or a Sequential of the same layers at a slice of places.

        In messages these keep the names that they have here.
        """
        if not isinstance(place, slice):
            return self.layers[place]
        part = Sequential()
        vars(part)["layers"] = self.layers[place]
        return part

    def parts(self) -> Iterable[tuple[str, Any]]:
        """Return the layers, each with its place."""
        return ((str(place), layer) for place, layer in enumerate(self.layers))


class Residual(Module):
    """A layer whose input is added to its output.

    He, Zhang, Ren and Sun, "Deep residual learning for image recognition", CVPR 2016.

    Parameters
    ----------
    inner : callable
        A Module, or a plain function.
    shortcut : callable, optional
        What the input goes through before it is added, where the shapes differ.

    Raises
    ------
    TypeError
        If one cannot be called.

    Examples
    --------
    >>> Residual(np.square)(np.array([1.0, 3.0]))
    array([ 2., 12.])
    """

    def __init__(
        self, inner: Callable[..., Any], shortcut: Callable[..., Any] | None = None
    ) -> None:
        for one in (inner, shortcut):
            if one is not None and not callable(one):
                raise TypeError(f"Residual takes a Module or a function, got {type(one).__name__}")
        self.inner, self.shortcut = inner, shortcut

    def forward(self, x: Any) -> Any:
        """Return the sum of `x` and what the inner layer makes of it.

        Raises
        ------
        ShapeError
            If they have not the same shape.
        """
        y = self.inner(x)
        short = x if self.shortcut is None else self.shortcut(x)
        if y.shape != short.shape:
            raise ShapeError(
                f"{self._label()}: cannot add {short.shape} to {y.shape}; give a shortcut that "
                f"changes the shape"
            )
        return y + short


class MLP(Sequential):
    """A multilayer perceptron: linear layers with an activation between them, none after the last.

    Parameters
    ----------
    sizes : sequence of int
        Number of inputs, of neurons in each hidden layer, of outputs.
    activation : callable
        Such as ``nn.relu`` or ``nn.tanh``.
    dtype : dtype
        Of the parameters.
    rng : Generator or int, optional
        Where the first values come from; an int is a seed, None gives other values each time.
    init : callable
        Of the weights; see `Linear`.

    Raises
    ------
    ValueError
        If there are fewer than two sizes.
    TypeError
        If `activation` cannot be called.

    Examples
    --------
    >>> model = MLP([64, 32, 10], rng=0)
    >>> model
    MLP(
      (0): Linear(64, 32)
      (1): relu
      (2): Linear(32, 10)
    )
    >>> sum(parameter.size for parameter in model.parameters())
    2410
    """

    def __init__(
        self,
        sizes: Sequence[int],
        activation: Callable[..., Any] = functional.relu,
        *,
        dtype: DTypeLike = np.float64,
        rng: Seed = None,
        init: initializers.Initializer = initializers.fan_in_uniform,
    ) -> None:
        if len(sizes) < 2:
            raise ValueError(
                f"MLP needs the number of inputs and of outputs at least, got {list(sizes)}"
            )
        if not callable(activation):
            raise TypeError(f"activation must be a function such as nn.relu, got {activation!r}")
        rng = np.random.default_rng(rng)
        layers: list[Callable[..., Any]] = []
        for inputs, outputs in itertools.pairwise(sizes):
            layers += [Linear(inputs, outputs, dtype=dtype, rng=rng, init=init), activation]
        super().__init__(*layers[:-1])
