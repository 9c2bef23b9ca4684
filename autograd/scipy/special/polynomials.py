"""Orthogonal polynomials, Legendre functions and hypergeometric functions, in the argument.

Each derivative is a function of the same kind with other parameters. In their degrees and
parameters they are not differentiated.
"""

import numpy as np
import scipy.special as sc

from autograd.ops.conversion import holds_tensor, joined
from autograd.primitive import elementwise
from autograd.scipy.special.common import no_derivative

# Hypergeometric functions, DLMF 13.3.15, 13.3.22, 15.5.1, and 16.3.1 for 0F1.

elementwise(
    sc.hyp0f1,
    no_derivative("hyp0f1", "v"),
    lambda g, v, z: g * sc.hyp0f1(v + 1, z) / v,
    parameters=("v", "z"),
)
elementwise(
    sc.hyp1f1,
    no_derivative("hyp1f1", "a"),
    no_derivative("hyp1f1", "b"),
    lambda g, a, b, x: g * (a / b * sc.hyp1f1(a + 1, b + 1, x)),
    parameters=("a", "b", "x"),
)
elementwise(
    sc.hyp2f1,
    no_derivative("hyp2f1", "a"),
    no_derivative("hyp2f1", "b"),
    no_derivative("hyp2f1", "c"),
    lambda g, a, b, c, z: g * (a * b / c * sc.hyp2f1(a + 1, b + 1, c + 1, z)),
    parameters=("a", "b", "c", "z"),
)
elementwise(
    sc.hyperu,
    no_derivative("hyperu", "a"),
    no_derivative("hyperu", "b"),
    lambda g, a, b, x: -g * (a * sc.hyperu(a + 1, b + 1, x)),
    parameters=("a", "b", "x"),
)

# Polynomials, DLMF 18.9.15 to 18.9.27. Of degree 0 the derivative is 0, and that of degree -1 is
# not asked for.


def polynomial(function, *names):
    """Return a decorator that states a polynomial; what it decorates is the slope, but at degree 0.

    `names` are of the parameters between the degree and the argument.
    """
    refused = [no_derivative(function.__name__, name) for name in ("n", *names)]

    def state(slope):
        def of_none(g, n, x):
            return g * np.where(n == 0, 0, slope(np.where(n == 0, 1, n), x))

        def of_one(g, n, alpha, x):
            return g * np.where(n == 0, 0, slope(np.where(n == 0, 1, n), alpha, x))

        def of_two(g, n, p, q, x):
            return g * np.where(n == 0, 0, slope(np.where(n == 0, 1, n), p, q, x))

        rule = (of_none, of_one, of_two)[len(names)]
        elementwise(function, *refused, rule, parameters=("n", *names, "x"))
        return slope

    return state


polynomial(sc.eval_jacobi, "p", "q")(
    lambda n, p, q, x: (n + p + q + 1) / 2 * sc.eval_jacobi(n - 1, p + 1, q + 1, x)
)
polynomial(sc.eval_sh_jacobi, "p", "q")(
    lambda n, p, q, x: n * sc.eval_sh_jacobi(n - 1, p + 2, q + 1, x)
)
polynomial(sc.eval_gegenbauer, "alpha")(
    lambda n, alpha, x: 2 * alpha * sc.eval_gegenbauer(n - 1, alpha + 1, x)
)
polynomial(sc.eval_genlaguerre, "alpha")(
    lambda n, alpha, x: -sc.eval_genlaguerre(n - 1, alpha + 1, x)
)
polynomial(sc.eval_laguerre)(lambda n, x: -sc.eval_genlaguerre(n - 1, 1.0, x))
polynomial(sc.eval_legendre)(lambda n, x: sc.eval_gegenbauer(n - 1, 1.5, x))
polynomial(sc.eval_sh_legendre)(lambda n, x: 2 * sc.eval_gegenbauer(n - 1, 1.5, 2 * x - 1))
polynomial(sc.eval_chebyt)(lambda n, x: n * sc.eval_chebyu(n - 1, x))
polynomial(sc.eval_chebyu)(lambda n, x: 2 * sc.eval_gegenbauer(n - 1, 2.0, x))
polynomial(sc.eval_chebyc)(lambda n, x: n * sc.eval_chebys(n - 1, x))
polynomial(sc.eval_chebys)(lambda n, x: sc.eval_gegenbauer(n - 1, 2.0, x / 2))
polynomial(sc.eval_sh_chebyt)(lambda n, x: 2 * n * sc.eval_chebyu(n - 1, 2 * x - 1))
polynomial(sc.eval_sh_chebyu)(lambda n, x: 4 * sc.eval_gegenbauer(n - 1, 2.0, 2 * x - 1))
polynomial(sc.eval_hermite)(lambda n, x: 2 * n * sc.eval_hermite(n - 1, x))
polynomial(sc.eval_hermitenorm)(lambda n, x: n * sc.eval_hermitenorm(n - 1, x))

# Legendre functions, DLMF 14.10.5.

elementwise(
    sc.lpmv,
    no_derivative("lpmv", "m"),
    no_derivative("lpmv", "v"),
    lambda g, ans, m, v, x: (
        g * ((v * x * ans - (v + m) * sc.lpmv(m, v - 1, x)) / ((x - 1) * (x + 1)))
    ),
    parameters=("m", "v", "x"),
)


def legendre_p(n, z, *, diff_n=0):
    """Return `scipy.special.legendre_p`, of Tensors too: a value, and `diff_n` derivatives."""
    if not holds_tensor((n, z)):
        return sc.legendre_p(n, z, diff_n=diff_n)
    z = joined(z)
    values = [legendre_derivative(n, z, order) for order in range(diff_n + 1)]
    return np.reshape(np.stack(values), np.shape(sc.legendre_p(n, z.data, diff_n=diff_n)))


def legendre_derivative(n, z, order):
    """Return a derivative of a Legendre polynomial, a Gegenbauer polynomial of lower degree."""
    if not order:
        return sc.eval_legendre(n, z)
    factor = sc.poch(0.5, order) * 2.0**order
    lower = sc.eval_gegenbauer(np.maximum(np.subtract(n, order), 0), 0.5 + order, z)
    return np.where(np.less(n, order), 0, factor * lower)
