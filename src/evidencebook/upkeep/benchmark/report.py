"""Timings against budgets, as numbers, a page and a chart."""

from __future__ import annotations

import json
import os
import platform
import statistics
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from evidencebook.upkeep.benchmark.measuring import Timings
from evidencebook.upkeep.benchmark.sizes import Size


@dataclass(frozen=True)
class Budget:
    """One promise: a time against another of the same size, at most so much of it."""

    what: str
    size: Size
    time: str
    against: str
    limit: float


OWN = Size()
FEW, MANY = Size(chapters=8), Size(chapters=64)
LARGE, LARGEST = Size(claims=2_000), Size(claims=20_000, sources=1_000)
BUDGETS = (
    Budget("cold HTML build, against stock `force`", OWN, "cold", "stock force", 0.4),
    Budget("nothing changed, against stock", OWN, "nothing changed", "stock, nothing changed", 1.0),
    Budget("one row edited, against stock `force`", OWN, "one row edited", "stock force", 0.25),
    Budget("one value edited that figures show, against stock `force`", OWN, "one value edited", "stock force", 0.25),
    Budget("PDF after HTML, against the cold HTML build", OWN, "print edition", "cold", 0.5),
)
PER_CHAPTER = 0.2  # of what one more chapter costs with stock `force`
CHECK = 10.0  # seconds, at the largest size
GROWTH = 1.0  # of the claims' growth, between the two large sizes
MEMORY = 1024.0  # MB of the largest process of a build
PAGE = 400.0  # kB of the largest page, compressed: a ledger of many entries must be cut into parts


def ratios(timings: Timings, size: str, time: str, against: str) -> tuple[float, float, float]:
    """Return the median, the least and the greatest ratio of two times that were measured side by side."""
    known = timings.seconds[size]
    found = [one / other for one, other in zip(known[time], known[against], strict=True)]
    return statistics.median(found), min(found), max(found)


def per_chapter(timings: Timings, few: Size, many: Size) -> float | None:
    """Return what one more chapter costs, against stock `force`; None if it was not measured."""
    if few.name not in timings.seconds or many.name not in timings.seconds:
        return None
    ours, stock = (_median(timings, many, name) - _median(timings, few, name) for name in ("cold", "stock force"))
    return ours / stock


def growth(timings: Timings, large: Size, largest: Size) -> float | None:
    """Return how much more a cold build takes, as a share of how many more claims there are; None if not measured."""
    if large.name not in timings.seconds or largest.name not in timings.seconds:
        return None
    assert large.claims and largest.claims
    return _median(timings, largest, "cold") / _median(timings, large, "cold") / (largest.claims / large.claims)


def _median(timings: Timings, size: Size, what: str) -> float:
    return statistics.median(timings.seconds[size.name][what])


def _budgets(timings: Timings) -> Iterator[tuple[str, str, str, bool]]:
    """Yield each promise that was measured: what, its budget, what was found, and whether it holds."""
    for budget in BUDGETS:
        if budget.size.name in timings.seconds:
            median, least, most = ratios(timings, budget.size.name, budget.time, budget.against)
            yield budget.what, f"{budget.limit:g}", f"{median:.2f} ({least:.2f}–{most:.2f})", median <= budget.limit
    cost = per_chapter(timings, FEW, MANY)
    if cost is not None:
        yield "one more chapter, against stock `force`", f"{PER_CHAPTER:g}", f"{cost:.2f}", cost <= PER_CHAPTER
    if LARGEST.name in timings.seconds:
        seconds = _median(timings, LARGEST, "check")
        yield f"check of {LARGEST.name}", f"{CHECK:g} s", f"{seconds:.1f} s", seconds <= CHECK
    grown = growth(timings, LARGE, LARGEST)
    if grown is not None:
        yield "growth of a cold build, against that of the claims", f"{GROWTH:g}", f"{grown:.2f}", grown <= GROWTH
    for size, memory in timings.memory.items():
        yield f"memory of the largest process, {size}", f"{MEMORY:,.0f} MB", f"{memory:,.0f} MB", memory <= MEMORY
    for size, page in timings.pages.items():
        yield f"largest page, compressed, {size}", f"{PAGE:,.0f} kB", f"{page:,.0f} kB", page <= PAGE


def _bounds(timings: Timings) -> Iterator[str]:
    """Yield for each budget of time that does not hold what takes longest in it."""
    for budget in BUDGETS:
        told = timings.phases.get(budget.size.name, {}).get(budget.time, {})
        if budget.size.name not in timings.seconds or not told:
            continue
        if ratios(timings, budget.size.name, budget.time, budget.against)[0] > budget.limit:
            longest = max(told, key=lambda name: told[name])
            seconds = f"{told[longest]:.1f} of {sum(told.values()):.1f} seconds"
            yield f"- {budget.what}, does not hold. Most of it is {longest}: {seconds}, when it was last measured."


def table(timings: Timings, command: str) -> str:
    """Return the measurements as a page of Markdown."""
    lines = [
        "# How long builds take", "",
        f"Measured by `{command}` on {len(os.sched_getaffinity(0))} processors with Python "
        f"{platform.python_version()}; every line compares builds that took turns on the same machine. "
        "Ratios are medians, with the least and the greatest in brackets.", "",
        "| what | budget | measured | holds |", "|---|---|---|---|",
    ]  # fmt: skip
    lines += [
        f"| {what} | {limit} | {found} | {'yes' if holds else '**no**'} |"
        for what, limit, found, holds in _budgets(timings)
    ]
    if bounds := list(_bounds(timings)):
        lines += ["", *bounds]
    for size, known in timings.seconds.items():
        lines += ["", f"## {size[0].upper()}{size[1:]}", "", *_seconds(timings, size, known)]
        lines += _phases(timings.phases.get(size, {}))
    return "\n".join(lines) + "\n"


def _seconds(timings: Timings, size: str, known: Mapping[str, Sequence[float]]) -> Iterator[str]:
    is_compared = "stock force" in known
    yield "| what | seconds |" + " against stock `force` |" * is_compared
    yield "|---|---|" + "---|" * is_compared
    for name, seconds in known.items():
        line = f"| {name} | {statistics.median(seconds):.1f} ({min(seconds):.1f}–{max(seconds):.1f}) |"
        if is_compared:
            median, least, most = ratios(timings, size, name, "stock force")
            line += f" {median:.2f} ({least:.2f}–{most:.2f}) |"
        yield line


def _phases(phases: Mapping[str, Mapping[str, float]]) -> Iterator[str]:
    """Yield a table of where each kind of build spent its time."""
    names = list(dict.fromkeys(name for told in phases.values() for name in told))
    if not names:
        return
    yield ""
    yield f"| where the seconds went | {' | '.join(names)} |"
    yield "|---|" + "---|" * len(names)
    for what, told in phases.items():
        yield f"| {what} | {' | '.join(f'{told[name]:.1f}' if name in told else '' for name in names)} |"


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
    numbers = {
        "command": command,
        "seconds": timings.seconds,
        "phases": timings.phases,
        "memory": timings.memory,
        "pages": timings.pages,
    }
    contents = {"bench.json": json.dumps(numbers, indent=1) + "\n", "bench.md": table(timings, command)}
    if OWN.name in timings.seconds:
        contents["bench.svg"] = chart(timings) + "\n"
        contents["bench.md"] += "\n![How long each way of building took](bench.svg)\n"
    paths = []
    for name, text in contents.items():
        paths.append(folder / name)
        paths[-1].write_text(text, "utf-8")
    return paths
