"""Optimizer: it holds parameters and a transformation's state, and changes them in place."""

import weakref
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from autograd import Tensor
from nn.optim import blocks
from nn.optim.containers import filled, flat, misfits
from nn.optim.transformations import Formula, Transformation, stages
from nn.values import plain

Array = NDArray[Any]
Factory = Callable[..., Transformation]


class Setting:
    """A setting of an optimizer, which is kept in each of its groups."""

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, optimizer: Any, owner: type | None = None) -> Any:
        """Return the setting; a list, if groups differ."""
        if optimizer is None:
            return self
        if self.name not in optimizer.param_groups[0]:
            raise AttributeError(f"this optimizer has no setting {self.name}")
        values = [group[self.name] for group in optimizer.param_groups]
        return values[0] if all(value == values[0] for value in values) else values

    def __set__(self, optimizer: Any, value: Any) -> None:
        """Change the setting of all groups."""
        for group in optimizer.param_groups:
            group[self.name] = value


class Optimizer:
    """Changes parameters in place by what a transformation makes of their gradients.

    Each parameter gets its own copy of its array, so that the arrays Tensors were made of stay
    as they are. From then on it is updated in place; large ones block by block, without
    temporary arrays of their size, if the last transformations of the chain are formulas for each
    element, and on as many threads as OMP_NUM_THREADS says, or as there are processors, 8 at most.
    A parameter without a gradient, or frozen (``requires_grad = False``), is left alone, and so is
    what is remembered of it.

    Parameters
    ----------
    params : iterable of Tensor, or of dict
        Such as ``model.parameters()``; or groups: dicts with "params" and settings of their own.
    transformation : Transformation, or callable
        Such as ``chain(clip_by_norm(1.0), adam(1e-3))``; or a function that makes it from the
        settings of a group, such as `adam`.
    **settings
        Keyword arguments of that function, for groups that do not have them.

    Attributes
    ----------
    param_groups : list of dict
        "params" and the settings, which may be changed between steps.
    steps : int
        How often `step` was called.

    Raises
    ------
    TypeError
        If `params` are not Tensors, or not real.
    ValueError
        If there are none, one occurs twice or was computed from others, or a setting is out of
        its range.

    Examples
    --------
    >>> from nn.optim import adam, chain, clip_by_norm
    >>> x = Tensor([3.0, 4.0])
    >>> optimizer = Optimizer([x], chain(clip_by_norm(1.0), adam(lr=0.1)))
    >>> np.sum(x**2).backward()
    >>> optimizer.step()
    >>> x
    Tensor([2.9, 3.9])
    """

    lr = Setting()

    def __init__(
        self,
        params: Iterable[Tensor] | Iterable[Mapping[str, Any]],
        transformation: Transformation | Factory,
        **settings: Any,
    ) -> None:
        self._factory = transformation
        self._defaults = settings
        self.steps = 0
        self.param_groups: list[dict[str, Any]] = []
        self._groups: list[_Group] = []
        for group in _as_groups(params):
            self.add_param_group(group)

    @property
    def params(self) -> list[Tensor]:
        """The parameters of all groups."""
        return [parameter for group in self.param_groups for parameter in group["params"]]

    def add_param_group(self, group: Mapping[str, Any]) -> None:
        """Add parameters, ``group["params"]``, with settings of their own."""
        given = group.get("params")
        tensors = _checked([given] if isinstance(given, Tensor) else given, self.params)
        settings = {name: value for name, value in group.items() if name != "params"}
        if unknown := settings.keys() - self._defaults.keys():
            raise ValueError(
                f"{type(self).__name__} has no setting {', '.join(sorted(unknown))}; "
                f"it has {', '.join(self._defaults) or 'none'}"
            )
        settings = self._defaults | settings
        self._groups.append(_Group(tensors, self._made(settings)))
        self.param_groups.append({"params": tensors} | settings)

    def step(self, closure: Callable[[], Any] | None = None) -> Any:
        """Change each parameter that has a gradient.

        Parameters
        ----------
        closure : callable, optional
            Called first, to compute the gradients.

        Returns
        -------
        What `closure` returns, or None.
        """
        loss = None if closure is None else closure()
        for settings, group in zip(self.param_groups, self._groups, strict=True):
            if settings != group.settings or callable(settings.get("lr")):
                group.use(self._made(self._settings(settings)))
                group.settings = settings.copy()
            group.step()
        self.steps += 1
        return loss

    def zero_grad(self) -> None:
        """Forget the gradients of all parameters."""
        for group in self._groups:
            for parameter in group.params:
                parameter.zero_grad()

    def rates(self) -> list[float]:
        """Return the learning rate of the next step, of each group.

        Examples
        --------
        >>> from nn import SGD
        >>> SGD([Tensor([1.0])], lr=lambda step: 0.5**step).rates()
        [1.0]
        """
        return [float(self._settings(group)["lr"]) for group in self.param_groups]

    def _settings(self, group: Mapping[str, Any]) -> dict[str, Any]:
        """Return the settings for the next step: of a schedule, its value."""
        settings = {name: group[name] for name in self._defaults}
        if callable(settings.get("lr")):
            settings["lr"] = settings["lr"](self.steps)
        return settings

    def _made(self, settings: Mapping[str, Any]) -> Transformation:
        """Return the transformation with these settings."""
        if isinstance(self._factory, Transformation):
            return self._factory
        return self._factory(**settings)

    # Its state.

    def state_dict(self) -> dict[str, NDArray[Any]]:
        """Return copies of all that is needed to go on exactly here: by name, flat.

        Numbers are arrays without axes. Schedules are functions, so they are not in it; how many
        steps were made is.

        Examples
        --------
        >>> from nn import SGD
        >>> sorted(SGD([Tensor([1.0])], lr=0.1, momentum=0.9).state_dict())[:3]
        ['groups.0.dampening', 'groups.0.lr', 'groups.0.maximize']
        """
        return flat(self._state())

    def load_state_dict(self, state: Mapping[str, ArrayLike]) -> None:
        """Go on where the optimizer was whose state this is; the arrays are copied.

        Parameters
        ----------
        state : mapping from str to array_like
            As `state_dict` of an optimizer of the same kind, for parameters of the same shapes,
            returns it.

        Raises
        ------
        ValueError
            If names, shapes or dtypes differ; all differences are in the message, and nothing has
            changed.
        """
        arrays = {name: np.asarray(value) for name, value in state.items()}
        template = self._state(lambda path: any(name.startswith(path) for name in arrays))
        if found := misfits(flat(template), arrays):
            raise ValueError(
                f"this state does not fit {type(self).__name__}, which is left as it was:\n  "
                + "\n  ".join(found)
            )
        loaded = filled(template, arrays)
        self.steps = loaded["steps"]
        for settings, new in zip(self.param_groups, loaded["groups"], strict=True):
            settings.update(new)
        for group, new in zip(self._groups, loaded["state"], strict=True):
            group.load(new)

    def _state(self, is_there: Callable[[str], bool] | None = None) -> dict[str, Any]:
        """Return the state as a container; with `is_there`, as one to be filled."""
        groups = [
            {name: value for name, value in group.items() if _is_number(value)}
            for group in self.param_groups
        ]
        states = [
            group.named(is_there, f"state.{place}") for place, group in enumerate(self._groups)
        ]
        return {"steps": self.steps, "groups": groups, "state": states}

    def __repr__(self) -> str:
        """Return the settings, and how much there is to train."""
        first = self.param_groups[0]
        shown = [f"{len(self.params)} parameters"]
        if len(self.param_groups) > 1:
            shown[0] += f" in {len(self.param_groups)} groups"
        for name in first:
            values = [group[name] for group in self.param_groups]
            if name != "params":
                same = all(value == values[0] for value in values)
                shown.append(f"{name}={values[0] if same else values!r}")
        return f"{type(self).__name__}({', '.join(shown)})"


