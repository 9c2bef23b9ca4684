"""The optimizers by name: each holds the state of the transformation of the same name.

The formulas are PyTorch's where it has the algorithm, in its notation: θ is a parameter, g its
gradient, γ the learning rate `lr`, λ `weight_decay`, t counts steps from 1. A learning rate is a
float, or a schedule: a function of the number of steps made, from 0 (`nn.optim.schedules`).
"""

from collections.abc import Iterable, Mapping
from typing import Any

from autograd import Tensor
from nn.optim import algorithms
from nn.optim.optimizer import Optimizer, Setting
from nn.optim.transformations import Mask, Rate

Params = Iterable[Tensor] | Iterable[Mapping[str, Any]]
Betas = tuple[float, float]


def _settings(arguments: dict[str, Any]) -> dict[str, Any]:
    """Return those of the arguments of an `__init__` that are settings."""
    others = {"self", "params", "__class__"}
    return {name: value for name, value in arguments.items() if name not in others}


class SGD(Optimizer):
    """Stochastic gradient descent, with momentum and Nesterov's form of it.

    With μ the momentum: g ← g + λθ; v ← g the first time, then v ← μv + (1 - dampening) g;
    θ ← θ - γv, or with `nesterov` θ ← θ - γ(g + μv). Sutskever et al., "On the importance of
    initialization and momentum in deep learning", ICML 2013.

    Parameters
    ----------
    params : iterable of Tensor, or of dict
        Such as ``model.parameters()``; or groups: dicts with "params" and settings of their own.
    lr : float or schedule
    momentum, dampening : float
    weight_decay : float
        How strongly each step draws the parameters to zero.
    nesterov : bool
    maximize : bool
        Whether to go up.

    Raises
    ------
    ValueError
        If a number is negative, or `nesterov` is asked without momentum or with dampening.

    Examples
    --------
    >>> import numpy as np
    >>> x = Tensor([1.0, 2.0])
    >>> optimizer = SGD([x], lr=0.1)
    >>> np.sum(x**2).backward()
    >>> optimizer.step()
    >>> x
    Tensor([0.8, 1.6])
    """

    momentum, dampening, weight_decay, nesterov = Setting(), Setting(), Setting(), Setting()

    def __init__(
        self,
        params: Params,
        lr: Rate = 1e-3,
        momentum: float = 0.0,
        dampening: float = 0.0,
        weight_decay: float = 0.0,
        nesterov: bool = False,
        *,
        maximize: bool = False,
    ) -> None:
        super().__init__(params, algorithms.sgd, **_settings(locals()))


class RMSprop(Optimizer):
    """Steps scaled by the root of a running mean of the squares of gradients.

    g ← g + λθ; v ← αv + (1-α)g²; u = g / (√v + ε), or with `centered` g / (√(v - m²) + ε) with m a
    running mean of g; with momentum μ, u ← b ← μb + u; θ ← θ - γu. Hinton, "Neural networks for
    machine learning", lecture 6e, 2012; centered: Graves, arXiv:1308.0850.

    Parameters
    ----------
    params : iterable of Tensor, or of dict
    lr : float or schedule
    alpha : float
    eps : float
    weight_decay : float
    momentum : float
    centered : bool
    maximize : bool

    Raises
    ------
    ValueError
        If a number is negative.

    Examples
    --------
    >>> import numpy as np
    >>> x = Tensor([1.0, 200.0])
    >>> optimizer = RMSprop([x], lr=0.01)
    >>> np.sum(x**2).backward()
    >>> optimizer.step()
    >>> x
    Tensor([  0.9, 199.9])
    """

    alpha, eps, weight_decay, momentum, centered = (
        Setting(),
        Setting(),
        Setting(),
        Setting(),
        Setting(),
    )

    def __init__(
        self,
        params: Params,
        lr: Rate = 1e-2,
        alpha: float = 0.99,
        eps: float = 1e-8,
        weight_decay: float = 0.0,
        momentum: float = 0.0,
        centered: bool = False,
        *,
        maximize: bool = False,
    ) -> None:
        super().__init__(params, algorithms.rmsprop, **_settings(locals()))


