"""Train, watch, and stop in good order."""

import math
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import FrameType
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

import autograd as ag
import nn
from nn.demo.reading import BadInputError, Dataset

TEST_SIZE = 0.2
SMOOTHING = 0.1
"""Part of each label's probability that is spread over all classes."""


@dataclass(frozen=True)
class Split:
    """What is trained on and what is held out.

    Attributes
    ----------
    X_train, X_test : ndarray, shape (rows, features)
        Over the training rows each feature has mean 0; each has variance 1, or in pictures, whose
        pixels have one unit, all together have.
    y_train, y_test : ndarray of int, shape (rows,)
    samples : ndarray of int
        The rows of the data that the test rows are.
    """

    X_train: NDArray[Any]
    X_test: NDArray[Any]
    y_train: NDArray[np.intp]
    y_test: NDArray[np.intp]
    samples: NDArray[np.intp]


@dataclass
class History:
    """What the training was like: a number for each epoch."""

    train_loss: list[float] = field(default_factory=list)
    train_accuracy: list[float] = field(default_factory=list)
    test_loss: list[float] = field(default_factory=list)
    test_accuracy: list[float] = field(default_factory=list)
    seconds: float = 0.0
    interrupted: bool = False


def split(dataset: Dataset, dtype: DTypeLike, rng: np.random.Generator) -> Split:
    """Return the data in two parts, stratified, and scaled by what the first part knows.

    Raises
    ------
    BadInputError
        If the numbers are too large for that.

    Examples
    --------
    >>> X = np.arange(20.0).reshape(10, 2)
    >>> data = Dataset("ten", X, np.arange(10) % 2, np.arange(2), None)
    >>> parts = split(data, np.float32, np.random.default_rng(0))
    >>> parts.X_train.shape, parts.X_test.shape, parts.X_train.dtype
    ((8, 2), (2, 2), dtype('float32'))
    """
    rows = np.arange(len(dataset.X))
    train, test, y_train, y_test = nn.train_test_split(rows, dataset.y, TEST_SIZE, rng=rng)
    with np.errstate(over="ignore", invalid="ignore"):
        mean = dataset.X[train].mean(axis=0)
        spread = dataset.X[train].std(axis=None if dataset.image else 0)
        scaled = (dataset.X - mean) / np.where(spread > 0, spread, 1)
        scaled = scaled.astype(dtype)
    if not (np.isfinite(spread).all() and np.isfinite(scaled).all()):
        largest = dataset.X.flat[np.argmax(abs(dataset.X))]
        raise BadInputError(f"{dataset.title}: numbers such as {largest:.6g} are too large")
    return Split(scaled[train], scaled[test], y_train, y_test, test)


def evaluate(
    model: nn.Module, X: NDArray[Any], y: NDArray[np.intp], batch_size: int = 1024
) -> tuple[float, float]:
    """Return mean loss and accuracy of `model`.

    Examples
    --------
    >>> model = nn.Linear(2, 2, rng=0)
    >>> model.weight.data, model.bias.data = np.eye(2) * 1000, np.zeros(2)
    >>> evaluate(model, np.eye(2), np.array([0, 0]))
    (500.0, 0.5)
    """
    loss, right = 0.0, 0
    with ag.no_grad():
        for rows, labels in nn.minibatches(X, y, batch_size, shuffle=False):
            logits = model(rows)
            loss += nn.softmax_cross_entropy(logits, labels).item() * len(rows)
            right += int(np.count_nonzero(np.argmax(logits, axis=1) == labels))
    return loss / len(X), right / len(X)


@dataclass
class Trainer:
    """The training loop: every batch of every epoch, and what was seen on the way.

    The labels are smoothed and the learning rate falls to zero in a straight line: on 1,797 digits
    that is worth a percent of accuracy. What is reported is the loss of the labels as they are.

    Attributes
    ----------
    model : Module
    optimizer : Optimizer
    data : Split
    epochs, batch_size : int
    rng : Generator
        Of the order of the rows.
    progress : callable
        Called after each batch with a text, loss and accuracy of the epoch so far.
    """

    model: nn.Module
    optimizer: nn.optim.Optimizer
    data: Split
    epochs: int
    batch_size: int
    rng: np.random.Generator
    progress: Callable[[str], Any] = print

    @property
    def steps(self) -> int:
        """Number of batches in all epochs."""
        return self.epochs * math.ceil(len(self.data.X_train) / self.batch_size)

    def run(self) -> History:
        """Train, and return what it was like.

        Ctrl-C ends it after the batch that is being computed; a second one ends the program.

        Raises
        ------
        BadInputError
            If the loss is no longer finite.
        """
        history = History()
        rates = iter((self.optimizer.lr * np.arange(self.steps, 0, -1) / self.steps).tolist())
        start = time.perf_counter()
        with interrupt_noted() as interrupted, np.errstate(over="ignore", invalid="ignore"):
            while len(history.train_loss) < self.epochs and not history.interrupted:
                loss, accuracy = self._epoch(rates, interrupted)
                test_loss, test_accuracy = evaluate(self.model, self.data.X_test, self.data.y_test)
                history.train_loss.append(loss)
                history.train_accuracy.append(accuracy)
                history.test_loss.append(test_loss)
                history.test_accuracy.append(test_accuracy)
                history.interrupted = interrupted()
        history.seconds = time.perf_counter() - start
        return history

    def _epoch(
        self, rates: Iterator[float], interrupted: Callable[[], bool]
    ) -> tuple[float, float]:
        """Take a step for each batch; return mean loss and accuracy of the rows that were seen."""
        total, right, seen = 0.0, 0, 0
        for rows, labels in nn.minibatches(
            self.data.X_train, self.data.y_train, self.batch_size, rng=self.rng
        ):
            self.optimizer.lr = next(rates)
            logits = self._step(rows, labels)
            total += float(nn.softmax_cross_entropy(logits, labels)) * len(rows)
            right += int(np.count_nonzero(np.argmax(logits, axis=1) == labels))
            seen += len(rows)
            if not math.isfinite(total):
                raise BadInputError(f"the loss became {total}: try a smaller --lr")
            self.progress(f"loss {total / seen:.4f}, accuracy {right / seen:6.1%}")
            if interrupted():
                break
        return total / seen, right / seen

    def _step(self, rows: NDArray[Any], labels: NDArray[np.intp]) -> NDArray[Any]:
        """Change the parameters by one batch; return the logits from before."""
        logits = self.model(rows)
        classes = logits.shape[1]
        targets = nn.one_hot(labels, classes) * (1 - SMOOTHING) + SMOOTHING / classes
        loss = nn.softmax_cross_entropy(logits, targets)
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()
        values: NDArray[Any] = logits.data
        return values


@contextmanager
def interrupt_noted() -> Iterator[Callable[[], bool]]:
    """Note the first Ctrl-C inside the block instead of raising, so that work ends in good order.

    Examples
    --------
    >>> with interrupt_noted() as interrupted:
    ...     signal.raise_signal(signal.SIGINT)
    ...     interrupted()
    True
    """
    seen = []

    def note(number: int, _frame: FrameType | None) -> None:
        seen.append(number)
        signal.signal(signal.SIGINT, before)

    before = signal.signal(signal.SIGINT, note)
    try:
        yield lambda: bool(seen)
    finally:
        signal.signal(signal.SIGINT, before)
