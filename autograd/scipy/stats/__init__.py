"""`scipy.stats` with derivatives: its distributions take Tensors, and so do some of its functions.

Of arrays, everything is SciPy's own. What has no derivative here refuses Tensors by name.

>>> import autograd as ag
>>> from autograd.scipy.stats import norm
>>> ag.grad(norm.logpdf)(1.0, 0.0, 2.0)
np.float64(-0.25)

A distribution can be imported as a module, too, as HIPS autograd has them:

>>> from autograd.scipy.stats.norm import logcdf
>>> ag.grad(logcdf)(-1000.0)
np.float64(1000.001)
"""

import sys
from typing import TYPE_CHECKING, Any

from scipy import stats

from autograd.scipy.namespace import namespace
from autograd.scipy.stats import (
    betas,
    correlation,
    discrete,
    exponentials,
    gammas,
    multivariate,
    normals,
    summary,
)
from autograd.scipy.stats.distribution import Distribution

if TYPE_CHECKING:
    from scipy.stats import *  # noqa: F403 - all of it


MODULES = (betas, correlation, discrete, exponentials, gammas, multivariate, normals)


def every_distribution() -> dict[str, Any]:
    """Return SciPy's distributions by name, with formulas where there are any."""
    every = {
        name: Distribution(thing)
        for name, thing in vars(stats).items()
        if hasattr(thing, "rvs") and not isinstance(thing, type)
    }
    ours = {
        name: thing
        for module in MODULES
        for name, thing in vars(module).items()
        if isinstance(thing, Distribution)
    }
    return every | ours


OWN = every_distribution()
globals().update(namespace(stats, OWN | summary.FUNCTIONS))
sys.modules.update({f"{__name__}.{name}": thing for name, thing in OWN.items()})
