"""Filters along one axis: recursive ones, and others that are sums with constant weights.

The transpose of a recursive filter is the same filter, run backward. With y = (b/a) x, a change of
b filters x/a, one of a filters -y/a; so all rules are filters again.
"""

from itertools import pairwise
from typing import Any

import numpy as np
import scipy.signal

from autograd.errors import KeywordError
from autograd.operands import value_of
from autograd.ops.conversion import holds_tensor
from autograd.primitive import Primitive, general
from autograd.scipy.signal.convolution import as_array, pair


def recursive(b, a, x):
    """Return SciPy's `lfilter` along the last axis."""
    return scipy.signal.lfilter(b, a, x)


def backward(b, a, x):
    """Return the transposed filter."""
    return filtered(b, a, x[..., ::-1])[..., ::-1]


def in_coefficients(g, u, count):
    """Return the sums of g times `u` shifted by 0, 1, 2 ..."""
    size = np.shape(u)[-1]
    shifted = [np.sum(g[..., k:] * u[..., : max(size - k, 0)]) for k in range(count)]
    return np.stack(shifted)


filtered: Primitive = general(
    recursive,
    lambda g, a, x, b_shape: in_coefficients(g, filtered(np.ones(1), a, x), b_shape[0]),
    lambda g, ans, a: -in_coefficients(g, filtered(np.ones(1), a, ans), np.shape(a)[0]),
    lambda g, b, a: backward(b, a, g),
    jvps=[
        lambda g, a, x: filtered(g, a, x),
        lambda g, ans, a: -filtered(g, a, ans),
        lambda g, b, a: filtered(b, a, g),
    ],
    name="lfilter",
)


def as_last(x: Any, axis: int) -> Any:
    return np.moveaxis(as_array(x), axis, -1)


def with_state(b: Any, a: Any, x: Any, zi: Any) -> tuple[Any, Any]:
    """Return what a filter makes of `x` in the last axis, and its state at the end."""
    size, count = x.shape[-1], max(len(b), len(a))
    b, a = (np.pad(c, (0, count - len(c))) for c in (b, a))
    b, a = b / a[0], a / a[0]
    y = filtered(b, a, x)
    missing = size - (count - 1)
    first = zi[..., :size]
    if missing > 0:
        first = np.concatenate([first, np.zeros((*first.shape[:-1], missing))], axis=-1)
    y = y + filtered(np.ones(1), a, first)
    # Each element of the state is a sum of what is to come of the last inputs and outputs.
    last = [np.flip(last_of(s, count - 1), -1) for s in (x, y)]
    places = np.add.outer(np.arange(count - 1), np.arange(count - 1)) + 1
    weights = [np.pad(c, (0, count))[places] for c in (b, a)]
    state = last[0] @ weights[0] - last[1] @ weights[1]
    if missing < 0:
        rest = zi[..., size:]
        zeros = np.zeros((*rest.shape[:-1], count - 1 - rest.shape[-1]))
        state = state + np.concatenate([rest, zeros], axis=-1)
    return y, state


def last_of(x: Any, count: int) -> Any:
    """Return the last elements in the last axis, zeros before them if there are less."""
    missing = count - x.shape[-1]
    if missing > 0:
        return np.concatenate([np.zeros((*x.shape[:-1], missing)), x], axis=-1)
    return x[..., x.shape[-1] - count :]


def lfilter(b: Any, a: Any, x: Any, axis: int = -1, zi: Any = None) -> Any:
    """Return what the filter with numerator `b` and denominator `a` makes of `x`.

    With a state `zi` at the start, a pair: that, and the state at the end.

    Examples
    --------
    >>> import autograd as ag
    >>> ag.jacobian(lambda x: lfilter([1.0], [1.0, -0.5], x))(np.zeros(3))
    array([[1.  , 0.  , 0.  ],
           [0.5 , 1.  , 0.  ],
           [0.25, 0.5 , 1.  ]])
    """
    if not holds_tensor((b, a, x, zi)):
        return scipy.signal.lfilter(b, a, x, axis, zi)
    b, a = np.atleast_1d(as_array(b)), np.atleast_1d(as_array(a))
    x = as_last(x, axis)
    if zi is None:
        return np.moveaxis(filtered(b, a, x), -1, axis)
    y, state = with_state(b, a, x, as_last(zi, axis))
    return np.moveaxis(y, -1, axis), np.moveaxis(state, -1, axis)


