"""Functions of samples: means, moments, entropies, power transforms, distances.

Of arrays they are SciPy's own. Of Tensors, `nan_policy` is "propagate".
"""

import functools
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import scipy.special as sc
from scipy import stats

from autograd.errors import KeywordError
from autograd.operands import value_of
from autograd.ops.conversion import joined
from autograd.scipy.stats.distribution import any_tensor, some
from autograd.tensor import Tensor

FUNCTIONS: dict[str, Callable[..., Any]] = {}
"""By their names in `scipy.stats`."""


def stand_in(function):
    """Enter a function of Tensors as what stands for SciPy's of that name."""
    name = function.__name__
    scipys = getattr(stats, name)

    @functools.wraps(scipys)
    def called(*args, **kwds):
        if not any_tensor(args, kwds):
            return scipys(*args, **kwds)
        for keyword, neutral in (("nan_policy", "propagate"), ("method", None), ("alpha", None)):
            if kwds.pop(keyword, neutral) != neutral:
                raise KeywordError(
                    f"scipy.stats.{name} of a Tensor does not take {keyword}= other than "
                    f"{neutral!r}; leave it out, or pass arrays (t.data)"
                )
        with np.errstate(all="ignore"):
            return function(*args, **kwds)

    FUNCTIONS[name] = called
    return called


def sample(value: Any) -> Any:
    """Return a Tensor or an array of floats in their own dtype, unlike in distributions."""
    x = joined(value)
    if isinstance(x, Tensor):
        return x
    x = np.asarray(x)
    return x if x.dtype.kind == "f" else x.astype(np.float64)


def flat(a, axis):
    """Return an array and an axis, which is the first of the raveled array for None."""
    a = sample(a)
    return (np.ravel(a), 0) if axis is None else (a, axis)


def central(a, order, axis, center=None):
    """Return the mean power of deviations, from the mean or from `center`; axes kept."""
    deviation = a - (np.mean(a, axis, keepdims=True) if center is None else center)
    return np.mean(deviation**order, axis, keepdims=True)


def reduced(a, axis, keepdims, original):
    """Return a result whose axes were kept without that of the reduction, or with all."""
    if not keepdims:
        return np.squeeze(a, axis)
    return np.reshape(a, (1,) * np.ndim(original)) if np.ndim(a) != np.ndim(original) else a


# Scores.


@stand_in
def zmap(scores, compare, axis=0, ddof=0):
    scores, (compare, axis) = sample(scores), flat(compare, axis)
    center = np.mean(compare, axis, keepdims=True)
    return (scores - center) / np.std(compare, axis, ddof=ddof, keepdims=True)


@stand_in
def zscore(a, axis=0, ddof=0):
    a = sample(a)
    if axis is not None:
        return zmap(a, a, axis, ddof)
    return (a - np.mean(a)) / np.std(a, ddof=ddof)


@stand_in
def gzscore(a, *, axis=0, ddof=0):
    return zscore(np.log(sample(a)), axis, ddof)


# Means.


def weighted(a, axis, weights, keepdims):
    """Return the weighted mean."""
    if weights is None:
        return np.mean(a, axis, keepdims=keepdims)
    weights = sample(weights) * np.ones_like(value_of(a))
    total = np.sum(weights, axis, keepdims=keepdims)
    return np.sum(a * weights, axis, keepdims=keepdims) / total


def typed(a, dtype):
    a = sample(a)
    return a if dtype is None else a.astype(dtype)


@stand_in
def gmean(a, axis=0, dtype=None, weights=None, *, keepdims=False):
    return np.exp(weighted(np.log(typed(a, dtype)), axis, weights, keepdims))


@stand_in
def hmean(a, axis=0, dtype=None, *, weights=None, keepdims=False):
    a = typed(a, dtype)
    negative = np.any(value_of(a) < 0, axis=axis, keepdims=keepdims)
    found = 1 / weighted(1 / a, axis, weights, keepdims)
    return np.where(negative, math.nan, found) if some(negative) else found


@stand_in
def pmean(a, p, *, axis=0, dtype=None, weights=None, keepdims=False):
    a, p = typed(a, dtype), sample(p)
    if np.ndim(p) == 0 and value_of(p) == 0:
        return gmean(a, axis, weights=weights, keepdims=keepdims)
    return weighted(a**p, axis, weights, keepdims) ** (1 / p)


@stand_in
def gstd(a, axis=0, ddof=1, *, keepdims=False):
    return np.exp(np.std(np.log(sample(a)), axis, ddof=ddof, keepdims=keepdims))


# Moments.


@stand_in
def moment(a, order=1, axis=0, *, center=None, keepdims=False):
    if np.ndim(order):
        found = [moment(a, int(n), axis, center=center, keepdims=keepdims) for n in np.ravel(order)]
        return np.stack(found)
    original = sample(a)
    a, axis = flat(original, axis)
    if order == 1 and center is None:
        found = 0 * np.mean(a, axis, keepdims=True)
    else:
        found = central(a, order, axis, center)
    return reduced(found, axis, keepdims, original)


