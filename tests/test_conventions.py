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


STEP = 1e-7
REAL = [row for row in TABLE if not np.iscomplexobj(row.at)]
WITHOUT_SLOPES = {  # whose derivative is infinite or NaN, or whose values beside the point are
    "np.sqrt(x)", "np.cbrt(x)", "np.maximum(x, np.nan)", "np.nan_to_num(x)", "(-2.0) ** x",
    "np.logaddexp(x, 0.0)", "np.sqrt(np.sum(x**2))",
}  # fmt: skip


def slope_beside(function, x, step):
    """Return the slope on one side of a point, not counting the value there."""
    near, far = (function(x + k * step) for k in (1, 2))
    return (far - near) / (np.sign(np.sum(step)) * STEP)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("row", REAL, ids=lambda row: f"{row.expression} at {row.at}")
def test_a_convention_lies_between_the_slopes_on_both_sides(row):
    """Where there are slopes: one is enough at the edge of a domain."""
    x, derivative = np.asarray(row.at), np.asarray(row.derivative)
    function = eval(f"lambda x: np.sum({row.expression})", {"np": np})
    # What a sort decides, a step of one element decides anew: then all go together.
    together = row.reason == "a stable sort decides"
    directions = np.ones((1, x.size)) if together else np.eye(x.size)
    told = 0
    for step in STEP * directions.reshape(-1, *x.shape):
        sides = [slope_beside(function, x, sign * step) for sign in (1, -1)]
        sides = [slope for slope in sides if abs(slope) < 1e3]
        slope = np.sum(derivative * np.sign(step), where=step != 0)
        if sides and np.isfinite(slope):
            told += 1
            tolerance = 1e-3 * (1 + max(map(abs, sides)))
            assert min(sides) - tolerance <= slope <= max(sides) + tolerance
    assert told or row.expression in WITHOUT_SLOPES


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
