"""Numbers in English text: found in digits and in words, with their values and places."""

from __future__ import annotations

from fractions import Fraction

import pytest

from evidencebook.evidence import wording
from evidencebook.values import numerals

FOUND = {
    "about 3,000 readings": [("3,000", 3000)],
    "fifty thousand": [("fifty thousand", 50_000)],
    "two hundred and fifty thousand, and three": [("two hundred and fifty thousand", 250_000), ("three", 3)],
    "twenty-one or ninety nine": [("twenty-one", 21), ("ninety nine", 99)],
    "five\nthousand lamps": [("five\nthousand", 5000)],
    "US$10 million and €2.5": [("US$10 million", 10_000_000), ("€2.5", Fraction(5, 2))],
    "two thirds, three-quarters, one fifth": [
        ("two thirds", Fraction(2, 3)),
        ("three-quarters", Fraction(3, 4)),
        ("one fifth", Fraction(1, 5)),
    ],
    "a third of it, half a million, 3/4, ½": [
        ("a third", Fraction(1, 3)),
        ("half a million", 500_000),
        ("3/4", Fraction(3, 4)),
        ("½", Fraction(1, 2)),
    ],
    "two and a half metres": [("two and a half", Fraction(5, 2))],
    "twice, tripled, tenfold, 4-fold": [("twice", 2), ("tripled", 3), ("tenfold", 10), ("4-fold", 4)],
    "five-fold or six fold": [("five-fold", 5), ("six fold", 6)],
    "$7bn, 3m people, €2m and 2m high": [
        ("$7bn", 7_000_000_000),
        ("3m", 3_000_000),
        ("€2m", 2_000_000),
        ("2", 2),
    ],
    "a dozen boats in a 30-day month": [("a dozen", 12), ("30", 30)],
    "90cm high, 20,000-100,000": [("90", 90), ("20,000", 20_000), ("100,000", 100_000)],
    "２０ keepers": [("２０", 20)],
}


@pytest.mark.parametrize("text", FOUND)
def test_measured_numbers_are_found_with_their_values(text: str) -> None:
    found = [one for one in numerals.find(text) if one.kind in numerals.MEASURED]
    assert [(text[one.start : one.end], one.value) for one in found] == FOUND[text]


def test_every_number_that_wording_spells_is_read_back() -> None:
    for number in range(2, 101):
        spelled = wording.cardinal(Fraction(number))
        assert spelled is not None
        (found,) = numerals.find(f"some {spelled} lamps")
        assert (found.value, found.kind) == (number, "cardinal"), spelled


@pytest.mark.parametrize("text", ["20%", "20 percent", "twenty per cent", "20\u00a0percentage points"])
def test_percent_belongs_to_the_number(text: str) -> None:
    (found,) = numerals.find(text)
    assert (found.value, found.is_percent) == (20, True)


@pytest.mark.parametrize("text", ["sixth", "24th", "the twenty-first", "a third voice", "the second"])
def test_ordinals_are_told_apart(text: str) -> None:
    assert {one.kind for one in numerals.find(text)} == {"ordinal"}


def test_one_once_and_both_are_ordinary_words_but_one_percent_is_measured() -> None:
    assert {one.kind for one in numerals.find("one of them, once, both")} == {"ordinary"}
    assert [one.kind for one in numerals.find("one percent, one hundred, one half")] == [
        "cardinal",
        "cardinal",
        "fraction",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "UTF-8 and SHA-256",
        "CO2",
        "visits-2020-total",
        "d7c467355b1440c4",
        "release 1.0.4 of",
        "https://example.org/3/400",
        "Beacon-15 lamps",
        "someone often lone, weightless",
    ],
)
def test_digits_in_names_and_letters_in_words_are_no_numbers(text: str) -> None:
    assert numerals.find(text) == []


def test_alternatives_and_ranges_are_linked_and_lists_are_not() -> None:
    for text, expected in {"three or four": True, "20–40": True, "four to seven": True, "three, four": False}.items():
        left, right = numerals.find(text)
        assert numerals.linked(text, left, right) is expected, text


def test_plurals_of_power_words_are_vague() -> None:
    (found,) = numerals.find("tens of thousands came")
    assert (found.kind, found.value) == ("vague", 10_000)


WORDS = {
    "cardinal": "zero=0 one=1 two=2 three=3 four=4 five=5 six=6 seven=7 eight=8 nine=9 ten=10 eleven=11 twelve=12"
    " thirteen=13 fourteen=14 fifteen=15 sixteen=16 seventeen=17 eighteen=18 nineteen=19 twenty=20 thirty=30 forty=40"
    " fifty=50 sixty=60 seventy=70 eighty=80 ninety=90 hundred=100 thousand=1000 million=1000000 billion=1000000000"
    " trillion=1000000000000 dozen=12",
    "vague": "tens=10 scores=20 dozens=12 hundreds=100 thousands=1000 millions=1000000 billions=1000000000",
    "ordinal": "first=1 second=2 third=3 fourth=4 fifth=5 sixth=6 seventh=7 eighth=8 ninth=9 tenth=10 eleventh=11"
    " twelfth=12 thirteenth=13 fourteenth=14 fifteenth=15 sixteenth=16 seventeenth=17 eighteenth=18 nineteenth=19"
    " twentieth=20 thirtieth=30 fortieth=40 ninetieth=90 hundredth=100 thousandth=1000 millionth=1000000",
    "ordinary": "one=1 once=1 single=1 both=2",
    "multiple": "twice=2 double=2 doubles=2 doubled=2 doubling=2 thrice=3 triple=3 triples=3 tripled=3 tripling=3"
    " treble=3 trebled=3 quadruple=4 quadruples=4 quadrupled=4 quadrupling=4 quintuple=5 quintuples=5 quintupled=5"
    " quintupling=5 halve=1/2 halves=1/2 halved=1/2 halving=1/2 fivefold=5 twentyfold=20 hundredfold=100",
}


@pytest.mark.parametrize("kind", WORDS)
def test_each_word_for_a_number_has_its_value(kind: str) -> None:
    for one in WORDS[kind].split():
        word, _, value = one.partition("=")
        found = [(number.kind, number.value) for number in numerals.find(f"the {word} of them")]
        said = "ordinary" if word == "one" else kind
        assert found == [(said, Fraction(value))], word


@pytest.mark.parametrize("word", ["half=1/2", "quarter=1/4", "third=1/3", "fifth=1/5", "eighth=1/8", "tenth=1/10"])
def test_a_part_has_its_value(word: str) -> None:
    name, _, value = word.partition("=")
    assert [(one.kind, one.value) for one in numerals.find(f"a {name} of it")] == [("fraction", Fraction(value))]
    plural = "halves" if name == "half" else f"{name}s"
    assert [(one.kind, one.value) for one in numerals.find(f"three {plural} of it")] == [
        ("fraction", 3 * Fraction(value))
    ]
