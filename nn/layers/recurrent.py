"""Layers for sequences, whose state goes from step to step."""

from typing import Any, ClassVar, Literal

import numpy as np
from numpy.typing import DTypeLike

from autograd import Tensor
from autograd.errors import ShapeError
from nn.functional import recurrence
from nn.functional.attention import dropped
from nn.init import Seed
from nn.module import Module

Nonlinearity = Literal["tanh", "relu"]


class _Recurrent(Module):
    """What cells and layers share: the parameters, and the state to start from."""

    gates: ClassVar[int] = 1  # sums for each number in the state
    states: ClassVar[int] = 1  # a cell of an LSTM is a second state
    hidden_size: int

    def _add_parameters(
        self, inputs: int, suffix: str, bias: bool, dtype: DTypeLike, rng: np.random.Generator
    ) -> None:
        """Make the weights and biases of one recurrence, uniform in ±1/√H as PyTorch's."""
        bound, sums = self.hidden_size**-0.5, self.gates * self.hidden_size
        shapes: dict[str, tuple[int, ...]] = {
            "weight_ih": (inputs, sums),
            "weight_hh": (self.hidden_size, sums),
        }
        shapes |= {"bias_ih": (sums,), "bias_hh": (sums,)} if bias else {}
        for kind, shape in shapes.items():
            first = rng.uniform(-bound, bound, shape).astype(dtype)
            setattr(self, kind + suffix, Tensor(first, name=kind + suffix))

    def _parameters(self, suffix: str = "") -> list[Any]:
        """Return both weights and both biases of one recurrence."""
        weights = [getattr(self, kind + suffix) for kind in ("weight_ih", "weight_hh")]
        none = np.zeros(weights[0].shape[1:], weights[0].dtype)
        return weights + [getattr(self, kind + suffix, none) for kind in ("bias_ih", "bias_hh")]

    def _first(self, state: Any, shape: tuple[int, ...], dtype: Any) -> tuple[Any, ...]:
        """Return the states to start from, which are zero if `state` is None."""
        if state is None:
            return (np.zeros(shape, dtype),) * self.states
        states = state if self.states > 1 else (state,)
        if not isinstance(states, tuple | list) or len(states) != self.states:
            raise TypeError(f"{self._label()}: the state is a pair (h, c), got {type(state)}")
        for given in states:
            if given.shape != shape:
                raise ShapeError(f"{self._label()}: expected a state {shape}, got {given.shape}")
        return tuple(states)

    def _step(self, parameters: list[Any], x: Any, states: tuple[Any, ...]) -> Any:
        """Return the states after one step: one, or a tuple."""
        raise NotImplementedError

    def _run(self, parameters: list[Any], x: Any, states: tuple[Any, ...]) -> Any:
        """Return the outputs of all steps, and the states after the last."""
        raise NotImplementedError


def _check_sizes(layer: Module, **sizes: int) -> None:
    """Refuse numbers of inputs, units or layers less than one."""
    for name, size in sizes.items():
        if size < 1:
            raise ValueError(f"{type(layer).__name__} needs {name} of at least 1, got {size}")


class _RNN(_Recurrent):
    """The formula of RNN and RNNCell."""

    nonlinearity: Nonlinearity

    def _step(self, parameters: list[Any], x: Any, states: tuple[Any, ...]) -> Any:
        weight_ih, weight_hh, bias_ih, bias_hh = parameters
        projected, recurrent = x @ weight_ih + bias_ih, states[0] @ weight_hh + bias_hh
        return recurrence.rnn_step(projected, recurrent, self.nonlinearity)

    def _run(self, parameters: list[Any], x: Any, states: tuple[Any, ...]) -> Any:
        weight_ih, weight_hh, bias_ih, bias_hh = parameters
        run = recurrence.rnn[self.nonlinearity]
        outputs = run(_varies(x), x, weight_ih, weight_hh, bias_ih + bias_hh, *states)
        return outputs, (outputs[-1],)

    def _check_nonlinearity(self, nonlinearity: Nonlinearity) -> None:
        if nonlinearity not in recurrence.rnn:
            raise ValueError(f"nonlinearity must be 'tanh' or 'relu', got {nonlinearity!r}")
        self.nonlinearity = nonlinearity


