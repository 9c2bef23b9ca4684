"""Recurrent layers: against loops of NumPy, against PyTorch, and against their own steps."""

import numpy as np
import pytest

import autograd as ag
import nn
from autograd.errors import ShapeError
from autograd.testing import check_grads
from nn.functional import recurrence

LAYERS = {"RNN": nn.RNN, "LSTM": nn.LSTM, "GRU": nn.GRU}
GATES = {"RNN": 1, "LSTM": 4, "GRU": 3}


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def one_step(kind, parameters, x, h, c):
    """The formulas, as PyTorch's documentation has them."""
    weight_ih, weight_hh, bias_ih, bias_hh = parameters
    given, own = x @ weight_ih + bias_ih, h @ weight_hh + bias_hh
    if kind == "RNN":
        return np.tanh(given + own), c
    if kind == "LSTM":
        i, f, g, o = np.split(given + own, 4, axis=-1)
        c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
        return sigmoid(o) * np.tanh(c), c
    (r, z, n), (r_own, z_own, n_own) = np.split(given, 3, axis=-1), np.split(own, 3, axis=-1)
    z = sigmoid(z + z_own)
    return (1 - z) * np.tanh(n + sigmoid(r + r_own) * n_own) + z * h, c


def looped(kind, layer, x, h, c):
    """What a layer with one direction computes for (N, T, d), by a loop over steps and layers."""
    ends = []
    for place in range(layer.num_layers):
        names = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
        parameters = [getattr(layer, f"{name}_l{place}").data for name in names]
        state, outputs = (h[place], c[place]), []
        for t in range(x.shape[1]):
            state = one_step(kind, parameters, x[:, t], *state)
            outputs.append(state[0])
        x = np.stack(outputs, axis=1)
        ends.append(state)
    return x, np.stack([end[0] for end in ends]), np.stack([end[1] for end in ends])


def inputs(layers=1, seed=0):
    rng = np.random.default_rng(seed)
    return (
        rng.normal(size=(2, 5, 3)),
        rng.normal(size=(layers, 2, 4)),
        rng.normal(size=(layers, 2, 4)),
    )


@pytest.mark.parametrize("kind", LAYERS)
@pytest.mark.parametrize("layers", [1, 2])
def test_values_are_those_of_a_loop(kind, layers):
    layer = LAYERS[kind](3, 4, layers, rng=1)
    x, h, c = inputs(layers)
    outputs, state = layer(x, (h, c) if kind == "LSTM" else h)
    expected, last_h, last_c = looped(kind, layer, x, h, c)
    np.testing.assert_allclose(outputs.data, expected, rtol=1e-12)
    if kind == "LSTM":
        np.testing.assert_allclose(state[0].data, last_h, rtol=1e-12)
        np.testing.assert_allclose(state[1].data, last_c, rtol=1e-12)
    else:
        np.testing.assert_allclose(state.data, last_h, rtol=1e-12)


@pytest.mark.parametrize("kind", LAYERS)
def test_without_a_state_it_is_zero(kind):
    layer, (x, h, c) = LAYERS[kind](3, 4, rng=1), inputs()
    outputs, _ = layer(x)
    expected, *_ = looped(kind, layer, x, 0 * h, 0 * c)
    np.testing.assert_allclose(outputs.data, expected, rtol=1e-12)


@pytest.mark.parametrize("kind", LAYERS)
def test_the_other_direction_reads_from_the_end(kind):
    layer, (x, _, _) = LAYERS[kind](3, 4, bidirectional=True, rng=1), inputs()
    outputs, state = layer(x)
    one = LAYERS[kind](3, 4)
    for name, parameter in one.named_parameters():
        parameter.data = getattr(layer, f"{name}_reverse").data
    expected, end = one(x[:, ::-1])
    assert outputs.shape == (2, 5, 8)
    np.testing.assert_allclose(outputs.data[..., 4:], expected.data[:, ::-1], rtol=1e-12)
    if kind == "LSTM":
        state, end = state[1], end[1]
    np.testing.assert_allclose(state.data[1], end.data[0], rtol=1e-12)


