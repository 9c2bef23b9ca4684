"""The picture of a graph, and what can be done with it."""

import os
import secrets
from collections.abc import Callable
from html import escape
from pathlib import Path

from autograd.errors import GraphvizMissingError
from autograd.tensor import Tensor
from autograd.viz.dot import source
from autograd.viz.page import fragment, page
from autograd.viz.structure import Structure, structure_of

_BITMAP_DPI = 192  # two pixels for each of a screen of 96


class Picture:
    """The picture of a computation graph, as it was when it was made.

    In a notebook it shows itself. `graph` makes one.
    """

    def __init__(self, structure: Structure) -> None:
        self._structure = structure

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
        return source(self._structure)

    def svg(self) -> str:
        """Return the picture as an SVG element, for a file or inside a page.

        Raises
        ------
        GraphvizMissingError
            If Graphviz's program `dot` is not installed.
        """
        return _svg(self._structure)

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
        _write(path, _WRITERS[suffix](self._structure))
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


def graph(y: Tensor, *, max_nodes: int = 400) -> Picture:
    """Return a picture of how `y` was computed, before or after `backward`.

    Each box is a value: its name and operation, its shape (of a scalar that is still held, the
    number), the gradient of a leaf (of an array, its norm). What is shown is copied at once.

    Parameters
    ----------
    y : Tensor
    max_nodes : int
        Of a larger graph, the nodes nearest to `y` are shown; the caption says how many are hidden.

    Raises
    ------
    TypeError
        If `y` is not a Tensor.
    ValueError
        If `max_nodes` is less than one.

    Examples
    --------
    >>> import autograd as ag
    >>> from autograd import viz
    >>> a, b = ag.Tensor(2.0, name="a"), ag.Tensor(3.0, name="b")
    >>> viz.graph(a * b)
    <Picture of a graph: 3 nodes, float64>
    """
    if not isinstance(y, Tensor):
        raise TypeError(
            f"graph draws a Tensor, got {type(y).__name__}; "
            "pass what was computed from Tensors, before .data or .item()"
        )
    if max_nodes < 1:
        raise ValueError(f"max_nodes must be at least 1, got {max_nodes}")
    return Picture(structure_of(y, max_nodes))


def _svg(structure: Structure) -> str:
    """Return the SVG element that Graphviz draws, without the prologue, which no page can have."""
    text = _drawn(source(structure), "svg").decode()
    return text[text.index("<svg") :]


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


_WRITERS: dict[str, Callable[[Structure], bytes]] = {
    ".dot": lambda structure: source(structure).encode(),
    ".gv": lambda structure: source(structure).encode(),
    ".svg": lambda structure: _svg(structure).encode(),
    ".png": lambda structure: _drawn(source(structure, dpi=_BITMAP_DPI), "png"),
    ".pdf": lambda structure: _drawn(source(structure), "pdf"),
    ".html": lambda structure: page(structure).encode(),
}
