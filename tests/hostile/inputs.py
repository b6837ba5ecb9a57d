"""Hostile inputs by kind: what is written where, and what is said of it; an empty text where it is harmless.

A cell is (table, line, column, text, said); a change of the descriptor is (path of keys, value, said).
"""

from __future__ import annotations

from typing import Any

from tests.small import TEXTS

Cell = tuple[str, int, str, str, str]
NOTE = ("claims", 2, "note")

# Kind 4: signs that nobody sees, or that turn the order of others.
CONTROLS = [chr(code) for code in (*range(1, 9), 11, 12, *range(14, 32), 127, *range(128, 160))]
INVISIBLE = [
    *("\u00ad", "\u200b", "\u2028", "\u2029", "\u2060", "\u2061", "\u2064", "\u206a", "\u206f", "\ufeff", "\ufff9", "\ufffb"),
    *("\u034f", "\u115f", "\u1160", "\u17b4", "\u180b", "\u180e", "\u2800", "\u3164", "\uffa0", "\ufffc", "\ufffd"),
    *("\ue000", "\uf8ff", "\U000f0000", "\U0010fffd", "\ufdd0", "\uffff", "\U0001fffe", "\U000e0001", "\U000e0041", "\U000e007f"),
    *("\u202a", "\u202b", "\u202c", "\u202d", "\u202e"),
]  # fmt: skip
SIGNS = [(*NOTE, f"a{sign}b", f"U+{ord(sign):04X} ") for sign in (*CONTROLS, *INVISIBLE)]
DIRECTIONS: list[Cell] = [
    (*NOTE, "\u2067turned", "turns the direction of writing is not closed"),
    (*NOTE, "turned\u2069", "turns the direction of writing is not closed"),
    (*NOTE, "\u2066a\u2069\u2069b\u2066", "turns the direction of writing is not closed"),
    (*NOTE, "say \u2067\u05e9\u05dc\u05d5\u05dd\u2069 so", ""),
    (*NOTE, "say \u05e9\u05dc\u05d5\u05dd\u200e so", ""),
]
FORMS: list[Cell] = [
    (*NOTE, "cafe\u0301", "written apart"),
    (*NOTE, "\u1112\u1161\u11ab", "written apart"),
    (*NOTE, "\u0301a", "stands on no letter"),
    (*NOTE, f"Z{chr(0x489) * 9}", "with many marks"),
    (*NOTE, "a\u200d", "U+200D ZERO WIDTH JOINER"),
    (*NOTE, "\u200da", "U+200D ZERO WIDTH JOINER"),
    (*NOTE, "a\u200c\u200cb", "U+200C ZERO WIDTH NON-JOINER"),
    (*NOTE, "x" * 10_001, "10,001 characters are more than 10,000"),
    ("claims", 2, "statement", "\u200b\u200c", "U+200B ZERO WIDTH SPACE"),
    ("claims", 2, "statement", "\u3164", "U+3164 HANGUL FILLER"),
    ("claims", 2, "statement", "\u00a0", "the cell is empty"),
    ("claims", 2, "statement", "\u2003 ", "the cell is empty"),
]
# Letters of every script are welcome, and so are signs of typography.
WELCOME = [
    (*NOTE, text, "")
    for text in (
        *("등대지기가 떠났다", "灯塔看守人", "灯台守が去った", "ﷺ noon حارس المنارة", "שומר המגדלור", "смотритель маяка", "φαροφύλακας"),
        *("ผู้ดูแลประภาคาร", "दीपस्तंभ रक्षक", "người gác hải đăng", "فانوس‌بان", "👩‍🚒 at the lamp", "naïve café, Ærø", "1°C ± ½ – “so”"),
        *("a\u00a0b", "7\u202f313", "× ÷ − ≤ € ₩", "ⵣ Tifinagh", "𓀀", "x" * 10_000),
    )
]  # fmt: skip

