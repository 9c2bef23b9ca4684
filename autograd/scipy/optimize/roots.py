"""Roots and fixed points, with exact derivatives inside, differentiable in `args`."""

import functools
from collections.abc import Callable
from typing import Any

import numpy as np
import scipy.optimize

from autograd.errors import ConvergenceError
from autograd.operands import value_of
from autograd.scipy.optimize.evaluation import Equations, Plain, hint
from autograd.scipy.optimize.parameters import Parameters, as_tuple, varies
from autograd.transforms import grad, vjp
from autograd.transforms.implicit import attach_root
from autograd.tree import map_leaves

WITH_JACOBIAN = {"hybr", "lm"}
SMALL = 1e-6  # what is taken for zero where SciPy says that it has not come as far as was asked


def root(
    fun: Callable[..., Any],
    x0: Any,
    args: Any = (),
    method: str = "hybr",
    jac: Any = None,
    tol: float | None = None,
    callback: Any = None,
    options: Any = None,
) -> scipy.optimize.OptimizeResult:
    """Find a root of a vector function: `scipy.optimize.root`, with an exact Jacobian.

    Parameters
    ----------
    fun : callable
        ``fun(x, *args)``, to as many numbers as there are in `x`.
    x0 : array_like, or container of arrays and numbers
    args : tuple
        If there are Tensors among them, or `fun` uses some, `x` of the result is differentiable in
        them, to any order.
    method : str
        As in SciPy; "hybr" and "lm" use the Jacobian.
    jac : optional
        None for the exact one; otherwise as in SciPy, False for differences.
    tol, callback, options : optional
        As in SciPy.

    Returns
    -------
    OptimizeResult
        SciPy's, with `x` in the form of `x0`.

    Examples
    --------
    >>> from autograd import grad
    >>> solved = lambda a: root(lambda x, a: x**2 - a, [1.0], args=(a,)).x[0]
    >>> solved(9.0), grad(solved)(9.0)
    (np.float64(3.0), np.float64(0.166667))
    """
    parameters, args = Parameters(x0), as_tuple(args)
    plain = map_leaves(value_of, args)
    equations = Equations(fun, parameters, plain)
    function: Any = equations.value
    if jac is None and method.lower() in WITH_JACOBIAN:
        jac = equations.jacobian
    elif callable(jac):
        function, jac = equations.plain_value, parameters.function(jac, plain)
    elif jac is True:
        both = Plain(equations.flat, ())
        function = both if method.lower() in WITH_JACOBIAN else lambda x: both(x)[0]
    else:
        function = equations.plain_value
    result = scipy.optimize.root(
        function,
        parameters.vector.copy(),
        method=method,
        jac=jac,
        tol=tol,
        callback=parameters.callback(callback),
        options=options,
    )
    of_vector = lambda x, *args: _first(equations.flat(x, *args), jac is True)
    x: Any = np.asarray(result.x, np.float64)
    if varies(args) or equations.depends:
        x = attach_root(of_vector, x, args)
    if varies(x) and not result.success and np.max(np.abs(result.fun)) > SMALL:
        raise ConvergenceError(
            f"root has not found one to differentiate: {result.message} The function is as large "
            f"as {np.max(np.abs(result.fun)):.1e} there"
        )
    result.x = parameters.result(x)
    return result


def _first(value: Any, with_jacobian: bool) -> Any:
    return value[0] if with_jacobian else value


def fsolve(
    func: Callable[..., Any],
    x0: Any,
    args: Any = (),
    fprime: Any = None,
    *rest: Any,
    **options: Any,
) -> Any:
    """Find a root of a vector function: `scipy.optimize.fsolve`, with an exact Jacobian.

    As `root`, the result is differentiable in `args`.

    Examples
    --------
    >>> fsolve(lambda x: [x[0] + x[1] - 3.0, x[0] * x[1] - 2.0], [0.0, 5.0])
    array([1., 2.])
    """
    parameters, args = Parameters(x0), as_tuple(args)
    equations = Equations(func, parameters, map_leaves(value_of, args))
    if fprime is None:
        found = scipy.optimize.fsolve(
            equations.value, parameters.vector, (), equations.jacobian, *rest, **options
        )
    else:
        jac = parameters.function(fprime, equations.args)
        found = scipy.optimize.fsolve(
            equations.plain_value, parameters.vector, (), jac, *rest, **options
        )
    several = isinstance(found, tuple)
    x: Any = np.asarray(found[0] if several else found)
    if varies(args) or equations.depends:
        x = attach_root(equations.flat, x, args)
    x = parameters.result(x)
    return (x, *found[1:]) if several else x


def fixed_point(
    func: Callable[..., Any], x0: Any, args: Any = (), *rest: Any, **options: Any
) -> Any:
    """Find a fixed point of a function: `scipy.optimize.fixed_point`, differentiable in `args`.

    Examples
    --------
    >>> from autograd import grad
    >>> solved = lambda a: fixed_point(lambda x, a: np.cos(a * x), 0.5, args=(a,))
    >>> grad(solved)(1.0)
    np.float64(-0.297474)
    """
    args = as_tuple(args)
    plain = map_leaves(value_of, args)
    on_values = Plain(func, plain)
    found = scipy.optimize.fixed_point(on_values, value_of(x0), (), *rest, **options)
    if not varies(args) and not on_values.depends:
        return found
    return attach_root(lambda x, *args: x - func(x, *args), found, args)


