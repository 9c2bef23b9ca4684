"""The same call written in other ways: axes, operators, methods, namespaces; and wrong calls.

NumPy says which calls are the same: those that give the same value for arrays. Tensors must then
give the same value and the same gradient; what NumPy refuses, they refuse with NumPy's exception.
"""

import operator

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

import autograd as ag
import autograd.numpy as agnp
from tests.all_rows import CASES
from tests.ops.test_keywords import call, keywords, leaves, points

NUMPY = [
    case
    for case in CASES
    if (getattr(case.function, "__module__", None) or "numpy").startswith("numpy")
]
every_numpy_row = pytest.mark.parametrize("case", NUMPY, ids=lambda case: case.name)
OPERATORS = {
    np.add: operator.add, np.subtract: operator.sub, np.multiply: operator.mul,
    np.divide: operator.truediv, np.power: operator.pow, np.matmul: operator.matmul,
    np.remainder: operator.mod, np.negative: operator.neg, np.positive: operator.pos,
    np.absolute: operator.abs, np.divmod: divmod,
}  # fmt: skip
WRITES = {
    "sort",
    "partition",
    "put",
    "fill",
    "resize",
    "itemset",
    "setfield",
    "byteswap",
    "setflags",
}


def value_and_gradients(case, args, kwargs, function=None):
    """Return value and gradients of a call, with random cotangents, always the same ones."""
    if function is not None:
        case = type(case)(function, case.sample, output=case.output)
    tensors = [ag.Tensor(primal) for primal in leaves(args)]
    outputs = [o for o in call(case, args, kwargs, tensors) if isinstance(o, ag.Tensor)]
    rng = np.random.default_rng(2)
    ws = [rng.standard_normal(np.size(o)).reshape(np.shape(o)) for o in outputs]
    gradients = ag.gradients(outputs, tensors, ws)
    return [o.data for o in outputs], gradients


def value(case, args, kwargs, function=None):
    """Return what NumPy returns, or None where it raises."""
    if function is not None:
        case = type(case)(function, case.sample, output=case.output)
    try:
        return [np.asarray(output) for output in call(case, args, kwargs, leaves(args))]
    except Exception:  # noqa: BLE001 - then it is not the same call
        return None


def same(one, other):
    """Whether two calls of NumPy are the same, as far as values tell."""
    return other is not None and len(one) == len(other) and all(map(equal, one, other))


def equal(a, b):
    return a.shape == b.shape and np.allclose(a, b, rtol=1e-13, atol=0, equal_nan=True)


def assert_same_gradients(found, expected):
    for f, e in zip(found, expected, strict=True):
        assert f.shape == e.shape
        assert_allclose(f, e, rtol=1e-12, atol=1e-14 * np.max(np.abs(e), initial=1e-300))


# Axes.


def other_axes(args, kwargs, ndims):
    """Yield calls with an axis counted from the other end, and axes in another order."""
    for given, put in places(args, kwargs):
        for ndim in ndims:
            yield put(recounted(given, ndim))
        if isinstance(given, tuple | list) and len(given) > 1:
            yield put(given[::-1])


def places(args, kwargs):
    """Yield whole numbers, and tuples of them, among arguments, and how to put others there."""
    for i, arg in enumerate(args):
        if is_axis(arg):
            yield arg, lambda new, i=i: ([*args[:i], new, *args[i + 1 :]], kwargs)
    for name, arg in kwargs.items():
        if is_axis(arg) and name != "edge_order":  # of which NumPy takes 0 for 2
            yield arg, lambda new, name=name: (args, {**kwargs, name: new})


def is_axis(arg):
    if isinstance(arg, tuple | list):
        return bool(arg) and all(map(is_axis, arg))
    return isinstance(arg, int) and not isinstance(arg, bool)


def recounted(axis, ndim):
    """Return an axis, or all of several, counted from the other end."""
    if isinstance(axis, tuple | list):
        return type(axis)(recounted(one, ndim) for one in axis)
    return axis + ndim if axis < 0 else axis - ndim


