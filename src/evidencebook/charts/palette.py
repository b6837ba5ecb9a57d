"""The colours of all editions and their charts: on light ground, on dark ground, and on paper."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType

# Okabe and Ito's order of hues, darkened until each has at least 4.5:1 on white (and the dark values on #14181d),
# so that a direct label may take the colour of its mark. https://jfly.uni-koeln.de/color/
LIGHT = MappingProxyType(
    {
        "paper": "#ffffff",
        "ink": "#1c2127",
        "muted": "#59636e",
        "grid": "#dde1e6",
        "soft": "#e9edf2",
        "land": "#f0f1ee",
        "province": "#d9e3ec",
        "water": "#7fa3c0",
        "blue": "#1d5c96",
        "vermilion": "#b8431f",
        "ochre": "#8a6100",
        "teal": "#0f7167",
        "purple": "#74478f",
        "grey": "#6b7580",
    }
)
DARK = MappingProxyType(
    {
        "paper": "#14181d",
        "ink": "#e9ebee",
        "muted": "#aab3bd",
        "grid": "#39424c",
        "soft": "#28303a",
        "land": "#23292f",
        "province": "#2f3f4e",
        "water": "#4f7ea3",
        "blue": "#7fb6ea",
        "vermilion": "#f3957c",
        "ochre": "#dfb458",
        "teal": "#62c4b8",
        "purple": "#c3a3df",
        "grey": "#97a1ac",
    }
)
# Small type and thin rules on paper are darker; `ground` lies behind covers, and `marked` behind highlighted words.
PRINT = MappingProxyType(
    {
        **LIGHT,
        "muted": "#4d5661",
        "grid": "#c3c9d0",
        "vermilion": "#a63c19",
        "ground": "#f6f4ef",
        "marked": "#f0dfb4",
    }
)
COLOURS = LIGHT

_NAME_OF = {value: name for name, value in LIGHT.items()}
_HEX = re.compile(r"#[0-9a-f]{6}\b")


def themed(svg: str) -> str:
    """Return the SVG with each palette colour as a CSS custom property, its light value as the fallback."""

    def swap(match: re.Match[str]) -> str:
        name = _NAME_OF.get(match.group())
        return f"var(--eb-{name}, {match.group()})" if name else match.group()

    return _HEX.sub(swap, svg)


def stylesheet() -> str:
    """Return the CSS that gives the custom properties their values: the system's choice, unless the reader chose."""
    return in_the_dark(_rules(":root", LIGHT), lambda root: _rules(root, DARK))


def in_the_dark(light: str, dark: Callable[[str], str]) -> str:
    """Return rules for light pages, and for dark ones what `dark` makes of the selector of their root."""
    by_system = dark(':root:not([data-theme="light"])')
    by_choice = dark(':root[data-theme="dark"]')
    return f"{light}@media screen and (prefers-color-scheme: dark) {{\n{by_system}}}\n@media screen {{\n{by_choice}}}\n"


def _rules(selector: str, colours: Mapping[str, str]) -> str:
    lines = "".join(f"  --eb-{name}: {value};\n" for name, value in colours.items())
    return f"{selector} {{\n{lines}}}\n"
