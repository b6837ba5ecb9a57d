"""What a new source needs outside its own files: done where nothing is to choose, listed where something is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from evidencebook.evidence.counts import number_words
from evidencebook.tables import reading

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
Files = dict[str, bytes | None]


def follow(root: Path, files: Files, source_id: str, number: int, step: int) -> list[str]:
    """Add to the files those that must follow a source more or fewer; return what is done, in words.

    The contents name its note, and "five articles" counts one more, where these words count the sources.
    """
    done = []
    if contents := _contents(root, source_id, step):
        files[CONTENTS] = contents
        done.append(f"{CONTENTS}: seeds/{source_id} named" if step > 0 else f"{CONTENTS}: seeds/{source_id} taken out")
    for name in COUNTING:
        path = root / name
        if not path.is_file():
            continue
        text = path.read_bytes().decode("utf-8")
        counted, times = _recounted(text, number, number + step)
        if times:
            files[name] = counted.encode()
            done.append(f"{name}: {number_words(number)} became {number_words(number + step)}")
    return done


def needs(root: Path, card: Mapping[str, str]) -> Iterator[str]:
    """Yield what only a person can do for a source that no table has yet, each with its file and line."""
    source_id, year = card["source_id"], card["published"].strip("[")[:4]
    known = reading.read(root)["sources"].rows
    sources = [str(row["source_id"]) for row in known]
    clusters = {str(row["origin_cluster"]) for row in known}
    newsrooms = {str(row["outlet_original"]) for row in known}
    yield f"seeds/{source_id}.md: write what the article reports, how reliably, and what was left out"
    if not _contents(root, source_id, 1):
        yield f"{CONTENTS}: name the note, `- file: seeds/{source_id}`, where it belongs"
    if card["origin_cluster"] not in clusters:
        told = re.compile(rf"\b{number_words(len(clusters))}\s+{_ROOMS}", re.I)
        for name in ("README.md", *_pages(root)):
            for at, line in enumerate(_lines(root / name), 1):
                if told.search(line):
                    yield f"{name}:{at}: counts {number_words(len(clusters))} newsrooms, and there is one more"
                elif len(newsrooms) > 1 and all(one in line for one in newsrooms):
                    yield f"{name}:{at}: names every newsroom; {card['outlet_original']} is one more"
    for name in (*COUNTING, *_pages(root)):
        for at, line in enumerate(_lines(root / name), 1):
            if (span := _SPAN.search(line)) and year.isdigit() and not span[1] <= year <= span[2]:
                yield f"{name}:{at}: tells of articles of {span[1]} to {span[2]}, and this one is of {year}"
    for name in (*sorted(p.relative_to(root).as_posix() for p in (root / "data").rglob("*.csv")), *_pages(root)):
        for at, line in enumerate(_lines(root / name), 1):
            if _recounted(line, len(sources), 0)[1]:
                yield f"{name}:{at}: counts {number_words(len(sources))} articles, and there is one more"
    if (root / "CHANGELOG.md").is_file():
        yield "CHANGELOG.md: tell readers of the new source"
    for path in sorted((root / "book" / "figures").glob("*.py")):
        found = [at for at, line in enumerate(_lines(path), 1) if _QUERY.search(line)]
        if found:
            name = path.relative_to(root).as_posix()
            yield f"{name}:{found[0]}: goes over whole tables; look at its charts for rows of {source_id}"
    for name in _pages(root):
        for at, line in enumerate(_lines(root / name), 1):
            if len(sources) > 1 and all(f"{{src}}`{one}`" in line for one in sources):
                yield f"{name}:{at}: names every source; add {{src}}`{source_id}` where its claims are drawn or told"


def shown(root: Path, rows: Iterable[Mapping[str, str]]) -> Iterator[str]:
    """Yield where charts and pages show claims of the same topic by their ids, which new ones are not among."""
    of_topic: dict[str, set[str]] = {}
    for row in reading.read(root)["claims"].rows:
        of_topic.setdefault(str(row.values.get("topic")), set()).add(str(row["claim_id"]))
    new: dict[str, list[str]] = {}
    for one in rows:
        new.setdefault(one.get("topic", ""), []).append(one["claim_id"])
    figures = sorted(path.relative_to(root).as_posix() for path in (root / "book" / "figures").glob("*.py"))
    for name in (*figures, *_pages(root)):
        text = (root / name).read_text("utf-8")
        named = {*_NAMED.findall(text)}
        for topic, ids in new.items():
            if alike := sorted(named & of_topic.get(topic, set())):
                at = min(text.count("\n", 0, text.find(one)) for one in alike) + 1
                what = "draws" if name in figures else "tells of"
                yield f"{name}:{at}: {what} {topic} by ids ({len(alike)}); new, and not there: {', '.join(ids)}"


def note(source_id: str, title: str, lines: list[str]) -> bytes:
    """Return the page on a source as far as it can be written: its card, how it was received, its claims."""
    told = "\n".join(lines)
    return (
        f"(src-{source_id})=\n# {title}\n\n```{{source-card}} {source_id}\n```\n\n"
        "% Tell here, in your own words: ## What the article reports, ## How reliable it is, and why, and\n"
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


def _recounted(text: str, old: int, new: int) -> tuple[str, int]:
    def other(match: re.Match[str]) -> str:
        words = number_words(new, capital=match["number"][0].isupper()) if match["number"].isalpha() else str(new)
        return f"{words}{match['rest']}"

    return re.subn(rf"\b(?P<number>{number_words(old)}|{old})(?P<rest>\s+{_WHAT})", other, text, flags=re.I)


def _pages(root: Path) -> list[str]:
    return sorted(path.relative_to(root).as_posix() for path in (root / "book").rglob("*.md"))


def _lines(path: Path) -> list[str]:
    return path.read_text("utf-8").splitlines() if path.is_file() else []
