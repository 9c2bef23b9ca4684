"""Initial value problems, and the derivatives of their solutions.

What varies is the start of a solution y (its value and time), the times at which y is asked for,
and the parameters of the equation y' = f(t, y). The derivative S of y in parameters p solves the
sensitivity equation S' = f_y S + f_p, which has the stability of the problem itself; that is solved
where it is small enough. For the others, the adjoint equation a' = -a f_y is solved backward
(Hairer, Nørsett, Wanner, "Solving Ordinary Differential Equations I", section I.14 for the first,
Chen et al., "Neural Ordinary Differential Equations", 2018, for the second). Both are initial value
problems again, so they have derivatives, too.
"""

import contextlib
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

from autograd.errors import DtypeError
from autograd.operands import value_of
from autograd.primitive import general, on_values
from autograd.scipy.integrate.fields import Function, Point, as_array
from autograd.tensor import Tensor, attached

SMALL = 1000
"""How many numbers a sensitivity may have so that all are computed at once."""
FEW = 16
"""How many elements y may have for that."""
MOST = 10**7
"""How many numbers the derivatives at all times may be."""
FEW_COLUMNS = 3
"""How many derivatives may be computed where one is asked for."""


class UnsolvedError(ArithmeticError):
    """The equations of derivatives could not be solved."""

    def __init__(self, why: str) -> None:
        super().__init__(f"the equations of derivatives could not be solved: {why}")


class Solver(NamedTuple):
    """How initial value problems are solved, and how exactly."""

    call: Callable[..., Any]
    """From ``f(t, y)``, y at the start, its time, the times at which it is asked for, and relative
    and absolute tolerance, to the values of y at these times, shape (m, n)."""
    rtol: Any
    atol: Any

    def __call__(self, slopes: Callable[..., Any], y: Any, t: Any, times: Any) -> Any:
        """Return y at some times."""
        return self.call(slopes, y, t, times, self.rtol, self.atol)

    def with_columns(self, columns: int) -> "Solver":
        """Return what solves a problem with that many numbers more for each element of y."""
        rtol, atol = (
            np.concatenate([x, np.repeat(x, columns)]) if np.ndim(x) else x
            for x in (self.rtol, self.atol)
        )
        return self._replace(rtol=rtol, atol=atol)

    def with_others(self) -> "Solver":
        """Return what solves problems with other unknowns."""
        return self._replace(rtol=np.min(self.rtol), atol=np.min(self.atol))


