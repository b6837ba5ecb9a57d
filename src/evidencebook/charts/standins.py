"""Typefaces of the reader's own machine that stand in until ours have come, made as wide as ours: no line moves."""

from __future__ import annotations

from dataclasses import dataclass

from evidencebook.charts import fonts

# The average width of a letter in running text, as a share of the size of type: ours measured, and those of the
# machines from the same measure, https://www.npmjs.com/package/@capsizecss/metrics (4.3) and @capsizecss/unpack (4.0).
WIDTHS = {(fonts.SERIF, 400): 0.45, (fonts.SERIF, 600): 0.457, (fonts.SANS, 400): 0.418, (fonts.SANS, 600): 0.431}


@dataclass(frozen=True)
class StandIn:
    """A face that machines may have: its names there, regular and bold, and how wide its letters are."""

    regular: tuple[str, ...]
    bold: tuple[str, ...]
    width: float
    bold_width: float


STAND_INS = {
    fonts.SERIF: (
        StandIn(("Georgia",), ("Georgia Bold", "Georgia-Bold"), 0.446, 0.519),
        StandIn(("Noto Serif", "NotoSerif"), ("Noto Serif Bold", "NotoSerif-Bold"), 0.481, 0.512),
        StandIn(("DejaVu Serif",), ("DejaVu Serif Bold",), 0.517, 0.57),
    ),
    fonts.SANS: (
        StandIn(("Arial", "Liberation Sans"), ("Arial Bold", "Arial-BoldMT", "Liberation Sans Bold"), 0.446, 0.48),
        StandIn(("Roboto",), ("Roboto Bold", "Roboto-Bold"), 0.445, 0.452),
        StandIn(("DejaVu Sans",), ("DejaVu Sans Bold",), 0.508, 0.574),
    ),
}
GENERIC = {fonts.SERIF: "serif", fonts.SANS: "sans-serif"}


def stylesheet() -> str:
    """Return the @font-face rules of the stand-ins, and `--serif` and `--sans` with ours first."""
    rules = []
    for family, stand_ins in STAND_INS.items():
        for stand_in in stand_ins:
            rules.append(_rule(family, stand_in, 400, stand_in.regular, stand_in.width))
            rules.append(_rule(family, stand_in, 600, stand_in.bold, stand_in.bold_width))
    return "".join(rules) + f":root {{ --serif: {stack(fonts.SERIF)}; --sans: {stack(fonts.SANS)}; }}\n"


def stack(family: str) -> str:
    """Return the family, its stand-ins and whatever the machine has, as CSS lists them."""
    names = [family, *(_name(family, stand_in) for stand_in in STAND_INS[family])]
    return ", ".join([*(f'"{name}"' for name in names), GENERIC[family]])


def _name(family: str, stand_in: StandIn) -> str:
    return f"{stand_in.regular[0]} for {family}"


def _rule(family: str, stand_in: StandIn, weight: int, local: tuple[str, ...], width: float) -> str:
    source = ", ".join(f'local("{name}")' for name in local)
    share = 100 * WIDTHS[family, weight] / width
    return (
        f'@font-face {{ font-family: "{_name(family, stand_in)}"; font-weight: {weight}; size-adjust: {share:.1f}%; '
        f"src: {source}; }}\n"
    )
