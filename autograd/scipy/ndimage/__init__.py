"""`scipy.ndimage` with derivatives: in images, weights, coordinates, shifts, angles, widths.

>>> import numpy as np
>>> import autograd as ag
>>> from autograd.scipy.ndimage import gaussian_filter1d
>>> ag.grad(lambda x: gaussian_filter1d(x, 1.0, radius=1)[1])(np.zeros(3))
array([0.2741, 0.4519, 0.2741])
"""

from typing import TYPE_CHECKING

import scipy.ndimage

from autograd.scipy.namespace import namespace
from autograd.scipy.ndimage.filters import (
    convolve,
    convolve1d,
    correlate,
    correlate1d,
    gaussian_filter,
    gaussian_filter1d,
    gaussian_gradient_magnitude,
    gaussian_laplace,
    laplace,
    maximum_filter,
    maximum_filter1d,
    median_filter,
    minimum_filter,
    minimum_filter1d,
    percentile_filter,
    prewitt,
    rank_filter,
    sobel,
    uniform_filter,
    uniform_filter1d,
)
from autograd.scipy.ndimage.measures import (
    center_of_mass,
    mean,
    standard_deviation,
    sum_,
    sum_labels,
    variance,
)
from autograd.scipy.ndimage.sampling import (
    affine_transform,
    geometric_transform,
    map_coordinates,
    rotate,
    shift,
    spline_filter,
    spline_filter1d,
    zoom,
)

if TYPE_CHECKING:
    from scipy.ndimage import *  # noqa: F403 - all of it
else:
    OWN = (
        *(correlate, correlate1d, convolve, convolve1d, gaussian_filter, gaussian_filter1d),
        *(uniform_filter, uniform_filter1d, laplace, sobel, prewitt, gaussian_laplace),
        *(gaussian_gradient_magnitude, maximum_filter, maximum_filter1d, minimum_filter),
        *(minimum_filter1d, median_filter, rank_filter, percentile_filter),
        *(spline_filter, spline_filter1d, map_coordinates, shift, zoom, affine_transform, rotate),
        *(geometric_transform, sum_, sum_labels, mean, variance, standard_deviation),
        center_of_mass,
    )
    globals().update(namespace(scipy.ndimage, {thing.__name__: thing for thing in OWN}))
    del OWN
