"""Where HIPS autograd is wrong, silent or has no derivative: here it is right.

The list is that of its tracker and of measurements with version 1.9.1.
"""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

import autograd as ag
import autograd.numpy as anp
from autograd.testing import check_grads

RNG = np.random.default_rng(0)
V, W = RNG.standard_normal((2, 5))
P = np.abs(V) + 0.5
A = RNG.standard_normal((4, 4))
B = RNG.standard_normal((3, 4))
C = RNG.standard_normal((2, 3, 4))
S = A @ A.T + 4 * np.eye(4)
MASK = np.array([True, False, True, True, False])

# Wrong values, shapes or NaN there.
WRONG = {
    "diag of a matrix that is not square": (np.diag, [B]),
    "outer of matrices": (np.outer, [B, C]),
    "where with x broadcast": (lambda x, y: np.where(B > 0, x, y), [B[0], B]),
    "where with y broadcast": (lambda x, y: np.where(B > 0, x, y), [B, 2.0]),
    "norm, keepdims": (lambda x: np.linalg.norm(x, axis=1, keepdims=True), [B]),
    "norm, inf": (lambda x: np.linalg.norm(x, np.inf), [V]),
    "norm, -inf": (lambda x: np.linalg.norm(x, -np.inf), [V]),
    "sum, where": (lambda x: np.sum(x, where=MASK), [V]),
    "rfft, norm": (lambda x: np.abs(np.fft.rfft(x, norm="forward")), [V[:4]]),
}
# Arrays of objects there, and zero gradients.
LOST = {
    "concat": (lambda x, y: np.concat([x, y], axis=0), [B, B + 1]),
    "dstack": (lambda x, y: np.dstack([x, y]), [B, B + 1]),
    "block": (lambda x: np.block([[x, 2 * x], [x[:1], x[:1]]]), [B]),
    "multi_dot": (lambda x, y: np.linalg.multi_dot([x, y, x.T]), [B, A]),
}
# Errors there.
REFUSED = {
    "sort of a matrix": (lambda x: np.sort(x, axis=0), [B]),
    "sort, flattened": (lambda x: np.sort(x, axis=None), [B]),
    "partition of a matrix": (lambda x: np.sort(np.partition(x, 2, axis=1)[:, :2]), [B]),
    "roll by tuples": (lambda x: np.roll(x, (1, 2), axis=(0, 1)), [B]),
    "trace, axes": (lambda x: np.trace(x, 1, axis1=0, axis2=2), [C]),
    "repeat by an array": (lambda x: np.repeat(x, [1, 2, 3, 0], axis=1), [B]),
    "pad": (lambda x: np.pad(x, 2), [B]),
    "pad, edge": (lambda x: np.pad(x, ((1, 2), (0, 1)), mode="edge"), [B]),
    "pad, reflect": (lambda x: np.pad(x, 2, mode="reflect"), [V]),
    "pad, wrap": (lambda x: np.pad(x, 2, mode="wrap"), [V]),
    "gradient, spacing": (lambda x: np.gradient(x, 0.5), [V]),
    "gradient, length 3": (np.gradient, [V[:3]]),
    "gradient, positions": (lambda x: np.gradient(x, np.cumsum(P)), [V]),
    "broadcast_to with new axes": (lambda x: np.broadcast_to(x, (2, 3, 4)), [B]),
    "clip, bounds": (lambda x, low, high: np.clip(x, low, high), [V, -0.1 * P, 0.2 * P]),
    "clip, min and max": (lambda x: np.clip(x, min=-0.3, max=0.4), [V]),
    "einsum, repeated index": (lambda x: np.einsum("ii->i", x), [A]),
    "einsum, trace": (lambda x: np.einsum("ii", x), [A]),
    "concatenate, axis None": (lambda x, y: np.concatenate([x, y], axis=None), [B, V]),
    "diagonal": (lambda x: np.diagonal(x, 1, 0, 1), [C]),
    "rot90, axes": (lambda x: np.rot90(x, 1, (1, 2)), [C]),
    "cholesky, upper": (lambda x: np.linalg.cholesky(x @ x.T + 3 * np.eye(4), upper=True), [A]),
    "svd, full": (lambda x: np.linalg.svd(x).S, [B]),
    "norm of a matrix, 2": (lambda x: np.linalg.norm(x, 2), [B]),
    "norm of a matrix, -2": (lambda x: np.linalg.norm(x, -2), [B]),
    "norm of a matrix, 1": (lambda x: np.linalg.norm(x, 1), [B]),
    "norm of a vector, 1": (lambda x: np.linalg.norm(x, 1), [V]),
    "rfft, odd": (lambda x: np.abs(np.fft.rfft(x)), [V]),
    "irfft, odd": (lambda x: np.fft.irfft(x, 5), [V[:3] + 1j]),
    "hfft": (np.fft.hfft, [V + 1j * W]),
    "ihfft": (lambda x: np.real(np.fft.ihfft(x)), [V]),
    "fftn, repeated axes": (lambda x: np.abs(np.fft.fftn(x, axes=(0, 0))), [B]),
}
# No derivative there.
MISSING = {
    "cumprod": (np.cumprod, [V]),
    "flip": (lambda x: np.flip(x, 1), [B]),
    "take": (lambda x: np.take(x, [0, 2, 2], axis=1), [B]),
    "take_along_axis": (lambda x: np.take_along_axis(x, np.argsort(B, 1), 1), [B]),
    "meshgrid": (lambda x, y: np.meshgrid(x, y), [V[:2], W[:3]]),
    "average": (lambda x, w: np.average(x, weights=w), [V, P]),
    "median": (lambda x: np.median(x, axis=1), [B]),
    "percentile": (lambda x: np.percentile(x, 30.0), [V]),
    "quantile": (lambda x: np.quantile(x, [0.3, 0.6], axis=1), [B]),
    "nansum": (lambda x: np.nansum(x, axis=0), [B]),
    "nanmean": (lambda x: np.nanmean(x, axis=0), [B]),
    "nanmax": (lambda x: np.nanmax(x, axis=0), [B]),
    "nanmin": (lambda x: np.nanmin(x, axis=0), [B]),
    "nanprod": (lambda x: np.nanprod(x, axis=0), [B]),
    "nanstd": (lambda x: np.nanstd(x, axis=0), [B]),
    "nanvar": (lambda x: np.nanvar(x, axis=0), [B]),
    "nancumsum": (lambda x: np.nancumsum(x, axis=0), [B]),
    "nancumprod": (lambda x: np.nancumprod(x, axis=0), [B]),
    "interp": (lambda x, f: np.interp(x, np.arange(5.0), f), [np.array([0.3, 2.7]), V]),
    "trapezoid": (np.trapezoid, [V, np.cumsum(P)]),
    "cov": (np.cov, [B]),
    "convolve": (np.convolve, [V, W[:3]]),
    "correlate": (np.correlate, [V, W[:3]]),
    "polyval": (np.polyval, [V, 0.7]),
    "vander": (np.vander, [V]),
    "cbrt": (np.cbrt, [P]),
    "float_power": (np.float_power, [P, V]),
    "fmod": (np.fmod, [10 * P, P + 0.13]),
    "copysign": (lambda x: np.copysign(x, W), [V]),
    "heaviside": (lambda x: x * np.heaviside(x, 0.5), [V]),
    "ptp": (np.ptp, [V]),
    "ediff1d": (np.ediff1d, [V]),
    "unwrap": (np.unwrap, [4 * V]),
    "insert": (lambda x, v: np.insert(x, 2, v), [V, 3.0]),
    "delete": (lambda x: np.delete(x, [1, 3]), [V]),
    "diagflat": (np.diagflat, [V[:3]]),
    "vdot": (np.vdot, [V, W]),
    "vecdot": (np.vecdot, [B, B + 1]),
    "matvec": (lambda a, x: np.matvec(a, x), [B, V[:4]]),
    "vecmat": (lambda x, a: np.vecmat(x, a), [V[:3], B]),
    "matrix_transpose": (np.matrix_transpose, [C]),
    "piecewise": (lambda x: np.piecewise(x, [x < 0, x >= 0], [lambda t: t**2, np.exp]), [V]),
    "apply_along_axis": (lambda x: np.apply_along_axis(lambda r: np.sum(r**3), 1, x), [B]),
    "asarray": (lambda x: anp.asarray(x) * 2, [V]),
    "copy": (np.copy, [V]),
    "broadcast_arrays": (lambda x, y: list(np.broadcast_arrays(x, y)), [B, 2.0]),
    "unstack": (lambda x: list(np.unstack(x)), [B]),
    "linalg.eigvalsh": (lambda x: np.linalg.eigvalsh(x + x.T), [A]),
    "linalg.eigvals": (lambda x: np.sort(np.abs(np.linalg.eigvals(x)))[-1], [S]),
    "linalg.qr": (lambda x: np.abs(np.linalg.qr(x).R), [A]),
    "linalg.lstsq": (lambda a, b: np.linalg.lstsq(a, b, rcond=None)[0], [B.T, V[:4]]),
    "linalg.matrix_power": (lambda x: np.linalg.matrix_power(x, 3), [A]),
    "linalg.tensorsolve": (np.linalg.tensorsolve, [S, V[:4]]),
    "linalg.tensorinv": (lambda x: np.linalg.tensorinv(x, ind=1), [S]),
    "linalg.cond": (np.linalg.cond, [A]),
    "linalg.svdvals": (np.linalg.svdvals, [B]),
    "linalg.vector_norm": (lambda x: np.linalg.vector_norm(x, axis=1), [B]),
    "linalg.matrix_norm": (np.linalg.matrix_norm, [C]),
    "linalg.trace": (np.linalg.trace, [C]),
    "linalg.diagonal": (np.linalg.diagonal, [C]),
    "linalg.outer": (np.linalg.outer, [V, W]),
    "linalg.cross": (np.linalg.cross, [V[:3], W[:3]]),
}
EVERY = WRONG | LOST | REFUSED | MISSING


