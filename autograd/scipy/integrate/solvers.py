"""SciPy's solvers of initial value problems, with derivatives."""

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import scipy.integrate

from autograd.errors import KeywordError
from autograd.operands import value_of
from autograd.ops.conversion import holds_tensor
from autograd.scipy.integrate.fields import Function, as_array, each_example
from autograd.scipy.integrate.odes import Solver, UnsolvedError, varied
from autograd.tensor import Tensor
from autograd.tree import flatten

STEPS = 5000
"""How many steps `odeint` may take from one time to the next in equations of derivatives."""


def with_arguments(
    function: Callable[..., Any], args: Any, name: str, tfirst: bool
) -> tuple[Function, list[Any], Callable[..., Any]]:
    """Return a function of t, y and the leaves of `args`, those, and what puts others for them."""
    args = args if isinstance(args, tuple) else (args,)
    leaves, rebuild = flatten(args)

    def of_leaves(t: Any, y: Any, *leaves: Any) -> Any:
        given = rebuild(list(leaves))
        return function(t, y, *given) if tfirst else function(y, t, *given)

    what = f"{getattr(function, '__name__', 'the function')} of {name}"
    return Function(of_leaves, what), leaves, rebuild


def is_plain(function: Function, *things: Any) -> bool:
    """Whether nothing of a problem is a Tensor, nor is what its function closes over."""
    return not function.hidden and not any(holds_tensor(thing) for thing in things)


@each_example
def odeint(
    func: Callable[..., Any], y0: Any, t: Any, args: Any = (), Dfun: Any = None, col_deriv: Any = 0,
    full_output: Any = 0, ml: Any = None, mu: Any = None, rtol: Any = None, atol: Any = None,
    tcrit: Any = None, h0: float = 0.0, hmax: float = 0.0, hmin: float = 0.0, ixpr: Any = 0,
    mxstep: int = 0, mxhnil: int = 0, mxordn: int = 12, mxords: int = 5, printmessg: Any = 0,
    tfirst: bool = False,
) -> Any:  # fmt: skip
    r"""Return the solution of y' = func(y, t, \*args) at the times `t`, as SciPy's `odeint` does.

    It has derivatives in `y0`, `t`, all Tensors in `args` (in containers, too) and those that
    `func` closes over, with about the tolerance of the solution.

    Parameters
    ----------
    func : callable
        To an array, or a list of numbers or Tensors, of the shape of `y0`.
    y0 : array_like, shape (n,)
    t : array_like, shape (m,)
        The first is the time of `y0`.
    args : tuple
        Containers of anything.
    Dfun, full_output, rtol, atol, tfirst, ...
        As SciPy has them; `full_output` has no derivative.

    Returns
    -------
    ndarray or Tensor, shape (m, n)

    Examples
    --------
    >>> import autograd as ag
    >>> def end(rate):
    ...     return odeint(lambda y, t: -rate * y, np.array([2.0]), np.array([0.0, 1.0]))[1, 0]
    >>> ag.grad(end)(1.0)  # -2 exp(-1)
    np.float64(-0.735759)
    """
    y0, t = as_array(y0), as_array(t)
    order = {"mxhnil": mxhnil, "mxordn": mxordn, "mxords": mxords}
    common = {"tcrit": tcrit, "hmax": hmax, "hmin": hmin, "ixpr": ixpr, **order, "tfirst": True}
    first = {"Dfun": Dfun and _jacobian(Dfun, args, tfirst), "col_deriv": col_deriv, "h0": h0}
    function, leaves, _ = with_arguments(func, args, "odeint", tfirst)
    values = [value_of(leaf) for leaf in leaves]
    slopes = lambda t, y: function.value(t, y, *values)
    options = {"full_output": full_output, "ml": ml, "mu": mu, "mxstep": mxstep, **first}
    options |= {"printmessg": printmessg, **common}
    result = scipy.integrate.odeint(
        slopes, value_of(y0), value_of(t), rtol=rtol, atol=atol, **options
    )
    if is_plain(function, y0, t, leaves):
        return result
    if full_output:
        raise KeywordError("odeint of a Tensor does not take full_output=; leave it out")

    def call(slopes: Any, y: Any, t: Any, times: Any, rtol: Any, atol: Any) -> Any:
        starts = times[0] == t
        grid = times if starts else np.concatenate([[t], times])
        more = {"mxstep": max(mxstep, STEPS), **common}
        with warnings.catch_warnings():
            warnings.simplefilter("error", scipy.integrate.ODEintWarning)
            try:
                found = scipy.integrate.odeint(slopes, y, grid, rtol=rtol, atol=atol, **more)
            except scipy.integrate.ODEintWarning as warning:
                raise UnsolvedError(str(warning)) from warning
        return found if starts else found[1:]

    default = 1.49012e-8  # SciPy's
    solver = Solver(call, default if rtol is None else rtol, default if atol is None else atol)
    y0 = np.reshape(y0, -1)
    return varied(function, (y0, t[0]), t, leaves, solver, result)


