"""How the nodes of primitives in HIPS autograd's form are kept and differentiated."""

import contextlib
from collections.abc import Callable, Iterator, Mapping
from contextvars import ContextVar
from typing import Any, NamedTuple

import numpy as np

from autograd.batching import Batched, levels_of
from autograd.compat.vspaces import SparseObject, zeros_like
from autograd.errors import BatchError
from autograd.graph import Node, Several, next_birth
from autograd.tensor import Tensor, attached
from autograd.transforms.running import children_like, leaves_like
from autograd.tree import flatten, map_leaves, parts

Place = tuple[int, int | None]
"""Where a Tensor is among the arguments of a call: which one it is, or in which, as which leaf."""


RULE_SINCE: ContextVar[int | None] = ContextVar("rule_since", default=None)
"""The birth number at which a rule of the program began that is recorded; None outside one."""


@contextlib.contextmanager
def recorded_rule() -> Iterator[None]:
    """Return the context of a rule that is recorded.

    What such a rule computes is for HIPS autograd not in a box of the trace that is being walked,
    but in one of an outer trace, or in none. So `ArrayBox` does not know it: PennyLane's rules, for
    one, take what is in a box out of it.
    """
    token = RULE_SINCE.set(next_birth())
    try:
        yield
    finally:
        RULE_SINCE.reset(token)


BATCH = BatchError("functions of the program are called for one example of a batch at a time")


def one_by_one(cotangents: Any) -> None:
    """Raise if there is a batch of cotangents or tangents; the walk goes through it, then."""
    if levels_of(cotangents):
        raise BATCH


class Form(NamedTuple):
    """What a call of a primitive returned, as arrays in a row."""

    arrays: tuple[Any, ...]
    rebuild: Callable[[list[Any]], Any]
    single: bool  # whether it is one array


def form_of(ans: Any) -> Form:
    """Return what a primitive returned as arrays in a row."""
    if type(ans) is np.ndarray or isinstance(ans, np.generic) or parts(ans) is None:
        return Form((as_array(ans),), _only, single=True)
    leaves, rebuild = flatten(ans)
    return Form(tuple(map(as_array, leaves)), rebuild, single=False)


def _only(items: list[Any]) -> Any:
    return items[0]


def as_array(leaf: Any) -> Any:
    """Return a result as what a node can be of: an array, or a number of NumPy's."""
    if type(leaf) is np.ndarray or type(leaf) is Batched:
        return leaf
    if isinstance(leaf, float):
        return np.float64(leaf)
    if isinstance(leaf, np.generic):
        return leaf
    return np.asarray(leaf)


