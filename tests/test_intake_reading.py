"""What intake makes of an article: its text as received, likeness to others, its card, and what must be looked at."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pymupdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidencebook.check.anchors import SEPARATOR, locate
from evidencebook.check.copying import LONGEST_RUN, words
from evidencebook.intake import card, cautions, fingerprints, receiving
from evidencebook.intake.amounts import amounts
from evidencebook.intake.candidates import LIKELY, Known, at_passage, candidates
from evidencebook.intake.fragments import fragment, trimmed
from evidencebook.intake.sentences import apart, sentences
from evidencebook.tables.problems import BadData

ROOT = Path(__file__).parents[1]
ARTICLES = ROOT / "tests" / "articles"
KOREAN = (ARTICLES / "korean-article.txt").read_text("utf-8")
UNITS = {one: one for one in ("persons", "percent", "CNY", "USD", "days", "months", "years", "times", "factories")}


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


def test_a_page_is_read_by_the_encoding_that_was_said_or_else_by_one_that_fits() -> None:
    prose = "".join(f"<p>Café {at} was lit by the keeper, who said that about {at}00 came.</p>" for at in range(1, 9))
    page = f"<html><head><meta charset='ascii'><title>x</title></head><body><article>{prose}</article></body></html>"
    assert "Café 3 was lit" in receiving.receive("a.html", page.encode()).text
    with pytest.raises(BadData, match="the bytes are not ascii"):
        receiving.receive("a.html", page.encode(), "ascii")


def test_a_file_that_is_larger_than_articles_are_is_not_read() -> None:
    with pytest.raises(BadData, match="bytes are more than the"):
        receiving.receive("a.txt", bytes(receiving.LARGEST + 1))


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


def test_a_pdf_names_title_and_author_and_one_of_pictures_has_no_text() -> None:
    document = pymupdf.open()
    document.new_page()
    with pytest.raises(BadData, match="the PDF holds pictures and no text - have its text recognised"):
        receiving.receive("article.pdf", document.tobytes())
    document[0].insert_text((72, 72), "Forty lamps went out.")
    document.set_metadata({"title": "Lamps  go out", "author": "Jürgen 김"})
    one = receiving.receive("article.pdf", document.tobytes())
    assert one.told == {"title": "Lamps  go out", "author": "Jürgen 김"}
    found = card.proposed(one, (), (), {})
    assert (found["title"].value, found["title"].why) == ("Lamps go out", "the PDF file says so")
    assert (found["byline"].value, found["byline"].why) == ("Jürgen 김", "the PDF file says so")


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
        "Kim Mi-ju, a researcher at an institute, said so.\n\nThe worker was born in June Light was scarce then.\n"
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
        ("Wang Lei, who owns the mill, shrugged.", "the name of a private person"),
        ("The manager, Chen Bo, shrugged.", "the name of a private person"),
        ("Mr. Olsen keeps the ferry.", "the name of a private person"),
        ("Ada Holm recalled the flood.", "the name of a private person"),
        ("Call 0415-2345678 at noon.", "a telephone number"),
        ("Write to keeper@lamps.example.co.uk.", "a mail address"),
        ("On WeChat: lamp_88 answers.", "an account"),
        ("They sew at Harbour Bright Garment Factory.", "the name of a firm or plant"),
        ("She lives at 14 Jetty Road.", "a street address"),
        ("Ada Holm, a professor at a university in Oslo, said so.", ""),
        ("Harbour News said that the United Nations told it so.", ""),
    ],
)
def test_what_leads_to_people_is_told_and_public_voices_are_not(text: str, told: str) -> None:
    found = [one.what for one in cautions.risks(f"Heading\n\n{text}\n")]
    assert any(told in one for one in found) if told else not found, found


AGE, POST, DAY = "a single person's age", "a single person's post", "a few people with the day"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("A man of 37 watched the loading ramp.", [AGE]),
        ("The driver, a 52-year-old father, slept in his lorry.", [AGE]),
        ("A seamstress said her team leader, a woman, drank.", [POST]),
        ("Their shift supervisor, a man aged 29, wrote it down.", [AGE, POST]),
        ("Three men climbed the wall on the night of June 9.", [DAY]),
        ("On 9 June two cooks climbed the wall.", [DAY]),
        ("Some 300 women are between 20 and 30 years old.", []),
        ("On June 9, 2024 the ministry gave a figure of 41 percent.", []),
        ("A crew of 41 sailed, and the leader of 40 countries spoke.", []),
        ("Women of 20 to 30 are preferred; a man of 40 or more is not.", []),
    ],
)
def test_single_persons_that_can_be_found_by_what_is_told_of_them(text: str, told: list[str]) -> None:
    found = [one.what.partition(": ")[0] for one in cautions.risks(f"Heading\n\n{text}\n")]
    assert found == ([" and ".join(told)] if told else [])


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "There are 2,300 workers in the west and 1,900 in the port, a total of 4,500.",
            "2300 and 1900 persons make 4200",
        ),
        ("There are 2,300 workers in the west and 1,900 in the port, a total of 4,200.", ""),
        ("There are about 2,300 workers here and about 1,900 there, over 4,000 in all.", ""),
        ("There are 2,300 workers here and 1,900 there, up to 4,000 in all.", "2300 and 1900 persons make 4200"),
        ("There are 2,300 workers here and 1,900 there, up to 5,000 in all.", ""),
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


def test_day_and_byline_may_share_a_line() -> None:
    found = card_of("Lamps are lit again\n\nHarbour News | May 3, 2024 | By Ada Keeper\n\nForty lamps burn.\n")
    assert (found["published"], found["byline"]) == ("2024-05-03", "Ada Keeper")


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


def test_a_place_counts_by_its_longest_name_and_by_the_line_that_dates_an_article() -> None:
    known = Known((("n", "New Paris"), ("p", "Paris")), UNITS)
    for text, place in (
        ("Forty came to New Paris.", "n"),
        ("Forty came to Paris.", "p"),
        ("PARIS — It fell.\n\nForty left.", "p"),
    ):
        assert [one.cells["place_id"] for one in candidates(text, known)] == [place], text


def test_what_no_fragment_finds_again_is_no_candidate() -> None:
    for text in ("Some 40 came.\n\n", "It is cold, a broker said.\n\n"):
        assert candidates(text, Known((), UNITS)) and not candidates(text * 2, Known((), UNITS))
    assert at_passage("Forty came.", 50, 60, Known((), UNITS)) is None


def test_a_file_of_fingerprints_that_cannot_be_used_is_told(tmp_path: Path) -> None:
    (tmp_path / fingerprints.LABEL).parent.mkdir()
    for text in ("{", "[]", '{"fingerprints": {"a": "00ff"}}', '{"fingerprints": {"a": "zz"}}'):
        (tmp_path / fingerprints.LABEL).write_text(text, "utf-8")
        with pytest.raises(BadData, match="the fingerprints cannot be read - take back its last committed version"):
            fingerprints.load(tmp_path)


def test_sentences_end_where_sentences_end() -> None:
    text = "“It rose!” he said. Up to 40 came… and left."
    assert [text[one.start : one.end].strip() for one in sentences(text)] == [
        "“It rose!” he said.", "Up to 40 came… and left.",
    ]  # fmt: skip
    text = "The U.S. said so on Feb. 9. Mr. Light of No. 4 Dock Co. came. “It rose.” He left! 눈이 왔다. 비도 왔다."
    assert [text[one.start : one.end].strip() for one in sentences(text)] == [
        "The U.S. said so on Feb. 9.", "Mr. Light of No. 4 Dock Co. came.", "“It rose.”", "He left!",
        "눈이 왔다.", "비도 왔다.",
    ]  # fmt: skip
