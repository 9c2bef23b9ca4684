"""What optimizers hold: groups, settings, state, chains of transformations, averages, L-BFGS."""

import os
import sys
import threading

import numpy as np
import pytest

import autograd as ag
import nn
from nn import optim
from nn.optim import schedules

NAMES = ["SGD", "RMSprop", "Adagrad", "Adadelta", "Adam", "AdamW", "NAdam", "RAdam", "Lion"]
NAMES += ["Adafactor", "LAMB"]
SETTINGS = {"SGD": {"momentum": 0.9}, "Adam": {"amsgrad": True}, "RMSprop": {"centered": True}}


def parameters():
    return [ag.Tensor(np.array([[1.0, -2.0], [0.5, 3.0]])), ag.Tensor(np.array([0.3, -0.7]))]


def train(optimizer, steps):
    """Some steps of Rosenbrock's kind, in all parameters."""
    for _ in range(steps):
        optimizer.zero_grad()
        sum(np.sum((1 - x) ** 2) + np.sum(np.sin(3 * x) ** 2) for x in optimizer.params).backward()
        optimizer.step()


def values(optimizer):
    return np.concatenate([x.data.ravel() for x in optimizer.params])


@pytest.mark.parametrize("name", NAMES)
def test_resuming_makes_the_same_numbers(name):
    make = lambda: getattr(nn, name)(parameters(), **SETTINGS.get(name, {}))
    whole = make()
    train(whole, 12)
    first, second = make(), make()
    train(first, 5)
    state = first.state_dict()
    kept = {key: value.copy() for key, value in state.items()}
    for x, y in zip(first.params, second.params, strict=True):
        y.data = x.data.copy()
    train(first, 2)  # which does not change the state
    second.load_state_dict(state)
    train(second, 7)
    np.testing.assert_array_equal(values(second), values(whole))
    assert all(np.array_equal(state[key], kept[key]) for key in kept)
    assert all(type(value) is np.ndarray for value in state.values())


def test_resuming_with_a_schedule_and_a_chain_makes_the_same_numbers():
    def make():
        chained = optim.chain(
            optim.clip_by_norm(0.5),
            optim.scale_by_adam(),
            optim.scale_by_rate(schedules.cosine(0.1, 10, warmup=3)),
            optim.ema(0.9),
        )
        return optim.Optimizer(parameters(), optim.accumulate(2, chained))

    for build in (make, lambda: nn.Adam(parameters(), lr=schedules.cosine(0.1, 10, warmup=3))):
        whole, first, second = build(), build(), build()
        train(whole, 9)
        train(first, 5)
        for x, y in zip(first.params, second.params, strict=True):
            y.data = x.data.copy()
        second.load_state_dict(first.state_dict())
        train(second, 4)
        np.testing.assert_array_equal(values(second), values(whole))


def test_the_state_holds_steps_settings_and_what_is_remembered():
    optimizer = nn.Adam(parameters(), lr=0.1)
    train(optimizer, 3)
    state = optimizer.state_dict()
    assert state["steps"] == 3
    assert state["groups.0.lr"] == 0.1
    assert (state["groups.0.betas.0"], state["groups.0.betas.1"]) == (0.9, 0.999)
    assert state["state.0.0.1.count"] == 3
    assert state["state.0.0.0.square"].shape == (2, 2)
    other = nn.Adam(parameters(), lr=5, betas=(0.1, 0.2))
    other.load_state_dict(state)
    assert (other.lr, other.betas, other.steps) == (0.1, (0.9, 0.999), 3)
    assert type(other.param_groups[0]["amsgrad"]) is bool