@pytest.mark.parametrize("kind", LAYERS)
def test_the_whole_sequence_has_the_derivatives_of_its_steps(kind):
    """The transpose by hand, against the walk back through the steps."""
    rng = np.random.default_rng(0)
    sums = GATES[kind] * 4
    shapes = [(5, 2, 3), (3, sums), (4, sums), (sums,)]
    shapes += [(sums,)] if kind == "GRU" else []
    shapes += [(2, 4)] * (2 if kind == "LSTM" else 1)
    args = [rng.normal(size=shape) for shape in shapes]
    fast, steps = {
        "RNN": (recurrence.rnn["tanh"], lambda *a: recurrence._rnn_by_steps("tanh", *a)),
        "LSTM": (recurrence.lstm, recurrence._lstm_by_steps),
        "GRU": (recurrence.gru, recurrence._gru_by_steps),
    }[kind]
    value, pull = ag.vjp(lambda *a: fast(True, *a), *args)
    expected, pull_steps = ag.vjp(steps, *args)
    cotangent = (
        tuple(rng.normal(size=v.shape) for v in value)
        if kind == "LSTM"
        else rng.normal(size=value.shape)
    )
    for got, by_steps in zip(np.atleast_1d(value[0]), np.atleast_1d(expected[0]), strict=True):
        np.testing.assert_allclose(got, by_steps, rtol=1e-11, atol=1e-14)
    for got, by_steps in zip(pull(cotangent), pull_steps(cotangent), strict=True):
        np.testing.assert_allclose(got, by_steps, rtol=1e-10, atol=1e-13)


@pytest.mark.parametrize("kind", LAYERS)
@pytest.mark.parametrize("nonlinearity", ["tanh", "relu"])
def test_derivatives_of_both_modes_and_orders(kind, nonlinearity):
    if kind != "RNN" and nonlinearity == "relu":
        pytest.skip("only RNN has the choice")
    keywords = {"nonlinearity": nonlinearity} if kind == "RNN" else {}
    layer = LAYERS[kind](2, 2, rng=3, **keywords)
    names = [name for name, _ in layer.named_parameters()]
    rng = np.random.default_rng(0)

    def run(x, h, *parameters):
        for name, parameter in zip(names, parameters, strict=True):
            setattr(layer, name, parameter)
        outputs, state = layer(x, (h, 2 * h) if kind == "LSTM" else h)
        ends = state if kind == "LSTM" else (state,)
        return np.concatenate([np.ravel(a) for a in (outputs, *ends)])

    values = [parameter.data for parameter in layer.parameters()]
    check_grads(run, rng.normal(size=(2, 3, 2)), rng.normal(size=(1, 2, 2)), *values)


@pytest.mark.parametrize("kind", LAYERS)
def test_a_batch_of_models(kind):
    """`vmap` goes through the steps."""
    layer, (x, _, _) = LAYERS[kind](3, 4, rng=1), inputs()
    found = ag.vmap(lambda x: layer(x)[0])(x)
    np.testing.assert_allclose(found.data, layer(x)[0].data, rtol=1e-12)


@pytest.mark.parametrize("kind", LAYERS)
def test_cells_are_steps_of_the_layer(kind):
    layer = LAYERS[kind](3, 4, rng=1)
    cell = getattr(nn, f"{kind}Cell")(3, 4)
    for name, parameter in cell.named_parameters():
        parameter.data = getattr(layer, f"{name}_l0").data
    x, _, _ = inputs()
    state = None
    for t in range(x.shape[1]):
        state = cell(x[:, t], state)
    expected = layer(x)[1]
    pairs = zip(state, expected, strict=True) if kind == "LSTM" else [(state, expected)]
    for got, end in pairs:
        np.testing.assert_allclose(got.data, end.data[0], rtol=1e-12)
    alone = cell(x[0, 0])
    first = layer(x[:1, :1])[0]
    alone = alone[0] if kind == "LSTM" else alone
    np.testing.assert_allclose(alone.data, first.data[0, 0], rtol=1e-12)


