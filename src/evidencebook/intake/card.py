"""The card of a source as far as it can be proposed, each field with its reason, and what only a person knows."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from evidencebook.intake.fingerprints import Likeness
from evidencebook.intake.receiving import Received
from evidencebook.intake.sentences import paragraphs
from evidencebook.intake.timing import _MONTH, _MONTHS
from evidencebook.tables.contract import Resource
from evidencebook.tables.reading import Row
from evidencebook.values import dates

_ADDRESS = re.compile(r"https?://[^\s<>\"']+")
_BYLINE = re.compile(
    r"(?:^\W*|[|·•] *)(?:[Bb]y|BY|[Rr]eported by|[Ww]ritten by) (?P<who>[A-Z][\w’'.-]+(?: [A-Z][\w’'.-]+){0,3}(?:(?:,| and|,? &) [A-Z][\w’'.-]+(?: [A-Z][\w’'.-]+){1,3})*)"
    r"|(?:^|\s)(?P<korean>[가-힣]{2,4}) 기자\b", re.M
)  # fmt: skip
_PUBLISHED = re.compile(
    rf"(?:published|posted|updated|date[d:]|first appeared|입력|등록)\W{{1,4}}(?:on )?(?:\w+day,? )?(?:(?P<d>\d{{1,2}})(?:st|nd|rd|th)? {_MONTH},? (?P<y>\d{{4}})"
    rf"|{_MONTH.replace('month', 'month2')} (?P<d2>\d{{1,2}}),? (?P<y2>\d{{4}})|(?P<iso>\d{{4}}[-./]\d{{1,2}}[-./]\d{{1,2}}))", re.I
)  # fmt: skip
_DATELINE = re.compile(
    rf"^(?:[^\n|·•]{{1,60}}[|·•] *){{0,3}}\W*(?:\w+day,? )?(?:(?P<d>\d{{1,2}}) {_MONTH},? (?P<y>\d{{4}})|{_MONTH.replace('month', 'month2')} (?P<d2>\d{{1,2}}),? (?P<y2>\d{{4}})"
    r"|(?P<iso>\d{4}[-./]\d{1,2}[-./]\d{1,2}))(?: *[|·•][^\n]{1,60})?\W*$", re.I | re.M
)  # fmt: skip
_IN_ADDRESS = re.compile(
    r"(?<!\d)((?:19|20)\d\d)[/-]?([01]\d)[/-]?([0-3]\d)(?!\d)|[-_/]([01]\d)([0-3]\d)((?:19|20)\d\d)"
)
_CREDIT = re.compile(
    r"\b(?i:this (?:story|article) (?:was )?(?:first|originally) (?:appeared|published) (?:in|on|by)|originally published (?:by|on|in)|"
    r"source:|publisher:|republished from|reprinted from|syndicated from|courtesy of)\s+(?:the )?(?P<who>[\w-]+(?:\.[\w-]+)*(?: [A-Z][\w-]+){0,3})"
)  # fmt: skip
_TO_AN_OUTLET = re.compile(
    r"\b(?:told|reached by|responded? to|asked by|calls? from|contacted by)\s+(?P<who>[A-Z][A-Za-z]+(?: [A-Z][A-Za-z]+){0,2})"
)
_LANGUAGES = (("ko", "[가-힣]"), ("ja", "[\u3040-\u30ff]"), ("zh", "[\u4e00-\u9fff]"), ("ru", "[\u0400-\u04ff]"))
_ENGLISH = re.compile(r"\b(?:the|and|of|that|with|were|said|have)\b", re.I)
_HOSTS = frozenset(
    ["www", "com", "org", "net", "info", "co", "english", "en", "news", "go", "kr", "cn", "uk", "jp", "html", "htm"]
)


@dataclass(frozen=True)
class Proposal:
    """A field of the card: its value, empty where nobody can know it but a person, and why."""

    value: str
    why: str


def proposed(
    one: Received, sources: Sequence[Row], alike: Sequence[Likeness], said: Mapping[str, str]
) -> dict[str, Proposal]:
    """Return the proposed fields by name; `said` are answers that a person has given already, and they count."""
    first = alike[0] if alike else None
    known = next((row for row in sources if first and row["source_id"] == first.source_id), None)
    url = said.get("url") or one.told.get("url") or _url(one.text)
    found = {
        "title": _title(one),
        "byline": _byline(one),
        "url": Proposal(url, "the address that the text or its page gives") if url else Proposal("", ""),
        "language": _language(one.text),
        "retrieved": Proposal("XXXX", "nothing tells when the text was taken from the web"),
        "file_sha256": Proposal(one.sha256, f"of what is kept: {one.how}"),
        "chars": Proposal(str(len(one.kept.decode("utf-8"))), "counted"),
        **_date(one, url),
    }
    served = said.get("outlet_served_by") or one.told.get("sitename") or _host(url)
    credit = _credit(one.text, served)
    original = (
        said.get("outlet_original") or (str(known["outlet_original"]) if known and first else "") or credit or served
    )
    if served:
        found["outlet_served_by"] = Proposal(served, "the site that the page or the address names")
    if original:
        why = (
            "as of the known source that it goes back to"
            if known
            else "credited in the text"
            if credit
            else "no other outlet is credited"
        )
        found["outlet_original"] = Proposal(original, why)
    if first and known:
        cite = f"{known['outlet_original']}, {str(known['published'])[:4].strip('[')}: see {first.source_id}"
        found["is_copy"] = Proposal("true", f"{first.kind} of {first.source_id}: {first.why}")
        found["derived_from"] = Proposal(cite, f"{first.kind} of {first.source_id}")
        found["origin_cluster"] = Proposal(
            str(known["origin_cluster"]), f"that of {first.source_id}, to which it goes back"
        )
    else:
        is_copy = bool(credit and served and slug(credit) != slug(served))
        found["is_copy"] = Proposal(
            str(is_copy).lower(),
            f"the text credits {credit}" if is_copy else "no known source is like it, and it credits no other",
        )
        if is_copy:
            found["derived_from"] = Proposal(f"{credit}, same story", "credited in the text")
        cluster = next(
            (
                str(row["origin_cluster"])
                for row in sources
                if original and slug(str(row["outlet_original"])) == slug(original)
            ),
            "",
        )
        if cluster or original:
            found["origin_cluster"] = Proposal(
                cluster or slug(original),
                "that of the same outlet's sources" if cluster else "a newsroom that is new here",
            )
    holder = original or "the publisher"
    if served and original and slug(served) != slug(original):
        holder = f"{original} and of {served}"
    found["rights_note"] = Proposal(
        f"Copyright of {holder}; this project keeps facts, figures, the title and offsets into the text, not the text.",
        "as for the other sources",
    )
    for name, value in said.items():
        found[name] = Proposal(value, "as you said")
    if "published" in said and "date_basis" not in said:
        found["date_basis"] = Proposal("Given by the curator at intake.", "you gave the date")
    return found


def source_id(card: Mapping[str, Proposal], taken: Sequence[str]) -> str:
    """Return an id of outlet and year that no source has yet."""
    outlet = slug(_value(card, "outlet_served_by") or _value(card, "outlet_original") or "unnamed")
    year = re.search(r"(?:19|20)\d\d", _value(card, "published"))
    base = f"{outlet}-{year[0] if year else 'undated'}"
    names = [base, *(f"{base}-{letter}" for letter in "bcdefghijklmnopqrstuvwxyz")]
    return next(name for name in names if name not in taken)


def slug(name: str) -> str:
    """Return a name as part of an id: letters and digits, parted by hyphens."""
    plain = re.sub(r"[^a-z0-9]+", "-", re.sub(r"\(.*?\)", "", name).lower()).strip("-")
    return plain or "source"


def missing(card: Mapping[str, Proposal], resource: Resource) -> list[str]:
    """Return the required fields that nobody has answered yet."""
    return [
        one.name for one in resource.fields if one.required and one.name != "source_id" and not _value(card, one.name)
    ]


def _value(card: Mapping[str, Proposal], name: str) -> str:
    return card[name].value if name in card else ""


def _title(one: Received) -> Proposal:
    if title := " ".join(one.told.get("title", "").split()):
        return Proposal(title, f"the {one.kind.upper()} file says so")
    for para, start, end, kind in paragraphs(one.text):
        line = " ".join(one.text[start:end].strip("\ufeff# ").split())
        if para == 1 and len(line) < 200 and (kind == "heading" or not line.endswith(".")):
            return Proposal(line, "the first line, which is no sentence")
        break
    return Proposal("", "the text begins without a headline")


def _byline(one: Received) -> Proposal:
    if author := one.told.get("author"):
        return Proposal(author, f"the {one.kind.upper()} file says so")
    match = _BYLINE.search(one.text)
    return (
        Proposal(match["who"] or match["korean"], "printed in the text") if match else Proposal("", "none is printed")
    )


def _url(text: str) -> str:
    found = {one.rstrip(".,;)") for one in _ADDRESS.findall(text)}
    return found.pop() if len(found) == 1 else ""


def _host(url: str) -> str:
    parts = [one for one in (urlsplit(url).hostname or "").split(".") if one not in _HOSTS]
    return parts[-1].capitalize() if parts else ""


def _language(text: str) -> Proposal:
    letters = sum(map(str.isalpha, text)) or 1
    for tag, signs in _LANGUAGES:
        if len(re.findall(signs, text)) * 4 > letters:
            return Proposal(tag, "by its script")
    if len(_ENGLISH.findall(text)) * 12 > len(text.split()):
        return Proposal("en", "by its commonest words")
    return Proposal("", "its script is that of many languages")


def _date(one: Received, url: str) -> dict[str, Proposal]:
    head = one.text[:1500]
    for day, basis in (
        (_iso(_PUBLISHED.search(one.text)), "Printed in the text."),
        (_iso(_DATELINE.search(head)), "Printed on a line of its own at the head of the text."),
        (one.told.get("date", "")[:10], f"Stated in the {one.kind.upper()} file as received."),
        (_addressed(url), "Exact: the date stands in the address."),
    ):
        if day and _is_day(day):
            return {"published": Proposal(day, basis), "date_basis": Proposal(basis, "where the date was found"),
                    "date_confidence": Proposal("firm", "it is printed")}  # fmt: skip
    return {"published": Proposal("", "no date is printed"), "date_basis": Proposal("", ""),
            "date_confidence": Proposal("", "it depends on how you date the article")}  # fmt: skip


def _iso(match: re.Match[str] | None) -> str:
    if match is None:
        return ""
    if match["iso"]:
        year, month, day = re.split(r"[-./]", match["iso"])
    else:
        year, name, day = match["y"] or match["y2"], match["month"] or match["month2"], match["d"] or match["d2"]
        month = str(_MONTHS[name.lower()])
    return f"{year}-{int(month):02}-{int(day):02}"


def _addressed(url: str) -> str:
    match = _IN_ADDRESS.search(urlsplit(url).path)
    if match is None:
        return ""
    year, month, day = (match[1], match[2], match[3]) if match[1] else (match[6], match[4], match[5])
    return f"{year}-{month}-{day}"


def _is_day(day: str) -> bool:
    try:
        dates.parse(day)
    except ValueError:
        return False
    return True


def _credit(text: str, served: str) -> str:
    match = _CREDIT.search(text)
    if match:
        who = match["who"].rstrip(".")
        return _host(f"https://{who}") if "." in who else who
    # An outlet's own reporters are spoken to; one that is quoted as having been spoken to wrote the story.
    told = [one["who"] for one in _TO_AN_OUTLET.finditer(text)]
    return max(set(told), key=told.count) if told and not served else ""
