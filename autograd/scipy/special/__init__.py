"""`scipy.special` with derivatives; its universal functions take Tensors under SciPy's names, too.

>>> import autograd as ag
>>> import scipy.special
>>> ag.grad(scipy.special.gammaln)(1.0)
np.float64(-0.5772)
"""

from typing import TYPE_CHECKING

import scipy.special

from autograd.scipy.namespace import namespace
from autograd.scipy.special.gamma import polygamma

if TYPE_CHECKING:
    from scipy.special import *  # noqa: F403 - all of it
else:
    globals().update(namespace(scipy.special, {"polygamma": polygamma}))
