"""What a picture shows: plain data, which later changes of the graph do not touch."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["leaf", "constant", "operation", "output", "group"]
Shape = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Vertex:
    """One value of the graph: an input, or the result of an operation; or several, drawn as one.

    Attributes
    ----------
    number : int
        Its place in the order of computation, from 1.
    kind : {"leaf", "constant", "operation", "output", "group"}
    op, name : str or None
    shape : tuple of int or None
    dtype : str or None
    value : str or None
        Of few numbers that are still held, or were recorded.
    gradient : str or None
        The number, or the norm of an array.
    hidden : int
        How many of its operands the picture leaves out.
    elementwise : bool
        Whether each element of the result depends on those at its place only.
    scope, line, code : str
        From a recording: where it was computed.
    seconds : float or None
        From a recording: both ways.
    saved : int or None
        From a recording: bytes kept for the way back.
    norm : float or None
        Of the gradient.
    bad : str or None
        What is not finite, if anything: ``"value NaN: 2 of 6"``.
    first : bool
        Whether it is the first that is not finite.
    cluster : int
        The cluster it stands in, 0 for none.
    members : int
        How many it stands for.
    repeats : int
        How many of them are the same, one after the other, without a frame that says so.
    """

    number: int
    kind: Kind
    op: str | None = None
    name: str | None = None
    shape: Shape | None = None
    dtype: str | None = None
    value: str | None = None
    gradient: str | None = None
    hidden: int = 0
    elementwise: bool = False
    scope: str = ""
    line: str = ""
    code: str = ""
    seconds: float | None = None
    saved: int | None = None
    norm: float | None = None
    bad: str | None = None
    first: bool = False
    cluster: int = 0
    members: int = 1
    repeats: int = 1


@dataclass(frozen=True, slots=True)
class Edge:
    """One use of a value by an operation, or of several by several.

    Attributes
    ----------
    source, target : int
        Numbers of vertices.
    broadcast : pair of shapes or None
        Both shapes where the value was broadcast for the operation.
    local : str or None
        The local derivative, of scalars.
    contribution : str or None
        What the walk back has added to the gradient of the source.
    note : str
        How many uses it stands for, or of which of repeated blocks.
    turns : bool
        Whether it leads into the next of repeated blocks, of which one is drawn.
    """

    source: int
    target: int
    broadcast: tuple[Shape, Shape] | None = None
    local: str | None = None
    contribution: str | None = None
    note: str = ""
    turns: bool = False


@dataclass(frozen=True, slots=True)
class Cluster:
    """A frame around vertices and other clusters; `parent` is 0 for the outermost."""

    number: int
    parent: int
    title: str
    repeats: bool = False


@dataclass(frozen=True, slots=True)
class Structure:
    """Vertices in the order of computation, edges, and how many vertices the whole graph has."""

    vertices: tuple[Vertex, ...]
    edges: tuple[Edge, ...]
    total: int
    clusters: tuple[Cluster, ...] = ()
    notes: tuple[str, ...] = ()
    recorded: bool = False

    @property
    def dtype(self) -> str | None:
        """The dtype of the output, which vertices of the same dtype need not repeat."""
        return self.vertices[-1].dtype

    @property
    def caption(self) -> str:
        """How much of the graph there is, and how much of it is not shown."""
        shown = len(self.vertices)
        unless = " unless stated" if any(self.differs(vertex) for vertex in self.vertices) else ""
        count = f"{shown:,}" if shown == self.total else f"{shown:,} of {self.total:,}"
        size = f"{count} node{'s' if self.total > 1 else ''}, {self.dtype}{unless}"
        return "; ".join([size, *self.notes])

    def differs(self, vertex: Vertex) -> bool:
        """Whether `vertex` has another dtype than the output."""
        return vertex.dtype not in {None, self.dtype}
