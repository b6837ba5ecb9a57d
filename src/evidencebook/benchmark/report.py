"""Timings against budgets, as numbers, a page and a chart."""

from __future__ import annotations

import json
import os
import platform
import statistics
from dataclasses import dataclass
from pathlib import Path

from evidencebook.benchmark.measuring import Timings
from evidencebook.benchmark.sizes import Size


@dataclass(frozen=True)
class Budget:
    """One promise: a time against another, at most so much of it, for one size."""

    what: str
    size: Size
    time: str
    against: str
    limit: float


OWN = Size()
BUDGETS = (
    Budget("cold HTML build, against stock `force`", OWN, "cold", "stock force", 0.4),
    Budget("nothing changed, against stock", OWN, "nothing changed", "stock, nothing changed", 1.0),
    Budget("one row edited, against stock `force`", OWN, "one row edited", "stock force", 0.25),
    Budget("PDF after HTML, against the cold HTML build", OWN, "print edition", "cold", 0.5),
)


def ratios(timings: Timings, size: str, time: str, against: str) -> tuple[float, float, float]:
    """Return the median, the least and the greatest ratio of two times that were measured side by side."""
    known = timings.seconds[size]
    found = [one / other for one, other in zip(known[time], known[against], strict=True)]
    return statistics.median(found), min(found), max(found)


def per_chapter(timings: Timings, few: Size, many: Size) -> float | None:
    """Return what one more chapter costs, against stock `force`; None if it was not measured."""
    if few.name not in timings.seconds or many.name not in timings.seconds:
        return None
    least, most = timings.seconds[few.name], timings.seconds[many.name]
    grown = [
        statistics.median(most[name]) - statistics.median(least[name]) for name in ("cold", "stock force")
    ]  # fmt: skip
    return grown[0] / grown[1]


def table(timings: Timings, command: str) -> str:
    """Return the measurements as a page of Markdown."""
    lines = [
        "# How long builds take", "",
        f"Measured by `{command}` on {len(os.sched_getaffinity(0))} processors with Python "
        f"{platform.python_version()}; every line compares builds that took turns on the same machine. "
        "Ratios are medians, with the least and the greatest in brackets.", "",
        "| what | budget | measured | holds |", "|---|---|---|---|",
    ]  # fmt: skip
    for budget in BUDGETS:
        if budget.size.name in timings.seconds:
            median, least, most = ratios(timings, budget.size.name, budget.time, budget.against)
            holds = "yes" if median <= budget.limit else "**no**"
            lines.append(f"| {budget.what} | {budget.limit:g} | {median:.2f} ({least:.2f}–{most:.2f}) | {holds} |")
    cost = per_chapter(timings, Size(chapters=8), Size(chapters=64))
    if cost is not None:
        lines.append(
            f"| one more chapter, against stock `force` | 0.2 | {cost:.2f} | {'yes' if cost <= 0.2 else '**no**'} |"
        )
    lines.append(f"| memory of the largest process | 1,024 MB | {timings.memory:,.0f} MB | "
                 f"{'yes' if timings.memory <= 1024 else '**no**'} |")  # fmt: skip
    for size, known in timings.seconds.items():
        lines += [
            "",
            f"## {size[0].upper()}{size[1:]}",
            "",
            "| what | seconds | against stock `force` |",
            "|---|---|---|",
        ]
        for name, seconds in known.items():
            median, least, most = ratios(timings, size, name, "stock force")
            spread = f"{min(seconds):.1f}–{max(seconds):.1f}"
            lines.append(
                f"| {name} | {statistics.median(seconds):.1f} ({spread}) | {median:.2f} ({least:.2f}–{most:.2f}) |"
            )
        if timings.phases.get(size):
            told = ", ".join(f"{name} {spent:.1f} s" for name, spent in timings.phases[size].items())
            lines += ["", f"A cold build's time: {told}."]
    return "\n".join(lines) + "\n"


def chart(timings: Timings) -> str:
    """Return the measurements of the report as it is, as an SVG."""
    import altair as alt
    import pandas as pd

    from evidencebook.charts import renderer

    renderer.enable()
    known = timings.seconds[OWN.name]
    rows = [
        {"what": name, "seconds": statistics.median(all_), "low": min(all_), "high": max(all_)}
        for name, all_ in known.items()
    ]
    base = alt.Chart(pd.DataFrame(rows)).encode(y=alt.Y("what:N", sort=None, title=None, axis=alt.Axis(labelLimit=240)))
    bars = base.mark_bar(height=14).encode(x=alt.X("seconds:Q", title="seconds, median and spread"))
    spread = base.mark_rule(strokeWidth=2).encode(x="low:Q", x2="high:Q")
    return renderer.to_svg((bars + spread).properties(width=460).to_dict())


def write(timings: Timings, folder: Path, command: str) -> list[Path]:
    """Write the measurements to `folder` as numbers, a page and a chart, and return the paths."""
    folder.mkdir(parents=True, exist_ok=True)
    numbers = {"command": command, "seconds": timings.seconds, "phases": timings.phases, "memory": timings.memory}
    contents = {"bench.json": json.dumps(numbers, indent=1) + "\n", "bench.md": table(timings, command)}
    if OWN.name in timings.seconds:
        contents["bench.svg"] = chart(timings) + "\n"
        contents["bench.md"] += "\n![How long each way of building took](bench.svg)\n"
    paths = []
    for name, text in contents.items():
        paths.append(folder / name)
        paths[-1].write_text(text, "utf-8")
    return paths
