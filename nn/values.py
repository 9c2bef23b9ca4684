"""What is behind Tensors."""

from typing import Any

from autograd import Tensor


def plain(value: Any) -> Any:
    """Return the array of a Tensor; what is none, as it is."""
    return value.data if isinstance(value, Tensor) else value
