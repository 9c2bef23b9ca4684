"""SciPy's functions with derivatives, under SciPy's names: ``import autograd.scipy.special``.

Each module is SciPy's namespace. What has a derivative there takes Tensors; what has none refuses
them by name; of arrays, all are SciPy's own.
"""

import importlib
from typing import Any

try:
    from scipy import __version__
except ModuleNotFoundError as error:
    raise ModuleNotFoundError(
        "autograd.scipy needs SciPy, which is not installed: pip install 'graphgrad[scipy]'"
    ) from error

MODULES: tuple[str, ...] = (
    "integrate",
    "interpolate",
    "linalg",
    "misc",
    "ndimage",
    "optimize",
    "signal",
    "special",
    "stats",
)
__all__ = ["MODULES", "__version__"]


def __getattr__(name: str) -> Any:
    if name == "minimize":
        from autograd.scipy.optimize.minimizing import minimize

        return minimize
    if name not in MODULES:
        raise AttributeError(
            f"autograd.scipy has no module {name!r}; it has {', '.join(MODULES)}, and scipy itself "
            f"the others"
        )
    return importlib.import_module(f"autograd.scipy.{name}")
