"""Recurrences over a sequence: what RNN, LSTM and GRU compute, one direction of a layer.

Each is said twice. Once as a step, in functions that have derivatives: this is what cells do, and
what derivatives of derivatives, forward mode and batches go through. And once over arrays for the
whole sequence, with its transpose by hand: the inputs of all steps meet their weights in one
product, and nothing is allocated in the loop. Tests hold the two together.

Sequences are (T, N, ...) here: steps, then examples.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograd import custom_vjp, vjp
from nn.functional.activations import relu, sigmoid

Array = NDArray[Any]
Arrays = tuple[Array, ...]


# One step. `projected` is xW + b of the inputs, `recurrent` hW + b of the state.


def rnn_step(projected: Any, recurrent: Any, nonlinearity: str) -> Any:
    """Return the next state, f(xW + b + hW' + b')."""
    total = projected + recurrent
    return np.tanh(total) if nonlinearity == "tanh" else relu(total)


def lstm_step(total: Any, cell: Any) -> tuple[Any, Any]:
    """Return the next state and the next cell from the sum of what comes in and the last cell.

    Hochreiter and Schmidhuber, "Long short-term memory", 1997, with the forget gate of Gers et al.
    """
    size = cell.shape[-1]
    i, f = sigmoid(total[..., :size]), sigmoid(total[..., size : 2 * size])
    o = sigmoid(total[..., 3 * size :])
    cell = f * cell + i * np.tanh(total[..., 2 * size : 3 * size])
    return o * np.tanh(cell), cell


def gru_step(projected: Any, recurrent: Any, state: Any) -> Any:
    """Return the next state; the reset gate acts on the product hW + b, as in PyTorch and cuDNN.

    Cho et al., "Learning phrase representations using RNN encoder-decoder", 2014.
    """
    size = state.shape[-1]
    both = projected[..., : 2 * size] + recurrent[..., : 2 * size]
    r, z = sigmoid(both[..., :size]), sigmoid(both[..., size:])
    n = np.tanh(projected[..., 2 * size :] + r * recurrent[..., 2 * size :])
    return n + z * (state - n)


# The whole sequence, step by step.


def _rnn_by_steps(  # noqa: PLR0917 - as the operation has them
    nonlinearity: str, x: Any, weight_ih: Any, weight_hh: Any, bias: Any, state: Any
) -> Any:
    projected, states = x @ weight_ih + bias, []
    for t in range(len(x)):
        state = rnn_step(projected[t], state @ weight_hh, nonlinearity)
        states.append(state)
    return np.stack(states)


def _lstm_by_steps(  # noqa: PLR0917 - as the operation has them
    x: Any, weight_ih: Any, weight_hh: Any, bias: Any, state: Any, cell: Any
) -> tuple[Any, Any]:
    projected, states = x @ weight_ih + bias, []
    for t in range(len(x)):
        state, cell = lstm_step(projected[t] + state @ weight_hh, cell)
        states.append(state)
    return np.stack(states), cell


def _gru_by_steps(  # noqa: PLR0917 - as the operation has them
    x: Any, weight_ih: Any, weight_hh: Any, bias_ih: Any, bias_hh: Any, state: Any
) -> Any:
    projected, states = x @ weight_ih + bias_ih, []
    for t in range(len(x)):
        state = gru_step(projected[t], state @ weight_hh + bias_hh, state)
        states.append(state)
    return np.stack(states)


# The same over arrays, and its transpose.


def _product(x: Array, weight: Array, dtype: Any) -> Array:
    """Return the products of all steps, as an array to be written into."""
    flat = np.matmul(x.reshape(-1, x.shape[-1]), weight)
    out: Array = flat.reshape(*x.shape[:-1], -1).astype(dtype, copy=False)
    return out


def _states(first: Array, steps: int, dtype: Any) -> Array:
    """Return an array for the first state and that after each step."""
    states = np.empty((steps + 1, *first.shape), dtype)
    states[0] = first
    return states


def _of_weights(x: Array, g: Array) -> Array:
    """Return the cotangent of the weights that took `x` of each step to what has cotangent `g`."""
    return x.reshape(-1, x.shape[-1]).T @ g.reshape(-1, g.shape[-1])


def _of_inputs(varies: bool, g: Array, weight: Array) -> Array | None:
    """Return the cotangent of the inputs, if it is needed."""
    return _product(g, weight.T, g.dtype) if varies else None


def _rnn_forward(nonlinearity: str, *args: Array) -> tuple[Array, Arrays]:
    x, weight_ih, weight_hh, bias, state = args
    dtype = np.result_type(*args)
    states = _states(state, len(x), dtype)
    projected = _product(x, weight_ih, dtype)
    for t, total in enumerate(projected):
        after = states[t + 1]
        np.matmul(states[t], weight_hh, out=after)
        after += total
        after += bias
        np.tanh(after, out=after) if nonlinearity == "tanh" else np.maximum(after, 0, out=after)
    return states[1:], (states,)


def _rnn_backward(
    nonlinearity: str, varies: bool, saved: Arrays, args: Arrays, g: Array
) -> tuple[Any, ...]:
    x, weight_ih, weight_hh, _, _ = args
    (states,) = saved
    slopes = 1 - states[1:] ** 2 if nonlinearity == "tanh" else (states[1:] > 0) * g.dtype.type(1)
    back = np.zeros_like(states[0])  # the cotangent of a state, from the step after it
    for t in reversed(range(len(x))):
        back += g[t]
        slopes[t] *= back
        np.matmul(slopes[t], weight_hh.T, out=back)
    return (
        _of_inputs(varies, slopes, weight_ih),
        _of_weights(x, slopes),
        _of_weights(states[:-1], slopes),
        slopes.sum((0, 1)),
        back,
    )


def _lstm_update(gate: Array, before: Array, cell: Array, state: Array, spare: Array) -> None:
    """Put the new cell and state into `cell` and `state`."""
    size = cell.shape[-1]
    i, f, g, o = (gate[:, k * size : (k + 1) * size] for k in range(4))
    np.multiply(f, before, out=cell)
    np.multiply(i, g, out=spare)
    cell += spare
    np.tanh(cell, out=spare)
    np.multiply(o, spare, out=state)


def _lstm_forward(*args: Array) -> tuple[Arrays, Arrays]:
    x, weight_ih, weight_hh, bias, state, cell = args
    dtype, size = np.result_type(*args), cell.shape[-1]
    # sigmoid(x) = tanh(x/2)/2 + 1/2: with halved weights, one tanh serves all gates
    scale = np.repeat(np.array([0.5, 0.5, 1, 0.5], dtype), size)
    weight_hh, bias, shift = weight_hh * scale, bias * scale, 1 - scale
    gates = _product(x, weight_ih * scale, dtype)
    states, cells = _states(state, len(x), dtype), _states(cell, len(x), dtype)
    spare, product = np.empty_like(cells[0]), np.empty(gates.shape[1:], dtype)
    for t in range(len(x)):
        gate = gates[t]
        np.matmul(states[t], weight_hh, out=product)
        product += bias
        gate += product
        np.tanh(gate, out=gate)
        gate *= scale
        gate += shift
        _lstm_update(gate, cells[t], cells[t + 1], states[t + 1], spare)
    return (states[1:], cells[-1]), (gates, states, cells)


def _lstm_slopes(gate: Array, before: Array, tanh: Array, out: Array, spare: Array) -> None:
    """Put the derivatives in the sums into `out`: of the cell in i, f and g, of the state in o."""
    size = tanh.shape[-1]
    np.subtract(1, gate, out=spare)
    np.multiply(spare, gate, out=out)
    out[:, :size] *= gate[:, 2 * size : 3 * size]
    out[:, size : 2 * size] *= before
    g, of_g = gate[:, 2 * size : 3 * size], out[:, 2 * size : 3 * size]
    np.multiply(g, g, out=of_g)
    np.subtract(1, of_g, out=of_g)
    of_g *= gate[:, :size]
    out[:, 3 * size :] *= tanh


def _lstm_backward(
    varies: bool, saved: Arrays, args: Arrays, cotangents: Arrays
) -> tuple[Any, ...]:
    x, weight_ih, weight_hh, _, _, _ = args
    gates, states, cells = saved
    size, steps = cells.shape[-1], len(x)
    outputs, of_cell = cotangents[0], cotangents[1].astype(gates.dtype)
    totals = np.empty_like(gates)  # the cotangents of the sums
    back, tanh, spare = (np.zeros_like(cells[0]) for _ in range(3))
    scratch = np.empty_like(gates[0])
    for t in reversed(range(steps)):
        gate, total = gates[t], totals[t]
        back += outputs[t]
        np.tanh(cells[t + 1], out=tanh)
        _lstm_slopes(gate, cells[t], tanh, total, scratch)
        np.multiply(tanh, tanh, out=spare)
        np.subtract(1, spare, out=spare)
        spare *= gate[:, 3 * size :]
        spare *= back
        of_cell += spare
        total[:, 3 * size :] *= back
        by_gate = total.reshape(-1, 4, size)[:, :3]
        by_gate *= of_cell[:, np.newaxis]
        np.matmul(total, weight_hh.T, out=back)
        of_cell *= gate[:, size : 2 * size]
    return (
        _of_inputs(varies, totals, weight_ih),
        _of_weights(x, totals),
        _of_weights(states[:-1], totals),
        totals.sum((0, 1)),
        back,
        of_cell,
    )


def _gru_forward(*args: Array) -> tuple[Array, Arrays]:
    x, weight_ih, weight_hh, bias_ih, bias_hh, state = args
    dtype, size = np.result_type(*args), state.shape[-1]
    gates = _product(x, weight_ih, dtype)
    states = _states(state, len(x), dtype)
    inner = np.empty_like(states[1:])  # hW + b for the new content, before the reset gate
    product = np.empty(gates.shape[1:], dtype)
    for t in range(len(x)):
        gate = gates[t]
        np.matmul(states[t], weight_hh, out=product)
        product += bias_hh
        gate += bias_ih
        both, n = gate[:, : 2 * size], gate[:, 2 * size :]
        both += product[:, : 2 * size]
        both *= 0.5  # sigmoid(x) = tanh(x/2)/2 + 1/2
        np.tanh(both, out=both)
        both *= 0.5
        both += 0.5
        inner[t] = product[:, 2 * size :]
        after = states[t + 1]
        np.multiply(both[:, :size], inner[t], out=after)
        n += after
        np.tanh(n, out=n)
        np.subtract(states[t], n, out=after)
        after *= both[:, size:]
        after += n
    return states[1:], (gates, states, inner)


def _gru_backward(varies: bool, saved: Arrays, args: Arrays, outputs: Array) -> tuple[Any, ...]:
    x, weight_ih, weight_hh, _, _, _ = args
    gates, states, inner = saved
    size = inner.shape[-1]
    projected, recurrent = np.empty_like(gates), np.empty_like(gates)  # cotangents of the sums
    back, spare = np.zeros_like(states[0]), np.empty_like(states[0])
    for t in reversed(range(len(x))):
        r, z, n = (gates[t][:, k * size : (k + 1) * size] for k in range(3))
        of_r, of_z, of_n = (projected[t][:, k * size : (k + 1) * size] for k in range(3))
        back += outputs[t]
        np.subtract(1, z, out=spare)  # of_n = back (1 - z) (1 - n²)
        np.multiply(back, spare, out=of_n)
        spare *= z  # of_z = back (h - n) z (1 - z)
        np.subtract(states[t], n, out=of_z)
        of_z *= spare
        of_z *= back
        np.multiply(n, n, out=spare)
        np.subtract(1, spare, out=spare)
        of_n *= spare
        np.subtract(1, r, out=of_r)  # of_r = of_n inner r (1 - r)
        of_r *= r
        of_r *= inner[t]
        of_r *= of_n
        recurrent[t][:, : 2 * size] = projected[t][:, : 2 * size]
        np.multiply(of_n, r, out=recurrent[t][:, 2 * size :])
        np.multiply(back, z, out=spare)
        np.matmul(recurrent[t], weight_hh.T, out=back)
        back += spare
    return (
        _of_inputs(varies, projected, weight_ih),
        _of_weights(x, projected),
        _of_weights(states[:-1], recurrent),
        projected.sum((0, 1)),
        recurrent.sum((0, 1)),
        back,
    )


def _plain(values: Any) -> bool:
    """Whether a value, or all in a tuple, are arrays, neither Tensors nor batches."""
    several = values if isinstance(values, tuple) else (values,)
    return all(type(value) is np.ndarray for value in several)


def _recurrence(
    name: str,
    by_steps: Callable[..., Any],
    forward: Callable[..., Any],
    backward: Callable[..., Any],
) -> Any:
    """Return `by_steps` as one operation: on arrays `forward`, with `backward` as its transpose.

    Its arguments are whether the cotangent of the inputs is needed, and those of `by_steps`.
    """

    def run(_varies: bool, *args: Any) -> Any:
        return forward(*args)[0] if _plain(args) else by_steps(*args)

    def run_and_save(_varies: bool, *args: Any) -> tuple[Any, Any]:
        value, saved = forward(*args) if _plain(args) else (by_steps(*args), None)
        return value, (saved, args)

    def transpose(varies: bool, residuals: Any, cotangents: Any) -> tuple[Any, ...]:
        saved, args = residuals
        if saved is None or not _plain(cotangents):
            return tuple(vjp(by_steps, *args)[1](cotangents))
        return tuple(backward(varies, saved, args, cotangents))

    run.__name__ = name
    operation: Any = custom_vjp(run, nondiff_argnums=0)
    operation.defvjp(run_and_save, transpose)
    return operation


rnn = {
    kind: _recurrence(
        "rnn",
        partial(_rnn_by_steps, kind),
        partial(_rnn_forward, kind),
        partial(_rnn_backward, kind),
    )
    for kind in ("tanh", "relu")
}
lstm = _recurrence("lstm", _lstm_by_steps, _lstm_forward, _lstm_backward)
gru = _recurrence("gru", _gru_by_steps, _gru_forward, _gru_backward)