# Kind 5 and ids: what names rows and columns is letters, digits and few signs.
IDS: list[Cell] = [
    ("places", 2, "place_id", text, said)
    for text, said in (
        ("coast\x1b[31m", "does not match"), ("coast;rm", "does not match"), ("Coast", "does not match"),
        ("", "the cell is empty"), ("../coast", "does not match"), ("coast|low", "does not match"),
        ("{coast}", "does not match"), ("ｃoast", "does not match"), ("<coast>", "does not match"),
    )
]  # fmt: skip
KEYS: list[Cell] = [
    ("claims", 3, "place_id", text, said)
    for text, said in (
        ("\x1b]0;title\x07rock", "U+001B (control character) stands in it"), ("north rock", "U+0020 SPACE cannot stand in an id"),
        ("north\u202erock", "U+202E RIGHT-TO-LEFT OVERRIDE"), ("rock|low", "U+007C VERTICAL LINE cannot stand in an id"),
        ("rock`x", "U+0060 GRAVE ACCENT cannot stand"), ("r" * 201, "201 characters are more than 200"),
        ("ｎorth-rock", "letters of another width"), ("<b>", "U+003C LESS-THAN SIGN cannot stand"),
        ("north-rocks", "is not a place_id"), ("rock-", "at its ends"),
    )
]  # fmt: skip

# Kind 3 of numbers, and 7: a value has one spelling, and no remedy that falsifies it.
NUMBERS: list[Cell] = [
    ("claims", 5, "low", text, said)
    for text, said in (
        *((one, "is not a number") for one in ("ten", "nan", "inf", "-inf", "1e3", "1E3", "0x10", "1_000", "+5", "５", "٣", "४", "½")),
        *((one, "is not a number") for one in ("--5", "5-", "5%", "$5", "5 ", ".5", "5.", "1/2", "true", "4O", "l0", "−5", "9" * 31)),
        ("80,5", "is not a number - write 80.5"), ("3,000,000", "write 3000000"),
        ("3,000", "write 3000 if the comma parts thousands, or 3.000 if it is a decimal comma"), ("61", "low: 61 is above high 60"), ("-1", "does not stand in its passage"),
        ("0" * 20 + "40", ""), ("40.0", ""), ("40." + "0" * 20, ""),
    )
    if text != "5 "
]  # fmt: skip
INTEGERS: list[Cell] = [
    ("claims", 2, "para", text, "is not a whole number")
    for text in ("1.0", "1e1", "0x1", "१", "1_0", "9" * 19 + "9", "one", "1;2", "1\u00a02", "--1")
]
BOOLEANS: list[Cell] = [
    ("events", 2, "is_disputed", text, "is not true or false - write true or false in small letters")
    for text in ("TRUE", "True", "1", "0", "yes", "no", "t", "F", "wahr", "truе", "-")
]
DAYS: list[Cell] = [
    ("places", 3, "surveyed", text, "is not a date")
    for text in ("2001-2-3", "20010203", "2001-W05-6", "2001-034", "2001-02-30", "２００１-02-03", "2001-02-03T00:00", "0000-01-01", "-2001-02-03")
]  # fmt: skip
CHOICES: list[Cell] = [
    ("claims", 2, "modality", text, "is not an allowed value")
    for text in ("Stated", "ｓtated", "statеd", "hear-say", "*", "__class__", "rumoured")
]

# Kind 12: dates that people or programs read in other ways.
DATES: list[Cell] = [
    ("events", 2, "when", text, said)
    for text, said in (
        *((one, "has signs that no date has - write it in the digits 0 to 9") for one in ("２０２０-01", "۲۰۲۰", "2020‐01", "２０２０", "2020年")),
        *((one, "tells how many of its digits count - write a span") for one in ("2020S2", "1950S2", "Y171010000S3")),
        *((one, "is a winter or part of a year") for one in ("2020-24", "2020-25", "2020-33", "2020-41")),
        *((one, "has an unknown end - leave that end empty") for one in ("1953/XXXX", "XXXX/1953")),
        *((one, "has half a month or day") for one in ("1953-1X", "1953-X1", "1953-01-3X", "[1953-1X,1954]")),
        *((one, "is not a d") for one in ("soon", "2020-13", "2020-00", "2019-02-29", "2020/2019/2018", "{}", "[]", "[2020", "2020~~")),
        *((one, "is not a d") for one in ("0000", "-0044", "Y17E8", "10000", "2020-01-32", "/", "..", "'", "1" * 500, "[" * 150, "2020?~%")),
        ("2020/2019", "ends before it starts"), ("01/02/2020", "is not an EDTF date - write 2020-02-01 or 2020-01-02"),
        ("5-Jan", "a spreadsheet has changed this cell"), ("43831", "a spreadsheet's number for that day"),
        ("", "the cell is empty"), ("2020-01-15", ""),
    )
]  # fmt: skip

