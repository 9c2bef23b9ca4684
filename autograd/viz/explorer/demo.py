"""The demonstration: the smallest program on which the order of the walk back matters."""

import linecache

from autograd.graph import ancestry, pullback
from autograd.tape import Tape
from autograd.tensor import Tensor
from autograd.viz.explorer.program import Program, recorded

FILE = "<demonstration>"
SOURCE: str = """\
a = Tensor(3.0)
b = a + a
c = b + b
c.backward()
"""


def demonstration() -> Program:
    """Run the demonstration with a tape and return what there is to show."""
    lines = SOURCE.splitlines(keepends=True)
    linecache.cache[FILE] = (len(SOURCE), None, lines, FILE)
    names: dict[str, Tensor] = {"Tensor": Tensor}  # type: ignore[dict-item]
    with Tape() as tape:
        exec(compile("".join(lines[:3]), FILE, "exec"), names)  # noqa: S102 - the text above
        order, _ = ancestry((names["c"]._node,))  # noqa: SLF001
        seed = names["c"].dtype.type(1)
        pullback({order[0]: seed}, order, record=False, retain=True)
    return recorded(tape, names)
