"""Optimizers: they change parameters, in place, by their gradients.

The formulas are PyTorch's, in its notation: θ is a parameter, g its gradient, γ the learning rate
`lr`, λ `weight_decay`.
"""

import math
import weakref
from abc import ABC, abstractmethod
from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograd import Tensor

Array = NDArray[Any]
Scratch = tuple[Array, Array]
State = dict[str, Any]


class Optimizer(ABC):
    """Base of the optimizers: it holds the parameters, and what is remembered of each.

    Each parameter gets its own copy of its array, so that the arrays Tensors were made of stay
    as they are. From then on it is updated in place, without temporary arrays.

    Parameters
    ----------
    params : iterable of Tensor
        Such as ``model.parameters()``.
    lr : float
        Learning rate.
    weight_decay : float
        How strongly each step draws the parameters to zero.

    Attributes
    ----------
    params : list of Tensor
    lr, weight_decay : float
        May be changed between steps.

    Raises
    ------
    TypeError
        If `params` are not Tensors, or not real.
    ValueError
        If there are none, one occurs twice or was computed from others, or a number is negative.
    """

    def __init__(self, params: Iterable[Tensor], lr: float, weight_decay: float) -> None:
        _check_not_negative(lr=lr, weight_decay=weight_decay)
        self.params = _checked(params)
        self.lr, self.weight_decay = lr, weight_decay
        self._state: list[State] = [{} for _ in self.params]
        self._own: list[Any] = [None] * len(self.params)
        self._scratch = _scratch_for(self.params)
        for place in range(len(self.params)):
            self._value(place)

    def step(self) -> None:
        """Change each parameter that has a gradient."""
        for place, parameter in enumerate(self.params):
            gradient = parameter.grad
            if gradient is not None:
                gradient = gradient.data if isinstance(gradient, Tensor) else gradient
                self._update(self._value(place), gradient, self._state[place], self._scratch[place])

    def zero_grad(self) -> None:
        """Forget the gradients of all parameters."""
        for parameter in self.params:
            parameter.zero_grad()

    @abstractmethod
    def _update(self, value: Array, gradient: Array, state: State, scratch: Scratch) -> None:
        """Change `value` in place; `scratch` is two arrays like it, `state` empty at first."""

    def _value(self, place: int) -> Array:
        """Return a parameter's array, which nobody else has had the chance to hold before."""
        value = self.params[place].data
        own = self._own[place]
        if own is None or value is not own():  # the first time, or somebody has set another
            value = self.params[place].data = value.copy()
            self._own[place] = weakref.ref(value)
        return value

    def __repr__(self) -> str:
        """Return the settings, and how much there is to train."""
        settings = {
            name: value for name, value in vars(self).items() if name[0] != "_" and name != "params"
        }
        shown = ", ".join(f"{name}={value!r}" for name, value in settings.items())
        return f"{type(self).__name__}({len(self.params)} parameters, {shown})"


class SGD(Optimizer):
    """Stochastic gradient descent, with momentum and Nesterov's form of it.

    With μ the momentum: g ← g + λθ; v ← g the first time, then v ← μv + g; θ ← θ - γv, or
    with `nesterov` θ ← θ - γ(g + μv). Sutskever et al., "On the importance of initialization and
    momentum in deep learning", ICML 2013.

    Parameters
    ----------
    params : iterable of Tensor
    lr : float
    momentum : float
    weight_decay : float
    nesterov : bool

    Raises
    ------
    ValueError
        If a number is negative, or `nesterov` is asked without momentum.

    Examples
    --------
    >>> x = Tensor([1.0, 2.0])
    >>> optimizer = SGD([x], lr=0.1)
    >>> np.sum(x**2).backward()
    >>> optimizer.step()
    >>> x
    Tensor([0.8, 1.6])
    """

    def __init__(
        self,
        params: Iterable[Tensor],
        lr: float = 1e-3,
        momentum: float = 0.0,
        *,
        weight_decay: float = 0.0,
        nesterov: bool = False,
    ) -> None:
        _check_not_negative(momentum=momentum)
        if nesterov and momentum == 0:
            raise ValueError(
                "nesterov is a form of momentum: give momentum too, such as momentum=0.9"
            )
        super().__init__(params, lr, weight_decay)
        self.momentum, self.nesterov = momentum, nesterov

    def _update(self, value: Array, gradient: Array, state: State, scratch: Scratch) -> None:
        step, spare = scratch
        if self.weight_decay:
            gradient = _plus_decay(gradient, value, self.weight_decay, out=step)
        if self.momentum:
            if not state:
                state["velocity"] = gradient.copy()
            else:
                state["velocity"] *= self.momentum
                state["velocity"] += gradient
            if self.nesterov:
                np.multiply(state["velocity"], self.momentum, out=spare)
                gradient = np.add(gradient, spare, out=spare)
            else:
                gradient = state["velocity"]
        np.multiply(gradient, self.lr, out=step)
        value -= step


