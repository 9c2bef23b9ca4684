"""Rows of incomplete gamma and beta functions."""

import scipy.special as sc

from tests.ops.case import Case, broadcast, positive
from tests.scipy.rows.special import unit, whole

ROWS = [
    Case(sc.gammainc, broadcast(whole(1, 3), positive)),
    Case(sc.gammaincc, broadcast(whole(1, 3), positive)),
    Case(sc.gammaincinv, broadcast(whole(1, 3), unit)),
    Case(sc.gammainccinv, broadcast(whole(1, 3), unit)),
    Case(sc.betainc, broadcast(whole(1, 3), whole(1, 3), unit)),
    Case(sc.betaincc, broadcast(whole(1, 3), whole(1, 3), unit)),
    Case(sc.betaincinv, broadcast(whole(1, 3), whole(1, 3), unit)),
    Case(sc.betainccinv, broadcast(whole(1, 3), whole(1, 3), unit)),
]
