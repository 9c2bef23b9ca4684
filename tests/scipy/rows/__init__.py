"""The rows of what `autograd.scipy` states, one module for each of its families."""

import importlib
import pkgutil

MODULES = [
    importlib.import_module(f"{__name__}.{found.name}") for found in pkgutil.iter_modules(__path__)
]
ROWS = [row for module in MODULES for row in module.ROWS]
