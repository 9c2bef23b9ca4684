"""Every row under `autograd.testing.check_grads`, which users have too."""

from hypothesis import given, settings
from hypothesis import strategies as st

from autograd.testing import check_grads
from tests.ops.test_rules import Point, every_row

# Where a value in double precision is less exact than differences of it tell.
ROUGH = {
    "roots": 1e-4,  # roots are eigenvalues of a matrix that is not normal
    "roots_of": 1e-4,
    "roots-complex": 1e-4,
    "roots_of-complex": 1e-4,
}

# A matrix that lacks two ranks has a determinant and derivatives of zero, which come out as
# rounding errors, the same each time: no relative check can tell. test_rules.py is absolute there.
ROUNDING_ALONE = {"det-singular real", "det-singular complex"}

# Functions of matrices that take seconds for each derivative: of these, the first derivatives.
MATRIX = [
    *(f"scipy_{name}m" for name in ["exp", "cos", "sin", "tan", "cosh", "sinh", "tanh"]),
    "logarithm",
    "power",
]
SLOW = {f"{name}-{kind}" for name in MATRIX for kind in ("real", "complex")}
SLOW |= {"trajectory", "right_pairs-turning"}

FEW = max(settings.default.max_examples // 4, 2)  # one takes as long as all of test_rules


@every_row
@settings(max_examples=FEW)
@given(data=st.data())
def test_check_grads_finds_nothing(case, data):
    """Both modes, twice, are linear, pure, of the right form, and what differences say."""
    point = Point(case, data)
    if any(p.size for p in point.primals) and case.name not in ROUNDING_ALONE:
        rtol = ROUGH.get(case.name, 1e-7)
        options = {"evaluations": 40, "undecided": "allow", "explain": False}
        if point.kwargs.get("order") in ("A", "K"):  # for which the layout does matter
            options["layouts"] = False
        if case.name in SLOW:
            options["order"] = 1
        check_grads(point, *point.primals, rtol=rtol, **options)
