"""Rows of `autograd.scipy.linalg`: of what is a primitive there; the rest is in test_linalg.py."""

import numpy as np
import scipy.linalg as sl
from hypothesis import strategies as st

from autograd.scipy.linalg import eigen, equations, factors, functions, least_squares
from tests.ops.case import SEEDS, Case
from tests.ops.rows.decompositions import (
    eig_output,
    eigh_output,
    hermitian,
    matrices,
    normal,
    numbers,
    power_sums,
    spread,
    squared,
    svd_output,
    tall_or_wide,
    turning,
    unitary,
    with_eigenvalues,
)
from tests.ops.rows.linalg import square

BATCHES = ((), (), (2,))  # SciPy has no empty ones
SMALL = {"batches": BATCHES, "smallest": 1}  # nor has it empty matrices everywhere
TRANSPOSITIONS = (0, 1, 2, "N", "T", "C")


@st.composite
def equations_with(draw, make, before=(), complex_=False, sides=1, **keywords):
    """Return what comes before, a matrix or what stands for it, right sides, and keywords."""
    rng = np.random.default_rng(draw(SEEDS))
    n, batch = draw(st.integers(2, 3)), draw(st.sampled_from(BATCHES))  # of 1 SciPy takes few
    first = make(rng, batch, n, complex_)
    shape = draw(st.sampled_from([(n,), (n, 2), (2, n, 1)]))
    chosen = {name: draw(st.sampled_from(items)) for name, items in keywords.items()}
    return [*before, *first, normal(rng, shape, complex_)], chosen


def heavy(rng, batch, n, complex_):
    """Return one array of square matrices in which the diagonal outweighs the rest."""
    return [normal(rng, (*batch, n, n), complex_) / 2 + 3 * np.eye(n)]


def bands(below, above):
    """Return what makes bands with a large diagonal."""

    def make(rng, batch, n, complex_):
        ab = normal(rng, (*batch, below + above + 1, n), complex_) / 2
        ab[..., above, :] += 4
        return [ab]

    return make


def columns_and_rows(rng, batch, n, complex_):
    """Return the first columns and first rows of Toeplitz matrices."""
    c, r = normal(rng, (*batch, n), complex_) / 2, normal(rng, (n,), complex_) / 2
    c[..., 0] = 3
    return [c, r]


@st.composite
def fits(draw, complex_=False):
    """Return arguments of least squares: matrices, columns, drivers."""
    rng = np.random.default_rng(draw(SEEDS))
    m, n, batch = draw(st.integers(1, 4)), draw(st.integers(1, 3)), draw(st.sampled_from(BATCHES))
    driver = draw(st.sampled_from([None, "gelss", "gelsy"]))
    a, b = tall_or_wide(rng, batch, m, n, complex_), normal(rng, (m, 2), complex_)
    return [a, b], {"lapack_driver": driver}


def tall(rng, batch, m, n, complex_=False):
    """Return matrices with as many rows as columns or more, of full rank."""
    return tall_or_wide(rng, batch, max(m, n), min(m, n), complex_)


def pivotal(rng, batch, m, n, complex_=False):
    """Return matrices of which it is clear in which order LU takes the rows, and QR the columns."""
    scales = np.exp(2.0 * np.arange(m))[:, None]
    small = 0.2 * normal(rng, (*batch, m, n), complex_)
    return (small + np.eye(m, n)[::-1] + 0.5) * scales / np.exp(m)


def safe(rng, batch, n, _, complex_=False):
    """Return square matrices far from negative eigenvalues, which logarithms and roots jump at.

    They are small and few, because SciPy takes long.
    """
    n, batch = min(n, 2), ()
    return 0.15 * normal(rng, (*batch, n, n), complex_) + np.diag(1.0 + np.arange(n))


def moderate(rng, batch, n, _, complex_=False):
    """Return square matrices, none large, for functions that have poles or grow fast."""
    return 0.3 * normal(rng, (*batch, n, n), complex_)


def of_both_signs(rng, batch, n, _, complex_=False):
    """Return square matrices with eigenvalues on both sides of zero."""
    signs = np.where(np.arange(n) % 2, -1, 1)
    return 0.15 * normal(rng, (*batch, n, n), complex_) + np.diag(signs * (1.0 + np.arange(n)))


