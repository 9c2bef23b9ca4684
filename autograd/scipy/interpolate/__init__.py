"""`scipy.interpolate` with derivatives: in the data, in the points, in the knots where there are.

>>> import numpy as np
>>> import autograd as ag
>>> from autograd.scipy.interpolate import CubicSpline
>>> x = np.array([0.0, 1.0, 2.0, 3.0])
>>> spline = CubicSpline(x, x**3)
>>> ag.grad(spline)(1.5)  # 3 x²
np.float64(6.75)
"""

from typing import TYPE_CHECKING

import scipy.interpolate

from autograd.scipy.interpolate.grids import (
    RBFInterpolator,
    RegularGridInterpolator,
    griddata,
    interp1d,
    interpn,
)
from autograd.scipy.interpolate.piecewise import (
    Akima1DInterpolator,
    CubicHermiteSpline,
    CubicSpline,
    PchipInterpolator,
    PPoly,
    refusing,
)
from autograd.scipy.interpolate.splines import (
    BSpline,
    RectBivariateSpline,
    make_interp_spline,
    splev,
    splrep,
)
from autograd.scipy.namespace import namespace

if TYPE_CHECKING:
    from scipy.interpolate import *  # noqa: F403 - all of it
else:
    OWN = (
        *(PPoly, CubicSpline, CubicHermiteSpline, PchipInterpolator, Akima1DInterpolator),
        *(BSpline, make_interp_spline, splev, splrep, RectBivariateSpline),
        *(interp1d, RegularGridInterpolator, interpn, griddata, RBFInterpolator),
    )
    own = {thing.__name__: thing for thing in OWN}
    own |= {"pchip": PchipInterpolator}
    own |= {
        name: refusing(thing)
        for name, thing in vars(scipy.interpolate).items()
        if isinstance(thing, type) and "__call__" in dir(thing) and name not in own
    }
    globals().update(namespace(scipy.interpolate, own))
    del own, OWN
