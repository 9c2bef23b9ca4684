"""Every row of NumPy's functions under every property that a derivative rule must have.

Those of SciPy's are in `tests/scipy/test_rows.py`.
"""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import autograd as ag
from autograd.dispatch import KINDS, TABLE
from autograd.transforms.running import variable_again
from tests.all_rows import CASES, NUMPY
from tests.ops.case import SEEDS

every_row = pytest.mark.parametrize("case", NUMPY, ids=lambda case: case.name)


# What the properties are made of.


class Point:
    """A function at one point, as a function of the arrays that are differentiated only."""

    constants_as = np.int64

    def __init__(self, case, data):
        self.case = case
        self.args, self.kwargs = data.draw(case.sample)
        self.rng = np.random.default_rng(data.draw(SEEDS))
        self.primals = [leaf for leaf in self.leaves(self.args) if self.varies(leaf)]
        self.value = self(*self.primals)

    @staticmethod
    def leaves(args):
        return [leaf for arg in args for leaf in (arg if type(arg) is list else [arg])]

    @staticmethod
    def varies(leaf):
        return isinstance(leaf, np.ndarray) and leaf.dtype in (np.float64, np.complex128)

    def __call__(self, *primals, function=None):
        """Return the output that is differentiated."""
        rest = iter(p if isinstance(p, ag.Tensor) else np.asarray(p) for p in primals)
        put = lambda leaf: next(rest) if self.varies(leaf) else self.constant(leaf)
        args = [[put(leaf) for leaf in arg] if type(arg) is list else put(arg) for arg in self.args]
        on_tensors = any(isinstance(primal, ag.Tensor) for primal in primals)
        function = TABLE[self.case.function] if on_tensors else self.case.function
        chosen = self.case.output
        if chosen == "written":
            args[0] = np.copy(args[0])
        outputs = function(*args, **self.kwargs)
        if chosen == "written":
            return args[0]
        if chosen is None:
            return outputs
        return chosen(outputs) if callable(chosen) else outputs[chosen]

    def constant(self, leaf):
        """Return an argument that is not differentiated."""
        whole = isinstance(leaf, np.ndarray) and leaf.dtype.kind == "i"
        return leaf.astype(self.constants_as) if whole else leaf

    def random(self, *like):
        """Return one normal array for each array, of its shape, real or complex as it is."""
        return [self.normal(np.shape(array), np.iscomplexobj(array)) for array in like]

    def normal(self, shape, is_complex):
        """Return an array of normal numbers."""
        array = np.asarray(self.rng.standard_normal(shape))
        return np.asarray(array + 1j * self.rng.standard_normal(shape)) if is_complex else array

    def pull(self, primals, cotangent):
        """Return the cotangents of the primals as one recorded function of everything."""
        tensors = [p if isinstance(p, ag.Tensor) else ag.Tensor(p) for p in primals]
        value = self(*tensors)
        return ag.gradients([value], tensors, [cotangent], create_graph=True)


def inner(xs, ys):
    """Return the pairing of cotangents with tangents: the real part of the sum of products."""
    return sum((np.sum(np.real(x * y)) for x, y in zip(xs, ys, strict=True)), 0.0)


def scale(xs, ys):
    """Return the size that rounding errors of `inner` are relative to."""
    return sum((np.sum(np.abs(x) * np.abs(y)) for x, y in zip(xs, ys, strict=True)), 0.0)


def slope(function, analytic):
    """Return the derivative at zero of a function of one number, and an estimate of its error.

    The complex step has no error but rounding; central differences are extrapolated (Richardson),
    and the last two estimates are compared.
    """
    if analytic:
        return np.imag(function(1e-30j)) / 1e-30, 0.0
    steps = [2e-3, 1e-3, 5e-4]
    first = [(function(h) - function(-h)) / (2 * h) for h in steps]
    second = [(4 * b - a) / 3 for a, b in pairwise(first)]
    third = (16 * second[1] - second[0]) / 15
    return third, abs(third - second[1])


