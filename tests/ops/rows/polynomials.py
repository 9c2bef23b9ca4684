"""Rows of `autograd.ops.polynomials`."""

import numpy as np
from hypothesis import strategies as st

from autograd.ops import polynomials
from tests.ops.case import SEEDS, Case, complex_, distinct, positive, real


@st.composite
def vectors(draw, domain, *sizes, **keywords):
    """Return vectors of as many elements as drawn, and keywords."""
    rng = np.random.default_rng(draw(SEEDS))
    arrays = [domain(rng, draw(st.integers(*size))) for size in sizes]
    return arrays, {name: draw(strategy) for name, strategy in keywords.items()}


@st.composite
def evaluated(draw, domain):
    """Return coefficients, which may be those of several polynomials, and points."""
    rng, rest = np.random.default_rng(draw(SEEDS)), draw(st.sampled_from([(), (2,), (3, 1)]))
    points = draw(st.sampled_from([(), (0,), (2,), (3, 2)] if rest != (2,) else [(), (2,), (3, 2)]))
    p = domain(rng, (draw(st.integers(0, 4)), *rest))
    x = np.asarray(domain(rng, points))
    if not x.size and rest:
        x = np.asarray(domain(rng, ()))
    return [p, np.asarray(x * draw(st.sampled_from([0.0, 1.0])))], {}


@st.composite
def divided(draw):
    """Return coefficients whose first digits divide exactly: what is left of them is left out."""
    rng = np.random.default_rng(draw(SEEDS))
    u, v = (positive(rng, draw(st.integers(*size))) for size in ((1, 5), (2, 4)))
    return [u, np.concatenate([[rng.choice([1.0, -2.0, 0.5])], v[1:]])], {}


@st.composite
def rooted(draw, complex_):
    """Return coefficients of a polynomial whose roots are apart; zeros around them, too."""
    rng, n = np.random.default_rng(draw(SEEDS)), draw(st.integers(1, 3))
    roots = distinct(rng, n) * (1.0 + 0.5j if complex_ else 1.0)
    p = np.poly(roots) * rng.uniform(0.5, 2.0)
    return [np.concatenate([p, np.zeros(draw(st.integers(0, 1)), p.dtype)])], {}


def seen(roots):
    """Return a function of roots that does not depend on their order."""
    return np.sum(np.sin(roots))


@st.composite
def squares(draw, domain):
    """Return a square matrix."""
    n = draw(st.integers(1, 4))
    return [domain(np.random.default_rng(draw(SEEDS)), (n, n))], {}


@st.composite
def fitted(draw):
    """Return points, values, and perhaps weights, of a fit; well conditioned."""
    rng, size = np.random.default_rng(draw(SEEDS)), draw(st.integers(5, 7))
    x = np.linspace(-1, 1, size) + rng.uniform(-0.1, 0.1, size)
    y = real(rng, (size, *draw(st.sampled_from([(), (2,)]))))
    args = [x, y, draw(st.integers(0, 3))]
    if draw(st.booleans()):
        args += [None, False, positive(rng, size)]
    return args, {}


TWO = ((1, 4), (1, 4))
ROWS = [
    Case(polynomials.value_of_polynomial, evaluated(real), analytic=True),
    Case(polynomials.value_of_polynomial, evaluated(complex_), label="complex"),
    Case(np.polyval, vectors(real, (0, 4), (0, 3)), analytic=True),
    Case(np.polydiv, vectors(positive, (2, 5), (1, 2)), output=0),
    Case(np.polydiv, divided(), output=1, label="rest"),
    Case(polynomials.product_of, vectors(real, *TWO), analytic=True),
    Case(np.polyint, vectors(real, (0, 4), m=st.integers(0, 3), k=st.none() | st.just(2.5))),
    Case(np.polyder, vectors(real, (1, 5), m=st.integers(0, 3))),
    Case(np.polyfit, fitted()),
    Case(
        np.polyfit,
        fitted().map(lambda drawn: (drawn[0][:3], {"cov": True})),
        output=1,
        label="covariance",
    ),
    Case(
        np.polyfit,
        fitted().map(lambda drawn: (drawn[0][:3], {"full": True})),
        output=1,
        label="residuals",
    ),
]
for label, domain in {"": real, "complex": complex_}.items():
    ROWS += [
        Case(np.polyadd, vectors(domain, *TWO), label=label),
        Case(np.polysub, vectors(domain, *TWO), label=label),
        Case(np.polymul, vectors(domain, *TWO), label=label),
        Case(np.poly, vectors(domain, (1, 4)), label=label),
        Case(np.roots, rooted(label == "complex"), output=seen, label=label),
        Case(polynomials.roots_of, rooted(label == "complex"), output=seen, label=label),
        Case(polynomials.characteristic, squares(domain), label=label),
    ]