class Adam(Optimizer):
    """Steps scaled by running means of the gradient and of its square.

    At step t, with (β₁, β₂) = `betas` and ε = `eps`: g ← g + λθ; m ← β₁m + (1-β₁)g;
    v ← β₂v + (1-β₂)g²; θ ← θ - γ/(1-β₁ᵗ) m / (√v/√(1-β₂ᵗ) + ε). Kingma and Ba, "Adam: a method for
    stochastic optimization", ICLR 2015, algorithm 1.

    Parameters
    ----------
    params : iterable of Tensor
    lr : float
    betas : (float, float)
    eps : float
    weight_decay : float
        Added to the gradient; see `AdamW` for the other way.

    Raises
    ------
    ValueError
        If a number is negative, or one of `betas` is not in [0, 1).

    Examples
    --------
    >>> x = Tensor([1.0, 200.0])
    >>> optimizer = Adam([x], lr=0.1)
    >>> np.sum(x**2).backward()
    >>> optimizer.step()
    >>> x
    Tensor([  0.9, 199.9])
    """

    def __init__(
        self,
        params: Iterable[Tensor],
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.0,
    ) -> None:
        _check_not_negative(eps=eps)
        if not all(0 <= beta < 1 for beta in betas):
            raise ValueError(f"betas must be at least 0 and less than 1, got {betas}")
        super().__init__(params, lr, weight_decay)
        self.betas, self.eps = betas, eps

    def _update(self, value: Array, gradient: Array, state: State, scratch: Scratch) -> None:
        if not state:
            state.update(t=0, mean=np.zeros_like(value), square=np.zeros_like(value))
        state["t"] += 1
        step, spare = scratch
        mean, square = state["mean"], state["square"]
        beta1, beta2 = self.betas
        if self.weight_decay:
            gradient = self._decay(value, gradient, spare)
        mean *= beta1
        mean += np.multiply(gradient, 1 - beta1, out=step)
        square *= beta2
        np.multiply(gradient, gradient, out=step)
        step *= 1 - beta2
        square += step
        np.sqrt(square, out=step)
        step /= math.sqrt(1 - beta2 ** state["t"])
        step += self.eps
        np.divide(mean, step, out=step)
        step *= self.lr / (1 - beta1 ** state["t"])
        value -= step

    def _decay(self, value: Array, gradient: Array, spare: Array) -> Array:
        """Return the gradient to use; weight decay is part of it."""
        return _plus_decay(gradient, value, self.weight_decay, out=spare)


class AdamW(Adam):
    """Adam with weight decay apart from the gradient: θ ← θ - γλθ before each step.

    Loshchilov and Hutter, "Decoupled weight decay regularization", ICLR 2019.

    Parameters
    ----------
    params : iterable of Tensor
    lr : float
    betas : (float, float)
    eps : float
    weight_decay : float

    Raises
    ------
    ValueError
        If a number is negative, or one of `betas` is not in [0, 1).

    Examples
    --------
    >>> x = Tensor([1.0, 200.0])
    >>> optimizer = AdamW([x], lr=0.1, weight_decay=0.1)
    >>> np.sum(x**2).backward()
    >>> optimizer.step()
    >>> x
    Tensor([  0.89, 197.9 ])
    """

    def __init__(
        self,
        params: Iterable[Tensor],
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 1e-2,
    ) -> None:
        super().__init__(params, lr, betas, eps, weight_decay)

    def _decay(self, value: Array, gradient: Array, spare: Array) -> Array:  # noqa: ARG002 - not needed here
        value *= 1 - self.lr * self.weight_decay
        return gradient


def _plus_decay(gradient: Array, value: Array, weight_decay: float, out: Array) -> Array:
    """Return the gradient of the loss plus that of weight_decay/2 times the sum of squares."""
    np.multiply(value, weight_decay, out=out)
    return np.add(out, gradient, out=out)


def _check_not_negative(**numbers: float) -> None:
    """Refuse negative numbers, and NaN."""
    for name, number in numbers.items():
        if not number >= 0:
            raise ValueError(f"{name} must not be negative, got {number}")


def _checked(params: Iterable[Tensor]) -> list[Tensor]:
    """Return parameters as a list, if that is what they are."""
    if isinstance(params, Tensor):
        raise TypeError("an optimizer takes a list of Tensors, got one Tensor; write [parameter]")
    tensors = list(params)
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
    if len(set(map(id, tensors))) < len(tensors):
        raise ValueError("the same parameter is listed twice; it would be updated twice in a step")
    return tensors


def _scratch_for(tensors: list[Tensor]) -> list[Scratch]:
    """Return for each Tensor two arrays like it; all share the memory of the largest."""
    largest: dict[np.dtype[Any], int] = {}
    for tensor in tensors:
        largest[tensor.dtype] = max(largest.get(tensor.dtype, 0), tensor.size)
    pools = {dtype: np.empty((2, size), dtype) for dtype, size in largest.items()}

    def like(tensor: Tensor, row: int) -> Array:
        return pools[tensor.dtype][row, : tensor.size].reshape(tensor.shape)

    return [(like(tensor, 0), like(tensor, 1)) for tensor in tensors]