class Adagrad(Optimizer):
    """Steps scaled by the root of the sum of squares of all gradients.

    g ← g + λθ; s ← s + g²; θ ← θ - γ / (1 + (t-1) lr_decay) g / (√s + ε). Duchi, Hazan and Singer,
    "Adaptive subgradient methods", JMLR 12, 2011.

    Parameters
    ----------
    params : iterable of Tensor, or of dict
    lr : float or schedule
    lr_decay : float
    weight_decay : float
    initial_accumulator_value : float
    eps : float
    maximize : bool

    Raises
    ------
    ValueError
        If a number is negative.

    Examples
    --------
    >>> import numpy as np
    >>> x = Tensor([1.0, 200.0])
    >>> optimizer = Adagrad([x], lr=0.1)
    >>> np.sum(x**2).backward()
    >>> optimizer.step()
    >>> x
    Tensor([  0.9, 199.9])
    """

    lr_decay, weight_decay, initial_accumulator_value, eps = (
        Setting(),
        Setting(),
        Setting(),
        Setting(),
    )

    def __init__(
        self,
        params: Params,
        lr: Rate = 1e-2,
        lr_decay: float = 0.0,
        weight_decay: float = 0.0,
        initial_accumulator_value: float = 0.0,
        eps: float = 1e-10,
        *,
        maximize: bool = False,
    ) -> None:
        super().__init__(params, algorithms.adagrad, **_settings(locals()))


class Adadelta(Optimizer):
    """Steps scaled to the size of earlier steps, so that no rate has to be chosen.

    g ← g + λθ; v ← ρv + (1-ρ)g²; u = √(w + ε) / √(v + ε) g; w ← ρw + (1-ρ)u²; θ ← θ - γu. Zeiler,
    "ADADELTA: an adaptive learning rate method", arXiv:1212.5701.

    Parameters
    ----------
    params : iterable of Tensor, or of dict
    lr : float or schedule
    rho : float
    eps : float
    weight_decay : float
    maximize : bool

    Raises
    ------
    ValueError
        If a number is negative, or `rho` is not in [0, 1).

    Examples
    --------
    >>> import numpy as np
    >>> x = Tensor([1.0, 200.0])
    >>> optimizer = Adadelta([x], lr=10.0)
    >>> np.sum(x**2).backward()
    >>> optimizer.step()
    >>> x
    Tensor([  0.9684, 199.9684])
    """

    rho, eps, weight_decay = Setting(), Setting(), Setting()

    def __init__(
        self,
        params: Params,
        lr: Rate = 1.0,
        rho: float = 0.9,
        eps: float = 1e-6,
        weight_decay: float = 0.0,
        *,
        maximize: bool = False,
    ) -> None:
        super().__init__(params, algorithms.adadelta, **_settings(locals()))


class Adam(Optimizer):
    """Steps scaled by running means of the gradient and of its square.

    At step t, with (β₁, β₂) = `betas` and ε = `eps`: g ← g + λθ; m ← β₁m + (1-β₁)g;
    v ← β₂v + (1-β₂)g²; θ ← θ - γ/(1-β₁ᵗ) m / (√v/√(1-β₂ᵗ) + ε), with the largest v so far if
    `amsgrad`. Kingma and Ba, "Adam: a method for stochastic optimization", ICLR 2015, algorithm 1;
    Reddi, Kale and Kumar, "On the convergence of Adam and beyond", ICLR 2018.

    Parameters
    ----------
    params : iterable of Tensor, or of dict
    lr : float or schedule
    betas : (float, float)
    eps : float
    weight_decay : float
    amsgrad : bool
    maximize : bool
    decoupled_weight_decay : bool
        See `AdamW`.

    Raises
    ------
    ValueError
        If a number is negative, or one of `betas` is not in [0, 1).

    Examples
    --------
    >>> import numpy as np
    >>> x = Tensor([1.0, 200.0])
    >>> optimizer = Adam([x], lr=0.1)
    >>> np.sum(x**2).backward()
    >>> optimizer.step()
    >>> x
    Tensor([  0.9, 199.9])
    """

    betas, eps, weight_decay, amsgrad = Setting(), Setting(), Setting(), Setting()

    def __init__(
        self,
        params: Params,
        lr: Rate = 1e-3,
        betas: Betas = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.0,
        amsgrad: bool = False,
        *,
        maximize: bool = False,
        decoupled_weight_decay: bool = False,
    ) -> None:
        super().__init__(params, algorithms.adam, **_settings(locals()))


