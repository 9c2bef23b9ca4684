"""Each algorithm over 100 steps: against a loop written from its paper, and against PyTorch."""

# ruff: noqa: PLR0917 - the papers' coefficients in their order

import itertools
import math

import numpy as np
import pytest

import autograd as ag
import nn
from nn import optim
from nn.optim import schedules

W = np.array([[1.5, -2.0, 0.3], [0.7, 0.1, -1.1]])
B = np.array([0.5, -0.25])


def gradients(w, b):
    """The gradient, by hand, of sum(c sin(w)) sum(b) + sum(b⁴) + 0.1 sum(w²)."""
    c = np.array([[1.0, 2.0, 3.0], [0.5, -1.0, 1.0]])
    of_w = c * np.cos(w) * b.sum() + 0.2 * w
    return of_w, 4 * b**3 + np.sum(c * np.sin(w))


def by_hand(rule, steps=100):
    """Parameters after some steps of `rule(value, gradient, memory, t) -> value`."""
    values, memories = [W.copy(), B.copy()], [{}, {}]
    for t in range(1, steps + 1):
        values = [
            rule(value, gradient, memory, t)
            for value, gradient, memory in zip(values, gradients(*values), memories, strict=True)
        ]
    return values


def held(make, steps=100):
    """Parameters after some steps of an optimizer."""
    params = [ag.Tensor(W), ag.Tensor(B)]
    optimizer = make(params)
    for _ in range(steps):
        for x, gradient in zip(params, gradients(*(x.data for x in params)), strict=True):
            x.grad = gradient
        optimizer.step()
    return [x.data for x in params]


def pure(transformation, steps=100):
    """Parameters after some steps of a transformation, of a container; nothing is written to."""
    params = {"w": W, "rest": (B,)}
    state = transformation.init(params)
    for _ in range(steps):
        of_w, of_b = gradients(params["w"], params["rest"][0])
        given = {"w": of_w, "rest": (of_b,)}
        frozen = [of_w, of_b, params["w"], params["rest"][0]]
        for array in frozen:
            array.flags.writeable = False
        freeze(state)
        updates, state = transformation.update(given, state, params)
        params = optim.apply_updates(params, updates)
    return [params["w"], params["rest"][0]]


def freeze(state):
    """Make all arrays in a state read-only."""
    for part in state.values() if isinstance(state, dict) else state or ():
        if isinstance(part, np.ndarray):
            part.flags.writeable = False
        elif isinstance(part, (dict, list, tuple)):
            freeze(part)


# The papers' formulas, one element's history after the other, with scalar coefficients.


def sgd(lr, mu=0.0, dampening=0.0, decay=0.0, nesterov=False):
    def rule(x, g, memory, t):
        g = g + decay * x
        memory["v"] = g if t == 1 else mu * memory["v"] + (1 - dampening) * g
        return x - lr * (g + mu * memory["v"] if nesterov else memory["v"])

    return rule


def rmsprop(lr, alpha, eps, mu=0.0, centered=False, decay=0.0):
    def rule(x, g, memory, t):
        g = g + decay * x
        v = memory["v"] = alpha * memory.get("v", 0) + (1 - alpha) * g**2
        m = memory["m"] = alpha * memory.get("m", 0) + (1 - alpha) * g
        root = np.sqrt(v - m**2 if centered else v) + eps
        memory["b"] = mu * memory.get("b", 0) + g / root
        return x - lr * memory["b"]

    return rule


def adagrad(lr, lr_decay, first, eps, decay=0.0):
    def rule(x, g, memory, t):
        g = g + decay * x
        memory["s"] = memory.get("s", first) + g**2
        return x - lr / (1 + (t - 1) * lr_decay) * g / (np.sqrt(memory["s"]) + eps)

    return rule


def adadelta(lr, rho, eps, decay=0.0):
    def rule(x, g, memory, t):
        g = g + decay * x
        memory["g"] = rho * memory.get("g", 0) + (1 - rho) * g**2
        u = np.sqrt(memory.get("u", 0) + eps) / np.sqrt(memory["g"] + eps) * g
        memory["u"] = rho * memory.get("u", 0) + (1 - rho) * u**2
        return x - lr * u

    return rule


def moments(g, memory, b1, b2):
    memory["m"] = b1 * memory.get("m", 0) + (1 - b1) * g
    memory["v"] = b2 * memory.get("v", 0) + (1 - b2) * g**2
    return memory["m"], memory["v"]


