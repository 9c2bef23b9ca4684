"""Parts of complex numbers.

The convention is HIPS autograd's: the gradient of f = u + iv is du/dx - i du/dy.
"""

import numpy as np

from autograd.primitive import composite, elementwise, general, same

elementwise(np.conjugate, lambda g: np.conj(g))
elementwise(np.real, same, views=True)
elementwise(np.imag, lambda g: g * -1j, views=True)  # not -1j * g, which is Python's number


def complex_sign(x):
    """Return x / |x|."""
    return np.sign(x)


def turn(x):
    """Return 1 / |x|, and 0 where x is 0."""
    size = np.abs(x)
    return (size != 0) / (size + (size == 0))


signed = general(
    complex_sign,
    lambda g, ans, x: -1j * np.conj(ans) * (np.real(1j * g * ans) * turn(x)),
    jvps=[lambda g, ans, x: 1j * ans * (np.imag(np.conj(ans) * g) * turn(x))],
    name="sign",
)


def sign(x):
    """Return x / |x|; the sign of real numbers is a plain array, as it is constant."""
    return signed(x) if x.dtype.kind == "c" else np.sign(x.data)


composite(np.sign, sign)
