"""What programs import from HIPS autograd's rules of NumPy: the undoing of broadcasts.

Here the walk undoes them; rules of programs may do so themselves.
"""

from typing import Any

import numpy as np

from autograd import broadcasting
from autograd.compat.primitives import unbroadcast_f
from autograd.compat.statements import defvjp, defvjp_argnum
from autograd.operands import value_of

__all__ = [
    "defvjp",
    "defvjp_argnum",
    "match_complex",
    "replace_zero",
    "unbroadcast",
    "unbroadcast_f",
]


def match_complex(target: Any, x: Any) -> Any:
    """Return `x` as a complex or a real number, as `target` is."""
    wanted, given = (np.iscomplexobj(value_of(value)) for value in (target, x))
    return np.real(x) if given and not wanted else x + 0j if wanted and not given else x


def unbroadcast(x: Any, target_meta: Any, broadcast_idx: int = 0) -> Any:
    """Return `x` summed down to a shape, of ``target_meta = (shape, ndim, dtype, is complex)``.

    `broadcast_idx` is the first of the axes that `x` has more; HIPS's rules with a batch use -1.
    """
    shape, _, _, is_complex = target_meta
    x = x if hasattr(x, "shape") else np.asarray(x)
    extra = x.ndim - len(shape)
    if extra > 0 and broadcast_idx:
        x = np.sum(x, axis=tuple(range(x.ndim))[broadcast_idx:][:extra])
    if np.shape(x) != tuple(shape):
        x = broadcasting.unbroadcast(x, tuple(shape))
    return x if is_complex else np.real(x)


def replace_zero(x: Any, val: Any) -> Any:
    """Return `x` with `val` where it is zero."""
    return np.where(x, x, val)
