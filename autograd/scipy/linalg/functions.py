"""Functions of matrices: exponential, logarithm, roots and powers, those of angles, the sign.

What a function f makes of a change e of a matrix a stands in f of a block matrix,

    f([[a, e], [0, a]]) = [[f(a), l(a, e)], [0, f(a)]],

for every analytic f and whatever the eigenvalues are: Higham, "Functions of Matrices" (2008),
theorem 3.6. The derivative is so f itself, of a larger matrix, and has derivatives of its own. Its
transpose is l(aᵀ, g).
"""

import warnings

import numpy as np
import scipy.linalg as sl

from autograd.primitive import Primitive, general, on_values
from autograd.scipy.linalg.calling import native
from autograd.scipy.linalg.matrix_equations import solve_sylvester


@on_values
def relative_size(e, a):
    """Return how large a change is beside the matrix, for which it must not be too large."""
    if not e.size:
        return np.ones((*e.shape[:-2], 1, 1), np.abs(e).dtype)
    largest = lambda x: np.max(np.abs(x), axis=(-2, -1), keepdims=True)
    size, unit = largest(e), largest(a)
    size = size / np.where(unit == 0, 1, unit)
    return np.where((size == 0) | ~np.isfinite(size), 1, size).astype(size.dtype)


def change(function, a, e):
    """Return what `function` makes of a change `e` of `a`."""
    n, size = a.shape[-1], relative_size(e, a)
    blocks = np.block([[a, e / size], [np.zeros_like(a), a]])
    return function(blocks)[..., :n, n:] * size


def analytic(function):
    """State an analytic function of matrices."""
    primitive = general(
        native(function),
        lambda g, A: change(primitive, A.mT, g),
        jvps=[lambda g, A: change(primitive, A, g)],
        name=function.__name__,
    )
    return primitive


expm = analytic(sl.expm)
cosm = analytic(sl.cosm)
sinm = analytic(sl.sinm)
tanm = analytic(sl.tanm)
coshm = analytic(sl.coshm)
sinhm = analytic(sl.sinhm)
tanhm = analytic(sl.tanhm)


def logarithm(A):
    """Return the logarithm, without the warnings of SciPy's estimate of its error.

    The estimate compares with double precision whatever the dtype, and knows no blocks.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        return native(sl.logm)(A)


logm: Primitive = general(
    logarithm,
    lambda g, A: change(logm, A.mT, g),
    jvps=[lambda g, A: change(logm, A, g)],
    name="logm",
)


def power(A, t):
    """Return a power; SciPy does not take the exponent as an array."""
    return native(sl.fractional_matrix_power)(A, np.asarray(t).item())


def power_change(a, e, t):
    """Return what a change of the matrix makes of a power."""
    return change(lambda x: fractional_matrix_power(x, t), a, e)


fractional_matrix_power: Primitive = general(
    power,
    lambda g, A, t: power_change(A.mT, g, t),
    lambda g, ans, A: np.sum(g * (logm(A) @ ans)),
    jvps=[lambda g, A, t: power_change(A, g, t), lambda g, ans, A: g * (logm(A) @ ans)],
    name="fractional_matrix_power",
)
sqrtm = general(
    native(sl.sqrtm),
    lambda g, ans: solve_sylvester(ans.mT, ans.mT, g),
    jvps=[lambda g, ans: solve_sylvester(ans, ans, g)],
    name="sqrtm",
)


# The sign s commutes with a, and s s = 1. With n = s a, the change of s solves
# n ds + ds n = da - s da s: Higham (2008), theorem 5.7.


def signm_jvp(g, ans, A):
    """Return the tangent of the sign."""
    size = ans @ A
    return solve_sylvester(size, size, g - ans @ g @ ans)


def signm_vjp(g, ans, A):
    """Return the cotangent of the matrix."""
    size = ans @ A
    pulled = solve_sylvester(size.mT, size.mT, g)
    return pulled - ans.mT @ pulled @ ans.mT


signm = general(native(sl.signm), signm_vjp, jvps=[signm_jvp], name="signm")


def expm_frechet(A, E, method=None, compute_expm=True, check_finite=True):
    """Return the exponential, and what it makes of a change `E`."""
    if np.shape(A)[-2:] != np.shape(E)[-2:]:
        raise ValueError("expected A and E to be the same shape")
    found = change(expm, A, E)
    return (expm(A), found) if compute_expm else found
