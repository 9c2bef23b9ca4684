"""Rows of Bessel functions and their kin."""

import scipy.special as sc

from autograd.scipy.special import bessel, bessel_kin, bessel_order, harmonics
from tests.ops.case import Case, broadcast, positive, real
from tests.scipy.rows.special import away, between, orders, unit, whole

KIN_OF_ONE = [
    (bessel_kin.itj0y0_part, 2), (bessel_kin.iti0k0_part, 2), (bessel_kin.it2j0y0_part, 2),
    (bessel_kin.it2i0k0_part, 2), (bessel_kin.airy_part, 4),
    (bessel_kin.scaled_airy_part, 4), (bessel_kin.kelvin_part, 4),
]  # fmt: skip
HANKEL = (sc.hankel1, sc.hankel2, sc.hankel1e, sc.hankel2e)
SPHERICAL = (bessel.j_of_order, bessel.y_of_order, bessel.i_of_order, bessel.k_of_order)
ORDERED = (
    bessel_order.jv_order,
    bessel_order.yv_order,
    bessel_order.iv_order,
    bessel_order.ive_order,
)
CYLINDERS = (bessel_kin.pbdv_part, bessel_kin.pbvv_part, bessel_kin.pbwa_part)
SEVERAL = {
    sc.airy: 4, sc.airye: 4, sc.kelvin: 4, sc.itj0y0: 2, sc.iti0k0: 2, sc.it2j0y0: 2,
    sc.it2i0k0: 2,
}  # fmt: skip

ROWS = [
    *(
        Case(f, broadcast(real))
        for f in (
            sc.j0, sc.j1, sc.i0, sc.i1, sc.i0e, sc.i1e, sc.ber, sc.bei, sc.berp, sc.beip,
            sc.itstruve0, sc.itmodstruve0,
        )
    ),
    *(
        Case(f, broadcast(positive))
        for f in (
            sc.y0, sc.y1, sc.k0, sc.k1, sc.k0e, sc.k1e, sc.ker, sc.kei, sc.kerp, sc.keip,
            sc.it2struve0,
        )
    ),
    *(
        Case(f, broadcast(real, positive))
        for f in (sc.jv, sc.yv, sc.iv, sc.kv, sc.ive, sc.jve, sc.yve, sc.kve)
    ),
    *(Case(f, broadcast(real, positive)) for f in (
        bessel.ive_of_real, bessel.jve_of_real, bessel.yve_of_real
    )),
    *(
        Case(f, broadcast(whole(-2, 3), away), label="complex")
        for f in (sc.jv, sc.yv, sc.iv, sc.kv, sc.kve, *HANKEL)
    ),
    *(Case(f, broadcast(whole(0, 3), positive)) for f in (sc.yn, sc.kn, *HANKEL)),
    *(Case(f, broadcast(whole(0, 3), positive)) for f in SPHERICAL),
    *(Case(f, broadcast(whole(0, 3), away), label="complex") for f in SPHERICAL),
    *(Case(f.function, orders(real, positive, low=1, high=2, last=True)) for f in ORDERED),
    Case(
        bessel_order.derivative_of_kv_in_its_order,
        orders(real, positive, low=1, high=2, last=True).map(lambda d: ([*d[0][:3], False], {})),
    ),
    Case(
        bessel_order.derivative_of_kv_in_its_order,
        orders(real, positive, low=1, high=2, last=True).map(lambda d: ([*d[0][:3], True], {})),
        label="scaled",
    ),
    *(Case(f, orders(positive, high=count - 1, last=True)) for f, count in KIN_OF_ONE),
    # Elsewhere SciPy's values have errors of 1e-8, since its series stop at 1e-5 of the sum.
    Case(bessel_kin.itairy_part, orders(between(0.05, 0.2), last=True)),
    *(Case(sc.itairy, broadcast(between(0.05, 0.2)), output=k, label=str(k)) for k in range(4)),
    Case(bessel_kin.airy_part, orders(away, last=True), label="complex"),
    *(
        Case(f, broadcast(positive), output=k, label=str(k))
        for f, count in SEVERAL.items()
        for k in range(count)
    ),
    Case(sc.struve, broadcast(whole(0, 3), positive)),
    Case(sc.modstruve, broadcast(whole(0, 3), positive)),
    Case(sc.besselpoly, broadcast(positive, whole(1, 2), whole(1, 3))),
    *(
        Case(f, orders(whole(1, 3), between(0.1, 1.5), high=1, last=True)) for f in CYLINDERS
    ),
    *(Case(f, broadcast(whole(1, 3), between(0.1, 1.5)), output=0) for f in (
        sc.pbdv, sc.pbvv, sc.pbwa
    )),
    *(
        Case(f, orders(whole(1, 3), whole(1, 2), unit, high=1, last=True))
        for f in bessel_kin.MATHIEU
    ),
    *(
        Case(f, broadcast(whole(1, 3), whole(1, 2), unit), output=1)
        for f in (
            sc.mathieu_cem, sc.mathieu_sem, sc.mathieu_modcem1, sc.mathieu_modcem2,
            sc.mathieu_modsem1, sc.mathieu_modsem2,
        )
    ),
    Case(sc.wright_bessel, broadcast(whole(1, 2), whole(1, 3), positive)),
]  # fmt: skip
ANGULAR, RADIAL = (sc.pro_ang1, sc.obl_ang1), (sc.pro_rad1, sc.obl_rad1)
WAVES = (whole(1, 2), whole(2, 4), whole(1, 2))
ROWS += [
    *(
        Case(f, orders(*WAVES, unit if "ang" in f.__name__ else between(1.5, 3), high=1, last=True))
        for f in harmonics.SPHEROIDAL
    ),
    *(Case(f, broadcast(*WAVES, unit), output=0) for f in ANGULAR),
    *(Case(f, broadcast(*WAVES, between(1.5, 3)), output=0) for f in RADIAL),
]
if harmonics.HAS_HARMONICS:
    ROWS += [
        Case(harmonics.harmonic, broadcast(whole(2, 4), whole(-2, 2), real, real)),
        Case(harmonics.polar, broadcast(whole(2, 4), whole(-2, 2), real)),
    ]
if hasattr(sc, "log_wright_bessel"):
    ROWS.append(Case(sc.log_wright_bessel, broadcast(whole(1, 2), whole(1, 3), positive)))
