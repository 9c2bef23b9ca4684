"""History: what a training was like, and all that is needed to go on with it exactly."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

State = dict[str, NDArray[Any]]
VALUES, RESUME = "values.", "resume."


class History(dict[str, list[float]]):
    """A list for each measure, with a number for each epoch; what `fit` returns.

    Its state has more than the numbers: where in the data the training was, where the Generators of
    data and layers were, what was measured of the epoch that was under way, and the best weights,
    if they were asked for. So model, optimizer and history, saved together, are a training that can
    be resumed.

    Attributes
    ----------
    interrupted : bool
        Whether Ctrl-C ended the training.
    seconds : float
        How long it took.
    best_epoch : int or None
        Whose numbers were best, from 0, by what `fit` was told to monitor.
    partial : dict of float
        What was measured of the epoch that was under way, if it was interrupted.

    Examples
    --------
    >>> history = History(loss=[0.9, 0.5], val_loss=[0.8, 0.6])
    >>> history.epochs, history["loss"][-1]
    (2, 0.5)
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.interrupted = False
        self.seconds = 0.0
        self.best_epoch: int | None = None
        self.partial: dict[str, float] = {}
        self._resume: State | Callable[[], State] = {}

    @property
    def epochs(self) -> int:
        """How many epochs were completed."""
        return len(self.get("loss", ()))

    def append(self, values: Mapping[str, float]) -> None:
        """Add the numbers of an epoch.

        Raises
        ------
        ValueError
            If they are not of the measures that the epochs before have.
        """
        if self and self.keys() != values.keys():
            raise ValueError(
                f"this history has {', '.join(self)}, the new epoch {', '.join(values)}; "
                f"go on with the same metrics and validation"
            )
        for name, value in values.items():
            self.setdefault(name, []).append(float(value))

    def plot(self, axes: Any = None) -> Any:
        """Draw each measure over the epochs, in training and validation, and return the figure.

        Parameters
        ----------
        axes : sequence of matplotlib.axes.Axes, optional
            One for each measure; a new figure if not given.

        Returns
        -------
        matplotlib.figure.Figure
            Which a notebook shows; ``figure.savefig(path)`` writes it.

        Raises
        ------
        ImportError
            If matplotlib is not installed.
        """
        measures = [name for name in self if not name.startswith("val_")]
        if axes is None:
            axes = _new_axes(len(measures))
        for panel, name in zip(axes, measures, strict=False):
            for key, label in ((name, "training"), (f"val_{name}", "validation")):
                values = self.get(key, [])
                marker = "o" if len(values) < 3 else None
                if values:
                    panel.plot(range(1, len(values) + 1), values, marker=marker, label=label)
            panel.set_title(name.replace("_", " "), loc="left")
            panel.set_xlabel("epoch")
            panel.grid(axis="y", alpha=0.3)
            panel.spines[["top", "right"]].set_visible(False)
            panel.xaxis.get_major_locator().set_params(integer=True)
            panel.legend(frameon=False)
        return axes[0].figure if len(axes) else None

    # Its state.

    def resume_by(self, resume: State | Callable[[], State]) -> None:
        """Set what a resumed training needs, or the function that says it while one runs."""
        self._resume = resume

    @property
    def resume(self) -> State:
        """What a resumed training needs."""
        return self._resume() if callable(self._resume) else self._resume

    def state_dict(self) -> State:
        """Return all numbers, and what `fit` needs to go on, as arrays by name."""
        best = -1 if self.best_epoch is None else self.best_epoch
        state: State = {
            "interrupted": np.array(self.interrupted),
            "seconds": np.array(self.seconds),
            "best_epoch": np.array(best),
        }
        state |= {VALUES + name: np.array(values, float) for name, values in self.items()}
        return state | {RESUME + name: np.array(array) for name, array in self.resume.items()}

    def load_state_dict(self, state: Mapping[str, ArrayLike]) -> None:
        """Become the history whose state this is.

        Raises
        ------
        ValueError
            If it is the state of something else; nothing has changed.
        """
        arrays = {name: np.array(value) for name, value in state.items()}
        if faults := list(_faults(arrays)):
            raise ValueError(
                "this state does not fit History, which is left as it was:\n  "
                + "\n  ".join(faults)
            )
        self.clear()
        self.update(
            {
                name.removeprefix(VALUES): array.tolist()
                for name, array in arrays.items()
                if name.startswith(VALUES)
            }
        )
        self.interrupted = bool(arrays["interrupted"])
        self.seconds = float(arrays["seconds"])
        best = int(arrays["best_epoch"])
        self.best_epoch = best if best >= 0 else None
        self._resume = {
            name.removeprefix(RESUME): array
            for name, array in arrays.items()
            if name.startswith(RESUME)
        }


def _faults(arrays: Mapping[str, NDArray[Any]]) -> list[str]:
    """Return what is wrong with a state."""
    numbers = ("interrupted", "seconds", "best_epoch")
    faults = [f'"{name}" is missing' for name in numbers if name not in arrays]
    lengths = set()
    for name, array in arrays.items():
        if name in numbers:
            if array.shape or array.dtype.kind not in "biuf":
                faults.append(f'"{name}" is {array.dtype} {array.shape}, expected a number')
        elif name.startswith(VALUES):
            lengths.add(array.shape)
            if array.ndim != 1 or array.dtype.kind != "f":
                faults.append(f'"{name}" is {array.dtype} {array.shape}, expected numbers in a row')
        elif not name.startswith(RESUME):
            faults.append(f'"{name}" is not known')
    if len(lengths) > 1:
        faults.append(f"the measures have different shapes: {', '.join(map(str, sorted(lengths)))}")
    return faults


def _new_axes(count: int) -> Any:
    """Return the axes of a new figure, beside each other."""
    try:
        from matplotlib.figure import Figure
    except ImportError as error:
        raise ImportError("History.plot draws with matplotlib: pip install matplotlib") from error
    figure = Figure(figsize=(4.5 * max(count, 1), 3.6), layout="constrained")
    return figure.subplots(1, max(count, 1), squeeze=False)[0]
