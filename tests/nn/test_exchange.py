"""PyTorch's weights: by hand formulas always, and with PyTorch itself where it is installed."""

import numpy as np
import pytest

import autograd as ag
import nn

RNG = np.random.default_rng(0)


def numbers(*shape):
    return RNG.normal(size=shape)


# Name, how it is made in both, and the shape of an input.
CASES = {
    "linear": (lambda m: m.Linear(3, 4), (5, 3)),
    "linear without bias": (lambda m: m.Linear(3, 4, bias=False), (5, 3)),
    "conv1d": (lambda m: m.Conv1d(4, 6, 3, stride=2, padding=1, groups=2), (5, 4, 9)),
    "conv2d": (lambda m: m.Conv2d(2, 3, (3, 2), padding=1, dilation=2), (5, 2, 9, 8)),
    "transposed1d": (lambda m: m.ConvTranspose1d(4, 6, 3, stride=2, groups=2), (5, 4, 6)),
    "transposed2d": (
        lambda m: m.ConvTranspose2d(4, 2, 3, stride=2, padding=1, output_padding=1),
        (5, 4, 6, 5),
    ),
    "batch1d": (lambda m: m.BatchNorm1d(4), (5, 4)),
    "batch2d": (lambda m: m.BatchNorm2d(4), (5, 4, 3, 3)),
    "layer": (lambda m: m.LayerNorm((4, 3)), (5, 4, 3)),
    "group": (lambda m: m.GroupNorm(2, 4), (5, 4, 3)),
    "rms": (lambda m: m.RMSNorm(4), (5, 4)),
    "prelu": (lambda m: m.PReLU(4), (5, 4, 3)),
    "rnn": (lambda m: m.RNN(3, 4, batch_first=True), (5, 6, 3)),
    "lstm": (lambda m: m.LSTM(3, 4, num_layers=2, batch_first=True), (5, 6, 3)),
    "gru": (lambda m: m.GRU(3, 4, bidirectional=True, batch_first=True), (5, 6, 3)),
    "cell": (lambda m: m.GRUCell(3, 4), (5, 3)),
    "attention": (lambda m: m.MultiheadAttention(8, 2, batch_first=True), (5, 6, 8)),
}


def made(build):
    """A layer of ours with numbers of its own."""
    return randomized(build(nn))


def randomized(model):
    state = model.state_dict()
    for name, array in state.items():
        if array.dtype.kind == "f":
            state[name] = (
                numbers(*array.shape) ** 2 + 0.1 if "var" in name else numbers(*array.shape)
            )
    model.load_state_dict(state)
    return model


def first(value):
    """The output of a layer that may return a state as well."""
    return value[0] if isinstance(value, tuple) else value


