"""A function under test, seen as one from a real vector to a real vector."""

import contextlib
import functools
import inspect
import warnings
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.errors import DtypeError, GradError, UndecidedError
from autograd.numerical import Slope, best_differences, complex_step, confirmed
from autograd.operands import value_of
from autograd.tensor import Tensor
from autograd.transforms import jvp, vjp
from autograd.tree import flatten, parts

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Arrays = list[NDArray[Any]]

WIDE = 1000  # elements up to which values are computed in longdouble, which no BLAS knows
NUMBERS = (np.ndarray, np.generic, float, complex, int, Tensor)


class Subject:
    """A function at one point, as a function of the arrays that can be differentiated.

    Attributes
    ----------
    names : list of str
        Of each such array, as the program would write it: ``params['w']``.
    given : list of ndarray
        The arrays as they were given.
    primals : list of ndarray
        Copies of them in float64 or complex128.
    outputs : list of ndarray
        The value there.
    """

    def __init__(self, function: Callable[..., Any], args: Sequence[Any], name: str = "") -> None:
        self.function, self.args = function, tuple(args)
        own = getattr(function, "__name__", None) or getattr(
            function, "name", None
        )  # a primitive's
        self.name = name or own or type(function).__name__
        self.leaves, self._rebuild = flatten(self.args)
        self.places = [i for i, leaf in enumerate(self.leaves) if _varies(leaf)]
        if not self.places:
            kinds = ", ".join(_described(leaf) for leaf in self.leaves) or "no arguments"
            raise DtypeError(
                f"{self.name} has nothing to differentiate: got {kinds}; derivatives are taken in "
                f"real and complex numbers, so write 2.0 for 2, or x.astype(float)"
            )
        all_names = [name for i, arg in enumerate(self.args) for name in _paths(arg, self._word(i))]
        self.names = [all_names[i] for i in self.places]
        self.given = [np.array(value_of(self.leaves[i]), copy=True) for i in self.places]
        self.primals = [a.astype(np.result_type(a.dtype, np.float64)) for a in self.given]
        self._chosen: list[int] | None = None
        self.outputs = self.value(self.primals)
        self.inputs = sum(real_size(a) for a in self.primals)
        self.size = sum(real_size(a) for a in self.outputs)

    def _word(self, position: int) -> str:
        """Return the name of an argument, from the function's signature where it has one."""
        try:
            parameters = list(inspect.signature(self.function).parameters.values())
        except (TypeError, ValueError):
            parameters = []
        names = [
            p.name for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)
        ]
        if position < len(names):
            return names[position]
        rest = [p.name for p in parameters if p.kind is p.VAR_POSITIONAL]
        return f"{rest[0]}[{position - len(names)}]" if rest else f"argument {position}"

    def argument_names(self) -> list[str]:
        """Return names for the arguments, fit for code."""
        words = [self._word(i) for i in range(len(self.args))]
        return [w if w.isidentifier() else f"x{i}" for i, w in enumerate(words)]

    def rebuilt(self, leaves: list[Any]) -> tuple[Any, ...]:
        """Return the arguments with other leaves, numbers for numbers."""
        is_array = [isinstance(leaf, np.ndarray | Tensor) for leaf in self.leaves]
        kept = [
            new[()] if isinstance(new, np.ndarray) and not array else new
            for new, array in zip(leaves, is_array, strict=True)
        ]
        arguments: tuple[Any, ...] = self._rebuild(kept)
        return arguments

    # Calls.

    def arguments(self, primals: Sequence[Any]) -> tuple[Any, ...]:
        """Return all arguments with others for those that are differentiated."""
        leaves = list(self.leaves)
        for place, primal in zip(self.places, primals, strict=True):
            leaves[place] = primal
        return self.rebuilt(leaves)

    def __call__(self, *primals: Any) -> tuple[Any, ...]:
        """Return the outputs that have derivatives."""
        result = self.function(*self.arguments(primals))
        outputs = flatten(result)[0]
        chosen = [i for i, y in enumerate(outputs) if isinstance(y, NUMBERS) and _kind(y) in "fc"]
        if self._chosen is None:
            if not chosen:
                raise GradError(
                    f"{self.name} returned {_described(result)}: nothing that has a derivative; it "
                    f"must return real or complex numbers, arrays, or containers of them"
                )
            self._chosen = chosen
        if chosen != self._chosen:
            raise GradError(
                f"{self.name} returned {len(chosen)} differentiable outputs after "
                f"{len(self._chosen)} before; it must return the same form each time"
            )
        return tuple(outputs[i] for i in chosen)

    def value(self, primals: "Arrays") -> "Arrays":
        """Return the outputs for plain arrays, which the function may write to."""
        with _quiet():
            return [np.array(value_of(y)) for y in self(*(np.array(p) for p in primals))]

    def value_on_tensors(self) -> "Arrays":
        """Return the outputs for Tensors."""
        with _quiet():
            return [np.asarray(value_of(y)) for y in self(*map(Tensor, self.primals))]

    def pull_at(self, primals: "Arrays") -> Callable[["Arrays"], "Arrays"]:
        """Return the function from cotangents of the outputs to those of the primals."""
        with _quiet():
            pull = vjp(self, *primals)[1]

        def pull_arrays(cotangents: "Arrays") -> "Arrays":
            with _quiet():
                return list(pull(tuple(cotangents)))

        return pull_arrays

    @functools.cached_property
    def _pull(self) -> Callable[["Arrays"], "Arrays"]:
        return self.pull_at(self.primals)

    # Real vectors.

    def pull(self, w: "NDArray[Any]") -> "NDArray[Any]":
        """Return the pullback of a cotangent; both as real covectors."""
        cotangents = unpacked(w, self.outputs, dual=True)
        return packed([np.asarray(c) for c in self._pull(cotangents)], dual=True)

    def push(self, v: "NDArray[Any]") -> "NDArray[Any]":
        """Return the derivative in a direction by forward mode."""
        tangents = unpacked(v, self.primals)
        with _quiet():
            _, pushed = jvp(self, self.primals, tangents)
        return packed([np.asarray(value_of(t)) for t in pushed])

    def slope(self, v: "NDArray[Any]", scales: Sequence[float] = (1, 2**-4, 2**-10)) -> Slope:
        """Return the derivative in a direction from differences."""
        wide = self.inputs <= WIDE and np.finfo(np.longdouble).eps < 1e-18
        found = None
        if wide:
            with contextlib.suppress(TypeError, UndecidedError):  # LAPACK has no longdouble
                found = self._differences(v, np.longdouble, [2.0**-12 * scale for scale in scales])
        if found is None:
            found = self._differences(v, np.float64, [2.0**-9 * scale for scale in scales])
        real = all(p.dtype.kind == "f" for p in (*self.primals, *self.outputs))
        exact = complex_step(functools.partial(self._along, v, np.complex128)) if real else None
        slope = found if exact is None else confirmed(found, *exact)
        return Slope(*(np.asarray(part, np.float64) for part in slope))

    def _differences(self, v: "NDArray[Any]", kind: Any, steps: list[float]) -> Slope:
        return best_differences(functools.partial(self._along, v, kind), steps, self.sizes)

    def sizes(self, value: "NDArray[Any]") -> "NDArray[Any]":
        """Return the sizes of numbers; of both parts of a complex one, its modulus."""
        moduli = [np.abs(y) for y in unpacked(value, self.outputs)]
        pairs = [
            np.repeat(m, 1 + (y.dtype.kind == "c"))
            for m, y in zip(moduli, self.outputs, strict=True)
        ]
        return np.concatenate(pairs) if pairs else np.zeros(0)

    def _along(self, v: "NDArray[Any]", kind: Any, t: Any) -> "NDArray[Any]":
        """Return the value at a point of the line along `v`, a real vector."""
        is_complex_step = kind is np.complex128
        moved = []
        for p, tangent in zip(self.primals, unpacked(v, self.primals), strict=True):
            wide = kind if p.dtype.kind == "f" else np.result_type(kind, np.complex128)
            moved.append(np.asarray(p.astype(wide) + t * tangent.astype(wide)))
        try:
            outputs = self.value(moved)
        except (GradError, TypeError):
            raise
        except Exception as error:
            if is_complex_step:
                raise
            raise UndecidedError(
                f"{self.name} cannot be checked here: it raised {type(error).__name__}: {error}, "
                f"{abs(float(t)):.1g} away from the point; move the point away from the edge"
            ) from error
        if [o.shape for o in outputs] != [o.shape for o in self.outputs]:
            raise GradError(
                f"{self.name} returned shapes {[o.shape for o in outputs]} near a point where it "
                f"returned {[o.shape for o in self.outputs]}"
            )
        if kind is np.longdouble and any(map(_narrow, outputs)):
            raise TypeError(f"{self.name} computed in less than longdouble")
        outputs = [self._alike(*pair) for pair in zip(outputs, self.outputs, strict=True)]
        if is_complex_step:
            return np.concatenate([np.ravel(o) for o in outputs]) if outputs else np.zeros(0)
        value = packed(outputs)
        if value.size != self.size or not np.all(np.isfinite(value)):
            raise FloatingPointError  # real numbers turn complex at an edge of the function
        return value

    def jacobian(self) -> tuple["NDArray[Any]", "NDArray[Any]"]:
        """Return the matrix of all derivatives from differences, and its error."""
        columns = [
            (slope.value / s, slope.error / s)
            for s, e in zip(self.scales(), np.eye(self.inputs), strict=True)
            for slope in [self.slope(s * e)]
        ]
        if not columns:
            return np.zeros((self.size, 0)), np.zeros((self.size, 0))
        values, errors = zip(*columns, strict=True)
        return np.stack(values, 1), np.stack(errors, 1)

    def signs(self) -> "NDArray[Any]":
        """Return what turns a real vector of the primals into a covector, and back."""
        return packed(
            [
                np.ones(p.shape, p.dtype) * (1 + 1j if p.dtype.kind == "c" else 1)
                for p in self.primals
            ],
            dual=True,
        )

    @staticmethod
    def _alike(moved: "NDArray[Any]", output: "NDArray[Any]") -> "NDArray[Any]":
        """Return an output as a complex one where the value at the point is complex."""
        return moved + 0j if output.dtype.kind == "c" != moved.dtype.kind else moved

    # The same function, differentiated.

    def pulled(self) -> "Subject":
        """Return the function from primals and cotangents to the pullback."""
        count = len(self.primals)

        def pulled(*primals_and_cotangents: Any) -> Any:
            primals, cotangents = primals_and_cotangents[:count], primals_and_cotangents[count:]
            return vjp(self, *primals)[1](tuple(cotangents))

        names = [*self.names, *self._output_names("cotangent")]
        return self._derived(pulled, self.outputs, names, f"the VJP of {self.name}")

    def pushed(self) -> "Subject":
        """Return the function from primals and tangents to the tangents of the outputs."""
        count = len(self.primals)

        def pushed(*primals_and_tangents: Any) -> Any:
            primals, tangents = primals_and_tangents[:count], primals_and_tangents[count:]
            return jvp(self, primals, tangents)[1]

        names = [*self.names, *(f"tangent of {name}" for name in self.names)]
        return self._derived(pushed, self.primals, names, f"the JVP of {self.name}")

    def _derived(self, function: Any, others: "Arrays", names: list[str], name: str) -> "Subject":
        """Return a subject of the primals and of random arrays like `others`."""
        rng = np.random.default_rng(7)
        extra = unpacked(rng.uniform(0.5, 1.5, sum(map(real_size, others))), others)
        with _quiet():
            derived = Subject(function, (*self.primals, *extra), name)
        derived.names = names
        return derived

    def _output_names(self, word: str) -> list[str]:
        count = len(self.outputs)
        return [word] if count == 1 else [f"{word} {i}" for i in range(count)]

    # Names of elements.

    def input_name(self, position: int) -> str:
        """Return how the program would write an element of the real vector of the primals."""
        return _element(self.primals, self.names, position)

    def output_name(self, position: int) -> str:
        """Return the name of an element of the real vector of the outputs."""
        count = len(self.outputs)
        names = [self.name if count == 1 else f"{self.name}[{i}]" for i in range(count)]
        return _element(self.outputs, names, position)

    def scales(self) -> "NDArray[Any]":
        """Return the size of each element of the primals, for steps; 1 for zeros."""
        sizes = [np.abs(packed([p])) for p in self.primals]
        return np.concatenate(
            [np.where(s > 1e-3 * np.max(s, initial=0.0), s, _typical(s)) for s in sizes]
        )