def test_a_state_that_does_not_fit_changes_nothing_and_all_differences_are_told():
    optimizer, other = nn.Adam(parameters(), lr=0.1), nn.Adam([ag.Tensor(np.ones(3))])
    train(optimizer, 1)
    train(other, 1)
    before = optimizer.state_dict()
    state = other.state_dict()
    del state["groups.0.eps"]
    state["extra"] = np.ones(2)
    with pytest.raises(ValueError, match="does not fit Adam, which is left as it was") as caught:
        optimizer.load_state_dict(state)
    assert '"groups.0.eps" () is missing' in str(caught.value)
    assert '"extra" (2,) belongs to nothing here' in str(caught.value)
    assert '"state.0.0.0.mean" has shape (3,), expected (2, 2)' in str(caught.value)
    after = optimizer.state_dict()
    assert after.keys() == before.keys()
    assert all(np.array_equal(before[key], after[key]) for key in before)
    low = {k: v.astype(np.float32) if v.ndim == 2 else v for k, v in before.items()}
    with pytest.raises(ValueError, match="is of float32, expected float64"):
        optimizer.load_state_dict(low)


def test_groups_have_settings_of_their_own():
    weight, bias = parameters()
    optimizer = nn.SGD(
        [{"params": [weight]}, {"params": bias, "lr": 0.5, "weight_decay": 0.0}],
        lr=0.1,
        weight_decay=0.2,
    )
    assert optimizer.lr == [0.1, 0.5]
    assert optimizer.rates() == [0.1, 0.5]
    assert "SGD(2 parameters in 2 groups, lr=[0.1, 0.5], momentum=0.0" in repr(optimizer)
    before = weight.data.copy(), bias.data.copy()
    weight.grad, bias.grad = np.ones((2, 2)), np.ones(2)
    optimizer.step()
    np.testing.assert_allclose(weight.data, before[0] - 0.1 * (1 + 0.2 * before[0]))
    np.testing.assert_allclose(bias.data, before[1] - 0.5)
    optimizer.lr = 0.3
    assert [group["lr"] for group in optimizer.param_groups] == [0.3, 0.3]
    optimizer.add_param_group({"params": [ag.Tensor([1.0])]})
    assert [group["lr"] for group in optimizer.param_groups] == [0.3, 0.3, 0.1]
    assert len(optimizer.params) == 3


def test_settings_may_change_between_steps_and_the_state_stays():
    # Adam with weight decay from the third step on, against one from the pure formula.
    optimizer = nn.Adam(parameters(), lr=0.1)
    other = nn.Adam(parameters(), lr=0.1)
    train(optimizer, 2)
    train(other, 2)
    optimizer.weight_decay = 0.1
    train(optimizer, 1)
    for x in other.params:
        x.grad = 2 * (x.data - 1) + 3 * np.sin(6 * x.data) + 0.1 * x.data
    other.step()
    np.testing.assert_allclose(values(optimizer), values(other), rtol=1e-12)
    assert optimizer.state_dict()["state.0.1.0.count"] == 3
    optimizer.betas = (0.9, 1.5)
    with pytest.raises(ValueError, match="betas must be at least 0 and less than 1"):
        train(optimizer, 1)


def test_frozen_parameters_are_left_alone_and_begin_anew():
    weight, bias = parameters()
    weight.requires_grad = False
    optimizer = nn.AdamW([weight, bias], lr=0.1)
    bias.grad = np.ones(2)
    before = weight.data
    optimizer.step()
    optimizer.step()
    assert weight.data is before
    assert "state.0.0.0.count" not in optimizer.state_dict()
    weight.requires_grad = True
    weight.grad = np.ones((2, 2))
    optimizer.step()
    # Its first step: the rate, whatever the gradient; and weight decay.
    np.testing.assert_allclose(weight.data, before * (1 - 0.001) - 0.1, rtol=1e-6)
    loaded = nn.AdamW([weight, bias])
    loaded.load_state_dict(optimizer.state_dict())
    assert loaded.state_dict()["state.0.0.0.count"] == 1
    assert loaded.state_dict()["state.0.0.1.count"] == 3


