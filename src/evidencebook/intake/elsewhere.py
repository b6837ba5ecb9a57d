"""What a new source needs outside its own files: done where nothing is to choose, listed where something is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from evidencebook.evidence.counts import number_words
from evidencebook.tables import reading
from evidencebook.tables.problems import BadData, Problem
from evidencebook.tables.reading import Row
from evidencebook.values import numerals

CONTENTS = "_toc.yml"
COUNTING = ("README.md", "CITATION.cff", "data/datapackage.json")
_WHAT = r"(?:(?:news|press|newspaper|published|the)\s+)*(?:articles|texts|sources|documents)\b"
_ROOMS = r"(?:news)?(?:rooms|outlets|publishers|organi[sz]ations|origins)\b"
_SPAN = re.compile(rf"{_WHAT} of (\d{{4}}) to (\d{{4}})\b", re.I)
# A figure that goes over a whole table draws rows of a new source unasked; one that names ids does not.
_QUERY = re.compile(
    r"\b(?:claims|assertions|sources|events)\.(?:items|values)\(|\[['\"](?:claims|sources|events)['\"]\]\.rows"
)
_NAMED = re.compile(r"[`\"']([a-z0-9]+(?:-[a-z0-9]+)+)")  # an id in a role, or in a module of figures
# Where a sentence of prose, an item, or a value of YAML or JSON ends, kept as what parts them.
_SENTENCE = re.compile(r"((?<=[.!?])\s+|\n\s*\n|\n(?=\s*(?:[-*#|>]|\"?[\w-]+\"?:\s)))")
_OF_ALL = re.compile(rf"\b(?:all|none|both|neither|only|each|every)\b(?:\s+\w+){{0,3}}?\s+{_WHAT}", re.I)
# What a sentence says that is true of what there is now, and may not be with one article more.
_MOST = r"(?:first|most|least|largest|smallest|highest|lowest|earliest|latest|longest|oldest|newest)"
_SET = r"(?<!outside the )(?<!names no )(?:articles|texts|newsrooms|outlets)\b(?! of one\b)"
_OF_NOW = re.compile(
    rf"\b(?:no|only one|not one|only the) (?:article|newsroom|outlet|text)\b|\b{_SET} (?:but|have none)\b"
    rf"|\b(?:no other|nobody|no one|none|nowhere|only|alone|most|all|neither)\b(?=.*{_SET})"
    rf"|{_SET}.*\b(?:no other|nobody|no one|none|nowhere|only|alone|no (?:worker|employer|voice|number)s?)\b"
    rf"|\bthe (?:\w+ )?{_MOST}\b.{{0,80}}{_SET}|{_SET}.{{0,80}}\bthe (?:\w+ )?{_MOST}\b",
    re.I | re.S,
)
UNWRITTEN = "% Tell here"  # in a note that nobody has written yet
Files = dict[str, bytes | None]


@dataclass(frozen=True)
class Counted:
    """What sentences tell of the sources: how many, from how many newsrooms, the first and last year, the outlets."""

    sources: int
    rooms: int
    years: tuple[str, str]
    outlets: frozenset[str]

    @classmethod
    def of(cls, cards: Iterable[Mapping[str, str] | Row]) -> Counted:
        """Return what the cards or rows of sources come to."""
        found = list(cards)
        years = [year for one in found for year in re.findall(r"(?<!\d)\d{4}(?!\d)", str(one["published"]))]
        span = (min(years), max(years)) if years else ("0000", "0000")
        outlets = frozenset(str(one["outlet_original"]) for one in found)
        return cls(len(found), len({str(one["origin_cluster"]) for one in found}), span, outlets)


def follow(root: Path, files: Files, source_id: str, old: Counted, new: Counted) -> list[str]:
    """Add to the files those that must follow a source more or fewer; return what is done, in words.

    The contents name its note. A sentence that counts the sources counts them anew, with newsrooms and years, where
    it is true as a whole then; any other is left as it is, and listed among what is left to do.
    """
    done, step = [], new.sources - old.sources
    if contents := _contents(root, source_id, step):
        files[CONTENTS] = contents
        done.append(f"{CONTENTS}: seeds/{source_id} named" if step > 0 else f"{CONTENTS}: seeds/{source_id} taken out")
    for name in COUNTING:
        path = root / name
        if not path.is_file():
            continue
        text = path.read_bytes().decode("utf-8")
        told = [_recounted(one, old, new) for one in _SENTENCE.split(text)]
        if (counted := "".join(told)) != text:
            files[name] = counted.encode()
            done.append(
                f"{name}: counts {number_words(new.sources)} articles now, in sentences that are true with that"
            )
    return done


def needs(root: Path, card: Mapping[str, str]) -> Iterator[str]:
    """Yield what only a person can do for a source, in the tables or not yet, each with its file and line."""
    source_id, year = card["source_id"], card["published"].strip("[")[:4]
    rows = reading.read(root)["sources"].rows
    known = [row for row in rows if row["source_id"] != source_id]
    files: Files = {}
    if len(known) == len(rows):  # what acceptance will do is nothing to be done
        follow(root, files, source_id, Counted.of(known), Counted.of([*known, card]))
    sources = [str(row["source_id"]) for row in known]
    clusters = {str(row["origin_cluster"]) for row in known}
    newsrooms = {str(row["outlet_original"]) for row in known}
    if UNWRITTEN in _text(root, f"seeds/{source_id}.md", files) or not (root / f"seeds/{source_id}.md").is_file():
        yield f"seeds/{source_id}.md: write what the article reports, how reliably, and what was left out"
    if CONTENTS not in files and f"seeds/{source_id}" not in _text(root, CONTENTS, files):
        yield f"{CONTENTS}: name the note, `- file: seeds/{source_id}`, where it belongs"
    if card["origin_cluster"] not in clusters:
        told = re.compile(rf"\b{number_words(len(clusters))}\s+{_ROOMS}", re.I)
        for name in ("README.md", *_pages(root)):
            for at, line in enumerate(_text(root, name, files).splitlines(), 1):
                if told.search(line):
                    yield f"{name}:{at}: counts {number_words(len(clusters))} newsrooms, and there is one more"
                elif len(newsrooms) > 1 and card["outlet_original"] not in line and all(x in line for x in newsrooms):
                    yield f"{name}:{at}: names every newsroom; {card['outlet_original']} is one more"
    whole = re.compile(r"\b({}) (?:to|and) ({})\b".format(*Counted.of(known).years))
    for name in (*COUNTING, *_pages(root)):
        for at, line in enumerate(_text(root, name, files).splitlines(), 1):
            span = _SPAN.search(line) or whole.search(line)
            if span and year.isdigit() and not span[1] <= year <= span[2]:
                yield f"{name}:{at}: tells of articles of {span[1]} to {span[2]}, and this one is of {year}"
    tables = sorted(path.relative_to(root).as_posix() for path in (root / "data").rglob("*.csv"))
    counts = _counting(len(sources))
    for name in (*COUNTING, *tables, *_pages(root)):
        for at, line in enumerate(_text(root, name, files).splitlines(), 1):
            if counts.search(line):
                yield f"{name}:{at}: counts {number_words(len(sources))} articles, and there is one more"
    if (root / "CHANGELOG.md").is_file():
        yield "CHANGELOG.md: tell readers of the new source"
    for path in sorted((root / "book" / "figures").glob("*.py")):
        found = [at for at, line in enumerate(path.read_text("utf-8").splitlines(), 1) if _QUERY.search(line)]
        if found:
            name = path.relative_to(root).as_posix()
            yield f"{name}:{found[0]}: goes over whole tables; look at its charts for rows of {source_id}"
    for name in _pages(root):
        for at, line in enumerate(_text(root, name, files).splitlines(), 1):
            told_of = [one for one in (*sources, source_id) if f"{{src}}`{one}`" in line]
            if len(sources) > 1 and told_of == sources:
                yield f"{name}:{at}: names every source; add {{src}}`{source_id}` where its claims are drawn or told"


def shown(root: Path, source_id: str) -> Iterator[str]:
    """Yield the charts and pages that show claims by their ids, with the topics of which they lack the source's own."""
    old: dict[str, set[str]] = {}
    new: dict[str, set[str]] = {}
    for row in reading.read(root)["claims"].rows:
        kept = new if row["source_id"] == source_id else old
        kept.setdefault(str(row.values.get("topic") or "no topic"), set()).add(str(row["claim_id"]))
    figures = sorted(path.relative_to(root).as_posix() for path in (root / "book" / "figures").glob("*.py"))
    for name in (*figures, *_pages(root)):
        text = (root / name).read_text("utf-8")
        named = {*_NAMED.findall(text)}
        lacks = {one: len(new[one] - named) for one in sorted(new) if new[one] - named and named & old.get(one, set())}
        if lacks:
            first = min(text.find(each) for one in lacks for each in named & old[one])
            told = ", ".join(f"{one} ({count} new)" for one, count in lacks.items())
            what = "draws" if name in figures else "tells of"
            yield f"{name}:{text.count(chr(10), 0, first) + 1}: {what} claims by ids, and not the new ones: {told}"


