"""Every function that HIPS autograd differentiates has a derivative here: its list, by name.

The rows of `tests/ops` say that the derivatives are right, for all shapes and orders; here each one
is called as HIPS's users call it, and its ties and edges follow HIPS's conventions.
"""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

import autograd as ag
import autograd.numpy as anp
from autograd.test_util import check_grads

RNG = np.random.default_rng(1)
V, W = RNG.uniform(0.2, 0.8, (2, 4))
A, B = RNG.uniform(0.2, 0.8, (2, 3, 3))
C = RNG.uniform(0.2, 0.8, (2, 3, 4))
S = A @ A.T + 3 * np.eye(3)
Z = V + 1j * W

UNARY = [
    *("abs", "absolute", "arccos", "acos", "arcsin", "asin", "arcsinh", "asinh"),
    *("arctan", "atan", "arctanh", "atanh", "conj", "conjugate", "cos", "cosh"),
    *("deg2rad", "degrees", "exp", "exp2", "expm1", "fabs", "log", "log10"),
    *("log1p", "log2", "nan_to_num", "negative", "rad2deg", "radians", "ravel", "real"),
    *("real_if_close", "reciprocal", "sin", "sinc", "sinh", "sort", "sqrt", "square"),
    *("squeeze", "std", "sum", "tan", "tanh", "var", "mean", "max"),
    *("min", "amax", "amin", "prod", "cumsum", "diff", "diag", "atleast_1d"),
    *("atleast_2d", "atleast_3d", "transpose", "permute_dims", "gradient"),
]
BINARY = [
    *("add", "arctan2", "atan2", "divide", "true_divide", "dot", "fmax", "fmin"),
    *("hypot", "inner", "kron", "logaddexp", "logaddexp2", "maximum", "minimum", "mod"),
    *("remainder", "multiply", "outer", "power", "pow", "subtract"),
]
OTHERS = {
    "arccosh": (lambda x: anp.arccosh(x + 2), [V]),
    "acosh": (lambda x: anp.acosh(x + 2), [V]),
    "angle": (anp.angle, [Z]),
    "imag": (anp.imag, [Z]),
    "array_split": (lambda x: anp.array_split(x, 3)[1], [V]),
    "astype": (lambda x: anp.astype(x, np.float64), [V]),
    "broadcast_to": (lambda x: anp.broadcast_to(x, (3, 4)), [V]),
    "clip": (lambda x: anp.clip(x, 0.3, 0.6), [V]),
    "cross": (anp.cross, [V[:3], W[:3]]),
    "diagonal": (lambda x: anp.diagonal(x, 0, -1, -2), [A]),
    "dsplit": (lambda x: anp.dsplit(C * x, 2)[1], [V]),
    "einsum": (lambda a, b: anp.einsum("ij,jk->ik", a, b), [A, B]),
    "einsum, lists": (lambda a, b: anp.einsum(a, [0, 1], b, [1, 2], [0, 2]), [A, B]),
    "einsum, ...": (lambda a, b: anp.einsum("...ij,...j", a, b), [A, V[:3]]),
    "expand_dims": (lambda x: anp.expand_dims(x, 1), [V]),
    "fliplr": (anp.fliplr, [A]),
    "flipud": (anp.flipud, [A]),
    "full": (lambda x: anp.full((2, 3), x), [0.5]),
    "hsplit": (lambda x: anp.hsplit(x, 2)[0], [V]),
    "linspace": (lambda a, b: anp.linspace(a, b, 5), [0.3, 0.7]),
    "make_diagonal": (anp.make_diagonal, [A]),
    "matmul": (anp.matmul, [C, RNG.uniform(size=(4, 2))]),
    "moveaxis": (lambda x: anp.moveaxis(x, 0, 2), [C]),
    "pad": (lambda x: anp.pad(x, ((1, 0), (0, 2)), mode="constant"), [A]),
    "partition": (lambda x: anp.partition(x, 2), [V]),
    "repeat": (lambda x: anp.repeat(x, 2, axis=0), [A]),
    "reshape": (lambda x: anp.reshape(x, (2, 2)), [V]),
    "reshape, F": (lambda x: anp.reshape(x, (2, 2), order="F"), [V]),
    "roll": (lambda x: anp.roll(x, 1, axis=1), [A]),
    "rollaxis": (lambda x: anp.rollaxis(x, 2), [C]),
    "rot90": (anp.rot90, [A]),
    "split": (lambda x: anp.split(x, [1, 3])[1], [V]),
    "swapaxes": (lambda x: anp.swapaxes(x, 0, 2), [C]),
    "tensordot": (lambda a, b: anp.tensordot(a, b, ([0], [1])), [A, B]),
    "tile": (lambda x: anp.tile(x, (2, 3)), [A]),
    "trace": (anp.trace, [A]),
    "tril": (anp.tril, [A]),
    "triu": (lambda x: anp.triu(x, 1), [A]),
    "vsplit": (lambda x: anp.vsplit(x, 3)[1], [A]),
    "where": (lambda a, b: anp.where(A > 0.5, a, b), [A, B]),
    "array": (lambda a: anp.array([a, 2 * a]), [V]),
    "concatenate": (lambda a, b: anp.concatenate([a, b], 1), [A, B]),
    "vstack": (lambda a, b: anp.vstack((a, b)), [A, B]),
    "hstack": (lambda a, b: anp.hstack((a, b)), [A, B]),
    "column_stack": (lambda a, b: anp.column_stack((a, b)), [V, W]),
    "stack": (lambda a, b: anp.stack([a, b], axis=1), [A, B]),
    "append": (lambda a, b: anp.append(a, b, axis=0), [A, B]),
    "select": (lambda a, b: anp.select([A > 0.5, B > 0.5], [a, b]), [A, B]),
    "r_": (lambda a, b: anp.r_[a, b, 1.0], [V, W]),
    "c_": (lambda a, b: anp.c_[a, b], [V, W]),
    "cholesky": (lambda x: anp.linalg.cholesky(x @ x.T + anp.eye(3)), [A]),
    "det": (anp.linalg.det, [A]),
    "eig": (lambda x: anp.sort(anp.real(anp.linalg.eig(x + x.T)[0])), [A]),
    "eigh": (lambda x: anp.linalg.eigh(x)[0], [S]),
    "eigh, U": (lambda x: anp.linalg.eigh(x, "U")[0], [S]),
    "inv": (anp.linalg.inv, [S]),
    "norm": (anp.linalg.norm, [V]),
    "norm, 3": (lambda x: anp.linalg.norm(x, 3), [V]),
    "norm, fro": (lambda x: anp.linalg.norm(x, "fro", axis=(0, 1)), [A]),
    "norm, nuc": (lambda x: anp.linalg.norm(x, "nuc"), [A]),
    "norm, axis": (lambda x: anp.linalg.norm(x, axis=1), [A]),
    "pinv": (anp.linalg.pinv, [A]),
    "slogdet": (lambda x: anp.linalg.slogdet(x)[1], [A]),
    "solve": (anp.linalg.solve, [S, V[:3]]),
    "svd": (lambda x: anp.linalg.svd(x, full_matrices=False)[1], [A]),
    "svd, values": (lambda x: anp.linalg.svd(x, compute_uv=False), [A]),
}
FFT = [
    *("fft", "ifft", "fft2", "ifft2", "fftn", "ifftn", "fftshift", "ifftshift"),
    *("rfft", "irfft", "rfft2", "irfft2", "rfftn", "irfftn"),
]