@pytest.mark.parametrize("kind", LAYERS)
def test_axes(kind):
    first, steps_first = (LAYERS[kind](3, 4, batch_first=flag, rng=1) for flag in (True, False))
    x, _, _ = inputs()
    outputs, _ = first(x)
    other, _ = steps_first(np.swapaxes(x, 0, 1))
    np.testing.assert_array_equal(np.swapaxes(other.data, 0, 1), outputs.data)
    alone, state = first(x[0])
    np.testing.assert_allclose(alone.data, outputs.data[0], rtol=1e-12)
    state = state[0] if kind == "LSTM" else state
    assert state.shape == (1, 4)


@pytest.mark.parametrize("kind", LAYERS)
def test_float32_stays(kind):
    layer = LAYERS[kind](3, 4, 2, dtype=np.float32, rng=1)
    x = ag.Tensor(inputs()[0].astype(np.float32))
    outputs, _ = layer(x)
    np.sum(outputs).backward()
    dtypes = {outputs.dtype, x.grad.dtype, *(p.grad.dtype for p in layer.parameters())}
    assert dtypes == {np.dtype(np.float32)}


@pytest.mark.parametrize("kind", LAYERS)
def test_gates_are_finite_far_away(kind):
    layer = LAYERS[kind](3, 4, rng=1)
    x = ag.Tensor(np.full((1, 2, 3), 1e4))
    outputs, _ = layer(x)
    np.sum(outputs).backward()
    assert np.all(np.isfinite(outputs.data))
    assert np.all(np.isfinite(x.grad))


def test_writing_into_the_outputs_changes_no_gradient():
    layer, (x, _, _) = nn.LSTM(3, 4, rng=1), inputs()
    outputs, _ = layer(x)
    loss = np.sum(outputs * outputs)
    outputs[...] = 0.0
    loss.backward()
    expected = layer.weight_hh_l0.grad
    layer.zero_grad()
    outputs, _ = layer(x)
    np.sum(outputs * outputs).backward()
    np.testing.assert_array_equal(layer.weight_hh_l0.grad, expected)


def test_a_graph_can_be_walked_twice():
    layer, (x, _, _) = nn.LSTM(3, 4, rng=1), inputs()
    loss = np.sum(layer(x)[0])
    loss.backward(retain_graph=True)
    first = layer.weight_ih_l0.grad.copy()
    loss.backward()
    np.testing.assert_allclose(layer.weight_ih_l0.grad, 2 * first, rtol=1e-12)


def test_dropout_is_between_layers_and_in_training_only():
    layer = nn.GRU(3, 4, 2, dropout=0.5, rng=0)
    x, _, _ = inputs()
    assert np.any(layer(x)[0].data != layer(x)[0].data)
    layer.eval()
    np.testing.assert_array_equal(layer(x)[0].data, layer(x)[0].data)
    single = nn.GRU(3, 4, dropout=0.5, rng=0)
    np.testing.assert_array_equal(single(x)[0].data, single(x)[0].data)


def test_parameters_have_pytorchs_names_and_first_values():
    layer = nn.LSTM(3, 25, 2, bidirectional=True, rng=0)
    names = [name for name, _ in layer.named_parameters()]
    assert names[:4] == ["weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0"]
    assert len(names) == 16
    assert layer.weight_ih_l1_reverse.shape == (50, 100)
    for parameter in layer.parameters():
        assert 0.15 < abs(parameter.data).max() <= 0.2  # 1/√25
    assert [name for name, _ in nn.RNN(3, 4, bias=False).named_parameters()] == names[:2]
    assert list(nn.RNN(3, 4, bias=False).state_dict()) == names[:2]