def _typical(sizes: "NDArray[Any]") -> float:
    largest = float(np.max(sizes, initial=0.0))
    return min(1.0, largest) if largest > 0 else 1.0


def packed(arrays: "Arrays", *, dual: bool = False) -> "NDArray[Any]":
    """Return arrays as one real vector, of a complex number the real and the imaginary part.

    A covector (`dual`) of complex numbers is their conjugate, since the pairing of a cotangent w
    with a tangent v is the real part of w v.
    """
    flat = [np.ravel(np.conj(a) if dual else a) for a in arrays]
    real = [
        np.stack([np.real(a), np.imag(a)], -1).ravel() if a.dtype.kind == "c" else a for a in flat
    ]
    return np.concatenate(real) if real else np.zeros(0)


def unpacked(vector: "NDArray[Any]", like: "Arrays", *, dual: bool = False) -> "Arrays":
    """Return a real vector as arrays of the shapes and kinds of `like`; the inverse of `packed`."""
    arrays, start = [], 0
    for a in like:
        part = vector[start : start + real_size(a)]
        start += part.size
        if a.dtype.kind == "c":
            pairs = part.reshape(-1, 2)
            part = pairs[:, 0] + (-1j if dual else 1j) * pairs[:, 1]
        arrays.append(part.reshape(a.shape))
    return arrays


