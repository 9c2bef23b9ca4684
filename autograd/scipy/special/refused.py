"""Functions of `scipy.special` that are refused on Tensors, each with the reason that is given."""

import numpy as np
import scipy.special as sc

REASONS = {
    "it finds zeros of a function, whose number its argument is": (
        "ai_zeros bei_zeros beip_zeros ber_zeros berp_zeros bi_zeros erf_zeros fresnel_zeros "
        "fresnelc_zeros fresnels_zeros jn_zeros jnjnp_zeros jnp_zeros jnyn_zeros kei_zeros "
        "keip_zeros kelvin_zeros ker_zeros kerp_zeros y0_zeros y1_zeros y1p_zeros yn_zeros "
        "ynp_zeros"
    ),
    "it makes the nodes and weights of a rule, which are constants; give it numbers": (
        "c_roots cg_roots h_roots he_roots j_roots js_roots l_roots la_roots p_roots ps_roots "
        "roots_chebyc roots_chebys roots_chebyt roots_chebyu roots_gegenbauer roots_genlaguerre "
        "roots_hermite roots_hermitenorm roots_jacobi roots_laguerre roots_legendre "
        "roots_sh_chebyt roots_sh_chebyu roots_sh_jacobi roots_sh_legendre s_roots t_roots "
        "ts_roots u_roots us_roots"
    ),
    "it makes a polynomial of numbers; the eval_ functions have derivatives": (
        "chebyc chebys chebyt chebyu gegenbauer genlaguerre hermite hermitenorm jacobi laguerre "
        "legendre sh_chebyt sh_chebyu sh_jacobi sh_legendre"
    ),
    "it counts, and whole numbers have no derivative": (
        "bernoulli euler factorial2 factorialk stirling2"
    ),
    "it returns all orders and their slopes at once; use the function of one order": (
        "assoc_legendre_p_all legendre_p_all lmbda lqmn lqn pbdn_seq pbdv_seq pbvv_seq riccati_jn "
        "riccati_yn sph_harm_y_all sph_legendre_p_all"
    ),
    "use lpmv, which has one in x": "assoc_legendre_p",
    "use eval_genlaguerre, which has one in x": "assoc_laguerre",
    "its derivative is not known here in what is not a whole number": (
        "mathieu_a mathieu_b mathieu_even_coef mathieu_odd_coef obl_cv obl_cv_seq pro_cv pro_cv_seq"
    ),
    "use the function of the same name without _cv": (
        "obl_ang1_cv obl_rad1_cv obl_rad2_cv pro_ang1_cv pro_rad1_cv pro_rad2_cv"
    ),
    "the values that SciPy gives are too rough to differentiate": (
        "ncfdtrinc nctdtrinc obl_rad2 pro_rad2"
    ),
    "that needs derivatives in degrees of freedom, which are not known here": (
        "chndtridf ncfdtridfd ncfdtridfn nctdtridf"
    ),
    "it solves for Lamé functions, whose derivatives are not known here": (
        "ellip_harm ellip_harm_2 ellip_normal"
    ),
    "it is old, and no longer in SciPy; use its successor": (
        "btdtr btdtri clpmn lpmn lpn sph_harm"
    ),
}

BY_NAME = {
    name: reason for reason, names in REASONS.items() for name in names.split() if hasattr(sc, name)
}
UFUNCS = {name: why for name, why in BY_NAME.items() if isinstance(getattr(sc, name), np.ufunc)}
"""Those that reach NumPy's protocol, and so the table of refusals, under their bare names."""
