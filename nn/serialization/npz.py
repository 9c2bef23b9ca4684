"""Files of NumPy's kind .npz: a zip archive with a file for each array.

Read here rather than by `np.load`, which allocates what a header asks for, whatever the file holds,
and evaluates the header. What is read here is checked first against the size of the file.
"""

import math
import re
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from nn.serialization.errors import SerializationError

Array = NDArray[Any]

METADATA = "__metadata__"
"""The array with the text of the metadata; no path of a parameter is spelled like that."""
LARGEST_HEADER = 10_000
PIECE = 2**18
"""Bytes that are read at a time; there is a second copy of so many."""
RATIO, SMALL = 100, 2**20
"""A file of at least `SMALL` bytes may hold `RATIO` times its size, compressed."""
HEADER = re.compile(
    rb"\{'descr': '([<>|=][biufcU]\d{1,9})', 'fortran_order': (True|False), "
    rb"'shape': \(((?:\d{1,18}, ?)*(?:\d{1,18},?)?)\), ?\} *\n?"
)
"""As `np.lib.format` writes it for arrays of numbers; those of objects and records do not match."""


def write(path: Path, arrays: Mapping[str, Array], metadata: str) -> None:
    """Write arrays that are not compressed, and the metadata."""
    members = {**arrays, METADATA: np.array(metadata)} if metadata else arrays
    with zipfile.ZipFile(path, "x", zipfile.ZIP_STORED) as archive:
        for name, array in members.items():
            with archive.open(f"{name}.npy", "w", force_zip64=True) as member:
                np.lib.format.write_array(member, array, allow_pickle=False)


def read(path: Path) -> tuple[dict[str, Array], str]:
    """Return the arrays, and the text of the metadata."""
    with path.open("rb") as file, zipfile.ZipFile(file) as archive:
        members = archive.infolist()
        _check(members, path.stat().st_size)
        arrays: dict[str, Array] = {}
        for info in members:
            with archive.open(info) as member:
                arrays[info.filename.removesuffix(".npy")] = _array(member, info)
    text = arrays.pop(METADATA, None)
    if text is None:
        metadata = ""
    elif text.dtype.kind == "U" and text.ndim == 0:
        metadata = str(text)
    else:
        raise SerializationError(f"{METADATA} must be a text, got an array of {text.dtype}")
    for name, array in arrays.items():
        if array.dtype.kind == "U":
            raise SerializationError(f'"{name}" is an array of text; a state is made of numbers')
    return arrays, metadata


def _check(members: Iterable[zipfile.ZipInfo], size: int) -> None:
    """Refuse archives that hold something else than arrays, or more than fits into the file."""
    seen: set[str] = set()
    for info in members:
        name = info.filename.removesuffix(".npy")
        if fault := _fault(info, name, seen):
            raise SerializationError(fault)
        seen.add(name)
    if sum(info.compress_size for info in members) > size:
        raise SerializationError("its arrays overlap, or it was cut off")
    whole = sum(info.file_size for info in members)
    if whole > RATIO * max(size, SMALL):
        raise SerializationError(
            f"it would unpack from {size} to {whole} bytes; if that is meant, read it with np.load "
            "and save it again"
        )


def _fault(info: zipfile.ZipInfo, name: str, seen: set[str]) -> str | None:
    """Return what is wrong with an entry of the archive."""
    if name == info.filename:
        return f"{name!r} in it is no array (a file .npy)"
    if name in seen:
        return f'"{name}" occurs twice'
    if info.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        return f'"{name}" is compressed in a way that NumPy does not use'
    if info.compress_type == zipfile.ZIP_STORED and info.compress_size != info.file_size:
        return f'"{name}" has two different sizes'
    return None


def _array(member: IO[bytes], info: zipfile.ZipInfo) -> Array:
    """Return one array, whose size is compared with what there is before memory is asked for."""
    dtype, fortran, shape, start = _header(member)
    count = math.prod(shape) * dtype.itemsize
    if count != info.file_size - start:
        raise SerializationError(
            f'"{info.filename}" says that it has {count} bytes, and has {info.file_size - start}'
        )
    data = np.empty(count, np.uint8)
    view, at = data.data, 0
    while at < count:
        got: int = member.readinto(view[at : at + PIECE])  # type: ignore[attr-defined]
        if not got:
            raise SerializationError(f'"{info.filename}" was cut off')
        at += got
    if member.read(1):  # what is read to its end is compared with its checksum
        raise SerializationError(f'"{info.filename}" goes on after its end')
    array = data.view(dtype) if count else np.empty(0, dtype)
    array = array.reshape(shape, order="F" if fortran else "C")
    return array.astype(dtype.newbyteorder("="), order="C", copy=False)


def _header(member: IO[bytes]) -> tuple[np.dtype[Any], bool, tuple[int, ...], int]:
    """Return dtype, order and shape, and how many bytes the header takes.

    The format is NumPy's "NEP 1: a simple file format for NumPy arrays".
    """
    magic = member.read(8)
    wide = 2 if magic[6:] == b"\1\0" else 4
    if magic[:6] != b"\x93NUMPY" or magic[6:] not in {b"\1\0", b"\2\0", b"\3\0"}:
        raise SerializationError(f"{member.name!r} in it is no array of NumPy's")
    length = int.from_bytes(member.read(wide), "little")
    header = member.read(length) if length <= LARGEST_HEADER else b""
    found = HEADER.fullmatch(header)
    if found is None or len(header) < length:
        raise SerializationError(
            f"{member.name!r} in it is no array of numbers (arrays of objects are not read, since "
            f"they could run any program): {header[:80]!r}"
        )
    shape = tuple(int(size) for size in found[3].replace(b" ", b"").split(b",") if size)
    return np.dtype(found[1].decode()), found[2] == b"True", shape, 8 + wide + length
