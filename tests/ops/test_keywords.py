"""No keyword of a NumPy function is accepted and ignored.

Each keyword of each function that has a derivative is tried with values that change something. What
comes back has NumPy's value and a gradient that agrees with differences of NumPy's function with
that keyword; or the keyword is refused by a TypeError that names it.
"""

import functools
import inspect

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings

import autograd as ag
from autograd.dispatch import numpy_name
from autograd.numpy.tensors import REPLACED
from tests.all_rows import CASES


def mask(shape):
    return np.random.default_rng(0).random(shape) < 0.7


def positive(shape):
    return np.random.default_rng(1).uniform(0.5, 2.0, shape)


class OfShape:
    """A value made for the shape of the first array; with other keywords, where it needs them."""

    def __init__(self, make, **others):
        self.make, self.others = make, others


# For each keyword, or for a keyword of one function, the values that are tried.

AXES = [0, -1, 1, None, (0, 1), (-1, 0)]
OUT = object()  # an array for what is returned
VALUES = {
    "N": [2, 4],
    "UPLO": ["U", "L"],
    "a_max": [0.5, OfShape(positive)],
    "a_min": [0.1, OfShape(lambda shape: -positive(shape))],
    "append": [0.5, OfShape(positive)],
    "assume_unique": [True],
    "aweights": [OfShape(lambda shape: positive(shape[-1:]))],
    "axes": [(0, 1), (1, 0), (-1,), 0, 1, ([0], [1])],
    "axis": AXES,
    "axis1": [1, -1],
    "axis2": [0, -2],
    "axisa": [0],
    "axisb": [0],
    "axisc": [0],
    "base": [2.0, 3.5],
    "bias": [True],
    "casting": ["no", "same_kind", "unsafe"],
    "compute_uv": [False],
    "copy": [True, False],
    "correction": [1, 0.5],
    "cov": [True],
    "ddof": [1, 0.5],
    "default": [0.5, 2],
    "deg": [True],
    "device": ["cpu"],
    "discont": [0.5, 4.0],
    "dtype": [np.float32, np.complex128, np.int64],
    "dx": [0.5],
    "edge_order": [2],
    "endpoint": [False],
    "equal_nan": [False],
    "full": [True],
    "full_matrices": [False, True],
    "fweights": [OfShape(lambda shape: 1 + np.arange(shape[-1]))],
    "hermitian": [True],
    "include_initial": [True],
    "increasing": [True],
    "ind": [1],
    "indexing": ["ij", "xy"],
    "initial": [0.5, -50.0, 50.0],
    "invert": [True],
    "k": [1, -1, 2],
    "keepdims": [True],
    "kind": ["stable", "heapsort"],
    "left": [0.25],
    "m": [1, 2],
    "max": [0.5],
    "mean": [OfShape(lambda shape: np.full((1,) * len(shape), 0.25))],
    "min": [0.1],
    "mode": ["wrap", "clip", "same", "valid", "full", "reflect", "edge", "r", "complete"],
    "n": [0, 1, 2, 3, 4],
    "nan": [0.5],
    "ndmax": [1],
    "ndmin": [3],
    "neginf": [-5.0],
    "norm": ["ortho", "forward", "backward"],
    "num": [1, 4],
    "offset": [1, -1],
    "optimize": [True, False, "greedy"],
    "ord": [1, 2, 3, np.inf, -np.inf, "fro", "nuc", 0, -1, -2],
    "order": list("CFAK"),
    "out": [OUT],
    "overwrite_input": [True],
    "p": [1, 2, np.inf, "fro", -2],
    "period": [5.0],
    "posinf": [5.0],
    "prepend": [0.5, OfShape(positive)],
    "rcond": [1e-3],
    "requirements": ["F", ["C", "O"]],
    "retstep": [True],
    "return_counts": [True],
    "return_index": [True],
    "return_indices": [True],
    "return_inverse": [True],
    "returned": [True],
    "right": [0.25],
    "rowvar": [False],
    "rtol": [1e-3],
    "s": [(2,), (3, 2), (4, 5)],
    "shape": [(2, 3), ()],
    "sorted": [False],
    "sparse": [True],
    "stable": [True],
    "start": [0, 1, 2],
    "step": [0.5],
    "stop": [3],
    "subok": [True, False],
    "to_begin": [0.5, [1.0, 2.0]],
    "to_end": [0.5, [1.0, 2.0]],
    "tol": [1e9],
    "trim": ["f", "b"],
    "upper": [True],
    "w": [OfShape(lambda shape: positive(shape[:1]))],
    "weights": [OfShape(positive), OfShape(lambda shape: positive(shape[-1:]))],
    "where": [
        OfShape(mask),
        OfShape(lambda shape: mask(shape[-1:])),
        OfShape(mask, initial=-2.0),
        OfShape(mask, initial=100.0),
    ],
    "wrap": [True],
    "writeable": [True],
    "x": [OfShape(lambda shape: np.cumsum(positive(shape[-1:])))],
    "y": [OfShape(positive)],
    "minlength": [9],
    ("partition", "kind"): ["introselect"],
    ("tensorinv", "ind"): [1, 2],
}
METHODS = [
    "inverted_cdf", "averaged_inverted_cdf", "closest_observation",
    "interpolated_inverted_cdf", "hazen", "weibull", "linear", "median_unbiased",
    "normal_unbiased", "lower", "higher", "midpoint", "nearest",
]  # fmt: skip
VALUES |= {"method": METHODS}
UFUNC = {
    "where": [OfShape(mask)],
    "casting": ["unsafe", "no"],
    "order": ["C", "F"],
    "dtype": [np.float32, np.complex128],
    "subok": [False],
    "signature": ["dd->d", "d->d"],
    "out": [OUT],
}
GENERALIZED = {"axis": [0], "axes": [[0, 0, 0], [(0, 1), (1, 0), (0, 1)]], "keepdims": [True]}
BUILT_IN = {  # which some versions of NumPy do not tell
    "concatenate": ["axis", "out", "dtype", "casting"], "copyto": ["casting", "where"],
    "putmask": [],
    "inner": [], "vdot": [], "dot": ["out"], "where": [], "lexsort": [],
    "arange": ["dtype"],
    "array": ["dtype", "copy", "order", "subok", "ndmin"],
    "asarray": ["dtype", "order"], "asanyarray": ["dtype", "order"],
    "ascontiguousarray": ["dtype"], "asfortranarray": ["dtype"],
    "astype": ["order", "casting", "subok", "copy"],
    "bincount": ["weights", "minlength"],
}  # fmt: skip
STAND_INS = {  # for what NumPy does not ask Tensors
    np.ndarray.astype: lambda a, dtype, **keywords: a.astype(dtype, **keywords),
    **{getattr(np, name): new for name, new in REPLACED.items() if inspect.isroutine(new)},
}
INSTEAD_OF = {  # and not together with
    "correction": ["ddof"], "ddof": ["correction"], "min": ["max"], "max": ["min"],
    "stable": ["kind"],
}  # fmt: skip
# SciPy's spheroidal functions do not return in single precision.
ENDLESS_IN_FLOAT32 = {"pro_ang1", "pro_rad1", "obl_ang1", "obl_rad1"}
MORE_POINTS = {  # that rows do not have
    np.clip: [([np.linspace(-1.0, 1.0, 6)], {})],
}
UNTRIED = {
    *((np.arange, name) for name in ("start", "stop", "step")),  # given by position
    (np.select, "default"),  # the same
    (np.reshape, "shape"),  # the same; it has a default in some versions
    (np.average, "axis"),  # the same
    (np.average, "weights"),  # the same
    (np.bincount, "weights"),  # the same
    (np.trapezoid, "x"),  # the same
    (getattr(np, "trapz", None), "x"),  # the same
    (np.nanquantile, "weights"),  # which has no NaN, as the array has; refused, see test_statistics
    (np.nanpercentile, "weights"),  # the same
    (np.sort, "order"),  # for structured arrays
    (np.partition, "order"),  # the same
}
COMPLEX_CONDITION = np.linalg.cond(1j * np.eye(2), 1).dtype.kind == "c"  # in old versions
PASSED_ON = {"kwargs", "kw", "like"}  # to other functions; to NumPy alone
OLD = {"interpolation", "newshape"}  # names that some versions still have; see the test below


