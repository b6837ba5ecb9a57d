"""Commands of intake: add an article, accept what was reviewed or undo it, claim one passage by hand."""

from __future__ import annotations

import errno
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from evidencebook.tables.contract import Field

ROOT = click.option(
    "--root", type=click.Path(exists=True, file_okay=False, path_type=Path), default=Path(), show_default=True,
    help="Folder of the report.",
)  # fmt: skip
PAIR = "FIELD=VALUE"


def finish(root: Path) -> None:
    """Finish what a kill has interrupted."""
    from evidencebook.intake import journal

    if journal.recover(root):
        click.echo("A change of intake that was interrupted is finished now.", err=True)


class Verb(click.Command):
    """A command of intake: ends what was interrupted before it begins."""

    def invoke(self, ctx: click.Context) -> object:
        finish(ctx.params["root"])
        return super().invoke(ctx)


@click.command(cls=Verb)
@ROOT
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option(
    "--id",
    "wanted_id",
    metavar="SOURCE",
    callback=lambda *found: _id(found[2]),
    help="Id of the source; of outlet and year where it is left out.",
)
@click.option("--card", "pairs", multiple=True, metavar=PAIR, help="A field of the card, such as published=2025-03-04.")
@click.option("--encoding", help="Encoding of the text, where it is guessed wrong.")
@click.option("--again", is_flag=True, help="Write the sheets of a source that waits for review anew.")
@click.option("--no-ask", is_flag=True, help="Ask nothing; what only a person can know stays empty in the card.")
def add(
    root: Path, files: tuple[str, ...], wanted_id: str | None, pairs: tuple[str, ...], encoding: str | None,
    again: bool, no_ask: bool,
) -> None:  # fmt: skip
    """Read articles (text, HTML, PDF; - for standard input), and put down card and candidate claims for review."""
    from evidencebook.intake import adding, receiving

    said = _said(pairs)
    if wanted_id and len(files) > 1:
        raise click.UsageError("--id names one source: add the articles one by one")
    asks = not no_ask and sys.stdin.isatty() and "-" not in files
    for name in files:
        if name != "-" and not Path(name).is_file():
            raise click.UsageError(f"there is no file {name}")
        data = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
        one = receiving.receive("standard input" if name == "-" else name, data, encoding)
        report = adding.open_report(root)  # anew: the article before may be what this one copies
        added = adding.add(report, one, said, wanted_id=wanted_id, again=again, ask=_ask if asks else None)
        for line in adding.summary(added):
            click.echo(line)


@click.command(cls=Verb)
@ROOT
@click.argument("source", callback=lambda *found: _id(found[2]))
@click.option("--undo", is_flag=True, help="Take the source out again: rows, note, fingerprint, text and sheets.")
@click.option("--keep-sheet", is_flag=True, help="With --undo: leave note, text and sheets, as before the acceptance.")
@click.option("--drop-rest", is_flag=True, help="Drop every row of the sheet of which nothing is decided.")
@click.option("--left", is_flag=True, help="Only list what is left to do for an accepted SOURCE, as of now.")
def accept(root: Path, source: str, undo: bool, keep_sheet: bool, drop_rest: bool, left: bool) -> None:
    """Merge the reviewed rows of SOURCE into the tables, if the report is sound with them; else change nothing."""
    from evidencebook.check import anchors
    from evidencebook.intake import elsewhere, merging

    if left:
        click.echo("\n".join(elsewhere.left(root, source)))
        return
    texts = anchors.texts_dir(root)
    if undo:
        taken = merging.undo(root, source, texts, keep_sheet)
        click.echo(f"{source} is taken out; changed or removed: {', '.join(taken)}.")
        if any(name.startswith("data/") for name in taken) and (root / "_build").is_dir():
            click.echo("The editions in _build still have it: `make book` builds them without it.")
        return
    click.echo("\n".join(accepted(root, source, texts, drop_rest)))