def arrays(items):
    return [item.data if isinstance(item, ag.Tensor) else np.asarray(item) for item in items]


# The properties.


@every_row
@given(data=st.data())
def test_value_is_numpys(case, data):
    """A Tensor goes through with the value, shape and dtype that NumPy gives the array."""
    point = Point(case, data)
    result = point(*map(ag.Tensor, point.primals))
    np.testing.assert_array_equal(result.data, point.value, strict=True)


@every_row
@given(data=st.data())
def test_forward_and_reverse_are_adjoint(case, data):
    """⟨w, J v⟩ = ⟨Jᵀ w, v⟩ to rounding."""
    point = Point(case, data)
    tangents = point.random(*point.primals)
    value, tangent = ag.jvp(point, point.primals, tangents)
    (w,) = point.random(value)
    cotangents = ag.vjp(point, *point.primals)[1](w)
    assert np.shape(tangent) == np.shape(value)
    error = abs(inner([w], [tangent]) - inner(cotangents, tangents))
    assert error <= 1e-12 * (scale([w], [tangent]) + scale(cotangents, tangents))


@every_row
@given(data=st.data())
def test_derivative_is_the_limit_of_differences(case, data):
    """⟨Jᵀ w, v⟩ is the slope of ⟨w, f(x + t v)⟩."""
    point = Point(case, data)
    tangents = point.random(*point.primals)
    (w,) = point.random(point.value)
    cotangents = arrays(point.pull(point.primals, w))
    is_real = not any(map(np.iscomplexobj, (*point.primals, w)))
    along = lambda t: np.sum(
        w * point(*(p + t * v for p, v in zip(point.primals, tangents, strict=True)))
    )
    steps = along if is_real else lambda t: np.real(along(t))
    expected, error = slope(steps, case.analytic and is_real)
    assert (
        abs(inner(cotangents, tangents) - expected)
        <= 1e-7 * scale(cotangents, tangents) + 3 * error + 1e-13
    )


@every_row
@given(data=st.data())
def test_second_derivative_is_the_limit_of_differences(case, data):
    """The derivative of ⟨Jᵀ w, u⟩ in x and w together is the slope of its first-order value."""
    point = Point(case, data)
    us, vs = point.random(*point.primals), point.random(*point.primals)
    w, dw = point.random(point.value, point.value)
    variables = [ag.Tensor(p) for p in (*point.primals, w)]
    projected = inner(point.pull(variables[:-1], variables[-1]), us)
    second = (
        ag.gradients([projected], variables, create_graph=False) if depends(projected) else None
    )
    along = lambda t: float(
        inner(
            arrays(
                point.pull([p + t * v for p, v in zip(point.primals, vs, strict=True)], w + t * dw)
            ),
            us,
        )
    )
    expected, error = slope(along, analytic=False)
    found = inner(second, [*vs, dw]) if second is not None else 0.0
    size = scale(second, [*vs, dw]) if second is not None else 0.0
    assert abs(found - expected) <= 1e-6 * size + 3 * error + 1e-9 * (1 + abs(along(0.0)))


def depends(value):
    return isinstance(value, ag.Tensor) and value.requires_grad


