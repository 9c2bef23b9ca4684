"""The training loop: `fit`, and `Training`, which it is while it runs."""

import math
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from autograd.errors import NonFiniteError
from nn.data.batches import Batches, leaves
from nn.generators import generator_fault, generator_state, set_generator_state
from nn.init import Seed
from nn.module import Module, modes_kept
from nn.optim import Optimizer
from nn.optim.transformations import norm
from nn.training.evaluation import Metric, Metrics, evaluate, measured, named_metrics
from nn.training.history import History, State, under
from nn.training.interruption import interrupt_noted
from nn.training.progress import Advance, shown
from nn.values import plain

Loss = Callable[[Any, Any], Any]


def fit(
    model: Callable[[Any], Any],
    loss: Loss,
    optimizer: Optimizer,
    data: Any,
    *,
    epochs: int,
    batch_size: int = 32,
    validation: Any = None,
    metrics: Metrics = (),
    callbacks: Sequence[Any] = (),
    monitor: str | None = None,
    mode: Literal["min", "max"] = "min",
    patience: int | None = None,
    min_delta: float = 0.0,
    restore_best: bool = False,
    accumulate: int = 1,
    clip_norm: float | None = None,
    progress: bool | Advance = True,
    rng: Seed = None,
    history: History | None = None,
) -> History:
    """Train `model` on all batches of `data`, `epochs` times, and return what it was like.

    Ctrl-C ends it after the step that is being computed; a second one ends the program. Model,
    optimizer and history together are the state: ``fit(..., history=history)`` goes on from there,
    with the numbers that there would have been without the interruption, also after they have been
    saved and loaded.

    Parameters
    ----------
    model : callable
        From inputs to a prediction, such as a Module, which is set to training mode meanwhile.
    loss : callable
        From (prediction, target) to a scalar Tensor, the mean of its rows.
    optimizer : Optimizer
    data : (inputs, target), or iterable of such batches
        Arrays, from which batches are made in a new random order for each epoch; or batches:
        `nn.data.Batches`, or what else can be iterated over for each epoch.
    epochs : int
        How many there are to be in all, those in `history` included.
    batch_size : int
        Rows in a batch, if `data` is arrays.
    validation : like data, optional
        What loss and metrics are computed of after each epoch.
    metrics : sequence of callables, or mapping from names to them
        From (prediction, target), arrays, to a number, such as `nn.metrics.accuracy`. In training
        the mean over the batches, while the model learns; in validation that of all rows together.
    callbacks : sequence
        Functions that are called with the `Training` after each epoch; or objects with any of the
        methods `on_start`, `on_step`, `on_epoch`, `on_end`, called with it.
    monitor : str, optional
        The measure that `patience` and `restore_best` look at: "val_loss", or "loss" without
        validation, if not given.
    mode : {"min", "max"}
        Whether it is better if it is small or if it is large.
    patience : int, optional
        Stop when so many epochs in a row were not better than the best.
    min_delta : float
        By how much an epoch must be better to count as better.
    restore_best : bool
        At the end, give the model the state it had after the best epoch.
    accumulate : int
        Batches whose gradients make one step: the step of one large batch, in less memory.
    clip_norm : float, optional
        Shrink gradients whose norm, of all parameters together, is larger.
    progress : bool or callable
        Show a bar (tqdm) or, without tqdm, a line for each epoch; or call with a text after each
        batch.
    rng : Generator or int, optional
        Where the order of the rows comes from, if `data` is arrays; an int is a seed.
    history : History, optional
        Of a training to go on with.

    Returns
    -------
    History
        "loss", each metric, and with validation "val_loss" and the others, a number for each epoch.

    Raises
    ------
    NonFiniteError
        If a loss is NaN or infinite: the parameters are those before that batch.
    ValueError
        If there is no batch in an epoch, or `history` is of another kind of training.

    Examples
    --------
    >>> import nn
    >>> X = np.linspace(-1, 1, 50)[:, np.newaxis]
    >>> model = nn.Linear(1, 1, rng=0)
    >>> optimizer = nn.SGD(model.parameters(), lr=0.1)
    >>> history = fit(model, nn.mse, optimizer, (X, 3 * X), epochs=30, progress=False, rng=0)
    >>> history["loss"][-1] < 1e-3 < history["loss"][0]
    True
    """
    _check_counts(epochs=epochs, accumulate=accumulate, patience=patience)
    training = Training(
        model=model,
        loss=loss,
        optimizer=optimizer,
        data=_batches(data, batch_size, rng),
        epochs=epochs,
        validation=validation,
        metrics=named_metrics(metrics),
        callbacks=callbacks,
        monitor=monitor or ("loss" if validation is None else "val_loss"),
        mode=mode,
        patience=patience,
        min_delta=min_delta,
        restore_best=restore_best,
        accumulate=accumulate,
        clip_norm=clip_norm,
        history=History() if history is None else history,
    )
    return training.run(progress)


