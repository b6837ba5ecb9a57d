"""What is reported from which place along the border."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from evidencebook import charts
from evidencebook.charts import Drawing, Size
from evidencebook.drawing import (
    ASIDE,
    HEAD,
    SMALL,
    Canvas,
    Listing,
    Symbol,
    drawing,
    event_doubt,
    is_firm,
    maps,
    named,
    provenance,
)  # fmt: skip
from evidencebook.evidence import doubt, words
from evidencebook.evidence.doubts import UNCONFIRMED
from evidencebook.values import dates
from figures import EVIDENCE, ROOT

SHAPES = maps.features(ROOT / "data" / "reference" / "borders.geojson")


@dataclass(frozen=True)
class Report:
    """What one claim says of a place, in few words; {} stands for its value. Further claims say the same."""

    place_id: str
    text: str
    claim_ids: tuple[str, ...]

    @property
    def said(self) -> str:
        """The words with the year of what is described, and what is doubtful about it."""
        fact = EVIDENCE.fact(self.claim_ids[0])
        value = "" if fact.quantity_interval is None else words(fact)
        event = EVIDENCE.events.get(fact.row["event_id"] or "")
        is_doubtful = doubt(fact) or (event and event_doubt(EVIDENCE, event)) or ("" if is_firm(fact) else UNCONFIRMED)
        return ", ".join(filter(None, (self.text.format(value), year(fact.when), is_doubtful)))

    @property
    def place(self) -> Any:
        return EVIDENCE.places[self.place_id]


REPORTS = (
    Report("hunchun", "workers no longer seen", ("hunchun-workers-unseen",)),
    Report("tumen", "one factory’s workers shut in", ("tumen-factory-confinement",)),
    Report("tumen", "road signs gone", ("tumen-signs-removed",)),
    Report("jilin", "{} workers", ("jilin-workers-dailynk-sources",)),
    Report("helong", "violent protest", ("cho-helong-violent-protests",)),
    Report("shenyang", "one attempt to escape", ("shenyang-escape-attempt-source",)),
    Report("dandong", "main crossing", ("dandong-sinuiju-main-crossing-rfa",)),
    Report("sinuiju", "stays of {} when permits are renewed", ("sinuiju-stay-days-narration",)),
)
# Layout only. Wide: pixels from a place to its words, and on which side of that point they stand; provinces and names
# of countries and rivers by degrees.
SPOTS = {
    "hunchun": (14, 100, "left"), "tumen": (-28, -30, "right"), "helong": (-12, 10, "right"),
    "shenyang": (14, -2, "left"), "dandong": (-16, -16, "right"), "sinuiju": (24, 8, "left"),
}  # fmt: skip
# Words that keep within their land, in pixels, and those that stand in the sea.
ROOM, AT_SEA = {"dandong": 90, "hunchun": 140, "shenyang": 95, "sinuiju": 175}, ("hunchun",)
AT = {
    "jilin": (126.1, 44.0), "liaoning": (121.9, 41.4), "china": (120.3, 43.6), "north-korea": (127.4, 40.7),
    "russia": (132.4, 44.0), "Yalu": (125.7, 40.62), "Tumen": (128.95, 41.8),
}  # fmt: skip

# Narrow: pixels from a place to its number, where two would lie on each other.
APART = {"sinuiju": (12, 8), "dandong": (-10, -6), "hunchun": (8, 4), "tumen": (-3, -3)}


@charts.figure
def reported(size: Size) -> Drawing:
    """What is reported where: words at each place on wide pages, numbers with a list below on narrow ones."""
    canvas = Canvas(size)
    west, east, south, north = size.choose((119.4, 133.2, 39.15, 44.3), (121.6, 131.4, 39.2, 44.3))
    frame = maps.Frame(west, east, south, north, canvas.room)
    canvas.box(0, 0, canvas.room, frame.height, "grid", 0, 1)
    _names(canvas, frame)
    height = (_numbers if size.is_narrow else _labels)(canvas, frame)
    columns = {
        "Place": lambda report: report.place["name"],
        "What is reported": lambda report: report.said,
        **{
            head: lambda report, column=column: provenance(EVIDENCE, report.claim_ids[0], column)
            for head, column in (("Who says so", "speaker"), ("Source", "source_id"), ("Date", "when"))
        },
    }
    layers = [
        frame.shapes(SHAPES["country"], "land", "grid"),
        frame.shapes(SHAPES["province"], "province", "grey", 0.5),
        frame.shapes(SHAPES["border"], None, "grey", 1.2, (4, 2)),
        frame.shapes(SHAPES["river"], None, "water", 2),
    ]
    return drawing(
        canvas.chart(height, *layers),
        size,
        "Most cities of which anything is reported lie at or near the border",
        "What is reported from cities and provinces, and of when; a disc stands for a whole city",
        Listing(REPORTS, columns, "{Place}: {What is reported}"),
        "Map of the border between north-eastern China and North Korea with what is reported from each place.",
        "No position is finer than a city.",
    )


def year(when: str | None) -> str:
    """The year or years of a date in few letters; nothing for none."""
    if not when:
        return ""
    span = dates.parse(when)
    first, last = span.earliest.year, span.latest.year
    return (
        str(first)
        if first == last
        else f"{first} or {last}"
        if span.one_of and last == first + 1
        else f"{first}–{last}"
    )


def by_place() -> dict[str, list[Report]]:
    found: dict[str, list[Report]] = {}
    for report in REPORTS:
        found.setdefault(report.place_id, []).append(report)
    return found


def _xy(frame: maps.Frame, place_id: str) -> tuple[float, float]:
    row = EVIDENCE.places[place_id]
    return frame.xy(*AT.get(place_id, (float(row["lon"] or 0), float(row["lat"] or 0))))


def _labels(canvas: Canvas, frame: maps.Frame) -> float:
    """Words at each place, joined to the disc of a city by a line."""
    for place_id, reports in by_place().items():
        x, y = _xy(frame, place_id)
        right, down, align = SPOTS.get(place_id, (0, 0, "center"))
        if place_id in SPOTS:
            canvas.symbol(x, y, Symbol("circle", 150, "grey", 0.4, 0))
            canvas.rule(x, y, x + right * 0.85, y + down, "muted", 0.9)
        x, y = x + right, y + down
        name = reports[0].place["name"] + (" province" if reports[0].place["kind"] == "province" else "")
        y = canvas.text(x, y, name, HEAD, align=align, ground=_ground(place_id))
        for report in reports:
            y = _said(canvas, report, x, y, ROOM.get(place_id, canvas.room), align)
    return frame.height


def _said(canvas: Canvas, report: Report, x: float, y: float, room: float, align: str = "left") -> float:
    what = named(report.claim_ids, f"{report.place['name']}: {report.said}")
    ground = "paper" if canvas.size.is_narrow else _ground(report.place_id)
    return canvas.text(x, y, report.said, SMALL.tinted("ink"), room=room, align=align, named=what, ground=ground)


def _ground(place_id: str) -> str:
    if place_id in AT_SEA:
        return "paper"
    return "land" if EVIDENCE.places[place_id]["part_of"] == "north-korea" else "province"


def _numbers(canvas: Canvas, frame: maps.Frame) -> float:
    """A number at each place, and below the map what is reported there."""
    below = frame.height + 20.0
    for number, (place_id, reports) in enumerate(by_place().items(), 1):
        x, y = _xy(frame, place_id)
        across, down = {"sinuiju": (12, 8), "dandong": (-10, -6), "hunchun": (8, 4), "tumen": (-3, -3)}.get(
            place_id, (0, 0)
        )
        canvas.symbol(x + across, y + down, Symbol("circle", 330, "ink", 1, 0))
        canvas.text(x + across, y + down, str(number), HEAD.tinted("paper"), align="center", ground="")
        canvas.text(0, below, f"{number}\u2002{reports[0].place['name']}", HEAD)
        below += HEAD.leading
        for report in reports:
            below = _said(canvas, report, 16, below, canvas.room - 16)
        below += 6
    canvas.box(0, frame.height + 0.5, canvas.room, below, "paper")
    return below - 8


def _names(canvas: Canvas, frame: maps.Frame) -> None:
    for place_id, ground in (("china", "land"), ("north-korea", "land"), ("russia", "land"), ("liaoning", "province")):
        x, y = _xy(frame, place_id)
        if 30 < x < canvas.room - 20:
            name = EVIDENCE.places[place_id]["name"] + (" province" if ground == "province" else "")
            canvas.text(x, y, name, SMALL, align="center", ground=ground)
    for river in SHAPES["river"]:
        name = river["properties"]["name"]
        said = name if canvas.size.is_narrow else f"{name} River"  # the city of Tumen has its name beside it
        canvas.text(*frame.xy(*AT[name]), said, ASIDE, ground="land")
