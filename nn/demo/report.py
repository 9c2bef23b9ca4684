"""What the demo says: results in numbers, as plain text."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

import autograd as ag
import nn
from nn.demo.reading import Dataset
from nn.demo.training import Split

LARGEST_MATRIX = 20
"""With more classes, the pairs that are confused most are listed instead."""


@dataclass(frozen=True)
class Outcome:
    """What the network says of the held-out rows.

    Attributes
    ----------
    loss : float
    probabilities : ndarray, shape (rows, classes)
    predicted, true : ndarray of int, shape (rows,)
    worst : ndarray of int
        Rows that are wrong, the most confident mistake first; if there are none, right rows, the
        least confident first.
    """

    loss: float
    probabilities: NDArray[Any]
    predicted: NDArray[np.intp]
    true: NDArray[np.intp]
    worst: NDArray[np.intp]

    @property
    def right(self) -> int:
        """Number of rows that are right."""
        return int(np.count_nonzero(self.predicted == self.true))


def outcome(model: nn.Module, data: Split) -> Outcome:
    """Return what `model` says of the held-out rows.

    Examples
    --------
    >>> model = nn.Linear(2, 2, rng=0)
    >>> model.weight.data, model.bias.data = np.eye(2), np.zeros(2)
    >>> X, y = np.array([[0.0, 1.0], [0.0, 2.0], [3.0, 0.0]]), np.array([0, 0, 0])
    >>> outcome(model, Split(X, X, y, y, np.arange(3))).worst
    array([1, 0])
    """
    with ag.no_grad():
        logits = model(data.X_test).data
    loss = float(nn.softmax_cross_entropy(logits, data.y_test))
    predicted = np.argmax(logits, axis=1)
    surprise = -nn.log_softmax(logits)[np.arange(len(logits)), data.y_test]
    order = np.argsort(-surprise, kind="stable")
    wrong = order[predicted[order] != data.y_test[order]]
    worst = wrong if len(wrong) else order
    return Outcome(loss, nn.softmax(logits), predicted, data.y_test, worst)


def confusion(found: Outcome, classes: int) -> NDArray[np.intp]:
    """Return how many rows of each class (row) were taken for each (column), shape (C, C)."""
    counts = np.zeros((classes, classes), np.intp)
    np.add.at(counts, (found.true, found.predicted), 1)
    return counts


def confusion_lines(found: Outcome, classes: Sequence[Any]) -> Iterator[str]:
    """Yield the lines that show who was taken for whom.

    Examples
    --------
    >>> true, predicted = np.array([0, 0, 1]), np.array([0, 1, 1])
    >>> for line in confusion_lines(Outcome(0.0, np.eye(2), predicted, true, np.arange(1)), [3, 8]):
    ...     print(line)
    Confusion matrix (a row for each true class, a column for each predicted one)
          3  8
       3  1  1
       8  .  1
    """
    counts = confusion(found, len(classes))
    if len(classes) > LARGEST_MATRIX:
        yield f"Most confused of {len(classes)} classes"
        np.fill_diagonal(counts, 0)
        for place in np.argsort(-counts, axis=None, kind="stable")[:10]:
            true, predicted = np.unravel_index(place, counts.shape)
            if counts[true, predicted]:
                yield f"  {classes[true]} taken for {classes[predicted]}: {counts[true, predicted]}"
        return
    names = [str(name) for name in classes]
    width = 2 + max(len(text) for text in (*names, str(counts.max())))
    yield "Confusion matrix (a row for each true class, a column for each predicted one)"
    yield " " * (width + 2) + "".join(f"{name:>{width}}" for name in names)
    for name, row in zip(names, counts, strict=True):
        yield f"  {name:>{width}}" + "".join(f"{count or '.':>{width}}" for count in row)


def mistake_lines(found: Outcome, data: Split, dataset: Dataset, limit: int = 10) -> Iterator[str]:
    """Yield the lines that list the worst mistakes, or the least sure of the right answers."""
    mistakes = len(found.true) - found.right
    if mistakes:
        yield f"Worst of the {mistakes} mistakes" if mistakes > 1 else "The one mistake"
    else:
        yield "No mistakes; the least sure of the right answers"
    yield "  sample     true  predicted  p(predicted)   p(true)"
    for row in found.worst[:limit]:
        true, predicted = found.true[row], found.predicted[row]
        p = found.probabilities[row]
        yield (
            f"  {data.samples[row]:>6}  {dataset.classes[true]:>7}  {dataset.classes[predicted]:>9}"
            f"  {p[predicted]:12.1%}  {p[true]:8.1%}"
        )
