"""The plugin in a project that is not this one, run by a pytest of its own."""

from importlib.metadata import entry_points

import pytest

pytest_plugins = ["pytester"]

FIXTURE = """
    import numpy as np
    import pytest

    def test_sine(gradcheck):
        assert gradcheck(np.sin, 1.0).order == {order}

    @pytest.mark.gradcheck(order=1, modes=("rev",))
    def test_first(gradcheck):
        report = gradcheck(np.cos, 1.0)
        assert (report.order, report.derivatives) == (1, 1)

    def test_other():
        pass
"""
PROPERTY = """
    import numpy as np
    from autograd.extend import elementwise
    from autograd.testing import gradcheck_property, strategies as st

    points = []
    wrong = elementwise(lambda x: x * x, lambda g, x: 2 * g * np.abs(x), name="square_of")

    @gradcheck_property(x=st.arrays(shapes=()), w=st.arrays(st.positive(), shapes=()))
    def test_loss(x, w):
        y = wrong(x)
        return np.sum(y) * w

    @gradcheck_property(x=st.arrays(shapes=()), examples={examples})
    def test_floor(x):
        points.append(np.real(getattr(x, "data", x)))
        return np.floor(x) + x

    def test_points():
        assert len(set(round(64 * float(point)) for point in points)) > 8
"""


SEVERAL = """
    import numpy as np
    from autograd.extend import elementwise
    from autograd.testing import gradcheck_property, strategies as st

    wrong = elementwise(lambda x: x + 0, lambda g: 2 * g, name="wrong")

    @gradcheck_property(x=st.arrays(shapes=()))
    def test_loss(x):
        if np.real(getattr(x, "data", x)) > 1:
            raise ValueError("too large")
        return wrong(x)
"""


@pytest.fixture
def run(pytester):
    def run(source, *options):
        pytester.makepyfile(source)
        # Where this project is installed, its entry point loads the plugin.
        installed = entry_points(group="pytest11", name="graphgrad")
        plugin = () if installed else ("-p", "autograd.testing.plugin")
        return pytester.runpytest_subprocess(*plugin, "-p", "no:cacheprovider", *options)

    return run


def test_the_fixture_takes_order_from_marker_and_command_line(run):
    run(FIXTURE.format(order=2)).assert_outcomes(passed=3)
    run(FIXTURE.format(order=3), "--gradcheck-order=3").assert_outcomes(passed=3)


def test_the_marker_selects_checks(run):
    result = run(FIXTURE.format(order=2), "-m", "gradcheck", "--strict-markers")
    result.assert_outcomes(passed=2, deselected=1)


def test_a_property_fails_with_the_simplest_point_and_the_line(run):
    result = run(PROPERTY.format(examples=30))
    result.assert_outcomes(passed=2, failed=1)
    text = result.stdout.str()
    assert "guilty: square_of at test_a_property_fails" in text
    assert "y = wrong(x)" in text
    assert "the sign is wrong" in text
    assert "x=array(-0.015625)" in text
    assert "numerical.py" not in text
    assert "Explanation" not in text


def test_of_several_failures_one_is_reported(run):
    text = run(SEVERAL).stdout.str()
    assert "ExceptionGroup" not in text
    assert ("guilty: wrong at" in text) != ("ValueError: too large" in text)


def test_the_command_line_says_how_many_points(run):
    few = ("--gradcheck-examples=2", "-k", "test_floor or test_points")
    result = run(PROPERTY.format(examples=None), *few)
    result.assert_outcomes(passed=1, failed=1, deselected=1)


def test_a_property_of_an_argument_that_is_not_there_is_refused():
    from autograd.testing import gradcheck_property
    from autograd.testing import strategies as st

    with pytest.raises(TypeError, match="loss has no argument y"):

        @gradcheck_property(y=st.arrays())
        def loss(x):
            return x