@every_row
@given(data=st.data())
def test_float32_stays_float32(case, data):
    """Value and gradients of float32 are float32, and near those of float64."""
    point = Point(case, data)
    if case.function.__name__ in OWN_DTYPE:
        return
    singles = [p.astype(SINGLE[p.dtype.type]) for p in point.primals]
    doubles = [single.astype(p.dtype) for single, p in zip(singles, point.primals, strict=True)]
    tensors = [ag.Tensor(p) for p in singles]
    point.constants_as = np.int8  # which float32 absorbs, as it does not int64
    point.kwargs = {
        name: value.astype(SINGLE[value.dtype.type]) if point.varies(value) else value
        for name, value in point.kwargs.items()
    }
    value = point(*tensors)
    assert value.dtype == SINGLE[np.asarray(point.value).dtype.type]
    (w,) = point.random(value)
    found = ag.gradients([value], tensors, [w])
    assert [g.dtype for g in found] == [p.dtype for p in singles]
    assert [g.shape for g in found] == [p.shape for p in singles]
    expected = arrays(point.pull(doubles, w.astype(value.dtype).astype(w.dtype)))
    for g, e, p in zip(found, expected, doubles, strict=True):
        if np.max(np.abs(e), initial=0.0) < 1e4:
            np.testing.assert_allclose(
                g, e, rtol=2e-4, atol=2e-4 * (1 + np.max(np.abs(e), initial=0.0)), err_msg=str(p)
            )


# Whose result has its own dtype, whatever goes in.
OWN_DTYPE = {
    "quantile", "percentile", "nanquantile", "nanpercentile", "bincount", "cov", "corrcoef",
    "float_power", "astype", "arange", "numbers", "polyder", "polyint", "interp",
    "interp_on_a_line",
}  # fmt: skip
OWN_DTYPE |= {"geomspace", "vander", "sort_complex", "polygamma"}
# Of float32 and whole numbers SciPy's results are double for these, or NaN (Mathieu's and pbvv), or
# do not end (spheroidal functions).
OWN_DTYPE |= {
    "yn", "kn", "struve", "modstruve", "besselpoly", "wright_bessel", "log_wright_bessel",
    "pbvv", "part_of_pbvv", "spherical_jn_of_order", "spherical_yn_of_order",
    "spherical_in_of_order", "smirnov", "smirnovi", "expn", "expint", "hyp2f1", "lambert",
    "harmonic", "polar", "pdtri", "bdtr", "bdtrc", "bdtri", "nbdtr", "nbdtrc", "nbdtri",
}  # fmt: skip
OWN_DTYPE |= {
    f"eval_{kind}{name}"
    for kind in ("", "sh_")
    for name in (
        "laguerre", "legendre", "chebyt", "chebyu", "chebyc", "chebys", "hermite", "hermitenorm",
        "gegenbauer", "genlaguerre", "jacobi",
    )
}  # fmt: skip
OWN_DTYPE |= {
    prefix + f"mathieu_{name}"
    for prefix in ("", "part_of_")
    for name in ("cem", "sem", "modcem1", "modcem2", "modsem1", "modsem2")
}
OWN_DTYPE |= {
    f"{prefix}{kind}_{name}"
    for prefix in ("", "part_of_")
    for kind in ("pro", "obl")
    for name in ("ang1", "rad1", "rad2")
}
OWN_DTYPE |= {  # in SciPy, these are double
    "toeplitz_solution", "scipy_det", "logarithm", "power",
    "solve_continuous_are", "solve_discrete_are", "solve_discrete_lyapunov",
}  # fmt: skip
SINGLE = {np.float64: np.float32, np.complex128: np.complex64}


LAYOUTS = {
    "fortran": lambda a: a.copy(order="F"),
    "reversed": lambda a: a[::-1].copy()[::-1] if a.ndim else a,
    "strided": lambda a: np.repeat(a, 2, axis=-1)[..., ::2] if a.ndim else a,
    "readonly": lambda a: np.require(a.copy(), requirements="C"),
}


