"""Networks as neurons, functions with their derivatives."""

import sys

import numpy as np
import pytest

import nn
from autograd import viz
from autograd.errors import MatplotlibMissingError
from autograd.viz.curves import FUNCTIONS
from autograd.viz.neurons import layers_of

pytest.importorskip("matplotlib", reason="figures are drawn by matplotlib")


def title(figure):
    return figure.axes[0].get_title(loc="left")


def test_a_layer_from_d_to_p_has_d_times_p_arrows():
    figure = viz.network(nn.MLP([4, 5, 3], rng=0))
    assert len(figure.axes[0].patches) == 4 * 5 + 5 * 3
    assert sum(len(c.get_offsets()) for c in figure.axes[0].collections) == 4 + 5 + 3
    assert "drawn" not in title(figure)


def test_sign_is_colour_and_dashes_and_size_is_width():
    weights = np.array([[1.0, -1.0, 0.25]])
    small, *large = viz.network([(weights, None)]).axes[0].patches  # the largest last
    plus, minus = sorted(large, key=lambda arrow: arrow.get_linestyle() == "--")
    assert plus.get_linewidth() == minus.get_linewidth() > small.get_linewidth()
    assert plus.get_edgecolor()[:3] == small.get_edgecolor()[:3] != minus.get_edgecolor()[:3]
    assert (plus.get_linestyle(), minus.get_linestyle()) == ("-", "--")


def test_large_layers_are_sampled_with_a_note():
    figure = viz.network(nn.MLP([64, 128, 10], rng=0))
    (lines,) = (c for c in figure.axes[0].collections if hasattr(c, "get_segments"))
    assert len(lines.get_segments()) == 16 * 16 + 16 * 10
    assert "16 of 64 neurons of layer 0 drawn (max_neurons=16)" in title(figure)
    few = viz.network(nn.MLP([64, 128, 10], rng=0), max_arrows=100)
    assert "the largest 100 of 416 weights drawn (max_arrows=100)" in title(few)


def test_zeros_and_numbers_that_are_not_finite_are_drawn():
    viz.network([(np.zeros((2, 2)), np.zeros(2)), (np.array([[np.nan], [np.inf]]), None)])


def test_layers_are_the_matrices_of_a_model_with_their_biases():
    model = nn.MLP([2, 3, 1], rng=0)
    first, second = layers_of(model)
    parameters = dict(model.named_parameters())
    np.testing.assert_array_equal(first.weights, parameters["0.weight"].data)
    np.testing.assert_array_equal(second.bias, parameters["2.bias"].data)


@pytest.mark.parametrize(
    ("model", "message"),
    [
        ([], "list has no weight matrix to draw; pass a model"),
        ([(np.ones(3), None)], r"W of layer 1 must be a matrix \(d, p\), got \(3,\)"),
        ([(np.ones((3, 2)), np.ones(3))], "b of layer 1 must have 2 numbers, got 3"),
        (
            [(np.ones((3, 2)), None), (np.ones((3, 2)), None)],
            "layer layer 1 has 2 outputs, but layer 2 has 3 inputs",
        ),
    ],
)
def test_what_is_no_network_is_refused(model, message):
    with pytest.raises(ValueError, match=message):
        viz.network(model)


@pytest.mark.parametrize(
    ("name", "value", "slope"),
    [
        ("relu", 1.0, 1.0),
        ("leaky_relu", 1.0, 1.0),
        ("elu", 1.0, 1.0),
        ("softplus", np.log1p(np.e), 1 / (1 + np.exp(-1))),
        ("sigmoid", 1 / (1 + np.exp(-1)), np.exp(-1) / (1 + np.exp(-1)) ** 2),
        ("tanh", np.tanh(1), 1 / np.cosh(1) ** 2),
        ("silu", 1 / (1 + np.exp(-1)), 1 / (1 + np.exp(-1)) + np.exp(-1) / (1 + np.exp(-1)) ** 2),
    ],
)
def test_the_curves_are_the_function_and_its_derivative(name, value, slope):
    figure = viz.activations({name: FUNCTIONS[name]}, low=-1.0, high=1.0)
    *_, curve, derivative = figure.axes[0].get_lines()
    assert curve.get_ydata()[-1] == pytest.approx(value)
    assert derivative.get_ydata()[-1] == pytest.approx(slope)


def test_all_functions_have_a_place_and_a_jump_is_no_line():
    figure = viz.activations()
    assert [axes.get_title(loc="left") for axes in figure.axes] == list(FUNCTIONS)
    assert np.isnan(figure.axes[0].get_lines()[-1].get_ydata()).sum() >= 1


def test_functions_that_are_not_elementwise_are_refused():
    with pytest.raises(ValueError, match=r"sum is not elementwise: from shape \(601,\) to \(\)"):
        viz.activations({"sum": np.sum})
    with pytest.raises(ValueError, match="there is no function to draw"):
        viz.activations({})


def test_constants_have_a_derivative_of_zero():
    figure = viz.activations({"sign": np.sign}, dark=True)
    assert set(figure.axes[0].get_lines()[-1].get_ydata()) == {0.0}


def test_without_matplotlib_a_figure_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    for draw in (viz.activations, lambda: viz.network([(np.ones((2, 2)), None)])):
        with pytest.raises(MatplotlibMissingError, match="pip install matplotlib"):
            draw()
