"""Jacobians and Hessians, whole."""

from collections.abc import Callable
from typing import Any

import numpy as np

from autograd.transforms.running import named_after, pull_run, run_function


def jacobian(function: Callable[..., Any], argnum: int = 0) -> Callable[..., Any]:
    """Return the Jacobian of `function`, a function from its arguments to an array.

    Parameters
    ----------
    function : callable
        From an array to an array.
    argnum : int
        Which argument to differentiate.

    Returns
    -------
    callable
        To an array of the output's shape followed by the argument's.

    Examples
    --------
    >>> jacobian(lambda x: x[:2] * x[2])(np.array([1.0, 2.0, 3.0]))
    array([[3., 0., 1.],
           [0., 3., 2.]])
    """

    @named_after(function, "jacobian")
    def jacobian_function(*args: Any, **kwargs: Any) -> Any:
        run = run_function(function, argnum, args, kwargs)
        shape = np.shape(run.value)
        rows = []
        for index in np.ndindex(shape):
            seed = np.zeros(shape, np.result_type(run.value))
            seed[index] = 1
            rows.append(pull_run(run, seed, retain=True)[0])
        full = (*shape, *np.shape(args[argnum]))
        return np.reshape(np.stack(rows), full) if rows else np.zeros(full)

    return jacobian_function


def hessian(function: Callable[..., Any], argnum: int = 0) -> Callable[..., Any]:
    """Return the Hessian of `function`, a function to arrays of the argument's shape twice.

    Examples
    --------
    >>> hessian(lambda x: x[0] ** 2 * x[1])(np.array([1.0, 3.0]))
    array([[6., 2.],
           [2., 0.]])
    """
    return jacobian(jacobian(function, argnum), argnum)