@every_row
@given(data=st.data(), layout=st.sampled_from(sorted(LAYOUTS)))
def test_layout_and_ownership_do_not_matter(case, data, layout):
    """Any layout gives the same; what went in is unchanged; what comes out is owned."""
    point = Point(case, data)
    assume(point.kwargs.get("order") not in ("A", "K"))  # for which the layout does matter
    laid = [LAYOUTS[layout](p) for p in point.primals]
    for p in laid:
        p.flags.writeable = layout == "strided"
    (w,) = point.random(point.value)
    before = [p.copy() for p in (*laid, w)]
    _, pull = ag.vjp(point, *laid)
    found, again, plain = pull(w), pull(w), ag.vjp(point, *point.primals)[1](w)
    for p, b in zip((*laid, w), before, strict=True):
        np.testing.assert_array_equal(p, b)
    for g, second, e in zip(found, again, plain, strict=True):
        np.testing.assert_array_equal(g, second)
        size = np.max(np.abs(e), initial=1e-300)
        np.testing.assert_allclose(g, e, rtol=1e-12, atol=1e-14 * size)  # sums in another order
    for index, g in enumerate(found):
        assert g.flags.writeable
        others = [*found[:index], *found[index + 1 :], *again, *laid, w]
        assert not any(np.shares_memory(g, other) for other in others)


@every_row
@given(data=st.data())
def test_two_uses_share_no_memory(case, data):
    """Gradients of two calls in one graph add up; a tangent is not overwritten by the next one."""
    point = Point(case, data)
    tensors = [ag.Tensor(p) for p in point.primals]
    ws = point.random(point.value, point.value)
    first, second = ([g.copy() for g in ag.gradients([point(*tensors)], tensors, [w])] for w in ws)
    found = ag.gradients([point(*tensors), point(*tensors)], tensors, ws)
    for g, f, s in zip(found, first, second, strict=True):
        size = np.max(np.abs(f) + np.abs(s), initial=1e-300)
        np.testing.assert_allclose(g, f + s, rtol=1e-12, atol=1e-14 * size)
    constants = [ag.Tensor(p, requires_grad=False) for p in point.primals]
    for index, primal in enumerate(point.primals):
        one = lambda x, i=index: point(*constants[:i], x, *constants[i + 1 :])
        _, tangent = ag.jvp(one, [primal], point.random(primal))
        assert np.shape(tangent) == np.shape(point.value)
        expected = np.copy(tangent)
        ag.jvp(one, [primal], point.random(primal))
        np.testing.assert_array_equal(tangent, expected)


def test_rows_and_registry_are_the_same_set():
    """No primitive without a row, no row without a primitive."""
    stated = {function for function, kind in KINDS.items() if kind != "constant"}
    library = {f for f in stated if f is not variable_again.function and belongs(f)}
    aliases = {
        np.imag,
        getattr(np, "astype", np.imag),
    }  # complex numbers are drawn later; a row has it
    assert {case.function for case in CASES} | aliases == library


def belongs(function):
    """Whether a stated function is the library's, not a test's or a docstring's."""
    module = getattr(function, "__module__", None) or "numpy"  # ufuncs and methods have none
    return module.startswith(("numpy", "scipy", "autograd.ops", "autograd.scipy"))


@pytest.mark.parametrize(
    "function",
    sorted(
        (f for f, kind in KINDS.items() if kind == "constant" and f is not np.einsum_path),
        key=lambda f: f.__name__,
    ),
)
def test_constants_return_what_numpy_returns(function):
    """A function without a derivative gives plain values: arrays, numbers, never a Tensor."""
    x = np.array([-1.5, 0.0, 2.5])
    extra = {
        np.isclose: (x,),
        np.allclose: (x,),
        np.array_equal: (x,),
        np.array_equiv: (x,),
        np.searchsorted: (1.0,),
        np.floor_divide: (2.0,),
        np.argpartition: (1,),
        np.digitize: (x,),
        np.isin: (x,),
        np.can_cast: (float,),
        np.may_share_memory: (x,),
        np.shares_memory: (x,),
    }
    if function.__name__.endswith("indices_from"):
        x = np.outer(x, x)
    if function is np.empty_like:
        function = np.zeros_like  # whose values are defined
    args = extra.get(function, (x,) * (function.nin - 1) if isinstance(function, np.ufunc) else ())
    result = function(ag.Tensor(x), *args)
    assert not isinstance(result, ag.Tensor)
    np.testing.assert_array_equal(result, function(x, *args))