def lfilter_zi(b: Any, a: Any) -> Any:
    """Return the state of a filter that ones have gone through for ever.

    Examples
    --------
    >>> import autograd as ag
    >>> ag.grad(lambda a: lfilter_zi([1.0], np.stack([1.0, a]))[0])(-0.5)  # 1 / (1 + a) - 1
    np.float64(-4.0)
    """
    if not holds_tensor((b, a)):
        return scipy.signal.lfilter_zi(b, a)
    b, a = np.atleast_1d(as_array(b)), np.atleast_1d(as_array(a))
    count = max(len(b), len(a))
    b, a = (np.pad(c, (0, count - len(c))) for c in (b, a))
    b, a = b / a[0], a / a[0]
    below = np.eye(count - 1, k=1)
    first = np.zeros(count - 1)
    first[:1] = 1
    matrix = np.eye(count - 1) - below + np.outer(a[1:], first)
    return np.linalg.solve(matrix, b[1:] - a[1:] * b[0])


def sections(sos: Any) -> Any:
    """Return the coefficients of second-order sections, checked."""
    sos = as_array(sos)
    if np.ndim(sos) != 2 or sos.shape[1] != 6:
        raise ValueError(f"sos array must be shape (n_sections, 6), got {sos.shape}")
    return sos


def sosfilt(sos: Any, x: Any, axis: int = -1, zi: Any = None) -> Any:
    """Return what a chain of second-order sections makes of `x`.

    With states `zi` at the start, a pair: that, and the states at the end.

    Examples
    --------
    >>> import autograd as ag
    >>> half = np.array([[0.5, 0.5, 0.0, 1.0, 0.0, 0.0]])
    >>> ag.grad(lambda x: sosfilt(half, x)[1])(np.zeros(2))
    array([0.5, 0.5])
    """
    if not holds_tensor((sos, x, zi)):
        return scipy.signal.sosfilt(sos, x, axis, zi)
    sos, x = sections(sos), as_last(x, axis)
    if zi is None:
        for section in sos:
            x = filtered(section[:3], section[3:], x)
        return np.moveaxis(x, -1, axis)
    states = np.moveaxis(as_array(zi), axis % x.ndim + 1, -1)
    found = []
    for section, state in zip(sos, states, strict=True):
        x, last = with_state(section[:3], section[3:], x, state)
        found.append(last)
    return np.moveaxis(x, -1, axis), np.moveaxis(np.stack(found), -1, axis % x.ndim + 1)


def sosfilt_zi(sos: Any) -> Any:
    """Return the states of sections that ones have gone through for ever.

    Examples
    --------
    >>> import autograd as ag
    >>> half = np.array([[0.5, 0.5, 0.0, 1.0, 0.0, 0.0]])
    >>> ag.grad(lambda sos: sosfilt_zi(sos)[0, 0])(half)[0, :3]
    array([0., 1., 1.])
    """
    if not holds_tensor((sos,)):
        return scipy.signal.sosfilt_zi(sos)
    gain, found = 1.0, []
    for section in sections(sos):
        b, a = section[:3], section[3:]
        found.append(gain * lfilter_zi(b, a))
        gain = gain * np.sum(b) / np.sum(a)
    return np.stack(found)


# Forward and backward.


