"""Defection, escape, disappearance and unrest kept apart: what the articles give of each, and what not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from evidencebook import charts
from evidencebook.charts import Drawing, Size
from evidencebook.evidence import Fact, words
from figures import EVIDENCE, marks, spans
from figures.answers import GIVEN, MISSING, VAGUE, WORDS_ONLY, Answer, Line, cards, grid

# Places wider than a province or city do not say where something happened.
WIDE = ("country", "region")


@dataclass(frozen=True)
class Kind:
    """A kind of event as the articles name it, and the claims that report it.

    `number`, `date` and `doubt` are the claims behind a column where they are not those that report it; `in_words` is
    the number of a report that counts nobody and speaks of one.
    """

    label: str
    reports: tuple[str, ...]
    number: tuple[str, ...] = ()
    date: tuple[str, ...] = ()
    doubt: tuple[str, ...] = ()
    in_words: str = ""

    @property
    def claim_ids(self) -> tuple[str, ...]:
        """The claims that tell of it; whoever disputes it tells something else."""
        return tuple(dict.fromkeys((*self.reports, *self.number, *self.date)))


KINDS = (
    Kind(
        "Group leaves a restaurant for South Korea, called a defection",
        ("restaurant-group-defection-second-source",),
        number=("restaurant-group-size-second-source", "restaurant-group-size-daily-nk"),
        date=("restaurant-group-month-daily-nk",),
        doubt=("restaurant-group-defection-second-source", "restaurant-abduction-claim-pyongyang"),
    ),
    Kind(
        "Attempted escape of a single person",
        ("shenyang-escape-attempt-source",),
        in_words="a single person",
    ),
    Kind("Attempts to escape alone", ("solo-escape-attempts",)),
    Kind("Attempted mass breakouts", ("mass-breakout-attempts-narration",)),
    Kind("More attempts to defect", ("attempted-defections-increase",)),
    Kind(EVIDENCE.events["cadres-disappear"]["label"], ("cadres-disappearing",)),
    Kind(
        "Unrest: workers protest",
        ("researchers-protesters-china",),
        date=("researchers-protest-month",),
    ),
)


COLUMNS = ("Number", "Place", "Date", "Doubt")


def lines() -> list[Line]:
    """The kinds of event with what their claims give, in the order of KINDS."""
    found = []
    for kind in KINDS:
        facts = _facts(kind.claim_ids)
        doubt = next((d for event in _events(facts) if (d := marks.event_doubt(event))), "")
        number, date = kind.number or kind.reports, kind.date or kind.reports
        cells = (
            replace(_number(_facts(number), kind.in_words), claim_ids=number),
            replace(_place(_facts(kind.reports)), claim_ids=kind.reports),
            replace(_date(_facts(date)), claim_ids=date),
            _doubt(facts, doubt, kind.doubt or kind.reports),
        )
        answers = dict(zip(COLUMNS, cells, strict=True))
        found.append(Line(kind.label, _articles(kind.claim_ids), kind.claim_ids, answers))
    return found


def _facts(claim_ids: Sequence[str]) -> list[Fact]:
    return [EVIDENCE.fact(claim_id) for claim_id in claim_ids]


def _articles(claim_ids: Sequence[str]) -> str:
    sources = dict.fromkeys(EVIDENCE.claims[claim_id]["source_id"] for claim_id in claim_ids)
    return "; ".join(marks.source_label(source_id) for source_id in sources)


def _speakers(claim_ids: Sequence[str]) -> str:
    return "; ".join(dict.fromkeys(EVIDENCE.claims[claim_id]["speaker"] for claim_id in claim_ids))


def _events(facts: Sequence[Fact]) -> list[Any]:
    ids = dict.fromkeys(fact.row["event_id"] for fact in facts)
    return [EVIDENCE.events[event_id] for event_id in ids if event_id]


def _number(facts: Sequence[Fact], in_words: str) -> Answer:
    """A count is given where it is exact; an estimate is vague. Doubt about the event has a column of its own."""
    counts = [fact for fact in facts if fact.quantity_interval is not None and fact.row["kind"] == "count"]
    texts = list(dict.fromkeys(words(fact) for fact in counts))
    if not texts:
        return Answer(GIVEN, in_words) if in_words else Answer(MISSING, "not given")
    is_count = all(fact.qualifier == "exact" for fact in counts)
    return Answer(GIVEN if is_count else VAGUE, " or ".join(texts))


def _place(facts: Sequence[Fact]) -> Answer:
    places = [
        EVIDENCE.places[place_id] for place_id in dict.fromkeys(fact.row["place_id"] for fact in facts) if place_id
    ]
    if not places:
        return Answer(MISSING, "not given")
    narrow = [place for place in places if place["kind"] not in WIDE]
    event = next((event for event in _events(facts) if event["place_id"]), None)
    # Where the claims speak of a wider place than the event's, the wider one is all that they carry.
    known = EVIDENCE.places[event["place_id"]] if event else places[0]
    wider = next((place for place in places if place["place_id"] == known["part_of"]), known)
    chosen = narrow[0] if narrow else wider
    return Answer(GIVEN if narrow else VAGUE, chosen["name"])


def _date(facts: Sequence[Fact]) -> Answer:
    """Within a month counts as given; a longer range or a set of dates is vague."""
    event = next(iter(_events(facts)), None)
    when = event["when"] if event else facts[0].when
    if when is None:
        return Answer(MISSING, "not given")
    parts = spans.stretches(when)
    is_near = len(parts) == 1 and parts[0].end - parts[0].start < 0.1
    return Answer(GIVEN if is_near else VAGUE, spans.unbroken(spans.short(when)))


def _doubt(facts: Sequence[Fact], doubt: str, claim_ids: tuple[str, ...]) -> Answer:
    """The doubt about the event, with the claims behind it, or else the claims that pass on hearsay."""
    if doubt:
        return Answer(WORDS_ONLY, doubt, claim_ids)
    hearsay = tuple(fact.fact_id for fact in facts if fact.modality == "hearsay")
    return Answer(WORDS_ONLY, "hearsay" if hearsay else "", hearsay)


@charts.figure
def exits(size: Size) -> Drawing:
    """What the articles give of each kind of departure, and of the unrest: number, place, date, dispute."""
    shown = lines()
    chart = marks.titled(
        cards(shown, COLUMNS, size) if size.is_narrow else grid(shown, (312, 424, 500, 600), 50, size),
        size,
        "Beyond one group and one person, nobody says how many tried to get away",
        "Kinds of event kept apart, with what is given of each; dates as this report works them out",
    )
    return Drawing(
        chart,
        _alt(shown),
        _table(shown, "Kind of event"),
    )


@dataclass(frozen=True)
class Account:
    """What one side says of the unrest: by column, how firmly, in which words, and the claims behind them."""

    label: str
    says: tuple[tuple[str, str, tuple[str, ...]], ...]


POINTS = ("Protest", "People", "Reasons", "Violence")
SILENT = (MISSING, "nothing reported", ())
ACCOUNTS = (
    Account(
        f"{words(EVIDENCE.fact('researchers-behind-unrest-account')).capitalize()} researchers, sources withheld",
        (
            (GIVEN, "in {when}", ("researchers-protest-month", "researchers-trading-company-unrest")),
            (VAGUE, "{value}", ("researchers-protesters-china",)),
            (
                GIVEN,
                "unpaid wages, long lockdowns",
                ("researchers-grievance-wages", "researchers-grievance-lockdowns", "cho-helong-cause-wages"),
            ),
            (
                GIVEN,
                "violent, says Cho; managers taken hostage, says Ko",
                ("cho-helong-violent-protests", "ko-hostage-taking"),
            ),
        ),
    ),
    Account(
        "South Korea's intelligence service",
        (
            (VAGUE, "incidents and accidents; no protest named", ("nis-incidents-overseas-statement",)),
            SILENT,
            (VAGUE, "poor living conditions, of incidents in general", ("nis-poor-living-conditions",)),
            SILENT,
        ),
    ),
    Account(
        "China's foreign ministry",
        ((MISSING, "knows nothing of it", ("foreign-ministry-no-knowledge",)), SILENT, SILENT, SILENT),
    ),
    Account(
        "North Korea's embassy and consular office",
        (
            (MISSING, "no answer", ("embassy-beijing-no-answer", "consular-office-dandong-no-answer")),
            SILENT,
            SILENT,
            SILENT,
        ),
    ),
)


def accounts() -> list[Line]:
    """What each side says of the unrest, with values and dates from its claims."""
    found = []
    for account in ACCOUNTS:
        answers, claim_ids = {}, []
        for point, (standing, text, ids) in zip(POINTS, account.says, strict=True):
            facts = [EVIDENCE.fact(claim_id) for claim_id in ids]
            value = words(facts[0]) if facts and facts[0].quantity_interval is not None else ""
            when = spans.short(facts[0].when) if facts and facts[0].when else ""
            answers[point] = Answer(standing, text.format(value=value, when=when), ids)
            claim_ids += ids
        found.append(Line(account.label, _articles(claim_ids), tuple(claim_ids), answers))
    return found


@charts.figure
def unrest_accounts(size: Size) -> Drawing:
    """Who says what of the unrest, point by point."""
    shown = accounts()
    chart = marks.titled(
        cards(shown, POINTS, size, 2) if size.is_narrow else grid(shown, (214, 336, 428, 556), 60, size),
        size,
        "The protest rests on the researchers alone; no other voice confirms or denies it",
        "What each side says of the unrest in China; all of it reached us through a single article",
    )
    told = [
        f"{line.label}: " + ", ".join(f"{point.lower()} {answer.text}" for point, answer in line.answers.items()) + "."
        for line in shown
    ]
    text = marks.alt_text("Table of what each side says of the unrest.", *told)
    return Drawing(
        chart,
        text,
        _table(shown, "Account"),
    )


def _alt(shown: Sequence[Line]) -> str:
    def with_number(standing: str) -> list[Line]:
        return [line for line in shown if line.answers["Number"].standing == standing]

    counted = [f"{line.label}: {line.answers['Number'].text}" for line in with_number(GIVEN)]
    vague = [f"{line.label}: {line.answers['Number'].text}" for line in with_number(VAGUE)]
    none = [line.label for line in with_number(MISSING)]
    disputed = [f"{line.label} ({line.answers['Doubt'].text})" for line in shown if line.answers["Doubt"].text]
    return marks.alt_text(
        f"Table of {len(shown)} kinds of event with marks for what is given of each.",
        f"Number given: {'; '.join(counted)}." if counted else "No number is given of any.",
        f"With an estimate only: {'; '.join(vague)}." if vague else "",
        f"Without any number: {'; '.join(none)}." if none else "",
        f"In doubt: {'; '.join(disputed)}." if disputed else "",
    )


def _table(shown: Sequence[Line], heading: str) -> pd.DataFrame:
    return pd.DataFrame(
        {
            heading: [line.label for line in shown],
            "Who says it": [_speakers(line.claim_ids) for line in shown],
        }
        | {column: [line.answers[column].text or "–" for line in shown] for column in shown[0].answers}
        | {"Source": [_articles(line.claim_ids) for line in shown]}
    )
