"""Averages of parameters over training, which often predict better than the last ones."""

import contextlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from autograd import Tensor
from nn.optim import blocks
from nn.optim.containers import flat, misfits
from nn.optim.transformations import fraction

Array = NDArray[Any]


class EMA:
    """Exponential moving average of parameters: a ← decay a + (1 - decay) θ.

    Parameters
    ----------
    params : iterable of Tensor
        Such as ``model.parameters()``. The averages begin with their values.
    decay : float
        About 1/(1 - decay) of the last values count.

    Attributes
    ----------
    params : list of Tensor
    averages : list of ndarray

    Raises
    ------
    ValueError
        If `decay` is not in [0, 1), or there are no parameters.

    Examples
    --------
    >>> x = Tensor([1.0])
    >>> ema = EMA([x], decay=0.9)
    >>> x.data = np.array([2.0])
    >>> ema.update()
    >>> with ema.applied():
    ...     print(x)
    Tensor([1.1])
    >>> x
    Tensor([2.])
    """

    def __init__(self, params: Iterable[Tensor], decay: float = 0.999) -> None:
        self.params = list(params)
        if not self.params:
            raise ValueError("EMA needs parameters, got none; pass model.parameters()")
        self.decay = fraction("decay", decay)
        self.averages = [parameter.data.copy() for parameter in self.params]

    def update(self) -> None:
        """Take the present values into the averages, after each step of the optimizer."""
        weight = 1 - self.decay

        def rule(value: Array, slots: Sequence[Array], average: Array, at: Any) -> Any:  # noqa: ARG001 - the interface
            change = value - average
            change *= weight
            return change

        blocks.apply(
            blocks.Change(average.reshape(-1), parameter.data.reshape(-1), [(rule, [], None)])
            for parameter, average in zip(self.params, self.averages, strict=True)
        )

    @contextlib.contextmanager
    def applied(self) -> Iterator[None]:
        """Have the averages as values of the parameters inside the block, then as they were."""
        values = [parameter.data for parameter in self.params]
        try:
            for parameter, average in zip(self.params, self.averages, strict=True):
                parameter.data = average
            yield
        finally:
            for parameter, value in zip(self.params, values, strict=True):
                parameter.data = value

    def state_dict(self) -> dict[str, Array]:
        """Return copies of the averages and the decay, flat."""
        return flat({"decay": self.decay, "averages": self.averages})

    def load_state_dict(self, state: Mapping[str, ArrayLike]) -> None:
        """Go on with the averages of `state`, which are copied.

        Raises
        ------
        ValueError
            If names, shapes or dtypes differ; then nothing has changed.
        """
        arrays = {name: np.asarray(value) for name, value in state.items()}
        if found := misfits(self.state_dict(), arrays):
            raise ValueError(
                "this state does not fit EMA, which is left as it was:\n  " + "\n  ".join(found)
            )
        self.decay = float(arrays["decay"])
        self.averages = [arrays[f"averages.{place}"].copy() for place in range(len(self.params))]
