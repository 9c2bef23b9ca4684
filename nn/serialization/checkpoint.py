"""What a file holds, and how it is written and read: whole or not at all."""

import contextlib
import json
import os
import stat
import tokenize
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from nn.serialization import npz, tensors
from nn.serialization.atomic import replacing
from nn.serialization.errors import SerializationError
from nn.values import plain

Array = NDArray[Any]
Arrays = dict[str, Array]

OURS = "graphgrad"
"""The entry of the metadata with what is not the user's."""
DAMAGED = (
    *(zipfile.BadZipFile, zlib.error, tokenize.TokenError, OSError, EOFError, ValueError),
    *(TypeError, LookupError, AttributeError, ArithmeticError, RuntimeError, SyntaxError),
)
"""What readers raise that meet something else than they expect."""


class Stateful(Protocol):
    """What has a state: a Module, an optimizer, and whatever else has these two methods."""

    def state_dict(self) -> Mapping[str, Any]:
        """Return arrays by name."""
        ...

    def load_state_dict(self, state: Any, /) -> Any:
        """Check, then set the state; raise ValueError and change nothing if it does not fit."""
        ...


class Checkpoint(NamedTuple):
    """What a file holds.

    Attributes
    ----------
    model : dict from str to ndarray
        The state of the model.
    parts : dict from str to dict from str to ndarray
        The states of what was saved beside it, such as ``parts["optimizer"]``.
    metadata : dict from str to anything that JSON knows
    """

    model: Arrays
    parts: dict[str, Arrays]
    metadata: dict[str, Any]


def save(
    path: str | os.PathLike[str],
    model: Stateful | None,
    *,
    metadata: Mapping[str, Any] | None = None,
    **parts: Stateful | None,
) -> None:
    """Write the state of a model, and of what belongs to it, into one file.

    The file is complete, or it is as it was before. A `.safetensors` file has the model's arrays
    under their paths, so that other programs find them, those of a part under ``optimizer/...``.

    Parameters
    ----------
    path : str or path
        Ending in ``.safetensors`` (needs the extra `safetensors`) or ``.npz`` (NumPy's format).
    model : Module
        Or something else with `state_dict` and `load_state_dict`; None if there is none to save.
    metadata : mapping from str to anything that JSON knows, optional
        What `load` is to return: an epoch, a description. Tuples come back as lists.
    **parts : objects with `state_dict` and `load_state_dict`, optional
        Such as ``optimizer=optimizer``; None is left out.

    Raises
    ------
    ValueError
        If the ending is another, or an array is not one of numbers that the format knows.
    TypeError
        If something has no state, or JSON does not know a value of `metadata`.

    Examples
    --------
    >>> import tempfile, nn
    >>> model = nn.Linear(3, 2, rng=0)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     save(f"{folder}/line.npz", model, metadata={"epoch": 7})
    ...     load(f"{folder}/line.npz", nn.Linear(3, 2, rng=1))
    {'epoch': 7}
    """
    target, present = Path(os.path.realpath(path)), _present(parts)
    _check_suffix(target)
    arrays = _all_arrays(model, present)
    texts = _texts(metadata or {}, list(present), arrays)
    with replacing(target) as temporary:
        if target.suffix == ".npz":
            npz.write(temporary, arrays, json.dumps(texts) if texts else "")
        else:
            tensors.write(temporary, arrays, texts)


