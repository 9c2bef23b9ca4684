"""Algorithms as transformations; the optimizers of the same names hold their state.

The formulas are PyTorch's where it has the algorithm, in its notation: θ is a parameter, g its
gradient, γ the learning rate `lr`, λ `weight_decay`, t counts steps from 1.
"""

from nn.optim import scaling
from nn.optim.transformations import (
    Mask,
    Rate,
    Transformation,
    add_weight_decay,
    chain,
    negate,
    scale_by_rate,
)

Betas = tuple[float, float]


def _prepared(maximize: bool, weight_decay: float, mask: Mask = None) -> list[Transformation]:
    """Return what happens to a gradient first."""
    decay = add_weight_decay(weight_decay, mask)
    return ([negate()] if maximize else []) + ([decay] if weight_decay else [])


def _descent(
    scale: Transformation, lr: Rate, weight_decay: float, decoupled: bool, maximize: bool
) -> Transformation:
    """Return the chain of an algorithm whose weight decay may be decoupled."""
    decay = _prepared(False, weight_decay)
    before, after = ([], decay) if decoupled else (decay, [])
    return chain(*_prepared(maximize, 0), *before, scale, *after, scale_by_rate(lr))


def sgd(
    lr: Rate = 1e-3,
    momentum: float = 0.0,
    dampening: float = 0.0,
    weight_decay: float = 0.0,
    nesterov: bool = False,
    *,
    maximize: bool = False,
) -> Transformation:
    """Stochastic gradient descent: see `nn.SGD`.

    Examples
    --------
    >>> import numpy as np
    >>> from nn.optim import apply_updates
    >>> descent, params = sgd(lr=0.1), {"w": np.array([1.0, 2.0])}
    >>> updates, state = descent.update({"w": 2 * params["w"]}, descent.init(params), params)
    >>> apply_updates(params, updates)
    {'w': array([0.8, 1.6])}
    """
    if nesterov and (momentum <= 0 or dampening != 0):
        raise ValueError(
            f"nesterov is a form of momentum without dampening: give momentum too, such as "
            f"momentum=0.9, got momentum={momentum}, dampening={dampening}"
        )
    trace = [scaling.trace(momentum, dampening, nesterov)] if momentum else []
    return chain(*_prepared(maximize, weight_decay), *trace, scale_by_rate(lr))


def rmsprop(
    lr: Rate = 1e-2,
    alpha: float = 0.99,
    eps: float = 1e-8,
    weight_decay: float = 0.0,
    momentum: float = 0.0,
    centered: bool = False,
    *,
    maximize: bool = False,
) -> Transformation:
    """Scale steps by the root of the mean square of gradients: see `nn.RMSprop`."""
    trace = [scaling.trace(momentum)] if momentum else []
    scale = scaling.scale_by_rms(alpha, eps, centered)
    return chain(*_prepared(maximize, weight_decay), scale, *trace, scale_by_rate(lr))


def adagrad(
    lr: Rate = 1e-2,
    lr_decay: float = 0.0,
    weight_decay: float = 0.0,
    initial_accumulator_value: float = 0.0,
    eps: float = 1e-10,
    *,
    maximize: bool = False,
) -> Transformation:
    """Scale steps by the root of the sum of squares of gradients: see `nn.Adagrad`."""
    scale = scaling.scale_by_adagrad(lr_decay, initial_accumulator_value, eps)
    return chain(*_prepared(maximize, weight_decay), scale, scale_by_rate(lr))


def adadelta(
    lr: Rate = 1.0,
    rho: float = 0.9,
    eps: float = 1e-6,
    weight_decay: float = 0.0,
    *,
    maximize: bool = False,
) -> Transformation:
    """Scale steps to the size of earlier steps: see `nn.Adadelta`."""
    scale = scaling.scale_by_adadelta(rho, eps)
    return chain(*_prepared(maximize, weight_decay), scale, scale_by_rate(lr))


def adam(
    lr: Rate = 1e-3,
    betas: Betas = (0.9, 0.999),
    eps: float = 1e-8,
    weight_decay: float = 0.0,
    amsgrad: bool = False,
    *,
    maximize: bool = False,
    decoupled_weight_decay: bool = False,
) -> Transformation:
    """Scale steps by running means of the gradient and of its square: see `nn.Adam`."""
    scale = scaling.scale_by_adam(betas, eps, amsgrad)
    return _descent(scale, lr, weight_decay, decoupled_weight_decay, maximize)


def adamw(
    lr: Rate = 1e-3,
    betas: Betas = (0.9, 0.999),
    eps: float = 1e-8,
    weight_decay: float = 1e-2,
    amsgrad: bool = False,
    *,
    maximize: bool = False,
    mask: Mask = None,
) -> Transformation:
    """Adam with weight decay apart from the gradient: see `nn.AdamW`.

    `mask` says to which parameters weight decay applies: see `add_weight_decay`.
    """
    scale, decay = scaling.scale_by_adam(betas, eps, amsgrad), _prepared(False, weight_decay, mask)
    return chain(*_prepared(maximize, 0), scale, *decay, scale_by_rate(lr))


def nadam(
    lr: Rate = 2e-3,
    betas: Betas = (0.9, 0.999),
    eps: float = 1e-8,
    weight_decay: float = 0.0,
    momentum_decay: float = 4e-3,
    decoupled_weight_decay: bool = False,
    *,
    maximize: bool = False,
) -> Transformation:
    """Adam with Nesterov's momentum: see `nn.NAdam`."""
    scale = scaling.scale_by_nadam(betas, eps, momentum_decay)
    return _descent(scale, lr, weight_decay, decoupled_weight_decay, maximize)


def radam(
    lr: Rate = 1e-3,
    betas: Betas = (0.9, 0.999),
    eps: float = 1e-8,
    weight_decay: float = 0.0,
    decoupled_weight_decay: bool = False,
    *,
    maximize: bool = False,
) -> Transformation:
    """Adam that scales when the mean of squares is known well enough: see `nn.RAdam`."""
    scale = scaling.scale_by_radam(betas, eps)
    return _descent(scale, lr, weight_decay, decoupled_weight_decay, maximize)


def lion(
    lr: Rate = 1e-4,
    betas: Betas = (0.9, 0.99),
    weight_decay: float = 0.0,
    *,
    maximize: bool = False,
) -> Transformation:
    """Take steps of the same size for each element: see `nn.Lion`."""
    return _descent(scaling.scale_by_lion(betas), lr, weight_decay, True, maximize)


def adafactor(
    lr: Rate = 1e-2,
    beta2_decay: float = -0.8,
    eps: tuple[float | None, float] = (None, 1e-3),
    d: float = 1.0,
    weight_decay: float = 0.0,
    *,
    maximize: bool = False,
) -> Transformation:
    """Adam without a mean, and squares of matrices by row and column: see `nn.Adafactor`."""
    scale = scaling.adafactor_steps(lr, beta2_decay, eps, d, weight_decay)
    return chain(*_prepared(maximize, 0), scale)


def lamb(
    lr: Rate = 1e-3,
    betas: Betas = (0.9, 0.999),
    eps: float = 1e-6,
    weight_decay: float = 0.0,
    *,
    maximize: bool = False,
) -> Transformation:
    """Adam with steps as long as the parameters' norms ask for: see `nn.LAMB`."""
    scale = chain(
        scaling.scale_by_adam(betas, eps),
        *_prepared(False, weight_decay),
        scaling.scale_by_trust_ratio(),
    )
    return chain(*_prepared(maximize, 0), scale, scale_by_rate(lr))
