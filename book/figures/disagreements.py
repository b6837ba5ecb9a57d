"""Who is speaking in the articles, how far they can be trusted, and how they fare against other references."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace

import altair as alt
import pandas as pd

from evidencebook import charts
from evidencebook.charts import ABOUT, COLOURS, FACTS, Drawing, Size
from figures import EVIDENCE, TABLES, marks

VOICES = {
    "outlet": "Outlets themselves", "anonymous": "Unnamed sources", "expert": "Experts", "official": "Officials",
    "document": "Documents", "cadre": "Cadres", "employer": "Employers", "employee": "Plant staff", "worker": "Workers",
}  # fmt: skip
RELIABILITY = {
    "A": "completely", "B": "usually", "C": "fairly", "D": "not usually", "E": "unreliable", "F": "cannot be judged",
}  # fmt: skip
CREDIBILITY = {
    1: "confirmed", 2: "probably true", 3: "possibly true", 4: "doubtful", 5: "improbable", 6: "cannot be judged",
}  # fmt: skip
# Verdict -> what it means in a few words and its colour; each also has its own shape, for grey print.
VERDICTS = {
    "agrees": ("with the reference", "teal", "square"),
    "imprecise": ("right in substance, loose in wording or bound", "blue", "diamond"),
    "disputed": ("sources contest it", "purple", "circle"),
    "inconsistent": ("passages do not fit together", "ochre", "triangle-up"),
    "contradicted": ("by the reference", "vermilion", "cross"),
    "unverifiable": ("nothing read that decides it", "grey", "M-0.9,-0.3L0.9,-0.3L0.9,0.3L-0.9,0.3Z"),
}
ALL = "All"

# Vega expressions that break labels such as "F|cannot be judged" for each page width.
LINES = "split(datum.label, '|')"
DIGIT = "split(datum.label, '|')[0]"  # on narrow pages, where the words stand below the title
ONE_LINE = "replace(datum.label, '|', '  ')"
TWO_LINES = "split(replace(replace(datum.label, '|', ' '), ' be ', '|be '), '|')"


@charts.figure
def voices(size: Size) -> Drawing:
    """Number of claims by kind of voice and theme."""
    counts = Counter((str(row["speaker_type"]), str(row["theme"])) for row in EVIDENCE.assertions.values())
    kinds = _by_total(counts, 0)
    themes = _by_total(counts, 1)
    cells = pd.DataFrame(
        [
            {
                "voice": VOICES[kind],
                "theme": marks.theme_label(theme),
                "count": counts[kind, theme],
                FACTS: _claims(speaker_type=kind, theme=theme),
                ABOUT: f"{VOICES[kind]}, {marks.theme_label(theme)}: {marks.claims(counts[kind, theme])}",
            }
            for kind in kinds
            for theme in themes
        ]
    )
    totals = [{"voice": VOICES[kind], "theme": ALL, "text": str(_total(counts, 0, kind))} for kind in kinds]
    columns = [*map(marks.theme_label, themes), ALL]
    x = alt.X(
        "theme:N",
        sort=columns,
        scale=alt.Scale(domain=columns, paddingInner=0.06, paddingOuter=0),
        axis=alt.Axis(title=None, orient="top", labelAngle=size.choose(0, -90), domain=False, ticks=False, grid=False),
    )
    y = alt.Y(
        "voice:N",
        sort=[VOICES[kind] for kind in kinds],
        scale=alt.Scale(paddingInner=0.08, paddingOuter=0),
        axis=alt.Axis(title=None, grid=False),
    )
    layers = [*marks.heat_layers(cells, x, y), marks.text_layer(totals, x, y, align="center", fontWeight=600)]
    chart = marks.titled(
        alt.layer(*layers).properties(height=len(kinds) * size.choose(34, 32)),
        size,
        f"{VOICES[kinds[0]]} speak most often, {VOICES[kinds[-1]].lower()} least",
        "Number of claims by kind of voice and theme; a blank square stands for none",
    )
    said = marks.listed(f"{VOICES[kind].lower()} {_total(counts, 0, kind)}" for kind in kinds)
    by_theme = marks.listed(f"{marks.theme_label(theme).lower()} {_total(counts, 1, theme)}" for theme in themes)
    alternative = marks.alt_text(
        f"Grid of the number of claims by kind of voice and theme, {counts.total()} claims in all.",
        f"By voice: {said}.",
        f"By theme: {by_theme}.",
    )
    table = [
        [VOICES[kind], *(counts[kind, theme] for theme in themes), _total(counts, 0, kind), _sources(kind)]
        for kind in kinds
    ]
    return Drawing(
        chart,
        alternative,
        pd.DataFrame(table, columns=["Voice", *columns, "Sources"]),
    )


@charts.figure
def ratings(size: Size) -> Drawing:
    """Number of claims in each cell of reliability of the voice by credibility of the information."""
    counts = Counter((str(row["reliability"]), int(row["credibility"])) for row in EVIDENCE.assertions.values())
    across = {number: f"{number}|{meaning}" for number, meaning in CREDIBILITY.items()}
    down = {letter: f"{letter}|{meaning}" for letter, meaning in RELIABILITY.items()}
    cells = pd.DataFrame(
        [
            {
                "voice": down[letter],
                "information": across[number],
                "count": counts[letter, number],
                FACTS: _claims(reliability=letter, credibility=number),
                ABOUT: f"Voice {letter} ({RELIABILITY[letter]}), information {number} ({CREDIBILITY[number]}): "
                f"{marks.claims(counts[letter, number])}",
            }
            for letter in RELIABILITY
            for number in CREDIBILITY
        ]
    )
    x = alt.X(
        "information:N",
        sort=list(across.values()),
        scale=alt.Scale(paddingInner=0.06, paddingOuter=0),
        axis=alt.Axis(
            title="Information: is it credible?",
            titleAnchor="start",
            orient="top",
            labelAngle=0,
            labelExpr=size.choose(LINES, DIGIT),
            labelPadding=size.choose(20, 6),
            labelFontSize=size.choose(12, 10.7),
            domain=False,
            ticks=False,
            grid=False,
            labelLineHeight=size.choose(14, 11),
        ),
    )
    y = alt.Y(
        "voice:N",
        sort=list(down.values()),
        scale=alt.Scale(paddingInner=0.08, paddingOuter=0),
        axis=alt.Axis(
            title=size.choose("Voice: is it reliable?", None),
            titleAngle=0,
            titleAlign="left",
            titleX=-122,
            titleY=-12,
            labelExpr=size.choose(ONE_LINE, TWO_LINES),
            labelFontSize=size.choose(12, 10.7),
            grid=False,
            labelLineHeight=12,
        ),
    )
    (letter, number), largest = max(counts.items(), key=lambda item: (item[1], item[0]))
    unjudged = sum(count for (_, credibility), count in counts.items() if credibility == max(CREDIBILITY))
    most = "Most" if unjudged * 2 > counts.total() else "Many"
    chart = marks.titled(
        alt.layer(*marks.heat_layers(cells, x, y)).properties(height=6 * size.choose(40, 44)),
        size,
        f"{most} claims cannot be judged for credibility; hardly any are confirmed",
        size.choose(
            "Number of claims by reliability of the voice (A to F, rows) and credibility of what it says "
            "(1 to 6, columns), judged apart by the Admiralty code; a blank square stands for none",  # typed: its scale
            "Number of claims by reliability of the voice and credibility of what it says, judged apart. "
            f"Columns: {', '.join(f'{number} {meaning}' for number, meaning in CREDIBILITY.items())}",
        ),
    )
    named = marks.listed(
        f"{found} {letter}{number}"
        for (letter, number), found in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    )
    alternative = marks.alt_text(
        f"Grid of {counts.total()} claims by reliability of the voice and credibility of the information.",
        f"The largest cell is {letter}{number} with {largest} claims: reliability {RELIABILITY[letter]}, credibility "
        f"{CREDIBILITY[number]}.",
        f"All cells: {named}.",
        "The ratings are this project's own judgement.",
    )
    table = [
        [
            f"{letter} {meaning}",
            *(counts[letter, number] for number in CREDIBILITY),
            _total(counts, 0, letter),
        ]
        for letter, meaning in RELIABILITY.items()
    ]
    heads = [
        "Reliability of the voice",
        *(f"{number} {meaning}" for number, meaning in CREDIBILITY.items()),
        ALL,
    ]
    frame = pd.DataFrame(table, columns=heads)
    frame["Judged by"] = "this project, from the articles"
    return Drawing(
        chart,
        alternative,
        frame,
    )


@charts.figure
def verdicts(size: Size) -> Drawing:
    """Checks against other references: one mark for each, grouped by verdict and labelled by its subject."""
    columns = _columns(_groups(), size.choose(2, 1))
    height = max(column[-1].bottom for column in columns if column)
    x = alt.X("x:Q", scale=alt.Scale(domain=[0, size.width - 8], nice=False), axis=None)
    y = alt.Y("y:Q", scale=alt.Scale(domain=[0, height], nice=False, reverse=True), axis=None)
    heads, meanings, subjects, dots = [], [], [], []
    for number, column in enumerate(columns):
        left = number * (size.width - 8) / len(columns)
        for group in column:
            meaning, colour, shape = VERDICTS[group.verdict]
            heads.append({"x": left, "y": group.top + 8, "text": f"{group.verdict.capitalize()}\u2002{group.size}"})
            meanings.append({"x": left, "y": group.top + 23, "text": meaning})
            for place, (subject, checks) in enumerate(group.subjects.items()):
                level = group.top + HEAD + ROW * place + ROW / 2
                claim_ids = " ".join(dict.fromkeys(check.claim_id for check in checks))
                about = checks[0].about if len(checks) == 1 else f"{subject}: {len(checks)} checks, {group.verdict}"
                subjects.append({"x": left + GUTTER, "y": level, "text": subject, FACTS: claim_ids, ABOUT: about})
                for index, check in enumerate(checks):
                    dots.append(
                        {
                            "x": left + GUTTER - 10 - 12 * index,
                            "y": level,
                            "shape": shape,
                            "fill": COLOURS[colour] if check.is_read else "transparent",
                            "stroke": COLOURS[colour],
                            FACTS: check.claim_id,
                            ABOUT: check.about,
                        }
                    )
    layers = [
        alt.Chart(pd.DataFrame(dots))
        .mark_point(size=58, opacity=1, strokeWidth=1.5)
        .encode(
            x=x,
            y=y,
            shape=alt.Shape("shape:N", scale=None, legend=None),
            fill=alt.Fill("fill:N", scale=None, legend=None),
            stroke=alt.Stroke("stroke:N", scale=None, legend=None),
        ),
        marks.text_layer(heads, x, y, fontWeight=600, fontSize=13),
        marks.text_layer(meanings, x, y, fontSize=11, color=COLOURS["muted"], fontStyle="italic"),
        marks.text_layer(subjects, x, y, fontSize=11.5),
    ]
    checks = TABLES["checks"].rows
    counts = Counter(str(check["verdict"]) for check in checks)
    unseen = sum(check["confirmation"] != "seen" for check in checks)
    chart = marks.titled(
        alt.layer(*layers).properties(height=height),
        size,
        f"{counts['agrees']} of {len(checks)} points checked agree with the reference, "
        f"{counts['contradicted']} are contradicted",
        "One mark for each point checked; a hollow mark: still to be confirmed in part",
    )
    said = "; ".join(f"{verdict} ({VERDICTS[verdict][0]}) {counts[verdict]}" for verdict in VERDICTS if counts[verdict])
    alternative = marks.alt_text(
        f"Chart of {len(checks)} checks of what the articles say against other references, grouped by verdict: {said}.",
        *(
            f"{group.verdict.capitalize()}: {', '.join(group.subjects)}."
            for group in _groups()
            if group.verdict in ("contradicted", "inconsistent")
        ),
        f"For {unseen} of them a point is still to be confirmed." if unseen else "",
    )
    cells = [
        [
            check["verdict"],
            check["question"],
            check["finding"],
            check["reference"],
            EVIDENCE.claims[check["claim_id"]]["speaker"],
            marks.source_label(EVIDENCE.claims[check["claim_id"]]["source_id"]),
            "read" if check["confirmation"] == "seen" else "in part to be confirmed",
        ]
        for verdict in VERDICTS
        for check in checks
        if check["verdict"] == verdict
    ]
    heads = [
        "Verdict",
        "Point checked",
        "Finding",
        "Reference",
        "Who made the claim",
        "Article",
        "Reference read",
    ]
    return Drawing(
        chart,
        alternative,
        pd.DataFrame(cells, columns=heads),
    )


# Pixels: a group's heading, one row, and the room for marks left of the labels.
HEAD, ROW, GAP, GUTTER = 33, 17, 14, 42


@dataclass(frozen=True)
class Check:
    """A check as drawn: the claim that was checked, whether the reference was read, and the outcome in words."""

    claim_id: str
    is_read: bool
    about: str


@dataclass(frozen=True)
class Group:
    """The checks with one verdict, by subject."""

    verdict: str
    subjects: dict[str, list[Check]]
    top: float = 0.0

    @property
    def size(self) -> int:
        """The number of checks."""
        return sum(len(checks) for checks in self.subjects.values())

    @property
    def height(self) -> float:
        """Pixels from the top of the heading to the bottom of the last row."""
        return HEAD + ROW * len(self.subjects)

    @property
    def bottom(self) -> float:
        """Where it ends, in pixels from the top."""
        return self.top + self.height


def _groups() -> list[Group]:
    groups = []
    for verdict in VERDICTS:
        subjects: dict[str, list[Check]] = {}
        for check in sorted(TABLES["checks"].rows, key=lambda check: check["question"].lower()):
            if check["verdict"] == verdict:
                outcome = f"{check['question']}: {verdict}\n{check['finding']}\nReference: {check['reference']}"
                found = Check(check["claim_id"], check["confirmation"] == "seen", marks.capital(outcome))
                subjects.setdefault(check["question"], []).append(found)
        if subjects:
            groups.append(Group(verdict, subjects))
    return groups


def _columns(groups: list[Group], number: int) -> list[list[Group]]:
    """The groups in one column, or in two that are as even as their order allows."""

    def stacked(column: list[Group]) -> list[Group]:
        top, placed = 0.0, []
        for group in column:
            placed.append(replace(group, top=top))
            top += group.height + GAP
        return placed

    if number == 1:
        return [stacked(groups)]
    splits = [[stacked(groups[:at]), stacked(groups[at:])] for at in range(1, len(groups))]
    return min(splits, key=lambda columns: max(column[-1].bottom for column in columns))


def _total(counts: Counter, part: int, value: object) -> int:
    return sum(count for key, count in counts.items() if key[part] == value)


def _by_total(counts: Counter, part: int) -> list[str]:
    """The first or second parts of the keys, those with most claims first."""
    return sorted({key[part] for key in counts}, key=lambda value: (-_total(counts, part, value), value))


def _claims(**cells: object) -> str:
    """The ids of the claims with these cells, parted by spaces."""
    return " ".join(
        claim_id
        for claim_id, row in EVIDENCE.assertions.items()
        if all(str(row[column]) == str(value) for column, value in cells.items())
    )


def _sources(kind: str) -> str:
    used = {row["source_id"] for row in EVIDENCE.claims.values() if row["speaker_type"] == kind}
    return "; ".join(marks.source_label(source_id) for source_id in sorted(used))
