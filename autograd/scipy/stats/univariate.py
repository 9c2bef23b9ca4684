"""Distributions of one variable: formulas of the standard form become SciPy's methods.

A formula is plain NumPy, about the standard form: location 0, scale 1. What does not depend on
the distribution is said once, here:

- `pdf` is the exponential of `logpdf`; `cdf`, `sf` and their logarithms follow from the one or two
  that are given, `isf` from `ppf`, and one side from the other where the density is symmetric;
- outside of the support there are constants, so the derivative is zero; at an end too, for what has
  a kink (`cdf` and its kin) or is infinite there; where a parameter is invalid, the result is NaN;
- as in SciPy, all is computed in float64, also of float32.

Of arrays methods are SciPy's own, to the last digit and the last warning, though the formulas here
would be three to six times as fast: what is not differentiated is what the program had without
autograd. Of Tensors nothing of SciPy's methods runs, of which checks alone take 20 µs a call.
"""

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from autograd.errors import NotDifferentiableError
from autograd.operands import value_of
from autograd.primitive import Primitive, elementwise
from autograd.scipy.stats.distribution import (
    Distribution,
    Formula,
    any_tensor,
    every,
    operand,
    some,
)
from autograd.zeros import is_finite

INF = math.inf
REALS = (-INF, INF)
SIDES = (("cdf", "sf"), ("sf", "cdf"))
OUTSIDE = {"cdf": (0, 1), "sf": (1, 0), "logcdf": (-INF, 0), "logsf": (0, -INF)}
"""What probabilities are below and above the support."""


# What formulas are made of.


def log_of_rest(x):
    """Return log(1 - e^x) for negative `x`: the log-probability that what has `x` is not so."""
    near = x > -math.log(2)
    expm1 = np.expm1(np.where(near, x, -1))
    return np.where(near, np.log(-expm1), np.log1p(-np.exp(np.where(near, -1, x))))[()]


def log_of_rest_rule(g, x):
    """Return the cotangent; where nothing is left it is zero, as where a probability is not."""
    return g * np.where(x == 0, 0, np.exp(x) / np.expm1(x - (x == 0)))


log1mexp: Primitive = elementwise(log_of_rest, log_of_rest_rule, name="log1mexp")


def log_of(one, other):
    """Return the function log `one`, of which `other` is the rest up to 1.

    It looks at the rest where that is the smaller. Where the probability has underflowed it is -inf
    without a derivative.
    """

    def logarithm(*args):
        p = one(*args)
        large, nothing = value_of(p) > 0.5, value_of(p) == 0
        if some(nothing):
            p = np.where(nothing, 1, p)
        found = np.log(p)
        if some(large):
            found = np.where(large, np.log1p(-np.where(large, other(*args), 0)), found)
        return np.where(nothing, -INF, found) if some(nothing) else found

    return logarithm


def both(*conditions):
    """Return where all conditions hold."""
    found = True
    for condition in conditions:
        found = found & condition
    return found


def positive(*shapes):
    """Return where all are: what SciPy asks of shape parameters if it has nothing else to ask."""
    return both(*(shape > 0 for shape in shapes))


def where_finite(formula, x, shapes, inside, elsewhere):
    """Return ``formula(x, *shapes)`` where `inside` and finite, else an infinity or a constant.

    `elsewhere` returns the constants, and a number to give the formula there, so that it makes no
    NaN and no warning.
    """
    if every(inside):
        found = formula(x, *shapes)
        if is_finite(found):
            return found
    constant, middle = elsewhere()
    limit = formula(np.where(inside, value_of(x), middle), *map(value_of, shapes))
    finite = inside & np.isfinite(limit)
    constant = np.where(inside & ~np.isnan(limit), limit, constant)
    return np.where(finite, formula(np.where(finite, x, middle), *shapes), constant)


def middle_of(lower, upper):
    """Return a number between two ends, or 1 from one where the other is infinite."""
    lower, upper = np.broadcast_arrays(lower, upper)
    from_lower = np.where(np.isfinite(lower), lower + 1, 0)
    middle = np.where(np.isfinite(lower), (lower + upper) / 2, upper - 1)
    return np.where(np.isfinite(upper), middle, from_lower)


# From some formulas to others.


def after(outer: Formula, inner: Formula) -> Formula:
    """Return `outer` of what `inner` returns."""
    return lambda *args: outer(inner(*args))


