"""Networks made of layers."""

import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

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

    def __getitem__(self, place: int) -> Any:
        """Return the layer at `place`."""
        return self.layers[place]

    def parts(self) -> Iterable[tuple[str, Any]]:
        """Return the layers, each with its place."""
        return ((str(place), layer) for place, layer in enumerate(self.layers))


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