def keywords(function):
    """Return the names of a function's keywords."""
    if isinstance(function, np.ufunc):
        return [*UFUNC, *(GENERALIZED if function.signature else ())]
    try:
        parameters = inspect.signature(function).parameters.values()
    except ValueError:
        return BUILT_IN[function.__name__]
    return [
        p.name
        for p in parameters
        if p.default is not p.empty
        and p.kind is not p.POSITIONAL_ONLY
        and p.name not in PASSED_ON | OLD
    ]


def values(function, name):
    """Return what is tried for a keyword."""
    if isinstance(function, np.ufunc):
        found = (UFUNC | GENERALIZED)[name]
        endless = name == "dtype" and function.__name__ in ENDLESS_IN_FLOAT32
        return [value for value in found if value is not np.float32] if endless else found
    return VALUES.get((function.__name__, name)) or VALUES[name]


def calls(case, name):
    """Yield arguments and keywords of calls that NumPy understands, with the keyword `name`."""
    for args, kwargs in [*points(case), *MORE_POINTS.get(case.function, [])]:
        shape = next((leaf.shape for leaf in leaves(args)), ())
        others = {key: kwargs[key] for key in kwargs.keys() - {name, *INSTEAD_OF.get(name, ())}}
        for value in values(case.function, name):
            try:
                if value is OUT:
                    outputs = case.function(*args, **kwargs)
                    out = tuple(map(np.empty_like, outputs)) if several(outputs) else None
                    tried = {name: np.empty_like(outputs) if out is None else out}
                elif isinstance(value, OfShape):
                    tried = {name: value.make(shape), **value.others}
                else:
                    tried = {name: value}
                call(case, args, {**others, **tried}, leaves(args))
            except Exception:  # noqa: BLE001 - this value does not fit this function
                continue
            yield args, {**others, **tried}, tried


