"""Functions as SciPy's solvers call them: values, derivatives, each computed once at a point."""

import math
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from scipy.sparse.linalg import LinearOperator

from autograd.batching import Batched, Level, unbatch
from autograd.errors import (
    DetachError,
    GradError,
    KeywordError,
    NonFiniteError,
    NotDifferentiableError,
)
from autograd.operands import value_of
from autograd.ops.conversion import joined
from autograd.scipy.optimize.parameters import Parameters, varies
from autograd.tape import Tape
from autograd.tensor import Tensor
from autograd.transforms import grad, hessian, linearize, value_and_grad
from autograd.transforms.operation import (
    Inner,
    full,
    is_variable,
    pull_inside,
    push_inside,
    run_inside,
)
from autograd.transforms.raveling import join
from autograd.transforms.running import name_of
from autograd.tree import flatten, map_leaves

CHUNK = 2**23
"""Elements of the largest intermediate value, for all rows or columns that one walk carries."""


def of_vector(
    function: Callable[..., Any], parameters: Parameters, args: tuple[Any, ...]
) -> Callable[..., Any]:
    """Return a function of parameters as one of a vector, and of other `args` where they are given.

    What it returns is as `function` returns it, with Tensors in object arrays joined.
    """

    def flat(vector: Any, *others: Any) -> Any:
        return map_leaves(joined, function(parameters.unravel(vector), *(others or args)))

    flat.__name__ = name_of(function)
    return flat


class Loss:
    """A function of parameters to one number.

    Attributes
    ----------
    depends : bool
        Whether it was seen to depend on Tensors that are neither parameters nor arguments.
    """

    def __init__(
        self, function: Callable[..., Any], parameters: Parameters, args: tuple[Any, ...]
    ) -> None:
        self.parameters, self.args = parameters, args
        self.flat = of_vector(function, parameters, args)
        self.depends = self.checked = False
        self.products: tuple[bytes, Callable[..., Any]] | None = None

    def value(self, vector: Any) -> float:
        """Return the loss."""
        found = self.flat(vector)
        self.depends = self.depends or varies(found)
        return _number(found)

    def value_and_grad(self, vector: Any) -> tuple[float, Any]:
        """Return the loss and its gradient, from one evaluation."""
        with hint("jac='2-point'"):
            found, slope = value_and_grad(self.flat)(np.array(vector, np.float64))
        self.depends = self.depends or varies((found, slope))
        number, slope = _number(found), value_of(slope)
        if not self.checked:
            self._check(vector, number, slope)
        return number, slope

    def _check(self, vector: Any, number: float, slope: Any) -> None:
        """Raise if the loss is NaN at the start, or its gradient is not finite."""
        self.checked = True
        if np.isnan(number):
            raise NonFiniteError(f"the loss is nan at the start{self._first_nan(vector)}")
        if np.isfinite(number) and not np.all(np.isfinite(slope)):
            leaves = zip(self.parameters.paths, self.parameters.split(slope), strict=True)
            bad = [path for path, part in leaves if not np.all(np.isfinite(part))]
            raise NonFiniteError(
                f"the gradient of the loss is not finite at the start, in {', '.join(bad)}, where "
                f"the loss is {number:.6g}; start elsewhere, or look for a sqrt or log of 0"
            )

    def product(self, vector: Any, direction: Any) -> Any:
        """Return the Hessian times a vector; at one point the gradient is recorded once."""
        key = np.asarray(vector).tobytes()
        if self.products is None or self.products[0] != key:
            _, push = linearize(grad(self.flat), np.array(vector, np.float64))
            self.products = key, push
        return value_of(self.products[1](np.asarray(direction, np.float64)))

    def hessian(self, vector: Any) -> Any:
        """Return the Hessian over the vector of parameters."""
        return value_of(hessian(self.flat)(np.array(vector, np.float64)))

    def _first_nan(self, vector: Any) -> str:
        """Return which operation made the first NaN, and on which line."""
        if np.any(np.isnan(vector)):
            return ", since there is one in x0"
        try:
            with np.errstate(all="ignore"), Tape() as tape:
                self.flat(Tensor(np.array(vector, np.float64)))
        except GradError:
            return ""
        for operation in tape.operations:
            if np.any(np.isnan(operation.value)):
                name = operation.call.primitive.name
                return f": {name} made the first one, at {operation.line}: {operation.line.source}"
        return ", since there is one in a constant that it uses"


def _number(found: Any) -> float:
    """Return what a loss has returned as a float."""
    return float(np.reshape(value_of(found), ()))