class _LSTM(_Recurrent):
    """The formulas of LSTM and LSTMCell."""

    gates, states = 4, 2

    def _step(self, parameters: list[Any], x: Any, states: tuple[Any, ...]) -> Any:
        weight_ih, weight_hh, bias_ih, bias_hh = parameters
        total = x @ weight_ih + bias_ih + (states[0] @ weight_hh + bias_hh)
        return recurrence.lstm_step(total, states[1])

    def _run(self, parameters: list[Any], x: Any, states: tuple[Any, ...]) -> Any:
        weight_ih, weight_hh, bias_ih, bias_hh = parameters
        outputs, cell = recurrence.lstm(
            _varies(x), x, weight_ih, weight_hh, bias_ih + bias_hh, *states
        )
        return outputs, (outputs[-1], cell)


class _GRU(_Recurrent):
    """The formulas of GRU and GRUCell."""

    gates = 3

    def _step(self, parameters: list[Any], x: Any, states: tuple[Any, ...]) -> Any:
        weight_ih, weight_hh, bias_ih, bias_hh = parameters
        (state,) = states
        return recurrence.gru_step(x @ weight_ih + bias_ih, state @ weight_hh + bias_hh, state)

    def _run(self, parameters: list[Any], x: Any, states: tuple[Any, ...]) -> Any:
        outputs = recurrence.gru(_varies(x), x, *parameters, *states)
        return outputs, (outputs[-1],)


def _varies(x: Any) -> bool:
    """Whether `x` has a derivative to be computed."""
    return isinstance(x, Tensor) and x.requires_grad