class Problem:
    """An initial value problem, and what of it varies.

    Parameters
    ----------
    function : Function
        Of t, y and the parameters.
    start : sequence of (array, number)
        y and t at the start.
    times : array, shape (m,)
        When y is asked for.
    parameters : sequence
        Further arguments of the function.
    solver : Solver
    varying : tuple of bool, bool, tuple of int
        Whether y at the start, and the times, vary, and which of the parameters do.
    """

    def __init__(
        self,
        function: Function,
        start: Sequence[Any],
        times: Any,
        parameters: Sequence[Any],
        solver: Solver,
        varying: tuple[bool, bool, tuple[int, ...]],
    ) -> None:
        self.function, self.solver = function, solver
        self.y, self.t = start
        self.times, self.parameters = times, list(parameters)
        self.y_varies, self.times_vary, self.varying = varying
        self.solved: tuple[Any, Any] | None = None
        self.sensitive: Any = None

    @property
    def count(self) -> int:
        """How many numbers of parameters vary, those that the function closes over among them."""
        own = sum(np.size(self.parameters[index]) for index in self.varying)
        return int(own + sum(np.prod(node.shape) for node in self.function.hidden))

    @property
    def columns(self) -> int:
        """How many derivatives each element of y has."""
        return self.count + (np.size(self.y) if self.y_varies or self.times_vary else 0)

    def parts(self, z: Any) -> tuple[Any, Any, Any, list[Any]]:
        """Return y and t at the start, the times, and the parameters, as `z` has them."""
        n, m, k = np.size(self.y), len(self.times), 0
        y, t, times, parameters = self.y, self.t, self.times, list(self.parameters)
        if self.y_varies:
            y, k = z[:n], n
        if self.times_vary:
            t, times, k = z[k], z[k + 1 : k + 1 + m], k + 1 + m
        for index in self.varying:
            shape = np.shape(parameters[index])
            size = int(np.prod(shape))
            parameters[index] = np.reshape(z[k : k + size], shape)[()]
            k += size
        return y, t, times, parameters

    def split(self, z: Any) -> tuple[Any, Any, Any, Any]:
        """Return what a vector like `z` has for y, for t, for the times and for the parameters.

        None for y, t and the times where they do not vary.
        """
        n, m, k = np.size(self.y), len(self.times), 0
        y = t = times = None
        if self.y_varies:
            y, k = z[:n], n
        if self.times_vary:
            t, times, k = z[k], z[k + 1 : k + 1 + m], k + 1 + m
        return y, t, times, z[k:]

    def join(self, y: Any, t: Any, times: Any, parameters: Any) -> Any:
        """Return the vector that `split` takes apart; of matrices, the one in the last axis."""
        found = [y] * self.y_varies + [t, times] * self.times_vary + [parameters]
        return np.concatenate(found, axis=-1)

    def knows(self, z: Any) -> bool:
        """Whether the derivatives at `z` have been computed before."""
        known = self.sensitive
        return known is not None and not is_recorded(z) and np.array_equal(known[0], z)

    def at(self, t: Any, y: Any, parameters: Sequence[Any], record: bool) -> Point:
        """Return f at one point, to be differentiated in y and the parameters."""
        varying = [1, *(index + 2 for index in self.varying)]
        return self.function.at((t, y, *parameters), varying, record=record)

    def slopes(self, times: Any, ys: Any, parameters: Sequence[Any], record: bool) -> Any:
        """Return f at some times."""
        pairs = zip(times, ys, strict=True)
        found = [flat(self.function.call(t, y, *parameters)) for t, y in pairs]
        return np.stack(found if record else [value_of(slope) for slope in found])


def flat(value: Any) -> Any:
    """Return what f has returned, as a vector."""
    return np.reshape(as_array(value), -1)


def is_recorded(*things: Any) -> bool:
    """Whether there is a Tensor among `things`."""
    return any(isinstance(thing, Tensor) for thing in things)


# The sensitivity equation.


def scales(problem: Problem, y: Any, parameters: Sequence[Any]) -> Any:
    """Return a size for each parameter: derivatives are computed in units of these.

    So the absolute tolerance of y is one for its derivatives, too. Small parameters have the unit
    one, for their derivatives need not be large.
    """
    with_y = problem.y_varies or problem.times_vary
    given = [y] * with_y + [parameters[index] for index in problem.varying]
    sizes = [np.ravel(np.abs(value_of(x))) for x in given]
    hidden = problem.columns - sum(x.size for x in sizes)
    return np.maximum(np.concatenate([*sizes, np.ones(hidden)]), 1)


def sensitivity(z: Any, problem: Problem) -> Any:
    """Return the derivatives of a solution in y at the start and in the parameters.

    Their shape is (m, n, columns). If times vary, f at the start and at all times comes with them.
    """
    if problem.knows(z):
        return problem.sensitive[1]
    record = is_recorded(z)
    y, t, times, parameters = problem.parts(z)
    n, k = np.size(problem.y), problem.columns
    first = k - problem.count  # columns, for y at the start
    unit = scales(problem, y, parameters)

    def slopes(t, y_and_s, *parameters):
        point = problem.at(t, y_and_s[:n], parameters, record)
        jacobian = point.jacobian()
        s = np.reshape(y_and_s[n:], (n, k))
        direct = [np.zeros((n, first)), jacobian[:, n:] * unit[first:]]
        slope = jacobian[:, :n] @ s + np.concatenate(direct, axis=1)
        return np.concatenate([flat(point.value), np.reshape(slope, -1)])

    initial = np.concatenate([np.eye(n)[:, :first] * unit[:first], np.zeros((n, k - first))], 1)
    solver = problem.solver.with_columns(k)
    function = Function(slopes, problem.function.what)
    both = solve(function, np.concatenate([y, np.ravel(initial)]), t, times, parameters, solver)
    found: Any = np.reshape(both[:, n:], (len(times), n, k)) / unit, None, None
    if problem.times_vary:
        at_start = problem.slopes([t], [y], parameters, record)[0]
        found = found[0], at_start, problem.slopes(times, both[:, :n], parameters, record)
    if not record:
        problem.sensitive = np.copy(z), found
    return found


