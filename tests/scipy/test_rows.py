"""Every row of SciPy's functions under the properties of NumPy's, with fewer examples.

There are as many rows as NumPy has, and a special function takes longer than a sum.
"""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.all_rows import SCIPY
from tests.ops import test_batches, test_checks, test_rules

LAYOUT = test_rules.test_layout_and_ownership_do_not_matter
PROPERTIES = [
    test_rules.test_value_is_numpys,
    test_rules.test_forward_and_reverse_are_adjoint,
    test_rules.test_derivative_is_the_limit_of_differences,
    test_rules.test_second_derivative_is_the_limit_of_differences,
    test_rules.test_float32_stays_float32,
    test_rules.test_two_uses_share_no_memory,
]
FEW = max(settings.default.max_examples // 4, 3)
every_row = pytest.mark.parametrize("case", SCIPY, ids=lambda case: case.name)


def few(prop):
    """Return the test of a property with SciPy's rows.

    Each has a function of its own: hypothesis keeps something of every parameter with the function,
    and after a thousand of them it is at the end of Python's stack.
    """

    @every_row
    @settings(max_examples=FEW)
    @given(data=st.data())
    def holds(case, data):
        prop.hypothesis.inner_test(case=case, data=data)

    return holds


globals().update({prop.__name__: few(prop) for prop in PROPERTIES})


@every_row
@settings(max_examples=FEW)
@given(data=st.data(), layout=st.sampled_from(sorted(test_rules.LAYOUTS)))
def test_layout_and_ownership_do_not_matter(case, data, layout):
    LAYOUT.hypothesis.inner_test(case=case, data=data, layout=layout)


@every_row
@settings(max_examples=2)
@given(data=st.data())
def test_check_grads_finds_nothing(case, data):
    test_checks.test_check_grads_finds_nothing.hypothesis.inner_test(case=case, data=data)


@every_row
@settings(max_examples=2)
@given(data=st.data())
def test_vmap_is_one_after_another(case, data):
    test_batches.test_vmap_is_one_after_another.hypothesis.inner_test(case=case, data=data)
