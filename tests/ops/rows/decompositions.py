"""Rows of factors of matrices.

Vectors that are determined up to a factor, or a rotation, are seen through `output`, by functions
that do not depend on it.
"""

import numpy as np
from hypothesis import strategies as st

from autograd.ops import decompositions
from tests.ops.case import SEEDS, Case

BATCHES = ((), (), (2,), (0,), (2, 1))


def normal(rng, shape, complex_=False):
    """Return normal numbers."""
    array = rng.standard_normal(shape)
    return array + 1j * rng.standard_normal(shape) if complex_ else array


def unitary(rng, batch, n, complex_=False):
    """Return matrices whose columns are orthonormal."""
    return np.linalg.qr(normal(rng, (*batch, n, n), complex_))[0]


def spread(rng, batch, n, start=0.5):
    """Return positive numbers that are at least a third apart, in any order."""
    return rng.permuted(start + np.arange(n) + rng.uniform(0, 0.6, (*batch, n)), axis=-1)


def with_singular_values(rng, s, m, n, complex_=False):
    """Return matrices of m rows and n columns with given singular values."""
    batch, k = s.shape[:-1], min(m, n)
    left, right = unitary(rng, batch, m, complex_), unitary(rng, batch, n, complex_)
    return (left[..., :k] * s[..., None, :]) @ right[..., :k, :]


def tall_or_wide(rng, batch, m, n, complex_=False):
    """Return matrices of full rank with distinct singular values."""
    return with_singular_values(rng, spread(rng, batch, min(m, n)), m, n, complex_)


def hermitian(rng, batch, n, _, complex_=False):
    """Return Hermitian matrices with distinct eigenvalues, also of distinct moduli."""
    w = spread(rng, batch, n) * rng.choice([-1, 1], (*batch, n))
    v = unitary(rng, batch, n, complex_)
    return (v * w[..., None, :]) @ np.conj(v.mT)


def with_eigenvalues(rng, batch, n, _, complex_=False):
    """Return square matrices with distinct eigenvalues and independent eigenvectors."""
    w = spread(rng, batch, n) * (1 + 0.3j if complex_ else 1)
    v = unitary(rng, batch, n, complex_) + 0.2 * normal(rng, (*batch, n, n), complex_) / max(n, 1)
    return (v * w[..., None, :]) @ np.linalg.inv(v)