def extended(x: Any, padtype: Any, length: int) -> Any:
    """Return `x` continued at both ends of the last axis."""
    if padtype not in ("odd", "even", "constant", None):
        raise ValueError(
            f"Unknown value '{padtype}' given to padtype. padtype must be 'even', 'odd', "
            f"'constant', or None."
        )
    if padtype is None or length == 0:
        return x
    if x.shape[-1] <= length:
        raise ValueError(
            f"The length of the input vector x must be greater than padlen, which is {length}."
        )
    first, last = x[..., :1], x[..., -1:]
    if padtype == "constant":
        ones = np.ones(length)
        return np.concatenate([first * ones, x, last * ones], axis=-1)
    before, after = x[..., length:0:-1], x[..., -2 : -length - 2 : -1]
    if padtype == "odd":
        before, after = 2 * first - before, 2 * last - after
    return np.concatenate([before, x, after], axis=-1)


def forward_backward(run: Any, x: Any, axis: int, padtype: Any, length: int) -> Any:
    """Return what a filter makes of `x` and then of that backward; ``run(x, first)`` is both."""
    x = as_last(x, axis)
    length = 0 if padtype is None else length
    y = run(extended(x, padtype, length))
    y = run(y[..., ::-1])[..., ::-1]
    return np.moveaxis(y[..., length : y.shape[-1] - length], -1, axis)


def filtfilt(
    b: Any,
    a: Any,
    x: Any,
    axis: int = -1,
    padtype: Any = "odd",
    padlen: Any = None,
    method: str = "pad",
    irlen: Any = None,
) -> Any:
    """Return what a filter, applied forward and backward, makes of `x`.

    Examples
    --------
    >>> import autograd as ag
    >>> ag.grad(lambda x: filtfilt([0.5, 0.5], [1.0], x, padlen=0)[1])(np.zeros(3))
    array([0.25, 0.5 , 0.25])
    """
    if not holds_tensor((b, a, x)):
        return scipy.signal.filtfilt(b, a, x, axis, padtype, padlen, method, irlen)
    if method != "pad":
        raise KeywordError(f"filtfilt of a Tensor does not take method={method!r}; use 'pad'")
    b, a = np.atleast_1d(as_array(b)), np.atleast_1d(as_array(a))
    zi = lfilter_zi(b, a)
    run = lambda x: with_state(b, a, x, zi * x[..., :1])[0]
    length = 3 * max(len(a), len(b)) if padlen is None else padlen
    return forward_backward(run, x, axis, padtype, length)


def sosfiltfilt(sos: Any, x: Any, axis: int = -1, padtype: Any = "odd", padlen: Any = None) -> Any:
    """Return what a chain of sections, applied forward and backward, makes of `x`.

    Examples
    --------
    >>> import autograd as ag
    >>> half = np.array([[0.5, 0.5, 0.0, 1.0, 0.0, 0.0]])
    >>> ag.grad(lambda x: sosfiltfilt(half, x, padlen=0)[1])(np.zeros(3))
    array([0.25, 0.5 , 0.25])
    """
    if not holds_tensor((sos, x)):
        return scipy.signal.sosfiltfilt(sos, x, axis, padtype, padlen)
    sos = sections(sos)
    zi, values = sosfilt_zi(sos), value_of(sos)
    taps = 2 * len(values) + 1 - min(np.sum(values[:, 2] == 0), np.sum(values[:, 5] == 0))

    def run(x: Any) -> Any:
        first = x[..., :1]
        for section, state in zip(sos, zi, strict=True):
            x = with_state(section[:3], section[3:], x, state * first)[0]
        return x

    return forward_backward(run, x, axis, padtype, int(3 * taps if padlen is None else padlen))


