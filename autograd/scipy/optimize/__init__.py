"""`scipy.optimize` with derivatives: solvers get exact ones, and some solutions have them.

`minimize` and `least_squares` take parameters in any container. `root`, `fixed_point`, `newton`,
`brentq` and their kin are differentiable in `args`.

>>> import numpy as np
>>> from autograd.scipy.optimize import minimize
>>> minimize(lambda x: np.sum((x - 1.0) ** 2), np.zeros((2, 2)), method="Newton-CG").x
array([[1., 1.],
       [1., 1.]])
"""

from typing import TYPE_CHECKING, Any

import numpy as np
import scipy.optimize

from autograd.ops.conversion import holds_tensor, joined
from autograd.scipy.namespace import namespace
from autograd.scipy.optimize.fitting import curve_fit, least_squares
from autograd.scipy.optimize.minimizing import minimize
from autograd.scipy.optimize.roots import (
    bisect,
    brenth,
    brentq,
    fixed_point,
    fsolve,
    newton,
    ridder,
    root,
    root_scalar,
    toms748,
)


def rosen(x: Any) -> Any:
    """Return the Rosenbrock function: `scipy.optimize.rosen`, of Tensors, too.

    Examples
    --------
    >>> import autograd as ag
    >>> ag.grad(rosen)(np.array([0.0, 1.0]))
    array([ -2., 200.])
    """
    if not holds_tensor(x):
        return scipy.optimize.rosen(x)
    x = joined(x)
    return np.sum(100.0 * (x[1:] - x[:-1] ** 2) ** 2 + (1.0 - x[:-1]) ** 2, axis=0)


if TYPE_CHECKING:
    from scipy.optimize import *  # noqa: F403 - all of it
else:
    own = (
        bisect, brenth, brentq, curve_fit, fixed_point, fsolve, least_squares, minimize, newton,
        ridder, root, root_scalar, rosen, toms748,
    )  # fmt: skip
    globals().update(namespace(scipy.optimize, {f.__name__: f for f in own}))
