"""Rows of products that sum over axes, and of outer products."""

import numpy as np
from hypothesis import strategies as st

from tests.ops.case import SEEDS, Case, broadcast, complex_, real


@st.composite
def multiplied(draw, batched=True):
    """Return two arrays for a matrix product: vectors, matrices, batches that broadcast."""
    rng = np.random.default_rng(draw(SEEDS))
    n, k, m = (draw(st.integers(0, 3)) for _ in range(3))
    left, right = draw(
        st.sampled_from(
            [(1, 1), (1, 2), (2, 1), (2, 2), (3, 2), (2, 3), (3, 3), (1, 3), (3, 1), (4, 3)]
        )
    )
    before = [draw(st.sampled_from([1, 2])) if batched else 2 for _ in range(4)]
    x = {1: (k,), 2: (n, k), 3: (before[0], n, k), 4: (before[2], before[0], n, k)}[left]
    y = {1: (k,), 2: (k, m), 3: (before[1], k, m)}[right]
    return [rng.uniform(-3, 3, x), rng.uniform(-3, 3, y)], {}


@st.composite
def with_number(draw):
    """Return two arrays, one of them a number."""
    args, _ = draw(broadcast(real, real))
    args[draw(st.integers(0, 1))] = np.asarray(draw(st.floats(-2, 2, width=16)))
    return args, {}


@st.composite
def shaped(draw, domain, *choices):
    """Return arrays of one of the tuples of shapes, in which names are sizes."""
    rng = np.random.default_rng(draw(SEEDS))
    sizes = {name: draw(st.integers(0, 3)) for name in "nmkpq"}
    shapes = [
        tuple(sizes.get(size) if isinstance(size, str) else size for size in shape)
        for shape in draw(st.sampled_from(choices))
    ]
    return [np.asarray(domain(rng, shape)) for shape in shapes], {}


@st.composite
def summed_last(draw, domain):
    """Return two arrays for `inner`."""
    sizes = st.lists(st.integers(0, 3), max_size=2)
    rng, k = np.random.default_rng(draw(SEEDS)), draw(st.integers(0, 3))
    return [np.asarray(domain(rng, (*draw(sizes), k))) for _ in range(2)], {}


@st.composite
def summed_axes(draw, domain):
    """Return two arrays and axes for `tensordot`, in each of its forms."""
    rng = np.random.default_rng(draw(SEEDS))
    count = draw(st.integers(0, 2))
    common = [draw(st.integers(0, 3)) for _ in range(count)]
    left, right = (draw(st.lists(st.integers(0, 3), max_size=2)) for _ in range(2))
    if draw(st.booleans()):
        shapes = (*left, *common), (*common, *right)
        return [np.asarray(domain(rng, shape)) for shape in shapes], {"axes": count}
    places, arrays = [], []
    for rest in (left, right):
        ndim = len(rest) + count
        axes = draw(st.permutations(range(ndim)))[:count]
        free = iter(rest)
        shape = tuple(common[axes.index(i)] if i in axes else next(free) for i in range(ndim))
        arrays.append(np.asarray(domain(rng, shape)))
        places.append([axis - draw(st.sampled_from([0, ndim])) for axis in axes])
    if count == 1 and draw(st.booleans()):
        places = [axes[0] for axes in places]
    return arrays, {"axes": tuple(places)}


@st.composite
def crossed(draw, domain=real):
    """Return two arrays of vectors in space that broadcast, and their axes."""
    args, _ = draw(broadcast(domain, domain))
    ndim, names = max(arg.ndim for arg in args) + 1, ("axisa", "axisb", "axisc")
    rng = np.random.default_rng(draw(SEEDS))
    args = [np.asarray(domain(rng, (*arg.shape, 3))) for arg in args]
    if args[0].ndim == args[1].ndim and draw(st.booleans()):
        axis = draw(st.integers(-ndim, ndim - 1))
        return [np.moveaxis(arg, -1, axis).copy() for arg in args], {"axis": axis}
    keywords = {}
    for name, size in zip(names, [arg.ndim for arg in args] + [ndim], strict=True):
        keywords[name] = draw(st.integers(-size, size - 1))
    moved = zip(args, (keywords["axisa"], keywords["axisb"]), strict=True)
    return [np.moveaxis(arg, -1, axis).copy() for arg, axis in moved], keywords


STACKS = {
    np.vecdot: [(("k",), ("k",)), (("n", "k"), ("k",)), ((2, 1, "k"), (3, "k"))],
}
if hasattr(np, "matvec"):
    STACKS[np.matvec] = [
        (("n", "k"), ("k",)),
        (("m", "n", "k"), ("k",)),
        ((1, "n", "k"), (2, 3, "k")),
        (("n", "k"), ("m", "k")),
    ]
    STACKS[np.vecmat] = [tuple(reversed(pair)) for pair in STACKS[np.matvec]]
    STACKS[np.vecmat] = [(x, (*y[:-2], y[-1], y[-2])) for x, y in STACKS[np.vecmat]]

ROWS = [
    Case(np.matmul, multiplied(), analytic=True),
    Case(np.dot, multiplied(batched=False), analytic=True),
    Case(np.dot, with_number(), analytic=True, label="number"),
    Case(np.inner, with_number(), analytic=True, label="number"),
]
for label, domain in {"": real, "complex": complex_}.items():
    ROWS += [
        Case(np.vdot, shaped(domain, ((), ()), (("n",), ("n",)), ((2, 3), (3, 2))), label=label),
        Case(np.outer, broadcast(domain, domain), label=label),
        Case(np.inner, summed_last(domain), label=label),
        Case(np.kron, broadcast(domain, domain), label=label),
        Case(
            np.kron, shaped(domain, (("n", "m"), ("k",)), (("n",), (2, "k", 3))), label=f"d{label}"
        ),
        Case(np.tensordot, summed_axes(domain), label=label),
        Case(np.cross, crossed(domain), label=label),
    ]
    ROWS += [
        Case(function, shaped(domain, *shapes), label=label) for function, shapes in STACKS.items()
    ]


def complex_pairs():
    """Return two complex arrays."""
    return multiplied().map(lambda drawn: ([x * (1 - 0.5j) for x in drawn[0]], {}))


ROWS.append(Case(np.matmul, complex_pairs(), label="complex"))
