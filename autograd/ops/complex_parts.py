"""Parts of complex numbers.

The convention is HIPS autograd's: the gradient of f = u + iv is du/dx - i du/dy.
"""

import numpy as np

from autograd.primitive import elementwise, same

elementwise(np.conjugate, lambda g: np.conj(g))
elementwise(np.real, same)
elementwise(np.imag, lambda g: -1j * g)