def _jacobian(Dfun: Callable[..., Any], args: Any, tfirst: bool) -> Callable[..., Any]:
    """Return a Jacobian for the solver, which has no use for its derivatives."""
    function, leaves, _ = with_arguments(Dfun, args, "odeint", tfirst)
    return lambda t, y: function.value(t, y, *map(value_of, leaves))


def solve_ivp(
    fun: Callable[..., Any],
    t_span: Any,
    y0: Any,
    method: Any = "RK45",
    t_eval: Any = None,
    dense_output: bool = False,
    events: Any = None,
    vectorized: bool = False,
    args: Any = None,
    **options: Any,
) -> Any:
    r"""Return the solution of y' = fun(t, y, \*args) over `t_span`, as SciPy's `solve_ivp` does.

    `y` of the result has derivatives in `y0`, the ends of `t_span`, `t_eval`, all Tensors in `args`
    (in containers, too) and those that `fun` closes over, with about the tolerance of the solution.
    The times that the solver has chosen itself are constants, but for the ends.

    Parameters
    ----------
    fun : callable
        To an array, or a list of numbers or Tensors, of the shape of `y0`.
    t_span : pair of float
    y0 : array_like, shape (n,)
    method : str or class
        One of SciPy's; derivatives are computed with the same.
    t_eval : array_like, shape (m,), optional
    dense_output, events
        They have no derivative.
    vectorized, args, **options
        As SciPy has them.

    Returns
    -------
    OdeResult
        Its `y`, shape (n, m), is a Tensor where something varies, `t` where the times do.

    Examples
    --------
    >>> import autograd as ag
    >>> def end(rate):
    ...     found = solve_ivp(lambda t, y: -rate * y, (0, 1), np.array([2.0]), rtol=1e-8)
    ...     return found.y[0, -1]
    >>> ag.grad(end)(1.0)  # -2 exp(-1)
    np.float64(-0.735759)
    """
    y0, t_eval = as_array(y0), t_eval if t_eval is None else as_array(t_eval)
    function, leaves, rebuild = with_arguments(fun, args or (), "solve_ivp", tfirst=True)
    values = [value_of(leaf) for leaf in leaves]
    if callable(options.get("jac")):
        jac = options["jac"]
        options["jac"] = lambda t, y: value_of(as_array(jac(t, y, *rebuild(values))))
    if events is not None:
        events = _with_values(events, rebuild(values))
    start, end = t_span
    result = scipy.integrate.solve_ivp(
        lambda t, y: function.value(t, y, *values),
        (value_of(start), value_of(end)),
        value_of(y0),
        method,
        None if t_eval is None else value_of(t_eval),
        dense_output,
        events,
        vectorized,
        **options,
    )
    if is_plain(function, y0, (start, end), (t_eval,), leaves):
        return result
    if dense_output or events is not None:
        name = "dense_output" if dense_output else "events"
        raise KeywordError(f"solve_ivp of a Tensor does not take {name}=; pass t_eval= instead")
    times = _times(result.t, start, end, t_eval)
    solver = _ivp_solver(method, options)
    found = varied(function, (y0, start), times, leaves, solver, result.y.T)
    result.t, result.y = times, found.T
    return result


def _with_values(events: Any, args: Any) -> Any:
    """Return events for the solver; their further arguments are bound."""

    def bound(event: Callable[..., Any]) -> Callable[..., Any]:
        function = lambda t, y: value_of(event(t, y, *args))
        vars(function).update({k: getattr(event, k) for k in ("terminal", "direction")
                               if hasattr(event, k)})  # fmt: skip
        return function

    return bound(events) if callable(events) else [bound(event) for event in events]


def _times(found: Any, start: Any, end: Any, t_eval: Any) -> Any:
    """Return the times of a solution, with what varies of them."""
    if isinstance(t_eval, Tensor):
        return t_eval[: len(found)]
    if t_eval is not None or not holds_tensor((start, end)):
        return found
    last = found[-1] if found[-1] != value_of(end) else end
    return np.concatenate([np.reshape(start, 1), found[1:-1], np.reshape(last, 1)])


def _ivp_solver(method: Any, options: Any) -> Solver:
    """Return what solves the equations of derivatives."""
    own = ("jac", "jac_sparsity", "lband", "uband", "first_step", "rtol", "atol")
    rest = {name: value for name, value in options.items() if name not in own}

    def call(slopes: Any, y: Any, t: Any, times: Any, rtol: Any, atol: Any) -> Any:
        if times[-1] == t:  # of which SciPy returns nothing
            return np.tile(y, (len(times), 1))
        more = {"rtol": rtol, "atol": atol, **rest}
        found = scipy.integrate.solve_ivp(slopes, (t, times[-1]), y, method, times, **more)
        if not found.success:
            raise UnsolvedError(found.message)
        return found.y.T

    return Solver(call, options.get("rtol", 1e-3), options.get("atol", 1e-6))
