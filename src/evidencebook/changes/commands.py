"""Verbs of the command line that tell what moved."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import click

from evidencebook.build import telling
from evidencebook.writing import write_whole

MOST_TOLD = 20  # changes that a terminal shows
ROOT = click.option(
    "--root", type=click.Path(exists=True, file_okay=False, path_type=Path), default=Path(), show_default=True,
    help="Folder of the report.",
)  # fmt: skip


@click.command()
@ROOT
@click.argument("base")
@click.option("--html", "as_html", is_flag=True, help="Write _build/changes.html, with figures side by side.")
@click.option("--markdown", "as_markdown", is_flag=True, help="Tell it in Markdown, as for a change log.")
def diff(root: Path, base: str, as_html: bool, as_markdown: bool) -> None:
    """Tell what moved since BASE: values, sentences, figures and the rows that moved them.

    BASE is a revision of git, the version or digest of an edition, or the file of a manifest.
    """
    from evidencebook.changes import bases, page
    from evidencebook.changes import telling as shown
    from evidencebook.changes.comparing import Difference
    from evidencebook.changes.manifest import Kept
    from evidencebook.edition import edition as edition_of

    kept = Kept(root / "_build")
    try:
        before = bases.find(root, base, lambda line: click.echo(line, err=True))
    except bases.NoBase as error:
        raise click.ClickException(str(error)) from None
    if (after := kept.of(edition_of(root).digest)) is None:
        click.echo("Building the web edition, whose tables or pages were edited since it was made.", err=True)
        with telling.teller(root, is_quiet=True) as teller:
            try:
                telling.build(teller, "html")
            except telling.BuildFailed:
                raise SystemExit(1) from None
        after = kept.of(edition_of(root).digest)
    if after is None:  # a book without tables has no manifest
        raise click.ClickException("the build kept no manifest - is there a data/datapackage.json?")
    difference = Difference(before, after)
    for line in shown.markdown(difference) if as_markdown else shown.text(difference):
        click.echo(line)
    if as_html:
        path = root / "_build" / page.PAGE
        write_whole(path, page.page(difference, at="html").encode())
        click.echo(f"To see: {path}", err=True)


@click.group()
def edition() -> None:
    """Record an edition."""


@edition.command()
@ROOT
@click.argument("version")
@click.option("--why", required=True, help="What the edition is for, in a sentence or two for its readers.")
@click.option("--released", type=click.DateTime(["%Y-%m-%d"]), default=str(date.today()), show_default="today")
def new(root: Path, version: str, why: str, released: datetime) -> None:
    """Record edition VERSION with every value that changed since the last, and give the report its number."""
    from evidencebook.changes import recording

    try:
        changes = recording.record(root, version, why, released.date().isoformat())
    except recording.Refused as error:
        raise click.ClickException(str(error)) from None
    for one in changes[:MOST_TOLD]:
        click.echo(f"{one.kind:<10} {one.fact_id}: {one.before or '(new)'} -> {one.after or '(gone)'}")
    if len(changes) > MOST_TOLD:
        click.echo(f"and {len(changes) - MOST_TOLD} more")
    click.echo(f"Recorded version {version} with {len(changes)} changes; commit it, and `make book` makes it.")


@click.command()
@ROOT
@click.argument("old")
@click.argument("new")
def rename(root: Path, old: str, new: str) -> None:
    """Give the claim or derived value OLD the id NEW wherever it stands; its old address keeps a notice."""
    from evidencebook.changes import recording

    try:
        files = recording.rename(root, old, new)
    except recording.Refused as error:
        raise click.ClickException(str(error)) from None
    click.echo("\n".join([f"Wrote {len(files)} files; `git diff` shows what changed:", *(f"  {one}" for one in files)]))


@click.command("without")
@ROOT
@click.argument("sources", nargs=-1, required=True)
def without_(root: Path, sources: tuple[str, ...]) -> None:
    """Build the web edition as if SOURCES did not exist, with a gap wherever something can no longer be said."""
    from evidencebook.changes import bases, page
    from evidencebook.changes import telling as shown
    from evidencebook.changes.comparing import Difference
    from evidencebook.changes.manifest import Kept
    from evidencebook.edition import edition as edition_of
    from evidencebook.evidence.facts import Evidence
    from evidencebook.tables.spelling import did_you_mean, nearest

    known = Evidence.load(root).sources
    for one in sources:
        if one not in known:
            raise click.UsageError(f"unknown source {one!r} - {did_you_mean(nearest(one, known)) or ', '.join(known)}")
    folder = root / "_build" / "without" / "+".join(sources)
    folder.mkdir(parents=True, exist_ok=True)
    try:
        after = bases.built_without(root, sources, folder)
    except bases.NoBase as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"To read: {folder / '_build' / 'html' / 'index.html'}; it is for study, and no edition of the report.")
    if (before := Kept(root / "_build").of(edition_of(root).digest)) is None:
        click.echo("What it lacks can be told once the report itself is built: make book, and run this again.")
        return
    difference = Difference(before, after)
    gaps = sum("[gone without " in one.after.text for one in difference.told if one.after)
    click.echo(f"{shown.moved(difference)}; {shown.counted(gaps, 'sentence')} with a gap.")
    path = folder / page.PAGE
    write_whole(path, page.page(difference, at="_build/html").encode())
    click.echo(f"To see what is lost: {path}")


COMMANDS = (diff, edition, rename, without_)
