"""NumPy's namespace: ``import autograd.numpy as np`` in place of ``import numpy as np``.

Every name is NumPy's own object, which knows Tensors through NumPy's protocols, but for the few
functions that these do not reach, because no argument is a Tensor itself (`array` of a list of
Tensors, `r_`), or because NumPy does not let them be overridden (`isscalar`, `vectorize`).

>>> import autograd
>>> import autograd.numpy as anp
>>> import numpy as np
>>> anp.sin is np.sin
True
>>> t = autograd.Tensor(2.0)
>>> anp.array([[t, 1.0], [0.0, t * t]])
Tensor([[2., 1.],
        [0., 4.]])
"""

import sys
import types
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy import __all__

if TYPE_CHECKING:
    from numpy import *  # noqa: F403 - all of it
else:  # without what NumPy itself loads when it is asked for only, such as `testing` and `f2py`
    from autograd.numpy import fft, linalg, random
    from autograd.numpy.tensors import REPLACED, make_diagonal

    own = {"fft": fft, "linalg": linalg, "random": random, **REPLACED}
    own["make_diagonal"] = make_diagonal
    globals().update({name: value for name, value in vars(np).items() if name in __all__} | own)
    del REPLACED, own


_PARTS = frozenset({"numpy_boxes", "numpy_jvps", "numpy_vjps", "numpy_vspaces", "numpy_wrapper"})


class _Namespace(types.ModuleType):
    """A module whose names are also what NumPy has without telling.

    The two methods are not functions of the module itself: programs copy those.
    """

    def __getattr__(self, name: str) -> Any:
        if name in _PARTS:  # of HIPS autograd
            import importlib

            return importlib.import_module(f"autograd.numpy.{name}")
        return getattr(np, name)  # also what is deprecated, and the private

    def __dir__(self) -> list[str]:
        return sorted({*__all__, *vars(self)})


sys.modules[__name__].__class__ = _Namespace