class _Layer(_Recurrent):
    """What the layers share: directions, layers above each other, the form of what goes in."""

    def __init__(  # noqa: PLR0917 - PyTorch's order
        self,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        bias: bool = True,
        batch_first: bool = True,
        dropout: float = 0.0,
        bidirectional: bool = False,
        *,
        dtype: DTypeLike = np.float64,
        rng: Seed = None,
    ) -> None:
        _check_sizes(self, input_size=input_size, hidden_size=hidden_size, num_layers=num_layers)
        if not 0 <= dropout < 1:
            raise ValueError(f"dropout must be at least 0 and less than 1, got {dropout}")
        self.input_size, self.hidden_size, self.num_layers = input_size, hidden_size, num_layers
        self.batch_first, self.dropout, self.bidirectional = batch_first, dropout, bidirectional
        self.rng = np.random.default_rng(rng)
        self._suffixes = ("", "_reverse") if bidirectional else ("",)
        for layer in range(num_layers):
            inputs = input_size if layer == 0 else hidden_size * len(self._suffixes)
            for suffix in self._suffixes:
                self._add_parameters(inputs, f"_l{layer}{suffix}", bias, dtype, self.rng)

    def forward(self, x: Any, state: Any = None) -> tuple[Any, Any]:
        """Return the outputs of all steps, and the state after the last.

        Parameters
        ----------
        x : ndarray or Tensor, shape (N, T, d)
            (T, N, d) if `batch_first` is False; (T, d) is one sequence alone.
        state : ndarray or Tensor, shape (L, N, H), or a pair of them, optional
            To start from, for each layer and direction in turn, where L is `num_layers`, or twice
            that if `bidirectional`. Zero if not given. An LSTM has a pair, the state and the cell.

        Returns
        -------
        outputs : Tensor, shape (N, T, H)
            The states of the last layer after each step, of both directions side by side if
            `bidirectional`. The axes are as those of `x`.
        state : Tensor, or a pair of them, shape (L, N, H)

        Raises
        ------
        ShapeError
            If shapes do not fit, or there are no steps.
        """
        alone, x = x.ndim == 2, self._steps_first(x)
        layers = self.num_layers * len(self._suffixes)
        shape = layers, x.shape[1], self.hidden_size
        if alone and state is not None:
            state = tuple(s[:, np.newaxis] for s in state) if self.states > 1 else state[:, None]
        first = self._first(state, shape, self.weight_ih_l0.dtype)
        last: list[tuple[Any, ...]] = []
        for layer in range(self.num_layers):
            if layer and self.training:
                x = dropped(x, self.dropout, self.rng)
            x = self._both_ways(layer, x, first, last)
        ends = tuple(np.stack(parts) for parts in zip(*last, strict=True))
        if alone:
            x, ends = x[:, 0], tuple(end[:, 0] for end in ends)
        elif self.batch_first:
            x = np.swapaxes(x, 0, 1)
        return x, ends if self.states > 1 else ends[0]

    weight_ih_l0: Tensor

    def _both_ways(
        self, layer: int, x: Any, first: tuple[Any, ...], last: list[tuple[Any, ...]]
    ) -> Any:
        """Return the outputs of one layer; its last states are appended to `last`."""
        outputs = []
        for suffix in self._suffixes:
            given = x[::-1] if suffix else x
            states = tuple(s[len(last)] for s in first)
            found, end = self._run(self._parameters(f"_l{layer}{suffix}"), given, states)
            outputs.append(found[::-1] if suffix else found)
            last.append(end)
        return np.concatenate(outputs, axis=-1) if len(outputs) > 1 else outputs[0]

    def _steps_first(self, x: Any) -> Any:
        """Return `x` as (T, N, d), if that is what it can be."""
        if x.ndim not in (2, 3) or x.shape[-1] != self.input_size:
            axes = "N, T" if self.batch_first else "T, N"
            raise ShapeError(
                f"{self._label()}: expected ({axes}, {self.input_size}), got {x.shape}"
            )
        if x.ndim == 2:
            x = x[:, np.newaxis]
        elif self.batch_first:
            x = np.swapaxes(x, 0, 1)
        if x.shape[0] == 0:
            raise ShapeError(f"{self._label()}: expected at least one step, got none")
        return x

    def extra_repr(self) -> str:
        """Return the arguments it was made with, if they are not the defaults."""
        shown = [f"{self.input_size}, {self.hidden_size}"]
        if self.num_layers > 1:
            shown.append(f"num_layers={self.num_layers}")
        if not hasattr(self, "bias_ih_l0"):
            shown.append("bias=False")
        if not self.batch_first:
            shown.append("batch_first=False")
        if self.dropout:
            shown.append(f"dropout={self.dropout}")
        if self.bidirectional:
            shown.append("bidirectional=True")
        if self.weight_ih_l0.dtype != np.float64:
            shown.append(f"dtype={self.weight_ih_l0.dtype}")
        return ", ".join(shown)


class RNN(_Layer, _RNN):
    """A recurrent layer: h = tanh(xW + b + h'W' + b'), with h' the state before the step.

    Parameters
    ----------
    input_size, hidden_size : int
        Number of inputs d and of units H.
    num_layers : int
        Layers above each other, each given the outputs of the one below.
    nonlinearity : {"tanh", "relu"}
    bias : bool
        Whether there are b and b'.
    batch_first : bool
        Whether sequences are (N, T, d), examples first, as everywhere in `nn`; PyTorch's default is
        steps first. A state is (L, N, H) in any case.
    dropout : float
        Which share of the outputs of a layer is zero for the one above, in training.
    bidirectional : bool
        Whether each layer reads the sequence from its end as well.
    dtype : dtype
        Of the parameters.
    rng : Generator or int, optional
        Where the first values and dropout come from; an int is a seed.

    Attributes
    ----------
    weight_ih_l0, weight_hh_l0 : Tensor, shape (d, H), (H, H)
        Of the first layer; the transposes of PyTorch's. Others end in ``_l1`` and so on, those of
        the other direction in ``_l0_reverse``.
    bias_ih_l0, bias_hh_l0 : Tensor, shape (H,)

    Raises
    ------
    ValueError
        If a size is less than one, or `nonlinearity` something else.

    Examples
    --------
    >>> layer = RNN(3, 4, rng=0)
    >>> layer
    RNN(3, 4)
    >>> outputs, state = layer(np.ones((2, 5, 3)))
    >>> outputs.shape, state.shape
    ((2, 5, 4), (1, 2, 4))
    """

    def __init__(  # noqa: PLR0917 - PyTorch's order
        self,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        nonlinearity: Nonlinearity = "tanh",
        bias: bool = True,
        batch_first: bool = True,
        dropout: float = 0.0,
        bidirectional: bool = False,
        *,
        dtype: DTypeLike = np.float64,
        rng: Seed = None,
    ) -> None:
        self._check_nonlinearity(nonlinearity)
        sizes = input_size, hidden_size, num_layers
        super().__init__(*sizes, bias, batch_first, dropout, bidirectional, dtype=dtype, rng=rng)