def mirrored(given: Mapping[str, Formula]) -> dict[str, Formula]:
    """Add what follows from the symmetry of a density about 0."""
    found = dict(given)
    for one, other in (*SIDES, ("logcdf", "logsf"), ("logsf", "logcdf")):
        if one in given:
            found.setdefault(other, lambda z, *shapes, f=given[one]: f(-z, *shapes))
    if "ppf" in given:
        found.setdefault("isf", lambda q, *shapes: -given["ppf"](q, *shapes))
    return found


def derived(given: Mapping[str, Formula]) -> dict[str, Formula]:
    """Add what follows from the formulas of any distribution."""
    found = dict(given)
    for one, _ in SIDES:
        if f"log{one}" in given:
            found.setdefault(one, after(np.exp, given[f"log{one}"]))
    for one, other in SIDES:
        if one in found and other not in found:
            logarithm = given.get(f"log{one}")
            if logarithm:
                found[other] = after(lambda x: -np.expm1(x), logarithm)
                found[f"log{other}"] = after(log1mexp, logarithm)
            else:
                found[other] = after(lambda p: 1 - p, found[one])
    for one, other in SIDES:
        if one in found:
            found.setdefault(f"log{one}", log_of(found[one], found[other]))
    for one, other in (("ppf", "isf"), ("isf", "ppf")):
        if one in given:
            found.setdefault(other, lambda q, *shapes, f=given[one]: f(1 - q, *shapes))
    return found


# The distributions.


class Univariate(Distribution):
    """A distribution of one variable.

    Parameters
    ----------
    model : scipy.stats.rv_continuous or scipy.stats.rv_discrete
    support : tuple of float, or callable
        Its ends; a callable is given the values of the shape parameters.
    valid : callable
        From the values of the shape parameters to where they are in their domain.
    **formulas : callable
        Of an argument in the standard form, if the method has one, and the shape parameters.
    """

    defaults: Mapping[str, float]

    def __init__(
        self,
        model: Any,
        support: tuple[float, float] | Callable[..., Any] = REALS,
        valid: Callable[..., Any] = positive,
        **formulas: Formula,
    ) -> None:
        super().__init__(model, **formulas)
        self.title, self.valid = model.name, valid
        self.ends = support if callable(support) else lambda *_: support
        self.shape_names = tuple((model.shapes or "").replace(",", " ").split())
        self.names = (*self.shape_names, *self.defaults)

    def parameters(self, args: Any, kwds: Mapping[str, Any]) -> list[Any]:
        """Return the parameters of a call in their order: shapes, location, scale."""
        given = dict(zip(self.names, args, strict=False))
        found = {**self.defaults, **given, **kwds}
        wrong = len(args) > len(self.names) or kwds.keys() & given.keys()
        if wrong or found.keys() != {*self.names}:
            raise TypeError(
                f"the parameters of scipy.stats.{self.title} are {', '.join(self.names)}; got "
                f"{len(args)} by position and {', '.join(kwds) or 'none'} by name"
            )
        return [operand(found[name]) for name in self.names]

    def at(self, name: str, x: Any, args: Any, kwds: Mapping[str, Any]) -> Any:
        """Return what a method says at `x`: SciPy's on arrays, by formula on Tensors."""
        if not any_tensor((x, *args), kwds):
            return getattr(self.model, name)(x, *args, **kwds)
        formula = self.formula(name)
        *shapes, last = self.parameters(args, kwds)
        with np.errstate(all="ignore"):
            return self.on_tensors(name, formula, operand(x), shapes, last)

    def on_tensors(self, name: str, formula: Formula, x: Any, shapes: Any, last: Any) -> Any:
        """Return what a method says by formula; `last` is the last parameter."""
        raise NotImplementedError

    def whole(self, name: str, args: Any, kwds: Mapping[str, Any]) -> Any:
        """Return what a method says of the distribution as a whole."""
        if not any_tensor(args, kwds):
            return getattr(self.model, name)(*args, **kwds)
        formula, found = self.formula(name), self.parameters(args, kwds)
        shapes, place = found[: len(self.shape_names)], found[len(self.shape_names) :]
        with np.errstate(all="ignore"):
            result = moved(name, formula(*shapes), *place)
            valid = both(self.valid(*map(value_of, shapes)), *(value_of(s) > 0 for s in place[1:]))
            return result if every(valid) else np.where(valid, result, math.nan)

    def entropy(self, *args: Any, **kwds: Any) -> Any:
        """Return the entropy, in nats."""
        return self.whole("entropy", args, kwds)

    def mean(self, *args: Any, **kwds: Any) -> Any:
        """Return the mean."""
        return self.whole("mean", args, kwds)

    def var(self, *args: Any, **kwds: Any) -> Any:
        """Return the variance."""
        return self.whole("var", args, kwds)

    def std(self, *args: Any, **kwds: Any) -> Any:
        """Return the standard deviation."""
        if not any_tensor(args, kwds):
            return self.model.std(*args, **kwds)
        return np.sqrt(self.var(*args, **kwds))

    def probability(
        self, name: str, formula: Formula, z: Any, shapes: Any, valid: Any, ends: tuple[Any, Any]
    ) -> Any:
        """Return `cdf` or one of its kin: constant below and above the ends, and at them."""
        at = value_of(z)
        below, above = at <= ends[0], at >= ends[1]

        def elsewhere():
            low, high = OUTSIDE[name]
            outside = np.where(below, low, np.where(above, high, math.nan))
            return np.where(valid, outside, math.nan), middle_of(*ends)

        inside = valid & ~(below | above | np.isnan(at))
        return where_finite(formula, z, shapes, inside, elsewhere)


