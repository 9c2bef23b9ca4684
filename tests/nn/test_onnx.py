"""Export to ONNX: what onnxruntime computes from the file is what the model computes."""

import functools

import numpy as np
import pytest

import autograd as ag
import nn
from nn.exchange.operators import FUNCTIONS, LAYERS

onnx = pytest.importorskip("onnx", reason="onnx is an extra")
runtime = pytest.importorskip("onnxruntime", reason="onnxruntime is not a dependency")

RNG = np.random.default_rng(0)


def numbers(*shape):
    return RNG.normal(size=shape).astype("f4")


def randomized(model):
    """The model with statistics and scales that are not those of the beginning."""
    state = model.state_dict()
    for name, array in state.items():
        if array.ndim == 1:
            state[name] = (RNG.uniform(0.5, 1.5, array.shape)).astype(array.dtype)
    model.load_state_dict(state)
    return model


def session(path):
    options = runtime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    return runtime.InferenceSession(path, options, providers=["CPUExecutionProvider"])


def check(model, shape, folder, tolerance=1e-6, **options):
    """Export with one number of rows, run with others, and compare."""
    path = folder / "model.onnx"
    nn.export_onnx(model, path, numbers(2, *shape), **options)
    onnx.checker.check_model(path, full_check=True)
    ran = session(path)
    model.eval()
    for rows in (1, 2, 7):
        x = numbers(rows, *shape).astype(options.get("dtype", "f4"))
        (found,) = ran.run(["output"], {"input": x})
        expected = model(x)
        expected = expected.data if isinstance(expected, ag.Tensor) else expected
        np.testing.assert_allclose(found, expected, rtol=tolerance, atol=tolerance)
        assert found.dtype == x.dtype
    assert [file.name for file in folder.iterdir()] == ["model.onnx"]