def adam(lr, b1, b2, eps, decay=0.0, amsgrad=False, decoupled=False):
    def rule(x, g, memory, t):
        if decoupled:
            x = x - lr * decay * x
        else:
            g = g + decay * x
        m, v = moments(g, memory, b1, b2)
        v = memory["max"] = np.maximum(memory.get("max", 0), v) if amsgrad else v
        return x - lr * (m / (1 - b1**t)) / (np.sqrt(v / (1 - b2**t)) + eps)

    return rule


def nadam(lr, b1, b2, eps, psi, decay=0.0, decoupled=False):
    def mu(t):
        return b1 * (1 - 0.5 * 0.96 ** (t * psi))

    def rule(x, g, memory, t):
        x, g = (x - lr * decay * x, g) if decoupled else (x, g + decay * x)
        m, v = moments(g, memory, b1, b2)
        product = math.prod(mu(i) for i in range(1, t + 1))
        hat = mu(t + 1) * m / (1 - product * mu(t + 1)) + (1 - mu(t)) * g / (1 - product)
        return x - lr * hat / (np.sqrt(v / (1 - b2**t)) + eps)

    return rule


def radam(lr, b1, b2, eps, decay=0.0, decoupled=False):
    def rule(x, g, memory, t):
        x, g = (x - lr * decay * x, g) if decoupled else (x, g + decay * x)
        m, v = moments(g, memory, b1, b2)
        end = 2 / (1 - b2) - 1
        rho = end - 2 * t * b2**t / (1 - b2**t)
        step = m / (1 - b1**t)
        if rho > 5:
            r = math.sqrt((rho - 4) * (rho - 2) * end / ((end - 4) * (end - 2) * rho))
            step = step * r * math.sqrt(1 - b2**t) / (np.sqrt(v) + eps)
        return x - lr * step

    return rule


def lion(lr, b1, b2, decay=0.0):
    def rule(x, g, memory, t):
        m = memory.get("m", 0)
        memory["m"] = b2 * m + (1 - b2) * g
        return x - lr * (np.sign(b1 * m + (1 - b1) * g) + decay * x)

    return rule


def lamb(lr, b1, b2, eps, decay=0.0):
    def rule(x, g, memory, t):
        m, v = moments(g, memory, b1, b2)
        u = m / (1 - b1**t) / (np.sqrt(v / (1 - b2**t)) + eps) + decay * x
        return x - lr * np.sqrt(np.sum(x**2)) / np.sqrt(np.sum(u**2)) * u

    return rule


def adafactor(lr, power, eps1, eps2, d, decay=0.0):
    def rule(x, g, memory, t):
        new = t**power
        rms = lambda a: math.sqrt(np.mean(a**2))
        alpha = max(eps2, rms(x)) * min(lr, 1 / math.sqrt(t))
        x = x * (1 - lr * decay)
        if x.ndim == 2:
            memory["r"] = (1 - new) * memory.get("r", 0) + new * np.mean(g**2, axis=1)
            memory["c"] = (1 - new) * memory.get("c", 0) + new * np.mean(g**2, axis=0)
            v = np.outer(memory["r"], memory["c"]) / max(np.mean(memory["r"]), eps1)
        else:
            v = memory["v"] = (1 - new) * memory.get("v", 0) + new * g**2
        u = g / np.sqrt(np.maximum(v, eps1**2))
        return x - alpha * u / max(1, rms(u) / d)

    return rule