def test_a_transformation_of_ones_own_in_a_chain():
    def signed():
        def update(gradients, state, params):
            return optim.mapped(np.sign, gradients), state + 1

        return optim.Transformation(lambda params: 0, update)

    x, unused = ag.Tensor([1.0, 1.0]), ag.Tensor([1.0])
    for chained in (
        optim.chain(signed(), optim.scale_by_rate(0.1)),
        optim.chain(optim.scale_by_rate(0.1), signed(), optim.scale_by_schedule(lambda step: 0.1)),
    ):
        x.data = np.array([1.0, 1.0])
        optimizer = optim.Optimizer([x, unused], chained)
        for _ in range(2):
            x.grad = np.array([5.0, -3.0])
            optimizer.step()
        np.testing.assert_allclose(x.data, [0.8, 1.2])
        assert unused.item() == 1
        assert 2 in optimizer.state_dict().values()
    with pytest.raises(AttributeError, match="has no setting lr"):
        optimizer.lr  # noqa: B018 - an attribute that is not there


def test_clipping_by_norm_is_of_all_gradients_together():
    x, y = ag.Tensor([0.0, 0.0]), ag.Tensor([[0.0]])
    optimizer = optim.Optimizer([x, y], optim.chain(optim.clip_by_norm(1.0), optim.sgd(1.0)))
    x.grad, y.grad = np.array([2.0, 3.0]), np.array([[6.0]])
    optimizer.step()
    np.testing.assert_allclose(x.data, [-2 / 7, -3 / 7], rtol=1e-6)
    np.testing.assert_allclose(y.data, [[-6 / 7]], rtol=1e-6)
    x.grad, y.grad = np.array([0.1, 0.2]), None
    optimizer.step()
    np.testing.assert_allclose(x.data, [-2 / 7 - 0.1, -3 / 7 - 0.2], rtol=1e-6)


def test_a_norm_that_is_not_finite_does_not_pass_unseen():
    clip = optim.clip_by_norm(1.0)
    (got,), _ = clip.update([np.array([np.nan, 1.0])], None, [np.ones(2)])
    assert np.all(np.isnan(got))


def test_blocks_and_gradients_whose_memory_is_in_another_order(monkeypatch):
    monkeypatch.setattr(nn.optim.blocks, "BLOCK_BYTES", 40)
    gradient = np.arange(12.0).reshape(3, 4) - 4
    results = []
    for order in ("C", "F"):
        x = ag.Tensor(np.asarray(np.ones((3, 4)), order=order))
        optimizer = nn.SGD([x], lr=0.1, momentum=0.9)
        for _ in range(3):
            x.grad = np.asarray(gradient, order=order)
            optimizer.step()
        results.append(x.data)
    np.testing.assert_array_equal(*results)
    np.testing.assert_allclose(results[0], 1 - 0.1 * gradient * (1 + 1.9 + 2.71))


def trained_in_threads(count, monkeypatch):
    """Return two parameters after three steps in blocks of five elements, on `count` threads."""
    monkeypatch.setattr(nn.optim.blocks, "BLOCK_BYTES", 40)
    monkeypatch.setenv("OMP_NUM_THREADS", str(count))
    params = [ag.Tensor(np.linspace(-1, 1, size)) for size in (333, 7)]
    optimizer = nn.Adam(params, lr=0.1)
    for _ in range(3):
        for x in params:
            x.grad = np.sin(7 * x.data)
        optimizer.step()
    return np.concatenate([x.data for x in params])


def test_threads_make_the_same_steps(monkeypatch):
    used = set()
    apply = nn.optim.blocks.Change.apply
    monkeypatch.setattr(
        nn.optim.blocks.Change,
        "apply",
        lambda change, part: (used.add(threading.get_ident()), apply(change, part)),
    )
    one = trained_in_threads(1, monkeypatch)
    assert used == {threading.get_ident()}
    several = trained_in_threads(3, monkeypatch)
    assert len(used) > 1
    np.testing.assert_array_equal(several, one)


def test_threads_obey_numpys_error_settings(monkeypatch):
    monkeypatch.setattr(nn.optim.blocks, "BLOCK_BYTES", 40)
    monkeypatch.setenv("OMP_NUM_THREADS", "2")
    x = ag.Tensor(np.full(100, 1e308))
    x.grad = np.full(100, -1e308)
    with np.errstate(over="raise"), pytest.raises(FloatingPointError, match="overflow"):
        nn.SGD([x], lr=10.0).step()


