"""Optimizers: their steps against PyTorch's, and whose memory they change."""

import tracemalloc

import numpy as np
import pytest

import autograd as ag
import nn

# After 50 steps on `problem` with lr=0.05: printed by PyTorch 2.13.0 (torch.optim, float64, CPU).
PYTORCH = [
    (
        nn.SGD,
        {},
        [-0.4024753539127537, -1.4380544119357268, -1.4778841427868994, 1.098219178085146],
    ),
    (
        nn.SGD,
        {"momentum": 0.9},
        [-1.5100530032849087, -1.4336845603905428, -1.4025373763178874, 1.1740924008684142],
    ),
    (
        nn.SGD,
        {"momentum": 0.9, "nesterov": True, "weight_decay": 0.1},
        [-1.2390432396350712, -1.3863876640213957, -1.442809020556359, 1.1301791627650692],
    ),
    (
        nn.SGD,
        {"momentum": 0.5, "weight_decay": 0.1},
        [-1.22468616045655, -1.3857125967615738, -1.4427304483770944, 1.1298055964072644],
    ),
    (
        nn.Adam,
        {},
        [-1.194864596295541, -1.4286658835465134, -1.6329071197229512, 1.1240223409850143],
    ),
    (
        nn.Adam,
        {"betas": (0.8, 0.95), "eps": 1e-3, "weight_decay": 0.1},
        [-1.0437385581344667, -1.3860692325178894, -1.4656687532872348, 1.1256222898414305],
    ),
    (
        nn.AdamW,
        {},
        [-1.1958662436209042, -1.4265264652387535, -1.6252604455211954, 1.123908705990543],
    ),
    (
        nn.AdamW,
        {"betas": (0.8, 0.95), "eps": 1e-3, "weight_decay": 0.3},
        [-1.0674188494412904, -1.4154571238510354, -1.3631027752793063, 1.1240159642166605],
    ),
]
ALL = pytest.mark.parametrize(
    "optimizer",
    [
        nn.SGD, nn.RMSprop, nn.Adagrad, nn.Adadelta, nn.Adam, nn.AdamW, nn.NAdam, nn.RAdam, nn.Lion,
        nn.Adafactor, nn.LAMB,
    ],
)  # fmt: skip


def problem(x, y):
    waves = np.sum(np.sin(x) * np.array([1.0, 2.0, 3.0])) * np.sum(y)
    return waves + np.sum(y**4) + 0.1 * np.sum(x**2)


@pytest.mark.parametrize(("optimizer", "settings", "expected"), PYTORCH)
def test_fifty_steps_are_those_of_pytorch(optimizer, settings, expected):
    x, y = ag.Tensor([1.5, -2.0, 0.3]), ag.Tensor([[0.5]])
    steps = optimizer([x, y], lr=0.05, **settings)
    for _ in range(50):
        steps.zero_grad()
        problem(x, y).backward()
        steps.step()
    np.testing.assert_allclose([*x.data, y.item()], expected, rtol=1e-12)


def test_defaults_are_those_of_pytorch():
    x = [ag.Tensor([1.0])]
    sgd, adam, adamw = nn.SGD(x), nn.Adam(x), nn.AdamW(x)
    assert (sgd.lr, sgd.momentum, sgd.weight_decay, sgd.nesterov) == (1e-3, 0, 0, False)
    assert (adam.lr, adam.betas, adam.eps, adam.weight_decay) == (1e-3, (0.9, 0.999), 1e-8, 0)
    assert (adamw.lr, adamw.betas, adamw.eps, adamw.weight_decay) == (
        1e-3,
        (0.9, 0.999),
        1e-8,
        0.01,
    )
    assert repr(sgd) == (
        "SGD(1 parameters, lr=0.001, momentum=0.0, dampening=0.0, weight_decay=0.0, "
        "nesterov=False, maximize=False)"
    )


def test_adam_moves_by_the_rate_whatever_the_scale():
    # Bias correction makes m/√v the sign of the gradient in the first step.
    x = ag.Tensor([1.0, 1.0, 1.0])
    steps = nn.Adam([x], lr=0.01)
    x.grad = np.array([1e-3, -5.0, 1e6])
    steps.step()
    np.testing.assert_allclose(x.data, [0.99, 1.01, 0.99], rtol=1e-6)


def test_momentum_adds_up_to_its_limit():
    # A constant gradient of one: the velocity is 1 + μ + μ² + …, in the limit 1/(1 - μ).
    x = ag.Tensor([0.0])
    steps = nn.SGD([x], lr=1.0, momentum=0.5)
    positions = []
    for _ in range(4):
        x.grad = np.array([1.0])
        steps.step()
        positions.append(x.item())
    assert positions == [-1, -2.5, -4.25, -6.125]


@ALL
def test_arrays_that_tensors_were_made_of_stay_as_they_are(optimizer):
    array = np.ones(3)
    x = ag.Tensor(array)
    assert x.data is array
    steps = optimizer([x], lr=0.1)
    x.grad = np.ones(3)
    steps.step()
    np.testing.assert_array_equal(array, np.ones(3))
    assert np.all(x.data < 1)