def same_outputs(torch, ours, theirs, inputs):
    expected = first(theirs(*map(torch.from_numpy, inputs))).detach().numpy()
    np.testing.assert_allclose(first(ours(*inputs)).data, expected, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("name", CASES)
def test_pytorch_computes_the_same(name):
    torch = pytest.importorskip("torch", reason="PyTorch is not a dependency")
    build, shape = CASES[name]
    ours = made(build).eval()
    theirs = build(torch.nn).double().eval()
    theirs.load_state_dict({k: torch.from_numpy(v) for k, v in nn.to_torch(ours).items()})
    inputs = (numbers(*shape),) * (3 if "attention" in name else 1)
    same_outputs(torch, ours, theirs, inputs)
    other = build(torch.nn).double().eval()
    assert nn.from_torch(ours, other.state_dict()) == nn.Mismatch([], [])
    same_outputs(torch, ours, other, inputs)


def test_pytorch_attention_to_others_and_transformers():
    torch = pytest.importorskip("torch", reason="PyTorch is not a dependency")
    build = lambda m: m.MultiheadAttention(8, 2, kdim=5, vdim=3, bias=False, batch_first=True)
    ours, theirs = made(build), build(torch.nn).double()
    nn.from_torch(ours, theirs.state_dict())
    same_outputs(torch, ours, theirs, [numbers(5, 6, 8), numbers(5, 4, 5), numbers(5, 4, 3)])
    ours = nn.TransformerBlock(8, 2, 16, dropout=0.0)
    theirs = torch.nn.TransformerEncoderLayer(8, 2, 16, dropout=0.0, batch_first=True).double()
    nn.from_torch(ours, theirs.state_dict())
    same_outputs(torch, ours, theirs, [numbers(5, 6, 8)])


def test_pytorch_networks_of_layers():
    torch = pytest.importorskip("torch", reason="PyTorch is not a dependency")
    theirs = torch.nn.Sequential(
        *(torch.nn.Conv2d(1, 4, 3), torch.nn.BatchNorm2d(4), torch.nn.ReLU()),
        *(torch.nn.MaxPool2d(2), torch.nn.Flatten(), torch.nn.Linear(36, 2)),
    ).eval()
    ours = nn.Sequential(
        *(nn.Conv2d(1, 4, 3, dtype="f4"), nn.BatchNorm2d(4, dtype="f4"), nn.relu),
        *(nn.MaxPool2d(2), nn.Flatten(), nn.Linear(36, 2, dtype="f4")),
    ).eval()
    nn.from_torch(ours, theirs.state_dict())
    x = numbers(3, 1, 8, 8).astype("f4")
    expected = theirs(torch.from_numpy(x)).detach().numpy()
    np.testing.assert_allclose(ours(x).data, expected, rtol=1e-5, atol=1e-6)


def test_half_precision_and_parameters_of_pytorch():
    torch = pytest.importorskip("torch", reason="PyTorch is not a dependency")
    layer = nn.Linear(2, 1, rng=0)
    weight = torch.nn.Parameter(torch.tensor([[1.0, 2.0]]))
    nn.from_torch(layer, {"weight": weight, "bias": torch.zeros(1, dtype=torch.float16)})
    assert layer.weight.data.tolist() == [[1.0], [2.0]]
    with pytest.raises(ValueError, match=r'"bias" is no array for NumPy: .*BFloat16.*\.float\(\)'):
        nn.from_torch(layer, {"weight": weight, "bias": torch.zeros(1, dtype=torch.bfloat16)})


# Without PyTorch: what its documentation says of shapes and formulas, by hand.


def test_linear_by_hand():
    layer = randomized(nn.Linear(3, 4))
    state, x = nn.to_torch(layer), numbers(5, 3)
    by_hand = np.einsum("ni,oi->no", x, state["weight"]) + state["bias"]
    np.testing.assert_allclose(layer(x).data, by_hand)
    assert state["weight"].flags.c_contiguous


def test_convolution_by_hand():
    layer = made(lambda m: m.Conv2d(2, 3, (3, 2)))
    state, x = nn.to_torch(layer), numbers(5, 2, 6, 7)
    assert state["weight"].shape == (3, 2, 3, 2)
    windows = np.lib.stride_tricks.sliding_window_view(x, (3, 2), (2, 3))
    by_hand = np.einsum("nchwij,ocij->nohw", windows, state["weight"])
    np.testing.assert_allclose(layer(x).data, by_hand + state["bias"][:, None, None])


def test_transposed_convolution_by_hand():
    layer = made(lambda m: m.ConvTranspose1d(2, 3, 2, stride=2))
    state, x = nn.to_torch(layer), numbers(5, 2, 4)
    assert state["weight"].shape == (2, 3, 2)
    by_hand = np.einsum("ncl,cok->nolk", x, state["weight"]).reshape(5, 3, 8)
    np.testing.assert_allclose(layer(x).data, by_hand + state["bias"][:, None])


def test_bilinear_by_hand():
    layer = made(lambda m: m.Bilinear(2, 3, 4))
    state, x, z = nn.to_torch(layer), numbers(5, 2), numbers(5, 3)
    by_hand = np.einsum("ni,oij,nj->no", x, state["weight"], z) + state["bias"]
    np.testing.assert_allclose(layer(x, z).data, by_hand)


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def test_lstm_by_hand():
    layer = made(lambda m: m.LSTM(3, 4))
    state, x = nn.to_torch(layer), numbers(1, 6, 3)
    assert state["weight_ih_l0"].shape == (16, 3)
    h = c = np.zeros(4)
    for step in x[0]:
        total = state["weight_ih_l0"] @ step + state["bias_ih_l0"]
        total += state["weight_hh_l0"] @ h + state["bias_hh_l0"]
        i, f, g, o = np.split(total, 4)
        c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
        h = sigmoid(o) * np.tanh(c)
    np.testing.assert_allclose(layer(x)[0].data[0, -1], h)


def test_attention_by_hand():
    layer = made(lambda m: m.MultiheadAttention(4, 1))
    state, x = nn.to_torch(layer), numbers(1, 5, 4)
    q, k, v = np.split(x[0] @ state["in_proj_weight"].T + state["in_proj_bias"], 3, axis=1)
    weights = np.exp(q @ k.T / 2)
    heads = weights / weights.sum(1, keepdims=True) @ v
    by_hand = heads @ state["out_proj.weight"].T + state["out_proj.bias"]
    np.testing.assert_allclose(layer(x)[0].data[0], by_hand)


@pytest.mark.parametrize("name", CASES)
def test_there_and_back(name):
    layer = made(CASES[name][0])
    state, other = layer.state_dict(), made(CASES[name][0])
    nn.from_torch(other, nn.to_torch(layer))
    for path, array in other.state_dict().items():
        np.testing.assert_array_equal(array, state[path])
    assert nn.to_torch(layer).keys() == state.keys()


def test_modules_of_your_own_keep_their_arrays_as_they_are():
    class Scale(nn.Module):
        def __init__(self):
            self.matrix, self.lists = ag.Tensor(numbers(2, 3)), [ag.Tensor(numbers(2, 3))]
            self.inner = {"a": nn.Linear(2, 3)}

    model = Scale()
    shapes = {name: array.shape for name, array in nn.to_torch(model).items()}
    assert shapes == {
        "matrix": (2, 3),
        "lists.0": (2, 3),
        "inner.a.weight": (3, 2),
        "inner.a.bias": (3,),
    }
    nn.from_torch(model, nn.to_torch(model))


def test_every_layer_with_parameters_has_an_entry():
    from nn.exchange.pytorch import LAYOUTS

    containers = {"MLP", "Module", "Residual", "Sequential", "TransformerBlock", "Flatten"}
    layers = {
        name
        for name, kind in vars(nn.layers).items()
        if isinstance(kind, type) and not any(part in name for part in ("Pool", "Dropout"))
    }
    assert layers - containers <= set(LAYOUTS)


def test_a_layer_that_is_not_known(monkeypatch):
    monkeypatch.delitem(nn.exchange.pytorch.LAYOUTS, "Linear")
    with pytest.raises(TypeError, match="not known how PyTorch lays out weight of Linear"):
        nn.to_torch(nn.Sequential(nn.Linear(2, 3)))


def test_all_differences_are_said_and_nothing_changes():
    model = nn.Sequential(nn.Linear(2, 3, rng=0), nn.Linear(3, 1, rng=0))
    before = model.state_dict()
    state = {"0.weight": numbers(2, 3), "0.bias": numbers(3) + 0j, "x": numbers(2)}
    state["1.bias"] = numbers(1)
    with pytest.raises(ValueError, match="does not fit Sequential, which is left") as caught:
        nn.from_torch(model, state)
    for part in (
        '"0.weight" has shape (2, 3), expected (3, 2)',
        '"0.bias" is of complex128, expected float64',
        '"1.weight" (1, 3) is missing',
        '"x" (2,) belongs to no parameter',
    ):
        assert part in str(caught.value)
    for path, array in model.state_dict().items():
        np.testing.assert_array_equal(array, before[path])
    del state["0.weight"], state["0.bias"]
    missing = ["0.weight", "0.bias", "1.weight"]
    assert nn.from_torch(model, state, strict=False) == nn.Mismatch(missing, ["x"])
    assert model[1].bias.data == state["1.bias"]
