"""Functions of pairs of samples: correlation, and the line through them."""

from typing import Any, NamedTuple

import numpy as np

from autograd.errors import KeywordError
from autograd.scipy.stats.betas import beta, t
from autograd.scipy.stats.summary import sample, stand_in


class PearsonRResult(NamedTuple):
    """What SciPy's result of that name has, but for its methods."""

    statistic: Any
    pvalue: Any


class Line(NamedTuple):
    """The five numbers that SciPy's result is unpacked into."""

    slope: Any
    intercept: Any
    rvalue: Any
    pvalue: Any
    stderr: Any


class LinregressResult(Line):
    """What SciPy's result of that name has."""

    intercept_stderr: Any


def two_sided(name, alternative):
    """Raise where a test is not two-sided."""
    if alternative != "two-sided":
        raise KeywordError(
            f"scipy.stats.{name} of a Tensor does not take alternative={alternative!r}; leave it "
            f"out, or pass arrays (t.data)"
        )


def products(x, y, axis):
    """Return the mean products of deviations: of x, of both, of y."""
    x, y = x - np.mean(x, axis, keepdims=True), y - np.mean(y, axis, keepdims=True)
    return np.mean(x * x, axis), np.mean(x * y, axis), np.mean(y * y, axis)


def correlation(x, y, axis):
    """Return the correlation, which rounding may not bring beyond 1."""
    xx, xy, yy = products(x, y, axis)
    return np.clip(xy / (np.sqrt(xx) * np.sqrt(yy)), -1, 1)


@stand_in
def pearsonr(x, y, *, alternative="two-sided", axis=0):
    two_sided("pearsonr", alternative)
    x, y = sample(x), sample(y)
    r, half = correlation(x, y, axis), x.shape[axis] / 2 - 1
    return PearsonRResult(r, 2 * beta.sf(np.abs(r), half, half, -1, 2))


@stand_in
def linregress(x, y, alternative="two-sided"):
    two_sided("linregress", alternative)
    x, y = sample(x), sample(y)
    (xx, xy, yy), df = products(x, y, 0), len(x) - 2
    slope, r = xy / xx, correlation(x, y, 0)
    left = (1 - r) * (1 + r)
    error = np.sqrt(left * yy / xx / df)
    pvalue = 2 * t.sf(np.abs(r * np.sqrt(df / left)), df)
    found = LinregressResult(slope, np.mean(y) - slope * np.mean(x), r, pvalue, error)
    found.intercept_stderr = error * np.sqrt(xx + np.mean(x) ** 2)
    return found
