"""`scipy.linalg` with derivatives, in both modes, of every order, for real and complex matrices.

Matrices of which SciPy reads a part, such as one triangle, have their gradient in that part;
`cholesky`, `cho_factor` and the Riccati equations take theirs for Hermitian, and have Hermitian
gradients.

>>> import autograd as ag
>>> import numpy as np
>>> from autograd.scipy import linalg
>>> ag.grad(lambda a: np.trace(linalg.expm(a)))(np.zeros((2, 2)))
array([[1., 0.],
       [0., 1.]])
"""

from typing import TYPE_CHECKING, Any

import scipy.linalg

from autograd.primitive import on_values
from autograd.scipy.linalg import (
    eigen,
    equations,
    factors,
    functions,
    least_squares,
    matrix_equations,
    structured,
)
from autograd.scipy.linalg.calling import stands_for
from autograd.scipy.namespace import namespace

NAMES: dict[Any, str] = {
    equations: """
        cho_solve cho_solve_banded det inv lu_solve matmul_toeplitz solve solve_banded
        solve_circulant solve_toeplitz solve_triangular solveh_banded""",
    factors: """
        cho_factor cholesky cholesky_banded lu lu_factor orthogonal_procrustes polar qr rq svd
        svdvals""",
    least_squares: "lstsq norm pinv pinvh subspace_angles",
    eigen: """
        eig eig_banded eigh eigh_tridiagonal eigvals eigvals_banded eigvalsh eigvalsh_tridiagonal
        """,
    functions: """
        coshm cosm expm expm_frechet fractional_matrix_power logm signm sinhm sinm sqrtm tanhm
        tanm""",
    matrix_equations: """
        solve_continuous_are solve_continuous_lyapunov solve_discrete_are solve_discrete_lyapunov
        solve_lyapunov solve_sylvester""",
    structured: """
        block_diag circulant companion convolution_matrix diagsvd fiedler fiedler_companion hankel
        khatri_rao leslie toeplitz""",
}
CONSTANT = ("bandwidth", "ishermitian", "issymmetric")

own = {
    name: stands_for(getattr(scipy.linalg, name), getattr(module, name))
    for module, names in NAMES.items()
    for name in names.split()
    if hasattr(scipy.linalg, name)
} | {
    name: stands_for(getattr(scipy.linalg, name), on_values(getattr(scipy.linalg, name)))
    for name in CONSTANT
}

if TYPE_CHECKING:
    from scipy.linalg import *  # noqa: F403 - all of it
else:
    globals().update(namespace(scipy.linalg, own))
