"""EDTF dates keep their doubt as spans, distances and words."""

from __future__ import annotations

import contextlib
from datetime import date

import pytest
from edtf import EDTFParseException, parse_edtf
from hypothesis import given
from hypothesis import strategies as st

from evidencebook.values import dates
from evidencebook.values.intervals import Interval

SPANS = {
    "2016-07-01": ("2016-07-01", "2016-07-01"),
    "2018-08-09/2018-08-31": ("2018-08-09", "2018-08-31"),
    "[2021-10-21,2022-04-21,2022-07-21]": ("2021-10-21", "2022-07-21"),
    "2018~": ("2018-01-01", "2018-12-31"),
    "2017-05": ("2017-05-01", "2017-05-31"),
    "2016-02": ("2016-02-01", "2016-02-29"),
    "2016-04-05/2016-04-07": ("2016-04-05", "2016-04-07"),
    "2024-02-08/2024-02-15": ("2024-02-08", "2024-02-15"),
    "2020/2022-07": ("2020-01-01", "2022-07-31"),
    "2024/..": ("2024-01-01", "9999-12-31"),
    "2024/": ("2024-01-01", "9999-12-31"),
    "../2024-03": ("0001-01-01", "2024-03-31"),
    "[..2019]": ("0001-01-01", "2019-12-31"),
    "[2019..2021]": ("2019-01-01", "2021-12-31"),
    "2019-21": ("2019-03-01", "2019-05-31"),
    "201X": ("2010-01-01", "2019-12-31"),
    "XXXX": ("0001-01-01", "9999-12-31"),
}

WORDS = {
    "2016-07-01": "1 July 2016",
    "2024-01": "January 2024",
    "2017": "2017",
    "2018~": "about 2018",
    "2018-05?": "perhaps May 2018",
    "2018%": "perhaps about 2018",
    "2018-08-09/2018-08-31": "between 9 and 31 August 2018",
    "2025-09-05/2025-10-20": "between 5 September and 20 October 2025",
    "2018-12-15/2019-01-20": "between 15 December 2018 and 20 January 2019",
    "2018-07/2018-08": "between July and August 2018",
    "2024/2025": "between 2024 and 2025",
    "2020/2022-07": "between 2020 and July 2022",
    "2018/2018-05": "between January and May 2018",
    "2018-05/2018-05-20": "between 1 and 20 May 2018",
    "2018/2018": "2018",
    "2018-08~/2018-09": "between about August and September 2018",
    "[2021-10-21,2022-04-21,2022-07-21]": "21 October 2021, 21 April or 21 July 2022",
    "[2021-10,2022-04,2022-07]": "October 2021, April or July 2022",
    "[2018-05-01,2018-05-02]": "1 or 2 May 2018",
    "[2018,2018-05]": "2018 or May 2018",
    "[2018-05,2018-05-03]": "May or 3 May 2018",
    "{2019,2020}": "2019 and 2020",
    "[2019..2021]": "between 2019 and 2021",
    "2024/..": "2024 or later",
    "2024/": "2024 or later",
    "../2024": "2024 or earlier",
    "[..2019]": "2019 or earlier",
    "2019-21": "between March and May 2019",
    "201X": "between 2010 and 2019",
    "XXXX": "an unknown date",
    "../..": "an unknown date",
}


@pytest.mark.parametrize("text", SPANS)
def test_span_runs_from_the_earliest_to_the_latest_day(text: str) -> None:
    span = dates.parse(text)
    assert (span.earliest.isoformat(), span.latest.isoformat()) == SPANS[text]
    assert span.edtf == text


@pytest.mark.parametrize("text", WORDS)
def test_words(text: str) -> None:
    assert dates.words(text) == WORDS[text]


@given(st.dates(), st.sampled_from([4, 7, 10]))
def test_plain_dates_mean_what_the_edtf_package_says(day: date, length: int) -> None:
    text = day.isoformat()[:length]
    span, found = dates.parse(text), parse_edtf(text)
    assert span.earliest.timetuple()[:3] == found.lower_strict()[:3]
    assert span.latest.timetuple()[:3] == found.upper_strict()[:3]


@pytest.mark.parametrize(
    ("text", "approximate"),
    [("2018~", True), ("2018?", True), ("2018%", True), ("2018-08~/2018-09", True), ("2018", False)],
)
def test_qualified_dates_are_approximate(text: str, approximate: bool) -> None:
    assert dates.parse(text).approximate is approximate


