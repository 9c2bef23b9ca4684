"""The table of conventions says what the engine does."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

import autograd as ag

TABLE = ag.conventions()


@pytest.mark.filterwarnings("ignore::RuntimeWarning", "ignore:Output seems independent")
@pytest.mark.parametrize("row", TABLE, ids=lambda row: f"{row.expression} at {row.at}")
def test_the_table_is_right(row):
    x = np.asarray(row.at)
    function = eval(f"lambda x: np.sum({row.expression})", {"np": np})
    assert_allclose(ag.grad(function)(x), row.derivative, rtol=1e-15)


def test_each_row_names_its_test(request):
    ids = {item.nodeid for item in request.session.items if "test_conventions" in item.nodeid}
    if len(ids) > len(TABLE):  # not when a single test was asked for
        assert {row.test for row in TABLE} <= ids
    assert len({row.test for row in TABLE}) == len(TABLE)


def test_printed_it_is_a_table():
    lines = repr(TABLE).splitlines()
    assert len(lines) == len(TABLE) + 2
    assert lines[0].split() == ["function", "at", "derivative", "why"]
    assert all(row.reason in line for row, line in zip(TABLE, lines[2:], strict=True))