@pytest.mark.parametrize("asked", ["", "0", "4,2", "many"])
def test_without_a_number_of_threads_there_is_one_a_processor(asked, monkeypatch):
    monkeypatch.setenv("OMP_NUM_THREADS", asked)
    assert 1 <= nn.optim.blocks._threads() <= os.cpu_count()


@pytest.mark.parametrize("name", NAMES)
def test_empty_parameters(name):
    x = ag.Tensor(np.zeros((0, 3)))
    optimizer = getattr(nn, name)([x])
    x.grad = np.zeros((0, 3))
    optimizer.step()
    assert x.shape == (0, 3)


def test_clipping_by_value_and_negating():
    limited = optim.chain(optim.clip_by_value(1.0), optim.negate())
    got, _ = limited.update([np.array([-5.0, 0.5])], limited.init([np.ones(2)]), [np.ones(2)])
    np.testing.assert_array_equal(got[0], [1.0, -0.5])


@pytest.mark.parametrize(
    "mask", [[True, False], lambda params: [value.ndim > 1 for value in params]]
)
def test_a_mask_says_where_weight_decay_applies(mask):
    for make in (
        lambda params: nn.AdamW(params, lr=0.1, weight_decay=0.5, mask=mask),
        lambda params: optim.Optimizer(
            params,
            optim.chain(
                optim.scale_by_adam(), optim.add_weight_decay(0.5, mask), optim.scale_by_rate(0.1)
            ),
        ),
    ):
        weight, bias = parameters()
        expected = [weight.data * 0.95 - 0.1, bias.data - 0.1]
        optimizer = make([weight, bias])
        weight.grad, bias.grad = np.ones((2, 2)), np.ones(2)
        optimizer.step()
        np.testing.assert_allclose(weight.data, expected[0], rtol=1e-6)
        np.testing.assert_allclose(bias.data, expected[1], rtol=1e-6)


def test_accumulation_makes_the_step_of_the_mean():
    one, other = parameters(), parameters()
    together = optim.Optimizer(one, optim.accumulate(3, optim.adam(0.1)))
    single = nn.Adam(other, lr=0.1)
    for number in range(6):
        for x in one:
            x.grad = np.full(x.shape, number + 1.0)
        one[1].grad = None if number < 3 else one[1].grad  # without a gradient in the first round
        together.step()
        if number % 3 == 2:
            for x in other:
                x.grad = np.full(x.shape, number)
            other[1].grad = None if number < 3 else other[1].grad
            single.step()
        for x, y in zip(one, other, strict=True):
            np.testing.assert_allclose(x.data, y.data, rtol=1e-12)


def test_an_average_at_the_end_of_a_chain():
    descent = optim.chain(optim.sgd(1.0), optim.ema(0.5))
    params = {"x": np.array([4.0])}
    state = descent.init(params)
    expected = 4.0
    for _ in range(3):
        updates, state = descent.update({"x": np.array([1.0])}, state, params)
        params = optim.apply_updates(params, updates)
        expected = 0.5 * expected + 0.5 * params["x"][0]
    assert state[-1][0][0] == 3
    assert state[-1][0][1] == pytest.approx(expected)


@pytest.mark.parametrize("size", [3, 100_000])
def test_an_exponential_moving_average_of_weights(size):
    x = ag.Tensor(np.zeros(size))
    ema, expected = nn.EMA([x], decay=0.75), 0.0
    optimizer = nn.SGD([x], lr=1.0)
    for step in range(1, 4):
        x.grad = np.full(size, -1.0)
        optimizer.step()
        ema.update()
        expected = 0.75 * expected + 0.25 * step
    trained = x.data
    with ema.applied():
        np.testing.assert_allclose(x.data, expected)
    assert x.data is trained
    with pytest.raises(KeyError), ema.applied():
        raise KeyError
    assert x.data is trained
    other = nn.EMA([ag.Tensor(np.zeros(size))])
    other.load_state_dict(ema.state_dict())
    np.testing.assert_allclose(other.averages[0], expected)
    assert other.decay == 0.75
    with pytest.raises(ValueError, match=r'"averages.0" has shape .*, expected \(2,\)'):
        nn.EMA([ag.Tensor(np.zeros(2))]).load_state_dict(ema.state_dict())


