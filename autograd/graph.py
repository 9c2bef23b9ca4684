"""The graph: its nodes, their order, and the two walks over them.

`pullback` carries cotangents from outputs to inputs, `pushforward` tangents from inputs to outputs.
Both visit each node once, in the order of birth: a node is always younger than its parents, so
sorting by birth is a topological sort. Both keep their state in locals and use no recursion.
"""

import contextlib
import functools
import itertools
import sys
from collections.abc import Iterator
from contextvars import ContextVar
from operator import attrgetter
from typing import Any, NoReturn

import numpy as np
from numpy import float64, ndarray

from autograd.batching import each_again, settled
from autograd.broadcasting import unbroadcast
from autograd.errors import GraphFreedError, ShapeError
from autograd.foreign import HANDED_OUT, raise_foreign, written_since
from autograd.zeros import is_finite, mended, plain

RECORDING: ContextVar[Any] = ContextVar("recording", default=True)
"""Whether operations are recorded: True, False, or the tape that notes their calls as well."""
is_recording = RECORDING.get
Space = tuple[tuple[int, ...], np.dtype[Any]]
SCALAR = ((), np.dtype(np.float64))
"""The space of a float64 scalar; one object, so that `is` tells it on the hot path."""

next_birth = itertools.count(1).__next__


class Node:
    """One operation of the graph, or a leaf; apart from its value, which it does not hold.

    Attributes
    ----------
    plan : Plan or None
        The primitive and how its rules are called; None for a leaf.
    parents : tuple of Node
        The nodes of the differentiated arguments, one for each occurrence.
    kept : tuple or None
        What the rules need; None once a walk has freed it.
    space : tuple of (shape, dtype)
    birth : int
        Larger than that of each parent.
    extra : Extra or None
        What few nodes have: gradient, hooks, name.
    """

    __slots__ = ("birth", "extra", "kept", "parents", "plan", "space")
    birth: int
    extra: "Extra | None"
    kept: tuple[Any, ...] | None
    parents: "tuple[Node, ...]"
    plan: Any
    space: "Space"

    @property
    def op(self) -> str | None:
        """Name of the operation; None for a leaf."""
        return None if self.plan is None else self.plan.primitive.name

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of the value."""
        return self.space[0]

    @property
    def dtype(self) -> np.dtype[Any]:
        """Dtype of the value."""
        return self.space[1]

    @property
    def name(self) -> str | None:
        """Name given by the user."""
        return None if self.extra is None else self.extra.name

    @property
    def grad(self) -> Any:
        """Gradient left by `backward`; None where there is none."""
        return None if self.extra is None else self.extra.grad

    @property
    def vjps(self) -> tuple[Any, ...]:
        """One function from cotangent to cotangent for each parent."""

        def closure(position: int) -> Any:
            def vjp(g: Any) -> Any:
                kept = self.kept if self.kept is not None else _freed(self)
                pulled = self.plan.pull(g, kept)[position]
                return None if pulled is None else fit(pulled, self.parents[position], self.plan)

            return vjp

        return tuple(closure(position) for position in range(len(self.parents)))

    def more(self) -> "Extra":
        """Return the node's `extra`, made if there is none."""
        if self.extra is None:
            self.extra = Extra()
        return self.extra


class Extra:
    """What few nodes have: a gradient, hooks, a name."""

    __slots__ = ("grad", "hooks", "name")

    def __init__(self) -> None:
        self.grad: Any = None
        self.hooks: list[Any] | None = None
        self.name: str | None = None


class Several(tuple[Any, ...]):
    """The cotangents, or tangents, of the outputs of an operation that has several.

    None stands for an output that nothing depends on.
    """

    __slots__ = ()

    def __add__(self, other: Any) -> "Several":
        pairs = zip(self, other, strict=True)
        return Several(b if a is None else a if b is None else a + b for a, b in pairs)


Nodes = set[Node] | None
ALARM = Node()
"""In the place of a node: one operation has divided by zero, or made a NaN."""
Walk = dict[Node, Any]
"""The cotangents, or tangents, of the nodes that a walk has reached."""


