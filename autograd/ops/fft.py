"""Fourier transforms: all linear, along one axis each; those of several axes are made of them.

The matrix of a transform is symmetric, so that its transpose is the transform itself, of the other
lengths: what was cut off gets zeros, what was filled up is cut off. Transforms of real numbers keep
one half of the spectrum, in which all frequencies but zero and the highest stand for two. Their
transpose halves, or doubles, the others. Nothing is conjugated.
"""

import warnings

import numpy as np

from autograd.primitive import composite, linear


def resized(x, shape, axis):
    """Return x cut off, or filled up with zeros, on one axis."""
    size, wanted = x.shape[axis], shape[axis]
    if size > wanted:
        return x[(slice(None),) * (axis % len(shape)) + (slice(wanted),)]
    if size == wanted:
        return x
    missing = [wanted - size if i == axis % len(shape) else n for i, n in enumerate(x.shape)]
    return np.concatenate([x, np.zeros(missing, x.dtype)], axis=axis)


def shares(n, g, axis):
    """Return how many frequencies of n stand for each that g has: one or two, along an axis."""
    k = np.arange(g.shape[axis])
    count = np.where((k == 0) | (2 * k == n), 1, 2).astype(np.finfo(g.dtype).dtype)
    return np.reshape(count, [-1 if i == axis % g.ndim else 1 for i in range(g.ndim)])


def full_length(a_shape, n, axis):
    """Return how many real numbers half of a spectrum is transformed to."""
    return 2 * (a_shape[axis] - 1) if n is None else n


# One axis.


def fft_vjp(g, a_shape, axis=-1, norm=None):
    """Return the same transform of g."""
    return resized(np.fft.fft(g, None, axis, norm), a_shape, axis)


def ifft_vjp(g, a_shape, axis=-1, norm=None):
    """Return the same transform of g."""
    return resized(np.fft.ifft(g, None, axis, norm), a_shape, axis)


def rfft_vjp(g, a_shape, n=None, axis=-1, norm=None):
    """Return the real part of the transform of half a spectrum."""
    n = a_shape[axis] if n is None else n
    return resized(np.fft.hfft(g / shares(n, g, axis), n, axis, norm), a_shape, axis)


def ihfft_vjp(g, a_shape, n=None, axis=-1, norm=None):
    """Return the real part of the inverse transform of half a spectrum."""
    n = a_shape[axis] if n is None else n
    return resized(np.fft.irfft(g / shares(n, g, axis), n, axis, norm), a_shape, axis)


def hfft_vjp(g, a_shape, axis=-1, norm=None):
    """Return the transform of real g, each frequency as often as it was used."""
    found = np.fft.rfft(g, None, axis, norm)
    return resized(found * shares(g.shape[axis], found, axis), a_shape, axis)


def irfft_vjp(g, a_shape, axis=-1, norm=None):
    """Return the inverse transform of real g, each frequency as often as it was used."""
    found = np.fft.ihfft(g, None, axis, norm)
    return resized(found * shares(g.shape[axis], found, axis), a_shape, axis)


linear(np.fft.fft, fft_vjp, harmless=("n",))
linear(np.fft.ifft, ifft_vjp, harmless=("n",))
linear(np.fft.rfft, rfft_vjp)
linear(np.fft.ihfft, ihfft_vjp)
linear(np.fft.hfft, hfft_vjp, harmless=("n",))
linear(np.fft.irfft, irfft_vjp, harmless=("n",))
linear(np.fft.fftshift, lambda g, axes=None: np.fft.ifftshift(g, axes))
linear(np.fft.ifftshift, lambda g, axes=None: np.fft.fftshift(g, axes))

# Several axes: the last one first, but for inverses of real transforms.


def lengths(shape, s, axes, half=False):
    """Return axes and the length of the transform along each, as NumPy reads `s` and `axes`.

    With `half` the last axis has half of a spectrum, and no length unless one is given.
    """
    if axes is None:
        if s is not None:
            warnings.warn(
                "`axes` should not be `None` if `s` is not `None` (Deprecated in NumPy 2.0)",
                DeprecationWarning,
                stacklevel=5,
            )
        axes = range(-len(shape if s is None else s), 0)
    given = [-1] * len(axes) if s is None else s
    if len(given) != len(axes):
        raise ValueError("Shape and axes have different lengths.")
    pairs = [(axis, shape[axis] if n == -1 else n) for axis, n in zip(axes, given, strict=True)]
    return [*pairs[:-1], (axes[-1], None)] if half and s is None else pairs


def fftn(a, s=None, axes=None, norm=None):
    """Transform along each axis."""
    for axis, n in reversed(lengths(a.shape, s, axes)):
        a = np.fft.fft(a, n, axis, norm)
    return a


def ifftn(a, s=None, axes=None, norm=None):
    """Transform back along each axis."""
    for axis, n in reversed(lengths(a.shape, s, axes)):
        a = np.fft.ifft(a, n, axis, norm)
    return a


# NumPy 2.0 goes on with the first of the other axes, later versions with the last of them. Where an
# axis is there twice, that shows in its length.
ORDER = 1 if np.fft.rfftn(np.zeros((1, 1)), (1, 2, 1), (0, 0, 1)).shape[0] == 2 else -1


def rfftn(a, s=None, axes=None, norm=None):
    """Transform real numbers along the last of the axes, then along the others."""
    *others, (axis, n) = lengths(a.shape, s, axes)
    a = np.fft.rfft(a, n, axis, norm)
    for axis, n in others[::ORDER]:
        a = np.fft.fft(a, n, axis, norm)
    return a


def irfftn(a, s=None, axes=None, norm=None):
    """Undo that."""
    *others, (last, size) = lengths(a.shape, s, axes, half=True)
    for axis, n in others:
        a = np.fft.ifft(a, n, axis, norm)
    return np.fft.irfft(a, size, last, norm)


def of_two_axes(transform):
    """Return a transform along two axes, the last ones unless told."""

    def transform2(a, s=None, axes=(-2, -1), norm=None):
        return transform(a, s, axes, norm)

    return transform2


composite(np.fft.fftn, fftn)
composite(np.fft.ifftn, ifftn)
composite(np.fft.rfftn, rfftn)
composite(np.fft.irfftn, irfftn)
composite(np.fft.fft2, of_two_axes(fftn))
composite(np.fft.ifft2, of_two_axes(ifftn))
composite(np.fft.rfft2, of_two_axes(rfftn))
composite(np.fft.irfft2, of_two_axes(irfftn))
