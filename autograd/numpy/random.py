"""`numpy.random`, as it is: random numbers are constants."""

from numpy.random import *  # noqa: F403 - all of it
from numpy.random import __all__  # noqa: F401 - again
