"""Noncentral distribution functions: chi squared, F and Student's, but in degrees of freedom."""

import math

import numpy as np
import scipy.special as sc

from autograd.primitive import Primitive, elementwise
from autograd.scipy.special.common import in_blocks, no_derivative
from autograd.scipy.special.densities import beta_density

# Noncentral chi squared: DLMF has none; Johnson, Kotz, Balakrishnan, Continuous Univariate
# Distributions 2, 29.5: the density by Bessel's function, and half of what two more degrees change.


def noncentral_density(x, df, nc):
    """Return the slope of `chndtr` in x: where nc x is small, by the series 0F1, not I."""
    product, order = nc * x, df / 2 - 1
    small = product < 1
    p, n, y = np.where(small, 1, product), np.where(small, 1, nc), np.where(small, 1, x)
    rise = np.exp(-((np.sqrt(y) - np.sqrt(n)) ** 2) / 2)
    far = rise / 2 * np.power(y / n, order / 2) * sc.ive(order, np.sqrt(p))
    p, n, y = np.where(small, product, 0), np.where(small, nc, 0), np.where(small, x, 1)
    near = np.exp(-(y + n) / 2) / 2 * np.power(y / 2, order) * sc.rgamma(order + 1)
    return np.where(small, near * sc.hyp0f1(order + 1, p / 4), far)


elementwise(
    sc.chndtr,
    lambda g, x, df, nc: g * noncentral_density(x, df, nc),
    no_derivative("chndtr", "df"),
    lambda g, x, df, nc: -g * noncentral_density(x, df + 2, nc),
    parameters=("x", "df", "nc"),
)
elementwise(
    sc.chndtrix,
    lambda g, ans, df, nc: g / noncentral_density(ans, df, nc),
    no_derivative("chndtrix", "df"),
    lambda g, ans, df, nc: (
        g * noncentral_density(ans, df + 2, nc) / noncentral_density(ans, df, nc)
    ),
    parameters=("p", "df", "nc"),
)
elementwise(
    sc.chndtrinc,
    lambda g, ans, x, df: g * noncentral_density(x, df, ans) / noncentral_density(x, df + 2, ans),
    no_derivative("chndtrinc", "df"),
    lambda g, ans, x, df: -g / noncentral_density(x, df + 2, ans),
    parameters=("x", "df", "p"),
)

# Noncentral F: a mixture of beta distributions with Poisson weights, so 1F1 at nc y / 2 (30.2).


def noncentral_f(n, d, nc, f):
    """Return y = n f / (d + n f), and the argument of 1F1."""
    y = n * f / (d + n * f)
    return y, nc * y / 2


def f_density(n, d, nc, f):
    """Return the slope of `ncfdtr` in f."""
    y, z = noncentral_f(n, d, nc, f)
    series = sc.hyp1f1((n + d) / 2, n / 2, z) * np.exp(-nc / 2)
    return beta_density(n / 2, d / 2, y) * series * (n * d / (d + n * f) ** 2)


def f_in_noncentrality(n, d, nc, f):
    """Return the slope of `ncfdtr` in nc."""
    y, z = noncentral_f(n, d, nc, f)
    series = sc.hyp1f1((n + d) / 2, n / 2 + 1, z) * np.exp(-nc / 2)
    return -beta_density(n / 2, d / 2, y) * y * (1 - y) / n * series


elementwise(
    sc.ncfdtr,
    no_derivative("ncfdtr", "dfn"),
    no_derivative("ncfdtr", "dfd"),
    lambda g, dfn, dfd, nc, f: g * f_in_noncentrality(dfn, dfd, nc, f),
    lambda g, dfn, dfd, nc, f: g * f_density(dfn, dfd, nc, f),
    parameters=("dfn", "dfd", "nc", "f"),
)
elementwise(
    sc.ncfdtri,
    no_derivative("ncfdtri", "dfn"),
    no_derivative("ncfdtri", "dfd"),
    lambda g, ans, dfn, dfd, nc: (
        -g * f_in_noncentrality(dfn, dfd, nc, ans) / f_density(dfn, dfd, nc, ans)
    ),
    lambda g, ans, dfn, dfd, nc: g / f_density(dfn, dfd, nc, ans),
    parameters=("dfn", "dfd", "nc", "p"),
)
# Noncentral t: the mean of Φ(t s - nc), where s² ν is of the chi squared distribution. Its slopes
# are means of s^m φ(t s - nc), which differentiated give each other.


NODES = 400


@in_blocks
def mean_of_normal_density(df, nc, t, m):
    """Return the mean of s^m φ(t s - nc), by equal steps of log s around the peak."""
    df, nc, t = np.broadcast_arrays(df, nc, t)
    total = df + t * t
    root = np.sqrt(t * t * nc * nc + 4 * total * (df + m))
    small = 2 * (df + m) / (root + np.abs(t * nc))
    peak = np.where(t * nc > 0, (np.abs(t * nc) + root) / (2 * total), small)
    width = 1 / np.sqrt(2 * (df + m) + peak * np.abs(t * nc) + 0.5)
    # on the left it falls as e^((ν+m) u) only, on the right faster than a normal density
    start, end = -9 * width - 40 / (df + m), 9 * width
    step = (end - start) / NODES
    u = start[..., None] + step[..., None] * np.arange(NODES + 1)
    s = peak[..., None] * np.exp(u)
    v, far = df[..., None], (t[..., None] * s - nc[..., None]) ** 2
    logs = (v + m) * np.log(s) - v * s * s / 2 - far / 2
    scale = df / 2 * np.log(df / 2) - sc.gammaln(df / 2) + math.log(2 / math.sqrt(2 * math.pi))
    return step * np.sum(np.exp(logs + scale[..., None]), axis=-1)


def mean_vjp_nc(g, df, nc, t, m):
    return g * (t * mean_of_density(df, nc, t, m + 1) - nc * mean_of_density(df, nc, t, m))


def mean_vjp_t(g, df, nc, t, m):
    further = mean_of_density(df, nc, t, m + 2)
    return g * (nc * mean_of_density(df, nc, t, m + 1) - t * further)


mean_of_density: Primitive = elementwise(
    mean_of_normal_density,
    no_derivative("nctdtr", "df"),
    mean_vjp_nc,
    mean_vjp_t,
    name="slope of nctdtr",
)
elementwise(
    sc.nctdtr,
    no_derivative("nctdtr", "df"),
    lambda g, df, nc, t: -g * mean_of_density(df, nc, t, 0),
    lambda g, df, nc, t: g * mean_of_density(df, nc, t, 1),
    parameters=("df", "nc", "t"),
)
elementwise(
    sc.nctdtrit,
    no_derivative("nctdtrit", "df"),
    lambda g, ans, df, nc: g * (mean_of_density(df, nc, ans, 0) / mean_of_density(df, nc, ans, 1)),
    lambda g, ans, df, nc: g / mean_of_density(df, nc, ans, 1),
    parameters=("df", "nc", "p"),
)
