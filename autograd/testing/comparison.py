"""The derivatives of both modes against differences."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from autograd.numerical import Slope
from autograd.testing.finding import Finding, Log, Options, number, random
from autograd.testing.subject import Subject, packed

if TYPE_CHECKING:
    from numpy.typing import NDArray

ROUNDING = 1e-11  # of the largest derivative: what rounding may leave of terms that cancel
PER_DIRECTION = 8  # evaluations of the function, about
CONSTANT_SHARE = 1e-6  # of value per argument: below it a derivative is zero for all one can see


@dataclass
class Probe:
    """A direction in which a derivative is tried; along one coordinate or many."""

    v: "NDArray[Any]"
    position: int | None = None


def probes(subject: Subject, options: Options) -> list[Probe]:
    """Return the directions to try: each coordinate, or random ones and some coordinates."""
    n, scales = subject.inputs, subject.scales()
    if not n:
        return []

    def coordinate(position: int) -> Probe:
        v = np.zeros(n)
        v[position] = scales[position]
        return Probe(v, position)

    if n * PER_DIRECTION <= options.evaluations:
        return [coordinate(i) for i in range(n)]
    many = [Probe(random(options.rng, n) * scales) for _ in range(3)]
    chosen = set(
        options.rng.choice(n, min(n, 16, options.evaluations // PER_DIRECTION), replace=False)
    )
    if "rev" in options.modes and subject.size:
        chosen.add(int(np.argmax(np.abs(subject.pull(random(options.rng, subject.size))))))
    return [*many, *(coordinate(int(i)) for i in sorted(chosen))]


def of_numbers(subject: Subject, options: Options, log: Log) -> Iterator[Finding]:
    """Both modes agree with differences, and so with each other."""
    if not subject.size:
        return
    rows = Rows(subject, options)
    for probe in probes(subject, options):
        try:
            slope = subject.slope(probe.v)
        except FloatingPointError:
            log.undecided.append(f"{_where(subject, probe, None)}: no finite values nearby")
            continue
        for mode in options.modes:
            if mode == "rev":
                analytic, numeric, error, noise = rows.reverse(probe, slope)
            else:
                analytic, numeric, error, noise = rows.forward(probe, slope)
            log.derivatives += analytic.size
            wrong = Comparison(subject, rows, probe, slope, mode, options, log)
            yield from wrong.findings(analytic, numeric, error, noise)


class Rows:
    """The cotangents with which a Jacobian is seen, and their pullbacks."""

    def __init__(self, subject: Subject, options: Options) -> None:
        m = subject.size
        self.one_each = m * PER_DIRECTION <= max(options.evaluations, 64)
        if self.one_each:  # scaled, since one is its own square
            self.w = np.diag(random(options.rng, m))
        else:
            self.w = np.stack([random(options.rng, m) for _ in range(3)])
        self.subject, scales = subject, subject.scales()
        reverse = "rev" in options.modes
        self.pulled = np.stack([subject.pull(w) for w in self.w]) if reverse else None
        # What one would guess without looking: value by argument.
        self.guess = subject.sizes(packed(subject.outputs))
        whole = 0.0 if self.pulled is None else np.max(np.abs(self.pulled * scales), initial=0.0)
        self.noise = ROUNDING * max(float(whole), float(np.max(self.guess, initial=0.0)))

    def reverse(self, probe: Probe, slope: Any) -> Any:
        """Return derivatives by reverse mode, by differences, their error, and rounding noise."""
        assert self.pulled is not None  # noqa: S101 - reverse mode was asked for
        analytic = self.pulled @ probe.v if probe.position is None else self._column(probe)
        numeric, error = self.w @ slope.value, np.abs(self.w) @ slope.error
        along = np.abs(self.pulled) @ np.abs(probe.v)
        return analytic, numeric, error, ROUNDING * along + self.noise

    def _column(self, probe: Probe) -> Any:
        assert self.pulled is not None  # noqa: S101 - reverse mode was asked for
        return self.pulled[:, probe.position] * probe.v[probe.position]

    def forward(self, probe: Probe, slope: Any) -> Any:
        """Return the same by forward mode."""
        pushed = self.subject.push(probe.v)
        noise = ROUNDING * float(np.max(np.abs(pushed), initial=0.0)) + self.noise
        return pushed, slope.value, slope.error, np.full(pushed.shape, noise)


@dataclass
class Comparison:
    """Analytic against numeric derivatives in one direction."""

    subject: Subject
    rows: Rows
    probe: Probe
    slope: Any
    mode: str
    options: Options
    log: Log

    def findings(self, analytic: Any, numeric: Any, error: Any, noise: Any) -> Iterator[Finding]:
        """Yield the worst disagreement that stands a second look."""
        size = np.maximum(np.abs(analytic), np.abs(numeric))
        tolerance = self.options.rtol * size + 3 * error + noise
        off = ~(np.abs(analytic - numeric) <= tolerance)
        unknown = error > 1e-4 * np.maximum(size, CONSTANT_SHARE * self._guess(analytic.size))
        kinks = self.slope.is_kink()
        if self.mode == "rev":
            kinks = np.abs(self.rows.w) @ kinks > 0
        for row in np.flatnonzero(off | unknown | kinks):
            verdict = self._second_look(int(row), analytic[row], noise[row])
            if verdict is not None:
                yield verdict
                return

    def _guess(self, count: int) -> Any:
        guess = self.rows.guess
        if self.mode == "rev":
            return np.abs(self.rows.w) @ guess
        return guess if guess.size == count else np.zeros(count)

    def _second_look(self, row: int, analytic: float, noise: float) -> Finding | None:
        """Look at one derivative again, with other steps, from both sides."""
        where = _where(self.subject, self.probe, row if self._names_rows else None)
        look = self._best_look(row)
        if look is None:
            self.log.undecided.append(f"{where}: no finite values nearby")
            return None
        tolerance = self.options.rtol * max(abs(analytic), abs(look.value)) + 3 * look.error + noise
        if look.kink:
            low, high = sorted((look.left, look.right))
            if low - look.side_error - tolerance <= analytic <= high + look.side_error + tolerance:
                low, high = sorted((look.left / self._unit(row), look.right / self._unit(row)))
                self.log.kinks[where] = f"between {low:.6g} and {high:.6g}"
                return None
        size = max(abs(look.value), abs(analytic) if np.isfinite(analytic) else 0.0)
        is_off = not abs(analytic - look.value) <= tolerance
        if is_off and (look.kink or look.error <= 0.01 * size):
            return self._finding(row, where, analytic, look)
        guess = float(self._guess(self.subject.size)[row])
        if is_off or look.error > 1e-4 * max(size, CONSTANT_SHARE * guess):
            self.log.undecided.append(f"{where}: {look.value:.6g} ± {look.error:.1g}")
        return None

    def _best_look(self, row: int) -> "Look | None":
        """Return the derivative from the best of several steps; those as good tell its error."""
        weights = self.rows.w[row] if self.mode == "rev" else np.eye(self.subject.size)[row]
        looks = []
        for scales in ((1,), (0.3, 0.04), (2.0**-7, 2.0**-14), (2.0**-20,)):
            with contextlib.suppress(FloatingPointError):
                looks.append(Look.of(self.subject.slope(self.probe.v, scales), weights))
        if not looks:
            return None
        best = min(looks, key=lambda look: look.error)
        values = [look.value for look in looks if look.error <= 10 * best.error]
        return best._replace(error=max(best.error, float(np.ptp(values))))

    @property
    def _names_rows(self) -> bool:
        return self.mode == "fwd" or self.rows.one_each

    def _unit(self, row: int) -> float:
        """Return what a derivative was multiplied with when it was tried."""
        position = self.probe.position
        unit = 1.0 if position is None else float(self.probe.v[position])
        weighted = self.mode == "rev" and self.rows.one_each
        return unit * float(self.rows.w[row, row]) if weighted else unit

    def _finding(self, row: int, where: str, analytic: float, look: "Look") -> Finding:
        """Return the finding, per unit of argument and of output."""
        unit = self._unit(row)
        analytic, value, error = analytic / unit, look.value / unit, abs(look.error / unit)
        mode = {"rev": "reverse", "fwd": "forward"}[self.mode]
        text = f"{where}, {mode} mode:\n  analytic {number(analytic)}, "
        text += f"numeric {number(value)} ± {error:.0e}"
        if value and np.isfinite(analytic):
            text += f" (ratio {analytic / value:.8g})"
        if look.kink:
            left, right = look.left / unit, look.right / unit
            text += f",\n  slopes {left:.6g} and {right:.6g} on the two sides of a kink"
        position = self.probe.position
        argument = None if position is None else self.subject.input_name(position)
        kind = "kink" if look.kink else self.mode
        return Finding(kind, text, analytic, value, error, argument, self.subject)


class Look(NamedTuple):
    """One derivative, weighted over the outputs."""

    value: float
    error: float
    left: float
    right: float
    side_error: float
    kink: bool

    @classmethod
    def of(cls, slope: Slope, weights: Any) -> "Look":
        """Return the weighted sum of the derivatives of all outputs."""
        size = np.abs(weights)
        return cls(
            float(weights @ slope.value),
            float(size @ slope.error),
            float(weights @ slope.left),
            float(weights @ slope.right),
            float(size @ slope.side_error),
            bool(np.any(slope.is_kink()[size > 0])),
        )


def _where(subject: Subject, probe: Probe, row: int | None) -> str:
    """Return which derivative is meant."""
    output = f"d {subject.name}" if row is None else f"d {subject.output_name(row)}"
    if probe.position is None:
        return f"{output} in a random direction of {', '.join(subject.names)}"
    return f"{output} / d {subject.input_name(probe.position)}"