def magnitudes(name):
    """Return a function of the namespace `fft`, made real."""
    function = getattr(anp.fft, name)
    return lambda x: anp.abs(function(x))


OTHERS |= {f"fft.{name}": (magnitudes(name), [RNG.uniform(size=(4, 4))]) for name in FFT}
EVERY: dict = {name: (getattr(anp, name), [V]) for name in UNARY}
EVERY |= {name: (getattr(anp, name), [V, W]) for name in BINARY} | OTHERS
HIPS = set(UNARY) | set(BINARY) | {name.partition(",")[0] for name in OTHERS}


@pytest.mark.parametrize(("function", "args"), EVERY.values(), ids=EVERY)
def test_every_function_of_hips_has_derivatives_in_both_modes_and_twice(function, args):
    np.random.seed(0)  # noqa: NPY002 - from which check_grads draws its directions
    check_grads(function, tuple(range(len(args))))(*args)


@pytest.mark.parametrize(
    ("function", "x", "expected"),
    [
        (np.max, [1.0, 3.0, 3.0], [0.0, 0.5, 0.5]),
        (np.min, [1.0, 1.0, 1.0, 2.0], [1 / 3, 1 / 3, 1 / 3, 0.0]),
        (lambda x: np.sum(np.max(x, axis=1)), [[2.0, 2.0], [1.0, 3.0]], [[0.5, 0.5], [0.0, 1.0]]),
        (lambda x: np.maximum(x, 2.0), 2.0, 0.5),
        (lambda x: np.minimum(2.0, x), 2.0, 0.5),
        (lambda x: np.fmax(x, 2.0), 2.0, 0.5),
        (np.abs, 0.0, 0.0),
        (np.abs, 0j, 0.0),
        (lambda x: x**0, 0.0, 0.0),
        (lambda x: np.clip(x, 0.0, 1.0), 2.0, 0.0),
    ],
)
def test_ties_and_edges_follow_hips(function, x, expected):
    found = ag.grad(function)(np.array(x) if isinstance(x, list) else x)
    assert_allclose(found, expected)


