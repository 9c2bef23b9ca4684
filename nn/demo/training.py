"""Train, watch, and stop in good order."""

import functools
import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

import nn
from autograd.errors import NonFiniteError
from nn.demo.reading import BadInputError, Dataset

TEST_SIZE = 0.2
SMOOTHING = 0.1
"""Part of each label's probability that is spread over all classes."""
METRICS: dict[str, Callable[[Any, Any], Any]] = {
    "cross_entropy": nn.softmax_cross_entropy,
    "accuracy": nn.metrics.accuracy,
}
smoothed = functools.partial(nn.softmax_cross_entropy, label_smoothing=SMOOTHING)


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
        self.optimizer.lr = nn.optim.schedules.polynomial(self.optimizer.lr, self.steps)
        held_out = self.data.X_test, self.data.y_test
        with np.errstate(over="ignore", invalid="ignore"):
            try:
                found = nn.fit(
                    self.model,
                    smoothed,
                    self.optimizer,
                    (self.data.X_train, self.data.y_train),
                    epochs=self.epochs,
                    batch_size=self.batch_size,
                    validation=held_out,
                    metrics=METRICS,
                    callbacks=[self],
                    progress=False,
                    rng=self.rng,
                )
            except NonFiniteError as error:
                what = str(error).partition(" in epoch")[0]
                raise BadInputError(f"{what}: try a smaller --lr") from error
        if found.partial:  # the epoch that was interrupted
            values = nn.evaluate(self.model, smoothed, held_out, METRICS)
            found.append(found.partial | {f"val_{name}": value for name, value in values.items()})
        return History(
            found["cross_entropy"],
            found["accuracy"],
            found["val_cross_entropy"],
            found["val_accuracy"],
            found.seconds,
            found.interrupted,
        )

    def on_step(self, training: nn.training.Training) -> None:
        """Show how the epoch is going."""
        so_far = training.partial
        self.progress(f"loss {so_far['cross_entropy']:.4f}, accuracy {so_far['accuracy']:6.1%}")