EPS = float(np.finfo(np.float64).eps)
# name, settings, the loop by hand
CASES = [
    ("SGD", {"lr": 0.02}, sgd(0.02)),
    ("SGD", {"lr": 0.01, "momentum": 0.9}, sgd(0.01, 0.9)),
    (
        "SGD",
        {"lr": 0.01, "momentum": 0.8, "dampening": 0.3, "weight_decay": 0.1},
        sgd(0.01, 0.8, 0.3, 0.1),
    ),
    (
        "SGD",
        {"lr": 0.01, "momentum": 0.9, "nesterov": True, "weight_decay": 0.1},
        sgd(0.01, 0.9, 0.0, 0.1, True),
    ),
    ("RMSprop", {}, rmsprop(0.01, 0.99, 1e-8)),
    (
        "RMSprop",
        {"lr": 0.02, "alpha": 0.9, "eps": 1e-3, "momentum": 0.5, "weight_decay": 0.1},
        rmsprop(0.02, 0.9, 1e-3, 0.5, False, 0.1),
    ),
    ("RMSprop", {"centered": True, "eps": 1e-4}, rmsprop(0.01, 0.99, 1e-4, 0.0, True)),
    ("Adagrad", {"lr": 0.1}, adagrad(0.1, 0.0, 0.0, 1e-10)),
    (
        "Adagrad",
        {"lr": 0.1, "lr_decay": 0.05, "initial_accumulator_value": 0.3, "weight_decay": 0.1},
        adagrad(0.1, 0.05, 0.3, 1e-10, 0.1),
    ),
    ("Adadelta", {}, adadelta(1.0, 0.9, 1e-6)),
    (
        "Adadelta",
        {"lr": 0.5, "rho": 0.8, "eps": 1e-3, "weight_decay": 0.1},
        adadelta(0.5, 0.8, 1e-3, 0.1),
    ),
    ("Adam", {"lr": 0.05}, adam(0.05, 0.9, 0.999, 1e-8)),
    (
        "Adam",
        {"lr": 0.05, "betas": (0.8, 0.9), "eps": 1e-3, "weight_decay": 0.1},
        adam(0.05, 0.8, 0.9, 1e-3, 0.1),
    ),
    (
        "Adam",
        {"lr": 0.05, "betas": (0.8, 0.9), "amsgrad": True},
        adam(0.05, 0.8, 0.9, 1e-8, 0.0, True),
    ),
    ("AdamW", {"lr": 0.05}, adam(0.05, 0.9, 0.999, 1e-8, 0.01, False, True)),
    (
        "AdamW",
        {"lr": 0.05, "weight_decay": 0.3, "amsgrad": True},
        adam(0.05, 0.9, 0.999, 1e-8, 0.3, True, True),
    ),
    ("NAdam", {"lr": 0.05}, nadam(0.05, 0.9, 0.999, 1e-8, 4e-3)),
    (
        "NAdam",
        {"lr": 0.05, "momentum_decay": 0.1, "weight_decay": 0.1},
        nadam(0.05, 0.9, 0.999, 1e-8, 0.1, 0.1),
    ),
    (
        "NAdam",
        {"weight_decay": 0.1, "decoupled_weight_decay": True},
        nadam(2e-3, 0.9, 0.999, 1e-8, 4e-3, 0.1, True),
    ),
    ("RAdam", {"lr": 0.05}, radam(0.05, 0.9, 0.999, 1e-8)),
    (
        "RAdam",
        {"lr": 0.05, "betas": (0.8, 0.95), "weight_decay": 0.1},
        radam(0.05, 0.8, 0.95, 1e-8, 0.1),
    ),
    (
        "RAdam",
        {"weight_decay": 0.1, "decoupled_weight_decay": True},
        radam(1e-3, 0.9, 0.999, 1e-8, 0.1, True),
    ),
    ("Lion", {"lr": 0.013}, lion(0.013, 0.9, 0.99)),
    ("Lion", {"lr": 0.013, "weight_decay": 0.3}, lion(0.013, 0.9, 0.99, 0.3)),
    ("LAMB", {"lr": 0.02}, lamb(0.02, 0.9, 0.999, 1e-6)),
    ("LAMB", {"lr": 0.02, "weight_decay": 0.1}, lamb(0.02, 0.9, 0.999, 1e-6, 0.1)),
    ("Adafactor", {}, adafactor(0.01, -0.8, EPS, 1e-3, 1.0)),
    (
        "Adafactor",
        {"lr": 0.1, "beta2_decay": -0.5, "eps": (1e-3, 0.1), "d": 2.0, "weight_decay": 0.1},
        adafactor(0.1, -0.5, 1e-3, 0.1, 2.0, 0.1),
    ),
]
EACH = pytest.mark.parametrize(("name", "settings", "rule"), CASES)


def assert_same(got, expected, tolerance=1e-9):
    for one, other in zip(got, expected, strict=True):
        np.testing.assert_allclose(one, other, rtol=tolerance, atol=tolerance)


@EACH
def test_a_hundred_steps_are_those_of_the_formula(name, settings, rule):
    assert_same(held(lambda params: getattr(nn, name)(params, **settings)), by_hand(rule))


@EACH
def test_the_transformation_makes_the_same_steps_and_writes_into_nothing(name, settings, rule):
    assert_same(pure(getattr(optim, name.lower())(**settings)), by_hand(rule))


@EACH
def test_in_blocks_the_steps_are_the_same(name, settings, rule, monkeypatch):
    monkeypatch.setattr(nn.optim.blocks, "BLOCK_BYTES", 32)  # 4 of the 6 elements
    assert_same(held(lambda params: getattr(nn, name)(params, **settings)), by_hand(rule))


