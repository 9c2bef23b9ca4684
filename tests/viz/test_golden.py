"""The whole source of pictures that were looked at; the same program gives the same text."""

from pathlib import Path

import pytest

from autograd import viz
from tests.viz.programs import perceptron, scalar

GOLDEN = Path(__file__).parent / "golden"
PICTURES = {
    "scalar": lambda: viz.graph(scalar, 0.5, -3.0),
    "scalar_teaching": lambda: viz.graph(scalar, 0.5, -3.0, style="teaching"),
    "scalar_chain_rule": lambda: viz.graph(scalar, 0.5, -3.0, style="teaching", highlight="b"),
    "perceptron": lambda: viz.graph(perceptron()),
    "perceptron_closed": lambda: viz.graph(perceptron(), depth=1),
}


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_is_as_it_was_when_it_was_looked_at(name):
    expected = GOLDEN.joinpath(f"{name}.dot").read_text(encoding="utf-8")
    assert PICTURES[name]().dot() == expected
    assert PICTURES[name]().dot() == expected
