"""`scipy.signal` with derivatives; `convolve` takes HIPS autograd's arguments, too.

>>> import numpy as np
>>> import autograd as ag
>>> from autograd.scipy.signal import convolve
>>> ag.grad(lambda x: convolve(x, [1.0, 2.0])[1])(np.array([3.0, 4.0]))
array([2., 1.])
"""

from typing import TYPE_CHECKING

import scipy.signal

from autograd.scipy.namespace import namespace
from autograd.scipy.signal.convolution import (
    convolve,
    convolve2d,
    correlate,
    correlate2d,
    fftconvolve,
    oaconvolve,
)
from autograd.scipy.signal.filters import (
    decimate,
    detrend,
    filtfilt,
    lfilter,
    lfilter_zi,
    medfilt,
    medfilt2d,
    order_filter,
    savgol_filter,
    sosfilt,
    sosfilt_zi,
    sosfiltfilt,
    upfirdn,
)
from autograd.scipy.signal.spectra import (
    coherence,
    csd,
    freqz,
    hilbert,
    periodogram,
    resample,
    spectrogram,
    stft,
    welch,
)
from autograd.scipy.signal.waves import chirp, gausspulse, sawtooth

if TYPE_CHECKING:
    from scipy.signal import *  # noqa: F403 - all of it
else:
    OWN = (
        *(convolve, convolve2d, correlate, correlate2d, fftconvolve, oaconvolve),
        *(lfilter, lfilter_zi, sosfilt, sosfilt_zi, filtfilt, sosfiltfilt, decimate, upfirdn),
        *(detrend, savgol_filter, order_filter, medfilt, medfilt2d),
        *(csd, welch, periodogram, coherence, spectrogram, stft, hilbert, resample, freqz),
        *(chirp, sawtooth, gausspulse),
    )
    own = {thing.__name__: thing for thing in OWN} | {"windows": scipy.signal.windows}
    globals().update(namespace(scipy.signal, own))
    del own, OWN
