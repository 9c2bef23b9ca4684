"""Signals as functions of time and of a few parameters."""

from typing import Any

import numpy as np
import scipy.signal

from autograd.operands import value_of
from autograd.ops.conversion import holds_tensor
from autograd.scipy.signal.convolution import as_array


def chirp(
    t: Any,
    f0: Any,
    t1: Any,
    f1: Any,
    method: str = "linear",
    phi: Any = 0,
    vertex_zero: bool = True,
    *,
    complex: bool = False,
) -> Any:
    """Return a cosine whose frequency goes from `f0` at time 0 to `f1` at time `t1`.

    Examples
    --------
    >>> import autograd as ag
    >>> ag.grad(chirp, 1)(0.25, 1.0, 1.0, 1.0)  # -2π t sin 2π t, less a half of what t² changes
    np.float64(-1.3744)
    """
    if not holds_tensor((t, f0, t1, f1, phi)):
        more = {"complex": True} if complex else {}
        return scipy.signal.chirp(t, f0, t1, f1, method, phi, vertex_zero, **more)
    phase = 2 * np.pi * _turns(as_array(t), f0, t1, f1, method, vertex_zero)
    phase = phase + as_array(phi) * (np.pi / 180)
    return np.cos(phase) + 1j * np.sin(phase) if complex else np.cos(phase)


def _turns(t: Any, f0: Any, t1: Any, f1: Any, method: str, vertex_zero: bool) -> Any:
    """Return the integral of the frequency."""
    if method in ("linear", "lin", "li"):
        return f0 * t + 0.5 * (f1 - f0) / t1 * t * t
    if method in ("quadratic", "quad", "q"):
        beta = (f1 - f0) / t1**2
        if vertex_zero:
            return f0 * t + beta * t**3 / 3
        return f1 * t + beta * ((t1 - t) ** 3 - t1**3) / 3
    ends = value_of(f0), value_of(f1)
    if method in ("logarithmic", "log", "lo"):
        if ends[0] * ends[1] <= 0:
            raise ValueError("f0 and f1 must be nonzero and have the same sign.")
        if ends[0] == ends[1]:
            return f0 * t
        beta = t1 / np.log(f1 / f0)
        return beta * f0 * ((f1 / f0) ** (t / t1) - 1.0)
    if method not in ("hyperbolic", "hyp"):
        raise ValueError(f"method must be 'linear', 'quadratic', 'logarithmic' or 'hyperbolic', "
                         f"got {method!r}")  # fmt: skip
    if 0 in ends:
        raise ValueError("f0 and f1 must be nonzero.")
    if ends[0] == ends[1]:
        return f0 * t
    singular = -f1 * t1 / (f0 - f1)
    return -singular * f0 * np.log(np.abs(1 - t / singular))


def sawtooth(t: Any, width: Any = 1) -> Any:
    """Return a wave that rises to 1 in the part `width` of its period 2π, and then falls to -1.

    Examples
    --------
    >>> import autograd as ag
    >>> ag.grad(sawtooth)(1.0)  # 1 / π
    np.float64(0.3183)
    """
    if not holds_tensor((t, width)):
        return scipy.signal.sawtooth(t, width)
    t, width = as_array(t), as_array(width)
    part = np.mod(t, 2 * np.pi)
    rising = part < width * 2 * np.pi
    up = part / (np.pi * np.where(rising, width, 1.0)) - 1
    down = (np.pi * (width + 1) - part) / (np.pi * np.where(rising, 1.0, 1 - width))
    valid = (value_of(width) >= 0) & (value_of(width) <= 1)
    return np.where(valid, np.where(rising, up, down), np.nan)


def gausspulse(
    t: Any,
    fc: Any = 1000,
    bw: Any = 0.5,
    bwr: Any = -6,
    tpr: Any = -60,
    retquad: bool = False,
    retenv: bool = False,
) -> Any:
    """Return a sinusoid of frequency `fc` under a Gaussian; with `retquad`, `retenv`, more of it.

    Examples
    --------
    >>> import autograd as ag
    >>> ag.grad(gausspulse)(0.0)
    np.float64(0.0)
    """
    if not holds_tensor((t, fc, bw)):
        return scipy.signal.gausspulse(t, fc, bw, bwr, tpr, retquad, retenv)
    t = as_array(t)
    level = 10.0 ** (bwr / 20.0)
    envelope = np.exp((np.pi * fc * bw) ** 2 / (4.0 * np.log(level)) * t * t)
    found = [envelope * np.cos(2 * np.pi * fc * t)]
    found += [envelope * np.sin(2 * np.pi * fc * t)] * retquad + [envelope] * retenv
    return found[0] if len(found) == 1 else tuple(found)