@stand_in
def skew(a, axis=0, bias=True, *, keepdims=False):
    original = sample(a)
    a, axis = flat(original, axis)
    n, m2 = a.shape[axis], central(a, 2, axis)
    found = central(a, 3, axis) / m2**1.5
    if not bias and n > 2:
        found = found * (math.sqrt(n * (n - 1)) / (n - 2))
    return reduced(found, axis, keepdims, original)


@stand_in
def kurtosis(a, axis=0, fisher=True, bias=True, *, keepdims=False):
    original = sample(a)
    a, axis = flat(original, axis)
    n, m2 = a.shape[axis], central(a, 2, axis)
    found = central(a, 4, axis) / (m2 * m2)
    if not bias and n > 3:
        excess = (n * n - 1) * found - 3 * (n - 1) ** 2
        found = excess / ((n - 2) * (n - 3)) + 3
    return reduced(found - 3 if fisher else found, axis, keepdims, original)


@stand_in
def sem(a, axis=0, ddof=1, *, keepdims=False):
    original = sample(a)
    a, axis = flat(original, axis)
    found = np.std(a, axis, ddof=ddof, keepdims=True) / math.sqrt(a.shape[axis])
    return reduced(found, axis, keepdims, original)


@stand_in
def variation(a, axis=0, ddof=0, *, keepdims=False):
    original = sample(a)
    a, axis = flat(original, axis)
    found = np.std(a, axis, ddof=ddof, keepdims=True) / np.mean(a, axis, keepdims=True)
    return reduced(found, axis, keepdims, original)


@stand_in
def entropy(pk, qk=None, base=None, axis=0, *, keepdims=False):
    pk = sample(pk)
    pk = pk / np.sum(pk, axis, keepdims=True)
    if qk is None:
        terms = sc.entr(pk)
    else:
        qk = sample(qk)
        terms = sc.rel_entr(pk, qk / np.sum(qk, axis, keepdims=True))
    found = np.sum(terms, axis, keepdims=keepdims)
    return found if base is None else found / math.log(base)


# Power transforms, and the likelihoods of their exponents.


@stand_in
def boxcox(x, lmbda=None, optimizer=None):
    if lmbda is None:
        raise KeywordError(
            "scipy.stats.boxcox of a Tensor needs lmbda=; without, it is a search for the best one"
        )
    return sc.boxcox(sample(x), sample(lmbda))


def log_likelihood(transformed, log_slopes, axis, keepdims):
    """Return the log-likelihood of an exponent, the variance being the best one."""
    n = transformed.shape[axis]
    log_variance = np.log(np.var(transformed, axis, keepdims=keepdims))
    return np.sum(log_slopes, axis, keepdims=keepdims) - n / 2 * log_variance


@stand_in
def boxcox_llf(lmb, data, *, axis=0, keepdims=False):
    lmb, data = sample(lmb), sample(data)
    logs = np.log(data)
    return log_likelihood(sc.boxcox(data, lmb), (lmb - 1) * logs, axis, keepdims)


@stand_in
def yeojohnson(x, lmbda=None):
    if lmbda is None:
        raise KeywordError(
            "scipy.stats.yeojohnson of a Tensor needs lmbda=; without, it is a search for the best"
        )
    x, lmbda = sample(x), sample(lmbda)
    right = x >= 0
    above = sc.boxcox1p(np.where(right, x, 0), lmbda)
    return np.where(right, above, -sc.boxcox1p(np.where(right, 0, -x), 2 - lmbda))


@stand_in
def yeojohnson_llf(lmb, data, *, axis=0, keepdims=False):
    lmb, data = sample(lmb), sample(data)
    slopes = (lmb - 1) * np.sign(value_of(data)) * np.log1p(np.abs(data))
    return log_likelihood(yeojohnson(data, lmb), slopes, axis, keepdims)


# Distances of distributions in one dimension: integrals of powers of differences of their cdfs.


def cdf_distance(p, u, v, u_weights, v_weights):
    u, v = sample(u), sample(v)
    values = np.concatenate([u, v])
    order = np.argsort(value_of(values), kind="stable")
    steps = [share(u, u_weights), -share(v, v_weights)]
    levels = np.cumsum(np.take_along_axis(np.concatenate(steps), order, 0))[:-1]
    gaps = np.diff(np.take_along_axis(values, order, 0))
    powers = np.abs(levels) if p == 1 else np.square(levels)
    return np.sum(powers * gaps)


def share(x, weights):
    """Return what each element adds to the cdf of a sample."""
    if weights is None:
        return np.full(len(x), 1 / len(x))
    weights = sample(weights)
    return weights / np.sum(weights)


@stand_in
def wasserstein_distance(u_values, v_values, u_weights=None, v_weights=None):
    return cdf_distance(1, u_values, v_values, u_weights, v_weights)


@stand_in
def energy_distance(u_values, v_values, u_weights=None, v_weights=None):
    return np.sqrt(2 * cdf_distance(2, u_values, v_values, u_weights, v_weights))
