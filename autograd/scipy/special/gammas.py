"""The gamma function and its kin, in all arguments."""

import math

import numpy as np
import scipy.special as sc

from autograd.errors import KeywordError
from autograd.ops.conversion import holds_tensor, joined
from autograd.primitive import Primitive, constant, elementwise
from autograd.scipy.special.common import in_double, no_derivative

# The polygamma functions. SciPy's are of real arguments; for complex ones, DLMF 5.15.8 (asymptotic)
# after steps to the right, with all terms reflected on the left (5.15.6), by hand for psi only.

polygamma: Primitive = elementwise(
    sc.polygamma,
    no_derivative("polygamma", "n"),
    lambda g, n, x: g * polygamma(n + 1, x),
)
STEPS, FACTORIALS = 16, 14
BERNOULLI = sc.bernoulli(2 * FACTORIALS)[2::2]


@in_double
def derivative_of_psi(x, n):
    """Return the n-th derivative of `psi`, for n of at least 1; complex arguments too."""
    if x.dtype.kind != "c":
        return sc.polygamma(n, x)
    left = x.real < 0
    z = np.where(left, 1 - x, x)
    sign = (-1) ** (n + 1)
    total = sum(sign * math.factorial(n) / (z + k) ** (n + 1) for k in range(STEPS))
    z = z + STEPS
    total = total + sign * (math.factorial(n - 1) / z**n + math.factorial(n) / (2 * z ** (n + 1)))
    for k, b in enumerate(BERNOULLI, 1):
        size = b * (math.factorial(2 * k + n - 1) / math.factorial(2 * k))
        total = total + sign * size / z ** (2 * k + n)
    return np.where(left, (-1) ** n * total - np.pi * derivative_of_cotangent(np.pi * x, n), total)


def derivative_of_cotangent(z, n):
    """Return the n-th derivative of cot(π x) in x, at z = π x: a polynomial in the cotangent."""
    polynomial = np.polynomial.Polynomial([0.0, 1.0])
    for _ in range(n):
        polynomial = polynomial.deriv() * np.polynomial.Polynomial([-np.pi, 0.0, -np.pi])
    return polynomial(1 / np.tan(z))


psi_derivative: Primitive = elementwise(
    derivative_of_psi, lambda g, x, n: g * psi_derivative(x, n + 1), name="derivative of psi"
)
elementwise(sc.psi, lambda g, x: g * psi_derivative(x, 1))

# Gamma: DLMF 5.2.2. Its reciprocal is entire: where psi has poles, by reflection (5.5.3).

elementwise(sc.gammaln, lambda g, x: g * sc.psi(x))
elementwise(sc.loggamma, lambda g, x: g * sc.psi(x))
elementwise(sc.gamma, lambda g, ans, x: g * ans * sc.psi(x))
constant(sc.gammasgn)


def slope_of_rgamma(x):
    """Return the derivative of 1 / gamma, at the poles of gamma too."""
    left = np.real(x) < 0.5
    a, b = np.where(left, x, 0.5), np.where(left, 0.5, x)
    turn = np.pi * a
    reflected = (np.cos(turn) - np.sin(turn) * (sc.psi(1 - a) / np.pi)) * sc.gamma(1 - a)
    return np.where(left, reflected, -sc.psi(b) * sc.rgamma(b))


elementwise(sc.rgamma, lambda g, x: g * slope_of_rgamma(x))

# Beta, binomials, rising factorials.

elementwise(
    sc.beta,
    lambda g, ans, x, y: g * ans * (sc.psi(x) - sc.psi(x + y)),
    lambda g, ans, x, y: g * ans * (sc.psi(y) - sc.psi(x + y)),
)
elementwise(
    sc.betaln,
    lambda g, x, y: g * (sc.psi(x) - sc.psi(x + y)),
    lambda g, x, y: g * (sc.psi(y) - sc.psi(x + y)),
)


def is_pole(x):
    """Whether gamma has a pole at x."""
    return (x <= 0) & (x == np.floor(x))