def pulled_at_once(g: Any, z: Any, problem: Problem) -> Any:
    """Return the cotangent of `z` by the derivatives of the solution."""
    s, at_start, moves = sensitivity(z, problem)
    found = np.tensordot(g, s, 2)
    if not problem.times_vary:
        return found
    first = problem.columns - problem.count
    in_y, in_parameters = found[:first], found[first:]
    in_t = np.reshape(-np.sum(in_y * at_start), 1)
    return problem.join(in_y, in_t, np.sum(g * moves, axis=1), in_parameters)


def pushed_at_once(g: Any, z: Any, problem: Problem) -> Any:
    """Return the tangent of the solution by its derivatives."""
    s, at_start, moves = sensitivity(z, problem)
    if not problem.times_vary:
        return s @ g
    in_y, in_t, in_times, in_parameters = problem.split(g)
    in_y = -in_t * at_start + (0 if in_y is None else in_y)
    found = s @ np.concatenate([in_y, in_parameters])
    return found + in_times[:, None] * moves


# The adjoint equation, and the tangent equation for one direction.


def adjoint(g: Any, ans: Any, z: Any, problem: Problem) -> Any:
    """Return the cotangent of `z`, or None if y does not come back to where it was.

    The adjoint is solved from each time to the one before, together with y, which starts anew.
    """
    record = is_recorded(g, z)
    y, t, times, parameters = problem.parts(z)
    n = np.size(problem.y)
    unit = np.max(np.abs(value_of(g)), initial=0) or 1.0

    def slopes(t, y_a_q, *parameters):
        point = problem.at(t, y_a_q[:n], parameters, record)
        pulled = point.pull(y_a_q[n : 2 * n])
        sizes = [n, *(int(np.prod(node.shape)) for node in point.targets[1:])]
        pairs = zip(pulled, sizes, strict=True)
        parts = [np.zeros(s) if c is None else np.reshape(c, s) for c, s in pairs]
        return np.concatenate([flat(point.value), -np.concatenate(parts)])

    function = Function(slopes, problem.function.what)
    solver = problem.solver.with_others()
    a: Any = np.zeros(n)
    q: Any = np.zeros(problem.count)
    for i in reversed(range(len(times))):
        a = a + g[i] / unit
        if not record and not np.any(a):
            continue
        before = (times[i - 1], ans[i - 1]) if i else (t, y)
        state = np.concatenate([ans[i], a, np.zeros(problem.count)])
        found = solve(function, state, times[i], before[0], parameters, solver)[0]
        if not near(found[:n], before[1], problem.solver):
            return None
        a, q = found[n : 2 * n], q + found[2 * n :]
    a, q = a * unit, q * unit
    if not problem.times_vary:
        return problem.join(a, None, None, q)
    in_t = -np.sum(a * problem.slopes([t], [y], parameters, record)[0])
    in_times = np.sum(g * problem.slopes(times, ans, parameters, record), axis=1)
    return problem.join(a, np.reshape(in_t, 1), in_times, q)


@on_values
def near(found, y, solver):
    """Whether y, solved backward, comes out where it had been, as far as tolerances tell."""
    allowed = np.max(solver.rtol) * np.max(np.abs(y)) + np.max(solver.atol)
    return bool(np.all(np.abs(found - y) <= 1e3 * allowed))


def tangent(g: Any, z: Any, problem: Problem) -> Any:
    """Return the tangent of a solution from that of `z`."""
    record = is_recorded(g, z)
    y, t, times, parameters = problem.parts(z)
    n = np.size(problem.y)
    unit = np.max(np.abs(value_of(g)), initial=0) or 1.0
    in_y, in_t, in_times, in_parameters = problem.split(g / unit)
    shapes = [*(np.shape(parameters[index]) for index in problem.varying)]
    shapes += [node.shape for node in problem.function.hidden]
    ends = np.cumsum([0, *(int(np.prod(shape)) for shape in shapes)])
    steps = [
        np.reshape(in_parameters[start:end], shape)
        for shape, start, end in zip(shapes, ends, ends[1:], strict=False)
    ]

    def slopes(t, y_and_s, *parameters):
        point = problem.at(t, y_and_s[:n], parameters, record)
        return np.concatenate([flat(point.value), flat(point.push([y_and_s[n:], *steps]))])

    s = np.zeros(n) if in_y is None else in_y
    if problem.times_vary:
        s = s - in_t * problem.slopes([t], [y], parameters, record)[0]
    function = Function(slopes, problem.function.what)
    solver = problem.solver.with_columns(1)
    both = solve(function, np.concatenate([y, s]), t, times, parameters, solver)
    found = both[:, n:]
    if problem.times_vary:
        found = found + in_times[:, None] * problem.slopes(times, both[:, :n], parameters, record)
    return found * unit


