"""Functions whose derivative is zero wherever they have one: they return plain values."""

import operator

import numpy as np

from autograd.primitive import constant, on_values, set_operator

constant(
    np.floor,
    np.ceil,
    np.trunc,
    np.rint,
    np.round,
    np.around,
    np.fix,
    np.signbit,
    np.floor_divide,
    np.spacing,
)
constant(np.less, np.less_equal, np.greater, np.greater_equal, np.equal, np.not_equal)
constant(np.logical_and, np.logical_or, np.logical_xor, np.logical_not)
constant(
    np.isfinite,
    np.isinf,
    np.isnan,
    np.isposinf,
    np.isneginf,
    np.isclose,
    np.allclose,
    np.array_equal,
    np.array_equiv,
)
constant(np.iscomplex, np.iscomplexobj, np.isreal, np.isrealobj, np.isscalar)
constant(np.can_cast, np.common_type, np.min_scalar_type, np.result_type)
constant(np.may_share_memory, np.shares_memory)
constant(
    np.shape,
    np.ndim,
    np.size,
    np.zeros_like,
    np.ones_like,
    np.empty_like,
    np.array2string,
    np.array_repr,
    np.array_str,
)
constant(
    np.all,
    np.any,
    np.argmax,
    np.argmin,
    np.argsort,
    np.argpartition,
    np.argwhere,
    np.nonzero,
    np.flatnonzero,
)
constant(np.count_nonzero, np.searchsorted, np.nanargmax, np.nanargmin, np.digitize)

for name in ("lt", "le", "gt", "ge", "eq", "ne", "floordiv"):
    set_operator(name, on_values(getattr(operator, name)))
