"""`scipy.special` with derivatives; its universal functions take Tensors under SciPy's names, too.

>>> import autograd as ag
>>> import scipy.special
>>> ag.grad(scipy.special.gammaln)(1.0)
np.float64(-0.5772)
"""

from typing import TYPE_CHECKING

import scipy.special

from autograd.dispatch import REFUSED
from autograd.scipy.namespace import namespace
from autograd.scipy.special import (
    bessel,
    bessel_kin,
    distributions,
    elementary,
    elliptic,
    error,
    gammas,
    harmonics,
    incomplete,
    integrals,
    logistic,
    noncentral,
    polynomials,
    refused,
)

OWN = {
    bessel: "h1vp h2vp ivp jvp kvp spherical_in spherical_jn spherical_kn spherical_yn yvp",
    bessel_kin: "",
    distributions: "",
    elementary: "diric",
    elliptic: "",
    error: "",
    gammas: "comb factorial multigammaln perm polygamma",
    harmonics: "sph_harm_y sph_legendre_p",
    incomplete: "",
    integrals: "lambertw zeta",
    logistic: "log_softmax logsumexp softmax softplus",
    noncentral: "",
    polynomials: "legendre_p",
}
"""The functions of Python, which do not reach NumPy's protocols, by the module that has ours."""

REFUSED |= refused.UFUNCS

if TYPE_CHECKING:
    from scipy.special import *  # noqa: F403 - all of it
else:
    globals().update(
        namespace(
            scipy.special,
            {
                name: getattr(module, name)
                for module, names in OWN.items()
                for name in names.split()
                if hasattr(scipy.special, name)
            },
            refused.BY_NAME,
        )
    )