def several(outputs):
    return isinstance(outputs, list | tuple)


# Where: at points of the rows.


@functools.cache
def points(case, count=2):
    """Return a few samples of a row, always the same: large ones, of different dimensions."""
    found = []

    @settings(
        max_examples=25,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
        deadline=None,
    )
    @given(case.sample)
    def collect(sample):
        found.append(sample)

    collect()
    found.sort(key=lambda sample: -sum(np.size(leaf) for leaf in leaves(sample[0])))
    chosen, seen = [], set()
    for args, kwargs in found:
        kind = tuple(np.ndim(leaf) for leaf in leaves(args)), tuple(kwargs)
        if kind not in seen:
            seen.add(kind)
            chosen.append((args, kwargs))
    return chosen[:count]


def leaves(args):
    """Return the arrays that are differentiated."""
    flat = [leaf for arg in args for leaf in (arg if type(arg) is list else [arg])]
    return [leaf for leaf in flat if varies(leaf)]


def varies(leaf):
    return isinstance(leaf, np.ndarray) and leaf.dtype in (np.float64, np.complex128)


def call(case, args, kwargs, primals):
    """Return the outputs, in a list, of the function called as a program calls it."""
    rest = iter(p.copy() if isinstance(p, np.ndarray) else p for p in primals)
    put = lambda leaf: next(rest) if varies(leaf) else leaf
    put_in = [[put(leaf) for leaf in arg] if type(arg) is list else put(arg) for arg in args]
    function = STAND_INS.get(case.function, case.function)
    if case.output == "written":
        put_in[0] = put_in[0] * 1.0
        assert function(*put_in, **kwargs) is None
        return put_in[:1]
    outputs = function(*put_in, **kwargs)
    if case.output is not None:
        outputs = case.output(outputs) if callable(case.output) else outputs[case.output]
    return list(outputs) if several(outputs) else [outputs]


# What is compared.


def violation(case, args, kwargs, tried):
    """Return what is wrong with a call with the keywords `tried`, or None."""
    primals = leaves(args)
    expected = call(case, args, kwargs, primals)
    if case.function is np.linalg.cond and COMPLEX_CONDITION:
        expected = [np.real(value) for value in expected]
    tensors = [ag.Tensor(primal) for primal in primals]
    try:
        found = call(case, args, kwargs, tensors)
    except TypeError as error:
        named = any(name in str(error) for name in tried)
        return None if named else f"TypeError does not name {', '.join(tried)}: {error}"
    except Exception as error:  # noqa: BLE001 - whatever it is, it is reported
        return f"{type(error).__name__}: {error}"
    if "out" in tried:
        return "out= was accepted, and what is written there would have no gradient"
    function = lambda primals: call(case, args, kwargs, primals)
    return wrong_value(found, expected) or wrong_gradient(function, primals, tensors, found)


