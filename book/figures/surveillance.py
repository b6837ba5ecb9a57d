"""How workers are controlled: the measures that each article reports, and what is said to have changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from evidencebook import charts
from evidencebook.charts import Drawing, Size
from evidencebook.drawing import (
    BODY,
    HEAD,
    SMALL,
    Canvas,
    Listing,
    Mark,
    Scale,
    answers,
    drawing,
    is_firm,
    named,
    source,
)
from evidencebook.drawing.listing import provenance, value
from evidencebook.drawing.stretches import short, unbroken
from evidencebook.evidence import Fact, capital, cardinal
from evidencebook.values import dates
from figures import EVIDENCE

# Topics of the claims on control, in the words of the figure; two topics may be one kind of control.
CONTROLS = {
    "ideological-training": "Ideological training",
    "confinement": "Limits on leaving, or isolation",
    "contact-ban": "Limits on outside contact",
    "permit-renewal": "Stays at permit renewal",
    "communication-ban": "Limits on calls and social media",
    "scrutiny": "Watch and control, not specified",
    "response": "Watch and control, not specified",
    "movement-ban": "No long journeys or transfers",
    "location": "Gathering in border provinces",
    "security-staffing": "Managers and security staff",
    "payment-route": "Pay withheld or held by managers",
    "withholding": "Pay withheld or held by managers",
    "remittance": "No presents for the family",
    "selection": "Stricter selection",
    "background-checks": "Wider background checks",
    "penalties": "Families answerable, and warnings",
    "oath": "Oath and secrecy pledge",
    "informants": "Reporting and rewards",
    "electronic-monitoring": "Training on electronic surveillance",
}
# A control that is in force is a measure or an order, or one of these; aims, surmises, and the time before are none.
IN_DOUBT = "unconfirmed or disputed"
ELSEWHERE = "of workers abroad in general"
KINDS = ("measure", "policy")
IN_FORCE = (
    "background-checks-number-now", "managers-include-state-security", "sinuiju-stay-days-first-source",
    "sinuiju-stay-days-narration",
)  # fmt: skip


@dataclass(frozen=True)
class Told:
    """What one article says of one kind of control: by which claims, and whether one is firm and not of all abroad."""

    control: str
    source_id: str
    claim_ids: tuple[str, ...]

    @property
    def is_firm(self) -> bool:
        """Whether at least one of its claims is solid or credible, and told of the workers of this report."""
        near = [each for each in self.claim_ids if EVIDENCE.claims[each]["place_id"] != "abroad"]
        return any(is_firm(EVIDENCE.fact(each)) for each in near)

    @property
    def standing(self) -> str:
        """The same in words."""
        if self.is_firm:
            return "solid or credible"
        return ELSEWHERE if any(is_firm(EVIDENCE.fact(each)) for each in self.claim_ids) else IN_DOUBT


def told() -> list[Told]:
    """The kinds of control that each article tells of, those of most articles first, then the earliest article's."""
    found: dict[tuple[str, str], list[str]] = {}
    for claim_id, row in EVIDENCE.assertions.items():
        is_control = row["kind"] in KINDS and (row["theme"] == "surveillance" or row["topic"] in CONTROLS)
        if is_control or claim_id in IN_FORCE:
            control = CONTROLS.get(row["topic"], capital(row["topic"].replace("-", " ")))
            found.setdefault((control, row["source_id"]), []).append(claim_id)
    order = articles()
    by_control: dict[str, list[int]] = {}
    for control, source_id in found:
        by_control.setdefault(control, []).append(order.index(source_id))
    ranked = sorted(by_control, key=lambda each: (-len(by_control[each]), min(by_control[each]), each))
    keys = sorted(found, key=lambda key: (ranked.index(key[0]), order.index(key[1])))
    return [Told(*key, tuple(found[key])) for key in keys]


def articles() -> list[str]:
    """The articles in order of their earliest possible day of publication."""
    return sorted(EVIDENCE.sources, key=lambda each: dates.parse(EVIDENCE.sources[each]["published"]).earliest)


@charts.figure
def measures(size: Size) -> Drawing:
    """Kinds of control by article: firm in one claim at least, in doubt or of all workers abroad, or not told of."""
    shown, columns = told(), articles()
    heads = {each: f"{_outlet(each, size)}|{unbroken(short(EVIDENCE.sources[each]['published']))}" for each in columns}
    by_control: dict[str, dict[str, Any]] = {}
    for one in shown:
        mark = answers.YES if one.is_firm else answers.LOOSELY
        about = f"{one.control}: {one.standing} in {source(EVIDENCE, one.source_id)}"
        by_control.setdefault(one.control, {})[one.source_id] = mark, named(one.claim_ids, about)
    lines = [answers.Line(control, cells) for control, cells in by_control.items()]
    key = [
        (answers.YES, "solid or credible"),
        (answers.LOOSELY, f"{IN_DOUBT}, or of workers abroad"),
        (answers.SILENT, "not mentioned"),
    ]
    several = sum(len(line.cells) > 1 for line in lines)
    listing = {
        "Kind of control": lambda one: one.control,
        "Article": lambda one: source(EVIDENCE, one.source_id),
        "Published": lambda one: dates.words(EVIDENCE.sources[one.source_id]["published"]),
        "Standing": lambda one: one.standing,
    }
    return drawing(
        answers.chart(size, heads, lines, key), size,
        f"{capital(_counted(several))} kinds of control appear in more than one article, "
        f"{_counted(len(lines) - several)} in one alone",
        "Whether an article reports a kind of control; articles in order of publication, likely dates below",
        Listing(shown, listing, ""),
        f"Grid of {len(lines)} kinds of control by {len(columns)} articles in order of publication.",
        *_said(shown),
    )  # fmt: skip


