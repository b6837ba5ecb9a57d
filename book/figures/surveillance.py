"""How workers are controlled: the measures that each article reports, and what is said to have changed."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import altair as alt
import pandas as pd

from evidencebook import charts
from evidencebook.charts import ABOUT, COLOURS, FACTS, Drawing, Size
from evidencebook.evidence import Fact, cardinal, doubt, words
from evidencebook.tables import Row
from evidencebook.values import dates
from figures import EVIDENCE, marks, spans

# Topics of the claims on control, in the words of the figure; two topics may be one kind of control.
CONTROLS = {
    "ideological-training": "Ideological training",
    "confinement": "Confinement and isolation",
    "contact-ban": "Limits on outside contact",
    "permit-renewal": "Permits and their renewal",
    "communication-ban": "Limits on calls and social media",
    "scrutiny": "Closer watch, not specified",
    "response": "Closer watch, not specified",
    "movement-ban": "No long journeys or transfers",
    "location": "Gathering in border provinces",
    "security-staffing": "Managers and security staff",
    "withholding": "Pay withheld or held by managers",
    "payment-route": "Pay withheld or held by managers",
    "remittance": "No presents for the family",
    "selection": "Stricter selection",
    "background-checks": "Wider background checks",
    "penalties": "Penalties, also for families",
    "oath": "Oath and secrecy pledge",
    "informants": "Rewards for informing",
    "electronic-monitoring": "Training on electronic surveillance",
}
# Claims on how control is exercised; the events under these topics show the time before it.
ASSERTING = ("measure", "policy", "count", "duration", "ratio", "statement")
LOOSE = ("hearsay", "inferred", *marks.UNFIRM)


@dataclass(frozen=True)
class Cell:
    """The claims of one article about one kind of control."""

    control: str
    source_id: str
    claim_ids: tuple[str, ...]
    is_stated: bool

    @property
    def claims(self) -> int:
        """How many they are."""
        return len(self.claim_ids)


def cells() -> list[Cell]:
    """The filled cells of the matrix; one is stated where at least one of its claims is stated as fact."""
    found: dict[tuple[str, str], list[Row]] = {}
    for row in EVIDENCE.assertions.values():
        is_control = row["theme"] == "surveillance" and row["topic"] in CONTROLS and row["kind"] in ASSERTING
        if is_control or row["kind"] == "measure":
            control = CONTROLS.get(row["topic"], row["topic"].replace("-", " ").capitalize())
            found.setdefault((control, row["source_id"]), []).append(row)
    return [
        Cell(
            control,
            source_id,
            tuple(row["claim_id"] for row in told),
            any(row["modality"] not in LOOSE for row in told),
        )
        for (control, source_id), told in found.items()
    ]


def articles() -> list[str]:
    """The articles in order of their earliest possible day of publication."""
    return sorted(EVIDENCE.sources, key=lambda each: dates.parse(EVIDENCE.sources[each]["published"]).earliest)


@charts.figure
def measures(size: Size) -> Drawing:
    """Kinds of control by article: how many claims tell of each, and whether any is stated outright."""
    shown, columns = cells(), articles()
    controls = _ordered(shown, columns)
    chart = marks.titled(
        _matrix(shown, controls, columns, size),
        size,
        _measures_title(shown),
        "Number of claims about each kind of control; articles in order of publication, likely dates below",
    )
    return Drawing(
        chart,
        _measures_alt(shown, controls, columns),
        _measures_table(shown, controls, columns),
    )


def _measures_title(shown: Sequence[Cell]) -> str:
    """How many kinds of control more than one article tells of, and how many just one."""
    told = Counter(cell.control for cell in shown)
    several = sum(articles > 1 for articles in told.values())
    spelled = cardinal(Fraction(several)) or str(several)
    one = cardinal(Fraction(len(told) - several)) or str(len(told) - several)
    return f"{marks.capital(spelled)} kinds of control appear in more than one article, {one} in one alone"


def _ordered(shown: Sequence[Cell], columns: Sequence[str]) -> list[str]:
    """Controls told of by most articles first, then by the article that tells of them first."""
    told = {cell.control: [c for c in shown if c.control == cell.control] for cell in shown}

    def key(control: str) -> tuple[int, int, int, str]:
        first = min(columns.index(cell.source_id) for cell in told[control])
        return -len(told[control]), first, -sum(cell.claims for cell in told[control]), control

    return sorted(told, key=key)


def _matrix(shown: Sequence[Cell], controls: Sequence[str], columns: Sequence[str], size: Size) -> alt.LayerChart:
    """Rows of discs and rings; on narrow pages each row has its label above it."""
    row = size.choose(27, 43)
    label = size.choose(190, 0)
    step = (size.width - 8 - label) / len(columns)
    centre = {source_id: label + step * (number + 0.5) for number, source_id in enumerate(columns)}
    line = {control: row * (number + 0.5) for number, control in enumerate(controls)}
    mark_at = size.choose(0, 10)
    dots = [
        {
            "across": centre[cell.source_id],
            "down": line[cell.control] + mark_at,
            "text": str(cell.claims),
            "fill": fill,
            FACTS: " ".join(cell.claim_ids),
            ABOUT: f"{cell.control}: {marks.claims(cell.claims)} in {marks.source_label(cell.source_id)}",
        }
        for cell in shown
        for fill in [COLOURS["blue"] if cell.is_stated else spans.HOLLOW]
    ]
    # What belongs to a row fades with the claims of all its cells.
    told = {
        control: " ".join(claim_id for cell in shown if cell.control == control for claim_id in cell.claim_ids)
        for control in controls
    }
    empty = [
        {"across": centre[source_id], "down": line[control] + mark_at, FACTS: told[control]}
        for control in controls
        for source_id in columns
        if not any((cell.control, cell.source_id) == (control, source_id) for cell in shown)
    ]
    names = [
        {"across": 0.0, "down": line[each] - size.choose(0, 11), "text": each, FACTS: told[each]} for each in controls
    ]
    heads = [{"across": centre[each], "text": _heading(each, size)} for each in columns]
    rules = [{"across": 0.0, "down": row * number, "end": float(size.width - 8)} for number in range(len(controls) + 1)]
    bottom = row * len(controls) + 20
    key_at = size.choose((0, bottom, 300, bottom), (0, bottom, 0, bottom + 22))
    key = [
        {"across": key_at[0] + 8, "down": key_at[1], "fill": COLOURS["blue"], "text": "n"},
        {"across": key_at[2] + 8, "down": key_at[3], "fill": spans.HOLLOW, "text": "n"},
    ]
    meanings = [
        {"across": key_at[0] + 22.0, "down": key_at[1], "text": "n claims, at least one stated outright"},
        {"across": key_at[2] + 22.0, "down": key_at[3], "text": "n claims, hearsay or surmise only"},
    ]
    head_lines = max(each["text"].count("\n") for each in heads) + 1
    x = alt.X("across:Q", axis=None, scale=alt.Scale(domain=[0, size.width - 8], nice=False))
    top, end = -10.0 - 13 * head_lines, key_at[3] + 14
    heads = [{**each, "down": top} for each in heads]
    y = alt.Y("down:Q", axis=None, scale=alt.Scale(domain=[top, end], reverse=True, nice=False))
    columns_drawn = ("across", "down", "fill", FACTS, ABOUT)
    filled = alt.Chart(pd.DataFrame([{k: d.get(k, "") for k in columns_drawn} for d in dots + key]))
    layers = [
        alt.Chart(pd.DataFrame(rules)).mark_rule(color=COLOURS["grid"]).encode(x=x, x2=alt.X2("end"), y=y),
        alt.Chart(pd.DataFrame(empty)).mark_point(size=6, color=COLOURS["grey"]).encode(x=x, y=y),
        filled.mark_point(
            shape="circle", size=380, stroke=COLOURS["blue"], strokeWidth=1.5, opacity=1, fillOpacity=0.3
        ).encode(x=x, y=y, fill=alt.Fill("fill:N", scale=None)),
        marks.text_layer(dots + key, x, y, ground="", align="center", fontWeight=600, fontSize=12),
        marks.text_layer(names, x, y, fontSize=12.5),
        marks.text_layer(
            heads, x, y, align="center", baseline="top", fontSize=size.choose(11, 10), lineHeight=13,
            color=COLOURS["muted"],
        ),
        marks.text_layer(meanings, x, y, fontSize=12, color=COLOURS["muted"]),
    ]  # fmt: skip
    return alt.layer(*layers).properties(height=end - top)


def _heading(source_id: str, size: Size) -> str:
    """Outlet and likely dates of publication, in lines that fit a column."""
    outlet = marks.source_label(source_id).rpartition(",")[0]
    date = spans.unbroken(spans.short(EVIDENCE.sources[source_id]["published"]))
    width = size.choose(17, 13)
    return "\n".join([*textwrap.wrap(outlet, width), *textwrap.wrap(date, width)])


def _measures_alt(shown: Sequence[Cell], controls: Sequence[str], columns: Sequence[str]) -> str:
    by_article = {each: [cell for cell in shown if cell.source_id == each] for each in columns}
    several = [
        f"{control} in {len({cell.source_id for cell in shown if cell.control == control})}"
        for control in controls
        if len({cell.source_id for cell in shown if cell.control == control}) > 1
    ]
    loose = [f"{cell.control} ({marks.source_label(cell.source_id)})" for cell in shown if not cell.is_stated]
    return marks.alt_text(
        f"Matrix of {len(controls)} kinds of control by {len(columns)} articles in order of publication.",
        "Kinds of control told of: "
        + "; ".join(f"{marks.source_label(each)}: {len(by_article[each])}" for each in columns) + ".",
        f"In more than one article: {'; '.join(several)}." if several else "",
        f"As hearsay or surmise only, drawn as rings: {'; '.join(loose)}." if loose else "",
    )  # fmt: skip


def _measures_table(shown: Sequence[Cell], controls: Sequence[str], columns: Sequence[str]) -> pd.DataFrame:
    rows = sorted(shown, key=lambda cell: (controls.index(cell.control), columns.index(cell.source_id)))
    return pd.DataFrame(
        {
            "Kind of control": [cell.control for cell in rows],
            "Article": [marks.source_label(cell.source_id) for cell in rows],
            "Published": [dates.words(EVIDENCE.sources[cell.source_id]["published"]) for cell in rows],
            "Claims": [str(cell.claims) for cell in rows],
            "Standing": ["stated" if cell.is_stated else "hearsay or surmise only" for cell in rows],
        }
    )


@dataclass(frozen=True)
class Panel:
    """A comparison with its own unit: claims of the time before, and of now."""

    heading: str
    unit: str
    before: str
    now: str
    end: int  # of the axis, for layout only


PANELS = (
    Panel(
        "Trip to renew a permit",
        "days away",
        "permit-renewal-former-length-narration",
        "sinuiju-stay-days-narration",
        5,
    ),
    Panel(
        "Background checks",
        "relatives and coworkers of applicants checked",
        "background-checks-number-before",
        "background-checks-number-now",
        10,
    ),
    Panel(
        "After trouble abroad",
        "years of economic and political disadvantage",
        "disadvantage-duration-before",
        "disadvantage-duration-now",
        5,
    ),
)
UNCOUNTED = {"permit-renewal-former-length-narration": "a quick trip within the day"}


@charts.figure
def before_after(size: Size) -> Drawing:
    """Permit renewal, background checks and penalties, before and now, each in its own unit."""
    width = size.choose((size.width - 78) // 3, size.width - 24)
    panels = [_panel(panel, width) for panel in PANELS]
    joined = alt.hconcat(*panels, spacing=26) if not size.is_narrow else alt.vconcat(*panels, spacing=22)
    chart = marks.titled(
        joined,
        size,
        "Where an earlier and a present rule are given, the present one is reported as stricter",
        "Before and now, as reported; each panel in its own unit. Dashed: hearsay.",
    )
    rows = [(panel, time, EVIDENCE.fact(fact_id)) for panel in PANELS for time, fact_id in _times(panel)]
    return Drawing(
        chart,
        _change_alt(rows),
        _change_table(rows),
    )


def _times(panel: Panel) -> tuple[tuple[str, str], tuple[str, str]]:
    return ("before", panel.before), ("now", panel.now)


def wording(fact: Fact) -> str:
    """The value in words with its standing, or how it was described where no number was given."""
    if fact.quantity_interval is None:
        return UNCOUNTED.get(fact.fact_id, "no figure given")
    text = words(fact).replace("relatives-and-coworkers", "people")
    return f"{text} ({doubt(fact)})" if doubt(fact) else text


def _panel(panel: Panel, width: int) -> alt.LayerChart:
    facts = {time: EVIDENCE.fact(fact_id) for time, fact_id in _times(panel)}
    drawn = [
        marks.Mark(
            time,
            fact.quantity_interval,
            float(panel.end),
            not doubt(fact),
            COLOURS[colour],
            facts=fact.fact_id,
            about=f"{panel.heading}, {time}",
        )
        for (time, fact), colour in zip(facts.items(), ("grey", "vermilion"), strict=True)
    ]
    axis = alt.Axis(
        values=list(range(0, panel.end + 1, panel.end // 5)),
        format="d",
        title=textwrap.wrap(panel.unit, 32),
        titleAnchor="start",
    )
    scale = alt.Scale(domain=[0, panel.end], nice=False)
    y = alt.Y("row:N", sort=list(facts), axis=None, scale=alt.Scale(type="point", padding=0.5))

    def x(column: str) -> alt.X:
        return alt.X(f"{column}:Q", scale=scale, axis=axis)

    named = {
        time: {"row": time, "value": 0.0, FACTS: fact.fact_id, ABOUT: f"{panel.heading}, {time}"}
        for time, fact in facts.items()
    }
    heads = [{**named[time], "text": _head(time, fact)} for time, fact in facts.items()]
    gaps = [
        {**named[time], "text": "no figure to draw"} for time, fact in facts.items() if fact.quantity_interval is None
    ]
    layers = marks.interval_layers(drawn, x, y)
    layers.append(marks.text_layer(heads, x("value"), y, dy=-18, fontSize=12.5))
    if gaps:
        layers.append(marks.text_layer(gaps, x("value"), y, dy=4, fontStyle="italic", color=COLOURS["muted"]))
    source = marks.source_label(facts["now"].row["source_id"])
    title = alt.Title(panel.heading, subtitle=source, fontSize=13, offset=4)
    return alt.layer(*layers).properties(width=width, height=112, title=title)


def _head(time: str, fact: Fact) -> str:
    return f"{time.capitalize()}: {wording(fact)}"


def _change_alt(rows: Sequence[tuple[Panel, str, Fact]]) -> str:
    sentences = [
        f"{panel.heading}, {panel.unit}: before {wording(before)}, now {wording(now)}."
        for (panel, _, before), (_, _, now) in zip(rows[::2], rows[1::2], strict=True)
    ]
    return marks.alt_text("Small bar charts, each in its own unit, compare before and now.", *sentences)


def _change_table(rows: Sequence[tuple[Panel, str, Fact]]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "What": [panel.heading for panel, _, _ in rows],
            "Unit": [panel.unit for panel, _, _ in rows],
            "When": [time for _, time, _ in rows],
            "Value": [wording(fact) for _, _, fact in rows],
            "Standing": [fact.modality for _, _, fact in rows],
            "Who says it": [fact.row["speaker"] for _, _, fact in rows],
            "Source": [marks.source_label(fact.row["source_id"]) for _, _, fact in rows],
            "Date": [marks.date_label(fact.when) for _, _, fact in rows],
        }
    )
