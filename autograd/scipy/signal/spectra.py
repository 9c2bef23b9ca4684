"""Spectra: windows onto a signal, transformed; and what is made by changing a transform."""

from collections.abc import Callable
from typing import Any

import numpy as np
import scipy.signal

from autograd.errors import KeywordError, ShapeError
from autograd.operands import value_of
from autograd.ops.conversion import holds_tensor
from autograd.scipy.signal.convolution import as_array
from autograd.scipy.signal.filters import as_last, detrend, extended


def windows_of(x: Any, size: int, step: int) -> Any:
    """Return windows onto the last axis, in two axes."""
    return np.lib.stride_tricks.sliding_window_view(x, size, -1)[..., ::step, :]


class Segments:
    """How a signal is cut into segments, as SciPy's spectra have it.

    Attributes
    ----------
    window : array, shape (nperseg,)
    step, nfft : int
    """

    def __init__(
        self, length: int, window: Any, nperseg: Any, noverlap: Any = None, nfft: Any = None
    ) -> None:
        if isinstance(window, str | tuple):
            size = min(256 if nperseg is None else int(nperseg), length)
            self.window: Any = scipy.signal.get_window(window, size)
        else:
            self.window = np.asarray(window)
            size = self.window.shape[0]
            if self.window.ndim != 1 or size > length:
                raise ShapeError(
                    f"window must be 1-D and not longer than the signal, got {self.window.shape} "
                    f"for {length} samples"
                )
        noverlap = size // 2 if noverlap is None else int(noverlap)
        self.size, self.step = size, size - noverlap
        self.nfft = size if nfft is None else int(nfft)
        if self.step <= 0 or self.nfft < size:
            raise ValueError(
                f"noverlap must be less than nperseg, and nfft not less: nperseg {size}, "
                f"noverlap {noverlap}, nfft {self.nfft}"
            )

    def scale(self, scaling: str, fs: float) -> float:
        """Return what the products of transforms are multiplied by."""
        if scaling == "density":
            return float(1 / (fs * np.sum(self.window**2)))
        if scaling == "spectrum":
            return float(1 / np.sum(self.window) ** 2)
        raise ValueError(f"Unknown scaling: {scaling!r}")

    def transforms(self, x: Any, detrending: Any, one_sided: bool) -> Any:
        """Return the transforms of the segments, in the last axis."""
        segments = _without_trend(windows_of(x, self.size, self.step), detrending)
        transform = np.fft.rfft if one_sided else np.fft.fft
        return transform(segments * self.window, self.nfft, -1)

    def frequencies(self, fs: float, one_sided: bool) -> Any:
        """Return the frequencies of a transform."""
        return (np.fft.rfftfreq if one_sided else np.fft.fftfreq)(self.nfft, 1 / fs)

    def middles(self, length: int, fs: float) -> Any:
        """Return the times of the segments."""
        return np.arange(self.size / 2, length - self.size / 2 + 1, self.step) / fs


def _without_trend(segments: Any, detrending: Any) -> Any:
    """Return segments without their trend."""
    if detrending is False or detrending is None:
        return segments
    if callable(detrending):
        return detrending(segments)
    return detrend(segments, type=detrending)


def _doubled(products: Any, nfft: int) -> Any:
    """Return products with what the negative frequencies have added."""
    k = np.arange(products.shape[-1])
    return products * np.where((k == 0) | (2 * k == nfft), 1, 2)


def _signals(x: Any, y: Any, axis: int) -> tuple[Any, Any, bool]:
    """Return signals along the last axis, of one length, and whether they are real."""
    x, y = as_last(x, axis), as_last(x if y is None else y, axis)
    if not x.size or not y.size:
        raise ShapeError(f"a spectrum needs samples, got shapes {x.shape} and {y.shape}")
    missing = x.shape[-1] - y.shape[-1]
    if missing > 0:
        y = np.pad(y, [(0, 0)] * (y.ndim - 1) + [(0, missing)])
    elif missing < 0:
        x = np.pad(x, [(0, 0)] * (x.ndim - 1) + [(0, -missing)])
    return x, y, not (x.dtype.kind == "c" or y.dtype.kind == "c")


def _products(
    x: Any,
    y: Any,
    fs: float,
    segments: Segments,
    detrending: Any,
    return_onesided: bool,
    scaling: str,
) -> tuple[Any, Any]:
    """Return frequencies, and for each segment the products of the transforms."""
    same = x is y
    one_sided = return_onesided and not (x.dtype.kind == "c" or y.dtype.kind == "c")
    first = segments.transforms(x, detrending, one_sided)
    if same:
        products = np.real(first) ** 2 + np.imag(first) ** 2
    else:
        products = np.conj(first) * segments.transforms(y, detrending, one_sided)
    products = products * segments.scale(scaling, fs)
    products = _doubled(products, segments.nfft) if one_sided else products
    return segments.frequencies(fs, one_sided), products


