"""Rows of linear algebra."""

import math

import numpy as np
from hypothesis import strategies as st

from autograd.ops import linalg
from tests.ops.case import SEEDS, Case
from tests.ops.rows.decompositions import (
    BATCHES,
    hermitian,
    matrices,
    normal,
    spread,
    tall_or_wide,
    with_singular_values,
)


def square(rng, batch, n, _, complex_=False):
    """Return square matrices with distinct singular values, none near zero."""
    return tall_or_wide(rng, batch, n, n, complex_)


def singular(rng, batch, n, _, complex_=False):
    """Return square matrices with a singular value of nearly zero, some of two."""
    s = np.sort(spread(rng, batch, n), axis=-1)
    s[..., : rng.integers(1, 3)] = 1e-12
    return with_singular_values(rng, s, n, n, complex_)


def entries(rng, shape, complex_=False):
    """Return different numbers, none near zero, without ties of sums or moduli."""
    size = math.prod(shape)
    moduli = rng.permutation(np.linspace(0.5, 2.5, size) ** 1.3).reshape(shape)
    if complex_:
        return moduli * np.exp(1j * rng.uniform(0, 6, shape))
    return moduli * rng.choice([-1.0, 1.0], shape)


@st.composite
def equations(draw, complex_=False):
    """Return matrices and right sides: a vector, matrices, stacks that broadcast."""
    rng = np.random.default_rng(draw(SEEDS))
    n, columns = draw(st.integers(0, 3)), draw(st.integers(0, 2))
    batch = draw(st.sampled_from(BATCHES))
    a = square(rng, batch, n, n, complex_)
    before = draw(st.sampled_from([(), batch, (2, 1, 1)]))
    shape = draw(st.sampled_from([(n,), (*before, n, columns)]))
    return [a, normal(rng, shape, complex_)], {}


@st.composite
def fits(draw, complex_=False, **keywords):
    """Return matrices of full rank and right sides of `lstsq`."""
    rng = np.random.default_rng(draw(SEEDS))
    m, n, columns = draw(st.integers(1, 4)), draw(st.integers(1, 4)), draw(st.integers(1, 2))
    a = tall_or_wide(rng, (), m, n, complex_)
    shape = draw(st.sampled_from([(m,), (m, columns)]))
    return [a, normal(rng, shape, complex_)], {
        name: draw(st.sampled_from(items)) for name, items in keywords.items()
    }


TENSORS = (((2, 2), (4,)), ((6,), (2, 3)), ((2, 2), (4, 1)), ((1,), (1,)), ((0,), (0,)))


@st.composite
def tensors(draw, inverse=False):
    """Return arguments of `tensorinv` or `tensorsolve`."""
    rng = np.random.default_rng(draw(SEEDS))
    rows, columns = draw(st.sampled_from(TENSORS[:-1] if inverse else TENSORS))
    a = square(rng, (), math.prod(rows), 0).reshape(rows + columns)
    if inverse:
        return [a], {"ind": len(rows)}
    if draw(st.booleans()):
        return [a, normal(rng, rows)], {}
    axes = tuple(range(len(columns)))  # where the unknowns' axes stand
    return [np.moveaxis(a, range(len(rows), a.ndim), axes), normal(rng, rows)], {"axes": axes}


VECTOR_ORDERS = (None, 2, 1, math.inf, -math.inf, 3, 2.5, 1.5, 0.5, -1, -2, -2.5)
ELEMENT_ORDERS = (None, "fro", 1, -1, math.inf, -math.inf)
SPECTRAL_ORDERS = ("nuc", 2, -2)


def apart(sample):
    """Whether the sums that are compared are apart, of the matrices and of their inverses."""
    matrices = sample[0][0]
    sums = [
        np.sort(np.sum(np.abs(m), axis=axis), axis=-1)
        for m in (matrices, np.linalg.inv(matrices))
        for axis in (-1, -2)
    ]
    return all(np.all(np.diff(each) > 0.03 * np.max(each)) for each in sums if each.size)


@st.composite
def whole(draw, complex_=False):
    """Return an array of any shape, of which `norm` takes all elements."""
    shape = draw(st.sampled_from([(), (3,), (0,), (2, 3), (2, 1, 2)]))
    rng = np.random.default_rng(draw(SEEDS))
    return [np.asarray(entries(rng, shape, complex_))], {"keepdims": draw(st.booleans())}


