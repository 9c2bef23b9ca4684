"""What a check is told, what it saw, and what it found."""

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.testing.subject import real_size, unpacked

if TYPE_CHECKING:
    from numpy.typing import NDArray

EVALUATIONS = 2000  # up to which every coordinate is tried


@dataclass
class Finding:
    """Something that is wrong with a derivative.

    Attributes
    ----------
    kind : str
        Which property does not hold.
    text : str
        What was found, in a sentence.
    analytic, numeric : float, optional
        The derivative that the rules give, and what it should be.
    error : float, optional
        How well the second is known.
    argument : str, optional
        Which element of which argument.
    """

    kind: str
    text: str
    analytic: float | None = None
    numeric: float | None = None
    error: float | None = None
    argument: str | None = None
    subject: Any = field(default=None, repr=False)

    @property
    def ratio(self) -> float:
        """The analytic derivative through the numeric one."""
        if self.analytic is None or not self.numeric:
            return math.nan
        return self.analytic / self.numeric


@dataclass
class Options:
    """What to check, and how strictly."""

    modes: tuple[str, ...]
    rtol: float
    layouts: bool = True
    evaluations: int = EVALUATIONS
    rng: Any = field(default_factory=lambda: np.random.default_rng(0))


@dataclass
class Log:
    """What the checks saw: how many derivatives, which kinks, what they could not tell."""

    derivatives: int = 0
    kinks: dict[str, str] = field(default_factory=dict)
    undecided: list[str] = field(default_factory=list)


def random(rng: Any, count: int) -> Any:
    """Return weights of both signs, none of them 0 or 1, and not far from both."""
    return rng.choice([-1.0, 1.0], count) * rng.uniform(0.4, 2.5, count)


def random_like(rng: Any, array: "NDArray[Any]") -> Any:
    """Return such weights in the form of an array."""
    return unpacked(random(rng, real_size(array)), [array])[0].astype(array.dtype)


def number(value: float) -> str:
    """Return a number with as many digits as help a reader."""
    return f"{value:.8g}"
