"""Batches: the rows of arrays, some at a time, epoch after epoch, without a copy of the whole."""

import math
from collections.abc import Callable, Iterator, Mapping
from typing import Any, cast

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nn.generators import generator_fault, generator_state, set_generator_state
from nn.init import Seed


class Batches:
    """All rows of arrays, `batch_size` at a time, each row once; iterate over it for each epoch.

    No epoch copies more than its batches. Arrays of `np.memmap` may be larger than memory: only
    the rows of a batch are read, in ascending order.

    Parameters
    ----------
    *arrays : array_like of shape (N, ...), or dict or tuple of them
        Such as X and y. A batch has what they have, with fewer rows.
    batch_size : int
        Rows in a batch; the last batch has what is left.
    shuffle : bool
        Take the rows in random order; without it the batches are views, no memory.
    drop_last : bool
        Leave out a last batch that is smaller than the others.
    rng : Generator or int, optional
        Where the order of each epoch comes from; an int is a seed.

    Attributes
    ----------
    rows : int
        The number N.

    Raises
    ------
    ValueError
        If the arrays differ in their number of rows, or `batch_size` is less than one.

    Examples
    --------
    >>> batches = Batches(np.arange(10).reshape(5, 2), np.arange(5), batch_size=2, rng=0)
    >>> len(batches)
    3
    >>> for epoch in range(2):
    ...     print([y.tolist() for X, y in batches])
    [[2, 4], [3, 0], [1]]
    [[4, 1], [2, 0], [3]]
    """

    def __init__(
        self,
        *arrays: Any,
        batch_size: int = 32,
        shuffle: bool = True,
        drop_last: bool = False,
        rng: Seed = None,
    ) -> None:
        self.arrays = tuple(_as_arrays(array) for array in arrays)
        self.rows = _common_rows(self.arrays)
        if batch_size < 1:
            raise ValueError(f"batch_size must be at least 1, got {batch_size}")
        self.batch_size, self.shuffle, self.drop_last = batch_size, shuffle, drop_last
        self.rng = np.random.default_rng(rng)
        self._on_disk = any(isinstance(a, np.memmap) for a in _all(self.arrays))
        self._position = 0  # batches that this epoch has given
        self._epoch_rng = generator_state(self.rng)  # before the order of this epoch was drawn
        self._resumes = False

    def __len__(self) -> int:
        """Return the number of batches in an epoch."""
        whole = self.rows / self.batch_size
        return math.floor(whole) if self.drop_last else math.ceil(whole)

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        """Return an iterator over the batches of one epoch."""
        if self._resumes:
            self._resumes = False
            now = generator_state(self.rng)
            set_generator_state(self.rng, self._epoch_rng)
            order = self._order()
            set_generator_state(self.rng, now)
        else:
            self._position = 0
            self._epoch_rng = generator_state(self.rng)
            order = self._order()
        return self._rest(order)

    def _order(self) -> NDArray[np.intp] | None:
        """Return the order of the rows in this epoch, None if it is that of the arrays."""
        return self.rng.permutation(self.rows) if self.shuffle else None

    def _rest(self, order: NDArray[np.intp] | None) -> Iterator[tuple[Any, ...]]:
        """Yield the batches that this epoch has not given yet."""
        while self._position < len(self):
            start = self._position * self.batch_size
            rows: Any = slice(start, start + self.batch_size)
            if order is not None:
                rows = np.sort(order[rows]) if self._on_disk else order[rows]
            self._position += 1
            yield tuple(mapped(lambda array: np.asarray(array[rows]), a) for a in self.arrays)  # noqa: B023 - called at once
        self._position = 0

    def state_dict(self) -> dict[str, NDArray[Any]]:
        """Return where in which epoch this is: from there it goes on exactly.

        Examples
        --------
        >>> batches = Batches(np.arange(6), batch_size=2, rng=0)
        >>> epoch = iter(batches)
        >>> first = next(epoch)
        >>> other = Batches(np.arange(6), batch_size=2)
        >>> other.load_state_dict(batches.state_dict())
        >>> list(epoch), list(other)
        ([(array([5, 4]),), (array([0, 1]),)], [(array([5, 4]),), (array([0, 1]),)])
        """
        return {
            "position": np.array(self._position),
            "epoch_rng": self._epoch_rng.copy(),
            "rng": generator_state(self.rng),
        }

    def load_state_dict(self, state: Mapping[str, ArrayLike]) -> None:
        """Go on where the batches were whose state this is, with the next iterator.

        Raises
        ------
        ValueError
            If it is the state of something else; nothing has changed.
        """
        if faults := self._faults(state):
            raise ValueError(
                "this state does not fit Batches, which are left as they were:\n  "
                + "\n  ".join(faults)
            )
        self._position = int(np.asarray(state["position"]))
        self._epoch_rng = np.array(state["epoch_rng"])
        self._resumes = self._position > 0
        set_generator_state(self.rng, state["rng"])

    def _faults(self, state: Mapping[str, ArrayLike]) -> list[str]:
        """Return what is wrong with a state."""
        names = ("position", "epoch_rng", "rng")
        faults = [f'"{name}" is missing' for name in names if name not in state]
        faults += [f'"{name}" is not known' for name in state if name not in names]
        for name in names[1:]:
            if name in state and (fault := generator_fault(self.rng, state[name])):
                faults.append(f'"{name}": {fault}')
        position = np.asarray(state.get("position", 0))
        if position.shape or position.dtype.kind not in "iu" or not 0 <= position <= len(self):
            faults.append(f'"position" is {position}, expected a number from 0 to {len(self)}')
        return faults