class AdamW(Optimizer):
    """Adam with weight decay apart from the gradient: θ ← θ - γλθ before each step.

    Loshchilov and Hutter, "Decoupled weight decay regularization", ICLR 2019.

    Parameters
    ----------
    params : iterable of Tensor, or of dict
    lr : float or schedule
    betas : (float, float)
    eps : float
    weight_decay : float
    amsgrad : bool
    maximize : bool
    mask : list of bool, or callable, optional
        To which parameters weight decay applies, such as
        ``lambda values: [value.ndim > 1 for value in values]``: to matrices, not to biases.

    Raises
    ------
    ValueError
        If a number is negative, or one of `betas` is not in [0, 1).

    Examples
    --------
    >>> import numpy as np
    >>> x = Tensor([1.0, 200.0])
    >>> optimizer = AdamW([x], lr=0.1, weight_decay=0.1)
    >>> np.sum(x**2).backward()
    >>> optimizer.step()
    >>> x
    Tensor([  0.89, 197.9 ])
    """

    betas, eps, weight_decay, amsgrad = Setting(), Setting(), Setting(), Setting()

    def __init__(
        self,
        params: Params,
        lr: Rate = 1e-3,
        betas: Betas = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 1e-2,
        amsgrad: bool = False,
        *,
        maximize: bool = False,
        mask: Mask = None,
    ) -> None:
        super().__init__(params, algorithms.adamw, **_settings(locals()))


class NAdam(Optimizer):
    """Adam with Nesterov's momentum.

    m and v as in `Adam`; with μₜ = β₁(1 - 0.96^(tψ)/2), ψ = `momentum_decay`, Πₜ = μ₁…μₜ:
    θ ← θ - γ((1-μₜ)/(1-Πₜ) g + μₜ₊₁/(1-Πₜ₊₁) m) / (√(v/(1-β₂ᵗ)) + ε). Dozat, "Incorporating
    Nesterov momentum into Adam", ICLR workshop 2016.

    Parameters
    ----------
    params : iterable of Tensor, or of dict
    lr : float or schedule
    betas : (float, float)
    eps : float
    weight_decay : float
    momentum_decay : float
    decoupled_weight_decay : bool
    maximize : bool

    Raises
    ------
    ValueError
        If a number is negative, or one of `betas` is not in [0, 1).

    Examples
    --------
    >>> import numpy as np
    >>> x = Tensor([1.0, 200.0])
    >>> optimizer = NAdam([x], lr=0.1)
    >>> np.sum(x**2).backward()
    >>> optimizer.step()
    >>> x
    Tensor([  0.8944, 199.8944])
    """

    betas, eps, weight_decay, momentum_decay, decoupled_weight_decay = (
        Setting(),
        Setting(),
        Setting(),
        Setting(),
        Setting(),
    )

    def __init__(
        self,
        params: Params,
        lr: Rate = 2e-3,
        betas: Betas = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.0,
        momentum_decay: float = 4e-3,
        decoupled_weight_decay: bool = False,
        *,
        maximize: bool = False,
    ) -> None:
        super().__init__(params, algorithms.nadam, **_settings(locals()))


class RAdam(Optimizer):
    """Adam that scales by the squares of gradients only when their mean is known well enough.

    m and v as in `Adam`; ρ∞ = 2/(1-β₂) - 1, ρ = ρ∞ - 2tβ₂ᵗ/(1-β₂ᵗ); where ρ > 5, with
    r² = (ρ-4)(ρ-2)ρ∞ / ((ρ∞-4)(ρ∞-2)ρ), θ ← θ - γ m/(1-β₁ᵗ) r √(1-β₂ᵗ) / (√v + ε), else
    θ ← θ - γ m/(1-β₁ᵗ). Liu et al., "On the variance of the adaptive learning rate and beyond",
    ICLR 2020.

    Parameters
    ----------
    params : iterable of Tensor, or of dict
    lr : float or schedule
    betas : (float, float)
    eps : float
    weight_decay : float
    decoupled_weight_decay : bool
    maximize : bool

    Raises
    ------
    ValueError
        If a number is negative, or one of `betas` is not in [0, 1).

    Examples
    --------
    >>> import numpy as np
    >>> x = Tensor([1.0, 200.0])
    >>> optimizer = RAdam([x], lr=0.1)
    >>> np.sum(x**2).backward()
    >>> optimizer.step()
    >>> x
    Tensor([  0.8, 160. ])
    """

    betas, eps, weight_decay, decoupled_weight_decay = Setting(), Setting(), Setting(), Setting()

    def __init__(
        self,
        params: Params,
        lr: Rate = 1e-3,
        betas: Betas = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.0,
        decoupled_weight_decay: bool = False,
        *,
        maximize: bool = False,
    ) -> None:
        super().__init__(params, algorithms.radam, **_settings(locals()))


