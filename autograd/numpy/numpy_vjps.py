"""What programs import from HIPS autograd's rules of NumPy: the undoing of broadcasts.

Here the walk undoes them; rules of programs may do so themselves.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from autograd import broadcasting
from autograd.compat.primitives import defvjp, defvjp_argnum
from autograd.operands import value_of

__all__ = ["defvjp", "defvjp_argnum", "match_complex", "replace_zero", "unbroadcast", "unbroadcast_f"]


def match_complex(target: Any, x: Any) -> Any:
    """Return `x` as a complex or a real number, as `target` is."""
    wanted, given = (np.iscomplexobj(value_of(value)) for value in (target, x))
    return np.real(x) if given and not wanted else x + 0j if wanted and not given else x


def unbroadcast_f(target: Any, f: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Return `f` with its results summed down to the shape of `target`, real where that is real.

    Examples
    --------
    >>> unbroadcast_f(np.ones(3), lambda g: 2 * g)(np.ones((2, 3)))
    array([4., 4., 4.])
    """
    shape, is_real = np.shape(target), not np.iscomplexobj(value_of(target))

    def summed(g: Any) -> Any:
        x = f(g)
        x = x if hasattr(x, "shape") else np.asarray(x)
        if x.shape != shape:
            fits = x.ndim >= len(shape)
            x = broadcasting.unbroadcast(x, shape) if fits else np.broadcast_to(x, shape)
        return np.real(x) if is_real and np.iscomplexobj(value_of(x)) else x

    return summed


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
