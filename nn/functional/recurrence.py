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


# The same over arrays, and its transpose. Inside, examples are columns: the sums of a step are
# (G, N) for G sums, so that each gate is one block of memory, and BLAS does the product of a step
# in half the time with two threads. Results have examples as rows, as arguments do.


def _projected(x: Array, weight: Array, dtype: Any) -> Array:
    """Return the products of all steps, (T, G, N), as an array to be written into."""
    if x.shape[1] == 1:  # one example: its steps can be the rows of one matrix
        product = (x[:, 0] @ weight)[:, :, np.newaxis]
    else:
        product = np.ascontiguousarray(weight.T) @ x.transpose(0, 2, 1)
    found: Array = product.astype(dtype, copy=False)
    return found


def _columns(first: Array, dtype: Any) -> Array:
    """Return a copy of what has examples as rows with examples as columns."""
    return np.array(first.T, dtype, order="C")


def _repeated(bias: Array, examples: int, dtype: Any) -> Array:
    """Return a bias for each example; to add it is faster than to broadcast along rows."""
    return np.repeat(bias.astype(dtype)[:, np.newaxis], examples, axis=1)


def _states(first: Array, steps: int, dtype: Any) -> Array:
    """Return an array for the first state and that after each step."""
    states = np.empty((steps + 1, *first.shape), dtype)
    states[0] = first
    return states


def _sums(gates: Array) -> Array:
    """Return an array for the cotangents of the sums of all steps: (G, T, N).

    With the sums first, those of all steps and examples are columns of one matrix.
    """
    steps, sums, examples = gates.shape
    return np.empty((sums, steps, examples), gates.dtype)


def _of_weights(x: Array, totals: Array) -> Array:
    """Return the cotangent of the weights that took `x` of each step to sums."""
    found: Array = x.reshape(-1, x.shape[-1]).T @ totals.reshape(len(totals), -1).T
    return found


def _of_bias(totals: Array) -> Array:
    """Return the cotangent of what was added to the sums of each step."""
    found: Array = totals.reshape(len(totals), -1).sum(1)
    return found


def _of_inputs(varies: bool, totals: Array, weight: Array) -> Array | None:
    """Return the cotangent of the inputs, if it is needed."""
    if not varies:
        return None
    flat = (totals.reshape(len(totals), -1).T @ weight.T).astype(totals.dtype, copy=False)
    found: Array = flat.reshape(*totals.shape[1:], -1)
    return found


def _slope_of_tanh(y: Array, out: Array) -> Array:
    """Return 1 - y², the derivative of tanh where it is y, in `out`."""
    np.multiply(y, y, out=out)
    return np.subtract(1, out, out=out)


def _rnn_forward(nonlinearity: str, *args: Array) -> tuple[Array, Arrays]:
    x, weight_ih, weight_hh, bias, first = args
    dtype = np.result_type(*args)
    columns = _projected(x, weight_ih, dtype)  # of each step: first its sums, then its state
    states = _states(first, len(x), dtype)
    weight, bias = np.ascontiguousarray(weight_hh.T), _repeated(bias, len(first), dtype)
    state, product = _columns(first, dtype), np.empty_like(columns[0])
    for t in range(len(x)):
        total = columns[t]
        total += np.matmul(weight, state, out=product)
        total += bias
        state = total
        np.tanh(state, out=state) if nonlinearity == "tanh" else np.maximum(state, 0, out=state)
        states[t + 1] = state.T
    return states[1:], (columns, states)


def _rnn_backward(
    nonlinearity: str, varies: bool, saved: Arrays, args: Arrays, outputs: Array
) -> tuple[Any, ...]:
    x, weight_ih, weight_hh, _, _ = args
    columns, states = saved
    totals = _sums(columns)
    back = np.zeros_like(columns[0])  # the cotangent of a state, from the step after it
    slope = np.empty_like(back)
    for t in reversed(range(len(x))):
        back += outputs[t].T
        if nonlinearity == "tanh":
            _slope_of_tanh(columns[t], slope)
        else:
            np.greater(columns[t], 0, out=slope)
        slope *= back
        totals[:, t] = slope
        np.matmul(weight_hh, slope, out=back)
    return (
        _of_inputs(varies, totals, weight_ih),
        _of_weights(x, totals),
        _of_weights(states[:-1], totals),
        _of_bias(totals),
        back.T,
    )


def _parts(columns: Array, count: int) -> list[Array]:
    """Return views of the sums of each gate, (H, N)."""
    size = len(columns) // count
    return [columns[k * size : (k + 1) * size] for k in range(count)]


def _lstm_forward(*args: Array) -> tuple[Arrays, Arrays]:
    x, weight_ih, weight_hh, bias, first, first_cell = args
    dtype, (examples, size) = np.result_type(*args), first.shape
    # sigmoid(x) = tanh(x/2)/2 + 1/2: with halved weights, one tanh serves all gates
    halved = np.repeat(np.array([0.5, 0.5, 1, 0.5], dtype), size)
    gates = _projected(x, weight_ih * halved, dtype)
    weight = np.ascontiguousarray((weight_hh * halved).T)
    scale, shift, bias = (
        _repeated(a, examples, dtype) for a in (halved, 1 - halved, bias * halved)
    )
    states, state = _states(first, len(x), dtype), _columns(first, dtype)
    cells, product = _states(_columns(first_cell, dtype), len(x), dtype), np.empty_like(bias)
    tanhs = np.empty_like(cells[1:])  # of the cells
    for t in range(len(x)):
        gate = gates[t]
        gate += np.matmul(weight, state, out=product)
        gate += bias
        np.tanh(gate, out=gate)
        gate *= scale
        gate += shift
        i, f, g, o = _parts(gate, 4)
        cell = np.multiply(f, cells[t], out=cells[t + 1])
        cell += np.multiply(i, g, out=state)
        np.multiply(o, np.tanh(cell, out=tanhs[t]), out=state)
        states[t + 1] = state.T
    return (states[1:], cells[-1].T), (gates, states, cells, tanhs)


