"""Arrays from files of numbers, through NumPy."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

FilePath = str | os.PathLike[str]


def load_npz(path: FilePath, names: Sequence[str] = ("X", "y")) -> tuple[NDArray[Any], ...]:
    """Return arrays of an `.npz` file, by their names in it; objects are never unpickled.

    They are read into memory. Of data that is larger, keep each array in an `.npy` file, and open
    it by ``np.load(path, mmap_mode="r")``.

    Raises
    ------
    ValueError
        If a name is not in the file, or it is no such file.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     np.savez(f"{folder}/data.npz", X=np.eye(2), y=[0, 1])
    ...     X, y = load_npz(f"{folder}/data.npz")
    >>> y
    array([0, 1])
    """
    loaded = np.load(path, allow_pickle=False)
    if isinstance(loaded, np.ndarray):
        raise ValueError(  # noqa: TRY004 - a file is of no type
            f"{path} holds one array; write it with np.savez(path, X=X, y=y)"
        )
    with loaded as file:
        if missing := [name for name in names if name not in file]:
            raise ValueError(
                f"{path} has no {' and no '.join(missing)}; it has {', '.join(file) or 'nothing'}"
            )
        return tuple(file[name] for name in names)


def load_csv(
    path: FilePath,
    target: int = -1,
    *,
    delimiter: str = ",",
    dtype: DTypeLike = np.float64,
    target_dtype: DTypeLike | None = None,
) -> tuple[NDArray[Any], NDArray[Any]]:
    r"""Return the columns of a text file of numbers: all but one as X, that one as y.

    Parameters
    ----------
    path : str or path
        A first line that is not all numbers is a header, and skipped.
    target : int
        The column that is y.
    delimiter : str
    dtype : dtype
    target_dtype : dtype, optional
        Of y; int for labels of classes. `dtype` if not given.

    Returns
    -------
    X : ndarray, shape (N, columns - 1)
    y : ndarray, shape (N,)

    Raises
    ------
    ValueError
        If there is something else than numbers, or whole numbers where `target_dtype` needs them.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder, "data.csv")
    ...     _ = path.write_text("width,height,class\n1,2,0\n3,4,1\n")
    ...     X, y = load_csv(path, target_dtype=int)
    >>> X, y
    (array([[1., 2.],
           [3., 4.]]), array([0, 1]))
    """
    with Path(path).open(encoding="utf-8-sig") as file:
        header = not _all_numbers(file.readline().split(delimiter))
    table = np.loadtxt(
        path,
        np.float64 if np.dtype(dtype).kind != "f" else dtype,
        delimiter=delimiter,
        skiprows=int(header),
        ndmin=2,
        encoding="utf-8-sig",
    )
    X, y = np.delete(table, target, axis=1).astype(dtype, copy=False), table[:, target]
    if target_dtype is None:
        return X, y.astype(dtype)
    with np.errstate(invalid="ignore"):
        cast = y.astype(target_dtype)
    if np.dtype(target_dtype).kind in "iu" and np.any(cast != y):
        row = int(np.argmax(cast != y))
        raise ValueError(f"{path}: {y[row]:g} in row {row + 1} is not of {np.dtype(target_dtype)}")
    return X, cast


def _all_numbers(cells: list[str]) -> bool:
    """Return whether all texts are numbers."""
    try:
        list(map(float, cells))
    except ValueError:
        return False
    return True