@st.composite
def vectors(draw, complex_=False):
    """Return an array and keywords of norms of vectors."""
    shape = draw(st.sampled_from([(3,), (1,), (2, 3), (3, 2), (2, 2, 2), (0, 2)]))
    axis = draw(st.sampled_from([-1, len(shape) - 1, (-1,), *[None] * (len(shape) == 1)]))
    rng = np.random.default_rng(draw(SEEDS))
    keywords = {"axis": axis, "keepdims": draw(st.booleans())}
    return [entries(rng, shape, complex_)], {"ord": draw(st.sampled_from(VECTOR_ORDERS))} | keywords


@st.composite
def matrix_norms(draw, complex_=False):
    """Return an array and keywords of norms of matrices."""
    rng = np.random.default_rng(draw(SEEDS))
    batch, m, n = draw(st.sampled_from(BATCHES)), draw(st.integers(1, 3)), draw(st.integers(1, 3))
    order = draw(st.sampled_from(ELEMENT_ORDERS + SPECTRAL_ORDERS))
    if order in SPECTRAL_ORDERS:
        array = tall_or_wide(rng, batch, m, n, complex_)
    else:
        array = entries(rng, (*batch, m, n), complex_)
    axes = draw(st.sampled_from([(0, 1), (1, 0), (-1, 0), (-2, -1), (array.ndim - 1, 0)]))
    array = np.moveaxis(array, (-2, -1), axes)
    axis = None if not batch and draw(st.booleans()) else axes
    return [array], {"ord": order, "axis": axis, "keepdims": draw(st.booleans())}


@st.composite
def some_axes(draw, complex_=False):
    """Return an array and keywords of `vector_norm`, which takes several axes for one."""
    shape = draw(st.sampled_from([(3,), (2, 3), (2, 1, 2), (0, 2), (2, 0)]))
    axis = draw(st.sampled_from([None, 0, -1, (0,), *[(-1, 0)] * (len(shape) > 1)]))
    taken = shape if axis is None else [shape[i] for i in np.atleast_1d(axis)]
    order = draw(st.sampled_from(VECTOR_ORDERS[1:] if math.prod(taken) else [1, 2]))
    rng = np.random.default_rng(draw(SEEDS))
    keywords = {"ord": order, "axis": axis, "keepdims": draw(st.booleans())}
    return [entries(rng, shape, complex_)], keywords


@st.composite
def chains(draw, complex_=False):
    """Return matrices for `multi_dot`, the first and the last perhaps vectors."""
    rng = np.random.default_rng(draw(SEEDS))
    sizes = [draw(st.integers(0, 3)) for _ in range(draw(st.integers(3, 6)))]
    shapes = [(sizes[i], sizes[i + 1]) for i in range(len(sizes) - 1)]
    if draw(st.booleans()):
        shapes[0] = shapes[0][1:]
    if draw(st.booleans()):
        shapes[-1] = shapes[-1][:1]
    return [[np.asarray(normal(rng, shape, complex_)) for shape in shapes]], {}


@st.composite
def pairs(draw, *shapes, complex_=False, **keywords):
    """Return two arrays of one of several pairs of shapes, and keywords."""
    rng = np.random.default_rng(draw(SEEDS))
    arrays = [normal(rng, shape, complex_) for shape in draw(st.sampled_from(shapes))]
    return arrays, {name: draw(st.sampled_from(items)) for name, items in keywords.items()}


def vectors_of_three(**options):
    """Return arguments of `cross` along the last axis and along another."""
    return st.one_of(
        pairs(((3,), (3,)), ((2, 3), (3,)), ((2, 1, 3), (2, 3)), ((0, 3), (3,)), **options),
        pairs(((3, 2), (3, 2)), ((3, 0), (3, 0)), axis=[0], **options),
    )


def powers(n, **options):
    """Return arguments of `matrix_power`."""
    return matrices(square, **options).map(lambda drawn: ([*drawn[0], n], {}))


def cutoffs(make, first, **options):
    """Return arguments of a function whose second one is a cutoff, or a right side."""
    return matrices(make, **options).map(lambda drawn: ([*drawn[0], first], drawn[1]))


def complex_logarithm(out):
    """Return the sign and the logarithm of a determinant as one number."""
    return out[0] * (1 + out[1])


def fitted(out):
    """Return solution, residuals and singular values of `lstsq` as one array."""
    x, residuals, _, s = out
    return np.concatenate([np.ravel(x), residuals, s])


