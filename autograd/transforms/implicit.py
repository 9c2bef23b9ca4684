"""Derivatives of solutions, through the equation that they solve: the implicit function theorem.

Where F(x, a) = 0 defines x, the tangents obey A dx = -B da, with A and B the derivatives of F in x
and in a. So forward mode solves with A and reverse mode with its transpose; how x was found does
not matter. A linear solution is one more solution of an equation, so derivatives of every order
follow from the same rule (Griewank & Walther, Evaluating Derivatives, 2nd ed., section 15.1).
"""

import importlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from autograd.batching import Batched, Level, levels_of, unbatch
from autograd.errors import ConvergenceError, DtypeError, NotDifferentiableError, ShapeError
from autograd.graph import no_grad
from autograd.operands import value_of
from autograd.primitive import is_recording
from autograd.tensor import Tensor
from autograd.transforms.operation import (
    Inner,
    Leaves,
    Rules,
    Saved,
    as_array,
    call_each,
    full,
    is_variable,
    operation,
    pull_inside,
    push_inside,
    run_inside,
    to_array,
)
from autograd.transforms.running import name_of
from autograd.tree import flatten, map_leaves

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Vector = NDArray[np.float64]
    LinearSolve = Callable[[Callable[[Vector], Vector], Vector], Vector]

DENSE = 300  # unknowns up to which the matrix of a linear system is formed
LARGEST = 5_000  # up to which it is formed if the iteration fails
RESIDUAL = 1e-11  # where the iteration ends, relative to the right-hand side
ENOUGH = 1e-7  # what is accepted


def implicit_root(
    residual: Callable[..., Any],
    solve: Callable[..., Any],
    *,
    linear_solve: "LinearSolve | None" = None,
) -> Callable[..., Any]:
    """Return the solution of ``residual(x, *args) = 0`` as a differentiable function of `args`.

    The derivatives are those of the exact solution, of any order and in both modes, by the implicit
    function theorem. Nothing of what `solve` does is recorded.

    Parameters
    ----------
    residual : callable
        Of `x` and the arguments, with as many numbers in its result as there are in `x`. Tensors
        that it uses without being given them get their derivatives as well.
    solve : callable
        From the arguments, as plain arrays, to `x`: an array, a number or a container.
    linear_solve : callable, optional
        From a linear function of vectors and a vector b to the solution of A v = b. By default the
        matrix is formed for up to 300 unknowns, otherwise GMRES (from SciPy) iterates.

    Returns
    -------
    callable
        From `args` to `x`.

    Raises
    ------
    NotDifferentiableError
        In a walk, if the linear system is singular: then the solution is not a smooth function.

    Examples
    --------
    The cube root, by bisection:

    >>> from scipy.optimize import bisect
    >>> from autograd import grad
    >>> residual = lambda x, a: x**3 - a
    >>> cube_root = implicit_root(residual, lambda a: bisect(residual, 0.0, 10.0, args=(a,)))
    >>> cube_root(8.0), grad(cube_root)(8.0)
    (np.float64(2.0), np.float64(0.083333))
    """
    problem = _Problem(residual, linear_solve or solve_linear)
    as_number = lambda leaf: as_array(value_of(leaf))

    def solution(*args: Any) -> Any:
        leaves, rebuild = flatten(map_leaves(value_of, args))
        with no_grad():
            found = map_leaves(as_number, call_each(lambda leaves: solve(*rebuild(leaves)), leaves))
        return problem.attached(found, args) if is_recording() else found

    return solution


def attach_root(residual: Callable[..., Any], found: Any, args: tuple[Any, ...]) -> Any:
    """Return a solution that was found as a differentiable function of `args`."""
    return _Problem(residual, solve_linear).attached(found, args)