@pytest.mark.parametrize(("function", "args"), EVERY.values(), ids=EVERY)
def test_derivatives_are_right_in_both_modes_and_twice(function, args):
    check_grads(function, *args)


def test_correlation_coefficients():
    check_grads(lambda x: np.corrcoef(x)[np.triu_indices(3, 1)], B)  # the diagonal is one
    assert_allclose(ag.grad(lambda x: np.sum(np.diag(np.corrcoef(x))))(B), 0 * B, atol=1e-12)


@pytest.mark.parametrize(
    ("function", "x", "expected"),
    [
        (np.prod, [2.0, 0.0, 3.0], [0.0, 6.0, 0.0]),
        (np.prod, [0.0, 0.0, 3.0], [0.0, 0.0, 0.0]),
        (np.std, [2.0, 2.0, 2.0], [0.0, 0.0, 0.0]),
        (np.sinc, 0.0, 0.0),
        (np.linalg.norm, [0.0, 0.0], [0.0, 0.0]),
        (
            lambda x: np.sum(np.linalg.norm(x, axis=1)),
            [[0.0, 0.0], [3.0, 4.0]],
            [[0, 0], [0.6, 0.8]],
        ),
        (lambda x: np.hypot(x, 0.0), 0.0, 0.0),
        (
            lambda x: np.sum(np.where(x > 0, np.log(np.where(x > 0, x, 1.0)), 0.0)),
            [0.0, 2.0],
            [0, 0.5],
        ),
        (lambda x: np.sum(np.where(x > 0, np.sqrt(x), 0.0)), [0.0, 4.0], [0.0, 0.25]),
        (np.tanh, 800.0, 0.0),
        (lambda x: x**2, 0.0, 0.0),
        (lambda x: np.sum(np.abs(x)), [0.0, -2.0], [0.0, -1.0]),
    ],
)
def test_gradients_are_finite_where_mathematics_is(function, x, expected):
    found = ag.grad(function)(np.array(x) if isinstance(x, list) else x)
    assert_allclose(found, expected)


