"""Sums, means and spreads of the parts of an image that labels name; labels are constants."""

from typing import Any

import numpy as np

from autograd.operands import value_of
from autograd.ops.conversion import holds_tensor
from autograd.scipy.ndimage.filters import image, plain_or


def grouped(x: Any, labels: Any, index: Any) -> tuple[Any, Any, Any]:
    """Return elements in one axis, the number of the group of each, and those that are asked for.

    The groups that are asked for have an axis if there are several.
    """
    if holds_tensor((labels, index)):
        labels, index = value_of(labels), value_of(index)
    if labels is None:
        return np.reshape(x, -1), np.zeros(x.size, int), 0
    labels = np.broadcast_to(np.asarray(labels), x.shape)
    flat = np.reshape(x, -1)
    if index is None:
        return flat, np.where(labels.ravel() > 0, 0, 1), 0
    known, group = np.unique(labels.ravel(), return_inverse=True)
    place = np.clip(np.searchsorted(known, index), 0, len(known) - 1)
    missing = known[place] != index
    return flat, group, np.where(missing, len(known), place)  # a group with nothing in it


def sums(flat: Any, group: Any, asked: Any) -> Any:
    """Return the sum of each group."""
    count = int(max(np.max(group, initial=0), np.max(asked))) + 1
    if flat.dtype.kind == "c":
        return sums(np.real(flat), group, asked) + 1j * sums(np.imag(flat), group, asked)
    return np.bincount(group, flat, count)[asked]


def counts(group: Any, asked: Any) -> Any:
    """Return the number of elements of each group."""
    return np.bincount(group, None, int(np.max(asked)) + 1)[asked]


@plain_or
def sum_labels(input, labels=None, index=None):
    """Return the sum of the elements of each label.

    Examples
    --------
    >>> import autograd as ag
    >>> ag.grad(lambda x: sum_labels(x, [1, 2, 1], 1))(np.ones(3))
    array([1., 0., 1.])
    """
    return sums(*grouped(image(input), labels, index))


@plain_or
def sum_(input, labels=None, index=None):
    """Return the sum of the elements of each label.

    Examples
    --------
    >>> import autograd as ag
    >>> ag.grad(lambda x: sum_(x, [1, 2, 1], 1))(np.ones(3))
    array([1., 0., 1.])
    """
    return sums(*grouped(image(input), labels, index))


@plain_or
def mean(input, labels=None, index=None):
    """Return the mean of the elements of each label.

    Examples
    --------
    >>> import autograd as ag
    >>> ag.grad(lambda x: mean(x, [1, 2, 1], 1))(np.ones(3))
    array([0.5, 0. , 0.5])
    """
    flat, group, asked = grouped(image(input), labels, index)
    return sums(flat, group, asked) / counts(group, asked)


@plain_or
def variance(input, labels=None, index=None):
    """Return the variance of the elements of each label.

    Examples
    --------
    >>> import autograd as ag
    >>> ag.grad(lambda x: variance(x, [1, 2, 1], 1))(np.array([1.0, 0.0, 3.0]))
    array([-1.,  0.,  1.])
    """
    flat, group, asked = grouped(image(input), labels, index)
    every = np.arange(int(max(np.max(group), np.max(asked))) + 1)
    number = np.maximum(np.bincount(group, None, len(every)), 1)
    distance = flat - (sums(flat, group, every) / number)[group]
    return sums(np.real(distance * np.conj(distance)), group, asked) / counts(group, asked)


@plain_or
def standard_deviation(input, labels=None, index=None):
    """Return the standard deviation of the elements of each label.

    Examples
    --------
    >>> import autograd as ag
    >>> ag.grad(lambda x: standard_deviation(x, [1, 2, 1], 1))(np.array([1.0, 0.0, 3.0]))
    array([-0.5,  0. ,  0.5])
    """
    found = variance(input, labels, index)
    zero = value_of(found) == 0
    return np.where(zero, 0.0, np.sqrt(np.where(zero, 1.0, found)))[()]


@plain_or
def center_of_mass(input, labels=None, index=None):
    """Return the middle of the elements of each label, weighted with themselves.

    Examples
    --------
    >>> import autograd as ag
    >>> ag.grad(lambda x: center_of_mass(x)[0])(np.array([1.0, 1.0]))
    array([-0.25,  0.25])
    """
    x = image(input)
    flat, group, asked = grouped(x, labels, index)
    total = sums(flat, group, asked)
    places = np.indices(x.shape).reshape(x.ndim, -1)
    found = [sums(flat * place, group, asked) / total for place in places]
    if np.ndim(asked) == 0:
        return tuple(found)
    return [tuple(row) for row in np.stack(found, axis=-1)]