def fixed_point(
    function: Callable[..., Any],
    x0: Any,
    *args: Any,
    xtol: float = 1e-12,
    maxiter: int = 10_000,
) -> Any:
    """Return the fixed point ``x = function(x, *args)``, differentiable in `args`.

    It is found by iteration, so `function` must be a contraction; the derivatives are those of
    `implicit_root`.

    Parameters
    ----------
    function : callable
        From `x` and the arguments to the next `x`, of the same form.
    x0 : array_like, or container of them
        Where the iteration starts, which has no influence on the result.
    *args
        Arrays or containers of them.
    xtol : float
        The largest last step, relative to the largest number in `x`, or to 1 if all are smaller.
    maxiter : int

    Raises
    ------
    ConvergenceError
        If the steps are still larger after `maxiter` of them.

    Examples
    --------
    Heron's square root:

    >>> from autograd import grad
    >>> heron = lambda x, a: (x + a / x) / 2
    >>> fixed_point(heron, 1.0, 9.0)
    np.float64(3.0)
    >>> grad(lambda a: fixed_point(heron, 1.0, a))(9.0)
    np.float64(0.166667)
    """
    start = map_leaves(value_of, x0)

    def residual(x: Any, *args: Any) -> Any:
        pairs = zip(flatten(x)[0], flatten(function(x, *args))[0], strict=True)
        return [before - after for before, after in pairs]

    def solve(*args: Any) -> Any:
        x, rebuild = flatten(start)
        step = np.inf
        for _ in range(maxiter):
            after = [value_of(leaf) for leaf in flatten(function(rebuild(x), *args))[0]]
            step = _largest([a - b for a, b in zip(after, x, strict=True)])
            x = after
            if not np.isfinite(step):
                break
            if step <= xtol * max(_largest(x), 1.0):
                return rebuild(x)
        raise ConvergenceError(
            f"fixed_point of {name_of(function)} has not converged: the last of at most {maxiter} "
            f"steps is {step:.1e} long, xtol is {xtol:.1e}; raise maxiter or xtol, or solve with "
            f"another method and implicit_root"
        )

    return implicit_root(residual, solve)(*args)


def _largest(leaves: Leaves) -> float:
    """Return the largest absolute value in arrays."""
    return float(np.max([np.max(np.abs(leaf), initial=0.0) for leaf in leaves], initial=0.0))


class _Problem:
    """An equation, and how linear systems are solved."""

    def __init__(self, residual: Callable[..., Any], linear_solve: "LinearSolve") -> None:
        self.residual, self.linear_solve = residual, linear_solve

    def attached(self, found: Any, args: tuple[Any, ...]) -> Any:
        """Return a solution that was found, recorded where it depends on variables."""
        x, rebuild_x = flatten(found)
        x = [to_array(leaf) for leaf in x]
        for leaf in x:
            if leaf.dtype.kind not in "fc":
                raise DtypeError(f"a solution is made of real or complex numbers, got {leaf!r}")
        unknowns = len(x)
        leaves, rebuild = flatten(args)
        places = [place for place, leaf in enumerate(leaves) if is_variable(leaf)]
        inputs = [leaves[place] for place in places]
        rest = [None if is_variable(leaf) else leaf for leaf in leaves]

        def equation(variables: Leaves) -> Any:
            given = list(rest)
            for place, variable in zip(places, variables[unknowns:], strict=True):
                given[place] = variable
            return self.residual(rebuild_x(variables[:unknowns]), *rebuild(given))

        run = run_inside(equation, [*x, *(tensor._data for tensor in inputs)])
        if not inputs and not run.others:
            return found
        rules = _Implicit(self, equation, x, run).rules()
        return rebuild_x(operation("implicit_root", inputs, x, rules, others=run.others))


class _Implicit:
    """The rules of one solution."""

    def __init__(
        self, problem: _Problem, equation: Callable[[Leaves], Any], x: Leaves, run: Inner
    ) -> None:
        self.problem, self.equation, self.others = problem, equation, run.others
        self.like = [np.broadcast_to(np.zeros((), v.dtype), v.shape) for v in x]
        unknowns = _pack(self.like).size
        equations = _pack([np.zeros(r.shape, r.dtype) for r in run.outputs]).size
        if unknowns != equations:
            raise ShapeError(
                f"{name_of(problem.residual)} must return as many numbers as there are in the "
                f"solution, {unknowns}, each depending on it; got {equations}"
            )

    def rules(self) -> Rules:
        """Return them."""
        return Rules(self.pull, self.push, _unsolved, keeps_outputs=True)

    def pull(self, cotangents: Leaves, saved: Saved) -> Leaves:
        """Solve with the transpose."""
        g = full(cotangents, self.like)
        run = self.run(saved)
        adjoint = self.solved(self.transpose, g, saved, run.outputs)
        targets = [*run.variables[len(self.like) :], *self.others]
        negative = [-c for c in adjoint]
        return pull_inside(run, negative, targets, record=saved.recorded)

    def push(self, tangents: Leaves, saved: Saved) -> Leaves:
        """Solve with the derivative in the solution."""
        run = self.run(saved)
        sources = [*run.variables[len(self.like) :], *self.others]
        b = full(push_inside(run, tangents, sources, record=saved.recorded), run.outputs)
        return [-c for c in self.solved(self.derivative, b, saved, self.like)]

    def run(self, saved: Saved) -> Inner:
        """Run the equation at the solution."""
        return run_inside(self.equation, [*saved.outputs, *saved.inputs])

    def derivative(self, run: Inner, v: Leaves, *, record: bool) -> Leaves:
        """Return the derivative of the equation in the solution, in a direction."""
        unknowns = run.variables[: len(self.like)]
        return full(push_inside(run, v, unknowns, record=record), run.outputs)

    def transpose(self, run: Inner, v: Leaves, *, record: bool) -> Leaves:
        """Return the transpose of that applied to a cotangent."""
        unknowns = run.variables[: len(self.like)]
        return full(pull_inside(run, v, unknowns, record=record, retain=True), self.like)

    def solved(self, apply: Callable[..., Leaves], b: Leaves, saved: Saved, like: Leaves) -> Leaves:
        """Return the solution v of ``apply(v) = b``; of the form of `like`."""
        plain = saved._replace(
            inputs=[value_of(x) for x in saved.inputs],
            outputs=[value_of(x) for x in saved.outputs],
            recorded=False,
        )
        like = [value_of(x) for x in like]

        def solve() -> Leaves:
            run = self.run(plain)

            def matvec(vector: "Vector") -> "Vector":
                found = apply(run, _unpack(vector, like), record=False)
                return _pack([value_of(c) for c in found])

            return _unpack(self.problem.linear_solve(matvec, _pack([value_of(c) for c in b])), like)

        def equation(v: Leaves) -> Leaves:
            pairs = zip(apply(self.run(saved), v, record=True), b, strict=True)
            return [found - wanted for found, wanted in pairs]

        if not saved.recorded and not any(isinstance(c, Tensor) for c in b):
            return solve()
        found: Leaves = implicit_root(equation, solve, linear_solve=self.problem.linear_solve)()
        return found


