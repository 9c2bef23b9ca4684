"""Integrals of functions, and their derivatives by Leibniz' rule.

The derivative of an integral in its limits is the integrand there; in parameters it is the integral
of the integrand's derivative, which is computed in the same way, and is an integral again.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import scipy.integrate

from autograd.errors import DtypeError, KeywordError
from autograd.operands import value_of
from autograd.primitive import general
from autograd.scipy.integrate.fields import Function, as_array, each_example
from autograd.scipy.integrate.odes import is_recorded
from autograd.scipy.integrate.solvers import is_plain
from autograd.tensor import Tensor, attached
from autograd.tree import flatten

Rule = Callable[..., Any]
"""From a function of a number, and two limits, to its integral."""


class Integral:
    """An integral, and what of it varies.

    Parameters
    ----------
    function : Function
        Of a number and the parameters.
    limits : pair of float
    parameters : sequence
    rules : pair of callable
        How functions to arrays of one shape are integrated, and how derivatives are, to vectors.
    varying : tuple of bool, bool, tuple of int
        Whether the limits vary, and which of the parameters do.
    """

    def __init__(
        self,
        function: Function,
        limits: Sequence[Any],
        parameters: Sequence[Any],
        rules: tuple[Rule, Rule],
        varying: tuple[bool, bool, tuple[int, ...]],
    ) -> None:
        self.function, self.limits, self.parameters = function, limits, list(parameters)
        self.rule, self.derivative_rule = rules
        self.ends, self.varying = varying[:2], varying[2]
        self.integrated: tuple[Any, Any] | None = None
        self.slopes: tuple[Any, Any] | None = None

    def parts(self, z: Any) -> tuple[list[Any], list[Any]]:
        """Return the limits and the parameters, as `z` has them."""
        limits, parameters, k = list(self.limits), list(self.parameters), 0
        for index in (i for i in (0, 1) if self.ends[i]):
            limits[index], k = z[k], k + 1
        for index in self.varying:
            shape = np.shape(parameters[index])
            size = int(np.prod(shape))
            parameters[index] = np.reshape(z[k : k + size], shape)[()]
            k += size
        return limits, parameters


def integral(z, problem):
    """Return an integral from the numbers that vary, in one vector."""
    known = problem.integrated
    if known is None or not np.array_equal(known[0], z):
        limits, parameters = problem.parts(np.asarray(z, np.float64))
        value = lambda x: problem.function.value(x, *parameters)
        problem.integrated = known = np.copy(z), np.asarray(problem.rule(value, *limits))
    return known[1].astype(z.dtype, copy=True)[()]


def slopes(z: Any, problem: Integral) -> Any:
    """Return the derivatives of an integral in all of `z`, in the last axis."""
    known = problem.slopes
    if known is not None and not is_recorded(z) and np.array_equal(known[0], z):
        return known[1]
    limits, parameters = problem.parts(z)
    columns = []
    for i in (0, 1):
        if problem.ends[i]:
            sign = 1.0 if i else -1.0
            end = as_array(problem.function.call(limits[i], *parameters))
            columns.append(sign * (end if is_recorded(z) else value_of(end)))
    found = [column[..., None] for column in columns]
    if len(columns) < z.shape[0]:
        found.append(in_parameters(z, problem, limits, parameters))
    whole = np.concatenate(found, axis=-1)
    if not is_recorded(z):
        problem.slopes = np.copy(z), whole
    return whole


def in_parameters(z: Any, problem: Integral, limits: Any, parameters: Any) -> Any:
    """Return the derivatives in the parameters, in the last axis."""
    record, shape = is_recorded(z), [()]

    def derivative(x, *parameters):
        varying = [index + 1 for index in problem.varying]
        point = problem.function.at((x, *parameters), varying, record=record)
        shape[0] = point.shape
        return np.reshape(point.jacobian(), -1)

    function = Function(derivative, problem.function.what)
    rule = problem.derivative_rule
    found = integrate(function, limits, parameters, (rule, rule))
    return np.reshape(found, (*shape[0], -1))


integrated = general(
    integral,
    lambda g, z, problem: np.tensordot(g, slopes(z, problem), np.ndim(g)),
    jvps=[lambda g, z, problem: slopes(z, problem) @ g],
)


def integrate(
    function: Function, limits: Sequence[Any], parameters: Sequence[Any], rules: tuple[Rule, Rule]
) -> Any:
    """Return an integral: an array, or a Tensor where something varies."""
    values = [value_of(p) for p in parameters]
    ans = rules[0](lambda x: function.value(x, *values), *map(value_of, limits))
    return varied(function, limits, parameters, rules, ans)


def varied(
    function: Function,
    limits: Sequence[Any],
    parameters: Sequence[Any],
    rules: tuple[Rule, Rule],
    ans: Any,
) -> Any:
    """Return an integral that has been computed as a Tensor if something varies."""
    which = tuple(i for i, p in enumerate(parameters) if isinstance(p, Tensor))
    ends = isinstance(limits[0], Tensor), isinstance(limits[1], Tensor)
    if is_plain(function, *limits, parameters):
        return ans
    if np.result_type(ans, *(value_of(parameters[i]) for i in which)).kind == "c":
        raise DtypeError(
            f"{function.what} with complex Tensors has no derivative here; integrate real and "
            f"imaginary part"
        )
    values = [value_of(p) for p in parameters]
    problem = Integral(
        function, [value_of(limit) for limit in limits], values, rules, (*ends, which)
    )
    hidden = [attached(np.zeros(*node.space), node) for node in function.hidden]
    given: Any = [limit for limit in limits if isinstance(limit, Tensor)]
    given += [parameters[i] for i in which] + hidden
    z = np.concatenate([np.ravel(x) for x in given]).astype(np.float64)
    problem.integrated = np.copy(value_of(z)), np.asarray(ans)
    return integrated(z, problem)


def of_leaves(func: Callable[..., Any], args: Any, name: str) -> tuple[Function, list[Any]]:
    """Return a function of a number and the leaves of `args`, and these."""
    leaves, rebuild = flatten(args if isinstance(args, tuple) else (args,))
    what = f"{getattr(func, '__name__', 'the function')} of {name}"
    return Function(lambda x, *given: func(x, *rebuild(list(given))), what), leaves


@each_example
def quad(
    func: Callable[..., Any],
    a: Any,
    b: Any,
    args: Any = (),
    full_output: Any = 0,
    epsabs: float = 1.49e-8,
    epsrel: float = 1.49e-8,
    limit: int = 50,
    points: Any = None,
    weight: Any = None,
    wvar: Any = None,
    wopts: Any = None,
    maxp1: int = 50,
    limlst: int = 50,
    complex_func: bool = False,
) -> Any:
    """Return the integral of `func` from `a` to `b` and an estimate of its error, like SciPy.

    The integral has derivatives in `a` and `b`, all Tensors in `args` (in containers, too) and
    those that `func` closes over.

    Parameters
    ----------
    func : callable
        Of a number and `args`, to a number.
    a, b : float
        They may be infinite.
    args : tuple
        Containers of anything.
    full_output, epsabs, epsrel, limit, points, weight, wvar, wopts, maxp1, limlst, complex_func
        As SciPy has them; with a `weight` there is no derivative in the limits.

    Returns
    -------
    tuple of (float or Tensor, float, ...)

    Examples
    --------
    >>> import autograd as ag
    >>> ag.grad(lambda b: quad(np.sin, 0, b)[0])(1.0)  # sin 1
    np.float64(0.841471)
    """
    options = {"epsabs": epsabs, "epsrel": epsrel, "limit": limit, "points": points}
    options |= {"weight": weight, "wvar": wvar, "wopts": wopts, "maxp1": maxp1, "limlst": limlst}
    more = {"full_output": full_output, "complex_func": complex_func, **options}
    if not callable(func):  # compiled
        return scipy.integrate.quad(func, a, b, args, **more)
    function, leaves = of_leaves(func, args, "quad")
    values = [value_of(leaf) for leaf in leaves]
    value = lambda x: function.value(x, *values)[()]
    found = scipy.integrate.quad(value, value_of(a), value_of(b), **more)
    if weight is not None and is_recorded(a, b):
        raise KeywordError("quad with weight= has no derivative in a and b; weigh in func itself")
    rules = _one_by_one(options), _one_by_one(options)
    return varied(function, (a, b), leaves, rules, found[0]), *found[1:]


def _one_by_one(options: Any) -> Rule:
    """Return how the elements of a function are integrated, one after the other."""

    def rule(function: Callable[..., Any], a: Any, b: Any) -> Any:
        known: dict[float, Any] = {}

        def value(x: float) -> Any:
            if x not in known:
                known[x] = function(x)
            return known[x]

        middle = value(0.0 if np.isinf(a) and np.isinf(b) else a + 1 if np.isinf(b) else
                       b - 1 if np.isinf(a) else (a + b) / 2)  # fmt: skip
        shape = np.shape(middle)
        element = lambda x, index: np.reshape(value(x), shape)[index]
        found = [
            scipy.integrate.quad(element, a, b, (index,), **options)[0]
            for index in np.ndindex(shape)
        ]
        return np.reshape(np.array(found), shape)

    return rule


@each_example
def quad_vec(
    f: Callable[..., Any],
    a: Any,
    b: Any,
    epsabs: float = 1e-200,
    epsrel: float = 1e-8,
    norm: Any = "2",
    cache_size: float = 100e6,
    limit: int = 10000,
    workers: Any = 1,
    points: Any = None,
    quadrature: Any = None,
    full_output: bool = False,
    *,
    args: Any = (),
) -> Any:
    """Return the integral of a function to arrays and an estimate of its error, like SciPy.

    The integral has derivatives in `a` and `b`, all Tensors in `args` (in containers, too) and
    those that `f` closes over.

    Parameters
    ----------
    f : callable
        Of a number and `args`, to an array of any shape.
    a, b : float
        They may be infinite.
    epsabs, epsrel, norm, cache_size, limit, workers, points, quadrature, full_output
        As SciPy has them.
    args : tuple
        Containers of anything.

    Returns
    -------
    tuple of (ndarray or Tensor, float, ...)

    Examples
    --------
    >>> import autograd as ag
    >>> def moments(rate):
    ...     return quad_vec(lambda x: np.stack([x, x**2]) * np.exp(-rate * x), 0, np.inf)[0]
    >>> ag.jacobian(moments)(1.0)  # -2, -6
    array([-2., -6.])
    """
    options = {"epsabs": epsabs, "epsrel": epsrel, "norm": norm, "cache_size": cache_size}
    options |= {"limit": limit, "points": points, "quadrature": quadrature}
    function, leaves = of_leaves(f, args, "quad_vec")
    values = [value_of(leaf) for leaf in leaves]
    more = {"workers": workers, "full_output": full_output, **options}
    if workers != 1 and is_plain(function, a, b, leaves):
        return scipy.integrate.quad_vec(f, a, b, args=args, **more)  # in processes
    value = lambda x: function.value(x, *values)[()]
    found = scipy.integrate.quad_vec(value, value_of(a), value_of(b), **more)
    # Derivatives are of another size: an absolute tolerance of the integral is none of theirs.
    rule = lambda f, a, b: scipy.integrate.quad_vec(f, a, b, **options)[0]
    return varied(function, (a, b), leaves, (rule, rule), found[0]), *found[1:]


def fixed_quad(func: Callable[..., Any], a: Any, b: Any, args: Any = (), n: int = 5) -> Any:
    """Return an integral by Gauss' rule of order `n`, and None, as SciPy's `fixed_quad` does.

    Parameters
    ----------
    func : callable
        Of an array of points and `args`, to an array with the points along its last axis.
    a, b : float
        Finite.
    args : tuple
    n : int

    Returns
    -------
    tuple of (float or ndarray or Tensor, None)

    Examples
    --------
    >>> import autograd as ag
    >>> ag.grad(lambda a: fixed_quad(lambda x, a: a * x**2, 0.0, 1.0, args=(a,))[0])(3.0)
    np.float64(0.333333)
    """
    if np.isinf(value_of(a)) or np.isinf(value_of(b)):
        raise ValueError(
            f"Gaussian quadrature is only available for finite limits, got {a} and {b}"
        )
    points, weights = np.polynomial.legendre.leggauss(n)
    x = (b - a) * (points + 1) / 2.0 + a
    return (b - a) / 2.0 * np.sum(weights * as_array(func(x, *args)), axis=-1), None