class LSTM(_Layer, _LSTM):
    """Long short-term memory: a state with a cell that gates write to, forget and read.

    With (i, f, g, o) = xW + b + h'W' + b', each of H numbers: c = σ(f)c' + σ(i)tanh(g) and
    h = σ(o)tanh(c). Hochreiter and Schmidhuber, "Long short-term memory", 1997.

    Parameters
    ----------
    input_size, hidden_size : int
        Number of inputs d and of units H.
    num_layers : int
        Layers above each other, each given the outputs of the one below.
    bias : bool
        Whether there are b and b'.
    batch_first : bool
        Whether sequences are (N, T, d), examples first, as everywhere in `nn`; PyTorch's default is
        steps first. A state is (L, N, H) in any case.
    dropout : float
        Which share of the outputs of a layer is zero for the one above, in training.
    bidirectional : bool
        Whether each layer reads the sequence from its end as well.
    dtype : dtype
        Of the parameters.
    rng : Generator or int, optional
        Where the first values and dropout come from; an int is a seed.

    Attributes
    ----------
    weight_ih_l0, weight_hh_l0 : Tensor, shape (d, 4H), (H, 4H)
        Of the first layer; the transposes of PyTorch's. Others end in ``_l1`` and so on, those of
        the other direction in ``_l0_reverse``.
    bias_ih_l0, bias_hh_l0 : Tensor, shape (4H,)

    Raises
    ------
    ValueError
        If a size is less than one.

    Examples
    --------
    >>> layer = LSTM(3, 4, num_layers=2, rng=0)
    >>> layer
    LSTM(3, 4, num_layers=2)
    >>> outputs, (state, cell) = layer(np.ones((2, 5, 3)))
    >>> outputs.shape, state.shape, cell.shape
    ((2, 5, 4), (2, 2, 4), (2, 2, 4))
    """


class GRU(_Layer, _GRU):
    """A gated recurrent unit: a state that a gate z keeps, or lets go for something new.

    With (r, z, n) = xW + b and (r', z', n') = h'W' + b', each of H numbers: r = σ(r + r'),
    z = σ(z + z'), n = tanh(n + r n') and h = (1 - z)n + z h'. The reset gate r acts on the product,
    as in PyTorch. Cho et al., "Learning phrase representations using RNN encoder-decoder", 2014.

    Parameters
    ----------
    input_size, hidden_size : int
        Number of inputs d and of units H.
    num_layers : int
        Layers above each other, each given the outputs of the one below.
    bias : bool
        Whether there are b and b'.
    batch_first : bool
        Whether sequences are (N, T, d), examples first, as everywhere in `nn`; PyTorch's default is
        steps first. A state is (L, N, H) in any case.
    dropout : float
        Which share of the outputs of a layer is zero for the one above, in training.
    bidirectional : bool
        Whether each layer reads the sequence from its end as well.
    dtype : dtype
        Of the parameters.
    rng : Generator or int, optional
        Where the first values and dropout come from; an int is a seed.

    Attributes
    ----------
    weight_ih_l0, weight_hh_l0 : Tensor, shape (d, 3H), (H, 3H)
        Of the first layer; the transposes of PyTorch's. Others end in ``_l1`` and so on, those of
        the other direction in ``_l0_reverse``.
    bias_ih_l0, bias_hh_l0 : Tensor, shape (3H,)

    Raises
    ------
    ValueError
        If a size is less than one.

    Examples
    --------
    >>> layer = GRU(3, 4, bidirectional=True, rng=0)
    >>> layer
    GRU(3, 4, bidirectional=True)
    >>> outputs, state = layer(np.ones((2, 5, 3)))
    >>> outputs.shape, state.shape
    ((2, 5, 8), (2, 2, 4))
    """