@st.composite
def powers(draw, complex_=False):
    """Return matrices and exponents, which SciPy does not take as arrays."""
    (a,), _ = draw(matrices(safe, complex_=complex_, smallest=1, batches=((),)))
    return [a, draw(st.sampled_from([0.3, -1.6, 2, -1]))], {}


@st.composite
def two_hermitian(draw, complex_=False, **keywords):
    """Return two Hermitian matrices, the second one positive."""
    rng = np.random.default_rng(draw(SEEDS))
    n, batch = draw(st.integers(1, 3)), draw(st.sampled_from(BATCHES))
    a = hermitian(rng, batch, n, n, complex_)
    v = unitary(rng, (), n, complex_)
    b = (v * spread(rng, (), n)) @ np.conj(v.T) + np.eye(n)
    return [a, b], {name: draw(st.sampled_from(items)) for name, items in keywords.items()}


@st.composite
def sylvester(draw, complex_=False):
    """Return two matrices whose eigenvalues do not add up to zero, and a right side."""
    rng = np.random.default_rng(draw(SEEDS))
    m, n, batch = draw(st.integers(1, 3)), draw(st.integers(1, 3)), draw(st.sampled_from(BATCHES))
    (a,), (b,) = heavy(rng, batch, m, complex_), heavy(rng, (), n, complex_)
    return [a, b, normal(rng, (m, n), complex_)], {}


@st.composite
def lyapunov(draw, size, complex_=False, **keywords):
    """Return a matrix of moderate size, and a right side."""
    rng = np.random.default_rng(draw(SEEDS))
    n, batch = draw(st.integers(1, 3)), draw(st.sampled_from(BATCHES))
    a = size * heavy(rng, batch, n, complex_)[0]
    chosen = {name: draw(st.sampled_from(items)) for name, items in keywords.items()}
    return [a, normal(rng, (n, n), complex_)], chosen


@st.composite
def riccati(draw, complex_=False):
    """Return arguments of Riccati's equations; q and r vary where every change is Hermitian."""
    rng = np.random.default_rng(draw(SEEDS))
    n = draw(st.integers(1, 2))
    a, b = 0.5 * normal(rng, (n, n), complex_), normal(rng, (n, 1), complex_)
    kind = complex if complex_ else float
    q, r = np.eye(n, dtype=kind), np.array([[rng.uniform(1, 2)]])
    e = np.eye(n) + 0.2 * normal(rng, (n, n), complex_)
    s = 0.1 * normal(rng, (n, 1), complex_)
    q = q + rng.uniform(0, 1) if n == 1 and not complex_ else q.tolist()
    e, s = draw(st.sampled_from([(None, None), (e, None), (None, s), (e, s)]))
    return [a, b, q, r if not complex_ else r.tolist(), e, s], {"balanced": e is None}


def both_moduli(out):
    """Return what is free of the signs of the vectors, of values and vectors."""
    w, v = out
    return np.real(v * np.conj(v)) * w[..., None, :]


def moduli(x):
    """Return squares of moduli: signs are chosen, and elements that are real have no other part."""
    return np.real(x * np.conj(x))


def first(out):
    return moduli(out[0])


def second(out):
    return moduli(out[1])


