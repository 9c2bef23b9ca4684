"""Convolutions and correlations: linear in each of two arrays, so the rules are convolutions again.

`convolve` has two signatures, SciPy's and HIPS autograd's, which convolves along some axes, sums
products along others, and takes all pairs along the rest.
"""

from typing import Any

import numpy as np
import scipy.signal

from autograd.errors import ShapeError
from autograd.ops.conversion import array, holds_tensor
from autograd.primitive import linear


def as_array(value: Any) -> Any:
    """Return an array, or a Tensor of what holds Tensors."""
    return array(value) if holds_tensor(value) else np.asarray(value)


def reverse(x: Any, axes: Any = None) -> Any:
    """Return `x` backward along some axes."""
    return np.flip(x, axes)


def uncropped(g, first, second, mode, axes):
    """Return g with zeros where the result of `mode` leaves out some of the whole convolution.

    `first` and `second` are the shapes of what was convolved.
    """
    widths = [(0, 0)] * np.ndim(g)
    if mode == "same":  # which takes one of many from in2, where in1 has one only: see SciPy
        for axis in (i for i in range(len(first)) if i not in axes and first[i] < second[i]):
            missing = second[axis] - first[axis]
            widths[axis] = (missing // 2, missing - missing // 2)
    for axis in axes:
        m, n = first[axis], second[axis]
        start = {"f": 0, "s": (n - 1) // 2, "v": min(m, n) - 1}[mode[0]]
        widths[axis] = (start, m + n - 1 - start - np.shape(g)[axis])
    return np.pad(g, widths)


# As SciPy has it: both arrays have the same axes, the result has, too.


def convolution(in1, in2, mode="full", axes=None, method="auto"):
    """Return SciPy's `convolve`, or along some axes `fftconvolve`; "oa" is `oaconvolve`."""
    if method == "oa":
        return scipy.signal.oaconvolve(in1, in2, mode, axes)
    if method == "axes":
        return scipy.signal.fftconvolve(in1, in2, mode, axes)
    return scipy.signal.convolve(in1, in2, mode, method)


def convolution_vjp_in1(g, in1_shape, in2, mode="full", axes=None, method="auto"):
    """Return the convolution of g with `in2` backward."""
    axes = range(len(in1_shape)) if axes is None else axes
    whole = uncropped(g, in1_shape, np.shape(in2), mode, axes)
    return convolved(whole, reverse(in2, tuple(axes)), "valid", axes, method)


def convolution_vjp_in2(g, in1, in2_shape, mode="full", axes=None, method="auto"):
    """Return the convolution of g with `in1` backward."""
    axes = range(len(in2_shape)) if axes is None else axes
    whole = uncropped(g, np.shape(in1), in2_shape, mode, axes)
    return convolved(whole, reverse(in1, tuple(axes)), "valid", axes, method)


convolved = linear(
    convolution, convolution_vjp_in1, convolution_vjp_in2, name="convolve", broadcasts=True
)


def checked(in1: Any, in2: Any, mode: str) -> tuple[Any, Any]:
    """Return both arrays, of as many axes."""
    in1, in2 = as_array(in1), as_array(in2)
    if np.ndim(in1) != np.ndim(in2):
        raise ShapeError(
            f"in1 and in2 should have the same dimensionality, got shapes {in1.shape} and "
            f"{in2.shape}"
        )
    if mode not in ("full", "same", "valid"):
        raise ValueError(f"mode must be 'full', 'same' or 'valid', got {mode!r}")
    return in1, in2


def pair(in1: Any, in2: Any, mode: str, axes: Any, method: str) -> Any:
    """Return the convolution of two arrays in SciPy's sense."""
    in1, in2 = checked(in1, in2, mode)
    if not np.ndim(in1):
        return in1 * in2
    if axes is not None:
        axes = [axes] if np.ndim(axes) == 0 else list(axes)
        axes = [axis % np.ndim(in1) for axis in axes]
    if 0 in in1.shape or 0 in in2.shape:
        return np.array([])
    return convolved(in1, in2, mode, axes, method)


def convolve(*args: Any, **keywords: Any) -> Any:
    """Return the convolution of two arrays, with SciPy's arguments or with HIPS autograd's.

    These are ``convolve(in1, in2, mode="full", method="auto")``, along all axes, and
    ``convolve(A, B, axes=None, dot_axes=None, mode="full")``. The third argument tells which.

    Parameters
    ----------
    A, B : array_like
        In SciPy's form, of as many axes.
    axes : pair of lists of int, optional
        Axes of A, and those of B, to convolve along; all of them unless given.
    dot_axes : pair of lists of int, optional
        Axes of A, and those of B, along which products are summed, as `np.tensordot` does.
    mode : {"full", "valid", "same"}
        All, what needs no zeros outside, or the middle, of the size of A.
    method : {"auto", "direct", "fft"}
        As SciPy has it; for the first form.

    Returns
    -------
    ndarray or Tensor
        Its axes are those of A that are left, those of B that are left, and the convolved ones.

    Examples
    --------
    >>> import autograd as ag
    >>> ag.grad(lambda x: np.sum(convolve(x, [1.0, 2.0], mode="valid")))(np.array([3.0, 4.0, 5.0]))
    array([2., 3., 1.])
    """
    third = args[2] if len(args) > 2 else keywords.get("axes")
    hips = third is not None or len(args) > 3 or keywords.get("dot_axes") is not None
    if hips and not isinstance(third, str):
        return hips_convolve(*args, **keywords)
    keywords = {n: value for n, value in keywords.items() if n not in ("axes", "dot_axes")}
    for old, new in (("A", "in1"), ("B", "in2")):
        if old in keywords:
            keywords[new] = keywords.pop(old)
    return scipys_convolve(*(args if isinstance(third, str) else args[:2]), **keywords)


def scipys_convolve(in1, in2, mode="full", method="auto"):
    if not holds_tensor((in1, in2)):
        return scipy.signal.convolve(in1, in2, mode, method)
    return pair(in1, in2, mode, None, method)


def correlate(in1: Any, in2: Any, mode: str = "full", method: str = "auto") -> Any:
    """Return the correlation of two arrays; `in2` is conjugated.

    Examples
    --------
    >>> import autograd as ag
    >>> ag.grad(lambda x: correlate(x, [1.0, 2.0], "valid")[0])(np.array([3.0, 4.0, 5.0]))
    array([1., 2., 0.])
    """
    if not holds_tensor((in1, in2)):
        return scipy.signal.correlate(in1, in2, mode, method)
    return pair(in1, np.conj(reverse(as_array(in2))), mode, None, method)


def fftconvolve(in1: Any, in2: Any, mode: str = "full", axes: Any = None) -> Any:
    """Return the convolution along some axes, by Fourier transforms; others are broadcast.

    Examples
    --------
    >>> import autograd as ag
    >>> ag.grad(lambda x: fftconvolve(x, [1.0, 2.0], "valid")[0])(np.array([3.0, 4.0]))
    array([2., 1.])
    """
    if not holds_tensor((in1, in2)):
        return scipy.signal.fftconvolve(in1, in2, mode, axes)
    return pair(in1, in2, mode, range(np.ndim(in1)) if axes is None else axes, "axes")


def oaconvolve(in1: Any, in2: Any, mode: str = "full", axes: Any = None) -> Any:
    """Return the convolution along some axes, by overlapping blocks; others are broadcast.

    Examples
    --------
    >>> import autograd as ag
    >>> ag.grad(lambda x: oaconvolve(x, [1.0, 2.0], "valid")[0])(np.array([3.0, 4.0]))
    array([2., 1.])
    """
    if not holds_tensor((in1, in2)):
        return scipy.signal.oaconvolve(in1, in2, mode, axes)
    return pair(in1, in2, mode, range(np.ndim(in1)) if axes is None else axes, "oa")


# In two dimensions, with boundaries.

BOUNDARIES = {"fill": "constant", "wrap": "wrap", "symm": "symmetric"}


def convolve2d(
    in1: Any, in2: Any, mode: str = "full", boundary: str = "fill", fillvalue: Any = 0
) -> Any:
    """Return the convolution of matrices, of which `in1` goes on beyond its boundary.

    Examples
    --------
    >>> import autograd as ag
    >>> pair_sum = lambda x: convolve2d(x, [[1.0, 2.0]], boundary="symm")[0, 0]
    >>> ag.grad(pair_sum)(np.array([[3.0, 4.0]]))
    array([[3., 0.]])
    """
    if not holds_tensor((in1, in2, fillvalue)):
        return scipy.signal.convolve2d(in1, in2, mode, boundary, fillvalue)
    in1, in2 = matrices(in1, in2, mode, boundary)
    middle = [(size - 1) // 2 for size in in2.shape]
    return with_boundary(in1, in2, mode, (boundary, fillvalue), middle)


def matrices(in1: Any, in2: Any, mode: str, boundary: str) -> tuple[Any, Any]:
    """Return both matrices, checked."""
    in1, in2 = checked(in1, in2, mode)
    if np.ndim(in1) != 2:
        raise ShapeError(f"inputs must both be 2-D arrays, got shape {in1.shape}")
    if boundary not in BOUNDARIES:
        raise ValueError(f"boundary must be 'fill', 'wrap' or 'symm', got {boundary!r}")
    return in1, in2


def with_boundary(
    in1: Any, in2: Any, mode: str, boundary: tuple[str, Any], middle: list[int]
) -> Any:
    """Return a convolution of matrices; of mode "same", that from `middle` on."""
    if mode == "valid":
        return pair(in1, in2, mode, None, "direct")
    keywords: Any = {"constant_values": boundary[1]} if boundary[0] == "fill" else {}
    kind: Any = BOUNDARIES[boundary[0]]
    around = [(size - 1, size - 1) for size in in2.shape]
    whole = pair(np.pad(in1, around, kind, **keywords), in2, "valid", None, "direct")
    if mode == "full":
        return whole
    (m, n), (top, left) = in1.shape, middle
    return whole[top : top + m, left : left + n]


def correlate2d(
    in1: Any, in2: Any, mode: str = "full", boundary: str = "fill", fillvalue: Any = 0
) -> Any:
    """Return the correlation of matrices; `in2` is conjugated.

    Examples
    --------
    >>> import autograd as ag
    >>> pair_sum = lambda x: correlate2d(x, [[1.0, 2.0]], "valid")[0, 0]
    >>> ag.grad(pair_sum)(np.array([[3.0, 4.0]]))
    array([[1., 2.]])
    """
    if not holds_tensor((in1, in2, fillvalue)):
        return scipy.signal.correlate2d(in1, in2, mode, boundary, fillvalue)
    in1, in2 = matrices(in1, np.conj(reverse(as_array(in2))), mode, boundary)
    middle = [size // 2 for size in in2.shape]
    return with_boundary(in1, in2, mode, (boundary, fillvalue), middle)


# As HIPS autograd has it. With axes merged and moved, A is (left in A, dotted, convolved ...),
# B is (dotted, left in B, convolved ...).


def windowed(a, b):
    """Return the convolution without padding: a sum of products of windows onto `a`."""
    axes = tuple(range(2, np.ndim(a)))
    windows = np.lib.stride_tricks.sliding_window_view(a, np.shape(b)[2:], axes)
    count = len(axes)
    over = [1, *range(2 + count, 2 + 2 * count)], [0, *axes]
    return np.moveaxis(np.tensordot(windows, np.flip(b, axes), over), -1, 1)


def windowed_vjp_a(g, b):
    """Return the cotangent of `a`: g with zeros around it, with `b` backward."""
    axes = tuple(range(2, np.ndim(b)))
    around = [(0, 0), (0, 0), *((n - 1, n - 1) for n in np.shape(b)[2:])]
    return windows_of(np.pad(g, around), np.swapaxes(np.flip(b, axes), 0, 1))


def windowed_vjp_b(g, a):
    """Return the cotangent of `b`: all windows onto `a`, weighted with g."""
    axes = tuple(range(2, np.ndim(a)))
    return np.flip(windows_of(np.swapaxes(a, 0, 1), np.flip(g, axes)), axes)


windows_of = linear(windowed, windowed_vjp_a, windowed_vjp_b, name="convolve")


def axis_list(axes: Any, ndim: int) -> list[int]:
    """Return axes as a list of numbers that are not negative."""
    return [axis % ndim for axis in ([axes] if np.ndim(axes) == 0 else axes)]


def merged(x: Any, groups: list[list[int]], along: list[int]) -> Any:
    """Return `x` with the axes of each group as one, and those it is convolved along after them."""
    order = [axis for group in groups for axis in group] + along
    sizes = [int(np.prod([x.shape[axis] for axis in group])) for group in groups]
    return np.reshape(np.transpose(x, order), (*sizes, *(x.shape[axis] for axis in along)))


def hips_convolve(A, B, axes=None, dot_axes=None, mode="full"):
    """Return the convolution along `axes`, summed along `dot_axes`, of all pairs in the rest."""
    A, B = as_array(A), as_array(B)
    dots = [axis_list(a, x.ndim) for a, x in zip(dot_axes or ([], []), (A, B), strict=True)]
    if axes is None:
        axes = [[i for i in range(x.ndim) if i not in d] for x, d in zip((A, B), dots, strict=True)]
    along = [axis_list(a, x.ndim) for a, x in zip(axes, (A, B), strict=True)]
    for name, (in_a, in_b) in (("axes", along), ("dot_axes", dots)):
        if len(in_a) != len(in_b):
            raise ShapeError(f"{name} must be as many of A as of B, got {in_a} and {in_b}")
    left = [
        [i for i in range(x.ndim) if i not in d and i not in a]
        for x, d, a in zip((A, B), dots, along, strict=True)
    ]
    shape = [A.shape[i] for i in left[0]] + [B.shape[i] for i in left[1]]
    a = merged(A, [left[0], dots[0]], along[0])
    b = merged(B, [dots[1], left[1]], along[1])
    if a.shape[1] != b.shape[0]:
        raise ShapeError(f"the dotted axes have sizes {a.shape[1]} in A and {b.shape[0]} in B")
    found = of_mode(a, b, mode)
    return np.reshape(found, (*shape, *found.shape[2:]))


def of_mode(a: Any, b: Any, mode: str) -> Any:
    """Return the convolution of merged arrays."""
    m, n = a.shape[2:], b.shape[2:]
    if mode == "valid":
        if all(i >= j for i, j in zip(m, n, strict=True)):
            return windows_of(a, b)
        if all(i <= j for i, j in zip(m, n, strict=True)):
            swapped = windows_of(np.swapaxes(b, 0, 1), np.swapaxes(a, 0, 1))
            return np.swapaxes(swapped, 0, 1)
        raise ShapeError(f"mode 'valid' needs one array at least as large in all axes: {m}, {n}")
    around = [(0, 0), (0, 0), *((size - 1, size - 1) for size in n)]
    whole = windows_of(np.pad(a, around), b)
    if mode == "full":
        return whole
    if mode != "same":
        raise ValueError(f"mode must be 'full', 'same' or 'valid', got {mode!r}")
    starts = [(size - 1) // 2 for size in n]
    middle = [slice(start, start + size) for start, size in zip(starts, m, strict=True)]
    return whole[(slice(None), slice(None), *middle)]
