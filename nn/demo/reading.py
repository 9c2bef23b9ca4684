"""Read the data, and say exactly what is wrong with it if something is."""

import csv
import math
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

LARGEST_LABEL = 2**53  # beyond it, a float64 does not hold every integer


class BadInputError(Exception):
    """Something that only the user can put right; its message is one line."""


@dataclass(frozen=True)
class Dataset:
    """Rows of numbers, each with its class.

    Attributes
    ----------
    title : str
    X : ndarray, shape (N, features)
    y : ndarray of int, shape (N,)
        Positions in `classes`.
    classes : ndarray of int
        The labels as they were given, sorted.
    image : tuple of int or None
        Shape of a row as a picture, if it is one.
    """

    title: str
    X: NDArray[Any]
    y: NDArray[np.intp]
    classes: NDArray[Any]
    image: tuple[int, ...] | None


def read(path: Path | None) -> Dataset:
    """Return the data in an ``.npz`` or ``.csv`` file, or without a path scikit-learn's digits.

    Raises
    ------
    BadInputError
        If there is anything that a classifier cannot be trained on.

    Examples
    --------
    >>> read(Path("nowhere.csv"))
    Traceback (most recent call last):
    nn.demo.reading.BadInputError: nowhere.csv: no such file
    """
    if path is None:
        return _digits()
    readers = {".npz": _read_npz, ".csv": _read_csv}
    if path.suffix.lower() not in readers:
        raise BadInputError(f"{path}: expected a file that ends in .npz or .csv")
    if not path.exists():
        raise BadInputError(f"{path}: no such file")
    try:
        return readers[path.suffix.lower()](path)
    except OSError as error:
        raise BadInputError(f"{path}: {error.strerror or error}") from error
    except MemoryError as error:
        raise BadInputError(f"{path}: does not fit in memory") from error


def _digits() -> Dataset:
    """Return the 1,797 handwritten digits that scikit-learn ships."""
    try:
        from sklearn.datasets import load_digits
    except ImportError as error:
        raise BadInputError(
            "the digits come with scikit-learn, which is not installed: "
            "pip install scikit-learn, or give a file with --data"
        ) from error
    digits: Any = load_digits()
    return Dataset(
        "handwritten digits of scikit-learn",
        digits.data,
        digits.target,
        np.arange(10),
        digits.images.shape[1:],
    )


# Arrays.


