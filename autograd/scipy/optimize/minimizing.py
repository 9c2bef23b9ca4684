"""`minimize`, with derivatives, for parameters in any container."""

from collections.abc import Callable
from typing import Any

import numpy as np
import scipy.optimize

from autograd.errors import ConvergenceError, NotDifferentiableError
from autograd.operands import value_of
from autograd.scipy.optimize.evaluation import Equations, Loss
from autograd.scipy.optimize.parameters import Parameters, as_tuple, varies
from autograd.transforms import grad
from autograd.transforms.implicit import attach_root
from autograd.transforms.raveling import join
from autograd.tree import flatten, map_leaves

WITHOUT_GRADIENT = {"nelder-mead", "powell", "cobyla", "cobyqa"}
WITH_PRODUCTS = {"newton-cg", "trust-ncg", "trust-krylov", "trust-constr"}
STEEP = 1e-3  # the largest gradient, relative to the loss, at what is differentiated as a minimum
WITH_DIFFERENCES = {"newton-cg", "trust-constr"}
WITH_HESSIAN = {"dogleg", "trust-exact"}


def minimize(
    fun: Callable[..., Any],
    x0: Any,
    args: Any = (),
    method: Any = None,
    jac: Any = None,
    hess: Any = None,
    hessp: Any = None,
    bounds: Any = None,
    constraints: Any = (),
    tol: float | None = None,
    callback: Any = None,
    options: Any = None,
) -> scipy.optimize.OptimizeResult:
    """Minimise a function of parameters in any container: `scipy.optimize.minimize`.

    Methods that use a gradient get the exact one, computed together with the value; those that use
    second derivatives get products of the Hessian with vectors (Newton-CG, trust-ncg, trust-krylov,
    trust-constr) or the Hessian (dogleg, trust-exact). Constraints get exact Jacobians.

    Parameters
    ----------
    fun : callable
        ``fun(x, *args)``, to one real number, written in NumPy.
    x0 : array_like, or container of arrays and numbers
        Where to start: an array of any shape, a dict, a list, a dataclass ... `fun` is given the
        same form. The solver works in float64; `x` has the dtypes of `x0`.
    args : tuple
        Further arguments. If there are Tensors among them, or `fun` uses some, the result is
        differentiable in them, by the implicit function theorem; without bounds and constraints.
    method : str or callable, optional
        As in SciPy.
    jac, hess, hessp : optional
        None for what this function is about. What is given is used as in SciPy: a function of the
        parameters, of which `jac` may return their container; ``jac="2-point"`` for differences.
    bounds : optional
        As in SciPy, or in the form of `x0`: a pair (low, high) or None for each array.
    constraints : optional
        As in SciPy; ``fun`` of a dict or a `NonlinearConstraint` is given the container, the matrix
        of a `LinearConstraint` belongs to the numbers in `x0`, one after the other.
    tol : float, optional
    callback : callable, optional
        As in SciPy, with the parameters in their container.
    options : dict, optional

    Returns
    -------
    OptimizeResult
        SciPy's, with `x` and `jac` in the form of `x0`.

    Raises
    ------
    NotScalarError
        If `fun` does not return one real number.
    NonFiniteError
        If it is NaN at the start, or its gradient there is not finite.
    DtypeError
        If a parameter is not a real number.

    Examples
    --------
    >>> loss = lambda p: (p["a"] - 1.0) ** 2 + np.sum((p["b"] - p["a"]) ** 2)
    >>> result = minimize(loss, {"a": 0.0, "b": np.zeros(2)})
    >>> result.x
    {'a': np.float64(1.0), 'b': array([1., 1.])}
    """
    parameters = Parameters(x0)
    args = as_tuple(args)
    name = _method(method, bounds, constraints)
    plain = map_leaves(value_of, args)
    loss = Loss(fun, parameters, plain)
    hess, hessp = _second(loss, name, hess, hessp, given=jac is not None)
    function, jac = _with_gradient(loss, name, jac)
    result = scipy.optimize.minimize(
        function,
        parameters.vector.copy(),
        method=method,
        jac=jac,
        hess=hess,
        hessp=hessp,
        bounds=parameters.bounds(bounds),
        constraints=_constraints(constraints, parameters, name),
        tol=tol,
        callback=parameters.callback(callback),
        options=options,
    )
    return _finished(result, loss, args, restricted=bounds is not None or _any(constraints))


def _method(method: Any, bounds: Any, constraints: Any) -> str:
    """Return the name of the method, in small letters, by SciPy's rules where none is given."""
    if method is None:
        return "slsqp" if _any(constraints) else "bfgs" if bounds is None else "l-bfgs-b"
    return "custom" if callable(method) else str(method).lower()


def _any(constraints: Any) -> bool:
    return bool(constraints) if isinstance(constraints, list | tuple | dict) else True


def _with_gradient(loss: Loss, name: str, jac: Any) -> tuple[Callable[..., Any], Any]:
    """Return the function that SciPy calls, and its `jac`."""
    if jac is None and name not in WITHOUT_GRADIENT:
        return loss.value_and_grad, True
    if jac is True:

        def both(x: Any) -> Any:
            value, slope = loss.flat(x)
            return value_of(value), loss.parameters.ravel(value_of(slope))

        return both, True
    return loss.value, _raveled(jac, loss)


