"""Memory with the garbage collector off: no cycles, nothing kept needlessly or too long."""

import contextlib
import gc
import platform
import subprocess
import sys
import tracemalloc
import weakref

import numpy as np
import pytest

import autograd as ag
from autograd.extend import elementwise
from autograd.foreign import SMALL


@pytest.fixture(autouse=True)
def no_collector():
    """Switch the collector off, with nothing left to collect."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


def watch(tensor):
    """Return a weak reference to the array that a Tensor holds."""
    return weakref.ref(tensor.data)


def network(x, weights):
    """Return a loss of a small network."""
    hidden = np.tanh(x @ weights["W"] + weights["b"])
    logits = np.concatenate([hidden, hidden**2], axis=1)[:, ::2]
    return np.mean(np.log(np.sum(np.exp(logits), axis=1)) - logits[:, 0])


def weights_and_batch():
    rng = np.random.default_rng(0)
    return {"W": rng.normal(size=(4, 6)), "b": np.zeros(6)}, rng.normal(size=(8, 4))


# Dropping the loss frees the graph.


def test_dropping_the_loss_frees_the_graph():
    weights, batch = weights_and_batch()
    weights = {name: ag.Tensor(w) for name, w in weights.items()}
    hidden = np.exp(batch @ weights["W"])
    tensor, array = weakref.ref(hidden), watch(hidden)
    loss = np.sum(hidden)
    del hidden
    assert tensor() is None  # the graph holds no Tensors,
    assert array() is not None  # but the array that the rule of exp needs
    del loss
    assert array() is None


def test_backward_frees_what_was_kept():
    x = ag.Tensor([1.0, 2.0])
    y = np.exp(x)
    array = watch(y)
    loss = np.sum(y)
    del y
    loss.backward(retain_graph=True)
    assert array() is not None
    loss.backward()
    assert array() is None


def test_what_is_kept_is_freed_as_the_walk_goes():
    """When the walk has come to the first operations, the last have let go of their arrays."""
    x = ag.Tensor([1.0, 2.0])
    early = x * 2.0
    late = np.exp(np.sin(early * 3.0))
    array = watch(late)
    loss = np.sum(late)
    del late
    alive = []
    loss.register_hook(lambda g: alive.append(array() is not None))
    early.register_hook(lambda g: alive.append(array() is not None))
    loss.backward()
    assert alive == [True, False]


def test_cotangents_are_freed_as_the_walk_goes():
    x = ag.Tensor([1.0, 2.0])
    early = x * 2.0
    late = np.exp(early * 3.0) * 2.0
    cotangents, alive = [], []

    def fresh(g):
        g = g * 1.0
        cotangents.append(weakref.ref(g))
        return g

    late.register_hook(fresh)
    early.register_hook(lambda g: alive.append(cotangents[0]() is not None))
    np.sum(late).backward()
    assert alive == [False]


# What is kept: what a rule names and nothing else.

x = np.array([[0.2, 0.5], [0.3, 0.9]])

KEEPS = {  # which of first argument, second argument, output the node holds, if all vary
    "add": (lambda a, b: a + b, ""),
    "subtract": (lambda a, b: a - b, ""),
    "negative": (lambda a, b: -a, ""),
    "multiply": (lambda a, b: a * b, "ab"),
    "divide": (lambda a, b: a / b, "by"),
    "exp": (lambda a, b: np.exp(a), "y"),
    "tanh": (lambda a, b: np.tanh(a), "y"),
    "sin": (lambda a, b: np.sin(a), "a"),
    "log": (lambda a, b: np.log(a), "a"),
    "matmul": (lambda a, b: a @ b, "ab"),
    "sum": (lambda a, b: np.sum(a, axis=0), ""),
    "mean": (lambda a, b: np.mean(a, axis=0), ""),
    "reshape": (lambda a, b: np.reshape(a, (4, 1)) * 1.0, ""),
    "getitem": (lambda a, b: a[[0, 0]], ""),
    "stack": (lambda a, b: np.stack([a, b]), ""),
    "concatenate": (lambda a, b: np.concatenate([a, b]), ""),
    "where": (lambda a, b: np.where(x > 0.4, a, b), ""),
}


@pytest.mark.parametrize("name", KEEPS)
def test_a_node_keeps_what_its_rule_names(name):
    function, expected = KEEPS[name]
    leaf = ag.Tensor(x)
    a, b = leaf + 0.1, leaf + 0.2
    arrays = {"a": watch(a), "b": watch(b)}
    y = function(a, b)
    arrays["y"] = watch(y)
    total = np.sum(y)
    del a, b, y
    assert "".join(key for key, array in arrays.items() if array() is not None) == expected
    del total
    assert all(array() is None for array in arrays.values())


def test_only_what_the_varying_argument_needs_is_kept():
    """The derivative of c·a in a is c: a itself is not needed."""
    large = np.ones(SMALL + 1)  # of smaller constants a copy is kept
    a = ag.Tensor(large) + 0.1
    array = watch(a)
    c = large + 1.0
    constant = weakref.ref(c)
    y = np.sum(c * a)
    del a, c
    assert array() is None
    assert constant() is not None
    del y
    assert constant() is None


def test_constants_are_not_kept_where_nothing_is_recorded():
    c = x + 1.0
    constant = weakref.ref(c)
    with ag.no_grad():
        y = ag.Tensor(x) * c
    del c
    assert constant() is None
    assert not y.requires_grad


def test_your_own_rule_keeps_what_it_names():
    def scaled(x, y):
        return x * y

    scaled = elementwise(scaled, lambda g, y: g * y, None)
    leaf = ag.Tensor(x)
    a = leaf + 0.1
    array = watch(a)
    total = scaled(a, 2.0)
    del a
    assert array() is None
    assert total.requires_grad


# No cycles: what is dropped is gone without the collector.

f = lambda z: np.sum(np.sin(z) * z[::-1]) * np.max(z)
point = np.array([0.3, -0.2, 0.7])


def backward():
    t = ag.Tensor(point)
    f(t).backward()


def retained():
    t = ag.Tensor(point)
    f(t).backward(retain_graph=True)


def second_order():
    t = ag.Tensor(point)
    (slope,) = ag.gradients(f(t), [t], create_graph=True)
    np.sum(slope * slope).backward()


def hooked():
    t = ag.Tensor(point)
    h = t * 2.0
    h.register_hook(lambda c: 2 * c)
    remove = h.register_hook(lambda c: 3 * c)
    remove()
    f(h).backward()


def failed():
    def rule(g):
        raise KeyError

    def identity(z):
        return z * 1.0

    identity = elementwise(identity, rule)
    t = ag.Tensor(point)
    with contextlib.suppress(KeyError):
        f(identity(t)).backward()


def with_rule(function):
    custom = ag.custom_vjp(lambda z: function(z))
    custom.defvjp(lambda z: (function(z), z), lambda z, g: (g * z,))
    return custom


def root_of(function):
    return ag.implicit_root(lambda y, z: y - function(z), lambda z: function(z))


WITHOUT_CYCLES = {
    "forward only": lambda: f(ag.Tensor(point)),
    "backward": backward,
    "retained": retained,
    "second order": second_order,
    "hooked": hooked,
    "vjps": lambda: f(ag.Tensor(point)).vjps[0](1.0),
    "grad": lambda: ag.grad(f)(point),
    "grad of grad": lambda: ag.grad(lambda z: np.sum(ag.grad(f)(z) ** 2))(point),
    "value_and_grad": lambda: ag.value_and_grad(f)(point),
    "vjp": lambda: ag.vjp(f, point)[1](1.0),
    "jvp": lambda: ag.jvp(f, (point,), (point,)),
    "jacobian": lambda: ag.jacobian(np.sin)(point),
    "hessian": lambda: ag.hessian(f)(point),
    "hvp": lambda: ag.hvp(f, point, point),
    "containers": lambda: ag.grad(lambda p: p["a"][0] * p["a"][1])({"a": (2.0, 3.0)}),
    "lists": lambda: np.sum([ag.Tensor(1.0), ag.Tensor(2.0)]) * ag.Tensor(1.0),
    "linearize": lambda: ag.linearize(f, point)[1](point),
    "checkpoint": lambda: ag.grad(ag.checkpoint(f))(point),
    "checkpoint of second order": lambda: ag.hvp(ag.checkpoint(f), point, point),
    "custom rules": lambda: ag.grad(with_rule(f))(point),
    "numeric": lambda: ag.grad(ag.numeric(f))(point),
    "implicit_root": lambda: ag.hessian(root_of(f))(point),
    "no_grad": lambda: ag.no_grad()(f)(ag.Tensor(point)),
}


@pytest.mark.parametrize("name", WITHOUT_CYCLES)
def test_there_are_no_cycles(name):
    WITHOUT_CYCLES[name]()  # once, for what is made at first use
    gc.collect()
    WITHOUT_CYCLES[name]()
    assert gc.collect() == 0


def test_a_cycle_would_be_seen():
    """The check finds the one cycle that there is: a recorded gradient, kept in its own leaf."""
    t = ag.Tensor(2.0)
    (t**3).backward(create_graph=True)
    del t
    assert gc.collect() > 0


def test_an_error_leaves_nothing_behind():
    failed()
    gc.collect()
    before = len(gc.get_objects())
    for _ in range(10):
        failed()
    gc.collect()  # the functions and classes of the ten primitives stay stated
    assert len(gc.get_objects()) - before < 10 * 60


# Many steps.


def growth(step, steps):
    """Return by how many bytes memory grows in each of so many steps, without the collector.

    It is run at the end, must find nothing to free, and empties Python's lists of blocks to use
    again, which fill slowly and would look like growth. What NumPy keeps for the same purpose is
    some 30 bytes a step in 1,000 steps.
    """
    step()
    tracemalloc.start()
    try:
        step()
        gc.collect()
        before, _ = tracemalloc.get_traced_memory()
        for _ in range(steps):
            step()
        assert gc.collect() == 0
        return (tracemalloc.get_traced_memory()[0] - before) / steps
    finally:
        tracemalloc.stop()


def test_a_thousand_steps_do_not_grow_memory():
    weights, batch = weights_and_batch()
    weights = {name: ag.Tensor(w) for name, w in weights.items()}

    def step():
        for w in weights.values():
            w.zero_grad()
        network(batch, weights).backward()
        for w in weights.values():
            w.data = w.data - 0.01 * w.grad

    assert growth(step, 1_000) < 64  # less than one array or node


def test_a_thousand_steps_by_transforms_do_not_grow_memory():
    z = np.array([0.5, 0.25])
    assert growth(lambda: ag.hvp(lambda z: np.sum(np.sin(z) * z), z, z), 1_000) < 64


def test_growth_would_be_seen():
    leaked = []
    assert growth(lambda: leaked.append(ag.Tensor(1.0)), 1_000) > 64


def test_the_peak_of_a_long_chain_is_what_its_rules_keep():
    """A chain of n sums of arrays keeps none of them: the peak is a few arrays, not n."""
    size, n = 100_000, 50
    x = ag.Tensor(np.zeros(size))
    tracemalloc.start()
    try:
        y = x
        for _ in range(n):
            y = y + 1.0
        y.backward(np.ones(size))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 6 * 8 * size
    assert np.all(x.grad == 1.0)


def test_many_reads_of_one_array_make_no_arrays_of_its_size():
    """Neither a gradient nor a Hessian-vector product holds one for each read."""
    n, reads = 10_000, 300
    x0 = np.linspace(0.0, 1.0, n)

    def f(x):
        return sum((x[i] * x[i] for i in range(reads)), 0.0)

    for derivative in (ag.grad(f), lambda x: ag.hvp(f, x, x)):
        derivative(x0[:10].repeat(40))  # what is compiled once
        tracemalloc.start()
        result = derivative(x0)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert result.shape == (n,)
        assert peak < 30 * x0.nbytes


# What was freed is there for the next step.

FAULTS = """
import resource
import numpy as np
import autograd as ag

x = ag.Tensor(np.ones(400_000))  # 3.2 MB

def step():
    y = x
    for _ in range(5):
        y = np.exp(-y * y)
    np.sum(y).backward()
    x.grad = None

def faults():
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt

for _ in range(3):
    step()
before = faults()
for _ in range(4):
    step()
print((faults() - before) // 4)
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="other C libraries take no hint")
def test_the_next_step_does_not_ask_the_system_for_memory():
    """Without the hint there are some 10,000 faults: 4 kB each, of arrays of 32 MB in all."""
    run = subprocess.run([sys.executable, "-c", FAULTS], check=True, capture_output=True, text=True)
    assert int(run.stdout) < 100