def test_lbfgs_minimises_rosenbrock():
    x, fixed = ag.Tensor([-1.2, 1.0]), ag.Tensor([5.0], requires_grad=False)
    optimizer = nn.LBFGS([x, fixed], max_iter=100)
    evaluations = []

    def closure():
        optimizer.zero_grad()
        loss = 100 * (x[1] - x[0] ** 2) ** 2 + (1 - x[0]) ** 2
        loss.backward()
        evaluations.append(loss.item())
        return loss

    first = optimizer.step(closure)
    assert first.item() == pytest.approx(24.2)
    np.testing.assert_allclose(x.data, [1, 1], rtol=1e-4)
    assert len(evaluations) < 80
    assert fixed.item() == 5
    assert optimizer.steps == 1
    with pytest.raises(TypeError, match=r"several times a step: step\(closure\)"):
        optimizer.step()


def test_lbfgs_stops_after_max_iter_keeps_float32_and_resumes():
    x = ag.Tensor(np.array([-1.2, 1.0], np.float32))
    optimizer = nn.LBFGS([x], max_iter=2)

    def closure():
        optimizer.zero_grad()
        loss = 100 * (x[1] - x[0] ** 2) ** 2 + (1 - x[0]) ** 2
        loss.backward()
        return loss

    losses = [optimizer.step(closure).item() for _ in range(4)]
    assert losses == sorted(losses, reverse=True)
    assert losses[-1] > 1e-3
    assert x.dtype == np.float32
    other = nn.LBFGS([x], max_iter=5)
    other.load_state_dict(optimizer.state_dict())
    assert (other.max_iter, other.steps) == (2, 4)


def test_lbfgs_without_scipy_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "scipy.optimize", None)
    with pytest.raises(ImportError, match=r"pip install graphgrad\[scipy\]"):
        nn.LBFGS([ag.Tensor([1.0])]).step(lambda: 0)


def test_a_closure_is_called_first_and_its_loss_returned():
    x = ag.Tensor([2.0])
    optimizer = nn.SGD([x], lr=0.5)

    def closure():
        optimizer.zero_grad()
        loss = np.sum(x**2)
        loss.backward()
        return loss

    assert optimizer.step(closure).item() == 4
    assert x.item() == 0


def test_the_plateau_resumes():
    plateau = nn.ReduceOnPlateau(nn.SGD([ag.Tensor([1.0])], lr=1.0), patience=2, cooldown=3)
    for metric in (3.0, 2.0, 2.5, 2.5):
        plateau.step(metric)
    other = nn.ReduceOnPlateau(nn.SGD([ag.Tensor([1.0])], lr=1.0), patience=2, cooldown=3)
    other.load_state_dict(plateau.state_dict())
    assert other.best == 2
    other.step(2.5)
    assert other.optimizer.lr == 0.1
    with pytest.raises(ValueError, match='"best" \\(\\) is missing'):
        other.load_state_dict({"bad": 0, "cooling": 0})