def _raveled(jac: Any, loss: Loss) -> Any:
    """Return a function for a gradient as one to vectors; anything else as it is."""
    if not callable(jac):
        return jac
    of_vector = loss.parameters.function(jac, loss.args)
    return lambda x: loss.parameters.ravel(of_vector(x))


def _second(loss: Loss, name: str, hess: Any, hessp: Any, *, given: bool) -> tuple[Any, Any]:
    """Return `hess` and `hessp`: those given, of the vector, or the exact one that is used."""
    parameters = loss.parameters
    if callable(hess):
        return parameters.function(hess, loss.args), hessp
    if hess is not None:
        return hess, hessp
    if callable(hessp):

        def product(x: Any, p: Any) -> Any:
            found = hessp(parameters.unravel(x), parameters.unravel(p), *loss.args)
            return parameters.ravel(map_leaves(value_of, found))

        return None, product
    if given and name in WITH_DIFFERENCES:  # of the gradient that was given
        return hess, hessp
    if name in WITH_HESSIAN:
        return loss.hessian, None
    return None, loss.product if name in WITH_PRODUCTS else hessp


# Constraints.


def _constraints(constraints: Any, parameters: Parameters, name: str) -> Any:
    """Return constraints on the container as constraints on the vector, with Jacobians."""
    if isinstance(constraints, list | tuple):
        return [_constraint(constraint, parameters, name) for constraint in constraints]
    return _constraint(constraints, parameters, name)


def _constraint(constraint: Any, parameters: Parameters, name: str) -> Any:
    exact = name not in WITHOUT_GRADIENT
    if isinstance(constraint, dict):
        args = as_tuple(constraint.get("args", ()))
        found = {key: value for key, value in constraint.items() if key != "args"}
        equations = Equations(constraint["fun"], parameters, map_leaves(value_of, args))
        _refuse(constraint["fun"], args)
        jac = constraint.get("jac")
        found["fun"] = equations.value if exact and jac is None else equations.plain_value
        if callable(jac):
            found["jac"] = parameters.function(jac, equations.args)
        elif exact and jac is None:
            found["jac"] = equations.jacobian
        return found
    if not isinstance(constraint, scipy.optimize.NonlinearConstraint):
        return constraint
    equations = Equations(constraint.fun, parameters)
    given = {key: getattr(constraint, key) for key in _KEPT}
    if callable(constraint.jac):
        given["jac"] = parameters.function(constraint.jac, ())
    default = isinstance(constraint.jac, str) and constraint.jac == "2-point"
    exact = exact and default
    if exact:
        given["jac"] = equations.jacobian
    hess: Any = constraint.hess
    if callable(hess):
        given["hess"] = lambda x, v: hess(parameters.unravel(x), v)
    elif exact and name == "trust-constr" and type(hess) is scipy.optimize.BFGS:  # SciPy's choice
        given["hess"] = equations.hessian
    low, high = (join(flatten(side)[0]) for side in (constraint.lb, constraint.ub))
    function = equations.value if exact else equations.plain_value
    return scipy.optimize.NonlinearConstraint(function, low, high, **given)


_KEPT = ("jac", "hess", "keep_feasible", "finite_diff_rel_step", "finite_diff_jac_sparsity")


def _refuse(function: Any, args: Any) -> None:
    if varies(args):
        raise NotDifferentiableError(
            f"the minimum is not differentiated in the args of a constraint ({function!r}); pass "
            f"their values (t.data)"
        )


# Results.


def _finished(
    result: scipy.optimize.OptimizeResult, loss: Loss, args: tuple[Any, ...], *, restricted: bool
) -> scipy.optimize.OptimizeResult:
    """Return the result with parameters in their container, differentiable where that is due."""
    parameters = loss.parameters
    key = "grad" if "grad" in result else "jac"  # of trust-constr, `jac` is that of constraints
    slope: Any = result.get(key)
    if isinstance(slope, np.ndarray) and slope.shape == (parameters.size,):
        result[key] = parameters.result(slope)
    if "x" in result and not varies(args) and not loss.depends:
        result.x = parameters.result(result.x)
    if "x" not in result or (not varies(args) and not loss.depends):
        return result
    if restricted:
        raise NotDifferentiableError(
            "the minimum under bounds or constraints is not differentiated; pass the values of "
            "Tensors (t.data), or write the bounds into the parameters: np.exp(p) is positive"
        )
    steep = 0.0 if slope is None else np.max(np.abs(slope), initial=0.0)
    if not result.success and steep > STEEP * max(1.0, abs(result.fun)):
        raise ConvergenceError(
            f"minimize has not found a minimum to differentiate: {result.message} The gradient is "
            f"as large as {steep:.1e} there"
        )
    x = attach_root(grad(loss.flat), np.asarray(result.x, np.float64), args)
    result.x = parameters.result(x)
    result.fun = loss.flat(x, *args)
    return result
