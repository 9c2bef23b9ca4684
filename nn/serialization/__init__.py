"""Saving and loading: states of models, optimizers and whatever else has one, never by pickle."""

from nn.serialization.checkpoint import Checkpoint, load, load_state, save
from nn.serialization.errors import SerializationError

__all__ = ["Checkpoint", "SerializationError", "load", "load_state", "save"]
