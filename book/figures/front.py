"""What the report rests on: each claim as a square, by the kind of voice that makes it."""

from __future__ import annotations

from fractions import Fraction

from evidencebook import charts
from evidencebook.charts import Drawing, Size
from evidencebook.drawing import Listing, drawing, is_firm, units
from evidencebook.evidence import capital, cardinal
from figures import EVIDENCE

APART = "worker"


@charts.figure
def voices(size: Size) -> Drawing:
    """A square for each assertion, by kind of voice, those of a worker apart."""
    by_voice: dict[str, list[units.Unit]] = {}
    for claim_id, row in EVIDENCE.assertions.items():
        voice, firm = row["speaker_type"], is_firm(EVIDENCE.fact(claim_id))
        unit = units.Unit(claim_id, firm, _label(voice) if firm else f"{_label(voice)}, in doubt")
        by_voice.setdefault(voice, []).append(unit)
    order = sorted(by_voice, key=lambda voice: (voice != APART, -len(by_voice[voice]), voice))
    rows = [
        units.Row(
            _label(voice), by_voice[voice], "vermilion" if voice == APART else "grey" if voice == "outlet" else "blue"
        )
        for voice in order
    ]
    total, own = sum(map(len, by_voice.values())), len(by_voice.get(APART, ()))
    columns = {
        "Voice": lambda row: row.heading,
        "Claims": lambda row: len(row.units),
        "In doubt": lambda row: sum(not unit.is_firm for unit in row.units),
    }
    return drawing(
        units.chart(size, rows, "unconfirmed or disputed"),
        size,
        f"{capital(cardinal(Fraction(own)) or str(own))} of {total} claims are a worker's; "
        f"{len(by_voice['outlet'])} are an outlet's own words",
        "Each square is one claim of the articles, by the kind of voice that makes it; hollow: unconfirmed or disputed",
        Listing(rows, columns, "{Voice} {Claims}"),
        f"A square for each of {total} claims, in rows by kind of voice.",
        "Those that are unconfirmed or disputed are hollow.",
    )


def _label(voice: str) -> str:
    return capital(EVIDENCE.label("claims", "speaker_type", voice) or voice)