ROWS = [
    Case(np.linalg.tensorinv, tensors(inverse=True)),
    Case(np.linalg.tensorsolve, tensors()),
    Case(linalg.least_squares, fits(rcond=[None]), output=0),
    Case(linalg.cofactors, matrices(square)),
    Case(linalg.pseudo_inverse, matrices(tall_or_wide)),
    Case(linalg.length, whole()),
    Case(
        linalg.power_norm,
        cutoffs(
            lambda rng, batch, m, n, complex_: entries(rng, (*batch, m + 1), complex_),
            3.0,
            axis=[-1],
        ),
    ),
    Case(np.linalg.slogdet, matrices(square), output=1, label="logarithm"),
    Case(np.linalg.cond, matrices(square, smallest=2), label="default"),
    Case(np.linalg.cond, matrices(square, smallest=2, p=[2, -2]), label="2"),
    Case(np.linalg.cond, matrices(square, smallest=2, p=["fro", "nuc"]), label="fro"),
]
for kind, complex_ in {"real": False, "complex": True}.items():
    same = {"complex_": complex_}
    ROWS += [
        Case(np.linalg.solve, equations(**same), analytic=not complex_, label=kind),
        Case(np.linalg.inv, matrices(square, **same), analytic=not complex_, label=kind),
        *(
            Case(np.linalg.matrix_power, powers(n, **same), label=f"{n} {kind}")
            for n in (-3, -1, 1, 2, 3, 6)
        ),
        Case(np.linalg.pinv, matrices(tall_or_wide, **same), label=kind),
        Case(np.linalg.pinv, matrices(tall_or_wide, rcond=[1e-9], **same), label=f"rcond {kind}"),
        Case(
            np.linalg.pinv, matrices(tall_or_wide, rtol=[None, 1e-9], **same), label=f"rtol {kind}"
        ),
        Case(
            np.linalg.pinv,
            matrices(hermitian, hermitian=[True], **same),
            label=f"hermitian {kind}",
        ),
        Case(np.linalg.lstsq, fits(**same), output=fitted, label=kind),
        Case(np.linalg.lstsq, fits(rcond=[1e-9, -1], **same), output=fitted, label=f"rcond {kind}"),
        Case(np.linalg.det, matrices(square, **same), analytic=not complex_, label=kind),
        Case(np.linalg.det, matrices(singular, **same), label=f"singular {kind}"),
        Case(np.linalg.slogdet, matrices(square, **same), output=complex_logarithm, label=kind),
        Case(np.linalg.norm, whole(**same), label=f"whole {kind}"),
        Case(np.linalg.norm, vectors(**same), label=f"vectors {kind}"),
        Case(np.linalg.norm, matrix_norms(**same), label=f"matrices {kind}"),
        Case(np.linalg.vector_norm, some_axes(**same), label=kind),
        Case(
            np.linalg.matrix_norm,
            matrices(tall_or_wide, smallest=1, ord=SPECTRAL_ORDERS, keepdims=[False, True], **same),
            label=kind,
        ),
        Case(
            np.linalg.cond,
            matrices(
                lambda rng, batch, n, _, complex_: (
                    entries(rng, (*batch, n, n), complex_) + 4 * np.eye(n)
                ),
                smallest=2,
                p=[1, -1, math.inf, -math.inf],
                **same,
            ).filter(apart),
            label=f"elements {kind}",
        ),
        Case(np.linalg.multi_dot, chains(**same), label=kind),
        Case(np.linalg.outer, pairs(((2,), (3,)), ((0,), (2,)), **same), label=kind),
        Case(np.linalg.cross, vectors_of_three(**same), label=kind),
        Case(np.linalg.matmul, pairs(((2, 3), (3, 1)), ((2, 1, 3), (3, 2)), **same), label=kind),
        Case(
            np.linalg.vecdot,
            pairs(((3,), (3,)), ((2, 3), (3,)), ((0,), (0,)), axis=[-1], **same),
            label=kind,
        ),
        Case(
            np.linalg.tensordot,
            pairs(((2, 3), (2, 3)), ((2, 3), (2, 3)), axes=[2, 0], **same),
            label=kind,
        ),
        Case(np.linalg.matrix_transpose, matrices(tall_or_wide, **same), label=kind),
        Case(np.linalg.diagonal, matrices(tall_or_wide, offset=[0, 1, -1], **same), label=kind),
        Case(np.linalg.trace, matrices(tall_or_wide, offset=[0, 1, -1], **same), label=kind),
    ]
