"""The rows of all that the library states."""

from tests.ops.rows import NUMPY
from tests.scipy.rows import ROWS as SCIPY

CASES = NUMPY + SCIPY
__all__ = ["CASES", "NUMPY", "SCIPY"]