@EACH
def test_maximize_goes_up_as_fast(name, settings, rule):
    if settings.get("weight_decay") or name == "AdamW":
        settings = {**settings, "weight_decay": 0.0}
    x, y = ag.Tensor(W), ag.Tensor(W)
    down = getattr(nn, name)([x], **settings)
    up = getattr(nn, name)([y], **settings, maximize=True)
    x.grad, y.grad = np.cos(W), -np.cos(W)
    for optimizer in (down, up, down, up):
        optimizer.step()
    np.testing.assert_array_equal(x.data, y.data)


@EACH
def test_a_hundred_steps_are_those_of_pytorch(name, settings, rule):
    torch = pytest.importorskip("torch", reason="PyTorch is not a dependency")
    if not hasattr(torch.optim, name):
        return  # Lion and LAMB: PyTorch does not have them, the papers' formulas do
    params = [torch.nn.Parameter(torch.tensor(W)), torch.nn.Parameter(torch.tensor(B))]
    optimizer = getattr(torch.optim, name)(params, **settings)
    for _ in range(100):
        for x, gradient in zip(
            params, gradients(*(x.detach().numpy() for x in params)), strict=True
        ):
            x.grad = torch.tensor(gradient)
        optimizer.step()
    got = held(lambda params: getattr(nn, name)(params, **settings))
    assert_same(got, [x.detach().numpy() for x in params], 1e-6)


@EACH
def test_defaults_are_those_of_pytorch(name, settings, rule):
    torch = pytest.importorskip("torch", reason="PyTorch is not a dependency")
    if not hasattr(torch.optim, name):
        return
    theirs = getattr(torch.optim, name)([torch.nn.Parameter(torch.ones(1))]).defaults
    ours = getattr(nn, name)([ag.Tensor([1.0])]).param_groups[0]
    common = (ours.keys() & theirs.keys()) - {"params"}
    assert {"lr", "weight_decay"} <= common
    assert {k: ours[k] for k in common} == {k: theirs[k] for k in common}


@pytest.mark.parametrize(("name", "settings"), [case[:2] for case in CASES])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_dtypes_stay(name, settings, dtype):
    params = [ag.Tensor(W.astype(dtype)), ag.Tensor(np.array(0.5, dtype))]
    optimizer = getattr(nn, name)(params, **{k: np_number(v) for k, v in settings.items()})
    for _ in range(3):
        for x in params:
            x.grad = np.ones(x.shape, dtype)
        optimizer.step()
    assert [x.dtype for x in params] == [dtype, dtype]
    assert [x.shape for x in params] == [W.shape, ()]
    arrays = {k: v for k, v in optimizer.state_dict().items() if v.shape and "state" in k}
    assert {array.dtype for array in arrays.values()} <= {np.dtype(dtype)}


def np_number(value):
    """A float as np.float64, which NumPy does not take for a weak number."""
    return np.float64(value) if isinstance(value, float) else value


# Schedules: PyTorch's schedulers, by their closed forms, and themselves.

SCHEDULES = [
    (schedules.constant(0.3), lambda t: 0.3, None),
    (
        schedules.step(0.3, 4, 0.5),
        lambda t: 0.3 * 0.5 ** (t // 4),
        ("StepLR", {"step_size": 4, "gamma": 0.5}),
    ),
    (schedules.exponential(0.3, 0.9), lambda t: 0.3 * 0.9**t, ("ExponentialLR", {"gamma": 0.9})),
    (
        schedules.linear(0.3, 8, 0.1, 0.8),
        lambda t: 0.3 * np.interp(t, [0, 8], [0.1, 0.8]),
        ("LinearLR", {"start_factor": 0.1, "end_factor": 0.8, "total_iters": 8}),
    ),
    (
        schedules.polynomial(0.3, 8, 2.0),
        lambda t: 0.3 * max(0, 1 - t / 8) ** 2,
        ("PolynomialLR", {"total_iters": 8, "power": 2.0}),
    ),
    (
        schedules.cosine(0.3, 20, 0.02),
        lambda t: 0.02 + 0.28 * math.cos(math.pi * t / 40) ** 2,
        ("CosineAnnealingLR", {"T_max": 20, "eta_min": 0.02}),
    ),
    (
        schedules.one_cycle(0.3, 20),
        lambda t: (
            0.012 + 0.288 * math.sin(math.pi * t / 10) ** 2
            if t <= 5
            else 1.2e-6 + (0.3 - 1.2e-6) * math.cos(math.pi * (t - 5) / 28) ** 2
        ),
        ("OneCycleLR", {"max_lr": 0.3, "total_steps": 20}),
    ),
    (
        schedules.one_cycle(0.3, 20, 0.4, "linear", 10.0, 100.0),
        lambda t: np.interp(t, [0, 7, 19], [0.03, 0.3, 0.0003]),
        (
            "OneCycleLR",
            {
                "max_lr": 0.3, "total_steps": 20, "pct_start": 0.4, "anneal_strategy": "linear",
                "div_factor": 10.0, "final_div_factor": 100.0,
            },
        ),
    ),
]  # fmt: skip
OF_SCHEDULES = pytest.mark.parametrize(("schedule", "formula", "theirs"), SCHEDULES)


@OF_SCHEDULES
def test_a_schedule_is_its_formula(schedule, formula, theirs):
    got = [schedule(t) for t in range(20)]
    np.testing.assert_allclose(got, [formula(t) for t in range(20)], rtol=1e-9, atol=1e-15)


@OF_SCHEDULES
def test_a_schedule_is_pytorchs(schedule, formula, theirs):
    torch = pytest.importorskip("torch", reason="PyTorch is not a dependency")
    name, settings = theirs or ("ConstantLR", {"factor": 1.0})
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.ones(1))], lr=0.3)
    scheduler = getattr(torch.optim.lr_scheduler, name)(optimizer, **settings)
    for t in range(20):
        assert schedule(t) == pytest.approx(optimizer.param_groups[0]["lr"], rel=1e-9, abs=1e-15)
        optimizer.step()
        if t < 19:
            scheduler.step()


