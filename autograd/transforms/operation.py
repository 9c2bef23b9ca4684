"""One operation of the graph that is made of a whole function, with rules that are functions.

What a primitive is to a NumPy function, an operation is to a program: it has any number of inputs
and outputs, it may depend on variables that are not among its inputs, and its rules may run
programs of their own. `checkpoint`, `custom_vjp`, `custom_jvp`, `numeric` and `implicit_root` are
operations, so they are differentiated in both modes, to every order, by the same walks.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar, NamedTuple, cast

import numpy as np

from autograd import graph
from autograd.batching import Batched, levels_of
from autograd.batching.batched import loop
from autograd.graph import Node, Several
from autograd.operands import as_operand, value_of
from autograd.plan import Call
from autograd.primitive import Primitive, is_recording, record
from autograd.tensor import Tensor
from autograd.transforms.running import new_variable
from autograd.tree import flatten

Leaves = list[Any]
"""Arrays or Tensors, one for each input, output or variable; None stands for zero."""


class Saved(NamedTuple):
    """What an operation has kept, as its rules see it.

    Inputs and outputs are Tensors, and `extra` is None, where the rule is `recorded`: where it is
    to be differentiated itself.
    """

    inputs: Leaves
    outputs: Leaves  # if the operation keeps them
    extra: Any
    recorded: bool


class Rules(NamedTuple):
    """How an operation is differentiated, and done again."""

    pull: Callable[[Leaves, Saved], Leaves]
    """From the cotangents of the outputs to those of the inputs and of other variables."""
    push: Callable[[Leaves, Saved], Leaves]
    """From the tangents of the inputs and of other variables to those of the outputs."""
    again: Callable[[Leaves], Any]
    """From inputs to outputs."""
    keeps_outputs: bool = False
    """Whether the rules need the outputs."""


class Operation:
    """The plan of one node, and what stands for the primitive of that plan.

    The walks, the tape and the pictures see the attributes that they know of any other.
    """

    diagonal = broadcasts = chooses = passes = special = in_place = False
    joint = sequence = True
    add_into = None
    parameters: ClassVar = ("inputs",)
    arguments = parameters
    names: ClassVar[tuple[str, ...]] = ()

    def __init__(self, name: str, rules: Rules, counts: tuple[int, int]) -> None:
        self.name, self.rules, self.counts = name, rules, counts

    @property
    def primitive(self) -> "Operation":
        """Itself."""
        return self

    @property
    def function(self) -> Callable[[Leaves], Any]:
        """From the inputs to the outputs."""
        return self.rules.again

    def apply(self, bound: Mapping[str, Any], _count: int, **_options: Any) -> Any:
        """Do the same with other inputs."""
        return self.rules.again(bound["inputs"])

    def pull(self, g: Any, kept: tuple[Any, ...]) -> Leaves:
        """Return the cotangents of the parents from that of the output, or those of several."""
        saved = self._saved(kept)
        cotangents = list(g) if type(g) is Several else [g]
        found = self.rules.pull(cotangents, saved)
        recorded = saved.recorded or any(isinstance(c, Tensor) for c in cotangents)
        return found if recorded else [value_of(c) for c in found]

    def push(self, tangents: Leaves, kept: tuple[Any, ...], _mended: Any = None) -> Any:
        """Return the tangent of the output, or those of several, from those of the parents."""
        saved = self._saved(kept)
        found = self.rules.push(tangents, saved)
        if not saved.recorded and not any(isinstance(t, Tensor) for t in tangents):
            found = [value_of(t) for t in found]
        return Several(found) if self.counts[1] > 1 else found[0]

    def reconnect(self, node: Node, kept: tuple[Any, ...]) -> tuple[Any, ...]:
        """Return what `node` keeps as Tensors, so that the rules are recorded."""
        saved = self._saved(kept)
        pairs = zip(saved.inputs, node.parents, strict=False)  # other variables come after these
        attached = [Primitive.attach(value, parent) for value, parent in pairs]
        if saved.outputs:
            several = self.counts[1] > 1
            again = Primitive.attach(tuple(saved.outputs) if several else saved.outputs[0], node)
            attached += again if several else [again]
        return (True, None, *attached)

    def _saved(self, kept: tuple[Any, ...]) -> Saved:
        """Return what is kept, taken apart."""
        recorded, extra, *arrays = kept
        inputs, _ = self.counts
        return Saved(arrays[:inputs], arrays[inputs:], extra, recorded)


def operation(
    name: str,
    inputs: Sequence[Tensor],
    outputs: Leaves,
    rules: Rules,
    *,
    others: Sequence[Node] = (),
    extra: Any = None,
) -> list[Tensor]:
    """Return the Tensors of an operation that took place.

    Parameters
    ----------
    name : str
        For messages and drawings.
    inputs : sequence of Tensor
        The variables among its inputs.
    outputs : list of array
        Of real or complex numbers.
    rules : Rules
    others : sequence of Node
        Variables that it depends on besides.
    extra : object
        What else the rules need where they are not recorded.
    """
    plan = Operation(name, rules, (len(inputs), len(outputs)))
    parents = (*(cast("Node", tensor._node) for tensor in inputs), *others)
    values = [tensor._data for tensor in inputs]
    kept = (False, extra, *values, *(outputs if rules.keeps_outputs else ()))
    ans: Any = tuple(outputs) if len(outputs) > 1 else outputs[0]
    if len(outputs) > 1:
        node = Node()
        node.plan, node.parents, node.kept = plan, parents, kept
        node.space = cast("graph.Space", (tuple(y.shape for y in outputs), outputs[0].dtype))
        node.birth, node.extra = graph.next_birth(), None
        tensors = list(Primitive.attach(ans, node))
    else:
        tensors = [record(ans, cast("Any", plan), parents, kept)]
        node = cast("Node", tensors[0]._node)
    if is_recording() is not True:
        call = Call(cast("Primitive", plan), {"inputs": values}, 1, plan.arguments)
        is_recording().note(call, ans, node)
    return tensors


# Programs inside rules.


class Inner(NamedTuple):
    """A run of a function on new variables, inside a rule."""

    variables: list[Node]  # one for each input
    leaves: Leaves  # what the function returned
    rebuild: Callable[[Leaves], Any]  # to the form in which it did
    order: list[Node]  # from the youngest, of what the outputs depend on
    others: list[Node]  # older ones that they depend on

    @property
    def outputs(self) -> list[Tensor]:
        """The leaves that depend on any variable."""
        return [leaf for leaf in self.leaves if is_variable(leaf)]


def run_inside(function: Callable[[Leaves], Any], inputs: Leaves) -> Inner:
    """Run `function` of a list of new variables for `inputs`."""
    since = graph.next_birth()
    with graph.recording(True):
        variables = [new_variable(leaf) for leaf in inputs]
        nodes = [cast("Node", variable._node) for variable in variables]
        leaves, rebuild = flatten(function(variables))
    leaves = [as_operand(leaf) if is_of_objects(leaf) else leaf for leaf in leaves]
    roots = dict.fromkeys(cast("Node", leaf._node) for leaf in leaves if is_variable(leaf))
    order, _ = graph.ancestry([root for root in roots if root.birth > since], since)
    hidden = set(nodes)
    order = [node for node in order if node not in hidden]  # the walk ends at the variables
    older = dict.fromkeys(root for root in roots if root.birth < since)
    older |= dict.fromkeys(p for node in order for p in node.parents if p.birth < since)
    return Inner(nodes, leaves, rebuild, order, list(older))


def as_array(leaf: Any) -> Any:
    """Return a number of Python as one of NumPy, and anything else as it is."""
    return np.asarray(leaf)[()] if isinstance(leaf, int | float | complex) else leaf


def to_array(leaf: Any) -> Any:
    """Return the value of anything as an array, or as a number of NumPy."""
    leaf = value_of(leaf)
    return leaf if type(leaf) is Batched else np.asarray(leaf)[()]


def call_each(function: Callable[[Leaves], Any], leaves: Leaves) -> Any:
    """Return what a function of arrays that knows no batches returns, called for each example."""
    if not levels_of(leaves):
        return function(leaves)
    forms: list[Callable[[Leaves], Any]] = []

    def flat(*items: Any) -> Leaves:
        found, rebuild = flatten(function(list(items)))
        forms[:] = [rebuild]
        return found

    found = loop(flat, tuple(leaves), {})
    return forms[0](found)


def call_all(function: Callable[[Leaves], Any], leaves: Leaves) -> Any:
    """Return what a function returns, called for each example if it fails of all."""
    try:
        return function(leaves)
    except Exception:
        if not levels_of(leaves):
            raise
        return call_each(function, leaves)


def is_of_objects(leaf: Any) -> bool:
    """Whether `leaf` is what NumPy makes of a list of Tensors."""
    return isinstance(leaf, np.ndarray) and leaf.dtype.kind == "O"


def is_variable(leaf: Any) -> bool:
    """Whether `leaf` is a Tensor that depends on a variable."""
    return isinstance(leaf, Tensor) and leaf._node is not None


def pull_inside(
    run: Inner, cotangents: Leaves, targets: Sequence[Node], *, record: bool, retain: bool = False
) -> Leaves:
    """Return the cotangents of `targets`; None for zero.

    `cotangents` are those of the outputs of the run, None where nothing depends on one.
    """
    inside = set(run.order)
    seeds: graph.Walk = {}
    ends: graph.Walk = {}  # outputs that are variables themselves
    for output, cotangent in zip(run.outputs, cotangents, strict=True):
        if cotangent is None:
            continue
        node, seed = output._start(cotangent)
        into = seeds if node in inside else ends
        into[node] = into[node] + seed if node in into else seed
    retain = retain or record  # what is recorded goes on to need what the run has saved
    found = graph.pullback(seeds, run.order, set(targets), record=record, retain=retain)
    for node, seed in ends.items():
        found[node] = found[node] + seed if node in found else seed
    return [found.get(target) for target in targets]


def push_inside(run: Inner, tangents: Leaves, sources: Sequence[Node], *, record: bool) -> Leaves:
    """Return the tangents of the outputs of the run from those of `sources`; None for zero."""
    incoming = {
        node: tangent
        if isinstance(tangent, Tensor | Batched)
        else np.asarray(tangent, node.dtype)[()]
        for node, tangent in zip(sources, tangents, strict=True)
        if tangent is not None
    }
    targets = {cast("Node", output._node) for output in run.outputs}
    found = graph.pushforward(dict(incoming), run.order, targets, record=record)
    pairs = [(output, cast("Node", output._node)) for output in run.outputs]
    return [
        found.get(node, incoming.get(node, np.zeros_like(output._data))) for output, node in pairs
    ]


def full(cotangents: Leaves, like: Leaves) -> Leaves:
    """Return `cotangents` with zeros for those that are None."""
    pairs = zip(cotangents, like, strict=True)
    return [np.zeros_like(value_of(x)) if c is None else c for c, x in pairs]


def transposed(linear: Callable[[Leaves], Leaves], like: Leaves, cotangents: Leaves) -> Leaves:
    """Return the transpose of a linear function, applied to `cotangents` of what it returns.

    `like` are arrays of the shapes and dtypes of its arguments. What the function depends on
    besides is recorded.
    """
    with np.errstate(all="ignore"):  # at zero, where nothing is asked for
        run = run_inside(linear, [np.zeros_like(value_of(x)) for x in like])
    pairs = zip(run.leaves, cotangents, strict=True)
    seeds = [cotangent for leaf, cotangent in pairs if is_variable(leaf)]
    found = pull_inside(run, seeds, run.variables, record=bool(run.others))
    return full(found, like)