# One unknown.


def root_scalar(
    f: Callable[..., Any], args: Any = (), method: Any = None, bracket: Any = None, **options: Any
) -> scipy.optimize.RootResults:
    """Find a root of a function of one number: `scipy.optimize.root_scalar`.

    "newton" and "halley" get exact derivatives where none are given; "newton" is what is done if
    there is only `x0`. `root` of the result is differentiable in `args`.

    Examples
    --------
    >>> from autograd import grad
    >>> cube_root = lambda a: root_scalar(lambda x, a: x**3 - a, (a,), x0=1.0).root
    >>> cube_root(8.0), grad(cube_root)(8.0)
    (np.float64(2.0), np.float64(0.083333))
    """
    args = as_tuple(args)
    plain = map_leaves(value_of, args)
    name = str(method).lower() if method else None
    start_only = bracket is None and options.get("x0") is not None and options.get("x1") is None
    derived = options.get("fprime") is None
    if derived and (name in {"newton", "halley"} or (name is None and start_only)):
        options["fprime"] = _derivative(f)
        if name == "halley" and options.get("fprime2") is None:
            options["fprime2"] = _derivative(_derivative(f))
    several = options.get("fprime") is True or options.get("fprime2") is True
    for key in ("fprime", "fprime2"):
        if callable(options.get(key)):
            options[key] = Plain(options[key], plain)
    on_values = Plain(f, plain)
    found = scipy.optimize.root_scalar(on_values, (), method, bracket, **options)
    equation = lambda x, *args: _first(f(x, *args), several)
    if varies(args) or on_values.depends:
        found.root = attach_root(equation, found.root, args)
    return found


def _derivative(f: Callable[..., Any]) -> Callable[..., Any]:
    """Return the derivative of a function that is applied to each element."""

    def derivative(x: Any, *args: Any) -> Any:
        with hint("fprime"):
            if np.ndim(x) == 0:
                return grad(f)(float(x) if isinstance(x, int | np.integer) else x, *args)
            value, pull = vjp(lambda x: f(x, *args), x)
            return pull(np.ones(np.shape(value)))[0]

    return derivative


def _bracketing(solver: Callable[..., Any]) -> Callable[..., Any]:
    """Return one of SciPy's solvers that take a bracket, differentiable in `args`."""

    @functools.wraps(solver)
    def solve(
        f: Callable[..., Any], a: Any, b: Any, args: Any = (), *rest: Any, **options: Any
    ) -> Any:
        args = as_tuple(args)
        on_values = Plain(f, map_leaves(value_of, args))
        found = solver(on_values, value_of(a), value_of(b), (), *rest, **options)
        if not varies(args) and not on_values.depends:
            return found
        if not isinstance(found, tuple):
            return attach_root(f, found, args)
        x = attach_root(f, found[0], args)
        found[1].root = x
        return (x, *found[1:])

    return solve


bisect = _bracketing(scipy.optimize.bisect)
brenth = _bracketing(scipy.optimize.brenth)
brentq = _bracketing(scipy.optimize.brentq)
ridder = _bracketing(scipy.optimize.ridder)
toms748 = _bracketing(scipy.optimize.toms748)


def newton(
    func: Callable[..., Any],
    x0: Any,
    fprime: Any = None,
    args: Any = (),
    tol: float = 1.48e-8,
    maxiter: int = 50,
    fprime2: Any = None,
    x1: Any = None,
    rtol: float = 0.0,
    full_output: bool = False,
    disp: bool = True,
) -> Any:
    """Find a root near `x0`: `scipy.optimize.newton`, with the exact derivative.

    Without `x1` it is Newton's method, not the secant method. The result is differentiable in
    `args`.

    Examples
    --------
    >>> newton(lambda x, a: x**2 - a, 1.0, args=(2.0,))
    np.float64(1.414214)
    """
    args = as_tuple(args)
    plain = map_leaves(value_of, args)
    is_real = np.result_type(value_of(x0)).kind in "fiub"
    x0 = value_of(x0)
    if fprime is None and x1 is None and is_real:
        fprime = _derivative(func)
        x0 = np.asarray(x0, float)[()] if np.result_type(x0).kind in "iub" else x0
    wrapped = [None if f is None else Plain(f, plain) for f in (func, fprime, fprime2)]
    found: Any = scipy.optimize.newton(
        wrapped[0], x0, wrapped[1], (), tol, maxiter, wrapped[2], x1, rtol, full_output, disp
    )
    if not varies(args) and not (wrapped[0] and wrapped[0].depends):
        return found
    if not isinstance(found, tuple):
        return attach_root(func, found, args)
    x = attach_root(func, found[0], args)
    if hasattr(found[1], "root"):
        found[1].root = x
    return found._replace(root=x) if hasattr(found, "_replace") else (x, *found[1:])
