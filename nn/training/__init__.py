"""Training: the loop, what it shows and notes, and how it is interrupted and resumed."""

from nn.training.evaluation import evaluate
from nn.training.history import History
from nn.training.interruption import interrupt_noted
from nn.training.loop import Training, fit, gradient_norm
from nn.training.progress import progress_bar

__all__ = [
    "History",
    "Training",
    "evaluate",
    "fit",
    "gradient_norm",
    "interrupt_noted",
    "progress_bar",
]