def load_state(path: str | os.PathLike[str]) -> Checkpoint:
    """Return what a file holds: to look into it, or to use some of it.

    Parameters
    ----------
    path : str or path
        Of a file `.safetensors` or `.npz`, written by `save` or by other programs.

    Returns
    -------
    Checkpoint

    Raises
    ------
    SerializationError
        If there is no such file, or it is damaged. Objects are never unpickled, and no more memory
        is used than the file's size warrants.

    Examples
    --------
    >>> import tempfile, nn
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     save(f"{folder}/line.npz", nn.Linear(3, 2, rng=0))
    ...     found = load_state(f"{folder}/line.npz")
    >>> {name: array.shape for name, array in found.model.items()}
    {'weight': (3, 2), 'bias': (2,)}
    """
    path = Path(path)
    _check_suffix(path)
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise SerializationError("it is no file")
        if path.suffix == ".npz":
            arrays, text = npz.read(path)
            texts = json.loads(text) if text else {}
        else:
            arrays, texts = tensors.read(path)
        return _sorted_out(arrays, texts)
    except DAMAGED as error:
        what = error.strerror if isinstance(error, OSError) and error.strerror else error
        known = isinstance(error, (SerializationError, OSError))
        raise SerializationError(
            f"{os.fspath(path)!r} cannot be loaded: {'' if known else 'it is damaged: '}{what}"
        ) from error


def load(
    path: str | os.PathLike[str], model: Stateful | None, **parts: Stateful | None
) -> dict[str, Any]:
    """Set a model, and what belongs to it, to the state in a file, and return its metadata.

    Parameters
    ----------
    path : str or path
        Of a file `.safetensors` or `.npz`.
    model : Module
        Or something else with `state_dict` and `load_state_dict`; None if it is not to be loaded.
    **parts : objects with `state_dict` and `load_state_dict`, optional
        Those that are to be loaded too, by the names they were saved with.

    Returns
    -------
    dict from str to anything

    Raises
    ------
    SerializationError
        If the file cannot be read, or names, shapes or dtypes differ; all differences of all parts
        are in the message, and nothing has changed.
    TypeError
        If something has no state.
    """
    present = _present(parts)
    for name, part in _present({**parts, "the model": model}).items():
        _check_stateful(part, name)
    found = load_state(path)
    there = ", ".join(found.parts) or "none"
    faults = [
        f"it has no part {name}; there are: {there}" for name in present if name not in found.parts
    ]
    states = [
        (name, part, found.parts[name]) for name, part in present.items() if name in found.parts
    ]
    if model is not None:
        states.append(("model", model, found.model))
    _load_all(os.fspath(path), states, faults)
    return found.metadata


# All or nothing.


@contextlib.contextmanager
def _together() -> Iterator[list[tuple[Stateful, Mapping[str, Any]]]]:
    """Give a list for objects and their states so far; on an error each is set back to it."""
    done: list[tuple[Stateful, Mapping[str, Any]]] = []
    try:
        yield done
    except BaseException:
        for part, before in reversed(done):
            part.load_state_dict(before)
        raise


def _load_all(path: str, states: list[tuple[str, Stateful, Arrays]], faults: list[str]) -> None:
    """Load all states or, if one does not fit or there were faults before, none."""
    with _together() as done:
        for place, (name, part, state) in enumerate(states, 1):
            last = place == len(states) and not faults  # then nothing can go wrong after it
            if fault := _load_one(name, part, state, None if last else done):
                faults.append(fault)
        if faults:
            raise SerializationError(
                f"{path!r} does not fit; nothing has been changed:\n" + "\n".join(faults)
            )


def _load_one(
    name: str, part: Stateful, state: Arrays, done: list[tuple[Stateful, Mapping[str, Any]]] | None
) -> str:
    """Load one state and note the one before, or return what is wrong with it."""
    before = {} if done is None else part.state_dict()
    try:
        part.load_state_dict(state)
    except DAMAGED as error:
        return f"{name}: {error}"
    if done is not None:
        done.append((part, before))
    return ""


# What is in a file.


def _present(parts: Mapping[str, Stateful | None]) -> dict[str, Stateful]:
    """Return the parts that are not None."""
    return {name: part for name, part in parts.items() if part is not None}


def _check_suffix(path: Path) -> None:
    """Refuse formats that are not known."""
    if path.suffix not in {".npz", ".safetensors"}:
        raise SerializationError(
            f"{os.fspath(path)!r} must end in .safetensors or .npz, which says its format"
        )