def leaf(value: Any) -> Node:
    """Return a node without parents for an array or NumPy scalar."""
    node = Node()
    node.plan = None
    node.parents = ()
    node.kept = ()
    space = (value.shape, value.dtype)
    node.space = SCALAR if space == SCALAR and type(space[0]) is tuple else space
    node.birth = next_birth()
    node.extra = None
    return node


def tape() -> Any:
    """Return the tape that notes operations, if one does."""
    found = RECORDING.get()
    return None if found is True or found is False else found


@contextlib.contextmanager
def recording(flag: bool) -> Iterator[None]:
    """Record operations inside the block, or do not; a tape that runs goes on."""
    outer = tape()
    if outer is not None and not flag:
        outer.unrecorded.append(("no_grad", None, outer.line()))
    token = RECORDING.set(flag and (RECORDING.get() or True))
    try:
        yield
    finally:
        RECORDING.reset(token)


def no_grad() -> contextlib.AbstractContextManager[None]:
    """Return a context, or a decorator, in which operations on Tensors are not recorded.

    It holds for the current thread or asyncio task, and ends with the block, whatever is raised
    there.

    Examples
    --------
    >>> import autograd as ag
    >>> x = ag.Tensor([1.0, 2.0])
    >>> with ag.no_grad():
    ...     y = x * 2
    >>> y.requires_grad, (x * 2).requires_grad
    (False, True)
    """
    return recording(False)


def ancestry(roots: Any, since: int = 0) -> tuple[list[Node], bool]:
    """Return the nodes that `roots` depend on, youngest first, and if any is older than `since`.

    Older nodes are neither returned nor followed.
    """
    seen = set(roots)
    order = list(roots)
    older = False
    for node in order:  # which grows while it is read
        for parent in node.parents:
            if parent not in seen:
                if parent.birth < since:
                    older = True
                else:
                    seen.add(parent)
                    order.append(parent)
    order.sort(key=attrgetter("birth"), reverse=True)
    return order, older


def leading_to(targets: Any, order: list[Node]) -> set[Node]:
    """Return the nodes of `order` (youngest first) that are, or depend on, one of `targets`."""
    leading = set(targets)
    for node in reversed(order):
        if not leading.isdisjoint(node.parents):
            leading.add(node)
    return leading


def pullback(
    seeds: Walk, order: list[Node], targets: Nodes = None, *, record: bool, retain: bool
) -> Walk:
    """Carry cotangents from the youngest nodes of `order` to the oldest.

    Parameters
    ----------
    seeds : dict from Node to array
        The cotangents that the walk starts from.
    order : list of Node
        From `ancestry`.
    targets : set of Node, optional
        Whose cotangents are asked for; the walk takes only the ways that lead to them. Without it:
        the leaves.
    record : bool
        Record the rules, so that the result can be differentiated again.
    retain : bool
        Keep what the nodes had saved for another walk.

    Returns
    -------
    dict from Node to array or Tensor
        Cotangents of the targets; of leaves that are none, too.
    """
    if HANDED_OUT:
        _check_unwritten(order)
    state = _Pull(dict(seeds), order, targets)
    with np.errstate(divide="call", invalid="call", call=state):
        _pull_all(state, order, record, retain)
    if state.culprit is not None:
        state.culprit()  # so that NumPy warns or raises as the program has asked it to
    return state.cotangents


class _Pull:
    """What a pullback knows on its way.

    Attributes
    ----------
    cotangents : dict from Node to array
        Of the nodes that were reached and not yet left, and of those that were asked for.
    owned : set of Node
        Whose cotangent is an array that only this walk holds.
    zeros : set of Node
        Whose cotangent may be zero in places; with `ALARM` in it, the last operation made something
        that is not finite.
    targets, wanted : set of Node or None
        Those that were asked for; those and what depends on them.
    culprit : callable or None
        Repeats the first operation that made something not finite where nothing could be mended.
    """

    __slots__ = ("cotangents", "culprit", "owned", "targets", "wanted", "zeros")

    def __init__(self, cotangents: Walk, order: list[Node], targets: Nodes) -> None:
        self.cotangents = cotangents
        self.targets: Any = targets
        self.wanted = None if targets is None else leading_to(targets, order)
        self.owned: set[Node] = set()
        self.culprit: Any = None
        self.zeros: set[Any] = set()
        for node, g in cotangents.items():
            if node.space is not SCALAR and not np.all(plain(getattr(g, "_data", g))):
                self.zeros.add(node)

    def __call__(self, _kind: str, _flag: int) -> None:
        """Take note that NumPy has divided by zero, or made a NaN."""
        self.zeros.add(ALARM)