# Kind 2: where a link may lead.
ADDRESSES: list[Cell] = [
    ("sources", 2, "url", text, "is not a web address" if text else "")
    for text in (
        "", "javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "vbscript:x", "file:///etc/passwd", "blob:x", "about:blank",
        "http://", "https:///x", "https://a b.org", "https://user@a.org", "https://user:pw@a.org/", "https://a.org:99999/", "https://a.org:0/",
        "https://a.org:/", "https://127.0.0.1/", "https://10.1.2.3/", "https://192.168.0.1/", "https://169.254.169.254/latest", "https://[::1]/",
        "https://[fe80::1]/", "https://localhost/", "https://a.localhost/", "https://box.local/", "https://0x7f000001/", "https://2130706433/",
        "https://exаmple.org/", "https://аррӏе.com/", "https://ｅxample.org/", "https://gοοgle.com/", "//example.org/x", "https:example.org",
        "https://example.org/\u202egpj", "https://example.org/\u200b", "https://example.org/<script>", 'https://example.org/"onclick=',
        "https://example.org\\@evil.org/", "ftp://example.org/", "mailto:a@example.org", "tel:+1", f"https://example.org/{'a' * 2000}",
    )
]  # fmt: skip

# Cells that a spreadsheet runs.
RUN: list[Cell] = [
    (*NOTE, text, "runs as a formula")
    for text in ("=1+1", "+1", "-1", "@SUM(A1)", "=cmd|' /C calc'!A0", "\t=1", '=HYPERLINK("https://a.org")')
]

# Kind 10: formulas are small, and worked out once.
FORMULAS: list[Cell] = [
    ("derived", 2, "formula", text, said)
    for text, said in (
        *((f"{{visitors-monthly}} * {one}", "is not a plain number") for one in ("0x10", "1_000", "1e9", "0b1", "0o7", "2j", "1.2.3", "00x")),
        ("{visitors-monthly} * " + "9" * 40, "a number has 40 digits, more than 30"), ("(" * 21 + "{visitors-monthly}" + ")" * 21, "21 parentheses stand within each other"),
        ("{visitors-monthly}+" * 200 + "{visitors-monthly}", "characters, more than 2,000"), ("{visitors-monthly} ** 9", "only + - * /"),
        ("{visitors-yearly} + 1", "goes round in a circle"), ("{visitors-monthly} / ({visitors-monthly} - {visitors-monthly})", "can be zero"),
        ("__import__('os').system('id')", "has no place in a formula"), ("{visitors-monthly}.__class__", "only"), ("[1][0]", "has no place"),
        ("{visitors-monthly} if 1 else 2", "only"), ("lambda: 1", "has no place"), ("{keeper-left}", "has no number"),
        ("hull()", "at least one value"), ("{visitors-monthly", "without its partner"), ("{../x}", "is not an id"), ("", "the cell is empty"),
        ("{visitors-monthly} * {north-rock-mark}", "cannot be shown in persons"), ("{nobody}", "there is no claim or derived value nobody"),
        ("{visitors-monthly}\u200b", "U+200B"), ("{visitors-monthly}×2", "has no place in a formula"), ("{visitors-monthly} * 12", ""),
    )
]  # fmt: skip

