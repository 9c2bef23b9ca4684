"""Convolutions, filters and spectra: values against SciPy, derivatives of composites, errors."""

import numpy as np
import pytest
import scipy.signal as sp
from numpy.testing import assert_allclose, assert_array_equal

import autograd as ag
from autograd.errors import KeywordError, NotDifferentiableError, ShapeError
from autograd.scipy import signal
from autograd.testing import check_grads

RNG = np.random.default_rng(0)


def real(*shape):
    return RNG.normal(size=shape)


def complex_(*shape):
    return real(*shape) + 1j * real(*shape)


B, A = np.array([0.4, 0.3, 0.1]), np.array([1.2, -0.5, 0.2])
SOS = np.array([[0.4, 0.3, 0.1, 1.0, -0.5, 0.2], [1.0, 0.5, 0.0, 1.0, 0.3, 0.0]])
SQUARE = lambda x: x - x.mean(-1, keepdims=True)

# Name, arguments of which those that are arrays of floats become Tensors, keywords.
CALLS = [
    *(("convolve", [real(5), real(3)], {"mode": m}) for m in ("full", "same", "valid")),
    *(("convolve", [real(2), real(5)], {"mode": m}) for m in ("full", "same", "valid")),
    ("convolve", [real(3, 4), complex_(2, 2)], {"method": "fft"}),
    ("convolve", [np.array(2.0), np.array(3.0)], {}),
    *(("correlate", [complex_(5), complex_(4)], {"mode": m}) for m in ("full", "same", "valid")),
    *(("correlate", [real(2, 3), real(4, 5)], {"mode": m}) for m in ("full", "same", "valid")),
    ("fftconvolve", [real(2, 5), real(1, 3)], {"axes": -1, "mode": "same"}),
    ("fftconvolve", [real(2, 5), real(3, 3)], {}),
    ("oaconvolve", [real(2, 5), real(2, 3)], {"axes": [1]}),
    *(
        (name, [real(4, 5), real(3, 2)], {"mode": m, "boundary": b})
        for name in ("convolve2d", "correlate2d")
        for m in ("full", "same", "valid")
        for b in ("fill", "wrap", "symm")
    ),
    ("convolve2d", [real(2, 3), real(4, 5)], {"boundary": "symm"}),
    ("convolve2d", [real(2, 3), real(4, 5)], {"mode": "valid"}),
    ("convolve2d", [real(3, 3), complex_(2, 2)], {"fillvalue": 2.0}),
    ("correlate2d", [complex_(3, 3), complex_(2, 2)], {}),
    ("lfilter", [B, A, real(3, 6)], {}),
    ("lfilter", [B, np.array([2.0]), real(6, 2)], {"axis": 0}),
    ("lfilter", [B, A[:2], real(2, 6)], {"zi": real(2, 2)}),
    ("lfilter", [B, A, real(6, 2)], {"zi": real(2, 2), "axis": 0}),
    ("lfilter", [B, A, real(1)], {"zi": real(2)}),
    ("lfilter_zi", [B, A], {}),
    ("lfilter_zi", [B[:2], A], {}),
    ("sosfilt", [SOS, real(2, 6)], {}),
    ("sosfilt", [SOS, real(2, 6)], {"zi": real(2, 2, 2)}),
    ("sosfilt", [SOS, real(6, 3)], {"zi": real(2, 2, 3), "axis": 0}),
    ("sosfilt_zi", [SOS], {}),
    *(("filtfilt", [B, A, real(2, 12)], {"padtype": p}) for p in ("odd", "even", "constant", None)),
    ("filtfilt", [B, [1.0], real(12, 2)], {"padlen": 3, "axis": 0}),
    ("sosfiltfilt", [SOS[:1], real(2, 20)], {}),
    ("sosfiltfilt", [SOS, real(20)], {"padtype": "even", "padlen": 4}),
    ("decimate", [real(60), 3], {}),
    ("decimate", [real(60, 2), 2], {"n": 3, "axis": 0, "zero_phase": False}),
    ("upfirdn", [B, real(2, 5)], {"up": 3, "down": 2}),
    ("upfirdn", [B, real(5, 2)], {"axis": 0}),
    ("detrend", [real(3, 8)], {}),
    ("detrend", [real(8, 3)], {"axis": 0, "bp": [3, 4]}),
    ("detrend", [real(3, 8)], {"type": "constant"}),
    *(
        ("savgol_filter", [real(2, 9), 5, 2], {"mode": m, "deriv": d, "delta": 0.5})
        for m, d in (("interp", 0), ("mirror", 1), ("nearest", 0), ("wrap", 0), ("interp", 1))
    ),
    ("savgol_filter", [real(9, 2), 4, 2], {"mode": "constant", "cval": 1.0, "axis": 0}),
    ("medfilt", [real(9), 3], {}),
    ("medfilt", [real(4, 5)], {}),
    ("medfilt2d", [real(4, 5), [3, 1]], {}),
    ("order_filter", [real(4, 5), np.array([[0, 1, 0], [1, 1, 1], [0, 1, 0]]), 1], {}),
    ("csd", [real(2, 20), real(2, 20)], {"nperseg": 8, "fs": 2.0}),
    ("csd", [complex_(20), complex_(16)], {"nperseg": 8, "average": "median",
                                            "scaling": "spectrum"}),
    ("welch", [real(300)], {}),
    ("welch", [real(20, 2)], {"nperseg": 8, "noverlap": 2, "nfft": 9, "axis": 0}),
    ("welch", [real(20)], {"nperseg": 8, "average": "median", "detrend": "linear"}),
    ("welch", [real(20)], {"window": np.hamming(6), "detrend": SQUARE, "return_onesided": False}),
    ("welch", [complex_(20)], {"nperseg": 7}),
    ("periodogram", [real(2, 9)], {"fs": 3.0}),
    ("periodogram", [real(9, 2)], {"axis": 0, "window": "hann", "nfft": 12, "detrend": False}),
    ("periodogram", [real(9)], {"nfft": 6, "scaling": "spectrum"}),
    ("coherence", [real(20), real(20)], {"nperseg": 6}),
    ("spectrogram", [real(2, 30)], {"nperseg": 8}),
    ("spectrogram", [real(30, 2)], {"nperseg": 8, "noverlap": 3, "axis": 0}),
    ("stft", [real(2, 20)], {"nperseg": 6}),
    ("stft", [real(20, 2)], {"nperseg": 7, "noverlap": 2, "axis": 0, "boundary": "even"}),
    ("stft", [real(20)], {"nperseg": 6, "boundary": None, "padded": False, "scaling": "psd"}),
    ("stft", [complex_(20)], {"nperseg": 6, "boundary": "odd", "detrend": "constant",
                                 "return_onesided": False}),
    ("hilbert", [real(2, 6)], {}),
    ("hilbert", [real(7, 2)], {"axis": 0, "N": 9}),
    *(("resample", [x, n], {}) for x in (real(6, 2), real(7), complex_(6), complex_(7))
      for n in (3, 4, 6, 7, 8, 9, 12)),
    ("resample", [real(2, 6), 8], {"axis": 1, "t": np.arange(6.0).tolist()}),
    ("freqz", [B, A], {"worN": 5}),
    ("freqz", [B], {"worN": [0.1, 0.2], "fs": 1.0}),
    ("freqz", [B, A], {"worN": 4, "whole": True, "include_nyquist": True}),
    *(
        ("chirp", [np.linspace(0, 1, 5), np.array(6.0), np.array(1.5), np.array(2.0)],
         {"method": m, "vertex_zero": v, "phi": 30})
        for m, v in (("linear", 1), ("quadratic", 1), ("quadratic", 0), ("log", 1), ("hyp", 1))
    ),
    ("chirp", [np.linspace(0, 1, 5), 6.0, 1.5, 6.0], {"method": "log"}),
    ("chirp", [np.linspace(0, 1, 5), 6.0, 1.5, 6.0], {"method": "hyp"}),
    ("sawtooth", [np.linspace(-5, 9, 12), np.array(0.3)], {}),
    ("sawtooth", [np.linspace(-5, 9, 12)], {}),
    ("sawtooth", [np.array([1.0, 2.0]), np.array([-1.0, 0.0])], {}),
    ("gausspulse", [np.linspace(-1, 1, 5) / 1e3], {"retquad": True, "retenv": True}),
]  # fmt: skip