def _pull_all(state: _Pull, order: list[Node], record: bool, retain: bool) -> None:  # noqa: C901
    """Do the work of `pullback`: the hot loop, in which a call more for each node would show."""
    cotangents, zeros, wanted = state.cotangents, state.zeros, state.wanted
    pop, get = cotangents.pop, cotangents.get
    for node in order:
        g = pop(node, None)
        if g is None:
            continue
        if node.extra is not None and node.extra.hooks:
            g = _hooked(node, g, zeros)
        plan = node.plan
        if plan is None:
            cotangents[node] = g
            continue
        if wanted is not None and _ends(node, g, state):
            continue
        kept = node.kept if node.kept is not None else _freed(node)
        node.kept = kept if retain else None
        if record:
            kept = _reconnected(node, kept, zeros)
        elif plan.special and _in_place(node, g, kept, state):
            continue
        try:
            pulled = plan.pull(g, kept) if wanted is None else _pull(node, g, kept, wanted)
        except Exception as error:  # noqa: BLE001 - it goes on, with a note
            pulled = _each_again(error, "gradient", node, plan.pull, g, kept)
        if zeros and (node in zeros or ALARM in zeros):
            pulled = _mended(node, g, kept, pulled, state)
        index = 0  # `zip` and `enumerate` cost as much here as the arithmetic of a scalar
        for parent in node.parents:
            c = pulled[index]
            index += 1
            kind, space = type(c), parent.space
            if kind is float64 and space is SCALAR:
                pass
            elif c is None:
                continue
            elif kind is not ndarray or c.shape != space[0] or c.dtype is not space[1]:
                c = fit(c, parent, plan)
            before = get(parent)
            if before is not None:
                c = before + c if kind is float64 or record else _sum(parent, before, c, state)
            cotangents[parent] = c


def _ends(node: Node, g: Any, state: _Pull) -> bool:
    """Whether nothing that was asked for lies behind `node`, whose cotangent may be."""
    if node in state.targets:
        state.cotangents[node] = g
    return state.wanted is not None and state.wanted.isdisjoint(node.parents)


def _mended(node: Node, g: Any, kept: Any, pulled: Any, state: _Pull) -> Any:
    """Return the contributions of `node` with strong zeros."""
    plan = node.plan
    state.zeros.discard(ALARM)
    state.zeros.update(node.parents)
    if plan.passes or type(g) is Several:
        return pulled
    found = []
    for c in pulled:
        good = c is None or type(c) is Several or is_finite(c)
        found.append(c if good else mended(c, g, plan.primitive.diagonal))
        if not good and state.culprit is None and not is_finite(found[-1]):
            state.culprit = functools.partial(_repeat, plan.pull, g, kept, found[-1])
    return found


def _repeat(pull: Any, g: Any, kept: Any, left: Any) -> None:
    """Compute again what is not finite; of what was mended, NumPy shall say nothing."""
    nan = np.isnan(plain(getattr(left, "_data", left))).any()
    with np.errstate(invalid=np.geterr()["invalid"] if nan else "ignore"):
        pull(g, kept)


