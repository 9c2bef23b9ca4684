"""Derivatives in parameters and orders against numbers of mpmath.

They were computed by differences of the function itself in 50 digits, for instance
``mp.diff(lambda q: mp.gammainc(q, 0, x, regularized=True), a, h=1e-15)``; betainc alike, stdtr as
1/2 + sign(t) betainc(1/2, v/2, 0, t²/(v + t²))/2, and Bessel functions by besselj and so on.
"""

import numpy as np
import pytest
import scipy.special as sc

import autograd as ag
from autograd.scipy import special

FIRST = [
    (sc.gammainc, 0, (0.5, 0.3), -0.77057035137535192),
    (sc.gammainc, 0, (0.001, 0.1), -1.8210559392083065),
    (sc.gammainc, 0, (3.0, 2.0), -0.23184867204398959),
    (sc.gammainc, 0, (3.0, 12.0), -0.00086238765481506121),
    (sc.gammainc, 0, (50.0, 49.0), -0.056510237991276113),
    (sc.gammainc, 0, (1000.0, 1100.0), -0.00011048987784079389),
    (sc.gammainc, 0, (20.0, 5.0), -4.9202684032287467e-7),
    (sc.gammainc, 0, (0.2, 30.0), -1.1405014381593554e-14),
    (sc.gammaincc, 0, (3.0, 2.0), 0.23184867204398959),
    (sc.betainc, 0, (0.5, 0.5, 0.3), -0.64281148115728385),
    (sc.betainc, 1, (0.5, 0.5, 0.3), 0.46874458391550545),
    (sc.betainc, 0, (2.0, 3.0, 0.9), -0.0037206817498923416),
    (sc.betainc, 1, (2.0, 3.0, 0.9), 0.0076195648440779649),
    (sc.betainc, 0, (30.0, 40.0, 0.5), -0.025039368671131826),
    (sc.betainc, 1, (30.0, 40.0, 0.5), 0.021652489043227996),
    (sc.betainc, 0, (200.0, 3.0, 0.95), -9.0802679879729202e-5),
    (sc.betainc, 1, (200.0, 3.0, 0.95), 0.0032074153374667572),
    (sc.betainc, 0, (0.05, 2.0, 1e-06), -6.7691783149312971),
    (sc.betainc, 1, (0.05, 2.0, 1e-06), 0.016709159213833554),
    (sc.betainc, 0, (1.0, 0.1, 0.999), -0.07686698156360284),
    (sc.betainc, 1, (1.0, 0.1, 0.999), 3.4620787588472435),
    (sc.betaincc, 0, (2.0, 3.0, 0.9), 0.0037206817498923416),
    (sc.stdtr, 0, (3.0, 1.5), 0.014677120428661034),
    (sc.stdtr, 0, (0.7, -20.0), -0.11623916223579656),
    (sc.stdtr, 0, (30.0, 2.0), 0.00015393088751502687),
    (sc.stdtr, 0, (1000.0, 1.0), 1.2092485445989789e-7),
    (sc.stdtr, 0, (5.0, 0.01), 3.725580605252692e-5),
    (sc.jv, 0, (0.3, 0.7), -0.59390092386723531),
    (sc.yv, 0, (0.3, 0.7), -1.0067712961655604),
    (sc.iv, 0, (0.3, 0.7), -0.84687589396413004),
    (sc.kv, 0, (0.3, 0.7), 0.19717912569524532),
    (sc.jv, 0, (2.5, 10.0), -0.21409175953946324),
    (sc.yv, 0, (2.5, 10.0), -0.26166374703273165),
    (sc.iv, 0, (2.5, 10.0), -528.58337721099378),
    (sc.kv, 0, (2.5, 10.0), 5.6649683664603334e-6),
    (sc.jv, 0, (0.0, 1.0), 0.138633715204054),
    (sc.yv, 0, (0.0, 1.0), -1.2019697153172065),
    (sc.iv, 0, (0.0, 1.0), -0.42102443824070833),
    (sc.jv, 0, (20.0, 3.0), -3.2039235922001893e-15),
    (sc.yv, 0, (20.0, 3.0), -33554435112385.347),
    (sc.iv, 0, (20.0, 3.0), -3.9851204215368973e-15),
    (sc.kv, 0, (20.0, 3.0), 41794426407797.767),
    (sc.jv, 0, (-1.5, 2.0), -1.0428043323106099),
    (sc.yv, 0, (-1.5, 2.0), 0.99105380466061963),
    (sc.iv, 0, (-1.5, 2.0), 0.99446976348582326),
    (sc.kv, 0, (-1.5, 2.0), -0.10756345321584431),
    (special.zeta, 0, (2.0, 1.0), -0.93754825431584375),
    (special.zeta, 0, (1.2, 0.5), -23.438784215332862),
    (special.zeta, 0, (5.0, 10.0), -7.619847618144136e-5),
    (special.zeta, 0, (0.5,), -3.9226461392091517),
    (special.zeta, 0, (-1.5,), -0.076309255320550887),
    (special.zeta, 0, (3.0,), -0.19812624288563685),
]
SECOND = [
    ((0.5, 0.3), 0.62614765583991265),
    ((3.0, 2.0), 0.09884154888754006),
    ((50.0, 49.0), 0.0011454571945827047),
]


