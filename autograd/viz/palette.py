"""Colours, in light and in dark; and an SVG that follows its reader's choice of the two."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Palette:
    """The colours of a picture: outlines and fills of kinds, arrows, scales.

    Okabe and Ito's colours, which colour-blind readers tell apart; the outlines differ as well.
    """

    background: str
    text: str
    faint: str
    edge: str
    broadcast: str
    forward: str
    backward: str
    kinds: dict[str, tuple[str, str]] = field(hash=False)
    bad: tuple[tuple[str, str], tuple[str, str]]  # of a value, of a gradient
    plain: str
    ramp: tuple[str, ...]

    def colours(self) -> list[str]:
        """Return all of them, in one order for every palette."""
        return [
            self.background, self.text, self.faint, self.edge, self.broadcast, self.forward,
            self.backward, *(c for pair in self.kinds.values() for c in pair),
            *(c for pair in self.bad for c in pair), self.plain, *self.ramp,
        ]  # fmt: skip


LIGHT = Palette(
    background="white",
    text="black",
    faint="#A3A3A3",
    edge="#444444",
    broadcast="#A84A00",  # darker than theirs, to be read as text
    forward="#1668B8",
    backward="#C62128",
    kinds={
        "leaf": ("#0072B2", "#DCECF7"),
        "constant": ("#6E6E6E", "#F3F3F3"),
        "operation": ("#B87F00", "#FFF4DC"),
        "output": ("#009E73", "#DDF3EC"),
        "group": ("#7A4A8C", "#F3E9F7"),
    },
    bad=(("#C40000", "#FFB3AD"), ("#A6005E", "#FBD3EA")),
    plain="#FBFBFB",
    ramp=("#EEF5FC", "#CFE1F2", "#A6CDE6", "#74B3D8", "#4696CA"),
)
DARK = Palette(
    background="#15181C",
    text="#E9E9E7",
    faint="#6F7479",
    edge="#AEB2B7",
    broadcast="#F2A65E",
    forward="#63B3F5",
    backward="#FF7B72",
    kinds={
        "leaf": ("#56B4E9", "#12354A"),
        "constant": ("#9A9A9B", "#2A2D31"),
        "operation": ("#E69F00", "#3B2F10"),
        "output": ("#35C99A", "#0F3B2E"),
        "group": ("#C79BDA", "#35233D"),
    },
    bad=(("#FF6A61", "#6B1512"), ("#F56CB6", "#571138")),
    plain="#1D2126",
    ramp=("#1A2530", "#1C3A52", "#1F5075", "#236899", "#2A80BD"),
)


def following(svg: str) -> str:
    """Return a light SVG that turns dark where its reader prefers that.

    Examples
    --------
    >>> "prefers-color-scheme: dark" in following('<svg width="1pt"></svg>')
    True
    """
    rules = [f".computation-graph text:not([fill]) {{ fill: {DARK.text} }}"]
    for light, dark in zip(LIGHT.colours(), DARK.colours(), strict=True):
        name = light.lower()
        rules += [f'.computation-graph [fill="{name}"] {{ fill: {dark} }}']
        rules += [f'.computation-graph [stroke="{name}"] {{ stroke: {dark} }}']
    style = "<style>@media (prefers-color-scheme: dark) {\n" + "\n".join(rules) + "\n}</style>"
    head = svg.index(">", svg.index("<svg")) + 1
    opening = svg[:head].replace("<svg", '<svg class="computation-graph"', 1)
    return f"{opening}\n{style}{svg[head:]}"