def _read_npz(path: Path) -> Dataset:
    """Return the arrays X and y of a file that ``np.savez`` wrote."""
    try:
        with path.open("rb") as stream:
            X, y = _arrays(path, np.load(stream))
    except (ValueError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        raise BadInputError(f"{path}: not an .npz file of numbers, or a damaged one") from error
    _check_arrays(path, X, y)
    y = y.reshape(-1)
    for row in np.flatnonzero((y != np.rint(y)) | (abs(y.astype(np.float64)) > LARGEST_LABEL)):
        raise BadInputError(f"{path}: y[{row}]: {_label_fault(float(y[row]))}")
    numbers, members = _classes(path, y.astype(np.int64), lambda row: f"y[{row}]")
    picture = X.ndim == 3 or (X.ndim == 4 and X.shape[-1] in (1, 3, 4))
    image = X.shape[1:] if picture else _square(X.shape[1:])
    return Dataset(path.name, X.reshape(len(X), -1).astype(np.float64), members, numbers, image)


def _check_arrays(path: Path, X: NDArray[Any], y: NDArray[Any]) -> None:
    """Refuse arrays that do not fit each other, or in which there is anything but real numbers."""
    if X.ndim < 2 or y.size != len(X) or 0 in X.shape:
        raise BadInputError(
            f"{path}: needs X of shape (rows, features) and y of shape (rows,), "
            f"got {X.shape} and {y.shape}"
        )
    for name, array in (("X", X), ("y", y)):
        if array.dtype.kind not in "iufb":
            raise BadInputError(f"{path}: {name} must be real numbers, got {array.dtype}")
        if not np.isfinite(array).all():
            place = tuple(int(i) for i in np.argwhere(~np.isfinite(array))[0])
            raise BadInputError(
                f"{path}: {name}[{', '.join(map(str, place))}] is {array[place]}; "
                f"all must be finite numbers"
            )


def _arrays(path: Path, file: Any) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return the arrays X and y of what `np.load` has opened."""
    if not isinstance(file, np.lib.npyio.NpzFile):
        raise BadInputError(f"{path}: holds one array; write it with np.savez(path, X=X, y=y)")
    if missing := {"X", "y"} - set(file):
        raise BadInputError(
            f"{path}: needs the arrays X and y; {' and '.join(sorted(missing))} missing, "
            f"found {', '.join(sorted(file)) or 'none'}"
        )
    return file["X"], file["y"]


# Text.


def _read_csv(path: Path) -> Dataset:
    """Return the numbers of a text file with the label in the last column.

    NumPy reads it quickly; if there is a fault, a second, slow reading finds the cell.
    """
    try:
        header = _header_lines(path)
        table = _table(path, header)
    except UnicodeDecodeError as error:
        raise BadInputError(f"{path}: not a text file in UTF-8") from error
    except (ValueError, csv.Error) as error:
        raise BadInputError(f"{path}: {_fault(path) or _one_line(error)}") from error
    if table.size == 0:
        raise BadInputError(f"{path}: no rows of numbers")
    if table.shape[1] < 2:
        raise BadInputError(f"{path}: needs features and a label, separated by commas, in each row")
    labels = table[:, -1]
    whole = (labels == np.rint(labels)) & (abs(labels) <= LARGEST_LABEL)
    if not (np.isfinite(table).all() and whole.all()):
        raise BadInputError(f"{path}: {_fault(path)}")

    def place(row: int) -> str:
        lines = (line for line, _ in _rows(path))
        return f"row {next(line for i, line in enumerate(lines, -bool(header)) if i == row)}"

    numbers, members = _classes(path, labels.astype(np.int64), place)
    return Dataset(path.name, table[:, :-1], members, numbers, _square((table.shape[1] - 1,)))


def _rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows that are not empty, each with its number in the file, from 1."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file)
        for cells in reader:
            if cells:
                yield reader.line_num, cells


def _header_lines(path: Path) -> int:
    """Return how many lines come before the numbers: a header has no number in it."""
    for line, cells in _rows(path):
        return 0 if any(_number(cell) is not None for cell in cells) else line
    raise BadInputError(f"{path}: the file is empty")


def _table(path: Path, header: int) -> NDArray[np.float64]:
    """Return the numbers after the header, shape (rows, columns)."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "loadtxt: input contained no data")
        return np.loadtxt(
            path,
            delimiter=",",
            skiprows=header,
            comments=None,
            quotechar='"',
            encoding="utf-8-sig",
            ndmin=2,
        )


def _fault(path: Path) -> str | None:
    """Return what is wrong with the first cell or row at fault, and where."""
    width = 0
    for index, (row, cells) in enumerate(_rows(path)):
        numbers = [_number(cell) for cell in cells]
        if index == 0 and not any(number is not None for number in numbers):
            width = len(cells)
            continue
        for column, (cell, number) in enumerate(zip(cells, numbers, strict=True), 1):
            if fault := _cell_fault(cell, number):
                header = " (a header must not have numbers in it)" if index == 0 else ""
                return f"row {row}, column {column}: {fault}{header}"
        width = width or len(cells)
        if len(cells) != width:
            return f"row {row} has {len(cells)} columns, the rows before it have {width}"
        if fault := _label_fault(numbers[-1] or 0.0):
            return f"row {row}, column {len(cells)}: {fault}"
    return None


def _number(cell: str) -> float | None:
    """Return a cell's number, or None; Python takes 1_000 for one, `np.loadtxt` does not."""
    try:
        return None if "_" in cell else float(cell)
    except ValueError:
        return None


def _cell_fault(cell: str, number: float | None) -> str | None:
    """Return what is wrong with a cell."""
    if number is None:
        return f"{cell.strip()[:40]!r} is not a number" if cell.strip() else "the cell is empty"
    return None if math.isfinite(number) else f"{cell.strip()} is not a finite number"


# Labels and shapes.


def _label_fault(label: float) -> str | None:
    """Return what is wrong with a label."""
    if abs(label) > LARGEST_LABEL:
        return f"label {label:.6g} is out of range"
    if label != round(label):
        return f"label {label:.6g} is not a whole number"
    return None


def _classes(
    path: Path, labels: NDArray[np.int64], place: Any
) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return the labels that occur, and the position of each row's label among them."""
    numbers, members, counts = np.unique(labels, return_inverse=True, return_counts=True)
    if len(numbers) < 2:
        raise BadInputError(
            f"{path}: all labels are {numbers[0]}; a classifier needs at least two classes"
        )
    if counts.min() < 2:
        single = numbers[np.argmin(counts)]
        raise BadInputError(
            f"{path}: {place(int(np.argmax(labels == single)))}: label {single} occurs only once; "
            f"as a class it needs two rows, to train and to test, otherwise it is out of range"
        )
    return numbers, members


def _square(shape: tuple[int, ...]) -> tuple[int, ...] | None:
    """Return the shape of a square picture of that many pixels, if they show something."""
    side = math.isqrt(math.prod(shape))
    return (side, side) if side >= 8 and (side * side,) == shape else None


def _one_line(error: Exception) -> str:
    """Return the first line of an exception's message."""
    return (str(error).splitlines() or [type(error).__name__])[0]