def moved(name: str, value: Any, loc: Any, scale: Any = None) -> Any:
    """Return a property of the standard form after a change of location and scale."""
    if name == "entropy":
        return value + 0 * loc + (0 if scale is None else np.log(scale))
    scale = 1 if scale is None else scale
    return loc + scale * value if name == "mean" else scale * scale * value + 0 * loc


class Continuous(Univariate):
    """A continuous distribution, from its `logpdf` and what else has a formula of its own.

    Parameters
    ----------
    model : scipy.stats.rv_continuous
    symmetric : bool
        Whether the density is, about 0.
    closed : bool
        Whether the ends belong to the support; in SciPy not always.
    **options
        As for `Univariate`.

    Examples
    --------
    >>> import autograd as ag
    >>> from autograd.scipy.stats import norm
    >>> ag.grad(norm.logpdf)(1.0, 0.0, 2.0)
    np.float64(-0.25)
    """

    defaults: Mapping[str, float] = {"loc": 0.0, "scale": 1.0}

    def __init__(
        self, model: Any, *, symmetric: bool = False, closed: bool = True, **options: Any
    ) -> None:
        super().__init__(model, **options)
        self.closed = closed
        given = mirrored(self.formulas) if symmetric else self.formulas
        self.formulas = derived(given)
        self.formulas["pdf"] = self.formulas["logpdf"]  # the exponential is taken later

    def on_tensors(self, name: str, formula: Formula, x: Any, shapes: Any, last: Any) -> Any:
        """Return what a method says by formula; `last` is the scale."""
        *shapes, loc = shapes
        valid = self.valid(*map(value_of, shapes)) & (value_of(last) > 0)
        ends: Any = self.ends(*map(value_of, shapes))
        if name in {"ppf", "isf"}:
            ends = ends if name == "ppf" else ends[::-1]
            return self.quantile(formula, x, shapes, (loc, last), valid, ends)
        z = x if is_just(loc, 0) else x - loc
        if is_just(last, 1):
            last = None
        else:
            z = z / last
        if name.endswith("pdf"):
            found = self.density(formula, z, shapes, valid, ends, last)
            return np.exp(found) if name == "pdf" else found
        return self.probability(name, formula, z, shapes, valid, ends)

    def density(
        self, formula: Formula, z: Any, shapes: Any, valid: Any, ends: tuple[Any, Any], scale: Any
    ) -> Any:
        """Return the logarithm of the density."""

        def scaled(z, *shapes):
            found = formula(z, *shapes)
            return found if scale is None else found - np.log(scale)

        at, (lower, upper) = value_of(z), ends
        inside = valid if is_finite(at) else valid & np.isfinite(at)
        if ends is not REALS:
            inside = inside & (lower <= at) & (at <= upper)
        if not self.closed:
            inside = inside & (lower < at) & (at < upper)

        def elsewhere():
            return np.where(valid & ~np.isnan(at), -INF, math.nan), middle_of(*ends)

        return where_finite(scaled, z, shapes, inside, elsewhere)

    def quantile(
        self, formula: Formula, q: Any, shapes: Any, place: Any, valid: Any, ends: tuple[Any, Any]
    ) -> Any:
        """Return `ppf` or `isf`; `ends` are the values at 0 and 1, `place` is loc and scale."""
        at, (loc, scale) = value_of(q), place

        def elsewhere():
            return np.where(at == 0, ends[0], np.where(at == 1, ends[1], math.nan)), 0.5

        z = where_finite(formula, q, shapes, valid & (at > 0) & (at < 1), elsewhere)
        x, valid = loc + scale * z, valid & (at >= 0) & (at <= 1)
        return x if every(valid) else np.where(valid, x, math.nan)

    def pdf(self, x: Any, *args: Any, **kwds: Any) -> Any:
        """Return the density at `x`."""
        return self.at("pdf", x, args, kwds)

    def logpdf(self, x: Any, *args: Any, **kwds: Any) -> Any:
        """Return the logarithm of the density at `x`."""
        return self.at("logpdf", x, args, kwds)

    def cdf(self, x: Any, *args: Any, **kwds: Any) -> Any:
        """Return the probability of at most `x`."""
        return self.at("cdf", x, args, kwds)

    def sf(self, x: Any, *args: Any, **kwds: Any) -> Any:
        """Return the probability of more than `x`."""
        return self.at("sf", x, args, kwds)

    def logcdf(self, x: Any, *args: Any, **kwds: Any) -> Any:
        """Return the logarithm of the probability of at most `x`."""
        return self.at("logcdf", x, args, kwds)

    def logsf(self, x: Any, *args: Any, **kwds: Any) -> Any:
        """Return the logarithm of the probability of more than `x`."""
        return self.at("logsf", x, args, kwds)

    def ppf(self, q: Any, *args: Any, **kwds: Any) -> Any:
        """Return the quantile: the inverse of `cdf`."""
        return self.at("ppf", q, args, kwds)

    def isf(self, q: Any, *args: Any, **kwds: Any) -> Any:
        """Return the inverse of `sf`."""
        return self.at("isf", q, args, kwds)

    def median(self, *args: Any, **kwds: Any) -> Any:
        """Return the median."""
        return self.ppf(0.5, *args, **kwds)