class Equations:
    """A function of parameters to any number of numbers: residuals, constraints."""

    def __init__(
        self, function: Callable[..., Any], parameters: Parameters, args: tuple[Any, ...] = ()
    ) -> None:
        self.parameters, self.args = parameters, args
        self.flat = of_vector(function, parameters, args)
        self.depends = False
        self.key: bytes | None = None
        self.last: Inner | None = None

    def plain_value(self, vector: Any) -> Any:
        """Return the value, a vector, without recording it."""
        leaves, _ = flatten(self.flat(vector))
        self.depends = self.depends or varies(leaves)
        return np.asarray(join([value_of(leaf) for leaf in leaves]))

    def run(self, vector: Any) -> Inner:
        """Return the run at a point, the last one again if it was there."""
        vector = np.array(vector, np.float64)
        key = vector.tobytes()
        if self.last is None or key != self.key:
            with hint("jac='2-point'"):
                self.last = run_inside(lambda leaves: self.flat(leaves[0]), [vector])
            self.key, self.depends = key, self.depends or bool(self.last.others)
        return self.last

    def value(self, vector: Any) -> Any:
        """Return the value, a vector."""
        leaves = self.run(vector).leaves
        return np.array(join([value_of(leaf) for leaf in leaves]), np.float64)

    def jacobian(self, vector: Any) -> Any:
        """Return the matrix of derivatives, from the run that gave the value."""
        run, size = self.run(vector), self.parameters.size
        varying = [np.full(np.size(value_of(leaf)), is_variable(leaf)) for leaf in run.leaves]
        rows = np.concatenate([np.zeros(0, bool), *varying])
        matrix = np.zeros((rows.size, size))
        if run.outputs and size:
            matrix[rows] = _matrix(run, size)
        return matrix

    def hessian(self, vector: Any, weights: Any) -> Any:
        """Return the Hessian of the sum of the values with `weights`, as an operator."""
        weighted = lambda x: np.dot(join(flatten(self.flat(x))[0]), weights)
        _, push = linearize(grad(weighted), np.array(vector, np.float64))
        size = self.parameters.size
        product = lambda v: value_of(push(np.ravel(v)))
        make: Any = LinearOperator  # whose arguments depend on how it is made
        return make((size, size), matvec=product, rmatvec=product, dtype=np.float64)


# Whole Jacobians of a run: batches of unit vectors, as in `autograd.transforms.jacobians`.


def _matrix(run: Inner, size: int) -> Any:
    """Return the Jacobian of a run, in the mode that needs fewer directions."""
    if size <= sum(output.size for output in run.outputs):
        try:
            return _by_columns(run, size)
        except NotDifferentiableError:  # a rule without forward mode
            pass
    return _by_rows(run, size)


def _by_columns(run: Inner, size: int) -> Any:
    """Return the Jacobian of a run by forward mode."""
    blocks = []
    for level, units in _units(size, run):
        found = full(push_inside(run, [units], run.variables, record=False), run.outputs)
        blocks.append(np.concatenate([_columns(t, level) for t in found]))
    return np.concatenate(blocks, axis=-1)


def _columns(tangent: Any, level: Level) -> Any:
    """Return the tangents of one output as the rows of a matrix."""
    level.active = False
    found = unbatch(value_of(tangent), level, -1)
    return np.reshape(found, (-1, level.size))


def _by_rows(run: Inner, size: int) -> Any:
    """Return the Jacobian of a run by reverse mode."""
    blocks = [np.zeros((0, size))]
    for position, output in enumerate(run.outputs):
        for level, units in _units(output.size, run):
            seeds: list[Any] = [None] * len(run.outputs)
            seeds[position] = np.reshape(units, output.shape)
            (found,) = pull_inside(run, seeds, run.variables, record=False, retain=True)
            level.active = False
            zero = np.zeros(size) if found is None else value_of(found)
            blocks.append(unbatch(zero, level, 0))
    return np.concatenate(blocks)


def _units(size: int, run: Inner) -> Iterator[tuple[Level, Batched]]:
    """Yield batches of the unit vectors of a space."""
    shapes: list[Any] = [node.shape for node in run.order]
    largest = max((math.prod(s) for s in shapes if not s or isinstance(s[0], int)), default=1)
    most = max(CHUNK // max(largest, 1), 16)
    for start in range(0, max(size, 1), most):
        level = Level(min(most, size - start))
        yield level, Batched(np.eye(level.size, size, start), (level,))


class Plain:
    """A function as SciPy's solvers call it, with `args` and to plain values.

    Attributes
    ----------
    depends : bool
        Whether it was seen to depend on Tensors.
    """

    def __init__(self, function: Callable[..., Any], args: tuple[Any, ...]) -> None:
        self.function, self.args, self.depends = function, args, False

    def __call__(self, x: Any) -> Any:
        """Return the value."""
        found = self.function(x, *self.args)
        self.depends = self.depends or varies(found)
        return map_leaves(value_of, found)


class hint:  # noqa: N801 - a context
    """Add to an error of differentiation what can be done where there is no derivative."""

    def __init__(self, option: str) -> None:
        self.option = option

    def __enter__(self) -> None:
        """Do nothing yet."""

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        known = DetachError | NotDifferentiableError | KeywordError
        if error is not None and (isinstance(error, known) or isinstance(error.__cause__, known)):
            error.add_note(
                f"a function that cannot be differentiated can be optimised with {self.option}, or "
                f"with a method that needs no derivative"
            )
