"""micrograd: scalars only."""

from micrograd.engine import Value
from workloads import rotate

DISTRIBUTION = "micrograd"


def scalars(a, b):
    """Two leaves and one walk."""

    def run():
        x, y = Value(a), Value(b)
        out = rotate(x, y)
        out.backward()
        return out.data, (x.grad, y.grad)

    return run
