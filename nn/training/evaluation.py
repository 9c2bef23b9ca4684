"""Loss and metrics of a model on data that it is not trained on."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

import autograd as ag
from nn.data.batches import Batches, is_container, leaves, mapped
from nn.module import evaluating
from nn.values import plain

Metric = Callable[[Any, Any], Any]
Metrics = Sequence[Metric] | Mapping[str, Metric]


def evaluate(
    model: Callable[[Any], Any],
    loss: Callable[[Any, Any], Any],
    data: Any,
    metrics: Metrics = (),
    *,
    batch_size: int = 1024,
) -> dict[str, float]:
    """Return the mean loss of all rows, and metrics of all rows together.

    Nothing is recorded; a Module is in evaluation mode meanwhile.

    Parameters
    ----------
    model, loss : callable
        As for `fit`.
    data : (inputs, target), or iterable of such batches
    metrics : sequence of callables, or mapping from names to them
        From (prediction, target), arrays, to a number.
    batch_size : int
        Rows to take at a time, if `data` is arrays.

    Returns
    -------
    dict from str to float

    Examples
    --------
    >>> import nn
    >>> evaluate(lambda x: 2 * x, nn.mse, (np.ones(3), np.array([2.0, 2.0, 5.0])))
    {'loss': 3.0}
    """
    if isinstance(data, tuple):
        data = Batches(*data, batch_size=batch_size, shuffle=False)
    named = named_metrics(metrics)
    total, rows, kept = 0.0, 0, []
    with evaluating(model), ag.no_grad():
        for inputs, target in data:
            prediction = model(inputs)
            here = len(leaves(target)[0])
            total += loss(prediction, target).item() * here
            rows += here
            if named:
                kept.append((_plain(prediction), target))
    if not rows:
        raise ValueError("there is nothing to evaluate: data has no batch")
    values = {"loss": total / rows}
    if named:
        prediction, target = _joined(kept)
        values |= dict(zip(named, measured(named, prediction, target), strict=True))
    return values


def named_metrics(metrics: Metrics) -> dict[str, Metric]:
    """Return metrics with their names.

    Raises
    ------
    ValueError
        If one has no name, or one that is taken.
    """
    if isinstance(metrics, Mapping):
        named = dict(metrics)
    else:
        named = {getattr(metric, "__name__", "<none>"): metric for metric in metrics}
        if len(named) < len(metrics) or any(name.startswith("<") for name in named):
            raise ValueError(
                'metrics need names of their own; write {"name": metric, ...} for functions that '
                "have none"
            )
    if "loss" in named:
        raise ValueError('"loss" is the name of the loss; call the metric something else')
    return named


def measured(metrics: Mapping[str, Metric], prediction: Any, target: Any) -> list[float]:
    """Return what each metric gives for arrays."""
    prediction = _plain(prediction)
    return [float(metric(prediction, target)) for metric in metrics.values()]


def _plain(value: Any) -> Any:
    """Return arrays in place of Tensors, in containers too."""
    return mapped(plain, value)


def _joined(parts: Sequence[Any]) -> Any:
    """Return containers of arrays as one, in which the rows of all follow each other."""
    if isinstance(parts[0], dict):
        return {name: _joined([part[name] for part in parts]) for name in parts[0]}
    if is_container(parts[0]):
        return tuple(_joined(members) for members in zip(*parts, strict=True))
    return np.concatenate([np.asarray(part) for part in parts])
