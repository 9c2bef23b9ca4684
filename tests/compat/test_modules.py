"""HIPS autograd's modules beside the operators: builtins, tracer, util, wrap_util, misc."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

import autograd as ag
import autograd.builtins as agb
from autograd import Tensor, core, extend, tracer, util
from autograd.builtins import DictBox, SequenceBox
from autograd.compat.vspaces import ArrayVSpace, ComplexArrayVSpace, DictVSpace, TupleVSpace
from autograd.misc import const_graph, flatten
from autograd.misc.fixed_points import fixed_point
from autograd.misc.flatten import flatten_func
from autograd.misc.optimizers import adam, rmsprop, sgd
from autograd.misc.tracers import full_graph
from autograd.numpy.numpy_boxes import ArrayBox
from autograd.numpy.numpy_vjps import match_complex, replace_zero, unbroadcast, unbroadcast_f
from autograd.wrap_util import get_doc, get_name, unary_to_nary

X = np.array([1.0, 2.0, 3.0])


# builtins


def test_isinstance_and_type_see_the_array_in_a_tensor():
    t, s = Tensor(X), Tensor(2.0)
    assert agb.isinstance(t, np.ndarray)
    assert agb.isinstance(s, float)
    assert agb.isinstance(t, Tensor)
    assert not agb.isinstance(t, float)
    assert agb.isinstance([1], (list, tuple))
    assert agb.type(t) is np.ndarray
    assert agb.type(3) is int
    assert isinstance(int, agb.type)
    assert issubclass(type, agb.type)
    assert agb.type("Made", (), {"x": 3}).x == 3


def test_containers_are_pythons_own():
    assert agb.list((1, 2)) == [1, 2]
    assert agb.tuple([1, 2]) == (1, 2)
    assert isinstance(agb.list(()), list)
    assert isinstance([], agb.list)
    assert isinstance((), agb.tuple)
    assert isinstance({}, agb.dict)
    assert agb.dict() == agb.dict(()) == {}
    assert agb.dict([("a", 1)], b=2) == agb.dict({"a": 1}, b=2) == {"a": 1, "b": 2}


def test_containers_of_tensors_are_traced_sequences_and_dictionaries():
    seen = []

    def f(x):
        boxes = agb.tuple([x, agb.list([2 * x])])
        table = agb.dict(a=x)
        seen.extend([isinstance(boxes, SequenceBox), isinstance(table, DictBox)])
        seen.extend([isinstance(x, ArrayBox), isinstance([1.0], SequenceBox)])
        return boxes[0] * boxes[1][0] * table["a"]

    assert ag.grad(f)(3.0) == 6 * 9.0
    assert seen == [True, True, True, False]
    assert SequenceBox([1, 2]) == [1, 2]


def test_traced_sequences_do_what_sequences_do():
    def f(xs):
        assert len(xs) == 3
        assert 2.0 in xs
        assert xs.index(xs[1]) == 1
        longer = [*xs, xs[0], *xs[1:]]
        return sum(x**2 for x in longer) + xs[-1]

    assert ag.grad(f)([1.0, 2.0, 3.0]) == [4.0, 8.0, 13.0]


def test_traced_dictionaries_do_what_dictionaries_do():
    def f(d):
        assert "a" in d
        assert len(d) == 2 == len(list(d))
        assert sorted(d.keys()) == ["a", "b"]
        return sum(v**2 for v in d.values()) + d.get("c", d["a"]) * dict(d.items())["b"]

    assert ag.grad(f)({"a": 2.0, "b": 3.0}) == {"a": 7.0, "b": 8.0}


# tracer, core


def test_isbox_and_getval():
    assert tracer.isbox(Tensor(1.0))
    assert tracer.isbox([1.0, {"a": Tensor(1.0)}])
    assert not tracer.isbox([1.0, X])
    assert tracer.getval(Tensor(2.0)) == 2.0
    assert tracer.getval("a") == "a"
    assert tracer.getval({"a": (Tensor(2.0), 1)}) == {"a": (2.0, 1)}


def depends(function, *args):
    """Whether what a function returns depends on its arguments, as PennyLane asks it."""
    node = core.VJPNode.new_root()
    with tracer.trace_stack.new_trace() as trace:
        start = tracer.new_box(args, trace, node)
        end = function(*start)
    ends = end if isinstance(end, list | tuple) else [end]
    return any(tracer.isbox(e) and e._trace == start._trace for e in ends)


def test_a_trace_tells_what_depends_on_its_variables():
    assert depends(np.sin, 1.0)
    assert depends(lambda x, y: 2 * y, 1.0, X)
    assert depends(lambda x: (1.0, x), 1.0)
    assert not depends(lambda x: 3.0, 1.0)
    assert not depends(np.floor, 1.5)
    outer = Tensor(2.0)
    assert not depends(lambda x: outer * 2, 1.0)
    assert depends(lambda x: outer * x, 1.0)


def test_a_trace_is_left_as_it_was_after_an_error():
    with pytest.raises(ZeroDivisionError):
        depends(lambda x: 1 / 0, 1.0)
    assert depends(np.sin, 1.0)
    assert ag.grad(np.square)(3.0) == 6.0


def test_a_node_class_of_the_program_sees_every_operation():
    class Names(tracer.Node):
        def __init__(self, value, fun, args, kwargs, parent_argnums, parents):  # noqa: PLR0917 - HIPS's
            own = (fun.name, float(value), parent_argnums)
            self.log = [entry for parent in parents for entry in parent.log] + [own]

        def initialize_root(self):
            self.log = []

    value, node = tracer.trace(Names.new_root(), lambda x: 3.0 * np.sin(x) - 1.0, 0.5)
    assert value == 3.0 * np.sin(0.5) - 1.0
    assert [(name, places) for name, _, places in node.log] == [
        ("sin", (0,)),
        ("multiply", (1,)),
        ("subtract", (0,)),
    ]
    assert node.log[0][1] == np.sin(0.5)


def test_a_trace_of_what_is_independent_warns():
    with pytest.warns(UserWarning, match="independent"):
        value, node = tracer.trace(tracer.Node.new_root(), lambda x: 3.0, 0.5)
    assert (value, node) == (3.0, None)


def test_the_rules_of_all_functions_can_be_read():
    maker = core.primitive_vjps[np.multiply]
    assert maker((0, 1), 6.0, (2.0, 3.0), {})(1.0) == (3.0, 2.0)
    assert core.primitive_jvps[np.sin]((0,), [1.0], 0.0, (0.0,), {}) == 1.0
    assert np.tanh in core.primitive_vjps
    assert len(core.primitive_vjps) > 190
    with pytest.raises(KeyError):
        core.primitive_vjps[np.floor]


class Marked(np.ndarray):
    """An array of another library, which answers for ufuncs by itself."""

    varies = True

    def __array_ufunc__(self, ufunc, method, *inputs, **kwargs):
        plain = [np.asarray(x) if isinstance(x, Marked) else x for x in inputs]
        result = getattr(ufunc, method)(*plain, **kwargs)
        if not isinstance(result, np.ndarray | np.generic):
            raise TypeError("took it for a number")
        return np.asarray(result).view(Marked)


def test_arrays_of_another_library_become_variables_as_it_says():
    def make(value, trace, node):
        if not value.varies:
            raise ValueError("does not vary")
        return ArrayBox(value, trace, node)

    x = X.view(Marked)
    extend.Box.type_mappings[Marked] = make
    extend.VSpace.mappings[Marked] = ArrayVSpace
    try:
        for f in (lambda t: t * x, lambda t: x * t, lambda t: np.multiply(x, t)):
            assert_array_equal(ag.grad(lambda t, f=f: np.sum(f(t)))(x), X)
        number = np.array(2.0).view(Marked)
        assert ag.grad(lambda t: t * number)(3.0) == 2.0
        assert ag.grad(lambda t: number * t)(3.0) == 2.0
        assert type(np.sin(x)) is Marked
        assert extend.vspace(x).size == 3
        x.varies = False
        with pytest.raises(ValueError, match="does not vary"):
            ag.grad(np.sum)(x)
    finally:
        del extend.Box.type_mappings[Marked], extend.VSpace.mappings[Marked]


# vspaces


@pytest.mark.parametrize(
    ("value", "kind", "size"),
    [
        (2.0, ArrayVSpace, 1),
        (np.ones((2, 3)), ArrayVSpace, 6),
        (np.ones(2, int), ArrayVSpace, 2),
        (1j, ComplexArrayVSpace, 2),
        (np.ones(3, np.complex64), ComplexArrayVSpace, 6),
        ({"a": 1.0, "b": (X, 1j)}, DictVSpace, 6),
        ((), TupleVSpace, 0),
        (Tensor(X), ArrayVSpace, 3),
    ],
)
def test_a_vector_space_has_zero_ones_a_basis_and_random_vectors(value, kind, size):
    space = extend.vspace(value)
    assert type(space) is kind
    assert space.size == size == len(list(space.standard_basis()))
    assert space == extend.vspace(space.zeros())
    assert space.inner_prod(space.zeros(), space.ones()) == 0
    assert space.inner_prod(space.ones(), space.ones()) == size
    for e in space.standard_basis():
        assert space.inner_prod(e, e) == 1
    drawn = space.add(space.randn(), space.scalar_mul(space.ones(), 2.0))
    assert extend.vspace(drawn) == space
    assert space.inner_prod(space.covector(drawn), space.covector(drawn)) > 0 or not size


@pytest.mark.parametrize("value", [3, "a", None, True, [1.0, 2], np.array(["a"])], ids=repr)
def test_what_does_not_vary_has_no_vector_space(value):
    with pytest.raises(TypeError, match="Can't find vector space for value"):
        extend.vspace(value)


def test_spaces_differ_by_form_and_shape():
    assert extend.vspace(X) != extend.vspace(np.ones(2))
    assert extend.vspace(X) != extend.vspace(X + 0j)
    assert extend.vspace([1.0, 2.0]) != extend.vspace((1.0, 2.0))


# util, wrap_util, numpy_vjps


def test_quick_grad_check_finds_what_is_wrong(capsys):
    util.quick_grad_check(lambda x, k: np.sum(x**k), X, (3,))
    assert capsys.readouterr().out.startswith("gradient ")
    wrong = extend.primitive(np.square)
    extend.defvjp(wrong, lambda ans, x: lambda g: g * x)
    with pytest.raises(AssertionError, match="the gradient along a random direction is"):
        util.quick_grad_check(wrong, 2.0, verbose=False, rs=np.random.RandomState(0))


def test_small_helpers():
    assert util.subvals((1, 2, 3), [(0, 9), (2, 8)]) == (9, 2, 8)
    assert util.subval([1, 2], 1, 5) == (1, 5)
    assert util.func(max) is max
    parents = {"d": ["b", "c"], "b": ["a"], "c": ["a"], "a": []}
    order = list(util.toposort("d", parents.get))
    assert order[0] == "d"
    assert order[-1] == "a"
    assert sorted(order) == ["a", "b", "c", "d"]
    assert get_name(max) == "max"
    assert get_doc(lambda: 1) == ""


def test_unary_to_nary_makes_an_operator_of_several_arguments():
    @unary_to_nary
    def scaled_slope(fun, x, scale=1.0):
        """Return a slope."""
        return scale * ag.grad(lambda t: fun(t))(x)

    f = lambda x, y: x * y**2
    assert scaled_slope.__name__ == "scaled_slope"
    assert scaled_slope(f)(2.0, 3.0) == 9.0
    assert scaled_slope(f, 1)(2.0, 3.0) == 12.0
    assert scaled_slope(f, 1, 10.0)(2.0, 3.0) == 120.0
    assert scaled_slope(f, -1, scale=10.0)(2.0, y=3.0) == 10.0 * 9.0
    assert scaled_slope(f, "y")(2.0, y=3.0) == 12.0
    total = unary_to_nary(lambda fun, xs: fun(xs) + sum(xs))
    assert total(f, (0, 1))(2.0, 3.0) == 18.0 + 5.0


def test_broadcasts_are_undone_by_hand():
    g = np.arange(6.0).reshape(2, 3)
    assert_array_equal(unbroadcast_f(X, lambda g: 2 * g)(g), 2 * g.sum(0))
    assert unbroadcast_f(1.0, lambda g: g)(g) == 15.0
    assert unbroadcast_f(1.0, lambda g: g * 1j)(2.0) == 0.0
    meta = lambda x: (np.shape(x), np.ndim(x), np.result_type(x), np.iscomplexobj(x))
    assert_array_equal(unbroadcast(g, meta(X)), g.sum(0))
    assert_array_equal(unbroadcast(g, meta(np.ones((2, 1)))), g.sum(1, keepdims=True))
    batch = np.arange(24.0).reshape(2, 3, 4)
    assert_array_equal(unbroadcast(batch, meta(np.ones((2, 3))), -1), batch.sum(2))
    assert match_complex(1.0, 2 + 3j) == 2.0
    assert np.iscomplexobj(match_complex(1j, X))
    assert_array_equal(replace_zero(np.array([0.0, 2.0]), 5.0), [5.0, 2.0])


# misc


PARAMS = {"w": np.arange(4.0).reshape(2, 2), "b": [1.0, (2.0, 1j)], "a": (), "c": {}}


def test_flatten_sorts_keys_and_unflatten_restores_the_form():
    vector, unflatten = flatten(PARAMS)
    assert_array_equal(vector, [1.0, 2.0, 1j, 0.0, 1.0, 2.0, 3.0])
    again = unflatten(2 * vector)
    assert list(again) == list(PARAMS)
    assert again["b"] == [2.0, (4.0, 2j)]
    assert not np.iscomplexobj(again["w"])
    assert_array_equal(again["w"], 2 * PARAMS["w"])
    assert again["a"] == ()


@pytest.mark.parametrize("empty", [[], (), {}])
def test_empty_containers_are_empty_vectors(empty):
    vector, unflatten = flatten(empty)
    assert vector.shape == (0,)
    assert unflatten(vector) == empty


def test_flatten_is_differentiable_both_ways():
    def f(p):
        vector, unflatten = flatten(p)
        return np.sum(unflatten(vector**2)["w"]) + vector[0]

    found = ag.grad(f)({"b": 3.0, "w": X})
    assert found["b"] == 1.0
    assert_array_equal(found["w"], 2 * X)
    vector, unflatten = flatten({"b": 3.0, "w": X})
    flat = ag.grad(lambda v: np.sum(unflatten(v)["w"] ** 3) * unflatten(v)["b"])(vector)
    assert_array_equal(flat, [36.0, *(9 * X**2)])
    assert_array_equal(
        ag.hessian(lambda v: np.sum(unflatten(v)["w"] ** 3))(vector)[1:, 1:], np.diag(6 * X)
    )


def test_flatten_refuses_what_is_no_number():
    for value in (3, None, [1.0, "a"]):
        with pytest.raises(TypeError, match="cannot flatten"):
            flatten(value)
    with pytest.raises(ValueError, match=r"a vector of shape \(1,\), got \(2,\)"):
        flatten(1.0)[1](np.ones(2))


def test_flatten_func_is_a_function_of_vectors():
    flat, unflatten, start = flatten_func(
        lambda p, k: {"y": k * p["w"], "x": p["b"]}, {"w": X, "b": 4.0}
    )
    assert_array_equal(start, [4.0, *X])
    assert_array_equal(flat(start, 2.0), [4.0, *(2 * X)])
    assert unflatten(start)["b"] == 4.0


@pytest.mark.parametrize(("optimizer", "steps"), [(sgd, 300), (rmsprop, 600), (adam, 3000)])
def test_optimizers_find_a_minimum_of_a_structured_argument(optimizer, steps):
    f = lambda p, i: np.sum((p["w"] - X) ** 2) + (p["b"] - 2.0) ** 2
    seen = []
    options = {"step_size": 0.01} if optimizer is not sgd else {}
    found = optimizer(
        ag.grad(f),
        {"w": np.zeros(3), "b": 0.0},
        lambda x, i, g: seen.append((i, x["b"], g["w"].shape)),
        num_iters=steps,
        **options,
    )
    assert_allclose(found["w"], X, atol=0.05)
    assert_allclose(found["b"], 2.0, atol=0.05)
    assert seen[0] == (0, 0.0, (3,))
    assert len(seen) == steps


def test_optimizers_take_the_steps_of_their_papers():
    g = lambda x, i: 2 * x + 1
    one = np.array([1.0])
    assert_allclose(sgd(g, one, num_iters=1), 1 - 0.1 * 0.1 * 3)
    assert_allclose(
        sgd(g, one, num_iters=2, step_size=1.0, mass=0.5), 1 - 1.5 + (-0.75 - 0.5 * 0.0)
    )
    assert_allclose(rmsprop(g, one, num_iters=1), 1 - 0.1 * 3 / np.sqrt(0.9 + 0.1 * 9))
    assert_allclose(adam(g, one, num_iters=1), 1 - 0.001)


def test_a_fixed_point_is_differentiable_in_what_the_map_depends_on():
    heron = lambda a: lambda x: (x + a / x) / 2
    root = lambda a: fixed_point(heron, a, 1.0, lambda x, y: abs(x - y), 1e-14)
    assert_allclose(root(2.0), np.sqrt(2.0))
    assert_allclose(ag.grad(root)(2.0), 0.5 / np.sqrt(2.0))
    assert_allclose(ag.grad(ag.grad(root))(2.0), -0.25 * 2.0**-1.5)


def test_const_graph_runs_the_function_once():
    calls = []

    def f(k, x, y, scale=1.0):
        calls.append((k, scale))
        pair = np.concatenate([np.sin(x), y * x])
        _, log = np.linalg.slogdet(pair[:, None] * pair + scale * np.eye(6))
        slope = ag.grad(lambda t: np.sum(t**3 * y))(x)
        return {"a": k * log + np.sum(slope), "b": pair[::2], "n": 3}

    replayed = const_graph(f, 2.0, scale=5.0)
    for x, y in [(X, 2.0), (2 * X, 3.0), (X - 5, -1.0)]:
        found, expected = replayed(x, y), f(2.0, x, y, scale=5.0)
        assert_allclose(found["a"], expected["a"])
        assert_allclose(found["b"], expected["b"])
        assert found["n"] == 3
        assert type(found["b"]) is np.ndarray
    assert len(calls) == 4
    total = lambda g: lambda x: g(x, 3.0)["a"]
    plain = lambda x, y: f(2.0, x, y, scale=5.0)
    assert_allclose(ag.grad(total(replayed))(X), ag.grad(total(plain))(X))
    fresh = const_graph(f, 2.0, scale=5.0)
    assert_allclose(ag.grad(total(fresh))(X), ag.grad(total(plain))(X))
    assert_allclose(ag.grad(total(fresh))(2 * X), ag.grad(total(plain))(2 * X))


def test_const_graph_calls_primitives_again_of_what_varies_only():
    log = []

    @extend.primitive
    def noted(value, name):
        log.append(name)
        return [value, 2 * value]

    g = const_graph(lambda x, y: noted(x, "x")[0] + noted(y, "y")[1], 1.0)
    assert g(2.0) == 5.0
    assert log == ["x", "y"]
    assert g(3.0) == 7.0
    assert log == ["x", "y", "y"]


def test_full_graph_leads_to_all_operations():
    node = full_graph(lambda x: np.exp(x) + x, 1.0)
    assert node.value == np.e + 1
    assert node.recipe[0].name == "add"
    assert [parent.recipe and parent.recipe[0].name for parent in node.parents] == ["exp", None]
