"""Least squares, with exact Jacobians."""

import functools
import inspect
from collections.abc import Callable
from typing import Any

import numpy as np
import scipy.optimize

from autograd.errors import NotDifferentiableError
from autograd.operands import value_of
from autograd.ops.conversion import holds_tensor
from autograd.scipy.optimize.evaluation import Equations
from autograd.scipy.optimize.parameters import Parameters, as_tuple, varies
from autograd.transforms import grad
from autograd.transforms.implicit import attach_root
from autograd.tree import flatten, map_leaves

_SIGNATURE = inspect.signature(scipy.optimize.least_squares)


def least_squares(
    fun: Callable[..., Any], x0: Any, jac: Any = None, *positional: Any, **options: Any
) -> scipy.optimize.OptimizeResult:
    """Solve a nonlinear least-squares problem: `scipy.optimize.least_squares`, with the Jacobian.

    Parameters
    ----------
    fun : callable
        ``fun(x, *args, **kwargs)``, to residuals: an array, or a container of arrays.
    x0 : array_like, or container of arrays and numbers
    jac : optional
        None for the exact one, from the run of `fun` that gave the residuals; otherwise as in
        SciPy: a function, or "2-point" for differences.
    *positional, **options
        SciPy's `bounds` (also in the form of `x0`, see `minimize`), `method`, `ftol`, `args` and so
        on. If there are Tensors among `args`, `x` of the result is differentiable in them; without
        bounds, and with the loss "linear".

    Returns
    -------
    OptimizeResult
        SciPy's, with `x` and `grad` in the form of `x0`.

    Examples
    --------
    >>> t = np.array([0.0, 1.0, 2.0])
    >>> model = lambda p: p["scale"] * np.exp(-p["rate"] * t)
    >>> y = 3.0 * np.exp(-0.5 * t)
    >>> least_squares(lambda p: model(p) - y, {"scale": 1.0, "rate": 1.0}).x
    {'scale': np.float64(3.0), 'rate': np.float64(0.5)}
    """
    bound: dict[str, Any] = _SIGNATURE.bind(fun, x0, jac, *positional, **options).arguments
    parameters, args = Parameters(x0), as_tuple(bound.pop("args", ()))
    kwargs = bound.pop("kwargs", None) or {}
    of_all = functools.partial(fun, **kwargs)
    plain = map_leaves(value_of, args)
    equations = Equations(of_all, parameters, plain)
    if jac is None and bound.get("jac_sparsity") is not None:
        jac = bound["jac"] = "2-point"  # for a Jacobian that is too large to be dense
    if jac is None:
        bound["fun"], bound["jac"] = equations.value, equations.jacobian
    else:
        bound["fun"] = equations.plain_value
        if callable(jac):
            bound["jac"] = parameters.function(functools.partial(jac, **kwargs), plain)
    bounds = bound.get("bounds", (-np.inf, np.inf))
    free = _is_free(bounds)
    bound["bounds"] = (-np.inf, np.inf) if free else parameters.bounds(bounds)
    if "callback" in bound:
        bound["callback"] = parameters.callback(bound["callback"])
    bound["x0"] = parameters.vector.copy()
    result = scipy.optimize.least_squares(**bound)
    result.grad = parameters.result(np.asarray(result.grad))
    if not varies(args) and not equations.depends:
        result.x = parameters.result(result.x)
        return result
    if not free or bound.get("loss", "linear") != "linear":
        raise NotDifferentiableError(
            "least_squares is differentiated in args without bounds and with the loss 'linear' "
            "only; pass the values of Tensors (t.data), or use minimize"
        )
    cost = lambda x, *args: sum(np.sum(y * y) for y in flatten(equations.flat(x, *args))[0]) / 2
    result.x = parameters.result(attach_root(grad(cost), result.x, args))
    return result


def _is_free(bounds: Any) -> bool:
    """Whether bounds are none, in any form."""
    if isinstance(bounds, scipy.optimize.Bounds):
        bounds = (bounds.lb, bounds.ub)
    leaves = flatten(bounds)[0]
    return all(leaf is None or np.all(np.isinf(leaf)) for leaf in leaves)


def curve_fit(
    f: Callable[..., Any],
    xdata: Any,
    ydata: Any,
    p0: Any = None,
    *positional: Any,
    jac: Any = None,
    **options: Any,
) -> Any:
    """Fit a function to data: `scipy.optimize.curve_fit`, with the exact Jacobian.

    Parameters
    ----------
    f : callable
        ``f(xdata, *parameters)``, written in NumPy.
    xdata, ydata, p0
        As in SciPy.
    *positional, **options
        SciPy's `sigma`, `bounds` and so on.
    jac : optional
        None for the exact one; otherwise as in SciPy: a function, or "2-point" for differences.

    Examples
    --------
    >>> t = np.array([0.0, 1.0, 2.0, 3.0])
    >>> best, _ = curve_fit(lambda t, a, b: a * np.exp(-b * t), t, 3.0 * np.exp(-0.5 * t))
    >>> best
    array([3. , 0.5])
    """
    names = list(inspect.signature(scipy.optimize.curve_fit).parameters)[4:]
    given = dict(zip(names, positional, strict=False)) | options
    jac = given.pop("jac", jac)
    if holds_tensor([xdata, ydata, p0, *given.values()]):
        raise NotDifferentiableError(
            "curve_fit is not differentiated in its data; pass arrays (t.data), or use "
            "least_squares with the data in args"
        )

    def exact(x: Any, *values: Any) -> Any:
        parameters = Parameters(np.array(values))
        return Equations(lambda p: f(x, *p), parameters).jacobian(parameters.vector)

    if jac is None:
        jac = exact
    elif isinstance(jac, str) and given.get("method", _is_free(given.get("bounds"))) in {
        True,
        "lm",
    }:
        jac = None  # differences are all that MINPACK knows besides functions
    on_values = functools.wraps(f)(lambda x, *values: value_of(f(x, *values)))
    return scipy.optimize.curve_fit(on_values, xdata, ydata, p0, jac=jac, **given)