def test_the_derivative_of_sinc_is_right_twice_at_zero():
    assert_allclose(ag.grad(ag.grad(np.sinc))(0.0), -(np.pi**2) / 3)


def test_multidimensional_results_keep_their_shapes():
    found = ag.grad(lambda x: np.sum(np.outer(x, V) ** 2))(B)
    assert found.shape == B.shape
    assert ag.grad(lambda x: np.sum(np.diag(x)))(B).shape == B.shape


# What users ask for most.


def test_assignment_into_arrays():
    def f(x):
        y = ag.Tensor(np.zeros(4))
        y[:2] = x
        y[2] += x[0] * x[1]
        return np.sum(y**2)

    a, b = 2.0, 3.0
    assert_allclose(ag.grad(f)(np.array([a, b])), [2 * a + 2 * a * b * b, 2 * b + 2 * a * b * a])


def test_the_number_of_a_traced_value():
    seen = []

    def f(x):
        seen.extend([x.item(), x.data])
        return x**2

    ag.grad(f)(3.0)
    assert seen == [3.0, 3.0]


def test_arrays_of_a_list_and_a_dtype():
    found = ag.grad(lambda x: anp.sum(anp.array([x, [1.0, 2.0]], dtype=np.float32) ** 2))(W[:2])
    assert_allclose(found, 2 * W[:2], rtol=1e-6)
    assert_array_equal(ag.grad(lambda x: anp.array([x, x**2], float) @ V[:2])(3.0), V[0] + 6 * V[1])


def test_jacobians_in_several_arguments_and_containers():
    f = lambda a, p: a * p["w"]
    first, second = ag.jacobian(f, (0, 1))(2.0, {"w": V, "n": 3})
    assert_array_equal(first, V)
    assert_array_equal(second["w"], 2 * np.eye(5))
    assert second["n"] is None


def test_mgrid_and_full_like_and_astype():
    assert_array_equal(anp.mgrid[0:2, 0:3], np.mgrid[0:2, 0:3])
    assert_array_equal(ag.grad(lambda x: anp.sum(anp.full_like(V, x)))(2.0), 5.0)
    assert ag.grad(lambda x: np.sum(x.astype(np.float32)))(V).dtype == np.float64