@dataclass
class Training:
    """A training under way: what callbacks are given.

    Attributes
    ----------
    model, loss, optimizer, data, epochs, validation, metrics, callbacks, monitor, mode, patience
        As `fit` was given them.
    history : History
        Of the epochs that are complete; its `state_dict` is up to date at any step.
    batch : int
        How many batches of this epoch are done.
    stop : bool
        Set it, and the training ends after this epoch.
    """

    model: Any
    loss: Loss
    optimizer: Optimizer
    data: Any
    epochs: int
    validation: Any
    metrics: Mapping[str, Metric]
    callbacks: Sequence[Any]
    monitor: str
    mode: str
    patience: int | None
    min_delta: float
    restore_best: bool
    accumulate: int
    clip_norm: float | None
    history: History
    batch: int = 0
    stop: bool = False
    _sums: NDArray[np.float64] = field(init=False)  # of rows, loss and metrics of this epoch
    _best: State = field(default_factory=dict)
    _last: State = field(default_factory=dict)  # where the model was before it was set to its best
    _advance: Advance | None = None

    @property
    def epoch(self) -> int:
        """The epoch that is under way, from 0; in `on_epoch`, how many are done."""
        return self.history.epochs

    @property
    def partial(self) -> dict[str, float]:
        """What was measured of this epoch so far, as means over the rows."""
        rows, *sums = self._sums.tolist()
        names = ("loss", *self.metrics)
        return {name: value / rows for name, value in zip(names, sums, strict=True)} if rows else {}

    def run(self, progress: bool | Advance) -> History:
        """Train to the end, or until something stops it, and return the history."""
        self._sums = np.zeros(2 + len(self.metrics))
        before, start = self.history.seconds, time.perf_counter()
        self._take_up(self.history.resume)
        self.history.resume_by(self._state)
        try:
            with modes_kept(self.model), interrupt_noted() as interrupted:
                self._run(progress, interrupted)
        finally:
            self.history.resume_by(self._state())
            self.history.seconds = before + time.perf_counter() - start
        return self.history

    def _run(self, progress: bool | Advance, interrupted: Callable[[], bool]) -> None:
        """Go through the epochs that are left."""
        self._call("on_start")
        steps = len(self.data) if hasattr(self.data, "__len__") else None
        total = None if steps is None else steps * self.epochs
        done = (steps or 0) * self.epoch + self.batch
        with shown(progress, total, done) as (self._advance, tell):
            while self.epoch < self.epochs and not (self.stop or self._is_patience_over()):
                if not self._steps(interrupted):
                    break
                self._finish_epoch()
                if tell is not None:
                    tell(f"epoch {self.epoch}/{self.epochs}: {_text(self._latest())}")
                if interrupted():
                    break
        self.history.interrupted = interrupted()
        self.history.partial = self.partial
        if self.restore_best and self._best:
            self._last = self.model.state_dict()
            self.model.load_state_dict(self._best)
        self._call("on_end")

    def _latest(self) -> dict[str, float]:
        """Return the numbers of the last epoch."""
        return {name: values[-1] for name, values in self.history.items()}

    # An epoch.

    def _steps(self, interrupted: Callable[[], bool]) -> bool:
        """Take the steps of this epoch that are left; return whether it is complete."""
        if isinstance(self.model, Module):
            self.model.train()
        waiting: list[int] = []  # the rows of each batch since the last step
        for inputs, target in self._batches_left():
            if not waiting:
                self.optimizer.zero_grad()
            self.batch += 1
            waiting.append(self._backward(inputs, target))
            if self._advance is not None:
                self._advance(_text(self.partial))
            if len(waiting) == self.accumulate:
                self._step(sum(waiting))
                waiting.clear()
                if interrupted():
                    return False
        if waiting:
            self._step(sum(waiting))
        return True

    def _batches_left(self) -> Iterator[tuple[Any, Any]]:
        """Return the batches of this epoch that were not there yet."""
        if hasattr(self.data, "load_state_dict"):  # it knows itself where it was
            return iter(self.data)
        return islice(self.data, self.batch, None)

    def _backward(self, inputs: Any, target: Any) -> int:
        """Add the gradient of the loss of a batch; return its number of rows."""
        prediction = self.model(inputs)
        loss = self.loss(prediction, target)
        value = loss.item()
        if not math.isfinite(value):
            raise NonFiniteError(
                f"the loss became {value} in epoch {self.epoch + 1}, batch {self.batch}; try a "
                f"smaller learning rate, or find the operation that made it: "
                f"with ag.detect_nan(): nn.fit(...)"
            )
        rows = len(leaves(target)[0])
        if self.accumulate == 1:
            loss.backward()
        else:  # so that the sum, over all rows, is the gradient of the mean of one large batch
            loss.backward(np.asarray(rows, loss.dtype))
        numbers = measured(self.metrics, prediction, target) if self.metrics else ()
        self._sums += np.array([1.0, value, *numbers]) * rows
        return rows

    def _step(self, rows: int) -> None:
        """Change the parameters by the gradients of `rows` rows."""
        if self.accumulate > 1:
            _scale_gradients(self.optimizer.params, 1 / rows)
        if self.clip_norm is not None:
            size = gradient_norm(self.optimizer.params)
            if size > self.clip_norm:
                _scale_gradients(self.optimizer.params, self.clip_norm / size)
        self.optimizer.step()
        self._call("on_step")

    def _finish_epoch(self) -> None:
        """Note the numbers of this epoch, and the state if it is the best."""
        if not self.batch:
            raise ValueError(
                f"data has no batch in epoch {self.epoch + 1}: it must be something that can be "
                f"gone through once for each epoch, such as a list or nn.data.Batches, not an "
                f"iterator, which is empty after once"
            )
        values = self.partial
        if self.validation is not None:
            found = evaluate(self.model, self.loss, self.validation, self.metrics)
            values |= {f"val_{name}": value for name, value in found.items()}
        if self.monitor not in values:
            raise ValueError(
                f"monitor is {self.monitor!r}, but what is measured is {', '.join(values)}"
            )
        self.history.append(values)
        self.batch = 0
        self._sums[:] = 0
        best = self.history.best_epoch = self._best_epoch()
        if self.restore_best and best == self.epoch - 1:
            self._best = self.model.state_dict()
        self._call("on_epoch")

    def _best_epoch(self) -> int:
        """Return the last of the epochs that were better than all before, by `min_delta`."""
        sign = 1 if self.mode == "min" else -1
        best, least = 0, math.inf
        for epoch, number in enumerate(self.history[self.monitor]):
            if sign * number < least - (self.min_delta if epoch else 0):
                best, least = epoch, sign * number
        return best

    def _is_patience_over(self) -> bool:
        """Return whether there were too many epochs since the best."""
        if self.patience is None or not self.epoch:
            return False
        return self.epoch - 1 - self._best_epoch() >= self.patience

    def _call(self, when: str) -> None:
        """Call the callbacks whose turn it is."""
        for callback in self.callbacks:
            method = getattr(callback, when, None)
            if method is not None:
                method(self)
            elif when == "on_epoch" and callable(callback):
                callback(self)

    # What a resumed training needs.

    def _state(self) -> State:
        """Return the state of all that is not in model and optimizer."""
        state: State = {"batch": np.array(self.batch), "sums": self._sums.copy()}
        parts = {"best": self._best, "last": self._last}
        if hasattr(self.data, "state_dict"):
            parts["data"] = self.data.state_dict()
        parts["generators"] = {
            path: generator_state(rng) for path, rng in _generators(self.model).items()
        }
        for part, arrays in parts.items():
            state |= {f"{part}.{name}": array for name, array in arrays.items()}
        return state

    def _take_up(self, state: State) -> None:
        """Go on where the state was made; nothing is changed if it does not fit."""
        if not state:
            return
        generators, saved = _generators(self.model), under("generators.", state)
        faults = _generator_faults(generators, saved)
        if state["sums"].shape != self._sums.shape:
            faults.append("the metrics are not as many as before")
        if faults:
            raise ValueError("history is of another training:\n  " + "\n  ".join(faults))
        if hasattr(self.data, "load_state_dict"):
            self.data.load_state_dict(under("data.", state))
        for path, rng in generators.items():
            set_generator_state(rng, saved[path])
        self.batch, self._sums = int(state["batch"]), np.array(state["sums"])
        self._best = under("best.", state)
        if last := under("last.", state):
            self.model.load_state_dict(last)


