"""Rows of incomplete gamma and beta functions, of distribution functions, and their inverses."""

import scipy.special as sc

from autograd.scipy.special import densities, distributions, incomplete, noncentral
from tests.ops.case import Case, broadcast, positive, real
from tests.scipy.rows.special import between, orders, unit, whole

INCOMPLETE = [
    Case(densities.log_gamma_density, broadcast(between(0.5, 20), positive)),
    Case(densities.log_beta_density, broadcast(between(5, 15), between(5, 15), unit)),
    Case(incomplete.gamma_moment, orders(positive, positive, high=2, last=True)),
    Case(
        incomplete.beta_moment,
        orders(positive, positive, unit, high=2, last=True).map(
            lambda drawn: ([*drawn[0], 1], drawn[1])
        ),
    ),
    Case(sc.gammainc, broadcast(positive, positive)),
    Case(sc.gammaincc, broadcast(positive, positive)),
    Case(sc.gammaincinv, broadcast(positive, unit)),
    Case(sc.gammainccinv, broadcast(positive, unit)),
    Case(sc.betainc, broadcast(positive, positive, unit)),
    Case(sc.betaincc, broadcast(positive, positive, unit)),
    Case(sc.betaincinv, broadcast(positive, positive, unit)),
    Case(sc.betainccinv, broadcast(positive, positive, unit)),
]


def degrees(rng, shape):
    """Return degrees of freedom."""
    return rng.uniform(1.5, 9.0, shape)


def middle(rng, shape):
    """Return probabilities that inverses find a solution for."""
    return rng.uniform(0.2, 0.8, shape)


DISTRIBUTIONS = [
    Case(sc.chdtr, broadcast(degrees, positive)),
    Case(sc.chdtrc, broadcast(degrees, positive)),
    Case(sc.chdtri, broadcast(degrees, unit)),
    Case(sc.chdtriv, broadcast(middle, between(2, 5))),
    Case(sc.gdtr, broadcast(positive, positive, positive)),
    Case(sc.gdtrc, broadcast(positive, positive, positive)),
    Case(sc.gdtria, broadcast(middle, positive, positive)),
    Case(sc.gdtrib, broadcast(positive, middle, positive)),
    Case(sc.gdtrix, broadcast(positive, positive, middle)),
    Case(sc.pdtr, broadcast(whole(0, 4), positive)),
    Case(sc.pdtrc, broadcast(whole(0, 4), positive)),
    Case(sc.pdtri, broadcast(whole(0, 4), unit)),
    Case(sc.pdtrik, broadcast(between(0.3, 0.6), between(3, 6))),
    Case(sc.btdtria, broadcast(middle, degrees, middle)),
    Case(sc.btdtrib, broadcast(degrees, middle, middle)),
    Case(sc.fdtr, broadcast(degrees, degrees, positive)),
    Case(sc.fdtrc, broadcast(degrees, degrees, positive)),
    Case(sc.fdtri, broadcast(degrees, degrees, unit)),
    Case(sc.fdtridfd, broadcast(between(2, 3), between(0.6, 0.65), between(1.2, 1.3))),
    Case(sc.bdtr, broadcast(whole(0, 2), whole(2, 5), unit)),
    Case(sc.bdtrc, broadcast(whole(0, 2), whole(2, 5), unit)),
    Case(sc.bdtri, broadcast(whole(0, 2), whole(3, 5), unit)),
    Case(sc.bdtrik, broadcast(between(0.4, 0.6), between(8, 9), between(0.4, 0.6))),
    Case(sc.bdtrin, broadcast(between(2, 3), between(0.4, 0.6), between(0.4, 0.6))),
    Case(sc.nbdtr, broadcast(whole(0, 3), whole(2, 5), unit)),
    Case(sc.nbdtrc, broadcast(whole(0, 3), whole(2, 5), unit)),
    Case(sc.nbdtri, broadcast(whole(0, 3), whole(2, 5), unit)),
    Case(sc.nbdtrik, broadcast(between(0.4, 0.6), between(4, 6), between(0.4, 0.6))),
    Case(sc.nbdtrin, broadcast(between(3, 5), between(0.4, 0.6), between(0.4, 0.6))),
    Case(sc.stdtr, broadcast(degrees, real)),
    Case(sc.stdtrit, broadcast(degrees, unit)),
    Case(sc.stdtridf, broadcast(between(0.9, 0.92), between(1.5, 1.7))),
    Case(sc.nrdtrimn, broadcast(unit, positive, real)),
    Case(sc.nrdtrisd, broadcast(between(-2, -1), between(0.6, 0.9), positive)),
    Case(sc.tklmbda, broadcast(between(-0.9, 0.9), between(0.1, 1.0))),
    Case(distributions.derivative_of_kolmogorov, orders(between(0.2, 2), low=1, last=True)),
    Case(sc.kolmogorov, broadcast(between(0.3, 2))),
    Case(sc.kolmogi, broadcast(between(0.05, 0.9))),
    # between the knots j / n, where higher derivatives jump
    Case(sc.smirnov, broadcast(whole(3, 3), between(0.36, 0.64))),
    Case(sc.smirnovi, broadcast(whole(3, 3), between(0.11, 0.3))),
]

NONCENTRAL = [
    Case(sc.chndtr, broadcast(positive, whole(1, 4), positive)),
    Case(sc.chndtrix, broadcast(middle, whole(1, 4), positive)),
    Case(sc.chndtrinc, broadcast(between(4, 5), whole(2, 3), between(0.3, 0.4))),
    Case(sc.ncfdtr, broadcast(whole(2, 4), whole(3, 9), positive, positive)),
    Case(sc.ncfdtri, broadcast(whole(2, 4), whole(3, 9), positive, middle)),
    Case(sc.nctdtr, broadcast(whole(2, 9), between(-2, 2), real)),
    Case(sc.nctdtrit, broadcast(whole(2, 9), between(-2, 2), middle)),
    Case(
        noncentral.mean_of_normal_density,
        orders(whole(2, 9), between(-2, 2), real, last=True),
    ),
]

ROWS = INCOMPLETE + DISTRIBUTIONS + NONCENTRAL