MODELS = {
    "linear": (lambda: nn.Linear(3, 4, rng=0), (3,)),
    "linear without bias, of sequences": (lambda: nn.Linear(3, 4, bias=False, rng=0), (5, 3)),
    "mlp": (lambda: nn.MLP([4, 8, 8, 3], nn.tanh, rng=0), (4,)),
    "nested": (
        lambda: nn.Sequential(nn.Sequential(nn.Linear(3, 3, rng=0), np.tanh), nn.relu),
        (3,),
    ),
    "residual": (
        lambda: nn.Sequential(
            nn.Residual(nn.MLP([3, 5, 3], rng=0)),
            nn.Residual(nn.MLP([3, 2], rng=1), nn.MLP([3, 2], rng=2)),
        ),
        (3,),
    ),
    "dropout": (
        lambda: nn.Sequential(nn.Linear(3, 4, rng=0), nn.Dropout(0.9), nn.Dropout2d()),
        (3,),
    ),
    "conv1d": (lambda: nn.Conv1d(4, 6, 3, stride=2, padding=1, groups=2, rng=0), (4, 9)),
    "conv2d": (lambda: nn.Conv2d(2, 3, (3, 2), padding="same", bias=False, rng=0), (2, 9, 8)),
    "conv2d dilated": (
        lambda: nn.Conv2d(2, 3, 3, padding=(2, 1), dilation=(1, 2), rng=0),
        (2, 9, 8),
    ),
    "transposed1d": (lambda: nn.ConvTranspose1d(4, 6, 3, stride=2, groups=2, rng=0), (4, 6)),
    "transposed2d": (
        lambda: nn.ConvTranspose2d(4, 2, 3, stride=2, padding=1, output_padding=(1, 0), rng=0),
        (4, 6, 5),
    ),
    "max": (lambda: nn.MaxPool2d((3, 2), padding=1, dilation=(2, 1)), (2, 9, 8)),
    "max1d": (lambda: nn.MaxPool1d(3, stride=1), (2, 9)),
    "average": (lambda: nn.AvgPool2d(3, stride=2, padding=1), (2, 9, 8)),
    "average without padding": (lambda: nn.AvgPool1d(3, 2, 1, count_include_pad=False), (2, 9)),
    "adaptive": (
        lambda: nn.Sequential(nn.AdaptiveAvgPool2d((4, 3)), nn.AdaptiveMaxPool2d((2, 1))),
        (2, 8, 9),
    ),
    "flatten": (lambda: nn.Flatten(), (2, 3, 4)),
    "flatten some": (lambda: nn.Flatten(2, 3), (2, 3, 4, 5)),
    "prelu": (lambda: nn.Sequential(nn.PReLU(), nn.PReLU(3, axis=-2)), (2, 3, 4)),
    "batch": (lambda: nn.BatchNorm1d(4, eps=0.1), (4,)),
    "batch of images": (lambda: nn.BatchNorm2d(4, affine=False), (4, 3, 2)),
    "layer": (lambda: nn.LayerNorm((4, 3)), (5, 4, 3)),
    "layer without bias": (lambda: nn.LayerNorm(3, bias=False), (3,)),
    "rms": (lambda: nn.RMSNorm(4), (5, 4)),
    "group": (lambda: nn.GroupNorm(2, 4), (4, 5, 3)),
    "group of rows": (lambda: nn.GroupNorm(2, 4, affine=False), (4,)),
    "convnet": (
        lambda: nn.Sequential(
            *(nn.Conv2d(1, 4, 3, rng=0), nn.BatchNorm2d(4), nn.relu, nn.MaxPool2d(2)),
            *(nn.Flatten(), nn.Linear(36, 5, rng=1), nn.softmax),
        ),
        (1, 8, 8),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", MODELS)
def test_onnxruntime_computes_the_same(name, tmp_path):
    make, shape = MODELS[name]
    check(randomized(make()), shape, tmp_path)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_functions(name, tmp_path):
    function = getattr(nn.functional, name)
    check(nn.Sequential(function, nn.Linear(3, 2, rng=0), function), (3,), tmp_path)


@pytest.mark.parametrize(
    ("name", "keywords"),
    [
        ("leaky_relu", {"negative_slope": 0.3}),
        ("elu", {"alpha": 0.5}),
        ("celu", {"alpha": 0.5}),
        ("gelu", {"approximate": "tanh"}),
        ("softplus", {"beta": 2.0}),
        ("hardtanh", {"min_val": -0.2, "max_val": 0.1}),
        ("softmax", {"axis": 1}),
        ("log_softmax", {"axis": -2}),
    ],
)
def test_functions_with_keywords(name, keywords, tmp_path):
    function = getattr(nn.functional, name)
    check(nn.Sequential(functools.partial(function, **keywords)), (2, 3), tmp_path)


def test_double_precision(tmp_path):
    model = nn.Sequential(nn.MLP([4, 8, 3], rng=0), nn.LayerNorm(3), nn.softmax)
    check(model, (4,), tmp_path, tolerance=1e-12, dtype=np.float64)


def test_embedding_takes_integers(tmp_path):
    model = nn.Sequential(nn.Embedding(7, 3, rng=0), nn.Linear(3, 2, rng=0))
    nn.export_onnx(model, tmp_path / "a.onnx", np.zeros((2, 5), np.int32))
    x = RNG.integers(7, size=(4, 5))
    (found,) = session(tmp_path / "a.onnx").run(None, {"input": x})
    np.testing.assert_allclose(found, model(x).data, rtol=1e-6, atol=1e-6)


def test_what_is_shared_is_written_once(tmp_path):
    layer, tied = nn.Linear(3, 3, rng=0), nn.Linear(3, 3, rng=1)
    tied.weight = layer.weight
    check(nn.Sequential(layer, nn.relu, layer, tied), (3,), tmp_path)
    names = [array.name for array in onnx.load(tmp_path / "model.onnx").graph.initializer]
    assert sorted(names) == ["0.bias", "0.weight", "3.bias", "3.weight"]


def test_the_model_stays_in_training(tmp_path):
    model = nn.Sequential(nn.BatchNorm1d(2), nn.Dropout())
    before = model.state_dict()
    nn.export_onnx(model, tmp_path / "a.onnx", numbers(3, 2))
    assert model.training
    assert model[1].training
    assert all(np.array_equal(before[path], now) for path, now in model.state_dict().items())


class Own(nn.Module):
    def forward(self, x):
        return x + 1


class Other(nn.Linear):
    def forward(self, x):
        return super().forward(x) + 1


@pytest.mark.parametrize(
    ("part", "message"),
    [
        (Own(), r'^Own "0" cannot be exported; what can are AdaptiveAvgPool1d'),
        (Other(2, 2), r'^Other "0" cannot be exported'),
        (nn.Flatten(0), "makes the number of rows another"),
        (np.sin, r"ufunc 'sin'.* cannot be exported"),
        (functools.partial(nn.softmax, axis=(0, 1)), "Softmax in ONNX has one axis"),
        (nn.BatchNorm1d(2, track_running_stats=False), "depends on the batch"),
    ],
)
def test_what_cannot_be_exported(part, message, tmp_path):
    with pytest.raises(TypeError, match=message):
        nn.export_onnx(nn.Sequential(part), tmp_path / "a.onnx", numbers(3, 2))
    assert not list(tmp_path.iterdir())


def test_examples_that_do_not_do(tmp_path):
    with pytest.raises(TypeError, match="windows of different sizes"):
        nn.export_onnx(nn.AdaptiveAvgPool1d(2), tmp_path / "a.onnx", numbers(3, 2, 5))
    with pytest.raises(ValueError, match="needs 4 axes, rows first, got"):
        nn.export_onnx(nn.Conv2d(2, 3, 2), tmp_path / "a.onnx", numbers(2, 5, 5))
    with pytest.raises(ValueError, match="must be a batch"):
        nn.export_onnx(nn.Sequential(nn.relu), tmp_path / "a.onnx", 1.0)
    with pytest.raises(TypeError, match="must be float32 or float64, got float16"):
        nn.export_onnx(nn.Sequential(nn.relu), tmp_path / "a.onnx", numbers(2, 2), dtype="f2")


def test_without_the_package_the_error_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "onnx", None)
    with pytest.raises(ImportError, match=r"pip install graphgrad\[onnx\]"):
        nn.export_onnx(nn.Linear(2, 2), tmp_path / "a.onnx", numbers(2, 2))


def test_every_layer_of_one_input_has_an_entry():
    kinds = {name for name, kind in vars(nn.layers).items() if isinstance(kind, type)}
    sequences = {"RNN", "LSTM", "GRU", "RNNCell", "LSTMCell", "GRUCell", "MultiheadAttention"}
    others = {"MLP", "Sequential", "Residual", "Bilinear", "TransformerBlock", *sequences}
    others |= {"Dropout1d", "Dropout2d"}  # by their base
    assert kinds - others <= set(LAYERS)
