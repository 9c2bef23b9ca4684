"""Rows of `autograd.ops.einsum`.

The numbers are whole, so that the sums are exact in whatever order they are taken.
"""

import numpy as np
from hypothesis import strategies as st

from autograd.ops import einsum
from tests.ops.case import SEEDS, Case

SIZES = {"i": 3, "j": 2, "k": 4, "l": 1, "m": 0, "u": 12, "v": 9, "w": 8, "x": 3, "y": 4}


def whole(rng, shape, complex_):
    """Return whole numbers, as floats."""
    array = rng.integers(-3, 4, shape).astype(float)
    return np.asarray(array + 1j * rng.integers(-3, 4, shape) if complex_ else array)


@st.composite
def operands(draw, *terms, complex_=None, ones=False):
    """Return arrays of axes with those letters; a few may be complex, or of size one."""
    rng = np.random.default_rng(draw(SEEDS))
    arrays = []
    for term in terms:
        single = draw(st.sampled_from(["", *term])) if ones else ""
        shape = [1 if letter == single else SIZES[letter] for letter in term]
        kind = draw(st.booleans()) if complex_ is None else complex_
        arrays.append(whole(rng, shape, kind))
    return arrays


OF_ONE = ["->", "i->i", "ij->ji", "ijk->j", "ii->", "ii->i", "iji->ij", "iij->", "iii->i", "m->",
          "mm->m", "uuv->vu", "ijij->ji"]  # fmt: skip
SMALL = ["ij,jk->ik", "i,i->", "ij,j->i", "j,ij->i", "i,j->ij", "ij,ij->ij", ",ij->ji", "ii,i->i",
         "ij,ji->", "iij,jkk->ki", "ijk,k->j", "ij,kl->jl", "im,mj->ij", "m,m->", "ijk,ikj->ik",
         "ij,jj->i", ",->", "lij,kl->jk"]  # fmt: skip
LARGE = ["uv,vw->uw", "uv,wv->wu", "xuv,xvw->xuw", "xuv,xvw->wxu", "uvw,vwx->xu", "uuv,vw->uw",
         "uvj,vwk->uw", "uvwx,uvwx->", "xyuv,xv->xuy", "uv,vwx->xuw", "xuu,uvx->vx"]  # fmt: skip


@st.composite
def spelled(draw, subscripts, **options):
    """Return operands and subscripts without ellipses."""
    chosen = draw(st.sampled_from(subscripts))
    terms = chosen.split("->")[0].split(",")
    return [*draw(operands(*terms, **options)), chosen], {}


def forms(*args, **kwargs):
    """Return operands with subscripts in front, and keywords."""
    return st.sampled_from(args).flatmap(lambda terms: formed(terms, **kwargs))


@st.composite
def formed(draw, form, optimize=(False,)):
    """Return arguments of `np.einsum` in one of its forms; a few operands are constants."""
    subscripts, *terms = form
    arrays = draw(operands(*terms))
    for i, array in enumerate(arrays[1:], 1):
        if draw(st.integers(0, 3)) == 0:
            arrays[i] = np.real(array).astype(int)
    keywords = {"optimize": draw(st.sampled_from(optimize))}
    if isinstance(subscripts, str):
        return [subscripts, *arrays], keywords
    *inputs, output = subscripts
    args = [item for pair in zip(arrays, inputs, strict=True) for item in pair]
    return [*args, *([] if output is None else [output])], keywords


PATHS = (False, True, "greedy", "optimal", None)
FORMS = [
    ("ij,jk", "ij", "jk"),
    ("ba", "ij"),
    ("ii", "ii"),
    (" i j , j k -> k i ", "ij", "jk"),
    ("...ij,...jk->...ik", "xij", "jk"),
    ("...ij,...jk", "xyij", "yjk"),
    ("i...,...i", "ij", "ji"),
    ("...,...", "ij", ""),
    ("i...->...", "ijk"),
    ("...ii->...i", "xii"),
    ("...", "i"),
    ("", ""),
]
NUMBERED = [
    (((0, 1), (1, 2), (0, 2)), "ij", "jk"),
    (((1, 0), (0, 2), None), "ij", "jk"),
    (((..., 0), (..., 0), (...,)), "xi", "yxi"),
    (((0, 0), None), "ii"),
    (((51,), (26,), (26, 51)), "i", "j"),
]
SEVERAL = [
    ("ij,jk,kl->il", "ij", "jk", "kl"),
    ("ij,jk,kl,lx", "ij", "jk", "kl", "lx"),
    ("i,j,k->kij", "i", "j", "k"),
    ("i,i,i->", "i", "i", "i"),
    ("ij,ij,ij->ij", "ij", "ij", "ij"),
    ("uv,wv,xv->uwx", "uv", "wv", "xv"),
    ("...i,ij,...j->...", "xi", "ij", "yxj"),
    ("ii,ij,jk,k->i", "ii", "ij", "jk", "k"),
    (",i,->i", "", "i", ""),
]


ROWS = [
    Case(einsum.of_one, spelled(OF_ONE, complex_=False)),
    Case(einsum.of_one, spelled(OF_ONE, complex_=True), label="complex"),
    Case(einsum.of_two, spelled(SMALL, complex_=False)),
    Case(einsum.of_two, spelled(SMALL, ones=True), label="complex"),
    Case(einsum.of_two, spelled(LARGE, complex_=False), label="large"),
    Case(einsum.of_two, spelled(LARGE, ones=True), label="largecomplex"),
    Case(np.einsum, forms(*FORMS, optimize=(False, True)), label="forms"),
    Case(np.einsum, forms(*NUMBERED, optimize=(False, True)), label="numbered"),
    Case(np.einsum, forms(*SEVERAL, optimize=PATHS), label="several"),
]