def decimate(
    x: Any, q: int, n: Any = None, ftype: Any = "iir", axis: int = -1, zero_phase: bool = True
) -> Any:
    """Return every `q`-th of the samples, after a filter; for Tensors, a recursive one.

    Examples
    --------
    >>> import autograd as ag
    >>> ag.grad(lambda x: np.sum(decimate(x, 2, axis=0)))(np.ones(40)).shape
    (40,)
    """
    if not holds_tensor((x,)):
        return scipy.signal.decimate(x, q, n, ftype, axis, zero_phase)
    if ftype != "iir":
        raise KeywordError(f"decimate of a Tensor does not take ftype={ftype!r}; use 'iir'")
    sos = scipy.signal.cheby1(8 if n is None else n, 0.05, 0.8 / q, output="sos")
    y = as_last((sosfiltfilt if zero_phase else sosfilt)(sos, x, axis), axis)
    return np.moveaxis(y[..., ::q], -1, axis)


# Sums with constant weights.


def detrend(
    data: Any, axis: int = -1, type: Any = "linear", bp: Any = 0, overwrite_data: bool = False
) -> Any:
    """Return `data` less the lines that fit it best between the break points `bp`.

    Examples
    --------
    >>> import autograd as ag
    >>> ag.grad(lambda x: detrend(x, type="constant")[0])(np.zeros(4))
    array([ 0.75, -0.25, -0.25, -0.25])
    """
    if not holds_tensor((data,)):
        return scipy.signal.detrend(data, axis, type, bp, overwrite_data)
    if type not in ("linear", "l", "constant", "c"):
        raise ValueError("Trend type must be 'linear' or 'constant'.")
    x = as_last(data, axis)
    if type[0] == "c":
        return np.moveaxis(x - np.mean(x, -1, keepdims=True), -1, axis)
    size = x.shape[-1]
    ends = np.unique(np.concatenate([[0], np.ravel(bp), [size]])).astype(int)
    if np.any(ends > size):
        raise ValueError("Breakpoints must be less than length of data along given axis.")
    parts = []
    for start, end in pairwise(ends):
        line = np.stack([np.ones(end - start), np.arange(1, end - start + 1) / (end - start)], 1)
        basis = np.linalg.svd(line, full_matrices=False)[0][:, : min(2, end - start)]
        part = x[..., start:end]
        parts.append(part - (part @ basis) @ basis.T)
    return np.moveaxis(np.concatenate(parts, axis=-1), -1, axis)


def savgol_filter(
    x: Any,
    window_length: int,
    polyorder: int,
    deriv: int = 0,
    delta: float = 1.0,
    axis: int = -1,
    mode: str = "interp",
    cval: float = 0.0,
) -> Any:
    """Return polynomials fitted to windows, or their derivatives, at the middle of each.

    Examples
    --------
    >>> import autograd as ag
    >>> ag.grad(lambda x: savgol_filter(x, 3, 1)[2])(np.zeros(5))[2]
    np.float64(0.3333)
    """
    options = (window_length, polyorder, deriv, delta)
    if not holds_tensor((x,)):
        return scipy.signal.savgol_filter(x, *options, axis, mode, cval)
    modes = {"mirror": "reflect", "constant": "constant", "nearest": "edge", "wrap": "wrap"}
    if mode not in (*modes, "interp"):
        raise ValueError("mode must be 'mirror', 'constant', 'nearest' 'wrap' or 'interp'.")
    x = as_last(x, axis)
    weights = scipy.signal.savgol_coeffs(*options)
    half, ones = window_length // 2, (1,) * (x.ndim - 1)
    kernel = np.reshape(weights, (*ones, -1))
    if mode == "interp":
        if window_length > x.shape[-1]:
            raise ValueError(
                "If mode is 'interp', window_length must be less than or equal to the size of x."
            )
        window = scipy.signal.savgol_filter(np.eye(window_length), *options, axis=0)
        ends = x[..., :window_length] @ window[:half].T, x[..., -window_length:] @ window[-half:].T
        middle = pair(x, kernel, "valid", None, "auto")
        found = np.concatenate([ends[0], middle, ends[1]], -1) if half else middle
        return np.moveaxis(found, -1, axis)
    more: Any = {"constant_values": cval} if mode == "constant" else {}
    widths = [(0, 0)] * len(ones) + [(window_length - half - 1, half)]
    kind: Any = modes[mode]
    padded = np.pad(x, widths, kind, **more)
    return np.moveaxis(pair(padded, kernel, "valid", None, "auto"), -1, axis)