def varies(x):
    return isinstance(x, np.ndarray) and x.dtype.kind in "fc"


def outputs(result):
    return result if isinstance(result, tuple) else (result,)


@pytest.mark.parametrize(("name", "args", "keywords"), CALLS)
def test_values_are_scipys_and_derivatives_right(name, args, keywords):
    own, original = getattr(signal, name), getattr(sp, name)
    expected = outputs(original(*args, **keywords))
    for found, e in zip(outputs(own(*args, **keywords)), expected, strict=True):
        assert_array_equal(found, e, strict=True)
    found = outputs(own(*[ag.Tensor(x) if varies(x) else x for x in args], **keywords))
    for f, e in zip(found, expected, strict=True):
        size = np.max(np.abs(e), initial=1.0) if np.all(np.isfinite(e)) else 1.0
        assert_allclose(np.asarray(getattr(f, "data", f)), e, rtol=1e-9, atol=1e-12 * size)
    places = [i for i, x in enumerate(args) if varies(x)]
    tensors = [i for i, f in enumerate(found) if isinstance(f, ag.Tensor)]

    def of_arrays(*arrays):
        given = list(args)
        for i, x in zip(places, arrays, strict=True):
            given[i] = x if isinstance(x, ag.Tensor) else ag.Tensor(x, requires_grad=False)
        found = outputs(own(*given, **keywords))
        return [np.real(found[i]) + np.imag(found[i]) for i in tensors]

    if (
        all(np.all(np.isfinite(e)) for e in expected)
        and max(x.size for x in args if varies(x)) < 99
    ):
        check_grads(
            of_arrays,
            *[args[i] for i in places],
            order=1,
            evaluations=30,
            undecided="allow",
            explain=False,
        )