def rows_of(kind, complex_):
    """Return the rows for real or for complex matrices."""
    same = {"complex_": complex_}
    small = same | SMALL
    several = small | {"smallest": 2}  # the q of one row has modulus one
    triangle = {"lower": [False, True]}
    structures = [None, "general", "diagonal", "upper triangular", "lower triangular"]
    structures += ["sym", "her"]
    dominant = lambda rng, batch, n, _, complex_: heavy(rng, batch, n, complex_)[0]
    functions_of = (
        (functions.expm.function, moderate),
        (functions.cosm.function, moderate),
        (functions.sinm.function, moderate),
        (functions.tanm.function, moderate),
        (functions.coshm.function, moderate),
        (functions.sinhm.function, moderate),
        (functions.tanhm.function, moderate),
        (functions.logarithm, safe),
        (functions.sqrtm.function, safe),
        (functions.signm.function, of_both_signs),
    )
    return [
        Case(
            equations.inverses.function,
            matrices(dominant, **small, **triangle, assume_a=[None, "general", "sym", "her"]),
            label=kind,
        ),
        Case(equations.det.function, matrices(square, **same, batches=BATCHES), label=kind),
        Case(
            equations.solutions.function,
            equations_with(
                heavy,
                **same,
                **triangle,
                transposed=[False] if complex_ else [False, True],
                assume_a=[*structures, "tridiagonal", "banded"],
            ),
            label=kind,
        ),
        Case(
            sl.solve_triangular,
            equations_with(
                heavy, **same, **triangle, trans=TRANSPOSITIONS, unit_diagonal=[False, True]
            ),
            label=kind,
        ),
        *(
            Case(
                sl.solve_banded,
                equations_with(bands(*sides), before=[sides], **same),
                label=f"{sides} {kind}",
            )
            for sides in ((1, 1), (1, 2), (2, 0))
        ),
        *(
            Case(
                sl.solveh_banded,
                equations_with(bands(*sides), **same, lower=[not sides[1]]),
                label=f"{sides} {kind}",
            )
            for sides in ((0, 1), (2, 0))
        ),
        Case(equations.toeplitz_solution, equations_with(columns_and_rows, **same), label=kind),
        Case(equations.cho_solution, equations_with(heavy, **same, **triangle), label=kind),
        Case(factors.both_factors, matrices(pivotal, **small), output=0, label=f"l {kind}"),
        Case(factors.both_factors, matrices(pivotal, **small), output=1, label=f"u {kind}"),
        Case(factors.in_one, matrices(pivotal, **small), output=0, label=kind),
        Case(
            factors.q_and_r,
            matrices(tall_or_wide, **several, mode=["economic"]),
            output=lambda out: squared(out[0]),
            label=f"q {kind}",
        ),
        Case(
            factors.q_and_r,
            matrices(tall_or_wide, **small, mode=["economic", "full"]),
            output=second,
            label=f"r {kind}",
        ),
        Case(
            factors.r_and_q,
            matrices(tall_or_wide, **small, mode=["economic", "full"]),
            output=first,
            label=f"r {kind}",
        ),
        Case(
            factors.r_and_q,
            matrices(tall_or_wide, **several, mode=["economic"]),
            output=lambda out: squared(out[1]),
            label=f"q {kind}",
        ),
        Case(
            factors.all_factors,
            matrices(
                tall_or_wide,
                **small,
                full_matrices=[True, False],
                lapack_driver=["gesdd", "gesvd"],
            ),
            output=svd_output,
            label=kind,
        ),
        Case(factors.values, matrices(tall_or_wide, **small), label=kind),
        Case(factors.right_polar, matrices(tall, **small), output=0, label=f"u {kind}"),
        Case(factors.right_polar, matrices(tall, **small), output=second, label=f"p {kind}"),
        Case(least_squares.inverted, matrices(tall_or_wide, **small), label=kind),
        Case(least_squares.inverted_hermitian, matrices(hermitian, **small), label=kind),
        Case(least_squares.fitted, fits(**same), label=kind),
        Case(eigen.pairs, matrices(hermitian, **small, **triangle), output=0, label=f"w {kind}"),
        Case(eigen.pairs, matrices(hermitian, **small, **triangle), output=eigh_output, label=kind),
        Case(
            eigen.generalized_pairs,
            two_hermitian(**same, **triangle),
            output=both_moduli,
            label=kind,
        ),
        Case(eigen.right_pairs, matrices(with_eigenvalues, **small), output=eig_output, label=kind),
        Case(
            eigen.values_alone, matrices(with_eigenvalues, **small), output=power_sums, label=kind
        ),
        *(Case(function, matrices(make, **small), label=kind) for function, make in functions_of),
        Case(functions.fractional_matrix_power.function, powers(**same), label=kind),
        Case(sl.solve_sylvester, sylvester(**same), label=kind),
        Case(sl.solve_continuous_lyapunov, lyapunov(1, **same), label=kind),
        Case(
            sl.solve_discrete_lyapunov,
            lyapunov(0.15, **same, method=[None, "direct", "bilinear"]),
            label=kind,
        ),
        Case(sl.solve_continuous_are, riccati(**same), label=kind),
        Case(sl.solve_discrete_are, riccati(**same), label=kind),
    ]


ROWS = [
    # One number, as differences in any direction stay Hermitian; more: test_linalg.py.
    Case(sl.cholesky, matrices(numbers, batches=BATCHES, lower=[False, True])),
    Case(factors.factor_with_rest, matrices(numbers, batches=BATCHES, lower=[False, True])),
    Case(
        eigen.right_pairs,
        matrices(turning, smallest=2, batches=BATCHES),
        output=eig_output,
        label="turning",
    ),
    *rows_of("real", complex_=False),
    *rows_of("complex", complex_=True),
]
