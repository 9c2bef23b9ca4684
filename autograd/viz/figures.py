"""What the figures drawn by matplotlib have in common."""

from typing import TYPE_CHECKING, Any

from autograd.errors import MatplotlibMissingError
from autograd.viz.palette import DARK, LIGHT, Palette

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def figure(width: float, height: float, *, dark: bool) -> tuple["Figure", Palette]:
    """Return an empty figure, in inches, and its colours.

    Raises
    ------
    MatplotlibMissingError
        If matplotlib is not installed.
    """
    try:
        from matplotlib.figure import Figure
    except ImportError as error:
        raise MatplotlibMissingError(
            "this figure needs matplotlib, which is not installed; `pip install matplotlib`"
        ) from error
    palette = DARK if dark else LIGHT
    return Figure((width, height), facecolor=palette.background, layout="constrained"), palette


def tidy(axes: Any, palette: Palette) -> None:
    """Give axes the colours of a palette, and no more lines than they need."""
    axes.set_facecolor(palette.background)
    axes.tick_params(colors=palette.edge, labelsize=8)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    for side in ("left", "bottom"):
        axes.spines[side].set_color(palette.faint)