class Lion(Optimizer):
    """Steps of the same size for each element: the sign of a mean of gradients.

    u = sign(β₁m + (1-β₁)g); m ← β₂m + (1-β₂)g; θ ← θ - γ(u + λθ). Chen et al., "Symbolic discovery
    of optimization algorithms", NeurIPS 2023. Usual rates are a tenth of Adam's.

    Parameters
    ----------
    params : iterable of Tensor, or of dict
    lr : float or schedule
    betas : (float, float)
    weight_decay : float
    maximize : bool

    Raises
    ------
    ValueError
        If a number is negative, or one of `betas` is not in [0, 1).

    Examples
    --------
    >>> import numpy as np
    >>> x = Tensor([1.0, 200.0])
    >>> optimizer = Lion([x], lr=0.1)
    >>> np.sum(x**2).backward()
    >>> optimizer.step()
    >>> x
    Tensor([  0.9, 199.9])
    """

    betas, weight_decay = Setting(), Setting()

    def __init__(
        self,
        params: Params,
        lr: Rate = 1e-4,
        betas: Betas = (0.9, 0.99),
        weight_decay: float = 0.0,
        *,
        maximize: bool = False,
    ) -> None:
        super().__init__(params, algorithms.lion, **_settings(locals()))


class Adafactor(Optimizer):
    """Adam without a mean, and with the squares of a matrix kept by row and by column.

    With β = 1 - t^`beta2_decay`: r and c are running means, with β, of the means of g² over each
    row and each column; v = rc/mean(r) (of vectors, v is the running mean of g²);
    u = g/√max(v, ε₁²); θ ← θ - γλθ - max(ε₂, rms(θ)) min(γ, 1/√t) u / max(1, rms(u)/d). An ε₁ of
    None is the spacing of the dtype's numbers at one. Shazeer and Stern, "Adafactor: adaptive
    learning rates with sublinear memory cost", ICML 2018, as PyTorch has it.

    Parameters
    ----------
    params : iterable of Tensor, or of dict
    lr : float or schedule
    beta2_decay : float
    eps : (float or None, float)
    d : float
    weight_decay : float
    maximize : bool

    Raises
    ------
    ValueError
        If a number is negative.

    Examples
    --------
    >>> import numpy as np
    >>> x = Tensor([1.0, 200.0])
    >>> optimizer = Adafactor([x], lr=0.1)
    >>> np.sum(x**2).backward()
    >>> optimizer.step()
    >>> x
    Tensor([-13.1423, 185.8577])
    """

    beta2_decay, eps, d, weight_decay = Setting(), Setting(), Setting(), Setting()

    def __init__(
        self,
        params: Params,
        lr: Rate = 1e-2,
        beta2_decay: float = -0.8,
        eps: tuple[float | None, float] = (None, 1e-3),
        d: float = 1.0,
        weight_decay: float = 0.0,
        *,
        maximize: bool = False,
    ) -> None:
        super().__init__(params, algorithms.adafactor, **_settings(locals()))


class LAMB(Optimizer):
    """Adam with steps as long as each parameter's norm asks for, for large batches.

    With m̂ = m/(1-β₁ᵗ), v̂ = v/(1-β₂ᵗ) as in `Adam`: u = m̂/(√v̂ + ε) + λθ; θ ← θ - γ ‖θ‖/‖u‖ u,
    where the ratio is one if a norm is zero. You et al., "Large batch optimization for deep
    learning", ICLR 2020, algorithm 2.

    Parameters
    ----------
    params : iterable of Tensor, or of dict
    lr : float or schedule
    betas : (float, float)
    eps : float
    weight_decay : float
    maximize : bool

    Raises
    ------
    ValueError
        If a number is negative, or one of `betas` is not in [0, 1).

    Examples
    --------
    >>> import numpy as np
    >>> x = Tensor([3.0, 4.0])
    >>> optimizer = LAMB([x], lr=0.1)
    >>> np.sum(x**2).backward()
    >>> optimizer.step()
    >>> x
    Tensor([2.646, 3.646 ])
    """

    betas, eps, weight_decay = Setting(), Setting(), Setting()

    def __init__(
        self,
        params: Params,
        lr: Rate = 1e-3,
        betas: Betas = (0.9, 0.999),
        eps: float = 1e-6,
        weight_decay: float = 0.0,
        *,
        maximize: bool = False,
    ) -> None:
        super().__init__(params, algorithms.lamb, **_settings(locals()))