def test_states_are_differentiated_too():
    zi, x = real(2), real(4)
    check_grads(lambda zi: signal.lfilter(B, A, x, zi=zi), zi)
    check_grads(lambda zi: signal.sosfilt(SOS, x, zi=zi), real(2, 2))
    check_grads(lambda a: signal.filtfilt(B, a, x, padlen=2), A)


def test_hips_convolve():
    """Batches and channels as in a convolutional network; sums written out."""
    a, b = real(2, 3, 5, 4), real(3, 4, 3, 2)
    axes = {"axes": ([2, 3], [2, 3]), "dot_axes": ([1], [0])}
    for mode in ("full", "same", "valid"):
        found = signal.convolve(a, b, mode=mode, **axes)
        expected = [
            [sum(sp.convolve(a[i, c], b[c, j], mode) for c in range(3)) for j in range(4)]
            for i in range(2)
        ]
        assert_allclose(found, expected, rtol=1e-12)
        assert_allclose(signal.convolve(ag.Tensor(a), b, mode=mode, **axes).data, expected)
        square = lambda a, b: np.sum(signal.convolve(a, b, mode=mode, **axes) ** 2)  # noqa: B023
        check_grads(square, a[:1, :2], b[:2, :2], evaluations=30)
    found = signal.convolve(b, a, ([3, 2], [3, 2]), ([0], [1]), "valid")
    assert_allclose(found, np.transpose(signal.convolve(a, b, mode="valid", **axes), (1, 0, 3, 2)))


def test_both_signatures_of_convolve():
    a, b = real(4, 3), real(2, 2)
    same = sp.convolve(a, b, "same")
    for args, keywords in (
        ((a, b, "same"), {}), ((a, b), {"mode": "same"}), ((a, b, None, None, "same"), {}),
        ((a, b, "same", "direct"), {}), ((), {"in1": a, "in2": b, "mode": "same"}),
        ((a, b), {"axes": ([0, 1], [0, 1]), "mode": "same"}), ((a, b, None), {"mode": "same"}),
    ):  # fmt: skip
        assert_allclose(signal.convolve(*args, **keywords), same, rtol=1e-12)
    along = signal.convolve(a, b, ([0], [1]))  # all pairs in the rest
    assert_allclose(along[1, 0], sp.convolve(a[:, 1], b[0]), rtol=1e-12)
    assert_allclose(signal.convolve(a, real(4, 2), dot_axes=([0], [0])).shape, (4,))