def _averaged(products: Any, average: str) -> Any:
    """Return the average over segments."""
    if average == "mean":
        return np.mean(products, axis=-2)
    if average != "median":
        raise ValueError(f"average must be 'mean' or 'median', got {average!r}")
    # The median of an exponential distribution is less than its mean (Allen et al., "FINDCHIRP",
    # 2012, appendix B).
    n = products.shape[-2]
    ii = 2 * np.arange(1, (n - 1) // 2 + 1)
    bias = 1 + np.sum(1 / (ii + 1) - 1 / ii)
    median = lambda x: np.median(x, axis=-2) / bias
    if products.dtype.kind == "c":
        return median(np.real(products)) + 1j * median(np.imag(products))
    return median(products)


def csd(
    x: Any,
    y: Any,
    fs: float = 1.0,
    window: Any = "hann",
    nperseg: Any = None,
    noverlap: Any = None,
    nfft: Any = None,
    detrend: Any = "constant",
    return_onesided: bool = True,
    scaling: str = "density",
    axis: int = -1,
    average: str = "mean",
) -> Any:
    """Return frequencies and the cross spectral density of two signals, by Welch's method.

    Examples
    --------
    >>> import autograd as ag
    >>> x, y = np.eye(4)[:2]
    >>> power = lambda x: np.sum(np.real(csd(x, y, nperseg=4, detrend=False)[1]))
    >>> ag.grad(power)(x).shape
    (4,)
    """
    if not holds_tensor((x, y)):
        return scipy.signal.csd(
            x, y, fs, window, nperseg, noverlap, nfft, detrend, return_onesided, scaling, axis,
            average,
        )  # fmt: skip
    x, y, _ = _same(x, axis) if y is x else _signals(x, y, axis)
    segments = Segments(x.shape[-1], window, nperseg, noverlap, nfft)
    f, products = _products(x, y, fs, segments, detrend, return_onesided, scaling)
    return f, np.moveaxis(_averaged(products, average), -1, axis)


def _same(x: Any, axis: int) -> tuple[Any, Any, bool]:
    """Return one signal twice."""
    x, _, is_real = _signals(x, None, axis)
    return x, x, is_real


def welch(x: Any, fs: float = 1.0, window: Any = "hann", *args: Any, **keywords: Any) -> Any:
    """Return frequencies and the power spectral density of a signal, by Welch's method.

    Parameters are those of SciPy: nperseg=None, noverlap=None, nfft=None, detrend="constant",
    return_onesided=True, scaling="density", axis=-1, average="mean".

    Examples
    --------
    >>> import autograd as ag
    >>> power = lambda x: np.sum(welch(x, nperseg=4, window="boxcar", detrend=False)[1])
    >>> ag.grad(power)(np.array([1.0, 0.0, 0.0, 0.0]))  # Parseval
    array([2., 0., 0., 0.])
    """
    if not holds_tensor((x,)):
        return scipy.signal.welch(x, fs, window, *args, **keywords)
    return csd(x, x, fs, window, *args, **keywords)


def periodogram(
    x: Any,
    fs: float = 1.0,
    window: Any = "boxcar",
    nfft: Any = None,
    detrend: Any = "constant",
    return_onesided: bool = True,
    scaling: str = "density",
    axis: int = -1,
) -> Any:
    """Return frequencies and the power spectral density of a signal as a whole.

    Examples
    --------
    >>> import autograd as ag
    >>> power = lambda x: np.sum(periodogram(x, detrend=False)[1])
    >>> ag.grad(power)(np.array([1.0, 0.0, 0.0, 0.0]))  # Parseval
    array([2., 0., 0., 0.])
    """
    if not holds_tensor((x,)):
        return scipy.signal.periodogram(
            x, fs, window, nfft, detrend, return_onesided, scaling, axis
        )
    x = as_last(x, axis)
    if nfft is not None and nfft < x.shape[-1]:
        x, nfft = x[..., :nfft], None
    window = "boxcar" if window is None else window
    options = {"nperseg": x.shape[-1], "noverlap": 0, "nfft": nfft, "detrend": detrend}
    f, found = welch(x, fs, window, return_onesided=return_onesided, scaling=scaling, **options)
    return f, np.moveaxis(found, -1, axis)


def coherence(
    x: Any,
    y: Any,
    fs: float = 1.0,
    window: Any = "hann",
    nperseg: Any = None,
    noverlap: Any = None,
    nfft: Any = None,
    detrend: Any = "constant",
    axis: int = -1,
) -> Any:
    """Return frequencies and the coherence of two signals.

    Examples
    --------
    >>> import autograd as ag
    >>> x, y = np.random.default_rng(0).normal(size=(2, 16))
    >>> np.round(ag.grad(lambda x: coherence(x, x * y[0], nperseg=4)[1][1])(x)[0], 6) + 0.0
    np.float64(0.0)
    """
    if not holds_tensor((x, y)):
        return scipy.signal.coherence(x, y, fs, window, nperseg, noverlap, nfft, detrend, axis)
    options = {"nperseg": nperseg, "noverlap": noverlap, "nfft": nfft, "detrend": detrend}
    f, xx = welch(x, fs, window, axis=axis, **options)
    _, yy = welch(y, fs, window, axis=axis, **options)
    _, xy = csd(x, y, fs, window, axis=axis, **options)
    return f, (np.real(xy) ** 2 + np.imag(xy) ** 2) / xx / yy


def spectrogram(
    x: Any,
    fs: float = 1.0,
    window: Any = ("tukey", 0.25),
    nperseg: Any = None,
    noverlap: Any = None,
    nfft: Any = None,
    detrend: Any = "constant",
    return_onesided: bool = True,
    scaling: str = "density",
    axis: int = -1,
    mode: str = "psd",
) -> Any:
    """Return frequencies, times and the power spectral density of each segment of a signal.

    Examples
    --------
    >>> import autograd as ag
    >>> power = lambda x: np.sum(spectrogram(x, nperseg=4, window="boxcar", detrend=False)[2])
    >>> ag.grad(power)(np.array([1.0, 0.0, 0.0, 0.0]))  # Parseval
    array([2., 0., 0., 0.])
    """
    options = (nperseg, noverlap, nfft)
    if not holds_tensor((x,)):
        return scipy.signal.spectrogram(
            x, fs, window, *options, detrend, return_onesided, scaling, axis, mode
        )
    if mode != "psd":
        raise KeywordError(f"spectrogram of a Tensor does not take mode={mode!r}; use 'psd'")
    x, _, _ = _same(x, axis)
    segments = Segments(x.shape[-1], window, *options)
    if noverlap is None:
        segments.step = segments.size - segments.size // 8
    f, found = _products(x, x, fs, segments, detrend, return_onesided, scaling)
    times = segments.middles(x.shape[-1], fs)
    found = np.moveaxis(np.swapaxes(found, -1, -2), -2, axis - 1 if axis < 0 else axis)
    return f, times, found


def stft(
    x: Any,
    fs: float = 1.0,
    window: Any = "hann",
    nperseg: Any = 256,
    noverlap: Any = None,
    nfft: Any = None,
    detrend: Any = False,
    return_onesided: bool = True,
    boundary: Any = "zeros",
    padded: bool = True,
    axis: int = -1,
    scaling: str = "spectrum",
) -> Any:
    """Return frequencies, times and the transforms of the segments of a signal.

    Examples
    --------
    >>> import autograd as ag
    >>> first = lambda x: np.real(stft(x, nperseg=2, window="boxcar", boundary=None)[2][0, 0])
    >>> ag.grad(first)(np.array([1.0, 2.0]))
    array([0.5, 0.5])
    """
    options = (nperseg, noverlap, nfft)
    if not holds_tensor((x,)):
        return scipy.signal.stft(
            x, fs, window, *options, detrend, return_onesided, boundary, padded, axis, scaling
        )
    x, _, is_real = _same(x, axis)
    segments = Segments(x.shape[-1], window, *options)
    x = _with_boundary(x, boundary, segments.size // 2)
    shift = 0.0 if boundary is None else segments.size / 2 / fs
    if padded:
        missing = -(x.shape[-1] - segments.size) % segments.step % segments.size
        x = np.pad(x, [(0, 0)] * (x.ndim - 1) + [(0, missing)])
    one_sided = return_onesided and is_real
    scale = np.sqrt(segments.scale({"psd": "density"}.get(scaling, scaling), fs))
    found = segments.transforms(x, detrend, one_sided) * scale
    times = segments.middles(x.shape[-1], fs) - shift
    found = np.moveaxis(np.swapaxes(found, -1, -2), -2, axis - 1 if axis < 0 else axis)
    return segments.frequencies(fs, one_sided), times, found


def _with_boundary(x: Any, boundary: Any, width: int) -> Any:
    """Return a signal continued at both ends."""
    if boundary is None:
        return x
    if boundary == "zeros":
        return np.pad(x, [(0, 0)] * (x.ndim - 1) + [(width, width)])
    return extended(x, boundary, width)


# What changes a transform.


def hilbert(x: Any, N: Any = None, axis: int = -1) -> Any:
    """Return the analytic signal, which has no negative frequencies.

    Examples
    --------
    >>> import autograd as ag
    >>> ag.grad(lambda x: np.imag(hilbert(x))[0])(np.zeros(4))
    array([ 0. , -0.5,  0. ,  0.5])
    """
    if not holds_tensor((x,)):
        return scipy.signal.hilbert(x, N, axis)
    x = as_last(x, axis)
    if x.dtype.kind == "c":
        raise ValueError("x must be real.")
    n = x.shape[-1] if N is None else N
    if n <= 0:
        raise ValueError("N must be positive.")
    k = np.arange(n)
    weights = np.where((k == 0) | (2 * k == n), 1.0, np.where(2 * k < n, 2.0, 0.0))
    return np.moveaxis(np.fft.ifft(np.fft.fft(x, n) * weights), -1, axis)


def resample(
    x: Any, num: int, t: Any = None, axis: int = 0, window: Any = None, domain: str = "time"
) -> Any:
    """Return `num` samples of the periodic signal through those of `x`.

    Examples
    --------
    >>> import autograd as ag
    >>> ag.grad(lambda x: resample(x, 2)[0])(np.zeros(4))
    array([ 0.75,  0.25, -0.25,  0.25])
    """
    if not holds_tensor((x,)):
        return scipy.signal.resample(x, num, t, axis, window, domain)
    if window is not None or domain != "time":
        raise KeywordError("resample of a Tensor does not take window= or domain=; leave them out")
    x = as_last(x, axis)
    found = np.moveaxis(_resampled(x, num), -1, axis)
    if t is None:
        return found
    return found, np.arange(num) * (t[1] - t[0]) * x.shape[-1] / num + t[0]


def _resampled(x: Any, num: int) -> Any:
    """Return a signal with its spectrum cut off, or filled up with zeros."""
    size = x.shape[-1]
    low = min(num, size)
    is_real = x.dtype.kind != "c"
    if is_real:
        spectrum = np.fft.rfft(x)[..., : low // 2 + 1]
        if low % 2 == 0 and num != size:  # the highest frequency stands for two, or for one
            k = np.arange(low // 2 + 1)
            spectrum = spectrum * np.where(2 * k == low, 2.0 if num < size else 0.5, 1.0)
        return np.fft.irfft(spectrum, num) * (num / size)
    spectrum = np.fft.fft(x)
    half = (low + 1) // 2
    first, last = spectrum[..., :half], spectrum[..., size - (low - half) :]
    if low % 2 == 0 and num != size:
        top = spectrum[..., low // 2 : low // 2 + 1]
        mirrored = spectrum[..., size - low // 2 : size - low // 2 + 1]
        if num < size:
            last = np.concatenate([top + mirrored, last[..., 1:]], axis=-1)
        else:
            first = np.concatenate([first, top / 2], axis=-1)
            last = np.concatenate([top / 2, last[..., 1:]], axis=-1)
    missing = num - first.shape[-1] - last.shape[-1]
    zeros = np.zeros((*x.shape[:-1], missing))
    return np.fft.ifft(np.concatenate([first, zeros, last], axis=-1)) * (num / size)


def freqz(
    b: Any,
    a: Any = 1,
    worN: Any = 512,
    whole: bool = False,
    plot: Callable[..., Any] | None = None,
    fs: float = 2 * np.pi,
    include_nyquist: bool = False,
) -> Any:
    """Return frequencies and the response of a filter to them.

    Examples
    --------
    >>> import autograd as ag
    >>> ag.grad(lambda b: np.abs(freqz(b, worN=[0.0])[1][0]))(np.array([1.0, 1.0]))
    array([1., 1.])
    """
    if not holds_tensor((b, a)):
        return scipy.signal.freqz(b, a, worN, whole, plot, fs, include_nyquist)
    if plot is not None:
        raise KeywordError("freqz of a Tensor does not take plot=; plot the values that it returns")
    b, a = np.atleast_1d(as_array(b)), np.atleast_1d(as_array(a))
    if b.ndim > 1 or a.ndim > 1:
        raise ShapeError(f"freqz of a Tensor takes vectors b and a, got {b.shape} and {a.shape}")
    w: Any = scipy.signal.freqz(
        value_of(b), value_of(a), worN, whole, None, fs, include_nyquist=include_nyquist
    )[0]
    turns = np.exp(-2j * np.pi * np.outer(w / fs, np.arange(max(len(b), len(a)))))
    return w, (turns[:, : len(b)] @ b) / (turns[:, : len(a)] @ a)