X = ag.Tensor([1.0])


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (
            lambda: nn.SGD([{"params": [X], "beta": 1}]),
            ValueError,
            "SGD has no setting beta; it ha",
        ),
        (lambda: nn.SGD([{"params": [X]}, {"params": [X]}]), ValueError, "listed twice"),
        (lambda: nn.SGD([{"lr": 0.1}]), ValueError, "needs parameters, got none"),
        (lambda: nn.SGD([{"params": [X], "lr": -1.0}]), ValueError, "lr must not be negative, got"),
        (
            lambda: nn.SGD([X], momentum=0.9, dampening=0.1, nesterov=True),
            ValueError,
            "without dampening: give momentum too, .* got momentum=0.9, dampening=0.1",
        ),
        (lambda: nn.RMSprop([X], alpha=-1), ValueError, "alpha must not be negative, got -1"),
        (lambda: nn.Adagrad([X], lr_decay=-1), ValueError, "lr_decay must not be negative, got -1"),
        (
            lambda: nn.Adagrad([X], initial_accumulator_value=-1),
            ValueError,
            "initial_accumulator_value must not be negative",
        ),
        (lambda: nn.Adadelta([X], rho=1.5), ValueError, "rho must be at least 0 and less than 1"),
        (lambda: nn.NAdam([X], momentum_decay=-1), ValueError, "momentum_decay must not be neg"),
        (lambda: nn.RAdam([X], betas=(1.0, 0.9)), ValueError, r"got \(1.0, 0.9\)"),
        (lambda: nn.Lion([X], betas=(0.9, -1)), ValueError, r"got \(0.9, -1\)"),
        (lambda: nn.Adafactor([X], d=0.5), ValueError, "d must be at least 1, got 0.5"),
        (lambda: nn.Adafactor([X], beta2_decay=1), ValueError, "must not be positive, got 1"),
        (lambda: nn.Adafactor([X], eps=(None, -1)), ValueError, r"eps\[1\] must not be negative"),
        (lambda: nn.LAMB([X], weight_decay=-1), ValueError, "weight_decay must not be negative"),
        (lambda: nn.LBFGS([X], max_iter=0), ValueError, "max_iter must be at least 1, got 0"),
        (lambda: nn.LBFGS([{"params": [X]}, {"params": [Y]}]), ValueError, "one group, got 2"),
        (lambda: nn.LBFGS([Y]).step(lambda: 0), ValueError, "the closure left no gradients"),
        (lambda: nn.EMA([X], decay=1.0), ValueError, "decay must be at least 0 and less than 1"),
        (lambda: nn.EMA([]), ValueError, "EMA needs parameters, got none"),
        (lambda: optim.clip_by_norm(-1), ValueError, "max_norm must not be negative, got -1"),
        (lambda: optim.clip_by_value(-1), ValueError, "limit must not be negative, got -1"),
        (lambda: optim.accumulate(0, optim.sgd()), ValueError, "at least 1 gradient, got n=0"),
        (
            lambda: nn.AdamW([X], mask=[True, False]),
            ValueError,
            "a bool for each parameter: got 2 for 1",
        ),
        (lambda: schedules.step(1.0, 0), ValueError, "step_size must be positive, got 0"),
        (lambda: schedules.constant(-1.0), ValueError, "lr must not be negative, got -1.0"),
        (lambda: schedules.cosine(1.0, 3, warmup=3), ValueError, "got warmup=3, total_steps=3"),
        (lambda: schedules.one_cycle(1.0, 3, 1.5), ValueError, "between 0 and 1, got 1.5"),
        (
            lambda: schedules.one_cycle(1.0, 3, anneal_strategy="x"),
            ValueError,
            "'cos' or 'linear', got 'x'",
        ),
        (lambda: nn.ReduceOnPlateau(nn.SGD([X]), "x"), ValueError, "'min' or 'max', got 'x'"),
        (
            lambda: nn.ReduceOnPlateau(nn.SGD([X]), factor=1.0),
            ValueError,
            "factor must be at least",
        ),
        (
            lambda: nn.ReduceOnPlateau(nn.SGD([X]), threshold_mode="x"),
            ValueError,
            "'rel' or 'abs', got 'x'",
        ),
        (
            lambda: nn.ReduceOnPlateau(nn.SGD([X], lr=schedules.constant(1.0))),
            ValueError,
            "is a schedule",
        ),
        (lambda: nn.SGD([X], lr=lambda step: -1.0).step(), ValueError, "lr must not be negative"),
        (
            lambda: optim.scale_by_rate(lambda step: -1.0).formula.at(3),
            ValueError,
            r"lr\(2\) must not be negative, got -1.0",
        ),
    ],
)
def test_what_is_refused(make, error, message):
    with pytest.raises(error, match=message):
        make()


Y = ag.Tensor([1.0])