def test_nothing_to_convolve():
    assert signal.convolve(ag.Tensor(np.zeros(0)), np.ones(2)).shape == (0,)


def test_windows_are_scipys():
    assert signal.windows is sp.windows


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda t: signal.convolve(t, np.ones((2, 2))), ShapeError, "same dimensionality"),
        (lambda t: signal.convolve(t, t, "some"), ValueError, "mode must be 'full'"),
        (lambda t: signal.convolve(t, t, ([0], [0]), None, "some"), ValueError, "got 'some'"),
        (lambda t: signal.convolve(t, t, ([0], [])), ShapeError, "as many of A as of B"),
        (lambda t: signal.convolve(t, np.ones(2), ([], []), ([0], [0])), ShapeError, "sizes 9 in"),
        (lambda t: signal.convolve2d(t, t), ShapeError, "must both be 2-D"),
        (lambda t: signal.convolve2d(t[None], t[None], boundary="x"), ValueError, "got 'x'"),
        (lambda t: signal.sosfilt(t, t), ValueError, "sos array must be shape"),
        (lambda t: signal.filtfilt(B, A, t, method="gust"), KeywordError, "take method='gust'"),
        (lambda t: signal.filtfilt(B, A, t), ValueError, "greater than padlen, which is 9"),
        (lambda t: signal.filtfilt(B, A, t, padtype="x"), ValueError, "Unknown value 'x'"),
        (lambda t: signal.decimate(t, 2, ftype="fir"), KeywordError, "take ftype='fir'"),
        (lambda t: signal.detrend(t, type="x"), ValueError, "Trend type"),
        (lambda t: signal.detrend(t, bp=[20]), ValueError, "Breakpoints must be less"),
        (lambda t: signal.savgol_filter(t, 3, 1, mode="x"), ValueError, "mode must be 'mirror'"),
        (lambda t: signal.savgol_filter(t, 11, 1), ValueError, "less than or equal to the size"),
        (lambda t: signal.upfirdn(B, t, cval=1), KeywordError, "does not take mode= or cval="),
        (lambda t: signal.medfilt(t, 4), ValueError, "should be odd"),
        (lambda t: signal.order_filter(t, np.ones(2), 0), ValueError, "odd number"),
        (lambda t: signal.welch(t, window=np.ones(20)), ShapeError, "not longer than the signal"),
        (lambda t: signal.welch(t, nperseg=4, noverlap=4), ValueError, "noverlap must be less"),
        (lambda t: signal.welch(t, scaling="x"), ValueError, "Unknown scaling: 'x'"),
        (lambda t: signal.welch(t, average="x"), ValueError, "average must be"),
        (lambda t: signal.welch(t[:0]), ShapeError, "needs samples"),
        (lambda t: signal.spectrogram(t, mode="phase"), KeywordError, "take mode='phase'"),
        (lambda t: signal.hilbert(t * 1j), ValueError, "x must be real"),
        (lambda t: signal.hilbert(t, -1), ValueError, "N must be positive"),
        (lambda t: signal.resample(t, 3, window="hann"), KeywordError, "does not take window="),
        (lambda t: signal.freqz(t, plot=print), KeywordError, "does not take plot="),
        (lambda t: signal.freqz(t[None]), ShapeError, "takes vectors b and a"),
        (lambda t: signal.chirp(t, 1.0, 1.0, -1.0, "log"), ValueError, "have the same sign"),
        (lambda t: signal.chirp(t, 0.0, 1.0, 1.0, "hyp"), ValueError, "must be nonzero"),
        (lambda t: signal.chirp(t, 0.0, 1.0, 1.0, "x"), ValueError, "got 'x'"),
        (lambda t: signal.tf2zpk(t, t), NotDifferentiableError, "scipy.signal.tf2zpk of a Tensor"),
        (lambda t: signal.istft(t), NotDifferentiableError, "scipy.signal.istft of a Tensor"),
        (lambda t: signal.wiener(t), NotDifferentiableError, "scipy.signal.wiener of a Tensor"),
        (lambda t: signal.square(t), NotDifferentiableError, "scipy.signal.square of a Tensor"),
    ],
)
def test_errors(call, error, message):
    with pytest.raises(error, match=message):
        call(ag.Tensor(np.arange(9.0)))