@pytest.mark.parametrize("number", range(len(FIRST)))
def test_first_derivatives(number):
    function, argnum, point, expected = FIRST[number]
    assert ag.grad(function, argnum)(*point) == pytest.approx(expected, rel=2e-12)


@pytest.mark.parametrize(("point", "expected"), SECOND)
def test_second_derivatives_of_gammainc(point, expected):
    assert ag.grad(ag.grad(sc.gammainc))(*point) == pytest.approx(expected, rel=2e-12)


SCALED = [(sc.ive, sc.iv, -1.0), (sc.kve, sc.kv, 1.0)]


@pytest.mark.parametrize(("scaled", "plain", "sign"), SCALED)
def test_scaled_functions_in_the_order(scaled, plain, sign):
    expected = ag.grad(plain)(0.3, 2.0) * np.exp(sign * 2.0)
    assert ag.grad(scaled)(0.3, 2.0) == pytest.approx(expected, rel=1e-13)


def test_ive_of_large_arguments_in_the_order():
    # I_v(z) ~ e^z / √(2πz) (1 - (4 v² - 1) / 8z + ...): -v / z of the scaled function
    assert ag.grad(sc.ive)(1.0, 1e6) / sc.ive(1.0, 1e6) == pytest.approx(-1e-6, rel=1e-5)


def test_kv_of_large_arguments_in_the_order():
    # K_v(z) ~ sqrt(π/2z) e^-z (1 + (4 v² - 1) / 8z + ...): v / z of the scaled function
    assert ag.grad(sc.kve)(1.0, 1e6) / sc.kve(1.0, 1e6) == pytest.approx(1e-6, rel=1e-5)


INVERSES = [
    (sc.gammaincinv, sc.gammainc, (2.5, 0.3), 1),
    (sc.gammainccinv, sc.gammaincc, (2.5, 0.3), 1),
    (sc.betaincinv, sc.betainc, (2.5, 1.5, 0.3), 2),
    (sc.betainccinv, sc.betaincc, (2.5, 1.5, 0.3), 2),
    (sc.chdtri, sc.chdtrc, (3.5, 0.3), 1),
    (sc.fdtri, sc.fdtr, (2.5, 4.5, 0.3), 2),
    (sc.stdtrit, sc.stdtr, (2.5, 0.3), 1),
    (sc.gdtrix, sc.gdtr, (2.5, 1.5, 0.3), 2),
    (sc.tklmbda, lambda x, shape: (x**shape - (1 - x) ** shape) / shape, (0.4, 0.5), 0),
]


@pytest.mark.parametrize("number", range(len(INVERSES)))
def test_a_function_of_its_inverse_is_flat_but_in_the_value(number):
    inverse, function, point, place = INVERSES[number]

    def there_and_back(*args):
        return function(*args[:place], inverse(*args), *args[place + 1 :])

    found = ag.grad(there_and_back, argnum=tuple(range(len(point))))(*point)
    np.testing.assert_allclose(found, np.eye(len(point))[place], atol=1e-11)


def test_large_arrays_are_computed_in_blocks_with_the_same_values():
    rng = np.random.default_rng(0)
    a, x = rng.uniform(0.5, 5.0, (3, 1)), rng.uniform(0.5, 5.0, 700)
    (found,) = ag.vjp(lambda a: sc.gammainc(a, x), np.repeat(a, 700, 1))[1](np.ones((3, 700)))
    rows = [ag.grad(lambda v, row=row: np.sum(sc.gammainc(v, x)))(np.full(700, row)) for row in a]
    np.testing.assert_allclose(found, rows, rtol=1e-13)


def test_counts_are_rounded_down_and_flat():
    with pytest.warns(UserWarning, match="independent"):
        assert ag.grad(sc.pdtr)(1.5, 0.4) == 0.0
    assert ag.grad(sc.pdtr, 1)(1.5, 0.4) == pytest.approx(-0.4 * np.exp(-0.4), rel=1e-14)