def test_repr():
    assert repr(nn.LSTM(3, 4)) == "LSTM(3, 4)"
    layer = nn.GRU(3, 4, 2, False, False, 0.5, True, dtype=np.float32)
    assert repr(layer) == (
        "GRU(3, 4, num_layers=2, bias=False, batch_first=False, dropout=0.5, bidirectional=True, "
        "dtype=float32)"
    )
    assert repr(nn.GRUCell(3, 4, bias=False)) == "GRUCell(3, 4, bias=False)"


def test_what_is_refused():
    layer = nn.LSTM(3, 4)
    with pytest.raises(ShapeError, match=r"LSTM\(3, 4\): expected \(N, T, 3\), got \(2, 5, 4\)"):
        layer(np.ones((2, 5, 4)))
    with pytest.raises(ShapeError, match="at least one step"):
        layer(np.ones((2, 0, 3)))
    with pytest.raises(ShapeError, match=r"expected a state \(1, 2, 4\), got \(2, 4\)"):
        layer(np.ones((2, 5, 3)), (np.ones((2, 4)), np.ones((2, 4))))
    with pytest.raises(TypeError, match=r"a pair \(h, c\)"):
        layer(np.ones((2, 5, 3)), np.ones((1, 2, 4)))
    with pytest.raises(ShapeError, match=r"expected \(\.\.\., 3\), got \(2, 4\)"):
        nn.RNNCell(3, 4)(np.ones((2, 4)))
    with pytest.raises(ValueError, match="hidden_size of at least 1, got 0"):
        nn.GRU(3, 0)
    with pytest.raises(ValueError, match="'tanh' or 'relu', got 'sin'"):
        nn.RNN(3, 4, nonlinearity="sin")
    with pytest.raises(ValueError, match="dropout must be"):
        nn.RNN(3, 4, dropout=1.0)


@pytest.mark.parametrize("kind", LAYERS)
@pytest.mark.parametrize(
    "options",
    [{}, {"num_layers": 2, "bidirectional": True}, {"bias": False, "batch_first": False}],
    ids=str,
)
def test_pytorch_agrees(kind, options):
    torch = pytest.importorskip("torch", reason="PyTorch is not a dependency")
    ours = LAYERS[kind](3, 4, rng=1, **options)
    theirs = getattr(torch.nn, kind)(3, 4, dtype=torch.float64, **{"batch_first": True, **options})
    for name, parameter in ours.named_parameters():
        getattr(theirs, name).data = torch.tensor(parameter.data.T.copy())
    rng = np.random.default_rng(0)
    x = rng.normal(size=(2, 5, 3))
    count = ours.num_layers * (2 if ours.bidirectional else 1)
    states = [rng.normal(size=(count, 2 if ours.batch_first else 5, 4)) for _ in range(2)]
    xs, first = ag.Tensor(x), [ag.Tensor(state) for state in states]
    tx, tfirst = (
        torch.tensor(x, requires_grad=True),
        [torch.tensor(state, requires_grad=True) for state in states],
    )
    pair = kind == "LSTM"
    outputs, last = ours(xs, tuple(first) if pair else first[0])
    toutputs, tlast = theirs(tx, tuple(tfirst) if pair else tfirst[0])
    np.testing.assert_allclose(outputs.data, toutputs.detach().numpy(), rtol=1e-11, atol=1e-13)
    (np.sum(outputs**2) + np.sum((last[1] if pair else last) ** 3)).backward()
    ((toutputs**2).sum() + ((tlast[1] if pair else tlast) ** 3).sum()).backward()
    np.testing.assert_allclose(xs.grad, tx.grad.numpy(), rtol=1e-10, atol=1e-12)
    np.testing.assert_allclose(first[0].grad, tfirst[0].grad.numpy(), rtol=1e-10, atol=1e-12)
    for name, parameter in ours.named_parameters():
        expected = getattr(theirs, name).grad.numpy().T
        np.testing.assert_allclose(parameter.grad, expected, rtol=1e-10, atol=1e-12, err_msg=name)
