"""What the demo shows: curves, mistakes, the graph; each file is written whole or not at all."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

import nn
from autograd import viz
from nn.demo.reading import Dataset
from nn.demo.report import Outcome
from nn.demo.training import History, Split
from nn.serialization.atomic import replacing

TRAIN, TEST, WRONG = "#9aa5b1", "#1f5fa8", "#b3372f"
MOST_PICTURES = 20


def write(path: Path, save: Callable[[Path], Any]) -> Path:
    """Have `save` write a file beside `path`, then put it in place."""
    with replacing(path) as part:
        save(part)
    return path


def curves(history: History, path: Path) -> None:
    """Write loss and accuracy over the epochs as a PNG."""
    from matplotlib.figure import Figure
    from matplotlib.ticker import MaxNLocator, PercentFormatter

    figure = Figure(figsize=(9, 3.6), dpi=144, layout="constrained")
    panels = figure.subplots(1, 2)
    series = (
        ("Loss", history.train_loss, history.test_loss, "{:.3f}"),
        ("Accuracy", history.train_accuracy, history.test_accuracy, "{:.1%}"),
    )
    for panel, (title, train, test, form) in zip(panels, series, strict=True):
        epochs = np.arange(1, len(train) + 1)
        marker = "o" if len(epochs) < 3 else None
        for name, values, colour in (("training", train, TRAIN), ("held out", test, TEST)):
            label = f"{name}, {form.format(values[-1])} at the end"
            panel.plot(epochs, values, marker=marker, color=colour, label=label)
        panel.set_title(title, loc="left")
        panel.set_xlabel("epoch")
        panel.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
        panel.spines[["top", "right"]].set_visible(False)
        panel.grid(axis="y", alpha=0.3)
        panel.legend(frameon=False)
    panels[0].set_ylim(bottom=0)
    panels[1].yaxis.set_major_formatter(PercentFormatter(1))
    figure.savefig(path)


def mistakes(found: Outcome, data: Split, dataset: Dataset, path: Path) -> None:
    """Write the worst mistakes as a PNG: as the pictures they are, or else as bars."""
    from matplotlib.figure import Figure

    rows = found.worst[:MOST_PICTURES]
    if found.right == len(found.true):
        title = "No mistakes; the least sure of the right answers"
    elif len(rows) < len(found.worst):
        title = f"The {len(rows)} worst of {len(found.worst)} mistakes"
    else:
        title = f"All {len(rows)} mistakes" if len(rows) > 1 else "The only mistake"
    draw = _tiles if dataset.image else _bars
    figure = Figure(dpi=144, layout="constrained")
    draw(figure, rows, found, data, dataset)
    figure.suptitle(title, x=0.02, ha="left")
    figure.savefig(path)


def graph(model: nn.Module, data: Split, batch_size: int, path: Path) -> None:
    """Write the computation graph of the loss of one batch, with gradients; the suffix says how.

    Raises
    ------
    GraphvizMissingError
        If it is to be drawn and Graphviz's program `dot` is not installed.
    """
    for name, parameter in model.named_parameters():
        parameter.name = name
    rows, labels = data.X_train[:batch_size], data.y_train[:batch_size]
    loss = nn.softmax_cross_entropy(model(rows), labels)
    loss.name = "loss"
    model.zero_grad()
    loss.backward(retain_graph=True)  # what is freed has no shape to show
    viz.graph(loss).save(path)


def _tiles(figure: Any, rows: Any, found: Outcome, data: Split, dataset: Dataset) -> None:
    """Draw each row as the picture it is."""
    columns = min(len(rows), 5)
    lines = -(-len(rows) // columns)
    height, width, *_ = dataset.image or (1, 1)
    figure.set_size_inches(
        1.7 * max(columns, 3), (1.6 * min(height / width, 2) + 0.5) * lines + 0.4
    )
    panels = figure.subplots(lines, columns, squeeze=False).flat
    for panel in panels:
        panel.axis("off")
    for panel, row in zip(figure.axes, rows, strict=False):
        panel.imshow(_pixels(dataset, int(data.samples[row])), cmap="gray_r")
        wrong = found.true[row] != found.predicted[row]
        title = _verdict(dataset, found, row)
        panel.set_title(title, fontsize=9, color=WRONG if wrong else "black")
        sure = f"{found.probabilities[row].max():.0%} sure; sample {data.samples[row]}"
        below = {"ha": "center", "va": "top", "fontsize": 7, "color": "#555555"}
        panel.text(0.5, -0.04, sure, transform=panel.transAxes, **below)


def _verdict(dataset: Dataset, found: Outcome, row: int) -> str:
    """Return what a row is, and what it was taken for if that is something else."""
    true, predicted = dataset.classes[[found.true[row], found.predicted[row]]]
    return f"{true}" if true == predicted else f"{true} taken for {predicted}"


def _pixels(dataset: Dataset, sample: int) -> Any:
    """Return a row as a picture that matplotlib can show: grey, or three or four colours."""
    image = dataset.X[sample].reshape(dataset.image)
    if image.ndim == 2:
        return image
    if image.shape[-1] == 1:
        return image[..., 0]
    low, high = dataset.X.min(), dataset.X.max()
    return (image - low) / (high - low or 1)


def _bars(figure: Any, rows: Any, found: Outcome, data: Split, dataset: Dataset) -> None:
    """Draw for each row how probable the network found its answer, and the true class."""
    figure.set_size_inches(7, 0.9 + 0.42 * len(rows))
    panel = figure.subplots()
    places = np.arange(len(rows))
    for shift, classes, colour, name in (
        (-0.18, found.predicted, WRONG, "the network's answer"),
        (0.18, found.true, TEST, "the true class"),
    ):
        shares = found.probabilities[rows, classes[rows]]
        panel.barh(places + shift, shares, 0.34, color=colour, label=name)
    names = [f"sample {data.samples[row]}: {_verdict(dataset, found, row)}" for row in rows]
    panel.set_yticks(places, names)
    panel.invert_yaxis()
    panel.set_xlim(0, 1)
    panel.set_xlabel("probability given to")
    panel.spines[["top", "right"]].set_visible(False)
    panel.legend(frameon=False, ncols=2, loc="lower left", bbox_to_anchor=(0, 1))