# Kind 9: what cannot be, in any table.
RULES: list[Cell] = [
    ("places", 2, "part_of", "north-rock", "goes round in a circle: coast -> north-rock -> coast"),
    ("places", 3, "part_of", "north-rock", "goes round in a circle: north-rock -> north-rock"),
    ("contradictions", 2, "claim_b", "north-rock-mark", "north-rock-mark is also claim_a"),
    ("claims", 2, "when_basis", "", "when is 2020-01, and when_basis is empty"),
    ("claims", 3, "when_basis", "stated", "when_basis is stated, and when is empty"),
    ("claims", 5, "unit", "", "there is a number without a unit"),
    ("claims", 5, "qualifier", "exact", "exact asks for low equal to high"),
    ("claims", 5, "qualifier", "", "there is no qualifier"),
    ("claims", 3, "low", "90", "up_to asks for only high"),
    ("places", 3, "lat", "90.0001", "is above the maximum 90"),
    ("places", 3, "lat", "-91", "is below the minimum -90"),
]
# Kind 8: anchors that stand in no text.
ANCHORS: list[Cell] = [
    ("claims", 2, column, text, said)
    for column, text, said in (
         ("start", "999999", "is not after start"), ("end", "0", "is below the minimum 1"),
        ("end", "1000000", f"goes beyond a text of {len(TEXTS['almanac-undated'])} characters"), ("end", str(2**63 - 1), "goes beyond a text"),
        ("para", "1000000000", "paragraphs are more than the text can have"), ("para", "", "no complete anchor"), ("sha256", "", "no complete anchor"),
        ("sha256", "0", "does not match"), ("start", "-1", "is below the minimum 0"), ("para", "0", "is below the minimum 1"),
    )
]  # fmt: skip
CELLS: dict[str, list[Cell]] = {
    "signs": SIGNS, "directions": DIRECTIONS, "forms": FORMS, "letters": WELCOME, "ids": IDS, "keys": KEYS, "numbers": NUMBERS,
    "integers": INTEGERS, "booleans": BOOLEANS, "days": DAYS, "choices": CHOICES, "dates": DATES, "addresses": ADDRESSES,
    "formulas a spreadsheet runs": RUN, "formulas": FORMULAS, "rules": RULES,
}  # fmt: skip