def test_alternatives_are_kept() -> None:
    alternatives = dates.parse("[2021-10-21,2022-04-21]").one_of
    assert [span.earliest for span in alternatives] == [date(2021, 10, 21), date(2022, 4, 21)]
    assert dates.parse("{2021,2022}").one_of == ()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the date is empty"),
        (" 2018", "leave out the blanks"),
        ("2018-02-29", "'2018-02-29' is not a day of the calendar: day is out of range"),
        ("2018-13", "not a day of the calendar: month must be in 1..12"),
        ("2022/2020", "ends before it starts"),
        ("2018/2019/2020", "is not a date in EDTF, such as 2018-08-09"),
        ("July 2018", "is not a date in EDTF"),
        ("Y12000", "out of range"),
        ("0000", "out of range"),
    ],
)
def test_wrong_date_is_refused_in_plain_words(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        dates.parse(text)


def distance(count: str, a: str, b: str) -> Interval:
    found = getattr(dates, count)(dates.parse(a), dates.parse(b))
    assert isinstance(found, Interval)
    return found


@pytest.mark.parametrize(
    ("count", "a", "b", "low", "high"),
    [
        ("days_between", "2016-04-05/2016-04-07", "2016-07-01", 85, 87),
        ("days_between", "2016-07-01", "2016-04-05/2016-04-07", -87, -85),
        ("days_between", "2017-05", "2017-05", -30, 30),
        ("days_between", "2017-05-01", "2017-06-01/..", 31, None),
        ("days_between", "../2017-05-01", "2017-06-01", 31, None),
        ("days_between", "2017-06-01/..", "2017-07-01", None, 30),
        ("months_between", "2017-12-22", "2019-12-22", 24, 24),
        ("months_between", "2017-12-22", "2019-12-21", 23, 23),
        ("months_between", "2019-01-31", "2019-02-28", 0, 0),
        ("months_between", "2019-03-15", "2019-03-10", -1, -1),
        ("months_between", "2017-12", "2019-12-22", 23, 24),
        ("years_between", "2017-12-22", "2020-12-21", 2, 2),
        ("years_between", "2017-12-22", "2020-12-22", 3, 3),
        ("years_between", "2016", "2020", 3, 4),
    ],
)
def test_distance_runs_from_the_closest_to_the_farthest_pair(
    count: str, a: str, b: str, low: int | None, high: int | None
) -> None:
    assert distance(count, a, b) == Interval(low, high)


DAYS = st.dates(date(1900, 1, 1), date(2100, 1, 1))


@given(st.tuples(DAYS, DAYS), st.tuples(DAYS, DAYS), st.data())
def test_distance_covers_every_pair_of_days(a: tuple[date, date], b: tuple[date, date], data: st.DataObject) -> None:
    spans = [dates.parse(f"{min(pair)}/{max(pair)}") for pair in (a, b)]
    chosen = [data.draw(st.dates(span.earliest, span.latest)).isoformat() for span in spans]
    for count in (dates.days_between, dates.months_between, dates.years_between):
        exact = count(dates.parse(chosen[0]), dates.parse(chosen[1]))
        assert exact.low is not None and count(*spans).contains(exact.low)


PLAIN = st.tuples(st.dates(), st.sampled_from([4, 7, 10])).map(lambda pair: pair[0].isoformat()[: pair[1]])
HEDGED = st.tuples(PLAIN, st.sampled_from(["", "~", "?", "%"])).map("".join)


@pytest.mark.thorough
@given(
    HEDGED
    | st.tuples(HEDGED, HEDGED).map("/".join)
    | st.tuples(st.sampled_from(["../", "/"]), HEDGED).map("".join)
    | st.tuples(HEDGED, st.sampled_from(["/..", "/"])).map("".join)
    | st.lists(PLAIN, min_size=2).map(lambda found: f"[{','.join(found)}]")
    | st.lists(PLAIN, min_size=2).map(lambda found: f"{{{','.join(found)}}}")
)
def test_what_is_taken_without_asking_the_grammar_is_in_the_grammar(text: str) -> None:
    parse_edtf(text)
    with contextlib.suppress(ValueError):  # an interval that ends before it starts
        assert dates.parse(text).edtf == text


@pytest.mark.parametrize("text", ["2017-08~", "2018?", "2018-02-03%", "2021-04~/2022-07?", "XXXX", "2020-02~"])
def test_what_needs_no_grammar_means_what_the_grammar_says(text: str) -> None:
    halves = [parse_edtf(half) for half in text.split("/")]
    span = dates.parse(text)
    assert span.latest == date(*halves[-1].upper_strict()[:3])
    assert span.earliest == (date.min if text == "XXXX" else date(*halves[0].lower_strict()[:3]))


@pytest.mark.parametrize("text", ["[2021,2022-01..2022-07]", "[2019..2020,2021-03,2022-01-02]"])
def test_a_set_with_stretches_in_it_is_one_to_the_grammar_too(text: str) -> None:
    assert str(parse_edtf(text)) == text.replace(",", ", ")
    assert (dates.parse(text).earliest.year, dates.parse(text).latest.year) in {(2021, 2022), (2019, 2022)}


@pytest.mark.parametrize(
    "text",
    ["2018-21~", "2018-13?", "2018~~", "XXXX~x", "[2021,2022..]x", "[2019..2020-02,2021]", "[2019,2020-13..2021-01]"],
)
def test_what_only_looks_familiar_is_refused_or_left_to_the_grammar(text: str) -> None:
    try:
        parse_edtf(text)
    except EDTFParseException:
        with pytest.raises(ValueError, match="not a d"):
            dates.parse(text)


def test_an_empty_date_is_told_as_one_and_a_long_one_is_not_repeated() -> None:
    with pytest.raises(ValueError, match=r"^the date is empty$"):
        dates.parse("")
    with pytest.raises(ValueError, match=r"^'20162016201620162016'\.\.\. is not a date: it has 204 characters$"):
        dates.parse("2016" * 51)
    with pytest.raises(ValueError, match="is not a day of the calendar"):
        dates.parse("2016-02-30")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("20XX", "between 2000 and 2099"),
        ("2018/2018-05", "between January and May 2018"),
        ("2018/2018-05-30", "between 1 January and 30 May 2018"),
        ("2018-03-02/2018-03", "between 2 and 31 March 2018"),
        ("2018-03-02/2018", "between 2 March and 31 December 2018"),
    ],
)
def test_a_stretch_is_told_by_the_coarsest_units_that_fit_it(text: str, said: str) -> None:
    assert dates.words(text).replace("\u00a0", " ") == said


def test_a_year_or_month_has_all_its_days() -> None:
    for text, first, last in (("2016", "2016-01-01", "2016-12-31"), ("2015-02", "2015-02-01", "2015-02-28")):
        span = dates.parse(text)
        assert (str(span.earliest), str(span.latest)) == (first, last)
