"""What is recorded and what is not: `no_grad`, threads, asyncio tasks."""

import asyncio
import sys
import threading

import numpy as np
import pytest
from numpy.testing import assert_array_equal

import autograd as ag


def records():
    """Whether an operation on a variable is recorded here and now."""
    return (ag.Tensor(1.0) * 2.0).requires_grad


# The block.


@pytest.mark.parametrize(
    "operation",
    [
        lambda x: x * 2.0,
        lambda x: 2.0 - x,
        lambda x: x * x,
        lambda x: -x,
        lambda x: np.sin(x),
        lambda x: np.sum(x),
        lambda x: x[0],
        lambda x: x @ x,
        lambda x: np.stack([x, x]),
        lambda x: np.where(x > 0, x, 0.0),
        lambda x: np.max(x),
        lambda x: np.clip(x, 0.0, 1.0),
    ],
)
def test_nothing_is_recorded_inside(operation):
    x = ag.Tensor([1.0, 2.0])
    recorded = operation(x)
    with ag.no_grad():
        y = operation(x)
    assert recorded.requires_grad
    assert not y.requires_grad
    assert (y.op, y.parents) == (None, ())
    assert_array_equal(y.data, recorded.data)


def test_leaves_made_inside_are_variables():
    with ag.no_grad():
        x = ag.Tensor(3.0)
    (x * x).backward()
    assert x.grad == 6.0


def test_what_was_recorded_before_is_walked_inside():
    x = ag.Tensor(3.0)
    y = x * x
    with ag.no_grad():
        y.backward()
    assert x.grad == 6.0


def test_blocks_nest():
    with ag.no_grad():
        with ag.no_grad():
            assert not records()
        assert not records()
    assert records()


def test_the_block_ends_with_an_exception():
    with pytest.raises(KeyError), ag.no_grad():
        raise KeyError
    assert records()


def test_an_inner_exception_leaves_the_outer_block():
    with ag.no_grad():
        with pytest.raises(KeyError), ag.no_grad():
            raise KeyError
        assert not records()
    assert records()


def test_the_decorator():
    @ag.no_grad()
    def f(x, fail=False):
        if fail:
            raise KeyError
        return records(), x * 2.0

    x = ag.Tensor(1.0)
    for _ in range(2):  # each call is a block of its own
        recorded, y = f(x)
        assert not recorded
        assert not y.requires_grad
        assert records()
    with pytest.raises(KeyError):
        f(x, fail=True)
    assert records()
    with ag.no_grad():
        f(x)
        assert not records()


def test_the_decorated_function_may_call_itself():
    @ag.no_grad()
    def countdown(n):
        return [records(), *(countdown(n - 1) if n else [])]

    assert countdown(3) == [False] * 4
    assert records()


# Inside differentiated functions.


def test_no_grad_inside_a_function_makes_constants():
    """d/dx [x · const(x²)] = x²."""

    def f(x):
        with ag.no_grad():
            c = x * x
        return x * c

    assert ag.grad(f)(3.0) == 9.0
    assert ag.jvp(f, (3.0,), (1.0,)) == (27.0, 9.0)


def test_detach_inside_a_function_makes_constants():
    assert ag.grad(lambda x: x * (x * x).detach())(3.0) == 9.0


@pytest.mark.parametrize(
    "transformed",
    [
        lambda f: ag.grad(f)(3.0),
        lambda f: ag.value_and_grad(f)(3.0)[1],
        lambda f: ag.vjp(f, 3.0)[1](1.0)[0],
        lambda f: ag.jvp(f, (3.0,), (1.0,))[1],
        lambda f: ag.jacobian(f)(3.0),
    ],
)
def test_transforms_differentiate_inside_no_grad(transformed):
    with ag.no_grad():
        assert transformed(lambda x: x * x) == 6.0
        assert not records()