def pushforward(tangents: Walk, order: list[Node], targets: set[Node], *, record: bool) -> Walk:
    """Carry tangents from the oldest nodes of `order` (youngest first) to the youngest.

    Parameters
    ----------
    tangents : dict from Node to array
        Where the walk starts.
    order : list of Node
        From `ancestry`.
    targets : set of Node
        Whose tangents are asked for; those of others are dropped after their last use.
    record : bool
        Record the rules, so that the result can be differentiated again.

    Returns
    -------
    dict from Node to array or Tensor
        Of each target that depends on one of the first.
    """
    if HANDED_OUT:
        _check_unwritten(order)
    last_use: dict[Node, Node] = {}
    for node in order:
        for parent in node.parents:
            last_use.setdefault(parent, node)
    for node in reversed(order):
        if node.plan is None or node in tangents or tangents.keys().isdisjoint(node.parents):
            continue
        kept = node.kept if node.kept is not None else _freed(node)
        kept = node.plan.reconnect(node, kept) if record else kept
        incoming = [tangents.get(parent) for parent in node.parents]
        out = _push(node, incoming, kept)
        for parent in node.parents:
            if last_use[parent] is node and parent not in targets:
                tangents.pop(parent, None)
        tangents[node] = out
    return {node: tangents[node] for node in targets & tangents.keys()}


def _push(node: Node, incoming: list[Any], kept: Any) -> Any:
    """Return the tangent of `node` in its shape and dtype."""
    try:
        with np.errstate(divide="ignore", invalid="ignore"):
            out = node.plan.push(incoming, kept)
        if type(out) is Several:
            return out
        if not is_finite(out):
            out = node.plan.push(incoming, kept, mended)
    except Exception as error:  # noqa: BLE001 - it goes on, with a note
        out = _each_again(error, "tangent", node, node.plan.push, incoming, kept)
        if type(out) is Several:
            return out
    if out.shape != node.space[0]:  # a broadcast that the rule did not see
        out = np.broadcast_to(out, node.space[0])
    return _cast(out, node.space[1])


def own(array: Any) -> Any:
    """Return `array`, or a copy of it where someone else may hold its memory.

    Three references are accounted for: the caller's variable, the parameter, and the count's own.
    NumPy scalars cannot be shared.
    """
    if type(array) is np.ndarray and (
        array.base is not None or not array.flags.writeable or sys.getrefcount(array) > 3
    ):
        return array.copy()
    return array


def _freed(node: Node) -> NoReturn:
    """Raise the error of a walk over a node that has nothing any more."""
    raise GraphFreedError(
        f"{_describe(node)} was already differentiated and what it had saved is freed; "
        f"pass retain_graph=True to the first backward() to walk the graph again"
    )


def _each_again(error: Exception, what: str, node: Node, rule: Any, *args: Any) -> Any:
    """Return what a rule that failed gives for each example of a batch; else raise the error.

    A note says where it happened.
    """
    try:
        return each_again(error, rule, args, {})
    except Exception as final:
        final.add_note(f"while the {what} of {_describe(node)} was computed")
        raise


def _describe(node: Node) -> str:
    """Return an operation with its shapes, for messages."""
    shapes = ", ".join(str(parent.space[0]) for parent in node.parents)
    return f"{node.op}({shapes}) -> {node.space[0]}"


def _check_unwritten(order: list[Node]) -> None:
    """Raise if an array that a node of `order` has saved was written to through `data`."""
    for array, until in written_since():
        for node in order:
            if node.birth < until and any(
                kept is array or getattr(kept, "base", None) is array for kept in node.kept or ()
            ):
                raise_foreign(_describe(node))


def _hooked(node: Node, g: Any, zeros: set[Node]) -> Any:
    """Return the cotangent after the hooks of `node`, which may make zeros."""
    for hook in tuple(node.more().hooks or ()):
        changed = hook(g)
        if changed is not None:
            zeros.add(node)
            plain = isinstance(g, np.ndarray | np.generic)  # a walk that is not recorded stays so
            g = fit(getattr(changed, "_data", changed) if plain else changed, node, None)
    return g


def _pull(node: Node, g: Any, kept: Any, wanted: set[Node]) -> list[Any]:
    """Return a contribution for each parent in `wanted`, None for the others."""
    if node.plan.joint:
        pulled = node.plan.pull(g, kept)
        return [
            c if parent in wanted else None for parent, c in zip(node.parents, pulled, strict=True)
        ]
    return [
        rule(g, kept) if parent in wanted else None
        for parent, rule in zip(node.parents, node.plan.rules, strict=True)
    ]


