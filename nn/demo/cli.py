"""The demo's command line: what it takes, the order of its work, and how it ends."""

import argparse
import contextlib
import functools
import math
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NoReturn

import numpy as np

import nn
from autograd.errors import GraphvizMissingError
from nn.demo import pictures, report
from nn.demo.reading import BadInputError, Dataset, read
from nn.demo.training import History, Split, Trainer, split

ACTIVATIONS = ("relu", "leaky_relu", "elu", "gelu", "softplus", "tanh", "sigmoid")
OPTIMIZERS: dict[str, tuple[Callable[..., nn.optim.Optimizer], float]] = {
    "adam": (nn.Adam, 0.004),
    "adamw": (nn.AdamW, 0.004),
    "sgd": (lambda params, lr: nn.SGD(params, lr, momentum=0.9), 0.1),
}
"""For each name an optimizer, and the learning rate it gets unless another is asked for."""

BAD_INPUT, INTERRUPTED = 2, 130


class Parser(argparse.ArgumentParser):
    """A parser whose errors are one line."""

    def error(self, message: str) -> NoReturn:
        """Raise, so that this error ends like all others."""
        raise BadInputError(f"{message}; --help lists the options")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the demo; return the exit code: 0, 2 for bad input, or 130 after Ctrl-C.

    Examples
    --------
    >>> main(["--epochs", "none"])
    2
    """
    try:
        return run(parser().parse_args(arguments))
    except BadInputError as error:
        print(f"nn.demo: {error}", file=sys.stderr)
        return BAD_INPUT
    except KeyboardInterrupt:
        print("\nnn.demo: interrupted", file=sys.stderr)
        return INTERRUPTED


def parser() -> Parser:
    """Return the parser of the command line."""
    options = Parser(
        prog="python -m nn.demo",
        description="Train a multilayer perceptron on handwritten digits, or on your own data, and "
        "show how well it does on rows it has not seen. Ctrl-C keeps what was trained.",
        allow_abbrev=False,
    )
    for name, settings in {**_files_options(), **_training_options()}.items():
        options.add_argument(name, **settings)
    precision = options.add_mutually_exclusive_group()
    for name, note in (("float64", " (default)"), ("float32", "")):
        precision.add_argument(
            f"--{name}",
            dest="dtype",
            action="store_const",
            const=np.dtype(name),
            help=f"compute in {name}{note}",
        )
    options.set_defaults(dtype=np.dtype("float64"))
    return options


def _files_options() -> dict[str, dict[str, Any]]:
    """Return the options that name files."""
    return {
        "--data": {
            "type": Path,
            "metavar": "FILE",
            "help": ".npz with arrays X and y, or .csv with the label, an integer, in the last "
            "column (default: the 1,797 digits that scikit-learn ships)",
        },
        "--out": {
            "type": Path,
            "default": Path("demo-output"),
            "metavar": "FOLDER",
            "help": "where pictures and weights go (default: demo-output)",
        },
    }


def _training_options() -> dict[str, dict[str, Any]]:
    """Return the options that say how to train."""
    rates = ", ".join(f"{rate:g} for {name}" for name, (_, rate) in OPTIMIZERS.items())

    def number(convert: Callable[[str], Any], default: Any, meaning: str) -> dict[str, Any]:
        shown = f"{meaning} (default: {default})"
        return {"type": convert, "default": default, "metavar": "N", "help": shown}

    return {
        "--hidden": {
            "type": _sizes,
            "default": (64, 32),
            "metavar": "64,32",
            "help": "neurons of each hidden layer (default: 64,32)",
        },
        "--epochs": number(_count, 40, "passes over the data"),
        "--batch-size": number(_count, 32, "rows in a step"),
        "--lr": {"type": _rate, "metavar": "RATE", "help": f"learning rate (default: {rates})"},
        "--optimizer": {"choices": OPTIMIZERS, "default": "adam", "help": "default: adam"},
        "--activation": {"choices": ACTIVATIONS, "default": "relu", "help": "default: relu"},
        "--seed": number(_seed, 0, "of split, first weights and order"),
    }


def run(options: argparse.Namespace) -> int:
    """Do what the options ask, in order; return the exit code."""
    dataset = read(options.data)
    trainer = prepare(options, dataset)
    with _folder(options.out):
        _say(_opening(options, dataset, trainer))
        with _progress(trainer.steps) as trainer.progress:
            history = trainer.run()
        if history.interrupted:
            print(
                f"\nInterrupted in epoch {len(history.train_loss)} of {options.epochs}: "
                f"what was trained until then is kept."
            )
        found = report.outcome(trainer.model, trainer.data)
        _say(_results(found, history, dataset, trainer.data))
        _say(_files(options.out, dataset, trainer, history, found))
    return INTERRUPTED if history.interrupted else 0


def prepare(options: argparse.Namespace, dataset: Dataset) -> Trainer:
    """Return what trains the network that the options describe; all chance is from the seed.

    Examples
    --------
    >>> data = Dataset("ten", np.eye(10), np.arange(10) % 2, np.arange(2), None)
    >>> prepare(parser().parse_args(["--hidden", "3"]), data).model
    MLP(
      (0): Linear(10, 3)
      (1): relu
      (2): Linear(3, 2)
    )
    """
    rng = np.random.default_rng(options.seed)
    data = split(dataset, options.dtype, rng)
    sizes = (data.X_train.shape[1], *options.hidden, len(dataset.classes))
    model = nn.MLP(sizes, getattr(nn, options.activation), dtype=options.dtype, rng=rng)
    make, usual_rate = OPTIMIZERS[options.optimizer]
    optimizer = make(model.parameters(), options.lr or usual_rate)
    return Trainer(model, optimizer, data, options.epochs, options.batch_size, rng)


def _say(lines: Iterable[str]) -> None:
    """Print each line as soon as it is there."""
    for line in lines:
        print(line, flush=True)


def _opening(options: argparse.Namespace, dataset: Dataset, trainer: Trainer) -> Iterator[str]:
    """Yield what is about to be done."""
    rows, features = dataset.X.shape
    classes = len(dataset.classes)
    data, parameters = trainer.data, sum(p.size for p in trainer.model.parameters())
    sizes = "-".join(map(str, (features, *options.hidden, classes)))
    yield f"data      {dataset.title}: {rows:,} rows, {features:,} features, {classes} classes"
    yield f"split     {len(data.X_train):,} to train on, {len(data.X_test):,} held out, stratified"
    yield f"model     MLP {sizes}, {options.activation}, {parameters:,} parameters, {options.dtype}"
    yield (
        f"training  {options.optimizer}, lr {trainer.optimizer.lr:g}, batches of "
        f"{options.batch_size}, {options.epochs} epochs, seed {options.seed}\n"
    )


def _results(
    found: report.Outcome, history: History, dataset: Dataset, data: Split
) -> Iterator[str]:
    """Yield what came out."""
    rows = len(found.true)
    yield (
        f"\nTest accuracy {found.right / rows:.2%} ({found.right:,} of {rows:,} held-out rows), "
        f"loss {found.loss:.4f}; trained in {history.seconds:.1f} s\n"
    )
    yield from report.confusion_lines(found, dataset.classes.tolist())
    yield ""
    yield from report.mistake_lines(found, data, dataset)


def _files(
    folder: Path, dataset: Dataset, trainer: Trainer, history: History, found: report.Outcome
) -> Iterator[str]:
    """Write the files; yield a line for each, or for what kept it from being written."""
    state: dict[str, Any] = trainer.model.state_dict()
    mistakes = functools.partial(pictures.mistakes, found, trainer.data, dataset)
    graph = functools.partial(pictures.graph, trainer.model, trainer.data, trainer.batch_size)
    yield "\nFiles"
    for name, what, save in (
        ("weights.npz", "the trained weights", lambda path: np.savez(path, **state)),
        ("learning_curves.png", "loss and accuracy", functools.partial(pictures.curves, history)),
        ("mistakes.png", "the worst mistakes", mistakes),
        ("graph.svg", "the computation graph of the loss", graph),
    ):
        path = folder / name
        try:
            pictures.write(path, save)
            yield f"  {path}: {what}"
        except GraphvizMissingError as error:
            page = pictures.write(path.with_suffix(".html"), save)
            yield f"  {page}: {what}; no {name}: {error}"
        except Exception as error:  # noqa: BLE001 - no picture is worth losing the others
            yield f"  {path}: not written: {error}"


@contextlib.contextmanager
def _folder(path: Path) -> Iterator[None]:
    """Make the folder for the files before any work is done for nothing; take it back if empty."""
    new = not path.exists()
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadInputError(f"--out {path}: {error.strerror}") from error
    try:
        yield
    finally:
        if new and not any(path.iterdir()):
            path.rmdir()


@contextlib.contextmanager
def _progress(steps: int) -> Iterator[Callable[[str], Any]]:
    """Show a progress bar; give the function that takes it a step further with a text."""
    with contextlib.ExitStack() as stack:
        try:
            advance = stack.enter_context(nn.training.progress_bar(steps))
        except ImportError:
            print("training without a progress bar: pip install tqdm")
            advance = lambda text: None  # noqa: ARG005 - nothing to show it on
        yield advance


# Types of options; argparse shows their messages.


def _count(text: str) -> int:
    """Return a whole number that is at least one."""
    with contextlib.suppress(ValueError):
        if int(text) >= 1:
            return int(text)
    raise argparse.ArgumentTypeError(f"expected a whole number of at least 1, got {text!r}")


def _seed(text: str) -> int:
    """Return a whole number that is not negative."""
    with contextlib.suppress(ValueError):
        if int(text) >= 0:
            return int(text)
    raise argparse.ArgumentTypeError(f"expected a whole number of at least 0, got {text!r}")


def _rate(text: str) -> float:
    """Return a positive number."""
    with contextlib.suppress(ValueError):
        if 0 < float(text) < math.inf:
            return float(text)
    raise argparse.ArgumentTypeError(f"expected a positive number, got {text!r}")


def _sizes(text: str) -> tuple[int, ...]:
    """Return whole numbers that are at least one, separated by commas."""
    try:
        return tuple(_count(part) for part in text.split(","))
    except argparse.ArgumentTypeError:
        raise argparse.ArgumentTypeError(
            f"expected whole numbers of at least 1 separated by commas, such as 64,32, got {text!r}"
        ) from None