def _said(shown: Sequence[Told]) -> tuple[str, ...]:
    by_article = Counter(one.source_id for one in shown)
    by_control = Counter(one.control for one in shown)
    loose = {
        standing: [f"{one.control} ({source(EVIDENCE, one.source_id)})" for one in shown if one.standing == standing]
        for standing in (IN_DOUBT, ELSEWHERE)
    }
    several = [f"{control} in {count}" for control, count in by_control.items() if count > 1]
    return (
        f"Kinds told of: {'; '.join(f'{source(EVIDENCE, each)}: {by_article[each]}' for each in articles())}.",
        f"In more than one article: {'; '.join(several)}." if several else "",
        *(f"{capital(standing)}, drawn as rings: {'; '.join(cells)}." for standing, cells in loose.items() if cells),
    )


def _outlet(source_id: str, size: Size) -> str:
    """The head of a column; a narrow one has no room for whoever served a copy, whom the table names."""
    outlet = source(EVIDENCE, source_id).rpartition(",")[0]
    return str(size.choose(outlet, outlet.partition(" via ")[0]))


def _counted(number: int) -> str:
    return cardinal(Fraction(number)) or str(number)


@dataclass(frozen=True)
class Panel:
    """A comparison with its own unit: claims of the time before, and of now; the end of its axis, for layout only."""

    heading: str
    unit: str
    before: str
    now: str
    end: int


PANELS = (
    Panel(
        "Trip to renew a permit", "days away", "former-renewal-return-first-source", "sinuiju-stay-days-narration", 5
    ),
    Panel(
        "Background checks", "relatives and coworkers checked", "background-checks-number-before",
        "background-checks-number-now", 10,
    ),
    Panel(
        "After trouble abroad", "years of disadvantage", "disadvantage-duration-before", "disadvantage-duration-now", 5
    ),
)  # fmt: skip


@charts.figure
def before_after(size: Size) -> Drawing:
    """Permit renewal, background checks and penalties, before and now, each in its own unit."""
    canvas = Canvas(size)
    gap, y = 26.0, 8.0
    width = canvas.room if size.is_narrow else (canvas.room - 2 * gap) / 3
    for number, panel in enumerate(PANELS):
        bottom = _panel(canvas, panel, 0 if size.is_narrow else number * (width + gap), y, width)
        y = bottom + 26 if size.is_narrow else y
    pairs = [(panel, time, EVIDENCE.fact(each)) for panel in PANELS for time, each in times(panel)]
    columns = {
        "What": lambda each: f"{each[0].heading}, {each[0].unit}",
        "When": lambda each: each[1],
        "Value": lambda each: wording(each[2]),
        **{
            head: lambda each, column=column: provenance(EVIDENCE, each[2].fact_id, column)
            for head, column in (("Who says it", "speaker"), ("Source", "source_id"), ("Date", "when"))
        },
    }
    return drawing(
        canvas.chart(bottom),
        size,
        "Where an earlier and a present rule are given, the present one is reported as stricter",
        "Before and now, as reported; each in its own unit; hollow: unconfirmed or disputed",
        Listing(pairs, columns, "{What}, {When}: {Value}"),
        "Small charts, each in its own unit, compare before and now.",
    )


def times(panel: Panel) -> tuple[tuple[str, str], tuple[str, str]]:
    """The claims of a panel by their time."""
    return ("before", panel.before), ("now", panel.now)


def wording(fact: Fact) -> str:
    """The value in words with its doubt."""
    return value(fact).replace("relatives-and-coworkers", "people")


def _panel(canvas: Canvas, panel: Panel, left: float, y: float, width: float) -> float:
    """Draw a comparison and return where it ends."""
    scale = Scale(0, panel.end, left, left + width - 8)
    y = canvas.text(left, y, panel.heading, HEAD)
    y = canvas.text(left, y, provenance(EVIDENCE, panel.now, "source_id"), SMALL) + 8
    top = y
    for (time, fact_id), colour in zip(times(panel), ("grey", "vermilion"), strict=True):
        fact = EVIDENCE.fact(fact_id)
        what = named(fact_id, f"{panel.heading}, {time}")
        y = canvas.text(left, y, f"{capital(time)}: {wording(fact)}", BODY, named=what)
        if fact.quantity_interval is not None:
            Mark(fact.quantity_interval, is_firm(fact), colour).draw(canvas, scale, y + 4, what)
        y += 26
    for tick in range(0, panel.end + 1, panel.end // 5):
        canvas.rule(scale.at(tick), top + 9, scale.at(tick), y)
        canvas.text(scale.at(tick), y + 12, str(tick), SMALL, align="center" if tick else "left")
    canvas.rule(left, y, left + width - 8, y, "muted")
    return canvas.text(left, y + 30, capital(panel.unit), SMALL.tinted("ink")) - 4
