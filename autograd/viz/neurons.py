"""A network as neurons, with an arrow for every weight."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from autograd.viz.figures import figure
from autograd.viz.palette import Palette
from autograd.viz.text import plain

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Array = NDArray[Any]

_HEADS = 400  # arrows that have heads; of more, only lines can be told apart


@dataclass(frozen=True)
class Layer:
    """One layer: weights from the neurons before to these, and what is added."""

    name: str
    weights: Array
    bias: Array | None


def network(
    model: Any, *, max_neurons: int = 16, max_arrows: int = 4_000, dark: bool = False
) -> "Figure":
    """Return a figure of a network: layers of neurons, an arrow for every weight.

    An arrow's colour is the sign of its weight, its width and strength the size; a neuron is filled
    by its bias. A layer from d neurons to p has d × p arrows: all entries of its matrix.

    Parameters
    ----------
    model : nn.Module, or sequence of (W, b)
        Anything with ``named_parameters()``, of which the matrices are layers in their order; or
        pairs of a matrix of shape (d, p) and a bias of shape (p,) or None.
    max_neurons : int
        Of a larger layer some are drawn, evenly chosen; the figure says so.
    max_arrows : int
        Of more the largest are drawn; the figure says so.
    dark : bool
        Dark colours.

    Returns
    -------
    matplotlib.figure.Figure
        It shows itself in a notebook; ``savefig(path)`` writes it.

    Raises
    ------
    MatplotlibMissingError
        If matplotlib is not installed.
    ValueError
        If there is no matrix, or two do not fit each other.

    Examples
    --------
    >>> import numpy as np
    >>> from autograd import viz
    >>> figure = viz.network([(np.ones((3, 4)), np.zeros(4)), (np.ones((4, 2)), None)])
    >>> len(figure.axes[0].patches)  # 3 × 4 + 4 × 2 arrows
    20
    """
    layers = layers_of(model)
    sizes = [layers[0].weights.shape[0], *(layer.weights.shape[1] for layer in layers)]
    chosen = [_evenly(size, max_neurons) for size in sizes]
    tallest = max(map(len, chosen))
    drawn, palette = figure(2.6 * len(sizes) + 0.6, max(3.0, 0.42 * tallest + 1.4), dark=dark)
    axes = drawn.add_subplot()
    axes.set_axis_off()
    places = [_column(place, sizes[place], some) for place, some in enumerate(chosen)]
    notes = [
        f"{len(some)} of {size:,} neurons of layer {place} drawn (max_neurons={max_neurons})"
        for place, (some, size) in enumerate(zip(chosen, sizes, strict=True))
        if len(some) < size
    ]
    notes += _arrows(axes, layers, chosen, places, palette=palette, most=max_arrows)
    for place, some in enumerate(chosen):
        bias = layers[place - 1].bias if place else None
        _neurons(axes, places[place], None if bias is None else bias[some], palette)
        _titles(axes, place, sizes, layers, palette)
        if len(some) < sizes[place]:
            _dots(axes, places[place], palette)
    axes.set_xlim(-0.35, len(sizes) - 0.65)
    axes.set_ylim(-tallest / 2 - 2.0, tallest / 2 + 0.9)
    key = "blue: positive, orange dashed: negative; wider: larger; filled neurons: bias"
    axes.set_title("\n".join([key, *notes]), color=palette.text, fontsize=9, loc="left")
    return drawn


def layers_of(model: Any) -> list[Layer]:
    """Return the layers of a model, or of pairs of a matrix and a bias."""
    found = _named(model) if hasattr(model, "named_parameters") else _paired(model)
    if not found:
        raise ValueError(
            f"{type(model).__name__} has no weight matrix to draw; pass a model with "
            "named_parameters(), or pairs (W, b) with W of shape (d, p)"
        )
    for before, after in pairwise(found):
        if before.weights.shape[1] != after.weights.shape[0]:
            raise ValueError(
                f"layer {before.name} has {before.weights.shape[1]} outputs, but {after.name} has "
                f"{after.weights.shape[0]} inputs; pass the pairs (W, b) that follow each other"
            )
    return found


def _named(model: Any) -> list[Layer]:
    """Return a layer for each matrix among the parameters of a model, with its bias."""
    parameters = {name: plain(value) for name, value in model.named_parameters()}
    layers = []
    for name, weights in parameters.items():
        owner = name.rpartition(".")[0]
        bias = next(
            (
                value
                for other, value in parameters.items()
                if other.rpartition(".")[0] == owner and value.shape == weights.shape[1:]
            ),
            None,
        )
        if weights.ndim == 2:
            title = f"layer {owner}" if owner.isdigit() else owner or name
            layers.append(Layer(title, weights, bias))
    return layers


def _paired(pairs: Sequence[Any]) -> list[Layer]:
    """Return a layer for each pair of a matrix and a bias."""
    layers = []
    for place, (weights, bias) in enumerate(pairs, 1):
        matrix, added = plain(weights), None if bias is None else np.ravel(plain(bias))
        if matrix.ndim != 2:
            raise ValueError(f"W of layer {place} must be a matrix (d, p), got {matrix.shape}")
        if added is not None and added.shape != matrix.shape[1:]:
            raise ValueError(
                f"b of layer {place} must have {matrix.shape[1]} numbers, got {added.shape[0]}"
            )
        layers.append(Layer(f"layer {place}", matrix, added))
    return layers


def _evenly(size: int, most: int) -> Array:
    """Return at most so many of the neurons of a layer, evenly chosen, the ends among them."""
    return np.unique(np.linspace(0, size - 1, min(size, most)).round().astype(int))


def _column(place: int, size: int, some: Array) -> Array:
    """Return where the neurons of a layer stand; with a gap in the middle if some are missing."""
    count = len(some)
    y = (count - 1) / 2 - np.arange(count, dtype=float)
    if count < size:
        y += np.where(np.arange(count) < count / 2, 0.6, -0.6)
    return np.column_stack([np.full(count, float(place)), y])


def _arrows(
    axes: Any,
    layers: list[Layer],
    chosen: list[Array],
    places: list[Array],
    *,
    palette: Palette,
    most: int,
) -> list[str]:
    """Draw an arrow for every weight, the strongest last; return what is left out."""
    segments, sizes, signs = [], [], []
    for place, layer in enumerate(layers):
        weights = layer.weights[np.ix_(chosen[place], chosen[place + 1])]
        largest = np.abs(layer.weights).max(initial=0.0) or 1.0
        starts, ends = places[place], places[place + 1]
        pairs = np.stack(np.broadcast_arrays(starts[:, None], ends[None, :]), axis=2)
        segments.append(pairs.reshape(-1, 2, 2))
        sizes.append(np.nan_to_num(np.abs(weights) / largest, nan=1.0).ravel())
        signs.append((weights < 0).ravel())
    lines, size, negative = map(np.concatenate, (segments, sizes, signs))
    order = np.argsort(size, kind="stable")[-most:]
    _lines(axes, lines[order], size[order], negative[order], palette)
    left = len(size) - len(order)
    what = f"the largest {len(order):,} of {len(size):,} weights drawn (max_arrows={most})"
    return [what] if left else []


def _lines(axes: Any, lines: Array, sizes: Array, negative: Array, palette: Palette) -> None:
    """Draw arrows; of very many, only lines can be told apart."""
    from matplotlib.collections import LineCollection
    from matplotlib.colors import to_rgb
    from matplotlib.patches import FancyArrowPatch

    blue, orange = to_rgb(palette.forward), to_rgb(palette.kinds["operation"][0])
    signs = [orange if below else blue for below in negative]
    colours = [
        (*colour, 0.15 + 0.85 * min(1.0, size)) for colour, size in zip(signs, sizes, strict=True)
    ]
    styles = ["--" if below else "-" for below in negative]
    widths = 0.4 + 2.4 * sizes
    if len(lines) > _HEADS:
        axes.add_collection(
            LineCollection(list(lines), colors=colours, linewidths=widths, linestyles=styles)
        )
        return
    for ends, colour, style, width in zip(lines, colours, styles, widths, strict=True):
        axes.add_patch(
            FancyArrowPatch(
                *ends,
                arrowstyle="-|>",
                mutation_scale=5 + 2 * width,
                shrinkA=7,
                shrinkB=7,
                color=colour,
                linewidth=width,
                linestyle=style,
            )
        )


def _neurons(axes: Any, places: Array, bias: Array | None, palette: Palette) -> None:
    """Draw the neurons of a layer, filled by their bias."""
    from matplotlib.colors import LinearSegmentedColormap

    ends = [palette.kinds["operation"][0], palette.background, palette.forward]
    signs = LinearSegmentedColormap.from_list("bias", ends)
    filled = np.zeros(len(places)) if bias is None else np.asarray(bias, float)
    largest = np.abs(filled).max(initial=0.0) or 1.0
    axes.scatter(
        *places.T,
        s=170,
        c=signs(0.5 + 0.4 * filled / largest),
        edgecolors=palette.edge,
        linewidths=1.3,
        zorder=3,
    )


def _titles(axes: Any, place: int, sizes: list[int], layers: list[Layer], palette: Palette) -> None:
    """Write under a column what it is, and under the arrows how many they are."""
    name = "input" if not place else layers[place - 1].name
    top = axes.get_xaxis_transform()  # x in layers, y in parts of the height
    style = {"ha": "center", "va": "top", "fontsize": 9, "transform": top}
    axes.text(place, 0.06, f"{name}\n{sizes[place]:,}", color=palette.text, **style)
    if place:
        count = f"{sizes[place - 1]:,} × {sizes[place]:,}"
        axes.text(place - 0.5, 0.03, count, color=palette.faint, **style)


def _dots(axes: Any, places: Array, palette: Palette) -> None:
    """Draw dots where neurons are left out."""
    x = places[0, 0]
    axes.plot([x] * 3, [-0.3, 0.0, 0.3], ".", color=palette.edge, markersize=4, zorder=3)
