"""Optimizers, and the pure transformations that they are made of.

A transformation is a pair of pure functions of containers of arrays (`Transformation`); `chain`
makes one of several; `adam` and its like are such chains. `Optimizer` holds the state of one and
changes parameters in place; `Adam` and its like are Optimizers of the transformations with the same
names, with PyTorch's arguments and defaults.
"""

from nn.optim import schedules
from nn.optim.algorithms import (
    adadelta,
    adafactor,
    adagrad,
    adam,
    adamw,
    lamb,
    lion,
    nadam,
    radam,
    rmsprop,
    sgd,
)
from nn.optim.averaging import EMA
from nn.optim.containers import mapped
from nn.optim.lbfgs import LBFGS
from nn.optim.optimizer import Optimizer
from nn.optim.optimizers import (
    LAMB,
    SGD,
    Adadelta,
    Adafactor,
    Adagrad,
    Adam,
    AdamW,
    Lion,
    NAdam,
    RAdam,
    RMSprop,
)
from nn.optim.scaling import (
    scale_by_adadelta,
    scale_by_adagrad,
    scale_by_adam,
    scale_by_lion,
    scale_by_nadam,
    scale_by_radam,
    scale_by_rms,
    scale_by_trust_ratio,
    trace,
)
from nn.optim.schedules import ReduceOnPlateau
from nn.optim.transformations import (
    Transformation,
    accumulate,
    add_weight_decay,
    apply_updates,
    chain,
    clip_by_norm,
    clip_by_value,
    ema,
    leafwise,
    negate,
    scale_by_rate,
    scale_by_schedule,
)

__all__ = [
    "Adadelta",
    "Adafactor",
    "Adagrad",
    "Adam",
    "AdamW",
    "EMA",
    "LAMB",
    "LBFGS",
    "Lion",
    "NAdam",
    "Optimizer",
    "RAdam",
    "RMSprop",
    "ReduceOnPlateau",
    "SGD",
    "Transformation",
    "accumulate",
    "adadelta",
    "adafactor",
    "adagrad",
    "adam",
    "adamw",
    "add_weight_decay",
    "apply_updates",
    "chain",
    "clip_by_norm",
    "clip_by_value",
    "ema",
    "lamb",
    "leafwise",
    "lion",
    "mapped",
    "nadam",
    "negate",
    "radam",
    "rmsprop",
    "scale_by_adadelta",
    "scale_by_adagrad",
    "scale_by_adam",
    "scale_by_lion",
    "scale_by_nadam",
    "scale_by_radam",
    "scale_by_rate",
    "scale_by_rms",
    "scale_by_schedule",
    "scale_by_trust_ratio",
    "schedules",
    "sgd",
    "trace",
]
