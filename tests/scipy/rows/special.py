"""Rows of `autograd.scipy.special`: gamma, error and logistic functions, entropies, transforms."""

import numpy as np
import scipy.special as sc
from hypothesis import strategies as st

from autograd.scipy.special import elementary, error, gammas, logistic
from tests.ops.case import (
    FILLED,
    Case,
    away_from_integers,
    away_from_zero,
    axes,
    broadcast,
    flags,
    one,
    positive,
    real,
)


def between(low, high):
    """Return a domain: uniform numbers."""
    return lambda rng, shape: rng.uniform(low, high, shape)


def away(rng, shape):
    """Return complex numbers away from zero and both axes."""
    size = rng.uniform(0.5, 2.0, shape)
    return size + 1j * rng.choice([-1, 1], shape) * rng.uniform(0.5, 2, shape)


def unit(rng, shape):
    """Return numbers between 0 and 1."""
    return rng.uniform(0.05, 0.95, shape)


def whole(low, high):
    """Return a domain of whole numbers, which are not differentiated."""
    return lambda rng, shape: rng.integers(low, high + 1, shape)


@st.composite
def orders(draw, *domains, high=3, low=0, last=False):
    """Return a whole order, and arguments; the order comes first, or last."""
    arguments, _ = draw(broadcast(*domains))
    order = draw(st.integers(low, high))
    return ([*arguments, order] if last else [order, *arguments]), {}


@st.composite
def exponents(draw, weighted, signed=False):
    """Return arguments of `logsumexp`, with weights of a shape that broadcasts."""
    (a, b), _ = draw(broadcast(real, positive))
    if not (a.size and b.size):
        a, b = np.ones((2, 1)), np.ones(3)
    axis = draw(axes(np.broadcast_shapes(a.shape, b.shape) if weighted else a.shape))
    keywords = {"axis": axis, "keepdims": draw(st.booleans())}
    if not signed:
        return ([a, b] if weighted else [a]), keywords
    b = np.asarray(b * np.where(np.arange(b.size).reshape(b.shape) % 2, -0.2, 1.0))
    sign = sc.logsumexp(a, b=b, **keywords, return_sign=True)[1]
    return [a, b], {**keywords, "sign": sign}


GAMMA = [
    *(Case(f, broadcast(positive)) for f in (sc.gammaln, sc.loggamma, sc.gamma, sc.rgamma, sc.psi)),
    *(
        Case(f, broadcast(away_from_integers), label="both sides")
        for f in (sc.gammaln, sc.gamma, sc.rgamma, sc.psi)
    ),
    *(
        Case(f, broadcast(away), label="complex")
        for f in (sc.loggamma, sc.gamma, sc.rgamma, sc.psi)
    ),
    Case(sc.polygamma, orders(positive)),
    Case(gammas.derivative_of_psi, orders(away_from_integers, low=1, last=True)),
    Case(gammas.derivative_of_psi, orders(away, low=1, last=True), label="complex"),
    Case(sc.beta, broadcast(positive, positive)),
    Case(sc.betaln, broadcast(positive, positive)),
    Case(sc.binom, broadcast(positive, away_from_integers)),
    Case(sc.binom, broadcast(between(3.1, 5.9), whole(-2, 9)), label="whole"),
    Case(sc.poch, broadcast(away_from_integers, positive)),
    Case(sc.poch, broadcast(away_from_integers, whole(0, 4)), label="whole"),
]

ERROR = [
    *(
        Case(f, broadcast(real))
        for f in (sc.erf, sc.erfc, sc.erfcx, sc.erfi, sc.dawsn, sc.ndtr, sc.log_ndtr)
    ),
    *(
        Case(f, broadcast(away), label="complex")
        for f in (sc.erf, sc.erfc, sc.erfcx, sc.erfi, sc.dawsn, sc.ndtr, sc.log_ndtr, sc.wofz)
    ),
    Case(sc.erfinv, broadcast(between(-0.9, 0.9))),
    Case(sc.erfcinv, broadcast(between(0.1, 1.9))),
    Case(sc.ndtri, broadcast(unit)),
    Case(sc.ndtri_exp, broadcast(between(-9, -0.05))),
    Case(error.ratio_of_derivatives, orders(between(-3, 9), last=True)),
    Case(error.hazard_of_normal, broadcast(between(-9, 5))),
    Case(error.derivative_of_dawson, orders(between(-15, 15), last=True)),
]

LOGISTIC = [
    Case(sc.expit, broadcast(real)),
    Case(sc.logit, broadcast(unit)),
    Case(sc.log_expit, broadcast(real)),
    Case(logistic.log_of_sum, exponents(weighted=False)),
    Case(logistic.log_of_sum, one(away, FILLED, axis=axes, keepdims=flags), label="complex"),
    Case(logistic.log_of_weighted_sum, exponents(weighted=True)),
    Case(logistic.log_of_weighted_sum, exponents(weighted=True, signed=True), label="signed"),
    Case(sc.softmax, one(real, FILLED, axis=axes)),
    Case(sc.log_softmax, one(real, FILLED, axis=axes)),
]

ELEMENTARY = [
    Case(sc.xlogy, broadcast(real, positive)),
    Case(sc.xlog1py, broadcast(real, between(-0.8, 3))),
    Case(sc.xlogy, broadcast(away, away), label="complex"),
    Case(sc.xlog1py, broadcast(away, away), label="complex"),
    Case(sc.entr, broadcast(positive)),
    Case(sc.rel_entr, broadcast(positive, positive)),
    Case(sc.kl_div, broadcast(positive, positive)),
    Case(sc.exprel, broadcast(real)),
    Case(elementary.derivative_of_exprel, orders(between(-20, 20), last=True)),
    Case(sc.boxcox, broadcast(positive, real)),
    Case(sc.boxcox1p, broadcast(between(-0.8, 3), real)),
    Case(sc.inv_boxcox, broadcast(between(-0.4, 0.4), between(-2, 2))),
    Case(sc.inv_boxcox1p, broadcast(between(-0.4, 0.4), between(-2, 2))),
    Case(sc.huber, broadcast(between(1, 2), lambda rng, shape: rng.choice([-3.3, 0.4], shape))),
    Case(sc.pseudo_huber, broadcast(positive, away_from_zero)),
    *(
        Case(f, broadcast(domain))
        for domain, functions in {
            away_from_zero: (sc.cbrt,),
            real: (sc.exp2, sc.exp10, sc.expm1, sc.cosm1, sc.sindg, sc.cosdg),
            positive: (sc.log1p,),
            between(10, 80): (sc.tandg, sc.cotdg),
        }.items()
        for f in functions
    ),
    Case(sc.log1p, broadcast(away), label="complex"),
    Case(sc.expm1, broadcast(away), label="complex"),
    Case(sc.powm1, broadcast(positive, real)),
    Case(sc.radian, broadcast(real, real, real)),
    Case(elementary.dirichlet, orders(real, whole(1, 5), last=True)),
]

ROWS = GAMMA + ERROR + LOGISTIC + ELEMENTARY