def _unsolved(_inputs: Leaves) -> Any:
    raise NotDifferentiableError("an equation that was solved once is not solved again")


# Linear systems.


def solve_linear(apply: "Callable[[Vector], Vector]", b: "Vector") -> "Vector":
    """Return the solution of a linear system that is given as a function."""
    if b.size > DENSE and not levels_of([b]):
        try:
            linalg: Any = importlib.import_module("scipy.sparse.linalg")
        except ModuleNotFoundError:
            return _dense(apply, b)
        operator = linalg.LinearOperator((b.size, b.size), matvec=apply, dtype=np.float64)
        found, _ = linalg.gmres(operator, b, rtol=RESIDUAL, atol=0.0, restart=200, maxiter=20)
        if np.linalg.norm(apply(found) - b) <= ENOUGH * np.linalg.norm(b):
            return np.asarray(found)
    return _dense(apply, b)


def _dense(apply: "Callable[[Vector], Vector]", b: "Vector") -> "Vector":
    """Return the solution, from the matrix."""
    if b.size > LARGEST:
        raise ConvergenceError(
            f"the linear system of implicit_root, of {b.size:,} unknowns, is too large for its "
            f"matrix, and GMRES of SciPy did not solve it, or is not there; pass linear_solve="
        )
    if not b.size:
        return b
    matrix = _matrix(apply, b.size)
    try:
        solution: Any = np.linalg.solve(matrix, b)
    except np.linalg.LinAlgError as error:
        raise NotDifferentiableError(
            "the derivative of the equation in its solution is singular, so the solution is not a "
            "smooth function: a multiple root, or more than one solution nearby"
        ) from error
    return cast("Vector", solution)  # or a batch of them


def _matrix(apply: "Callable[[Vector], Vector]", size: int) -> Any:
    """Return the matrix of a linear function, from batches of unit vectors."""
    blocks = []
    for start in range(0, size, DENSE):
        level = Level(min(DENSE, size - start))
        units: Any = Batched(np.eye(level.size, size, start), (level,))
        columns = apply(units)
        level.active = False
        blocks.append(unbatch(columns, level, -1))
    return np.concatenate(blocks, axis=-1)


def _pack(leaves: Leaves) -> "Vector":
    """Return the numbers in arrays as real ones, one after the other; of a batch, a batch."""
    parts: list[Any] = [np.ravel(leaf) for leaf in leaves]
    real = [np.concatenate([p.real, p.imag]) if p.dtype.kind == "c" else p for p in parts]
    return np.concatenate([np.zeros(0), *real])


def _unpack(vector: "Vector", like: Leaves) -> Leaves:
    """Return arrays of the shapes and dtypes of `like` from that."""
    found, start = [], 0
    for leaf in like:
        is_complex = leaf.dtype.kind == "c"
        part = vector[start : start + leaf.size * (2 if is_complex else 1)]
        start += part.size
        part = part[: leaf.size] + 1j * part[leaf.size :] if is_complex else part
        found.append(part.astype(leaf.dtype).reshape(leaf.shape)[()])
    return found