def is_just(value: Any, number: float) -> bool:
    """Whether a parameter is one number and that one."""
    return type(value) is np.float64 and value == number


class Discrete(Univariate):
    """A distribution of whole numbers, from its `logpmf` and what else has a formula of its own.

    There is a derivative in the shape parameters only.

    Examples
    --------
    >>> import autograd as ag
    >>> from autograd.scipy.stats import poisson
    >>> ag.grad(poisson.logpmf, 1)(3, 2.0)
    np.float64(0.5)
    """

    defaults: Mapping[str, float] = {"loc": 0.0}

    def __init__(self, model: Any, **options: Any) -> None:
        super().__init__(model, **options)
        self.formulas = derived(self.formulas)
        self.formulas["pmf"] = self.formulas["logpmf"]

    def on_tensors(self, name: str, formula: Formula, x: Any, shapes: Any, last: Any) -> Any:
        """Return what a method says by formula; `last` is the location."""
        for what, value in (("k", x), ("loc", last)):
            if any_tensor((value,), {}):
                raise NotDifferentiableError(
                    f"scipy.stats.{self.title}.{name} has no derivative in {what}, a whole number; "
                    f"pass an array there (t.data)"
                )
        k, values = x - last, [value_of(shape) for shape in shapes]
        valid, (lower, upper) = self.valid(*values), self.ends(*values)
        if name.endswith("pmf"):
            inside = valid & (lower <= k) & (k <= upper) & (k == np.floor(k)) & np.isfinite(k)

            def elsewhere():
                constant = np.where(valid & ~np.isnan(k), -INF, math.nan)
                return constant, np.where(np.isfinite(lower), lower, 0)

            found = where_finite(formula, k, shapes, inside, elsewhere)
            return np.exp(found) if name == "pmf" else found
        return self.probability(name, formula, np.floor(k), shapes, valid, (lower - 1, upper))

    def cdf(self, k: Any, *args: Any, **kwds: Any) -> Any:
        """Return the probability of at most `k`."""
        return self.at("cdf", k, args, kwds)

    def sf(self, k: Any, *args: Any, **kwds: Any) -> Any:
        """Return the probability of more than `k`."""
        return self.at("sf", k, args, kwds)

    def logcdf(self, k: Any, *args: Any, **kwds: Any) -> Any:
        """Return the logarithm of the probability of at most `k`."""
        return self.at("logcdf", k, args, kwds)

    def logsf(self, k: Any, *args: Any, **kwds: Any) -> Any:
        """Return the logarithm of the probability of more than `k`."""
        return self.at("logsf", k, args, kwds)

    def pmf(self, k: Any, *args: Any, **kwds: Any) -> Any:
        """Return the probability of `k`."""
        return self.at("pmf", k, args, kwds)

    def logpmf(self, k: Any, *args: Any, **kwds: Any) -> Any:
        """Return the logarithm of the probability of `k`."""
        return self.at("logpmf", k, args, kwds)