def accepted(root: Path, source: str, texts: Path, drop_rest: bool) -> list[str]:
    """Accept a source, and return what a person is told of it, a line each."""
    from evidencebook.check import anchors
    from evidencebook.intake import elsewhere, merging

    made = merging.accept(root, source, texts, drop_rest)
    lines = [f"{source}: its card and {made.claims} claim{'s' * (made.claims != 1)} are in the tables."]
    lines += [f"  {line}" for line in made.done]
    if texts != anchors.own_texts_dir(root):
        lines.append(f"  seeds/texts/{source}.txt: put a copy into {texts}, where the check looks for texts")
    if made.ids:
        lines.append("Ids made for its claims, which are permanent once others name them:")
        lines += [f"  {one}" for one in sorted(made.ids)]
        lines.append(f"To set your own: `evidencebook accept --undo --keep-sheet {source}`, and fill in claim_id.")
    lines.append(f"Left to do (`evidencebook accept --left {source}` lists it again):")
    left = (*elsewhere.left(root, source), "`make book` builds with it, `make diff` says what moved")
    return [
        *lines,
        *(f"  {line}" for line in left),
        f"`evidencebook accept --undo {source}` takes all of it out again.",
    ]


@click.command(cls=Verb)
@ROOT
@click.argument("source", callback=lambda *found: _id(found[2]))
@click.option("--port", default=8010, show_default=True, help="Where the page is served; 0 for any that is free.")
def review(root: Path, source: str, port: int) -> None:
    """Show the article of SOURCE in a browser with its candidate claims, to accept, correct or drop each."""
    from evidencebook.check import anchors
    from evidencebook.intake import reviewing

    try:
        said = reviewing.serve(root, source, anchors.texts_dir(root), port)
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise
        raise click.ClickException(f"port {port} is taken - name another, as in `--port {port + 1}`") from None
    click.echo("\n".join(said or [f"Not accepted yet: `evidencebook review {source}` goes on."]))


@click.command(cls=Verb)
@ROOT
@click.argument("source", callback=lambda *found: _id(found[2]))
@click.argument("words")
@click.option("--set", "pairs", multiple=True, metavar=PAIR, help="A cell of the row, such as theme=wages.")
@click.option("--append", is_flag=True, help="Write the row into the table, if the report is sound with it.")
@click.option("--no-ask", is_flag=True, help="Ask nothing; list what is missing.")
def claim(root: Path, source: str, words: str, pairs: tuple[str, ...], append: bool, no_ask: bool) -> None:
    """Find the passage of SOURCE that holds WORDS, fill in what follows from it, and print or append the row."""
    from evidencebook.check import anchors
    from evidencebook.intake import adding, claiming

    texts = anchors.texts_dir(root)
    report = adding.open_report(root)
    cells = claiming.claim(report, texts, source, words, _said(pairs))
    asks = not no_ask and sys.stdin.isatty()
    for one in claiming.missing(report, cells):
        click.echo(f"{one.name}: {next(lines := claiming.meaning(one))}", err=True)
        for line in lines:
            click.echo(line, err=True)
        if asks:
            cells[one.name] = click.prompt(one.name, default="", show_default=False, err=True)
    left = [one.name for one in claiming.missing(report, cells)]
    if append and not left:
        claiming.append(report, texts, cells)
        click.echo(f"{cells['claim_id']} is in the table.")
        return
    for name, value in cells.items():
        if value or name in left:
            click.echo(f"{name}: {value}")
    if left:
        raise click.ClickException(f"still to be said: {', '.join(left)} - give each with --set FIELD=VALUE")
    click.echo(f"Review it, correct cells with --set {PAIR}, then write it with --append.", err=True)


def measure(root: Path) -> None:
    """Tell how many of the claims with numbers intake finds in the articles whose texts are at hand."""
    from evidencebook.check import anchors
    from evidencebook.intake import measuring

    texts = anchors.texts_dir(root)
    found = list(measuring.scores(root, texts))
    if not found:
        raise click.ClickException(f"no text of an article is in {texts} - name its folder in EVIDENCE_TEXTS")
    click.echo("\n".join(measuring.table(found)))


def _id(named: str | None) -> str | None:
    """Return an id that names files of its source only; another is misuse."""
    if named is not None and not re.fullmatch(r"[A-Za-z0-9]+(?:[-_.][A-Za-z0-9]+)*", named):
        raise click.UsageError(f"{named!r} is no id of a source: write letters and digits, parted by hyphens")
    return named


def _said(pairs: tuple[str, ...]) -> dict[str, str]:
    said = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals:
            raise click.UsageError(f"{pair!r} is not {PAIR}")
        said[name.strip()] = value.strip()
    return said


def _ask(one: Field | None) -> str:
    if one is None:
        return ""
    allowed = f" One of {', '.join(map(str, one.enum))}." if one.enum else ""
    click.echo(f"{one.description}{allowed}")
    return str(click.prompt(one.name, default="", show_default=False))