def _check_stateful(part: Any, name: str) -> None:
    """Refuse what has no state."""
    if not (hasattr(part, "state_dict") and hasattr(part, "load_state_dict")):
        raise TypeError(
            f"{name} has no state: {type(part).__name__} has no state_dict and load_state_dict"
        )


def _all_arrays(model: Stateful | None, parts: Mapping[str, Stateful]) -> Arrays:
    """Return all arrays of a file by name."""
    arrays = {} if model is None else _arrays_of(model, "the model")
    for name in parts:
        if clash := next((key for key in arrays if key.startswith(f"{name}/")), None):
            raise ValueError(f'a part cannot be called {name}: the model has "{clash}"')
    for name, part in parts.items():
        arrays |= {f"{name}/{key}": array for key, array in _arrays_of(part, name).items()}
    return arrays


def _arrays_of(part: Any, name: str) -> Arrays:
    """Return a state as arrays that can be written."""
    _check_stateful(part, name)
    arrays: Arrays = {}
    for key, value in part.state_dict().items():
        array = np.asarray(plain(value), order="C")
        if array.dtype.kind not in "biufc":
            raise ValueError(
                f'"{key}" of {name} is of {array.dtype}; only numbers are saved, never objects'
            )
        if key == npz.METADATA or not key.isprintable():
            raise ValueError(f"{key!r} of {name} cannot be a name in a file")
        arrays[key] = array
    return arrays


def _texts(metadata: Mapping[str, Any], parts: list[str], arrays: Arrays) -> dict[str, str]:
    """Return the metadata as the texts that a file holds.

    Texts stay as they are; `OURS` says which of the others are JSON, what parts there are, and the
    checksum of all.
    """
    if OURS in metadata or not all(isinstance(key, str) for key in metadata):
        raise ValueError(f"keys of metadata must be texts other than {OURS!r}")
    coded = [key for key, value in metadata.items() if not isinstance(value, str)]
    texts = {k: json.dumps(v) if k in coded else str(v) for k, v in metadata.items()}
    own = {"parts": parts, "json": coded}
    return {**texts, OURS: json.dumps({**own, "crc32": _checksum(arrays, texts, own)})}


def _sorted_out(arrays: Arrays, texts: Any) -> Checkpoint:
    """Return model, parts and metadata; files of other programs have none but the first."""
    if not isinstance(texts, dict) or not all(isinstance(text, str) for text in texts.values()):
        raise SerializationError("its metadata are not texts")
    own = json.loads(texts.pop(OURS, "{}"))
    if own and own.pop("crc32") != _checksum(arrays, texts, own):
        raise SerializationError("its contents have changed since it was saved (checksum differs)")
    metadata = {
        k: json.loads(text) if k in own.get("json", ()) else text for k, text in texts.items()
    }
    parts: dict[str, Arrays] = {}
    for name in own.get("parts", ()):
        keys = [key for key in arrays if key.startswith(f"{name}/")]
        parts[name] = {key.removeprefix(f"{name}/"): arrays.pop(key) for key in keys}
    return Checkpoint(arrays, parts, metadata)


def _checksum(arrays: Arrays, texts: Mapping[str, str], own: Mapping[str, Any]) -> int:
    """Return the CRC-32 of names, shapes, numbers and metadata, which files .safetensors lack."""
    sum_ = zlib.crc32(json.dumps([sorted(texts.items()), sorted(own.items())]).encode())
    for name, array in sorted(arrays.items()):
        little = array.astype(array.dtype.newbyteorder("<"), copy=False)
        sum_ = zlib.crc32(repr((name, little.dtype.str, little.shape)).encode(), sum_)
        sum_ = zlib.crc32(np.ascontiguousarray(little).reshape(-1).view(np.uint8).data, sum_)
    return sum_
