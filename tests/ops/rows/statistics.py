"""Rows of `autograd.ops.statistics`."""

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes

from tests.ops.case import FILLED, SEEDS, Case, axes, complex_, distinct, flags, one, positive, real

METHODS = [
    "inverted_cdf", "averaged_inverted_cdf", "closest_observation",
    "interpolated_inverted_cdf", "hazen", "weibull", "linear", "median_unbiased",
    "normal_unbiased", "lower", "higher", "midpoint", "nearest",
]  # fmt: skip
TABLES = array_shapes(min_dims=1, max_dims=2, min_side=2, max_side=5)
MATRICES = array_shapes(min_dims=1, max_dims=2, min_side=3, max_side=5)


@st.composite
def quantiles(draw, scale=None):
    """Return distinct numbers, and keywords of a quantile; of `median` without a scale."""
    args, keywords = draw(one(distinct, FILLED, axis=axes, keepdims=flags))
    if scale:
        q = draw(st.sampled_from([0.3, [0.1, 0.77], [[0.0, 1.0], [0.5, 0.25]]]))
        args.append(np.multiply(q, scale).tolist())
        keywords["method"] = draw(st.sampled_from(METHODS))
    return args, keywords


@st.composite
def holed(draw, domain=distinct, scale=None):
    """Return the same with NaN among the numbers, one number in each result at least."""
    args, keywords = draw(quantiles(scale))
    if scale:
        args[1] = np.ravel(args[1]).tolist()  # of more axes NumPy mixes the order of the result's
    array = args[0] = np.asarray(domain(np.random.default_rng(draw(SEEDS)), args[0].shape))
    holes = np.asarray(np.random.default_rng(draw(SEEDS)).random(array.shape) < 0.3)
    few = np.sum(~holes, keywords["axis"], keepdims=True) < 2
    holes[few & np.ones_like(holes)] = False
    array[holes] = np.nan
    return args, keywords


@st.composite
def spread(draw, domain=distinct):
    """Return numbers with NaN among them, several in each result, and keywords of `nanvar`."""
    shape = draw(TABLES)
    (array,), keywords = draw(one(domain, st.just(shape), axis=axes, keepdims=flags))
    keywords["ddof"] = draw(st.integers(0, 1))
    array[(0,) * array.ndim] = np.nan
    few = np.sum(~np.isnan(array), keywords["axis"], keepdims=True) < 2
    array[np.isnan(array) & few] = 7.7
    return [array], keywords


@st.composite
def weighted(draw):
    """Return numbers, an axis, and weights for each or for those of the axis."""
    shape = draw(TABLES)
    (array,), keywords = draw(one(real, st.just(shape), axis=axes, keepdims=flags))
    rng = np.random.default_rng(draw(SEEDS))
    axis = keywords["axis"]
    if isinstance(axis, int) and draw(st.booleans()):
        shape = (shape[axis],)
    weights = draw(st.sampled_from([None, positive(rng, shape)]))
    return [array, axis, weights], {"keepdims": keywords["keepdims"]}


@st.composite
def observed(draw, domain=real, options=True):
    """Return variables and keywords of `cov`, or without options of `corrcoef`."""
    shape = draw(MATRICES)
    args, keywords = draw(one(domain, st.just(shape), rowvar=flags))
    rng = np.random.default_rng(draw(SEEDS))
    if draw(st.booleans()):
        args.append(np.asarray(domain(np.random.default_rng([1, draw(SEEDS)]), shape)))
    if options:
        count = shape[-1] if keywords["rowvar"] or len(shape) == 1 else shape[0]
        keywords["bias"] = draw(st.booleans())
        keywords["ddof"] = draw(st.sampled_from([None, 0, 1]))
        if draw(st.booleans()):
            keywords["fweights"] = rng.integers(1, 4, count)
        if domain is real and draw(st.booleans()):  # complex sums differ from NumPy's by rounding
            keywords["aweights"] = rng.integers(1, 4, count) / 4
    return args, keywords


@st.composite
def counted(draw):
    """Return whole numbers, and a weight for each."""
    rng = np.random.default_rng(draw(SEEDS))
    size = draw(st.integers(1, 6))
    return [rng.integers(0, 4, size), rng.uniform(-3, 3, size)], {
        "minlength": draw(st.sampled_from([0, 7]))
    }


ROWS = [
    Case(np.median, quantiles()),
    Case(np.quantile, quantiles(1)),
    Case(np.percentile, quantiles(100)),
    Case(np.nanmedian, holed()),
    Case(np.nanquantile, holed(scale=1)),
    Case(np.nanpercentile, holed(scale=100)),
    Case(np.nansum, holed(real)),
    Case(np.nanprod, holed(real)),
    Case(np.nanmax, holed()),
    Case(np.nanmin, holed()),
    Case(np.nanmean, holed(real)),
    Case(np.nanvar, spread()),
    Case(np.nanvar, spread(complex_), label="complex"),
    Case(np.nanstd, spread()),
    Case(np.ptp, one(distinct, FILLED, axis=axes, keepdims=flags)),
    Case(np.average, weighted()),
    Case(np.cov, observed()),
    Case(np.cov, observed(complex_), label="complex"),
    Case(np.corrcoef, observed(options=False)),
    Case(np.bincount, counted()),
]
