"""The exception of this package."""


class SerializationError(ValueError):
    """A file cannot be read, is damaged, or does not fit; the message names it."""