def read_again(root: Path, source_id: str) -> Iterator[str]:
    """Yield the sentences of pages that say what no article has, what one alone has, or which has most: by their lines.

    With one article more any of them may be wrong, and no check can know.
    """
    for name in ("README.md", *_pages(root)):
        if not (root / name).is_file():
            continue
        line = 1
        for one in _SENTENCE.split((root / name).read_text("utf-8")):
            said = " ".join(one.split())
            if said and _OF_NOW.search(said) and not said.startswith(("%", "```", ":", "(")):
                at = line + len(one[: len(one) - len(one.lstrip())].split("\n")) - 1
                short = " ".join(said.split()[:12])
                yield f"{name}:{at}: read again, now that there is {source_id}: {short}{' …' if short != said else ''}"
            line += one.count("\n")


def left(root: Path, source_id: str) -> list[str]:
    """Return what is left to do for a source that is in the tables, as files and lines are now."""
    row = next((one for one in reading.read(root)["sources"].rows if one["source_id"] == source_id), None)
    if row is None:
        what, remedy = f"{source_id} is no source yet", "the list is of what is left once a source is accepted"
        raise BadData([Problem("data/sources.csv", None, "source_id", what, remedy)])
    names = ("source_id", "published", "origin_cluster", "outlet_original")
    return [
        *needs(root, {name: str(row[name] or "") for name in names}),
        *shown(root, source_id),
        *read_again(root, source_id),
    ]