@ALL
def test_an_array_that_is_set_later_stays_as_it_is_too(optimizer):
    x, array = ag.Tensor(np.zeros(3)), np.ones(3)
    steps = optimizer([x], lr=0.01)
    x.data = array
    x.grad = np.ones(3)
    steps.step()
    np.testing.assert_array_equal(array, np.ones(3))
    assert np.all((x.data < 1) & (x.data > 0.5))


@ALL
def test_gradients_stay_as_they_are(optimizer):
    x = ag.Tensor(np.ones(3))
    steps = optimizer([x], lr=0.1, weight_decay=0.5)
    x.grad = gradient = np.array([1.0, 2.0, 3.0])
    steps.step()
    steps.step()
    assert x.grad is gradient
    np.testing.assert_array_equal(gradient, [1, 2, 3])


@ALL
def test_a_parameter_without_a_gradient_is_left_alone(optimizer):
    used, unused = ag.Tensor([1.0]), ag.Tensor([1.0])
    steps = optimizer([used, unused], lr=0.1, weight_decay=0.5)
    used.grad = np.ones(1)
    steps.step()
    assert unused.item() == 1
    assert used.item() < 1


@ALL
def test_zero_grad_forgets(optimizer):
    x = ag.Tensor([1.0])
    x.grad = np.ones(1)
    optimizer([x]).zero_grad()
    assert x.grad is None


@ALL
def test_float32_stays_float32_and_scalars_work(optimizer):
    x, scalar = ag.Tensor(np.ones(3, np.float32)), ag.Tensor(2.0)
    steps = optimizer([x, scalar], lr=0.1, weight_decay=0.1)
    for _ in range(2):
        x.grad, scalar.grad = np.ones(3, np.float32), np.array(1.0)
        steps.step()
    assert (x.dtype, scalar.shape) == (np.float32, ())
    assert scalar.item() < 2


@ALL
def test_a_recorded_gradient_works(optimizer):
    x = ag.Tensor([3.0])
    np.sum(x**2).backward(create_graph=True)
    optimizer([x], lr=0.1).step()
    assert x.item() < 3


@pytest.mark.parametrize(
    "settings", [(nn.SGD, {"momentum": 0.9, "nesterov": True}), (nn.Adam, {}), (nn.AdamW, {})]
)
def test_a_step_makes_no_array_of_the_parameters_size(settings, monkeypatch):
    monkeypatch.setenv("OMP_NUM_THREADS", "2")
    optimizer, keywords = settings
    x = ag.Tensor(np.ones(10_000_000))
    steps = optimizer([x], lr=0.1, weight_decay=0.1, **keywords)
    x.grad = np.ones(10_000_000)
    steps.step()  # the first makes the state
    tracemalloc.start()
    steps.step()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < x.data.nbytes / 10  # some blocks that stay in the cache, for each thread


def test_training_goes_on_after_a_state_is_loaded():
    model = nn.Linear(2, 1, rng=0)
    steps = nn.SGD(model.parameters(), lr=0.1)
    state = model.state_dict()
    np.sum(model(np.ones((1, 2)))).backward()
    steps.step()
    model.load_state_dict(state)
    steps.step()
    np.testing.assert_allclose(model.weight.data, state["weight"] - 0.1)


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: nn.SGD([]), ValueError, r"needs parameters, got none; pass model.parameters\(\)"),
        (lambda: nn.SGD(ag.Tensor([1.0])), TypeError, r"got one Tensor; write \[parameter\]"),
        (lambda: nn.SGD([np.ones(2)]), TypeError, "takes Tensors, got ndarray"),
        (lambda: nn.SGD([ag.Tensor([1j])]), TypeError, "real parameters, got one of complex128"),
        (lambda: nn.SGD([ag.Tensor([1.0]).detach()]), ValueError, "got a constant"),
        (lambda: nn.SGD([ag.Tensor([1.0]) * 2]), ValueError, "got the result of multiply"),
        (lambda: nn.SGD([X, X]), ValueError, "listed twice"),
        (lambda: nn.SGD([X], lr=-1), ValueError, "lr must not be negative, got -1"),
        (lambda: nn.SGD([X], lr=float("nan")), ValueError, "lr must not be negative, got nan"),
        (lambda: nn.SGD([X], momentum=-0.9), ValueError, "momentum must not be negative"),
        (lambda: nn.SGD([X], nesterov=True), ValueError, "give momentum too"),
        (lambda: nn.Adam([X], weight_decay=-1), ValueError, "weight_decay must not be negative"),
        (lambda: nn.Adam([X], eps=-1), ValueError, "eps must not be negative"),
        (lambda: nn.Adam([X], betas=(0.9, 1.0)), ValueError, r"less than 1, got \(0.9, 1.0\)"),
    ],
)
def test_what_an_optimizer_refuses(make, error, message):
    with pytest.raises(error, match=message):
        make()


X = ag.Tensor([1.0])
