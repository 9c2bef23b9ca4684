"""Which layer of this package something is."""

from collections.abc import Container

from nn.module import Module


def kind_of(layer: Module, known: Container[str]) -> type[Module] | None:
    """Return the class of this package, with a name that is known, that `layer` is or derives from.

    Examples
    --------
    >>> from nn import MLP
    >>> kind_of(MLP([2, 1]), {"Linear", "Sequential"})
    <class 'nn.layers.containers.Sequential'>
    """
    kinds = (kind for kind in type(layer).__mro__ if issubclass(kind, Module) and is_ours(kind))
    return next((kind for kind in kinds if kind.__name__ in known), None)


def is_ours(kind: type[Module]) -> bool:
    """Return whether a class is one of this package's layers."""
    return kind is not Module and kind.__module__.partition(".")[0] == "nn"