def real_size(a: "NDArray[Any]") -> int:
    """Return how many real numbers an array holds."""
    return 2 * a.size if a.dtype.kind == "c" else a.size


def _element(arrays: "Arrays", names: list[str], position: int) -> str:
    """Return the name of an element of a real vector."""
    for a, name in zip(arrays, names, strict=True):
        if position < real_size(a):
            part = ""
            if a.dtype.kind == "c":
                position, imaginary = divmod(position, 2)
                part = ".imag" if imaginary else ".real"
            index = ", ".join(map(str, np.unravel_index(position, a.shape))) if a.ndim else ""
            return f"{name}[{index}]{part}" if index else f"{name}{part}"
        position -= real_size(a)
    raise IndexError(position)


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Keep floating point warnings, and this package's, out of a check, which sees for itself."""
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Output seems independent")
        yield


def _narrow(output: "NDArray[Any]") -> bool:
    """Whether an output has less digits than longdouble."""
    return bool(np.finfo(output.dtype).eps > np.finfo(np.longdouble).eps)


def _kind(value: Any) -> str:
    return np.asarray(value_of(value)).dtype.kind


def _varies(leaf: Any) -> bool:
    """Whether a leaf of the arguments is differentiated."""
    return isinstance(leaf, NUMBERS) and _kind(leaf) in "fc"


def _described(value: Any) -> str:
    """Return in a few words what a value is."""
    if isinstance(value, np.ndarray | np.generic):
        return f"an array of {value.dtype}" if np.ndim(value) else f"a number of {value.dtype}"
    return repr(value) if value is None or isinstance(value, int | str) else type(value).__name__


def _paths(tree: Any, name: str) -> Iterator[str]:
    """Yield the names of the leaves of a container, in the order of `flatten`."""
    held = parts(tree)
    if held is None:
        yield name
        return
    if isinstance(tree, dict):
        keys = [f"{name}[{key!r}]" for key in tree]
    elif hasattr(tree, "_fields"):
        keys = [f"{name}.{field}" for field in tree._fields]
    elif isinstance(tree, list | tuple):
        keys = [f"{name}[{i}]" for i in range(len(tree))]
    else:
        keys = [f"{name}.{f}" for f, field in tree.__dataclass_fields__.items() if field.init]
    for key, child in zip(keys, held[0], strict=True):
        yield from _paths(child, key)
