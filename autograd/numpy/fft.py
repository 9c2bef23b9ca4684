"""`numpy.fft`, whose functions know Tensors through NumPy's protocols."""

from numpy.fft import *  # noqa: F403 - all of it
from numpy.fft import __all__  # noqa: F401 - again
