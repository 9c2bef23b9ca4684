"""The file of a page: the page itself, its style, its program, the data, and the layout library."""

import base64
import functools
import json
import zlib
from html import escape
from importlib.resources import files
from typing import Any

VIZ = "3.31.0"
"""The version of Viz.js, which `tools/vendor-viz` has fetched."""
HOME = files("autograd.viz.explorer")
PACKED = 1_000_000
"""Characters of data from which on they are packed."""


def html(data: dict[str, Any], title: str, version: str) -> str:
    """Return a page that needs no other file."""
    parts = {
        "TITLE": escape(title),
        "VERSION": escape(version),
        "VIZ": VIZ,
        "STYLE": _asset("explorer.css"),
        "SCRIPT": _asset("explorer.js"),
        "DATA": embedded(data),
        "LAYOUT": _layout(),
    }
    pieces = _asset("explorer.html").split("@")  # text and, between two signs, names of parts
    return "".join(parts.get(piece, piece) for piece in pieces)


def embedded(data: Any) -> str:
    """Return data as JSON that can stand in a script element, whatever texts are in it.

    If there is much of it, it is packed, and does not begin with a brace.
    """
    text = json.dumps(data, ensure_ascii=True, allow_nan=False, separators=(",", ":"))
    if len(text) > PACKED:
        return _packed(text.encode(), 6)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


@functools.cache
def _asset(name: str) -> str:
    return HOME.joinpath(name).read_text(encoding="utf-8")


@functools.cache
def _layout() -> str:
    """Return the layout library, packed: its own file has characters that HTML would change."""
    library = HOME.joinpath("vendor", "viz-global.js").read_bytes()
    return _packed(library, 9)


def _packed(content: bytes, level: int) -> str:
    return base64.b64encode(zlib.compress(content, level)).decode()