# Kinds 3, 6 and 15: the descriptor is data, and promises what is kept.
Keys = tuple[Any, ...]
SOURCES: Keys = ("resources", 0)
FIELD: Keys = ("resources", 1, "schema", "fields", 19)  # claims.note
DESCRIPTOR: list[tuple[Keys, Any, str]] = [
    ((*FIELD, "privat"), True, "did you mean private?"), ((*FIELD, "Private"), True, "did you mean private?"),
    ((*FIELD, "private"), "true", "'true' is not true or false"), ((*FIELD, "private"), 1, "1 is not true or false"),
    ((*FIELD, "type"), "any", "is not a type of field"), ((*FIELD, "type"), ["string"], "is not a type of field"),
    ((*FIELD, "format"), "binary", "has no format 'binary'"), ((*FIELD, "trueValues"), ["ja"], "is not a key of a field"),
    ((*FIELD, "decimalChar"), ",", "is not a key of a field"), ((*FIELD, "bareNumber"), False, "is not a key of a field"),
    ((*FIELD, "constraints"), {"pattern": "("}, "not a regular expression"), ((*FIELD, "constraints"), {"jsonSchema": {}}, "is not a key"),
    ((*FIELD, "constraints"), {"enum": [[]]}, "is not a list"), ((*FIELD, "constraints"), {"minLength": "x"}, "is not a whole number"),
    ((*FIELD, "constraints"), {"required": "yes"}, "is not true or false"), ((*FIELD, "constraints"), [], "is not an object"),
    ((*FIELD, "name"), "no te", "U+0020 SPACE cannot stand in an id"), ((*FIELD, "name"), "note\u202e", "U+202E"), ((*FIELD, "name"), 3, "is not a text"),
    ((*FIELD, "description"), "a\x1b[31mb", "U+001B"), ((*FIELD, "description"), "\u202eevil", "U+202E"), ((*FIELD, "description"), {}, "is not a text"),
    ((*FIELD, "description"), "x" * 10_001, "10,001 characters"),
    ((*SOURCES, "encoding"), "cp949", "is not what tables are - write \"utf-8\""), ((*SOURCES, "encoding"), "utf-16", "is not what tables are"),
    ((*SOURCES, "format"), "xlsx", "is not what tables are"), ((*SOURCES, "mediatype"), "text/html", "is not what tables are"),
    ((*SOURCES, "scheme"), "https", "is not what tables are"), ((*SOURCES, "hash"), "0" * 32, "is no hash with its algorithm"),
    ((*SOURCES, "hash"), "crc:00", "is no hash with its algorithm"), ((*SOURCES, "bytes"), -1, "is not a whole number"), ((*SOURCES, "bytes"), "3", "is not a whole"),
    ((*SOURCES, "dialect"), {"delimiter": ";"}, "is not what tables are"), ((*SOURCES, "dialect"), {"header": False}, "is not what tables are"),
    ((*SOURCES, "dialect"), {"escapeChar": "x"}, "is not a key of a dialect"), ((*SOURCES, "dialect"), "csv", "is not an object"),
    ((*SOURCES, "data"), [], "is not a key of a resource"), ((*SOURCES, "compression"), "zip", "is not a key of a resource"),
    ((*SOURCES, "path"), "../../etc/passwd", "is not a path inside data/"), ((*SOURCES, "path"), "/etc/passwd", "is not a path inside data/"),
    ((*SOURCES, "path"), "https://a.org/x.csv", "is not a path inside data/"), ((*SOURCES, "path"), ["a.csv", "b.csv"], "is not a path inside data/"),
    ((*SOURCES, "path"), "nul", "is not a path inside data/"), ((*SOURCES, "path"), ".git/config", "is not a path inside data/"),
    ((*SOURCES, "name"), "../sources", "cannot be the name of a file"), ((*SOURCES, "name"), "con", "cannot be the name of a file"),
    ((*SOURCES, "homepage"), "javascript:x", "is not a web address"), ((*SOURCES, "schema", "primaryKey"), "nix", "is not among its fields"),
    ((*SOURCES, "schema", "rules"), {"bound": []}, "did you mean bounds?"), ((*SOURCES, "schema", "rules"), {"order": ["a"]}, "is not a list of pairs"),
    ((*SOURCES, "schema", "rules"), {"tree": ["nix"]}, "nix is no column"), ((*SOURCES, "schema", "rules"), {"order": [["title", "url"]]}, "cannot be put in order"),
    ((*SOURCES, "schema", "rules"), {"bounds": [{"low": "title", "high": "url"}]}, "the column is a bound, but no number"),
    ((*SOURCES, "schema", "rules"), {"bounds": [{"low": "chars"}]}, "bounds need columns"),
    (("resources", 1, "schema", "rules"), {"bounds": [{"low": "low", "high": "high", "limits": {"percent": "x"}}]}, "are not two numbers"),
    (("name",), "../../../evil", "cannot be the name of a file"), (("name",), "a\x00b", "cannot be the name of a file"), (("name",), "", "cannot be the name"),
    (("name",), "n" * 101, "cannot be the name of a file"), (("version",), "1/../../x", "cannot stand in the name of a file"),
    (("title",), "a\x07b", "U+0007"), (("title",), ["a"], "is not a text"), (("keywords",), "a", "is not a list of texts"), (("keywords",), [1], "is not a list"),
    (("licenses",), "free", "is not a list of objects"), (("licenses",), ["x"], "is not an object"), (("licenses",), [{"path": "file:///x"}], "is not a web address"),
    (("contributors",), [{"title": "a", "path": "data:x"}], "is not a web address"), (("image",), "x.svg", "is not a key of a package"),
    (("resources",), {}, "is not a list of objects"), (("resources",), [], "there is no list of resources"), (("resources",), None, "is not a list of objects"),
    (("description",), "{{ cycler.__init__.__globals__.os.system('id') }}", ""), (("description",), "![p](http://a.org/p.png) <script>x</script>", ""),
    ((*FIELD, "description"), "{{ env.srcdir }} ```{code-cell}``` | [a](javascript:x)", ""),
]  # fmt: skip
