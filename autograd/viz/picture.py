"""The picture of a graph, and what can be done with it."""

import os
import secrets
from collections.abc import Callable
from dataclasses import replace
from html import escape
from pathlib import Path

from autograd.errors import GraphvizMissingError
from autograd.viz import dot, teaching
from autograd.viz.dot import Look
from autograd.viz.page import fragment, page
from autograd.viz.palette import following
from autograd.viz.structure import Structure

_BITMAP_DPI = 192  # two pixels for each of a screen of 96


class Picture:
    """The picture of a computation graph, as it was when it was made.

    In a notebook it shows itself. `graph` makes one.
    """

    def __init__(
        self, structure: Structure, look: Look | None = None, *, style: str = "boxes",
        follows: bool = True,
    ) -> None:  # fmt: skip
        self._structure = structure
        self._look = look or Look()
        self._language = teaching.source if style == "teaching" else dot.source
        self._follows = follows  # the colours that its reader prefers

    def dot(self) -> str:
        """Return the picture in Graphviz's language; the same graph gives the same text.

        Examples
        --------
        >>> import autograd as ag
        >>> from autograd import viz
        >>> x = ag.Tensor(3.0, name="x")
        >>> print(viz.graph(x * x).dot())  # doctest: +ELLIPSIS
        digraph "computation graph" {
        ...
          n1 -> n2;
          n1 -> n2;
        }
        """
        return self._language(self._structure, self._look)

    def svg(self) -> str:
        """Return the picture as an SVG element, for a file or inside a page.

        Raises
        ------
        GraphvizMissingError
            If Graphviz's program `dot` is not installed.
        """
        text = self._drawn("svg").decode()
        text = text[text.index("<svg") :]  # without the prologue, which no page can have
        return following(text) if self._follows else text

    def _drawn(self, form: str, dpi: int | None = None) -> bytes:
        """Return what Graphviz makes of the picture in a format."""
        return _drawn(
            self._language(self._structure, replace(self._look, dpi=dpi, times=True)), form
        )

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the picture to a file, whole or not at all.

        Parameters
        ----------
        path : path-like
            Its suffix says the format: .dot .gv .svg .png .pdf, or .html, a table of operations.

        Returns
        -------
        Path
            The file.

        Raises
        ------
        ValueError
            If the suffix is another.
        GraphvizMissingError
            If Graphviz's program `dot` is needed and not installed.

        Examples
        --------
        >>> import tempfile
        >>> import autograd as ag
        >>> from autograd import viz
        >>> x = ag.Tensor(3.0, name="x")
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     viz.graph(x * x).save(f"{folder}/square.html").name
        'square.html'
        """
        path = Path(path)
        suffix = path.suffix.lower()
        if suffix not in _WRITERS:
            raise ValueError(
                f"no picture can be saved as {path.name!r}; "
                f"the suffix must be one of {' '.join(_WRITERS)}"
            )
        _write(path, _WRITERS[suffix](self))
        return path

    def __repr__(self) -> str:
        return f"<Picture of a graph: {self._structure.caption}>"

    def _repr_mimebundle_(self, **_formats: object) -> dict[str, str]:
        """Return the picture for a notebook; where it cannot be drawn, why not and the table."""
        bundle = {"text/plain": repr(self)}
        try:
            bundle["image/svg+xml"] = self.svg()
        except Exception as error:  # noqa: BLE001 - to show something must not fail, whatever `dot` does
            bundle["text/html"] = f"<p>{escape(str(error))}</p>\n{fragment(self._structure)}"
        return bundle


def _drawn(text: str, form: str) -> bytes:
    """Return what Graphviz makes of its source in a format."""
    import graphviz

    try:
        drawn: bytes = graphviz.Source(text).pipe(format=form, quiet=True)
    except graphviz.ExecutableNotFound as error:
        raise GraphvizMissingError(
            "drawing needs Graphviz's program dot, which is not on the PATH; "
            "`apt install graphviz`, `brew install graphviz`, or save as .html, which does without"
        ) from error
    return drawn


def _write(path: Path, content: bytes) -> None:
    """Write a file whole or not at all: beside its place first, then into it."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        draft.write_bytes(content)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def _page(picture: Picture) -> bytes:
    """Return the HTML page of a picture."""
    return page(picture._structure).encode()  # noqa: SLF001 - a part of the class, as those below


_WRITERS: dict[str, Callable[[Picture], bytes]] = {
    ".dot": lambda picture: picture.dot().encode(),
    ".gv": lambda picture: picture.dot().encode(),
    ".svg": lambda picture: picture.svg().encode(),
    ".png": lambda picture: picture._drawn("png", _BITMAP_DPI),  # noqa: SLF001
    ".pdf": lambda picture: picture._drawn("pdf"),  # noqa: SLF001
    ".html": _page,
}
