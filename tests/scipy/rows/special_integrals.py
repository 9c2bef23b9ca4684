"""Rows of elliptic and other integrals, zeta functions, polynomials, hypergeometric functions."""

import scipy.special as sc
from hypothesis import strategies as st

from autograd.scipy.special import elliptic, integrals
from tests.ops.case import Case, broadcast, inside_unit, positive, real
from tests.scipy.rows.special import away, between, orders, unit, whole


def above_one(rng, shape):
    return rng.uniform(1.3, 4.0, shape)


@st.composite
def symmetric(draw):
    """Return arguments and powers of a symmetric integral that exists."""
    arguments, _ = draw(broadcast(*(positive,) * 4))
    powers = draw(
        st.sampled_from([(0, 0.5, 0.5, 1.5, 0), (1, 1.5, 0.5, 0.5, 1), (0, 1.5, 1, 0, 0)])
    )
    return [*arguments, powers], {}


SEVERAL = {
    sc.sici: (2, positive), sc.shichi: (2, positive), sc.fresnel: (2, real),
    sc.modfresnelp: (2, between(0.2, 2)), sc.modfresnelm: (2, between(0.2, 2)),
}  # fmt: skip
PARTS = {
    integrals.sici_part: positive, integrals.shichi_part: positive,
    integrals.fresnel_part: real, integrals.modfresnelp_part: between(0.2, 2),
    integrals.modfresnelm_part: between(0.2, 2),
}  # fmt: skip

ELLIPTIC = [
    Case(elliptic.symmetric_integral, symmetric()),
    Case(sc.elliprc, broadcast(positive, positive)),
    Case(sc.elliprd, broadcast(positive, positive, positive)),
    Case(sc.elliprf, broadcast(positive, positive, positive)),
    Case(sc.elliprg, broadcast(positive, positive, positive)),
    Case(sc.elliprj, broadcast(positive, positive, positive, positive)),
    Case(sc.ellipk, broadcast(between(-2, 0.9))),
    Case(sc.ellipkm1, broadcast(positive)),
    Case(sc.ellipe, broadcast(between(-2, 0.9))),
    Case(sc.ellipkinc, broadcast(between(-8, 8), inside_unit)),
    Case(sc.ellipeinc, broadcast(between(-8, 8), inside_unit)),
    Case(elliptic.jacobi_part, orders(between(-6, 6), unit, last=True)),
    *(Case(sc.ellipj, broadcast(real, unit), output=k, label=str(k)) for k in range(4)),
    Case(sc.agm, broadcast(positive, positive)),
]

INTEGRALS = [
    Case(integrals.expint, broadcast(whole(-3, 3), positive)),
    Case(sc.expn, broadcast(whole(0, 4), positive)),
    Case(sc.exp1, broadcast(positive)),
    Case(sc.expi, broadcast(positive)),
    Case(sc.exp1, broadcast(away), label="complex"),
    Case(sc.expi, broadcast(away), label="complex"),
    *(Case(f, orders(domain, high=1, last=True)) for f, domain in PARTS.items()),
    Case(integrals.sici_part, orders(away, high=1, last=True), label="complex"),
    Case(integrals.shichi_part, orders(away, high=1, last=True), label="complex"),
    Case(integrals.fresnel_part, orders(away, high=1, last=True), label="complex"),
    *(
        Case(f, broadcast(domain), output=k, label=str(k))
        for f, (count, domain) in SEVERAL.items()
        for k in range(count)
    ),
    Case(sc.spence, broadcast(positive)),
    Case(sc.spence, broadcast(away), label="complex"),
    Case(integrals.derivative_of_log_quotient, orders(between(-0.8, 4), last=True)),
    Case(integrals.lambert, orders(positive, low=-1, high=1, last=True)),
    Case(integrals.lambert, orders(away, low=-1, high=1, last=True), label="complex"),
    Case(sc.wrightomega, broadcast(real)),
    Case(sc.wrightomega, broadcast(away), label="complex"),
    Case(integrals.riemann, broadcast(above_one)),
    Case(integrals.riemann, broadcast(between(-9, 0.7)), label="continued"),
    Case(integrals.hurwitz, broadcast(above_one, positive)),
    Case(integrals.derivative_of_zeta, orders(above_one, positive, low=0, last=True)),
    Case(sc.zetac, broadcast(above_one)),
    Case(sc.owens_t, broadcast(real, real)),
    Case(sc.voigt_profile, broadcast(real, positive, positive)),
]

CLASSICAL = (
    sc.eval_laguerre, sc.eval_legendre, sc.eval_sh_legendre, sc.eval_chebyt, sc.eval_chebyu,
    sc.eval_chebyc, sc.eval_chebys, sc.eval_sh_chebyt, sc.eval_sh_chebyu, sc.eval_hermite,
    sc.eval_hermitenorm,
)  # fmt: skip
POLYNOMIALS = [
    *(Case(f, broadcast(whole(0, 5), unit)) for f in CLASSICAL),
    *(
        Case(f, broadcast(whole(0, 5), whole(1, 2), unit))
        for f in (sc.eval_gegenbauer, sc.eval_genlaguerre)
    ),
    Case(sc.eval_jacobi, broadcast(whole(0, 5), whole(1, 2), whole(1, 2), unit)),
    Case(sc.eval_sh_jacobi, broadcast(whole(0, 5), whole(3, 4), whole(1, 2), unit)),
    Case(sc.hyp0f1, broadcast(whole(1, 3), real)),
    Case(sc.hyp0f1, broadcast(whole(1, 3), away), label="complex"),
    Case(sc.hyp1f1, broadcast(whole(1, 3), whole(1, 3), real)),
    Case(sc.hyp1f1, broadcast(whole(1, 3), whole(1, 3), away), label="complex"),
    Case(sc.hyp2f1, broadcast(whole(1, 3), whole(1, 3), whole(1, 4), between(-0.9, 0.7))),
    Case(sc.hyperu, broadcast(whole(1, 2), whole(1, 2), positive)),
    Case(sc.lpmv, broadcast(whole(0, 2), whole(0, 4), inside_unit)),
]

ROWS = ELLIPTIC + INTEGRALS + POLYNOMIALS