def binom_vjp_n(g, ans, x, y):
    """Return the cotangent of n; where n - k is a negative integer, binom is 0, its slope not."""
    low, slope = x - y + 1, sc.psi(x + 1)
    pole = is_pole(low)
    away = ans * (slope - sc.psi(np.where(pole, 1, low)))
    at = sc.gamma(x + 1) * sc.rgamma(y + 1) * slope_of_rgamma(np.where(pole, low, 0))
    return g * np.where(pole, at, away)


def binom_vjp_k(g, ans, x, y):
    """Return the cotangent of k, at the zeros of binom too."""
    low, up = x - y + 1, y + 1
    pole = is_pole(low) | is_pole(up)
    away = ans * (sc.psi(np.where(pole, 1, low)) - sc.psi(np.where(pole, 1, up)))
    low, up = np.where(pole, low, 1), np.where(pole, up, 1)
    at = slope_of_rgamma(up) * sc.rgamma(low) - sc.rgamma(up) * slope_of_rgamma(low)
    return g * np.where(pole, sc.gamma(np.where(pole, x, 0) + 1) * at, away)


elementwise(sc.binom, binom_vjp_n, binom_vjp_k)


def poch_vjp_z(g, ans, x, y):
    """Return the cotangent of z; of whole m, poch is a polynomial in z, also where gamma is not."""
    below, above = is_pole(x), is_pole(x + y)
    one, other = np.where(below, 1 - x - y, x + y), np.where(below, 1 - x, x)
    away = ans * (sc.psi(np.where(below & ~above, 1, one)) - sc.psi(other))
    at = sc.gamma(np.where(below & ~above, x + y, 1)) * slope_of_rgamma(np.where(below, x, 1))
    return g * np.where(below & ~above, at, away)


elementwise(sc.poch, poch_vjp_z, lambda g, ans, x, y: g * ans * sc.psi(x + y))


plain_multigammaln = vars(sc)["multigammaln"]  # which type checkers do not see


def multigammaln(a, d):
    """Return `scipy.special.multigammaln`, of Tensors too: a sum of `gammaln`."""
    if not holds_tensor(a):
        return plain_multigammaln(a, d)
    a = joined(a)
    plain_multigammaln(a.data, d)  # which raises where it is not defined
    terms = sc.gammaln(a[..., None] - np.arange(d) / 2)
    return d * (d - 1) / 4 * math.log(math.pi) + np.sum(terms, axis=-1)


# Counts. Exact ones are whole numbers of Python's and have no derivative.


def without_exact(name, **keywords):
    """Raise if a function of Tensors is asked for what has no derivative."""
    for keyword, value in keywords.items():
        if value:
            raise KeywordError(
                f"scipy.special.{name} of a Tensor does not take {keyword}={value!r}, which has no "
                f"derivative; leave it out, or pass an array (t.data)"
            )


def is_count(n, k):
    """Whether 0 <= k <= n."""
    return np.less_equal(k, n) & np.greater_equal(n, 0) & np.greater_equal(k, 0)


def comb(N, k, *, exact=False, repetition=False):
    """Return `scipy.special.comb`, of Tensors too unless it is exact."""
    if not holds_tensor((N, k)):
        return sc.comb(N, k, exact=exact, repetition=repetition)
    without_exact("comb", exact=exact)
    N, k = joined(N), joined(k)
    if not repetition:
        return np.where(is_count(N, k), sc.binom(N, k), 0)
    return np.where(np.equal(k, 0) & np.greater_equal(N, 0), 1, sc.binom(N + k - 1, k))


def perm(N, k, exact=False):
    """Return `scipy.special.perm`, of Tensors too unless it is exact."""
    if not holds_tensor((N, k)):
        return sc.perm(N, k, exact=exact)
    without_exact("perm", exact=exact)
    N, k = joined(N), joined(k)
    return np.where(is_count(N, k), sc.poch(N - k + 1, k), 0)


def factorial(n, exact=False, extend="zero"):
    """Return `scipy.special.factorial`, of Tensors too unless it is exact or extended."""
    if not holds_tensor(n):
        return sc.factorial(n, exact=exact, extend=extend)
    without_exact("factorial", exact=exact, extend=extend if extend != "zero" else None)
    n = joined(n)
    return np.where(n >= 0, sc.gamma(n + 1), 0)
