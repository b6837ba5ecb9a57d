"""The page on which a person reviews an article: what it shows, and what it writes into the sheets at each change."""

from __future__ import annotations

import json
import signal
import threading
from contextlib import suppress
from functools import partial
from http import HTTPStatus
from pathlib import Path
from typing import Any

import click

from evidencebook import loopback
from evidencebook.check import anchors
from evidencebook.intake import adding, amounts, merging, proposing, sheet
from evidencebook.intake.candidates import KINDS
from evidencebook.intake.suggesting import Habits
from evidencebook.tables.contract import Field
from evidencebook.tables.problems import BadData, Problem, lines

PAGE = Path(__file__).with_name("page")
FILES = {"/": ("review.html", "text/html"), "/review.js": ("review.js", "text/javascript"),
         "/review.css": ("review.css", "text/css")}  # fmt: skip
POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; form-action 'none'"
LONGEST = 100_000  # bytes of a change
OF_ONE_THEME = 0.8  # the share of a topic's rows from which the topic settles the theme


class Review:
    """An article under review. The sheets are read and written anew each time: a spreadsheet may have them open too."""

    def __init__(self, root: Path, source_id: str, texts: Path) -> None:
        self.root, self.source_id, self.texts = root, source_id, texts
        self._labels = {"claims": sheet.claims_label(source_id), "card": sheet.card_label(source_id)}
        self._changing, self._judging = threading.Lock(), threading.Lock()

    def state(self) -> dict[str, Any]:
        """Return the article, the rows of both sheets, and what may stand in them."""
        report = adding.open_report(self.root)
        claims, sources = report.agreed.resources["claims"], report.agreed.resources["sources"]
        text = merging.text_of(self.root, self.source_id)
        rows = [self._row(text, dict(line.cells)) for line in self._lines("claims")]
        named = {
            name: {str(row[key]): str(row[told]) for row in report.tables[table].rows}
            for name, table, key, told in (
                ("place_id", "places", "place_id", "name"),
                ("event_id", "events", "event_id", "label"),
            )
            if table in report.tables
        }
        habits = Habits.of(report.tables["claims"].rows, claims)
        return {
            "source": self.source_id, "text": text, "rows": rows,
            "card": [dict(line.cells) for line in self._lines("card")],
            "columns": {one.name: _column(one, named.get(one.name)) for one in claims.fields},
            "fields": {one.name: _column(one, None) for one in sources.fields},
            "themes": {
                topic: theme
                for topic, counts in habits.themes.items()
                for theme, count in counts.most_common(1)
                if count >= OF_ONE_THEME * counts.total()
            },
            "ratings": {kind: proposing.rated(habits, kind) for kind in _enum(claims.field("speaker_type"))},
            "kinds": KINDS,
        }  # fmt: skip

    def change(self, table: str, row: int, cells: dict[str, str]) -> None:
        """Write cells of a row of the sheet of claims, or of the card; raises BadData where there is no such cell."""
        with self._changing:
            found = [dict(line.cells) for line in self._lines(table)] if table in self._labels else []
            if row not in range(len(found)) or not {*cells} <= {*found[row]}:
                what, remedy = "the sheet has no such cell any more", "load the page again"
                raise BadData([Problem(self._labels.get(table, table), None, None, what, remedy)])
            found[row] |= {name: " ".join(value.split()) for name, value in cells.items()}
            sheet.write(self.root, self._labels[table], found)

    def problems(self) -> list[dict[str, Any]]:
        """Return what would keep the report from taking what is not dropped, by the rules that acceptance has."""
        with self._judging:
            at = {(self._labels[table], line.line): (table, row) for table in self._labels
                  for row, line in enumerate(self._lines(table))}  # fmt: skip
            found = merging.problems(self.root, self.source_id, self.texts)
        told = []
        for one in found:
            table, row = at.get((one.file, one.row or 0), ("", -1))
            where = "" if table else f"{one.file}: "
            told.append({"table": table, "row": row, "column": one.column, "what": f"{where}{one.what} – {one.remedy}"})
        return told

    def _lines(self, table: str) -> list[sheet.Line]:
        needed = ("field", "value") if table == "card" else (sheet.DECISION, "fragment")
        return sheet.read(self.root, self._labels[table], *needed)

    def _row(self, text: str, cells: dict[str, str]) -> dict[str, Any]:
        """Return a row with the place of its passage, and the value that its words have if they count something."""
        with suppress(anchors.PassageNotFound):
            place = anchors.locate(text, cells["fragment"])
            words = cells.get("found", "").removeprefix("'")
            at = text.find(words, place.start, place.end) if words else -1
            cells |= {"#start": str(place.start), "#end": str(place.end), "#at": str(at)}
            for one in amounts.amounts(words, 0, len(words))[:1]:
                value = {"low": amounts.plain(one.low), "high": amounts.plain(one.high), "qualifier": one.qualifier}
                return {"cells": cells, "value": value}
        return {"cells": cells, "value": None}