# The primitive.


def trajectory(z, problem):
    """Return y at all times, shape (m, n), from the numbers that vary, in one vector."""
    known = problem.solved
    if known is None or not np.array_equal(known[0], z):
        y, t, times, parameters = problem.parts(np.asarray(z, np.float64))
        slopes = lambda t, y: problem.function.value(t, y, *parameters)
        problem.solved = known = np.copy(z), problem.solver(slopes, y, t, times)
    return known[1].astype(z.dtype, copy=True)


def is_small(problem):
    """Whether all derivatives of a solution can be computed at once."""
    n = np.size(problem.y)
    numbers = n * problem.columns
    return n <= FEW and numbers <= SMALL and numbers * len(problem.times) <= MOST


def trajectory_vjp(g, ans, z, problem):
    """Return the cotangent of all that varies."""
    if not is_small(problem):
        with contextlib.suppress(FloatingPointError, UnsolvedError):
            with np.errstate(over="raise", invalid="raise"):  # y that goes astray ends there
                found = adjoint(g, ans, z, problem)
            if found is not None:
                return found
    return pulled_at_once(g, z, problem)


def trajectory_jvp(g, z, problem):
    """Return the tangent of y."""
    at_once = problem.knows(z) or (is_small(problem) and problem.columns <= FEW_COLUMNS)
    return pushed_at_once(g, z, problem) if at_once else tangent(g, z, problem)


solved = general(trajectory, trajectory_vjp, jvps=[trajectory_jvp])


def solve(
    function: Function, y: Any, t: Any, times: Any, parameters: Sequence[Any], solver: Solver
) -> Any:
    """Return y at some times, shape (m, n): an array, or a Tensor where something varies.

    Parameters
    ----------
    function : Function
        Of t, y and the parameters.
    y, t : array_like
        The start: shape (n,), and a number.
    times : array_like, shape (m,)
    parameters : sequence
    solver : Solver
    """
    values = [value_of(p) for p in parameters]
    slopes = lambda t, y: function.value(t, y, *values)
    times_ = np.atleast_1d(value_of(times))
    ans = solver(slopes, np.asarray(value_of(y)), value_of(t), times_)
    return varied(function, (y, t), times, parameters, solver, ans)


def varied(
    function: Function,
    start: tuple[Any, Any],
    times: Any,
    parameters: Sequence[Any],
    solver: Solver,
    ans: Any,
) -> Any:
    """Return a solution, found by `solver`, as a Tensor if something of the problem varies."""
    y, t = start
    which = tuple(i for i, p in enumerate(parameters) if isinstance(p, Tensor))
    varying = isinstance(y, Tensor), is_recorded(t, times), which
    if not (varying[0] or varying[1] or which or function.hidden):
        return ans
    if np.result_type(value_of(y), *(value_of(parameters[i]) for i in which)).kind == "c":
        raise DtypeError(
            f"{function.what} of complex Tensors has no derivative here; write the equations of "
            f"real and imaginary parts"
        )
    values = [value_of(p) for p in parameters]
    points = np.atleast_1d(value_of(times))
    problem = Problem(
        function, (np.asarray(value_of(y)), value_of(t)), points, values, solver, varying
    )
    hidden = [attached(np.zeros(*node.space), node) for node in function.hidden]
    given = [y] * varying[0] + [t, times] * varying[1] + [parameters[i] for i in which] + hidden
    z = np.concatenate([np.reshape(x, -1) for x in given]).astype(np.float64)
    problem.solved = np.copy(value_of(z)), ans
    return solved(z, problem)