class _Group:
    """Parameters that are updated alike, and what is remembered of them."""

    def __init__(self, params: list[Tensor], transformation: Transformation) -> None:
        self.params = params
        self.settings: dict[str, Any] = {}  # those of the last step
        self.states: list[Any] = []  # of each stage
        self._own: list[Any] = [None] * len(params)
        self._stages: tuple[Transformation, ...] = ()
        for place, parameter in enumerate(params):
            if parameter.requires_grad:
                self._value(place)
        self.use(transformation)

    def use(self, transformation: Transformation) -> None:
        """Use a transformation from now on; stages of the same kind keep their states."""
        before: dict[Any, list[Any]] = {}
        for stage, state in zip(self._stages, self.states, strict=True):
            before.setdefault(_kind(stage), []).append(state)
        self._stages = stages(transformation)
        self._first = len(self._stages)  # of the formulas at the end
        while self._first and self._stages[self._first - 1].formula is not None:
            self._first -= 1
        values = [parameter.data for parameter in self.params]
        self.states = []
        for place, stage in enumerate(self._stages):
            if kept := before.get(_kind(stage)):
                self.states.append(kept.pop(0))
            elif place < self._first:
                self.states.append(stage.init(values))
            else:  # made when a parameter has its first gradient
                self.states.append([[] for _ in values])
        self._runs = self._last(values)
        last = [stage.formula for stage in self._stages[self._first :]]
        self._elementwise = all(formula is None or formula.elementwise for formula in last)

    def _last(self, values: list[Array]) -> list[list[tuple[Formula, list[Any]]]]:
        """Return for each parameter the formulas at the end that apply to it, with their states."""
        runs: list[list[tuple[Formula, list[Any]]]] = [[] for _ in values]
        self._begun = [False] * len(values)
        last = zip(self._stages[self._first :], self.states[self._first :], strict=True)
        for formula, states in ((stage.formula, states) for stage, states in last):
            if formula is not None:
                covered = [True] * len(values) if formula.mask is None else formula.covers(values)
                for run, applies in zip(runs, covered, strict=True):
                    run.extend([(formula, states)] * applies)
        return runs

    def step(self) -> None:
        """Change the parameters that have a gradient."""
        large = []
        for place, gradient in enumerate(self._updates()):
            if gradient is not None:
                value = self._value(place)
                run = self._run(place, value)
                if value.nbytes > blocks.BLOCK_BYTES and self._elementwise:
                    large.append(blocks.change(value, gradient, run))
                    continue
                update = gradient
                for formula, state in run:
                    update = formula.advance(update, state, value)
                value += update
        if large:
            blocks.apply(large)

    def _updates(self) -> list[Any]:
        """Return what the stages before the formulas at the end make of the gradients."""
        updates = [plain(parameter.grad) for parameter in self.params]
        if not self._first:
            return updates
        values = [parameter.data for parameter in self.params]
        for place, stage in enumerate(self._stages[: self._first]):
            updates, self.states[place] = stage.update(updates, self.states[place], values)
        return updates

    def _run(self, place: int, value: Array) -> list[tuple[Formula, list[Any]]]:
        """Return the formulas at the end that apply to a parameter, with their states of it."""
        run = self._runs[place]
        if not self._begun[place]:
            self._begun[place] = True
            for formula, states in run:
                states[place] = states[place] or formula.start(value)
        return [(formula, states[place]) for formula, states in run]

    def _value(self, place: int) -> Array:
        """Return a parameter's array, which nobody else has had the chance to hold before."""
        value = self.params[place].data
        own = self._own[place]
        if own is None or value is not own():  # the first time, or somebody has set another
            value = self.params[place].data = value.copy()
            self._own[place] = weakref.ref(value)
        return value

    def named(self, is_there: Callable[[str], bool] | None, path: str) -> list[Any]:
        """Return the states with names in those of formulas.

        With `is_there`, states to be filled: of each parameter whose path it knows.
        """
        named = list(self.states)
        for place, stage in enumerate(self._stages):
            if stage.formula is not None:
                names = "count", *stage.formula.slots
                leaves = self.states[place]
                if is_there is not None:
                    leaves = [
                        stage.formula.start(x.data) if is_there(f"{path}.{place}.{number}.") else []
                        for number, x in enumerate(self.params)
                    ]
                named[place] = [dict(zip(names, leaf, strict=False)) for leaf in leaves]
        return named

    def load(self, named: list[Any]) -> None:
        """Use these states from now on."""
        self.states = [
            state if stage.formula is None else [list(leaf.values()) for leaf in state]
            for stage, state in zip(self._stages, named, strict=True)
        ]
        self._runs = self._last([parameter.data for parameter in self.params])


