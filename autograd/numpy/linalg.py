"""`numpy.linalg`, whose functions know Tensors through NumPy's protocols."""

from numpy.linalg import *  # noqa: F403 - all of it
from numpy.linalg import __all__  # noqa: F401 - again