def _sum(parent: Node, before: Any, c: Any, state: _Pull) -> Any:
    """Return a sum of contributions, in the memory of the first where only this walk holds it."""
    if parent in state.owned and type(before) is type(c) is ndarray:
        before += c
        return before
    total = before + c
    if type(total) is ndarray:  # a sum of 0-d arrays is a number, of Tensors a Tensor
        state.owned.add(parent)
        if total.dtype is not before.dtype:  # NumPy's sums have the byte order of the machine
            return _cast(total, before.dtype)
    return total


def _reconnected(node: Node, kept: Any, zeros: set[Node]) -> Any:
    """Return what `node` keeps, as Tensors."""
    if node.plan.chooses:
        zeros.update(node.parents)
    return node.plan.reconnect(node, kept)


def _in_place(node: Node, g: Any, kept: Any, state: _Pull) -> bool:
    """Hand the cotangent on without making arrays of the parent's size, and return if that was."""
    plan = node.plan
    if plan.chooses:
        state.zeros.update(node.parents)
    of_a_batch = type(node.space[0]) is not tuple
    if not plan.in_place or of_a_batch or not isinstance(g, ndarray | np.generic):
        return False
    if plan.add_into is not None:
        _add_into(node, g, kept, state)
    else:
        _zero_at(node, g, kept, state)
    return True


def _zero_at(node: Node, g: Any, kept: Any, state: _Pull) -> None:
    """Hand the cotangent on to the first argument, changed in place, after what the others get."""
    cotangents, owned, wanted = state.cotangents, state.owned, state.wanted
    alone = node in owned and node not in cotangents and not (node.extra and node.extra.hooks)
    g = g if alone and type(g) is ndarray else np.array(g)
    plan = node.plan
    pairs = list(zip(plan.arguments, node.parents, plan.rules, strict=True))
    for argument, parent, rule in reversed(pairs):
        if wanted is not None and parent not in wanted:
            continue
        if argument == plan.primitive.parameters[0]:
            plan.zero_at(g, kept)
            c = g
        else:
            c = np.array(rule(g, kept))  # not a view of what will change
        c = fit(c, parent, plan)
        before = cotangents.get(parent)
        if before is None:
            owned.add(parent)
        cotangents[parent] = c if before is None else _sum(parent, before, c, state)


def _add_into(node: Node, g: Any, kept: Any, state: _Pull) -> None:
    """Add a contribution to a few elements of the parent to one buffer for all of them."""
    cotangents, owned = state.cotangents, state.owned
    (parent,) = node.parents
    before = cotangents.get(parent)
    if hasattr(before, "backward"):  # a Tensor, from a cotangent that is one
        buffer = np.zeros(*parent.space)
        node.plan.add_into(buffer, g, kept)
        cotangents[parent] = before + buffer
        return
    if parent not in owned or type(before) is not ndarray:  # a sum of 0-d arrays is a number
        cotangents[parent] = np.zeros(*parent.space) if before is None else np.array(before)
        owned.add(parent)
    node.plan.add_into(cotangents[parent], g, kept)


def fit(c: Any, parent: Node, plan: Any) -> Any:
    """Return contribution `c` in the shape and dtype of `parent`."""
    if type(c) is Several:
        return c
    shape, dtype = parent.space
    if type(c) is ndarray and c.shape == shape and c.dtype is dtype:
        return c
    c = c if hasattr(c, "dtype") else np.asarray(c)
    if type(c.shape) is not tuple:  # of a batch
        c = settled(c, shape)
    if c.shape != shape:
        if plan is None or not plan.primitive.broadcasts:
            what = "a hook" if plan is None else f"the rule of {plan.primitive.name}"
            raise ShapeError(f"{what} returned shape {c.shape} for an argument of shape {shape}")
        c = unbroadcast(c, shape) if len(c.shape) >= len(shape) else np.broadcast_to(c, shape)
    return _cast(c, dtype)


def _cast(x: Any, dtype: np.dtype[Any]) -> Any:
    """Return `x` in `dtype`; of complex numbers, the real part is what real ones feel."""
    if x.dtype == dtype:
        return x
    return (np.real(x) if x.dtype.kind == "c" and dtype.kind == "f" else x).astype(dtype)
