"""Files of the kind .safetensors, by the package of that name.

8 bytes with the length of the header; the header in JSON: for each name dtype, shape and place,
texts under ``__metadata__``; the numbers. https://huggingface.co/docs/safetensors
"""

import importlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nn.serialization.errors import SerializationError

Array = NDArray[Any]

DTYPES = {
    **{f"F{size}": np.dtype(f"f{size // 8}") for size in (16, 32, 64)},
    **{f"I{size}": np.dtype(f"i{size // 8}") for size in (8, 16, 32, 64)},
    **{f"U{size}": np.dtype(f"u{size // 8}") for size in (8, 16, 32, 64)},
    "BOOL": np.dtype(bool),
    "C64": np.dtype("c8"),
}
LARGEST_HEADER = 100_000_000  # the package's own limit


def package() -> Any:
    """Return the package, its part for NumPy loaded.

    Raises
    ------
    ImportError
        If it is not installed.
    """
    try:
        importlib.import_module("safetensors.numpy")
    except ImportError as error:
        raise ImportError(
            "files .safetensors need the package safetensors: pip install graphgrad[safetensors]; "
            "files .npz need nothing"
        ) from error
    return importlib.import_module("safetensors")


def write(path: Path, arrays: Mapping[str, Array], metadata: Mapping[str, str]) -> None:
    """Write arrays and metadata."""
    for name, array in arrays.items():
        if array.dtype.newbyteorder("=") not in DTYPES.values():
            raise ValueError(
                f'"{name}" is of {array.dtype}, which .safetensors does not know; save it as .npz'
            )
    native = {
        name: array.astype(array.dtype.newbyteorder("="), copy=False)
        for name, array in arrays.items()
    }
    package().numpy.save_file(native, path, dict(metadata) or None)


def read(path: Path) -> tuple[dict[str, Array], dict[str, str]]:
    """Return arrays and metadata."""
    safetensors = package()
    metadata = _checked_metadata(path)
    try:
        with safetensors.safe_open(path, "np") as file:
            arrays = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - no mapping
    except safetensors.SafetensorError as error:
        raise SerializationError(str(error)) from error
    writeable = {k: a if a.flags.writeable else a.copy() for k, a in arrays.items()}
    return writeable, metadata


def _checked_metadata(path: Path) -> dict[str, str]:
    """Return the metadata of a header in which no name occurs twice; the package allows that."""
    size = path.stat().st_size
    with path.open("rb") as file:
        length = int.from_bytes(file.read(8), "little")
        if size < 8 or length > min(size - 8, LARGEST_HEADER):
            raise SerializationError(f"it has {size} bytes, and a header of {length}")
        header = json.loads(file.read(length).decode(), object_pairs_hook=_once)
    metadata = header.pop("__metadata__", {})
    for name, entry in header.items():
        if entry["dtype"] not in DTYPES:
            raise SerializationError(f'"{name}" is of {entry["dtype"]}, which NumPy does not have')
    if not all(isinstance(text, str) for text in metadata.values()):
        raise SerializationError("its metadata are not all texts")
    return dict(metadata)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return a dict of pairs with different names."""
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise SerializationError(f'"{twice}" occurs twice')
    return found
