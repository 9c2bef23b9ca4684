"""Why a gradient is None, zero or tiny."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from autograd import graph
from autograd.errors import GraphFreedError
from autograd.graph import RECORDING, Node
from autograd.tape import Line, Tape, brief, table
from autograd.tensor import Tensor

TINY = 1e-10
"""Gradients that are so many times smaller than the largest one on their way are called tiny."""
SHOWN = 4  # operations of one kind


class Step(NamedTuple):
    """One operation on the strongest way from the output to the input."""

    op: str
    line: str
    cotangent: float  # the norms of its cotangent and of what it hands on
    handed: float


class Explanation:
    """Why a gradient is what it is; `print` shows it.

    Attributes
    ----------
    verdict : {"constant", "unused", "freed", "zero", "tiny", "not finite", "fine"}
    reasons : list of str
    gradient : array or None
    path : list of Step
        The way from the output to the input on which most arrives.
    """

    def __init__(
        self, verdict: str, reasons: list[str], gradient: Any = None, path: Sequence[Step] = ()
    ) -> None:
        self.verdict, self.reasons, self.gradient, self.path = verdict, reasons, gradient, path

    def __str__(self) -> str:
        text = "\n".join(self.reasons)
        if not self.path:
            return text
        rows = [["operation", "line", "norm of its gradient", "norm handed on"]]
        rows += [[s.op, s.line, f"{s.cotangent:.3g}", f"{s.handed:.3g}"] for s in self.path]
        return f"{text}\nthe way on which most arrives, from the output:\n{table(rows)}"


def explain(y: Tensor, x: Tensor, tape: Tape | None = None) -> Explanation:
    """Return why the gradient of `y` in `x` is None, zero, tiny, or as it should be.

    Parameters
    ----------
    y, x : Tensor
        Before `backward`, or after one with ``retain_graph=True``. If `y` is no scalar, its sum is
        meant.
    tape : Tape, optional
        A `record` of the computation, which knows lines, and what read `x` without being recorded;
        an open one is used by itself.

    Examples
    --------
    >>> import numpy as np
    >>> import autograd as ag
    >>> x, scale = ag.Tensor([-1.0, -2.0], name="x"), ag.Tensor(0.0, name="scale")
    >>> with ag.record():
    ...     y = np.sum(np.maximum(x, 0.0)) + scale * 2.0
    ...     found = ag.explain(y, x)
    >>> found.verdict
    'zero'
    >>> print(found.reasons[1])  # doctest: +ELLIPSIS
    maximum at ... hands on zero: 2 of 2 elements are not chosen
    """
    open_tape = RECORDING.get()
    tape = tape or (open_tape if isinstance(open_tape, Tape) else None)
    name = x.name or f"the Tensor of shape {x.shape}"
    target = x._first_node()
    if target is None:
        return Explanation(
            "constant", [f"{name} is a constant: it was made with requires_grad=False or detach()"]
        )
    lines = {} if tape is None else {op.node: op.line for op in tape.operations}
    order = [] if y._node is None else graph.ancestry((y._node,))[0]
    if target not in order:
        return Explanation("unused", _unused(name, y, target, tape))
    if any(node.kept is None for node in order if node.plan is not None):
        return Explanation(
            "freed",
            ["the graph was walked and freed; explain before backward(), or retain_graph=True"],
        )
    walk = _Walk(y, order)
    between = graph.leading_to({target}, order)
    gradient = walk.cotangents.get(target)
    path = walk.strongest(y._node, target, between, lines)
    size = _norm(gradient)
    largest = max((step.cotangent for step in path), default=size)
    if not np.isfinite(size):
        verdict, reasons = "not finite", ["it is not finite: ag.detect_nan() finds where"]
    elif size == 0:
        verdict, reasons = "zero", walk.blocks(between, lines)
    elif size < TINY * largest:
        step = min(path, key=lambda s: s.handed / s.cotangent if s.cotangent else 1.0)
        verdict = "tiny"
        came = f"{step.cotangent:.3g} came in, {step.handed:.3g} went on"
        reasons = [f"most is lost at {step.op}{_at(step.line)}: {came}"]
    else:
        verdict, reasons = "fine", []
    shown = brief(gradient) if gradient is not None else "0"
    head = f"the gradient in {name} is {'zero' if verdict == 'zero' else shown}"
    return Explanation(verdict, [head, *reasons], gradient, path)


class _Walk:
    """A walk back that keeps every cotangent and every contribution."""

    def __init__(self, y: Tensor, order: list[Node]) -> None:
        self.order = order
        self.cotangents: dict[Node, Any] = {}
        self.handed: dict[Node, tuple[Any, ...]] = {}
        seed = np.ones(y.shape, y.dtype)
        hooks: list[tuple[Node, Any]] = []
        for node in order:
            hooks.append((node, node.more().hooks))
            node.more().hooks = [*(node.more().hooks or ()), self._keeping(node)]
        try:
            with np.errstate(all="ignore"):
                graph.pullback(
                    {order[0]: seed if y.shape else seed[()]}, order, record=False, retain=True
                )
        finally:
            for node, before in hooks:
                node.more().hooks = before

    def _keeping(self, node: Node) -> Any:
        def keep(g: Any) -> None:
            self.cotangents[node] = g
            if node.plan is not None and not isinstance(g, tuple):
                self.handed[node] = tuple(node.plan.pull(g, node.kept))

        return keep

    def strongest(
        self, root: Node | None, target: Node, between: set[Node], lines: dict[Node, Line]
    ) -> list[Step]:
        """Return the way from the output to the input that takes the largest part each time."""
        steps = []
        node = root
        while node is not None and node is not target and node.plan is not None:
            handed = self.handed.get(node, (None,) * len(node.parents))
            pairs = [
                (_norm(c), parent)
                for c, parent in zip(handed, node.parents, strict=False)
                if parent in between
            ]
            if not pairs:
                break
            size, parent = max(pairs, key=lambda pair: (pair[0], pair[1].birth))
            line = str(lines[node]) if node in lines else ""
            steps.append(Step(str(node.op), line, _norm(self.cotangents.get(node)), size))
            node = parent
        return steps

    def blocks(self, between: set[Node], lines: dict[Node, Line]) -> list[str]:
        """Return what is said of the operations that hand on zero though something came in."""
        found = []
        for node in self.order:
            g = self.cotangents.get(node)
            if node not in between or node not in self.handed or not _norm(g):
                continue
            handed = zip(self.handed[node], node.parents, strict=False)
            toward = [c for c, parent in handed if parent in between]
            if toward and not any(map(_norm, toward)):
                line = str(lines[node]) if node in lines else ""
                found.append(f"{node.op}{_at(line)} hands on zero: {_why(node, toward[0])}")
        return found[:SHOWN] or ["contributions of several ways cancel each other"]


def _why(node: Node, contribution: Any) -> str:
    """Return what an operation does that hands on zero."""
    if node.op in {"maximum", "minimum", "where", "clip", "relu", "getitem", "fmax", "fmin"}:
        size = np.size(contribution)
        return f"{size} of {size} elements are not chosen"
    if node.op in {"multiply", "matmul", "divide", "dot"}:
        return "it is multiplied by zero"
    return "its derivative is zero here"


def _unused(name: str, y: Tensor, target: Node, tape: Tape | None) -> list[str]:
    """Return what is said where the output does not depend on the input."""
    what = "depends on no variable" if y._node is None else f"does not depend on {name}"
    reasons = [f"the gradient in {name} is None: the output {what}"]
    if tape is None:
        return [*reasons, "record the computation (with ag.record() as tape) to see what reads it"]
    derived = {target}
    for operation in tape.operations:
        if not derived.isdisjoint(operation.node.parents):
            derived.add(operation.node)
    reads = [
        f"it is read by {what} at {line}, which records nothing: {line.source}"
        for what, node, line in tape.unrecorded
        if node in derived
    ]
    reads += [
        f"there is a no_grad block at {line}, in which nothing is recorded"
        for what, node, line in tape.unrecorded
        if node is None
    ]
    if not reads and len(derived) == 1:
        reads = ["nothing reads it"]
    used = [op for op in tape.operations if op.node in derived]
    if used and not reads:
        last = used[-1]
        reads = [f"what is computed from it ends at {last.op}{_at(str(last.line))}, unused"]
    return [*reasons, *reads]


def _at(line: str) -> str:
    return f" at {line}" if line else ""


def _norm(g: Any) -> float:
    """Return the norm of a cotangent; of none, zero."""
    if g is None:
        return 0.0
    if isinstance(g, tuple):
        return float(np.sqrt(sum(_norm(item) ** 2 for item in g)))
    with np.errstate(all="ignore"):
        return float(np.linalg.norm(np.ravel(getattr(g, "_data", g))))


__all__ = ["Explanation", "GraphFreedError", "Step", "explain"]
