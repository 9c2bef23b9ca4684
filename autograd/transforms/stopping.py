"""Values without their history."""

from typing import Any

from autograd.tensor import Tensor
from autograd.tree import map_leaves


def stop_gradient(x: Any) -> Any:
    """Return the value of `x` as a constant: no derivative goes through it, of any order.

    Parameters
    ----------
    x : Tensor, array_like, or container of them

    Returns
    -------
    like `x`
        Tensors as constant Tensors that share the memory; anything else as it is.

    Examples
    --------
    >>> from autograd import grad
    >>> grad(lambda x: x * stop_gradient(x))(3.0)
    np.float64(3.0)
    """
    return map_leaves(lambda leaf: leaf.detach() if isinstance(leaf, Tensor) else leaf, x)


detach = stop_gradient