WITH_AXES = [
    case for case in NUMPY if any(any(True for _ in places(*p)) for p in points(case, count=4))
]


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::RuntimeWarning")
@pytest.mark.parametrize("case", WITH_AXES, ids=lambda case: case.name)
def test_an_axis_may_be_counted_from_either_end(case):
    for args, kwargs in points(case, count=4):
        expected = value(case, args, kwargs)
        ndims = {np.ndim(leaf) for leaf in leaves(args)} | {x.ndim for x in expected}
        _, gradients = value_and_gradients(case, args, kwargs)
        for other in other_axes(args, kwargs, ndims):
            if same(expected, value(case, *other)):
                found, others = value_and_gradients(case, *other)
                assert same(expected, found) or not found
                assert_same_gradients(others, gradients)


KEEPING = [
    case
    for case in NUMPY
    if "keepdims" in keywords(case.function) and not isinstance(case.function, np.ufunc)
]


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("case", KEEPING, ids=lambda case: case.name)
def test_kept_dimensions_change_the_shape_only(case):
    for args, kwargs in points(case, count=4):
        found, kept = (
            value_and_gradients(case, args, {**kwargs, "keepdims": keep}) for keep in (False, True)
        )
        for f, k in zip(found[0], kept[0], strict=True):
            assert_array_equal(f.ravel(), k.ravel())
        assert_same_gradients(kept[1], found[1])


# Operators, methods, namespaces.


def spellings(function):
    """Yield what else does what a function of NumPy does, by name."""
    if function in OPERATORS:
        yield "operator", OPERATORS[function]
    name = function.__name__
    # NumPy does not ask what is behind the first argument of a method.
    if name not in WRITES and hasattr(np.ndarray, name) and function is not np.choose:
        yield "method", lambda a, *args, **kwargs: getattr(a, name)(*args, **kwargs)
    for theirs, ours in ((np, agnp), (np.linalg, agnp.linalg), (np.fft, agnp.fft)):
        for other in dir(theirs):
            if getattr(theirs, other) is function:
                yield f"{theirs.__name__}.{other}", getattr(ours, other)


SPELT = [(c, *s) for c in NUMPY if c.output != "written" for s in spellings(c.function)]


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::RuntimeWarning")
@pytest.mark.parametrize(
    ("case", "spelling", "other"),
    SPELT,
    ids=lambda x: x if isinstance(x, str) else getattr(x, "name", ""),
)
def test_every_spelling_is_the_same_function(case, spelling, other):
    for args, kwargs in points(case):
        plain = value(case, args, kwargs, None if spelling.startswith("numpy") else other)
        if not same(value(case, args, kwargs), plain):
            continue  # a method with other parameters, or an operator that takes no keywords
        expected, gradients = value_and_gradients(case, args, kwargs)
        found, others = value_and_gradients(case, args, kwargs, other)
        assert len(found) == len(expected)
        for f, e in zip([*found, *others], [*expected, *gradients], strict=True):
            assert_array_equal(f, e, strict=True)


# Wrong calls.


def wrong_calls(args, kwargs):
    """Yield calls that NumPy may refuse."""
    yield args, {**kwargs, "nonsense": 1}
    yield args, {**kwargs, "axis": 99}
    yield args, {**kwargs, "axis": 0.5}
    yield args[:-1], kwargs
    for shapes in ([(2,), (3,), (5,)], [(2, 3), (2, 3), (4, 4)], [(0,), (), (1, 0)]):
        mis = iter(shapes * 4)
        yield [np.ones(next(mis)) if isinstance(a, np.ndarray) else a for a in args], kwargs


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::RuntimeWarning")
@every_numpy_row
def test_what_numpy_refuses_is_refused(case):
    """With NumPy's class of exception, or one that is both that and this package's."""
    args, kwargs = points(case)[0]
    for wrong_args, wrong_kwargs in wrong_calls(args, kwargs):
        primals = leaves(wrong_args)
        try:
            call(case, wrong_args, wrong_kwargs, primals)
        except Exception as error:  # noqa: BLE001 - whatever NumPy raises
            expected = type(error)
        else:
            continue
        if not primals:
            continue
        # A ValueError says what NumPy means by these two.
        clearer = (ValueError,) if expected in {IndexError, RuntimeError} else ()
        with pytest.raises((expected, TypeError, *clearer), match=r"\w"):
            call(case, wrong_args, wrong_kwargs, [ag.Tensor(p) for p in primals])