def test_a_cosine_warms_up_on_a_line_and_stays_at_its_end():
    schedule = schedules.cosine(1.0, 10, 0.1, warmup=4, start=0.2)
    np.testing.assert_allclose([schedule(t) for t in range(5)], [0.2, 0.4, 0.6, 0.8, 1.0])
    assert schedule(7) == pytest.approx(0.55)
    assert [schedule(t) for t in (10, 11, 1000)] == [0.1, 0.1, 0.1]
    assert schedules.one_cycle(1.0, 10)(50) == schedules.one_cycle(1.0, 10)(9)
    assert schedules.polynomial(1.0, 3)(9) == 0


def test_a_schedule_as_learning_rate_counts_steps_from_zero():
    x = ag.Tensor([0.0])
    optimizer = nn.SGD([x], lr=schedules.step(1.0, 2, 0.5))
    steps = []
    for _ in range(5):
        x.grad, before = np.array([1.0]), x.item()
        assert optimizer.rates() == [schedules.step(1.0, 2, 0.5)(optimizer.steps)]
        optimizer.step()
        steps.append(before - x.item())
    assert steps == [1, 1, 0.5, 0.5, 0.25]


def test_pure_transformations_take_schedules_too():
    for make in (optim.sgd, optim.adam, optim.adafactor):
        schedule = schedules.exponential(0.05, 0.97)
        got = pure(make(lr=schedule), 30)
        assert_same(got, held(lambda p, s=schedule, m=make: optim.Optimizer(p, m, lr=s), 30))


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"mode": "max", "patience": 1},
        {"patience": 0, "threshold": 0.5, "threshold_mode": "abs", "factor": 0.5},
        {"patience": 1, "cooldown": 2, "min_lr": 0.02},
        {"mode": "max", "patience": 2, "threshold_mode": "abs", "cooldown": 1, "eps": 0.05},
    ],
)
def test_plateau_reduces_when_pytorch_does(settings):
    torch = pytest.importorskip("torch", reason="PyTorch is not a dependency")
    theirs = torch.optim.SGD([torch.nn.Parameter(torch.ones(1))], lr=0.3)
    scheduler = torch.optim.lr_scheduler.ReduceLROnPlateau(theirs, **settings)
    ours = nn.SGD([ag.Tensor([1.0])], lr=0.3)
    plateau = nn.ReduceOnPlateau(ours, **settings)
    for t in range(60):
        metric = math.sin(t / 9) + 0.1 * math.sin(3.0 * t)
        scheduler.step(metric)
        plateau.step(metric)
        assert ours.lr == pytest.approx(theirs.param_groups[0]["lr"], rel=1e-12)


def test_plateau_by_hand():
    optimizer = nn.SGD([ag.Tensor([1.0])], lr=1.0)
    plateau = nn.ReduceOnPlateau(optimizer, patience=1, cooldown=2, factor=0.5, min_lr=0.2)
    rates = []
    for metric in itertools.chain([2.0, 1.0], itertools.repeat(1.0, 12)):
        plateau.step(ag.Tensor(metric))
        rates.append(optimizer.lr)
    # Two that are no better, then two of cooldown and two again; never below min_lr.
    assert rates == [1, 1, 1, 0.5, 0.5, 0.5, 0.5, 0.25, 0.25, 0.25, 0.25, 0.2, 0.2, 0.2]