def _generator_faults(own: Mapping[str, np.random.Generator], saved: State) -> list[str]:
    """Return why the Generators of a model cannot go on where others were."""
    faults = [
        f"generator {path} of the model: {fault}"
        for path in own.keys() & saved.keys()
        if (fault := generator_fault(own[path], saved[path]))
    ]
    if own.keys() != saved.keys():
        faults.append(f"the model has generators {sorted(own)}, history those of {sorted(saved)}")
    return faults


def _check_counts(**numbers: int | None) -> None:
    """Refuse numbers that are less than one."""
    for name, number in numbers.items():
        if number is not None and number < 1:
            raise ValueError(f"{name} must be at least 1, got {number}")


def _batches(data: Any, batch_size: int, rng: Seed) -> Any:
    """Return batches of arrays; what gives batches already, as it is."""
    if not isinstance(data, tuple):
        return data
    if len(data) != 2:
        raise ValueError(
            f"data in a tuple is arrays (inputs, target), got {len(data)} of them; several inputs "
            f"go into one tuple or dict, and batches into a list"
        )
    return Batches(*data, batch_size=batch_size, rng=rng)


def gradient_norm(params: Iterable[Any]) -> float:
    """Return the Euclidean norm of all gradients together.

    Examples
    --------
    >>> from autograd import Tensor
    >>> x, y = Tensor([3.0]), Tensor(4.0)
    >>> (x[0] ** 2 / 2 + y**2 / 2).backward()
    >>> gradient_norm([x, y])
    5.0
    """
    return norm(plain(parameter.grad) for parameter in params)


def _scale_gradients(params: Iterable[Any], factor: float) -> None:
    """Multiply all gradients by a number."""
    for parameter in params:
        if parameter.grad is not None:
            gradient = plain(parameter.grad)
            parameter.grad = gradient * gradient.dtype.type(factor)


def _generators(model: Any) -> dict[str, np.random.Generator]:
    """Return the Generators that a model's layers hold, each once, by their paths."""
    found: dict[int, tuple[str, np.random.Generator]] = {}
    for path, module in model.named_modules() if isinstance(model, Module) else ():
        for name, value in vars(module).items():
            if isinstance(value, np.random.Generator):
                found.setdefault(id(value), (f"{path}.{name}" if path else name, value))
    return dict(found.values())


def _text(values: Mapping[str, float]) -> str:
    """Return the numbers as a text."""
    return ", ".join(f"{name} {value:.4f}" for name, value in values.items())