def upfirdn(
    h: Any,
    x: Any,
    up: int = 1,
    down: int = 1,
    axis: int = -1,
    mode: str = "constant",
    cval: Any = 0,
) -> Any:
    """Return `x` with zeros between its elements, filtered with `h`, every `down`-th element of it.

    Examples
    --------
    >>> import autograd as ag
    >>> ag.jacobian(lambda x: upfirdn([1.0, 1.0], x, up=2))(np.array([3.0, 4.0]))
    array([[1., 0.],
           [1., 0.],
           [0., 1.],
           [0., 1.]])
    """
    if not holds_tensor((h, x)):
        return scipy.signal.upfirdn(h, x, up, down, axis, mode, cval)
    if mode not in ("constant", None) or cval:
        raise KeywordError("upfirdn of a Tensor does not take mode= or cval=; leave them out")
    x, h = as_last(x, axis), as_array(h)
    zeros = np.zeros((*x.shape, up - 1))
    spread = np.concatenate([x[..., None], zeros], axis=-1)
    spread = np.reshape(spread, (*x.shape[:-1], -1))[..., : (x.shape[-1] - 1) * up + 1]
    kernel = np.reshape(h, (1,) * (x.ndim - 1) + (-1,))
    found = pair(spread, kernel, "full", None, "auto")[..., ::down]
    return np.moveaxis(found, -1, axis)


# Of elements in order.


def order_filter(a: Any, domain: Any, rank: int) -> Any:
    """Return of each window, where `domain` is not zero, the element of that rank.

    Examples
    --------
    >>> import autograd as ag
    >>> ag.grad(lambda x: order_filter(x, np.ones(3), 2)[1])(np.array([1.0, 5.0, 3.0]))
    array([0., 1., 0.])
    """
    if not holds_tensor((a,)):
        return scipy.signal.order_filter(a, domain, rank)
    a, domain = as_array(a), np.asarray(domain)
    if any(size % 2 == 0 for size in domain.shape):
        raise ValueError("Each dimension of domain argument should have an odd number of elements.")
    padded = np.pad(a, [(size // 2, size // 2) for size in domain.shape])
    windows = np.lib.stride_tricks.sliding_window_view(padded, domain.shape)
    places: Any = (..., *np.nonzero(domain))
    chosen = windows[places]
    return np.sort(chosen, axis=-1)[..., rank]


def medfilt(volume: Any, kernel_size: Any = None) -> Any:
    """Return the median of each window, with zeros outside.

    Examples
    --------
    >>> import autograd as ag
    >>> ag.grad(lambda x: medfilt(x, 3)[1])(np.array([1.0, 5.0, 3.0]))
    array([0., 0., 1.])
    """
    if not holds_tensor((volume,)):
        return scipy.signal.medfilt(volume, kernel_size)
    size = np.broadcast_to(3 if kernel_size is None else kernel_size, np.ndim(as_array(volume)))
    if np.any(size % 2 == 0):
        raise ValueError("Each element of kernel_size should be odd.")
    return order_filter(volume, np.ones(size), int(np.prod(size)) // 2)


def medfilt2d(input: Any, kernel_size: Any = 3) -> Any:
    """Return the median of each window of a matrix, with zeros outside.

    Examples
    --------
    >>> import autograd as ag
    >>> ag.grad(lambda x: medfilt2d(x, [1, 3])[0, 1])(np.array([[1.0, 5.0, 3.0]]))
    array([[0., 0., 1.]])
    """
    if not holds_tensor((input,)):
        return scipy.signal.medfilt2d(input, kernel_size)
    return medfilt(input, kernel_size)