def _kind(stage: Transformation) -> Any:
    """Return what two stages have in common if one can go on with the other's state."""
    return None if stage.formula is None else (*stage.formula.slots, stage.formula.at is None)


def _is_number(value: Any) -> bool:
    """Return whether a setting can be kept as numbers."""
    if isinstance(value, tuple):
        return all(_is_number(part) or part is None for part in value)
    return isinstance(value, (bool, int, float, np.number))


def _as_groups(params: Any) -> list[Mapping[str, Any]]:
    """Return what an optimizer is given as a list of groups."""
    if isinstance(params, Tensor):
        raise TypeError("an optimizer takes a list of Tensors, got one Tensor; write [parameter]")
    items = list(params)
    if items and all(isinstance(item, Mapping) for item in items):
        return items
    return [{"params": items}]


def _checked(params: Any, others: list[Tensor]) -> list[Tensor]:
    """Return parameters as a list, if that is what they are, and none of the `others`."""
    tensors = [] if params is None else list(params)
    if not tensors:
        raise ValueError("an optimizer needs parameters, got none; pass model.parameters()")
    for tensor in tensors:
        if not isinstance(tensor, Tensor):
            raise TypeError(
                f"an optimizer takes Tensors, got {type(tensor).__name__}; pass model.parameters()"
            )
        if tensor.dtype.kind != "f":
            raise TypeError(f"an optimizer takes real parameters, got one of {tensor.dtype}")
        if not tensor.is_leaf:  # frozen ones are taken, and left alone as long as they are
            what = "a constant" if tensor.op is None else f"the result of {tensor.op}"
            raise ValueError(f"an optimizer takes variables that were not computed, got {what}")
    if len({id(tensor) for tensor in [*tensors, *others]}) < len(tensors) + len(others):
        raise ValueError("the same parameter is listed twice; it would be updated twice in a step")
    return tensors