class _OneStep(_Recurrent):
    """What the cells share."""

    weight_ih: Tensor

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        bias: bool = True,
        *,
        dtype: DTypeLike = np.float64,
        rng: Seed = None,
    ) -> None:
        _check_sizes(self, input_size=input_size, hidden_size=hidden_size)
        self.input_size, self.hidden_size = input_size, hidden_size
        self._add_parameters(input_size, "", bias, dtype, np.random.default_rng(rng))

    def forward(self, x: Any, state: Any = None) -> Any:
        """Return the state after one step.

        Parameters
        ----------
        x : ndarray or Tensor, shape (N, d) or (d,)
        state : ndarray or Tensor, shape (N, H) or (H,), or a pair of them, optional
            Before the step; zero if not given. An LSTMCell has a pair, the state and the cell.

        Raises
        ------
        ShapeError
            If shapes do not fit.
        """
        if x.shape[-1:] != (self.input_size,):
            raise ShapeError(f"{self._label()}: expected (..., {self.input_size}), got {x.shape}")
        first = self._first(state, (*x.shape[:-1], self.hidden_size), self.weight_ih.dtype)
        return self._step(self._parameters(), x, first)

    def extra_repr(self) -> str:
        """Return the arguments it was made with."""
        bias = "" if hasattr(self, "bias_ih") else ", bias=False"
        dtype = "" if self.weight_ih.dtype == np.float64 else f", dtype={self.weight_ih.dtype}"
        return f"{self.input_size}, {self.hidden_size}{bias}{dtype}"


class RNNCell(_OneStep, _RNN):
    """One step of an `RNN`.

    Parameters
    ----------
    input_size, hidden_size : int
        Number of inputs d and of units H.
    bias : bool
    nonlinearity : {"tanh", "relu"}
    dtype : dtype
    rng : Generator or int, optional

    Attributes
    ----------
    weight_ih, weight_hh : Tensor, shape (d, H), (H, H)
    bias_ih, bias_hh : Tensor, shape (H,)

    Examples
    --------
    >>> RNNCell(3, 4, rng=0)(np.ones((2, 3))).shape
    (2, 4)
    """

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        bias: bool = True,
        nonlinearity: Nonlinearity = "tanh",
        *,
        dtype: DTypeLike = np.float64,
        rng: Seed = None,
    ) -> None:
        self._check_nonlinearity(nonlinearity)
        super().__init__(input_size, hidden_size, bias, dtype=dtype, rng=rng)


class LSTMCell(_OneStep, _LSTM):
    """One step of an `LSTM`; it takes and returns a pair, the state and the cell.

    Parameters
    ----------
    input_size, hidden_size : int
        Number of inputs d and of units H.
    bias : bool
    dtype : dtype
    rng : Generator or int, optional

    Attributes
    ----------
    weight_ih, weight_hh : Tensor, shape (d, 4H), (H, 4H)
    bias_ih, bias_hh : Tensor, shape (4H,)

    Examples
    --------
    >>> state, cell = LSTMCell(3, 4, rng=0)(np.ones((2, 3)))
    >>> state.shape, cell.shape
    ((2, 4), (2, 4))
    """


class GRUCell(_OneStep, _GRU):
    """One step of a `GRU`.

    Parameters
    ----------
    input_size, hidden_size : int
        Number of inputs d and of units H.
    bias : bool
    dtype : dtype
    rng : Generator or int, optional

    Attributes
    ----------
    weight_ih, weight_hh : Tensor, shape (d, 3H), (H, 3H)
    bias_ih, bias_hh : Tensor, shape (3H,)

    Examples
    --------
    >>> GRUCell(3, 4, rng=0)(np.ones((2, 3))).shape
    (2, 4)
    """