def test_second_order_inside_no_grad():
    with ag.no_grad():
        assert ag.grad(ag.grad(lambda x: x**3))(2.0) == 12.0
        assert ag.hvp(lambda x: x**3, 2.0, 1.0) == 12.0
        assert ag.hessian(lambda x: x**3)(2.0) == 12.0


def test_an_inner_derivative_under_no_grad_is_a_constant_of_the_outer():
    """d/dx [x · const(2x)] = 2x, not 4x."""

    def f(x):
        with ag.no_grad():
            slope = ag.grad(lambda y: y * y)(x)
        return x * slope

    assert ag.grad(f)(3.0) == 6.0


def test_a_transform_restores_recording_when_its_function_fails():
    with ag.no_grad():
        with pytest.raises(KeyError):
            ag.grad(lambda x: {}[x])(1.0)
        assert not records()
    assert records()


# Threads and tasks.


def in_threads(*functions):
    """Run functions each in a thread; return their results, or raise what one raised."""
    results = [None] * len(functions)

    def run(index, function):
        try:
            results[index] = function()
        except BaseException as error:  # noqa: BLE001 - handed on to the test
            results[index] = error

    threads = [threading.Thread(target=run, args=item) for item in enumerate(functions)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    for result in results:
        if isinstance(result, BaseException):
            raise result
    return results


@pytest.fixture
def frequent_switches():
    """Let threads take turns every few bytecodes."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


def test_no_grad_holds_for_its_thread_only():
    inside, looked = threading.Event(), threading.Event()

    def quiet():
        with ag.no_grad():
            inside.set()
            assert looked.wait(10)
            return records()

    def loud():
        assert inside.wait(10)
        seen = records()
        looked.set()
        return seen

    assert in_threads(quiet, loud) == [False, True]


def test_threads_differentiate_their_own_graphs_of_one_tensor(frequent_switches):
    """Each of n threads takes d/dw (w·k)² = 2 k² w for its own k."""
    w = ag.Tensor(np.arange(1.0, 6.0))

    def gradients_for(k):
        def run():
            found = []
            for _ in range(40):
                y = np.sum((w * k) * (w * k) + 0.0 * np.sin(w))
                found.append(ag.gradients(y, w))
            return found

        return run

    for k, found in enumerate(in_threads(*(gradients_for(float(k)) for k in range(4)))):
        for g in found:
            assert_array_equal(g, 2 * k * k * w.data)
    assert w.grad is None


def test_threads_run_backward_and_nested_transforms(frequent_switches):
    def work(k):
        def run():
            x = ag.Tensor(float(k))
            for _ in range(20):
                (x * x).backward()
            nested = ag.grad(lambda x: x * ag.grad(lambda y: x * y * y)(x))(float(k))  # (2x³)'
            return x.grad.item(), nested.item()

        return run

    expected = [(20 * 2.0 * k, 6.0 * k * k) for k in range(4)]
    assert in_threads(*(work(k) for k in range(4))) == expected


def test_a_graph_may_be_walked_in_another_thread():
    x = ag.Tensor(3.0)
    y = x * x
    in_threads(y.backward)
    assert x.grad == 6.0


def test_no_grad_holds_for_its_task_only():
    async def quiet(inside, looked):
        with ag.no_grad():
            inside.set()
            await looked.wait()
            return records()

    async def loud(inside, looked):
        await inside.wait()
        seen = records()
        looked.set()
        return seen

    async def both():
        inside, looked = asyncio.Event(), asyncio.Event()
        return await asyncio.gather(quiet(inside, looked), loud(inside, looked))

    assert asyncio.run(both()) == [False, True]
    assert records()


def test_a_task_that_is_cancelled_leaves_no_trace():
    async def quiet(inside):
        with ag.no_grad():
            inside.set()
            await asyncio.Event().wait()

    async def cancels():
        inside = asyncio.Event()
        task = asyncio.create_task(quiet(inside))
        await inside.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        return records()

    assert asyncio.run(cancels())