def note(source_id: str, title: str, lines: list[str]) -> bytes:
    """Return the page on a source as far as it can be written: its card, how it was received, its claims."""
    told = "\n".join(lines)
    return (
        f"(src-{source_id})=\n# {title}\n\n```{{source-card}} {source_id}\n```\n\n"
        f"{UNWRITTEN}, in your own words: ## What the article reports, ## How reliable it is, and why, and\n"
        "% ## What was left out of the tables. No more than ten words of the article in a row.\n\n"
        f"## How the text was received\n\n{told}\n\n## Claims taken from it\n\n"
        f"```{{claims-table}}\n:source_id: {source_id}\n:columns: paragraph, statement, value, speaker, rating\n```\n"
    ).encode()


def _contents(root: Path, source_id: str, step: int) -> bytes | None:
    """Return the contents with the note named below the last of the other notes, or taken out; None where not."""
    path = root / CONTENTS
    if not path.is_file():
        return None
    lines = path.read_bytes().decode("utf-8").split("\n")
    notes = [at for at, line in enumerate(lines) if re.fullmatch(r"\s*- file: seeds/[\w-]+(?:\.md)?\s*", line)]
    own = [at for at in notes if lines[at].strip().removesuffix(".md") == f"- file: seeds/{source_id}"]
    if step > 0 and notes and not own:
        lines.insert(notes[-1] + 1, f"{lines[notes[-1]].partition('-')[0]}- file: seeds/{source_id}")
    elif step < 0 and own:
        del lines[own[0]]
    else:
        return None
    return "\n".join(lines).encode()


def _counting(number: int) -> re.Pattern[str]:
    return re.compile(rf"\b(?P<number>{number_words(number)}|{number})(?P<rest>\s+{_WHAT})", re.I)


def _recounted(sentence: str, old: Counted, new: Counted) -> str:
    """Return the sentence with the counts of the new state, or as it was where it may not be true then."""
    counts = _counting(old.sources)
    if not counts.search(sentence) or _OF_ALL.search(sentence):
        return sentence
    rooms = re.compile(rf"\b(?P<number>{number_words(old.rooms)}|{old.rooms})(?P<rest>\s+{_ROOMS})", re.I)
    span = re.compile(rf"\b{old.years[0]}(?P<to> to | and |[-–]){old.years[1]}\b")
    rest = span.sub("", rooms.sub("", counts.sub("", sentence)))
    if numerals.find(rest) or any(one and one in rest for one in old.outlets):
        return sentence  # another number, year or name, which may follow from these
    if new.sources < 2 or (new.rooms < 2 and rooms.search(sentence)):
        return sentence  # whose words are plural
    for pattern, number in ((counts, new.sources), (rooms, new.rooms)):
        sentence = pattern.sub(partial(_other, number), sentence)
    return span.sub(rf"{new.years[0]}\g<to>{new.years[1]}", sentence)


def _other(number: int, match: re.Match[str]) -> str:
    words = number_words(number, capital=match["number"][0].isupper()) if match["number"].isalpha() else str(number)
    return f"{words}{match['rest']}"


def _pages(root: Path) -> list[str]:
    return sorted(path.relative_to(root).as_posix() for path in (root / "book").rglob("*.md"))


def _text(root: Path, name: str, files: Mapping[str, bytes | None]) -> str:
    """Return the text of a file as it will be; an empty one where there is none."""
    if data := files.get(name):
        return data.decode("utf-8")
    return (root / name).read_text("utf-8") if (root / name).is_file() else ""