def test_the_power_zero_is_flat_at_zero_twice_and_the_exponent_has_a_finite_derivative():
    assert ag.grad(ag.grad(lambda x: x**0))(0.0) == 0.0
    assert np.isfinite(ag.grad(lambda y: 0.0**y)(2.0))


def test_a_clipped_value_at_a_bound_is_flat():
    assert_array_equal(ag.elementwise_grad(lambda x: np.clip(x, 0.0, 1.0))(np.array([0.0, 1.0])), 0)


@pytest.mark.parametrize(
    "function",
    [
        lambda x: np.diff(x, axis=0),
        lambda x: np.repeat(x, 2, axis=0),
        lambda x: np.einsum("ij->j", x),
        lambda x: np.linspace(x, x + 1, 3),
    ],
)
def test_empty_arrays_have_empty_gradients(function):
    found = ag.grad(lambda x: np.sum(function(x)))(np.zeros((0, 3)))
    assert found.shape == (0, 3)


FLAT = [
    *("floor", "ceil", "rint", "around", "fix", "trunc", "all", "any"),
    *("argmax", "argmin", "argsort", "argwhere", "nonzero", "flatnonzero", "count_nonzero", "sign"),
    *(
        "logical_not",
        "isfinite",
        "isinf",
        "isnan",
        "isneginf",
        "isposinf",
        "iscomplex",
        "iscomplexobj",
    ),
    *("isreal", "isscalar", "ndim", "shape", "size", "result_type", "zeros_like", "ones_like"),
    *("round",),
]


@pytest.mark.parametrize("name", FLAT)
def test_functions_without_a_derivative_return_plain_values_inside_a_trace(name):
    plain = []

    def f(x):
        plain.append(getattr(anp, name)(x))
        return np.sum(x)

    ag.grad(f)(V)
    assert not isinstance(plain[0], ag.Tensor)
    expected = getattr(np, name)(V)
    if isinstance(expected, tuple):
        assert all(map(np.array_equal, plain[0], expected))
    else:
        assert np.array_equal(plain[0], expected)


@pytest.mark.parametrize(
    "name",
    [
        *("equal", "not_equal", "less", "less_equal", "greater", "greater_equal", "floor_divide"),
        *("logical_and", "logical_or", "logical_xor", "allclose", "isclose", "array_equal"),
        "array_equiv",
    ],
)
def test_comparisons_return_plain_values_inside_a_trace(name):
    plain = []

    def f(x):
        plain.append(getattr(anp, name)(x, W))
        return np.sum(x)

    ag.grad(f)(V)
    assert_array_equal(plain[0], getattr(np, name)(V, W))
    assert not isinstance(plain[0], ag.Tensor)


def test_what_has_no_derivative_says_so():
    with pytest.raises(NotImplementedError, match="has no derivative"):
        ag.grad(lambda x: np.sum(np.histogram(x)[0]))(V)