def minibatches(
    X: ArrayLike,
    y: ArrayLike,
    batch_size: int = 32,
    *,
    shuffle: bool = True,
    drop_last: bool = False,
    rng: Seed = None,
) -> Iterator[tuple[NDArray[Any], NDArray[Any]]]:
    """Return an iterator over all rows of `X` and `y`, once: one epoch of `Batches`.

    Parameters
    ----------
    X : array_like, shape (N, ...)
    y : array_like, shape (N, ...)
    batch_size : int
        Rows in a batch; the last batch has what is left.
    shuffle : bool
        Take the rows in random order; without it the batches are views, no memory.
    drop_last : bool
        Leave out a last batch that is smaller than the others.
    rng : Generator or int, optional
        Where the order comes from; an int is a seed. Pass one Generator to all epochs, so that
        each has its own order and the run can be repeated.

    Returns
    -------
    iterator of (ndarray, ndarray)
        Of shapes (batch_size, ...).

    Raises
    ------
    ValueError
        If `X` and `y` differ in their number of rows, or `batch_size` is less than one.

    Examples
    --------
    >>> X, y = np.arange(10).reshape(5, 2), np.arange(5)
    >>> [labels.tolist() for _, labels in minibatches(X, y, 2, rng=0)]
    [[2, 4], [3, 0], [1]]
    """
    batches = Batches(X, y, batch_size=batch_size, shuffle=shuffle, drop_last=drop_last, rng=rng)
    return cast("Iterator[tuple[NDArray[Any], NDArray[Any]]]", iter(batches))


def is_container(value: Any) -> bool:
    """Return whether a value is a dict, or a tuple of arrays or containers."""
    if isinstance(value, tuple):
        return any(getattr(part, "ndim", 0) or is_container(part) for part in value)
    return isinstance(value, dict)


def mapped(function: Callable[[Any], Any], value: Any) -> Any:
    """Return `value`, an array or a container of arrays, with `function` applied to each array."""
    if not is_container(value):
        return function(value)
    if isinstance(value, dict):
        return {name: mapped(function, part) for name, part in value.items()}
    return tuple(mapped(function, part) for part in value)


def leaves(value: Any) -> list[Any]:
    """Return the arrays in an array or a container."""
    found: list[Any] = []
    mapped(found.append, value)
    return found


def _all(arrays: tuple[Any, ...]) -> list[Any]:
    """Return all arrays, in containers too."""
    return [leaf for array in arrays for leaf in leaves(array)]


def _as_arrays(value: Any) -> Any:
    """Return arrays for what NumPy takes for arrays; those of a file stay there."""
    return mapped(lambda a: a if isinstance(a, np.memmap) else np.asarray(a), value)


def _common_rows(arrays: tuple[Any, ...]) -> int:
    """Return the number of rows that all arrays have."""
    shapes = [array.shape for array in _all(arrays)]
    if not shapes or len({shape[:1] for shape in shapes}) > 1 or not shapes[0]:
        found = " and ".join(map(str, shapes)) or "none"
        raise ValueError(f"arrays need the same number of rows, got shapes {found}")
    return int(shapes[0][0])