class UserPlan:
    """How the nodes of a call of such a primitive are differentiated; see `autograd.plan.Plan`.

    A node keeps the closures of the makers, the output, the keywords and the arguments.
    """

    passes = chooses = special = in_place = pair = False
    add_into = zero_at = None
    defaults: Mapping[str, Any] = {}

    def __init__(self, primitive: Any, places: tuple[Place, ...]) -> None:
        self.primitive, self.places = primitive, places
        self.argnums = tuple(dict.fromkeys(argnum for argnum, _ in places))
        self.arguments = tuple(primitive.word(argnum) for argnum in self.argnums)
        self.single = all(leaf is None for _, leaf in places)
        self.names: tuple[str, ...] = ()
        self.rules = [self._rule(position) for position in range(len(places))]
        self.alone = len(places) == 1 and self.single

    @property
    def joint(self) -> bool:
        """Whether all contributions come from one closure."""
        return self.primitive.vjp_of_all is not None or not self.single

    def _rule(self, position: int) -> Callable[[Any, Any], Any]:
        """Return the rule of one parent, where each has a closure of its own."""
        argnum = self.argnums[position] if self.single else 0

        def rule(g: Any, kept: tuple[Any, ...]) -> Any:
            one_by_one(g)
            closures, ans, kwargs, *args = kept
            given = _given(g, kept)
            if closures is not None:
                return dense(closures[position](given))
            with recorded_rule():
                return dense(self.primitive.closure(argnum, ans, tuple(args), kwargs)(given))

        return rule

    def pull(self, g: Any, kept: tuple[Any, ...]) -> Any:
        """Return a contribution for each parent."""
        if type(g) is Batched or type(g) is Several:
            one_by_one(g)
        closures, ans, kwargs, *args = kept
        given = g if type(g) is not Several else _given(g, kept)
        if closures is not None:
            return self._pulled(closures, given, kept)
        with recorded_rule():
            closures = self.primitive.closures(self.argnums, ans, tuple(args), kwargs)
            return self._pulled(closures, given, kept)

    def _pulled(self, closures: Any, given: Any, kept: tuple[Any, ...]) -> Any:
        """Return what the closures make of a cotangent, for each parent."""
        if self.alone and type(closures) is list:
            c = closures[0](given)
            return (c if type(c) is not SparseObject else dense(c),)
        if type(closures) is list:
            found = [closure(given) for closure in closures]
        else:
            found = list(closures(given))
        if self.single:
            return [c if type(c) is not SparseObject else dense(c) for c in found]
        leaves: Any = {
            argnum: None if c is None else leaves_of(dense(c), kept[3 + argnum])
            for argnum, c in zip(self.argnums, found, strict=True)
        }
        return [
            None if leaves[argnum] is None else dense(leaves[argnum][leaf or 0])
            for argnum, leaf in self.places
        ]

    def push(self, tangents: list[Any], kept: tuple[Any, ...], mended: Any = None) -> Any:
        """Return the tangent of the output from those of the parents; None stands for zero."""
        one_by_one(tangents)
        closures, ans, kwargs, *args = kept
        given: dict[int, Any] = {}
        for argnum in self.argnums:
            leaves, rebuild = flatten(args[argnum])
            known = {
                leaf or 0: t
                for (number, leaf), t in zip(self.places, tangents, strict=True)
                if number == argnum and t is not None
            }
            if known:
                given[argnum] = rebuild(
                    [known[i] if i in known else zeros_like(leaf) for i, leaf in enumerate(leaves)]
                )
        found = self.primitive.tangent(given, (ans, tuple(args), kwargs), closures, self.argnums)
        if found is None:
            found = map_leaves(zeros_like, ans)
        if parts(ans) is not None:
            return Several(leaves_like(found, ans))
        found = found if hasattr(found, "dtype") else np.asarray(found)
        return mended(found, next(iter(given.values())), False) if mended else found

    def reconnect(self, node: Node, kept: tuple[Any, ...]) -> tuple[Any, ...]:
        """Return what `node` keeps with Tensors in it, so that what is done with it is recorded."""
        _, ans, kwargs, *args = kept
        places = ((argnum, leaf or 0) for argnum, leaf in self.places)
        parents = dict(zip(places, node.parents, strict=True))
        for argnum in self.argnums:
            leaves, rebuild = flatten(args[argnum])
            args[argnum] = rebuild(
                [
                    attached(leaf, parents[argnum, i]) if (argnum, i) in parents else leaf
                    for i, leaf in enumerate(leaves)
                ]
            )
        form = form_of(ans)
        outputs = self.primitive.attach(form.arrays[0] if form.single else form.arrays, node)
        again = outputs if form.single else form.rebuild(list(outputs))
        return (None, again, kwargs, *args)


def _given(g: Any, kept: tuple[Any, ...]) -> Any:
    """Return a cotangent in the form of the output; zeros where nothing depends on a part."""
    if type(g) is not Several:
        return g
    leaves, rebuild = flatten(kept[1])
    pairs = zip(g, leaves, strict=True)
    return rebuild([zeros_like(leaf) if one is None else one for one, leaf in pairs])


def dense(c: Any) -> Any:
    """Return a cotangent as an array, a container or None."""
    return c.mut_add(c.vs.zeros()) if isinstance(c, SparseObject) else c


def leaves_of(c: Any, like: Any) -> list[Any]:
    """Return the leaves of a cotangent of a container; an array stands for a list of its rows."""
    held = parts(like)
    if held is None:
        return [c]
    if isinstance(c, np.ndarray | Tensor):
        c = list(c)
    pairs = zip(children_like(c, like), held[0], strict=True)
    return [leaf for child, model in pairs for leaf in leaves_of(child, model)]