def _lstm_slopes(gate: Array, before: Array, tanh: Array, out: Array) -> None:
    """Put the derivatives in the sums into `out`: of the cell in i, f and g, of the state in o."""
    i, _, g, _ = _parts(gate, 4)
    of_i, of_f, of_g, of_o = _parts(out, 4)
    np.subtract(1, gate, out=out)
    out *= gate
    of_i *= g
    of_f *= before
    of_o *= tanh
    _slope_of_tanh(g, of_g)
    of_g *= i


def _lstm_backward(
    varies: bool, saved: Arrays, args: Arrays, cotangents: Arrays
) -> tuple[Any, ...]:
    x, weight_ih, weight_hh, _, _, _ = args
    gates, states, cells, tanhs = saved
    outputs, of_cell = cotangents[0], _columns(cotangents[1], gates.dtype)
    totals, total = _sums(gates), np.empty_like(gates[0])  # cotangents of the sums
    back, spare = np.zeros_like(of_cell), np.empty_like(of_cell)
    of_state, of_gates = total[-len(spare) :], total[: -len(spare)].reshape(3, *spare.shape)
    for t in reversed(range(len(x))):
        _, f, _, o = _parts(gates[t], 4)
        back += outputs[t].T
        _lstm_slopes(gates[t], cells[t], tanhs[t], total)
        _slope_of_tanh(tanhs[t], spare)
        spare *= o
        spare *= back
        of_cell += spare
        of_state *= back
        of_gates *= of_cell
        totals[:, t] = total
        np.matmul(weight_hh, total, out=back)
        of_cell *= f
    return (
        _of_inputs(varies, totals, weight_ih),
        _of_weights(x, totals),
        _of_weights(states[:-1], totals),
        _of_bias(totals),
        back.T,
        of_cell.T,
    )


def _gru_update(gate: Array, product: Array, inner: Array, before: Array, after: Array) -> None:
    """Put the gates into the place of their sums, and the new state into `after`."""
    size = len(inner)
    both, n = gate[: 2 * size], gate[2 * size :]
    both += product[: 2 * size]
    both *= 0.5  # sigmoid(x) = tanh(x/2)/2 + 1/2
    np.tanh(both, out=both)
    both *= 0.5
    both += 0.5
    n += np.multiply(both[:size], inner, out=after)
    np.tanh(n, out=n)
    np.subtract(before, n, out=after)
    after *= both[size:]
    after += n


def _gru_forward(*args: Array) -> tuple[Array, Arrays]:
    x, weight_ih, weight_hh, bias_ih, bias_hh, first = args
    dtype, (examples, size) = np.result_type(*args), first.shape
    gates = _projected(x, weight_ih, dtype)
    weight = np.ascontiguousarray(weight_hh.T)
    bias_ih, bias_hh = (_repeated(bias, examples, dtype) for bias in (bias_ih, bias_hh))
    columns = _states(_columns(first, dtype), len(x), dtype)
    inner = np.empty_like(columns[1:])  # hW + b for the new content, before the reset gate
    product = np.empty_like(bias_hh)
    for t in range(len(x)):
        gate = gates[t]
        np.matmul(weight, columns[t], out=product)
        product += bias_hh
        gate += bias_ih
        inner[t] = product[2 * size :]
        _gru_update(gate, product, inner[t], columns[t], columns[t + 1])
    states = np.ascontiguousarray(columns.transpose(0, 2, 1))
    return states[1:], (gates, states, columns, inner)


def _gru_slopes(  # noqa: PLR0917 - what a step knows
    gate: Array, before: Array, inner: Array, back: Array, out: Array, spare: Array
) -> None:
    """Put the cotangents of the sums with the inputs into `out`."""
    r, z, n = _parts(gate, 3)
    of_r, of_z, of_n = _parts(out, 3)
    np.subtract(1, z, out=spare)  # of_n = back (1 - z) (1 - n²)
    np.multiply(back, spare, out=of_n)
    spare *= z  # of_z = back (h - n) z (1 - z)
    np.subtract(before, n, out=of_z)
    of_z *= spare
    of_z *= back
    of_n *= _slope_of_tanh(n, spare)
    np.subtract(1, r, out=of_r)  # of_r = of_n inner r (1 - r)
    of_r *= r
    of_r *= inner
    of_r *= of_n


def _gru_backward(varies: bool, saved: Arrays, args: Arrays, outputs: Array) -> tuple[Any, ...]:
    x, weight_ih, weight_hh, _, _, _ = args
    gates, states, columns, inner = saved
    size = len(inner[0])
    projected, recurrent = _sums(gates), _sums(gates)  # cotangents of the sums
    total, back = np.empty_like(gates[0]), np.zeros_like(columns[0])
    spare = np.empty_like(back)
    for t in reversed(range(len(x))):
        r, z, _ = _parts(gates[t], 3)
        back += outputs[t].T
        _gru_slopes(gates[t], columns[t], inner[t], back, total, spare)
        projected[:, t] = total
        total[2 * size :] *= r
        recurrent[:, t] = total
        np.multiply(back, z, out=spare)
        np.matmul(weight_hh, total, out=back)
        back += spare
    return (
        _of_inputs(varies, projected, weight_ih),
        _of_weights(x, projected),
        _of_weights(states[:-1], recurrent),
        _of_bias(projected),
        _of_bias(recurrent),
        back.T,
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
