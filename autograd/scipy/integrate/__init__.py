"""`scipy.integrate` with derivatives.

>>> import numpy as np
>>> import autograd as ag
>>> from autograd.scipy.integrate import quad
>>> ag.grad(lambda a: quad(lambda x: np.exp(-a * x), 0, np.inf)[0])(2.0)  # -1 / a²
np.float64(-0.25)
"""

from typing import TYPE_CHECKING

import scipy.integrate

from autograd.scipy.integrate.quadrature import fixed_quad, quad, quad_vec
from autograd.scipy.integrate.samples import (
    cumulative_simpson,
    cumulative_trapezoid,
    romb,
    simpson,
    trapezoid,
)
from autograd.scipy.integrate.solvers import odeint, solve_ivp
from autograd.scipy.namespace import namespace

if TYPE_CHECKING:
    from scipy.integrate import *  # noqa: F403 - all of it
else:
    OWN = (
        *(odeint, solve_ivp, quad, quad_vec, fixed_quad),
        *(trapezoid, cumulative_trapezoid, simpson, cumulative_simpson, romb),
    )
    globals().update(namespace(scipy.integrate, {thing.__name__: thing for thing in OWN}))