def plain(output):
    return output.data if isinstance(output, ag.Tensor) else np.asarray(output)


def wrong_value(found, expected):
    """Return how values differ from NumPy's, or None."""
    if len(found) != len(expected):
        return f"{len(found)} outputs, NumPy has {len(expected)}"
    for output, value in zip(found, expected, strict=True):
        data, value = plain(output), np.asarray(value)  # noqa: PLW2901
        if (data.shape, data.dtype) != (value.shape, value.dtype):
            return f"{data.shape} of {data.dtype}, NumPy has {value.shape} of {value.dtype}"
        single = data.dtype.itemsize <= (8 if data.dtype.kind == "c" else 4)
        tolerance = 1e-5 if single else 1e-12
        if not np.allclose(data, value, rtol=tolerance, atol=tolerance, equal_nan=True):
            return f"value {data}, NumPy's {value}"
    return None


def wrong_gradient(function, primals, tensors, found):
    """Return how the gradient differs from differences, or None."""
    rng = np.random.default_rng(1)
    varying = [plain(o).dtype.kind in "fc" and np.all(np.isfinite(plain(o))) for o in found]
    weights = [rng.standard_normal(plain(output).shape) for output in found]
    steps = [rng.standard_normal(p.shape) for p in primals]

    def along(t):
        moved = [p + t * v for p, v in zip(primals, steps, strict=True)]
        outputs = function(moved)
        terms = zip(outputs, weights, varying, strict=True)
        return sum(float(np.sum(np.real(w * np.asarray(o)))) for o, w, v in terms if v)

    outputs = [
        (output, w)
        for output, w, v in zip(found, weights, varying, strict=True)
        if v and isinstance(output, ag.Tensor) and output.requires_grad
    ]
    slope = 0.0
    if outputs:
        loss = sum(np.sum(np.real(w * output)) for output, w in outputs)
        gradients = ag.gradients([loss], tensors)
        slope = sum(float(np.sum(np.real(g * v))) for g, v in zip(gradients, steps, strict=True))
    single = any(plain(o).dtype in (np.float32, np.complex64) for o in found)
    h, tolerance = (1e-2, 2e-2) if single else (1e-4, 1e-5)
    differences = [(along(s) - along(-s)) / (2 * s) for s in (h, h / 2)]
    expected = (4 * differences[1] - differences[0]) / 3
    size = 1 + abs(expected) + abs(slope)
    if abs(differences[1] - differences[0]) > 0.1 * size:  # a jump or a kink is too near
        return None
    if not abs(slope - expected) <= tolerance * size:
        return f"slope {slope}, by differences {expected}"
    return None


BY_FUNCTION = {}
for row in CASES:
    if (getattr(row.function, "__module__", None) or "numpy").startswith("numpy"):
        BY_FUNCTION.setdefault(row.function, []).append(row)
FUNCTIONS = sorted(BY_FUNCTION, key=lambda f: f.__name__)


@pytest.mark.filterwarnings(
    "ignore::DeprecationWarning",
    "ignore::RuntimeWarning",
    "error::numpy.exceptions.ComplexWarning",  # so that what loses imaginary parts does not fit
)
@pytest.mark.parametrize("function", FUNCTIONS, ids=numpy_name)
def test_keywords_count_or_are_refused(function):
    complaints = {}
    for name in keywords(function):
        count = 0
        for case in BY_FUNCTION[function]:
            for args, kwargs, tried in calls(case, name):
                count += 1
                wrong = violation(case, args, kwargs, tried)
                if wrong:
                    shapes = [np.shape(a) for a in leaves(args)]
                    complaints.setdefault(name, f"{wrong}, of {shapes} with {kwargs}")
        if not count and not isinstance(function, np.ufunc) and (function, name) not in UNTRIED:
            complaints[name] = "was not tried: no value in this module fits"
    assert not complaints, "\n" + "\n".join(
        " ".join(f"{function.__name__}: {name}=: {what}".split())[:500]
        for name, what in complaints.items()
    )


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize(
    "call",
    [
        lambda t: np.quantile(t, 0.3, interpolation="lower"),
        lambda t: np.reshape(t, newshape=(3, 1)),
    ],
)
def test_old_names_of_keywords_are_refused(call):
    with pytest.raises(TypeError, match=r"interpolation|newshape"):
        call(ag.Tensor([1.0, 2.0, 5.0]))