def _enum(one: Field | None) -> list[str]:
    return [*map(str, one.enum)] if one else []


def _column(one: Field, named: dict[str, str] | None) -> dict[str, Any]:
    values = named if named is not None else dict(one.meanings) if one.enum else {}
    if one.type == "boolean":
        values = {"true": "", "false": ""}
    return {"title": one.title or one.name, "told": one.description, "required": one.required, "values": values}


class Handler(loopback.Handler):
    """Answers the page."""

    server: Server

    def do_GET(self) -> None:
        """Send the page, or what there is to review."""
        if not self.is_ours(own_pages_only=self.path != "/"):
            return
        if self.path in FILES:
            name, kind = FILES[self.path]
            return self.send(HTTPStatus.OK, (PAGE / name).read_bytes(), kind, Content_Security_Policy=POLICY)
        self._answer({"/state": self.server.review.state, "/problems": self.server.review.problems}.get(self.path))

    def do_POST(self) -> None:
        """Write what the page says."""
        # Another site can have the browser send a form, but no JSON, and not without its own address.
        is_json = self.headers.get("Content-Type", "").partition(";")[0] == "application/json"
        size = int(self.headers.get("Content-Length") or 0)
        if not self.is_ours(own_pages_only=True):
            return
        if not is_json or not self.headers.get("Origin") or not 0 <= size <= LONGEST:
            self.close_connection = True
            return self.send(HTTPStatus.FORBIDDEN, b"Not for other sites.\n")
        if self.path != "/change":
            return self._answer(self.server.accept if self.path == "/accept" else None)
        try:
            said = json.loads(self.rfile.read(size))
            cells = {str(name): str(value) for name, value in said["cells"].items()}
            work = partial(self.server.review.change, str(said["table"]), int(said["row"]), cells)
        except (ValueError, TypeError, KeyError, AttributeError):
            return self.send(HTTPStatus.BAD_REQUEST, b"This is no change.\n")
        self._answer(work)

    def _answer(self, work: Any) -> None:
        if work is None:
            return self.send(HTTPStatus.NOT_FOUND, b"There is nothing here.\n")
        try:
            status, found = HTTPStatus.OK, work()
        except BadData as error:
            status, found = HTTPStatus.CONFLICT, {"problems": [*lines(error.problems)]}
        self.send(status, json.dumps(found).encode(), "application/json")


class Server(loopback.Server):
    """Serves a review until it is accepted, or this process is told to end."""

    def __init__(self, port: int, review: Review) -> None:
        super().__init__(port, Handler)
        self.review = review
        self.said: list[str] = []

    def accept(self) -> list[str]:
        """Accept what was reviewed, and end when the page has been told what came of it."""
        from evidencebook.intake.verbs import accepted

        self.said = accepted(self.review.root, self.review.source_id, self.review.texts, drop_rest=False)
        threading.Timer(0.5, self.shutdown).start()
        return self.said


def serve(root: Path, source_id: str, texts: Path, port: int) -> list[str]:
    """Serve the page until the review is accepted or somebody ends it; return what acceptance says."""
    review = Review(root, source_id, texts)
    review.state()  # what is wrong with the sheets is told before there is a page
    with Server(port, review) as server:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: threading.Thread(target=server.shutdown).start())
        click.echo(f"Review {source_id} at {server.address} (Ctrl-C ends it; each change is in the sheet at once).")
        server.serve_forever(0.1)
        return server.said