def turning(rng, batch, n, _, complex_=False):
    """Return real square matrices with complex eigenvalues: n is made even."""
    n -= n % 2
    w = spread(rng, batch, n // 2)
    blocks = np.zeros((*batch, n, n))
    for i in range(n // 2):
        j = slice(2 * i, 2 * i + 2)
        blocks[..., j, j] = w[..., i, None, None] * np.array([[0.5, -1], [1, 0.5]])
    v = unitary(rng, batch, n) + 0.2 * normal(rng, (*batch, n, n)) / max(n, 1)
    return v @ blocks @ np.linalg.inv(v)


def numbers(rng, batch, *_, complex_=False):
    """Return matrices of one row and one column with a positive number."""
    return rng.uniform(0.3, 3, (*batch, 1, 1)) + (0j if complex_ else 0)


@st.composite
def matrices(draw, make, complex_=False, smallest=0, batches=BATCHES, **keywords):
    """Return one array of matrices, and keywords."""
    rng = np.random.default_rng(draw(SEEDS))
    m, n = draw(st.integers(smallest, 3)), draw(st.integers(smallest, 3))
    array = make(rng, draw(st.sampled_from(batches)), m, n, complex_=complex_)
    return [array], {name: draw(st.sampled_from(items)) for name, items in keywords.items()}


def adjoint(x):
    """Return the conjugate transpose."""
    return np.conj(x.mT)


def power_sums(w):
    """Return functions of eigenvalues, whose order may jump, that are free of it."""
    return np.sum(w**2 + np.sin(w), axis=-1)


def eig_output(out):
    """Return a function of eigenvalues and eigenvectors that is free of their order and phases."""
    w, v = out
    return (v * np.sin(w)[..., None, :]) @ np.linalg.inv(v) + (v * np.conj(v)) @ w[..., None]


def squared(x):
    """Return squares, which are free of the signs that QR decompositions choose."""
    return x * x


def eigh_output(out):
    """Return a function of eigenvalues and eigenvectors that is free of their phases."""
    w, v = out
    return (v * np.sin(w)[..., None, :]) @ adjoint(v)


def svd_output(out):
    """Return a function of singular values and vectors that is free of their phases."""
    u, s, vh = out
    k = s.shape[-1]
    weights = np.cos(s) + 1
    return (u[..., :k] * weights[..., None, :]) @ vh[..., :k, :]


def left_output(out):
    """Return a function of singular values and left singular vectors that is free of phases."""
    u, s, _ = out
    u = u[..., : s.shape[-1]]
    return np.real(u * np.conj(u)) * s[..., None, :]


def complement(out):
    """Return the projector to what the singular vectors leave over, on the left or the right."""
    u, s, vh = out
    k = s.shape[-1]
    left, right = u[..., k:], vh[..., k:, :]
    return left @ adjoint(left) if u.shape[-1] > k else adjoint(right) @ right


def complete_output(out):
    """Return what a complete QR decomposition determines: r, the first columns, and their rest."""
    q, r = out
    k = min(r.shape[-2:])
    return q[..., k:] @ adjoint(q[..., k:]) + (q[..., :k] @ r[..., :k, :k]) @ adjoint(q[..., :k])


ROWS = [
    # One number, as differences in any direction stay Hermitian; more: test_decompositions.py.
    Case(np.linalg.cholesky, matrices(numbers, upper=[False, True])),
    Case(np.linalg.eig, matrices(turning), output=eig_output, label="turning"),
    Case(np.linalg.eigvals, matrices(turning), output=power_sums, label="turning"),
    Case(decompositions.values, matrices(tall_or_wide)),
    Case(np.linalg.svdvals, matrices(tall_or_wide)),
    Case(np.linalg.svdvals, matrices(tall_or_wide, complex_=True), label="complex"),
    Case(np.linalg.svd, matrices(tall_or_wide), output=1, label="values of three"),
    Case(decompositions.factors, matrices(tall_or_wide, full_matrices=[False]), output=svd_output),
    Case(decompositions.both_factors, matrices(tall_or_wide), output=lambda out: squared(out[0])),
    Case(decompositions.triangular_factor, matrices(tall_or_wide), output=squared),
]
for kind, is_complex in {"real": False, "complex": True}.items():
    square, triangle = {"complex_": is_complex}, {"complex_": is_complex, "UPLO": ["L", "U"]}
    ROWS += [
        Case(np.linalg.eig, matrices(with_eigenvalues, **square), output=eig_output, label=kind),
        Case(
            np.linalg.eigvals, matrices(with_eigenvalues, **square), output=power_sums, label=kind
        ),
        Case(np.linalg.eigh, matrices(hermitian, **triangle), output=0, label=f"values {kind}"),
        Case(np.linalg.eigh, matrices(hermitian, **triangle), output=eigh_output, label=kind),
        Case(
            np.linalg.eigh,
            matrices(hermitian, **triangle),
            output=lambda out: np.real(out[1] * np.conj(out[1])),
            label=f"vectors {kind}",
        ),
        Case(np.linalg.eigvalsh, matrices(hermitian, **triangle), label=kind),
        Case(
            np.linalg.svd,
            matrices(tall_or_wide, complex_=is_complex, full_matrices=[True, False]),
            output=svd_output,
            label=kind,
        ),
        Case(
            np.linalg.svd,
            matrices(tall_or_wide, complex_=is_complex, full_matrices=[True, False]),
            output=left_output,
            label=f"left {kind}",
        ),
        Case(
            np.linalg.svd, matrices(tall_or_wide, **square), output=complement, label=f"full {kind}"
        ),
        Case(
            np.linalg.svd,
            matrices(tall_or_wide, complex_=is_complex, compute_uv=[False]),
            label=f"values {kind}",
        ),
        Case(
            np.linalg.svd,
            matrices(hermitian, complex_=is_complex, hermitian=[True]),
            output=svd_output,
            label=f"hermitian {kind}",
        ),
        Case(
            np.linalg.svd,
            matrices(hermitian, complex_=is_complex, hermitian=[True], compute_uv=[False]),
            label=f"hermitian values {kind}",
        ),
        Case(
            np.linalg.qr,
            matrices(tall_or_wide, **square),
            output=lambda out: squared(out[0]),
            label=f"q {kind}",
        ),
        Case(
            np.linalg.qr,
            matrices(tall_or_wide, **square),
            output=lambda out: squared(out[1]),
            label=f"r {kind}",
        ),
        Case(
            np.linalg.qr,
            matrices(tall_or_wide, **square, mode=["complete"]),
            output=complete_output,
            label=f"complete {kind}",
        ),
        Case(
            np.linalg.qr,
            matrices(tall_or_wide, **square, mode=["r"]),
            output=squared,
            label=f"only r {kind}",
        ),
    ]
