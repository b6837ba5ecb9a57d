"""What intake reads out of an article: its text, quantities, dates, voices, likeness, and what must be looked at."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pymupdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidencebook.check import anchors
from evidencebook.check.anchors import SEPARATOR, locate
from evidencebook.check.copying import LONGEST_RUN, words
from evidencebook.intake import card, cautions, fingerprints, measuring, receiving
from evidencebook.intake.amounts import amounts, plain
from evidencebook.intake.candidates import LIKELY, Known, candidates
from evidencebook.intake.fragments import fragment, trimmed
from evidencebook.intake.sentences import apart, sentences
from evidencebook.intake.timing import when
from evidencebook.intake.voices import modality, voice
from evidencebook.tables.problems import BadData

ROOT = Path(__file__).parents[1]
ARTICLES = ROOT / "tests" / "articles"
KOREAN = (ARTICLES / "korean-article.txt").read_text("utf-8")
UNITS = ("persons", "percent", "CNY", "USD", "days", "months", "years", "times", "factories")


def read(sentence: str) -> list[tuple[str, str, str, str, str]]:
    found = amounts(sentence, 0, len(sentence), UNITS)
    return [(plain(one.low), plain(one.high), one.qualifier, one.unit, one.per) for one in found]


@pytest.mark.parametrize(
    ("sentence", "low", "high", "qualifier", "unit", "per"),
    [
        ("As many as 300 miners were missing.", "", "300", "up_to", "persons", ""),
        ("The dam holds no more than 40 days of water.", "", "40", "up_to", "days", ""),
        ("No fewer than 12 nurses signed.", "12", "", "at_least", "persons", ""),
        ("It took over 3,000 yuan from each of them.", "3000", "", "over", "CNY", "each"),
        ("Farmers earn 15 dollars a day.", "15", "15", "exact", "USD", "day"),
        ("The fee was never above 900 yuan.", "", "900", "up_to", "CNY", ""),
        ("Fewer than 50 farmers stayed.", "", "50", "under", "persons", ""),
        ("Between 20 and 30 women work there.", "20", "30", "range", "persons", ""),
        ("They stay for three or four days.", "3", "4", "range", "days", ""),
        ("It may take a year or two.", "1", "2", "range", "years", ""),
        ("Three to five million people fled.", "3000000", "5000000", "range", "persons", ""),
        ("Exports tripled.", "3", "3", "exact", "times", ""),
        ("More than half of the harvest was lost.", "50", "", "over", "percent", ""),
        ("Some two thirds of it is lost.", "66.67", "66.67", "about", "percent", ""),
        ("About $2.5 billion was spent.", "2500000000", "2500000000", "about", "USD", ""),
        ("Hundreds of soldiers came.", "", "", "unquantified", "persons", ""),
        ("Several dozen women left.", "", "", "unquantified", "persons", ""),
        ("At least 15 percent left.", "15", "", "at_least", "percent", ""),
        ("Up to 90% is taken.", "", "90", "up_to", "percent", ""),
        ("The monthly wage is 700 yuan.", "700", "700", "exact", "CNY", "month"),
        ("They must return within 24 months.", "", "24", "up_to", "months", ""),
        ("Ten people or more were held.", "10", "", "at_least", "persons", ""),
        ("Around 40-odd drivers struck.", "40", "40", "about", "persons", ""),
        ("약 3만 5천 명이 일한다.", "35000", "35000", "about", "persons", ""),
        ("매달 2,800위안 이상을 낸다.", "2800", "", "at_least", "CNY", ""),
        ("5만 명에서 7만 명으로 추정된다.", "50000", "70000", "range", "persons", ""),
    ],
)  # fmt: skip
def test_hedge_bounds_unit_and_denominator(
    sentence: str, low: str, high: str, qualifier: str, unit: str, per: str
) -> None:
    assert read(sentence) == [(low, high, qualifier, unit, per)]


@pytest.mark.parametrize(
    "sentence",
    [
        "It happened on 3 May 2019.",
        "Resolution 2397 was adopted.",
        "See page 12.",
        "The Mark-15 was shown.",
        "2019년 12월",
    ],
)
def test_dates_and_names_are_no_quantities(sentence: str) -> None:
    assert read(sentence) == []


def test_a_unit_goes_over_to_the_next_number_of_its_sentence() -> None:
    said = "There are 300 miners in the north and 200 in the south, over three nights."
    assert [(one[0], one[3]) for one in read(said)] == [("300", "persons"), ("200", "persons"), ("3", "nights")]


@pytest.mark.parametrize(
    ("sentence", "weak"),
    [
        ("A woman aged 40 came.", "an age"),
        ("Kim, 40, came.", "an age"),
        ("They pay 700 yuan (100 dollars) for it.", "the same in another currency"),
        ("It began two years ago.", "a distance in time"),
        ("There are 4.", "a small number of nothing that is named"),
        ("There are 300 miners.", ""),
    ],
)
def test_what_is_likely_no_claim_says_why(sentence: str, weak: str) -> None:
    assert amounts(sentence, 0, len(sentence), UNITS)[-1].weak == weak


def test_both_and_an_ordinal_count_and_two_ends_of_a_stretch_are_one() -> None:
    assert [one[:2] for one in read("Both sources say so.")] == [("2", "2")]
    assert [one[:2] for one in read("North Korea carried out its sixth nuclear test.")] == [("6", "6")]
    assert read("They pay between 500 yuan a month and 1,200 yuan.")[0][:3] == ("500", "1200", "range")


@pytest.mark.parametrize(
    ("said", "date", "basis"),
    [
        ("in April 2016", "2016-04", "stated"),
        ("on 9 August 2018", "2018-08-09", "stated"),
        ("on August 9, 2018", "2018-08-09", "stated"),
        ("since 2024", "2024/", "stated"),
        ("last month", "2025-02", "inferred"),
        ("last year", "2024", "inferred"),
        ("this year", "2025", "inferred"),
        ("yesterday", "2025-03-13", "inferred"),
        ("on Thursday", "2025-03-13", "inferred"),
        ("two weeks ago", "2025-02-28", "inferred"),
        ("three months ago", "2024-12", "inferred"),
        ("in December", "2024-12", "inferred"),
        ("in March", "2025-03", "inferred"),
        ("next year", "2026", "inferred"),
        ("지난해", "2024", "inferred"),
        ("2019년 12월", "2019-12", "stated"),
        ("on 2019-05-03", "2019-05-03", "stated"),
        ("before 2019", "../2019", "stated"),
        ("until May 2019", "../2019-05", "stated"),
        ("by the end of 2019", "2019", "stated"),
        ("around 2019", "2019~", "stated"),
        ("in early May", "2024-05", "inferred"),
        ("in recent days", "2025-03-07/2025-03-14", "inferred"),
        ("recently", "2024-12-12/2025-03-14", "inferred"),
        ("last week", "2025-03-03/2025-03-09", "inferred"),
        ("next Friday", "2025-03-21", "inferred"),
        ("last Friday", "2025-03-07", "inferred"),
        ("on Friday", "2025-03-14", "inferred"),
        ("tomorrow", "2025-03-15", "inferred"),
        ("3 days ago", "2025-03-11", "inferred"),
        ("this month", "2025-03", "inferred"),
        ("지난달", "2025-02", "inferred"),
    ],
)
def test_dates_are_told_from_the_day_of_publication(said: str, date: str, basis: str) -> None:
    assert when(f"It closed {said}.", "2025-03-14") == (date, basis)


def test_a_relative_date_of_an_undated_article_is_left_open_and_an_uncertain_one_stays_so() -> None:
    assert when("It closed last month.", None) is None
    assert when("It closed last month.", "2024-02-28/2024-03-02") == ("2024-01/2024-02", "inferred")
    assert when("It closed last month.", "../2024") is None
    assert when("It may close, and they march on.", "2024-02-28") is None
    for said in ("the same year", "last winter", "on 31 February 2019", "May be closed"):
        assert when(f"It closed {said}." if said[0].islower() else said, "2024-02-28") is None, said


@pytest.mark.parametrize(
    ("sentence", "who", "kind"),
    [
        ("A broker in the city said that 40 came.", "A broker in the city", "anonymous"),
        ("According to the labour ministry, 40 came.", "the labour ministry", "official"),
        ("Maria Lopez, a professor of law, said so.", "Maria Lopez", "expert"),
        ("“It is cold,” said one worker in the hall.", "one worker in the hall", "worker"),
        ("Forty came by bus.", "", "outlet"),
        (
            "Researchers at the Light Institute in Lyon estimate 40.",
            "Researchers at the Light Institute in Lyon",
            "expert",
        ),
        ("현지 소식통은 40명이 왔다고 말했다.", "현지 소식통", "anonymous"),
    ],
)
def test_voices(sentence: str, who: str, kind: str) -> None:
    found = voice(sentence, 0, len(sentence))
    assert (found.who, found.kind) == (who, kind)


def test_a_quotation_without_a_voice_is_that_of_the_sentence_before() -> None:
    text = "A broker said that 40 came. “They were cold.”"
    first = voice(text, 0, 27)
    assert voice(text, 28, len(text), first) == first


@pytest.mark.parametrize(
    ("said", "wanted"),
    [("Rumour has it that 40 came.", "rumoured"), ("Forty reportedly came.", "hearsay"), ("Forty came.", "stated"),
     ("There appear to be 40.", "inferred"), ("It appears 40 came.", "inferred"), ("They could come.", "projected")],
)  # fmt: skip
def test_modality(said: str, wanted: str) -> None:
    assert modality(said) == wanted


# An article that no rule was written for: every quantity of it, as a careful reader takes it.
EXPECTED = {
    ("about 450", "450", "450", "about"), ("20 and 30", "20", "30", "range"), ("one or two", "1", "2", "range"),
    ("nine", "9", "9", "exact"), ("three", "3", "3", "exact"), ("more than six", "6", "", "over"),
    ("6,000 to 8,000", "6000", "8000", "range"), ("as many as 12,000", "", "12000", "up_to"),
    ("at least 15", "15", "", "at_least"), ("twice", "2", "2", "exact"), ("2,800", "2800", "2800", "exact"),
    ("roughly two thirds", "66.67", "66.67", "about"), ("above 900", "", "900", "up_to"),
    ("less than 400", "", "400", "under"), ("Half", "50", "50", "exact"), ("up to 14", "", "14", "up_to"),
    ("two", "2", "2", "exact"), ("Three", "3", "3", "exact"), ("more than 100,000", "100000", "", "over"),
    ("some 40", "40", "40", "about"), ("as much as $500 million", "", "500000000", "up_to"),
    ("2,300", "2300", "2300", "exact"), ("1,900", "1900", "1900", "exact"), ("4,500", "4500", "4500", "exact"),
    ("About 70%", "70", "70", "about"), ("within 90", "", "90", "up_to"), ("15,000", "15000", "15000", "exact"),
    ("ten", "10", "10", "exact"), ("as few as 200", "200", "", "at_least"), ("1,100", "1100", "1100", "exact"),
    ("four", "4", "4", "exact"), ("doubled", "2", "2", "exact"), ("60", "60", "60", "exact"),
    ("Two", "2", "2", "exact"), ("six", "6", "6", "exact"),
}  # fmt: skip


def test_an_unseen_article_is_read_completely() -> None:
    text = (ARTICLES / "new-article.txt").read_text("utf-8")
    found = {(one.words, *(one.cells[name] for name in ("low", "high", "qualifier")))
             for one in candidates(text, Known((), UNITS, "2025-03-14", "Yalu Observer"))
             if one.is_numeric and one.likelihood >= LIKELY}  # fmt: skip
    missed, wrong = EXPECTED - found, found - EXPECTED
    assert len(missed) <= 2 and len(wrong) <= 3, (missed, wrong)


@pytest.mark.thorough
@pytest.mark.needs("texts")
def test_claims_of_the_known_articles_are_found_again() -> None:
    found = list(measuring.scores(ROOT, anchors.texts_dir(ROOT)))
    claims, right = sum(one.claims for one in found), sum(one.right for one in found)
    assert len(found) == 5 and claims > 25
    assert sum(one.found for one in found) / claims >= 0.9, list(measuring.table(found))
    assert right / sum(one.likely for one in found) >= 0.6, list(measuring.table(found))
    for one in found:  # no article alone carries the figure
        rest = [each for each in found if each is not one]
        assert sum(each.found for each in rest) / sum(each.claims for each in rest) >= 0.9


@pytest.mark.parametrize(
    ("data", "how", "is_exact"),
    [
        (KOREAN.encode("utf-8"), "UTF-8, every byte of it sound", True),
        (b"\xef\xbb\xbf" + KOREAN.encode("utf-8"), "UTF-8, by its byte order mark", True),
        (KOREAN.encode("cp949"), "CP949, by its Korean letters", False),
        (KOREAN.encode("utf-16"), "UTF-16, by its byte order mark", False),
        ("Lamps burn. ".encode("utf-16-le"), "UTF-16-LE, by its empty bytes", False),
        ("Café keepers lit 30 lamps – about twice.".encode("cp1252"), "Windows-1252, guessed by its letters", False),
        (b"Lamps burn.\r\nTwice.\r\n", "UTF-8, every byte of it sound", True),
    ],
)
def test_encoding_is_found_and_said_and_nothing_is_stripped(data: bytes, how: str, is_exact: bool) -> None:
    one = receiving.receive("article.txt", data)
    assert (one.how, one.is_exact) == (how, is_exact)
    if is_exact:
        assert one.kept == data
    assert one.kept.decode("utf-8") == one.text
    assert "단둥" in one.text or "amps" in one.text


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "there is no text"),
        (b" \n\n", "there is no text"),
        (bytes(range(256)) * 8, "are these bytes a text"),
        (b"\x01\x02 lamps", "the bytes are no text"),
        (b"%PDF-1.7 broken", "the PDF cannot be read"),
        (b"<html><body></body></html>", "no article was found in this page"),
    ],
)
def test_what_is_no_article_is_refused_with_what_to_do(data: bytes, told: str) -> None:
    with pytest.raises(BadData) as error:
        receiving.receive("article", data)
    (problem,) = error.value.problems
    assert told in problem.what and problem.remedy


def test_an_encoding_that_was_said_counts_and_is_refused_where_it_is_wrong() -> None:
    assert receiving.receive("a", "ночь".encode("koi8-r"), "koi8-r").text == "ночь"
    with pytest.raises(BadData, match="the bytes are not ascii"):
        receiving.receive("a", KOREAN.encode(), "ascii")


def test_html_gives_text_title_author_and_date_without_the_rest_of_the_page() -> None:
    prose = "".join(
        f"<p>Lamp {at} was lit by the keeper, who said that about {at}00 ships passed.</p>" for at in range(1, 9)
    )
    page = (
        "<!doctype html><html lang='en'><head><title>Lamps are lit again | Harbour News</title>"
        "<meta name='author' content='Ada Keeper'>"
        "<meta property='article:published_time' content='2024-05-03T08:00:00Z'>"
        "<meta property='og:site_name' content='Harbour News'>"
        "<link rel='canonical' href='https://harbour.example.org/lamps'>"
        f"</head><body><nav>Home Sports Weather</nav><article><h1>Lamps are lit again</h1>{prose}</article>"
        "<footer>All rights reserved</footer></body></html>"
    )
    one = receiving.receive("page.html", page.encode())
    assert one.kind == "html" and "trafilatura" in one.how and not one.is_exact
    assert "about 300 ships" in one.text and "Sports" not in one.text
    assert one.told["date"] == "2024-05-03" and one.told["sitename"] == "Harbour News"
    assert one.told["title"].startswith("Lamps are lit again") and one.told["author"] == "Ada Keeper"


def test_pdf_gives_a_paragraph_a_line(tmp_path: Path) -> None:
    document = pymupdf.open()
    page = document.new_page()
    page.insert_textbox(
        (72, 72, 300, 200), "The keeper said that about 3,000 ships passed the light in the first year of it."
    )
    page.insert_textbox((72, 300, 300, 400), "Forty lamps went out.")
    one = receiving.receive("article.pdf", document.tobytes())
    assert one.kind == "pdf" and "pdfminer.six" in one.how
    assert [line for line in one.text.split("\n") if line] == [
        "The keeper said that about 3,000 ships passed the light in the first year of it.", "Forty lamps went out.",
    ]  # fmt: skip


LONG = (ARTICLES / "new-article.txt").read_text("utf-8")


def test_likeness_tells_copies_and_reprints_from_other_texts() -> None:
    own = fingerprints.fingerprint(LONG)
    edited = LONG.replace("Dandong", "the border city").replace("broker", "agent")
    other = "\n".join(f"Another paragraph, the {at}th, of another hand and story." for at in range(40))
    half = LONG[: len(LONG) // 2] + other
    assert (
        fingerprints.likeness(own, fingerprints.fingerprint(LONG.upper() + "\n\nShare this page")) > fingerprints.NEAR
    )
    assert fingerprints.likeness(own, fingerprints.fingerprint(edited)) > fingerprints.REPRINT
    assert fingerprints.TRACE < fingerprints.likeness(own, fingerprints.fingerprint(half)) < fingerprints.NEAR
    assert fingerprints.likeness(own, fingerprints.fingerprint(KOREAN)) < fingerprints.TRACE
    assert (
        fingerprints.likeness(*[fingerprints.fingerprint(KOREAN + end) for end in ("", "\n기사 끝.")])
        > fingerprints.NEAR
    )


def test_a_fingerprint_has_one_size_and_no_words() -> None:
    assert {len(fingerprints.fingerprint(text)) for text in ("", "One.", LONG, LONG * 20)} == {2 * fingerprints.HASHES}


def test_risks_to_people_are_told_by_paragraph_without_the_words() -> None:
    text = (
        "Lamps burn.\n\nCall 010-2345-6789 or write to keeper@example.com.\n\n"
        "The worker named Han Mi-ok sewed there.\n\n"
        "It lies at 40.1234 N, 124.3951 E.\n\nDandong Bright Garment Factory paid late.\n\n"
        "Kim Mi-ju, a researcher at an institute, said so.\n"
    )
    found = [(one.para, one.what.partition(":")[0]) for one in cautions.risks(text)]
    assert found == [
        (2, "a telephone number"), (2, "a mail address"), (3, "what may be the name of a private person"),
        (4, "coordinates"), (5, "the name of a firm or plant"),
    ]  # fmt: skip
    assert not any("Han" in one.what for one in cautions.risks(text))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "There are 2,300 workers in the west and 1,900 in the port, a total of 4,500.",
            "2300 and 1900 persons make 4200",
        ),
        ("There are 2,300 workers in the west and 1,900 in the port, a total of 4,200.", ""),
        ("There are about 2,300 workers here and about 1,900 there, over 4,000 in all.", ""),
        ("Some 40 of 200 workers, or 30 percent, left.", "40 of 200 is 20%, and the article says 30%"),
        ("Some 40 of 200 workers, or 20 percent, left.", ""),
    ],
)
def test_sums_that_do_not_add_up(text: str, told: str) -> None:
    found = [one.what for one in cautions.sums(text)]
    assert [one.startswith(told) for one in found] == ([True] if told else []), found


def test_a_total_of_parts_is_compared_with_its_bounds() -> None:
    assert amounts("over 4,000 workers in all", 0, 25, UNITS)[0].low == Fraction(4000)


@given(st.data())
def test_a_fragment_leads_back_to_its_passage_and_copies_no_more_than_ten_words(data: st.DataObject) -> None:
    text = data.draw(st.sampled_from([LONG, KOREAN, LONG[:400] * 2]))
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start, min(len(text), start + 400)))
    start, end = trimmed(text, start, end)
    made = fragment(text, start, end)
    if made is not None:
        found = locate(text, made)
        assert (found.start, found.end) == (start, end)
        assert all(len(list(words(part))) <= LONGEST_RUN for part in made.split(SEPARATOR))


@given(st.text(max_size=300))
def test_any_text_is_read_without_a_fault(text: str) -> None:
    for one in candidates(text, Known((("dandong", "Dandong"),), UNITS, "2025-03-14", "Yalu Observer")):
        assert locate(text, one.cells["fragment"])[1:3] == (one.start, one.end)
    cautions.sums(text)
    cautions.risks(text)


@given(st.binary(max_size=300))
def test_any_bytes_are_an_article_or_refused(data: bytes) -> None:
    try:
        one = receiving.receive("x", data)
    except BadData:
        return
    assert one.kept.decode("utf-8") == one.text


def card_of(text: str, **said: str) -> dict[str, str]:
    return {
        name: made.value
        for name, made in card.proposed(receiving.receive("a.txt", text.encode()), (), (), said).items()
    }


def test_a_card_is_proposed_from_what_the_text_prints() -> None:
    found = card_of(
        "Lamps are lit again\n\nBy Ada Keeper and Bo Light\n\nPublished: 3 May 2024\n\nForty lamps and the tower were "
        "lit, the keeper said of them.\n\nThis article was originally published by Harbour News. https://copy.example.org/a1\n"
    )
    assert found["title"] == "Lamps are lit again" and found["byline"] == "Ada Keeper and Bo Light"
    dated = (found["published"], found["date_basis"], found["date_confidence"])
    assert dated == (
        "2024-05-03",
        "Printed in the text.",
        "firm",
    )
    assert (found["url"], found["outlet_served_by"], found["outlet_original"]) == (
        "https://copy.example.org/a1", "Example", "Harbour News",
    )  # fmt: skip
    assert (found["is_copy"], found["origin_cluster"], found["language"]) == ("true", "harbour-news", "en")


@pytest.mark.parametrize(
    ("address", "day"),
    [
        ("https://a.example.org/2024/05/03/lamps", "2024-05-03"),
        ("https://a.example.org/news/lamps-05032024101112.html", "2024-05-03"),
        ("https://a.example.org/lamps-1234567", ""),
        ("https://a.example.org/2024/45/03/lamps", ""),
    ],
)
def test_a_day_in_the_address_dates_the_article(address: str, day: str) -> None:
    assert card_of("Lamps burn.", url=address)["published"] == day


def test_an_undated_text_without_a_headline_leaves_both_to_a_person() -> None:
    found = card_of("The keeper said that forty lamps burn.\nThey went out.")
    assert (found["title"], found["published"], found["date_confidence"], found["byline"]) == ("", "", "", "")


def test_page_furniture_is_set_apart_and_its_numbers_are_no_likely_claims() -> None:
    text = (
        "Lamps are lit again\n\nForty lamps burn, the keeper said.\n\nPhoto: Bo Light / 30 lamps\n\nShare this page\n"
        "12 votes\nAdd your comment by filling out the form below in 500 words.\n\n"
        "Ada Keeper is one of our reporters and has covered 200 towers.\n"
    )
    assert [kind for _, kind in apart(text)] == [
        "heading", "credit", "furniture", "furniture", "furniture", "biography",
    ]  # fmt: skip
    found = [one.words for one in candidates(text, Known((), UNITS)) if one.likelihood >= LIKELY]
    assert found == ["Forty"]


def test_sentences_end_where_sentences_end() -> None:
    text = "The U.S. said so on Feb. 9. Mr. Light of No. 4 Dock Co. came. “It rose.” He left! 눈이 왔다. 비도 왔다."
    assert [text[one.start : one.end].strip() for one in sentences(text)] == [
        "The U.S. said so on Feb. 9.", "Mr. Light of No. 4 Dock Co. came.", "“It rose.”", "He left!",
        "눈이 왔다.", "비도 왔다.",
    ]  # fmt: skip
